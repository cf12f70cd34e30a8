//! A wallet's memory: history, memos, openings, restoring, crashes and expiry.

use louver_core::{
    proof::Unwatched,
    store::{Batch, Entry, KeyRange, MemoryStore, Store, StoreError, Table, faulty::FaultyStore},
    transaction::Fee,
    value::{Balance, Value},
};
use louver_wallet::{
    account::AccountError,
    disclosure::{KnownOutput, OpeningError},
    history::{EntryKind, OutputKind, Page, Status},
    phrase::RecoveryPhrase,
    plan::{Action, FeeChoice, Quantity},
    register::Origin,
    send::{SendError, Sender},
    store::SqliteStore,
    vault::Protection,
    wallet::{NewWallet, OpenError, Wallet},
};

use crate::chain::{ART, Chain, EUR, FIRST, NativeProver, PAYER, asset, pay, pending, send_plan, spendable};

#[test]
fn history_tells_both_sides_of_a_payment() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let action = pay(&mut bob, EUR, 30, "rent for May");
    let Action::Pay { payments, .. } = &action else { panic!("a payment") };
    let asked = payments[0].to;
    let sent = chain.send(&mut alice, &action);
    let entry = alice.history(FIRST).unwrap().remove(0);
    assert!(matches!(entry.status, Status::Pending { .. }));
    assert_eq!(entry.txid, sent.txid);
    chain.mine(std::slice::from_ref(&sent));
    chain.sync(&mut alice);
    chain.sync(&mut bob);

    let entry = alice.history(FIRST).unwrap().remove(0);
    assert!(matches!(entry.status, Status::Mined { height: 2, time: 1 }));
    assert_eq!(entry.net(asset(EUR)), Balance(-31));
    assert_eq!(entry.fee.amount(), Value(1));
    let paid = entry.outputs.iter().find(|output| output.kind == OutputKind::Sent).unwrap();
    assert_eq!((paid.value, paid.memo.as_ref().unwrap().as_text()), (Value(30), Some("rent for May")));
    assert_eq!(paid.address, asked);

    let entry = bob.history(FIRST).unwrap().remove(0);
    assert_eq!((entry.authorised, entry.net(asset(EUR))), (false, Balance(30)));
    assert_eq!(entry.outputs[0].memo.as_ref().unwrap().as_text(), Some("rent for May"));
    assert_eq!(entry.outputs[0].kind, OutputKind::Received);
}

#[test]
fn a_phrase_brings_everything_back() {
    let mut chain = Chain::new();
    let phrase = RecoveryPhrase::generate(&mut rand::rng());
    let mut alice = chain.wallet_of(&phrase, MemoryStore::default());
    chain.fund(&mut alice, &[(EUR, 100), (EUR, 50)]);
    let mut bob = chain.wallet();
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 120, "all of it"));
    chain.mine(&[sent]);
    chain.sync(&mut bob);
    let back = chain.send(&mut bob, &pay(&mut alice, EUR, 20, "change your mind"));
    chain.mine(&[back]);
    chain.sync(&mut alice);

    let mut restored = chain.wallet_of(&phrase, MemoryStore::default());
    chain.sync(&mut restored);
    assert_eq!(restored.balance(FIRST).unwrap(), alice.balance(FIRST).unwrap());
    let outputs = |wallet: &Wallet| {
        let mut outputs: Vec<_> = wallet
            .history(FIRST)
            .unwrap()
            .into_iter()
            .map(|mut entry| {
                entry.outputs.sort_by_key(|output| output.index);
                let net = entry.net(asset(EUR));
                (entry.txid, entry.status, entry.authorised, entry.outputs, net)
            })
            .collect();
        outputs.sort_by_key(|(txid, ..)| *txid);
        outputs
    };
    assert_eq!(outputs(&restored), outputs(&alice), "payees and memos included");
    let spent = chain.send(&mut restored, &pay(&mut bob, EUR, 48, ""));
    chain.mine(&[spent]);
}

/// `[wallet-scan]`: the internal key is tried on the account's own transactions alone. Whatever kind they are, and however
/// the wallet came to its blocks, nothing is missed.
#[test]
fn change_of_every_kind_is_found_again() {
    let mut chain = Chain::new();
    let phrase = RecoveryPhrase::generate(&mut rand::rng());
    let mut alice = chain.wallet_of(&phrase, MemoryStore::default());
    chain.fund(&mut alice, &[(EUR, 100), (EUR, 50), (EUR, 7), (ART, 9)]);
    let mut bob = chain.wallet();
    let withdrawal = Action::Withdraw {
        recipient: PAYER,
        asset: asset(EUR),
        value: Value(20).into(),
        fee: FeeChoice::Least,
    };
    let actions = [
        pay(&mut bob, EUR, 30, "to another"),
        pay(&mut alice, EUR, 40, "to oneself"),
        // Its fee is of another asset, so two kinds of change come back.
        pay(&mut bob, ART, 4, "art"),
        withdrawal,
        Action::Consolidate { asset: asset(EUR), fee: FeeChoice::Least },
    ];
    for action in actions {
        let sent = chain.send(&mut alice, &action);
        chain.mine(&[sent]);
        chain.sync(&mut alice);
    }
    let own = alice.history(FIRST).unwrap();
    let change =
        own.iter().flat_map(|entry| &entry.outputs).filter(|output| output.kind == OutputKind::Change);
    assert!(change.count() >= 5);

    let mut restored = chain.wallet_of(&phrase, MemoryStore::default());
    chain.sync(&mut restored);
    let mut slow = chain.wallet_of(&phrase, MemoryStore::default());
    for block in chain.compact_from(1) {
        slow.scan(&[block], &mut Unwatched).unwrap();
    }
    let mut watcher = Wallet::create(
        MemoryStore::default(),
        NewWallet {
            phrase: None,
            chain: &chain.parameters(),
            birthday: &chain.birthday(),
            reader: None,
            origin: Origin::Restored,
        },
    )
    .unwrap()
    .with_clock(chain.clock());
    watcher.add_viewing_account(alice.account(FIRST).unwrap().full_viewing_key().clone()).unwrap();
    chain.sync(&mut watcher);
    let balance = alice.balance(FIRST).unwrap();
    assert_eq!(spendable(&alice, EUR), 157 - 30 - 20 - 5);
    for (name, wallet) in [("restored", &restored), ("block by block", &slow), ("watching", &watcher)] {
        assert_eq!(wallet.balance(FIRST).unwrap(), balance, "{name}");
        assert_eq!(wallet.late_birthday().unwrap(), None, "{name}");
    }
    // Another account of the same wallet takes nothing of it.
    let keys = restored.unlock(&Protection::Unsealed).unwrap();
    let second = restored.add_account(&keys, 1).unwrap();
    assert!(restored.balance(second).unwrap().values().all(|balance| balance.spendable == 0));
}

#[test]
fn a_birthday_spares_the_blocks_before() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    chain.mine_empty(3);
    let mut young = chain.born_at(chain.height());
    chain.sync(&mut alice);
    let sent = chain.send(&mut alice, &pay(&mut young, EUR, 30, ""));
    chain.mine(&[sent]);
    chain.sync(&mut young);
    assert_eq!(spendable(&young, EUR), 30);
    let sent = chain.send(&mut young, &pay(&mut alice, EUR, 29, ""));
    chain.mine(&[sent]);
}

#[test]
fn a_second_account_is_found_by_scanning_again() {
    let mut chain = Chain::new();
    let phrase = RecoveryPhrase::generate(&mut rand::rng());
    let mut both = chain.wallet_of(&phrase, MemoryStore::default());
    let keys = both.unlock(&Protection::Unsealed).unwrap();
    let second = both.add_account(&keys, 1).unwrap();
    assert!(matches!(both.add_account(&keys, 1), Err(AccountError::Present(number)) if number == second));
    chain.fund(&mut both, &[(EUR, 100)]);
    let mut action = pay(&mut both, EUR, 30, "to myself");
    if let louver_wallet::plan::Action::Pay { payments, .. } = &mut action {
        payments[0].to = both.receive(second).unwrap().address;
    }
    let sent = chain.send(&mut both, &action);
    chain.mine(&[sent]);
    chain.sync(&mut both);
    assert_eq!(both.balance(second).unwrap()[&asset(EUR)].spendable, 30);

    let mut late = chain.wallet_of(&phrase, MemoryStore::default());
    chain.sync(&mut late);
    let second = late.add_account(&late.unlock(&Protection::Unsealed).unwrap(), 1).unwrap();
    assert!(late.balance(second).unwrap().is_empty());
    late.rescan(&chain.birthday()).unwrap();
    chain.sync(&mut late);
    assert_eq!(late.balance(second).unwrap()[&asset(EUR)].spendable, 30);
    assert_eq!(late.balance(FIRST).unwrap(), both.balance(FIRST).unwrap());
}

#[test]
fn a_watching_wallet_sees_and_cannot_spend() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 30, "seen"));
    chain.mine(&[sent]);
    chain.sync(&mut alice);
    let mut watcher = Wallet::create(
        MemoryStore::default(),
        NewWallet {
            phrase: None,
            chain: &chain.parameters(),
            birthday: &chain.birthday(),
            reader: None,
            origin: Origin::Restored,
        },
    )
    .unwrap()
    .with_clock(chain.clock());
    let key = alice.account(FIRST).unwrap().full_viewing_key().clone();
    watcher.add_viewing_account(key).unwrap();
    chain.sync(&mut watcher);
    assert_eq!(watcher.balance(FIRST).unwrap(), alice.balance(FIRST).unwrap());
    assert!(matches!(watcher.unlock(&Protection::Unsealed), Err(AccountError::ViewOnly)));
    // Another wallet's keys do not help.
    let plan = watcher.plan(FIRST, &pay(&mut bob, EUR, 1, "")).unwrap();
    let keys = bob.unlock(&Protection::Unsealed).unwrap();
    let sender = Sender { keys: &keys, prover: &NativeProver, progress: &mut Unwatched, authorize: None };
    let refused = watcher.send(&plan, sender, &mut rand::rng());
    assert!(matches!(refused, Err(SendError::Account(AccountError::NoSpendingKey(FIRST)))));
}

/// Attacker: two payers who compare the addresses that they were given, and learn that they pay one person.
#[test]
fn an_address_is_given_once_whatever_is_restored() {
    let chain = Chain::new();
    let phrase = RecoveryPhrase::generate(&mut rand::rng());
    let mut given = Vec::new();
    for _ in 0..3 {
        // The phone, the laptop, and what is restored when both are gone: none knows of the others.
        let wallet = chain.wallet_of(&phrase, MemoryStore::default());
        for _ in 0..4 {
            let receiving = wallet.receive(FIRST).unwrap();
            assert_eq!(wallet.address(FIRST, receiving.address.epoch(), receiving.index).unwrap(), receiving);
            given.push(receiving.address.to_string());
        }
    }
    given.sort_unstable();
    given.dedup();
    assert_eq!(given.len(), 12);
}

/// Not an attack: an owner who restored from too late a block misses money, and nothing says so.
#[test]
fn a_spend_of_a_note_that_was_never_seen_proves_a_late_birthday() {
    let mut chain = Chain::new();
    let phrase = RecoveryPhrase::generate(&mut rand::rng());
    let mut alice = chain.wallet_of(&phrase, MemoryStore::default());
    let mut bob = chain.wallet();
    chain.fund(&mut alice, &[(EUR, 100), (EUR, 5)]);
    let early = chain.height();
    chain.fund(&mut alice, &[(EUR, 50)]);
    // One payment only spends a note from before the birthday; another spends one from before and one from after.
    for value in [99, 54] {
        let sent = chain.send(&mut alice, &pay(&mut bob, EUR, value, ""));
        chain.mine(&[sent]);
        chain.sync(&mut alice);
    }
    let mut late = chain.born_of(&phrase, early);
    chain.sync(&mut late);
    assert_eq!(late.late_birthday().unwrap(), Some(early + 2));
    // The second is found out when it is read in full.
    let mut later = chain.born_of(&phrase, early);
    later.scan(&chain.compact_from(early + 1)[..1], &mut Unwatched).unwrap();
    assert_eq!(later.late_birthday().unwrap(), None);
    let mut second = chain.born_of(&phrase, early + 2);
    chain.sync(&mut second);
    assert!(second.late_birthday().unwrap().is_some());
    // A wallet that began in time has nothing to say, and a rescan from there mends it.
    assert_eq!(alice.late_birthday().unwrap(), None);
    late.rescan(&chain.birthday()).unwrap();
    assert_eq!(late.late_birthday().unwrap(), None);
    chain.sync(&mut late);
    assert_eq!(late.late_birthday().unwrap(), None);
    assert_eq!(late.balance(FIRST).unwrap(), alice.balance(FIRST).unwrap());
    // The payee, and one who only received, know of nothing missing.
    chain.sync(&mut bob);
    assert_eq!(bob.late_birthday().unwrap(), None);
}

/// Not an attack: a table whose sums are not the balance is believed by nobody.
#[test]
fn the_nets_of_a_history_come_to_the_balance() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100), (ART, 7)]);
    let mut bob = chain.wallet();
    let mut kinds = Vec::new();
    let to_self = pay(&mut alice, EUR, 5, "to myself");
    for action in [
        to_self,
        pay(&mut bob, ART, 3, ""),
        Action::Consolidate { asset: asset(EUR), fee: FeeChoice::Least },
        Action::Withdraw {
            recipient: PAYER,
            asset: asset(EUR),
            value: Value(20).into(),
            fee: FeeChoice::Least,
        },
    ] {
        let sent = chain.send(&mut alice, &action);
        chain.mine(std::slice::from_ref(&sent));
        chain.sync(&mut alice);
        let entry = alice.history_entry(FIRST, sent.txid).unwrap().unwrap();
        kinds.push((entry.kind(), entry.fee_paid().amount().0, entry.net(asset(EUR)).0));
        assert_eq!(entry.time(), Some(u64::from(chain.height()) - 1));
    }
    assert_eq!(
        kinds,
        [
            (EntryKind::ToSelf, 1, -1),
            (EntryKind::Paid, 1, -1),
            (EntryKind::Joined, 1, -1),
            (EntryKind::Withdrawn, 1, -21),
        ]
    );
    let history = alice.history(FIRST).unwrap();
    assert_eq!(
        history.last().map(|entry| (entry.kind(), entry.fee_paid())),
        Some((EntryKind::Deposited, Fee::NONE))
    );
    let mut sums = std::collections::BTreeMap::<_, i128>::new();
    for (asset, Balance(net)) in history.iter().flat_map(|entry| entry.nets()) {
        *sums.entry(asset).or_default() += net;
    }
    let held: std::collections::BTreeMap<_, _> = alice
        .balance(FIRST)
        .unwrap()
        .into_iter()
        .map(|(asset, held)| (asset, i128::try_from(held.total()).unwrap()))
        .collect();
    assert_eq!(sums, held);
    // Pages are parts of the whole.
    let page = |skip, most| alice.history_page(FIRST, Page { skip, most }).unwrap();
    assert_eq!([page(0, 2), page(2, 2), page(4, 9)].concat(), history);
    assert_eq!(page(6, 2), []);
    chain.sync(&mut bob);
    assert_eq!(bob.history(FIRST).unwrap()[0].kind(), EntryKind::Received);
}

/// A store that dies at its second write.
struct OneWrite(std::sync::Arc<std::sync::Mutex<MemoryStore>>, usize);

impl Store for OneWrite {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.lock().unwrap().get(table, key)
    }

    fn scan(&self, table: Table, range: KeyRange<'_>) -> Result<Vec<Entry>, StoreError> {
        self.0.lock().unwrap().scan(table, range)
    }

    fn write(&mut self, batch: &Batch) -> Result<(), StoreError> {
        self.1 += 1;
        assert_eq!(self.1, 1, "killed between two writes");
        self.0.lock().unwrap().write(batch)
    }
}

#[test]
fn a_new_wallet_has_its_account_or_is_not_there() {
    let chain = Chain::new();
    let phrase = RecoveryPhrase::generate(&mut rand::rng());
    let memory = std::sync::Arc::<std::sync::Mutex<MemoryStore>>::default();
    let parameters = chain.parameters();
    let birthday = chain.birthday();
    let phrase = Some((&phrase, &Protection::Unsealed));
    let new =
        NewWallet { phrase, chain: &parameters, birthday: &birthday, reader: None, origin: Origin::Restored };
    let made = Wallet::create(OneWrite(memory.clone(), 0), new).unwrap();
    let opened = Wallet::open(OneWrite(memory, 1)).unwrap();
    let [account] = opened.accounts() else { panic!("one account") };
    assert_eq!((account.number(), account.index()), (FIRST, Some(0)));
    let id = opened.account_id(account);
    assert_eq!(id, made.account_id(made.account(FIRST).unwrap()));
    let keys = opened.unlock(&Protection::Unsealed).unwrap();
    keys.authorizing_key(account).unwrap();
}

/// Not an attack: what such an account receives, the wallet could not spend.
#[test]
fn accounts_are_of_one_phrase() {
    let chain = Chain::new();
    let (mut alice, bob) = (chain.wallet(), chain.wallet());
    let keys = |wallet: &Wallet| wallet.unlock(&Protection::Unsealed).unwrap();
    assert!(matches!(alice.add_account(&keys(&bob), 1), Err(AccountError::OtherKeys)));
    let own = keys(&alice);
    assert!(matches!(alice.add_account(&own, 1 << 31), Err(AccountError::Index(2_147_483_648))));
    assert_eq!(alice.add_account(&own, (1 << 31) - 1).unwrap().0, 1);
}

/// A crash before the transaction is recorded loses nothing; a crash after it leaves the bytes to be sent again.
#[test]
fn a_crash_neither_loses_nor_spends_twice() {
    let mut chain = Chain::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("alice.wallet");
    let phrase = RecoveryPhrase::generate(&mut rand::rng());
    let mut alice = chain.wallet_of(&phrase, SqliteStore::open(&path).unwrap());
    chain.fund(&mut alice, &[(EUR, 100)]);
    let mut bob = chain.wallet();
    let action = pay(&mut bob, EUR, 30, "");
    let plan = alice.plan(FIRST, &action).unwrap();
    let draft = alice.build(&plan, &mut rand::rng()).unwrap();
    let _proven = draft.prove(&NativeProver, &mut Unwatched).unwrap();
    drop(alice);

    let mut alice = Wallet::open(SqliteStore::open(&path).unwrap()).unwrap().with_clock(chain.clock());
    assert_eq!((spendable(&alice, EUR), alice.waiting().unwrap().len()), (100, 0));
    let sent = chain.send(&mut alice, &action);
    drop(alice);

    let mut alice = Wallet::open(SqliteStore::open(&path).unwrap()).unwrap().with_clock(chain.clock());
    assert_eq!((spendable(&alice, EUR), pending(&alice, EUR)), (0, 69));
    assert_eq!(alice.waiting().unwrap(), [sent]);
    let again = alice.waiting().unwrap();
    chain.mine(&again);
    chain.sync(&mut alice);
    assert_eq!((spendable(&alice, EUR), alice.waiting().unwrap().len()), (69, 0));
}

#[test]
fn a_store_that_fails_hands_nothing_out() {
    let mut chain = Chain::new();
    let phrase = RecoveryPhrase::generate(&mut rand::rng());
    let store = std::sync::Arc::new(std::sync::Mutex::new(FaultyStore::new(MemoryStore::default())));
    let mut alice = chain.wallet_of(&phrase, Shared(store.clone()));
    chain.fund(&mut alice, &[(EUR, 100)]);
    let mut bob = chain.wallet();
    let plan = alice.plan(FIRST, &pay(&mut bob, EUR, 30, "")).unwrap();
    store.lock().unwrap().failing_writes = 1;
    assert!(matches!(send_plan(&mut alice, &plan), Err(SendError::Store(_))));
    assert_eq!(spendable(&alice, EUR), 100);
    // A scan that fails leaves the position where it was.
    chain.mine_empty(1);
    store.lock().unwrap().failing_writes = 1;
    assert!(alice.scan(&chain.compact_from(2), &mut Unwatched).is_err());
    assert_eq!(alice.position().unwrap().height, 1);
    chain.sync(&mut alice);
    send_plan(&mut alice, &plan).unwrap();
}

#[test]
fn what_expires_is_free_again() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 30, ""));
    assert_eq!(sent.expiry % 16, 0);
    chain.mine_empty((sent.expiry - chain.height()) as usize - 1);
    chain.sync(&mut alice);
    assert_eq!(spendable(&alice, EUR), 0, "one block could still take it");
    chain.mine_empty(1);
    assert_eq!(chain.sync(&mut alice).expired, 1);
    assert_eq!((spendable(&alice, EUR), pending(&alice, EUR)), (100, 0));
    assert!(matches!(alice.history(FIRST).unwrap()[0].status, Status::Mined { .. } | Status::Expired { .. }));
    assert_eq!(alice.waiting().unwrap(), []);
    assert!(chain.try_mine(&[sent]).is_err());
}

/// A withdrawal of everything has dummies alone, and its owner opens one of them.
#[test]
fn a_withdrawal_opens_by_any_output_that_is_known() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    for (value, left) in [(Value(40).into(), true), (Quantity::All, false)] {
        let fee = FeeChoice::Least;
        let action = Action::Withdraw { recipient: PAYER, asset: asset(EUR), value, fee };
        let sent = chain.send(&mut alice, &action);
        let txid = sent.txid;
        assert!(matches!(alice.open_crossing(FIRST, txid), Err(OpeningError::NotMined)));
        chain.mine(&[sent]);
        chain.sync(&mut alice);
        assert!(alice.open_payments(FIRST, txid, None).unwrap().is_empty());
        let opened = alice.open_crossing(FIRST, txid).unwrap().unwrap();
        // Attacker: a reader who learns from the output's index which outputs before it are dummies.
        match opened.output {
            KnownOutput::Note(note) => assert!(left && note.value() < Value(60) && note.index() == 0),
            KnownOutput::Dummy { effects, main, index } => {
                assert_eq!(index, 0);
                assert_eq!((main, effects.spend_tag()), (asset(EUR), opened.spend_tag));
            }
        }
    }
    // A payment is neither a deposit nor a withdrawal.
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 30, ""));
    let txid = sent.txid;
    chain.mine(&[sent]);
    chain.sync(&mut alice);
    assert!(alice.open_crossing(FIRST, txid).unwrap().is_none());
}

#[test]
fn notes_open_to_their_leaves() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 30, ""));
    let unmined = alice.open_note(FIRST, sent.txid, 0);
    assert!(matches!(unmined, Err(OpeningError::NotMined)));
    chain.mine(std::slice::from_ref(&sent));
    chain.mine_empty(2);
    chain.sync(&mut alice);
    chain.sync(&mut bob);
    for (wallet, kinds) in
        [(&alice, vec![OutputKind::Sent, OutputKind::Change]), (&bob, vec![OutputKind::Received])]
    {
        let entry = wallet.history(FIRST).unwrap().remove(0);
        assert_eq!(entry.outputs.len(), kinds.len());
        for output in &entry.outputs {
            assert!(kinds.contains(&output.kind));
            let opening = wallet.open_note(FIRST, sent.txid, output.index).unwrap();
            assert_eq!(opening.note.commitment(), output.commitment);
            assert_eq!(opening.path.root(output.commitment), chain.ledger.tip().anchor);
        }
    }
    let indices: Vec<u8> = bob.history(FIRST).unwrap()[0].outputs.iter().map(|o| o.index).collect();
    let other = (0..3).find(|index| !indices.contains(index)).unwrap();
    assert!(matches!(bob.open_note(FIRST, sent.txid, other), Err(OpeningError::Unknown)));
}

#[test]
fn a_store_holds_one_wallet_of_one_chain() {
    let chain = Chain::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wallet");
    assert!(matches!(Wallet::open(SqliteStore::open(&path).unwrap()), Err(OpenError::Absent)));
    let phrase = RecoveryPhrase::generate(&mut rand::rng());
    drop(chain.wallet_of(&phrase, SqliteStore::open(&path).unwrap()));
    let again = Wallet::create(
        SqliteStore::open(&path).unwrap(),
        NewWallet {
            phrase: None,
            chain: &chain.parameters(),
            birthday: &chain.birthday(),
            reader: None,
            origin: Origin::Restored,
        },
    );
    assert!(matches!(again, Err(OpenError::Present)));
    let mut wallet = Wallet::open(SqliteStore::open(&path).unwrap()).unwrap();
    assert_eq!(wallet.accounts().len(), 1);
    let mut terms = chain.genesis().terms().clone();
    terms.chain = "another".to_owned();
    let other = louver_core::ledger::Genesis::new(terms).unwrap();
    let refused = wallet.update_chain(&louver_wallet::chain::ChainParameters::new(other));
    assert!(matches!(refused, Err(OpenError::OtherChain)));
}

#[test]
fn spending_needs_the_passphrase_and_seeing_does_not() {
    let mut chain = Chain::new();
    let phrase = RecoveryPhrase::generate(&mut rand::rng());
    let sealed = |passphrase: &str| Protection::Passphrase {
        passphrase: louver_core::secret::Secret::new(passphrase.to_owned()),
        work_factor: 2,
    };
    let mut alice = Wallet::create(
        MemoryStore::default(),
        NewWallet {
            phrase: Some((&phrase, &sealed("open sesame"))),
            chain: &chain.parameters(),
            birthday: &chain.birthday(),
            reader: None,
            origin: Origin::Restored,
        },
    )
    .unwrap()
    .with_clock(chain.clock());
    assert!(matches!(alice.unlock(&sealed("open barley")), Err(AccountError::Vault(_))));
    assert!(matches!(alice.unlock(&Protection::Unsealed), Err(AccountError::Vault(_))));
    alice.unlock(&sealed("open sesame")).unwrap();
    let mut rich = chain.funded(&[(EUR, 100)]);
    let sent = chain.send(&mut rich, &pay(&mut alice, EUR, 30, ""));
    chain.mine(&[sent]);
    chain.sync(&mut alice);
    assert_eq!(spendable(&alice, EUR), 30);
    alice.change_protection(&sealed("open sesame"), &sealed("new words")).unwrap();
    assert!(alice.unlock(&sealed("open sesame")).is_err());
    let words = alice.recovery_phrase(&sealed("new words")).unwrap().words().unwrap();
    assert_eq!(*words, *phrase.words().unwrap());
}

/// A thief gains by copying the files of a wallet before its owner gave it a passphrase.
#[test]
fn a_phrase_that_was_sealed_is_in_no_file_in_the_clear() {
    let chain = Chain::new();
    let folder = tempfile::tempdir().unwrap();
    let phrase = RecoveryPhrase::generate(&mut rand::rng());
    let path = folder.path().join("wallet");
    let mut alice = chain.wallet_of(&phrase, SqliteStore::open(&path).unwrap());
    let entropy = phrase.entropy().expose();
    let in_clear = || {
        let files = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path());
        files
            .filter(|file| {
                std::fs::read(file).unwrap().windows(entropy.len()).any(|window| window == *entropy)
            })
            .count()
    };
    assert!(in_clear() > 0);
    let sealed = Protection::Passphrase {
        passphrase: louver_core::secret::Secret::new("open sesame".to_owned()),
        work_factor: 2,
    };
    alice.change_protection(&Protection::Unsealed, &sealed).unwrap();
    assert_eq!(in_clear(), 0);
    // The wallet is open still, and its journal is in use.
    alice.receive(FIRST).unwrap();
    assert_eq!(in_clear(), 0);
    drop(alice);
    let alice = Wallet::open(SqliteStore::open(&path).unwrap()).unwrap();
    assert_eq!(alice.recovery_phrase(&sealed).unwrap().entropy().expose(), entropy);
}

/// A store that a test keeps a hand on.
pub(crate) struct Shared<S>(std::sync::Arc<std::sync::Mutex<S>>);

impl<S> Clone for Shared<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S> Shared<S> {
    pub(crate) fn new(store: S) -> Self {
        Self(std::sync::Arc::new(std::sync::Mutex::new(store)))
    }
}

impl<S: louver_core::store::Store> louver_core::store::Store for Shared<S> {
    fn get(
        &self,
        table: louver_core::store::Table,
        key: &[u8],
    ) -> Result<Option<Vec<u8>>, louver_core::store::StoreError> {
        self.0.lock().unwrap().get(table, key)
    }

    fn scan(
        &self,
        table: louver_core::store::Table,
        range: louver_core::store::KeyRange<'_>,
    ) -> Result<Vec<louver_core::store::Entry>, louver_core::store::StoreError> {
        self.0.lock().unwrap().scan(table, range)
    }

    fn write(&mut self, batch: &louver_core::store::Batch) -> Result<(), louver_core::store::StoreError> {
        self.0.lock().unwrap().write(batch)
    }
}
