//! A node that lies to an auditor about the chain. The blocks are the real node's; the lies are made on the way.

use louver_chain::{BlockHash, Header, compact::CompactBlock};
use louver_core::encoding::{Decode, Encode};
use louver_viewkeys::{
    audit::{Ask, Audit, WholeBlock},
    grant::Grant,
};
use pollster::block_on;

use super::answer;
use crate::{
    audit::ledger::Ledger,
    demo::{
        play::Play,
        stage::{Answer, Forgery},
    },
    exit::Failure,
};

/// Lies of a node to the holder of a grant.
pub(super) const FORGERIES: [Forgery; 7] = [
    Forgery { rule: "scan-order", by: "reader", name: "a node leaves a block out" },
    Forgery { rule: "scan-chain", by: "reader", name: "a node goes on with a block of another chain" },
    Forgery {
        rule: "scan-time",
        by: "reader",
        name: "a node turns the chain's clock back, to hide a month's end",
    },
    Forgery { rule: "scan-tree", by: "reader", name: "a node states another tree, to hide leaves" },
    Forgery { rule: "scan-two", by: "reader", name: "a node serves another block when the memos are read" },
    Forgery { rule: "scan-behind", by: "reader", name: "a node takes back blocks that were read" },
    Forgery { rule: "scan-asked", by: "reader", name: "a node tells a time that nobody asked for" },
];

impl Play {
    /// Every lie is told to an honest audit, which goes on afterwards as if nothing had been said.
    pub(super) fn ask_a_lying_node(
        &self,
        ledger: &Ledger,
        grant: Grant,
    ) -> Result<Vec<(&'static str, Answer)>, Failure> {
        let connection = self.client.connection();
        let tip = self.client.advance()?.height;
        let blocks = block_on(connection.compact_blocks(1..=tip))?;
        let mut audit = ledger.begin(grant);
        audit.learn_tip(tip).map_err(Failure::expectation)?;
        while let Ask::Time { height } = audit.next() {
            let time = place(height).and_then(|place| blocks.get(place)).map(|block| block.header().time);
            audit.learn_time(time.unwrap_or_default()).map_err(Failure::expectation)?;
        }
        let [first, second, ..] = &blocks[..] else { return Err(Failure::expectation("two blocks")) };
        let last = blocks.last().unwrap_or(second);
        let asked = answer(audit.learn_time(0));
        let order = answer(audit.read(second));
        audit.read(first).map_err(Failure::expectation)?;
        let chain = altered(second, |header| header.previous = BlockHash([9; 32]))?;
        let time = altered(second, |header| header.time = 1)?;
        let tree = altered(second, |header| header.anchor = last.header().anchor)?;
        let [chain, time, tree] = [chain, time, tree].map(|block| answer(audit.read(&block)));
        for block in blocks.iter().skip(1) {
            audit.read(block).map_err(Failure::expectation)?;
        }
        let behind = answer(audit.learn_tip(1));
        let two = answer(other_block(&mut audit));
        Ok(vec![
            ("scan-order", order),
            ("scan-chain", chain),
            ("scan-time", time),
            ("scan-tree", tree),
            ("scan-two", two),
            ("scan-behind", behind),
            ("scan-asked", asked),
        ])
    }
}

/// The place of a block in the list of all.
fn place(height: u32) -> Option<usize> {
    usize::try_from(height).ok()?.checked_sub(1)
}

/// A block with another header. Its transactions are still those that the header binds.
fn altered(block: &CompactBlock, change: impl FnOnce(&mut Header)) -> Result<CompactBlock, Failure> {
    let mut header = block.header().clone();
    change(&mut header);
    let bytes = [&header.to_bytes()[..], block.to_bytes().get(Header::BYTES..).unwrap_or_default()].concat();
    CompactBlock::from_bytes(&bytes).map_err(Failure::input)
}

/// Serves an empty block of another hash for the first one that is wanted whole.
fn other_block(audit: &mut Audit) -> Result<(), louver_viewkeys::audit::AuditError> {
    let Ask::Whole { height } = audit.next() else { return Ok(()) };
    audit.read_whole(&WholeBlock { height, hash: [9; 32], time: 0, transactions: &[] })
}
