//! A poll at the desk: how far it is, the one next step, and what else may be done.

use super::{
    DESK, Query, desk_page, local_time,
    new::{options, question},
    poll_of,
    words::{
        how_words, outcome, pins, role_word, rule_name, shape_word, state_chip, times, turnout, vote_word,
    },
};
use crate::{
    Bridge, actions,
    model::{About, Objection, Poll, PollState, Shape, TellerRole},
    queries::{self, Turnout},
    rules::{
        self, Act, Own,
        rights::{ANNUL, COLLECT, PREPARE, READ, TELL},
    },
    t,
};
use axum::{
    Extension, Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::{get, post},
};
use kernel::{Id, Refusal};
use maud::{Markup, html};
use std::collections::HashMap;
use store::Fault;
use ui::{
    Answer, Ctx, Fields, Form, Posted, Right, Viewer, into_form,
    parts::{self, Field},
    show, with_status,
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/office/polls/{id}", get(one))
        .route("/office/polls/{id}/prepare/{act}", post(prepare))
        .route("/office/polls/{id}/tell/{act}", post(tell))
        .route("/office/polls/{id}/end/{act}", post(end))
}

/// What the page needs besides the poll.
struct Screen {
    poll: Poll,
    now: Turnout,
    /// What objections say, for whoever answers them.
    said: HashMap<String, String>,
    /// Names of tellers.
    names: HashMap<Id, String>,
}

async fn one(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>, query: Query) -> Answer {
    viewer.need_somewhere(&READ)?;
    let poll = poll_of(&ctx, &viewer, &id).await?;
    viewer.need(&READ, &poll.place)?;
    // The code of a sheet that was scanned stands in the form already.
    let code = query.get("sheet").map_or("", String::as_str);
    Ok(page(&ctx, &viewer, poll, &Form::with(&[("code", code)])).await?.into_response())
}

/// The page of a poll.
pub(super) async fn page(ctx: &Ctx, viewer: &Viewer, poll: Poll, form: &Form) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let mut conn = ctx.store.read().await?;
    let now = queries::turnout(&mut conn, &poll).await?;
    let commits: Vec<String> = poll.objections.iter().map(|o| o.text.commit.clone()).collect();
    let said = if viewer.may(&PREPARE, &poll.place).is_some() {
        conn.clear_words(ctx.store.keys(), poll.street, &commits).await?
    } else {
        HashMap::new()
    };
    let tellers: Vec<Id> = poll.count.iter().flat_map(|c| &c.signed).map(|s| s.person).collect();
    let names = people::queries::names(&mut conn, ctx.store.keys(), poll.street, &tellers).await?;
    drop(conn);
    let x = Screen { poll, now, said, names };
    let p = &x.poll;
    let title = p.title.clone();
    let may = |right: &Right| viewer.may(right, &p.place).is_some();
    let begun = matches!(p.state, PollState::Noticed | PollState::Open | PollState::Closed);
    let body = html! {
        div.wh { h1 { (title) } p.meta { (state_chip(lang, p.state)) span.num { (p.number) } span { (shape_word(lang, &p.shape)) } @if p.secret { span { (t!(lang, "secret")) } } span.num { (times(lang, p)) } } }
        (parts::error_summary(lang, form))
        @if let Some(reason) = &p.reason { (parts::notice("warn", "info", &t!(lang, "reason"), reason)) }
        (steps(lang, p))
        @if may(&PREPARE) { (next(ctx, viewer, &x, form)) }
        @if begun { section."sec mt3" aria-labelledby="h-part" {
            div.sec-h { h2 #h-part { (t!(lang, "took-part")) } a href={ (DESK) "/" (p.id) "/heads" } { (t!(lang, "heads")) (parts::icon_s("chevron-right")) } }
            div."card card-p" {
                (turnout(lang, p, &x.now))
                dl."kv left mt2" {
                    dt { (t!(lang, "delivery")) } dd.num { (t!(lang, "delivered", served = x.now.served, posted = x.now.posted, unserved = x.now.unserved)) }
                    @if x.now.unsettled > 0 { dt { (t!(lang, "unsettled")) } dd.num { a href={ (DESK) "/" (p.id) "/heads?only=unsettled" } { (x.now.unsettled) } } }
                }
            }
        } }
        @if may(&COLLECT) { (super::collect::sections(ctx, viewer, p, form)) }
        @if may(&TELL) { (telling(ctx, viewer, &x, form)) }
        (objections(ctx, viewer, &x, form))
        section."sec mt3" aria-labelledby="h-what" {
            div.sec-h { h2 #h-what { (t!(lang, "proposal")) } }
            div."card card-p prose" {
                @for line in p.text.lines().filter(|l| !l.trim().is_empty()) { p { (line) } }
                @if p.shape.has_options() { ol { @for o in &p.options { li { (o) } } } }
                @if p.rule.is_some() { p { (how_words(lang, p)) } }
            }
            div."card card-p mt3" { (pins(lang, p)) }
        }
        @if p.state.is_plan() && may(&PREPARE) { (edit(ctx, viewer, p, form)) }
        @if may(&ANNUL) { (ending(ctx, viewer, p, form)) }
        p."btns mt4" {
            @if p.noticed_at.is_some() { a."btn quiet" href={ "/polls/" (p.id) } { (parts::icon("eye")) (t!(lang, "public-page")) } }
            @if p.rule.is_some() { a."btn quiet" href={ (DESK) "/" (p.id) "/paper" } { (parts::icon("printer")) (t!(lang, "print-papers")) } }
            @if p.roll.is_some() && may(&COLLECT) { a."btn quiet" href={ (DESK) "/" (p.id) "/ballots" } { (parts::icon("printer")) (t!(lang, "print-ballots")) } }
            @if p.secret && p.state == PollState::Open { a."btn quiet" href={ "/polls/" (p.id) "/booth" } { (parts::icon("vote")) (t!(lang, "booth")) } }
            @if let Some(origin) = &p.origin { a."btn quiet" href=(origin.link) { (parts::icon("link")) (t!(lang, "origin")) } }
        }
    };
    Ok(desk_page(ctx, viewer, &title, &body))
}

fn steps(lang: ui::Lang, p: &Poll) -> Markup {
    use PollState::*;
    let at = match p.state {
        Draft => 0,
        Ruled => 1,
        Rolled => 2,
        Noticed => 3,
        Open => 4,
        Closed | Counting => 5,
        Certified => 6,
        Published | Archived | Annulled => 7,
        Void => return html! {},
    };
    let names =
        ["step-rule", "step-roll", "step-notice", "step-open", "step-vote", "step-count", "step-publish"];
    html! { ol."steps mt3" aria-label=(t!(lang, "how-far")) { @for (n, key) in names.iter().enumerate() {
        li class=[if n < at { Some("done") } else if n == at { Some("now") } else { None }] aria-current=[(n == at).then_some("step")] {
            @if n < at { svg.tick aria-hidden="true" { use href=(ui::asset!("icons.svg", "#check")) {} } } (crate::WORDS.say(lang, key, &[]))
        }
    } } }
}

pub(super) fn address(p: &Poll, way: &str) -> String {
    format!("{DESK}/{}/{way}", p.id)
}

/// The one next step of whoever prepares the poll.
fn next(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let (lang, p) = (viewer.lang, &x.poll);
    let f = |name, label: String, hint: String, kind: &'static str, required| {
        parts::field(
            lang,
            form,
            Field { name, label: &label, hint: &hint, kind, required, ..Field::default() },
        )
    };
    let inner = match p.state {
        PollState::Draft => rule_form(ctx, viewer, p, form),
        PollState::Ruled | PollState::Rolled | PollState::Noticed => html! {
            @if p.state == PollState::Rolled { (super::notice::form(ctx, viewer, p, form)) }
            @if p.state == PollState::Noticed { p { (t!(lang, "opens-by-itself", at = p.opens.map(show::full).unwrap_or_default())) } }
            details."more mt3" open[p.state == PollState::Ruled || form.error("roll").is_some()] {
                summary { @if p.roll.is_some() { (t!(lang, "roll-correct")) } @else { (t!(lang, "roll-give")) } }
                (roll_form(ctx, viewer, p, form))
            }
            @if p.state.is_plan() { details."more mt3" open[form.error("rule").is_some() || form.error("article").is_some()] { summary { (t!(lang, "rule-change")) } (rule_form(ctx, viewer, p, form)) } }
        },
        PollState::Open => html! {
            p { (t!(lang, "closes-by-itself", at = p.closes.map(show::full).unwrap_or_default())) }
            details."more mt3" open[form.error("why").is_some() || form.error("closes").is_some()] { summary { (t!(lang, "extend")) }
                form."form mt2" method="post" action=(address(p, "prepare/extend")) data-once {
                    (parts::hidden(ctx, viewer))
                    (f("closes", t!(lang, "closes"), String::new(), "datetime-local", true))
                    (f("why", t!(lang, "why"), t!(lang, "extend-hint"), "", true))
                    div."btns mt3" { button.btn { (t!(lang, "extend")) } }
                }
            }
        },
        PollState::Certified => html! {
            form.btns method="post" action=(address(p, "prepare/publish")) data-once { (parts::hidden(ctx, viewer)) button."btn pri" { (t!(lang, "publish")) } }
        },
        PollState::Published | PollState::Archived => html! {
            @if let Some(until) = p.show_until { p { (t!(lang, "show-until", day = until.to_string())) } }
        },
        _ => return html! {},
    };
    html! {
        section."card card-p mt3" aria-label=(t!(lang, "next-step")) { (inner)
            @if p.noticed_at.is_some() && !matches!(p.state, PollState::Void | PollState::Closed) { details."more mt3" { summary { (t!(lang, "board-photo")) }
                form."form mt2" method="post" enctype="multipart/form-data" action=(address(p, "prepare/board")) data-once {
                    (parts::hidden(ctx, viewer))
                    (f("photo", t!(lang, "board-photo"), t!(lang, "board-photo-hint"), "file", true))
                    div."btns mt3" { button.btn { (t!(lang, "save")) } }
                }
            } }
        }
    }
}

fn rule_form(ctx: &Ctx, viewer: &Viewer, p: &Poll, form: &Form) -> Markup {
    let lang = viewer.lang;
    let choices: Vec<(String, String)> =
        rules::choices(&p.shape, p.secret).map(|r| (r.code.to_string(), rule_name(lang, r))).collect();
    let mut now = form.of(viewer, &address(p, "prepare/rule"));
    if let Some(pinned) = p.rule.as_ref().filter(|_| now.errors.is_empty()) {
        now.values.set("rule", pinned.rule.code.as_ref());
        let own = rules::Own::of(&pinned.rule);
        now.values.set("article", own.article.as_deref().unwrap_or_default());
        let ticked = [
            ("silence", own.silence_follows),
            ("invalid", own.invalid_abstains),
            ("parking", own.parking_counts),
            ("revote", own.revote),
        ];
        for (name, _) in ticked.iter().filter(|(_, on)| *on) {
            now.values.set(name, "1");
        }
    }
    let owners = matches!(p.shape, Shape::Owners { .. });
    html! {
        form."form" method="post" action=(address(p, "prepare/rule")) data-once {
            (parts::hidden(ctx, viewer))
            (parts::select(lang, &now, Field { name: "rule", label: &t!(lang, "rule"), hint: &t!(lang, "rule-hint"), required: true, ..Field::default() }, &choices))
            @if owners || !p.secret {
                p.hint { (t!(lang, "own-rules")) }
                (parts::field(lang, &now, Field { name: "article", label: &t!(lang, "own-article"), hint: &t!(lang, "own-article-hint"), max: 60, ..Field::default() }))
                @if owners {
                    (parts::check(&now, "silence", &t!(lang, "own-silence")))
                    (parts::check(&now, "invalid", &t!(lang, "own-invalid")))
                    (parts::check(&now, "parking", &t!(lang, "own-parking")))
                }
                @if !p.secret { (parts::check(&now, "revote", &t!(lang, "own-revote"))) }
            }
            div."btns mt3" { button."btn pri" { (t!(lang, "rule-pin-it")) } }
        }
    }
}

fn roll_form(ctx: &Ctx, viewer: &Viewer, p: &Poll, form: &Form) -> Markup {
    let lang = viewer.lang;
    let hint = if matches!(p.shape, Shape::Owners { .. }) {
        t!(lang, "roll-hint-owners")
    } else {
        t!(lang, "roll-hint-persons")
    };
    html! {
        @if !matches!(p.shape, Shape::Owners { .. }) { p."btns mt2" { a.btn href=(address(p, "roll")) { (parts::icon("users")) (t!(lang, "roll-house")) } } }
        form."form mt2" method="post" enctype="multipart/form-data" action=(address(p, "prepare/roll")) data-once {
            (parts::hidden(ctx, viewer))
            (parts::field(lang, form, Field { name: "roll", label: &t!(lang, "roll-file-give"), hint: &hint, kind: "file", bare: true, ..Field::default() }))
            (parts::field(lang, form, Field { name: "lines", label: &t!(lang, "roll-lines"), hint: &t!(lang, "roll-lines-hint"), kind: "textarea", rows: 6, bare: true, ..Field::default() }))
            div."btns mt3" { button."btn pri" { (t!(lang, "roll-freeze")) } }
        }
    }
}

fn edit(ctx: &Ctx, viewer: &Viewer, p: &Poll, form: &Form) -> Markup {
    let lang = viewer.lang;
    let mut now = form.of(viewer, &address(p, "prepare/edit"));
    let again = !now.errors.is_empty();
    if !again {
        now.values.set("title", p.title.as_str());
        now.values.set("text", p.text.as_str());
        now.values.set("options", p.options.join("\n"));
    }
    html! {
        details."more card card-p mt3" open[again] { summary { (t!(lang, "edit")) }
            form."form mt2" method="post" action=(address(p, "prepare/edit")) data-once {
                (parts::hidden(ctx, viewer))
                (question(lang, &now, p.shape.has_options()))
                div."btns mt3" { button.btn { (t!(lang, "save")) } }
            }
        }
    }
}

/// Counting and signing.
fn telling(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let (lang, p) = (viewer.lang, &x.poll);
    let one = |act: &str, class: &str, word: String| html! { form method="post" action=(address(p, act)) data-once { (parts::hidden(ctx, viewer)) button class={ "btn " (class) } { (word) } } };
    html! {
        @if p.state == PollState::Closed { section."sec mt3" aria-labelledby="h-count" {
            div.sec-h { h2 #h-count { (t!(lang, "counting")) } }
            @for why in &p.returned { (parts::notice("warn", "undo-2", &t!(lang, "count-was-returned"), why)) }
            @if p.secret { (papers(ctx, viewer, p, form)) }
            div."card card-p mt3" { p { (t!(lang, "count-about")) } div."btns mt3" { (one("tell/count", "pri", t!(lang, "count-now"))) } }
        } }
        @if let Some(count) = p.count.as_ref() { section."sec mt3" aria-labelledby="h-result" {
            div.sec-h { h2 #h-result { (t!(lang, "result")) } }
            div."card card-p" {
                (outcome(lang, p, &count.outcome))
                ul."mt3" { @for s in &count.signed { li { (role_word(lang, s.role)) "：" (x.names.get(&s.person).map_or("", String::as_str)) " " span.num { (show::full(s.at)) } } } }
                @if p.state == PollState::Counting {
                    form."form mt3" method="post" action=(address(p, "tell/sign")) data-once {
                        (parts::hidden(ctx, viewer))
                        (parts::select(lang, form, Field { name: "role", label: &t!(lang, "sign-as"), required: true, ..Field::default() },
                            &TellerRole::ALL.iter().map(|r| (r.code().to_owned(), role_word(lang, *r))).collect::<Vec<_>>()))
                        div."btns mt3" { button."btn pri" { (t!(lang, "sign")) } }
                    }
                    details."more mt3" open[form.error("return").is_some()] { summary { (t!(lang, "count-return")) }
                        form."form mt2" method="post" action=(address(p, "tell/return")) data-once {
                            (parts::hidden(ctx, viewer))
                            (parts::field(lang, form, Field { name: "return", label: &t!(lang, "why"), required: true, max: 2000, ..Field::default() }))
                            div."btns mt3" { button.btn { (t!(lang, "count-return")) } }
                        }
                    }
                }
            }
        } }
    }
}

/// The paper ballots of a secret poll, counted twice.
fn papers(ctx: &Ctx, viewer: &Viewer, p: &Poll, form: &Form) -> Markup {
    let lang = viewer.lang;
    html! {
        details."more card card-p" open[form.error("papers").is_some() || form.error("vote").is_some()] { summary { (t!(lang, "papers")) }
            p.hint { (t!(lang, "papers-about")) }
            @for (n, reading) in (1..).zip(&p.papers) { p.num { (t!(lang, "papers-reading", n = n)) " "
                @for (vote, many) in &reading.groups { (vote_word(lang, p, vote)) " × " (many) "　" } } }
            @if p.papers_agreed().is_some() { (parts::notice("ok", "circle-check", &t!(lang, "papers-agree"), "")) }
            form."form mt2" method="post" action=(address(p, "tell/papers")) data-once {
                (parts::hidden(ctx, viewer))
                (parts::field(lang, form, Field { name: "papers", label: &t!(lang, "papers-lines"), hint: &t!(lang, "papers-hint"), kind: "textarea", rows: 6, required: true, ..Field::default() }))
                div."btns mt3" { button.btn { (t!(lang, "save")) } }
            }
        }
    }
}

fn objections(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let (lang, p) = (viewer.lang, &x.poll);
    if p.objections.is_empty() {
        return html! {};
    }
    let answer = viewer.may(&PREPARE, &p.place).is_some();
    let row = |o: &Objection| {
        html! { li { div.rw { (parts::icon("flag")) span.tx {
            b { (crate::WORDS.say(lang, &format!("about-{}", o.about), &[])) " · " span.num { (show::full(o.at)) } }
            @if let Some(said) = x.said.get(&o.text.commit) { p { (said) } }
            @match &o.answer {
                Some(text) => p.muted { (text) " (" @if o.upheld == Some(true) { (t!(lang, "upheld")) } @else { (t!(lang, "not-upheld")) } ")" },
                None if answer => form."form mt2" method="post" action=(address(p, "prepare/answer")) data-once {
                    (parts::hidden(ctx, viewer)) input type="hidden" name="objection" value=(o.id);
                    (parts::field(lang, form, Field { name: "answer", label: &t!(lang, "answer"), hint: &t!(lang, "answer-hint"), kind: "textarea", rows: 2, required: true, max: 2000, ..Field::default() }))
                    div."btns mt3" { button.btn name="upheld" value="1" { (t!(lang, "answer-right")) } button."btn quiet" name="upheld" value="0" { (t!(lang, "answer-wrong")) } }
                },
                None => span.meta { span { (t!(lang, "unanswered")) } },
            }
        } } } }
    };
    html! {
        section."sec mt3" aria-labelledby="h-objections" {
            div.sec-h { h2 #h-objections { (t!(lang, "objections")) } }
            @if p.state == PollState::Noticed && p.unanswered(About::Roll).next().is_some() { (parts::notice("warn", "timer", &t!(lang, "opens-after-answers"), "")) }
            ul."card rowlist" { @for o in &p.objections { (row(o)) } }
        }
    }
}

fn ending(ctx: &Ctx, viewer: &Viewer, p: &Poll, form: &Form) -> Markup {
    let lang = viewer.lang;
    let (act, word) = if rules::goes(p.state, PollState::Void) {
        ("end/void", t!(lang, "void-it"))
    } else if rules::goes(p.state, PollState::Annulled) {
        ("end/annul", t!(lang, "annul-it"))
    } else {
        return html! {};
    };
    html! {
        details."more card card-p mt3" { summary { (word) }
            form."form mt2" method="post" action=(address(p, act)) data-once {
                (parts::hidden(ctx, viewer))
                (parts::field(lang, form, Field { name: "reason", label: &t!(lang, "why"), hint: &t!(lang, "end-hint"), required: true, max: 2000, ..Field::default() }))
                div."btns mt3" { button."btn bad" { (word) } }
            }
        }
    }
}

/// The lines of a roll as a file or as pasted text, comma or tab between cells.
fn sheet(posted: &Posted) -> Result<Vec<Vec<String>>, Fault> {
    if let Some(file) = posted.file("roll")? {
        return ui::sheet::read(&file.bytes);
    }
    let text = posted.fields.some("lines").ok_or(Refusal::invalid("roll", "ui.empty"))?;
    Ok(rules::cells(text))
}

/// The verb of a form of those who prepare; the roll and the photo are read by themselves.
fn read(act: &str, f: &Fields) -> Result<Act, Refusal> {
    Ok(match act {
        "edit" => Act::Edit(f.get("title").to_owned(), f.get("text").to_owned(), options(f)),
        "rule" => Act::Rule(
            f.get("rule").to_owned(),
            Own {
                article: f.some("article").map(str::to_owned),
                silence_follows: f.ticked("silence"),
                invalid_abstains: f.ticked("invalid"),
                parking_counts: f.ticked("parking"),
                revote: f.ticked("revote"),
            },
        ),
        "extend" => Act::Extend(local_time(f, "closes")?, f.get("why").to_owned()),
        "publish" => Act::Publish,
        "answer" => Act::Answer(
            f.parse("objection")?.ok_or(Refusal::invalid("objection", "ui.empty"))?,
            f.get("answer").to_owned(),
            f.ticked("upheld"),
        ),
        _ => return Err(Refusal::missing("polls.no-verb")),
    })
}

/// The poll of an address, and the right to act at its place.
pub(super) async fn entry(
    ctx: &Ctx,
    posted: &Posted,
    id: &str,
    right: &Right,
) -> Result<(Poll, kernel::Actor), Fault> {
    let viewer = &posted.viewer;
    viewer.need_somewhere(right)?;
    let poll = poll_of(ctx, viewer, id).await?;
    let actor = viewer.actor(Some(viewer.need(right, &poll.place)?))?;
    Ok((poll, actor))
}

/// Back to the page: with what was done, or with what is wrong.
pub(super) async fn leave(ctx: &Ctx, posted: &Posted, poll: Id, done: Result<(), Fault>) -> Answer {
    match done {
        Ok(()) => Ok(ui::done(ctx, &format!("{DESK}/{poll}"), "polls.done-saved", &[])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            let now = poll_of(ctx, &posted.viewer, &poll.to_string()).await?;
            Ok(with_status(&refusal, page(ctx, &posted.viewer, now, &form).await?))
        }
    }
}

async fn prepare(
    State(ctx): State<Ctx>,
    Extension(bridge): Extension<Bridge>,
    Path((id, act)): Path<(String, String)>,
    mut posted: Posted,
) -> Answer {
    let (poll, actor) = entry(&ctx, &posted, &id, &PREPARE).await?;
    let (id, key) = (poll.id, posted.key());
    let done = match act.as_str() {
        "roll" => match sheet(&posted).and_then(|sheet| Ok(rules::read_sheet(&poll.shape, &sheet)?)) {
            Err(fault) => Err(fault),
            Ok(lines) => {
                ctx.store
                    .once(key, move |tx| {
                        Box::pin(
                            async move { actions::freeze(tx, bridge, &actor, id, &lines).await.map(|_| ()) },
                        )
                    })
                    .await
            }
        },
        "notice" => {
            let given = super::notice::read(&mut posted).await;
            match given {
                Err(fault) => Err(fault),
                Ok(given) => {
                    ctx.store
                        .once(key, move |tx| {
                            Box::pin(async move {
                                let act = given.act(tx, actor.street).await?;
                                actions::act(tx, bridge, &actor, id, act).await.map(|_| ())
                            })
                        })
                        .await
                }
            }
        }
        "board" => match posted.take_photo("photo").await {
            Err(fault) => Err(fault),
            Ok(None) => Err(Refusal::invalid("photo", "ui.empty").into()),
            Ok(Some(blob)) => {
                ctx.store
                    .once(key, move |tx| {
                        Box::pin(async move {
                            let photo = tx.put_blob(actor.street, blob).await?.0;
                            actions::act(tx, bridge, &actor, id, Act::Board(photo)).await.map(|_| ())
                        })
                    })
                    .await
            }
        },
        _ => match read(&act, &posted.fields) {
            Err(refusal) => Err(refusal.into()),
            Ok(act) => {
                ctx.store
                    .once(key, move |tx| {
                        Box::pin(async move { actions::act(tx, bridge, &actor, id, act).await.map(|_| ()) })
                    })
                    .await
            }
        },
    };
    leave(&ctx, &posted, id, done).await
}

/// Papers as lines: what they say, and how many.
fn paper_lines(text: &str) -> Result<Vec<(String, u64)>, Refusal> {
    let bad = || Refusal::invalid("papers", "polls.bad-lines");
    text.lines()
        .filter(|l| !l.trim().is_empty())
        .map(|line| {
            let (vote, n) = line.rsplit_once(['=', '＝', '\t']).ok_or_else(bad)?;
            let vote = vote.trim();
            let vote = if matches!(vote, "空白" | "blank" | "-") { "" } else { vote };
            let vote = if matches!(vote, "无效") { "invalid" } else { vote };
            Ok((vote.replace(['，', '、'], ","), n.trim().parse().map_err(|_| bad())?))
        })
        .collect()
}

async fn tell(
    State(ctx): State<Ctx>,
    Extension(bridge): Extension<Bridge>,
    Path((id, act)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let (poll, actor) = entry(&ctx, &posted, &id, &TELL).await?;
    let (id, key, f) = (poll.id, posted.key(), &posted.fields);
    let role = f.code("role", TellerRole::parse).and_then(|r| r.ok_or(Refusal::invalid("role", "ui.empty")));
    let lines = paper_lines(f.get("papers"));
    let (back, struck, head) =
        (f.get("return").to_owned(), f.get("struck").to_owned(), f.parse::<u32>("head"));
    let done = ctx
        .store
        .once(key, move |tx| {
            Box::pin(async move {
                match act.as_str() {
                    "count" => actions::count(tx, bridge, &actor, id).await.map(|_| ()),
                    "return" => actions::send_back(tx, bridge, &actor, id, back).await.map(|_| ()),
                    "sign" => actions::act(tx, bridge, &actor, id, Act::Sign(role?)).await.map(|_| ()),
                    "papers" => actions::act(tx, bridge, &actor, id, Act::Papers(lines?)).await.map(|_| ()),
                    "strike" => {
                        let head = head?.ok_or(Refusal::invalid("head", "ui.empty"))?;
                        actions::strike(tx, &actor, id, head, &struck).await.map(|_| ())
                    }
                    _ => Err(Refusal::missing("polls.no-verb").into()),
                }
            })
        })
        .await;
    leave(&ctx, &posted, id, done).await
}

async fn end(
    State(ctx): State<Ctx>,
    Extension(bridge): Extension<Bridge>,
    Path((id, act)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let (poll, actor) = entry(&ctx, &posted, &id, &ANNUL).await?;
    let (id, why) = (poll.id, posted.fields.get("reason").to_owned());
    let done = ctx
        .store
        .once(posted.key(), move |tx| {
            Box::pin(async move {
                let act = match act.as_str() {
                    "void" => Act::Void(why),
                    "annul" => Act::Annul(why),
                    _ => return Err(Refusal::missing("polls.no-verb").into()),
                };
                actions::act(tx, bridge, &actor, id, act).await.map(|_| ())
            })
        })
        .await;
    leave(&ctx, &posted, id, done).await
}
