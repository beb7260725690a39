//! What islands do with the page around them: read a text, write one, copy, select, and bring a part up to date.

use js_sys::Promise;
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, DomParser, Element, HtmlElement, RequestInit, RequestRedirect, Response,
    SupportedType,
};

/// Says that a request was not a person's, so that it does not prolong their session.
const BY_ITSELF: &str = "x-payphone-by-itself";

/// The text of the element, or nothing if there is none.
pub(crate) fn text(id: &str) -> String {
    document()
        .get_element_by_id(id)
        .and_then(|element| element.text_content())
        .unwrap_or_default()
}

/// Puts a text in the place of the element's. It is text, whatever it looks like.
pub(crate) fn set_text(id: &str, text: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.set_text_content(Some(text));
    }
}

/// Copies; `false` if the browser does not allow it.
pub(crate) async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    // Absent on pages that did not come over TLS, whatever its type says.
    if js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|it| it.is_undefined()) {
        return false;
    }
    wait(&navigator.clipboard().write_text(text)).await.is_ok()
}

/// Selects the element's text.
pub(crate) fn select(id: &str) {
    if let (Some(element), Ok(Some(selection))) =
        (document().get_element_by_id(id), window().get_selection())
    {
        // A text that cannot be selected can still be read.
        let _ = selection.select_all_children(&element);
    }
}

/// The page could not be asked for again: signed out, or out of reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lost;

impl From<JsValue> for Lost {
    fn from(_: JsValue) -> Self {
        Self
    }
}

/// Asks for this page again and puts its parts of that name in the place of the old ones; answers what is to be said about it.
pub(crate) async fn renew(part: &str) -> Result<String, Lost> {
    let fresh = fetch().await?;
    let (old, new) = (parts(&document(), part)?, parts(&fresh, part)?);
    if old.len() != new.len() || new.is_empty() {
        // It has become another page.
        window().location().reload()?;
        return Ok(String::new());
    }
    let said = new.first().and_then(|part| part.get_attribute("data-say"));
    for (old, new) in old.iter().zip(&new) {
        let focused = document()
            .active_element()
            .filter(|active| old.contains(Some(active)));
        old.replace_with_with_node_1(new)?;
        if let Some(focused) = focused {
            focus_again(&focused, new);
        }
    }
    document().set_title(&fresh.title());
    Ok(said.unwrap_or_default())
}

fn parts(of: &Document, name: &str) -> Result<Vec<Element>, Lost> {
    let found = of.query_selector_all(&format!("[data-live=\"{name}\"]"))?;
    let elements = (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok());
    Ok(elements.collect())
}

async fn fetch() -> Result<Document, Lost> {
    let how = RequestInit::new();
    // A page that leads elsewhere is another page.
    how.set_redirect(RequestRedirect::Error);
    let headers = web_sys::Headers::new()?;
    headers.set("accept", "text/html")?;
    headers.set(BY_ITSELF, "1")?;
    how.set_headers(&headers);
    let here = window().location().href()?;
    let response: Response = wait(&window().fetch_with_str_and_init(&here, &how))
        .await?
        .dyn_into()?;
    if !response.ok() {
        return Err(Lost);
    }
    let text: JsValue = response.text()?.into();
    let text = wait(&text).await?.as_string().ok_or(Lost)?;
    // A parsed document runs no script.
    Ok(DomParser::new()?.parse_from_string(&text, SupportedType::TextHtml)?)
}

/// The keyboard stays where it was: on what has the same id or leads to the same place, else at the beginning of the content.
fn focus_again(old: &Element, new: &Element) {
    let same = ["id", "href", "name"].into_iter().find_map(|name| {
        let value = old.get_attribute(name)?;
        let all = new.query_selector_all(&format!("[{name}]")).ok()?;
        (0..all.length())
            .filter_map(|index| all.get(index)?.dyn_into::<Element>().ok())
            .find(|element| element.get_attribute(name).as_ref() == Some(&value))
    });
    let target = same.or_else(|| document().get_element_by_id("main"));
    if let Some(target) = target.and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
        // What takes no focus leaves it to the document, where it would be anyway.
        let _ = target.focus();
    }
}

async fn wait(promise: &JsValue) -> Result<JsValue, JsValue> {
    JsFuture::from(promise.unchecked_ref::<Promise>().clone()).await
}
