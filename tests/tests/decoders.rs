//! Decoders over seeds and mutations of them: no panic, no second encoding, no unfounded allocation.

use louver_tests::decoders::ALL;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;

/// How many mutations a seed goes through: fewer if it is long.
fn rounds(seed: &[u8]) -> usize {
    (200_000 / seed.len().max(1)).clamp(50, 3_000)
}

#[test]
fn every_decoder_has_a_name_of_its_own() {
    let mut names: Vec<&str> = ALL.iter().map(|decoder| decoder.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), ALL.len());
}

#[test]
fn every_decoder_accepts_its_seeds() {
    for decoder in ALL {
        let seeds = (decoder.seeds)();
        assert!(!seeds.is_empty(), "{}", decoder.name);
        for (index, seed) in seeds.iter().enumerate() {
            assert!((decoder.run)(seed), "{} refuses its seed {index}", decoder.name);
        }
    }
}

#[test]
fn no_decoder_accepts_a_prefix_or_a_trailing_byte() {
    for decoder in ALL {
        for seed in (decoder.seeds)() {
            let longer = [&seed[..], &[0]].concat();
            assert!(!(decoder.run)(&longer), "{} accepts a trailing byte", decoder.name);
            for length in (0..seed.len()).step_by(1 + seed.len() / 200) {
                assert!(!(decoder.run)(&seed[..length]), "{} accepts {length} bytes of a seed", decoder.name);
            }
        }
    }
}

#[test]
fn mutations_neither_panic_nor_encode_otherwise() {
    for decoder in ALL {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let seeds = (decoder.seeds)();
        for seed in &seeds {
            for _ in 0..rounds(seed) {
                let mut bytes = seed.clone();
                for _ in 0..rng.random_range(1..4) {
                    mutate(&mut bytes, &seeds, &mut rng);
                }
                (decoder.run)(&bytes);
            }
        }
    }
}

/// One change of the kinds that decoders get wrong.
fn mutate(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], rng: &mut impl Rng) {
    let at = rng.random_range(0..=bytes.len());
    match rng.random_range(0..7) {
        0 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << rng.random_range(0..8);
            }
        }
        1 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = rng.random();
            }
        }
        2 => bytes.truncate(at),
        3 => bytes.insert(at, rng.random()),
        4 => {
            // Counts and lengths of 2^16 - 1, 2^32 - 1 and more.
            let end = bytes.len().min(at + [2, 4, 8][rng.random_range(0..3)]);
            bytes[at..end].fill(0xff);
        }
        5 => {
            // A field element or a point above its modulus, or zero.
            let end = bytes.len().min(at + 32);
            bytes[at..end].fill(if rng.random() { 0 } else { 0xff });
        }
        _ => {
            let other = &seeds[rng.random_range(0..seeds.len())];
            let from = rng.random_range(0..=other.len());
            bytes.truncate(at);
            bytes.extend_from_slice(&other[from..]);
        }
    }
}
