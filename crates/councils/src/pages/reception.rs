//! A duty: whoever has it receives residents and enters from a phone what was said; before it, another member may take it.

use super::{council_of, feed, id_of, into_form, presides_on, with_status, words::capacity_word};
use crate::{
    Bridge,
    actions::{self, Said},
    model::{Council, Duty, DutyAct, DutyFigures, DutyState, Heard},
    queries,
    rules::rights::ROTA,
    t,
};
use axum::{
    Extension, Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::{get, post},
};
use kernel::{
    Actor, Id, PlacePath, Refusal, Time,
    time::{local_date, parse_stamp, stamp},
};
use maud::{Markup, html};
use places::PlaceKind;
use std::collections::HashMap;
use store::{Conn, Fault};
use ui::{
    Answer, Ctx, Cursor, Fields, Form, Lang, Posted, Viewer,
    layout::{self, Page},
    parts::{self, Field, chip},
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/duties", get(mine))
        .route("/duties/{id}", get(show))
        .route("/duties/{id}/{act}", post(act))
}

/// A page of a list of duties.
pub(super) struct Listed {
    pub(super) rows: Vec<(Duty, String)>,
    /// Where the next page begins, if there is one.
    pub(super) next: Option<String>,
}

/// The duties of a place, or of one body, in a span of time, after a cursor.
pub(super) async fn listed(
    conn: &mut Conn,
    (street, within, council): (Id, &PlacePath, Option<Id>),
    span: (Time, Time),
    after: &str,
) -> Result<Listed, Fault> {
    let bad = || Refusal::invalid("cursor", "ui.bad-cursor");
    let after = match Cursor::decode(after, 2)? {
        Some(c) => (parse_stamp(c.text(0)).ok_or_else(bad)?, c.text(1).parse().map_err(|_| bad())?),
        None => (Time::default(), street),
    };
    let mut rows = queries::duties(conn, street, within, council, span, after).await?;
    let more = rows.len() > queries::PAGE as usize;
    rows.truncate(queries::PAGE as usize);
    let next = rows
        .last()
        .filter(|_| more)
        .map(|(d, _)| Cursor(vec![stamp(d.starts).into(), d.id.to_string().into()]).encode());
    Ok(Listed { rows, next })
}

/// What members on duty did, in words.
pub(super) fn figures(lang: Lang, f: &DutyFigures) -> String {
    t!(
        lang,
        "duty-figures",
        planned = f.planned,
        kept = f.kept,
        missed = f.missed(),
        people = f.people,
        answered = f.answered,
        raised = f.raised
    )
}

fn state_chip(lang: Lang, d: &Duty, now: Time) -> Markup {
    match d.state {
        DutyState::Cancelled => chip("off", "", &t!(lang, "duty-cancelled")),
        DutyState::Kept => chip("ok", "circle-check", &t!(lang, "duty-kept")),
        DutyState::Planned if d.missed(now) => chip("late", "triangle-alert", &t!(lang, "duty-missed")),
        DutyState::Planned if d.starts <= now => chip("do", "", &t!(lang, "duty-now")),
        DutyState::Planned => chip("new", "", &t!(lang, "duty-planned")),
    }
}

/// When: the day with its weekday, from and to.
fn when(lang: Lang, d: &Duty) -> String {
    let day = local_date(d.starts);
    let clock = |at| kernel::time::local(at).format("%H:%M").to_string();
    format!("{day} {} {}–{}", ui::show::weekday(lang, day), clock(d.starts), clock(d.ends))
}

/// Duties as a list; links lead to the duty's own page, for whom that is.
pub(super) fn rows(
    lang: Lang,
    all: &[(Duty, String)],
    now: Time,
    link: bool,
    who: &dyn Fn(&Duty) -> String,
) -> Markup {
    let row = |d: &Duty, body: &str| {
        html! { (parts::icon("user-round")) span.tx {
            b { span.num { (when(lang, d)) } } p { (who(d)) " · " (capacity_word(lang, d.capacity)) }
            span.meta { (state_chip(lang, d, now)) span { (d.venue) } span { (body) }
                @if d.state == DutyState::Kept { span.num { (t!(lang, "duty-people", n = d.people())) } }
                @if d.swap.is_some() { (chip("talk", "", &t!(lang, "swap-open"))) } }
        } }
    };
    html! {
        @if all.is_empty() { (parts::empty("calendar-days", &t!(lang, "duties-none"), "")) } @else {
            ul."card rowlist" { @for (d, body) in all { li {
                @if link { a.rw href={ "/duties/" (d.id) } { (row(d, body)) } } @else { div.rw { (row(d, body)) } }
            } } }
        }
    }
}

/// The own duties of the weeks to come, and those that one is asked to take.
async fn mine(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    viewer.signed_in()?;
    let lang = viewer.lang;
    let street = ctx.street(&viewer)?;
    let person = viewer.actor(None)?.person.ok_or(Refusal::forbidden("ui.no-right"))?;
    let now = ctx.store.now();
    let since = now - chrono::Duration::days(14);
    let all = queries::own_duties(&mut ctx.store.read().await?, street, person, since).await?;
    let (own, asked): (Vec<_>, Vec<_>) = all.into_iter().partition(|(d, _)| d.person == person);
    let title = t!(lang, "own-duties");
    let you = |_: &Duty| t!(lang, "you");
    let other = |d: &Duty| capacity_word(lang, d.capacity);
    let feed = feed::own_link(&ctx, person);
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "own-duties-about")) } }
        @if !asked.is_empty() { section."sec mt3" aria-labelledby="h-asked" {
            div.sec-h { h2 #h-asked { (t!(lang, "swap-asked-you")) } } (rows(lang, &asked, now, true, &other))
        } }
        div."mt3" { (rows(lang, &own, now, true, &you)) }
        details."more card card-p mt3" { summary { (t!(lang, "calendar-follow")) } p.hint { (t!(lang, "own-calendar-about")) } p.cap { a href=(feed) { (feed) } } }
    };
    let page = Page { title: &title, slim: true, back: Some("/"), ..Page::default() };
    Ok(layout::resident(&ctx, &viewer, page, &body).into_response())
}

/// A duty with what its page shows, and what the viewer may do.
struct Seen {
    duty: Duty,
    council: Council,
    /// As whom the viewer acts.
    actor: Actor,
    /// Whether it is the viewer's own.
    own: bool,
    /// Whether the viewer is asked to take it.
    asked: bool,
    /// Whether the viewer makes rotas there.
    manages: bool,
}

/// The duty in an address: of whoever has it, is asked to take it, presides over the body, or makes its rotas.
async fn entered(ctx: &Ctx, viewer: &Viewer, id: &str) -> Result<Seen, Fault> {
    viewer.signed_in()?;
    let none = || Fault::from(Refusal::missing("councils.no-duty"));
    let id: Id = id.parse().map_err(|_| none())?;
    let street = ctx.street(viewer)?;
    let duty = queries::duty(&mut ctx.store.read().await?, street, id).await?.ok_or_else(none)?;
    let council = council_of(ctx, viewer, &duty.council.to_string()).await?;
    let person = viewer.signed.as_ref().map(|g| g.person);
    let own = person == Some(duty.person);
    let asked = duty.swap.is_some_and(|s| person == Some(s.person));
    let presides = presides_on(viewer, &council, local_date(ctx.store.now()));
    let office = viewer.may(&ROTA, &duty.place);
    let actor = match office {
        // The own duty is done as a member, whatever office one holds besides.
        _ if own || asked || presides => viewer.actor(office)?,
        Some(office) => viewer.actor(Some(office))?,
        None => return Err(Refusal::forbidden("ui.no-right").into()),
    };
    Ok(Seen { manages: presides || office.is_some(), duty, council, actor, own, asked })
}

async fn show(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>) -> Answer {
    let seen = entered(&ctx, &viewer, &id).await?;
    Ok(page(&ctx, &viewer, &seen, &Form::default()).await?.into_response())
}

async fn page(ctx: &Ctx, viewer: &Viewer, x: &Seen, form: &Form) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let (d, now) = (&x.duty, ctx.store.now());
    let mut conn = ctx.store.read().await?;
    let said = queries::said(&mut conn, ctx.store.keys(), d).await?;
    let ids: Vec<Id> = x.council.members.iter().map(|m| m.person).collect();
    let names = people::queries::names(&mut conn, ctx.store.keys(), d.street, &ids).await?;
    let kinds = [PlaceKind::Community, PlaceKind::Compound];
    let places = places::under(&mut conn, d.street, &d.place, &kinds, 500).await?;
    let come = queries::duties_to_come(&mut conn, d.street, d.council, now).await?;
    drop(conn);
    let places: Vec<(String, String)> =
        places.iter().map(|p| (p.path.to_string(), p.full_name.clone())).collect();
    let works = (x.own || x.manages) && d.state != DutyState::Cancelled;
    let began = d.starts - chrono::Duration::hours(1) <= now;
    let name = names.get(&d.person).cloned().unwrap_or_else(|| t!(lang, "nameless"));
    let title = t!(lang, "reception");
    let body = html! {
        div.wh { h1 { (when(lang, d)) } p.meta { (state_chip(lang, d, now)) span { (d.venue) } a href={ "/councils/" (d.council) } { (x.council.name) } } }
        p { b { (name) } " · " (capacity_word(lang, d.capacity)) }
        @if let Some(reason) = &d.reason { (parts::notice("warn", "info", &t!(lang, "reason"), reason)) }
        (parts::error_summary(lang, form))
        @if x.asked { (asked(ctx, viewer, d, &come)) }
        @if d.state == DutyState::Kept { p."h3 mt3" { (t!(lang, "duty-sum", people = d.people(), answered = d.answered(), raised = d.raised())) } }
        @if works && began { (receive(ctx, viewer, d, &places, form)) }
        @if d.state == DutyState::Kept { (entries(ctx, viewer, d, &said, works)) }
        @if works && d.state == DutyState::Planned { (swaps(ctx, viewer, x, &names, &come, form)) }
    };
    let page = Page { title: &title, slim: true, back: Some("/duties"), ..Page::default() };
    Ok(layout::resident(ctx, viewer, page, &body))
}

fn to(d: &Duty, verb: &str) -> String {
    format!("/duties/{}/{verb}", d.id)
}

/// One screen: how many, what about, and what came of it.
fn receive(ctx: &Ctx, viewer: &Viewer, d: &Duty, places: &[(String, String)], form: &Form) -> Markup {
    let lang = viewer.lang;
    let mut now = form.clone();
    if now.values.some("people").is_none() {
        now.values.set("people", "1");
    }
    if now.values.some("place").is_none() && places.iter().any(|(p, _)| *p == d.place.to_string()) {
        now.values.set("place", d.place.to_string());
    }
    let matter = ["place", "phone", "name"].iter().any(|f| form.error(f).is_some());
    html! {
        @if d.state == DutyState::Planned { form."mt3" method="post" action=(to(d, "begin")) data-once { (parts::hidden(ctx, viewer)) button."btn pri wide" { (parts::icon("user-check")) (t!(lang, "duty-begin")) } } }
        form."card card-p form mt3" method="post" action=(to(d, "receive")) data-once {
            (parts::hidden(ctx, viewer))
            (parts::field(lang, &now, Field { name: "people", label: &t!(lang, "received-people"), hint: &t!(lang, "received-people-hint"), kind: "number", required: true, ..Field::default() }))
            (parts::field(lang, &now, Field { name: "about", label: &t!(lang, "received-about"), hint: &t!(lang, "received-about-hint"), kind: "textarea", rows: 2, max: 2000, ..Field::default() }))
            (parts::field(lang, &now, Field { name: "answer", label: &t!(lang, "received-answer"), kind: "textarea", rows: 2, max: 2000, ..Field::default() }))
            div."btns mt3" {
                button."btn pri" name="end" value="answered" { (t!(lang, "act-received-answered")) }
                button.btn name="end" value="nothing" { (t!(lang, "act-received-nothing")) }
            }
            details."more mt3" open[matter] { summary { (t!(lang, "received-matter")) } p.hint { (t!(lang, "received-matter-hint")) }
                (parts::select(lang, &now, Field { name: "place", label: &t!(lang, "place"), ..Field::default() }, places))
                div.g2 {
                    (parts::field(lang, &now, Field { name: "name", label: &t!(lang, "person-name"), max: 40, ..Field::default() }))
                    (parts::field(lang, &now, Field { name: "phone", label: &t!(lang, "phone"), kind: "tel", max: 20, ..Field::default() }))
                }
                div."btns mt3" { button."btn pri" name="end" value="raised" { (t!(lang, "act-received-raised")) } }
            }
        }
    }
}

/// What was entered, the last first.
fn entries(ctx: &Ctx, viewer: &Viewer, d: &Duty, said: &HashMap<String, String>, works: bool) -> Markup {
    let lang = viewer.lang;
    let text = |w: &kernel::text::Words| said.get(&w.commit).cloned().unwrap_or_default();
    let all: Vec<_> = d.entries().collect();
    html! {
        @if !all.is_empty() { section."sec mt3" aria-labelledby="h-entries" {
            div.sec-h { h2 #h-entries { (t!(lang, "entries")) } }
            ul."card rowlist" { @for r in all.into_iter().rev() { li { div.rw { span.tx {
                @match &r.heard {
                    Heard::Nothing => {},
                    Heard::Answered { about, answer } => { b { (text(about)) } p { (text(answer)) } },
                    Heard::Raised { matter } => { b { a href={ "/m/" (matter.number) } { (t!(lang, "became-matter", number = matter.number.clone())) } } },
                }
                span."meta num" { (t!(lang, "duty-people", n = r.people)) span { (ui::show::when(lang, r.at, ctx.store.now())) } }
            } @if works && !matches!(r.heard, Heard::Raised { .. }) { form method="post" action=(to(d, "strike")) data-once {
                (parts::hidden(ctx, viewer)) input type="hidden" name="entry" value=(r.id);
                button."btn sm quiet" { (t!(lang, "entry-strike")) }
            } } } } } }
        } }
    }
}

/// For whoever is asked to take it.
fn asked(ctx: &Ctx, viewer: &Viewer, d: &Duty, come: &[Duty]) -> Markup {
    let lang = viewer.lang;
    let against = d.swap.and_then(|s| s.against).and_then(|id| come.iter().find(|o| o.id == id));
    html! {
        section."card card-p mt3" aria-labelledby="h-swap" { h2.h3 #h-swap { (t!(lang, "swap-asked-you")) }
            @if let Some(o) = against { p { (t!(lang, "swap-against", time = when(lang, o))) } }
            div."btns mt2" {
                form method="post" action=(to(d, "take")) data-once { (parts::hidden(ctx, viewer)) button."btn pri" { (t!(lang, "swap-yes")) } }
                form method="post" action=(to(d, "drop-swap")) data-once { (parts::hidden(ctx, viewer)) button.btn { (t!(lang, "swap-no")) } }
            }
        }
    }
}

/// Another member is asked, or given it; or it will not be.
fn swaps(
    ctx: &Ctx,
    viewer: &Viewer,
    x: &Seen,
    names: &HashMap<Id, String>,
    come: &[Duty],
    form: &Form,
) -> Markup {
    let lang = viewer.lang;
    let (d, now) = (&x.duty, ctx.store.now());
    let name = |person: Id| names.get(&person).cloned().unwrap_or_else(|| t!(lang, "nameless"));
    let others: Vec<(String, String)> = x
        .council
        .serving(local_date(d.starts))
        .filter(|m| m.id != d.member)
        .map(|m| (m.id.to_string(), format!("{} · {}", name(m.person), capacity_word(lang, m.capacity))))
        .collect();
    let theirs: Vec<(String, String)> = come
        .iter()
        .filter(|o| o.person != d.person)
        .map(|o| (o.id.to_string(), format!("{} · {}", when(lang, o), name(o.person))))
        .collect();
    html! {
        @if d.starts > now && d.swap.is_some() { section."card card-p mt3" { p { (t!(lang, "swap-waits", name = d.swap.map(|s| name(s.person)).unwrap_or_default())) }
            @if !x.asked { form."mt2" method="post" action=(to(d, "drop-swap")) data-once { (parts::hidden(ctx, viewer)) button.btn { (t!(lang, "swap-drop")) } } } } }
        @else if d.starts > now && !others.is_empty() { details."more card card-p mt3" open[form.error("to").is_some()] { summary { (t!(lang, "swap-ask")) }
            form."form mt2" method="post" action=(to(d, "ask-swap")) data-once {
                (parts::hidden(ctx, viewer))
                (parts::select(lang, form, Field { name: "to", label: &t!(lang, "swap-to"), required: true, ..Field::default() }, &others))
                @if !theirs.is_empty() { (parts::select(lang, form, Field { name: "against", label: &t!(lang, "swap-for"), hint: &t!(lang, "swap-for-hint"), ..Field::default() }, &theirs)) }
                div."btns mt3" { button."btn pri" { (t!(lang, "swap-ask")) } @if x.manages { button.btn formaction=(to(d, "hand")) { (t!(lang, "duty-hand")) } } }
            }
        } }
        @if x.manages && d.ends > now { details."more card card-p mt3" open[form.error("words").is_some()] { summary { (t!(lang, "duty-cancel")) }
            form."form mt2" method="post" action=(to(d, "cancel")) data-once {
                (parts::hidden(ctx, viewer))
                (parts::field(lang, form, Field { name: "words", label: &t!(lang, "reason"), required: true, max: 2000, ..Field::default() }))
                div."btns mt3" { button."btn bad" { (t!(lang, "duty-cancel")) } }
            }
        } }
    }
}

/// What a form of the page asks.
enum Asked {
    Act(DutyAct),
    Take,
    Receive(u32, Said),
}

fn read(verb: &str, f: &Fields) -> Result<Asked, Refusal> {
    let text = |name: &str| f.get(name).to_owned();
    Ok(Asked::Act(match verb {
        "begin" => DutyAct::Begin,
        "strike" => DutyAct::Strike(id_of(f, "entry")?),
        "ask-swap" => DutyAct::AskSwap(id_of(f, "to")?, f.parse("against")?),
        "drop-swap" => DutyAct::DropSwap,
        "hand" => DutyAct::Hand(id_of(f, "to")?),
        "cancel" => DutyAct::Cancel(text("words")),
        "take" => return Ok(Asked::Take),
        "receive" => {
            let people = f.parse("people")?.ok_or(Refusal::invalid("people", "ui.empty"))?;
            let said = match f.get("end") {
                // Somebody who wrote what it was about did not mean to count heads only.
                "nothing" if f.some("about").is_some() => {
                    return Err(Refusal::invalid("about", "councils.about-what"));
                }
                "nothing" => Said::Nothing,
                "raised" => {
                    let bad = Refusal::invalid("place", "ui.not-valid");
                    let place = f.some("place").map(|p| PlacePath::parse(p).ok_or(bad)).transpose()?;
                    let some = |name: &str| f.some(name).map(str::to_owned);
                    Said::Raise { place, about: text("about"), name: some("name"), phone: some("phone") }
                }
                _ => Said::Answered { about: text("about"), answer: text("answer") },
            };
            return Ok(Asked::Receive(people, said));
        }
        _ => return Err(Refusal::missing("councils.no-verb")),
    }))
}

/// Whether the viewer may do this: what is asked of somebody else only they answer, and only who makes rotas calls off.
fn allowed(x: &Seen, asked: &Asked) -> bool {
    match asked {
        Asked::Take => x.asked,
        Asked::Act(DutyAct::DropSwap) => x.asked || x.own || x.manages,
        Asked::Act(DutyAct::Hand(_) | DutyAct::Cancel(_)) => x.manages,
        Asked::Act(_) | Asked::Receive(..) => x.own || x.manages,
    }
}

async fn act(
    State(ctx): State<Ctx>,
    Extension(bridge): Extension<Bridge>,
    Path((id, verb)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let viewer = &posted.viewer;
    let x = entered(&ctx, viewer, &id).await?;
    let (id, actor) = (x.duty.id, x.actor.clone());
    let done = match read(&verb, &posted.fields) {
        Err(refusal) => Err(Fault::from(refusal)),
        Ok(asked) if !allowed(&x, &asked) => Err(Refusal::forbidden("ui.no-right").into()),
        Ok(asked) => {
            ctx.store
                .once(posted.key(), move |tx| {
                    Box::pin(async move {
                        match asked {
                            Asked::Act(act) => actions::duty(tx, &actor, id, act).await.map(|_| ()),
                            Asked::Take => actions::take(tx, &actor, id).await.map(|_| ()),
                            Asked::Receive(people, said) => {
                                actions::receive(tx, bridge, &actor, id, people, said).await.map(|_| ())
                            }
                        }
                    })
                })
                .await
        }
    };
    match done {
        // Whoever declined or was asked has nothing more to do with it.
        Ok(()) if x.asked && !x.own => Ok(ui::done(&ctx, "/duties", "councils.done-saved", &[])),
        Ok(()) => Ok(ui::done(&ctx, &format!("/duties/{id}"), "councils.done-saved", &[])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            let now = entered(&ctx, viewer, &id.to_string()).await?;
            Ok(with_status(&refusal, page(&ctx, viewer, &now, &form).await?))
        }
    }
}
