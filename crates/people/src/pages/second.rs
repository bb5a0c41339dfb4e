//! The second factor: set it, give it, take it away.

use super::{Query, Token, into_form, with_status};
use crate::{actions, queries, queries::gate, t};
use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use kernel::Refusal;
use maud::{Markup, html};
use store::Fault;
use ui::{
    Answer, Ctx, Form, Posted, Viewer, layout,
    parts::{self, Field},
    safe_return,
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/account/second-factor", get(show).post(check))
        .route(
            "/account/second-factor/confirm",
            get(|| async { Redirect::to(gate::SECOND_FACTOR) }).post(confirm),
        )
        .route("/account/second-factor/remove", post(remove))
}

/// What the page is for at this moment.
async fn page(ctx: &Ctx, viewer: &Viewer, to: &str, form: &Form) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let signed = viewer.signed_in()?;
    let account = queries::account(&mut ctx.store.read().await?, signed.street, signed.account)
        .await?
        .ok_or(Refusal::missing("people.no-account"))?;
    let due = signed.must_go == Some(gate::SECOND_FACTOR);
    let code = |label: String| {
        parts::field(
            lang,
            form,
            Field {
                name: "code",
                label: &label,
                required: true,
                autocomplete: "one-time-code",
                max: 20,
                ..Field::default()
            },
        )
    };
    let inner = if account.second_factor && due {
        html! {
            form."card card-p form" method="post" action=(gate::SECOND_FACTOR) data-once {
                p { (t!(lang, "second-give")) }
                (parts::csrf(ctx, viewer))
                input type="hidden" name="to" value=(to);
                (code(t!(lang, "second-code")))
                div."btns mt3" { button."btn pri wide" { (t!(lang, "go-on")) } }
            }
            p.gate-f { (t!(lang, "second-lost")) }
        }
    } else if account.second_factor {
        html! {
            (parts::notice("ok", "shield-check", &t!(lang, "second-is-on"), &t!(lang, "second-lost")))
            form."card card-p form mt3" method="post" action="/account/second-factor/remove" data-once {
                (parts::csrf(ctx, viewer))
                (code(t!(lang, "second-code")))
                div."btns mt3" { button."btn bad" { (t!(lang, "second-remove")) } a.btn href="/account" { (t!(lang, "cancel")) } }
            }
        }
    } else {
        let actor = viewer.actor(None)?;
        let (issuer, label, id) = (t!(lang, "issuer"), signed.name.clone(), account.id);
        let enrolment = ctx
            .store
            .write(move |tx| {
                Box::pin(async move { actions::start_second_factor(tx, &actor, id, &issuer, &label).await })
            })
            .await?;
        html! {
            @if due { (parts::notice("warn", "shield-check", &t!(lang, "second-due"), &t!(lang, "second-due-why"))) }
            form."card card-p form mt3" method="post" action="/account/second-factor/confirm" data-once {
                p { (t!(lang, "second-scan")) }
                div.sheet-qr { (parts::qr(&enrolment.uri)) }
                p { (t!(lang, "second-type")) br; code.num { (enrolment.secret) } }
                (parts::csrf(ctx, viewer))
                input type="hidden" name="to" value=(to);
                (code(t!(lang, "second-first")))
                div."btns mt3" { button."btn pri wide" { (t!(lang, "second-turn-on")) } }
            }
        }
    };
    let body = html! {
        (parts::error_summary(lang, form))
        (inner)
        form.mt3 method="post" action="/sign-out" { (parts::csrf(ctx, viewer)) div.btns { button."btn quiet" { (t!(lang, "sign-out")) } @if !due { a."btn quiet" href="/account" { (t!(lang, "account")) } } } }
    };
    Ok(layout::gate(ctx, viewer, &t!(lang, "second"), &body))
}

async fn show(State(ctx): State<Ctx>, viewer: Viewer, query: Query) -> Answer {
    let to = query.get("to").map(String::as_str).unwrap_or_default();
    Ok(page(&ctx, &viewer, to, &Form::default()).await?.into_response())
}

fn onward(to: &str) -> &str {
    match safe_return(to) {
        // The door knows where whose work begins.
        "/" => "/sign-in",
        own => own,
    }
}

async fn again(ctx: &Ctx, posted: &Posted, fault: Fault) -> Answer {
    let refusal = into_form(fault)?;
    let form = Form::refused(posted.fields.clone(), refusal.clone());
    Ok(with_status(&refusal, page(ctx, &posted.viewer, posted.fields.get("to"), &form).await?))
}

async fn check(State(ctx): State<Ctx>, Token(token): Token, posted: Posted) -> Answer {
    posted.viewer.signed_in()?;
    match actions::check_second_factor(&ctx.store, &token.unwrap_or_default(), posted.fields.get("code"))
        .await
    {
        Ok(()) => Ok(Redirect::to(onward(posted.fields.get("to"))).into_response()),
        Err(fault) => again(&ctx, &posted, fault).await,
    }
}

async fn confirm(State(ctx): State<Ctx>, Token(token): Token, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    let lang = viewer.lang;
    let (account, actor, code) =
        (viewer.signed_in()?.account, viewer.actor(None)?, posted.fields.get("code").to_owned());
    let done = ctx
        .store
        .write(move |tx| {
            Box::pin(async move {
                actions::confirm_second_factor(tx, &actor, account, &code, token.as_deref()).await
            })
        })
        .await;
    match done {
        Ok(codes) => {
            let body = html! {
                (parts::notice("ok", "shield-check", &t!(lang, "second-is-on"), &t!(lang, "recovery-about")))
                section."card card-p mt3" { h2.h3 { (t!(lang, "recovery")) } ul.num { @for c in &codes { li { code { (c) } } } } }
                p."btns mt3" { a."btn pri wide" href=(onward(posted.fields.get("to"))) { (t!(lang, "recovery-kept")) } }
            };
            Ok(layout::gate(&ctx, viewer, &t!(lang, "second"), &body).into_response())
        }
        Err(fault) => again(&ctx, &posted, fault).await,
    }
}

async fn remove(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    if viewer.signed_in()?.must_go.is_some() {
        return Err(Refusal::forbidden("ui.no-right").into());
    }
    let (account, actor, code) =
        (viewer.signed_in()?.account, viewer.actor(None)?, posted.fields.get("code").to_owned());
    let done = ctx
        .store
        .write(move |tx| {
            Box::pin(async move { actions::drop_second_factor(tx, &actor, account, Some(&code)).await })
        })
        .await;
    match done {
        Ok(()) => Ok(ui::done(&ctx, "/account", "people.done-second-off", &[])),
        Err(fault) => again(&ctx, &posted, fault).await,
    }
}
