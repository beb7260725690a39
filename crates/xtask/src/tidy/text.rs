//! Rules about the text of files: length, opening comment, attributes, sleeping tests, markup in views, paths of a machine.
//! The forbidden words are put together from halves here, so that this file does not break the rules it states.
//! Invariant: a rule looks at code, not at comment lines, except where a comment would leak too.

use super::Finding;

/// Past this many lines a file is mentioned.
const WARN: usize = 400;
/// Past this many lines tidy fails.
const FAIL: usize = 600;

/// Attributes that may not be written, and what to write instead.
const ATTRIBUTES: &[(&str, &str)] = &[
    (concat!("[", "allow("), "use `#[expect(…, reason = \"…\")]`"),
    (
        concat!("#[", "ignore"),
        "a test that is not run is not there",
    ),
];

const SLEEP: &str = concat!("sl", "eep(");

/// Directories at the root of a file system in which somebody's clone or home lies.
const HOMES: &[&str] = &["home", "root", "Users", "work", "farm", "workspace"];

/// Words that begin with `on` and are no handler.
const NOT_HANDLERS: &[&str] = &["on", "once", "one", "only", "online"];

/// Everything this file knows about one file of the clone.
pub(super) fn check(name: &str, content: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    if is_source(name) {
        findings.extend(length(name, content.lines().count()));
    }
    if has_extension(name, "rs") {
        if !has_module_comment(content) {
            findings.push(Finding::Error(format!("{name} does not open with `//!`")));
        }
        code(name, content, &mut |line, what| {
            findings.push(Finding::Error(format!("{name}:{line}: {what}")));
        });
    }
    if name != "Cargo.lock" {
        for (number, line) in numbered(content) {
            if let Some(path) = machine_path(line) {
                findings.push(Finding::Error(format!(
                    "{name}:{number}: an absolute path of a machine ({path})"
                )));
            }
        }
    }
    findings
}

fn has_module_comment(content: &str) -> bool {
    content.starts_with("//!")
}

fn code(name: &str, content: &str, report: &mut dyn FnMut(usize, String)) {
    let in_test_directory = name
        .split('/')
        .any(|part| part == "tests" || part == "tests.rs");
    let is_view = name.starts_with("web/") || content.contains("view! {");
    let is_text_area =
        name.starts_with("web/src/ui/") && name.replace('_', "").ends_with("/textarea.rs");
    let mut in_tests = in_test_directory;
    for (number, line) in numbered(content) {
        let trimmed = line.trim_start();
        if trimmed.starts_with("//") {
            continue;
        }
        // By convention a file's unit tests are its last item.
        in_tests |= trimmed.starts_with("#[cfg(test)]");
        for (attribute, instead) in ATTRIBUTES {
            if trimmed.contains(attribute) && trimmed.starts_with('#') {
                report(number, format!("`{attribute}…`: {instead}"));
            }
        }
        if in_tests && calls(line, SLEEP) {
            report(
                number,
                format!("`{SLEEP}` in a test: wait for what should happen, not for a time"),
            );
        }
        if is_view
            && !is_text_area
            && let Some(word) = markup(line)
        {
            report(number, format!("`{word}` in a view: {}", why(&word)));
        }
    }
}

/// The forbidden piece of markup in a line of a view.
fn markup(line: &str) -> Option<String> {
    for word in [concat!("inner", "_html"), concat!("<text", "area")] {
        if line.contains(word) {
            return Some(word.to_owned());
        }
    }
    for word in [concat!("sty", "le="), concat!("sty", "le:")] {
        if calls(line, word) {
            return Some(word.to_owned());
        }
    }
    line.split(|character: char| {
        !(character.is_ascii_alphanumeric() || "=_-:.".contains(character))
    })
    .find_map(|token| {
        let (attribute, value) = token.split_once('=')?;
        let is_handler =
            attribute.starts_with("on") && attribute.bytes().all(|byte| byte.is_ascii_lowercase());
        (is_handler && !NOT_HANDLERS.contains(&attribute) && !value.starts_with('='))
            .then(|| format!("{attribute}="))
    })
}

fn why(word: &str) -> &'static str {
    if word.starts_with("on") {
        "the content security policy runs no inline handler; use an island"
    } else if word.starts_with('<') {
        "its text is not escaped on the server; use `ui::TextArea`"
    } else if word.starts_with("sty") {
        "the content security policy ignores it; use a class"
    } else {
        "it is not escaped"
    }
}

/// Whether `word` stands in the line on its own, not as the end of a longer name.
fn calls(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        !line[..at].ends_with(|before: char| before.is_alphanumeric() || "_-".contains(before))
    })
}

/// The beginning of a path that only makes sense on somebody's machine.
fn machine_path(line: &str) -> Option<String> {
    for home in HOMES {
        let path = format!("/{home}/");
        let found = line.match_indices(&path).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            before.is_none_or(|before| !before.is_alphanumeric() && !"_-.}/*".contains(before))
        });
        if found {
            return Some(path);
        }
    }
    let windows = concat!(":\\", "Users", "\\");
    line.contains(windows).then(|| windows.to_owned())
}

fn length(name: &str, lines: usize) -> Option<Finding> {
    if lines > FAIL {
        Some(Finding::Error(format!(
            "{name} has {lines} lines, at most {FAIL}"
        )))
    } else if lines > WARN {
        Some(Finding::Warning(format!(
            "{name} has {lines} lines; past {WARN} there should be a reason"
        )))
    } else {
        None
    }
}

fn is_source(name: &str) -> bool {
    ["rs", "py", "js", "css", "html", "sh", "sql"]
        .iter()
        .any(|extension| has_extension(name, extension))
}

fn has_extension(name: &str, extension: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, found)| found == extension)
}

fn numbered(content: &str) -> impl Iterator<Item = (usize, &str)> {
    content
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The errors of one file, without its name.
    fn errors(name: &str, body: &str) -> Vec<String> {
        let content = format!("//! What it is for.\n{body}");
        let all = check(name, &content).into_iter();
        all.filter_map(|finding| {
            if let Finding::Error(what) = finding {
                Some(what)
            } else {
                None
            }
        })
        .collect()
    }

    #[test]
    fn long_files_warn_and_then_fail() {
        let lines = |count: usize| format!("//! Long.\n{}", "\n".repeat(count - 1));
        assert_eq!(check("a.rs", &lines(400)), []);
        assert!(matches!(
            check("a.rs", &lines(401))[..],
            [Finding::Warning(_)]
        ));
        assert!(matches!(
            check("a.rs", &lines(600))[..],
            [Finding::Warning(_)]
        ));
        assert!(matches!(
            check("a.css", &lines(601))[..],
            [Finding::Error(_)]
        ));
        assert_eq!(check("vectors.json", &lines(5000)), []);
    }

    #[test]
    fn a_file_without_an_opening_comment_fails() {
        assert_eq!(
            check("a.rs", "use std::fs;\n"),
            [Finding::Error("a.rs does not open with `//!`".into())]
        );
        assert!(!has_module_comment(""));
        assert!(has_module_comment("//! Here.\n"));
    }

    #[test]
    fn the_attribute_that_silences_a_lint_fails() {
        let inner = concat!("#!", "[", "allow(dead_code)]");
        let outer = concat!("    #", "[", "allow(dead_code, reason = \"x\")]");
        assert_eq!(errors("crates/a/src/lib.rs", inner).len(), 1);
        assert_eq!(errors("crates/a/src/lib.rs", outer).len(), 1);
        assert_eq!(
            errors(
                "crates/a/src/lib.rs",
                "#[expect(dead_code, reason = \"x\")]"
            )
            .len(),
            0
        );
    }

    #[test]
    fn a_test_that_is_left_out_fails() {
        assert_eq!(
            errors("tests/api/a.rs", concat!("#[", "ignore = \"later\"]")).len(),
            1
        );
        assert_eq!(errors("tests/api/a.rs", concat!("#[", "ignore]")).len(), 1);
    }

    #[test]
    fn a_sleeping_test_fails_and_sleeping_code_does_not() {
        let nap = format!("    tokio::time::{SLEEP}SECOND).await;");
        assert_eq!(errors("tests/walk/tests/wire.rs", &nap).len(), 1);
        assert_eq!(
            errors(
                "crates/a/src/lib.rs",
                &format!("#[cfg(test)]\nmod tests {{\n{nap}\n}}")
            )
            .len(),
            1
        );
        assert_eq!(errors("crates/a/src/stand/tests.rs", &nap).len(), 1);
        assert_eq!(errors("crates/a/src/lib.rs", &nap).len(), 0);
        assert_eq!(
            errors("tests/api/a.rs", &format!("fn never_{SLEEP}) {{}}")).len(),
            0
        );
    }

    #[test]
    fn forbidden_markup_in_a_view_fails() {
        for bad in [
            concat!("<div inner", "_html=text></div>"),
            concat!("<p sty", "le=\"color: red\">"),
            concat!("<p sty", "le:color=\"red\">"),
            concat!("<text", "area name=\"note\"></textarea>"),
            concat!("<button on", "click=\"go()\">"),
            concat!("<body on", "load=go>"),
        ] {
            assert_eq!(
                errors("web/src/pages/tenants/show.rs", bad).len(),
                1,
                "{bad}"
            );
            let elsewhere = format!("view! {{\n{bad}\n}}");
            assert_eq!(
                errors("crates/card/src/pages.rs", &elsewhere).len(),
                1,
                "{bad}"
            );
        }
    }

    #[test]
    fn ordinary_views_pass() {
        for good in [
            "<button on:click=move |_| go()>",
            "<link rel=\"stylesheet\" href=\"/assets/console.css\"/>",
            "<p class=\"only\" once=true></p></textarea>",
            "let done = once == one;",
            concat!("// a comment may speak of inner", "_html"),
        ] {
            assert_eq!(
                errors("web/src/pages/tenants/show.rs", good),
                Vec::<String>::new(),
                "{good}"
            );
        }
    }

    #[test]
    fn the_text_area_alone_may_be_one() {
        let element = concat!("<text", "area name=name>{text}</textarea>");
        assert_eq!(
            errors("web/src/ui/text_area.rs", element),
            Vec::<String>::new()
        );
        assert_eq!(errors("web/src/ui/field.rs", element).len(), 1);
    }

    #[test]
    fn paths_of_a_machine_fail_in_any_file() {
        for home in HOMES {
            let path = format!("see /{home}/ann/src");
            assert_eq!(check("README.md", &path).len(), 1, "{path}");
        }
        let windows = concat!("C:\\", "Users", "\\ann");
        assert_eq!(check("notes.txt", windows).len(), 1);
    }

    #[test]
    fn routes_and_urls_are_no_paths_of_a_machine() {
        for good in [
            "https://docs.example/home/start",
            "GET /tenants/home",
            "crates/work/src",
            "${PREFIX}/home/x",
        ] {
            assert_eq!(check("README.md", good), [], "{good}");
        }
    }
}
