//! How requests reach a node: with the host's own HTTP client, its certificates and its proxies.

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
        /// The path and query, beginning with `/`, to be put after the node's URL.
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
    /// A node's answer, whatever its status.
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
        /// The node is not there, or the connection broke.
        #[error("the node cannot be reached: {reason}")]
        Unreachable {
            /// What the HTTP client said.
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

/// Sends requests to one node and brings its answers.
///
/// An answer with any status is an answer; an error is for none at all. Requests may be sent at the same time. Set a
/// timeout, follow no redirect, and read no more of a body than a device can hold.
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
