//! Numbers as people read them, in the reader's language.

use crate::words::Language;

/// Digits in groups of three.
pub(crate) fn grouped(number: impl ToString) -> String {
    let text = number.to_string();
    let digits = text.trim_start_matches('-');
    let sign = text.len() - digits.len();
    let mut grouped = text[..sign].to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    written(&grouped)
}

/// A number that is written the English way.
pub(super) fn written(number: &str) -> String {
    match Language::now() {
        Language::English => number.to_owned(),
        Language::German => {
            let swapped = number.chars().map(|char| match char {
                ',' => '.',
                '.' => ',',
                other => other,
            });
            swapped.collect()
        }
    }
}

/// An amount of US dollars, as `Usd` writes it.
pub(crate) fn money(amount: &str) -> String {
    match Language::now() {
        Language::English => amount.to_owned(),
        // The sign does not leave its number at the end of a line.
        Language::German => format!("{}\u{a0}$", written(amount.trim_start_matches('$'))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::say;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, english, german) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (1000, "1,000", "1.000"),
            (2_147_483_647, "2,147,483,647", "2.147.483.647"),
            (-1234, "-1,234", "-1.234"),
        ] {
            assert_eq!(grouped(number), english);
            assert_eq!(Language::German.with(|| grouped(number)), german);
        }
    }

    #[test]
    fn a_number_in_a_message_is_grouped_as_well() {
        let words = || say!("setup-so-far", done = 999, all = 1204);
        assert_eq!(words(), "999 of 1,204 done");
        assert_eq!(Language::German.with(words), "999 von 1.204 erledigt");
    }

    #[test]
    fn dollars_stand_where_the_language_has_them() {
        for (english, german) in [
            ("$0.0045", "0,0045\u{a0}$"),
            ("$1,234,567.50", "1.234.567,50\u{a0}$"),
        ] {
            assert_eq!(money(english), english);
            assert_eq!(Language::German.with(|| money(english)), german);
        }
    }
}
