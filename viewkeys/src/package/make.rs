use core::fmt;

use louver_circuits::disclosure::{DisclosureProveError, DisclosureProver};
use louver_core::{
    address::OwnerTag,
    asset::AssetId,
    disclosure::{AccountOpening, LedgerOutput, NoteClaim, NoteWitness, Randomized},
    epoch::Epoch,
    keys::{Direction, FullViewingKey, SigningError, SpendAuthorizingKey, SpendSignature},
    note::{Dummies, Note, NoteCommitment, Nullifier, SpendTag, packed},
    pool::{GenesisHash, PoolId, PoolTag},
    proof::Proof,
    secret::Secret,
    spec::Fr,
    transaction::{Effects, TxId},
    value::Value,
};
use rand_core::CryptoRng;
use thiserror::Error;

use super::{Item, MAX_AUDITOR, MAX_PURPOSE, Package, Part, Shown, Side, claim};
use crate::{account::random_alpha, text};

/// A request for a disclosure package.
#[derive(Clone, Debug)]
pub struct PackageRequest {
    /// The chain.
    pub genesis: GenesisHash,
    /// The pool.
    pub pool: PoolId,
    /// Whom the package is for: at most 256 bytes, and not empty. White space around the name does not count.
    pub auditor: String,
    /// The reader's challenge, or zeros if he gave none.
    pub nonce: [u8; 32],
    /// The purpose: at most 512 bytes.
    pub purpose: String,
    /// Now, in seconds since 1970.
    pub issued: u64,
    /// Until when it may be presented, in seconds since 1970.
    pub expires: u64,
}

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
    /// The asset, and that the note has at least this much.
    AtLeast(Value),
}

/// The opening of an output's commitment, be it a dummy.
#[derive(Clone)]
pub struct OutputOpening {
    /// The epoch that the transaction declares.
    pub epoch: Epoch,
    /// The output's index.
    pub index: u8,
    /// The first nullifier of the transaction.
    pub rho: Nullifier,
    /// The owner tag.
    pub tag: OwnerTag,
    /// The asset.
    pub asset: AssetId,
    /// The value.
    pub value: Value,
    /// The commitment's randomness.
    pub rcm: Secret<Fr>,
}

impl OutputOpening {
    /// The opening of a note.
    pub fn of(note: &Note) -> Self {
        Self {
            epoch: note.epoch(),
            index: note.index(),
            rho: note.rho(),
            tag: note.to().tag(),
            asset: note.asset(),
            value: note.value(),
            rcm: Secret::new(*note.rcm().expose()),
        }
    }

    /// The opening of an output that is a dummy of an account, which moves `main` in the transaction. `None` if it is not
    /// one.
    pub fn of_dummy(effects: &Effects, index: u8, account: &FullViewingKey, main: AssetId) -> Option<Self> {
        let dummy = Dummies::new(account.dummy_root(), effects.rk()).output(index);
        let (epoch, rho) = (effects.epoch(), effects.rho());
        let output = effects.outputs().get(usize::from(index))?;
        (dummy.commitment(rho, epoch, main) == output.cm).then(|| Self {
            epoch,
            index,
            rho,
            tag: dummy.tau(),
            asset: main,
            value: Value::ZERO,
            rcm: Secret::new(*dummy.rcm().expose()),
        })
    }

    /// The output as the ledger has it.
    fn on_ledger(&self, pool: PoolTag, spend_tag: SpendTag) -> LedgerOutput {
        let m = packed(self.index, self.epoch, self.asset, self.value);
        LedgerOutput {
            pool,
            epoch: self.epoch,
            nullifier: self.rho,
            spend_tag,
            commitment: NoteCommitment::commit(self.tag, self.rho, m, self.rcm.expose()),
            index: self.index,
        }
    }

    /// The witness of an account that proves its part: that it paid, or with the direction and hash of its address, that
    /// it received.
    fn witness(&self, own: bool, received: Option<(Direction, Fr)>) -> NoteWitness {
        let bit = |bit: bool| Fr::from(u64::from(bit));
        NoteWitness {
            paid: bit(own),
            received: bit(received.is_some()),
            is_internal: bit(matches!(received, Some((Direction::Internal, _)))),
            pk_d_hash: received.map_or(Fr::zero(), |(_, hash)| hash),
            tag: self.tag.to_scalar(),
            asset: self.asset.to_scalar(),
            value: self.value.to_scalar(),
            rcm: *self.rcm.expose(),
        }
    }
}

impl fmt::Debug for OutputOpening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutputOpening").field("index", &self.index).finish_non_exhaustive()
    }
}

/// Why a package cannot be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MakeError {
    /// The auditor's name or the purpose is too long.
    #[error("the {0} is too long")]
    TextTooLong(&'static str),
    /// It names no reader: anybody could show it to anybody.
    #[error("the package names no reader: say whom it is for")]
    NoReader,
    /// It could be shown at no time: it would expire when it is made, or before.
    #[error("the package would expire as soon as it is made: give it at least a second")]
    NoValidity,
    /// Nothing was chosen.
    #[error("no note was chosen")]
    Empty,
    /// A note of another pool was chosen.
    #[error("a note belongs to another pool")]
    OtherPool,
    /// A note was said to be received that is not the account's.
    #[error("a note said to be received is not this account's")]
    NotReceived,
    /// A transaction was said to be the account's that another account made.
    #[error("a payment, deposit or withdrawal said to be this account's was made by another account")]
    NotPaid,
    /// More was said to be there than there is.
    #[error("a note has less than the amount that it was said to have at least")]
    Less,
    /// The signing key is another account's.
    #[error("the signing key is not this account's")]
    Signing(#[from] SigningError),
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
        chosen: &[Chosen],
        viewing: &FullViewingKey,
        signer: &SpendAuthorizingKey,
        prover: &DisclosureProver,
        rng: &mut R,
    ) -> Result<Package, MakeError> {
        let draft = self.draft(chosen, viewing, rng)?;
        let proofs: Result<_, _> = draft
            .statements
            .iter()
            .map(|(claim, witness)| prover.prove_note(claim, &draft.opening, witness))
            .collect();
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
        chosen: &[Chosen],
        viewing: &FullViewingKey,
        rng: &mut R,
    ) -> Result<PackageDraft, MakeError> {
        self.check(chosen)?;
        let pool = PoolTag::new(&self.genesis, self.pool);
        let (opening, rk) = random_alpha(viewing, rng);
        let account = Randomized { aid: viewing.account_id(pool).to_scalar(), rk: rk.coordinates() };
        let (mut items, mut statements) = (Vec::new(), Vec::new());
        for chosen in chosen {
            let (item, claim, witness) = show(chosen, account, pool, viewing)?;
            items.push(item);
            statements.push((claim, witness));
        }
        let package = Package {
            genesis: self.genesis,
            pool: self.pool,
            account: viewing.account_id(pool),
            rk,
            auditor: text::name(&self.auditor),
            nonce: self.nonce,
            purpose: self.purpose.clone(),
            issued: self.issued,
            expires: self.expires,
            items,
            signature: SpendSignature::from_array([0; 64]),
        };
        Ok(PackageDraft { package, statements, opening })
    }

    fn check(&self, chosen: &[Chosen]) -> Result<(), MakeError> {
        let auditor = text::name(&self.auditor);
        if auditor.is_empty() {
            return Err(MakeError::NoReader);
        }
        if auditor.len() > MAX_AUDITOR {
            return Err(MakeError::TextTooLong("auditor's name"));
        }
        if self.purpose.len() > MAX_PURPOSE {
            return Err(MakeError::TextTooLong("purpose"));
        }
        if self.expires <= self.issued {
            return Err(MakeError::NoValidity);
        }
        if chosen.is_empty() {
            return Err(MakeError::Empty);
        }
        Ok(())
    }
}

/// A package that lacks its proofs and its signature. It holds secrets of the account; its `Debug` shows nothing.
pub struct PackageDraft {
    package: Package,
    statements: Vec<(NoteClaim, NoteWitness)>,
    opening: AccountOpening,
}

impl PackageDraft {
    /// The statements to prove, each with what opens its note.
    pub fn statements(&self) -> &[(NoteClaim, NoteWitness)] {
        &self.statements
    }

    /// The opening of the account in each statement.
    pub fn opening(&self) -> &AccountOpening {
        &self.opening
    }

    /// Signs the package with its proofs: one for each statement, in their order.
    ///
    /// # Errors
    ///
    /// [`SigningError`] if `signer` is another account's.
    pub fn sign<R: CryptoRng>(
        self,
        proofs: Vec<Proof>,
        signer: &SpendAuthorizingKey,
        rng: &mut R,
    ) -> Result<Package, SigningError> {
        let mut package = self.package;
        for (item, proof) in package.items.iter_mut().zip(proofs) {
            item.proof = proof;
        }
        package.signature = signer.sign(self.opening.alpha.expose(), &package.rk, &package.message(), rng)?;
        Ok(package)
    }
}

impl fmt::Debug for PackageDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PackageDraft(..)")
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
        Show::AtLeast(threshold) if threshold > value => Err(MakeError::Less),
        Show::AtLeast(threshold) => Ok(Shown::AtLeast { asset, threshold }),
    }
}
