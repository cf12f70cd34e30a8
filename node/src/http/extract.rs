//! Parts of requests that handlers take, refused in the API's own form.

use std::{convert::Infallible, net::Ipv4Addr, time::Duration};

use axum::{
    Json,
    body::Bytes,
    extract::{
        FromRequest, FromRequestParts, Path, Query, Request,
        rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection},
    },
    http::{StatusCode, request::Parts},
};
use louver_client::api::Refusal;

use super::{error::ApiError, layers::BodyTimeout};
use crate::peers::Peer;

/// A part of the path.
pub(crate) struct Part<T>(pub(crate) T);

impl<S: Send + Sync, T> FromRequestParts<S> for Part<T>
where
    Path<T>: FromRequestParts<S, Rejection = PathRejection>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path(value) = Path::from_request_parts(parts, state)
            .await
            .map_err(|rejection| ApiError::bad_request(Refusal::PathInvalid, rejection.body_text()))?;
        Ok(Self(value))
    }
}

/// The query.
pub(crate) struct Asked<T>(pub(crate) T);

impl<S: Send + Sync, T> FromRequestParts<S> for Asked<T>
where
    Query<T>: FromRequestParts<S, Rejection = QueryRejection>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Query(value) = Query::from_request_parts(parts, state)
            .await
            .map_err(|rejection| ApiError::bad_request(Refusal::QueryInvalid, rejection.body_text()))?;
        Ok(Self(value))
    }
}

/// A JSON body.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<S: Send + Sync, T> FromRequest<S> for JsonBody<T>
where
    Json<T>: FromRequest<S, Rejection = JsonRejection>,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let Json(value) = in_time(body_time(&request), Json::from_request(request, state))
            .await?
            .map_err(|rejection| body_error(rejection.status(), rejection.body_text()))?;
        Ok(Self(value))
    }
}

/// A binary body.
pub(crate) struct Binary(pub(crate) Vec<u8>);

impl<S: Send + Sync> FromRequest<S> for Binary {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = in_time(body_time(&request), Bytes::from_request(request, state))
            .await?
            .map_err(|rejection: BytesRejection| body_error(rejection.status(), rejection.body_text()))?;
        Ok(Self(bytes.into()))
    }
}

fn body_time(request: &Request) -> Duration {
    request.extensions().get::<BodyTimeout>().map_or(Duration::MAX, |time| time.0)
}

async fn in_time<T>(limit: Duration, body: impl Future<Output = T>) -> Result<T, ApiError> {
    let late = |_| {
        ApiError::new(StatusCode::REQUEST_TIMEOUT, Refusal::Timeout, "the body of the request took too long")
    };
    tokio::time::timeout(limit, body).await.map_err(late)
}

/// The peer that asks. Where nothing is known of a connection, as in tests of a router, it is always the same.
impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let unknown = || Self::of(Ipv4Addr::UNSPECIFIED.into());
        Ok(parts.extensions.get().copied().unwrap_or_else(unknown))
    }
}

fn body_error(status: StatusCode, message: String) -> ApiError {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::new(status, Refusal::BodyTooLarge, message),
        _ => ApiError::bad_request(Refusal::BodyInvalid, message),
    }
}
