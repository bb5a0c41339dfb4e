//! Staff pages of the place tree: browse, add, change, close, grids, spreadsheets.

use crate::{
    model::{NewPlace, Place, PlaceChange, PlaceKind},
    queries, rules,
    rules::rights::{READ, WRITE},
    t,
};
use axum::{
    Router,
    extract::{Query, State},
    response::IntoResponse,
    routing::get,
};
use kernel::{PlacePath, Refusal};
use maud::{Markup, html};
use std::collections::HashMap;
use store::Fault;
use ui::{
    Answer, Ctx, Fields, Form, Lang, Posted, Viewer, into_form,
    layout::{self, Page},
    parts::{self, Field},
    with_status,
};

mod doors;
mod grids;
mod sheets;

pub use doors::DOORS;

const HERE: &str = "/office/places";

/// The pages of this room.
pub fn routes() -> Router<Ctx> {
    Router::new()
        .route(HERE, get(tree))
        .route("/office/places/add", get(add_form).post(add))
        .route("/office/places/edit", get(edit_form).post(edit))
        .route("/office/places/state", axum::routing::post(state))
        .merge(grids::routes())
        .merge(sheets::routes())
}

/// The name of a kind of place.
fn kind_name(lang: Lang, kind: PlaceKind) -> String {
    crate::WORDS.say(lang, &format!("kind-{kind}"), &[])
}

fn link(path: &PlacePath) -> String {
    format!("{HERE}?at={}", parts::query(path.as_str()))
}

fn missing() -> Fault {
    Refusal::missing("places.no-place").into()
}

fn at(query: &HashMap<String, String>, name: &str) -> Option<PlacePath> {
    query.get(name).and_then(|p| PlacePath::parse(p))
}

fn frame(ctx: &Ctx, viewer: &Viewer, title: &str, body: &Markup) -> Markup {
    layout::staff(ctx, viewer, Page { title, current: HERE, ..Page::default() }, body)
}

async fn tree(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    Query(query): Query<HashMap<String, String>>,
) -> Answer {
    viewer.need_somewhere(&READ)?;
    let lang = viewer.lang;
    let street = ctx.street(&viewer)?;
    let home = viewer.home().map(|h| h.path.clone()).ok_or(Refusal::conflict("ui.no-street"))?;
    let path = at(&query, "at").unwrap_or(home);
    let mut conn = ctx.store.read().await?;
    let place = queries::by_path(&mut conn, street, &path).await?.ok_or_else(missing)?;
    let above: Vec<PlacePath> = (1..path.codes().count()).map(|depth| path.cut(depth)).collect();
    let named = queries::by_paths(&mut conn, street, &above).await?;
    let children = queries::children(&mut conn, street, &path).await?;
    let grids = match place.kind {
        PlaceKind::Street => queries::grids(&mut conn, street, &path).await?,
        _ => queries::grids(&mut conn, street, &path.cut(2)).await?,
    };
    drop(conn);
    let may = viewer.may(&WRITE, &path).is_some();
    let title = t!(lang, "places-title");
    let body = html! {
        nav.crumb aria-label=(t!(lang, "where")) {
            @for p in above.iter().filter_map(|p| named.get(p)) { a href=(link(&p.path)) { (p.name) } " › " }
        }
        div.wh {
            h1 { (place.name) }
            p.muted { (kind_name(lang, place.kind)) " · " span.num { (place.path) } @if !place.active { " · " (t!(lang, "state-closed")) } }
        }
        p.btns.mt3 {
            @if may {
                @if place.kind != PlaceKind::Dwelling && place.active {
                    a."btn pri" href={ "/office/places/add?under=" (parts::query(path.as_str())) } { (parts::icon("plus")) (t!(lang, "add")) }
                }
                a.btn href={ "/office/places/edit?at=" (parts::query(path.as_str())) } { (parts::icon("pencil")) (t!(lang, "edit-place")) }
                @if place.kind == PlaceKind::Community && place.active {
                    a.btn href={ "/office/places/grid?in=" (parts::query(path.as_str())) } { (parts::icon("grid-3x3")) (t!(lang, "grid-add")) }
                }
                a.btn href="/office/places/import" { (parts::icon("file-up")) (t!(lang, "import")) }
            }
            a."btn quiet" href={ "/office/places/export/xlsx?at=" (parts::query(path.as_str())) } { (parts::icon("download")) "XLSX" }
            a."btn quiet" href={ "/office/places/export/csv?at=" (parts::query(path.as_str())) } { (parts::icon("download")) "CSV" }
        }
        @if place.short_code.is_some() || place.statistical.is_some() || place.phone.is_some() || place.lat.is_some() { dl."kv card card-p mt3" {
            @if let Some(s) = &place.short_code { dt { (t!(lang, "short-code")) } dd.num { (s) } }
            @if let Some(s) = &place.statistical { dt { (t!(lang, "statistical")) } dd.num { (s) } }
            @if let Some(s) = &place.phone { dt { (t!(lang, "phone")) } dd.num { (s) } }
            @if let (Some(lat), Some(lon)) = (place.lat, place.lon) { dt { (t!(lang, "position")) } dd.num { (degrees(lat)) ", " (degrees(lon)) } }
        } }
        section."sec mt4" aria-labelledby="h-below" {
            div.sec-h { h2 #h-below { (t!(lang, "below", n = children.len())) } }
            @if children.is_empty() { (parts::empty("map-pin", &t!(lang, "nothing-below"), "")) } @else {
                div."card tscroll" tabindex="0" role="group" aria-label=(t!(lang, "below", n = children.len())) { table.tbl {
                    caption.vh { (t!(lang, "below", n = children.len())) }
                    thead { tr { th scope="col" { (t!(lang, "name")) } th scope="col" { (t!(lang, "kind")) } th scope="col" { (t!(lang, "code")) } th scope="col" { (t!(lang, "state")) } th scope="col" { (t!(lang, "grid")) } } }
                    tbody { @for p in &children { tr {
                        td.c-t { a.tt href=(link(&p.path)) { (p.name) } }
                        td data-l=(t!(lang, "kind")) { (kind_name(lang, p.kind)) }
                        td.num data-l=(t!(lang, "code")) { (p.code) }
                        td data-l=(t!(lang, "state")) { @if p.active { span."chip ok" { (t!(lang, "state-open")) } } @else { span."chip off" { (t!(lang, "state-closed")) } } }
                        td data-l=(t!(lang, "grid")) { @if let Some(g) = grids.iter().find(|g| g.places.contains(&p.path)) { (g.name) } }
                    } } }
                } }
            }
        }
        @if !grids.is_empty() && matches!(place.kind, PlaceKind::Street | PlaceKind::Community) { (grids::list(lang, &viewer, &grids)) }
        @if may && place.kind != PlaceKind::Street {
            form."mt4" method="post" action="/office/places/state" {
                (parts::hidden(&ctx, &viewer))
                input type="hidden" name="at" value=(place.path);
                @if place.active { button."btn bad" name="to" value="closed" { (t!(lang, "close")) } }
                @else { button.btn name="to" value="open" { (t!(lang, "reopen")) } }
            }
        }
    };
    Ok(frame(&ctx, &viewer, &format!("{} · {title}", place.name), &body).into_response())
}

/// Millionths of a degree as degrees.
fn degrees(micro: i64) -> String {
    let sign = if micro < 0 { "-" } else { "" };
    format!("{sign}{}.{:06}", micro.abs() / 1_000_000, micro.abs() % 1_000_000)
}

fn fields(lang: Lang, form: &Form, kind: Option<PlaceKind>) -> Markup {
    let coded = kind.is_none_or(|k| matches!(k, PlaceKind::Street | PlaceKind::Community));
    html! {
        (parts::field(lang, form, Field { name: "name", label: &t!(lang, "name"), required: true, max: kernel::text::TITLE, ..Field::default() }))
        @if coded {
            (parts::field(lang, form, Field { name: "statistical", label: &t!(lang, "statistical"), hint: &t!(lang, "statistical-hint"), max: 12, ..Field::default() }))
            (parts::field(lang, form, Field { name: "phone", label: &t!(lang, "phone"), kind: "tel", max: 20, ..Field::default() }))
        }
        div.g2 {
            (parts::field(lang, form, Field { name: "lat", label: &t!(lang, "lat"), hint: &t!(lang, "degrees-hint"), ..Field::default() }))
            (parts::field(lang, form, Field { name: "lon", label: &t!(lang, "lon"), hint: &t!(lang, "degrees-hint"), ..Field::default() }))
        }
    }
}

fn point(fields: &Fields, name: &'static str) -> Result<Option<i64>, Refusal> {
    fields
        .some(name)
        .map(|text| rules::degrees(text).ok_or(Refusal::invalid(name, "places.bad-point")))
        .transpose()
}

fn add_page(ctx: &Ctx, viewer: &Viewer, parent: &Place, form: &Form) -> Markup {
    let lang = viewer.lang;
    let kinds: Vec<(String, String)> = PlaceKind::ALL
        .iter()
        .filter(|k| rules::fits(**k, parent.kind))
        .map(|k| (k.code().to_owned(), kind_name(lang, *k)))
        .collect();
    let title = t!(lang, "add-under", place = parent.name.clone());
    let communities = parent.kind == PlaceKind::Street;
    let body = html! {
        div.wh { h1 { (title) } }
        (parts::error_summary(lang, form))
        form."card card-p form mt3" method="post" action="/office/places/add" data-once {
            (parts::hidden(ctx, viewer))
            input type="hidden" name="under" value=(parent.path);
            (parts::select(lang, form, Field { name: "kind", label: &t!(lang, "kind"), required: true, ..Field::default() }, &kinds))
            (parts::field(lang, form, Field { name: "code", label: &t!(lang, "code"), hint: &t!(lang, "code-hint"), required: true, max: 20, ..Field::default() }))
            @if communities {
                (parts::field(lang, form, Field { name: "short_code", label: &t!(lang, "short-code"), hint: &t!(lang, "short-code-hint"), max: 6, ..Field::default() }))
            }
            (fields(lang, form, (!communities).then_some(PlaceKind::Compound)))
            div."btns mt3" { button."btn pri" { (t!(lang, "add")) } a.btn href=(link(&parent.path)) { (t!(lang, "cancel")) } }
        }
    };
    frame(ctx, viewer, &title, &body)
}

async fn add_form(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    Query(query): Query<HashMap<String, String>>,
) -> Answer {
    let under = at(&query, "under").ok_or_else(missing)?;
    viewer.need(&WRITE, &under)?;
    let parent = queries::by_path(&mut ctx.store.read().await?, ctx.street(&viewer)?, &under)
        .await?
        .ok_or_else(missing)?;
    Ok(add_page(&ctx, &viewer, &parent, &Form::default()).into_response())
}

async fn add(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    let (viewer, fields) = (&posted.viewer, &posted.fields);
    let under = PlacePath::parse(fields.get("under")).ok_or_else(missing)?;
    let actor = viewer.actor(Some(viewer.need(&WRITE, &under)?))?;
    let read = || -> Result<NewPlace, Refusal> {
        Ok(NewPlace {
            parent: under.clone(),
            kind: fields.code("kind", PlaceKind::parse)?.ok_or(Refusal::invalid("kind", "ui.empty"))?,
            code: fields.get("code").to_owned(),
            name: fields.get("name").to_owned(),
            short_code: fields.some("short_code").map(str::to_owned),
            statistical: fields.some("statistical").map(str::to_owned),
            phone: fields.some("phone").map(str::to_owned),
            lat: point(fields, "lat")?,
            lon: point(fields, "lon")?,
        })
    };
    let done = match read() {
        Err(refusal) => Err(Fault::Refused(refusal)),
        Ok(new) => {
            ctx.store
                .once(posted.key(), move |tx| {
                    Box::pin(async move { crate::add(tx, &actor, new).await.map(|p| p.name) })
                })
                .await
        }
    };
    match done {
        Ok(name) => Ok(ui::done(&ctx, &link(&under), "places.done-added", &[("name", &name)])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let parent = queries::by_path(&mut ctx.store.read().await?, ctx.street(viewer)?, &under)
                .await?
                .ok_or_else(missing)?;
            let form = Form::refused(fields.clone(), refusal.clone());
            Ok(with_status(&refusal, add_page(&ctx, viewer, &parent, &form)))
        }
    }
}

fn edit_page(ctx: &Ctx, viewer: &Viewer, place: &Place, form: &Form) -> Markup {
    let lang = viewer.lang;
    let title = t!(lang, "edit-of", place = place.name.clone());
    let body = html! {
        div.wh { h1 { (title) } p.muted { (kind_name(lang, place.kind)) " · " span.num { (place.path) } } }
        (parts::error_summary(lang, form))
        form."card card-p form mt3" method="post" action="/office/places/edit" data-once {
            (parts::hidden(ctx, viewer))
            input type="hidden" name="at" value=(place.path);
            (fields(lang, form, Some(place.kind)))
            div."btns mt3" { button."btn pri" { (t!(lang, "save")) } a.btn href=(link(&place.path)) { (t!(lang, "cancel")) } }
        }
    };
    frame(ctx, viewer, &title, &body)
}

async fn edit_form(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    Query(query): Query<HashMap<String, String>>,
) -> Answer {
    let path = at(&query, "at").ok_or_else(missing)?;
    viewer.need(&WRITE, &path)?;
    let place = queries::by_path(&mut ctx.store.read().await?, ctx.street(&viewer)?, &path)
        .await?
        .ok_or_else(missing)?;
    let (lat, lon) = (place.lat.map(degrees).unwrap_or_default(), place.lon.map(degrees).unwrap_or_default());
    let form = Form::with(&[
        ("name", &place.name),
        ("statistical", place.statistical.as_deref().unwrap_or_default()),
        ("phone", place.phone.as_deref().unwrap_or_default()),
        ("lat", &lat),
        ("lon", &lon),
    ]);
    Ok(edit_page(&ctx, &viewer, &place, &form).into_response())
}

async fn edit(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    let (viewer, fields) = (&posted.viewer, &posted.fields);
    let path = PlacePath::parse(fields.get("at")).ok_or_else(missing)?;
    let actor = viewer.actor(Some(viewer.need(&WRITE, &path)?))?;
    let place = queries::by_path(&mut ctx.store.read().await?, ctx.street(viewer)?, &path)
        .await?
        .ok_or_else(missing)?;
    // A telephone and a statistical code that the form does not show stay as they are.
    let coded = matches!(place.kind, PlaceKind::Street | PlaceKind::Community);
    let shown = |name: &str, known: &Option<String>| {
        if coded { fields.some(name).map(str::to_owned) } else { known.clone() }
    };
    let read = || -> Result<PlaceChange, Refusal> {
        Ok(PlaceChange {
            name: fields.get("name").to_owned(),
            phone: shown("phone", &place.phone),
            statistical: shown("statistical", &place.statistical),
            lat: point(fields, "lat")?,
            lon: point(fields, "lon")?,
        })
    };
    let done = match read() {
        Err(refusal) => Err(Fault::Refused(refusal)),
        Ok(change) => {
            let path = path.clone();
            ctx.store
                .once(posted.key(), move |tx| {
                    Box::pin(async move {
                        crate::actions::change(tx, &actor, &path, change).await.map(|p| p.name)
                    })
                })
                .await
        }
    };
    match done {
        Ok(_) => Ok(ui::done(&ctx, &link(&path), "places.done-saved", &[])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(fields.clone(), refusal.clone());
            Ok(with_status(&refusal, edit_page(&ctx, viewer, &place, &form)))
        }
    }
}

async fn state(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    let path = PlacePath::parse(posted.fields.get("at")).ok_or_else(missing)?;
    let actor = posted.viewer.actor(Some(posted.viewer.need(&WRITE, &path)?))?;
    let close = posted.fields.get("to") == "closed";
    let to = link(&path);
    ctx.store
        .once(posted.key(), move |tx| {
            Box::pin(async move {
                if close {
                    crate::actions::close(tx, &actor, &path).await
                } else {
                    crate::actions::reopen(tx, &actor, &path).await
                }
            })
        })
        .await?;
    Ok(ui::done(&ctx, &to, if close { "places.done-closed" } else { "places.done-reopened" }, &[]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_written_as_they_are_read() {
        for text in ["30.300002", "-0.000001", "120.100000"] {
            assert_eq!(degrees(rules::degrees(text).unwrap()), text);
        }
    }
}
