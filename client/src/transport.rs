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
    /// The path and query, which begin with `/`. Append them to the node's URL.
    pub path: String,
    /// The body's type, for the header `content-type`; `None` if there is no body.
    pub content_type: Option<&'static str>,
    /// The body; empty for a GET.
    pub body: Vec<u8>,
}

/// A node's answer, of any status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status, such as 200.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// There is no answer: the node cannot be reached, or the connection broke.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the node cannot be reached: {reason}")]
pub struct Unreachable {
    /// The HTTP client's message.
    pub reason: String,
}

/// Sends requests to one node and returns its answers.
///
/// An answer of any status is an answer. Several requests may be sent at the same time. Set a timeout, follow no
/// redirects, and limit the body to what a device can hold.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends one request.
    ///
    /// # Errors
    /// [`Unreachable`] if there is no answer.
    async fn send(&self, request: Request) -> Result<Response, Unreachable>;
}
