//! Challenges: a reader asks an account to show something, under his signature, so that nobody can answer something else.

use std::sync::Arc;

use louver_client::clock;
use louver_core::{
    address::Address,
    asset::AssetId,
    encoding::{Decode, Encode},
    epoch::{Epoch, EpochRange},
    transaction::TxId,
    value::Value,
};
use louver_viewkeys::{challenge as engine, report::words};

use crate::{Amount, AuditorKey, ChallengeError, Directions, Node, Side, disclosure::bytes32};

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
        /// A book that covers at least these epochs.
        Book {
            /// The first epoch.
            first_epoch: u16,
            /// The last epoch.
            last_epoch: u16,
        },
        /// A statement that an address is the account's.
        Address {
            /// The address (`lvr1...`).
            address: String,
        },
        /// A statement that a note was not spent.
        Unspent {
            /// The id of the transaction that made it, in hexadecimal.
            txid: String,
            /// The output's index.
            output: u8,
            /// The snapshot must not be of an earlier time, in seconds since 1970; any if absent.
            since: Option<u64>,
        },
        /// A statement that the account held at least so much of an asset.
        Holdings {
            /// The amount, with its asset. It is not zero.
            at_least: Amount,
            /// The snapshot must not be of an earlier time, in seconds since 1970; any if absent.
            since: Option<u64>,
        },
        /// A statement that at least so much of an asset came to the account in some epochs. It may be the account's own money.
        Total {
            /// The amount, with its asset. It is not zero.
            at_least: Amount,
            /// The first epoch.
            first_epoch: u16,
            /// The last epoch.
            last_epoch: u16,
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
        /// Its demand, for filling in an answer.
        pub demand: Demand,
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
            Self::Book { first_epoch, last_epoch } => {
                Ok(engine::Demand::Book { epochs: range(first_epoch, last_epoch)? })
            }
            Self::Address { address } => {
                let address = Address::from_typed(&address).map_err(|error| wrong(&error.to_string()))?;
                Ok(engine::Demand::Address(address))
            }
            Self::Unspent { txid, output, since } => {
                let txid = bytes32(&txid)
                    .ok_or_else(|| wrong("the transaction's id is not 64 hexadecimal digits"))?;
                Ok(engine::Demand::Unspent { txid: TxId(txid), output, since: since.unwrap_or(0) })
            }
            Self::Holdings { at_least, since } => {
                let (asset, at_least) = least(&at_least, node).await?;
                Ok(engine::Demand::Holdings { asset, at_least, since: since.unwrap_or(0) })
            }
            Self::Total { at_least, first_epoch, last_epoch } => {
                let (asset, at_least) = least(&at_least, node).await?;
                Ok(engine::Demand::Total { asset, at_least, epochs: range(first_epoch, last_epoch)? })
            }
        }
    }

    fn of(demand: &engine::Demand) -> Self {
        let since = |since: u64| (since > 0).then_some(since);
        match *demand {
            engine::Demand::Grant { directions, epochs } => Self::Grant {
                directions: directions.into(),
                first_epoch: epochs.first().0,
                last_epoch: epochs.last().0,
            },
            engine::Demand::Payments { epochs, side, asset, at_least } => Self::Payments {
                first_epoch: epochs.map(|epochs| epochs.first().0),
                last_epoch: epochs.map(|epochs| epochs.last().0),
                side: side.map(Into::into),
                asset: asset.map(AssetId::to_u64),
                at_least: at_least.map(|Value(value)| value),
            },
            engine::Demand::Book { epochs } => {
                Self::Book { first_epoch: epochs.first().0, last_epoch: epochs.last().0 }
            }
            engine::Demand::Address(address) => Self::Address { address: address.to_string() },
            engine::Demand::Unspent { txid, output, since: from } => {
                Self::Unspent { txid: txid.to_string(), output, since: since(from) }
            }
            engine::Demand::Holdings { asset, at_least, since: from } => {
                Self::Holdings { at_least: Amount::new(asset, at_least), since: since(from) }
            }
            engine::Demand::Total { asset, at_least, epochs } => Self::Total {
                at_least: Amount::new(asset, at_least),
                first_epoch: epochs.first().0,
                last_epoch: epochs.last().0,
            },
        }
    }
}

/// An amount that says something, of an asset that the chain has.
async fn least(amount: &Amount, node: &Node) -> Result<(AssetId, Value), ChallengeError> {
    if amount.value == 0 {
        let reason = "every account has nothing at least: ask for an amount".to_owned();
        return Err(ChallengeError::Demand { reason });
    }
    Ok((known(amount.asset, node).await?, Value(amount.value)))
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
    /// Asks an account to show something: a file to send to its owner, who answers it with a grant, a package, a book or a
    /// statement ([`crate::GrantRequest::challenge`]). The key signs it, and answers are sealed to the key. Keep the file: an answer is
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
            demand: Demand::of(challenge.demand()),
            asks: words::challenge(&challenge, &assets, &genesis.terms().schedule),
        })
    }
}
