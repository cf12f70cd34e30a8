use ed25519_dalek::{Signer, SigningKey};
use louver_core::{
    encoding::point_bytes,
    ledger::Genesis,
    spec::{Fj, spend_base},
};

use super::*;
use crate::testing::{auditor_entry, genesis, person};

const PEOPLE: [u8; 3] = [41, 42, 43];
/// purpose || threshold || count || keys
const TERMS: usize = 32 + 1 + 1 + 3 * 32;
/// count || coefficients || proof, before the signature of a member
const PART: usize = 1 + 2 * 32 + 64;

/// Two of three, as key 1 of the chain here.
fn honest() -> AuditorEntry {
    auditor_entry(&genesis(), 1, 2, &PEOPLE)
}

fn verify(entry: &AuditorEntry) -> Result<GroupKey, AuditorEntryError> {
    entry.verify(&genesis().hash(), genesis().terms().pool, 1)
}

/// Where the part of a member begins, from 0 on.
fn part(member: usize) -> usize {
    TERMS + member * (PART + 64)
}

/// The members, in the order of their numbers.
fn signers() -> Vec<SigningKey> {
    let mut signers = PEOPLE.map(person).to_vec();
    signers.sort_by_key(|signer| signer.verifying_key().to_bytes());
    signers
}

/// An entry with other bytes, under which all members sign anew.
fn signed_anew(entry: &AuditorEntry, alter: impl FnOnce(&mut Vec<u8>)) -> AuditorEntry {
    let mut altered = entry.clone();
    alter(&mut altered.entry);
    let parts = (0..3).flat_map(|member| altered.entry[part(member)..][..PART].to_vec());
    let transcript: Vec<u8> = altered.entry[..TERMS].iter().copied().chain(parts).collect();
    let message = b32(b"LouverFrostDone", &[&b32(b"LouverFrostTrans", &[&transcript])]);
    for (member, signer) in signers().iter().enumerate() {
        altered.entry[part(member) + PART..][..64].copy_from_slice(&signer.sign(&message).to_bytes());
    }
    altered
}

#[test]
fn an_entry_shows_the_key_and_its_threshold() {
    let entry = honest();
    let group = verify(&entry).unwrap();
    assert_eq!((group.terms().threshold(), group.terms().size()), (2, 3));
    assert_eq!(verify(&signed_anew(&entry, |_| ())), Ok(group));
    assert_eq!(AuditorEntry::from_bytes(&entry.to_bytes()), Ok(entry));
}

/// Attacker: guardians who enter a key that a committee generated for another chain, pool or number, whose members then open what they
/// never meant to; or who name other people to its members' keys.
#[test]
fn a_key_counts_for_the_chain_pool_and_number_that_it_was_generated_for() {
    let (entry, chain) = (honest(), genesis());
    let (hash, pool) = (chain.hash(), chain.terms().pool);
    let refused = Err(AuditorEntryError::OtherPurpose);
    assert_eq!(entry.verify(&GenesisHash([9; 32]), pool, 1), refused);
    assert_eq!(entry.verify(&hash, PoolId(pool.0 + 1), 1), refused);
    assert_eq!(entry.verify(&hash, pool, 2), refused);
    let renamed = AuditorEntry { roster: [4; 32], ..entry.clone() };
    assert_eq!(verify(&renamed), refused);
    // Another chain's own entry, taken over with its members' signatures.
    let mut terms = chain.terms().clone();
    terms.chain = "another".to_owned();
    let elsewhere = auditor_entry(&Genesis::new(terms).unwrap(), 1, 2, &PEOPLE);
    assert_eq!(verify(&elsewhere), refused);
    // The purpose alone does not help: the members' proofs and signatures are for the other one.
    let mut moved = elsewhere;
    moved.entry[..32].copy_from_slice(&entry.entry[..32]);
    assert_eq!(verify(&moved), Err(KeygenError::Possession(1).into()));
}

/// Attacker: guardians and some members who enter a key that another member did not agree to, by leaving its signature out or having
/// one of them sign twice.
#[test]
fn every_member_signs_once() {
    let entry = honest();
    let mut short = entry.clone();
    short.entry.truncate(part(2) + PART);
    assert_eq!(verify(&short), Err(AuditorEntryError::Encoding(DecodeError::UnexpectedEnd { missing: 64 })));
    let mut twice = entry.clone();
    let first = twice.entry[part(0) + PART..][..64].to_vec();
    twice.entry[part(1) + PART..][..64].copy_from_slice(&first);
    assert_eq!(verify(&twice), Err(KeygenError::Signature(2).into()));
    let mut nobody = entry;
    nobody.entry[part(1) + PART..][..64].fill(0);
    assert_eq!(verify(&nobody), Err(KeygenError::Signature(2).into()));
}

/// Attacker: a committee that shows payers a higher threshold than its key has, or calls one member a committee.
#[test]
fn the_threshold_is_the_one_that_all_members_committed_to() {
    let entry = honest();
    for (threshold, missing) in [(3, false), (1, true)] {
        let other = signed_anew(&entry, |bytes| bytes[32] = threshold);
        match verify(&other).unwrap_err() {
            AuditorEntryError::Encoding(_) => assert!(missing),
            error => assert_eq!(error, KeygenError::Threshold(1).into()),
        }
    }
}

/// Attacker: all members together, or the guardians, who enter somebody else's key, so that he opens what they seem to hold; a member
/// whose part of the key everybody knows.
#[test]
fn the_key_is_the_members_own() {
    let entry = honest();
    let own = verify(&entry).unwrap();
    let strangers = point_bytes(&(spend_base() * Fj::from(77) - own.key()));
    let rogue = signed_anew(&entry, |bytes| bytes[part(2) + 1..][..32].copy_from_slice(&strangers));
    assert_eq!(verify(&rogue), Err(KeygenError::Possession(3).into()));
    let mut identity = [0; 32];
    identity[0] = 1;
    for point in [identity, [0; 32], [0xff; 32]] {
        let known = signed_anew(&entry, |bytes| bytes[part(2) + 1..][..32].copy_from_slice(&point));
        assert!(matches!(verify(&known), Err(AuditorEntryError::Encoding(_))));
    }
}

/// Attacker: a stranger who has nodes read entries of any length.
#[test]
fn an_entry_is_no_longer_than_that_of_the_largest_committee() {
    assert_eq!(honest().entry.len(), AuditorEntry::size(2, 3));
    let of = |length| AuditorEntry { roster: [3; 32], entry: vec![0; length] };
    // Nothing of it is read before the guardians' signatures hold.
    let largest = of(AuditorEntry::MOST);
    assert_eq!(AuditorEntry::from_bytes(&largest.to_bytes()).as_ref(), Ok(&largest));
    assert!(matches!(verify(&largest), Err(AuditorEntryError::Encoding(_))));
    let longer = of(AuditorEntry::MOST + 1);
    let refused = DecodeError::OutOfRange { what: "length of a committee's entry" };
    assert_eq!(AuditorEntry::from_bytes(&longer.to_bytes()), Err(refused));
}
