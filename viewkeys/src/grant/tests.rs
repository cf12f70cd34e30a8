use louver_core::{
    encoding::{Decode, DecodeError},
    epoch::{Epoch, EpochRange},
    keys::{AccountSpendingKey, AddressIndex, Direction},
    pool::{GenesisHash, PoolId},
    secret::{ExposeBytes, Secret},
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use super::*;
use crate::{
    scope::{Directions, Scope},
    signed::{Asked, OpenError, ReaderId, Terms, TermsError},
    testing::{NOW, READER, account, prover, reading, terms, verifier},
};

fn request(directions: Directions, first: u16, last: u16, recipient: Option<&str>) -> GrantRequest {
    let epochs = EpochRange::new(Epoch(first), Epoch(last)).unwrap();
    let reader = ReaderId { name: "First Bank".to_owned(), recipient: recipient.map(str::to_owned) };
    GrantRequest { terms: Terms { reader, ..terms() }, scope: Scope::new(directions, epochs).unwrap() }
}

fn issue_for(account: &AccountSpendingKey, request: &GrantRequest) -> Grant {
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    let viewing = account.full_viewing_key();
    request.issue(&viewing, &account.spend_authorizing_key(), prover(), &mut rng).unwrap()
}

fn issue(directions: Directions, first: u16, last: u16) -> Grant {
    issue_for(&account(1), &request(directions, first, last, Some(READER)))
}

/// The owner signs again what she has altered: only proofs stand against her.
fn sign_again(grant: &mut Grant, alpha: &louver_core::spec::Fj) {
    let signer = account(1).spend_authorizing_key();
    let message = grant.message();
    let rng = ChaCha20Rng::seed_from_u64(4);
    grant.signature = signer.sign(alpha, &grant.about.rk, &message, rng).unwrap();
}

/// The randomiser that `issue` draws: the owner knows her own.
fn alpha() -> louver_core::spec::Fj {
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    let (opening, _) = crate::account::random_alpha(&account(1).full_viewing_key(), &mut rng);
    *opening.alpha.expose()
}

#[test]
fn a_grant_opens_its_scope_and_nothing_else() {
    let grant = issue(Directions::ALL, 3, 7);
    grant.verify(&reading(), verifier()).unwrap();
    let viewing = account(1).full_viewing_key();
    let pool = grant.pool();
    for epoch in 3..=7 {
        let epoch = Epoch(epoch);
        let own = viewing.incoming(pool, Direction::External, epoch);
        assert_eq!(grant.incoming(epoch).unwrap().expose_bytes(), own.expose_bytes());
        let own = viewing.incoming(pool, Direction::Internal, epoch);
        assert_eq!(grant.change(epoch).unwrap().expose_bytes(), own.expose_bytes());
        assert_eq!(
            grant.outgoing(epoch).unwrap().expose_bytes(),
            viewing.outgoing(pool, epoch).expose_bytes()
        );
        let keys = viewing.epoch_keys(pool, epoch);
        assert!(grant.nullifier_key(epoch).unwrap().to_scalar() == keys.nullifier.to_scalar());
        assert!(grant.detection_key(epoch).unwrap().to_scalar() == keys.detection.to_scalar());
    }
    for epoch in [0, 2, 8, u16::MAX] {
        let epoch = Epoch(epoch);
        assert!(grant.incoming(epoch).is_none() && grant.change(epoch).is_none());
        assert!(grant.outgoing(epoch).is_none());
        assert!(grant.nullifier_key(epoch).is_none() && grant.detection_key(epoch).is_none());
    }
}

#[test]
fn a_direction_that_is_not_granted_has_no_key() {
    let grant = issue(Directions::INCOMING, 3, 3);
    grant.verify(&reading(), verifier()).unwrap();
    let epoch = Epoch(3);
    assert!(grant.incoming(epoch).is_some());
    assert!(grant.change(epoch).is_none() && grant.outgoing(epoch).is_none());
    assert!(grant.nullifier_key(epoch).is_none() && grant.detection_key(epoch).is_none());
    // The bytes hold no trace of them either.
    let keys = account(1).full_viewing_key().epoch_keys(grant.pool(), epoch);
    let bytes = grant.expose_bytes();
    let holds = |key: &Secret<Fr>| bytes.windows(32).any(|window| window == key.expose().to_bytes());
    assert!(holds(keys.external_tag.to_scalar()));
    for hidden in [keys.internal_tag.to_scalar(), keys.nullifier.to_scalar(), keys.detection.to_scalar()] {
        assert!(!holds(hidden));
    }
}

/// Attacker: the reader of one direction, who tries every address of the other that comes his way.
#[test]
fn a_grant_of_one_direction_recognises_no_address_of_the_other() {
    let change = Directions { change: true, ..Directions::default() };
    let viewing = account(1).full_viewing_key();
    for (granted, own, other) in [
        (change, Direction::Internal, Direction::External),
        (Directions::INCOMING, Direction::External, Direction::Internal),
    ] {
        let grant = issue(granted, 3, 5);
        grant.verify(&reading(), verifier()).unwrap();
        let (pool, epoch) = (grant.pool(), Epoch(4));
        let key = [grant.incoming(epoch), grant.change(epoch)].into_iter().flatten().next().unwrap();
        for index in 0..5 {
            let known = viewing.address(pool, epoch, own, AddressIndex(index));
            let unknown = viewing.address(pool, epoch, other, AddressIndex(index));
            assert_eq!((grant.knows_as_own(&known), key.index_of(&known)), (true, Some(AddressIndex(index))));
            // He learns nothing of it: neither that it is the account's, nor that it is not.
            assert_eq!((grant.knows_as_own(&unknown), key.index_of(&unknown)), (false, None));
            assert_ne!(key.tag_key().owner_tag(unknown.pk_d()), unknown.tag());
        }
        // Nor does he find the other tag key among all that he holds.
        let keys = viewing.epoch_keys(pool, epoch);
        let hidden = keys.tag(other).to_scalar().expose().to_bytes();
        assert!(!grant.expose_bytes().windows(32).any(|window| window == hidden));
    }
    // With both, he knows an address of neither to be another account's.
    let both = issue(Directions { incoming: true, ..change }, 3, 5);
    let stranger =
        account(2).full_viewing_key().address(both.pool(), Epoch(4), Direction::External, AddressIndex(0));
    assert!(!both.knows_as_own(&stranger));
}

/// Attacker: an owner who grants her change with the tag key of her receipts in its place, so that a reader takes
/// every address that she gives out for change.
#[test]
fn an_owner_cannot_exchange_her_tag_keys() {
    let mut grant = issue(Directions::ALL, 3, 3);
    let keys = &mut grant.body.keys[0];
    core::mem::swap(&mut keys.external_tag, &mut keys.internal_tag);
    sign_again(&mut grant, &alpha());
    assert_eq!(grant.verify(&reading(), verifier()), Err(GrantError::Unproven { first: 3, last: 3 }));
}

/// A year of months is one proof.
#[test]
fn a_year_takes_one_proof() {
    for (last, proofs) in [(0, 1), (11, 1), (15, 1), (16, 2)] {
        let grant = issue(Directions::ALL, 0, last);
        assert_eq!(grant.body.proofs.len(), proofs);
        grant.verify(&reading(), verifier()).unwrap();
    }
}

#[test]
fn an_owner_cannot_hide_spends_behind_false_keys() {
    for epoch in [3, 18, 19] {
        let mut grant = issue(Directions::ALL, 3, 19);
        assert_eq!(grant.body.proofs.len(), 2);
        let (pool, index) = (grant.pool(), usize::from(epoch - 3u16));
        let false_key = Secret::new(Fr::from(12345));
        grant.body.keys[index].nullifier = Some(NullifierKey::new(pool, Epoch(epoch), false_key));
        sign_again(&mut grant, &alpha());
        let (first, last) = if epoch == 19 { (19, 19) } else { (3, 18) };
        assert_eq!(grant.verify(&reading(), verifier()), Err(GrantError::Unproven { first, last }));
    }
    let mut grant = issue(Directions::ALL, 3, 7);
    grant.body.keys[1].detection = Some(DetectionKey::new(grant.pool(), Epoch(4), Secret::new(Fr::from(9))));
    sign_again(&mut grant, &alpha());
    assert_eq!(grant.verify(&reading(), verifier()), Err(GrantError::Unproven { first: 3, last: 7 }));
    // Swapping the keys of two epochs does not work either.
    let mut grant = issue(Directions::ALL, 3, 4);
    grant.body.keys.swap(0, 1);
    sign_again(&mut grant, &alpha());
    assert_eq!(grant.verify(&reading(), verifier()), Err(GrantError::Unproven { first: 3, last: 4 }));
}

#[test]
fn a_grant_of_another_account_chain_or_pool_is_refused() {
    let mut grant = issue(Directions::ALL, 3, 3);
    grant.about.account = account(2).full_viewing_key().account_id(grant.pool());
    sign_again(&mut grant, &alpha());
    assert!(matches!(grant.verify(&reading(), verifier()), Err(GrantError::Unproven { .. })));

    let grant = issue(Directions::ALL, 3, 3);
    let fork = Reading { genesis: GenesisHash([8; 32]), ..reading() };
    assert_eq!(grant.verify(&fork, verifier()), Err(EnvelopeError::OtherChain.into()));
    let elsewhere = Reading { pool: PoolId(2), ..reading() };
    assert_eq!(grant.verify(&elsewhere, verifier()), Err(EnvelopeError::OtherPool.into()));
    // Relabelled for the reader's pool, its keys and proofs are still the other pool's.
    let mut relabelled = issue(Directions::ALL, 3, 3);
    relabelled.about.pool = PoolId(2);
    sign_again(&mut relabelled, &alpha());
    assert!(matches!(relabelled.verify(&elsewhere, verifier()), Err(GrantError::Unproven { .. })));
}

#[test]
fn what_was_not_signed_is_refused() {
    let mut grant = issue(Directions::ALL, 3, 3);
    grant.about.purpose = "something else".to_owned();
    assert_eq!(grant.verify(&reading(), verifier()), Err(EnvelopeError::Signature.into()));
}

/// Attacker: a reader to whom a grant was given for a week, and who presents it a year later; and one who presents a grant
/// that was made for another.
#[test]
fn a_grant_is_for_one_reader_and_one_time() {
    let grant = issue(Directions::INCOMING, 3, 3);
    let late = Reading { now: NOW + 100, ..reading() };
    assert_eq!(grant.verify(&late, verifier()), Err(EnvelopeError::Expired(NOW + 99).into()));
    let other = Reading { reader: Some("Second Bank".to_owned()), ..reading() };
    assert!(matches!(
        grant.verify(&other, verifier()),
        Err(GrantError::Envelope(EnvelopeError::OtherReader { .. }))
    ));
    let unasked = Reading { asked: Asked::Nonce([4; 32]), ..reading() };
    assert_eq!(grant.verify(&unasked, verifier()), Err(EnvelopeError::Nonce.into()));
    let binding = grant.verify(&reading(), verifier()).unwrap();
    assert_eq!((binding.made_for.as_str(), binding.sealed_to.as_deref()), ("First Bank", Some(READER)));
}

#[test]
fn sealed_to_one_reader() {
    let (reader, other) = (age::x25519::Identity::generate(), age::x25519::Identity::generate());
    let key = reader.to_public().to_string();
    let request = request(Directions::ALL, 3, 4, Some(&key));
    let grant = issue_for(&account(1), &request);
    let sealed = grant.seal().unwrap();
    let opened = Grant::open(&sealed, Some(&reader)).unwrap();
    assert_eq!(opened.expose_bytes(), grant.expose_bytes());
    opened.verify(&self::reading(), verifier()).unwrap();
    assert!(matches!(Grant::open(&sealed, Some(&other)), Err(OpenError::Decrypt)));
    assert!(matches!(Grant::open(&sealed, None), Err(OpenError::NoKey)));
    for at in [0, 40, sealed.len() / 2, sealed.len() - 1] {
        let mut damaged = sealed.clone();
        damaged[at] ^= 1;
        assert!(matches!(Grant::open(&damaged, Some(&reader)), Err(OpenError::Decrypt)), "{at}");
    }
    // A reader who passes the contents on is found out. Keys are not taken from a file that lies open.
    let passed_on = age::encrypt(&other.to_public(), &grant.expose_bytes()).unwrap();
    assert!(matches!(Grant::open(&passed_on, Some(&other)), Err(OpenError::OtherReader(_))));
    assert!(matches!(Grant::open(&grant.expose_bytes(), Some(&reader)), Err(OpenError::Decrypt)));
}

#[test]
fn whatever_decodes_is_written_again_the_same() {
    let bytes = issue(Directions::ALL, 3, 7).expose_bytes();
    let read = Grant::from_bytes(&bytes).unwrap();
    assert_eq!(read.expose_bytes(), bytes);
    let mut longer = bytes.to_vec();
    longer.push(0);
    assert_eq!(Grant::from_bytes(&longer).unwrap_err(), DecodeError::TrailingBytes { count: 1 });
    for length in [0, 7, 8, 44, 80, bytes.len() - 1] {
        assert!(Grant::from_bytes(&bytes[..length]).is_err());
    }
    // Every byte altered is refused, or read as another grant that is written the same again.
    for at in 0..bytes.len() {
        let mut altered = bytes.to_vec();
        altered[at] ^= 0x41;
        if let Ok(grant) = Grant::from_bytes(&altered) {
            assert_eq!(*grant.expose_bytes(), altered);
        }
    }
}

#[test]
fn a_grant_shows_no_key() {
    let grant = issue(Directions::ALL, 3, 3);
    let shown = format!("{grant:?}");
    assert!(shown.starts_with("LVGRANT { account: AccountId(") && shown.ends_with("\") }, .. }"), "{shown}");
}

/// A finder gains by a grant that was written for nobody.
#[test]
fn a_grant_names_its_reader() {
    let account = account(1);
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    for recipient in [None, Some(""), Some(" "), Some("Carol"), Some("age1qqq")] {
        let request = request(Directions::ALL, 3, 3, recipient);
        let viewing = account.full_viewing_key();
        let refused = request.issue(&viewing, &account.spend_authorizing_key(), prover(), &mut rng);
        assert!(matches!(refused, Err(IssueError::Terms(TermsError::Recipient))), "{recipient:?}");
    }
}
