//! `[ceremony-phase-2]`: what makes the key of one circuit, from phase 1 to its beacon.
//!
//! A file holds the contributions and what they change: delta, L and H. The rest of the parameters anybody computes from
//! the circuit and phase 1, and so can nobody get it wrong.

use bellman::Circuit;
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader, put_count},
    proof::Progress,
    spec::{Fr, b32},
};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{
    beacon::Beacon,
    chain::{ContributeError, Contributions, ContributionsError, Entered},
    contribution::{Name, same_ratio},
    initial::{self, InitialError},
    point::{self, Element, Place, ReadError},
    powers::{combine, multipliers, scale},
    secret::{Entropy, EntropyError, Factors, bytes},
    source::Source,
    work::{Cancelled, Work},
};
use crate::{
    circuit::CircuitId,
    curve::{Affine, G1, G1Affine, G2, G2Affine, Group},
    figures,
    matrices::Matrices,
    proving_key::Elements,
};

/// The beginning of a file of phase 2.
pub const MAGIC: &[u8; 8] = b"LouverP2";
const VERSION: u8 = 1;
const ELEMENTS: &[Element] = &[Element::Delta];

/// Why a phase 2 cannot begin.
#[derive(Debug, Error)]
pub enum BeginError {
    /// The circuit has no parameters over these powers.
    #[error(transparent)]
    Initial(#[from] InitialError),
    /// The circuit cannot be made.
    #[error("the circuit cannot be made: {0}")]
    Synthesis(#[from] bellman::SynthesisError),
    /// The watching caller asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// Why a phase 2 was refused.
#[derive(Debug, Error)]
pub enum Phase2Error {
    /// Its contributions.
    #[error(transparent)]
    Chain(#[from] ContributionsError),
    /// Delta is not what the last contribution left.
    #[error("delta of the parameters is not what the last contribution left")]
    Last,
    /// Delta differs between the groups.
    #[error("delta in the second group is not delta in the first")]
    DeltaG2,
    /// For another circuit, or another version of it.
    #[error("for another version of the circuit {0}")]
    Circuit(CircuitId),
    /// Begun with another phase 1.
    #[error("begun with another phase 1: its hash is {}", hex::encode(.0))]
    Phase1([u8; 64]),
    /// Not as many elements as the circuit's.
    #[error("{found} elements in {query}, where the circuit has {needed}")]
    Count {
        /// Which query.
        query: &'static str,
        /// The number that the circuit has.
        needed: usize,
        /// The number that the file has.
        found: usize,
    },
    /// L and H are not those of the circuit, divided by delta.
    #[error("L and H are not what the circuit and phase 1 give, divided by delta")]
    Parameters,
    /// The parameters to compare with cannot be made.
    #[error(transparent)]
    Begin(#[from] BeginError),
    /// No randomness to check with.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The watching caller asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// A phase 2: its contributions, and what they have made of delta, L and H.
#[derive(Clone, Debug, PartialEq)]
pub struct Phase2 {
    header: Header,
    pub(super) chain: Contributions,
    pub(super) delta_g1: G1Affine,
    pub(super) delta_g2: G2Affine,
    pub(super) l: Vec<G1Affine>,
    pub(super) h: Vec<G1Affine>,
}

#[derive(Clone, Debug, PartialEq)]
struct Header {
    circuit: CircuitId,
    circuit_hash: [u8; 32],
    phase1: [u8; 64],
}

impl Header {
    fn origin(&self) -> [u8; 32] {
        b32(b"LouverPhase2", &[&self.to_bytes()])
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        if reader.array::<8>()? != *MAGIC {
            return Err(ReadError::Kind);
        }
        let version = reader.u8()?;
        if version != VERSION {
            let tag = version.into();
            return Err(DecodeError::UnknownTag { what: "version of a ceremony's file", tag }.into());
        }
        Ok(Self {
            circuit: CircuitId::decode(reader)?,
            circuit_hash: reader.array()?,
            phase1: reader.array()?,
        })
    }
}

impl Encode for Header {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(MAGIC);
        out.push(VERSION);
        self.circuit.encode(out);
        out.extend(self.circuit_hash);
        out.extend(self.phase1);
    }
}

/// A circuit as the ceremony sees it.
pub(super) struct Subject {
    pub(super) circuit: CircuitId,
    pub(super) system: Matrices,
}

impl Subject {
    /// This build's version of a circuit.
    pub(super) fn of(circuit: CircuitId) -> Result<Self, BeginError> {
        let mut system = Matrices::without_witness();
        circuit.synthesize(&mut system)?;
        Ok(Self { circuit, system })
    }

    pub(super) fn hash(&self) -> [u8; 32] {
        figures::hash(&self.system)
    }
}

/// The domain of powers that a circuit's phase 2 takes.
pub fn domain(circuit: CircuitId) -> Result<usize, BeginError> {
    Ok(Subject::of(circuit)?.system.domain())
}

impl Phase2 {
    /// The phase 2 of a circuit that nobody has contributed to. Takes up to minutes.
    pub fn begin(
        circuit: CircuitId,
        source: &Source,
        progress: &mut dyn Progress,
    ) -> Result<Self, BeginError> {
        Self::begin_with(&Subject::of(circuit)?, source, progress)
    }

    pub(super) fn begin_with(
        subject: &Subject,
        source: &Source,
        progress: &mut dyn Progress,
    ) -> Result<Self, BeginError> {
        let mut work = Work::new(progress, initial::cost(&subject.system));
        let initial = initial::elements(&subject.system, &source.powers, &mut work)?;
        work.finish()?;
        let header =
            Header { circuit: subject.circuit, circuit_hash: subject.hash(), phase1: *source.hash() };
        Ok(Self {
            chain: Contributions::new(ELEMENTS, header.origin()),
            header,
            delta_g1: initial.delta_g1,
            delta_g2: initial.delta_g2,
            l: initial.l,
            h: initial.h,
        })
    }

    /// The circuit.
    pub fn circuit(&self) -> CircuitId {
        self.header.circuit
    }

    /// The hash of the circuit's constraints.
    pub fn circuit_hash(&self) -> &[u8; 32] {
        &self.header.circuit_hash
    }

    /// The hash of the file of phase 1 that it began with.
    pub fn phase1(&self) -> &[u8; 64] {
        &self.header.phase1
    }

    /// The hash that the last contributor publishes: of all contributions so far.
    pub fn tip(&self) -> [u8; 32] {
        self.chain.tip()
    }

    /// The contributions in order.
    pub fn entered(&self) -> impl Iterator<Item = Entered> {
        self.chain.entered()
    }

    /// Whether a beacon has closed it.
    pub fn is_closed(&self) -> bool {
        self.chain.is_closed()
    }

    fn cost(&self) -> u64 {
        (self.l.len() + self.h.len()) as u64
    }

    /// Multiplies delta by a fresh secret, and forgets it.
    pub fn contribute(
        mut self,
        name: Name,
        entropy: &Entropy,
        progress: &mut dyn Progress,
    ) -> Result<Self, ContributeError> {
        let mut work = Work::new(progress, self.cost());
        let factors = self.chain.contribute(name, entropy)?;
        self.apply(&factors, &mut work)?;
        work.finish()?;
        Ok(self)
    }

    /// Closes it with a beacon.
    pub fn close(mut self, beacon: Beacon, progress: &mut dyn Progress) -> Result<Self, ContributeError> {
        let mut work = Work::new(progress, beacon.cost() + self.cost());
        let factors = self.chain.close(beacon, &mut work)?;
        self.apply(&factors, &mut work)?;
        work.finish()?;
        Ok(self)
    }

    /// Multiplies delta, and divides L and H.
    pub(super) fn apply(&mut self, factors: &Factors, work: &mut Work<'_>) -> Result<(), Cancelled> {
        let factor = factors.expose(0);
        let scalar = bytes(factor);
        self.delta_g1 = G1::from(self.delta_g1).mul(scalar.as_ref()).to_affine();
        self.delta_g2 = G2::from(self.delta_g2).mul(scalar.as_ref()).to_affine();
        // Factors are never zero.
        let inverse = Zeroizing::new(factor.invert().unwrap_or(Fr::zero()));
        self.l = divide(&self.l, &inverse, work)?;
        self.h = divide(&self.h, &inverse, work)?;
        Ok(())
    }

    /// Checks everything that can be checked without phase 1: the contributions, and that delta follows from them. A
    /// contributor does this before adding a contribution.
    pub fn check(&self, progress: &mut dyn Progress) -> Result<(), Phase2Error> {
        let mut work = Work::new(progress, self.chain.cost());
        self.check_chain(&mut work)?;
        Ok(work.finish()?)
    }

    fn check_chain(&self, work: &mut Work<'_>) -> Result<(), Phase2Error> {
        self.chain.check(work)?;
        if self.chain.current() != [self.delta_g1] {
            return Err(Phase2Error::Last);
        }
        let ones = (G1Affine::generator(), G2Affine::generator());
        if !same_ratio((ones.0, self.delta_g1), (ones.1, self.delta_g2)) {
            return Err(Phase2Error::DeltaG2);
        }
        Ok(())
    }

    /// Checks all of it against the circuit of this build, and the powers that it began with. Takes up to minutes.
    pub fn verify(self, source: &Source, progress: &mut dyn Progress) -> Result<VerifiedPhase2, Phase2Error> {
        let subject = Subject::of(self.header.circuit)?;
        self.verify_with(&subject, source, progress)
    }

    pub(super) fn verify_with(
        self,
        subject: &Subject,
        source: &Source,
        progress: &mut dyn Progress,
    ) -> Result<VerifiedPhase2, Phase2Error> {
        let mut work = Work::new(progress, self.chain.cost() + initial::cost(&subject.system) + self.cost());
        if self.header.circuit != subject.circuit || self.header.circuit_hash != subject.hash() {
            return Err(Phase2Error::Circuit(subject.circuit));
        }
        if self.header.phase1 != *source.hash() {
            return Err(Phase2Error::Phase1(self.header.phase1));
        }
        if self.chain.contributors() == 0 {
            return Err(ContributionsError::NoContribution.into());
        }
        self.check_chain(&mut work)?;
        let initial =
            initial::elements(&subject.system, &source.powers, &mut work).map_err(BeginError::from)?;
        for (query, needed, found) in
            [("L", initial.l.len(), self.l.len()), ("H", initial.h.len(), self.h.len())]
        {
            if needed != found {
                return Err(Phase2Error::Count { query, needed, found });
            }
        }
        // One random combination stands for all elements: a false one passes with a chance of 2^-128.
        let (for_l, for_h) = (multipliers(self.l.len())?, multipliers(self.h.len())?);
        let combined =
            |l: &[G1Affine], h: &[G1Affine]| combine(l, &for_l).add(&combine(h, &for_h)).to_affine();
        let (before, after) = (combined(&initial.l, &initial.h), combined(&self.l, &self.h));
        if !same_ratio((after, before), (G2Affine::generator(), self.delta_g2)) {
            return Err(Phase2Error::Parameters);
        }
        work.finish()?;
        Ok(VerifiedPhase2 { phase2: self, initial })
    }

    /// Reads a file.
    pub fn read(bytes: &[u8], progress: &mut dyn Progress) -> Result<Self, ReadError> {
        let mut reader = Reader::new(bytes);
        let header = Header::decode(&mut reader)?;
        let mut work = Work::new(progress, (reader.remaining() / G1Affine::COMPRESSED) as u64);
        let chain = Contributions::read(&mut reader, ELEMENTS, header.origin())?;
        let delta_g1 = point::read(&mut reader, Place::DeltaG1)?;
        let delta_g2 = point::read(&mut reader, Place::DeltaG2)?;
        let l = reader.count(G1Affine::COMPRESSED)?;
        let l = point::read_many(&mut reader, l, Place::L, &mut work)?;
        let h = reader.count(G1Affine::COMPRESSED)?;
        let h = point::read_many(&mut reader, h, Place::H, &mut work)?;
        reader.finish()?;
        work.finish()?;
        Ok(Self { header, chain, delta_g1, delta_g2, l, h })
    }

    /// The file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.header.to_bytes();
        self.chain.write(&mut out);
        self.delta_g1.write(&mut out);
        self.delta_g2.write(&mut out);
        for query in [&self.l, &self.h] {
            put_count(&mut out, query.len());
            point::write_many(query, &mut out);
        }
        out
    }
}

/// Points times the inverse of a secret.
fn divide(points: &[G1Affine], inverse: &Fr, work: &mut Work<'_>) -> Result<Vec<G1Affine>, Cancelled> {
    scale(points, inverse, &Fr::one(), work)
}

/// A phase 2 that has been checked against circuit and phase 1, with the parameters that they give.
#[derive(Clone, Debug)]
pub struct VerifiedPhase2 {
    pub(super) phase2: Phase2,
    pub(super) initial: Elements,
}

impl VerifiedPhase2 {
    /// The phase 2.
    pub fn phase2(&self) -> &Phase2 {
        &self.phase2
    }
}
