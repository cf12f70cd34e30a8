//! Web pages, with the headers that keep them to themselves.

use std::{ffi::OsStr, path::Path};

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{
            ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, LOCATION,
            REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
        },
        request::Parts,
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::has_already;
use crate::pages::{Encoding, Found, Isolation, Pages};

/// The policy of pages: they load, run and call their own files, and the API, which has the same origin. Nothing stands inline. A
/// page that shares no memory with its Worker stops it by a blob that is gone.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' blob:; \
     worker-src 'self' blob:; img-src 'self' data: blob:; style-src 'self'; object-src 'none'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'";

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const EMBEDDER_POLICY: HeaderName = HeaderName::from_static("cross-origin-embedder-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Answers with the API below `/v1`, with the node's health, and with pages elsewhere.
pub(crate) async fn beside(State(pages): State<Pages>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path == "/v1" || path.starts_with("/v1/") || matches!(path, "/health" | "/ready") {
        return next.run(request).await;
    }
    let isolation = pages.isolation();
    let mut response = page(pages, request.into_parts().0).await;
    protect(response.headers_mut(), isolation);
    response
}

async fn page(pages: Pages, request: Parts) -> Response {
    if !matches!(request.method, Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")], "pages are read only\n")
            .into_response();
    }
    let path = request.uri.path().to_owned();
    let asked = path.clone();
    match tokio::task::spawn_blocking(move || pages.find(&asked)).await {
        Ok(Found::File(name, file)) => {
            let encodings = Encoding::accepted(&request.headers).into_iter();
            let (encoding, bytes) = encodings
                .filter_map(|encoding| Some((encoding, file.encoded.get(encoding)?)))
                .next()
                .unwrap_or((Encoding::Identity, file.bytes));
            // Each encoding has a tag of its own: the bytes are others.
            let suffix = encoding.name().map(|name| format!("-{name}")).unwrap_or_default();
            let tag = HeaderValue::try_from(format!("\"{}{suffix}\"", hex::encode(file.hash)));
            let tag = tag.unwrap_or(HeaderValue::from_static("\"\""));
            // Asked about each time, so that a new build is seen at once; sent again only if it is new.
            let known = [
                (ETAG, tag.clone()),
                (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
                (VARY, HeaderValue::from_static("accept-encoding")),
            ];
            if has_already(&request.headers, &tag) {
                return (StatusCode::NOT_MODIFIED, known).into_response();
            }
            let mut response = (known, [(CONTENT_TYPE, kind(&name))], bytes).into_response();
            if let Some(name) = encoding.name() {
                response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(name));
            }
            response
        }
        // The path was read as names and a slash, and stands as it was sent.
        Ok(Found::Folder) => {
            (StatusCode::PERMANENT_REDIRECT, [(LOCATION, format!("{path}/"))]).into_response()
        }
        Ok(Found::Nothing) => (StatusCode::NOT_FOUND, "there is no such page\n").into_response(),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "the node failed to answer\n").into_response(),
    }
}

fn protect(headers: &mut HeaderMap, isolation: Isolation) {
    let mut put = |name, value| headers.insert(name, HeaderValue::from_static(value));
    put(CONTENT_SECURITY_POLICY, POLICY);
    put(X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(REFERRER_POLICY, "no-referrer");
    put(RESOURCE_POLICY, "same-origin");
    if isolation == Isolation::Isolated {
        put(OPENER_POLICY, "same-origin");
        put(EMBEDDER_POLICY, "require-corp");
    }
}

/// The kind of a file, by the end of its name. One of no known kind is nothing that a browser would run.
fn kind(name: &Path) -> &'static str {
    match name.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase).as_deref() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("webp") => "image/webp",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
