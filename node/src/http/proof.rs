//! `[vouched]` Answers to a reader of a head: the way to the newest one, records of the state under it, and earlier headers.

use axum::{
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use louver_chain::{Chain, state::opening::Question};
use louver_client::api::Refusal;
use louver_core::{encoding::Encode, store::Store};
use louver_light::Proven;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    Shared,
    error::ApiError,
    extract::{Asked, Part},
};
use crate::{
    peers::Peer,
    steps::{WayError, check_head, step, steps},
};

/// The most headers in one answer.
const MOST_HEADERS: u32 = 1000;

/// The head that the reader trusts.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[schemars(inline)]
pub(crate) struct Trusted {
    /// The height of the head that the reader trusts; 0 is genesis. The answer then carries the way from it to the newest
    /// head.
    pub(crate) head: Option<u32>,
}

/// Which headers.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[schemars(inline)]
pub(crate) struct HeaderSpan {
    /// The first block.
    from: u32,
    /// The last block; without it the chain's last one. An answer has at most 1,000.
    to: Option<u32>,
}

/// The way from a head to the newest one.
pub(crate) async fn head(
    State(shared): State<Shared>,
    Asked(Trusted { head }): Asked<Trusted>,
) -> Result<Response, ApiError> {
    let steps = shared
        .read(move |engine| {
            let chain = engine.chain();
            Ok(steps(&chain, head.unwrap_or_default())?)
        })
        .await?;
    Ok(binary(Proven { steps, openings: Vec::new() }.to_bytes()))
}

/// Sealed headers, each as a step without a path.
pub(crate) async fn headers(
    State(shared): State<Shared>,
    peer: Peer,
    Asked(HeaderSpan { from, to }): Asked<HeaderSpan>,
) -> Result<Response, ApiError> {
    if from == 0 || to.is_some_and(|to| to < from) {
        let message = "headers begin with 1, and `to` is not before `from`";
        return Err(ApiError::bad_request(Refusal::RangeInvalid, message));
    }
    let frames = shared
        .read(move |engine| {
            let chain = engine.chain();
            let last = to.unwrap_or(u32::MAX).min(chain.height()).min(from.saturating_add(MOST_HEADERS - 1));
            let mut frames = Vec::new();
            for height in from..=last {
                let Some(step) = step(&chain, height)? else { break };
                let bytes = step.to_bytes();
                let length = u32::try_from(bytes.len()).map_err(|_| ApiError::internal())?;
                frames.extend_from_slice(&length.to_le_bytes());
                frames.extend_from_slice(&bytes);
            }
            Ok(frames)
        })
        .await?;
    if frames.is_empty() {
        return Err(ApiError::not_found(
            Refusal::HeightUnknown,
            format!("there is no sealed block {from} yet"),
        ));
    }
    let body = shared.slots.body(&shared, peer, frames)?;
    Ok(([(CONTENT_TYPE, "application/octet-stream")], body).into_response())
}

/// The header of a height, and its place under a head.
pub(crate) async fn history(
    State(shared): State<Shared>,
    Part(height): Part<u32>,
    Asked(Trusted { head }): Asked<Trusted>,
) -> Result<Response, ApiError> {
    if height == 0 {
        return Err(ApiError::bad_request(
            Refusal::RangeInvalid,
            "genesis has no header: blocks begin with 1",
        ));
    }
    let bytes = shared
        .read(move |engine| {
            let chain = engine.chain();
            let head = head.unwrap_or(chain.height());
            let unknown =
                || ApiError::not_found(Refusal::HeightUnknown, format!("there is no block {height} yet"));
            let header = chain.header(height)?.ok_or_else(unknown)?;
            let mut bytes = header.to_bytes();
            bytes.extend(place_under(&chain, height, head)?);
            Ok(bytes)
        })
        .await?;
    Ok(binary(bytes))
}

/// The authorities in the state after a block.
pub(crate) async fn authorities(
    State(shared): State<Shared>,
    Part(height): Part<u32>,
) -> Result<Response, ApiError> {
    let found = shared.read(move |engine| Ok(engine.chain().authorities_after(height)?)).await?;
    let unknown = || ApiError::not_found(Refusal::HeightUnknown, format!("there is no block {height} yet"));
    Ok(binary(found.ok_or_else(unknown)?))
}

/// 0 if the block is the head, or 1 and the path to it from the head's history root.
///
/// # Errors
/// [`Refusal::HeadUnknown`] if there is no such head, [`Refusal::RangeInvalid`] if the block is after it.
pub(crate) fn place_under<S: Store>(chain: &Chain<S>, height: u32, head: u32) -> Result<Vec<u8>, ApiError> {
    check_head(chain, head)?;
    if height == head {
        return Ok(vec![0]);
    }
    let path = chain.history_path(height, head)?.ok_or_else(|| {
        ApiError::bad_request(Refusal::RangeInvalid, format!("block {height} is after the head, {head}"))
    })?;
    Ok([&[1][..], &path.to_bytes()].concat())
}

/// The way from a head to the newest one, and records of the state under that, as JSON carries it.
///
/// # Errors
/// [`Refusal::HeadOutdated`] if the way is longer than one answer, and those of the head. `None` without a head.
pub(crate) fn proof<S: Store>(
    chain: &Chain<S>,
    head: Option<u32>,
    questions: impl IntoIterator<Item = Question>,
) -> Result<Option<String>, ApiError> {
    let Some(head) = head else { return Ok(None) };
    let steps = steps(chain, head)?;
    if steps.last().is_some_and(|step| step.sealed.header.height < chain.height()) {
        let message = "too many changes of authorities lie between: ask for the newest head first";
        return Err(ApiError::new(StatusCode::CONFLICT, Refusal::HeadOutdated, message));
    }
    let mut openings = Vec::new();
    for question in questions {
        openings.extend(chain.open_state(question)?);
    }
    Ok(Some(hex::encode(Proven { steps, openings }.to_bytes())))
}

impl From<WayError> for ApiError {
    fn from(error: WayError) -> Self {
        match error {
            WayError::HeadUnknown { .. } => Self::not_found(Refusal::HeadUnknown, error),
            WayError::Unsealed => Self::new(StatusCode::SERVICE_UNAVAILABLE, Refusal::StorageFailing, error),
            WayError::Chain(error) => error.into(),
        }
    }
}

fn binary(bytes: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, "application/octet-stream")], bytes).into_response()
}
