//! Why a node says no.

use louver_client::api;

variant! {
    /// A node's reason for saying no: the codes of its API that programs act on.
    pub enum Refusal {
        /// The proof's anchor is too old: make the transaction again.
        AnchorTooOld,
        /// There is no such asset.
        AssetUnknown,
        /// The node has too much to do. Trying again helps.
        Busy,
        /// No block can take the transaction any more.
        Expired,
        /// The pool takes more.
        FeeTooLow,
        /// The transparent account of a deposit does not hold that much.
        HostDebit,
        /// The transparent account does not hold that much.
        InsufficientBalance,
        /// The proving key is being made. Trying again helps.
        KeyBeingMade,
        /// Another transaction that waits for a block excludes this one.
        MempoolConflict,
        /// Too many transactions wait for a block. Trying again helps.
        MempoolFull,
        /// The node does not offer this.
        NotFound,
        /// A note is spent already.
        NullifierKnown,
        /// The rules that the transaction follows were switched off.
        RulesOff,
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
            api::Refusal::AssetUnknown => Self::AssetUnknown,
            api::Refusal::Busy => Self::Busy,
            api::Refusal::Expired => Self::Expired,
            api::Refusal::FeeTooLow => Self::FeeTooLow,
            api::Refusal::HostDebit => Self::HostDebit,
            api::Refusal::InsufficientBalance => Self::InsufficientBalance,
            api::Refusal::KeyBeingMade => Self::KeyBeingMade,
            api::Refusal::MempoolConflict => Self::MempoolConflict,
            api::Refusal::MempoolFull => Self::MempoolFull,
            api::Refusal::NoSuchPath => Self::NotFound,
            api::Refusal::NullifierKnown => Self::NullifierKnown,
            api::Refusal::RulesOff => Self::RulesOff,
            other => Self::Other { code: other.into() },
        }
    }
}
