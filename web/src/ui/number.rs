//! Whole numbers as people read them.

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
    grouped
}

/// So many of something: `1 unit`, `1,204 units`.
pub(crate) fn counted(number: i64, one: &str, many: &str) -> String {
    let word = if number == 1 { one } else { many };
    format!("{} {word}", grouped(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (2_147_483_647, "2,147,483,647"),
            (-1234, "-1,234"),
        ] {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(counted(1, "unit", "units"), "1 unit");
        assert_eq!(counted(1204, "unit", "units"), "1,204 units");
    }
}
