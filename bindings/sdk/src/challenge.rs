//! Challenges: a reader asks an account to show something, under his signature, so that nobody can answer something else.

use std::sync::Arc;

use louver_client::clock;
use louver_core::{
    asset::AssetId,
    encoding::{Decode, Encode},
    epoch::{Epoch, EpochRange},
    value::Value,
};
use louver_viewkeys::{challenge as engine, report::words};

use crate::{AuditorKey, ChallengeError, Directions, Node, Side};

variant! {
    /// A reader's demand.
    pub enum Demand {
        /// A grant that shows at least these directions and epochs.
        Grant {
            /// The directions.
            directions: Directions,
            /// The first epoch.
            first_epoch: u16,
            /// The last epoch.
            last_epoch: u16,
        },
        /// A package of payments. Money that the account received from itself does not count, nor do deposits and withdrawals.
        /// Of what it paid, nothing shows that it is not its own change.
        Payments {
            /// The first epoch that their transactions declare; any if absent.
            first_epoch: Option<u16>,
            /// The last epoch; the first, if absent.
            last_epoch: Option<u16>,
            /// The account's side of them; either if absent.
            side: Option<Side>,
            /// The id of their asset: anybody can issue another with the same symbol. Any if absent.
            asset: Option<u64>,
            /// The amount that they come to at least, in the asset's smallest unit. It goes with an asset.
            at_least: Option<u64>,
        },
    }
}

data! {
    /// The words of a challenge, to be read before anything is answered.
    pub struct ChallengeInfo {
        /// The name that its reader gives himself. The text comes from a stranger: show it as plain text.
        pub auditor: String,
        /// The reader's `age` key (`age1...`), which every answer is sealed to.
        pub recipient: String,
        /// When it was made, in seconds since 1970, by the reader's clock.
        pub made: u64,
        /// Its demand in sentences. They have words of a stranger: show them as plain text.
        pub asks: Vec<String>,
    }
}

/// A challenge from its file. Nothing in it is checked yet.
pub(crate) fn read(file: &[u8]) -> Result<engine::Challenge, ChallengeError> {
    let none = |reason: String| ChallengeError::NotAChallenge { reason };
    if file.len() > engine::Challenge::MAX_BYTES || !engine::Challenge::is_one(file) {
        return Err(none("it does not begin as a challenge does, or is too long".to_owned()));
    }
    engine::Challenge::from_bytes(file).map_err(|error| none(error.to_string()))
}

impl Demand {
    async fn read(self, node: &Node) -> Result<engine::Demand, ChallengeError> {
        let wrong = |reason: &str| ChallengeError::Demand { reason: reason.to_owned() };
        let range = |first: u16, last: u16| {
            EpochRange::new(Epoch(first), Epoch(last))
                .ok_or_else(|| wrong("the first epoch is after the last"))
        };
        match self {
            Self::Grant { directions, first_epoch, last_epoch } => Ok(engine::Demand::Grant {
                directions: directions.into(),
                epochs: range(first_epoch, last_epoch)?,
            }),
            Self::Payments { first_epoch, last_epoch, side, asset, at_least } => {
                let epochs = match (first_epoch, last_epoch) {
                    (None, None) => None,
                    (Some(first), last) => Some(range(first, last.unwrap_or(first))?),
                    (None, Some(_)) => return Err(wrong("there is a last epoch and no first")),
                };
                if at_least.is_some() && asset.is_none() {
                    return Err(wrong("an amount goes with an asset"));
                }
                let asset = match asset {
                    Some(id) => Some(known(id, node).await?),
                    None => None,
                };
                let side = side.map(Into::into);
                Ok(engine::Demand::Payments { epochs, side, asset, at_least: at_least.map(Value) })
            }
        }
    }
}

/// An asset that the chain has. A demand for another could never be met.
async fn known(id: u64, node: &Node) -> Result<AssetId, ChallengeError> {
    let none = || ChallengeError::Demand { reason: format!("the chain has no asset #{id}") };
    let asset = AssetId::new(id).ok_or_else(none)?;
    node.connection().learn_assets([asset]).await.map_err(crate::NodeError::from)?;
    node.connection().assets().get(asset).map(|_| asset).ok_or_else(none)
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl AuditorKey {
    /// Asks an account to show something: a file to send to its owner, who answers it with a grant or a package
    /// ([`crate::GrantRequest::challenge`]). The key signs it, and answers are sealed to the key. Keep the file: an answer is
    /// checked with it ([`crate::Expectations::challenge`]).
    pub async fn challenge(
        &self,
        node: Arc<Node>,
        auditor: String,
        demand: Demand,
    ) -> Result<Vec<u8>, ChallengeError> {
        let demand = demand.read(&node).await?;
        let genesis = node.genesis();
        let place = (genesis.hash(), genesis.terms().pool);
        let made = engine::Challenge::new(place, &auditor, &self.0, demand, clock::now(), &mut rand::rng());
        Ok(made?.to_bytes())
    }
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Node {
    /// Reads a challenge, and checks that it is of this chain and unaltered: for its answerer to see first.
    pub async fn read_challenge(&self, file: Vec<u8>) -> Result<ChallengeInfo, ChallengeError> {
        let challenge = read(&file)?;
        let genesis = self.genesis();
        challenge.verify(&genesis.hash(), genesis.terms().pool)?;
        if let Some(asset) = challenge.demand().asset() {
            self.connection().learn_assets([asset]).await.map_err(crate::NodeError::from)?;
        }
        let assets = self.connection().assets();
        Ok(ChallengeInfo {
            auditor: challenge.reader().name.clone(),
            recipient: challenge.reader().recipient.clone().unwrap_or_default(),
            made: challenge.made(),
            asks: words::challenge(&challenge, &assets, &genesis.terms().schedule),
        })
    }
}
