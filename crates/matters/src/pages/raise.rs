//! Raising a matter in under half a minute: words, or a photo, or a voice; and where.

use super::words::*;
use crate::{actions, model::*, queries, t};
use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use kernel::{PlacePath, Refusal};
use maud::{Markup, html};
use methods::PhoneRule;
use places::model::{Place, PlaceKind};
use serde::Deserialize;
use store::{Conn, Fault};
use ui::{
    Answer, Ctx, Fields, Form, Posted, Viewer,
    layout::{self, Page},
    parts::*,
    show,
};

/// Most photos with one matter.
pub use crate::model::MAX_PHOTOS;

/// Reads what a form says of a new matter.
pub fn read(fields: &Fields) -> Result<NewMatter, Refusal> {
    let place = match fields.some("place") {
        Some(text) => Some(PlacePath::parse(text).ok_or(Refusal::invalid("place", "matters.no-place"))?),
        None => None,
    };
    let micro = |name: &'static str| -> Option<i64> {
        let degrees: f64 = fields.some(name)?.parse().ok()?;
        #[expect(clippy::cast_possible_truncation, reason = "checked to be a degree")]
        (degrees.is_finite() && degrees.abs() <= 180.0).then(|| (degrees * 1e6).round() as i64)
    };
    let owned = |name: &str| fields.some(name).map(str::to_owned);
    Ok(NewMatter {
        place,
        spot: owned("spot"),
        point: micro("lat").zip(micro("lon")),
        title: owned("title"),
        body: fields.get("body").to_owned(),
        category: owned("category"),
        channel: fields.code("channel", kernel::Channel::parse)?,
        phone: owned("phone"),
        name: owned("name"),
        open_identity: fields.ticked("open_identity"),
        client_at: fields.some("client_at").and_then(kernel::time::parse_stamp),
        draft: fields
            .some("draft")
            .map(|d| d.parse().map_err(|_| Refusal::missing("matters.no-draft")))
            .transpose()?,
    })
}

/// The picker of places: the community, its compounds and buildings; the own home first.
pub async fn place_choices(
    conn: &mut Conn,
    viewer: &Viewer,
    street: kernel::Id,
) -> Result<Vec<Place>, Fault> {
    let Some(community) = viewer.community.as_ref() else { return Ok(Vec::new()) };
    let kinds = [PlaceKind::Community, PlaceKind::Compound, PlaceKind::Building];
    let mut list = places::queries::under(conn, street, &community.path, &kinds, 400).await?;
    if let Some(home) = viewer.signed.as_ref().and_then(|s| s.lives_at.clone()) {
        let building = home.cut(4);
        if let Some(i) = list.iter().position(|p| p.path == building) {
            let mine = list.remove(i);
            list.insert(0, mine);
        }
    }
    Ok(list)
}

/// The field for a place: a searchable list of radio buttons that works without script.
pub fn place_field(viewer: &Viewer, form: &Form, list: &[Place]) -> Markup {
    let lang = viewer.lang;
    let chosen = form.values.get("place");
    let error = form.error("place");
    html! {
        fieldset."field place".bad[error.is_some()] #f-place {
            legend { (t!(lang, "where")) }
            @if let Some(e) = error { p.err { (icon_s("circle-alert")) (ui::refusal_text(lang, e)) } }
            div.inline {
                input type="search" data-filter="#place-list" aria-label=(t!(lang, "find-building")) placeholder=(t!(lang, "find-building"));
                button."btn sm" type="button" hidden data-here data-lat="#f-lat" data-lon="#f-lon" data-status="#here-s"
                    data-t-busy=(t!(lang, "here-busy")) data-t-ok=(t!(lang, "here-ok")) data-t-fail=(t!(lang, "here-fail")) { (icon("map-pin")) (t!(lang, "here")) }
            }
            p #here-s ."cap muted" role="status" {}
            input type="hidden" #f-lat name="lat" value=(form.values.get("lat"));
            input type="hidden" #f-lon name="lon" value=(form.values.get("lon"));
            div."pick-list" #place-list tabindex="0" role="group" aria-label=(t!(lang, "where")) {
                @for p in list {
                    label { input type="radio" name="place" value=(p.path.as_str()) checked[p.path.as_str() == chosen] required;
                        span { (p.name) @if p.full_name != p.name { small { (p.full_name) } } @else if p.kind == PlaceKind::Community { small { (t!(lang, "somewhere-here")) } } } }
                }
            }
            p."cap muted" data-filter-none hidden { (t!(lang, "not-found")) }
        }
    }
}

/// The field for photos; the input lies over the button and works without script.
pub fn photo_field(viewer: &Viewer, name: &str, label: &str, form: &Form) -> Markup {
    let lang = viewer.lang;
    let id = format!("f-{name}");
    let error = form.error("photos").or_else(|| form.error("photo"));
    html! {
        div."field picks".bad[error.is_some()] {
            @if let Some(e) = error { p.err { (icon_s("circle-alert")) (ui::refusal_text(lang, e)) } }
            div.file {
                input #(id) name=(name) type="file" accept="image/*" multiple data-photos data-max=(MAX_PHOTOS) data-t-count=(t!(lang, "photos-count", n = "{n}"))
                    data-t-many=(t!(lang, "photos-many", max = "{max}")) data-t-busy=(t!(lang, "photos-busy")) data-t-bad=(t!(lang, "photos-bad"));
                label."btn quiet wide" for=(id) { (icon("camera")) (label) }
            }
            p."cap muted" role="status" data-photos-status {}
            ul.thumbs data-photos-list {}
            template { li { img alt=(t!(lang, "photo-n", n = "{n}")); button.x type="button" aria-label=(t!(lang, "photo-drop", n = "{n}")) { (icon_s("x")) } } }
        }
    }
}

fn voice_field(viewer: &Viewer) -> Markup {
    let lang = viewer.lang;
    html! {
        div."field voice" {
            div.file { input #f-voice name="voice" type="file" accept="audio/*" capture; label."btn quiet wide" for="f-voice" { (icon("mic")) (t!(lang, "way-voice")) } }
            button."btn wide" type="button" hidden data-voice="#f-voice" data-max="120" data-t-start=(t!(lang, "voice-start")) data-t-stop=(t!(lang, "voice-stop"))
                data-t-rec=(t!(lang, "voice-rec", n = "{n}")) data-t-done=(t!(lang, "voice-done", n = "{n}")) data-t-fail=(t!(lang, "voice-fail")) { (icon("mic")) " " span data-label { (t!(lang, "voice-start")) } }
            p."cap muted" role="status" data-voice-status {}
            audio controls hidden {}
        }
    }
}

/// `/raise`
pub async fn show(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    form_page(&ctx, &viewer, Form::default(), StatusCode::OK).await
}

async fn form_page(ctx: &Ctx, viewer: &Viewer, mut form: Form, status: StatusCode) -> Answer {
    let lang = viewer.lang;
    let street = ctx.street(viewer)?;
    let mut conn = ctx.store.read().await?;
    let world = queries::world(&mut conn, street).await?;
    let list = place_choices(&mut conn, viewer, street).await?;
    let community = viewer.community.as_ref();
    let method = world.method(&community.map_or_else(PlacePath::root, |c| c.path.clone())).clone();
    if method.raising.account_required {
        viewer.signed_in()?;
    }
    if form.values.get("place").is_empty() {
        let lives = viewer.signed.as_ref().and_then(|s| s.lives_at.as_ref()).map(|p| p.cut(4));
        let default = lives.or_else(|| community.map(|c| c.path.clone()));
        if let Some(path) = default {
            form.values.set("place", path.as_str());
        }
    }
    let anonymous = viewer.signed.is_none();
    let body = html! {
        section.sec {
            h1.vh { (t!(lang, "raise")) }
            (error_summary(lang, &form))
            form."card card-p form" method="post" action="/raise" enctype="multipart/form-data" data-draft="raise" data-outbox data-once {
                (hidden(ctx, viewer))
                p.notice data-draft-note hidden { (t!(lang, "draft-kept")) " " button.lk type="button" data-draft-drop { (t!(lang, "draft-drop")) } }
                (field(lang, &form, Field { name: "body", label: &t!(lang, "what"), hint: &t!(lang, "what-hint"), kind: "textarea", rows: 4, max: kernel::text::BODY, bare: true, ..Field::default() }))
                div #similar aria-live="polite" {}
                (photo_field(viewer, "photos", &t!(lang, "take-photo"), &form))
                (voice_field(viewer))
                (place_field(viewer, &form, &list))
                (field(lang, &form, Field { name: "spot", label: &t!(lang, "spot"), hint: &t!(lang, "spot-hint"), max: 60, ..Field::default() }))
                @if anonymous && method.raising.phone != PhoneRule::Nothing {
                    (field(lang, &form, Field { name: "phone", label: &t!(lang, "phone"), hint: &t!(lang, "phone-hint"), kind: "tel", autocomplete: "tel", max: 20, required: method.raising.phone == PhoneRule::Required, ..Field::default() }))
                    div.mt3 {
                        (check(&form, "consent", &t!(lang, "phone-consent")))
                        @if let Some(e) = form.error("consent") { p.err { (ui::refusal_text(lang, e)) } }
                        a.lk href="/privacy" { (t!(lang, "phone-consent-read")) }
                    }
                }
                details.more {
                    summary { (t!(lang, "more-fields")) }
                    div.field { label for="f-category" { (t!(lang, "field-category")) " " span.opt { (t!(lang, "staff-will-sort")) } }
                        select #f-category name="category" { option value="" { (t!(lang, "not-sure")) } (category_options(lang, &world, form.values.get("category"))) } }
                    @if anonymous { (field(lang, &form, Field { name: "name", label: &t!(lang, "your-name"), autocomplete: "name", max: 30, ..Field::default() })) }
                    (check(&form, "open_identity", &t!(lang, "open-identity")))
                }
                p."up" data-sending hidden { progress aria-label=(t!(lang, "sending")) {} span { (t!(lang, "sending")) } }
                div."btns mt3" { button."btn hot wide" { (t!(lang, "send-it")) } }
                p."cap muted mt2" { (t!(lang, "raise-privacy")) }
            }
        }
    };
    let page =
        Page { title: &t!(lang, "raise"), current: "/raise", back: Some("/"), slim: true, ..Page::default() };
    Ok((status, layout::resident(ctx, viewer, page, &body)).into_response())
}

/// `POST /raise`
pub async fn send(State(ctx): State<Ctx>, mut form: Posted) -> Answer {
    let street = ctx.street(&form.viewer)?;
    let done = async {
        let input = read(&form.fields)?;
        let key = form.key();
        let mut blobs = form.take_files("photos", MAX_PHOTOS).await?;
        blobs.extend(form.take_files("voice", 1).await?);
        let world = queries::world(&mut ctx.store.read().await?, street).await?;
        let mut actor = form.viewer.actor(None)?;
        actor.channel = channel_of(&form);
        let input = NewMatter { channel: None, ..input };
        // Whoever leaves a telephone without an account says yes to the notice here (个人信息保护法 art. 14).
        let left = input.phone.clone().filter(|p| form.viewer.signed.is_none() && !p.trim().is_empty());
        if left.is_some() && !form.fields.ticked("consent") {
            return Err(Refusal::invalid("consent", "matters.consent-needed").into());
        }
        let version = people::notice_version(&ctx.site.keepers);
        ctx.store
            .once(key, move |tx| {
                Box::pin(async move {
                    let slip = actions::raise(tx, &world, &actor, input, blobs).await?;
                    if let Some(phone) = left {
                        let keys = tx.keys().clone();
                        let phone = phone.replace([' ', '-'], "");
                        let person = people::queries::find_by_phone(tx, &keys, street, &phone).await?;
                        if let Some(person) = person {
                            people::actions::note_consent(tx, &actor, person, &version, actor.channel)
                                .await?;
                        }
                    }
                    Ok(slip)
                })
            })
            .await
    }
    .await;
    match done {
        Ok(slip) => {
            let mut response =
                axum::response::Redirect::to(&format!("/raise/done/{}", slip.number)).into_response();
            remember(&ctx, &mut response, &slip);
            Ok(response)
        }
        Err(Fault::Refused(refusal)) => {
            let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            let viewer = form.viewer.clone();
            form_page(&ctx, &viewer, Form::refused(form.fields, refusal), status).await
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Pages inside WeChat say so themselves; residents need not choose.
fn channel_of(form: &Posted) -> kernel::Channel {
    if form.fields.get("via") == "wechat" { kernel::Channel::Wechat } else { kernel::Channel::App }
}

/// Keeps the secret of the slip in this browser, so that an anonymous resident comes back to the own matter.
pub fn remember(ctx: &Ctx, response: &mut axum::response::Response, slip: &Slip) {
    let value = format!("{}~{}", slip.number, slip.secret);
    response
        .headers_mut()
        .append(header::SET_COOKIE, ui::set_cookie(ctx, "yslip", &value, Some(180 * 86_400)));
}

/// `/raise/done/{number}`: the slip to keep.
pub async fn done(State(ctx): State<Ctx>, viewer: Viewer, Path(number): Path<String>) -> Answer {
    let lang = viewer.lang;
    let street = ctx.street(&viewer)?;
    let mut conn = ctx.store.read().await?;
    let (m, standing) = queries::find(&mut conn, street, &viewer, &number).await?;
    if standing.voice.is_none() {
        return Ok(axum::response::Redirect::to(&format!("/m/{number}")).into_response());
    }
    let now = ctx.store.now();
    let link = viewer
        .slip
        .as_ref()
        .filter(|(n, _)| *n == number)
        .map(|(n, s)| format!("{}/s/{n}/{s}", ctx.site.base_url));
    let due = m.due().map(|d| show::when(lang, d.at, now));
    let body = html! {
        section.sec {
            div."card card-p" {
                p { (chip("ok", "circle-check", &t!(lang, "received"))) }
                h1.mt2 { (t!(lang, "done-thanks")) }
                p.mt2 { (t!(lang, "done-number")) " " b.num { (number) } }
                @if let Some(due) = due { p.mt2 { (t!(lang, "done-when", when = due)) } }
                @if let Some(link) = &link {
                    div."sheet-qr mt3" { (qr(link)) }
                    p."cap muted" { (t!(lang, "done-keep")) }
                    p.btns { button."btn sm" type="button" hidden data-copy=(link) data-t-done=(t!(lang, "copied")) { (icon_s("copy")) (t!(lang, "copy-link")) } }
                }
                p."btns mt3" {
                    a."btn pri" href={ "/m/" (number) } { (t!(lang, "see-progress")) }
                    a.btn href={ "/m/" (number) "/slip" } { (icon_s("printer")) (t!(lang, "print-slip")) }
                    a.btn href="/" { (t!(lang, "home")) }
                }
            }
        }
    };
    let title = t!(lang, "received");
    let page = Page {
        title: &title,
        current: "/raise",
        back: Some("/"),
        slim: true,
        drafts_clear: "raise",
        ..Page::default()
    };
    Ok(layout::resident(&ctx, &viewer, page, &body).into_response())
}

/// What the similar-matters fragment is asked with.
#[derive(Deserialize)]
pub struct Alike {
    #[serde(default)]
    text: String,
    #[serde(default)]
    place: String,
}

/// `/raise/similar`: open matters nearby that sound alike, as a fragment.
pub async fn similar(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    Query(q): Query<Alike>,
    _headers: HeaderMap,
) -> Answer {
    let lang = viewer.lang;
    let street = ctx.street(&viewer)?;
    let Some(community) = viewer.community.as_ref() else { return Ok(html! {}.into_response()) };
    let place = PlacePath::parse(&q.place)
        .filter(|p| p.within(&community.path))
        .unwrap_or_else(|| community.path.clone());
    let mut conn = ctx.store.read().await?;
    let list = alike(&mut conn, &ctx, street, &place, &q.text).await?;
    Ok(alike_list(lang, &list, ctx.store.now()).into_response())
}

/// Open matters like these words, by the method's own bounds.
pub async fn alike(
    conn: &mut Conn,
    ctx: &Ctx,
    street: kernel::Id,
    place: &PlacePath,
    text: &str,
) -> Result<Vec<queries::Line>, Fault> {
    if text.trim().chars().count() < 4 {
        return Ok(Vec::new());
    }
    let world = queries::world(conn, street).await?;
    let raising = &world.method(&place.cut(2)).raising;
    let since = ctx.store.now() - chrono::Duration::days(i64::from(raising.similar_days));
    queries::similar(conn, street, place, text, since, raising.similar_max as usize).await
}

fn alike_list(lang: ui::Lang, list: &[queries::Line], now: kernel::Time) -> Markup {
    html! {
        @if !list.is_empty() {
            div."notice mt3" { (icon("lightbulb")) div {
                b { (t!(lang, "similar-title")) }
                ul.rowlist { @for l in list {
                    li { div.rw { span.tx { b { (public_title(l)) } span.meta { (line_chip(lang, l)) span.num { (show::day(lang, l.raised_at, now)) } span { (t!(lang, "voices-n", n = l.voices)) } } }
                        a."btn sm" href={ "/m/" (l.number) "/join" } { (t!(lang, "me-too")) } } }
                } }
            } }
        }
    }
}
