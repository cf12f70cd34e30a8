//! `[nullifier-snapshot]` Snapshots of notes and nullifiers, for wallets that show that a note was not spent.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use louver_chain::state::opening::Question;
use louver_client::api::{Refusal, view};
use louver_core::{
    encoding::Encode,
    nullifier_tree::{BucketError, NullifierPrefix},
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    Shared,
    error::ApiError,
    extract::{Asked, Part},
    proof::proof,
};
use crate::peers::Peer;

/// The most snapshots in one answer.
const MOST: usize = 64;

/// Which snapshots.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(inline)]
pub(crate) struct SnapshotPage {
    /// The index of the first; 0 is the first that the state took in.
    #[serde(default)]
    from: u32,
    /// The height of the head that the reader trusts. The answer is proven then.
    head: Option<u32>,
}

pub(crate) async fn list(
    State(shared): State<Shared>,
    Asked(SnapshotPage { from, head }): Asked<SnapshotPage>,
) -> Result<Json<view::Snapshots>, ApiError> {
    shared
        .read(move |engine| {
            let chain = engine.chain();
            let found = chain.ledger().snapshots_from(from, MOST)?;
            let proof = proof(&chain, head, found.iter().map(|(index, _)| Question::Snapshot(*index)))?;
            let snapshots = found.iter().map(|(index, entry)| view::Snapshot::of(*index, entry)).collect();
            Ok(Json(view::Snapshots { snapshots, proof }))
        })
        .await
}

/// Which nullifiers.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(inline)]
pub(crate) struct Beginning {
    /// The first bits of the nullifiers as big-endian numbers, as `0` and `1`; at most 32. Fewer bits hide the one that is
    /// meant among more.
    #[serde(default)]
    #[schemars(regex(pattern = "^[01]{0,32}$"))]
    prefix: String,
}

pub(crate) async fn bucket(
    State(shared): State<Shared>,
    peer: Peer,
    Part(index): Part<u32>,
    Asked(Beginning { prefix }): Asked<Beginning>,
) -> Result<Response, ApiError> {
    let prefix: NullifierPrefix = prefix.parse().map_err(|_| {
        ApiError::bad_request(Refusal::QueryInvalid, "the prefix is not up to 32 digits 0 and 1")
    })?;
    let found = shared
        .read(move |engine| match engine.chain().ledger().nullifier_bucket(index, prefix) {
            Err(error @ BucketError::PrefixTooShort) => {
                Err(ApiError::new(StatusCode::BAD_REQUEST, Refusal::PrefixTooShort, error))
            }
            Err(BucketError::Store(error)) => Err(error.into()),
            Ok(found) => Ok(found.map(|bucket| bucket.to_bytes())),
        })
        .await?;
    let missing = || {
        let message = format!("the state has not taken in a snapshot {index}: the first is 0");
        ApiError::not_found(Refusal::SnapshotUnknown, message)
    };
    let body = shared.slots.body(&shared, peer, found.ok_or_else(missing)?)?;
    Ok(([(CONTENT_TYPE, "application/octet-stream")], body).into_response())
}
