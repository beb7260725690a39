//! A stand of the three programs with a fresh data directory, and what can be asked of aws-sim and of the operator's views.

use std::{path::Path, time::Duration};

use reqwest::blocking::{Client, Response};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{
    database::on_postgres,
    postgres::{self, Cluster},
};
use xtask::stand::{Places, Proc, Ready, Stand, StandOptions, Wrapping, eventually};

use crate::Lines;

/// How long anything that must become true may take; generous, because two cores are shared with a whole test run.
pub(crate) const PATIENCE: Duration = Duration::from_mins(2);

/// Waits until `look` finds something.
pub fn soon<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    eventually(PATIENCE, look)
        .unwrap_or_else(|| panic!("did not become true in {PATIENCE:?}: {what}"))
}

/// The three programs, running.
pub struct World {
    /// The processes.
    pub stand: Stand,
    /// Addresses and the operator's token.
    pub ready: Ready,
    /// A client that follows no redirect and keeps no cookie.
    pub http: Client,
    /// The cluster that both services are on, if it is PostgreSQL.
    pub cluster: Option<Cluster>,
    lines: Option<Lines>,
    _data: TempDir,
}

impl World {
    /// Starts all three with keys of `key_bits`.
    pub fn start(key_bits: u32) -> Self {
        Self::start_on(key_bits, Wrapping::File, usual_cluster(), false)
    }

    /// The same, with lines between the services and what they depend on that can be cut, go silent or drip.
    pub fn over_lines(key_bits: u32) -> Self {
        Self::start_on(key_bits, Wrapping::File, usual_cluster(), true)
    }

    /// The same on PostgreSQL, whatever the other tests run on: for what SQLite cannot do.
    pub fn start_on_postgres(key_bits: u32) -> Self {
        Self::start_on(key_bits, Wrapping::File, Some(Cluster::start(true)), false)
    }

    /// The same, with keys wrapped by the stand-in's KMS.
    pub fn on_kms(key_bits: u32) -> Self {
        Self::start_on(key_bits, Wrapping::Kms, usual_cluster(), false)
    }

    /// The same, with keys wrapped there, on this cluster or else on files, and maybe over lines. A test that was built for release starts
    /// what was.
    pub fn start_on(
        key_bits: u32,
        wrapping: Wrapping,
        cluster: Option<Cluster>,
        over_lines: bool,
    ) -> Self {
        let data = tempfile::tempdir().expect("a temporary directory");
        let mut options = StandOptions::new(data.path().join("data"));
        options.port_base = Places::free_base(options.hosts).expect("free ports");
        options.key_bits = key_bits;
        options.crowd = true;
        options.release = !cfg!(debug_assertions);
        options.wrapping = wrapping;
        let lines = over_lines.then(|| {
            let places = Places::new(options.hosts, options.port_base).expect("ports");
            Lines::to(places.public(Proc::AwsSim), cluster.as_ref())
        });
        if let Some(cluster) = &cluster {
            // Whoever migrates goes straight.
            options.migrate_env = databases(cluster.sockets(), "owner");
            let sockets = lines.as_ref().and_then(Lines::sockets);
            options.env = databases(sockets.as_deref().unwrap_or(cluster.sockets()), "login");
        }
        if let Some(lines) = &lines {
            let told = |proc| (proc, "AWS_ENDPOINT_URL".to_owned(), lines.aws_url());
            options.env.extend([Proc::Control, Proc::Card].map(told));
        }
        let stand = Stand::prepare(options).expect("a stand");
        stand.start_all(PATIENCE).expect("all three become ready");
        let ready = stand.ready();
        let world = Self {
            stand,
            ready,
            http: client(),
            cluster,
            lines,
            _data: data,
        };
        // Nobody here waits thirty seconds for the next code before signing in a second time.
        world.switch("cognitoTotpReuse", &json!("accepted"));
        world
    }

    /// Sets one of aws-sim's switches; null sets it back.
    pub fn switch(&self, name: &str, value: &Value) {
        let request = self.http.put(self.sim_url("switches"));
        let response = request.json(&json!({ name: value })).send();
        answer(response.expect("aws-sim answers"));
    }

    /// A control route of aws-sim, asked by GET.
    pub fn sim(&self, path: &str) -> Value {
        answer(
            self.http
                .get(self.sim_url(path))
                .send()
                .expect("aws-sim answers"),
        )
    }

    /// A control route of aws-sim, asked by POST.
    pub fn tell_sim(&self, path: &str, body: &Value) -> Value {
        answer(
            self.http
                .post(self.sim_url(path))
                .json(body)
                .send()
                .expect("aws-sim answers"),
        )
    }

    /// The address of a control route of aws-sim.
    pub fn sim_url(&self, path: &str) -> String {
        format!("{}/_sim/v1/{path}", self.ready.addresses.aws_sim)
    }

    /// The address of a control-plane route.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.ready.addresses.control)
    }

    /// Moves business time on.
    pub fn advance(&self, seconds: u64) {
        self.tell_sim("clock", &json!({ "advanceSeconds": seconds }));
    }

    /// AWS fails no more.
    pub fn mends_sim(&self) {
        let mended = self.http.delete(self.sim_url("faults")).send();
        assert!(mended.is_ok_and(|answer| answer.status().is_success()));
    }

    /// A process stands still for two seconds, in the middle of whatever it does.
    pub fn stalls(&self, proc: Proc) {
        let id = self.stand.pid(proc).expect("it runs");
        crate::worker::stalls(id, Duration::from_secs(2));
    }

    /// Everything on an operator's list, all pages.
    pub fn operator(&self, list: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut cursor = String::new();
        loop {
            let url = self.url(&format!("/api/v1/operator/{list}?limit=200{cursor}"));
            let page = answer(
                self.http
                    .get(url)
                    .bearer_auth(&self.ready.operator_token)
                    .send()
                    .expect("the control plane answers"),
            );
            items.extend(page["items"].as_array().expect("a list").iter().cloned());
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }

    /// Every AWS request of the Rust SDKs so far, as JSON Lines.
    pub fn aws_requests(&self) -> String {
        self.http
            .get(self.sim_url("requests?client=rust"))
            .send()
            .and_then(Response::text)
            .expect("aws-sim's request log")
    }

    /// The cluster, of a world that was started on one.
    pub fn cluster(&self) -> &Cluster {
        self.cluster.as_ref().expect("a world on PostgreSQL")
    }

    /// The lines, of a world that was started with some.
    pub fn lines(&self) -> &Lines {
        self.lines.as_ref().expect("a world over lines")
    }

    /// Runs `payphone audit verify`, which ends with 0 if every chain holds; answers what it said.
    pub fn verify_audit(&self) -> String {
        let args = [
            "audit".into(),
            "verify".into(),
            "--config".into(),
            self.stand.config(Proc::Control).into_os_string(),
        ];
        let verified = self.stand.tool(Proc::Control, &args);
        String::from_utf8_lossy(&verified.expect("every chain holds").stdout).into_owned()
    }

    /// Kills a process at once and starts it again.
    pub fn kill_and_restart(&self, proc: Proc) {
        self.stand.kill9(proc).expect("kill -9");
        self.stand.start(proc).expect("a new start");
        self.stand.wait_ready(proc, PATIENCE).expect("ready again");
    }
}

fn usual_cluster() -> Option<Cluster> {
    on_postgres().then(|| Cluster::start(true))
}

/// What tells both services of their databases behind a socket, for their `login` or their `owner`.
fn databases(sockets: &Path, role: &str) -> Vec<Variable> {
    let told = |proc| {
        let (name, url) = database_at(sockets, proc, role);
        (proc, name, url)
    };
    [Proc::Control, Proc::Card].map(told).to_vec()
}

/// The variable that names a service's database in a cluster, for its `login` or its `owner`.
pub fn database_of(cluster: &Cluster, proc: Proc, role: &str) -> (String, String) {
    database_at(cluster.sockets(), proc, role)
}

fn database_at(sockets: &Path, proc: Proc, role: &str) -> (String, String) {
    let (name, database) = match proc {
        Proc::Card => ("PAYPHONE_CARD__DATABASE__URL", "payphone_card"),
        _ => ("PAYPHONE__DATABASE__URL", "payphone"),
    };
    let url = postgres::url(&format!("{database}_{role}"), database, sockets);
    (name.to_owned(), url)
}

/// An environment variable of a process.
type Variable = (Proc, String, String);

/// Whatever a test was about: every AWS request that the product made on the way is judged by AWS's own models, and every chain of
/// the audit trail holds.
impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        self.verify_audit();
        let requests = self.aws_requests();
        if !requests.trim().is_empty() {
            let file = self.stand.data().join("requests.jsonl");
            std::fs::write(&file, requests).expect("the request log is kept");
            xtask::oracle::wire_check(&file, "rust").expect("0 findings");
        }
    }
}

/// A client as scripts use it: no cookies kept, no redirects followed, no proxy.
pub fn client() -> Client {
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(Duration::from_secs(30))
        .build()
        .expect("an HTTP client")
}

/// The JSON of an answer that must be a success.
pub fn answer(response: Response) -> Value {
    let (status, url) = (response.status(), response.url().clone());
    let text = response.text().unwrap_or_default();
    assert!(status.is_success(), "{url} answered {status}: {text}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{url} is no JSON ({error}): {text}"))
}
