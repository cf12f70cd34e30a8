//! The seals of blocks, as a host makes them and gives them out: kept beside the blocks.
//!
//! A block is sealed only after it is durable, so seals are written apart from it, and no block's undo takes them back.

use louver_core::{
    encoding::Decode,
    store::{Batch, KeyRange, Store, StoreError, Table, record::height_of},
};

use crate::{Chain, ChainError, Header, ProposedBlock, chain::COMPACT};

/// height (u32, big-endian) -> the seals of the block.
const SEALS: Table = Table("chain.seals");
/// height (u32, big-endian), of blocks that change the authorities -> the change.
const ROTATIONS: Table = Table("chain.rotations");

fn records(height: u32, seals: &[u8], rotation: Option<&[u8]>) -> Batch {
    let (mut batch, key) = (Batch::default(), height.to_be_bytes());
    batch.put(SEALS, &key, seals);
    if let Some(rotation) = rotation {
        batch.put(ROTATIONS, &key, rotation);
    }
    batch
}

impl ProposedBlock {
    /// The block with the seals that it came with: they are written with it. For a block that was sealed elsewhere.
    #[must_use]
    pub fn sealed(mut self, seals: &[u8], rotation: Option<&[u8]>) -> Self {
        let height = self.block().header().height;
        self.add_beside(records(height, seals, rotation));
        self
    }
}

impl<S: Store> Chain<S> {
    /// Keeps the seals of a block and, if it changes the authorities, the change; both in the host's own encoding.
    ///
    /// # Errors
    /// [`ChainError::Ledger`] if the store fails. Nothing is kept then, unless the store says otherwise once it works again.
    pub fn keep_seals(
        &mut self,
        height: u32,
        seals: &[u8],
        rotation: Option<&[u8]>,
    ) -> Result<(), ChainError> {
        Ok(self.write_beside(&records(height, seals, rotation))?)
    }

    /// The seals of a block, as they were kept.
    ///
    /// # Errors
    /// Those of the store.
    pub fn seals(&self, height: u32) -> Result<Option<Vec<u8>>, StoreError> {
        self.ledger().store().get(SEALS, &height.to_be_bytes())
    }

    /// The change of authorities in a block, as it was kept.
    ///
    /// # Errors
    /// Those of the store.
    pub fn rotation(&self, height: u32) -> Result<Option<Vec<u8>>, StoreError> {
        self.ledger().store().get(ROTATIONS, &height.to_be_bytes())
    }

    /// The heights of the blocks after one that change the authorities, ascending, at most `limit`.
    ///
    /// # Errors
    /// Those of the store.
    pub fn rotations_after(&self, height: u32, limit: usize) -> Result<Vec<u32>, StoreError> {
        let Some(first) = height.checked_add(1) else { return Ok(Vec::new()) };
        let range = KeyRange { from: &first.to_be_bytes(), until: None, limit };
        let found = self.ledger().store().scan(ROTATIONS, range)?;
        found.iter().map(|(key, _)| height_of(ROTATIONS, key)).collect()
    }

    /// The header of a block, from 1 on.
    ///
    /// # Errors
    /// [`ChainError::Damaged`] if it does not decode; [`ChainError::Store`].
    pub fn header(&self, height: u32) -> Result<Option<Header>, ChainError> {
        let Some(bytes) = self.ledger().store().get(COMPACT, &height.to_be_bytes())? else { return Ok(None) };
        let header = Header::from_bytes(bytes.get(..Header::BYTES).unwrap_or_default());
        header.map(Some).map_err(|source| ChainError::Damaged { height, source })
    }
}
