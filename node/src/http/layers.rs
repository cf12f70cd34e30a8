//! Layers around every request: limits, a deadline, counts, and the headers that let pages of other origins read.

use std::{
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode, Uri,
        header::{
            ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
            ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderName, ORIGIN, VARY,
        },
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

use louver_client::api::Refusal;

use super::{
    error::{ApiError, RefusalCode},
    serve::Limits,
};
use crate::{
    metrics::Metrics,
    peers::{Counted, Peer, Peers},
};

/// Which web pages may call the API from a browser. The API knows no cookies, so none are ever allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origins {
    /// None but the node's own.
    None,
    /// Every page.
    #[default]
    Any,
    /// Pages of these origins, as a browser writes them: `https://wallet.example`.
    Only(Vec<String>),
}

impl Origins {
    fn allows(&self, origin: &HeaderValue) -> Option<HeaderValue> {
        match self {
            Self::None => None,
            Self::Any => Some(HeaderValue::from_static("*")),
            Self::Only(list) => {
                list.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes()).then(|| origin.clone())
            }
        }
    }
}

/// Whether a browser sent a request for a page that this machine does not serve. A program is not a page. One opened from a
/// file counts as foreign: it has no origin, as others have none that hide theirs.
pub(crate) fn is_of_a_foreign_page(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(ORIGIN) else { return false };
    let origin = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
    let host = origin.as_ref().and_then(Uri::host).unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host != "localhost"
        && !host.ends_with(".localhost")
        && !address.is_ok_and(|address| address.is_loopback())
}

/// A browser asks so before it lets a public page call a node in its own network: a draft of the WICG, "Private Network
/// Access".
const REQUEST_PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-request-private-network");
const ALLOW_PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-allow-private-network");

/// Answers preflight requests, and marks answers that a page may read.
pub(crate) async fn cross_origin(State(origins): State<Origins>, request: Request, next: Next) -> Response {
    let allowed = request.headers().get(ORIGIN).and_then(|origin| origins.allows(origin));
    let mut response = if request.method() == Method::OPTIONS {
        let private = request.headers().contains_key(REQUEST_PRIVATE_NETWORK);
        let mut response = StatusCode::NO_CONTENT.into_response();
        if allowed.is_some() {
            permit(response.headers_mut(), private);
        }
        response
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    if let Some(origin) = allowed {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("etag, retry-after"));
    }
    // Of answers without the mark as well, or a cache would give them to pages that may read.
    headers.append(VARY, HeaderValue::from_static("origin"));
    response
}

/// Lets a page send. The address that the node is at is not a secret kept from pages: it answers every one alike, by
/// what it is sent and nothing else.
fn permit(headers: &mut HeaderMap, private_network: bool) {
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("3600"));
    if private_network {
        headers.append(VARY, HeaderValue::from_name(REQUEST_PRIVATE_NETWORK));
        headers.insert(ALLOW_PRIVATE_NETWORK, HeaderValue::from_static("true"));
    }
}

/// Time to send a request's body, for whoever reads it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BodyTimeout(pub(crate) Duration);

/// Ends a request that has no answer in time. A stream that has begun goes on.
pub(crate) async fn deadline(State(limits): State<Limits>, mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(BodyTimeout(limits.body_timeout));
    match tokio::time::timeout(limits.request_timeout, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError::new(StatusCode::REQUEST_TIMEOUT, Refusal::Timeout, "the request took too long")
            .into_response(),
    }
}

/// Refuses a peer who has too many requests under way.
pub(crate) async fn bounded(State(peers): State<Arc<Peers>>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().copied();
    let share = peer.map(|peer| peers.share(peer, Counted::Requests, 1));
    if let Some(None) = share {
        return ApiError::too_many(Refusal::TooManyRequests, "too many requests of yours are under way")
            .into_response();
    }
    let response = next.run(request).await;
    drop(share);
    response
}

/// Counts an answer, and logs it: by the pattern of its path, which names no account and no transaction.
pub(crate) async fn observed(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = match *request.method() {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        Method::HEAD => "HEAD",
        // Others are the client's own words.
        _ => "other",
    };
    let response = next.run(request).await;
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    metrics.answered(route, method, status, took);
    let code = response.extensions().get::<RefusalCode>().map(|code| code.0.code());
    if let Some(code) = code {
        metrics.refused(code);
    }
    tracing::debug!(route, method, status, code, milliseconds = took.as_millis(), "answered");
    response
}
