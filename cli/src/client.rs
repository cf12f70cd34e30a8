//! The node, for commands: each request waits for its answer.

use std::{future::Future, sync::Arc};

use louver_chain::{Account, SignedAct, operation::Action};
use louver_client::{
    api::{
        Refusal,
        view::{Status, Submitted, Supply},
    },
    clock::Clock,
    connection::{Connection, OperationFate, OperationState, SignedOperation, TransparentHoldings},
    transport::Http,
    trust::{Trust, TrustedHead},
};
use louver_core::{
    asset::{AssetDescriptor, AssetId, KnownAssets},
    ledger::Genesis,
    value::Value,
};

use crate::{
    exit::{Failure, Kind},
    trust,
};

pub(crate) use louver_client::ClientError;

/// A client of one node. Its genesis and its descriptions of assets do not change while it lives.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    url: String,
    connection: Arc<Connection>,
}

fn wait<T>(answer: impl Future<Output = Result<T, ClientError>>) -> Result<T, ClientError> {
    pollster::block_on(answer)
}

impl Client {
    /// Connects to the node at `url`, as in `http://127.0.0.1:7749`, and follows it to its newest head, from the trust that
    /// was chosen.
    pub(crate) fn new(url: &str, trust: Trust) -> Result<Self, Failure> {
        Self::with_clock(url, trust, Clock::system())
    }

    /// [`Client::new`], by another clock than this machine's.
    pub(crate) fn with_clock(url: &str, trust: Trust, clock: Clock) -> Result<Self, Failure> {
        let http = Http::new(url).map_err(|error| Failure::new(Kind::Usage, "url_invalid", error))?;
        let url = http.url().to_owned();
        Ok(Self { url, connection: wait(Connection::connect_at(Arc::new(http), trust, clock))? })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The chain behind the node.
    pub(crate) fn connection(&self) -> &Arc<Connection> {
        &self.connection
    }

    pub(crate) fn genesis(&self) -> &Genesis {
        self.connection.genesis()
    }

    /// The known assets, including those registered a moment ago.
    pub(crate) fn assets(&self) -> Result<KnownAssets, ClientError> {
        wait(self.connection.refresh_assets())?;
        Ok(self.connection.assets())
    }

    pub(crate) fn status(&self) -> Result<Status, ClientError> {
        wait(self.connection.status())
    }

    /// Follows the node to its newest head.
    pub(crate) fn advance(&self) -> Result<TrustedHead, ClientError> {
        wait(self.connection.advance())
    }

    pub(crate) fn supply(&self, assets: &[AssetId]) -> Result<Supply, ClientError> {
        wait(self.connection.supply(assets))
    }

    /// The newest asset that an account registered by an action.
    pub(crate) fn registered(
        &self,
        issuer: Account,
        action: &Action,
    ) -> Result<Option<AssetDescriptor>, ClientError> {
        wait(self.connection.registered(issuer, action))
    }

    /// The block after which a wallet finds all that it received since a time.
    pub(crate) fn height_since(&self, time: u64) -> Result<u32, ClientError> {
        wait(self.connection.height_since(time))
    }

    pub(crate) fn holdings(&self, account: Account) -> Result<TransparentHoldings, ClientError> {
        wait(self.connection.holdings(account))
    }

    /// The state of a public operation. Transactions of the pool are never asked for.
    pub(crate) fn operation_state(&self, id: &str) -> Result<OperationState, ClientError> {
        wait(self.connection.operation_state(id))
    }

    /// Submits a transaction of the pool, by its bytes.
    pub(crate) fn submit(&self, transaction: &[u8]) -> Result<Submitted, ClientError> {
        wait(self.connection.submit(transaction))
    }

    /// Submits an act of guardians or authorities.
    pub(crate) fn submit_act(&self, signed: &SignedAct) -> Result<Submitted, ClientError> {
        wait(self.connection.submit_act(signed))
    }

    /// The fee that an operation of an account would pay now, for people; `None` if it is free.
    pub(crate) fn fee_of(&self, account: Account, action: Action) -> Result<Option<String>, ClientError> {
        let fee = wait(self.connection.draft(account, action))?.fee;
        let said = || self.connection.assets().format_amount(fee.asset(), fee.amount().0);
        Ok((fee.amount() != Value::ZERO).then(said))
    }

    /// Signs an operation with the account's next number, and submits it.
    pub(crate) fn operate(
        &self,
        key: &ed25519_dalek::SigningKey,
        action: Action,
    ) -> Result<SignedOperation, ClientError> {
        wait(self.connection.operate(key, action))
    }

    /// Signs an operation with the account's next number.
    pub(crate) fn sign_operation(
        &self,
        key: &ed25519_dalek::SigningKey,
        action: Action,
    ) -> Result<SignedOperation, ClientError> {
        wait(self.connection.sign_operation(key, action))
    }

    /// Submits a signed operation.
    pub(crate) fn submit_operation(&self, operation: &SignedOperation) -> Result<(), ClientError> {
        wait(self.connection.submit_operation(operation))
    }

    /// The fate of a signed operation.
    pub(crate) fn fate(&self, operation: &SignedOperation) -> Result<OperationFate, ClientError> {
        wait(self.connection.fate(operation))
    }

    /// Asks a development chain for money. Returns the id of the operation that brings it.
    pub(crate) fn faucet(
        &self,
        account: Account,
        asset: AssetId,
        amount: Value,
    ) -> Result<String, ClientError> {
        wait(self.connection.faucet(account, asset, amount))
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        if let ClientError::Convicted(evidence) = &error {
            return trust::convicted(evidence, &error);
        }
        if let ClientError::DateToCome(_) = &error {
            return Self::input(error);
        }
        let code = match &error {
            ClientError::Unreachable(_) => "node_unreachable".to_owned(),
            ClientError::Refused { refusal, .. } => refusal.code().to_owned(),
            ClientError::Unpayable { .. } => Refusal::InsufficientBalance.code().to_owned(),
            ClientError::OtherChain | ClientError::OtherGenesis { .. } | ClientError::OtherBlock { .. } => {
                "other_chain".to_owned()
            }
            ClientError::Behind { .. } => "node_behind".to_owned(),
            ClientError::Untrusted(_) => "node_untrusted".to_owned(),
            ClientError::Contradicted { .. } => "node_contradicted".to_owned(),
            ClientError::Unproven { .. } => "node_unproven".to_owned(),
            _ => "node_answer".to_owned(),
        };
        Self::new(Kind::Node, &code, error)
    }
}
