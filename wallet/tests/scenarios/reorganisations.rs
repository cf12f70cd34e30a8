//! What happens when the chain goes another way.

use louver_core::proof::Unwatched;
use louver_wallet::{history::Status, scan::ScanError, tree::ROLL_BACK_DEPTH};

use crate::chain::{Chain, EUR, FIRST, pay, pending, shield, spendable};

#[test]
fn a_payment_that_is_undone_waits_again_and_is_mined_again() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    chain.sync(&mut bob);
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 30, "twice mined, once paid"));
    chain.mine(std::slice::from_ref(&sent));
    chain.sync(&mut alice);
    chain.sync(&mut bob);
    assert_eq!((spendable(&alice, EUR), spendable(&bob, EUR)), (69, 30));

    chain.reorganise(1);
    chain.mine_empty(1);
    chain.sync(&mut alice);
    chain.sync(&mut bob);
    assert_eq!((spendable(&alice, EUR), pending(&alice, EUR)), (0, 69), "in flight again");
    assert_eq!((spendable(&bob, EUR), bob.history(FIRST).unwrap().len()), (0, 0));
    assert_eq!(alice.waiting().unwrap(), [sent]);

    let again = alice.waiting().unwrap();
    chain.mine(&again);
    chain.sync(&mut alice);
    chain.sync(&mut bob);
    assert_eq!((spendable(&alice, EUR), spendable(&bob, EUR)), (69, 30));
    assert_eq!(alice.history(FIRST).unwrap().len(), 2);
}

/// Who gains: a node that shows another branch, and no more of it than it has to, so that wallets name their own
/// transactions to it.
#[test]
fn a_lower_chain_is_handed_nothing() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 30, ""));
    assert_eq!(alice.overdue(chain.height()).unwrap(), std::slice::from_ref(&sent));
    alice.handed_in(sent.txid).unwrap();
    assert_eq!(alice.overdue(chain.height()).unwrap(), []);
    chain.mine(std::slice::from_ref(&sent));
    chain.mine_empty(9);
    chain.sync(&mut alice);
    let highest = chain.height();

    chain.reorganise(1);
    for height in 2..highest + 4 {
        chain.mine_empty(1);
        chain.sync(&mut alice);
        assert_eq!(alice.waiting().unwrap().len(), 1, "{height}");
        assert_eq!(alice.overdue(chain.height()).unwrap(), [], "{height}");
    }
    // It is higher now than the one before, for some blocks.
    chain.mine_empty(1);
    chain.sync(&mut alice);
    assert_eq!(alice.overdue(chain.height()).unwrap(), [sent]);
    assert_eq!(alice.overdue(chain.height() - 5).unwrap(), []);
}

#[test]
fn a_deposit_that_is_undone_is_no_balance() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 30, ""));
    chain.reorganise(0);
    chain.mine_empty(1);
    chain.sync(&mut alice);
    // The deposit waits again; what was to be paid out of it waits too.
    assert_eq!(spendable(&alice, EUR), 0);
    assert_eq!(alice.waiting().unwrap().len(), 2);
    // The deposit is mined on the new branch: its note is in flight at once, and its payment, whose nullifier does not
    // depend on the place of the note, needs only a new proof; under the old anchor the ledger refuses it.
    let deposit = alice.waiting().unwrap().into_iter().find(|tx| tx.txid != sent.txid).unwrap();
    chain.mine(&[deposit]);
    chain.sync(&mut alice);
    assert_eq!((spendable(&alice, EUR), pending(&alice, EUR)), (0, 69));
    let _ = chain.try_mine(&[sent]);
}

#[test]
fn another_wallet_of_the_phrase_spends_the_note_first() {
    let mut chain = Chain::new();
    let phrase = louver_wallet::phrase::RecoveryPhrase::generate(&mut rand::rng());
    let mut phone = chain.wallet_of(&phrase, louver_core::store::MemoryStore::default());
    let mut laptop = chain.wallet_of(&phrase, louver_core::store::MemoryStore::default());
    chain.fund(&mut phone, &[(EUR, 100)]);
    chain.sync(&mut laptop);
    let mut bob = chain.wallet();
    chain.send(&mut phone, &pay(&mut bob, EUR, 30, "from the phone"));
    let first = chain.send(&mut laptop, &pay(&mut bob, EUR, 50, "from the laptop"));
    chain.mine(&[first]);
    chain.sync(&mut phone);
    assert_eq!((spendable(&phone, EUR), pending(&phone, EUR)), (49, 0));
    let history = phone.history(FIRST).unwrap();
    assert_eq!(history.iter().filter(|entry| matches!(entry.status, Status::Expired { .. })).count(), 1);
    assert_eq!(phone.waiting().unwrap(), []);
}

#[test]
fn random_ways_lead_where_the_straight_one_does() {
    use rand::RngExt;
    let mut rng = rand::rng();
    let mut chain = Chain::new();
    let phrase = louver_wallet::phrase::RecoveryPhrase::generate(&mut rng);
    let mut alice = chain.wallet_of(&phrase, louver_core::store::MemoryStore::default());
    let mut bob = chain.wallet();
    chain.fund(&mut alice, &[(EUR, 1000)]);
    for _ in 0..12 {
        match rng.random_range(0..4) {
            0 => {
                let back = chain.height().saturating_sub(rng.random_range(1..4)).max(1);
                chain.reorganise(back);
                chain.mine_empty(1);
            }
            1 => {
                let deposit = chain.send(&mut alice, &shield(EUR, 50));
                chain.mine(&[deposit]);
            }
            2 => chain.mine_empty(2),
            _ => {
                let action = pay(&mut bob, EUR, 7, "");
                chain.sync(&mut alice);
                if let Ok(plan) = alice.plan(FIRST, &action) {
                    let sent = crate::chain::send_plan(&mut alice, &plan).unwrap();
                    chain.mine(&[sent]);
                }
            }
        }
        chain.sync(&mut alice);
        chain.sync(&mut bob);
        let mut straight = chain.wallet_of(&phrase, louver_core::store::MemoryStore::default());
        chain.sync(&mut straight);
        // What waits for a block is known to the one wallet alone, and holds some of its notes.
        let held: u128 = alice
            .history(FIRST)
            .unwrap()
            .iter()
            .filter(|entry| matches!(entry.status, Status::Pending { .. }))
            .flat_map(|entry| &entry.spent)
            .map(|spent| u128::from(spent.value.0))
            .sum();
        assert!(spendable(&straight, EUR) <= spendable(&alice, EUR) + held);
        assert!(spendable(&straight, EUR) >= spendable(&alice, EUR));
        assert_eq!(straight.position().unwrap(), alice.position().unwrap());
    }
}

#[test]
fn too_deep_a_way_back_is_told() {
    let mut chain = Chain::new();
    let mut alice = chain.wallet();
    chain.mine_empty(ROLL_BACK_DEPTH as usize + 5);
    chain.sync(&mut alice);
    assert!(matches!(alice.roll_back(3), Err(ScanError::TooDeep { height: 3 })));
    assert!(matches!(alice.roll_back(10_000), Err(ScanError::TooDeep { .. })));
    alice.roll_back(chain.height() - ROLL_BACK_DEPTH + 1).unwrap();
    alice.rescan(&chain.birthday()).unwrap();
    alice.scan(&chain.compact_from(1), &mut Unwatched).unwrap();
}
