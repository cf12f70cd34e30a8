//! Reading the chain.

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use louver_chain::{Account, holdings};
use louver_circuits::{keyset::NamedKeys, pins};
use louver_client::api::{Refusal, view};
use louver_core::{
    encoding::Encode,
    ledger::{GenesisTerms, Ledger, turnstile},
    shape::Shape,
    store::Store,
    value::Value,
};
use serde::Deserialize;

use super::{
    Shared,
    error::ApiError,
    extract::{Asked, Part},
};

use crate::engine::Engine;

/// The most subtree roots in one answer.
const MOST_ROOTS: usize = 1024;

pub(crate) async fn status(State(shared): State<Shared>) -> Result<Json<view::Status>, ApiError> {
    shared.read(|engine| status_of(engine).map(Json)).await
}

fn status_of(engine: &Engine) -> Result<view::Status, ApiError> {
    let chain = engine.chain();
    let (tip, terms) = (chain.ledger().tip(), chain.terms());
    let next = tip.height.saturating_add(1);
    let counts = |from: u32, until: Option<u32>| from <= next && until.is_none_or(|until| next < until);
    let rules = terms.rules.iter().rev().find(|rules| counts(rules.from, rules.until));
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
        epoch: terms.schedule.epoch_of(next).map_or(u16::MAX, |epoch| epoch.0),
        rules_version: rules.map_or(0, |rules| rules.version.0),
        anchor: hex::encode(tip.anchor.to_array()),
        tree_size: tip.size,
        pending,
    })
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
        epoch_blocks: terms.schedule.blocks(),
        grace: terms.schedule.grace(),
        anchor_window: terms.anchor_window,
        fee_account: Account::from(terms.fee_account).to_string(),
        minimum_fees: Shape::ALL.into_iter().flat_map(minimum).collect(),
    }
}

pub(crate) async fn block(
    State(shared): State<Shared>,
    Part(height): Part<u32>,
) -> Result<Response, ApiError> {
    let bytes = shared.read(move |engine| Ok(engine.chain().block_bytes(height)?)).await?;
    let bytes = bytes.ok_or_else(|| no_block(height))?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response())
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
#[derive(Debug, Deserialize)]
pub(crate) struct Roots {
    #[serde(default)]
    from: u32,
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

pub(crate) async fn assets(State(shared): State<Shared>) -> Result<Json<view::Assets>, ApiError> {
    let assets = shared.read(|engine| Ok(engine.chain().ledger().assets()?)).await?;
    let assets = assets.into_iter().map(|asset| view::Asset {
        id: asset.id().to_string(),
        symbol: asset.symbol().to_owned(),
        decimals: asset.decimals(),
        issuer: Account(*asset.issuer()).to_string(),
        reference: hex::encode(asset.host_reference()),
        descriptor_hash: hex::encode(asset.hash().0),
    });
    Ok(Json(view::Assets { assets: assets.collect() }))
}

pub(crate) async fn supply(State(shared): State<Shared>) -> Result<Json<view::Supply>, ApiError> {
    shared.read(|engine| supply_of(engine.chain().ledger()).map(Json)).await
}

fn supply_of<S: Store>(ledger: &Ledger<S>) -> Result<view::Supply, ApiError> {
    let state = ledger.state();
    let assets = ledger.assets()?.into_iter().map(|asset| {
        let pool = turnstile::supply(&state, asset.id())?;
        let issued = holdings::issued(&state, asset.id())?;
        Ok(view::AssetSupply {
            id: asset.id().to_string(),
            issued: issued.to_string(),
            pool: pool.to_string(),
            transparent: issued.checked_sub(pool).unwrap_or(Value::ZERO).to_string(),
        })
    });
    Ok(view::Supply { assets: assets.collect::<Result<_, ApiError>>()? })
}

pub(crate) async fn account(
    State(shared): State<Shared>,
    Part(text): Part<String>,
) -> Result<Json<view::AccountView>, ApiError> {
    let account: Account =
        text.parse().map_err(|error| ApiError::bad_request(Refusal::AccountInvalid, error))?;
    let (nonce, balances) = shared
        .read(move |engine| {
            let chain = engine.chain();
            let state = chain.ledger().state();
            Ok((holdings::nonce(&state, &account)?, holdings::balances(&state, &account)?))
        })
        .await?;
    let balances = balances
        .into_iter()
        .map(|(asset, amount)| view::Balance { asset: asset.to_string(), amount: amount.to_string() });
    Ok(Json(view::AccountView {
        account: account.to_string(),
        nonce: nonce.to_string(),
        balances: balances.collect(),
    }))
}

pub(crate) async fn parameters(State(shared): State<Shared>) -> Result<Json<view::Parameters>, ApiError> {
    shared.read(|engine| Ok(Json(parameters_of(engine.chain().terms())))).await
}

fn parameters_of(terms: &GenesisTerms) -> view::Parameters {
    let circuits = terms.rules.iter().flat_map(NamedKeys::of_rules).map(|key| {
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
    view::Parameters { development: terms.development, circuits: circuits.collect() }
}

fn no_block(height: u32) -> ApiError {
    ApiError::not_found(Refusal::HeightUnknown, format!("there is no block {height} yet"))
}
