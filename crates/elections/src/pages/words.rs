//! Words, chips and small pieces that several pages of this room share.

use crate::{
    model::{Election, ElectionKind, ElectionState, Mode, Nominee, NomineeState, Portrait, Way},
    rules::{self, Due, DueState},
    t,
};
use chrono::NaiveDate;
use kernel::{Id, calendar::Calendar};
use maud::{Markup, html};
use std::collections::HashMap;
use ui::{
    Lang,
    parts::{self, chip},
    show,
};

/// A sentence whose name is made of a code.
pub(super) fn word(lang: Lang, key: &str) -> String {
    crate::WORDS.say(lang, key, &[])
}

pub(super) fn kind_word(lang: Lang, kind: ElectionKind) -> String {
    word(lang, &format!("kind-{kind}"))
}

pub(super) fn mode_word(lang: Lang, mode: Mode) -> String {
    word(lang, &format!("mode-{mode}"))
}

pub(super) fn way_word(lang: Lang, way: Way) -> String {
    word(lang, &format!("way-{way}"))
}

/// The rule in plain words.
pub(super) fn rule_words(lang: Lang, rule: &tally::Rule) -> String {
    polls::rule_words(lang, rule)
}

pub(super) fn state_chip(lang: Lang, state: ElectionState) -> Markup {
    use ElectionState::*;
    let class = match state {
        Prepared => "new",
        Committee | RollPublished | Appeals | Nominating | Vetting => "talk",
        CandidatesPublished | MeetingVoters | Polling | Counting | TieVote | Runoff => "do",
        InvalidTurnout | InvalidOverflow | SetAside | Tie | Short => "late",
        Declared | Handover | Archived => "ok",
        Cancelled => "off",
    };
    chip(class, "", &word(lang, &format!("state-{state}")))
}

pub(super) fn nominee_chip(lang: Lang, n: &Nominee) -> Markup {
    let state = n.state();
    let class = match state {
        NomineeState::Passed => "ok",
        NomineeState::Barred => "late",
        NomineeState::Declined | NomineeState::Withdrawn => "off",
        _ => "talk",
    };
    chip(class, "", &word(lang, &format!("nominee-{state}")))
}

/// A person's name, or that there is none.
pub(super) fn name(lang: Lang, names: &HashMap<Id, String>, person: Id) -> String {
    names.get(&person).cloned().unwrap_or_else(|| t!(lang, "nameless"))
}

/// The days of the election: day, what, how it stands.
pub(super) fn calendar(lang: Lang, e: &Election, today: NaiveDate, calendar: &Calendar) -> Markup {
    let lines = rules::plan(e, today, calendar);
    let mark = |d: &Due| {
        let class = match d.state {
            DueState::Done => "ok",
            DueState::Late => "late",
            DueState::Next => "do",
            DueState::Later => "new",
        };
        chip(class, "", &word(lang, &format!("due-{}", d.state)))
    };
    html! {
        section."sec mt3" aria-labelledby="h-days" {
            div.sec-h { h2 #h-days { (t!(lang, "days")) } }
            ol."card rowlist" { @for d in &lines { li { div.rw { (parts::icon("calendar-days")) span.tx {
                b { span.num { (due_day(d)) } " " (show::weekday(lang, due_day(d))) " · " (due_words(lang, d)) }
                span.meta { (mark(d)) span { (d.step.law(e.mode)) } }
            } } } } }
        }
    }
}

/// The day to show: when it was done, or the last one on which it may be.
pub(super) fn due_day(d: &Due) -> NaiveDate {
    d.done_on.unwrap_or(d.day)
}

/// What was done, or what is to be done until when.
pub(super) fn due_words(lang: Lang, d: &Due) -> String {
    word(lang, &format!("{}-{}", if d.done_on.is_some() { "did" } else { "step" }, d.step))
}

/// Where the photo of somebody on the published list lies, and what is to be seen on it. Nothing for whoever left the list, and
/// nothing once the person had it erased: a photo without its words is none.
pub(super) fn portrait<'a>(
    e: &Election,
    n: &Nominee,
    texts: &'a HashMap<String, String>,
) -> Option<(String, &'a str)> {
    let p = n.portrait().filter(|p| e.photos().any(|photo| photo == p.photo))?;
    Some((portrait_at(e, p), texts.get(&p.alt.commit)?))
}

/// Where the light copy of a photo lies.
pub(super) fn portrait_at(e: &Election, p: &Portrait) -> String {
    format!("/elections/{}/photos/{}?size=small", e.id, p.photo)
}

/// Candidates in the order of the ballot, with their own words.
pub(super) fn candidates(
    lang: Lang,
    e: &Election,
    texts: &HashMap<String, String>,
    names: &HashMap<Id, String>,
) -> Markup {
    let Some(lot) = &e.lot else { return html! {} };
    let gone = |n: &Nominee| !n.stands();
    html! {
        section."sec mt3" aria-labelledby="h-candidates" {
            div.sec-h { h2 #h-candidates { (t!(lang, "candidates")) } span.num { (t!(lang, "candidates-for-seats", n = lot.order.len(), seats = e.seats)) } }
            p."cap muted" { (t!(lang, "lot-about")) " " span.num { (lot.seed) } }
            ol."stack mt2" { @for (at, (id, label)) in lot.order.iter().enumerate() {
                @if let Some(n) = e.nominee(*id) { li."card card-p" {
                    h3.h3 { (at + 1) ". " @if names.contains_key(&n.person) || !label.is_empty() { (label) } }
                    p.meta {
                        @if gone(n) { (nominee_chip(lang, n)) }
                        @if e.is_elected(n.id) { (chip("ok", "circle-check", &t!(lang, "elected"))) }
                        span { (way_word(lang, n.way)) @if let Some(from) = &n.from { "：" (from) } }
                        @if n.woman == Some(true) { span { (t!(lang, "woman")) } }
                    }
                    @if let Some((src, alt)) = portrait(e, n, texts) { figure."shots portrait" { img src=(src) alt=(alt) width="120" height="150" loading="lazy"; } }
                    @if let Some(p) = &n.presentation {
                        @for (key, words) in [("about", &p.about), ("promise", &p.promise)] {
                            @if let Some(text) = words.as_ref().and_then(|w| texts.get(&w.commit)) {
                                p.mt2 { b { (word(lang, &format!("present-{key}"))) } }
                                div.prose { @for line in text.lines() { p { (line) } } }
                            }
                        }
                    }
                } }
            } }
            @for (warning, why) in &lot.reasons { p."cap muted mt2" { (word(lang, &format!("warning-{warning}"))) "：" (why) } }
        }
    }
}

/// Who is elected, round by round, with the votes and the file by which anybody counts again.
pub(super) fn results(lang: Lang, e: &Election) -> Markup {
    let counted = e.rounds.iter().enumerate().filter(|(_, r)| r.count.is_some() || r.set_aside);
    html! {
        @if !e.elected.is_empty() { section."sec mt3" aria-labelledby="h-elected" {
            div.sec-h { h2 #h-elected { @if e.declared_at.is_some() { (t!(lang, "elected-list")) } @else { (t!(lang, "elected-so-far")) } }
                span.num { (t!(lang, "seats-filled", n = e.elected.len(), seats = e.seats)) } }
            ol."card rowlist" { @for x in &e.elected { li { div.rw { (parts::icon("user-check")) span.tx { b { (x.name) }
                span.meta { span.num { (t!(lang, "votes", n = x.votes)) } @if x.nominee.is_none() { span { (t!(lang, "written-in")) } } } } } } } }
            @if let Some(why) = &e.vacant { (parts::notice("warn", "info", &t!(lang, "left-vacant"), why)) }
        } }
        @for (at, r) in counted { @let h = format!("h-round-{at}"); section."sec mt3" aria-labelledby=(h) {
            div.sec-h { h2 #(h) { (round_word(lang, e, at)) } }
            @if r.set_aside { (parts::notice("warn", "info", &t!(lang, "round-set-aside"), "")) }
            @if let Some(c) = &r.count {
                @if let Some(void) = &c.void { (parts::notice("warn", "triangle-alert", &word(lang, &format!("void-{void}")), "")) }
                dl."kv left card card-p" {
                    dt { (t!(lang, "entitled")) } dd.num { (c.registered) }
                    dt { (t!(lang, "took-part")) } dd.num { (c.took_part) }
                    dt { (t!(lang, "ballots")) } dd.num { (t!(lang, "ballots-of", n = c.ballots, blank = c.blank, invalid = c.invalid)) }
                    dt { (t!(lang, "seats")) } dd.num { (r.seats) }
                    dt { (t!(lang, "votes-needed")) } dd.num { (c.need) }
                }
                @if !c.votes.is_empty() { div."card tscroll mt2" tabindex="0" role="group" aria-label=(t!(lang, "votes-by-candidate")) { table.tbl {
                    caption.vh { (t!(lang, "votes-by-candidate")) }
                    thead { tr { th scope="col" { (t!(lang, "person-name")) } th scope="col" { (t!(lang, "votes-word")) } th scope="col" { (t!(lang, "outcome")) } } }
                    tbody { @for (name, n) in &c.votes { tr {
                        td.c-t { (name) }
                        td.num data-l=(t!(lang, "votes-word")) { (n) }
                        td data-l=(t!(lang, "outcome")) { (came(lang, e, r, name)) }
                    } } }
                } } }
            }
            @if r.count.is_some() { p."btns mt2" { a."btn quiet" href={ "/polls/" (r.poll) "/result.json" } { (parts::icon("file-text")) (t!(lang, "recount-file")) }
                a."btn quiet" href={ "/polls/" (r.poll) } { (t!(lang, "poll-page")) } } }
            @if let Some(late) = &r.late { p."cap muted" { (t!(lang, "round-late", why = late.clone())) } }
        } }
    }
}

/// What became of a name in a round.
fn came(lang: Lang, e: &Election, r: &crate::model::Round, name: &str) -> Markup {
    let Some(c) = &r.count else { return html! {} };
    let id = e.labelled(name).map(|n| n.id);
    if e.elected.iter().any(|x| x.round == r.id && x.name == name) {
        return chip("ok", "circle-check", &t!(lang, "elected"));
    }
    if id.is_some_and(|id| c.tied.contains(&id)) {
        return chip("late", "", &t!(lang, "tied"));
    }
    if e.labelled(name).is_some_and(|n| c.yielded.contains(&n.id)) {
        return chip("late", "users", &t!(lang, "yielded"));
    }
    if c.pending.iter().any(|p| p == name) {
        return chip("talk", "", &t!(lang, "pending"));
    }
    match id.and_then(|id| e.nominee(id)).filter(|n| !n.stands()) {
        Some(n) => nominee_chip(lang, n),
        None => html! { "–" },
    }
}

/// What a round is, with its number.
pub(super) fn round_word(lang: Lang, e: &Election, at: usize) -> String {
    let kind = e.rounds.get(at).map(|r| word(lang, &format!("round-{}", r.kind))).unwrap_or_default();
    let n = at + 1;
    t!(lang, "round-number", n = n, kind = kind)
}

/// The committee, as it is published.
pub(super) fn committee(lang: Lang, e: &Election, names: &HashMap<Id, String>) -> Markup {
    let members: Vec<String> = e
        .serving()
        .map(|m| {
            let name = name(lang, names, m.person);
            if m.chair { t!(lang, "member-chair", name = name) } else { name }
        })
        .collect();
    html! { @if !members.is_empty() { section."sec mt3" aria-labelledby="h-committee" {
        div.sec-h { h2 #h-committee { (t!(lang, "committee")) } }
        p."card card-p" { (members.join("、")) }
    } } }
}
