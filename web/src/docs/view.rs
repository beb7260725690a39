//! The pages of the documentation as HTML. Headings are links to themselves, tables scroll inside the page, code is there to be copied.

use leptos::prelude::*;
use pulldown_cmark::HeadingLevel;

use super::{
    Visit,
    guide::{Page, Problem, pages},
    markdown::{Block, Inline, plain},
    samples::{self, Ids},
};
use crate::{
    shell::{Console, Open, Place},
    ui::{Crumbs, PageHead, Snippet},
    words::Language,
};

/// Around every page: the console for who is signed in, a bar with the way in for everybody else. The texts are in English, which
/// whatever reads the page aloud has to know (WCAG 2.2, 3.1.2).
fn around<V: IntoView + 'static>(
    title: &'static str,
    visit: Visit,
    content: impl FnOnce() -> V + Send + 'static,
) -> AnyView {
    let content =
        || view! { <div class="docs-text" lang=Language::English.tag()>{content()}</div> };
    match visit.frame {
        Some(frame) => view! {
            <Console title=title frame=frame place=Place::Docs>
                {content()}
            </Console>
        }
        .into_any(),
        None => view! {
            <Open title=title support=visit.support sign_in=visit.sign_in>
                {content()}
            </Open>
        }
        .into_any(),
    }
}

/// `/docs`
pub(super) fn index(visit: Visit) -> impl IntoView {
    let mut groups: Vec<(&str, Vec<&Page>)> = Vec::new();
    for page in pages() {
        match groups.last_mut() {
            Some((group, members)) if *group == page.group => members.push(page),
            _ => groups.push((page.group, vec![page])),
        }
    }
    let groups = groups.into_iter().map(|(group, members)| {
        let members = members.into_iter().map(|page| {
            view! {
                <li>
                    <a href=format!("/docs/{}", page.slug)>{page.title}</a>
                    <p class="quiet small">{page.in_one_line()}</p>
                </li>
            }
        });
        view! {
            <section class="card">
                <h2>{group}</h2>
                <ul class="docs-list">{members.collect_view()}</ul>
            </section>
        }
    });
    let groups = groups.collect_view();
    around("Docs", visit, move || {
        view! {
            <PageHead title="Docs" intro="What to do, step by step. Each page answers one question."/>
            <div class="docs-index">{groups}</div>
            <p class="quiet small">
                "For programs: "<a href="/openapi.json">"the OpenAPI document"</a>" and "
                <a href="/llms.txt">"llms.txt"</a>", a list of these pages as Markdown."
            </p>
        }
    })
}

/// `/docs/{page}`
pub(super) fn page(
    visit: Visit,
    page: &'static Page,
    before: Option<&'static Page>,
    after: Option<&'static Page>,
) -> impl IntoView {
    let contents = contents(&page.body);
    let article = blocks(&page.body, &Surroundings::of(&visit, page.title));
    let summary = inlines(&page.summary);
    around(page.title, visit, move || {
        view! {
            <div class="page-head">
                <div>
                    <Crumbs href="/docs" name="Docs"/>
                    <h1>{page.title}</h1>
                    <p>{summary}</p>
                </div>
            </div>
            <div class="docs">
                {contents}
                <article class="card prose">{article}</article>
            </div>
            <nav class="docs-pages" aria-label="Pages before and after">
                {before.map(|page| neighbour("Before", page))}
                {after.map(|page| neighbour("Next", page))}
            </nav>
            <p class="quiet small">
                <a href=format!("/docs/{}.md", page.slug)>"This page as Markdown"</a>
            </p>
        }
    })
}

fn neighbour(word: &'static str, page: &'static Page) -> impl IntoView {
    view! {
        <a class="docs-page" href=format!("/docs/{}", page.slug)>
            <span class="quiet small">{word}</span>
            " "
            {page.title}
        </a>
    }
}

/// `/docs/problems/{code}`
pub(super) fn problem(visit: Visit, problem: Problem) -> impl IntoView {
    let text = blocks(problem.text, &Surroundings::of(&visit, problem.code));
    let code = problem.code;
    around(code, visit, move || {
        view! {
            <div class="page-head">
                <div>
                    <Crumbs href="/docs/problems" name="Problem codes"/>
                    <h1>
                        <code class="wrap">{code}</code>
                    </h1>
                    <p>"What this answer means, and what to do."</p>
                </div>
            </div>
            <article class="card prose">
                {text}
                <p class="quiet small">
                    "Every problem has a stable code, and is built as "
                    <a href="/docs/errors">"Errors"</a> " says."
                </p>
            </article>
        }
    })
}

/// What stands on this page, for pages long enough.
fn contents(body: &[Block]) -> Option<impl IntoView + use<>> {
    let entries: Vec<(String, String)> = body
        .iter()
        .filter_map(|block| match block {
            Block::Heading {
                level: HeadingLevel::H2,
                id,
                text,
            } => Some((format!("#{id}"), plain(text))),
            _ => None,
        })
        .collect();
    (entries.len() > 1).then(|| {
        let entries = entries.into_iter().map(|(href, words)| {
            view! {
                <li>
                    <a href=href>{words}</a>
                </li>
            }
        });
        view! {
            <nav class="toc" aria-label="On this page">
                <p class="group">"On this page"</p>
                <ul>{entries.collect_view()}</ul>
            </nav>
        }
    })
}

/// What a piece of text has to know about where it stands.
struct Surroundings {
    ids: Ids,
    sign_in: Option<String>,
    /// The heading above.
    heading: String,
}

impl Surroundings {
    fn of(visit: &Visit, title: &str) -> Self {
        Self {
            ids: visit.ids.clone(),
            sign_in: visit.frame.is_none().then(|| visit.sign_in.clone()),
            heading: title.to_owned(),
        }
    }
}

fn blocks(tree: &[Block], around: &Surroundings) -> Vec<AnyView> {
    let mut heading = around.heading.clone();
    let mut views = Vec::new();
    for one in tree {
        if let Block::Heading { text, .. } = one {
            heading = plain(text);
        }
        views.push(block(one, &heading, around));
    }
    views
}

fn block(block: &Block, above: &str, around: &Surroundings) -> AnyView {
    match block {
        Block::Heading { level, id, text } => heading(*level, id.clone(), inlines(text)),
        Block::Paragraph(text) => view! { <p>{inlines(text)}</p> }.into_any(),
        Block::Plain(text) => inlines(text).into_any(),
        Block::Quote(inner) => view! { <div class="aside">{blocks(inner, around)}</div> }.into_any(),
        Block::List { ordered, items } => {
            let items = items
                .iter()
                .map(|item| view! { <li>{blocks(item, around)}</li> })
                .collect_view();
            if *ordered {
                view! { <ol>{items}</ol> }.into_any()
            } else {
                view! { <ul>{items}</ul> }.into_any()
            }
        }
        Block::Code { language, text } if language == "sample" => sample(text.trim(), around),
        Block::Code { text, .. } => {
            view! { <pre class="snippet" tabindex="0" role="group" aria-label="Example">{text.clone()}</pre> }
                .into_any()
        }
        Block::Table { head, rows } => table(head, rows, above),
    }
}

fn heading(level: HeadingLevel, id: String, text: Vec<AnyView>) -> AnyView {
    let link = view! {
        <a class="anchor" href=format!("#{id}")>
            {text}
        </a>
    };
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 => view! { <h2 id=id>{link}</h2> }.into_any(),
        _ => view! { <h3 id=id>{link}</h3> }.into_any(),
    }
}

fn table(head: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>], above: &str) -> AnyView {
    let labels: Vec<String> = head.iter().map(|cell| plain(cell)).collect();
    let heads = head
        .iter()
        .map(|cell| view! { <th scope="col">{inlines(cell)}</th> })
        .collect_view();
    let rows = rows.iter().map(|cells| {
        let mut cells = cells.iter();
        let first = cells
            .next()
            .map(|cell| view! { <th scope="row">{inlines(cell)}</th> });
        let others = cells.zip(labels.iter().skip(1)).map(|(cell, label)| {
            view! { <td data-label=label.clone()>{inlines(cell)}</td> }
        });
        view! { <tr>{first} {others.collect_view()}</tr> }
    });
    // Two columns need no labels where each row is a card: what, and what about it.
    let class = if head.len() == 2 {
        "table cards pairs"
    } else {
        "table cards"
    };
    view! {
        <div class=class>
            <table>
                <caption>{above.to_owned()}</caption>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// One task in every language, the first one open.
fn sample(name: &str, around: &Surroundings) -> AnyView {
    let languages = samples::find(name).into_iter().flatten().enumerate();
    let group = format!("sample-{name}");
    let languages = languages
        .map(|(index, sample)| {
            let text = around.ids.fill(sample.text);
            view! {
                <details name=group.clone() open=index == 0>
                    <summary>{sample.language}</summary>
                    <Snippet label=sample.language id=format!("{group}-{index}") text=text/>
                </details>
            }
        })
        .collect_view();
    let note = if around.ids.is_filled() {
        view! { <p class="hint">"Filled with your account's own ids. Your API key is never shown: put it into "<code>"PAYPHONE_API_KEY"</code>"."</p> }.into_any()
    } else {
        let way = around.sign_in.clone().map(|href| {
            view! { <a href=href>"Sign in"</a> " to see it with your own ids. " }
        });
        view! { <p class="hint">{way} "Put your API key into "<code>"PAYPHONE_API_KEY"</code>" and your tenant's id where it says so."</p> }.into_any()
    };
    view! { <div class="sample">{languages} {note}</div> }.into_any()
}

fn inlines(text: &[Inline]) -> Vec<AnyView> {
    text.iter().map(inline).collect()
}

fn inline(inline: &Inline) -> AnyView {
    match inline {
        Inline::Text(text) => text.clone().into_any(),
        Inline::Code(text) => view! { <code>{text.clone()}</code> }.into_any(),
        Inline::Emphasis(inner) => view! { <em>{inlines(inner)}</em> }.into_any(),
        Inline::Strong(inner) => view! { <strong>{inlines(inner)}</strong> }.into_any(),
        Inline::Link { href, text } => {
            view! { <a href=address(href)>{inlines(text)}</a> }.into_any()
        }
    }
}

/// A link of the repository's Markdown as one of the console: `keys.md#slots` is `/docs/keys#slots`.
fn address(href: &str) -> String {
    let (path, fragment) = href
        .split_once('#')
        .map_or((href, None), |(path, fragment)| (path, Some(fragment)));
    let Some(page) = path
        .strip_suffix(".md")
        .filter(|page| !page.contains(['/', ':']))
    else {
        return href.to_owned();
    };
    fragment.map_or_else(
        || format!("/docs/{page}"),
        |fragment| format!("/docs/{page}#{fragment}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_between_files_become_links_between_pages() {
        for (written, shown) in [
            ("keys.md", "/docs/keys"),
            ("keys.md#slots", "/docs/keys#slots"),
            ("#slots", "#slots"),
            ("/usage", "/usage"),
            ("https://a.example/b.md", "https://a.example/b.md"),
        ] {
            assert_eq!(address(written), shown);
        }
    }

    #[test]
    fn text_is_text() {
        let nasty = "<script>alert(1)</script>";
        let tree = [
            Block::Paragraph(vec![
                Inline::Text(nasty.to_owned()),
                Inline::Code(nasty.to_owned()),
            ]),
            Block::Code {
                language: String::new(),
                text: nasty.to_owned(),
            },
            Block::Table {
                head: vec![vec![Inline::Text(nasty.to_owned())]; 2],
                rows: vec![vec![vec![Inline::Text(nasty.to_owned())]; 2]],
            },
        ];
        let around = Surroundings {
            ids: Ids::of_nobody(nasty),
            sign_in: Some(nasty.to_owned()),
            heading: nasty.to_owned(),
        };
        let mut html = blocks(&tree, &around).to_html();
        html += &sample("list-usage", &around).to_html();
        assert!(!html.contains("<script"), "{html}");
        assert_eq!(html.matches("&lt;script").count(), 13, "{html}");
    }
}
