//! Requests, sent by the Worker's `fetch`.

use async_trait::async_trait;
use js_sys::Promise;
use louver_sdk::{HttpRequest, HttpResponse, Transport, TransportError};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

use crate::data::{read, write};

#[wasm_bindgen]
extern "C" {
    /// Sends requests to one node.
    pub type Sender;

    /// Throws a sentence where there is no answer.
    #[wasm_bindgen(method)]
    fn send(this: &Sender, request: JsValue) -> Promise;
}

/// A transport over the Worker's `fetch`.
pub(crate) struct Fetch(SendWrapper<Sender>);

impl Fetch {
    pub(crate) fn new(sender: Sender) -> Self {
        Self(SendWrapper::new(sender))
    }
}

#[async_trait]
impl Transport for Fetch {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let answer = SendWrapper::new(JsFuture::from(self.0.send(write(&request)))).await;
        let unreachable = |error: JsValue| TransportError::Unreachable {
            reason: error.as_string().unwrap_or_else(|| format!("{error:?}")),
        };
        read(SendWrapper::new(answer).take().map_err(unreachable)?).map_err(unreachable)
    }
}
