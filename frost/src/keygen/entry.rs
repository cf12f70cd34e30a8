use std::collections::BTreeMap;

use ed25519_dalek::{Signer, SigningKey};
use frost_core::keys::PublicKeyPackage;
use group::Group;
use jubjub::SubgroupPoint;
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    spec::{Fj, b32},
};

use super::{
    Commitment, KeygenError, Terms,
    commitment::{Proof, parts, put_parts, verify_parts, vss},
    participant::Commitments,
};
use crate::suite::JubjubBlake2b512;

/// A member's signature under the transcript: it was shown these commitments and holds a share that fits them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirmation {
    member: u8,
    signature: [u8; 64],
}

impl Confirmation {
    pub(super) fn sign(member: u8, transcript: &[u8; 32], signer: &SigningKey) -> Self {
        Self { member, signature: signer.sign(&message(transcript)).to_bytes() }
    }

    /// The member's number.
    pub fn member(&self) -> u8 {
        self.member
    }
}

/// member u8 || signature 64
impl Encode for Confirmation {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(self.member);
        out.extend_from_slice(&self.signature);
    }
}

impl Decode for Confirmation {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { member: reader.u8()?, signature: reader.array()? })
    }
}

fn message(transcript: &[u8; 32]) -> [u8; 32] {
    b32(b"LouverFrostDone", &[transcript])
}

/// A member in the transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    coefficients: Vec<SubgroupPoint>,
    proof: Proof,
}

impl Part {
    pub(super) fn of(commitment: &Commitment) -> Self {
        Self { coefficients: commitment.coefficients.clone(), proof: commitment.proof }
    }
}

/// `[frost-entry]`: a generated key as everybody can check it: the terms, each member's commitments and proof of possession,
/// and each member's signature under the transcript of all of that. Nothing in it is checked before [`Entry::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    terms: Terms,
    members: Vec<(Part, [u8; 64])>,
}

impl Entry {
    /// The entry, from the messages of all members.
    ///
    /// # Errors
    /// [`KeygenError`] if a message is missing, twice, or not its member's.
    pub fn new(
        terms: Terms,
        commitments: &[Commitment],
        confirmations: &[Confirmation],
    ) -> Result<Self, KeygenError> {
        let parts = Commitments::of(&terms, commitments)?.parts();
        let mut by_member = BTreeMap::new();
        for confirmation in confirmations {
            if terms.key(confirmation.member).is_none() {
                return Err(KeygenError::NoSuchMember(confirmation.member));
            }
            if by_member.insert(confirmation.member, confirmation.signature).is_some() {
                return Err(KeygenError::Twice(confirmation.member));
            }
        }
        let members = terms
            .members()
            .zip(parts)
            .map(|(member, part)| {
                by_member.get(&member).map(|signature| (part, *signature)).ok_or(KeygenError::Missing(member))
            })
            .collect::<Result<_, _>>()?;
        let entry = Self { terms, members };
        entry.verify()?;
        Ok(entry)
    }

    /// The terms.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// `[frost-transcript]`: the hash of the terms and all commitments. It names the key's generation.
    pub fn transcript(&self) -> [u8; 32] {
        Self::transcript_of(&self.terms, &self.parts())
    }

    pub(super) fn transcript_of(terms: &Terms, parts: &[Part]) -> [u8; 32] {
        let mut out = terms.to_bytes();
        parts.iter().for_each(|part| put_parts(&mut out, &part.coefficients, &part.proof));
        b32(b"LouverFrostTrans", &[&out])
    }

    fn parts(&self) -> Vec<Part> {
        self.members.iter().map(|(part, _)| part.clone()).collect()
    }

    /// Checks everything: every member commits to the threshold, proves possession, and signed what all the others signed.
    ///
    /// # Errors
    /// [`KeygenError`].
    pub fn verify(&self) -> Result<GroupKey, KeygenError> {
        let transcript = self.transcript();
        let message = message(&transcript);
        for (member, (part, signature)) in self.terms.members().zip(&self.members) {
            verify_parts(&self.terms, member, &part.coefficients, &part.proof)?;
            self.terms.check(member, &message, signature)?;
        }
        GroupKey::of(&self.terms, &self.parts(), transcript)
    }
}

/// terms || for each member: count u8 of coefficients || coefficients, 32 each || R 32 || z 32 || signature 64
impl Encode for Entry {
    fn encode(&self, out: &mut Vec<u8>) {
        self.terms.encode(out);
        for (part, signature) in &self.members {
            put_parts(out, &part.coefficients, &part.proof);
            out.extend_from_slice(signature);
        }
    }
}

impl Decode for Entry {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let terms = Terms::decode(reader)?;
        let members = terms
            .members()
            .map(|_| {
                let (coefficients, proof) = parts(reader)?;
                Ok((Part { coefficients, proof }, reader.array()?))
            })
            .collect::<Result<_, DecodeError>>()?;
        Ok(Self { terms, members })
    }
}

/// A key that its members generated: checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupKey {
    terms: Terms,
    transcript: [u8; 32],
    public: PublicKeyPackage<JubjubBlake2b512>,
    key: SubgroupPoint,
    shares: Vec<SubgroupPoint>,
}

impl GroupKey {
    /// The key of commitments that were checked each by itself.
    pub(super) fn of(terms: &Terms, parts: &[Part], transcript: [u8; 32]) -> Result<Self, KeygenError> {
        let mut sum = vec![SubgroupPoint::identity(); terms.threshold().into()];
        for part in parts {
            sum.iter_mut().zip(&part.coefficients).for_each(|(sum, point)| *sum += point);
        }
        // A last coefficient of zero would make the threshold one less than stated, a first one the key known to all.
        let ends = [sum.first(), sum.last()];
        if ends.into_iter().any(|end| end.is_none_or(|end| end.is_identity().into())) {
            return Err(KeygenError::Cancelled);
        }
        let identifiers =
            terms.members().map(|member| terms.identifier(member)).collect::<Result<Vec<_>, _>>()?;
        let commitments = parts.iter().map(|part| vss(&part.coefficients)).collect::<Result<Vec<_>, _>>()?;
        let by_member: BTreeMap<_, _> = identifiers.iter().copied().zip(&commitments).collect();
        let public =
            PublicKeyPackage::from_dkg_commitments(&by_member).map_err(|_| KeygenError::Inconsistent)?;
        let shares = identifiers.iter().map(|of| {
            let share = public.verifying_shares().get(of).ok_or(KeygenError::Inconsistent)?;
            let bytes = share.serialize().map_err(|_| KeygenError::Cancelled)?;
            Reader::new(&bytes).subgroup_point().map_err(|_| KeygenError::Inconsistent)
        });
        let shares = shares.collect::<Result<_, _>>()?;
        Ok(Self { terms: terms.clone(), transcript, key: sum[0], public, shares })
    }

    /// The terms.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The hash of the transcript that made it.
    pub fn transcript(&self) -> &[u8; 32] {
        &self.transcript
    }

    /// The key itself, `[a] G`.
    pub fn key(&self) -> &SubgroupPoint {
        &self.key
    }

    /// `[a_i] G` of a member. Its partial results are checked against it. `None` if there is no such member.
    pub fn verifying_share(&self, member: u8) -> Option<&SubgroupPoint> {
        self.shares.get(usize::from(member).checked_sub(1)?)
    }

    /// `[frost-lagrange]`: the factors by which the results of these members add up to the key's: `a = sum of lambda_i a_i`.
    ///
    /// # Errors
    /// [`KeygenError`] if there is no such member, one stands there twice, or there are fewer than the threshold.
    pub fn factors(&self, members: &[u8]) -> Result<Vec<Fj>, KeygenError> {
        if members.len() < self.terms.threshold().into() {
            return Err(KeygenError::TooFew(u8::try_from(members.len()).unwrap_or(u8::MAX)));
        }
        let places = members.iter().map(|member| {
            self.terms.key(*member).ok_or(KeygenError::NoSuchMember(*member))?;
            let bytes = self.terms.identifier(*member)?.serialize();
            Reader::new(&bytes).fj().map_err(|_| KeygenError::Inconsistent)
        });
        let places = places.collect::<Result<Vec<_>, _>>()?;
        let factor = |(at, own): (usize, &Fj)| {
            let others = places.iter().enumerate().filter(|(other, _)| *other != at);
            let (above, below) = others.fold((Fj::one(), Fj::one()), |(above, below), (_, other)| {
                (above * other, below * (other - own))
            });
            let inverse: Option<Fj> = below.invert().into();
            inverse.map(|inverse| above * inverse).ok_or(KeygenError::Twice(members[at]))
        };
        places.iter().enumerate().map(factor).collect()
    }

    /// The key as `frost-core` takes it to put signatures together.
    pub fn for_signing(&self) -> &PublicKeyPackage<JubjubBlake2b512> {
        &self.public
    }
}
