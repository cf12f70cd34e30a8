use std::{
    convert::Infallible,
    io::{Read, Write},
    net::Shutdown,
};

use axum::{body::Bytes, routing::get};
use tokio::sync::oneshot;
use tokio_stream::StreamExt;

use super::*;

/// Serves an answer without end, and tells when it is given up.
async fn endless(limits: Limits) -> (std::net::SocketAddr, oneshot::Receiver<()>, watch::Sender<bool>) {
    let (given_up, told) = oneshot::channel::<()>();
    let given_up = Arc::new(std::sync::Mutex::new(Some(given_up)));
    let answer = move || {
        // Dropped with the body: that is the word.
        let guard = given_up.lock().unwrap().take();
        let chunks = std::iter::repeat_with(|| Bytes::from(vec![7; 64 << 10]));
        async move {
            Body::from_stream(tokio_stream::iter(chunks).map(move |chunk| {
                let _ = &guard;
                Ok::<_, Infallible>(chunk)
            }))
        }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopping) = watch::channel(false);
    let server = Server {
        router: Router::new().route("/", get(answer)),
        limits,
        peers: Peers::new(limits.peer, Vec::new()),
        metrics: Arc::default(),
    };
    tokio::spawn(serve(listener, server, stopping));
    (address, told, stop)
}

/// A peer who has read the beginning.
async fn ask(address: std::net::SocketAddr) -> std::net::TcpStream {
    let ask = move || {
        let mut peer = std::net::TcpStream::connect(address).unwrap();
        peer.write_all(b"GET / HTTP/1.1\r\nhost: node\r\n\r\n").unwrap();
        peer.read_exact(&mut [0; 1000]).unwrap();
        peer
    };
    tokio::task::spawn_blocking(ask).await.unwrap()
}

/// Attacker: somebody who opens many answers and reads none, so that nobody else gets one.
#[tokio::test(flavor = "multi_thread")]
async fn a_peer_who_stops_reading_is_let_go() {
    let limits = Limits { write_timeout: Duration::from_millis(300), ..Limits::default() };
    let (address, told, _stop) = endless(limits).await;
    let begun = std::time::Instant::now();
    let peer = ask(address).await;
    let told = tokio::time::timeout(Duration::from_secs(20), told).await.unwrap();
    assert!(told.is_err() && begun.elapsed() >= limits.write_timeout);
    drop(peer);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_who_hangs_up_is_not_waited_for() {
    let (address, told, _stop) = endless(Limits::default()).await;
    ask(address).await.shutdown(Shutdown::Both).unwrap();
    assert!(tokio::time::timeout(Duration::from_secs(20), told).await.unwrap().is_err());
}

/// Attacker: somebody who opens all connections, so that nobody else is answered.
#[tokio::test(flavor = "multi_thread")]
async fn one_peer_has_a_few_connections() {
    let peer = PeerLimits { connections: 2, ..PeerLimits::default() };
    let (address, _told, _stop) = endless(Limits { peer, ..Limits::default() }).await;
    let held = (ask(address).await, ask(address).await);
    let refused = move || {
        let mut third = std::net::TcpStream::connect(address).unwrap();
        // It is closed without an answer.
        drop(third.write_all(b"GET / HTTP/1.1\r\nhost: node\r\n\r\n"));
        third.read(&mut [0; 1]).map_or(0, |count| count)
    };
    assert_eq!(tokio::task::spawn_blocking(refused).await.unwrap(), 0);
    drop(held);
    // The places are given back.
    let again = async {
        loop {
            let asked = tokio::task::spawn_blocking(refused).await.unwrap();
            if asked == 1 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), again).await.unwrap();
}
