//! Leaves, and the order of their values.

use crate::{
    encoding::{Decode, DecodeError, Encode, Reader},
    poseidon::{Domain, hash},
    spec::Fr,
};

/// A field element as an integer: ordered by its canonical big-endian bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ordered([u8; 32]);

impl Ordered {
    pub(super) const ZERO: Self = Self([0; 32]);

    /// The value with these first 32 bits, and one byte for all that follow.
    pub(super) fn join(start: u32, rest: u8) -> Self {
        let mut bytes = [rest; 32];
        bytes[..4].copy_from_slice(&start.to_be_bytes());
        Self(bytes)
    }

    /// The first 32 bits.
    pub(super) fn start(&self) -> u32 {
        let [b0, b1, b2, b3, ..] = self.0;
        u32::from_be_bytes([b0, b1, b2, b3])
    }

    /// The bytes whose order is the reverse.
    pub(super) fn complement(&self) -> [u8; 32] {
        self.0.map(|byte| !byte)
    }

    /// The upper and the lower 128 bits.
    fn halves(&self) -> [Fr; 2] {
        let (high, low) = self.0.split_at(16);
        [high, low].map(|half| {
            let mut wide = [0u8; 64];
            half.iter().rev().zip(&mut wide).for_each(|(byte, out)| *out = *byte);
            Fr::from_bytes_wide(&wide)
        })
    }
}

impl From<Fr> for Ordered {
    fn from(scalar: Fr) -> Self {
        let mut bytes = scalar.to_bytes();
        bytes.reverse();
        Self(bytes)
    }
}

/// The upper and the lower 128 bits of a field element.
pub fn halves(element: Fr) -> [Fr; 2] {
    Ordered::from(element).halves()
}

/// A leaf: a value of the set, and the next greater one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NullifierLeaf {
    value: Ordered,
    next: Ordered,
}

impl NullifierLeaf {
    /// The first leaf of a set without nullifiers: `(0, r - 1)`.
    pub(crate) const FIRST: Self = Self {
        value: Ordered::ZERO,
        // r - 1, big-endian.
        next: Ordered([
            0x73, 0xed, 0xa7, 0x53, 0x29, 0x9d, 0x7d, 0x48, 0x33, 0x39, 0xd8, 0x08, 0x09, 0xa1, 0xd8, 0x05,
            0x53, 0xbd, 0xa4, 0x02, 0xff, 0xfe, 0x5b, 0xfe, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00,
        ]),
    };

    pub(super) fn new(value: Ordered, next: Ordered) -> Self {
        Self { value, next }
    }

    pub(super) fn value(&self) -> Ordered {
        self.value
    }

    pub(super) fn next(&self) -> Ordered {
        self.next
    }

    /// Whether a value lies strictly between the leaf's two.
    pub fn encloses(&self, value: Fr) -> bool {
        let value = Ordered::from(value);
        self.value < value && value < self.next
    }

    /// The upper and the lower 128 bits of the value, and of the one that follows it.
    pub fn halves(&self) -> [[Fr; 2]; 2] {
        [self.value.halves(), self.next.halves()]
    }

    /// `H_imt(value_hi, value_lo, next_hi, next_lo)`: in halves of 128 bits, so that circuits compare them without
    /// taking them apart again.
    pub fn hash(&self) -> Fr {
        let [[value_hi, value_lo], [next_hi, next_lo]] = self.halves();
        hash(Domain::Snapshot, &[value_hi, value_lo, next_hi, next_lo])
    }
}

/// value 32 || next value 32, little-endian; the value is below the next one.
impl Encode for NullifierLeaf {
    fn encode(&self, out: &mut Vec<u8>) {
        for value in [self.value, self.next] {
            out.extend(value.0.iter().rev());
        }
    }
}

impl Decode for NullifierLeaf {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (value, next) = (reader.fr()?.into(), reader.fr()?.into());
        match value < next {
            true => Ok(Self { value, next }),
            false => Err(DecodeError::NotCanonical { what: "the order of a nullifier leaf's values" }),
        }
    }
}
