use ed25519_dalek::{Signer, SigningKey};
use frost_core::{
    Ciphersuite, Signature,
    keys::{VerifiableSecretSharingCommitment, dkg},
};
use jubjub::SubgroupPoint;
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader, point_bytes},
    ledger::Quorum,
    spec::{Fj, b32, spend_base},
};

use super::{KeygenError, Terms};
use crate::suite::JubjubBlake2b512;

/// `[frost-commitment]`: what a member publishes in round 1: the commitments to its polynomial's coefficients, and a proof
/// that it knows the constant one. Signed, so that two different ones are evidence against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commitment {
    pub(super) terms: [u8; 32],
    pub(super) member: u8,
    pub(super) coefficients: Vec<SubgroupPoint>,
    pub(super) proof: Proof,
    pub(super) signature: [u8; 64],
}

/// A proof of possession, `R || z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Proof {
    pub(super) r: SubgroupPoint,
    pub(super) z: Fj,
}

impl Encode for Proof {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&point_bytes(&self.r));
        out.extend_from_slice(&self.z.to_bytes());
    }
}

impl Decode for Proof {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { r: reader.subgroup_point()?, z: reader.fj()? })
    }
}

impl Commitment {
    /// The fewest bytes of a commitment.
    pub const LEAST: usize = 32 + 1 + 1 + 2 * 32 + 64 + 64;

    pub(super) fn sign(
        terms: &Terms,
        member: u8,
        package: &dkg::round1::Package<JubjubBlake2b512>,
        signer: &SigningKey,
    ) -> Result<Self, KeygenError> {
        let inner = |_| KeygenError::Inconsistent;
        let coefficients = package.commitment().serialize().map_err(|_| KeygenError::Inconsistent)?;
        let coefficients = coefficients
            .iter()
            .map(|bytes| Reader::new(bytes).subgroup_point().map_err(inner))
            .collect::<Result<Vec<_>, _>>()?;
        let proof = package.proof_of_knowledge().serialize().map_err(|_| KeygenError::Inconsistent)?;
        let proof = Proof::from_bytes(&proof).map_err(inner)?;
        let mut commitment = Self { terms: terms.hash(), member, coefficients, proof, signature: [0; 64] };
        commitment.signature = signer.sign(&commitment.message()).to_bytes();
        Ok(commitment)
    }

    /// The number of the member whom it is of.
    pub fn member(&self) -> u8 {
        self.member
    }

    /// Checks that it is its member's, for these terms, of their threshold, and that the member knows its secret.
    ///
    /// # Errors
    /// [`KeygenError`].
    pub fn verify(&self, terms: &Terms) -> Result<(), KeygenError> {
        self.verify_signature(terms)?;
        verify_parts(terms, self.member, &self.coefficients, &self.proof)
    }

    pub(super) fn verify_signature(&self, terms: &Terms) -> Result<(), KeygenError> {
        if self.terms != terms.hash() {
            return Err(KeygenError::OtherTerms);
        }
        terms.check(self.member, &self.message(), &self.signature)
    }

    pub(super) fn message(&self) -> [u8; 32] {
        b32(b"LouverFrostRnd1", &[&self.contents()])
    }

    /// Without the signature: one message has many signatures, and must not have many transcripts.
    fn contents(&self) -> Vec<u8> {
        let mut out = self.terms.to_vec();
        out.push(self.member);
        put_parts(&mut out, &self.coefficients, &self.proof);
        out
    }

    pub(super) fn package(&self) -> Result<dkg::round1::Package<JubjubBlake2b512>, KeygenError> {
        let proof = Signature::deserialize(&self.proof.to_bytes()).map_err(|_| KeygenError::Inconsistent)?;
        Ok(dkg::round1::Package::new(vss(&self.coefficients)?, proof))
    }
}

/// terms 32 || member u8 || count u8 of coefficients || coefficients, 32 each || R 32 || z 32 || signature 64
impl Encode for Commitment {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.contents());
        out.extend_from_slice(&self.signature);
    }
}

impl Decode for Commitment {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (terms, member) = (reader.array()?, reader.u8()?);
        let (coefficients, proof) = parts(reader)?;
        Ok(Self { terms, member, coefficients, proof, signature: reader.array()? })
    }
}

/// Checks what a member commits to: as many coefficients as the threshold, and a proof of possession.
pub(super) fn verify_parts(
    terms: &Terms,
    member: u8,
    coefficients: &[SubgroupPoint],
    proof: &Proof,
) -> Result<(), KeygenError> {
    if coefficients.len() != usize::from(terms.threshold()) {
        return Err(KeygenError::Threshold(member));
    }
    let preimage = [
        terms.identifier(member)?.serialize(),
        point_bytes(&coefficients[0]).to_vec(),
        point_bytes(&proof.r).to_vec(),
    ];
    let challenge = JubjubBlake2b512::HDKG(&preimage.concat()).ok_or(KeygenError::Inconsistent)?;
    match spend_base() * proof.z == proof.r + coefficients[0] * challenge {
        true => Ok(()),
        false => Err(KeygenError::Possession(member)),
    }
}

/// The commitments of a polynomial, as `frost-core` has them.
pub(super) fn vss(
    coefficients: &[SubgroupPoint],
) -> Result<VerifiableSecretSharingCommitment<JubjubBlake2b512>, KeygenError> {
    VerifiableSecretSharingCommitment::deserialize(coefficients.iter().map(point_bytes))
        .map_err(|_| KeygenError::Inconsistent)
}

/// count u8 || coefficients || proof
pub(super) fn put_parts(out: &mut Vec<u8>, coefficients: &[SubgroupPoint], proof: &Proof) {
    out.extend(u8::try_from(coefficients.len()));
    coefficients.iter().for_each(|point| out.extend_from_slice(&point_bytes(point)));
    proof.encode(out);
}

/// Reads what [`put_parts`] writes. No coefficient is the identity or outside the subgroup.
pub(super) fn parts(reader: &mut Reader<'_>) -> Result<(Vec<SubgroupPoint>, Proof), DecodeError> {
    let count = usize::from(reader.u8()?);
    if !(2..=Quorum::MAX_KEYS).contains(&count) {
        return Err(DecodeError::OutOfRange { what: "number of coefficients" });
    }
    let coefficients = (0..count).map(|_| reader.subgroup_point()).collect::<Result<_, _>>()?;
    Ok((coefficients, Proof::decode(reader)?))
}
