//! Pages of a history, birthdays, and audits that go on.

use std::{
    sync::Mutex,
    time::{SystemTime, UNIX_EPOCH},
};

use louver_sdk::{AuditReport, Birthday, ContinuedAudit, EntryKind, HistoryEntry, HistoryQuery};

use super::*;

#[test]
fn a_history_is_read_by_pages_and_filters() {
    let world = World::new(64);
    let (alice, bob) = alice_and_bob(&world);
    for memo in ["one", "two", "three"] {
        world.send(&alice, world.pay("1 LVR", &bob.address(), memo));
        if memo != "three" {
            world.blocks(1);
            alice.sync();
        }
    }
    let all = block_on(alice.wallet.history(0)).unwrap();
    let kinds: Vec<EntryKind> = all.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [EntryKind::Paid, EntryKind::Paid, EntryKind::Paid, EntryKind::Deposited]);
    assert_eq!(all[0].time, None);
    assert!(matches!(all[1].status, Status::Mined { time, .. } if Some(time) == all[1].time));
    let fee = Some(Amount { asset: 1, value: 1_000 });
    assert_eq!((&all[0].fee_paid, &all[3].fee_paid), (&fee, &None));
    bob.sync();
    let received = block_on(bob.wallet.history(0)).unwrap().remove(0);
    assert_eq!((received.kind, &received.fee_paid), (EntryKind::Received, &None));

    let page = |query| block_on(alice.wallet.history_page(0, query));
    let ids = |entries: &[HistoryEntry]| -> Vec<String> {
        entries.iter().map(|entry| entry.txid.clone()).collect()
    };
    let of = |query| ids(&page(query).unwrap());
    let [latest, second, third, first] = ids(&all).try_into().unwrap();
    let two = HistoryQuery { limit: Some(2), ..HistoryQuery::default() };
    assert_eq!(page(HistoryQuery::default()), Ok(all));
    assert_eq!(of(two.clone()), [&*latest, &second]);
    assert_eq!(of(HistoryQuery { before: Some(second.clone()), ..two.clone() }), [&*third, &first]);
    assert!(of(HistoryQuery { before: Some(first.clone()), ..two.clone() }).is_empty());
    assert_eq!(of(HistoryQuery { after: Some(first.clone()), ..two.clone() }), [&*second, &third]);
    let between = HistoryQuery { before: Some(latest.clone()), after: Some(first.clone()), ..two };
    assert_eq!(of(between.clone()), [&*second, &third]);
    assert_eq!(of(HistoryQuery { kind: Some(EntryKind::Deposited), ..HistoryQuery::default() }), [&*first]);
    assert_eq!(of(HistoryQuery { until: Some(u64::MAX), ..HistoryQuery::default() }).len(), 3);
    assert_eq!(of(HistoryQuery { since: Some(u64::MAX), ..HistoryQuery::default() }), [&*latest]);
    assert_eq!(of(HistoryQuery { asset: Some(1), limit: Some(9), ..HistoryQuery::default() }).len(), 4);
    for asset in [2, u64::MAX] {
        assert!(of(HistoryQuery { asset: Some(asset), ..HistoryQuery::default() }).is_empty());
    }
    let txid = "00".repeat(32);
    let gone = HistoryQuery { before: Some(txid.clone()), ..HistoryQuery::default() };
    assert_eq!(page(gone), Err(WalletError::UnknownTransaction { txid }));
    let nobody = block_on(alice.wallet.history_page(7, HistoryQuery::default()));
    assert!(matches!(nobody, Err(WalletError::Other { .. })));
}

/// Somebody restores with a birthday that is too late: his balance is too low, and he is told.
#[test]
fn a_birthday_that_is_too_late_is_told_and_a_date_finds_the_right_one() {
    let world = World::new(64);
    let (alice, bob) = alice_and_bob(&world);
    let late = world.blocks(1);
    alice.sync();
    world.send(&alice, world.pay("25 LVR", &bob.address(), ""));
    let spent = world.blocks(1);
    alice.sync();
    let phrase = block_on(alice.wallet.recovery_phrase(Protection::unsealed())).unwrap();
    let restored = world.restore("late", &phrase, Some(late));
    let summary = block_on(restored.wallet.sync(None)).unwrap();
    assert_eq!(summary.late_birthday, Some(spent));
    // It stays so until he reads from earlier on.
    assert_eq!(block_on(restored.wallet.sync(None)).unwrap().late_birthday, Some(spent));

    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let (today, later) = (Birthday::Date { time: now }, Birthday::Block { height: spent });
    let rescan = |birthday| block_on(restored.wallet.rescan(Some(birthday), None)).unwrap();
    // A date to come would hide everything.
    let to_come = Birthday::Date { time: now + 3 * 86_400 };
    let refused = block_on(restored.wallet.rescan(Some(to_come), None));
    assert!(refused.is_err_and(|error| error.to_string().contains("still to come")));
    // A later block would hide what is known.
    let hiding = block_on(restored.wallet.rescan(Some(later.clone()), None));
    assert!(matches!(hiding, Err(WalletError::BirthdayTooLate { birthday }) if birthday == late));
    assert_eq!(block_on(restored.wallet.birthday()), Ok(late));
    assert_eq!(rescan(today.clone()).late_birthday, None);
    assert_eq!(restored.spendable(), alice.spendable());

    for (name, birthday, height) in [("today", today, 0), ("later", later, spent)] {
        let made = Wallet::create(
            world.path(name),
            world.node.clone(),
            phrase.clone(),
            Protection::unsealed(),
            Some(birthday),
        );
        assert_eq!(block_on(block_on(made).unwrap().birthday()), Ok(height));
    }
}

/// Notes where an audit begins to read.
#[derive(Default)]
struct Reading(Mutex<Vec<u32>>);

impl Watch for Reading {
    fn report(&self, _: Stage, done: u32, _: u32) -> bool {
        self.0.lock().unwrap().push(done);
        true
    }
}

#[test]
fn an_audit_goes_on_where_it_was_kept() {
    let world = World::new(64);
    let (alice, bob) = alice_and_bob(&world);
    let auditor = AuditorKey::generate();
    let grant = |purpose: &str| {
        let request = GrantRequest {
            auditor: "Smith & Co".to_owned(),
            recipient: auditor.recipient(),
            directions: EVERYTHING,
            first_epoch: 0,
            last_epoch: 2,
            purpose: purpose.to_owned(),
            days: 365,
            challenge: None,
        };
        let sealed =
            block_on(alice.wallet.grant(0, request, alice.keys.clone(), world.prover.clone(), None)).unwrap();
        Grant::open(sealed, auditor.clone()).unwrap()
    };
    let first = grant("Tax 2026");
    let audit = |grant: &Grant, state| -> (u32, ContinuedAudit) {
        let reading = Arc::new(Reading::default());
        let continued = block_on(grant.continue_audit(
            world.node.clone(),
            Expectations::default(),
            state,
            Some(reading.clone()),
        ));
        let begun = reading.0.lock().unwrap()[0];
        (begun, continued.unwrap())
    };
    let (begun, kept) = audit(&first, None);
    assert_eq!((begun, &kept.read_anew), (0, &None));
    let read = block_on(world.node.status()).unwrap().height;

    world.send(&alice, world.pay("25 LVR", &bob.address(), "Rent"));
    world.blocks(1);
    alice.sync();
    let whole: AuditReport =
        block_on(first.audit(world.node.clone(), Expectations::default(), None)).unwrap();
    let stopped = block_on(first.continue_audit(
        world.node.clone(),
        Expectations::default(),
        Some(kept.state.clone()),
        Some(stop_at(Stage::Auditing, 0)),
    ));
    assert_eq!(stopped.unwrap_err(), AuditError::Cancelled);
    let (begun, gone_on) = audit(&first, Some(kept.state.clone()));
    assert_eq!((begun, &gone_on.read_anew, &gone_on.report), (read, &None, &whole));
    assert_ne!(gone_on.report, kept.report);

    // State that is damaged, or of another grant, costs time and nothing else.
    let mut damaged = kept.state.clone();
    *damaged.last_mut().unwrap() ^= 1;
    let other = audit(&grant("Tax 2027"), None).1.state;
    for state in [damaged, other, b"no audit".to_vec()] {
        let (begun, anew) = audit(&first, Some(state));
        assert_eq!((begun, &anew.report), (0, &whole));
        assert!(anew.read_anew.is_some());
    }
}
