//! A light reader that follows 100,000 headers, every seal checked, and checks a chain proof: time of one core, and memory.

#![allow(clippy::unwrap_used, reason = "what fails here fails the comparison")]

use std::{
    fs,
    sync::LazyLock,
    time::{Duration, Instant},
};

use ed25519_dalek::SigningKey;
use louver_chain::{
    Header,
    commitment::{ListUse, list::Path},
    compact::{CompactEntry, CompactForm},
    development,
    inclusion::TRANSACTIONS,
    testing,
};
use louver_core::{
    encoding::{Decode, Encode},
    ledger::{Finality, Genesis, Quorum},
    spec::b32,
    tree::Frontier,
};
use louver_light::{ChainProof, Reader, SealedHeader, Step, chain_proof::Shown, reader::Advance};

const HEADERS: u32 = 100_000;
/// How many headers are served at a time.
const AT_A_TIME: u32 = 1_000;

struct Server {
    genesis: Genesis,
    authorities: Quorum,
    key: SigningKey,
    last: Option<Header>,
}

impl Server {
    fn new() -> Self {
        let genesis = testing::genesis();
        let Finality::Solo { authorities, .. } = genesis.terms().finality.clone();
        Self { genesis, authorities, key: development::authority_key(), last: None }
    }

    fn seal(&self, header: Header) -> SealedHeader {
        SealedHeader::sign(&self.genesis.hash(), header, &self.authorities, [&self.key])
    }

    /// The next steps, as a server sends them.
    fn serve(&mut self, count: u32) -> Vec<Vec<u8>> {
        let genesis = louver_chain::BlockHash(self.genesis.hash().0);
        (0..count)
            .map(|_| {
                let (height, previous) =
                    self.last.as_ref().map_or((1, genesis), |last| (last.height + 1, last.hash()));
                let header = testing::header(height, previous, &Frontier::empty());
                self.last = Some(header.clone());
                Step { sealed: self.seal(header), history: None, rotation: None }.to_bytes()
            })
            .collect()
    }
}

/// Seconds that this thread has had; where the system does not tell, by the clock.
fn processor_time() -> f64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split_whitespace().next()?.parse().ok());
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos).as_secs_f64()
}

/// The most memory that this process ever had, in megabytes, where the system tells.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes / 1024)
}

/// A proof of an operation in a block of 1,000, under a head of height 2^31.
fn proof(server: &Server) -> ChainProof {
    let leaf = |number: u32| CompactEntry {
        form: CompactForm::Transparent,
        full: b32(b"Full", &[&number.to_le_bytes()]),
    };
    let entries: Vec<_> = (0..1000).map(leaf).collect();
    let leaves: Vec<_> = entries.iter().map(|entry| entry.leaf().hash()).collect();
    let mut block = testing::header(7, louver_chain::BlockHash([1; 32]), &Frontier::empty());
    block.transactions_root = TRANSACTIONS.root(&leaves);
    let place = TRANSACTIONS.path(&leaves, 500).unwrap();
    // Every hash beside the way may be any, as long as the root is the one that they make.
    let height = 1u32 << 31;
    let siblings: Vec<[u8; 32]> = (0..31).map(|level| [level; 32]).collect();
    let node = ListUse { node: b"LouverHistNode", root: b"LouverHistRoot" };
    let mut hash = b32(b"LouverHistLeaf", &[&7u32.to_le_bytes(), &block.hash().0]);
    for (level, sibling) in siblings.iter().enumerate() {
        hash = if 7 >> level & 1 == 0 { node.node(&hash, sibling) } else { node.node(sibling, &hash) };
    }
    let mut head = testing::header(height, louver_chain::BlockHash([2; 32]), &Frontier::empty());
    head.history_root = b32(b"LouverHistRoot", &[&u64::from(height).to_le_bytes(), &hash]);
    let history = Some(Path::new(7, height.into(), siblings).unwrap());
    let shown = Shown::Compact(entries[500].clone());
    ChainProof { shown, place, block, history, head: server.seal(head) }
}

fn main() {
    let mut server = Server::new();
    let mut reader = Reader::of_keys(&server.genesis, 1_700_000_000);
    let mut seconds = 0.0;
    for _ in 0..HEADERS / AT_A_TIME {
        let served = server.serve(AT_A_TIME);
        let before = processor_time();
        for bytes in served {
            let step = Step::from_bytes(&bytes).unwrap();
            let now = step.sealed.header.time;
            assert_eq!(reader.advance(step, now), Ok(Advance::Moved));
        }
        seconds += processor_time() - before;
    }
    assert_eq!(reader.head().height, HEADERS);
    let peak = peak().map_or("-".to_owned(), |megabytes| megabytes.to_string());
    println!("{HEADERS} headers, every seal checked: {seconds:.2} s, {peak} MB at most, server included");
    println!("the reader keeps {} bytes", reader.to_bytes().len());

    let proof = proof(&server);
    let bytes = proof.to_bytes();
    let before = processor_time();
    for _ in 0..1000 {
        let read = ChainProof::from_bytes(&bytes).unwrap();
        read.verify_by_keys(&server.genesis.hash(), &server.authorities).unwrap();
    }
    // A thousand of them take as many seconds as one takes milliseconds.
    let each = processor_time() - before;
    println!("a chain proof of {} bytes: {each:.3} ms", bytes.len());
}
