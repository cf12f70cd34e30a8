//! A chain, through one of its nodes.

use louver_chain::{Account, Block};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use louver_circuits::{
    disclosure::DisclosureVerifier,
    keyset::{KeySet, KeySetError},
};
use louver_client::api::view;
use louver_core::{
    address::Address,
    asset::{AssetDescriptor, AssetId, AssetNameError, KnownAssets},
    ledger::Genesis,
};
use serde_json::json;

use crate::{
    AddressError, Amount, AmountError, Asset, NodeError, PaymentList, PaymentListError,
    PaymentRequest, PaymentRequestError, RequestedPayment, Transport, amount,
};

pub(crate) mod client;
pub(crate) mod ledger;

use client::Client;

data! {
    /// How a node's chain stands.
    pub struct NodeStatus {
        /// Whether it is a development chain, with a faucet.
        pub development: bool,
        /// The hash of the chain's genesis, in hexadecimal.
        pub genesis_hash: String,
        /// The height of the last block.
        pub height: u32,
        /// The epoch of the next block.
        pub epoch: u16,
        /// How many blocks an epoch has; 0 if there is one that never ends.
        pub epoch_blocks: u32,
    }
}

variant! {
    /// Where a transaction is.
    pub enum TransactionState {
        /// The node does not know it.
        Unknown,
        /// It waits for a block.
        Pending,
        /// A block has it.
        Included {
            /// The block's height.
            height: u32,
        },
    }
}

data! {
    /// A transparent account, as everybody sees it.
    pub struct TransparentAccount {
        /// The account (`lvrt1...`).
        pub account: String,
        /// What it holds.
        pub balances: Vec<Amount>,
    }
}

data! {
    /// What an address says of itself.
    pub struct AddressInfo {
        /// The epoch that it can be paid in.
        pub epoch: u16,
        /// Whether it is of this chain and pool: to pay any other would lose the funds.
        pub payable_here: bool,
        /// The first block that can pay it.
        pub first_height: u32,
        /// The last block that can pay it; absent if it never expires.
        pub last_height: Option<u32>,
    }
}

/// A chain, through one of its nodes. Handles can be shared; requests may go on at the same time.
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct Node {
    client: Client,
    genesis: Genesis,
    assets: RwLock<KnownAssets>,
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Node {
    /// Connects to a node: reads the chain's genesis, whose hash is computed here, and its assets. A node that describes
    /// an asset otherwise than genesis does is refused.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub async fn connect(transport: Arc<dyn Transport>) -> Result<Arc<Self>, NodeError> {
        let client = Client::new(transport);
        let genesis = client.genesis().await?;
        let assets = RwLock::new(KnownAssets::new(&genesis.terms().assets));
        let node = Self { client, genesis, assets };
        node.refresh_assets().await?;
        Ok(Arc::new(node))
    }

    /// How the chain stands.
    pub async fn status(&self) -> Result<NodeStatus, NodeError> {
        let status = self.client.status().await?;
        let genesis_hash = hex::encode(self.genesis.hash().0);
        if status.genesis_hash != genesis_hash {
            return Err(NodeError::OtherChain);
        }
        Ok(NodeStatus {
            development: status.development,
            genesis_hash,
            height: status.height,
            epoch: status.epoch,
            epoch_blocks: self.genesis.terms().schedule.blocks(),
        })
    }

    /// The assets of the chain: those of genesis, and those that were registered since, as the node says. What was known
    /// of an asset stays: a node that says otherwise later is refused.
    pub async fn assets(&self) -> Result<Vec<Asset>, NodeError> {
        self.refresh_assets().await?;
        Ok(amount::list(&self.known_assets()))
    }

    /// Where a transaction is, by its id in hexadecimal.
    pub async fn transaction(&self, txid: String) -> Result<TransactionState, NodeError> {
        let state = self.client.transaction(&txid).await?;
        match (state.state.as_str(), state.height) {
            ("unknown", _) => Ok(TransactionState::Unknown),
            ("pending", _) => Ok(TransactionState::Pending),
            ("included", Some(height)) => Ok(TransactionState::Included { height }),
            (state, _) => Err(NodeError::Answer { reason: format!("a transaction in state {state:?}") }),
        }
    }

    /// What a transparent account (`lvrt1...`) holds.
    pub async fn transparent_account(&self, account: String) -> Result<TransparentAccount, NodeError> {
        let held = self.client.account(&account).await?;
        let number = |text: &str| {
            text.parse().map_err(|_| NodeError::Answer { reason: "a balance that is no number".to_owned() })
        };
        let amount = |balance: &view::Balance| {
            Ok(Amount { asset: number(&balance.asset)?, value: number(&balance.amount)? })
        };
        Ok(TransparentAccount {
            account: held.account,
            balances: held.balances.iter().map(amount).collect::<Result<_, NodeError>>()?,
        })
    }

    /// Asks a development chain for money on a transparent account; gives the id of what brings it.
    pub async fn faucet(&self, account: String, amount: Amount) -> Result<String, NodeError> {
        let request = json!({
            "account": account,
            "asset": amount.asset.to_string(),
            "amount": amount.value.to_string(),
        });
        Ok(self.client.faucet(&request).await?.id)
    }

    /// Asks a development chain for blocks now; gives the height after them.
    pub async fn produce_blocks(&self, count: u32) -> Result<u32, NodeError> {
        Ok(self.client.produce(count).await?.height)
    }

    /// Reads an amount as people write it, such as `12.50 LVR`. Exact: it is never rounded.
    pub fn parse_amount(&self, text: String) -> Result<Amount, AmountError> {
        let (asset, value) = self.known_assets().parse_amount(&text)?;
        Ok(Amount::new(asset, value))
    }

    /// Reads an amount where the asset was chosen beforehand, so that a number alone is enough. An asset that is written
    /// all the same wins over the chosen one.
    pub fn parse_amount_of(&self, asset: u64, text: String) -> Result<Amount, AmountError> {
        let chosen = AssetId::new(asset).ok_or(AssetNameError::UnknownId { id: asset });
        let (asset, value) =
            self.known_assets().parse_amount_of(chosen.map_err(AmountError::from)?, &text)?;
        Ok(Amount::new(asset, value))
    }

    /// Writes an amount as people read it, and as [`Node::parse_amount`] reads it again.
    pub fn format_amount(&self, amount: Amount) -> String {
        amount::format(&self.known_assets(), &amount)
    }

    /// Reads a payment request, a `louver:` URI. Each of its addresses has to be of this chain and pool.
    pub fn parse_payment_request(&self, uri: String) -> Result<PaymentRequest, PaymentRequestError> {
        let request = PaymentRequest::parse(&uri)?;
        let is_ours = |payment: &RequestedPayment| {
            parse_address(&payment.to).is_ok_and(|address| address.pool() == self.genesis.pool_tag())
        };
        match request.payments.iter().all(is_ours) {
            true => Ok(request),
            false => Err(PaymentRequestError::ForeignPool),
        }
    }

    /// Writes a payment request as a `louver:` URI: a link, or what a QR code holds.
    pub fn format_payment_request(&self, request: PaymentRequest) -> Result<String, PaymentRequestError> {
        request.format()
    }

    /// Reads a list of payments (CSV, in UTF-8) with the columns address, amount and memo.
    pub fn parse_payment_list(&self, bytes: Vec<u8>) -> Result<PaymentList, PaymentListError> {
        PaymentList::read(&bytes, &self.known_assets())
    }

    /// What an address (`lvr1...`) says of itself.
    pub fn describe_address(&self, address: String) -> Result<AddressInfo, AddressError> {
        let address = parse_address(&address)?;
        let schedule = self.genesis.terms().schedule;
        Ok(AddressInfo {
            epoch: address.epoch().0,
            payable_here: address.pool() == self.genesis.pool_tag(),
            first_height: schedule.first_height(address.epoch()),
            last_height: (schedule.blocks() != 0).then(|| schedule.last_height(address.epoch())),
        })
    }
}

impl Node {
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// The assets as far as they are known.
    pub(crate) fn known_assets(&self) -> RwLockReadGuard<'_, KnownAssets> {
        self.assets.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) async fn refresh_assets(&self) -> Result<(), NodeError> {
        self.learn_assets(self.client.assets().await?)
    }

    /// Adds to the assets that are known, none of which may change.
    pub(crate) fn learn_assets(&self, told: Vec<AssetDescriptor>) -> Result<(), NodeError> {
        Ok(self.assets.write().unwrap_or_else(PoisonError::into_inner).learn(told)?)
    }

    /// Takes what a wallet knows of assets as what was known first: those keep their symbols.
    pub(crate) fn know_before(&self, mut known: KnownAssets) -> Result<(), NodeError> {
        let mut assets = self.assets.write().unwrap_or_else(PoisonError::into_inner);
        known.learn(assets.registered().iter().cloned())?;
        *assets = known;
        Ok(())
    }

    /// The keys that the chain's genesis names.
    pub(crate) fn keys(&self) -> Result<KeySet, KeySetError> {
        KeySet::of(&self.genesis)
    }

    /// A verifier for the chain's grants and packages. Verifying keys that this library has not are fetched from the node,
    /// and checked by the hashes in genesis.
    pub(crate) async fn disclosure_verifier(&self) -> Result<DisclosureVerifier, NoKeys> {
        let keys = self.keys()?;
        for key in keys.lacks_verifying() {
            keys.add_verifying(&self.client.verifying_key(&key).await?)?;
        }
        Ok(keys.disclosure_verifier()?)
    }

    /// A whole block, which has to be the one at its height.
    pub(crate) async fn block(&self, height: u32) -> Result<Block, NodeError> {
        let block = self.client.block(height).await?;
        match block.header.height == height {
            true => Ok(block),
            false => Err(NodeError::Answer { reason: format!("another block than that of height {height}") }),
        }
    }
}

impl core::fmt::Debug for Node {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Node").field("genesis", &self.genesis.hash()).finish_non_exhaustive()
    }
}

pub(crate) fn parse_address(text: &str) -> Result<Address, AddressError> {
    Ok(Address::from_typed(text)?)
}

/// A transparent account from its text.
pub(crate) fn parse_transparent(text: &str) -> Result<Account, String> {
    Account::from_typed(text).map_err(|error| error.to_string())
}

/// Why the verifying keys of a chain are not at hand.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoKeys {
    /// They are refused.
    #[error(transparent)]
    Keys(#[from] KeySetError),
    /// The node did not send them.
    #[error(transparent)]
    Node(#[from] NodeError),
}
