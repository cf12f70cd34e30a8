use super::*;

fn listing(id: u8, nullifiers: &[u8], fee: u64) -> Listing {
    Listing {
        id: [id; 32],
        claims: nullifiers.iter().map(|n| Claim::Nullifier([*n; 32])).collect(),
        fee_asset: AssetId::new(u64::from(fee > 0)).unwrap(),
        fee: Value(fee),
        unit: Value(1),
        bytes: 100,
        last_height: 10,
        over_at: Some(1_000),
    }
}

fn pool(count: usize) -> Mempool<u8> {
    Mempool::new(Capacity { count, bytes: 100 * count, operations_of_one: 4, age: 60 })
}

fn put(pool: &mut Mempool<u8>, listing: Listing) -> Result<Admission, MempoolError> {
    let payload = listing.id[0];
    pool.insert(listing, payload, 0)
}

fn waiting(removed: &[u8]) -> Result<Admission, MempoolError> {
    Ok(Admission::Waiting { removed: removed.iter().map(|id| [*id; 32]).collect() })
}

#[test]
fn submitting_twice_changes_nothing() {
    let mut pool = pool(3);
    assert_eq!(put(&mut pool, listing(1, &[1, 2], 5)), waiting(&[]));
    assert_eq!(put(&mut pool, listing(1, &[1, 2], 5)), Ok(Admission::AlreadyWaiting));
    assert_eq!((pool.len(), pool.bytes()), (1, 100));
}

/// Attacker: a payer who spends a note twice and hopes that the payee sees only the first.
#[test]
fn a_conflict_is_settled_by_a_strictly_higher_fee() {
    let mut pool = pool(3);
    put(&mut pool, listing(1, &[1, 2], 5)).unwrap();
    let refused = Err(MempoolError::Conflict { with: [1; 32] });
    assert_eq!(put(&mut pool, listing(2, &[2, 3], 4)), refused);
    assert_eq!(put(&mut pool, listing(2, &[2, 3], 5)), refused);
    let mut other_asset = listing(2, &[2, 3], 1000);
    other_asset.fee_asset = AssetId::new(2).unwrap();
    assert_eq!(put(&mut pool, other_asset), refused);
    assert_eq!(put(&mut pool, listing(2, &[2, 3], 6)), waiting(&[1]));
    assert_eq!(pool.claimant(&Claim::Nullifier([1; 32])), None);
    assert_eq!(pool.claimant(&Claim::Nullifier([3; 32])), Some([2; 32]));
}

/// Attacker: one who clears out many well-paying transactions for the price of one.
#[test]
fn replacing_several_costs_more_than_all_of_them() {
    let mut pool = pool(4);
    put(&mut pool, listing(1, &[1], 5)).unwrap();
    put(&mut pool, listing(2, &[2], 5)).unwrap();
    assert!(matches!(put(&mut pool, listing(3, &[1, 2], 10)), Err(MempoolError::Conflict { .. })));
    assert_eq!(pool.len(), 2);
    assert_eq!(put(&mut pool, listing(3, &[1, 2], 11)), waiting(&[1, 2]));
    assert_eq!((pool.len(), pool.bytes()), (1, 100));
}

/// Attacker: one who fills the mempool with cheap transactions so that others find no room.
#[test]
fn the_lowest_fee_per_byte_leaves() {
    let mut pool = pool(3);
    put(&mut pool, listing(1, &[1], 7)).unwrap();
    put(&mut pool, listing(2, &[2], 6)).unwrap();
    put(&mut pool, listing(3, &[3], 8)).unwrap();
    assert_eq!(put(&mut pool, listing(4, &[4], 6)), Err(MempoolError::Full));
    assert_eq!(put(&mut pool, listing(4, &[4], 7)), waiting(&[2]));
    let mut large = listing(5, &[5], 15);
    large.bytes = 200;
    // 15 for 200 bytes beats 7 for 100, and the later of the equals leaves first.
    assert_eq!(put(&mut pool, large), waiting(&[4, 1]));
    assert_eq!((pool.len(), pool.bytes()), (2, 300));
    let mut huge = listing(6, &[6], u64::MAX);
    huge.bytes = 301;
    assert_eq!(put(&mut pool, huge), Err(MempoolError::Full));
    assert_eq!(pool.len(), 2);
}

#[test]
fn fees_of_two_assets_compare_by_their_least_fees() {
    let mut pool = pool(1);
    put(&mut pool, listing(1, &[1], 3)).unwrap();
    let mut other = listing(2, &[2], 2000);
    (other.fee_asset, other.unit) = (AssetId::new(2).unwrap(), Value(1000));
    assert_eq!(put(&mut pool, other.clone()), Err(MempoolError::Full));
    other.fee = Value(4000);
    assert_eq!(put(&mut pool, other), waiting(&[1]));
}

#[test]
fn what_expired_or_was_spent_leaves() {
    let mut pool = pool(4);
    put(&mut pool, listing(1, &[1], 1)).unwrap();
    let mut late = listing(2, &[2], 1);
    late.last_height = 11;
    put(&mut pool, late).unwrap();
    assert!(pool.remove_expired(10, 999).is_empty());
    assert_eq!(pool.remove_expired(11, 999), [[1; 32]]);
    assert_eq!(pool.remove_claimants(&[Claim::Nullifier([9; 32]), Claim::Nullifier([2; 32])]), [[2; 32]]);
    assert!(is_blank(&pool));
}

fn is_blank(pool: &Mempool<u8>) -> bool {
    pool.is_empty()
        && pool.claims.is_empty()
        && pool.ranks.is_empty()
        && pool.expiries.is_empty()
        && pool.arrivals.is_empty()
        && pool.bytes() == 0
}

/// Attacker: an attacker whose transactions never fit into a block, and fill the mempool while they wait.
#[test]
fn what_waited_too_long_leaves() {
    let mut pool = pool(4);
    pool.insert(listing(1, &[1], 1), 1, 100).unwrap();
    pool.insert(listing(2, &[2], 1), 2, 101).unwrap();
    assert!(pool.remove_aged(160).is_empty());
    assert_eq!(pool.remove_aged(161), [[1; 32]]);
    // A clock that was set back ages nothing.
    assert!(pool.remove_aged(0).is_empty());
    assert_eq!(pool.remove_aged(u64::MAX), [[2; 32]]);
    assert!(is_blank(&pool));
}

fn numbered_listing(id: u8, account: u8, nonce: u64, fee: u64) -> Listing {
    Listing { claims: vec![Claim::Nonce(Account([account; 32]), nonce)], ..listing(id, &[], fee) }
}

/// Attacker: an attacker who fills the mempool for good with operations, and then takes their predecessor away.
#[test]
fn an_operation_that_leaves_takes_those_after_it_along() {
    let mut pool = pool(8);
    for nonce in 0..4 {
        put(&mut pool, numbered_listing(10 + nonce, 1, nonce.into(), 1)).unwrap();
    }
    put(&mut pool, numbered_listing(20, 2, 7, 1)).unwrap();
    assert_eq!(pool.remove(&[11; 32]), [[11; 32], [12; 32], [13; 32]]);
    assert_eq!(pool.by_arrival(), [&10, &20]);
    // One that was included takes none along.
    put(&mut pool, numbered_listing(11, 1, 1, 1)).unwrap();
    assert_eq!(pool.remove_claimants(&[Claim::Nonce(Account([1; 32]), 0)]), [[10; 32]]);
    assert_eq!(pool.by_arrival(), [&20, &11]);
    // One that is replaced takes none along either: another has its number.
    put(&mut pool, numbered_listing(12, 1, 2, 1)).unwrap();
    assert_eq!(put(&mut pool, numbered_listing(31, 1, 1, 2)), waiting(&[11]));
    assert_eq!(pool.by_arrival(), [&20, &12, &31]);
    pool.remove(&[31; 32]);
    pool.remove(&[20; 32]);
    assert!(is_blank(&pool));
}

/// Attacker: one account that takes all the room.
#[test]
fn one_account_has_a_few_places() {
    let mut pool = pool(8);
    for nonce in 0..4 {
        put(&mut pool, numbered_listing(10 + nonce, 1, nonce.into(), 1)).unwrap();
    }
    assert_eq!(put(&mut pool, numbered_listing(14, 1, 4, 9)), Err(MempoolError::TooManyOperations(4)));
    put(&mut pool, numbered_listing(20, 2, 0, 1)).unwrap();
    assert_eq!(put(&mut pool, numbered_listing(30, 1, 3, 2)), waiting(&[13]));
}

/// Attacker: one who pays well for an operation that cannot be included without a cheap one before it.
#[test]
fn crowding_out_never_leaves_a_gap() {
    let mut pool = pool(4);
    for (id, nonce, fee) in [(10, 0, 1), (11, 1, 50), (12, 2, 50)] {
        put(&mut pool, numbered_listing(id, 1, nonce, fee)).unwrap();
    }
    put(&mut pool, listing(20, &[1], 9)).unwrap();
    // The cheapest is the first of three: the last of them leaves.
    assert_eq!(put(&mut pool, listing(21, &[2], 5)), waiting(&[12]));
    // An operation counts for no more than the cheapest before it.
    assert_eq!(put(&mut pool, numbered_listing(12, 1, 2, 90)), Err(MempoolError::Full));
    assert_eq!(put(&mut pool, listing(22, &[3], 5)), waiting(&[11]));
    assert_eq!(put(&mut pool, listing(23, &[4], 5)), waiting(&[10]));
    assert_eq!(put(&mut pool, listing(24, &[5], 5)), Err(MempoolError::Full));
}

/// Attacker: one who pays a little so that the host cannot let its own transactions wait.
#[test]
fn a_full_mempool_has_room_for_the_hosts_own() {
    let mut pool = pool(1);
    put(&mut pool, listing(1, &[1], 7)).unwrap();
    let own = numbered_listing(2, 9, 0, 0);
    assert_eq!(pool.consider(&own), Err(MempoolError::Full));
    assert_eq!(pool.insert_own(own, 2, 0), waiting(&[]));
    assert_eq!(pool.len(), 2);
    assert_eq!(put(&mut pool, listing(3, &[3], 7)), Err(MempoolError::Full));
}

#[test]
fn operations_of_an_account_keep_their_order() {
    let mut pool = pool(8);
    let mut numbered = |id: u8, account: u8, nonce: u64, fee: u64| {
        let mut listing = listing(id, &[], fee);
        listing.claims = vec![Claim::Nonce(Account([account; 32]), nonce)];
        put(&mut pool, listing).unwrap();
    };
    numbered(1, 1, 0, 1);
    numbered(2, 1, 1, 9);
    numbered(3, 2, 4, 5);
    numbered(4, 1, 2, 7);
    let order: Vec<u8> = pool.ordered().into_iter().map(|(_, payload)| *payload).collect();
    assert_eq!(order, [1, 2, 3, 4]);
    assert_eq!(pool.by_arrival(), [&1, &2, &3, &4]);
}
