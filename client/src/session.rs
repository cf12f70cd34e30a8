//! A wallet that follows a node.

use core::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use louver_core::{
    encoding::{Decode, Encode},
    store::{Store, StoreError},
};
use louver_light::Reader;
use louver_wallet::{
    account::AccountError,
    chain::ChainParameters,
    follow::{Ask, Follow, FollowError, FollowSummary},
    phrase::RecoveryPhrase,
    register::Origin,
    scan::BirthdayError,
    vault::Protection,
    wallet::{NewWallet, OpenError, Wallet},
};
use thiserror::Error;

use crate::{
    apart::apart,
    connection::Connection,
    error::ClientError,
    watch::{Stage, StopOnDrop, Watch},
};

mod schedule;
mod send;
mod wait;

pub use schedule::{CarryOutError, ReadyProver};
pub use send::{ProveDraft, RetryError, Sent};
pub use wait::Waited;

/// Tells when a wallet's writes are safe from a crash: at once for stores that write durably, later for those whose
/// host still has to write.
#[async_trait]
pub trait Saved: Send + Sync {
    /// Ends when everything written so far is safe.
    ///
    /// # Errors
    /// It could not be written.
    async fn saved(&self) -> Result<(), StoreError>;
}

/// Why a wallet did not do what it was asked.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SessionError {
    /// The work was stopped. Blocks that were read stay read.
    #[error("it was cancelled")]
    Cancelled,
    /// The wallet belongs to another chain than the node serves.
    #[error("the wallet belongs to another chain than the node's")]
    OtherChain,
    /// The node did not do what it was asked.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The wallet does not accept the node's blocks.
    #[error(transparent)]
    Follow(FollowError<ClientError>),
    /// The wallet could not be made or opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Reading cannot begin at this block.
    #[error(transparent)]
    Birthday(#[from] BirthdayError),
    /// An account refused.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<FollowError<ClientError>> for SessionError {
    fn from(error: FollowError<ClientError>) -> Self {
        match error {
            FollowError::Node(error) => Self::Client(error),
            FollowError::OtherChain => Self::OtherChain,
            FollowError::Birthday(error) => Self::Birthday(error),
            FollowError::Store(error) => Self::Store(error),
            error => Self::Follow(error),
        }
    }
}

/// The data that a new wallet begins with.
#[derive(Debug)]
pub struct Beginning {
    /// The phrase whose keys spend.
    pub phrase: RecoveryPhrase,
    /// The protection of the phrase.
    pub protection: Protection,
    /// The block after which it looks for payments; `None` for a new phrase, which has not been paid yet. A phrase that
    /// was used before needs its birthday: 0 always works, and takes longest.
    pub birthday: Option<u32>,
}

/// A wallet and the node that it follows.
///
/// It can be shared, and used from any thread. The store stays open as long as a session lives, or a call that was
/// begun with it. The wallet is locked for each step of work and free between steps, so that it can be read while it
/// follows or proves.
pub struct Session {
    connection: Arc<Connection>,
    wallet: Mutex<Wallet>,
    saved: Option<Arc<dyn Saved>>,
    /// Held by a task that follows the chain: one at a time.
    turn: async_lock::Mutex<()>,
    /// Held by whatever carries out a schedule: one at a time.
    carrying: async_lock::Mutex<()>,
}

impl Session {
    /// Makes a wallet with one account in an empty store, by a single write.
    ///
    /// # Errors
    /// [`OpenError::Present`] if the store holds a wallet already.
    pub async fn create(
        store: impl Store + Send + 'static,
        saved: Option<Arc<dyn Saved>>,
        connection: Arc<Connection>,
        beginning: Beginning,
    ) -> Result<Arc<Self>, SessionError> {
        let Beginning { phrase, protection, birthday } = beginning;
        let chain = connection.parameters().await?;
        // A phrase that was not paid yet is a new one, of which nothing can have been shown either.
        let origin = if birthday.is_none() { Origin::New } else { Origin::Restored };
        let birthday = connection.birthday(birthday.unwrap_or(chain.height)).await?;
        let reader = connection.kept().to_bytes();
        let wallet = apart(move || {
            let (phrase, reader) = (Some((&phrase, &protection)), Some(reader.as_slice()));
            Wallet::create(store, NewWallet { phrase, chain: &chain, birthday: &birthday, reader, origin })
        })
        .await?;
        let session = Self::of(wallet, connection, saved);
        session.save().await?;
        Ok(session)
    }

    /// Opens the wallet in a store. The node has to go on from the head that the wallet trusted last, and what was chosen for
    /// the wallet counts on.
    ///
    /// # Errors
    /// [`SessionError::OtherChain`] if it belongs to another chain than the node's; [`ClientError::Behind`] and
    /// [`ClientError::Convicted`] if the node does not go on from that head; [`ClientError::Answer`] if the node describes an
    /// asset differently than the wallet does.
    pub async fn open(
        store: impl Store + Send + 'static,
        saved: Option<Arc<dyn Saved>>,
        connection: Arc<Connection>,
    ) -> Result<Arc<Self>, SessionError> {
        let wallet = apart(move || Wallet::open(store)).await?;
        if wallet.chain().genesis.hash() != connection.genesis().hash() {
            return Err(SessionError::OtherChain);
        }
        // Amounts are read and written by the wallet's own knowledge of assets: a node that says otherwise is refused.
        let known = wallet.chain().known_assets().map_err(ClientError::from)?;
        connection.recall(&known).map_err(ClientError::from)?;
        let kept = wallet.reader()?;
        let session = Self::of(wallet, connection, saved);
        if let Some(kept) = kept {
            let reader = Reader::from_bytes(&kept)
                .map_err(|_| StoreError::Corrupt { detail: "the state of the light reader".to_owned() })?;
            let resumed = session.connection.resume(reader).await;
            session.keep_reader().await?;
            resumed?;
        }
        Ok(session)
    }

    /// Keeps the light reader as it stands, with its evidence if it has any.
    async fn keep_reader(self: &Arc<Self>) -> Result<(), StoreError> {
        let reader = self.connection.kept().to_bytes();
        self.change(move |wallet| wallet.keep_reader(&reader)).await
    }

    fn of(wallet: Wallet, connection: Arc<Connection>, saved: Option<Arc<dyn Saved>>) -> Arc<Self> {
        Arc::new(Self {
            connection,
            wallet: Mutex::new(wallet),
            saved,
            turn: async_lock::Mutex::new(()),
            carrying: async_lock::Mutex::new(()),
        })
    }

    /// Lets the wallet learn the assets that a text names by their ids, and those that the connection has met.
    ///
    /// # Errors
    /// Those of [`Connection::learn_named`] and of the store.
    pub async fn learn_named(self: &Arc<Self>, text: &str) -> Result<(), SessionError> {
        self.connection.learn_named(text).await?;
        let assets = self.connection.assets().registered().to_vec();
        let changed = move |wallet: &mut Wallet| {
            let known = wallet.chain().clone();
            match assets.len() == known.assets.len() {
                true => Ok(()),
                false => wallet.update_chain(&ChainParameters { assets, ..known }),
            }
        };
        self.change(changed).await.map_err(SessionError::Open)
    }

    /// The node that the wallet follows.
    pub fn connection(&self) -> &Arc<Connection> {
        &self.connection
    }

    /// The wallet, for hosts that may block a thread. It is locked until the guard is dropped. Drop the guard before the
    /// next call on this session: that call would wait for it forever.
    pub fn wallet(&self) -> MutexGuard<'_, Wallet> {
        self.wallet.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads from the wallet, on a thread that may block.
    pub async fn with<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut Wallet) -> T + Send + 'static,
    ) -> T {
        let session = self.clone();
        apart(move || work(&mut session.wallet())).await
    }

    /// Changes the wallet, and waits until the change is safe.
    ///
    /// # Errors
    /// Those of `work`, and the reason for which the change is not safe.
    pub async fn change<T: Send + 'static, E: From<StoreError> + Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut Wallet) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let value = self.with(work).await?;
        self.save().await?;
        Ok(value)
    }

    async fn save(&self) -> Result<(), StoreError> {
        match &self.saved {
            Some(saved) => saved.saved().await,
            None => Ok(()),
        }
    }

    /// Follows the node to its last block: rolls back after a reorganisation, reads the new blocks, and submits again
    /// the transactions that have waited long for a block. [`louver_wallet::follow`] decides the order of questions and
    /// what they keep from the node. If the work is stopped, blocks that were read stay read.
    ///
    /// # Errors
    /// [`SessionError::Cancelled`] if the watch stopped it; why the node did not answer, or the fault in its answers.
    pub async fn follow(
        self: &Arc<Self>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<FollowSummary, SessionError> {
        self.exchange(|_| Ok(Follow::new()), watch).await
    }

    /// Forgets every block and reads again from the block after the wallet's birthday, for an account that was added or
    /// after a reorganisation that goes back too far. An earlier `birthday` replaces the wallet's.
    ///
    /// # Errors
    /// [`BirthdayError::Later`] for a later birthday, and those of [`Session::follow`].
    pub async fn rescan(
        self: &Arc<Self>,
        birthday: Option<u32>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<FollowSummary, SessionError> {
        self.exchange(move |wallet| Follow::rescan(wallet, birthday), watch).await
    }

    async fn exchange(
        self: &Arc<Self>,
        begin: impl FnOnce(&Wallet) -> Result<Follow<ClientError>, BirthdayError> + Send + 'static,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<FollowSummary, SessionError> {
        let _turn = self.turn.lock().await;
        let read = self.read(begin, watch).await;
        self.keep_reader().await?;
        read
    }

    async fn read(
        self: &Arc<Self>,
        begin: impl FnOnce(&Wallet) -> Result<Follow<ClientError>, BirthdayError> + Send + 'static,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<FollowSummary, SessionError> {
        use louver_core::proof::Progress;
        let stop = StopOnDrop::default();
        let mut progress = stop.watched(watch.as_ref(), Stage::Scanning);
        let mut follow = self.with(move |wallet| begin(wallet)).await?;
        while let Some(ask) = follow.next() {
            let read = follow.progress();
            // The work can be stopped between blocks, and not among whole blocks: those are asked for all at once.
            if matches!(ask, Ask::Blocks(_)) && progress.report(read.done, read.total).is_break() {
                return Err(SessionError::Cancelled);
            }
            let answer = match ask {
                Ask::Save => {
                    self.save().await?;
                    Ok(louver_wallet::follow::Answer::Saved)
                }
                ask => self.connection.answer(ask).await,
            };
            follow = self.with(move |wallet| follow.answer(wallet, answer).map(|()| follow)).await?;
        }
        let read = follow.progress();
        // Nothing is left to stop.
        let _ = progress.report(read.total, read.total);
        Ok(follow.finish()?)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session(..)")
    }
}
