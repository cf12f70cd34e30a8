//! Transactions that the accounts' keys find.

use std::collections::BTreeMap;

use louver_chain::compact::CompactBlock;
use louver_core::{
    compact::CompactTransaction,
    epoch::Epoch,
    keys::{Direction, IncomingViewingKey},
    note::{CompactNote, Note, OutputContext, encryption},
};
use rayon::prelude::*;

use crate::account::{AccountNumber, EpochView};

/// How many outputs are decrypted at once, on one processor.
const BATCH: usize = 256;

/// The keys with which all accounts see an epoch.
pub(super) struct Views {
    pub(super) views: Vec<EpochView>,
    /// The external incoming keys of all accounts.
    external: Vec<IncomingViewingKey>,
}

impl Views {
    pub(super) fn new(views: Vec<EpochView>) -> Self {
        let external = views.iter().map(|view| view.incoming(Direction::External).clone()).collect();
        Self { views, external }
    }

    /// Tries the detection keys on a transaction's spend tag.
    fn authorised(&self, transaction: &CompactTransaction) -> Vec<AccountNumber> {
        let Some(first) = transaction.nullifiers.first() else { return Vec::new() };
        self.views
            .iter()
            .filter(|view| view.keys.detection.spend_tag(*first) == transaction.spend_tag)
            .map(|view| view.account)
            .collect()
    }
}

/// A note for one of the accounts.
#[derive(Clone, Debug)]
pub(super) struct FoundNote {
    pub(super) account: AccountNumber,
    pub(super) direction: Direction,
    /// The output's index in its transaction.
    pub(super) index: u8,
    pub(super) note: Note,
}

/// A transaction's meaning for the accounts.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// The account that authorised it.
    pub(super) authorised: Vec<AccountNumber>,
    /// The notes that it brings.
    pub(super) notes: Vec<FoundNote>,
}

/// The position of an output among the blocks, and the context that it is bound to.
struct Candidate<'a> {
    transaction: usize,
    context: OutputContext,
    output: &'a CompactNote,
}

/// Tries the keys of its epoch on each transaction of `blocks`, on all processors: those of external addresses on all, and
/// an account's internal key on the transactions that it authorised. The answers have the order of the transactions.
/// Notes of value zero are skipped: they could only fill the wallet.
pub(super) fn look(views: &BTreeMap<Epoch, Views>, blocks: &[CompactBlock]) -> Vec<Found> {
    let transactions: Vec<_> =
        blocks.iter().flat_map(CompactBlock::transactions).map(|(_, transaction)| transaction).collect();
    let mut found: Vec<Found> = transactions
        .par_iter()
        .map(|transaction| Found {
            authorised: views
                .get(&transaction.epoch)
                .map(|views| views.authorised(transaction))
                .unwrap_or_default(),
            notes: Vec::new(),
        })
        .collect();
    for (epoch, views) in views {
        let of_epoch = || {
            let places = transactions.iter().enumerate();
            places.filter(|(_, transaction)| transaction.epoch == *epoch)
        };
        let foreign: Vec<_> =
            of_epoch().flat_map(|(place, transaction)| candidates(place, transaction)).collect();
        let mut notes = decrypt(&views.external, &foreign, |key| {
            views.views.get(key).map(|view| (view.account, Direction::External))
        });
        for view in &views.views {
            let own: Vec<_> = of_epoch()
                .filter(|(place, _)| found[*place].authorised.contains(&view.account))
                .flat_map(|(place, transaction)| candidates(place, transaction))
                .collect();
            let key = view.incoming(Direction::Internal);
            notes.extend(decrypt(core::slice::from_ref(key), &own, |_| {
                Some((view.account, Direction::Internal))
            }));
        }
        for (place, note) in notes {
            found[place].notes.push(note);
        }
    }
    for found in &mut found {
        found.notes.sort_by_key(|note| note.index);
    }
    found
}

fn candidates(place: usize, transaction: &CompactTransaction) -> Vec<Candidate<'_>> {
    let Some(rho) = transaction.nullifiers.first().copied() else { return Vec::new() };
    (0u8..)
        .zip(&transaction.outputs)
        .map(|(index, output)| Candidate {
            transaction: place,
            context: OutputContext { epoch: transaction.epoch, rho, index },
            output,
        })
        .collect()
}

/// Tries keys on outputs, with the owner of each key.
fn decrypt(
    keys: &[IncomingViewingKey],
    candidates: &[Candidate<'_>],
    owner: impl Fn(usize) -> Option<(AccountNumber, Direction)> + Sync,
) -> Vec<(usize, FoundNote)> {
    let batch = |candidates: &[Candidate<'_>]| {
        let outputs = candidates.iter().map(|candidate| (&candidate.context, candidate.output));
        encryption::decrypt_compact_batch(keys, outputs)
            .into_iter()
            .zip(candidates)
            .filter_map(|(read, candidate)| {
                let (note, key) = read.filter(|(note, _)| note.value().0 > 0)?;
                let (account, direction) = owner(key)?;
                let index = candidate.context.index;
                Some((candidate.transaction, FoundNote { account, direction, index, note }))
            })
            .collect::<Vec<_>>()
    };
    candidates.par_chunks(BATCH).flat_map_iter(batch).collect()
}
