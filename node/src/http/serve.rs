//! Accepting connections: HTTP/1.1 with bounded headers, bounded time to send them and to take the answer, and a bounded
//! number of connections, in all and for each peer.

use std::{net::IpAddr, sync::Arc, time::Duration};

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

use super::write_timeout::WriteTimeout;
use crate::{
    metrics::Metrics,
    peers::{Counted, Peer, PeerLimits, Peers},
};

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
    /// In which time a peer takes at least `write_bytes` of an answer that waits to be sent to him, or is let go.
    pub write_timeout: Duration,
    /// See `write_timeout`.
    pub write_bytes: usize,
    /// Bytes of a request's body.
    pub body_bytes: usize,
    /// Time to send a request's body.
    pub body_timeout: Duration,
    /// Streams at the same time. Half of them may follow the chain.
    pub streams: usize,
    /// How long a stream goes on at most; whoever follows the chain asks again then.
    pub stream_time: Duration,
    /// Bytes of compact blocks in one answer to a reader of a head: after the block that reaches them the answer ends, and
    /// the rest can be asked for.
    pub blocks_bytes: usize,
    /// Bytes of large answers that wait to be read, of all peers.
    pub answer_bytes: usize,
    /// The limits of one peer.
    pub peer: PeerLimits,
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
            write_bytes: 8 * 1024,
            body_bytes: 64 * 1024,
            body_timeout: Duration::from_secs(10),
            streams: 128,
            stream_time: Duration::from_secs(60 * 60),
            blocks_bytes: 16 << 20,
            answer_bytes: 256 << 20,
            peer: PeerLimits::default(),
        }
    }
}

/// How long open requests may go on once the server is told to stop.
const DRAIN: Duration = Duration::from_secs(5);

/// The parts that connections share.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) router: Router,
    pub(crate) limits: Limits,
    pub(crate) peers: Arc<Peers>,
    pub(crate) metrics: Arc<Metrics>,
}

/// Serves until `stop` turns true, then lets open requests end.
pub(crate) async fn serve(listener: TcpListener, server: Server, mut stop: watch::Receiver<bool>) {
    let slots = Arc::new(Semaphore::new(server.limits.connections));
    let mut connections = JoinSet::new();
    loop {
        let stop_too = stop.clone();
        tokio::select! {
            () = stopped(&mut stop) => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = accept(&listener, &slots) => {
                let Some((stream, address, slot)) = accepted else { continue };
                // A proxy's connections are those of many peers.
                let share = match server.peers.is_proxy(address) {
                    true => None,
                    false => match server.peers.share(Peer::of(address), Counted::Connections, 1) {
                        None => continue,
                        share => share,
                    },
                };
                let server = server.clone();
                connections.spawn(async move {
                    server.metrics.connections.inc();
                    connection(stream, address, &server, stop_too).await;
                    server.metrics.connections.dec();
                    drop((slot, share));
                });
            }
        }
    }
    let drained = async { while connections.join_next().await.is_some() {} };
    // A connection that does not end in time is cut off when the set is dropped.
    drop(tokio::time::timeout(DRAIN, drained).await);
}

async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> Option<(TcpStream, IpAddr, tokio::sync::OwnedSemaphorePermit)> {
    let slot = slots.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, address)) => Some((stream, address.ip(), slot)),
        Err(_) => {
            // Out of descriptors, or a peer that hung up: wait rather than spin.
            tokio::time::sleep(Duration::from_millis(50)).await;
            None
        }
    }
}

async fn connection(stream: TcpStream, address: IpAddr, server: &Server, mut stop: watch::Receiver<bool>) {
    let (limits, peers) = (server.limits, server.peers.clone());
    let service = server.router.clone().map_request(move |request: hyper::Request<hyper::body::Incoming>| {
        let mut request = request.map(Body::new);
        let peer = peers.asking(address, request.headers());
        request.extensions_mut().insert(peer);
        request
    });
    let stream = WriteTimeout::new(stream, limits.write_timeout, limits.write_bytes);
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        .max_buf_size(limits.head_bytes.max(8192))
        .max_headers(limits.headers)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
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
