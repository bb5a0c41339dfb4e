//! The one form of the step that comes next.

use super::{
    office::Screen,
    show::{address, button},
    shown,
    words::{name, nominee_chip, round_word, way_word, word},
};
use crate::{
    model::{Bar, Election, ElectionState as S, NomineeState, RoundKind, Way},
    rules, t,
};
use kernel::time::{day_start, local_date};
use maud::{Markup, html};
use ui::{
    Ctx, Form, Viewer,
    parts::{self, Field},
};

pub(super) fn step(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let lang = viewer.lang;
    let e = &x.election;
    let one = |act: &str, word: &str| button(ctx, viewer, &address(e, act), "", "", "pri", word);
    html! {
        section."card card-p mt3" aria-labelledby="h-step" {
            h2.h3 #h-step { (word(lang, &format!("next-{}", e.state))) }
            p.muted { (word(lang, &format!("help-{}", e.state))) }
            @if x.prepare { @match e.state {
                S::Prepared => { (members(ctx, viewer, x, form)) div."btns mt3" { (one("form", &t!(lang, "act-form"))) } }
                S::Committee => { (roll(ctx, viewer, e, form)) details."more mt3" open[form.error("name").is_some()] { summary { (t!(lang, "act-member")) } (members(ctx, viewer, x, form)) } }
                S::RollPublished | S::Appeals => { (appeals(ctx, viewer, x, form)) (correction(ctx, viewer, x, form)) div."btns mt3" { (one("open", &t!(lang, "act-open"))) } }
                S::Nominating => { (nominate(ctx, viewer, e, form)) (signing(ctx, viewer, x, form)) div."btns mt3" { (button(ctx, viewer, &address(e, "close"), "", "", "", &t!(lang, "act-close"))) } }
                S::Vetting => { @if x.vet { (vetting(ctx, viewer, x, form)) } (publish(ctx, viewer, x, form)) }
                S::CandidatesPublished => { (poll_link(viewer, e)) (meet(ctx, viewer, e, form)) }
                S::MeetingVoters | S::TieVote | S::Runoff | S::Polling => (poll_link(viewer, e)),
                S::Counting => { (poll_link(viewer, e)) @if x.conclude { (written_in(ctx, viewer, e, form)) } }
                S::Tie | S::Short | S::InvalidTurnout | S::InvalidOverflow | S::SetAside => { (call(ctx, viewer, x, form)) @if x.conclude { (vacant(ctx, viewer, e, form)) } }
                S::Declared => @if x.conclude { (handover(ctx, viewer, e, form)) },
                S::Handover => @if x.conclude { (one("conclude/archive", &t!(lang, "act-archive"))) },
                S::Archived | S::Cancelled => {}
            } } @else if x.vet && e.state == S::Vetting { (vetting(ctx, viewer, x, form)) }
        }
    }
}

/// The committee with a form for one more.
fn members(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let lang = viewer.lang;
    let e = &x.election;
    html! {
        ul.rowlist { @for m in e.serving() { li { div.rw { (parts::icon("user-round")) span.tx { b { (name(lang, &x.names, m.person)) }
            @if m.chair { span.meta { (t!(lang, "chair")) } }
            (button(ctx, viewer, &address(e, "resign"), "member", &m.id.to_string(), "sm quiet", &t!(lang, "act-resign")))
        } } } } }
        form."form mt2" method="post" action=(address(e, "member")) data-once {
            (parts::hidden(ctx, viewer))
            div.g2 {
                (parts::field(lang, form, Field { name: "name", label: &t!(lang, "person-name"), required: true, max: 40, ..Field::default() }))
                (parts::field(lang, form, Field { name: "phone", label: &t!(lang, "phone"), hint: &t!(lang, "phone-why-member"), kind: "tel", ..Field::default() }))
            }
            (parts::check(form, "chair", &t!(lang, "is-chair")))
            div."btns mt3" { button.btn { (t!(lang, "act-member")) } }
        }
    }
}

fn roll(ctx: &Ctx, viewer: &Viewer, e: &Election, form: &Form) -> Markup {
    let lang = viewer.lang;
    let error = form.error("roll");
    html! { form.form method="post" action=(address(e, "roll")) enctype="multipart/form-data" data-once {
        (parts::hidden(ctx, viewer))
        div.field.bad[error.is_some()] {
            label for="f-roll" { (t!(lang, "roll-file")) }
            p.hint #f-roll-h { (t!(lang, "roll-file-hint")) }
            @if let Some(e) = error { p.err #f-roll-e { (parts::icon_s("circle-alert")) (ui::refusal_text(lang, e)) } }
            input #f-roll type="file" name="roll" accept=".xlsx,.csv" required aria-describedby="f-roll-h";
        }
        (polls::posted_fields(lang, form))
        div."btns mt3" { button."btn pri" { (t!(lang, "act-roll")) } }
    } }
}

/// The first appeal that waits.
fn appeals(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let lang = viewer.lang;
    let e = &x.election;
    let today = local_date(ctx.store.now());
    let answers = [("yes".to_owned(), t!(lang, "upheld-yes")), ("no".to_owned(), t!(lang, "upheld-no"))];
    html! { @if let Some(a) = e.undecided().next() { form."form mt2" method="post" action=(address(e, "answer")) data-once {
        (parts::hidden(ctx, viewer)) input type="hidden" name="id" value=(a.id);
        p { b { (t!(lang, "appeal-of", name = name(lang, &x.names, a.by))) } " " @if today > a.due { (parts::chip("late", "", &t!(lang, "due-late"))) } " " span.num { (t!(lang, "decide-until", day = a.due.to_string())) } }
        div.prose { p { (x.texts.get(&a.text.commit).cloned().unwrap_or_default()) } }
        (parts::select(lang, form, Field { name: "upheld", label: &t!(lang, "decision"), required: true, ..Field::default() }, &answers))
        (parts::field(lang, form, Field { name: "answer", label: &t!(lang, "answer"), kind: "textarea", rows: 3, required: true, max: 2000, ..Field::default() }))
        div."btns mt3" { button."btn pri" { (t!(lang, "act-answer")) } }
    } } }
}

fn correction(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let lang = viewer.lang;
    let e = &x.election;
    let upheld: Vec<(String, String)> = e
        .appeals
        .iter()
        .filter(|a| a.upheld == Some(true) && !e.rolls.iter().any(|r| r.appeal == Some(a.id)))
        .map(|a| (a.id.to_string(), name(lang, &x.names, a.by)))
        .collect();
    let bad = ["unit", "name", "phone", "gone", "appeal", "struck"].iter().any(|f| form.error(f).is_some());
    html! { details."more mt3" open[bad || !upheld.is_empty()] {
        summary { (t!(lang, "act-correct")) }
        form."form mt2" method="post" action=(address(e, "add")) data-once {
            (parts::hidden(ctx, viewer))
            div.g2 {
                (parts::field(lang, form, Field { name: "unit", label: &t!(lang, "roll-unit"), required: true, max: 60, ..Field::default() }))
                (parts::field(lang, form, Field { name: "name", label: &t!(lang, "person-name"), required: true, max: 40, ..Field::default() }))
            }
            (parts::field(lang, form, Field { name: "phone", label: &t!(lang, "phone"), kind: "tel", ..Field::default() }))
            @if !upheld.is_empty() { (parts::select(lang, form, Field { name: "appeal", label: &t!(lang, "by-appeal"), ..Field::default() }, &upheld)) }
            div."btns mt3" { button.btn { (t!(lang, "act-add")) } }
        }
        form."form mt3" method="post" action=(address(e, "remove")) data-once {
            (parts::hidden(ctx, viewer))
            (parts::field(lang, form, Field { name: "gone", label: &t!(lang, "roll-unit-gone"), required: true, max: 60, ..Field::default() }))
            @if !upheld.is_empty() { (parts::select(lang, form, Field { name: "struck", label: &t!(lang, "by-appeal"), ..Field::default() }, &upheld)) }
            div."btns mt3" { button.btn { (t!(lang, "act-remove")) } }
        }
    } }
}

/// The fields by which somebody is named.
pub(super) fn named_fields(viewer: &Viewer, form: &Form, ways: &[Way]) -> Markup {
    let lang = viewer.lang;
    let ways: Vec<(String, String)> =
        ways.iter().map(|w| (w.code().to_owned(), way_word(lang, *w))).collect();
    let sexes = [("yes".to_owned(), t!(lang, "woman")), ("no".to_owned(), t!(lang, "man"))];
    html! {
        (parts::select(lang, form, Field { name: "way", label: &t!(lang, "way"), required: true, ..Field::default() }, &ways))
        div.g2 {
            (parts::field(lang, form, Field { name: "name", label: &t!(lang, "nominee-name"), max: 40, bare: true, ..Field::default() }))
            (parts::field(lang, form, Field { name: "phone", label: &t!(lang, "nominee-phone"), hint: &t!(lang, "phone-why"), kind: "tel", bare: true, ..Field::default() }))
        }
        (parts::select(lang, form, Field { name: "woman", label: &t!(lang, "sex"), ..Field::default() }, &sexes))
    }
}

fn nominate(ctx: &Ctx, viewer: &Viewer, e: &Election, form: &Form) -> Markup {
    let lang = viewer.lang;
    let lawful = e.mode.is_lawful();
    let ways: Vec<Way> = Way::ALL.iter().copied().filter(|w| !(lawful && *w == Way::Compound)).collect();
    html! { form."form mt2" method="post" action=(address(e, "nominate")) data-once {
        (parts::hidden(ctx, viewer))
        (named_fields(viewer, form, &ways))
        (parts::field(lang, form, Field { name: "from", label: &t!(lang, "from"), hint: &t!(lang, "from-hint"), max: 60, ..Field::default() }))
        (parts::check(form, "agrees", &t!(lang, "agrees-paper")))
        div."btns mt3" { button."btn pri" { (t!(lang, "act-nominate")) } }
    } }
}

/// Signatures that came on paper.
fn signing(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let lang = viewer.lang;
    let e = &x.election;
    let collecting: Vec<(String, String)> = e
        .nominees
        .iter()
        .filter(|n| n.state() == NomineeState::Collecting)
        .map(|n| (n.id.to_string(), name(lang, &x.names, n.person)))
        .collect();
    html! { @if !collecting.is_empty() { details."more mt3" open[form.error("units").is_some()] {
        summary { (t!(lang, "act-sign-paper")) }
        form."form mt2" method="post" action=(address(e, "sign")) data-once {
            (parts::hidden(ctx, viewer))
            (parts::select(lang, form, Field { name: "id", label: &t!(lang, "nominee"), required: true, ..Field::default() }, &collecting))
            (parts::field(lang, form, Field { name: "units", label: &t!(lang, "signer-units"), hint: &t!(lang, "signer-units-hint"), kind: "textarea", rows: 4, required: true, max: 4000, ..Field::default() }))
            div."btns mt3" { button.btn { (t!(lang, "act-sign-paper")) } }
        }
    } } }
}

/// One nominee at a time, every bar asked.
fn vetting(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let lang = viewer.lang;
    let e = &x.election;
    let me = viewer.signed.as_ref().map(|s| s.person);
    let open = |n: &&crate::model::Nominee| {
        n.state() == NomineeState::Open && n.opinions.iter().all(|o| Some(o.by) != me)
    };
    let chosen = x.chosen.and_then(|id| e.nominee(id)).filter(open);
    let left = e.nominees.iter().filter(open).count();
    html! { @match chosen.or_else(|| e.nominees.iter().find(open)) {
        Some(n) => form."form mt2" id="vet" method="post" action=(address(e, "vet")) data-once {
            (parts::hidden(ctx, viewer)) input type="hidden" name="id" value=(n.id);
            p { b { (t!(lang, "vet-whom", name = name(lang, &x.names, n.person))) } " " (nominee_chip(lang, n)) " " span."cap num" { (t!(lang, "vet-left", n = left)) } }
            @if let Some(e) = form.error("bars") { p.err #f-bars { (parts::icon_s("circle-alert")) (ui::refusal_text(lang, e)) } }
            @for bar in Bar::ALL { fieldset.field {
                legend { (word(lang, &format!("bar-{bar}"))) }
                @for (value, text) in [("no", t!(lang, "bar-no")), ("yes", t!(lang, "bar-yes"))] {
                    label.check { input type="radio" name={ "bar_" (bar) } value=(value) required checked[form.values.get(&format!("bar_{bar}")) == value]; span { (text) } }
                }
            } }
            (parts::field(lang, form, Field { name: "note", label: &t!(lang, "vet-note"), hint: &t!(lang, "vet-note-hint"), kind: "textarea", rows: 3, max: 2000, ..Field::default() }))
            div."btns mt3" { button."btn pri" { (t!(lang, "act-vet")) } }
        },
        None => p { (t!(lang, "vet-none")) },
    } }
}

/// The times of a round; before anybody typed: a working day of voting.
fn times(viewer: &Viewer, form: &Form, day: Option<chrono::NaiveDate>) -> Markup {
    let lang = viewer.lang;
    let mut now = form.clone();
    if let Some(day) = day.filter(|_| now.values.some("opens").is_none()) {
        now.values.set("opens", shown(day_start(day) + chrono::Duration::hours(8)));
        now.values.set("closes", shown(day_start(day) + chrono::Duration::hours(18)));
    }
    html! { div.g2 {
        (parts::field(lang, &now, Field { name: "opens", label: &t!(lang, "opens"), kind: "datetime-local", required: true, ..Field::default() }))
        (parts::field(lang, &now, Field { name: "closes", label: &t!(lang, "closes"), kind: "datetime-local", required: true, ..Field::default() }))
    } }
}

fn publish(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let lang = viewer.lang;
    let e = &x.election;
    let ready = e.nominees.iter().all(|n| n.state() != NomineeState::Open)
        && e.nominees.iter().any(crate::model::Nominee::stands);
    html! {
        @if ready { form."form mt3" method="post" action=(address(e, "publish")) enctype="multipart/form-data" data-once {
            (parts::hidden(ctx, viewer))
            @for warning in rules::warnings(e) {
                @let label = word(lang, &format!("warning-{warning}"));
                (parts::field(lang, form, Field { name: warning.code(), label: &label, hint: &t!(lang, "warning-hint"), required: true, max: 2000, ..Field::default() }))
            }
            (times(viewer, form, Some(e.polling_day)))
            (polls::posted_fields(lang, form))
            p.muted { (t!(lang, "publish-about")) }
            div."btns mt3" { button."btn pri" { (t!(lang, "act-publish")) } }
        } }
        details."more mt3" open[form.error("again").is_some()] { summary { (t!(lang, "act-reopen")) }
            form."form mt2" method="post" action=(address(e, "reopen")) data-once {
                (parts::hidden(ctx, viewer))
                (parts::field(lang, form, Field { name: "again", label: &t!(lang, "reason"), required: true, max: 2000, ..Field::default() }))
                div."btns mt3" { button.btn { (t!(lang, "act-reopen")) } }
            }
        }
    }
}

/// The poll of the round that runs: its own page takes ballots, counts and publishes.
fn poll_link(viewer: &Viewer, e: &Election) -> Markup {
    let lang = viewer.lang;
    html! { @if let Some(r) = e.round() {
        p { (round_word(lang, e, e.rounds.len().saturating_sub(1))) " · " span.num { (ui::show::full(r.opens)) " – " (ui::show::full(r.closes)) } }
        p."btns mt2" { a."btn pri" href={ "/office/polls/" (r.poll) } { (parts::icon("arrow-right")) (t!(lang, "go-poll")) } }
    } }
}

fn meet(ctx: &Ctx, viewer: &Viewer, e: &Election, form: &Form) -> Markup {
    let lang = viewer.lang;
    html! { form."form mt3" method="post" action=(address(e, "meet")) data-once {
        (parts::hidden(ctx, viewer))
        div.g2 {
            (parts::field(lang, form, Field { name: "on", label: &t!(lang, "met-on"), kind: "date", required: true, ..Field::default() }))
            (parts::field(lang, form, Field { name: "how", label: &t!(lang, "met-how"), required: true, max: 2000, ..Field::default() }))
        }
        div."btns mt3" { button.btn { (t!(lang, "act-meet")) } }
    } }
}

/// The first name that was written in and waits.
fn written_in(ctx: &Ctx, viewer: &Viewer, e: &Election, form: &Form) -> Markup {
    let lang = viewer.lang;
    let pending = e.round().and_then(|r| r.count.as_ref()).and_then(|c| c.pending.first());
    let answers = [("yes".to_owned(), t!(lang, "accept-yes")), ("no".to_owned(), t!(lang, "accept-no"))];
    html! { @if let Some(who) = pending { form."form mt3" method="post" action=(address(e, "conclude/written-in")) data-once {
        (parts::hidden(ctx, viewer)) input type="hidden" name="name" value=(who);
        p { b { (t!(lang, "written-in-who", name = who.clone())) } }
        p.muted { (t!(lang, "written-in-about")) }
        (parts::select(lang, form, Field { name: "accepted", label: &t!(lang, "decision"), required: true, ..Field::default() }, &answers))
        (parts::field(lang, form, Field { name: "note", label: &t!(lang, "reason"), max: 2000, ..Field::default() }))
        div."btns mt3" { button."btn pri" { (t!(lang, "act-written-in")) } }
    } } }
}

fn call(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let lang = viewer.lang;
    let e = &x.election;
    let Some(kind) = rules::next_round(e) else { return html! {} };
    let who = rules::candidates(e, kind);
    let names: Vec<&str> = who.iter().filter_map(|id| e.label(*id)).collect();
    let until = rules::runoff_until(e, &x.calendar).filter(|_| kind == RoundKind::Runoff);
    html! { @if who.is_empty() { p { (t!(lang, "nobody-next")) } } @else { form."form mt3" method="post" action=(address(e, "call")) data-once {
        (parts::hidden(ctx, viewer))
        p { (word(lang, &format!("round-{kind}"))) " · " (t!(lang, "seats-left", n = e.seats_left())) " · " (names.join("、")) }
        @if let Some(day) = until { p.num { (t!(lang, "runoff-until", day = day.to_string())) } }
        (times(viewer, form, None))
        @if form.error("late").is_some() || until.is_some_and(|d| d < local_date(ctx.store.now())) {
            (parts::field(lang, form, Field { name: "late", label: &t!(lang, "late-why"), required: true, max: 2000, ..Field::default() }))
        }
        div."btns mt3" { button."btn pri" { (t!(lang, "act-call")) } }
    } } }
}

fn vacant(ctx: &Ctx, viewer: &Viewer, e: &Election, form: &Form) -> Markup {
    let lang = viewer.lang;
    let may = match e.state {
        S::Tie => rules::next_round(e) != Some(RoundKind::Tie),
        S::Short => true,
        _ => !e.elected.is_empty(),
    };
    html! { @if may { details."more mt3" open[form.error("vacant").is_some()] { summary { (t!(lang, "act-vacant")) }
        form."form mt2" method="post" action=(address(e, "conclude/vacant")) data-once {
            (parts::hidden(ctx, viewer))
            (parts::field(lang, form, Field { name: "vacant", label: &t!(lang, "reason"), required: true, max: 2000, ..Field::default() }))
            div."btns mt3" { button.btn { (t!(lang, "act-vacant")) } }
        }
    } } }
}

fn handover(ctx: &Ctx, viewer: &Viewer, e: &Election, form: &Form) -> Markup {
    let lang = viewer.lang;
    html! { form."form mt3" method="post" action=(address(e, "conclude/hand-over")) data-once {
        (parts::hidden(ctx, viewer))
        div.g2 {
            (parts::field(lang, form, Field { name: "on", label: &t!(lang, "handed-on"), kind: "date", required: true, ..Field::default() }))
            (parts::field(lang, form, Field { name: "how", label: &t!(lang, "handed-what"), required: true, max: 2000, ..Field::default() }))
        }
        div."btns mt3" { button."btn pri" { (t!(lang, "act-hand-over")) } }
    } }
}
