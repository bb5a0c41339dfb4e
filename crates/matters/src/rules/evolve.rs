//! What an event does to a matter.

use crate::model::*;
use kernel::calendar::Pause;
use store::Meta;

impl Matter {
    fn stop(&mut self, timers: &[Timer]) {
        self.running.retain(|r| !timers.contains(&r.timer));
    }

    fn run(&mut self, clocks: &[Running]) {
        for clock in clocks {
            self.running.retain(|r| r.timer != clock.timer);
            self.running.push(clock.clone());
        }
        // One order for one state, whatever way it came about.
        self.running.sort_by_key(|r| r.timer);
    }

    /// Only the clock of a request that waits runs on.
    fn stop_all_but_request(&mut self) {
        let waits = self.waiting_request().is_some();
        self.running.retain(|r| waits && r.timer == Timer::Request);
    }

    fn go(&mut self, status: Status, meta: &Meta) {
        self.status = status;
        self.since = meta.at;
    }

    fn end(&mut self, status: Status, meta: &Meta, ending: Option<Ending>) {
        self.go(status, meta);
        // What was asked for is over with the matter; only a wish to void outlives the closing.
        let waits = self.waiting_request().map(|r| r.id);
        for request in self.requests.iter_mut().filter(|r| r.decision.is_none() && Some(r.id) != waits) {
            request.decision = Some(Decision { granted: false, words: None, by: None, at: meta.at });
        }
        self.stop_all_but_request();
        self.ending = ending;
        self.suspension = None;
        self.waiting = None;
    }

    fn attach(&mut self, attachments: &[Attachment]) {
        self.attachments.extend_from_slice(attachments);
    }

    fn unpause(&mut self, from: kernel::Time, meta: &Meta, clocks: &[Running]) {
        if let Some(round) = self.rounds.last_mut() {
            round.pauses.push(Pause { from, to: meta.at });
            if let Some(handle) = clocks.iter().find(|c| c.timer == Timer::Handle) {
                round.deadline = handle.at;
            }
        }
        self.stop(&[Timer::Wait, Timer::Review]);
        self.run(clocks);
    }
}

/// The state after an event.
#[must_use]
pub fn evolve(state: Option<Matter>, event: &Event, meta: &Meta) -> Option<Matter> {
    if let Event::Raised(raised) = event {
        return Some(born(raised, meta));
    }
    let mut m = state?;
    match event {
        Event::Raised(_) => {}
        Event::Joined { voice } => m.voices.push(voice.clone()),
        Event::Left { voice } => m.voices.retain(|v| v.id != *voice),
        Event::Added { attachments, .. } | Event::Noted { attachments, .. } => m.attach(attachments),
        Event::Urged { voice } => {
            m.urges += 1;
            if let Some(v) = m.voices.iter_mut().find(|v| v.id == *voice) {
                v.urged_at = Some(meta.at);
            }
        }
        Event::Thanked { voice, .. } => {
            if let Some(v) = m.voices.iter_mut().find(|v| v.id == *voice) {
                v.thanked_at = Some(meta.at);
            }
        }
        Event::VerificationAsked { clocks, .. } => {
            m.go(Status::Verifying, meta);
            m.run(clocks);
        }
        Event::Verified { attachments, clocks, .. } => {
            m.go(Status::Submitted, meta);
            m.stop(&[Timer::Verify]);
            m.attach(attachments);
            m.run(clocks);
        }
        Event::Accepted { tier, category, nature, urgency, hazard, clocks } => {
            m.accepted_at.get_or_insert(meta.at);
            m.go(Status::Accepted, meta);
            m.stop(&[Timer::Accept, Timer::Verify]);
            m.tier = Some(*tier);
            m.category = Some(category.clone());
            m.nature = Some(*nature);
            m.urgency = *urgency;
            m.hazard = *hazard;
            m.run(clocks);
        }
        Event::Rejected { reason, pointer } => {
            m.accepted_at.get_or_insert(meta.at);
            m.end(
                Status::Rejected,
                meta,
                Some(Ending::Rejected { reason: *reason, pointer: pointer.clone() }),
            );
        }
        Event::Merged { into, number } => {
            let before = m.status;
            m.end(Status::Merged, meta, Some(Ending::Merged { into: *into, number: number.clone(), before }));
        }
        Event::Unmerged { clocks } => {
            let before = match &m.ending {
                Some(Ending::Merged { before, .. }) => *before,
                _ => Status::Submitted,
            };
            m.go(before, meta);
            m.ending = None;
            m.run(clocks);
        }
        Event::Dispatched { lead, tasks, round, limit, clocks, .. } => {
            dispatched(&mut m, meta, *lead, tasks, *round, *limit, clocks)
        }
        Event::Signed => {
            m.go(Status::Handling, meta);
            m.stop(&[Timer::Sign]);
            if let Some(lead) = m.rounds.last_mut().and_then(|r| r.leads.last_mut()) {
                lead.signed_at = Some(meta.at);
                lead.signed_by = meta.actor.person;
            }
        }
        Event::Contacted { voice, reached, .. } => {
            m.contacts.push(Contact { voice: *voice, reached: *reached, round: m.round, at: meta.at });
            if *reached {
                m.stop(&[Timer::Contact]);
                let now = m.round;
                // Between two rounds the last one is over and stays as it was.
                if let Some(round) = m.rounds.last_mut().filter(|r| r.n == now) {
                    round.contacted_at.get_or_insert(meta.at);
                }
            }
        }
        Event::Progressed { attachments, clocks, .. } => {
            m.attach(attachments);
            m.progress_at = Some(meta.at);
            m.run(clocks);
        }
        Event::Requested { request, clocks } => {
            m.requests.push(request.clone());
            m.run(clocks);
        }
        Event::Decided { request, granted, words, onsite, clocks } => {
            decided(&mut m, meta, *request, *granted, words.as_ref(), clocks);
            m.onsite |= onsite;
        }
        Event::WaitBegan { clocks, .. } => {
            m.waiting = Some(meta.at);
            m.waited.push(m.round);
            m.stop(&[Timer::Handle, Timer::Progress]);
            m.run(clocks);
        }
        Event::WaitEnded { clocks } => {
            if let Some(from) = m.waiting.take() {
                m.unpause(from, meta, clocks);
                // The time that the resident took is not the unit's lateness.
                if let Some(round) = m.rounds.last_mut() {
                    let waited = meta.at - from;
                    round.granted = Some(round.granted.map_or(round.deadline, |granted| granted + waited));
                }
            }
        }
        Event::Resumed { clocks, .. } => {
            if let Some(suspension) = m.suspension.take() {
                m.unpause(suspension.since, meta, clocks);
            }
        }
        Event::TaskGiven { task } => m.tasks.push(task.clone()),
        Event::TaskDone { task, words, attachments } => {
            m.attach(attachments);
            if let Some(t) = m.tasks.iter_mut().find(|t| t.id == *task) {
                t.ended_at = Some(meta.at);
                t.result = Some(words.clone());
            }
        }
        Event::TaskWaived { task, words } => {
            if let Some(t) = m.tasks.iter_mut().find(|t| t.id == *task) {
                t.ended_at = Some(meta.at);
                t.waived = true;
                t.result = Some(words.clone());
            }
        }
        Event::AgendaSet { .. } => m.agenda = Some(meta.at),
        Event::AgendaSettled { .. } => m.agenda = None,
        Event::FollowedUp { .. } => {}
        Event::ReportedIn { unit } => {
            if let Some(called) = m.whistle.iter_mut().flat_map(|w| &mut w.units).find(|c| c.unit == *unit) {
                called.reported_at = Some(meta.at);
            }
        }
        Event::Scored { unit, score, .. } => {
            if let Some(called) = m.whistle.iter_mut().flat_map(|w| &mut w.units).find(|c| c.unit == *unit) {
                called.score = Some(*score);
            }
        }
        Event::Supervised { .. } => {
            m.supervision = Some(Supervision { since: meta.at, by: meta.actor.person })
        }
        Event::SupervisionEnded { .. } => m.supervision = None,
        Event::Handled { outcome, answer, attachments, clocks } => {
            m.go(Status::Handled, meta);
            if let Some(from) = m.waiting.take() {
                m.unpause(from, meta, &[]);
            }
            m.stop(&[Timer::Sign, Timer::Contact, Timer::Handle, Timer::Progress]);
            m.attach(attachments);
            if let Some(round) = m.rounds.last_mut() {
                round.handled_at = Some(meta.at);
                round.handled_by = meta.actor.person;
                round.outcome = Some(*outcome);
                round.answer = Some(answer.clone());
            }
            m.run(clocks);
        }
        Event::Checked { finding, attachments, clocks, .. } => {
            m.stop(&[Timer::Check]);
            m.attach(attachments);
            let fail = *finding == CheckFinding::Fail;
            if let Some(round) = m.rounds.last_mut() {
                round.checked_by = meta.actor.person;
                if fail {
                    round.reworks += 1;
                } else {
                    round.answered_at = Some(meta.at);
                }
            }
            m.go(if fail { Status::Handling } else { Status::Answered }, meta);
            m.run(clocks);
        }
        Event::Evaluated { evaluation } => m.evaluations.push(evaluation.clone()),
        Event::Redone { round, clocks } | Event::Reopened { round, clocks, .. } => {
            m.go(Status::Accepted, meta);
            m.stop_all_but_request();
            m.round = *round;
            m.ending = None;
            m.onsite = false;
            m.run(clocks);
        }
        Event::Closed { clocks, .. } => {
            m.end(Status::Closed, meta, None);
            m.closed_at.get_or_insert(meta.at);
            if let Some(round) = m.rounds.last_mut() {
                round.closed_at = Some(meta.at);
            }
            m.supervision = None;
            m.agenda = None;
            m.run(clocks);
        }
        Event::Withdrawn { voice, kept } => {
            if let Some(v) = m.voices.iter_mut().find(|v| v.id == *voice) {
                v.withdrawn = true;
            }
            if !kept {
                m.end(Status::Withdrawn, meta, Some(Ending::Withdrawn));
            }
        }
        Event::Transferred { pointer } => {
            m.end(Status::Transferred, meta, Some(Ending::Transferred { pointer: pointer.clone() }));
        }
        Event::Corrected { title, public_title, place, category, hidden, .. } => {
            if let Some(title) = title {
                m.title = title.clone();
            }
            if public_title.is_some() {
                m.public_title.clone_from(public_title);
            }
            if let Some(place) = place {
                m.place = place.clone();
            }
            if category.is_some() {
                m.category.clone_from(category);
            }
            if let Some(hidden) = hidden {
                m.hidden = *hidden;
            }
        }
        Event::Redacted { blob, boxes } => {
            if let Some(a) = m.attachments.iter_mut().find(|a| a.blob == *blob) {
                a.redactions += boxes;
            }
        }
        Event::AttachmentsErased { blobs } => {
            for a in m.attachments.iter_mut().filter(|a| blobs.contains(&a.blob)) {
                a.erased = true;
                a.public = false;
            }
        }
        Event::TimerStruck { timer } => {
            if *timer == Timer::Reopen {
                m.stop(&[Timer::Reopen]);
            } else if let Some(r) = m.running.iter_mut().find(|r| r.timer == *timer) {
                r.fired = true;
            }
        }
        Event::PersonalSeen { .. } => {}
    }
    Some(m)
}

fn born(raised: &Raised, meta: &Meta) -> Matter {
    let mut m = Matter {
        id: raised.id,
        street: meta.actor.street,
        number: raised.number.clone(),
        community: raised.community.clone(),
        place: raised.place.clone(),
        spot: raised.spot.clone(),
        point: raised.point,
        status: Status::Submitted,
        since: meta.at,
        raised_at: raised.raised_at,
        channel: raised.channel,
        title: raised.title.clone(),
        body: raised.body.clone(),
        public_title: None,
        hidden: false,
        category: raised.category.clone(),
        nature: None,
        urgency: raised.urgency,
        tier: None,
        hazard: false,
        voices: vec![raised.voice.clone()],
        running: Vec::new(),
        round: 0,
        rounds: Vec::new(),
        requests: Vec::new(),
        tasks: Vec::new(),
        contacts: Vec::new(),
        evaluations: Vec::new(),
        attachments: raised.attachments.clone(),
        suspension: None,
        waiting: None,
        waited: Vec::new(),
        supervision: None,
        agenda: None,
        whistle: None,
        returned_by: Vec::new(),
        onsite: false,
        urges: 0,
        ending: None,
        accepted_at: None,
        accept_by: raised.clocks.iter().find(|c| c.timer == Timer::Accept).map(|c| c.at),
        closed_at: None,
        imported: raised.ledger_key.is_some(),
        ledger_key: raised.ledger_key.clone(),
        ledger: raised.ledger.clone(),
        progress_at: None,
    };
    m.run(&raised.clocks);
    m
}

fn dispatched(
    m: &mut Matter,
    meta: &Meta,
    unit: kernel::Id,
    tasks: &[Task],
    number: u32,
    limit: kernel::calendar::Limit,
    clocks: &[Running],
) {
    m.go(Status::Dispatched, meta);
    m.stop(&[Timer::Dispatch]);
    m.round = number;
    let deadline = clocks.iter().find(|c| c.timer == Timer::Handle).map_or(meta.at, |c| c.at);
    let lead = Lead {
        unit,
        at: meta.at,
        by: meta.actor.person,
        sign_by: clocks.iter().find(|c| c.timer == Timer::Sign).map(|c| c.at),
        signed_at: None,
        signed_by: None,
        returned_at: None,
    };
    match m.rounds.last_mut().filter(|r| r.n == number) {
        // Dispatched anew after a return: the same round, another lead, a clock of its own.
        Some(round) => {
            round.leads.push(lead);
            round.limit = limit;
            round.original = deadline;
            round.granted = None;
            round.deadline = deadline;
        }
        None => m.rounds.push(Round {
            n: number,
            leads: vec![lead],
            limit,
            original: deadline,
            granted: None,
            deadline,
            extensions: 0,
            pauses: Vec::new(),
            contacted_at: None,
            handled_at: None,
            handled_by: None,
            outcome: None,
            answer: None,
            checked_by: None,
            reworks: 0,
            answered_at: None,
            closed_at: None,
            suspended: false,
        }),
    }
    m.tasks.extend_from_slice(tasks);
    m.onsite = false;
    m.run(clocks);
}

fn decided(
    m: &mut Matter,
    meta: &Meta,
    id: kernel::Id,
    granted: bool,
    words: Option<&kernel::text::Words>,
    clocks: &[Running],
) {
    m.stop(&[Timer::Request]);
    let Some(request) = m.requests.iter_mut().find(|r| r.id == id) else { return };
    request.decision = Some(Decision { granted, words: words.cloned(), by: meta.actor.person, at: meta.at });
    let request = request.clone();
    if !granted {
        return;
    }
    match request.ask {
        Ask::Return { .. } => {
            if let Some(lead) = m.rounds.last_mut().and_then(|r| r.leads.last_mut()) {
                lead.returned_at = Some(meta.at);
                m.returned_by.push(lead.unit);
            }
            // Another lead begins with a clock of its own.
            m.suspension = None;
            m.waiting = None;
            m.stop(&[
                Timer::Sign,
                Timer::Contact,
                Timer::Handle,
                Timer::Progress,
                Timer::Wait,
                Timer::Review,
            ]);
            m.go(Status::Accepted, meta);
        }
        Ask::Extend { until } => {
            if let Some(round) = m.rounds.last_mut() {
                round.extensions += 1;
                round.granted.get_or_insert(until);
                round.deadline = until;
            }
        }
        Ask::Suspend { cause, review } => {
            m.suspension = Some(Suspension { cause, since: meta.at, review, words: request.words });
            if let Some(round) = m.rounds.last_mut() {
                round.suspended = true;
            }
            m.stop(&[Timer::Handle, Timer::Progress]);
        }
        Ask::Whistle { units, at } => {
            let units =
                units.into_iter().map(|unit| Called { unit, reported_at: None, score: None }).collect();
            m.whistle = Some(Whistle { at, since: meta.at, units });
        }
        Ask::Void => m.end(Status::Voided, meta, Some(Ending::Voided { words: request.words })),
    }
    m.run(clocks);
}
