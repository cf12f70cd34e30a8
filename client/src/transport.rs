//! How requests reach a node: over HTTP from here ([`Http`]), or by whatever a host brings.

use async_trait::async_trait;
use thiserror::Error;

#[cfg(all(feature = "native", not(target_family = "wasm")))]
mod http;

#[cfg(all(feature = "native", not(target_family = "wasm")))]
pub use http::{Http, UrlError};

/// The method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// GET
    Get,
    /// POST
    Post,
}

/// A request to a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path and query, beginning with `/`, to be put after the node's URL.
    pub path: String,
    /// What the body is, as the header `content-type` says it; `None` if there is no body.
    pub content_type: Option<&'static str>,
    /// The body; empty for a GET.
    pub body: Vec<u8>,
}

/// A node's answer, whatever its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status, such as 200.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// There is no answer: the node is not there, or the connection broke.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the node cannot be reached: {reason}")]
pub struct Unreachable {
    /// What the HTTP client said.
    pub reason: String,
}

/// Sends requests to one node and brings its answers.
///
/// An answer with any status is an answer. Requests may be sent at the same time. Set a timeout, follow no redirect, and
/// read no more of a body than a device can hold.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends one request.
    ///
    /// # Errors
    /// [`Unreachable`] if there is no answer.
    async fn send(&self, request: Request) -> Result<Response, Unreachable>;
}
