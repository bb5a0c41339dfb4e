//! The first hour: street, community and administrators, while there is no street.

use super::{into_form, with_status};
use crate::{SetUp, SetUpDone, set_up, t};
use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect},
    routing::get,
};
use kernel::Refusal;
use maud::{Markup, html};
use ui::{
    Answer, Ctx, Fields, Form, Posted, Viewer, layout,
    parts::{self, Field},
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new().route("/setup", get(show).post(run))
}

fn page(ctx: &Ctx, viewer: &Viewer, form: &Form) -> Markup {
    let lang = viewer.lang;
    let body = html! {
        p.muted { (t!(lang, "setup-about")) }
        (parts::error_summary(lang, form))
        form."card card-p form mt3" method="post" action="/setup" data-once {
            (parts::csrf(ctx, viewer))
            h2.h3 { (t!(lang, "setup-street")) }
            (parts::field(lang, form, Field { name: "street_name", label: &t!(lang, "setup-street-name"), required: true, max: 60, ..Field::default() }))
            div.g2 {
                (parts::field(lang, form, Field { name: "street_code", label: &t!(lang, "setup-street-code"), hint: &t!(lang, "setup-code-hint"), required: true, max: 20, ..Field::default() }))
                (parts::field(lang, form, Field { name: "street_statistical", label: &t!(lang, "setup-statistical"), max: 12, ..Field::default() }))
            }
            h2.h3 { (t!(lang, "setup-community")) }
            (parts::field(lang, form, Field { name: "community_name", label: &t!(lang, "setup-community-name"), required: true, max: 60, ..Field::default() }))
            div.g2 {
                (parts::field(lang, form, Field { name: "community_code", label: &t!(lang, "setup-community-code"), hint: &t!(lang, "setup-short-hint"), required: true, max: 6, ..Field::default() }))
                (parts::field(lang, form, Field { name: "community_phone", label: &t!(lang, "setup-community-phone"), kind: "tel", max: 20, ..Field::default() }))
            }
            h2.h3 { (t!(lang, "setup-admin")) }
            p.hint { (t!(lang, "setup-admins")) }
            div.g2 {
                (parts::field(lang, form, Field { name: "admin_login", label: &t!(lang, "setup-login"), hint: &t!(lang, "login-hint"), required: true, autocomplete: "username", max: 20, ..Field::default() }))
                (parts::field(lang, form, Field { name: "admin_password", label: &t!(lang, "password"), hint: &t!(lang, "password-hint"), kind: "password", required: true, autocomplete: "new-password", ..Field::default() }))
            }
            (parts::field(lang, form, Field { name: "secretary_name", label: &t!(lang, "setup-secretary"), hint: &t!(lang, "setup-secretary-hint"), max: 40, ..Field::default() }))
            div."btns mt3" { button."btn pri wide" { (t!(lang, "setup-run")) } }
        }
    };
    layout::gate(ctx, viewer, &t!(lang, "setup"), &body)
}

async fn fresh(ctx: &Ctx) -> Result<bool, store::Fault> {
    Ok(places::queries::streets(&mut ctx.store.read().await?).await?.is_empty())
}

async fn show(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    if !fresh(&ctx).await? {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    Ok(page(&ctx, &viewer, &Form::default()).into_response())
}

fn input(fields: &Fields) -> SetUp {
    let some = |name: &str| fields.some(name).map(str::to_owned);
    let text = |name: &str| fields.get(name).to_owned();
    SetUp {
        street_name: text("street_name"),
        street_code: text("street_code"),
        street_statistical: some("street_statistical"),
        community_name: text("community_name"),
        community_code: text("community_code"),
        community_statistical: None,
        community_phone: some("community_phone"),
        admin_login: text("admin_login"),
        admin_password: text("admin_password"),
        admin_names: Default::default(),
        secretary_name: some("secretary_name"),
    }
}

async fn run(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    let input = input(&posted.fields);
    // Not kept with the idempotency keys: the answer holds secrets, and a second set-up is refused anyway.
    let done: Result<SetUpDone, _> =
        ctx.store.write(move |tx| Box::pin(async move { set_up(tx, input).await })).await;
    let lang = posted.viewer.lang;
    match done {
        Ok(done) => {
            let body = html! {
                (parts::notice("ok", "circle-check", &t!(lang, "setup-done"), &t!(lang, "setup-once")))
                div."card tscroll mt3" tabindex="0" role="group" aria-label=(t!(lang, "accounts")) { table."tbl plain" {
                    caption.vh { (t!(lang, "accounts")) }
                    thead { tr { th scope="col" { (t!(lang, "office")) } th scope="col" { (t!(lang, "login")) } th scope="col" { (t!(lang, "password-one-time")) } } }
                    tbody {
                        tr { td { (layout::office_name(lang, kernel::OfficeKind::SystemAdmin.code())) } td { (posted.fields.get("admin_login")) } td { (t!(lang, "setup-own-password")) } }
                        @for (kind, login, password) in &done.one_time { tr { td { (layout::office_name(lang, kind.code())) } td { (login) } td { code { (password) } } } }
                    }
                } }
                p."btns mt3" { a."btn pri wide" href="/sign-in" { (t!(lang, "sign-in")) } }
            };
            Ok(layout::gate(&ctx, &posted.viewer, &t!(lang, "setup"), &body).into_response())
        }
        Err(fault) => {
            let refusal: Refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            Ok(with_status(&refusal, page(&ctx, &posted.viewer, &form)))
        }
    }
}
