//! The notice on personal information, made from the register; for staff the register itself, the requests, and the list
//! of deletion.

use super::{DUTIES, PAGE, Query, desk, into_form, with_status};
use crate::{
    actions,
    model::{Past, Wish},
    queries::{self, information as asked},
    t,
};
use axum::{
    Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::{get, post},
};
use kernel::{Id, Refusal, personal::PersonalField, text};
use maud::{Markup, html};
use std::collections::HashMap;
use store::Fault;
use ui::{
    Answer, Ctx, Form, Lang, Posted, Viewer,
    layout::{self, Page},
    parts::{self, Field},
    say, show,
};

const HERE: &str = "/office/duties";

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/privacy", get(privacy))
        .route(HERE, get(register))
        .route("/office/duties/requests", get(requests).post(ask))
        .route("/office/duties/requests/{id}", post(answer))
        .route("/office/duties/past/{id}", post(decide))
}

fn keep(lang: Lang, f: &PersonalField) -> String {
    crate::WORDS.say(lang, &format!("keep-{}", f.keep.code()), &[("n", f.keep.n().to_string())])
}

fn sentence(lang: Lang, f: &PersonalField, tail: &str) -> String {
    say(lang, &format!("{}.personal-{}{tail}", f.room, f.code), &[])
}

/// What is kept, as a list (网络数据安全管理条例 art. 21); for staff with where it lies and the article.
fn table(ctx: &Ctx, lang: Lang, staff: bool) -> Markup {
    html! {
        div."card tscroll mt3" tabindex="0" role="group" aria-label=(t!(lang, "privacy-list")) { table.tbl {
            caption.vh { (t!(lang, "privacy-list")) }
            thead { tr { th scope="col" { (t!(lang, "privacy-what")) } th scope="col" { (t!(lang, "privacy-for")) } th scope="col" { (t!(lang, "privacy-basis")) } th scope="col" { (t!(lang, "privacy-kept")) } th scope="col" { (t!(lang, "privacy-seen")) }
                @if staff { th scope="col" { (t!(lang, "register-where")) } th scope="col" { (t!(lang, "register-law")) } } } }
            tbody { @for f in ctx.site.keepers.iter().flat_map(|k| k.fields) { tr {
                th.c-t scope="row" { (sentence(lang, f, "")) @if f.sensitive { " " (parts::chip("warn", "", &t!(lang, "sensitive"))) } }
                td data-l=(t!(lang, "privacy-for")) { (sentence(lang, f, "-why")) }
                td data-l=(t!(lang, "privacy-basis")) { (crate::WORDS.say(lang, &format!("basis-{}", f.basis), &[])) }
                td data-l=(t!(lang, "privacy-kept")) { (keep(lang, f)) }
                td data-l=(t!(lang, "privacy-seen")) { (sentence(lang, f, "-who")) @if f.masked { " " (t!(lang, "seen-masked")) } }
                @if staff {
                    td data-l=(t!(lang, "register-where")) { code { (f.kept_in) } }
                    td data-l=(t!(lang, "register-law")) { (f.law) }
                }
            } } }
        } }
    }
}

/// The whole notice: who, what, why, how long, which rights (个人信息保护法 art. 17).
pub(super) fn notice(ctx: &Ctx, viewer: &Viewer) -> Markup {
    let lang = viewer.lang;
    let word = |key: String| crate::WORDS.say(lang, &key, &[]);
    html! {
        article."card card-p prose" {
            p { (t!(lang, "privacy-who", street = viewer.home().map(|h| h.name.clone()).unwrap_or_else(|| t!(lang, "issuer")))) }
            @if let Some(phone) = viewer.community.as_ref().and_then(|c| c.phone.clone()) { p { (t!(lang, "privacy-ask", phone = phone)) } }
            p { (t!(lang, "privacy-anonymous")) }
            p."cap muted" { (t!(lang, "privacy-version", version = asked::notice_version(&ctx.site.keepers))) }
        }
        (table(ctx, lang, false))
        article."card card-p prose mt3" {
            h2.h3 { (t!(lang, "privacy-how")) }
            ul { @for n in 1..=4 { li { (word(format!("privacy-how-{n}"))) } } }
            h2.h3 { (t!(lang, "privacy-rights")) }
            p { (t!(lang, "privacy-rights-text")) }
            p.btns { a.btn href="/me/information" { (t!(lang, "my-information")) } }
        }
    }
}

async fn privacy(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    let title = t!(viewer.lang, "privacy-title");
    let body = html! { div.wh { h1 { (title) } } (notice(&ctx, &viewer)) };
    let page = Page { title: &title, current: "/privacy", slim: true, back: Some("/"), ..Page::default() };
    Ok(layout::resident(&ctx, &viewer, page, &body).into_response())
}

fn tabs(lang: Lang, viewer: &Viewer, here: &str) -> Markup {
    html! {
        nav."segs mt3" aria-label=(t!(lang, "duties")) {
            a href=(HERE) aria-current=[(here == HERE).then_some("true")] { (t!(lang, "register")) } " "
            @if !viewer.offices_for(&DUTIES).is_empty() {
                a href="/office/duties/requests" aria-current=[(here != HERE).then_some("true")] { (t!(lang, "requests")) }
            }
        }
    }
}

async fn register(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    viewer.signed_in()?;
    if !viewer.is_staff() {
        return Err(Refusal::forbidden("ui.no-right").into());
    }
    let lang = viewer.lang;
    let title = t!(lang, "duties");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "duties-about")) } }
        (tabs(lang, &viewer, HERE))
        (table(&ctx, lang, true))
        p."cap muted mt3" { (t!(lang, "privacy-version", version = asked::notice_version(&ctx.site.keepers))) }
    };
    Ok(desk(&ctx, &viewer, &title, HERE, &body).into_response())
}

async fn requests_page(ctx: &Ctx, viewer: &Viewer, form: &Form, after: Option<Id>) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let street = ctx.street(viewer)?;
    let mut conn = ctx.store.read().await?;
    let open = asked::requests(&mut conn, street, true, after, PAGE).await?;
    let past = asked::past(&mut conn, street, PAGE).await?;
    let ids: Vec<Id> = open.iter().map(|r| r.person).chain(past.iter().map(|p| p.person)).collect();
    let names: HashMap<Id, String> = queries::persons(&mut conn, ctx.store.keys(), street, &ids)
        .await?
        .into_iter()
        .map(|p| (p.id, p.masked_name().or_else(|| p.masked_phone()).unwrap_or_default()))
        .collect();
    let commits: Vec<String> = open.iter().map(|r| r.words.commit.clone()).collect();
    let clear = conn.clear_words(ctx.store.keys(), street, &commits).await?;
    drop(conn);
    let today = kernel::time::local_date(ctx.store.now());
    let who = |id: &Id| names.get(id).cloned().unwrap_or_default();
    let next =
        open.last().filter(|_| open.len() >= 50).map(|r| format!("/office/duties/requests?after={}", r.id));
    let wishes: Vec<(String, String)> = Wish::ALL
        .iter()
        .map(|w| (w.code().to_owned(), crate::WORDS.say(lang, &format!("wish-{w}"), &[])))
        .collect();
    let title = t!(lang, "requests");
    let body = html! {
        div.wh { h1 { (t!(lang, "duties")) } p.muted { (t!(lang, "requests-about")) } }
        (tabs(lang, viewer, "/office/duties/requests"))
        (parts::error_summary(lang, form))
        @if open.is_empty() { (parts::empty("clipboard-check", &t!(lang, "requests-none"), "")) }
        @for r in &open {
            section."card card-p mt3" {
                h2.h3 { (crate::WORDS.say(lang, &format!("wish-{}", r.wish), &[])) " · " (who(&r.person)) }
                p.meta { span.num { (show::full(r.asked_at)) } " "
                    span.num { @if r.due < today { (parts::chip("late", "", &t!(lang, "request-late", day = r.due.to_string()))) } @else { (t!(lang, "request-due", day = r.due.to_string())) } }
                    @if r.proxy.is_some() { " " (parts::chip("", "", &t!(lang, "on-behalf"))) } }
                @if let Some(words) = clear.get(&r.words.commit) { p.mt2 { (words) } }
                form."form mt3" method="post" action={ "/office/duties/requests/" (r.id) } data-once {
                    (parts::hidden(ctx, viewer))
                    div.field { label for={ "f-answer-" (r.id) } { (t!(lang, "answer")) } p.hint { (t!(lang, "answer-hint")) }
                        textarea id={ "f-answer-" (r.id) } name="answer" rows="2" maxlength="500" {} }
                    div."btns mt3" {
                        button."btn pri" name="granted" value="1" { (t!(lang, "grant-request")) }
                        button."btn bad" name="granted" value="0" { (t!(lang, "refuse-request")) }
                    }
                }
            }
        }
        (parts::pager(lang, open.len(), after.map(|_| "/office/duties/requests"), next.as_deref()))
        section."sec mt4" aria-labelledby="h-past" {
            div.sec-h { h2 #h-past { (t!(lang, "past-list")) } }
            p.muted { (t!(lang, "past-about")) }
            @if past.is_empty() { (parts::empty("trash-2", &t!(lang, "past-none"), "")) }
            @for p in &past { (past_line(ctx, viewer, p, &who(&p.person))) }
        }
        section."sec mt4" aria-labelledby="h-behalf" {
            div.sec-h { h2 #h-behalf { (t!(lang, "ask-behalf")) } }
            form."card card-p form" method="post" action="/office/duties/requests" data-once {
                (parts::hidden(ctx, viewer))
                (parts::field(lang, form, Field { name: "phone", label: &t!(lang, "field-phone"), kind: "tel", required: true, max: 20, ..Field::default() }))
                (parts::select(lang, form, Field { name: "wish", label: &t!(lang, "wish"), required: true, ..Field::default() }, &wishes))
                (parts::field(lang, form, Field { name: "words", label: &t!(lang, "wish-words"), kind: "textarea", rows: 2, required: true, max: 500, ..Field::default() }))
                div."btns mt3" { button.btn { (t!(lang, "wish-send")) } }
            }
        }
    };
    Ok(desk(ctx, viewer, &title, HERE, &body))
}

fn past_line(ctx: &Ctx, viewer: &Viewer, p: &Past, who: &str) -> Markup {
    let lang = viewer.lang;
    html! {
        section."card card-p mt3" {
            h3.h3 { (who) @if who.is_empty() { (t!(lang, "nameless")) } }
            p { (crate::WORDS.say(lang, &format!("past-{}", p.reason), &[])) " " span."cap muted num" { (show::full(p.at)) } }
            form."form mt3" method="post" action={ "/office/duties/past/" (p.id) } {
                (parts::csrf(ctx, viewer))
                div.field { label for={ "f-reason-" (p.id) } { (t!(lang, "past-reason")) } input id={ "f-reason-" (p.id) } name="reason" maxlength="200"; }
                div."btns mt3" {
                    button."btn bad" name="erase" value="1" { (t!(lang, "past-erase")) }
                    button.btn name="erase" value="0" { (t!(lang, "past-keep")) }
                }
            }
        }
    }
}

async fn requests(State(ctx): State<Ctx>, viewer: Viewer, query: Query) -> Answer {
    viewer.need_somewhere(&DUTIES)?;
    let after = query.get("after").and_then(|a| a.parse().ok());
    Ok(requests_page(&ctx, &viewer, &Form::default(), after).await?.into_response())
}

async fn refused(ctx: &Ctx, posted: &Posted, fault: Fault) -> Answer {
    let refusal = into_form(fault)?;
    let form = Form::refused(posted.fields.clone(), refusal.clone());
    Ok(with_status(&refusal, requests_page(ctx, &posted.viewer, &form, None).await?))
}

/// A request that somebody makes by telephone or at the counter (代办).
async fn ask(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    let actor = viewer.actor(viewer.need_somewhere(&DUTIES)?.first().copied())?;
    let calendar = super::information::calendar(&ctx, actor.street).await?;
    let (phone, words) = (posted.fields.get("phone").to_owned(), posted.fields.get("words").to_owned());
    let done = match posted.fields.code("wish", Wish::parse) {
        Ok(Some(wish)) => {
            ctx.store
                .once(posted.key(), move |tx| {
                    Box::pin(async move {
                        let keys = tx.keys().clone();
                        let person =
                            queries::find_by_phone(tx, &keys, actor.street, &text::clean(&phone)).await?;
                        let person = person.ok_or(Refusal::invalid("phone", "people.nobody"))?;
                        actions::ask(tx, &actor, person, wish, &words, &calendar).await.map(|r| r.due)
                    })
                })
                .await
        }
        Ok(None) => Err(Refusal::invalid("wish", "ui.empty").into()),
        Err(refusal) => Err(refusal.into()),
    };
    match done {
        Ok(due) => {
            Ok(ui::done(&ctx, "/office/duties/requests", "people.done-asked", &[("day", &due.to_string())]))
        }
        Err(fault) => refused(&ctx, &posted, fault).await,
    }
}

async fn answer(State(ctx): State<Ctx>, Path(id): Path<String>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    let actor = viewer.actor(viewer.need_somewhere(&DUTIES)?.first().copied())?;
    let id: Id = id.parse().map_err(|_| Refusal::missing("people.no-request"))?;
    let (granted, words) = (posted.fields.get("granted") == "1", posted.fields.get("answer").to_owned());
    let keepers = ctx.site.keepers.clone();
    let done = ctx
        .store
        .once(posted.key(), move |tx| {
            Box::pin(async move {
                actions::answer_request(tx, &actor, &keepers, id, granted, &words).await.map(|r| r.state)
            })
        })
        .await;
    match done {
        Ok(_) => Ok(ui::done(&ctx, "/office/duties/requests", "people.done-answered", &[])),
        Err(fault) => refused(&ctx, &posted, fault).await,
    }
}

async fn decide(State(ctx): State<Ctx>, Path(id): Path<String>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    let actor = viewer.actor(viewer.need_somewhere(&DUTIES)?.first().copied())?;
    let id: Id = id.parse().map_err(|_| Refusal::missing("people.no-past"))?;
    let (erase, reason) = (posted.fields.get("erase") == "1", posted.fields.get("reason").to_owned());
    let keepers = ctx.site.keepers.clone();
    let done = ctx
        .store
        .write(move |tx| {
            Box::pin(async move { actions::decide_past(tx, &actor, &keepers, id, erase, &reason).await })
        })
        .await;
    match done {
        Ok(()) => Ok(ui::done(&ctx, "/office/duties/requests", "people.done-answered", &[])),
        Err(fault) => refused(&ctx, &posted, fault).await,
    }
}
