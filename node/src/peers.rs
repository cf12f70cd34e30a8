//! Limits for each peer, so that others find room: connections, requests, streams, bytes of answers, and refusals, each
//! of which costs the node work.
//!
//! A peer is an address; for IPv6 it is a network of 64 bits, as one customer has one. Behind a proxy that the operator
//! trusts, it is the address that the proxy names. Addresses are only in this table, and only as long as they count.

use std::{
    collections::HashMap,
    fmt,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;

/// Where proxies say whom they ask for.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// How many peers are known before those that count for nothing are forgotten.
const KNOWN: usize = 4096;

/// The limits of one peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerLimits {
    /// Connections.
    pub connections: usize,
    /// Requests without an answer yet.
    pub requests: usize,
    /// Streams.
    pub streams: usize,
    /// Bytes of large answers that wait to be read.
    pub answer_bytes: usize,
    /// Refused transactions at once, before it has to wait.
    pub refusals: u32,
    /// Refused transactions in a second, on and on.
    pub refusals_per_second: u32,
}

impl Default for PeerLimits {
    fn default() -> Self {
        Self {
            connections: 64,
            requests: 64,
            streams: 16,
            answer_bytes: 32 << 20,
            refusals: 100,
            refusals_per_second: 5,
        }
    }
}

/// Somebody who asks, told apart from others. It is not shown, as it is an address.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Peer(IpAddr);

impl fmt::Debug for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Peer")
    }
}

impl Peer {
    pub(crate) fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
            }
            address => address,
        })
    }
}

/// Something that a peer has a share of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    Connections,
    Requests,
    Streams,
    AnswerBytes,
}

#[derive(Debug)]
struct Account {
    held: [usize; 4],
    /// Refusals that are left, and when that was so.
    left: f64,
    since: Instant,
}

impl Account {
    fn is_blank(&self, limits: &PeerLimits, now: Instant) -> bool {
        self.held == [0; 4] && self.refusals_left(limits, now) >= f64::from(limits.refusals)
    }

    fn refusals_left(&self, limits: &PeerLimits, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(self.since).as_secs_f64();
        (self.left + passed * f64::from(limits.refusals_per_second)).min(f64::from(limits.refusals))
    }
}

/// All peers, and what each has.
#[derive(Debug)]
pub(crate) struct Peers {
    limits: PeerLimits,
    proxies: Vec<IpNet>,
    accounts: Mutex<HashMap<Peer, Account>>,
}

/// Something that a peer has, given back when this is dropped.
#[derive(Debug)]
#[must_use]
pub(crate) struct Share {
    peers: Arc<Peers>,
    peer: Peer,
    what: Counted,
    amount: usize,
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut accounts = self.peers.lock();
        if let Some(account) = accounts.get_mut(&self.peer) {
            let held = &mut account.held[self.what as usize];
            *held = held.saturating_sub(self.amount);
            if account.is_blank(&self.peers.limits, Instant::now()) {
                accounts.remove(&self.peer);
            }
        }
    }
}

impl Peers {
    pub(crate) fn new(limits: PeerLimits, proxies: Vec<IpNet>) -> Arc<Self> {
        Arc::new(Self { limits, proxies, accounts: Mutex::default() })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Peer, Account>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether an address is a proxy's that the operator trusts.
    pub(crate) fn is_proxy(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.proxies.iter().any(|network| network.contains(&address))
    }

    /// The peer that asks: the address of the connection, or behind trusted proxies the last that none of them has.
    /// Nothing else in the header counts.
    pub(crate) fn asking(&self, connection: IpAddr, headers: &HeaderMap) -> Peer {
        let mut peer = connection;
        let values: Vec<_> = headers.get_all(FORWARDED_FOR).iter().collect();
        let named = values.iter().rev().filter_map(|value| value.to_str().ok());
        for name in named.flat_map(|value| value.rsplit(',').map(str::trim)) {
            if !self.is_proxy(peer) {
                break;
            }
            let Ok(address) = name.parse() else { break };
            peer = address;
        }
        Peer::of(peer)
    }

    /// Gives a peer a share of something; `None` if he has as much as he may.
    pub(crate) fn share(self: &Arc<Self>, peer: Peer, what: Counted, amount: usize) -> Option<Share> {
        let most = match what {
            Counted::Connections => self.limits.connections,
            Counted::Requests => self.limits.requests,
            Counted::Streams => self.limits.streams,
            Counted::AnswerBytes => self.limits.answer_bytes,
        };
        let mut accounts = self.lock();
        let account = self.account(&mut accounts, peer);
        let held = &mut account.held[what as usize];
        // One answer goes out however large it is.
        if *held > 0 && held.saturating_add(amount) > most || most == 0 {
            return None;
        }
        *held += amount;
        Some(Share { peers: self.clone(), peer, what, amount })
    }

    fn account<'a>(&self, accounts: &'a mut HashMap<Peer, Account>, peer: Peer) -> &'a mut Account {
        let now = Instant::now();
        if accounts.len() >= KNOWN && !accounts.contains_key(&peer) {
            accounts.retain(|_, account| !account.is_blank(&self.limits, now));
        }
        let left = f64::from(self.limits.refusals);
        accounts.entry(peer).or_insert(Account { held: [0; 4], left, since: now })
    }

    /// Whether a peer may submit: not if many of his transactions were refused lately.
    pub(crate) fn may_submit(&self, peer: Peer) -> bool {
        let accounts = self.lock();
        accounts.get(&peer).is_none_or(|account| account.refusals_left(&self.limits, Instant::now()) >= 1.0)
    }

    /// A transaction of a peer was refused.
    pub(crate) fn refused(&self, peer: Peer) {
        let mut accounts = self.lock();
        let now = Instant::now();
        let limits = self.limits;
        let account = self.account(&mut accounts, peer);
        account.left = (account.refusals_left(&limits, now) - 1.0).max(0.0);
        account.since = now;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::HeaderValue;

    use super::*;

    fn peers(limits: PeerLimits) -> Arc<Peers> {
        Peers::new(limits, vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()])
    }

    fn peer(text: &str) -> Peer {
        Peer::of(text.parse().unwrap())
    }

    #[test]
    fn a_share_is_given_back() {
        let peers = peers(PeerLimits { streams: 2, ..PeerLimits::default() });
        let (one, two) = (peer("192.0.2.1"), peer("192.0.2.2"));
        let first = peers.share(one, Counted::Streams, 1).unwrap();
        let second = peers.share(one, Counted::Streams, 1).unwrap();
        assert!(peers.share(one, Counted::Streams, 1).is_none());
        let other = peers.share(two, Counted::Streams, 1).unwrap();
        drop(first);
        let again = peers.share(one, Counted::Streams, 1).unwrap();
        drop((second, other, again));
        assert!(peers.lock().is_empty());
    }

    #[test]
    fn one_answer_goes_out_however_large() {
        let peers = peers(PeerLimits { answer_bytes: 10, ..PeerLimits::default() });
        let one = peer("192.0.2.1");
        let large = peers.share(one, Counted::AnswerBytes, 100).unwrap();
        assert!(peers.share(one, Counted::AnswerBytes, 1).is_none());
        drop(large);
        drop(peers.share(one, Counted::AnswerBytes, 1).unwrap());
    }

    /// Attacker: somebody with a whole network of IPv6 addresses, or with two writings of one address.
    #[test]
    fn one_customers_addresses_are_one_peer() {
        assert_eq!(peer("2001:db8:1:2::1"), peer("2001:db8:1:2:ffff::9"));
        assert_ne!(peer("2001:db8:1:2::1"), peer("2001:db8:1:3::1"));
        assert_eq!(peer("::ffff:192.0.2.1"), peer("192.0.2.1"));
        assert_eq!(format!("{:?}", peer("192.0.2.1")), "Peer");
    }

    /// Attacker: somebody who writes another's address into the header, to use up his share or to have one each time.
    #[test]
    fn only_proxies_say_for_whom_they_ask() {
        let peers = peers(PeerLimits::default());
        let asking = |from: &str, headers: &[&'static str]| {
            let mut map = HeaderMap::new();
            for value in headers {
                map.append(FORWARDED_FOR, HeaderValue::from_static(value));
            }
            peers.asking(from.parse().unwrap(), &map)
        };
        assert_eq!(asking("192.0.2.1", &["198.51.100.7"]), peer("192.0.2.1"));
        assert_eq!(asking("10.1.1.1", &["198.51.100.7"]), peer("198.51.100.7"));
        // The client's own words stand first: the proxy adds the address behind them.
        assert_eq!(asking("10.1.1.1", &["203.0.113.9, 198.51.100.7"]), peer("198.51.100.7"));
        assert_eq!(asking("10.1.1.1", &["203.0.113.9", "198.51.100.7, 10.2.2.2"]), peer("198.51.100.7"));
        assert_eq!(asking("::1", &["2001:db8::1"]), peer("2001:db8::1"));
        for nonsense in ["", "unknown", "198.51.100.7:80, x"] {
            let headers = HeaderValue::from_static(nonsense);
            let map = HeaderMap::from_iter([(FORWARDED_FOR, headers)]);
            assert_eq!(peers.asking("10.1.1.1".parse().unwrap(), &map), peer("10.1.1.1"));
        }
    }

    /// Attacker: somebody who has a node check one wrong transaction after the other.
    #[test]
    fn refusals_run_out_and_come_back() {
        let peers = peers(PeerLimits { refusals: 3, refusals_per_second: 1000, ..PeerLimits::default() });
        let (one, two) = (peer("192.0.2.1"), peer("192.0.2.2"));
        let slow =
            Peers::new(PeerLimits { refusals: 3, refusals_per_second: 0, ..PeerLimits::default() }, vec![]);
        for _ in 0..3 {
            assert!(slow.may_submit(one));
            slow.refused(one);
            peers.refused(one);
        }
        assert!(!slow.may_submit(one) && slow.may_submit(two));
        std::thread::sleep(Duration::from_millis(20));
        assert!(peers.may_submit(one));
    }

    /// Attacker: somebody with many addresses who fills the table.
    #[test]
    fn peers_that_count_for_nothing_are_forgotten() {
        let limits = PeerLimits { refusals: 2, refusals_per_second: u32::MAX, ..PeerLimits::default() };
        let peers = peers(limits);
        for number in 0..2 * u32::try_from(KNOWN).unwrap() {
            peers.refused(Peer::of(IpAddr::V4(number.into())));
        }
        assert!(peers.lock().len() <= KNOWN);
    }
}
