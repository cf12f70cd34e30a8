//! Accounts, and the addresses that they receive at.

use core::fmt;

use louver_core::{
    address::Address,
    calendar::moment,
    encoding::{Decode, DecodeError, Encode, Reader},
    epoch::Epoch,
    keys::{
        AccountId, AccountSpendingKey, AddressIndex, Direction, FullViewingKey, IncomingViewingKey, KeyError,
        OutgoingViewingKey, SpendAuthorizingKey, epoch::EpochKeys,
    },
    pool::PoolTag,
    secret::{ExposeBytes, Secret},
    store::{KeyRange, Overlay, StoreError, record::damaged},
};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{
    phrase::{PhraseError, RecoveryPhrase},
    store::{ACCOUNTS, META, decoded},
    transparent::TransparentKey,
    vault::{Protection, Vault, VaultError},
    wallet::Wallet,
};

pub(crate) const VAULT_KEY: &[u8] = b"vault";

/// How long before its epoch begins an address is given out, in seconds: ten years.
const HORIZON: u64 = 10 * 366 * 24 * 60 * 60;

/// The index of the address for an account's own deposits. It is never given out.
pub const DEPOSIT_INDEX: AddressIndex = AddressIndex(u64::MAX);

/// The number of an account within its wallet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountNumber(pub u32);

impl fmt::Display for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Encode for AccountNumber {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0.to_le_bytes());
    }
}

impl Decode for AccountNumber {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.u32().map(Self)
    }
}

/// Why an account did not do what it was asked.
#[derive(Debug, Error)]
pub enum AccountError {
    /// The wallet has no account of that number.
    #[error("the wallet has no account {0}")]
    Unknown(AccountNumber),
    /// The account is in the wallet already.
    #[error("the account is in the wallet already, as number {0}")]
    Present(AccountNumber),
    /// The wallet holds no recovery phrase: it can see and not spend.
    #[error("the wallet can see and not spend: it holds no recovery phrase")]
    ViewOnly,
    /// The keys are those of another recovery phrase than the wallet's.
    #[error("the keys are those of another recovery phrase")]
    OtherKeys,
    /// A recovery phrase has no account of that number.
    #[error("a recovery phrase has accounts 0 to 2147483647, and none of number {0}")]
    Index(u32),
    /// The account was added by its viewing key: it can be seen and not spent from.
    #[error("account {0} was added by its viewing key and cannot spend")]
    NoSpendingKey(AccountNumber),
    /// The chain has no such epoch, or the epoch's addresses have expired.
    #[error(
        "that period is over on this chain, or the chain never reaches it: no address can be given for it"
    )]
    Epoch(Epoch),
    /// The chain's last epoch takes withdrawals only, so an address of it could never be paid.
    #[error(
        "in its last period, which that is, this chain takes withdrawals only: an address of it could never be paid, and none is \
         given out"
    )]
    LastEpoch(Epoch),
    /// The epoch begins in more than ten years.
    #[error(
        "that period begins in more than ten years, on {}: nobody can pay an address of it before, and none is given out. Choose \
         an earlier one",
        moment(*.0)
    )]
    FarAhead(u64),
    /// The keys of the account cannot be made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The text is not a recovery phrase.
    #[error(transparent)]
    Phrase(#[from] PhraseError),
    /// The recovery phrase could not be sealed or opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An account as the wallet stores it: everything needed to see, nothing that could spend.
#[derive(Clone)]
pub struct Account {
    number: AccountNumber,
    index: Option<u32>,
    key: FullViewingKey,
}

impl Account {
    /// The account's number within the wallet.
    pub fn number(&self) -> AccountNumber {
        self.number
    }

    /// The number of the account of the recovery phrase; `None` if it was added by its viewing key.
    pub fn index(&self) -> Option<u32> {
        self.index
    }

    /// The key that sees everything of the account. Grants and disclosures are made from it.
    pub fn full_viewing_key(&self) -> &FullViewingKey {
        &self.key
    }

    /// The keys that read one epoch.
    pub(crate) fn view(&self, pool: PoolTag, epoch: Epoch) -> EpochView {
        EpochView {
            account: self.number,
            keys: self.key.epoch_keys(pool, epoch),
            external: self.key.incoming(pool, Direction::External, epoch),
            internal: self.key.incoming(pool, Direction::Internal, epoch),
            outgoing: self.key.outgoing(pool, epoch),
        }
    }

    /// `0 or 1 || index (u32, 0 if there is none) || full viewing key`.
    fn to_stored(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(256));
        out.push(self.index.is_some().into());
        out.extend_from_slice(&self.index.unwrap_or(0).to_le_bytes());
        out.extend_from_slice(&self.key.expose_bytes());
        out
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("number", &self.number)
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}

/// The keys that see an account in one epoch.
pub(crate) struct EpochView {
    pub(crate) account: AccountNumber,
    pub(crate) keys: EpochKeys,
    pub(crate) external: IncomingViewingKey,
    pub(crate) internal: IncomingViewingKey,
    pub(crate) outgoing: OutgoingViewingKey,
}

impl EpochView {
    /// `[wallet-scan]`: in which directions the account receives from a transaction, by whether it authorised it. Nobody
    /// else is given an internal address.
    pub(crate) fn directions(authorised: bool) -> &'static [Direction] {
        match authorised {
            true => &Direction::ALL,
            false => &[Direction::External],
        }
    }

    pub(crate) fn incoming(&self, direction: Direction) -> &IncomingViewingKey {
        match direction {
            Direction::External => &self.external,
            Direction::Internal => &self.internal,
        }
    }
}

/// An address to give out, with the times until which it is valid and can be paid, in seconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receiving {
    /// The address.
    pub address: Address,
    /// The index of the address among the account's addresses of the epoch.
    pub index: AddressIndex,
    /// The first second after its epoch: from then on, payers are asked for a newer address. `None` if it never expires.
    pub valid_until: Option<u64>,
    /// The first second in which no block pays it any more, as its epoch's grace is over; `None` if it never expires.
    pub payable_until: Option<u64>,
}

/// The addresses to give out in a payment request: of this epoch and of the next, so that the request can be paid for an
/// epoch at least.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivingPair {
    /// The address to be paid in this epoch.
    pub now: Receiving,
    /// The address to be paid in the next epoch; `None` if this one never ends.
    pub next: Option<Receiving>,
}

impl ReceivingPair {
    /// The first second in which neither address can be paid any more, in seconds since 1970; `None`: never.
    pub fn payable_until(&self) -> Option<u64> {
        self.next.as_ref().map_or(self.now.payable_until, |next| next.payable_until)
    }
}

/// The keys that sign for a wallet's accounts, for as long as this value lives. Wiped when dropped.
pub struct SpendingKeys {
    seed: Secret<[u8; 64]>,
    entropy: Secret<Vec<u8>>,
}

impl SpendingKeys {
    /// The keys of a recovery phrase.
    pub fn of(phrase: &RecoveryPhrase) -> Result<Self, AccountError> {
        Ok(Self { seed: phrase.seed()?, entropy: phrase.entropy().clone() })
    }

    /// The key of the transparent account that belongs to account number `index` of the phrase. Its deposits come from
    /// there.
    pub fn transparent(&self, index: u32) -> TransparentKey {
        TransparentKey::from_entropy(&self.entropy, index)
    }

    /// The key of the transparent account that belongs to an account of the wallet.
    ///
    /// # Errors
    /// [`AccountError::NoSpendingKey`] if the account was added by its viewing key.
    pub fn transparent_of(&self, account: &Account) -> Result<TransparentKey, AccountError> {
        account.index.map(|index| self.transparent(index)).ok_or(AccountError::NoSpendingKey(account.number))
    }

    /// The viewing key of account number `index`.
    fn viewing_key(&self, index: u32) -> Result<FullViewingKey, AccountError> {
        AccountSpendingKey::from_seed(self.seed.expose(), index).map(|key| key.full_viewing_key()).map_err(
            |error| match error {
                KeyError::AccountNumberTooLarge => AccountError::Index(index),
                error => error.into(),
            },
        )
    }

    /// The key that signs for an account: its transactions, and its grants and disclosures.
    pub fn authorizing_key(&self, account: &Account) -> Result<SpendAuthorizingKey, AccountError> {
        let index = account.index.ok_or(AccountError::NoSpendingKey(account.number))?;
        Ok(AccountSpendingKey::from_seed(self.seed.expose(), index)?.spend_authorizing_key())
    }
}

impl fmt::Debug for SpendingKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SpendingKeys(..)")
    }
}

/// Reads every account of the store.
pub(crate) fn load(overlay: &Overlay<'_>) -> Result<Vec<Account>, StoreError> {
    overlay.scan(ACCOUNTS, KeyRange::ALL)?.into_iter().map(|(key, value)| account(&key, value)).collect()
}

fn account(key: &[u8], value: Vec<u8>) -> Result<Account, StoreError> {
    let value = Zeroizing::new(value);
    let number = AccountNumber(crate::store::height_of(ACCOUNTS, key)?);
    let read = |reader: &mut Reader<'_>| {
        let derived = reader.u8()?;
        let index = reader.u32()?;
        let key = FullViewingKey::decode(reader)?;
        match derived {
            0 => Ok(Account { number, index: None, key }),
            1 => Ok(Account { number, index: Some(index), key }),
            tag => Err(DecodeError::UnknownTag { what: "account", tag: tag.into() }),
        }
    };
    let mut reader = Reader::new(&value);
    let account = read(&mut reader).and_then(|account| reader.finish().map(|()| account));
    account.map_err(|source| damaged(ACCOUNTS, source))
}

/// Stores the first account of a new wallet.
pub(crate) fn first(overlay: &mut Overlay<'_>, phrase: &RecoveryPhrase) -> Result<Account, AccountError> {
    let key = SpendingKeys::of(phrase)?.viewing_key(0)?;
    let account = Account { number: AccountNumber(0), index: Some(0), key };
    save(overlay, &account);
    Ok(account)
}

fn save(overlay: &mut Overlay<'_>, account: &Account) {
    overlay.put(ACCOUNTS, &account.number.0.to_be_bytes(), &account.to_stored());
}

/// Stores the recovery phrase of a new wallet.
pub(crate) fn seal(
    overlay: &mut Overlay<'_>,
    phrase: &RecoveryPhrase,
    protection: &Protection,
) -> Result<(), VaultError> {
    overlay.put(META, VAULT_KEY, &Vault::close(phrase.entropy(), protection)?.to_stored());
    Ok(())
}

impl Wallet {
    /// `[account-id]`: the name of an account on the wallet's chain. On another chain, or in another pool, the account
    /// has another name.
    pub fn account_id(&self, account: &Account) -> AccountId {
        account.key.account_id(self.chain.pool_tag())
    }

    /// The accounts, by number.
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// An account.
    pub fn account(&self, number: AccountNumber) -> Result<&Account, AccountError> {
        self.accounts.iter().find(|account| account.number == number).ok_or(AccountError::Unknown(number))
    }

    /// Whether the wallet holds a recovery phrase, and whether that is sealed with a passphrase.
    pub fn is_sealed(&self) -> Result<Option<bool>, StoreError> {
        Ok(self.vault()?.map(|vault| vault.is_sealed()))
    }

    /// Opens the recovery phrase, which [`Wallet::unlock`] makes keys from, to show it to its owner.
    pub fn recovery_phrase(&self, protection: &Protection) -> Result<RecoveryPhrase, AccountError> {
        let vault = self.vault()?.ok_or(AccountError::ViewOnly)?;
        Ok(RecoveryPhrase::from_entropy(vault.open(protection)?.expose())?)
    }

    /// The keys that spend. Nothing else of the wallet needs them.
    pub fn unlock(&self, protection: &Protection) -> Result<SpendingKeys, AccountError> {
        SpendingKeys::of(&self.recovery_phrase(protection)?)
    }

    fn vault(&self) -> Result<Option<Vault>, StoreError> {
        let stored = self.overlay().get(META, VAULT_KEY)?.map(Zeroizing::new);
        stored.map(|bytes| decoded(META, &bytes)).transpose()
    }

    /// Seals the recovery phrase with another protection.
    pub fn change_protection(&mut self, from: &Protection, to: &Protection) -> Result<(), AccountError> {
        let phrase = self.recovery_phrase(from)?;
        self.change(|overlay, _| Ok(seal(overlay, &phrase, to)?))
    }

    /// Adds account number `index` of the recovery phrase. The account sees blocks that are scanned from now on;
    /// [`Wallet::rescan`] finds what it received before. Keys of another phrase than that of the wallet's other
    /// accounts are refused: the wallet's phrase could not spend with them.
    pub fn add_account(&mut self, keys: &SpendingKeys, index: u32) -> Result<AccountNumber, AccountError> {
        let known = self.accounts.iter().find_map(|account| Some((account.index?, account)));
        let pool = self.chain.pool_tag();
        if let Some((index, account)) = known
            && keys.viewing_key(index)?.account_id(pool) != account.key.account_id(pool)
        {
            return Err(AccountError::OtherKeys);
        }
        self.insert_account(Some(index), keys.viewing_key(index)?)
    }

    /// Adds an account by its full viewing key. It can be seen and cannot be spent from.
    pub fn add_viewing_account(&mut self, key: FullViewingKey) -> Result<AccountNumber, AccountError> {
        self.insert_account(None, key)
    }

    fn insert_account(
        &mut self,
        index: Option<u32>,
        key: FullViewingKey,
    ) -> Result<AccountNumber, AccountError> {
        let pool = self.chain.pool_tag();
        let id = key.account_id(pool);
        if let Some(present) = self.accounts.iter().find(|account| account.key.account_id(pool) == id) {
            return Err(AccountError::Present(present.number));
        }
        let next = self.accounts.iter().map(|account| account.number.0 + 1).max().unwrap_or(0);
        let account = Account { number: AccountNumber(next), index, key };
        self.change(|overlay, _| {
            save(overlay, &account);
            Ok::<_, AccountError>(())
        })?;
        let number = account.number;
        self.accounts.push(account);
        Ok(number)
    }

    /// A new address of an account, for the current epoch.
    ///
    /// `[wallet-addresses]`: its index is random, so that a wallet restored from the same phrase, or another device,
    /// does not give the same address to somebody else.
    pub fn receive(&self, number: AccountNumber) -> Result<Receiving, AccountError> {
        self.receive_in(number, self.current_epoch()?)
    }

    /// New addresses of an account for a payment request.
    ///
    /// # Errors
    /// As [`Wallet::receive`].
    pub fn receive_pair(&self, number: AccountNumber) -> Result<ReceivingPair, AccountError> {
        let now = self.receive(number)?;
        let next = now.valid_until.and_then(|_| now.address.epoch().next());
        // An address of the last epoch can never be paid.
        let next = next.filter(|epoch| !self.chain.schedule().takes_withdrawals_only(*epoch));
        let next = next.map(|epoch| self.receive_in(number, epoch)).transpose()?;
        Ok(ReceivingPair { now, next })
    }

    /// A new address of an account, for the current or a later epoch, up to ten years from now.
    ///
    /// # Errors
    /// [`AccountError::Epoch`], [`AccountError::LastEpoch`] and [`AccountError::FarAhead`].
    pub fn receive_in(&self, number: AccountNumber, epoch: Epoch) -> Result<Receiving, AccountError> {
        let account = self.account(number)?;
        if epoch < self.current_epoch()? || self.chain.schedule().begins(epoch).is_none() {
            return Err(AccountError::Epoch(epoch));
        }
        if self.chain.schedule().takes_withdrawals_only(epoch) {
            return Err(AccountError::LastEpoch(epoch));
        }
        if let Some(begins) = self.chain.schedule().begins(epoch)
            && begins > self.time()?.saturating_add(HORIZON)
        {
            return Err(AccountError::FarAhead(begins));
        }
        let index = AddressIndex(rand::random_range(..DEPOSIT_INDEX.0));
        Ok(self.receiving(account, epoch, index))
    }

    /// An address of an account by its epoch and index, whether or not it was given out.
    pub fn address(
        &self,
        number: AccountNumber,
        epoch: Epoch,
        index: AddressIndex,
    ) -> Result<Receiving, AccountError> {
        Ok(self.receiving(self.account(number)?, epoch, index))
    }

    fn receiving(&self, account: &Account, epoch: Epoch, index: AddressIndex) -> Receiving {
        let address = account.key.address(self.chain.pool_tag(), epoch, Direction::External, index);
        let schedule = self.chain.schedule();
        let (valid_until, payable_until) = (schedule.ends(epoch), schedule.payable_until(epoch));
        Receiving { address, index, valid_until, payable_until }
    }

    /// The epoch that a transaction made now declares: that of [`Wallet::time`].
    pub fn current_epoch(&self) -> Result<Epoch, AccountError> {
        // No block is of an earlier time than the first epoch.
        Ok(self.chain.schedule().epoch_at(self.time()?).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> (SpendingKeys, Account) {
        let phrase = RecoveryPhrase::from_entropy(&[7; 32]).unwrap();
        let keys = SpendingKeys::of(&phrase).unwrap();
        let key = AccountSpendingKey::from_seed(keys.seed.expose(), 3).unwrap().full_viewing_key();
        (keys, Account { number: AccountNumber(5), index: Some(3), key })
    }

    #[test]
    fn records_round_trip() {
        let (_, account) = account();
        let stored = account.to_stored();
        let read = super::account(&5u32.to_be_bytes(), stored.to_vec()).unwrap();
        assert_eq!((read.number, read.index), (account.number, account.index));
        assert_eq!(*read.key.expose_bytes(), *account.key.expose_bytes());
        for length in 0..stored.len() {
            assert!(super::account(&5u32.to_be_bytes(), stored[..length].to_vec()).is_err());
        }
        let longer = [stored.as_slice(), &[0]].concat();
        assert!(super::account(&5u32.to_be_bytes(), longer).is_err());
    }

    #[test]
    fn debug_shows_no_key() {
        let (keys, account) = account();
        assert_eq!(format!("{keys:?}"), "SpendingKeys(..)");
        assert_eq!(format!("{account:?}"), "Account { number: AccountNumber(5), index: Some(3), .. }");
    }

    #[test]
    fn keys_sign_for_derived_accounts_alone() {
        let (keys, mut account) = account();
        keys.authorizing_key(&account).unwrap();
        account.index = None;
        assert!(matches!(keys.authorizing_key(&account), Err(AccountError::NoSpendingKey(AccountNumber(5)))));
    }
}
