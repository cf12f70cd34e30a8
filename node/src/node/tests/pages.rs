//! Pages beside the API, and requests for files that are not pages.

use std::{
    fs,
    io::{Read, Write},
};

use super::*;
use crate::pages::Isolation;

/// A folder of pages, beside a file that does not belong to them.
fn build(folder: &Path) -> std::path::PathBuf {
    let dist = folder.join("dist");
    for (name, text) in [
        ("index.html", "<title>front</title>"),
        ("wallet/index.html", "<title>wallet</title>"),
        ("audit/index.html", "<title>audit</title>"),
        ("app.js", "export {}"),
        ("worker.mjs", "export {}"),
        ("style.css", "body {}"),
        ("louver.wasm", "\0asm"),
        ("mark.svg", "<svg/>"),
        ("data.json", "{}"),
        ("notes", "of no kind"),
        (".env", "KEY=secret"),
        ("bare/file.js", "export {}"),
        ("../secret.txt", "secret"),
    ] {
        let path = dist.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dist
}

async fn node_with(folder: &Path, isolation: Isolation) -> RunningNode {
    let pages = Pages::open(&build(folder), isolation).unwrap();
    let config = NodeConfig { pages: Some(pages), ..config(&folder.join("node")) };
    start_with(config, Arc::new(ZeroProofs::default())).await.unwrap()
}

/// The head and body of an answer to a path that is sent as it stands: clients would tidy it up.
fn raw(address: SocketAddr, method: &str, path: &str) -> (String, String) {
    let mut peer = std::net::TcpStream::connect(address).unwrap();
    write!(peer, "{method} {path} HTTP/1.1\r\nhost: node\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    peer.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_ascii_lowercase(), body.to_owned())
}

fn status(head: &str) -> u16 {
    head.split(' ').nth(1).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_and_api_have_one_origin() {
    let folder = tempfile::tempdir().unwrap();
    let node = node_with(folder.path(), Isolation::Isolated).await;
    let address = node.address();
    Client::of(&node)
        .ask(move |client| {
            for (path, title) in [("/", "front"), ("/wallet/", "wallet"), ("/audit/?epoch=1", "audit")] {
                let (head, body) = raw(address, "GET", path);
                assert_eq!((status(&head), body), (200, format!("<title>{title}</title>")));
            }
            assert_eq!(client.get("/v1/status").1["height"], 0);
            assert_eq!(client.get("/v1/nowhere").1["error"]["code"], "no_such_path");
            assert_eq!(client.get("/v1").1["error"]["code"], "no_such_path");
            let (head, body) = raw(address, "GET", "/wallet");
            assert_eq!((status(&head), body.as_str()), (308, ""));
            assert!(head.contains("location: /wallet/"), "{head}");
            let (head, body) = raw(address, "HEAD", "/app.js");
            assert_eq!((status(&head), body.as_str()), (200, ""));
            assert!(head.contains("content-length: 9"), "{head}");
            assert_eq!(status(&raw(address, "POST", "/app.js").0), 405);
            // Pages are for their own origin; the API is for others as well.
            let (head, _) = raw(address, "GET", "/app.js");
            assert!(!head.contains("access-control"), "{head}");
        })
        .await;
    node.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_kept_to_themselves() {
    for isolation in [Isolation::Isolated, Isolation::Shared] {
        let folder = tempfile::tempdir().unwrap();
        let node = node_with(folder.path(), isolation).await;
        let address = node.address();
        Client::of(&node)
            .ask(move |_| {
                for path in ["/", "/worker.mjs", "/louver.wasm", "/nowhere"] {
                    let (head, _) = raw(address, "GET", path);
                    let header = |name: &str| {
                        let mut lines = head.lines().filter_map(|line| line.strip_prefix(name));
                        lines.next().and_then(|value| value.strip_prefix(": ")).unwrap_or("").to_owned()
                    };
                    let isolated = isolation == Isolation::Isolated;
                    let expected = |value: &str| if isolated { value.to_owned() } else { String::new() };
                    assert_eq!(header("cross-origin-opener-policy"), expected("same-origin"));
                    assert_eq!(header("cross-origin-embedder-policy"), expected("require-corp"));
                    assert_eq!(header("x-content-type-options"), "nosniff");
                    let policy = header("content-security-policy");
                    for part in [
                        "default-src 'self'",
                        "script-src 'self' 'wasm-unsafe-eval'",
                        "connect-src 'self' blob:",
                        "worker-src 'self' blob:",
                        "img-src 'self' data: blob:",
                        "style-src 'self'",
                        "frame-ancestors 'none'",
                    ] {
                        assert!(policy.split("; ").any(|found| found == part), "{part}: {policy}");
                    }
                    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
                }
            })
            .await;
        node.shutdown().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_have_kinds_and_are_asked_about_each_time() {
    let folder = tempfile::tempdir().unwrap();
    let node = node_with(folder.path(), Isolation::Isolated).await;
    Client::of(&node)
        .ask(|client| {
            for (name, kind) in [
                ("", "text/html; charset=utf-8"),
                ("app.js", "text/javascript; charset=utf-8"),
                ("worker.mjs", "text/javascript; charset=utf-8"),
                ("style.css", "text/css; charset=utf-8"),
                ("louver.wasm", "application/wasm"),
                ("mark.svg", "image/svg+xml"),
                ("data.json", "application/json"),
                ("notes", "application/octet-stream"),
            ] {
                let url = format!("{}/{name}", client.url);
                let answer = client.agent.get(&url).call().unwrap();
                assert_eq!(answer.headers()["content-type"], kind, "{name}");
                assert_eq!(answer.headers()["cache-control"], "no-cache");
                let tag = answer.headers()["etag"].to_str().unwrap();
                let again = client.agent.get(&url).header("if-none-match", tag).call().unwrap();
                assert_eq!(again.status(), 304, "{name}");
                assert_eq!(again.headers()["cross-origin-embedder-policy"], "require-corp");
            }
        })
        .await;
    node.shutdown().await.unwrap();
}

/// Attacker: a page or a neighbour who would like to read the wallet's files, which lie beside the pages.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_pages_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let node = node_with(folder.path(), Isolation::Isolated).await;
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        let dist = folder.path().join("dist");
        symlink(folder.path().join("secret.txt"), dist.join("link.txt")).unwrap();
        symlink(folder.path(), dist.join("out")).unwrap();
        symlink(dist.join("app.js"), dist.join("within.js")).unwrap();
    }
    let (address, absolute) = (node.address(), folder.path().join("secret.txt").display().to_string());
    Client::of(&node)
        .ask(move |_| {
            for path in [
                "/../secret.txt",
                "/wallet/../../secret.txt",
                "/%2e%2e/secret.txt",
                "/%2E%2E%2Fsecret.txt",
                "/..%2fsecret.txt",
                "/%252e%252e/secret.txt",
                "/..%5csecret.txt",
                "/./../secret.txt",
                "//secret.txt",
                &absolute,
                &format!("/{absolute}"),
                &format!("/{}", absolute.replace('/', "%2f")),
                "/.env",
                "/%2eenv",
                "/secret.txt%00.js",
                "/link.txt",
                "/out/secret.txt",
                "/out/",
                "/out",
                "/bare",
                "/bare/",
                "/nowhere",
                "/app.js/",
                "/app.js/index.html",
                "/v1x",
            ] {
                let (head, body) = raw(address, "GET", path);
                assert_eq!((status(&head), body.as_str()), (404, "there is no such page\n"), "{path}");
            }
            // A client that writes something else than a path is told so, or nothing.
            for path in ["http://node/../secret.txt", "*", "secret.txt"] {
                let (head, body) = raw(address, "GET", path);
                assert!(status(&head) >= 400 && !body.contains("secret\n"), "{path}: {head}");
            }
            #[cfg(unix)]
            assert_eq!(raw(address, "GET", "/within.js").1, "export {}");
        })
        .await;
    node.shutdown().await.unwrap();
}

/// The head and body of an answer to a client that takes some encodings.
fn encoded(address: SocketAddr, path: &str, headers: &str) -> (String, Vec<u8>) {
    let mut peer = std::net::TcpStream::connect(address).unwrap();
    write!(peer, "GET {path} HTTP/1.1\r\nhost: node\r\nconnection: close\r\n{headers}\r\n").unwrap();
    let mut answer = Vec::new();
    peer.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    (String::from_utf8(answer[..end].to_vec()).unwrap().to_ascii_lowercase(), answer[end + 4..].to_vec())
}

fn header(head: &str, name: &str) -> Option<String> {
    let of = |line: &str| {
        line.split_once(": ").filter(|(found, _)| *found == name).map(|(_, value)| value.to_owned())
    };
    head.lines().find_map(of)
}

/// Each client has the smallest form that it takes, which expands to the file, under a tag of its own.
#[tokio::test(flavor = "multi_thread")]
async fn pages_come_compressed_where_that_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let text = "export const words = ['nullifier', 'anchor', 'commitment'];\n".repeat(500);
    build(folder.path());
    fs::write(folder.path().join("dist/large.js"), &text).unwrap();
    let pages = Pages::open(&folder.path().join("dist"), Isolation::Isolated).unwrap();
    let config = NodeConfig { pages: Some(pages), ..config(&folder.path().join("node")) };
    let node = start_with(config, Arc::new(ZeroProofs::default())).await.unwrap();
    let address = node.address();
    let asked = tokio::task::spawn_blocking(move || {
        let ask = |headers: &str| encoded(address, "/large.js", headers);
        // The forms are made in the background.
        let deadline = Instant::now() + Duration::from_secs(60);
        while header(&ask("accept-encoding: br\r\n").0, "content-encoding").is_none() {
            assert!(Instant::now() < deadline);
            std::thread::sleep(Duration::from_millis(10));
        }
        let (plain, gzip, brotli) =
            (ask(""), ask("accept-encoding: gzip\r\n"), ask("accept-encoding: gzip, deflate, br\r\n"));
        assert_eq!(plain.1, text.as_bytes());
        let mut expanded = String::new();
        flate2::read::GzDecoder::new(&gzip.1[..]).read_to_string(&mut expanded).unwrap();
        assert_eq!(expanded, text);
        expanded.clear();
        brotli::Decompressor::new(&brotli.1[..], 4096).read_to_string(&mut expanded).unwrap();
        assert_eq!(expanded, text);
        assert!(brotli.1.len() < plain.1.len() / 10 && gzip.1.len() < plain.1.len() / 10);
        for ((head, body), name) in [(&plain, None), (&gzip, Some("gzip")), (&brotli, Some("br"))] {
            assert_eq!(header(head, "content-encoding").as_deref(), name);
            assert_eq!(header(head, "content-length").unwrap(), body.len().to_string());
            assert_eq!(header(head, "content-type").unwrap(), "text/javascript; charset=utf-8");
            assert!(header(head, "vary").unwrap().contains("accept-encoding"));
        }
        let tags = [&plain, &gzip, &brotli].map(|(head, _)| header(head, "etag").unwrap());
        assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2]);
        // A tag is of one form: it does not stand for another.
        let again =
            |tag: &str, takes: &str| ask(&format!("accept-encoding: {takes}\r\nif-none-match: {tag}\r\n")).0;
        assert_eq!(status(&again(&tags[2], "br")), 304);
        assert!(header(&again(&tags[2], "br"), "vary").unwrap().contains("accept-encoding"));
        assert_eq!(status(&again(&tags[2], "gzip")), 200);
        assert_eq!(status(&again(&tags[0], "br")), 200);
        // A small file is sent as it is.
        let small = encoded(address, "/app.js", "accept-encoding: br\r\n");
        assert_eq!((header(&small.0, "content-encoding"), &small.1[..]), (None, &b"export {}"[..]));
    });
    asked.await.unwrap();
    node.shutdown().await.unwrap();
}
