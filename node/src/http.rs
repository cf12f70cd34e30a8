//! The HTTP API: `routes` has its paths, `openapi` its description.

use louver_client::api::{Refusal, path};
use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware,
    response::IntoResponse,
    routing::get,
};
use tokio::sync::watch;

use crate::{engine::Engine, metrics::Metrics, pages::Pages, peers::Peers};

mod announcements;
mod code;
mod cosigning;
mod development;
pub(crate) mod error;
mod extract;
mod keys;
pub mod layers;
mod ledger;
mod listing;
mod openapi;
mod pages;
mod proof;
mod routes;
pub mod serve;
mod snapshots;
mod stream;
mod submission;
mod write_timeout;

use error::ApiError;
pub(crate) use keys::ProvingKeyStore;
use layers::Origins;
use serve::Limits;
pub(crate) use stream::Slots;

/// The parts that handlers share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) engine: Arc<Engine>,
    pub(crate) limits: Limits,
    pub(crate) peers: Arc<Peers>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) slots: Arc<Slots>,
    pub(crate) stop: watch::Receiver<bool>,
    /// One maker of blocks at a time.
    pub(crate) making: Arc<tokio::sync::Mutex<()>>,
    pub(crate) keys: Arc<ProvingKeyStore>,
}

impl Shared {
    /// Reads from the engine, on a thread that may wait.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Engine) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        self.engine.blocking(work).await.unwrap_or_else(|| Err(ApiError::internal()))
    }

    /// Refuses on other chains than development ones, and to pages of other machines: they may read such a chain, but
    /// whatever page a developer has open might drive it otherwise.
    pub(crate) fn only_in_development(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        let refuse = |code, message| Err(ApiError::new(StatusCode::FORBIDDEN, code, message));
        if !self.engine.chain().terms().development {
            return refuse(Refusal::DevelopmentOnly, "this is not a development chain");
        }
        if self.engine.source().is_some() {
            let message = "this node follows another one: it makes no blocks and gives no money away";
            return refuse(Refusal::FollowsOnly, message);
        }
        if layers::is_of_a_foreign_page(headers) {
            return refuse(
                Refusal::ForeignPage,
                "a page of another machine may not drive a development chain",
            );
        }
        Ok(())
    }
}

/// The API with its limits, and pages beside it if there are any.
pub(crate) fn router(shared: Shared, origins: Origins, pages: Option<Pages>) -> Router {
    let limits = shared.limits;
    let api = routes::routes()
        .into_iter()
        .fold(Router::new(), |router, route| router.route(route.path, route.answer))
        .fallback(no_path)
        .method_not_allowed_fallback(no_method)
        .with_state(shared.clone())
        .layer(DefaultBodyLimit::max(limits.body_bytes))
        .layer(middleware::from_fn_with_state(limits, layers::deadline))
        .layer(middleware::from_fn_with_state(shared.peers.clone(), layers::bounded))
        .layer(middleware::from_fn_with_state(origins, layers::cross_origin))
        .layer(middleware::from_fn_with_state(shared.metrics, layers::observed));
    match pages {
        Some(pages) => api.layer(middleware::from_fn_with_state(pages, pages::beside)),
        None => api,
    }
}

/// The paths for an operator's machines, at an address of their own.
pub(crate) fn operators_router(shared: Shared) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route(path::HEALTH, get(ledger::health))
        .route(path::READY, get(ledger::ready))
        .with_state(shared)
}

async fn metrics(State(shared): State<Shared>) -> Result<impl IntoResponse, ApiError> {
    let counts = shared.metrics.clone();
    let text = shared.read(move |engine| Ok(counts.text(engine))).await?;
    Ok(([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text))
}

/// Whether a client says that it has what a tag stands for.
fn has_already(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let named = headers.get_all(header::IF_NONE_MATCH).iter();
    let mut tags =
        named.flat_map(|value| value.as_bytes().split(|byte| *byte == b',')).map(<[u8]>::trim_ascii);
    tags.any(|named| named == tag.as_bytes())
}

async fn no_path(uri: Uri) -> ApiError {
    ApiError::not_found(Refusal::NoSuchPath, format!("there is nothing at {}", uri.path()))
}

async fn no_method(method: Method) -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        Refusal::MethodNotAllowed,
        format!("{method} is not answered here"),
    )
}
