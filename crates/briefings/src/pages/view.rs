//! Pieces that the pages share: figures, bars, chart, tables, the form that chooses.

use super::{Names, basis, brief, definition, name, said, shown};
use crate::{
    model::{By, Hidden, Part, Period, Section, Slice, Value},
    queries::Look,
    t,
};
use kernel::time;
use maud::{Markup, html};
use ui::{
    Lang, Viewer,
    parts::{icon, icon_s},
    sheet::{Cell, Sheet},
};

/// Presets of the period, and a form for anything else. `units` is for staff.
pub(super) fn chooser(viewer: &Viewer, look: &Look, path: &str, units: &[(String, String)]) -> Markup {
    let lang = viewer.lang;
    let today = time::local_date(look.cut.now);
    let presets = [
        (Period::month(today), t!(lang, "period-month")),
        (Period::quarter(today), t!(lang, "period-quarter")),
        (Period::year(today), t!(lang, "period-year")),
        (Period::all(today), t!(lang, "period-all")),
    ];
    let unit = look.cut.unit.map(|u| u.to_string()).unwrap_or_default();
    let street = viewer.home().map(|h| h.path.as_str().to_owned()).unwrap_or_default();
    let known =
        look.whole || viewer.home().is_some_and(|h| h.communities.iter().any(|c| c.path == look.cut.place));
    html! {
        nav."segs np" aria-label=(t!(lang, "periods")) {
            @for (period, word) in &presets {
                a href=(look.address_over(path, *period, &[])) aria-current=[(*period == look.period).then_some("true")] { (word) }
            }
        }
        form."filters np mt2" method="get" action=(path) aria-label=(t!(lang, "filters")) {
            label { (t!(lang, "from")) " " input type="date" name="from" value=(look.period.from) required; }
            label { (t!(lang, "to")) " " input type="date" name="to" value=(look.period.to) required; }
            label { span.vh { (t!(lang, "place")) }
                select name="place" {
                    option value=(street) selected[look.whole] { @if units.is_empty() { (t!(lang, "place-all")) } @else { (t!(lang, "place-mine")) } }
                    @for c in viewer.home().map(|h| h.communities.as_slice()).unwrap_or_default() {
                        option value=(c.path) selected[c.path == look.cut.place] { (c.name) }
                    }
                    @if !known { option value=(look.cut.place) selected { (look.place_name) } }
                }
            }
            @if !units.is_empty() {
                label { span.vh { (t!(lang, "unit")) }
                    select name="unit" {
                        option value="" { (t!(lang, "unit-all")) }
                        @for (id, word) in units { option value=(id) selected[*id == unit] { (word) } }
                    }
                }
            }
            button."btn sm quiet" { (icon("filter")) (t!(lang, "show")) }
        }
    }
}

/// Where a value opens, if the reader may open it: (numerator, denominator).
pub(super) fn links(look: &Look, base: &str, v: &Value) -> (Option<String>, Option<String>) {
    let f = v.figure;
    let public = look.cut.is_public();
    if public && !f.opens {
        return (None, None);
    }
    let to = |part: Part| look.address(&format!("{base}/{}", f.code), &[("part", part.code())]);
    if v.denominator.is_none() {
        return ((v.numerator.unwrap_or(0) > 0).then(|| to(Part::Numerator)), None);
    }
    let whole = (v.denominator.unwrap_or(0) > 0).then(|| to(Part::Denominator));
    let part =
        (f.has_parts() && v.hidden.is_none() && v.numerator.unwrap_or(0) > 0).then(|| to(Part::Numerator));
    (part, whole)
}

/// One figure of a list of figures.
pub(super) fn fig(lang: Lang, look: &Look, base: &str, v: &Value, before: Option<&Value>) -> Markup {
    let (n, unit) = shown(lang, v);
    let under = basis(lang, v, look.method());
    let title = name(lang, v.figure);
    let (part, whole) = links(look, base, v);
    html! {
        div.fig {
            dt { (title) }
            dd.num { (n) @if !unit.is_empty() { " " small { (unit) } } }
            @if !under.is_empty() { dd."cap muted" { (under) } }
            @if let Some(b) = before { dd."cap muted" { (t!(lang, "before-is", value = said(lang, b))) } }
            @if part.is_some() || whole.is_some() { dd."cap np" { (opened(lang, &title, part.as_deref(), whole.as_deref())) } }
        }
    }
}

/// Links to the two lists behind a value.
fn opened(lang: Lang, title: &str, part: Option<&str>, whole: Option<&str>) -> Markup {
    let link =
        |href: &str, word: String| html! { a href=(href) aria-label={ (word) ": " (title) } { (word) } };
    html! {
        @match (part, whole) {
            (Some(part), Some(whole)) => { (link(part, t!(lang, "open-part"))) " " (link(whole, t!(lang, "open-whole"))) },
            (Some(one), None) | (None, Some(one)) => (link(one, t!(lang, "open-matters"))),
            (None, None) => {},
        }
    }
}

/// The name of a section.
pub(super) fn section_name(lang: Lang, section: Section) -> String {
    crate::WORDS.say(lang, &format!("section-{section}"), &[])
}

/// Figures with their definitions, as a table; on paper without links; with a column for the period before when there is one for any.
pub(super) fn table(
    lang: Lang,
    look: &Look,
    base: Option<&str>,
    title: &str,
    values: &[(&Value, Option<&Value>)],
) -> Markup {
    let compared = values.iter().any(|(_, before)| before.is_some());
    html! {
        div.tscroll tabindex="0" role="group" aria-label=(title) {
            table."tbl sheet-list" {
                caption.vh { (title) }
                thead { tr {
                    th scope="col" { (t!(lang, "figure")) }
                    th.r scope="col" { (t!(lang, "value")) }
                    @if compared { th.r scope="col" { (t!(lang, "before")) } }
                    th scope="col" { (t!(lang, "basis")) }
                } }
                tbody { @for (v, before) in values { tr {
                    @let title = name(lang, v.figure);
                    th scope="row" { (title) span."cap muted blk" { (definition(lang, v.figure, look.method())) } }
                    td."r num" data-l=(t!(lang, "value")) { b { (said(lang, v)) } }
                    @if compared { td."r num" data-l=(t!(lang, "before")) { @if let Some(b) = before { (said(lang, b)) } } }
                    td.num data-l=(t!(lang, "basis")) {
                        @let (part, whole) = base.map_or((None, None), |base| links(look, base, v));
                        span.blk { (basis(lang, v, look.method())) }
                        @if part.is_some() || whole.is_some() { span."cap np" { (opened(lang, &title, part.as_deref(), whole.as_deref())) } }
                    }
                } } }
            }
        }
    }
}

/// A breakdown: bars of its first figure, and all its numbers in a table.
pub(super) struct Broken<'a> {
    pub by: By,
    pub title: String,
    pub slices: &'a [Slice],
    pub names: &'a Names,
}

impl Broken<'_> {
    fn sorted(&self) -> Vec<&Slice> {
        let mut all: Vec<&Slice> = self.slices.iter().collect();
        let first = |s: &Slice| s.values.first().and_then(|v| v.value).unwrap_or(0);
        match self.by {
            By::Month | By::Tier => {}
            _ => all.sort_by_key(|s| std::cmp::Reverse(first(s))),
        }
        all
    }

    /// Bars of the first figure.
    pub(super) fn bars(&self, lang: Lang, look: &Look, most: usize) -> Markup {
        let sorted = self.sorted();
        let first = |s: &Slice| s.values.first().and_then(|v| v.value).unwrap_or(0);
        let max = sorted.iter().map(|s| first(s)).max().unwrap_or(0).max(1);
        html! {
            ol.bars {
                @for s in sorted.iter().filter(|s| first(s) > 0).take(most) {
                    @let word = self.names.of(lang, look, self.by, &s.key);
                    li { span.lab { (word) } b.num { (first(s)) } progress max=(max) value=(first(s)) aria-label=(word) {} }
                }
            }
        }
    }

    /// All numbers. `link` makes the address of a slice.
    pub(super) fn numbers(&self, lang: Lang, look: &Look, link: Option<&dyn Fn(&str) -> String>) -> Markup {
        let sorted = self.sorted();
        let heads: Vec<String> = sorted
            .first()
            .map(|s| s.values.iter().map(|v| name(lang, v.figure)).collect())
            .unwrap_or_default();
        html! {
            div.tscroll tabindex="0" role="group" aria-label=(self.title) {
                table."tbl sheet-list" {
                    caption.vh { (self.title) }
                    thead { tr {
                        th scope="col" { (self.title) }
                        @for head in &heads { th.r scope="col" { (head) } }
                    } }
                    tbody { @for s in &sorted { tr {
                        th scope="row" {
                            @let word = self.names.of(lang, look, self.by, &s.key);
                            @match link.filter(|_| !s.key.is_empty()) { Some(to) => a href=(to(&s.key)) { (word) }, None => (word) }
                        }
                        @for (v, head) in s.values.iter().zip(&heads) {
                            td."r num" data-l=(head) {
                                (brief(lang, v))
                                @if let (Some(n), None) = (v.denominator, v.hidden) { " " span."cap muted" { (t!(lang, "n-is", n = n)) } }
                                @if v.hidden == Some(Hidden::TooFew) { " " span."cap muted" { (basis(lang, v, look.method())) } }
                            }
                        }
                    } } }
                }
            }
        }
    }
}

/// Lines over the months: the first two figures of the slices. Months without a matter are zero.
pub(super) fn chart(lang: Lang, months: &[String], slices: &[Slice]) -> Markup {
    const WIDTH: i64 = 400;
    const HEIGHT: i64 = 200;
    const LEFT: i64 = 40;
    const RIGHT: i64 = 12;
    const TOP: i64 = 14;
    const BOTTOM: i64 = 30;
    let series = |figure: usize| -> Vec<i64> {
        months
            .iter()
            .map(|m| {
                slices
                    .iter()
                    .find(|s| s.key == *m)
                    .and_then(|s| s.values.get(figure))
                    .and_then(|v| v.value)
                    .unwrap_or(0)
            })
            .collect()
    };
    let (a, b) = (series(0), series(1));
    let top = round_up(a.iter().chain(&b).copied().max().unwrap_or(0));
    let steps = i64::try_from(months.len()).unwrap_or(1).saturating_sub(1).max(1);
    let x = |i: usize| LEFT + (WIDTH - LEFT - RIGHT) * i64::try_from(i).unwrap_or(0) / steps;
    let y = |n: i64| TOP + (HEIGHT - TOP - BOTTOM) * (top - n) / top;
    let points = |list: &[i64]| {
        list.iter().enumerate().map(|(i, n)| format!("{},{}", x(i), y(*n))).collect::<Vec<_>>().join(" ")
    };
    let names: Vec<String> =
        slices.first().map(|s| s.values.iter().map(|v| name(lang, v.figure)).collect()).unwrap_or_default();
    html! {
        figure.chart {
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(t!(lang, "trend-alt")) {
                @for n in [0, top / 2, top] {
                    path."c-grid" d={ "M" (LEFT) " " (y(n)) "H" (WIDTH - RIGHT) } {}
                    text."c-t" x=(LEFT - 6) y=(y(n) + 5) text-anchor="end" { (n) }
                }
                @for (i, month) in months.iter().enumerate() {
                    @if (months.len() - 1 - i).is_multiple_of(3) {
                        text."c-t" x=(x(i)) y=(HEIGHT - 8) text-anchor=(if i + 1 == months.len() { "end" } else { "middle" }) { (month.get(2..).unwrap_or_default()) }
                    }
                }
                polyline."c-a" points=(points(&a)) {}
                polyline."c-b" points=(points(&b)) {}
            }
            figcaption.legend {
                @for (class, word) in ["k-a", "k-b"].iter().zip(&names) { span { i class=(class) {} (word) } }
            }
        }
    }
}

/// The next even round number: the top of a scale.
fn round_up(n: i64) -> i64 {
    let mut step = 2;
    loop {
        for times in [1, 2, 5] {
            if n <= step * times {
                return step * times;
            }
        }
        step *= 10;
    }
}

/// The figures as a spreadsheet.
pub(super) fn sheet(lang: Lang, look: &Look, values: &[Value]) -> Sheet {
    let heads =
        ["figure", "value", "numerator", "denominator", "definition", "code", "raw", "sheet-value-unit"];
    Sheet {
        heads: heads
            .iter()
            .map(|h| match *h {
                "code" | "raw" => (*h).to_owned(),
                key => crate::WORDS.say(lang, key, &[]),
            })
            .collect(),
        rows: values
            .iter()
            .map(|v| {
                vec![
                    name(lang, v.figure).into(),
                    if v.hidden.is_some() {
                        Cell::from(basis(lang, v, look.method()))
                    } else {
                        said(lang, v).into()
                    },
                    v.numerator.into(),
                    v.denominator.into(),
                    definition(lang, v.figure, look.method()).into(),
                    v.figure.code.into(),
                    v.value.into(),
                    crate::WORDS.say(lang, &format!("unit-word-{}", v.figure.unit()), &[]).into(),
                ]
            })
            .collect(),
    }
}

/// The word of a state and its chip.
pub(super) fn status(lang: Lang, code: &str) -> Markup {
    let (class, icon) = match code {
        "submitted" => ("new", "inbox"),
        "verifying" => ("new", "search"),
        "accepted" => ("new", "clipboard-list"),
        "dispatched" => ("do", "send"),
        "handling" => ("do", "wrench"),
        "handled" => ("do", "clipboard-check"),
        "answered" => ("rate", "star"),
        "closed" => ("ok", "circle-check"),
        _ => ("off", "ban"),
    };
    ui::parts::chip(class, icon, &status_word(lang, code))
}

/// The word of a state.
pub(super) fn status_word(lang: Lang, code: &str) -> String {
    ui::say(lang, &format!("matters.status-{code}"), &[])
}

/// Buttons for spreadsheets: (ending, address).
pub(super) fn downloads(word: &str, addresses: [(&str, String); 2]) -> Markup {
    html! {
        @for (ending, address) in &addresses { a."btn sm quiet" href=(address) download { (icon_s("download")) (word) " " (ending.to_uppercase()) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_on_even_round_numbers() {
        assert_eq!([0, 2, 3, 11, 41, 386, 1000].map(round_up), [2, 2, 4, 20, 100, 400, 1000]);
        for n in 0..500 {
            assert!(round_up(n) >= n && round_up(n) % 2 == 0);
        }
    }
}
