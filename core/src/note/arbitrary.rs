//! Strategies for property tests.

use proptest::prelude::*;

use super::{Memo, MemoBucket, Note, NoteParts, Nullifier};
use crate::{asset::AssetId, keys::arbitrary::arb_address, secret::Secret, spec::to_fr, value::Value};

/// A registered asset's id, as far as a note can tell.
pub fn arb_asset() -> impl Strategy<Value = AssetId> {
    (1..1u64 << 56).prop_filter_map("56 bits", AssetId::new)
}

/// Any nullifier.
pub fn arb_nullifier() -> impl Strategy<Value = Nullifier> {
    (any::<[u8; 32]>(), any::<[u8; 32]>()).prop_filter_map("not a reserved one", |(low, high)| {
        let mut wide = [0; 64];
        wide[..32].copy_from_slice(&low);
        wide[32..].copy_from_slice(&high);
        Nullifier::from_scalar(to_fr(&wide))
    })
}

/// Any note to any address.
pub fn arb_note() -> impl Strategy<Value = Note> {
    (arb_address(), arb_asset(), any::<u64>(), 0u8..16, arb_nullifier(), any::<[u8; 32]>()).prop_map(
        |(to, asset, value, index, rho, rseed)| {
            let value = Value(value);
            Note::from_parts(NoteParts { to, asset, value, index, rho, rseed: Secret::new(rseed) })
                .expect("an asset")
        },
    )
}

/// Any memo that fits a bucket.
pub fn arb_memo(bucket: MemoBucket) -> impl Strategy<Value = Memo> {
    prop::collection::vec(any::<u8>(), 0..=bucket.capacity())
        .prop_filter_map("within the bucket", |content| Memo::new(&content).ok())
}
