//! The choice of notes to spend: as few as are enough, and among such choices one that leaves little change.

/// Chooses as few of `values` as reach `target`, at most `most` of them; returns their indices in ascending order.
///
/// Among choices of that number it keeps change small: starting with the largest notes, it exchanges each for the
/// smallest that still reaches the target. `None` if no choice of at most `most` values reaches it. For a target of
/// zero, nothing is chosen.
pub(crate) fn select(values: &[u64], target: u128, most: usize) -> Option<Vec<usize>> {
    let mut descending: Vec<usize> = (0..values.len()).collect();
    descending.sort_by_key(|index| core::cmp::Reverse(values[*index]));
    let mut sum = 0u128;
    let mut count = 0;
    while sum < target {
        sum += u128::from(values[*descending.get(count)?]);
        count += 1;
    }
    if count > most {
        return None;
    }
    // Positions in `descending`, ascending. The one that stands last is exchanged first, as far down as it goes.
    let mut chosen: Vec<usize> = (0..count).collect();
    for slot in (0..count).rev() {
        let limit = chosen.get(slot + 1).copied().unwrap_or(descending.len());
        let others = sum - u128::from(values[descending[chosen[slot]]]);
        let candidate = (chosen[slot]..limit)
            .rev()
            .find(|position| others + u128::from(values[descending[*position]]) >= target);
        if let Some(position) = candidate {
            sum = others + u128::from(values[descending[position]]);
            chosen[slot] = position;
        }
    }
    let mut indices: Vec<usize> = chosen.into_iter().map(|position| descending[position]).collect();
    indices.sort_unstable();
    Some(indices)
}

/// As [`select`], with one of the values at `must` among the chosen: the one that gives the fewest notes, and then the
/// least change.
pub(crate) fn select_with(values: &[u64], must: &[usize], target: u128, most: usize) -> Option<Vec<usize>> {
    let most = most.checked_sub(1)?;
    let with = |index: &usize| {
        let others: Vec<usize> = (0..values.len()).filter(|other| other != index).collect();
        let rest: Vec<u64> = others.iter().map(|other| values[*other]).collect();
        let target = target.saturating_sub(values[*index].into());
        let mut chosen: Vec<usize> =
            select(&rest, target, most)?.into_iter().map(|place| others[place]).collect();
        chosen.push(*index);
        chosen.sort_unstable();
        Some(chosen)
    };
    let sum = |chosen: &Vec<usize>| chosen.iter().map(|index| u128::from(values[*index])).sum::<u128>();
    must.iter().filter_map(with).min_by_key(|chosen| (chosen.len(), sum(chosen)))
}

/// How many of `values`, the largest first, reach `target`; `None` if all of them do not.
pub(crate) fn fewest(values: &[u64], target: u128) -> Option<usize> {
    select(values, target, usize::MAX).map(|chosen| chosen.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_note_that_fits_best() {
        assert_eq!(select(&[100, 30, 50, 31], 31, 2), Some(vec![3]));
        assert_eq!(select(&[100, 30, 50, 31], 81, 2), Some(vec![0]));
        assert_eq!(select(&[5], 0, 2), Some(vec![]));
    }

    #[test]
    fn two_notes_with_little_change() {
        let values = [10, 20, 60, 70];
        // 60 + 20 reaches 75 with two notes, and no single note does.
        let chosen = select(&values, 75, 2).unwrap();
        assert_eq!(chosen.iter().map(|index| values[*index]).sum::<u64>(), 80);
    }

    #[test]
    fn refuses_what_cannot_be() {
        assert_eq!(select(&[1, 1, 1], 3, 2), None);
        assert_eq!(select(&[1, 1, 1], 4, 8), None);
        assert_eq!(fewest(&[1, 1, 1], 3), Some(3));
        assert_eq!(select(&[u64::MAX, u64::MAX], u128::from(u64::MAX) + 1, 2), Some(vec![0, 1]));
    }

    #[test]
    fn one_note_that_has_to_be_there() {
        let values = [100, 30, 50, 31];
        assert_eq!(select_with(&values, &[0], 31, 2), Some(vec![0]));
        assert_eq!(select_with(&values, &[1], 31, 2), Some(vec![1, 3]));
        assert_eq!(select_with(&values, &[1, 2], 31, 2), Some(vec![2]));
        assert_eq!(select_with(&values, &[1], 140, 2), None);
        assert_eq!(select_with(&values, &[1], 140, 3), Some(vec![0, 1, 3]));
        assert_eq!(select_with(&values, &[1], 1, 0), None);
    }

    proptest! {
        #[test]
        fn reaches_the_target_with_the_fewest(
            values in proptest::collection::vec(0u64..50, 0..9), target in 0u128..200
        ) {
            let best = (0u32..1 << values.len())
                .filter(|set| (0..values.len()).filter(|i| set >> i & 1 == 1)
                    .map(|i| u128::from(values[i])).sum::<u128>() >= target)
                .map(u32::count_ones).min();
            let chosen = select(&values, target, usize::MAX);
            prop_assert_eq!(chosen.as_ref().map(Vec::len), best.map(|count| count as usize));
            if let Some(chosen) = chosen {
                let sum: u128 = chosen.iter().map(|i| u128::from(values[*i])).sum();
                prop_assert!(sum >= target);
                // No chosen note could be left out.
                prop_assert!(chosen.iter().all(|i| sum - u128::from(values[*i]) < target));
                prop_assert!(chosen.windows(2).all(|pair| pair[0] < pair[1]));
            }
        }
    }
}
