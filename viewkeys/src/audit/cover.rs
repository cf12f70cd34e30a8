//! `[whole-block-decoys]`: the whole blocks that an audit asks for, and those among them that it only asks for so that nobody
//! learns where the account was paid, or paid.

use std::collections::BTreeSet;

use louver_core::{
    decoys,
    encoding::{Decode, DecodeError, Encode, Reader},
    secret::ExposeBytes as _,
};

use super::{Audit, AuditError, Chain};

/// A block with transactions of the granted epochs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Busy {
    pub(super) height: u32,
    pub(super) hash: [u8; 32],
    /// Whether the grant can read something in it that the compact block lacks.
    pub(super) wanted: bool,
}

impl Busy {
    /// How many bytes it has.
    pub(super) const LENGTH: usize = 37;
}

impl Encode for Busy {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.height.to_le_bytes());
        out.extend_from_slice(&self.hash);
        out.push(self.wanted.into());
    }
}

impl Decode for Busy {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { height: reader.u32()?, hash: reader.array()?, wanted: reader.flag()? })
    }
}

impl Audit {
    /// The same audit, which asks for no block but those that the grant can read something in: for a reader whose node is his
    /// own. Any other node would learn in which blocks the account was paid, or paid.
    #[must_use]
    pub fn without_decoys(self) -> Self {
        Self { without_decoys: true, ..self }
    }

    /// Whether the grant can read anything that compact blocks lack.
    pub(super) fn reads_whole_blocks(&self) -> bool {
        let directions = self.grant.scope().directions();
        directions.incoming || directions.outgoing
    }

    /// Chooses the whole blocks to ask for, once all blocks up to the tip were read.
    pub(super) fn choose_whole(&mut self) {
        let read = self.scan.chain.as_ref().map_or(0, Chain::height);
        if self.tip.is_none_or(|tip| read < tip) {
            return;
        }
        let busy = core::mem::take(&mut self.scan.busy);
        let heights: BTreeSet<u32> = busy.iter().map(|block| block.height).collect();
        let wanted: BTreeSet<u32> =
            busy.iter().filter(|block| block.wanted).map(|block| block.height).collect();
        let chosen = match self.without_decoys {
            true => wanted,
            false => decoys::choose(&wanted, &heights, &BTreeSet::new(), &self.grant.expose_bytes()),
        };
        self.scan.chosen.extend(busy.into_iter().filter(|block| chosen.contains(&block.height)));
    }

    /// Answers [`Ask::Whole`](super::Ask::Whole) where the node does not keep the block: goes on without it, and says whether
    /// the report would lack something then.
    ///
    /// # Errors
    /// [`AuditError::NotAsked`] if no whole block was asked for.
    pub fn pass_over(&mut self) -> Result<bool, AuditError> {
        let block = self.scan.chosen.pop_front().ok_or(AuditError::NotAsked)?;
        Ok(block.wanted)
    }
}
