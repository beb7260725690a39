//! The binary `aws-sim`: reads the command line, opens the state, serves until it is told to stop.

use std::{process::ExitCode, sync::Arc};

use aws_sim::{
    cli::{Cli, LogFormat},
    clock::Clock,
    journal::OpenError,
    server,
    sim::Sim,
};
use clap::Parser as _;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match cli.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(why) => return fail(1, &format!("cannot start: {why}")),
    };
    runtime.block_on(run(&cli))
}

async fn run(cli: &Cli) -> ExitCode {
    let settings = match cli.settings() {
        Ok(settings) => settings,
        Err(why) => return fail(2, &why),
    };
    let sim = match Sim::open(settings, Clock::system()) {
        Ok(sim) => Arc::new(sim),
        Err(why @ OpenError::InUse(_)) => return fail(2, &why.to_string()),
        Err(why) => return fail(1, &why.to_string()),
    };
    let listener = match TcpListener::bind(cli.listen).await {
        Ok(listener) => listener,
        Err(why) => return fail(1, &format!("cannot listen on {}: {why}", cli.listen)),
    };
    let (mut terminate, mut interrupt) = match (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) {
        (Ok(terminate), Ok(interrupt)) => (terminate, interrupt),
        (Err(why), _) | (_, Err(why)) => {
            return fail(1, &format!("cannot wait for signals: {why}"));
        }
    };
    let stop = async move {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
    };
    match server::serve(sim, listener, stop).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => fail(1, &format!("serving failed: {why}")),
    }
}

fn fail(code: u8, why: &str) -> ExitCode {
    eprintln!("aws-sim: {why}");
    ExitCode::from(code)
}
