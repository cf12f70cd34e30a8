use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    epoch::{Epoch, EpochRange},
    keys::{AccountId, DetectionKey, GgmCover, NullifierKey, RandomizedKey, SpendSignature, TagKey, View},
    pool::{GenesisHash, PoolId, PoolTag},
    proof::Proof,
    secret::Secret,
};
use zeroize::Zeroizing;

use super::{EPOCHS_PER_PROOF, ExposeBytes, Grant, GrantedKeys, MAX_PURPOSE, MAX_RECIPIENT};
use crate::{
    scope::{Directions, Scope},
    text,
};

/// How the contents of a grant begin: a name and a version.
pub const MAGIC: &[u8; 8] = b"LVGRANT\x02";

impl Grant {
    /// All that the account signs: everything but the signature.
    pub(super) fn contents(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(self.size_bound()));
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&self.genesis.0);
        out.extend_from_slice(&self.pool.0.to_le_bytes());
        self.account.encode(&mut out);
        self.scope.epochs().first().encode(&mut out);
        self.scope.epochs().last().encode(&mut out);
        self.scope.directions().encode(&mut out);
        text::put(&mut out, &self.recipient);
        text::put(&mut out, &self.purpose);
        for cover in &self.covers {
            out.extend_from_slice(&cover.expose_bytes());
        }
        for keys in &self.keys {
            let scalars = [
                keys.external_tag.as_ref().map(TagKey::to_scalar),
                keys.internal_tag.as_ref().map(TagKey::to_scalar),
                keys.nullifier.as_ref().map(NullifierKey::to_scalar),
                keys.detection.as_ref().map(DetectionKey::to_scalar),
            ];
            for scalar in scalars.into_iter().flatten() {
                let bytes = Zeroizing::new(scalar.expose().to_bytes());
                out.extend_from_slice(&*bytes);
            }
        }
        out.extend_from_slice(&self.rk.to_array());
        for proof in &self.proofs {
            proof.encode(&mut out);
        }
        out
    }

    /// Enough room for the contents and the signature, so that no secret is left behind by a buffer that grew.
    fn size_bound(&self) -> usize {
        // A cover has at most 30 nodes of 35 bytes each.
        1024 + self.recipient.len()
            + self.purpose.len()
            + 3 * 1100
            + self.keys.len() * 128
            + self.proofs.len() * 192
    }
}

impl ExposeBytes for Grant {
    /// The layout is `[grant]`'s.
    fn expose_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut out = self.contents();
        out.extend_from_slice(&self.signature.to_array());
        out
    }
}

impl Decode for Grant {
    /// Every key is of the grant's pool and epochs, or the bytes are refused; that the keys are the account's is for
    /// [`Grant::verify`] to say.
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let magic: [u8; 8] = reader.array()?;
        if magic != *MAGIC {
            return Err(DecodeError::UnknownTag { what: "grant version", tag: u64::from_le_bytes(magic) });
        }
        let genesis = GenesisHash(reader.array()?);
        let pool = PoolId(reader.u32()?);
        let tag = PoolTag::new(&genesis, pool);
        let account = AccountId::decode(reader)?;
        let (first, last) = (Epoch::decode(reader)?, Epoch::decode(reader)?);
        let epochs = EpochRange::new(first, last).ok_or(DecodeError::OutOfRange { what: "epoch range" })?;
        let directions = Directions::decode(reader)?;
        let scope = Scope::new(directions, epochs)
            .map_err(|_| DecodeError::OutOfRange { what: "number of epochs" })?;
        let recipient = text::read(reader, "recipient", MAX_RECIPIENT)?;
        let purpose = text::read(reader, "purpose", MAX_PURPOSE)?;
        let covers = views(directions)
            .into_iter()
            .map(|view| {
                let cover = GgmCover::decode(reader)?;
                let fits = cover.view() == view && cover.pool() == tag && cover.range() == epochs;
                fits.then_some(cover).ok_or(DecodeError::NotCanonical { what: "a cover of another scope" })
            })
            .collect::<Result<_, _>>()?;
        let flags = directions.key_flags();
        let mut scalar = |shown: bool| -> Result<_, DecodeError> {
            shown.then(|| reader.fr().map(Secret::new)).transpose()
        };
        let keys = epochs
            .iter()
            .map(|epoch| {
                Ok(GrantedKeys {
                    external_tag: scalar(flags.external_tag)?.map(TagKey::from_scalar),
                    internal_tag: scalar(flags.internal_tag)?.map(TagKey::from_scalar),
                    nullifier: scalar(flags.nullifier)?.map(|nk| NullifierKey::new(tag, epoch, nk)),
                    detection: scalar(flags.detection)?.map(|sd| DetectionKey::new(tag, epoch, sd)),
                })
            })
            .collect::<Result<_, DecodeError>>()?;
        let rk = RandomizedKey::decode(reader)?;
        let proofs = (0..scope.epoch_count().div_ceil(EPOCHS_PER_PROOF))
            .map(|_| Proof::decode(reader))
            .collect::<Result<_, _>>()?;
        let signature = SpendSignature::from_array(reader.array()?);
        Ok(Self { genesis, pool, account, scope, recipient, purpose, covers, keys, rk, proofs, signature })
    }
}

/// The views whose covers a grant holds, in their order.
pub(super) fn views(directions: Directions) -> Vec<View> {
    [
        (directions.incoming, View::External),
        (directions.change, View::Internal),
        (directions.outgoing, View::Outgoing),
    ]
    .into_iter()
    .filter(|(granted, _)| *granted)
    .map(|(_, view)| view)
    .collect()
}
