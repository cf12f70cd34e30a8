//! A wallet file and the node that it follows.

use std::{
    collections::BTreeMap,
    ops::Deref,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use louver_chain::Account;
use louver_client::{
    session::{self, Beginning, SessionError},
    watch::Watch,
};
use louver_core::{
    asset::{AssetId, KnownAssets},
    store::StoreError,
    value::Value,
};
use louver_viewkeys::report::Paused;
use louver_wallet::{
    account::AccountNumber,
    follow::{FollowError, FollowSummary},
    phrase::RecoveryPhrase,
    store::SqliteStore,
    vault::Protection,
    wallet::{OpenError, Wallet},
};
use pollster::block_on;

use crate::{
    client::Client,
    exit::{Failure, Kind},
    file,
    inspect::seeming,
    output::{Output, progress::Line},
};

/// The default account of commands.
pub(crate) const FIRST: AccountNumber = AccountNumber(0);

/// How long a command waits for another one that uses the wallet's file.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10);

/// An open wallet and its node. It holds the file until it is dropped, so no command keeps it while waiting for a
/// block.
pub(crate) struct Session {
    pub(crate) client: Client,
    session: Arc<session::Session>,
    /// The assets, checked by the wallet: known assets keep their decimals, whatever a node says.
    pub(crate) assets: KnownAssets,
}

impl Deref for Session {
    type Target = Arc<session::Session>;

    fn deref(&self) -> &Self::Target {
        &self.session
    }
}

impl Session {
    fn of(client: Client, session: Arc<session::Session>) -> Result<Self, Failure> {
        let assets = assets(&session.wallet())?;
        Ok(Self { client, session, assets })
    }

    /// The wallet alone: what stands in its file is told without a node.
    pub(crate) fn file(path: &Path) -> Result<Wallet, Failure> {
        Wallet::open(existing(path)?).map_err(|error| unopened(error.into(), path))
    }

    /// Opens an existing wallet.
    pub(crate) fn open(client: Client, path: &Path) -> Result<Self, Failure> {
        let opened = session::Session::open(existing(path)?, None, client.connection().clone());
        let session = block_on(opened).map_err(|error| unopened(error, path))?;
        Self::of(client, session)
    }

    /// Makes a wallet with one account, which looks for payments after the block at `birthday`; without it, for a new phrase,
    /// after the last one. It takes over a file that an interrupted attempt left behind.
    pub(crate) fn create(
        client: Client,
        path: &Path,
        phrase: &RecoveryPhrase,
        protection: &Protection,
        birthday: Option<u32>,
    ) -> Result<Self, Failure> {
        let last = client.advance()?.height;
        if let Some(birthday) = birthday
            && birthday > last
        {
            return Err(Failure::input(format!(
                "the chain has no block {birthday} yet: its last one is block {last}"
            )));
        }
        let (phrase, protection) = (phrase.clone(), protection.clone());
        let beginning = Beginning { phrase, protection, birthday };
        let made = session::Session::create(store(path)?, None, client.connection().clone(), beginning);
        let session = block_on(made).map_err(|error| unopened(error, path))?;
        Self::of(client, session)
    }

    /// Follows the node to its last block.
    pub(crate) fn sync(&mut self, watch: Option<Arc<dyn Watch>>) -> Result<FollowSummary, Failure> {
        let read = block_on(self.session.follow(watch))?;
        self.assets = assets(&self.session.wallet())?;
        Ok(read)
    }

    /// Whether payments stand still on the chain, for programs.
    pub(crate) fn paused(&self) -> Option<Paused> {
        self.client.connection().pause().map(Paused::from)
    }

    /// Forgets every block and reads again from a birthday: the wallet's own, or an earlier one.
    pub(crate) fn rescan(&self, birthday: Option<u32>, output: Output) -> Result<FollowSummary, Failure> {
        Ok(block_on(self.session.rescan(birthday, Line::watch(output, "reading blocks")))?)
    }

    /// The balances of a transparent account, by asset. The wallet learns the assets.
    pub(crate) fn transparent_funds(
        &mut self,
        account: Account,
    ) -> Result<BTreeMap<AssetId, Value>, Failure> {
        let held = self.client.holdings(account)?.balances.into_iter().collect();
        self.learn("")?;
        Ok(held)
    }

    /// The assets, with those that a text names by their ids, as in `5 EURX#700`: the wallet learns them.
    pub(crate) fn learn(&mut self, text: &str) -> Result<&KnownAssets, Failure> {
        block_on(self.session.learn_named(text))?;
        self.assets = assets(&self.session.wallet())?;
        Ok(&self.assets)
    }

    /// A value in the asset's unit.
    pub(crate) fn show_value(&self, asset: AssetId, value: Value) -> String {
        self.assets.format_amount(asset, value.0)
    }
}

/// Opens the file of a wallet that is there.
fn existing(path: &Path) -> Result<SqliteStore, Failure> {
    match path.is_file() {
        true => store(path),
        false => Err(Failure::storage(format!(
            "there is no wallet at {}: make one with `louver wallet create`",
            path.display()
        ))),
    }
}

/// Opens the file of a wallet. Another command holds it only for moments, so this waits for its end.
fn store(path: &Path) -> Result<SqliteStore, Failure> {
    let until = Instant::now() + LOCK_TIMEOUT;
    loop {
        match SqliteStore::open(path) {
            // Opening has already waited as long as SQLite does.
            Err(StoreError::Locked) if Instant::now() < until => {}
            Err(StoreError::Locked) => {
                return Err(Failure::new(
                    Kind::Storage,
                    "wallet_busy",
                    format!(
                        "{} is in use by another process. Wait for its end, or end it, and try again. Nothing was changed",
                        path.display()
                    ),
                ));
            }
            Err(StoreError::Foreign) => return Err(no_wallet(path)),
            opened => {
                return opened.map_err(|error| Failure::storage(format!("{}: {error}", path.display())));
            }
        }
    }
}

/// Another program's file, or another file of ours, stands in the wallet's place. It is left as it is.
pub(super) fn no_wallet(path: &Path) -> Failure {
    let refused =
        file::read(path).map(|bytes| seeming::not_one(path, &bytes, seeming::WALLET, StoreError::Foreign));
    Failure { kind: Kind::Storage, code: "storage".to_owned(), ..refused.unwrap_or_else(|failure| failure) }
}

fn unopened(error: SessionError, path: &Path) -> Failure {
    match error {
        SessionError::Open(OpenError::Present) => Failure::storage(format!(
            "there is a wallet at {} already, which is left as it is: choose another file with --wallet",
            path.display()
        )),
        SessionError::Open(OpenError::Absent) => Failure::storage(format!(
            "{} holds no wallet: the command that was to make one did not come to its end. `louver wallet create` or \
             `louver wallet restore` makes one there",
            path.display()
        )),
        SessionError::Open(error) => Failure::from(error).during(path.display()),
        error => error.into(),
    }
}

/// The assets that a wallet knows: those of genesis, and those that it has learnt since.
fn assets(wallet: &Wallet) -> Result<KnownAssets, Failure> {
    wallet.chain().known_assets().map_err(Failure::storage)
}

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Client(error) => error.into(),
            SessionError::OtherChain => Self::wallet(
                "other_chain",
                format!(
                    "{error}. Nothing was read or changed, and no money is lost: name a node of the wallet's chain (--node), \
                     or another wallet (--wallet). `louver wallet info` says which chain the wallet is of"
                ),
            ),
            SessionError::Open(error) => error.into(),
            SessionError::Store(error) => error.into(),
            SessionError::Birthday(error) => Self::input(error),
            SessionError::Follow(FollowError::Reorganised) => Self::new(
                Kind::Node,
                "reorganised",
                "the chain was reorganised further back than the wallet can follow. No money is lost by that: `louver \
                 wallet rescan` reads the chain again from the wallet's birthday",
            ),
            error => Self::new(Kind::Node, "scan", error),
        }
    }
}
