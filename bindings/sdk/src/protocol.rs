//! `[vectors]`: the protocol's primitives, for checking other implementations against this one, in any language. A
//! wallet needs none of them.
//!
//! These are primitives for tests. Some take and return keys and other secrets as text, which nothing wipes: use them
//! with phrases that own nothing. Printing such data shows nothing, but its fields and reflection (such as Swift's
//! `dump`) show everything.
//!
//! Bytes are text here: lower-case hexadecimal, as in the specification's vectors. Field elements, scalars and points
//! are 32 bytes each.

use louver_core::{
    encoding::{Decode, DecodeError, fr_from_bytes},
    keys::StringError,
    note::Nullifier,
    pool::PoolTag,
    spec::{Fj, Fr},
};

mod address;
mod encryption;
mod hash;
mod keys;
mod note;
mod statement;
mod transaction;

pub use address::{
    ProtocolAddress, ProtocolText, check_element, check_subgroup_point, diversifier_base,
    read_protocol_address, read_protocol_text,
};
pub use encryption::{
    OpenedOutput, OutputScope, ProtocolIncomingKey, decrypt_compact_output, decrypt_output, encrypt_output,
    recover_output,
};
pub use hash::{
    PoseidonDomain, TreePath, poseidon_domains, poseidon_hash, poseidon_mds, poseidon_permute,
    poseidon_round_constants, tree_path, tree_root,
};
pub use keys::{AccountParts, DummyInput, DummyOutput, EpochParts, ProtocolKeys, ProtocolView, pool_tag};
pub use note::{ProtocolNote, ProtocolNoteSecrets, derive_note, note_nullifier, pack_note, spend_tag};
pub use statement::{StatementInput, StatementOutput, StatementPublic, StatementWitness, check_statement};
pub use transaction::{
    NamedScalar, TransactionFields, TransactionHashes, asset_descriptor_hash, effects_sighash, host_message,
    read_transaction, transaction_context, transaction_hashes, transaction_public_inputs,
    verify_spend_signature,
};

fault! {
    /// Why the protocol refuses bytes or a text, by the names of the specification's faults.
    pub enum ProtocolError {
        /// An argument is not hexadecimal of the right length, or not one of the words that it can be.
        #[error("the argument {what} is not what it should be")]
        Argument {
            /// The argument's name.
            what: String,
        },
        /// The input ends before the value does.
        #[error("the input ends {missing} bytes early")]
        UnexpectedEnd {
            /// The number of missing bytes.
            missing: u32,
        },
        /// The value ends before the input does.
        #[error("{count} bytes follow the value")]
        TrailingBytes {
            /// The number of bytes left over.
            count: u32,
        },
        /// A count that the rest of the input cannot hold.
        #[error("a count of {count} cannot fit the bytes left")]
        CountTooLarge {
            /// The count as it was read.
            count: u64,
        },
        /// A field element not below its modulus.
        #[error("a field element is not canonical")]
        NonCanonicalField,
        /// A point whose encoding is not the canonical one.
        #[error("a point's encoding is not canonical")]
        NonCanonicalPoint,
        /// The bytes do not encode a point of the curve.
        #[error("the bytes do not encode a point of the curve")]
        NotOnCurve,
        /// The identity or another point whose order divides the cofactor.
        #[error("the point is of small order")]
        SmallOrder,
        /// A point outside the prime-order subgroup.
        #[error("the point is outside the prime-order subgroup")]
        NotInSubgroup,
        /// The bytes are not the encoding of an element of Ristretto255: each element has one.
        #[error("the bytes do not encode an element of Ristretto255")]
        NotAnElement,
        /// The identity of Ristretto255, which agrees with every key on the same secret.
        #[error("the element is the identity")]
        Identity,
        /// A tag, version or code that this version does not define.
        #[error("unknown {what}: {tag}")]
        UnknownTag {
            /// The meaning of the tag.
            what: String,
            /// The tag as it was read.
            tag: u64,
        },
        /// A value outside its range.
        #[error("{what} is out of range")]
        OutOfRange {
            /// The value's name.
            what: String,
        },
        /// A combination of fields that a canonical encoding never has.
        #[error("not canonical: {what}")]
        NotCanonical {
            /// The broken rule.
            what: String,
        },
        /// A text that is not a bech32m string.
        #[error("not a bech32m string")]
        Malformed,
        /// A text with letters of both cases.
        #[error("upper and lower case are mixed")]
        MixedCase,
        /// The checksum does not fit.
        #[error("the checksum does not fit")]
        Checksum,
        /// The data does not fill whole bytes, or its padding is not zeros.
        #[error("the data is not padded as it must be")]
        Padding,
        /// A prefix of another kind of text, or an unknown prefix.
        #[error("the prefix is another one")]
        Prefix,
        /// A clause of the statement does not hold.
        #[error("the statement does not hold: {clause}")]
        Untrue {
            /// The clause's name.
            clause: String,
        },
    }
}

impl From<DecodeError> for ProtocolError {
    fn from(error: DecodeError) -> Self {
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        match error {
            DecodeError::UnexpectedEnd { missing } => Self::UnexpectedEnd { missing: number(missing) },
            DecodeError::TrailingBytes { count } => Self::TrailingBytes { count: number(count) },
            DecodeError::CountTooLarge { count } => Self::CountTooLarge { count },
            DecodeError::NonCanonicalField => Self::NonCanonicalField,
            DecodeError::NonCanonicalPoint => Self::NonCanonicalPoint,
            DecodeError::NotOnCurve => Self::NotOnCurve,
            DecodeError::SmallOrder => Self::SmallOrder,
            DecodeError::NotInSubgroup => Self::NotInSubgroup,
            DecodeError::NotAnElement => Self::NotAnElement,
            DecodeError::Identity => Self::Identity,
            DecodeError::UnknownTag { what, tag } => Self::UnknownTag { what: what.to_owned(), tag },
            DecodeError::OutOfRange { what } => Self::OutOfRange { what: what.to_owned() },
            DecodeError::NotCanonical { what } => Self::NotCanonical { what: what.to_owned() },
        }
    }
}

impl From<StringError> for ProtocolError {
    fn from(error: StringError) -> Self {
        match error {
            StringError::Malformed => Self::Malformed,
            StringError::MixedCase => Self::MixedCase,
            StringError::Checksum => Self::Checksum,
            StringError::Padding => Self::Padding,
            StringError::OtherKind { .. } | StringError::UnknownKind => Self::Prefix,
            StringError::Contents(error) => error.into(),
        }
    }
}

fn argument(what: &str) -> ProtocolError {
    ProtocolError::Argument { what: what.to_owned() }
}

fn bytes(what: &str, text: &str) -> Result<Vec<u8>, ProtocolError> {
    hex::decode(text).map_err(|_| argument(what))
}

fn array<const N: usize>(what: &str, text: &str) -> Result<[u8; N], ProtocolError> {
    let mut array = [0; N];
    hex::decode_to_slice(text, &mut array).map(|()| array).map_err(|_| argument(what))
}

/// A field element.
fn scalar(what: &str, text: &str) -> Result<Fr, ProtocolError> {
    Ok(fr_from_bytes(&array(what, text)?)?)
}

fn scalars(what: &str, texts: &[String]) -> Result<Vec<Fr>, ProtocolError> {
    texts.iter().map(|text| scalar(what, text)).collect()
}

/// A scalar of the embedded curve.
fn exponent(what: &str, text: &str) -> Result<Fj, ProtocolError> {
    Option::from(Fj::from_bytes(&array(what, text)?)).ok_or(ProtocolError::NonCanonicalField)
}

fn nullifier(what: &str, text: &str) -> Result<Nullifier, ProtocolError> {
    Ok(Nullifier::from_bytes(&array::<32>(what, text)?)?)
}

fn pool(text: &str) -> Result<PoolTag, ProtocolError> {
    Ok(PoolTag::from_le_bytes(array("pool", text)?))
}

/// Field elements in hexadecimal.
fn texts<'a>(scalars: impl IntoIterator<Item = &'a Fr>) -> Vec<String> {
    scalars.into_iter().map(text).collect()
}

fn text(scalar: &Fr) -> String {
    hex::encode(scalar.to_bytes())
}
