//! The committee's one screen: the calendar, the one next step, and the lists behind it.

use super::{
    office::Screen,
    steps,
    words::{
        calendar, candidates, committee, kind_word, mode_word, name, nominee_chip, results, rule_words,
        state_chip, way_word,
    },
};
use crate::{
    actions::WHY,
    model::{Election, ElectionState as S, Nominee, NomineeState},
    rules, t,
};
use kernel::time::local_date;
use maud::{Markup, html};
use ui::{
    Ctx, Form, Viewer,
    parts::{self, Field},
    show,
};

/// The address of a verb.
pub(super) fn address(e: &Election, act: &str) -> String {
    format!("/office/elections/{}/{act}", e.id)
}

pub(super) fn screen(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let lang = viewer.lang;
    let e = &x.election;
    let today = local_date(ctx.store.now());
    html! {
        div.wh { h1 { (e.title) }
            p.meta { (state_chip(lang, e.state)) span { (kind_word(lang, e.kind)) " · " (mode_word(lang, e.mode)) } span { (t!(lang, "seats-of", post = e.post.clone(), n = e.seats)) } span.num { (e.number) } } }
        p."cap muted" { (rule_words(lang, &e.rule.rule)) }
        (parts::error_summary(lang, form))
        @if let Some(reason) = &e.reason { (parts::notice("warn", "info", &t!(lang, "reason"), reason)) }
        (steps::step(ctx, viewer, x, form))
        (calendar(lang, e, today, &x.calendar))
        @if x.prepare && e.state.is_before_candidates() { (moving(ctx, viewer, e, form)) }
        (results(lang, e))
        (candidates(lang, e, &x.texts, &x.names))
        (nominees(ctx, viewer, x, form))
        (rolls(ctx, viewer, x, form))
        (committee(lang, e, &x.names))
        @if x.conclude { (ending(ctx, viewer, e, form)) }
        p."btns mt4" {
            @if e.state.is_public() { a."btn quiet" href={ "/elections/" (e.id) } { (parts::icon("eye")) (t!(lang, "public-page")) } }
            a."btn quiet" href=(address(e, "paper")) { (parts::icon("printer")) (t!(lang, "print-papers")) }
        }
    }
}

/// Another polling day.
fn moving(ctx: &Ctx, viewer: &Viewer, e: &Election, form: &Form) -> Markup {
    let lang = viewer.lang;
    html! { details."more card card-p mt3" open[form.error("day").is_some() || form.error("moved").is_some()] {
        summary { (t!(lang, "act-move")) }
        form."form mt2" method="post" action=(address(e, "move")) data-once {
            (parts::hidden(ctx, viewer))
            (parts::field(lang, form, Field { name: "day", label: &t!(lang, "polling-day"), kind: "date", required: true, ..Field::default() }))
            (parts::field(lang, form, Field { name: "moved", label: &t!(lang, "reason"), required: true, max: 2000, ..Field::default() }))
            div."btns mt3" { button.btn { (t!(lang, "act-move")) } }
        }
    } }
}

/// Not holding it, or barring a candidate after the list was published.
fn ending(ctx: &Ctx, viewer: &Viewer, e: &Election, form: &Form) -> Markup {
    let lang = viewer.lang;
    let over = e.state.is_over();
    let standing: Vec<(String, String)> = e
        .lot
        .iter()
        .flat_map(|l| &l.order)
        .filter(|(id, _)| e.nominee(*id).is_some_and(Nominee::stands) && !e.is_elected(*id))
        .map(|(id, label)| (id.to_string(), label.clone()))
        .collect();
    html! { @if !over {
        @if !standing.is_empty() { details."more card card-p mt3" {
            summary { (t!(lang, "act-strike")) }
            form."form mt2" method="post" action=(address(e, "conclude/strike")) data-once {
                (parts::hidden(ctx, viewer))
                p.muted { (t!(lang, "strike-about")) }
                div.field { label for="strike-id" { (t!(lang, "candidate")) } select #strike-id name="id" required { @for (id, label) in &standing { option value=(id) { (label) } } } }
                div.field { label for="strike-note" { (t!(lang, "reason")) } input #strike-note name="note" required maxlength="2000"; }
                div."btns mt3" { button."btn bad" { (t!(lang, "act-strike")) } }
            }
        }
        details."more card card-p mt3" {
            summary { (t!(lang, "act-withdraw")) }
            form."form mt2" method="post" action=(address(e, "withdraw")) data-once {
                (parts::hidden(ctx, viewer))
                p.muted { (t!(lang, "withdraw-about")) }
                div.field { label for="back-id" { (t!(lang, "candidate")) } select #back-id name="id" required { @for (id, label) in &standing { option value=(id) { (label) } } } }
                div."btns mt3" { button.btn { (t!(lang, "act-withdraw")) } }
            }
        } }
        details."more card card-p mt3" open[form.error("why").is_some()] {
            summary { (t!(lang, "act-cancel")) }
            form."form mt2" method="post" action=(address(e, "conclude/cancel")) data-once {
                (parts::hidden(ctx, viewer))
                (parts::field(lang, form, Field { name: "why", label: &t!(lang, "reason"), required: true, max: 2000, ..Field::default() }))
                div."btns mt3" { button."btn bad" { (t!(lang, "act-cancel")) } }
            }
        }
    } }
}

/// One button with an id beside it.
pub(super) fn button(
    ctx: &Ctx,
    viewer: &Viewer,
    to: &str,
    field: &str,
    id: &str,
    class: &str,
    word: &str,
) -> Markup {
    html! { form method="post" action=(to) data-once { (parts::hidden(ctx, viewer))
    @if !field.is_empty() { input type="hidden" name=(field) value=(id); } button class={ "btn " (class) } { (word) } } }
}

/// Everybody who was named, with what is missing.
fn nominees(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let lang = viewer.lang;
    let e = &x.election;
    if e.nominees.is_empty() {
        return html! {};
    }
    let naming = matches!(e.state, S::Nominating | S::Vetting);
    html! { section."sec mt3" aria-labelledby="h-nominees" {
        div.sec-h { h2 #h-nominees { (t!(lang, "nominees")) } span.num { (e.nominees.len()) } }
        ul."card rowlist" { @for n in &e.nominees { li { div.rw { (parts::icon("user-round")) span.tx {
            b { (name(lang, &x.names, n.person)) }
            span.meta { (nominee_chip(lang, n)) span { (way_word(lang, n.way)) @if let Some(from) = &n.from { "：" (from) } }
                @if n.need > 0 { span.num { (t!(lang, "signers", n = n.signers.len(), need = n.need)) } } }
            @for o in &n.opinions { p.cap { (name(lang, &x.names, o.by)) "："
                @if o.passes() { (t!(lang, "opinion-pass")) } @else { @for bar in &o.bars { (super::words::word(lang, &format!("bar-{bar}"))) " " } }
                @if let Some(text) = o.note.as_ref().and_then(|w| x.texts.get(&w.commit)) { " · " (text) } } }
            @if x.vet && n.state() == NomineeState::Open && e.state == S::Vetting { a href={ "/office/elections/" (e.id) "?n=" (n.id) "#vet" } { (t!(lang, "act-vet")) } }
            @if x.prepare && naming && n.ended.is_none() && n.agreed_at.is_none() {
                span.btns {
                    (button(ctx, viewer, &address(e, "agree"), "id", &n.id.to_string(), "sm", &t!(lang, "act-agree-paper")))
                    (button(ctx, viewer, &address(e, "decline"), "id", &n.id.to_string(), "sm quiet", &t!(lang, "act-decline")))
                }
            }
        } } } } }
        (kin(ctx, viewer, x, form))
    } }
}

/// Who of the nominees are near relatives, and one more pair: it may come out as late as while ballots are counted.
fn kin(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let lang = viewer.lang;
    let e = &x.election;
    let called = |id| e.nominee(id).map_or_else(String::new, |n| name(lang, &x.names, n.person));
    let people: Vec<(String, String)> = e
        .nominees
        .iter()
        .filter(|n| n.ended.is_none())
        .map(|n| (n.id.to_string(), name(lang, &x.names, n.person)))
        .collect();
    let bad = ["first", "second"].iter().any(|f| form.error(f).is_some());
    html! {
        @if !e.kin.is_empty() { ul."card rowlist mt2" { @for k in &e.kin { li { div.rw { (parts::icon("users")) span.tx {
            b { (t!(lang, "kin-of", one = called(k.first), other = called(k.second))) }
            @if e.mode.is_lawful() { span.meta { span { (t!(lang, "kin-about")) } } }
        } } } } } }
        @if x.prepare && people.len() > 1 && rules::takes_kin(e) { details."more card card-p mt2" open[bad] {
            summary { (t!(lang, "act-kin")) }
            p.muted { (t!(lang, "kin-until")) }
            form."form mt2" method="post" action=(address(e, "kin")) data-once {
                (parts::hidden(ctx, viewer))
                div.g2 {
                    (parts::select(lang, form, Field { name: "first", label: &t!(lang, "nominee"), required: true, ..Field::default() }, &people))
                    (parts::select(lang, form, Field { name: "second", label: &t!(lang, "relative"), required: true, ..Field::default() }, &people))
                }
                div."btns mt3" { button.btn { (t!(lang, "act-kin")) } }
            }
        } }
    }
}

/// Versions of the roll, and appeals that were decided.
fn rolls(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let lang = viewer.lang;
    let e = &x.election;
    html! { @if !e.rolls.is_empty() { section."sec mt3" aria-labelledby="h-roll" {
        div.sec-h { h2 #h-roll { (t!(lang, "roll")) } }
        ul."card rowlist" {
            @for r in e.rolls.iter().rev() { li { div.rw { (parts::icon("list-checks")) span.tx {
                b { (t!(lang, "roll-version", n = r.version, voters = r.voters)) }
                span.meta { span.num { (show::full(r.at)) } span.num { (r.sha256.chars().take(12).collect::<String>()) } }
            } } } }
            @for a in e.appeals.iter().filter(|a| a.upheld.is_some()) { li { div.rw { (parts::icon("message-circle")) span.tx {
                b { (name(lang, &x.names, a.by)) } span { (x.texts.get(&a.text.commit).cloned().unwrap_or_default()) }
                span.meta { (if a.upheld == Some(true) { t!(lang, "upheld-yes") } else { t!(lang, "upheld-no") }) @if let Some(at) = a.decided_at { span.num { (show::full(at)) } }
                    @if a.decided_at.is_some_and(|at| local_date(at) > a.due) { (parts::chip("late", "", &t!(lang, "due-late"))) } }
                @if let Some(text) = a.answer.as_ref().and_then(|w| x.texts.get(&w.commit)) { span { (text) } }
            } } } }
            @for p in &e.prints { li { div.rw { (parts::icon("printer")) span.tx {
                b { (t!(lang, "roll-printed", n = p.version, name = p.by.map_or_else(String::new, |by| name(lang, &x.names, by)))) }
                span.meta { span.num { (show::full(p.at)) } @if let Some(text) = x.texts.get(&p.reason.commit) { span { (text) } } }
            } } } }
        }
        @if x.prepare && e.roll().is_some() { details."more card card-p mt2" open[form.error("print_why").is_some()] {
            summary { (t!(lang, "print-roll")) }
            p.muted { (t!(lang, "print-roll-about")) }
            form."form mt2" method="post" action=(address(e, "paper")) data-once {
                (parts::hidden(ctx, viewer))
                (parts::field(lang, form, Field { name: "print_why", label: &t!(lang, "reason"), hint: &t!(lang, "print-roll-hint"), required: true, max: WHY, ..Field::default() }))
                div."btns mt3" { button.btn { (parts::icon("printer")) (t!(lang, "print-roll")) } }
            }
        } }
    } } }
}
