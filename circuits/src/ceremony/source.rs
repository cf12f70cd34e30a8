//! `[ceremony-import]`: the powers that a phase 2 begins with: of a phase 1 of ours, or of the `powersoftau` tool.
//!
//! That tool's files have the hash of the file before (64 bytes), then powers for a domain `N`: of tau in the first group,
//! of tau in the second, times alpha, times beta, and beta in the second. A *challenge* has them uncompressed; a
//! *response* has them compressed, and the last contributor's public key after them. They are told apart, and `N` found,
//! by their length. Only the powers that a circuit needs are kept.

use std::io::{self, Read};

use blake2b_simd::{Params, State};
use louver_core::proof::Progress;
use thiserror::Error;

use super::{
    phase1::{self, Phase1, Phase1Error},
    point::{self, Place, ReadError},
    powers::{MAX_LOG2, Powers, PowersError},
    work::{Cancelled, Work},
};
use crate::curve::{Affine, G1Affine, G2Affine};

/// Why there are no powers in a file.
#[derive(Debug, Error)]
pub enum SourceError {
    /// The file cannot be read.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// Neither a phase 1 of ours, nor as long as a file of `powersoftau`.
    #[error("neither a phase 1 of ours nor a file of the powersoftau tool for this curve")]
    Unknown,
    /// Powers for a smaller domain.
    #[error("powers for a domain of {found}, where the circuit's is {needed}")]
    TooSmall {
        /// The number that the circuit takes.
        needed: usize,
        /// The number that the file has.
        found: u64,
    },
    /// Malformed.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A phase 1 of ours that is not sound.
    #[error(transparent)]
    Phase1(#[from] Phase1Error),
    /// The powers are invalid.
    #[error(transparent)]
    Powers(#[from] PowersError),
    /// The watching caller asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// Where powers come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A Louver phase 1, with this many contributors.
    Phase1 {
        /// How many people contributed.
        contributors: usize,
    },
    /// A file of the `powersoftau` tool. Its own transcript names its contributors.
    PowersOfTau,
}

/// Powers that have been checked, and the hash of the file that they are from.
#[derive(Clone, Debug)]
pub struct Source {
    hash: [u8; 64],
    origin: Origin,
    pub(super) powers: Powers,
}

/// The length of the hash that files of `powersoftau` begin with.
const HASH: u64 = 64;
/// The length of a public key: three points of the second group and six of the first, uncompressed.
const PUBLIC_KEY: u64 = 3 * 192 + 6 * 96;

/// A file of `powersoftau`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Layout {
    domain: u64,
    /// Bytes of a coordinate's encoding: of a point of the first group, half of one of the second.
    unit: u64,
}

impl Layout {
    /// The layout of a file that is so long.
    fn of_length(length: u64) -> Option<Self> {
        [(96, 0), (48, PUBLIC_KEY)].into_iter().find_map(|(unit, tail)| {
            // (2N - 1) + 2N + N + N points' worth, and two for beta.
            let units = length.checked_sub(HASH + tail)?;
            let domain = (units / unit).checked_sub(1)? / 6;
            let layout = Self { domain, unit };
            (domain.is_power_of_two() && domain > 1 && HASH + unit * (6 * domain + 1) + tail == length)
                .then_some(layout)
        })
    }
}

impl Source {
    /// Reads the powers for a domain from a file of this length, of either kind, and checks them: a phase 1 of ours with
    /// all its contributions.
    pub fn read(
        file: impl Read,
        length: u64,
        domain: usize,
        progress: &mut dyn Progress,
    ) -> Result<Self, SourceError> {
        let mut file = Hashed { file, state: Params::new().hash_length(64).to_state() };
        let mut start = [0u8; 64];
        if length < HASH {
            return Err(SourceError::Unknown);
        }
        file.read_exact(&mut start)?;
        let (origin, powers) = if start.starts_with(phase1::MAGIC) {
            own(&mut file, &start, length, domain, progress)?
        } else {
            let layout = Layout::of_length(length).ok_or(SourceError::Unknown)?;
            (Origin::PowersOfTau, import(&mut file, layout, domain, progress)?)
        };
        powers.check_secret()?;
        Ok(Self { hash: file.finish()?, origin, powers })
    }

    /// Powers from nowhere.
    #[cfg(test)]
    pub(super) fn testing(hash: [u8; 64], powers: Powers) -> Self {
        Self { hash, origin: Origin::PowersOfTau, powers }
    }

    /// BLAKE2b-512 of the file, as `b2sum` prints it: what organisers publish.
    pub fn hash(&self) -> &[u8; 64] {
        &self.hash
    }

    /// Where the powers come from.
    pub fn origin(&self) -> Origin {
        self.origin
    }
}

fn own(
    file: &mut impl Read,
    start: &[u8],
    length: u64,
    domain: usize,
    progress: &mut dyn Progress,
) -> Result<(Origin, Powers), SourceError> {
    // More than the powers of the largest phase 1, and thousands of contributions.
    let most = Powers::length(1 << MAX_LOG2).map_or(0, |most| most as u64 * 2);
    if length > most {
        return Err(SourceError::Unknown);
    }
    let mut bytes = start.to_vec();
    file.take(length - start.len() as u64).read_to_end(&mut bytes)?;
    let phase1 = Phase1::read(&bytes, progress)?;
    drop(bytes);
    let found = phase1.powers.domain();
    if found < domain {
        return Err(SourceError::TooSmall { needed: domain, found: found as u64 });
    }
    phase1.verify(progress)?;
    if !phase1.is_closed() {
        return Err(Phase1Error::Open.into());
    }
    let contributors = phase1.chain.contributors();
    Ok((Origin::Phase1 { contributors }, phase1.powers.truncate(domain)))
}

fn import(
    file: &mut impl Read,
    layout: Layout,
    domain: usize,
    progress: &mut dyn Progress,
) -> Result<Powers, SourceError> {
    if layout.domain < domain as u64 {
        return Err(SourceError::TooSmall { needed: domain, found: layout.domain });
    }
    let mut work = Work::new(progress, Powers::cost(domain) * 5 / 4);
    let tau_g1 =
        section::<G1Affine>(file, layout, domain * 2 - 1, 2 * layout.domain - 1, Place::TauG1, &mut work)?;
    let tau_g2 = section::<G2Affine>(file, layout, domain, layout.domain, Place::TauG2, &mut work)?;
    let alpha_tau = section::<G1Affine>(file, layout, domain, layout.domain, Place::AlphaTau, &mut work)?;
    let beta_tau = section::<G1Affine>(file, layout, domain, layout.domain, Place::BetaTau, &mut work)?;
    let beta_g2 = section::<G2Affine>(file, layout, 1, 1, |_| Place::BetaG2, &mut work)?;
    let powers = Powers { tau_g1, tau_g2, alpha_tau, beta_tau, beta_g2: beta_g2[0] };
    powers.check(&mut work)?;
    work.finish()?;
    Ok(powers)
}

/// The first `wanted` of `there` points; the rest is read over.
fn section<A: Affine>(
    file: &mut impl Read,
    layout: Layout,
    wanted: usize,
    there: u64,
    place: fn(usize) -> Place,
    work: &mut Work<'_>,
) -> Result<Vec<A>, SourceError> {
    let size = A::COMPRESSED / G1Affine::COMPRESSED * usize::try_from(layout.unit).unwrap_or(usize::MAX);
    let mut bytes = vec![0u8; size * wanted];
    file.read_exact(&mut bytes)?;
    let points = point::parse(&bytes, size, place, work)?;
    skip(file, (there - wanted as u64) * size as u64, work)?;
    Ok(points)
}

fn skip(file: &mut impl Read, mut length: u64, work: &mut Work<'_>) -> Result<(), SourceError> {
    let mut buffer = vec![0u8; 1 << 20];
    while length > 0 {
        let step = usize::try_from(length).unwrap_or(usize::MAX).min(buffer.len());
        file.read_exact(&mut buffer[..step])?;
        length -= step as u64;
        work.advance(0)?;
    }
    Ok(())
}

/// A file that is hashed while it is read.
struct Hashed<R> {
    file: R,
    state: State,
}

impl<R: Read> Hashed<R> {
    /// The hash of the whole file. The rest is read now, as all of it has to be read.
    fn finish(mut self) -> io::Result<[u8; 64]> {
        io::copy(&mut self, &mut io::sink())?;
        Ok(*self.state.finalize().as_array())
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.state.update(&buffer[..read]);
        Ok(read)
    }
}
