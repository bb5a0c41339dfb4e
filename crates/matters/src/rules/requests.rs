//! Requests that somebody else decides: return, extension, suspension, whistle, voiding.

use super::{Facts, decide::*};
use crate::model::*;
use kernel::{Id, OfficeKind, Refusal, text::Words};

pub(super) fn request(
    m: &Matter,
    facts: &Facts<'_>,
    id: Id,
    ask: Ask,
    words: Words,
) -> Result<Vec<Event>, Refusal> {
    ensure(m.waiting_request().is_none(), conflict("matters.request-waits"))?;
    let mut street_decides = false;
    match &ask {
        Ask::Return { reason, competent } => {
            is(m, &[Status::Dispatched, Status::Handling])?;
            leads(m, facts)?;
            let needs_name = matches!(reason, ReturnReason::OtherPlace | ReturnReason::OtherDuty);
            ensure(
                !needs_name || competent.is_some(),
                Refusal::invalid("competent", "matters.name-competent"),
            )?;
            ensure(
                competent.is_none() || *competent != facts.actor.unit,
                Refusal::invalid("competent", "matters.name-competent"),
            )?;
            let mine = m.returned_by.iter().filter(|u| Some(**u) == facts.actor.unit).count();
            let max = facts.method.returns.max_per_unit;
            ensure(mine < max as usize, conflict("matters.returned-enough").with("max", max))?;
            let denied = m.requests.iter().any(|r| {
                r.round == m.round
                    && r.ask.kind() == RequestKind::Return
                    && r.unit == facts.actor.unit
                    && r.decision.as_ref().is_some_and(|d| !d.granted)
            });
            ensure(!denied, conflict("matters.return-denied"))?;
        }
        Ask::Extend { until } => {
            is(m, &[Status::Handling])?;
            leads(m, facts)?;
            let round = round(m)?;
            ensure(!m.is_paused(), conflict("matters.paused-already"))?;
            ensure(facts.now <= round.deadline, conflict("matters.extend-late"))?;
            ensure(*until > round.deadline, Refusal::invalid("until", "matters.extend-earlier"))?;
            let max = facts.method.extensions.max;
            ensure(round.extensions < max, conflict("matters.extended-enough").with("max", max))?;
            street_decides = round.extensions > 0;
        }
        Ask::Suspend { review, .. } => {
            is(m, &[Status::Handling])?;
            leads(m, facts)?;
            ensure(!m.is_paused(), conflict("matters.paused-already"))?;
            let latest = facts.calendar.deadline(facts.now, facts.method.timers.suspension_review_max).at;
            ensure(
                *review > facts.now && *review <= latest,
                Refusal::invalid("review", "matters.review-range"),
            )?;
            street_decides = true;
        }
        Ask::Whistle { units, at } => {
            is(m, &[Status::Accepted, Status::Dispatched, Status::Handling])?;
            ensure(m.whistle.is_none(), conflict("matters.whistled-already"))?;
            ensure(!units.is_empty(), Refusal::invalid("units", "ui.empty"))?;
            ensure(*at > facts.now, Refusal::invalid("at", "matters.in-past"))?;
            street_decides = true;
        }
        Ask::Void => {
            ensure(m.status.is_open() || m.status == Status::Closed, conflict("matters.not-now"))?;
            // The duty chief decides on what others ask; what the duty chief asks goes one step up.
            street_decides = facts.actor.office == Some(OfficeKind::CommunitySecretary);
        }
    }
    let request = Request {
        id,
        round: m.round,
        ask,
        words,
        unit: facts.actor.unit,
        by: facts.actor.person,
        at: facts.now,
        street_decides,
        decision: None,
    };
    Ok(vec![Event::Requested {
        request,
        clocks: vec![starts(facts, Timer::Request, facts.method.timers.request)],
    }])
}

pub(super) fn decision(
    m: &Matter,
    facts: &Facts<'_>,
    id: Id,
    granted: bool,
    words: Option<Words>,
) -> Result<Vec<Event>, Refusal> {
    let request = m.requests.iter().find(|r| r.id == id).ok_or(Refusal::missing("matters.no-request"))?;
    ensure(request.decision.is_none(), conflict("matters.decided-already"))?;
    ensure(m.waiting_request().is_some_and(|r| r.id == id), conflict("matters.not-now"))?;
    let void = request.ask == Ask::Void;
    ensure(
        request.by.is_none() || request.by != facts.actor.person,
        Refusal::forbidden("matters.decide-own"),
    )?;
    let street = facts.actor.office == Some(OfficeKind::StreetSupervisor);
    ensure(!request.street_decides || street, Refusal::forbidden("matters.street-decides"))?;
    let chief = street || facts.actor.office == Some(OfficeKind::CommunitySecretary);
    ensure(!void || chief || facts.actor.is_system(), Refusal::forbidden("matters.chief-decides"))?;
    ensure(
        granted || words.is_some() || facts.actor.is_system(),
        Refusal::invalid("words", "matters.say-why"),
    )?;
    let timers = &facts.method.timers;
    let mut onsite = false;
    let clocks = match (&request.ask, granted) {
        (Ask::Return { .. }, true) => {
            let mut units: Vec<Id> = m.returned_by.clone();
            units.extend(m.lead_unit());
            units.sort();
            units.dedup();
            onsite = units.len() >= facts.method.returns.units_before_onsite as usize;
            vec![starts(facts, Timer::Dispatch, timers.dispatch_for(m.urgency))]
        }
        (Ask::Extend { until: at }, true) => {
            let handle = m.clock(Timer::Handle);
            let (limit, start) = handle.map_or((timers.progress, facts.now), |c| (c.limit, c.start));
            vec![Running { start, ..until(facts, Timer::Handle, limit, *at) }]
        }
        (Ask::Suspend { review, .. }, true) => {
            vec![until(facts, Timer::Review, timers.suspension_review_max, *review)]
        }
        _ => Vec::new(),
    };
    Ok(vec![Event::Decided { request: id, granted, words, onsite, clocks }])
}
