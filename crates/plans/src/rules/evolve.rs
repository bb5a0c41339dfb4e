//! States after events.

use crate::model::{
    Decision, Entry, Opinion, OpinionEvent, OpinionState, Plan, PlanEvent as E, PlanState, Reply, Round,
    Version,
};
use kernel::{Id, Time};

/// The state of a plan after an event.
#[must_use]
pub fn evolve(state: Option<Plan>, event: &E, at: Time, street: Id) -> Option<Plan> {
    if let (None, E::PlanDrafted { id, number, place, title, matter, parties, text }) = (&state, event) {
        return Some(Plan {
            id: *id,
            street,
            number: number.clone(),
            place: place.clone(),
            title: title.clone(),
            matter: matter.clone(),
            parties: parties.clone(),
            state: PlanState::Draft,
            versions: vec![Version { text: text.clone(), why: None, at }],
            rounds: Vec::new(),
            decision: None,
            works: None,
            diary: Vec::new(),
            ending: None,
            ended_at: None,
        });
    }
    let mut p = state?;
    match event {
        E::PlanDrafted { .. } => {}
        E::PlanRevised { text, why } => {
            p.versions.push(Version { text: text.clone(), why: Some(why.clone()), at });
        }
        E::RoundOpened { until } => {
            p.state = PlanState::Consulting;
            p.rounds.push(Round { version: p.versions.len(), from: at, until: *until, closed_at: None });
        }
        E::RoundClosed => {
            p.state = PlanState::Answering;
            if let Some(round) = p.rounds.last_mut() {
                round.closed_at = Some(at);
            }
        }
        E::PlanSettled { how, link } => {
            p.state = PlanState::Settled;
            let version = p.versions.len();
            p.decision = Some(Decision { version, how: how.clone(), link: link.clone(), at });
        }
        E::WorksBegun(works) => {
            p.state = PlanState::Works;
            p.works = Some(works.clone());
        }
        E::DiaryWritten { kind, day, words, photos, built } => {
            let (words, photos, built) = (words.clone(), photos.clone(), built.clone());
            p.diary.push(Entry { kind: *kind, day: *day, words, photos, built, at });
        }
        E::PlanFinished { accepted: said } | E::PlanWithdrawn { reason: said } => {
            let done = matches!(event, E::PlanFinished { .. });
            p.state = if done { PlanState::Done } else { PlanState::Withdrawn };
            p.ending = Some(said.clone());
            p.ended_at = Some(at);
        }
    }
    Some(p)
}

/// The state of an opinion after an event.
#[must_use]
pub fn evolve_opinion(state: Option<Opinion>, event: &OpinionEvent, at: Time, street: Id) -> Option<Opinion> {
    if let (None, OpinionEvent::OpinionPut { id, plan, round, person, channel, kind, text }) = (&state, event)
    {
        return Some(Opinion {
            id: *id,
            street,
            plan: *plan,
            round: *round,
            person: *person,
            channel: *channel,
            kind: *kind,
            text: text.clone(),
            state: OpinionState::Put,
            reply: None,
            at,
        });
    }
    let mut o = state?;
    match event {
        OpinionEvent::OpinionPut { .. } => {}
        OpinionEvent::OpinionAnswered { how, words } => {
            o.state = OpinionState::Answered;
            o.reply = Some(Reply { how: *how, words: words.clone(), at });
        }
        OpinionEvent::OpinionContent => o.state = OpinionState::Content,
        OpinionEvent::OpinionMaintained => o.state = OpinionState::Maintained,
        OpinionEvent::OpinionTakenBack => o.state = OpinionState::TakenBack,
    }
    Some(o)
}
