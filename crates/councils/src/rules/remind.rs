//! When somebody is reminded of an action whose last day is over, and how far up that goes.

use crate::model::{Action, Level};
use chrono::NaiveDate;

/// Days over from which chair and secretary hear of it.
const BODY: i64 = 3;
/// Days over from which the community's secretary hears of it; from then on it is said once in as many days.
const PLACE: i64 = 7;

/// Who is reminded today: the owner every day, the body from the third day on, the community from the seventh; after that once a
/// week, so that what is said is still heard. Nothing when it is not over, or was said today already.
#[must_use]
pub fn reminder(a: &Action, today: NaiveDate) -> Option<Level> {
    if !a.overdue(today) {
        return None;
    }
    let over = (today - a.due).num_days();
    let level = match over {
        ..BODY => Level::Owner,
        BODY..PLACE => Level::Body,
        _ => Level::Place,
    };
    let due = a.reminded.is_none_or(|r| match (today - r.on).num_days() {
        ..1 => false,
        1..PLACE => over <= PLACE || level > r.level,
        _ => true,
    });
    due.then_some(level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ActionState, Owner, Reminded};
    use chrono::Days;
    use kernel::{Id, PlacePath, time::day_start};
    use proptest::prelude::*;

    fn action(due: NaiveDate) -> Action {
        let id = Id::named("action");
        Action {
            id,
            street: id,
            council: id,
            sitting: id,
            item: id,
            place: PlacePath::root(),
            matter: None,
            text: "装充电桩".into(),
            owner: Owner::Person(id),
            due,
            state: ActionState::Open,
            reminded: None,
            reopened: 0,
            reports: Vec::new(),
            result: None,
            given_at: day_start(due),
            done_at: None,
        }
    }

    fn day(n: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 1).unwrap() + Days::new(n)
    }

    #[test]
    fn daily_for_a_week_climbing_then_weekly() {
        let mut a = action(day(10));
        let mut said = Vec::new();
        for n in 0..40 {
            if let Some(level) = reminder(&a, day(n)) {
                a.reminded = Some(Reminded { level, on: day(n) });
                said.push((n - 10, level));
            }
            assert_eq!(reminder(&a, day(n)), None, "once a day");
        }
        let expected = [
            (1, Level::Owner),
            (2, Level::Owner),
            (3, Level::Body),
            (4, Level::Body),
            (5, Level::Body),
            (6, Level::Body),
            (7, Level::Place),
            (14, Level::Place),
            (21, Level::Place),
            (28, Level::Place),
        ];
        assert_eq!(said, expected);
        a.state = ActionState::Done;
        assert_eq!(reminder(&a, day(60)), None);
    }

    proptest! {
        #[test]
        fn however_rarely_it_is_looked_at_it_climbs_and_never_goes_back(gaps in proptest::collection::vec(0u64..6, 1..40)) {
            let mut a = action(day(0));
            let mut n = 0;
            for gap in gaps {
                n += gap;
                if let Some(level) = reminder(&a, day(n)) {
                    prop_assert!(n > 0 && a.reminded.is_none_or(|r| r.level <= level && r.on < day(n)));
                    a.reminded = Some(Reminded { level, on: day(n) });
                }
                // Who has to hear of it by now has heard of it.
                let must = match n { 0 => None, 1..3 => Some(Level::Owner), 3..7 => Some(Level::Body), _ => Some(Level::Place) };
                prop_assert_eq!(a.reminded.map(|r| r.level), must);
            }
        }
    }
}
