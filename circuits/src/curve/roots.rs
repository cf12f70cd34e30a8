//! Compressed points read four at a time, their square roots by instructions that work on several numbers at once.
//!
//! `p` is 3 modulo 4, so `a^((p - 3) / 4)` is `1 / √a` for a square `a`, but for its sign; and for any other `a` its
//! square is `-1 / a`.

use super::{
    field::{Field, Fp, Fp2},
    group::Affine,
};

/// A field with square roots, four at a time.
pub(crate) trait SquareRoots: Field {
    /// A root of each element; of one that has none, and of a few that have, what comes out is nothing in particular, so
    /// that a root has to be tried. `None` where the processor works on one number at a time.
    fn square_roots(elements: [Self; 4]) -> Option<[Self; 4]>;
}

impl SquareRoots for Fp {
    fn square_roots(elements: [Self; 4]) -> Option<[Self; 4]> {
        let inverses = inverse_roots(elements)?;
        Some(core::array::from_fn(|lane| inverses[lane].mul(&elements[lane])))
    }
}

/// 1/2.
const HALF: Fp = Fp::from_montgomery([
    0x1804_0000_0001_5554,
    0x8550_0005_3ab0_0001,
    0x633c_b57c_253c_276f,
    0x6e22_d1ec_31eb_b502,
    0xd391_6126_f2d1_4ca2,
    0x17fb_b857_1a00_6596,
]);

impl SquareRoots for Fp2 {
    /// With `n = c0^2 + c1^2`, `t = (c0 + √n) / 2` and `r = t^((p - 3) / 4)`: the root is `t r + (c1 r / 2) u` if `t` is a
    /// square, and otherwise `-c1 r / 2 + t r u`.
    fn square_roots(elements: [Self; 4]) -> Option<[Self; 4]> {
        let elements = elements.map(Self::coefficients);
        let norms = elements.map(|[c0, c1]| c0.square().sub(&c1.square().neg()));
        let norm_roots = Fp::square_roots(norms)?;
        let t = core::array::from_fn(|lane| elements[lane][0].sub(&norm_roots[lane].neg()).mul(&HALF));
        let inverses = inverse_roots(t)?;
        Some(core::array::from_fn(|lane| {
            let root = t[lane].mul(&inverses[lane]);
            let other = elements[lane][1].mul(&inverses[lane]).mul(&HALF);
            if root.square() == t[lane] { Self::new(root, other) } else { Self::new(other.neg(), root) }
        }))
    }
}

/// `a^((p - 3) / 4)` for each element; `None` where there is no faster way than one after the other.
fn inverse_roots(elements: [Fp; 4]) -> Option<[Fp; 4]> {
    #[cfg(target_arch = "x86_64")]
    if super::avx2::is_available() {
        return Some(super::lanes::inverse_roots::<super::avx2::Fp4>(elements));
    }
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    return Some(super::lanes::inverse_roots::<super::simd128::Fp4>(elements));
    #[allow(unreachable_code, reason = "on some targets there is always a faster way")]
    {
        let _ = elements;
        None
    }
}

/// Reads compressed points, one after the other, and writes their limbs as [`Affine::read_limbs`] reads them, as many
/// as both slices have. Their subgroup is not checked. Fails with the place of the first invalid point.
pub(crate) fn expand<P: Affine<Field: SquareRoots>>(
    compressed: &[u8],
    limbs: &mut [u8],
) -> Result<(), usize> {
    let fours = compressed.chunks(4 * P::COMPRESSED).zip(limbs.chunks_mut(4 * P::BYTES));
    for (number, (bytes, places)) in fours.enumerate() {
        let mut encodings = bytes.chunks_exact(P::COMPRESSED);
        let four = [(); 4].map(|()| encodings.next().unwrap_or_default());
        if let Some(points) = read_four::<P>(four) {
            points
                .iter()
                .zip(places.chunks_exact_mut(P::BYTES))
                .for_each(|(point, place)| point.put_limbs(place));
            continue;
        }
        for (index, (bytes, place)) in
            bytes.chunks(P::COMPRESSED).zip(places.chunks_mut(P::BYTES)).enumerate()
        {
            P::read(bytes).map_err(|_| 4 * number + index)?.put_limbs(place);
        }
    }
    Ok(())
}

/// The points with these compressed encodings; `None` if one of them is in any way special, or none.
fn read_four<P: Affine<Field: SquareRoots>>(encodings: [&[u8]; 4]) -> Option<[P; 4]> {
    if encodings.iter().any(|bytes| bytes.len() != P::COMPRESSED) {
        return None;
    }
    let cube = |x: &P::Field| x.square().mul(x);
    let generator = P::generator();
    // Of the curve's equation `y^2 = x^3 + b`.
    let minus_b = cube(&generator.x()).sub(&generator.y().square());
    let abscissas = encodings.map(abscissa::<P::Field>);
    let squares = abscissas.each_ref().map(|x| cube(x).sub(&minus_b));
    let roots = P::Field::square_roots(squares)?;
    let mut points = [P::default(); 4];
    let mut written = Vec::with_capacity(P::COMPRESSED);
    for (lane, point) in points.iter_mut().enumerate() {
        if roots[lane].square() != squares[lane] {
            return None;
        }
        *point = P::from_coordinates(abscissas[lane], roots[lane]);
        // A point that is written like this has this encoding: its sign, its flags and its canonical form are all in
        // there.
        for turned in [false, true] {
            if turned {
                *point = point.neg();
            }
            written.clear();
            point.write(&mut written);
            if written == encodings[lane] {
                break;
            }
        }
        if written != encodings[lane] {
            return None;
        }
    }
    Some(points)
}

/// The first coordinate in a compressed encoding, modulo `p`; the highest component stands first, in big-endian, with
/// three bits of flags.
fn abscissa<F: Field>(bytes: &[u8]) -> F {
    let mut components = bytes.rchunks(48);
    F::from_components(|| {
        let mut component = [0; 48];
        components.next().unwrap_or_default().iter().zip(&mut component).for_each(|(from, to)| *to = *from);
        component[0] &= 0x1f;
        Fp::from_big_endian(&component)
    })
}

#[cfg(test)]
mod tests {
    use ff::Field as _;
    use rand_chacha::{
        ChaCha8Rng,
        rand_core::{Rng, SeedableRng},
    };

    use super::*;
    use crate::curve::{G1, G2, Group};

    fn points<G: Group>(count: usize) -> Vec<G::Affine> {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let generator = G::from(G::Affine::generator());
        let scalars = (0..count).map(|_| louver_core::spec::Fr::random(&mut rng).to_bytes());
        scalars.map(|scalar| generator.mul(&scalar).to_affine()).collect()
    }

    fn written<P: Affine>(points: &[P]) -> (Vec<u8>, Vec<u8>) {
        let (mut compressed, mut limbs) = (Vec::new(), Vec::new());
        for point in points {
            point.write(&mut compressed);
            point.write_limbs(&mut limbs);
        }
        (compressed, limbs)
    }

    fn expanded<P: Affine<Field: SquareRoots>>(compressed: &[u8]) -> Result<Vec<u8>, usize> {
        let mut limbs = vec![0; compressed.len() / P::COMPRESSED * P::BYTES];
        expand::<P>(compressed, &mut limbs).map(|()| limbs)
    }

    /// Any number of points, of either sign, and the identity among them.
    fn points_come_back<G: Group>()
    where
        G::Affine: Affine<Field: SquareRoots>,
    {
        let mut points = points::<G>(41);
        for position in [None, Some(17), Some(40)] {
            if let Some(position) = position {
                points[position] = G::Affine::default();
            }
            for count in [0, 1, 3, 4, 5, 41] {
                let (compressed, limbs) = written(&points[..count]);
                assert_eq!(expanded::<G::Affine>(&compressed), Ok(limbs));
            }
        }
    }

    #[test]
    fn compressed_points_come_back() {
        points_come_back::<G1>();
        points_come_back::<G2>();
    }

    /// As one point after the other is refused: no point of this x, x not reduced, flags that say something else.
    fn what_is_no_point_is_refused<G: Group>()
    where
        G::Affine: Affine<Field: SquareRoots>,
    {
        let (compressed, _) = written(&points::<G>(9));
        let size = G::Affine::COMPRESSED;
        let mut refused = 0;
        for place in 0..9 {
            let damages: [fn(&mut [u8]); 6] = [
                |bytes| bytes[0] &= 0x7f,
                |bytes| bytes[0] |= 0x40,
                |bytes| *bytes.last_mut().unwrap() ^= 1,
                |bytes| *bytes.last_mut().unwrap() ^= 2,
                |bytes| bytes[..48].copy_from_slice(&[0xbf; 48]),
                |bytes| {
                    let len = bytes.len();
                    // The modulus itself, for the first component.
                    let p = crate::curve::MODULUS;
                    for (word, to) in p.iter().rev().zip(bytes[len - 48..].chunks_mut(8)) {
                        to.copy_from_slice(&word.to_be_bytes());
                    }
                    bytes[0] |= 0x80;
                },
            ];
            for damage in damages {
                let mut bytes = compressed.clone();
                damage(&mut bytes[place * size..][..size]);
                let one_by_one = bytes.chunks(size).position(|bytes| G::Affine::read(bytes).is_err());
                assert_eq!(expanded::<G::Affine>(&bytes).err(), one_by_one);
                refused += u32::from(one_by_one.is_some());
            }
        }
        assert!(refused > 36);
        assert_eq!(expanded::<G::Affine>(&compressed[..9 * size]).map(|limbs| limbs.len()), Ok(18 * size));
    }

    #[test]
    fn what_is_no_compressed_point_is_refused() {
        what_is_no_point_is_refused::<G1>();
        what_is_no_point_is_refused::<G2>();
    }

    #[test]
    fn roots_in_the_extension_are_roots() {
        let mut rng = ChaCha8Rng::seed_from_u64(6);
        let mut element = || {
            let mut limbs = [0; 96];
            rng.fill_bytes(&mut limbs);
            abscissa::<Fp2>(&limbs)
        };
        for _ in 0..16 {
            let squares = [(); 4].map(|()| element().square());
            let Some(roots) = Fp2::square_roots(squares) else { return };
            assert!(roots.map(|root| root.square()) == squares);
        }
        assert_eq!(HALF.sub(&HALF.neg()), Fp::one());
    }
}
