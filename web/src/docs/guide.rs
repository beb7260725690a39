//! The pages of the guide, as they lie in `docs/guide`: their order, their groups, and the text with its title and summary.

use std::sync::LazyLock;

use pulldown_cmark::HeadingLevel;

use super::{
    markdown::{Block, Inline, parse, plain},
    reference,
};

/// One page.
#[derive(Debug)]
pub(crate) struct Page {
    /// Its address under `/docs/`.
    pub(crate) slug: &'static str,
    /// Under which heading the index has it.
    pub(crate) group: &'static str,
    /// The Markdown, as it is written.
    pub(crate) source: &'static str,
    /// The title, out of the text.
    pub(crate) title: &'static str,
    /// One line about it: the first paragraph.
    pub(crate) summary: Vec<Inline>,
    /// What follows.
    pub(crate) body: Vec<Block>,
}

impl Page {
    fn read(group: &'static str, slug: &'static str, source: &'static str) -> Self {
        let mut blocks = parse(source).into_iter().skip(1);
        let summary = match blocks.next() {
            Some(Block::Paragraph(text)) => text,
            _ => Vec::new(),
        };
        Self {
            slug,
            group,
            source,
            title: title(source),
            summary,
            body: blocks.collect(),
        }
    }

    /// The summary without its marks.
    pub(crate) fn in_one_line(&self) -> String {
        plain(&self.summary)
    }
}

/// A page's first line, without its mark.
fn title(source: &'static str) -> &'static str {
    source
        .lines()
        .next()
        .unwrap_or_default()
        .trim_start_matches("# ")
}

macro_rules! written {
    ($group:literal: $($slug:literal),+) => {
        [$(Page::read($group, $slug, include_str!(concat!("../../../docs/guide/", $slug, ".md")))),+]
    };
}

static PAGES: LazyLock<Vec<Page>> = LazyLock::new(|| {
    let mut pages = Vec::new();
    pages.extend(written!("Start": "set-up", "connect", "people", "access"));
    pages.extend(written!("Usage and billing": "usage-events", "billing"));
    pages.extend(written!("Integrate": "api-keys"));
    pages.push(Page::read(
        "Integrate",
        reference::SLUG,
        reference::source(),
    ));
    pages.extend(written!("Integrate": "errors", "problems", "limits"));
    pages.extend(written!("Security and compliance": "audit-trail", "pci", "glossary"));
    pages
});

/// Every page, in reading order.
pub(crate) fn pages() -> &'static [Page] {
    &PAGES
}

/// The page of this name, with the one before and the one after it.
pub(crate) fn find(
    slug: &str,
) -> Option<(&'static Page, Option<&'static Page>, Option<&'static Page>)> {
    let at = PAGES.iter().position(|page| page.slug == slug)?;
    let before = at.checked_sub(1).and_then(|at| PAGES.get(at));
    Some((PAGES.get(at)?, before, PAGES.get(at + 1)))
}

/// What the page `problems` says about one code.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Problem {
    pub(crate) code: &'static str,
    pub(crate) text: &'static [Block],
}

/// The code's part of the page, up to the next heading.
pub(crate) fn problem(code: &str) -> Option<Problem> {
    let (page, _, _) = find("problems")?;
    let is_heading = |block: &Block| matches!(block, Block::Heading { .. });
    let (at, code) = page
        .body
        .iter()
        .enumerate()
        .find_map(|(at, block)| match block {
            Block::Heading {
                level: HeadingLevel::H3,
                id,
                ..
            } if id == code => Some((at, id.as_str())),
            _ => None,
        })?;
    let after = page.body.get(at + 1..)?;
    let end = after.iter().position(is_heading).unwrap_or(after.len());
    Some(Problem {
        code,
        text: after.get(..end)?,
    })
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag};

    use super::*;

    #[test]
    fn every_file_of_the_guide_is_a_page_with_title_summary_and_body() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/guide");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        let mut known: Vec<String> = pages()
            .iter()
            .map(|page| format!("{}.md", page.slug))
            .collect();
        known.sort();
        assert_eq!(files, known);
        for page in pages() {
            assert!(page.source.starts_with("# "), "{}", page.slug);
            let line = page.in_one_line();
            assert!(
                (20..=160).contains(&line.chars().count()),
                "{}: {line}",
                page.slug
            );
            assert!(line.ends_with('.'), "{}: {line}", page.slug);
            assert!(!page.body.is_empty(), "{}", page.slug);
        }
    }

    /// In the repository too: a link from file to file leads to one.
    #[test]
    fn links_from_page_to_page_lead_to_a_file() {
        let mut links = 0;
        for page in pages() {
            for event in Parser::new_ext(page.source, Options::all()) {
                let Event::Start(Tag::Link { dest_url, .. }) = event else {
                    continue;
                };
                let file = dest_url.split('#').next().unwrap_or_default();
                let is_page = std::path::Path::new(file)
                    .extension()
                    .is_some_and(|kind| kind == "md");
                if is_page && !file.contains("://") {
                    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/guide/");
                    let found = std::path::Path::new(&format!("{path}{file}")).exists();
                    assert!(found, "{}: {dest_url}", page.slug);
                    links += 1;
                }
            }
        }
        assert!(links > 30, "{links}");
    }

    #[test]
    fn no_page_uses_what_the_tree_cannot_say() {
        for page in pages() {
            for event in Parser::new_ext(page.source, Options::all()) {
                let fits = match &event {
                    Event::Html(_)
                    | Event::InlineHtml(_)
                    | Event::FootnoteReference(_)
                    | Event::TaskListMarker(_)
                    | Event::Rule
                    | Event::InlineMath(_)
                    | Event::DisplayMath(_) => false,
                    Event::Start(tag) => matches!(
                        tag,
                        Tag::Paragraph
                            | Tag::Heading {
                                level: HeadingLevel::H1 | HeadingLevel::H2 | HeadingLevel::H3,
                                ..
                            }
                            | Tag::BlockQuote(None)
                            | Tag::CodeBlock(_)
                            | Tag::List(_)
                            | Tag::Item
                            | Tag::Table(_)
                            | Tag::TableHead
                            | Tag::TableRow
                            | Tag::TableCell
                            | Tag::Emphasis
                            | Tag::Strong
                            | Tag::Link { .. }
                    ),
                    _ => true,
                };
                assert!(fits, "{}: {event:?}", page.slug);
            }
        }
    }

    #[test]
    fn the_pages_before_and_after_are_found() {
        let (first, before, after) = find("set-up").unwrap();
        assert_eq!(
            (first.title, before.is_none()),
            ("Set up, step by step", true)
        );
        assert_eq!(after.unwrap().slug, "connect");
        assert!(find("glossary").unwrap().2.is_none());
        assert!(find("nothing").is_none());
    }

    #[test]
    fn every_problem_says_its_status_and_something_to_do() {
        let (page, _, _) = find("problems").unwrap();
        let mut known = 0;
        for block in &page.body {
            let Block::Heading {
                level: HeadingLevel::H3,
                id,
                text,
            } = block
            else {
                continue;
            };
            assert_eq!(*id, plain(text), "a code and nothing else");
            let Block::Paragraph(first) = &problem(id).unwrap().text[0] else {
                panic!("{id} begins otherwise");
            };
            let words = plain(first);
            let status: u16 = words[..3].parse().unwrap();
            assert!(
                (400..600).contains(&status) && words[3..].starts_with(". "),
                "{id}: {words}"
            );
            assert!(words.len() > 60, "{id}: {words}");
            known += 1;
        }
        assert!(known > 60, "{known}");
        assert!(problem("nothing").is_none());
        // A group of problems is no problem.
        assert!(problem("the-request").is_none());
    }
}
