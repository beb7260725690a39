//! What the product logged during one test: captured on the test's thread, from debug level on, spans and their fields included.
//! Two things are asserted of it when the test app is dropped: nothing at error level that was not announced, and no secret anywhere.

use std::{
    fmt::Write,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::DefaultGuard,
};
use tracing_subscriber::{
    Layer, Registry,
    filter::filter_fn,
    layer::{Context, SubscriberExt},
};

/// One line.
#[derive(Debug, Clone)]
pub struct Line {
    /// How bad.
    pub level: Level,
    /// From where.
    pub target: String,
    /// The message and every field.
    pub text: String,
}

/// The captured lines; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Logs(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    lines: Vec<Line>,
    announced: Vec<String>,
    allowed: Vec<String>,
    secrets: Vec<String>,
}

impl Logs {
    /// Captures what is logged on this thread until the guard is dropped.
    pub fn capture() -> (Self, DefaultGuard) {
        let logs = Self::default();
        let subscriber =
            Registry::default().with(Capture(logs.clone()).with_filter(filter_fn(wanted)));
        let guard = tracing::subscriber::set_default(subscriber);
        (logs, guard)
    }

    /// Says that an error line with this text is meant to appear.
    pub fn announce(&self, text: &str) {
        self.inner().announced.push(text.to_owned());
    }

    /// Says that error lines with this text may appear, or not.
    pub fn allow(&self, text: &str) {
        self.inner().allowed.push(text.to_owned());
    }

    /// Says that this text must never appear in a log line.
    pub fn keep_secret(&self, text: &str) {
        assert!(text.len() >= 6, "too short to look for: {text:?}");
        self.inner().secrets.push(text.to_owned());
    }

    /// The lines so far.
    pub fn lines(&self) -> Vec<Line> {
        self.inner().lines.clone()
    }

    /// Whether some line at this level has the text.
    pub fn has(&self, level: Level, text: &str) -> bool {
        self.inner()
            .lines
            .iter()
            .any(|line| line.level == level && line.text.contains(text))
    }

    /// What is wrong with the log as it stands, each as a sentence.
    pub fn faults(&self) -> Vec<String> {
        let inner = self.inner();
        let mut faults = Vec::new();
        for line in inner.lines.iter().filter(|line| line.level == Level::ERROR) {
            let mut known = inner.announced.iter().chain(&inner.allowed);
            if !known.any(|text| line.text.contains(text)) {
                faults.push(format!("an error nobody announced: {}", line.text));
            }
        }
        for text in &inner.announced {
            let seen = |line: &Line| line.level == Level::ERROR && line.text.contains(text);
            if !inner.lines.iter().any(seen) {
                faults.push(format!("an error that was announced never came: {text}"));
            }
        }
        for secret in &inner.secrets {
            if let Some(line) = inner.lines.iter().find(|line| line.text.contains(secret)) {
                faults.push(format!(
                    "a secret in the log of {}: {}",
                    line.target, line.text
                ));
            }
        }
        faults
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Capture(Logs);

impl Capture {
    fn keep(&self, metadata: &Metadata<'_>, fields: Text) {
        let line = Line {
            level: *metadata.level(),
            target: metadata.target().to_owned(),
            text: fields.0,
        };
        self.0.inner().lines.push(line);
    }
}

fn wanted(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= Level::DEBUG
}

impl<S: Subscriber> Layer<S> for Capture {
    fn on_new_span(&self, span: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        let mut fields = Text::default();
        span.record(&mut fields);
        // A span is never an error by itself.
        let line = Line {
            level: Level::TRACE,
            target: span.metadata().target().to_owned(),
            text: fields.0,
        };
        self.0.inner().lines.push(line);
    }

    fn on_record(&self, _: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let mut fields = Text::default();
        values.record(&mut fields);
        let line = Line {
            level: Level::TRACE,
            target: "span".to_owned(),
            text: fields.0,
        };
        self.0.inner().lines.push(line);
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Text::default();
        event.record(&mut fields);
        self.keep(event.metadata(), fields);
    }
}

#[derive(Default)]
struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, "{}={value:?} ", field.name());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let _ = write!(self.0, "{}={value} ", field.name());
    }
}
