//! Transactions that wait for a block: what they claim, what they pay, and which of two that clash stays.
//!
//! The mempool checks no proof and no ledger rule; what is put in has passed both. It keeps four promises:
//!
//! - No two waiting transactions claim the same nullifier or the same number of an account.
//! - An account's waiting operations have consecutive numbers: when one leaves without being included, those after it,
//!   which no block could take any more, leave with it.
//! - Count and bytes are bounded. When room is short, the transaction that pays least for its bytes leaves first.
//! - Nothing waits past its last block or the end of its epoch's grace, or longer than [`Capacity::age`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use louver_core::{asset::AssetId, value::Value};
use thiserror::Error;

use crate::account::Account;

/// The id of a waiting transaction: a `txid` or the id of an operation.
pub type Id = [u8; 32];

/// Something that only one transaction can ever use up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Claim {
    /// A nullifier of the pool, 32 little-endian bytes.
    Nullifier([u8; 32]),
    /// The n-th operation of a transparent account.
    Nonce(Account, u64),
    /// The subject of an act: its kind, and the number of what it is about.
    Act(u8, u32),
}

/// A transaction as the mempool knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Its id.
    pub id: Id,
    /// The claims that it uses up.
    pub claims: Vec<Claim>,
    /// The fee's asset; 0 if it pays none.
    pub fee_asset: AssetId,
    /// The fee.
    pub fee: Value,
    /// The least fee in that asset: what makes fees of different assets comparable.
    pub unit: Value,
    /// Its size in bytes.
    pub bytes: usize,
    /// The last block that can include it.
    pub last_height: u32,
    /// The first time whose block cannot include it any more, in seconds since 1970; `None`: there is none.
    pub over_at: Option<u64>,
}

/// How much may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// Transactions.
    pub count: usize,
    /// Bytes of all of them.
    pub bytes: usize,
    /// Operations of one account.
    pub operations_of_one: u64,
    /// How long each, in seconds.
    pub age: u64,
}

impl Default for Capacity {
    fn default() -> Self {
        Self { count: 5_000, bytes: 32 << 20, operations_of_one: 64, age: 24 * 60 * 60 }
    }
}

/// Why a transaction may not wait.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum MempoolError {
    /// A waiting transaction claims the same nullifier or number, and this one does not pay more.
    #[error("it conflicts with a waiting transaction, and pays no higher fee in the same asset")]
    Conflict {
        /// The id of the other.
        with: Id,
    },
    /// The mempool is full of transactions that pay at least as much for their bytes.
    #[error("the mempool is full of transactions that pay more for their bytes")]
    Full,
    /// The account has the largest allowed number of waiting operations.
    #[error("{0} operations of the account wait already; send more when a block has taken some")]
    TooManyOperations(u64),
}

/// The outcome for a transaction that may wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It waits; these had to leave for it.
    Waiting {
        /// The ids of those it replaced or crowded out.
        removed: Vec<Id>,
    },
    /// It was waiting already.
    AlreadyWaiting,
}

struct Waiting<T> {
    listing: Listing,
    arrival: u64,
    since: u64,
    payload: T,
}

/// Which transaction leaves first when room is short: the lowest fee for its bytes, and among equals the latest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// Least fees per byte, in units of 2^-32.
    rate: u128,
    arrival: core::cmp::Reverse<u64>,
}

fn rank(listing: &Listing, arrival: u64) -> Rank {
    let bytes = u128::try_from(listing.bytes.max(1)).unwrap_or(u128::MAX);
    let rate = (u128::from(listing.fee.0) << 32) / u128::from(listing.unit.0.max(1)) / bytes;
    Rank { rate, arrival: core::cmp::Reverse(arrival) }
}

/// The waiting transactions, each with a payload `T`.
pub struct Mempool<T> {
    capacity: Capacity,
    entries: HashMap<Id, Waiting<T>>,
    /// In order, so that an account's operations stand together by their numbers.
    claims: BTreeMap<Claim, Id>,
    ranks: BTreeMap<Rank, Id>,
    expiries: BTreeSet<(u32, Id)>,
    ends: BTreeSet<(u64, Id)>,
    arrivals: BTreeMap<u64, Id>,
    bytes: usize,
    next_arrival: u64,
}

impl<T> Mempool<T> {
    /// An empty mempool.
    pub fn new(capacity: Capacity) -> Self {
        Self {
            capacity,
            entries: HashMap::new(),
            claims: BTreeMap::new(),
            ranks: BTreeMap::new(),
            expiries: BTreeSet::new(),
            ends: BTreeSet::new(),
            arrivals: BTreeMap::new(),
            bytes: 0,
            next_arrival: 0,
        }
    }

    /// How much may wait.
    pub fn capacity(&self) -> Capacity {
        self.capacity
    }

    /// How many transactions ever came in: it changes with every arrival.
    pub fn arrived(&self) -> u64 {
        self.next_arrival
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The bytes of all that wait.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether the transaction with this id waits.
    pub fn contains(&self, id: &Id) -> bool {
        self.entries.contains_key(id)
    }

    /// The waiting transaction that claims this, if one does.
    pub fn claimant(&self, claim: &Claim) -> Option<Id> {
        self.claims.get(claim).copied()
    }

    /// The payload of a waiting transaction.
    pub fn get(&self, id: &Id) -> Option<&T> {
        self.entries.get(id).map(|entry| &entry.payload)
    }

    /// The waiting operations of an account with numbers from `nonce` on, in order.
    pub fn operations(&self, account: Account, nonce: u64) -> impl DoubleEndedIterator<Item = (u64, Id)> {
        let range = Claim::Nonce(account, nonce)..=Claim::Nonce(account, u64::MAX);
        self.claims.range(range).filter_map(|(claim, id)| match claim {
            Claim::Nonce(_, nonce) => Some((*nonce, *id)),
            Claim::Nullifier(_) | Claim::Act(..) => None,
        })
    }

    /// Whether a transaction would be let in, and at whose cost. Changes nothing: to be asked before a proof is checked.
    ///
    /// # Errors
    /// As [`Mempool::insert`].
    pub fn consider(&self, listing: &Listing) -> Result<Admission, MempoolError> {
        self.weigh(listing, self.capacity)
    }

    fn weigh(&self, listing: &Listing, capacity: Capacity) -> Result<Admission, MempoolError> {
        if self.contains(&listing.id) {
            return Ok(Admission::AlreadyWaiting);
        }
        let mut removed: Vec<Id> = Vec::new();
        for other in listing.claims.iter().filter_map(|claim| self.claimant(claim)) {
            if !removed.contains(&other) {
                removed.push(other);
            }
        }
        self.outbids(listing, &removed)?;
        if let Some((account, _)) = numbered(listing).filter(|_| removed.is_empty()) {
            let most = capacity.operations_of_one;
            if usize::try_from(most).is_ok_and(|most| self.operations(account, 0).count() >= most) {
                return Err(MempoolError::TooManyOperations(most));
            }
        }
        let of = |id: &Id| self.entries.get(id).map_or(0, |entry| entry.listing.bytes);
        let mut count = self.entries.len() - removed.len() + 1;
        let mut bytes = self.bytes - removed.iter().map(of).sum::<usize>() + listing.bytes;
        let over = |count, bytes| count > capacity.count || bytes > capacity.bytes;
        let own = self.lowest_on_the_way(listing);
        for (rank, id) in &self.ranks {
            while over(count, bytes) && !removed.contains(id) {
                if *rank >= own {
                    return Err(MempoolError::Full);
                }
                let leaving = self.last_after(id, &removed);
                count -= 1;
                bytes -= of(&leaving);
                removed.push(leaving);
            }
            if !over(count, bytes) {
                break;
            }
        }
        if over(count, bytes) {
            return Err(MempoolError::Full);
        }
        Ok(Admission::Waiting { removed })
    }

    /// Lets a transaction wait from `now` on, in seconds of any clock.
    ///
    /// # Errors
    /// [`MempoolError::Conflict`] unless it pays strictly more than all that it conflicts with, in the same asset;
    /// [`MempoolError::Full`] if it pays too little for its bytes; [`MempoolError::TooManyOperations`]. Nothing changes
    /// then.
    pub fn insert(&mut self, listing: Listing, payload: T, now: u64) -> Result<Admission, MempoolError> {
        let admission = self.consider(&listing)?;
        self.put(&admission, listing, payload, now);
        Ok(admission)
    }

    /// As [`Mempool::insert`], beyond the bounds of count and bytes: for the host's own transactions.
    ///
    /// # Errors
    /// [`MempoolError::Conflict`] and [`MempoolError::TooManyOperations`].
    pub fn insert_own(&mut self, listing: Listing, payload: T, now: u64) -> Result<Admission, MempoolError> {
        let room = Capacity { count: usize::MAX, bytes: usize::MAX, ..self.capacity };
        let admission = self.weigh(&listing, room)?;
        self.put(&admission, listing, payload, now);
        Ok(admission)
    }

    fn put(&mut self, admission: &Admission, listing: Listing, payload: T, now: u64) {
        let Admission::Waiting { removed } = admission else { return };
        for id in removed {
            self.take(id);
        }
        let arrival = self.next_arrival;
        self.next_arrival += 1;
        self.bytes += listing.bytes;
        self.ranks.insert(rank(&listing, arrival), listing.id);
        self.expiries.insert((listing.last_height, listing.id));
        self.ends.extend(listing.over_at.map(|end| (end, listing.id)));
        self.arrivals.insert(arrival, listing.id);
        for claim in &listing.claims {
            self.claims.insert(*claim, listing.id);
        }
        self.entries.insert(listing.id, Waiting { listing, arrival, since: now, payload });
    }

    /// Takes out a transaction that no block will include, and the operations that cannot come without it. Gives the
    /// ids of all of them.
    pub fn remove(&mut self, id: &Id) -> Vec<Id> {
        let Some(entry) = self.entries.get(id) else { return Vec::new() };
        let mut removed = vec![*id];
        if let Some((account, nonce)) = numbered(&entry.listing) {
            removed.extend(self.operations(account, nonce).map(|(_, id)| id).filter(|other| other != id));
        }
        for id in &removed {
            self.take(id);
        }
        removed
    }

    fn take(&mut self, id: &Id) {
        let Some(entry) = self.entries.remove(id) else { return };
        self.bytes -= entry.listing.bytes;
        self.ranks.remove(&rank(&entry.listing, entry.arrival));
        self.expiries.remove(&(entry.listing.last_height, *id));
        if let Some(end) = entry.listing.over_at {
            self.ends.remove(&(end, *id));
        }
        self.arrivals.remove(&entry.arrival);
        for claim in &entry.listing.claims {
            self.claims.remove(claim);
        }
    }

    /// Takes out what uses up any of `claims`: it was included, or something else was that it conflicts with.
    pub fn remove_claimants(&mut self, claims: &[Claim]) -> Vec<Id> {
        let mut removed = Vec::new();
        for claim in claims {
            if let Some(id) = self.claimant(claim) {
                self.take(&id);
                removed.push(id);
            }
        }
        removed
    }

    /// Takes out what the block at `height`, which is not made before `time`, and later ones cannot include any more.
    pub fn remove_expired(&mut self, height: u32, time: u64) -> Vec<Id> {
        let mut removed = Vec::new();
        while let Some((_, id)) = self.ends.first().copied().filter(|(end, _)| *end <= time) {
            removed.extend(self.remove(&id));
        }
        while let Some((_, id)) = self.expiries.first().copied().filter(|(last, _)| *last < height) {
            removed.extend(self.remove(&id));
        }
        removed
    }

    /// Takes out what has waited longer than [`Capacity::age`] at `now`, by the clock of [`Mempool::insert`].
    pub fn remove_aged(&mut self, now: u64) -> Vec<Id> {
        let mut removed = Vec::new();
        while let Some((_, id)) = self.arrivals.first_key_value() {
            let id = *id;
            let since = self.entries.get(&id).map_or(0, |entry| entry.since);
            if now.saturating_sub(since) <= self.capacity.age {
                break;
            }
            removed.extend(self.remove(&id));
        }
        removed
    }

    /// The best payers first, each account's operations in the order of their numbers.
    pub fn ordered(&self) -> Vec<(Id, &T)> {
        let mut order: Vec<&Waiting<T>> =
            self.ranks.values().rev().filter_map(|id| self.entries.get(id)).collect();
        // Whatever places an account's operations have, they take them in order.
        let mut places: BTreeMap<Account, Vec<usize>> = BTreeMap::new();
        for (place, entry) in order.iter().enumerate() {
            if let Some((account, _)) = numbered(&entry.listing) {
                places.entry(account).or_default().push(place);
            }
        }
        for places in places.values() {
            let mut entries: Vec<&Waiting<T>> = places.iter().map(|place| order[*place]).collect();
            entries.sort_by_key(|entry| numbered(&entry.listing).map(|(_, nonce)| nonce));
            for (place, entry) in places.iter().zip(entries) {
                order[*place] = entry;
            }
        }
        order.into_iter().map(|entry| (entry.listing.id, &entry.payload)).collect()
    }

    /// In the order of their arrival, as they would have to be submitted again.
    pub fn by_arrival(&self) -> Vec<&T> {
        self.arrivals.values().filter_map(|id| self.get(id)).collect()
    }

    /// The rank of a newcomer when room is short: it counts no more than those that have to be included before it.
    fn lowest_on_the_way(&self, listing: &Listing) -> Rank {
        let own = rank(listing, self.next_arrival);
        let Some((account, nonce)) = numbered(listing) else { return own };
        let before = self.operations(account, 0).take_while(|(other, _)| *other < nonce);
        let ranks = before.filter_map(|(_, id)| self.entries.get(&id));
        ranks.map(|entry| rank(&entry.listing, entry.arrival)).fold(own, Rank::min)
    }

    /// The transaction that leaves so that the one with this id can: of an account's operations the last that still
    /// stays.
    fn last_after(&self, id: &Id, removed: &[Id]) -> Id {
        let account = self.entries.get(id).and_then(|entry| numbered(&entry.listing));
        let last = account.and_then(|(account, nonce)| {
            self.operations(account, nonce).map(|(_, id)| id).rfind(|id| !removed.contains(id))
        });
        last.unwrap_or(*id)
    }

    fn outbids(&self, listing: &Listing, others: &[Id]) -> Result<(), MempoolError> {
        let mut fees = 0u128;
        for id in others {
            let Some(other) = self.entries.get(id) else { continue };
            fees += u128::from(other.listing.fee.0);
            let same = other.listing.fee_asset == listing.fee_asset || other.listing.fee == Value::ZERO;
            if !same || u128::from(listing.fee.0) <= fees {
                return Err(MempoolError::Conflict { with: *id });
            }
        }
        Ok(())
    }
}

fn numbered(listing: &Listing) -> Option<(Account, u64)> {
    listing.claims.iter().find_map(|claim| match claim {
        Claim::Nonce(account, nonce) => Some((*account, *nonce)),
        Claim::Nullifier(_) | Claim::Act(..) => None,
    })
}

#[cfg(test)]
mod tests;
