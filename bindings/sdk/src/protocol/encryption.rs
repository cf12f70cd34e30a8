//! Encrypted outputs.

use louver_core::{
    encoding::{Decode, Encode, Reader},
    epoch::Epoch,
    keys::{IncomingViewingKey, OutgoingViewingKey},
    note::{CompactNote, EncryptedNote, Memo, MemoBucket, Note, OutputContext, encryption},
};

use super::{ProtocolError, ProtocolNote, argument, array, bytes, nullifier, pool};

data! {
    /// The position of an output: the context that its note is bound to.
    pub struct OutputScope {
        /// The pool's tag.
        pub pool_tag: String,
        /// The epoch that the transaction declares.
        pub epoch: u16,
        /// The transaction's first nullifier.
        pub rho: String,
        /// The output's index.
        pub index: u8,
        /// The transaction's memo bucket.
        pub memo_bucket: u8,
    }
}

secret_data! {
    /// An incoming viewing key of one epoch, by its parts.
    pub struct ProtocolIncomingKey {
        /// The scalar that decrypts.
        pub ivk: String,
        /// The diversifier key.
        pub dk: String,
        /// The tag key.
        pub tk: String,
    }
}

secret_data! {
    /// The contents of an output, for a reader whose key opens it.
    pub struct OpenedOutput {
        /// The note.
        pub note: ProtocolNote,
        /// The memo's bytes.
        pub memo: String,
    }
}

/// `[note-encryption]`: decrypts an output with its owner's key. Returns nothing if the key is another one or the
/// output is malformed.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn decrypt_output(
    key: ProtocolIncomingKey,
    scope: OutputScope,
    output: String,
) -> Result<Option<OpenedOutput>, ProtocolError> {
    Ok(encryption::decrypt(&key.read(&scope)?, &scope.output(&output)?, &scope.context()?).map(opened))
}

/// `[note-encryption]`: decrypts the 128 bytes of an output that scanning needs.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn decrypt_compact_output(
    key: ProtocolIncomingKey,
    scope: OutputScope,
    compact: String,
) -> Result<Option<ProtocolNote>, ProtocolError> {
    let compact = CompactNote::from_bytes(&bytes("compact", &compact)?)?;
    let note = encryption::decrypt_compact(&key.read(&scope)?, &compact, &scope.context()?);
    Ok(note.as_ref().map(ProtocolNote::of))
}

/// `[note-encryption]`: decrypts an output with its payer's outgoing viewing key.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn recover_output(
    outgoing_key: String,
    scope: OutputScope,
    output: String,
) -> Result<Option<OpenedOutput>, ProtocolError> {
    let key = outgoing(&outgoing_key, &scope.pool_tag, scope.epoch)?;
    Ok(encryption::recover(&key, &scope.output(&output)?, &scope.context()?).map(opened))
}

/// `[note-encryption]`: encrypts a note. Without an outgoing viewing key, the last 112 bytes are random.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn encrypt_output(
    note: ProtocolNote,
    memo: String,
    memo_bucket: u8,
    outgoing_key: Option<String>,
) -> Result<String, ProtocolError> {
    let memo = Memo::new(&bytes("memo", &memo)?).map_err(|_| argument("memo"))?;
    let seal = outgoing_key.map(|key| outgoing(&key, &note.pool_tag, note.epoch)).transpose()?;
    let output =
        encryption::encrypt(&note.read()?, &memo, bucket(memo_bucket)?, seal.as_ref(), &mut rand::rng());
    Ok(hex::encode(output.map_err(|_| argument("memo"))?.to_bytes()))
}

impl OutputScope {
    fn context(&self) -> Result<OutputContext, ProtocolError> {
        Ok(OutputContext { epoch: Epoch(self.epoch), rho: nullifier("rho", &self.rho)?, index: self.index })
    }

    fn output(&self, text: &str) -> Result<EncryptedNote, ProtocolError> {
        let bytes = bytes("output", text)?;
        let mut reader = Reader::new(&bytes);
        let output = EncryptedNote::decode(&mut reader, bucket(self.memo_bucket)?)?;
        reader.finish()?;
        Ok(output)
    }
}

impl ProtocolIncomingKey {
    fn read(&self, scope: &OutputScope) -> Result<IncomingViewingKey, ProtocolError> {
        let mut key = pool(&scope.pool_tag)?.to_le_bytes().to_vec();
        Epoch(scope.epoch).encode(&mut key);
        for (what, part) in [("ivk", &self.ivk), ("dk", &self.dk), ("tk", &self.tk)] {
            key.extend_from_slice(&array::<32>(what, part)?);
        }
        Ok(IncomingViewingKey::from_bytes(&key)?)
    }
}

fn outgoing(ovk: &str, pool_tag: &str, epoch: u16) -> Result<OutgoingViewingKey, ProtocolError> {
    let mut key = pool(pool_tag)?.to_le_bytes().to_vec();
    Epoch(epoch).encode(&mut key);
    key.extend_from_slice(&array::<32>("outgoing_key", ovk)?);
    Ok(OutgoingViewingKey::from_bytes(&key)?)
}

fn bucket(code: u8) -> Result<MemoBucket, ProtocolError> {
    Ok(MemoBucket::from_bytes(&[code])?)
}

fn opened((note, memo): (Note, Memo)) -> OpenedOutput {
    OpenedOutput { note: ProtocolNote::of(&note), memo: hex::encode(memo.as_bytes()) }
}
