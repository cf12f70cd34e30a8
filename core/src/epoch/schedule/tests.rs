use proptest::prelude::*;

use super::*;

fn november() -> Month {
    Month::new(2026, 11).unwrap()
}

fn months() -> EpochSchedule {
    EpochSchedule::months(november(), EpochSchedule::WEEK).unwrap()
}

fn arb_schedule() -> impl Strategy<Value = EpochSchedule> {
    let latest = Month::LAST.number() - u32::from(u16::MAX);
    let months = (0..=latest, 0..28u32 * 86_400)
        .prop_map(|(first, grace)| EpochSchedule::months(Month::from_number(first).unwrap(), grace).unwrap());
    let seconds = (any::<u64>(), 1..=u32::MAX, any::<u32>()).prop_map(|(origin, length, grace)| {
        let room = u64::from(u16::MAX) * u64::from(length) + u64::from(grace % length);
        EpochSchedule::seconds(origin % (u64::MAX - room), length, grace % length).unwrap()
    });
    prop_oneof![months, seconds]
}

proptest! {
    /// Attacker: somebody who finds a second that no epoch has, or that two have.
    #[test]
    fn every_second_from_the_origin_on_lies_in_one_epoch(schedule in arb_schedule(), number: u16, share: u64) {
        let epoch = Epoch(number);
        let begins = schedule.begins(epoch).unwrap();
        prop_assert_eq!(schedule.epoch_at(begins), Some(epoch));
        let ends = schedule.ends(epoch);
        prop_assert_eq!(ends.is_none(), epoch == EpochSchedule::LAST);
        let length = ends.unwrap_or(u64::MAX) - begins;
        prop_assert_eq!(schedule.epoch_at(begins + share % length), Some(epoch));
        match epoch.previous() {
            Some(previous) => prop_assert_eq!(schedule.epoch_at(begins - 1), Some(previous)),
            None => {
                prop_assert_eq!(begins, schedule.origin());
                prop_assert_eq!(begins.checked_sub(1).and_then(|before| schedule.epoch_at(before)), None);
            }
        }
        prop_assert_eq!(schedule.epoch_at(u64::MAX), Some(EpochSchedule::LAST));
    }

    /// Attacker: somebody who slips a transaction into an epoch that is closed, or who spends before it begins.
    #[test]
    fn an_epoch_is_accepted_from_its_beginning_to_the_end_of_its_grace(schedule in arb_schedule(), number: u16) {
        let epoch = Epoch(number);
        let begins = schedule.begins(epoch).unwrap();
        prop_assert!(schedule.accepts(epoch, begins));
        prop_assert!(begins == 0 || !schedule.accepts(epoch, begins - 1));
        match schedule.payable_until(epoch) {
            Some(until) => {
                prop_assert_eq!(until - schedule.ends(epoch).unwrap(), u64::from(schedule.grace()));
                prop_assert!(schedule.accepts(epoch, until - 1));
                prop_assert!(!schedule.accepts(epoch, until));
                prop_assert!(!schedule.accepts(epoch, u64::MAX));
                // At most two epochs are accepted at once.
                prop_assert!(schedule.ends(epoch.next().unwrap()).is_none_or(|later| until < later));
            }
            None => prop_assert!(schedule.accepts(epoch, u64::MAX)),
        }
    }

    #[test]
    fn turns_are_ends_of_epochs_and_of_graces(schedule in arb_schedule(), number in 0..u16::MAX - 1) {
        let epoch = Epoch(number);
        let (end, grace) = (schedule.ends(epoch).unwrap(), schedule.payable_until(epoch).unwrap());
        prop_assert_eq!(schedule.next_turn(end - 1), Some(end));
        let after = schedule.next_turn(end);
        prop_assert_eq!(after, if grace > end { Some(grace) } else { schedule.ends(epoch.next().unwrap()) });
        prop_assert_eq!(schedule.next_turn(grace), schedule.ends(epoch.next().unwrap()));
    }

    #[test]
    fn schedules_round_trip(schedule in arb_schedule()) {
        let bytes = schedule.to_bytes();
        prop_assert_eq!(EpochSchedule::from_bytes(&bytes), Ok(schedule));
        for length in 0..bytes.len() {
            prop_assert!(EpochSchedule::from_bytes(&bytes[..length]).is_err());
        }
    }
}

#[test]
fn months_are_epochs() {
    let schedule = months();
    let at = |year, month| Month::new(year, month).unwrap().begins();
    assert_eq!(schedule.origin(), at(2026, 11));
    assert_eq!(schedule.epoch_at(at(2026, 11) - 1), None);
    assert_eq!(schedule.epoch_at(at(2028, 2)), Some(Epoch(15)));
    // 2028 is a leap year.
    assert_eq!(schedule.ends(Epoch(15)), Some(at(2028, 2) + 29 * DAY));
    assert_eq!(schedule.payable_until(Epoch(0)), Some(at(2026, 12) + 7 * DAY));
    assert_eq!(schedule.name(Epoch(1)), "December 2026");
    assert_eq!(schedule.begins(EpochSchedule::LAST), Some(at(7488, 2)));
    assert_eq!(schedule.payable_until(EpochSchedule::LAST), None);
    let year = schedule.epochs_between(at(2027, 1), at(2028, 1) - 1).unwrap();
    assert_eq!(schedule.name_range(year), "January 2027 to December 2027");
    let sooner = schedule.epochs_between(0, at(2026, 12)).unwrap();
    assert_eq!((sooner.first(), sooner.last()), (Epoch(0), Epoch(1)));
    assert_eq!(schedule.epochs_between(0, at(2026, 11) - 1), None);
}

#[test]
fn a_schedule_leaves_room_for_grace_and_for_every_epoch() {
    let day = 24 * 60 * 60;
    assert!(EpochSchedule::months(november(), 28 * day).is_none());
    assert!(EpochSchedule::months(november(), 28 * day - 1).is_some());
    let latest = Month::from_number(Month::LAST.number() - u32::from(u16::MAX)).unwrap();
    assert!(EpochSchedule::months(latest, 0).is_some());
    assert!(EpochSchedule::months(latest.plus(1).unwrap(), 0).is_none());
    assert!(EpochSchedule::seconds(0, 0, 0).is_none());
    assert!(EpochSchedule::seconds(0, 10, 10).is_none());
    assert!(EpochSchedule::seconds(0, 10, 9).is_some());
    let last = u64::MAX - u64::from(u16::MAX) * 10 - 9;
    assert!(EpochSchedule::seconds(last, 10, 9).is_some());
    assert!(EpochSchedule::seconds(last + 1, 10, 9).is_none());
}

#[test]
fn one_endless_epoch() {
    let schedule = EpochSchedule::ENDLESS;
    assert_eq!((schedule.epoch_at(0), schedule.epoch_at(u64::MAX)), (Some(Epoch(0)), Some(Epoch(0))));
    assert!(schedule.accepts(Epoch(0), 0) && schedule.accepts(Epoch(0), u64::MAX));
    assert!(!schedule.accepts(Epoch(1), 0) && !schedule.accepts(EpochSchedule::LAST, u64::MAX));
    assert_eq!((schedule.begins(Epoch(1)), schedule.ends(Epoch(0))), (None, None));
    assert!(
        !schedule.takes_withdrawals_only(Epoch(0)) && !schedule.takes_withdrawals_only(EpochSchedule::LAST)
    );
    assert_eq!(schedule.next_turn(5), None);
    assert_eq!(EpochSchedule::from_bytes(&schedule.to_bytes()), Ok(schedule));
    assert_eq!(schedule.name(Epoch(0)), "all time");
}

#[test]
fn the_last_epoch_takes_withdrawals_only() {
    assert!(months().takes_withdrawals_only(EpochSchedule::LAST));
    assert!(!months().takes_withdrawals_only(Epoch(u16::MAX - 1)));
    let schedule = EpochSchedule::seconds(1_700_000_000, 120, 30).unwrap();
    let from = schedule.withdrawals_only_from().unwrap();
    assert_eq!(from, 1_700_000_000 + 120 * 65_535);
    let only = |time| schedule.epoch_at(time).is_some_and(|epoch| schedule.takes_withdrawals_only(epoch));
    assert!(!only(from - 1) && only(from));
    assert_eq!(EpochSchedule::ENDLESS.withdrawals_only_from(), None);
}
