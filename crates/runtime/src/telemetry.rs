//! Logging and metrics of the process: tracing to standard output, Prometheus counters behind one handle.
//! Field names are nouns with dots (`tenant.id`, `duration_ms`); the message is readable on its own.
//! Invariant: no bodies, tokens, personal data or panic messages reach the log.

use std::{borrow::Cow, sync::OnceLock};

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing::error;
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

use crate::{
    config::{Faults, LogConfig, LogFormat},
    lifecycle::Lifecycle,
};

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Seconds: from a cached answer to an RSA-4096 key made on a busy machine.
const BUCKETS: [f64; 14] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

/// Starts the log; once a process, before anything is worth telling.
pub fn start_log(config: &LogConfig) -> Result<(), Faults> {
    let filter: EnvFilter = without_aws(&config.level)
        .parse()
        .map_err(|_| Faults::from("log.level is neither a level nor a filter".to_owned()))?;
    let registry = tracing_subscriber::registry().with(filter);
    let started = match config.format {
        LogFormat::Json => {
            let layer = tracing_subscriber::fmt::layer()
                .json()
                .flatten_event(true)
                .with_span_list(false);
            registry.with(layer).try_init()
        }
        LogFormat::Text => registry
            .with(tracing_subscriber::fmt::layer().with_target(false))
            .try_init(),
    };
    started.map_err(|error| Faults::from(format!("the log cannot start: {error}")))?;
    std::panic::set_hook(Box::new(|panic| {
        // The message stays out: it may quote the very text that was being parsed.
        let at = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        error!(panic.location = at, "panicked");
    }));
    Ok(())
}

/// Debugging everything is debugging us: what the AWS SDKs would say has what AWS answers in it. One of them that is named is more exact
/// than this, and counts; all of them named together are what was asked for.
fn without_aws(level: &str) -> Cow<'_, str> {
    let is_debug = |part: &str| part.trim().eq_ignore_ascii_case("debug") || part.trim() == "4";
    let names_all = |part: &str| part.trim().starts_with("aws=");
    if level.split(',').any(is_debug) && !level.split(',').any(names_all) {
        format!("{level},aws=info").into()
    } else {
        level.into()
    }
}

/// The process's metrics; installs the recorder the first time, so tests may ask as often as they like.
pub fn metrics() -> PrometheusHandle {
    METRICS
        .get_or_init(|| {
            let builder = PrometheusBuilder::new();
            let recorder = builder
                .set_buckets(&BUCKETS)
                .unwrap_or_else(|_| PrometheusBuilder::new())
                .build_recorder();
            let handle = recorder.handle();
            if metrics::set_global_recorder(recorder).is_err() {
                error!("somebody else installed a metrics recorder; ours stays empty");
            }
            handle
        })
        .clone()
}

/// Keeps histograms small when nobody scrapes them.
pub fn keep_metrics_small(lifecycle: &Lifecycle) {
    let (handle, stop) = (metrics(), lifecycle.token());
    lifecycle.spawn("metrics", async move {
        let mut every = tokio::time::interval(std::time::Duration::from_secs(5));
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = every.tick() => handle.run_upkeep(),
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debugging_everything_leaves_out_what_aws_answers() {
        for (level, told) in [
            ("debug", "debug,aws=info"),
            ("warn,DEBUG", "warn,DEBUG,aws=info"),
            ("4", "4,aws=info"),
            ("debug,aws=debug", "debug,aws=debug"),
            (
                "debug,aws_sdk_sqs=error",
                "debug,aws_sdk_sqs=error,aws=info",
            ),
            ("info,control=debug", "info,control=debug"),
            ("info", "info"),
        ] {
            assert_eq!(without_aws(level), told);
        }
    }
}
