//! `[refusals]`: the rule of the book that each refusal of a disclosure is by. A verdict's words are for people; the rule's
//! identifier is for programs, and leads to the rule's text.

use louver_chain::act::AuditorEntryError;
use louver_circuits::disclosure::DisclosureProveError;
use louver_core::{disclosure::DisclosureViolation, encoding::DecodeError, keys::SigningError};

use crate::{
    audit::{AuditError, StateError},
    book::{BookError, BookFinding, MakeBookError},
    challenge::{ChallengeError, Shortfall},
    committee::CommitteeError,
    grant::{GrantError, IssueError},
    package::{MakeError, PackageError},
    receipt::ReceiptError,
    reserves::BackingError,
    signed::{DraftError, EnvelopeError, OpenError, TermsError},
    statement::StatementError,
    travel_rule::{Coverage, MarkError, PayloadError, RecordError, Standing},
};

/// Something that may refuse a disclosure by a rule of the book.
pub trait Refusal {
    /// The identifier of the rule, without brackets. `None` if nothing is refused by a rule, such as when work was stopped.
    fn rule(&self) -> Option<&'static str>;
}

impl Refusal for DecodeError {
    fn rule(&self) -> Option<&'static str> {
        Some("decode-faults") // [decode-faults]
    }
}

impl Refusal for AuditorEntryError {
    fn rule(&self) -> Option<&'static str> {
        Some("auditor-entry") // [auditor-entry]
    }
}

impl Refusal for BackingError {
    fn rule(&self) -> Option<&'static str> {
        Some(match self {
            Self::OtherChain(_) => "reserves-chain",           // [reserves-chain]
            Self::OtherAsset { .. } => "reserves-asset",       // [reserves-asset]
            Self::OtherSnapshot { .. } => "reserves-snapshot", // [reserves-snapshot]
            Self::Twice(_) => "reserves-once",                 // [reserves-once]
            Self::NotOfTheDebtor(_) => "reserves-debtor",      // [reserves-debtor]
            Self::TooLittle { .. } => "reserves-covered",      // [reserves-covered]
        })
    }
}

impl Refusal for OpenError {
    fn rule(&self) -> Option<&'static str> {
        Some(match self {
            Self::Decrypt => "seal-key",           // [seal-key]
            Self::NoKey => "seal-closed",          // [seal-closed]
            Self::TooLarge => "seal-size",         // [seal-size]
            Self::Contents(_) => "envelope-form",  // [envelope-form]
            Self::OtherReader(_) => "seal-reader", // [seal-reader]
        })
    }
}

impl Refusal for EnvelopeError {
    fn rule(&self) -> Option<&'static str> {
        Some(match self {
            Self::OtherChain => "envelope-chain",          // [envelope-chain]
            Self::OtherPool => "envelope-pool",            // [envelope-pool]
            Self::OtherAccount => "envelope-account",      // [envelope-account]
            Self::OtherReader { .. } => "envelope-reader", // [envelope-reader]
            Self::Nonce => "envelope-nonce",               // [envelope-nonce]
            Self::EmptyNonce => "envelope-zeros",          // [envelope-zeros]
            Self::NotYet(_) => "envelope-date",            // [envelope-date]
            Self::Expired(_) => "envelope-expired",        // [envelope-expired]
            Self::Signature => "envelope-signature",       // [envelope-signature]
            Self::Challenge(error) => return error.rule(),
            Self::Less(shortfall) => return shortfall.rule(),
        })
    }
}

impl Refusal for TermsError {
    fn rule(&self) -> Option<&'static str> {
        match self {
            Self::Challenge(error) => error.rule(),
            Self::Less(shortfall) => shortfall.rule(),
            Self::TextTooLong(_)
            | Self::NoReader
            | Self::Recipient
            | Self::OtherReader
            | Self::NoValidity => Some("envelope-terms"), // [envelope-terms]
        }
    }
}

impl Refusal for ChallengeError {
    fn rule(&self) -> Option<&'static str> {
        Some(match self {
            Self::OtherChain => "challenge-chain",    // [challenge-chain]
            Self::OtherPool => "challenge-pool",      // [challenge-pool]
            Self::Signature => "challenge-signature", // [challenge-signature]
            Self::NotYours => "challenge-own",        // [challenge-own]
            Self::Name => "challenge-name",           // [challenge-name]
        })
    }
}

impl Refusal for Shortfall {
    fn rule(&self) -> Option<&'static str> {
        Some(match self {
            Self::Kind => "answer-kind",             // [answer-kind]
            Self::Epochs => "answer-epochs",         // [answer-epochs]
            Self::Directions => "answer-directions", // [answer-directions]
            Self::NoPayment => "answer-payments",    // [answer-payments]
            Self::Amount { .. } => "answer-amount",  // [answer-amount]
            Self::Address => "answer-address",       // [answer-address]
            Self::Note => "answer-note",             // [answer-note]
            Self::Asset { .. } => "answer-asset",    // [answer-asset]
            Self::Stated { .. } => "answer-stated",  // [answer-stated]
            Self::Older { .. } => "answer-older",    // [answer-older]
        })
    }
}

impl Refusal for GrantError {
    fn rule(&self) -> Option<&'static str> {
        match self {
            Self::Envelope(error) => error.rule(),
            Self::Unproven { .. } => Some("grant-proof"), // [grant-proof]
            Self::Rules(_) => Some("disclosure-rules"),   // [disclosure-rules]
        }
    }
}

impl Refusal for IssueError {
    fn rule(&self) -> Option<&'static str> {
        match self {
            Self::Terms(error) => error.rule(),
            Self::Signing(error) => error.rule(),
            Self::Prove(error) => error.rule(),
        }
    }
}

impl Refusal for SigningError {
    fn rule(&self) -> Option<&'static str> {
        Some("signing-account") // [signing-account]
    }
}

impl Refusal for DraftError {
    fn rule(&self) -> Option<&'static str> {
        match self {
            Self::Signing(error) => error.rule(),
            // The program that made the proofs is at fault, not what they say.
            Self::Proofs { .. } => None,
        }
    }
}

impl Refusal for DisclosureProveError {
    fn rule(&self) -> Option<&'static str> {
        match self {
            Self::Violation(violation) => violation.rule(),
            Self::Prove(_) | Self::Keys(_) => None,
        }
    }
}

/// A statement that is not true of the account: no proof of it exists.
impl Refusal for DisclosureViolation {
    fn rule(&self) -> Option<&'static str> {
        Some(match self {
            Self::AccountId => "statement-account", // [statement-account]
            Self::NullifierKey(_) => "statement-nullifier-key", // [statement-nullifier-key]
            Self::SpendTag => "statement-payer",    // [statement-payer]
            Self::Commitment => "statement-commitment", // [statement-commitment]
            Self::OwnerTag => "statement-owner",    // [statement-owner]
            Self::Own => "statement-own",           // [statement-own]
            Self::ShownAsset => "statement-asset",  // [statement-asset]
            Self::ShownValue => "statement-value",  // [statement-value]
            Self::Threshold => "statement-threshold", // [statement-threshold]
            _ => "statement-truth",                 // [statement-truth]
        })
    }
}

impl Refusal for StatementError {
    fn rule(&self) -> Option<&'static str> {
        Some(match self {
            Self::Envelope(error) => return error.rule(),
            Self::NoSnapshot { .. } => "stated-snapshot", // [stated-snapshot]
            Self::NoBlock { .. } => "stated-block",       // [stated-block]
            Self::NotOnLedger { .. } => "stated-place",   // [stated-place]
            Self::NoSuchOutput => "stated-output",        // [stated-output]
            Self::Unproven { .. } => "stated-proof",      // [stated-proof]
            Self::Rules { .. } => "disclosure-rules",     // [disclosure-rules]
        })
    }
}

impl Refusal for PackageError {
    fn rule(&self) -> Option<&'static str> {
        Some(match self {
            Self::Envelope(error) => return error.rule(),
            Self::NotOnLedger { .. } => "package-place", // [package-place]
            Self::Repeated { .. } => "package-twice",    // [package-twice]
            Self::NoSuchOutput { .. } => "package-output", // [package-output]
            Self::Commitment { .. } => "package-opening", // [package-opening]
            Self::NoCrossing { .. } => "package-crossing", // [package-crossing]
            Self::Unproven { .. } => "package-proof",    // [package-proof]
            Self::Rules { .. } => "disclosure-rules",    // [disclosure-rules]
        })
    }
}

impl Refusal for MakeError {
    fn rule(&self) -> Option<&'static str> {
        Some(match self {
            Self::Terms(error) => return error.rule(),
            Self::Signing(error) => return error.rule(),
            Self::Prove(error) => return error.rule(),
            Self::Empty => "package-empty",         // [package-empty]
            Self::TooMany => "package-most",        // [package-most]
            Self::Repeated => "package-twice",      // [package-twice]
            Self::OtherPool => "package-pool",      // [package-pool]
            Self::NotReceived => "package-receipt", // [package-receipt]
            Self::Own => "package-change",          // [package-change]
            Self::NotPaid => "package-payer",       // [package-payer]
            Self::Less => "package-threshold",      // [package-threshold]
        })
    }
}

impl Refusal for BookError {
    fn rule(&self) -> Option<&'static str> {
        Some(match self {
            Self::Envelope(error) => return error.rule(),
            Self::OtherScan => "book-scan",        // [book-scan]
            Self::OtherBefore => "book-before",    // [book-before]
            Self::NotOnLedger(_) => "book-place",  // [book-place]
            Self::Repeated(_) => "book-twice",     // [book-twice]
            Self::Shape(_) => "book-shape",        // [book-shape]
            Self::Commitment(_) => "book-opening", // [book-opening]
            Self::NotBefore(_) => "book-earlier",  // [book-earlier]
            Self::Unbalanced(_) => "book-balance", // [book-balance]
            Self::Unproven(_) => "book-proof",     // [book-proof]
            Self::Rules(..) => "disclosure-rules", // [disclosure-rules]
        })
    }
}

impl Refusal for MakeBookError {
    fn rule(&self) -> Option<&'static str> {
        Some(match self {
            Self::Terms(error) => return error.rule(),
            Self::Signing(error) => return error.rule(),
            Self::Prove(error) => return error.rule(),
            Self::Scope(_) | Self::Cancelled => return None,
            Self::OtherEpoch(_) => "book-months",   // [book-months]
            Self::NotMade(_) => "book-maker",       // [book-maker]
            Self::NotReceived(_) => "book-receipt", // [book-receipt]
            Self::Unopened(_) => "book-unopened",   // [book-unopened]
            Self::NotBefore => "book-earlier",      // [book-earlier]
        })
    }
}

/// A book whose verdict names this is not refused, but what it hides is not hidden.
impl Refusal for BookFinding {
    fn rule(&self) -> Option<&'static str> {
        Some(match self {
            Self::NotOpened { .. } | Self::OfNotOpened(_) => "book-missing", // [book-missing]
            Self::KeptBack(_) | Self::NotHandedOn(_) => "book-kept-back",    // [book-kept-back]
            Self::PaidAndSpent(_) => "book-contradiction",                   // [book-contradiction]
            Self::NotTakenOver { .. } => "book-dropped",                     // [book-dropped]
            Self::OpeningUnverified { .. } => "book-unverified",             // [book-unverified]
            Self::Gap { .. } | Self::Overlap { .. } => "book-joint",         // [book-joint]
            Self::NotRead => "book-unread",                                  // [book-unread]
            Self::NothingHandedOn | Self::NotOver { .. } | Self::InGrace { .. } => return None,
        })
    }
}

impl Refusal for ReceiptError {
    fn rule(&self) -> Option<&'static str> {
        Some(match self {
            Self::Signature => "receipt-signature",      // [receipt-signature]
            Self::OtherKey => "receipt-key",             // [receipt-key]
            Self::OtherChallenge => "receipt-challenge", // [receipt-challenge]
            Self::OtherData => "receipt-file",           // [receipt-file]
            Self::Challenge(error) => return error.rule(),
            Self::TooLong | Self::Head(_) => return None,
        })
    }
}

impl Refusal for PayloadError {
    fn rule(&self) -> Option<&'static str> {
        Some("travel-rule-payload") // [travel-rule-payload]
    }
}

impl Refusal for RecordError {
    fn rule(&self) -> Option<&'static str> {
        match self {
            Self::Payload(error) => error.rule(),
            Self::OtherChain => Some("travel-rule-chain"), // [travel-rule-chain]
            Self::OtherPool => Some("travel-rule-pool"),   // [travel-rule-pool]
        }
    }
}

impl Refusal for MarkError {
    fn rule(&self) -> Option<&'static str> {
        match self {
            Self::Marked => Some("travel-rule-marked"), // [travel-rule-marked]
            Self::Memo(_) => None,
        }
    }
}

/// A payment that has the hash of a record, and to which the record does not belong.
impl Refusal for Standing {
    fn rule(&self) -> Option<&'static str> {
        match self {
            Self::Covered => None,
            Self::OtherTerms => Some("travel-rule-terms"), // [travel-rule-terms]
            Self::SeveralHashes => Some("travel-rule-hashes"), // [travel-rule-hashes]
        }
    }
}

/// A record that belongs to no payment, or to one of several.
impl Refusal for Coverage {
    fn rule(&self) -> Option<&'static str> {
        match self {
            Self::One => None,
            Self::OneOfSeveral => Some("travel-rule-twice"), // [travel-rule-twice]
            Self::None => Some("travel-rule-unpaid"),        // [travel-rule-unpaid]
        }
    }
}

impl Refusal for AuditError {
    fn rule(&self) -> Option<&'static str> {
        Some(match self {
            Self::Height { .. } => "scan-order",  // [scan-order]
            Self::Broken { .. } => "scan-chain",  // [scan-chain]
            Self::Tree { .. } => "scan-tree",     // [scan-tree]
            Self::TwoBlocks { .. } => "scan-two", // [scan-two]
            Self::Behind { .. } => "scan-behind", // [scan-behind]
            Self::Late { .. } => "scan-begin",    // [scan-begin]
            Self::Time { .. } => "scan-time",     // [scan-time]
            Self::NotAsked => "scan-asked",       // [scan-asked]
        })
    }
}

impl Refusal for StateError {
    fn rule(&self) -> Option<&'static str> {
        Some(match self {
            Self::OtherGrant => "kept-grant", // [kept-grant]
            Self::NotAnAudit | Self::Version { .. } | Self::Damaged => "kept-form", // [kept-form]
        })
    }
}

impl Refusal for CommitteeError {
    fn rule(&self) -> Option<&'static str> {
        Some(match self {
            Self::Number | Self::Name | Self::Recipient(_) | Self::Quorum(_) | Self::Terms(_) => {
                "committee-members" // [committee-members]
            }
            Self::Keygen(_) => "committee-keygen", // [committee-keygen]
            Self::OtherKey => "committee-key",     // [committee-key]
            Self::NotServing(_) => "committee-serving", // [committee-serving]
            Self::Text(_) => "mandate-words",      // [mandate-words]
            Self::NoReader => "mandate-reader",    // [mandate-reader]
            Self::Period => "mandate-period",      // [mandate-period]
            Self::OtherCommittee => "mandate-committee", // [mandate-committee]
            Self::TooFewSignatures { .. } => "mandate-quorum", // [mandate-quorum]
            Self::Signature(_) => "mandate-signature", // [mandate-signature]
            Self::Twice(_) => "mandate-twice",     // [mandate-twice]
            Self::NotInForce => "mandate-force",   // [mandate-force]
            Self::OtherTransaction => "mandate-transaction", // [mandate-transaction]
            Self::OtherShare => "partial-share",   // [partial-share]
            Self::FalsePart(_) => "partial-proof", // [partial-proof]
            Self::Sealed => "partial-seal",        // [partial-seal]
            Self::TooFewParts { .. } => "opening-quorum", // [opening-quorum]
            Self::LogSignature => "log-signature", // [log-signature]
            Self::OtherLog { .. } => "log-fork",   // [log-fork]
            Self::NotInLog => "log-announced",     // [log-announced]
            Self::NoEvidence => "log-evidence",    // [log-evidence]
        })
    }
}
