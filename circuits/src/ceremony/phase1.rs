//! `[ceremony-phase-1]`: a phase 1 of our own, from its beginning to its beacon.

use louver_core::{
    encoding::{DecodeError, Reader},
    proof::Progress,
    spec::b32,
};
use thiserror::Error;

use super::{
    beacon::Beacon,
    chain::{ContributeError, Contributions, ContributionsError, Entered},
    contribution::Name,
    point::{Element, ReadError},
    powers::{MAX_LOG2, Powers, PowersError},
    secret::Entropy,
    work::Work,
};

/// The beginning of a file of phase 1.
pub const MAGIC: &[u8; 8] = b"LouverP1";
const VERSION: u8 = 1;
const ELEMENTS: &[Element] = &[Element::Tau, Element::Alpha, Element::Beta];

/// Why a phase 1 was refused.
#[derive(Debug, Error)]
pub enum Phase1Error {
    /// Its contributions.
    #[error(transparent)]
    Chain(#[from] ContributionsError),
    /// Its powers.
    #[error(transparent)]
    Powers(#[from] PowersError),
    /// The powers are not those after the last contribution.
    #[error("{0} of the powers is not what the last contribution left")]
    Last(Element),
    /// No beacon has closed it.
    #[error("no beacon has closed it: somebody may still contribute")]
    Open,
}

/// A phase 1: its contributions, and the powers that they have led to.
#[derive(Clone, Debug, PartialEq)]
pub struct Phase1 {
    log2: u8,
    pub(super) chain: Contributions,
    pub(super) powers: Powers,
}

/// The hash that the first contribution to a phase 1 of this size follows; `None` if there is no phase 1 of this size.
fn origin(log2: u8) -> Option<[u8; 32]> {
    (1..=MAX_LOG2).contains(&log2).then(|| b32(b"LouverPhase1", &[&header(log2)]))
}

fn header(log2: u8) -> Vec<u8> {
    [&MAGIC[..], &[VERSION, log2]].concat()
}

impl Phase1 {
    /// A phase 1 without contributions, for circuits of at most `2^log2` constraints; `None` if that is 0, or more than
    /// `2^20`.
    pub fn begin(log2: u8) -> Option<Self> {
        let origin = origin(log2)?;
        Some(Self { log2, chain: Contributions::new(ELEMENTS, origin), powers: Powers::ones(1 << log2) })
    }

    /// The size of the largest circuit that it serves, as a power of two.
    pub fn log2(&self) -> u8 {
        self.log2
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

    /// Multiplies tau, alpha and beta by fresh secrets, and forgets them.
    pub fn contribute(
        mut self,
        name: Name,
        entropy: &Entropy,
        progress: &mut dyn Progress,
    ) -> Result<Self, ContributeError> {
        let mut work = Work::new(progress, Powers::cost(self.powers.domain()));
        let factors = self.chain.contribute(name, entropy)?;
        self.powers = self.powers.multiply(&factors, &mut work)?;
        work.finish()?;
        Ok(self)
    }

    /// Closes it with a beacon.
    pub fn close(mut self, beacon: Beacon, progress: &mut dyn Progress) -> Result<Self, ContributeError> {
        let mut work = Work::new(progress, beacon.cost() + Powers::cost(self.powers.domain()));
        let factors = self.chain.close(beacon, &mut work)?;
        self.powers = self.powers.multiply(&factors, &mut work)?;
        work.finish()?;
        Ok(self)
    }

    /// Checks all of it but that somebody has contributed: what a contributor does before she adds to it.
    pub fn check(&self, progress: &mut dyn Progress) -> Result<(), Phase1Error> {
        let mut work = Work::new(progress, self.chain.cost() + Powers::cost(self.powers.domain()) / 4);
        self.chain.check(&mut work)?;
        let last = self.chain.current();
        if let Some(index) = self.powers.elements().iter().zip(&last).position(|(a, b)| a != b) {
            return Err(Phase1Error::Last(ELEMENTS[index]));
        }
        self.powers.check(&mut work)?;
        Ok(work.finish().map_err(ContributionsError::from)?)
    }

    /// Checks all of it.
    pub fn verify(&self, progress: &mut dyn Progress) -> Result<(), Phase1Error> {
        self.check(progress)?;
        if self.chain.contributors() == 0 {
            return Err(ContributionsError::NoContribution.into());
        }
        Ok(self.powers.check_secret()?)
    }

    /// Reads a file.
    pub fn read(bytes: &[u8], progress: &mut dyn Progress) -> Result<Self, ReadError> {
        let mut reader = Reader::new(bytes);
        if reader.array::<8>()? != *MAGIC {
            return Err(ReadError::Kind);
        }
        let version = reader.u8()?;
        if version != VERSION {
            let tag = version.into();
            return Err(DecodeError::UnknownTag { what: "version of a ceremony's file", tag }.into());
        }
        let log2 = reader.u8()?;
        let origin = origin(log2).ok_or(DecodeError::OutOfRange { what: "the size of phase 1" })?;
        let mut work = Work::new(progress, Powers::cost(1 << log2));
        let chain = Contributions::read(&mut reader, ELEMENTS, origin)?;
        let powers = Powers::read(&mut reader, 1 << log2, &mut work)?;
        reader.finish()?;
        work.finish()?;
        Ok(Self { log2, chain, powers })
    }

    /// The file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = header(self.log2);
        self.chain.write(&mut out);
        self.powers.write(&mut out);
        out
    }
}
