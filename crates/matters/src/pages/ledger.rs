//! Taking over a ledger that an office already keeps: choose the file, look at what was understood, confirm.
//!
//! The confirming page carries the file in itself, so that nothing lies half-imported on the server and no script is needed.

use super::words::*;
use crate::{
    actions::{self, Imported},
    queries,
    rules::{
        IMPORT,
        ledger::{self, FIELDS, Ledger},
    },
    t,
};
use axum::{extract::State, http::StatusCode, response::IntoResponse};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use kernel::{PlacePath, Refusal};
use maud::{Markup, html};
use store::Fault;
use ui::{
    Answer, Community, Ctx, Form, Posted, Viewer,
    layout::{self, Page},
    parts::*,
    show,
};

const HERE: &str = "/office/import";
/// Largest file that is taken, in bytes: a page must be able to carry it.
const MAX: usize = 12 * 1024 * 1024;
/// Errors and rows that a preview shows.
const SHOWN: usize = 100;
const SAMPLE: usize = 8;

/// The communities for which the viewer may import.
fn communities(viewer: &Viewer) -> Vec<Community> {
    let all = viewer.home().map(|h| h.communities.clone()).unwrap_or_default();
    all.into_iter().filter(|c| viewer.may(&IMPORT, &c.path).is_some()).collect()
}

/// `/office/import`
pub async fn form(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    viewer.need_somewhere(&IMPORT)?;
    page(&ctx, &viewer, &Form::default(), StatusCode::OK, &html! {})
}

fn page(ctx: &Ctx, viewer: &Viewer, form: &Form, status: StatusCode, preview: &Markup) -> Answer {
    let lang = viewer.lang;
    let list: Vec<(String, String)> =
        communities(viewer).into_iter().map(|c| (c.path.to_string(), c.name)).collect();
    let error = form.error("file");
    let title = t!(lang, "ledger-title");
    let body = html! {
        h1 { (title) }
        (error_summary(lang, form))
        (preview)
        section.sec aria-labelledby="h-file" {
            h2 #h-file { (t!(lang, "ledger-choose")) }
            form."card card-p form mt3" method="post" action=(HERE) enctype="multipart/form-data" data-once {
                (hidden(ctx, viewer))
                p.muted { (t!(lang, "ledger-hint")) }
                (select(lang, form, Field { name: "community", label: &t!(lang, "ledger-community"), required: true, ..Field::default() }, &list))
                div.field.bad[error.is_some()] {
                    label for="f-file" { (t!(lang, "ledger-file")) }
                    p.hint #f-file-h { (t!(lang, "ledger-file-hint")) }
                    @if let Some(e) = error { p.err #f-file-e { (icon_s("circle-alert")) (ui::refusal_text(lang, e)) } }
                    input #f-file name="file" type="file" accept=".csv,.xlsx,text/csv" required aria-describedby="f-file-h";
                }
                div."btns mt3" { button."btn pri" { (icon_s("search")) (t!(lang, "ledger-look")) } }
            }
        }
    };
    let page =
        Page { title: &title, current: "/office/matters", back: Some("/office/matters"), ..Page::default() };
    Ok((status, layout::staff(ctx, viewer, page, &body)).into_response())
}

type Mapping = Vec<(String, Option<&'static str>)>;

/// What the selects of the preview say; nothing on the first look, when the heads are guessed.
fn mapping(form: &Posted, heads: &[String]) -> Result<Mapping, Refusal> {
    if !form.fields.ticked("mapped") {
        return Ok(Vec::new());
    }
    let mut out: Mapping = Vec::new();
    for (i, head) in heads.iter().enumerate() {
        let head = kernel::text::clean(head);
        let field = match form.fields.some(&format!("col-{i}")) {
            None => None,
            Some(name) => {
                Some(*FIELDS.iter().find(|f| **f == name).ok_or(Refusal::invalid("file", "ui.not-valid"))?)
            }
        };
        if field.is_some() && out.iter().any(|(_, f)| *f == field) {
            return Err(Refusal::invalid("file", "matters.ledger-mapped-twice").with("head", head));
        }
        if !head.is_empty() && !out.iter().any(|(h, _)| *h == head) {
            out.push((head, field));
        }
    }
    Ok(out)
}

fn bytes_of(form: &mut Posted) -> Result<Vec<u8>, Refusal> {
    let sent = form.files.iter().position(|f| f.field == "file").map(|i| form.files.swap_remove(i).bytes);
    let bytes = match sent {
        Some(bytes) => bytes,
        None => {
            let kept = form.fields.some("kept").ok_or(Refusal::invalid("file", "matters.ledger-no-file"))?;
            STANDARD.decode(kept).map_err(|_| Refusal::invalid("file", "ui.not-valid"))?
        }
    };
    if bytes.len() > MAX {
        return Err(Refusal::invalid("file", "ui.file-too-large").with("max", MAX / 1024 / 1024));
    }
    Ok(bytes)
}

/// `POST /office/import`: a first look, another look with other columns, or the import itself.
pub async fn send(State(ctx): State<Ctx>, mut form: Posted) -> Answer {
    let viewer = form.viewer.clone();
    viewer.need_somewhere(&IMPORT)?;
    match look(&ctx, &viewer, &mut form).await {
        Ok(Looked::Done(done)) => {
            let (added, known) = (done.added.to_string(), done.known.to_string());
            Ok(ui::done(
                &ctx,
                "/office/matters?part=all&overlay=imported",
                "matters.ledger-done",
                &[("added", &added), ("known", &known)],
            ))
        }
        Ok(Looked::Preview(preview)) => page(&ctx, &viewer, &Form::default(), StatusCode::OK, &preview),
        Err(Fault::Refused(refusal)) if refusal.field.is_some() => {
            let refusal = Refusal {
                field: if refusal.field == Some("community") { Some("community") } else { Some("file") },
                ..refusal
            };
            let mut back = Form::refused(form.fields, refusal);
            back.values.set("kept", "");
            page(&ctx, &viewer, &back, StatusCode::UNPROCESSABLE_ENTITY, &html! {})
        }
        Err(fault) => Err(fault.into()),
    }
}

enum Looked {
    Done(Imported),
    Preview(Markup),
}

async fn look(ctx: &Ctx, viewer: &Viewer, form: &mut Posted) -> Result<Looked, Fault> {
    let street = ctx.street(viewer)?;
    let no_place = || Refusal::invalid("community", "matters.no-place");
    let path = PlacePath::parse(form.fields.get("community")).ok_or_else(no_place)?;
    if !communities(viewer).iter().any(|c| c.path == path) {
        return Err(no_place().into());
    }
    let office = viewer.need(&IMPORT, &path)?;
    let key = form.key();
    let bytes = bytes_of(form)?;
    let (rows, bytes) = tokio::task::spawn_blocking(move || (ui::sheet::read(&bytes), bytes))
        .await
        .map_err(|e| Fault::other(e.to_string()))?;
    let rows = rows?;
    let heads = rows.first().cloned().unwrap_or_default();
    let map = mapping(form, &heads)?;
    let mut conn = ctx.store.read().await?;
    let world = queries::world(&mut conn, street).await?;
    let community = places::queries::by_path(&mut conn, street, &path).await?.ok_or_else(no_place)?;
    let read = match ledger::read(&rows, &map, &world.catalogue, ctx.store.now()) {
        Ok(read) => read,
        // The heads say too little: let the person name the columns.
        Err(refusal) if matches!(refusal.code, "matters.ledger-heads") => {
            let said = ui::refusal_text(viewer.lang, &refusal);
            return Ok(Looked::Preview(preview(
                ctx, viewer, &community, &heads, &rows, &map, None, &bytes, &said,
            )));
        }
        Err(refusal) => return Err(refusal.into()),
    };
    if form.fields.ticked("confirm") && read.errors.is_empty() {
        drop(conn);
        let actor = viewer.actor(Some(office))?;
        let done = ctx
            .store
            .once(key, move |tx| {
                Box::pin(async move { actions::import_ledger(tx, &actor, &path, read.rows).await })
            })
            .await?;
        return Ok(Looked::Done(done));
    }
    let would = actions::preview_ledger(&mut conn, &community, &read.rows).await?;
    Ok(Looked::Preview(preview(
        ctx,
        viewer,
        &community,
        &heads,
        &rows,
        &map,
        Some((&read, would)),
        &bytes,
        "",
    )))
}

#[expect(clippy::too_many_arguments, reason = "the pieces of one page")]
fn preview(
    ctx: &Ctx,
    viewer: &Viewer,
    community: &places::Place,
    heads: &[String],
    rows: &[Vec<String>],
    map: &[(String, Option<&'static str>)],
    read: Option<(&Ledger, Imported)>,
    bytes: &[u8],
    problem: &str,
) -> Markup {
    let lang = viewer.lang;
    let taken = |head: &str| -> Option<&'static str> {
        let head = kernel::text::clean(head);
        let said = map.iter().find(|(h, _)| *h == head).map(|(_, f)| *f);
        said.unwrap_or_else(|| {
            read.and_then(|(l, _)| l.taken.iter().find(|(h, _)| *h == head)).map(|(_, f)| *f)
        })
    };
    let errors = read.map_or(0, |(l, _)| l.errors.len());
    html! {
        section.sec aria-labelledby="h-look" {
            h2 #h-look { (t!(lang, "ledger-preview", community = community.name.clone())) }
            @if !problem.is_empty() { div."notice late mt3" role="status" { (icon("circle-alert")) div { b { (problem) } } } }
            @if let Some((l, would)) = read {
                dl."figs mt3" {
                    div.fig { dt { (t!(lang, "ledger-rows")) } dd.num { (rows.len() - 1) } }
                    div.fig { dt { (t!(lang, "ledger-new")) } dd.num { (would.added) } }
                    div.fig { dt { (t!(lang, "ledger-known")) } dd.num { (would.known) } }
                    div.fig { dt { (t!(lang, "ledger-errors")) } dd.num { (l.errors.len()) } }
                }
                @if errors > 0 {
                    div."notice late mt3" role="status" { (icon("circle-alert")) div { b { (t!(lang, "ledger-not-yet", n = errors)) } br; (t!(lang, "ledger-all-or-nothing")) } }
                    div."tscroll mt3" tabindex="0" role="group" aria-label=(t!(lang, "ledger-errors")) { table.tbl {
                        caption.vh { (t!(lang, "ledger-errors")) }
                        thead { tr { th scope="col" { (t!(lang, "ledger-row")) } th scope="col" { (t!(lang, "ledger-column")) } th scope="col" { (t!(lang, "ledger-why")) } } }
                        tbody { @for e in l.errors.iter().take(SHOWN) { tr {
                            th."num" scope="row" { (e.row) } td data-l=(t!(lang, "ledger-column")) { (e.column) } td data-l=(t!(lang, "ledger-why")) { (ui::refusal_text(lang, &e.refusal)) }
                        } } }
                    } }
                    @if errors > SHOWN { p."cap muted" { @let more = errors - SHOWN; (t!(lang, "ledger-more", n = more)) } }
                }
            }
            form."card card-p form mt3" method="post" action=(HERE) enctype="multipart/form-data" data-once {
                (hidden(ctx, viewer))
                input type="hidden" name="community" value=(community.path.as_str());
                input type="hidden" name="mapped" value="1";
                input type="hidden" name="kept" value=(STANDARD.encode(bytes));
                h3 { (t!(lang, "ledger-columns")) }
                p.muted { (t!(lang, "ledger-columns-hint")) }
                div.tscroll tabindex="0" role="group" aria-label=(t!(lang, "ledger-columns")) { table."tbl plain" {
                    caption.vh { (t!(lang, "ledger-columns")) }
                    thead { tr { th scope="col" { (t!(lang, "ledger-column")) } th scope="col" { (t!(lang, "ledger-is")) } th scope="col" { (t!(lang, "ledger-example")) } } }
                    tbody { @for (i, head) in heads.iter().enumerate() {
                        @let chosen = taken(head);
                        tr {
                            th scope="row" { label for={ "f-col-" (i) } { (head) } }
                            td { div.field { select #{ "f-col-" (i) } name={ "col-" (i) } {
                                option value="" { (t!(lang, "ledger-leave")) }
                                @for f in FIELDS { option value=(f) selected[chosen == Some(f)] { (word(lang, &format!("ledger-field-{f}"))) } }
                            } } }
                            td.muted { (rows.iter().skip(1).filter_map(|r| r.get(i)).find(|c| !c.trim().is_empty()).map(|c| c.chars().take(30).collect::<String>()).unwrap_or_default()) }
                        }
                    } }
                } }
                @if let Some((l, _)) = read.filter(|(l, _)| !l.rows.is_empty()) {
                    details."more mt3" { summary { (t!(lang, "ledger-sample")) }
                        ul.rowlist { @for r in l.rows.iter().take(SAMPLE) { li { div.rw { span.tx { b { (r.title) } span.meta {
                            span.num { (show::full(r.raised_at)) } @if let Some(p) = &r.place { span { (p) } } @if let Some(at) = r.replied_at { span.num { (t!(lang, "ledger-replied", when = show::full(at))) } }
                        } } } } } }
                    }
                }
                div."btns mt3" {
                    @if errors == 0 && read.is_some_and(|(l, _)| !l.rows.is_empty()) {
                        button."btn pri" name="confirm" value="1" { (icon_s("upload")) (t!(lang, "ledger-import", n = read.map_or(0, |(_, w)| w.added))) }
                    }
                    button.btn { (icon_s("refresh-cw")) (t!(lang, "ledger-again")) }
                }
            }
        }
    }
}
