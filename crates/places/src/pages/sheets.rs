//! Spreadsheets of places: in with a preview, out as XLSX and CSV.

use super::{HERE, READ, WRITE, at, degrees, frame, kind_name};
use crate::{model::PlaceKind, queries, rules::import::Plan, t};
use axum::{
    Router,
    extract::{Path, Query, State},
    response::IntoResponse,
    routing::get,
};
use kernel::{PlacePath, Refusal};
use maud::{Markup, html};
use std::collections::HashMap;
use store::Fault;
use ui::{
    Answer, Ctx, Form, Posted, Viewer, parts,
    sheet::{self, Cell, Sheet},
};

/// Rows of a preview that are shown; all of them are counted.
const SHOWN: usize = 50;

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/office/places/export/{ending}", get(export))
        .route("/office/places/import", get(import_form).post(import))
}

async fn export(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    Path(ending): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer {
    viewer.need_somewhere(&READ)?;
    let lang = viewer.lang;
    let street = ctx.street(&viewer)?;
    let home = viewer.home().map(|h| h.path.clone()).ok_or(Refusal::conflict("ui.no-street"))?;
    let path = at(&query, "at").unwrap_or(home.clone());
    let mut conn = ctx.store.read().await?;
    let places = queries::everything(&mut conn, street, &path).await?;
    let above: Vec<PlacePath> = (1..path.codes().count()).map(|d| path.cut(d)).collect();
    let mut names: HashMap<PlacePath, (PlaceKind, String)> = queries::by_paths(&mut conn, street, &above)
        .await?
        .into_iter()
        .map(|(k, p)| (k, (p.kind, p.name)))
        .collect();
    let grids = queries::grids(&mut conn, street, &home).await?;
    drop(conn);
    names.extend(places.iter().map(|p| (p.path.clone(), (p.kind, p.name.clone()))));
    let kinds = [
        PlaceKind::Community,
        PlaceKind::Compound,
        PlaceKind::Building,
        PlaceKind::Unit,
        PlaceKind::Dwelling,
    ];
    let mut heads: Vec<String> =
        kinds.iter().map(|k| crate::WORDS.say(lang, &format!("head-{k}"), &[])).collect();
    heads.extend([
        t!(lang, "name"),
        t!(lang, "code"),
        t!(lang, "head-short"),
        t!(lang, "head-statistical"),
        t!(lang, "grid"),
        t!(lang, "lon"),
        t!(lang, "lat"),
        t!(lang, "phone"),
        t!(lang, "kind"),
        t!(lang, "state"),
    ]);
    let rows = places
        .iter()
        .filter(|p| p.kind != PlaceKind::Street)
        .map(|p| {
            let chain: Vec<&(PlaceKind, String)> =
                (2..=p.path.codes().count()).filter_map(|d| names.get(&p.path.cut(d))).collect();
            let mut row: Vec<Cell> = kinds
                .iter()
                .map(|k| chain.iter().find(|(kind, _)| kind == k).map(|(_, n)| n.clone()).into())
                .collect();
            let grid = grids.iter().find(|g| g.places.contains(&p.path));
            row.extend([
                p.name.clone().into(),
                p.code.clone().into(),
                p.short_code.clone().into(),
                p.statistical.clone().into(),
                grid.map(|g| format!("{} {}", g.code, g.name)).into(),
                p.lon.map(degrees).into(),
                p.lat.map(degrees).into(),
                p.phone.clone().into(),
                kind_name(lang, p.kind).into(),
                if p.active { t!(lang, "state-open") } else { t!(lang, "state-closed") }.into(),
            ]);
            row
        })
        .collect();
    Ok(Sheet { heads, rows }.download(&t!(lang, "places-title"), &ending)?)
}

fn form_page(ctx: &Ctx, viewer: &Viewer, form: &Form) -> Markup {
    let lang = viewer.lang;
    let title = t!(lang, "import");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "import-about")) } }
        (parts::error_summary(lang, form))
        form."card card-p form mt3" method="post" action="/office/places/import" enctype="multipart/form-data" {
            (parts::hidden(ctx, viewer))
            div.field.bad[form.error("file").is_some()] {
                label for="f-file" { (t!(lang, "file")) }
                p.hint id="f-file-h" { (t!(lang, "import-columns")) }
                @if let Some(e) = form.error("file") { p.err id="f-file-e" { (parts::icon_s("circle-alert")) (ui::refusal_text(lang, e)) } }
                input #f-file type="file" name="file" accept=".xlsx,.csv" required aria-describedby="f-file-h";
            }
            div."btns mt3" { button."btn pri" { (t!(lang, "preview")) } a.btn href=(HERE) { (t!(lang, "cancel")) } }
        }
    };
    frame(ctx, viewer, &title, &body)
}

async fn import_form(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    viewer.need_somewhere(&WRITE)?;
    Ok(form_page(&ctx, &viewer, &Form::default()).into_response())
}

/// Every place that a plan touches lies within the viewer's offices.
fn reach(viewer: &Viewer, plan: &Plan) -> Result<(), Refusal> {
    let touched = plan
        .adds
        .iter()
        .map(|a| &a.parent)
        .chain(plan.changes.iter().map(|(p, _)| p))
        .chain(plan.grids.iter().map(|g| &g.community))
        .chain(plan.grown.iter().flat_map(|(_, _, places)| places));
    for path in touched {
        viewer.need(&WRITE, path)?;
    }
    Ok(())
}

async fn import(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    let office = viewer.need_somewhere(&WRITE)?.first().copied();
    let actor = viewer.actor(office)?;
    let street = ctx.street(viewer)?;
    let given = posted.fields.some("rows").map(str::to_owned);
    let rows: Result<Vec<Vec<String>>, Fault> = match (&given, posted.file("file")) {
        (Some(json), _) => serde_json::from_str(json)
            .map_err(|_| Refusal::new(kernel::refusal::RefusalKind::Invalid, "ui.bad-form").into()),
        (None, Ok(Some(file))) => sheet::read(&file.bytes),
        (None, Ok(None)) => Err(Refusal::invalid("file", "ui.empty").into()),
        (None, Err(refusal)) => Err(refusal.into()),
    };
    let planned = match rows {
        Ok(rows) => {
            queries::plan_import(&mut ctx.store.read().await?, street, &rows).await.map(|plan| (rows, plan))
        }
        Err(fault) => Err(fault),
    };
    let (rows, plan) = match planned {
        Ok(both) => both,
        Err(fault) => {
            let refusal = super::into_form(fault)?;
            let form = Form::refused(ui::Fields::default(), refusal.clone());
            return Ok(super::with_status(&refusal, form_page(&ctx, viewer, &form)));
        }
    };
    reach(viewer, &plan)?;
    if given.is_some() && plan.errors.is_empty() {
        let done = ctx
            .store
            .once(posted.key(), move |tx| {
                Box::pin(async move { crate::import_places(tx, &actor, &rows).await })
            })
            .await?;
        let (added, changed) = (done.added.to_string(), (done.changed + done.grids).to_string());
        return Ok(ui::done(&ctx, HERE, "places.done-imported", &[("added", &added), ("changed", &changed)]));
    }
    Ok(preview(&ctx, viewer, &rows, &plan)?.into_response())
}

fn preview(ctx: &Ctx, viewer: &Viewer, rows: &[Vec<String>], plan: &Plan) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let title = t!(lang, "preview");
    let json = serde_json::to_string(rows)?;
    let total = rows.len().saturating_sub(1);
    let changed = plan.changes.len() + plan.grids.len() + plan.grown.len();
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "preview-sum", rows = total, added = plan.adds.len(), changed = changed, same = plan.same)) } }
        @if plan.errors.is_empty() {
            @if plan.is_empty() { (parts::notice("", "info", &t!(lang, "preview-nothing"), "")) } @else {
                form.mt3 method="post" action="/office/places/import" data-once {
                    (parts::hidden(ctx, viewer))
                    input type="hidden" name="rows" value=(json);
                    div.btns { button."btn pri" { (t!(lang, "import-now")) } a.btn href="/office/places/import" { (t!(lang, "cancel")) } }
                }
            }
        } @else {
            (parts::notice("warn", "triangle-alert", &t!(lang, "preview-errors", n = plan.errors.len()), &t!(lang, "preview-errors-why")))
            div."card tscroll mt3" tabindex="0" role="group" aria-label=(t!(lang, "preview-errors", n = plan.errors.len())) { table."tbl plain" {
                caption.vh { (t!(lang, "preview-errors", n = plan.errors.len())) }
                thead { tr { th scope="col" { (t!(lang, "row")) } th scope="col" { (t!(lang, "column")) } th scope="col" { (t!(lang, "wrong")) } } }
                tbody { @for e in plan.errors.iter().take(SHOWN) { tr {
                    td.num { (e.row) }
                    td { @if let Some(field) = e.refusal.field { (crate::WORDS.say(lang, &format!("column-{field}"), &[])) } }
                    td { (ui::refusal_text(lang, &e.refusal)) }
                } } }
            } }
            p.btns.mt3 { a."btn pri" href="/office/places/import" { (t!(lang, "import-again")) } }
        }
        @if !plan.adds.is_empty() {
            h2."h3 mt4" { (t!(lang, "preview-adds", n = plan.adds.len())) }
            div."card tscroll" tabindex="0" role="group" aria-label=(t!(lang, "preview-adds", n = plan.adds.len())) { table."tbl plain" {
                caption.vh { (t!(lang, "preview-adds", n = plan.adds.len())) }
                thead { tr { th scope="col" { (t!(lang, "kind")) } th scope="col" { (t!(lang, "name")) } th scope="col" { (t!(lang, "code")) } } }
                tbody { @for a in plan.adds.iter().take(SHOWN) { tr { td { (kind_name(lang, a.kind)) } td { (a.name) } td.num { (a.parent) (a.code) } } } }
            } }
        }
    };
    Ok(frame(ctx, viewer, &title, &body))
}
