//! Accepting connections: HTTP/1.1 with bounded headers, bounded time to send them and to take the answer, and a bounded
//! number of peers.

use std::{sync::Arc, time::Duration};

use axum::{Router, body::Body};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    task::JoinSet,
};
use tower::ServiceExt;

use super::patience::Patience;

/// The most that a peer may send and how long it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections at the same time; more wait to be accepted.
    pub connections: usize,
    /// Bytes of a request's head.
    pub head_bytes: usize,
    /// Header fields of a request.
    pub headers: usize,
    /// Time to send a request's head.
    pub head_timeout: Duration,
    /// Time from a request's head to the head of its response; streams may then go on.
    pub request_timeout: Duration,
    /// How long a peer may take nothing of an answer that waits to be sent to him, before he is let go.
    pub write_timeout: Duration,
    /// Bytes of a request's body.
    pub body_bytes: usize,
    /// Compact-block streams at the same time.
    pub streams: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            head_bytes: 16 * 1024,
            headers: 64,
            head_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(60),
            write_timeout: Duration::from_secs(30),
            body_bytes: 64 * 1024,
            streams: 128,
        }
    }
}

/// How long open requests may go on once the server is told to stop.
const DRAIN: Duration = Duration::from_secs(5);

/// Serves `router` until `stop` turns true, then lets open requests end.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    mut stop: watch::Receiver<bool>,
) {
    let slots = Arc::new(Semaphore::new(limits.connections));
    let mut connections = JoinSet::new();
    loop {
        let stop_too = stop.clone();
        tokio::select! {
            () = stopped(&mut stop) => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = accept(&listener, &slots) => {
                if let Some((stream, slot)) = accepted {
                    let router = router.clone();
                    connections.spawn(async move {
                        connection(stream, router, limits, stop_too).await;
                        drop(slot);
                    });
                }
            }
        }
    }
    let drained = async { while connections.join_next().await.is_some() {} };
    // What does not end in time is cut off when the set is dropped.
    drop(tokio::time::timeout(DRAIN, drained).await);
}

async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> Option<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let slot = slots.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, slot)),
        Err(_) => {
            // Out of descriptors, or a peer that hung up: wait rather than spin.
            tokio::time::sleep(Duration::from_millis(50)).await;
            None
        }
    }
}

async fn connection(stream: TcpStream, router: Router, limits: Limits, mut stop: watch::Receiver<bool>) {
    let service = router.map_request(|request: hyper::Request<hyper::body::Incoming>| request.map(Body::new));
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        .max_buf_size(limits.head_bytes.max(8192))
        .max_headers(limits.headers)
        .serve_connection(
            TokioIo::new(Patience::new(stream, limits.write_timeout)),
            TowerToHyperService::new(service),
        );
    tokio::pin!(served);
    tokio::select! {
        // A peer's broken connection is the peer's affair.
        _ = served.as_mut() => {}
        () = stopped(&mut stop) => {
            served.as_mut().graceful_shutdown();
            drop(served.await);
        }
    }
}

/// Ends when the node is told to stop, or is gone.
pub(crate) async fn stopped(stop: &mut watch::Receiver<bool>) {
    drop(stop.wait_for(|stop| *stop).await);
}

#[cfg(test)]
mod tests;
