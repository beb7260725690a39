//! The checks in `tests/oracle`, which share no code with the product: Python, botocore's models, the AWS Encryption SDK.
//! Here they are run against themselves and against aws-sim; the walk runs them against what the product sent, and our adapters against moto.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::doctor::{ORACLE, oracle_python};
use crate::stand::{Places, Proc, Stand, StandOptions, http};
use crate::tools::{Failure, Outcome, root, run};

fn script(root: &Path, name: &str) -> Result<Command, Failure> {
    let mut command = Command::new(oracle_python()?);
    // No `__pycache__` in the clone, and no setting of the caller's that could lead to a real AWS account.
    command
        .arg("-B")
        .arg(format!("{ORACLE}/{name}"))
        .current_dir(root);
    for (name, _) in
        std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AWS_"))
    {
        command.env_remove(name);
    }
    Ok(command)
}

/// Requirements are pinned and installed, vectors open, `wire_check` finds what it must find.
pub(crate) fn self_check() -> Outcome {
    run(&mut script(&root()?, "self_check.py")?)
}

/// Drives aws-sim through boto3, the second client beside the Rust SDKs, and checks every request it received.
pub(crate) fn second_client() -> Outcome {
    let root = root()?;
    let data = std::env::temp_dir().join(format!("payphone-oracle-{}", std::process::id()));
    let outcome = against_aws_sim(&root, &data);
    // The directory is ours, and a failure to remove it must not hide the outcome.
    let _ = fs::remove_dir_all(&data);
    outcome
}

fn against_aws_sim(root: &Path, data: &Path) -> Outcome {
    let mut options = StandOptions::new(data);
    options.port_base = Places::free_base(options.hosts)?;
    let stand = Stand::bare(options)?;
    stand.start(Proc::AwsSim)?;
    stand.wait_ready(Proc::AwsSim, Duration::from_secs(30))?;
    run(script(root, "boto3_peer.py")?.arg(stand.places().url(Proc::AwsSim)))?;
    let (_, journal) = http::get(
        stand.places().public(Proc::AwsSim),
        "/_sim/v1/requests?client=boto3",
        Duration::from_secs(30),
    )?;
    let file = data.join("requests.jsonl");
    fs::write(&file, journal)?;
    wire_check(&file, "boto3")
}

/// Judges the requests of one client (`rust`, `boto3`) in a file of JSON Lines, as aws-sim's `/_sim/v1/requests` gives them, by
/// botocore's service models and the Marketplace rules; the findings are printed.
///
/// # Errors
/// When there is a finding, no request at all, or no Python environment.
pub fn wire_check(requests: &Path, client: &str) -> Outcome {
    run(script(&root()?, "wire_check.py")?
        .args(["--client", client])
        .arg(requests))
}

/// Judges a part of `deploy/` that is written in YAML; the findings are printed.
///
/// # Errors
/// When there is a finding, or no Python environment.
pub fn deploy_check(part: &str) -> Outcome {
    run(script(&root()?, "deploy_check.py")?.arg(part))
}

/// Judges the alert rules and their runbooks against what the programs export, as files of Prometheus's text format; the findings are
/// printed.
///
/// # Errors
/// When there is a finding, or no Python environment.
pub fn alerts_check(scrapes: &[&Path]) -> Outcome {
    run(script(&root()?, "deploy_check.py")?
        .arg("alerts")
        .args(scrapes))
}

/// A balancer for `localhost` that speaks TLS and passes on to that address: writes its authority to `ca.pem` in the folder, prints one line
/// of JSON (`url`) and ends with its standard input.
///
/// # Errors
/// When there is no Python environment.
pub fn tls_front(folder: &Path, to: SocketAddr) -> Result<Command, Failure> {
    let mut command = script(&root()?, "tls_front.py")?;
    command.arg(folder).arg(to.to_string());
    Ok(command)
}

/// moto's Amazon Cognito with one user pool: prints one line of JSON (`url`, `userPool`, `operations`) and ends with its standard input.
///
/// # Errors
/// When there is no Python environment.
pub fn moto_peer() -> Result<Command, Failure> {
    script(&root()?, "moto_peer.py")
}
