//! `[ceremony-chain]`: contributions one after the other, each bound to what it follows by a hash.

use std::collections::HashMap;

use louver_core::{
    encoding::{Encode, Reader, put_count},
    spec::Fr,
};
use thiserror::Error;

use super::{
    beacon::Beacon,
    contribution::{Author, Entry, Name, unproven},
    point::{Element, ReadError},
    secret::{Entropy, EntropyError, Factors, bytes},
    work::{Cancelled, Work},
};
use crate::curve::{Affine, G1, G1Affine, Group};

/// Why the contributions of a transcript were refused. They are counted from 1.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ContributionsError {
    /// Nobody contributed. A beacon is public, and protects nothing without a contribution.
    #[error("nobody has contributed")]
    NoContribution,
    /// Its place is not the one that it was made for: what it follows comes later.
    #[error("contribution {at} stands in the place of another: it was made to follow contribution {follows}")]
    Swapped {
        /// Where it stands.
        at: usize,
        /// The contribution that it was made to follow.
        follows: usize,
    },
    /// The same contribution, or one with the same secret, twice.
    #[error("contribution {at} repeats contribution {of}")]
    Repeated {
        /// Where it stands.
        at: usize,
        /// Which one it repeats.
        of: usize,
    },
    /// The contribution that it follows is not in the transcript.
    #[error("what contribution {at} was made to follow was left out, or is of another ceremony")]
    Skipped {
        /// Where the gap is.
        at: usize,
    },
    /// A secret of 1.
    #[error("contribution {at} leaves {element} as it was")]
    Unchanged {
        /// Which one.
        at: usize,
        /// Which element.
        element: Element,
    },
    /// Its maker does not prove knowledge of the secret.
    #[error("contribution {at} does not prove knowledge of its secret for {element}")]
    Unproven {
        /// Which one.
        at: usize,
        /// Which element.
        element: Element,
    },
    /// Something follows the beacon.
    #[error("contribution {at} follows the beacon, which is the last")]
    AfterBeacon {
        /// Which one.
        at: usize,
    },
    /// The element after the beacon is not what its value makes of it.
    #[error("{element} after the beacon is not what the beacon's value makes of it")]
    Beacon {
        /// Which element.
        element: Element,
    },
    /// The watching caller asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// Why nothing can be added to a transcript.
#[derive(Debug, Error)]
pub enum ContributeError {
    /// The beacon has closed it.
    #[error("the beacon has closed this phase: nothing can follow it")]
    Closed,
    /// Nobody has contributed, and a beacon protects nothing without a contribution.
    #[error("nobody has contributed yet: a beacon protects nothing without a contribution")]
    NothingToClose,
    /// A value that hashes to 0 or 1.
    #[error("this beacon changes nothing")]
    Weak,
    /// No randomness.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The watching caller asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// The facts about a contribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// The contributor's name; `None` for the beacon.
    pub name: Option<Name>,
    /// The beacon.
    pub beacon: Option<Beacon>,
    /// Its hash, by which the contributor finds it.
    pub hash: [u8; 32],
}

/// The contributions to a phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Contributions {
    elements: &'static [Element],
    /// Stands for what all of it begins with.
    origin: [u8; 32],
    pub(super) entries: Vec<Entry>,
}

/// Units of work that it takes to check what was done to one element.
const CHECK: u64 = 16;

impl Contributions {
    pub(super) fn new(elements: &'static [Element], origin: [u8; 32]) -> Self {
        Self { elements, origin, entries: Vec::new() }
    }

    /// Reads the contributions of a phase that begins with `origin`.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        elements: &'static [Element],
        origin: [u8; 32],
    ) -> Result<Self, ReadError> {
        let count = reader.count(Entry::LEAST)?;
        let entries = (1..=count).map(|number| Entry::read(reader, number, elements));
        Ok(Self { elements, origin, entries: entries.collect::<Result<_, _>>()? })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        put_count(out, self.entries.len());
        self.entries.iter().for_each(|entry| entry.encode(out));
    }

    /// The hash that stands for all so far.
    pub(super) fn tip(&self) -> [u8; 32] {
        self.entries.last().map_or(self.origin, Entry::hash)
    }

    /// The elements after the last contribution; generators before the first.
    pub(super) fn current(&self) -> Vec<G1Affine> {
        self.entries.last().map_or_else(|| self.beginning(), Entry::after)
    }

    fn beginning(&self) -> Vec<G1Affine> {
        vec![G1Affine::generator(); self.elements.len()]
    }

    pub(super) fn is_closed(&self) -> bool {
        self.entries.last().is_some_and(|entry| matches!(entry.author, Author::Beacon { .. }))
    }

    /// How many people have contributed.
    pub(super) fn contributors(&self) -> usize {
        self.entries.iter().filter(|entry| matches!(entry.author, Author::Contributor { .. })).count()
    }

    pub(super) fn entered(&self) -> impl Iterator<Item = Entered> {
        self.entries.iter().map(|entry| {
            let (name, beacon) = match &entry.author {
                Author::Contributor { name, .. } => (Some(name.clone()), None),
                Author::Beacon { beacon, .. } => (None, Some(beacon.clone())),
            };
            Entered { name, beacon, hash: entry.hash() }
        })
    }

    /// Adds a contribution with fresh secrets, and tells them to whoever has to apply them.
    pub(super) fn contribute(&mut self, name: Name, entropy: &Entropy) -> Result<Factors, ContributeError> {
        if self.is_closed() {
            return Err(ContributeError::Closed);
        }
        let factors = Factors::draw(self.elements.len(), entropy)?;
        self.push(name, &factors);
        Ok(factors)
    }

    pub(super) fn push(&mut self, name: Name, factors: &Factors) {
        self.entries.push(Entry::contribute(self.tip(), name, &self.current(), factors));
    }

    /// Closes the phase with a beacon.
    pub(super) fn close(&mut self, beacon: Beacon, work: &mut Work<'_>) -> Result<Factors, ContributeError> {
        if self.is_closed() {
            return Err(ContributeError::Closed);
        }
        if self.contributors() == 0 {
            return Err(ContributeError::NothingToClose);
        }
        let previous = self.tip();
        let factors = beacon.factors(&previous, self.elements.len(), work)?;
        let after =
            self.current().iter().zip(&factors).map(|(before, factor)| times(before, factor)).collect();
        self.entries.push(Entry { previous, author: Author::Beacon { beacon, after } });
        Factors::public(&factors).ok_or(ContributeError::Weak)
    }

    /// The units of work that [`Self::check`] takes.
    pub(super) fn cost(&self) -> u64 {
        let cost = |entry: &Entry| match &entry.author {
            Author::Contributor { .. } => CHECK * self.elements.len() as u64,
            Author::Beacon { beacon, .. } => beacon.cost(),
        };
        self.entries.iter().map(cost).sum()
    }

    /// Checks every contribution: its place, its proof, and what it did to the elements.
    pub(super) fn check(&self, work: &mut Work<'_>) -> Result<(), ContributionsError> {
        self.check_places()?;
        let mut before = self.beginning();
        for (index, entry) in self.entries.iter().enumerate() {
            let at = index + 1;
            match &entry.author {
                Author::Contributor { name, steps } => {
                    let idle = steps.iter().zip(&before).position(|(step, before)| {
                        step.factor == G1Affine::generator() || step.after == *before
                    });
                    if let Some(element) = idle {
                        return Err(ContributionsError::Unchanged { at, element: self.elements[element] });
                    }
                    if let Some(element) = unproven(&entry.previous, name, steps, &before) {
                        return Err(ContributionsError::Unproven { at, element: self.elements[element] });
                    }
                    work.advance(CHECK * steps.len() as u64)?;
                }
                Author::Beacon { beacon, after } => {
                    let factors = beacon.factors(&entry.previous, self.elements.len(), work)?;
                    let wrong = after
                        .iter()
                        .zip(&before)
                        .zip(&factors)
                        .position(|((after, before), factor)| *after != times(before, factor));
                    if let Some(element) = wrong {
                        return Err(ContributionsError::Beacon { element: self.elements[element] });
                    }
                }
            }
            before = entry.after();
        }
        Ok(())
    }

    /// Checks that each contribution follows the one that it was made to follow, that none is there twice, and that
    /// nothing comes after the beacon.
    fn check_places(&self) -> Result<(), ContributionsError> {
        let hashes: Vec<[u8; 32]> = self.entries.iter().map(Entry::hash).collect();
        let mut seen = HashMap::new();
        let mut tip = self.origin;
        for (index, entry) in self.entries.iter().enumerate() {
            let at = index + 1;
            if index > 0 && matches!(self.entries[index - 1].author, Author::Beacon { .. }) {
                return Err(ContributionsError::AfterBeacon { at });
            }
            // A secret of 1 is told as what it is.
            for factor in entry.factors().filter(|factor| *factor != G1Affine::generator()) {
                if let Some(of) = seen.insert(factor.to_compressed(), at).filter(|of| *of != at) {
                    return Err(ContributionsError::Repeated { at, of });
                }
            }
            if entry.previous != tip {
                let follows = hashes.iter().position(|hash| *hash == entry.previous);
                return Err(match follows {
                    Some(follows) => ContributionsError::Swapped { at, follows: follows + 1 },
                    None => ContributionsError::Skipped { at },
                });
            }
            tip = hashes[index];
        }
        Ok(())
    }
}

/// A public factor times a point.
fn times(point: &G1Affine, factor: &Fr) -> G1Affine {
    G1::from(*point).mul(bytes(factor).as_ref()).to_affine()
}
