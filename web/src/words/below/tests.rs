//! That what the floors below say is known, and nothing else is taken for it.

use super::*;

#[test]
fn words_are_known_again_with_what_stands_between_them() {
    let pieces = [
        Piece::Words("from "),
        Piece::Variable("from"),
        Piece::Words(" to "),
        Piece::Variable("to"),
    ];
    for (text, found) in [
        ("from a to b", Some([("from", "a"), ("to", "b")])),
        ("from a to b to c", Some([("from", "a"), ("to", "b to c")])),
        ("from  to b", None),
        ("from a to ", None),
        ("From a to b", None),
        ("from a", None),
        ("", None),
    ] {
        assert_eq!(
            captured(&pieces, text).as_deref(),
            found.as_ref().map(<[_; 2]>::as_slice),
            "{text:?}"
        );
    }
    assert_eq!(captured(&[Piece::Words("done")], "done."), None);
}

#[test]
fn what_is_not_known_is_as_it_was_and_english_is_never_touched() {
    for (language, text, shown) in [
        (Language::English, "Owner", "Owner"),
        (Language::German, "Owner", "Eigentümer"),
        (Language::German, "<b>Owner</b>", "<b>Owner</b>"),
        (Language::German, "", ""),
        (
            Language::German,
            "There is no such <b>thing</b>.",
            "Diesen Eintrag gibt es nicht: <b>thing</b>.",
        ),
    ] {
        assert_eq!(language.with(|| local(text)), shown);
    }
}
