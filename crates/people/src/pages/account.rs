//! The own account: name, offices, sessions, password, tokens.

use super::{Query, Token, door, frame, into_form, with_status};
use crate::{
    actions,
    model::{NewPerson, Person},
    queries::{self, gate, lists},
    t,
};
use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use kernel::{Id, Refusal};
use maud::{Markup, html};
use store::Fault;
use ui::{
    Answer, Ctx, Form, Posted, Viewer, layout,
    parts::{self, Field},
    safe_return, show,
};

const HERE: &str = "/account";

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route(HERE, get(show_account))
        .route("/account/profile", get(profile_form).post(profile))
        .route("/account/password", get(password_form).post(password))
        .route("/account/everywhere", post(everywhere))
        .route("/account/forget", get(forget_form).post(forget))
        .route("/account/tokens", post(make_token))
        .route("/account/tokens/{id}/revoke", post(revoke))
}

async fn me(ctx: &Ctx, viewer: &Viewer) -> Result<(Id, Person, crate::Account), Fault> {
    let signed = viewer.signed_in()?;
    let mut conn = ctx.store.read().await?;
    let person = queries::person(&mut conn, ctx.store.keys(), signed.street, signed.person).await?;
    let account = queries::account(&mut conn, signed.street, signed.account).await?;
    match (person, account) {
        (Some(person), Some(account)) => Ok((signed.street, person, account)),
        _ => Err(Refusal::missing("people.no-account").into()),
    }
}

async fn account_page(ctx: &Ctx, viewer: &Viewer, form: &Form, fresh: Option<&str>) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let now = ctx.store.now();
    let (street, person, account) = me(ctx, viewer).await?;
    let signed = viewer.signed_in()?;
    let mut conn = ctx.store.read().await?;
    let sessions = lists::sessions(&mut conn, street, account.id, now).await?;
    let tokens = lists::tokens(&mut conn, street, account.id).await?;
    let past = queries::offices_of(&mut conn, street, person.id).await?;
    drop(conn);
    let until = |id: Id| past.iter().find(|o| o.id == id).and_then(|o| o.until).map(|d| d.to_string());
    let title = t!(lang, "account");
    let body = html! {
        div.wh { h1 { (title) } }
        (parts::error_summary(lang, form))
        @if let Some(token) = fresh {
            section."notice ok mt3" role="status" {
                (parts::icon("key-round"))
                div { b { (t!(lang, "token-once")) } br; code #new-token { (token) } " " button."btn sm" type="button" data-copy="#new-token" data-t-done=(t!(lang, "copied")) { (parts::icon_s("copy")) (t!(lang, "copy")) } }
            }
        }
        section."card card-p mt3" aria-labelledby="h-me" {
            h2.h3 #h-me { (person.called()) }
            dl.kv {
                dt { (t!(lang, "field-name")) } dd { (person.name.clone().unwrap_or_else(|| t!(lang, "not-given"))) }
                dt { (t!(lang, "field-phone")) } dd.num { (person.masked_phone().unwrap_or_else(|| t!(lang, "not-given"))) }
            }
            p."btns mt3" {
                a.btn href="/account/profile" { (parts::icon("pencil")) (t!(lang, "profile-edit")) }
                a.btn href="/account/password" { (parts::icon("lock")) @if account.has_password { (t!(lang, "password-change")) } @else { (t!(lang, "password-set")) } }
                a.btn href="/account/second-factor" { (parts::icon("shield-check")) (t!(lang, "second")) ": " @if account.second_factor { (t!(lang, "on")) } @else { (t!(lang, "off")) } }
            }
        }
        @if !signed.offices.is_empty() {
            section."sec mt4" aria-labelledby="h-offices" {
                div.sec-h { h2 #h-offices { (t!(lang, "my-offices")) } }
                ul."card rowlist" { @for o in &signed.offices { li { div.rw { (parts::icon("user-check")) span.tx {
                    b { (layout::office_name(lang, o.kind.code())) }
                    span.meta { span { (o.place_name) } @if let Some(u) = &o.unit_name { span { (u) } } @if let Some(d) = until(o.id) { span.num { (t!(lang, "until-day", date = d)) } } }
                } } } } }
            }
        }
        section."sec mt4" aria-labelledby="h-sessions" {
            div.sec-h { h2 #h-sessions { (t!(lang, "sessions")) } }
            ul."card rowlist" { @for s in &sessions { li { div.rw { (parts::icon("phone")) span.tx {
                b { (super::device(&ctx.store.keys().open_text("session", &s.agent).unwrap_or_default())) }
                span.meta { span.num { (t!(lang, "since", time = show::when(lang, s.started, now))) } span.num { (t!(lang, "used", time = show::when(lang, s.seen, now))) }
                    @if s.name == signed.session { span."chip ok" { (t!(lang, "this-one")) } } }
            } } } } }
            form.mt3 method="post" action="/account/everywhere" { (parts::csrf(ctx, viewer)) button."btn bad" { (parts::icon("log-out")) (t!(lang, "everywhere")) } }
        }
        @if viewer.is_staff() {
            section."sec mt4" aria-labelledby="h-tokens" {
                div.sec-h { h2 #h-tokens { (t!(lang, "tokens")) } }
                p.muted { (t!(lang, "tokens-about")) }
                @if !tokens.is_empty() { ul."card rowlist" { @for k in &tokens { li { div.rw { (parts::icon("key-round")) span.tx {
                    b { (k.name) }
                    span.meta { span.num { (t!(lang, "made", time = show::when(lang, k.made, now))) } @if let Some(u) = k.used { span.num { (t!(lang, "used", time = show::when(lang, u, now))) } } }
                } form.ml method="post" action={ "/account/tokens/" (k.id) "/revoke" } { (parts::csrf(ctx, viewer)) button."btn sm bad" aria-label=(t!(lang, "revoke-named", name = k.name.clone())) { (t!(lang, "revoke")) } } } } } } }
                form."card card-p form mt3" method="post" action="/account/tokens" data-once {
                    (parts::csrf(ctx, viewer))
                    (parts::field(lang, form, Field { name: "name", label: &t!(lang, "token-name"), hint: &t!(lang, "token-name-hint"), required: true, max: 40, ..Field::default() }))
                    div."btns mt3" { button."btn" { (t!(lang, "token-make")) } }
                }
            }
        }
        p.mt4 { a.lk href="/me/information" { (t!(lang, "my-information")) } }
        p.mt4 { a.lk href="/account/forget" { (t!(lang, "forget")) } }
        form."mt4" method="post" action="/sign-out" { (parts::csrf(ctx, viewer)) button.btn { (parts::icon("log-out")) (t!(lang, "sign-out")) } }
    };
    Ok(frame(ctx, viewer, &title, HERE, &body))
}

async fn show_account(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    viewer.signed_in()?;
    Ok(account_page(&ctx, &viewer, &Form::default(), None).await?.into_response())
}

fn profile_page(ctx: &Ctx, viewer: &Viewer, form: &Form) -> Markup {
    let lang = viewer.lang;
    let title = t!(lang, "profile-edit");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "profile-about")) } }
        (parts::error_summary(lang, form))
        form."card card-p form mt3" method="post" action="/account/profile" data-once {
            (parts::csrf(ctx, viewer))
            (parts::field(lang, form, Field { name: "name", label: &t!(lang, "field-name"), hint: &t!(lang, "name-hint"), autocomplete: "name", max: 40, ..Field::default() }))
            div."btns mt3" { button."btn pri" { (t!(lang, "save")) } a.btn href=(HERE) { (t!(lang, "cancel")) } }
        }
    };
    frame(ctx, viewer, &title, HERE, &body)
}

async fn profile_form(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    let (_, person, _) = me(&ctx, &viewer).await?;
    let form = Form::with(&[("name", person.name.as_deref().unwrap_or_default())]);
    Ok(profile_page(&ctx, &viewer, &form).into_response())
}

async fn profile(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    let (_, person, _) = me(&ctx, viewer).await?;
    let actor = viewer.actor(None)?;
    let to = NewPerson {
        name: posted.fields.some("name").map(str::to_owned),
        phone: person.phone,
        lives_at: person.lives_at,
    };
    let id = person.id;
    match ctx
        .store
        .write(move |tx| Box::pin(async move { actions::change_person(tx, &actor, id, to).await }))
        .await
    {
        Ok(()) => Ok(ui::done(&ctx, HERE, "people.done-saved", &[])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            Ok(with_status(
                &refusal,
                profile_page(&ctx, viewer, &Form::refused(posted.fields.clone(), refusal.clone())),
            ))
        }
    }
}

fn password_page(ctx: &Ctx, viewer: &Viewer, account: &crate::Account, to: &str, form: &Form) -> Markup {
    let lang = viewer.lang;
    let title = if account.has_password { t!(lang, "password-change") } else { t!(lang, "password-set") };
    let body = html! {
        @if account.must_change { (parts::notice("warn", "lock", &t!(lang, "password-due"), &t!(lang, "password-due-why"))) }
        (parts::error_summary(lang, form))
        form."card card-p form mt3" method="post" action=(gate::PASSWORD) data-once {
            (parts::csrf(ctx, viewer))
            input type="hidden" name="to" value=(to);
            @if account.has_password {
                (parts::field(lang, form, Field { name: "old", label: &t!(lang, "password-old"), kind: "password", required: true, autocomplete: "current-password", ..Field::default() }))
            }
            (parts::field(lang, form, Field { name: "password", label: &t!(lang, "password-new"), hint: &t!(lang, "password-hint"), kind: "password", required: true, autocomplete: "new-password", ..Field::default() }))
            (parts::field(lang, form, Field { name: "again", label: &t!(lang, "password-again"), kind: "password", required: true, autocomplete: "new-password", ..Field::default() }))
            div."btns mt3" { button."btn pri wide" { (t!(lang, "save")) } }
        }
        form.mt3 method="post" action="/sign-out" { (parts::csrf(ctx, viewer)) div.btns { button."btn quiet" { (t!(lang, "sign-out")) } @if !account.must_change { a."btn quiet" href=(HERE) { (t!(lang, "cancel")) } } } }
    };
    layout::gate(ctx, viewer, &title, &body)
}

async fn password_form(State(ctx): State<Ctx>, viewer: Viewer, query: Query) -> Answer {
    let (_, _, account) = me(&ctx, &viewer).await?;
    let to = query.get("to").map(String::as_str).unwrap_or_default();
    Ok(password_page(&ctx, &viewer, &account, to, &Form::default()).into_response())
}

async fn password(State(ctx): State<Ctx>, Token(token): Token, posted: Posted) -> Answer {
    let (viewer, fields) = (&posted.viewer, &posted.fields);
    let (_, _, account) = me(&ctx, viewer).await?;
    let actor = viewer.actor(None)?;
    let (old, new) = (fields.get("old").to_owned(), fields.get("password").to_owned());
    let done = if new == fields.get("again") {
        let id = account.id;
        ctx.store
            .write(move |tx| {
                Box::pin(async move {
                    actions::change_password(tx, &actor, id, &old, &new, token.as_deref()).await
                })
            })
            .await
    } else {
        Err(Refusal::invalid("again", "people.password-not-again").into())
    };
    match done {
        Ok(()) => {
            let to = match fields.some("to") {
                Some(to) => safe_return(to),
                None => HERE,
            };
            Ok(ui::done(&ctx, to, "people.done-password", &[]))
        }
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(fields.clone(), refusal.clone());
            Ok(with_status(&refusal, password_page(&ctx, viewer, &account, fields.get("to"), &form)))
        }
    }
}

fn forget_page(ctx: &Ctx, viewer: &Viewer, form: &Form) -> Markup {
    let lang = viewer.lang;
    let title = t!(lang, "forget");
    let body = html! {
        div.wh { h1 { (title) } }
        (parts::error_summary(lang, form))
        form."card card-p form mt3" method="post" action="/account/forget" data-once {
            p { (t!(lang, "forget-about")) }
            (parts::csrf(ctx, viewer))
            div."btns mt3" { button."btn bad" { (t!(lang, "forget-now")) } a.btn href=(HERE) { (t!(lang, "cancel")) } }
        }
    };
    frame(ctx, viewer, &title, HERE, &body)
}

async fn forget_form(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    viewer.signed_in()?;
    Ok(forget_page(&ctx, &viewer, &Form::default()).into_response())
}

async fn forget(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    let person = posted.viewer.signed_in()?.person;
    let actor = posted.viewer.actor(None)?;
    let done = ctx
        .store
        .write(move |tx| Box::pin(async move { actions::forget_person(tx, &actor, person).await }))
        .await;
    match done {
        Ok(()) => Ok(door::left(&ctx, "people.done-forgotten")),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            Ok(with_status(&refusal, forget_page(&ctx, &posted.viewer, &form)))
        }
    }
}

async fn everywhere(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    let account = posted.viewer.signed_in()?.account;
    let actor = posted.viewer.actor(None)?;
    ctx.store
        .write(move |tx| Box::pin(async move { actions::sign_out_everywhere(tx, &actor, account).await }))
        .await?;
    Ok(door::left(&ctx, "people.done-everywhere"))
}

async fn make_token(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    let account = viewer.signed_in()?.account;
    if !viewer.is_staff() {
        return Err(Refusal::forbidden("ui.no-right").into());
    }
    let (actor, name) = (viewer.actor(None)?, posted.fields.get("name").to_owned());
    // Not kept with the idempotency keys: the answer is a secret.
    match ctx
        .store
        .write(move |tx| Box::pin(async move { actions::create_token(tx, &actor, account, &name).await }))
        .await
    {
        Ok(token) => Ok(account_page(&ctx, viewer, &Form::default(), Some(&token)).await?.into_response()),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            Ok(with_status(&refusal, account_page(&ctx, viewer, &form, None).await?))
        }
    }
}

async fn revoke(State(ctx): State<Ctx>, Path(id): Path<String>, posted: Posted) -> Answer {
    let account = posted.viewer.signed_in()?.account;
    let token: Id = id.parse().map_err(|_| Refusal::missing("people.no-token"))?;
    let actor = posted.viewer.actor(None)?;
    ctx.store
        .write(move |tx| Box::pin(async move { actions::revoke_token(tx, &actor, account, token).await }))
        .await?;
    Ok(Redirect::to(HERE).into_response())
}
