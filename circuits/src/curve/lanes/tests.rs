use proptest::prelude::*;

use super::{
    addition::invert,
    limbs::{LIMBS, P, pack, unpack},
    *,
};
#[cfg(target_arch = "x86_64")]
use crate::curve::avx2;
use crate::curve::{field::MODULUS, simd128};

/// An element by its Montgomery limbs, reduced into range: any of them, and those at the edges.
fn elements() -> impl Strategy<Value = Fp> {
    let any = any::<[u64; 6]>().prop_map(|mut limbs| {
        limbs[5] %= MODULUS[5];
        Fp::from_montgomery(limbs)
    });
    prop_oneof![
        4 => any,
        1 => Just(Fp::default()),
        1 => Just(Fp::one()),
        1 => Just(Fp::one().neg()),
        1 => Just(Fp::from_montgomery([1, 0, 0, 0, 0, 0])),
        1 => Just(Fp::from_montgomery([1, 0, 0, 0, 0, 0]).neg()),
    ]
}

fn pairs() -> impl Strategy<Value = Fp2> {
    (elements(), elements()).prop_map(|(c0, c1)| Fp2::new(c0, c1))
}

fn lanes<L: Lanes>(elements: [L::Scalar; 4]) -> L {
    let stored = elements.each_ref().map(L::pack);
    L::load(stored.each_ref())
}

fn values<L: Lanes>(lanes: &L) -> [L::Scalar; 4] {
    let mut stored = [L::Stored::default(); 4];
    // SAFETY: four places of ours.
    unsafe { lanes.store(stored.each_mut().map(core::ptr::from_mut)) };
    stored.each_ref().map(L::unpack)
}

/// Every operation against the arithmetic of one element at a time.
fn agree<L: Lanes>(a: [L::Scalar; 4], b: [L::Scalar; 4], c: [L::Scalar; 4], negative: [[bool; 4]; 2]) {
    if !L::Base::is_available() {
        return;
    }
    let each = |work: &dyn Fn(usize) -> L::Scalar| -> [L::Scalar; 4] { core::array::from_fn(work) };
    let (x, y, z) = (lanes::<L>(a), lanes::<L>(b), lanes::<L>(c));
    assert!(values(&x) == a);
    let one = L::splat(&L::Scalar::one());
    let mut out = one;
    x.mul(&y, &mut out);
    assert!(values(&out) == each(&|lane| a[lane].mul(&b[lane])));
    x.square(&mut out);
    assert!(values(&out) == each(&|lane| a[lane].square()));
    assert!(values(&x.sub_both(&y, &z)) == each(&|lane| a[lane].sub(&b[lane]).sub(&c[lane])));
    // Raw results are seen through a product with one.
    x.sub(&y).mul(&one, &mut out);
    assert!(values(&out) == each(&|lane| a[lane].sub(&b[lane])));
    let signed = |element: &L::Scalar, negative: bool| if negative { element.neg() } else { *element };
    let [first, second] = negative.map(L::Base::signs);
    x.sub_signed(first, &y, second).mul(&z, &mut out);
    assert!(
        values(&out)
            == each(&|lane| {
                let difference =
                    signed(&a[lane], negative[0][lane]).sub(&signed(&b[lane], negative[1][lane]));
                difference.mul(&c[lane])
            })
    );
    assert!(
        values(&x.sub_one_signed(&y, first))
            == each(&|lane| a[lane].sub(&signed(&b[lane], negative[0][lane])))
    );
    match invert(&x) {
        Ok(inverse) => {
            x.mul(&inverse, &mut out);
            assert!(values(&out) == [L::Scalar::one(); 4]);
        }
        Err(Degenerate) => assert!(a.iter().any(L::Scalar::is_zero)),
    }
}

proptest! {
    #[test]
    fn elements_agree(
        a in prop::array::uniform4(elements()),
        b in prop::array::uniform4(elements()),
        c in prop::array::uniform4(elements()),
        negative in any::<[[bool; 4]; 2]>(),
    ) {
        #[cfg(target_arch = "x86_64")]
        agree::<Plain<avx2::Fp4>>(a, b, c, negative);
        agree::<Plain<simd128::Fp4>>(a, b, c, negative);
    }

    #[test]
    fn extension_elements_agree(
        a in prop::array::uniform4(pairs()),
        b in prop::array::uniform4(pairs()),
        c in prop::array::uniform4(pairs()),
        negative in any::<[[bool; 4]; 2]>(),
    ) {
        #[cfg(target_arch = "x86_64")]
        agree::<Extension<avx2::Fp4>>(a, b, c, negative);
        agree::<Extension<simd128::Fp4>>(a, b, c, negative);
    }

    #[test]
    fn powers_are_roots(a in prop::array::uniform4(elements())) {
        #[cfg(target_arch = "x86_64")]
        gives_roots::<avx2::Fp4>(a);
        gives_roots::<simd128::Fp4>(a);
    }

    #[test]
    fn words_survive_packing(element in elements()) {
        let words = element.to_montgomery();
        prop_assert_eq!(unpack(&pack(words)), words);
    }
}

/// Of squares, the power is an inverse root; of the others, its square is minus the inverse.
fn gives_roots<B: Four>(a: [Fp; 4]) {
    if !B::is_available() {
        return;
    }
    let squares = a.map(|element| element.square());
    for (power, root) in inverse_roots::<B>(squares).into_iter().zip(a) {
        let back = power.mul(&root.square());
        assert!(back == root || back == root.neg());
    }
    // -1 has no root.
    let others = squares.map(|square| square.neg());
    for (power, square) in inverse_roots::<B>(others).into_iter().zip(squares) {
        assert!(power.square().mul(&square) == if square.is_zero() { square } else { Fp::one() });
    }
}

/// The largest limbs that the bounds allow: no column overflows.
#[test]
fn bounds_are_kept_at_the_edge() {
    #[cfg(target_arch = "x86_64")]
    keeps_bounds::<avx2::Fp4>();
    keeps_bounds::<simd128::Fp4>();
}

fn keeps_bounds<B: Four>() {
    if !B::is_available() {
        return;
    }
    let value = |limbs: [u64; LIMBS]| {
        let shift = Fp::from_montgomery([1 << 28, 0, 0, 0, 0, 0]);
        let one = Fp::from_montgomery([1, 0, 0, 0, 0, 0]);
        // Both as elements whose form is that number: a product with 2^28 shifts by a limb.
        let shift = shift.mul(&one.invert_vartime());
        limbs.iter().rev().fold(Fp::default(), |sum, limb| {
            sum.mul(&shift).add(&Fp::from_montgomery([*limb, 0, 0, 0, 0, 0]))
        })
    };
    let top = P[LIMBS - 1];
    let mut raw = [(1u64 << 31) - (1 << 27) - 1; LIMBS];
    let mut loose = [(1u64 << 28) + (1 << 9) - 1; LIMBS];
    (raw[LIMBS - 1], loose[LIMBS - 1]) = (8 * top - 8, 8 * top - 1);
    let (a, b) = (B::splat(raw), B::splat(loose));
    let mut out = a;
    // R is 2^392; numbers stand for themselves.
    let one = Fp::from_montgomery([1, 0, 0, 0, 0, 0]);
    let radix = {
        let mut limbs = [0; LIMBS];
        limbs[LIMBS - 1] = 1 << 28;
        value(limbs).mul(&one.invert_vartime())
    };
    let product = value(raw).mul(&value(loose)).mul(&one.invert_vartime());
    a.mul(&b, &mut out);
    assert!(out.first_limbs()[..LIMBS - 1].iter().all(|limb| *limb < (1 << 28) + (1 << 9)));
    assert!(out.first_limbs()[LIMBS - 1] <= top + top / 10);
    assert_eq!(value(out.first_limbs()).mul(&radix), product);
    b.square(&mut out);
    let product_of_loose = value(loose).mul(&value(loose)).mul(&one.invert_vartime());
    assert_eq!(value(out.first_limbs()).mul(&radix), product_of_loose);
    B::mul_add(&a, &b, &a, &b, &mut out);
    assert_eq!(value(out.first_limbs()).mul(&radix), product.add(&product));
}
