//! The reasons for which a node refuses.

use core::fmt;

use serde::{Deserialize, Serialize};

macro_rules! refusals {
    ($($(#[doc = $meaning:literal])+ $name:ident = $code:literal,)*) => {
        /// Why a node refused: one code for each rule that can be broken. The code is the one in the API's JSON, and
        /// never changes.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        #[non_exhaustive]
        pub enum Refusal {
            $($(#[doc = $meaning])+ $name,)*
            /// A code that this version does not know.
            Other(String),
        }

        impl Refusal {
            /// Every refusal that has a code of its own.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The meaning of the code, in a sentence. For an unknown code, the sentence says that it is unknown.
            pub fn meaning(&self) -> &'static str {
                match self {
                    $(Self::$name => concat!($($meaning),+).trim_ascii(),)*
                    Self::Other(_) => "A code that this version does not know.",
                }
            }

            /// The code, as the API writes it.
            pub fn code(&self) -> &str {
                match self {
                    $(Self::$name => $code,)*
                    Self::Other(code) => code,
                }
            }
        }

        impl From<String> for Refusal {
            fn from(code: String) -> Self {
                match code.as_str() {
                    $($code => Self::$name,)*
                    _ => Self::Other(code),
                }
            }
        }
    };
}

refusals! {
    /// A text is not a transparent account.
    AccountInvalid = "account_invalid",
    /// The act would change nothing: what it says holds already.
    ActChangesNothing = "act_changes_nothing",
    /// The act is about a number that is not the next one, or that was never given out.
    ActNumber = "act_number",
    /// The guardians or authorities have changed since the act was signed.
    ActOutdated = "act_outdated",
    /// The act is not signed by as many guardians or authorities as it takes.
    ActSigners = "act_signers",
    /// A text is not a positive amount of 64 bits, or the amount does not cover its fee.
    AmountInvalid = "amount_invalid",
    /// An account would hold more than 64 bits of an asset.
    AmountOverflow = "amount_overflow",
    /// The proof's anchor is too old: make the transaction again.
    AnchorTooOld = "anchor_too_old",
    /// The proof's anchor is not of the node's chain.
    AnchorUnknown = "anchor_unknown",
    /// A text is not an asset's id.
    AssetInvalid = "asset_invalid",
    /// There is no such asset.
    AssetUnknown = "asset_unknown",
    /// The auditor key of the transaction has ended: the wallet makes it anew, for the present key.
    AuditorEnded = "auditor_ended",
    /// The committee of an auditor key does not show that all its members generated the key for this chain, pool and number.
    AuditorEntry = "auditor_entry",
    /// Guardians never entered the auditor key that the transaction names.
    AuditorUnknown = "auditor_unknown",
    /// The node does not have the keys by which the new authorities would seal the block.
    AuthorityKeysMissing = "authority_keys_missing",
    /// The node does not keep bodies of blocks that old. Another node may have them.
    BlockPruned = "block_pruned",
    /// The node may lack blocks that were sealed from its folder, so it makes none. Another node may take the transaction.
    BlocksMissing = "blocks_missing",
    /// The body of the request cannot be read.
    BodyInvalid = "body_invalid",
    /// The body of the request is too large.
    BodyTooLarge = "body_too_large",
    /// The node has too much to do. Trying again helps.
    Busy = "busy",
    /// The node's clock is wrong, so it makes no block. Trying again helps, once its operator has set it right.
    ClockWrong = "clock_wrong",
    /// The transaction was made for another chain, or for another description of its assets.
    ContextMismatch = "context_mismatch",
    /// The node has evidence against those who make the chain's blocks, and goes no further: nothing of the chain can be trusted.
    Convicted = "convicted",
    /// The number of blocks is not one that a request may ask for.
    CountInvalid = "count_invalid",
    /// The transaction announces more values than it has bytes.
    CountTooLarge = "count_too_large",
    /// It is not a development chain.
    DevelopmentOnly = "development_only",
    /// An element of Ristretto255 is the identity.
    ElementIsIdentity = "element_is_identity",
    /// The bytes do not encode an element of Ristretto255.
    ElementNotCanonical = "element_not_canonical",
    /// The chain has ended: it has had all its epochs.
    EndOfEpochs = "end_of_epochs",
    /// The epoch has not begun.
    EpochNotYet = "epoch_not_yet",
    /// The epoch is over.
    EpochOver = "epoch_over",
    /// No block can take the transaction any more.
    Expired = "expired",
    /// The expiry is not one that wallets choose.
    ExpiryBucket = "expiry_bucket",
    /// The chain's last epoch takes withdrawals only.
    LastEpoch = "last_epoch",
    /// The pool takes no fees in that asset.
    FeeAsset = "fee_asset",
    /// The transaction pays no fee.
    FeeMissing = "fee_missing",
    /// The fee is less than the pool takes.
    FeeTooLow = "fee_too_low",
    /// A field element is not written in its only form.
    FieldNotCanonical = "field_not_canonical",
    /// The node follows another one: it makes no blocks and gives no money away.
    FollowsOnly = "follows_only",
    /// A page of another machine may not drive a development chain.
    ForeignPage = "foreign_page",
    /// Too many changes of authorities lie between the head and the newest one for one answer: ask for the newest head first.
    HeadOutdated = "head_outdated",
    /// The node has no block of the head's height: it is behind.
    HeadUnknown = "head_unknown",
    /// There is no such block yet.
    HeightUnknown = "height_unknown",
    /// The payer did not authorise the deposit.
    HostAuthorization = "host_authorization",
    /// The recipient of a withdrawal cannot be credited.
    HostCredit = "host_credit",
    /// The transparent account of a deposit does not hold that much.
    HostDebit = "host_debit",
    /// A text is not an id.
    IdInvalid = "id_invalid",
    /// The transparent account does not hold that much.
    InsufficientBalance = "insufficient_balance",
    /// The node failed.
    Internal = "internal",
    /// The proving key is being made. Trying again helps.
    KeyBeingMade = "key_being_made",
    /// The node does not have the keys of the transaction's rules version. Nothing is lost: another node may take it.
    KeysMissing = "keys_missing",
    /// Everybody has the key: it is one of development chains.
    KeyPublic = "key_public",
    /// Another transaction that waits for a block excludes this one.
    MempoolConflict = "mempool_conflict",
    /// Too many transactions wait for a block. Trying again helps.
    MempoolFull = "mempool_full",
    /// The node does not answer this method at that path.
    MethodNotAllowed = "method_not_allowed",
    /// The node does not hand out this key.
    NoSuchKey = "no_such_key",
    /// No block waits for seals, or none that goes on the last block of whoever asks.
    NoProposal = "no_proposal",
    /// The node does not answer at that path.
    NoSuchPath = "no_such_path",
    /// The operation's number is not the account's next one.
    NonceWrong = "nonce_wrong",
    /// The key is not one of the chain's authorities in office.
    NotAuthority = "not_authority",
    /// The transaction is not written in its only form.
    NotCanonical = "not_canonical",
    /// The account did not register the asset.
    NotIssuer = "not_issuer",
    /// A note is spent already.
    NullifierKnown = "nullifier_known",
    /// The transaction spends a note twice.
    NullifierRepeated = "nullifier_repeated",
    /// A number is out of its range.
    OutOfRange = "out_of_range",
    /// A part of the path cannot be read.
    PathInvalid = "path_invalid",
    /// A point is not written in its only form.
    PointNotCanonical = "point_not_canonical",
    /// A point is not of the prime-order subgroup.
    PointNotInSubgroup = "point_not_in_subgroup",
    /// A point is not on its curve.
    PointNotOnCurve = "point_not_on_curve",
    /// A point is of small order.
    PointOfSmallOrder = "point_of_small_order",
    /// The transaction is of another pool.
    PoolMismatch = "pool_mismatch",
    /// More nullifiers begin with these bits than an answer has: ask for more bits.
    PrefixTooShort = "prefix_too_short",
    /// The proof is not valid.
    ProofInvalid = "proof_invalid",
    /// The query cannot be read.
    QueryInvalid = "query_invalid",
    /// The range is empty or past the end.
    RangeInvalid = "range_invalid",
    /// The asset cannot be registered like this.
    RegistrationRefused = "registration_refused",
    /// The rules of the transaction are not in force yet.
    RulesNotYet = "rules_not_yet",
    /// The rules of the transaction were switched off.
    RulesOff = "rules_off",
    /// The chain has no such rules.
    RulesUnknown = "rules_unknown",
    /// The rules do not allow this shape.
    ShapeNotAllowed = "shape_not_allowed",
    /// A signature is not valid.
    SignatureInvalid = "signature_invalid",
    /// A seal, or a question for a block to seal, is not signed by its key.
    SealInvalid = "seal_invalid",
    /// The block that was made waits for the seals of authorities on other machines. Nothing is lost.
    SealsAwaited = "seals_awaited",
    /// The chain's state has not taken in so many snapshots.
    SnapshotUnknown = "snapshot_unknown",
    /// The node that this one follows does not answer, so the transaction was not taken. Trying again helps.
    SourceUnreachable = "source_unreachable",
    /// The node's storage fails, and nothing was changed. Trying again later helps.
    StorageFailing = "storage_failing",
    /// The request took too long.
    Timeout = "timeout",
    /// Too many large answers wait to be read by the client. Reading them helps.
    TooManyAnswers = "too_many_answers",
    /// Too many ids are asked for at once.
    TooManyIds = "too_many_ids",
    /// Too many operations of one account wait for a block.
    TooManyOperations = "too_many_operations",
    /// Too many transactions of the client were refused lately. Waiting helps.
    TooManyRefusals = "too_many_refusals",
    /// Too many requests of the client are under way. Waiting helps.
    TooManyRequests = "too_many_requests",
    /// Too many streams are open. Trying again helps.
    TooManyStreams = "too_many_streams",
    /// More bytes follow the transaction.
    TrailingBytes = "trailing_bytes",
    /// The commitment tree is full.
    TreeFull = "tree_full",
    /// The pool does not hold that much of the asset.
    TurnstileEmpty = "turnstile_empty",
    /// The pool would hold more than 64 bits of the asset.
    TurnstileOverflow = "turnstile_overflow",
    /// The transaction ends early.
    UnexpectedEnd = "unexpected_end",
    /// An unknown kind.
    UnknownTag = "unknown_tag",
}

impl From<Refusal> for String {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Other(code) => code,
            refusal => refusal.code().to_owned(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Refusal {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Refusal".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let known = Self::ALL
            .iter()
            .map(|refusal| serde_json::json!({ "const": refusal.code(), "description": refusal.meaning() }));
        let other = Self::Other(String::new());
        let other = serde_json::json!({ "type": "string", "description": other.meaning() });
        schemars::json_schema!({
            "description": "The reason of a refusal. A later version may have more codes.",
            "anyOf": known.chain([other]).collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_node_writes_a_client_reads() {
        for refusal in Refusal::ALL {
            assert_eq!(&Refusal::from(refusal.code().to_owned()), refusal);
            assert!(refusal.meaning().ends_with('.'), "{refusal}");
            assert!(refusal.code().bytes().all(|c| c.is_ascii_lowercase() || c == b'_'), "{refusal}");
        }
        let later = "of_a_later_version".to_owned();
        assert_eq!(Refusal::from(later.clone()), Refusal::Other(later));
    }
}
