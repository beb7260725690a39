//! Words that are looked for in a name: upper and lower case are the same, and what stands for anything in SQL stands for itself.

use std::collections::BTreeSet;

use sea_orm::{
    Condition,
    sea_query::{BinOper, Expr, ExprTrait, Func, IntoColumnRef, LikeExpr, SimpleExpr, Value},
};

/// The column as the database lowers it, which need not be how anybody else does.
pub(crate) fn lowered(column: impl IntoColumnRef) -> SimpleExpr {
    Func::lower(Expr::col(column)).into()
}

/// Whether that, lowered by the database, has the text somewhere in it.
pub(crate) fn has(lowered: &SimpleExpr, text: &str) -> Condition {
    // However the database lowers the one, it lowers the other.
    let pattern = Func::lower(Expr::val(format!("%{}%", escaped(text))));
    let escape = SimpleExpr::Constant(Value::Char(Some('\\')));
    let pattern = SimpleExpr::from(pattern).binary(BinOper::Escape, escape);
    let alike = lowered.clone().binary(BinOper::Like, pattern);
    variants(text)
        .into_iter()
        .fold(Condition::any().add(alike), |any, text| {
            let like = LikeExpr::new(format!("%{}%", escaped(&text))).escape('\\');
            any.add(lowered.clone().like(like))
        })
}

/// Whether that ends with the text.
pub(crate) fn ends(value: SimpleExpr, text: &str) -> SimpleExpr {
    value.like(LikeExpr::new(format!("%{}", escaped(&text.to_lowercase()))).escape('\\'))
}

/// How the text may stand in what the database has lowered: SQLite lowers ASCII alone, and so does PostgreSQL in the locale C, so that
/// `Ümit` stays `Ümit` there. Names are written small, large, with large first letters, or as somebody looks for them.
fn variants(text: &str) -> BTreeSet<String> {
    let small = text.to_lowercase();
    let mut title = String::new();
    let mut begins = true;
    for char in small.chars() {
        if begins {
            title.extend(char.to_uppercase());
        } else {
            title.push(char);
        }
        begins = !char.is_alphanumeric();
    }
    [text.to_owned(), text.to_uppercase(), title, small]
        .map(|text| text.to_ascii_lowercase())
        .into()
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for char in text.chars() {
        if matches!(char, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_database_does_not_lower_is_looked_for_as_it_is_written() {
        assert_eq!(variants("Ann B"), BTreeSet::from(["ann b".to_owned()]));
        let umit: BTreeSet<String> = ["ümit Çe", "Ümit Çe", "ümit çe", "Ümit ÇE"]
            .map(str::to_ascii_lowercase)
            .into();
        assert_eq!(variants("ümit Çe"), umit);
    }
}
