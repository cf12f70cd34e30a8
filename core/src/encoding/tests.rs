use super::*;
use group::{Group, GroupEncoding};

/// `multiple` times a point of order 8.
fn torsion(multiple: u64) -> ExtendedPoint {
    let generator = (1u8..)
        .filter_map(|seed| {
            let mut bytes = [0u8; 32];
            bytes[0] = seed;
            Option::<AffinePoint>::from(AffinePoint::from_bytes(bytes))
        })
        .map(|point| {
            // [order of the subgroup] P = [order - 1] P + P clears all but the torsion part.
            let point = ExtendedPoint::from(point);
            point * (-Fj::one()) + point
        })
        .find(|point| !bool::from(point.double().double().is_identity()))
        .expect("a quarter of all points will do");
    (0..multiple).fold(ExtendedPoint::identity(), |sum, _| sum + generator)
}

#[test]
fn every_small_order_point_is_refused() {
    for multiple in 0..8 {
        let bytes = torsion(multiple).to_bytes();
        assert_eq!(subgroup_point_from_bytes(&bytes), Err(DecodeError::SmallOrder), "{multiple}");
    }
}

#[test]
fn a_point_with_a_torsion_part_is_refused() {
    let base = ExtendedPoint::from(jubjub::SubgroupPoint::generator());
    assert!(subgroup_point_from_bytes(&base.to_bytes()).is_ok());
    for multiple in 1..8 {
        let bytes = (base + torsion(multiple)).to_bytes();
        assert_eq!(subgroup_point_from_bytes(&bytes), Err(DecodeError::NotInSubgroup));
    }
}

#[test]
fn non_canonical_points_are_refused() {
    // v = r + 1, the identity again; then the identity with the sign of u set.
    let mut plus_modulus = (-Fr::one()).to_bytes();
    plus_modulus[0] += 2;
    assert_eq!(subgroup_point_from_bytes(&plus_modulus), Err(DecodeError::NonCanonicalPoint));
    let mut signed_zero = [0u8; 32];
    signed_zero[0] = 1;
    signed_zero[31] = 0x80;
    assert_eq!(subgroup_point_from_bytes(&signed_zero), Err(DecodeError::NonCanonicalPoint));
}

#[test]
fn bytes_off_the_curve_are_refused() {
    let off = (0u8..)
        .map(|seed| {
            let mut bytes = [0u8; 32];
            bytes[0] = seed;
            bytes
        })
        .find(|bytes| bool::from(AffinePoint::from_bytes(*bytes).is_none()))
        .expect("half of all byte strings do not encode a point");
    assert_eq!(subgroup_point_from_bytes(&off), Err(DecodeError::NotOnCurve));
}

#[test]
fn field_elements_plus_the_modulus_are_refused() {
    let mut bytes = (-Fr::one()).to_bytes();
    assert!(fr_from_bytes(&bytes).is_ok());
    bytes[0] += 1;
    assert_eq!(fr_from_bytes(&bytes), Err(DecodeError::NonCanonicalField));
    assert_eq!(fr_from_bytes(&[0xff; 32]), Err(DecodeError::NonCanonicalField));
}

#[test]
fn counts_are_capped_by_the_bytes_left() {
    let mut bytes = u32::MAX.to_le_bytes().to_vec();
    bytes.extend_from_slice(&[0; 64]);
    let error = Reader::new(&bytes).count(1).unwrap_err();
    assert_eq!(error, DecodeError::CountTooLarge { count: u32::MAX.into() });
    let two = [2, 0, 0, 0, 1, 1];
    assert_eq!(Reader::new(&two).count(1), Ok(2));
    assert_eq!(Reader::new(&two).count(2), Err(DecodeError::CountTooLarge { count: 2 }));
}

#[test]
fn an_optional_value_is_0_or_1_and_the_value() {
    for (value, bytes) in [(None, &[0][..]), (Some(7u32), &[1, 7, 0, 0, 0])] {
        let mut out = Vec::new();
        put_option(&mut out, value.as_ref());
        assert_eq!(out, bytes);
        let mut reader = Reader::new(bytes);
        assert_eq!(reader.option(), Ok(value));
        assert_eq!(reader.finish(), Ok(()));
    }
    let other = Reader::new(&[2, 7, 0, 0, 0]).option::<u32>();
    assert_eq!(other, Err(DecodeError::UnknownTag { what: "flag", tag: 2 }));
    assert_eq!(Reader::new(&[1, 7]).option::<u32>(), Err(DecodeError::UnexpectedEnd { missing: 3 }));
}

#[test]
fn ends_are_exact() {
    let mut reader = Reader::new(&[1, 2, 3]);
    assert_eq!(reader.u16(), Ok(0x0201));
    assert_eq!(reader.u32(), Err(DecodeError::UnexpectedEnd { missing: 3 }));
    assert_eq!(reader.finish(), Err(DecodeError::TrailingBytes { count: 1 }));
}
