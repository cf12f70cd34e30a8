//! Nodes that say what is not so of assets.

use std::sync::Mutex;

use async_trait::async_trait;
use louver_chain::Account;
use louver_client::api::view;
use louver_core::asset::{AssetDescriptor, AssetId};
use louver_sdk::{HttpRequest, HttpResponse, Transport, TransportError};

use super::*;

/// A node whose list of assets is another.
struct Listing {
    http: Http,
    assets: Mutex<Vec<AssetDescriptor>>,
}

impl Listing {
    fn of(world: &World, assets: Vec<AssetDescriptor>) -> Arc<Self> {
        Arc::new(Self { http: Http(world.url()), assets: Mutex::new(assets) })
    }

    fn says(&self, assets: Vec<AssetDescriptor>) {
        *self.assets.lock().unwrap() = assets;
    }
}

#[async_trait]
impl Transport for Listing {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        if request.path != "/v1/assets" {
            return self.http.send(request).await;
        }
        let entry = |asset: &AssetDescriptor| view::Asset {
            id: asset.id().to_string(),
            symbol: asset.symbol().to_owned(),
            decimals: asset.decimals(),
            issuer: Account(*asset.issuer()).to_string(),
            reference: hex::encode(asset.host_reference()),
            descriptor_hash: hex::encode(asset.hash().0),
        };
        let assets = self.assets.lock().unwrap().iter().map(entry).collect();
        let body = serde_json::to_vec(&view::Assets { assets, proof: None }).unwrap();
        Ok(HttpResponse { status: 200, body })
    }
}

/// An asset of the same issuer as the chain's coin.
fn asset(world: &World, id: u64, symbol: &str, decimals: u8) -> AssetDescriptor {
    let issuer = *world.genesis().terms().assets[0].issuer();
    AssetDescriptor::new(AssetId::new(id).unwrap(), symbol, decimals, issuer, b"").unwrap()
}

/// An asset of genesis with other decimals.
fn altered(of: &AssetDescriptor, decimals: u8) -> AssetDescriptor {
    AssetDescriptor::new(of.id(), of.symbol(), decimals, *of.issuer(), of.host_reference()).unwrap()
}

/// Who gains: a payee whose node makes `1.00 LVR` a hundred of them.
#[test]
fn genesis_says_what_its_assets_are() {
    let world = World::new(64);
    let genuine = world.genesis().terms().assets.clone();
    let connect = |assets| block_on(Node::connect(Listing::of(&world, assets)));
    let lies = [vec![altered(&genuine[0], 8)], vec![asset(&world, 1, "EURX", 6)]];
    for lie in lies {
        let Err(NodeError::Answer { reason }) = connect(lie) else { panic!("it was believed") };
        assert_eq!(reason, "asset 1 is described differently than before");
    }
    // An asset that the node leaves out stays known.
    let node = connect(Vec::new()).unwrap();
    assert_eq!(node.parse_amount("1.00 LVR".to_owned()), Ok(Amount { asset: 1, value: 1_000_000 }));
    assert_eq!(block_on(node.assets()).unwrap().len(), genuine.len());
}

#[test]
fn an_asset_does_not_change_once_it_is_known() {
    let world = World::new(64);
    let listing = Listing::of(&world, vec![asset(&world, 77, "NEW", 2)]);
    let create = |node| {
        let phrase = RecoveryPhrase::generate();
        block_on(Wallet::create(world.path("carol"), node, phrase, Protection::unsealed(), None)).unwrap()
    };
    let wallet = create(block_on(Node::connect(listing.clone())).unwrap());
    block_on(wallet.sync(None)).unwrap();
    listing.says(vec![asset(&world, 77, "NEW", 0)]);
    let refused = block_on(wallet.sync(None)).unwrap_err();
    assert!(matches!(refused, WalletError::Node { error: NodeError::Answer { .. } }), "{refused:?}");
    let seven = "7.00 NEW".to_owned();
    assert_eq!(wallet.node().parse_amount(seven), Ok(Amount { asset: 77, value: 700 }));
    drop(wallet);
    // The wallet remembers it, whatever another connection was told first.
    let node = block_on(Node::connect(listing.clone())).unwrap();
    let opened = block_on(Wallet::open(world.path("carol"), node)).unwrap_err();
    assert!(matches!(opened, WalletError::Node { error: NodeError::Answer { .. } }), "{opened:?}");
    listing.says(Vec::new());
    let node = block_on(Node::connect(listing)).unwrap();
    let opened = block_on(Wallet::open(world.path("carol"), node)).unwrap();
    let amount = Amount { asset: 77, value: 700 };
    assert_eq!(opened.node().format_amount(amount), "7.00 NEW");
}

/// Who gains: somebody who registers the symbol of an asset that people know, so that their payments go to his, or their
/// scripts stop.
#[test]
fn a_later_namesake_takes_no_symbol() {
    let world = World::new(64);
    let listing = Listing::of(&world, vec![asset(&world, 77, "NEW", 2)]);
    let node = block_on(Node::connect(listing.clone())).unwrap();
    let phrase = RecoveryPhrase::generate();
    let wallet =
        block_on(Wallet::create(world.path("carol"), node, phrase, Protection::unsealed(), None)).unwrap();
    block_on(wallet.sync(None)).unwrap();
    let namesakes =
        vec![asset(&world, 7, "NEW", 0), asset(&world, 77, "NEW", 2), asset(&world, 78, "LVR", 2)];
    listing.says(namesakes);
    block_on(wallet.sync(None)).unwrap();
    let holds = |node: &Node| {
        for (text, asset, value) in [("7.00 NEW", 77, 700), ("7 NEW#7", 7, 7), ("7.00 LVR#78", 78, 700)] {
            let amount = Amount { asset, value };
            assert_eq!(node.parse_amount(text.to_owned()), Ok(amount.clone()), "{text}");
            assert_eq!(node.format_amount(amount), text);
        }
        assert_eq!(node.parse_amount("1 LVR".to_owned()), Ok(Amount { asset: 1, value: 1_000_000 }));
    };
    holds(&wallet.node());
    drop(wallet);
    // Another connection was told of all of them at once: the wallet's earlier knowledge counts.
    let node = block_on(Node::connect(listing)).unwrap();
    holds(&block_on(Wallet::open(world.path("carol"), node)).unwrap().node());
}
