//! `[grant-reading]`: the auditor's own scan. It reads the ledger with a grant, block by block, and keeps what the grant
//! shows.
//!
//! Nothing is taken from the account but its keys. Blocks must follow one another, and the roots they state are
//! recomputed, so that under a root known to be the chain's no leaf is left out or altered unseen. Nullifiers and spend
//! tags are on the word of whoever serves the blocks: that should be a node of the auditor's own.

mod ledger;
mod report;

use std::collections::{BTreeMap, HashMap};

use louver_core::{
    asset::AssetId,
    compact::{CompactBlock, CompactTransaction},
    epoch::Epoch,
    keys::{IncomingViewingKey, View},
    note::{Note, Nullifier, OutputContext, encryption},
    transaction::{Fee, PublicSide, Transaction, TxId},
    tree::Frontier,
};

pub use ledger::{AuditError, Start};

use self::ledger::Chain;
use crate::{
    grant::Grant,
    report::{Amount, Finding, NoteRef, Place},
};

/// An audit under way.
pub struct Audit {
    grant: Grant,
    chain: Chain,
    keys: HashMap<Epoch, Readers>,
    watched: HashMap<[u8; 32], Watched>,
    authorised: BTreeMap<(u32, u32), Authorised>,
    findings: Vec<(Order, Finding)>,
}

/// Where a finding stands in the report: height, transaction, and a place among its fellows.
type Order = (u32, u32, u8, u8);

/// The receiving keys of an epoch, with the view that each is of.
type Readers = Vec<(View, IncomingViewingKey)>;

/// A leaf whose spend the grant would show.
struct Watched {
    note: NoteRef,
    amount: Option<Amount>,
    spent: bool,
}

/// A transaction of the account, and how far it is explained.
struct Authorised {
    place: Place,
    public: PublicSide,
    fee: Fee,
    inputs: usize,
    spent: Vec<Option<Amount>>,
    outputs: usize,
    known: BTreeMap<u8, Amount>,
}

impl Audit {
    /// An audit that reads the ledger from a given start. The grant has been verified.
    pub fn new(grant: Grant, start: Start) -> Self {
        Self {
            grant,
            chain: Chain::new(start),
            keys: HashMap::new(),
            watched: HashMap::new(),
            authorised: BTreeMap::new(),
            findings: Vec::new(),
        }
    }

    /// The height of the next block to read.
    pub fn next_height(&self) -> u32 {
        self.chain.next_height()
    }

    /// Reads the next block. `true` if the whole block is wanted too, for [`Audit::read_whole`]: it has memos or outgoing
    /// ciphertexts that the grant can read. Ask for whole blocks, so that nobody learns which transaction it is about.
    pub fn read(&mut self, block: &CompactBlock) -> Result<bool, AuditError> {
        self.chain.accept(block)?;
        let mut wanted = false;
        for transaction in &block.transactions {
            if self.grant.pool_id() == transaction.pool {
                wanted |= self.read_transaction(block, transaction);
            }
        }
        Ok(wanted)
    }

    fn read_transaction(&mut self, block: &CompactBlock, transaction: &CompactTransaction) -> bool {
        let place = place(block.height, block.time, &transaction.txid);
        let spent = self.read_spends(block.height, transaction, &place);
        let epoch = transaction.epoch;
        if !self.grant.scope().epochs().contains(epoch) {
            return false;
        }
        let tagged = self.grant.detection_key(epoch).is_some_and(|key| {
            transaction.nullifiers.first().is_some_and(|nf| key.spend_tag(*nf) == transaction.spend_tag)
        });
        let received = self.read_outputs(block.height, transaction, &place);
        let directions = self.grant.scope().directions();
        let memos = received.iter().any(|(_, view, _)| *view == View::External);
        if tagged {
            let known = received.iter().map(|(output, _, amount)| (*output, *amount)).collect();
            self.authorised.insert(
                (block.height, transaction.index),
                Authorised {
                    place,
                    public: transaction.public_side,
                    fee: transaction.fee,
                    inputs: transaction.nullifiers.len(),
                    spent,
                    outputs: transaction.outputs.len(),
                    known,
                },
            );
        }
        memos || directions.outgoing && (tagged || !directions.detection)
    }

    /// Spends, by this transaction, of leaves that the grant's nullifier keys know.
    fn read_spends(
        &mut self,
        height: u32,
        transaction: &CompactTransaction,
        place: &Place,
    ) -> Vec<Option<Amount>> {
        let mut spent = Vec::new();
        for (slot, nullifier) in (0u8..).zip(&transaction.nullifiers) {
            if let Some(watched) = self.watched.get_mut(&nullifier.to_array()) {
                watched.spent = true;
                spent.push(watched.amount);
                let finding = Finding::Spent {
                    place: place.clone(),
                    note: watched.note.clone(),
                    amount: watched.amount,
                };
                self.findings.push(((height, transaction.index, 1, slot), finding));
            }
        }
        spent
    }

    /// Notes of the account among this transaction's outputs; every leaf is watched from now on.
    fn read_outputs(
        &mut self,
        height: u32,
        transaction: &CompactTransaction,
        place: &Place,
    ) -> Vec<(u8, View, Amount)> {
        let Some(rho) = transaction.nullifiers.first() else { return Vec::new() };
        let epoch = transaction.epoch;
        let mut received = Vec::new();
        for (index, output) in (0u8..).zip(&transaction.outputs) {
            let context = OutputContext { epoch, rho: *rho, index };
            let found = self.readers(epoch).iter().find_map(|(view, key)| {
                encryption::decrypt_compact(key, output, &context).map(|note| (*view, amount(&note)))
            });
            if let Some((view, amount)) = found {
                let (place, order) = (place.clone(), (height, transaction.index, 0, index));
                let finding = match view {
                    View::Internal => Finding::Change { place, output: index, amount },
                    _ => Finding::Received { place, output: index, amount, memo: None },
                };
                self.findings.push((order, finding));
                received.push((index, view, amount));
            }
            if let Some(key) = self.grant.nullifier_key(epoch) {
                let note = NoteRef { txid: transaction.txid.to_string(), output: index, epoch: epoch.0 };
                let amount = found.map(|(_, amount)| amount);
                let nullifier: Nullifier = key.nullifier(output.cm);
                self.watched.insert(nullifier.to_array(), Watched { note, amount, spent: false });
            }
        }
        received
    }

    fn readers(&mut self, epoch: Epoch) -> &Readers {
        let grant = &self.grant;
        self.keys.entry(epoch).or_insert_with(|| {
            [(View::External, grant.incoming(epoch)), (View::Internal, grant.change(epoch))]
                .into_iter()
                .filter_map(|(view, key)| key.map(|key| (view, key)))
                .collect()
        })
    }

    /// Reads memos and outgoing ciphertexts of a block that was read before. `transactions` are those of the block that
    /// belong to the pool's ledger, each with its place in the block and its id.
    pub fn read_whole(&mut self, height: u32, time: u64, transactions: &[(u32, TxId, Transaction)]) {
        for (index, txid, transaction) in transactions {
            let effects = transaction.effects();
            let in_scope = self.grant.scope().epochs().contains(effects.epoch());
            if effects.pool() != self.grant.pool_id() || !in_scope {
                continue;
            }
            let place = place(height, time, txid);
            for (output, encrypted) in (0u8..).zip(effects.outputs()) {
                let context = OutputContext { epoch: effects.epoch(), rho: effects.rho(), index: output };
                let reader = self.grant.incoming(effects.epoch());
                let read = reader.and_then(|key| encryption::decrypt(&key, encrypted, &context));
                if let Some((_, memo)) = read {
                    self.attach_memo((height, *index, 0, output), memo.as_text());
                }
                let sent = self.grant.outgoing(effects.epoch());
                let sent = sent.and_then(|key| encryption::recover(&key, encrypted, &context));
                if let Some((note, memo)) = sent {
                    self.paid((height, *index, 2, output), &place, &note, memo.as_text());
                }
            }
        }
    }

    fn attach_memo(&mut self, order: Order, text: Option<&str>) {
        for (at, finding) in &mut self.findings {
            if let (true, Finding::Received { memo, .. }) = (*at == order, finding) {
                *memo = text.filter(|text| !text.is_empty()).map(str::to_owned);
            }
        }
    }

    fn paid(&mut self, order: Order, place: &Place, note: &Note, memo: Option<&str>) {
        let (height, index, _, output) = order;
        // Change is sealed to the outgoing key too: it is no payment, and stands as change where the grant shows that.
        let own = |(at, _): &(Order, Finding)| *at == (height, index, 0, output);
        let authorised = self.authorised.get_mut(&(height, index));
        let tagged = authorised.is_some();
        if let Some(authorised) = authorised {
            authorised.known.insert(output, amount(note));
        }
        let repeated = |(at, _): &(Order, Finding)| *at == order;
        if !self.findings.iter().any(|finding| own(finding) || repeated(finding)) {
            let finding = Finding::Paid {
                place: place.clone(),
                output,
                recipient: note.to().to_string(),
                amount: amount(note),
                memo: memo.filter(|text| !text.is_empty()).map(str::to_owned),
                authorised: tagged,
            };
            self.findings.push((order, finding));
        }
    }
}

impl core::fmt::Debug for Audit {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Audit").field("grant", &self.grant).finish_non_exhaustive()
    }
}

impl Authorised {
    /// How many outputs may hold value that the grant does not show.
    ///
    /// None, if what is known balances: the transfer statement lets no value appear or vanish, so outputs whose contents
    /// are not shown are then empty. `whole` says that inputs which the grant does not know are empty, as it has the
    /// nullifier keys of every epoch up to this one.
    fn unexplained_outputs(&self, whole: bool) -> usize {
        let mut balance: BTreeMap<AssetId, i128> = BTreeMap::new();
        let mut move_value = |asset: AssetId, value: u64, sign: i128| {
            if value > 0 {
                *balance.entry(asset).or_default() += sign * i128::from(value);
            }
        };
        let unknown_inputs = self.spent.iter().any(Option::is_none);
        self.spent.iter().flatten().for_each(|amount| move_value(amount.asset, amount.value.0, 1));
        self.known.values().for_each(|amount| move_value(amount.asset, amount.value.0, -1));
        move_value(self.fee.asset(), self.fee.amount().0, -1);
        match self.public {
            PublicSide::Internal => {}
            PublicSide::Deposit { asset, amount, .. } => move_value(asset, amount.0, 1),
            PublicSide::Withdrawal { asset, amount, .. } => move_value(asset, amount.0, -1),
        }
        let inputs_known = !unknown_inputs && (whole || self.spent.len() == self.inputs);
        match inputs_known && balance.values().all(|sum| *sum == 0) {
            true => 0,
            false => self.outputs - self.known.len(),
        }
    }
}

fn amount(note: &Note) -> Amount {
    Amount { asset: note.asset(), value: note.value() }
}

fn place(height: u32, time: u64, txid: &TxId) -> Place {
    Place { height, time, txid: txid.to_string() }
}

/// An empty tree, from which a whole ledger is read.
impl Default for Start {
    fn default() -> Self {
        Self { height: 0, hash: None, frontier: Frontier::empty() }
    }
}

#[cfg(test)]
mod tests;
