//! `/public`: what everybody may know. No personal data; places only to the building.

use super::{
    Names, PAGE, SHEET, blurred, buildings, definition, figures_of, name, open_title, part_name, said, shown,
    view,
    view::{Broken, chart, chooser, downloads, fig, status, status_word, table},
    wanted,
};
use crate::{
    model::{By, Hidden, Part, Period, Section, Slice, Value},
    queries::{self, Look, look},
    t,
};
use axum::{
    extract::{Path, Query, State},
    response::IntoResponse,
};
use kernel::Refusal;
use matters::queries::{Filter, Line, Part as Which};
use maud::{Markup, html};
use store::{Conn, Fault};
use ui::{Answer, Ctx, Fields, Lang, Viewer, layout, parts, show};

type Asked = Query<Vec<(String, String)>>;

/// The figures that come first.
const HEADLINE: &[&str] =
    &["raised", "closed", "open", "solved", "satisfied", "on_time", "handle_median", "handle_p90"];
/// The figures of a breakdown.
const BROKEN: &[&str] = &["raised", "closed", "solved", "on_time", "satisfied"];
const TREND: &[&str] = &["raised", "closed"];

/// Everything that the page and its paper show.
struct All {
    look: Look,
    values: Vec<Value>,
    months: Vec<String>,
    trend: Vec<Slice>,
    parts: Vec<(By, Vec<Slice>)>,
    names: Names,
}

fn narrower(look: &Look) -> Option<By> {
    match look.cut.place.codes().count() {
        0 | 1 => Some(By::Community),
        2 => Some(By::Compound),
        _ => None,
    }
}

fn by_title(lang: Lang, by: By) -> String {
    match by {
        By::Tier => t!(lang, "by-tier"),
        By::Category => t!(lang, "by-category"),
        By::Community | By::Compound => t!(lang, "by-place"),
        By::Channel => t!(lang, "by-channel"),
        By::Month => t!(lang, "by-month"),
        By::Unit => t!(lang, "by-unit"),
    }
}

async fn all(ctx: &Ctx, conn: &mut Conn, viewer: &Viewer, fields: &Fields) -> Result<All, Fault> {
    let look = look(conn, viewer, fields, false, ctx.store.now()).await?;
    let method = look.method();
    let values = queries::kept::figures(&ctx.store, conn, &look.cut, method).await?;
    let months = method.figures.trend_months;
    let span = Period::months(look.period.to, months);
    let trend =
        queries::kept::breakdown(&ctx.store, conn, &look.over(span), method, &figures_of(TREND), By::Month)
            .await?;
    let mut parts = Vec::new();
    for by in [Some(By::Tier), Some(By::Category), narrower(&look)].into_iter().flatten() {
        parts.push((
            by,
            queries::kept::breakdown(&ctx.store, conn, &look.cut, method, &figures_of(BROKEN), by).await?,
        ));
    }
    let broken: Vec<(By, &[Slice])> =
        parts.iter().map(|(by, slices): &(By, Vec<Slice>)| (*by, slices.as_slice())).collect();
    let names = Names::fetch(conn, look.cut.street, &broken).await?;
    let months = span.month_keys(usize::try_from(months).unwrap_or(12));
    Ok(All { look, values, months, trend, parts, names })
}

fn filter(look: &Look) -> Filter {
    Filter {
        part: Which::All,
        place: (!look.whole).then(|| look.cut.place.clone()),
        from: Some(look.cut.from),
        to: Some(look.cut.to),
        ..Filter::default()
    }
}

fn find<'a>(values: &'a [Value], code: &str) -> Option<&'a Value> {
    values.iter().find(|v| v.figure.code == code)
}

/// The open ledger and the figures.
pub(super) async fn page(State(ctx): State<Ctx>, viewer: Viewer, Query(pairs): Asked) -> Answer {
    let lang = viewer.lang;
    let fields = Fields::new(pairs);
    let now = ctx.store.now();
    let mut conn = ctx.store.read().await?;
    let all = all(&ctx, &mut conn, &viewer, &fields).await?;
    let look = &all.look;
    let cursor = fields.get("cursor");
    let (lines, next) =
        matters::queries::public(&mut conn, look.cut.street, &viewer, &filter(look), cursor, PAGE, now)
            .await?;
    let places = buildings(&mut conn, look.cut.street, lines.iter().map(|l| l.place.clone())).await?;
    let here = look.address("/public", &[]);
    let rows = html! {
        ul."card rowlist" { @for l in &lines { li {
            a href={ "/m/" (l.number) } {
                span.tx {
                    b { (open_title(l.public_title.as_deref(), &l.title)) }
                    span.meta {
                        (status(lang, l.status.code()))
                        span.num { (l.number) } span { (blurred(&places, &l.place)) } span.num { (show::day(lang, l.raised_at, now)) }
                        @if l.voices > 1 { span { (t!(lang, "voices-n", n = l.voices)) } }
                    }
                }
                (parts::icon("chevron-right"))
            }
        } } }
    };
    let list = html! {
        section.sec aria-labelledby="h-list" #list {
            div."sec-h" { h2 # "h-list" { (t!(lang, "ledger-title")) } }
            p."cap muted" { (t!(lang, "ledger-lead")) }
            @if lines.is_empty() { (parts::empty("inbox", &t!(lang, "ledger-none"), &t!(lang, "ledger-none-text"))) }
            @else {
                (rows)
                @let on = next.as_deref().map(|n| format!("{}#list", look.address("/public", &[("cursor", n)])));
                @let first = (!cursor.is_empty()).then(|| format!("{here}#list"));
                (parts::pager(lang, lines.len(), first.as_deref(), on.as_deref()))
            }
        }
    };
    let title = t!(lang, "public-title");
    let body = html! {
        h1.mt3 { (title) }
        p."muted mt1" { (t!(lang, "public-lead")) }
        (chooser(&viewer, look, "/public", &[]))
        p."meta mt2" { span { (parts::icon_s("map-pin")) (look.place_name) } span.num { (t!(lang, "period-is", from = look.period.from.to_string(), to = look.period.to.to_string())) } }
        p."btns np" { a."btn sm quiet" href="#list" { (parts::icon_s("list-checks")) (t!(lang, "ledger-title")) } }
        section.sec aria-labelledby="h-main" {
            div."sec-h" { h2 # "h-main" { (t!(lang, "headline")) } }
            dl.figs { @for code in HEADLINE { @if let Some(v) = find(&all.values, code) { (fig(lang, look, "/public/figures", v, None)) } } }
        }
        (broken(lang, &all))
        (imported(lang, &all))
        section.sec aria-labelledby="h-all" {
            h2.vh # "h-all" { (t!(lang, "all-figures")) }
            details."more card card-p" { summary { (t!(lang, "all-figures")) } (table(lang, look, Some("/public/figures"), &t!(lang, "all-figures"), &own(&all.values))) }
        }
        p."btns np mt3" {
            @let to = |what: &str, ending: &str| look.address(&format!("/public/sheet/{what}.{ending}"), &[]);
            (downloads(&t!(lang, "export-figures"), [("xlsx", to("figures", "xlsx")), ("csv", to("figures", "csv"))]))
            (downloads(&t!(lang, "export-matters"), [("xlsx", to("matters", "xlsx")), ("csv", to("matters", "csv"))]))
            a."btn sm quiet" href=(look.address("/public/print", &[])) { (parts::icon_s("printer")) (t!(lang, "print-it")) }
        }
        (list)
    };
    let frame = layout::Page { title: &title, current: "/public", ..layout::Page::default() };
    Ok(layout::resident(&ctx, &viewer, frame, &body).into_response())
}

/// The figures of the record itself, without those of an imported ledger.
fn own(values: &[Value]) -> Vec<(&Value, Option<&Value>)> {
    values.iter().filter(|v| v.figure.section != Section::Ledger).map(|v| (v, None)).collect()
}

fn imported(lang: Lang, all: &All) -> Markup {
    let ledger: Vec<&Value> = all.values.iter().filter(|v| v.figure.section == Section::Ledger).collect();
    let any = find(&all.values, "imported").and_then(|v| v.value).unwrap_or(0) > 0;
    html! {
        @if any {
            section.sec aria-labelledby="h-old" {
                div."sec-h" { h2 # "h-old" { (view::section_name(lang, Section::Ledger)) } }
                p."cap muted" { (t!(lang, "imported-note")) }
                dl."figs mt2" { @for v in ledger { (fig(lang, &all.look, "/public/figures", v, None)) } }
            }
        }
    }
}

fn broken(lang: Lang, all: &All) -> Markup {
    let look = &all.look;
    let months = Broken { by: By::Month, title: t!(lang, "by-month"), slices: &all.trend, names: &all.names };
    html! {
        div."pair stack sec" {
            div {
                section aria-labelledby="h-trend" {
                    div."sec-h" { h2 # "h-trend" { (t!(lang, "trend", n = all.months.len())) } }
                    div."card card-p" {
                        (chart(lang, &all.months, &all.trend))
                        details.more { summary { (t!(lang, "numbers")) } (months.numbers(lang, look, None)) }
                    }
                }
                @for (by, slices) in all.parts.iter().filter(|(by, _)| *by != By::Category) { (section(lang, all, *by, slices, true)) }
            }
            div {
                @for (by, slices) in all.parts.iter().filter(|(by, _)| *by == By::Category) { (section(lang, all, *by, slices, false)) }
            }
        }
    }
}

fn section(lang: Lang, all: &All, by: By, slices: &[Slice], below: bool) -> Markup {
    let part = Broken { by, title: by_title(lang, by), slices, names: &all.names };
    html! {
        @if !slices.is_empty() {
            section.sec[below] aria-labelledby={ "h-" (by) } {
                div."sec-h" { h2 #{ "h-" (by) } { (part.title) } }
                div."card card-p" {
                    (part.bars(lang, &all.look, 12))
                    details.more { summary { (t!(lang, "numbers")) } (part.numbers(lang, &all.look, None)) }
                }
            }
        }
    }
}

/// The paper for the notice board.
pub(super) async fn print(State(ctx): State<Ctx>, viewer: Viewer, Query(pairs): Asked) -> Answer {
    let lang = viewer.lang;
    let now = ctx.store.now();
    let mut conn = ctx.store.read().await?;
    let all = all(&ctx, &mut conn, &viewer, &Fields::new(pairs)).await?;
    let look = &all.look;
    let ledger = find(&all.values, "imported").and_then(|v| v.value).unwrap_or(0) > 0;
    let values = if ledger { all.values.iter().map(|v| (v, None)).collect() } else { own(&all.values) };
    let title = t!(lang, "paper-title", place = look.place_name.clone());
    let body = html! {
        section.sheet {
            header."sheet-h" { div {
                h1 { (title) }
                p { (t!(lang, "period-is", from = look.period.from.to_string(), to = look.period.to.to_string())) "　" (t!(lang, "paper-made", at = show::full(now))) }
            } }
            (table(lang, look, None, &t!(lang, "all-figures"), &values))
            p."cap mt2" { (t!(lang, "paper-rule", min = look.method().figures.min_n)) }
        }
        section.sheet {
            h2 { (t!(lang, "by-month")) }
            (chart(lang, &all.months, &all.trend))
            (Broken { by: By::Month, title: t!(lang, "by-month"), slices: &all.trend, names: &all.names }.numbers(lang, look, None))
            @for (by, slices) in &all.parts {
                @if !slices.is_empty() {
                    @let part = Broken { by: *by, title: by_title(lang, *by), slices, names: &all.names };
                    h2.mt3 { (part.title) }
                    (part.numbers(lang, look, None))
                }
            }
        }
    };
    Ok(layout::paper(&viewer, &title, &look.address("/public", &[]), &body).into_response())
}

/// The figures as a spreadsheet.
pub(super) async fn figures_sheet(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    Path(ending): Path<String>,
    Query(pairs): Asked,
) -> Answer {
    let mut conn = ctx.store.read().await?;
    let look = look(&mut conn, &viewer, &Fields::new(pairs), false, ctx.store.now()).await?;
    let values = queries::kept::figures(&ctx.store, &mut conn, &look.cut, look.method()).await?;
    let file = t!(
        viewer.lang,
        "sheet-figures",
        from = look.period.from.to_string(),
        to = look.period.to.to_string()
    );
    Ok(view::sheet(viewer.lang, &look, &values).download(&file, &ending)?)
}

/// The public matters as a spreadsheet.
pub(super) async fn matters_sheet(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    Path(ending): Path<String>,
    Query(pairs): Asked,
) -> Answer {
    let lang = viewer.lang;
    let now = ctx.store.now();
    let mut conn = ctx.store.read().await?;
    let look = look(&mut conn, &viewer, &Fields::new(pairs), false, now).await?;
    let (lines, _) =
        matters::queries::public(&mut conn, look.cut.street, &viewer, &filter(&look), "", SHEET, now).await?;
    let places = buildings(&mut conn, look.cut.street, lines.iter().map(|l| l.place.clone())).await?;
    let row = |l: &Line| {
        vec![
            l.number.as_str().into(),
            open_title(l.public_title.as_deref(), &l.title).into(),
            blurred(&places, &l.place).into(),
            l.category
                .as_deref()
                .and_then(|c| look.world.catalogue.get(c))
                .map(|c| c.name.get(lang.code()))
                .into(),
            l.tier.map(|t| look.method().tiers.get(t).name.get(lang.code())).into(),
            status_word(lang, l.status.code()).into(),
            show::full(l.raised_at).into(),
            l.closed_at.map(show::full).into(),
        ]
    };
    let sheet = ui::sheet::Sheet {
        heads: vec![
            t!(lang, "number"),
            t!(lang, "title"),
            t!(lang, "where"),
            t!(lang, "category"),
            t!(lang, "tier"),
            t!(lang, "status"),
            t!(lang, "raised-at"),
            t!(lang, "closed-at"),
        ],
        rows: lines.iter().map(row).collect(),
    };
    let file =
        t!(lang, "sheet-matters", from = look.period.from.to_string(), to = look.period.to.to_string());
    Ok(sheet.download(&file, &ending)?)
}

/// The public matters behind a figure.
pub(super) async fn behind(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    Path(code): Path<String>,
    Query(pairs): Asked,
) -> Answer {
    let lang = viewer.lang;
    let fields = Fields::new(pairs);
    let figure = wanted(&code)?;
    let now = ctx.store.now();
    let mut conn = ctx.store.read().await?;
    let look = look(&mut conn, &viewer, &fields, false, now).await?;
    let method = look.method();
    let part = fields.code("part", Part::parse)?.unwrap_or(Part::Numerator);
    let value = queries::some(&mut conn, &look.cut, method, &[figure])
        .await?
        .first()
        .copied()
        .ok_or_else(|| Fault::other("no value"))?;
    if !figure.opens || (value.hidden == Some(Hidden::TooFew) && part == Part::Numerator) {
        return Err(Refusal::forbidden("briefings.not-open").into());
    }
    let cursor = fields.get("cursor");
    let (lines, next) = queries::behind(&mut conn, &look.cut, method, figure, part, cursor, PAGE).await?;
    let places = buildings(&mut conn, look.cut.street, lines.iter().map(|l| l.place.clone())).await?;
    let here = format!("/public/figures/{code}");
    let title = name(lang, figure);
    let (n, unit) = shown(lang, &value);
    let body = html! {
        h1.mt3 { (title) " " span.num { (n) @if !unit.is_empty() { " " (unit) } } }
        p.muted { (t!(lang, "behind-lead", from = look.period.from.to_string(), to = look.period.to.to_string(), place = look.place_name.clone())) }
        p { (definition(lang, figure, method)) }
        (part_tabs(lang, &look, &here, &value, part))
        p."cap muted" { (t!(lang, "behind-hidden")) }
        @if lines.is_empty() { (parts::empty("inbox", &t!(lang, "behind-none"), "")) }
        @else {
            ul."card rowlist" { @for l in &lines { li { a href={ "/m/" (l.number) } {
                span.tx {
                    b { (open_title(l.public_title.as_deref(), &l.title)) }
                    span.meta {
                        (status(lang, &l.status)) span.num { (l.number) } span { (blurred(&places, &l.place)) } span.num { (show::day(lang, l.raised_at, now)) }
                        @if l.times > 1 { span { (t!(lang, "times-is", n = l.times)) } }
                    }
                }
                (parts::icon("chevron-right"))
            } } } }
            @let on = next.as_deref().map(|n| look.address(&here, &[("part", part.code()), ("cursor", n)]));
            @let first = (!cursor.is_empty()).then(|| look.address(&here, &[("part", part.code())]));
            (parts::pager(lang, lines.len(), first.as_deref(), on.as_deref()))
        }
        p."btns mt3" { a.btn href=(look.address("/public", &[])) { (t!(lang, "back-figures")) } }
    };
    let back = look.address("/public", &[]);
    let frame =
        layout::Page { title: &title, current: "/public", back: Some(&back), ..layout::Page::default() };
    Ok(layout::resident(&ctx, &viewer, frame, &body).into_response())
}

/// The two lists behind a rate.
pub(super) fn part_tabs(lang: Lang, look: &Look, here: &str, value: &Value, part: Part) -> Markup {
    html! {
        @if value.figure.has_parts() && value.hidden.is_none() {
            nav.segs aria-label=(t!(lang, "figure")) {
                @for (p, n) in [(Part::Numerator, value.numerator), (Part::Denominator, value.denominator)] {
                    a href=(look.address(here, &[("part", p.code())])) aria-current=[(p == part).then_some("true")] {
                        (part_name(lang, p)) " " span.num { (n.unwrap_or(0)) }
                    }
                }
            }
        } @else if value.hidden.is_none() {
            p."meta" { span.num { (said(lang, value)) } }
        }
    }
}
