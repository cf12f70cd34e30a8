//! The constants of the instance, and their rearrangement that makes partial rounds cheap.
//!
//! All are derived on first use, in about two milliseconds, rather than kept as a table that nobody can read.

use std::sync::LazyLock;

use super::{FULL_ROUNDS, PARTIAL_ROUNDS, ROUNDS, WIDTH};
use crate::spec::Fr;

const HALF: usize = FULL_ROUNDS / 2;
type Matrix<const N: usize> = [[Fr; N]; N];

pub(super) static SCHEDULE: LazyLock<Schedule> = LazyLock::new(Schedule::derive);

/// A partial round: add `constant` to lane 0, raise it to the fifth power, then
/// `s0' = corner s0 + row . s` and `s' = s + column s0` for the other lanes `s`.
pub(super) struct PartialRound {
    pub(super) constant: Fr,
    pub(super) corner: Fr,
    pub(super) row: [Fr; WIDTH - 1],
    pub(super) column: [Fr; WIDTH - 1],
}

pub(super) struct Schedule {
    pub(super) published: [[Fr; WIDTH]; ROUNDS],
    pub(super) mds: Matrix<WIDTH>,
    pub(super) first_half: [[Fr; WIDTH]; HALF],
    /// Takes the place of the matrix after the first half.
    pub(super) premix: Matrix<WIDTH>,
    pub(super) partial: Vec<PartialRound>,
    pub(super) second_half: [[Fr; WIDTH]; HALF],
}

impl Schedule {
    fn derive() -> Self {
        let mut grain = Grain::new();
        let published = core::array::from_fn(|_| core::array::from_fn(|_| grain.canonical()));
        let xs: [Fr; WIDTH] = core::array::from_fn(|_| grain.reduced());
        let ys: [Fr; WIDTH] = core::array::from_fn(|_| grain.reduced());
        let mds = xs.map(|x| ys.map(|y| invert(x + y)));
        let (partial, premix, carried) = sparse(&published, &mds);
        let mut second_half: [[Fr; WIDTH]; HALF] =
            core::array::from_fn(|i| published[HALF + PARTIAL_ROUNDS + i]);
        second_half[0] = add(second_half[0], carried);
        Self {
            published,
            mds,
            first_half: core::array::from_fn(|i| published[i]),
            premix,
            partial,
            second_half,
        }
    }
}

/// The partial rounds with sparse matrices, the matrix before them and the constants left over after them.
///
/// A map that touches only lanes 1 to 4 commutes with the S-box of a partial round. So constants of those lanes are
/// carried forward through the matrix. Each matrix is split, from the last round to the first, into a sparse one and
/// one that leaves lane 0 as it is, which joins the matrix of the round before. (Appendix B of the Poseidon paper.)
fn sparse(
    published: &[[Fr; WIDTH]; ROUNDS],
    mds: &Matrix<WIDTH>,
) -> (Vec<PartialRound>, Matrix<WIDTH>, [Fr; WIDTH]) {
    let mut carried = [Fr::zero(); WIDTH];
    let constants: Vec<Fr> = published[HALF..HALF + PARTIAL_ROUNDS]
        .iter()
        .map(|round| {
            let [first, others @ ..] = add(*round, carried);
            let mut rest = [Fr::zero(); WIDTH];
            rest[1..].copy_from_slice(&others);
            carried = super::mix(mds, rest);
            first
        })
        .collect();

    let mut current = *mds;
    let mut rounds: Vec<PartialRound> = constants
        .into_iter()
        .rev()
        .map(|constant| {
            let lower: Matrix<{ WIDTH - 1 }> =
                core::array::from_fn(|i| core::array::from_fn(|j| current[i + 1][j + 1]));
            let inverse = inverse(&lower);
            let round = PartialRound {
                constant,
                corner: current[0][0],
                row: core::array::from_fn(|j| {
                    (0..WIDTH - 1).map(|k| current[0][k + 1] * inverse[k][j]).sum()
                }),
                column: core::array::from_fn(|i| current[i + 1][0]),
            };
            let mut outer = [[Fr::zero(); WIDTH]; WIDTH];
            outer[0][0] = Fr::one();
            for (i, row) in lower.iter().enumerate() {
                outer[i + 1][1..].copy_from_slice(row);
            }
            current = product(&outer, mds);
            round
        })
        .collect();
    rounds.reverse();
    (rounds, current, carried)
}

fn add(a: [Fr; WIDTH], b: [Fr; WIDTH]) -> [Fr; WIDTH] {
    core::array::from_fn(|i| a[i] + b[i])
}

fn product<const N: usize>(a: &Matrix<N>, b: &Matrix<N>) -> Matrix<N> {
    core::array::from_fn(|i| core::array::from_fn(|j| (0..N).map(|k| a[i][k] * b[k][j]).sum()))
}

fn invert(x: Fr) -> Fr {
    Option::from(x.invert()).expect("the published instance divides by no zero")
}

/// Gauss and Jordan; the minors met are those of a matrix whose square submatrices are all regular.
fn inverse<const N: usize>(matrix: &Matrix<N>) -> Matrix<N> {
    let mut left = *matrix;
    let mut right: Matrix<N> =
        core::array::from_fn(|i| core::array::from_fn(|j| if i == j { Fr::one() } else { Fr::zero() }));
    for pivot in 0..N {
        let scale = invert(left[pivot][pivot]);
        for j in 0..N {
            left[pivot][j] *= scale;
            right[pivot][j] *= scale;
        }
        for i in (0..N).filter(|i| *i != pivot) {
            let factor = left[i][pivot];
            for j in 0..N {
                let (l, r) = (left[pivot][j], right[pivot][j]);
                left[i][j] -= factor * l;
                right[i][j] -= factor * r;
            }
        }
    }
    right
}

/// The self-shrinking LFSR that the authors of Poseidon draw constants from. Bit `i` of the state is `b_i`.
struct Grain(u128);

impl Grain {
    fn new() -> Self {
        // Prime field, power S-box, bits of the field, width, rounds, then thirty ones.
        let fields = [
            (1u128, 2),
            (0, 4),
            (255, 12),
            (WIDTH as u128, 12),
            (FULL_ROUNDS as u128, 10),
            (PARTIAL_ROUNDS as u128, 10),
            ((1 << 30) - 1, 30),
        ];
        let big_endian = fields.iter().fold(0u128, |bits, (value, width)| (bits << width) | value);
        let mut grain = Self(big_endian.reverse_bits() >> (128 - 80));
        for _ in 0..160 {
            grain.step();
        }
        grain
    }

    fn step(&mut self) -> bool {
        let s = self.0;
        let bit = (s >> 62 ^ s >> 51 ^ s >> 38 ^ s >> 23 ^ s >> 13 ^ s) & 1;
        self.0 = s >> 1 | bit << 79;
        bit == 1
    }

    /// Of each pair of bits the second, if the first is 1.
    fn bit(&mut self) -> bool {
        while !self.step() {
            self.step();
        }
        self.step()
    }

    /// 255 bits, the highest first, as little-endian bytes.
    fn draw(&mut self) -> [u8; 32] {
        let mut bytes = [0u8; 32];
        for i in (0..255).rev() {
            bytes[i / 8] |= u8::from(self.bit()) << (i % 8);
        }
        bytes
    }

    /// The next draw below the modulus.
    fn canonical(&mut self) -> Fr {
        loop {
            if let Some(x) = Option::from(Fr::from_bytes(&self.draw())) {
                return x;
            }
        }
    }

    /// The next draw, modulo the modulus.
    fn reduced(&mut self) -> Fr {
        let mut wide = [0u8; 64];
        wide[..32].copy_from_slice(&self.draw());
        Fr::from_bytes_wide(&wide)
    }
}
