//! Points of Jubjub: the check of a key, complete addition, and multiplication of the spend-authority base and of other
//! points.
//!
//! Jubjub is `-u^2 + v^2 = 1 + d u^2 v^2` over [`Fr`], of order 8 times a prime `q` (252 bits); its Montgomery form is
//! `B y^2 = x^3 + A x^2 + x` by `x = (1 + v) / (1 - v)`, `y = x / u`. Source: the Zcash protocol specification,
//! section 5.4.9.3 and appendix A.3.3.

use std::sync::LazyLock;

use bellman::{ConstraintSystem, SynthesisError};
use ff::Field;
use jubjub::{AffinePoint, ExtendedPoint};
use louver_core::spec::{Fj, Fr, spend_base};

use crate::{
    linear::{Linear, enforce, product, quotient},
    range::alloc_bit,
};

/// A point in affine Edwards coordinates. That it is on the curve is for its maker to enforce.
#[derive(Clone)]
pub struct Point {
    /// The first coordinate.
    pub u: Linear,
    /// The second coordinate.
    pub v: Linear,
}

impl Point {
    /// A new point with coordinates `value`, on the curve and not of small order, in 2 variables and 6 constraints.
    ///
    /// On the curve, `u v (u^2 + v^2) != 0` says that `[8] P` is not the identity: `2P` is `(2uv / .., (u^2 + v^2) / ..)`,
    /// and a point is of order dividing 4 where `u v` is 0, so `[2] P` is where `u v (u^2 + v^2)` is.
    pub fn alloc_not_small_order<CS: ConstraintSystem<Fr>>(
        cs: &mut CS,
        name: &str,
        value: Option<(Fr, Fr)>,
    ) -> Result<Self, SynthesisError> {
        let mut cs = cs.namespace(|| name);
        let cs = &mut cs;
        let u = Linear::alloc(cs, "u", value.map(|(u, _)| u))?;
        let v = Linear::alloc(cs, "v", value.map(|(_, v)| v))?;
        let u2 = product(cs, "u^2", &u, &u)?;
        let v2 = product(cs, "v^2", &v, &v)?;
        enforce(cs, "on the curve", &u2.scale(CURVE.d), &v2, &(&v2 - &u2).plus(-Fr::ONE));
        let uv = product(cs, "uv", &u, &v)?;
        let vanishes_at_small_order = product(cs, "uv(u^2 + v^2)", &uv, &(&u2 + &v2))?;
        // The divisor is not zero, for then 0 = 1.
        quotient(cs, "not of small order", &Linear::one(), &vanishes_at_small_order)?;
        Ok(Self { u, v })
    }

    /// The sum with `other`, in 6 constraints. Complete: right for any two points on the curve, as `d` is not a square.
    pub fn add<CS: ConstraintSystem<Fr>>(
        &self,
        cs: &mut CS,
        name: &str,
        other: &Self,
    ) -> Result<Self, SynthesisError> {
        let mut cs = cs.namespace(|| name);
        let sum = Sum::of(&mut cs, self, other)?;
        // Neither divisor is zero: d u1 u2 v1 v2 is never 1 or -1.
        let u = quotient(&mut cs, "u", &sum.u.0, &sum.u.1)?;
        let v = quotient(&mut cs, "v", &sum.v.0, &sum.v.1)?;
        Ok(Self { u, v })
    }

    /// Enforces that `sum` is the sum with `other`, in 6 constraints. Complete.
    pub fn enforce_sum<CS: ConstraintSystem<Fr>>(
        &self,
        cs: &mut CS,
        name: &str,
        other: &Self,
        sum: &Self,
    ) -> Result<(), SynthesisError> {
        let mut cs = cs.namespace(|| name);
        let computed = Sum::of(&mut cs, self, other)?;
        enforce(&mut cs, "u", &computed.u.1, &sum.u, &computed.u.0);
        enforce(&mut cs, "v", &computed.v.1, &sum.v, &computed.v.0);
        Ok(())
    }
}

/// Numerator and denominator of a sum's coordinates.
struct Sum {
    u: (Linear, Linear),
    v: (Linear, Linear),
}

impl Sum {
    fn of<CS: ConstraintSystem<Fr>>(cs: &mut CS, p: &Point, q: &Point) -> Result<Self, SynthesisError> {
        let all = product(cs, "(u1 + v1)(u2 + v2)", &(&p.u + &p.v), &(&q.u + &q.v))?;
        let uv = product(cs, "u1 v2", &p.u, &q.v)?;
        let vu = product(cs, "v1 u2", &q.u, &p.v)?;
        let crossed = &uv + &vu;
        let twist = product(cs, "d u1 u2 v1 v2", &uv.scale(CURVE.d), &vu)?;
        let one = Linear::one();
        Ok(Self { u: (crossed.clone(), &one + &twist), v: (&all - &crossed, &one - &twist) })
    }
}

/// Windows of three bits in a scalar.
const WINDOWS: usize = 84;
const LAST_WINDOW: usize = WINDOWS - 1;

/// The bits of a scalar as 84 signed odd digits: `sum(digit_i * 8^i)`, each digit one of 1, 3, 5, 7 or their negatives.
///
/// Any 252 bits are a scalar, and most scalars are so written in two ways. That is sound where a scalar is only
/// multiplied with a base: a witness shows that *some* scalar has been.
pub struct ScalarDigits(Vec<[Linear; 3]>);

/// `[audit-secret]`: digits that end with 5, 7 or one of their negatives. The scalar or its negative is, modulo the group's
/// order, an odd integer between 2^251 and 2^252.
pub struct WideDigits(ScalarDigits);

impl core::ops::Deref for WideDigits {
    type Target = ScalarDigits;

    fn deref(&self) -> &ScalarDigits {
        &self.0
    }
}

impl ScalarDigits {
    /// The digits of `scalar`, 252 new bits.
    pub fn alloc<CS: ConstraintSystem<Fr>>(cs: &mut CS, scalar: Option<&Fj>) -> Result<Self, SynthesisError> {
        Self::windows(cs, scalar, |cs, _, bit| alloc_bit(cs, "high", bit))
    }

    /// The digits of a scalar that has wide ones, 251 new bits. Any 251 bits are such a scalar.
    pub fn alloc_wide<CS: ConstraintSystem<Fr>>(
        cs: &mut CS,
        scalar: Option<&Fj>,
    ) -> Result<WideDigits, SynthesisError> {
        let windows = Self::windows(cs, scalar, |cs, window, bit| match window {
            LAST_WINDOW => Ok(Linear::one()),
            _ => alloc_bit(cs, "high", bit),
        });
        windows.map(WideDigits)
    }

    fn windows<CS: ConstraintSystem<Fr>>(
        cs: &mut CS,
        scalar: Option<&Fj>,
        high: impl Fn(&mut CS, usize, Option<Fr>) -> Result<Linear, SynthesisError>,
    ) -> Result<Self, SynthesisError> {
        let digits = scalar.map(signed_digits);
        let mut windows = Vec::with_capacity(WINDOWS);
        for window in 0..WINDOWS {
            let bits = digits.map(|digits| digits[window].map(|bit| Fr::from(u64::from(bit))));
            let low = alloc_bit(cs, "low", bits.map(|bits| bits[0]))?;
            let high = high(cs, window, bits.map(|bits| bits[1]))?;
            windows.push([low, high, alloc_bit(cs, "negative", bits.map(|bits| bits[2]))?]);
        }
        Ok(Self(windows))
    }
}

/// For each window: the two bits of `(|digit| - 1) / 2`, lowest first, and whether the digit is negative.
///
/// An odd integer `n` between 0 and 2^252 is `sum((2 b_j - 1) 2^j)` over the 252 bits `b_j` of `(n + 2^252 - 1) / 2`:
/// those of `n` from the second, and a highest 1. Three make a digit. An even scalar is the negative of the odd
/// `q - scalar`.
fn signed_digits(scalar: &Fj) -> [[bool; 3]; WINDOWS] {
    let mut bytes = scalar.to_bytes();
    let even = bytes[0] & 1 == 0;
    if even {
        // q - scalar, as (q - 1 - scalar) + 1 where what is in brackets is even.
        bytes = (-(*scalar + Fj::ONE)).to_bytes();
        bytes[0] |= 1;
    }
    let bit = |index: usize| index == 3 * WINDOWS - 1 || bytes[(index + 1) / 8] >> ((index + 1) % 8) & 1 == 1;
    core::array::from_fn(|window| {
        let [low, high, positive] = [0, 1, 2].map(|index| bit(3 * window + index));
        [low == positive, high == positive, positive == even]
    })
}

/// `[scalar] G` of the spend-authority base `G`, in 422 constraints beside the digits' own 252.
///
/// The first 83 windows are added in Montgomery form by the incomplete law, 3 constraints each. That is safe: the sum
/// of the windows below `i` is an odd multiple of `G` by less than `8^i`, and window `i` is one by at least `8^i` and
/// less than `8^(i+1)`; so their sum and difference are multiples by non-zero integers below `8^83 = 2^249`, hence
/// below `q`. So the two never have the same `x`, and none is the identity or, being of order `q`, has `y` 0. The last
/// window may bring the sum past `q`, and is added by the complete law.
pub fn spend_base_multiple<CS: ConstraintSystem<Fr>>(
    cs: &mut CS,
    digits: &ScalarDigits,
) -> Result<Point, SynthesisError> {
    let mut windows = digits.0.iter().zip(BASE_WINDOWS.iter());
    let mut sum: Option<(Linear, Linear)> = None;
    for (digit, window) in windows.by_ref().take(WINDOWS - 1) {
        let (x, y) = look_up(cs, digit, &window.montgomery)?;
        sum = Some(match sum {
            None => (x, y),
            Some(sum) => add_montgomery(cs, &sum, &(x, y))?,
        });
    }
    let (Some((x, y)), Some((digit, window))) = (sum, windows.next()) else {
        return Err(SynthesisError::AssignmentMissing);
    };
    // y is not zero, and x not -1, for no point of the curve has v at infinity.
    let u = quotient(cs, "u", &x, &y)?;
    let v = quotient(cs, "v", &x.plus(-Fr::ONE), &x.plus(Fr::ONE))?;
    let (last_v, last_u) = look_up(cs, digit, &window.edwards)?;
    Point { u, v }.add(cs, "last window", &Point { u: last_u, v: last_v })
}

/// `[scalar] base` of any base in the prime-order subgroup that is not the identity, in 1,513 constraints beside the digits'
/// own. A scalar that is 0 modulo the group's order satisfies none of it.
///
/// A digit of three bits is a sum `4 s_2 + 2 s_1 + s_0` of signs, so the scalar is `sum(s_j 2^j)` over 252 signs, the highest
/// two of them alike. From `n = 3 s_251` on, `n` becomes `2n + s` for each further sign `s`, in Montgomery form by the
/// incomplete law: `R = nA + sA`, then `R + nA`. Before step `j` of 2 to 251, `n` is odd and `2^(j-1) < |n| < 2^j`. That is
/// safe:
///
/// * `nA` and `sA` never have the same `x`: `1 < |n| < 2^251`, so neither `n - s` nor `n + s` is 0 modulo the order `q`, which
///   lies between 2^251 and 2^252.
/// * `R` and `nA` have the same `x` only if `n + s = n`, which is not so, or `2n + s = 0` modulo `q`. That odd integer is below
///   `2^(j+1)`: it can be `q` or `-q` only in the last step, where the sum is the identity. Then the row of both slopes demands
///   `0 = 2y`, and `y` is not 0 on a point of order `q`. So the product is never the identity.
pub fn multiple<CS: ConstraintSystem<Fr>>(
    cs: &mut CS,
    digits: &WideDigits,
    base: &Point,
) -> Result<Point, SynthesisError> {
    // Of order q, the base has neither v = 1 nor u = 0.
    let x = quotient(cs, "x", &base.v.plus(Fr::ONE), &(&Linear::one() - &base.v))?;
    let y = quotient(cs, "y", &x, &base.u)?;
    let double = double_montgomery(&mut cs.namespace(|| "double"), &(x.clone(), y.clone()))?;
    // A and 2A differ in x, being of order q.
    let triple = add_montgomery(&mut cs.namespace(|| "triple"), &(x.clone(), y.clone()), &double)?;
    let mut sum: Option<(Linear, Linear)> = None;
    for [low, high, negative] in digits.0.0.iter().rev() {
        let sign = Linear::one().add_scaled(-Fr::from(2), negative);
        let signed = |bit: &Linear| bit.scale(Fr::from(2)).plus(-Fr::ONE);
        let top = product(cs, "signed", &sign, &y)?;
        let last = product(cs, "signed", &signed(low), &top)?;
        let mut accumulated = match sum {
            None => (triple.0.clone(), product(cs, "signed triple", &sign, &triple.1)?),
            Some(sum) => {
                let sum = double_and_add(cs, &sum, &(x.clone(), top.clone()))?;
                let middle = product(cs, "signed", &signed(high), &top)?;
                double_and_add(cs, &sum, &(x.clone(), middle))?
            }
        };
        accumulated = double_and_add(cs, &accumulated, &(x.clone(), last))?;
        sum = Some(accumulated);
    }
    let (x, y) = sum.ok_or(SynthesisError::AssignmentMissing)?;
    // A point of order q has neither y = 0 nor, as no point of the curve does, x = -1.
    let u = quotient(cs, "u", &x, &y)?;
    let v = quotient(cs, "v", &x.plus(-Fr::ONE), &x.plus(Fr::ONE))?;
    Ok(Point { u, v })
}

/// The slope of the line through two points of different `x`, and the `x` of their sum, in 2 constraints.
fn chord<CS: ConstraintSystem<Fr>>(
    cs: &mut CS,
    (x1, y1): &(Linear, Linear),
    (x2, y2): &(Linear, Linear),
) -> Result<(Linear, Linear), SynthesisError> {
    let slope = quotient(cs, "slope", &(y2 - y1), &(x2 - x1))?;
    let square = product(cs, "B slope^2", &slope.scale(CURVE.montgomery_b), &slope)?;
    let x = &(&square - &(x1 + x2)) - &Linear::constant(CURVE.montgomery_a);
    Ok((slope, x))
}

/// `2P + Q` as `(P + Q) + P`, without the `y` of `P + Q`, in 5 constraints. The caller argues why neither addition is one of
/// equal or opposite points.
fn double_and_add<CS: ConstraintSystem<Fr>>(
    cs: &mut CS,
    point @ (x1, y1): &(Linear, Linear),
    other: &(Linear, Linear),
) -> Result<(Linear, Linear), SynthesisError> {
    let (slope, x3) = chord(cs, point, other)?;
    let both = quotient(cs, "both slopes", &y1.scale(Fr::from(2)), &(x1 - &x3))?;
    let second = &both - &slope;
    let square = product(cs, "B second slope^2", &second.scale(CURVE.montgomery_b), &second)?;
    let x = &(&square - &(x1 + &x3)) - &Linear::constant(CURVE.montgomery_a);
    let rise = product(cs, "rise", &second, &(x1 - &x))?;
    Ok((x, &rise - y1))
}

/// `2P`, in 4 constraints, of a point whose `y` is not 0.
fn double_montgomery<CS: ConstraintSystem<Fr>>(
    cs: &mut CS,
    (x, y): &(Linear, Linear),
) -> Result<(Linear, Linear), SynthesisError> {
    let x2 = product(cs, "x^2", x, x)?;
    let tangent = x2.scale(Fr::from(3)).add_scaled(CURVE.montgomery_a.double(), x).plus(Fr::ONE);
    let slope = quotient(cs, "slope", &tangent, &y.scale(CURVE.montgomery_b.double()))?;
    let square = product(cs, "B slope^2", &slope.scale(CURVE.montgomery_b), &slope)?;
    let doubled = square.add_scaled(-Fr::from(2), x).plus(-CURVE.montgomery_a);
    let rise = product(cs, "rise", &slope, &(x - &doubled))?;
    Ok((doubled, &rise - y))
}

/// The entry of a digit: its first coordinate, and its second with the digit's sign. Two constraints.
fn look_up<CS: ConstraintSystem<Fr>>(
    cs: &mut CS,
    [low, high, negative]: &[Linear; 3],
    table: &[(Fr, Fr); 4],
) -> Result<(Linear, Linear), SynthesisError> {
    let both = product(cs, "low high", low, high)?;
    let select = |[zero, one, two, three]: [Fr; 4]| {
        Linear::constant(zero)
            .add_scaled(one - zero, low)
            .add_scaled(two - zero, high)
            .add_scaled(three - two - one + zero, &both)
    };
    let first = select(table.map(|entry| entry.0));
    let sign = Linear::one().add_scaled(-Fr::from(2), negative);
    let second = product(cs, "signed", &sign, &select(table.map(|entry| entry.1)))?;
    Ok((first, second))
}

fn add_montgomery<CS: ConstraintSystem<Fr>>(
    cs: &mut CS,
    point @ (x1, y1): &(Linear, Linear),
    other: &(Linear, Linear),
) -> Result<(Linear, Linear), SynthesisError> {
    let (slope, x3) = chord(cs, point, other)?;
    let rise = product(cs, "rise", &slope, &(x1 - &x3))?;
    Ok((x3, &rise - y1))
}

struct Curve {
    d: Fr,
    montgomery_a: Fr,
    montgomery_b: Fr,
}

static CURVE: LazyLock<Curve> = LazyLock::new(|| {
    let divide = |a: Fr, b: Fr| a * b.invert().unwrap_or(Fr::ZERO);
    let d = -divide(Fr::from(10240), Fr::from(10241));
    let width = -Fr::ONE - d;
    Curve { d, montgomery_a: divide((d - Fr::ONE).double(), width), montgomery_b: divide(Fr::from(4), width) }
});

/// 1, 3, 5 and 7 times `8^i G`.
struct Window {
    montgomery: [(Fr, Fr); 4],
    /// `(v, u)`: as in the other form, it is the second that a sign changes.
    edwards: [(Fr, Fr); 4],
}

static BASE_WINDOWS: LazyLock<Vec<Window>> = LazyLock::new(|| {
    let mut base = ExtendedPoint::from(spend_base());
    let mut windows = Vec::with_capacity(WINDOWS);
    for _ in 0..WINDOWS {
        let twice = base.double();
        let mut odd = base;
        let edwards = core::array::from_fn(|_| {
            let point = AffinePoint::from(odd);
            odd += twice;
            (point.get_v(), point.get_u())
        });
        let montgomery = edwards.map(|(v, u): (Fr, Fr)| {
            let inverse = ((Fr::ONE - v) * u).invert().unwrap_or(Fr::ZERO);
            let over = (Fr::ONE + v) * inverse;
            (over * u, over)
        });
        windows.push(Window { montgomery, edwards });
        base = twice.double().double();
    }
    windows
});

#[cfg(test)]
mod tests;
