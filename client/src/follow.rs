//! What a wallet asks ([`louver_wallet::follow`]), asked over a connection.

use louver_chain::ChainTransaction;
use louver_wallet::follow::{Answer, Ask, Submission};

use crate::{apart::apart, connection::Connection, error::ClientError};

impl Connection {
    /// The node's answer to what a wallet asks. The order of questions is the wallet's ([`louver_wallet::follow::Follow`]).
    /// [`Ask::Save`] is for whatever keeps the wallet's state, and answered here as if that were safe at once.
    ///
    /// # Errors
    /// Why there is no answer. That a node refuses a transaction is one.
    pub async fn answer(&self, ask: Ask) -> Result<Answer, ClientError> {
        match ask {
            Ask::Tip => self.parameters().await.map(Answer::Tip),
            Ask::Blocks(range) => self.compact_blocks(range).await.map(Answer::Blocks),
            Ask::Tree(height) => self.tree(height).await.map(Answer::Tree),
            Ask::Whole(height) => {
                let block = self.block(height).await?;
                let shielded = || block.transactions.into_iter().filter_map(ChainTransaction::into_shielded);
                Ok(Answer::Whole(apart(|| shielded().collect()).await))
            }
            Ask::Submit(outgoing) => match self.submit(&outgoing.bytes).await {
                Ok(_) => Ok(Answer::Submitted(Submission::Taken)),
                Err(ClientError::Refused { .. }) => Ok(Answer::Submitted(Submission::Refused)),
                Err(error) => Err(error),
            },
            Ask::Save => Ok(Answer::Saved),
            _ => Err(ClientError::answer("a question that this client does not know")),
        }
    }
}
