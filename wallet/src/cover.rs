//! `[wallet-whole-blocks]`: which whole blocks are fetched, for what compact ones leave out: memos of payments received.
//!
//! A node that is asked for one whole block learns that its asker was paid there, and if the block holds one transaction,
//! by which. So blocks are asked for that do not concern the wallet, and where there are few, all of them, whether it
//! was paid or not.

use std::collections::BTreeSet;

use louver_core::{secret::ExposeBytes, spec::b32};

use crate::wallet::Wallet;

/// The least that is asked for, if so many blocks hold transactions of the pool at all.
const LEAST: usize = 32;
/// So many blocks are asked for, at least, for each that is wanted.
const EACH: usize = 8;

impl Wallet {
    /// The blocks to ask for: those that are `wanted`, which [`Wallet::partial_transactions`] names, among others of the
    /// `busy` ones, which hold transactions of the pool. Hosts call it after each scan with the busy blocks of that scan,
    /// whether one is wanted or not, and do nothing with a block before they have fetched others: the time that it takes
    /// shows.
    ///
    /// Only who sees what the wallet receives can tell which are which. They are the same others again for the same blocks, so
    /// that a second look shows little.
    pub fn cover(&self, wanted: &BTreeSet<u32>, busy: &BTreeSet<u32>) -> BTreeSet<u32> {
        let account = self.accounts().first();
        let secret = account.map(|account| account.full_viewing_key().expose_bytes()).unwrap_or_default();
        asked(wanted, busy, &secret)
    }
}

fn asked(wanted: &BTreeSet<u32>, busy: &BTreeSet<u32>, secret: &[u8]) -> BTreeSet<u32> {
    // A power of two says little of how many are wanted.
    let count = wanted.len().saturating_mul(EACH).next_power_of_two().max(LEAST);
    let mut others: Vec<u32> = busy.difference(wanted).copied().collect();
    others.sort_by_cached_key(|height| b32(b"LouverCover", &[secret, &height.to_le_bytes()]));
    let others = others.into_iter().take(count - wanted.len());
    wanted.iter().copied().chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(heights: impl IntoIterator<Item = u32>) -> BTreeSet<u32> {
        heights.into_iter().collect()
    }

    #[test]
    fn where_there_are_few_all_are_asked_for() {
        for wanted in [set([]), set([3]), set(1..=32)] {
            assert_eq!(asked(&wanted, &set(1..=32), b"secret"), set(1..=32));
        }
        // One that is not among the busy ones is asked for all the same.
        assert_eq!(asked(&set([7]), &set([]), b"secret"), set([7]));
    }

    /// Who gains: a node that would like to know whether its client was paid, and where.
    #[test]
    fn how_many_are_asked_for_hardly_depends_on_how_many_are_wanted() {
        let busy = set((1..=4000).map(|number| number * 3));
        let count = |wanted: u32| asked(&set((1..=wanted).map(|n| n * 30)), &busy, b"secret").len();
        assert_eq!([0, 1, 2, 4].map(count), [32; 4]);
        assert_eq!([5, 8].map(count), [64; 2]);
        assert_eq!([9, 16].map(count), [128; 2]);
        assert_eq!(asked(&busy, &busy, b"secret"), busy);
    }

    #[test]
    fn the_others_are_the_same_for_the_same_wallet_alone() {
        let busy = set(1..=1000);
        let first = asked(&set([500]), &busy, b"secret");
        assert!(first.contains(&500));
        assert_eq!(first, asked(&set([500]), &busy, b"secret"));
        assert!(first.intersection(&asked(&set([500]), &busy, b"another")).count() < 16);
        // Without the payment they are the same but for its own.
        let without = asked(&set([]), &busy, b"secret");
        assert!(first.difference(&without).count() <= 1);
    }
}
