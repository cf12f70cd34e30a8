//! `[whole-block-decoys]`: the choice of whole blocks to ask a node for, so that it does not learn which of them mattered.
//!
//! A node that is asked for a single whole block learns that it concerns whoever asks, and if the block holds one
//! transaction, which. So other blocks that hold transactions of the pool are asked for beside it. Where blocks with
//! transactions are few, all of them are asked for. Wallets choose so, and readers of what an account disclosed.

use std::collections::BTreeSet;

use crate::spec::b32;

/// The least number of blocks to ask for, if that many blocks hold transactions of the pool.
const LEAST: usize = 32;
/// The least number of blocks to ask for, for each wanted block.
const EACH: usize = 8;

/// How many blocks are asked for, at the least, if so many are wanted: eight for each, 32 in all, and a power of two. It
/// reveals little about the number of wanted blocks.
pub fn company(wanted: usize) -> usize {
    wanted.saturating_mul(EACH).next_power_of_two().max(LEAST)
}

/// All `wanted` blocks, with decoys from the `busy` ones, by their heights. Blocks that were asked for `before` are asked for
/// again. The same `secret` chooses the same decoys: otherwise the blocks in two choices would stand out. With the secret
/// anybody can tell wanted blocks from decoys.
pub fn choose(
    wanted: &BTreeSet<u32>,
    busy: &BTreeSet<u32>,
    before: &BTreeSet<u32>,
    secret: &[u8],
) -> BTreeSet<u32> {
    let wanted = wanted - before;
    let count = company(wanted.len());
    let mut others: Vec<u32> =
        busy.iter().filter(|height| !wanted.contains(height) && !before.contains(height)).copied().collect();
    others.sort_by_cached_key(|height| b32(b"LouverCover", &[secret, &height.to_le_bytes()]));
    let others = others.into_iter().take(count.saturating_sub(wanted.len()));
    before.iter().chain(&wanted).copied().chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(heights: impl IntoIterator<Item = u32>) -> BTreeSet<u32> {
        heights.into_iter().collect()
    }

    fn first(wanted: &BTreeSet<u32>, busy: &BTreeSet<u32>, secret: &[u8]) -> BTreeSet<u32> {
        choose(wanted, busy, &set([]), secret)
    }

    #[test]
    fn where_there_are_few_all_are_asked_for() {
        for wanted in [set([]), set([3]), set(1..=32)] {
            assert_eq!(first(&wanted, &set(1..=32), b"secret"), set(1..=32));
        }
    }

    /// Attacker: a node that would like to know whether its client was paid, and where.
    #[test]
    fn how_many_are_asked_for_hardly_depends_on_how_many_are_wanted() {
        let busy = set((1..=4000).map(|number| number * 3));
        let count = |wanted: u32| first(&set((1..=wanted).map(|n| n * 30)), &busy, b"secret").len();
        assert_eq!([0, 1, 2, 4].map(count), [32; 4]);
        assert_eq!([5, 8].map(count), [64; 2]);
        assert_eq!([9, 16].map(count), [128; 2]);
        assert_eq!(first(&busy, &busy, b"secret"), busy);
    }

    #[test]
    fn the_others_are_the_same_for_the_same_wallet_alone() {
        let busy = set(1..=1000);
        let chosen = first(&set([500]), &busy, b"secret");
        assert!(chosen.contains(&500));
        assert_eq!(chosen, first(&set([500]), &busy, b"secret"));
        assert!(chosen.intersection(&first(&set([500]), &busy, b"another")).count() < 16);
        // Without the payment, the choice is the same except for the payment's block.
        let without = first(&set([]), &busy, b"secret");
        assert!(chosen.difference(&without).count() <= 1);
    }

    /// Attacker: a node that makes its client read the chain twice, once in pieces and once as a whole, and compares
    /// the two sets.
    #[test]
    fn what_was_asked_for_keeps_its_company() {
        let parts: Vec<_> = (0..10).map(|part| set(part * 100 + 1..=part * 100 + 100)).collect();
        let asked: Vec<_> =
            parts.iter().map(|part| first(&set(part.last().copied()), part, b"secret")).collect();
        let before: BTreeSet<u32> = asked.into_iter().flatten().collect();
        let busy = set(1..=1000);
        for wanted in [set([]), set([100])] {
            let again = choose(&wanted, &busy, &before, b"secret");
            assert!(before.is_subset(&again));
            assert_eq!(again.len(), before.len() + 32);
        }
    }
}
