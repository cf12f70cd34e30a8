//! A file of either phase.

use std::{fs, io::Read, path::Path};

use louver_circuits::ceremony::{
    Beacon, Entered, Entropy, Name,
    phase1::{self, Phase1},
    phase2::{self, Phase2, VerifiedPhase2},
};

use super::{
    report::Report,
    source,
    watch::{Watch, failed},
};
use crate::{exit::Failure, output::Output};

/// The largest file that is read: a phase 1 for the largest circuits, with more contributions than there will ever be.
const MOST: u64 = 1 << 29;

/// The file of a phase.
#[derive(Debug)]
pub(super) enum Transcript {
    Phase1(Phase1),
    Phase2(Phase2),
}

impl Transcript {
    /// Reads a file, recognised by how it begins. Its points are checked, but not its contributions.
    pub(super) fn open(path: &Path, watch: &Watch) -> Result<Self, Failure> {
        let mut bytes = Vec::new();
        let read = fs::File::open(path).and_then(|file| file.take(MOST + 1).read_to_end(&mut bytes));
        read.map_err(|error| Failure::storage(format!("{}: {error}", path.display())))?;
        if bytes.len() as u64 > MOST {
            return Err(Failure::input(format!("{} is larger than any phase of ours", path.display())));
        }
        let mut line = watch.line("reading");
        let read = match bytes.first_chunk::<8>() {
            Some(phase1::MAGIC) => Phase1::read(&bytes, &mut line).map(Self::Phase1),
            Some(phase2::MAGIC) => Phase2::read(&bytes, &mut line).map(Self::Phase2),
            _ => {
                return Err(Failure::input(format!(
                    "{} is not a file of a Louver ceremony; files of powersoftau are for `init --circuit`",
                    path.display()
                )));
            }
        };
        read.map_err(|error| failed(error).during(path.display()))
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Phase1(phase1) => phase1.to_bytes(),
            Self::Phase2(phase2) => phase2.to_bytes(),
        }
    }

    pub(super) fn entered(&self) -> Vec<Entered> {
        match self {
            Self::Phase1(phase1) => phase1.entered().collect(),
            Self::Phase2(phase2) => phase2.entered().collect(),
        }
    }

    pub(super) fn tip(&self) -> [u8; 32] {
        match self {
            Self::Phase1(phase1) => phase1.tip(),
            Self::Phase2(phase2) => phase2.tip(),
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        match self {
            Self::Phase1(phase1) => phase1.is_closed(),
            Self::Phase2(phase2) => phase2.is_closed(),
        }
    }

    /// Checks a file before a contribution is added to it. A phase 2 is only checked against its circuit if phase 1 is
    /// given.
    pub(super) fn check(&self, phase1: Option<&Path>, watch: &Watch, output: Output) -> Result<(), Failure> {
        let mut line = watch.line("checking what was contributed");
        match (self, phase1) {
            (Self::Phase1(it), None) => it.check(&mut line).map_err(failed),
            (Self::Phase1(_), Some(_)) => Err(own()),
            (Self::Phase2(it), None) => {
                it.check(&mut line).map_err(failed)?;
                drop(line);
                output.note("The contributions are in order. Whether L and H follow from them, `verify` tells with --phase1.");
                Ok(())
            }
            // Without a contribution there is nothing to verify.
            (Self::Phase2(it), Some(path)) => {
                let source = source(it.circuit(), path, watch)?;
                if it.entered().next().is_none() {
                    let begun = Phase2::begin(it.circuit(), &source, &mut line).map_err(failed)?;
                    return (begun == *it).then_some(()).ok_or_else(|| {
                        Failure::expectation("it does not begin as the circuit and phase 1 say")
                    });
                }
                it.clone().verify(&source, &mut line).map(drop).map_err(failed)
            }
        }
    }

    pub(super) fn contribute(self, name: Name, entropy: &Entropy, watch: &Watch) -> Result<Self, Failure> {
        let mut line = watch.line("contributing");
        match self {
            Self::Phase1(it) => it.contribute(name, entropy, &mut line).map(Self::Phase1),
            Self::Phase2(it) => it.contribute(name, entropy, &mut line).map(Self::Phase2),
        }
        .map_err(failed)
    }

    pub(super) fn close(self, beacon: Beacon, watch: &Watch) -> Result<Self, Failure> {
        let mut line = watch.line("closing with the beacon");
        match self {
            Self::Phase1(it) => it.close(beacon, &mut line).map(Self::Phase1),
            Self::Phase2(it) => it.close(beacon, &mut line).map(Self::Phase2),
        }
        .map_err(failed)
    }

    /// Checks all of it.
    pub(super) fn verify(self, phase1: Option<&Path>, watch: &Watch) -> Result<Report, Failure> {
        let bytes = self.to_bytes();
        match (&self, phase1) {
            (Self::Phase1(it), None) => {
                it.verify(&mut watch.line("verifying")).map_err(failed)?;
                Ok(Report::of_phase1(it, &bytes))
            }
            (Self::Phase1(_), Some(_)) => Err(own()),
            (Self::Phase2(_), None) => Err(Failure::usage(
                "a phase 2 is verified against the circuit and the phase 1 that it began with: give --phase1",
            )),
            (Self::Phase2(it), Some(path)) => {
                let (verified, source) = verify(it.clone(), path, watch)?;
                Ok(Report::of_phase2(verified.phase2(), &source, &bytes))
            }
        }
    }
}

fn own() -> Failure {
    Failure::usage("this is a phase 1 itself: leave out --phase1")
}

/// Checks a phase 2 against its circuit and phase 1.
pub(super) fn verify(
    phase2: Phase2,
    phase1: &Path,
    watch: &Watch,
) -> Result<(VerifiedPhase2, louver_circuits::ceremony::source::Source), Failure> {
    let source = source(phase2.circuit(), phase1, watch)?;
    let verified = phase2.verify(&source, &mut watch.line("verifying")).map_err(failed)?;
    Ok((verified, source))
}
