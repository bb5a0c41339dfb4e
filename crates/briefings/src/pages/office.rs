//! `/office/figures`: the same definitions over what the reader's offices reach, and the matters behind.

use super::{
    Names, PAGE, SHEET, definition, figures_of, name, part_name,
    public::part_tabs,
    shown, view,
    view::{Broken, chart, chooser, downloads, fig, section_name, status, status_word, table},
    wanted,
};
use crate::{
    model::{By, Figure, Part, Period, Section, Slice, Value},
    queries::{self, Behind, Look, look},
    t,
};
use axum::{
    extract::{Path, Query, State},
    response::IntoResponse,
};
use kernel::{Id, PlacePath, Time};
use maud::html;
use std::collections::HashMap;
use store::{Conn, Fault};
use ui::{Answer, Ctx, Fields, Lang, Viewer, layout, parts, sheet::Sheet, show};

type Asked = Query<Vec<(String, String)>>;

/// A value with that of the period before.
type Beside<'a> = (&'a Value, Option<&'a Value>);

const HERE: &str = "/office/figures";
/// The figures of a breakdown.
const BROKEN: &[&str] = &["raised", "closed", "solved", "on_time", "satisfied", "handle_median"];
/// The figures of units.
const UNITS: &[&str] = &[
    "dispatched",
    "signed_in_time",
    "contact_24h",
    "on_time",
    "rework",
    "returned",
    "extended",
    "handle_median",
    "satisfied",
];
/// The figures that come first.
const HEADLINE: &[&str] =
    &["raised", "closed", "open", "overdue", "solved", "satisfied", "on_time", "handle_median"];
const TREND: &[&str] = &["raised", "closed"];

/// The units that a reader can choose from; none for unit handlers, who see only their own.
async fn units(conn: &mut Conn, viewer: &Viewer, street: Id) -> Result<Vec<(String, String)>, Fault> {
    let offices = viewer.offices_for(&matters::rules::READ);
    if offices.iter().all(|o| o.unit.is_some()) {
        return Ok(Vec::new());
    }
    let reached = |place: &PlacePath| offices.iter().any(|o| place.within(&o.place) || o.place.within(place));
    let all = people::queries::units(conn, street).await?;
    Ok(all.into_iter().filter(|u| reached(&u.place)).map(|u| (u.id.to_string(), u.name)).collect())
}

/// The dashboard.
pub(super) async fn page(State(ctx): State<Ctx>, viewer: Viewer, Query(pairs): Asked) -> Answer {
    let lang = viewer.lang;
    let mut conn = ctx.store.read().await?;
    let look = look(&mut conn, &viewer, &Fields::new(pairs), true, ctx.store.now()).await?;
    let (street, method) = (look.cut.street, look.method());
    let values = queries::kept::figures(&ctx.store, &mut conn, &look.cut, method).await?;
    let before =
        queries::kept::figures(&ctx.store, &mut conn, &look.over(look.period.before()), method).await?;
    let span = Period::months(look.period.to, method.figures.trend_months);
    let trend = queries::kept::breakdown(
        &ctx.store,
        &mut conn,
        &look.over(span),
        method,
        &figures_of(TREND),
        By::Month,
    )
    .await?;
    let months = span.month_keys(usize::try_from(method.figures.trend_months).unwrap_or(12));
    let place = if look.cut.place.codes().count() < 2 { By::Community } else { By::Compound };
    let mut broken = Vec::new();
    for (by, codes, title) in [
        (By::Unit, UNITS, t!(lang, "by-unit")),
        (By::Tier, BROKEN, t!(lang, "by-tier")),
        (By::Category, BROKEN, t!(lang, "by-category")),
        (place, BROKEN, t!(lang, "by-place")),
        (By::Channel, BROKEN, t!(lang, "by-channel")),
    ] {
        broken.push((
            by,
            title,
            queries::kept::breakdown(&ctx.store, &mut conn, &look.cut, method, &figures_of(codes), by)
                .await?,
        ));
    }
    let keyed: Vec<(By, &[Slice])> =
        broken.iter().map(|(by, _, slices): &(By, String, Vec<Slice>)| (*by, slices.as_slice())).collect();
    let names = Names::fetch(&mut conn, street, &keyed).await?;
    let units = units(&mut conn, &viewer, street).await?;
    let old = values.iter().any(|v| v.figure.code == "imported" && v.value.unwrap_or(0) > 0);
    let beside: Vec<Beside<'_>> =
        values.iter().zip(&before).map(|(v, b)| (v, compare(v.figure, b))).collect();
    let title = t!(lang, "office-title");
    let to_unit = |key: &str| {
        let mut address =
            Look { cut: crate::Cut { unit: None, ..look.cut.clone() }, ..look.clone() }.address(HERE, &[]);
        address.push_str(&format!("&unit={key}"));
        address
    };
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "office-lead")) } }
        (chooser(&viewer, &look, HERE, &units))
        p."meta mt2" {
            span { (parts::icon_s("map-pin")) (look.place_name) }
            span.num { (t!(lang, "period-is", from = look.period.from.to_string(), to = look.period.to.to_string())) }
        }
        p."btns np" {
            @let to = |ending: &str| look.address(&format!("/office/figures-sheet/figures.{ending}"), &[]);
            (downloads(&t!(lang, "export-figures"), [("xlsx", to("xlsx")), ("csv", to("csv"))]))
            a."btn sm quiet" href=(look.address("/public/print", &[])) { (parts::icon_s("printer")) (t!(lang, "print-it")) }
        }
        section.sec aria-labelledby="h-main" {
            h2.vh # "h-main" { (t!(lang, "headline")) }
            dl.figs { @for (v, b) in HEADLINE.iter().filter_map(|code| beside.iter().find(|(v, _)| v.figure.code == *code)) { (fig(lang, &look, HERE, v, *b)) } }
        }
        @for section in Section::ALL.iter().filter(|s| old || **s != Section::Ledger) {
            @let these: Vec<Beside<'_>> = beside.iter().filter(|(v, _)| v.figure.section == *section).copied().collect();
            @let word = section_name(lang, *section);
            section.sec aria-labelledby={ "h-" (section) } {
                div."sec-h" { h2 #{ "h-" (section) } { (word) } }
                @if *section == Section::Ledger { p."cap muted" { (t!(lang, "imported-note")) } }
                div.card { (table(lang, &look, Some(HERE), &word, &these)) }
            }
        }
        div."pair stack sec" {
        section aria-labelledby="h-trend" {
            div."sec-h" { h2 # "h-trend" { (t!(lang, "trend", n = months.len())) } }
            div."card card-p" {
                (chart(lang, &months, &trend))
                details.more {
                    summary { (t!(lang, "numbers")) }
                    (Broken { by: By::Month, title: t!(lang, "by-month"), slices: &trend, names: &names }.numbers(lang, &look, None))
                }
            }
        }
            @for (by, title, slices) in broken.iter().filter(|(by, _, _)| *by == By::Channel) {
                @let part = Broken { by: *by, title: title.clone(), slices, names: &names };
                section aria-labelledby="h-channel" { div."sec-h" { h2 # "h-channel" { (title) } } div."card card-p" { (part.bars(lang, &look, 12)) details.more { summary { (t!(lang, "numbers")) } (part.numbers(lang, &look, None)) } } }
            }
        }
        @for (by, title, slices) in broken.iter().filter(|(by, _, _)| *by != By::Channel) {
            @if !slices.is_empty() {
                @let part = Broken { by: *by, title: title.clone(), slices, names: &names };
                @let link: Option<&dyn Fn(&str) -> String> = if *by == By::Unit { Some(&to_unit) } else { None };
                section.sec aria-labelledby={ "h-by-" (by) } {
                    div."sec-h" { h2 #{ "h-by-" (by) } { (title) } }
                    div."card card-p" { (part.numbers(lang, &look, link)) }
                }
            }
        }
    };
    let frame = layout::Page { title: &title, current: HERE, ..layout::Page::default() };
    Ok(layout::staff(&ctx, &viewer, frame, &body).into_response())
}

/// Whether the period before says anything: not for the stock of this moment.
fn compare<'a>(figure: &Figure, before: &'a Value) -> Option<&'a Value> {
    (figure.clock != crate::model::Clock::Now && before.hidden.is_none()).then_some(before)
}

/// The figures as a spreadsheet.
pub(super) async fn sheet(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    Path(ending): Path<String>,
    Query(pairs): Asked,
) -> Answer {
    let mut conn = ctx.store.read().await?;
    let look = look(&mut conn, &viewer, &Fields::new(pairs), true, ctx.store.now()).await?;
    let values = queries::kept::figures(&ctx.store, &mut conn, &look.cut, look.method()).await?;
    let file = t!(
        viewer.lang,
        "sheet-figures",
        from = look.period.from.to_string(),
        to = look.period.to.to_string()
    );
    Ok(view::sheet(viewer.lang, &look, &values).download(&file, &ending)?)
}

struct Words {
    places: HashMap<PlacePath, String>,
    units: HashMap<Id, String>,
}

async fn words(conn: &mut Conn, street: Id, lines: &[Behind]) -> Result<Words, Fault> {
    let mut paths: Vec<PlacePath> = lines.iter().map(|l| l.place.clone()).collect();
    paths.sort();
    paths.dedup();
    let mut ids: Vec<Id> = lines.iter().filter_map(|l| l.lead).collect();
    ids.sort();
    ids.dedup();
    let mut places = HashMap::new();
    // Engines limit the number of arguments of a statement.
    for some in paths.chunks(500) {
        places.extend(
            places::queries::by_paths(conn, street, some)
                .await?
                .into_iter()
                .map(|(path, p)| (path, p.full_name)),
        );
    }
    let units =
        if ids.is_empty() { HashMap::new() } else { people::queries::unit_names(conn, street, &ids).await? };
    Ok(Words { places, units })
}

/// The matters behind a figure, on a page or as a spreadsheet (`format=csv|xlsx`).
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
    let look = look(&mut conn, &viewer, &fields, true, now).await?;
    let (method, street) = (look.method(), look.cut.street);
    let part = fields.code("part", Part::parse)?.unwrap_or(Part::Numerator);
    let part = if figure.measure().is_some() { Part::Denominator } else { part };
    let title = name(lang, figure);
    if let Some(format) = fields.some("format") {
        viewer.need_somewhere(&matters::rules::EXPORT)?;
        let (lines, _) = queries::behind(&mut conn, &look.cut, method, figure, part, "", SHEET).await?;
        let words = words(&mut conn, street, &lines).await?;
        let file = t!(
            lang,
            "sheet-behind",
            name = title,
            from = look.period.from.to_string(),
            to = look.period.to.to_string()
        );
        return Ok(behind_sheet(lang, &look, &lines, &words).download(&file, format)?);
    }
    let value = queries::some(&mut conn, &look.cut, method, &[figure])
        .await?
        .first()
        .copied()
        .ok_or_else(|| Fault::other("no value"))?;
    let cursor = fields.get("cursor");
    let (lines, next) = queries::behind(&mut conn, &look.cut, method, figure, part, cursor, PAGE).await?;
    let words = words(&mut conn, street, &lines).await?;
    let here = format!("{HERE}/{code}");
    let counted = if part == Part::Numerator { value.numerator } else { value.denominator }
        .or(value.numerator)
        .unwrap_or(0);
    let (n, unit) = shown(lang, &value);
    let export = viewer.need_somewhere(&matters::rules::EXPORT).is_ok();
    let body = html! {
        div.wh {
            h1 { (t!(lang, "behind-title", name = title.clone(), part = part_name(lang, part))) }
            p.muted { (t!(lang, "behind-lead", from = look.period.from.to_string(), to = look.period.to.to_string(), place = look.place_name.clone())) }
        }
        p { b.num { (n) @if !unit.is_empty() { " " (unit) } } " " (definition(lang, figure, method)) }
        (part_tabs(lang, &look, &here, &value, part))
        p."cap muted" { (t!(lang, "behind-count", n = counted, limit = PAGE)) }
        @if lines.is_empty() { (parts::empty("inbox", &t!(lang, "behind-none"), "")) }
        @else {
            div.card { (behind_table(lang, &look, &lines, &words, now)) }
            @let on = next.as_deref().map(|n| look.address(&here, &[("part", part.code()), ("cursor", n)]));
            @let first = (!cursor.is_empty()).then(|| look.address(&here, &[("part", part.code())]));
            (parts::pager(lang, lines.len(), first.as_deref(), on.as_deref()))
        }
        p."btns mt3" {
            a.btn href=(look.address(HERE, &[])) { (t!(lang, "back-figures")) }
            @if export {
                @let to = |format: &str| look.address(&here, &[("part", part.code()), ("format", format)]);
                (downloads(&t!(lang, "export-matters"), [("xlsx", to("xlsx")), ("csv", to("csv"))]))
            }
        }
    };
    let back = look.address(HERE, &[]);
    let frame = layout::Page { title: &title, current: HERE, back: Some(&back), ..layout::Page::default() };
    Ok(layout::staff(&ctx, &viewer, frame, &body).into_response())
}

fn behind_table(lang: Lang, look: &Look, lines: &[Behind], words: &Words, now: Time) -> maud::Markup {
    let heads = [
        t!(lang, "title"),
        t!(lang, "where"),
        t!(lang, "category"),
        t!(lang, "status"),
        t!(lang, "lead"),
        t!(lang, "raised-at"),
        t!(lang, "closed-at"),
        t!(lang, "times"),
    ];
    html! {
        div.tscroll tabindex="0" role="group" aria-label=(t!(lang, "export-matters")) {
            table."tbl wl" {
                caption.vh { (t!(lang, "export-matters")) }
                thead { tr { @for head in &heads { th scope="col" { (head) } } } }
                tbody { @for l in lines { tr {
                    td."c-t" { a.tt href={ "/office/m/" (l.number) } { (l.title) } span.meta { span.num { (l.number) } } }
                    td data-l=(heads[1]) { (words.places.get(&l.place).cloned().unwrap_or_default()) }
                    td data-l=(heads[2]) { (category(lang, look, l).unwrap_or_default()) }
                    td data-l=(heads[3]) { (status(lang, &l.status)) }
                    td data-l=(heads[4]) { (l.lead.and_then(|id| words.units.get(&id)).cloned().unwrap_or_default()) }
                    td.num data-l=(heads[5]) { (show::day(lang, l.raised_at, now)) }
                    td.num data-l=(heads[6]) { @if let Some(at) = l.closed_at { (show::day(lang, at, now)) } }
                    td."r num" data-l=(heads[7]) { (l.times) }
                } } }
            }
        }
    }
}

fn category(lang: Lang, look: &Look, l: &Behind) -> Option<String> {
    let category = look.world.catalogue.get(l.category.as_deref()?)?;
    Some(category.name.get(lang.code()).to_owned())
}

fn behind_sheet(lang: Lang, look: &Look, lines: &[Behind], words: &Words) -> Sheet {
    Sheet {
        heads: vec![
            t!(lang, "number"),
            t!(lang, "title"),
            t!(lang, "where"),
            t!(lang, "category"),
            t!(lang, "tier"),
            t!(lang, "status"),
            t!(lang, "lead"),
            t!(lang, "raised-at"),
            t!(lang, "closed-at"),
            t!(lang, "times"),
        ],
        rows: lines
            .iter()
            .map(|l| {
                vec![
                    l.number.as_str().into(),
                    l.title.as_str().into(),
                    words.places.get(&l.place).cloned().into(),
                    category(lang, look, l).into(),
                    l.tier.map(|t| look.method().tiers.get(t).name.get(lang.code())).into(),
                    status_word(lang, &l.status).into(),
                    l.lead.and_then(|id| words.units.get(&id)).cloned().into(),
                    show::full(l.raised_at).into(),
                    l.closed_at.map(show::full).into(),
                    l.times.into(),
                ]
            })
            .collect(),
    }
}
