//! Days by which something must be done (民法典 201–203, 1259): the day of the start does not count, and a last day that
//! is a statutory day off moves to the next day that is none.

use chrono::{Datelike, Days, NaiveDate};

/// The most days that are counted: a hundred years.
pub const MOST_DAYS: u32 = 36_525;

/// The first day from `day` on that is not off. None only at the end of the calendar.
fn next_worked(mut day: NaiveDate, off: &impl Fn(NaiveDate) -> bool) -> Option<NaiveDate> {
    // A calendar that is off for ever is no calendar; a hundred years are enough to say so.
    for _ in 0..MOST_DAYS {
        if !off(day) {
            return Some(day);
        }
        day = day.succ_opt()?;
    }
    None
}

/// The last day of "within so many days after `start`".
#[must_use]
pub fn within_days_after(start: NaiveDate, days: u32, off: impl Fn(NaiveDate) -> bool) -> Option<NaiveDate> {
    next_worked(start.checked_add_days(Days::new(u64::from(days)))?, &off)
}

/// The last day of "within one year after `start`": the same day of the next year, or the last of its month where there
/// is no such day (202).
#[must_use]
pub fn within_one_year_after(start: NaiveDate, off: impl Fn(NaiveDate) -> bool) -> Option<NaiveDate> {
    let year = start.year().checked_add(1)?;
    let same = NaiveDate::from_ymd_opt(year, start.month(), start.day());
    next_worked(same.or_else(|| NaiveDate::from_ymd_opt(year, 2, 28))?, &off)
}

/// The last day on which notice can be given `days` before a meeting. Counted backwards, so a day off does not move it:
/// later would be too short.
#[must_use]
pub fn latest_notice_before(meeting: NaiveDate, days: u32) -> Option<NaiveDate> {
    meeting.checked_sub_days(Days::new(u64::from(days)))
}

/// The first day on which a notice put up on `start` may be taken down, after it hung there for `days` whole days.
#[must_use]
pub fn earliest_removal(start: NaiveDate, days: u32) -> Option<NaiveDate> {
    start.checked_add_days(Days::new(u64::from(days) + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_first_day_does_not_count_and_a_last_day_off_moves() {
        let off = |list: &'static [&'static str]| move |d: NaiveDate| list.contains(&d.to_string().as_str());
        assert_eq!(within_days_after(day("2026-03-02"), 30, off(&[])), Some(day("2026-04-01")));
        assert_eq!(within_days_after(day("2026-03-02"), 30, off(&["2026-04-01"])), Some(day("2026-04-02")));
        let week = off(&["2026-10-01", "2026-10-02", "2026-10-03"]);
        assert_eq!(within_days_after(day("2026-09-21"), 10, week), Some(day("2026-10-04")));
        assert_eq!(within_days_after(day("2026-09-21"), 9, week), Some(day("2026-09-30")));
        assert_eq!(within_days_after(day("2026-01-31"), 0, off(&[])), Some(day("2026-01-31")));
        assert_eq!(within_days_after(day("2026-01-31"), 1, |_| true), None);
    }

    #[test]
    fn a_year_ends_on_its_day_or_the_end_of_february() {
        let on = |_| false;
        assert_eq!(within_one_year_after(day("2026-05-06"), on), Some(day("2027-05-06")));
        assert_eq!(within_one_year_after(day("2028-02-29"), on), Some(day("2029-02-28")));
        assert_eq!(within_one_year_after(day("2027-02-28"), on), Some(day("2028-02-28")));
        assert_eq!(
            within_one_year_after(day("2025-10-01"), |d| d == day("2026-10-01")),
            Some(day("2026-10-02"))
        );
    }

    #[test]
    fn notice_is_counted_back_and_showing_is_whole_days() {
        assert_eq!(latest_notice_before(day("2026-06-20"), 15), Some(day("2026-06-05")));
        assert_eq!(latest_notice_before(day("2026-03-10"), 10), Some(day("2026-02-28")));
        assert_eq!(earliest_removal(day("2026-06-01"), 15), Some(day("2026-06-17")));
        assert_eq!(earliest_removal(NaiveDate::MAX, 1), None);
        assert_eq!(latest_notice_before(NaiveDate::MIN, 1), None);
    }
}
