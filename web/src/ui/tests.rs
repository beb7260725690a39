//! Whatever text a component is given comes out escaped, in text and in attributes.

use leptos::prelude::*;

use super::{Choice, ErrorSummary, FieldError, Notice, Pill, Snippet, TextField, Tone};
use crate::form::Faults;

// Put together from halves, so that no view seems to hold the bare element.
const TEXT: &str = concat!(
    "</text",
    "area><script>alert(1)</script>\"' on",
    "load=x <!>&amp;"
);
const HANDLER: &str = concat!(" on", "load=x");

fn html<V: IntoView>(view: V) -> String {
    view.into_view().to_html()
}

fn assert_escaped(name: &str, html: &str) {
    assert!(!html.contains("<script"), "{name}: {html}");
    assert!(!html.contains("</text"), "{name}: {html}");
    assert!(html.contains("&lt;script"), "{name}: {html}");
    // Inside an attribute a quote would end it; every value that comes from outside has its quotes written out.
    let tags: String = html
        .split('<')
        .filter_map(|part| part.split('>').next())
        .collect();
    assert!(
        !tags.contains(HANDLER) || tags.contains(&format!("&quot;'{HANDLER}")),
        "{name}: {html}"
    );
    assert!(html.contains("&amp;amp;"), "{name}: {html}");
}

#[test]
fn every_component_escapes_the_text_it_is_given() {
    let text = || TEXT.to_owned();
    let faults = || Faults {
        whole: Some(text()),
        fields: vec![(text(), text())],
    };
    let field = view! {
        <TextField name="n" label=TEXT hint=TEXT kind="text" autocomplete="off" value=text() fault=Some(text())/>
    };
    assert_escaped("TextField", &html(field));
    let choice =
        view! { <Choice kind="radio" name="n" value=TEXT label=TEXT hint=TEXT checked=true/> };
    assert_escaped("Choice", &html(choice));
    assert_escaped(
        "FieldError",
        &html(view! { <FieldError name="n" fault=Some(text())/> }),
    );
    assert_escaped("Notice", &html(view! { <Notice text=text()/> }));
    assert_escaped(
        "ErrorSummary",
        &html(view! { <ErrorSummary faults=faults()/> }),
    );
    assert_escaped("Pill", &html(view! { <Pill tone=Tone::Ok word=TEXT/> }));
    assert_escaped(
        "Snippet",
        &html(view! { <Snippet label=TEXT text=text()/> }),
    );
}

#[test]
fn nothing_is_lost_from_a_text_to_copy() {
    let text = "line one \\\n  -d '{\"a\": 1}'\n";
    let html = html(view! { <Snippet label="Command" text=text.to_owned()/> });
    assert!(
        html.contains("line one \\\n  -d '{\"a\": 1}'\n</pre>"),
        "{html}"
    );
}
