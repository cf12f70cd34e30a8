use louver_core::{
    disclosure::{NoteClaim, NoteWitness},
    encoding::{Decode, DecodeError, Encode, Reader, put_list},
    proof::Proof,
};

use super::{Item, Items, Package};
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
        (0..count).map(|_| Item::decode(reader)).collect::<Result<_, _>>().map(Self)
    }

    fn set_proofs(&mut self, proofs: Vec<Proof>) {
        for (item, proof) in self.0.iter_mut().zip(proofs) {
            item.proof = proof;
        }
    }
}

impl Encode for Package {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_secret_bytes());
    }
}
