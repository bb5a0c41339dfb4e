//! For everybody: what is being decided, by which rule, who took part so far, and the result with all that recounts it.

use super::{
    Query, public_of,
    vote::{self, Ballot},
    words::{how_words, outcome, pins, shape_word, state_chip, times, turnout},
};
use crate::{
    model::{About, Poll, PollState},
    queries, t,
};
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use kernel::{Id, PlacePath, Refusal, text::blot};
use maud::{Markup, html};
use store::Fault;
use ui::{
    Answer, Ctx, Cursor, Form, Viewer,
    layout::{self, Page},
    parts, show,
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/polls", get(list))
        .route("/polls/{id}", get(show))
        .route("/polls/{id}/result.json", get(result))
        .route("/polls/{id}/roll.txt", get(roll))
        .route("/polls/{id}/boards/{photo}", get(board))
}

/// Where a list begins: before this id, after every id that is given out.
pub(super) fn before(query: &Query) -> Result<(Option<Cursor>, Id), Refusal> {
    let cursor = Cursor::decode(query.get("before").map_or("", String::as_str), 1)?;
    let id = match &cursor {
        Some(c) => c.text(0).parse().map_err(|_| Refusal::invalid("cursor", "ui.bad-cursor"))?,
        None => Id::from(uuid::Uuid::max()),
    };
    Ok((cursor, id))
}

async fn list(State(ctx): State<Ctx>, viewer: Viewer, query: Query) -> Answer {
    let lang = viewer.lang;
    let street = ctx.street(&viewer)?;
    let place = viewer
        .community
        .as_ref()
        .map(|c| c.path.clone())
        .or_else(|| viewer.home().map(|h| h.path.clone()))
        .unwrap_or_else(PlacePath::root);
    let (cursor, before) = before(&query)?;
    let mut conn = ctx.store.read().await?;
    let mut all = queries::polls(&mut conn, street, &[&place], true, before).await?;
    let mine = match &viewer.signed {
        Some(signed) if cursor.is_none() => {
            queries::open_for(&mut conn, ctx.store.keys(), street, signed.person).await?
        }
        _ => Vec::new(),
    };
    drop(conn);
    let more = all.len() > queries::PAGE as usize;
    all.truncate(queries::PAGE as usize);
    let next = all
        .last()
        .filter(|_| more)
        .map(|p| format!("/polls?before={}", Cursor(vec![p.id.to_string().into()]).encode()));
    let title = t!(lang, "polls-public");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "polls-public-about")) } }
        @if !mine.is_empty() { section."sec mt3" aria-labelledby="h-mine" {
            div.sec-h { h2 #h-mine { (t!(lang, "polls-mine")) } }
            (rows(lang, &mine))
        } }
        @if all.is_empty() { (parts::empty("vote", &t!(lang, "polls-none"), "")) } @else {
            section."sec mt3" aria-labelledby="h-all" {
                div.sec-h { h2 #h-all { (t!(lang, "polls-all")) } }
                (rows(lang, &all))
                (parts::pager(lang, all.len(), cursor.is_some().then_some("/polls"), next.as_deref()))
            }
        }
    };
    let page = Page { title: &title, slim: true, back: Some("/"), ..Page::default() };
    Ok(layout::resident(&ctx, &viewer, page, &body).into_response())
}

fn rows(lang: ui::Lang, polls: &[Poll]) -> Markup {
    html! { ul."card rowlist" { @for p in polls { li { a.rw href={ "/polls/" (p.id) } { (parts::icon("vote")) span.tx {
        b { (p.title) }
        span.meta { (state_chip(lang, p.state)) span { (shape_word(lang, &p.shape)) } span.num { (times(lang, p)) } }
    } } } } } }
}

async fn show(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>) -> Answer {
    let poll = public_of(&ctx, &viewer, &id).await?;
    Ok(page(&ctx, &viewer, &poll, &Form::default()).await?.into_response())
}

/// The page of a poll; with the ballot for whoever may vote.
pub(super) async fn page(ctx: &Ctx, viewer: &Viewer, p: &Poll, form: &Form) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let mut conn = ctx.store.read().await?;
    let now = queries::turnout(&mut conn, p).await?;
    let mine = match &viewer.signed {
        Some(signed) => Ballot::all_of(&mut conn, ctx.store.keys(), p, signed.person).await?,
        None => Vec::new(),
    };
    drop(conn);
    let shown = p.count.as_ref().filter(|_| p.state.shows_result());
    let title = p.title.clone();
    let body = html! {
        div.wh { h1 { (title) } p.meta { (state_chip(lang, p.state)) span { (p.number) } span { (shape_word(lang, &p.shape)) } @if p.secret { span { (t!(lang, "secret")) } } } }
        (parts::error_summary(lang, form))
        @if let Some(reason) = &p.reason { (parts::notice("warn", "info", &t!(lang, "reason"), reason)) }
        @if let Some(count) = shown { section."sec mt3" aria-labelledby="h-result" {
            div.sec-h { h2 #h-result { (t!(lang, "result")) } }
            div."card card-p" {
                (outcome(lang, p, &count.outcome))
                p."cap muted mt3" { (t!(lang, "certified-by", n = count.signed.len(), day = show::full(count.at))) }
                p."btns mt3" { a.btn href={ "/polls/" (p.id) "/result.json" } download { (parts::icon("download")) (t!(lang, "recount-file")) } }
                p."cap muted" { (t!(lang, "recount-how")) }
            }
        } }
        section."sec mt3" aria-labelledby="h-what" {
            div.sec-h { h2 #h-what { (t!(lang, "proposal")) } }
            article."card card-p prose" {
                @for line in p.text.lines().filter(|l| !l.trim().is_empty()) { p { (line) } }
                @if p.shape.has_options() { ol { @for o in &p.options { li { (o) } } } }
            }
        }
        @if p.takes(ctx.store.now()) { (vote::section(ctx, viewer, p, &mine, form)) }
        @else { @for ballot in &mine { (vote::kept(lang, p, ballot)) } }
        section."sec mt3" aria-labelledby="h-how" {
            div.sec-h { h2 #h-how { (t!(lang, "how-decided")) } }
            div."card card-p" {
                p { (times(lang, p)) }
                @for e in &p.extended { p { (t!(lang, "extended", from = show::full(e.from), to = show::full(e.to), why = e.why.clone())) } }
                @if let (Some(posted), Some(at)) = (&p.posted, p.noticed_at) { p { (super::posted_words(lang, posted, at)) } }
                @if let Some(urgent) = &p.urgent { p { (t!(lang, "urgent", why = urgent.clone())) } }
                @if p.rule.is_some() { p.mt2 { (how_words(lang, p)) } }
                p.mt2 { (published_how(lang, p)) }
                @if shown.is_none() { div.mt3 { (turnout(lang, p, &now)) } }
                details."more mt3" { summary { (t!(lang, "compare")) } div.mt2 { (pins(lang, p)) p { a href={ "/polls/" (p.id) "/roll.txt" } { (t!(lang, "roll-file")) } } } }
            }
        }
        @if !p.boards.is_empty() { section."sec mt3" aria-labelledby="h-board" {
            div.sec-h { h2 #h-board { (t!(lang, "boards")) } }
            figure.shots { @for photo in &p.boards { @let src = format!("/polls/{}/boards/{photo}", p.id); a href=(src) { img src=(src) width="240" loading="lazy" alt=(t!(lang, "boards")); } } }
        } }
        (objections(ctx, viewer, p, form))
    };
    let page = Page { title: &title, slim: true, back: Some("/polls"), ..Page::default() };
    Ok(layout::resident(ctx, viewer, page, &body))
}

/// Said before anybody votes: what will be published of a ballot.
pub(super) fn published_how(lang: ui::Lang, p: &Poll) -> String {
    if p.secret {
        t!(lang, "published-secret")
    } else if p.trust == crate::model::Trust::Open {
        t!(lang, "published-open")
    } else if matches!(p.shape, crate::model::Shape::Owners { .. }) {
        // Whoever knows the areas of the roll can tell whose the only ballot of an area is: that is said, not hidden.
        t!(lang, "published-grouped-owners")
    } else {
        t!(lang, "published-grouped")
    }
}

fn objections(ctx: &Ctx, viewer: &Viewer, p: &Poll, form: &Form) -> Markup {
    let lang = viewer.lang;
    let about = match p.state {
        PollState::Noticed => Some(About::Roll),
        PollState::Published => Some(About::Result),
        _ => None,
    };
    html! {
        @if !p.objections.is_empty() { section."sec mt3" aria-labelledby="h-objections" {
            div.sec-h { h2 #h-objections { (t!(lang, "objections")) } }
            ul."card rowlist" { @for o in &p.objections { li { div.rw { (parts::icon("flag")) span.tx {
                b { (crate::WORDS.say(lang, &format!("about-{}", o.about), &[])) }
                @match (&o.answer, o.upheld) {
                    (Some(answer), upheld) => { p { (blot(answer)) } span.meta { span { @if upheld == Some(true) { (t!(lang, "upheld")) } @else { (t!(lang, "not-upheld")) } } } },
                    _ => span.meta { span { (t!(lang, "unanswered")) } },
                }
            } } } } }
        } }
        @if let Some(about) = about { details."more card card-p mt3" open[form.error("objection").is_some()] {
            summary { @if about == About::Roll { (t!(lang, "object-roll")) } @else { (t!(lang, "object-result")) } }
            @if viewer.signed.is_some() {
                form."form mt2" method="post" action={ "/polls/" (p.id) "/object" } data-once {
                    (parts::hidden(ctx, viewer))
                    (parts::field(lang, form, parts::Field { name: "objection", label: &t!(lang, "objection"), hint: &t!(lang, "objection-hint"), kind: "textarea", required: true, max: 2000, ..parts::Field::default() }))
                    div."btns mt3" { button.btn { (t!(lang, "object-send")) } }
                }
            } @else { p.mt2 { a.btn href={ "/sign-in?to=" (parts::query(&viewer.here)) } { (t!(lang, "sign-in-first")) } } }
        } }
    }
}

fn text_file(body: String, mime: &'static str, name: &str) -> Response {
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// The file by which anybody counts again, byte by byte as it was hashed and signed.
async fn result(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>) -> Answer {
    let p = public_of(&ctx, &viewer, &id).await?;
    if !p.state.shows_result() {
        return Err(Refusal::missing("polls.no-result").into());
    }
    let text = queries::text(&mut ctx.store.read().await?, p.street, p.id, "result").await?;
    let text = text.ok_or(Refusal::missing("polls.no-result"))?;
    Ok(text_file(text, "application/json; charset=utf-8", &format!("{}.json", p.number)))
}

/// The roll that stands, without names.
async fn roll(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>) -> Answer {
    let p = public_of(&ctx, &viewer, &id).await?;
    let version = p.roll.as_ref().map_or(1, |r| r.version);
    let text =
        queries::text(&mut ctx.store.read().await?, p.street, p.id, &format!("roll-{version}")).await?;
    let text = text.ok_or(Refusal::missing("polls.no-poll"))?;
    Ok(text_file(text, "text/plain; charset=utf-8", &format!("{}-roll-{version}.txt", p.number)))
}

/// A photo of the notice board.
async fn board(State(ctx): State<Ctx>, viewer: Viewer, Path((id, photo)): Path<(String, String)>) -> Answer {
    let p = public_of(&ctx, &viewer, &id).await?;
    let missing = || Refusal::missing("polls.no-photo");
    let photo: Id = photo.parse().map_err(|_| missing())?;
    if !p.boards.contains(&photo) {
        return Err(missing().into());
    }
    let kept = ctx.store.read().await?.blob(p.street, photo, false).await?.ok_or_else(missing)?;
    Ok(ui::photo(kept, "private, max-age=300")?)
}
