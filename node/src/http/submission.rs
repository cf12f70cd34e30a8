//! Submitting transactions, and asking what became of them.

use axum::{Json, extract::State, http::StatusCode};
use louver_chain::mempool::Id;

use louver_client::api::{
    Refusal,
    view::{self, Inclusion},
};

use super::{
    Shared,
    error::ApiError,
    extract::{Binary, Part},
};
use crate::{
    engine::{self, InclusionState, Origin, SubmitError},
    peers::Peer,
};

pub(crate) async fn submit(
    State(shared): State<Shared>,
    peer: Peer,
    Binary(bytes): Binary,
) -> Result<(StatusCode, Json<view::Submitted>), ApiError> {
    if !shared.peers.may_submit(peer) {
        let message = "too many of your transactions were refused; wait a moment";
        return Err(ApiError::too_many(Refusal::TooManyRefusals, message));
    }
    let submit = async {
        let submitted = shared.engine.submit(bytes.clone(), Origin::Client).await?;
        shared.engine.hand_on(&submitted, bytes).await?;
        Ok::<_, SubmitError>(submitted)
    };
    let submitted = submit.await.inspect_err(|error| {
        // Of a full or failing node the peer is not at fault.
        if error.is_the_senders() {
            shared.peers.refused(peer);
        }
    })?;
    Ok((StatusCode::ACCEPTED, Json(submitted.into())))
}

pub(crate) async fn state(
    State(shared): State<Shared>,
    Part(id): Part<String>,
) -> Result<Json<view::TransactionState>, ApiError> {
    let parsed = parse_id(&id)?;
    let found = shared.read(move |engine| Ok(engine.inclusion(&parsed)?)).await?;
    let (state, height) = match found {
        InclusionState::Pending => (Inclusion::Pending, None),
        InclusionState::Included(height) => (Inclusion::Included, Some(height)),
        InclusionState::Unknown => (Inclusion::Unknown, None),
    };
    Ok(Json(view::TransactionState { id, state, height }))
}

fn parse_id(text: &str) -> Result<Id, ApiError> {
    let lower = text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let mut id = [0u8; 32];
    if !lower || hex::decode_to_slice(text, &mut id).is_err() {
        return Err(ApiError::bad_request(Refusal::IdInvalid, "an id is 64 lower-case hexadecimal digits"));
    }
    Ok(id)
}

impl From<engine::Submitted> for view::Submitted {
    fn from(submitted: engine::Submitted) -> Self {
        Self {
            id: hex::encode(submitted.id),
            known: submitted.known,
            replaced: submitted.replaced.iter().map(hex::encode).collect(),
        }
    }
}
