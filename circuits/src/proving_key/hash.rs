use louver_core::spec::b32;
use rayon::prelude::*;

/// The file is hashed in parts of this many bytes.
const PART: usize = 1 << 16;
/// One thread hashes this many parts side by side.
const SIDE_BY_SIDE: usize = 8;

/// `[proving-key-hash]`: the hash of a proving key's file, by which it is pinned. The file is cut into parts of 64 KiB,
/// the last as long as it happens to be: BLAKE2b-256, personalised `LouverKeyParts`, of their hashes, each BLAKE2b-256
/// personalised `LouverKeyPart`. Parts are hashed side by side and on all cores: 7 MB take 3 ms, where one hash
/// over all takes 7.
pub fn hash(bytes: &[u8]) -> [u8; 32] {
    let mut params = blake2b_simd::Params::new();
    params.hash_length(32).personal(b"LouverKeyPart\0\0\0");
    let several = bytes.par_chunks(SIDE_BY_SIDE * PART).map(|several| {
        let jobs = several.chunks(PART).map(|part| blake2b_simd::many::HashManyJob::new(&params, part));
        let mut jobs: Vec<_> = jobs.collect();
        blake2b_simd::many::hash_many(jobs.iter_mut());
        jobs.iter().flat_map(|job| job.to_hash().as_bytes().to_vec()).collect::<Vec<u8>>()
    });
    b32(b"LouverKeyParts", &[&several.collect::<Vec<_>>().concat()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_hashes_of_parts() {
        let bytes: Vec<u8> = (0..251).cycle().take(11 * PART + 17).collect();
        for length in [0, 1, PART - 1, PART, PART + 1, 8 * PART, 9 * PART, bytes.len()] {
            let bytes = &bytes[..length];
            let parts: Vec<[u8; 32]> =
                bytes.chunks(PART).map(|part| b32(b"LouverKeyPart", &[part])).collect();
            assert_eq!(hash(bytes), b32(b"LouverKeyParts", &[&parts.concat()]), "{length}");
        }
    }
}
