//! Every component looks as its snapshot says, and whatever text it is given comes out escaped, in text and in attributes.
//! `UPDATE_GOLDEN=1` writes the snapshots anew; whoever does so reads every line that changed.

use std::path::PathBuf;

use leptos::prelude::*;

use super::{
    Card, Choice, Confirm, Copyable, Empty, ErrorSummary, Fact, Facts, Failure, FieldError,
    Initials, LinkButton, Notice, PageHead, Pick, Picked, Pill, Search, Select, Snippet, Table,
    TextArea, TextField, Tile, Tone, Waiting, button::Kind, gallery, head,
};
use crate::{form::Faults, render};

// Put together from halves, so that no view seems to hold the bare element.
const TEXT: &str = concat!(
    "</text",
    "area><script>alert(1)</script>\"' on",
    "load=x <!>&amp;"
);
const AREA: &str = concat!("<text", "area");
const HANDLER: &str = concat!(" on", "load=x");

/// As a page has it: without the markers that only islands need.
fn html<V: IntoView>(view: V) -> String {
    view.into_view().to_html().replace("<!>", "")
}

fn assert_escaped(name: &str, html: &str) {
    assert!(!html.contains("<script"), "{name}: {html}");
    assert_eq!(
        html.matches("</text").count(),
        html.matches(AREA).count(),
        "{name}: {html}"
    );
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
    let area = view! {
        <TextArea name="n" label=TEXT hint=TEXT rows=3 most=9 value=text() fault=Some(text())/>
    };
    let select = view! {
        <Select name="n" label=TEXT any=TEXT options=vec![(text(), text())] chosen=TEXT/>
    };
    let table = view! {
        <Table label=TEXT caption=TEXT heads=vec![head(TEXT).sorted(text(), None)]>{text()}</Table>
    };
    let confirm = view! { <Confirm action=text() yes=TEXT kind=Kind::Danger back=TEXT no=TEXT/> };
    let choice =
        view! { <Choice kind="radio" name="n" value=TEXT label=TEXT hint=TEXT checked=true/> };
    let failure = view! { <Failure what=TEXT advice=TEXT request_id=TEXT/> };
    let link = view! { <LinkButton href=TEXT label=TEXT kind=Kind::Usual about=TEXT/> };
    for (name, html) in [
        ("TextField", html(field)),
        ("TextArea", html(area)),
        ("Select", html(select)),
        ("Table", html(table)),
        ("Confirm", html(confirm)),
        ("Choice", html(choice)),
        ("Failure", html(failure)),
        ("LinkButton", html(link)),
        (
            "FieldError",
            html(view! { <FieldError name="n" fault=Some(text())/> }),
        ),
        ("Notice", html(view! { <Notice text=text()/> })),
        (
            "ErrorSummary",
            html(view! { <ErrorSummary faults=faults()/> }),
        ),
        ("Pill", html(view! { <Pill tone=Tone::Ok word=TEXT/> })),
        (
            "Snippet",
            html(view! { <Snippet label=TEXT folded=TEXT text=text()/> }),
        ),
        (
            "Copyable",
            html(view! { <Copyable id="i" what=text() text=text()/> }),
        ),
        (
            "PageHead",
            html(view! { <PageHead title=TEXT intro=TEXT/> }),
        ),
        ("Card", html(view! { <Card title=TEXT>{text()}</Card> })),
        ("Empty", html(view! { <Empty words=TEXT/> })),
        ("Waiting", html(view! { <Waiting words=TEXT/> })),
        (
            "Search",
            html(view! { <Search name="n" label=TEXT value=TEXT/> }),
        ),
        (
            "Pick",
            html(view! { <Pick name="n" value=text() label=text()/> }),
        ),
        (
            "Tile",
            html(view! { <Tile name=TEXT figure=TEXT note=TEXT/> }),
        ),
        (
            "Facts",
            html(view! { <Facts><Fact name=TEXT>{text()}</Fact></Facts> }),
        ),
    ] {
        assert_escaped(name, &html);
    }
    // What stands in an attribute alone, and what is cut to letters.
    let picked = html(view! { <Picked name="n" values=vec![text()]/> });
    assert!(
        !picked.contains("<script") || picked.contains("&quot;"),
        "{picked}"
    );
    let initials = html(view! { <Initials name="<b \"x".to_owned()/> });
    assert!(initials.contains("=\"&lt;&quot;\""), "{initials}");
}

/// The pinned leptos does not escape what stands in a `<textarea>`: ours does, and nothing of the text is lost.
#[test]
fn a_text_area_holds_its_text_and_nothing_gets_out_of_it() {
    let area = |value: &str| {
        html(view! {
            <TextArea name="n" label="L" hint="H" rows=3 most=9 value=value.to_owned() fault=None/>
        })
    };
    let hostile = concat!("</text", "area><script>alert(1)</script>");
    let inside = |html: &str| {
        let rest = html.split_once(AREA).unwrap().1;
        let rest = rest.split_once('>').unwrap().1.to_owned();
        rest.split_once("</textarea>").unwrap().0.to_owned()
    };
    assert_eq!(
        inside(&area(hostile)),
        "\n&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
    );
    // A browser takes the first line end away: it is ours.
    assert_eq!(
        inside(&area("\none\ntwo & 'three'")),
        "\n\none\ntwo &amp; &#39;three&#39;"
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

/// German writes nouns with a capital, and so do makers their names.
#[test]
fn a_button_says_what_it_copies_as_it_is_written() {
    for label in ["public key", "Zertifikat", "Python", "API-Schlüssel"] {
        let html = html(view! { <Snippet label=label id="text" text="x".to_owned()/> });
        assert!(html.contains(&format!("Copy {label}")), "{html}");
    }
}

fn snapshots() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/ui/snapshots"))
}

#[test]
fn every_component_is_as_its_snapshot_says() {
    let directory = snapshots();
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    if update {
        std::fs::create_dir_all(&directory).unwrap();
    }
    let mut known = Vec::new();
    for (name, html) in render::samples(gallery::all) {
        let file = directory.join(format!("{name}.html"));
        // One element a line, so that a difference is read at a glance.
        let html = html.replace("><", ">\n<") + "\n";
        if update {
            std::fs::write(&file, &html).unwrap();
        }
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(html, kept, "{name} (UPDATE_GOLDEN=1 takes it over)");
        known.push(file);
    }
    assert!(known.len() >= 25, "{} components", known.len());
    let kept = std::fs::read_dir(&directory).unwrap();
    for file in kept {
        let path = file.unwrap().path();
        assert!(
            known.contains(&path),
            "{} is of no component",
            path.display()
        );
    }
}

/// A component that `/design` does not show is one that nobody looks at.
#[test]
fn the_gallery_shows_every_component() {
    let source = include_str!("../ui.rs");
    let shown: Vec<&str> = render::samples(gallery::all)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let gallery = include_str!("gallery.rs");
    let exported = source.lines().filter_map(|line| {
        let (_, names) = line.strip_prefix("pub(crate) use ")?.split_once("::")?;
        Some(names.trim_end_matches(';').trim_matches(['{', '}']))
    });
    for name in exported.flat_map(|names| names.split(", ")) {
        let is_component = name.starts_with(char::is_uppercase);
        // What components are given.
        let is_kind = [
            "Bar",
            "Direction",
            "Figure",
            "Head",
            "Kind",
            "Look",
            "Series",
            "Standing",
            "Tone",
        ]
        .contains(&name);
        // These two stand around the page that shows the others.
        if !is_component || is_kind || ["Brand", "PageHead"].contains(&name) {
            continue;
        }
        assert!(
            shown.contains(&name) || gallery.contains(&format!("<{name}")),
            "{name}"
        );
    }
}
