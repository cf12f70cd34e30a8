//! `[served-lies]`: a real node, with somebody between it and its client who alters one place after the other of what it
//! serves. The description of the API says which fields nothing vouches for; every other lie is noticed.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use louver_chain::{
    Account,
    testing::{coin, person},
};
use louver_client::{
    ClientError,
    connection::{Connection, OperationState},
    testing::lies,
    transport::{Http, Request, Response, Transport, Unreachable},
    trust::Trust,
};
use louver_core::pool::GenesisHash;
use pollster::block_on;
use serde_json::Value as Json;

use crate::town::{EPOCH_SECONDS, Town};

type Alter = Box<dyn Fn(&mut Json) + Send>;

/// Stands between a node and its client.
struct Liar {
    http: Http,
    /// The path whose answers are altered, and how.
    lie: Mutex<Option<(String, Alter)>>,
}

#[async_trait]
impl Transport for Liar {
    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        let path = request.path.split('?').next().unwrap_or_default().to_owned();
        let mut answer = self.http.send(request).await?;
        if let Some((lied, alter)) = &*self.lie.lock().unwrap()
            && *lied == path
        {
            let mut json = serde_json::from_slice(&answer.body).unwrap();
            alter(&mut json);
            answer.body = json.to_string().into_bytes();
        }
        Ok(answer)
    }
}

impl Liar {
    fn says(&self, path: &str, alter: impl Fn(&mut Json) + Send + 'static) {
        *self.lie.lock().unwrap() = Some((path.to_owned(), Box::new(alter)));
    }

    fn is_honest(&self) {
        *self.lie.lock().unwrap() = None;
    }

    fn connect(self: &Arc<Self>, chain: GenesisHash) -> Arc<Connection> {
        block_on(Connection::connect(self.clone(), Trust::Genesis(chain))).unwrap()
    }
}

type Ask<'a> = &'a dyn Fn(&Connection) -> Result<String, ClientError>;

fn told(answer: impl core::fmt::Debug) -> String {
    format!("{answer:?}")
}

/// Attacker: the operator of a node, who shows a payee money that is not there, or a payer other terms.
#[test]
fn each_lie_that_a_chain_contradicts_is_noticed() {
    let town = Town::new();
    let account = Account::of(&person(7));
    town.client.faucet(account, 500);
    town.client.mine(3);
    // An epoch ends, and some blocks later the state takes a snapshot.
    town.client.pass(2 * EPOCH_SECONDS);
    town.client.mine(70);
    let chain = town.client.genesis().hash();
    let liar = Arc::new(Liar { http: Http::new(&town.url()).unwrap(), lie: Mutex::default() });
    let asked = block_on(town.client.bytes("/v1/openapi.json")).unwrap();
    let description: Json = serde_json::from_slice(&asked).unwrap();
    let account_path = format!("/v1/accounts/{account}");
    let asks: [(&str, &str, Ask<'_>); 6] = [
        ("/v1/status", "Status", &|node| block_on(node.status()).map(told)),
        (&account_path, "AccountView", &|node| block_on(node.holdings(account)).map(told)),
        ("/v1/assets", "Assets", &|node| block_on(node.refresh_assets()).map(|()| told(node.assets()))),
        ("/v1/supply", "Supply", &|node| block_on(node.supply(&[coin()])).map(told)),
        ("/v1/snapshots", "Snapshots", &|node| block_on(node.snapshots(0)).map(told)),
        ("/v1/tree/2", "Tree", &|node| block_on(node.tree(2)).map(told)),
    ];
    let mut noticed = 0;
    for (path, schema, ask) in asks {
        let honest = Arc::new(Mutex::new(Json::Null));
        let sees = honest.clone();
        liar.says(path, move |json| *sees.lock().unwrap() = json.clone());
        let truth = ask(&liar.connect(chain)).unwrap();
        let honest = honest.lock().unwrap().clone();
        for lie in lies(&description, schema, &honest) {
            liar.is_honest();
            let connection = liar.connect(chain);
            let told = lie.clone();
            liar.says(path, move |json| told.tell(json));
            let answer = ask(&connection);
            let is_harmless = lie.is_of_list() && answer.as_ref() == Ok(&truth);
            let is_noticed = answer.is_err() || is_harmless;
            assert!(is_noticed || lie.vouched == "unproven", "{path}: {lie:?} was believed");
            noticed += usize::from(is_noticed);
            liar.is_honest();
            ask(&connection).unwrap();
        }
    }
    assert!(noticed > 100, "{noticed}");
    // An operation in a block where it is not.
    let operation = "ab".repeat(32);
    liar.says(&format!("/v1/transactions/{operation}"), |json| {
        json["state"] = "included".into();
        json["height"] = 2.into();
    });
    let told = block_on(liar.connect(chain).operation_state(&operation));
    assert!(matches!(told, Err(ClientError::Contradicted { .. })), "{told:?}");
    liar.is_honest();
    assert_eq!(block_on(liar.connect(chain).operation_state(&operation)), Ok(OperationState::Unknown));
}
