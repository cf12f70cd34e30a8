use std::collections::BTreeMap;

use age::x25519::Recipient;
use ed25519_dalek::{Signature, Signer, SigningKey};
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    ledger::Quorum,
    pool::{GenesisHash, PoolId},
    spec::b32,
    transaction::WtxId,
};

use super::{CommitteeError, CommitteeKey, magic};
use crate::{
    signed::{MAX_NAME, MAX_PURPOSE, ReaderId},
    text,
};

const MAGIC: &[u8; 8] = b"LVMANDT\x01";

/// The contents of a mandate.
#[derive(Clone, Debug)]
pub struct MandateRequest {
    /// The transaction, by its very bytes.
    pub wtxid: WtxId,
    /// The block that it is in.
    pub height: u32,
    /// The reader: the parts are sealed to it.
    pub reader: ReaderId,
    /// The authority that asks: a court and a case, say. 1 to 256 bytes.
    pub authority: String,
    /// The reason. 1 to 512 bytes.
    pub reason: String,
    /// Now, in seconds since 1970.
    pub issued: u64,
    /// Until when members may open by it, in seconds since 1970.
    pub until: u64,
}

/// `[mandate]`: who asks a committee to open one transaction, why, for which reader, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mandate {
    genesis: GenesisHash,
    pool: PoolId,
    number: u32,
    transcript: [u8; 32],
    wtxid: WtxId,
    height: u32,
    reader: ReaderId,
    authority: String,
    reason: String,
    issued: u64,
    until: u64,
}

/// A member's signature under a mandate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MandateSignature {
    member: u8,
    signature: [u8; 64],
}

impl MandateSignature {
    /// The number of the member.
    pub fn member(&self) -> u8 {
        self.member
    }
}

impl Mandate {
    /// A mandate for a committee.
    ///
    /// # Errors
    /// [`CommitteeError`] if a text is empty or too long, the reader has no recipient, or it ends before it begins.
    pub fn new(key: &CommitteeKey, request: MandateRequest) -> Result<Self, CommitteeError> {
        let MandateRequest { wtxid, height, reader, authority, reason, issued, until } = request;
        let (genesis, pool) = key.committee().place();
        let name = text::name(&reader.name);
        let fits = |text: &str, most, what| match (1..=most).contains(&text.len()) {
            true => Ok(()),
            false => Err(CommitteeError::Text(what)),
        };
        fits(&name, MAX_NAME, "reader's name")?;
        fits(&authority, MAX_NAME, "name of who asks")?;
        fits(&reason, MAX_PURPOSE, "reason")?;
        let recipient = reader.recipient.and_then(|text| text.parse::<Recipient>().ok());
        let recipient = recipient.ok_or(CommitteeError::NoReader)?.to_string();
        if until <= issued {
            return Err(CommitteeError::Period);
        }
        Ok(Self {
            genesis,
            pool,
            number: key.committee().number(),
            transcript: *key.group().transcript(),
            wtxid,
            height,
            reader: ReaderId { name, recipient: Some(recipient) },
            authority,
            reason,
            issued,
            until,
        })
    }

    /// The transaction.
    pub fn wtxid(&self) -> &WtxId {
        &self.wtxid
    }

    /// The block that the transaction is in.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The reader.
    pub fn reader(&self) -> &ReaderId {
        &self.reader
    }

    /// The authority that asks.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The reason.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// From when until when, in seconds since 1970, the last not included.
    pub fn period(&self) -> (u64, u64) {
        (self.issued, self.until)
    }

    /// `[mandate-hash]`: what members sign, what every part of an opening names, and what logs keep.
    pub fn hash(&self) -> [u8; 32] {
        b32(b"LouverMandate", &[&self.to_bytes()])
    }

    /// A member's signature: it agrees that the transaction is opened by this mandate.
    ///
    /// # Errors
    /// [`CommitteeError::Keygen`] if the signer is not a member, [`CommitteeError::OtherCommittee`].
    pub fn sign(&self, key: &CommitteeKey, signer: &SigningKey) -> Result<MandateSignature, CommitteeError> {
        self.is_for(key)?;
        let member = key.committee().terms().member_of(signer)?;
        Ok(MandateSignature { member, signature: signer.sign(&self.hash()).to_bytes() })
    }

    /// Checks that it is for this committee.
    ///
    /// # Errors
    /// [`CommitteeError::OtherCommittee`].
    pub fn is_for(&self, key: &CommitteeKey) -> Result<(), CommitteeError> {
        let place = (self.genesis, self.pool) == key.committee().place();
        match place && self.number == key.committee().number() && self.transcript == *key.group().transcript()
        {
            true => Ok(()),
            false => Err(CommitteeError::OtherCommittee),
        }
    }
}

/// magic 8 || genesis 32 || pool u32 || number u32 || transcript 32 || wtxid 32 || height u32 || reader's name || recipient ||
/// authority || reason || issued u64 || until u64, the texts with a u16 length
impl Encode for Mandate {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&self.genesis.0);
        out.extend_from_slice(&self.pool.0.to_le_bytes());
        out.extend_from_slice(&self.number.to_le_bytes());
        out.extend_from_slice(&self.transcript);
        out.extend_from_slice(&self.wtxid.0);
        out.extend_from_slice(&self.height.to_le_bytes());
        text::put(out, &self.reader.name);
        text::put(out, self.reader.recipient.as_deref().unwrap_or_default());
        text::put(out, &self.authority);
        text::put(out, &self.reason);
        out.extend_from_slice(&self.issued.to_le_bytes());
        out.extend_from_slice(&self.until.to_le_bytes());
    }
}

impl Decode for Mandate {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        magic(reader, MAGIC, "mandate version")?;
        let mandate = Self {
            genesis: GenesisHash(reader.array()?),
            pool: PoolId(reader.u32()?),
            number: reader.u32()?,
            transcript: reader.array()?,
            wtxid: WtxId(reader.array()?),
            height: reader.u32()?,
            reader: ReaderId::read(reader)?,
            authority: text::read(reader, "name of who asks", MAX_NAME)?,
            reason: text::read(reader, "reason", MAX_PURPOSE)?,
            issued: reader.u64()?,
            until: reader.u64()?,
        };
        if mandate.reader.recipient.is_none() {
            return Err(DecodeError::OutOfRange { what: "recipient" });
        }
        if mandate.authority.is_empty() || mandate.reason.is_empty() || mandate.until <= mandate.issued {
            return Err(DecodeError::OutOfRange { what: "terms of a mandate" });
        }
        Ok(mandate)
    }
}

/// A mandate with the members' signatures, ascending by their numbers. Nothing is checked before [`SignedMandate::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedMandate {
    mandate: Mandate,
    signatures: Vec<MandateSignature>,
}

impl SignedMandate {
    /// A mandate that enough members signed.
    ///
    /// # Errors
    /// Those of [`SignedMandate::verify`], and [`CommitteeError::Twice`].
    pub fn new(
        key: &CommitteeKey,
        mandate: Mandate,
        signatures: &[MandateSignature],
    ) -> Result<Self, CommitteeError> {
        let mut by_member = BTreeMap::new();
        for signature in signatures {
            if by_member.insert(signature.member, *signature).is_some() {
                return Err(CommitteeError::Twice(signature.member));
            }
        }
        let signed = Self { mandate, signatures: by_member.into_values().collect() };
        signed.verify(key)?;
        Ok(signed)
    }

    /// The mandate.
    pub fn mandate(&self) -> &Mandate {
        &self.mandate
    }

    /// The numbers of the members who signed.
    pub fn signers(&self) -> impl Iterator<Item = u8> + '_ {
        self.signatures.iter().map(|signature| signature.member)
    }

    /// Checks that it is for this committee, and that as many members signed as open.
    ///
    /// # Errors
    /// [`CommitteeError`].
    pub fn verify(&self, key: &CommitteeKey) -> Result<(), CommitteeError> {
        self.mandate.is_for(key)?;
        let hash = self.mandate.hash();
        for MandateSignature { member, signature } in &self.signatures {
            let of = key.committee().terms().key(*member).ok_or(CommitteeError::Signature(*member))?;
            let signature = Signature::from_bytes(signature);
            of.verify_strict(&hash, &signature).map_err(|_| CommitteeError::Signature(*member))?;
        }
        let (signed, needed) = (self.signatures.len(), key.committee().threshold());
        match signed >= usize::from(needed) {
            true => Ok(()),
            false => Err(CommitteeError::TooFewSignatures { signed, needed }),
        }
    }

    /// Checks that members may open by it at a time, in seconds since 1970.
    ///
    /// # Errors
    /// [`CommitteeError::NotInForce`].
    pub fn is_in_force(&self, now: u64) -> Result<(), CommitteeError> {
        let (from, until) = self.mandate.period();
        if (from..until).contains(&now) { Ok(()) } else { Err(CommitteeError::NotInForce) }
    }
}

/// mandate || count u8 || for each signature: member u8 || signature 64
impl Encode for SignedMandate {
    fn encode(&self, out: &mut Vec<u8>) {
        self.mandate.encode(out);
        out.extend(u8::try_from(self.signatures.len()));
        self.signatures.iter().for_each(|signature| signature.encode(out));
    }
}

impl Decode for SignedMandate {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (mandate, count) = (Mandate::decode(reader)?, usize::from(reader.u8()?));
        if count > Quorum::MAX_KEYS {
            return Err(DecodeError::OutOfRange { what: "number of signatures under a mandate" });
        }
        let signatures = (0..count).map(|_| MandateSignature::decode(reader));
        let signatures = signatures.collect::<Result<Vec<_>, _>>()?;
        if !signatures.is_sorted_by(|a, b| a.member < b.member) {
            return Err(DecodeError::NotCanonical { what: "order of the signatures under a mandate" });
        }
        Ok(Self { mandate, signatures })
    }
}

impl Encode for MandateSignature {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(self.member);
        out.extend_from_slice(&self.signature);
    }
}

impl Decode for MandateSignature {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { member: reader.u8()?, signature: reader.array()? })
    }
}
