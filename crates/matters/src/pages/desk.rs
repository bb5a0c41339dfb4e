//! The staff desk: the worklist with its tabs, tiles, filters and side panel; bulk acts; spreadsheets.

use super::{office, words::*};
use crate::{
    actions,
    model::*,
    queries::{self, Counts, Filter, Line, Part, Sort},
    rules, t,
};
use axum::{
    extract::{Path, RawQuery, State},
    response::IntoResponse,
};
use kernel::{Id, PlacePath, Time, time};
use maud::{Markup, html};
use methods::Tier;
use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};
use store::{Conn, Fault, Kept};
use ui::{
    Answer, Ctx, Fields, Posted, Viewer,
    layout::{self, Page},
    parts::*,
    sheet::{Cell, Sheet},
    show,
};

/// Rows of a page.
const ROWS: i64 = 50;

/// The address with some fields changed; an empty value drops one. The cursor never stays.
fn address(base: &str, fields: &Fields, change: &[(&str, &str)]) -> String {
    let mut pairs: Vec<(String, String)> = fields
        .iter()
        .filter(|(n, v)| {
            !v.is_empty() && *n != "cursor" && *n != "panel" && !change.iter().any(|(c, _)| c == n)
        })
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .collect();
    pairs.extend(
        change.iter().filter(|(_, v)| !v.is_empty()).map(|(n, v)| ((*n).to_owned(), (*v).to_owned())),
    );
    let text: Vec<String> = pairs.iter().map(|(n, v)| format!("{}={}", query(n), query(v))).collect();
    if text.is_empty() { base.to_owned() } else { format!("{base}?{}", text.join("&")) }
}

/// Reads the filter of an address; what cannot be read narrows nothing.
pub fn filter_of(f: &Fields, default: Part, now: Time) -> Filter {
    let date = |name: &str| f.some(name).and_then(|v| v.parse::<chrono::NaiveDate>().ok());
    Filter {
        part: f.some("part").and_then(Part::parse).unwrap_or(default),
        status: f.some("status").and_then(Status::parse),
        tier: f.some("tier").and_then(Tier::parse),
        channel: f.some("channel").and_then(kernel::Channel::parse).map(|c| c.code().to_owned()),
        category: f.some("category").map(str::to_owned),
        place: f.some("place").and_then(PlacePath::parse),
        unit: f.some("unit").and_then(|u| u.parse().ok()),
        late: f.ticked("late"),
        due_before: f.ticked("today").then(|| time::day_start(time::local_date(now) + chrono::Days::new(1))),
        from: date("from").map(time::day_start),
        to: date("to").map(|d| time::day_start(d + chrono::Days::new(1))),
        overlay: f.some("overlay").map(str::to_owned),
        text: f.some("q").map(str::to_owned),
        sort: if f.get("sort") == "newest" { Sort::Newest } else { Sort::Due },
    }
}

struct Names {
    places: HashMap<PlacePath, places::model::Place>,
    units: HashMap<Id, String>,
}

/// What a page of the list is made of.
struct Shown {
    world: Arc<World>,
    lines: Vec<Line>,
    next: Option<String>,
    names: Names,
    /// Everybody to whom one may dispatch.
    units: Vec<people::model::Unit>,
}

/// A page of the list, kept while nothing changes: many look at the same one, again and again.
async fn shown(
    ctx: &Ctx,
    viewer: &Viewer,
    conn: &mut Conn,
    street: Id,
    filter: &Filter,
    cursor: &str,
) -> Result<Arc<Shown>, Fault> {
    static KEPT: LazyLock<Kept<Arc<Shown>>> = LazyLock::new(|| Kept::new(5).at_most(100));
    let key = format!("{street} {:?} {filter:?} {cursor}", viewer.offices_for(&rules::READ));
    let make = async {
        let world = queries::world(conn, street).await?;
        let now = ctx.store.now();
        let (lines, next) = queries::worklist(conn, street, viewer, filter, cursor, ROWS, now).await?;
        let names = names(conn, street, &lines).await?;
        let units = people::queries::units(conn, street).await?;
        Ok(Arc::new(Shown { world, lines, next, names, units }))
    };
    KEPT.get(&ctx.store, key, make).await
}

async fn names(conn: &mut Conn, street: Id, lines: &[Line]) -> Result<Names, Fault> {
    let places = place_names(conn, street, lines.iter().map(|l| l.place.clone())).await?;
    let mut ids: Vec<Id> = lines.iter().filter_map(|l| l.lead).collect();
    ids.sort();
    ids.dedup();
    Ok(Names { places, units: people::queries::unit_names(conn, street, &ids).await? })
}

/// `/office`
pub async fn desk(State(ctx): State<Ctx>, viewer: Viewer, RawQuery(raw): RawQuery) -> Answer {
    page(&ctx, &viewer, &Fields::of_query(raw.as_deref()), "/office").await
}

/// `/office/matters`
pub async fn list(State(ctx): State<Ctx>, viewer: Viewer, RawQuery(raw): RawQuery) -> Answer {
    page(&ctx, &viewer, &Fields::of_query(raw.as_deref()), "/office/matters").await
}

/// `/office/live`: the list alone, for the page that follows along.
pub async fn live(State(ctx): State<Ctx>, viewer: Viewer, RawQuery(raw): RawQuery) -> Answer {
    let f = Fields::of_query(raw.as_deref());
    let base = if f.get("base") == "/office/matters" { "/office/matters" } else { "/office" };
    viewer.need_somewhere(&rules::READ)?;
    let street = ctx.street(&viewer)?;
    let mut conn = ctx.store.read().await?;
    let filter = filter_of(&f, default_part(base, &f), ctx.store.now());
    let shown = shown(&ctx, &viewer, &mut conn, street, &filter, f.get("cursor")).await?;
    Ok(list_part(&ctx, &viewer, &shown, &filter, &f, base).into_response())
}

/// `/office/events`
pub async fn events(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    viewer.need_somewhere(&rules::READ)?;
    Ok(ui::live::changes(&ctx, &viewer, "matters").into_response())
}

fn default_part(base: &str, f: &Fields) -> Part {
    match base {
        "/office/matters" if f.some("q").is_some() => Part::All,
        "/office/matters" => Part::Open,
        _ => Part::Mine,
    }
}

async fn page(ctx: &Ctx, viewer: &Viewer, f: &Fields, base: &str) -> Answer {
    let lang = viewer.lang;
    let signed = viewer.signed_in()?;
    if viewer.offices_for(&rules::READ).is_empty() {
        // Administrators have a desk of their own.
        if base == "/office" && viewer.is_staff() {
            return Ok(axum::response::Redirect::to("/office/people").into_response());
        }
        viewer.need_somewhere(&rules::READ)?;
    }
    let street = ctx.street(viewer)?;
    let now = ctx.store.now();
    let mut conn = ctx.store.read().await?;
    if viewer.fragment.as_deref() == Some("panel") {
        let number = f.get("panel").to_owned();
        return Ok(office::panel(ctx, viewer, &mut conn, &number).await?.into_response());
    }
    let counts = queries::counts(&ctx.store, &mut conn, street, viewer).await?;
    let filter = filter_of(f, default_part(base, f), now);
    let shown = shown(ctx, viewer, &mut conn, street, &filter, f.get("cursor")).await?;
    let list = list_part(ctx, viewer, &shown, &filter, f, base);
    let panel = match f.some("panel") {
        Some(number) => Some(office::panel(ctx, viewer, &mut conn, number).await?),
        None => None,
    };
    let world = &shown.world;
    let today = time::local_date(now);
    let day = world.calendar.day(today);
    let body = html! {
        div.wh {
            h1 { (t!(lang, "desk-hello", name = signed.name.clone(), n = counts.mine)) }
            p.muted { (show::date(lang, today, today)) "　" (show::weekday(lang, today)) @if !day.name.is_empty() { "　" (day.name) } }
        }
        @if !world.calendar.covers(chrono::Datelike::year(&(today + chrono::Days::new(60)))) {
            (notice("warn", "calendar-days", &t!(lang, "calendar-missing", year = chrono::Datelike::year(&(today + chrono::Days::new(60)))), &t!(lang, "calendar-missing-hint")))
        }
        (tiles(viewer, base, &counts))
        div.split {
            section."card list" #list data-bulk data-live="/office/events" data-refresh={ "/office/live?base=" (query(base)) } data-t-new=(t!(lang, "live-new", n = "{n}")) aria-labelledby="h-list" { (list) }
            aside."card det" #panel tabindex="-1" aria-label=(t!(lang, "panel")) {
                @match &panel { Some(p) => (p), None => (empty("inbox", &t!(lang, "panel-empty"), &t!(lang, "panel-keys"))) }
            }
        }
        (keys_help(lang))
    };
    let title = if base == "/office" { t!(lang, "desk") } else { t!(lang, "matters") };
    let page = Page { title: &title, current: base, ..Page::default() };
    Ok(layout::staff(ctx, viewer, page, &body).into_response())
}

fn tiles(viewer: &Viewer, base: &str, c: &Counts) -> Markup {
    let lang = viewer.lang;
    let to = |change: &[(&str, &str)]| address(base, &Fields::default(), change);
    let tile = |class: &str, href: String, label: String, n: i64| {
        html! { li { a class={ "kpi " (class) } href=(href) { span { (label) } b.num { (n) } } } }
    };
    html! {
        ul.kpis {
            (tile("", to(&[("part", "open"), ("status", "submitted")]), t!(lang, "tile-submitted"), c.submitted))
            (tile("warn", to(&[("part", "open"), ("today", "1")]), t!(lang, "tile-today"), c.due_today))
            (tile(if c.late > 0 { "late" } else { "" }, to(&[("part", "open"), ("late", "1")]), t!(lang, "tile-late"), c.late))
            (tile("", to(&[("part", "open"), ("overlay", "asked")]), t!(lang, "tile-asked"), c.asked))
            (tile("good", to(&[("part", "answered")]), t!(lang, "tile-answered"), c.answered))
        }
    }
}

fn keys_help(lang: ui::Lang) -> Markup {
    html! {
        dialog.dlg #keys data-keys aria-labelledby="keys-h" {
            div."dlg-h" { h2 #keys-h { (t!(lang, "keys")) } button."top-btn" type="button" data-close aria-label=(t!(lang, "close")) { (icon("x")) } }
            div."dlg-b" {
                dl."kv left" {
                    dt { kbd { "j" } " " kbd { "k" } } dd { (t!(lang, "keys-move")) }
                    dt { kbd { "Enter" } } dd { (t!(lang, "keys-open")) }
                    dt { kbd { "x" } } dd { (t!(lang, "keys-select")) }
                    dt { kbd { "o" } } dd { (t!(lang, "keys-page")) }
                    dt { kbd { "/" } } dd { (t!(lang, "keys-search")) }
                    dt { kbd { "Esc" } } dd { (t!(lang, "keys-close")) }
                }
                label.check { input type="checkbox" data-keys-toggle; span { (t!(lang, "keys-on")) } }
            }
        }
    }
}

/// The list with its tabs, filters, rows and pager.
fn list_part(ctx: &Ctx, viewer: &Viewer, shown: &Shown, filter: &Filter, f: &Fields, base: &str) -> Markup {
    let lang = viewer.lang;
    let now = ctx.store.now();
    let Shown { world, lines, next, names, units } = shown;
    let tabs = [
        ("mine", Part::Mine, t!(lang, "tab-mine")),
        ("open", Part::Open, t!(lang, "tab-open")),
        ("answered", Part::Answered, t!(lang, "tab-answered")),
        ("ended", Part::Ended, t!(lang, "tab-ended")),
        ("all", Part::All, t!(lang, "tab-all")),
    ];
    let may_bulk =
        !viewer.offices_for(&rules::ACCEPT).is_empty() || !viewer.offices_for(&rules::DISPATCH).is_empty();
    let chosen = f.get("panel");
    let offices = viewer.offices_for(&rules::READ);
    // Filters that could only say one thing are left out.
    let only_unit = offices.iter().all(|o| o.unit.is_some());
    let wide = offices.iter().any(|o| o.place.codes().count() < 2);
    html! {
        div."list-h" {
            h2 #h-list { (t!(lang, "list")) }
            nav.segs aria-label=(t!(lang, "tabs")) { @for (code, part, label) in &tabs {
                a href=(address(base, f, &[("part", code), ("status", ""), ("late", ""), ("today", ""), ("overlay", "")])) aria-current=[(filter.part == *part).then_some("true")] { (label) }
            } }
            span."cap muted ml" data-live-state data-t-on=(t!(lang, "live-on")) data-t-off=(t!(lang, "live-off")) {}
        }
        form.filters method="get" action=(base) {
            input type="hidden" name="part" value=(f.get("part"));
            @for keep in ["status", "late", "today", "overlay"] { @if let Some(v) = f.some(keep) { input type="hidden" name=(keep) value=(v); } }
            (filter_select("tier", &t!(lang, "field-tier"), &t!(lang, "any-tier"), f, &coded(lang, Tier::ALL, "tier", Tier::code)))
            @if !only_unit { (filter_select("channel", &t!(lang, "field-channel"), &t!(lang, "any-channel"), f, &kernel::Channel::ALL.iter().map(|c| (c.code().to_owned(), ui::say(lang, &format!("ui.channel-{}", c.code()), &[]))).collect::<Vec<_>>())) }
            (filter_select("category", &t!(lang, "field-category"), &t!(lang, "any-category"), f, &world.catalogue.majors().iter().map(|m| (m.code.clone(), m.name.get(lang.code()).to_owned())).collect::<Vec<_>>()))
            @if !only_unit { (filter_select("unit", &t!(lang, "field-unit"), &t!(lang, "any-unit"), f, &units.iter().map(|u| (u.id.to_string(), u.name.clone())).collect::<Vec<_>>())) }
            @if let Some(home) = viewer.home().filter(|_| wide) { (filter_select("place", &t!(lang, "field-place"), &t!(lang, "any-place"), f, &home.communities.iter().map(|c| (c.path.as_str().to_owned(), c.name.clone())).collect::<Vec<_>>())) }
            (filter_select("sort", &t!(lang, "sort"), &t!(lang, "sort-due"), f, &[("newest".to_owned(), t!(lang, "sort-newest"))]))
            label { span.vh { (t!(lang, "words")) } input type="search" name="q" value=(f.get("q")) placeholder=(t!(lang, "words")) size="12"; }
            button."btn sm quiet" { (icon_s("filter")) (t!(lang, "filter")) }
            @if !viewer.offices_for(&rules::EXPORT).is_empty() {
                a."btn sm quiet" href=(address("/office/matters/xlsx", f, &[("part", f.some("part").unwrap_or(if base == "/office" { "mine" } else { "open" }))])) { (icon_s("download")) (t!(lang, "export")) }
            }
        }
        @if may_bulk && !lines.is_empty() {
            form #bulk .bulkbar method="post" action="/office/bulk" data-bulk-bar {
                (hidden(ctx, viewer)) input type="hidden" name="to" value=(address(base, f, &[]));
                b data-bulk-count data-t=(t!(lang, "selected", n = "{n}")) { (t!(lang, "bulk")) }
                @if filter.status == Some(Status::Submitted) || filter.part != Part::Ended {
                    label { span.vh { (t!(lang, "field-category")) } select.sm name="category" { option value="" { (t!(lang, "proposed-category")) } (category_options(lang, world, "")) } }
                    label { span.vh { (t!(lang, "field-tier")) } select.sm name="tier" { @for (v, w) in coded(lang, Tier::ALL, "tier", Tier::code) { option value=(v) { (w) } } } }
                    button."btn sm" name="verb" value="accept" { (t!(lang, "verb-accept")) }
                    label { span.vh { (t!(lang, "field-unit")) } select.sm name="lead" { option value="" { (t!(lang, "field-unit")) } @for u in units { option value=(u.id) { (u.name) } } } }
                    button."btn sm" name="verb" value="dispatch" { (t!(lang, "verb-dispatch")) }
                }
            }
        }
        @if lines.is_empty() { (empty("circle-check", &t!(lang, "list-empty"), &t!(lang, "list-empty-hint"))) } @else {
            div.tscroll tabindex="0" role="group" aria-label=(t!(lang, "list")) {
                table."tbl wl" data-worklist {
                    caption.vh { (t!(lang, "list")) }
                    thead { tr {
                        th."c-ck" { @if may_bulk { input type="checkbox" data-all aria-label=(t!(lang, "select-all")); } @else { span.vh { (t!(lang, "select-all")) } } }
                        th scope="col" { (t!(lang, "matter")) } th scope="col" { (t!(lang, "field-channel")) } th scope="col" { (t!(lang, "field-tier")) }
                        th scope="col" { (t!(lang, "field-status")) } th scope="col" { (t!(lang, "field-unit")) }
                        th scope="col" aria-sort=[(filter.sort == Sort::Due).then_some("ascending")] { (t!(lang, "field-due")) }
                    } }
                    tbody { @for l in lines { (row(viewer, world, l, names, chosen, may_bulk, now)) } }
                }
            }
            div."list-f" {
                @let first = f.some("cursor").map(|_| address(base, f, &[]));
                @let next = next.as_ref().map(|c| address(base, f, &[("cursor", c)]));
                (pager(lang, lines.len(), first.as_deref(), next.as_deref()))
            }
        }
    }
}

fn filter_select(name: &str, label: &str, any: &str, f: &Fields, choices: &[(String, String)]) -> Markup {
    let value = f.get(name);
    html! {
        label { span.vh { (label) } select name=(name) data-autosubmit { option value="" { (any) } @for (v, w) in choices { option value=(v) selected[v == value] { (w) } } } }
    }
}

fn row(
    viewer: &Viewer,
    world: &World,
    l: &Line,
    names: &Names,
    chosen: &str,
    may_bulk: bool,
    now: Time,
) -> Markup {
    let lang = viewer.lang;
    let due = line_due(lang, world, l, now);
    html! {
        tr data-row=(l.number) .sel[l.number == chosen] {
            td."c-ck" { @if may_bulk { input type="checkbox" form="bulk" name="id" value=(l.number) aria-label=(t!(lang, "select-one", number = l.number.clone())); } }
            td."c-t" {
                a.tt href={ "/office/m/" (l.number) } data-panel=(l.number) { (l.title) }
                span.meta {
                    span.num { (l.number) } span { (icon_s("map-pin")) (place_name(&names.places, &l.place)) }
                    @if l.photos > 0 { span.num { (icon_s("image")) (l.photos) span.vh { (t!(lang, "photos")) } } }
                    @if l.voices > 1 { span.num { (icon_s("users")) (l.voices) span.vh { (t!(lang, "voices")) } } }
                    @if l.urges > 0 { span.num { (icon_s("bell")) (l.urges) span.vh { (t!(lang, "urges")) } } }
                    @if l.round > 1 { span { (chip("late", "rotate-ccw", &t!(lang, "round-n", n = l.round))) } }
                    @if l.supervised { span { (chip("horn", "eye", &t!(lang, "overlay-supervised"))) } }
                    @if let Some(asked) = l.asked { span { (chip("rate", "hand-heart", &word(lang, &format!("asked-{}", asked.code())))) } }
                    @if l.urgency == "urgent" && l.status.is_open() { span { (chip("late", "siren", &t!(lang, "urgency-urgent"))) } }
                }
            }
            td.low data-l=(t!(lang, "field-channel")) { (ui::say(lang, &format!("ui.channel-{}", l.channel), &[])) }
            td data-l=(t!(lang, "field-tier")) { @if let Some(tier) = l.tier { (chip("line", "", &tier_name(lang, tier))) } @else { span.muted { "—" } } }
            td data-l=(t!(lang, "field-status")) { (line_chip(lang, l)) }
            td data-l=(t!(lang, "field-unit")) { @match l.lead.and_then(|u| names.units.get(&u)) { Some(name) => (name), None => span.muted { (t!(lang, "not-dispatched")) } } }
            td."c-due" { (due_cell(lang, due.as_ref(), l)) }
        }
    }
}

/// `POST /office/bulk`: one verb on several matters; each is done or refused by itself, and both are told.
pub async fn bulk(State(ctx): State<Ctx>, form: Posted) -> Answer {
    let viewer = form.viewer.clone();
    viewer.need_somewhere(&rules::READ)?;
    let street = ctx.street(&viewer)?;
    let verb = form.fields.get("verb").to_owned();
    if !matches!(verb.as_str(), "accept" | "dispatch") {
        return Err(kernel::Refusal::missing("matters.no-verb").into());
    }
    let (mut done, mut refused, mut first) = (0, 0, None);
    let numbers: Vec<String> = form.fields.all("id").take(100).map(str::to_owned).collect();
    for number in numbers {
        match one(&ctx, &viewer, &form, street, &verb, &number).await {
            Ok(()) => done += 1,
            Err(Fault::Refused(refusal)) => {
                refused += 1;
                first.get_or_insert_with(|| format!("{number}: {}", ui::refusal_text(viewer.lang, &refusal)));
            }
            Err(fault) => return Err(fault.into()),
        }
    }
    let to = ui::safe_return(form.fields.get("to")).to_owned();
    let (done, refused) = (done.to_string(), refused.to_string());
    match first {
        Some(why) => Ok(ui::done(
            &ctx,
            &to,
            "matters.bulk-partly",
            &[("done", &done), ("refused", &refused), ("why", &why)],
        )),
        None => Ok(ui::done(&ctx, &to, "matters.bulk-done", &[("done", &done)])),
    }
}

async fn one(
    ctx: &Ctx,
    viewer: &Viewer,
    form: &Posted,
    street: Id,
    verb: &str,
    number: &str,
) -> Result<(), Fault> {
    let mut conn = ctx.store.read().await?;
    let (m, standing) = queries::find(&mut conn, street, viewer, number).await?;
    if !standing.staff {
        return Err(kernel::Refusal::missing("matters.no-matter").into());
    }
    let office = queries::need(viewer, verb, &m)?;
    let actor = viewer.actor(Some(office))?;
    let world = queries::world(&mut conn, street).await?;
    let mut fields = serde_json::Map::new();
    for name in ["category", "tier", "lead"] {
        fields.insert(name.into(), form.fields.get(name).into());
    }
    if verb == "accept" {
        fields.remove("lead");
        if form.fields.some("category").is_none() {
            let words = m.body.commit.clone();
            let clear =
                conn.clear_words(ctx.store.keys(), street, &[words.clone(), m.title.commit.clone()]).await?;
            let text: String = clear.values().cloned().collect::<Vec<_>>().join("。");
            let proposed = m.category.clone().or_else(|| {
                methods::propose(&store::search::fold(&text), &world.catalogue)
                    .first()
                    .map(|p| p.code.clone())
            });
            fields.insert(
                "category".into(),
                proposed.ok_or(kernel::Refusal::invalid("category", "matters.no-category"))?.into(),
            );
        }
    } else {
        fields.remove("category");
        fields.remove("tier");
    }
    drop(conn);
    let input = super::verbs::read(verb, serde_json::Value::Object(fields))?;
    let id = m.id;
    ctx.store
        .write(move |tx| {
            Box::pin(async move { actions::act(tx, &world, &actor, id, input, Vec::new(), None).await })
        })
        .await?;
    Ok(())
}

/// `/office/matters/{xlsx|csv}`: the list as a spreadsheet, with the filters of the address.
pub async fn export(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    Path(ending): Path<String>,
    RawQuery(raw): RawQuery,
) -> Answer {
    let lang = viewer.lang;
    viewer.need_somewhere(&rules::EXPORT)?;
    let street = ctx.street(&viewer)?;
    let f = Fields::of_query(raw.as_deref());
    let now = ctx.store.now();
    let mut conn = ctx.store.read().await?;
    let world = queries::world(&mut conn, street).await?;
    let lines = queries::export(&mut conn, street, &viewer, &filter_of(&f, Part::All, now), now).await?;
    let names = names(&mut conn, street, &lines).await?;
    let heads = [
        "number", "title", "place", "channel", "category", "tier", "status", "unit", "raised", "due",
        "closed", "outcome", "voices", "round",
    ];
    let sheet = Sheet {
        heads: heads.iter().map(|h| word(lang, &format!("head-{h}"))).collect(),
        rows: lines
            .iter()
            .map(|l| {
                vec![
                    Cell::from(l.number.clone()),
                    Cell::from(l.title.clone()),
                    Cell::from(place_name(&names.places, &l.place)),
                    Cell::from(ui::say(lang, &format!("ui.channel-{}", l.channel), &[])),
                    Cell::from(l.category.as_deref().map(|c| category_name(lang, &world, c))),
                    Cell::from(l.tier.map(|t| tier_name(lang, t))),
                    Cell::from(status_name(lang, l.status)),
                    Cell::from(l.lead.and_then(|u| names.units.get(&u).cloned())),
                    Cell::from(show::full(l.raised_at)),
                    Cell::from(l.due_at.map(show::full)),
                    Cell::from(l.closed_at.map(show::full)),
                    Cell::from(l.outcome.map(|o| word(lang, &format!("outcome-{}", o.code())))),
                    Cell::from(l.voices),
                    Cell::from(l.round),
                ]
            })
            .collect(),
    };
    Ok(sheet.download(&t!(lang, "matters"), &ending)?)
}
