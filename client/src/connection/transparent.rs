//! Transparent accounts and their operations, which are public, and the services of development chains.

use ed25519_dalek::SigningKey;
use louver_chain::{
    Account, Block, ChainTransaction, SignedAct,
    operation::{Action, FeeError, UnsignedOperation},
};
use louver_core::{
    asset::{AssetDescriptor, AssetId},
    encoding::Encode,
    value::Value,
};

use super::{
    Connection,
    assets::{MOST_IDS, list},
    requests::number,
};
use crate::{
    api::{
        Refusal, SHIELDED, path,
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

/// An operation that was signed here. A node is not asked what became of it: the account's count of operations, which the chain
/// commits to, says whether its number is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedOperation {
    /// Its id, in hexadecimal: computed here, whatever a node calls it.
    pub id: String,
    /// The account that acts.
    pub sender: Account,
    /// Its number among the account's operations.
    pub nonce: u64,
    /// The chain's last block when it was signed.
    since: u32,
    bytes: Vec<u8>,
}

/// The fate of a signed operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationFate {
    /// Its number is not used yet: a block may still take it.
    Open,
    /// It is in the block of this height.
    Included(u32),
    /// Another operation of the account took its number: no block will ever take it.
    Displaced,
}

impl Connection {
    /// The state of a transparent account under the newest head. Its assets are learnt.
    ///
    /// The first known assets are asked for by their ids, so that the node has to prove what the account holds of them, also
    /// where that is nothing. Then all others are asked for: of those the node could leave out a balance, but not alter it.
    /// Of an account that holds more assets than one answer proves, the others are left out.
    ///
    /// # Errors
    /// [`ClientError::Contradicted`] or [`ClientError::Unproven`] if the node's answer is not the state's; those of
    /// [`Connection::advance`].
    pub async fn holdings(&self, account: Account) -> Result<TransparentHoldings, ClientError> {
        let known: Vec<AssetId> = self.known().iter().map(AssetDescriptor::id).take(MOST_IDS).collect();
        let others = match self.held(account, &[]).await {
            Err(error) if error.refusal() == Some(&Refusal::TooManyIds) => None,
            held => Some(held?),
        };
        // Asked for last: this is the number and the money that the next operation is made with.
        let mut held = self.held(account, &known).await?;
        let others = others.into_iter().flat_map(|others| others.balances);
        held.balances.extend(others.filter(|(asset, _)| !known.contains(asset)));
        held.balances.sort_unstable_by_key(|(asset, _)| *asset);
        self.learn_assets(held.balances.iter().map(|(asset, _)| *asset)).await?;
        Ok(held)
    }

    /// The holdings of an account in these assets; in all assets if none is named.
    async fn held(&self, account: Account, asked: &[AssetId]) -> Result<TransparentHoldings, ClientError> {
        let path = path::with(path::ACCOUNT, account);
        let path = match asked {
            [] => path,
            asked => format!("{path}?assets={}", list(asked)),
        };
        let (held, facts) = self.proven::<view::AccountView>(&path, "an account").await?;
        let listed =
            |balance: &view::Balance| Ok((asset_id(&balance.asset)?, Value(number(&balance.amount)?)));
        let balances: Vec<_> = held.balances.iter().map(listed).collect::<Result<_, ClientError>>()?;
        let nonce = number(&held.nonce)?;
        let is_true = held.account == account.to_string() && facts.operations(account)? == nonce;
        let mut proven = Vec::new();
        for (asset, amount) in facts.balances(account) {
            if amount != Value::ZERO && !proven.contains(&(asset, amount)) {
                proven.push((asset, amount));
            }
        }
        for asset in asked {
            facts.balance(account, *asset)?;
        }
        let (mut proven, mut said) = (proven, balances.clone());
        proven.sort_unstable_by_key(|(asset, _)| *asset);
        said.sort_unstable_by_key(|(asset, _)| *asset);
        match is_true && proven == said {
            true => Ok(TransparentHoldings { nonce, balances }),
            false => Err(ClientError::contradicted(format_args!("the account {account}"))),
        }
    }

    /// Where an operation is, by its id of 64 hexadecimal digits. `[wallet-submission]`: it is for what is public by itself. A
    /// wallet follows its own transactions in the blocks, and asks for none of them. That it waits, or is not known, is the
    /// node's word; a block that has it is read, and it is found there.
    ///
    /// # Errors
    /// [`ClientError::Contradicted`] if the block does not have it; those of [`Connection::block`].
    pub async fn operation_state(&self, id: &str) -> Result<OperationState, ClientError> {
        let id = id.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        let found: view::TransactionState = self.requests.json(&path::with(path::TRANSACTION, &id)).await?;
        if found.id != id {
            return Err(ClientError::answer(format!("the state of another transaction than {id}")));
        }
        match (found.state, found.height) {
            (Inclusion::Unknown, _) => Ok(OperationState::Unknown),
            (Inclusion::Pending, _) => Ok(OperationState::Pending),
            (Inclusion::Included, Some(height)) => match self.has(height, &id).await? {
                true => Ok(OperationState::Included(height)),
                false => Err(ClientError::contradicted(format_args!("transaction {id}"))),
            },
            (Inclusion::Included, None) => {
                Err(ClientError::answer("a transaction in a block without a height"))
            }
        }
    }

    /// Whether the block of a height has a transaction, an operation or an act with an id.
    async fn has(&self, height: u32, id: &str) -> Result<bool, ClientError> {
        let block = self.block(height).await?;
        if self.is_public(&block, id) {
            return Ok(true);
        }
        let shielded = self.shielded(block).await?;
        Ok(shielded.iter().any(|(_, txid, _)| hex::encode(txid.0) == id))
    }

    /// Whether a block has an operation or an act with an id.
    fn is_public(&self, block: &Block, id: &str) -> bool {
        let genesis = self.genesis.hash();
        block.transactions().iter().any(|transaction| match transaction {
            ChainTransaction::Transparent(operation) => hex::encode(operation.id(&genesis).0) == id,
            ChainTransaction::Act(act) => hex::encode(act.id(&genesis).0) == id,
            ChainTransaction::Shielded(_) => false,
        })
    }

    /// Submits a transaction of the pool, by its bytes. Doing it again does no harm.
    ///
    /// # Errors
    /// [`ClientError::Refused`] if the node does not take it, [`ClientError::Convicted`], and those of the transport.
    pub async fn submit(&self, transaction: &[u8]) -> Result<Submitted, ClientError> {
        self.sound()?;
        self.requests.post(path::TRANSACTIONS, [&[SHIELDED], transaction].concat()).await
    }

    /// Submits an act of guardians or authorities. Doing it again does no harm.
    ///
    /// # Errors
    /// [`ClientError::Refused`] if the node does not take it, and those of the transport.
    pub async fn submit_act(&self, signed: &SignedAct) -> Result<Submitted, ClientError> {
        self.sound()?;
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

    /// Signs an operation with an account's next number and the least fee.
    ///
    /// # Errors
    /// Nothing was sent: [`ClientError::Unpayable`] if the account cannot pay the fee, and those of the node and of the
    /// transport.
    pub async fn sign_operation(
        &self,
        key: &SigningKey,
        action: Action,
    ) -> Result<SignedOperation, ClientError> {
        let since = self.advance().await?.height;
        let (sender, genesis) = (Account::of(key), self.genesis.hash());
        let operation = self.draft(sender, action).await?;
        let (id, nonce) = (hex::encode(operation.id(&genesis).0), operation.nonce);
        let bytes = ChainTransaction::Transparent(operation.sign(&genesis, key)).to_bytes();
        Ok(SignedOperation { id, sender, nonce, since, bytes })
    }

    /// Submits a signed operation. Doing it again does no harm.
    ///
    /// # Errors
    /// [`ClientError::Refused`] if the node does not take it, and those of the transport. A node that has seen it may still have
    /// it mined until its number is used.
    pub async fn submit_operation(&self, operation: &SignedOperation) -> Result<(), ClientError> {
        self.sound()?;
        let submitted = self.requests.post::<Submitted>(path::TRANSACTIONS, operation.bytes.clone());
        submitted.await.map(drop)
    }

    /// Signs an operation with an account's next number and the least fee, and submits it.
    ///
    /// # Errors
    /// Those of [`Connection::sign_operation`] and of [`Connection::submit_operation`].
    pub async fn operate(&self, key: &SigningKey, action: Action) -> Result<SignedOperation, ClientError> {
        let operation = self.sign_operation(key, action).await?;
        self.submit_operation(&operation).await?;
        Ok(operation)
    }

    /// The fate of a signed operation, by the account's proven count of operations and by the blocks since it was signed.
    ///
    /// # Errors
    /// As [`Connection::holdings`] and [`Connection::block`].
    pub async fn fate(&self, operation: &SignedOperation) -> Result<OperationFate, ClientError> {
        let SignedOperation { id, sender, nonce, since, .. } = operation;
        let known: Vec<AssetId> = self.known().iter().map(AssetDescriptor::id).take(MOST_IDS).collect();
        if self.held(*sender, &known).await?.nonce <= *nonce {
            return Ok(OperationFate::Open);
        }
        let last = self.advance().await?.height;
        for height in since.saturating_add(1)..=last {
            if self.is_public(&self.block(height).await?, id) {
                return Ok(OperationFate::Included(height));
            }
        }
        Ok(OperationFate::Displaced)
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

pub(super) fn asset_id(text: &str) -> Result<AssetId, ClientError> {
    let id = AssetId::new(number(text)?);
    id.ok_or_else(|| ClientError::answer(format!("{text} is not the id of an asset")))
}

/// An asset as the node describes it. The hash beside it comes from the same answer: it shows a mistake, not a lie.
pub(super) fn descriptor(entry: &view::Asset) -> Result<AssetDescriptor, ClientError> {
    let wrong = || ClientError::answer(format!("asset {} is not as its hash says", entry.id));
    let issuer: Account = entry.issuer.parse().map_err(|_| wrong())?;
    let reference = hex::decode(&entry.reference).map_err(|_| wrong())?;
    let asset =
        AssetDescriptor::new(asset_id(&entry.id)?, &entry.symbol, entry.decimals, issuer.0, &reference)?;
    match hex::encode(asset.hash().0) == entry.descriptor_hash {
        true => Ok(asset),
        false => Err(wrong()),
    }
}
