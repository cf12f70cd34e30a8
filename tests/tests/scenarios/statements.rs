//! Alice proves single sentences about her account to a bank, from her wallet and through a node, and shows nothing else.

use std::{collections::BTreeSet, sync::Arc};

use age::x25519::Identity;
use async_trait::async_trait;
use louver_chain::testing::coin;
use louver_client::{
    connection::Connection,
    offline::{OfflineError, OfflineProof},
    session::{Beginning, Session},
    statement::{SnapshotChoice, StatementFailure, Wanted, WantedSum},
    transport::{Http, Request, Response, Transport, Unreachable},
    trust::Trust,
};
use louver_core::{
    encoding::{Decode, Encode},
    epoch::{Epoch, EpochRange},
    proof::Unwatched,
    store::MemoryStore,
    transaction::TxId,
    value::Value,
};
use louver_viewkeys::{
    auditor::ReaderKeys,
    challenge::{Challenge, Demand, Shortfall},
    report::{Assurance, Ground, Names},
    signed::{Asked, EnvelopeError, Reading, Terms},
    statement::{
        LedgerFacts, MakeStatementError, Shows, StatedSum, StatementError, StatementFile, StatementProof,
        StatementReading, StatementRequest, VerifiedStatement, words,
    },
};
use louver_wallet::{account::AccountNumber, phrase::RecoveryPhrase, vault::Protection};
use pollster::block_on;

use crate::{
    person::Person,
    town::{EPOCH_SECONDS, Town},
};

#[test]
fn statements_are_made_from_a_wallet_and_checked_against_a_node() {
    let town = Town::new();
    let phrase = RecoveryPhrase::generate(&mut rand::rng());
    let (mut alice, mut bob) = (Person::with_phrase(&town.client, &phrase), Person::new(&town.client));
    let bank = Identity::generate();
    town.client.faucet(bob.account(), 1_000_000);
    town.client.mine(1);
    let deposit = bob.shield(500_000, &town.transfers);
    town.client.submit(&deposit.bytes).unwrap();
    town.client.mine(1);
    let paid = bob.pay(alice.address(), 120_000, "wages", &town.transfers);
    town.client.submit(&paid.bytes).unwrap();
    town.client.mine(1);

    let held =
        |least| Wanted::Holdings { asset: coin(), at_least: Value(least), snapshot: SnapshotChoice::Latest };
    let any = |demand| terms(&town, &bank, demand).0;
    let holdings = |least| Demand::Holdings { asset: coin(), at_least: Value(least), since: 0 };
    // The chain takes its first snapshot when the epoch and its grace are over.
    let early = alice.statement_request(held(1), any(holdings(1)));
    assert!(matches!(early, Err(StatementFailure::NoSnapshotYet { first: Some(_) })));
    let address = alice.address();
    town.client.pass(EPOCH_SECONDS + 2_000);
    town.client.mine(70);

    // An address.
    let (asking, challenge) = terms(&town, &bank, Demand::Address(address));
    let request = alice.statement_request(Wanted::Address(address), asking).unwrap();
    let file = make(&town, &alice, &request).to_file().unwrap();
    let said = read(&town, &file, &bank, &challenge).unwrap();
    assert!(sentence(&said).contains(&address.to_string()));

    // The sum that came in, up to the wallet's last block.
    let months = EpochRange::new(Epoch(0), Epoch(1)).unwrap();
    let total = |sum| Wanted::Total { asset: coin(), sum, epochs: months };
    let demand = Demand::Total { asset: coin(), at_least: Value(100_000), epochs: months };
    let request = alice.statement_request(total(WantedSum::All), any(demand)).unwrap();
    assert!(matches!(request.shows, Shows::Total { sum: StatedSum::Exactly(Value(120_000)), .. }));
    assert_true(&alice, &request);
    let more = alice.statement_request(total(WantedSum::AtLeast(Value(120_001))), any(demand));
    assert!(matches!(more, Err(StatementFailure::TooLittle { have: 120_000, asked: 120_001, .. })));
    // Bob brought his money in himself, and his change is his own.
    let none = bob.statement_request(total(WantedSum::AtLeast(Value(1))), any(demand));
    assert!(matches!(none, Err(StatementFailure::TooLittle { have: 0, .. })));

    // Alice spends her note after the snapshot, and the chain goes on for longer than wallets keep its trees.
    let spent = alice.pay(bob.address(), 100_000, "rent", &town.transfers);
    town.client.submit(&spent.bytes).unwrap();
    town.client.mine(120);
    let wages = TxId(hex(&bob, &paid.bytes));
    let there = Wanted::Unspent {
        txid: wages,
        output: output_of(&mut alice, wages),
        snapshot: SnapshotChoice::Index(0),
    };
    let Wanted::Unspent { output, .. } = there else { panic!() };
    let (asking, challenge) = terms(&town, &bank, Demand::Unspent { txid: wages, output, since: 0 });
    let request = alice.statement_request(there.clone(), asking.clone()).unwrap();
    let unspent = make(&town, &alice, &request).to_file().unwrap();
    let request_of_alice = request.clone();
    let said = sentence(&read(&town, &unspent, &bank, &challenge).unwrap());
    assert!(said.contains("was not spent at") && said.contains("(not at midnight)"), "{said}");

    // Holdings of then, without the proofs, which take long.
    let request = alice.statement_request(held(120_000), any(holdings(120_000))).unwrap();
    assert_true(&alice, &request);
    let more = alice.statement_request(held(120_001), any(holdings(120_001)));
    assert!(matches!(more, Err(StatementFailure::TooLittle { have: 120_000, .. })));
    let none = Wanted::Holdings { asset: coin(), at_least: Value(1), snapshot: SnapshotChoice::Index(7) };
    let none = alice.statement_request(none, any(holdings(1)));
    assert!(matches!(none, Err(StatementFailure::NoSuchSnapshot { newest: 0, .. })));

    without_a_node(&town, &unspent, &bank, &challenge);
    he_passes_it_on(&town, &unspent, &bank, &challenge);
    he_shows_her_note_as_his(&bob, &request_of_alice);
    she_answers_with_an_old_snapshot(&town, &mut alice, &bank, there);
    the_node_lies(&town, &phrase, &asking, wages, output);
}

/// Attacker: the bank, which hands the statement to another as if that one had asked.
fn he_passes_it_on(town: &Town, file: &[u8], bank: &Identity, challenge: &Challenge) {
    let eve = Identity::generate();
    assert!(StatementFile::open(file, Some(&eve)).is_err());
    let theirs =
        Challenge::new(challenge.place(), "Smith", &eve, *challenge.demand(), 0, &mut rand::rng()).unwrap();
    let opened = StatementFile::open(file, Some(bank)).unwrap();
    let refused = check(town, &opened, &eve, &theirs);
    assert_eq!(refused, Err(StatementError::Envelope(EnvelopeError::Nonce)));
}

/// Attacker: Bob, who paid the note and knows all of it, and states that it is his own and there.
fn he_shows_her_note_as_his(bob: &Person, of_alice: &StatementRequest) {
    let stated = of_alice.draft(&bob.viewing(), &mut rand::rng());
    assert!(matches!(stated, Err(MakeStatementError::NotOwn)));
}

/// Attacker: Alice, who lays a proof beside the statement that does not show what it rests on.
fn without_a_node(town: &Town, file: &[u8], bank: &Identity, challenge: &Challenge) {
    let statement = StatementFile::open(file, Some(bank)).unwrap();
    let proof = block_on(town.client.offline_proof_of_statement(&statement)).unwrap().unwrap();
    let proof = OfflineProof::from_bytes(&proof.to_bytes()).unwrap();
    let trust = Trust::Genesis(town.client.genesis().hash());
    let chain = proof.check(&trust, louver_client::clock::now()).unwrap();
    let facts = chain.facts(&statement).unwrap();
    let said = judge(town, &statement, bank, challenge, (chain.ground, &facts)).unwrap();
    assert!(said.chain.offline && sentence(&said).contains("was not spent at"));
    assert_eq!(said.assurance, Assurance::Guaranteed);
    let nothing =
        block_on(town.client.offline_proof_of(&BTreeSet::new(), BTreeSet::new(), b"none")).unwrap().unwrap();
    let nothing = nothing.check(&trust, louver_client::clock::now()).unwrap();
    assert!(matches!(nothing.facts(&statement), Err(OfflineError::LacksPart { .. })));
}

/// Attacker: Alice, who answers a demand for a newer snapshot with the old one, before she spent.
fn she_answers_with_an_old_snapshot(town: &Town, alice: &mut Person, bank: &Identity, there: Wanted) {
    let Wanted::Unspent { txid, output, .. } = &there else { panic!() };
    let since = louver_client::clock::now() + u64::from(EPOCH_SECONDS) * 9;
    let demand = Demand::Unspent { txid: *txid, output: *output, since };
    let (asking, challenge) = terms(town, bank, demand);
    let asking = Terms { asked: Asked::Nonce(challenge.hash()), ..asking };
    let request = alice.statement_request(there, asking).unwrap();
    let file = make(town, alice, &request).to_file().unwrap();
    let refused = read(town, &file, bank, &challenge);
    let older = EnvelopeError::Less(Shortfall::Older { since });
    assert_eq!(refused, Err(StatementError::Envelope(older)));
}

/// Attacker: a node that gives Alice's wallet other nullifiers than the snapshot's, or other blocks, so that a statement fails or
/// tells which note it is about.
fn the_node_lies(town: &Town, phrase: &RecoveryPhrase, asking: &Terms, txid: TxId, output: u8) {
    let chain = town.client.genesis().hash();
    for path in ["/v1/snapshots/0/bucket", "/v1/snapshots?"] {
        let liar = Arc::new(Altering(Http::new(&town.url()).unwrap(), path));
        let connection = block_on(Connection::connect(liar, Trust::Genesis(chain))).unwrap();
        let (phrase, protection) = (phrase.clone(), Protection::Unsealed);
        let beginning = Beginning { phrase, protection, birthday: Some(0) };
        let session = block_on(Session::create(MemoryStore::default(), None, connection, beginning)).unwrap();
        block_on(session.follow(None)).unwrap();
        let wanted = Wanted::Unspent { txid, output, snapshot: SnapshotChoice::Index(0) };
        let refused = block_on(session.statement_request(AccountNumber(0), wanted, asking.clone(), None));
        assert!(matches!(refused, Err(StatementFailure::Node(_))), "{path}: {refused:?}");
    }
}

/// Alters a byte of every answer at a path.
struct Altering(Http, &'static str);

#[async_trait]
impl Transport for Altering {
    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        let alters = request.path.starts_with(self.1);
        let mut answer = self.0.send(request).await?;
        let middle = answer.body.len() / 2;
        if let Some(byte) = answer.body.get_mut(middle).filter(|_| alters) {
            *byte ^= 1;
        }
        Ok(answer)
    }
}

/// The id of a transaction that somebody made.
fn hex(maker: &Person, bytes: &[u8]) -> [u8; 32] {
    let history = maker.history();
    let is_it = |signed: &louver_wallet::history::SignedEntry| signed.bytes == bytes;
    history.iter().find(|entry| entry.signed.as_ref().is_some_and(is_it)).unwrap().txid.0
}

/// The output that made a note of the account's.
fn output_of(owner: &mut Person, txid: TxId) -> u8 {
    owner.sync();
    owner.history().iter().find(|entry| entry.txid == txid).unwrap().outputs[0].index
}

/// Terms that answer a challenge of the bank, and the challenge.
fn terms(town: &Town, bank: &Identity, demand: Demand) -> (Terms, Challenge) {
    let (genesis, now) = (town.client.genesis(), louver_client::clock::now());
    let place = (genesis.hash(), genesis.terms().pool);
    let challenge = Challenge::new(place, "Smith", bank, demand, now, &mut rand::rng()).unwrap();
    (Terms::answering(challenge.clone(), "a loan".to_owned(), now, now + 86_400), challenge)
}

fn make(town: &Town, owner: &Person, request: &StatementRequest) -> StatementFile {
    let (viewing, signer) = (owner.viewing(), owner.signer());
    request.make(&viewing, &signer, &town.disclosures, &mut Unwatched, &mut rand::rng()).unwrap()
}

/// Every claim of a statement holds of what its owner knows.
fn assert_true(owner: &Person, request: &StatementRequest) {
    let draft = request.draft(&owner.viewing(), &mut rand::rng()).unwrap();
    for one in draft.statements() {
        match one {
            StatementProof::Holdings(one) => one.0.holds(draft.opening(), &one.1).unwrap(),
            StatementProof::Total(one) => one.0.holds(draft.opening(), &one.1).unwrap(),
            other => panic!("{other:?}"),
        }
    }
}

fn read(
    town: &Town,
    file: &[u8],
    bank: &Identity,
    challenge: &Challenge,
) -> Result<VerifiedStatement, StatementError> {
    check(town, &StatementFile::open(file, Some(bank)).unwrap(), bank, challenge)
}

fn check(
    town: &Town,
    statement: &StatementFile,
    bank: &Identity,
    challenge: &Challenge,
) -> Result<VerifiedStatement, StatementError> {
    let facts = block_on(town.client.facts(statement)).unwrap();
    judge(town, statement, bank, challenge, (town.client.ground(), &facts))
}

fn judge(
    town: &Town,
    statement: &StatementFile,
    bank: &Identity,
    challenge: &Challenge,
    (chain, facts): (Ground, &LedgerFacts),
) -> Result<VerifiedStatement, StatementError> {
    let genesis = town.client.genesis();
    let reading = Reading {
        genesis: genesis.hash(),
        chain,
        pool: genesis.terms().pool,
        account: None,
        reader: None,
        asked: Asked::Challenge(Box::new(challenge.clone())),
        keys: Some(ReaderKeys::of(bank)),
        now: louver_client::clock::now(),
    };
    let assets = town.client.assets();
    let names = Names { assets: &assets, account: &|_| String::new() };
    let schedule = genesis.terms().schedule;
    statement.verify(StatementReading { reading: &reading, names: &names, schedule, facts }, &town.verifier)
}

fn sentence(verified: &VerifiedStatement) -> String {
    words::sentence(&verified.stated, &louver_core::asset::KnownAssets::new(&[]))
}
