//! A wallet file and the node that it follows.

use std::{
    collections::BTreeMap,
    path::Path,
    time::{Duration, Instant},
};

use louver_chain::Account;
use louver_client::api::Refusal;
use louver_core::{
    asset::{AssetId, KnownAssets},
    proof::Progress,
    store::StoreError,
    value::Value,
};
use louver_wallet::{
    abandonment::Final,
    account::AccountNumber,
    follow::{Answer, Ask, Follow, FollowError, FollowSummary, Submission},
    phrase::RecoveryPhrase,
    store::SqliteStore,
    vault::Protection,
    wallet::{NewWallet, OpenError, Wallet},
};

use crate::{
    client::{Client, ClientError},
    exit::{Failure, Kind},
};

/// The default account of commands.
pub(crate) const FIRST: AccountNumber = AccountNumber(0);

/// How long a command waits for another one that uses the wallet's file.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10);

/// An open wallet and its node. It holds the file until it is dropped, so no command keeps it while waiting for a
/// block.
pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) wallet: Wallet,
    /// The assets, checked by the wallet: known assets keep their decimals, whatever a node says.
    pub(crate) assets: KnownAssets,
}

impl Session {
    /// Opens an existing wallet.
    pub(crate) fn open(client: Client, path: &Path) -> Result<Self, Failure> {
        if !path.is_file() {
            return Err(Failure::storage(format!(
                "there is no wallet at {}: make one with `louver wallet create`",
                path.display()
            )));
        }
        let wallet = Wallet::open(store(path)?).map_err(|error| unopened(error, path))?;
        let assets = assets(&wallet)?;
        Ok(Self { client, wallet, assets })
    }

    /// Makes a wallet with one account, which looks for payments after the block at `birthday`. It takes over a file
    /// that an interrupted attempt left behind.
    pub(crate) fn create(
        client: Client,
        path: &Path,
        phrase: &RecoveryPhrase,
        protection: &Protection,
        birthday: u32,
    ) -> Result<Self, Failure> {
        let chain = pollster::block_on(client.connection().parameters())?;
        if birthday > chain.height {
            return Err(Failure::input(format!(
                "the chain has no block {birthday} yet: its last one is block {}",
                chain.height
            )));
        }
        let birthday = pollster::block_on(client.connection().birthday(birthday))?;
        let new = NewWallet { phrase: Some((phrase, protection)), chain: &chain, birthday: &birthday };
        let wallet = Wallet::create(store(path)?, new).map_err(|error| unopened(error, path))?;
        let assets = assets(&wallet)?;
        Ok(Self { client, wallet, assets })
    }

    /// Follows the node to its last block.
    pub(crate) fn sync(&mut self, progress: &mut dyn Progress) -> Result<FollowSummary, Failure> {
        self.follow(Follow::new(), progress)
    }

    /// Forgets every block and reads again from a birthday: the wallet's own, or an earlier one.
    pub(crate) fn rescan(
        &mut self,
        birthday: Option<u32>,
        progress: &mut dyn Progress,
    ) -> Result<FollowSummary, Failure> {
        let follow = Follow::rescan(&self.wallet, birthday).map_err(FollowError::<Failure>::from)?;
        self.follow(follow, progress)
    }

    fn follow(
        &mut self,
        mut follow: Follow<Failure>,
        progress: &mut dyn Progress,
    ) -> Result<FollowSummary, Failure> {
        while let Some(ask) = follow.next() {
            follow.answer(&mut self.wallet, answer(&self.client, ask))?;
            let read = follow.progress();
            // Stopping the command stops the process; blocks that were read stay read.
            let _ = progress.report(read.done, read.total);
        }
        self.assets = assets(&self.wallet)?;
        Ok(follow.finish()?)
    }

    /// The balances of a transparent account, by asset.
    pub(crate) fn transparent_funds(&self, account: Account) -> Result<BTreeMap<AssetId, Value>, Failure> {
        Ok(self.client.holdings(account)?.balances.into_iter().collect())
    }

    /// A value in the asset's unit.
    pub(crate) fn show_value(&self, asset: AssetId, value: Value) -> String {
        self.assets.format_amount(asset, value.0)
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
            opened => {
                return opened.map_err(|error| Failure::storage(format!("{}: {error}", path.display())));
            }
        }
    }
}

fn unopened(error: OpenError, path: &Path) -> Failure {
    match error {
        OpenError::Present => Failure::storage(format!(
            "there is a wallet at {} already, which is left as it is: choose another file with --wallet",
            path.display()
        )),
        OpenError::Absent => Failure::storage(format!(
            "{} holds no wallet: the command that was to make one did not come to its end. `louver wallet create` or \
             `louver wallet restore` makes one there",
            path.display()
        )),
        error => Failure::from(error).during(path.display()),
    }
}

/// The assets that a wallet knows: those of genesis, and those that it has learnt since.
fn assets(wallet: &Wallet) -> Result<KnownAssets, Failure> {
    wallet.chain().known_assets().map_err(Failure::storage)
}

/// Asks the node. A refusal of a transaction tells whether a later block may cure it.
fn answer(client: &Client, ask: Ask) -> Result<Answer, Failure> {
    let Ask::Submit(outgoing) = &ask else {
        return Ok(pollster::block_on(client.connection().answer(ask))?);
    };
    match client.submit(&outgoing.bytes) {
        Ok(_) => Ok(Answer::Submitted(Submission::Taken)),
        Err(ClientError::Refused { refusal, .. }) => Ok(Answer::Submitted(refused(&refusal))),
        Err(error) => Err(error.into()),
    }
}

/// Whether a later block may still take a transaction that a node refused.
pub(super) fn refused(refusal: &Refusal) -> Submission {
    match refusal {
        Refusal::AnchorTooOld => Submission::RefusedForGood(Final::AnchorTooOld),
        Refusal::ProofInvalid | Refusal::SignatureInvalid | Refusal::HostAuthorization => {
            Submission::RefusedForGood(Final::Invalid)
        }
        Refusal::RulesOff
        | Refusal::RulesUnknown
        | Refusal::FeeTooLow
        | Refusal::FeeAsset
        | Refusal::FeeMissing
        | Refusal::ShapeNotAllowed
        | Refusal::ExpiryBucket
        | Refusal::ExpiryPastEpoch
        | Refusal::PoolMismatch
        | Refusal::ContextMismatch
        | Refusal::NotCanonical => Submission::RefusedForGood(Final::Rules),
        _ => Submission::Refused,
    }
}

impl From<FollowError<Self>> for Failure {
    fn from(error: FollowError<Self>) -> Self {
        match error {
            FollowError::Node(failure) => failure,
            FollowError::OtherChain => Self::wallet("other_chain", error),
            FollowError::Store(error) => error.into(),
            FollowError::Birthday(error) => Self::input(error),
            FollowError::Reorganised => Self::new(
                Kind::Node,
                "reorganised",
                "the chain was reorganised further back than the wallet can follow. No money is lost by that: `louver \
                 wallet rescan` reads the chain again from the wallet's birthday",
            ),
            error => Self::new(Kind::Node, "scan", error),
        }
    }
}
