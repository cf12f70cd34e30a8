use louver_circuits::disclosure::{DisclosureProveError, DisclosureProver};
use louver_core::{
    asset::AssetId,
    disclosure::{NoteClaim, NoteWitness, Randomized},
    keys::{FullViewingKey, SpendAuthorizingKey},
    note::{Note, SpendTag},
    pool::PoolTag,
    proof::Proof,
    transaction::TxId,
    value::Value,
};
use rand_core::CryptoRng;
use thiserror::Error;

use super::{Item, Items, OutputOpening, Package, Part, Shown, Side, claim, codec::Fault};
use crate::signed::{Draft, DraftError, Terms, TermsError};

/// A request for a disclosure package.
#[derive(Clone, Debug)]
pub struct PackageRequest {
    /// For whom, for what and until when.
    pub terms: Terms,
    /// The things that it shows: one at least.
    pub chosen: Vec<Chosen>,
}

/// A package that lacks its proofs and its signature.
pub type PackageDraft = Draft<Items>;

/// Something to show of a transaction.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The block that the transaction is in.
    pub height: u32,
    /// The transaction.
    pub txid: TxId,
    /// Its spend tag.
    pub spend_tag: SpendTag,
    /// The part of it to show.
    pub what: What,
}

/// A part of a transaction to show.
#[derive(Clone, Debug)]
pub enum What {
    /// A note, with its place in the transaction.
    Note {
        /// On which side of the payment the account was. A payment of the account to itself is shown from the side of the
        /// payee: that says both.
        side: Side,
        /// How much to show.
        show: Show,
        /// The note.
        note: Box<Note>,
    },
    /// That the account made the transaction, whose public side is a deposit or a withdrawal. It takes an output that the
    /// account can open, and shows nothing of it.
    Crossing(OutputOpening),
}

/// How much to show of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// Asset, amount, the recipient's address and the memo.
    Full,
    /// Asset and amount.
    Amount,
    /// The asset, and that the note has at least this much of it.
    AtLeast(AssetId, Value),
}

/// Why a package cannot be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MakeError {
    /// The terms are not ones on which a package can be made.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// Nothing was chosen.
    #[error("no note was chosen")]
    Empty,
    /// More transactions were chosen than a package names.
    #[error(
        "a package shows at most {most} transactions, so that its reader is not sent through the whole chain: make \
         several",
        most = Items::MOST_TRANSACTIONS
    )]
    TooMany,
    /// An output was chosen twice, or a deposit or withdrawal.
    #[error("an output, a deposit or a withdrawal was chosen twice: a payment is shown once")]
    Repeated,
    /// A note of another pool was chosen.
    #[error("a note belongs to another pool")]
    OtherPool,
    /// A note was said to be received that is not the account's.
    #[error("a note said to be received is not this account's")]
    NotReceived,
    /// The account's own note was to be shown as a payment that it made.
    #[error("a note said to be paid is this account's own: it is its change, or it paid itself")]
    Own,
    /// A transaction was said to be the account's that another account made.
    #[error("a payment, deposit or withdrawal said to be this account's was made by another account")]
    NotPaid,
    /// More was said to be there than there is: a note of another asset has none.
    #[error("a note has less than the amount that it was said to have at least, or is of another asset")]
    Less,
    /// The signing key is another account's, or a proof is missing.
    #[error(transparent)]
    Signing(#[from] DraftError),
    /// A proof was not made.
    #[error(transparent)]
    Prove(#[from] DisclosureProveError),
}

impl PackageRequest {
    /// Opens the chosen notes. One proof a note; whether the notes are on the ledger is for the reader to check.
    ///
    /// # Errors
    ///
    /// [`MakeError`] if the package would name no reader, be valid at no time or show nothing, if a note is not of this
    /// pool or account, if `signer` is another account's, or if no proof is made.
    pub fn make<R: CryptoRng>(
        &self,
        viewing: &FullViewingKey,
        signer: &SpendAuthorizingKey,
        prover: &DisclosureProver,
        rng: &mut R,
    ) -> Result<Package, MakeError> {
        let draft = self.draft(viewing, rng)?;
        let prove =
            |(claim, witness): &(NoteClaim, NoteWitness)| prover.prove_note(claim, draft.opening(), witness);
        let proofs: Result<_, _> = draft.statements().iter().map(prove).collect();
        Ok(draft.sign(proofs?, signer, rng)?)
    }

    /// Makes all of the package but its proofs and its signature, for a prover in another place.
    ///
    /// # Errors
    ///
    /// [`MakeError`] if the package would name no reader, be valid at no time or show nothing, or if a note is not of this
    /// pool or account.
    pub fn draft<R: CryptoRng>(
        &self,
        viewing: &FullViewingKey,
        rng: &mut R,
    ) -> Result<PackageDraft, MakeError> {
        if self.chosen.is_empty() {
            return Err(MakeError::Empty);
        }
        let (about, opening) = self.terms.about::<Items, R>(viewing, rng)?;
        let (account, pool) = (about.randomized(), about.pool_tag());
        let (mut items, mut statements) = (Vec::new(), Vec::new());
        for chosen in &self.chosen {
            let (item, claim, witness) = show(chosen, account, pool, viewing)?;
            items.push(item);
            statements.push((claim, witness));
        }
        let items = Items(items);
        items.check().map_err(|fault| match fault {
            Fault::TooMany => MakeError::TooMany,
            Fault::Repeated => MakeError::Repeated,
        })?;
        if let Some(demand) = self.terms.asked.demand() {
            let fact = |(item, (claim, _)): (&Item, &(NoteClaim, _))| item.fact(claim.output.epoch);
            let facts: Vec<_> = items.0.iter().zip(&statements).map(fact).collect();
            demand.met_by_payments(&facts).map_err(TermsError::from)?;
        }
        Ok(Draft::new((about, opening), items, statements))
    }
}

/// A choice as an item without its proof, with the statement that is proven of it.
fn show(
    chosen: &Chosen,
    account: Randomized,
    pool: PoolTag,
    viewing: &FullViewingKey,
) -> Result<(Item, NoteClaim, NoteWitness), MakeError> {
    let opening = match &chosen.what {
        What::Note { note, .. } if note.to().pool() != pool => return Err(MakeError::OtherPool),
        What::Note { note, .. } => OutputOpening::of(note),
        What::Crossing(opening) => opening.clone(),
    };
    let keys = viewing.epoch_keys(pool, opening.epoch);
    let own = keys.detection.spend_tag(opening.rho) == chosen.spend_tag;
    let (part, shown, received) = match &chosen.what {
        What::Crossing(_) => (Part::Paid, Shown::Crossing, None),
        What::Note { side: Side::Sent, show, note } => (Part::Paid, shown(*show, note)?, None),
        What::Note { side: Side::Received, show, note } => {
            let direction = keys.direction_of(note.to()).ok_or(MakeError::NotReceived)?;
            let hash = note.to().pk_d().hash();
            (Part::Received { own }, shown(*show, note)?, Some((direction, hash)))
        }
    };
    if part == Part::Paid && !own {
        return Err(MakeError::NotPaid);
    }
    if let What::Note { side: Side::Sent, note, .. } = &chosen.what
        && keys.direction_of(note.to()).is_some()
    {
        return Err(MakeError::Own);
    }
    let item = Item {
        part,
        height: chosen.height,
        txid: chosen.txid,
        output: opening.index,
        shown,
        proof: Proof::from_array([0; 192]),
    };
    let claim = claim(&item, account, opening.on_ledger(pool, chosen.spend_tag));
    let witness = opening.witness(own, received);
    Ok((item, claim, witness))
}

fn shown(show: Show, note: &Note) -> Result<Shown, MakeError> {
    let (asset, value) = (note.asset(), note.value());
    match show {
        Show::Full => Ok(Shown::Full {
            asset,
            value,
            diversifier: *note.to().diversifier(),
            pk_d: *note.to().pk_d(),
            tag: note.to().tag(),
            rseed: *note.rseed().expose(),
        }),
        Show::Amount => Ok(Shown::Amount { asset, value }),
        Show::AtLeast(of, threshold) if of != asset || threshold > value => Err(MakeError::Less),
        Show::AtLeast(asset, threshold) => Ok(Shown::AtLeast { asset, threshold }),
    }
}
