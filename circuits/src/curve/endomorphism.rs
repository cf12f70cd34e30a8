//! Endomorphisms of the groups: multiples of points that cost next to nothing. They split scalars into shorter ones.

use super::{
    field::{Field, Fp, Fp2},
    group::{Affine, G1, G1Affine, G2, G2Affine, Group},
    msm::Split,
};

/// A group with an endomorphism that splits scalars.
pub(crate) trait Endomorphism: Group {
    /// How scalars are split.
    const SPLIT: Split;

    /// A point and its images: as many as [`Split::parts`], so that their sum by the parts of a scalar is the scalar
    /// times the point.
    fn images(point: &Self::Affine) -> [Self::Affine; 4];
}

/// `z^2 - 1`, where `z` is the curve's parameter: a cube root of one modulo the groups' order, `z^4 - z^2 + 1`.
pub(super) const LAMBDA: [u64; 4] = [0x0000_0000_ffff_ffff, 0xac45_a401_0001_a402, 0, 0];

/// A cube root of one: `(x, y) -> (beta x, y)` multiplies the points of the subgroup by [`LAMBDA`].
const BETA: Fp = Fp::from_montgomery([
    0xcd03_c9e4_8671_f071,
    0x5dab_2246_1fcd_a5d2,
    0x5870_42af_d385_1b95,
    0x8eb6_0ebe_01ba_cb9e,
    0x03f9_7d6e_83d0_50d2,
    0x18f0_2065_5463_8741,
]);

/// Lambda times a point of the subgroup.
pub(super) fn turn(point: &G1) -> G1 {
    let mut turned = *point;
    turned.0.x = Fp(point.0.x).mul(&BETA).0;
    turned
}

impl Endomorphism for G1 {
    const SPLIT: Split = Split::Halves;

    fn images(point: &G1Affine) -> [G1Affine; 4] {
        // z^2 is minus the square of lambda.
        let image = G1Affine::from_coordinates(point.x().mul(&BETA).mul(&BETA), point.y().neg());
        [*point, image, G1Affine::default(), G1Affine::default()]
    }
}

/// `(1 + u)^-((p - 1) / 3)` and `(1 + u)^-((p - 1) / 2)`: times them, the conjugates of `x` and `y` are the coordinates of
/// `-|z| (x, y)`.
const PSI: [Fp2; 2] = [
    Fp2::new(
        Fp::from_montgomery([0; 6]),
        Fp::from_montgomery([
            0x890d_c9e4_8675_45c3,
            0x2af3_2253_3285_a5d5,
            0x5088_0866_309b_7e2c,
            0xa20d_1b8c_7e88_1024,
            0x14e4_f04f_e2db_9068,
            0x14e5_6d3f_1564_853a,
        ]),
    ),
    Fp2::new(
        Fp::from_montgomery([
            0x3e2f_585d_a55c_9ad1,
            0x4294_213d_86c1_8183,
            0x3828_44c8_8b62_3732,
            0x92ad_2afd_1910_3e18,
            0x1d79_4e4f_ac7c_f0b9,
            0x0bd5_92fc_7d82_5ec8,
        ]),
        Fp::from_montgomery([
            0x7bcf_a7a2_5aa3_0fda,
            0xdc17_dec1_2a92_7e7c,
            0x2f08_8dd8_6b4e_bef1,
            0xd1ca_2087_da74_d4a7,
            0x2da2_5966_96ce_bc1d,
            0x0e2b_7eed_bbfd_87d2,
        ]),
    ),
];

impl Endomorphism for G2 {
    const SPLIT: Split = Split::Quarters;

    fn images(point: &G2Affine) -> [G2Affine; 4] {
        let conjugate = |element: Fp2| {
            let [c0, c1] = element.coefficients();
            Fp2::new(c0, c1.neg())
        };
        // |z| times a point.
        let next = |point: &G2Affine| {
            let [x, y] = [point.x(), point.y()].map(conjugate);
            G2Affine::from_coordinates(x.mul(&PSI[0]), y.mul(&PSI[1]).neg())
        };
        let second = next(point);
        let third = next(&second);
        [*point, second, third, next(&third)]
    }
}
