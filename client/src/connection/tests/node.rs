//! A chain in this process, with a node that serves it as the API says, and with ways to make it lie.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock},
};

use async_trait::async_trait;
use ed25519_dalek::SigningKey;
use louver_chain::{
    Account, Action, Block, BlockLimits, Candidate, Chain, Header, Operation,
    act::{Act, Deed, SignedAct, Speakers, auditors, standing},
    announcement::{self, AnnouncementKind, AnnouncementTopic},
    development::{authority_key, faucet_key, guardian_key},
    holdings,
    state::opening::{Opening, Question},
    testing::{ZeroProofs, auditor_entry, coin, context, genesis, operation, person, signed},
};
use louver_core::{
    asset::AssetId,
    encoding::Encode,
    ledger::{Finality, Genesis, GenesisTerms, Quorum, testing::Draft},
    store::MemoryStore,
    tree::Anchor,
    value::Value,
};
use louver_light::{Proven, SealedHeader, Seals, Step, rotation::Rotation};
use serde_json::{Value as Json, json};

use crate::{
    api::view,
    transport::{Request, Response, Transport, Unreachable},
};

type Alter = Box<dyn Fn(&str, Vec<u8>) -> Vec<u8> + Send>;

/// The time of the first block; each is a minute after the one before.
pub(super) const BEGIN: u64 = 2_000_000;

/// A chain with its authorities' keys.
pub(super) struct World {
    pub(super) chain: Chain<MemoryStore>,
    keys: Vec<SigningKey>,
    rotations: BTreeMap<u32, Rotation>,
    /// The authorities in the state after each block.
    openings: BTreeMap<u32, Opening>,
    /// The most compact blocks of one answer.
    pub(super) most_blocks: u32,
    /// A block that stands in the place of the chain's last one, and that the authorities seal.
    pub(super) bent: Option<Block>,
}

/// A node of a world.
pub(super) struct Node {
    world: Mutex<World>,
    alter: Mutex<Option<Alter>>,
    pub(super) heard: Mutex<Vec<String>>,
    /// A connection that tests of lies hold on to.
    pub(super) followed: OnceLock<Arc<super::Connection>>,
}

impl World {
    pub(super) fn new() -> Self {
        Self::of(genesis())
    }

    /// A chain that is not for development, with its own key.
    pub(super) fn of(genesis: Genesis) -> Self {
        let chain = Chain::open(MemoryStore::default(), genesis).unwrap();
        let keys = vec![authority_key(), person(61), person(62)];
        let (rotations, openings) = (BTreeMap::new(), BTreeMap::new());
        Self { chain, keys, rotations, openings, most_blocks: u32::MAX, bent: None }
    }

    pub(super) fn genesis(&self) -> &Genesis {
        self.chain.ledger().genesis()
    }

    fn time(&self) -> u64 {
        BEGIN + u64::from(self.chain.height() + 1) * 60
    }

    pub(super) fn block(&mut self, candidates: &[Candidate]) {
        let proposal = self.chain.propose(self.time(), BlockLimits::default(), candidates).unwrap();
        assert!(proposal.refused().is_empty(), "{:?}", proposal.refused());
        self.chain.commit(proposal).unwrap();
        self.openings.insert(self.chain.height(), self.open(Question::Authorities).unwrap());
    }

    pub(super) fn blocks(&mut self, count: u32) {
        (0..count).for_each(|_| self.block(&[]));
    }

    fn nonce(&self, key: &SigningKey) -> u64 {
        self.chain.nonce(&Account::of(key)).unwrap()
    }

    pub(super) fn transparent(&self, operation: Operation) -> Candidate {
        let hash = self.genesis().hash();
        Candidate::Transparent(Box::new(operation.verify(&hash).unwrap()))
    }

    pub(super) fn mint(&mut self, to: &SigningKey, asset: AssetId, amount: u64) -> String {
        let action = Action::Mint { asset, amount: Value(amount), to: Account::of(to) };
        self.operate(&faucet_key(), action)
    }

    pub(super) fn operate(&mut self, key: &SigningKey, action: Action) -> String {
        let hash = self.genesis().hash();
        let operation = operation(&hash, key, self.nonce(key), action);
        let id = hex::encode(operation.id(&hash).0);
        let candidate = self.transparent(operation);
        self.block(&[candidate]);
        id
    }

    /// Registers assets of these symbols for the faucet, in one block.
    pub(super) fn register(&mut self, symbols: &[&str]) {
        let (hash, key) = (self.genesis().hash(), faucet_key());
        let first = self.nonce(&key);
        let candidates: Vec<_> = (first..)
            .zip(symbols)
            .map(|(nonce, symbol)| {
                let action = Action::RegisterAsset {
                    symbol: (*symbol).to_owned(),
                    decimals: 2,
                    reference: Vec::new(),
                };
                self.transparent(operation(&hash, &key, nonce, action))
            })
            .collect();
        self.block(&candidates);
    }

    /// A deposit by a person.
    pub(super) fn deposit(&mut self, number: u64, payer: &SigningKey, amount: u64) {
        let draft =
            Draft::deposit(number * 8, Anchor::empty_tree(), Account::of(payer).into(), coin(), amount);
        let genesis = self.genesis().clone();
        let draft = Draft { epoch: genesis.terms().schedule.epoch_at(self.time()).unwrap(), ..draft };
        let deposit = signed(&genesis, &draft, Some(payer));
        let verified = deposit.verify(context(&genesis, &draft), &ZeroProofs::default()).unwrap();
        self.block(&[Candidate::Shielded(Box::new(verified))]);
    }

    fn finality(&self) -> Quorum {
        let state = self.chain.ledger().state();
        standing(&state, Speakers::Authorities).unwrap().quorum.unwrap()
    }

    /// Hands the chain over to other authorities.
    pub(super) fn rotate(&mut self, to: &SigningKey) {
        let new = Quorum::new(1, vec![to.verifying_key().to_bytes()]).unwrap();
        let sequence = standing(&self.chain.ledger().state(), Speakers::Authorities).unwrap().sequence;
        let act = Act { sequence, deed: Deed::RotateAuthorities(new.clone()) };
        let old = self.finality();
        let signatures = self.keys.iter().filter(|key| old.keys().contains(&key.verifying_key()));
        let signatures = signatures.map(|key| act.sign(&self.genesis().hash(), key)).collect();
        self.block(&[Candidate::Act(Box::new(SignedAct::new(act, signatures)))]);
        let header = self.chain.block(self.chain.height()).unwrap().unwrap().header().clone();
        let seals = Seals::sign(&self.genesis().hash(), header.hash(), &new, &self.keys);
        let authorities = self.open(Question::Authorities).unwrap();
        self.rotations.insert(header.height, Rotation { authorities, seals });
    }

    /// Has guardians enter an auditor's key.
    pub(super) fn enter_auditor(&mut self) {
        let sequence = standing(&self.chain.ledger().state(), Speakers::Guardians).unwrap().sequence;
        let entry = auditor_entry(self.genesis(), 1, 2, &[41, 42, 43]);
        let act = Act { sequence, deed: Deed::EnterAuditor { number: 1, entry, overlap: 0 } };
        let signature = act.sign(&self.genesis().hash(), &guardian_key());
        self.block(&[Candidate::Act(Box::new(SignedAct::new(act, vec![signature])))]);
    }

    fn open(&self, question: Question) -> Option<Opening> {
        self.chain.open_state(question).unwrap()
    }

    /// The authorities in the state after a block.
    pub(super) fn opening(&self, height: u32) -> &Opening {
        &self.openings[&height]
    }

    /// The authorities that seal the block of a height.
    fn authorities_at(&self, height: u32) -> Quorum {
        let before = self.rotations.range(..height).next_back();
        let Finality::Solo { authorities, .. } = match before {
            Some((_, rotation)) => match rotation.authorities.fact() {
                louver_chain::state::opening::Fact::Authorities { finality, .. } => finality.clone(),
                _ => panic!("the authorities"),
            },
            None => self.genesis().terms().finality.clone(),
        };
        authorities
    }

    fn header(&self, height: u32) -> Header {
        let bent = self.bent.as_ref().map(Block::header).filter(|header| header.height == height);
        bent.cloned().unwrap_or_else(|| self.chain.block(height).unwrap().unwrap().header().clone())
    }

    pub(super) fn sealed(&self, height: u32) -> SealedHeader {
        let header = self.header(height);
        SealedHeader::sign(&self.genesis().hash(), header, &self.authorities_at(height), &self.keys)
    }

    fn step(&self, from: u32, to: u32) -> Step {
        let history = if to == from + 1 { None } else { self.chain.history_path(from, to).unwrap() };
        Step { sealed: self.sealed(to), history, rotation: self.rotations.get(&to).cloned() }
    }

    pub(super) fn steps(&self, head: u32) -> Vec<Step> {
        let tip = self.chain.height();
        if tip == 0 {
            return Vec::new();
        }
        let own = |height: u32| {
            let rotation = self.rotations.get(&height).cloned();
            Step { sealed: self.sealed(height), history: None, rotation }
        };
        if tip <= head {
            return vec![own(tip)];
        }
        let mut stops: Vec<u32> = self.rotations.range(head + 1..tip).map(|(height, _)| *height).collect();
        stops.push(tip);
        let mut from = head;
        let first = self.rotations.contains_key(&head).then(|| own(head));
        let others = stops.into_iter().map(|to| self.step(core::mem::replace(&mut from, to), to));
        first.into_iter().chain(others).collect()
    }

    fn proof(&self, head: u32, questions: Vec<Question>) -> String {
        let openings = questions.into_iter().filter_map(|question| self.open(question)).collect();
        hex::encode(Proven { steps: self.steps(head), openings }.to_bytes())
    }

    fn status(&self, head: u32) -> Json {
        let (tip, terms) = (self.chain.ledger().tip(), self.chain.terms());
        let state = self.chain.ledger().state();
        let rules = self.chain.ledger().rules().unwrap();
        let speakers = |speakers| {
            let standing = standing(&state, speakers).unwrap();
            let keys = standing.quorum.iter().flat_map(Quorum::keys).map(|key| hex::encode(key.as_bytes()));
            json!({
                "sequence": standing.sequence, "keys": keys.collect::<Vec<_>>(),
                "needed": standing.quorum.as_ref().map_or(0, Quorum::needed),
            })
        };
        let epoch = terms.schedule.epoch_at(tip.time).unwrap();
        let questions = vec![Question::Rules, Question::Authorities, Question::Guardians, Question::Auditors];
        let entries: Vec<_> = rules
            .iter()
            .map(|entry| {
                let mut json = json!({ "version": entry.terms.version.0, "from": entry.terms.from });
                for (name, height) in [("until", entry.terms.until), ("switched_off", entry.switched_off)] {
                    if let Some(height) = height {
                        json[name] = height.into();
                    }
                }
                json
            })
            .collect();
        let keys: Vec<_> = auditors(&state)
            .unwrap()
            .iter()
            .map(|auditor| {
                json!({
                    "number": auditor.number, "key": hex::encode(auditor.key), "from": auditor.from,
                    "transcript": hex::encode(auditor.transcript), "threshold": 2, "members": 3,
                })
            })
            .collect();
        json!({
            "version": "1", "development": terms.development,
            "genesis_hash": hex::encode(self.genesis().hash().0), "pool_id": terms.pool.0,
            "pool": hex::encode(self.genesis().pool_tag().to_le_bytes()),
            "height": tip.height, "block_hash": hex::encode(self.chain.tip_hash().0), "time": tip.time,
            "epoch": {
                "number": epoch.0, "name": terms.schedule.name(epoch), "begins": terms.schedule.begins(epoch),
                "ends": terms.schedule.ends(epoch), "payable_until": terms.schedule.payable_until(epoch),
            },
            "rules_version": rules.iter().rev().find(|entry| entry.is_in_force(tip.height + 1))
                .map_or(0, |entry| entry.terms.version.0),
            "rules": entries, "guardians": speakers(Speakers::Guardians),
            "authorities": speakers(Speakers::Authorities), "auditors": keys, "acts": 0,
            "anchor": hex::encode(tip.anchor.to_array()), "tree_size": tip.size,
            "pending": { "count": 0, "bytes": 0 }, "troubles": [],
            "proof": self.proof(head, questions),
        })
    }

    fn asset(&self, id: AssetId) -> Option<Json> {
        let asset = louver_core::ledger::registry::descriptor(&self.chain.ledger().state(), id).unwrap()?;
        Some(json!({
            "id": asset.id().to_string(), "symbol": asset.symbol(), "decimals": asset.decimals(),
            "issuer": Account(*asset.issuer()).to_string(), "reference": hex::encode(asset.host_reference()),
            "descriptor_hash": hex::encode(asset.hash().0),
        }))
    }

    fn supply(&self, id: AssetId) -> Option<Json> {
        self.asset(id)?;
        let state = self.chain.ledger().state();
        let pool = louver_core::ledger::turnstile::supply(&state, id).unwrap();
        let issued = holdings::issued(&state, id).unwrap();
        Some(json!({
            "id": id.to_string(), "issued": issued.to_string(), "pool": pool.to_string(),
            "transparent": issued.checked_sub(pool).unwrap().to_string(),
        }))
    }

    fn account(&self, account: Account, asked: &[AssetId], head: u32) -> Json {
        let mut held = holdings::balances(&self.chain.ledger().state(), &account).unwrap();
        held.retain(|(id, _)| asked.is_empty() || asked.contains(id));
        let mut questions = vec![Question::Operations(account)];
        questions.extend(asked.iter().map(|id| Question::Balance(account, *id)));
        questions.extend(held.iter().map(|(id, _)| Question::Balance(account, *id)));
        let entry = |(id, amount): &(AssetId, Value)| json!({ "asset": id.to_string(), "amount": amount.to_string() });
        json!({
            "account": account.to_string(), "nonce": self.chain.nonce(&account).unwrap().to_string(),
            "balances": held.iter().map(entry).collect::<Vec<_>>(), "proof": self.proof(head, questions),
        })
    }

    fn answer(&self, path: &str, query: &BTreeMap<String, String>) -> Option<Vec<u8>> {
        let number = |name: &str| query.get(name).map(|text| text.parse::<u32>().unwrap());
        let ids = |name: &str| -> Vec<AssetId> {
            let listed = query.get(name).map_or("", String::as_str);
            let ids = listed.split(',').filter(|id| !id.is_empty());
            ids.map(|id| AssetId::new(id.parse().unwrap()).unwrap()).collect()
        };
        let head = number("head").unwrap_or_default();
        let json = |json: Json| Some(json.to_string().into_bytes());
        let frame =
            |bytes: Vec<u8>| [u32::try_from(bytes.len()).unwrap().to_le_bytes().to_vec(), bytes].concat();
        let ancestry = |height: u32| match height == head {
            true => vec![0],
            false => [vec![1], self.chain.history_path(height, head).unwrap().unwrap().to_bytes()].concat(),
        };
        let parts: Vec<_> = path.split('/').skip(2).collect();
        match parts.as_slice() {
            ["genesis"] => json(json!({
                "hash": hex::encode(self.genesis().hash().0), "bytes": hex::encode(self.genesis().to_bytes()),
                "name": "", "development": true, "pool_id": 1, "time": 0, "epochs": { "kind": "endless" },
                "block_interval": 60, "anchor_window": 1, "fee_account": "",
                "minimum_fees": [{ "shape": "2x3", "asset": "1", "amount": "1" }],
            })),
            ["head"] => Some(Proven { steps: self.steps(head), openings: Vec::new() }.to_bytes()),
            ["headers"] => {
                let mut out = Vec::new();
                for height in number("from")?..=number("to")?.min(self.chain.height()) {
                    let rotation = self.rotations.get(&height).cloned();
                    out.extend(frame(
                        Step { sealed: self.sealed(height), history: None, rotation }.to_bytes(),
                    ));
                }
                Some(out)
            }
            ["authorities", height] => Some(self.openings.get(&height.parse().unwrap())?.to_bytes()),
            ["history", height] => {
                let height = height.parse().unwrap();
                self.chain.block(height).unwrap()?;
                Some([self.header(height).to_bytes(), ancestry(height)].concat())
            }
            ["compact-blocks"] => {
                let (from, to) = (number("from")?, number("to")?);
                let to = to.min(from.saturating_add(self.most_blocks - 1));
                let mut out = Vec::new();
                for height in from..=to {
                    out.extend(frame(self.chain.compact_bytes(height).unwrap()?));
                }
                out.extend(frame(ancestry(to)));
                Some(out)
            }
            ["blocks", height] => {
                let height = height.parse().unwrap();
                let bent = self.bent.as_ref().filter(|block| block.header().height == height);
                bent.map(Block::to_bytes).or_else(|| self.chain.block_bytes(height).unwrap())
            }
            ["tree", height] => {
                let height: u32 = height.parse().unwrap();
                let frontier = self.chain.ledger().frontier_at(height).unwrap()?;
                json(json!({
                    "height": height, "anchor": hex::encode(frontier.root().to_array()),
                    "size": frontier.size(), "frontier": hex::encode(frontier.to_bytes()),
                }))
            }
            ["status"] => json(self.status(head)),
            ["assets"] => {
                let ids = ids("ids");
                let questions = ids.iter().map(|id| Question::Asset(*id)).collect();
                let assets: Vec<_> = ids.iter().filter_map(|id| self.asset(*id)).collect();
                json(json!({ "assets": assets, "proof": self.proof(head, questions) }))
            }
            ["supply"] => {
                let ids = ids("ids");
                let questions = ids.iter().map(|id| Question::Supply(*id)).collect();
                let assets: Vec<_> = ids.iter().filter_map(|id| self.supply(*id)).collect();
                json(json!({ "assets": assets, "proof": self.proof(head, questions) }))
            }
            ["announcements", account] => {
                let topic = AnnouncementTopic {
                    kind: AnnouncementKind::from_word(query.get("kind")?).unwrap(),
                    announcer: account.parse().unwrap(),
                    subject: hex::decode(query.get("subject")?).unwrap().try_into().unwrap(),
                };
                let state = self.chain.ledger().state();
                let announced = announcement::announced(&state, &topic).unwrap();
                // Few at a time, so that several answers belong together.
                let found = announcement::announcements(&state, &topic, number("from")?.into(), 2).unwrap();
                let entries: Vec<_> = found
                    .iter()
                    .map(|found| json!({ "height": found.height, "hash": hex::encode(found.hash) }))
                    .collect();
                json(json!({
                    "account": account, "kind": topic.kind.word(), "subject": hex::encode(topic.subject),
                    "count": announced.count.to_string(), "chained": hex::encode(announced.head),
                    "announcements": entries, "proof": self.proof(head, vec![Question::Announced(topic)]),
                }))
            }
            ["snapshots"] => {
                let found = self.chain.ledger().snapshots_from(number("from")?, 64).unwrap();
                let questions = found.iter().map(|(index, _)| Question::Snapshot(*index)).collect();
                let entries: Vec<_> =
                    found.iter().map(|(index, entry)| view::Snapshot::of(*index, entry)).collect();
                json(json!({ "snapshots": entries, "proof": self.proof(head, questions) }))
            }
            ["snapshots", index, "bucket"] => {
                let prefix = query.get("prefix").map_or("", String::as_str).parse().unwrap();
                let found = self.chain.ledger().nullifier_bucket(index.parse().unwrap(), prefix).unwrap();
                found.map(|bucket| bucket.to_bytes())
            }
            ["accounts", account] => json(self.account(account.parse().unwrap(), &ids("assets"), head)),
            ["transactions", id] => {
                let mut bytes = [0; 32];
                hex::decode_to_slice(id, &mut bytes).ok()?;
                let found = self.chain.find(&bytes).unwrap();
                json(match found {
                    Some(height) => json!({ "id": id, "state": "included", "height": height }),
                    None => json!({ "id": id, "state": "unknown" }),
                })
            }
            _ => None,
        }
    }
}

impl Node {
    pub(super) fn of(world: World) -> Arc<Self> {
        Arc::new(Self {
            world: Mutex::new(world),
            alter: Mutex::default(),
            heard: Mutex::default(),
            followed: OnceLock::new(),
        })
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// From now on, answers are altered.
    pub(super) fn lies(&self, alter: impl Fn(&str, Vec<u8>) -> Vec<u8> + Send + 'static) {
        *self.alter.lock().unwrap() = Some(Box::new(alter));
    }

    /// From now on, the JSON at a path is altered.
    pub(super) fn says(&self, path: &'static str, alter: impl Fn(&mut Json) + Send + 'static) {
        self.lies(move |asked, body| {
            if asked.split('?').next() != Some(path) {
                return body;
            }
            let mut json = serde_json::from_slice(&body).unwrap();
            alter(&mut json);
            json.to_string().into_bytes()
        });
    }

    pub(super) fn is_honest(&self) {
        *self.alter.lock().unwrap() = None;
    }
}

#[async_trait]
impl Transport for Node {
    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        self.heard.lock().unwrap().push(request.path.clone());
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let query = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let query: BTreeMap<String, String> = query;
        let head: u32 = query.get("head").map_or(0, |head| head.parse().unwrap());
        if head > self.world().chain.height() {
            let body = br#"{"error":{"code":"head_unknown","message":"the node is behind"}}"#.to_vec();
            return Ok(Response { status: 404, body });
        }
        let found = self.world().answer(path, &query);
        let Some(body) = found else {
            let body = br#"{"error":{"code":"height_unknown","message":"there is no such block"}}"#.to_vec();
            return Ok(Response { status: 404, body });
        };
        let alter = self.alter.lock().unwrap();
        let body = match &*alter {
            Some(alter) => alter(&request.path, body),
            None => body,
        };
        Ok(Response { status: 200, body })
    }
}

/// A genesis of the testing chain that is not for development: no key in it is public.
pub(super) fn serious() -> Genesis {
    let terms = genesis().terms().clone();
    let alone = |key: &SigningKey| Quorum::new(1, vec![key.verifying_key().to_bytes()]).unwrap();
    let Finality::Solo { trusting_period, .. } = terms.finality;
    let issuer = Account::of(&person(9));
    let asset = louver_core::asset::AssetDescriptor::new(coin(), "LVR", 6, issuer.0, b"").unwrap();
    Genesis::new(GenesisTerms {
        development: false,
        finality: Finality::Solo { authorities: alone(&person(61)), trusting_period },
        guardians: louver_core::ledger::Guardians { quorum: Some(alone(&person(8))), delay: 1 },
        fee_account: issuer.into(),
        assets: vec![asset],
        ..terms
    })
    .unwrap()
}
