//! Lists that strangers can lengthen: read from the store part by part, as fast as the client reads them.

use std::{io, sync::Arc};

use axum::{
    body::{Body, Bytes},
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::{Shared, error::ApiError};
use crate::{engine::Engine, peers::Peer};

/// Entries that are read at a time.
pub(crate) const AT_A_TIME: usize = 256;
/// Parts that are ready before the client has read the first.
const AHEAD: usize = 2;

/// Some entries of a list, and where the next begin, if there may be more.
pub(crate) struct Entries<T> {
    pub(crate) entries: Vec<T>,
    pub(crate) next: Option<u64>,
}

/// The JSON around a list: before the first entry and after the last.
pub(crate) struct Frame {
    pub(crate) before: String,
    pub(crate) after: &'static str,
}

/// Answers with a list in parts. `read` returns the part that begins at a place.
///
/// A list of one part is an answer like others. A longer one is a stream, and counts as one.
pub(crate) async fn listing<T, F>(
    shared: Shared,
    peer: Peer,
    frame: Frame,
    from: u64,
    read: F,
) -> Result<Response, ApiError>
where
    T: Serialize + Send + 'static,
    F: Fn(&Engine, u64) -> Result<Entries<T>, ApiError> + Send + Sync + 'static,
{
    let read = Arc::new(read);
    let first = part(&shared, &read, from).await?;
    let mut text = frame.before;
    append(&mut text, &first.entries, true)?;
    let json = [(CONTENT_TYPE, "application/json")];
    let Some(mut next) = first.next else {
        text.push_str(frame.after);
        return Ok((json, text).into_response());
    };
    let slot = shared.slots.stream(&shared, peer, false)?;
    let (parts, stream) = mpsc::channel::<io::Result<Bytes>>(AHEAD);
    let deadline = tokio::time::Instant::now() + shared.limits.stream_time;
    tokio::spawn(async move {
        let send = async {
            parts.send(Ok(text.into())).await.ok()?;
            loop {
                // A list that ends without its end is not read as a whole one.
                let Ok(entries) = part(&shared, &read, next).await else {
                    return parts.send(Err(io::Error::other("the node failed"))).await.ok();
                };
                let mut text = String::new();
                append(&mut text, &entries.entries, false).ok()?;
                let after = entries.next;
                if after.is_none() {
                    text.push_str(frame.after);
                }
                parts.send(Ok(text.into())).await.ok()?;
                next = after?;
            }
        };
        if tokio::time::timeout_at(deadline, send).await.is_err() {
            drop(parts.try_send(Err(io::Error::from(io::ErrorKind::TimedOut))));
        }
        drop(slot);
    });
    Ok((json, Body::from_stream(ReceiverStream::new(stream))).into_response())
}

async fn part<T, F>(shared: &Shared, read: &Arc<F>, from: u64) -> Result<Entries<T>, ApiError>
where
    T: Send + 'static,
    F: Fn(&Engine, u64) -> Result<Entries<T>, ApiError> + Send + Sync + 'static,
{
    let read = read.clone();
    shared.read(move |engine| read(engine, from)).await
}

fn append<T: Serialize>(text: &mut String, entries: &[T], mut is_first: bool) -> Result<(), ApiError> {
    for entry in entries {
        if !is_first {
            text.push(',');
        }
        is_first = false;
        text.push_str(&serde_json::to_string(entry).map_err(|_| ApiError::internal())?);
    }
    Ok(())
}
