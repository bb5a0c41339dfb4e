//! Lists of elections, and a new one.

use super::{
    Query, calendar, desk, must,
    words::{kind_word, mode_word, state_chip, word},
};
use crate::{
    actions,
    model::{Election, ElectionKind, Mode, NewElection},
    queries, rules,
    rules::rights::{PREPARE, READ},
    t,
};
use axum::{Router, extract::State, response::IntoResponse, routing::get};
use kernel::{Id, PlacePath, Refusal, time::local_date};
use maud::{Markup, html};
use places::PlaceKind;
use store::Fault;
use ui::{
    Answer, Ctx, Cursor, Form, Posted, Viewer, into_form, layout,
    layout::Page,
    parts::{self, Field},
    with_status,
};

const HERE: &str = "/office/elections";

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route(HERE, get(list))
        .route("/office/elections/new", get(new_form).post(new))
        .route("/elections", get(public))
}

/// The id before which a list goes on; the end of time first.
fn before(query: &Query) -> Result<Id, Refusal> {
    let cursor = Cursor::decode(query.get("before").map_or("", String::as_str), 1)?;
    match cursor {
        Some(c) => c.text(0).parse().map_err(|_| Refusal::invalid("cursor", "ui.bad-cursor")),
        None => Ok(Id::from(uuid::Uuid::max())),
    }
}

/// Cuts a list to a page, and where it goes on.
fn page_of(all: &mut Vec<Election>, here: &str) -> Option<String> {
    let more = all.len() > queries::PAGE as usize;
    all.truncate(queries::PAGE as usize);
    all.last()
        .filter(|_| more)
        .map(|e| format!("{here}?before={}", Cursor(vec![e.id.to_string().into()]).encode()))
}

fn rows(viewer: &Viewer, all: &[Election], at: &str) -> Markup {
    let lang = viewer.lang;
    html! { ul."card rowlist mt3" { @for e in all { li { a.rw href={ (at) "/" (e.id) } { (parts::icon("vote")) span.tx {
        b { (e.title) }
        span.meta { (state_chip(lang, e.state)) span { (kind_word(lang, e.kind)) } span.num { (t!(lang, "polling-on", day = e.polling_day.to_string())) } span.num { (e.number) } }
    } } } } } }
}

async fn list(State(ctx): State<Ctx>, viewer: Viewer, query: Query) -> Answer {
    let lang = viewer.lang;
    let offices = viewer.need_somewhere(&READ)?;
    let reach: Vec<&PlacePath> = offices.iter().map(|o| &o.place).collect();
    let street = ctx.street(&viewer)?;
    let mut all =
        queries::elections(&mut ctx.store.read().await?, street, &reach, false, before(&query)?).await?;
    let next = page_of(&mut all, HERE);
    let title = t!(lang, "elections");
    let first = query.contains_key("before").then_some(HERE);
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "elections-about")) } }
        p."btns mt3" {
            @if !viewer.offices_for(&PREPARE).is_empty() { a."btn pri" href="/office/elections/new" { (parts::icon("plus")) (t!(lang, "election-new")) } }
            a."btn quiet" href="/elections" { (parts::icon("eye")) (t!(lang, "public-page")) }
        }
        @if all.is_empty() { (parts::empty("vote", &t!(lang, "elections-none"), &t!(lang, "elections-none-why"))) } @else {
            (rows(&viewer, &all, HERE))
            (parts::pager(lang, all.len(), first, next.as_deref()))
        }
    };
    Ok(desk(&ctx, &viewer, &title, &body).into_response())
}

async fn public(State(ctx): State<Ctx>, viewer: Viewer, query: Query) -> Answer {
    let lang = viewer.lang;
    let street = ctx.street(&viewer)?;
    let place = viewer
        .community
        .as_ref()
        .map(|c| c.path.clone())
        .or_else(|| viewer.home().map(|h| h.path.clone()))
        .unwrap_or_else(PlacePath::root);
    let before = before(&query)?;
    let mut all = queries::elections(&mut ctx.store.read().await?, street, &[&place], true, before).await?;
    let next = page_of(&mut all, "/elections");
    let title = t!(lang, "elections-public");
    let first = query.contains_key("before").then_some("/elections");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "elections-public-about")) } }
        @if all.is_empty() { (parts::empty("vote", &t!(lang, "elections-none"), "")) } @else {
            (rows(&viewer, &all, "/elections"))
            (parts::pager(lang, all.len(), first, next.as_deref()))
        }
    };
    let page = Page { title: &title, slim: true, back: Some("/"), ..Page::default() };
    Ok(layout::resident(&ctx, &viewer, page, &body).into_response())
}

async fn new_page(ctx: &Ctx, viewer: &Viewer, form: &Form) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let street = ctx.street(viewer)?;
    let home = viewer.home().map(|h| h.path.clone()).ok_or(Refusal::conflict("ui.no-street"))?;
    let kinds = [PlaceKind::Community, PlaceKind::Compound];
    let places = places::under(&mut ctx.store.read().await?, street, &home, &kinds, 1000).await?;
    let places: Vec<(String, String)> = places
        .iter()
        .filter(|p| viewer.may(&PREPARE, &p.path).is_some())
        .map(|p| (p.path.to_string(), p.full_name.clone()))
        .collect();
    let calendar = calendar(ctx, street).await?;
    let today = local_date(ctx.store.now());
    // What is elected and how in one choice: most pairs do not exist.
    let ways: Vec<(String, String, String)> = ElectionKind::ALL
        .iter()
        .flat_map(|k| k.modes().iter().map(move |m| (*k, *m)))
        .map(|(kind, mode)| {
            let rule = tally::Rule::shipped(mode.rule());
            let notice = rule.map_or(0, |r| r.notice_days);
            let usual = rules::Terms::usual_candidates(mode, notice);
            let terms = rules::Terms::of(mode, notice, usual);
            let first = rules::earliest(terms, None, false, today, &calendar);
            let name = format!("{} · {}", kind_word(lang, kind), mode_word(lang, mode));
            (format!("{kind}:{mode}"), name, t!(lang, "first-day", day = first.to_string()))
        })
        .collect();
    let title = t!(lang, "election-new");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "election-new-about")) } }
        (parts::error_summary(lang, form))
        form."card card-p form mt3" method="post" action="/office/elections/new" data-once {
            (parts::hidden(ctx, viewer))
            (parts::radios(lang, form, Field { name: "mode", label: &t!(lang, "what-elected"), required: true, ..Field::default() }, &ways))
            (parts::field(lang, form, Field { name: "title", label: &t!(lang, "title"), hint: &t!(lang, "title-hint"), required: true, max: 60, ..Field::default() }))
            (parts::field(lang, form, Field { name: "post", label: &t!(lang, "post"), hint: &t!(lang, "post-hint"), required: true, max: 30, ..Field::default() }))
            (parts::select(lang, form, Field { name: "place", label: &t!(lang, "place"), required: true, ..Field::default() }, &places))
            div.g2 {
                (parts::field(lang, form, Field { name: "seats", label: &t!(lang, "seats"), kind: "number", required: true, ..Field::default() }))
                (parts::field(lang, form, Field { name: "polling_day", label: &t!(lang, "polling-day"), kind: "date", required: true, ..Field::default() }))
                (parts::field(lang, form, Field { name: "roll_posted", label: &t!(lang, "roll-posted"), hint: &t!(lang, "roll-posted-hint"), kind: "date", ..Field::default() }))
            }
            (parts::field(lang, form, Field { name: "candidates_days", label: &t!(lang, "candidates-days"), hint: &t!(lang, "candidates-days-hint"), kind: "number", ..Field::default() }))
            div."btns mt3" { button."btn pri" { (t!(lang, "save")) } a.btn href=(HERE) { (t!(lang, "cancel")) } }
        }
    };
    Ok(desk(ctx, viewer, &title, &body))
}

async fn new_form(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    viewer.need_somewhere(&PREPARE)?;
    Ok(new_page(&ctx, &viewer, &Form::default()).await?.into_response())
}

async fn new(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    viewer.need_somewhere(&PREPARE)?;
    let f = &posted.fields;
    // The right is proven before what else was sent is looked at.
    if let Some(place) = PlacePath::parse(f.get("place")) {
        viewer.need(&PREPARE, &place)?;
    }
    let read = || {
        let bad = || Refusal::invalid("mode", "ui.empty");
        let (kind, mode) = f.get("mode").split_once(':').ok_or_else(bad)?;
        Ok::<_, Refusal>(NewElection {
            kind: ElectionKind::parse(kind).ok_or_else(bad)?,
            mode: Mode::parse(mode).ok_or_else(bad)?,
            title: f.get("title").to_owned(),
            post: f.get("post").to_owned(),
            seats: must(f, "seats")?,
            place: PlacePath::parse(f.get("place")).ok_or(Refusal::invalid("place", "ui.empty"))?,
            polling_day: must(f, "polling_day")?,
            roll_posted: f.parse("roll_posted")?,
            candidates_days: f.parse("candidates_days")?,
        })
    };
    let done = match read() {
        Err(refusal) => Err(Fault::from(refusal)),
        Ok(new) => {
            let actor = viewer.actor(Some(viewer.need(&PREPARE, &new.place)?))?;
            let calendar = calendar(&ctx, actor.street).await?;
            ctx.store
                .once(posted.key(), move |tx| {
                    Box::pin(async move { actions::prepare(tx, &actor, new, &calendar).await.map(|e| e.id) })
                })
                .await
        }
    };
    match done {
        Ok(id) => Ok(ui::done(&ctx, &format!("{HERE}/{id}"), "elections.done-saved", &[])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            Ok(with_status(&refusal, new_page(&ctx, viewer, &form).await?))
        }
    }
}

/// The words of a state, for whoever reads none of ours.
pub(super) fn state_says(viewer: &Viewer, e: &Election) -> String {
    word(viewer.lang, &format!("says-{}", e.state))
}
