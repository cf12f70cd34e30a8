use core::fmt;
use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;
use frost_core::{Error, Identifier, keys::dkg};
use group::Group;
use jubjub::SubgroupPoint;
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    secret::{ExposeBytes, Secret},
    spec::{Fj, b32},
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{Commitment, Confirmation, Deal, Entry, GroupKey, KeyShare, KeygenError, Terms, entry::Part};
use crate::{random::Seeded, suite::JubjubBlake2b512};

type Id = Identifier<JubjubBlake2b512>;
type Rounds = (dkg::round1::SecretPackage<JubjubBlake2b512>, dkg::round1::Package<JubjubBlake2b512>);
type Shares =
    (dkg::round2::SecretPackage<JubjubBlake2b512>, BTreeMap<Id, dkg::round2::Package<JubjubBlake2b512>>);
type Others = BTreeMap<Id, dkg::round1::Package<JubjubBlake2b512>>;

/// A member in the generation of a key: the terms, its number, and the secret seed that its polynomial comes from. It is kept
/// until the entry is there, then it must be deleted: whoever gets it later learns the member's share of the key.
///
/// Every round is made anew from the seed, so a member may stop between rounds and go on from the file.
#[derive(Clone)]
pub struct Participant {
    terms: Terms,
    member: u8,
    seed: Secret<[u8; 32]>,
}

impl Participant {
    /// Begins. `[frost-seed]`: the seed is drawn from fresh randomness, the member's own secret and the terms, so that it is
    /// secret even if the randomness can be foretold.
    ///
    /// # Errors
    /// [`KeygenError::NotAMember`] if the signer is not one.
    pub fn new(terms: Terms, signer: &SigningKey, fresh: &mut impl CryptoRng) -> Result<Self, KeygenError> {
        let member = terms.member_of(signer)?;
        let mut drawn = Zeroizing::new([0u8; 32]);
        fresh.fill_bytes(drawn.as_mut_slice());
        let own = Zeroizing::new(signer.to_bytes());
        let seed = b32(b"LouverFrostSeed", &[drawn.as_slice(), own.as_slice(), &terms.to_bytes()]);
        Ok(Self { terms, member, seed: Secret::new(seed) })
    }

    /// The terms.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The member's number.
    pub fn member(&self) -> u8 {
        self.member
    }

    /// Round 1: what the member publishes to all others.
    ///
    /// # Errors
    /// [`KeygenError::NotAMember`] if the signer is not this member.
    pub fn commit(&self, signer: &SigningKey) -> Result<Commitment, KeygenError> {
        self.is_own(signer)?;
        Commitment::sign(&self.terms, self.member, &self.rounds()?.1, signer)
    }

    /// Round 2: a share for each other member, by the commitments of all.
    ///
    /// # Errors
    /// [`KeygenError`] if a commitment is missing, twice, not its member's or without proof.
    pub fn deal(&self, signer: &SigningKey, commitments: &[Commitment]) -> Result<Vec<Deal>, KeygenError> {
        self.is_own(signer)?;
        let all = Commitments::of(&self.terms, commitments)?;
        let (_, shares) = self.part2(&all.others(self.member)?)?;
        let others = self.terms.members().filter(|to| *to != self.member);
        others
            .map(|to| {
                let share = shares.get(&self.terms.identifier(to)?).ok_or(KeygenError::Inconsistent)?;
                let bytes = Zeroizing::new(share.signing_share().serialize());
                let share = Reader::new(&bytes).fj().map_err(|_| KeygenError::Inconsistent)?;
                Ok(Deal::sign(all.transcript, self.member, to, Secret::new(share), signer))
            })
            .collect()
    }

    /// The echo: the member's share of the key, and its signature under the transcript of all that it was shown.
    ///
    /// The share may be used only when the entry is complete: till then another member may have been shown other
    /// commitments.
    ///
    /// # Errors
    /// [`KeygenError`]: those of [`Participant::deal`]; and if a share is missing, twice, not its member's, for somebody
    /// else, dealt by another transcript, or false.
    pub fn finish(
        &self,
        signer: &SigningKey,
        commitments: &[Commitment],
        deals: &[Deal],
    ) -> Result<(KeyShare, Confirmation), KeygenError> {
        self.is_own(signer)?;
        let all = Commitments::of(&self.terms, commitments)?;
        let mut shares = BTreeMap::new();
        for deal in deals {
            deal.verify_signature(&self.terms)?;
            if deal.to != self.member || deal.from == self.member {
                return Err(KeygenError::NotForThisMember(deal.from));
            }
            if deal.transcript != all.transcript {
                return Err(KeygenError::OtherTranscript(deal.from));
            }
            if shares.insert(deal.from, deal).is_some() {
                return Err(KeygenError::Twice(deal.from));
            }
        }
        let mut packages = BTreeMap::new();
        for from in self.terms.members().filter(|from| *from != self.member) {
            let share = shares.get(&from).ok_or(KeygenError::Missing(from))?.share.expose();
            packages.insert(self.terms.identifier(from)?, package(share)?);
        }
        let others = all.others(self.member)?;
        let (secret, _) = self.part2(&others)?;
        let (key, _) = dkg::part3(&secret, &others, &packages).map_err(|error| self.blame(&error))?;
        let bytes = Zeroizing::new(key.signing_share().serialize());
        let share = Reader::new(&bytes).fj().map_err(|_| KeygenError::Inconsistent)?;
        let group = GroupKey::of(&self.terms, &all.parts, all.transcript)?;
        let share = KeyShare::new(self.member, Secret::new(share), all.transcript);
        // It holds by construction; nothing is confirmed that does not.
        if !share.fits(&group) {
            return Err(KeygenError::Inconsistent);
        }
        Ok((share, Confirmation::sign(self.member, &all.transcript, signer)))
    }

    /// The polynomial and its commitment, from the seed.
    fn rounds(&self) -> Result<Rounds, KeygenError> {
        let seed = Zeroizing::new(b32(b"LouverFrostPoly", &[self.seed.expose(), &self.terms.hash()]));
        let (size, threshold) = (self.terms.size().into(), self.terms.threshold().into());
        let identifier = self.terms.identifier(self.member)?;
        dkg::part1(identifier, size, threshold, Seeded::new(&seed)).map_err(|error| self.blame(&error))
    }

    fn part2(&self, others: &Others) -> Result<Shares, KeygenError> {
        dkg::part2(self.rounds()?.0, others).map_err(|error| self.blame(&error))
    }

    fn is_own(&self, signer: &SigningKey) -> Result<(), KeygenError> {
        match self.terms.member_of(signer)? == self.member {
            true => Ok(()),
            false => Err(KeygenError::NotAMember),
        }
    }

    /// The error that names the member at fault.
    fn blame(&self, error: &Error<JubjubBlake2b512>) -> KeygenError {
        let number =
            |of: &Id| self.terms.members().find(|member| self.terms.identifier(*member).as_ref() == Ok(of));
        let fault = match error {
            Error::InvalidSecretShare { culprit: Some(of) } => number(of).map(KeygenError::FalseShare),
            Error::InvalidProofOfKnowledge { culprit } => number(culprit).map(KeygenError::Possession),
            _ => None,
        };
        fault.unwrap_or(KeygenError::Inconsistent)
    }
}

fn package(share: &Fj) -> Result<dkg::round2::Package<JubjubBlake2b512>, KeygenError> {
    let bytes = Zeroizing::new(share.to_bytes());
    let share = frost_core::keys::SigningShare::deserialize(bytes.as_slice());
    share.map(dkg::round2::Package::new).map_err(|_| KeygenError::Inconsistent)
}

/// The commitments of all members, each verified, in order.
pub(super) struct Commitments<'a> {
    terms: &'a Terms,
    given: Vec<&'a Commitment>,
    parts: Vec<Part>,
    pub(super) transcript: [u8; 32],
}

impl<'a> Commitments<'a> {
    pub(super) fn of(terms: &'a Terms, commitments: &'a [Commitment]) -> Result<Self, KeygenError> {
        let mut by_member = BTreeMap::new();
        for commitment in commitments {
            commitment.verify(terms)?;
            if by_member.insert(commitment.member, commitment).is_some() {
                return Err(KeygenError::Twice(commitment.member));
            }
        }
        let given = terms
            .members()
            .map(|member| by_member.get(&member).copied().ok_or(KeygenError::Missing(member)))
            .collect::<Result<Vec<_>, _>>()?;
        let parts: Vec<Part> = given.iter().map(|commitment| Part::of(commitment)).collect();
        let transcript = Entry::transcript_of(terms, &parts);
        Ok(Self { terms, given, parts, transcript })
    }

    /// `[f(x_to)] G` of the member `from`, by its commitments.
    pub(super) fn promised(&self, from: u8, to: u8) -> Result<SubgroupPoint, KeygenError> {
        let given = self.given.iter().find(|commitment| commitment.member == from);
        let given = given.ok_or(KeygenError::NoSuchMember(from))?;
        let place = Reader::new(&self.terms.identifier(to)?.serialize()).fj();
        let place = place.map_err(|_| KeygenError::Inconsistent)?;
        let coefficients = given.coefficients.iter().rev();
        Ok(coefficients.fold(SubgroupPoint::identity(), |sum, point| sum * place + point))
    }

    pub(super) fn parts(self) -> Vec<Part> {
        self.parts
    }

    fn others(&self, than: u8) -> Result<Others, KeygenError> {
        let others = self.given.iter().filter(|commitment| commitment.member != than);
        others
            .map(|commitment| Ok((self.terms.identifier(commitment.member)?, commitment.package()?)))
            .collect()
    }
}

/// member u8 || seed 32 || terms
impl ExposeBytes for Participant {
    fn expose_bytes(&self) -> Zeroizing<Vec<u8>> {
        let terms = self.terms.to_bytes();
        let mut out = Zeroizing::new(Vec::with_capacity(33 + terms.len()));
        out.push(self.member);
        out.extend_from_slice(self.seed.expose());
        out.extend_from_slice(&terms);
        out
    }
}

impl Decode for Participant {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (member, seed) = (reader.u8()?, Secret::new(reader.array()?));
        let terms = Terms::decode(reader)?;
        match terms.key(member) {
            Some(_) => Ok(Self { terms, member, seed }),
            None => Err(DecodeError::OutOfRange { what: "number of a member" }),
        }
    }
}

impl fmt::Debug for Participant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Participant").field("member", &self.member).finish_non_exhaustive()
    }
}
