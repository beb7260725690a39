//! Which address and port each process listens on: the contract's table, and its fallback for a loopback with one address.
//! In the fallback programs still talk to 127.0.0.1; only browsers are shown the `*.localhost` names.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener};

use super::Proc;
use super::files::random;
use super::ready::Addresses;

/// How many loopback addresses the stand uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostMode {
    /// 127.0.0.1, .2 and .3, one for each process, so that cookies stay apart.
    Distinct,
    /// 127.0.0.1 for all, with names for browsers (macOS).
    OneAddress,
}

impl HostMode {
    /// [`HostMode::Distinct`] wherever the system's loopback has the addresses.
    pub fn detect() -> Self {
        let has = |last| TcpListener::bind((Ipv4Addr::new(127, 0, 0, last), 0)).is_ok();
        if has(2) && has(3) {
            Self::Distinct
        } else {
            Self::OneAddress
        }
    }
}

/// Every address of a stand.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    hosts: HostMode,
    base: u16,
}

impl Places {
    /// Addresses counted from `base`.
    ///
    /// # Errors
    /// When the ports would not fit.
    pub fn new(hosts: HostMode, base: u16) -> io::Result<Self> {
        if !(1024..=u16::MAX - 22).contains(&base) {
            let message = format!(
                "the port base must be between 1024 and {}, not {base}",
                u16::MAX - 22
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        Ok(Self { hosts, base })
    }

    /// A base whose ports are all free at this moment, for tests.
    ///
    /// # Errors
    /// When two hundred tries found none.
    pub fn free_base(hosts: HostMode) -> io::Result<u16> {
        for _ in 0..200 {
            // Below the range from which systems take ports for outgoing connections.
            let base = 20_000 + u16::from_ne_bytes(random()?) % 400 * 30;
            if (Self { hosts, base }).busy().is_empty() {
                return Ok(base);
            }
        }
        Err(io::Error::other(
            "no free range of ports between 20000 and 32000",
        ))
    }

    fn at(self, proc: Proc, offset: u16) -> SocketAddr {
        let last = match (self.hosts, proc) {
            (HostMode::OneAddress, _) | (_, Proc::Control) => 1,
            (_, Proc::Card) => 2,
            (_, Proc::AwsSim) => 3,
        };
        let first = match proc {
            Proc::AwsSim => self.base,
            Proc::Control => self.base + 10,
            Proc::Card => self.base + 20,
        };
        SocketAddrV4::new(Ipv4Addr::new(127, 0, 0, last), first + offset).into()
    }

    /// The listener for people and programs outside.
    pub fn public(self, proc: Proc) -> SocketAddr {
        self.at(proc, 0)
    }

    /// The listener for `/healthz`, `/readyz` and `/metrics`; aws-sim has none.
    pub fn admin(self, proc: Proc) -> SocketAddr {
        self.at(proc, 1)
    }

    /// The listener for the other service; aws-sim has none.
    pub fn internal(self, proc: Proc) -> SocketAddr {
        self.at(proc, 2)
    }

    /// The public base URL as programs use it, without a trailing slash.
    pub fn url(self, proc: Proc) -> String {
        format!("http://{}", self.public(proc))
    }

    /// The public base URL as a browser should see it, without a trailing slash.
    pub fn browser_url(self, proc: Proc) -> String {
        let name = match (self.hosts, proc) {
            (HostMode::Distinct, _) => return self.url(proc),
            (_, Proc::AwsSim) => "aws",
            (_, Proc::Control) => "console",
            (_, Proc::Card) => "card",
        };
        format!("http://{name}.localhost:{}", self.public(proc).port())
    }

    pub(super) fn addresses(self) -> Addresses {
        Addresses {
            aws_sim: self.url(Proc::AwsSim),
            control: self.url(Proc::Control),
            control_admin: format!("http://{}", self.admin(Proc::Control)),
            card: self.url(Proc::Card),
            card_admin: format!("http://{}", self.admin(Proc::Card)),
        }
    }

    fn busy(self) -> Vec<SocketAddr> {
        let services = [Proc::Control, Proc::Card];
        let all = services
            .into_iter()
            .flat_map(|proc| [self.public(proc), self.admin(proc), self.internal(proc)]);
        std::iter::once(self.public(Proc::AwsSim))
            .chain(all)
            .filter(|at| TcpListener::bind(at).is_err())
            .collect()
    }

    /// Refuses when something listens already.
    pub(super) fn require_free(self) -> io::Result<()> {
        let busy = self.busy();
        if busy.is_empty() {
            return Ok(());
        }
        let list = busy
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ");
        let message = format!(
            "in use already: {list}; stop what listens there, or choose other ports (`--port-base N`)"
        );
        Err(io::Error::new(io::ErrorKind::AddrInUse, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_the_contract() {
        let places = Places::new(HostMode::Distinct, 8070).unwrap();
        assert_eq!(places.url(Proc::AwsSim), "http://127.0.0.3:8070");
        assert_eq!(places.url(Proc::Control), "http://127.0.0.1:8080");
        assert_eq!(places.admin(Proc::Control).to_string(), "127.0.0.1:8081");
        assert_eq!(places.internal(Proc::Card).to_string(), "127.0.0.2:8092");
        assert_eq!(places.browser_url(Proc::Card), "http://127.0.0.2:8090");
    }

    #[test]
    fn one_address_gives_browsers_names_and_programs_numbers() {
        let places = Places::new(HostMode::OneAddress, 9000).unwrap();
        assert_eq!(
            places.browser_url(Proc::AwsSim),
            "http://aws.localhost:9000"
        );
        assert_eq!(
            places.browser_url(Proc::Control),
            "http://console.localhost:9010"
        );
        assert_eq!(places.url(Proc::Card), "http://127.0.0.1:9020");
    }

    #[test]
    fn ports_that_do_not_fit_are_refused() {
        assert!(Places::new(HostMode::Distinct, 65_530).is_err());
        assert!(Places::new(HostMode::Distinct, 80).is_err());
    }

    #[test]
    fn a_port_in_use_is_named() {
        let base = Places::free_base(HostMode::OneAddress).unwrap();
        let places = Places::new(HostMode::OneAddress, base).unwrap();
        let _held = TcpListener::bind(places.admin(Proc::Card)).unwrap();
        let refusal = places.require_free().unwrap_err().to_string();
        assert!(
            refusal.contains(&places.admin(Proc::Card).to_string()),
            "{refusal}"
        );
    }
}
