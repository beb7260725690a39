//! Things said at the top of a page: what was done, and what was wrong with a form.

use leptos::prelude::*;

use crate::{form::Faults, request_id, words::say};

/// What was done, said once.
#[component]
pub(crate) fn Notice(
    /// The sentence.
    text: String,
) -> impl IntoView {
    view! {
        <p class="alert info" role="status">
            {text}
        </p>
    }
}

/// Everything that is wrong with a form, each a link to its field. It takes the focus when the page opens.
#[component]
pub(crate) fn ErrorSummary(
    /// What is wrong.
    faults: Faults,
) -> impl IntoView {
    (!faults.is_empty()).then(|| {
        let heading = say!("frame-errors", count = faults.fields.len());
        let links = faults.fields.into_iter().map(|(name, detail)| {
            view! {
                <li>
                    <a href=format!("#{name}")>{detail}</a>
                </li>
            }
        });
        let list = links.collect_view();
        view! {
            <div
                class="alert"
                role="alert"
                tabindex="-1"
                autofocus=true
                aria-labelledby="errors-heading"
            >
                <h2 id="errors-heading">{heading}</h2>
                {faults.whole.map(|text| view! { <p>{text}</p> })}
                {(!list.is_empty()).then(|| view! { <ul>{list}</ul> })}
                {request_id::now()
                    .map(|id| {
                        let id = view! { <code class="wrap">{id.to_string()}</code> };
                        view! {
                            <p class="quiet small">{say!("errors-request"; request = id)}</p>
                        }
                    })}
            </div>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::html;

    #[test]
    fn what_is_wrong_with_a_form_names_its_request() {
        let summary = |faults| move || html(|| view! { <ErrorSummary faults=faults/> });
        let wrong = Faults {
            whole: Some("Try again in two minutes.".to_owned()),
            fields: vec![],
        };
        let text = request_id::with("req_1", summary(wrong));
        assert!(
            text.contains("name this request: <code class=\"wrap\">req_1</code>"),
            "{text}"
        );
        let text = request_id::with("req_1", summary(Faults::default()));
        assert!(!text.contains("req_1"), "{text}");
    }
}
