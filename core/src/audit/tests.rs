use super::*;
use crate::{note::packed, stuck::Stuck};

fn key(secret: u64) -> AuditorKey {
    AuditorKey(spend_base() * Fj::from(secret))
}

fn transaction(nf_0: u64) -> AuditedTransaction {
    AuditedTransaction { rk: [4; 32], nf_0: Nullifier::from_scalar(Fr::from(nf_0)).unwrap() }
}

fn plaintext(value: u64) -> AuditPlaintext {
    let output = |index: u8| AuditedOutput {
        tau: Fr::from(100 + u64::from(index)),
        m: packed(index, Epoch(7), AssetId::new(2).unwrap(), Value(value)),
    };
    AuditPlaintext {
        aid: Fr::from(9),
        outputs: (0..3).map(output).collect(),
        inputs: vec![NoteCommitment::from_scalar(Fr::from(31)), NoteCommitment::from_scalar(Fr::from(32))],
    }
}

fn encrypt(key: &AuditorKey, of: &AuditedTransaction, plaintext: &AuditPlaintext) -> AuditCiphertext {
    let s = draw_secret(key, of, plaintext, &mut Stuck);
    AuditCiphertext::encrypt(key, of, plaintext, &s).unwrap()
}

#[test]
fn the_holder_of_the_key_reads_what_was_said() {
    let (secret, of, said) = (5u64, transaction(50), plaintext(1_000));
    let ciphertext = encrypt(&key(secret), &of, &said);
    let ciphertext = AuditCiphertext::from_bytes(&ciphertext.to_bytes()).unwrap();
    let open = |secret: u64, nf_0| {
        let shared = SharedSecret::new(&(ciphertext.epk() * Fj::from(secret))).unwrap();
        ciphertext.decrypt(&shared, nf_0, 2).unwrap()
    };
    let opened = open(secret, of.nf_0);
    assert!(opened == said);
    let contents = opened.outputs[2].contents();
    assert_eq!(contents, Some((2, Epoch(7), AssetId::new(2).unwrap(), Value(1_000))));
    // With another key or for another transaction it is noise, which is not even the contents of a note.
    for noise in [open(6, of.nf_0), open(secret, transaction(51).nf_0)] {
        assert!(noise.aid != said.aid && noise.outputs[0].contents().is_none());
    }
    assert_eq!(format!("{said:?}"), "AuditPlaintext(..)");
}

/// Attacker: whoever holds two ciphertexts under one keystream: their difference is that of the plaintexts. He gains nothing if
/// the generator of a wallet repeats itself.
#[test]
fn a_generator_that_repeats_itself_makes_no_two_time_pad() {
    let said = plaintext(1_000);
    let one = encrypt(&key(5), &transaction(50), &said);
    for (key, of, plaintext) in [
        (key(5), transaction(50), plaintext(1_001)),
        (key(5), transaction(51), said.clone()),
        (key(6), transaction(50), said.clone()),
        (key(5), AuditedTransaction { rk: [5; 32], ..transaction(50) }, said.clone()),
    ] {
        let other = encrypt(&key, &of, &plaintext);
        assert_ne!(one.epk(), other.epk());
        let stream = |ciphertext: &AuditCiphertext, said: &AuditPlaintext| -> Vec<Fr> {
            ciphertext.body().iter().zip(said.elements().iter()).map(|(c, p)| c - p).collect()
        };
        assert!(stream(&one, &said).iter().all(|key| !stream(&other, &plaintext).contains(key)));
    }
    // The very same transaction is encrypted the same way, which says nothing new.
    assert_eq!(encrypt(&key(5), &transaction(50), &said), one);
    // No element of a keystream comes twice.
    let shared = SharedSecret::new(&key(5).to_point()).unwrap();
    let stream = shared.keystream(transaction(50).nf_0, 19);
    assert!((0..19).all(|at| !stream[at + 1..].contains(&stream[at])));
}

/// Attacker: a payer whose `epk` is of small order, so that everybody knows `S`, or auditors cannot compute it.
#[test]
fn small_order_and_zero_are_refused() {
    let (of, said) = (transaction(50), plaintext(1));
    assert!(AuditCiphertext::encrypt(&key(5), &of, &said, &Secret::new(Fj::zero())).is_none());
    let mut bytes = encrypt(&key(5), &of, &said).to_bytes();
    for point in [[0; 32], {
        let mut one = [0; 32];
        one[0] = 1;
        one
    }] {
        bytes[..32].copy_from_slice(&point);
        assert_eq!(AuditCiphertext::from_bytes(&bytes), Err(DecodeError::SmallOrder));
        assert_eq!(AuditorKey::from_bytes(&point), Err(DecodeError::SmallOrder));
    }
    assert!(SharedSecret::new(&group::Group::identity()).is_none());
}

#[test]
fn a_ciphertext_of_another_length_is_not_opened() {
    let of = transaction(50);
    let ciphertext = encrypt(&key(5), &of, &plaintext(1));
    let shared = SharedSecret::new(&(ciphertext.epk() * Fj::from(5))).unwrap();
    for inputs in [1, 3, 9, 200] {
        assert!(ciphertext.decrypt(&shared, of.nf_0, inputs).is_err(), "{inputs}");
    }
    let bytes = ciphertext.to_bytes();
    for length in 0..bytes.len() {
        assert!(AuditCiphertext::from_bytes(&bytes[..length]).is_err());
    }
}
