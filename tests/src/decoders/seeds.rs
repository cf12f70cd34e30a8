//! Bytes that each decoder accepts.

use group::Group;

use super::{AssetDescriptor, AssetId, Encode, Shape, point_bytes};

pub(super) fn descriptor() -> Vec<Vec<u8>> {
    [("EURX", 2, &b"0xfeed"[..]), ("0123456789ABCDEF", 18, &[7; 64]), ("A", 0, b"")]
        .into_iter()
        .filter_map(|(symbol, decimals, host)| {
            AssetDescriptor::new(AssetId::new(1)?, symbol, decimals, [3; 32], host).ok()
        })
        .map(|descriptor| descriptor.to_bytes())
        .collect()
}

pub(super) fn point() -> Vec<Vec<u8>> {
    let generator = jubjub::SubgroupPoint::generator();
    vec![point_bytes(&generator).to_vec(), point_bytes(&-generator).to_vec()]
}

pub(super) fn shape() -> Vec<Vec<u8>> {
    Shape::ALL.iter().map(Encode::to_bytes).collect()
}
