//! `[ceremony-powers]`: powers of a secret tau, by themselves and times secrets alpha and beta: what phase 1 makes.

use louver_core::{
    encoding::{DecodeError, Reader},
    spec::Fr,
};
use rand::{TryRng, rngs::SysRng};
use thiserror::Error;
use zeroize::Zeroize;

use super::{
    contribution::same_ratio,
    point::{self, Element, Place, ReadError},
    secret::{EntropyError, Factors, bytes},
    work::{Cancelled, Work},
};
use crate::curve::{Affine, G1Affine, G2, G2Affine, Group};

/// The largest domain that a phase 1 of ours is run for, as a power of two.
pub const MAX_LOG2: u8 = 20;

/// Why powers were refused.
#[derive(Debug, Error)]
pub enum PowersError {
    /// The first power is not the generator.
    #[error("{0} is not the generator")]
    Base(Place),
    /// The powers of tau in the first group are not powers of one number.
    #[error("the powers of tau in the first group are not powers of one number")]
    TauG1,
    /// The powers of tau in the second group are not those in the first.
    #[error("the powers of tau in the second group are not those in the first")]
    TauG2,
    /// The powers of tau times alpha are not of this tau.
    #[error("the powers of tau times alpha are not of this tau")]
    Alpha,
    /// The powers of tau times beta are not of this tau.
    #[error("the powers of tau times beta are not of this tau")]
    Beta,
    /// Beta differs between the groups.
    #[error("beta in the second group is not beta in the first")]
    BetaG2,
    /// A secret that is 1: nobody has contributed.
    #[error("{0} is 1: nobody has contributed")]
    One(Element),
    /// Tau is in the domain, where all of H is zero.
    #[error("tau is a root of unity")]
    Root,
    /// No randomness to check with.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The watching caller asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// Powers for a domain of `n`: up to `tau^(2n-2)` in the first group, else up to `tau^(n-1)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Powers {
    pub(super) tau_g1: Vec<G1Affine>,
    pub(super) tau_g2: Vec<G2Affine>,
    pub(super) alpha_tau: Vec<G1Affine>,
    pub(super) beta_tau: Vec<G1Affine>,
    pub(super) beta_g2: G2Affine,
}

impl Powers {
    /// Those of tau = alpha = beta = 1.
    pub(super) fn ones(domain: usize) -> Self {
        let one = G1Affine::generator();
        Self {
            tau_g1: vec![one; 2 * domain - 1],
            tau_g2: vec![G2Affine::generator(); domain],
            alpha_tau: vec![one; domain],
            beta_tau: vec![one; domain],
            beta_g2: G2Affine::generator(),
        }
    }

    /// The domain that they are for.
    pub fn domain(&self) -> usize {
        self.tau_g2.len()
    }

    /// The bytes of powers for a domain.
    pub(super) fn length(domain: usize) -> Option<usize> {
        let g1 = domain.checked_mul(4)?.checked_sub(1)?.checked_mul(G1Affine::COMPRESSED)?;
        g1.checked_add(domain.checked_add(1)?.checked_mul(G2Affine::COMPRESSED)?)
    }

    /// The units of work that it takes to read powers, to check or to change them.
    pub(super) fn cost(domain: usize) -> u64 {
        6 * domain as u64
    }

    /// The powers for a smaller domain.
    pub(super) fn truncate(mut self, domain: usize) -> Self {
        self.tau_g1.truncate(2 * domain - 1);
        self.tau_g2.truncate(domain);
        self.alpha_tau.truncate(domain);
        self.beta_tau.truncate(domain);
        self
    }

    /// Tau, alpha and beta in the first group.
    pub(super) fn elements(&self) -> [G1Affine; 3] {
        [self.tau_g1[1], self.alpha_tau[0], self.beta_tau[0]]
    }

    /// The powers with each secret multiplied by its factor: tau, alpha and beta.
    pub(super) fn multiply(&self, factors: &Factors, work: &mut Work<'_>) -> Result<Self, Cancelled> {
        let [tau, alpha, beta] = [0, 1, 2].map(|index| factors.expose(index));
        let beta_g2 = G2::from(self.beta_g2).mul(bytes(beta).as_ref()).to_affine();
        Ok(Self {
            tau_g1: scale(&self.tau_g1, &Fr::one(), tau, work)?,
            tau_g2: scale(&self.tau_g2, &Fr::one(), tau, work)?,
            alpha_tau: scale(&self.alpha_tau, alpha, tau, work)?,
            beta_tau: scale(&self.beta_tau, beta, tau, work)?,
            beta_g2,
        })
    }

    /// Checks that these are powers of one tau, times one alpha and one beta, the same in both groups. Random
    /// combinations stand for all pairs of neighbours: a false one passes with a chance of `2^-128`.
    pub(super) fn check(&self, work: &mut Work<'_>) -> Result<(), PowersError> {
        let (one_g1, one_g2) = (G1Affine::generator(), G2Affine::generator());
        if self.tau_g1[0] != one_g1 {
            return Err(PowersError::Base(Place::TauG1(0)));
        }
        if self.tau_g2[0] != one_g2 {
            return Err(PowersError::Base(Place::TauG2(0)));
        }
        let (tau_g1, tau_g2) = (self.tau_g1[1], self.tau_g2[1]);
        if !same_ratio((one_g1, tau_g1), (one_g2, tau_g2)) {
            return Err(PowersError::TauG2);
        }
        if !same_ratio((one_g1, self.beta_tau[0]), (one_g2, self.beta_g2)) {
            return Err(PowersError::BetaG2);
        }
        if !same_ratio((one_g1, tau_g1), neighbours(&self.tau_g2, work)?) {
            return Err(PowersError::TauG2);
        }
        let ratio = (one_g2, tau_g2);
        for (powers, fault) in [
            (&self.tau_g1, PowersError::TauG1),
            (&self.alpha_tau, PowersError::Alpha),
            (&self.beta_tau, PowersError::Beta),
        ] {
            if !same_ratio(neighbours(powers, work)?, ratio) {
                return Err(fault);
            }
        }
        Ok(())
    }

    /// Checks that somebody has contributed, and that tau is not in the domain. Whether nobody knows the secrets cannot be
    /// seen from the powers.
    pub(super) fn check_secret(&self) -> Result<(), PowersError> {
        let one = G1Affine::generator();
        let elements = [Element::Tau, Element::Alpha, Element::Beta];
        if let Some((_, element)) = self.elements().into_iter().zip(elements).find(|(point, _)| *point == one)
        {
            return Err(PowersError::One(element));
        }
        if self.tau_g1[self.domain()] == one {
            return Err(PowersError::Root);
        }
        Ok(())
    }

    /// Reads powers for a domain: the rest of a file.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        domain: usize,
        work: &mut Work<'_>,
    ) -> Result<Self, ReadError> {
        let length = Self::length(domain).ok_or(DecodeError::OutOfRange { what: "the domain" })?;
        // Nothing is read if it is not all there.
        if let Some(missing) = length.checked_sub(reader.remaining()).filter(|missing| *missing > 0) {
            return Err(DecodeError::UnexpectedEnd { missing }.into());
        }
        Ok(Self {
            tau_g1: point::read_many(reader, 2 * domain - 1, Place::TauG1, work)?,
            tau_g2: point::read_many(reader, domain, Place::TauG2, work)?,
            alpha_tau: point::read_many(reader, domain, Place::AlphaTau, work)?,
            beta_tau: point::read_many(reader, domain, Place::BetaTau, work)?,
            beta_g2: point::read(reader, Place::BetaG2)?,
        })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        point::write_many(&self.tau_g1, out);
        point::write_many(&self.tau_g2, out);
        point::write_many(&self.alpha_tau, out);
        point::write_many(&self.beta_tau, out);
        self.beta_g2.write(out);
    }
}

/// Point `i` times `first * ratio^i`.
pub(super) fn scale<A: Affine>(
    points: &[A],
    first: &Fr,
    ratio: &Fr,
    work: &mut Work<'_>,
) -> Result<Vec<A>, Cancelled> {
    work.in_chunks(points, A::Group::COST.into(), |start, chunk| {
        let mut factor = first * ratio.pow(&[start as u64, 0, 0, 0]);
        let mut products = Vec::with_capacity(chunk.len());
        for point in chunk {
            products.push(A::Group::from(*point).mul(bytes(&factor).as_ref()));
            factor *= ratio;
        }
        factor.zeroize();
        Ok(A::Group::batch_to_affine(&products))
    })
}

/// Bytes of a random multiplier.
const MULTIPLIER: usize = 16;

/// Random multipliers of 128 bits, one after the other.
pub(super) fn multipliers(count: usize) -> Result<Vec<u8>, EntropyError> {
    let mut random = vec![0u8; MULTIPLIER * count];
    SysRng.try_fill_bytes(&mut random).map_err(EntropyError::from_error)?;
    Ok(random)
}

/// The sum of multipliers times points.
pub(super) fn combine<A: Affine>(points: &[A], multipliers: &[u8]) -> A::Group {
    A::Group::combination(points, multipliers, 8 * MULTIPLIER)
}

/// One random combination of all points but the last, and the same of all but the first.
fn neighbours<A: Affine>(points: &[A], work: &mut Work<'_>) -> Result<(A, A), PowersError> {
    let random = multipliers(points.len() - 1)?;
    let lower = combine(&points[..points.len() - 1], &random).to_affine();
    let upper = combine(&points[1..], &random).to_affine();
    work.advance(points.len() as u64 / 4 * u64::from(A::Group::COST))?;
    Ok((lower, upper))
}
