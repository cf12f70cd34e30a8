//! Why a node says no.

use louver_client::api;

variant! {
    /// Why a node said no, by the codes of its API that programs act on.
    pub enum Refusal {
        /// The proof's anchor is too old: make the transaction again.
        AnchorTooOld,
        /// The proof's anchor is not of the node's chain.
        AnchorUnknown,
        /// There is no such asset.
        AssetUnknown,
        /// The node has too much to do. Trying again helps.
        Busy,
        /// The epoch has not begun.
        EpochNotYet,
        /// The epoch is over.
        EpochOver,
        /// No block can take the transaction any more.
        Expired,
        /// The pool takes more.
        FeeTooLow,
        /// There is no such block yet.
        HeightUnknown,
        /// The transparent account of a deposit does not hold that much.
        HostDebit,
        /// The transparent account does not hold that much.
        InsufficientBalance,
        /// The node failed.
        Internal,
        /// The proving key is being made. Trying again helps.
        KeyBeingMade,
        /// Another transaction that waits for a block excludes this one.
        MempoolConflict,
        /// Too many transactions wait for a block. Trying again helps.
        MempoolFull,
        /// The node does not offer this.
        MethodNotAllowed,
        /// The node hands out no such proving key.
        NoSuchKey,
        /// The node does not offer this.
        NotFound,
        /// A note is spent already.
        NullifierKnown,
        /// The proof is not valid.
        ProofInvalid,
        /// The rules that the transaction follows were switched off.
        RulesOff,
        /// A signature is not valid.
        SignatureInvalid,
        /// The pool does not hold that much of the asset.
        TurnstileEmpty,
        /// Another code.
        Other {
            /// The API's code.
            code: String,
        },
    }
}

impl From<api::Refusal> for Refusal {
    fn from(refusal: api::Refusal) -> Self {
        match refusal {
            api::Refusal::AnchorTooOld => Self::AnchorTooOld,
            api::Refusal::AnchorUnknown => Self::AnchorUnknown,
            api::Refusal::AssetUnknown => Self::AssetUnknown,
            api::Refusal::Busy => Self::Busy,
            api::Refusal::EpochNotYet => Self::EpochNotYet,
            api::Refusal::EpochOver => Self::EpochOver,
            api::Refusal::Expired => Self::Expired,
            api::Refusal::FeeTooLow => Self::FeeTooLow,
            api::Refusal::HeightUnknown => Self::HeightUnknown,
            api::Refusal::HostDebit => Self::HostDebit,
            api::Refusal::InsufficientBalance => Self::InsufficientBalance,
            api::Refusal::Internal => Self::Internal,
            api::Refusal::KeyBeingMade => Self::KeyBeingMade,
            api::Refusal::MempoolConflict => Self::MempoolConflict,
            api::Refusal::MempoolFull => Self::MempoolFull,
            api::Refusal::MethodNotAllowed => Self::MethodNotAllowed,
            api::Refusal::NoSuchKey => Self::NoSuchKey,
            api::Refusal::NoSuchPath => Self::NotFound,
            api::Refusal::NullifierKnown => Self::NullifierKnown,
            api::Refusal::ProofInvalid => Self::ProofInvalid,
            api::Refusal::RulesOff => Self::RulesOff,
            api::Refusal::SignatureInvalid => Self::SignatureInvalid,
            api::Refusal::TurnstileEmpty => Self::TurnstileEmpty,
            other => Self::Other { code: other.into() },
        }
    }
}
