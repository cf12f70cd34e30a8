//! Every path of the API: what answers there, and what the description says of it. Both are stated here alone.

use axum::{
    handler::Handler,
    routing::{self, MethodRouter},
};
use louver_circuits::circuit::CircuitId;
use louver_client::api::{
    path,
    view::{self, ACCOUNT, HASH},
};
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Value, json};

use super::{
    Shared, announcements, cosigning, development, keys, ledger, openapi, proof, snapshots, stream,
    submission,
};

/// A path, a method, what answers, and what the description says.
pub(crate) struct Route {
    pub(crate) path: &'static str,
    pub(crate) method: &'static str,
    pub(crate) answer: MethodRouter<Shared>,
    pub(crate) summary: &'static str,
    /// The schema of the part of the path in braces.
    pub(crate) part: Option<Value>,
    /// The schema of the query.
    pub(crate) query: Option<fn(&mut SchemaGenerator) -> Value>,
    pub(crate) body: Option<Content>,
    pub(crate) answers: Vec<Answer>,
    pub(crate) may_refuse: bool,
}

/// An answer that a route can give.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) meaning: &'static str,
    pub(crate) content: Option<Content>,
    /// The headers that let a client keep what it has, and what the tag stands for.
    pub(crate) tag: Option<&'static str>,
}

/// The ground on which a reader may rely on an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vouched {
    /// A proof under a head that the reader trusts.
    Head,
    /// A hash that genesis or such a proof names.
    Hash,
    /// Nothing but the node's word.
    Unproven,
}

impl Vouched {
    /// The value of `x-vouched`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Hash => "hash",
            Self::Unproven => "unproven",
        }
    }
}

/// The form of a body.
#[derive(Clone, Copy)]
pub(crate) enum Content {
    /// Canonical encodings of the protocol, and what vouches for them.
    Binary(Vouched),
    /// JSON of one of the types in [`view`].
    Json(fn(&mut SchemaGenerator) -> Value),
    /// A JSON object that other specifications describe.
    Object,
}

fn json_of<T: JsonSchema>() -> Content {
    Content::Json(openapi::schema::<T>)
}

fn get<H: Handler<T, Shared>, T: 'static>(path: &'static str, handler: H, summary: &'static str) -> Route {
    Route::new(path, "get", routing::get(handler), summary)
}

fn post<H: Handler<T, Shared>, T: 'static>(path: &'static str, handler: H, summary: &'static str) -> Route {
    Route::new(path, "post", routing::post(handler), summary)
}

impl Route {
    fn new(
        path: &'static str,
        method: &'static str,
        answer: MethodRouter<Shared>,
        summary: &'static str,
    ) -> Self {
        Self {
            path,
            method,
            answer,
            summary,
            part: None,
            query: None,
            body: None,
            answers: Vec::new(),
            may_refuse: true,
        }
    }

    /// The form of the part of the path in braces.
    fn part(self, schema: Value) -> Self {
        Self { part: Some(schema), ..self }
    }

    /// The parameters behind the question mark.
    fn query<Q: JsonSchema>(self) -> Self {
        Self { query: Some(openapi::schema::<Q>), ..self }
    }

    fn takes(self, content: Content) -> Self {
        Self { body: Some(content), ..self }
    }

    fn answers(mut self, status: u16, meaning: &'static str, content: Option<Content>) -> Self {
        self.answers.push(Answer { status, meaning, content, tag: None });
        self
    }

    fn gives(self, meaning: &'static str, content: Content) -> Self {
        self.answers(200, meaning, Some(content))
    }

    /// The answer can be kept, and is not sent again to a client that names its tag.
    fn tagged(mut self, tag: &'static str) -> Self {
        if let Some(last) = self.answers.last_mut() {
            last.tag = Some(tag);
        }
        self.answers(304, "The client has it, as it says in If-None-Match", None)
    }

    /// It answers whatever happens.
    fn never_refuses(self) -> Self {
        Self { may_refuse: false, ..self }
    }
}

/// Every route of the API.
pub(crate) fn routes() -> Vec<Route> {
    let text = |meaning: &str, pattern: &str| json!({ "type": "string", "description": meaning, "pattern": pattern });
    let id = || text("A transaction's id, 32 bytes in hex", HASH);
    let account = || text("A transparent account, bech32m", ACCOUNT);
    let height =
        || json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX, "description": "A block's height" });
    let circuit = || {
        let names: Vec<&str> = CircuitId::all().map(CircuitId::name).collect();
        json!({ "type": "string", "description": "The circuit's name", "enum": names })
    };
    vec![
        get(path::STATUS, ledger::status, "The chain's state")
            .query::<proof::Trusted>()
            .gives("The state", json_of::<view::Status>()),
        get(path::HEAD, proof::head, "The way from a head to the newest one: at most 64 steps")
            .query::<proof::Trusted>()
            .gives(
                "The steps, without records of the state. A reader who moved asks again",
                Content::Binary(Vouched::Head),
            ),
        get(
            path::HEADERS,
            proof::headers,
            "Sealed headers, for those who follow every block: frames of a length (4 bytes, little-endian) and a step to \
             the block from the one before it",
        )
        .query::<proof::HeaderSpan>()
        .gives("The frames, at most 1,000", Content::Binary(Vouched::Head)),
        get(path::HISTORY, proof::history, "The header of a height, and its place under a head")
            .part(height())
            .query::<proof::Trusted>()
            .gives(
                "The header; then 0 if it is the head, or 1 and the path to it from the head's history root",
                Content::Binary(Vouched::Head),
            ),
        get(path::AUTHORITIES, proof::authorities, "The authorities in the state after a block, for a reader who chose it")
            .part(height())
            .gives(
                "The record of the authorities, with its way to the block's state root",
                Content::Binary(Vouched::Hash),
            ),
        get(path::GENESIS, ledger::genesis, "The chain's genesis")
            .gives("The genesis", json_of::<view::Genesis>()),
        post(
            path::TRANSACTIONS,
            submission::submit,
            "Submits a transaction: its kind (1 shielded, 2 transparent) and its canonical encoding. Submitting again \
             changes nothing",
        )
        .takes(Content::Binary(Vouched::Unproven))
        .answers(
            202,
            "It waits for a block, or is known already. What waits is written to disk every few seconds and when the \
             node stops; a node that is killed in between, or whose disk is full, loses it. Submit it again until it \
             stands in a block",
            Some(json_of::<view::Submitted>()),
        ),
        get(path::TRANSACTION, submission::state, "Where a transaction is")
            .part(id())
            .gives("The state", json_of::<view::TransactionState>()),
        get(path::BLOCK, ledger::block, "A whole block, in its canonical encoding")
            .part(height())
            .gives("The block", Content::Binary(Vouched::Head)),
        get(
            path::COMPACT_BLOCKS,
            stream::compact_blocks,
            "Compact blocks as a stream of frames: length (4 bytes, little-endian) and the block's canonical encoding",
        )
        .query::<stream::Span>()
        .gives("The frames. A stream ends after a time; the rest can be asked for", Content::Binary(Vouched::Head)),
        get(path::TREE, ledger::tree, "The commitment tree after a block")
            .part(height())
            .gives("The tree", json_of::<view::Tree>()),
        get(path::SUBTREE_ROOTS, ledger::subtree_roots, "Roots of complete subtrees")
            .query::<ledger::Roots>()
            .gives("The roots", json_of::<view::SubtreeRoots>()),
        get(
            path::SNAPSHOTS,
            snapshots::list,
            "The snapshots of notes and nullifiers, each as things stood when an epoch and its grace were over",
        )
        .query::<snapshots::SnapshotPage>()
        .gives("At most 64 snapshots", json_of::<view::Snapshots>()),
        get(
            path::BUCKET,
            snapshots::bucket,
            "The nullifiers of a snapshot that begin alike, each with its place and its path to the root, and the one below \
             them: at least 1,024 or all there are, at most 8,192. Fewer bits than asked for count where that takes it",
        )
        .part(json!({
            "type": "integer", "minimum": 0, "maximum": u32::MAX,
            "description": "The snapshot's place among all snapshots; the first is 0",
        }))
        .query::<snapshots::Beginning>()
        .gives(
            "The bucket, in its canonical encoding. Its paths lead to the snapshot's root of nullifiers",
            Content::Binary(Vouched::Head),
        ),
        get(path::ACTS, ledger::acts, "The acts of guardians and authorities, in the order in which the chain took them")
            .query::<ledger::ActPage>()
            .gives("At most 256 acts", json_of::<view::Acts>()),
        get(path::ASSETS, ledger::assets, "The asset registry")
            .query::<ledger::AssetPage>()
            .gives("The assets", json_of::<view::Assets>()),
        get(path::SUPPLY, ledger::supply, "How much there is of each asset, and where")
            .query::<ledger::AssetPage>()
            .gives("The supply", json_of::<view::Supply>()),
        get(path::ACCOUNT, ledger::account, "What a transparent account holds")
            .part(account())
            .query::<ledger::Holdings>()
            .gives("The account", json_of::<view::AccountView>()),
        get(
            path::ANNOUNCEMENTS,
            announcements::list,
            "The announcements of a transparent account of a kind about a subject",
        )
        .part(account())
        .query::<announcements::About>()
        .gives("At most 256 announcements, and what is proven of all of them", json_of::<view::Announcements>()),
        get(path::PARAMETERS, ledger::parameters, "The circuits and their verifying keys")
            .gives("The parameters", json_of::<view::Parameters>()),
        get(
            path::PROVING_KEY,
            keys::part,
            "A part of a compressed proving key, if this node hands them out. A key that is being made answers 503 \
             `key_being_made` with Retry-After",
        )
        .part(circuit())
        .query::<keys::Span>()
        .gives(
            "The length of the whole compressed key, 4 bytes little-endian, and the bytes of the part",
            Content::Binary(Vouched::Hash),
        )
        .tagged("The hash of the key that it expands to, in hex"),
        get(
            path::VERIFYING_KEY,
            keys::verifying,
            "A verifying key, if this node hands it out. A client checks its hash, which genesis names",
        )
        .part(circuit())
        .query::<keys::Rules>()
        .gives("The file of the key", Content::Binary(Vouched::Hash))
        .tagged("The hash of the key, in hex"),
        post(
            path::PROPOSAL,
            cosigning::proposal,
            "The block that waits for seals, for an authority of the chain: its question is signed by its key. Waits for one \
             for up to a quarter of the time that a request has",
        )
        .takes(Content::Binary(Vouched::Unproven))
        .gives("The block, in its canonical encoding. It is not final", Content::Binary(Vouched::Unproven)),
        post(
            path::SEALS,
            cosigning::seals,
            "Takes an authority's seals of the block that waits for them. With the last one that is needed, the block is final",
        )
        .takes(Content::Binary(Vouched::Unproven))
        .gives("Taken", json_of::<view::SealsTaken>()),
        post(path::FAUCET, development::faucet, "Gives money away (development chains only)")
            .takes(json_of::<view::FaucetRequest>())
            .answers(202, "It waits for a block", Some(json_of::<view::Submitted>())),
        post(
            path::SWITCH_OFF,
            development::switch_off,
            "Throws the off-switch of a rules version, from the block that takes the guardian's act (development chains only)",
        )
        .takes(json_of::<view::SwitchOffRequest>())
        .answers(202, "It waits for a block", Some(json_of::<view::Submitted>())),
        post(path::BLOCKS, development::produce, "Makes blocks now (development chains only)")
            .takes(json_of::<view::ProduceRequest>())
            .gives("Made", json_of::<view::Produced>()),
        get(path::OPENAPI, openapi::answer, "This description").gives("The description", Content::Object),
        get(path::HEALTH, ledger::health, "Whether the node is alive")
            .answers(204, "It is", None)
            .never_refuses(),
        get(path::READY, ledger::ready, "Whether the node takes transactions and makes blocks")
            .gives("It does", json_of::<view::Readiness>())
            .answers(503, "It does not, and why", Some(json_of::<view::Readiness>()))
            .never_refuses(),
    ]
}
