//! The catalogues, read once.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};

use super::Language;
use crate::ui::grouped;

/// What the floors below say, in English.
pub(super) const BELOW: &str = include_str!("../../words/en/below.ftl");

type Bundle = FluentBundle<FluentResource>;

/// A catalogue's files: every language has the same.
macro_rules! files {
    ($language:literal) => {
        &[
            include_str!(concat!("../../words/", $language, "/frame.ftl")),
            include_str!(concat!("../../words/", $language, "/parts.ftl")),
            include_str!(concat!("../../words/", $language, "/arrival.ftl")),
            include_str!(concat!("../../words/", $language, "/setup.ftl")),
            include_str!(concat!("../../words/", $language, "/account.ftl")),
            include_str!(concat!("../../words/", $language, "/errors.ftl")),
            include_str!(concat!("../../words/", $language, "/people.ftl")),
            include_str!(concat!("../../words/", $language, "/keys.ftl")),
            include_str!(concat!("../../words/", $language, "/activity.ftl")),
            include_str!(concat!("../../words/", $language, "/usage.ftl")),
            include_str!(concat!("../../words/", $language, "/subscription.ftl")),
            include_str!(concat!("../../words/", $language, "/operator.ftl")),
            include_str!(concat!("../../words/", $language, "/below.ftl")),
        ]
    };
}

pub(super) const fn sources(language: Language) -> &'static [&'static str] {
    match language {
        Language::English => files!("en"),
        Language::German => files!("de"),
    }
}

static BUNDLES: LazyLock<[Bundle; 2]> = LazyLock::new(|| Language::ALL.map(read));

fn read(language: Language) -> Bundle {
    let tags = language.tag().parse().into_iter().collect();
    let mut bundle = Bundle::new_concurrent(tags);
    // Isolating marks are for scripts of both directions; there are none yet, and they would stand in every attribute.
    bundle.set_use_isolating(false);
    // Whole numbers are grouped as everywhere else; there are no others.
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) => number.as_string().parse::<i64>().ok().map(grouped),
        _ => None,
    }));
    for source in sources(language) {
        // What cannot be read is left out here and found by a test; so is what is written twice.
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

fn bundle(language: Language) -> &'static Bundle {
    let [english, german] = &*BUNDLES;
    match language {
        Language::English => english,
        Language::German => german,
    }
}

/// In that language, else in English; the id itself stands for what nobody wrote.
pub(super) fn message(language: Language, id: &str, args: Option<&FluentArgs<'_>>) -> String {
    [language, Language::English]
        .into_iter()
        .find_map(|language| format(bundle(language), id, args))
        .unwrap_or_else(|| id.to_owned())
}

fn format(bundle: &Bundle, id: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
    let pattern = bundle.get_message(id)?.value()?;
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, args, &mut errors);
    debug_assert!(errors.is_empty(), "{id}: {errors:?}");
    Some(text.into_owned())
}
