//! An account's books: made, checked, and joined to the books before.

use louver_sdk::{Book, BookError, BookMark, BookRequest, Demand, DisclosureKind, Receipt, ReceiptError};

use super::*;

#[test]
fn books_are_checked_and_joined() {
    let world = World::new(4);
    let (alice, bob) = alice_and_bob(&world);
    world.send(&alice, world.pay("25 LVR", &bob.address(), "Rent"));
    world.blocks(1);
    alice.sync();
    let auditor = AuditorKey::generate();
    let request = |first_epoch, last_epoch| BookRequest {
        auditor: "Smith".to_owned(),
        recipient: auditor.recipient(),
        first_epoch,
        last_epoch,
        show_recipients: false,
        purpose: "Books".to_owned(),
        days: 365,
        challenge: None,
    };
    let make = |request, watch| {
        block_on(alice.wallet.book(0, request, alice.keys.clone(), world.prover.clone(), watch))
    };
    assert_eq!(make(request(1, 0), None).unwrap_err(), DiscloseError::Epochs);
    let nobody = BookRequest { recipient: "age1oops".into(), ..request(0, 0) };
    assert_eq!(make(nobody, None).unwrap_err(), DiscloseError::Recipient);
    let stopped = make(request(0, 0), Some(stop_at(Stage::Proving, 1)));
    assert_eq!(stopped.unwrap_err(), DiscloseError::Prover { error: ProverError::Cancelled });

    // The epoch and its grace go by, with a payment of the next one.
    world.pass(5);
    alice.sync();
    // An address of the first epoch is not paid any more.
    bob.sync();
    let change = alice.spendable();
    world.send(&alice, world.pay("10 LVR", &bob.address(), "Rent"));
    world.blocks(1);
    alice.sync();
    let made = [0, 1].map(|epoch| make(request(epoch, epoch), None).unwrap());
    // The deposit and the payment; then one payment. Nobody else has paid her.
    let counts = made.each_ref().map(|made| (made.transactions, made.receipts, made.left_out.len()));
    assert_eq!(counts, [(2, 0, 0), (1, 0, 0)]);
    let shown = block_on(alice.wallet.disclosures(0)).unwrap().records;
    let kinds: Vec<_> = shown.iter().map(|record| (record.kind, record.first_epoch)).collect();
    assert_eq!(kinds, [(DisclosureKind::Book, Some(1)), (DisclosureKind::Book, Some(0))]);
    let open = |file: &[u8], key| Book::open(file.to_vec(), key);
    assert_eq!(open(&made[0].file, AuditorKey::generate()).unwrap_err(), BookError::NotForThisKey);
    let [first, second] = made.map(|made| open(&made.file, auditor.clone()).unwrap());
    assert_eq!((first.info().first_epoch, second.info().last_epoch, second.info().transactions), (0, 1, 1));
    // The reader asks; a book of fewer months is not an answer.
    let ask = |first_epoch, last_epoch| {
        let demand = Demand::Book { first_epoch, last_epoch };
        block_on(auditor.challenge(world.node.clone(), "Smith".into(), demand)).unwrap()
    };
    let asked = ask(0, 0);
    let told = block_on(world.node.read_challenge(asked.clone())).unwrap();
    assert_eq!(told.demand, Demand::Book { first_epoch: 0, last_epoch: 0 });
    let nameless = BookRequest { auditor: String::new(), recipient: String::new(), ..request(0, 0) };
    let answer = |challenge| make(BookRequest { challenge: Some(challenge), ..nameless.clone() }, None);
    assert!(matches!(answer(ask(0, 1)), Err(DiscloseError::Challenge { .. })));
    let answered = open(&answer(asked.clone()).unwrap().file, auditor.clone()).unwrap();
    let wanted = Expectations { challenge: Some(asked), ..Expectations::default() };
    let report = block_on(answered.verify(world.node.clone(), wanted.clone(), None)).unwrap();
    assert!(report.heading[0].contains("as you demanded"), "{:?}", report.heading);
    let receipt = Receipt::read(answered.receipt(auditor.clone()).unwrap()).unwrap();
    receipt.verify(wanted.challenge.clone()).unwrap();
    receipt.verify_about_book(answered.clone()).unwrap();
    // Attacker: an owner who shows a receipt of one book as that of another.
    let about = receipt.verify_about_book(first.clone());
    assert!(matches!(about, Err(ReceiptError::NotShown { .. })), "{about:?}");
    assert_eq!(first.receipt(auditor.clone()), Err(ReceiptError::NothingVerified));
    // Attacker: an owner who answers with a book that was made before anybody asked.
    let before = block_on(first.verify(world.node.clone(), wanted, None));
    assert_eq!(before.unwrap_err(), BookError::Nonce);

    let any = Expectations::default();
    let early = block_on(second.verify_after(first.clone(), world.node.clone(), any.clone(), None));
    assert_eq!(early.unwrap_err(), BookError::BeforeNotVerified);
    let bob_id = block_on(bob.wallet.accounts())[0].id.clone();
    let other = Expectations { account: Some(bob_id), ..any.clone() };
    let refused = block_on(first.verify(world.node.clone(), other, None));
    assert_eq!(refused.unwrap_err(), BookError::OtherAccount);
    let watch = Some(stop_at(Stage::Auditing, 0));
    let stopped = block_on(first.verify(world.node.clone(), any.clone(), watch));
    assert_eq!(stopped.unwrap_err(), BookError::Cancelled);

    let report = block_on(first.verify(world.node.clone(), any.clone(), None)).unwrap();
    assert_eq!(report.conclusion, "Everything is opened, proven and accounted for.");
    assert!(report.heading[0].contains("not asked for by you"), "{:?}", report.heading);
    assert!(report.from_the_beginning && !report.joined && report.findings.is_empty());
    let titles: Vec<&str> = report.lines.iter().map(|line| line.title.as_str()).collect();
    assert_eq!(titles, ["deposited", "paid"]);
    assert_eq!(report.lines[1].paid[0].amount, world.amount("25 LVR"));
    assert_eq!(report.lines[1].paid[0].recipient, None);
    let account = &report.accounts[0];
    let closing = account.closing.as_ref().map(|sum| sum.value.clone());
    assert_eq!(closing, Some(change.to_string()));
    assert!(!report.guaranteed.is_empty() && report.if_chosen.is_empty());
    assert!(report.json.contains("louver.book-report/1"));

    // By itself the next book does not show that what it spends was there.
    let alone = block_on(second.verify(world.node.clone(), any.clone(), None)).unwrap();
    assert!(!alone.joined);
    let joined = block_on(second.verify_after(first, world.node.clone(), any, None)).unwrap();
    assert!(joined.joined);
    assert_eq!(joined.accounts[0].opening.value, change.to_string());
    assert!(joined.findings.iter().all(|finding| finding.mark != BookMark::Unexplained), "{joined:?}");
}
