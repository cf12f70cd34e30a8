//! Hashing to the second group.

use blst::{blst_hash_to_g2, blst_p2};

use super::group::{G2, G2Affine, Group};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::curve::Affine;

    /// RFC 9380, appendix J.10.1: the `x` of the hash of the empty message, its second coordinate first.
    #[test]
    fn the_published_vector() {
        let point = hash_to_g2(b"", b"QUUX-V01-CS02-with-BLS12381G2_XMD:SHA-256_SSWU_RO_");
        let mut x = point.to_compressed();
        x[0] &= 0x1f;
        let expected = "05cb8437535e20ecffaef7752baddf98034139c38452458baeefab379ba13dff5bf5dd71b72418717047f5b0f37da03d\
                        0141ebfbdca40eb85b87142e130ab689c673cf60f1a3e98d69335266f30d9b8d4ac44c1038e9dcdd5393faf5c41fb78a";
        assert_eq!(hex::encode(x), expected);
        assert!(point.in_subgroup() && point != hash_to_g2(b"", b"another tag"));
    }
}
