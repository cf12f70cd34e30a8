//! `[ceremony-beacon]`: the last step of a phase, whose secrets everybody computes from a public value.
//!
//! The value must not have been known while anybody could still contribute. Many hashes one after the other make it
//! slow to try out what a value that could be influenced would lead to.

use louver_core::{
    encoding::{DecodeError, Encode, Reader, put_short},
    spec::{Fr, b32, b64, to_fr},
};
use thiserror::Error;

use super::work::{Cancelled, Work};

/// The shortest value and the longest, in bytes.
const VALUE: core::ops::RangeInclusive<usize> = 16..=64;
/// The least number of iterations and the most, as powers of two. The most takes a day or so.
const LOG2: core::ops::RangeInclusive<u8> = 10..=40;
/// The number of iterations between two reports. They take as long as a few dozen units of work.
const STRIDE: u64 = 1 << 16;
/// Iterations in the time of a unit of work.
const PER_UNIT: u64 = 1 << 10;

/// Why there is no such beacon.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum BeaconError {
    /// The value is too short to be hard to foresee, or too long.
    #[error("a beacon's value has 16 to 64 bytes, this one {0}")]
    Value(usize),
    /// Too few iterations, or too many.
    #[error("a beacon takes 2^10 to 2^40 iterations, not 2^{0}")]
    Iterations(u8),
}

/// A public value and how often it is hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beacon {
    value: Vec<u8>,
    log2: u8,
}

impl Beacon {
    /// The beacon with this value, hashed `2^log2` times.
    pub fn new(value: Vec<u8>, log2: u8) -> Result<Self, BeaconError> {
        if !VALUE.contains(&value.len()) {
            return Err(BeaconError::Value(value.len()));
        }
        if !LOG2.contains(&log2) {
            return Err(BeaconError::Iterations(log2));
        }
        Ok(Self { value, log2 })
    }

    /// The public value.
    pub fn value(&self) -> &[u8] {
        &self.value
    }

    /// How often it is hashed, as a power of two.
    pub fn iterations_log2(&self) -> u8 {
        self.log2
    }

    /// The units of work that it takes.
    pub(super) fn cost(&self) -> u64 {
        (1 << self.log2) / PER_UNIT
    }

    /// The factors that it stands for, behind what came before: one for each element.
    pub(super) fn factors(
        &self,
        previous: &[u8; 32],
        elements: usize,
        work: &mut Work<'_>,
    ) -> Result<Vec<Fr>, Cancelled> {
        let mut state = b32(b"LouverBeacon", &[&self.value]);
        let total = 1u64 << self.log2;
        let mut done = 0;
        while done < total {
            let stride = STRIDE.min(total - done);
            for _ in 0..stride {
                state = b32(b"LouverBeacon", &[&state]);
            }
            done += stride;
            work.advance(stride / PER_UNIT)?;
        }
        let factor = |index: usize| {
            let index = u8::try_from(index).unwrap_or(u8::MAX);
            to_fr(&b64(b"LouverBeaconKey", &[&state, previous, &[index]]))
        };
        Ok((0..elements).map(factor).collect())
    }

    pub(super) fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let length = reader.u8()?;
        let value = reader.take(length.into())?.to_vec();
        let log2 = reader.u8()?;
        Self::new(value, log2).map_err(|error| DecodeError::OutOfRange {
            what: match error {
                BeaconError::Value(_) => "the length of a beacon's value",
                BeaconError::Iterations(_) => "the number of a beacon's iterations",
            },
        })
    }
}

impl Encode for Beacon {
    fn encode(&self, out: &mut Vec<u8>) {
        put_short(out, &self.value);
        out.push(self.log2);
    }
}

#[cfg(test)]
mod tests {
    use louver_core::proof::Unwatched;

    use super::*;

    fn factors(value: u8, log2: u8, previous: u8) -> Vec<Fr> {
        let beacon = Beacon::new(vec![value; 32], log2).unwrap();
        let mut watch = Unwatched;
        beacon.factors(&[previous; 32], 3, &mut Work::new(&mut watch, 1)).unwrap()
    }

    #[test]
    fn factors_depend_on_all_there_is() {
        let one = factors(1, 10, 0);
        assert_eq!(one, factors(1, 10, 0));
        for other in [factors(2, 10, 0), factors(1, 11, 0), factors(1, 10, 1)] {
            assert!(one.iter().zip(&other).all(|(a, b)| a != b));
        }
        assert!(one[0] != one[1] && one[1] != one[2]);
    }

    #[test]
    fn bounds() {
        assert_eq!(Beacon::new(vec![0; 15], 10), Err(BeaconError::Value(15)));
        assert_eq!(Beacon::new(vec![0; 65], 10), Err(BeaconError::Value(65)));
        assert_eq!(Beacon::new(vec![0; 16], 9), Err(BeaconError::Iterations(9)));
        assert_eq!(Beacon::new(vec![0; 16], 41), Err(BeaconError::Iterations(41)));
    }
}
