use std::collections::BTreeSet;

use louver_core::{asset::AssetId, keys::AccountId, pool::GenesisHash, value::Value};
use thiserror::Error;

use super::Owed;

/// The least amount that an account held at a snapshot, as a checked statement shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    pub(crate) genesis: GenesisHash,
    pub(crate) account: AccountId,
    pub(crate) asset: AssetId,
    pub(crate) at_least: Value,
    pub(crate) snapshot: u32,
}

impl Holding {
    /// The account.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The amount that it held at least, in the asset's smallest unit.
    pub fn at_least(&self) -> Value {
        self.at_least
    }
}

/// Why holdings do not stand against what is owed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum BackingError {
    /// A statement and the debts are of different chains.
    #[error("the statement of {0} and the debts are of different chains: they cannot be compared")]
    OtherChain(AccountId),
    /// A statement is about another asset.
    #[error(
        "the statement of {account} is about the asset {found}, and {expected} is owed: it backs nothing of that"
    )]
    OtherAsset {
        /// The account.
        account: AccountId,
        /// The asset that is owed.
        expected: AssetId,
        /// The asset that it held.
        found: AssetId,
    },
    /// A statement is about another snapshot: money that came or went between the two would count at both.
    #[error(
        "the statement of {account} is about snapshot {found}, and the debts are of snapshot {expected}: the same money may have \
         been elsewhere at that time. Ask for a statement at snapshot {expected}"
    )]
    OtherSnapshot {
        /// The account.
        account: AccountId,
        /// The snapshot of the debts.
        expected: u32,
        /// The statement's.
        found: u32,
    },
    /// One account stands there twice: its notes would count twice.
    #[error("two statements are of {0}: its money counts once. Ask for one statement of each account")]
    Twice(AccountId),
    /// The account that the debts were published for shows nothing.
    #[error(
        "the debts are published for {0}, and no statement is of that account: other money may back other debts too"
    )]
    NotOfTheDebtor(AccountId),
    /// Less is held than is owed.
    #[error("the statements show {held} units, and {owed} are owed: the reserves do not cover the debts")]
    TooLittle {
        /// The sum of the statements, in the asset's smallest unit.
        held: u128,
        /// The debts, in the asset's smallest unit.
        owed: u128,
    },
}

/// `[reserves-backing]`: debts of a snapshot, and holdings at that snapshot that cover them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backing {
    owed: u128,
    held: u128,
}

impl Backing {
    /// Checks that holdings cover what is owed: of one chain, asset and snapshot, each account once, the account that the debts are
    /// published for among them. That the root is published, and that no other debts are published for these accounts, is for
    /// the ledger to say.
    ///
    /// # Errors
    /// [`BackingError`].
    pub fn of(owed: &Owed, holdings: &[Holding]) -> Result<Self, BackingError> {
        let subject = owed.subject();
        let mut accounts = BTreeSet::new();
        let mut held = 0;
        for holding in holdings {
            let Holding { account, asset, snapshot, .. } = *holding;
            if holding.genesis != subject.genesis {
                return Err(BackingError::OtherChain(account));
            }
            if asset != subject.asset {
                return Err(BackingError::OtherAsset { account, expected: subject.asset, found: asset });
            }
            if snapshot != subject.snapshot {
                let expected = subject.snapshot;
                return Err(BackingError::OtherSnapshot { account, expected, found: snapshot });
            }
            if !accounts.insert(account.to_scalar().to_bytes()) {
                return Err(BackingError::Twice(account));
            }
            // Fewer than 2^64 statements of 64 bits.
            held += u128::from(holding.at_least.0);
        }
        if !accounts.contains(&subject.account.to_scalar().to_bytes()) {
            return Err(BackingError::NotOfTheDebtor(subject.account));
        }
        match held >= owed.total() {
            true => Ok(Self { owed: owed.total(), held }),
            false => Err(BackingError::TooLittle { held, owed: owed.total() }),
        }
    }

    /// The debts, in the asset's smallest unit.
    pub fn owed(&self) -> u128 {
        self.owed
    }

    /// The sum of the statements, in the asset's smallest unit: at least so much was held.
    pub fn held(&self) -> u128 {
        self.held
    }
}
