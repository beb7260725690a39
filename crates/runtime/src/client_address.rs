//! Who sent a request: the peer of its connection, or, behind proxies we are told to trust, whom the nearest of them saw.
//! `X-Forwarded-For` is read from the right and believed as far as the configured proxies reach; nobody else's header is read at all.
//! Invariant: what a client writes into a header never decides its address (ASVS 4.1.3).

use std::{
    convert::Infallible,
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{Extensions, HeaderMap, HeaderName, request::Parts},
};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address a request came from. It is personal data: for limits and the audit trail, never for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The address of the request with these extensions, as its listener found it.
    ///
    /// A router that is called without a listener, as unit tests do, sees `0.0.0.0`: all such requests are of one client.
    pub fn of(extensions: &Extensions) -> Self {
        let peer = || {
            let info = extensions.get::<ConnectInfo<SocketAddr>>();
            info.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| {
                info.0.ip().to_canonical()
            })
        };
        extensions
            .get::<Self>()
            .copied()
            .unwrap_or_else(|| Self(peer()))
    }

    /// What limits count by: the address, or the /64 of an IPv6 one, since every customer has a whole /64 to send from.
    pub fn network(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)))
            }
        }
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}

/// The proxies whose `X-Forwarded-For` we believe; none by default.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Arc<[Network]>);

impl TrustedProxies {
    /// Reads addresses and networks; what is wrong with them, each as a sentence that begins with the offender.
    pub fn parse<T: AsRef<str>>(texts: &[T]) -> Result<Self, Vec<String>> {
        let (mut networks, mut faults) = (Vec::new(), Vec::new());
        for text in texts {
            match text.as_ref().parse() {
                Ok(network) => networks.push(network),
                Err(NotANetwork(fault)) => faults.push(format!("`{}` {fault}", text.as_ref())),
            }
        }
        if faults.is_empty() {
            Ok(Self(networks.into()))
        } else {
            Err(faults)
        }
    }

    /// Who sent the request that this peer handed us: the right-most address that is none of the proxies.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> ClientAddress {
        let mut client = peer.to_canonical();
        // A header given twice is one list; each proxy adds to its end.
        let mut hops = headers
            .get_all(FORWARDED_FOR)
            .iter()
            .rev()
            .flat_map(|value| value.to_str().unwrap_or_default().rsplit(','));
        while self.trusts(client) {
            // What cannot be read was not written by a proxy of ours, so the last one we know of stands for it.
            match hops.next().and_then(hop) {
                Some(address) => client = address,
                None => break,
            }
        }
        ClientAddress(client)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }
}

/// One element of the list: an address, with or without the port that some proxies add.
fn hop(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let address = text.parse().ok();
    let address = address.or_else(|| {
        text.parse::<SocketAddr>()
            .ok()
            .map(|with_port| with_port.ip())
    });
    address.map(|address| address.to_canonical())
}

/// An address and how many of its bits count, both in the terms of IPv6, where IPv4 is `::ffff:0:0/96`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    bits: u128,
    length: u32,
}

impl Network {
    fn mask(self) -> u128 {
        u128::MAX.checked_shl(128 - self.length).unwrap_or(0)
    }

    fn contains(self, address: IpAddr) -> bool {
        bits(address) & self.mask() == self.bits
    }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// The second half of a sentence about the text.
struct NotANetwork(&'static str);

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        const NEITHER: NotANetwork = NotANetwork(
            "is neither an address nor a network: write it like 10.0.0.7, 10.0.0.0/8 or fd00::/8",
        );
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NEITHER)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let length = match length {
            None => most,
            Some(text) => text.parse::<u32>().map_err(|_| NEITHER)?,
        };
        if length > most {
            return Err(NEITHER);
        }
        if length == 0 {
            return Err(NotANetwork(
                "would let everybody choose their own address: name the proxies alone",
            ));
        }
        let network = Self {
            bits: bits(address),
            length: length + 128 - most,
        };
        if network.bits & network.mask() != network.bits {
            return Err(NotANetwork(
                "names one address and the length of a network: leave the length away, or write the network's first address",
            ));
        }
        Ok(network)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn client(proxies: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            let value = HeaderValue::from_bytes(value.as_bytes());
            headers.append(FORWARDED_FOR, value.unwrap());
        }
        let proxies = TrustedProxies::parse(proxies).unwrap();
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    /// Security 55: from anybody but our proxies, the header is not read.
    #[test]
    fn a_stranger_cannot_choose_its_address() {
        for forwarded in [
            &["10.0.0.1"][..],
            &["127.0.0.1, 10.0.0.1"],
            &["10.0.0.1", "10.0.0.2"],
        ] {
            assert_eq!(client(&[], "203.0.113.9", forwarded), "203.0.113.9");
            assert_eq!(
                client(&["10.0.0.0/8"], "203.0.113.9", forwarded),
                "203.0.113.9"
            );
        }
    }

    /// Security 55: behind our proxies, what the client itself wrote stands to the left of what they wrote, and is not believed.
    #[test]
    fn behind_proxies_the_right_most_stranger_is_the_client() {
        let own = &["10.0.0.0/8", "fd00::/8", "192.0.2.1"];
        for (peer, forwarded, found) in [
            ("10.0.0.1", &["203.0.113.9"][..], "203.0.113.9"),
            ("10.0.0.1", &["1.1.1.1, 203.0.113.9"], "203.0.113.9"),
            (
                "10.0.0.1",
                &["1.1.1.1, 203.0.113.9, 10.9.9.9"],
                "203.0.113.9",
            ),
            (
                "10.0.0.1",
                &["1.1.1.1", "203.0.113.9 , 192.0.2.1"],
                "203.0.113.9",
            ),
            ("192.0.2.1", &["203.0.113.9:4711"], "203.0.113.9"),
            ("fd00::1", &["[2001:db8::7]:4711"], "2001:db8::7"),
            ("fd00::1", &["2001:db8::7"], "2001:db8::7"),
            // The same address in its IPv6 dress, as a dual-stack socket shows it.
            ("::ffff:10.0.0.1", &["::ffff:203.0.113.9"], "203.0.113.9"),
            // Nobody but proxies: the farthest of them asked by itself.
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            ("10.0.0.1", &[], "10.0.0.1"),
            // What cannot be read ends the chain of trust.
            ("10.0.0.1", &["203.0.113.9, unknown"], "10.0.0.1"),
            ("10.0.0.1", &["203.0.113.9, , 10.0.0.2"], "10.0.0.2"),
            ("10.0.0.1", &["203.0.113.9\u{fc}"], "10.0.0.1"),
        ] {
            assert_eq!(client(own, peer, forwarded), found, "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn what_is_no_network_is_named() {
        for (text, part) in [
            ("", "neither"),
            ("proxy.example", "neither"),
            ("10.0.0.0/33", "neither"),
            ("10.0.0.0/", "neither"),
            ("10.0.0.0/-1", "neither"),
            ("fd00::/129", "neither"),
            ("0.0.0.0/0", "everybody"),
            ("::/0", "everybody"),
            ("10.0.0.7/8", "first address"),
        ] {
            let faults = TrustedProxies::parse(&[text, "127.0.0.1"]).unwrap_err();
            assert_eq!(faults.len(), 1, "{text}");
            assert!(
                faults[0].starts_with(&format!("`{text}` ")),
                "{}",
                faults[0]
            );
            assert!(faults[0].contains(part), "{}", faults[0]);
        }
        assert!(TrustedProxies::parse(&["10.0.0.7/32", "fd00::1/128", "::1"]).is_ok());
    }

    #[test]
    fn limits_count_ipv6_by_the_network_that_a_customer_gets() {
        let network = |text: &str| ClientAddress(text.parse().unwrap()).network().to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("2001:db8:1:2:ffff::1"), "2001:db8:1:2::");
        assert_eq!(network("203.0.113.9"), "203.0.113.9");
    }
}
