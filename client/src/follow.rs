//! A wallet's questions ([`louver_wallet::follow`]), asked over a connection.

use louver_wallet::{
    abandonment::Final,
    follow::{Answer, Ask, Submission},
};

use crate::{api::Refusal, connection::Connection, error::ClientError};

impl Connection {
    /// The node's answer to a wallet's question. The wallet decides the order of questions
    /// ([`louver_wallet::follow::Follow`]). [`Ask::Save`] concerns whatever stores the wallet's state, and is answered
    /// here as if the state were safe at once.
    ///
    /// # Errors
    /// Why there is no answer. A node's refusal of a transaction counts as an answer.
    pub async fn answer(&self, ask: Ask) -> Result<Answer, ClientError> {
        match ask {
            Ask::Tip => self.parameters().await.map(Answer::Tip),
            Ask::Blocks(range) => self.compact_blocks(range).await.map(Answer::Blocks),
            Ask::Tree(height) => self.tree(height).await.map(Answer::Tree),
            Ask::Whole(height) => {
                let block = match self.block(height).await {
                    Err(error) if error.refusal() == Some(&Refusal::BlockPruned) => {
                        return Ok(Answer::Pruned);
                    }
                    block => block?,
                };
                let shielded = self.shielded(block).await?.into_iter();
                Ok(Answer::Whole(shielded.map(|(_, _, transaction)| transaction).collect()))
            }
            Ask::Assets(met) => {
                self.learn_assets(met.iter().copied()).await?;
                let known = self.assets();
                Ok(Answer::Assets(met.iter().filter_map(|id| known.get(*id).cloned()).collect()))
            }
            Ask::Submit(outgoing) => match self.submit(&outgoing.bytes).await {
                Ok(_) => Ok(Answer::Submitted(Submission::Taken)),
                Err(ClientError::Refused { refusal, .. }) => Ok(Answer::Submitted(
                    refusal.finality().map_or(Submission::Refused, Submission::RefusedForGood),
                )),
                Err(error) => Err(error),
            },
            Ask::Save => Ok(Answer::Saved),
            _ => Err(ClientError::answer("a question that this client does not know")),
        }
    }
}

impl Refusal {
    /// The reason why no later block of the node's branch takes the refused transaction; `None` if a later block may.
    pub fn finality(&self) -> Option<Final> {
        match self {
            Self::AnchorTooOld => Some(Final::AnchorTooOld),
            Self::ProofInvalid | Self::SignatureInvalid | Self::HostAuthorization => Some(Final::Invalid),
            Self::ContextMismatch
            | Self::AuditorEnded
            | Self::ExpiryBucket
            | Self::LastEpoch
            | Self::FeeAsset
            | Self::FeeMissing
            | Self::FeeTooLow
            | Self::NotCanonical
            | Self::NullifierRepeated
            | Self::PoolMismatch
            | Self::RulesOff
            | Self::RulesUnknown
            | Self::ShapeNotAllowed => Some(Final::Rules),
            _ => None,
        }
    }
}
