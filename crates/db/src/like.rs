//! Words that are looked for in a name: upper and lower case are the same, and what stands for anything in SQL stands for itself.

use sea_orm::sea_query::{Expr, ExprTrait, Func, IntoColumnRef, LikeExpr, SimpleExpr};

/// The column as the database lowers it, which need not be how anybody else does.
pub(crate) fn lowered(column: impl IntoColumnRef) -> SimpleExpr {
    Func::lower(Expr::col(column)).into()
}

/// Whether that has the text somewhere in it.
pub(crate) fn has(value: SimpleExpr, text: &str) -> SimpleExpr {
    value.like(LikeExpr::new(format!("%{}%", escaped(text))).escape('\\'))
}

/// Whether that ends with the text.
pub(crate) fn ends(value: SimpleExpr, text: &str) -> SimpleExpr {
    value.like(LikeExpr::new(format!("%{}", escaped(text))).escape('\\'))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for char in text.to_lowercase().chars() {
        if matches!(char, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}
