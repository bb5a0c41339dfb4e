//! Spreadsheets of accounts, offices, the log and units: out as XLSX and CSV; units and offices in with a preview.

use super::{
    ACCOUNTS, GRANT, LOG, OFFICES, Query, UNITS, accounts, desk, into_form, log, offices, units, with_status,
};
use crate::{AccountState, actions, queries, queries::lists::Filter, t};
use axum::{
    Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::get,
};
use kernel::{OfficeKind, PlacePath, Refusal, refusal::RefusalKind, time::local_date};
use maud::{Markup, html};
use places::rules::import::RowError;
use store::Fault;
use ui::{
    Answer, Ctx, Form, Posted, Viewer, layout, parts,
    sheet::{self, Cell, Sheet},
    show,
};

/// Most rows of one export.
const ALL: i64 = 100_000;
/// Rows of a preview that are shown; all of them are counted.
const SHOWN: usize = 50;

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/office/people/export/{ending}", get(accounts_out))
        .route("/office/people/offices/export/{ending}", get(offices_out))
        .route("/office/people/log/export/{ending}", get(log_out))
        .route("/office/units/export/{ending}", get(units_out))
        .route("/office/units/import", get(units_form).post(units_in))
        .route("/office/people/offices/import", get(offices_form).post(offices_in))
}

async fn accounts_out(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    Path(ending): Path<String>,
    query: Query,
) -> Answer {
    viewer.need_somewhere(&ACCOUNTS)?;
    let lang = viewer.lang;
    let street = ctx.street(&viewer)?;
    let q = query.get("q").cloned().unwrap_or_default();
    let persons = accounts::search(&mut ctx.store.read().await?, &ctx, street, &q).await?;
    let filter =
        Filter { office: query.get("kind").and_then(|k| OfficeKind::parse(k)), place: None, persons };
    let rows = accounts::lines(&ctx, street, &filter, None, ALL)
        .await?
        .into_iter()
        .map(|l| {
            let state = match l.account.state {
                AccountState::Open => t!(lang, "state-open"),
                AccountState::Locked => t!(lang, "state-locked"),
                AccountState::Closed => t!(lang, "state-closed"),
            };
            let offices: Vec<String> =
                l.offices.iter().map(|k| layout::office_name(lang, k.code())).collect();
            vec![
                Cell::from(l.name),
                l.login.into(),
                offices.join(", ").into(),
                state.into(),
                if l.account.second_factor { t!(lang, "on") } else { t!(lang, "off") }.into(),
                show::full(l.account.opened_at).into(),
                l.account.last_sign_in.map(show::full).into(),
            ]
        })
        .collect();
    let heads = vec![
        t!(lang, "field-name"),
        t!(lang, "login"),
        t!(lang, "offices"),
        t!(lang, "state"),
        t!(lang, "second"),
        t!(lang, "opened"),
        t!(lang, "last-sign-in"),
    ];
    Ok(Sheet { heads, rows }.download(&t!(lang, "accounts"), &ending)?)
}

async fn offices_out(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    Path(ending): Path<String>,
    query: Query,
) -> Answer {
    viewer.need_somewhere(&OFFICES)?;
    let lang = viewer.lang;
    let street = ctx.street(&viewer)?;
    let today = local_date(ctx.store.now());
    let (kind, all) = offices::filter(&query);
    let q = query.get("q").cloned().unwrap_or_default();
    let persons = accounts::search(&mut ctx.store.read().await?, &ctx, street, &q).await?;
    let filter = Filter { office: kind, place: None, persons };
    let rows = offices::lines(&ctx, street, &filter, (!all).then_some(today), None, ALL)
        .await?
        .into_iter()
        .map(|l| {
            vec![
                Cell::from(l.name),
                l.phone.into(),
                layout::office_name(lang, l.office.kind.code()).into(),
                l.place.into(),
                l.unit.into(),
                l.office.from.to_string().into(),
                l.office.until.map(|d| d.to_string()).into(),
                if l.office.in_force(today) { t!(lang, "office-in-force") } else { t!(lang, "office-over") }
                    .into(),
            ]
        })
        .collect();
    let heads = vec![
        t!(lang, "field-name"),
        t!(lang, "field-phone"),
        t!(lang, "office"),
        t!(lang, "place"),
        t!(lang, "unit"),
        t!(lang, "from"),
        t!(lang, "until"),
        t!(lang, "state"),
    ];
    Ok(Sheet { heads, rows }.download(&t!(lang, "offices"), &ending)?)
}

async fn log_out(State(ctx): State<Ctx>, viewer: Viewer, Path(ending): Path<String>, query: Query) -> Answer {
    viewer.need_somewhere(&LOG)?;
    let lang = viewer.lang;
    let kinds = log::kinds(&ctx);
    let kind = query.get("kind").map(String::as_str).filter(|k| kinds.contains(k));
    let rows = log::lines(&ctx, lang, ctx.street(&viewer)?, kind, None, ALL)
        .await?
        .into_iter()
        .map(|l| {
            vec![
                Cell::from(show::full(l.row.at)),
                log::event_name(lang, &l.row.kind).into(),
                l.about.into(),
                l.by.into(),
                l.row.actor.office.map(|o| layout::office_name(lang, o.code())).into(),
                l.from.into(),
            ]
        })
        .collect();
    let heads = vec![
        t!(lang, "time"),
        t!(lang, "event"),
        t!(lang, "about-whom"),
        t!(lang, "by-whom"),
        t!(lang, "office"),
        t!(lang, "details"),
    ];
    Ok(Sheet { heads, rows }.download(&t!(lang, "log"), &ending)?)
}

async fn units_out(State(ctx): State<Ctx>, viewer: Viewer, Path(ending): Path<String>) -> Answer {
    viewer.signed_in()?;
    if !viewer.is_staff() {
        return Err(Refusal::forbidden("ui.no-right").into());
    }
    let lang = viewer.lang;
    let street = ctx.street(&viewer)?;
    let mut conn = ctx.store.read().await?;
    let list = queries::all_units(&mut conn, street).await?;
    let paths: Vec<PlacePath> = list.iter().map(|u| u.place.clone()).collect();
    let places = places::by_paths(&mut conn, street, &paths).await?;
    drop(conn);
    let rows = list
        .into_iter()
        .map(|u| {
            vec![
                Cell::from(u.name),
                units::kind_name(lang, u.kind).into(),
                places.get(&u.place).map(|p| p.path.to_string()).into(),
                places.get(&u.place).map(|p| p.full_name.clone()).into(),
                u.phone.into(),
                if u.active { t!(lang, "unit-active") } else { t!(lang, "unit-closed") }.into(),
            ]
        })
        .collect();
    let heads = vec![
        t!(lang, "head-unit-name"),
        t!(lang, "kind"),
        t!(lang, "place"),
        t!(lang, "territory"),
        t!(lang, "unit-phone"),
        t!(lang, "state"),
    ];
    Ok(Sheet { heads, rows }.download(&t!(lang, "units"), &ending)?)
}

/// What one kind of import needs to be shown.
struct Kind {
    action: &'static str,
    back: &'static str,
    current: &'static str,
    columns: String,
}

fn kind_of_units(viewer: &Viewer) -> Kind {
    Kind {
        action: "/office/units/import",
        back: units::HERE,
        current: units::HERE,
        columns: t!(viewer.lang, "unit-columns"),
    }
}

fn kind_of_offices(viewer: &Viewer) -> Kind {
    Kind {
        action: "/office/people/offices/import",
        back: offices::HERE,
        current: accounts::HERE,
        columns: t!(viewer.lang, "office-columns"),
    }
}

fn form_page(ctx: &Ctx, viewer: &Viewer, kind: &Kind, form: &Form) -> Markup {
    let lang = viewer.lang;
    let title = t!(lang, "import");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "import-about")) } }
        (parts::error_summary(lang, form))
        form."card card-p form mt3" method="post" action=(kind.action) enctype="multipart/form-data" {
            (parts::hidden(ctx, viewer))
            div.field.bad[form.error("file").is_some()] {
                label for="f-file" { (t!(lang, "file")) }
                p.hint id="f-file-h" { (kind.columns) }
                @if let Some(e) = form.error("file") { p.err id="f-file-e" { (parts::icon_s("circle-alert")) (ui::refusal_text(lang, e)) } }
                input #f-file type="file" name="file" accept=".xlsx,.csv" required aria-describedby="f-file-h";
            }
            div."btns mt3" { button."btn pri" { (t!(lang, "preview")) } a.btn href=(kind.back) { (t!(lang, "cancel")) } }
        }
    };
    desk(ctx, viewer, &title, kind.current, &body)
}

/// The rows of the file, or those that came back from the preview (and whether they did).
fn rows_of(posted: &Posted) -> Result<(Vec<Vec<String>>, bool), Fault> {
    match (posted.fields.some("rows"), posted.file("file")?) {
        (Some(json), _) => Ok((
            serde_json::from_str(json).map_err(|_| Refusal::new(RefusalKind::Invalid, "ui.bad-form"))?,
            true,
        )),
        (None, Some(file)) => Ok((sheet::read(&file.bytes)?, false)),
        (None, None) => Err(Refusal::invalid("file", "ui.empty").into()),
    }
}

fn refused(ctx: &Ctx, viewer: &Viewer, kind: &Kind, fault: Fault) -> Answer {
    let refusal = into_form(fault)?;
    Ok(with_status(
        &refusal,
        form_page(ctx, viewer, kind, &Form::refused(ui::Fields::default(), refusal.clone())),
    ))
}

/// What would be done: counts, what is wrong by row, and the first new lines.
struct Preview<'a> {
    rows: &'a [Vec<String>],
    added: Vec<Vec<String>>,
    changed: usize,
    same: usize,
    errors: &'a [RowError],
}

fn preview(ctx: &Ctx, viewer: &Viewer, kind: &Kind, p: &Preview<'_>) -> Answer {
    let lang = viewer.lang;
    let title = t!(lang, "preview");
    let json = serde_json::to_string(p.rows)?;
    let total = p.rows.len().saturating_sub(1);
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "preview-sum", rows = total, added = p.added.len(), changed = p.changed, same = p.same)) } }
        @if p.errors.is_empty() {
            @if p.added.is_empty() && p.changed == 0 { (parts::notice("", "info", &t!(lang, "preview-nothing"), "")) } @else {
                form.mt3 method="post" action=(kind.action) data-once {
                    (parts::hidden(ctx, viewer))
                    input type="hidden" name="rows" value=(json);
                    div.btns { button."btn pri" { (t!(lang, "import-now")) } a.btn href=(kind.action) { (t!(lang, "cancel")) } }
                }
            }
        } @else {
            (parts::notice("warn", "triangle-alert", &t!(lang, "preview-errors", n = p.errors.len()), &t!(lang, "preview-errors-why")))
            div."card tscroll mt3" tabindex="0" role="group" aria-label=(t!(lang, "preview-errors", n = p.errors.len())) { table."tbl plain" {
                caption.vh { (t!(lang, "preview-errors", n = p.errors.len())) }
                thead { tr { th scope="col" { (t!(lang, "row")) } th scope="col" { (t!(lang, "column")) } th scope="col" { (t!(lang, "wrong")) } } }
                tbody { @for e in p.errors.iter().take(SHOWN) { tr {
                    td.num { (e.row) }
                    td { @if let Some(field) = e.refusal.field { (crate::WORDS.say(lang, &format!("column-{field}"), &[])) } }
                    td { (ui::refusal_text(lang, &e.refusal)) }
                } } }
            } }
            p."btns mt3" { a."btn pri" href=(kind.action) { (t!(lang, "import-again")) } }
        }
        @if !p.added.is_empty() {
            h2."h3 mt4" { (t!(lang, "preview-adds", n = p.added.len())) }
            div."card tscroll" tabindex="0" role="group" aria-label=(t!(lang, "preview-adds", n = p.added.len())) { table."tbl plain" {
                caption.vh { (t!(lang, "preview-adds", n = p.added.len())) }
                tbody { @for row in p.added.iter().take(SHOWN) { tr { @for cell in row { td { (cell) } } } } }
            } }
        }
    };
    Ok(desk(ctx, viewer, &title, kind.current, &body).into_response())
}

async fn units_form(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    viewer.need_somewhere(&UNITS)?;
    Ok(form_page(&ctx, &viewer, &kind_of_units(&viewer), &Form::default()).into_response())
}

async fn units_in(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    let lang = viewer.lang;
    let actor = viewer.actor(viewer.need_somewhere(&UNITS)?.first().copied())?;
    let kind = kind_of_units(viewer);
    let planned = match rows_of(&posted) {
        Ok((rows, back)) => {
            let mut conn = ctx.store.read().await?;
            actions::plan_units(&mut conn, actor.street, &rows).await.map(|plan| (rows, back, plan))
        }
        Err(fault) => Err(fault),
    };
    let (rows, back, plan) = match planned {
        Ok(all) => all,
        Err(fault) => return refused(&ctx, viewer, &kind, fault),
    };
    for unit in plan.adds.iter().chain(plan.changes.iter().map(|(_, u)| u)) {
        viewer.need(&UNITS, &unit.place)?;
    }
    if back && plan.errors.is_empty() {
        let done = ctx
            .store
            .once(posted.key(), move |tx| {
                Box::pin(async move { actions::import_units(tx, &actor, &rows).await })
            })
            .await?;
        let (added, changed) = (done.added.to_string(), done.changed.to_string());
        return Ok(ui::done(
            &ctx,
            units::HERE,
            "people.done-imported",
            &[("added", &added), ("changed", &changed)],
        ));
    }
    let added = plan
        .adds
        .iter()
        .map(|u| vec![u.name.clone(), units::kind_name(lang, u.kind), u.place.to_string()])
        .collect();
    preview(
        &ctx,
        viewer,
        &kind,
        &Preview { rows: &rows, added, changed: plan.changes.len(), same: plan.same, errors: &plan.errors },
    )
}

async fn offices_form(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    viewer.need_somewhere(&GRANT)?;
    Ok(form_page(&ctx, &viewer, &kind_of_offices(&viewer), &Form::default()).into_response())
}

async fn offices_in(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    let lang = viewer.lang;
    let actor = viewer.actor(viewer.need_somewhere(&GRANT)?.first().copied())?;
    let kind = kind_of_offices(viewer);
    let planned = match rows_of(&posted) {
        Ok((rows, back)) => {
            let mut conn = ctx.store.read().await?;
            let plan =
                actions::plan_offices(&mut conn, ctx.store.keys(), &actor, &rows, ctx.store.now()).await;
            plan.map(|plan| (rows, back, plan))
        }
        Err(fault) => Err(fault),
    };
    let (rows, back, plan) = match planned {
        Ok(all) => all,
        Err(fault) => return refused(&ctx, viewer, &kind, fault),
    };
    for row in &plan.adds {
        viewer.need(&GRANT, &row.office.place)?;
    }
    if back && plan.errors.is_empty() {
        let done = ctx
            .store
            .once(posted.key(), move |tx| {
                Box::pin(async move { actions::import_offices(tx, &actor, &rows).await })
            })
            .await?;
        let added = done.added.to_string();
        return Ok(ui::done(
            &ctx,
            offices::HERE,
            "people.done-imported",
            &[("added", &added), ("changed", "0")],
        ));
    }
    let added = plan
        .adds
        .iter()
        .map(|r| {
            vec![
                r.name.clone().unwrap_or_default(),
                kernel::text::mask_phone(&r.phone),
                layout::office_name(lang, r.office.kind.code()),
                r.office.place.to_string(),
            ]
        })
        .collect();
    preview(
        &ctx,
        viewer,
        &kind,
        &Preview { rows: &rows, added, changed: 0, same: plan.same, errors: &plan.errors },
    )
}
