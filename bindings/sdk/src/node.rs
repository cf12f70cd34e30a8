//! A chain, through one of its nodes.

use std::sync::Arc;

use louver_chain::Account;
use louver_circuits::disclosure::DisclosureVerifier;
use louver_client::{
    clock,
    connection::{Connection, OperationState},
    keys::KeyFetchError,
};
use louver_core::{
    address::Address,
    asset::{AssetId, AssetNameError},
    calendar::Month,
    encoding::Encode,
    ledger::Genesis,
    value::Value,
};
use louver_wallet::chain::ChainParameters;

use crate::{
    AddressError, Amount, AmountError, Asset, ChainChoice, EpochSpan, Fingerprint, NodeError, PaymentList,
    PaymentListError, PaymentRequest, PaymentRequestError, Period, PeriodError, Refusal, RequestedPayment,
    Transport, Trust, TrustedHead, amount, transport::Foreign,
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
        /// The time of the last block, in seconds since 1970.
        pub time: u64,
        /// How many seconds ago that was, by this machine's clock.
        pub age: u64,
        /// Whether the last block is so old that newer ones are missing: the chain stands still, or the node withholds them.
        /// Say so.
        pub is_old: bool,
        /// A sentence while payments stand still, as the chain's guardians have switched off its rules: since when, what it means
        /// for money and what to expect. Say so.
        pub paused: Option<String>,
        /// The choice of a chain that was made before the node was asked.
        pub chosen: ChainChoice,
        /// The number of the epoch that transactions declare now, for programs.
        pub epoch: u16,
        /// Its name for people: a month, as a rule.
        pub period: String,
        /// The month of the chain's first epoch, in months since January 1970; absent if epochs are not months. Each
        /// epoch is a month later than the one before.
        pub first_month: Option<u32>,
        /// Its first second, in seconds since 1970.
        pub period_begins: u64,
        /// The first second after it; absent if it never ends.
        pub period_ends: Option<u64>,
        /// The committee that can open what is paid now; absent in a pool without auditors, and while none of their keys serves.
        /// Say it before paying.
        pub committee: Option<AuditCommittee>,
    }
}

data! {
    /// The auditors of a pool who hold a key together. The chain was shown how they made it, so the numbers are proven.
    pub struct AuditCommittee {
        /// The number of their key.
        pub key: u32,
        /// How many of them open a transaction together.
        pub threshold: u8,
        /// How many they are.
        pub members: u8,
    }
}

variant! {
    /// The state of a transaction.
    pub enum TransactionState {
        /// The node does not know it.
        Unknown,
        /// It waits for a block.
        Pending,
        /// It is in a block.
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
        /// The amounts that it holds.
        pub balances: Vec<Amount>,
    }
}

data! {
    /// The meaning of an address.
    pub struct AddressInfo {
        /// The number of the epoch that it is for.
        pub epoch: u16,
        /// The name of that epoch for people: a month, as a rule.
        pub period: String,
        /// Whether the address is of this chain and pool. A payment to any other address would lose the funds.
        pub payable_here: bool,
        /// The first second in which it can be paid, in seconds since 1970; absent if the chain has no such epoch.
        pub payable_from: Option<u64>,
        /// The first second after its epoch, from when on payers are asked for a newer address; absent if it never
        /// expires.
        pub valid_until: Option<u64>,
        /// The first second in which no block pays it any more; absent if it never expires.
        pub payable_until: Option<u64>,
    }
}

/// A chain, through one of its nodes. Handles can be shared, and several requests may run at the same time.
#[derive(Debug)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct Node(Arc<Connection>);

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Node {
    /// Connects to a node. It reads the chain's genesis, whose hash is computed here and compared with the chosen one, and
    /// follows the node to its newest block. From then on nothing that the chain commits to is taken from the node before it
    /// was proven under a block that the chain's authorities sealed.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub async fn connect(transport: Arc<dyn Transport>, trust: Trust) -> Result<Arc<Self>, NodeError> {
        let Trust { genesis_hash, pin, own_node } = trust;
        let trust = louver_client::trust::Trust::read(genesis_hash.as_deref(), pin.as_deref())?;
        let connection = Connection::connect(Arc::new(Foreign(transport)), trust).await?;
        if own_node == Some(true) {
            connection.rely_on_own_node();
        }
        Ok(Arc::new(Self(connection)))
    }

    /// The newest block that was shown to be final, without asking the node again.
    pub fn head(&self) -> TrustedHead {
        TrustedHead::of(&self.0)
    }

    /// The marks of the chain, which a person compares with those that its operator publishes. Show them once, at the first contact with a chain that
    /// was not chosen.
    pub fn fingerprint(&self) -> Fingerprint {
        self.0.fingerprint().into()
    }

    /// The file of evidence against the chain's authorities, if there is any. Nothing more is read or sent on the chain then.
    pub fn evidence(&self) -> Option<Vec<u8>> {
        self.0.evidence().map(|evidence| evidence.to_bytes())
    }

    /// How the chain stands.
    pub async fn status(&self) -> Result<NodeStatus, NodeError> {
        let status = self.0.status().await?;
        let head = self.0.head();
        Ok(NodeStatus {
            age: head.age,
            is_old: head.is_old,
            paused: self.0.pause().map(|pause| pause.to_string()),
            chosen: head.choice.into(),
            development: status.development,
            genesis_hash: status.genesis_hash,
            height: status.height,
            time: status.time,
            epoch: status.epoch.number,
            period: status.epoch.name,
            first_month: self.genesis().terms().schedule.first_month().map(Month::number),
            period_begins: status.epoch.begins,
            period_ends: status.epoch.ends,
            committee: self.committee().await?,
        })
    }

    /// The known assets of the chain: those in the genesis, the first that were registered, and those that were met. Known
    /// assets do not change.
    pub async fn assets(&self) -> Result<Vec<Asset>, NodeError> {
        self.0.refresh_assets().await?;
        Ok(amount::list(&self.0.assets()))
    }

    /// The asset with an id; `None` if none is registered. The node is asked for 64 ids at once, so that it does not learn
    /// which one is meant.
    pub async fn asset(&self, id: u64) -> Result<Option<Asset>, NodeError> {
        let Some(id) = AssetId::new(id) else { return Ok(None) };
        self.0.learn_assets([id]).await?;
        Ok(amount::list(&self.0.assets()).into_iter().find(|asset| asset.id == id.to_u64()))
    }

    /// The state of a transaction, by its id in hexadecimal. The node learns that somebody is interested in this
    /// transaction. Use this for operations of transparent accounts, which are public. A wallet never asks for its own
    /// transactions: it finds them in the blocks ([`crate::Wallet::sync`]).
    pub async fn transaction(&self, txid: String) -> Result<TransactionState, NodeError> {
        Ok(match self.0.operation_state(&txid).await? {
            OperationState::Unknown => TransactionState::Unknown,
            OperationState::Pending => TransactionState::Pending,
            OperationState::Included(height) => TransactionState::Included { height },
        })
    }

    /// The public state of a transparent account (`lvrt1...`).
    pub async fn transparent_account(&self, account: String) -> Result<TransparentAccount, NodeError> {
        let account = transparent(&account)?;
        let held = self.0.holdings(account).await?;
        let amount = |(asset, value): &(AssetId, Value)| Amount::new(*asset, *value);
        Ok(TransparentAccount {
            account: account.to_string(),
            balances: held.balances.iter().map(amount).collect(),
        })
    }

    /// The block after which a wallet finds all that it received since a time, in seconds since 1970: a birthday by date. It
    /// begins two days before that time, because the clocks of those who make blocks may be wrong. The node is asked for some
    /// twenty blocks, and learns about when the wallet was made. A date to come is refused ([`NodeError::DateToCome`]).
    pub async fn height_since(&self, time: u64) -> Result<u32, NodeError> {
        Ok(self.0.height_since(time).await?)
    }

    /// Asks a development chain to send money to a transparent account; returns the id of the operation that brings it.
    pub async fn faucet(&self, account: String, amount: Amount) -> Result<String, NodeError> {
        let asset = AssetId::new(amount.asset).ok_or_else(|| NodeError::Refused {
            status: 400,
            refusal: Refusal::AssetUnknown,
            reason: format!("there is no asset {}", amount.asset),
        })?;
        Ok(self.0.faucet(transparent(&account)?, asset, Value(amount.value)).await?)
    }

    /// Asks a development chain for blocks now; returns the height after them.
    pub async fn produce_blocks(&self, count: u32) -> Result<u32, NodeError> {
        Ok(self.0.produce(count).await?.height)
    }

    /// Lets seconds pass on the clock of a development chain, and asks for a block then; returns its height.
    pub async fn pass_time(&self, seconds: u64) -> Result<u32, NodeError> {
        Ok(self.0.pass(seconds).await?.height)
    }

    /// Reads an amount as people write it, such as `12.50 LVR`. The result is exact: nothing is rounded.
    pub fn parse_amount(&self, text: String) -> Result<Amount, AmountError> {
        let (asset, value) = self.0.assets().parse_amount(&text)?;
        Ok(Amount::new(asset, value))
    }

    /// Reads an amount for an asset that was chosen beforehand, so that a bare number is enough. If the text names an
    /// asset, that asset counts.
    pub fn parse_amount_of(&self, asset: u64, text: String) -> Result<Amount, AmountError> {
        let chosen = AssetId::new(asset).ok_or(AssetNameError::UnknownId { id: asset });
        let (asset, value) = self.0.assets().parse_amount_of(chosen.map_err(AmountError::from)?, &text)?;
        Ok(Amount::new(asset, value))
    }

    /// Writes an amount for people, in a form that [`Node::parse_amount`] reads again.
    pub fn format_amount(&self, amount: Amount) -> String {
        amount::format(&self.0.assets(), &amount)
    }

    /// Reads a payment request, a `louver:` URI. It refuses addresses of another chain or pool.
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

    /// Writes a payment request as a `louver:` URI, for a link or a QR code.
    pub fn format_payment_request(&self, request: PaymentRequest) -> Result<String, PaymentRequestError> {
        request.format()
    }

    /// Reads a list of payments (CSV, in UTF-8) with the columns address, amount and memo.
    pub fn parse_payment_list(&self, bytes: Vec<u8>) -> Result<PaymentList, PaymentListError> {
        PaymentList::read(&bytes, &self.0.assets())
    }

    /// The meaning of an address (`lvr1...`).
    pub fn describe_address(&self, address: String) -> Result<AddressInfo, AddressError> {
        let address = parse_address(&address)?;
        let schedule = self.genesis().terms().schedule;
        Ok(AddressInfo {
            epoch: address.epoch().0,
            payable_here: address.pool() == self.genesis().pool_tag()
                && !schedule.takes_withdrawals_only(address.epoch()),
            period: schedule.name(address.epoch()),
            payable_from: schedule.begins(address.epoch()),
            valid_until: schedule.ends(address.epoch()),
            payable_until: schedule.payable_until(address.epoch()),
        })
    }

    /// The epochs that a period touches, for a grant: it widens outward to whole months. These are the epochs that
    /// transactions *declare*: in the first days of a month, blocks still take transactions that declare the month before.
    pub fn epochs(&self, period: Period) -> Result<EpochSpan, PeriodError> {
        period.epochs(&self.genesis().terms().schedule, clock::now())
    }
}

impl Node {
    /// The committee that can open what is paid in the next block, by the state that was proven last.
    async fn committee(&self) -> Result<Option<AuditCommittee>, NodeError> {
        let chain = self.0.known_parameters().await?;
        let auditor = chain.auditor(chain.height.saturating_add(1));
        Ok(auditor.map(|key| AuditCommittee {
            key: key.number,
            threshold: key.threshold,
            members: key.members,
        }))
    }

    pub(crate) fn connection(&self) -> &Arc<Connection> {
        &self.0
    }

    pub(crate) fn genesis(&self) -> &Genesis {
        self.0.genesis()
    }

    /// The chain with its rules versions and its height as they were proven last, for whoever needs the keys of the version
    /// that counts. A wallet plans by the same, so a plan can be proven while the node does not answer.
    pub(crate) async fn known_rules(&self) -> Result<ChainParameters, KeyFetchError> {
        Ok(self.0.known_parameters().await?)
    }

    /// A verifier for the chain's grants and packages.
    pub(crate) async fn disclosure_verifier(&self) -> Result<DisclosureVerifier, KeyFetchError> {
        self.0.disclosure_verifier(&self.0.keys().await?).await
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
