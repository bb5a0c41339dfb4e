//! A plan for those who lead it: the one next step, what waits for an answer, the diary.

use super::{
    DESK, Query, cursor, must, page, plan_of,
    words::{carried_out, counted, lines, opinion, state_chip, versions, word},
};
use crate::{
    Bridge, actions,
    model::{
        Act, Counts, EntryKind, HowAnswered, NewOpinion, Opinion, OpinionAct, OpinionKind, OpinionState,
        Plan, PlanState as S, Works,
    },
    queries,
    rules::{
        USUAL_DAYS, VERSION, goals,
        rights::{LEAD, READ, RECORD},
    },
    t,
};
use axum::{
    Extension, Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::{get, post},
};
use chrono::Days;
use kernel::{Actor, Channel, Id, Refusal, text::NOTE, time::local_date};
use maud::{Markup, html};
use store::{Blob, Fault, Tx};
use ui::{
    Answer, Ctx, Fields, Form, Posted, Viewer, into_form,
    parts::{self, Field},
    with_status,
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/office/plans/{id}", get(show))
        .route("/office/plans/{id}/record/{act}", post(record))
        .route("/office/plans/{id}/{act}", post(lead))
}

/// What the page shows besides the plan.
struct Sight {
    p: Plan,
    counts: Counts,
    all: queries::Opinions,
}

async fn see(ctx: &Ctx, viewer: &Viewer, id: &str, after: Id) -> Result<Sight, Fault> {
    let p = plan_of(ctx, viewer, id).await?;
    viewer.need(&READ, &p.place)?;
    let mut conn = ctx.store.read().await?;
    let counts = queries::counts(&mut conn, p.street, p.id).await?;
    let all = queries::opinions(&mut conn, ctx.store.keys(), p.street, p.id, after).await?;
    Ok(Sight { p, counts, all })
}

async fn show(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>, query: Query) -> Answer {
    viewer.signed_in()?;
    let x = see(&ctx, &viewer, &id, cursor(&query, "after", Id::from(uuid::Uuid::nil()))?).await?;
    Ok(shown(&ctx, &viewer, &x, &Form::default()).into_response())
}

fn shown(ctx: &Ctx, viewer: &Viewer, x: &Sight, form: &Form) -> Markup {
    let (lang, p) = (viewer.lang, &x.p);
    let lead = viewer.may(&LEAD, &p.place).is_some();
    let write = viewer.may(&RECORD, &p.place).is_some();
    let here = format!("{DESK}/{}", p.id);
    let body = html! {
        div.wh { h1 { (p.title) } p.meta { (state_chip(lang, p.state)) span.num { (p.number) } @if let Some(m) = &p.matter { a href={ "/office/m/" (m.number) } { (m.number) } } @if p.is_public() { a href={ "/plans/" (p.id) } { (t!(lang, "public-page")) } } } }
        (parts::error_summary(lang, form))
        @if lead { (next(ctx, viewer, x, form)) }
        @if write && p.state == S::Works { (diary(ctx, viewer, p, form)) }
        section."sec mt4" aria-labelledby="h-text" {
            div.sec-h { h2 #h-text { (t!(lang, "version", n = p.versions.len())) } }
            div."card card-p" { (lines(p.text())) @if !p.parties.is_empty() { p."meta mt3" { (t!(lang, "drawn-up-by", parties = p.parties.join("、"))) } } }
            (versions(lang, p, false))
        }
        @if p.is_public() { section."sec mt4" aria-labelledby="h-said" {
            div.sec-h { h2 #h-said { (t!(lang, "what-was-said")) } }
            (counted(lang, x.counts))
            @if x.counts.unanswered > 0 { p { (parts::chip("late", "", &t!(lang, "wait-for-answer", n = x.counts.unanswered))) } }
            @if write && p.state == S::Consulting { (heard(ctx, viewer, p, form)) }
            @for (o, said) in &x.all.0 { div."card card-p mt2" { (opinion(lang, o, said)) @if lead { (answer(ctx, viewer, p, o, form)) } } }
            @if let Some(next) = &x.all.1 { p.mt3 { a.btn href={ (here) "?after=" (next) } { (t!(lang, "more-opinions")) } } }
        } }
        (carried_out(ctx, lang, p))
        @if lead && matches!(p.state, S::Draft | S::Consulting | S::Answering | S::Settled) { details."more mt4" open[form.error("reason").is_some()] {
            summary { (t!(lang, "withdraw")) }
            form."card card-p form" method="post" action={ (here) "/withdraw" } data-once {
                (parts::hidden(ctx, viewer))
                (parts::field(lang, form, Field { name: "reason", label: &t!(lang, "withdraw-why"), kind: "textarea", rows: 2, required: true, max: NOTE, ..Field::default() }))
                div."btns mt3" { button."btn bad" { (t!(lang, "withdraw")) } }
            }
        } }
    };
    page(ctx, viewer, &p.title, &body)
}

/// The steps that can be taken now.
fn next(ctx: &Ctx, viewer: &Viewer, x: &Sight, form: &Form) -> Markup {
    let (lang, p) = (viewer.lang, &x.p);
    let to = |act: &str| format!("{DESK}/{}/{act}", p.id);
    let today = local_date(ctx.store.now());
    let mut dated = form.clone();
    if form.values.get("until").is_empty() {
        let day = today.checked_add_days(Days::new(USUAL_DAYS)).unwrap_or(today);
        dated.values.set("until", day.to_string());
    }
    let mut revised = form.clone();
    if form.values.get("text").is_empty() {
        revised.values.set("text", p.text());
    }
    let asked = p.round().is_some_and(|r| r.version == p.versions.len());
    let act = |act: &str, class: &str, body: Markup| {
        html! { form."card card-p form mt3" method="post" action=(to(act)) data-once { (parts::hidden(ctx, viewer)) h2.h3 { (word(lang, "act", act)) } p.muted { (word(lang, "about", act)) } (body) div."btns mt3" { button class={ "btn " (class) } { (word(lang, "act", act)) } } } }
    };
    let revise = || {
        html! { details."more mt3" open[form.error("text").is_some() || form.error("why").is_some()] { summary { (t!(lang, "act-revise")) } (act("revise", "", html! {
            (parts::field(lang, &revised, Field { name: "text", label: &t!(lang, "text"), kind: "textarea", rows: 12, required: true, max: VERSION, ..Field::default() }))
            (parts::field(lang, form, Field { name: "why", label: &t!(lang, "why"), kind: "textarea", rows: 2, required: true, max: NOTE, ..Field::default() }))
        })) } }
    };
    let open = || {
        act(
            "open",
            "pri",
            parts::field(
                lang,
                &dated,
                Field {
                    name: "until",
                    label: &t!(lang, "until"),
                    kind: "date",
                    required: true,
                    ..Field::default()
                },
            ),
        )
    };
    html! { @match p.state {
        S::Draft => { (open()) (revise()) },
        S::Consulting => { @if let Some(r) = p.round() { (parts::notice("", "messages-square", &t!(lang, "asked-now"), &t!(lang, "closes-itself", day = r.until.to_string()))) } },
        S::Answering => {
            @if x.counts.unanswered > 0 { (parts::notice("warn", "messages-square", &t!(lang, "answer-first", n = x.counts.unanswered), &t!(lang, "answer-first-why"))) }
            @else if asked { (act("settle", "pri", html! {
                (parts::field(lang, form, Field { name: "how", label: &t!(lang, "how-decided"), hint: &t!(lang, "how-decided-hint"), kind: "textarea", rows: 3, required: true, max: NOTE, ..Field::default() }))
                (parts::field(lang, form, Field { name: "link", label: &t!(lang, "link"), hint: &t!(lang, "link-hint", n = x.counts.maintained), required: x.counts.maintained > 0, max: 200, ..Field::default() }))
            })) }
            @if !asked { (open()) }
            (revise())
        },
        S::Settled => {
            (act("begin", "pri", html! {
                (parts::field(lang, form, Field { name: "by", label: &t!(lang, "by"), required: true, max: 60, ..Field::default() }))
                div.g2 {
                    (parts::field(lang, form, Field { name: "from", label: &t!(lang, "from"), kind: "date", required: true, ..Field::default() }))
                    (parts::field(lang, form, Field { name: "until", label: &t!(lang, "works-until"), kind: "date", required: true, ..Field::default() }))
                }
                (parts::field(lang, form, Field { name: "goals", label: &t!(lang, "goals"), hint: &t!(lang, "goals-hint"), kind: "textarea", rows: 3, max: NOTE, ..Field::default() }))
            }))
            details."more mt3" { summary { (t!(lang, "no-works")) } (finish(lang, form, &act)) }
        },
        S::Works => { details."more mt3" open[form.error("accepted").is_some()] { summary { (t!(lang, "act-finish")) } (finish(lang, form, &act)) } },
        S::Done | S::Withdrawn => {}
    } }
}

fn finish(lang: ui::Lang, form: &Form, act: &dyn Fn(&str, &str, Markup) -> Markup) -> Markup {
    act(
        "finish",
        "",
        parts::field(
            lang,
            form,
            Field {
                name: "accepted",
                label: &t!(lang, "accepted"),
                hint: &t!(lang, "accepted-hint"),
                kind: "textarea",
                rows: 3,
                required: true,
                max: NOTE,
                ..Field::default()
            },
        ),
    )
}

/// A day of the diary.
fn diary(ctx: &Ctx, viewer: &Viewer, p: &Plan, form: &Form) -> Markup {
    let lang = viewer.lang;
    let mut today = form.clone();
    if form.values.get("day").is_empty() {
        today.values.set("day", local_date(ctx.store.now()).to_string());
    }
    let kinds: Vec<(String, String)> =
        EntryKind::ALL.iter().map(|k| (k.code().to_owned(), word(lang, "entry", k))).collect();
    html! { form."card card-p form mt3" method="post" enctype="multipart/form-data" action={ (DESK) "/" (p.id) "/record/note" } data-once {
        (parts::hidden(ctx, viewer))
        h2.h3 { (t!(lang, "diary-write")) }
        div.g2 {
            (parts::select(lang, form, Field { name: "entry", label: &t!(lang, "entry"), required: true, ..Field::default() }, &kinds))
            (parts::field(lang, &today, Field { name: "day", label: &t!(lang, "day"), kind: "date", required: true, ..Field::default() }))
        }
        (parts::field(lang, form, Field { name: "words", label: &t!(lang, "words"), kind: "textarea", rows: 3, required: true, max: NOTE, ..Field::default() }))
        (built_today(lang, p, form))
        div.field.bad[form.error("photos").is_some()] { label for="f-photos" { (t!(lang, "photos")) " " span.opt { (ui::say(lang, "ui.optional", &[])) } }
            @if let Some(e) = form.error("photos") { p.err { (ui::refusal_text(lang, e)) } }
            input #f-photos type="file" name="photos" accept="image/*" multiple; }
        div."btns mt3" { button."btn pri" { (t!(lang, "save")) } }
    } }
}

/// How many of each goal were added that day.
fn built_today(lang: ui::Lang, p: &Plan, form: &Form) -> Markup {
    let error = form.error("built");
    html! { @if p.built().next().is_some() { fieldset #f-built.field.bad[error.is_some()] {
        legend { (t!(lang, "built-today")) " " span.opt { (ui::say(lang, "ui.optional", &[])) } }
        p.hint { (t!(lang, "built-today-hint")) }
        @if let Some(e) = error { p.err { (ui::refusal_text(lang, e)) } }
        div.g2 { @for (n, (goal, there)) in p.built().enumerate() { @let id = format!("built-{n}"); div {
            label for=(id) { (goal.what) "（" (goal.unit) "）" } p.hint { (t!(lang, "built-so-far", built = there, planned = goal.planned)) }
            input id=(id) name="built" type="number" inputmode="numeric" value=(form.values.all("built").nth(n).unwrap_or_default());
        } } }
    } } }
}

/// Reads them, in the order of the goals.
fn built(f: &Fields) -> Result<Vec<i64>, Refusal> {
    let told = f.all("built").map(str::trim).map(|n| if n.is_empty() { Ok(0) } else { n.parse() });
    told.collect::<Result<_, _>>().map_err(|_| Refusal::invalid("built", "ui.not-valid"))
}

/// What was said at a door or a meeting is written down.
fn heard(ctx: &Ctx, viewer: &Viewer, p: &Plan, form: &Form) -> Markup {
    let lang = viewer.lang;
    let kinds: Vec<(String, String)> =
        OpinionKind::ALL.iter().map(|k| (k.code().to_owned(), word(lang, "kind", k))).collect();
    let ways: Vec<(String, String)> = HEARD
        .iter()
        .map(|c| (c.code().to_owned(), ui::say(lang, &format!("ui.channel-{}", c.code()), &[])))
        .collect();
    html! { details."more mt3" open[form.error("text").is_some()] { summary { (t!(lang, "write-down")) }
        form."card card-p form" method="post" action={ (DESK) "/" (p.id) "/record/say" } data-once {
            (parts::hidden(ctx, viewer))
            p.muted { (t!(lang, "write-down-about")) }
            div.g2 {
                (parts::select(lang, form, Field { name: "kind", label: &t!(lang, "kind"), required: true, ..Field::default() }, &kinds))
                (parts::select(lang, form, Field { name: "channel", label: &t!(lang, "channel"), required: true, ..Field::default() }, &ways))
            }
            (parts::field(lang, form, Field { name: "text", label: &t!(lang, "say-text"), kind: "textarea", rows: 3, max: NOTE, ..Field::default() }))
            div."btns mt3" { button.btn { (t!(lang, "save")) } }
        }
    } }
}

/// The ways by which an opinion reaches staff.
const HEARD: &[Channel] = &[
    Channel::Visit,
    Channel::Desk,
    Channel::Phone,
    Channel::OpinionBox,
    Channel::Board,
    Channel::Wechat,
    Channel::Council,
];

/// The form in which an opinion is answered.
fn answer(ctx: &Ctx, viewer: &Viewer, p: &Plan, o: &Opinion, form: &Form) -> Markup {
    let lang = viewer.lang;
    let live = matches!(p.state, S::Consulting | S::Answering);
    if !live || !matches!(o.state, OpinionState::Put | OpinionState::Maintained) {
        return html! {};
    }
    // Only the form that was refused shows what is wrong with it.
    let mine = form.values.get("opinion") == o.id.to_string();
    let (said, id) =
        if mine { (form.values.get("words"), "f-words".to_owned()) } else { ("", format!("w-{}", o.id)) };
    let error = form.error("words").filter(|_| mine);
    html! { details."more mt2" open[o.state == OpinionState::Put] { summary { (t!(lang, "answer")) }
        form.form method="post" action={ (DESK) "/" (p.id) "/answer" } data-once {
            (parts::hidden(ctx, viewer))
            input type="hidden" name="opinion" value=(o.id);
            fieldset.field { legend { (t!(lang, "how")) } @for how in HowAnswered::ALL { label.check { input type="radio" name="how" value=(how.code()) required checked[mine && form.values.get("how") == how.code()]; span { (word(lang, "how", how)) } } } }
            div.field.bad[error.is_some()] { label for=(id) { (t!(lang, "answer-words")) }
                @if let Some(e) = error { p.err { (ui::refusal_text(lang, e)) } }
                textarea id=(id) name="words" rows="3" required maxlength=(NOTE) { (said) } }
            div."btns mt2" { button.btn { (t!(lang, "answer")) } }
        }
    } }
}

async fn lead(
    State(ctx): State<Ctx>,
    Extension(bridge): Extension<Bridge>,
    Path((id, verb)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let viewer = &posted.viewer;
    viewer.signed_in()?;
    let p = plan_of(&ctx, viewer, &id).await?;
    let actor = viewer.actor(Some(viewer.need(&LEAD, &p.place)?))?;
    let (id, fields) = (p.id, posted.fields.clone());
    let done = ctx
        .store
        .once(posted.key(), move |tx| {
            Box::pin(async move { run(tx, bridge, &actor, id, &verb, &fields).await })
        })
        .await;
    answered(&ctx, &posted, id, done).await
}

async fn run(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    id: Id,
    verb: &str,
    f: &Fields,
) -> Result<(), Fault> {
    let text = |name: &str| f.get(name).to_owned();
    let act = match verb {
        "revise" => Act::Revise(text("text"), text("why")),
        "open" => Act::Open(must(f, "until")?),
        "settle" => Act::Settle(text("how"), f.some("link").map(str::to_owned)),
        "begin" => {
            let goals = goals(f.get("goals"))?;
            Act::Begin(Works { by: text("by"), from: must(f, "from")?, until: must(f, "until")?, goals })
        }
        "finish" => Act::Finish(text("accepted")),
        "withdraw" => Act::Withdraw(text("reason")),
        "answer" => {
            let how = HowAnswered::parse(f.get("how")).ok_or(Refusal::invalid("how", "ui.empty"))?;
            let act = OpinionAct::Answer(how, text("words"));
            return actions::opinion(tx, actor, id, must(f, "opinion")?, act).await.map(|_| ());
        }
        _ => return Err(Refusal::missing("plans.no-verb").into()),
    };
    actions::act(tx, bridge, actor, id, act).await.map(|_| ())
}

async fn record(
    State(ctx): State<Ctx>,
    Extension(bridge): Extension<Bridge>,
    Path((id, verb)): Path<(String, String)>,
    mut posted: Posted,
) -> Answer {
    posted.viewer.signed_in()?;
    let p = plan_of(&ctx, &posted.viewer, &id).await?;
    let actor = posted.viewer.actor(Some(posted.viewer.need(&RECORD, &p.place)?))?;
    let (id, fields) = (p.id, posted.fields.clone());
    let key = posted.key();
    let done = match posted.take_files("photos", 9).await {
        Err(fault) => Err(fault),
        Ok(photos) => {
            ctx.store
                .once(key, move |tx| {
                    Box::pin(async move { written(tx, bridge, &actor, id, &verb, &fields, photos).await })
                })
                .await
        }
    };
    answered(&ctx, &posted, id, done).await
}

async fn written(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    id: Id,
    verb: &str,
    f: &Fields,
    files: Vec<Blob>,
) -> Result<(), Fault> {
    match verb {
        "say" => {
            let kind = OpinionKind::parse(f.get("kind")).ok_or(Refusal::invalid("kind", "ui.empty"))?;
            let channel = Channel::parse(f.get("channel")).filter(|c| HEARD.contains(c));
            let channel = channel.ok_or(Refusal::invalid("channel", "ui.empty"))?;
            let new = NewOpinion { person: None, channel, kind, text: f.get("text").to_owned() };
            actions::say(tx, actor, id, new).await.map(|_| ())
        }
        "note" => {
            let kind = EntryKind::parse(f.get("entry")).ok_or(Refusal::invalid("entry", "ui.empty"))?;
            let mut photos = Vec::with_capacity(files.len());
            for file in files {
                photos.push(tx.put_blob(actor.street, file).await?.0);
            }
            let (day, words, built) = (must(f, "day")?, f.get("words").to_owned(), built(f)?);
            let note = Act::Note { kind, day, words, photos, built };
            actions::act(tx, bridge, actor, id, note).await.map(|_| ())
        }
        _ => Err(Refusal::missing("plans.no-verb").into()),
    }
}

/// Back to the plan, or the page with what is wrong.
async fn answered(ctx: &Ctx, posted: &Posted, id: Id, done: Result<(), Fault>) -> Answer {
    match done {
        Ok(()) => Ok(ui::done(ctx, &format!("{DESK}/{id}"), "plans.done-saved", &[])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            let x = see(ctx, &posted.viewer, &id.to_string(), Id::from(uuid::Uuid::nil())).await?;
            Ok(with_status(&refusal, shown(ctx, &posted.viewer, &x, &form)))
        }
    }
}
