//! Texts that are covered on the page while nobody asks for them. They are kept here meanwhile, so that copying still gives the text.

use std::{cell::RefCell, collections::BTreeMap};

thread_local! {
    static COVERED: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
}

/// What stands where a covered text stood; always as long, so that it tells nothing.
pub(crate) const COVER: &str = "••••••••••••••••••••••••";

/// Keeps the text of the element with that id.
pub(crate) fn cover(id: &str, text: String) {
    COVERED.with_borrow_mut(|covered| covered.insert(id.to_owned(), text));
}

/// Gives it back, and keeps it no longer.
pub(crate) fn uncover(id: &str) -> Option<String> {
    COVERED.with_borrow_mut(|covered| covered.remove(id))
}

/// The text, if it is covered.
pub(crate) fn covered(id: &str) -> Option<String> {
    COVERED.with_borrow(|covered| covered.get(id).cloned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_covered_text_can_be_copied_and_comes_back_once() {
        cover("key", "ppk_test_1".to_owned());
        assert_eq!(covered("key").as_deref(), Some("ppk_test_1"));
        assert_eq!(covered("other"), None);
        assert_eq!(uncover("key").as_deref(), Some("ppk_test_1"));
        assert_eq!(uncover("key"), None);
    }
}
