//! Four elements of the base field at once: fourteen limbs of 28 bits, a 64-bit lane for each element.

use core::arch::{
    asm,
    x86_64::{
        __m256i, _mm256_add_epi64, _mm256_and_si256, _mm256_loadu_si256, _mm256_mul_epu32, _mm256_or_si256,
        _mm256_permute2x128_si256, _mm256_set_epi64x, _mm256_set1_epi64x, _mm256_setzero_si256,
        _mm256_slli_epi64, _mm256_srli_epi64, _mm256_storeu_si256, _mm256_sub_epi64, _mm256_unpackhi_epi64,
        _mm256_unpacklo_epi64, _mm256_xor_si256,
    },
};

use crate::curve::lanes::limbs::{LIMB, LIMBS, MINUS_INVERSE, P, Packed, offset_multiple};

const BITS_SHIFT: i32 = 28;

/// Four numbers.
#[derive(Clone, Copy)]
pub(crate) struct Fp4([__m256i; LIMBS]);

/// An array with an element for each limb, written out: loops over registers stay loops otherwise.
macro_rules! each {
    (|$index:ident| $element:expr) => {{
        macro_rules! element {
            ($at:literal) => {{
                let $index: usize = $at;
                $element
            }};
        }
        [
            element!(0),
            element!(1),
            element!(2),
            element!(3),
            element!(4),
            element!(5),
            element!(6),
            element!(7),
            element!(8),
            element!(9),
            element!(10),
            element!(11),
            element!(12),
            element!(13),
        ]
    }};
}

#[repr(C, align(32))]
struct Rows<const N: usize>([[u64; 4]; N]);

const fn rows<const N: usize>(limbs: [u64; N]) -> Rows<N> {
    let mut out = [[0; 4]; N];
    let mut index = 0;
    while index < N {
        out[index] = [limbs[index]; 4];
        index += 1;
    }
    Rows(out)
}

/// The constants of the kernels: the modulus, `-1/p` modulo 2^28, and the mask of a limb.
static KERNEL: Rows<16> = {
    let mut out = [0; 16];
    let mut index = 0;
    while index < LIMBS {
        out[index] = P[index];
        index += 1;
    }
    out[14] = MINUS_INVERSE;
    out[15] = LIMB;
    rows(out)
};

/// `2 p`, for differences.
static TWO_P: Rows<LIMBS> = rows(offset_multiple(2, 29));
/// `3 p`, so that `e p` can be taken away afterwards.
static THREE_P: Rows<LIMBS> = rows(offset_multiple(3, 36));
/// `3 p`, for sums and differences of two.
static THREE_P_WIDE: Rows<LIMBS> = rows(offset_multiple(3, 30));
/// `2^40 / (p / 2^364 + 1)`: estimates quotients by `p` from the top limb.
const QUOTIENT: u64 = (1 << 40) / (P[LIMBS - 1] + 1);

/// `acc += a_i b_j` in column `$acc`.
macro_rules! column {
    ($acc:literal, $j:literal, $b:literal) => {
        concat!(
            "vpmuludq ymm15, ymm14, [{",
            $b,
            "} + 32*",
            $j,
            "]\n",
            "vpaddq ymm",
            $acc,
            ", ymm",
            $acc,
            ", ymm15\n",
        )
    };
}

/// `acc = above + q p_j`.
macro_rules! fold {
    ($to:literal, $from:literal) => {
        concat!(
            "vpmuludq ymm14, ymm15, [{p} + 32*",
            $from,
            "]\n",
            "vpaddq ymm",
            $to,
            ", ymm",
            $from,
            ", ymm14\n",
        )
    };
}

/// All columns of `a_i b`, the last one fresh or not.
macro_rules! columns {
    ($b:literal) => {
        concat!(
            column!(0, 0, $b),
            column!(1, 1, $b),
            column!(2, 2, $b),
            column!(3, 3, $b),
            column!(4, 4, $b),
            column!(5, 5, $b),
            column!(6, 6, $b),
            column!(7, 7, $b),
            column!(8, 8, $b),
            column!(9, 9, $b),
            column!(10, 10, $b),
            column!(11, 11, $b),
            column!(12, 12, $b),
        )
    };
}

/// One step of Montgomery's reduction: makes the lowest column divisible by 2^28 and drops it.
macro_rules! reduce {
    () => {
        concat!(
            "vpmuludq ymm15, ymm0, [{p} + 32*14]\n",
            "vpand ymm15, ymm15, [{p} + 32*15]\n",
            "vpmuludq ymm14, ymm15, [{p}]\n",
            "vpaddq ymm0, ymm0, ymm14\n",
            "vpsrlq ymm0, ymm0, 28\n",
            "vpmuludq ymm14, ymm15, [{p} + 32]\n",
            "vpaddq ymm1, ymm1, ymm14\n",
            "vpaddq ymm0, ymm0, ymm1\n",
            fold!(1, 2),
            fold!(2, 3),
            fold!(3, 4),
            fold!(4, 5),
            fold!(5, 6),
            fold!(6, 7),
            fold!(7, 8),
            fold!(8, 9),
            fold!(9, 10),
            fold!(10, 11),
            fold!(11, 12),
            fold!(12, 13),
        )
    };
}

macro_rules! zeros {
    () => {
        "vpxor xmm0, xmm0, xmm0\nvpxor xmm1, xmm1, xmm1\nvpxor xmm2, xmm2, xmm2\nvpxor xmm3, xmm3, xmm3\n\
         vpxor xmm4, xmm4, xmm4\nvpxor xmm5, xmm5, xmm5\nvpxor xmm6, xmm6, xmm6\nvpxor xmm7, xmm7, xmm7\n\
         vpxor xmm8, xmm8, xmm8\nvpxor xmm9, xmm9, xmm9\nvpxor xmm10, xmm10, xmm10\n\
         vpxor xmm11, xmm11, xmm11\nvpxor xmm12, xmm12, xmm12\n"
    };
}

/// Runs a kernel: its text, then its own operands. The sum in thirteen columns and a top one of zero.
macro_rules! kernel {
    ($text:expr, $($operand:ident = $value:expr),*) => {{
        let [mut c0, mut c1, mut c2, mut c3, mut c4, mut c5, mut c6] = [_mm256_setzero_si256(); 7];
        let [mut c7, mut c8, mut c9, mut c10, mut c11, mut c12] = [_mm256_setzero_si256(); 6];
        // SAFETY: reads the 14 rows of each operand and the 16 of the constants through valid pointers, and changes
        // no registers but those it names.
        unsafe {
            asm!(
                $text,
                $($operand = inout(reg) $value => _,)*
                p = in(reg) KERNEL.0.as_ptr(),
                out("ymm0") c0, out("ymm1") c1, out("ymm2") c2, out("ymm3") c3, out("ymm4") c4,
                out("ymm5") c5, out("ymm6") c6, out("ymm7") c7, out("ymm8") c8, out("ymm9") c9,
                out("ymm10") c10, out("ymm11") c11, out("ymm12") c12, out("ymm13") _, out("ymm14") _,
                out("ymm15") _,
                options(readonly, nostack)
            );
        }
        [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, _mm256_setzero_si256()]
    }};
}

/// `out = a b / R`, normal. One factor is raw, the other loose; both may be loose.
#[target_feature(enable = "avx2")]
pub(super) fn mul(a: &Fp4, b: &Fp4, out: &mut Fp4) {
    let columns = kernel!(
        concat!(
            zeros!(),
            "2:\n",
            "vmovdqa ymm14, [{a} + {i}]\n",
            columns!("b"),
            "vpmuludq ymm13, ymm14, [{b} + 32*13]\n",
            reduce!(),
            "add {i}, 32\n",
            "cmp {i}, 448\n",
            "jne 2b\n",
        ),
        a = a.0.as_ptr(),
        b = b.0.as_ptr(),
        i = 0usize
    );
    *out = settle(columns);
}

/// `out = (a b + c d) / R`, normal. Of each pair of factors one is raw, the other loose.
#[target_feature(enable = "avx2")]
pub(super) fn mul_add(a: &Fp4, b: &Fp4, c: &Fp4, d: &Fp4, out: &mut Fp4) {
    let columns = kernel!(
        concat!(
            zeros!(),
            "2:\n",
            "vmovdqa ymm14, [{a} + {i}]\n",
            columns!("b"),
            "vpmuludq ymm13, ymm14, [{b} + 32*13]\n",
            "vmovdqa ymm14, [{c} + {i}]\n",
            columns!("d"),
            column!(13, 13, "d"),
            reduce!(),
            "add {i}, 32\n",
            "cmp {i}, 448\n",
            "jne 2b\n",
        ),
        a = a.0.as_ptr(),
        b = b.0.as_ptr(),
        c = c.0.as_ptr(),
        d = d.0.as_ptr(),
        i = 0usize
    );
    *out = settle(columns);
}

/// `out = a^2 / R`, normal, for `a` loose: each product of two limbs once, times two.
#[target_feature(enable = "avx2")]
pub(super) fn square(a: &Fp4, out: &mut Fp4) {
    /// The products of limb `$i` with itself and with those above, then a step of the reduction.
    macro_rules! row {
        ($i:literal: $($j:literal)*) => {
            concat!(
                "vmovdqa ymm14, [{a} + 32*", $i, "]\n",
                "vpmuludq ymm15, ymm14, ymm14\n",
                "vpaddq ymm", $i, ", ymm", $i, ", ymm15\n",
                $(column!($j, $j, "d"),)*
                "vpmuludq ymm13, ymm14, [{d} + 32*13]\n",
                reduce!(),
            )
        };
    }
    let double = add(a, a);
    let columns = kernel!(
        concat!(
            zeros!(),
            row!(0: 1 2 3 4 5 6 7 8 9 10 11 12),
            row!(1: 2 3 4 5 6 7 8 9 10 11 12),
            row!(2: 3 4 5 6 7 8 9 10 11 12),
            row!(3: 4 5 6 7 8 9 10 11 12),
            row!(4: 5 6 7 8 9 10 11 12),
            row!(5: 6 7 8 9 10 11 12),
            row!(6: 7 8 9 10 11 12),
            row!(7: 8 9 10 11 12),
            row!(8: 9 10 11 12),
            row!(9: 10 11 12),
            row!(10: 11 12),
            row!(11: 12),
            row!(12:),
            "vmovdqa ymm14, [{a} + 32*13]\n",
            "vpmuludq ymm13, ymm14, ymm14\n",
            reduce!(),
        ),
        a = a.0.as_ptr(),
        d = double.0.as_ptr()
    );
    *out = settle(columns);
}

/// Carries what stands above 28 bits in columns below 2^64, from the lowest up.
#[allow(unused_assignments, reason = "the last column carries nothing")]
#[target_feature(enable = "avx2")]
#[inline]
fn settle(columns: [__m256i; LIMBS]) -> Fp4 {
    let mask = _mm256_set1_epi64x(LIMB.cast_signed());
    let mut above = _mm256_setzero_si256();
    Fp4(each!(|index| {
        let column = _mm256_add_epi64(columns[index], above);
        if index + 1 < LIMBS {
            above = _mm256_srli_epi64::<BITS_SHIFT>(column);
            _mm256_and_si256(column, mask)
        } else {
            column
        }
    }))
}

/// One pass of carries, all at once.
#[target_feature(enable = "avx2")]
#[inline]
fn carry(number: Fp4) -> Fp4 {
    let mask = _mm256_set1_epi64x(LIMB.cast_signed());
    Fp4(each!(|index| {
        let kept = if index + 1 < LIMBS { _mm256_and_si256(number.0[index], mask) } else { number.0[index] };
        match index {
            0 => kept,
            index => _mm256_add_epi64(kept, _mm256_srli_epi64::<BITS_SHIFT>(number.0[index - 1])),
        }
    }))
}

/// A raw number made loose.
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn carried(number: &Fp4) -> Fp4 {
    carry(*number)
}

#[target_feature(enable = "avx2")]
#[inline]
fn row(rows: &Rows<LIMBS>, index: usize) -> __m256i {
    // SAFETY: reads 32 bytes of a row that is so long.
    unsafe { _mm256_loadu_si256(rows.0[index].as_ptr().cast()) }
}

/// `a + b`, limb by limb: raw, from two normal numbers.
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn add(a: &Fp4, b: &Fp4) -> Fp4 {
    Fp4(each!(|index| _mm256_add_epi64(a.0[index], b.0[index])))
}

/// `a - b + 2 p`: raw, from two normal numbers.
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn sub(a: &Fp4, b: &Fp4) -> Fp4 {
    Fp4(each!(|index| _mm256_sub_epi64(_mm256_add_epi64(a.0[index], row(&TWO_P, index)), b.0[index])))
}

/// `2 p - a`: loose, from a normal number.
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn neg(a: &Fp4) -> Fp4 {
    carry(Fp4(each!(|index| _mm256_sub_epi64(row(&TWO_P, index), a.0[index]))))
}

/// `±a ∓ b + 3 p`: raw, from two normal numbers. Where a lane of a sign is all ones, its number counts as negative.
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn sub_signed(a: &Fp4, a_sign: __m256i, b: &Fp4, b_sign: __m256i) -> Fp4 {
    // -x is !x + 1, limb by limb.
    let ones = _mm256_sub_epi64(b_sign, a_sign);
    Fp4(each!(|index| {
        let a = _mm256_xor_si256(a.0[index], a_sign);
        let b = _mm256_xor_si256(b.0[index], b_sign);
        let offset = _mm256_add_epi64(row(&THREE_P_WIDE, index), ones);
        _mm256_sub_epi64(_mm256_add_epi64(a, offset), b)
    }))
}

/// `m - a - b`: normal, from normal numbers.
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn sub_both(m: &Fp4, a: &Fp4, b: &Fp4) -> Fp4 {
    lower(each!(|index| {
        let sum = _mm256_add_epi64(a.0[index], b.0[index]);
        _mm256_sub_epi64(_mm256_add_epi64(m.0[index], row(&THREE_P, index)), sum)
    }))
}

/// `m ∓ a`: normal, from normal numbers. Where a lane of the sign is all ones, `a` counts as negative.
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn sub_one_signed(m: &Fp4, a: &Fp4, a_sign: __m256i) -> Fp4 {
    lower(each!(|index| {
        let a = _mm256_sub_epi64(_mm256_xor_si256(a.0[index], a_sign), a_sign);
        _mm256_sub_epi64(_mm256_add_epi64(m.0[index], row(&THREE_P, index)), a)
    }))
}

/// Takes away the multiple of `p` that the top limb shows, from `3 p` with its offset plus or minus normal numbers.
#[target_feature(enable = "avx2")]
#[inline]
fn lower(number: [__m256i; LIMBS]) -> Fp4 {
    // 2^8 will come up from the offset; less 4, for what the limbs below may still take away: never too high.
    let top = _mm256_add_epi64(number[LIMBS - 1], _mm256_set1_epi64x((1 << 8) - 4));
    let quotient = _mm256_srli_epi64::<40>(_mm256_mul_epu32(top, _mm256_set1_epi64x(QUOTIENT.cast_signed())));
    carry(Fp4(each!(|index| {
        _mm256_sub_epi64(number[index], _mm256_mul_epu32(quotient, kernel_row(index)))
    })))
}

#[target_feature(enable = "avx2")]
#[inline]
fn kernel_row(index: usize) -> __m256i {
    // SAFETY: reads 32 bytes of a row that is so long.
    unsafe { _mm256_loadu_si256(KERNEL.0[index].as_ptr().cast()) }
}

/// The same number in every lane.
#[target_feature(enable = "avx2")]
pub(super) fn splat(number: [u64; LIMBS]) -> Fp4 {
    let mut out = [_mm256_setzero_si256(); LIMBS];
    for (out, limb) in out.iter_mut().zip(number) {
        *out = _mm256_set1_epi64x(limb.cast_signed());
    }
    Fp4(out)
}

/// The limbs of the first lane.
#[cfg(test)]
pub(super) fn limbs_of(number: &Fp4) -> [u64; LIMBS] {
    // SAFETY: a lane is 64 bits of plain data.
    number.0.map(|row| unsafe { core::mem::transmute::<__m256i, [u64; 4]>(row) }[0])
}

/// A lane of ones for each negative sign.
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn signs(negative: [bool; 4]) -> __m256i {
    let [a, b, c, d] = negative.map(|negative| -i64::from(negative));
    _mm256_set_epi64x(d, c, b, a)
}

/// Four numbers from memory: a transposition of words, then two limbs from each.
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn load(numbers: [&Packed; 4]) -> Fp4 {
    let mask = _mm256_set1_epi64x(0xffff_ffff);
    let [n0, n1, n2, n3] = numbers.map(|number| number.as_ptr().cast::<__m256i>());
    // SAFETY: reads the eight words of each number, in halves.
    let (low, high) = unsafe {
        (
            [n0, n1, n2, n3].map(|number| _mm256_loadu_si256(number)),
            [n0, n1, n2, n3].map(|number| _mm256_loadu_si256(number.add(1))),
        )
    };
    let ([w0, w1, w2, w3], [w4, w5, w6, _]) = (transpose(low), transpose(high));
    let words = [w0, w1, w2, w3, w4, w5, w6];
    Fp4(each!(|index| match index % 2 {
        0 => _mm256_and_si256(words[index / 2], mask),
        _ => _mm256_srli_epi64::<32>(words[index / 2]),
    }))
}

/// Four numbers to memory.
///
/// # Safety
/// Each pointer is valid for a write; they need not differ, and are written in order.
#[target_feature(enable = "avx2")]
#[inline]
pub(super) unsafe fn store(number: &Fp4, to: [*mut Packed; 4]) {
    let word =
        |index: usize| _mm256_or_si256(number.0[2 * index], _mm256_slli_epi64::<32>(number.0[2 * index + 1]));
    let [a, b, c, d] = transpose([word(0), word(1), word(2), word(3)]);
    let [e, f, g, h] = transpose([word(4), word(5), word(6), _mm256_setzero_si256()]);
    for (to, (low, high)) in to.into_iter().zip([(a, e), (b, f), (c, g), (d, h)]) {
        let to = to.cast::<__m256i>();
        // SAFETY: writes the eight words of a number, in halves, where the caller allows it.
        unsafe {
            _mm256_storeu_si256(to, low);
            _mm256_storeu_si256(to.add(1), high);
        }
    }
}

/// Rows to columns.
#[target_feature(enable = "avx2")]
#[inline]
fn transpose([a, b, c, d]: [__m256i; 4]) -> [__m256i; 4] {
    let (ab_low, ab_high) = (_mm256_unpacklo_epi64(a, b), _mm256_unpackhi_epi64(a, b));
    let (cd_low, cd_high) = (_mm256_unpacklo_epi64(c, d), _mm256_unpackhi_epi64(c, d));
    [
        _mm256_permute2x128_si256::<0x20>(ab_low, cd_low),
        _mm256_permute2x128_si256::<0x20>(ab_high, cd_high),
        _mm256_permute2x128_si256::<0x31>(ab_low, cd_low),
        _mm256_permute2x128_si256::<0x31>(ab_high, cd_high),
    ]
}
