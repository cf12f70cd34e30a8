//! Nodes that say what is not so: of assets, and of the chain that was chosen.

use std::sync::Mutex;

use async_trait::async_trait;
use louver_sdk::{ChainChoice, HttpRequest, HttpResponse, Transport, TransportError, Trust};
use serde_json::Value as Json;

use super::*;

type Lie = fn(&mut Json);

/// A node that alters what it lists of assets.
struct Listing {
    http: Http,
    lie: Mutex<Option<Lie>>,
}

impl Listing {
    fn of(world: &World) -> Arc<Self> {
        Arc::new(Self { http: Http(world.url()), lie: Mutex::default() })
    }

    fn lies(&self, lie: Option<Lie>) {
        *self.lie.lock().unwrap() = lie;
    }
}

#[async_trait]
impl Transport for Listing {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let is_listing = request.path.starts_with("/v1/assets");
        let answer = self.http.send(request).await?;
        let lie = *self.lie.lock().unwrap();
        Ok(match lie.filter(|_| is_listing) {
            None => answer,
            Some(lie) => {
                let mut json = serde_json::from_slice(&answer.body).unwrap();
                lie(&mut json);
                HttpResponse { body: json.to_string().into_bytes(), ..answer }
            }
        })
    }
}

/// Attacker: a payee whose node makes `1.00 LVR` a hundred of them.
#[test]
fn assets_are_what_the_chain_says() {
    let world = World::new(64);
    let listing = Listing::of(&world);
    let connect = || block_on(Node::connect(listing.clone(), Trust::default()));
    let lies: [Lie; 4] = [
        |json| json["assets"][0]["decimals"] = 8.into(),
        |json| json["assets"][0]["symbol"] = "EURX".into(),
        |json| json["assets"] = Json::Array(Vec::new()),
        |json| drop(json.as_object_mut().unwrap().remove("proof")),
    ];
    let honest = connect().unwrap();
    let phrase = RecoveryPhrase::generate();
    let made = Wallet::create(world.path("carol"), honest, phrase, Protection::unsealed(), None);
    let wallet = block_on(made).unwrap();
    for lie in lies {
        listing.lies(Some(lie));
        let refused = connect().unwrap_err();
        let is_noticed = matches!(refused, NodeError::Untrusted { .. } | NodeError::Answer { .. });
        assert!(is_noticed, "{refused:?}");
        let refused = block_on(wallet.sync(None)).unwrap_err();
        assert!(matches!(refused, WalletError::Node { .. }), "{refused:?}");
        listing.lies(None);
        block_on(wallet.sync(None)).unwrap();
        assert_eq!(
            wallet.node().parse_amount("1.00 LVR".to_owned()),
            Ok(Amount { asset: 1, value: 1_000_000 })
        );
    }
    assert_eq!(block_on(wallet.node().asset(1)).unwrap().map(|asset| asset.symbol), Some("LVR".to_owned()));
    for unknown in [2, 1 << 50, u64::MAX] {
        assert_eq!(block_on(wallet.node().asset(unknown)).unwrap(), None);
    }
}

/// Attacker: a node that serves a chain of its own to people who mean another.
#[test]
fn the_chosen_chain_is_the_only_one() {
    let world = World::new(64);
    let connect = |genesis_hash: &str, pin: Option<String>| {
        let trust = Trust { genesis_hash: Some(genesis_hash.to_owned()), pin, own_node: None };
        block_on(Node::connect(Arc::new(Http(world.url())), trust))
    };
    let genesis = hex::encode(world.genesis().hash().0);
    let chosen = connect(&genesis, None).unwrap();
    assert_eq!(chosen.head().chosen, ChainChoice::Genesis);
    assert_eq!(chosen.fingerprint().genesis.replace(' ', ""), genesis);
    assert_eq!(chosen.evidence(), None);
    block_on(chosen.produce_blocks(3)).unwrap();
    assert_eq!(block_on(chosen.status()).unwrap().height, 3);
    let head = chosen.head();
    assert_eq!((head.height, head.is_old), (3, false));
    let pinned = connect(&genesis, Some(format!("3:{}", head.hash))).unwrap();
    assert_eq!(pinned.head().chosen, ChainChoice::Block);
    for (other, pin) in [("07".repeat(32), None), (genesis.clone(), Some(format!("2:{}", head.hash)))] {
        let refused = connect(&other, pin).unwrap_err();
        assert!(matches!(refused, NodeError::NotChosen { .. }), "{refused:?}");
    }
    assert!(matches!(connect("genesis", None), Err(NodeError::Choice { .. })));
    // The choice for a wallet counts on, whatever node it asks.
    let phrase = RecoveryPhrase::generate();
    let path = world.path("carol");
    drop(block_on(Wallet::create(path.clone(), chosen, phrase, Protection::unsealed(), None)).unwrap());
    let anybody = block_on(Node::connect(Arc::new(Http(world.url())), Trust::default())).unwrap();
    assert_eq!(anybody.head().chosen, ChainChoice::Nothing);
    let wallet = block_on(Wallet::open(path, anybody)).unwrap();
    assert_eq!(wallet.node().head().chosen, ChainChoice::Genesis);
}
