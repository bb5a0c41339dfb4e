//! Registering on residents' behalf, fast enough for a stack of slips: one short form, kept choices, no mouse.

use super::{
    raise::{self, MAX_PHOTOS, place_choices},
    words::*,
};
use crate::{actions, model::OpenDraft, queries, rules, t};
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::IntoResponse,
};
use kernel::{Channel, Id, PlacePath, Refusal};
use maud::{Markup, html};
use store::Fault;
use ui::{
    Answer, Ctx, Fields, Form, Posted, Viewer,
    layout::{self, Page},
    parts::*,
    show,
};

/// `/office/register`
pub async fn show(State(ctx): State<Ctx>, viewer: Viewer, RawQuery(raw): RawQuery) -> Answer {
    let f = ui::Fields::of_query(raw.as_deref());
    let mut form = Form::default();
    // Channel and place stay for the next slip of the same stack.
    form.values.set("channel", f.some("channel").unwrap_or("phone"));
    form.values.set("place", f.get("place"));
    form.values.set("draft", f.get("draft"));
    page(&ctx, &viewer, form, &f, StatusCode::OK).await
}

/// Fills a form with what a draft holds.
fn fill(form: &mut Form, draft: &OpenDraft) {
    let i = &draft.input;
    let place = i.place.as_ref().map(|p| p.as_str().to_owned()).unwrap_or_default();
    form.values.set("channel", i.channel.map_or("phone", Channel::code));
    form.values.set("place", &place);
    form.values.set("body", &i.body);
    form.values.set("spot", i.spot.as_deref().unwrap_or_default());
    form.values.set("category", i.category.as_deref().unwrap_or_default());
    form.values.set("name", i.name.as_deref().unwrap_or_default());
    form.values.set("phone", i.phone.as_deref().unwrap_or_default());
    form.values.set("open_identity", if i.open_identity { "1" } else { "" });
}

/// What the author has put off, each with a way on and a way out.
fn put_off(ctx: &Ctx, viewer: &Viewer, drafts: &[OpenDraft]) -> Markup {
    let lang = viewer.lang;
    let now = ctx.store.now();
    html! {
        @if !drafts.is_empty() {
            details."more card card-p mt3" open[drafts.len() <= 5] {
                summary { (t!(lang, "drafts", n = drafts.len().to_string())) }
                ul."rows mt2" { @for d in drafts {
                    li.inline {
                        a.grow href={ "/office/register?draft=" (d.id) } { @if d.input.body.is_empty() { (t!(lang, "draft-no-words")) } @else { (d.input.body.chars().take(40).collect::<String>()) } }
                        span."cap muted" { (show::when(lang, d.at, now)) @if d.photos > 0 { " · " (t!(lang, "photos-count", n = d.photos.to_string())) } }
                        form method="post" action="/office/register/discard" data-once { (hidden(ctx, viewer)) input type="hidden" name="draft" value=(d.id); button."btn sm quiet" { (t!(lang, "draft-discard")) } }
                    }
                } }
            }
        }
    }
}

async fn page(ctx: &Ctx, viewer: &Viewer, mut form: Form, asked: &Fields, status: StatusCode) -> Answer {
    let last = asked.some("last");
    let lang = viewer.lang;
    viewer.need_somewhere(&rules::REGISTER)?;
    let street = ctx.street(viewer)?;
    let mut conn = ctx.store.read().await?;
    let world = queries::world(&mut conn, street).await?;
    let person = viewer.signed_in()?.person;
    let drafts = queries::drafts(&mut conn, ctx.store.keys(), street, person).await?;
    let open: Option<Id> = form.values.some("draft").and_then(|d| d.parse().ok());
    let draft = drafts.iter().find(|d| Some(d.id) == open);
    match draft {
        Some(d) if form.errors.is_empty() => fill(&mut form, d),
        Some(_) => {}
        None => form.values.set("draft", ""),
    }
    let places = place_choices(&mut conn, viewer, street).await?;
    let community = viewer.community.as_ref().map_or_else(PlacePath::root, |c| c.path.clone());
    let channels: Vec<(String, String)> = world
        .method(&community)
        .raising
        .channels
        .iter()
        .map(|c| (c.code().to_owned(), ui::say(lang, &format!("ui.channel-{}", c.code()), &[])))
        .collect();
    let title = t!(lang, "register");
    let body = html! {
        div.wh { h1 { (title) } p.btns { a."btn sm quiet" href="/office/import" { (icon_s("file-up")) (t!(lang, "import-ledger")) } } }
        @if let Some(number) = last {
            div."notice ok mt3" role="status" { (icon("circle-check")) div { b { (t!(lang, "registered", number = number)) } br;
                a href={ "/office/m/" (number) } { (t!(lang, "open-page")) } "　" a href={ "/office/m/" (number) "/paper/slip" } { (t!(lang, "print-slip")) } } }
        }
        @if asked.ticked("kept") { div."notice ok mt3" role="status" { (icon("circle-check")) div { (t!(lang, "draft-stored")) } } }
        (put_off(ctx, viewer, &drafts))
        (error_summary(lang, &form))
        form."card card-p form quick mt3" method="post" action="/office/register" enctype="multipart/form-data" data-ctrl-enter data-draft="register" data-outbox data-once {
            (hidden(ctx, viewer))
            @if let Some(d) = draft {
                input type="hidden" name="draft" value=(d.id);
                p."notice" { (icon("pencil")) span { (t!(lang, "draft-going-on", when = show::when(lang, d.at, ctx.store.now()))) @if d.photos > 0 { " " (t!(lang, "photos-count", n = d.photos.to_string())) } } }
            }
            div.g2 {
                (select(lang, &form, Field { name: "channel", label: &t!(lang, "field-channel"), required: true, ..Field::default() }, &channels))
                (select(lang, &form, Field { name: "place", label: &t!(lang, "field-place"), required: true, ..Field::default() }, &places.iter().map(|p| (p.path.as_str().to_owned(), p.full_name.clone())).collect::<Vec<_>>()))
            }
            (field(lang, &form, Field { name: "body", label: &t!(lang, "what"), kind: "textarea", rows: 3, max: kernel::text::BODY, required: true, ..Field::default() }))
            div #similar aria-live="polite" {}
            div.g2 {
                (field(lang, &form, Field { name: "spot", label: &t!(lang, "spot"), max: 60, ..Field::default() }))
                div.field { label for="f-category" { (t!(lang, "field-category")) " " span.opt { (t!(lang, "optional-word")) } }
                    select #f-category name="category" { option value="" { (t!(lang, "proposed-category")) } (category_options(lang, &world, form.values.get("category"))) } }
            }
            div.g2 {
                (field(lang, &form, Field { name: "name", label: &t!(lang, "residents-name"), max: 30, ..Field::default() }))
                (field(lang, &form, Field { name: "phone", label: &t!(lang, "residents-phone"), kind: "tel", max: 20, ..Field::default() }))
            }
            (raise::photo_field(viewer, "photos", &t!(lang, "slip-photo"), &form))
            (check(&form, "open_identity", &t!(lang, "open-identity-behalf")))
            div."btns mt3" { button."btn hot" { (t!(lang, "register-next")) } button."btn quiet" name="keep" value="1" formnovalidate { (t!(lang, "draft-keep")) } span."cap muted" { (t!(lang, "ctrl-enter")) } }
        }
    };
    let page = Page {
        title: &title,
        current: "/office/register",
        drafts_clear: if last.is_some() || asked.ticked("kept") { "register" } else { "" },
        ..Page::default()
    };
    Ok((status, layout::staff(ctx, viewer, page, &body)).into_response())
}

/// `POST /office/register`
pub async fn send(State(ctx): State<Ctx>, mut form: Posted) -> Answer {
    let viewer = form.viewer.clone();
    let street = ctx.street(&viewer)?;
    let key = form.key();
    if form.fields.ticked("keep") {
        return keep(&ctx, &viewer, form).await;
    }
    let done = async {
        let input = raise::read(&form.fields)?;
        let place = input.place.clone().ok_or(Refusal::invalid("place", "matters.no-place"))?;
        let office = viewer.need(&rules::REGISTER, &place)?;
        let actor = viewer.actor(Some(office))?;
        if matches!(input.channel, None | Some(Channel::System | Channel::Import)) {
            return Err(Refusal::invalid("channel", "ui.not-valid").into());
        }
        let blobs = form.take_files("photos", MAX_PHOTOS).await?;
        let world = queries::world(&mut ctx.store.read().await?, street).await?;
        ctx.store
            .once(key, move |tx| {
                Box::pin(async move { actions::raise(tx, &world, &actor, input, blobs).await })
            })
            .await
    }
    .await;
    match done {
        Ok(slip) => {
            let to = format!(
                "/office/register?last={}&channel={}&place={}",
                slip.number,
                query(form.fields.get("channel")),
                query(form.fields.get("place"))
            );
            Ok(axum::response::Redirect::to(&to).into_response())
        }
        Err(Fault::Refused(refusal)) => {
            let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            page(&ctx, &viewer, Form::refused(form.fields, refusal), &Fields::default(), status).await
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Keeps the slip for later.
async fn keep(ctx: &Ctx, viewer: &Viewer, mut form: Posted) -> Answer {
    let key = form.key();
    let done = async {
        let input = raise::read(&form.fields)?;
        let actor = viewer.actor(viewer.need_somewhere(&rules::REGISTER)?.first().copied())?;
        let blobs = form.take_files("photos", MAX_PHOTOS).await?;
        ctx.store
            .once(key, move |tx| Box::pin(async move { actions::keep_draft(tx, &actor, input, blobs).await }))
            .await
    }
    .await;
    match done {
        Ok(_) => Ok(axum::response::Redirect::to("/office/register?kept=1").into_response()),
        Err(Fault::Refused(refusal)) => {
            let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            page(ctx, viewer, Form::refused(form.fields, refusal), &Fields::default(), status).await
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /office/register/discard`
pub async fn discard(State(ctx): State<Ctx>, form: Posted) -> Answer {
    let viewer = form.viewer.clone();
    let actor = viewer.actor(viewer.need_somewhere(&rules::REGISTER)?.first().copied())?;
    let id: Id = form.fields.get("draft").parse().map_err(|_| Refusal::missing("matters.no-draft"))?;
    ctx.store
        .once(form.key(), move |tx| Box::pin(async move { actions::discard_draft(tx, &actor, id).await }))
        .await?;
    Ok(ui::done(&ctx, "/office/register", "matters.draft-discarded", &[]))
}
