//! The statements of an answer on the chain's state, compared with the facts that are proven under the head.

use louver_chain::{
    Account, Header,
    act::Auditor,
    announcement::{Announced, AnnouncementTopic},
    state::opening::{Fact, Opening},
};
use louver_core::{
    asset::{AssetDescriptor, AssetId},
    epoch::Epoch,
    ledger::{Finality, RulesEntry, SnapshotEntry},
    tree::Anchor,
    value::Value,
};
use louver_light::reader::Head;

use super::Connection;
use crate::{
    api::{
        path,
        view::{self, AuditorState, RulesState, Status},
    },
    error::ClientError,
};

/// The facts of an answer, each of which stands in the state under a head.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    head: Head,
    facts: Vec<Fact>,
    /// The proofs of the facts.
    openings: Vec<Opening>,
}

impl Facts {
    pub(super) fn new(head: Head, facts: Vec<Fact>, openings: Vec<Opening>) -> Self {
        Self { head, facts, openings }
    }

    /// The head, and the proofs under it.
    pub(super) fn into_openings(self) -> (Head, Vec<Opening>) {
        (self.head, self.openings)
    }

    /// The height of the head.
    pub(super) fn height(&self) -> u32 {
        self.head.height
    }

    fn one<'f, T>(&'f self, what: &str, of: impl Fn(&'f Fact) -> Option<T>) -> Result<T, ClientError> {
        self.facts.iter().find_map(of).ok_or_else(|| ClientError::unproven(what))
    }

    pub(super) fn rules(&self) -> Result<&[RulesEntry], ClientError> {
        self.one("the rules", |fact| match fact {
            Fact::Rules(rules) => Some(rules.as_slice()),
            _ => None,
        })
    }

    fn authorities(&self) -> Result<view::Quorum, ClientError> {
        self.one("the authorities", |fact| match fact {
            Fact::Authorities { sequence, finality: Finality::Solo { authorities, .. } } => {
                Some(view::Quorum::new(*sequence, Some(authorities)))
            }
            _ => None,
        })
    }

    fn guardians(&self) -> Result<view::Quorum, ClientError> {
        self.one("the guardians", |fact| match fact {
            Fact::Guardians { sequence, guardians } => {
                Some(view::Quorum::new(*sequence, guardians.quorum.as_ref()))
            }
            _ => None,
        })
    }

    pub(super) fn auditors(&self) -> Result<&[Auditor], ClientError> {
        self.one("the auditors' keys", |fact| match fact {
            Fact::Auditors(auditors) => Some(auditors.as_slice()),
            _ => None,
        })
    }

    pub(super) fn assets(&self) -> impl Iterator<Item = &AssetDescriptor> {
        self.facts.iter().filter_map(|fact| match fact {
            Fact::Asset(asset) => Some(asset),
            _ => None,
        })
    }

    pub(super) fn snapshots(&self) -> impl Iterator<Item = (u32, SnapshotEntry)> {
        self.facts.iter().filter_map(|fact| match fact {
            Fact::Snapshot { index, entry } => Some((*index, *entry)),
            _ => None,
        })
    }

    pub(super) fn announced(&self, of: &AnnouncementTopic) -> Result<Announced, ClientError> {
        self.one("an announcement", |fact| match fact {
            Fact::Announced { topic, announced } if topic == of => Some(*announced),
            _ => None,
        })
    }

    /// All that was issued of an asset, and the pool's part.
    fn supply(&self, id: AssetId) -> Result<(Value, Value), ClientError> {
        self.one("the supply of an asset", |fact| match fact {
            Fact::Supply { asset, issued, in_pool } if *asset == id => Some((*issued, *in_pool)),
            _ => None,
        })
    }

    pub(super) fn operations(&self, of: Account) -> Result<u64, ClientError> {
        self.one("the number of an account's operations", |fact| match fact {
            Fact::Operations { account, count } if *account == of => Some(*count),
            _ => None,
        })
    }

    pub(super) fn balance(&self, of: Account, id: AssetId) -> Result<Value, ClientError> {
        let found = self.balances(of).find(|(asset, _)| *asset == id);
        found.map(|(_, amount)| amount).ok_or_else(|| ClientError::unproven("the balance of an account"))
    }

    pub(super) fn balances(&self, of: Account) -> impl Iterator<Item = (AssetId, Value)> {
        self.facts.iter().filter_map(move |fact| match fact {
            Fact::Balance { account, asset, amount } if *account == of => Some((*asset, *amount)),
            _ => None,
        })
    }
}

impl Connection {
    /// Compares a status, field by field, with what is proven.
    pub(super) fn check_status(&self, said: &Status, facts: &Facts) -> Result<(), ClientError> {
        same("status", said, &self.status_of(said, facts)?)
    }

    /// The status as the facts make it. The version, what waits for a block, the troubles and the number of the present
    /// epoch stay as the node says, and so does the number of acts.
    fn status_of(&self, said: &Status, facts: &Facts) -> Result<Status, ClientError> {
        let terms = self.genesis.terms();
        let (rules, head) = (facts.rules()?, &facts.head);
        let next = head.height.saturating_add(1);
        let in_force = rules.iter().rev().find(|entry| entry.is_in_force(next));
        let header = head.header();
        let of_header = |of: fn(&Header) -> u64, otherwise| header.map_or(otherwise, of);
        let anchor = header.map_or_else(Anchor::empty_tree, |header| header.anchor);
        Ok(Status {
            development: terms.development,
            genesis_hash: hex::encode(self.genesis.hash().0),
            pool_id: terms.pool.0,
            pool: hex::encode(self.genesis.pool_tag().to_le_bytes()),
            height: head.height,
            block_hash: hex::encode(head.hash.0),
            time: of_header(|header| header.time, terms.time),
            epoch: view::Epoch::of(&terms.schedule, Epoch(said.epoch.number)),
            rules_version: in_force.map_or(0, |entry| entry.terms.version.0),
            rules: rules.iter().map(RulesState::from).collect(),
            guardians: facts.guardians()?,
            authorities: facts.authorities()?,
            auditors: facts.auditors()?.iter().map(AuditorState::from).collect(),
            anchor: hex::encode(anchor.to_array()),
            tree_size: of_header(|header| header.tree_size, 0),
            ..said.clone()
        })
    }

    /// The supply of assets, and where it is, under the newest head. Those that are not registered are left out.
    ///
    /// # Errors
    /// [`ClientError::Contradicted`] or [`ClientError::Unproven`] if the node's answer is not the state's; those of
    /// [`Connection::advance`].
    pub async fn supply(&self, ids: &[AssetId]) -> Result<view::Supply, ClientError> {
        let mut assets = Vec::new();
        for ids in ids.chunks(super::assets::MOST_IDS) {
            let path = format!("{}?ids={}", path::SUPPLY, super::assets::list(ids));
            let (said, facts) = self.proven::<view::Supply>(&path, "the supply of an asset").await?;
            let is_said = |id: &AssetId| said.assets.iter().any(|entry| entry.id == id.to_string());
            if let Some(hidden) = ids.iter().find(|id| self.known().get(**id).is_some() && !is_said(id)) {
                return Err(ClientError::contradicted(format_args!("the supply of asset {hidden}")));
            }
            // Each once, and in the order in which they were asked for.
            let listed = ids.iter().filter(|id| is_said(id)).map(|id| {
                let (issued, pool) = facts.supply(*id)?;
                let transparent = issued
                    .checked_sub(pool)
                    .ok_or_else(|| ClientError::contradicted(format_args!("the supply of asset {id}")))?;
                let [issued, pool, transparent] = [issued, pool, transparent].map(|value| value.to_string());
                Ok(view::AssetSupply { id: id.to_string(), issued, pool, transparent })
            });
            let proven = listed.collect::<Result<Vec<_>, ClientError>>()?;
            same("supply", &said, &view::Supply { assets: proven.clone(), proof: said.proof.clone() })?;
            assets.extend(proven);
        }
        Ok(view::Supply { assets, proof: None })
    }
}

/// Compares an answer with what is proven, and names the first field that differs.
pub(super) fn same<T: serde::Serialize>(what: &str, said: &T, proven: &T) -> Result<(), ClientError> {
    let value = |of: &T| serde_json::to_value(of).map_err(ClientError::answer);
    let (said, proven) = (value(said)?, value(proven)?);
    if said == proven {
        return Ok(());
    }
    let fields = proven.as_object().into_iter().flatten();
    let mut differ = fields.filter(|(name, value)| said.get(name.as_str()) != Some(*value));
    let field = differ.next().map_or("", |(name, _)| name.as_str());
    Err(ClientError::contradicted(format_args!("the chain ({what}, {field})")))
}
