//! The security administrator's desk: offices given and ended.

use super::{GRANT, OFFICES, PAGE, Query, accounts, desk, into_form, with_status};
use crate::{
    Office, actions,
    model::{NewOffice, NewPerson},
    queries::{
        self,
        lists::{self, Filter},
    },
    rules, t,
};
use axum::{
    Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::{get, post},
};
use chrono::NaiveDate;
use kernel::{Id, OfficeKind, PlacePath, Refusal, time::local_date};
use maud::{Markup, html};
use places::PlaceKind;
use std::collections::HashMap;
use store::{Fault, Tx};
use ui::{
    Answer, Ctx, Fields, Form, Lang, Posted, Viewer, layout,
    parts::{self, Field},
};

pub(super) const HERE: &str = "/office/people/offices";

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route(HERE, get(list))
        .route("/office/people/offices/new", get(new_form).post(new))
        .route("/office/people/offices/{id}/end", post(end))
}

/// Rows of the list, and of its spreadsheet.
pub(super) struct OfficeLine {
    pub office: Office,
    pub name: String,
    pub phone: String,
    pub place: String,
    pub unit: String,
}

pub(super) async fn lines(
    ctx: &Ctx,
    street: Id,
    filter: &Filter,
    current: Option<NaiveDate>,
    before: Option<Id>,
    limit: i64,
) -> Result<Vec<OfficeLine>, Fault> {
    let mut conn = ctx.store.read().await?;
    let offices = lists::offices(&mut conn, street, filter, current, before, limit).await?;
    let ids: Vec<Id> = offices.iter().map(|o| o.person).collect();
    let persons: HashMap<Id, crate::Person> = queries::persons(&mut conn, ctx.store.keys(), street, &ids)
        .await?
        .into_iter()
        .map(|p| (p.id, p))
        .collect();
    let paths: Vec<PlacePath> = offices.iter().map(|o| o.place.clone()).collect();
    let places = places::by_paths(&mut conn, street, &paths).await?;
    let units: Vec<Id> = offices.iter().filter_map(|o| o.unit).collect();
    let units = queries::unit_names(&mut conn, street, &units).await?;
    Ok(offices
        .into_iter()
        .map(|office| {
            let person = persons.get(&office.person);
            OfficeLine {
                name: person.map(crate::Person::called).unwrap_or_default(),
                phone: person.and_then(crate::Person::masked_phone).unwrap_or_default(),
                place: places.get(&office.place).map(|p| p.full_name.clone()).unwrap_or_default(),
                unit: office.unit.and_then(|u| units.get(&u).cloned()).unwrap_or_default(),
                office,
            }
        })
        .collect())
}

pub(super) fn state_chip(lang: Lang, office: &Office, today: NaiveDate) -> Markup {
    html! {
        @if office.ended.is_some() { span."chip off" { (t!(lang, "office-ended")) } }
        @else if office.in_force(today) { span."chip ok" { (t!(lang, "office-in-force")) } }
        @else if office.from > today { span."chip new" { (t!(lang, "office-later")) } }
        @else { span."chip off" { (t!(lang, "office-over")) } }
    }
}

pub(super) fn filter(query: &Query) -> (Option<OfficeKind>, bool) {
    (query.get("kind").and_then(|k| OfficeKind::parse(k)), query.get("all").is_some_and(|a| a == "1"))
}

async fn list(State(ctx): State<Ctx>, viewer: Viewer, query: Query) -> Answer {
    viewer.need_somewhere(&OFFICES)?;
    let lang = viewer.lang;
    let street = ctx.street(&viewer)?;
    let today = local_date(ctx.store.now());
    let (kind, all) = filter(&query);
    let q = query.get("q").cloned().unwrap_or_default();
    let before: Option<Id> = query.get("before").and_then(|b| b.parse().ok());
    let persons = accounts::search(&mut ctx.store.read().await?, &ctx, street, &q).await?;
    let filter = Filter { office: kind, place: None, persons };
    let lines = lines(&ctx, street, &filter, (!all).then_some(today), before, PAGE).await?;
    let may = !viewer.offices_for(&GRANT).is_empty();
    let title = t!(lang, "offices");
    let kept =
        format!("q={}&kind={}&all={}", parts::query(&q), kind.map_or("", OfficeKind::code), i32::from(all));
    let next =
        lines.last().filter(|_| lines.len() >= 50).map(|l| format!("{HERE}?{kept}&before={}", l.office.id));
    let body = html! {
        div.wh { h1 { (t!(lang, "people")) } p.muted { (t!(lang, "offices-about")) } }
        (accounts::tabs(&viewer, HERE))
        p."btns mt3" {
            @if may {
                a."btn pri" href="/office/people/offices/new" { (parts::icon("plus")) (t!(lang, "office-give")) }
                a.btn href="/office/people/offices/import" { (parts::icon("file-up")) (t!(lang, "import")) }
            }
            a."btn quiet" href={ "/office/people/offices/export/xlsx?" (kept) } { (parts::icon("download")) "XLSX" }
            a."btn quiet" href={ "/office/people/offices/export/csv?" (kept) } { (parts::icon("download")) "CSV" }
        }
        form."filters mt3" method="get" action=(HERE) {
            label { span.vh { (t!(lang, "find-person")) } input type="search" name="q" value=(q) placeholder=(t!(lang, "find-person")); }
            label { span.vh { (t!(lang, "office")) } select name="kind" { option value="" { (t!(lang, "any-office")) } @for k in OfficeKind::ALL.iter().filter(|k| k.is_staff()) { option value=(k.code()) selected[kind == Some(*k)] { (layout::office_name(lang, k.code())) } } } }
            label.check { input type="checkbox" name="all" value="1" checked[all]; span { (t!(lang, "offices-past")) } }
            button."btn sm quiet" { (parts::icon("filter")) (t!(lang, "find")) }
        }
        @if lines.is_empty() { (parts::empty("user-check", &t!(lang, "nobody-found"), "")) } @else {
            div."card tscroll mt3" tabindex="0" role="group" aria-label=(title) { table.tbl {
                caption.vh { (title) }
                thead { tr { th scope="col" { (t!(lang, "field-name")) } th scope="col" { (t!(lang, "office")) } th scope="col" { (t!(lang, "place")) } th scope="col" { (t!(lang, "unit")) } th scope="col" { (t!(lang, "term")) } th scope="col" { (t!(lang, "state")) } @if may { th scope="col" { (t!(lang, "end")) } } } }
                tbody { @for l in &lines { tr {
                    td.c-t { b { (l.name) } " " span."cap muted num" { (l.phone) } }
                    td data-l=(t!(lang, "office")) { (layout::office_name(lang, l.office.kind.code())) }
                    td data-l=(t!(lang, "place")) { (l.place) }
                    td data-l=(t!(lang, "unit")) { (l.unit) }
                    td.num data-l=(t!(lang, "term")) { (l.office.from) " – " @if let Some(u) = l.office.until { (u) } }
                    td data-l=(t!(lang, "state")) { (state_chip(lang, &l.office, today)) }
                    @if may { td data-l=(t!(lang, "end")) { @if l.office.ended.is_none() && l.office.until.is_none_or(|u| u >= today) {
                        details.more { summary { (t!(lang, "end")) span.vh { " " (l.name) } }
                            form.inline method="post" action={ (HERE) "/" (l.office.id) "/end" } {
                                (parts::csrf(&ctx, &viewer))
                                input name="reason" required maxlength="200" aria-label=(t!(lang, "reason")) placeholder=(t!(lang, "reason"));
                                button."btn sm bad" { (t!(lang, "end")) }
                            }
                        }
                    } } }
                } } }
            } }
            (parts::pager(lang, lines.len(), before.map(|_| HERE), next.as_deref()))
        }
    };
    Ok(desk(&ctx, &viewer, &title, accounts::HERE, &body).into_response())
}

/// Places that offices are given for: down to the building, as (path, name).
pub(super) async fn place_choices(ctx: &Ctx, viewer: &Viewer) -> Result<Vec<(String, String)>, Fault> {
    let kinds =
        [PlaceKind::Street, PlaceKind::Community, PlaceKind::Compound, PlaceKind::Building, PlaceKind::Unit];
    let home = viewer.home().map(|h| h.path.clone()).ok_or(Refusal::conflict("ui.no-street"))?;
    let places =
        places::under(&mut ctx.store.read().await?, ctx.street(viewer)?, &home, &kinds, 3000).await?;
    let communities: HashMap<PlacePath, String> = places
        .iter()
        .filter(|p| p.kind == PlaceKind::Community)
        .map(|p| (p.path.clone(), p.name.clone()))
        .collect();
    Ok(places
        .iter()
        .map(|p| {
            let word = match communities.get(&p.path.cut(2)) {
                Some(community) if p.kind != PlaceKind::Community => format!("{community} {}", p.full_name),
                _ => p.full_name.clone(),
            };
            (p.path.to_string(), word)
        })
        .collect())
}

async fn new_page(ctx: &Ctx, viewer: &Viewer, form: &Form) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let places = place_choices(ctx, viewer).await?;
    let units: Vec<(String, String)> = queries::units(&mut ctx.store.read().await?, ctx.street(viewer)?)
        .await?
        .into_iter()
        .map(|u| (u.id.to_string(), u.name))
        .collect();
    let kinds: Vec<(String, String)> = OfficeKind::ALL
        .iter()
        .filter(|k| k.is_staff())
        .map(|k| (k.code().to_owned(), layout::office_name(lang, k.code())))
        .collect();
    let title = t!(lang, "office-give");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "office-give-about")) } }
        (parts::error_summary(lang, form))
        form."card card-p form mt3" method="post" action="/office/people/offices/new" data-once {
            (parts::hidden(ctx, viewer))
            (parts::field(lang, form, Field { name: "who", label: &t!(lang, "who"), hint: &t!(lang, "who-hint"), required: true, max: 40, ..Field::default() }))
            (parts::field(lang, form, Field { name: "name", label: &t!(lang, "field-name"), hint: &t!(lang, "name-new"), max: 40, ..Field::default() }))
            (parts::select(lang, form, Field { name: "kind", label: &t!(lang, "office"), required: true, ..Field::default() }, &kinds))
            (parts::select(lang, form, Field { name: "place", label: &t!(lang, "place"), required: true, ..Field::default() }, &places))
            (parts::select(lang, form, Field { name: "unit", label: &t!(lang, "unit"), ..Field::default() }, &units))
            div.g2 {
                (parts::field(lang, form, Field { name: "from", label: &t!(lang, "from"), hint: &t!(lang, "from-hint"), kind: "date", ..Field::default() }))
                (parts::field(lang, form, Field { name: "until", label: &t!(lang, "until"), hint: &t!(lang, "until-hint"), kind: "date", ..Field::default() }))
            }
            div."btns mt3" { button."btn pri" { (t!(lang, "office-give")) } a.btn href=(HERE) { (t!(lang, "cancel")) } }
        }
    };
    Ok(desk(ctx, viewer, &title, accounts::HERE, &body))
}

async fn new_form(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    viewer.need_somewhere(&GRANT)?;
    Ok(new_page(&ctx, &viewer, &Form::default()).await?.into_response())
}

struct Grant {
    who: String,
    name: Option<String>,
    kind: OfficeKind,
    place: PlacePath,
    unit: Option<Id>,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

fn read(fields: &Fields) -> Result<Grant, Refusal> {
    Ok(Grant {
        who: kernel::text::required("who", fields.get("who"), 40)?,
        name: fields.some("name").map(str::to_owned),
        kind: fields.code("kind", OfficeKind::parse)?.ok_or(Refusal::invalid("kind", "ui.empty"))?,
        place: PlacePath::parse(fields.get("place")).ok_or(Refusal::invalid("place", "ui.not-valid"))?,
        unit: fields.parse("unit")?,
        from: fields.parse("from")?,
        until: fields.parse("until")?,
    })
}

/// The person meant by a login or a telephone; an unknown telephone is a new person.
async fn whom(tx: &mut Tx, actor: &kernel::Actor, who: &str, name: Option<String>) -> Result<Id, Fault> {
    let keys = tx.keys().clone();
    if let Some(account) = queries::account_by_login(tx, &keys, actor.street, who).await? {
        return Ok(account.person);
    }
    let phone =
        rules::phone(Some(who)).map_err(|_| Refusal::invalid("who", "people.nobody"))?.unwrap_or_default();
    match queries::find_by_phone(tx, &keys, actor.street, &phone).await? {
        Some(person) => Ok(person),
        None => {
            let name = Some(kernel::text::required("name", &name.unwrap_or_default(), 40)?);
            actions::add_person(tx, actor, NewPerson { name, phone: Some(phone), lives_at: None }).await
        }
    }
}

async fn new(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    viewer.need_somewhere(&GRANT)?;
    let done = match read(&posted.fields) {
        Err(refusal) => Err(Fault::from(refusal)),
        Ok(grant) => {
            let actor = viewer.actor(Some(viewer.need(&GRANT, &grant.place)?))?;
            ctx.store
                .once(posted.key(), move |tx| {
                    Box::pin(async move {
                        let Grant { who, name, kind, place, unit, from, until } = grant;
                        let person = whom(tx, &actor, &who, name).await?;
                        actions::give_office(tx, &actor, NewOffice { person, kind, place, unit, from, until })
                            .await
                    })
                })
                .await
        }
    };
    match done {
        Ok(_) => Ok(ui::done(&ctx, HERE, "people.done-given", &[])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            Ok(with_status(&refusal, new_page(&ctx, viewer, &form).await?))
        }
    }
}

async fn end(State(ctx): State<Ctx>, Path(id): Path<String>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    viewer.need_somewhere(&GRANT)?;
    let none = || Fault::from(Refusal::missing("people.no-office"));
    let id: Id = id.parse().map_err(|_| none())?;
    let office = ctx.store.read().await?.get::<Office>(ctx.street(viewer)?, id).await?.ok_or_else(none)?;
    let actor = viewer.actor(Some(viewer.need(&GRANT, &office.place)?))?;
    let reason = posted.fields.get("reason").to_owned();
    ctx.store
        .write(move |tx| Box::pin(async move { actions::end_office(tx, &actor, id, &reason).await }))
        .await?;
    Ok(ui::done(&ctx, HERE, "people.done-ended", &[]))
}
