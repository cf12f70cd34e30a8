//! Transactions that wait for a block: what they claim, what they pay, and which of two that clash stays.
//!
//! The mempool checks no proof and no ledger rule; what is put in has passed both. It sees to it that no two waiting
//! transactions claim the same thing (a nullifier, or a number of an account), that what can no longer be included
//! leaves, and that its size is bounded, whoever pays least for his bytes going first.

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
}

/// What the mempool knows of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Its id.
    pub id: Id,
    /// What it uses up.
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
}

/// How much may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// Transactions.
    pub count: usize,
    /// Bytes of all of them.
    pub bytes: usize,
}

impl Default for Capacity {
    fn default() -> Self {
        Self { count: 5_000, bytes: 32 << 20 }
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
}

/// What became of a transaction that may wait.
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
    payload: T,
}

/// Who goes first when room is short: the lowest fee for its bytes, and among equals the latest.
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
    claims: HashMap<Claim, Id>,
    ranks: BTreeMap<Rank, Id>,
    expiries: BTreeSet<(u32, Id)>,
    bytes: usize,
    arrivals: u64,
}

impl<T> Mempool<T> {
    /// An empty mempool.
    pub fn new(capacity: Capacity) -> Self {
        Self {
            capacity,
            entries: HashMap::new(),
            claims: HashMap::new(),
            ranks: BTreeMap::new(),
            expiries: BTreeSet::new(),
            bytes: 0,
            arrivals: 0,
        }
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

    /// Who claims this, if a waiting transaction does.
    pub fn claimant(&self, claim: &Claim) -> Option<Id> {
        self.claims.get(claim).copied()
    }

    /// The payload of a waiting transaction.
    pub fn get(&self, id: &Id) -> Option<&T> {
        self.entries.get(id).map(|entry| &entry.payload)
    }

    /// Whether a transaction would be let in, and at whose cost. Changes nothing: to be asked before a proof is checked.
    ///
    /// # Errors
    /// As [`Mempool::insert`].
    pub fn consider(&self, listing: &Listing) -> Result<Admission, MempoolError> {
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
        let of = |id: &Id| self.entries.get(id).map_or(0, |entry| entry.listing.bytes);
        let mut count = self.entries.len() - removed.len() + 1;
        let mut bytes = self.bytes - removed.iter().map(of).sum::<usize>() + listing.bytes;
        let own = rank(listing, self.arrivals);
        for (rank, id) in &self.ranks {
            if count <= self.capacity.count && bytes <= self.capacity.bytes {
                break;
            }
            if *rank >= own {
                return Err(MempoolError::Full);
            }
            if !removed.contains(id) {
                removed.push(*id);
                count -= 1;
                bytes -= of(id);
            }
        }
        if count > self.capacity.count || bytes > self.capacity.bytes {
            return Err(MempoolError::Full);
        }
        Ok(Admission::Waiting { removed })
    }

    /// Lets a transaction wait.
    ///
    /// # Errors
    /// [`MempoolError::Conflict`] unless it pays strictly more than all that it conflicts with, in the same asset;
    /// [`MempoolError::Full`] if it pays too little for its bytes. Nothing changes then.
    pub fn insert(&mut self, listing: Listing, payload: T) -> Result<Admission, MempoolError> {
        let admission = self.consider(&listing)?;
        let Admission::Waiting { removed } = &admission else { return Ok(admission) };
        for id in removed {
            self.remove(id);
        }
        let arrival = self.arrivals;
        self.arrivals += 1;
        self.bytes += listing.bytes;
        self.ranks.insert(rank(&listing, arrival), listing.id);
        self.expiries.insert((listing.last_height, listing.id));
        for claim in &listing.claims {
            self.claims.insert(*claim, listing.id);
        }
        self.entries.insert(listing.id, Waiting { listing, arrival, payload });
        Ok(admission)
    }

    /// Takes a transaction out.
    pub fn remove(&mut self, id: &Id) -> Option<T> {
        let entry = self.entries.remove(id)?;
        self.bytes -= entry.listing.bytes;
        self.ranks.remove(&rank(&entry.listing, entry.arrival));
        self.expiries.remove(&(entry.listing.last_height, *id));
        for claim in &entry.listing.claims {
            self.claims.remove(claim);
        }
        Some(entry.payload)
    }

    /// Takes out what uses up any of `claims`: it was included, or something else was that it conflicts with.
    pub fn remove_claimants(&mut self, claims: &[Claim]) -> Vec<Id> {
        let mut removed = Vec::new();
        for claim in claims {
            if let Some(id) = self.claimant(claim) {
                self.remove(&id);
                removed.push(id);
            }
        }
        removed
    }

    /// Takes out what the block at `height` and later ones cannot include any more.
    pub fn remove_expired(&mut self, height: u32) -> Vec<Id> {
        let mut removed = Vec::new();
        while let Some((last, id)) = self.expiries.first().copied().filter(|(last, _)| *last < height) {
            self.expiries.remove(&(last, id));
            self.remove(&id);
            removed.push(id);
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
        let mut entries: Vec<_> = self.entries.values().collect();
        entries.sort_by_key(|entry| entry.arrival);
        entries.into_iter().map(|entry| &entry.payload).collect()
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
        Claim::Nullifier(_) => None,
    })
}

#[cfg(test)]
mod tests;
