//! Membership in the subgroup of prime order, by one exponentiation in the field.
//!
//! The curve's group is `Z/8 x Z/r`, and 8 divides `q - 1`. So the reduced Tate pairing of order 8,
//!
//! ```text
//! E[8] x E / 8E -> roots of unity of order 8,  (T, P) -> f(P)^((q - 1) / 8),  div f = 8 (T) - 8 (O),
//! ```
//!
//! with `f` normalised at `O`, is non-degenerate. For `T` of order 8, which generates `E[8]`, it is therefore 1 exactly
//! for the `P` in `8E`, and that is the subgroup of order `r`. (Galbraith, "Mathematics of Public Key Cryptography",
//! 26.3; the use of it is Koshelev's, "Subgroup membership testing on elliptic curves via the Tate pairing".)
//!
//! On the Montgomery form `B y^2 = x^3 + A x^2 + x`, with `x = (1 + v) / (1 - v)` and `y = x / u`, Miller's algorithm
//! gives
//!
//! ```text
//! f = l1^4 l2^2 / (v2^4 v4),
//!   l1 = y - y_T - m (x - x_T)   the tangent at T, of slope m
//!   v2 = x - 1                   the vertical at 2T, which is (1, 1 / i)
//!   l2 = y - x / i               the tangent at 2T, which meets 4T = (0, 0)
//!   v4 = x                       the vertical at 4T
//! ```
//!
//! where `i = u(2T)`, a square root of -1. Its leading coefficient at `O` in `x / y` is that of `B^4 B^2 / (B^4 B)`, so
//! `f / B` is normalised; another uniformiser would change it by an eighth power. Eighth powers do not matter to the
//! answer. Writing `u`, `v` for `x`, `y`, and dropping `u^8` and powers of `(1 - v)^8`, what remains is
//!
//! ```text
//! (16 / B) (1 - v^2) ((l v)^2 (1 + i u) u (1 - v)^3)^2,  l = 1 + v - u (c_0 + c_1 v),
//! ```
//!
//! with `c_0 = m + k`, `c_1 = m - k` and `k = y_T - m x_T`. For this `T`, `c_0` is `i`. All zeros and poles of `f`'s
//! factors are multiples of `T`, points of small order, which are told apart before; of them alone is this 0.

use super::{field::Fq, point::PointVartime};

/// `t` where `q - 1 = 2^32 t`.
const ODD_PART: [u64; 4] =
    [0xfffe_5bfe_ffff_ffff, 0x09a1_d805_53bd_a402, 0x299d_7d48_3339_d808, 0x0000_0000_73ed_a753];

/// `i`, which is `u` of `2T` and `c_0`.
const I: Fq = Fq::from_raw([
    0xfffe_ffff_0000_0001,
    0x67ba_a400_89fb_5bfe,
    0xa5e8_0b39_939e_d334,
    0x73ed_a753_299d_7d47,
]);

/// `c_1`.
const C1: Fq = Fq::from_raw([
    0x2ce6_980a_8239_6d0d,
    0x401f_181d_1c69_4cce,
    0xcd0c_8cab_3661_3a95,
    0x088c_fd8b_998d_67d4,
]);

/// `16 / B`.
const SCALE: Fq = Fq::from_raw([
    0xfbe6_80a2_a72f_053a,
    0x02c5_4a51_229e_4365,
    0x8e7d_67f0_784d_b0ba,
    0x3d8e_eb09_2352_4d6c,
]);

/// `v(T)^2`: the points of order 8 are those of `v = +- v(T)`.
const SQUARE_V_OF_T: Fq = Fq::from_raw([
    0xf53c_619e_aa21_425f,
    0x76dc_6b90_2d8b_ba82,
    0x408c_7d7b_6eef_6048,
    0x0462_bc7d_c4c0_ca8d,
]);

/// Whether a point of the curve is of small order: `v` is 1, -1, 0, or that of a point of order 8.
pub(super) fn is_small_order(point: &PointVartime) -> bool {
    let square = point.v.square();
    square.is_zero() || square == Fq::ONE || square == SQUARE_V_OF_T
}

/// Whether a point of the curve that is not of small order is in the subgroup of prime order.
pub(super) fn is_in_subgroup_vartime(point: &PointVartime) -> bool {
    let PointVartime { u, v } = *point;
    let one = Fq::ONE;
    let line = one + v - u * (I + C1 * v);
    let vertical = one - v;
    let squared = (line * v).square() * (one + I * u) * u * vertical.square() * vertical;
    let value = squared.square() * (one - v.square()) * SCALE;
    // (q - 1) / 8 = 2^29 t
    value.pow_vartime(&ODD_PART).square_times(29) == one
}
