use ff::Field;
use group::{Group, GroupEncoding, cofactor::CofactorGroup};
use jubjub::{AffinePoint, ExtendedPoint};
use proptest::prelude::*;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use super::{field::Fq, *};
use crate::{
    encoding::{DecodeError, subgroup_point_from_bytes, subgroup_point_from_bytes_vartime},
    spec::{Fj, Fr},
    statement::breakages::small_order_points,
};

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// Elements at the edges of their representation, and at random.
fn elements() -> Vec<Fr> {
    let mut rng = rng(1);
    let edges = [Fr::zero(), Fr::one(), -Fr::one(), Fr::from(u64::MAX), Fr::from_raw([u64::MAX; 4])];
    // Elements whose Montgomery form is 1, or the modulus less 1.
    let one = Fr::from_raw([0, 0, 0, 1]).square().invert().unwrap() * Fr::from_raw([0, 0, 1, 0]);
    let random = (0..40).map(|_| Fr::random(&mut rng));
    edges.into_iter().chain([one, -one]).chain(random).collect()
}

#[test]
fn the_field_is_the_other_implementation_s() {
    let all = elements();
    for a in &all {
        let x = Fq::from(a);
        assert_eq!(x.to_scalar(), *a);
        assert_eq!(Fq::from_bytes(&a.to_bytes()), Some(x));
        assert_eq!(x.is_zero(), *a == Fr::zero());
        assert_eq!(x.is_odd(), a.to_bytes()[0] & 1 == 1);
        assert_eq!((-x).to_scalar(), -a);
        assert_eq!(x.double().to_scalar(), a.double());
        assert_eq!(x.square().to_scalar(), a.square());
        assert_eq!(x.square_times(5).to_scalar(), a.pow_vartime(&[32, 0, 0, 0]));
        for b in &all {
            let y = Fq::from(b);
            assert_eq!((x + y).to_scalar(), a + b);
            assert_eq!((x - y).to_scalar(), a - b);
            assert_eq!((x * y).to_scalar(), a * b);
        }
    }
    for exponent in [[0; 4], [1, 0, 0, 0], [u64::MAX; 4], [0, 0, 0, 1 << 63], [5, 0, 77, 0]] {
        for a in &all {
            assert_eq!(Fq::from(a).pow_vartime(&exponent).to_scalar(), a.pow_vartime(&exponent));
        }
    }
}

#[test]
fn field_elements_are_canonical() {
    let mut modulus = (-Fr::one()).to_bytes();
    assert!(Fq::from_bytes(&modulus).is_some());
    modulus[0] += 1;
    assert_eq!(Fq::from_bytes(&modulus), None);
    assert_eq!(Fq::from_bytes(&[0xff; 32]), None);
}

#[test]
fn roots_are_found_where_there_are_any() {
    for numerator in elements() {
        for denominator in elements().into_iter().filter(|denominator| !bool::from(denominator.is_zero())) {
            let ratio = numerator * denominator.invert().unwrap();
            let root = root::root_of_ratio_vartime(Fq::from(numerator), Fq::from(denominator));
            assert_eq!(root.is_some(), bool::from(ratio.sqrt().is_some()));
            if let Some(root) = root {
                assert_eq!(root.to_scalar().square(), ratio);
            }
        }
    }
    // Every power of a root of unity of order 2^32, among others those with digits at their ends.
    let zeta = <Fr as ff::PrimeField>::ROOT_OF_UNITY;
    for exponent in
        [0, 1, 2, 255, 256, 257, 0xff00, 0xffff, 0x10000, 0xffff_fffe, 0xffff_ffff, 0x8000_0000u64]
    {
        let power = zeta.pow_vartime(&[exponent, 0, 0, 0]);
        let root = root::root_of_ratio_vartime(Fq::from(power), Fq::ONE);
        assert_eq!(root.is_some(), exponent % 2 == 0);
    }
}

/// The answer of the constant-time decoder, with the point as bytes.
fn decoded(bytes: &[u8; 32]) -> Result<[u8; 32], DecodeError> {
    subgroup_point_from_bytes(bytes).map(|point| point.to_bytes())
}

fn decoded_vartime(bytes: &[u8; 32]) -> Result<[u8; 32], DecodeError> {
    subgroup_point_from_bytes_vartime(bytes).map(|point| point.to_bytes())
}

#[test]
fn every_coset_of_the_subgroup_is_told_apart() {
    let (mut rng, torsion) = (rng(2), small_order_points());
    for _ in 0..25 {
        let point = ExtendedPoint::random(&mut rng).clear_cofactor();
        for (at, small) in torsion.iter().enumerate() {
            let bytes = (ExtendedPoint::from(point) + small).to_bytes();
            let expected = if at == 0 { Ok(bytes) } else { Err(DecodeError::NotInSubgroup) };
            assert_eq!(decoded_vartime(&bytes), expected, "{at}");
            assert_eq!(decoded(&bytes), expected);
            let curve: AffinePoint = AffinePoint::from_bytes(bytes).unwrap();
            let point = PointVartime::decode(&bytes).unwrap();
            assert_eq!(point.coordinates(), (curve.get_u(), curve.get_v()));
        }
    }
    for small in &torsion {
        assert_eq!(decoded_vartime(&small.to_bytes()), Err(DecodeError::SmallOrder));
        let point = PointVartime::from_coordinates((small.get_u(), small.get_v()));
        assert!(point.is_small_order());
    }
}

#[test]
fn encodings_that_are_not_canonical_are_refused_alike() {
    let modulus = -Fr::one();
    for add in 0..20u8 {
        for sign in [0, 0x80] {
            // Around the modulus, from 4 below.
            let mut bytes = (modulus - Fr::from(3)).to_bytes();
            let mut carry = u16::from(add);
            for byte in &mut bytes {
                let sum = u16::from(*byte) + carry;
                (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
            }
            bytes[31] |= sign;
            assert_eq!(decoded_vartime(&bytes), decoded(&bytes), "{add}");
            let mut small = [0u8; 32];
            (small[0], small[31]) = (add, sign);
            assert_eq!(decoded_vartime(&small), decoded(&small), "{add}");
            let mut large = [0xff; 32];
            (large[0], large[31]) = (add, sign | (add << 2));
            assert_eq!(decoded_vartime(&large), decoded(&large));
        }
    }
    for small in small_order_points() {
        for sign in [0, 0x80] {
            let mut bytes = small.to_bytes();
            bytes[31] ^= sign;
            assert_eq!(decoded_vartime(&bytes), decoded(&bytes));
            assert_eq!(
                PointVartime::decode(&bytes).is_ok(),
                bool::from(ExtendedPoint::from_bytes(&bytes).is_some())
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_decode_alike(mut bytes: [u8; 32], low: bool) {
        if low {
            bytes[31] &= 0x9f;
        }
        prop_assert_eq!(decoded_vartime(&bytes), decoded(&bytes));
        let point = PointVartime::decode(&bytes).ok().map(|point| point.coordinates());
        let curve = Option::<AffinePoint>::from(AffinePoint::from_bytes(bytes));
        prop_assert_eq!(point, curve.map(|point| (point.get_u(), point.get_v())));
    }
}

#[test]
fn sums_are_the_other_implementation_s() {
    let (mut rng, torsion) = (rng(3), small_order_points());
    let largest = -Fj::one();
    for count in [0, 1, 2, 3, 10, 64, 300] {
        let mut sum = ExtendedPoint::identity();
        let terms: Vec<Term> = (0..count)
            .map(|at| {
                let point = match at % 5 {
                    0 => ExtendedPoint::from(torsion[at % 8]),
                    1 => ExtendedPoint::generator(),
                    2 => -ExtendedPoint::generator(),
                    _ => ExtendedPoint::random(&mut rng),
                };
                let scalar = match at % 7 {
                    0 => Fj::zero(),
                    1 => largest,
                    2 => Fj::from_raw([u64::MAX, u64::MAX, 0, 0]),
                    3 => Fj::one(),
                    _ => Fj::random(&mut rng),
                };
                sum += point * scalar;
                let affine = AffinePoint::from(point);
                Term::new(&PointVartime::from_coordinates((affine.get_u(), affine.get_v())), &scalar)
            })
            .collect();
        let ours = sum_vartime(&terms);
        assert!(sum::sum_of_few_vartime(&terms).sub(&sum::sum_of_many_vartime(&terms)).is_identity());
        let same = AffinePoint::from(sum);
        let same = PointVartime::from_coordinates((same.get_u(), same.get_v()));
        let one = Term::new(&same, &Fj::one());
        assert!(ours.sub(&sum_vartime(&[one])).is_identity(), "{count}");
        assert_eq!(ours.is_small_order(), bool::from(sum.is_small_order()));
    }
    for small in torsion {
        let point = PointVartime::from_coordinates((small.get_u(), small.get_v()));
        assert!(sum_vartime(&[Term::new(&point, &Fj::one())]).is_small_order());
    }
}
