//! A matter as residents see it, and what they may do with it.

use super::{
    raise, story,
    story::{Cast, Known},
    words::*,
};
use crate::{
    actions,
    model::*,
    queries::{self, Standing},
    t,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kernel::{Id, Refusal};
use maud::{Markup, html};
use std::sync::{Arc, LazyLock};
use store::{Conn, Fault, Kept};
use ui::{
    Answer, Ctx, Form, Posted, Viewer,
    layout::{self, Page},
    parts::*,
    show,
};

/// Everything that a matter's page needs besides the matter: a fixed number of statements.
pub async fn cast(conn: &mut Conn, ctx: &Ctx, m: &Matter, staff: bool) -> Result<Cast, Fault> {
    static KEPT: LazyLock<Kept<Arc<Known>>> = LazyLock::new(|| Kept::new(60).at_most(1000));
    let known =
        KEPT.get(&ctx.store, format!("{} {} {staff}", m.id, m.street), known(conn, ctx, m, staff)).await?;
    Ok(Cast { known, now: ctx.store.now() })
}

async fn known(conn: &mut Conn, ctx: &Ctx, m: &Matter, staff: bool) -> Result<Arc<Known>, Fault> {
    let keys = ctx.store.keys();
    let (list, words) = queries::timeline(conn, keys, m).await?;
    let mut units: Vec<Id> = m
        .rounds
        .iter()
        .flat_map(|r| r.leads.iter().map(|l| l.unit))
        .chain(m.tasks.iter().map(|t| t.unit))
        .collect();
    units.extend(m.whistle.iter().flat_map(|w| w.units.iter().map(|c| c.unit)));
    units.extend(list.iter().filter_map(|h| h.meta.actor.unit));
    for r in &m.requests {
        match &r.ask {
            Ask::Return { competent, .. } => units.extend(*competent),
            Ask::Whistle { units: called, .. } => units.extend(called),
            _ => {}
        }
    }
    units.sort();
    units.dedup();
    let units = people::queries::unit_names(conn, m.street, &units).await?;
    let persons = if staff {
        let mut ids: Vec<Id> = list
            .iter()
            .filter(|h| h.meta.actor.office.is_some_and(kernel::OfficeKind::is_staff))
            .filter_map(|h| h.meta.actor.person)
            .collect();
        ids.sort();
        ids.dedup();
        people::queries::names(conn, keys, m.street, &ids).await?
    } else {
        std::collections::HashMap::new()
    };
    let places =
        place_names(conn, m.street, [m.place.clone(), blurred(&m.place), m.community.clone()].into_iter())
            .await?;
    let world = queries::world(conn, m.street).await?;
    Ok(Arc::new(Known { list, words, units, persons, places, world }))
}

/// "Now": who has it, how long it may still take, what comes next.
pub fn now_banner(viewer: &Viewer, m: &Matter, c: &Cast) -> Markup {
    let lang = viewer.lang;
    let unit = m.lead_unit().map_or_else(|| t!(lang, "the-community"), |u| c.unit(lang, u));
    let (class, icon_name, title) = if let Some(s) = &m.suspension {
        ("warn", "pause", t!(lang, "now-suspended", review = show::day(lang, s.review, c.now)))
    } else if m.waiting.is_some() {
        ("warn", "message-circle", t!(lang, "now-waiting"))
    } else if m.agenda.is_some() && m.status.is_open() {
        ("", "messages-square", t!(lang, "now-agenda"))
    } else {
        let title = crate::WORDS.say(lang, &format!("now-{}", m.status.code()), &[("unit", unit)]);
        let class = if m.status == Status::Closed { "ok" } else { "" };
        (class, "circle-dot", title)
    };
    let due =
        m.due().filter(|_| !m.is_paused()).map(|d| due(lang, &c.world, d.start, d.at, d.limit.kind, c.now));
    html! {
        div class={ "notice mt3 " (class) } role="status" {
            (icon(icon_name))
            div.grow {
                b { (title) }
                @if let Some(d) = &due {
                    p."due mt1" { progress class=(match d.lamp { kernel::calendar::Lamp::Green => "", kernel::calendar::Lamp::Yellow => "warn", kernel::calendar::Lamp::Red => "late" }) max="100" value=(d.used) aria-label=(t!(lang, "time-used")) {} b.num { (d.text) } }
                }
                @if let Some(Ending::Rejected { reason, pointer }) = &m.ending { p.mt1 { (word(lang, &format!("reject-{}", reason.code()))) "。" (c.text(lang, pointer)) } }
                @if let Some(Ending::Transferred { pointer }) = &m.ending { p.mt1 { (c.text(lang, pointer)) } }
            }
        }
    }
}

/// What is promised to come next, where something is.
pub fn next_step(viewer: &Viewer, m: &Matter) -> Option<String> {
    m.status.is_open().then(|| word(viewer.lang, &format!("next-{}", m.status.code())))
}

/// The title that this viewer sees.
pub(super) fn title(m: &Matter, standing: &Standing, c: &Cast, lang: ui::Lang) -> String {
    match (&m.public_title, standing.is_public()) {
        (Some(public), true) => c.text(lang, public),
        (None, true) => kernel::text::blot(&c.text(lang, &m.title)),
        _ => c.text(lang, &m.title),
    }
}

/// `/m/{number}`
pub async fn show(State(ctx): State<Ctx>, viewer: Viewer, Path(number): Path<String>) -> Answer {
    let lang = viewer.lang;
    let street = ctx.street(&viewer)?;
    let mut conn = ctx.store.read().await?;
    let (m, mut standing) = queries::find(&mut conn, street, &viewer, &number).await?;
    let staff = standing.staff;
    // This is the residents' page: staff see here what residents see, and go on to their own page.
    standing.staff = false;
    let c = cast(&mut conn, &ctx, &m, false).await?;
    let own = standing.voice.and_then(|v| m.voice(v)).cloned();
    let place = if own.is_some() { m.place.clone() } else { blurred(&m.place) };
    let title = title(&m, &standing, &c, lang);
    let shown_number = own.as_ref().map_or(&m.number, |v| &v.number);
    let judged =
        own.as_ref().and_then(|v| m.evaluations.iter().find(|e| e.voice == v.id && e.round == m.round));
    let phone = viewer
        .home()
        .and_then(|h| h.communities.iter().find(|k| k.path == m.community))
        .and_then(|k| k.phone.clone());
    let body = html! {
        nav.crumb aria-label=(t!(lang, "crumb")) { a href="/" { (t!(lang, "home")) } (icon_s("chevron-right")) a href=(if own.is_some() { "/mine" } else { "/public" }) { @if own.is_some() { (t!(lang, "my-matters")) } @else { (t!(lang, "open-ledger")) } } (icon_s("chevron-right")) span { (t!(lang, "progress")) } }
        div.two {
            div {
                section.sec aria-labelledby="h-m" {
                    div."card card-p" {
                        p.btns {
                            (status_chip(lang, m.status, m.suspension.is_some(), m.whistle.is_some(), m.agenda.is_some(), m.waiting.is_some()))
                            @if let Some(tier) = m.tier { (chip("line", "", &tier_name(lang, tier))) }
                            span."chip line num" { (t!(lang, "number-is", number = shown_number.clone())) }
                        }
                        h1.mt2 #h-m { (title) }
                        p."meta mt1" {
                            span { (icon_s("map-pin")) (place_name(&c.places, &place)) @if let (Some(spot), Some(_)) = (&m.spot, &own) { " " (c.text(lang, spot)) } }
                            span.num { (t!(lang, "raised-on", day = show::day(lang, m.raised_at, c.now))) }
                            @if m.voices.len() > 1 { span.num { (t!(lang, "voices-n", n = m.voices.len())) } }
                        }
                        @if m.status.is_open() || m.status == Status::Closed { (steps(lang, m.status, m.agenda.is_some())) }
                    }
                    (now_banner(&viewer, &m, &c))
                    @if staff { p.mt3 { a.btn href={ "/office/m/" (m.number) } { (icon_s("clipboard-list")) (t!(lang, "staff-page")) } } }
                    @if m.status == Status::Answered && own.is_some() && judged.is_none() {
                        div."card card-p mt3" { h2.h3 { (t!(lang, "please-evaluate")) } p.mt1 { (t!(lang, "evaluate-hint")) }
                            p."btns mt2" { a."btn hot wide" href={ "/m/" (shown_number) "/evaluate" } { (icon_s("star")) (t!(lang, "evaluate")) } } }
                    }
                    @if m.status == Status::Handled && own.is_some() && m.tier.is_some_and(|t| c.world.method(&m.community).tiers.get(t).resident_may_check) {
                        div."card card-p mt3" { h2.h3 { (t!(lang, "please-check")) } p."btns mt2" { a.btn href={ "/m/" (shown_number) "/check" } { (t!(lang, "check-it")) } } }
                    }
                }
                section.sec aria-labelledby="h-tl" {
                    h2 #h-tl { (t!(lang, "timeline")) }
                    (story::timeline(&viewer, &m, &standing, &c, next_step(&viewer, &m).as_deref()))
                }
            }
            aside.stick {
                section.sec aria-labelledby="h-who" {
                    h2."h2s" #h-who { (t!(lang, "in-charge")) }
                    div."card card-p mt3" {
                        div.who { span.ava aria-hidden="true" { (icon("users")) } span.tx { b { @if let Some(u) = m.lead_unit() { (c.unit(lang, u)) } @else { (t!(lang, "the-community")) } }
                            @if let Some(r) = m.current() { br; span."cap muted num" { (t!(lang, "deadline-is", when = show::when(lang, r.deadline, c.now))) } } }
                            @if let Some(phone) = &phone { a."btn sm ml" href={ "tel:" (phone) } aria-label=(t!(lang, "call-community")) { (icon_s("phone")) (t!(lang, "call")) } } }
                        @if m.rounds.len() > 1 { p."cap muted mt2" { (t!(lang, "round-is", n = m.round)) } }
                    }
                    @if let Some(v) = &own {
                        div."card card-p mt3" {
                            @let receipt = c.list.iter().find(|h| matches!(&h.event, Event::Raised(r) if r.voice.id == v.id) || matches!(&h.event, Event::Joined { voice } if voice.id == v.id)).map(|h| h.hash.clone());
                            details.more { summary { (t!(lang, "slip-and-receipt")) }
                                p.mt2 { a."btn sm" href={ "/m/" (v.number) "/slip" } { (icon_s("printer")) (t!(lang, "print-slip")) } }
                                @if let Some(receipt) = receipt { p."cap muted mt2" { (t!(lang, "receipt")) } p."cap num" { (receipt) } p.mt2 { a."btn sm" href={ "/receipt?code=" (receipt) } { (icon_s("shield-check")) (t!(lang, "check-receipt")) } } } }
                            @if m.status.is_open() { p."mt2" { a.lk href={ "/m/" (v.number) "/withdraw" } { (t!(lang, "withdraw")) } } }
                        }
                    }
                }
            }
        }
        (bar(&ctx, &viewer, &m, own.as_ref(), shown_number, c.now))
    };
    let short = t!(lang, "progress");
    let page = Page {
        title: &title,
        short: &short,
        current: if own.is_some() { "/mine" } else { "/public" },
        back: Some(if own.is_some() { "/mine" } else { "/public" }),
        own_bar: m.status.is_open() || m.status == Status::Closed,
        ..Page::default()
    };
    Ok(layout::resident(&ctx, &viewer, page, &body).into_response())
}

/// The bar of what a resident can do.
fn bar(
    ctx: &Ctx,
    viewer: &Viewer,
    m: &Matter,
    own: Option<&Voice>,
    number: &str,
    now: kernel::Time,
) -> Markup {
    let lang = viewer.lang;
    html! {
        @if m.status.is_open() {
            form.actionbar method="post" action={ "/m/" (number) "/urge" } {
                (hidden(ctx, viewer))
                @if own.is_some() {
                    a."btn quiet" href={ "/m/" (number) "/add" } { (icon("camera")) (t!(lang, "add")) }
                    button.btn { (icon("bell")) (t!(lang, "urge")) }
                } @else {
                    a."btn pri" href={ "/m/" (number) "/join" } { (icon("users")) (t!(lang, "me-too")) }
                }
            }
        } @else if let (Status::Closed, Some(own)) = (m.status, own) {
            @let reopens = m.clock(Timer::Reopen).is_some_and(|c| now <= c.at);
            @if reopens || m.may_thank(own.id) {
                div.actionbar {
                    @if m.may_thank(own.id) { a."btn quiet" href={ "/m/" (number) "/thank" } { (icon("heart-handshake")) (t!(lang, "thank")) } }
                    @if reopens { a."btn pri" href={ "/m/" (number) "/reopen" } { (icon("rotate-ccw")) (t!(lang, "reopen")) } }
                }
            }
        }
    }
}

/// The matter and the viewer's own voice in it.
async fn own_voice(ctx: &Ctx, viewer: &Viewer, number: &str) -> Result<(Matter, Id, String), Fault> {
    let street = ctx.street(viewer)?;
    let mut conn = ctx.store.read().await?;
    let (m, standing) = queries::find(&mut conn, street, viewer, number).await?;
    let voice = standing.voice.ok_or(Refusal::forbidden("matters.not-your-matter"))?;
    let own = m.voice(voice).map(|v| v.number.clone()).unwrap_or_default();
    Ok((m, voice, own))
}

/// A resident's verb: proven by the voice, sent once, told in a sentence.
async fn send(
    ctx: &Ctx,
    mut form: Posted,
    number: &str,
    input: Input,
    said: &str,
    files: &str,
) -> Result<Response, Box<(Posted, Fault)>> {
    let prepared = async {
        let (m, voice, own) = own_voice(ctx, &form.viewer, number).await?;
        let key = form.key();
        let blobs = form.take_files(files, raise::MAX_PHOTOS).await?;
        let mut conn = ctx.store.read().await?;
        let world = queries::world(&mut conn, m.street).await?;
        let mut actor = form.viewer.actor(None)?;
        // A resident acts as a resident, whatever other offices the person holds.
        actor.unit = None;
        Ok::<_, Fault>((m, voice, own, key, blobs, world, actor))
    }
    .await;
    let (m, voice, own, key, blobs, world, actor) = match prepared {
        Ok(p) => p,
        Err(fault) => return Err(Box::new((form, fault))),
    };
    let id = m.id;
    let acted = ctx
        .store
        .once(key, move |tx| {
            Box::pin(async move {
                actions::act(tx, &world, &actor, id, input, blobs, Some(voice)).await.map(|m| m.number)
            })
        })
        .await;
    match acted {
        Ok(_) => Ok(ui::done(ctx, &format!("/m/{own}"), said, &[])),
        Err(fault) => Err(Box::new((form, fault))),
    }
}

/// The frame of a small form of a resident.
#[expect(clippy::too_many_arguments, reason = "what one small form is made of")]
pub(super) fn small(
    ctx: &Ctx,
    viewer: &Viewer,
    number: &str,
    verb: &str,
    title: &str,
    form: &Form,
    inner: &Markup,
    button: &str,
    class: &str,
) -> Markup {
    let lang = viewer.lang;
    let body = html! {
        section.sec {
            h1 { (title) }
            (error_summary(lang, form))
            form."card card-p form mt3" method="post" action={ "/m/" (number) "/" (verb) } enctype="multipart/form-data" data-draft={ (verb) "-" (number) } data-outbox data-once {
                (hidden(ctx, viewer))
                p.notice data-draft-note hidden { (t!(lang, "draft-kept")) " " button.lk type="button" data-draft-drop { (t!(lang, "draft-drop")) } }
                (inner)
                p.up data-sending hidden { progress aria-label=(t!(lang, "sending")) {} span { (t!(lang, "sending")) } }
                div."btns mt3" { button class={ "btn wide " (class) } { (button) } }
            }
        }
    };
    let back = format!("/m/{number}");
    let page = Page { title, current: "/mine", back: Some(&back), slim: true, ..Page::default() };
    layout::resident(ctx, viewer, page, &body)
}

async fn words_form(
    ctx: &Ctx,
    viewer: &Viewer,
    number: &str,
    verb: &str,
    form: Form,
    status: StatusCode,
) -> Answer {
    let lang = viewer.lang;
    own_voice(ctx, viewer, number).await?;
    let (title, label, button, class, photos) = match verb {
        "add" => (t!(lang, "add"), t!(lang, "add-what"), t!(lang, "send-it"), "pri", true),
        "reopen" => (t!(lang, "reopen"), t!(lang, "reopen-why"), t!(lang, "reopen"), "pri", false),
        "thank" => (t!(lang, "thank"), t!(lang, "thank-what"), t!(lang, "send-it"), "pri", false),
        _ => (t!(lang, "withdraw"), String::new(), t!(lang, "withdraw-sure"), "bad", false),
    };
    let inner = html! {
        @if label.is_empty() { p { (t!(lang, "withdraw-hint")) } }
        @else { (field(lang, &form, Field { name: "words", label: &label, kind: "textarea", max: kernel::text::NOTE, required: verb != "add", ..Field::default() })) }
        @if photos { (raise::photo_field(viewer, "photos", &t!(lang, "take-photo"), &form)) }
    };
    Ok((status, small(ctx, viewer, number, verb, &title, &form, &inner, &button, class)).into_response())
}

async fn words_again(ctx: &Ctx, failed: Box<(Posted, Fault)>, number: &str, verb: &str) -> Answer {
    let (form, fault) = *failed;
    match fault {
        Fault::Refused(refusal) if refusal.field.is_some() => {
            let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            words_form(ctx, &form.viewer.clone(), number, verb, Form::refused(form.fields, refusal), status)
                .await
        }
        fault => Err(fault.into()),
    }
}

/// `/m/{number}/add`
pub async fn add_form(State(ctx): State<Ctx>, viewer: Viewer, Path(number): Path<String>) -> Answer {
    words_form(&ctx, &viewer, &number, "add", Form::default(), StatusCode::OK).await
}

/// `POST /m/{number}/add`
pub async fn add(State(ctx): State<Ctx>, Path(number): Path<String>, form: Posted) -> Answer {
    let input = Input::Add { words: form.fields.some("words").map(str::to_owned) };
    match send(&ctx, form, &number, input, "matters.done-added", "photos").await {
        Ok(response) => Ok(response),
        Err(failed) => words_again(&ctx, failed, &number, "add").await,
    }
}

/// `POST /m/{number}/urge`
pub async fn urge(State(ctx): State<Ctx>, Path(number): Path<String>, form: Posted) -> Answer {
    send(&ctx, form, &number, Input::Urge, "matters.done-urged", "photos").await.map_err(|f| f.1.into())
}

/// `/m/{number}/withdraw`
pub async fn withdraw_form(State(ctx): State<Ctx>, viewer: Viewer, Path(number): Path<String>) -> Answer {
    words_form(&ctx, &viewer, &number, "withdraw", Form::default(), StatusCode::OK).await
}

/// `POST /m/{number}/withdraw`
pub async fn withdraw(State(ctx): State<Ctx>, Path(number): Path<String>, form: Posted) -> Answer {
    send(&ctx, form, &number, Input::Withdraw, "matters.done-withdrawn", "photos")
        .await
        .map_err(|f| f.1.into())
}

/// `/m/{number}/thank`
pub async fn thank_form(State(ctx): State<Ctx>, viewer: Viewer, Path(number): Path<String>) -> Answer {
    words_form(&ctx, &viewer, &number, "thank", Form::default(), StatusCode::OK).await
}

/// `POST /m/{number}/thank`
pub async fn thank(State(ctx): State<Ctx>, Path(number): Path<String>, form: Posted) -> Answer {
    let input = Input::Thank { words: form.fields.get("words").to_owned() };
    match send(&ctx, form, &number, input, "matters.done-thanked", "photos").await {
        Ok(response) => Ok(response),
        Err(failed) => words_again(&ctx, failed, &number, "thank").await,
    }
}

/// `/m/{number}/reopen`
pub async fn reopen_form(State(ctx): State<Ctx>, viewer: Viewer, Path(number): Path<String>) -> Answer {
    words_form(&ctx, &viewer, &number, "reopen", Form::default(), StatusCode::OK).await
}

/// `POST /m/{number}/reopen`
pub async fn reopen(State(ctx): State<Ctx>, Path(number): Path<String>, form: Posted) -> Answer {
    let input = Input::Reopen { words: form.fields.get("words").to_owned() };
    match send(&ctx, form, &number, input, "matters.done-reopened", "photos").await {
        Ok(response) => Ok(response),
        Err(failed) => words_again(&ctx, failed, &number, "reopen").await,
    }
}

/// The three questions of the evaluation.
pub fn questions(lang: ui::Lang, form: &Form) -> Markup {
    html! {
        (ui::parts::ask(lang, form, "contacted", &t!(lang, "ask-contacted"), &[("yes", "good", "thumbs-up", t!(lang, "contacted-yes")), ("no", "bad", "thumbs-down", t!(lang, "contacted-no"))]))
        (ui::parts::ask(lang, form, "solved", &t!(lang, "ask-solved"), &[("yes", "good", "thumbs-up", t!(lang, "solved-yes")), ("no", "bad", "thumbs-down", t!(lang, "solved-no"))]))
        (ui::parts::satisfaction(lang, form, "satisfied", &t!(lang, "ask-satisfied")))
        (field(lang, form, Field { name: "words", label: &t!(lang, "evaluate-words"), hint: &t!(lang, "evaluate-words-hint"), kind: "textarea", rows: 3, max: kernel::text::NOTE, ..Field::default() }))
    }
}

async fn evaluate_page(ctx: &Ctx, viewer: &Viewer, number: &str, form: Form, status: StatusCode) -> Answer {
    let lang = viewer.lang;
    let (m, _, _) = own_voice(ctx, viewer, number).await?;
    let mut conn = ctx.store.read().await?;
    let c = cast(&mut conn, ctx, &m, false).await?;
    let answer = m.current().and_then(|r| r.answer.as_ref()).map(|w| c.text(lang, w)).unwrap_or_default();
    let standing = Standing { staff: false, voice: m.voices.first().map(|v| v.id), unit: None };
    let after: Vec<Attachment> = m
        .attachments
        .iter()
        .filter(|a| a.round == m.round && matches!(a.purpose, Purpose::After | Purpose::Check))
        .cloned()
        .collect();
    let inner = html! {
        p.muted { (c.text(lang, &m.title)) }
        @if !answer.is_empty() { div."said mt2" { b { (t!(lang, "answer-was")) } br; (answer) (story::photos(lang, &m, &standing, &after)) } }
        (questions(lang, &form))
    };
    let title = t!(lang, "evaluate-title");
    Ok((
        status,
        small(ctx, viewer, number, "evaluate", &title, &form, &inner, &t!(lang, "send-verdict"), "hot"),
    )
        .into_response())
}

/// `/m/{number}/evaluate`
pub async fn evaluate_form(State(ctx): State<Ctx>, viewer: Viewer, Path(number): Path<String>) -> Answer {
    evaluate_page(&ctx, &viewer, &number, Form::default(), StatusCode::OK).await
}

/// `POST /m/{number}/evaluate`
pub async fn evaluate(State(ctx): State<Ctx>, Path(number): Path<String>, form: Posted) -> Answer {
    let read = || -> Result<Input, Refusal> {
        let yes = |name: &'static str| match form.fields.get(name) {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err(Refusal::invalid(name, "matters.choose-one")),
        };
        Ok(Input::Evaluate {
            voice: None,
            contacted: yes("contacted")?,
            solved: yes("solved")?,
            satisfied: form
                .fields
                .code("satisfied", Satisfaction::parse)?
                .ok_or(Refusal::invalid("satisfied", "matters.choose-one"))?,
            words: form.fields.some("words").map(str::to_owned),
        })
    };
    let sent = match read() {
        Ok(input) => send(&ctx, form, &number, input, "matters.done-evaluated", "photos").await,
        Err(refusal) => Err(Box::new((form, refusal.into()))),
    };
    match sent {
        Ok(response) => Ok(response),
        Err(failed) => match *failed {
            (form, Fault::Refused(refusal)) if refusal.field.is_some() => {
                evaluate_page(
                    &ctx,
                    &form.viewer.clone(),
                    &number,
                    Form::refused(form.fields, refusal),
                    StatusCode::UNPROCESSABLE_ENTITY,
                )
                .await
            }
            (_, fault) => Err(fault.into()),
        },
    }
}

/// `/m/{number}/check`: in the tier of self-governance the resident may be the checker.
pub async fn check_form(State(ctx): State<Ctx>, viewer: Viewer, Path(number): Path<String>) -> Answer {
    check_page(&ctx, &viewer, &number, Form::default(), StatusCode::OK).await
}

async fn check_page(ctx: &Ctx, viewer: &Viewer, number: &str, form: Form, status: StatusCode) -> Answer {
    let lang = viewer.lang;
    own_voice(ctx, viewer, number).await?;
    let inner = html! {
        (ask(lang, &form, "finding", &t!(lang, "ask-done"), &[("pass", "good", "thumbs-up", t!(lang, "check-yes")), ("fail", "bad", "thumbs-down", t!(lang, "check-no"))]))
        (field(lang, &form, Field { name: "words", label: &t!(lang, "check-words"), kind: "textarea", rows: 3, max: kernel::text::NOTE, ..Field::default() }))
        (raise::photo_field(viewer, "photos", &t!(lang, "take-photo"), &form))
    };
    Ok((
        status,
        small(
            ctx,
            viewer,
            number,
            "check",
            &t!(lang, "please-check"),
            &form,
            &inner,
            &t!(lang, "send-it"),
            "pri",
        ),
    )
        .into_response())
}

/// `POST /m/{number}/check`
pub async fn check(State(ctx): State<Ctx>, Path(number): Path<String>, form: Posted) -> Answer {
    let finding = form.fields.code("finding", CheckFinding::parse).ok().flatten();
    let sent = match finding {
        Some(finding) => {
            let input = Input::Check { finding, words: form.fields.some("words").map(str::to_owned) };
            send(&ctx, form, &number, input, "matters.done-checked", "photos").await
        }
        None => Err(Box::new((form, Refusal::invalid("finding", "matters.choose-one").into()))),
    };
    match sent {
        Ok(response) => Ok(response),
        Err(failed) => match *failed {
            (form, Fault::Refused(refusal)) if refusal.field.is_some() => {
                check_page(
                    &ctx,
                    &form.viewer.clone(),
                    &number,
                    Form::refused(form.fields, refusal),
                    StatusCode::UNPROCESSABLE_ENTITY,
                )
                .await
            }
            (_, fault) => Err(fault.into()),
        },
    }
}
