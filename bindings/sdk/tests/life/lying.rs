//! `[served-lies]`: the SDK behind somebody who lies about each field of each answer that it reads.

use std::sync::Arc;

use louver_client::{
    api::path,
    testing::{Answer, Form, Liar, answers, byte_lies, lies, vouched_fields},
};
use louver_sdk::{Birthday, Node, NodeStatus, Protection, RecoveryPhrase, Trust, TrustedHead, Wallet};
use pollster::block_on;
use serde_json::Value as Json;

use crate::world::{Http, Person, World};

/// Somebody who has the SDK, as it comes to a node for the first time.
struct Reader<'w> {
    world: &'w World,
    liar: Liar,
    person: Person,
    phrase: Arc<RecoveryPhrase>,
}

impl Reader<'_> {
    fn connect(&self, pin: Option<String>) -> Result<Arc<Node>, String> {
        let genesis_hash = Some(hex::encode(self.world.genesis().hash().0));
        let node = Node::connect(
            Arc::new(Http(self.liar.url().to_owned())),
            Trust { genesis_hash, pin, own_node: None },
        );
        block_on(node).map_err(|error| error.to_string())
    }

    fn wallet(&self, birthday: u32) -> Result<Arc<Wallet>, String> {
        let path = self.world.path("read again");
        drop(std::fs::remove_file(&path));
        let (node, phrase) = (self.connect(None)?, self.phrase.clone());
        let birthday = Some(Birthday::Block { height: birthday });
        let made = Wallet::create(path, node, phrase, Protection::unsealed(), birthday);
        block_on(made).map_err(|error| error.to_string())
    }

    /// The functions of the SDK that read an answer, and what they tell; `None` if no function reads it.
    fn read(&self, path: &str) -> Option<Result<String, String>> {
        fn told<T: core::fmt::Debug, E: ToString>(answer: Result<T, E>) -> Result<String, String> {
            answer.map(|answer| format!("{answer:?}")).map_err(|error| error.to_string())
        }
        let account = self.person.keys.transparent_account(0);
        Some(match path {
            // The age of the last block goes on.
            path::STATUS => self
                .connect(None)
                .and_then(|node| told(block_on(node.status()).map(|status| NodeStatus { age: 0, ..status }))),
            path::GENESIS | path::HEAD => {
                self.connect(None).map(|node| format!("{:?} {:?}", head(&node), node.fingerprint()))
            }
            path::ASSETS => self.connect(None).and_then(|node| told(block_on(node.assets()))),
            path::ACCOUNT => {
                self.connect(None).and_then(|node| told(block_on(node.transparent_account(account))))
            }
            path::HISTORY | path::AUTHORITIES => {
                let pinned = self.world.node.head();
                self.connect(Some(format!("{}:{}", pinned.height, pinned.hash)))
                    .map(|node| format!("{:?}", head(&node)))
            }
            path::TREE => self.wallet(1).map(|wallet| format!("{:?}", block_on(wallet.birthday()))),
            path::COMPACT_BLOCKS | path::BLOCK => self.wallet(0).and_then(|wallet| {
                told(block_on(wallet.sync(None)))?;
                told(block_on(wallet.history(0)))
            }),
            // Nothing of the SDK reads them.
            path::SUPPLY
            | path::ANNOUNCEMENTS
            | path::SNAPSHOTS
            | path::BUCKET
            | path::PARAMETERS
            | path::HEADERS => {
                return None;
            }
            // A key is taken by its hash: the key sets' tests lie.
            path::VERIFYING_KEY | path::PROVING_KEY => return None,
            other => panic!("nobody lies about {other} yet: say how the SDK reads it"),
        })
    }
}

/// The head, but for its age, which goes on.
fn head(node: &Node) -> TrustedHead {
    TrustedHead { age: 0, ..node.head() }
}

/// Attacker: the operator of a node that an application uses, who shows a payee money that is not there, or a payer other
/// terms. The list of answers and of their fields is that of the API's description.
#[test]
fn an_application_takes_no_lie() {
    let world = World::new(64);
    let phrase = RecoveryPhrase::generate();
    let person = world.restore("alice", &phrase, Some(0));
    world.endow(&person, "5 LVR");
    let description = ureq::get(format!("{}/v1/openapi.json", world.url())).call().unwrap();
    let description: Json = serde_json::from_reader(description.into_body().into_reader()).unwrap();
    let reader = Reader { world: &world, liar: Liar::before(&world.url()), person, phrase };
    let mut read = 0;
    for answer in answers(&description) {
        let Some(honest) = reader.read(&answer.path) else { continue };
        let truth = honest.unwrap();
        let heard = reader.liar.heard();
        let (.., body) = heard.iter().find(|(_, path, _)| answer.is_at(path)).expect(&answer.path);
        match &answer.form {
            Form::Json(schema) => read_json(&reader, &answer, &truth, &description, schema, body),
            Form::Bytes => {
                for lie in byte_lies(body.len(), body.len() / 12 + 1) {
                    reader.liar.tells(&answer, move |body| lie(body));
                    let told = reader.read(&answer.path).unwrap();
                    assert!(told.is_err(), "{}: {told:?}", answer.path);
                }
            }
        }
        reader.liar.is_honest();
        assert_eq!(reader.read(&answer.path).unwrap(), Ok(truth), "{}", answer.path);
        // It asks for nothing else, but for answers that are the word of the node.
        for (_, path, _) in reader.liar.heard() {
            let asked = answers(&description).into_iter().find(|answer| answer.is_at(&path));
            assert!(asked.is_none_or(|asked| reader.read(&asked.path).is_some()), "{path}");
        }
        read += 1;
    }
    assert!(read >= 10, "{read}");
}

fn read_json(
    reader: &Reader<'_>,
    answer: &Answer,
    truth: &str,
    description: &Json,
    schema: &str,
    body: &[u8],
) {
    let honest: Json = serde_json::from_slice(body).unwrap();
    let mut missed = vouched_fields(description, schema);
    for lie in lies(description, schema, &honest) {
        missed.remove(&lie.field);
        let told = lie.clone();
        reader.liar.tells(answer, move |body| {
            let mut json = serde_json::from_slice(body).unwrap();
            told.tell(&mut json);
            *body = json.to_string().into_bytes();
        });
        let answered = reader.read(&answer.path).unwrap();
        let is_noticed = answered.as_ref().map_or(true, |told| told == truth);
        assert!(is_noticed || lie.is_free(), "{}: {lie:?} was believed: {answered:?}", answer.path);
    }
    // This chain has no auditors, and one form of schedule.
    missed.retain(|field| !field.starts_with("AuditorState.") && !field.starts_with("Schedule."));
    assert!(missed.is_empty(), "{}: no lie about {missed:?}", answer.path);
}
