//! Transparent accounts and their operations, which are public, and the services of development chains.

use ed25519_dalek::SigningKey;
use louver_chain::{
    Account, ChainTransaction, SignedAct,
    operation::{Action, FeeError, UnsignedOperation},
};
use louver_core::{
    asset::{AssetDescriptor, AssetId},
    encoding::Encode,
    value::Value,
};

use super::{Connection, requests::number};
use crate::{
    api::{
        SHIELDED, path,
        view::{self, FaucetRequest, Inclusion, ProduceRequest, Produced, Submitted},
    },
    error::ClientError,
};

/// The state of a transparent account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransparentHoldings {
    /// The number for the account's next operation.
    pub nonce: u64,
    /// The amounts that it holds, by asset.
    pub balances: Vec<(AssetId, Value)>,
}

/// The state of an operation, or of a transaction that somebody else told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationState {
    /// The node does not know it.
    Unknown,
    /// It waits for a block.
    Pending,
    /// It is in the block of this height.
    Included(u32),
}

impl Connection {
    /// The state of a transparent account.
    ///
    /// # Errors
    /// Those of the node and of the transport.
    pub async fn holdings(&self, account: Account) -> Result<TransparentHoldings, ClientError> {
        let held: view::AccountView = self.requests.json(&path::with(path::ACCOUNT, account)).await?;
        let amount = |balance: &view::Balance| Ok((asset(&balance.asset)?, Value(number(&balance.amount)?)));
        Ok(TransparentHoldings {
            nonce: number(&held.nonce)?,
            balances: held.balances.iter().map(amount).collect::<Result<_, ClientError>>()?,
        })
    }

    /// Where an operation is, by its id of 64 hexadecimal digits. `[wallet-submission]`: it is for what is public by itself. A
    /// wallet follows its own transactions in the blocks, and asks for none of them.
    ///
    /// # Errors
    /// Those of the node and of the transport.
    pub async fn operation_state(&self, id: &str) -> Result<OperationState, ClientError> {
        let id: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
        let found: view::TransactionState = self.requests.json(&path::with(path::TRANSACTION, id)).await?;
        match (found.state, found.height) {
            (Inclusion::Unknown, _) => Ok(OperationState::Unknown),
            (Inclusion::Pending, _) => Ok(OperationState::Pending),
            (Inclusion::Included, Some(height)) => Ok(OperationState::Included(height)),
            (Inclusion::Included, None) => {
                Err(ClientError::answer("a transaction in a block without a height"))
            }
        }
    }

    /// Submits a transaction of the pool, by its bytes. Doing it again does no harm.
    ///
    /// # Errors
    /// [`ClientError::Refused`] if the node does not take it, and those of the transport.
    pub async fn submit(&self, transaction: &[u8]) -> Result<Submitted, ClientError> {
        self.requests.post(path::TRANSACTIONS, [&[SHIELDED], transaction].concat()).await
    }

    /// Submits an act of guardians or authorities. Doing it again does no harm.
    ///
    /// # Errors
    /// [`ClientError::Refused`] if the node does not take it, and those of the transport.
    pub async fn submit_act(&self, signed: &SignedAct) -> Result<Submitted, ClientError> {
        let act = ChainTransaction::Act(Box::new(signed.clone()));
        self.requests.post(path::TRANSACTIONS, act.to_bytes()).await
    }

    /// An operation with the account's next number and the least fee, in an asset that the account can pay it in:
    /// [`Self::operate`] would sign the same now.
    ///
    /// # Errors
    /// [`ClientError::Unpayable`] if the account cannot pay the fee, and those of the node and of the transport.
    pub async fn draft(&self, sender: Account, action: Action) -> Result<UnsignedOperation, ClientError> {
        let held = self.holdings(sender).await?;
        let holds = |asset: AssetId| {
            let balance = held.balances.iter().find(|(known, _)| *known == asset);
            balance.map_or(Value::ZERO, |(_, amount)| *amount)
        };
        let drafted = UnsignedOperation::paying(&self.genesis, sender, held.nonce, action, holds);
        drafted.map_err(|error| match error {
            FeeError::Missing { asset, minimum } => {
                ClientError::Unpayable { fee: self.known().format_amount(asset, minimum.0) }
            }
            error => ClientError::answer(error),
        })
    }

    /// Signs an operation with an account's next number and the least fee, and submits it. Returns its id.
    ///
    /// # Errors
    /// [`ClientError::Unpayable`] if the account cannot pay the fee, [`ClientError::Refused`] if the node does not take it, and
    /// those of the transport.
    pub async fn operate(&self, key: &SigningKey, action: Action) -> Result<String, ClientError> {
        let operation = self.draft(Account::of(key), action).await?;
        let operation = ChainTransaction::Transparent(operation.sign(&self.genesis.hash(), key));
        let submitted: Submitted = self.requests.post(path::TRANSACTIONS, operation.to_bytes()).await?;
        Ok(submitted.id)
    }

    /// Asks a development chain to send money to a transparent account. Returns the id of the operation that brings it.
    ///
    /// # Errors
    /// [`ClientError::Refused`] if the chain is not for development, and those of the transport.
    pub async fn faucet(
        &self,
        account: Account,
        asset: AssetId,
        amount: Value,
    ) -> Result<String, ClientError> {
        let request = FaucetRequest {
            account: account.to_string(),
            asset: asset.to_string(),
            amount: amount.0.to_string(),
        };
        let submitted: Submitted = self.requests.post_json(path::FAUCET, &request).await?;
        Ok(submitted.id)
    }

    /// Asks a development chain for blocks now.
    ///
    /// # Errors
    /// [`ClientError::Refused`] if the chain is not for development, and those of the transport.
    pub async fn produce(&self, count: u32) -> Result<Produced, ClientError> {
        self.requests.post_json(path::BLOCKS, &ProduceRequest { count, pass: 0 }).await
    }

    /// Lets `seconds` pass on the clock of a development chain, and asks for a block then.
    ///
    /// # Errors
    /// As [`Connection::produce`].
    pub async fn pass(&self, seconds: u64) -> Result<Produced, ClientError> {
        self.requests.post_json(path::BLOCKS, &ProduceRequest { count: 1, pass: seconds }).await
    }
}

fn asset(text: &str) -> Result<AssetId, ClientError> {
    let id = AssetId::new(number(text)?);
    id.ok_or_else(|| ClientError::answer(format!("{text} is not the id of an asset")))
}

/// An asset as the node describes it. The hash beside it comes from the same answer: it shows a mistake, not a lie.
pub(super) fn descriptor(entry: &view::Asset) -> Result<AssetDescriptor, ClientError> {
    let wrong = || ClientError::answer(format!("asset {} is not as its hash says", entry.id));
    let issuer: Account = entry.issuer.parse().map_err(|_| wrong())?;
    let reference = hex::decode(&entry.reference).map_err(|_| wrong())?;
    let asset = AssetDescriptor::new(asset(&entry.id)?, &entry.symbol, entry.decimals, issuer.0, &reference)?;
    match hex::encode(asset.hash().0) == entry.descriptor_hash {
        true => Ok(asset),
        false => Err(wrong()),
    }
}
