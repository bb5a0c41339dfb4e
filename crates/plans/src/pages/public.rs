//! A plan for everybody: what is proposed, what people say to it and what is answered, what was decided, how far the works are.

use super::{
    Query, cursor, must, plan_of,
    words::{carried_out, counted, lines, opinion, state_chip, versions, word},
};
use crate::{
    actions,
    model::{Counts, NewOpinion, Opinion, OpinionAct, OpinionKind, OpinionState, Plan, PlanState},
    queries, t,
};
use axum::{
    Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::{get, post},
};
use kernel::{Actor, Channel, Id, Refusal, text};
use maud::{Markup, html};
use store::{Fault, Tx};
use ui::{
    Answer, Ctx, Fields, Form, Posted, Viewer, into_form,
    layout::{self, Page},
    parts::{self, Field},
    with_status,
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/plans/{id}", get(show))
        .route("/plans/{id}/photos/{photo}", get(photo))
        .route("/plans/{id}/{act}", post(act))
}

/// What the page shows besides the plan.
struct Sight {
    p: Plan,
    counts: Counts,
    /// What was answered, with where the list goes on.
    all: queries::Opinions,
    /// The reader's own.
    own: Vec<(Opinion, String)>,
}

async fn public_of(ctx: &Ctx, viewer: &Viewer, id: &str) -> Result<Plan, Fault> {
    let p = plan_of(ctx, viewer, id).await?;
    // A draft is nobody's business yet.
    if p.is_public() { Ok(p) } else { Err(Refusal::missing("plans.no-plan").into()) }
}

async fn see(ctx: &Ctx, viewer: &Viewer, id: &str, after: Id) -> Result<Sight, Fault> {
    let p = public_of(ctx, viewer, id).await?;
    let keys = ctx.store.keys();
    let mut conn = ctx.store.read().await?;
    let counts = queries::counts(&mut conn, p.street, p.id).await?;
    let all = queries::opinions(&mut conn, keys, p.street, p.id, after).await?;
    let own = match &viewer.signed {
        Some(signed) => queries::own(&mut conn, keys, p.street, p.id, signed.person).await?,
        None => Vec::new(),
    };
    Ok(Sight { p, counts, all, own })
}

async fn show(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>, query: Query) -> Answer {
    let x = see(&ctx, &viewer, &id, cursor(&query, "after", Id::from(uuid::Uuid::nil()))?).await?;
    Ok(page(&ctx, &viewer, &x, &Form::default()).into_response())
}

fn page(ctx: &Ctx, viewer: &Viewer, x: &Sight, form: &Form) -> Markup {
    let (lang, p) = (viewer.lang, &x.p);
    let here = format!("/plans/{}", p.id);
    let body = html! {
        div.wh { h1 { (p.title) } p.meta { (state_chip(lang, p.state)) span.num { (p.number) } @if let Some(m) = &p.matter { a href={ "/m/" (m.number) } { (m.number) } } } }
        (parts::error_summary(lang, form))
        @if let Some(r) = p.round().filter(|_| p.state == PlanState::Consulting) {
            (parts::notice("", "messages-square", &t!(lang, "asked-now"), &t!(lang, "asked-until", day = r.until.to_string())))
        }
        section."sec mt3" aria-labelledby="h-text" {
            div.sec-h { h2 #h-text { (t!(lang, "the-plan")) } }
            div."card card-p" { (lines(p.text())) @if !p.parties.is_empty() { p."meta mt3" { (t!(lang, "drawn-up-by", parties = p.parties.join("、"))) } } }
            (versions(lang, p, false))
        }
        @if p.state == PlanState::Consulting { (say(ctx, viewer, x, form)) }
        @if !x.own.is_empty() { (own(ctx, viewer, x)) }
        section."sec mt4" aria-labelledby="h-said" {
            div.sec-h { h2 #h-said { (t!(lang, "what-was-said")) } }
            (counted(lang, x.counts))
            @if x.counts.unanswered > 0 { p.muted { (t!(lang, "being-answered", n = x.counts.unanswered)) } }
            // What nobody has answered yet may hold what is not for everybody.
            @for (o, said) in x.all.0.iter().filter(|(o, _)| o.reply.is_some()) { div."card card-p mt2" { (opinion(lang, o, &text::blot(said))) } }
            @if let Some(next) = &x.all.1 { p.mt3 { a.btn href={ (here) "?after=" (next) } { (t!(lang, "more-opinions")) } } }
        }
        (carried_out(ctx, lang, p))
    };
    let page = Page { title: &p.title, slim: true, back: Some("/plans"), ..Page::default() };
    layout::resident(ctx, viewer, page, &body)
}

/// The form in which somebody says something.
fn say(ctx: &Ctx, viewer: &Viewer, x: &Sight, form: &Form) -> Markup {
    let lang = viewer.lang;
    let kinds: Vec<(String, String, String)> = OpinionKind::ALL
        .iter()
        .map(|k| (k.code().to_owned(), word(lang, "kind", k), word(lang, "kind-why", k)))
        .collect();
    html! { section."sec mt4" aria-labelledby="h-say" {
        div.sec-h { h2 #h-say { (t!(lang, "say")) } }
        @if viewer.signed.is_none() { p."btns" { a."btn pri" href={ "/sign-in?to=" (parts::query(&format!("/plans/{}", x.p.id))) } { (t!(lang, "sign-in-first")) } } } @else {
            form."card card-p form" method="post" action={ "/plans/" (x.p.id) "/say" } data-once {
                (parts::hidden(ctx, viewer))
                (parts::radios(lang, form, Field { name: "kind", label: &t!(lang, "kind"), required: true, ..Field::default() }, &kinds))
                (parts::field(lang, form, Field { name: "text", label: &t!(lang, "say-text"), hint: &t!(lang, "say-hint"), kind: "textarea", rows: 4, max: text::NOTE, ..Field::default() }))
                div."btns mt3" { button."btn pri wide" { (t!(lang, "send")) } }
            }
        }
    } }
}

/// What the reader said, with what can be done about it.
fn own(ctx: &Ctx, viewer: &Viewer, x: &Sight) -> Markup {
    let lang = viewer.lang;
    let live = matches!(x.p.state, PlanState::Consulting | PlanState::Answering);
    let one = |o: &Opinion, act: &str, class: &str| {
        html! { form method="post" action={ "/plans/" (x.p.id) "/" (act) } data-once { (parts::hidden(ctx, viewer)) input type="hidden" name="opinion" value=(o.id); button class={ "btn " (class) } { (word(lang, "act", act)) } } }
    };
    html! { section."sec mt4" aria-labelledby="h-own" {
        div.sec-h { h2 #h-own { (t!(lang, "own")) } }
        @for (o, said) in &x.own { div."card card-p mt2" {
            (opinion(lang, o, said))
            @if live { div."btns mt2" { @match o.state {
                OpinionState::Put => (one(o, "take-back", "sm quiet")),
                OpinionState::Answered => { (one(o, "content", "")) (one(o, "maintain", "")) },
                _ => {}
            } } }
        } }
    } }
}

async fn act(State(ctx): State<Ctx>, Path((id, verb)): Path<(String, String)>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    viewer.signed_in()?;
    let actor = viewer.actor(None)?;
    let p = public_of(&ctx, viewer, &id).await?;
    let (id, fields) = (p.id, posted.fields.clone());
    let message = if verb == "say" { "plans.done-said" } else { "plans.done-saved" };
    let done = ctx
        .store
        .once(posted.key(), move |tx| Box::pin(async move { run(tx, &actor, id, &verb, &fields).await }))
        .await;
    match done {
        Ok(()) => Ok(ui::done(&ctx, &format!("/plans/{id}"), message, &[])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            let x = see(&ctx, viewer, &id.to_string(), Id::from(uuid::Uuid::nil())).await?;
            Ok(with_status(&refusal, page(&ctx, viewer, &x, &form)))
        }
    }
}

async fn run(tx: &mut Tx, actor: &Actor, id: Id, verb: &str, f: &Fields) -> Result<(), Fault> {
    let act = match verb {
        "say" => {
            let kind = OpinionKind::parse(f.get("kind")).ok_or(Refusal::invalid("kind", "ui.empty"))?;
            let (person, text) = (actor.person, f.get("text").to_owned());
            actions::say(tx, actor, id, NewOpinion { person, channel: Channel::App, kind, text }).await?;
            return Ok(());
        }
        "content" => OpinionAct::Content,
        "maintain" => OpinionAct::Maintain,
        "take-back" => OpinionAct::TakeBack,
        _ => return Err(Refusal::missing("plans.no-verb").into()),
    };
    actions::opinion(tx, actor, id, must(f, "opinion")?, act).await.map(|_| ())
}

/// A photo of the diary.
async fn photo(State(ctx): State<Ctx>, viewer: Viewer, Path((id, photo)): Path<(String, String)>) -> Answer {
    let p = public_of(&ctx, &viewer, &id).await?;
    let missing = || Refusal::missing("plans.no-plan");
    let photo: Id = photo.parse().map_err(|_| missing())?;
    if !p.diary.iter().any(|e| e.photos.contains(&photo)) {
        return Err(missing().into());
    }
    let kept = ctx.store.read().await?.blob(p.street, photo, false).await?.ok_or_else(missing)?;
    Ok(ui::photo(kept, "private, max-age=300")?)
}
