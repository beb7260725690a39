//! The API reference: the OpenAPI document, which is made from the routes themselves, written as one page of Markdown.
//! Who may call is asked of `domain::policy`, the place that decides it when somebody calls.

mod who;

use std::{fmt::Write, sync::LazyLock};

use serde_json::{Map, Value};

/// Its address under `/docs/`.
pub(super) const SLUG: &str = "api";

/// The headings of the tags, in the order of the page.
const TAGS: [(&str, &str); 9] = [
    ("usage", "Usage and billing"),
    ("api-keys", "API keys"),
    ("keys", "Keys for Amazon Connect"),
    ("tenant", "Tenant and subscription"),
    ("users", "People"),
    ("audit-log", "Audit trail"),
    ("account", "Your own account"),
    ("operator", "The vendor's operators"),
    ("", "Everything else"),
];

static SOURCE: LazyLock<String> = LazyLock::new(|| {
    let document = serde_json::to_value(http_api::app::document()).unwrap_or_default();
    written(&document)
});

/// The page.
pub(super) fn source() -> &'static str {
    &SOURCE
}

/// One operation of the document.
struct Operation<'a> {
    method: String,
    path: &'a str,
    tag: &'a str,
    value: &'a Value,
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().into_iter().flatten();
            methods.map(move |(method, value)| Operation {
                method: method.to_uppercase(),
                path,
                tag: value["tags"][0].as_str().unwrap_or_default(),
                value,
            })
        })
        .collect()
}

fn written(document: &Value) -> String {
    let mut page = String::from(INTRODUCTION);
    let operations = operations(document);
    let known = |tag: &str| TAGS.iter().any(|(name, _)| *name == tag);
    for (tag, title) in TAGS {
        let members: Vec<&Operation<'_>> = operations
            .iter()
            .filter(|one| one.tag == tag || (tag.is_empty() && !known(one.tag)))
            .collect();
        if members.is_empty() {
            continue;
        }
        let _ = writeln!(page, "## {title}\n");
        for operation in members {
            describe(operation, &mut page);
        }
    }
    page += "## Shapes\n\nMembers marked with * are always there. More may be added: programs leave what they do not know aside.\n\n";
    for (name, schema) in document["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
    {
        // A page of a list is the same for all of them, and said above.
        if !name.starts_with("Page_") {
            shape(name, schema, &mut page);
        }
    }
    page
}

const INTRODUCTION: &str = "# API reference

Every operation of the REST API: who may call it, what it takes, and what it answers.

## How it works

Requests carry `Authorization: Bearer` with an [API key](api-keys.md); the console itself uses the session of the browser.
Bodies are JSON in UTF-8, names in camelCase, times RFC 3339 in UTC. Ids have a prefix: `ten_…` is a tenant, `apk_…` an API key.

- **Lists** are `{\"items\": […], \"next\": …}`. Ask for the next page with `?cursor=` and what `next` says; `null` is the end.
- **Refusals** of every operation are [problems](errors.md): `application/problem+json` with a stable [`code`](problems.md).
- **Limits** are told with every answer; see [Limits](limits.md).
- The same as a file for programs: [openapi.json](/openapi.json).

";

fn describe(operation: &Operation<'_>, page: &mut String) {
    let Operation {
        method,
        path,
        value,
        ..
    } = operation;
    let _ = writeln!(page, "### `{method} {path}`\n");
    for text in [&value["summary"], &value["description"]] {
        if let Some(text) = text.as_str() {
            let _ = writeln!(page, "{text}\n");
        }
    }
    let id = value["operationId"].as_str().unwrap_or_default();
    let _ = writeln!(page, "**Who may call:** {}\n", who::may_call(id));
    parameters(&value["parameters"], page);
    if let Some(kinds) = value["requestBody"]["content"].as_object() {
        let bodies = kinds
            .iter()
            .map(|(kind, content)| format!("`{kind}`: {}", type_of(&content["schema"])));
        let _ = writeln!(
            page,
            "**Body:** {}.\n",
            bodies.collect::<Vec<_>>().join("; ")
        );
    }
    answers(value["responses"].as_object(), page);
}

fn parameters(parameters: &Value, page: &mut String) {
    let Some(parameters) = parameters.as_array().filter(|list| !list.is_empty()) else {
        return;
    };
    *page += "| parameter | in | what |\n|---|---|---|\n";
    for one in parameters {
        let name = one["name"].as_str().unwrap_or_default();
        let place = one["in"].as_str().unwrap_or_default();
        let about = cell(one["description"].as_str().unwrap_or_default());
        let _ = writeln!(page, "| `{name}` | {place} | {about} |");
    }
    *page += "\n";
}

fn answers(answers: Option<&Map<String, Value>>, page: &mut String) {
    // The refusals are the same everywhere, and said above.
    let good = answers
        .into_iter()
        .flatten()
        .filter(|(status, _)| status.starts_with('2'));
    let good = good.map(|(status, answer)| {
        let contents = answer["content"].as_object().into_iter().flatten();
        let bodies: Vec<String> = contents
            .map(|(kind, content)| match kind.as_str() {
                "application/json" => type_of(&content["schema"]),
                other => format!("`{other}`"),
            })
            .collect();
        if bodies.is_empty() {
            format!("{status} without a body")
        } else {
            format!("{status} with {}", bodies.join(" or "))
        }
    });
    let good: Vec<String> = good.collect();
    let _ = writeln!(page, "**Answer:** {}.\n", good.join("; "));
}

fn shape(name: &str, schema: &Value, page: &mut String) {
    let _ = writeln!(page, "### {name}\n");
    if let Some(about) = schema["description"].as_str() {
        let _ = writeln!(page, "{about}\n");
    }
    let needed: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let members = schema["properties"].as_object().into_iter().flatten();
    *page += "| member | type | what |\n|---|---|---|\n";
    for (member, schema) in members {
        let mark = if needed.contains(&member.as_str()) {
            " *"
        } else {
            ""
        };
        let (kind, about) = (
            type_of(schema),
            cell(schema["description"].as_str().unwrap_or_default()),
        );
        let _ = writeln!(
            page,
            "| `{member}`{} | {kind} | {about} |",
            mark.replace('*', "\\*")
        );
    }
    *page += "\n";
}

/// A type in words, with links to shapes.
fn type_of(schema: &Value) -> String {
    if let Some(name) = schema["$ref"]
        .as_str()
        .and_then(|path| path.rsplit('/').next())
    {
        return match name.strip_prefix("Page_") {
            Some(item) => format!("a list of [{item}](#{})", item.to_ascii_lowercase()),
            None => format!("[{name}](#{})", name.to_ascii_lowercase()),
        };
    }
    if let Some(several) = schema["oneOf"].as_array() {
        let kinds: Vec<String> = several.iter().map(type_of).collect();
        return kinds.join(" or ");
    }
    let names: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => vec!["anything"],
    };
    let names = names.into_iter().map(|name| match name {
        "array" => format!("list of {}", type_of(&schema["items"])),
        "object" if schema["properties"].is_object() => "object".to_owned(),
        name => name.to_owned(),
    });
    names.collect::<Vec<_>>().join(" or ")
}

/// A text as it may stand in a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Value {
        serde_json::to_value(http_api::app::document()).unwrap()
    }

    /// Whoever reads the guide in the repository finds the reference where its pages say it is.
    #[test]
    fn the_reference_is_a_file_of_the_guide() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/guide/api.md");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(path, source()).unwrap();
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            kept == source(),
            "docs/guide/api.md is not what the routes say (UPDATE_GOLDEN=1 takes it over)"
        );
    }

    #[test]
    fn every_operation_and_every_shape_has_its_place() {
        let document = document();
        let operations = operations(&document);
        assert!(operations.len() > 25, "{}", operations.len());
        for Operation { method, path, .. } in &operations {
            let heading = format!("### `{method} {path}`\n");
            assert_eq!(source().matches(&heading).count(), 1, "{heading}");
        }
        for name in document["components"]["schemas"]
            .as_object()
            .unwrap()
            .keys()
        {
            let found = source().contains(&format!("### {name}\n"));
            assert_eq!(found, !name.starts_with("Page_"), "{name}");
        }
        assert!(
            !source().contains("Everything else"),
            "a tag without a heading"
        );
    }

    #[test]
    fn an_operation_says_what_it_takes_and_answers() {
        let (_, part) = source()
            .split_once("### `POST /api/v1/usage-events`")
            .unwrap();
        let part = part.split("\n##").next().unwrap();
        for words in [
            "up to 1000",
            "API keys with `usage:write`",
            "`application/cloudevents+json`",
            "200 with a list of [UsageResult](#usageresult)",
        ] {
            assert!(part.contains(words), "{words}: {part}");
        }
        let (_, part) = source().split_once("### ApiKeyView").unwrap();
        assert!(
            part.contains("| `scopes` \\* | list of string | What it may do. |"),
            "{part}"
        );
    }
}
