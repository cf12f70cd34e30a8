use std::collections::{BTreeMap, HashMap, HashSet};

use louver_circuits::disclosure::{DisclosureVerifier, DisclosureVerifyError};
use louver_core::{
    asset::AssetId,
    compact::CompactTransaction,
    epoch::{Epoch, EpochRange, EpochSchedule},
    ledger::SnapshotEntry,
    note::{NoteCommitment, encryption, packed},
    proof::Proof,
    shape::Shape,
    transaction::{Transaction, TxId},
    value::Value,
};
use thiserror::Error;

use super::{
    Book, BookAccount, BookBalance, BookFact, BookFinding, BookGap, BookGuarantee, BookNote, BookOutput,
    BookPayment, BookReceipt, BookSchema, BookTransaction, OutputOpening, Recipient, SpentNote, VerifiedBook,
    accounts::{Accounts, Carried, Entries, Made, Opened, Spent, Sums},
    claims::{BookClaim, Claimant},
};
use crate::{
    audit::{BookLedger, KeptTransaction},
    package::rebuild,
    report::{
        Amount, Assurance, Blocks, Bound, ChainChoice, Crossing, Declared, Denomination, Epochs, Moment,
        Names, Place, Span, Sum, Units, Written,
    },
    signed::{EnvelopeError, Reading},
};

/// The reader's part in checking a book.
#[derive(Clone, Copy)]
pub struct BookReading<'a> {
    /// His chain and demands.
    pub reading: &'a Reading,
    /// The names that his chain gives.
    pub names: &'a Names<'a>,
    /// The ledger: his own scan of it, or what an offline proof shows.
    pub ledger: BookLedger<'a>,
    /// The fee that the payer of a deposit without a fee pays on the host's side, by asset and shape, as his chain's genesis
    /// says.
    pub deposit_fee: &'a dyn Fn(AssetId, Shape) -> Option<(AssetId, Value)>,
    /// Whole transactions of the account, if he wants to read the memos of payments whose recipients are shown.
    pub whole: &'a dyn Fn(&TxId) -> Option<&'a Transaction>,
    /// The snapshot of the epoch before the book, as the chain's state has it under the trusted head, if it has one.
    pub snapshot: Option<SnapshotEntry>,
    /// The book before, if he has read it.
    pub before: Option<&'a VerifiedBook>,
}

/// An entry of a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BookPart {
    /// The keys of some epochs.
    Keys {
        /// The first of them.
        first: u16,
        /// The last of them.
        last: u16,
    },
    /// A transaction, by its place in the book.
    Transaction(usize),
    /// An output of a transaction.
    Output(usize, u8),
    /// A receipt.
    Receipt(usize),
    /// A note from before.
    Opening(usize),
}

impl core::fmt::Display for BookPart {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Keys { .. } => f.write_str("the keys of the book"),
            Self::Transaction(index) => write!(f, "transaction {}", index + 1),
            Self::Output(index, output) => write!(f, "output {output} of transaction {}", index + 1),
            Self::Receipt(index) => write!(f, "receipt {}", index + 1),
            Self::Opening(index) => write!(f, "opening note {}", index + 1),
        }
    }
}

/// Why a book is refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum BookError {
    /// The file is not for this reader, or not signed.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The scan is not of this book's reader.
    #[error("the ledger was not read with the keys of this book")]
    OtherScan,
    /// The book before is another account's, or of another chain.
    #[error("the book before is another account's, or of another chain or pool")]
    OtherBefore,
    /// The ledger has no such transaction of the account in these epochs, or no such receipt.
    #[error("{0} is not on the ledger in these months, as far as it was read")]
    NotOnLedger(BookPart),
    /// An earlier entry shows the same: it would count twice.
    #[error("{0} was shown before: it would count twice")]
    Repeated(BookPart),
    /// The entry has not as many inputs or outputs as the transaction.
    #[error("{0} does not have the inputs and outputs that the ledger has")]
    Shape(BookPart),
    /// An opening does not open the commitment.
    #[error("{0} does not open its commitment")]
    Commitment(BookPart),
    /// A note from before is not from before.
    #[error("{0} was made in the months of the book")]
    NotBefore(BookPart),
    /// More goes in than comes out, or less.
    #[error("{0} does not balance: what it spends is not what it pays")]
    Unbalanced(BookPart),
    /// The entry's proof is of rules of the chain that do not count.
    #[error("{0}: {1}")]
    Rules(BookPart, DisclosureVerifyError),
    /// Nothing proves the entry.
    #[error("nothing proves {0}: no sum of the book can be relied on")]
    Unproven(BookPart),
}

/// An entry on the ledger.
type Located<'a> = ((u32, u32), &'a KeptTransaction);

impl Book {
    /// `[book-checks]`: checks a book against the reader's scan of the ledger, and adds up. All proofs are verified in one
    /// batch.
    ///
    /// # Errors
    /// [`BookError`] if the book is false, or not what the reader expects. A gap is not an error: the verdict names
    /// it.
    pub fn verify(
        &self,
        given: BookReading<'_>,
        verifier: &DisclosureVerifier,
    ) -> Result<VerifiedBook, BookError> {
        let binding = self.check(given.reading)?;
        let epochs = self.epochs();
        if let Some(demand) = given.reading.asked.demand() {
            demand.met_by_book(epochs).map_err(EnvelopeError::from)?;
        }
        let kept = given.ledger.kept(self).ok_or(BookError::OtherScan)?;
        let carried = given.before.map(|before| &before.carried);
        if given.before.is_some_and(|before| {
            before.binding.account != binding.account
                || before.chain.genesis_hash != given.reading.chain.genesis_hash
        }) {
            return Err(BookError::OtherBefore);
        }
        let mut reader = Reader {
            given,
            claimant: Claimant { account: self.about.randomized(), pool: self.pool() },
            by_id: kept.iter().map(|(order, kept)| (kept.transaction.txid, (*order, kept))).collect(),
            claims: Vec::new(),
            schedule: given.ledger.schedule(),
        };
        reader.keys(self);

        // Everything that the account made, in the order of the ledger.
        let mut made = BTreeMap::new();
        for (index, entry) in self.transactions().iter().enumerate() {
            let (order, opened) = reader.made(index, entry)?;
            if made.insert(order, opened).is_some() {
                return Err(BookError::Repeated(BookPart::Transaction(index)));
            }
        }
        let mut receipts = BTreeMap::new();
        for (index, entry) in self.receipts().iter().enumerate() {
            let (order, opened) = reader.receipt(index, entry, epochs)?;
            if receipts.insert((order, entry.output), opened).is_some() {
                return Err(BookError::Repeated(BookPart::Receipt(index)));
            }
        }
        let opening = reader.opening(self, epochs.first())?;
        reader.verify(verifier)?;

        let unopened: BTreeMap<_, _> =
            kept.iter().filter(|(order, kept)| kept.own && !made.contains_key(order)).collect();
        let (adjoining, mut findings) = reader.join(epochs);
        let entries = Entries {
            epochs,
            made: made.values().map(|made| made.accounts.clone()).collect(),
            receipts: receipts.values().copied().collect(),
            opening,
            unopened: unopened
                .values()
                .filter_map(|kept| kept.transaction.nullifiers.first().map(|first| first.to_array()))
                .collect(),
            before: adjoining.then(|| carried.cloned().unwrap_or_default()),
        };
        let accounts = entries.accounts();
        let places: Vec<_> = made.keys().map(|order| reader.place(*order, kept)).collect();
        findings.extend(unopened.iter().map(|(order, kept)| {
            let CompactTransaction { public_side, fee, .. } = &kept.transaction;
            BookFinding::NotOpened {
                place: reader.place_of(**order, kept),
                crossing: Crossing::new(public_side, given.names),
                fee: reader.some_amount((fee.asset(), fee.amount())),
            }
        }));

        findings.extend(reader.findings(&accounts, &places));

        let over = Epochs::new(epochs, reader.schedule, given.ledger.last_time());
        let is_over = over.finished.as_ref() == Some(&over.all);
        if !given.ledger.is_whole() {
            findings.push(BookFinding::NotRead);
        }
        for span in [&over.unfinished, &over.to_come].into_iter().flatten() {
            findings.push(BookFinding::NotOver { epochs: span.clone() });
        }
        let facts = reader.facts(&made, &receipts, kept);
        let in_grace = |fact: &&BookFact| fact.place().declared.in_grace;
        findings.extend(
            facts.iter().filter(in_grace).map(|fact| BookFinding::InGrace { place: fact.place().clone() }),
        );
        let mut findings: Vec<_> = findings.into_iter().map(Into::into).collect();
        findings.sort_by_key(|finding: &super::MarkedFinding| finding.mark);

        let mut guarantees = vec![BookGuarantee::Openings];
        let is_whole = given.ledger.is_whole() && unopened.is_empty();
        if is_over && is_whole {
            guarantees.insert(0, BookGuarantee::Transactions);
        }
        let chain = given.reading.chain.clone();
        let (guaranteed, if_chosen) = match chain.chosen {
            ChainChoice::Nothing => (Vec::new(), guarantees),
            ChainChoice::Genesis | ChainChoice::Block => (guarantees, Vec::new()),
        };
        let from_the_beginning = epochs.first() == Epoch(0);
        let joined = entries.before.as_ref().is_some_and(|before| before.closing.is_some());
        let closing_notes =
            accounts.closing.as_ref().map(|notes| notes.iter().map(|note| reader.note(note)).collect());
        // Of months that are not over, a transaction may come that spends what is held now; and one may be there that was not
        // read.
        let closing = accounts.closing.clone().filter(|_| is_over && is_whole);
        let carried = Carried { closing, paid: accounts.paid.clone() };
        Ok(VerifiedBook {
            schema: BookSchema::V1,
            binding,
            epochs: over,
            blocks: given.ledger.blocks_read().map(|(first, last)| Blocks { first, last }),
            from_the_beginning,
            joined,
            facts,
            accounts: reader.accounts(&accounts, from_the_beginning, unopened.is_empty()),
            findings,
            closing_notes,
            guaranteed,
            if_chosen,
            unverified: BookGap::left(&chain),
            carried,
            chain,
        })
    }
}

/// A transaction that was opened and is on the ledger.
struct Checked {
    accounts: Made,
    /// The address of each output that the account calls paid and its memo, if they are shown.
    recipients: Vec<(Option<String>, Written)>,
}

struct Reader<'a> {
    given: BookReading<'a>,
    claimant: Claimant,
    by_id: HashMap<TxId, Located<'a>>,
    claims: Vec<(BookPart, BookClaim, Proof)>,
    schedule: EpochSchedule,
}

impl<'a> Reader<'a> {
    fn keys(&mut self, book: &Book) {
        let Claimant { account, pool } = self.claimant;
        let keys = &book.body.keys;
        let proven = keys.statements(account, pool).into_iter().zip(keys.proofs());
        for ((first, last), (claim, proof)) in keys.spans().zip(proven) {
            self.claims.push((BookPart::Keys { first, last }, BookClaim::Keys(Box::new(claim)), *proof));
        }
    }

    fn made(&mut self, index: usize, entry: &BookTransaction) -> Result<((u32, u32), Checked), BookError> {
        let part = BookPart::Transaction(index);
        let (order, kept) = self.found(&entry.txid, true).ok_or(BookError::NotOnLedger(part))?;
        let transaction = &kept.transaction;
        if transaction.outputs.len() != entry.outputs.len() {
            return Err(BookError::Shape(part));
        }
        let claim = self.claimant.made(transaction, &entry.inputs).ok_or(BookError::Shape(part))?;
        self.claims.push((part, BookClaim::Transaction(claim), entry.proof));
        let host_fee = match (transaction.public_side.is_deposit(), transaction.fee.amount()) {
            (true, Value::ZERO) => {
                (self.given.deposit_fee)(transaction.public_side.asset(), transaction.shape)
            }
            _ => None,
        };
        let mut accounts = Made {
            inputs: entry.inputs.iter().map(opened).collect(),
            own: Vec::new(),
            paid: Vec::new(),
            public: transaction.public_side,
            fee: transaction.fee,
            host_fee,
        };
        let mut recipients = Vec::new();
        for (output, shown) in (0u8..).zip(&entry.outputs) {
            let part = BookPart::Output(index, output);
            let on_ledger = self.claimant.output(transaction, output).ok_or(BookError::Shape(part))?;
            let (asset, value) = shown.amount();
            let note = Opened {
                commitment: on_ledger.commitment,
                rho: on_ledger.nullifier,
                epoch: on_ledger.epoch,
                asset,
                value,
            };
            match shown {
                BookOutput::Empty { tag, rcm, .. } => {
                    let m = packed(output, on_ledger.epoch, asset, Value::ZERO);
                    let cm = NoteCommitment::commit(*tag, on_ledger.nullifier, m, rcm.expose());
                    if cm != on_ledger.commitment {
                        return Err(BookError::Commitment(part));
                    }
                }
                BookOutput::Own { proof, .. } => {
                    let claim = self.claimant.came(on_ledger, (asset, value), true);
                    self.claims.push((part, BookClaim::Note(claim), *proof));
                    accounts.own.push(note);
                }
                BookOutput::Paid { recipient: Recipient::Hidden(proof), .. } => {
                    let claim = self.claimant.paid(on_ledger, (asset, value));
                    self.claims.push((part, BookClaim::Note(claim), *proof));
                    accounts.paid.push((output, note));
                    recipients.push((None, Written::default()));
                }
                BookOutput::Paid {
                    recipient: Recipient::Shown { diversifier, pk_d, tag, rseed }, ..
                } => {
                    let address = (*diversifier, *pk_d, *tag);
                    let rebuilt = rebuild((asset, value), address, rseed.expose(), &on_ledger);
                    let rebuilt = rebuilt.ok_or(BookError::Commitment(part))?;
                    accounts.paid.push((output, note));
                    let whole = (self.given.whole)(&entry.txid);
                    let whole = whole.and_then(|whole| whole.effects().outputs().get(usize::from(output)));
                    let memo = whole.and_then(|output| encryption::reopen(&rebuilt, output));
                    let written = memo.as_ref().map(Written::new).unwrap_or_default();
                    recipients.push((Some(rebuilt.to().to_string()), written));
                }
            }
        }
        match accounts.balances() {
            true => Ok((order, Checked { accounts, recipients })),
            false => Err(BookError::Unbalanced(part)),
        }
    }

    fn receipt(
        &mut self,
        index: usize,
        entry: &BookReceipt,
        epochs: EpochRange,
    ) -> Result<((u32, u32), Opened), BookError> {
        let part = BookPart::Receipt(index);
        let (order, kept) = self
            .found(&entry.txid, false)
            .filter(|(_, kept)| epochs.contains(kept.transaction.epoch))
            .ok_or(BookError::NotOnLedger(part))?;
        let on_ledger =
            self.claimant.output(&kept.transaction, entry.output).ok_or(BookError::Shape(part))?;
        let (asset, value) = (entry.asset, entry.value);
        let claim = self.claimant.came(on_ledger, (asset, value), false);
        self.claims.push((part, BookClaim::Note(claim), entry.proof));
        let (commitment, rho, epoch) = (on_ledger.commitment, on_ledger.nullifier, on_ledger.epoch);
        Ok((order, Opened { commitment, rho, epoch, asset, value }))
    }

    fn opening(&mut self, book: &Book, first: Epoch) -> Result<Vec<(Opened, bool)>, BookError> {
        let mut notes = Vec::new();
        let mut shown = HashSet::new();
        // A snapshot of another epoch says nothing of what was there when the book begins.
        let snapshot = self.given.snapshot.filter(|entry| first.previous() == Some(entry.epoch));
        for (index, held) in book.opening_notes().iter().enumerate() {
            let part = BookPart::Opening(index);
            let note = opened(&held.note);
            if note.epoch >= first {
                return Err(BookError::NotBefore(part));
            }
            if !shown.insert(note.commitment) {
                return Err(BookError::Repeated(part));
            }
            let proven = held.proof.zip(snapshot);
            if let Some((proof, snapshot)) = proven {
                let claim = self.claimant.unspent(snapshot, &held.note);
                self.claims.push((part, BookClaim::Unspent(Box::new(claim)), proof));
            }
            notes.push((note, proven.is_some()));
        }
        Ok(notes)
    }

    /// All claims, in one batch.
    fn verify(&self, verifier: &DisclosureVerifier) -> Result<(), BookError> {
        let claims: Vec<_> = self.claims.iter().map(|(_, claim, proof)| (claim.as_claim(), proof)).collect();
        let Err(refused) = verifier.verify_all(&claims) else { return Ok(()) };
        let refused = refused.first();
        // A refusal that names no claim refuses the book all the same.
        let named = refused.and_then(|refused| self.claims.get(refused.index)).or(self.claims.first());
        let part = named.map_or(BookPart::Keys { first: 0, last: 0 }, |(part, ..)| *part);
        Err(match refused.map(|refused| refused.error) {
            Some(error @ (DisclosureVerifyError::Ended { .. } | DisclosureVerifyError::NotYet { .. })) => {
                BookError::Rules(part, error)
            }
            _ => BookError::Unproven(part),
        })
    }

    /// A transaction that the scan kept: the account's own, or another's.
    fn found(&self, txid: &TxId, own: bool) -> Option<Located<'a>> {
        self.by_id.get(txid).copied().filter(|(_, kept)| kept.own == own)
    }

    /// Whether the book before ends where this one begins, and what is wrong between them.
    fn join(&self, epochs: EpochRange) -> (bool, Vec<BookFinding>) {
        let Some(before) = self.given.before else { return (false, Vec::new()) };
        let (first, last_before) = (epochs.first().0, before.epochs.all.last);
        let span = |first, last| {
            EpochRange::new(Epoch(first), Epoch(last)).map(|range| Span::new(range, self.schedule))
        };
        if last_before >= first {
            let both = span(first.max(before.epochs.all.first), last_before.min(epochs.last().0));
            return (false, both.into_iter().map(|both| BookFinding::Overlap { both }).collect());
        }
        if last_before + 1 < first {
            let missing = span(last_before + 1, first - 1);
            return (false, missing.into_iter().map(|missing| BookFinding::Gap { missing }).collect());
        }
        let nothing = before.carried.closing.is_none().then_some(BookFinding::NothingHandedOn);
        (true, nothing.into_iter().collect())
    }

    fn findings(&self, accounts: &Accounts, places: &[Place]) -> Vec<BookFinding> {
        let spent =
            |input: &Spent| SpentNote { note: self.note(&input.note), spent_in: places[input.by].clone() };
        let Accounts { paid_and_spent, kept_back, of_unopened, not_handed_on, .. } = accounts;
        let of = |inputs: &[Spent], finding: fn(SpentNote) -> BookFinding| {
            inputs.iter().map(|input| finding(spent(input))).collect::<Vec<_>>()
        };
        let mut findings = of(paid_and_spent, BookFinding::PaidAndSpent);
        findings.extend(of(kept_back, BookFinding::KeptBack));
        findings.extend(of(of_unopened, BookFinding::OfNotOpened));
        findings.extend(of(not_handed_on, BookFinding::NotHandedOn));
        let missing = accounts.not_returned.iter();
        findings.extend(missing.map(|note| BookFinding::NotTakenOver { note: self.note(note) }));
        let unverified = accounts.unverified.iter();
        findings.extend(unverified.map(|note| BookFinding::OpeningUnverified { note: self.note(note) }));
        findings
    }

    fn facts(
        &self,
        made: &BTreeMap<(u32, u32), Checked>,
        receipts: &BTreeMap<((u32, u32), u8), Opened>,
        kept: &BTreeMap<(u32, u32), KeptTransaction>,
    ) -> Vec<BookFact> {
        let mut facts: Vec<((u32, u32), BookFact)> = Vec::new();
        let some = |note: &&Opened| note.value != Value::ZERO;
        for (order, Checked { accounts, recipients }) in made {
            let notes = |notes: &[Opened]| notes.iter().filter(some).map(|note| self.note(note)).collect();
            let paid = accounts.paid.iter().zip(recipients).map(|((output, note), (recipient, written))| {
                BookPayment {
                    output: *output,
                    amount: self.amount((note.asset, note.value)),
                    recipient: recipient.clone(),
                    written: written.clone(),
                }
            });
            let fact = BookFact::Made {
                place: self.place(*order, kept),
                spent: notes(&accounts.inputs),
                own: notes(&accounts.own),
                paid: paid.collect(),
                crossing: Crossing::new(&accounts.public, self.given.names),
                fee: self.some_amount((accounts.fee.asset(), accounts.fee.amount())),
                host_fee: accounts.host_fee.and_then(|fee| self.some_amount(fee)),
            };
            facts.push((*order, fact));
        }
        for ((order, output), note) in receipts {
            let fact = BookFact::Received {
                place: self.place(*order, kept),
                output: *output,
                amount: self.amount((note.asset, note.value)),
                crossing: Crossing::new(&kept[order].transaction.public_side, self.given.names),
            };
            facts.push((*order, fact));
        }
        facts.sort_by_key(|(order, _)| *order);
        facts.into_iter().map(|(_, fact)| fact).collect()
    }

    fn accounts(&self, accounts: &Accounts, from_the_beginning: bool, all_opened: bool) -> Vec<BookAccount> {
        let assurance = self.given.reading.chain.allow(Assurance::Guaranteed);
        let sum = |value: u128, bound| Sum { value: Units(value), bound, assurance };
        let is_read = self.given.ledger.is_whole();
        let exact = if all_opened && is_read { Bound::Exact } else { Bound::AtLeast };
        let account = |(asset, sums): (&AssetId, &Sums)| {
            let balance = match (all_opened, sums.unexplained) {
                (false, _) => BookBalance::NotStated,
                (true, 0) => BookBalance::Closed,
                (true, came_unseen) => BookBalance::Unexplained { came_unseen: Units(came_unseen) },
            };
            BookAccount {
                of: Denomination::new(*asset, self.given.names.assets),
                opening: sum(sums.opening, if from_the_beginning { Bound::Exact } else { Bound::AtLeast }),
                received: sum(sums.received, Bound::AtLeast),
                deposits: sum(sums.deposits, exact),
                unexplained: Units(sums.unexplained),
                // It may be the account's own until it is spent: then it is a contradiction.
                paid: match sums.paid {
                    0 => sum(0, Bound::Shown),
                    paid => Sum { assurance: Assurance::Unverified, ..sum(paid, Bound::Shown) },
                },
                withdrawn: sum(sums.withdrawn, exact),
                fees: sum(sums.fees, exact),
                host_fees: Units(sums.host_fees),
                // A transaction that was not read may have spent it.
                closing: all_opened.then(|| match is_read {
                    true => sum(sums.closing, Bound::AtLeast),
                    false => Sum { assurance: Assurance::Unverified, ..sum(sums.closing, Bound::Shown) },
                }),
                balance,
            }
        };
        accounts.sums.iter().filter(|(asset, _)| **asset != AssetId::NONE).map(account).collect()
    }

    fn place(&self, order: (u32, u32), kept: &BTreeMap<(u32, u32), KeptTransaction>) -> Place {
        self.place_of(order, &kept[&order])
    }

    fn place_of(&self, (height, _): (u32, u32), kept: &KeptTransaction) -> Place {
        let KeptTransaction { time, transaction, .. } = kept;
        Place {
            height,
            time: Moment::new(*time),
            txid: transaction.txid.to_string(),
            declared: Declared::new(&self.schedule, transaction.epoch, *time),
        }
    }

    fn note(&self, note: &Opened) -> BookNote {
        BookNote {
            commitment: hex::encode(note.commitment.to_array()),
            epoch: note.epoch.0,
            period: self.schedule.name(note.epoch),
            amount: self.amount((note.asset, note.value)),
        }
    }

    fn amount(&self, (asset, value): (AssetId, Value)) -> Amount {
        Amount::new(asset, value, self.given.names.assets)
    }

    fn some_amount(&self, amount: (AssetId, Value)) -> Option<Amount> {
        (amount.1 != Value::ZERO).then(|| self.amount(amount))
    }
}

/// A note of the file, by its opening.
fn opened(opening: &OutputOpening) -> Opened {
    let OutputOpening { epoch, rho, asset, value, .. } = *opening;
    Opened { commitment: opening.commitment(), rho, epoch, asset, value }
}
