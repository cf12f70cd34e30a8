//! Every decoder of ours, as a function that takes any bytes.
//!
//! Each checks that what decodes encodes to the very same bytes, and tells whether the bytes were accepted. An ordinary
//! test runs them over [seeds](Decoder::seeds) and mutations; the fuzz target of the same name runs them under libFuzzer.

use louver_core::{
    asset::{AssetDescriptor, AssetId},
    encoding::{Decode, Encode, point_bytes, subgroup_point_from_bytes},
    shape::Shape,
};

/// A decoder under test.
pub struct Decoder {
    /// Its name, which is its fuzz target's.
    pub name: &'static str,
    /// Decodes, checks, and tells if the bytes were accepted.
    pub run: fn(&[u8]) -> bool,
    /// Bytes that it accepts, to start from.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All of them.
pub const ALL: &[Decoder] = &[
    Decoder { name: "descriptor", run: descriptor, seeds: seeds::descriptor },
    Decoder { name: "point", run: point, seeds: seeds::point },
    Decoder { name: "shape", run: shape, seeds: seeds::shape },
];

fn round_trip<T: Encode + Decode>(bytes: &[u8]) -> bool {
    let Ok(value) = T::from_bytes(bytes) else { return false };
    assert_eq!(value.to_bytes(), bytes, "what decodes encodes to the same bytes");
    true
}

/// An asset's descriptor.
pub fn descriptor(bytes: &[u8]) -> bool {
    round_trip::<AssetDescriptor>(bytes)
}

/// A point of the prime-order subgroup.
pub fn point(bytes: &[u8]) -> bool {
    let Ok(bytes) = <[u8; 32]>::try_from(bytes) else { return false };
    let Ok(point) = subgroup_point_from_bytes(&bytes) else { return false };
    assert_eq!(point_bytes(&point), bytes, "what decodes encodes to the same bytes");
    true
}

/// A shape's code.
pub fn shape(bytes: &[u8]) -> bool {
    round_trip::<Shape>(bytes)
}

mod seeds;
