//! Slips: joining a matter with an own number, and following it with number and secret.

use super::{
    matter::{cast, small, title},
    raise,
};
use crate::{
    actions,
    model::*,
    queries::{self},
    t,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse,
};
use kernel::Refusal;
use maud::html;
use store::Fault;
use ui::{
    Answer, Ctx, Form, Posted, Viewer,
    layout::{self, Page},
    parts::*,
};

/// `/m/{number}/join`
pub async fn join_form(State(ctx): State<Ctx>, viewer: Viewer, Path(number): Path<String>) -> Answer {
    join_page(&ctx, &viewer, &number, Form::default(), StatusCode::OK).await
}

async fn join_page(ctx: &Ctx, viewer: &Viewer, number: &str, form: Form, status: StatusCode) -> Answer {
    let lang = viewer.lang;
    let street = ctx.street(viewer)?;
    let mut conn = ctx.store.read().await?;
    let (m, standing) = queries::find(&mut conn, street, viewer, number).await?;
    let c = cast(&mut conn, ctx, &m, false).await?;
    let method = c.world.method(&m.community);
    let inner = html! {
        p { b { (title(&m, &standing, &c, lang)) } }
        p."muted mt1" { (t!(lang, "join-hint")) }
        (field(lang, &form, Field { name: "body", label: &t!(lang, "join-words"), kind: "textarea", rows: 3, max: kernel::text::BODY, ..Field::default() }))
        @if viewer.signed.is_none() && method.raising.phone != methods::PhoneRule::Nothing {
            (field(lang, &form, Field { name: "phone", label: &t!(lang, "phone"), hint: &t!(lang, "phone-hint"), kind: "tel", autocomplete: "tel", max: 20, required: method.raising.phone == methods::PhoneRule::Required, ..Field::default() }))
        }
    };
    Ok((
        status,
        small(ctx, viewer, number, "join", &t!(lang, "me-too"), &form, &inner, &t!(lang, "me-too"), "pri"),
    )
        .into_response())
}

/// `POST /m/{number}/join`
pub async fn join(State(ctx): State<Ctx>, Path(number): Path<String>, form: Posted) -> Answer {
    let street = ctx.street(&form.viewer)?;
    let done = async {
        let input = NewMatter { place: None, channel: None, ..raise::read(&form.fields)? };
        let mut conn = ctx.store.read().await?;
        let (m, _) = queries::find(&mut conn, street, &form.viewer, &number).await?;
        let world = queries::world(&mut conn, street).await?;
        drop(conn);
        let actor = form.viewer.actor(None)?;
        let id = m.id;
        ctx.store
            .once(form.key(), move |tx| {
                Box::pin(async move { actions::join(tx, &world, &actor, id, input).await })
            })
            .await
    }
    .await;
    match done {
        Ok(slip) => {
            let mut response =
                axum::response::Redirect::to(&format!("/raise/done/{}", slip.number)).into_response();
            raise::remember(&ctx, &mut response, &slip);
            Ok(response)
        }
        Err(Fault::Refused(refusal)) if refusal.field.is_some() => {
            join_page(
                &ctx,
                &form.viewer.clone(),
                &number,
                Form::refused(form.fields, refusal),
                StatusCode::UNPROCESSABLE_ENTITY,
            )
            .await
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `/s/{number}/{secret}`: the link of the slip; opens the own matter in this browser.
pub async fn open_slip(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    Path((number, secret)): Path<(String, String)>,
) -> Answer {
    let slip =
        known_slip(&ctx, &viewer, &number, &secret).await?.ok_or(Refusal::missing("matters.no-slip"))?;
    let mut response = axum::response::Redirect::to(&format!("/m/{}", slip.number)).into_response();
    raise::remember(&ctx, &mut response, &slip);
    Ok(response)
}

async fn known_slip(ctx: &Ctx, viewer: &Viewer, number: &str, secret: &str) -> Result<Option<Slip>, Fault> {
    let street = ctx.street(viewer)?;
    let mut conn = ctx.store.read().await?;
    let Some(id) = queries::id_of(&mut conn, street, number).await? else { return Ok(None) };
    let Some(m): Option<Matter> = conn.get(street, id).await? else { return Ok(None) };
    let hash = queries::secret_hash(secret);
    let voice = m.voices.iter().find(|v| v.number == number && v.secret == hash);
    Ok(voice.map(|v| Slip {
        matter: id,
        number: v.number.clone(),
        secret: secret.to_owned(),
        receipt: String::new(),
    }))
}

/// `/follow`: for those who only kept the number: the public progress.
pub async fn follow_form(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    follow_page(&ctx, &viewer, Form::default(), StatusCode::OK)
}

fn follow_page(ctx: &Ctx, viewer: &Viewer, form: Form, status: StatusCode) -> Answer {
    let lang = viewer.lang;
    let body = html! {
        section.sec {
            h1 { (t!(lang, "follow-title")) }
            (error_summary(lang, &form))
            form."card card-p form mt3" method="post" action="/follow" {
                (csrf(ctx, viewer))
                (field(lang, &form, Field { name: "number", label: &t!(lang, "the-number"), hint: &t!(lang, "number-hint"), required: true, max: 30, ..Field::default() }))
                div."btns mt3" { button."btn pri wide" { (t!(lang, "see-progress")) } }
            }
            p."cap muted mt3" { (t!(lang, "follow-scan")) }
        }
    };
    let page = Page {
        title: &t!(lang, "follow-title"),
        current: "/",
        back: Some("/"),
        slim: true,
        ..Page::default()
    };
    Ok((status, layout::resident(ctx, viewer, page, &body)).into_response())
}

/// `POST /follow`
pub async fn follow(State(ctx): State<Ctx>, form: Posted) -> Answer {
    let street = ctx.street(&form.viewer)?;
    let number = form.fields.get("number").trim().to_uppercase();
    let mut conn = ctx.store.read().await?;
    match queries::find(&mut conn, street, &form.viewer, &number).await {
        Ok(_) => {
            Ok(axum::response::Redirect::to(&format!("/m/{}", ui::parts::query(&number))).into_response())
        }
        Err(Fault::Refused(_)) => {
            let refusal = Refusal::invalid("number", "matters.no-matter");
            follow_page(
                &ctx,
                &form.viewer.clone(),
                Form::refused(form.fields, refusal),
                StatusCode::UNPROCESSABLE_ENTITY,
            )
        }
        Err(fault) => Err(fault.into()),
    }
}
