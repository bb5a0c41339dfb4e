//! Units: who leads and supports.

use super::{UNITS, desk, into_form, offices::place_choices, with_status};
use crate::{Unit, UnitKind, actions, model::NewUnit, queries, t};
use axum::{
    Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::get,
};
use kernel::{Id, PlacePath, Refusal};
use maud::{Markup, html};
use store::Fault;
use ui::{
    Answer, Ctx, Fields, Form, Lang, Posted, Viewer,
    parts::{self, Field},
};

pub(super) const HERE: &str = "/office/units";

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route(HERE, get(list))
        .route("/office/units/new", get(new_form).post(new))
        .route("/office/units/{id}", get(change_form).post(change))
}

/// The name of a kind of unit.
pub(super) fn kind_name(lang: Lang, kind: UnitKind) -> String {
    crate::WORDS.say(lang, &format!("unit-kind-{kind}"), &[])
}

async fn list(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    viewer.signed_in()?;
    if !viewer.is_staff() {
        return Err(Refusal::forbidden("ui.no-right").into());
    }
    let lang = viewer.lang;
    let street = ctx.street(&viewer)?;
    let mut conn = ctx.store.read().await?;
    let units = queries::all_units(&mut conn, street).await?;
    let paths: Vec<PlacePath> = units.iter().map(|u| u.place.clone()).collect();
    let places = places::by_paths(&mut conn, street, &paths).await?;
    drop(conn);
    let may = !viewer.offices_for(&UNITS).is_empty();
    let title = t!(lang, "units");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "units-about")) } }
        p."btns mt3" {
            @if may {
                a."btn pri" href="/office/units/new" { (parts::icon("plus")) (t!(lang, "unit-add")) }
                a.btn href="/office/units/import" { (parts::icon("file-up")) (t!(lang, "import")) }
            }
            a."btn quiet" href="/office/units/export/xlsx" { (parts::icon("download")) "XLSX" }
            a."btn quiet" href="/office/units/export/csv" { (parts::icon("download")) "CSV" }
        }
        @if units.is_empty() { (parts::empty("building-2", &t!(lang, "units-none"), &t!(lang, "units-none-why"))) } @else {
            div."card tscroll mt3" tabindex="0" role="group" aria-label=(title) { table.tbl {
                caption.vh { (title) }
                thead { tr { th scope="col" { (t!(lang, "unit-name")) } th scope="col" { (t!(lang, "kind")) } th scope="col" { (t!(lang, "territory")) } th scope="col" { (t!(lang, "unit-phone")) } th scope="col" { (t!(lang, "state")) } } }
                tbody { @for u in &units { tr {
                    td.c-t { @if u.active && viewer.may(&UNITS, &u.place).is_some() { a.tt href={ (HERE) "/" (u.id) } { (u.name) } } @else { b { (u.name) } } }
                    td data-l=(t!(lang, "kind")) { (kind_name(lang, u.kind)) }
                    td data-l=(t!(lang, "territory")) { @if let Some(p) = places.get(&u.place) { (p.full_name) } }
                    td.num data-l=(t!(lang, "unit-phone")) { @if let Some(p) = &u.phone { a href={ "tel:" (p) } { (p) } } }
                    td data-l=(t!(lang, "state")) { @if u.active { span."chip ok" { (t!(lang, "unit-active")) } } @else { span."chip off" { (t!(lang, "unit-closed")) } } }
                } } }
            } }
        }
    };
    Ok(desk(&ctx, &viewer, &title, HERE, &body).into_response())
}

async fn form_page(ctx: &Ctx, viewer: &Viewer, unit: Option<&Unit>, form: &Form) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let kinds: Vec<(String, String)> =
        UnitKind::ALL.iter().map(|k| (k.code().to_owned(), kind_name(lang, *k))).collect();
    let places = place_choices(ctx, viewer).await?;
    let title = unit.map_or_else(|| t!(lang, "unit-add"), |u| u.name.clone());
    let action = unit.map_or_else(|| "/office/units/new".to_owned(), |u| format!("{HERE}/{}", u.id));
    let body = html! {
        div.wh { h1 { (title) } }
        (parts::error_summary(lang, form))
        form."card card-p form mt3" method="post" action=(action) data-once {
            (parts::hidden(ctx, viewer))
            (parts::field(lang, form, Field { name: "name", label: &t!(lang, "unit-name"), required: true, max: 60, ..Field::default() }))
            (parts::select(lang, form, Field { name: "kind", label: &t!(lang, "kind"), required: true, ..Field::default() }, &kinds))
            (parts::select(lang, form, Field { name: "place", label: &t!(lang, "territory"), hint: &t!(lang, "territory-hint"), required: true, ..Field::default() }, &places))
            (parts::field(lang, form, Field { name: "phone", label: &t!(lang, "unit-phone"), kind: "tel", max: 20, ..Field::default() }))
            div."btns mt3" {
                button."btn pri" { (t!(lang, "save")) }
                a.btn href=(HERE) { (t!(lang, "cancel")) }
                @if unit.is_some() { button."btn bad" name="close" value="1" formnovalidate { (t!(lang, "unit-close")) } }
            }
        }
    };
    Ok(desk(ctx, viewer, &title, HERE, &body))
}

async fn new_form(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    viewer.need_somewhere(&UNITS)?;
    Ok(form_page(&ctx, &viewer, None, &Form::default()).await?.into_response())
}

fn read(fields: &Fields) -> Result<NewUnit, Refusal> {
    Ok(NewUnit {
        kind: fields.code("kind", UnitKind::parse)?.ok_or(Refusal::invalid("kind", "ui.empty"))?,
        name: fields.get("name").to_owned(),
        place: PlacePath::parse(fields.get("place")).ok_or(Refusal::invalid("place", "ui.empty"))?,
        phone: fields.some("phone").map(str::to_owned),
    })
}

async fn new(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    viewer.need_somewhere(&UNITS)?;
    let done = match read(&posted.fields) {
        Err(refusal) => Err(Fault::from(refusal)),
        Ok(unit) => {
            let actor = viewer.actor(Some(viewer.need(&UNITS, &unit.place)?))?;
            ctx.store
                .once(posted.key(), move |tx| {
                    Box::pin(async move { actions::add_unit(tx, &actor, unit).await.map(|u| u.name) })
                })
                .await
        }
    };
    match done {
        Ok(name) => Ok(ui::done(&ctx, HERE, "people.done-unit", &[("name", &name)])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            Ok(with_status(&refusal, form_page(&ctx, viewer, None, &form).await?))
        }
    }
}

async fn known(ctx: &Ctx, viewer: &Viewer, id: &str) -> Result<Unit, Fault> {
    let none = || Fault::from(Refusal::missing("people.no-unit"));
    let id: Id = id.parse().map_err(|_| none())?;
    queries::unit(&mut ctx.store.read().await?, ctx.street(viewer)?, id)
        .await?
        .filter(|u| u.active)
        .ok_or_else(none)
}

async fn change_form(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>) -> Answer {
    let unit = known(&ctx, &viewer, &id).await?;
    viewer.need(&UNITS, &unit.place)?;
    let form = Form::with(&[
        ("name", &unit.name),
        ("kind", unit.kind.code()),
        ("place", unit.place.as_str()),
        ("phone", unit.phone.as_deref().unwrap_or_default()),
    ]);
    Ok(form_page(&ctx, &viewer, Some(&unit), &form).await?.into_response())
}

async fn change(State(ctx): State<Ctx>, Path(id): Path<String>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    let unit = known(&ctx, viewer, &id).await?;
    let actor = viewer.actor(Some(viewer.need(&UNITS, &unit.place)?))?;
    let id = unit.id;
    let done = if posted.fields.ticked("close") {
        ctx.store
            .once(posted.key(), move |tx| Box::pin(async move { actions::close_unit(tx, &actor, id).await }))
            .await
    } else {
        match read(&posted.fields) {
            Err(refusal) => Err(refusal.into()),
            Ok(to) => {
                viewer.need(&UNITS, &to.place)?;
                ctx.store
                    .once(posted.key(), move |tx| {
                        Box::pin(async move { actions::change_unit(tx, &actor, id, to).await.map(|_| ()) })
                    })
                    .await
            }
        }
    };
    match done {
        Ok(()) => Ok(ui::done(&ctx, HERE, "people.done-saved", &[])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            Ok(with_status(&refusal, form_page(&ctx, viewer, Some(&unit), &form).await?))
        }
    }
}
