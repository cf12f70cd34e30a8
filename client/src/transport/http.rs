//! Requests over HTTP, sent from threads that may block.

use std::time::Duration;

use async_trait::async_trait;
use thiserror::Error;

use super::{Method, Request, Response, Transport, Unreachable};
use crate::apart::apart;

/// How long a request may take.
const DEADLINE: Duration = Duration::from_secs(90);
/// How long it may take to connect.
const CONNECT: Duration = Duration::from_secs(10);
/// The most that is read of an answer, in bytes.
const MOST: u64 = 64 << 20;

/// The text is not the URL of a node.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{0:?} is not the URL of a node: write http://host:port")]
pub struct UrlError(pub String);

/// A node at a URL. For encryption, put a proxy in front of the node.
#[derive(Clone, Debug)]
pub struct Http {
    base: String,
    agent: ureq::Agent,
}

impl Http {
    /// A node at `url`, as in `http://127.0.0.1:7749`. Nothing is sent yet.
    ///
    /// # Errors
    /// [`UrlError`] if the URL has another scheme, or a path.
    pub fn new(url: &str) -> Result<Self, UrlError> {
        let base = url.trim().trim_end_matches('/');
        if !base.strip_prefix("http://").is_some_and(|host| !host.is_empty() && !host.contains('/')) {
            return Err(UrlError(url.to_owned()));
        }
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(DEADLINE))
            .timeout_connect(Some(CONNECT))
            .build();
        Ok(Self { base: base.to_owned(), agent: config.into() })
    }

    /// The node's URL.
    pub fn url(&self) -> &str {
        &self.base
    }

    fn send_now(&self, request: &Request) -> Result<Response, ureq::Error> {
        let url = format!("{}{}", self.base, request.path);
        let mut answer = match request.method {
            Method::Get => self.agent.get(url).call()?,
            Method::Post => {
                let post = self.agent.post(url);
                let post = match request.content_type {
                    Some(kind) => post.header("content-type", kind),
                    None => post,
                };
                post.send(&request.body)?
            }
        };
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(MOST).read_to_vec()?;
        Ok(Response { status, body })
    }
}

/// The reason for a missing answer, in everyday words.
fn why(error: &ureq::Error) -> String {
    use std::io::ErrorKind;
    match error {
        ureq::Error::HostNotFound => "there is no host of that name".to_owned(),
        ureq::Error::Timeout(_) => "it takes too long".to_owned(),
        ureq::Error::ConnectionFailed => "no connection can be made".to_owned(),
        ureq::Error::Io(error) => match error.kind() {
            ErrorKind::ConnectionRefused => "no program listens there".to_owned(),
            ErrorKind::TimedOut | ErrorKind::WouldBlock => "it takes too long".to_owned(),
            ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof => {
                "the connection broke".to_owned()
            }
            _ => error.to_string(),
        },
        error => error.to_string(),
    }
}

#[async_trait]
impl Transport for Http {
    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        let http = self.clone();
        apart(move || http.send_now(&request)).await.map_err(|error| Unreachable {
            reason: format!("{} does not answer: {}", self.base, why(&error)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_checked() {
        for url in ["http://127.0.0.1:7749", "http://localhost:1/"] {
            assert!(Http::new(url).is_ok(), "{url}");
        }
        for url in ["https://x", "127.0.0.1:7749", "http://", "http://host/path"] {
            assert_eq!(Http::new(url).unwrap_err(), UrlError(url.to_owned()));
        }
    }
}
