//! Signing in by password or by telephone and code, and signing out.

use super::{Query, Token, into_form, with_status};
use crate::{Caller, SignedIn, actions, rules, t};
use axum::{
    Router,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use maud::{Markup, html};
use ui::{
    Answer, Ctx, Form, Posted, Viewer, layout,
    parts::{self, Field},
    safe_return, set_cookie,
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/sign-in", get(show).post(by_password))
        .route("/sign-in/code", post(send))
        .route("/sign-in/with-code", get(|| async { Redirect::to("/sign-in") }).post(by_code))
        .route("/sign-out", post(out))
}

/// Which way in is open.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    Choose,
    /// A code was sent: it is asked for.
    Code,
}

fn page(ctx: &Ctx, viewer: &Viewer, to: &str, step: Step, form: &Form) -> Markup {
    let lang = viewer.lang;
    let title = t!(lang, "sign-in");
    let hidden = html! { (parts::csrf(ctx, viewer)) input type="hidden" name="to" value=(to); };
    let body = html! {
        (parts::error_summary(lang, form))
        @match step {
            Step::Choose => {
                form."card card-p form" method="post" action="/sign-in/code" data-once {
                    h2.h3 { (t!(lang, "by-code")) }
                    p.muted { (t!(lang, "by-code-about")) }
                    (hidden)
                    (parts::field(lang, form, Field { name: "phone", label: &t!(lang, "mobile"), kind: "tel", required: true, autocomplete: "tel-national", max: 20, ..Field::default() }))
                    div."btns mt3" { button."btn pri wide" { (t!(lang, "send-code")) } }
                }
                form."card card-p form mt3" method="post" action="/sign-in" data-once {
                    h2.h3 { (t!(lang, "by-password")) }
                    p.muted { (t!(lang, "by-password-about")) }
                    (hidden)
                    (parts::field(lang, form, Field { name: "login", label: &t!(lang, "login-or-phone"), required: true, autocomplete: "username", max: 60, ..Field::default() }))
                    (parts::field(lang, form, Field { name: "password", label: &t!(lang, "password"), kind: "password", required: true, autocomplete: "current-password", ..Field::default() }))
                    div."btns mt3" { button."btn wide" { (t!(lang, "sign-in")) } }
                }
                p.gate-f { (t!(lang, "forgot")) " " a href="/privacy" { (t!(lang, "privacy-title")) } }
            }
            Step::Code => {
                @let phone = form.values.get("phone").to_owned();
                form."card card-p form" method="post" action="/sign-in/with-code" data-once {
                    p { (t!(lang, "code-sent", phone = kernel::text::mask_phone(&phone), minutes = 5)) }
                    (hidden)
                    input type="hidden" name="phone" value=(phone);
                    (parts::field(lang, form, Field { name: "code", label: &t!(lang, "code"), required: true, autocomplete: "one-time-code", max: 10, ..Field::default() }))
                    div."btns mt3" { button."btn pri wide" { (t!(lang, "sign-in")) } }
                }
                form.mt3 method="post" action="/sign-in/code" {
                    (hidden)
                    input type="hidden" name="phone" value=(phone);
                    div.btns { button."btn quiet" { (t!(lang, "send-again")) } a."btn quiet" href="/sign-in" { (t!(lang, "other-way")) } }
                }
            }
        }
    };
    layout::gate(ctx, viewer, &title, &body)
}

async fn show(State(ctx): State<Ctx>, viewer: Viewer, query: Query) -> Answer {
    let to = query.get("to").map(String::as_str).unwrap_or_default();
    if let Some(signed) = &viewer.signed {
        let home = rules::start(signed.offices.iter().map(|o| o.kind));
        return Ok(Redirect::to(goal(to, home)).into_response());
    }
    if viewer.home().is_none() {
        return Ok(Redirect::to("/setup").into_response());
    }
    Ok(page(&ctx, &viewer, to, Step::Choose, &Form::default()).into_response())
}

/// Back to where the reader came from, else to where the work begins.
fn goal<'a>(to: &'a str, home: &'a str) -> &'a str {
    match safe_return(to) {
        "/" => home,
        own => own,
    }
}

fn entered(ctx: &Ctx, to: &str, signed: &SignedIn) -> Response {
    let to = goal(to, signed.home);
    let there = match signed.must_go {
        Some(first) => format!("{first}?to={}", parts::query(to)),
        None => to.to_owned(),
    };
    let mut response = Redirect::to(&there).into_response();
    response.headers_mut().append(header::SET_COOKIE, set_cookie(ctx, "ys", &signed.token, signed.seconds));
    response
}

async fn by_password(State(ctx): State<Ctx>, caller: Caller, posted: Posted) -> Answer {
    let fields = &posted.fields;
    match actions::sign_in(&ctx.store, fields.get("login"), fields.get("password"), &caller).await {
        Ok(signed) => Ok(entered(&ctx, fields.get("to"), &signed)),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(fields.clone(), refusal.clone());
            Ok(with_status(&refusal, page(&ctx, &posted.viewer, fields.get("to"), Step::Choose, &form)))
        }
    }
}

async fn send(State(ctx): State<Ctx>, caller: Caller, posted: Posted) -> Answer {
    let fields = &posted.fields;
    let to = fields.get("to");
    match actions::send_code(&ctx.store, fields.get("phone"), posted.viewer.lang, &caller).await {
        Ok(()) => {
            let form = Form { values: fields.clone(), errors: Vec::new() };
            Ok(page(&ctx, &posted.viewer, to, Step::Code, &form).into_response())
        }
        Err(fault) => {
            let refusal = into_form(fault)?;
            // One that was sent a moment ago still holds: ask for it.
            let step = if refusal.code == "people.code-too-soon" { Step::Code } else { Step::Choose };
            let form = Form::refused(fields.clone(), refusal.clone());
            Ok(with_status(&refusal, page(&ctx, &posted.viewer, to, step, &form)))
        }
    }
}

async fn by_code(State(ctx): State<Ctx>, caller: Caller, posted: Posted) -> Answer {
    let fields = &posted.fields;
    match actions::sign_in_by_code(&ctx.store, fields.get("phone"), fields.get("code"), &caller).await {
        Ok(signed) => Ok(entered(&ctx, fields.get("to"), &signed)),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(fields.clone(), refusal.clone());
            Ok(with_status(&refusal, page(&ctx, &posted.viewer, fields.get("to"), Step::Code, &form)))
        }
    }
}

async fn out(State(ctx): State<Ctx>, Token(token): Token, _: Posted) -> Answer {
    if let Some(token) = token {
        ctx.store.write(move |tx| Box::pin(async move { actions::sign_out(tx, &token).await })).await?;
    }
    Ok(left(&ctx, "people.done-signed-out"))
}

/// Off to the door, without a session.
pub(super) fn left(ctx: &Ctx, key: &str) -> Response {
    let mut response = ui::done(ctx, "/sign-in", key, &[]);
    response.headers_mut().append(header::SET_COOKIE, set_cookie(ctx, "ys", "", Some(0)));
    // What browsers may still keep of pages with personal data goes too.
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    response
}
