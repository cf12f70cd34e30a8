//! Transactions on the wire, their hashes and their signatures.

use louver_core::{
    asset::{AssetDescriptor, DescriptorHash},
    encoding::{Decode, Encode},
    keys::{RandomizedKey, SpendSignature},
    pool::GenesisHash,
    statement::TransferPublic,
    transaction::{Effects, PublicSide as Side, SigHash, Transaction, TxContext},
};

use super::{ProtocolError, argument, array, bytes, pool, text};
use crate::{Amount, PublicSide};

data! {
    /// A transaction, by its public fields.
    pub struct TransactionFields {
        /// Inputs by outputs, such as `2x3`.
        pub shape: String,
        /// The last block that can take it.
        pub expiry_height: u32,
        /// The epoch that it declares.
        pub epoch: u16,
        /// The memo bucket.
        pub memo_bucket: u8,
        /// The fee.
        pub fee: Amount,
        /// The movement into or out of the pool.
        pub side: PublicSide,
        /// The payer of a deposit, or the recipient of a withdrawal.
        pub party: Option<String>,
        /// The encoding of its effects.
        pub effects: String,
        /// The key that verifies the signature.
        pub rk: String,
        /// The signature.
        pub signature: String,
        /// The transaction's encoding, written again.
        pub bytes: String,
    }
}

data! {
    /// The hashes of a transaction.
    pub struct TransactionHashes {
        /// The hash of its effects.
        pub txid: String,
        /// The hash of its effects and its authorisation.
        pub wtxid: String,
        /// The hash that is signed.
        pub sighash: String,
    }
}

data! {
    /// A public input of the statement.
    pub struct NamedScalar {
        /// Its name.
        pub name: String,
        /// Its value.
        pub value: String,
    }
}

/// `[transaction-codec]`: reads a transaction.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn read_transaction(transaction: String) -> Result<TransactionFields, ProtocolError> {
    let transaction = Transaction::from_bytes(&bytes("transaction", &transaction)?)?;
    let effects = transaction.effects();
    let party = match effects.public_side() {
        Side::Internal => None,
        Side::Deposit { payer, .. } => Some(payer.0),
        Side::Withdrawal { recipient, .. } => Some(recipient.0),
    };
    Ok(TransactionFields {
        shape: effects.shape().name().to_owned(),
        expiry_height: effects.expiry_height(),
        epoch: effects.epoch().0,
        memo_bucket: effects.memo_bucket().code(),
        fee: Amount::new(effects.fee().asset(), effects.fee().amount()),
        side: effects.public_side().into(),
        party: party.map(hex::encode),
        effects: hex::encode(effects.to_bytes()),
        rk: hex::encode(effects.rk().to_array()),
        signature: hex::encode(transaction.authorization().signature().to_array()),
        bytes: hex::encode(transaction.to_bytes()),
    })
}

/// `[tx-hashes]`: the ids and the signed hash of a transaction in a context, as [`transaction_context`] gives it.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn transaction_hashes(transaction: String, context: String) -> Result<TransactionHashes, ProtocolError> {
    let transaction = Transaction::from_bytes(&bytes("transaction", &transaction)?)?;
    let context = read_context(&context)?;
    Ok(TransactionHashes {
        txid: hex::encode(transaction.txid(&context).0),
        wtxid: hex::encode(transaction.wtxid(&context).0),
        sighash: hex::encode(transaction.effects().sighash(&context).0),
    })
}

/// `[transfer-public]`: the public inputs of the proof of a transaction of a pool without auditors, in order.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn transaction_public_inputs(
    transaction: String,
    pool_tag: String,
) -> Result<Vec<NamedScalar>, ProtocolError> {
    let transaction = Transaction::from_bytes(&bytes("transaction", &transaction)?)?;
    let public = transaction.public_inputs(pool(&pool_tag)?, None);
    if transaction.effects().audit().is_some() {
        return Err(argument("transaction"));
    }
    let names = TransferPublic::names(transaction.effects().shape());
    let named = names.into_iter().zip(public.to_scalars());
    Ok(named.map(|(name, value)| NamedScalar { name, value: text(&value) }).collect())
}

/// `[tx-context]`: the data that a transaction's hashes bind in addition to its effects. Absent descriptors are zeros.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn transaction_context(
    genesis_hash: String,
    public_descriptor: Option<String>,
    fee_descriptor: Option<String>,
) -> Result<String, ProtocolError> {
    let hash = |descriptor: Option<String>| match descriptor {
        Some(descriptor) => Ok::<_, ProtocolError>(read_descriptor(&descriptor)?.hash()),
        None => Ok(DescriptorHash::default()),
    };
    let context = TxContext {
        genesis: GenesisHash(array("genesis_hash", &genesis_hash)?),
        public_asset: hash(public_descriptor)?,
        fee_asset: hash(fee_descriptor)?,
        auditor: None,
    };
    Ok(hex::encode(context.to_bytes()))
}

/// `[asset-descriptor]`: the hash of an asset's descriptor.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn asset_descriptor_hash(descriptor: String) -> Result<String, ProtocolError> {
    Ok(hex::encode(read_descriptor(&descriptor)?.hash().0))
}

/// `[tx-hashes]`: the signed hash of effects in a context, as [`transaction_context`] gives it.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn effects_sighash(effects: String, context: String) -> Result<String, ProtocolError> {
    let effects = Effects::from_bytes(&bytes("effects", &effects)?)?;
    Ok(hex::encode(effects.sighash(&read_context(&context)?).0))
}

/// `[tx-hashes]`: the message that the payer of a deposit signs.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn host_message(sighash: String) -> Result<String, ProtocolError> {
    Ok(hex::encode(SigHash(array("sighash", &sighash)?).host_message()))
}

/// `[redjubjub]`: whether a signature under `rk` signs a message.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn verify_spend_signature(rk: String, message: String, signature: String) -> Result<bool, ProtocolError> {
    let rk = RandomizedKey::from_bytes(&bytes("rk", &rk)?)?;
    let signature = SpendSignature::from_array(array("signature", &signature)?);
    Ok(rk.verify(&array("message", &message)?, &signature).is_ok())
}

fn read_context(text: &str) -> Result<TxContext, ProtocolError> {
    let bytes: [u8; 96] = array("context", text)?;
    let part = |number: usize| core::array::from_fn(|index| bytes[32 * number + index]);
    Ok(TxContext {
        genesis: GenesisHash(part(0)),
        public_asset: DescriptorHash(part(1)),
        fee_asset: DescriptorHash(part(2)),
        auditor: None,
    })
}

fn read_descriptor(text: &str) -> Result<AssetDescriptor, ProtocolError> {
    Ok(AssetDescriptor::from_bytes(&bytes("descriptor", text)?)?)
}
