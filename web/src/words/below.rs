//! What the floors below say: states, steps, refusals, lines of the trail. The API, the log and the trail have them in English alone;
//! the console shows them in the reader's language, by knowing the English again in `below.ftl`, as gettext does with its message ids.
//! Invariant: what is not known is shown as it is, so nothing is lost; a test looks for what the floors below say and is not known.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use fluent_bundle::FluentArgs;
use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, PatternElement},
    parser,
};

use super::{Language, catalogue};

/// A piece of a message: words, or the name of what stands between words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Words(&'static str),
    Variable(&'static str),
}

#[derive(Debug, Default)]
struct Known {
    /// Messages without variables, by their words.
    plain: HashMap<&'static str, &'static str>,
    /// Messages with variables, in the order of the file.
    patterns: Vec<(&'static str, Vec<Piece>)>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| read(catalogue::BELOW));

fn read(source: &'static str) -> Known {
    // What cannot be read is left out here and found by a test.
    let (Ok(resource) | Err((resource, _))) = parser::parse(source);
    let mut known = Known::default();
    for entry in resource.body {
        let Entry::Message(message) = entry else {
            continue;
        };
        let Some(pattern) = message.value else {
            continue;
        };
        let pieces: Option<Vec<Piece>> = pattern.elements.iter().map(piece).collect();
        match pieces.as_deref() {
            Some([Piece::Words(words)]) => {
                known.plain.insert(words, message.id.name);
            }
            Some(_) => known
                .patterns
                .push((message.id.name, pieces.unwrap_or_default())),
            None => {}
        }
    }
    known
}

fn piece(element: &PatternElement<&'static str>) -> Option<Piece> {
    match element {
        PatternElement::TextElement { value } => Some(Piece::Words(value)),
        PatternElement::Placeable {
            expression: Expression::Inline(InlineExpression::VariableReference { id }),
        } => Some(Piece::Variable(id.name)),
        PatternElement::Placeable { .. } => None,
    }
}

/// What stands where the message has variables, if the text is that message.
fn captured<'t>(pieces: &[Piece], mut text: &'t str) -> Option<Vec<(&'static str, &'t str)>> {
    let mut found = Vec::new();
    let mut open = None;
    for piece in pieces {
        match *piece {
            Piece::Variable(name) => open = Some(name),
            Piece::Words(words) => {
                let at = match open {
                    Some(_) => text.find(words)?,
                    None => text.starts_with(words).then_some(0)?,
                };
                if let Some(name) = open.take() {
                    found.push((name, &text[..at]));
                }
                text = &text[at + words.len()..];
            }
        }
    }
    match open {
        Some(name) => found.push((name, text)),
        None if !text.is_empty() => return None,
        None => {}
    }
    found
        .iter()
        .all(|(_, value)| !value.is_empty())
        .then_some(found)
}

/// The message's id and what stands in it.
fn recognise(text: &str) -> Option<(&'static str, Vec<(&'static str, &str)>)> {
    if let Some(id) = KNOWN.plain.get(text) {
        return Some((id, Vec::new()));
    }
    KNOWN
        .patterns
        .iter()
        .find_map(|(id, pieces)| Some((*id, captured(pieces, text)?)))
}

/// In the reader's language, if it is known; else as it is.
pub(crate) fn local(text: &str) -> Cow<'_, str> {
    let language = Language::now();
    if language == Language::English {
        return Cow::Borrowed(text);
    }
    recognise(text).map_or(Cow::Borrowed(text), |(id, values)| {
        // What stands in a message can be a word that is known itself: the noun of what is not there.
        let args: FluentArgs<'_> = values
            .into_iter()
            .map(|(name, value)| (name, local(value)))
            .collect();
        Cow::Owned(catalogue::message(language, id, Some(&args)))
    })
}

#[cfg(test)]
mod tests;
