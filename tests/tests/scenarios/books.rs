//! Alice shows her books of two epochs to an auditor. She leaves something out, he passes them on, and a node lies: each of
//! them is found out.

use std::sync::Arc;

use age::x25519::Identity;
use async_trait::async_trait;
use louver_client::{
    book::BookScan,
    connection::Connection,
    offline::{OfflineError, OfflineProof, ShownChain},
    transport::{Http, Request, Response, Transport, Unreachable},
    trust::Trust,
};
use louver_core::{
    encoding::{Decode, Encode},
    epoch::{Epoch, EpochRange},
    proof::Unwatched,
    secret::ExposeBytes,
};
use louver_viewkeys::{
    book::{
        Book, BookBalance, BookError, BookFinding, BookGuarantee, BookMark, BookRequest, HeldBefore,
        MakeBookError, ReceivedNote, VerifiedBook,
    },
    report::{Assurance, Ground},
    signed::{Asked, OpenError, ReaderId, Reading, Terms},
};
use louver_wallet::{disclosure::NoteOpening, history::OutputKind, phrase::RecoveryPhrase};
use pollster::block_on;

use crate::{
    person::Person,
    town::{EPOCH_SECONDS, Town},
};

#[test]
fn books_are_made_from_a_wallet_and_checked_against_a_node() {
    let town = Town::new();
    let phrase = RecoveryPhrase::generate(&mut rand::rng());
    let (mut alice, mut bob) = (Person::with_phrase(&town.client, &phrase), Person::new(&town.client));
    let auditor = Identity::generate();

    town.client.faucet(alice.account(), 1_000_000);
    town.client.mine(1);
    let deposit = alice.shield(500_000, &town.transfers);
    town.client.submit(&deposit.bytes).unwrap();
    town.client.mine(1);
    let rent = alice.pay(bob.address(), 120_000, "rent", &town.transfers);
    town.client.submit(&rent.bytes).unwrap();
    town.client.mine(1);
    let back = bob.pay(alice.address(), 20_000, "too much", &town.transfers);
    town.client.submit(&back.bytes).unwrap();
    town.client.mine(1);
    // The first epoch ends, with its grace.
    town.client.pass(EPOCH_SECONDS + 2_000);
    let more = alice.pay(bob.address(), 50_000, "rent again", &town.transfers);
    town.client.submit(&more.bytes).unwrap();
    town.client.mine(1);
    town.client.pass(EPOCH_SECONDS);

    let request = alice.book_request(terms(&town, &auditor), epochs(0));
    let made = make(&town, &alice, &request);
    let first = read(&town, &made, None).unwrap();
    let sums = &first.accounts[0];
    let came = [sums.opening.value.0, sums.received.value.0, sums.deposits.value.0];
    let went = [sums.paid.value.0, sums.withdrawn.value.0, sums.fees.value.0];
    assert_eq!((came, went), ([0, 20_000, 500_000], [120_000, 0, 1_000]));
    assert_eq!((sums.closing.unwrap().value.0, sums.host_fees.0), (399_000, 1_000));
    assert_eq!((sums.balance, first.findings.len()), (BookBalance::Closed, 0));
    assert_eq!(first.guaranteed, [BookGuarantee::Transactions, BookGuarantee::Openings]);

    // Another device of hers knows the phrase alone, and makes the next book from the ledger.
    let mut second_phone = Person::with_phrase(&town.client, &phrase);
    let request = second_phone.book_request(terms(&town, &auditor), epochs(1));
    // The payment of that month spends both notes that she had before: the book opens them as inputs.
    assert!(request.before.is_empty());
    let next = make(&town, &second_phone, &request);
    let second = read(&town, &next, Some(&first)).unwrap();
    let sums = &second.accounts[0];
    assert!(second.joined && second.findings.is_empty(), "{:?}", second.findings);
    assert_eq!((sums.opening.value.0, sums.closing.unwrap().value.0), (399_000, 348_000));

    // Without the book before, a proof shows that what she held when the third epoch began was there.
    town.client.pass(2_000);
    town.client.mine(70);
    let request = second_phone.book_request(terms(&town, &auditor), epochs(2));
    assert!(matches!(request.before[..], [HeldBefore::Unspent(..)]));
    let last = make(&town, &second_phone, &request);
    let third = read(&town, &last, None).unwrap();
    let sums = &third.accounts[0];
    assert_eq!((sums.opening.value.0, sums.closing.unwrap().value.0), (348_000, 348_000));

    without_a_node(&town, &made, &next);
    let (chain, scan) = offline(&town, &last);
    let third = judge(&town, &last, &scan, chain.ground, None).unwrap();
    assert_eq!(
        (third.accounts[0].opening.value.0, third.guaranteed),
        (348_000, vec![BookGuarantee::Openings])
    );

    she_leaves_out_a_payment(&town, &mut alice, &auditor);
    he_lends_her_his_change(&town, &mut alice, &mut bob, &auditor);
    he_passes_it_on(&made, &auditor);
    the_node_lies(&town, &made);
}

/// Attacker: Alice, who leaves out the rent that she paid and states what would be left without it.
fn she_leaves_out_a_payment(town: &Town, alice: &mut Person, auditor: &Identity) {
    let mut request = alice.book_request(terms(town, auditor), epochs(0));
    let left_out = request.made.remove(1);
    let verified = read(town, &make(town, alice, &request), None).unwrap();
    let is_named = |finding: &BookFinding| matches!(finding, BookFinding::NotOpened { place, .. } if place.txid == left_out.txid.to_string());
    assert!(verified.findings.iter().any(|found| is_named(&found.finding)));
    assert_eq!(verified.findings[0].mark, BookMark::Unexplained);
    assert!(verified.closing_notes.is_none() && !verified.guaranteed.contains(&BookGuarantee::Transactions));
}

/// Attacker: Bob, who paid Alice and lends her the opening of his change, so that she has more income to show.
fn he_lends_her_his_change(town: &Town, alice: &mut Person, bob: &mut Person, auditor: &Identity) {
    let mut request = alice.book_request(terms(town, auditor), epochs(0));
    bob.sync();
    let NoteOpening { txid, spend_tag, note, .. } = bob.open_latest(OutputKind::Change);
    assert!(request.received.iter().any(|received| received.txid == txid));
    request.received.push(ReceivedNote { txid, spend_tag, note });
    let refused = request.draft(&alice.viewing(), &mut rand::rng());
    assert!(matches!(refused, Err(MakeBookError::NotReceived(found)) if found == txid));
}

/// Attacker: Alice, who lays the proof of another month beside a book; and who would have it taken for whole without the ledger.
fn without_a_node(town: &Town, made: &Book, other: &Book) {
    let (chain, scan) = offline(town, made);
    assert!(matches!(chain.ledger_of(other), Err(OfflineError::LacksPart { .. })));
    let verified = judge(town, made, &scan, chain.ground, None).unwrap();
    assert_eq!(verified.guaranteed, [BookGuarantee::Openings]);
    assert!(verified.findings.iter().any(|found| found.finding == BookFinding::NotRead));
    let sums = &verified.accounts[0];
    assert_eq!((sums.deposits.value.0, sums.closing.unwrap().value.0), (500_000, 399_000));
    assert_eq!(sums.closing.unwrap().assurance, Assurance::Unverified);
    let next = judge(town, other, &offline(town, other).1, verified.chain.clone(), Some(&verified)).unwrap();
    assert!(!next.joined);
}

/// The chain and the ledger as the proof beside a book shows them.
fn offline(town: &Town, book: &Book) -> (ShownChain, BookScan) {
    let places = block_on(town.client.scan_for_book(book, None)).unwrap().places();
    let proof = block_on(town.client.offline_proof_of_book(book, places)).unwrap().unwrap();
    let proof = OfflineProof::from_bytes(&proof.to_bytes()).unwrap();
    let trust = Trust::Genesis(town.client.genesis().hash());
    let shown = proof.check(&trust, louver_client::clock::now()).unwrap();
    let ledger = shown.ledger_of(book).unwrap();
    (shown, ledger)
}

/// Attacker: the auditor, who passes the book on as if it had been made for another.
fn he_passes_it_on(made: &Book, auditor: &Identity) {
    let eve = Identity::generate();
    let file = made.to_file().unwrap();
    assert!(Book::open(&file, Some(auditor)).is_ok());
    assert!(matches!(Book::open(&file, Some(&eve)), Err(OpenError::Decrypt)));
    let passed_on = age::encrypt(&eve.to_public(), &made.expose_bytes()).unwrap();
    assert!(matches!(Book::open(&passed_on, Some(&eve)), Err(OpenError::OtherReader(_))));
}

/// Attacker: a node that alters blocks, so that a payment of Alice's does not show.
fn the_node_lies(town: &Town, made: &Book) {
    let chain = town.client.genesis().hash();
    let liar = Arc::new(Altering(Http::new(&town.url()).unwrap()));
    let connection = block_on(Connection::connect(liar, Trust::Genesis(chain))).unwrap();
    assert!(block_on(connection.scan_for_book(made, None)).is_err());
}

/// Alters a byte of every answer with compact blocks.
struct Altering(Http);

#[async_trait]
impl Transport for Altering {
    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        let alters = request.path.starts_with("/v1/compact-blocks");
        let mut answer = self.0.send(request).await?;
        let middle = answer.body.len() / 2;
        if let Some(byte) = answer.body.get_mut(middle).filter(|_| alters) {
            *byte ^= 1;
        }
        Ok(answer)
    }
}

fn epochs(epoch: u16) -> EpochRange {
    EpochRange::new(Epoch(epoch), Epoch(epoch)).unwrap()
}

fn terms(town: &Town, auditor: &Identity) -> Terms {
    let (genesis, now) = (town.client.genesis(), louver_client::clock::now());
    Terms {
        genesis: genesis.hash(),
        pool: genesis.terms().pool,
        reader: ReaderId { name: "Smith".to_owned(), recipient: Some(auditor.to_public().to_string()) },
        asked: Asked::Nothing,
        purpose: "the year's books".to_owned(),
        issued: now,
        expires: now + 86_400,
    }
}

fn make(town: &Town, owner: &Person, request: &BookRequest) -> Book {
    let (viewing, signer) = (owner.viewing(), owner.signer());
    request.make(&viewing, &signer, &town.disclosures, &mut Unwatched, &mut rand::rng()).unwrap()
}

fn read(town: &Town, book: &Book, before: Option<&VerifiedBook>) -> Result<VerifiedBook, BookError> {
    let scan = block_on(town.client.scan_for_book(book, None)).unwrap();
    judge(town, book, &scan, town.client.ground(), before)
}

fn judge(
    town: &Town,
    book: &Book,
    scan: &BookScan,
    chain: Ground,
    before: Option<&VerifiedBook>,
) -> Result<VerifiedBook, BookError> {
    let genesis = town.client.genesis();
    let reading = Reading {
        genesis: genesis.hash(),
        chain,
        pool: genesis.terms().pool,
        account: None,
        reader: Some("Smith".to_owned()),
        asked: Asked::Nothing,
        keys: None,
        now: louver_client::clock::now(),
    };
    let place = (&town.client.assets(), &genesis);
    scan.verify(book, place, &reading, before, &town.verifier)
}
