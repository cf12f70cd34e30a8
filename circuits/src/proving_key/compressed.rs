//! `[compressed-key-file]`: proving keys for downloads, at half their size: the same elements, points compressed.
//!
//! An expander gives back the very file that was compressed, as the pinned hash shows. So nothing is trusted of what
//! came over the wire, and the points need no check of their own.

use core::ops::{ControlFlow, Range};

use louver_core::{encoding::Reader, proof::Progress};
use rayon::prelude::*;
use thiserror::Error;

use super::{Counts, KeyBytes, LayoutError, Points, ProvingKey, ProvingKeyError, Section};
use crate::{
    circuit::CircuitId,
    curve::{Affine, G1Affine, G2Affine, SquareRoots, expand as expand_points},
    key_file::{
        Header, Kind, ParameterPolicy,
        layout::{HEAD, Layout, VERIFYING_BYTES},
    },
};

/// Why a download is not the key that it should be.
#[derive(Debug, Error)]
pub enum ExpandError {
    /// The watching caller asked to stop.
    #[error("expanding a key was cancelled")]
    Cancelled,
    /// The key that it stands for is refused: by its header, its counts, or its hash.
    #[error(transparent)]
    Key(#[from] ProvingKeyError),
    /// A set of variables that has another number of them than the counts say, or variables beyond the last.
    #[error("{section}: not as many variables as the counts say, or others than the circuit's")]
    Variables {
        /// The set.
        section: Section,
    },
    /// Bytes that do not encode a point of the curve.
    #[error("{section}: point {index} is not the canonical encoding of a point of the curve")]
    Point {
        /// Where it stands.
        section: Section,
        /// Its place there.
        index: usize,
    },
}

impl From<LayoutError> for ExpandError {
    fn from(error: LayoutError) -> Self {
        Self::Key(error.into())
    }
}

/// The form of a key for downloads. 3.5 MB for 2x3.
pub fn compress(key: &ProvingKey) -> Vec<u8> {
    let mut out = Vec::with_capacity(key.as_bytes().len() / 2 + HEAD);
    out.extend(Header { kind: Kind::Compressed, ..key.header }.to_bytes());
    out.extend(key.counts().to_bytes());
    put_set(&mut out, key.counts().variables(), key.a_variables());
    put_set(&mut out, key.counts().variables(), key.b_variables());
    [key.alpha_g1(), key.beta_g1(), key.delta_g1()].iter().for_each(|point| point.write(&mut out));
    [key.beta_g2(), key.gamma_g2(), key.delta_g2()].iter().for_each(|point| point.write(&mut out));
    put_points(&mut out, key.ic());
    put_points(&mut out, key.a());
    put_points(&mut out, key.b_g1());
    put_points(&mut out, key.b_g2());
    put_points(&mut out, key.l());
    put_points(&mut out, key.h());
    out
}

/// The key that a download stands for, if it is the pinned one. Takes a second or two, on all cores; `progress` hears of
/// it all along.
pub fn expand(
    bytes: &[u8],
    circuit: impl Into<CircuitId>,
    pinned: &[u8; 32],
    policy: ParameterPolicy,
    progress: &mut dyn Progress,
) -> Result<ProvingKey, ExpandError> {
    let circuit = circuit.into();
    let mut reader = Reader::new(bytes);
    // Refused before any work, and again by what follows.
    Header::decode(&mut reader, Kind::Compressed, circuit, policy).map_err(ProvingKeyError::from)?;
    if !Counts::decode(&mut reader)?.are_of(circuit) {
        return Err(LayoutError::OtherCircuit.into());
    }
    let expanded = expand_any(bytes, progress)?;
    Ok(ProvingKey::from_bytes(expanded.bytes, circuit, pinned, policy)?)
}

/// The key that a download expands to, whether or not it is pinned.
pub(super) fn expand_any(bytes: &[u8], progress: &mut dyn Progress) -> Result<ProvingKey, ExpandError> {
    let mut reader = Reader::new(bytes);
    let header = Header::read(&mut reader, Kind::Compressed).map_err(ProvingKeyError::from)?;
    let header = Header { kind: Kind::Proving, ..header };
    let counts = Counts::decode(&mut reader)?;
    // The allocation is bounded by the input: a point is twice its compressed form, and every index has a point beside
    // it.
    let (expected, found) = (length(counts).ok_or(LayoutError::TooLarge)?, bytes.len());
    if expected != found {
        return Err(LayoutError::Length { expected, found }.into());
    }
    let layout = Layout::of(counts)?;
    let mut file = vec![0u8; layout.length()];
    file[..HEAD].copy_from_slice(&[header.to_bytes(), counts.to_bytes()].concat());
    let set = counts.variables().div_ceil(8);
    for section in [Section::AVariables, Section::BVariables] {
        let bits = reader.take(set).map_err(LayoutError::from)?;
        let variables =
            take_set(bits, counts.variables()).filter(|all| all.len() as u64 == counts.of(section));
        let variables = variables.ok_or(ExpandError::Variables { section })?;
        let indices: Vec<u8> = variables.into_iter().flat_map(u32::to_le_bytes).collect();
        file[layout.range(section)].copy_from_slice(&indices);
    }

    let verifying = layout.range(Section::Verifying);
    let g2 = verifying.start + 3 * G1Affine::BYTES;
    let ic = verifying.start + VERIFYING_BYTES;
    let place = |section| layout.range(section);
    let mut work = Work::new(counts, progress)?;
    work.points::<G1Affine>(&mut reader, &mut file, Section::Verifying, verifying.start..g2)?;
    work.points::<G2Affine>(&mut reader, &mut file, Section::Verifying, g2..ic)?;
    work.points::<G1Affine>(&mut reader, &mut file, Section::Verifying, ic..verifying.end)?;
    work.points::<G1Affine>(&mut reader, &mut file, Section::A, place(Section::A))?;
    work.points::<G1Affine>(&mut reader, &mut file, Section::BG1, place(Section::BG1))?;
    work.points::<G2Affine>(&mut reader, &mut file, Section::BG2, place(Section::BG2))?;
    work.points::<G1Affine>(&mut reader, &mut file, Section::L, place(Section::L))?;
    work.points::<G1Affine>(&mut reader, &mut file, Section::H, place(Section::H))?;
    reader.finish().map_err(LayoutError::from)?;
    layout.check(&file)?;
    Ok(ProvingKey { bytes: KeyBytes::from(file), header, layout })
}

/// The number of points that are expanded between two reports.
const AT_ONCE: usize = 2048;
/// The number of points in one piece of work.
const PIECE: usize = 32;

/// The expansion of points, and who watches it.
struct Work<'a> {
    progress: &'a mut dyn Progress,
    done: u64,
    total: u64,
}

impl<'a> Work<'a> {
    fn new(counts: Counts, progress: &'a mut dyn Progress) -> Result<Self, ExpandError> {
        let points = Section::ALL.into_iter().filter(|section| section.holds_points());
        let total = points.map(|section| counts.of(section)).sum();
        let mut work = Self { progress, done: 0, total };
        work.tell(0)?;
        Ok(work)
    }

    /// Reports that this many more points are finished.
    fn tell(&mut self, points: u64) -> Result<(), ExpandError> {
        self.done += points;
        let number = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        match self.progress.report(number(self.done), number(self.total)) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(ExpandError::Cancelled),
        }
    }

    /// Reads the points that fill a part of the file.
    fn points<P: Affine<Field: SquareRoots>>(
        &mut self,
        reader: &mut Reader<'_>,
        file: &mut [u8],
        section: Section,
        range: Range<usize>,
    ) -> Result<(), ExpandError> {
        for (number, places) in file[range].chunks_mut(AT_ONCE * P::BYTES).enumerate() {
            let count = places.len() / P::BYTES;
            let bytes = reader.take(count * P::COMPRESSED).map_err(LayoutError::from)?;
            let pieces = bytes.par_chunks(PIECE * P::COMPRESSED).zip(places.par_chunks_mut(PIECE * P::BYTES));
            let failed = pieces.enumerate().filter_map(|(piece, (bytes, places))| {
                let failed = expand_points::<P>(bytes, places).err()?;
                Some(number * AT_ONCE + piece * PIECE + failed)
            });
            if let Some(index) = failed.min() {
                return Err(ExpandError::Point { section, index });
            }
            self.tell(count as u64)?;
        }
        Ok(())
    }
}

/// The bytes of the form for downloads.
fn length(counts: Counts) -> Option<usize> {
    let points = |section| usize::try_from(counts.of(section)).ok();
    let g1 = [Section::A, Section::BG1, Section::L, Section::H].into_iter().map(points);
    let g1 = g1.chain([usize::try_from(counts.inputs).ok(), Some(3)]);
    let g1 = g1.sum::<Option<usize>>()?.checked_mul(G1Affine::COMPRESSED)?;
    let g2 = points(Section::BG2)?.checked_add(3)?.checked_mul(G2Affine::COMPRESSED)?;
    let sets = counts.variables().div_ceil(8).checked_mul(2)?;
    HEAD.checked_add(sets)?.checked_add(g1)?.checked_add(g2)
}

/// A bit for each variable, the lowest of the first byte for variable 0; the last byte's are filled up with zeros.
fn put_set(out: &mut Vec<u8>, variables: usize, members: impl Iterator<Item = usize>) {
    let mut bits = vec![0u8; variables.div_ceil(8)];
    for index in members {
        if let Some(byte) = bits.get_mut(index / 8) {
            *byte |= 1 << (index % 8);
        }
    }
    out.extend(bits);
}

fn take_set(bits: &[u8], variables: usize) -> Option<Vec<u32>> {
    let members = (0..8 * bits.len()).filter(|index| bits[index / 8] >> (index % 8) & 1 == 1);
    members.map(|index| u32::try_from(index).ok().filter(|_| index < variables)).collect()
}

fn put_points<P: Affine>(out: &mut Vec<u8>, points: Points<'_, P>) {
    points.iter().for_each(|point| point.write(out));
}

#[cfg(test)]
mod tests;
