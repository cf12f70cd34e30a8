//! The wallet, for its host.

use core::{fmt, num::NonZeroU32};

use louver_chain::compact::CompactBlock;
use louver_core::{
    asset::AssetChanged,
    encoding::{Decode, DecodeError, Reader},
    ledger::Genesis,
    store::{Overlay, Store, StoreError},
    tree::Frontier,
};
use thiserror::Error;

use crate::{
    account::{self, Account, AccountError},
    chain::ChainParameters,
    clock::Clock,
    phrase::RecoveryPhrase,
    register::{self, Origin},
    scan::{self, BirthdayError, Position},
    store::{FORMAT_VERSION, META, WalletStore, read, write},
    vault::{Protection, VaultError},
};

const FORMAT_KEY: &[u8] = b"format";
const CHAIN_KEY: &[u8] = b"chain";
const READER_KEY: &[u8] = b"reader";

/// Why a wallet could not be made or opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The store holds a wallet already.
    #[error("the store holds a wallet already")]
    Present,
    /// The store holds no wallet.
    #[error("the store holds no wallet")]
    Absent,
    /// The parameters are those of another chain, or of another pool of it.
    #[error("the wallet belongs to another chain or pool")]
    OtherChain,
    /// The parameters describe an asset differently than before.
    #[error(transparent)]
    AssetChanged(#[from] AssetChanged),
    /// The wallet cannot start to scan at this block.
    #[error(transparent)]
    Birthday(#[from] BirthdayError),
    /// The recovery phrase could not be sealed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The first account could not be made.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The material of a new wallet.
#[derive(Clone, Copy, Debug)]
pub struct NewWallet<'a> {
    /// The phrase whose keys spend, and its protection; `None` for a wallet that only sees.
    pub phrase: Option<(&'a RecoveryPhrase, &'a Protection)>,
    /// The chain and the pool.
    pub chain: &'a ChainParameters,
    /// The block after which scanning starts: the wallet received nothing before.
    pub birthday: &'a Birthday,
    /// The state of the light reader by which the host trusts the chain, if it has one: [`Wallet::reader`].
    pub reader: Option<&'a [u8]>,
    /// The origin of its accounts, which says what its register of disclosures can know.
    pub origin: Origin,
}

/// A block after which a wallet starts to scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Birthday {
    /// The block's height; 0 is genesis.
    pub height: u32,
    /// The block's hash.
    pub hash: [u8; 32],
    /// The block's time, in seconds since 1970.
    pub time: u64,
    /// The commitment tree after the block.
    pub frontier: Frontier,
}

impl Birthday {
    /// Before the first block.
    pub fn genesis(genesis: &Genesis) -> Self {
        Self { height: 0, hash: genesis.hash().0, time: genesis.terms().time, frontier: Frontier::empty() }
    }

    /// After a block, with the tree that follows it according to a node.
    ///
    /// # Errors
    /// [`BirthdayError::WrongTree`] if that tree does not have the root that the block states.
    pub fn after(block: &CompactBlock, frontier: Frontier) -> Result<Self, BirthdayError> {
        let (header, height) = (block.header(), block.height());
        match (frontier.root(), frontier.size()) == (header.anchor, header.tree_size) {
            true => Ok(Self { height, hash: block.hash().0, time: header.time, frontier }),
            false => Err(BirthdayError::WrongTree { height }),
        }
    }
}

/// A wallet: accounts of one pool, their notes and their history, in one store.
///
/// It does not talk to anybody. The host brings it blocks and submits its transactions. Every method that changes the
/// wallet writes one batch: after a crash the change is there in full or not at all.
pub struct Wallet {
    store: WalletStore,
    pub(crate) chain: ChainParameters,
    pub(crate) accounts: Vec<Account>,
    pub(crate) confirmations: NonZeroU32,
    clock: Clock,
}

impl Wallet {
    /// Makes a wallet in an empty store, with account number 0 of its recovery phrase if it has one, by one write: after a
    /// crash there is a whole wallet, or none.
    ///
    /// # Errors
    /// [`OpenError::Present`] if the store holds a wallet already. Nothing was written.
    pub fn create(store: impl Store + Send + 'static, new: NewWallet<'_>) -> Result<Self, OpenError> {
        let chain = new.chain.after(&ChainParameters::new(new.chain.genesis.clone()))?;
        let mut store: WalletStore = Box::new(store);
        let mut overlay = Overlay::new(&*store);
        if overlay.get(META, FORMAT_KEY)?.is_some() {
            return Err(OpenError::Present);
        }
        overlay.put(META, FORMAT_KEY, &FORMAT_VERSION.to_le_bytes());
        write(&mut overlay, META, CHAIN_KEY, &chain);
        if let Some(reader) = new.reader {
            overlay.put(META, READER_KEY, reader);
        }
        let mut accounts = Vec::new();
        if let Some((phrase, protection)) = new.phrase {
            account::seal(&mut overlay, phrase, protection)?;
            accounts.push(account::first(&mut overlay, phrase)?);
        }
        scan::start(&mut overlay, new.birthday)?;
        register::begin(&mut overlay, new.origin, Clock::system().now());
        let batch = overlay.finish()?.changes;
        store.write(&batch)?;
        Ok(Self { store, chain, accounts, confirmations: NonZeroU32::MIN, clock: Clock::system() })
    }

    /// Opens the wallet of a store.
    pub fn open(store: impl Store + Send + 'static) -> Result<Self, OpenError> {
        let store: WalletStore = Box::new(store);
        let overlay = Overlay::new(&*store);
        match read(&overlay, META, FORMAT_KEY)?.ok_or(OpenError::Absent)? {
            Format(FORMAT_VERSION) => {}
            Format(found) => return Err(StoreError::Version { found, expected: FORMAT_VERSION }.into()),
        }
        let chain = read(&overlay, META, CHAIN_KEY)?.ok_or(OpenError::Absent)?;
        let accounts = account::load(&overlay)?;
        drop(overlay);
        Ok(Self { store, chain, accounts, confirmations: NonZeroU32::MIN, clock: Clock::system() })
    }

    /// The chain's parameters, as last told.
    pub fn chain(&self) -> &ChainParameters {
        &self.chain
    }

    /// Takes the chain's current parameters: its rules, fees, assets and height. Known assets do not change: parameters
    /// that describe one of them differently are refused.
    pub fn update_chain(&mut self, chain: &ChainParameters) -> Result<(), OpenError> {
        if !self.chain.is_same_chain(chain) {
            return Err(OpenError::OtherChain);
        }
        let chain = chain.after(&self.chain)?;
        self.change(|overlay, _| {
            write(overlay, META, CHAIN_KEY, &chain);
            Ok::<_, OpenError>(())
        })?;
        self.chain = chain;
        Ok(())
    }

    /// The state of the light reader by which the host came to trust the chain, as the host last kept it: its newest head,
    /// its choice and evidence, if it has any. The wallet does not read it.
    ///
    /// # Errors
    /// Those of the store.
    pub fn reader(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.overlay().get(META, READER_KEY)
    }

    /// Keeps the state of the host's light reader, so that two branches of the chain that are shown on two days are
    /// noticed.
    ///
    /// # Errors
    /// Those of the store.
    pub fn keep_reader(&mut self, reader: &[u8]) -> Result<(), StoreError> {
        if self.reader()?.as_deref() == Some(reader) {
            return Ok(());
        }
        self.change(|overlay, _| {
            overlay.put(META, READER_KEY, reader);
            Ok(())
        })
    }

    /// The same wallet, by another clock than this machine's.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// The time that the next block is not earlier than, as far as this wallet knows, in seconds since 1970: its clock's,
    /// or that of the last block that it read if that is later.
    ///
    /// # Errors
    /// Those of the store.
    pub fn time(&self) -> Result<u64, StoreError> {
        Ok(self.clock.now().max(self.position()?.time))
    }

    /// The last block that was scanned.
    pub fn position(&self) -> Result<Position, StoreError> {
        scan::position(&self.overlay())
    }

    /// The highest block that the wallet knows of, scanned or not.
    pub(crate) fn known_height(&self) -> Result<u32, StoreError> {
        Ok(self.position()?.height.max(self.chain.height))
    }

    /// The store, to read from.
    pub(crate) fn overlay(&self) -> Overlay<'_> {
        Overlay::new(&*self.store)
    }

    /// Changes the store by one batch, or on an error not at all.
    pub(crate) fn change<T, E: From<StoreError>>(
        &mut self,
        change: impl FnOnce(&mut Overlay<'_>, &Context<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut overlay = Overlay::new(&*self.store);
        let context = Context { chain: &self.chain, accounts: &self.accounts };
        let value = change(&mut overlay, &context)?;
        let batch = overlay.finish()?.changes;
        self.store.write(&batch)?;
        Ok(value)
    }
}

/// The parts of the wallet, other than the store, that a change reads.
pub(crate) struct Context<'a> {
    pub(crate) chain: &'a ChainParameters,
    pub(crate) accounts: &'a [Account],
}

impl fmt::Debug for Wallet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wallet").field("accounts", &self.accounts).finish_non_exhaustive()
    }
}

struct Format(u32);

impl Decode for Format {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.u32().map(Self)
    }
}
