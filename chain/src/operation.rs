//! `[transparent-operation]`: what the owner of a transparent account signs.

use core::fmt;

use ed25519_dalek::{Signer, SigningKey};
use louver_core::{
    asset::{AssetDescriptor, AssetId},
    encoding::{Decode, DecodeError, Encode, Reader},
    ledger::OperationKind,
    pool::GenesisHash,
    spec::b32,
    transaction::Fee,
    value::Value,
};

use crate::{account::Account, announcement::AnnouncementKind};

mod apply;
mod fee;

pub use apply::OperationError;
pub(crate) use apply::apply;
pub use fee::FeeError;

/// The version of the encoding of operations.
const VERSION: u8 = 1;

/// The effect of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Moves an amount from the sender to another account.
    Transfer {
        /// Which asset.
        asset: AssetId,
        /// How much; not zero.
        amount: Value,
        /// To whom.
        to: Account,
    },
    /// Issues an amount of an asset out of nothing, to another account but for a fee in that asset. The sender must be
    /// the asset's issuer.
    Mint {
        /// Which asset.
        asset: AssetId,
        /// How much comes into being; not zero.
        amount: Value,
        /// To whom.
        to: Account,
    },
    /// Registers a new asset under the next free id, with the sender as its issuer.
    RegisterAsset {
        /// The ticker: 1 to 16 of `A-Z0-9`, the first a letter.
        symbol: String,
        /// How many decimals people write, at most 18.
        decimals: u8,
        /// A name of the issuer's choice, at most 64 bytes.
        reference: Vec<u8>,
    },
    /// Announces a hash about a subject, in the sender's name.
    Announce {
        /// As what.
        kind: AnnouncementKind,
        /// About what.
        subject: [u8; 32],
        /// The hash.
        hash: [u8; 32],
    },
}

impl Action {
    /// The kind of operation that it makes, for the least fee.
    pub fn kind(&self) -> OperationKind {
        match self {
            Self::Transfer { .. } | Self::Mint { .. } => OperationKind::Any,
            Self::RegisterAsset { .. } => OperationKind::Registration,
            Self::Announce { .. } => OperationKind::Announcement,
        }
    }
}

/// An operation before it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsignedOperation {
    /// The account that acts and pays.
    pub sender: Account,
    /// How many operations the sender made before this one: each number once and in order.
    pub nonce: u64,
    /// The fee, which the maker of the block earns. That of a mint in the minted asset comes out of what is minted.
    pub fee: Fee,
    /// The effect.
    pub action: Action,
}

/// The id of an operation: a hash of the chain's genesis and of what is signed, not of the signature.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OperationId(pub [u8; 32]);

impl fmt::Debug for OperationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OperationId({})", hex::encode(self.0))
    }
}

/// A signed operation. The signature binds the chain by its genesis, so none is replayed on another chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    body: UnsignedOperation,
    signature: [u8; 64],
}

impl UnsignedOperation {
    /// Signs with the sender's key.
    pub fn sign(self, genesis: &GenesisHash, key: &SigningKey) -> Operation {
        let signature = key.sign(&self.id(genesis).0).to_bytes();
        Operation { body: self, signature }
    }

    /// The id on the chain with this genesis; it is also the message that is signed.
    pub fn id(&self, genesis: &GenesisHash) -> OperationId {
        OperationId(b32(b"LouverOperation", &[&genesis.0, &self.to_bytes()]))
    }
}

impl Operation {
    /// The part that is signed.
    pub fn body(&self) -> &UnsignedOperation {
        &self.body
    }

    /// The id on the chain with this genesis.
    pub fn id(&self, genesis: &GenesisHash) -> OperationId {
        self.body.id(genesis)
    }

    /// Whether the sender signed this operation for the chain with this genesis.
    pub fn is_signed(&self, genesis: &GenesisHash) -> bool {
        self.body.sender.verifies(&self.id(genesis).0, &self.signature)
    }

    /// Checks the signature, once: what comes back is not checked again.
    ///
    /// # Errors
    /// [`OperationError::Signature`] if the sender did not sign it for the chain with this genesis.
    pub fn verify(self, genesis: &GenesisHash) -> Result<VerifiedOperation, OperationError> {
        let id = self.id(genesis);
        match self.body.sender.verifies(&id.0, &self.signature) {
            true => Ok(VerifiedOperation { operation: self, genesis: *genesis, id }),
            false => Err(OperationError::Signature),
        }
    }
}

/// An operation whose sender signed it for one chain. Only [`Operation::verify`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedOperation {
    operation: Operation,
    genesis: GenesisHash,
    id: OperationId,
}

impl VerifiedOperation {
    /// The operation.
    pub fn operation(&self) -> &Operation {
        &self.operation
    }

    /// The part that was signed.
    pub fn body(&self) -> &UnsignedOperation {
        &self.operation.body
    }

    /// The id on the chain that it was signed for.
    pub fn id(&self) -> OperationId {
        self.id
    }

    /// The genesis of the chain that it was signed for.
    pub fn genesis(&self) -> &GenesisHash {
        &self.genesis
    }
}

impl Encode for UnsignedOperation {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(VERSION);
        self.sender.encode(out);
        out.extend_from_slice(&self.nonce.to_le_bytes());
        self.fee.encode(out);
        match &self.action {
            Action::Transfer { asset, amount, to } => {
                out.push(1);
                asset.encode(out);
                amount.encode(out);
                to.encode(out);
            }
            Action::Mint { asset, amount, to } => {
                out.push(2);
                asset.encode(out);
                amount.encode(out);
                to.encode(out);
            }
            Action::RegisterAsset { symbol, decimals, reference } => {
                out.push(3);
                put_short(out, symbol.as_bytes());
                out.push(*decimals);
                put_short(out, reference);
            }
            Action::Announce { kind, subject, hash } => {
                out.push(4);
                kind.encode(out);
                out.extend_from_slice(subject);
                out.extend_from_slice(hash);
            }
        }
    }
}

/// Appends a length byte and the bytes; what is longer than a byte can count is cut, and then refused by every reader.
fn put_short(out: &mut Vec<u8>, bytes: &[u8]) {
    let length = u8::try_from(bytes.len()).unwrap_or(u8::MAX);
    out.push(length);
    out.extend_from_slice(&bytes[..length.into()]);
}

impl Decode for UnsignedOperation {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let version = reader.u8()?;
        if version != VERSION {
            return Err(DecodeError::UnknownTag { what: "operation version", tag: version.into() });
        }
        let sender = Account::decode(reader)?;
        let nonce = reader.u64()?;
        let fee = Fee::decode(reader)?;
        let action = match reader.u8()? {
            1 => {
                let (asset, amount, to) = payment(reader)?;
                Action::Transfer { asset, amount, to }
            }
            2 => {
                let (asset, amount, to) = payment(reader)?;
                Action::Mint { asset, amount, to }
            }
            3 => registration(reader, &sender)?,
            4 => Action::Announce {
                kind: AnnouncementKind::decode(reader)?,
                subject: reader.array()?,
                hash: reader.array()?,
            },
            tag => return Err(DecodeError::UnknownTag { what: "operation", tag: tag.into() }),
        };
        Ok(Self { sender, nonce, fee, action })
    }
}

fn payment(reader: &mut Reader<'_>) -> Result<(AssetId, Value, Account), DecodeError> {
    let asset = AssetId::decode(reader)?;
    if asset == AssetId::NONE {
        return Err(DecodeError::OutOfRange { what: "operation's asset" });
    }
    let amount = Value::decode(reader)?;
    if amount == Value::ZERO {
        return Err(DecodeError::OutOfRange { what: "operation's amount" });
    }
    Ok((asset, amount, Account::decode(reader)?))
}

fn registration(reader: &mut Reader<'_>, sender: &Account) -> Result<Action, DecodeError> {
    let length = reader.u8()?;
    let symbol = core::str::from_utf8(reader.take(length.into())?)
        .map_err(|_| DecodeError::OutOfRange { what: "asset symbol" })?
        .to_owned();
    let decimals = reader.u8()?;
    let length = reader.u8()?;
    let reference = reader.take(length.into())?.to_vec();
    // The descriptor's own limits hold already here, under any id.
    let any = AssetId::new(1).ok_or(DecodeError::OutOfRange { what: "asset id" })?;
    AssetDescriptor::new(any, &symbol, decimals, sender.0, &reference)?;
    Ok(Action::RegisterAsset { symbol, decimals, reference })
}

impl Encode for Operation {
    fn encode(&self, out: &mut Vec<u8>) {
        self.body.encode(out);
        out.extend_from_slice(&self.signature);
    }
}

impl Decode for Operation {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let body = UnsignedOperation::decode(reader)?;
        Ok(Self { body, signature: reader.array()? })
    }
}

#[cfg(test)]
mod tests;
