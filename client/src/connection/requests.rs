//! The requests of the API, over any transport.

use std::sync::Arc;

use louver_core::encoding::Decode;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    api::view::Refused,
    error::ClientError,
    transport::{Method, Request, Transport},
};

const OCTETS: &str = "application/octet-stream";
const JSON: &str = "application/json";

/// Sends requests and reads answers.
pub(super) struct Requests(pub(super) Arc<dyn Transport>);

impl Requests {
    /// The bytes at a path.
    pub(super) async fn bytes(&self, path: &str) -> Result<Vec<u8>, ClientError> {
        self.send(Method::Get, path, None, Vec::new()).await
    }

    /// The JSON at a path.
    pub(super) async fn json<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        from_json(&self.bytes(path).await?)
    }

    /// The answer to JSON that is posted to a path.
    pub(super) async fn post_json<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        let body = serde_json::to_vec(body).map_err(ClientError::answer)?;
        from_json(&self.send(Method::Post, path, Some(JSON), body).await?)
    }

    /// The answer to bytes that are posted to a path.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: Vec<u8>,
    ) -> Result<T, ClientError> {
        from_json(&self.send(Method::Post, path, Some(OCTETS), body).await?)
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        content_type: Option<&'static str>,
        body: Vec<u8>,
    ) -> Result<Vec<u8>, ClientError> {
        let request = Request { method, path: path.to_owned(), content_type, body };
        let answer = self.0.send(request).await?;
        let status = answer.status;
        if (200..300).contains(&status) {
            return Ok(answer.body);
        }
        Err(match serde_json::from_slice::<Refused>(&answer.body) {
            Ok(Refused { error }) => {
                ClientError::Refused { status, refusal: error.code, reason: error.message }
            }
            Err(_) => ClientError::answer(format!("HTTP status {status}")),
        })
    }
}

pub(super) fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ClientError> {
    serde_json::from_slice(bytes).map_err(ClientError::answer)
}

/// A value that JSON carries as hexadecimal.
pub(super) fn from_hex<T: Decode>(text: &str) -> Result<T, ClientError> {
    Ok(T::from_bytes(&hex::decode(text).map_err(ClientError::answer)?)?)
}

/// A number that JSON carries as text.
pub(super) fn number(text: &str) -> Result<u64, ClientError> {
    text.parse().map_err(|_| ClientError::answer(format!("{text:?} is not a number")))
}

/// The first frame, a length of 4 bytes and as many bytes, and what follows it.
pub(super) fn frame(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_that_end_early_are_none() {
        assert_eq!(frame(&[2, 0, 0, 0, 7, 8, 9]), Some((&[7, 8][..], &[9][..])));
        for cut in [&[2, 0, 0, 0, 7][..], &[255, 255, 255, 255], &[2, 0], &[]] {
            assert_eq!(frame(cut), None);
        }
    }
}
