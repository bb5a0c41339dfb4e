//! For everybody: how far it is in plain words, candidates, results; for voters: naming, signing, appealing; for nominees: their word.

use super::{
    Query, calendar, election_of,
    list::state_says,
    must, office,
    steps::named_fields,
    words::{
        calendar as days, candidates, committee, kind_word, name, nominee_chip, portrait_at, results,
        state_chip, way_word,
    },
};
use crate::{
    actions::{self, ALT, Photo, Told},
    model::{Act, Election, ElectionState as S, Nominee, NomineeState, Presentation, Way},
    queries, t,
};
use axum::{
    Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::{get, post},
};
use kernel::{Actor, Id, Refusal, calendar::Calendar, time::local_date};
use maud::{Markup, html};
use std::collections::HashMap;
use store::{Blob, Fault, Tx};
use ui::{
    Answer, Ctx, Form, Posted, Viewer, into_form,
    layout::{self, Page},
    parts::{self, Field},
    with_status,
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/elections/{id}", get(show))
        .route("/elections/{id}/photos/{photo}", get(photo))
        .route("/elections/{id}/{act}", post(act))
}

/// What the page shows besides the election.
struct Sight {
    e: Election,
    names: HashMap<Id, String>,
    texts: HashMap<String, String>,
    calendar: Calendar,
    /// The units of the reader on the roll.
    units: Vec<String>,
    /// The reader.
    me: Option<Id>,
}

impl Sight {
    fn own(&self) -> Option<&Nominee> {
        self.me.and_then(|me| self.e.nominee_of(me))
    }
}

async fn see(ctx: &Ctx, viewer: &Viewer, id: &str) -> Result<Sight, Fault> {
    let e = election_of(ctx, viewer, id).await?;
    // A plan is nobody's business yet.
    if !e.state.is_public() {
        return Err(Refusal::missing("elections.no-election").into());
    }
    let calendar = calendar(ctx, e.street).await?;
    let me = viewer.signed.as_ref().map(|s| s.person);
    let keys = ctx.store.keys();
    let mut conn = ctx.store.read().await?;
    let names = queries::names(&mut conn, keys, &e).await?;
    let units = match me {
        Some(me) => queries::own_units(&mut conn, keys, &e, me).await?,
        None => Vec::new(),
    };
    let texts = conn.clear_words(keys, e.street, &wanted(&e, me)).await?;
    drop(conn);
    Ok(Sight { e, names, texts, calendar, units, me })
}

/// Presentations, once there are candidates or by their own; and the reader's own appeals.
fn wanted(e: &Election, me: Option<Id>) -> Vec<String> {
    let mine = |n: &&Nominee| e.lot.is_some() || Some(n.person) == me;
    let shown = e.nominees.iter().filter(mine).filter_map(|n| n.presentation.as_ref());
    let shown = shown.flat_map(Presentation::words);
    let own = e.appeals.iter().filter(|a| Some(a.by) == me);
    let said = own.flat_map(|a| [Some(&a.text), a.answer.as_ref()]).flatten();
    queries::commits(shown.chain(said))
}

async fn show(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>) -> Answer {
    let sight = see(&ctx, &viewer, &id).await?;
    Ok(page(&ctx, &viewer, &sight, &Form::default()).into_response())
}

fn page(ctx: &Ctx, viewer: &Viewer, x: &Sight, form: &Form) -> Markup {
    let lang = viewer.lang;
    let e = &x.e;
    let today = local_date(ctx.store.now());
    let running = e.round().filter(|_| e.state.is_running());
    let body = html! {
        div.wh { h1 { (e.title) } p.meta { (state_chip(lang, e.state)) span { (kind_word(lang, e.kind)) } span { (t!(lang, "seats-of", post = e.post.clone(), n = e.seats)) } } }
        (parts::error_summary(lang, form))
        (parts::notice(if e.state == S::Declared { "ok" } else { "" }, "info", &state_says(viewer, e), e.reason.as_deref().unwrap_or_default()))
        @if let Some(r) = running { p."btns mt3" { a."btn pri wide" href={ "/polls/" (r.poll) } { (parts::icon("arrow-right"))
            @if e.state == S::Polling { (t!(lang, "vote-now")) } @else { (t!(lang, "vote-page")) } } } }
        @if e.roll().is_some() && !e.state.is_over() && x.me.is_some() { p."card card-p mt3" {
            @if x.units.is_empty() { (t!(lang, "not-on-roll-you")) } @else { (t!(lang, "on-roll-you", unit = x.units.join("、"))) } } }
        @if x.me.is_none() && matches!(e.state, S::RollPublished | S::Appeals | S::Nominating) { p."btns mt3" { a.btn href={ "/sign-in?to=" (parts::query(&viewer.here)) } { (t!(lang, "sign-in-first")) } } }
        @if let Some(n) = x.own() { (own(ctx, viewer, x, n, form)) }
        (results(lang, e))
        (candidates(lang, e, &x.texts, &x.names))
        @if e.state == S::Nominating && !x.units.is_empty() { (naming(ctx, viewer, x, form)) }
        @if matches!(e.state, S::RollPublished | S::Appeals) && x.me.is_some() { (appeal(ctx, viewer, x, form)) }
        (days(lang, e, today, &x.calendar))
        (hung(lang, e))
        @if let Some(r) = e.roll() { p.muted { (t!(lang, "roll-public", voters = r.voters, version = r.version)) } }
        (committee(lang, e, &x.names))
    };
    let page = Page { title: &e.title, slim: true, back: Some("/elections"), ..Page::default() };
    layout::resident(ctx, viewer, page, &body)
}

/// Which notices hung on a board before they were entered here, with the photos.
fn hung(lang: ui::Lang, e: &Election) -> Markup {
    let roll = e.rolls.first().and_then(|r| Some((t!(lang, "roll"), r.posted.as_ref()?, r.at)));
    let list = e.lot.as_ref().and_then(|l| Some((t!(lang, "candidates"), l.posted.as_ref()?, l.at)));
    html! { @for (what, posted, at) in roll.into_iter().chain(list) { p.muted { (what) "：" (polls::posted_words(lang, posted, at))
    @if let Some(photo) = posted.photo { " " a href={ "/elections/" (e.id) "/photos/" (photo) } { (t!(lang, "posted-photo")) } } } } }
}

/// A photo of a board or of a candidate that is on the page; a nominee's own before, for their eyes alone.
async fn photo(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    Path((id, photo)): Path<(String, String)>,
    query: Query,
) -> Answer {
    let e = election_of(&ctx, &viewer, &id).await?;
    let missing = || Refusal::missing("elections.no-photo");
    let photo: Id = photo.parse().map_err(|_| missing())?;
    let shown = e.photos().any(|p| p == photo);
    let me = viewer.signed.as_ref().and_then(|s| e.nominee_of(s.person)).and_then(Nominee::portrait);
    if !e.state.is_public() || !(shown || me.is_some_and(|p| p.photo == photo)) {
        return Err(missing().into());
    }
    let small = query.get("size").is_some_and(|s| s == "small");
    let keep = if shown { "private, max-age=300" } else { "no-store" };
    let kept = ctx.store.read().await?.blob(e.street, photo, small).await?.ok_or_else(missing)?;
    Ok(ui::photo(kept, keep)?)
}

fn to(x: &Sight, act: &str) -> String {
    format!("/elections/{}/{act}", x.e.id)
}

/// What a nominee does: agree, go back, say who they are.
fn own(ctx: &Ctx, viewer: &Viewer, x: &Sight, n: &Nominee, form: &Form) -> Markup {
    let lang = viewer.lang;
    let e = &x.e;
    let one = |act: &str, class: &str, word: &str| {
        html! { form method="post" action=(to(x, act)) data-once { (parts::hidden(ctx, viewer)) button class={ "btn " (class) } { (word) } } }
    };
    let asked = n.ended.is_none() && n.agreed_at.is_none() && matches!(e.state, S::Nominating | S::Vetting);
    let back = n.ended.is_none() && n.agreed_at.is_some() && !e.state.is_over() && !e.is_elected(n.id);
    let telling = n.ended.is_none()
        && n.agreed_at.is_some()
        && (e.state.is_before_candidates() || matches!(e.state, S::CandidatesPublished | S::MeetingVoters));
    let form = &form.of(viewer, &to(x, "present"));
    let mut now = form.clone();
    if let Some(p) = n.presentation.as_ref().filter(|_| form.errors.is_empty()) {
        let alt = p.portrait.as_ref().map(|p| &p.alt);
        for (field, words) in [("about", p.about.as_ref()), ("promise", p.promise.as_ref()), ("alt", alt)] {
            if let Some(text) = words.and_then(|w| x.texts.get(&w.commit)) {
                now.values.set(field, text);
            }
        }
    }
    html! { section."card card-p mt3" aria-labelledby="h-own" {
        h2.h3 #h-own { (t!(lang, "you-are-nominee")) } p.meta { (nominee_chip(lang, n)) span { (way_word(lang, n.way)) } @if n.need > 0 { span.num { (t!(lang, "signers", n = n.signers.len(), need = n.need)) } } }
        @if asked { p { (t!(lang, "agree-about")) } div."btns mt2" { (one("agree", "pri", &t!(lang, "act-agree"))) (one("decline", "quiet", &t!(lang, "act-decline"))) } }
        @if telling { form."form mt2" method="post" action=(to(x, "present")) enctype="multipart/form-data" data-once {
            (parts::hidden(ctx, viewer))
            (parts::field(lang, &now, Field { name: "about", label: &t!(lang, "present-about"), hint: &t!(lang, "present-about-hint"), kind: "textarea", rows: 5, max: 2000, ..Field::default() }))
            (parts::field(lang, &now, Field { name: "promise", label: &t!(lang, "present-promise"), kind: "textarea", rows: 3, max: 2000, ..Field::default() }))
            @if e.state.is_before_candidates() { (picture(lang, x, n, &now)) }
            div."btns mt3" { button."btn pri" { (t!(lang, "save")) } }
        } }
        @if back { details."more mt3" { summary { (t!(lang, "act-withdraw")) } p { (t!(lang, "withdraw-about")) } (one("withdraw", "bad", &t!(lang, "act-withdraw"))) } }
    } }
}

/// The photo of a nominee: the one that is there, another one, and what is to be seen on it.
fn picture(lang: ui::Lang, x: &Sight, n: &Nominee, now: &Form) -> Markup {
    let kept = n.portrait().and_then(|p| Some((p, x.texts.get(&p.alt.commit)?)));
    let label = if kept.is_some() { t!(lang, "photo-other") } else { t!(lang, "photo") };
    let error = now.error("photo");
    html! { fieldset.field {
        legend { (t!(lang, "photo")) }
        p.hint #f-photo-h { (t!(lang, "photo-hint")) }
        @if let Some((p, alt)) = kept {
            figure."shots portrait" { img src=(portrait_at(&x.e, p)) alt=(alt) width="120" height="150"; }
            (parts::check(now, "away", &t!(lang, "photo-away")))
        }
        div.field.bad[error.is_some()] {
            label for="f-photo" { (label) " " span.opt { (ui::say(lang, "ui.optional", &[])) } }
            @if let Some(e) = error { p.err #f-photo-e { (parts::icon_s("circle-alert")) (ui::refusal_text(lang, e)) } }
            input #f-photo type="file" name="photo" accept="image/jpeg,image/png,image/webp" aria-invalid=[error.map(|_| "true")] aria-describedby=(if error.is_some() { "f-photo-h f-photo-e" } else { "f-photo-h" });
        }
        (parts::field(lang, now, Field { name: "alt", label: &t!(lang, "photo-alt"), hint: &t!(lang, "photo-alt-hint"), max: ALT, bare: true, ..Field::default() }))
    } }
}

/// Voters name somebody and sign for others.
fn naming(ctx: &Ctx, viewer: &Viewer, x: &Sight, form: &Form) -> Markup {
    let lang = viewer.lang;
    let e = &x.e;
    let collecting: Vec<&Nominee> = e
        .nominees
        .iter()
        .filter(|n| n.need > 0 && matches!(n.state(), NomineeState::Collecting | NomineeState::Asked))
        .collect();
    html! {
        @if !collecting.is_empty() { section."sec mt3" aria-labelledby="h-sign" {
            div.sec-h { h2 #h-sign { (t!(lang, "sign-for")) } }
            ul."card rowlist" { @for n in collecting { li { div.rw { (parts::icon("user-round")) span.tx {
                b { (name(lang, &x.names, n.person)) } span.meta { span.num { (t!(lang, "signers", n = n.signers.len(), need = n.need)) } }
                @if x.units.iter().any(|u| n.signers.contains(u)) { span.meta { (parts::chip("ok", "circle-check", &t!(lang, "signed-by-you"))) } }
                @else { form method="post" action=(to(x, "sign")) data-once { (parts::hidden(ctx, viewer)) input type="hidden" name="id" value=(n.id); button."btn sm" { (t!(lang, "act-sign")) } } }
            } } } } }
        } }
        @let form = form.of(viewer, &to(x, "nominate"));
        @if x.own().is_none() { details."more card card-p mt3" open[!form.errors.is_empty()] {
            summary { (t!(lang, "act-nominate")) }
            p.muted { (t!(lang, "nominate-about")) }
            form."form mt2" method="post" action=(to(x, "nominate")) data-once {
                (parts::hidden(ctx, viewer))
                (named_fields(viewer, &form, &[Way::Own, Way::Peers]))
                div."btns mt3" { button."btn pri" { (t!(lang, "act-nominate")) } }
            }
        } }
    }
}

fn appeal(ctx: &Ctx, viewer: &Viewer, x: &Sight, form: &Form) -> Markup {
    let lang = viewer.lang;
    let mine = x.e.appeals.iter().filter(|a| Some(a.by) == x.me);
    html! { section."sec mt3" aria-labelledby="h-appeal" {
        div.sec-h { h2 #h-appeal { (t!(lang, "appeal")) } }
        @for a in mine { div."card card-p mt2" {
            p { (x.texts.get(&a.text.commit).cloned().unwrap_or_default()) }
            p.meta { @match a.upheld { None => span.num { (t!(lang, "decide-until", day = a.due.to_string())) }, Some(true) => (parts::chip("ok", "", &t!(lang, "upheld-yes"))), Some(false) => (parts::chip("off", "", &t!(lang, "upheld-no"))) } }
            @if let Some(text) = a.answer.as_ref().and_then(|w| x.texts.get(&w.commit)) { p { (text) } }
        } }
        form."card card-p form mt2" method="post" action=(to(x, "appeal")) data-once {
            (parts::hidden(ctx, viewer))
            (parts::field(lang, form, Field { name: "said", label: &t!(lang, "appeal-text"), hint: &t!(lang, "appeal-hint"), kind: "textarea", rows: 3, required: true, max: 4000, ..Field::default() }))
            div."btns mt3" { button.btn { (t!(lang, "act-appeal")) } }
        }
    } }
}

async fn act(State(ctx): State<Ctx>, Path((id, verb)): Path<(String, String)>, mut posted: Posted) -> Answer {
    posted.viewer.signed_in()?;
    // Before the photo is taken out of the form: another photo is another form.
    let key = posted.key();
    let photo = posted.take_photo("photo").await;
    let viewer = &posted.viewer;
    let actor = viewer.actor(None)?;
    let x = see(&ctx, viewer, &id).await?;
    let (id, own, calendar) = (x.e.id, x.own().map(|n| n.id), x.calendar.clone());
    let fields = posted.fields.clone();
    let done = match photo {
        Err(fault) => Err(fault),
        Ok(photo) => {
            let asked = Asked { verb, own, fields, photo };
            ctx.store
                .once(key, move |tx| Box::pin(async move { run(tx, &actor, id, asked, &calendar).await }))
                .await
        }
    };
    match done {
        Ok(()) => Ok(ui::done(&ctx, &format!("/elections/{id}"), "elections.done-saved", &[])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            let now = see(&ctx, viewer, &id.to_string()).await?;
            Ok(with_status(&refusal, page(&ctx, viewer, &now, &form)))
        }
    }
}

/// What a resident asks.
struct Asked {
    verb: String,
    /// The nominee that the resident is.
    own: Option<Id>,
    fields: ui::Fields,
    photo: Option<Blob>,
}

/// How the form of a presentation tells it. Without a field for its words it asked nothing about the photo.
fn told(f: &ui::Fields, photo: Option<Blob>) -> Told {
    let alt = || f.get("alt").to_owned();
    let photo = match photo {
        Some(blob) => Photo::Given(Box::new(blob), alt()),
        None if f.ticked("away") => Photo::Away,
        None if f.iter().any(|(name, _)| name == "alt") => Photo::Said(alt()),
        None => Photo::Stays,
    };
    Told { about: f.get("about").to_owned(), promise: f.get("promise").to_owned(), photo }
}

/// A verb of a resident.
async fn run(tx: &mut Tx, actor: &Actor, id: Id, asked: Asked, calendar: &Calendar) -> Result<(), Fault> {
    let f = &asked.fields;
    let me = || asked.own.ok_or_else(|| Fault::from(Refusal::forbidden("elections.not-nominee")));
    match asked.verb.as_str() {
        "nominate" => actions::nominate(tx, actor, id, office::named(f)?, false, calendar).await,
        "sign" => actions::sign(tx, actor, id, must(f, "id")?, calendar).await,
        "agree" => actions::act(tx, actor, id, Act::Agree(me()?), calendar).await,
        "decline" => actions::act(tx, actor, id, Act::Decline(me()?), calendar).await,
        "withdraw" => actions::act(tx, actor, id, Act::Withdraw(me()?), calendar).await,
        "present" => actions::present(tx, actor, id, me()?, told(f, asked.photo), calendar).await,
        "appeal" => actions::appeal(tx, actor, id, f.get("said"), calendar).await,
        _ => return Err(Refusal::missing("elections.no-verb").into()),
    }
    .map(|_| ())
}
