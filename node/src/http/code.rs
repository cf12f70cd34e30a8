//! The stable codes of errors: one for each rule that can be broken.

use axum::http::StatusCode;
use louver_chain::{ChainError, OperationError, holdings::HoldingsError, mempool::MempoolError};
use louver_core::{
    encoding::DecodeError,
    ledger::{LedgerError, RuleError},
    store::StoreError,
    transaction::Refused,
};

use super::error::ApiError;
use crate::{engine::SubmitError, verification::VerificationError};

impl From<&RuleError> for ApiError {
    fn from(error: &RuleError) -> Self {
        let code = match error {
            RuleError::Pool(_) => "pool_mismatch",
            RuleError::Context => "context_mismatch",
            RuleError::RulesUnknown(_) => "rules_unknown",
            RuleError::RulesNotYet { .. } => "rules_not_yet",
            RuleError::RulesOff { .. } => "rules_off",
            RuleError::Shape { .. } => "shape_not_allowed",
            RuleError::EpochNotYet { .. } => "epoch_not_yet",
            RuleError::EpochOver { .. } => "epoch_over",
            RuleError::ExpiryBucket(_) => "expiry_bucket",
            RuleError::ExpiryPastEpoch { .. } => "expiry_past_epoch",
            RuleError::Expired(_) => "expired",
            RuleError::AnchorUnknown => "anchor_unknown",
            RuleError::AnchorTooOld { .. } => "anchor_too_old",
            RuleError::NullifierRepeated { .. } => "nullifier_repeated",
            RuleError::NullifierInBlock { .. } | RuleError::NullifierSpent { .. } => "nullifier_known",
            RuleError::AssetUnknown(_) => "asset_unknown",
            RuleError::FeeMissing(_) => "fee_missing",
            RuleError::FeeAsset(_) => "fee_asset",
            RuleError::FeeTooLow { .. } => "fee_too_low",
            RuleError::TurnstileEmpty { .. } => "turnstile_empty",
            RuleError::TurnstileOverflow { .. } => "turnstile_overflow",
            RuleError::HostAuthorization(_) => "host_authorization",
            RuleError::HostDebit(_) => "host_debit",
            RuleError::HostCredit(_) => "host_credit",
            RuleError::TreeFull => "tree_full",
        };
        Self::unprocessable(code, error)
    }
}

impl From<&OperationError> for ApiError {
    fn from(error: &OperationError) -> Self {
        let code = match error {
            OperationError::Signature => "signature_invalid",
            OperationError::Nonce { .. } => "nonce_wrong",
            OperationError::UnknownAsset(_) => "asset_unknown",
            OperationError::NotIssuer(_) => "not_issuer",
            OperationError::Holdings(HoldingsError::InsufficientBalance { .. }) => "insufficient_balance",
            OperationError::Holdings(HoldingsError::Overflow { .. }) => "amount_overflow",
            OperationError::Registry(_) => "registration_refused",
            OperationError::Holdings(HoldingsError::Store(_)) | OperationError::Store(_) => {
                return Self::internal();
            }
        };
        Self::unprocessable(code, error)
    }
}

impl From<&MempoolError> for ApiError {
    fn from(error: &MempoolError) -> Self {
        match error {
            MempoolError::Conflict { .. } => Self::new(StatusCode::CONFLICT, "mempool_conflict", error),
            MempoolError::Full => Self::new(StatusCode::SERVICE_UNAVAILABLE, "mempool_full", error),
        }
    }
}

impl From<&DecodeError> for ApiError {
    fn from(error: &DecodeError) -> Self {
        let code = match error {
            DecodeError::UnexpectedEnd { .. } => "unexpected_end",
            DecodeError::TrailingBytes { .. } => "trailing_bytes",
            DecodeError::CountTooLarge { .. } => "count_too_large",
            DecodeError::NonCanonicalField => "field_not_canonical",
            DecodeError::NonCanonicalPoint => "point_not_canonical",
            DecodeError::NotOnCurve => "point_not_on_curve",
            DecodeError::SmallOrder => "point_of_small_order",
            DecodeError::NotInSubgroup => "point_not_in_subgroup",
            DecodeError::UnknownTag { .. } => "unknown_tag",
            DecodeError::OutOfRange { .. } => "out_of_range",
            DecodeError::NotCanonical { .. } => "not_canonical",
        };
        Self::bad_request(code, error)
    }
}

impl From<&Refused> for ApiError {
    fn from(error: &Refused) -> Self {
        match error {
            Refused::Signature { .. } => {
                Self::unprocessable("signature_invalid", "the signature is not valid")
            }
            Refused::Proof(_) => Self::unprocessable("proof_invalid", "the proof is not valid"),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(_: StoreError) -> Self {
        Self::internal()
    }
}

impl From<ChainError> for ApiError {
    fn from(error: ChainError) -> Self {
        match &error {
            ChainError::Ledger(LedgerError::Rule(rule)) => rule.into(),
            ChainError::Ledger(LedgerError::EndOfEpochs) => {
                Self::unprocessable("end_of_epochs", "the chain has come to its end")
            }
            ChainError::Operation(error) => error.into(),
            ChainError::Refused(error) => error.into(),
            _ => Self::internal(),
        }
    }
}

impl From<SubmitError> for ApiError {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Decode(error) => (&error).into(),
            SubmitError::Chain(error) => error.into(),
            SubmitError::Mempool(error) => (&error).into(),
            SubmitError::Verification(VerificationError::Refused(error)) => (&error).into(),
            SubmitError::Verification(error) => Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", error),
            SubmitError::TooManyOperations(_) => Self::unprocessable("too_many_operations", error),
            SubmitError::Internal => Self::internal(),
        }
    }
}
