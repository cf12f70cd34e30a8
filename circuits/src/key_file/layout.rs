//! `[proving-key-file]`: where everything lies in the file of a proving key.

use core::{fmt, ops::Range};

use louver_core::encoding::{DecodeError, Reader};
use thiserror::Error;

use crate::{circuit::CircuitId, pins};

/// Bytes of a point of G1 as it lies in memory.
pub(crate) const G1_BYTES: usize = 96;
/// Bytes of a point of G2 as it lies in memory.
pub(crate) const G2_BYTES: usize = 192;
/// Bytes of the index of a variable.
pub(crate) const INDEX_BYTES: usize = 4;
/// The verifying key's points but `IC`: `alpha_1`, `beta_1`, `delta_1`, `beta_2`, `gamma_2`, `delta_2`.
pub(crate) const VERIFYING_BYTES: usize = 3 * G1_BYTES + 3 * G2_BYTES;
/// Bytes before the first section: the header and the counts.
pub(crate) const HEAD: usize = 64;
/// Sections begin at multiples of this.
const ALIGNMENT: usize = 64;
/// The field has domains up to this power of two.
const MAX_DOMAIN_LOG2: u32 = 32;

/// A section of a proving key's file, in the order in which they lie there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Section {
    /// The points of the verifying key.
    Verifying,
    /// The variables in matrix A, ascending.
    AVariables,
    /// The variables in matrix B, ascending.
    BVariables,
    /// `A_i` in G1, for each variable in A.
    A,
    /// `B_i` in G1, for each variable in B.
    BG1,
    /// `B_i` in G2, for each variable in B.
    BG2,
    /// `L_i` in G1, for each auxiliary variable.
    L,
    /// `tau^i t(tau) / delta` in G1, for each power but the domain's last.
    H,
}

impl Section {
    /// Every section, in order.
    pub const ALL: [Self; 8] = [
        Self::Verifying,
        Self::AVariables,
        Self::BVariables,
        Self::A,
        Self::BG1,
        Self::BG2,
        Self::L,
        Self::H,
    ];

    /// Whether it holds points, rather than a list of variables.
    pub const fn holds_points(self) -> bool {
        !matches!(self, Self::AVariables | Self::BVariables)
    }

    /// The name people use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verifying => "verifying key",
            Self::AVariables => "variables in A",
            Self::BVariables => "variables in B",
            Self::A => "A in G1",
            Self::BG1 => "B in G1",
            Self::BG2 => "B in G2",
            Self::L => "L in G1",
            Self::H => "H in G1",
        }
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Why bytes are not laid out as a proving key.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum LayoutError {
    /// The counts are missing.
    #[error("malformed counts: {0}")]
    Malformed(#[from] DecodeError),
    /// Counts that do not belong together, or that no circuit of this field has.
    #[error("counts that no key has")]
    Counts,
    /// Other counts than those of the circuit.
    #[error("counts of another circuit")]
    OtherCircuit,
    /// More than this machine can address.
    #[error("a key too large for this machine")]
    TooLarge,
    /// Truncated, or bytes left over.
    #[error("{found} bytes, where the counts ask for {expected}")]
    Length {
        /// The length that the counts ask for.
        expected: usize,
        /// How many bytes there are.
        found: usize,
    },
    /// A variable that does not exist, or is not above the one before it.
    #[error("{section}: the list is not of ascending variables of the circuit")]
    Variables {
        /// The list.
        section: Section,
    },
    /// A byte between sections that is not 0.
    #[error("bytes between sections are not 0")]
    Padding,
}

/// How much there is of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Public inputs, with the constant one.
    pub inputs: u32,
    /// Auxiliary variables.
    pub aux: u32,
    /// The domain is this power of two.
    pub domain_log2: u32,
    /// Variables in A.
    pub a: u32,
    /// Variables in B.
    pub b: u32,
}

impl Counts {
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let Self { inputs, aux, domain_log2, a, b } = self;
        [inputs, aux, domain_log2, a, b].into_iter().flat_map(u32::to_le_bytes).collect()
    }

    pub(crate) fn decode(reader: &mut Reader<'_>) -> Result<Self, LayoutError> {
        let mut next = || reader.u32();
        let counts = Self { inputs: next()?, aux: next()?, domain_log2: next()?, a: next()?, b: next()? };
        let variables = u64::from(counts.inputs) + u64::from(counts.aux);
        let most = u64::from(counts.a.max(counts.b));
        let sound = counts.inputs > 0
            && u32::try_from(variables).is_ok()
            && most <= variables
            && counts.domain_log2 <= MAX_DOMAIN_LOG2;
        sound.then_some(counts).ok_or(LayoutError::Counts)
    }

    /// Public inputs and auxiliary variables together.
    pub(crate) fn variables(&self) -> usize {
        // At most 2^32 - 1, as decoding and making see to.
        self.inputs.saturating_add(self.aux) as usize
    }

    /// Whether they are those of a circuit in its pinned version, as far as that says.
    pub(crate) fn are_of(&self, circuit: CircuitId) -> bool {
        let pin = pins::of(circuit);
        self.inputs as usize == circuit.public_inputs() + 1
            && self.aux as usize == pin.aux
            && 1usize.checked_shl(self.domain_log2) == Some(pin.domain)
    }

    /// How many elements a section has: points, or indices.
    pub fn of(&self, section: Section) -> u64 {
        match section {
            Section::Verifying => u64::from(self.inputs) + 6,
            Section::AVariables | Section::A => self.a.into(),
            Section::BVariables | Section::BG1 | Section::BG2 => self.b.into(),
            Section::L => self.aux.into(),
            Section::H => (1u64 << self.domain_log2.min(MAX_DOMAIN_LOG2)) - 1,
        }
    }

    /// How many bytes a section has.
    fn bytes(&self, section: Section) -> Option<usize> {
        let each = match section {
            Section::Verifying => {
                let ic = usize::try_from(self.inputs).ok()?.checked_mul(G1_BYTES)?;
                return ic.checked_add(VERIFYING_BYTES);
            }
            Section::AVariables | Section::BVariables => INDEX_BYTES,
            Section::A | Section::BG1 | Section::L | Section::H => G1_BYTES,
            Section::BG2 => G2_BYTES,
        };
        usize::try_from(self.of(section)).ok()?.checked_mul(each)
    }
}

/// Where the sections lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) counts: Counts,
    sections: [Range<usize>; 8],
}

impl Layout {
    /// The layout that the counts ask for; `None` if it is larger than memory could be.
    pub(crate) fn of(counts: Counts) -> Result<Self, LayoutError> {
        let mut end = HEAD;
        let mut sections = [const { 0..0 }; 8];
        for (place, section) in sections.iter_mut().zip(Section::ALL) {
            let start = end.checked_next_multiple_of(ALIGNMENT).ok_or(LayoutError::TooLarge)?;
            let bytes = counts.bytes(section).ok_or(LayoutError::TooLarge)?;
            end = start.checked_add(bytes).ok_or(LayoutError::TooLarge)?;
            *place = start..end;
        }
        Ok(Self { counts, sections })
    }

    /// The bytes of the whole file.
    pub(crate) fn length(&self) -> usize {
        self.range(Section::H).end
    }

    /// Where a section lies.
    pub(crate) fn range(&self, section: Section) -> Range<usize> {
        self.sections[section as usize].clone()
    }

    /// Checks that the bytes are as many as the counts ask for.
    pub(crate) fn check_length(&self, bytes: &[u8]) -> Result<(), LayoutError> {
        let (expected, found) = (self.length(), bytes.len());
        if expected == found { Ok(()) } else { Err(LayoutError::Length { expected, found }) }
    }

    /// Checks the bytes between sections and the lists of variables, which the points are told apart by.
    pub(crate) fn check(&self, bytes: &[u8]) -> Result<(), LayoutError> {
        self.check_length(bytes)?;
        let mut end = HEAD;
        for range in &self.sections {
            if bytes[end..range.start].iter().any(|byte| *byte != 0) {
                return Err(LayoutError::Padding);
            }
            end = range.end;
        }
        for section in [Section::AVariables, Section::BVariables] {
            let mut indices = indices(&bytes[self.range(section)]);
            let mut next = 0;
            let ascending = indices.all(|index| {
                let above = index >= next && index < self.counts.variables();
                next = index.saturating_add(1);
                above
            });
            if !ascending {
                return Err(LayoutError::Variables { section });
            }
        }
        Ok(())
    }
}

/// The indices of a list of variables.
pub(crate) fn indices(bytes: &[u8]) -> impl ExactSizeIterator<Item = usize> + Clone + '_ {
    bytes.as_chunks().0.iter().map(|index| u32::from_le_bytes(*index) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTS: Counts = Counts { inputs: 2, aux: 5, domain_log2: 3, a: 3, b: 2 };

    #[test]
    fn sections_follow_each_other_aligned() {
        let layout = Layout::of(COUNTS).unwrap();
        let mut end = HEAD;
        for section in Section::ALL {
            let range = layout.range(section);
            assert_eq!(range.start, end.next_multiple_of(64), "{section}");
            end = range.end;
        }
        assert_eq!(layout.range(Section::Verifying), 64..64 + 864 + 192);
        assert_eq!(layout.range(Section::H).len(), 7 * 96);
        assert_eq!(layout.length(), end);
    }

    #[test]
    fn counts_that_no_key_has() {
        let read = |counts: Counts| Counts::decode(&mut Reader::new(&counts.to_bytes()));
        assert_eq!(read(COUNTS), Ok(COUNTS));
        for bad in [
            Counts { inputs: 0, ..COUNTS },
            Counts { a: 8, ..COUNTS },
            Counts { b: 8, ..COUNTS },
            Counts { aux: u32::MAX, ..COUNTS },
            Counts { domain_log2: 33, ..COUNTS },
        ] {
            assert_eq!(read(bad), Err(LayoutError::Counts), "{bad:?}");
        }
        let short = Counts::decode(&mut Reader::new(&COUNTS.to_bytes()[..19]));
        assert!(matches!(short, Err(LayoutError::Malformed(DecodeError::UnexpectedEnd { missing: 1 }))));
    }

    /// Counts are as large as they like: nothing overflows, and nothing is allocated for them.
    #[test]
    fn counts_that_overflow() {
        let most = Counts { inputs: 1, aux: u32::MAX - 1, domain_log2: 32, a: u32::MAX, b: u32::MAX };
        let most = Counts::decode(&mut Reader::new(&most.to_bytes())).unwrap();
        match Layout::of(most) {
            Ok(layout) => assert!(matches!(layout.check(&[0; 64]), Err(LayoutError::Length { .. }))),
            Err(error) => assert_eq!(error, LayoutError::TooLarge),
        }
        let beyond = Counts { inputs: u32::MAX, aux: u32::MAX, domain_log2: u32::MAX, a: 0, b: 0 };
        assert_eq!(beyond.of(Section::H), (1 << 32) - 1);
        assert_eq!(beyond.variables(), u32::MAX as usize);
    }

    #[test]
    fn lists_and_padding_are_checked() {
        let layout = Layout::of(COUNTS).unwrap();
        let (a, b) = (layout.range(Section::AVariables).start, layout.range(Section::BVariables).start);
        let mut good = vec![0u8; layout.length()];
        for (at, index) in [(a, 0u8), (a + 4, 2), (a + 8, 6), (b, 1), (b + 4, 5)] {
            good[at] = index;
        }
        layout.check(&good).unwrap();
        let tampered = |at: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            layout.check(&bytes).unwrap_err()
        };
        let variables = |section| LayoutError::Variables { section };
        assert_eq!(tampered(a + 8, 7), variables(Section::AVariables), "out of range");
        assert_eq!(tampered(a + 11, 0xff), variables(Section::AVariables), "far out of range");
        assert_eq!(tampered(a + 4, 0), variables(Section::AVariables), "twice the same");
        assert_eq!(tampered(b + 4, 0), variables(Section::BVariables), "descending");
        assert_eq!(tampered(a + 12, 1), LayoutError::Padding);
        let (expected, found) = (good.len(), good.len() - 1);
        assert_eq!(layout.check(&good[..found]), Err(LayoutError::Length { expected, found }));
        assert_eq!(
            layout.check(&[&good[..], &[0]].concat()),
            Err(LayoutError::Length { expected, found: expected + 1 })
        );
    }
}
