//! The rules of operations.

use louver_core::{
    asset::{AssetDescriptor, AssetId},
    ledger::{
        genesis::Genesis,
        registry::{self, Registration, RegistryError},
    },
    store::{Overlay, StoreError},
    value::Value,
};
use thiserror::Error;

use super::{Action, FeeError, VerifiedOperation};
use crate::{
    announcement::{self, Announcement, AnnouncementTopic},
    holdings::{self, HoldingsError},
};

/// Why an operation is refused.
#[derive(Debug, Error)]
pub enum OperationError {
    /// The signature is not the sender's over this operation on this chain.
    #[error("the signature is not the sender's over this operation on this chain")]
    Signature,
    /// The number was used already, or one before it is missing.
    #[error("the sender's next operation has number {expected}, this one {found}")]
    Nonce {
        /// The number that would be right.
        expected: u64,
        /// The number it has.
        found: u64,
    },
    /// An asset that is not registered.
    #[error("asset {0} is not registered")]
    UnknownAsset(AssetId),
    /// A mint by someone else than the issuer.
    #[error("asset {0} is issued by another account")]
    NotIssuer(AssetId),
    /// The fee is missing, too low or in another asset than fees are taken in.
    #[error(transparent)]
    Fee(#[from] FeeError),
    /// A mint that does not cover its own fee.
    #[error("the mint of {amount} of asset {asset} does not cover its fee of {fee}, which comes out of it")]
    MintBelowFee {
        /// The asset.
        asset: AssetId,
        /// The minted amount.
        amount: Value,
        /// The fee.
        fee: Value,
    },
    /// A balance does not allow it.
    #[error(transparent)]
    Holdings(HoldingsError),
    /// A topic has as many announcements as can be counted.
    #[error("nothing more can be announced about this subject by this account")]
    AnnouncementsExhausted,
    /// The registry refuses.
    #[error(transparent)]
    Registry(RegistryError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl OperationError {
    /// Whether the store failed, rather than the operation.
    pub fn is_internal(&self) -> bool {
        matches!(self, Self::Store(_))
    }
}

impl From<HoldingsError> for OperationError {
    fn from(error: HoldingsError) -> Self {
        match error {
            HoldingsError::Store(error) => Self::Store(error),
            other => Self::Holdings(other),
        }
    }
}

impl From<RegistryError> for OperationError {
    fn from(error: RegistryError) -> Self {
        match error {
            RegistryError::Store(error) => Self::Store(error),
            other => Self::Registry(other),
        }
    }
}

/// Applies an operation in the block at `height`. On an error the state may be half changed: the caller restores it.
pub(crate) fn apply(
    state: &mut Overlay<'_>,
    genesis: &Genesis,
    height: u32,
    operation: &VerifiedOperation,
) -> Result<(), OperationError> {
    if *operation.genesis() != genesis.hash() {
        return Err(OperationError::Signature);
    }
    let body = operation.body();
    body.check_fee(genesis)?;
    let expected = holdings::nonce(state, &body.sender)?;
    if body.nonce != expected {
        return Err(OperationError::Nonce { expected, found: body.nonce });
    }
    holdings::advance_nonce(state, &body.sender)?;
    match &body.action {
        Action::Transfer { asset, amount, to } => {
            registered(state, *asset)?;
            holdings::debit(state, &body.sender, *asset, *amount)?;
            holdings::credit(state, to, *asset, *amount)?;
        }
        Action::Mint { asset, amount, to } => {
            if registered(state, *asset)?.issuer() != &body.sender.0 {
                return Err(OperationError::NotIssuer(*asset));
            }
            let fee = body.fee.amount();
            if body.fee.asset() == *asset && fee != Value::ZERO {
                // Out of what is minted, so that the issuer of a new chain can pay at all.
                let rest = amount.checked_sub(fee).filter(|rest| *rest != Value::ZERO);
                let rest =
                    rest.ok_or(OperationError::MintBelowFee { asset: *asset, amount: *amount, fee })?;
                holdings::issue(state, to, *asset, rest)?;
                holdings::issue(state, &genesis.terms().fee_account.into(), *asset, fee)?;
                return Ok(());
            }
            holdings::issue(state, to, *asset, *amount)?;
        }
        Action::RegisterAsset { symbol, decimals, reference } => {
            let registration = Registration {
                symbol,
                decimals: *decimals,
                issuer: body.sender.into(),
                host_reference: reference,
            };
            registry::register(state, &registration)?;
        }
        Action::Announce { kind, subject, hash } => {
            let topic = AnnouncementTopic { kind: *kind, announcer: body.sender, subject: *subject };
            if !announcement::enter(state, &topic, &Announcement { height, hash: *hash })? {
                return Err(OperationError::AnnouncementsExhausted);
            }
        }
    }
    let (asset, amount) = (body.fee.asset(), body.fee.amount());
    if amount != Value::ZERO {
        registered(state, asset)?;
        holdings::debit(state, &body.sender, asset, amount)?;
        holdings::credit(state, &genesis.terms().fee_account.into(), asset, amount)?;
    }
    Ok(())
}

fn registered(state: &Overlay<'_>, asset: AssetId) -> Result<AssetDescriptor, OperationError> {
    registry::descriptor(state, asset)?.ok_or(OperationError::UnknownAsset(asset))
}
