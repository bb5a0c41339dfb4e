//! Motions between sittings: members hand them in and sign them from a phone; chair and secretary admit them or say why not.

use super::{
    Query, council_of, id_of, into_form,
    motions::About,
    need_body, with_status,
    words::{Owners, capacity_word},
};
use crate::{
    actions,
    model::{Council, NewSubmission, Submission, SubmissionAct, SubmissionState},
    queries,
    rules::rights::HOLD,
    t,
};
use axum::{
    Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::{get, post},
};
use kernel::{Actor, Id, Refusal, time::local_date};
use maud::{Markup, html};
use store::Fault;
use ui::{
    Answer, Ctx, Cursor, Fields, Form, Lang, Posted, Viewer,
    layout::{self, Page},
    parts::{self, Field},
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new().route("/councils/{id}/motions", get(show)).route("/councils/{id}/motions/{act}", post(act))
}

fn here(c: &Council) -> String {
    format!("/councils/{}/motions", c.id)
}

/// Whoever sits on the body, or runs its sittings.
struct Who {
    /// As a person.
    own: Option<Actor>,
    /// The own seat.
    seat: Option<Id>,
    /// As whoever admits.
    admits: Option<Actor>,
}

fn who(ctx: &Ctx, viewer: &Viewer, c: &Council) -> Result<Who, Refusal> {
    viewer.signed_in()?;
    let person = viewer.signed.as_ref().map(|g| g.person);
    let seat = person.and_then(|p| c.seat_of(p, local_date(ctx.store.now()))).map(|m| m.id);
    let admits = need_body(ctx, viewer, &HOLD, c).ok();
    if seat.is_none() && admits.is_none() {
        return Err(Refusal::forbidden("ui.no-right"));
    }
    Ok(Who { own: viewer.actor(None).ok().filter(|_| seat.is_some()), seat, admits })
}

async fn show(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>, query: Query) -> Answer {
    viewer.signed_in()?;
    let c = council_of(&ctx, &viewer, &id).await?;
    let who = who(&ctx, &viewer, &c)?;
    let before = query.get("before").map_or("", String::as_str);
    Ok(page(&ctx, &viewer, &c, &who, before, &Form::default()).await?.into_response())
}

fn state_chip(lang: Lang, s: &Submission) -> Markup {
    let class = match s.state {
        SubmissionState::Submitted => "new",
        SubmissionState::Admitted => "talk",
        SubmissionState::Joined => "ok",
        SubmissionState::NotAdmitted => "late",
        SubmissionState::Merged | SubmissionState::Withdrawn => "off",
    };
    parts::chip(class, "", &crate::WORDS.say(lang, &format!("submission-{}", s.state), &[]))
}

async fn page(
    ctx: &Ctx,
    viewer: &Viewer,
    c: &Council,
    who: &Who,
    before: &str,
    form: &Form,
) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let bad = || Refusal::invalid("cursor", "ui.bad-cursor");
    let from = match Cursor::decode(before, 1)? {
        Some(cursor) => cursor.text(0).parse().map_err(|_| bad())?,
        None => Id::from(uuid::Uuid::max()),
    };
    let mut conn = ctx.store.read().await?;
    let mut all = queries::submissions(&mut conn, c.street, c.id, from).await?;
    let owners = Owners::named(&mut conn, ctx.store.keys(), c, &[]).await?;
    drop(conn);
    let more = all.len() > queries::PAGE as usize;
    all.truncate(queries::PAGE as usize);
    let next = all
        .last()
        .filter(|_| more)
        .map(|s| format!("{}?before={}", here(c), Cursor(vec![s.id.to_string().into()]).encode()));
    let votes = who.seat.and_then(|seat| c.member(seat)).is_some_and(|m| m.votes);
    let name = |seat: Id| {
        let m = c.member(seat);
        let name = m.and_then(|m| owners.persons.get(&m.person)).cloned();
        let capacity = m.map(|m| capacity_word(lang, m.capacity)).unwrap_or_default();
        format!("{} · {capacity}", name.unwrap_or_else(|| t!(lang, "nameless")))
    };
    let title = t!(lang, "submissions");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (c.name) " · " (t!(lang, "submissions-about")) } }
        (parts::error_summary(lang, form))
        @if votes { details."more card card-p mt3" open[["title", "why"].iter().any(|f| form.error(f).is_some()) || form.values.get("id").is_empty() && form.error("motion").is_some()] {
            summary { (t!(lang, "submission-new")) }
            form."form mt2" method="post" action={ (here(c)) "/submit" } data-once data-draft={ "motion-" (c.id) } {
                (parts::hidden(ctx, viewer))
                (parts::field(lang, form, Field { name: "title", label: &t!(lang, "submission-title"), required: true, max: 60, ..Field::default() }))
                (parts::field(lang, form, Field { name: "motion", label: &t!(lang, "motion-text"), hint: &t!(lang, "submission-text-hint"), kind: "textarea", rows: 3, required: true, max: 500, ..Field::default() }))
                (parts::field(lang, form, Field { name: "why", label: &t!(lang, "submission-why"), kind: "textarea", rows: 3, required: true, max: 2000, ..Field::default() }))
                div."btns mt3" { button."btn pri" { (t!(lang, "submission-new")) } }
            }
        } }
        @if all.is_empty() { (parts::empty("file-text", &t!(lang, "submissions-none"), "")) }
        ul.stack { @for s in &all { li."card card-p mt3" id={ "s-" (s.id) } {
            h2.h3 { (s.title) }
            p.meta { (state_chip(lang, s)) span { (t!(lang, "moved-by", by = name(s.sponsor))) }
                @if !s.cosigners.is_empty() { span { (t!(lang, "cosigned-by", n = s.cosigners.len(), names = s.cosigners.iter().map(|seat| name(*seat)).collect::<Vec<_>>().join("、"))) } } }
            p."mt2" { (s.text()) } p.muted { (t!(lang, "submission-because", why = s.why.clone())) }
            @if let Some(reason) = &s.reason { (parts::notice("warn", "info", &t!(lang, "reason"), reason)) }
            @if let Some(sitting) = s.sitting { p { a href={ "/sittings/" (sitting) } { (t!(lang, "submission-at")) } } }
            @if let Some(into) = s.into { p { a href={ "#s-" (into) } { (t!(lang, "submission-into")) } } }
            (buttons(ctx, viewer, c, who, votes, s, &all, form))
        } } }
        (parts::pager(lang, all.len(), (!before.is_empty()).then_some(here(c).as_str()), next.as_deref()))
    };
    let back = format!("/councils/{}", c.id);
    let page = Page { title: &title, slim: true, back: Some(&back), ..Page::default() };
    Ok(layout::resident(ctx, viewer, page, &body))
}

#[expect(clippy::too_many_arguments, reason = "what one motion of the list needs of the page")]
fn buttons(
    ctx: &Ctx,
    viewer: &Viewer,
    c: &Council,
    who: &Who,
    votes: bool,
    s: &Submission,
    all: &[Submission],
    form: &Form,
) -> Markup {
    let lang = viewer.lang;
    let to = |verb: &str| format!("{}/{verb}", here(c));
    let one = |verb: &str, class: &str, word: String| {
        html! { form method="post" action=(to(verb)) data-once { (parts::hidden(ctx, viewer)) input type="hidden" name="id" value=(s.id); button class={ "btn sm " (class) } { (word) } } }
    };
    let mine = who.seat == Some(s.sponsor);
    let signed = who.seat.is_some_and(|seat| s.cosigners.contains(&seat));
    let new = s.state == SubmissionState::Submitted;
    let about = About { ctx, viewer, form, id: s.id };
    let others: Vec<(String, String)> = all
        .iter()
        .filter(|o| o.id != s.id && o.state.waits())
        .map(|o| (o.id.to_string(), o.title.clone()))
        .collect();
    html! {
        @if s.state.waits() {
            div."btns mt2" {
                @if votes && !mine && !signed { (one("cosign", "pri", t!(lang, "act-cosign"))) }
                @if signed { (parts::chip("ok", "circle-check", &t!(lang, "cosigned"))) }
                @if mine { (one("withdraw", "quiet", t!(lang, "act-withdraw-motion"))) }
                @if who.admits.is_some() && new { (one("admit", "pri", t!(lang, "act-admit-motion"))) }
            }
            @if who.admits.is_some() {
                @if new { (about.folded(&to("not-admit"), "not-admit", &t!(lang, "act-not-admit"), false, &about.area("not-admit", "words", &t!(lang, "not-admit-why"), ""))) }
                @if !others.is_empty() { (about.folded(&to("merge"), "merge", &t!(lang, "act-merge"), false, &html! {
                    (about.choice("merge", "into", &t!(lang, "merge-into"), &others, ""))
                    (about.area("merge", "motion", &t!(lang, "motion-text"), s.text()))
                })) }
            }
        }
    }
}

/// What a form of the page asks.
enum Asked {
    Submit(NewSubmission),
    Act(Id, SubmissionAct),
}

/// What is asked, and whether it is the chair's to do.
fn read(verb: &str, f: &Fields, seat: Option<Id>) -> Result<(Asked, bool), Refusal> {
    let text = |name: &str| f.get(name).to_owned();
    let own = || seat.ok_or(Refusal::forbidden("councils.not-member"));
    let (act, chairs) = match verb {
        "submit" => {
            let new = NewSubmission { title: text("title"), text: text("motion"), why: text("why") };
            return Ok((Asked::Submit(new), false));
        }
        "cosign" => (SubmissionAct::Cosign(own()?), false),
        "withdraw" => (SubmissionAct::Withdraw(own()?), false),
        "admit" => (SubmissionAct::Admit, true),
        "not-admit" => (SubmissionAct::NotAdmit(text("words")), true),
        "merge" => (SubmissionAct::Merge(id_of(f, "into")?, text("motion")), true),
        _ => return Err(Refusal::missing("councils.no-verb")),
    };
    Ok((Asked::Act(id_of(f, "id")?, act), chairs))
}

async fn act(State(ctx): State<Ctx>, Path((id, verb)): Path<(String, String)>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    viewer.signed_in()?;
    let c = council_of(&ctx, viewer, &id).await?;
    let who = who(&ctx, viewer, &c)?;
    let council = c.id;
    let right = |chairs| if chairs { who.admits.clone() } else { who.own.clone() };
    let done = match read(&verb, &posted.fields, who.seat) {
        Err(refusal) => Err(Fault::from(refusal)),
        Ok((asked, chairs)) => {
            let refusal = if chairs { "ui.no-right" } else { "councils.not-member" };
            let actor = right(chairs).ok_or(Refusal::forbidden(refusal))?;
            ctx.store
                .once(posted.key(), move |tx| {
                    Box::pin(async move {
                        match asked {
                            Asked::Submit(new) => actions::submit(tx, &actor, council, new).await.map(|_| ()),
                            Asked::Act(id, act) => {
                                actions::submission(tx, &actor, council, id, act).await.map(|_| ())
                            }
                        }
                    })
                })
                .await
        }
    };
    match done {
        Ok(()) => {
            let word = if verb == "submit" { "councils.done-submitted" } else { "councils.done-saved" };
            Ok(ui::done(&ctx, &here(&c), word, &[]))
        }
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            Ok(with_status(&refusal, page(&ctx, viewer, &c, &who, "", &form).await?))
        }
    }
}
