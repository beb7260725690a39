//! What every page keeps: one h1, labels in sight, ids that exist, no script, no inline style.
//! The pages are also written out as files, to be looked at in a browser.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use super::{all, ended::all as ended};
use crate::{assets, words::Language};

/// How often `needle` stands in the text.
fn count(text: &str, needle: &str) -> usize {
    text.matches(needle).count()
}

#[test]
fn every_page_keeps_the_rules_of_pages() {
    for (name, html) in all() {
        assert!(
            html.starts_with("<!DOCTYPE html><html lang=\"en\">"),
            "{name}"
        );
        assert_eq!(count(&html, "<h1"), 1, "{name}: one h1");
        assert_eq!(count(&html, "<main"), 1, "{name}: one main");
        // The gallery shows components, not a view.
        if name != "design" {
            let primary = count(&html, "btn primary");
            assert!(primary < 2, "{name}: {primary} primary actions");
        }
        assert_eq!(count(&html, "<title>"), 1, "{name}: a title");
        assert_eq!(count(&html, "href=\"#main\""), 1, "{name}: a skip link");
        for forbidden in [
            "<script",
            concat!("sty", "le="),
            "javascript:",
            "<!--",
            "class=\"\"",
            "<!>",
        ] {
            assert!(!html.contains(forbidden), "{name}: {forbidden}");
        }
        // A table without caption or scopes, or an input without its label.
        assert_eq!(count(&html, "<table"), count(&html, "<caption"), "{name}");
        assert_eq!(
            count(&html, "<th>") + count(&html, "<th class"),
            0,
            "{name}: scope on every th"
        );
        let hidden = count(&html, "<input type=\"hidden\"");
        let controls = count(&html, "<input")
            + count(&html, "<select")
            + count(&html, concat!("<text", "area"))
            - hidden;
        assert_eq!(controls, count(&html, "<label"), "{name}: visible labels");
        // Operators are who is written to.
        let told = html.contains("mailto:support@payphone.example");
        assert_eq!(told, !name.contains("operator"), "{name}");
    }
}

/// Languages differ in words alone: a message that left out a link would leave its page without it.
#[test]
fn a_page_has_the_same_elements_in_every_language() {
    let elements = |html: &str| {
        let tags = html.split('<').skip(1);
        let names = tags.filter_map(|tag| tag.split([' ', '>']).next());
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        names.sort();
        names
    };
    for ((name, english), (_, german)) in all().into_iter().zip(Language::German.with(all)) {
        assert!(german.contains("<html lang=\"de\""), "{name}");
        assert_eq!(elements(&english), elements(&german), "{name}");
    }
}

/// What a first visit loads besides islands. The API reference is the longest page there is.
#[test]
fn a_page_and_its_style_are_at_most_sixty_kilobytes() {
    let packed = |text: &str| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(text.as_bytes()).unwrap();
        packed.finish().unwrap().len()
    };
    let style = packed(assets::css());
    for (name, html) in all() {
        let page = packed(&html);
        assert!(
            page + style <= 60_000,
            "{name}: {page} and {style} bytes, gzipped"
        );
    }
}

#[test]
fn ids_are_unique_and_every_reference_has_its_target() {
    for (name, html) in all() {
        let values = |attribute: &str| -> Vec<String> {
            html.split(&format!(" {attribute}=\""))
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
                .flat_map(|value| value.split(' ').map(str::to_owned).collect::<Vec<_>>())
                .collect()
        };
        let ids = values("id");
        let mut unique = ids.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(ids.len(), unique.len(), "{name}: {ids:?}");
        let mut targets = values("for");
        targets.extend(values("aria-describedby"));
        targets.extend(values("aria-labelledby"));
        let fragments = values("href");
        targets.extend(
            fragments
                .iter()
                .filter_map(|href| href.strip_prefix('#'))
                .map(str::to_owned),
        );
        for target in targets {
            assert!(ids.contains(&target), "{name}: nothing has the id {target}");
        }
    }
}

#[test]
fn after_the_end_every_page_says_so_and_asks_for_nothing_more() {
    for (name, html) in ended() {
        assert!(html.contains("our subscription has ended"), "{name}");
        assert!(html.contains("22 Nov 2026, 10:14 UTC"), "{name}: when");
        for gone in [
            "ready",
            "What to do now",
            "still counting",
            "curl",
            "in use<",
            "http-equiv",
            "<form class=\"form\"",
        ] {
            let said = html.replace("no longer in use<", "");
            assert!(!said.contains(gone), "{name}: {gone}");
        }
    }
}

#[test]
fn no_error_page_begins_by_repeating_its_heading_and_none_shows_the_way_in_twice() {
    for (name, html) in all() {
        if !name.starts_with("error-") {
            continue;
        }
        let between = |start: &str, end: &str| {
            let rest = html.split_once(start).unwrap().1;
            rest.split_once(end).unwrap().0.to_owned()
        };
        let (heading, first) = (between("<h1>", "</h1>"), between("<p>", "</p>"));
        assert!(!first.starts_with(&heading), "{name}: {first}");
        if html.contains("<ol") {
            assert!(!first.contains("Manage subscriptions"), "{name}: {first}");
        }
    }
}

#[test]
fn four_hours_is_said_about_the_link_of_aws_alone() {
    for (name, html) in all() {
        // The documentation tells about all of it.
        if name.starts_with("docs") {
            continue;
        }
        let said = html.contains("four hours");
        assert_eq!(said, name == "error-expired", "{name}");
    }
}

#[test]
fn the_step_that_waits_says_what_to_do_and_the_last_check_waits_for_nothing() {
    let page = |wanted| {
        all()
            .into_iter()
            .find(|(name, _)| *name == wanted)
            .unwrap()
            .1
    };
    assert!(page("setup-begun").contains("longer than ten minutes"));
    let last = page("setup-last-check");
    assert!(last.contains("A moment: the last check is running"));
    assert!(!last.contains("Waiting for the steps above") && !last.contains("4 of 5"));
}

#[test]
fn every_page_is_written_out_for_the_eye() {
    let directory = std::env::temp_dir().join("payphone-pages");
    // What an older page left there would be looked at for one of today's.
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(directory.join("assets")).unwrap();
    let css = assets::css_url();
    std::fs::write(directory.join(css.trim_start_matches('/')), assets::css()).unwrap();
    for language in Language::ALL {
        for (name, html) in language.with(all) {
            let html = html.replace(&css, css.trim_start_matches('/'));
            let file = match language {
                Language::English => format!("{name}.html"),
                Language::German => format!("{name}.de.html"),
            };
            std::fs::write(directory.join(file), html).unwrap();
        }
    }
}
