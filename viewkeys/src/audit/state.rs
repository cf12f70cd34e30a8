//! `[audit-state]`: an audit at rest, so that the next one reads only new blocks.

use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader, put_bytes, put_count, put_list, put_option},
    secret::ExposeBytes,
    spec::b32,
};
use rand_core::CryptoRng;
use thiserror::Error;
use zeroize::Zeroizing;

use super::{
    Audit, Scan,
    cover::Busy,
    record::{Leaf, Origin, Seen, order, put_order},
};
use crate::grant::Grant;

/// How a kept audit begins: a name and a version.
const MAGIC: &[u8; 8] = b"LVAUDIT\x04";
/// The grant's hash and the nonce.
const HEAD: usize = 8 + 32 + 12;

/// Why a kept audit cannot be gone on with. Start a new one: nothing is lost but time.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum StateError {
    /// The file is not a kept audit.
    #[error("the file is not a kept audit")]
    NotAnAudit,
    /// Another version of this program wrote it.
    #[error("the kept audit has version {version}, which this program does not read")]
    Version {
        /// The version.
        version: u8,
    },
    /// It is an audit with another grant.
    #[error("the kept audit was made with another grant")]
    OtherGrant,
    /// It was damaged or altered.
    #[error("the kept audit is damaged")]
    Damaged,
}

impl Audit {
    /// The audit as bytes, to be kept and gone on with by [`Audit::resume`]. They are encrypted with a key that is made
    /// from the grant, so that they show nothing that the grant does not.
    pub fn store<R: CryptoRng>(&self, rng: &mut R) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend_from_slice(&self.grant.hash());
        let mut nonce = [0u8; 12];
        rng.fill_bytes(&mut nonce);
        out.extend_from_slice(&nonce);
        let mut body = Zeroizing::new(Vec::new());
        put_bytes(&mut body, &self.light_reader);
        self.scan.encode(&mut body);
        let payload = Payload { msg: &body, aad: &out };
        // Encryption only fails for bodies beyond 256 GiB, which no memory holds; such a file reads as damaged.
        let sealed = cipher(&self.grant).encrypt(&Nonce::from(nonce), payload).unwrap_or_default();
        out.extend_from_slice(&sealed);
        out
    }

    /// Goes on where an audit with this grant was kept, in place of what this one has read. It asks for the chain's tip
    /// again, and whether its last block still is the chain's.
    ///
    /// # Errors
    ///
    /// [`StateError`] if the bytes are not an audit with this grant. This audit then stands as before.
    pub fn resume(&mut self, bytes: &[u8]) -> Result<(), StateError> {
        // The transactions kept for the reader of a book are not stored.
        let head = bytes.get(..HEAD).filter(|_| self.kept.is_none()).ok_or(StateError::NotAnAudit)?;
        if head[..7] != MAGIC[..7] {
            return Err(StateError::NotAnAudit);
        }
        if head[7] != MAGIC[7] {
            return Err(StateError::Version { version: head[7] });
        }
        if head[8..40] != self.grant.hash() {
            return Err(StateError::OtherGrant);
        }
        let nonce = <[u8; 12]>::try_from(&head[40..]).map_err(|_| StateError::Damaged)?;
        let payload = Payload { msg: &bytes[HEAD..], aad: head };
        let body =
            cipher(&self.grant).decrypt(&Nonce::from(nonce), payload).map_err(|_| StateError::Damaged)?;
        let body = Zeroizing::new(body);
        let mut reader = Reader::new(&body);
        let light_reader = reader.bytes().map_err(|_| StateError::Damaged)?.to_vec();
        let scan = Scan::decode(&mut reader).map_err(|_| StateError::Damaged)?;
        reader.finish().map_err(|_| StateError::Damaged)?;
        self.tip = None;
        self.unconfirmed = scan.chain.as_ref().is_some_and(|chain| chain.height() > 0);
        self.scan = scan;
        self.light_reader = light_reader;
        Ok(())
    }

    /// Keeps the light reader of the host with the audit, so that the next one goes on from the head that this one trusted:
    /// whoever shows another chain then is found out.
    pub fn keep_light_reader(&mut self, bytes: Vec<u8>) {
        self.light_reader = bytes;
    }

    /// The light reader that was kept with the audit; empty if there is none.
    pub fn light_reader(&self) -> &[u8] {
        &self.light_reader
    }
}

impl Encode for Scan {
    fn encode(&self, out: &mut Vec<u8>) {
        put_option(out, self.chain.as_ref());
        put_list(out, &self.busy);
        put_count(out, self.chosen.len());
        self.chosen.iter().for_each(|block| block.encode(out));
        put_list(out, &self.origins);
        put_count(out, self.watched.len());
        for (nullifier, leaf) in &self.watched {
            out.extend_from_slice(nullifier);
            leaf.encode(out);
        }
        put_count(out, self.seen.len());
        for (order, seen) in &self.seen {
            put_order(out, *order);
            seen.encode(out);
        }
    }
}

impl Decode for Scan {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut scan = Self { chain: reader.option()?, ..Self::default() };
        scan.busy = reader.list(Busy::LENGTH)?;
        scan.chosen = reader.list(Busy::LENGTH)?.into();
        scan.origins = reader.list(Origin::LENGTH)?;
        for _ in 0..reader.count(32 + Leaf::LENGTH)? {
            scan.watched.insert(reader.array()?, Leaf::decode(reader)?);
        }
        for _ in 0..reader.count(8 + Seen::LEAST)? {
            scan.seen.insert(order(reader)?, Seen::decode(reader)?);
        }
        Ok(scan)
    }
}

/// The cipher of a kept audit. Its key can be made from the grant and from nothing else.
fn cipher(grant: &Grant) -> ChaCha20Poly1305 {
    let key = Zeroizing::new(b32(b"LouverAuditKey", &[&grant.expose_bytes()]));
    ChaCha20Poly1305::new((&*key).into())
}
