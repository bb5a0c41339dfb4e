//! Words and parts that several pages of this room share.

use crate::{
    model::{Built, Counts, Goal, Opinion, OpinionState, Plan, PlanState},
    t,
};
use kernel::time::local_date;
use maud::{Markup, html};
use ui::{Ctx, Lang, parts};

/// The word for a code of one of the lists of the model.
pub(super) fn word(lang: Lang, list: &str, code: impl std::fmt::Display) -> String {
    crate::WORDS.say(lang, &format!("{list}-{code}"), &[])
}

/// How far a plan is.
pub(super) fn state_chip(lang: Lang, state: PlanState) -> Markup {
    let class = match state {
        PlanState::Draft => "line",
        PlanState::Consulting => "talk",
        PlanState::Answering | PlanState::Settled | PlanState::Works => "do",
        PlanState::Done => "ok",
        PlanState::Withdrawn => "off",
    };
    parts::chip(class, "", &word(lang, "state", state))
}

/// A text with its lines.
pub(super) fn lines(text: &str) -> Markup {
    html! { @for line in text.lines().filter(|l| !l.trim().is_empty()) { p.mt1 { (line) } } }
}

/// How many said what.
pub(super) fn counted(lang: Lang, counts: Counts) -> Markup {
    html! { p.num { (t!(lang, "counts", support = counts.support, suggest = counts.suggest, object = counts.object)) } }
}

/// The versions, the newest first, each with what it changed.
pub(super) fn versions(lang: Lang, p: &Plan, open: bool) -> Markup {
    html! { @if p.versions.len() > 1 { details."more mt3" open[open] {
        summary { (t!(lang, "versions", n = p.versions.len())) }
        ol."mt2" reversed { @for (n, v) in p.versions.iter().enumerate().rev() { @let number: usize = n + 1; li."card card-p mt2" {
            p.meta { b { (t!(lang, "version", n = number)) } span.num { (ui::show::full(v.at)) } }
            @if let Some(why) = &v.why { p.mt1 { (why) } }
            @if let Some(before) = n.checked_sub(1).and_then(|n| p.versions.get(n)) {
                details."more mt2" { summary { (t!(lang, "what-changed")) } p."mt1 compared" { (parts::compared(&before.text, &v.text)) } }
            } @else { details."more mt2" { summary { (t!(lang, "show-text")) } (lines(&v.text)) } }
        } } }
    } } }
}

/// An opinion with its answer, as everybody may read it.
pub(super) fn opinion(lang: Lang, o: &Opinion, text: &str) -> Markup {
    html! {
        p.meta {
            (parts::chip(if o.kind == crate::model::OpinionKind::Object { "late" } else { "talk" }, "", &word(lang, "kind", o.kind)))
            @match o.state {
                OpinionState::Content => (parts::chip("ok", "circle-check", &t!(lang, "state-content"))),
                OpinionState::Maintained => (parts::chip("late", "", &t!(lang, "state-maintained"))),
                OpinionState::TakenBack => (parts::chip("off", "", &t!(lang, "state-taken-back"))),
                OpinionState::Put | OpinionState::Answered => {}
            }
        }
        @if text.is_empty() && o.text.is_some() { p.muted { (t!(lang, "erased")) } } @else { (lines(text)) }
        @if let Some(r) = &o.reply { div."said mt2" { b { (word(lang, "how", r.how)) } (lines(&r.words)) } }
    }
}

/// Decision, works and diary: what came after people were asked.
pub(super) fn carried_out(ctx: &Ctx, lang: Lang, p: &Plan) -> Markup {
    let today = local_date(ctx.store.now());
    html! {
        @if let Some(d) = &p.decision { section."sec mt4" aria-labelledby="h-decision" {
            div.sec-h { h2 #h-decision { (t!(lang, "decision")) } }
            div."card card-p" { p.meta { span { (t!(lang, "version", n = d.version)) } span.num { (ui::show::full(d.at)) } } (lines(&d.how))
                @if let Some(link) = &d.link { p.mt2 { a href=(link) { (t!(lang, "decided-there")) } } } }
        } }
        @if let Some(w) = &p.works { section."sec mt4" aria-labelledby="h-works" {
            div.sec-h { h2 #h-works { (t!(lang, "works")) } }
            p.meta { span { (w.by) } span.num { (t!(lang, "works-span", from = w.from.to_string(), until = w.until.to_string())) } @if p.state == PlanState::Works && w.until < today { (parts::chip("late", "triangle-alert", &t!(lang, "works-late"))) } }
            (goals(lang, p))
            @if p.diary.is_empty() { p.muted { (t!(lang, "diary-none")) } } @else { ul."card rowlist mt2" { @for e in p.diary.iter().rev() { li { div.rw { (parts::icon(entry_icon(e.kind))) span.tx {
                span.meta { b { (word(lang, "entry", e.kind)) } span.num { (ui::show::date(lang, e.day, today)) } }
                span { (e.words) }
                @if !e.built.is_empty() { span.meta { @for (n, (goal, _)) in e.built.iter().zip(p.built()).filter(|(n, _)| **n != 0) { (parts::chip("ok", "", &t!(lang, "built-more", what = goal.what.clone(), n = format!("{n:+}"), unit = goal.unit.clone()))) } } }
                @if !e.photos.is_empty() { span.shots { @for photo in &e.photos { @let src = format!("/plans/{}/photos/{photo}", p.id); a href=(src) { img src=(src) width="160" loading="lazy" alt=(t!(lang, "diary-photo", day = e.day.to_string())); } } } }
            } } } } } }
        } }
        @if let Some(said) = &p.ending { (parts::notice(if p.state == PlanState::Done { "ok" } else { "" }, "info", &word(lang, "state", p.state), said)) }
    }
}

/// What the works build, each with how many are there.
fn goals(lang: Lang, p: &Plan) -> Markup {
    let line = |(g, built): (&Goal, i64)| Built {
        what: g.what.clone(),
        unit: g.unit.clone(),
        plans: 1,
        planned: i64::from(g.planned),
        built,
    };
    bars(lang, &p.built().map(line).collect::<Vec<_>>(), None)
}

/// How many of what is planned are there, as bars; each leads to the plans behind it, where that is a page.
pub(super) fn bars(lang: Lang, all: &[Built], behind: Option<&str>) -> Markup {
    html! { @if !all.is_empty() { ul."card card-p bars mt3" { @for b in all {
        @let count = t!(lang, "built-of", built = b.built, planned = b.planned, unit = b.unit.clone());
        li {
            @match behind {
                Some(page) => a href={ (page) "?what=" (parts::query(&b.what)) } { (b.what) },
                None => span { (b.what) }
            }
            b.num { (count) }
            progress max=(b.planned) value=(b.built.clamp(0, b.planned)) aria-label=(b.what) {}
        }
    } } } }
}

const fn entry_icon(kind: crate::model::EntryKind) -> &'static str {
    match kind {
        crate::model::EntryKind::Progress => "wrench",
        crate::model::EntryKind::Quality => "clipboard-check",
        crate::model::EntryKind::Safety => "shield-check",
        crate::model::EntryKind::Notice => "bell",
    }
}
