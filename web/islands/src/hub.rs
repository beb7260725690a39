//! The one stream of a page: every island that follows something shares it. It is closed while nobody looks at the page, because a
//! browser that speaks HTTP/1.1 has six connections for all its tabs.

use std::{cell::RefCell, rc::Rc, time::Duration};

use leptos::prelude::{document, set_timeout};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent, VisibilityState};

/// Where it comes from.
const ADDRESS: &str = "/live";
/// The name of its events.
const EVENT: &str = "marks";
/// How long to wait before asking again who refused us; doubled each time.
const FIRST_WAIT: Duration = Duration::from_secs(5);
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// How the stream stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// Not begun.
    Off,
    /// Open.
    Live,
    /// Broken, and being opened again.
    Waiting,
}

impl Line {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Live => "live",
            Self::Waiting => "waiting",
        }
    }
}

struct Follower {
    topic: String,
    mark: String,
    changed: Box<dyn Fn()>,
    line: Box<dyn Fn(Line)>,
}

#[derive(Default)]
struct Hub {
    followers: Vec<Rc<RefCell<Follower>>>,
    source: Option<EventSource>,
    wait: Option<Duration>,
    begun: bool,
}

thread_local! {
    static HUB: RefCell<Hub> = RefCell::default();
}

/// Calls `changed` whenever the topic's mark is another than the last one known, and `line` whenever the stream stands differently.
pub(crate) fn follow(
    topic: String,
    mark: String,
    changed: impl Fn() + 'static,
    line: impl Fn(Line) + 'static,
) {
    let follower = Follower {
        topic,
        mark,
        changed: Box::new(changed),
        line: Box::new(line),
    };
    let first = HUB.with_borrow_mut(|hub| {
        hub.followers.push(Rc::new(RefCell::new(follower)));
        !std::mem::replace(&mut hub.begun, true)
    });
    if first {
        let looked_at = Closure::<dyn Fn()>::new(open_or_close);
        // Nothing to be done where it cannot be listened for: the stream then stays open.
        let _ = document().add_event_listener_with_callback(
            "visibilitychange",
            looked_at.as_ref().unchecked_ref(),
        );
        looked_at.forget();
        open_or_close();
    }
}

fn open_or_close() {
    if document().visibility_state() == VisibilityState::Hidden {
        if let Some(source) = HUB.with_borrow_mut(|hub| hub.source.take()) {
            source.close();
        }
    } else if HUB.with_borrow(|hub| hub.source.is_none()) {
        open();
    }
}

fn open() {
    let Ok(source) = EventSource::new(ADDRESS) else {
        return tell(Line::Waiting);
    };
    let arrived = Closure::<dyn Fn(MessageEvent)>::new(|event: MessageEvent| {
        if let Some(text) = event.data().as_string() {
            take(&text);
        }
    });
    let opened = Closure::<dyn Fn()>::new(|| {
        HUB.with_borrow_mut(|hub| hub.wait = None);
        tell(Line::Live);
    });
    let broken = Closure::<dyn Fn()>::new(fail);
    let _ = source.add_event_listener_with_callback(EVENT, arrived.as_ref().unchecked_ref());
    source.set_onopen(Some(opened.as_ref().unchecked_ref()));
    source.set_onerror(Some(broken.as_ref().unchecked_ref()));
    arrived.forget();
    opened.forget();
    broken.forget();
    HUB.with_borrow_mut(|hub| hub.source = Some(source));
}

/// The browser opens a stream again by itself that broke, and one never that was refused.
fn fail() {
    tell(Line::Waiting);
    let refused = HUB.with_borrow(|hub| {
        let closed = |source: &EventSource| source.ready_state() == EventSource::CLOSED;
        hub.source.as_ref().is_some_and(closed)
    });
    if refused {
        let wait = HUB.with_borrow_mut(|hub| {
            hub.source = None;
            let wait = next_wait(hub.wait);
            hub.wait = Some(wait);
            wait
        });
        set_timeout(open_or_close, wait);
    }
}

fn next_wait(last: Option<Duration>) -> Duration {
    last.map_or(FIRST_WAIT, |last| (last * 2).min(LONGEST_WAIT))
}

fn tell(line: Line) {
    for follower in HUB.with_borrow(|hub| hub.followers.clone()) {
        (follower.borrow().line)(line);
    }
}

fn take(text: &str) {
    for follower in HUB.with_borrow(|hub| hub.followers.clone()) {
        let news = {
            let follower = follower.borrow();
            mark_of(text, &follower.topic)
                .filter(|mark| *mark != follower.mark)
                .map(str::to_owned)
        };
        if let Some(mark) = news {
            follower.borrow_mut().mark = mark;
            (follower.borrow().changed)();
        }
    }
}

/// The mark of a topic in `setup=1f usage=2e`.
fn mark_of<'a>(text: &'a str, topic: &str) -> Option<&'a str> {
    text.split(' ')
        .filter_map(|pair| pair.split_once('='))
        .find_map(|(name, mark)| (name == topic).then_some(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_by_their_topic() {
        let text = "setup=1f usage=2e";
        assert_eq!(mark_of(text, "setup"), Some("1f"));
        assert_eq!(mark_of(text, "usage"), Some("2e"));
        assert_eq!(mark_of(text, "set"), None);
        assert_eq!(mark_of("", "setup"), None);
    }

    #[test]
    fn who_was_refused_asks_less_and_less_often() {
        let mut waits = Vec::new();
        let mut last = None;
        for _ in 0..6 {
            last = Some(next_wait(last));
            waits.extend(last.map(|wait| wait.as_secs()));
        }
        assert_eq!(waits, [5, 10, 20, 40, 60, 60]);
    }
}
