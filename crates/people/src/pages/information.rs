//! "My information": what is kept about me, consent, copies, requests (个人信息保护法 art. 14, 15, 44 to 50).

use super::{frame, into_form, with_status};
use crate::{
    actions,
    model::{InfoRequest, RequestState, Wish},
    queries::information as asked,
    t,
};
use axum::{
    Router,
    extract::State,
    http::{HeaderValue, header},
    response::IntoResponse,
    routing::{get, post},
};
use kernel::calendar::Calendar;
use maud::{Markup, html};
use serde_json::json;
use std::collections::HashMap;
use store::Fault;
use ui::{
    Answer, Ctx, Form, Kept, Lang, Posted, Viewer, layout,
    parts::{self, Field},
    say, show,
};

const HERE: &str = "/me/information";

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/me/consent", get(consent_form).post(consent))
        .route("/me/consent/withdraw", post(withdraw))
        .route(HERE, get(mine))
        .route("/me/information/print", get(print))
        .route("/me/information/export", get(export))
        .route("/me/information/ask", post(ask))
}

/// The calendar by which the street counts working days.
pub(super) async fn calendar(ctx: &Ctx, street: kernel::Id) -> Result<Calendar, Fault> {
    match ctx.site.calendar {
        Some(of) => of(&mut ctx.store.read().await?, street).await,
        None => Ok(Calendar::shipped()),
    }
}

/// Everything that every room keeps about the viewer.
async fn everything(ctx: &Ctx, viewer: &Viewer) -> Result<Vec<(&'static str, Kept)>, Fault> {
    let signed = viewer.signed_in()?;
    let mut conn = ctx.store.read().await?;
    let mut out = Vec::new();
    for keeper in &ctx.site.keepers {
        for kept in (keeper.about)(&mut conn, ctx.store.keys(), signed.street, signed.person).await? {
            out.push((keeper.room, kept));
        }
    }
    Ok(out)
}

/// The register's word for a field.
pub(super) fn field_name(lang: Lang, room: &str, code: &str) -> String {
    say(lang, &format!("{room}.personal-{code}"), &[])
}

fn groups<'a>(all: &'a [(&'static str, Kept)]) -> Vec<(&'static str, &'static str, Vec<&'a Kept>)> {
    let mut order: Vec<(&'static str, &'static str)> = Vec::new();
    let mut by: HashMap<(&str, &str), Vec<&Kept>> = HashMap::new();
    for (room, kept) in all {
        let key = (*room, kept.field);
        if !by.contains_key(&key) {
            order.push(key);
        }
        by.entry(key).or_default().push(kept);
    }
    order.into_iter().map(|(r, f)| (r, f, by.remove(&(r, f)).unwrap_or_default())).collect()
}

fn list(lang: Lang, all: &[(&'static str, Kept)]) -> Markup {
    html! {
        @for (room, field, values) in groups(all) {
            section."card card-p mt3" {
                h3.h3 { (field_name(lang, room, field)) }
                p."cap muted" { (say(lang, &format!("{room}.personal-{field}-why"), &[])) }
                ul.mt2 { @for k in values { li { (k.value) @if !k.of.is_empty() { " " span."cap muted num" { (k.of) } } } } }
            }
        }
    }
}

pub(super) fn state_chip(lang: Lang, r: &InfoRequest) -> Markup {
    let class = match r.state {
        RequestState::Asked => "new",
        RequestState::Granted | RequestState::Frozen => "ok",
        RequestState::Refused => "off",
    };
    parts::chip(class, "", &crate::WORDS.say(lang, &format!("request-{}", r.state), &[]))
}

async fn page(ctx: &Ctx, viewer: &Viewer, form: &Form) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let signed = viewer.signed_in()?;
    let all = everything(ctx, viewer).await?;
    let mut conn = ctx.store.read().await?;
    let consent = asked::consent(&mut conn, signed.street, signed.person).await?;
    let requests = asked::requests_of(&mut conn, signed.street, signed.person).await?;
    let commits: Vec<String> = requests
        .iter()
        .flat_map(|r| [Some(&r.words), r.answer.as_ref()])
        .flatten()
        .map(|w| w.commit.clone())
        .collect();
    let clear = conn.clear_words(ctx.store.keys(), signed.street, &commits).await?;
    drop(conn);
    let wishes: Vec<(String, String)> = Wish::ALL
        .iter()
        .map(|w| (w.code().to_owned(), crate::WORDS.say(lang, &format!("wish-{w}"), &[])))
        .collect();
    let title = t!(lang, "my-information");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "my-information-about")) } }
        (parts::error_summary(lang, form))
        p."btns mt3" {
            a.btn href="/me/information/export" download { (parts::icon("download")) (t!(lang, "information-export")) }
            a.btn href="/me/information/print" { (parts::icon("printer")) (t!(lang, "information-print")) }
            a.btn href="/privacy" { (parts::icon("file-text")) (t!(lang, "privacy-title")) }
        }
        section."card card-p mt3" aria-labelledby="h-consent" {
            h2.h3 #h-consent { (t!(lang, "consent")) }
            @match &consent {
                Some(c) if c.given => {
                    p { (t!(lang, "consent-stands", version = c.version.clone(), time = show::full(c.at))) }
                    form.mt3 method="post" action="/me/consent/withdraw" { (parts::csrf(ctx, viewer)) button.btn { (t!(lang, "consent-withdraw")) } }
                    p."cap muted mt2" { (t!(lang, "consent-withdraw-about")) }
                }
                _ => { p { (t!(lang, "consent-none")) } p."btns mt3" { a.btn href="/me/consent" { (t!(lang, "consent-read")) } } }
            }
        }
        section."sec mt4" aria-labelledby="h-requests" {
            div.sec-h { h2 #h-requests { (t!(lang, "my-requests")) } }
            @if !requests.is_empty() { ul."card rowlist" { @for r in &requests { li { div.rw { (parts::icon("file-text")) span.tx {
                b { (crate::WORDS.say(lang, &format!("wish-{}", r.wish), &[])) }
                span.meta { (state_chip(lang, r)) span.num { (t!(lang, "request-due", day = r.due.to_string())) } }
                @if let Some(words) = clear.get(&r.words.commit) { p { (words) } }
                @if let Some(answer) = r.answer.as_ref().and_then(|a| clear.get(&a.commit)) { p { (t!(lang, "request-answer")) (answer) } }
            } } } } } }
            form."card card-p form mt3" method="post" action="/me/information/ask" data-once {
                (parts::hidden(ctx, viewer))
                (parts::select(lang, form, Field { name: "wish", label: &t!(lang, "wish"), required: true, ..Field::default() }, &wishes))
                (parts::field(lang, form, Field { name: "words", label: &t!(lang, "wish-words"), hint: &t!(lang, "wish-hint"), kind: "textarea", rows: 3, required: true, max: 500, ..Field::default() }))
                div."btns mt3" { button."btn pri" { (t!(lang, "wish-send")) } }
            }
        }
        section."sec mt4" aria-labelledby="h-kept" {
            div.sec-h { h2 #h-kept { (t!(lang, "kept-about-me")) } }
            (list(lang, &all))
        }
    };
    Ok(frame(ctx, viewer, &title, HERE, &body))
}

async fn mine(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    Ok(page(&ctx, &viewer, &Form::default()).await?.into_response())
}

async fn print(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    let lang = viewer.lang;
    let all = everything(&ctx, &viewer).await?;
    let title = t!(lang, "my-information");
    let body =
        html! { article.sheet { h1 { (title) } p.num { (show::full(ctx.store.now())) } (list(lang, &all)) } };
    Ok(layout::paper(&viewer, &title, HERE, &body).into_response())
}

/// A copy that other programs can read (art. 45; 网络数据安全管理条例 art. 25).
async fn export(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    let lang = viewer.lang;
    let all = everything(&ctx, &viewer).await?;
    let items: Vec<_> = all
        .iter()
        .map(|(room, k)| {
            json!({
                "room": room,
                "field": k.field,
                "name": field_name(lang, room, k.field),
                "of": k.of,
                "value": k.value,
                "at": k.at.map(kernel::time::stamp),
            })
        })
        .collect();
    let copy = json!({ "made_at": kernel::time::stamp(ctx.store.now()), "notice": asked::notice_version(&ctx.site.keepers), "kept": items });
    let mut response = serde_json::to_string_pretty(&copy)?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"my-information.json\""),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

async fn ask(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    let (street, person) = {
        let s = viewer.signed_in()?;
        (s.street, s.person)
    };
    let actor = viewer.actor(None)?;
    let calendar = calendar(&ctx, street).await?;
    let words = posted.fields.get("words").to_owned();
    let wish = posted.fields.code("wish", Wish::parse);
    let done = match wish {
        Ok(Some(wish)) => {
            ctx.store
                .once(posted.key(), move |tx| {
                    Box::pin(async move {
                        actions::ask(tx, &actor, person, wish, &words, &calendar).await.map(|r| r.due)
                    })
                })
                .await
        }
        Ok(None) => Err(kernel::Refusal::invalid("wish", "ui.empty").into()),
        Err(refusal) => Err(refusal.into()),
    };
    match done {
        Ok(due) => Ok(ui::done(&ctx, HERE, "people.done-asked", &[("day", &due.to_string())])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            Ok(with_status(&refusal, page(&ctx, viewer, &form).await?))
        }
    }
}

async fn consent_form(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    let lang = viewer.lang;
    viewer.signed_in()?;
    let title = t!(lang, "consent-title");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "consent-about")) } }
        (super::duties::notice(&ctx, &viewer))
        form."card card-p form mt3" method="post" action="/me/consent" {
            (parts::csrf(&ctx, &viewer))
            p { (t!(lang, "consent-free")) }
            div."btns mt3" {
                button."btn pri" name="answer" value="yes" { (t!(lang, "consent-yes")) }
                button.btn name="answer" value="no" { (t!(lang, "consent-no")) }
            }
        }
    };
    Ok(frame(&ctx, &viewer, &title, HERE, &body).into_response())
}

async fn consent(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    posted.viewer.signed_in()?;
    let actor = posted.viewer.actor(None)?;
    let version = asked::notice_version(&ctx.site.keepers);
    let yes = match posted.fields.get("answer") {
        "yes" => true,
        "no" => false,
        _ => return Err(kernel::Refusal::invalid("answer", "ui.empty").into()),
    };
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                if yes {
                    actions::agree(tx, &actor, &version).await
                } else {
                    actions::refuse_notice(tx, &actor, &version).await
                }
            })
        })
        .await?;
    Ok(ui::done(&ctx, "/mine", if yes { "people.done-agreed" } else { "people.done-declined" }, &[]))
}

async fn withdraw(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    posted.viewer.signed_in()?;
    let actor = posted.viewer.actor(None)?;
    ctx.store.write(move |tx| Box::pin(async move { actions::withdraw_consent(tx, &actor).await })).await?;
    Ok(ui::done(&ctx, HERE, "people.done-withdrawn", &[]))
}
