//! Words, chips and small pieces that several pages of this room share.

use crate::{
    model::{
        Action, Attendance, Ballot, Capacity, Council, CouncilKind, How, Item, ItemKind, ItemState, Mode,
        Owner, Question, Sitting, SittingState,
    },
    rules, t,
};
use chrono::NaiveDate;
use kernel::Id;
use maud::{Markup, html};
use std::collections::HashMap;
use store::{Conn, Fault, Keys};
use tally::Verdict;
use ui::{Lang, parts::chip, show};

pub(super) fn kind_word(lang: Lang, kind: CouncilKind) -> String {
    crate::WORDS.say(lang, &format!("kind-{kind}"), &[])
}

pub(super) fn capacity_word(lang: Lang, capacity: Capacity) -> String {
    crate::WORDS.say(lang, &format!("capacity-{capacity}"), &[])
}

pub(super) fn item_word(lang: Lang, kind: ItemKind) -> String {
    crate::WORDS.say(lang, &format!("item-{kind}"), &[])
}

pub(super) fn state_chip(lang: Lang, state: SittingState) -> Markup {
    use SittingState::*;
    let class = match state {
        Draft => "new",
        Noticed | Recess => "talk",
        SignIn | InSession => "do",
        Closed | MinutesDraft | MinutesSigned => "rate",
        Published => "ok",
        Postponed => "horn",
        Cancelled => "off",
        Lapsed => "late",
    };
    chip(class, "", &crate::WORDS.say(lang, &format!("state-{state}"), &[]))
}

pub(super) fn item_chip(lang: Lang, item: &Item) -> Markup {
    let verdict = item.ballot.as_ref().and_then(|b| b.verdict);
    let class = match (item.state, verdict) {
        (ItemState::Decided, Some(Verdict::Rejected | Verdict::NoQuorum)) => "late",
        (ItemState::Decided, _) => "ok",
        (ItemState::Scheduled, _) => "new",
        (ItemState::Debating, _) => "do",
        (ItemState::Voting, _) => "talk",
        (ItemState::Tabled | ItemState::Referred, _) => "horn",
        (ItemState::Withdrawn, _) => "off",
    };
    let word = match verdict {
        Some(Verdict::Passed) => t!(lang, "verdict-passed"),
        Some(_) => t!(lang, "verdict-rejected"),
        None => crate::WORDS.say(lang, &format!("item-state-{}", item.state), &[]),
    };
    chip(class, "", &word)
}

/// Body and number: 柳荫议事亭 第 3 次会议.
pub(super) fn sitting_title(lang: Lang, council: &str, s: &Sitting) -> String {
    t!(lang, "sitting-title", council = council.to_owned(), number = s.number)
}

/// When: a day with times.
pub(super) fn span(s: &Sitting) -> String {
    let ends = show::full(s.ends);
    format!("{} – {}", show::full(s.starts), ends.split(' ').next_back().unwrap_or_default())
}

/// Where, and whether one may take part from elsewhere.
pub(super) fn venue(lang: Lang, s: &Sitting) -> String {
    match (s.mode, s.venue.as_str()) {
        (Mode::Onsite, venue) => venue.to_owned(),
        (mode, "") => mode_word(lang, mode),
        (mode, venue) => format!("{venue} · {}", mode_word(lang, mode)),
    }
}

pub(super) fn mode_word(lang: Lang, mode: Mode) -> String {
    crate::WORDS.say(lang, &format!("mode-{mode}"), &[])
}

pub(super) fn how_word(lang: Lang, how: How) -> String {
    crate::WORDS.say(lang, &format!("how-{how}"), &[])
}

/// From when to when somebody was there, each time: 09:00–09:40, 09:55–.
pub(super) fn times(s: &Sitting, member: Id) -> String {
    let clock = |at| kernel::time::local(at).format("%H:%M").to_string();
    let all = s.attendance.iter().filter(|a| a.member == member);
    let spans = all.map(|a| format!("{}–{}", clock(a.came), a.left.map(clock).unwrap_or_default()));
    spans.collect::<Vec<_>>().join(", ")
}

/// In which ways those who came took part, with how many in each; never who. Somebody who came twice counts by the last.
pub(super) fn ways(lang: Lang, s: &Sitting) -> Vec<(String, usize)> {
    let last = last_entries(s);
    let n = |such: &dyn Fn(&Attendance) -> bool| last.iter().filter(|a| such(a)).count();
    let all = [
        (t!(lang, "how-room"), n(&|a| !a.how.remote())),
        (how_word(lang, How::Phone), n(&|a| a.how == How::Phone)),
        (how_word(lang, How::Online), n(&|a| a.how == How::Online)),
    ];
    all.into_iter().filter(|(_, n)| *n > 0).collect()
}

/// The last entry of everybody who came.
pub(super) fn last_entries(s: &Sitting) -> Vec<&Attendance> {
    let later = |n: usize, a: &Attendance| s.attendance[n + 1..].iter().any(|o| o.member == a.member);
    s.attendance.iter().enumerate().filter(|(n, a)| !later(*n, a)).map(|(_, a)| a).collect()
}

/// The rules that a meeting may choose, as (code, name).
pub(super) fn rule_choices(lang: Lang) -> Vec<(String, String)> {
    let name = |r: &tally::Rule| if lang == Lang::En { r.name_en.to_string() } else { r.name.to_string() };
    rules::decision_rules().map(|r| (r.code.to_string(), name(r))).collect()
}

/// A rule in plain words.
pub(super) fn rule_words(lang: Lang, code: &str) -> String {
    rules::decision_rule(code).map(|r| polls::rule_words(lang, r)).unwrap_or_default()
}

/// What was voted on, by which rule, and how it came out: need, have and gap in words.
pub(super) fn ballot(lang: Lang, b: &Ballot) -> Markup {
    let gap = |gap| polls::gap_words(lang, polls::Unit::Persons, gap);
    html! {
        div."mt2" {
            p { b { (t!(lang, "motion")) } " " (b.motion) }
            p."cap muted" { (polls::rule_words(lang, &b.rule.rule)) }
            p."cap muted num" { (t!(lang, "rule-pinned", name = polls::rule_name(lang, &b.rule.rule), version = b.rule.rule.version, hash = b.rule.hash.chars().take(12).collect::<String>())) }
            @if let (Some(votes), Some(outcome)) = (b.votes, b.outcome()) {
                dl."kv left mt2" {
                    dt { (t!(lang, "hands")) } dd.num { (t!(lang, "votes", yes = votes.yes, no = votes.no, abstain = votes.abstain)) @if !b.voices.is_empty() { " " (t!(lang, "of-them-called", n = b.voices.len())) } }
                    @if let Some(attend) = &outcome.attend { dt { (t!(lang, "quorum")) } dd { (gap(attend)) } }
                    dt { (t!(lang, "agreement")) } dd { (gap(&outcome.agree)) }
                }
            } @else {
                p.num { (t!(lang, "in-the-room", have = b.attending, all = b.eligible)) }
            }
        }
    }
}

/// How many came, by capacity; never who.
pub(super) fn came(lang: Lang, s: &Sitting) -> Vec<(String, usize)> {
    let mut seen: Vec<Id> = Vec::new();
    let mut out: Vec<(Capacity, usize)> = Vec::new();
    for a in &s.attendance {
        if seen.contains(&a.member) {
            continue;
        }
        seen.push(a.member);
        match out.iter_mut().find(|(c, _)| *c == a.capacity) {
            Some((_, n)) => *n += 1,
            None => out.push((a.capacity, 1)),
        }
    }
    out.into_iter().map(|(c, n)| (capacity_word(lang, c), n)).collect()
}

/// The words for owners of actions: units by name; persons by name for staff, by capacity for everybody.
pub(super) struct Owners {
    pub(super) units: HashMap<Id, String>,
    pub(super) persons: HashMap<Id, String>,
}

impl Owners {
    /// For staff: persons by their names.
    pub(super) async fn named(
        conn: &mut Conn,
        keys: &Keys,
        council: &Council,
        owners: &[Owner],
    ) -> Result<Self, Fault> {
        let mut people: Vec<Id> = council.members.iter().map(|m| m.person).collect();
        people.extend(owners.iter().filter_map(|owner| match owner {
            Owner::Person(person) => Some(*person),
            Owner::Unit(_) => None,
        }));
        let persons = people::queries::names(conn, keys, council.street, &people).await?;
        Ok(Self { units: Self::units(conn, council.street, owners).await?, persons })
    }

    /// For staff, of several bodies.
    pub(super) async fn of(
        conn: &mut Conn,
        keys: &Keys,
        street: Id,
        owners: &[Owner],
    ) -> Result<Self, Fault> {
        let people: Vec<Id> = owners
            .iter()
            .filter_map(|owner| match owner {
                Owner::Person(person) => Some(*person),
                Owner::Unit(_) => None,
            })
            .collect();
        let persons = people::queries::names(conn, keys, street, &people).await?;
        Ok(Self { units: Self::units(conn, street, owners).await?, persons })
    }

    /// For everybody: members by their capacity.
    pub(super) async fn public(
        conn: &mut Conn,
        lang: Lang,
        council: &Council,
        owners: &[Owner],
    ) -> Result<Self, Fault> {
        let persons = council.members.iter().map(|m| (m.person, capacity_word(lang, m.capacity))).collect();
        Ok(Self { units: Self::units(conn, council.street, owners).await?, persons })
    }

    /// For everybody, of several bodies: a member of one of them.
    pub(super) async fn anybody(
        conn: &mut Conn,
        lang: Lang,
        street: Id,
        owners: &[Owner],
    ) -> Result<Self, Fault> {
        let member = |owner: &Owner| match owner {
            Owner::Person(person) => Some((*person, t!(lang, "a-member"))),
            Owner::Unit(_) => None,
        };
        let persons = owners.iter().filter_map(member).collect();
        Ok(Self { units: Self::units(conn, street, owners).await?, persons })
    }

    async fn units(conn: &mut Conn, street: Id, owners: &[Owner]) -> Result<HashMap<Id, String>, Fault> {
        let ids: Vec<Id> = owners
            .iter()
            .filter_map(|owner| match owner {
                Owner::Unit(unit) => Some(*unit),
                Owner::Person(_) => None,
            })
            .collect();
        people::queries::unit_names(conn, street, &ids).await
    }

    pub(super) fn word(&self, lang: Lang, owner: Owner) -> String {
        let (map, id) = match owner {
            Owner::Unit(id) => (&self.units, id),
            Owner::Person(id) => (&self.persons, id),
        };
        map.get(&id).cloned().unwrap_or_else(|| t!(lang, "nameless"))
    }
}

/// Who owns these actions.
pub(super) fn owned(actions: &[Action]) -> Vec<Owner> {
    actions.iter().map(|a| a.owner).collect()
}

/// Who owes the answers that were promised.
pub(super) fn owned_promises(asked: &[(Question, String)]) -> Vec<Owner> {
    asked.iter().filter_map(|(q, _)| q.promise.map(|p| p.owner)).collect()
}

/// How far an action is.
pub(super) fn action_chip(lang: Lang, a: &Action, today: NaiveDate) -> Markup {
    if a.done_at.is_some() {
        chip("ok", "circle-check", &t!(lang, "action-done"))
    } else if a.overdue(today) {
        chip("late", "triangle-alert", &t!(lang, "action-overdue"))
    } else {
        chip("do", "", &t!(lang, "action-open"))
    }
}

/// Actions as a list; with `tail` after each.
pub(super) fn actions(
    lang: Lang,
    list: &[Action],
    owners: &Owners,
    today: NaiveDate,
    tail: &dyn Fn(&Action) -> Markup,
) -> Markup {
    html! {
        ul."card rowlist" { @for a in list { li { div.rw { (ui::parts::icon("clipboard-check")) span.tx {
            b { a href={ "/council-actions/" (a.id) } { (a.text) } }
            span.meta {
                (action_chip(lang, a, today))
                span { (owners.word(lang, a.owner)) }
                span.num { (t!(lang, "due-on", day = a.due.to_string())) }
                @if let Some(m) = &a.matter { a href={ "/m/" (m.number) } { (m.number) } }
            }
            @if let Some(result) = &a.result { p { (result) } }
            (tail(a))
        } } } } }
    }
}
