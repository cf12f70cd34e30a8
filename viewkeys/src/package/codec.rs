use std::collections::HashSet;

use louver_core::{
    disclosure::{NoteClaim, NoteWitness},
    encoding::{Decode, DecodeError, Encode, Reader, put_list},
    proof::Proof,
    transaction::TxId,
};

use super::{Detail, Item, Items, Package};
use crate::signed::{About, Body};

/// No item is shorter, in bytes.
const LEAST_ITEM: usize = 231;
/// None is longer.
const LARGEST_ITEM: usize = 360;

impl Body for Items {
    const MAGIC: &'static [u8; 8] = b"LVDISCL\x03";
    const IS_SECRET: bool = false;
    const MAX_BYTES: usize = 1 << 24;
    type Statement = (NoteClaim, NoteWitness);

    fn size_bound(&self) -> usize {
        4 + self.0.len() * LARGEST_ITEM
    }

    fn put(&self, out: &mut Vec<u8>) {
        put_list(out, &self.0);
    }

    fn read(reader: &mut Reader<'_>, _: &About) -> Result<Self, DecodeError> {
        let count = reader.count(LEAST_ITEM)?;
        if count == 0 {
            return Err(DecodeError::OutOfRange { what: "number of items" });
        }
        let items = (0..count).map(|_| Item::decode(reader)).collect::<Result<_, _>>().map(Self)?;
        items.check().map(|()| items).map_err(|fault| match fault {
            Fault::TooMany => DecodeError::OutOfRange { what: "number of transactions" },
            Fault::Repeated => DecodeError::NotCanonical { what: "an output that is shown twice" },
        })
    }

    fn set_proofs(&mut self, proofs: Vec<Proof>) {
        for (item, proof) in self.0.iter_mut().zip(proofs) {
            item.proof = proof;
        }
    }
}

/// Why items are not those of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// They are of more transactions than a reader looks up.
    TooMany,
    /// Two show the same.
    Repeated,
}

impl Items {
    /// The most transactions that a package names: its reader asks for the block of each.
    pub const MOST_TRANSACTIONS: usize = 1 << 14;

    /// Checks that nothing is shown twice, and that nobody is sent through the whole chain to look it up.
    pub(super) fn check(&self) -> Result<(), Fault> {
        let mut transactions = HashSet::new();
        let mut shown = HashSet::new();
        for item in &self.0 {
            transactions.insert((item.height, item.txid));
            if !shown.insert(item.place()) {
                return Err(Fault::Repeated);
            }
        }
        match transactions.len() <= Self::MOST_TRANSACTIONS {
            true => Ok(()),
            false => Err(Fault::TooMany),
        }
    }
}

impl Item {
    /// The thing that it shows: an output, or the public side of a transaction.
    pub(super) fn place(&self) -> (TxId, Option<u8>) {
        (self.txid, (self.detail() != Detail::Crossing).then_some(self.output))
    }
}

impl Encode for Package {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_secret_bytes());
    }
}
