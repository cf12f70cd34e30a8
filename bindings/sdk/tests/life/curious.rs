//! Nodes that keep what they are asked, break off, and lie, to learn more than they should.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use louver_sdk::{
    Birthday, HttpMethod, HttpRequest, HttpResponse, Node, NodeError, Protection, RecoveryPhrase, Stage,
    Transport, TransportError, Trust, Wallet, WalletError,
};
use pollster::block_on;

use crate::{
    alice_and_bob, stop_at,
    world::{Http, Person, World},
};

/// A node's change to its answer at a path.
type Answer = Box<dyn FnMut(&str, HttpResponse) -> HttpResponse + Send>;

/// A node that keeps what it is asked, and answers as it likes.
struct Curious {
    http: Http,
    heard: Mutex<Vec<String>>,
    answer: Mutex<Answer>,
    swallows: Mutex<bool>,
}

#[async_trait]
impl Transport for Curious {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let path = request.path.clone();
        let method = match request.method {
            HttpMethod::Get => "GET",
            HttpMethod::Post => "POST",
        };
        self.heard.lock().unwrap().push(format!("{method} {path}"));
        let swallowed = path == "/v1/transactions" && *self.swallows.lock().unwrap();
        let response = match swallowed {
            true => {
                HttpResponse { status: 200, body: br#"{"id":"00","known":false,"replaced":[]}"#.to_vec() }
            }
            false => self.http.send(request).await?,
        };
        Ok((*self.answer.lock().unwrap())(&path, response))
    }
}

impl Curious {
    fn answers(&self, answer: impl FnMut(&str, HttpResponse) -> HttpResponse + Send + 'static) {
        *self.answer.lock().unwrap() = Box::new(answer);
    }

    /// Says that it took transactions, and forgets them.
    fn swallows(&self) {
        *self.swallows.lock().unwrap() = true;
    }

    fn is_honest(&self) {
        *self.swallows.lock().unwrap() = false;
        self.answers(|_, response| response);
    }

    /// Says that the chain is so high.
    fn claims(&self, height: u32) {
        self.answers(move |path, response| match path.split('?').next().unwrap_or_default() {
            "/v1/status" => {
                let mut status: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
                status["height"] = height.into();
                HttpResponse { body: status.to_string().into_bytes(), ..response }
            }
            _ => response,
        });
    }

    /// The requests since this was last called.
    fn news(&self) -> Vec<String> {
        std::mem::take(&mut self.heard.lock().unwrap())
    }
}

/// A new wallet that looks for payments from the first block, at a curious node of a world.
fn client(world: &World, name: &str) -> (Arc<Curious>, Person) {
    let curious = Arc::new(Curious {
        http: Http(world.url()),
        heard: Mutex::default(),
        answer: Mutex::new(Box::new(|_, response| response)),
        swallows: Mutex::default(),
    });
    let node = block_on(Node::connect(curious.clone(), Trust::default())).unwrap();
    let (path, phrase) = (world.path(name), RecoveryPhrase::generate());
    let wallet = block_on(Wallet::create(
        path,
        node,
        phrase,
        Protection::unsealed(),
        Some(Birthday::Block { height: 0 }),
    ))
    .unwrap();
    let keys = block_on(wallet.unlock(Protection::unsealed())).unwrap();
    (curious, Person { wallet, keys })
}

/// The heights of the whole blocks that were asked for, in their order.
fn whole(news: &[String]) -> Vec<u32> {
    news.iter().filter_map(|line| line.strip_prefix("GET /v1/blocks/")?.parse().ok()).collect()
}

/// Where the ranges of compact blocks begin that were asked for.
fn ranges(news: &[String]) -> Vec<u32> {
    let first =
        |line: &String| line.strip_prefix("GET /v1/compact-blocks?from=")?.split('&').next()?.parse().ok();
    news.iter().filter_map(first).collect()
}

fn memos(person: &Person) -> Vec<String> {
    let history = block_on(person.wallet.history(0)).unwrap();
    history.into_iter().flat_map(|entry| entry.outputs).filter_map(|output| output.memo).collect()
}

/// `[wallet-whole-blocks]` Attacker: a node that breaks off, to see which blocks its client then comes back for.
#[test]
fn a_node_that_breaks_off_hears_the_same_again() {
    let world = World::new(64);
    let (alice, _) = alice_and_bob(&world);
    let (curious, dora) = client(&world, "dora");
    let first = world.blocks(1);
    world.send(&alice, world.pay("25 LVR", &dora.address(), "Rent"));
    let paid = world.blocks(1);
    world.endow(&alice, "5 LVR");
    let last = world.blocks(1) - 1;
    curious.news();
    let mut fails = 1;
    curious.answers(move |path, response| match path == format!("/v1/blocks/{last}") && fails > 0 {
        true => {
            fails -= 1;
            HttpResponse { status: 500, body: Vec::new() }
        }
        false => response,
    });
    let failed = block_on(dora.wallet.sync(None)).unwrap_err();
    assert!(matches!(failed, WalletError::Node { .. }), "{failed:?}");
    let asked = whole(&curious.news());
    assert_eq!(asked, [first - 1, paid, last]);
    assert!(memos(&dora).is_empty());

    let position = block_on(dora.wallet.height()).unwrap();
    assert_eq!(position, last + 1);
    dora.sync();
    let news = curious.news();
    assert_eq!(whole(&news), asked);
    assert!(ranges(&news).iter().all(|from| *from >= position), "{news:?}");
    assert_eq!(memos(&dora), ["Rent"]);
    // It is over.
    dora.sync();
    assert!(whole(&curious.news()).is_empty());
}

/// `[wallet-whole-blocks]` Attacker: a node whose client is stopped half way.
#[test]
fn a_wallet_that_was_stopped_half_way_asks_as_any_other() {
    let world = World::new(64);
    let (alice, _) = alice_and_bob(&world);
    let (of_dora, dora) = client(&world, "dora");
    let (of_emil, emil) = client(&world, "emil");
    world.send(&alice, world.pay("25 LVR", &dora.address(), "Rent"));
    world.blocks(300);
    of_dora.news();
    of_emil.news();
    let stopped = block_on(dora.wallet.sync(Some(stop_at(Stage::Scanning, 1)))).unwrap_err();
    assert_eq!((stopped, block_on(dora.wallet.height()).unwrap()), (WalletError::Cancelled, 256));
    assert!(whole(&of_dora.news()).is_empty());
    dora.sync();
    emil.sync();
    let news = of_dora.news();
    assert!(ranges(&news).iter().all(|from| *from >= 256), "{news:?}");
    assert_eq!(whole(&news).len(), 2);
    assert_eq!(whole(&news), whole(&of_emil.news()));
    assert_eq!(memos(&dora), ["Rent"]);
}

/// Attacker: a node that says it is behind, so that its client takes its own transactions for lost, and names them.
#[test]
fn a_node_that_is_behind_is_told_of_no_transaction() {
    let world = World::new(64);
    let (alice, _) = alice_and_bob(&world);
    let (curious, dora) = client(&world, "dora");
    world.send(&alice, world.pay("25 LVR", &dora.address(), ""));
    world.blocks(1);
    dora.sync();
    world.send(&dora, world.pay("5 LVR", &alice.address(), ""));
    let height = world.blocks(1);
    dora.sync();
    let before = dora.spendable();
    curious.news();
    for behind in [height - 1, height - 3, 0] {
        curious.claims(behind);
        let refused = block_on(dora.wallet.sync(None)).unwrap_err();
        assert!(matches!(refused, WalletError::Node { error: NodeError::Untrusted { .. } }), "{refused:?}");
        assert_eq!((dora.spendable(), block_on(dora.wallet.height()).unwrap()), (before, height));
    }
    let news = curious.news();
    assert!(!news.iter().any(|line| line.contains("/v1/transactions")), "{news:?}");
}

/// Attacker: a node that would like to hear again and again who waits for what.
#[test]
fn waiting_transactions_are_submitted_again_after_some_blocks() {
    let world = World::new(64);
    let (alice, bob) = alice_and_bob(&world);
    let (curious, dora) = client(&world, "dora");
    world.send(&alice, world.pay("25 LVR", &dora.address(), ""));
    world.blocks(1);
    dora.sync();
    // The node says that it took it, and forgets it.
    curious.news();
    curious.swallows();
    let sent = world.send(&dora, world.pay("5 LVR", &bob.address(), ""));
    let named = |news: &[String]| news.iter().filter(|line| line.contains("/v1/transactions")).count();
    assert_eq!(named(&curious.news()), 1);
    for _ in 0..3 {
        dora.sync();
        world.blocks(1);
    }
    dora.sync();
    assert_eq!(named(&curious.news()), 0);
    curious.is_honest();
    world.blocks(1);
    dora.sync();
    dora.sync();
    let news = curious.news();
    assert_eq!(named(&news), 1, "{news:?}");
    assert_eq!(block_on(world.node.transaction(sent.txid)), Ok(louver_sdk::TransactionState::Pending));
}

/// Attacker: a node that would stop its clients, or have them pay to addresses of epochs that are far away.
#[test]
fn a_height_is_a_nodes_word_until_its_blocks_were_read() {
    for (epoch, claims) in
        [(64, [2_000_000, u32::MAX - 1, u32::MAX]), (0, [2_000_000, u32::MAX - 1, u32::MAX])]
    {
        let world = World::new(epoch);
        let (curious, dora) = client(&world, "dora");
        let height = world.blocks(300);
        for claimed in claims {
            curious.claims(claimed);
            let refused = block_on(dora.wallet.sync(None)).unwrap_err();
            assert!(matches!(refused, WalletError::Node { .. }), "{claimed}: {refused:?}");
            let receiving = block_on(dora.wallet.receive(0, None)).unwrap();
            assert!(u32::from(receiving.epoch) <= height / 64, "{claimed}");
        }
        curious.is_honest();
        dora.sync();
        assert_eq!(block_on(dora.wallet.height()), Ok(height));
    }
}
