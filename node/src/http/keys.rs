//! The keys of the chain, for clients that have none. Proving keys are large: they come by parts, so that a client on a
//! weak line loses little when it breaks.

use louver_client::api::Refusal;
use std::{
    collections::{HashMap, hash_map::Entry},
    convert::Infallible,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use louver_chain::ChainError;
use louver_circuits::{circuit::CircuitId, keyset::NamedKeys};
use louver_core::pool::RulesVersion;
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::sync::watch;

use super::{
    Shared,
    error::ApiError,
    extract::{Asked, Part},
    has_already,
};
use crate::keys::{CompressedKey, KeySource};

/// The bytes of a key in one answer, if nothing is said.
const USUAL: u32 = 256 * 1024;
/// The most bytes of a key in one answer.
const MOST: u32 = 1024 * 1024;
/// How long an answer may be taken from a cache: a node that is replaced by another build has other keys.
const FRESH: &str = "public, max-age=3600";
/// When to ask again for a key that is being made.
const AGAIN_SECONDS: &str = "5";

/// Which bytes.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(inline)]
pub(crate) struct Span {
    /// The rules version; without it the newest that has the circuit.
    rules: Option<u32>,
    /// The first byte.
    #[serde(default)]
    from: u32,
    /// How many bytes, 262,144 if nothing is said. At most 1,048,576 are given, and fewer at the end of the key.
    length: Option<u32>,
}

/// Under which rules version.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(inline)]
pub(crate) struct Rules {
    /// The rules version; without it the newest that has the circuit.
    rules: Option<u32>,
}

/// The keys that genesis, or the guardians since, name for a circuit.
fn named(shared: &Shared, circuit: &str, rules: Option<u32>) -> Result<NamedKeys, ApiError> {
    let circuit = CircuitId::from_name(circuit).ok_or_else(no_such_key)?;
    let versions = shared.engine.chain().ledger().rules().map_err(ChainError::from)?;
    NamedKeys::find(&versions, rules.map(RulesVersion), circuit).ok_or_else(no_such_key)
}

/// The file of a verifying key.
pub(crate) async fn verifying(
    State(shared): State<Shared>,
    Part(name): Part<String>,
    Asked(Rules { rules }): Asked<Rules>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let key = named(&shared, &name, rules)?;
    let known = known(&key.hashes.verifying)?;
    if has_already(&headers, &known[0].1) {
        return Ok((StatusCode::NOT_MODIFIED, known).into_response());
    }
    let keys = shared.keys.clone();
    // The first reading of a key takes milliseconds.
    let file = tokio::task::spawn_blocking(move || keys.source.as_ref()?.verifying(&key)).await;
    let file = file.map_err(|_| ApiError::internal())?.ok_or_else(no_such_key)?;
    Ok((known, [(CONTENT_TYPE, "application/octet-stream")], file).into_response())
}

/// How a client knows that it has a key already, and for how long it may keep it.
fn known(hash: &[u8; 32]) -> Result<[(HeaderName, HeaderValue); 2], ApiError> {
    let tag = HeaderValue::try_from(format!("\"{}\"", hex::encode(hash)));
    Ok([(ETAG, tag.map_err(|_| ApiError::internal())?), (CACHE_CONTROL, HeaderValue::from_static(FRESH))])
}

pub(crate) async fn part(
    State(shared): State<Shared>,
    Part(name): Part<String>,
    Asked(span): Asked<Span>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let key = match shared.keys.key(named(&shared, &name, span.rules)?).await {
        Ok(key) => key,
        Err(Missing::None) => return Err(no_such_key()),
        Err(Missing::Failed) => return Err(ApiError::internal()),
        Err(Missing::NotYet) => {
            let error = ApiError::new(
                StatusCode::SERVICE_UNAVAILABLE,
                Refusal::KeyBeingMade,
                "the key is being made",
            );
            return Ok(([(RETRY_AFTER, AGAIN_SECONDS)], error).into_response());
        }
    };
    let known = known(&key.hash)?;
    if has_already(&headers, &known[0].1) {
        return Ok((StatusCode::NOT_MODIFIED, known).into_response());
    }
    let whole = u32::try_from(key.bytes.len()).map_err(|_| ApiError::internal())?;
    let length = span.length.unwrap_or(USUAL).min(MOST);
    if span.from >= whole || length == 0 {
        return Err(ApiError::bad_request(Refusal::RangeInvalid, format!("the key has {whole} bytes")));
    }
    let until = span.from.saturating_add(length).min(whole);
    let bytes = key.bytes.slice(span.from as usize..until as usize);
    let head = whole.to_le_bytes();
    let all = head.len() + bytes.len();
    // The bytes of the key are not copied, however slowly they are read.
    let body = [Bytes::copy_from_slice(&head), bytes].map(Ok::<_, Infallible>);
    let body = Body::from_stream(tokio_stream::iter(body));
    let kind = [(CONTENT_TYPE, "application/octet-stream".to_owned()), (CONTENT_LENGTH, all.to_string())];
    Ok((known, kind, body).into_response())
}

fn no_such_key() -> ApiError {
    ApiError::not_found(Refusal::NoSuchKey, "this node does not hand out such a key")
}

/// Why there is no key in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Missing {
    /// There is none.
    None,
    /// It could not be had; asking again tries again.
    Failed,
    /// It is being made.
    NotYet,
}

type Found = Result<Arc<CompressedKey>, Missing>;

/// The proving keys that were asked for: each is taken from its source once, whoever asks meanwhile and however long it takes.
pub(crate) struct ProvingKeyStore {
    source: Option<Arc<dyn KeySource>>,
    /// How long a request waits for a key that is being made.
    wait: Duration,
    asked: Mutex<HashMap<[u8; 32], watch::Receiver<Found>>>,
}

impl ProvingKeyStore {
    pub(crate) fn new(source: Option<Arc<dyn KeySource>>, wait: Duration) -> Self {
        Self { source, wait, asked: Mutex::default() }
    }

    async fn key(&self, key: NamedKeys) -> Found {
        let source = self.source.as_ref().ok_or(Missing::None)?;
        let mut answer = self.ask(key, source);
        let settled = answer.wait_for(|found| *found != Err(Missing::NotYet));
        match tokio::time::timeout(self.wait, settled).await {
            Ok(Ok(found)) => found.clone(),
            // The thread is gone, and said nothing.
            Ok(Err(_)) => Err(Missing::Failed),
            Err(_) => Err(Missing::NotYet),
        }
    }

    /// The answer to the first question, once it is there.
    fn ask(&self, key: NamedKeys, source: &Arc<dyn KeySource>) -> watch::Receiver<Found> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        match asked.entry(key.hashes.proving) {
            Entry::Vacant(entry) => entry.insert(take(source.clone(), key)).clone(),
            Entry::Occupied(mut entry) => {
                let over = entry.get().has_changed().is_err();
                let found = entry.get().borrow().clone();
                if found == Err(Missing::Failed) || (over && found == Err(Missing::NotYet)) {
                    entry.insert(take(source.clone(), key));
                }
                entry.get().clone()
            }
        }
    }
}

/// Takes a key from its source on a thread of its own: one that neither a request that is given up nor a node that
/// stops has to wait for.
fn take(source: Arc<dyn KeySource>, key: NamedKeys) -> watch::Receiver<Found> {
    let (sender, receiver) = watch::channel(Err(Missing::NotYet));
    let work = move || {
        sender.send_replace(match source.proving(&key) {
            Ok(Some(key)) => Ok(Arc::new(key)),
            Ok(None) => Err(Missing::None),
            Err(_) => Err(Missing::Failed),
        })
    };
    // Where there is no thread to be had the sender is gone, which whoever waits sees.
    drop(thread::Builder::new().name(format!("key {}", key.circuit)).spawn(work));
    receiver
}

impl fmt::Debug for ProvingKeyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProvingKeyStore").field("source", &self.source).finish_non_exhaustive()
    }
}
