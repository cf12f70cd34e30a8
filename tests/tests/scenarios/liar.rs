//! `[served-lies]`: a real node, with somebody between it and its client who alters one field after the other of what it
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

/// Every place in an answer, with another value of the same type there. Entries of lists are left out, too.
fn lies(json: &Json, at: &str, found: &mut Vec<(String, Json)>) {
    match json {
        Json::Object(fields) => {
            fields.iter().for_each(|(name, value)| lies(value, &format!("{at}/{name}"), found));
        }
        Json::Array(entries) => {
            for (index, value) in entries.iter().enumerate() {
                lies(value, &format!("{at}/{index}"), found);
            }
            if !entries.is_empty() {
                found.push((at.to_owned(), Json::Array(entries[1..].to_vec())));
            }
        }
        Json::String(text) => {
            let mut other = text.clone();
            let last = other.pop();
            other.push(if last == Some('1') { '2' } else { '1' });
            found.push((at.to_owned(), other.into()));
        }
        Json::Number(number) => found.push((at.to_owned(), (number.as_u64().unwrap() + 1).into())),
        Json::Bool(flag) => found.push((at.to_owned(), (!flag).into())),
        Json::Null => {}
    }
}

/// The mark of a field in the description of the API: it says what vouches for the field.
fn vouched(description: &Json, schema: &str, place: &str) -> String {
    let schemas = &description["components"]["schemas"];
    let mut at = &schemas[schema];
    let mut by = at["x-vouched"].clone();
    for name in place.split('/').skip(1) {
        let reference =
            |at: &Json| at["$ref"].as_str().and_then(|path| path.rsplit('/').next().map(str::to_owned));
        let next = match name.parse::<usize>() {
            Ok(_) => &at["items"],
            Err(_) => &at["properties"][name],
        };
        if let Some(mark) = next.get("x-vouched") {
            by = mark.clone();
        }
        at = match reference(next) {
            Some(named) => &schemas[named.as_str()],
            None => next,
        };
        if next.get("x-vouched").is_none()
            && let Some(mark) = at.get("x-vouched")
        {
            by = mark.clone();
        }
    }
    by.as_str().unwrap_or_default().to_owned()
}

type Ask<'a> = &'a dyn Fn(&Connection) -> Result<(), ClientError>;

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
    let asks: [(&str, &str, Ask<'_>); 5] = [
        ("/v1/status", "Status", &|node| block_on(node.status()).map(drop)),
        (&account_path, "AccountView", &|node| block_on(node.holdings(account)).map(drop)),
        ("/v1/supply", "Supply", &|node| block_on(node.supply(&[coin()])).map(drop)),
        ("/v1/snapshots", "Snapshots", &|node| block_on(node.snapshots(0)).map(drop)),
        ("/v1/tree/2", "Tree", &|node| block_on(node.tree(2)).map(drop)),
    ];
    let mut noticed = 0;
    for (path, schema, ask) in asks {
        let honest = Arc::new(Mutex::new(Json::Null));
        let sees = honest.clone();
        liar.says(path, move |json| *sees.lock().unwrap() = json.clone());
        ask(&liar.connect(chain)).unwrap();
        let mut found = Vec::new();
        lies(&honest.lock().unwrap(), "", &mut found);
        for (place, lie) in found {
            liar.is_honest();
            let connection = liar.connect(chain);
            let (at, by) = (place.clone(), vouched(&description, schema, &place));
            liar.says(path, move |json| {
                if let Some(value) = json.pointer_mut(&at) {
                    *value = lie.clone();
                }
            });
            let answer = ask(&connection);
            // The present epoch is the node's word, but its name and its times are not.
            let is_word = by == "unproven" && place != "/epoch/name";
            assert!(is_word || answer.is_err(), "{path}: {place}, vouched for by {by}, was believed");
            noticed += usize::from(answer.is_err());
            liar.is_honest();
            ask(&connection).unwrap();
        }
    }
    assert!(noticed > 30, "{noticed}");
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
