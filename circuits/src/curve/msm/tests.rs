use ff::Field as _;
use louver_core::spec::Fr;

use super::*;
use crate::curve::simd128::Simd128;

/// `1, 3, 9, ...` in a small group of rotation: distinct and full-sized.
fn scalars(count: usize) -> Vec<Fr> {
    let step = Fr::from(0xdead_beef_0bad_cafe).square().square();
    let powers = core::iter::successors(Some(step), |last| Some(last * step));
    powers.take(count).collect()
}

macro_rules! suite {
    ($name:ident, $group:ident, $affine:ident, $adder:ty, $available:expr) => {
        mod $name {
            use super::*;

            /// `g, 2 g + ..`: points with known multiples of the generator.
            fn points(factors: &[Fr]) -> Vec<$affine> {
                let one = $group::from($affine::generator());
                let points: Vec<$group> = factors.iter().map(|factor| one.mul(&factor.to_bytes())).collect();
                $group::batch_to_affine(&points)
            }

            fn sum(points: &[$affine], scalars: &[Fr]) -> Result<$affine, Degenerate> {
                let bases = Bases::<$adder>::new(points);
                let canonical: Vec<_> =
                    scalars.iter().copied().map(|scalar| Scalar::canonical(&scalar)).collect();
                let digits = bases.digits(&canonical);
                let windows: Result<Vec<_>, _> =
                    (0..digits.windows()).map(|window| bases.window(&digits, window)).collect();
                windows.map(|windows| combine(&windows, digits.width()).to_affine())
            }

            fn expected(factors: &[Fr], scalars: &[Fr]) -> $affine {
                let total: Fr = factors.iter().zip(scalars).map(|(factor, scalar)| factor * scalar).sum();
                $group::from($affine::generator()).mul(&total.to_bytes()).to_affine()
            }

            #[test]
            fn sums_are_right() {
                if !$available {
                    return;
                }
                for count in [1, 2, 3, 7, 64, 700] {
                    let factors: Vec<Fr> =
                        (0..count).map(|index| Fr::from(index as u64 * 7 + 3).square()).collect();
                    let points = points(&factors);
                    let full = scalars(count);
                    assert_eq!(sum(&points, &full), Ok(expected(&factors, &full)), "{count}");
                    let mut mixed = full.clone();
                    let kinds = [Fr::ZERO, Fr::ONE, -Fr::ONE, Fr::from(2), Fr::from(u64::MAX)];
                    for (index, scalar) in mixed.iter_mut().enumerate() {
                        *scalar = if index % 3 == 0 { kinds[index / 3 % kinds.len()] } else { *scalar };
                    }
                    assert_eq!(sum(&points, &mixed), Ok(expected(&factors, &mixed)), "{count}, mixed");
                }
            }

            #[test]
            fn nothing_and_identities() {
                if !$available {
                    return;
                }
                assert_eq!(sum(&[], &[]), Ok($affine::default()));
                let factors = [Fr::from(5), Fr::ZERO, Fr::from(9)];
                let mut points = points(&[Fr::from(5), Fr::ONE, Fr::from(9)]);
                points[1] = $affine::default();
                let scalars = scalars(3);
                assert_eq!(sum(&points, &scalars), Ok(expected(&factors, &scalars)));
                assert_eq!(sum(&points, &[Fr::ZERO; 3]), Ok($affine::default()));
                assert_eq!(sum(&points, &scalars[..1]), Ok(expected(&factors[..1], &scalars[..1])));
            }

            /// A point given twice is one, with both scalars.
            #[test]
            fn equal_points_are_one() {
                if !$available {
                    return;
                }
                let factors = [5, 7, 5, 5, 9].map(Fr::from);
                let scalars = [Fr::from(3), Fr::from(1), -Fr::from(3), Fr::from(8), -Fr::ONE];
                assert_eq!(sum(&points(&factors), &scalars), Ok(expected(&factors, &scalars)));
            }

            /// Opposite points are one too, and never meet in a sum: keys have such.
            #[test]
            fn opposite_points_are_one() {
                if !$available {
                    return;
                }
                let factors = [-5i64, 7, 5, -5, -7, 9, 5].map(|factor| {
                    let size = Fr::from(factor.unsigned_abs());
                    if factor < 0 { -size } else { size }
                });
                let three = [Fr::from(3); 7];
                assert_eq!(sum(&points(&factors), &three), Ok(expected(&factors, &three)));
                let full = scalars(7);
                assert_eq!(sum(&points(&factors), &full), Ok(expected(&factors, &full)));
                assert_eq!(sum(&points(&factors[1..5]), &[full[0]; 4]), Ok($affine::default()));
            }

            /// `2 + 3` meets `5` in a bucket, and is doubled; `2 + 3` meets `-5`, and is nothing.
            #[test]
            fn meetings_on_the_way() {
                if !$available {
                    return;
                }
                let scalar = [Fr::from(3); 4];
                for count in [3, 4] {
                    let factors = &[2, 3, 5, 10].map(Fr::from)[..count];
                    let found = sum(&points(factors), &scalar[..count]);
                    assert_eq!(found, Ok(expected(factors, &scalar[..count])));
                }
                let factors = [Fr::from(2), Fr::from(3), -Fr::from(5)];
                assert_eq!(sum(&points(&factors), &scalar[..3]), Err(Degenerate));
                let later = [Fr::from(2), Fr::from(3), -Fr::from(4), -Fr::ONE];
                assert_eq!(sum(&points(&later), &scalar), Err(Degenerate));
            }
        }
    };
}

suite!(portable_g1, G1, G1Affine, Portable<G1>, true);
suite!(portable_g2, G2, G2Affine, Portable<G2>, true);
suite!(simd128_g1, G1, G1Affine, Simd128<G1>, true);
suite!(simd128_g2, G2, G2Affine, Simd128<G2>, true);
#[cfg(target_arch = "x86_64")]
suite!(avx2_g1, G1, G1Affine, Avx2<G1>, avx2::is_available());
#[cfg(target_arch = "x86_64")]
suite!(avx2_g2, G2, G2Affine, Avx2<G2>, avx2::is_available());

#[test]
fn opposites_are_summed_another_way() {
    let three = Scalar::canonical(&Fr::from(3));
    let one = G1Affine::generator();
    let points = [one, one.neg(), G1::from(one).double().to_affine(), G1Affine::default()];
    assert_eq!(MsmG1::new(&points).sum(&[three; 4]).to_affine(), G1::from(one).mul(&[6]).to_affine());
    // 2 + 3 meets -5.
    let small = |factor| G1::from(one).mul(&[factor]).to_affine();
    let points = [small(2), small(3), small(5).neg(), small(7)];
    assert_eq!(MsmG1::new(&points).sum(&[three; 4]).to_affine(), small(21));
    let one = G2Affine::generator();
    let points = [one, one.neg(), G2::from(one).double().to_affine(), G2Affine::default()];
    assert_eq!(MsmG2::new(&points).sum(&[three; 4]).to_affine(), G2::from(one).mul(&[6]).to_affine());
    let small = |factor| G2::from(one).mul(&[factor]).to_affine();
    let points = [small(2), small(3), small(5).neg(), small(7)];
    assert_eq!(MsmG2::new(&points).sum(&[three; 4]).to_affine(), small(21));
}
