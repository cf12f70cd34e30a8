use std::collections::HashSet;

use ff::PrimeField;
use group::{Group, GroupEncoding, cofactor::CofactorGroup};
use proptest::prelude::*;

use super::*;
use crate::{matrices::Matrices, rank};

fn coordinates(point: ExtendedPoint) -> (Fr, Fr) {
    let point = AffinePoint::from(point);
    (point.get_u(), point.get_v())
}

fn values(point: &Point) -> (Fr, Fr) {
    (point.u.value().unwrap(), point.v.value().unwrap())
}

fn multiple(scalar: &Fj) -> (Matrices, Point) {
    let mut cs = Matrices::with_witness();
    let digits = ScalarDigits::alloc(&mut cs, Some(scalar)).unwrap();
    assert_eq!(cs.constraints(), 252);
    let point = spend_base_multiple(&mut cs, &digits).unwrap();
    (cs, point)
}

/// All eight points of small order: the multiples of a point of order 8.
fn small_order_points() -> Vec<ExtendedPoint> {
    let order_minus_one = (-Fj::ONE).to_bytes();
    let torsion = (1u64..)
        .filter_map(|v| Option::<AffinePoint>::from(AffinePoint::from_bytes(Fr::from(v).to_bytes())))
        .map(|point| point.to_niels().multiply_bits(&order_minus_one) + point)
        .find(|point| !bool::from(point.double().double().is_identity()))
        .unwrap();
    (0..8).scan(ExtendedPoint::identity(), |sum, _| Some(core::mem::replace(sum, *sum + torsion))).collect()
}

#[test]
fn a_key_costs_six() {
    let mut cs = Matrices::with_witness();
    let key = ExtendedPoint::from(spend_base()) * Fj::from(77);
    Point::alloc_not_small_order(&mut cs, "ak", Some(coordinates(key))).unwrap();
    assert_eq!(cs.constraints(), 6);
    assert!(cs.is_satisfied());
    // One coordinate is free, for the curve is a line; all else follows.
    assert_eq!(rank::undetermined(&cs, |name| name == "ak/u"), Vec::<String>::new());
    assert!(!rank::undetermined(&cs, |_| false).is_empty());
}

#[test]
fn a_key_with_a_small_part_is_not_of_small_order() {
    for torsion in small_order_points() {
        let mut cs = Matrices::with_witness();
        let key = ExtendedPoint::from(spend_base()) + torsion;
        Point::alloc_not_small_order(&mut cs, "ak", Some(coordinates(key))).unwrap();
        assert!(cs.is_satisfied());
    }
}

#[test]
fn keys_of_small_order_are_refused() {
    let points = small_order_points();
    let distinct: HashSet<[u8; 32]> = points.iter().map(GroupEncoding::to_bytes).collect();
    assert_eq!(distinct.len(), 8);
    for point in points {
        assert!(bool::from(point.clear_cofactor().is_identity()));
        let mut cs = Matrices::with_witness();
        Point::alloc_not_small_order(&mut cs, "ak", Some(coordinates(point))).unwrap();
        assert_eq!(cs.first_violation().unwrap().name, "ak/not of small order");
    }
}

#[test]
fn points_off_the_curve_are_refused() {
    let mut cs = Matrices::with_witness();
    Point::alloc_not_small_order(&mut cs, "ak", Some((Fr::from(2), Fr::from(3)))).unwrap();
    assert_eq!(cs.first_violation().unwrap().name, "ak/on the curve");
}

#[test]
fn addition_is_complete() {
    let g = ExtendedPoint::from(spend_base());
    let mut points = vec![g, -g, g.double(), g * Fj::from(1234)];
    points.extend(small_order_points());
    for p in &points {
        for q in &points {
            let mut cs = Matrices::with_witness();
            let [left, right] = [p, q].map(|point| {
                let (u, v) = coordinates(*point);
                let u = Linear::alloc(&mut cs, "u", Some(u)).unwrap();
                Point { u, v: Linear::alloc(&mut cs, "v", Some(v)).unwrap() }
            });
            let sum = left.add(&mut cs, "sum", &right).unwrap();
            assert_eq!(values(&sum), coordinates(*p + *q));
            assert_eq!(cs.constraints(), 6);
            left.enforce_sum(&mut cs, "again", &right, &sum).unwrap();
            assert_eq!(cs.constraints(), 12);
            assert!(cs.is_satisfied());
            let wrong = Point { u: sum.u.plus(Fr::ONE), v: sum.v.clone() };
            left.enforce_sum(&mut cs, "wrong", &right, &wrong).unwrap();
            assert!(!cs.is_satisfied());
        }
    }
}

#[test]
fn edges_of_the_scalar() {
    let half = Fj::from(2).invert().unwrap();
    let top = Fj::from(8).pow_vartime(&[83, 0, 0, 0]);
    let edges = [0u64, 1, 2, 3, 7, 8, 9, 63, 64].map(Fj::from);
    let edges = edges.into_iter().chain([half, half - Fj::ONE, top, top - Fj::ONE, top + Fj::ONE]);
    for scalar in edges.flat_map(|scalar| [scalar, -scalar]) {
        let (cs, point) = multiple(&scalar);
        assert_eq!(values(&point), coordinates(ExtendedPoint::from(spend_base()) * scalar), "{scalar:?}");
        assert!(cs.is_satisfied(), "{scalar:?}");
    }
}

#[test]
fn cost_of_a_multiple() {
    let (cs, _) = multiple(&Fj::from(5));
    assert_eq!(cs.constraints(), 252 + 422);
}

#[test]
fn digits_say_the_scalar() {
    for scalar in [Fj::ZERO, Fj::ONE, -Fj::ONE, Fj::from(0x1234_5678_9abc_def0), -Fj::from(99)] {
        let sum = signed_digits(&scalar).iter().rev().fold(Fj::ZERO, |sum, [low, high, negative]| {
            let digit = Fj::from(1 + 2 * u64::from(*low) + 4 * u64::from(*high));
            sum * Fj::from(8) + if *negative { -digit } else { digit }
        });
        assert_eq!(sum, scalar);
    }
}

/// Any bits are a scalar: even the ones nobody would write are added without an exception.
#[test]
fn every_digit_pattern_is_a_scalar() {
    for pattern in 0..8u8 {
        let mut cs = Matrices::with_witness();
        let mut sum = Fj::ZERO;
        let digits = (0..WINDOWS).map(|window| {
            let bits = [0, 1, 2].map(|bit| Fr::from(u64::from(pattern >> bit & 1)));
            let digit = Fj::from(u64::from(1 + 2 * (pattern & 3)));
            let digit = if pattern & 4 == 0 { digit } else { -digit };
            sum += digit * Fj::from(8).pow_vartime(&[window as u64, 0, 0, 0]);
            bits.map(|bit| alloc_bit(&mut cs, "bit", Some(bit)).unwrap())
        });
        let digits = ScalarDigits(digits.collect());
        let point = spend_base_multiple(&mut cs, &digits).unwrap();
        assert_eq!(values(&point), coordinates(ExtendedPoint::from(spend_base()) * sum));
        assert!(cs.is_satisfied());
    }
}

#[test]
fn everything_follows_from_the_bits_and_they_are_bits() {
    let (cs, _) = multiple(&-Fj::from(31));
    assert_eq!(rank::undetermined(&cs, |_| false), Vec::<String>::new());
}

/// `[scalar] base` of wide digits.
fn wide_multiple(scalar: &Fj, base: ExtendedPoint) -> (Matrices, Point) {
    let mut cs = Matrices::with_witness();
    let (u, v) = coordinates(base);
    let u = Linear::alloc_input(&mut cs, "u", Some(u)).unwrap();
    let v = Linear::alloc_input(&mut cs, "v", Some(v)).unwrap();
    let digits = ScalarDigits::alloc_wide(&mut cs, Some(scalar)).unwrap();
    assert_eq!(cs.constraints(), 251);
    let point = super::multiple(&mut cs, &digits, &Point { u, v }).unwrap();
    assert_eq!(cs.constraints(), 251 + 1_513);
    (cs, point)
}

/// The scalars at the ends of the range, and those whose multiples come nearest to an exception of the incomplete law.
#[test]
fn edges_of_a_wide_scalar() {
    let base = ExtendedPoint::from(spend_base()) * Fj::from(0x5eed);
    let least = Fj::from(2).pow_vartime(&[251, 0, 0, 0]) + Fj::ONE;
    let greatest = least + least - Fj::from(3);
    // Two more and two less than the order.
    let edges = [least, least + Fj::from(2), greatest, greatest - Fj::from(2), Fj::from(2)];
    for scalar in edges.into_iter().flat_map(|scalar| [scalar, -scalar]) {
        let (cs, point) = wide_multiple(&scalar, base);
        assert!(cs.is_satisfied(), "{scalar:?}");
        assert_eq!(values(&point), coordinates(base * scalar), "{scalar:?}");
        assert_eq!(rank::undetermined(&cs, |_| false), Vec::<String>::new());
    }
}

/// Attacker: a payer whose shared secret is the identity, which everybody knows; one whose scalar leads the incomplete law into
/// an exception, where a slope may be anything.
#[test]
fn the_identity_and_narrow_scalars_are_refused() {
    let base = ExtendedPoint::from(spend_base()) * Fj::from(0x5eed);
    let (cs, _) = wide_multiple(&Fj::ZERO, base);
    assert_eq!(cs.first_violation().unwrap().name, "both slopes");
    let half = Fj::from(2).pow_vartime(&[251, 0, 0, 0]);
    for scalar in [Fj::ONE, Fj::from(3), half - Fj::ONE] {
        // The digits are of another scalar, for the last one is wide.
        let (_, point) = wide_multiple(&scalar, base);
        assert_ne!(values(&point), coordinates(base * scalar), "{scalar:?}");
    }
}

#[test]
fn montgomery_constants() {
    assert_eq!(CURVE.montgomery_a, Fr::from(40962));
    assert_eq!(CURVE.montgomery_b, -Fr::from(40964));
    assert_eq!(Fj::NUM_BITS, 252);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn agrees_with_the_native_multiple_of_any_base(low in any::<u64>(), base in 1..u64::MAX) {
        let scalar = Fj::from(2).pow_vartime(&[251, 0, 0, 0]) + Fj::from(low).square().double() + Fj::ONE;
        let base = ExtendedPoint::from(spend_base()) * Fj::from(base);
        let (cs, point) = wide_multiple(&scalar, base);
        prop_assert_eq!(values(&point), coordinates(base * scalar));
        prop_assert!(cs.is_satisfied());
    }

    #[test]
    fn agrees_with_the_native_multiple(bytes in prop::collection::vec(any::<u8>(), 64)) {
        let scalar = Fj::from_bytes_wide(&bytes.try_into().unwrap());
        let (cs, point) = multiple(&scalar);
        prop_assert_eq!(values(&point), coordinates(ExtendedPoint::from(spend_base()) * scalar));
        prop_assert!(cs.is_satisfied());
    }
}
