//! A chain, through one of its nodes.

use std::sync::Arc;

use louver_chain::Account;
use louver_circuits::{
    disclosure::DisclosureVerifier,
    keyset::{KeySet, KeySetError},
};
use louver_client::{
    connection::{Connection, OperationState},
    keys::KeyFetchError,
};
use louver_core::{
    address::Address,
    asset::{AssetId, AssetNameError},
    ledger::Genesis,
    value::Value,
};

use crate::{
    AddressError, Amount, AmountError, Asset, NodeError, PaymentList, PaymentListError, PaymentRequest,
    PaymentRequestError, Refusal, RequestedPayment, Transport, amount, transport::Foreign,
};

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
#[derive(Debug)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct Node(Arc<Connection>);

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Node {
    /// Connects to a node: reads the chain's genesis, whose hash is computed here, and its assets. A node that describes
    /// an asset otherwise than genesis does is refused.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub async fn connect(transport: Arc<dyn Transport>) -> Result<Arc<Self>, NodeError> {
        Ok(Arc::new(Self(Connection::connect(Arc::new(Foreign(transport))).await?)))
    }

    /// How the chain stands.
    pub async fn status(&self) -> Result<NodeStatus, NodeError> {
        let status = self.0.status().await?;
        Ok(NodeStatus {
            development: status.development,
            genesis_hash: status.genesis_hash,
            height: status.height,
            epoch: status.epoch,
            epoch_blocks: self.genesis().terms().schedule.blocks(),
        })
    }

    /// The assets of the chain: those of genesis, and those that were registered since, as the node says. What was known
    /// of an asset stays: a node that says otherwise later is refused.
    pub async fn assets(&self) -> Result<Vec<Asset>, NodeError> {
        self.0.refresh_assets().await?;
        Ok(amount::list(&self.0.assets()))
    }

    /// Where a transaction is, by its id in hexadecimal. A node that is asked for a transaction learns that somebody is
    /// interested in it: a wallet finds its own in the blocks ([`crate::Wallet::sync`]), and asks for none. This is for
    /// operations of transparent accounts, which everybody sees.
    pub async fn transaction(&self, txid: String) -> Result<TransactionState, NodeError> {
        Ok(match self.0.operation_state(&txid).await? {
            OperationState::Unknown => TransactionState::Unknown,
            OperationState::Pending => TransactionState::Pending,
            OperationState::Included(height) => TransactionState::Included { height },
        })
    }

    /// What a transparent account (`lvrt1...`) holds.
    pub async fn transparent_account(&self, account: String) -> Result<TransparentAccount, NodeError> {
        let account = transparent(&account)?;
        let held = self.0.holdings(account).await?;
        let amount = |(asset, value): &(AssetId, Value)| Amount::new(*asset, *value);
        Ok(TransparentAccount {
            account: account.to_string(),
            balances: held.balances.iter().map(amount).collect(),
        })
    }

    /// Asks a development chain for money on a transparent account; gives the id of what brings it.
    pub async fn faucet(&self, account: String, amount: Amount) -> Result<String, NodeError> {
        let asset = AssetId::new(amount.asset).ok_or_else(|| NodeError::Refused {
            status: 400,
            refusal: Refusal::AssetUnknown,
            reason: format!("there is no asset {}", amount.asset),
        })?;
        Ok(self.0.faucet(transparent(&account)?, asset, Value(amount.value)).await?)
    }

    /// Asks a development chain for blocks now; gives the height after them.
    pub async fn produce_blocks(&self, count: u32) -> Result<u32, NodeError> {
        Ok(self.0.produce(count).await?.height)
    }

    /// Reads an amount as people write it, such as `12.50 LVR`. Exact: it is never rounded.
    pub fn parse_amount(&self, text: String) -> Result<Amount, AmountError> {
        let (asset, value) = self.0.assets().parse_amount(&text)?;
        Ok(Amount::new(asset, value))
    }

    /// Reads an amount where the asset was chosen beforehand, so that a number alone is enough. An asset that is written
    /// all the same wins over the chosen one.
    pub fn parse_amount_of(&self, asset: u64, text: String) -> Result<Amount, AmountError> {
        let chosen = AssetId::new(asset).ok_or(AssetNameError::UnknownId { id: asset });
        let (asset, value) = self.0.assets().parse_amount_of(chosen.map_err(AmountError::from)?, &text)?;
        Ok(Amount::new(asset, value))
    }

    /// Writes an amount as people read it, and as [`Node::parse_amount`] reads it again.
    pub fn format_amount(&self, amount: Amount) -> String {
        amount::format(&self.0.assets(), &amount)
    }

    /// Reads a payment request, a `louver:` URI. Each of its addresses has to be of this chain and pool.
    pub fn parse_payment_request(&self, uri: String) -> Result<PaymentRequest, PaymentRequestError> {
        let request = PaymentRequest::parse(&uri)?;
        let is_ours = |payment: &RequestedPayment| {
            parse_address(&payment.to).is_ok_and(|address| address.pool() == self.genesis().pool_tag())
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
        PaymentList::read(&bytes, &self.0.assets())
    }

    /// What an address (`lvr1...`) says of itself.
    pub fn describe_address(&self, address: String) -> Result<AddressInfo, AddressError> {
        let address = parse_address(&address)?;
        let schedule = self.genesis().terms().schedule;
        Ok(AddressInfo {
            epoch: address.epoch().0,
            payable_here: address.pool() == self.genesis().pool_tag(),
            first_height: schedule.first_height(address.epoch()),
            last_height: (schedule.blocks() != 0).then(|| schedule.last_height(address.epoch())),
        })
    }
}

impl Node {
    pub(crate) fn connection(&self) -> &Arc<Connection> {
        &self.0
    }

    pub(crate) fn genesis(&self) -> &Genesis {
        self.0.genesis()
    }

    /// The keys that the chain's genesis names.
    pub(crate) fn keys(&self) -> Result<KeySet, KeySetError> {
        KeySet::of(self.genesis())
    }

    /// A verifier for the chain's grants and packages.
    pub(crate) async fn disclosure_verifier(&self) -> Result<DisclosureVerifier, KeyFetchError> {
        self.0.disclosure_verifier(&self.keys()?).await
    }
}

pub(crate) fn parse_address(text: &str) -> Result<Address, AddressError> {
    Ok(Address::from_typed(text)?)
}

/// A transparent account from its text.
pub(crate) fn parse_transparent(text: &str) -> Result<Account, String> {
    Account::from_typed(text).map_err(|error| error.to_string())
}

fn transparent(text: &str) -> Result<Account, NodeError> {
    parse_transparent(text).map_err(|reason| NodeError::Refused {
        status: 400,
        refusal: Refusal::Other { code: "account_invalid".to_owned() },
        reason,
    })
}
