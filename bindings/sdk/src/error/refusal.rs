//! Why a node says no.

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

impl From<String> for Refusal {
    fn from(code: String) -> Self {
        match code.as_str() {
            "anchor_too_old" => Self::AnchorTooOld,
            "anchor_unknown" => Self::AnchorUnknown,
            "asset_unknown" => Self::AssetUnknown,
            "busy" => Self::Busy,
            "epoch_not_yet" => Self::EpochNotYet,
            "epoch_over" => Self::EpochOver,
            "expired" => Self::Expired,
            "fee_too_low" => Self::FeeTooLow,
            "height_unknown" => Self::HeightUnknown,
            "host_debit" => Self::HostDebit,
            "insufficient_balance" => Self::InsufficientBalance,
            "internal" => Self::Internal,
            "key_being_made" => Self::KeyBeingMade,
            "mempool_conflict" => Self::MempoolConflict,
            "mempool_full" => Self::MempoolFull,
            "method_not_allowed" => Self::MethodNotAllowed,
            "no_such_key" => Self::NoSuchKey,
            "not_found" => Self::NotFound,
            "nullifier_known" => Self::NullifierKnown,
            "proof_invalid" => Self::ProofInvalid,
            "rules_off" => Self::RulesOff,
            "signature_invalid" => Self::SignatureInvalid,
            "turnstile_empty" => Self::TurnstileEmpty,
            _ => Self::Other { code },
        }
    }
}
