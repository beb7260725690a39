//! Start, readiness, kill and stop of one process of a stand.
//! Invariant: each method locks one slot for as long as the system call takes, so that a test may kill while another waits.

use std::ffi::OsString;
use std::io;
use std::process::{Child, ExitStatus};
use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{
    CLIENT_ID, DRAIN, KMS_KEY_ID, MAIL_FROM, OPERATOR_EMAIL, PRODUCT_CODE, Places, Proc, QUEUE,
    Stand, USER_POOL, files, http, spawn,
};

impl Stand {
    fn slot(&self, proc: Proc) -> MutexGuard<'_, Option<Child>> {
        let at = match proc {
            Proc::AwsSim => 0,
            Proc::Card => 1,
            Proc::Control => 2,
        };
        self.running[at]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts one process; its output is appended to its log.
    ///
    /// # Errors
    /// When it runs already, or cannot be started.
    pub fn start(&self, proc: Proc) -> io::Result<()> {
        let mut slot = self.slot(proc);
        if let Some(child) = slot.as_mut()
            && child.try_wait()?.is_none()
        {
            return Err(io::Error::other(format!("{} runs already", proc.binary())));
        }
        let mut command = self.command(proc)?;
        match proc {
            Proc::AwsSim => command.args(self.aws_sim_args()),
            Proc::Card => command.args(["serve", "--config"]).arg(self.config(proc)),
            Proc::Control => command.args(["all", "--config"]).arg(self.config(proc)),
        };
        *slot = Some(spawn::start(command, &self.log(proc))?);
        Ok(())
    }

    /// Starts one more control plane that works beside the first and serves nobody: on PostgreSQL there may be any number.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start_worker(&self, name: &str) -> io::Result<Child> {
        let mut command = self.command(Proc::Control)?;
        let data = self.layout.root().join(name);
        command
            .args(["work", "--config"])
            .arg(self.config(Proc::Control))
            .env("PAYPHONE__ADMIN__LISTEN", "127.0.0.1:0")
            .env(
                "PAYPHONE__CLOCK__OFFSET_FILE",
                data.with_extension("offset"),
            );
        spawn::start(command, &data.with_extension("log"))
    }

    /// Starts one more replica of a service, on ports of its own and with these variables on top of the usual ones; it logs into
    /// `NAME.log` beside the data.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start_replica(
        &self,
        proc: Proc,
        name: &str,
        places: Places,
        more: &[(String, String)],
    ) -> io::Result<Child> {
        let mut command = self.command(proc)?;
        let (prefix, role) = match proc {
            Proc::Card => ("PAYPHONE_CARD", "serve"),
            _ => ("PAYPHONE", "all"),
        };
        let data = self.layout.root().join(name);
        let offset = data.with_extension("offset");
        command.args([role, "--config"]).arg(self.config(proc));
        for (key, address) in [
            ("HTTP", places.public(proc)),
            ("ADMIN", places.admin(proc)),
            ("INTERNAL", places.internal(proc)),
        ] {
            command.env(format!("{prefix}__{key}__LISTEN"), address.to_string());
        }
        command
            .env(format!("{prefix}__CLOCK__OFFSET_FILE"), offset)
            .envs(more.iter().map(|(name, value)| (name, value)));
        spawn::start(command, &data.with_extension("log"))
    }

    fn aws_sim_args(&self) -> Vec<OsString> {
        let console = self.places.browser_url(Proc::Control);
        let fulfilment = format!("{console}/marketplace/register");
        vec![
            "--listen".into(),
            self.places.public(Proc::AwsSim).to_string().into(),
            "--state".into(),
            self.layout.aws_sim_state().into(),
            "--fulfilment-url".into(),
            fulfilment.into(),
            "--product-code".into(),
            PRODUCT_CODE.into(),
            "--queue".into(),
            QUEUE.into(),
            "--user-pool".into(),
            USER_POOL.into(),
            "--client-id".into(),
            CLIENT_ID.into(),
            "--client-secret-file".into(),
            self.layout.client_secret().into(),
            "--callback-url".into(),
            format!("{console}/callback").into(),
            "--logout-url".into(),
            format!("{console}/").into(),
            "--mail-from".into(),
            MAIL_FROM.into(),
            "--kms-key".into(),
            KMS_KEY_ID.into(),
            "--operator".into(),
            OPERATOR_EMAIL.into(),
        ]
    }

    /// Starts all three in order and waits until each answers.
    ///
    /// # Errors
    /// As [`Stand::start`] and [`Stand::wait_ready`].
    pub fn start_all(&self, within: Duration) -> io::Result<()> {
        let deadline = Instant::now() + within;
        self.start(Proc::AwsSim)?;
        self.wait_ready(Proc::AwsSim, within)?;
        self.start(Proc::Card)?;
        self.start(Proc::Control)?;
        for proc in [Proc::Card, Proc::Control] {
            self.wait_ready(proc, deadline.saturating_duration_since(Instant::now()))?;
        }
        Ok(())
    }

    /// One look at the process's readiness, without waiting.
    pub fn is_ready(&self, proc: Proc) -> bool {
        let (address, path) = match proc {
            Proc::AwsSim => (self.places.public(proc), "/_sim/v1/clock"),
            Proc::Card | Proc::Control => (self.places.admin(proc), "/readyz"),
        };
        matches!(
            http::get(address, path, Duration::from_secs(2)),
            Ok((200, _))
        )
    }

    /// Waits until the process answers its readiness check.
    ///
    /// # Errors
    /// When it ends first, or the time is over; the end of its log is in the message.
    pub fn wait_ready(&self, proc: Proc, within: Duration) -> io::Result<()> {
        let deadline = Instant::now() + within;
        loop {
            if let Some(status) = self.ended(proc)? {
                return Err(
                    self.complaint(proc, &format!("ended with {status} before it was ready"))
                );
            }
            if self.is_ready(proc) {
                return Ok(());
            }
            if Instant::now() >= deadline {
                return Err(self.complaint(
                    proc,
                    &format!("was not ready within {} s", within.as_secs()),
                ));
            }
            std::thread::sleep(Duration::from_millis(25));
        }
    }

    fn complaint(&self, proc: Proc, what: &str) -> io::Error {
        let log = self.log(proc);
        let tail = files::tail(&log, 15);
        io::Error::other(format!(
            "{} {what}; the end of {}:\n{tail}",
            proc.binary(),
            log.display()
        ))
    }

    /// The exit status, once the process has ended by itself or by a signal from outside.
    ///
    /// # Errors
    /// When the system cannot say.
    pub fn ended(&self, proc: Proc) -> io::Result<Option<ExitStatus>> {
        match self.slot(proc).as_mut() {
            Some(child) => child.try_wait(),
            None => Err(io::Error::other(format!(
                "{} was not started",
                proc.binary()
            ))),
        }
    }

    /// The process id, while the process runs.
    pub fn pid(&self, proc: Proc) -> Option<u32> {
        let mut slot = self.slot(proc);
        let child = slot.as_mut()?;
        matches!(child.try_wait(), Ok(None)).then(|| child.id())
    }

    /// Kills the process with SIGKILL and waits for its end. Killing what does not run is no error.
    ///
    /// # Errors
    /// When the system refuses the signal.
    pub fn kill9(&self, proc: Proc) -> io::Result<()> {
        if let Some(mut child) = self.slot(proc).take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Asks the process to drain with SIGTERM, and waits for its end.
    ///
    /// # Errors
    /// When it took longer than [`DRAIN`] and had to be killed.
    pub fn stop(&self, proc: Proc) -> io::Result<Option<ExitStatus>> {
        let Some(mut child) = self.slot(proc).take() else {
            return Ok(None);
        };
        if child.try_wait()?.is_none() {
            spawn::terminate(&child)?;
        }
        let deadline = Instant::now() + DRAIN;
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(Some(status));
            }
            if Instant::now() >= deadline {
                child.kill()?;
                child.wait()?;
                return Err(self.complaint(proc, "did not drain within 25 s and was killed"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
