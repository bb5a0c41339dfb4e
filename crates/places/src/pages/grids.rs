//! Grids: drawn from the places of a community.

use super::{WRITE, frame, into_form, kind_name, link, missing, with_status};
use crate::{
    model::{Grid, NewGrid, Place, PlaceKind},
    queries, t,
};
use axum::{
    Router,
    extract::{Path, Query, State},
    response::IntoResponse,
    routing::get,
};
use kernel::{Id, PlacePath, Refusal};
use maud::{Markup, html};
use std::collections::HashMap;
use store::Fault;
use ui::{
    Answer, Ctx, Form, Lang, Posted, Viewer,
    parts::{self, Field},
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/office/places/grid", get(new_form).post(new))
        .route("/office/places/grid/{id}", get(change_form).post(change))
}

/// The grids of a community or street.
pub(super) fn list(lang: Lang, viewer: &Viewer, grids: &[Grid]) -> Markup {
    html! {
        section."sec mt4" aria-labelledby="h-grids" {
            div.sec-h { h2 #h-grids { (t!(lang, "grids", n = grids.len())) } }
            ul."card rowlist" { @for g in grids {
                @let row = html! { span.tx { b { (g.code) " " (g.name) } span.meta { span { (t!(lang, "grid-places", n = g.places.len())) } } } };
                li {
                    @if viewer.may(&WRITE, &g.community).is_some() { a href={ "/office/places/grid/" (g.id) } { (row) (parts::icon("chevron-right")) } }
                    @else { div.rw { (row) } }
                }
            } }
        }
    }
}

/// The form of a grid: every compound and building of the community as a checkbox.
fn page(
    ctx: &Ctx,
    viewer: &Viewer,
    community: &PlacePath,
    id: Option<Id>,
    places: &[Place],
    form: &Form,
) -> Markup {
    let lang = viewer.lang;
    let title = if id.is_some() { t!(lang, "grid-edit") } else { t!(lang, "grid-add") };
    let action =
        id.map_or_else(|| "/office/places/grid".to_owned(), |id| format!("/office/places/grid/{id}"));
    let ticked: Vec<&str> = form.values.all("place").collect();
    let body = html! {
        div.wh { h1 { (title) } }
        (parts::error_summary(lang, form))
        form."card card-p form mt3" method="post" action=(action) data-once {
            (parts::hidden(ctx, viewer))
            input type="hidden" name="in" value=(community);
            @if id.is_none() {
                (parts::field(lang, form, Field { name: "code", label: &t!(lang, "grid-code"), hint: &t!(lang, "grid-code-hint"), required: true, max: 3, ..Field::default() }))
            }
            (parts::field(lang, form, Field { name: "name", label: &t!(lang, "name"), required: true, max: kernel::text::TITLE, ..Field::default() }))
            fieldset."field" #f-places {
                legend { (t!(lang, "grid-holds")) }
                @if let Some(e) = form.error("places") { p.err { (parts::icon_s("circle-alert")) (ui::refusal_text(lang, e)) } }
                @for p in places {
                    label.check { input type="checkbox" name="place" value=(p.path) checked[ticked.contains(&p.path.as_str())]; span { (p.full_name) " " span."cap muted" { (kind_name(lang, p.kind)) } } }
                }
            }
            div."btns mt3" {
                button."btn pri" { (t!(lang, "save")) }
                a.btn href=(link(community)) { (t!(lang, "cancel")) }
                @if id.is_some() { button."btn bad" name="close" value="1" formnovalidate { (t!(lang, "grid-close")) } }
            }
        }
    };
    frame(ctx, viewer, &title, &body)
}

async fn choices(ctx: &Ctx, viewer: &Viewer, community: &PlacePath) -> Result<Vec<Place>, Fault> {
    let kinds = [PlaceKind::Compound, PlaceKind::Building];
    queries::under(&mut ctx.store.read().await?, ctx.street(viewer)?, community, &kinds, 1000).await
}

async fn new_form(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    Query(query): Query<HashMap<String, String>>,
) -> Answer {
    let community = super::at(&query, "in").ok_or_else(missing)?;
    viewer.need(&WRITE, &community)?;
    let places = choices(&ctx, &viewer, &community).await?;
    Ok(page(&ctx, &viewer, &community, None, &places, &Form::default()).into_response())
}

fn ticked(posted: &Posted) -> Result<Vec<PlacePath>, Refusal> {
    posted
        .fields
        .all("place")
        .map(|p| PlacePath::parse(p).ok_or(Refusal::invalid("places", "ui.not-valid")))
        .collect()
}

async fn new(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    let community = PlacePath::parse(posted.fields.get("in")).ok_or_else(missing)?;
    let actor = viewer.actor(Some(viewer.need(&WRITE, &community)?))?;
    let grid = NewGrid {
        community: community.clone(),
        code: posted.fields.get("code").to_owned(),
        name: posted.fields.get("name").to_owned(),
        places: ticked(&posted)?,
    };
    let done = ctx
        .store
        .once(posted.key(), move |tx| {
            Box::pin(async move { crate::add_grid(tx, &actor, grid).await.map(|g| g.name) })
        })
        .await;
    match done {
        Ok(name) => Ok(ui::done(&ctx, &link(&community), "places.done-added", &[("name", &name)])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let places = choices(&ctx, viewer, &community).await?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            Ok(with_status(&refusal, page(&ctx, viewer, &community, None, &places, &form)))
        }
    }
}

async fn known(ctx: &Ctx, viewer: &Viewer, id: &str) -> Result<Grid, Fault> {
    let none = || Fault::from(Refusal::missing("places.no-grid"));
    let id: Id = id.parse().map_err(|_| none())?;
    ctx.store.read().await?.get::<Grid>(ctx.street(viewer)?, id).await?.filter(|g| g.active).ok_or_else(none)
}

async fn change_form(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>) -> Answer {
    let grid = known(&ctx, &viewer, &id).await?;
    viewer.need(&WRITE, &grid.community)?;
    let places = choices(&ctx, &viewer, &grid.community).await?;
    let mut pairs = vec![("name", grid.name.as_str())];
    pairs.extend(grid.places.iter().map(|p| ("place", p.as_str())));
    Ok(page(&ctx, &viewer, &grid.community, Some(grid.id), &places, &Form::with(&pairs)).into_response())
}

async fn change(State(ctx): State<Ctx>, Path(id): Path<String>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    let grid = known(&ctx, viewer, &id).await?;
    let actor = viewer.actor(Some(viewer.need(&WRITE, &grid.community)?))?;
    let close = posted.fields.ticked("close");
    let (name, places) = (posted.fields.get("name").to_owned(), ticked(&posted)?);
    let id = grid.id;
    let done = ctx
        .store
        .once(posted.key(), move |tx| {
            Box::pin(async move {
                if close {
                    crate::actions::close_grid(tx, &actor, id).await
                } else {
                    crate::actions::change_grid(tx, &actor, id, &name, places).await.map(|_| ())
                }
            })
        })
        .await;
    match done {
        Ok(()) => Ok(ui::done(
            &ctx,
            &link(&grid.community),
            if close { "places.done-closed" } else { "places.done-saved" },
            &[],
        )),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let places = choices(&ctx, viewer, &grid.community).await?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            Ok(with_status(&refusal, page(&ctx, viewer, &grid.community, Some(id), &places, &form)))
        }
    }
}
