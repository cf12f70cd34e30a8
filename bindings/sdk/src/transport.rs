//! Transports to a node: they use the host's own HTTP client, its certificates and its proxies.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use louver_client::transport as floor;

choice! {
    /// The method of a request.
    pub enum HttpMethod {
        /// GET
        Get,
        /// POST
        Post,
    }
}

data! {
    /// A request to a node.
    pub struct HttpRequest {
        /// The method.
        pub method: HttpMethod,
        /// The path and query, which begin with `/`. Append them to the node's URL.
        pub path: String,
        /// Headers, by name.
        pub headers: HashMap<String, String>,
        /// The body; empty for a GET.
        #[cfg_attr(feature = "web", serde(with = "serde_bytes"))]
        #[cfg_attr(feature = "web", tsify(type = "Uint8Array"))]
        pub body: Vec<u8>,
    }
}

data! {
    /// A node's answer, of any status.
    pub struct HttpResponse {
        /// The status, such as 200.
        pub status: u16,
        /// The body.
        #[cfg_attr(feature = "web", serde(with = "serde_bytes"))]
        #[cfg_attr(feature = "web", tsify(type = "Uint8Array"))]
        pub body: Vec<u8>,
    }
}

fault! {
    /// Why there is no answer.
    pub enum TransportError {
        /// The node cannot be reached, or the connection broke.
        #[error("the node cannot be reached: {reason}")]
        Unreachable {
            /// The HTTP client's message.
            reason: String,
        },
    }
}

#[cfg(feature = "uniffi")]
impl From<uniffi::UnexpectedUniFFICallbackError> for TransportError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unreachable { reason: error.reason }
    }
}

/// Sends requests to one node and returns its answers.
///
/// An answer of any status is an answer. An error means that there was no answer. Several requests may be sent at the
/// same time. Set a timeout, follow no redirects, and limit the body to what a device can hold.
#[cfg_attr(feature = "uniffi", uniffi::export(with_foreign))]
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends one request.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError>;
}

/// A host's transport, as a connection uses it.
pub(crate) struct Foreign(pub(crate) Arc<dyn Transport>);

#[async_trait]
impl floor::Transport for Foreign {
    async fn send(&self, request: floor::Request) -> Result<floor::Response, floor::Unreachable> {
        let floor::Request { method, path, content_type, body } = request;
        let method = match method {
            floor::Method::Get => HttpMethod::Get,
            floor::Method::Post => HttpMethod::Post,
        };
        let header = content_type.map(|kind| ("content-type".to_owned(), kind.to_owned()));
        let request = HttpRequest { method, path, headers: header.into_iter().collect(), body };
        match self.0.send(request).await {
            Ok(HttpResponse { status, body }) => Ok(floor::Response { status, body }),
            Err(TransportError::Unreachable { reason }) => Err(floor::Unreachable { reason }),
        }
    }
}
