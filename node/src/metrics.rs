//! The counts of a node, in the text format that Prometheus reads.
//!
//! Nothing here tells one client, account or transaction from another: requests are counted by the pattern of their
//! path.

use std::{
    sync::{Mutex, PoisonError, atomic::Ordering},
    time::Duration,
};

use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

use crate::engine::Engine;

/// Bounds of the histogram of answers, in seconds.
const SECONDS: [f64; 9] = [0.001, 0.005, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0, 60.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    route: String,
    method: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Refusal {
    code: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Part {
    part: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: String,
}

type Seconds = Family<Request, Histogram, fn() -> Histogram>;

/// The counts of one node.
pub(crate) struct Metrics {
    registry: Mutex<Registry>,
    requests: Seconds,
    refusals: Family<Refusal, Counter>,
    height: Gauge,
    block_time: Gauge,
    pending: Gauge,
    pending_bytes: Gauge,
    verifications: Family<Outcome, Gauge>,
    works: Family<Part, Gauge>,
    pub(crate) connections: Gauge,
    pub(crate) streams: Gauge,
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let requests: Seconds = Family::new_with_constructor(|| Histogram::new(SECONDS));
        let metrics = Self {
            registry: Mutex::new(Registry::with_prefix("louver")),
            requests,
            refusals: Family::default(),
            height: Gauge::default(),
            block_time: Gauge::default(),
            pending: Gauge::default(),
            pending_bytes: Gauge::default(),
            verifications: Family::default(),
            works: Family::default(),
            connections: Gauge::default(),
            streams: Gauge::default(),
        };
        let mut registry = metrics.registry.lock().unwrap_or_else(PoisonError::into_inner);
        let m = &metrics;
        registry.register("http_answer_seconds", "Time to an answer's head", m.requests.clone());
        registry.register("refusals", "Answers that refuse, by their code", m.refusals.clone());
        registry.register("block_height", "The last block's height", m.height.clone());
        registry.register("block_time_seconds", "The last block's time, since 1970", m.block_time.clone());
        registry.register("mempool_transactions", "Transactions that wait", m.pending.clone());
        registry.register("mempool_bytes", "Bytes of what waits", m.pending_bytes.clone());
        registry.register("verifications", "Proofs that were asked about", m.verifications.clone());
        registry.register("works", "1 for each part that does its work", m.works.clone());
        registry.register("connections", "Open connections", m.connections.clone());
        registry.register("streams", "Open streams of blocks", m.streams.clone());
        drop(registry);
        metrics
    }
}

fn gauge(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl Metrics {
    /// An answer was given.
    pub(crate) fn answered(&self, route: &str, method: &str, status: u16, took: Duration) {
        let request = Request { route: route.to_owned(), method: method.to_owned(), status };
        self.requests.get_or_create(&request).observe(took.as_secs_f64());
    }

    /// An answer refused, with this code.
    pub(crate) fn refused(&self, code: &str) {
        self.refusals.get_or_create(&Refusal { code: code.to_owned() }).inc();
    }

    /// All counts as text. May wait for the disk.
    pub(crate) fn text(&self, engine: &Engine) -> String {
        let (height, time) = {
            let chain = engine.chain();
            (chain.height(), chain.ledger().tip().time)
        };
        self.height.set(height.into());
        self.block_time.set(gauge(time));
        let (count, bytes) = {
            let mempool = engine.mempool();
            (mempool.len(), mempool.bytes())
        };
        self.pending.set(i64::try_from(count).unwrap_or(i64::MAX));
        self.pending_bytes.set(i64::try_from(bytes).unwrap_or(i64::MAX));
        let counts = engine.verification().counts();
        for (outcome, count) in
            [("computed", &counts.checked), ("refused", &counts.refused), ("remembered", &counts.remembered)]
        {
            let label = Outcome { outcome: outcome.to_owned() };
            self.verifications.get_or_create(&label).set(gauge(count.load(Ordering::Relaxed)));
        }
        let troubles = engine.troubles();
        let parts = [
            ("storage", &troubles.storage),
            ("clock", &troubles.clock),
            ("sealing", &troubles.sealing),
            ("cosigning", &troubles.cosigning),
            ("following", &troubles.following),
            ("evidence", &troubles.evidence),
        ];
        for (part, trouble) in parts {
            self.works.get_or_create(&Part { part: part.to_owned() }).set(trouble.is_none().into());
        }
        let mut out = String::new();
        let registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        // Writing to a string does not fail.
        text::encode(&mut out, &registry).unwrap_or_default();
        out
    }
}
