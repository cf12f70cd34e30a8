//! Hashing to the second group.

use blst::{blst_hash_to_g2, blst_p2};

use super::group::{G2, G2Affine};

/// The point of the subgroup that a message hashes to, `hash_to_curve` of RFC 9380 in the suite
/// `BLS12381G2_XMD:SHA-256_SSWU_RO_`, under a tag that sets its use apart from others. Nobody knows its logarithm.
pub(crate) fn hash_to_g2(message: &[u8], tag: &[u8]) -> G2Affine {
    let mut point = blst_p2::default();
    // SAFETY: reads two slices by their lengths, and nothing of the third, whose length is 0; writes a point of ours.
    unsafe {
        blst_hash_to_g2(
            &mut point,
            message.as_ptr(),
            message.len(),
            tag.as_ptr(),
            tag.len(),
            core::ptr::null(),
            0,
        );
    }
    G2(point).to_affine()
}
