//! The keys of an account.

use core::fmt;
use std::sync::Arc;

use louver_core::{
    address::Diversifier,
    asset::AssetId,
    encoding::Encode,
    epoch::{Epoch, EpochRange},
    keys::{AccountSpendingKey, AddressIndex, Direction, FullViewingKey, RandomizedKey, View},
    note::Dummies,
    pool::{GenesisHash, PoolId, PoolTag},
    secret::ExposeBytes,
};

use super::{ProtocolAddress, ProtocolError, argument, array, exponent, nullifier, pool, text};
use crate::RecoveryPhrase;

choice! {
    /// One of an account's three trees of view keys.
    pub enum ProtocolView {
        /// The tree for payments to the account's addresses.
        External,
        /// The tree for its change.
        Internal,
        /// The tree for its outgoing payments.
        Outgoing,
    }
}

secret_data! {
    /// The keys of an account that are valid in every epoch. They are secrets.
    pub struct AccountParts {
        /// The spending key.
        pub sk: String,
        /// The spend validating key.
        pub ak: String,
        /// The nullifier root.
        pub nk: String,
        /// The view root for payments to the account's addresses.
        pub in_external: String,
        /// The view root for its change.
        pub in_internal: String,
        /// The view root for its outgoing payments.
        pub out: String,
        /// The root that dummies are derived from.
        pub dummy_root: String,
    }
}

secret_data! {
    /// The keys of an account in one epoch of one pool. They are secrets.
    pub struct EpochParts {
        /// The tag key of the account's addresses.
        pub tkx: String,
        /// The nullifier key.
        pub nk: String,
        /// The detection key.
        pub sd: String,
        /// The tag key of its change.
        pub tki: String,
        /// The incoming viewing key of the account's addresses.
        pub external_ivk: String,
        /// The diversifier key of the account's addresses.
        pub external_dk: String,
        /// The incoming viewing key of its change.
        pub internal_ivk: String,
        /// The diversifier key of its change.
        pub internal_dk: String,
        /// The outgoing viewing key.
        pub ovk: String,
    }
}

secret_data! {
    /// An input that pads a transaction.
    pub struct DummyInput {
        /// The hash that stands for its address's transmission key.
        pub pk_d_hash: String,
        /// Its owner tag.
        pub tau: String,
        /// The nullifier that stands for its origin.
        pub rho: String,
        /// The commitment's randomness.
        pub rcm: String,
        /// The commitment.
        pub cm: String,
        /// The nullifier.
        pub nf: String,
    }
}

secret_data! {
    /// An output that pads a transaction.
    pub struct DummyOutput {
        /// Its owner tag.
        pub tau: String,
        /// The commitment's randomness.
        pub rcm: String,
        /// The ephemeral key.
        pub epk: String,
        /// The commitment.
        pub cm: String,
    }
}

/// `[pool-tag]` of a pool of a chain.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn pool_tag(genesis_hash: String, pool_id: u32) -> Result<String, ProtocolError> {
    let genesis = GenesisHash(array("genesis_hash", &genesis_hash)?);
    Ok(hex::encode(PoolTag::new(&genesis, PoolId(pool_id)).to_le_bytes()))
}

/// The keys of an account, by their bytes.
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct ProtocolKeys {
    spending: AccountSpendingKey,
    full: FullViewingKey,
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl ProtocolKeys {
    /// The keys of an account of a recovery phrase.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn derive(phrase: Arc<RecoveryPhrase>, account: u32) -> Result<Arc<Self>, ProtocolError> {
        let seed = phrase.0.seed().map_err(|_| argument("phrase"))?;
        let spending =
            AccountSpendingKey::from_seed(seed.expose(), account).map_err(|_| argument("account"))?;
        let full = spending.full_viewing_key();
        Ok(Arc::new(Self { spending, full }))
    }

    /// `[account-keys]`
    pub fn parts(&self) -> AccountParts {
        // Six parts of 32 bytes each. The account's number, of four, comes before its spending key.
        let bytes = self.full.expose_bytes();
        let part =
            |number: usize| bytes.get(32 * number..32 * (number + 1)).map(hex::encode).unwrap_or_default();
        AccountParts {
            sk: self.spending.expose_bytes().get(4..).map(hex::encode).unwrap_or_default(),
            ak: part(0),
            nk: part(1),
            in_external: part(2),
            in_internal: part(3),
            out: part(4),
            dummy_root: part(5),
        }
    }

    /// `[account-id]` in a pool.
    pub fn account_id(&self, pool_tag: String) -> Result<String, ProtocolError> {
        Ok(text(&self.full.account_id(pool(&pool_tag)?).to_scalar()))
    }

    /// `[epoch-keys]`
    pub fn epoch(&self, pool_tag: String, epoch: u16) -> Result<EpochParts, ProtocolError> {
        let (pool, epoch) = (pool(&pool_tag)?, Epoch(epoch));
        let keys = self.full.epoch_keys(pool, epoch);
        let [external, internal] = [Direction::External, Direction::Internal].map(|direction| {
            let bytes = self.full.incoming(pool, direction, epoch).expose_bytes();
            // After the pool and the epoch: ivk, dk, tk.
            [18, 50].map(|from| bytes.get(from..from + 32).map(hex::encode).unwrap_or_default())
        });
        let [external_ivk, external_dk] = external;
        let [internal_ivk, internal_dk] = internal;
        Ok(EpochParts {
            tkx: text(keys.external_tag.to_scalar().expose()),
            nk: text(keys.nullifier.to_scalar().expose()),
            sd: text(keys.detection.to_scalar().expose()),
            tki: text(keys.internal_tag.to_scalar().expose()),
            external_ivk,
            external_dk,
            internal_ivk,
            internal_dk,
            ovk: hex::encode(self.full.outgoing(pool, epoch).ovk().expose()),
        })
    }

    /// `[ggm]`: the cover of a range of epochs: the fewest nodes of a tree that give the keys of these epochs and no
    /// others.
    pub fn cover(
        &self,
        view: ProtocolView,
        pool_tag: String,
        first_epoch: u16,
        last_epoch: u16,
    ) -> Result<String, ProtocolError> {
        let range =
            EpochRange::new(Epoch(first_epoch), Epoch(last_epoch)).ok_or_else(|| argument("epochs"))?;
        let view = match view {
            ProtocolView::External => View::External,
            ProtocolView::Internal => View::Internal,
            ProtocolView::Outgoing => View::Outgoing,
        };
        Ok(hex::encode(self.full.cover(view, pool(&pool_tag)?, range).expose_bytes()))
    }

    /// `[address]` by its index.
    pub fn address(
        &self,
        pool_tag: String,
        epoch: u16,
        view: ProtocolView,
        index: u64,
    ) -> Result<ProtocolAddress, ProtocolError> {
        let incoming = self.full.incoming(pool(&pool_tag)?, direction(view)?, Epoch(epoch));
        Ok(ProtocolAddress::of(&incoming.address(AddressIndex(index))))
    }

    /// `[address]` by its diversifier.
    pub fn address_of(
        &self,
        pool_tag: String,
        epoch: u16,
        view: ProtocolView,
        diversifier: String,
    ) -> Result<ProtocolAddress, ProtocolError> {
        let incoming = self.full.incoming(pool(&pool_tag)?, direction(view)?, Epoch(epoch));
        let diversifier = Diversifier::new(array("diversifier", &diversifier)?);
        Ok(ProtocolAddress::of(&incoming.address_of(diversifier)))
    }

    /// `[spend-authorisation]`: `rk` of an `alpha`.
    pub fn randomized_key(&self, alpha: String) -> Result<String, ProtocolError> {
        Ok(hex::encode(self.randomized(&alpha)?.to_array()))
    }

    /// `[dummy]`: an input that pads a transaction.
    pub fn dummy_input(
        &self,
        pool_tag: String,
        epoch: u16,
        main_asset: u64,
        alpha: String,
        slot: u8,
    ) -> Result<DummyInput, ProtocolError> {
        let rk = self.randomized(&alpha)?;
        let keys = self.full.epoch_keys(pool(&pool_tag)?, Epoch(epoch));
        let input = Dummies::new(self.full.dummy_root(), &rk).input(slot);
        let cm = input.commitment(&keys, Epoch(epoch), asset(main_asset)?);
        Ok(DummyInput {
            pk_d_hash: text(&input.pk_d_hash()),
            tau: text(&input.owner_tag(&keys).to_scalar()),
            rho: text(&input.rho().to_scalar()),
            rcm: text(input.rcm().expose()),
            cm: text(&cm.to_scalar()),
            nf: text(&keys.nullifier.nullifier(cm).to_scalar()),
        })
    }

    /// `[dummy]`: an output that pads a transaction.
    pub fn dummy_output(
        &self,
        epoch: u16,
        main_asset: u64,
        alpha: String,
        first_nullifier: String,
        slot: u8,
    ) -> Result<DummyOutput, ProtocolError> {
        let rk = self.randomized(&alpha)?;
        let output = Dummies::new(self.full.dummy_root(), &rk).output(slot);
        let rho = nullifier("first_nullifier", &first_nullifier)?;
        let cm = output.commitment(rho, Epoch(epoch), asset(main_asset)?);
        Ok(DummyOutput {
            tau: text(&output.tau().to_scalar()),
            rcm: text(output.rcm().expose()),
            epk: hex::encode(output.epk().to_array()),
            cm: text(&cm.to_scalar()),
        })
    }
}

impl ProtocolKeys {
    fn randomized(&self, alpha: &str) -> Result<RandomizedKey, ProtocolError> {
        self.full.randomized_key(&exponent("alpha", alpha)?).ok_or_else(|| argument("alpha"))
    }
}

fn direction(view: ProtocolView) -> Result<Direction, ProtocolError> {
    match view {
        ProtocolView::External => Ok(Direction::External),
        ProtocolView::Internal => Ok(Direction::Internal),
        ProtocolView::Outgoing => Err(argument("view")),
    }
}

pub(super) fn asset(id: u64) -> Result<AssetId, ProtocolError> {
    AssetId::new(id).ok_or_else(|| argument("asset"))
}

impl ProtocolAddress {
    pub(super) fn of(address: &louver_core::address::Address) -> Self {
        let diversifier = address.diversifier();
        Self {
            pool_tag: hex::encode(address.pool().to_le_bytes()),
            epoch: address.epoch().0,
            diversifier: hex::encode(diversifier.as_bytes()),
            base: hex::encode(diversifier.base().to_array()),
            pk_d: hex::encode(address.pk_d().to_array()),
            tau: text(&address.tag().to_scalar()),
            bytes: hex::encode(address.to_bytes()),
            text: address.to_string(),
        }
    }
}

impl fmt::Debug for ProtocolKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProtocolKeys(..)")
    }
}
