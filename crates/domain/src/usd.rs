//! US dollars, exact: a whole number of hundred-millionths, never a float. AWS Marketplace lists prices of a unit in fractions of a cent.

/// A text that is not an amount of US dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an amount of US dollars such as 0.12, with at most eight digits behind the point")]
pub struct InvalidUsd;

/// Digits behind the point that are kept.
const DIGITS: usize = 8;
/// A dollar.
const DOLLAR: u128 = 100_000_000;
/// A cent.
const CENT: u128 = DOLLAR / 100;
/// Digits before the point that a price may have.
const MOST_WHOLE: usize = 6;

/// An amount of US dollars, zero or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Usd(u128);

impl Usd {
    /// So many units at this price; fewer than none cost nothing.
    #[must_use]
    pub fn times(self, units: i64) -> Self {
        Self(
            self.0
                .saturating_mul(u128::try_from(units).unwrap_or_default()),
        )
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// To the cent, half a cent up, as on a bill: `$1,234.50`.
    pub fn on_a_bill(self) -> String {
        let cents = self.0.saturating_add(CENT / 2) / CENT;
        let whole = (cents / 100).to_string();
        let mut text = String::from("$");
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        format!("{text}.{:02}", cents % 100)
    }

    /// To its last digit, and to the cent at least, as in a list of prices: `$0.12`, `$0.0045`.
    pub fn as_price(self) -> String {
        let fraction = format!("{:08}", self.0 % DOLLAR);
        let kept = fraction.trim_end_matches('0').len().max(2);
        format!(
            "${}.{}",
            self.0 / DOLLAR,
            fraction.get(..kept).unwrap_or_default()
        )
    }
}

impl std::str::FromStr for Usd {
    type Err = InvalidUsd;

    /// `0.12`: digits, and up to eight more behind a point.
    fn from_str(text: &str) -> Result<Self, InvalidUsd> {
        let (whole, fraction) = match text.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return Err(InvalidUsd),
            None => (text, ""),
        };
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let fits = !whole.is_empty() && whole.len() <= MOST_WHOLE && fraction.len() <= DIGITS;
        if !fits || !is_digits(whole) || !is_digits(fraction) {
            return Err(InvalidUsd);
        }
        format!("{whole}{fraction:0<DIGITS$}")
            .parse()
            .map(Self)
            .map_err(|_| InvalidUsd)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(text: &str) -> Usd {
        text.parse().unwrap()
    }

    #[test]
    fn a_price_is_kept_to_its_last_digit() {
        for (text, shown) in [
            ("0.12", "$0.12"),
            ("0.1", "$0.10"),
            ("3", "$3.00"),
            ("0.00450000", "$0.0045"),
            ("0.00000001", "$0.00000001"),
            ("0", "$0.00"),
            ("999999.99999999", "$999999.99999999"),
        ] {
            assert_eq!(usd(text).as_price(), shown);
        }
        for wrong in [
            "",
            ".",
            "1.",
            ".5",
            "-1",
            "+1",
            "1e3",
            "0,12",
            "$1",
            " 1",
            "1.000000001",
            "1000000",
            "1.2.3",
            "٣",
        ] {
            assert_eq!(wrong.parse::<Usd>(), Err(InvalidUsd), "{wrong:?}");
        }
    }

    #[test]
    fn a_bill_is_exact_until_it_is_shown() {
        for (price, units, shown) in [
            ("0.12", 18_402, "$2,208.24"),
            // Ten times a tenth is one, which floats do not know.
            ("0.1", 10, "$1.00"),
            ("0.0045", 1, "$0.00"),
            ("0.0045", 2, "$0.01"),
            ("0.005", 1, "$0.01"),
            ("0.12", 0, "$0.00"),
            ("0.12", -3, "$0.00"),
            (
                "999999.99999999",
                i64::MAX,
                "$9,223,372,036,854,683,573,279,631.45",
            ),
        ] {
            assert_eq!(
                usd(price).times(units).on_a_bill(),
                shown,
                "{price}×{units}"
            );
        }
        let third = usd("0.00333333");
        assert_eq!(third.plus(third).plus(third).as_price(), "$0.00999999");
    }
}
