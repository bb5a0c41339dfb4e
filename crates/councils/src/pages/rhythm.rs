//! How a body sits again and again: said in words, with the next days, and the form that sets it.

use crate::{
    model::{Council, DayOff, Nth, Recurrence, Rhythm, WEEKDAYS, weekday, weekday_code},
    rules::{self, Occurrence, rights::FOUND},
    t,
};
use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};
use kernel::{Id, Refusal, calendar::Calendar, time::local_date};
use maud::{Markup, html};
use store::{Conn, Fault};
use ui::{
    Ctx, Fields, Form, Lang, Viewer,
    parts::{self, Field},
};

/// The fields of the form.
pub(super) const FIELDS: [&str; 8] = ["pattern", "days", "nth", "weekday", "at", "length", "hall", "off"];

/// The working calendar of a street: that which `app` hands in, or the shipped one.
pub(super) async fn calendar(ctx: &Ctx, conn: &mut Conn, street: Id) -> Result<Calendar, Fault> {
    match ctx.site.calendar {
        Some(calendar) => calendar(conn, street).await,
        None => Ok(Calendar::shipped()),
    }
}

fn day_word(lang: Lang, day: Weekday) -> String {
    // Any date of that day of the week.
    NaiveDate::from_isoywd_opt(2026, 2, day).map(|d| ui::show::weekday(lang, d)).unwrap_or_default()
}

fn nth_word(lang: Lang, nth: Nth) -> String {
    match nth {
        Nth::First => t!(lang, "nth-first"),
        Nth::Second => t!(lang, "nth-second"),
        Nth::Third => t!(lang, "nth-third"),
        Nth::Fourth => t!(lang, "nth-fourth"),
        Nth::Last => t!(lang, "nth-last"),
    }
}

/// A rule in words.
pub(super) fn rule_said(lang: Lang, rule: &Recurrence) -> String {
    match rule {
        Recurrence::MonthDays { days, last } => {
            let mut all: Vec<String> = days.iter().map(u32::to_string).collect();
            all.extend(last.then(|| t!(lang, "rhythm-last-day")));
            t!(lang, "rhythm-month-days", days = all.join(&t!(lang, "rhythm-and")))
        }
        Recurrence::Weekly(day) => t!(lang, "rhythm-weekly", day = day_word(lang, *day)),
        Recurrence::MonthWeekday(nth, day) => {
            t!(lang, "rhythm-nth", nth = nth_word(lang, *nth), day = day_word(lang, *day))
        }
    }
}

fn off_word(lang: Lang, off: DayOff) -> String {
    match off {
        DayOff::Keep => t!(lang, "off-keep"),
        DayOff::NextWorkday => t!(lang, "off-next"),
    }
}

/// The rhythm of a body and its next days; to who may, the button that plans them and the form.
pub(super) fn part(
    ctx: &Ctx,
    viewer: &Viewer,
    c: &Council,
    calendar: &Calendar,
    hold: bool,
    form: &Form,
) -> Markup {
    let lang = viewer.lang;
    let now = ctx.store.now();
    let found = viewer.may(&FOUND, &c.place).is_some();
    html! {
        section."sec mt4" aria-labelledby="h-rhythm" {
            div.sec-h { h2 #h-rhythm { (t!(lang, "rhythm")) } }
            @if let Some(r) = &c.rhythm {
                div."card card-p" {
                    p { b { (rule_said(lang, &r.rule)) } " " span.num { (r.at.format("%H:%M").to_string()) } " · " (t!(lang, "minutes-allowed", n = r.minutes)) " · " (r.venue) }
                    p.muted { (off_word(lang, r.off)) }
                    @for line in gaps(lang, &r.rule, local_date(now)) { p.muted { (line) } }
                    p."mt2" { (t!(lang, "rhythm-next")) }
                    ul { @for o in rules::next(r, calendar, now, rules::AHEAD) { li { (said(lang, &o)) } } }
                    @if hold { form."mt2" method="post" action={ "/office/councils/" (c.id) "/plan-next" } data-once {
                        (parts::hidden(ctx, viewer)) button.btn { (t!(lang, "plan-next")) }
                    } }
                }
            } @else { p.muted { (t!(lang, "rhythm-none")) } }
            @if found { details."more card card-p mt3" open[FIELDS.iter().any(|f| form.error(f).is_some())] {
                summary { (t!(lang, "rhythm-set")) }
                (edit(ctx, viewer, c, form))
            } }
        }
    }
}

/// A day that comes, with what is out of the ordinary about it.
fn said(lang: Lang, o: &Occurrence) -> Markup {
    html! {
        span.num { (o.day.to_string()) } " " (ui::show::weekday(lang, o.day))
        @if o.moved() { " · " (t!(lang, "rhythm-moved", day = o.of.to_string())) }
        @if o.with_last { " · " (t!(lang, "rhythm-same-day")) }
        @if o.guessed { " · " (t!(lang, "rhythm-guessed", year = o.of.year().to_string())) }
    }
}

/// Which months of this year have not got a day of the rule.
fn gaps(lang: Lang, rule: &Recurrence, today: NaiveDate) -> Vec<String> {
    let gaps = rules::gaps(rule, today.year());
    let mut days: Vec<u32> = gaps.iter().map(|(_, d)| *d).collect();
    days.sort_unstable();
    days.dedup();
    let months = |day: u32| -> Vec<String> {
        gaps.iter().filter(|(_, d)| *d == day).map(|(m, _)| m.to_string()).collect()
    };
    let line = |day: u32| {
        t!(lang, "rhythm-gap", day = day.to_string(), months = months(day).join(&t!(lang, "rhythm-and")))
    };
    days.into_iter().map(line).collect()
}

fn edit(ctx: &Ctx, viewer: &Viewer, c: &Council, form: &Form) -> Markup {
    let lang = viewer.lang;
    let form = &form.of(viewer, &format!("/office/councils/{}/rhythm", c.id));
    let mut now = form.clone();
    if form.errors.is_empty() {
        fill(&mut now.values, c.rhythm.as_ref());
    }
    html! {
        form."form mt2" method="post" action={ "/office/councils/" (c.id) "/rhythm" } data-once {
            (parts::hidden(ctx, viewer))
            (fields(lang, &now, false))
            div."btns mt3" { button.btn { (t!(lang, "save")) } }
        }
    }
}

/// The fields by which days that come again are entered.
pub(super) fn fields(lang: Lang, now: &Form, required: bool) -> Markup {
    let patterns = [
        ("month_days".to_owned(), t!(lang, "pattern-days")),
        ("weekly".to_owned(), t!(lang, "pattern-weekly")),
        ("nth".to_owned(), t!(lang, "pattern-nth")),
    ];
    let nths: Vec<(String, String)> =
        Nth::ALL.iter().map(|n| (n.code().to_owned(), nth_word(lang, *n))).collect();
    let days: Vec<(String, String)> =
        WEEKDAYS.iter().map(|(d, code)| ((*code).to_owned(), day_word(lang, *d))).collect();
    let offs: Vec<(String, String)> =
        DayOff::ALL.iter().map(|o| (o.code().to_owned(), off_word(lang, *o))).collect();
    html! {
        (parts::select(lang, now, Field { name: "pattern", label: &t!(lang, "pattern"), hint: &if required { String::new() } else { t!(lang, "pattern-hint") }, required, ..Field::default() }, &patterns))
        (parts::field(lang, now, Field { name: "days", label: &t!(lang, "rhythm-days"), hint: &t!(lang, "rhythm-days-hint"), max: 100, ..Field::default() }))
        (parts::check(now, "last", &t!(lang, "rhythm-also-last")))
        div.g2 {
            (parts::select(lang, now, Field { name: "nth", label: &t!(lang, "rhythm-which"), ..Field::default() }, &nths))
            (parts::select(lang, now, Field { name: "weekday", label: &t!(lang, "rhythm-weekday"), ..Field::default() }, &days))
        }
        div.g2 {
            (parts::field(lang, now, Field { name: "at", label: &t!(lang, "starts"), kind: "time", bare: true, ..Field::default() }))
            (parts::field(lang, now, Field { name: "length", label: &t!(lang, "rhythm-length"), kind: "number", bare: true, ..Field::default() }))
        }
        (parts::field(lang, now, Field { name: "hall", label: &t!(lang, "venue"), max: 60, bare: true, ..Field::default() }))
        (parts::select(lang, now, Field { name: "off", label: &t!(lang, "rhythm-off"), required: true, ..Field::default() }, &offs))
    }
}

/// What the form shows of a rhythm.
pub(super) fn fill(values: &mut Fields, rhythm: Option<&Rhythm>) {
    values.set("off", rhythm.map_or(DayOff::Keep, |r| r.off).code());
    let Some(r) = rhythm else { return };
    match &r.rule {
        Recurrence::MonthDays { days, last } => {
            let days: Vec<String> = days.iter().map(u32::to_string).collect();
            values.set("pattern", "month_days");
            values.set("days", days.join(","));
            if *last {
                values.set("last", "1");
            }
        }
        Recurrence::Weekly(day) => {
            values.set("pattern", "weekly");
            values.set("weekday", weekday_code(*day));
        }
        Recurrence::MonthWeekday(nth, day) => {
            values.set("pattern", "nth");
            values.set("nth", nth.code());
            values.set("weekday", weekday_code(*day));
        }
    }
    values.set("at", r.at.format("%H:%M").to_string());
    values.set("length", r.minutes.to_string());
    values.set("hall", r.venue.as_str());
}

/// The rhythm of a form; nothing when none is chosen.
pub(super) fn read(f: &Fields) -> Result<Option<Rhythm>, Refusal> {
    let empty = |name| Refusal::invalid(name, "ui.empty");
    let day = || f.code("weekday", weekday)?.ok_or(empty("weekday"));
    let rule = match f.get("pattern") {
        "" => return Ok(None),
        "month_days" => {
            let bad = || Refusal::invalid("days", "councils.days");
            let parted = |c: char| !c.is_ascii_digit();
            let days: Option<Vec<u32>> =
                f.get("days").split(parted).filter(|d| !d.is_empty()).map(|d| d.parse().ok()).collect();
            Recurrence::month_days(days.ok_or_else(bad)?, f.ticked("last")).ok_or_else(bad)?
        }
        "weekly" => Recurrence::Weekly(day()?),
        "nth" => Recurrence::MonthWeekday(f.code("nth", Nth::parse)?.ok_or(empty("nth"))?, day()?),
        _ => return Err(Refusal::invalid("pattern", "ui.not-valid")),
    };
    let at = NaiveTime::parse_from_str(f.some("at").ok_or(empty("at"))?, "%H:%M")
        .map_err(|_| Refusal::invalid("at", "ui.not-valid"))?;
    Ok(Some(Rhythm {
        rule,
        at,
        minutes: f.parse("length")?.ok_or(empty("length"))?,
        venue: f.get("hall").to_owned(),
        off: f.code("off", DayOff::parse)?.ok_or(empty("off"))?,
    }))
}
