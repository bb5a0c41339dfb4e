//! What follows from a command: events, or a refusal that says why.

use super::{
    Command, Facts,
    requests::{decision, request},
};
use crate::model::*;
use kernel::{
    Id, OfficeKind, PlacePath, Refusal, Time,
    calendar::{Limit, Pause},
    text::Words,
};
use methods::Tier;

pub(super) const fn conflict(code: &'static str) -> Refusal {
    Refusal::conflict(code)
}

pub(super) fn ensure(holds: bool, refusal: Refusal) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(refusal) }
}

/// A clock that starts now.
#[must_use]
pub fn starts(facts: &Facts<'_>, timer: Timer, limit: Limit) -> Running {
    let deadline = facts.calendar.deadline(facts.now, limit);
    Running {
        timer,
        limit,
        start: facts.now,
        at: deadline.at,
        fired: false,
        missing_year: deadline.missing_year,
    }
}

/// A clock that strikes at a given instant; its limit is only for show.
pub(super) fn until(facts: &Facts<'_>, timer: Timer, limit: Limit, at: Time) -> Running {
    Running { timer, limit, start: facts.now, at, fired: false, missing_year: None }
}

pub(super) fn is(m: &Matter, states: &[Status]) -> Result<(), Refusal> {
    ensure(states.contains(&m.status), conflict("matters.not-now"))
}

pub(super) fn round(m: &Matter) -> Result<&Round, Refusal> {
    m.current().ok_or(conflict("matters.not-now"))
}

/// Whoever acts must be of the unit that leads.
pub(super) fn leads(m: &Matter, facts: &Facts<'_>) -> Result<(), Refusal> {
    let lead = round(m)?.lead().ok_or(conflict("matters.not-now"))?;
    ensure(facts.actor.unit == Some(lead.unit), Refusal::forbidden("matters.not-yours"))?;
    // 派遣与处置分离: who dispatched does not handle.
    ensure(
        lead.by.is_none() || lead.by != facts.actor.person,
        Refusal::forbidden("matters.dispatcher-handles"),
    )
}

/// T5 goes on after a pause: the frozen limit counted anew without the pauses, never before an extension.
pub(super) fn resumed(m: &Matter, facts: &Facts<'_>, from: Time) -> Result<Vec<Running>, Refusal> {
    let round = round(m)?;
    let start = round.lead().map_or(facts.now, |l| l.at);
    let mut pauses = round.pauses.clone();
    pauses.push(Pause { from, to: facts.now });
    let deadline = facts.calendar.deadline_paused(start, round.limit, &pauses);
    let at =
        if round.extensions > 0 { deadline.at.max(round.deadline + (facts.now - from)) } else { deadline.at };
    let handle = Running {
        timer: Timer::Handle,
        limit: round.limit,
        start,
        at,
        fired: false,
        missing_year: deadline.missing_year,
    };
    Ok(vec![handle, starts(facts, Timer::Progress, facts.method.timers.progress)])
}

/// The events that a command gives, or why it cannot be done.
///
/// # Errors
/// A refusal naming the rule.
pub fn decide(m: &Matter, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let timers = &facts.method.timers;
    let one = |event| Ok(vec![event]);
    match command {
        Command::AskVerification { words } => {
            is(m, &[Status::Submitted])?;
            one(Event::VerificationAsked { words, clocks: vec![starts(facts, Timer::Verify, timers.verify)] })
        }
        Command::Verify { finding, words, attachments } => {
            is(m, &[Status::Verifying])?;
            // T1 goes on where it was; it is not given anew by asking for a look.
            one(Event::Verified { finding, words, attachments, clocks: Vec::new() })
        }
        Command::Accept { tier, category, nature, urgency, hazard } => {
            is(m, &[Status::Submitted, Status::Verifying])?;
            ensure(
                facts.category.is_some_and(|c| c.code == category),
                Refusal::invalid("category", "matters.no-category"),
            )?;
            let clocks = vec![starts(facts, Timer::Dispatch, timers.dispatch_for(urgency))];
            one(Event::Accepted { tier, category, nature, urgency, hazard, clocks })
        }
        Command::Reject { reason, pointer } => {
            is(m, &[Status::Submitted, Status::Verifying])?;
            one(Event::Rejected { reason, pointer })
        }
        Command::Merge { into, number, target_open } => {
            is(m, &[Status::Submitted, Status::Verifying, Status::Accepted])?;
            ensure(into != m.id, Refusal::invalid("into", "matters.merge-self"))?;
            ensure(target_open, Refusal::invalid("into", "matters.merge-closed"))?;
            one(Event::Merged { into, number })
        }
        Command::Unmerge { target_open } => {
            is(m, &[Status::Merged])?;
            ensure(target_open, conflict("matters.merge-closed"))?;
            let before = match &m.ending {
                Some(Ending::Merged { before, .. }) => *before,
                _ => Status::Submitted,
            };
            let clock = match before {
                Status::Accepted => starts(facts, Timer::Dispatch, timers.dispatch_for(m.urgency)),
                Status::Verifying => starts(facts, Timer::Verify, timers.verify),
                _ => starts(facts, Timer::Accept, timers.accept),
            };
            one(Event::Unmerged { clocks: vec![clock] })
        }
        Command::Dispatch { lead, tasks, limit, words } => dispatch(m, facts, lead, tasks, limit, words),
        Command::Sign => {
            is(m, &[Status::Dispatched])?;
            leads(m, facts)?;
            one(Event::Signed)
        }
        Command::Contact { voice, reached, seconds, words } => {
            ensure(m.status.is_open(), conflict("matters.not-now"))?;
            ensure(m.voice(voice).is_some(), Refusal::missing("matters.no-voice"))?;
            if facts.actor.office == Some(OfficeKind::UnitHandler) {
                is(m, &[Status::Dispatched, Status::Handling])?;
                leads(m, facts)?;
            }
            let mut events = vec![Event::Contacted { voice, reached, seconds, words }];
            // The time for the verdict was over already: the last missing attempt closes the matter.
            let struck = m.status == Status::Answered && m.clock(Timer::Evaluate).is_some_and(|c| c.fired);
            let tries = m.contacts.iter().filter(|c| c.round == m.round).count() + 1;
            if struck && !reached && tries >= facts.method.evaluation.contact_attempts as usize {
                events.push(Event::Closed {
                    how: ClosedHow::Silence,
                    clocks: vec![starts(facts, Timer::Reopen, timers.reopen)],
                });
            }
            Ok(events)
        }
        Command::Progress { words, attachments } => {
            is(m, &[Status::Handling])?;
            leads(m, facts)?;
            let clocks = if m.is_paused() {
                Vec::new()
            } else {
                vec![starts(facts, Timer::Progress, timers.progress)]
            };
            one(Event::Progressed { words, attachments, clocks })
        }
        Command::Ask { id, ask, words } => request(m, facts, id, ask, words),
        Command::Decide { request, granted, words } => decision(m, facts, request, granted, words),
        Command::AwaitResident { words } => {
            is(m, &[Status::Handling])?;
            leads(m, facts)?;
            ensure(!m.is_paused(), conflict("matters.paused-already"))?;
            ensure(m.waiting_request().is_none(), conflict("matters.request-waits"))?;
            ensure(!m.waited.contains(&m.round), conflict("matters.waited-already"))?;
            one(Event::WaitBegan {
                words,
                clocks: vec![starts(facts, Timer::Wait, timers.resident_wait_max)],
            })
        }
        Command::Resume { words } => {
            let suspension = m.suspension.as_ref().ok_or(conflict("matters.not-now"))?;
            if facts.actor.office == Some(OfficeKind::UnitHandler) {
                leads(m, facts)?;
            }
            one(Event::Resumed { words, clocks: resumed(m, facts, suspension.since)? })
        }
        Command::GiveTask { task } => {
            is(m, &[Status::Dispatched, Status::Handling])?;
            ensure(Some(task.unit) != m.lead_unit(), Refusal::invalid("unit", "matters.lead-supports"))?;
            one(Event::TaskGiven { task })
        }
        Command::FinishTask { task, words, attachments } => {
            let open = m
                .tasks
                .iter()
                .find(|t| t.id == task && t.ended_at.is_none())
                .ok_or(conflict("matters.not-now"))?;
            ensure(facts.actor.unit == Some(open.unit), Refusal::forbidden("matters.not-yours"))?;
            one(Event::TaskDone { task, words, attachments })
        }
        Command::WaiveTask { task, words } => {
            ensure(
                m.tasks.iter().any(|t| t.id == task && t.ended_at.is_none()),
                conflict("matters.not-now"),
            )?;
            one(Event::TaskWaived { task, words })
        }
        Command::SetAgenda { words } => {
            is(m, &[Status::Accepted, Status::Dispatched, Status::Handling])?;
            ensure(m.agenda.is_none(), conflict("matters.agenda-already"))?;
            one(Event::AgendaSet { words: Some(words) })
        }
        Command::SettleAgenda { words } => {
            ensure(m.agenda.is_some(), conflict("matters.not-now"))?;
            one(Event::AgendaSettled { words })
        }
        Command::ReportIn => {
            let unit = facts.actor.unit.ok_or(Refusal::forbidden("matters.not-yours"))?;
            let called = m.whistle.iter().flat_map(|w| &w.units).find(|c| c.unit == unit);
            let called = called.ok_or(Refusal::forbidden("matters.not-called"))?;
            ensure(called.reported_at.is_none(), conflict("matters.reported-already"))?;
            one(Event::ReportedIn { unit })
        }
        Command::Score { unit, score, words } => {
            ensure((1..=5).contains(&score), Refusal::invalid("score", "ui.not-valid"))?;
            let called = m.whistle.iter().flat_map(|w| &w.units).any(|c| c.unit == unit);
            ensure(called, Refusal::invalid("unit", "matters.not-called"))?;
            one(Event::Scored { unit, score, words })
        }
        Command::Supervise { words } => {
            ensure(m.status.is_open(), conflict("matters.not-now"))?;
            ensure(m.supervision.is_none(), conflict("matters.supervised-already"))?;
            one(Event::Supervised { words: Some(words) })
        }
        Command::EndSupervision { words } => {
            ensure(m.supervision.is_some(), conflict("matters.not-now"))?;
            one(Event::SupervisionEnded { words })
        }
        Command::Finish { outcome, answer, attachments } => {
            is(m, &[Status::Handling])?;
            leads(m, facts)?;
            ensure(m.suspension.is_none(), conflict("matters.suspended"))?;
            ensure(m.waiting_request().is_none(), conflict("matters.request-waits"))?;
            ensure(m.tasks.iter().all(|t| t.ended_at.is_some()), conflict("matters.tasks-open"))?;
            let shown = |a: &Attachment| a.purpose == Purpose::After && a.kind == "photo";
            let has_photo = attachments.iter().any(shown)
                || m.attachments.iter().any(|a| {
                    shown(a) && a.round == m.round && a.at >= round(m).map_or(a.at, |r| r.leads[0].at)
                });
            let needs_photo = facts.category.is_some_and(|c| c.after_photo)
                && matches!(outcome, Outcome::Solved | Outcome::Partly);
            ensure(!needs_photo || has_photo, Refusal::invalid("photos", "matters.after-photo"))?;
            one(Event::Handled {
                outcome,
                answer,
                attachments,
                clocks: vec![starts(facts, Timer::Check, timers.check)],
            })
        }
        Command::Check { finding, words, attachments, voice } => {
            check(m, facts, finding, words, attachments, voice)
        }
        Command::Evaluate { voice, contacted, solved, satisfied, words, by_staff } => {
            let evaluation = Evaluation {
                voice,
                round: m.round,
                contacted,
                solved,
                satisfied,
                words,
                channel: facts.actor.channel,
                by_staff,
                at: facts.now,
            };
            evaluate(m, facts, evaluation)
        }
        Command::Reopen { voice, words } => reopen(m, facts, voice, words),
        Command::Withdraw { voice } => {
            ensure(m.status.is_open(), conflict("matters.not-now"))?;
            let mine = m.voice(voice).filter(|v| !v.withdrawn).ok_or(conflict("matters.not-now"))?;
            let others = m.voices.iter().any(|v| v.id != mine.id && !v.withdrawn);
            one(Event::Withdrawn { voice, kept: others || m.hazard })
        }
        Command::Transfer { pointer } => {
            is(m, &[Status::Submitted, Status::Verifying, Status::Accepted])?;
            one(Event::Transferred { pointer })
        }
        Command::Join { voice } => {
            ensure(m.status.is_open(), conflict("matters.join-closed"))?;
            let known = voice.person.is_some_and(|p| m.voice_of(p).is_some_and(|v| !v.withdrawn));
            ensure(!known, conflict("matters.joined-already"))?;
            one(Event::Joined { voice })
        }
        Command::Leave { voice } => one(Event::Left { voice }),
        Command::Add { voice, words, attachments } => {
            ensure(m.status.is_open(), conflict("matters.add-closed"))?;
            ensure(words.is_some() || !attachments.is_empty(), Refusal::invalid("words", "ui.empty"))?;
            let mut events = vec![Event::Added { voice, words, attachments }];
            if let (Some(from), Some(_)) = (m.waiting, voice) {
                // What was waited for has come: the clock goes on.
                events.push(Event::WaitEnded { clocks: resumed(m, facts, from)? });
            }
            Ok(events)
        }
        Command::Note { words, attachments } => one(Event::Noted { words, attachments }),
        Command::Urge { voice } => {
            ensure(m.status.is_open(), conflict("matters.urge-closed"))?;
            let mine = m.voice(voice).ok_or(Refusal::missing("matters.no-voice"))?;
            if let Some(last) = mine.urged_at {
                let next = facts.calendar.deadline(last, facts.method.raising.urge_cooldown).at;
                ensure(
                    facts.now >= next,
                    Refusal::new(kernel::refusal::RefusalKind::TooMany, "matters.urged-already"),
                )?;
            }
            one(Event::Urged { voice })
        }
        Command::Thank { voice, words } => {
            ensure(m.status == Status::Closed, conflict("matters.thank-closed"))?;
            let mine = m.voice(voice).filter(|v| !v.withdrawn).ok_or(Refusal::missing("matters.no-voice"))?;
            ensure(mine.thanked_at.is_none(), conflict("matters.thanked-already"))?;
            one(Event::Thanked { voice, words })
        }
        Command::Correct { title, public_title, place, category, hidden, words } => {
            ensure(m.status != Status::Voided, conflict("matters.not-now"))?;
            ensure(
                category.is_none() || facts.category.is_some(),
                Refusal::invalid("category", "matters.no-category"),
            )?;
            ensure(
                place
                    .as_ref()
                    .is_none_or(|p| p.within(&m.community.parent().unwrap_or_else(PlacePath::root))),
                Refusal::invalid("place", "matters.no-place"),
            )?;
            one(Event::Corrected { title, public_title, place, category, hidden, words })
        }
        Command::Redact { blob, boxes } => {
            let photo = m.attachments.iter().any(|a| a.blob == blob && a.kind == "photo");
            ensure(photo && boxes > 0, Refusal::missing("matters.no-photo"))?;
            one(Event::Redacted { blob, boxes })
        }
        Command::SeePersonal { voice, fields, reason } => one(Event::PersonalSeen { voice, fields, reason }),
        Command::Tick => Ok(tick(m, facts)),
    }
}

fn dispatch(
    m: &Matter,
    facts: &Facts<'_>,
    lead: Id,
    tasks: Vec<Task>,
    limit: Option<Limit>,
    words: Option<Words>,
) -> Result<Vec<Event>, Refusal> {
    is(m, &[Status::Accepted])?;
    let street = facts.actor.office == Some(OfficeKind::StreetSupervisor);
    ensure(!m.onsite || street, Refusal::forbidden("matters.onsite-street"))?;
    ensure(tasks.iter().all(|t| t.unit != lead), Refusal::invalid("support", "matters.lead-supports"))?;
    let timers = &facts.method.timers;
    let default = facts.category.map_or_else(|| timers.fallback_for(m.urgency), |c| c.limit);
    let limit = limit.unwrap_or(default);
    // The round was counted up when the matter came back; the first dispatch opens round 1.
    let round = m.round.max(1);
    let clocks = vec![
        starts(facts, Timer::Sign, timers.sign),
        starts(facts, Timer::Contact, timers.first_contact),
        // 时限自派遣起算: T5 starts at dispatch, not at signing.
        starts(facts, Timer::Handle, limit),
        starts(facts, Timer::Progress, timers.progress),
    ];
    Ok(vec![Event::Dispatched { lead, tasks, round, limit, words, clocks }])
}

fn check(
    m: &Matter,
    facts: &Facts<'_>,
    finding: CheckFinding,
    words: Option<Words>,
    attachments: Vec<Attachment>,
    voice: Option<Id>,
) -> Result<Vec<Event>, Refusal> {
    is(m, &[Status::Handled])?;
    let round = round(m)?;
    if voice.is_some() {
        let may = m.tier.is_some_and(|t| facts.method.tiers.get(t).resident_may_check);
        ensure(may, Refusal::forbidden("matters.resident-checks"))?;
        // Who lives there and works for the unit does not check the own work either.
        let me = facts.actor.person;
        let handled = [round.handled_by, round.leads.last().and_then(|l| l.signed_by)];
        ensure(me.is_none() || !handled.contains(&me), Refusal::forbidden("matters.handler-checks"))?;
    } else {
        let me = facts.actor.person;
        let lead = round.leads.last();
        let handled = [round.handled_by, lead.and_then(|l| l.signed_by)];
        // 核查与处置、派遣分离.
        ensure(me.is_none() || !handled.contains(&me), Refusal::forbidden("matters.handler-checks"))?;
        ensure(
            facts.actor.unit.is_none() || facts.actor.unit != m.lead_unit(),
            Refusal::forbidden("matters.handler-checks"),
        )?;
        ensure(
            me.is_none() || lead.and_then(|l| l.by) != me,
            Refusal::forbidden("matters.dispatcher-checks"),
        )?;
        let before = m.rounds.iter().rev().nth(1).and_then(|r| r.checked_by);
        ensure(before.is_none() || before != me, Refusal::forbidden("matters.other-checker"))?;
    }
    let timers = &facts.method.timers;
    let clocks = if finding == CheckFinding::Fail {
        ensure(words.is_some(), Refusal::invalid("words", "matters.say-why"))?;
        // The clock is not given anew by finishing badly.
        vec![
            Running {
                start: round.leads.last().map_or(facts.now, |l| l.at),
                ..until(facts, Timer::Handle, round.limit, round.deadline)
            },
            starts(facts, Timer::Progress, timers.progress),
        ]
    } else {
        vec![starts(facts, Timer::Evaluate, timers.evaluate)]
    };
    Ok(vec![Event::Checked { finding, words, attachments, clocks }])
}

fn evaluate(m: &Matter, facts: &Facts<'_>, evaluation: Evaluation) -> Result<Vec<Event>, Refusal> {
    is(m, &[Status::Answered, Status::Closed])?;
    let voice = m.voice(evaluation.voice).ok_or(Refusal::missing("matters.no-voice"))?;
    let again = m.evaluations.iter().any(|e| e.voice == voice.id && e.round == m.round);
    ensure(!again, conflict("matters.evaluated-already"))?;
    if let Some(round) = m.current() {
        // Nobody judges the own work.
        let me = facts.actor.person;
        let handler =
            me.is_some() && (round.handled_by == me || round.leads.iter().any(|l| l.signed_by == me));
        ensure(
            !handler && (facts.actor.unit.is_none() || facts.actor.unit != m.lead_unit()),
            Refusal::forbidden("matters.judge-own"),
        )?;
    }
    let unhappy = evaluation.satisfied == Satisfaction::Dissatisfied;
    ensure(
        !unhappy || evaluation.solved || evaluation.words.is_some() || evaluation.by_staff,
        Refusal::invalid("words", "matters.say-why"),
    )?;
    let solved = evaluation.solved;
    let first = m.voices.iter().find(|v| !v.withdrawn).is_none_or(|v| v.id == voice.id);
    let small = m.tier == Some(Tier::Autonomy);
    let redo = !solved || (unhappy && !small);
    let mut events = vec![Event::Evaluated { evaluation }];
    match (m.status, redo) {
        (Status::Answered, true) => events.extend(redone(m, facts)),
        (Status::Answered, false) if first => {
            let clocks = vec![starts(facts, Timer::Reopen, facts.method.timers.reopen)];
            events.push(Event::Closed { how: ClosedHow::Content, clocks });
        }
        _ => {}
    }
    Ok(events)
}

/// Another round, and what the redo ladder adds to it.
fn redone(m: &Matter, facts: &Facts<'_>) -> Vec<Event> {
    let round = m.round + 1;
    let clocks = vec![starts(facts, Timer::Dispatch, facts.method.timers.dispatch_for(m.urgency))];
    let mut events = vec![Event::Redone { round, clocks }];
    events.extend(ladder(m, facts, round));
    events
}

fn ladder(m: &Matter, facts: &Facts<'_>, round: u32) -> Vec<Event> {
    let (back, redo) = (round - 1, facts.method.redo);
    let mut events = Vec::new();
    if back >= redo.supervise_at && m.supervision.is_none() {
        events.push(Event::Supervised { words: None });
    }
    if back >= redo.council_at && m.agenda.is_none() {
        events.push(Event::AgendaSet { words: None });
    }
    events
}

fn reopen(m: &Matter, facts: &Facts<'_>, voice: Option<Id>, words: Words) -> Result<Vec<Event>, Refusal> {
    is(m, &[Status::Closed])?;
    if let Some(voice) = voice {
        ensure(m.voice(voice).is_some(), Refusal::missing("matters.no-voice"))?;
        let open = m.clock(Timer::Reopen).is_some_and(|c| facts.now <= c.at);
        ensure(open, conflict("matters.reopen-late"))?;
    }
    let round = m.round.max(1) + 1;
    let clocks = vec![starts(facts, Timer::Dispatch, facts.method.timers.dispatch_for(m.urgency))];
    let mut events = vec![Event::Reopened { voice, words, round, clocks }];
    events.extend(ladder(m, facts, round));
    Ok(events)
}

/// What the passing of time does.
fn tick(m: &Matter, facts: &Facts<'_>) -> Vec<Event> {
    let mut events = Vec::new();
    let timers = &facts.method.timers;
    for clock in m.running.iter().filter(|r| !r.fired && r.at <= facts.now) {
        match clock.timer {
            // 逾期未答复视为不同意.
            Timer::Request => {
                if let Some(request) = m.waiting_request() {
                    events.push(Event::Decided {
                        request: request.id,
                        granted: false,
                        words: None,
                        onsite: false,
                        clocks: Vec::new(),
                    });
                }
            }
            Timer::Evaluate => {
                let tries = m.contacts.iter().filter(|c| c.round == m.round).count();
                let nobody = m.voices.iter().all(|v| v.person.is_none());
                let reopen = vec![starts(facts, Timer::Reopen, timers.reopen)];
                if tries >= facts.method.evaluation.contact_attempts as usize {
                    events.push(Event::Closed { how: ClosedHow::Silence, clocks: reopen });
                } else if nobody {
                    events.push(Event::Closed { how: ClosedHow::Unreachable, clocks: reopen });
                } else {
                    events.push(Event::TimerStruck { timer: clock.timer });
                }
            }
            Timer::Wait => {
                if let Some(from) = m.waiting
                    && let Ok(clocks) = resumed(m, facts, from)
                {
                    events.push(Event::WaitEnded { clocks });
                }
            }
            timer => events.push(Event::TimerStruck { timer }),
        }
    }
    events
}
