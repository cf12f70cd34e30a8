//! Reading the chain.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use louver_chain::{
    Account, Chain,
    act::{self, Speakers, auditors, standing},
    holdings,
    state::opening::Question,
};
use louver_circuits::{keyset::NamedKeys, pins};
use louver_client::api::{Refusal, view};
use louver_core::{
    asset::{AssetDescriptor, AssetId},
    encoding::Encode,
    epoch::EpochSchedule,
    ledger::{RulesEntry, turnstile},
    shape::Shape,
    store::Store,
    value::Value,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    Shared,
    error::ApiError,
    extract::{Asked, Part},
    listing::{AT_A_TIME, Entries, Frame, listing},
    proof::{Trusted, proof},
};
use crate::{engine::Engine, peers::Peer};

/// The most subtree roots in one answer.
const MOST_ROOTS: usize = 1024;
/// The most acts in one answer.
const MOST_ACTS: usize = 256;
/// The most assets in one page.
const MOST_ASSETS: usize = 1000;

pub(crate) async fn status(
    State(shared): State<Shared>,
    Asked(Trusted { head }): Asked<Trusted>,
) -> Result<Json<view::Status>, ApiError> {
    shared.read(move |engine| status_of(engine, head).map(Json)).await
}

fn status_of(engine: &Engine, head: Option<u32>) -> Result<view::Status, ApiError> {
    let chain = engine.chain();
    let (tip, terms) = (chain.ledger().tip(), chain.terms());
    let next = tip.height.saturating_add(1);
    let versions = chain.ledger().rules()?;
    let rules = versions.iter().rev().find(|entry| entry.is_in_force(next));
    let rules = rules.map_or(0, |entry| entry.terms.version.0);
    let state = chain.ledger().state();
    let speakers = |speakers| {
        standing(&state, speakers)
            .map(|standing| view::Quorum::new(standing.sequence, standing.quorum.as_ref()))
    };
    // The chain has begun, so some epoch has, too.
    let now = terms.schedule.epoch_at(tip.time.max(engine.now())).unwrap_or_default();
    let pending = {
        let mempool = engine.mempool();
        view::Pending { count: mempool.len(), bytes: mempool.bytes() }
    };
    Ok(view::Status {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        development: terms.development,
        genesis_hash: hex::encode(chain.genesis_hash().0),
        pool_id: terms.pool.0,
        pool: hex::encode(chain.ledger().pool_tag().to_bytes()),
        height: tip.height,
        block_hash: hex::encode(chain.tip_hash().0),
        time: tip.time,
        epoch: view::Epoch::of(&terms.schedule, now),
        rules_version: rules,
        rules: versions.iter().map(view::RulesState::from).collect(),
        guardians: speakers(Speakers::Guardians)?,
        authorities: speakers(Speakers::Authorities)?,
        auditors: auditors(&state)?.iter().map(view::AuditorState::from).collect(),
        acts: act::count(&state)?,
        anchor: hex::encode(tip.anchor.to_array()),
        tree_size: tip.size,
        pending,
        troubles: engine.troubles().sentences(),
        paused: engine.pause().map(|pause| pause.to_string()),
        proof: proof(
            &chain,
            head,
            [Question::Rules, Question::Authorities, Question::Guardians, Question::Auditors],
        )?,
    })
}

fn schedule_of(schedule: &EpochSchedule) -> view::Schedule {
    let grace = schedule.grace();
    match (schedule.first_month(), schedule.length(), schedule.withdrawals_only_from()) {
        (Some(first), ..) => view::Schedule::Months { first: first.to_iso(), grace },
        (None, Some(length), Some(withdrawals_only_from)) => {
            view::Schedule::Seconds { origin: schedule.origin(), length, grace, withdrawals_only_from }
        }
        _ => view::Schedule::Endless,
    }
}

/// Whether the process answers at all.
pub(crate) async fn health() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Whether the node can take transactions and make blocks.
pub(crate) async fn ready(State(shared): State<Shared>) -> (StatusCode, Json<view::Readiness>) {
    let troubles = shared.engine.troubles();
    let status = if troubles.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let paused = shared.engine.pause().map(|pause| pause.to_string());
    (status, Json(view::Readiness { ready: troubles.is_ready(), troubles: troubles.sentences(), paused }))
}

pub(crate) async fn genesis(State(shared): State<Shared>) -> Result<Json<view::Genesis>, ApiError> {
    shared.read(|engine| Ok(Json(genesis_of(engine)))).await
}

fn genesis_of(engine: &Engine) -> view::Genesis {
    let chain = engine.chain();
    let (genesis, terms) = (chain.ledger().genesis(), chain.terms());
    let minimum = |shape: Shape| {
        terms.fees.iter().map(move |fee| view::MinimumFee {
            shape: shape.name().to_owned(),
            asset: fee.asset.to_string(),
            amount: fee.minimum(shape).to_string(),
        })
    };
    view::Genesis {
        hash: hex::encode(genesis.hash().0),
        bytes: hex::encode(genesis.to_bytes()),
        name: terms.chain.clone(),
        development: terms.development,
        pool_id: terms.pool.0,
        time: terms.time,
        epochs: schedule_of(&terms.schedule),
        block_interval: terms.block_interval,
        anchor_window: terms.anchor_window,
        fee_account: Account::from(terms.fee_account).to_string(),
        minimum_fees: genesis.pool_kind().shapes().iter().copied().flat_map(minimum).collect(),
    }
}

pub(crate) async fn block(
    State(shared): State<Shared>,
    peer: Peer,
    Part(height): Part<u32>,
) -> Result<Response, ApiError> {
    let read = move |engine: &Engine| {
        let chain = engine.chain();
        if let Some(bytes) = chain.block_bytes(height)? {
            return Ok(bytes);
        }
        let oldest = chain.oldest_body()?;
        Err(match (1..oldest).contains(&height) {
            true => ApiError::new(
                StatusCode::GONE,
                Refusal::BlockPruned,
                format!("this node keeps blocks whole from {oldest} on: ask one that keeps all"),
            ),
            false => no_block(height),
        })
    };
    let bytes = shared.read(read).await?;
    let body = shared.slots.body(&shared, peer, bytes)?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], body).into_response())
}

pub(crate) async fn tree(
    State(shared): State<Shared>,
    Part(height): Part<u32>,
) -> Result<Json<view::Tree>, ApiError> {
    let frontier = shared.read(move |engine| Ok(engine.chain().ledger().frontier_at(height)?)).await?;
    let frontier = frontier.ok_or_else(|| no_block(height))?;
    Ok(Json(view::Tree {
        height,
        anchor: hex::encode(frontier.root().to_array()),
        size: frontier.size(),
        frontier: hex::encode(frontier.to_bytes()),
    }))
}

/// Which subtree roots.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(inline)]
pub(crate) struct Roots {
    /// The first index.
    #[serde(default)]
    from: u32,
    /// At most how many; 1,024 if nothing is said, and never more.
    limit: Option<usize>,
}

pub(crate) async fn subtree_roots(
    State(shared): State<Shared>,
    Asked(Roots { from, limit }): Asked<Roots>,
) -> Result<Json<view::SubtreeRoots>, ApiError> {
    let limit = limit.unwrap_or(MOST_ROOTS).min(MOST_ROOTS);
    // Past the last index there are none.
    let Ok(from) = u16::try_from(from) else { return Ok(Json(view::SubtreeRoots { roots: Vec::new() })) };
    let found = shared.read(move |engine| Ok(engine.chain().ledger().subtrees(from, limit)?)).await?;
    let roots = found.into_iter().map(|(subtree, height)| view::SubtreeRoot {
        index: subtree.index,
        root: hex::encode(subtree.root.to_bytes()),
        height,
    });
    Ok(Json(view::SubtreeRoots { roots: roots.collect() }))
}

/// Which acts.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(inline)]
pub(crate) struct ActPage {
    /// The index of the first; 0 is the first that the chain took.
    #[serde(default)]
    from: u32,
}

pub(crate) async fn acts(
    State(shared): State<Shared>,
    Asked(ActPage { from }): Asked<ActPage>,
) -> Result<Json<view::Acts>, ApiError> {
    let taken =
        shared.read(move |engine| Ok(act::taken(&engine.chain().ledger().state(), from, MOST_ACTS)?)).await?;
    let acts = taken
        .iter()
        .map(|taken| view::Act { height: taken.height, act: hex::encode(taken.signed.to_bytes()) });
    Ok(Json(view::Acts { acts: acts.collect() }))
}

/// Which assets: a page from an id on, or all of them; or a few by their ids.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(inline)]
pub(crate) struct AssetPage {
    /// The first asset id.
    #[serde(default)]
    from: u64,
    /// The most assets of a page, up to 1,000; without it all that follow come, as a stream.
    limit: Option<usize>,
    /// Up to 64 asset ids, separated by commas: those alone are answered, as far as they are registered. To hide which
    /// asset is meant, ask for all ids from a multiple of 64 to the next.
    ids: Option<String>,
    /// The height of the head that the reader trusts; only together with `ids`. The answer is proven then.
    head: Option<u32>,
}

/// The most ids in one question.
const MOST_IDS: usize = 64;

/// Asset ids, separated by commas, ascending and each once.
fn ids(text: &str) -> Result<Vec<AssetId>, ApiError> {
    let id = |text: &str| {
        let id = text.parse().ok().and_then(AssetId::new);
        id.ok_or_else(|| ApiError::bad_request(Refusal::AssetInvalid, format!("{text:?} is not an asset id")))
    };
    let named = text.split(',').filter(|text| !text.is_empty());
    let mut ids = named.map(id).collect::<Result<Vec<_>, _>>()?;
    ids.sort_unstable();
    ids.dedup();
    match ids.len() <= MOST_IDS {
        true => Ok(ids),
        false => Err(too_many_ids()),
    }
}

fn too_many_ids() -> ApiError {
    ApiError::bad_request(
        Refusal::TooManyIds,
        format!("at most {MOST_IDS} ids are proven or asked for at once"),
    )
}

/// Descriptors from the page's first on, part by part.
fn descriptors(
    engine: &Engine,
    from: u64,
    limit: Option<usize>,
) -> Result<Entries<AssetDescriptor>, ApiError> {
    let Some(first) = AssetId::new(from.max(1)) else {
        return Ok(Entries { entries: Vec::new(), next: None });
    };
    let most = limit.map_or(AT_A_TIME, |limit| limit.min(MOST_ASSETS));
    let entries = engine.chain().ledger().assets_from(first, most)?;
    let more = limit.is_none() && entries.len() == most;
    let next = entries.last().filter(|_| more).map(|asset| asset.id().to_u64().saturating_add(1));
    Ok(Entries { entries, next })
}

/// The registered assets among some ids.
fn registered<S: Store>(chain: &Chain<S>, ids: &[AssetId]) -> Result<Vec<AssetDescriptor>, ApiError> {
    let found = ids.iter().map(|id| Ok(chain.ledger().asset(*id)?)).collect::<Result<Vec<_>, ApiError>>()?;
    Ok(found.into_iter().flatten().collect())
}

fn asset_of(asset: &AssetDescriptor) -> view::Asset {
    view::Asset {
        id: asset.id().to_string(),
        symbol: asset.symbol().to_owned(),
        decimals: asset.decimals(),
        issuer: Account(*asset.issuer()).to_string(),
        reference: hex::encode(asset.host_reference()),
        descriptor_hash: hex::encode(asset.hash().0),
    }
}

fn supply_of<S: Store>(chain: &Chain<S>, asset: AssetId) -> Result<view::AssetSupply, ApiError> {
    let state = chain.ledger().state();
    let pool = turnstile::supply(&state, asset)?;
    let issued = holdings::issued(&state, asset)?;
    Ok(view::AssetSupply {
        id: asset.to_string(),
        issued: issued.to_string(),
        pool: pool.to_string(),
        transparent: issued.checked_sub(pool).unwrap_or(Value::ZERO).to_string(),
    })
}

/// A head without ids would be a proof of a list of any length.
fn without_ids(head: Option<u32>) -> Result<(), ApiError> {
    match head {
        None => Ok(()),
        Some(_) => Err(ApiError::bad_request(Refusal::QueryInvalid, "`head` goes together with `ids`")),
    }
}

pub(crate) async fn assets(
    State(shared): State<Shared>,
    peer: Peer,
    Asked(AssetPage { from, limit, ids: named, head }): Asked<AssetPage>,
) -> Result<Response, ApiError> {
    if let Some(named) = named {
        let ids = ids(&named)?;
        let answer = shared.read(move |engine| {
            let chain = engine.chain();
            let found = registered(&chain, &ids)?;
            let proof = proof(&chain, head, found.iter().map(|asset| Question::Asset(asset.id())))?;
            Ok(view::Assets { assets: found.iter().map(asset_of).collect(), proof })
        });
        return Ok(Json(answer.await?).into_response());
    }
    without_ids(head)?;
    let frame = Frame { before: "{\"assets\":[".to_owned(), after: "]}" };
    listing(shared, peer, frame, from, move |engine, from| {
        let Entries { entries, next } = descriptors(engine, from, limit)?;
        Ok(Entries { entries: entries.iter().map(asset_of).collect(), next })
    })
    .await
}

pub(crate) async fn supply(
    State(shared): State<Shared>,
    peer: Peer,
    Asked(AssetPage { from, limit, ids: named, head }): Asked<AssetPage>,
) -> Result<Response, ApiError> {
    if let Some(named) = named {
        let ids = ids(&named)?;
        let answer = shared.read(move |engine| {
            let chain = engine.chain();
            let found = registered(&chain, &ids)?;
            let proof = proof(&chain, head, found.iter().map(|asset| Question::Supply(asset.id())))?;
            let assets = found.iter().map(|asset| supply_of(&chain, asset.id()));
            Ok(view::Supply { assets: assets.collect::<Result<_, _>>()?, proof })
        });
        return Ok(Json(answer.await?).into_response());
    }
    without_ids(head)?;
    let frame = Frame { before: "{\"assets\":[".to_owned(), after: "]}" };
    listing(shared, peer, frame, from, move |engine, from| {
        let Entries { entries, next } = descriptors(engine, from, limit)?;
        let chain = engine.chain();
        let entries = entries.into_iter().map(|asset| supply_of(&chain, asset.id()));
        Ok(Entries { entries: entries.collect::<Result<_, ApiError>>()?, next })
    })
    .await
}

/// The part of an account that is asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(inline)]
pub(crate) struct Holdings {
    /// Up to 64 asset ids, separated by commas: only balances of those are listed.
    assets: Option<String>,
    /// The height of the head that the reader trusts. The answer is proven then, and so are balances of 0 in the assets
    /// that are asked for; an account that holds more than 64 assets has to be asked for some of them.
    head: Option<u32>,
}

fn balance_of((asset, amount): (AssetId, Value)) -> view::Balance {
    view::Balance { asset: asset.to_string(), amount: amount.to_string() }
}

/// An account's balances in some assets, or in all up to a number, proven under a head.
fn holdings_of<S: Store>(
    chain: &Chain<S>,
    account: Account,
    assets: Option<Vec<AssetId>>,
    head: Option<u32>,
) -> Result<view::AccountView, ApiError> {
    let state = chain.ledger().state();
    let held = match assets {
        Some(assets) => assets
            .into_iter()
            .map(|asset| Ok((asset, holdings::balance(&state, &account, asset)?)))
            .collect::<Result<Vec<_>, ApiError>>()?,
        None => holdings::balances_after(&state, &account, AssetId::NONE, MOST_IDS + 1)?,
    };
    if held.len() > MOST_IDS {
        return Err(too_many_ids());
    }
    let balances = held.iter().map(|(asset, _)| Question::Balance(account, *asset));
    let proof = proof(chain, head, [Question::Operations(account)].into_iter().chain(balances))?;
    Ok(view::AccountView {
        account: account.to_string(),
        nonce: chain.nonce(&account)?.to_string(),
        balances: held.into_iter().filter(|(_, amount)| *amount != Value::ZERO).map(balance_of).collect(),
        proof,
    })
}

pub(crate) async fn account(
    State(shared): State<Shared>,
    peer: Peer,
    Part(text): Part<String>,
    Asked(Holdings { assets, head }): Asked<Holdings>,
) -> Result<Response, ApiError> {
    let account: Account =
        text.parse().map_err(|error| ApiError::bad_request(Refusal::AccountInvalid, error))?;
    if assets.is_some() || head.is_some() {
        let assets = assets.map(|named| ids(&named)).transpose()?;
        let answer = shared.read(move |engine| holdings_of(&engine.chain(), account, assets, head));
        return Ok(Json(answer.await?).into_response());
    }
    let nonce = shared.read(move |engine| Ok(engine.chain().nonce(&account)?)).await?;
    let before = format!("{{\"account\":\"{account}\",\"nonce\":\"{nonce}\",\"balances\":[");
    listing(shared, peer, Frame { before, after: "]}" }, 0, move |engine, after| {
        let chain = engine.chain();
        let after = AssetId::new(after).unwrap_or(AssetId::NONE);
        let held = holdings::balances_after(&chain.ledger().state(), &account, after, AT_A_TIME)?;
        let next = held.last().filter(|_| held.len() == AT_A_TIME).map(|(asset, _)| asset.to_u64());
        Ok(Entries { entries: held.into_iter().map(balance_of).collect(), next })
    })
    .await
}

pub(crate) async fn parameters(State(shared): State<Shared>) -> Result<Json<view::Parameters>, ApiError> {
    shared
        .read(|engine| {
            let chain = engine.chain();
            Ok(Json(parameters_of(chain.terms().development, &chain.ledger().rules()?)))
        })
        .await
}

fn parameters_of(development: bool, versions: &[RulesEntry]) -> view::Parameters {
    let circuits = versions.iter().flat_map(|entry| NamedKeys::of_rules(&entry.terms)).map(|key| {
        let pin = pins::of(key.circuit);
        view::CircuitParameters {
            rules_version: key.rules.0,
            circuit: key.circuit.name().to_owned(),
            constraints: pin.constraints,
            domain: pin.domain,
            public_inputs: key.circuit.public_input_names(),
            circuit_hash: pin.circuit.to_owned(),
            verifying_key_hash: hex::encode(key.hashes.verifying),
            proving_key_hash: hex::encode(key.hashes.proving),
        }
    });
    view::Parameters { development, circuits: circuits.collect() }
}

fn no_block(height: u32) -> ApiError {
    ApiError::not_found(Refusal::HeightUnknown, format!("there is no block {height} yet"))
}
