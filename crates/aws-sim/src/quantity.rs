//! Quantities as exact numbers of millionths, so that 17, 17.0 and 17.00 are one value.
//!
//! Source: the service model (`QuantityAsDecimal`: at most 17 characters, 1–10 integer digits without a leading zero, at most six
//! decimals; "quantities are compared by value").

use serde_json::{Number, Value};

/// Millionths in one unit.
const SCALE: u64 = 1_000_000;
/// The largest integer quantity.
const MAX_INTEGER: u64 = 2_147_483_647;

/// An integer `Quantity` as millionths.
pub fn from_integer(value: &Value) -> Option<u64> {
    value
        .as_u64()
        .filter(|n| *n <= MAX_INTEGER)
        .map(|n| n * SCALE)
}

/// A `QuantityAsDecimal` as millionths.
pub fn from_decimal(text: &str) -> Option<u64> {
    let (whole, fraction) = text
        .split_once('.')
        .map_or((text, None), |(w, f)| (w, Some(f)));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || whole.len() > 10 || (whole.len() > 1 && whole.starts_with('0')) {
        return None;
    }
    let millionths = match fraction {
        None => 0,
        Some(f) if digits(f) && f.len() <= 6 => format!("{f:0<6}").parse().ok()?,
        Some(_) => return None,
    };
    Some(whole.parse::<u64>().ok()? * SCALE + millionths)
}

/// The value as a JSON number: an integer where it is one.
pub fn to_json(millionths: u64) -> Value {
    if millionths.is_multiple_of(SCALE) {
        return Value::from(millionths / SCALE);
    }
    to_text(millionths)
        .parse::<f64>()
        .ok()
        .and_then(Number::from_f64)
        .map_or(Value::Null, Value::Number)
}

/// The value as the shortest decimal text.
pub fn to_text(millionths: u64) -> String {
    let text = format!("{}.{:06}", millionths / SCALE, millionths % SCALE);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_follow_the_pattern_of_the_model() {
        for (text, value) in [
            ("0", Some(0)),
            ("17", Some(17_000_000)),
            ("17.0", Some(17_000_000)),
            ("17.42", Some(17_420_000)),
            ("9999999999.999999", Some(9_999_999_999_999_999)),
            ("0.000001", Some(1)),
            ("", None),
            (".5", None),
            ("5.", None),
            ("01", None),
            ("-1", None),
            ("+1", None),
            ("1e3", None),
            ("1.0000001", None),
            ("10000000000", None),
        ] {
            assert_eq!(from_decimal(text), value, "{text:?}");
        }
        assert_eq!(to_text(17_420_000), "17.42");
        assert_eq!(to_text(3_000_000), "3");
    }

    #[test]
    fn integers_are_bounded_as_an_i32() {
        assert_eq!(
            from_integer(&Value::from(2_147_483_647_u64)),
            Some(2_147_483_647_000_000)
        );
        assert_eq!(from_integer(&Value::from(2_147_483_648_u64)), None);
        assert_eq!(from_integer(&Value::from(-1)), None);
        assert_eq!(from_integer(&Value::from(1.5)), None);
    }
}
