//! `[account-keys]`, `[account-id]`: the keys of an account.

use core::fmt;

use jubjub::SubgroupPoint;
use zcash_spec::{PrfExpand, VariableLengthSlice};
use zeroize::{Zeroize, Zeroizing};
use zip32::{
    ChildIndex,
    hardened_only::{Context, HardenedOnlyKey},
};

use super::{
    epoch::{AddressIndex, EpochKeys, IncomingViewingKey, OutgoingViewingKey},
    ggm::{GgmCover, View, ViewRoot},
    signing::{RandomizedKey, SpendAuthorizingKey},
};
use crate::{
    address::Address,
    encoding::{Decode, DecodeError, Encode, Reader, coordinates, point_bytes},
    epoch::{Epoch, EpochRange},
    pool::PoolTag,
    poseidon::{self, Domain},
    secret::{ExposeBytes, Secret},
    spec::{Fj, Fr, b64, to_fj, to_fr},
};

/// Why an account's keys cannot be made.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum KeyError {
    /// Account numbers have 31 bits, since every step of the derivation is hardened.
    #[error("account numbers are below 2^31")]
    AccountNumberTooLarge,
    /// The key expands to a spend authority of zero (one key in 2^252): take another account number.
    #[error("this account has no spend authority; take another account number")]
    NoSpendAuthority,
}

/// ZIP 32's hardened-only derivation under a master domain of our own.
struct Louver;

impl Context for Louver {
    const MKG_DOMAIN: [u8; 16] = *b"LouverZip32Seed\0";
    const CKD_DOMAIN: PrfExpand<([u8; 32], [u8; 4], [u8; 1], VariableLengthSlice)> =
        PrfExpand::ADHOC_ZIP32_CHILD;
}

const PURPOSE: u32 = 32;
const COIN: u32 = 7749;

/// All that an account can do, spending included: the secret at `m/32'/7749'/account'`.
#[derive(Clone)]
pub struct AccountSpendingKey {
    account: u32,
    sk: Secret<[u8; 32]>,
}

impl AccountSpendingKey {
    /// The key of account number `account` (below 2^31) of a 64-byte BIP-39 seed.
    pub fn from_seed(seed: &[u8; 64], account: u32) -> Result<Self, KeyError> {
        if account >> 31 != 0 {
            return Err(KeyError::AccountNumberTooLarge);
        }
        let key = [PURPOSE, COIN, account]
            .into_iter()
            .fold(HardenedOnlyKey::<Louver>::master(&[seed]), |key, index| {
                key.derive_child(ChildIndex::hardened(index))
            });
        Self::from_parts(account, Secret::new(*key.parts().0))
    }

    /// The key whose 32 secret bytes are known, with the account number that it was derived for.
    pub fn from_parts(account: u32, sk: Secret<[u8; 32]>) -> Result<Self, KeyError> {
        if account >> 31 != 0 {
            return Err(KeyError::AccountNumberTooLarge);
        }
        let key = Self { account, sk };
        match key.ask() == Secret::new(Fj::zero()) {
            true => Err(KeyError::NoSpendAuthority),
            false => Ok(key),
        }
    }

    /// The account's number under its seed.
    pub fn account(&self) -> u32 {
        self.account
    }

    /// The key that signs the account's transactions.
    pub fn spend_authorizing_key(&self) -> SpendAuthorizingKey {
        SpendAuthorizingKey::from_scalar(self.ask())
    }

    /// The key that sees everything of the account and cannot spend.
    pub fn full_viewing_key(&self) -> FullViewingKey {
        FullViewingKey {
            ak: self.spend_authorizing_key().public(),
            nk: Secret::new(to_fr(&self.expand(1))),
            external: self.expand_root(2),
            internal: self.expand_root(3),
            outgoing: self.expand_root(4),
            dummy: self.expand_root(5),
        }
    }

    fn ask(&self) -> Secret<Fj> {
        Secret::new(to_fj(&self.expand(0)))
    }

    fn expand(&self, which: u8) -> Zeroizing<[u8; 64]> {
        Zeroizing::new(b64(b"LouverExpand", &[self.sk.expose(), &[which]]))
    }

    fn expand_root(&self, which: u8) -> Secret<[u8; 32]> {
        let wide = self.expand(which);
        let mut root = [0u8; 32];
        root.copy_from_slice(&wide[..32]);
        Secret::new(root)
    }
}

impl fmt::Debug for AccountSpendingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountSpendingKey(..)")
    }
}

impl ExposeBytes for AccountSpendingKey {
    /// `account (u32) || sk`, 36 bytes.
    fn expose_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(36));
        out.extend_from_slice(&self.account.to_le_bytes());
        out.extend_from_slice(self.sk.expose());
        out
    }
}

impl Decode for AccountSpendingKey {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let account = reader.u32()?;
        Self::from_parts(account, Secret::new(reader.array()?)).map_err(|error| match error {
            KeyError::AccountNumberTooLarge => DecodeError::OutOfRange { what: "account number" },
            KeyError::NoSpendAuthority => DecodeError::OutOfRange { what: "spend authority" },
        })
    }
}

/// Which of an account's addresses receive: those it gives out, or those of its own change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// Addresses given to others.
    External,
    /// Addresses of change.
    Internal,
}

impl Direction {
    /// Both.
    pub const ALL: [Self; 2] = [Self::External, Self::Internal];

    /// The view whose keys receive in this direction.
    pub fn view(self) -> View {
        match self {
            Self::External => View::External,
            Self::Internal => View::Internal,
        }
    }
}

/// All that there is to see of an account, in every pool and epoch, with no power to spend.
#[derive(Clone)]
pub struct FullViewingKey {
    ak: SubgroupPoint,
    nk: Secret<Fr>,
    external: Secret<[u8; 32]>,
    internal: Secret<[u8; 32]>,
    outgoing: Secret<[u8; 32]>,
    dummy: Secret<[u8; 32]>,
}

impl FullViewingKey {
    /// `ak`, the public side of the spend authority. Never shown: it would link the account's transactions.
    pub fn ak(&self) -> &SubgroupPoint {
        &self.ak
    }

    /// `nk`, from which the epoch keys are derived.
    pub fn nk(&self) -> &Secret<Fr> {
        &self.nk
    }

    /// `rk = ak + [alpha] G`: the key under which one transaction is signed.
    ///
    /// `None` if that is the identity, which happens for one alpha in 2^252.
    pub fn randomized_key(&self, alpha: &Fj) -> Option<RandomizedKey> {
        RandomizedKey::new(&self.ak, alpha)
    }

    /// `[account-id]`: the name of the account in the grants and statements of a pool.
    pub fn account_id(&self, pool: PoolTag) -> AccountId {
        AccountId::derive(coordinates(&self.ak), *self.nk.expose(), pool)
    }

    /// `[epoch-keys]`: what tags, nullifies and detects in one pool and epoch.
    pub fn epoch_keys(&self, pool: PoolTag, epoch: Epoch) -> EpochKeys {
        EpochKeys::derive(&self.ak, &self.nk, pool, epoch)
    }

    /// The nodes that open `range`, and no other epoch, of one view of one pool.
    pub fn cover(&self, view: View, pool: PoolTag, range: EpochRange) -> GgmCover {
        self.root(view, pool).cover(range)
    }

    /// The key that receives in one direction, pool and epoch.
    pub fn incoming(&self, pool: PoolTag, direction: Direction, epoch: Epoch) -> IncomingViewingKey {
        let leaf = self.root(direction.view(), pool).leaf(epoch);
        IncomingViewingKey::new(pool, epoch, &leaf, self.epoch_keys(pool, epoch).tag(direction).clone())
    }

    /// The key that reads the outputs that the account sends in one pool and epoch.
    pub fn outgoing(&self, pool: PoolTag, epoch: Epoch) -> OutgoingViewingKey {
        OutgoingViewingKey::new(pool, epoch, &self.root(View::Outgoing, pool).leaf(epoch))
    }

    /// An address of the account in one pool and epoch.
    pub fn address(&self, pool: PoolTag, epoch: Epoch, direction: Direction, index: AddressIndex) -> Address {
        self.incoming(pool, direction, epoch).address(index)
    }

    /// The root of the account's dummy inputs and outputs. It is never granted to anyone.
    pub fn dummy_root(&self) -> &Secret<[u8; 32]> {
        &self.dummy
    }

    fn root(&self, view: View, pool: PoolTag) -> ViewRoot {
        let root = match view {
            View::External => &self.external,
            View::Internal => &self.internal,
            View::Outgoing => &self.outgoing,
        };
        ViewRoot::new(view, pool, root)
    }
}

impl fmt::Debug for FullViewingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FullViewingKey(..)")
    }
}

impl ExposeBytes for FullViewingKey {
    /// `ak || nk || external || internal || outgoing || dummy`, 192 bytes.
    fn expose_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(192));
        out.extend_from_slice(&point_bytes(&self.ak));
        let mut nk = self.nk.expose().to_bytes();
        out.extend_from_slice(&nk);
        nk.zeroize();
        for root in [&self.external, &self.internal, &self.outgoing, &self.dummy] {
            out.extend_from_slice(root.expose());
        }
        out
    }
}

impl Decode for FullViewingKey {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            ak: reader.subgroup_point()?,
            nk: Secret::new(reader.fr()?),
            external: Secret::new(reader.array()?),
            internal: Secret::new(reader.array()?),
            outgoing: Secret::new(reader.array()?),
            dummy: Secret::new(reader.array()?),
        })
    }
}

/// `[account-id]`: the name of an account in one pool, which its grants and statements are about. It shows nothing else:
/// readers in two pools cannot tell that two names are of one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountId(Fr);

impl AccountId {
    /// `H_aid(ak.u, ak.v, nk, pool)`. Takes any field elements, as broken witnesses have them.
    pub(crate) fn derive(ak: (Fr, Fr), nk: Fr, pool: PoolTag) -> Self {
        Self(poseidon::hash(Domain::AccountId, &[ak.0, ak.1, nk, pool.to_scalar()]))
    }

    /// The id with this value.
    pub fn from_scalar(aid: Fr) -> Self {
        Self(aid)
    }

    /// The id as a field element, as circuits see it.
    pub fn to_scalar(self) -> Fr {
        self.0
    }
}

impl Encode for AccountId {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0.to_bytes());
    }
}

impl Decode for AccountId {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.fr().map(Self)
    }
}
