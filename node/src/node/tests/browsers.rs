//! The API as pages in a browser see it: origins, preflight requests, and fetches that are given up.

use std::io::Write;

use ureq::http::{HeaderMap, Response};

use super::*;

const WALLET: &str = "https://wallet.example";

async fn node_for(folder: &Path, origins: Origins) -> RunningNode {
    let config = NodeConfig { origins, ..config(folder) };
    start_with(config, Arc::new(ZeroProofs::default())).await.unwrap()
}

fn only() -> Origins {
    Origins::Only(vec![WALLET.to_owned()])
}

fn header(headers: &HeaderMap, name: &str) -> String {
    let values = headers.get_all(name).iter().map(|value| value.to_str().unwrap().to_owned());
    values.collect::<Vec<_>>().join(", ")
}

/// The question that a browser asks before a page sends JSON or bytes.
fn preflight(client: &Client, origin: &str, path: &str, private: bool) -> Response<ureq::Body> {
    let mut request = client.agent.options(format!("{}{path}", client.url));
    for (name, value) in [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type"),
    ] {
        request = request.header(name, value);
    }
    if private {
        request = request.header("access-control-request-private-network", "true");
    }
    request.call().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_allowed_origins_may_ask() {
    let folder = tempfile::tempdir().unwrap();
    let node = node_for(folder.path(), only()).await;
    Client::of(&node)
        .ask(|client| {
            let allowed = |origin: &str| {
                let request = client.agent.get(format!("{}/v1/status", client.url)).header("origin", origin);
                header(request.call().unwrap().headers(), "access-control-allow-origin")
            };
            assert_eq!(allowed(WALLET), WALLET);
            assert_eq!(allowed("https://thief.example"), "");
            assert_eq!(allowed("https://wallet.example.thief.example"), "");
            assert_eq!(allowed("null"), "");
        })
        .await;
    node.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_may_ask_first_and_is_told_what_a_page_may_send() {
    let folder = tempfile::tempdir().unwrap();
    let node = node_for(folder.path(), only()).await;
    Client::of(&node)
        .ask(|client| {
            for path in ["/v1/transactions", "/v1/faucet", "/v1/blocks"] {
                let answer = preflight(client, WALLET, path, false);
                assert_eq!(answer.status(), 204);
                let header = |name| header(answer.headers(), name);
                assert_eq!(header("access-control-allow-origin"), WALLET);
                assert_eq!(header("access-control-allow-methods"), "GET, POST");
                assert_eq!(header("access-control-allow-headers"), "content-type");
                assert_eq!(header("access-control-allow-private-network"), "");
                assert_eq!(header("access-control-allow-credentials"), "");
            }
            let private = preflight(client, WALLET, "/v1/faucet", true);
            assert_eq!(header(private.headers(), "access-control-allow-private-network"), "true");
            for private in [false, true] {
                let refused = preflight(client, "https://thief.example", "/v1/faucet", private);
                let names: Vec<_> = refused.headers().keys().map(|name| name.as_str()).collect();
                assert!(names.iter().all(|name| !name.starts_with("access-control")), "{names:?}");
                assert_eq!(header(refused.headers(), "vary"), "origin");
            }
        })
        .await;
    node.shutdown().await.unwrap();
}

/// Attacker: a page that reads from a shared cache what another page, or nobody's, was allowed to read.
#[tokio::test(flavor = "multi_thread")]
async fn every_answer_says_that_it_depends_on_the_origin() {
    for origins in [Origins::Any, Origins::None, only()] {
        let folder = tempfile::tempdir().unwrap();
        let node = node_for(folder.path(), origins.clone()).await;
        Client::of(&node)
            .ask(move |client| {
                for path in ["/v1/status", "/v1/compact-blocks?from=1", "/v1/nowhere", "/v1/faucet"] {
                    for origin in [None, Some(WALLET), Some("https://thief.example")] {
                        let request = client.agent.get(format!("{}{path}", client.url));
                        let request = match origin {
                            Some(origin) => request.header("origin", origin),
                            None => request,
                        };
                        let answer = request.call().unwrap();
                        let header = |name| header(answer.headers(), name);
                        assert_eq!(header("vary"), "origin");
                        let expected = match (&origins, origin) {
                            (Origins::Any, Some(_)) => "*",
                            (Origins::Only(_), Some(WALLET)) => WALLET,
                            _ => "",
                        };
                        assert_eq!(header("access-control-allow-origin"), expected, "{path}");
                        let exposed = header("access-control-expose-headers");
                        assert_eq!(exposed, if expected.is_empty() { "" } else { "etag, retry-after" });
                    }
                }
            })
            .await;
        node.shutdown().await.unwrap();
    }
}

/// A page that gives up a fetch closes its connection. The stream of blocks that it was reading, or waiting for, makes
/// place for another.
#[tokio::test(flavor = "multi_thread")]
async fn a_fetch_that_is_given_up_frees_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { streams: 1, ..Limits::default() };
    let config = NodeConfig { limits, ..config(folder.path()) };
    let node = start_with(config, Arc::new(ZeroProofs::default())).await.unwrap();
    let address = node.address();
    Client::of(&node)
        .ask(move |client| {
            client.produce(3);
            for _ in 0..3 {
                let mut page = std::net::TcpStream::connect(address).unwrap();
                let asked = "GET /v1/compact-blocks?from=1&follow=true HTTP/1.1\r\nhost: node\r\n\r\n";
                page.write_all(asked.as_bytes()).unwrap();
                let mut head = [0; 200];
                page.read_exact(&mut head).unwrap();
                assert!(head.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&head));
                let (status, answer) = client.get("/v1/compact-blocks?from=1");
                assert_eq!((status, &answer["error"]["code"]), (503, &json!("too_many_streams")));
                drop(page);
                let deadline = Instant::now() + Duration::from_secs(20);
                let free = || {
                    let url = format!("{}/v1/compact-blocks?from=1", client.url);
                    let mut answer = client.agent.get(url).call().unwrap();
                    answer.body_mut().read_to_vec().unwrap();
                    answer.status() == 200
                };
                while !free() {
                    assert!(Instant::now() < deadline, "the place is still taken");
                    std::thread::sleep(Duration::from_millis(10));
                }
            }
        })
        .await;
    node.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_development_chain_is_driven_by_no_page_of_another_machine() {
    let folder = tempfile::tempdir().unwrap();
    let node = node_for(folder.path(), Origins::Any).await;
    Client::of(&node)
        .ask(|client| {
            let produce = |origin: Option<&str>| {
                let mut request = client.agent.post(format!("{}/v1/blocks", client.url));
                if let Some(origin) = origin {
                    request = request.header("origin", origin);
                }
                let request = request.header("content-type", "application/json");
                request.send(json!({ "count": 1 }).to_string()).unwrap().status().as_u16()
            };
            let height = || client.get("/v1/status").1["height"].as_u64().unwrap();
            let before = height();
            for origin in [
                "https://thief.example",
                "http://localhost.thief.example",
                "http://127.0.0.1.thief.example",
                "null",
                "",
            ] {
                assert_eq!(produce(Some(origin)), 403, "{origin}");
            }
            assert_eq!(height(), before);
            for origin in
                [None, Some("http://localhost:5173"), Some("http://127.0.0.1:7750"), Some("http://[::1]:80")]
            {
                assert_eq!(produce(origin), 200, "{origin:?}");
            }
            assert_eq!(height(), before + 4);
        })
        .await;
    node.shutdown().await.unwrap();
}
