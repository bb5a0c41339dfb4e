//! A street's own work methods: the text of one is taken as a draft, changed, and saved under a code of its own.

use super::settings::{HERE, change, whole};
use crate::{actions::SettingsChange, queries, rules::SETTINGS, t};
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::IntoResponse,
};
use maud::html;
use methods::Methods;
use serde::Deserialize;
use store::Fault;
use ui::{
    Answer, Ctx, Form, Posted, Viewer,
    layout::{self, Page},
    parts::*,
};

const TEXT_MAX: usize = 100_000;

/// Which text the form begins with.
#[derive(Deserialize)]
pub struct From {
    #[serde(default)]
    code: String,
}

/// `/office/settings/methods?code=…`
pub async fn show(State(ctx): State<Ctx>, viewer: Viewer, Query(from): Query<From>) -> Answer {
    page(&ctx, &viewer, &from.code, None, StatusCode::OK).await
}

async fn page(ctx: &Ctx, viewer: &Viewer, code: &str, again: Option<Form>, status: StatusCode) -> Answer {
    let lang = viewer.lang;
    viewer.need(&SETTINGS, &whole(viewer)?)?;
    let street = ctx.street(viewer)?;
    let world = queries::world(&mut ctx.store.read().await?, street).await?;
    let code = if code.is_empty() { Methods::DEFAULT } else { code };
    let own = &world.settings.own_methods;
    let text = own.get(code).map(String::as_str).or_else(|| Methods::text(code)).unwrap_or_default();
    let form = again.unwrap_or_else(|| Form::with(&[("text", text)]));
    let title = t!(lang, "set-own-methods");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "set-own-hint")) } }
        (error_summary(lang, &form))
        nav."btns mt3" aria-label=(t!(lang, "set-own-from")) {
            span.cap { (t!(lang, "set-own-from")) }
            @for m in world.methods().iter() {
                a."btn sm quiet" href={ (HERE) "/methods?code=" (m.code) } aria-current=[(m.code == code).then_some("true")] { (m.name.get(lang.code())) }
            }
        }
        form."card card-p form mt3" method="post" action={ (HERE) "/methods" } data-once {
            (hidden(ctx, viewer))
            (field(lang, &form, Field { name: "text", label: &t!(lang, "set-own-text"), hint: &t!(lang, "set-own-text-hint"), kind: "textarea", rows: 24, max: TEXT_MAX, required: true, ..Field::default() }))
            div."btns mt3" { button."btn pri" { (t!(lang, "set-save")) } a."btn quiet" href=(HERE) { (t!(lang, "cancel")) } }
        }
        @if own.contains_key(code) {
            form.mt3 method="post" action={ (HERE) "/methods/drop" } data-once {
                (hidden(ctx, viewer)) input type="hidden" name="code" value=(code);
                button."btn sm bad" { (t!(lang, "set-own-drop", name = code)) }
            }
        }
    };
    let page = Page { title: &title, current: HERE, ..Page::default() };
    Ok((status, layout::staff(ctx, viewer, page, &body)).into_response())
}

/// `POST /office/settings/methods`
pub async fn save(State(ctx): State<Ctx>, form: Posted) -> Answer {
    let text = form.fields.get("text").replace("\r\n", "\n");
    match change(&ctx, &form, &whole(&form.viewer)?, SettingsChange::OwnMethod(text)).await {
        Ok(()) => Ok(ui::done(&ctx, HERE, "matters.set-saved", &[])),
        Err(Fault::Refused(refusal)) if refusal.field.is_some() => {
            let viewer = form.viewer.clone();
            let again = Form::refused(form.fields, refusal);
            page(&ctx, &viewer, "", Some(again), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /office/settings/methods/drop`
pub async fn give_up(State(ctx): State<Ctx>, form: Posted) -> Answer {
    let code = form.fields.get("code").to_owned();
    change(&ctx, &form, &whole(&form.viewer)?, SettingsChange::DropMethod(code)).await?;
    Ok(ui::done(&ctx, HERE, "matters.set-saved", &[]))
}
