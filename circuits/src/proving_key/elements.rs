//! `[proving-key-check]`: the elements of a proving key, before they are a file. The maker of a key fills them in: the
//! generator of development keys, a ceremony, or the expander of unpinned downloads.

use bellman::SynthesisError;
use louver_core::spec::b32;
use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};
use rayon::prelude::*;
use thiserror::Error;

use super::{Counts, LayoutError, Points, ProvingKey, Section};
use crate::{
    circuit::CircuitId,
    curve::{Affine, G1, G1Affine, G2, G2Affine, Group, miller_loop},
    figures::circuit_figures,
    key_file::{Header, Kind, Provenance, layout::Layout},
    verifying_key::Element,
};

/// The fault of a point.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ElementFault {
    /// A coordinate that is not below the modulus, or not a point of the curve.
    #[error("not on the curve")]
    OffCurve,
    /// Not in the subgroup of prime order.
    #[error("outside the prime-order subgroup")]
    OutsideSubgroup,
    /// The identity, where none may be.
    #[error("the identity")]
    Identity,
}

/// Why elements do not make a proving key.
#[derive(Debug, Error)]
pub enum ElementsError {
    /// More or fewer than the circuit asks for.
    #[error("{section}: {found} elements, where the circuit asks for {expected}")]
    Count {
        /// Where they stand.
        section: Section,
        /// The number that the circuit asks for.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A point of the verifying key is invalid.
    #[error("{element} is {fault}")]
    Verifying {
        /// Which element.
        element: Element,
        /// The fault.
        fault: ElementFault,
    },
    /// Another point is invalid.
    #[error("{section}: point {index} is {fault}")]
    Point {
        /// Where it stands.
        section: Section,
        /// Its place there.
        index: usize,
        /// The fault.
        fault: ElementFault,
    },
    /// The forms of an element in both groups have other exponents.
    #[error("the two forms of {0} are not of one exponent")]
    Unequal(Element),
    /// The B queries in both groups have other exponents.
    #[error("the two B queries are not of one exponent")]
    UnequalB,
    /// The file cannot be laid out.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// The circuit cannot be synthesised.
    #[error("the circuit cannot be synthesised: {0}")]
    Circuit(#[from] SynthesisError),
}

/// The elements of a proving key. Variables are numbered inputs first, with the constant one as 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Elements {
    pub(crate) alpha_g1: G1Affine,
    pub(crate) beta_g1: G1Affine,
    pub(crate) beta_g2: G2Affine,
    pub(crate) gamma_g2: G2Affine,
    pub(crate) delta_g1: G1Affine,
    pub(crate) delta_g2: G2Affine,
    /// `(beta A_i + alpha B_i + C_i) / gamma` at tau, for each input.
    pub(crate) ic: Vec<G1Affine>,
    /// `A_i` at tau, for every variable; the identity for those that are not in A.
    pub(crate) a: Vec<G1Affine>,
    /// `B_i` at tau in G1, for every variable.
    pub(crate) b_g1: Vec<G1Affine>,
    /// `B_i` at tau in G2, for every variable.
    pub(crate) b_g2: Vec<G2Affine>,
    /// `(beta A_i + alpha B_i + C_i) / delta` at tau, for each auxiliary variable.
    pub(crate) l: Vec<G1Affine>,
    /// `tau^i t(tau) / delta`, for each `i` below the size of the domain minus one.
    pub(crate) h: Vec<G1Affine>,
}

impl Elements {
    /// The elements of a key, to look into them: taken out of a file, where they stand without the identities.
    pub(crate) fn of_key(key: &ProvingKey) -> Self {
        fn spread<P: Affine>(count: usize, at: impl Iterator<Item = usize>, points: Points<'_, P>) -> Vec<P> {
            let mut all = vec![P::default(); count];
            for (index, point) in at.zip(points.iter()) {
                if let Some(place) = all.get_mut(index) {
                    *place = point;
                }
            }
            all
        }
        let count = key.counts().variables();
        Self {
            alpha_g1: key.alpha_g1(),
            beta_g1: key.beta_g1(),
            beta_g2: key.beta_g2(),
            gamma_g2: key.gamma_g2(),
            delta_g1: key.delta_g1(),
            delta_g2: key.delta_g2(),
            ic: key.ic().iter().collect(),
            a: spread(count, key.a_variables(), key.a()),
            b_g1: spread(count, key.b_variables(), key.b_g1()),
            b_g2: spread(count, key.b_variables(), key.b_g2()),
            l: key.l().iter().collect(),
            h: key.h().iter().collect(),
        }
    }

    /// The elements in the form of the `groth16` crate, whose prover is another than ours.
    #[cfg(test)]
    pub(crate) fn to_groth16(&self) -> groth16::Parameters<bls12_381::Bls12> {
        fn all<P: Affine + Into<Q>, Q>(points: &[P]) -> std::sync::Arc<Vec<Q>> {
            let points = points.iter().filter(|point| !point.is_identity());
            std::sync::Arc::new(points.map(|point| (*point).into()).collect())
        }
        groth16::Parameters {
            vk: groth16::VerifyingKey {
                alpha_g1: self.alpha_g1.into(),
                beta_g1: self.beta_g1.into(),
                beta_g2: self.beta_g2.into(),
                gamma_g2: self.gamma_g2.into(),
                delta_g1: self.delta_g1.into(),
                delta_g2: self.delta_g2.into(),
                ic: self.ic.iter().map(|point| (*point).into()).collect(),
            },
            h: all(&self.h),
            l: all(&self.l),
            a: all(&self.a),
            b_g1: all(&self.b_g1),
            b_g2: all(&self.b_g2),
        }
    }

    /// Checks every point: its coordinates, its curve, its subgroup, and that only A and B queries hold the identity;
    /// and that elements in both groups have one exponent. Whether the key fits the circuit is not seen here.
    pub(crate) fn check(&self) -> Result<(), ElementsError> {
        self.check_verifying()?;
        check_all(Section::A, &self.a, true)?;
        check_all(Section::BG1, &self.b_g1, true)?;
        check_all(Section::BG2, &self.b_g2, true)?;
        check_all(Section::L, &self.l, false)?;
        check_all(Section::H, &self.h, false)?;
        let (one_g1, one_g2) = (G1Affine::generator(), G2Affine::generator());
        for (element, g1, g2) in [
            (Element::BetaG2, &self.beta_g1, &self.beta_g2),
            (Element::DeltaG2, &self.delta_g1, &self.delta_g2),
        ] {
            if !miller_loop(&[g1.neg(), one_g1], &[one_g2, *g2]).is_one() {
                return Err(ElementsError::Unequal(element));
            }
        }
        self.check_b()
    }

    fn check_verifying(&self) -> Result<(), ElementsError> {
        let verifying = |element, checked: Result<(), ElementFault>| {
            checked.map_err(|fault| ElementsError::Verifying { element, fault })
        };
        verifying(Element::Alpha, check(&self.alpha_g1, false))?;
        verifying(Element::BetaG1, check(&self.beta_g1, false))?;
        verifying(Element::BetaG2, check(&self.beta_g2, false))?;
        verifying(Element::Gamma, check(&self.gamma_g2, false))?;
        verifying(Element::DeltaG1, check(&self.delta_g1, false))?;
        verifying(Element::DeltaG2, check(&self.delta_g2, false))?;
        for (index, element) in self.ic.iter().enumerate() {
            verifying(Element::Input(index), check(element, false))?;
        }
        Ok(())
    }

    /// `B_i` in both groups at once, by a combination with factors that depend on all of them: queries that differ
    /// anywhere pass with probability `2^-128`.
    fn check_b(&self) -> Result<(), ElementsError> {
        if self.b_g1.len() != self.b_g2.len() {
            return Err(ElementsError::UnequalB);
        }
        let pairs = self.b_g1.iter().zip(&self.b_g2);
        let pairs: Vec<_> = pairs.filter(|(g1, g2)| !(g1.is_identity() && g2.is_identity())).collect();
        // Of one exponent, they are the identity together.
        if pairs.iter().any(|(g1, g2)| g1.is_identity() || g2.is_identity()) {
            return Err(ElementsError::UnequalB);
        }
        let g1: Vec<G1Affine> = pairs.iter().map(|(point, _)| **point).collect();
        let g2: Vec<G2Affine> = pairs.iter().map(|(_, point)| **point).collect();
        let mut bytes = Vec::with_capacity(pairs.len() * (G1Affine::BYTES + G2Affine::BYTES));
        g1.iter().for_each(|point| point.write_limbs(&mut bytes));
        g2.iter().for_each(|point| point.write_limbs(&mut bytes));
        let mut factors = vec![0u8; pairs.len() * FACTOR];
        ChaCha20Rng::from_seed(b32(b"LouverKeyCheck", &[&bytes])).fill_bytes(&mut factors);
        let left = G1::combination(&g1, &factors, 8 * FACTOR).neg().to_affine();
        let right = G2::combination(&g2, &factors, 8 * FACTOR).to_affine();
        let product = miller_loop(&[left, G1Affine::generator()], &[G2Affine::generator(), right]);
        if pairs.is_empty() || product.is_one() { Ok(()) } else { Err(ElementsError::UnequalB) }
    }

    /// `[proving-key-file]`: the elements as a key for a circuit, once every one is checked. There is no other way to
    /// write a key.
    pub(crate) fn to_key(
        &self,
        circuit: impl Into<CircuitId>,
        provenance: Provenance,
    ) -> Result<ProvingKey, ElementsError> {
        let circuit = circuit.into();
        let figures = circuit_figures(circuit)?;
        let (inputs, aux) = (figures.public_inputs.len() + 1, figures.aux);
        let count = |section, expected, found| {
            let error = ElementsError::Count { section, expected, found };
            if expected == found { Ok(()) } else { Err(error) }
        };
        count(Section::Verifying, inputs, self.ic.len())?;
        count(Section::A, inputs + aux, self.a.len())?;
        count(Section::BG1, inputs + aux, self.b_g1.len())?;
        count(Section::BG2, inputs + aux, self.b_g2.len())?;
        count(Section::L, aux, self.l.len())?;
        count(Section::H, figures.domain - 1, self.h.len())?;
        self.check()?;
        let header = Header { kind: Kind::Proving, provenance, circuit, circuit_hash: figures.hash };
        self.write(header, figures.domain.trailing_zeros())
    }

    fn write(&self, header: Header, domain_log2: u32) -> Result<ProvingKey, ElementsError> {
        let number = |count: usize| u32::try_from(count).map_err(|_| LayoutError::TooLarge);
        let a_variables = present(&self.a)?;
        let b_variables = present(&self.b_g1)?;
        let layout = Layout::of(Counts {
            inputs: number(self.ic.len())?,
            aux: number(self.l.len())?,
            domain_log2,
            a: number(a_variables.len())?,
            b: number(b_variables.len())?,
        })?;
        let mut bytes = Vec::with_capacity(layout.length());
        bytes.extend(header.to_bytes());
        bytes.extend(layout.counts.to_bytes());
        for section in Section::ALL {
            bytes.resize(layout.range(section).start, 0);
            match section {
                Section::Verifying => {
                    append(&mut bytes, &[self.alpha_g1, self.beta_g1, self.delta_g1]);
                    append(&mut bytes, &[self.beta_g2, self.gamma_g2, self.delta_g2]);
                    append(&mut bytes, &self.ic);
                }
                Section::AVariables => bytes.extend(a_variables.iter().flat_map(|index| index.to_le_bytes())),
                Section::BVariables => bytes.extend(b_variables.iter().flat_map(|index| index.to_le_bytes())),
                Section::A => append(&mut bytes, &self.a),
                Section::BG1 => append(&mut bytes, &self.b_g1),
                Section::BG2 => append(&mut bytes, &self.b_g2),
                Section::L => append(&mut bytes, &self.l),
                Section::H => append(&mut bytes, &self.h),
            }
        }
        layout.check(&bytes)?;
        Ok(ProvingKey::from_made(bytes, header, layout))
    }
}

/// Bytes of a random factor.
const FACTOR: usize = 16;

/// The places of the points that are not the identity.
fn present<P: Affine>(points: &[P]) -> Result<Vec<u32>, LayoutError> {
    let places = points.iter().enumerate().filter(|(_, point)| !point.is_identity());
    places.map(|(index, _)| u32::try_from(index).map_err(|_| LayoutError::TooLarge)).collect()
}

/// The limbs of the points that are not the identity.
fn append<P: Affine>(out: &mut Vec<u8>, points: &[P]) {
    points.iter().filter(|point| !point.is_identity()).for_each(|point| point.write_limbs(out));
}

fn check<P: Affine>(point: &P, may_be_identity: bool) -> Result<(), ElementFault> {
    if !point.on_curve() {
        Err(ElementFault::OffCurve)
    } else if point.is_identity() {
        if may_be_identity { Ok(()) } else { Err(ElementFault::Identity) }
    } else if !point.in_subgroup() {
        Err(ElementFault::OutsideSubgroup)
    } else {
        Ok(())
    }
}

/// Checks all points of a section on all cores; the first that is wrong is named.
fn check_all<P: Affine>(section: Section, points: &[P], may_be_identity: bool) -> Result<(), ElementsError> {
    let faults = points.par_iter().enumerate().filter_map(|(index, point)| {
        check(point, may_be_identity).err().map(|fault| ElementsError::Point { section, index, fault })
    });
    faults.find_first(|_| true).map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests;
