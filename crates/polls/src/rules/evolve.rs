//! What follows from events.

use crate::model::{
    Ballot, Certificate, Delivery, Extension, LostCode, Objection, PaperReading, Poll, PollEvent as E,
    PollState, Proxy, ProxyState, Sheet, Signature, Standing, Voter, VoterEvent as V,
};
use kernel::{Id, Time};

/// The state of a poll after an event.
#[must_use]
pub fn evolve(state: Option<Poll>, event: &E, at: Time, street: Id, by: Option<Id>) -> Option<Poll> {
    if let (
        None,
        E::PollDrafted { id, number, place, title, text, shape, secret, trust, options, candidates, origin },
    ) = (&state, event)
    {
        return Some(Poll {
            id: *id,
            street,
            place: place.clone(),
            number: number.clone(),
            title: title.clone(),
            text: text.clone(),
            shape: *shape,
            secret: *secret,
            trust: *trust,
            options: options.clone(),
            candidates: candidates.clone(),
            origin: origin.clone(),
            state: PollState::Draft,
            rule: None,
            roll: None,
            earlier_rolls: Vec::new(),
            noticed_at: None,
            posted: None,
            urgent: None,
            opens: None,
            closes: None,
            extended: Vec::new(),
            sealed: None,
            papers: Vec::new(),
            count: None,
            returned: Vec::new(),
            published_at: None,
            show_until: None,
            boards: Vec::new(),
            objections: Vec::new(),
            reason: None,
        });
    }
    let mut p = state?;
    match event {
        E::PollDrafted { .. } => {}
        E::PollEdited { title, text, options } => {
            (p.title, p.text, p.options) = (title.clone(), text.clone(), options.clone());
        }
        E::RulePinned(rule) => {
            p.rule = Some(rule.clone());
            if p.state == PollState::Draft {
                p.state = PollState::Ruled;
            }
        }
        E::RollFrozen(roll) => {
            p.earlier_rolls.extend(p.roll.take().map(|r| r.sha256));
            p.roll = Some(roll.clone());
            if p.state == PollState::Ruled {
                p.state = PollState::Rolled;
            }
        }
        E::PollNoticed { opens, closes, urgent, posted } => {
            p.state = PollState::Noticed;
            p.noticed_at = Some(at);
            (p.opens, p.closes, p.urgent) = (Some(*opens), Some(*closes), urgent.clone());
            p.boards.extend(posted.iter().filter_map(|posted| posted.photo));
            p.posted.clone_from(posted);
        }
        E::PollOpened => p.state = PollState::Open,
        E::PollExtended { closes, why } => {
            let from = p.closes.replace(*closes).unwrap_or(at);
            p.extended.push(Extension { from, to: *closes, why: why.clone(), at });
        }
        E::PollClosed { sealed } => {
            p.state = PollState::Closed;
            p.sealed = sealed.clone();
        }
        E::PapersRead { groups } => {
            if let Some(by) = by {
                p.papers.push(PaperReading { by, groups: groups.clone() });
            }
        }
        E::PollCounted { outcome, sha256 } => {
            p.state = PollState::Counting;
            let outcome = (**outcome).clone();
            p.count = Some(Certificate { outcome, sha256: sha256.clone(), by, at, signed: Vec::new() });
        }
        E::CountReturned { why } => {
            p.state = PollState::Closed;
            p.count = None;
            p.returned.push(why.clone());
        }
        E::CountSigned { role } => {
            if let (Some(count), Some(person)) = (p.count.as_mut(), by) {
                count.signed.push(Signature { person, role: *role, at });
                if count.signed.len() >= 2 {
                    p.state = PollState::Certified;
                }
            }
        }
        E::ResultPublished { until } => {
            p.state = PollState::Published;
            (p.published_at, p.show_until) = (Some(at), Some(*until));
        }
        E::BoardShown { photo } => p.boards.push(*photo),
        E::PollArchived => p.state = PollState::Archived,
        E::ObjectionMade { id, about, by, text } => p.objections.push(Objection {
            id: *id,
            about: *about,
            by: *by,
            text: text.clone(),
            at,
            answer: None,
            upheld: None,
            answered_at: None,
        }),
        E::ObjectionAnswered { id, answer, upheld } => {
            if let Some(o) = p.objections.iter_mut().find(|o| o.id == *id) {
                (o.answer, o.upheld, o.answered_at) = (Some(answer.clone()), Some(*upheld), Some(at));
            }
        }
        E::PollVoided { reason } => {
            p.state = PollState::Void;
            p.reason = Some(reason.clone());
        }
        E::ResultAnnulled { reason } => {
            p.state = PollState::Annulled;
            p.reason = Some(reason.clone());
        }
    }
    Some(p)
}

/// The state of a head after an event.
#[must_use]
pub fn evolve_voter(state: Option<Voter>, event: &V, at: Time, street: Id, by: Option<Id>) -> Option<Voter> {
    if let (None, V::HeadTouched { id, poll, head, area }) = (&state, event) {
        return Some(Voter {
            id: *id,
            street,
            poll: *poll,
            head: *head,
            area: *area,
            person: None,
            deliveries: Vec::new(),
            proxy: None,
            sheets: Vec::new(),
            ballots: Vec::new(),
            lost_codes: Vec::new(),
        });
    }
    let mut v = state?;
    match event {
        V::HeadTouched { .. } => {}
        V::HeadRecognised { person, .. } => v.person = Some(*person),
        V::HeadServed { way, reached, proof } => {
            v.deliveries.push(Delivery { way: *way, reached: *reached, proof: *proof, by, at });
        }
        V::ProxyApproved { agent, paper } => {
            v.proxy = Some(Proxy { agent: *agent, paper: *paper, state: ProxyState::Approved, at });
        }
        V::ProxyRevoked => {
            if let Some(proxy) = v.proxy.as_mut() {
                proxy.state = ProxyState::Revoked;
            }
        }
        V::CodeLost { why } => {
            v.lost_codes.push(LostCode { why: why.clone(), by, at, again: None });
        }
        V::CodeReissued => {
            if let Some(lost) = v.lost_codes.last_mut() {
                lost.again = Some((by, at));
            }
        }
        V::SheetRead { vote, image } => {
            if let Some(by) = by {
                v.sheets.push(Sheet { vote: vote.clone(), by, image: *image, at });
            }
        }
        V::SheetsDropped { .. } => v.sheets.clear(),
        V::BallotCast { vote, way, agent, witness } => {
            for earlier in v.ballots.iter_mut().filter(|b| b.standing == Standing::Valid) {
                earlier.standing = Standing::Superseded;
            }
            v.ballots.push(Ballot {
                vote: vote.clone(),
                way: *way,
                by,
                agent: *agent,
                witness: witness.clone(),
                at,
                standing: Standing::Valid,
                why: None,
                sheets: if *way == tally::events::Way::Paper {
                    std::mem::take(&mut v.sheets)
                } else {
                    Vec::new()
                },
            });
        }
        V::BallotStruck { why } => {
            if let Some(ballot) = v.ballots.iter_mut().find(|b| b.standing == Standing::Valid) {
                ballot.standing = Standing::Struck;
                ballot.why = Some(why.clone());
            }
        }
    }
    Some(v)
}
