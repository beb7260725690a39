//! Markdown as a tree of the few things that our pages are made of. What the tree cannot say is not shown: HTML inside the text comes
//! out as the text it is, images and the like are left out.

use std::iter::Peekable;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// One piece of a page, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    Heading {
        level: HeadingLevel,
        /// What links lead to.
        id: String,
        text: Vec<Inline>,
    },
    Paragraph(Vec<Inline>),
    /// The text of a list's item that is no paragraph of its own.
    Plain(Vec<Inline>),
    List {
        ordered: bool,
        items: Vec<Vec<Block>>,
    },
    Code {
        /// What stands behind the opening fence.
        language: String,
        text: String,
    },
    Table {
        head: Vec<Vec<Inline>>,
        rows: Vec<Vec<Vec<Inline>>>,
    },
    Quote(Vec<Block>),
}

/// One piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Inline {
    Text(String),
    Code(String),
    Emphasis(Vec<Inline>),
    Strong(Vec<Inline>),
    Link { href: String, text: Vec<Inline> },
}

type Events<'a> = Peekable<Box<dyn Iterator<Item = Event<'a>> + 'a>>;

/// The tree of a text. Headings that read the same get different ids.
pub(crate) fn parse(source: &str) -> Vec<Block> {
    let parser: Box<dyn Iterator<Item = Event<'_>> + '_> =
        Box::new(Parser::new_ext(source, Options::ENABLE_TABLES));
    let mut events = parser.peekable();
    let mut found = blocks(&mut events);
    number(&mut found);
    found
}

/// The text without its marks.
pub(crate) fn plain(inlines: &[Inline]) -> String {
    inlines
        .iter()
        .map(|inline| match inline {
            Inline::Text(text) | Inline::Code(text) => text.clone(),
            Inline::Emphasis(inner) | Inline::Strong(inner) => plain(inner),
            Inline::Link { text, .. } => plain(text),
        })
        .collect()
}

/// A heading's words as an id: small letters and digits, hyphens between them.
pub(crate) fn slug(text: &str) -> String {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
        .to_ascii_lowercase()
}

fn number(blocks: &mut [Block]) {
    let mut taken: Vec<String> = Vec::new();
    for block in blocks {
        if let Block::Heading { id, .. } = block {
            let first = id.clone();
            let mut count = 2;
            while taken.contains(id) {
                *id = format!("{first}-{count}");
                count += 1;
            }
            taken.push(id.clone());
        }
    }
}

/// Everything up to the end of what was begun before the call.
fn blocks(events: &mut Events<'_>) -> Vec<Block> {
    let mut found = Vec::new();
    while let Some(event) = events.peek() {
        match event {
            Event::End(_) => break,
            Event::Start(tag) if !is_inline(tag) => {
                let tag = tag.clone();
                events.next();
                found.extend(block(tag, events));
                // The end of what was just read.
                events.next();
            }
            Event::Start(_)
            | Event::Text(_)
            | Event::Code(_)
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::SoftBreak
            | Event::HardBreak => {
                let text = inlines(events);
                found.push(Block::Plain(text));
            }
            _ => {
                events.next();
            }
        }
    }
    found
}

fn block(tag: Tag<'_>, events: &mut Events<'_>) -> Option<Block> {
    Some(match tag {
        Tag::Paragraph | Tag::HtmlBlock => Block::Paragraph(inlines(events)),
        Tag::Heading { level, .. } => {
            let text = inlines(events);
            let id = slug(&plain(&text));
            Block::Heading { level, id, text }
        }
        Tag::List(first) => Block::List {
            ordered: first.is_some(),
            items: parts(events, blocks),
        },
        Tag::CodeBlock(kind) => Block::Code {
            language: match kind {
                CodeBlockKind::Fenced(language) => language.to_string(),
                CodeBlockKind::Indented => String::new(),
            },
            text: plain(&inlines(events)),
        },
        Tag::Table(_) => {
            let mut rows = parts(events, |events| parts(events, inlines));
            let head = if rows.is_empty() {
                Vec::new()
            } else {
                rows.remove(0)
            };
            Block::Table { head, rows }
        }
        Tag::BlockQuote(_) => Block::Quote(blocks(events)),
        _ => {
            let _ = blocks(events);
            return None;
        }
    })
}

/// The members of a list, of a table, or of a row, each read by `read`.
fn parts<'a, T>(events: &mut Events<'a>, mut read: impl FnMut(&mut Events<'a>) -> T) -> Vec<T> {
    let mut found = Vec::new();
    while let Some(Event::Start(_)) = events.peek() {
        events.next();
        found.push(read(events));
        events.next();
    }
    found
}

const fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Image { .. }
    )
}

fn inlines(events: &mut Events<'_>) -> Vec<Inline> {
    let mut found = Vec::new();
    loop {
        match events.peek() {
            None | Some(Event::End(_)) => break,
            Some(Event::Start(tag)) if !is_inline(tag) => break,
            _ => {}
        }
        match events.next() {
            Some(Event::Text(text) | Event::Html(text) | Event::InlineHtml(text)) => {
                found.push(Inline::Text(text.to_string()));
            }
            Some(Event::Code(text)) => found.push(Inline::Code(text.to_string())),
            Some(Event::SoftBreak | Event::HardBreak) => found.push(Inline::Text(" ".to_owned())),
            Some(Event::Start(tag)) => {
                let inner = inlines(events);
                let _: Option<Event<'_>> = events.next_if(|next| {
                    matches!(
                        next,
                        Event::End(
                            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Image
                        )
                    )
                });
                match tag {
                    Tag::Emphasis => found.push(Inline::Emphasis(inner)),
                    Tag::Strong => found.push(Inline::Strong(inner)),
                    Tag::Link { dest_url, .. } => found.push(Inline::Link {
                        href: dest_url.to_string(),
                        text: inner,
                    }),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Inline {
        Inline::Text(text.to_owned())
    }

    #[test]
    fn a_page_becomes_a_tree() {
        let tree = parse(
            "# Keys & more\n\nOne *two* **three** `four` [five](keys.md).\n\n- a\n- b\n\n  c\n\n1. x\n   1. y\n\n| h | i |\n|---|---|\n| `j` | k |\n\n```sh\ncurl 'a'\n```\n\n> note\n\n## Again\n\n## Again\n",
        );
        let heading = |level, id: &str, words: &str| Block::Heading {
            level,
            id: id.to_owned(),
            text: vec![text(words)],
        };
        assert_eq!(
            tree[0],
            Block::Heading {
                level: HeadingLevel::H1,
                id: "keys-more".to_owned(),
                text: vec![text("Keys & more")],
            }
        );
        assert_eq!(
            tree[1],
            Block::Paragraph(vec![
                text("One "),
                Inline::Emphasis(vec![text("two")]),
                text(" "),
                Inline::Strong(vec![text("three")]),
                text(" "),
                Inline::Code("four".to_owned()),
                text(" "),
                Inline::Link {
                    href: "keys.md".to_owned(),
                    text: vec![text("five")],
                },
                text("."),
            ])
        );
        let paragraph = |words: &str| Block::Paragraph(vec![text(words)]);
        assert_eq!(
            tree[2],
            Block::List {
                ordered: false,
                items: vec![vec![paragraph("a")], vec![paragraph("b"), paragraph("c")]],
            }
        );
        assert_eq!(
            tree[3],
            Block::List {
                ordered: true,
                items: vec![vec![
                    Block::Plain(vec![text("x")]),
                    Block::List {
                        ordered: true,
                        items: vec![vec![Block::Plain(vec![text("y")])]],
                    }
                ]],
            }
        );
        assert_eq!(
            tree[4],
            Block::Table {
                head: vec![vec![text("h")], vec![text("i")]],
                rows: vec![vec![vec![Inline::Code("j".to_owned())], vec![text("k")]]],
            }
        );
        assert_eq!(
            tree[5],
            Block::Code {
                language: "sh".to_owned(),
                text: "curl 'a'\n".to_owned(),
            }
        );
        assert_eq!(tree[6], Block::Quote(vec![paragraph("note")]));
        assert_eq!(tree[7], heading(HeadingLevel::H2, "again", "Again"));
        assert_eq!(tree[8], heading(HeadingLevel::H2, "again-2", "Again"));
        assert_eq!(tree.len(), 9);
    }

    #[test]
    fn html_is_text_and_images_are_nothing() {
        let tree = parse("<script>alert(1)</script>\n\na <b>c</b> ![i](x.png)d\n");
        let all: Vec<String> = tree
            .iter()
            .map(|block| match block {
                Block::Paragraph(inlines) => plain(inlines),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(
            all.iter().map(|line| line.trim()).collect::<Vec<_>>(),
            ["<script>alert(1)</script>", "a <b>c</b> d"]
        );
    }
}
