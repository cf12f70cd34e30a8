use louver_core::{asset::KnownAssets, store::StoreError};
use louver_wallet::{
    account::AccountError,
    disclosure::OpeningError,
    phrase::PhraseError,
    plan::{PlanError, Shortfall},
    scan::{EnhanceError, ScanError},
    send::SendError,
    wallet::OpenError,
};

use crate::exit::{Failure, Kind};

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::storage(error)
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Store(error) => error.into(),
            OpenError::OtherChain => Self::wallet("other_chain", error),
            OpenError::AssetChanged(_) => Self::node(error),
            error => Self::new(Kind::Storage, "wallet_file", error),
        }
    }
}

impl From<AccountError> for Failure {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Store(error) => error.into(),
            AccountError::Vault(error) => Self::wallet("locked", error),
            AccountError::Phrase(error) => error.into(),
            error => Self::wallet("account", error),
        }
    }
}

impl From<PhraseError> for Failure {
    fn from(error: PhraseError) -> Self {
        Self::new(Kind::Input, "phrase", error)
    }
}

impl From<ScanError> for Failure {
    fn from(error: ScanError) -> Self {
        match error {
            ScanError::Store(error) => error.into(),
            // This catches a node that leaves out, alters or reorders blocks.
            error => Self::new(Kind::Node, "scan", error),
        }
    }
}

impl From<EnhanceError> for Failure {
    fn from(error: EnhanceError) -> Self {
        match error {
            EnhanceError::Store(error) => error.into(),
            error => Self::new(Kind::Node, "scan", error),
        }
    }
}

impl From<SendError> for Failure {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Store(error) => error.into(),
            SendError::Account(error) => error.into(),
            error => Self::wallet("not_sent", error),
        }
    }
}

impl From<OpeningError> for Failure {
    fn from(error: OpeningError) -> Self {
        match error {
            OpeningError::Store(error) => error.into(),
            OpeningError::Account(error) => error.into(),
            error => Self::wallet("not_opened", error),
        }
    }
}

/// Why there is no plan, with amounts in the asset's unit.
pub(crate) fn no_plan(error: PlanError, assets: &KnownAssets) -> Failure {
    match error {
        PlanError::Store(error) => error.into(),
        PlanError::Account(error) => error.into(),
        PlanError::InsufficientFunds { asset, needed, spendable, missing, unspendable } => {
            let short = Shortfall { asset, needed, spendable, missing, unspendable };
            Failure::wallet("insufficient_funds", too_little(&short, assets))
        }
        PlanError::SeveralShort(short) => {
            let short: Vec<String> = short.iter().map(|short| too_little(short, assets)).collect();
            Failure::wallet("insufficient_funds", short.join(". "))
        }
        PlanError::TransparentFunds { asset, needed, available, deposit, fits } => Failure::wallet(
            "transparent_funds",
            format!(
                "the deposit takes {} with its fee, and the transparent account holds {}: at most {} can be moved now",
                assets.format_amount(asset, needed),
                assets.format_amount(asset, available.0),
                assets.format_amount(deposit, fits.0)
            ),
        ),
        PlanError::AddressExpired { .. } => Failure::wallet("address_expired", error),
        PlanError::ForeignPool => Failure::wallet("foreign_pool", error),
        error => Failure::wallet("no_plan", error),
    }
}

/// A sentence about the missing amount of an asset, in its unit.
fn too_little(short: &Shortfall, assets: &KnownAssets) -> String {
    let Shortfall { asset, needed, spendable, missing, unspendable } = *short;
    let show = |amount: u128| assets.format_amount(asset, amount);
    let mut said = format!(
        "{} are needed with the fee, {} can be spent now: {} are missing",
        show(needed),
        show(spendable),
        show(missing)
    );
    if unspendable.immature > 0 {
        said += &format!("; {} were just received: wait for some blocks", show(unspendable.immature));
    }
    if unspendable.pending > 0 {
        said += &format!(
            "; {} come back with transactions that wait for a block: wait for it",
            show(unspendable.pending)
        );
    }
    if unspendable.newer > 0 {
        said += &format!(
            "; {} were received after the epoch of the payee's address: ask the payee for a new address",
            show(unspendable.newer)
        );
    }
    said
}
