//! The list of the desk, and a new poll.

use super::{
    DESK, Query, desk_page,
    public::before,
    words::{shape_word, state_chip, times},
};
use crate::{
    actions,
    model::{NewPoll, Shape, Trust},
    queries,
    rules::rights::{PREPARE, READ},
    t,
};
use axum::{Router, extract::State, response::IntoResponse, routing::get};
use kernel::{PlacePath, Refusal};
use maud::{Markup, html};
use places::PlaceKind;
use store::Fault;
use ui::{
    Answer, Ctx, Cursor, Fields, Form, Lang, Posted, Viewer, into_form,
    parts::{self, Field},
    with_status,
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new().route(DESK, get(list)).route("/office/polls/new", get(form).post(new))
}

async fn list(State(ctx): State<Ctx>, viewer: Viewer, query: Query) -> Answer {
    let lang = viewer.lang;
    let offices = viewer.need_somewhere(&READ)?;
    let reach: Vec<&PlacePath> = offices.iter().map(|o| &o.place).collect();
    let (cursor, before) = before(&query)?;
    let street = ctx.street(&viewer)?;
    let mut all = queries::polls(&mut ctx.store.read().await?, street, &reach, false, before).await?;
    let more = all.len() > queries::PAGE as usize;
    all.truncate(queries::PAGE as usize);
    let next = all
        .last()
        .filter(|_| more)
        .map(|p| format!("{DESK}?before={}", Cursor(vec![p.id.to_string().into()]).encode()));
    let title = t!(lang, "polls");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "polls-about")) } }
        p."btns mt3" {
            @if !viewer.offices_for(&PREPARE).is_empty() { a."btn pri" href="/office/polls/new" { (parts::icon("plus")) (t!(lang, "poll-new")) } }
            a."btn quiet" href="/polls" { (parts::icon("eye")) (t!(lang, "public-page")) }
        }
        @if all.is_empty() { (parts::empty("vote", &t!(lang, "polls-none"), &t!(lang, "polls-none-why"))) } @else {
            div."card tscroll mt3" tabindex="0" role="group" aria-label=(title) { table.tbl {
                caption.vh { (title) }
                thead { tr { th scope="col" { (t!(lang, "number")) } th scope="col" { (t!(lang, "title")) } th scope="col" { (t!(lang, "state")) } th scope="col" { (t!(lang, "shape")) } th scope="col" { (t!(lang, "when")) } } }
                tbody { @for p in &all { tr {
                    td.num data-l=(t!(lang, "number")) { (p.number) }
                    td.c-t { a.tt href={ (DESK) "/" (p.id) } { (p.title) } }
                    td data-l=(t!(lang, "state")) { (state_chip(lang, p.state)) }
                    td data-l=(t!(lang, "shape")) { (shape_word(lang, &p.shape)) @if p.secret { " · " (t!(lang, "secret")) } }
                    td.num data-l=(t!(lang, "when")) { (times(lang, p)) }
                } } }
            } }
            (parts::pager(lang, all.len(), cursor.is_some().then_some(DESK), next.as_deref()))
        }
    };
    Ok(desk_page(&ctx, &viewer, &title, &body).into_response())
}

async fn form(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    viewer.need_somewhere(&PREPARE)?;
    Ok(page(&ctx, &viewer, &Form::default()).await?.into_response())
}

/// Title, proposal and options, as a new poll and an edited one have them.
pub(super) fn question(lang: Lang, form: &Form, options: bool) -> Markup {
    html! {
        (parts::field(lang, form, Field { name: "title", label: &t!(lang, "title"), hint: &t!(lang, "title-hint"), required: true, max: 60, ..Field::default() }))
        (parts::field(lang, form, Field { name: "text", label: &t!(lang, "proposal"), hint: &t!(lang, "proposal-hint"), kind: "textarea", rows: 6, required: true, max: 8000, ..Field::default() }))
        @if options { (parts::field(lang, form, Field { name: "options", label: &t!(lang, "options"), hint: &t!(lang, "options-hint"), kind: "textarea", rows: 5, max: 8000, bare: true, ..Field::default() })) }
    }
}

async fn page(ctx: &Ctx, viewer: &Viewer, form: &Form) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let street = ctx.street(viewer)?;
    let home = viewer.home().map(|h| h.path.clone()).ok_or(Refusal::conflict("ui.no-street"))?;
    let kinds = [PlaceKind::Street, PlaceKind::Community, PlaceKind::Compound, PlaceKind::Building];
    let places = places::under(&mut ctx.store.read().await?, street, &home, &kinds, 1000).await?;
    let places: Vec<(String, String)> = places
        .iter()
        .filter(|p| viewer.may(&PREPARE, &p.path).is_some())
        .map(|p| (p.path.to_string(), p.full_name.clone()))
        .collect();
    let say = |key: &str| crate::WORDS.say(lang, key, &[]);
    let shapes: Vec<(String, String, String)> = ["sides", "owners", "marks", "ranking", "election"]
        .iter()
        .map(|s| ((*s).to_owned(), say(&format!("shape-{s}")), say(&format!("shape-{s}-why"))))
        .collect();
    let trusts: Vec<(String, String)> =
        ["grouped", "open"].iter().map(|s| ((*s).to_owned(), say(&format!("trust-{s}")))).collect();
    let title = t!(lang, "poll-new");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "poll-new-about")) } }
        (parts::error_summary(lang, form))
        form."card card-p form mt3" method="post" action="/office/polls/new" data-once {
            (parts::hidden(ctx, viewer))
            (parts::select(lang, form, Field { name: "place", label: &t!(lang, "place"), required: true, ..Field::default() }, &places))
            (parts::radios(lang, form, Field { name: "shape", label: &t!(lang, "shape"), required: true, ..Field::default() }, &shapes))
            (question(lang, form, true))
            div.g2 {
                (parts::field(lang, form, Field { name: "most", label: &t!(lang, "most"), hint: &t!(lang, "most-hint"), kind: "number", ..Field::default() }))
                (parts::field(lang, form, Field { name: "places", label: &t!(lang, "places"), hint: &t!(lang, "places-hint"), kind: "number", ..Field::default() }))
            }
            (parts::check(form, "secret", &t!(lang, "make-secret")))
            (parts::check(form, "conform", &t!(lang, "offer-conform")))
            (parts::select(lang, form, Field { name: "trust", label: &t!(lang, "trust"), required: true, ..Field::default() }, &trusts))
            div."btns mt3" { button."btn pri" { (t!(lang, "save")) } a.btn href=(DESK) { (t!(lang, "cancel")) } }
        }
    };
    Ok(desk_page(ctx, viewer, &title, &body))
}

/// Options of a text area, one in a line.
pub(super) fn options(f: &Fields) -> Vec<String> {
    f.get("options").lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect()
}

fn read(f: &Fields) -> Result<NewPoll, Refusal> {
    let options = options(f);
    let most: Option<u32> = f.parse("most")?;
    let places: u32 = f.parse("places")?.unwrap_or(1);
    let count = u32::try_from(options.len()).unwrap_or(u32::MAX);
    let shape = match f.some("shape").ok_or(Refusal::invalid("shape", "ui.empty"))? {
        "sides" => Shape::Sides,
        "owners" => Shape::Owners { conform: f.ticked("conform") },
        "marks" => Shape::Marks { most: most.unwrap_or(count), places },
        "ranking" => Shape::Ranking,
        "election" => Shape::Election { seats: places },
        _ => return Err(Refusal::invalid("shape", "ui.not-valid")),
    };
    Ok(NewPoll {
        place: PlacePath::parse(f.get("place")).ok_or(Refusal::invalid("place", "ui.empty"))?,
        title: f.get("title").to_owned(),
        text: f.get("text").to_owned(),
        shape,
        secret: f.ticked("secret"),
        trust: if f.get("trust") == "open" { Trust::Open } else { Trust::Grouped },
        options,
        candidates: Vec::new(),
        origin: None,
    })
}

async fn new(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    viewer.need_somewhere(&PREPARE)?;
    // The right is proven before what else was sent is looked at.
    if let Some(place) = PlacePath::parse(posted.fields.get("place")) {
        viewer.need(&PREPARE, &place)?;
    }
    let done = match read(&posted.fields) {
        Err(refusal) => Err(Fault::from(refusal)),
        Ok(new) => {
            let actor = viewer.actor(Some(viewer.need(&PREPARE, &new.place)?))?;
            ctx.store
                .once(posted.key(), move |tx| {
                    Box::pin(async move { actions::draft(tx, &actor, new).await.map(|p| p.id) })
                })
                .await
        }
    };
    match done {
        Ok(id) => Ok(ui::done(&ctx, &format!("{DESK}/{id}"), "polls.done-saved", &[])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            Ok(with_status(&refusal, page(&ctx, viewer, &form).await?))
        }
    }
}
