//! What lists have in common: addresses with parameters, what an address may ask for, and pages of one length.

use domain::{Error, ErrorKind, list::Word};

use crate::{form::Form, ui::Direction, words::say};

/// How many rows a page has.
pub(crate) const ROWS: usize = 50;

/// How many rows are read for a page: one more tells whether there is another page.
pub(crate) const READ: u64 = 51;

/// An address with those parameters that have a value.
pub(crate) fn address(path: &str, parameters: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(parameters.iter().filter(|(_, value)| !value.is_empty()));
    let query = query.finish();
    if query.is_empty() {
        return path.to_owned();
    }
    format!("{path}?{query}")
}

/// A parameter, read. One that means nothing is refused: the list would silently show something else than was asked for.
pub(crate) fn asked<T>(
    query: &Form,
    name: &str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Error> {
    let Some(word) = query.given(name) else {
        return Ok(None);
    };
    let wrong = || Error::new(ErrorKind::Malformed, "bad_filter", say!("frame-bad-filter"));
    read(word).map(Some).ok_or_else(wrong)
}

/// The order as an address says it: what is the case anyway need not be said.
pub(crate) fn sort_word<Sort: Word + Default>(sort: Sort) -> &'static str {
    if sort == Sort::default() {
        ""
    } else {
        sort.word()
    }
}

/// Where a heading leads that turns a list round, and how the list is sorted by it now.
pub(crate) fn turned<Sort: PartialEq>(
    now: &Sort,
    newest: Sort,
    oldest: Sort,
) -> (Sort, Option<Direction>) {
    if *now == newest {
        (oldest, Some(Direction::Descending))
    } else {
        let up = (*now == oldest).then_some(Direction::Ascending);
        (newest, up)
    }
}

/// Cuts what was read to a page; answers the last row's id if there are more.
pub(crate) fn cut<T>(rows: &mut Vec<T>, id: impl Fn(&T) -> String) -> Option<String> {
    let more = rows.len() > ROWS;
    rows.truncate(ROWS);
    rows.last().filter(|_| more).map(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_what_has_a_value_and_it_is_written_out() {
        assert_eq!(address("/people", &[("q", ""), ("role", "")]), "/people");
        assert_eq!(
            address("/people", &[("q", "a&b=\"'"), ("role", "owner")]),
            "/people?q=a%26b%3D%22%27&role=owner"
        );
    }

    #[test]
    fn what_means_nothing_is_refused_and_what_is_empty_is_not_asked() {
        let read = |text: &[u8]| asked(&Form::parse(text), "n", |word| word.parse::<u8>().ok());
        assert_eq!(read(b"n=7").unwrap(), Some(7));
        assert_eq!(read(b"n=").unwrap(), None);
        assert_eq!(read(b"n=x").unwrap_err().code(), "bad_filter");
    }

    #[test]
    fn a_page_is_cut_where_another_one_begins() {
        let mut rows: Vec<usize> = (0..ROWS).collect();
        assert_eq!(cut(&mut rows, ToString::to_string), None);
        rows.push(ROWS);
        assert_eq!(cut(&mut rows, ToString::to_string).as_deref(), Some("49"));
        assert_eq!((rows.len(), READ), (ROWS, ROWS as u64 + 1));
    }
}
