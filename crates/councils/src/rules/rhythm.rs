//! The days of a rhythm. Every day of the rule is kept: one that falls on a day off is held or moved, never dropped, and two
//! that come to lie on one day stay two.

use super::decide::ensure;
use crate::model::{DayOff, Nth, Recurrence, Rhythm};
use chrono::{Datelike, Days, Duration, Months, NaiveDate};
use kernel::{
    Refusal, Time,
    calendar::Calendar,
    text::{self, TITLE},
    time::{from_local, local_date},
};

/// Shortest and longest sitting of a rhythm, in minutes.
const LENGTHS: std::ops::RangeInclusive<u32> = 15..=720;
/// How many sittings are kept planned.
pub const AHEAD: usize = 3;
/// No street is off for longer at a stretch: so far back it is looked for days that were moved.
const LOOK_BACK: u64 = 92;
/// Months looked at. The rarest day, the 31st, comes seven times a year.
const LOOK_AHEAD: u32 = 8 * 12;

/// One time that a rhythm gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The day of the rule: by this a sitting knows what it is for.
    pub of: NaiveDate,
    /// The day on which it is held.
    pub day: NaiveDate,
    /// From when.
    pub starts: Time,
    /// Until when.
    pub ends: Time,
    /// Whether the day before it in the order is held on the same day.
    pub with_last: bool,
    /// Whether it is not known if the day is worked: the year has no table of holidays yet.
    pub guessed: bool,
}

impl Occurrence {
    /// Whether it is not held on the day of the rule.
    #[must_use]
    pub fn moved(&self) -> bool {
        self.of != self.day
    }
}

/// The days of a rule in a month, in order.
fn in_month(rule: &Recurrence, first: NaiveDate) -> Vec<NaiveDate> {
    let days = || first.iter_days().take_while(move |d| d.month() == first.month());
    let end = days().last();
    let hits = |d: &NaiveDate| match rule {
        Recurrence::MonthDays { days, last } => days.contains(&d.day()) || (*last && Some(*d) == end),
        Recurrence::Weekly(day) => d.weekday() == *day,
        Recurrence::MonthWeekday(nth, day) => {
            let is_last = d.checked_add_days(Days::new(7)).is_none_or(|n| n.month() != d.month());
            let turn = d.day0() / 7;
            d.weekday() == *day
                && match nth {
                    Nth::First => turn == 0,
                    Nth::Second => turn == 1,
                    Nth::Third => turn == 2,
                    Nth::Fourth => turn == 3,
                    Nth::Last => is_last,
                }
        }
    };
    days().filter(hits).collect()
}

/// The days of a rule from a day on, in order, for eight years.
pub fn days_from(rule: &Recurrence, from: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let begin = from.with_day(1).unwrap_or(from);
    (0..LOOK_AHEAD)
        .filter_map(move |n| begin.checked_add_months(Months::new(n)))
        .flat_map(move |first| in_month(rule, first))
        .filter(move |d| *d >= from)
}

/// The months of a year that have not got a day of the rule: (month, day). In these the body has one sitting less.
#[must_use]
pub fn gaps(rule: &Recurrence, year: i32) -> Vec<(u32, u32)> {
    let Recurrence::MonthDays { days, .. } = rule else { return Vec::new() };
    let lacks = |m: u32, d: u32| NaiveDate::from_ymd_opt(year, m, d).is_none();
    (1..=12).flat_map(|m| days.iter().filter(move |d| lacks(m, **d)).map(move |d| (m, *d))).collect()
}

/// The next `n` times of a rhythm that begin after an instant.
#[must_use]
pub fn next(rhythm: &Rhythm, calendar: &Calendar, after: Time, n: usize) -> Vec<Occurrence> {
    let today = local_date(after);
    // A day of the rule that is over may be held later than now.
    let from = today.checked_sub_days(Days::new(LOOK_BACK)).unwrap_or(today);
    let mut last = None;
    days_from(&rhythm.rule, from)
        .map(|of| {
            let stays = rhythm.off == DayOff::Keep || calendar.is_workday(of);
            let day = if stays { of } else { calendar.workday_after(of) };
            let starts = from_local(day.and_time(rhythm.at));
            let ends = starts + Duration::minutes(i64::from(rhythm.minutes));
            let with_last = last.replace(day) == Some(day);
            let guessed = rhythm.off == DayOff::NextWorkday && !calendar.day(of).certain;
            Occurrence { of, day, starts, ends, with_last, guessed }
        })
        .filter(|o| o.starts > after)
        .take(n)
        .collect()
}

/// Checks a rhythm that somebody entered.
///
/// # Errors
/// Which field is wrong.
pub(crate) fn check_rhythm(rhythm: Rhythm) -> Result<Rhythm, Refusal> {
    ensure(LENGTHS.contains(&rhythm.minutes), || {
        Refusal::invalid("length", "councils.length")
            .with("least", *LENGTHS.start())
            .with("most", *LENGTHS.end())
    })?;
    let venue = text::required("hall", &rhythm.venue, TITLE)?;
    Ok(Rhythm { venue, ..rhythm })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveTime;
    use kernel::time::day_start;
    use proptest::prelude::*;

    fn date(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn rhythm(rule: &str, off: DayOff) -> Rhythm {
        let at = NaiveTime::from_hms_opt(9, 0, 0).unwrap();
        Rhythm { rule: rule.parse().unwrap(), at, minutes: 120, venue: "议事厅".into(), off }
    }

    fn of_year(rule: &Recurrence, year: i32) -> Vec<NaiveDate> {
        days_from(rule, date(year, 1, 1)).take_while(|d| d.year() == year).collect()
    }

    /// The three days of 民意5来听.
    const FIVES: &str = "FREQ=MONTHLY;BYMONTHDAY=5,15,25";

    #[test]
    fn the_known_forms_are_read_and_written_and_no_other() {
        for text in [
            FIVES,
            "FREQ=MONTHLY;BYMONTHDAY=-1",
            "FREQ=MONTHLY;BYMONTHDAY=1,31,-1",
            "FREQ=WEEKLY;BYDAY=MO",
            "FREQ=MONTHLY;BYDAY=1MO",
            "FREQ=MONTHLY;BYDAY=-1SU",
        ] {
            let rule: Recurrence = text.parse().unwrap();
            assert_eq!(rule.to_string(), text);
            let json = serde_json::to_string(&rule).unwrap();
            assert_eq!(serde_json::from_str::<Recurrence>(&json).unwrap(), rule);
        }
        for text in [
            "",
            "FREQ=DAILY",
            "FREQ=MONTHLY",
            "FREQ=MONTHLY;BYMONTHDAY=",
            "FREQ=MONTHLY;BYMONTHDAY=0",
            "FREQ=MONTHLY;BYMONTHDAY=32",
            "FREQ=MONTHLY;BYMONTHDAY=15,5",
            "FREQ=MONTHLY;BYMONTHDAY=5,5",
            "FREQ=MONTHLY;BYMONTHDAY=05",
            "FREQ=MONTHLY;BYMONTHDAY=+5",
            "FREQ=MONTHLY;BYMONTHDAY=5,",
            "FREQ=MONTHLY;BYMONTHDAY=5-1",
            "FREQ=MONTHLY;BYMONTHDAY=-1,5",
            "FREQ=MONTHLY;BYMONTHDAY=-2",
            "FREQ=MONTHLY;BYDAY=MO",
            "FREQ=MONTHLY;BYDAY=5MO",
            "FREQ=MONTHLY;BYDAY=一",
            "FREQ=WEEKLY;BYDAY=MO,TU",
            "FREQ=WEEKLY;BYDAY=mo",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
            "freq=weekly;byday=MO",
            " FREQ=WEEKLY;BYDAY=MO",
        ] {
            assert_eq!(text.parse::<Recurrence>(), Err(crate::model::NotARecurrence), "{text}");
        }
    }

    #[test]
    fn short_months_have_no_31st_and_the_last_day_is_in_each() {
        let rule: Recurrence = "FREQ=MONTHLY;BYMONTHDAY=31".parse().unwrap();
        assert_eq!(of_year(&rule, 2026).len(), 7);
        assert_eq!(gaps(&rule, 2026), [(2, 31), (4, 31), (6, 31), (9, 31), (11, 31)]);
        let last: Recurrence = "FREQ=MONTHLY;BYMONTHDAY=-1".parse().unwrap();
        assert_eq!(of_year(&last, 2028).len(), 12);
        assert!(of_year(&last, 2028).contains(&date(2028, 2, 29)));
        assert!(gaps(&last, 2026).is_empty());
        // The last day is one day, though two parts of the rule name it.
        let both: Recurrence = "FREQ=MONTHLY;BYMONTHDAY=30,-1".parse().unwrap();
        assert_eq!(
            of_year(&both, 2026).len(),
            12 + 7,
            "seven 31sts, eleven 30ths of which four are the last, one 28th"
        );
    }

    #[test]
    fn the_first_monday_and_the_last_friday() {
        let first: Recurrence = "FREQ=MONTHLY;BYDAY=1MO".parse().unwrap();
        assert_eq!(of_year(&first, 2026)[..3], [date(2026, 1, 5), date(2026, 2, 2), date(2026, 3, 2)]);
        let last: Recurrence = "FREQ=MONTHLY;BYDAY=-1FR".parse().unwrap();
        assert_eq!(of_year(&last, 2026)[..3], [date(2026, 1, 30), date(2026, 2, 27), date(2026, 3, 27)]);
    }

    #[test]
    fn the_national_holiday_moves_a_fifth_and_keeps_it() {
        // 5 October 2026 is in the holiday.
        let calendar = Calendar::shipped();
        let after = day_start(date(2026, 10, 1));
        let kept = next(&rhythm(FIVES, DayOff::Keep), &calendar, after, 1);
        assert_eq!((kept[0].day, kept[0].moved()), (date(2026, 10, 5), false));
        let moved = next(&rhythm(FIVES, DayOff::NextWorkday), &calendar, after, 1);
        assert_eq!(moved[0].of, date(2026, 10, 5));
        assert!(moved[0].moved() && calendar.is_workday(moved[0].day));
        // On the day between, it is still to come.
        let between = day_start(date(2026, 10, 6));
        assert_eq!(next(&rhythm(FIVES, DayOff::NextWorkday), &calendar, between, 1)[0].of, date(2026, 10, 5));
        // Two days of the rule that a holiday brings to one day stay two, and it is said.
        let two = next(&rhythm("FREQ=MONTHLY;BYMONTHDAY=2,3", DayOff::NextWorkday), &calendar, after, 2);
        assert_eq!((two[0].day, two[0].with_last), (two[1].day, false));
        assert!(two[1].with_last && two[0].of != two[1].of);
    }

    fn any_rule() -> impl Strategy<Value = Recurrence> {
        let day = || proptest::sample::select(crate::model::WEEKDAYS.map(|(d, _)| d).to_vec());
        prop_oneof![
            (proptest::collection::vec(1u32..=31, 0..6), any::<bool>())
                .prop_filter_map("some day", |(days, last)| Recurrence::month_days(days, last)),
            day().prop_map(Recurrence::Weekly),
            (proptest::sample::select(Nth::ALL.to_vec()), day())
                .prop_map(|(n, d)| Recurrence::MonthWeekday(n, d)),
        ]
    }

    proptest! {
        #[test]
        fn a_rule_is_read_as_it_was_written(rule in any_rule()) {
            prop_assert_eq!(rule.to_string().parse::<Recurrence>().unwrap(), rule);
        }

        #[test]
        fn what_is_read_is_written_the_same(text in "(FREQ=)?(MONTHLY|WEEKLY);BY(MONTH)?DAY=[-0-9A-Z,]{0,8}") {
            if let Ok(rule) = text.parse::<Recurrence>() {
                prop_assert_eq!(rule.to_string(), text);
            }
        }

        #[test]
        fn a_year_has_thirty_six_and_none_is_missed(year in 2000i32..2099) {
            let days = of_year(&FIVES.parse().unwrap(), year);
            let all: Vec<NaiveDate> =
                (1..=12).flat_map(|m| [5, 15, 25].map(|d| date(year, m, d))).collect();
            prop_assert_eq!(days.len(), 36);
            prop_assert_eq!(days, all);
        }

        #[test]
        fn moving_loses_none_merges_none_and_keeps_the_order(
            rule in any_rule(), year in 2020i32..2030, skip in 0u64..365, n in 1usize..40,
        ) {
            let calendar = Calendar::shipped();
            let after = day_start(date(year, 1, 1) + Days::new(skip));
            let moved = rhythm(&rule.to_string(), DayOff::NextWorkday);
            let kept = Rhythm { off: DayOff::Keep, ..moved.clone() };
            let list = next(&moved, &calendar, after, n);
            prop_assert_eq!(list.len(), n);
            prop_assert!(list.windows(2).all(|w| w[0].of < w[1].of && w[0].starts <= w[1].starts));
            prop_assert!(list.iter().all(|o| o.starts > after && o.day >= o.of && calendar.is_workday(o.day)));
            prop_assert!(list.windows(2).all(|w| w[1].with_last == (w[0].day == w[1].day)));
            // Every day of the rule that is kept is there when days are moved, too.
            let plain = next(&kept, &calendar, after, n);
            for o in plain.iter().filter(|o| list.last().is_some_and(|l| o.of <= l.of)) {
                prop_assert!(list.iter().any(|m| m.of == o.of));
            }
        }

        #[test]
        fn asking_again_from_each_gives_the_same_list(rule in any_rule(), year in 2020i32..2030) {
            let calendar = Calendar::shipped();
            let r = rhythm(&rule.to_string(), DayOff::Keep);
            let list = next(&r, &calendar, day_start(date(year, 1, 1)), 12);
            for w in list.windows(2) {
                prop_assert_eq!(next(&r, &calendar, w[0].starts, 1)[0].of, w[1].of);
            }
        }
    }
}
