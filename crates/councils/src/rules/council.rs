//! Bodies, their rules of decision, and actions.

use crate::model::{Action, ActionEvent, ActionState, Council, CouncilEvent, Member, Report};
use kernel::{Id, Refusal, Time};
use tally::rule::{Form, Rule, shipped};

/// The rules that a meeting may decide by: those of `tally` for meetings, none of them secret, since hands are not.
pub fn decision_rules() -> impl Iterator<Item = &'static Rule> {
    shipped().iter().filter(|r| r.form == Form::Meeting && !r.secret)
}

/// How far ahead an action may be due, in days: what takes longer is given in parts.
pub const LONGEST_ACTION_DAYS: u64 = 5 * 365;

/// A rule that a meeting may decide by.
///
/// # Errors
/// `councils.no-rule` for the field `rule`.
pub fn decision_rule(code: &str) -> Result<&'static Rule, Refusal> {
    decision_rules().find(|r| r.code == code).ok_or(Refusal::invalid("rule", "councils.no-rule"))
}

/// The state of a body after an event.
#[must_use]
pub fn evolve_council(state: Option<Council>, event: &CouncilEvent, at: Time, street: Id) -> Option<Council> {
    if let (None, CouncilEvent::CouncilFounded { id, kind, name, place, rule }) = (&state, event) {
        return Some(Council {
            id: *id,
            street,
            kind: *kind,
            name: name.clone(),
            place: place.clone(),
            rule: rule.clone(),
            members: Vec::new(),
            chair: None,
            secretary: None,
            delegates: false,
            rhythm: None,
            founded_at: at,
        });
    }
    let mut c = state?;
    match event {
        CouncilEvent::CouncilFounded { .. } => {}
        CouncilEvent::MemberJoined(member) => c.members.push(member.clone()),
        CouncilEvent::MemberLeft { member, on } => {
            c.members = c
                .members
                .into_iter()
                .map(|m| if m.id == *member { Member { until: Some(*on), ..m } } else { m })
                .collect();
            // A seat that ended presides no more.
            c.chair = c.chair.filter(|m| m != member);
            c.secretary = c.secretary.filter(|m| m != member);
        }
        CouncilEvent::SeatsGiven { chair, secretary } => {
            c.chair = *chair;
            c.secretary = *secretary;
        }
        CouncilEvent::RhythmSet { rhythm } => c.rhythm.clone_from(rhythm),
        CouncilEvent::DelegatesLet { allowed } => c.delegates = *allowed,
        CouncilEvent::RuleChosen { rule } => c.rule.clone_from(rule),
    }
    Some(c)
}

/// The state of an action after an event.
#[must_use]
pub fn evolve_action(state: Option<Action>, event: &ActionEvent, at: Time, street: Id) -> Option<Action> {
    match (state, event) {
        (None, ActionEvent::ActionGiven { id, council, sitting, item, place, matter, text, owner, due }) => {
            Some(Action {
                id: *id,
                street,
                council: *council,
                sitting: *sitting,
                item: *item,
                place: place.clone(),
                matter: matter.clone(),
                text: text.clone(),
                owner: *owner,
                due: *due,
                state: ActionState::Open,
                reminded: None,
                reports: Vec::new(),
                result: None,
                reopened: 0,
                given_at: at,
                done_at: None,
            })
        }
        (Some(a), ActionEvent::ActionReminded(reminded)) => Some(Action { reminded: Some(*reminded), ..a }),
        (Some(mut a), ActionEvent::ActionReported { words }) => {
            a.reports.push(Report { words: words.clone(), at });
            Some(a)
        }
        (Some(a), ActionEvent::ActionDone { result }) => {
            Some(Action { state: ActionState::Done, result: Some(result.clone()), done_at: Some(at), ..a })
        }
        (Some(mut a), ActionEvent::ActionReopened { reason, due }) => {
            // What was reported stays with what is said of it.
            let result = a.result.take().map(|words| Report { words, at: a.done_at.unwrap_or(at) });
            a.reports.extend(result);
            a.reports.push(Report { words: reason.clone(), at });
            Some(Action {
                state: ActionState::Open,
                due: *due,
                done_at: None,
                reminded: None,
                reopened: a.reopened + 1,
                ..a
            })
        }
        (state, _) => state,
    }
}
