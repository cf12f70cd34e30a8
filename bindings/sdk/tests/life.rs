//! The life of payments, grants and packages through the API that every language has.
#![allow(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use louver_sdk::{
    Action, AddressError, Amount, Assurance, AuditError, AuditorKey, Circuit, Detail, Directions,
    DiscloseError, DisclosureKind, DisclosureRecord, Expectations, Fee, FindingKind, Grant, GrantRequest,
    Node, NodeError, OutputKind, Package, PackageChoice, PackageError, PackageRequest, Payment, PlanError,
    Protection, Prover, ProverError, RecoveryPhrase, Refusal, SendError, Side, Stage, Status, StorageError,
    TransactionState, Trust, Wallet, WalletError, Watch,
};
use pollster::block_on;

#[path = "life/accounting.rs"]
mod accounting;
#[path = "life/again.rs"]
mod again;
#[path = "life/asking.rs"]
mod asking;
#[path = "life/assets.rs"]
mod assets;
#[path = "life/bookkeeping.rs"]
mod bookkeeping;
#[path = "life/choosing.rs"]
mod choosing;
#[path = "life/curious.rs"]
mod curious;
#[path = "life/fees.rs"]
mod fees;
#[path = "life/looking.rs"]
mod looking;
#[path = "life/lying.rs"]
mod lying;
#[path = "life/offline.rs"]
mod offline;
#[path = "life/polling.rs"]
mod polling;
#[path = "life/scheduling.rs"]
mod scheduling;
#[path = "life/stating.rs"]
mod stating;
#[path = "life/stopping.rs"]
mod stopping;
#[path = "life/travelling.rs"]
mod travelling;
#[path = "life/world.rs"]
mod world;

use world::{Http, Person, World};

const EVERYTHING: Directions =
    Directions { incoming: true, change: true, outgoing: true, spends: true, detection: true };

/// Stops work at a report of its choice.
struct StopAt(Stage, AtomicU32);

fn stop_at(stage: Stage, reports: u32) -> Arc<dyn Watch> {
    Arc::new(StopAt(stage, AtomicU32::new(reports)))
}

impl Watch for StopAt {
    fn report(&self, stage: Stage, _: u32, _: u32) -> bool {
        stage != self.0 || self.1.fetch_sub(1, Ordering::Relaxed) > 0
    }
}

/// Alice has 60 LVR, Bob nothing.
fn alice_and_bob(world: &World) -> (Person, Person) {
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    world.endow(&alice, "60 LVR");
    (alice, bob)
}

#[test]
fn a_payment_lives() {
    let world = World::new(64);
    let (alice, bob) = alice_and_bob(&world);
    assert_eq!(alice.spendable(), 60_000_000);
    let sent = world.send(&alice, world.pay("25 LVR", &bob.address(), "Rent, with thanks"));
    assert_eq!(block_on(world.node.transaction(sent.txid.clone())), Ok(TransactionState::Pending));
    let balances = block_on(alice.wallet.balances(0)).unwrap();
    assert_eq!((balances[0].spendable, balances[0].pending), (0, 34_999_000));
    let height = world.blocks(1);
    assert_eq!(
        block_on(world.node.transaction(sent.txid.clone())),
        Ok(TransactionState::Included { height })
    );
    alice.sync();
    bob.sync();
    assert_eq!((alice.spendable(), bob.spendable()), (34_999_000, 25_000_000));

    let history = block_on(bob.wallet.history(0)).unwrap();
    let [received] = history.as_slice() else { panic!("one transaction") };
    assert_eq!((&received.txid, received.authorised), (&sent.txid, false));
    assert!(matches!(received.status, Status::Mined { height: at, .. } if at == height));
    assert_eq!(received.outputs[0].kind, OutputKind::Received);
    assert_eq!(received.outputs[0].memo.as_deref(), Some("Rent, with thanks"));
    assert_eq!((received.net[0].gained, received.net[0].spent), (25_000_000, 0));
    let history = block_on(alice.wallet.history(0)).unwrap();
    assert_eq!((history[0].net[0].gained, history[0].net[0].spent), (0, 25_001_000));

    // Bob takes some of it out, in the open.
    let account = bob.keys.transparent_account(0);
    let ten = world.amount("10 LVR");
    world.send(&bob, Action::Withdraw { to: account.clone(), amount: ten.clone(), fee: Fee::Least });
    world.blocks(1);
    bob.sync();
    assert_eq!(bob.spendable(), 14_999_000);
    assert_eq!(block_on(world.node.transparent_account(account)).unwrap().balances, [ten]);
}

#[test]
fn a_wallet_comes_back_from_its_phrase_and_from_its_file() {
    let world = World::new(64);
    let (alice, bob) = alice_and_bob(&world);
    world.send(&alice, world.pay("5 LVR", &bob.address(), "for the file"));
    world.blocks(1);
    alice.sync();
    let phrase = block_on(alice.wallet.recovery_phrase(Protection::unsealed())).unwrap();
    let again = world.restore("again", &phrase, Some(0));
    again.sync();
    assert_eq!(again.spendable(), alice.spendable());
    // She still knows her payments.
    let history = block_on(again.wallet.history(0)).unwrap();
    assert!(
        history
            .iter()
            .any(|entry| entry.outputs.iter().any(|output| output.memo.as_deref() == Some("for the file")))
    );
    drop(alice);
    let opened = block_on(Wallet::open(world.path("alice"), world.node.clone())).unwrap();
    assert_eq!(block_on(opened.balances(0)), block_on(again.wallet.balances(0)));
}

#[test]
fn each_stage_is_used_once_and_by_its_own_wallet() {
    let world = World::new(64);
    let (alice, bob) = alice_and_bob(&world);
    let plan = block_on(alice.wallet.plan(0, world.pay("1 LVR", &bob.address(), ""))).unwrap();
    assert_eq!(plan.preview().circuit, Circuit::Transfer2x3);
    let build = |person: &Person| block_on(person.wallet.build(plan.clone(), person.keys.clone()));
    assert_eq!(build(&bob).unwrap_err(), SendError::OtherWallet);
    let draft = build(&alice).unwrap();
    let proven = block_on(draft.prove(world.prover.clone(), None)).unwrap();
    assert_eq!(block_on(draft.prove(world.prover.clone(), None)).unwrap_err(), SendError::Used);
    let sign = |person: &Person| block_on(person.wallet.sign(proven.clone(), person.keys.clone()));
    assert_eq!(sign(&bob).unwrap_err(), SendError::OtherWallet);
    let outgoing = sign(&alice).unwrap();
    assert_eq!(sign(&alice).unwrap_err(), SendError::Used);
    assert_eq!(proven.txid(), Err(SendError::Used));
    // It is recorded, and the plan is void: to send it again cannot pay twice.
    assert_eq!(block_on(alice.wallet.waiting()).unwrap(), std::slice::from_ref(&outgoing));
    let again = block_on(alice.wallet.send(plan, alice.keys.clone(), world.prover.clone(), None));
    assert_eq!(again.unwrap_err(), SendError::PlanVoid);
    // Submitting it twice does no harm; synchronising submits it as well.
    block_on(alice.wallet.submit(outgoing.clone())).unwrap();
    block_on(alice.wallet.submit(outgoing)).unwrap();
    world.blocks(1);
    bob.sync();
    assert_eq!(bob.spendable(), 1_000_000);
}

/// Somebody taps twice: the money is moved once, and the second proof is not even made.
#[test]
fn a_plan_is_sent_once() {
    let world = World::new(64);
    let alice = world.person("alice");
    let account = alice.keys.transparent_account(0);
    block_on(world.node.faucet(account.clone(), world.amount("9 LVR"))).unwrap();
    world.blocks(1);
    let action = Action::Shield { from: account, amount: world.amount("2 LVR") };
    let plan = block_on(alice.wallet.plan(0, action)).unwrap();
    let send = || {
        let (wallet, plan, keys) = (alice.wallet.clone(), plan.clone(), alice.keys.clone());
        let prover = world.prover.clone();
        std::thread::spawn(move || block_on(wallet.send(plan, keys, prover, None)))
    };
    let both = [send(), send()].map(|thread| thread.join().unwrap());
    let refused: Vec<_> = both.iter().filter_map(|sent| sent.as_ref().err()).collect();
    assert_eq!(refused, [&SendError::PlanVoid]);
    let build = block_on(alice.wallet.build(plan.clone(), alice.keys.clone()));
    assert_eq!(build.unwrap_err(), SendError::PlanVoid);
    assert_eq!(send().join().unwrap().unwrap_err(), SendError::PlanVoid);
    world.blocks(2);
    alice.sync();
    assert_eq!(alice.spendable(), 2_000_000);
}

#[test]
fn keys_of_others_sign_nothing() {
    let world = World::new(64);
    let (alice, bob) = alice_and_bob(&world);
    let plan = block_on(alice.wallet.plan(0, world.pay("1 LVR", &bob.address(), ""))).unwrap();
    let sent = block_on(alice.wallet.send(plan, bob.keys.clone(), world.prover.clone(), None));
    assert_eq!(sent.unwrap_err(), SendError::OtherKeys);
    let from = alice.keys.transparent_account(0);
    let plan =
        block_on(alice.wallet.plan(0, Action::Shield { from, amount: world.amount("1 LVR") })).unwrap();
    assert_eq!(block_on(alice.wallet.build(plan, bob.keys.clone())).unwrap_err(), SendError::OtherPayer);
    assert_eq!(alice.spendable(), 60_000_000);
}

#[test]
fn what_cannot_be_paid_is_said() {
    let world = World::new(8);
    let (alice, bob) = alice_and_bob(&world);
    let plan = |action| block_on(alice.wallet.plan(0, action)).unwrap_err();
    let address = bob.address();
    assert_eq!(
        plan(world.pay("100 LVR", &address, "")),
        PlanError::InsufficientFunds {
            asset: 1,
            needed: 100_001_000,
            spendable: 60_000_000,
            missing: 40_001_000,
            immature: 0,
            pending: 0,
            newer: 0,
        }
    );
    assert_eq!(plan(world.pay("0 LVR", &address, "")), PlanError::Nothing);
    assert_eq!(plan(world.pay("1 LVR", &address, &"m".repeat(2000))), PlanError::MemoTooLong { most: 1022 });
    assert!(matches!(
        plan(world.pay("1 LVR", "lvr1oops", "")),
        PlanError::Address { error: AddressError::Invalid { .. } }
    ));
    let nowhere = Action::Withdraw { to: "lvrt1oops".into(), amount: world.amount("1 LVR"), fee: Fee::Least };
    assert!(matches!(plan(nowhere), PlanError::TransparentAccount { .. }));
    let fee = Fee::Exactly { amount: Amount { asset: 1, value: 5 } };
    let Action::Pay { payments, .. } = world.pay("1 LVR", &address, "") else { panic!("a payment") };
    assert_eq!(
        plan(Action::Pay { payments, fee: fee.clone() }),
        PlanError::FeeTooLow { asset: 1, given: 5, least: 1_000 }
    );
    // There is one note, and nothing to join it with.
    assert!(matches!(plan(Action::Consolidate { asset: 1, fee }), PlanError::Other { .. }));
    assert!(matches!(plan(Action::Consolidate { asset: 77, fee: Fee::Least }), PlanError::Other { .. }));
    let one = Payment { to: address.clone(), amount: world.amount("1 LVR"), memo: String::new() };
    let many = Action::Pay { payments: vec![one; 20], fee: Fee::Least };
    assert!(matches!(plan(many), PlanError::SeveralTransactions { .. }));
    assert_eq!(
        block_on(alice.wallet.plan(3, world.pay("1 LVR", &address, ""))).unwrap_err(),
        PlanError::Wallet { error: WalletError::Other { reason: "the wallet has no account 3".to_owned() } }
    );
    // Signers who need until then are told to ask for an address of the next month, and take it from a request.
    let info = world.node.describe_address(address.clone()).unwrap();
    assert!(info.payable_here);
    let by = info.payable_until.unwrap();
    let late = |to: &str| block_on(alice.wallet.plan_ready_by(0, world.pay("1 LVR", to, ""), by));
    assert_eq!(late(&address).unwrap_err(), PlanError::AddressLeavesNoTime { until: by, ready_by: by });
    let next = block_on(bob.wallet.receive_pair(0)).unwrap().next.unwrap().address;
    let uri = world.node.parse_payment_request(format!("louver:{address}?next={next}")).unwrap();
    let to_pay = |by| block_on(alice.wallet.address_to_pay(uri.payments[0].clone(), by)).unwrap();
    assert_eq!((to_pay(0), to_pay(by)), (address.clone(), next.clone()));
    let preview = late(&next).unwrap().preview();
    assert_eq!((preview.ready_by, preview.not_before), (Some(by), info.valid_until));
    let ever =
        block_on(alice.wallet.plan_ready_by(0, Action::Consolidate { asset: 1, fee: Fee::Least }, u64::MAX));
    assert!(matches!(ever.unwrap_err(), PlanError::TooFarAhead { .. }));
    // The epoch goes by, and with it the address.
    world.pass(11);
    alice.sync();
    let until = info.payable_until.unwrap();
    assert_eq!(plan(world.pay("1 LVR", &address, "")), PlanError::AddressExpired { until });

    let elsewhere = World::new(9);
    let foreign = elsewhere.person("carol").address();
    assert!(!world.node.describe_address(foreign.clone()).unwrap().payable_here);
    assert_eq!(plan(world.pay("1 LVR", &foreign, "")), PlanError::ForeignPool);
    drop(bob);
    let opened = block_on(Wallet::open(world.path("bob"), elsewhere.node.clone()));
    assert_eq!(opened.unwrap_err(), WalletError::OtherChain);
}

fn wallet_account(world: &World) -> String {
    world.person("payee").keys.transparent_account(0)
}

#[test]
fn wallets_that_are_not_there_or_not_open_say_so() {
    let world = World::new(64);
    let (path, phrase) = (world.path("sealed"), RecoveryPhrase::generate());
    let create = |path: &str, protection| {
        block_on(Wallet::create(path.to_owned(), world.node.clone(), phrase.clone(), protection, None))
    };
    let empty = create(&world.path("empty"), Protection::passphrase(String::new())).unwrap_err();
    assert_eq!(empty, WalletError::EmptyPassphrase);
    let wallet = create(&path, Protection::passphrase("correct horse".to_owned())).unwrap();
    let unlock = |protection| block_on(wallet.unlock(protection)).unwrap_err();
    assert_eq!(unlock(Protection::passphrase("wrong".to_owned())), WalletError::WrongPassphrase);
    assert_eq!(unlock(Protection::unsealed()), WalletError::OtherProtection);
    let other = world.person("other-keys").keys;
    let add = |keys, index| block_on(wallet.add_account(keys, index));
    assert_eq!(add(other, 1), Err(WalletError::OtherKeys));
    let keys = block_on(wallet.unlock(Protection::passphrase("correct horse".to_owned()))).unwrap();
    assert!(matches!(add(keys, 1 << 31), Err(WalletError::Other { .. })));
    let in_use = create(&path, Protection::unsealed()).unwrap_err();
    assert_eq!(in_use, WalletError::Storage { error: StorageError::InUse });
    drop(wallet);
    assert_eq!(create(&path, Protection::unsealed()).unwrap_err(), WalletError::Exists);
    let absent = block_on(Wallet::open(world.path("nobody"), world.node.clone()));
    assert_eq!(absent.unwrap_err(), WalletError::NotFound);
    std::fs::write(
        world.path("other"),
        b"a letter to my aunt, longer than the head of a database, or so I hope",
    )
    .unwrap();
    let foreign = block_on(Wallet::open(world.path("other"), world.node.clone()));
    assert_eq!(foreign.unwrap_err(), WalletError::Storage { error: StorageError::Foreign });
    let to = wallet_account(&world);
    let faucet = |account: &str, asset| {
        let amount = Amount { asset, value: 1 };
        match block_on(world.node.faucet(account.to_owned(), amount)).unwrap_err() {
            NodeError::Refused { status, refusal, .. } => (status, refusal),
            error => panic!("{error}"),
        }
    };
    let code = "account_invalid".to_owned();
    assert_eq!(faucet("lvrt1oops", 1), (400, Refusal::Other { code }));
    assert_eq!(faucet(&to, 77).1, Refusal::AssetUnknown);
    let nobody = block_on(Node::connect(Arc::new(Http("http://127.0.0.1:9".to_owned())), Trust::default()));
    assert!(matches!(nobody.unwrap_err(), NodeError::Unreachable { .. }));
}

#[test]
fn work_that_is_stopped_changes_nothing() {
    let world = World::new(64);
    let (alice, bob) = alice_and_bob(&world);
    let plan = block_on(alice.wallet.plan(0, world.pay("1 LVR", &bob.address(), ""))).unwrap();
    let send =
        |watch| block_on(alice.wallet.send(plan.clone(), alice.keys.clone(), world.prover.clone(), watch));
    for reports in 0..4 {
        let stopped = send(Some(stop_at(Stage::Proving, reports))).unwrap_err();
        assert_eq!(stopped, SendError::Prover { error: ProverError::Cancelled });
    }
    let before = block_on(alice.wallet.height()).unwrap();
    world.blocks(5);
    let stopped = block_on(alice.wallet.sync(Some(stop_at(Stage::Scanning, 0)))).unwrap_err();
    assert_eq!((stopped, block_on(alice.wallet.height()).unwrap()), (WalletError::Cancelled, before));
    assert_eq!(alice.spendable(), 60_000_000);
    alice.sync();
    assert_eq!(send(None).unwrap().not_taken, None);
}

#[test]
fn only_the_pinned_key_is_taken() {
    let world = World::new(64);
    let prover = Prover::new();
    let install = |bytes: &[u8]| block_on(prover.install(Circuit::Transfer2x3, bytes.to_vec(), None));
    for bytes in [&b""[..], b"LouverPK", b"LouverPC and nothing else", &[7; 5000]] {
        assert!(matches!(install(bytes), Err(ProverError::KeyInvalid { .. })));
    }
    assert!(!prover.is_ready(Circuit::Transfer2x3));
    let (alice, bob) = alice_and_bob(&world);
    let plan = block_on(alice.wallet.plan(0, world.pay("1 LVR", &bob.address(), ""))).unwrap();
    let draft = block_on(alice.wallet.build(plan, alice.keys.clone())).unwrap();
    let missing = ProverError::KeyMissing { circuit: Circuit::Transfer2x3 };
    assert_eq!(block_on(draft.prove(prover, None)).unwrap_err(), SendError::Prover { error: missing });
}

#[test]
fn a_grant_lives() {
    let world = World::new(64);
    let (alice, bob) = alice_and_bob(&world);
    world.send(&alice, world.pay("25 LVR", &bob.address(), "Rent"));
    world.blocks(1);
    alice.sync();
    let auditor = AuditorKey::generate();
    let request = GrantRequest {
        auditor: "Smith & Co".to_owned(),
        recipient: auditor.recipient(),
        directions: EVERYTHING,
        first_epoch: 0,
        last_epoch: 2,
        purpose: "Tax 2026".to_owned(),
        days: 365,
        challenge: None,
    };
    let grant =
        |request| block_on(alice.wallet.grant(0, request, alice.keys.clone(), world.prover.clone(), None));
    let nothing =
        Directions { incoming: false, change: false, outgoing: false, spends: false, detection: false };
    let cases = [
        (GrantRequest { directions: nothing, ..request.clone() }, DiscloseError::Nothing),
        (GrantRequest { first_epoch: 3, ..request.clone() }, DiscloseError::Epochs),
        (GrantRequest { last_epoch: 2000, ..request.clone() }, DiscloseError::TooManyEpochs { most: 1024 }),
        (GrantRequest { auditor: " ".into(), ..request.clone() }, DiscloseError::NoReader),
        (GrantRequest { days: 0, ..request.clone() }, DiscloseError::NoValidity),
        (GrantRequest { recipient: "age1oops".into(), ..request.clone() }, DiscloseError::Recipient),
        (
            GrantRequest { purpose: "p".repeat(513), ..request.clone() },
            DiscloseError::TooLong { what: "purpose".into() },
        ),
    ];
    for (request, fault) in cases {
        assert_eq!(grant(request).unwrap_err(), fault);
    }
    let shown = || block_on(alice.wallet.disclosures(0)).unwrap();
    assert!(shown().records.is_empty(), "what was refused was shown to nobody");
    let recipient = request.recipient.clone();
    let sealed = grant(request).unwrap();
    block_on(alice.wallet.label_disclosure(0, "My accountant".to_owned())).unwrap();
    assert!(block_on(alice.wallet.label_disclosure(1, String::new())).is_err());
    let open = |bytes: &[u8], key| Grant::open(bytes.to_vec(), key);
    assert_eq!(open(&sealed, AuditorKey::generate()).unwrap_err(), AuditError::NotForThisKey);
    let opened = open(&sealed, auditor).unwrap();
    let info = opened.info();
    assert_eq!((info.first_epoch, info.last_epoch, info.purpose.as_str()), (0, 2, "Tax 2026"));
    let register = shown();
    let [record] = register.records.as_slice() else { panic!("one record: {register:?}") };
    let hash = record.hash.clone();
    assert_eq!(
        record,
        &DisclosureRecord {
            number: 0,
            kind: DisclosureKind::Grant,
            label: "My accountant".to_owned(),
            auditor: info.auditor.clone(),
            recipient: Some(recipient),
            purpose: info.purpose.clone(),
            directions: Some(EVERYTHING),
            first_epoch: Some(0),
            last_epoch: Some(2),
            transactions: Vec::new(),
            issued: info.issued,
            expires: info.expires,
            hash,
        }
    );
    block_on(opened.verify(world.node.clone(), Expectations::default())).unwrap();
    let elsewhere = World::new(9);
    let other = block_on(opened.verify(elsewhere.node.clone(), Expectations::default()));
    assert_eq!(other, Err(AuditError::OtherChain));
    let watch = Some(stop_at(Stage::Auditing, 0));
    let stopped = block_on(opened.audit(world.node.clone(), Expectations::default(), watch));
    assert_eq!(stopped.unwrap_err(), AuditError::Cancelled);

    let report = block_on(opened.audit(world.node.clone(), Expectations::default(), None)).unwrap();
    assert!(report.heading[0].contains("not asked for by you"), "{:?}", report.heading);
    assert_eq!(report.purpose, "Tax 2026");
    let alice_id = &block_on(alice.wallet.accounts())[0].id;
    assert_eq!((&report.account, &info.account), (alice_id, alice_id));
    let paid =
        report.findings.iter().find(|finding| matches!(finding.what, FindingKind::Paid { .. })).unwrap();
    // Nothing shows that she does not hold it herself.
    assert_eq!(paid.assurance, Assurance::Unverified);
    let FindingKind::Paid { amount, memo, .. } = &paid.what else { panic!("a payment") };
    assert_eq!((amount, memo.as_deref()), (&world.amount("25 LVR"), Some("Rent")));
    let value = |sum: &Option<louver_sdk::Sum>| sum.as_ref().map(|sum| sum.value.clone());
    assert_eq!(value(&report.totals[0].paid).as_deref(), Some("25000000"));
    assert_eq!(value(&report.totals[0].unspent), Some(alice.spendable().to_string()));
    assert!(!report.guaranteed.is_empty() && report.unverified.len() == 5);
    assert!(report.json.contains("\"assurance\": \"guaranteed\""));
}

#[test]
fn a_package_lives() {
    let world = World::new(64);
    let (alice, bob) = alice_and_bob(&world);
    let sent = world.send(&alice, world.pay("25 LVR", &bob.address(), "Rent"));
    let nonce = "2a".repeat(32);
    let request = PackageRequest {
        choice: PackageChoice::Transaction { txid: sent.txid.clone(), output: None },
        detail: Detail::Full,
        auditor: "The bank".to_owned(),
        recipient: None,
        nonce: Some(nonce.clone()),
        purpose: "Proof of rent".to_owned(),
        days: 7,
        challenge: None,
    };
    let disclose = |person: &Person, request| {
        block_on(person.wallet.disclose(0, request, person.keys.clone(), world.prover.clone(), None))
    };
    assert_eq!(disclose(&alice, request.clone()), Err(DiscloseError::NotMined));
    world.blocks(1);
    alice.sync();
    bob.sync();
    let wrong = PackageRequest {
        choice: PackageChoice::Transaction { txid: "00".repeat(32), output: None },
        ..request.clone()
    };
    assert_eq!(disclose(&alice, wrong), Err(DiscloseError::Unknown));
    let wrong = PackageRequest { nonce: Some("2a".to_owned()), ..request.clone() };
    assert_eq!(disclose(&alice, wrong), Err(DiscloseError::Hexadecimal { what: "nonce".into() }));
    for (person, side) in [(&alice, Side::Sent), (&bob, Side::Received)] {
        let bytes = disclose(person, request.clone()).unwrap();
        let package = Package::read(bytes.clone()).unwrap();
        assert_eq!((package.info().auditor.as_str(), package.info().payments), ("The bank", 1));
        let verify = |auditor: &str, nonce: &str| {
            let expectations = Expectations {
                account: Some(block_on(person.wallet.accounts())[0].id.clone()),
                auditor: Some(auditor.to_owned()),
                nonce: Some(nonce.to_owned()),
                ..Expectations::default()
            };
            block_on(package.verify(world.node.clone(), expectations))
        };
        let report = verify("The bank", &nonce).unwrap();
        let payment = &report.payments[0];
        assert_eq!((payment.side, payment.assurance), (side, Assurance::Guaranteed));
        assert_eq!((&payment.amount, payment.memo.as_deref()), (&world.amount("25 LVR"), Some("Rent")));
        assert_eq!(payment.place.txid, sent.txid);
        assert_eq!(
            verify("The press", &nonce),
            Err(PackageError::OtherReader {
                made_for: "The bank".to_owned(),
                expected: "The press".to_owned(),
            })
        );
        assert_eq!(verify("The bank", &"2b".repeat(32)), Err(PackageError::Nonce));
        assert_eq!(verify("The bank", "2b"), Err(PackageError::Expectation { what: "nonce".into() }));
        let mut altered = bytes;
        let middle = altered.len() / 2;
        altered[middle] ^= 1;
        let refused = Package::read(altered)
            .and_then(|package| block_on(package.verify(world.node.clone(), Expectations::default())));
        refused.unwrap_err();
    }
}

/// A package that is sealed opens with its reader's key alone.
#[test]
fn a_sealed_package_is_for_one_key() {
    let world = World::new(64);
    let (alice, bob) = alice_and_bob(&world);
    let sent = world.send(&alice, world.pay("25 LVR", &bob.address(), "Rent"));
    world.blocks(1);
    alice.sync();
    let (bank, press) = (AuditorKey::generate(), AuditorKey::generate());
    let request = PackageRequest {
        choice: PackageChoice::Transaction { txid: sent.txid, output: None },
        detail: Detail::Full,
        auditor: "The bank".to_owned(),
        recipient: Some(bank.recipient()),
        nonce: None,
        purpose: String::new(),
        days: 7,
        challenge: None,
    };
    let disclose =
        |request| block_on(alice.wallet.disclose(0, request, alice.keys.clone(), world.prover.clone(), None));
    let nobody = PackageRequest { recipient: Some("age1oops".into()), ..request.clone() };
    assert_eq!(disclose(nobody), Err(DiscloseError::Recipient));
    let sealed = disclose(request).unwrap();
    assert_eq!(Package::read(sealed.clone()).unwrap_err(), PackageError::Sealed);
    assert_eq!(Package::open(sealed.clone(), press).unwrap_err(), PackageError::NotForThisKey);
    let opened = Package::open(sealed, bank).unwrap();
    let expectations = Expectations { auditor: Some("The bank".to_owned()), ..Expectations::default() };
    let report = block_on(opened.verify(world.node.clone(), expectations)).unwrap();
    assert_eq!(report.payments[0].memo.as_deref(), Some("Rent"));
}

#[test]
fn reading_goes_on_while_the_chain_is_followed() {
    let world = World::new(64);
    let (alice, _) = alice_and_bob(&world);
    world.blocks(600);
    let syncing: Vec<_> = (0..3)
        .map(|_| {
            let wallet = alice.wallet.clone();
            std::thread::spawn(move || block_on(wallet.sync(None)).unwrap())
        })
        .collect();
    while syncing.iter().any(|thread| !thread.is_finished()) {
        assert_eq!(alice.spendable(), 60_000_000);
    }
    let blocks: u32 = syncing.into_iter().map(|thread| thread.join().unwrap().blocks).sum();
    assert_eq!(blocks, 600);
}
