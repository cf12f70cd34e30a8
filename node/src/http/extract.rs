//! What handlers take from requests, refused in the API's own form.

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

use super::error::ApiError;

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
        let Json(value) = Json::from_request(request, state)
            .await
            .map_err(|rejection| body_error(rejection.status(), rejection.body_text()))?;
        Ok(Self(value))
    }
}

/// A binary body.
pub(crate) struct Binary(pub(crate) Vec<u8>);

impl<S: Send + Sync> FromRequest<S> for Binary {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection: BytesRejection| body_error(rejection.status(), rejection.body_text()))?;
        Ok(Self(bytes.into()))
    }
}

fn body_error(status: StatusCode, message: String) -> ApiError {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::new(status, Refusal::BodyTooLarge, message),
        _ => ApiError::bad_request(Refusal::BodyInvalid, message),
    }
}
