//! Compact blocks as a stream: one frame a block, length (4 bytes, little-endian) and bytes.

use std::{convert::Infallible, ops::RangeInclusive, sync::Arc};

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use louver_client::api::Refusal;
use louver_core::store::StoreError;
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_stream::{StreamExt, wrappers::ReceiverStream};

use super::{
    Shared,
    error::ApiError,
    extract::Asked,
    proof::place_under,
    serve::{Limits, stopped},
};
use crate::{
    engine::Engine,
    metrics::Metrics,
    peers::{Counted, Peer, Share},
    steps::WayError,
};

/// Chunks that are ready before the client has read the first: what a slow client may hold of the node's memory.
const AHEAD: usize = 4;
/// Blocks that are read at a time.
const CHUNK_BLOCKS: u32 = 64;
/// Bytes of a large answer that go out at a time; smaller answers are not counted.
const SLICE: usize = 64 * 1024;
/// Bytes at which a chunk is closed.
const CHUNK_BYTES: usize = 256 * 1024;

/// Which blocks.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(inline)]
pub(crate) struct Span {
    /// The first block.
    from: u32,
    /// The last block; without it the chain's last one.
    to: Option<u32>,
    /// Whether to wait for new blocks, up to `to` or without end.
    #[serde(default)]
    follow: bool,
    /// The height of the head that the reader trusts, not before the last block of the answer. One more frame comes at the
    /// end then: 0 if the last block is the head, or 1 and the path to it from the head's history root. A stream that
    /// waits for new blocks has no such frame.
    head: Option<u32>,
}

/// Room for streams and large answers, of all peers.
#[derive(Debug)]
pub(crate) struct Slots {
    streams: Arc<Semaphore>,
    followers: Arc<Semaphore>,
    /// A permit for each KiB.
    answers: Arc<Semaphore>,
}

/// A stream's place, given back when it is dropped.
pub(crate) struct Slot {
    metrics: Arc<Metrics>,
    _room: [Option<OwnedSemaphorePermit>; 2],
    _share: Share,
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.metrics.streams.dec();
    }
}

impl Slots {
    pub(crate) fn new(limits: &Limits) -> Self {
        let permits = |count: usize| Arc::new(Semaphore::new(count.min(Semaphore::MAX_PERMITS)));
        Self {
            streams: permits(limits.streams),
            followers: permits(limits.streams.div_ceil(2)),
            answers: permits(limits.answer_bytes / 1024),
        }
    }

    /// A place for a stream of `peer`; for one that follows the chain only while half of all do.
    pub(crate) fn stream(&self, shared: &Shared, peer: Peer, follows: bool) -> Result<Slot, ApiError> {
        let share = shared.peers.share(peer, Counted::Streams, 1);
        let share = share.ok_or_else(|| {
            ApiError::too_many(Refusal::TooManyStreams, "too many streams of yours are open")
        })?;
        let full = |_| {
            let message = "too many streams are open";
            ApiError::new(StatusCode::SERVICE_UNAVAILABLE, Refusal::TooManyStreams, message)
        };
        let follower =
            follows.then(|| self.followers.clone().try_acquire_owned()).transpose().map_err(full)?;
        let stream = self.streams.clone().try_acquire_owned().map_err(full)?;
        shared.metrics.streams.inc();
        Ok(Slot { metrics: shared.metrics.clone(), _room: [Some(stream), follower], _share: share })
    }

    /// The body of an answer, which counts against what may wait to be read if it is large.
    pub(crate) fn body(&self, shared: &Shared, peer: Peer, bytes: Vec<u8>) -> Result<Body, ApiError> {
        if bytes.len() <= SLICE {
            return Ok(bytes.into());
        }
        let share = shared.peers.share(peer, Counted::AnswerBytes, bytes.len());
        let share = share.ok_or_else(|| {
            ApiError::too_many(Refusal::TooManyAnswers, "too many answers wait to be read by you")
        })?;
        let permits = u32::try_from(bytes.len() / 1024).unwrap_or(u32::MAX);
        let room = self.answers.clone().try_acquire_many_owned(permits).map_err(|_| {
            ApiError::new(StatusCode::SERVICE_UNAVAILABLE, Refusal::Busy, "too many answers wait to be read")
        })?;
        let bytes = Bytes::from(bytes);
        let slices = (0..bytes.len()).step_by(SLICE).map(move |from| {
            // Held until the last slice is taken.
            let _held = (&share, &room);
            Ok::<_, Infallible>(bytes.slice(from..bytes.len().min(from + SLICE)))
        });
        Ok(Body::from_stream(tokio_stream::iter(slices)))
    }
}

pub(crate) async fn compact_blocks(
    State(shared): State<Shared>,
    peer: Peer,
    Asked(span): Asked<Span>,
) -> Result<Response, ApiError> {
    let tip = *shared.engine.watch_tip().borrow();
    if span.from == 0 || span.to.is_some_and(|to| to.saturating_add(1) < span.from) {
        return Err(ApiError::bad_request(
            Refusal::RangeInvalid,
            "blocks begin with 1 and `to` is not before `from`",
        ));
    }
    if !span.follow && span.from > tip.saturating_add(1) {
        return Err(ApiError::not_found(
            Refusal::HeightUnknown,
            format!("there is no block {} yet", span.from),
        ));
    }
    if let Some(head) = span.head.filter(|_| !span.follow) {
        if head > tip {
            return Err(WayError::HeadUnknown { height: tip }.into());
        }
        if span.to.is_some_and(|to| to > head) {
            let message = format!("the blocks asked for go beyond the head, {head}");
            return Err(ApiError::bad_request(Refusal::RangeInvalid, message));
        }
    }
    let slot = shared.slots.stream(&shared, peer, span.follow)?;
    let (chunks, stream) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let time = shared.limits.stream_time;
        // Ends between two chunks: what was sent is whole, and the rest can be asked for.
        drop(tokio::time::timeout(time, send(shared, span, tip, &chunks)).await);
        // Before the reader sees the end: then there is a place for him again.
        drop(slot);
        drop(chunks);
    });
    let body = Body::from_stream(ReceiverStream::new(stream).map(Ok::<Bytes, Infallible>));
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], body).into_response())
}

/// Sends the blocks, as fast as the client reads and, if it follows, as blocks come.
async fn send(shared: Shared, span: Span, tip: u32, chunks: &mpsc::Sender<Bytes>) {
    let mut tips = shared.engine.watch_tip();
    let mut stop = shared.stop.clone();
    let last = span.to.unwrap_or(if span.follow { u32::MAX } else { span.head.unwrap_or(tip) });
    let proven = span.head.is_some() && !span.follow;
    let (mut next, mut room) = (span.from, shared.limits.blocks_bytes);
    while next <= last {
        let known = *tips.borrow_and_update();
        if next > known {
            if !span.follow {
                break;
            }
            tokio::select! {
                () = stopped(&mut stop) => break,
                () = chunks.closed() => break,
                changed = tips.changed() => if changed.is_err() { break },
            }
            continue;
        }
        let range = next..=last.min(known).min(next.saturating_add(CHUNK_BLOCKS - 1));
        let read = shared.engine.blocking(move |engine| chunk(engine, range)).await;
        // A block that is gone was rolled back, and a failing store shows in every other answer: the stream ends.
        let Some(Ok((bytes, after))) = read else { break };
        if after == next {
            break;
        }
        room = room.saturating_sub(bytes.len());
        tokio::select! {
            () = stopped(&mut stop) => break,
            sent = chunks.send(bytes.into()) => if sent.is_err() { break },
        }
        next = after;
        if proven && room == 0 {
            break;
        }
    }
    let is_whole = next > last || room == 0;
    let last = next.saturating_sub(1);
    let Some(head) = span.head.filter(|_| proven && next > span.from && is_whole) else { return };
    let read = shared.engine.blocking(move |engine| place_under(&engine.chain(), last, head)).await;
    // Without the frame the answer is not whole, and its reader asks again.
    if let Some(Ok(place)) = read {
        let length = u32::try_from(place.len()).unwrap_or_default();
        let frame = [&length.to_le_bytes()[..], &place].concat();
        tokio::select! {
            () = stopped(&mut stop) => {}
            _ = chunks.send(frame.into()) => {}
        }
    }
}

/// The frames of the first blocks of a range, and the height after them.
fn chunk(engine: &Engine, range: RangeInclusive<u32>) -> Result<(Vec<u8>, u32), StoreError> {
    let mut bytes = Vec::new();
    let mut next = *range.start();
    for height in range {
        let Some(block) = engine.chain().compact_bytes(height)? else { break };
        let Ok(length) = u32::try_from(block.len()) else { break };
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(&block);
        next = height.saturating_add(1);
        if bytes.len() >= CHUNK_BYTES {
            break;
        }
    }
    Ok((bytes, next))
}

#[cfg(test)]
mod tests;
