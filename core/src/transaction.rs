//! Transactions: what they do, who authorises it, and the stages they pass before a ledger takes them.
//!
//! A transaction moves through types: a [`TransferPlan`] is built, a [`Built`] is proven, a [`Proven`] is signed, a
//! [`Transaction`] is verified, and only a [`Verified`] one can be applied to a ledger. Signing needs no proof and
//! proving no signature: sign now, prove later, prove again.

use core::fmt;

use crate::{
    audit::NumberedKey,
    encoding::{Decode, DecodeError, Encode, Reader, point_bytes},
    pool::{PoolTag, RulesVersion},
    spec::b32,
    statement::TransferPublic,
};

pub mod authorization;
mod build;
pub mod context;
mod dummy;
pub mod effects;
#[cfg(any(test, feature = "testing"))]
pub mod examples;
mod hedge;
pub mod plan;
pub mod public_side;
pub mod stage;
pub mod verified;

pub use authorization::Authorization;
pub use context::TxContext;
pub use effects::Effects;
pub use plan::{BuildError, Payment, Spend, TransferPlan};
pub use public_side::{Fee, PublicSide, TransparentAccount};
pub use stage::{Built, Proven, SigningRequest};
pub use verified::{Refused, Verified, verify_batch, verify_each};

macro_rules! hash_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub [u8; 32]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl Encode for $name {
            fn encode(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.0);
            }
        }

        impl Decode for $name {
            fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                reader.array().map(Self)
            }
        }
    };
}

hash_id! {
    /// `[tx-hashes]`: the hash of a transaction's effects in their context: the same for every proof and
    /// signature of them.
    TxId
}
hash_id! {
    /// The hash of a transaction with its authorisation: of these very bytes.
    WtxId
}
hash_id! {
    /// The hash that a transaction's signature signs: its effects in their context, and neither anchor nor proof.
    SigHash
}

impl SigHash {
    /// The message that the debited account of the host signs.
    pub fn host_message(&self) -> [u8; 32] {
        b32(b"LouverHostSig", &[&self.0])
    }
}

/// The key under which a verification may be remembered. Never use [`TxId`]: other proofs and signatures share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CacheKey {
    /// The transaction's very bytes.
    pub wtxid: WtxId,
    /// The rules it was verified under.
    pub rules: RulesVersion,
    /// The auditor key it was verified under, in an audited pool.
    pub auditor: Option<[u8; 32]>,
}

impl CacheKey {
    fn of(transaction: &Transaction, wtxid: WtxId, context: &TxContext) -> Self {
        let auditor = context.auditor.map(|auditor| point_bytes(&auditor.key.to_point()));
        Self { wtxid, rules: transaction.effects.rules(), auditor }
    }
}

/// Effects and their authorisation, in the one form that goes over the wire. Well-formed, and not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    effects: Effects,
    authorization: Authorization,
}

impl Transaction {
    /// A transaction of its two parts. Only a deposit, where the host is debited, carries a host's authorisation.
    pub fn new(effects: Effects, authorization: Authorization) -> Result<Self, DecodeError> {
        if !authorization.host().is_empty() && !effects.public_side().is_deposit() {
            return Err(DecodeError::NotCanonical { what: "a host authorisation without a deposit" });
        }
        Ok(Self { effects, authorization })
    }

    /// The same with the authorisation of the host's account, which a deposit debits.
    pub fn with_host_authorization(self, host: Vec<u8>) -> Result<Self, DecodeError> {
        Self::new(self.effects, self.authorization.with_host(host)?)
    }

    /// Its effects.
    pub fn effects(&self) -> &Effects {
        &self.effects
    }

    /// Its authorisation.
    pub fn authorization(&self) -> &Authorization {
        &self.authorization
    }

    /// The id of its effects.
    pub fn txid(&self, context: &TxContext) -> TxId {
        self.effects.txid(context)
    }

    /// The id of these very bytes.
    pub fn wtxid(&self, context: &TxContext) -> WtxId {
        self.wtxid_of(&self.txid(context))
    }

    fn wtxid_of(&self, txid: &TxId) -> WtxId {
        WtxId(b32(b"LouverWtxId", &[&txid.0, &self.authorization.to_bytes()]))
    }

    /// The key under which its verification may be remembered.
    pub fn cache_key(&self, context: &TxContext) -> CacheKey {
        CacheKey::of(self, self.wtxid(context), context)
    }

    /// The public inputs of its proof in a pool of tag `pool`: built, never parsed. See [`Effects::public_inputs`].
    pub fn public_inputs(&self, pool: PoolTag, auditor: Option<NumberedKey>) -> TransferPublic {
        self.effects.public_inputs(pool, auditor, self.authorization.anchor())
    }
}

/// `[transaction-codec]`
impl Encode for Transaction {
    fn encode(&self, out: &mut Vec<u8>) {
        self.effects.encode(out);
        self.authorization.encode(out);
    }
}

impl Decode for Transaction {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Self::new(Effects::decode(reader)?, Authorization::decode(reader)?)
    }
}

#[cfg(test)]
mod tests;
