use bls12_381::{G1Affine as PeerG1, G2Affine as PeerG2};
use louver_core::spec::Fr;

use super::*;

#[test]
fn points_agree_with_the_other_implementation() {
    let scalar = Fr::from(0xdead_beef).square().square();
    let g1 = G1::from(G1Affine::generator()).mul(&scalar.to_bytes());
    let g2 = G2::from(G2Affine::generator()).mul(&scalar.to_bytes());
    let (peer1, peer2) =
        (PeerG1::from(PeerG1::generator() * scalar), PeerG2::from(PeerG2::generator() * scalar));
    assert_eq!(PeerG1::from(g1.to_affine()), peer1);
    assert_eq!(PeerG2::from(g2.to_affine()), peer2);
    assert_eq!(G1Affine::from(&peer1), g1.to_affine());
    assert_eq!(G2Affine::from(&peer2), g2.to_affine());
    assert_eq!(g1.to_affine().to_compressed(), peer1.to_compressed());
    assert_eq!(g2.to_affine().to_compressed(), peer2.to_compressed());
    assert_eq!(G1Affine::from_compressed(&peer1.to_compressed()), Ok(g1.to_affine()));
    assert_eq!(G2Affine::from_uncompressed(&peer2.to_uncompressed()), Ok(g2.to_affine()));
    assert!(g1.add(&g1.neg()).is_identity());
    assert_eq!(PeerG1::from(G1::default().to_affine()), PeerG1::identity());
    assert_eq!(G1Affine::from(&PeerG1::identity()), G1Affine::default());
    let many = [g1, g1.double(), g1.double().add_affine(&g1.to_affine())];
    assert_eq!(G1::batch_to_affine(&many), many.map(G1::to_affine));
    let some = [g1, G1::default()];
    assert_eq!(G1::batch_to_affine(&some), some.map(G1::to_affine));
}

#[test]
fn pairings_are_bilinear() {
    let (g1, g2) = (G1Affine::generator(), G2Affine::generator());
    let (three, five) = (Fr::from(3).to_bytes(), Fr::from(5).to_bytes());
    let left = G1::from(g1).mul(&three).to_affine();
    let right = G2::from(g2).mul(&five).to_affine();
    let minus = G1::from(g1).mul(&Fr::from(15).to_bytes()).neg().to_affine();
    assert!(miller_loop(&[left, minus], &[right, g2]).is_one());
    assert!(!miller_loop(&[left, minus], &[right, right]).is_one());
    assert!(miller_loop(&[G1Affine::default()], &[g2]).is_one());
    assert!(miller_loop(&[], &[]).mul(&miller_loop(&[left, minus], &[right, g2])).is_one());
}

/// The points of x = 0 are on the curve, of order 3 in G1: outside the subgroup, and said to be so.
#[test]
fn points_of_order_three_are_read() {
    for sign in [0x80, 0xa0] {
        let mut bytes = [0u8; 48];
        bytes[0] = sign;
        let point = G1Affine::from_compressed(&bytes).unwrap();
        assert!(!point.in_subgroup());
        assert_eq!(point.to_compressed(), bytes);
        assert_eq!(G1Affine::from_uncompressed(&point.to_uncompressed()), Ok(point));
    }
}

fn short(low: u64, high: u64) -> ShortScalar {
    let bytes = [low.to_le_bytes(), high.to_le_bytes()].concat();
    ShortScalar::from_bytes(bytes.try_into().unwrap()).unwrap()
}

#[test]
fn short_multiples_are_multiples() {
    assert_eq!(ShortScalar::from_bytes([0; 16]), None);
    let point = G1::from(G1Affine::generator()).mul(&Fr::from(0xdead_beef).to_bytes()).to_affine();
    let edges = [0, 1, 2, 7, 8, 9, 15, 16, u64::MAX / 3, u64::MAX - 1, u64::MAX];
    for (low, high) in edges.into_iter().flat_map(|low| edges.map(|high| (low, high))).skip(1) {
        let scalar = short(low, high);
        assert_eq!(
            scalar.mul_vartime(&point).to_affine(),
            G1::from(point).mul(&scalar.to_scalar().to_bytes()).to_affine(),
            "{low} {high}"
        );
        assert!(scalar.mul_vartime(&G1Affine::default()).is_identity());
    }
}

/// Sums of few and of many, with equal points, opposite ones and identities among them, which blst's routines for many
/// points were not made for.
#[test]
fn sums_are_sums() {
    let generator = G1::from(G1Affine::generator());
    let points: Vec<G1Affine> = (0u64..100)
        .map(|at| match at % 7 {
            3 => G1Affine::default(),
            4 => generator.neg().to_affine(),
            5 | 6 => generator.to_affine(),
            _ => generator.mul(&Fr::from(at / 14 + 1).to_bytes()).to_affine(),
        })
        .collect();
    let scalars: Vec<ShortScalar> = (0u64..100).map(|at| short(at / 3, u64::MAX - at / 5)).collect();
    for count in [0, 1, 2, 3, 31, 32, 33, 100] {
        let naive = scalars[..count].iter().zip(&points).fold(G1::default(), |sum, (scalar, point)| {
            sum.add(&G1::from(*point).mul(&scalar.to_scalar().to_bytes()))
        });
        let sum = ShortScalar::sum_vartime(&scalars[..count], &points[..count]);
        assert_eq!(sum.to_affine(), naive.to_affine(), "{count}");
    }
}

#[test]
fn fixed_points_are_multiplied() {
    let generator = G1::from(G1Affine::generator());
    for count in [1u64, 2, 5, 23, 60] {
        let points: Vec<G1Affine> =
            (0..count).map(|at| generator.mul(&Fr::from(at / 2 + 1).to_bytes()).to_affine()).collect();
        let fixed = Fixed::new(&points).unwrap();
        assert_eq!(fixed.count() as u64, count);
        let scalars: Vec<Fr> = (0..count)
            .map(|at| match at % 4 {
                0 => Fr::from(at),
                1 => -Fr::from(at),
                2 => Fr::zero(),
                _ => Fr::from(at + 99).invert().unwrap(),
            })
            .collect();
        let naive = points
            .iter()
            .zip(&scalars)
            .fold(G1::default(), |sum, (point, scalar)| sum.add(&G1::from(*point).mul(&scalar.to_bytes())));
        assert_eq!(fixed.sum_vartime(&scalars).unwrap().to_affine(), naive.to_affine());
        assert!(fixed.sum_vartime(&vec![Fr::zero(); points.len()]).unwrap().is_identity());
        assert!(fixed.sum_vartime(&scalars[1..]).is_none());
    }
    assert!(Fixed::new(&[]).is_none());
    assert!(Fixed::new(&[G1Affine::generator(), G1Affine::default()]).is_none());
}

#[test]
fn quotients_of_pairings() {
    let (g1, g2) = (G1Affine::generator(), G2Affine::generator());
    let double = G1::from(g1).double().to_affine();
    let (one, two) = (miller_loop(&[g1], &[g2]).to_target(), miller_loop(&[double], &[g2]).to_target());
    assert_eq!(two.divide(&one), one);
    assert!(one.divide(&one).is_one());
    assert!(!two.divide(&one).is_one());
}

fn limbs(point: impl Affine) -> Vec<u8> {
    let mut bytes = Vec::new();
    point.write_limbs(&mut bytes);
    bytes
}

#[test]
fn points_lie_in_memory_as_their_limbs() {
    let (g1, g2) = (G1Affine::generator(), G2Affine::generator());
    assert_eq!(G1Affine::read_limbs(&limbs(g1)), g1);
    assert_eq!(G2Affine::read_limbs(&limbs(g2)), g2);
    assert_eq!(limbs(G1Affine::default()), [0; 96]);
    assert_eq!(limbs(G2Affine::default()), [0; 192]);
    // 1 in Montgomery form is 2^384 mod p: the coordinate times it has the standard encoding.
    let x = g1.to_uncompressed()[..48].to_vec();
    assert_ne!(limbs(g1)[..48].iter().rev().copied().collect::<Vec<_>>(), x);
    let mut bytes = Vec::new();
    [g1, G1Affine::default(), g1].iter().for_each(|point| point.write_limbs(&mut bytes));
    assert_eq!(bytes.chunks(96).map(G1Affine::read_limbs).collect::<Vec<_>>(), [g1, G1Affine::default(), g1]);
    assert_eq!(G1Affine::read_limbs(&[]), G1Affine::default());
    let aligned = G1Affine::view(&bytes).is_some() || !bytes.as_ptr().cast::<u64>().is_aligned();
    assert!(aligned && G1Affine::view(&bytes[..95]).is_none());
}

#[test]
fn only_reduced_points_are_on_the_curve() {
    let g1 = G1Affine::generator();
    assert!(g1.on_curve() && G1Affine::default().on_curve() && G2Affine::generator().on_curve());
    let mut bytes = limbs(g1);
    bytes[0] ^= 1;
    assert!(!G1Affine::read_limbs(&bytes).on_curve());
    assert!(!G1Affine::read_limbs(&[0xff; 96]).on_curve());
    assert!(!G2Affine::read_limbs(&[0xff; 192]).on_curve());
    assert_eq!(g1.neg().neg(), g1);
    assert!(G1::from(g1).add_affine(&g1.neg()).is_identity());
}

/// Sums of as many terms as each algorithm behind them takes, against one term after the other.
fn combinations_agree<A: Affine>() {
    let one = A::Group::from(A::generator());
    for count in [0, 1, 2, 31, 32, 100, 2500] {
        let scalars: Vec<Fr> = (0..count).map(|index| -Fr::from(index * index * 0xffff_1234)).collect();
        let factors: Vec<Fr> = (0..count).map(|index| Fr::from(index * 77 + 1)).collect();
        let points: Vec<A::Group> = factors.iter().map(|factor| one.mul(&factor.to_bytes())).collect();
        let total: Fr = factors.iter().zip(&scalars).map(|(factor, scalar)| factor * scalar).sum();
        let expected = one.mul(&total.to_bytes()).to_affine();
        let points = A::Group::batch_to_affine(&points);
        let bytes: Vec<u8> = scalars.iter().flat_map(Fr::to_bytes).collect();
        assert_eq!(A::Group::combination(&points, &bytes, 255).to_affine(), expected, "{count}");
        let table = A::Group::table::<5>(&points);
        assert_eq!(A::Group::tabled::<5>(&table, &bytes).to_affine(), expected, "{count}");
    }
}

#[test]
fn combinations_are_what_they_say() {
    combinations_agree::<G1Affine>();
    combinations_agree::<G2Affine>();
    let one = G1Affine::generator();
    let five = G1::from(one).mul(&[5]).to_affine();
    assert_eq!(G1::combination(&[one, one], &[2, 3], 8).to_affine(), five);
    assert_eq!(G1::combination(&[one, G1Affine::default(), one], &[2, 9, 3], 8).to_affine(), five);
}

#[test]
fn what_is_wanting_in_one_list_is_left_out_of_the_other() {
    let points = [G1Affine::generator(); 3];
    let two = [&[1u8; 16][..], &[0; 8]].concat();
    let one = G1::combination(&points[..1], &two, 128).to_affine();
    assert_eq!(G1::combination(&points, &two, 128).to_affine(), one);
    assert!(G1::combination(&points, &[], 128).is_identity());
    assert!(G1::combination(&points, &two, 0).is_identity());
    assert!(G1::tabled::<5>(&[], &[0; 32]).is_identity());
    assert!(G1::table::<5>(&[]).is_empty());
}
