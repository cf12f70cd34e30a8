//! Sums of groups of points, and of buckets by the digit that each stands for.

use zeroize::Zeroizing;

use super::{Adder, Degenerate, NEGATIVE, Pair};
use crate::curve::group::Group;

/// Places of points, group by group.
pub(super) struct Groups {
    /// Places, marked [`NEGATIVE`] or not. In their order they say as much as the digits do, and are wiped as those are.
    entries: Zeroizing<Vec<u32>>,
    /// Where each group ends in `entries`.
    ends: Vec<u32>,
}

impl Groups {
    /// Sorts the places of digits by their absolute value, less one. Zeros are left out.
    pub(super) fn of_digits(digits: &[i16], width: u32) -> Self {
        let mut counts = vec![0u32; (1 << (width - 1)) + 1];
        for digit in digits {
            counts[usize::from(digit.unsigned_abs())] += 1;
        }
        let mut ends = Vec::with_capacity(counts.len() - 1);
        let mut starts = vec![0u32; counts.len()];
        let mut sum = 0;
        for (start, count) in starts.iter_mut().zip(&counts).skip(1) {
            *start = sum;
            sum += count;
            ends.push(sum);
        }
        let mut entries = Zeroizing::new(vec![0u32; sum as usize]);
        for (place, digit) in (0u32..).zip(digits) {
            if *digit != 0 {
                let start = &mut starts[usize::from(digit.unsigned_abs())];
                entries[*start as usize] = if *digit < 0 { place | NEGATIVE } else { place };
                *start += 1;
            }
        }
        Self { entries, ends }
    }

    fn from_lists(lists: &[Vec<u32>]) -> Self {
        let ends = lists.iter().scan(0, |end, list| {
            *end += u32::try_from(list.len()).unwrap_or(u32::MAX);
            Some(*end)
        });
        Self { ends: ends.collect(), entries: Zeroizing::new(lists.concat()) }
    }
}

/// The workspace for sums of groups.
pub(super) struct Workspace<A: Adder> {
    scratch: A::Scratch,
    pairs: Vec<Pair>,
    /// The sums of one round, and of the next.
    sums: Vec<A::Point>,
    next: Vec<A::Point>,
    /// Sums that are being summed again.
    summed: Vec<A::Point>,
}

impl<A: Adder> Default for Workspace<A> {
    fn default() -> Self {
        let [sums, next, summed] = [Vec::new(), Vec::new(), Vec::new()];
        Self { scratch: A::Scratch::default(), pairs: Vec::new(), sums, next, summed }
    }
}

impl<A: Adder> Workspace<A> {
    /// The sum of each group that is not empty, by its place in `self.sums`.
    fn sum(&mut self, source: &[A::Point], groups: Groups) -> Result<Vec<Option<u32>>, Degenerate> {
        let Self { scratch, pairs, sums, next, .. } = self;
        group_sums::<A>(scratch, pairs, sums, next, source, groups)
    }

    /// The same of groups of the last sums.
    fn sum_again(&mut self, groups: Groups) -> Result<Vec<Option<u32>>, Degenerate> {
        core::mem::swap(&mut self.sums, &mut self.summed);
        let Self { scratch, pairs, sums, next, summed } = self;
        group_sums::<A>(scratch, pairs, sums, next, summed, groups)
    }
}

/// The sum of each group that is not empty, by its place in `sums`: pairs are added until none is left.
fn group_sums<A: Adder>(
    scratch: &mut A::Scratch,
    pairs: &mut Vec<Pair>,
    sums: &mut Vec<A::Point>,
    next: &mut Vec<A::Point>,
    source: &[A::Point],
    groups: Groups,
) -> Result<Vec<Option<u32>>, Degenerate> {
    let Groups { mut entries, mut ends } = groups;
    let mut current = source;
    loop {
        let room = entries.len() / 2 + ends.len() + 1;
        if next.len() < room {
            next.resize(room, A::Point::default());
        }
        pairs.clear();
        let (mut start, mut to) = (0u32, 0u32);
        for end in &mut ends {
            let mut group = entries[start as usize..*end as usize].chunks_exact(2);
            for pair in &mut group {
                pairs.push(Pair { left: pair[0], right: pair[1], to });
                to += 1;
            }
            if let [single] = group.remainder() {
                let point = &current[(single & !NEGATIVE) as usize];
                next[to as usize] = if single & NEGATIVE == 0 { *point } else { A::negated(point) };
                to += 1;
            }
            start = *end;
            *end = to;
        }
        add_pairs::<A>(scratch, current, pairs, next)?;
        core::mem::swap(sums, next);
        current = sums;
        if pairs.is_empty() {
            break;
        }
        // The sums stand group by group.
        entries.truncate(to as usize);
        entries.iter_mut().zip(0..).for_each(|(entry, place)| *entry = place);
    }
    let starts = core::iter::once(0).chain(ends.iter().copied());
    Ok(starts.zip(&ends).map(|(start, end)| (start < *end).then_some(start)).collect())
}

/// Adds pairs, and finds those that are one point twice, which are doubled by themselves. An error if a pair is a point
/// and its opposite.
fn add_pairs<A: Adder>(
    scratch: &mut A::Scratch,
    source: &[A::Point],
    pairs: &[Pair],
    sums: &mut [A::Point],
) -> Result<(), Degenerate> {
    let Err(Degenerate) = A::add_pairs(scratch, source, pairs, sums) else { return Ok(()) };
    if let [pair] = pairs {
        let point = |place: u32| {
            let point = &source[(place & !NEGATIVE) as usize];
            A::unpack(&if place & NEGATIVE == 0 { *point } else { A::negated(point) })
        };
        let (left, right) = (point(pair.left), point(pair.right));
        if left != right {
            return Err(Degenerate);
        }
        let double = A::Group::default().add_affine(&left).double().to_affine();
        sums[pair.to as usize] = A::pack(&double);
        return Ok(());
    }
    let (first, second) = pairs.split_at(pairs.len() / 2);
    add_pairs::<A>(scratch, source, first, sums)?;
    add_pairs::<A>(scratch, source, second, sums)
}

/// `Σ d B_d` over the groups of a window, where `B_d` is the sum of the points with digit `d`.
pub(super) fn window_sum<A: Adder>(
    workspace: &mut Workspace<A>,
    points: &[A::Point],
    groups: Groups,
    width: u32,
) -> Result<A::Group, Degenerate> {
    // The first group stands for the digit 1.
    let mut places = vec![None];
    places.extend(workspace.sum(points, groups)?);
    weighted_sum(workspace, Weighted { places, bits: width, doublings: 0 })
}

/// Places of points by the weight of each, which has some bits; all of it to be doubled some times.
struct Weighted {
    places: Vec<Option<u32>>,
    bits: u32,
    doublings: u32,
}

/// With so few bits of weight a running sum is as fast.
const SMALL: u32 = 3;

/// `Σ w P_w`, which is `2^k Σ h R_h + Σ l C_l` for `w = h 2^k + l`, with the sums of rows `R_h` and of columns `C_l`; and
/// so on. The points are the last sums of the workspace.
fn weighted_sum<A: Adder>(workspace: &mut Workspace<A>, list: Weighted) -> Result<A::Group, Degenerate> {
    let mut waiting = vec![list];
    while waiting.iter().any(|list| list.bits > SMALL) {
        let mut groups: Vec<Vec<u32>> = Vec::new();
        let mut halves = Vec::new();
        for list in &waiting {
            let low = list.bits / 2;
            let (rows, columns) = (groups.len(), groups.len() + (1 << (list.bits - low)));
            groups.resize(columns + (1 << low), Vec::new());
            for (weight, place) in list.places.iter().enumerate() {
                if let Some(place) = place {
                    groups[rows + (weight >> low)].push(*place);
                    groups[columns + (weight & ((1 << low) - 1))].push(*place);
                }
            }
            halves.push((rows..columns, list.bits - low, list.doublings + low));
            halves.push((columns..columns + (1 << low), low, list.doublings));
        }
        let places = workspace.sum_again(Groups::from_lists(&groups))?;
        let halves = halves.into_iter();
        waiting = halves
            .map(|(range, bits, doublings)| Weighted { places: places[range].to_vec(), bits, doublings })
            .collect();
    }
    waiting.sort_by_key(|list| core::cmp::Reverse(list.doublings));
    let mut sum = A::Group::default();
    let mut due = waiting.first().map_or(0, |list| list.doublings);
    for list in &waiting {
        sum = (list.doublings..due).fold(sum, |sum, _| sum.double());
        due = list.doublings;
        sum = sum.add(&running_sum::<A>(&workspace.sums, &list.places));
    }
    Ok((0..due).fold(sum, |sum, _| sum.double()))
}

/// `Σ w P_w`, by sums from the heaviest down.
fn running_sum<A: Adder>(points: &[A::Point], places: &[Option<u32>]) -> A::Group {
    let (mut running, mut sum) = (A::Group::default(), A::Group::default());
    for place in places.iter().skip(1).rev() {
        if let Some(place) = place {
            running = running.add_affine(&A::unpack(&points[*place as usize]));
        }
        sum = sum.add(&running);
    }
    sum
}
