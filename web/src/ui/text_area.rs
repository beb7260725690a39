//! Several lines of text. Its content is written out by ourselves: the pinned leptos does not escape what stands in a `<textarea>` on the
//! server (see Cargo.toml), so a stored `</textarea><script>` would end the field and run.

use leptos::prelude::*;

use super::FieldError;

/// Several lines with their label, hint and fault. The control's id is its name.
#[component]
pub(crate) fn TextArea(
    /// Its name in the form.
    name: &'static str,
    /// Its label.
    #[prop(into)]
    label: String,
    /// What it is for.
    #[prop(into)]
    hint: String,
    /// How many lines are seen at once.
    rows: u8,
    /// The most characters it takes.
    most: u32,
    /// What stands in it.
    value: String,
    /// What is wrong with it.
    fault: Option<String>,
) -> impl IntoView {
    let described = match fault {
        Some(_) => format!("{name}-hint {name}-fault"),
        None => format!("{name}-hint"),
    };
    // HTML takes away one line end at the beginning (HTML, 13.1.2.5): the one that is added here.
    let content = format!("\n{}", escaped(&value));
    let invalid = fault.is_some().then_some("true");
    view! {
        <div class="control">
            <label for=name>{label}</label>
            <p class="hint" id=format!("{name}-hint")>
                {hint}
            </p>
            <FieldError name=name fault=fault/>
            <textarea
                id=name
                name=name
                rows=rows.to_string()
                maxlength=most.to_string()
                aria-describedby=described
                aria-invalid=invalid
                inner_html=content
            ></textarea>
        </div>
    }
    .into_any()
}

/// The text with everything written out that means something in HTML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
