//! The booth: a tablet at the table where somebody votes in secret with the code that was just handed out. It knows nobody,
//! whoever is signed in on the device.

use super::{public_of, vote::choices, vote_text, words::state_chip};
use crate::{actions::secret, model::Poll, t};
use axum::{
    Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::get,
};
use kernel::Refusal;
use maud::{Markup, html};
use store::Fault;
use ui::{
    Answer, Ctx, Form, Posted, Viewer, into_form,
    layout::{self, Page},
    parts::{self, Field},
    with_status,
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new().route("/polls/{id}/booth", get(show).post(cast))
}

async fn booth_of(ctx: &Ctx, viewer: &Viewer, id: &str) -> Result<Poll, Fault> {
    let poll = public_of(ctx, viewer, id).await?;
    if poll.secret { Ok(poll) } else { Err(Refusal::missing("polls.no-poll").into()) }
}

async fn show(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>) -> Answer {
    let poll = booth_of(&ctx, &viewer, &id).await?;
    Ok(page(&ctx, &viewer, &poll, &Form::default()).into_response())
}

fn page(ctx: &Ctx, viewer: &Viewer, p: &Poll, form: &Form) -> Markup {
    let lang = viewer.lang;
    let title = p.title.clone();
    let body = html! {
        div.wh { h1 { (title) } p.meta { (state_chip(lang, p.state)) } p { (t!(lang, "booth-about")) } }
        (parts::error_summary(lang, form))
        @if p.takes(ctx.store.now()) {
            form."card card-p form mt3" method="post" action={ "/polls/" (p.id) "/booth" } autocomplete="off" data-once {
                (parts::hidden(ctx, viewer))
                (parts::field(lang, form, Field { name: "code", label: &t!(lang, "booth-code"), required: true, max: 20, autocomplete: "off", ..Field::default() }))
                // What was marked is not shown again to whoever comes next.
                (choices(lang, p, &Form { errors: form.errors.clone(), ..Form::default() }))
                div."btns mt3" { button."btn pri wide" { (t!(lang, "cast")) } }
            }
        } @else { (parts::notice("warn", "timer", &t!(lang, "booth-closed"), "")) }
    };
    layout::resident(ctx, viewer, Page { title: &title, slim: true, own_bar: true, ..Page::default() }, &body)
}

async fn cast(State(ctx): State<Ctx>, Path(id): Path<String>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    let poll = booth_of(&ctx, viewer, &id).await?;
    let (street, id) = (poll.street, poll.id);
    let code = posted.fields.get("code").to_owned();
    let vote = vote_text(&posted.fields, poll.options.len());
    // Not once by its key: the key would lie beside the ballot. The code itself is good once.
    let done = ctx
        .store
        .write(move |tx| Box::pin(async move { secret::cast_by_pass(tx, street, id, &code, &vote).await }))
        .await;
    match done {
        Ok(()) => Ok(ui::done(&ctx, &format!("/polls/{id}/booth"), "polls.done-booth", &[])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            Ok(with_status(&refusal, page(&ctx, viewer, &poll, &form)))
        }
    }
}
