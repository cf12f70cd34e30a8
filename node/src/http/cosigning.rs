//! `[cosign]` Offering a block to the chain's other authorities, and taking their seals.

use std::time::Duration;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use louver_client::api::{Refusal, view};
use louver_core::encoding::Decode;
use tokio::time::Instant;

use super::{Shared, error::ApiError, extract::Binary, serve::stopped};
use crate::{
    cosigning::{GivenSeals, ProposalRequest},
    engine::{SealRefusal, Taken},
    peers::Peer,
};

/// Refuses a peer after too many of its requests were refused lately.
fn check_peer(shared: &Shared, peer: Peer) -> Result<(), ApiError> {
    match shared.peers.may_submit(peer) {
        true => Ok(()),
        false => {
            let message = "too much that you sent was refused; wait a moment";
            Err(ApiError::too_many(Refusal::TooManyRefusals, message))
        }
    }
}

/// Counts a refusal for which the peer is at fault.
fn refused(shared: &Shared, peer: Peer, error: SealRefusal) -> ApiError {
    if matches!(error, SealRefusal::Stranger | SealRefusal::Signature) {
        shared.peers.refused(peer);
    }
    error.into()
}

/// The block that waits for the seal of whoever asks. Waits a while for one.
pub(crate) async fn proposal(
    State(shared): State<Shared>,
    peer: Peer,
    Binary(bytes): Binary,
) -> Result<Response, ApiError> {
    check_peer(&shared, peer)?;
    let asked = ProposalRequest::from_bytes(&bytes).map_err(|error| {
        shared.peers.refused(peer);
        ApiError::from(&error)
    })?;
    let patience = Duration::from_millis(asked.patience.into()).min(shared.limits.request_timeout / 4);
    let deadline = Instant::now() + patience;
    let (mut offers, mut tip) = (shared.engine.watch_offers(), shared.engine.watch_tip());
    let mut stop = shared.stop.clone();
    loop {
        offers.borrow_and_update();
        tip.borrow_and_update();
        let question = asked.clone();
        let found = shared.read(move |engine| Ok(engine.proposal_for(&question))).await?;
        if let Some(block) = found.map_err(|error| refused(&shared, peer, error))? {
            let body = shared.slots.body(&shared, peer, block.to_vec())?;
            return Ok(([(CONTENT_TYPE, "application/octet-stream")], body).into_response());
        }
        let is_new = tokio::select! {
            changed = offers.changed() => changed.is_ok(),
            changed = tip.changed() => changed.is_ok(),
            () = tokio::time::sleep_until(deadline) => false,
            () = stopped(&mut stop) => false,
        };
        if !is_new {
            return Err(SealRefusal::NoProposal.into());
        }
    }
}

/// Takes the seals of an authority.
pub(crate) async fn seals(
    State(shared): State<Shared>,
    peer: Peer,
    Binary(bytes): Binary,
) -> Result<Json<view::SealsTaken>, ApiError> {
    check_peer(&shared, peer)?;
    let given = GivenSeals::from_bytes(&bytes).map_err(|error| {
        shared.peers.refused(peer);
        ApiError::from(&error)
    })?;
    let taken = shared.read(move |engine| Ok(engine.take_seals(&given))).await?;
    let Taken { found, needed, is_final } = taken.map_err(|error| refused(&shared, peer, error))?;
    Ok(Json(view::SealsTaken { found, needed, is_final }))
}

impl From<SealRefusal> for ApiError {
    fn from(error: SealRefusal) -> Self {
        match error {
            SealRefusal::Stranger => Self::new(StatusCode::FORBIDDEN, Refusal::NotAuthority, error),
            SealRefusal::Signature => Self::unprocessable(Refusal::SealInvalid, error),
            SealRefusal::NoProposal => Self::not_found(Refusal::NoProposal, error),
            SealRefusal::Follows => Self::new(StatusCode::FORBIDDEN, Refusal::FollowsOnly, error),
            SealRefusal::Chain(error) => error.into(),
        }
    }
}
