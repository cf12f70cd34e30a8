use super::*;
use crate::testing::{key, quorum};

const GENESIS: GenesisHash = GenesisHash([7; 32]);
const BLOCK: BlockHash = BlockHash([8; 32]);

fn seals(numbers: &[u8]) -> Seals {
    let keys: Vec<_> = numbers.iter().map(|number| key(*number)).collect();
    Seals::sign(&GENESIS, BLOCK, &quorum(2, &[1, 2, 3]), &keys)
}

fn verify(seals: &Seals) -> Result<(), SealError> {
    seals.verify(&GENESIS, BLOCK, &quorum(2, &[1, 2, 3]))
}

#[test]
fn enough_authorities_make_a_block_final() {
    for numbers in [&[1, 2][..], &[2, 3], &[3, 1], &[1, 2, 3]] {
        let seals = seals(numbers);
        assert_eq!(verify(&seals), Ok(()));
        assert_eq!(Seals::from_bytes(&seals.to_bytes()), Ok(seals));
    }
}

/// Attacker: one authority who counts for two, a stranger, and whoever takes a seal from another block or chain.
#[test]
fn nothing_else_does() {
    assert_eq!(verify(&seals(&[])), Err(SealError::TooFew { needed: 2, found: 0 }));
    // Strangers are left out when signing, and one authority counts once.
    assert_eq!(verify(&seals(&[2, 2, 9])), Err(SealError::TooFew { needed: 2, found: 1 }));
    let good = seals(&[1, 2, 3]);
    assert_eq!(
        good.verify(&GENESIS, BlockHash([9; 32]), &quorum(2, &[1, 2, 3])),
        Err(SealError::Signature(0))
    );
    assert_eq!(
        good.verify(&GenesisHash([6; 32]), BLOCK, &quorum(2, &[1, 2, 3])),
        Err(SealError::Signature(0))
    );
    assert!(good.verify(&GENESIS, BLOCK, &quorum(2, &[1, 2, 4])).is_err());
    assert!(matches!(
        good.verify(&GENESIS, BLOCK, &quorum(2, &[1, 2])),
        Err(SealError::Nobody(2) | SealError::Signature(_))
    ));
    // A bad seal beside enough good ones is refused all the same.
    let bytes = good.to_bytes();
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        let held = Seals::from_bytes(&flipped).is_ok_and(|seals| verify(&seals).is_ok());
        assert!(!held, "byte {at}");
    }
}

#[test]
fn seals_ascend_by_authority() {
    let bytes = seals(&[1, 2]).to_bytes();
    let (one, two) = (&bytes[1..66], &bytes[66..]);
    for wrong in [[two, one], [one, one]] {
        let wrong = [&[2][..], &wrong.concat()].concat();
        assert_eq!(Seals::from_bytes(&wrong), Err(DecodeError::NotCanonical { what: "order of seals" }));
    }
    assert_eq!(Seals::from_bytes(&[33]), Err(DecodeError::OutOfRange { what: "number of seals" }));
}
