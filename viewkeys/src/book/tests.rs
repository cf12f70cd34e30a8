use louver_core::{
    asset::KnownAssets,
    encoding::{Decode, Encode},
    epoch::{Epoch, EpochRange, EpochSchedule},
    keys::Direction,
    ledger::SnapshotEntry,
    note::{Note, OutputContext, encryption},
    nullifier_tree::NullifierTree,
    proof::{Progress, Unwatched},
    secret::{ExposeBytes, Secret},
    shape::Shape,
    store::{MemoryStore, Store},
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use super::*;
use crate::{
    audit::{Ask, Audit, BookLedger, ShownTransactions},
    receipt::{Conclusion, Receipt, ReceiptError},
    report::{Assurance, Bound, ChainChoice, Ground, Names},
    signed::Reading,
    statement::{PlacedNote, UnspentNote},
    testing::{
        account, ground,
        ledger::{Held, Ledger, Pay},
        prover, reading,
        schema::{check, committed},
        terms, verifier,
    },
};

/// Epochs of four seconds without grace: blocks 1 to 4 are of epoch 0, 5 to 8 of epoch 1, 9 to 12 of epoch 2.
fn schedule() -> EpochSchedule {
    EpochSchedule::seconds(1_700_000_001, 4, 0).unwrap()
}

fn pay(to: u8, epoch: u16, value: u64) -> Pay<'static> {
    Pay { to: Ledger::address(&account(to), Direction::External, epoch), value, memo: "rent" }
}

/// The note of a value that an account has from a transaction.
fn of_value(held: &[Held], value: u64) -> &Held {
    held.iter().find(|held| held.note.value().0 == value).unwrap()
}

/// Alice's first two epochs. In epoch 0 she deposits 100, pays Bob 30, and gets 25 from him; in epoch 1 she pays Carol 60 with
/// what she got and her change, and withdraws the rest.
fn story() -> Ledger {
    let mut ledger = Ledger::new();
    let (alice, bob) = (account(1), account(2));
    let deposit = ledger.deposit(&alice, 0, &pay(1, 0, 100));
    let first = ledger.pay(&alice, 0, &[&deposit[0]], &[&pay(2, 0, 30)]);
    let back = ledger.pay(&bob, 0, &[of_value(&first, 30)], &[&pay(1, 0, 25)]);
    // A block that nobody of the story is in.
    ledger.deposit(&account(3), 0, &pay(3, 0, 1));
    let second = ledger.pay(&alice, 1, &[of_value(&first, 70), of_value(&back, 25)], &[&pay(3, 1, 60)]);
    ledger.withdraw(&alice, 1, of_value(&second, 35));
    // Epoch 1 is over.
    for _ in 7..=9 {
        let epoch = if ledger.height() < 8 { 1 } else { 2 };
        ledger.deposit(&account(3), epoch, &pay(3, epoch, 1));
    }
    ledger
}

/// Everything that the wallet of an account knows of the ledger.
struct Wallet<'a> {
    ledger: &'a Ledger,
    number: u8,
    notes: Vec<Note>,
}

impl<'a> Wallet<'a> {
    fn of(ledger: &'a Ledger, number: u8) -> Self {
        let viewing = account(number).full_viewing_key();
        let mut notes = Vec::new();
        for (_, verified) in &ledger.blocks {
            let effects = verified.transaction().effects();
            let epoch = effects.epoch();
            let readers = Direction::ALL.map(|direction| viewing.incoming(Ledger::pool(), direction, epoch));
            let sent = viewing.outgoing(Ledger::pool(), epoch);
            for (index, output) in (0u8..).zip(effects.outputs()) {
                let context = OutputContext { epoch, rho: effects.rho(), index };
                let own = readers.iter().find_map(|key| encryption::decrypt(key, output, &context));
                let known = own.or_else(|| encryption::recover(&sent, output, &context));
                notes.extend(known.map(|(note, _)| note));
            }
        }
        Self { ledger, number, notes }
    }

    /// The honest book of some epochs.
    fn request(&self, first: u16, last: u16) -> BookRequest {
        let epochs = EpochRange::new(Epoch(first), Epoch(last)).unwrap();
        let viewing = account(self.number).full_viewing_key();
        let mut request = BookRequest {
            terms: terms(),
            epochs,
            recipients: Recipients::Hidden,
            made: Vec::new(),
            received: Vec::new(),
            before: Vec::new(),
        };
        for (_, verified) in &self.ledger.blocks {
            let (effects, txid) = (verified.transaction().effects(), verified.txid());
            if !epochs.contains(effects.epoch()) {
                continue;
            }
            let keys = viewing.epoch_keys(Ledger::pool(), effects.epoch());
            let outputs: Vec<_> =
                self.notes.iter().filter(|note| note.rho() == effects.rho()).cloned().collect();
            if keys.detection.spend_tag(effects.rho()) == effects.spend_tag() {
                let effects = effects.clone();
                request.made.push(MadeTransaction { txid, effects, spent: self.notes.clone(), outputs });
            } else {
                let spend_tag = effects.spend_tag();
                let received = |note| ReceivedNote { txid, spend_tag, note };
                request.received.extend(outputs.into_iter().map(received));
            }
        }
        request
    }
}

fn make_as(request: &BookRequest, number: u8) -> Result<Book, MakeBookError> {
    let account = account(number);
    let (viewing, signer) = (account.full_viewing_key(), account.spend_authorizing_key());
    request.make(&viewing, &signer, prover(), &mut Unwatched, &mut ChaCha20Rng::seed_from_u64(9))
}

fn make(request: &BookRequest) -> Book {
    make_as(request, 1).unwrap()
}

/// Alice's honest book of some epochs.
fn book(ledger: &Ledger, first: u16, last: u16) -> Book {
    make(&Wallet::of(ledger, 1).request(first, last))
}

fn scan(book: &Book, ledger: &Ledger) -> Audit {
    let mut audit = Audit::of_book(book, schedule());
    loop {
        match audit.next() {
            Ask::Tip => audit.learn_tip(ledger.height()).unwrap(),
            Ask::Time { height } => {
                audit.learn_time(ledger.blocks[height as usize - 1].0.header().time).unwrap();
            }
            Ask::Start { height } => {
                audit.start(&ledger.blocks[height as usize - 1].0, ledger.frontier(height)).unwrap();
            }
            Ask::Blocks { first, last } => {
                for (block, _) in &ledger.blocks[first as usize - 1..last as usize] {
                    audit.read(block).unwrap();
                }
            }
            Ask::Nothing => return audit,
            ask => panic!("a book's reader needs no more than compact blocks: {ask:?}"),
        }
    }
}

fn read_with(
    book: &Book,
    ledger: &Ledger,
    reading: &Reading,
    snapshot: Option<SnapshotEntry>,
    before: Option<&VerifiedBook>,
) -> Result<VerifiedBook, BookError> {
    let names = Names { assets: &KnownAssets::new(&[]), account: &|account| hex::encode(account.0) };
    let (audit, deposit_fee) = (scan(book, ledger), |asset, _: Shape| Some((asset, Value(3))));
    let of = |txid: &TxId| ledger.blocks.iter().map(|(_, whole)| whole).find(|whole| whole.txid() == *txid);
    let whole = |txid: &TxId| of(txid).map(|whole| whole.transaction());
    let (ledger, deposit_fee) = (BookLedger::Scanned(&audit), &deposit_fee);
    let given = BookReading { reading, names: &names, ledger, deposit_fee, whole: &whole, snapshot, before };
    book.verify(given, verifier())
}

fn read(book: &Book, ledger: &Ledger) -> Result<VerifiedBook, BookError> {
    read_with(book, ledger, &reading(), None, None)
}

fn read_after(book: &Book, ledger: &Ledger, before: &VerifiedBook) -> VerifiedBook {
    read_with(book, ledger, &reading(), None, Some(before)).unwrap()
}

/// The owner signs again what she has altered: only the ledger and proofs stand against her.
fn sign_again(book: &mut Book) {
    let account = account(1);
    let mut rng = ChaCha20Rng::seed_from_u64(9);
    let (opening, _) = crate::account::random_alpha(&account.full_viewing_key(), &mut rng);
    let signer = account.spend_authorizing_key();
    let message = book.message();
    book.signature = signer.sign(opening.alpha.expose(), &book.about.rk, &message, &mut rng).unwrap();
}

/// Opening, received, deposits, unexplained, paid, withdrawn, fees, closing.
fn columns(verified: &VerifiedBook) -> [Option<u128>; 8] {
    let account = &verified.accounts[0];
    [
        Some(account.opening.value.0),
        Some(account.received.value.0),
        Some(account.deposits.value.0),
        Some(account.unexplained.0),
        Some(account.paid.value.0),
        Some(account.withdrawn.value.0),
        Some(account.fees.value.0),
        account.closing.map(|closing| closing.value.0),
    ]
}

fn marks(verified: &VerifiedBook) -> Vec<BookMark> {
    verified.findings.iter().map(|finding| finding.mark).collect()
}

#[test]
fn an_honest_book_closes_and_is_guaranteed() {
    let ledger = story();
    let verified = read(&book(&ledger, 0, 1), &ledger).unwrap();
    assert_eq!(columns(&verified), [0, 25, 100, 0, 90, 35, 0, 0].map(Some));
    assert_eq!(verified.accounts[0].balance, BookBalance::Closed);
    assert_eq!(verified.accounts[0].host_fees.0, 3);
    assert_eq!(verified.guaranteed, [BookGuarantee::Transactions, BookGuarantee::Openings]);
    assert_eq!((marks(&verified), verified.from_the_beginning), (vec![], true));
    let kinds: Vec<_> = verified.facts.iter().map(|fact| (fact.place().height, fact)).collect();
    assert!(matches!(kinds[2], (3, BookFact::Received { .. })));
    let BookFact::Made { paid, own, spent, .. } = &kinds[3].1 else { panic!("a payment") };
    assert_eq!((paid.len(), own.len(), spent.len()), (1, 1, 2));
    assert_eq!((&paid[0].recipient, &paid[0].written.memo), (&None, &None));
    // The same under a chain that the reader did not choose guarantees nothing.
    let unchosen = Reading { chain: Ground { chosen: ChainChoice::Nothing, ..ground() }, ..reading() };
    let verified = read_with(&book(&ledger, 0, 1), &ledger, &unchosen, None, None).unwrap();
    assert_eq!((verified.guaranteed.len(), verified.if_chosen.len()), (0, 2));
    // To a reader whose own node checked every proof, nothing rests on the authorities.
    let own = Ground { own_node: true, ..ground() };
    for (chain, ends, gap) in
        [(ground(), "under this chain's finality.", true), (own, "whoever colludes.", false)]
    {
        let verified =
            read_with(&book(&ledger, 0, 1), &ledger, &Reading { chain, ..reading() }, None, None).unwrap();
        let says = |guarantee: &BookGuarantee| words::guarantee(*guarantee, &verified.chain);
        assert!(verified.guaranteed.iter().map(says).all(|line| line.ends_with(ends)));
        assert_eq!(verified.unverified.contains(&BookGap::Validity), gap);
    }
}

#[test]
fn a_book_shows_recipients_only_if_its_owner_chooses() {
    let ledger = story();
    let request = Wallet::of(&ledger, 1).request(0, 1);
    let shown = make(&BookRequest { recipients: Recipients::Shown, ..request });
    let verified = read(&shown, &ledger).unwrap();
    let bob = Ledger::address(&account(2), Direction::External, 0).to_string();
    let paid = verified.facts.iter().find_map(|fact| match fact {
        BookFact::Made { paid, .. } => paid.first(),
        BookFact::Received { .. } => None,
    });
    assert_eq!(paid.unwrap().recipient, Some(bob.clone()));
    // With the whole transaction he reads the memo.
    assert_eq!(paid.unwrap().written.memo.as_deref(), Some("rent"));
    // Attacker: a reader of hidden recipients who knows their addresses and tries them all.
    let hidden = book(&ledger, 0, 1);
    let tag = bob.parse::<louver_core::address::Address>().unwrap().tag().to_scalar().to_bytes();
    let has_tag = |book: &Book| book.expose_bytes().windows(32).any(|window| window == tag);
    assert!(has_tag(&shown) && !has_tag(&hidden));
}

/// Attacker: an owner who leaves out a transaction and hands on a closing balance.
#[test]
fn a_transaction_that_is_left_out_is_found_and_no_closing_balance_is_stated() {
    let ledger = story();
    let mut request = Wallet::of(&ledger, 1).request(0, 0);
    let left_out = request.made.remove(1);
    let verified = read(&make(&request), &ledger).unwrap();
    let [MarkedFinding { mark: BookMark::Unexplained, finding: BookFinding::NotOpened { place, .. } }] =
        &*verified.findings
    else {
        panic!("{:?}", verified.findings)
    };
    assert_eq!(place.txid, left_out.txid.to_string());
    assert_eq!((verified.closing_notes.as_ref(), columns(&verified)[7]), (None, None));
    assert_eq!(verified.accounts[0].balance, BookBalance::NotStated);
    assert_eq!(verified.guaranteed, [BookGuarantee::Openings]);
    // The next book spends what the missing transaction made: nothing vouches for it but the spend itself.
    let next = read_after(&book(&ledger, 1, 1), &ledger, &verified);
    assert!(!next.joined);
    assert!(next.findings.iter().any(|found| found.finding == BookFinding::NothingHandedOn));
}

/// Attacker: an owner who keeps back a receipt and spends it.
#[test]
fn a_receipt_that_is_kept_back_is_found_when_it_is_spent() {
    let ledger = story();
    let mut request = Wallet::of(&ledger, 1).request(0, 1);
    request.received.clear();
    let verified = read(&make(&request), &ledger).unwrap();
    let [MarkedFinding { mark: BookMark::Unexplained, finding: BookFinding::KeptBack(spent) }] =
        &*verified.findings
    else {
        panic!("{:?}", verified.findings)
    };
    assert_eq!((spent.note.amount.value.0, spent.note.epoch), (25, 0));
    let came_unseen = crate::report::Units(25);
    assert_eq!(verified.accounts[0].balance, BookBalance::Unexplained { came_unseen });
    assert_eq!(columns(&verified), [0, 0, 100, 25, 90, 35, 0, 0].map(Some));
}

/// Attacker: an owner who names her own change as paid, and spends it later.
#[test]
fn change_that_is_called_paid_is_a_contradiction_once_it_is_spent() {
    let ledger = story();
    let mut book = book(&ledger, 0, 1);
    let request = Wallet::of(&ledger, 1).request(0, 1);
    let change = request.made[1].outputs.iter().find(|note| note.value().0 == 70).unwrap();
    // Her own note, shown as somebody's: nothing in an address says whose it is.
    book.body.transactions[1].outputs[usize::from(change.index())] = BookOutput::Paid {
        asset: change.asset(),
        value: change.value(),
        recipient: Recipient::Shown {
            diversifier: *change.to().diversifier(),
            pk_d: *change.to().pk_d(),
            tag: change.to().tag(),
            rseed: Secret::new(*change.rseed().expose()),
        },
    };
    sign_again(&mut book);
    let verified = read(&book, &ledger).unwrap();
    let [MarkedFinding { mark: BookMark::Contradiction, finding: BookFinding::PaidAndSpent(spent) }] =
        &*verified.findings
    else {
        panic!("{:?}", verified.findings)
    };
    assert_eq!(spent.note.amount.value.0, 70);
    assert_eq!(columns(&verified), [0, 25, 100, 0, 90, 35, 0, 0].map(Some));
}

/// Attacker: an owner who shows something else than what is on the ledger, and signs it. Each change is one that only an
/// opening or a proof stands against.
#[test]
fn false_entries_are_refused() {
    let ledger = story();
    let made = book(&ledger, 0, 1).expose_bytes();
    let alter = |change: &dyn Fn(&mut Openings)| {
        let mut book = Book::from_bytes(&made).unwrap();
        change(&mut book.body);
        sign_again(&mut book);
        read(&book, &ledger).unwrap_err()
    };
    let own = |output: &BookOutput| matches!(output, BookOutput::Own { .. });
    let place = |openings: &Openings, index: usize, is: &dyn Fn(&BookOutput) -> bool| {
        openings.transactions[index].outputs.iter().position(is).unwrap()
    };
    let probe = Book::from_bytes(&made).unwrap().body;
    let change = place(&probe, 1, &own);
    let paid = place(&probe, 1, &|output| matches!(output, BookOutput::Paid { .. }));
    let empty = place(&probe, 1, &|output| matches!(output, BookOutput::Empty { .. }));
    let input = probe.transactions[1].inputs.iter().position(|input| input.value.0 == 100).unwrap();
    let unproven = |index: usize| BookError::Unproven(BookPart::Output(1, u8::try_from(index).unwrap()));

    // An input with another value.
    let more = |openings: &mut Openings| openings.transactions[1].inputs[input].value = Value(90);
    assert_eq!(alter(&more), BookError::Unbalanced(BookPart::Transaction(1)));
    // The same, with an output that makes up for it.
    let both = |openings: &mut Openings| {
        more(openings);
        let BookOutput::Own { value, .. } = &mut openings.transactions[1].outputs[change] else { panic!() };
        *value = Value(60);
    };
    assert_eq!(alter(&both), BookError::Unproven(BookPart::Transaction(1)));
    // A dummy input with a value, with an output that makes up for it.
    let dummy = |openings: &mut Openings| {
        openings.transactions[1].inputs[1 - input].value = Value(5);
        let BookOutput::Own { value, .. } = &mut openings.transactions[1].outputs[change] else { panic!() };
        *value = Value(75);
    };
    assert_eq!(alter(&dummy), BookError::Unproven(BookPart::Transaction(1)));
    // More change and less paid.
    let shift = |openings: &mut Openings| {
        for (index, new) in [(change, 71), (paid, 29)] {
            match &mut openings.transactions[1].outputs[index] {
                BookOutput::Own { value, .. } | BookOutput::Paid { value, .. } => *value = Value(new),
                BookOutput::Empty { .. } => panic!(),
            }
        }
    };
    assert!([unproven(change), unproven(paid)].contains(&alter(&shift)));
    // A payment as her own, with the proof that she paid it.
    let as_own = |openings: &mut Openings| {
        let outputs = &mut openings.transactions[1].outputs;
        let BookOutput::Paid { asset, value, recipient: Recipient::Hidden(proof) } = &outputs[paid] else {
            panic!()
        };
        outputs[paid] = BookOutput::Own { asset: *asset, value: *value, proof: *proof };
    };
    assert_eq!(alter(&as_own), unproven(paid));
    // A note that holds value, as empty.
    let emptied = |openings: &mut Openings| {
        let outputs = &mut openings.transactions[1].outputs;
        let BookOutput::Empty { tag, asset, rcm } = &outputs[empty] else { panic!() };
        outputs[change] = BookOutput::Empty { tag: *tag, asset: *asset, rcm: rcm.clone() };
    };
    let index = u8::try_from(change).unwrap();
    assert_eq!(alter(&emptied), BookError::Commitment(BookPart::Output(1, index)));
    // An output less, an input in another place.
    let fewer = |openings: &mut Openings| openings.transactions[1].outputs.truncate(2);
    assert_eq!(alter(&fewer), BookError::Shape(BookPart::Transaction(1)));
    let swapped = |openings: &mut Openings| openings.transactions[1].inputs.swap(0, 1);
    assert_eq!(alter(&swapped), BookError::Unproven(BookPart::Transaction(1)));
    // A receipt of more, one of her own, one of another output, one twice.
    let receipt = BookError::Unproven(BookPart::Receipt(0));
    assert_eq!(alter(&|openings| openings.receipts[0].value = Value(26)), receipt);
    assert_eq!(
        alter(&|openings| openings.receipts[0].output = (openings.receipts[0].output + 1) % 3),
        receipt
    );
    let absent = BookError::NotOnLedger(BookPart::Receipt(0));
    assert_eq!(alter(&|openings| openings.receipts[0].txid = openings.transactions[0].txid), absent);
    let twice = |openings: &mut Openings| {
        let BookReceipt { txid, output, asset, value, proof } = openings.receipts[0];
        openings.receipts.push(BookReceipt { txid, output, asset, value, proof });
    };
    assert_eq!(alter(&twice), BookError::Repeated(BookPart::Receipt(1)));
    // A transaction in the place of another.
    let absent = BookError::NotOnLedger(BookPart::Transaction(0));
    assert_eq!(alter(&|openings| openings.transactions[0].txid = TxId([7; 32])), absent);
    // The keys of another account: the scan finds nothing that is hers, and no entry stands on it.
    let others = |openings: &mut Openings| {
        let viewing = account(2).full_viewing_key();
        let (scope, proofs) = (*openings.keys.scope(), openings.keys.proofs().to_vec());
        openings.keys = crate::grant::ScopeKeys::of(&viewing, Ledger::pool(), scope);
        crate::signed::Body::set_proofs(&mut openings.keys, proofs);
        openings.transactions.clear();
        openings.receipts.clear();
    };
    assert_eq!(alter(&others), BookError::Unproven(BookPart::Keys { first: 0, last: 1 }));
}

/// Attacker: one on the way who alters a byte of the file, whichever it is.
#[test]
fn no_byte_can_be_altered() {
    let ledger = story();
    let made = book(&ledger, 0, 0);
    let bytes = made.expose_bytes().to_vec();
    assert_eq!(Book::from_bytes(&bytes).unwrap().hash(), made.hash());
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[at] ^= 1;
        if let Ok(book) = Book::from_bytes(&altered) {
            assert!(book.check(&reading()).is_err(), "byte {at}");
        }
    }
    for length in 0..bytes.len() {
        assert!(Book::from_bytes(&bytes[..length]).is_err());
    }
    let longer = [&bytes[..], &[0]].concat();
    assert!(Book::from_bytes(&longer).is_err());
}

/// Attacker: an owner who begins late and says that there was nothing before; or who hides it by a gap.
#[test]
fn a_book_from_the_beginning_begins_with_the_first_epoch() {
    let ledger = story();
    let late = read(&book(&ledger, 1, 1), &ledger).unwrap();
    assert!(!late.from_the_beginning && !late.joined);
    // Her inputs were there before: they are not receipts that were kept back, and the sum is a lower bound.
    assert_eq!(columns(&late), [95, 0, 0, 0, 60, 35, 0, 0].map(Some));
    assert_eq!(late.accounts[0].opening.bound, crate::report::Bound::AtLeast);
    let first = read(&book(&ledger, 0, 0), &ledger).unwrap();
    assert_eq!(columns(&first), [0, 25, 100, 0, 30, 0, 0, 95].map(Some));
    let joined = read_after(&book(&ledger, 1, 1), &ledger, &first);
    assert!(joined.joined && joined.findings.is_empty());
    let gap = read_after(&book(&ledger, 2, 2), &ledger, &first);
    let is_gap =
        |found: &MarkedFinding| matches!(&found.finding, BookFinding::Gap { missing } if missing.first == 1);
    assert!(!gap.joined && gap.findings.iter().any(is_gap));
    let overlap = read_after(&book(&ledger, 0, 1), &ledger, &first);
    assert!(overlap.findings.iter().any(|found| matches!(found.finding, BookFinding::Overlap { .. })));
    // Attacker: one who puts the book of another account before hers.
    let bob = make_as(&Wallet::of(&ledger, 2).request(0, 0), 2).unwrap();
    let bob = read(&bob, &ledger).unwrap();
    let refused = read_with(&book(&ledger, 1, 1), &ledger, &reading(), None, Some(&bob));
    assert_eq!(refused.err(), Some(BookError::OtherBefore));
}

/// Attacker: an owner who lists a note from before twice, or one that is of the book's months, or one that she has spent.
#[test]
fn notes_from_before_count_once_and_with_a_ground() {
    let ledger = story();
    let wallet = Wallet::of(&ledger, 1);
    let held = |value: u64| {
        let note = wallet.notes.iter().find(|note| note.value().0 == value).unwrap().clone();
        HeldBefore::Listed(note)
    };
    let with = |before: Vec<HeldBefore>| make(&BookRequest { before, ..wallet.request(1, 1) });
    // The deposit of 100 was spent before the book begins.
    let verified = read(&with(vec![held(70), held(25), held(100)]), &ledger).unwrap();
    assert_eq!(columns(&verified)[0], Some(95));
    let [MarkedFinding { finding: BookFinding::OpeningUnverified { note }, .. }] = &*verified.findings else {
        panic!("{:?}", verified.findings)
    };
    assert_eq!(note.amount.value.0, 100);
    let twice = with(vec![held(70), held(70)]);
    assert_eq!(read(&twice, &ledger).err(), Some(BookError::Repeated(BookPart::Opening(1))));
    let late = BookRequest { before: vec![held(60)], ..wallet.request(1, 1) };
    assert!(matches!(make_as(&late, 1), Err(MakeBookError::NotBefore)));
}

/// A book of months that are not over, or that the reader did not read to the end, is guaranteed nothing of what is missing.
#[test]
fn nothing_is_guaranteed_of_months_that_are_not_over() {
    let ledger = story();
    let verified = read(&book(&ledger, 1, 2), &ledger).unwrap();
    assert_eq!(verified.guaranteed, [BookGuarantee::Openings]);
    assert!(matches!(&verified.findings[0].finding, BookFinding::NotOver { epochs } if epochs.first == 2));
    // Attacker: an owner who spends the closing notes after the reader has looked. They are not handed on.
    assert!(verified.closing_notes.is_some() && verified.carried.closing.is_none());
}

/// Attacker: an owner who shows a payment of her own as income; a friend who shows hers as his.
#[test]
fn a_book_is_made_of_the_accounts_own_entries() {
    let ledger = story();
    let mut request = Wallet::of(&ledger, 1).request(0, 0);
    let MadeTransaction { txid, effects, outputs, .. } = &request.made[1];
    let note = outputs.iter().find(|note| note.value().0 == 70).unwrap().clone();
    request.received.push(ReceivedNote { txid: *txid, spend_tag: effects.spend_tag(), note });
    assert!(matches!(make_as(&request, 1), Err(MakeBookError::NotReceived(_))));
    let request = Wallet::of(&ledger, 1).request(0, 0);
    assert!(matches!(make_as(&request, 2), Err(MakeBookError::NotMade(_))));
    // A wallet that lost a note cannot open the transaction, and says so.
    let mut request = Wallet::of(&ledger, 1).request(0, 0);
    request.made[1].outputs.pop();
    let lacking = request.made[1].txid;
    assert!(matches!(make_as(&request, 1), Err(MakeBookError::Unopened(txid)) if txid == lacking));
    assert_eq!(request.leave_out_unopened(&account(1).full_viewing_key()), [lacking]);
    assert_eq!(request.made.len(), 1);
}

#[test]
fn making_a_book_can_be_watched_and_stopped() {
    struct Stops(u32);
    impl Progress for Stops {
        fn report(&mut self, done: u32, total: u32) -> core::ops::ControlFlow<()> {
            assert!(done <= total);
            self.0 = done;
            if done == 1 { core::ops::ControlFlow::Break(()) } else { core::ops::ControlFlow::Continue(()) }
        }
    }
    let ledger = story();
    let (alice, mut stops) = (account(1), Stops(9));
    let request = Wallet::of(&ledger, 1).request(0, 0);
    let (viewing, signer) = (alice.full_viewing_key(), alice.spend_authorizing_key());
    let made = request.make(&viewing, &signer, prover(), &mut stops, &mut ChaCha20Rng::seed_from_u64(9));
    assert!(matches!(made, Err(MakeBookError::Cancelled)));
    assert_eq!(stops.0, 1);
}

/// Attacker: an owner who shows an auditor's receipt beside another book; and an auditor who says that he was shown all of it.
#[test]
fn a_receipt_for_a_book_is_about_that_book_and_says_what_is_missing() {
    let (ledger, key) = (story(), age::x25519::Identity::generate());
    let mut request = Wallet::of(&ledger, 1).request(0, 1);
    let honest = make(&request);
    request.made.remove(1);
    let lacking = make(&request);
    let receipt = |book: &Book| {
        let verified = read(book, &ledger).unwrap();
        let sentences = words::sentences(&verified, &KnownAssets::new(&[]));
        Receipt::new(book, &key, &verified.chain, Conclusion::Guaranteed, sentences, 7).unwrap()
    };
    let told = Receipt::from_bytes(&receipt(&lacking).to_bytes()).unwrap();
    assert_eq!((told.verify(None), told.is_about(&lacking)), (Ok(()), Ok(())));
    assert_eq!(told.is_about(&honest), Err(ReceiptError::OtherData));
    let unexplained =
        |receipt: &Receipt| receipt.sentences().iter().any(|said| said.label == Some(Assurance::Unexplained));
    assert!(unexplained(&told) && !unexplained(&receipt(&honest)));
    let says =
        |receipt: &Receipt, text: &str| receipt.sentences().iter().any(|said| said.text.contains(text));
    assert!(
        says(&told, "closing not stated")
            && says(&told, "from the beginning. The book leaves something out.")
    );
    assert!(says(&receipt(&honest), "opening 0"), "{:?}", receipt(&honest).sentences());
}

/// The verdict of a reader who was shown the transactions of some heights, and read no block.
fn read_shown(
    book: &Book,
    ledger: &Ledger,
    heights: &[u32],
    before: Option<&VerifiedBook>,
) -> Result<VerifiedBook, BookError> {
    let last = ledger.blocks.last().unwrap().0.header().time;
    let mut shown = ShownTransactions::of_book(book, schedule(), last);
    for height in heights {
        let (block, _) = &ledger.blocks[*height as usize - 1];
        for (place, transaction) in block.transactions() {
            shown.add((*height, place), block.header().time, transaction.clone());
        }
    }
    let names = Names { assets: &KnownAssets::new(&[]), account: &|account| hex::encode(account.0) };
    let (reading, deposit_fee) = (reading(), |asset, _: Shape| Some((asset, Value(3))));
    let ledger = BookLedger::Shown(&shown);
    let given = BookReading {
        reading: &reading,
        names: &names,
        ledger,
        deposit_fee: &deposit_fee,
        whole: &|_| None,
        snapshot: None,
        before,
    };
    book.verify(given, verifier())
}

/// Attacker: an owner who leaves out a payment and shows her book to a reader without a node, with a proof of the rest. Nothing
/// is guaranteed to be whole, and no closing balance goes on to the next book.
#[test]
fn without_the_ledger_nothing_shows_that_a_book_is_whole() {
    let ledger = story();
    let mut request = Wallet::of(&ledger, 1).request(0, 1);
    let open = |verified: &VerifiedBook| {
        assert_eq!(verified.guaranteed, [BookGuarantee::Openings]);
        assert_eq!(verified.findings[0].finding, BookFinding::NotRead);
        assert!(verified.carried.closing.is_none() && verified.blocks.is_none());
        let account = &verified.accounts[0];
        let bounds = [account.deposits.bound, account.withdrawn.bound, account.fees.bound];
        assert_eq!(bounds, [Bound::AtLeast; 3]);
        let closing = account.closing.unwrap();
        assert_eq!((closing.bound, closing.assurance), (Bound::Shown, Assurance::Unverified));
    };
    let honest = make(&request);
    let verified = read_shown(&honest, &ledger, &[1, 2, 3, 5, 6], None).unwrap();
    open(&verified);
    assert_eq!(columns(&verified), columns(&read(&honest, &ledger).unwrap()));
    // The same book without its last transaction looks as whole as this one.
    request.made.pop();
    let lacking = make(&request);
    open(&read_shown(&lacking, &ledger, &[1, 2, 3, 5], None).unwrap());
    // A reader with a node finds it; so does one whose proof shows it.
    for verified in [read(&lacking, &ledger), read_shown(&lacking, &ledger, &[1, 2, 3, 5, 6], None)] {
        let is_found = |found: &MarkedFinding| matches!(found.finding, BookFinding::NotOpened { .. });
        assert!(verified.unwrap().findings.iter().any(is_found));
    }
    let next = read_shown(&book(&ledger, 2, 2), &ledger, &[], Some(&verified)).unwrap();
    assert!(!next.joined && next.findings.iter().any(|found| found.finding == BookFinding::NothingHandedOn));
    // An entry that is not shown, and what is shown for the reader of another book, count for nothing.
    let absent = BookError::NotOnLedger(BookPart::Receipt(0));
    assert_eq!(read_shown(&honest, &ledger, &[1, 2, 5, 6], None).err(), Some(absent));
}

#[test]
fn verdicts_on_books_are_as_the_book_says() {
    let schema = committed("book-report-1", &schemars::schema_for!(VerifiedBook));
    let validator = jsonschema::validator_for(&schema).unwrap();
    let ledger = story();
    let mut request = Wallet::of(&ledger, 1).request(0, 1);
    let honest = read(&make(&request), &ledger).unwrap();
    request.made.remove(1);
    let open = read(&make(&request), &ledger).unwrap();
    for verified in [&honest, &open] {
        check(&validator, &serde_json::to_value(verified).unwrap());
    }
    let mut json = serde_json::to_value(&honest).unwrap();
    assert_eq!((&json["schema"], &json["made_for"]), (&"louver.book-report/1".into(), &"First Bank".into()));
    assert_eq!(json["accounts"][0]["balance"]["kind"], "closed");
    let finding = &serde_json::to_value(&open).unwrap()["findings"][0];
    assert_eq!((&finding["mark"], &finding["kind"]), (&"unexplained".into(), &"not_opened".into()));
    // The schema is one that something can fail.
    json["facts"][0]["kind"] = "guessed".into();
    assert!(!validator.is_valid(&json));
}

/// Attacker: an owner who proves of a note that was spent that it was not; who proves it at another time than the book's
/// beginning; or who shows a friend's note as hers.
#[test]
fn a_note_from_before_counts_if_it_was_not_spent_at_the_snapshot() {
    let mut ledger = Ledger::new();
    let alice = account(1);
    let deposit = ledger.deposit(&alice, 0, &pay(1, 0, 100)).remove(0);
    let change = ledger.pay(&alice, 0, &[&deposit], &[&pay(2, 0, 30)]);
    let (change, bobs) = (of_value(&change, 70).clone(), of_value(&change, 30).clone());
    let mut nullifiers = Vec::new();
    for (_, verified) in &ledger.blocks {
        nullifiers.extend_from_slice(verified.transaction().effects().nullifiers());
    }
    let mut store = MemoryStore::default();
    let grown = NullifierTree::new(&store).grow(&nullifiers).unwrap();
    store.write(&grown.batch).unwrap();
    let tree_root = ledger.frontier(ledger.height()).root();
    let snapshot = SnapshotEntry {
        epoch: Epoch(0),
        height: ledger.height(),
        time: 1_700_000_002,
        tree_root,
        tree_size: ledger.frontier(ledger.height()).size(),
        nullifier_root: grown.root,
        nullifiers: grown.count,
    };
    let edition = NullifierTree::new(&store).open().unwrap();
    let key = alice.full_viewing_key().epoch_keys(Ledger::pool(), Epoch(0)).nullifier;
    let absence = |held: &Held| edition.absence(held.note.nullifier(&key)).unwrap();
    assert!(absence(&deposit).is_none());
    let absence = absence(&change).unwrap();
    let unspent = |held: &Held| {
        let placed = PlacedNote { note: held.note.clone(), path: ledger.spend(held).path };
        HeldBefore::Unspent(snapshot, Box::new(UnspentNote { placed, absence }))
    };
    let with = |before| BookRequest { before, ..Wallet::of(&ledger, 1).request(1, 1) };
    let book = make(&with(vec![unspent(&change)]));
    let at = |snapshot| read_with(&book, &ledger, &reading(), snapshot, None);
    let verified = at(Some(snapshot)).unwrap();
    assert_eq!((columns(&verified)[0], columns(&verified)[7]), (Some(70), Some(70)));
    // Without a snapshot, or with that of another epoch, the note is unverified.
    for other in [None, Some(SnapshotEntry { epoch: Epoch(1), ..snapshot })] {
        let verified = at(other).unwrap();
        assert!(verified.accounts.is_empty());
        assert!(verified.findings.iter().any(|found| found.mark == BookMark::Unverified));
    }
    // At the snapshot of another chain's state the proof does not hold.
    let unproven = Some(BookError::Unproven(BookPart::Opening(0)));
    let elsewhere = SnapshotEntry { nullifier_root: tree_root.to_scalar(), ..snapshot };
    assert_eq!(at(Some(elsewhere)).err(), unproven);
    // No proof is made of a note that was spent, nor of one that is another's.
    let refused = make_as(&with(vec![unspent(&deposit)]), 1);
    assert!(matches!(refused, Err(MakeBookError::Prove(_))), "{refused:?}");
    let refused = make_as(&with(vec![unspent(&bobs)]), 1);
    assert!(matches!(refused, Err(MakeBookError::NotBefore)), "{refused:?}");
    // The proof of one note stands beside no other: not beside one that was spent, and not beside Bob's.
    for other in [&deposit, &bobs] {
        let mut altered = Book::from_bytes(&book.expose_bytes()).unwrap();
        altered.body.opening[0].note = OutputOpening::of(&other.note);
        sign_again(&mut altered);
        let refused = read_with(&altered, &ledger, &reading(), Some(snapshot), None);
        assert_eq!(refused.err(), unproven);
    }
}
