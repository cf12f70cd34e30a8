//! What surrounds every request: a deadline, and the headers that let pages of other origins read.

use louver_client::api::Refusal;
use std::{net::IpAddr, time::Duration};

use axum::{
    extract::{Request, State},
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

use super::error::ApiError;

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

/// Whether a browser sent a request for a page that this machine does not serve. A program is no page. One opened from a
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

/// What a page may send. The address that the node is at is no secret kept from pages: it answers every one alike, by
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

/// Ends a request that has no answer in time. A stream that has begun goes on.
pub(crate) async fn deadline(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError::new(StatusCode::REQUEST_TIMEOUT, Refusal::Timeout, "the request took too long")
            .into_response(),
    }
}
