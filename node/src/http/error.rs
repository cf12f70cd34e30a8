//! Errors as clients see them: a status, a stable code for programs, a sentence for people.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};

use louver_client::api::{Refusal, view};

/// An error of the API, as JSON `{"error":{"code":...,"message":...}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) code: Refusal,
    pub(crate) message: String,
}

/// The sentence of an error, from a text or from an error.
pub(crate) struct Message(String);

impl<T: core::fmt::Display> From<T> for Message {
    fn from(text: T) -> Self {
        Self(text.to_string())
    }
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: Refusal, message: impl Into<Message>) -> Self {
        Self { status, code, message: message.into().0 }
    }

    pub(crate) fn bad_request(code: Refusal, message: impl Into<Message>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(crate) fn not_found(code: Refusal, message: impl Into<Message>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    /// Well-formed, and against a rule.
    pub(crate) fn unprocessable(code: Refusal, message: impl Into<Message>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, message)
    }

    /// More than one peer may have; it may ask again.
    pub(crate) fn too_many(code: Refusal, message: impl Into<Message>) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, code, message)
    }

    /// A fault of the node's own: its details go to the operator, not to the client.
    pub(crate) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, Refusal::Internal, "the node failed to answer")
    }
}

/// The code of an answer that refuses, for counting.
#[derive(Clone, Debug)]
pub(crate) struct RefusalCode(pub(crate) Refusal);

/// When a peer who has too much, or meets a node that is busy, may ask again.
const AGAIN_SECONDS: &str = "1";

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let code = RefusalCode(self.code.clone());
        let error = view::Reason { code: self.code, message: self.message };
        let mut response = (self.status, Json(view::Refused { error })).into_response();
        response.extensions_mut().insert(code);
        if matches!(self.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(AGAIN_SECONDS));
        }
        response
    }
}
