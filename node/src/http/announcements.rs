//! `[announcement]` The announcements of an account, for those who hold it to them.

use axum::{Json, extract::State};
use louver_chain::{
    Account,
    announcement::{self, AnnouncementKind, AnnouncementTopic},
    state::opening::Question,
};
use louver_client::api::{Refusal, view};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    Shared,
    error::ApiError,
    extract::{Asked, Part},
    proof::proof,
};

/// The most announcements in one answer.
const MOST: usize = 256;

/// Which announcements of an account.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(inline)]
pub(crate) struct About {
    /// The kind: `log-head` or `reserves`.
    kind: String,
    /// The subject, 32 bytes in hex.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    subject: String,
    /// The index of the first; 0 is the first that there is.
    #[serde(default)]
    from: u64,
    /// The height of the head that the reader trusts. The count and the head of their chain are proven then.
    head: Option<u32>,
}

pub(crate) async fn list(
    State(shared): State<Shared>,
    Part(text): Part<String>,
    Asked(About { kind: word, subject: named, from, head }): Asked<About>,
) -> Result<Json<view::Announcements>, ApiError> {
    let announcer: Account =
        text.parse().map_err(|error| ApiError::bad_request(Refusal::AccountInvalid, error))?;
    let wrong = |message: &str| ApiError::bad_request(Refusal::QueryInvalid, message);
    let kind = AnnouncementKind::from_word(&word)
        .ok_or_else(|| wrong("the kind of an announcement is log-head or reserves"))?;
    let mut subject = [0; 32];
    hex::decode_to_slice(&named, &mut subject).map_err(|_| wrong("a subject is 64 hexadecimal digits"))?;
    let topic = AnnouncementTopic { kind, announcer, subject };
    shared
        .read(move |engine| {
            let chain = engine.chain();
            let state = chain.ledger().state();
            let announced = announcement::announced(&state, &topic)?;
            let found = announcement::announcements(&state, &topic, from, MOST)?;
            let entry = |found: &announcement::Announcement| view::Announcement {
                height: found.height,
                hash: hex::encode(found.hash),
            };
            Ok(Json(view::Announcements {
                account: announcer.to_string(),
                kind: kind.word().to_owned(),
                subject: hex::encode(subject),
                count: announced.count.to_string(),
                chained: hex::encode(announced.head),
                announcements: found.iter().map(entry).collect(),
                proof: proof(&chain, head, [Question::Announced(topic)])?,
            }))
        })
        .await
}
