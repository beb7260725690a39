//! How often something is done: few times in the suite, as often as somebody asks for in its long form. Each count has a variable,
//! which its test names and CONTRIBUTING.md lists.

use std::str::FromStr;

/// The number in a variable of the environment, or else the usual one.
///
/// # Panics
/// If there is something else in it.
#[expect(
    clippy::disallowed_methods,
    reason = "a switch of the tests, not of the product"
)]
pub fn count<N: FromStr>(name: &str, usual: N) -> N {
    let told = std::env::var(name);
    told.map_or(usual, |text| {
        let number = text.parse();
        number.unwrap_or_else(|_| panic!("{name} is to be a number, and not {text}"))
    })
}
