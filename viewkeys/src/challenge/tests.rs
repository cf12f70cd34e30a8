use age::x25519::Identity;
use louver_core::{
    asset::{AssetDescriptor, AssetId, KnownAssets},
    encoding::{Decode, Encode},
    epoch::{Epoch, EpochRange, EpochSchedule},
    keys::{AccountSpendingKey, Direction},
    value::Value,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use super::*;
use crate::{
    auditor::ReaderKeys,
    grant::{Grant, GrantError, GrantRequest, IssueError},
    package::{Chosen, MakeError, Package, PackageError, PackageRequest, Show, Side, What},
    report::{Names, words},
    scope::{Directions, Scope},
    signed::{Asked, EnvelopeError, Reading, Terms, TermsError},
    testing::{
        NOW, account,
        ledger::{GENESIS, Held, Ledger, POOL, Pay},
        prover, reading, verifier,
    },
};

fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

fn ask(key: &Identity, demand: Demand) -> Challenge {
    Challenge::new((GENESIS, POOL), " The bank\n", key, demand, NOW - 9, &mut rng(1)).unwrap()
}

fn payments(at_least: u64) -> Demand {
    Demand::Payments {
        epochs: EpochRange::new(Epoch(0), Epoch(0)),
        side: Some(Side::Received),
        asset: AssetId::new(1),
        at_least: Some(Value(at_least)),
    }
}

fn answering(challenge: &Challenge) -> Terms {
    Terms::answering(challenge.clone(), "as asked".to_owned(), NOW - 1, NOW + 99)
}

fn reading_of(challenge: &Challenge) -> Reading {
    let keys =
        ReaderKeys { signing: *challenge.key(), recipient: challenge.reader().recipient.clone().unwrap() };
    let asked = Asked::Challenge(Box::new(challenge.clone()));
    Reading { asked, reader: None, keys: Some(keys), ..reading() }
}

fn open(terms: Terms, number: u8, held: &[(&Held, Side, Show)]) -> Result<Package, MakeError> {
    let chosen = held
        .iter()
        .map(|(held, side, show)| Chosen {
            height: held.height,
            txid: held.txid,
            spend_tag: held.spend_tag,
            what: What::Note { side: *side, show: *show, note: Box::new(held.note.clone()) },
        })
        .collect();
    let account = account(number);
    let (viewing, signer) = (account.full_viewing_key(), account.spend_authorizing_key());
    PackageRequest { terms, chosen }.make(&viewing, &signer, prover(), &mut rng(9))
}

fn check(package: &Package, reading: &Reading, ledger: &Ledger) -> Result<Vec<String>, PackageError> {
    let names = Names { assets: &KnownAssets::new(&[]), account: &|account| hex::encode(account.0) };
    let verdict = package.verify(reading, &names, verifier(), |height, txid| ledger.find(height, txid))?;
    Ok(words::heading(&verdict.binding))
}

/// Alice pays Bob 30 and 40 in two transactions. Bob pays himself 50.
fn story() -> (Ledger, [Held; 2], Held) {
    let mut ledger = Ledger::new();
    let (alice, bob) = (account(1), account(2));
    let pay = |to, value| Pay { to, value, memo: "" };
    let to_bob = || Ledger::address(&bob, Direction::External, 0);
    let own = ledger.deposit(&alice, 0, &pay(Ledger::address(&alice, Direction::External, 0), 100)).remove(0);
    let mut received = |spent: &Held, value| {
        let made = ledger.pay(&alice, 0, &[spent], &[&pay(to_bob(), value)]);
        let is_it = |held: &&Held| held.note.value().0 == value;
        let change = made.iter().find(|held| !is_it(held)).unwrap().clone();
        (made.iter().find(is_it).unwrap().clone(), change)
    };
    let (first, change) = received(&own, 30);
    let (second, _) = received(&change, 40);
    let deposit = ledger.deposit(&bob, 0, &pay(to_bob(), 50)).remove(0);
    let again = ledger.pay(&bob, 0, &[&deposit], &[&pay(to_bob(), 50)]).remove(0);
    (ledger, [first, second], again)
}

#[test]
fn an_answer_says_that_it_was_demanded() {
    let (ledger, [first, second], _) = story();
    let challenge = ask(&Identity::generate(), payments(70));
    let least = Show::AtLeast(second.note.asset(), Value(40));
    let all = [(&first, Side::Received, Show::Amount), (&second, Side::Received, least)];
    let package = open(answering(&challenge), 2, &all).unwrap();
    assert_eq!(package.nonce(), &challenge.hash());
    let heading = check(&package, &reading_of(&challenge), &ledger).unwrap();
    assert_eq!(heading[0], "made for \"The bank\", as you demanded");
    let unasked = Reading { asked: Asked::Nothing, reader: None, ..reading() };
    let heading = check(&package, &unasked, &ledger).unwrap();
    assert!(heading[0].starts_with("made for \"The bank\", not asked for by you"), "{heading:?}");
}

/// Attacker: an owner who shows a part of what he was asked for, or his own money, or payments of another month.
#[test]
fn less_than_was_asked_is_no_answer() {
    let (ledger, [first, second], again) = story();
    let key = Identity::generate();
    let challenge = ask(&key, payments(70));
    let received = |held| (held, Side::Received, Show::Amount);
    let short = |asked, shown| Shortfall::Amount { asked, shown };
    let refused = |challenge: &Challenge, held: &[(&Held, Side, Show)], fault: Shortfall| {
        // The owner's own tool makes no such answer.
        let made = open(answering(challenge), 2, held);
        assert!(matches!(made, Err(MakeError::Terms(TermsError::Less(found))) if found == fault), "{fault}");
        // Another program does.
        let (reader, asked) = (challenge.reader().clone(), Asked::Nonce(challenge.hash()));
        let terms = Terms { reader, asked, ..answering(challenge) };
        let package = open(terms, 2, held).unwrap();
        let read = check(&package, &reading_of(challenge), &ledger);
        assert_eq!(read, Err(PackageError::Envelope(EnvelopeError::Less(fault))));
    };
    refused(&challenge, &[received(&first)], short(70, 30));
    refused(
        &challenge,
        &[received(&first), (&second, Side::Received, Show::AtLeast(second.note.asset(), Value(39)))],
        short(70, 69),
    );
    // A payment of his own to himself does not count.
    refused(&challenge, &[received(&first), received(&again)], short(70, 30));
    refused(&challenge, &[received(&again)], Shortfall::NoPayment);
    let other_month = Demand::Payments {
        epochs: EpochRange::new(Epoch(1), Epoch(2)),
        side: None,
        asset: None,
        at_least: None,
    };
    refused(&ask(&key, other_month), &[received(&first)], Shortfall::NoPayment);
    let grant = Demand::Grant { directions: Directions::ALL, epochs: EpochRange::ALL };
    refused(&ask(&key, grant), &[received(&first)], Shortfall::Kind);
}

/// Attacker: an owner who answers a question of her own making in the reader's name, and hands it back along with the answer;
/// and whoever answers a question of another reader with the same recipient.
#[test]
fn a_question_that_came_back_with_its_answer_is_not_the_readers() {
    let (ledger, [first, _], _) = story();
    let (bank, owner) = (Identity::generate(), Identity::generate());
    let mut weaker = ask(&owner, payments(1));
    weaker.reader.recipient = Some(bank.to_public().to_string());
    weaker.sign(&auditor::signing_key(&owner));
    let package = open(answering(&weaker), 2, &[(&first, Side::Received, Show::Amount)]).unwrap();
    let own = Reading { keys: Some(ReaderKeys::of(&bank)), ..reading_of(&weaker) };
    let refused = Err(PackageError::Envelope(EnvelopeError::Challenge(ChallengeError::NotYours)));
    assert_eq!(check(&package, &own, &ledger), refused);
    // Without a key of his nothing says that it is his.
    assert_eq!(check(&package, &Reading { keys: None, ..own }, &ledger), refused);
    // His own, which is answered so, is short.
    let asked = ask(&bank, payments(70));
    let his = Reading { keys: Some(ReaderKeys::of(&bank)), ..reading_of(&asked) };
    assert_eq!(check(&package, &his, &ledger), Err(PackageError::Envelope(EnvelopeError::Nonce)));
}

/// Attacker: an owner who meets a demand for payments with her change, with payments to herself, or with empty notes.
#[test]
fn ones_own_notes_and_empty_ones_are_no_payments() {
    let (ledger, _, again) = story();
    let bank = Identity::generate();
    let sent = |at_least: Option<u64>| {
        let asset = at_least.and(AssetId::new(1));
        let at_least = at_least.map(Value);
        ask(&bank, Demand::Payments { epochs: None, side: Some(Side::Sent), asset, at_least })
    };
    let own = open(answering(&sent(Some(50))), 2, &[(&again, Side::Sent, Show::Amount)]);
    assert!(matches!(own, Err(MakeError::Own)));
    // A program that shows them all the same says nothing that is false, so the words of the demand do not promise more.
    let words = words::challenge(&sent(None), &KnownAssets::new(&[]), &EpochSchedule::ENDLESS).join("\n");
    assert!(words.contains("may be its own change"), "{words}");
    let mut ledger = ledger;
    let (alice, friend) = (account(1), account(3));
    let pay = |to: &AccountSpendingKey, value| Pay {
        to: Ledger::address(to, Direction::External, 0),
        value,
        memo: "",
    };
    let held = ledger.deposit(&alice, 0, &pay(&alice, 5)).remove(0);
    let made = ledger.pay(&alice, 0, &[&held], &[&pay(&friend, 2)]);
    let paid = made.iter().find(|held| held.note.value() == Value(2)).unwrap();
    let nothing = Show::AtLeast(paid.note.asset(), Value::ZERO);
    let refused = open(answering(&sent(None)), 1, &[(paid, Side::Sent, nothing)]);
    assert!(matches!(refused, Err(MakeError::Terms(TermsError::Less(Shortfall::NoPayment)))), "{refused:?}");
}

/// Attacker: an owner whose file is of no question, shown to a reader whose program says "none" with zeros; and one who
/// dates a file ahead, so that it outlives the question.
#[test]
fn zeros_are_no_question_and_no_file_is_of_the_future() {
    let (ledger, [first, _], _) = story();
    let terms = Terms { asked: Asked::Nothing, ..answering(&ask(&Identity::generate(), payments(1))) };
    let held = [(&first, Side::Received, Show::Amount)];
    let package = open(terms.clone(), 2, &held).unwrap();
    let zeros = Reading { asked: Asked::Nonce([0; 32]), reader: None, ..reading() };
    let refused = |error| Err(PackageError::Envelope(error));
    assert_eq!(check(&package, &zeros, &ledger), refused(EnvelopeError::EmptyNonce));
    let unasked = Reading { asked: Asked::Nothing, ..zeros };
    assert!(check(&package, &unasked, &ledger).is_ok());
    let ahead = NOW + 4000;
    let later = open(Terms { issued: ahead, expires: ahead + 9, ..terms }, 2, &held).unwrap();
    assert_eq!(check(&later, &unasked, &ledger), refused(EnvelopeError::NotYet(ahead)));
}

/// Attacker: an owner whose file is for a reader with a name that ends the sentence, and hides the truth behind spaces.
#[test]
fn a_name_does_not_speak_in_the_verdict() {
    let (ledger, [first, _], _) = story();
    let mut terms = Terms { asked: Asked::Nothing, ..answering(&ask(&Identity::generate(), payments(1))) };
    terms.reader.name = "Smith, as you demanded\u{2003}\u{2003}\u{2003}x\u{202e}\"".to_owned();
    let package = open(terms, 2, &[(&first, Side::Received, Show::Amount)]).unwrap();
    let unasked = Reading { asked: Asked::Nothing, reader: None, ..reading() };
    let line = check(&package, &unasked, &ledger).unwrap().remove(0);
    assert!(line.starts_with("made for \"Smith, as you demanded x"), "{line}");
    assert!(line.contains("\", not asked for by you") && !line.contains('\u{202e}'), "{line}");
}

/// Attacker: an owner who issues another EURX, and shows a payment of that one.
#[test]
fn another_asset_of_the_same_symbol_is_no_answer() {
    let (ledger, [first, _], _) = story();
    let number = |id| AssetId::new(id).unwrap();
    let demand =
        Demand::Payments { epochs: None, side: None, asset: AssetId::new(2), at_least: Some(Value(30)) };
    let challenge = ask(&Identity::generate(), demand);
    let made = open(answering(&challenge), 2, &[(&first, Side::Received, Show::Full)]);
    assert!(matches!(made, Err(MakeError::Terms(TermsError::Less(Shortfall::NoPayment)))));
    let terms = Terms { asked: Asked::Nonce(challenge.hash()), ..answering(&challenge) };
    let package = open(terms, 2, &[(&first, Side::Received, Show::Full)]).unwrap();
    let read = check(&package, &reading_of(&challenge), &ledger);
    assert_eq!(read, Err(PackageError::Envelope(EnvelopeError::Less(Shortfall::NoPayment))));
    // People see which of them is meant.
    let described = |id, issuer| AssetDescriptor::new(number(id), "EURX", 2, [issuer; 32], b"").unwrap();
    let assets = KnownAssets::new(&[described(1, 1), described(2, 2)]);
    let asked = words::challenge(&challenge, &assets, &EpochSchedule::ENDLESS).join("\n");
    assert!(
        asked.contains("EURX#2") && asked.contains(&louver_chain::Account([2; 32]).to_string()),
        "{asked}"
    );
}

/// Attacker: somebody on the way, who has the answer sealed to himself, or asked for more than the reader wants to know.
#[test]
fn an_altered_challenge_is_refused() {
    let (bank, thief) = (Identity::generate(), Identity::generate());
    let challenge = ask(&bank, payments(70));
    let bytes = challenge.to_bytes();
    assert_eq!(challenge.verify(&GENESIS, POOL), Ok(()));
    let other = GenesisHash([9; 32]);
    assert_eq!(challenge.verify(&other, POOL), Err(ChallengeError::OtherChain));
    assert_eq!(challenge.verify(&GENESIS, PoolId(9)), Err(ChallengeError::OtherPool));
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[at] ^= 1;
        if let Ok(read) = Challenge::from_bytes(&altered) {
            assert_eq!(read.to_bytes(), altered);
            assert!(read.verify(&GENESIS, POOL).is_err(), "{at}");
        }
    }
    let mut forged = challenge.clone();
    forged.reader.recipient = Some(thief.to_public().to_string());
    assert_eq!(forged.verify(&GENESIS, POOL), Err(ChallengeError::Signature));
    let terms = answering(&forged);
    let (ledger, [first, second], _) = story();
    let all = [(&first, Side::Received, Show::Amount), (&second, Side::Received, Show::Amount)];
    let made = open(terms, 2, &all);
    assert!(matches!(made, Err(MakeError::Terms(TermsError::Challenge(ChallengeError::Signature)))));
    // Signed anew with the thief's key it is another challenge: the owner sees the key, and the bank refuses the answer,
    // whatever of its own is in it.
    forged.key = auditor::signing_key(&thief).verifying_key();
    forged.sign(&auditor::signing_key(&thief));
    assert_eq!(forged.verify(&GENESIS, POOL), Ok(()));
    let answer = open(answering(&forged), 2, &all).unwrap();
    let read = check(&answer, &reading_of(&challenge), &ledger);
    assert_eq!(read, Err(PackageError::Envelope(EnvelopeError::Nonce)));
}

/// Attacker: a reader who presents what he was shown to another, as if that one had asked; and an owner who answers a new
/// challenge with an old answer.
#[test]
fn an_answer_is_to_one_challenge_of_one_reader() {
    let (ledger, [first, second], _) = story();
    let bank = Identity::generate();
    let challenge = ask(&bank, payments(70));
    let all = [(&first, Side::Received, Show::Amount), (&second, Side::Received, Show::Amount)];
    let answer = open(answering(&challenge), 2, &all).unwrap();
    // The same reader asks the same again.
    let again = Challenge::new((GENESIS, POOL), "The bank", &bank, payments(70), NOW, &mut rng(2)).unwrap();
    let refused = Err(PackageError::Envelope(EnvelopeError::Nonce));
    assert_eq!(check(&answer, &reading_of(&again), &ledger), refused);
    // Another reader asks under the same name.
    let other = ask(&Identity::generate(), payments(70));
    assert_eq!(check(&answer, &reading_of(&other), &ledger), refused);
    // Terms that name another reader than the challenge are not answered.
    let mut terms = answering(&challenge);
    terms.reader.recipient = Some(Identity::generate().to_public().to_string());
    assert!(matches!(open(terms, 2, &all), Err(MakeError::Terms(TermsError::OtherReader))));
}

#[test]
fn a_grant_answers_with_all_that_was_asked() {
    let range = |first, last| EpochRange::new(Epoch(first), Epoch(last)).unwrap();
    let asked = Directions { incoming: true, spends: true, ..Directions::default() };
    let challenge = ask(&Identity::generate(), Demand::Grant { directions: asked, epochs: range(3, 5) });
    let issue = |terms: Terms, directions, epochs| -> Result<Grant, IssueError> {
        let account = account(1);
        let request = GrantRequest { terms, scope: Scope::new(directions, epochs).unwrap() };
        let (viewing, signer) = (account.full_viewing_key(), account.spend_authorizing_key());
        request.issue(&viewing, &signer, prover(), &mut rng(3))
    };
    for (directions, epochs) in [(asked, range(3, 5)), (Directions::ALL, range(2, 6))] {
        let grant = issue(answering(&challenge), directions, epochs).unwrap();
        let binding = grant.verify(&reading_of(&challenge), verifier()).unwrap();
        assert_eq!(words::heading(&binding)[0], "made for \"The bank\", as you demanded");
    }
    for (directions, epochs, fault) in [
        (Directions::INCOMING, range(3, 5), Shortfall::Directions),
        (Directions::ALL, range(3, 4), Shortfall::Epochs),
        (Directions::ALL, range(4, 9), Shortfall::Epochs),
    ] {
        let made = issue(answering(&challenge), directions, epochs);
        assert!(matches!(made, Err(IssueError::Terms(TermsError::Less(found))) if found == fault));
        let terms = Terms { asked: Asked::Nonce(challenge.hash()), ..answering(&challenge) };
        let grant = issue(terms, directions, epochs).unwrap();
        let read = grant.verify(&reading_of(&challenge), verifier());
        assert_eq!(read, Err(GrantError::Envelope(EnvelopeError::Less(fault))));
    }
}

#[test]
fn challenges_are_written_in_one_way() {
    let key = Identity::generate();
    let demands = [
        payments(7),
        Demand::Payments { epochs: None, side: None, asset: None, at_least: None },
        Demand::Payments { epochs: None, side: Some(Side::Sent), asset: AssetId::new(3), at_least: None },
        Demand::Grant { directions: Directions::ALL, epochs: EpochRange::ALL },
    ];
    for demand in demands {
        let challenge = ask(&key, demand);
        let bytes = challenge.to_bytes();
        assert_eq!(Challenge::from_bytes(&bytes).unwrap(), challenge);
        assert!(Challenge::is_one(&bytes) && bytes.len() <= Challenge::MAX_BYTES);
        assert!(Challenge::from_bytes(&[&bytes[..], &[0]].concat()).is_err());
    }
    let amount_of_nothing =
        Demand::Payments { epochs: None, side: None, asset: None, at_least: Some(Value(1)) };
    assert!(Challenge::from_bytes(&ask(&key, amount_of_nothing).to_bytes()).is_err());
    let nobody = Challenge::new((GENESIS, POOL), " ", &key, payments(7), NOW, &mut rng(1));
    assert_eq!(nobody, Err(ChallengeError::Name));
    // One key file, one signing key.
    assert_eq!(ask(&key, payments(7)).key(), ask(&key, payments(8)).key());
    assert_ne!(ask(&key, payments(7)).key(), ask(&Identity::generate(), payments(7)).key());
}
