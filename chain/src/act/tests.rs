use ed25519_dalek::SigningKey;
use louver_core::{
    ledger::{Finality, Genesis, Guardians, RuleError, testing::rules},
    shape::Shape,
    store::{MemoryStore, Overlay},
    tree::Anchor,
};

use super::*;
use crate::{
    BlockLimits, Candidate, Chain, ChainError, ChainTransaction,
    state::opening::{Fact, Opening, Question},
    testing::{ZeroProofs, auditor_entry, coin, context, genesis as development, mint, person, signed},
};

fn guardians(needed: u8, numbers: impl IntoIterator<Item = u8>) -> Quorum {
    let keys = numbers.into_iter().map(|number| person(number).verifying_key().to_bytes());
    Quorum::new(needed, keys.collect()).unwrap()
}

/// A development chain with the guardians 11, 12 and 13. Two of them have to sign. The delay is 5 blocks.
fn genesis() -> Genesis {
    let mut terms = development().terms().clone();
    terms.guardians = Guardians { quorum: Some(guardians(2, 11..=13)), delay: 5 };
    Genesis::new(terms).unwrap()
}

fn chain() -> Chain<MemoryStore> {
    Chain::open(MemoryStore::default(), genesis()).unwrap()
}

fn act(deed: Deed) -> Act {
    Act { sequence: 0, deed }
}

fn sign(act: Act, signers: impl IntoIterator<Item = SigningKey>) -> SignedAct {
    let hash = genesis().hash();
    let signatures = signers.into_iter().map(|key| act.sign(&hash, &key)).collect();
    SignedAct::new(act, signatures)
}

fn by_two(deed: Deed) -> SignedAct {
    sign(act(deed), [person(11), person(12)])
}

fn refusal(chain: &Chain<MemoryStore>, act: &SignedAct) -> ActError {
    match chain.check_act(act) {
        Err(ChainError::Act(error)) => error,
        other => panic!("{other:?}"),
    }
}

/// Makes the next block of acts, all of which it takes.
fn take(chain: &mut Chain<MemoryStore>, acts: impl IntoIterator<Item = SignedAct>) -> u32 {
    let candidates: Vec<_> = acts.into_iter().map(|act| Candidate::Act(Box::new(act))).collect();
    let time = chain.ledger().tip().time.max(chain.terms().time);
    let proposal = chain.propose(time, BlockLimits::default(), &candidates).unwrap();
    assert!(proposal.refused().is_empty(), "{:?}", proposal.refused());
    let block = chain.commit(proposal).unwrap();
    assert_eq!(block.transactions().len(), candidates.len());
    block.header().height
}

fn new_rules(version: u32) -> NewRules {
    let terms = rules(version, 0, None, &Shape::PLAIN);
    NewRules { version: RulesVersion(version), shapes: terms.shapes, disclosures: terms.disclosures }
}

/// Enters a key. Its members are the people 41, 42 and 43, and any two of them open.
fn enter(number: u32, overlap: u32) -> Deed {
    Deed::EnterAuditor { number, entry: auditor_entry(&genesis(), number, 2, &[41, 42, 43]), overlap }
}

fn every_deed() -> [Deed; 6] {
    [
        enter(1, 10),
        Deed::EndAuditor { number: 1 },
        Deed::SwitchOff { rules: RulesVersion(1) },
        Deed::AddRules(new_rules(2)),
        Deed::RotateGuardians(guardians(1, 21..=23)),
        Deed::RotateAuthorities(guardians(1, [31])),
    ]
}

#[test]
fn every_act_round_trips() {
    for deed in every_deed() {
        let signed = by_two(deed);
        let bytes = signed.to_bytes();
        assert_eq!(SignedAct::from_bytes(&bytes).as_ref(), Ok(&signed));
        for cut in 0..bytes.len() {
            assert!(SignedAct::from_bytes(&bytes[..cut]).is_err());
        }
        let transaction = ChainTransaction::Act(Box::new(signed));
        assert_eq!(ChainTransaction::from_bytes(&transaction.to_bytes()), Ok(transaction));
    }
}

/// Attack: somebody changes an act on its way, or counts one signature twice.
#[test]
fn no_byte_of_an_act_can_be_altered() {
    let chain = chain();
    let good = by_two(Deed::SwitchOff { rules: RulesVersion(1) });
    chain.check_act(&good).unwrap();
    let bytes = good.to_bytes();
    for position in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[position] ^= 1;
        if let Ok(act) = SignedAct::from_bytes(&altered) {
            assert!(chain.check_act(&act).is_err(), "byte {position}");
        }
    }
}

/// Attack: one guardian signs for all, or a stranger signs.
#[test]
fn an_act_needs_as_many_signatures_as_the_quorum_by_different_guardians() {
    let chain = chain();
    let deed = || act(Deed::SwitchOff { rules: RulesVersion(1) });
    let signatures =
        |found| move |error| matches!(error, ActError::Signatures { needed: 2, found: f, .. } if f == found);
    assert!(signatures(0)(refusal(&chain, &sign(deed(), []))));
    assert!(signatures(1)(refusal(&chain, &sign(deed(), [person(11)]))));
    assert!(signatures(1)(refusal(&chain, &sign(deed(), [person(11), person(11)]))));
    assert!(signatures(3)(refusal(&chain, &sign(deed(), (11..=13).map(person)))));
    // The same signature twice does not even decode.
    let once = deed().sign(&genesis().hash(), &person(11)).to_bytes();
    let twice = [deed().to_bytes(), vec![2], once.clone(), once].concat();
    assert!(matches!(SignedAct::from_bytes(&twice), Err(DecodeError::NotCanonical { .. })));
    let stranger = refusal(&chain, &sign(deed(), [person(11), person(9)]));
    assert!(
        matches!(stranger, ActError::Signer { signer, .. } if signer == person(9).verifying_key().to_bytes())
    );
    // A guardian's name over a stranger's signature.
    let mut forged = deed().sign(&genesis().hash(), &person(9));
    forged.signer = person(12).verifying_key().to_bytes();
    let forged = SignedAct::new(deed(), vec![forged, deed().sign(&genesis().hash(), &person(11))]);
    assert!(matches!(refusal(&chain, &forged), ActError::Signature { .. }));
    // Of another chain.
    let other = development().hash();
    let signed = [person(11), person(12)].map(|key| deed().sign(&other, &key)).to_vec();
    assert!(matches!(refusal(&chain, &SignedAct::new(deed(), signed)), ActError::Signature { .. }));
    // Authorities are not guardians, and guardians not authorities.
    let rotation = by_two(Deed::RotateAuthorities(guardians(1, [31])));
    assert!(matches!(refusal(&chain, &rotation), ActError::Signatures { needed: 1, .. }));
    let rotation = sign(act(Deed::RotateAuthorities(guardians(1, [31]))), [person(11)]);
    assert!(matches!(refusal(&chain, &rotation), ActError::Signer { speakers: Speakers::Authorities, .. }));
}

/// Attack: somebody submits an old act again, so that a new one cannot get in.
#[test]
fn an_act_counts_once() {
    let mut chain = chain();
    let acts = [
        by_two(enter(1, 10)),
        by_two(Deed::SwitchOff { rules: RulesVersion(1) }),
        by_two(Deed::AddRules(new_rules(2))),
        by_two(Deed::EndAuditor { number: 1 }),
    ];
    for signed in &acts {
        let height = take(&mut chain, [signed.clone()]);
        assert_eq!(chain.find(&signed.id(&genesis().hash()).0).unwrap(), Some(height));
    }
    for signed in &acts {
        assert!(!refusal(&chain, signed).is_internal());
    }
    assert!(matches!(refusal(&chain, &acts[0]), ActError::AuditorNumber { expected: 2, found: 1 }));
    assert!(matches!(refusal(&chain, &acts[1]), ActError::Rules(RuleError::RulesOff { since: 2, .. })));
    assert!(matches!(refusal(&chain, &acts[2]), ActError::AddRules(_)));
    assert!(matches!(refusal(&chain, &acts[3]), ActError::AuditorEnded { number: 1, until: 4 }));
    // Nor twice in one block.
    let candidates = vec![Candidate::Act(Box::new(by_two(enter(2, 0)))); 2];
    let proposal = chain.propose(chain.terms().time, BlockLimits::default(), &candidates).unwrap();
    assert_eq!((proposal.block().transactions().len(), proposal.refused().len()), (1, 1));
}

/// Attack: a guardian who was replaced keeps an act that was signed before, and submits it later.
#[test]
fn former_guardians_have_no_say_and_what_they_signed_counts_no_more() {
    let mut chain = chain();
    // 12 and 13 stay; 11 goes.
    let next = guardians(2, 12..=14);
    take(&mut chain, [by_two(Deed::RotateGuardians(next.clone()))]);
    let state = chain.ledger().state();
    let now = standing(&state, Speakers::Guardians).unwrap();
    assert_eq!(now, Standing { sequence: 1, quorum: Some(next.clone()) });
    let off = Deed::SwitchOff { rules: RulesVersion(1) };
    let kept = sign(act(off.clone()), [person(12), person(13)]);
    assert!(matches!(refusal(&chain, &kept), ActError::Sequence { expected: 1, found: 0, .. }));
    let anew = |signers: [u8; 2]| sign(Act { sequence: 1, deed: off.clone() }, signers.map(person));
    assert!(matches!(refusal(&chain, &anew([11, 12])), ActError::Signer { .. }));
    chain.check_act(&anew([12, 14])).unwrap();
    let same = sign(Act { sequence: 1, deed: Deed::RotateGuardians(next) }, [12, 13].map(person));
    assert!(matches!(refusal(&chain, &same), ActError::SameQuorum(Speakers::Guardians)));
    chain.roll_back(0).unwrap();
    chain.check_act(&kept).unwrap();
}

#[test]
fn authorities_hand_over_by_the_old_quorum() {
    let mut chain = chain();
    let authority = crate::development::authority_key;
    let next = guardians(2, 31..=33);
    take(&mut chain, [sign(act(Deed::RotateAuthorities(next.clone())), [authority()])]);
    let now = standing(&chain.ledger().state(), Speakers::Authorities).unwrap();
    assert_eq!(now, Standing { sequence: 1, quorum: Some(next) });
    let back = |signers: Vec<SigningKey>| {
        sign(Act { sequence: 1, deed: Deed::RotateAuthorities(guardians(1, [31])) }, signers)
    };
    assert!(matches!(refusal(&chain, &back(vec![authority()])), ActError::Signatures { needed: 2, .. }));
    take(&mut chain, [back(vec![person(31), person(33)])]);
}

/// Attack: a forger of proofs gets one into the very block that switches their rules version off.
#[test]
fn a_switch_and_a_use_of_the_version_do_not_stand_in_one_block() {
    let genesis = genesis();
    let draft = louver_core::ledger::testing::Draft::deposit(
        5,
        Anchor::empty_tree(),
        Account::of(&person(1)).into(),
        coin(),
        5,
    );
    let transaction = signed(&genesis, &draft, Some(&person(1)));
    let use_it = transaction.verify(context(&genesis, &draft), &ZeroProofs::default()).unwrap();
    let use_it = Candidate::Shielded(Box::new(use_it));
    let off = by_two(Deed::SwitchOff { rules: RulesVersion(1) });
    let mut chain = chain();
    let funds = mint(&genesis.hash(), 0, &person(1), 100).verify(&genesis.hash()).unwrap();
    let time = chain.terms().time;
    let funds = [Candidate::Transparent(Box::new(funds))];
    let proposal = chain.propose(time, BlockLimits::default(), &funds).unwrap();
    chain.commit(proposal).unwrap();
    // An honest maker puts the switch first, whatever came first.
    let both = [use_it.clone(), Candidate::Act(Box::new(off.clone()))];
    let proposal = chain.propose(time, BlockLimits::default(), &both).unwrap();
    assert_eq!(proposal.block().transactions().len(), 1);
    assert!(matches!(
        proposal.refused(),
        [(
            _,
            ChainError::Ledger(louver_core::ledger::LedgerError::Rule(RuleError::RulesOff { since: 2, .. }))
        )]
    ));
    // Another one's block is not taken.
    let proposal = chain.propose(time, BlockLimits::default(), &[use_it]).unwrap();
    let mut transactions = proposal.block().transactions().to_vec();
    transactions.push(ChainTransaction::Act(Box::new(off)));
    let block = crate::testing::block(proposal.block().header().clone(), transactions);
    let refused = chain.replay(block, &ZeroProofs::default()).unwrap_err();
    assert!(matches!(
        refused,
        ChainError::Ledger(louver_core::ledger::LedgerError::Rule(RuleError::RulesUsed(RulesVersion(1))))
    ));
}

#[test]
fn an_added_version_counts_after_the_delay_of_genesis() {
    let mut chain = chain();
    let height = take(&mut chain, [by_two(Deed::AddRules(new_rules(2)))]);
    let versions = chain.ledger().rules().unwrap();
    let from: Vec<_> = versions.iter().map(|entry| (entry.terms.version.0, entry.terms.from)).collect();
    assert_eq!(from, [(1, 1), (2, height + 5)]);
    for wrong in [1, 2, 4] {
        let error = refusal(&chain, &by_two(Deed::AddRules(new_rules(wrong))));
        assert!(matches!(error, ActError::AddRules(_)), "{wrong}");
    }
}

#[test]
fn the_auditor_key_before_serves_on_for_the_overlap() {
    let mut chain = chain();
    let first = take(&mut chain, [by_two(enter(1, 0))]);
    let second = take(&mut chain, [by_two(enter(2, 3))]);
    let all = auditors(&chain.ledger().state()).unwrap();
    assert_eq!(
        all.iter().map(|key| (key.from, key.until)).collect::<Vec<_>>(),
        [(first, Some(second + 3)), (second, None),]
    );
    assert!(all[0].serves(second + 2) && !all[0].serves(second + 3) && all[1].serves(second));
    // Ended early, it does not serve on; and it is ended once.
    let end = |number| by_two(Deed::EndAuditor { number });
    let ended = take(&mut chain, [end(1)]);
    assert_eq!(auditor(&chain.ledger().state(), 1).unwrap().unwrap().until, Some(ended));
    assert!(matches!(refusal(&chain, &end(1)), ActError::AuditorEnded { .. }));
    assert!(matches!(refusal(&chain, &end(3)), ActError::AuditorUnknown(3)));
    assert!(matches!(refusal(&chain, &by_two(enter(3, u32::MAX))), ActError::Exhausted));
    // A key that has ended does not come back to life with the next one's overlap.
    take(&mut chain, [end(2)]);
    let third = take(&mut chain, [by_two(enter(3, 100))]);
    let second = auditor(&chain.ledger().state(), 2).unwrap().unwrap();
    assert_eq!(second.until, Some(third - 1));
}

/// Attack: a server shows an auditor key that has ended as one that serves, or another key than the chain's, and whoever
/// pays shows his payment to somebody else.
#[test]
fn the_auditor_keys_are_shown_under_the_header() {
    let mut chain = chain();
    take(&mut chain, [by_two(enter(1, 0))]);
    take(&mut chain, [by_two(enter(2, 3))]);
    let root = chain.block(2).unwrap().unwrap().header().state_root;
    let opening = chain.open_state(Question::Auditors).unwrap().unwrap();
    let all = auditors(&chain.ledger().state()).unwrap();
    assert_eq!(opening.verify(&root), Ok(&Fact::Auditors(all)));
    let bytes = opening.to_bytes();
    assert_eq!(Opening::from_bytes(&bytes), Ok(opening.clone()));
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        let Ok(flipped) = Opening::from_bytes(&flipped) else { continue };
        assert!(flipped.verify(&root).is_err(), "byte {at}");
    }
    take(&mut chain, [by_two(Deed::EndAuditor { number: 2 })]);
    let root = chain.block(3).unwrap().unwrap().header().state_root;
    assert!(opening.verify(&root).is_err());
}

#[test]
fn a_chain_without_guardians_takes_no_acts_of_theirs() {
    let mut terms = genesis().terms().clone();
    terms.guardians = Guardians::NONE;
    let chain = Chain::open(MemoryStore::default(), Genesis::new(terms).unwrap()).unwrap();
    let error = refusal(&chain, &by_two(Deed::SwitchOff { rules: RulesVersion(1) }));
    assert!(matches!(error, ActError::Nobody(Speakers::Guardians)));
}

/// Attack: anybody signs, since everybody has the keys of development chains.
#[test]
fn a_chain_that_is_not_for_development_is_not_handed_to_public_keys() {
    let mut terms = genesis().terms().clone();
    terms.development = false;
    let genesis = Genesis::new(terms).unwrap();
    let store = MemoryStore::default();
    let mut state = Overlay::new(&store);
    begin(&mut state, &genesis);
    let public = crate::development::guardian_key().verifying_key().to_bytes();
    let next = Quorum::new(1, vec![public]).unwrap();
    let act = act(Deed::RotateGuardians(next));
    let signatures = [person(11), person(12)].map(|key| act.sign(&genesis.hash(), &key)).to_vec();
    let refused = apply(&mut state, &genesis, 1, &SignedAct::new(act, signatures));
    assert!(matches!(refused, Err(ActError::PublicKey(key)) if key == public));
}

/// Attack: a node states guardians, rules or auditors that the chain does not have.
#[test]
fn the_state_root_binds_what_acts_made() {
    use crate::state::opening::{Fact, Question};
    let mut chain = chain();
    let shows = |chain: &Chain<MemoryStore>, question| {
        let opening = chain.open_state(question).unwrap().unwrap();
        let root = chain.block(chain.height()).unwrap().unwrap().header().state_root;
        opening.verify(&root).unwrap();
        (opening.fact().clone(), root)
    };
    let next = guardians(2, 12..=14);
    let mut roots = Vec::new();
    for signed in [
        by_two(enter(1, 0)),
        by_two(Deed::AddRules(new_rules(2))),
        by_two(Deed::RotateGuardians(next.clone())),
        sign(act(Deed::RotateAuthorities(next.clone())), [crate::development::authority_key()]),
    ] {
        take(&mut chain, [signed]);
        roots.push(shows(&chain, Question::Rules).1);
    }
    roots.dedup();
    assert_eq!(roots.len(), 4, "each act changed it");
    // The number that their next act has to have is shown too: nobody can lock them out by a wrong one.
    let now = Guardians { quorum: Some(next.clone()), delay: 5 };
    assert_eq!(shows(&chain, Question::Guardians).0, Fact::Guardians { sequence: 1, guardians: now });
    let Fact::Authorities { sequence: 1, finality } = shows(&chain, Question::Authorities).0 else {
        panic!("authorities")
    };
    let Finality::Solo { authorities, .. } = finality;
    assert_eq!(authorities, next);
    assert_eq!(shows(&chain, Question::Rules).0, Fact::Rules(chain.ledger().rules().unwrap()));
    // A reader of all acts and the genesis works out the same.
    let taken = taken(&chain.ledger().state(), 0, 100).unwrap();
    let made = ActsOutcome::of(&genesis(), &taken).unwrap();
    assert_eq!(made.rules, chain.ledger().rules().unwrap());
    assert_eq!(made.guardians, standing(&chain.ledger().state(), Speakers::Guardians).unwrap());
    assert_eq!(made.auditors, auditors(&chain.ledger().state()).unwrap());
    assert!(ActsOutcome::of(&genesis(), &taken[1..]).is_ok(), "acts on other things do not need each other");
    assert!(ActsOutcome::of(&genesis(), &[taken[2].clone(), taken[0].clone()]).is_err());
}
