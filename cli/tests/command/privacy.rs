//! The requests of the command's wallets, as a node sees them.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

use crate::process::{Node, Run, louver};

/// A node behind a wire that somebody listens at, and cuts at one whole block.
pub(crate) struct Wire {
    pub(crate) url: String,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Wire {
    pub(crate) fn to(node: &Node, cut: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (kept, node) = (heard.clone(), node.url.trim_start_matches("http://").to_owned());
        std::thread::spawn(move || {
            let mut whole = 0;
            for client in listener.incoming() {
                let mut client = client.unwrap();
                let Some(path) = path(&mut client) else { continue };
                whole += usize::from(path.starts_with("/v1/blocks/"));
                let is_cut = whole == cut && path.starts_with("/v1/blocks/");
                kept.lock().unwrap().push(path.clone());
                if is_cut {
                    client
                        .write_all(b"HTTP/1.1 500 Cut\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                        .unwrap();
                    continue;
                }
                let mut served = TcpStream::connect(&node).unwrap();
                write!(served, "GET {path} HTTP/1.1\r\nhost: {node}\r\nconnection: close\r\n\r\n").unwrap();
                std::io::copy(&mut served, &mut client).unwrap();
            }
        });
        Self { url, heard }
    }

    pub(crate) fn news(&self) -> Vec<String> {
        std::mem::take(&mut self.heard.lock().unwrap())
    }
}

/// The path that is asked for.
fn path(client: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()?.split(' ').nth(1).map(str::to_owned)
}

pub(crate) fn after<'a>(news: &'a [String], start: &str) -> Vec<&'a str> {
    news.iter().filter_map(|path| path.strip_prefix(start)).collect()
}

/// `[wallet-whole-blocks]` Attacker: a node that breaks off, to see which blocks its client then comes back for.
#[test]
fn a_node_that_breaks_off_hears_the_same_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (alice, bob) = (path("alice"), path("bob"));
    let node = Node::start(folder.path(), &[]);
    let on = |url: &str, wallet: &str, arguments: &[&str]| -> Run {
        let place = ["wallet", "--json", "--node", url, "--wallet", wallet];
        louver(&[&place[..], arguments].concat())
    };
    on(&node.url, &alice, &["create", "--no-passphrase"]).json();
    on(&node.url, &bob, &["create", "--no-passphrase"]).json();
    let to = on(&node.url, &bob, &["address"]).json()["address"].as_str().unwrap().to_owned();
    on(&node.url, &alice, &["faucet", "12.5 LVR", "--no-passphrase"]).last();
    on(&node.url, &alice, &["shield", "10 LVR", "--no-passphrase", "--yes"]).last();
    on(&node.url, &alice, &["pay", "2 LVR", "--to", &to, "--memo", "Rent", "--no-passphrase", "--yes"])
        .last();

    let wire = Wire::to(&node, 2);
    assert_eq!(on(&wire.url, &bob, &["sync"]).code, 4);
    let first = wire.news();
    let asked = after(&first, "/v1/blocks/");
    assert_eq!(asked.len(), 2);
    let last = after(&first, "/v1/compact-blocks?");
    let read = last.last().unwrap().split('&').find_map(|pair| pair.strip_prefix("to="));
    let read: u32 = read.unwrap().parse().unwrap();
    on(&wire.url, &bob, &["sync"]).json();
    let second = wire.news();
    assert_eq!(after(&second, "/v1/blocks/"), asked);
    for range in after(&second, "/v1/compact-blocks?from=") {
        assert!(range.split('&').next().unwrap().parse::<u32>().unwrap() >= read, "{second:?}");
    }
    let history = on(&node.url, &bob, &["history"]).out;
    assert!(history.contains("Rent"), "{history}");
}
