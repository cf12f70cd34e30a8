//! Free money and blocks on demand, on development chains only.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use louver_chain::{Account, Action, BlockHash};
use louver_client::api::{Refusal, view};
use louver_core::{asset::AssetId, pool::RulesVersion, value::Value};

use super::{Shared, error::ApiError, extract::JsonBody};
use crate::{
    development,
    engine::{Empty, Origin},
};

/// The most blocks that one request makes.
const MOST_BLOCKS: u32 = 1000;
/// The most seconds that pass at once: ten years.
const MOST_SECONDS: u64 = 10 * 366 * 24 * 60 * 60;

pub(crate) async fn faucet(
    State(shared): State<Shared>,
    headers: HeaderMap,
    JsonBody(request): JsonBody<view::FaucetRequest>,
) -> Result<(StatusCode, Json<view::Submitted>), ApiError> {
    shared.only_in_development(&headers)?;
    let to: Account =
        request.account.parse().map_err(|error| ApiError::bad_request(Refusal::AccountInvalid, error))?;
    let asset = request.asset.parse().ok().and_then(AssetId::new);
    let asset = asset.ok_or_else(|| ApiError::bad_request(Refusal::AssetInvalid, "not an asset id"))?;
    let amount = request.amount.parse().ok().filter(|amount| *amount > 0);
    let amount = amount
        .map(Value)
        .ok_or_else(|| ApiError::bad_request(Refusal::AmountInvalid, "not a positive 64-bit amount"))?;
    by_faucet(&shared, Action::Mint { asset, amount, to }).await
}

/// Throws the off-switch of a rules version, as the development guardian: it counts from the block that takes the act.
pub(crate) async fn switch_off(
    State(shared): State<Shared>,
    headers: HeaderMap,
    JsonBody(request): JsonBody<view::SwitchOffRequest>,
) -> Result<(StatusCode, Json<view::Submitted>), ApiError> {
    shared.only_in_development(&headers)?;
    let rules = RulesVersion(request.rules_version);
    let act = shared.read(move |engine| Ok(development::switch_off(engine, rules)?)).await?;
    let submitted = shared.engine.submit(act, Origin::Node).await?;
    Ok((StatusCode::ACCEPTED, Json(submitted.into())))
}

/// Submits an operation of the faucet.
async fn by_faucet(shared: &Shared, action: Action) -> Result<(StatusCode, Json<view::Submitted>), ApiError> {
    // One at a time, or two would take the same number.
    let _making = shared.making.lock().await;
    let operation = shared
        .read(move |engine| development::operation(engine, action).map_err(|error| ApiError::from(&error)))
        .await?;
    let submitted = shared.engine.submit(operation, Origin::Node).await?;
    Ok((StatusCode::ACCEPTED, Json(submitted.into())))
}

pub(crate) async fn produce(
    State(shared): State<Shared>,
    headers: HeaderMap,
    JsonBody(request): JsonBody<view::ProduceRequest>,
) -> Result<Json<view::Produced>, ApiError> {
    shared.only_in_development(&headers)?;
    if request.count == 0 || request.count > MOST_BLOCKS {
        return Err(ApiError::bad_request(Refusal::CountInvalid, format!("from 1 to {MOST_BLOCKS} blocks")));
    }
    if request.pass > MOST_SECONDS {
        return Err(ApiError::bad_request(
            Refusal::CountInvalid,
            format!("up to {MOST_SECONDS} seconds may pass"),
        ));
    }
    let blocks = shared
        .read(move |engine| {
            if request.pass > 0 {
                engine.pass(request.pass);
            }
            let mut made = Vec::new();
            for _ in 0..request.count {
                let Some(block) = engine.produce(Empty::Made)? else { break };
                let BlockHash(hash) = block.header().hash();
                made.push(view::ProducedBlock {
                    height: block.header().height,
                    hash: hex::encode(hash),
                    transactions: block.transactions().len(),
                });
            }
            Ok(made)
        })
        .await?;
    let height = blocks.last().map_or(0, |block| block.height);
    Ok(Json(view::Produced { height, blocks }))
}
