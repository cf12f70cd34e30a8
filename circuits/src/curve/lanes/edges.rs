//! Every operation at the edges of its stated bounds: limbs as large as they may be, and numbers that are not the least
//! of their class modulo `p`. Values read from memory are between these.

use super::{
    limbs::{LIMBS, P},
    *,
};
use crate::curve::simd128;

/// The largest limb of a normal number, and its largest top limb: of `1.1 p`.
const MOST: u64 = (1 << 28) + (1 << 9) - 1;
const TOP: u64 = P[LIMBS - 1] + P[LIMBS - 1] / 10;

/// The element whose form in `blst` is this number, modulo `p`.
fn value(limbs: [u64; LIMBS]) -> Fp {
    let one = Fp::from_montgomery([1, 0, 0, 0, 0, 0]);
    let shift = Fp::from_montgomery([1 << 28, 0, 0, 0, 0, 0]).mul(&one.invert_vartime());
    limbs
        .iter()
        .rev()
        .fold(Fp::default(), |sum, limb| sum.mul(&shift).add(&Fp::from_montgomery([*limb, 0, 0, 0, 0, 0])))
}

fn numbers() -> Vec<[u64; LIMBS]> {
    let p = P;
    let with = |low: u64, top: u64| core::array::from_fn(|index| if index + 1 < LIMBS { low } else { top });
    let mut one = [0; LIMBS];
    one[0] = 1;
    let (mut below, mut above) = (p, p);
    (below[0], above[0]) = (p[0] - 1, p[0] + 1);
    let mut ones = with(0, TOP - 2);
    ones[LIMBS - 2] = MOST;
    vec![[0; LIMBS], one, below, p, above, ones, with(MOST, TOP - 2), with(MOST, 0), with(0, TOP - 1)]
}

fn assert_normal<B: Four>(number: &B) {
    let limbs = number.first_limbs();
    assert!(limbs[..LIMBS - 1].iter().all(|limb| *limb <= MOST), "{limbs:?}");
    assert!(limbs[LIMBS - 1] < TOP, "{limbs:?}");
    // Nor is anything lost on the way through memory.
    let mut stored = [B::Stored::default(); 4];
    // SAFETY: four places of ours.
    unsafe { number.store(stored.each_mut().map(core::ptr::from_mut)) };
    assert_eq!(B::load(stored.each_ref()).first_limbs(), limbs);
    assert_eq!(raised(B::unpack(&stored[3])), value(limbs));
}

#[cfg(target_arch = "x86_64")]
#[test]
fn avx2_stays_normal() {
    sums_and_differences_stay_normal::<super::super::avx2::Fp4>();
}

#[test]
fn simd128_stays_normal() {
    sums_and_differences_stay_normal::<simd128::Fp4>();
}

fn sums_and_differences_stay_normal<B: Four>() {
    if !B::is_available() {
        return;
    }
    let lanes = B::splat;
    let limbs_of = B::first_limbs;
    let signed = |element: Fp, negative: bool| if negative { element.neg() } else { element };
    let one = Fp::from_montgomery([1, 0, 0, 0, 0, 0]);
    let radix = {
        let mut limbs = [0; LIMBS];
        limbs[LIMBS - 1] = 1 << 28;
        value(limbs).mul(&one.invert_vartime())
    };
    // The product of two forms, divided by what a number stands for.
    let times = |a: Fp, b: Fp| a.mul(&b).mul(&one.invert_vartime());
    for a in numbers() {
        let (x, of_a) = (lanes(a), value(a));
        let mut square = x;
        x.square(&mut square);
        assert_normal(&square);
        assert_eq!(value(limbs_of(&square)).mul(&radix), times(of_a, of_a));
        for b in numbers() {
            let (y, of_b) = (lanes(b), value(b));
            let mut product = x;
            x.mul(&y, &mut product);
            assert_normal(&product);
            assert_eq!(value(limbs_of(&product)).mul(&radix), times(of_a, of_b));
            for signs_of in [[false, false], [false, true], [true, false], [true, true]] {
                let [first, second] = signs_of.map(|negative| B::signs([negative; 4]));
                let difference = x.sub_one_signed(&y, second);
                assert_normal(&difference);
                assert_eq!(value(limbs_of(&difference)), of_a.sub(&signed(of_b, signs_of[1])));
                let raw = x.sub_signed(first, &y, second);
                let of_raw = signed(of_a, signs_of[0]).sub(&signed(of_b, signs_of[1]));
                assert!(limbs_of(&raw).iter().all(|limb| *limb < (1 << 31) - (1 << 27)));
                assert_eq!(value(limbs_of(&raw)), of_raw);
                raw.mul(&y, &mut product);
                assert_normal(&product);
                assert_eq!(value(limbs_of(&product)).mul(&radix), times(of_raw, of_b));
                // In the extension all four products are of the largest.
                let mut pair = Extension(x, x);
                Extension(raw, raw).mul(&Extension(y, x), &mut pair);
                assert_normal(&pair.0);
                assert_normal(&pair.1);
                let (by_b, by_a) = (times(of_raw, of_b), times(of_raw, of_a));
                assert_eq!(value(limbs_of(&pair.0)).mul(&radix), by_b.sub(&by_a));
                assert_eq!(value(limbs_of(&pair.1)).mul(&radix), by_b.add(&by_a));
            }
            let difference = x.sub(&y);
            let loose = difference.carried();
            assert!(limbs_of(&loose)[..LIMBS - 1].iter().all(|limb| *limb <= MOST));
            assert_eq!(value(limbs_of(&loose)), of_a.sub(&of_b));
            let mut pair = Extension(x, x);
            Extension(x, y).square(&mut pair);
            assert_normal(&pair.0);
            assert_normal(&pair.1);
            let of_squares = times(of_a, of_a).sub(&times(of_b, of_b));
            assert_eq!(value(limbs_of(&pair.0)).mul(&radix), of_squares);
            assert_eq!(value(limbs_of(&pair.1)).mul(&radix), times(of_a, of_b).add(&times(of_a, of_b)));
            for c in numbers() {
                let rest = x.sub_both(&y, &lanes(c));
                assert_normal(&rest);
                assert_eq!(value(limbs_of(&rest)), of_a.sub(&of_b).sub(&value(c)));
            }
        }
    }
}
