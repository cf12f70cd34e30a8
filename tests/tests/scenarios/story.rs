//! Alice is paid from the faucet, goes into the pool and pays Bob; Bob goes out of it, and hides something. On the way
//! everybody tries what he should not be able to do.

use louver_chain::{Block, Chain, ChainError, ChainTransaction, Header, testing};
use louver_core::{
    encoding::{Decode, Encode},
    epoch::{Epoch, EpochRange},
    ledger::{LedgerError, RuleError},
    pool::{GenesisHash, PoolId, PoolTag},
    secret::ExposeBytes,
    store::MemoryStore,
    transaction::{Refused, Transaction},
};
use louver_viewkeys::{
    audit::AuditError,
    grant::{Grant, GrantError, GrantRequest},
    package::{Chosen, MakeError, Package, PackageError, PackageRequest, Show, Side, VerifiedPackage, What},
    report::{Assurance, Crossing, Finding, Labelled, Report},
    scope::{Directions, Scope},
    signed::{Asked, EnvelopeError, OpenError, ReaderId, Reading, Terms},
};
use louver_wallet::{history::OutputKind, phrase::RecoveryPhrase, send::Outgoing};
use pollster::block_on;

use crate::{
    auditor::Auditor,
    forgery::{proof_of_nothing, swap},
    person::Person,
    town::{EPOCH_SECONDS, Town},
};

/// The fee of a transaction of this shape.
const FEE: u64 = 1_000;

#[test]
fn a_payment_from_the_faucet_to_its_audit() {
    let town = Town::new();
    let phrase = RecoveryPhrase::generate(&mut rand::rng());
    let (mut alice, mut bob, mut eve) =
        (Person::with_phrase(&town.client, &phrase), Person::new(&town.client), Person::new(&town.client));

    alice_goes_into_the_pool(&town, &mut alice);
    let mut second_phone = Person::with_phrase(&town.client, &phrase);
    let rent = alice.pay(bob.address(), 120_000, "rent for May", &town.transfers);
    forged_payments_are_refused(&town, &rent);
    let again = second_phone.pay(eve.address(), 120_000, "the same note", &town.transfers);
    a_note_is_spent_once(&town, &rent, &again);
    bob_has_been_paid(&town, &mut alice, &mut bob);

    // The first epoch ends, and with it Bob's address.
    town.client.pass(EPOCH_SECONDS);
    let height = town.client.height();
    let hidden = bob_goes_out_and_hides(&town, &mut bob, &mut eve);

    let auditor = Auditor::new(&town.client);
    bobs_auditor_sees_that_something_is_hidden(&town, &auditor, &bob, (&hidden, height + 1));
    a_grant_shows_its_epochs_and_pool_alone(&town, &auditor, &bob);
    alice_proves_her_rent(&town, &auditor, &alice);
    whoever_replays_the_chain_finds_the_same(&town, &auditor, &rent, &again);
}

fn alice_goes_into_the_pool(town: &Town, alice: &mut Person) {
    town.client.faucet(alice.account(), 1_000_000);
    town.client.mine(1);
    let deposit = alice.shield(500_000, &town.transfers);
    // Attacker: one who has somebody else's deposit paid from an account that did not agree.
    let payer = alice.account().0;
    let other = swap(&deposit.bytes, &payer, &Person::new(&town.client).account().0);
    assert_eq!(town.client.submit(&other).unwrap_err(), "host_authorization");
    town.client.submit(&deposit.bytes).unwrap();
    town.client.mine(1);
    assert_eq!(alice.balance(), 500_000);
    assert_eq!(town.client.holds(alice.account()), 500_000 - FEE);
    assert_eq!(town.client.pool(), 500_000);
}

/// Attacker: the one to whom the payment is turned, and whoever mints by a proof of nothing.
fn forged_payments_are_refused(town: &Town, rent: &Outgoing) {
    let transaction = Transaction::from_bytes(&rent.bytes).unwrap();
    let proof = transaction.authorization().proof().as_bytes();
    let forged = swap(&rent.bytes, proof, &proof_of_nothing());
    assert_eq!(town.client.submit(&forged).unwrap_err(), "proof_invalid");
    let forged = swap(&rent.bytes, proof, &[0xff; 192]);
    assert_eq!(town.client.submit(&forged).unwrap_err(), "proof_invalid");
    // The proof is of another root than the one that is stated.
    let anchor = transaction.authorization().anchor().to_bytes();
    let older = town.client.compact_blocks(1)[0].header().anchor.to_bytes();
    assert_ne!(anchor, older);
    let forged = swap(&rent.bytes, &[&anchor[..], proof].concat(), &[&older[..], proof].concat());
    assert_eq!(town.client.submit(&forged).unwrap_err(), "proof_invalid");
    // Each output in turn is made to somebody else: another commitment in its place.
    let mine = transaction.effects().nullifiers()[0].to_array();
    for output in transaction.effects().outputs() {
        let turned = swap(&rent.bytes, &output.cm.to_bytes(), &mine);
        assert_eq!(town.client.submit(&turned).unwrap_err(), "signature_invalid");
    }
}

/// Attacker: Alice, who would pay Bob and Eve with one note.
fn a_note_is_spent_once(town: &Town, rent: &Outgoing, again: &Outgoing) {
    assert_ne!(rent.txid, again.txid);
    town.client.submit(&rent.bytes).unwrap();
    assert_eq!(town.client.submit(&again.bytes).unwrap_err(), "mempool_conflict");
    town.client.mine(1);
    assert_eq!(town.client.submit(&again.bytes).unwrap_err(), "nullifier_known");
    // Handing in what is there already does no harm.
    assert_eq!(town.client.submit(&rent.bytes).unwrap(), rent.txid.to_string());
}

fn bob_has_been_paid(town: &Town, alice: &mut Person, bob: &mut Person) {
    assert_eq!((bob.balance(), alice.balance()), (120_000, 380_000 - u128::from(FEE)));
    let received = &bob.history()[0].outputs[0];
    assert_eq!(received.memo.as_ref().unwrap().as_text(), Some("rent for May"));
    assert_eq!(town.client.pool(), 500_000 - FEE);
}

/// Bob withdraws to his open account, and pays Eve in the same transaction without leaving a record. Its id.
fn bob_goes_out_and_hides(town: &Town, bob: &mut Person, eve: &mut Person) -> String {
    let address = eve.address();
    assert_eq!(address.epoch(), Epoch(1));
    let withdrawal = bob.withdraw_and_hide(70_000, address, 40_000, &town.transfers).to_bytes();
    // Attacker: Eve, who would have it paid out to herself, or three times over.
    let recipient = bob.account().0;
    let stolen = swap(&withdrawal, &recipient, &eve.account().0);
    assert_eq!(town.client.submit(&stolen).unwrap_err(), "signature_invalid");
    let to = |amount: u64| [&amount.to_le_bytes()[..], &recipient].concat();
    let more = swap(&withdrawal, &to(70_000), &to(210_000));
    assert_eq!(town.client.submit(&more).unwrap_err(), "signature_invalid");
    let txid = town.client.submit(&withdrawal).unwrap();
    town.client.mine(1);
    assert_eq!(town.client.holds(bob.account()), 70_000);
    assert_eq!((bob.balance(), eve.balance()), (9_000, 40_000));
    assert_eq!(town.client.pool(), 430_000 - 2 * FEE);
    txid
}

fn issue(town: &Town, owner: &Person, request: &GrantRequest) -> Grant {
    request.issue(&owner.viewing(), &owner.signer(), &town.disclosures, &mut rand::rng()).unwrap()
}

/// A grant of everything in a range of epochs.
fn request(town: &Town, auditor: &Auditor, first: u16, last: u16) -> GrantRequest {
    let genesis = town.client.genesis();
    let epochs = EpochRange::new(Epoch(first), Epoch(last)).unwrap();
    GrantRequest {
        terms: Terms {
            genesis: genesis.hash(),
            pool: genesis.terms().pool,
            reader: ReaderId { name: "The auditor".to_owned(), recipient: Some(auditor.recipient()) },
            asked: Asked::Nothing,
            purpose: "tax year".to_owned(),
            issued: 1_000,
            expires: 2_000,
        },
        scope: Scope::new(Directions::ALL, epochs).unwrap(),
    }
}

/// The auditor's expectations of a grant.
fn expected(town: &Town) -> Reading {
    let genesis = town.client.genesis();
    Reading {
        genesis: genesis.hash(),
        chain: town.client.ground(),
        pool: genesis.terms().pool,
        account: None,
        reader: Some("The auditor".to_owned()),
        asked: Asked::Nothing,
        keys: None,
        now: 1_500,
    }
}

/// Hands a grant over, and has it checked by its reader.
fn hand_over(town: &Town, auditor: &Auditor, grant: &Grant) -> Grant {
    let opened = Grant::open(&grant.seal().unwrap(), Some(&auditor.identity)).unwrap();
    opened.verify(&expected(town), &town.verifier).unwrap();
    opened
}

fn kinds(report: &Report) -> Vec<(&'static str, Assurance)> {
    let kind = |finding: &Finding| match finding {
        Finding::Received { .. } => "received",
        Finding::Change { .. } => "change",
        Finding::Spent { .. } => "spent",
        Finding::Authorised { .. } => "authorised",
        Finding::Paid { .. } => "paid",
        _ => "something else",
    };
    report.findings.iter().map(|labelled| (kind(&labelled.finding), labelled.assurance)).collect()
}

/// Attacker: Bob, who paid somebody beside his withdrawal, if his auditor took the withdrawal for all that happened.
fn bobs_auditor_sees_that_something_is_hidden(
    town: &Town,
    auditor: &Auditor,
    bob: &Person,
    (hidden, height): (&str, u32),
) {
    let grant = issue(town, bob, &request(town, auditor, 0, 1));
    let opened = hand_over(town, auditor, &grant);
    let report = auditor.audit(opened);
    let memo = |labelled: &Labelled| match &labelled.finding {
        Finding::Received { written, .. } => written.memo.clone(),
        _ => None,
    };
    assert_eq!(report.findings.iter().find_map(memo).as_deref(), Some("rent for May"));
    let (known, unknown) = (Assurance::Guaranteed, Assurance::Unexplained);
    let expected = [("received", known), ("change", known), ("spent", known), ("authorised", unknown)];
    assert_eq!(kinds(&report), expected);
    let Finding::Authorised { place, crossing, hidden_outputs, .. } = &report.findings[3].finding else {
        panic!("{:?}", report.findings)
    };
    assert_eq!((place.txid.as_str(), place.height), (hidden, height));
    let Some(Crossing::Withdrawal { amount, .. }) = crossing else { panic!("{crossing:?}") };
    assert_eq!((amount.value.0, amount.of.asset.to_u64(), *hidden_outputs), (70_000, 1, 2));
    let withdrawn = report.totals[0].withdrawn.map(|withdrawn| withdrawn.value.0);
    assert_eq!(withdrawn, Some(70_000));

    // A thief's key does not open the file.
    let thief = Auditor::new(&town.client);
    let sealed = grant.seal().unwrap();
    assert!(matches!(Grant::open(&sealed, Some(&thief.identity)), Err(OpenError::Decrypt)));
    the_node_keeps_a_leaf_back(town, auditor, &grant);
}

/// Attacker: a node that keeps a leaf back from the auditor, so that a payment does not show.
fn the_node_keeps_a_leaf_back(town: &Town, auditor: &Auditor, grant: &Grant) {
    let mut audit = auditor.begin(hand_over(town, auditor, grant));
    let mut blocks = town.client.compact_blocks(1);
    blocks[2] = testing::altered(&blocks[2], |transactions| {
        transactions[0].outputs.pop();
    });
    audit.learn_tip(town.client.height()).unwrap();
    assert!(audit.read(&blocks[0]).is_ok() && audit.read(&blocks[1]).is_ok());
    assert_eq!(audit.read(&blocks[2]), Err(AuditError::Tree { height: 3 }));
}

/// Attacker: an auditor who would read on after the epochs that were granted, or on another pool or chain; and an owner
/// who hands over keys that are of no use.
fn a_grant_shows_its_epochs_and_pool_alone(town: &Town, auditor: &Auditor, bob: &Person) {
    let first_epoch = request(town, auditor, 0, 0);
    let grant = hand_over(town, auditor, &issue(town, bob, &first_epoch));
    assert!(grant.incoming(Epoch(1)).is_none() && grant.change(Epoch(1)).is_none());
    assert!(grant.nullifier_key(Epoch(1)).is_none() && grant.detection_key(Epoch(1)).is_none());
    // The spend of an epoch's notes shows whenever it is made; what else happened then does not.
    let report = auditor.audit(grant);
    assert_eq!(kinds(&report), [("received", Assurance::Guaranteed), ("spent", Assurance::Guaranteed)]);

    let at = |change: fn(&mut Terms)| {
        let mut request = first_epoch.clone();
        change(&mut request.terms);
        issue(town, bob, &request)
    };
    let elsewhere = at(|terms| terms.pool = PoolId(terms.pool.0 + 1));
    let verified = elsewhere.verify(&expected(town), &town.verifier);
    assert_eq!(verified, Err(GrantError::Envelope(EnvelopeError::OtherPool)));
    // One who does not check reads nothing with it, even if it is made to say that it is of this pool.
    assert!(auditor.audit(elsewhere).findings.is_empty());
    let fork = GenesisHash([7; 32]);
    let of_a_fork = at(|terms| terms.genesis = GenesisHash([7; 32]));
    let verified = of_a_fork.verify(&expected(town), &town.verifier);
    assert_eq!(verified, Err(GrantError::Envelope(EnvelopeError::OtherChain)));
    let relabelled = swap(&of_a_fork.expose_bytes(), &fork.0, &first_epoch.terms.genesis.0);
    assert!(Grant::from_bytes(&relabelled).is_err(), "its covers are of the fork's pool");
}

fn alice_proves_her_rent(town: &Town, auditor: &Auditor, alice: &Person) {
    let genesis = town.client.genesis();
    let opened = alice.open_latest(OutputKind::Sent);
    let terms = Terms {
        genesis: genesis.hash(),
        pool: genesis.terms().pool,
        reader: ReaderId { name: "The landlord's bank".to_owned(), recipient: None },
        asked: Asked::Nonce([42; 32]),
        purpose: "proof of rent".to_owned(),
        issued: 1_000,
        expires: 2_000,
    };
    let what = What::Note { side: Side::Sent, show: Show::Full, note: Box::new(opened.note) };
    let (height, txid, spend_tag) = (opened.height, opened.txid, opened.spend_tag);
    let chosen = Chosen { height, txid, spend_tag, what };
    let request = PackageRequest { terms: terms.clone(), chosen: vec![chosen] };
    let package =
        request.make(&alice.viewing(), &alice.signer(), &town.disclosures, &mut rand::rng()).unwrap();
    let bytes = package.to_bytes();
    let reading = Reading {
        genesis: terms.genesis,
        chain: town.client.ground(),
        pool: terms.pool,
        account: Some(alice.viewing().account_id(PoolTag::new(&terms.genesis, terms.pool))),
        reader: Some(terms.reader.name),
        asked: terms.asked,
        keys: None,
        now: 1_500,
    };
    let shown = Shown { town, auditor, bytes, reading };
    let verified = shown.read(&shown.bytes, &shown.reading).unwrap();
    let payment = &verified.payments[0];
    assert_eq!((payment.amount.value.0, payment.written.memo.as_deref()), (120_000, Some("rent for May")));
    assert_eq!((payment.place.height, payment.place.txid.as_str()), (3, txid.to_string().as_str()));
    she_shows_more_than_she_paid(&shown);
    the_landlord_answers_his_own_bank_with_it(&shown);
    the_payer_shows_it_as_her_income(&shown, alice, &request);
    the_node_hides_the_payment(&shown);
}

/// A package, with the demands that it meets.
struct Shown<'a> {
    town: &'a Town,
    auditor: &'a Auditor,
    bytes: Vec<u8>,
    reading: Reading,
}

impl Shown<'_> {
    fn read(&self, bytes: &[u8], reading: &Reading) -> Result<VerifiedPackage, PackageError> {
        let package = Package::from_bytes(bytes).unwrap();
        let found = block_on(self.town.client.find(&package)).unwrap();
        let find = |height, txid: &_| found.get(height, txid);
        self.auditor.names(|names| package.verify(reading, names, &self.town.verifier, find))
    }
}

/// Attacker: Alice, who writes more into the package than she paid.
fn she_shows_more_than_she_paid(shown: &Shown<'_>) {
    let more = swap(&shown.bytes, &120_000u64.to_le_bytes(), &520_000u64.to_le_bytes());
    assert_eq!(shown.read(&more, &shown.reading), Err(EnvelopeError::Signature.into()));
}

/// Attacker: the landlord, who shows it as an answer to his own bank, or after it has expired.
fn the_landlord_answers_his_own_bank_with_it(shown: &Shown<'_>) {
    let asked = Reading { asked: Asked::Nonce([43; 32]), ..shown.reading.clone() };
    assert_eq!(shown.read(&shown.bytes, &asked), Err(EnvelopeError::Nonce.into()));
    let late = Reading { now: 2_001, ..shown.reading.clone() };
    assert_eq!(shown.read(&shown.bytes, &late), Err(EnvelopeError::Expired(2_000).into()));
}

/// Attacker: the payer, who shows what she paid as her income.
fn the_payer_shows_it_as_her_income(shown: &Shown<'_>, alice: &Person, request: &PackageRequest) {
    let mut request = request.clone();
    let What::Note { side, .. } = &mut request.chosen[0].what else { panic!("a note") };
    *side = Side::Received;
    let made = request.make(&alice.viewing(), &alice.signer(), &shown.town.disclosures, &mut rand::rng());
    assert!(matches!(made, Err(MakeError::NotReceived)));
}

/// Attacker: a node that does not show the block with the payment.
fn the_node_hides_the_payment(shown: &Shown<'_>) {
    let package = Package::from_bytes(&shown.bytes).unwrap();
    let Shown { town, auditor, reading, .. } = shown;
    let nowhere = auditor.names(|names| package.verify(reading, names, &town.verifier, |_, _| None));
    assert_eq!(nowhere, Err(PackageError::NotOnLedger { item: 0 }));
}

/// Attacker: a maker of blocks who puts into one what the node would not have taken.
fn whoever_replays_the_chain_finds_the_same(
    town: &Town,
    auditor: &Auditor,
    rent: &Outgoing,
    again: &Outgoing,
) {
    let whole = auditor.replay(town.client.height());
    assert_eq!(whole.tip_hash(), town.client.compact_blocks(1).last().unwrap().hash());

    let verifier = town.transfers.keys().verifier().unwrap();
    let shielded =
        |bytes: &[u8]| ChainTransaction::Shielded(Box::new(Transaction::from_bytes(bytes).unwrap()));
    let (first, second) = (shielded(&rent.bytes), shielded(&again.bytes));
    // Both are good by themselves, as the chain stood before either: no block takes the two.
    let before = auditor.replay(2);
    let refused = |chain: &Chain<MemoryStore>, transactions: Vec<ChainTransaction>| {
        chain.replay(block_of(chain, transactions), &verifier).unwrap_err()
    };
    for alone in [&first, &second] {
        let error = refused(&before, vec![alone.clone()]);
        assert!(matches!(error, ChainError::Header("anchor")), "all else was in order: {error}");
    }
    let error = refused(&before, vec![first, second.clone()]);
    assert!(matches!(error, ChainError::Ledger(LedgerError::Rule(RuleError::NullifierInBlock { .. }))));
    let error = refused(&auditor.replay(3), vec![second]);
    assert!(matches!(
        error,
        ChainError::Ledger(LedgerError::Rule(RuleError::NullifierSpent { height: 3, .. }))
    ));

    let proof = Transaction::from_bytes(&rent.bytes).unwrap();
    let unproven = swap(&rent.bytes, proof.authorization().proof().as_bytes(), &proof_of_nothing());
    let error = refused(&before, vec![shielded(&unproven)]);
    assert!(matches!(error, ChainError::Refused(Refused::Proof(_))), "{error}");
}

/// A block that somebody makes as he likes; its anchor is the last block's.
fn block_of(chain: &Chain<MemoryStore>, transactions: Vec<ChainTransaction>) -> Block {
    let tip = chain.ledger().tip();
    let header = Header {
        time: tip.time,
        ..testing::header(tip.height + 1, chain.tip_hash(), chain.ledger().frontier())
    };
    testing::block(header, transactions)
}
