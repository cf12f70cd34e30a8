use core::fmt;

use louver_circuits::disclosure::{DisclosureProveError, DisclosureProver};
use louver_core::{
    disclosure::{AccountLink, AccountOpening, Randomized},
    keys::{FullViewingKey, SigningError, SpendAuthorizingKey, SpendSignature},
    note::Note,
    pool::{GenesisHash, PoolId, PoolTag},
    proof::Proof,
    spec::Fr,
    transaction::TxId,
};
use rand_core::CryptoRng;
use thiserror::Error;

use super::{Detail, Item, MAX_AUDITOR, MAX_PURPOSE, Opening, Package, Side};
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

/// A note to open.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// On which side of the payment the account was.
    pub side: Side,
    /// How much to open.
    pub detail: Detail,
    /// The block that the transaction is in.
    pub height: u32,
    /// The transaction that made the note.
    pub txid: TxId,
    /// The note, with its place in the transaction.
    pub note: Note,
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
        let proofs: Result<_, _> =
            draft.statements.iter().map(|statement| prover.prove_link(statement, &draft.opening)).collect();
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
            let note = &chosen.note;
            if note.to().pool() != pool {
                return Err(MakeError::OtherPool);
            }
            let (nullifier, transmission_u) = match chosen.side {
                Side::Sent => (note.rho().to_scalar(), Fr::zero()),
                Side::Received => (Fr::zero(), note.to().pk_d().hash()),
            };
            let link = AccountLink::new(account, &opening, pool, note.epoch(), nullifier, transmission_u);
            let idle_tag = match chosen.side {
                Side::Sent => link.owner_tag,
                Side::Received if link.owner_tag != note.to().tag().to_scalar() => {
                    return Err(MakeError::NotReceived);
                }
                Side::Received => link.spend_tag,
            };
            statements.push(link);
            items.push(item(chosen, transmission_u, idle_tag));
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
    statements: Vec<AccountLink>,
    opening: AccountOpening,
}

impl PackageDraft {
    /// The statements to prove.
    pub fn statements(&self) -> &[AccountLink] {
        &self.statements
    }

    /// The witness of each statement.
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
            item.link = proof;
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

/// A note as it is opened, without its proof.
fn item(chosen: &Chosen, transmission_u: Fr, idle_tag: Fr) -> Item {
    let note = &chosen.note;
    let opening = match chosen.detail {
        Detail::Full => Opening::Full {
            diversifier: *note.to().diversifier(),
            pk_d: *note.to().pk_d(),
            rseed: *note.rseed().expose(),
        },
        Detail::Amount => Opening::Amount { transmission_u, rcm: *note.rcm().expose() },
    };
    Item {
        side: chosen.side,
        height: chosen.height,
        txid: chosen.txid,
        output: note.index(),
        tag: note.to().tag(),
        asset: note.asset(),
        value: note.value(),
        opening,
        idle_tag,
        link: Proof::from_array([0; 192]),
    }
}
