//! Times, spans and numbers in the reader's language, in Chinese local time.

use crate::{Lang, t};
use chrono::{Datelike, NaiveDate, Timelike};
use kernel::{Time, time::local};

/// `11月18日`, `Nov 18`; with the year where it is not the present one.
#[must_use]
pub fn date(lang: Lang, date: NaiveDate, today: NaiveDate) -> String {
    let (m, d) = (date.month(), date.day());
    if date.year() == today.year() {
        if lang == Lang::En { date.format("%b %-d").to_string() } else { format!("{m}月{d}日") }
    } else if lang == Lang::En {
        date.format("%b %-d, %Y").to_string()
    } else {
        format!("{}年{m}月{d}日", date.year())
    }
}

/// The date of an instant.
#[must_use]
pub fn day(lang: Lang, at: Time, now: Time) -> String {
    date(lang, local(at).date(), local(now).date())
}

/// Date and time of day: `11月18日 10:20`, `今天 10:20`.
#[must_use]
pub fn when(lang: Lang, at: Time, now: Time) -> String {
    let (l, n) = (local(at), local(now));
    let clock = format!("{:02}:{:02}", l.hour(), l.minute());
    if l.date() == n.date() {
        return t!(lang, "today-at", time = clock);
    }
    format!("{} {clock}", date(lang, l.date(), n.date()))
}

/// Date and time in full, for papers and tables: `2026-11-18 10:20`.
#[must_use]
pub fn full(at: Time) -> String {
    local(at).format("%Y-%m-%d %H:%M").to_string()
}

/// A span of minutes in the two largest units that matter: `2 天 3 小时`, `40 分钟`.
#[must_use]
pub fn span(lang: Lang, minutes: i64) -> String {
    let minutes = minutes.max(0);
    let (days, hours, rest) = (minutes / 1440, minutes % 1440 / 60, minutes % 60);
    if days >= 3 || (days > 0 && hours == 0) {
        t!(lang, "span-days", n = days)
    } else if days > 0 {
        t!(lang, "span-days-hours", d = days, h = hours)
    } else if hours >= 6 || (hours > 0 && rest == 0) {
        t!(lang, "span-hours", n = hours)
    } else if hours > 0 {
        t!(lang, "span-hours-minutes", h = hours, m = rest)
    } else {
        t!(lang, "span-minutes", n = rest)
    }
}

/// Tenths as a decimal number: `32` is `3.2`.
#[must_use]
pub fn tenths(n: i64) -> String {
    format!("{}.{}", n / 10, (n % 10).abs())
}

/// A rate of two counts as a percentage with one decimal; a dash when there is nothing to count.
#[must_use]
pub fn percent(part: i64, whole: i64) -> String {
    if whole == 0 {
        return "—".into();
    }
    format!("{}%", tenths((part * 1000 + whole / 2) / whole))
}

/// The greeting of the hour.
#[must_use]
pub fn greeting(lang: Lang, now: Time) -> String {
    match local(now).hour() {
        5..=10 => t!(lang, "good-morning"),
        11..=12 => t!(lang, "good-noon"),
        13..=17 => t!(lang, "good-afternoon"),
        _ => t!(lang, "good-evening"),
    }
}

/// The day of the week.
#[must_use]
pub fn weekday(lang: Lang, date: NaiveDate) -> String {
    match date.weekday().num_days_from_monday() {
        0 => t!(lang, "monday"),
        1 => t!(lang, "tuesday"),
        2 => t!(lang, "wednesday"),
        3 => t!(lang, "thursday"),
        4 => t!(lang, "friday"),
        5 => t!(lang, "saturday"),
        _ => t!(lang, "sunday"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_well() {
        assert_eq!(span(Lang::ZhHans, 40), "40 分钟");
        assert_eq!(span(Lang::ZhHans, 125), "2 小时 5 分钟");
        assert_eq!(span(Lang::ZhHans, 1500), "1 天 1 小时");
        assert_eq!(span(Lang::En, 4320), "3 days");
    }

    #[test]
    fn rates_are_rounded_to_the_nearest_tenth() {
        assert_eq!(percent(2, 3), "66.7%");
        assert_eq!(percent(0, 0), "—");
        assert_eq!(percent(5, 5), "100.0%");
    }
}
