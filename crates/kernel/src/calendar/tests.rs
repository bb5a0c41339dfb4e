use proptest::prelude::*;

use super::*;
use crate::time::parse_stamp;

/// An instant by the clock on the wall in China.
fn at(text: &str) -> Time {
    parse_stamp(&format!("{text}:00+08:00").replace(' ', "T")).unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn limit(text: &str) -> Limit {
    text.parse().unwrap()
}

fn due(start: &str, text: &str) -> Time {
    Calendar::shipped().deadline(at(start), limit(text)).at
}

#[test]
fn the_shipped_table_is_read_whole() {
    let lines: Vec<&str> = SHIPPED.lines().filter(|l| !l.starts_with('#')).collect();
    assert_eq!(lines.len(), 769);
    assert_eq!(TABLE.names.len(), lines.len(), "every line is a date of its own within the years");
    assert_eq!(TABLE.kinds.len(), 8_401);
    assert_eq!(TABLE.kinds.iter().filter(|k| **k == DayKind::MakeUp).count(), 150);
    assert!(SHIPPED.contains(&format!("# years: {FIRST_YEAR}-{LAST_YEAR}\n")));
}

#[test]
fn spring_festival_2024() {
    let c = Calendar::shipped();
    let kinds = |d: &str| c.day(date(d)).kind;
    assert_eq!(kinds("2024-02-04"), DayKind::MakeUp);
    assert_eq!(kinds("2024-02-09"), DayKind::Work);
    assert_eq!(kinds("2024-02-10"), DayKind::Holiday);
    assert_eq!(kinds("2024-02-17"), DayKind::Holiday);
    assert_eq!(kinds("2024-02-18"), DayKind::MakeUp);
    assert_eq!(c.day(date("2024-02-10")).name, "春节");

    assert_eq!(due("2024-02-09 10:00", "1 work_day"), at("2024-02-18 17:30"));
    assert_eq!(due("2024-02-09 10:00", "5 work_day"), at("2024-02-22 17:30"));
    assert_eq!(due("2024-02-09 16:00", "2 work_hour"), at("2024-02-18 09:00"));
    assert_eq!(due("2024-02-10 03:00", "24 urgent_hour"), at("2024-02-11 03:00"));
    assert_eq!(due("2024-02-10 03:00", "7 natural_day"), at("2024-02-17 03:00"));
}

#[test]
fn national_day_2025() {
    // Sunday 28 September is worked, 1 to 8 October are off, Saturday 11 October is worked.
    assert_eq!(due("2025-09-26 09:00", "1 work_day"), at("2025-09-28 17:30"));
    assert_eq!(due("2025-09-30 15:00", "1 work_day"), at("2025-10-09 17:30"));
    assert_eq!(due("2025-09-30 15:00", "3 work_day"), at("2025-10-11 17:30"));
    assert_eq!(due("2025-09-30 15:30", "4 work_hour"), at("2025-10-09 10:30"));
}

#[test]
fn after_hours_and_on_days_off_the_next_working_day_is_the_first() {
    assert_eq!(due("2026-11-16 09:00", "1 work_day"), at("2026-11-17 17:30"));
    assert_eq!(due("2026-11-16 20:00", "1 work_day"), at("2026-11-17 17:30"));
    assert_eq!(due("2026-11-21 12:00", "1 work_day"), at("2026-11-23 17:30"));
    assert_eq!(due("2026-11-21 12:00", "1 work_hour"), at("2026-11-23 09:30"));
    assert_eq!(due("2026-11-16 12:30", "4 work_hour"), at("2026-11-17 09:00"));
}

#[test]
fn a_missing_year_is_named() {
    let c = Calendar::shipped();
    assert!(c.covers(2026) && !c.covers(2027) && !c.covers(2003));
    let late = c.deadline(at("2026-12-30 10:00"), limit("5 work_day"));
    assert_eq!(late.missing_year, Some(2027));
    assert_eq!(c.deadline(at("2026-12-28 10:00"), limit("3 work_day")).missing_year, None);
    assert_eq!(c.deadline(at("2026-12-30 10:00"), limit("5 natural_day")).missing_year, None);
    assert!(!c.day(date("2027-01-01")).certain);

    let own = Calendar::with_overrides(&Overrides {
        days: vec![DayOverride { date: date("2027-01-01"), work: false, name: "元旦".into() }],
        years: vec![2027],
        duty: None,
    });
    let sure = own.deadline(at("2026-12-30 10:00"), limit("5 work_day"));
    assert_eq!(sure.missing_year, None);
    assert_eq!(local(sure.at).date(), own.workday_after(local(late.at).date()), "one holiday, one day later");
}

#[test]
fn a_street_can_close_for_a_typhoon_and_keep_other_hours() {
    let overrides: Overrides = serde_json::from_str(
        r#"{"days":[{"date":"2026-07-14","work":false,"name":"台风停工"},{"date":"2026-07-18","work":true}],"duty":"09:00-17:00"}"#,
    )
    .unwrap();
    let c = Calendar::with_overrides(&overrides);
    assert_eq!(c.deadline(at("2026-07-13 16:00"), limit("2 work_hour")).at, at("2026-07-15 10:00"));
    assert_eq!(c.day(date("2026-07-18")).kind, DayKind::MakeUp);
    assert_eq!(c.deadline(at("2026-07-17 10:00"), limit("1 work_day")).at, at("2026-07-18 17:00"));
    assert_eq!(
        serde_json::from_str::<Overrides>(&serde_json::to_string(&overrides).unwrap()).unwrap(),
        overrides
    );
    assert!(serde_json::from_str::<Overrides>(r#"{"day":[]}"#).unwrap_err().to_string().contains("day"));
}

#[test]
fn when_every_day_is_off_the_count_still_ends() {
    let days = date("2026-01-01").iter_days().take(40 * 366);
    let days = days.map(|date| DayOverride { date, work: false, name: String::new() }).collect();
    let c = Calendar::with_overrides(&Overrides { days, ..Overrides::default() });
    assert!(c.deadline(at("2026-01-01 08:00"), limit("1 work_hour")).missing_year.is_some());
    assert!(c.next_duty(at("2026-01-01 08:00")) > at("2026-01-01 08:00"));
}

#[test]
fn duty_hours() {
    let c = Calendar::shipped();
    for (when, on, next) in [
        ("2026-11-16 08:29", false, "2026-11-16 08:30"),
        ("2026-11-16 08:30", true, "2026-11-16 08:30"),
        ("2026-11-16 12:00", false, "2026-11-16 14:00"),
        ("2026-11-16 17:30", false, "2026-11-17 08:30"),
        ("2026-11-20 18:00", false, "2026-11-23 08:30"),
        ("2026-02-14 09:00", true, "2026-02-14 09:00"),
        ("2026-02-15 09:00", false, "2026-02-24 08:30"),
    ] {
        assert_eq!((c.on_duty(at(when)), c.next_duty(at(when))), (on, at(next)), "{when}");
    }
}

#[test]
fn lamps_follow_the_running_clock() {
    let c = Calendar::shipped();
    let start = at("2026-11-20 14:00");
    let end = c.deadline(start, limit("5 work_hour")).at;
    assert_eq!(end, at("2026-11-23 10:00"));
    let lamp = |when: &str| c.lamp(start, end, at(when), ClockKind::WorkHour);
    assert_eq!(lamp("2026-11-20 14:30"), Lamp::Green);
    assert_eq!(lamp("2026-11-22 23:00"), Lamp::Green, "the week-end does not count");
    assert_eq!(lamp("2026-11-23 08:59"), Lamp::Green);
    assert_eq!(lamp("2026-11-23 09:00"), Lamp::Yellow);
    assert_eq!(lamp("2026-11-23 10:00"), Lamp::Yellow, "the last instant is in time");
    assert_eq!(lamp("2026-11-23 10:01"), Lamp::Red);
    let over = c.deadline(start, limit("1 work_day")).at;
    assert_eq!(
        c.lamp(start, over, at("2026-11-23 19:00"), ClockKind::WorkDay),
        Lamp::Red,
        "late although no duty time has passed"
    );
}

#[test]
fn remaining_and_days_left() {
    let c = Calendar::shipped();
    let end = at("2026-11-24 17:30");
    assert_eq!(c.remaining(at("2026-11-20 16:30"), end, ClockKind::WorkDay), 60 + 2 * 420);
    assert_eq!(c.remaining(at("2026-11-25 09:00"), end, ClockKind::WorkHour), -30);
    assert_eq!(c.remaining(at("2026-11-24 16:30"), end, ClockKind::UrgentHour), 60);
    assert_eq!(c.days_left(at("2026-11-20 16:30"), end, ClockKind::WorkDay), 2);
    assert_eq!(c.days_left(at("2026-11-20 16:30"), end, ClockKind::NaturalDay), 4);
    assert_eq!(c.days_left(at("2026-11-24 08:00"), end, ClockKind::WorkDay), 0);
    assert_eq!(c.days_left(at("2026-11-26 08:00"), end, ClockKind::WorkDay), -2);
}

#[test]
fn waiting_for_the_resident_pushes_the_deadline() {
    let c = Calendar::shipped();
    let pause = |a: &str, b: &str| Pause { from: at(a), to: at(b) };
    let start = at("2026-11-16 09:00");
    let five = limit("5 work_day");
    assert_eq!(c.deadline(start, five).at, at("2026-11-23 17:30"));
    let two_days = pause("2026-11-18 08:30", "2026-11-20 08:30");
    assert_eq!(c.deadline_paused(start, five, &[two_days]).at, at("2026-11-25 17:30"));
    let an_hour = pause("2026-11-18 09:00", "2026-11-18 10:00");
    assert_eq!(c.deadline_paused(start, five, &[an_hour]).at, at("2026-11-24 17:30"), "given as a whole day");
    let inside = pause("2026-11-18 12:00", "2026-11-19 12:00");
    assert_eq!(
        c.deadline_paused(start, five, &[inside, two_days]).at,
        at("2026-11-25 17:30"),
        "overlaps count once"
    );
    let weekend = pause("2026-11-21 08:00", "2026-11-22 20:00");
    assert_eq!(c.deadline_paused(start, five, &[weekend]).at, at("2026-11-23 17:30"));
    let later = pause("2026-12-01 08:00", "2026-12-09 20:00");
    assert_eq!(c.deadline_paused(start, five, &[later]).at, at("2026-11-23 17:30"));
    let hours = pause("2026-11-16 10:00", "2026-11-16 12:00");
    assert_eq!(c.deadline_paused(start, limit("4 work_hour"), &[hours]).at, at("2026-11-16 17:00"));
    assert_eq!(c.elapsed(start, at("2026-11-16 17:00"), ClockKind::WorkHour, &[hours]), Duration::hours(4));
}

#[test]
fn limits_as_text() {
    assert_eq!(limit("5 work_day"), Limit::new(5, ClockKind::WorkDay));
    assert_eq!(serde_json::to_string(&limit("24 urgent_hour")).unwrap(), r#""24 urgent_hour""#);
    assert_eq!(
        serde_json::from_str::<Limit>(r#""4 work_hour""#).unwrap(),
        Limit::new(4, ClockKind::WorkHour)
    );
    for (bad, word) in [
        ("5", "reads like"),
        ("0 work_day", "from 1"),
        ("x work_day", "from 1"),
        ("5 days", "days"),
        ("9999 work_day", "2500"),
    ] {
        let said = bad.parse::<Limit>().unwrap_err().to_string();
        assert!(said.contains(word), "{bad}: {said}");
    }
    for bad in ["", "8:30", "12:00-08:30", "08:30-12:00 11:00-13:00", "08:30-25:00"] {
        assert!(bad.parse::<DutyWindows>().is_err(), "{bad}");
    }
}

fn any_time() -> impl Strategy<Value = Time> {
    // 2005 to 2025, so that a year's limit stays inside the table.
    (1_104_508_800_i64..1_735_660_800, 0_u32..1_000_000)
        .prop_map(|(s, us)| chrono::DateTime::from_timestamp(s, us * 1_000).unwrap())
}

fn any_kind() -> impl Strategy<Value = ClockKind> {
    proptest::sample::select(ClockKind::ALL)
}

/// Inside a duty window of a working day, its last instant included.
fn in_window(c: &Calendar, t: Time) -> bool {
    let l = local(t);
    c.is_workday(l.date()) && c.duty.windows().iter().any(|(a, b)| *a <= l.time() && l.time() <= *b)
}

proptest! {
    #[test]
    fn deadlines_are_monotone(a in any_time(), gap in 0_i64..9_000_000, n in 1_u32..200, m in 0_u32..50, kind in any_kind()) {
        let c = Calendar::shipped();
        let one = c.deadline(a, Limit::new(n, kind));
        prop_assert!(one.at >= a);
        prop_assert!(one.missing_year.is_none());
        prop_assert!(c.deadline(a + Duration::seconds(gap), Limit::new(n, kind)).at >= one.at);
        prop_assert!(c.deadline(a, Limit::new(n + m, kind)).at >= one.at);
    }

    #[test]
    fn exactly_the_limit_is_used_at_the_deadline(a in any_time(), n in 1_u32..200, kind in any_kind()) {
        let c = Calendar::shipped();
        let limit = Limit::new(n, kind);
        let end = c.deadline(a, limit).at;
        prop_assert_eq!(c.elapsed(a, end, kind, &[]), c.length(limit));
        let minutes = match kind { ClockKind::UrgentHour | ClockKind::WorkHour => 60, ClockKind::WorkDay => 420, ClockKind::NaturalDay => 1_440 };
        prop_assert_eq!(c.used(a, end, kind), i64::from(n) * minutes);
        if kind.is_work() {
            prop_assert!(in_window(&c, end));
            prop_assert!(c.elapsed(a, end - Duration::microseconds(1), kind, &[]) < c.length(limit), "not a moment too late");
        }
    }

    #[test]
    fn limits_add_up(a in any_time(), n in 1_u32..100, m in 1_u32..100, kind in any_kind()) {
        let c = Calendar::shipped();
        let both = c.deadline(a, Limit::new(n + m, kind)).at;
        let first = c.deadline(a, Limit::new(n, kind)).at;
        prop_assert_eq!(c.deadline(first, Limit::new(m, kind)).at, both);
    }

    #[test]
    fn measures_add_up(a in any_time(), x in 0_i64..9_000_000, y in 0_i64..9_000_000, kind in any_kind()) {
        let c = Calendar::shipped();
        let (b, d) = (a + Duration::seconds(x), a + Duration::seconds(x + y));
        prop_assert_eq!(c.measure(a, b, kind) + c.measure(b, d, kind), c.measure(a, d, kind));
    }

    #[test]
    fn days_off_never_count_and_make_up_days_do(offset in 0_i64..8_401) {
        let c = Calendar::shipped();
        let day = date("2004-01-01") + Duration::days(offset);
        let from = from_local(day.and_time(NaiveTime::MIN));
        let spent = c.measure(from, from + Duration::days(1), ClockKind::WorkHour);
        let want = if c.day(day).kind.is_work() { c.duty().day() } else { Duration::zero() };
        prop_assert_eq!(spent, want);
        prop_assert_eq!(c.next_duty(from) < from + Duration::days(1), c.is_workday(day));
    }

    #[test]
    fn a_pause_never_shortens_and_gives_back_what_it_took(a in any_time(), n in 1_u32..60, x in 0_i64..2_000_000, y in 1_i64..2_000_000, kind in any_kind()) {
        let c = Calendar::shipped();
        let limit = Limit::new(n, kind);
        let pause = Pause { from: a + Duration::seconds(x), to: a + Duration::seconds(x + y) };
        let (plain, pushed) = (c.deadline(a, limit).at, c.deadline_paused(a, limit, &[pause]).at);
        prop_assert!(pushed >= plain);
        let spent = c.elapsed(a, pushed, kind, &[pause]);
        prop_assert!(spent >= c.length(limit));
        if kind == ClockKind::WorkDay {
            prop_assert!(spent < c.length(limit) + c.duty().day());
        } else {
            prop_assert_eq!(spent, c.length(limit));
        }
    }

    #[test]
    fn limits_survive_their_text(n in 1_u32..2_500, kind in any_kind()) {
        let limit = Limit::new(n, kind);
        prop_assert_eq!(limit.to_string().parse::<Limit>(), Ok(limit));
    }
}
