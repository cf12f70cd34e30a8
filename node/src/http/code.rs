//! The stable codes of errors: one for each rule that can be broken.

use axum::http::StatusCode;
use louver_chain::{
    ActError, ChainError, FeeError, OperationError, holdings::HoldingsError, mempool::MempoolError,
};
use louver_client::api::Refusal;
use louver_core::{
    encoding::DecodeError,
    ledger::{LedgerError, RuleError},
    proof::VerifyError,
    store::StoreError,
    transaction::Refused,
};

use super::error::ApiError;
use crate::{
    engine::{ProductionError, SubmitError},
    follow::SourceError,
    sealing::SealingError,
    verification::VerificationError,
};

impl From<&RuleError> for ApiError {
    fn from(error: &RuleError) -> Self {
        let code = match error {
            RuleError::Pool(_) => Refusal::PoolMismatch,
            RuleError::Context => Refusal::ContextMismatch,
            RuleError::RulesUnknown(_) => Refusal::RulesUnknown,
            RuleError::RulesNotYet { .. } => Refusal::RulesNotYet,
            RuleError::RulesOff { .. } | RuleError::RulesUsed(_) => Refusal::RulesOff,
            RuleError::Shape { .. } => Refusal::ShapeNotAllowed,
            RuleError::AuditorUnknown(_) => Refusal::AuditorUnknown,
            RuleError::AuditorEnded { .. } => Refusal::AuditorEnded,
            RuleError::EpochNotYet { .. } => Refusal::EpochNotYet,
            RuleError::EpochOver { .. } => Refusal::EpochOver,
            RuleError::ExpiryBucket(_) => Refusal::ExpiryBucket,
            RuleError::LastEpoch => Refusal::LastEpoch,
            RuleError::Expired(_) => Refusal::Expired,
            RuleError::AnchorUnknown => Refusal::AnchorUnknown,
            RuleError::AnchorTooOld { .. } => Refusal::AnchorTooOld,
            RuleError::NullifierRepeated { .. } => Refusal::NullifierRepeated,
            RuleError::NullifierInBlock { .. } | RuleError::NullifierSpent { .. } => Refusal::NullifierKnown,
            RuleError::AssetUnknown(_) => Refusal::AssetUnknown,
            RuleError::FeeMissing(_) => Refusal::FeeMissing,
            RuleError::FeeAsset(_) => Refusal::FeeAsset,
            RuleError::FeeTooLow { .. } => Refusal::FeeTooLow,
            RuleError::TurnstileEmpty { .. } => Refusal::TurnstileEmpty,
            RuleError::TurnstileOverflow { .. } => Refusal::TurnstileOverflow,
            RuleError::HostAuthorization(_) => Refusal::HostAuthorization,
            RuleError::HostDebit(_) => Refusal::HostDebit,
            RuleError::HostCredit(_) => Refusal::HostCredit,
            RuleError::TreeFull => Refusal::TreeFull,
        };
        Self::unprocessable(code, error)
    }
}

impl From<&OperationError> for ApiError {
    fn from(error: &OperationError) -> Self {
        let code = match error {
            OperationError::Signature => Refusal::SignatureInvalid,
            OperationError::Nonce { .. } => Refusal::NonceWrong,
            OperationError::UnknownAsset(_) => Refusal::AssetUnknown,
            OperationError::NotIssuer(_) => Refusal::NotIssuer,
            OperationError::Holdings(HoldingsError::InsufficientBalance { .. }) => {
                Refusal::InsufficientBalance
            }
            OperationError::Holdings(HoldingsError::Overflow { .. })
            | OperationError::AnnouncementsExhausted => Refusal::AmountOverflow,
            OperationError::Registry(_) => Refusal::RegistrationRefused,
            OperationError::Fee(FeeError::Missing { .. }) => Refusal::FeeMissing,
            OperationError::Fee(FeeError::Asset(_)) => Refusal::FeeAsset,
            OperationError::Fee(FeeError::TooLow { .. }) => Refusal::FeeTooLow,
            OperationError::Fee(FeeError::Overflow(_)) => Refusal::AmountOverflow,
            OperationError::MintBelowFee { .. } => Refusal::AmountInvalid,
            OperationError::Holdings(HoldingsError::Store(error)) | OperationError::Store(error) => {
                return error.into();
            }
        };
        Self::unprocessable(code, error)
    }
}

impl From<&ActError> for ApiError {
    fn from(error: &ActError) -> Self {
        let code = match error {
            ActError::Nobody(_) | ActError::Signatures { .. } | ActError::Signer { .. } => {
                Refusal::ActSigners
            }
            ActError::Signature { .. } => Refusal::SignatureInvalid,
            ActError::AuditorEntry(_) => Refusal::AuditorEntry,
            ActError::Sequence { .. } => Refusal::ActOutdated,
            ActError::AddRules(_)
            | ActError::AuditorNumber { .. }
            | ActError::AuditorUnknown(_)
            | ActError::Exhausted => Refusal::ActNumber,
            ActError::AuditorEnded { .. } | ActError::SameQuorum(_) => Refusal::ActChangesNothing,
            ActError::PublicKey(_) => Refusal::KeyPublic,
            ActError::Rules(error) => return error.into(),
            ActError::Store(error) => return error.into(),
        };
        Self::unprocessable(code, error)
    }
}

impl From<&MempoolError> for ApiError {
    fn from(error: &MempoolError) -> Self {
        match error {
            MempoolError::Conflict { .. } => Self::new(StatusCode::CONFLICT, Refusal::MempoolConflict, error),
            MempoolError::TooManyOperations(_) => Self::unprocessable(Refusal::TooManyOperations, error),
            MempoolError::Full => Self::new(StatusCode::SERVICE_UNAVAILABLE, Refusal::MempoolFull, error),
        }
    }
}

impl From<&DecodeError> for ApiError {
    fn from(error: &DecodeError) -> Self {
        let code = match error {
            DecodeError::UnexpectedEnd { .. } => Refusal::UnexpectedEnd,
            DecodeError::TrailingBytes { .. } => Refusal::TrailingBytes,
            DecodeError::CountTooLarge { .. } => Refusal::CountTooLarge,
            DecodeError::NonCanonicalField => Refusal::FieldNotCanonical,
            DecodeError::NonCanonicalPoint => Refusal::PointNotCanonical,
            DecodeError::NotOnCurve => Refusal::PointNotOnCurve,
            DecodeError::SmallOrder => Refusal::PointOfSmallOrder,
            DecodeError::NotInSubgroup => Refusal::PointNotInSubgroup,
            DecodeError::NotAnElement => Refusal::ElementNotCanonical,
            DecodeError::Identity => Refusal::ElementIsIdentity,
            DecodeError::UnknownTag { .. } => Refusal::UnknownTag,
            DecodeError::OutOfRange { .. } => Refusal::OutOfRange,
            DecodeError::NotCanonical { .. } => Refusal::NotCanonical,
        };
        Self::bad_request(code, error)
    }
}

impl From<&Refused> for ApiError {
    fn from(error: &Refused) -> Self {
        match error {
            Refused::Signature { .. } => {
                Self::unprocessable(Refusal::SignatureInvalid, "the signature is not valid")
            }
            Refused::Proof(VerifyError::NoKey { .. }) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                Refusal::KeysMissing,
                "this node does not have the keys of the transaction's rules version, so it cannot check it. Nothing is lost: \
                 another node may take it",
            ),
            Refused::Proof(_) => Self::unprocessable(Refusal::ProofInvalid, "the proof is not valid"),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        (&error).into()
    }
}

impl From<&StoreError> for ApiError {
    fn from(error: &StoreError) -> Self {
        match error {
            // A full disk, or one that is gone for a while: the node tries to open it again.
            StoreError::Io(_) | StoreError::Backend(_) => {
                let message = "this node's storage fails; nothing was changed, try again later";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, Refusal::StorageFailing, message)
            }
            _ => {
                tracing::error!(%error, "the store is damaged");
                Self::internal()
            }
        }
    }
}

impl From<ProductionError> for ApiError {
    fn from(error: ProductionError) -> Self {
        match error {
            ProductionError::Chain(error) => error.into(),
            ProductionError::Clock(error) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, Refusal::ClockWrong, error)
            }
            ProductionError::Follows => Self::new(StatusCode::FORBIDDEN, Refusal::FollowsOnly, error),
            ProductionError::Sealing(error) if error.is_storage() => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, Refusal::StorageFailing, error)
            }
            ProductionError::Sealing(
                error @ (SealingError::Waits { .. } | SealingError::SealedElsewhere { .. }),
            ) => Self::new(StatusCode::SERVICE_UNAVAILABLE, Refusal::SealsAwaited, error),
            ProductionError::Sealing(error) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, Refusal::BlocksMissing, error)
            }
        }
    }
}

impl From<ChainError> for ApiError {
    fn from(error: ChainError) -> Self {
        match &error {
            ChainError::Ledger(LedgerError::Rule(rule)) => rule.into(),
            ChainError::Ledger(LedgerError::EndOfHeights) => {
                Self::unprocessable(Refusal::EndOfEpochs, "the chain has come to its end")
            }
            ChainError::Operation(error) => error.into(),
            ChainError::Act(error) => error.into(),
            ChainError::Refused(error) => error.into(),
            error => match error.store() {
                Some(error) => error.into(),
                None => {
                    tracing::error!(%error, "the chain failed");
                    Self::internal()
                }
            },
        }
    }
}

impl From<SubmitError> for ApiError {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Decode(error) => (&error).into(),
            SubmitError::Chain(error) => error.into(),
            SubmitError::Keys(error) => Self::unprocessable(Refusal::KeyPublic, error),
            SubmitError::Mempool(error) => (&error).into(),
            SubmitError::Verification(VerificationError::Refused(error)) => (&error).into(),
            SubmitError::Verification(error) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, Refusal::Busy, error)
            }
            SubmitError::Convicted => Self::new(StatusCode::SERVICE_UNAVAILABLE, Refusal::Convicted, error),
            SubmitError::Source(SourceError::Refused { status, refusal, reason }) => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
                Self::new(status, refusal, reason)
            }
            SubmitError::Source(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, Refusal::SourceUnreachable, error)
            }
            SubmitError::AuthorityKeys => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, Refusal::AuthorityKeysMissing, error)
            }
            SubmitError::NotWriting => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, Refusal::StorageFailing, error)
            }
            SubmitError::Internal => Self::internal(),
        }
    }
}
