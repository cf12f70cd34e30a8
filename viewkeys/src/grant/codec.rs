use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    epoch::{Epoch, EpochRange},
    keys::{DetectionKey, GgmCover, NullifierKey, TagKey, View},
    proof::Proof,
    secret::{ExposeBytes, Secret},
};
use zeroize::Zeroizing;

use super::{AccountKeys, EPOCHS_PER_PROOF, GrantedKeys, ScopeKeys};
use crate::{
    scope::{Directions, Scope},
    signed::{About, Body},
};

impl Body for ScopeKeys {
    const MAGIC: &'static [u8; 8] = b"LVGRANT\x03";
    const IS_SECRET: bool = true;
    // More than 1024 epochs take.
    const MAX_BYTES: usize = 1 << 20;
    type Statement = AccountKeys;

    fn size_bound(&self) -> usize {
        // A cover has at most 30 nodes of 35 bytes each.
        16 + 3 * 1100 + self.keys.len() * 128 + self.keys.len().div_ceil(EPOCHS_PER_PROOF) * 192
    }

    fn put(&self, out: &mut Vec<u8>) {
        self.scope.epochs().first().encode(out);
        self.scope.epochs().last().encode(out);
        self.scope.directions().encode(out);
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
        for proof in &self.proofs {
            proof.encode(out);
        }
    }

    /// Every key is of the grant's pool and epochs, or the bytes are refused; that the keys are the account's is for
    /// [`super::Grant::verify`] to say.
    fn read(reader: &mut Reader<'_>, about: &About) -> Result<Self, DecodeError> {
        let tag = about.pool_tag();
        let (first, last) = (Epoch::decode(reader)?, Epoch::decode(reader)?);
        let epochs = EpochRange::new(first, last).ok_or(DecodeError::OutOfRange { what: "epoch range" })?;
        let directions = Directions::decode(reader)?;
        let scope = Scope::new(directions, epochs)
            .map_err(|_| DecodeError::OutOfRange { what: "number of epochs" })?;
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
        let proofs = (0..scope.epoch_count().div_ceil(EPOCHS_PER_PROOF))
            .map(|_| Proof::decode(reader))
            .collect::<Result<_, _>>()?;
        Ok(Self { scope, covers, keys, proofs })
    }

    fn set_proofs(&mut self, proofs: Vec<Proof>) {
        self.proofs = proofs;
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
