//! Points, decoded and added.
//!
//! Source of the formulas: Hisil, Wong, Carter, Dawson, "Twisted Edwards Curves Revisited", for `a = -1`. Since `d` is
//! not a square they are complete: they hold for every pair of points of the curve.

use super::{field::Fq, root::root_of_ratio_vartime, subgroup};
use crate::{encoding::DecodeError, spec::Fr};

/// `d`, in `-u^2 + v^2 = 1 + d u^2 v^2`.
const D: Fq = Fq::from_raw([
    0x0106_5fd6_d634_3eb1,
    0x292d_7f6d_3757_9d26,
    0xf5fd_9207_e6bd_7fd4,
    0x2a93_18e7_4bfa_2b48,
]);

/// `2 d`.
const D2: Fq = Fq::from_raw([
    0x020c_bfad_ac68_7d62,
    0x525a_feda_6eaf_3a4c,
    0xebfb_240f_cd7a_ffa8,
    0x5526_31ce_97f4_5691,
]);

/// A point of the curve, by its affine coordinates; public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PointVartime {
    pub(super) u: Fq,
    pub(super) v: Fq,
}

impl PointVartime {
    /// `[points]`: the point of the curve with this canonical encoding, in whatever subgroup.
    pub(crate) fn decode(bytes: &[u8; 32]) -> Result<Self, DecodeError> {
        let mut v = *bytes;
        v[31] &= 0x7f;
        let sign = bytes[31] >> 7 == 1;
        let v = Fq::from_bytes(&v).ok_or(DecodeError::NonCanonicalPoint)?;
        // u^2 = (v^2 - 1) / (1 + d v^2). The denominator is not zero, as -1 / d is not a square.
        let square = v.square();
        let u =
            root_of_ratio_vartime(square - Fq::ONE, Fq::ONE + D * square).ok_or(DecodeError::NotOnCurve)?;
        if u.is_zero() && sign {
            return Err(DecodeError::NonCanonicalPoint);
        }
        Ok(Self { u: if u.is_odd() == sign { u } else { -u }, v })
    }

    /// `[points]`: the same, but only for the prime-order subgroup without its identity.
    pub(crate) fn decode_in_subgroup(bytes: &[u8; 32]) -> Result<Self, DecodeError> {
        let point = Self::decode(bytes)?;
        if point.is_small_order() {
            return Err(DecodeError::SmallOrder);
        }
        if !subgroup::is_in_subgroup_vartime(&point) {
            return Err(DecodeError::NotInSubgroup);
        }
        Ok(point)
    }

    /// The point of the curve with these coordinates.
    pub(crate) fn from_coordinates((u, v): (Fr, Fr)) -> Self {
        Self { u: u.into(), v: v.into() }
    }

    /// The affine coordinates `(u, v)`.
    pub(crate) fn coordinates(&self) -> (Fr, Fr) {
        (self.u.to_scalar(), self.v.to_scalar())
    }

    /// Whether the order divides the cofactor.
    pub(crate) fn is_small_order(&self) -> bool {
        subgroup::is_small_order(self)
    }

    /// The form in which it is added to others.
    pub(super) fn to_niels(self) -> Niels {
        Niels { sum: self.v + self.u, difference: self.v - self.u, product: self.u * self.v * D2 }
    }
}

/// A point as it is added: `(v + u, v - u, 2 d u v)`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Niels {
    sum: Fq,
    difference: Fq,
    product: Fq,
}

/// A point by the coordinates `(U : V : Z)` and `T = U V / Z`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extended {
    u: Fq,
    v: Fq,
    z: Fq,
    t: Fq,
}

impl Extended {
    pub(crate) const IDENTITY: Self = Self { u: Fq::ZERO, v: Fq::ONE, z: Fq::ONE, t: Fq::ZERO };

    /// This plus a point.
    pub(super) fn add_niels(&self, other: &Niels) -> Self {
        let a = (self.v - self.u) * other.difference;
        let b = (self.v + self.u) * other.sum;
        let c = self.t * other.product;
        Self::complete(a, b, c, self.z.double())
    }

    /// This minus a point.
    pub(super) fn sub_niels(&self, other: &Niels) -> Self {
        let Niels { sum, difference, product } = *other;
        self.add_niels(&Niels { sum: difference, difference: sum, product: -product })
    }

    /// This plus another.
    pub(crate) fn add(&self, other: &Self) -> Self {
        let a = (self.v - self.u) * (other.v - other.u);
        let b = (self.v + self.u) * (other.v + other.u);
        let c = self.t * other.t * D2;
        Self::complete(a, b, c, (self.z * other.z).double())
    }

    /// This minus another.
    pub(crate) fn sub(&self, other: &Self) -> Self {
        self.add(&Self { u: -other.u, t: -other.t, ..*other })
    }

    /// Twice this.
    pub(crate) fn double(&self) -> Self {
        let (uu, vv) = (self.u.square(), self.v.square());
        let e = (self.u + self.v).square() - uu - vv;
        let g = vv - uu;
        let f = g - self.z.square().double();
        let h = -(uu + vv);
        Self { u: e * f, v: g * h, z: f * g, t: e * h }
    }

    /// Whether the order divides the cofactor.
    pub(crate) fn is_small_order(&self) -> bool {
        // Four times the point has u = 0 only if it is of order 2 at most.
        self.double().double().u.is_zero()
    }

    #[cfg(test)]
    pub(super) fn is_identity(&self) -> bool {
        self.u.is_zero() && self.v == self.z
    }

    #[inline(always)]
    fn complete(a: Fq, b: Fq, c: Fq, d: Fq) -> Self {
        let (e, f, g, h) = (b - a, d - c, d + c, b + a);
        Self { u: e * f, v: g * h, z: f * g, t: e * h }
    }
}
