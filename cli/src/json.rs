//! `[json-command]`: the messages of `--json`: one schema for each kind of object, with a version. The book's chapter on JSON
//! has the rules.

use schemars::JsonSchema;
use serde::Serialize;

pub(crate) mod audit;
pub(crate) mod demo;
pub(crate) mod quantity;
pub(crate) mod transaction;
pub(crate) mod wallet;

/// An object that a command prints.
pub(crate) trait Message: Serialize + JsonSchema {
    /// The name of its schema, with the version, as in `louver.balance/1`.
    const SCHEMA: &'static str;
}

/// A message under the name of its schema.
#[derive(Serialize)]
struct Named<'a, M> {
    schema: &'static str,
    #[serde(flatten)]
    message: &'a M,
}

/// A message as one line.
pub(crate) fn line<M: Message>(message: &M) -> String {
    let named = Named { schema: M::SCHEMA, message };
    serde_json::to_string(&named).unwrap_or_else(|error| format!("{{\"unwritten\":\"{error}\"}}"))
}

/// A message with line breaks, as files have it.
pub(crate) fn pretty<M: Message>(message: &M) -> String {
    let named = Named { schema: M::SCHEMA, message };
    serde_json::to_string_pretty(&named).unwrap_or_else(|error| format!("{{\"unwritten\":\"{error}\"}}"))
}

macro_rules! messages {
    ($($name:literal => $message:ty,)*) => {
        $(impl Message for $message {
            const SCHEMA: &'static str = concat!("louver.", $name);
        })*

        /// The schemas of all messages, each under its name.
        #[cfg(test)]
        fn schemas() -> serde_json::Value {
            let mut generator = schemars::SchemaGenerator::new(
                schemars::generate::SchemaSettings::draft2020_12().for_serialize(),
            );
            let mut named = serde_json::Map::new();
            $(named.insert(<$message>::SCHEMA.to_owned(), tests::named::<$message>(&mut generator));)*
            tests::document(named, generator.take_definitions(true))
        }
    };
}

messages! {
    "error/1" => crate::exit::ErrorMessage,
    "wallet-created/1" => wallet::Created,
    "wallet-restored/1" => wallet::Restored,
    "wallet-info/1" => wallet::Info,
    "phrase/1" => wallet::Phrase,
    "passphrase-changed/1" => wallet::PassphraseChanged,
    "accounts/1" => wallet::Accounts,
    "account-added/1" => wallet::AccountAdded,
    "address/1" => wallet::Address,
    "sync/1" => wallet::Synced,
    "balance/1" => wallet::Balances,
    "transaction/1" => transaction::Transaction,
    "transparent-account/1" => wallet::TransparentAccount,
    "announcements/1" => wallet::Announcements,
    "contacts/1" => wallet::Contacts,
    "payment-request/1" => wallet::Request,
    "plan/1" => transaction::Plan,
    "rounds/1" => transaction::Rounds,
    "submission/1" => transaction::Submission,
    "abandoned/1" => transaction::Abandoned,
    "operation/1" => transaction::Operation,
    "grant/1" => audit::Granted,
    "disclosure/1" => audit::Disclosed,
    "book/1" => audit::BookWritten,
    "statement-made/1" => audit::StatementWritten,
    "disclosures/1" => audit::Disclosures,
    "disclosure-preview/1" => audit::DisclosurePreview,
    "liabilities/1" => audit::LiabilitiesWritten,
    "inclusion/1" => audit::InclusionChecked,
    "reserves/1" => audit::ReservesChecked,
    "offline-proof/1" => audit::ProofWritten,
    "auditor-key/1" => audit::AuditorKey,
    "grant-opened/1" => audit::GrantOpened,
    "challenge/1" => audit::ChallengeWritten,
    "receipt/1" => audit::ReceiptRead,
    "travel-rule/1" => louver_viewkeys::travel_rule::Report,
    "node/1" => demo::NodeStarted,
    "demo-web/1" => demo::WebStarted,
    "demo-step/1" => demo::Step,
    "demo-check/1" => demo::Check,
    "demo-attack/1" => demo::Attack,
    "demo-show/1" => demo::Shown,
    "demo-end/1" => demo::End,
    "facts/1" => crate::inspect::Facts,
}

#[cfg(test)]
mod tests;
