//! The board of questions: what everybody sees, what the chair does with it, what the asker hears, what is still owed.

use super::{
    Query,
    chair::address,
    desk,
    floor::in_the_room,
    sitting::Screen,
    words::{Owners, owned_promises},
};
use crate::{
    model::{Question, QuestionFigures, QuestionState as Q, Sitting},
    queries,
    rules::{self, rights::READ},
    t,
};
use axum::{Router, extract::State, response::IntoResponse, routing::get};
use chrono::NaiveDate;
use kernel::{Id, Refusal, text::blot, time::local_date};
use maud::{Markup, html};
use store::{Conn, Fault};
use ui::{
    Answer, Ctx, Cursor, Form, Lang, Viewer,
    parts::{self, Field},
};

const HERE: &str = "/office/councils/promised";

pub(super) fn routes() -> Router<Ctx> {
    Router::new().route(HERE, get(list))
}

/// A question with its text.
pub(super) type Asked = (Question, String);

fn chip(lang: Lang, q: &Question, today: Option<NaiveDate>) -> Markup {
    let late = today.is_some_and(|today| q.overdue(today));
    let class = match q.state {
        Q::Asked => "new",
        Q::Admitted => "do",
        Q::Answered | Q::Delivered => "ok",
        Q::Promised if late => "late",
        Q::Promised => "horn",
        Q::Refused => "off",
    };
    let word = if late {
        t!(lang, "action-overdue")
    } else {
        crate::WORDS.say(lang, &format!("question-{}", q.state), &[])
    };
    parts::chip(class, "", &word)
}

fn words(lang: Lang, text: &str) -> String {
    if text.is_empty() { t!(lang, "question-erased") } else { blot(text) }
}

/// One question with what was said to it.
fn entry(lang: Lang, (q, text): &Asked, owners: &Owners, today: Option<NaiveDate>) -> Markup {
    html! {
        p { b { (words(lang, text)) } }
        p.meta { (chip(lang, q, today)) @if let Some(p) = &q.promise { span { (owners.word(lang, p.owner)) } span.num { (t!(lang, "answer-by", day = p.due.to_string())) } } }
        @if let Some(answer) = &q.answer { p.said { (blot(answer)) } }
    }
}

/// What everybody sees of the questions: those that the chair let onto the board.
pub(super) fn public(lang: Lang, all: &[Asked], owners: &Owners) -> Markup {
    let shown: Vec<&Asked> = all.iter().filter(|(q, _)| q.state.is_public()).collect();
    html! {
        @if !shown.is_empty() { section."sec mt3" aria-labelledby="h-board" {
            div.sec-h { h2 #h-board { (t!(lang, "questions")) } }
            ul.stack { @for one in shown { li."card card-p" { (entry(lang, one, owners, None)) } } }
        } }
    }
}

/// What became of the questions of a sitting, in numbers.
pub(super) fn figures(lang: Lang, f: &QuestionFigures) -> String {
    t!(
        lang,
        "question-figures",
        asked = f.asked,
        answered = f.answered,
        promised = f.promised,
        delivered = f.delivered,
        refused = f.refused
    )
}

/// The form by which a person puts a question, and what became of the own ones.
pub(super) fn own(ctx: &Ctx, viewer: &Viewer, s: &Sitting, mine: &[Asked], owners: &Owners) -> Markup {
    let lang = viewer.lang;
    let takes = rules::takes_questions(s);
    html! {
        @if takes || !mine.is_empty() { section."sec mt3" aria-labelledby="h-ask" {
            div.sec-h { h2 #h-ask { (t!(lang, "ask")) } }
            @if takes { div."card card-p" {
                @if viewer.signed.is_some() { form.form method="post" action={ "/sittings/" (s.id) "/own/ask" } data-once {
                    (parts::hidden(ctx, viewer))
                    (parts::field(lang, &Form::default(), Field { name: "question", label: &t!(lang, "ask-what"), hint: &t!(lang, "ask-hint"), kind: "textarea", rows: 2, required: true, max: 500, ..Field::default() }))
                    div."btns mt3" { button."btn pri" { (t!(lang, "act-ask")) } }
                } } @else { p { a."btn" href={ "/sign-in?to=" (parts::query(&viewer.here)) } { (t!(lang, "ask-sign-in")) } } }
            } }
            @if !mine.is_empty() { ul."stack mt3" { @for one in mine { li."card card-p" { p.meta { (t!(lang, "your-question")) } (entry(lang, one, owners, None)) } } } }
        } }
    }
}

/// The board on the chair's screen.
pub(super) fn chair(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let lang = viewer.lang;
    let today = local_date(ctx.store.now());
    let mut all: Vec<&Asked> = x.questions.iter().collect();
    // What waits for the chair comes first.
    all.sort_by_key(|(q, _)| (!q.state.is_open(), q.state != Q::Promised));
    let waits = all.iter().filter(|(q, _)| q.state.is_open()).count();
    let takes = x.hold && rules::takes_questions(&x.sitting);
    html! {
        @if takes || !all.is_empty() { section."sec mt3" aria-labelledby="h-board" {
            div.sec-h { h2 #h-board { (t!(lang, "questions")) } span.num { (t!(lang, "questions-wait", n = waits)) } }
            ul.stack { @for one in all { li."card card-p" {
                (entry(lang, one, &x.owners, Some(today)))
                @if x.hold { (acts(ctx, viewer, x, &one.0, form)) }
            } } }
            @if takes { details."more card card-p mt3" open[form.error("question").is_some()] { summary { (t!(lang, "ask-for")) }
                form."form mt2" method="post" action=(address(x, "ask")) data-once {
                    (parts::hidden(ctx, viewer))
                    (parts::field(lang, form, Field { name: "question", label: &t!(lang, "ask-what"), kind: "textarea", rows: 2, required: true, max: 500, ..Field::default() }))
                    (parts::select(lang, form, Field { name: "asker", label: &t!(lang, "asker"), hint: &t!(lang, "asker-hint"), ..Field::default() }, &in_the_room(x, false)))
                    div."btns mt3" { button.btn { (t!(lang, "act-ask")) } }
                }
            } }
        } }
    }
}

/// What the chair may do with a question now.
fn acts(ctx: &Ctx, viewer: &Viewer, x: &Screen, q: &Question, form: &Form) -> Markup {
    let lang = viewer.lang;
    // What was typed comes back to the question that it was typed for; fields of others stay empty and have own ids.
    let mine = form.values.get("id") == q.id.to_string();
    let value = |name: &str| if mine { form.values.get(name) } else { "" };
    let error = |name: &'static str| form.error(name).filter(|_| mine);
    let hidden = || html! { (parts::hidden(ctx, viewer)) input type="hidden" name="id" value=(q.id); };
    let text = |name: &'static str, word: &str| {
        let id = format!("q-{name}-{}", q.id);
        html! { div.field { label for=(id) { (word) }
        @if let Some(e) = error(name) { p.err { (ui::refusal_text(lang, e)) } }
        textarea #(id) name=(name) rows="2" maxlength="2000" required { (value(name)) } } }
    };
    let (owner, due) = (format!("q-owner-{}", q.id), format!("q-due-{}", q.id));
    html! {
        @if q.state == Q::Asked { div."btns mt2" {
            form method="post" action=(address(x, "admit")) data-once { (hidden()) button."btn sm pri" { (t!(lang, "act-admit")) } }
        } }
        @if q.state == Q::Admitted && x.sitting.began_at.is_some() {
            details."more mt2" open[error("answer").is_some()] { summary { (t!(lang, "act-answer")) }
                form."form mt2" method="post" action=(address(x, "answer")) data-once { (hidden()) (text("answer", &t!(lang, "answer"))) div."btns mt2" { button."btn pri" { (t!(lang, "act-answer")) } } } }
            details."more mt2" open[error("owner").is_some() || error("due").is_some()] { summary { (t!(lang, "act-promise")) }
                form."form mt2" method="post" action=(address(x, "promise")) data-once { (hidden())
                    div.g2 {
                        div.field { label for=(owner) { (t!(lang, "answer-owner")) } @if let Some(e) = error("owner") { p.err { (ui::refusal_text(lang, e)) } }
                            select #(owner) name="owner" required { @for (v, word) in x.owner_choices(lang) { option value=(v) selected[v == value("owner")] { (word) } } } }
                        div.field { label for=(due) { (t!(lang, "answer-due")) } @if let Some(e) = error("due") { p.err { (ui::refusal_text(lang, e)) } }
                            input #(due) name="due" type="date" required value=(value("due")); }
                    }
                    div."btns mt2" { button."btn pri" { (t!(lang, "act-promise")) } }
                } }
        }
        @if q.state == Q::Promised { form."form mt2" method="post" action=(address(x, "deliver")) data-once { (hidden()) (text("answer", &t!(lang, "answer"))) div."btns mt2" { button."btn pri" { (t!(lang, "act-deliver")) } } } }
        @if q.state.is_open() { details."more mt2" open[error("words").is_some()] { summary { (t!(lang, "act-refuse")) }
            form."form mt2" method="post" action=(address(x, "refuse-question")) data-once { (hidden()) (text("words", &t!(lang, "reason"))) div."btns mt2" { button."btn bad" { (t!(lang, "act-refuse")) } } } } }
    }
}

/// Promised answers that are still owed, of the reader's places, and whether there are more.
async fn owed(
    ctx: &Ctx,
    conn: &mut Conn,
    viewer: &Viewer,
    street: Id,
    after: (&str, Id),
) -> Result<(Vec<Asked>, bool), Fault> {
    let offices = viewer.need_somewhere(&READ)?;
    let reach: Vec<_> = offices.iter().map(|o| &o.place).collect();
    let mut all = queries::promised(conn, ctx.store.keys(), street, &reach, after).await?;
    let more = all.len() > queries::PAGE as usize;
    all.truncate(queries::PAGE as usize);
    Ok((all, more))
}

async fn rows(ctx: &Ctx, conn: &mut Conn, lang: Lang, street: Id, all: &[Asked]) -> Result<Markup, Fault> {
    let owners = Owners::of(conn, ctx.store.keys(), street, &owned_promises(all)).await?;
    let today = local_date(ctx.store.now());
    Ok(html! {
        ul."card rowlist mt3" { @for (q, text) in all { li { a.rw href={ "/office/sittings/" (q.sitting) } { (parts::icon("circle-help")) span.tx {
            b { (words(lang, text)) }
            span.meta { (chip(lang, q, Some(today)))
                @if let Some(p) = &q.promise { span { (owners.word(lang, p.owner)) } span.num { (t!(lang, "answer-by", day = p.due.to_string())) } } }
        } } } } }
    })
}

/// The first of what is owed, above the list of bodies; nothing when nothing is.
pub(super) async fn first(ctx: &Ctx, viewer: &Viewer, conn: &mut Conn, street: Id) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let (mut all, more) = owed(ctx, conn, viewer, street, ("", street)).await?;
    let more = more || all.len() > 5;
    all.truncate(5);
    if all.is_empty() {
        return Ok(html! {});
    }
    let list = rows(ctx, conn, lang, street, &all).await?;
    Ok(html! {
        section."sec mt3" aria-labelledby="h-owed" {
            div.sec-h { h2 #h-owed { (t!(lang, "promised")) } @if more { a href=(HERE) { (t!(lang, "all-of-them")) } } }
            (list)
        }
    })
}

/// `/office/councils/promised`
async fn list(State(ctx): State<Ctx>, viewer: Viewer, query: Query) -> Answer {
    let lang = viewer.lang;
    viewer.need_somewhere(&READ)?;
    let street = ctx.street(&viewer)?;
    let cursor = Cursor::decode(query.get("after").map_or("", String::as_str), 2)?;
    let after = match &cursor {
        Some(c) => (c.text(0), c.text(1).parse().map_err(|_| Refusal::invalid("cursor", "ui.bad-cursor"))?),
        None => ("", street),
    };
    let mut conn = ctx.store.read().await?;
    let (all, more) = owed(&ctx, &mut conn, &viewer, street, after).await?;
    let rows = rows(&ctx, &mut conn, lang, street, &all).await?;
    drop(conn);
    let next = all.last().filter(|_| more).map(|(q, _)| {
        let due = q.promise.map(|p| p.due.to_string()).unwrap_or_default();
        format!("{HERE}?after={}", Cursor(vec![due.into(), q.id.to_string().into()]).encode())
    });
    let title = t!(lang, "promised");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "promised-about")) } }
        @if all.is_empty() { (parts::empty("check-check", &t!(lang, "promised-none"), "")) } @else {
            (rows) (parts::pager(lang, all.len(), cursor.is_some().then_some(HERE), next.as_deref()))
        }
    };
    Ok(desk(&ctx, &viewer, &title, &body).into_response())
}
