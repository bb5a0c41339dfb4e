//! What follows from events.

use crate::model::{
    Appeal, Election, ElectionEvent as E, ElectionState as S, Kin, Lot, Member, Nominee, NomineeState,
    Opinion, Presentation, Print, Roll, Round, RoundKind,
};
use kernel::{Id, Time};

/// The state of an election after an event.
#[must_use]
#[expect(clippy::too_many_lines, reason = "a line or two for each event; splitting would hide the list")]
pub fn evolve(state: Option<Election>, event: &E, at: Time, street: Id, by: Option<Id>) -> Option<Election> {
    if let (
        None,
        E::ElectionPrepared {
            id,
            number,
            place,
            kind,
            mode,
            title,
            post,
            seats,
            polling_day,
            candidates_days,
            rule,
        },
    ) = (&state, event)
    {
        return Some(Election {
            id: *id,
            street,
            place: place.clone(),
            number: number.clone(),
            kind: *kind,
            mode: *mode,
            title: title.clone(),
            post: post.clone(),
            seats: *seats,
            polling_day: *polling_day,
            candidates_days: *candidates_days,
            rule: (**rule).clone(),
            state: S::Prepared,
            committee: Vec::new(),
            rolls: Vec::new(),
            prints: Vec::new(),
            appeals: Vec::new(),
            nominees: Vec::new(),
            kin: Vec::new(),
            lot: None,
            met: None,
            rounds: Vec::new(),
            elected: Vec::new(),
            vacant: None,
            declared_at: None,
            handed: None,
            reason: None,
        });
    }
    let mut e = state?;
    let version = u32::try_from(e.rolls.len()).unwrap_or(u32::MAX).saturating_add(1);
    match event {
        E::ElectionPrepared { .. } => {}
        E::PollingMoved { day, .. } => e.polling_day = *day,
        E::MemberNamed { id, person, chair } => {
            e.committee.push(Member { id: *id, person: *person, chair: *chair, at, left: None });
        }
        E::MemberLeft { id, why } => {
            if let Some(m) = e.committee.iter_mut().find(|m| m.id == *id) {
                m.left = Some(*why);
            }
        }
        E::CommitteeFormed => e.state = S::Committee,
        E::RollPublished { sha256, voters, lines, posted } => {
            let (sha256, lines, posted) = (sha256.clone(), lines.clone(), posted.clone());
            e.rolls.push(Roll { version, sha256, voters: *voters, lines, at, appeal: None, posted });
            e.state = S::RollPublished;
        }
        E::RollCorrected { sha256, voters, lines, appeal } => {
            let (sha256, lines) = (sha256.clone(), lines.clone());
            e.rolls.push(Roll { version, sha256, voters: *voters, lines, at, appeal: *appeal, posted: None });
        }
        E::RollPrinted { version, reason, .. } => {
            e.prints.push(Print { version: *version, by, at, reason: reason.clone() });
        }
        E::AppealMade { id, by, text, due } => {
            e.appeals.push(Appeal {
                id: *id,
                by: *by,
                text: text.clone(),
                at,
                due: *due,
                answer: None,
                upheld: None,
                decided_at: None,
            });
            e.state = S::Appeals;
        }
        E::AppealDecided { id, upheld, answer } => {
            if let Some(a) = e.appeals.iter_mut().find(|a| a.id == *id) {
                (a.upheld, a.answer, a.decided_at) = (Some(*upheld), Some(answer.clone()), Some(at));
            }
        }
        E::NominationsOpened | E::NominationsReopened { .. } => e.state = S::Nominating,
        E::Nominated { id, person, woman, way, from, need } => e.nominees.push(Nominee {
            id: *id,
            person: *person,
            woman: *woman,
            way: *way,
            from: from.clone(),
            by,
            at,
            need: *need,
            signers: Vec::new(),
            agreed_at: None,
            opinions: Vec::new(),
            presentation: None,
            ended: None,
        }),
        E::NomineeSigned { id, units } => {
            with(&mut e, *id, |n| n.signers.extend(units.iter().cloned()));
        }
        E::NomineeAgreed { id } => with(&mut e, *id, |n| n.agreed_at = Some(at)),
        E::NomineeDeclined { id } => with(&mut e, *id, |n| n.ended = Some(NomineeState::Declined)),
        E::NomineeWithdrew { id } => with(&mut e, *id, |n| {
            n.ended = Some(NomineeState::Withdrawn);
            // Whoever goes back is nobody's candidate: their photo goes with them.
            if let Some(shown) = n.presentation.as_mut() {
                shown.portrait = None;
            }
        }),
        E::NomineeStruck { id, .. } => with(&mut e, *id, |n| n.ended = Some(NomineeState::Barred)),
        E::KinNoted { first, second } => e.kin.push(Kin { first: *first, second: *second }),
        E::NominationsClosed => e.state = S::Vetting,
        E::NomineeVetted { id, bars, note } => {
            if let Some(by) = by {
                let opinion = Opinion { by, at, bars: bars.clone(), note: note.clone() };
                with(&mut e, *id, |n| n.opinions.push(opinion));
            }
        }
        E::NomineePresented { id, about, promise, portrait } => {
            let (about, promise, portrait) = (about.clone(), promise.clone(), portrait.clone());
            let shown = Presentation { about, promise, portrait };
            with(&mut e, *id, |n| n.presentation = Some(shown));
        }
        E::CandidatesPublished { seed, order, reasons, posted } => {
            let posted = posted.clone();
            e.lot =
                Some(Lot { seed: seed.clone(), order: order.clone(), reasons: reasons.clone(), at, posted });
        }
        E::VotersMet { on, how } => {
            e.met = Some((*on, how.clone()));
            e.state = S::MeetingVoters;
        }
        E::RoundCalled { id, kind, poll, seats, candidates, rule, opens, closes, late } => {
            e.rounds.push(Round {
                id: *id,
                kind: *kind,
                poll: *poll,
                seats: *seats,
                candidates: candidates.clone(),
                rule: rule.clone(),
                opens: *opens,
                closes: *closes,
                late: late.clone(),
                count: None,
                set_aside: false,
            });
            e.reason = None;
            if *kind == RoundKind::Main {
                e.polling_day = kernel::time::local_date(*opens);
            }
            e.state = match kind {
                RoundKind::Main => S::CandidatesPublished,
                RoundKind::Tie => S::TieVote,
                RoundKind::Runoff => S::Runoff,
            };
        }
        E::PollingBegan => e.state = S::Polling,
        E::PollingEnded => e.state = S::Counting,
        E::RoundCounted { round, count, elected } => {
            if let Some(r) = e.rounds.iter_mut().find(|r| r.id == *round) {
                r.count = Some((**count).clone());
            }
            e.elected.extend(elected.iter().cloned());
        }
        E::WrittenInDecided { round, name, elected, .. } => {
            if let Some(c) = e.rounds.iter_mut().find(|r| r.id == *round).and_then(|r| r.count.as_mut()) {
                c.pending.retain(|n| n != name);
            }
            e.elected.extend(elected.clone());
        }
        E::RoundSettled { to } => {
            e.state = *to;
            if *to == S::Declared {
                e.declared_at = Some(at);
            }
        }
        E::RoundSetAside { round, why } => {
            if let Some(r) = e.rounds.iter_mut().find(|r| r.id == *round) {
                r.set_aside = true;
            }
            e.elected.retain(|x| x.round != *round);
            (e.declared_at, e.vacant, e.handed) = (None, None, None);
            e.reason = Some(why.clone());
            e.state = S::SetAside;
        }
        E::VacanciesLeft { why } => {
            (e.vacant, e.declared_at, e.state) = (Some(why.clone()), Some(at), S::Declared);
        }
        E::HandedOver { on, how } => {
            e.handed = Some((*on, how.clone()));
            e.state = S::Handover;
        }
        E::ElectionArchived => e.state = S::Archived,
        E::ElectionCancelled { why } => {
            e.reason = Some(why.clone());
            e.state = S::Cancelled;
        }
    }
    Some(e)
}

fn with(e: &mut Election, id: Id, change: impl FnOnce(&mut Nominee)) {
    if let Some(n) = e.nominees.iter_mut().find(|n| n.id == id) {
        change(n);
    }
}
