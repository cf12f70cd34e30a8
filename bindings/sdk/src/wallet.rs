//! A wallet and the node that it follows.

use core::fmt;
use std::sync::{Arc, Weak};

use louver_client::session::{Beginning, Session};
use louver_core::store::{Store, StoreError};
use louver_wallet::{account::AccountNumber, wallet::Wallet as Engine};

use crate::{HistoryEntry, HistoryQuery, Node, Protection, RecoveryPhrase, SpendingKeys, WalletError};

pub use louver_client::session::Saved;

mod book;
mod disclose;
mod schedule;
mod spend;
mod sync;
mod travel_rule;

pub use sync::{Birthday, SyncSummary};

data! {
    /// An account of a wallet.
    pub struct Account {
        /// Its number within the wallet.
        pub number: u32,
        /// The number of the account of the recovery phrase; absent if the account can only be seen.
        pub index: Option<u32>,
        /// Its id (`lvraid1...`), by which auditors know it. It reveals nothing by itself.
        pub id: String,
    }
}

data! {
    /// An account's holdings of one asset, in its smallest unit. The parts do not overlap.
    pub struct Balance {
        /// The asset's id.
        pub asset: u64,
        /// The part that can be spent now.
        pub spendable: u64,
        /// The part received so recently that the wallet waits for more blocks before it spends it.
        pub immature: u64,
        /// The part that returns with transactions that are not in a block yet.
        pub pending: u64,
    }
}

data! {
    /// An address to give out, with the times until which it is valid and can be paid.
    pub struct Receiving {
        /// The address (`lvr1...`).
        pub address: String,
        /// The number of the epoch that it is for.
        pub epoch: u16,
        /// The first second after its epoch, since 1970, from when on payers are asked for a newer address; absent if
        /// it never expires.
        pub valid_until: Option<u64>,
        /// The first second in which no block pays it any more; absent if it never expires.
        pub payable_until: Option<u64>,
    }
}

impl Receiving {
    fn of(given: &louver_wallet::account::Receiving) -> Self {
        Self {
            address: given.address.to_string(),
            epoch: given.address.epoch().0,
            valid_until: given.valid_until,
            payable_until: given.payable_until,
        }
    }
}

data! {
    /// The addresses of a payment request.
    pub struct ReceivingPair {
        /// The address to be paid in this epoch.
        pub now: Receiving,
        /// The address to be paid in the next epoch; absent if this one never ends.
        pub next: Option<Receiving>,
    }
}

/// Identifies the wallet that made a plan or a transaction, in this process. It does not keep the wallet's store open.
/// No other wallet can get the same place in memory while it exists.
#[derive(Clone)]
pub(crate) struct WalletId(Weak<Inner>);

impl WalletId {
    fn of(inner: &Arc<Inner>) -> Self {
        Self(Arc::downgrade(inner))
    }
}

impl PartialEq<Arc<Inner>> for WalletId {
    fn eq(&self, other: &Arc<Inner>) -> bool {
        self.0.as_ptr() == Arc::as_ptr(other)
    }
}

impl fmt::Debug for WalletId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WalletId(..)")
    }
}

/// A wallet: accounts of one pool, their notes and their history, and the node that it follows.
///
/// Handles can be shared and used from any thread. The store stays open as long as a handle lives, or a call that was
/// begun with one; plans, drafts and keys do not keep it open.
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct Wallet(Arc<Inner>);

pub(crate) struct Inner {
    node: Arc<Node>,
    session: Arc<Session>,
}

impl Inner {
    /// Works with the engine, on a thread that may block.
    async fn with<T: Send + 'static>(&self, work: impl FnOnce(&mut Engine) -> T + Send + 'static) -> T {
        self.session.with(work).await
    }

    /// Changes the engine's state, and waits until the change is stored.
    async fn change<T: Send + 'static, E: From<StoreError> + Send + 'static>(
        &self,
        work: impl FnOnce(&mut Engine) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        self.session.change(work).await
    }
}

impl Wallet {
    /// Makes a wallet with one account in an empty store. It looks for payments from its birthday on: a block or a date.
    /// Without a birthday, it is a new wallet and looks for payments from now on.
    pub async fn create_in(
        store: impl Store + Send + 'static,
        saved: Option<Arc<dyn Saved>>,
        node: Arc<Node>,
        phrase: Arc<RecoveryPhrase>,
        protection: Arc<Protection>,
        birthday: Option<Birthday>,
    ) -> Result<Arc<Self>, WalletError> {
        let birthday = match birthday {
            Some(birthday) => Some(birthday.height(&node).await?),
            None => None,
        };
        let beginning =
            Beginning { phrase: phrase.0.clone(), protection: protection.inner().clone(), birthday };
        let session = Session::create(store, saved, node.connection().clone(), beginning).await?;
        Ok(Self::of(session, node))
    }

    /// Opens the wallet in a store.
    pub async fn open_in(
        store: impl Store + Send + 'static,
        saved: Option<Arc<dyn Saved>>,
        node: Arc<Node>,
    ) -> Result<Arc<Self>, WalletError> {
        let session = Session::open(store, saved, node.connection().clone()).await?;
        Ok(Self::of(session, node))
    }

    fn of(session: Arc<Session>, node: Arc<Node>) -> Arc<Self> {
        Arc::new(Self(Arc::new(Inner { node, session })))
    }
}

#[cfg(feature = "files")]
#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Wallet {
    /// Makes a wallet with one account, in a new SQLite file. It looks for payments from its birthday on: a block or a
    /// date. Without a birthday, it is a new wallet and looks for payments from now on. A phrase that was used before
    /// needs its birthday: block 0 always works, and takes longest. [`SyncSummary::late_birthday`] tells of one that was
    /// too late.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub async fn create(
        path: String,
        node: Arc<Node>,
        phrase: Arc<RecoveryPhrase>,
        protection: Arc<Protection>,
        birthday: Option<Birthday>,
    ) -> Result<Arc<Self>, WalletError> {
        let store =
            louver_client::apart::apart(move || louver_wallet::store::SqliteStore::open(path.as_ref()))
                .await?;
        Self::create_in(store, None, node, phrase, protection, birthday).await
    }

    /// Opens the wallet in a SQLite file.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub async fn open(path: String, node: Arc<Node>) -> Result<Arc<Self>, WalletError> {
        let store = louver_client::apart::apart(move || match std::path::Path::new(&path).is_file() {
            true => Ok(louver_wallet::store::SqliteStore::open(path.as_ref())?),
            false => Err(WalletError::NotFound),
        })
        .await?;
        Self::open_in(store, None, node).await
    }
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Wallet {
    /// The node that the wallet follows.
    pub fn node(&self) -> Arc<Node> {
        self.0.node.clone()
    }

    /// The accounts, by number.
    pub async fn accounts(&self) -> Vec<Account> {
        self.0
            .with(|engine| engine.accounts().iter().map(|account| Account::of(engine, account)).collect())
            .await
    }

    /// Adds account number `index` of the recovery phrase. `keys` must be its keys. The account sees blocks that are
    /// read from now on; [`Wallet::rescan`] finds what it received before.
    pub async fn add_account(&self, keys: Arc<SpendingKeys>, index: u32) -> Result<Account, WalletError> {
        self.0
            .change(move |engine| {
                let number = engine.add_account(&keys.keys, index)?;
                Ok(Account::of(engine, engine.account(number)?))
            })
            .await
    }

    /// The last block that was read.
    pub async fn height(&self) -> Result<u32, WalletError> {
        self.0.with(|engine| Ok(engine.position()?.height)).await
    }

    /// The block after which the wallet looks for payments. [`Wallet::rescan`] starts from it.
    pub async fn birthday(&self) -> Result<u32, WalletError> {
        self.0.with(|engine| Ok(engine.birthday()?)).await
    }

    /// An account's holdings, by asset. Assets that it does not hold are left out.
    pub async fn balances(&self, account: u32) -> Result<Vec<Balance>, WalletError> {
        // No pool holds more than 64 bits of an asset.
        let units = |sum: u128| u64::try_from(sum).unwrap_or(u64::MAX);
        let balances = self.0.with(move |engine| engine.balance(AccountNumber(account))).await?;
        let balance =
            |(asset, held): (louver_core::asset::AssetId, louver_wallet::balance::AssetBalance)| Balance {
                asset: asset.to_u64(),
                spendable: units(held.spendable),
                immature: units(held.immature),
                pending: units(held.pending),
            };
        Ok(balances.into_iter().map(balance).collect())
    }

    /// An account's transactions, the latest first: those that wait for a block, then the others by height.
    pub async fn history(&self, account: u32) -> Result<Vec<HistoryEntry>, WalletError> {
        self.0
            .with(move |engine| {
                engine.account(AccountNumber(account))?;
                Ok(engine.history(AccountNumber(account))?.iter().map(HistoryEntry::from).collect())
            })
            .await
    }

    /// A part of an account's transactions, chosen by their contents and counted from a known one, the latest first. It
    /// takes less time than all of them.
    pub async fn history_page(
        &self,
        account: u32,
        query: HistoryQuery,
    ) -> Result<Vec<HistoryEntry>, WalletError> {
        let number = AccountNumber(account);
        let (wanted, cursors) = (query.read()?, [query.before, query.after]);
        self.0
            .with(move |engine| {
                engine.account(number)?;
                let gone = || WalletError::UnknownTransaction {
                    txid: cursors.into_iter().flatten().collect::<Vec<_>>().join(", "),
                };
                let found = engine.search_history(number, &wanted)?.ok_or_else(gone)?;
                Ok(found.iter().map(HistoryEntry::from).collect())
            })
            .await
    }

    /// An address of an account that was neither given out nor paid before, for an epoch that has not ended; for the
    /// current epoch if none is named.
    pub async fn receive(&self, account: u32, epoch: Option<u16>) -> Result<Receiving, WalletError> {
        let number = AccountNumber(account);
        let given = self
            .0
            .change(move |engine| {
                let given = match epoch {
                    Some(epoch) => engine.receive_in(number, louver_core::epoch::Epoch(epoch)),
                    None => engine.receive(number),
                };
                given.map_err(WalletError::from)
            })
            .await?;
        Ok(Receiving::of(&given))
    }

    /// Addresses for a payment request: of the current epoch, and of the next if there is one, so that the request can be
    /// paid for an epoch at least.
    pub async fn receive_pair(&self, account: u32) -> Result<ReceivingPair, WalletError> {
        let number = AccountNumber(account);
        let pair = self.0.change(move |engine| Ok::<_, WalletError>(engine.receive_pair(number)?)).await?;
        Ok(ReceivingPair { now: Receiving::of(&pair.now), next: pair.next.as_ref().map(Receiving::of) })
    }

    /// The keys that spend. Nothing else in the wallet needs them: hold them only as long as it takes to sign.
    pub async fn unlock(&self, protection: Arc<Protection>) -> Result<Arc<SpendingKeys>, WalletError> {
        self.0
            .with(move |engine| {
                let phrase = engine.recovery_phrase(protection.inner())?;
                Ok(Arc::new(SpendingKeys::of(&phrase)?))
            })
            .await
    }

    /// The recovery phrase, to show to its owner.
    pub async fn recovery_phrase(
        &self,
        protection: Arc<Protection>,
    ) -> Result<Arc<RecoveryPhrase>, WalletError> {
        self.0
            .with(move |engine| Ok(Arc::new(RecoveryPhrase(engine.recovery_phrase(protection.inner())?))))
            .await
    }

    /// Stores the recovery phrase with another protection. Neither protection seals the rest of the wallet's data.
    pub async fn change_protection(
        &self,
        from: Arc<Protection>,
        to: Arc<Protection>,
    ) -> Result<(), WalletError> {
        self.0.change(move |engine| Ok(engine.change_protection(from.inner(), to.inner())?)).await
    }
}

impl Account {
    fn of(engine: &louver_wallet::wallet::Wallet, account: &louver_wallet::account::Account) -> Self {
        Self {
            number: account.number().0,
            index: account.index(),
            id: engine.account_id(account).to_string(),
        }
    }
}

impl fmt::Debug for Wallet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wallet(..)")
    }
}
