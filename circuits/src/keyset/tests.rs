use std::fs;

use louver_core::{
    disclosure::{InputCount, Statement},
    ledger::{GenesisTerms, testing},
    pool::PoolKind,
    proof::Unwatched,
};

use super::*;
use crate::{
    cache::Cache,
    generator::{Trapdoor, generate},
    key_file::HeaderError,
    proving_key::{ProvingKey, compressed},
    verifying_key::VerifyingKeyError,
};

const LINK: CircuitId = CircuitId::Disclosure(Statement::NoteOpening);

/// A statement that a chain need not have.
const LAST: Statement = Statement::TransactionOpening(InputCount::Eight);

/// A chain that is for development or not, with these rules.
fn chain(development: bool, rules: Vec<RulesTerms>) -> Genesis {
    Genesis::new(GenesisTerms { development, rules, ..testing::genesis().terms().clone() }).unwrap()
}

/// Rules with keys that nobody has.
fn others() -> RulesTerms {
    testing::rules(1, 1, None, &[Shape::TwoByThree])
}

/// Keys of a circuit that are marked as made in a ceremony. Their secrets are known here, which a mark cannot tell.
fn made(circuit: CircuitId, secret: u64) -> (ProvingKey, Vec<u8>, KeyHashes) {
    let key =
        generate(circuit, &Trapdoor::of(secret)).unwrap().to_key(circuit, Provenance::Ceremony).unwrap();
    let file = key.verifying_key_to_bytes();
    let hashes = KeyHashes { verifying: verifying_key::hash(&file), proving: key.hash() };
    (key, file, hashes)
}

/// A chain with made keys for the link of accounts, and the files.
fn made_chain() -> (Genesis, ProvingKey, Vec<u8>) {
    let (key, file, hashes) = made(LINK, 5);
    let mut rules = others();
    rules.disclosures.insert(Statement::NoteOpening, hashes);
    (chain(false, vec![rules]), key, file)
}

#[test]
fn a_development_chain_needs_no_files() {
    let keys = KeySet::of(&chain(true, vec![development_rules().unwrap()])).unwrap();
    assert!(keys.lacks_verifying().is_empty());
    assert_eq!(keys.shapes(), Shape::PLAIN);
    keys.verifier().unwrap();
    keys.disclosure_verifier().unwrap();
    let named = keys.newest(LINK).unwrap();
    let refused = keys.proving_key(&named, &mut Unwatched);
    assert!(matches!(refused, Err(KeySetError::NoProvingKey { circuit: LINK, .. })), "there is no store");
    let store = ParameterStore::open_default().unwrap();
    let keys = keys.with_store(store);
    assert!(keys.is_made_here(&named));
    assert_eq!(keys.proving_key(&named, &mut Unwatched).unwrap().hash(), named.hashes.proving);
    assert!(keys.is_at_hand(&named).unwrap() && !keys.is_ready(&named));
}

/// An operator gains by calling a chain a real one on which she can mint at will.
#[test]
fn a_chain_that_is_not_for_development_takes_no_development_keys() {
    let rules = development_rules().unwrap();
    let refused = KeySet::of(&chain(false, vec![rules.clone()])).unwrap_err();
    assert!(matches!(refused, KeySetError::DevelopmentKey { .. }), "{refused}");
    // One of them is enough, under any rules version, by either of its files.
    let hide: [fn(&mut RulesTerms, &RulesTerms); 3] = [
        |rules, development| rules.shapes[0].keys.verifying = development.shapes[0].keys.verifying,
        |rules, development| {
            let mut keys = rules.disclosures.get(Statement::AccountKeys).unwrap();
            keys.proving = development.disclosures.get(Statement::AccountKeys).unwrap().proving;
            rules.disclosures.insert(Statement::AccountKeys, keys);
        },
        |rules, development| {
            let keys = development.disclosures.get(LAST).unwrap();
            rules.disclosures.insert(LAST, keys);
        },
    ];
    for hide in hide {
        let mut hidden = RulesTerms { version: RulesVersion(2), ..others() };
        hide(&mut hidden, &rules);
        let refused = KeySet::of(&chain(false, vec![others(), hidden])).unwrap_err();
        assert!(matches!(refused, KeySetError::DevelopmentKey { .. }), "{refused}");
    }
    assert!(KeySet::of(&chain(false, vec![others()])).is_ok());
}

/// The same with a key that another build made from a public seed: the mark in its file gives it away.
#[test]
fn the_mark_of_a_development_key_is_enough() {
    let key = generate(LINK, &Trapdoor::of(9)).unwrap().to_key(LINK, Provenance::Development).unwrap();
    let file = key.verifying_key_to_bytes();
    let hashes = KeyHashes { verifying: verifying_key::hash(&file), proving: key.hash() };
    let mut rules = others();
    rules.disclosures.insert(Statement::NoteOpening, hashes);
    let keys = KeySet::of(&chain(false, vec![rules])).unwrap();
    let refused = keys.add_verifying(&file).unwrap_err();
    assert!(matches!(refused, KeySetError::DevelopmentKey { circuit: LINK }), "{refused}");
    let named = keys.newest(LINK).unwrap();
    for bytes in [key.as_bytes().to_vec(), compressed::compress(&key)] {
        let refused = keys.add_proving(&named, bytes, &mut Unwatched).unwrap_err();
        assert!(matches!(refused, KeySetError::DevelopmentKey { circuit: LINK }), "{refused}");
    }
}

#[test]
fn production_refuses_development_chains() {
    let development = chain(true, vec![development_rules().unwrap()]);
    let refused = KeySet::under(&development, ParameterPolicy::Production).unwrap_err();
    assert!(matches!(refused, KeySetError::DevelopmentChain), "{refused}");
    // With other keys it is a development chain all the same: its faucet mints.
    let refused = KeySet::under(&chain(true, vec![others()]), ParameterPolicy::Production).unwrap_err();
    assert!(matches!(refused, KeySetError::DevelopmentChain));
    assert!(KeySet::under(&chain(false, vec![others()]), ParameterPolicy::Production).is_ok());
}

#[test]
fn keys_from_anywhere_count_by_their_hashes() {
    let (genesis, key, file) = made_chain();
    let keys = KeySet::of(&genesis).unwrap();
    let named = keys.newest(LINK).unwrap();
    let lacking = keys.lacks_verifying();
    assert_eq!(lacking.len(), 3);
    assert!(matches!(keys.disclosure_verifier(), Err(KeySetError::NoVerifyingKey { circuit: LINK, .. })));
    assert_eq!(keys.add_verifying(&file).unwrap(), LINK);
    assert_eq!(keys.verifying_key_file(&named).unwrap(), file);
    assert_eq!(keys.lacks_verifying().len(), 2);

    // Flat, and as it is downloaded.
    for bytes in [key.as_bytes().to_vec(), compressed::compress(&key)] {
        let keys = KeySet::of(&genesis).unwrap();
        let taken = keys.add_proving(&named, bytes, &mut Unwatched).unwrap();
        assert!(taken.as_bytes() == key.as_bytes() && keys.is_ready(&named));
    }
}

/// Attacker: a node that sends keys whose secrets it knows.
#[test]
fn keys_that_genesis_does_not_name_are_refused() {
    let (genesis, key, file) = made_chain();
    let keys = KeySet::of(&genesis).unwrap();
    let named = keys.newest(LINK).unwrap();
    let (other, other_file, _) = made(LINK, 6);
    let own = VerifyingKey::development(LINK, ParameterPolicy::Development).unwrap().to_bytes();
    let mut flipped = file.clone();
    flipped[100] ^= 1;
    for bytes in [&other_file, &own, &flipped, &file[1..].to_vec(), &Vec::new()] {
        assert!(matches!(keys.add_verifying(bytes), Err(KeySetError::UnknownKey { .. })));
    }
    let mut flipped = key.as_bytes().to_vec();
    flipped[5000] ^= 1;
    for bytes in [other.as_bytes().to_vec(), compressed::compress(&other), flipped, Vec::new(), vec![7; 5000]]
    {
        let refused = keys.add_proving(&named, bytes, &mut Unwatched).unwrap_err();
        assert!(matches!(refused, KeySetError::Proving { circuit: LINK, .. }), "{refused}");
    }
    let mut damaged = compressed::compress(&key);
    damaged[5000] ^= 1;
    let refused = keys.add_proving(&named, damaged, &mut Unwatched).unwrap_err();
    assert!(matches!(refused, KeySetError::Proving { .. } | KeySetError::Download { .. }), "{refused}");
    assert!(!keys.is_ready(&named));
}

/// A chain may name a file that the gate refuses: then there is no verifier.
#[test]
fn the_gate_stands_behind_the_hash() {
    let (_, file, hashes) = made(LINK, 5);
    let mut rules = others();
    // The key of one circuit, named for another.
    rules.disclosures.insert(Statement::AccountKeys, hashes);
    let keys = KeySet::of(&chain(false, vec![rules])).unwrap();
    let refused = keys.add_verifying(&file).unwrap_err();
    let source = HeaderError::Circuit(LINK);
    assert!(
        matches!(&refused, KeySetError::Verifying { source: VerifyingKeyError::Header(found), .. } if *found == source),
        "{refused}"
    );
}

#[test]
fn each_rules_version_has_its_own_keys() {
    let (first, first_file, first_hashes) = made(LINK, 5);
    let (second, second_file, second_hashes) = made(LINK, 6);
    let mut rules = vec![others(), RulesTerms { version: RulesVersion(2), ..others() }];
    rules[0].disclosures.insert(Statement::NoteOpening, first_hashes);
    rules[1].disclosures.insert(Statement::NoteOpening, second_hashes);
    let keys = KeySet::of(&chain(false, rules)).unwrap();
    assert_eq!(keys.newest(LINK).unwrap().hashes, second_hashes);
    assert_eq!(keys.keys_of(RulesVersion(1), LINK).unwrap().hashes, first_hashes);
    let unknown = keys.keys_of(RulesVersion(3), LINK);
    assert!(matches!(unknown, Err(KeySetError::NotNamed { rules: RulesVersion(3), circuit: LINK })));
    assert!(matches!(keys.newest(Shape::FourByFour), Err(KeySetError::NoCircuit { .. })));

    // A folder with the files of both, under names that say nothing.
    let folder = tempfile::tempdir().unwrap();
    let files = [("a", first.as_bytes()), ("b", &second_file), ("c", second.as_bytes()), ("d", &first_file)];
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    fs::write(folder.path().join("notes.txt"), "not a key").unwrap();
    fs::write(folder.path().join("empty"), "").unwrap();
    let keys = keys.with_folder(folder.path()).unwrap();
    for version in [1, 2] {
        let named = keys.keys_of(RulesVersion(version), LINK).unwrap();
        assert_eq!(keys.proving_key(&named, &mut Unwatched).unwrap().hash(), named.hashes.proving);
        assert_eq!(verifying_key::hash(&keys.verifying_key_file(&named).unwrap()), named.hashes.verifying);
    }
}

#[test]
fn a_key_that_was_fetched_is_kept() {
    let (genesis, key, _) = made_chain();
    let folder = tempfile::tempdir().unwrap();
    let fresh = || {
        let store = ParameterStore::new(Cache::open(folder.path()).unwrap());
        KeySet::of(&genesis).unwrap().with_store(store)
    };
    let named = fresh().newest(LINK).unwrap();
    assert!(!fresh().is_at_hand(&named).unwrap() && !fresh().is_made_here(&named));
    fresh().add_proving(&named, compressed::compress(&key), &mut Unwatched).unwrap();
    assert!(fresh().is_at_hand(&named).unwrap());
    assert!(fresh().proving_key(&named, &mut Unwatched).unwrap().as_bytes() == key.as_bytes());
    // A damaged file counts as missing.
    fs::write(folder.path().join(named.file_name()), b"LouverPK").unwrap();
    assert!(!fresh().is_at_hand(&named).unwrap());
    let missing = fresh().proving_key(&named, &mut Unwatched);
    assert!(matches!(missing, Err(KeySetError::NoProvingKey { .. })));
}

#[test]
fn a_missing_key_is_told_with_what_is_there_instead() {
    let (genesis, _, file) = made_chain();
    let (_, other, hashes) = made(LINK, 6);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("other.vk"), other).unwrap();
    let keys = KeySet::of(&genesis).unwrap().with_folder(folder.path()).unwrap();
    let error = keys.verifying_key_file(&keys.newest(LINK).unwrap()).unwrap_err().to_string();
    assert!(error.contains(&hex::encode(verifying_key::hash(&file))), "{error}");
    assert!(error.contains(&hex::encode(hashes.verifying)), "{error}");
    let nowhere = KeySet::of(&genesis).unwrap().with_folder(&folder.path().join("nowhere"));
    assert!(matches!(nowhere, Err(KeySetError::Io { .. })));
}

/// A folder of keys makes the rules of a new chain, if it has one good key for each circuit.
#[test]
fn a_folder_makes_the_rules_of_a_chain() {
    let folder = tempfile::tempdir().unwrap();
    let rules = || KeyFolder::open(folder.path()).unwrap().rules(RulesVersion(1), PoolKind::Plain);
    let put = |name: &str, key: &ProvingKey| {
        fs::write(folder.path().join(format!("{name}.key")), key.as_bytes()).unwrap();
        fs::write(folder.path().join(format!("{name}.vk")), key.verifying_key_to_bytes()).unwrap();
    };
    assert!(matches!(rules(), Err(KeySetError::Count { found: 0, .. })));
    let (link, _, link_hashes) = made(LINK, 5);
    put("link", &link);
    assert!(matches!(rules(), Err(KeySetError::Count { circuit: CircuitId::Transfer(_), found: 0 })));
    let (transfer, _, transfer_hashes) = made(Shape::TwoByThree.into(), 5);
    put("2x3", &transfer);
    assert!(matches!(
        rules(),
        Err(KeySetError::Count { circuit: CircuitId::Disclosure(Statement::AccountKeys), found: 0 })
    ));
    let (account, _, account_hashes) = made(CircuitId::Disclosure(Statement::AccountKeys), 5);
    put("account", &account);
    let terms = rules().unwrap();
    assert_eq!(terms.disclosures.get(Statement::NoteOpening), Some(link_hashes));
    assert_eq!(terms.disclosures.get(Statement::AccountKeys), Some(account_hashes));
    assert_eq!(terms.disclosures.iter().count(), 2);
    assert_eq!(terms.shapes.iter().map(|shape| shape.keys).collect::<Vec<_>>(), [transfer_hashes]);
    // The chain that it makes takes the folder.
    let keys = KeySet::of(&chain(false, vec![terms])).unwrap().with_folder(folder.path()).unwrap();
    keys.verifier().unwrap();
    keys.disclosure_verifier().unwrap();

    put("another link", &made(LINK, 6).0);
    assert!(matches!(rules(), Err(KeySetError::Count { circuit: LINK, found: 2 })));
    fs::remove_file(folder.path().join("another link.key")).unwrap();
    put("link", &ProvingKey::generate_development(LINK).unwrap());
    assert!(matches!(rules(), Err(KeySetError::DevelopmentKey { circuit: LINK })));
    let mut bent = link.as_bytes().to_vec();
    let last = bent.len() - 1;
    bent[last] ^= 1;
    fs::write(folder.path().join("link.key"), bent).unwrap();
    assert!(matches!(rules(), Err(KeySetError::Elements { circuit: LINK, .. })));
}

/// A version that guardians add is known to provers and verifiers that were there before it.
#[test]
fn an_added_version_brings_its_keys() {
    use louver_core::{
        proof::{ProofItem, Verify, VerifyError},
        statement::examples::{Story, example},
    };
    let keys = KeySet::of(&chain(true, vec![development_rules().unwrap()])).unwrap();
    let verifier = keys.verifier().unwrap();
    let shape = Shape::TwoByThree;
    let (public, _) = example(shape, Story::Payment, &mut rand::rng());
    let proof = louver_core::proof::Proof::from_array([0; 192]);
    let verdict = || {
        let item = ProofItem { rules: RulesVersion(2), shape, public: &public, proof: &proof };
        verifier.verify(&[item])
    };
    assert_eq!(verdict(), Err(VerifyError::NoKey { index: 0 }));
    let second = RulesTerms { version: RulesVersion(2), from: 10, ..development_rules().unwrap() };
    keys.add_rules(&second).unwrap();
    keys.add_rules(&second).unwrap();
    assert_eq!(verdict(), Err(VerifyError::Invalid { index: 0 }), "it is looked at now");
    assert_eq!(keys.keys_of(RulesVersion(2), shape).unwrap().rules, RulesVersion(2));
    assert_eq!(keys.newest(shape).unwrap().rules, RulesVersion(2));
    assert_eq!(keys.named().len(), 2 * NamedKeys::of_rules(&second).count());
    assert_eq!(keys.prover().keys().newest(LINK).unwrap().rules, RulesVersion(2));
}

/// Attacker: whoever has guardians sign a version with keys that everybody can forge proofs under, or passes off other
/// keys as those of a version.
#[test]
fn an_added_version_has_no_development_keys_and_replaces_none() {
    let development = development_rules().unwrap();
    let entry = |terms: RulesTerms| RulesEntry { terms, switched_off: None };
    let poisoned = RulesTerms { version: RulesVersion(2), from: 10, ..development.clone() };
    let new = NewRules {
        version: RulesVersion(2),
        shapes: poisoned.shapes.clone(),
        disclosures: poisoned.disclosures.clone(),
    };
    let real = KeySet::of(&chain(false, vec![others()])).unwrap();
    assert!(matches!(real.check_rules(&new), Err(KeySetError::DevelopmentKey { .. })));
    assert!(matches!(real.add_rules(&poisoned), Err(KeySetError::DevelopmentKey { .. })));
    // A chain that has it all the same goes on, and no proof under it counts.
    let real = real.with_rules(&[entry(others()), entry(poisoned)], 9).unwrap();
    assert!(real.named().iter().all(|key| key.rules == RulesVersion(1)));
    KeySet::of(&chain(true, vec![development])).unwrap().check_rules(&new).unwrap();

    let mut other = others();
    let keys = KeyHashes { verifying: [9; 32], proving: [0x22; 32] };
    other.disclosures.insert(Statement::NoteOpening, keys);
    let refused = real.add_rules(&other);
    assert!(matches!(refused, Err(KeySetError::OtherRules { rules: RulesVersion(1) })));
}

/// Attacker: whoever can make proofs up under a rules version that guardians have stopped, or under one that they have only
/// announced, and shows with them whatever he likes, in anybody's name.
#[test]
fn disclosures_count_under_the_rules_that_are_in_force_alone() {
    use louver_core::disclosure::examples::{NoteStory, note_case};

    use crate::disclosure::{DisclosureVerifier, DisclosureVerifyError as Refused};

    let (first, first_file, first_hashes) = made(LINK, 5);
    let (second, second_file, second_hashes) = made(LINK, 6);
    let account = Statement::AccountKeys;
    let (_, account_file, account_hashes) = made(CircuitId::Disclosure(account), 7);
    let rules = |version, from, until, hashes| {
        let mut rules = RulesTerms { version: RulesVersion(version), from, until, ..others() };
        rules.disclosures.insert(Statement::NoteOpening, hashes);
        rules.disclosures.insert(account, account_hashes);
        rules
    };
    let genesis = chain(false, vec![rules(1, 1, None, first_hashes)]);
    let folder = tempfile::tempdir().unwrap();
    let files = [("a", first.as_bytes()), ("b", &first_file), ("c", second.as_bytes()), ("d", &second_file)];
    for (name, bytes) in files.into_iter().chain([("e", &account_file[..])]) {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let set = |from, until, switched_off, head| {
        let entries = [
            RulesEntry { terms: rules(1, 1, until, first_hashes), switched_off },
            RulesEntry { terms: rules(2, from, None, second_hashes), switched_off: None },
        ];
        let keys = KeySet::of(&genesis).unwrap().with_folder(folder.path()).unwrap();
        keys.with_rules(&entries, head).unwrap()
    };
    let case = note_case(NoteStory::Received, &mut rand::rng());
    let prove = |keys: &KeySet| {
        let prover = DisclosureProver::of(keys.clone());
        prover.prove_note(&case.claim, &case.opening, &case.witness).unwrap()
    };
    let verdict = |keys: &KeySet, proof: &louver_core::proof::Proof| {
        let verifier: DisclosureVerifier = keys.disclosure_verifier().unwrap();
        let one = verifier.verify_note(&case.claim, proof);
        let all = verifier.verify_all(&[((&case.claim).into(), proof)]);
        assert_eq!(all.map_err(|refused| refused[0].error), one);
        one
    };
    // Version 2 is announced for block 20.
    let announced = set(20, None, None, 18);
    assert_eq!(announced.newest(LINK).unwrap().rules, RulesVersion(1));
    let old = prove(&announced);
    assert_eq!(verdict(&announced, &old), Ok(()));
    let both = set(20, None, None, 19);
    assert_eq!(both.newest(LINK).unwrap().rules, RulesVersion(2));
    let new = prove(&both);
    assert_eq!(verdict(&announced, &new), Err(Refused::NotYet { rules: RulesVersion(2), from: 20 }));
    assert_eq!((verdict(&both, &old), verdict(&both, &new)), (Ok(()), Ok(())));
    // The switch of version 1 is thrown in block 30, or its planned end is then.
    let ended = Err(Refused::Ended { rules: RulesVersion(1), since: 30 });
    for stopped in [set(20, None, Some(30), 30), set(20, Some(30), None, 29)] {
        assert_eq!(stopped.standing(RulesVersion(1)), Standing::Ended { since: 30 });
        assert_eq!((verdict(&stopped, &old), verdict(&stopped, &new)), (ended, Ok(())));
    }
    // Under a head from before, it counts.
    assert_eq!(verdict(&set(20, Some(30), None, 28), &old), Ok(()));
    // A reader without the files of a stopped version reads on.
    for name in ["a", "b"] {
        fs::remove_file(folder.path().join(name)).unwrap();
    }
    let lacking = set(20, None, Some(30), 30);
    assert!(lacking.lacks_verifying().iter().all(|key| key.rules == RulesVersion(2)));
    assert_eq!((verdict(&lacking, &new), verdict(&lacking, &old)), (Ok(()), Err(Refused::Invalid)));
    // Where every version is stopped, nothing is proven, and old proofs are refused.
    let nothing = set(40, None, Some(30), 30);
    assert!(matches!(nothing.newest(LINK), Err(KeySetError::NoneCounts { circuit: LINK })));
    assert_eq!(verdict(&nothing, &new), Err(Refused::NotYet { rules: RulesVersion(2), from: 40 }));
}
