//! What an act gives in a state: events, or a refusal in words.

use super::{
    days::{self, Terms, within},
    goes, labels, need, nominees, rounds, warnings,
};
use crate::model::{
    Act, Bar, Election, ElectionEvent as E, ElectionState as S, LeftWhy, NewElection, NewNominee,
    NomineeState, Presentation, RoundKind, Warning, Way,
};
use chrono::NaiveDate;
use kernel::{
    Id, Refusal, Time,
    calendar::Calendar,
    text::{self, NOTE, TITLE},
    time::local_date,
};
use polls::model::Posted;
use std::collections::{BTreeSet, HashMap};
use tally::{Rule, rule::Pinned};

/// Members of a committee at least: where the law rules, and where a charter does.
const LEAST_MEMBERS: (usize, usize) = (3, 2);
/// Members at most.
const MOST_MEMBERS: usize = 21;
/// Nominees at most, against flooding.
const MOST_NOMINEES: usize = 150;
/// Appeals at most.
const MOST_APPEALS: usize = 500;
/// Prints of the roll with its names at most.
const MOST_PRINTS: usize = 200;
/// Days for which candidates may be on show at most.
const MOST_CANDIDATES_DAYS: u32 = 30;

/// What a decision is made from beside the state.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// Now.
    pub now: Time,
    /// An id that was never used.
    pub id: Id,
    /// Who acts.
    pub person: Option<Id>,
    /// The street's calendar.
    pub calendar: &'a Calendar,
    /// The units of the roll that stands.
    pub units: &'a BTreeSet<String>,
    /// The names of nominees.
    pub names: &'a HashMap<Id, String>,
    /// What was drawn for the order of candidates.
    pub seed: &'a str,
    /// Whether tellers certified the round that runs; its result may wait to be published.
    pub certified: bool,
}

impl Facts<'_> {
    fn today(&self) -> NaiveDate {
        local_date(self.now)
    }
}

fn ensure(holds: bool, refusal: impl FnOnce() -> Refusal) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(refusal()) }
}

fn not_now() -> Refusal {
    Refusal::conflict("elections.not-now")
}

/// Checks a new election and gives its event.
///
/// # Errors
/// Which field is wrong; `elections.bad-mode`, `elections.bad-seats`; `elections.day-too-near` with the earliest lawful day.
pub fn prepare(
    new: &NewElection,
    id: Id,
    number: String,
    today: NaiveDate,
    calendar: &Calendar,
) -> Result<E, Refusal> {
    ensure(new.kind.modes().contains(&new.mode), || Refusal::invalid("mode", "elections.bad-mode"))?;
    let (least, most) = new.kind.seats();
    ensure((least..=most).contains(&new.seats), || {
        Refusal::invalid("seats", "elections.bad-seats").with("least", least).with("most", most)
    })?;
    let rule = Rule::shipped(new.mode.rule()).ok_or(Refusal::conflict("elections.no-rule"))?;
    let usual = Terms::usual_candidates(new.mode, rule.notice_days);
    let candidates_days = new.candidates_days.unwrap_or(usual);
    ensure((1..=MOST_CANDIDATES_DAYS).contains(&candidates_days), || {
        Refusal::invalid("candidates_days", "elections.bad-days").with("most", MOST_CANDIDATES_DAYS)
    })?;
    let terms = Terms::of(new.mode, rule.notice_days, candidates_days);
    let roll = new.roll_posted;
    // A board that is not up yet, or was long ago, is a slip of the finger.
    ensure(roll.is_none_or(|day| day <= today), || Refusal::invalid("roll_posted", "polls.posted-future"))?;
    ensure(roll.is_none_or(|day| (today - day).num_days() <= polls::rules::LONGEST_DAYS), || {
        Refusal::invalid("roll_posted", "polls.posted-long-ago")
    })?;
    let first = days::earliest(terms, roll, false, today, calendar);
    ensure(new.polling_day >= first, || {
        Refusal::invalid("polling_day", "elections.day-too-near")
            .with("earliest", first)
            .with("law", super::Step::Roll.law(new.mode))
    })?;
    ensure((new.polling_day - today).num_days() <= 366, || {
        Refusal::invalid("polling_day", "elections.day-too-far")
    })?;
    Ok(E::ElectionPrepared {
        id,
        number,
        place: new.place.clone(),
        kind: new.kind,
        mode: new.mode,
        title: text::required("title", &new.title, TITLE)?,
        post: text::required("post", &new.post, 30)?,
        seats: new.seats,
        polling_day: new.polling_day,
        candidates_days,
        rule: Box::new(Pinned::of(rule)),
    })
}

/// Whether a step that must come so many days before the vote is still in time.
fn in_time(
    e: &Election,
    step: super::Step,
    days: u32,
    posted: Option<&Posted>,
    facts: &Facts<'_>,
) -> Result<(), Refusal> {
    let last = days::before(e.polling_day, days);
    ensure(posted.map_or(facts.today(), |p| p.on) <= last, || {
        Refusal::conflict("elections.too-late")
            .with("last", last)
            .with("days", days)
            .with("law", step.law(e.mode))
            .with("earliest", days::earliest_for(e, facts.today(), facts.calendar))
    })
}

fn nominee(e: &Election, id: Id) -> Result<&crate::model::Nominee, Refusal> {
    e.nominee(id).ok_or(Refusal::missing("elections.no-nominee"))
}

/// Decides.
///
/// # Errors
/// `elections.not-now` for a step that the machine does not know, and what each step asks.
#[expect(clippy::too_many_lines, reason = "one line or two per verb; splitting would hide the list")]
pub fn decide(e: &Election, act: Act, facts: &Facts<'_>) -> Result<Vec<E>, Refusal> {
    let go = |to: S| ensure(goes(e.state, to), not_now);
    let said = |field, text: &str| text::required(field, text, NOTE);
    let roll_open = matches!(e.state, S::RollPublished | S::Appeals | S::Nominating | S::Vetting);
    let terms = Terms::of_election(e);
    Ok(vec![match act {
        Act::Move(day, why) => {
            ensure(e.state.is_before_candidates(), not_now)?;
            let first = days::earliest_for(e, facts.today(), facts.calendar);
            ensure(day >= first, || {
                Refusal::invalid("day", "elections.day-too-near")
                    .with("earliest", first)
                    .with("law", super::Step::Roll.law(e.mode))
            })?;
            ensure((day - facts.today()).num_days() <= 366, || {
                Refusal::invalid("day", "elections.day-too-far")
            })?;
            E::PollingMoved { day, why: said("moved", &why)? }
        }
        Act::Name(person, chair) => {
            ensure(e.state.is_before_candidates(), not_now)?;
            ensure(e.serving().count() < MOST_MEMBERS, || Refusal::conflict("elections.many-members"))?;
            ensure(!e.serving().any(|m| m.person == person), || {
                Refusal::invalid("name", "elections.member-already")
            })?;
            ensure(!chair || !e.serving().any(|m| m.chair), || {
                Refusal::invalid("chair", "elections.chair-taken")
            })?;
            // Whoever stands does not run the election.
            ensure(e.nominee_of(person).is_none_or(|n| n.agreed_at.is_none() || n.ended.is_some()), || {
                Refusal::invalid("name", "elections.member-stands")
            })?;
            E::MemberNamed { id: facts.id, person, chair }
        }
        Act::Resign(id) => {
            ensure(!e.state.is_over(), not_now)?;
            ensure(e.serving().any(|m| m.id == id), || Refusal::missing("elections.no-member"))?;
            E::MemberLeft { id, why: LeftWhy::Resigned }
        }
        Act::Form => {
            go(S::Committee)?;
            let least = if e.mode.is_lawful() { LEAST_MEMBERS.0 } else { LEAST_MEMBERS.1 };
            ensure(e.serving().count() >= least, || {
                Refusal::conflict("elections.few-members").with("least", least)
            })?;
            ensure(e.serving().any(|m| m.chair), || Refusal::conflict("elections.no-chair"))?;
            E::CommitteeFormed
        }
        Act::PublishRoll(sha256, voters, lines, hung) => {
            go(S::RollPublished)?;
            let posted = hung.map(|hung| polls::rules::posted(hung, facts.today())).transpose()?;
            in_time(e, super::Step::Roll, terms.roll, posted.as_ref(), facts)?;
            E::RollPublished { sha256, voters, lines, posted }
        }
        Act::CorrectRoll(sha256, voters, lines, appeal) => {
            ensure(roll_open, not_now)?;
            if let Some(id) = appeal {
                let known = e.appeals.iter().find(|a| a.id == id);
                let known = known.ok_or(Refusal::missing("elections.no-appeal"))?;
                ensure(known.upheld == Some(true), || {
                    Refusal::invalid("appeal", "elections.appeal-not-upheld")
                })?;
            }
            E::RollCorrected { sha256, voters, lines, appeal }
        }
        Act::PrintRoll(reason) => {
            let roll = e.roll().ok_or_else(not_now)?;
            ensure(e.prints.len() < MOST_PRINTS, || {
                Refusal::conflict("elections.many-prints").with("most", MOST_PRINTS)
            })?;
            E::RollPrinted { number: e.number.clone(), version: roll.version, reason }
        }
        Act::Appeal(text) => {
            ensure(matches!(e.state, S::RollPublished | S::Appeals), || {
                Refusal::conflict("elections.appeals-over")
            })?;
            let by = facts.person.ok_or(Refusal::forbidden("elections.no-person"))?;
            let until = days::appeals_until(e, facts.calendar).ok_or_else(not_now)?;
            ensure(facts.today() <= until, || {
                Refusal::conflict("elections.appeals-over").with("last", until)
            })?;
            ensure(!e.undecided().any(|a| a.by == by), || Refusal::conflict("elections.appealed-already"))?;
            ensure(e.appeals.len() < MOST_APPEALS, not_now)?;
            let due = within(facts.today(), terms.decide, facts.calendar);
            E::AppealMade { id: facts.id, by, text, due }
        }
        Act::Decide(id, upheld, answer) => {
            let appeal = e.appeals.iter().find(|a| a.id == id);
            let appeal = appeal.ok_or(Refusal::missing("elections.no-appeal"))?;
            ensure(appeal.upheld.is_none(), || Refusal::conflict("elections.decided-already"))?;
            ensure(facts.person != Some(appeal.by), || Refusal::forbidden("elections.own-appeal"))?;
            E::AppealDecided { id, upheld, answer }
        }
        Act::OpenNominations => {
            go(S::Nominating)?;
            ensure(e.state != S::Vetting, not_now)?;
            let until = days::appeals_until(e, facts.calendar).ok_or_else(not_now)?;
            ensure(facts.today() > until, || {
                Refusal::conflict("elections.appeals-run")
                    .with("last", until)
                    .with("law", super::Step::Appeals.law(e.mode))
            })?;
            ensure(e.undecided().next().is_none(), || Refusal::conflict("elections.appeals-open"))?;
            // Whoever was right stands on the roll before it counts.
            let corrected = |id: Id| e.rolls.iter().any(|r| r.appeal == Some(id));
            ensure(e.appeals.iter().all(|a| a.upheld != Some(true) || corrected(a.id)), || {
                Refusal::conflict("elections.not-corrected")
            })?;
            E::NominationsOpened
        }
        Act::Nominate(new) => return nominate(e, new, facts),
        Act::Sign(id, units) => {
            ensure(e.state == S::Nominating, not_now)?;
            let n = nominee(e, id)?;
            ensure(n.need > 0, || Refusal::conflict("elections.needs-no-signers"))?;
            ensure(matches!(n.state(), NomineeState::Collecting | NomineeState::Asked), not_now)?;
            let mut once = BTreeSet::new();
            for unit in &units {
                let bad =
                    |code| Refusal::invalid("units", code).with("unit", unit.as_str()).with("most", e.seats);
                ensure(facts.units.contains(unit), || bad("elections.not-on-roll"))?;
                ensure(!n.signers.contains(unit) && once.insert(unit), || bad("elections.signed-already"))?;
                let others = e.nominees.iter().filter(|o| o.signers.contains(unit)).count();
                // A voter puts forward no more people than there are seats.
                ensure(others < e.seats as usize, || bad("elections.signed-enough"))?;
            }
            ensure(!units.is_empty(), || Refusal::invalid("units", "ui.empty"))?;
            E::NomineeSigned { id, units }
        }
        Act::Agree(id) => {
            ensure(matches!(e.state, S::Nominating | S::Vetting), not_now)?;
            let n = nominee(e, id)?;
            ensure(n.ended.is_none() && n.agreed_at.is_none(), not_now)?;
            return Ok(agreed(e, id, n.person));
        }
        Act::Decline(id) => {
            ensure(matches!(e.state, S::Nominating | S::Vetting), not_now)?;
            let n = nominee(e, id)?;
            ensure(n.ended.is_none() && n.agreed_at.is_none(), not_now)?;
            E::NomineeDeclined { id }
        }
        Act::Withdraw(id) => {
            ensure(!e.state.is_over(), not_now)?;
            let n = nominee(e, id)?;
            ensure(n.ended.is_none() && n.agreed_at.is_some(), not_now)?;
            ensure(!e.is_elected(id), || Refusal::conflict("elections.elected-already"))?;
            E::NomineeWithdrew { id }
        }
        Act::Kin(first, second) => {
            ensure(super::takes_kin(e), not_now)?;
            nominee(e, first)?;
            nominee(e, second)?;
            // What was certified stands: a relation that comes out then is for whoever may set a result aside.
            let stands = facts.certified || (e.is_elected(first) && e.is_elected(second));
            ensure(!stands, || Refusal::conflict("elections.kin-certified"))?;
            ensure(first != second, || Refusal::invalid("second", "elections.one-person"))?;
            let same =
                |k: &crate::model::Kin| [(first, second), (second, first)].contains(&(k.first, k.second));
            ensure(!e.kin.iter().any(same), || Refusal::conflict("elections.kin-known"))?;
            E::KinNoted { first, second }
        }
        Act::CloseNominations => {
            go(S::Vetting)?;
            let any =
                |n: &crate::model::Nominee| matches!(n.state(), NomineeState::Open | NomineeState::Passed);
            ensure(e.nominees.iter().any(any), || Refusal::conflict("elections.no-nominee-ready"))?;
            E::NominationsClosed
        }
        Act::ReopenNominations(why) => {
            ensure(e.state == S::Vetting, not_now)?;
            E::NominationsReopened { why: said("again", &why)? }
        }
        Act::Vet(id, answers, note) => {
            ensure(e.state == S::Vetting, not_now)?;
            let n = nominee(e, id)?;
            ensure(n.state() == NomineeState::Open, || Refusal::conflict("elections.not-to-vet"))?;
            let by = facts.person.ok_or(Refusal::forbidden("elections.no-person"))?;
            ensure(by != n.person, || Refusal::forbidden("elections.own-vetting"))?;
            ensure(n.opinions.iter().all(|o| o.by != by), || Refusal::forbidden("elections.vetted-already"))?;
            // Every bar is asked, each once.
            let asked = |bar: &Bar| answers.iter().filter(|(b, _)| b == bar).count() == 1;
            ensure(Bar::ALL.iter().all(asked), || Refusal::invalid("bars", "elections.bar-unasked"))?;
            let bars: Vec<Bar> = answers.iter().filter(|(_, yes)| *yes).map(|(b, _)| *b).collect();
            ensure(bars.is_empty() || note.is_some(), || Refusal::invalid("note", "elections.no-reason"))?;
            E::NomineeVetted { id, bars, note }
        }
        Act::Present(id, shown) => {
            let open = e.state.is_before_candidates()
                || matches!(e.state, S::CandidatesPublished | S::MeetingVoters);
            ensure(open, not_now)?;
            let n = nominee(e, id)?;
            ensure(n.ended.is_none() && n.agreed_at.is_some(), not_now)?;
            // The list hangs on boards with the photos as they were: from then on they stay.
            let same = shown.portrait.as_ref() == n.portrait();
            ensure(same || e.state.is_before_candidates(), || {
                Refusal::conflict("elections.photo-published")
            })?;
            let Presentation { about, promise, portrait } = shown;
            E::NomineePresented { id, about, promise, portrait }
        }
        Act::PublishCandidates(reasons, new, hung) => return publish(e, reasons, new, hung, facts),
        Act::Strike(id, note) => {
            ensure(e.lot.is_some() && !e.state.is_over(), not_now)?;
            let n = nominee(e, id)?;
            ensure(n.stands(), not_now)?;
            ensure(!e.is_elected(id), || Refusal::conflict("elections.elected-already"))?;
            E::NomineeStruck { id, note }
        }
        Act::Meet(on, how) => {
            go(S::MeetingVoters)?;
            ensure(on <= facts.today(), || Refusal::invalid("on", "elections.future"))?;
            E::VotersMet { on, how: said("how", &how)? }
        }
        Act::Call(new) => return rounds::call(e, new, facts.today(), facts.calendar),
        Act::BeginPolling => {
            go(S::Polling)?;
            E::PollingBegan
        }
        Act::EndPolling => {
            go(S::Counting)?;
            E::PollingEnded
        }
        Act::Ended(poll, outcome) => return rounds::ended(e, poll, &outcome),
        Act::SetAside(poll, why) => {
            if e.state == S::Cancelled {
                return Ok(Vec::new());
            }
            let round = e.rounds.iter().find(|r| r.poll == poll).ok_or_else(not_now)?;
            ensure(!round.set_aside, not_now)?;
            ensure(e.round().map(|r| r.id) == Some(round.id), || Refusal::conflict("elections.later-round"))?;
            go(S::SetAside)?;
            E::RoundSetAside { round: round.id, why }
        }
        Act::DecideWrittenIn(name, accepted, note) => {
            return written_in(e, name, accepted, note, facts);
        }
        Act::LeaveVacant(why) => {
            go(S::Declared)?;
            // A count leads to the result by itself.
            ensure(e.state != S::Counting, not_now)?;
            ensure(e.state == S::Short || e.state == S::Tie || !e.elected.is_empty(), || {
                Refusal::conflict("elections.nobody-elected")
            })?;
            ensure(e.state != S::Tie || super::next_round(e) != Some(RoundKind::Tie), || {
                Refusal::conflict("elections.tie-stands")
            })?;
            E::VacanciesLeft { why: said("vacant", &why)? }
        }
        Act::HandOver(on, how) => {
            go(S::Handover)?;
            let from = e.declared_at.map(local_date).ok_or_else(not_now)?;
            ensure((from..=facts.today()).contains(&on), || {
                Refusal::invalid("on", "elections.bad-handover").with("from", from)
            })?;
            E::HandedOver { on, how: said("how", &how)? }
        }
        Act::Archive => {
            go(S::Archived)?;
            E::ElectionArchived
        }
        Act::Cancel(why) => {
            go(S::Cancelled)?;
            E::ElectionCancelled { why: said("why", &why)? }
        }
    }])
}

/// A nominee agreed: whoever sits on the committee leaves it with that, since nobody runs the election they stand in. Only with the
/// own word, so that nobody can be put out of the committee by being nominated.
fn agreed(e: &Election, id: Id, person: Id) -> Vec<E> {
    let left = e.serving().filter(|m| m.person == person);
    let left = left.map(|m| E::MemberLeft { id: m.id, why: LeftWhy::Nominee });
    std::iter::once(E::NomineeAgreed { id }).chain(left).collect()
}

fn nominate(e: &Election, new: NewNominee, facts: &Facts<'_>) -> Result<Vec<E>, Refusal> {
    ensure(e.state == S::Nominating, not_now)?;
    ensure(e.nominees.len() < MOST_NOMINEES, || Refusal::conflict("elections.many-nominees"))?;
    if let Some(known) = e.nominee_of(new.person) {
        let ended = known.ended.is_some() || known.state() == NomineeState::Barred;
        let code = if ended { "elections.nominee-ended" } else { "elections.nominated-already" };
        return Err(Refusal::invalid("name", code));
    }
    ensure(new.way != Way::Own || facts.person == Some(new.person) || new.agrees, || {
        Refusal::invalid("way", "elections.not-own")
    })?;
    let from = text::optional("from", new.from.as_deref().unwrap_or_default(), 60)?;
    if matches!(new.way, Way::Organisation | Way::Compound) && from.is_none() {
        return Err(Refusal::invalid("from", "elections.from-whom"));
    }
    let (need, person) = (need(e, new.way)?, new.person);
    let from = from.filter(|_| matches!(new.way, Way::Organisation | Way::Compound));
    let mut events = vec![E::Nominated { id: facts.id, person, woman: new.woman, way: new.way, from, need }];
    if new.agrees || new.way == Way::Own {
        events.extend(agreed(e, facts.id, person));
    }
    Ok(events)
}

fn publish(
    e: &Election,
    reasons: Vec<(Warning, String)>,
    new: crate::model::NewRound,
    hung: Option<Posted>,
    facts: &Facts<'_>,
) -> Result<Vec<E>, Refusal> {
    ensure(e.state == S::Vetting && goes(e.state, S::CandidatesPublished), not_now)?;
    let posted = hung.map(|hung| polls::rules::posted(hung, facts.today())).transpose()?;
    // Nobody stands before it is settled who votes.
    if let (Some(hung), Some(until)) = (&posted, days::appeals_until(e, facts.calendar)) {
        ensure(hung.on > until, || {
            Refusal::invalid("posted_on", "elections.posted-before-appeals")
                .with("last", until)
                .with("law", super::Step::Appeals.law(e.mode))
        })?;
    }
    in_time(e, super::Step::Candidates, Terms::of_election(e).candidates, posted.as_ref(), facts)?;
    ensure(e.nominees.iter().all(|n| n.state() != NomineeState::Open), || {
        Refusal::conflict("elections.vetting-open")
    })?;
    let standing: Vec<Id> = e.nominees.iter().filter(|n| n.stands()).map(|n| n.id).collect();
    ensure(!standing.is_empty(), || Refusal::conflict("elections.no-candidate"))?;
    let mut given = Vec::new();
    for warning in warnings(e) {
        let reason = reasons.iter().find(|(w, _)| *w == warning).map_or("", |(_, r)| r.as_str());
        let field = match warning {
            Warning::NoWoman => "no_woman",
            Warning::NearRelatives => "near_relatives",
            Warning::NotMoreThanSeats => "not_more_than_seats",
        };
        let reason = text::optional(field, reason, NOTE)?;
        given.push((warning, reason.ok_or(Refusal::invalid(field, "elections.warning"))?));
    }
    ensure(local_date(new.opens) == e.polling_day, || {
        Refusal::invalid("opens", "elections.not-the-day").with("day", e.polling_day)
    })?;
    let order = nominees::order(standing, facts.seed);
    let order = labels(e, &order, facts.names);
    let ids = order.iter().map(|(id, _)| *id).collect();
    Ok(vec![
        E::CandidatesPublished { seed: facts.seed.to_owned(), order, reasons: given, posted },
        rounds::called(e, RoundKind::Main, ids, new, facts.today(), facts.calendar)?,
    ])
}

fn written_in(
    e: &Election,
    name: String,
    accepted: bool,
    note: Option<kernel::text::Words>,
    facts: &Facts<'_>,
) -> Result<Vec<E>, Refusal> {
    ensure(e.state == S::Counting, not_now)?;
    let round = e.round().ok_or_else(not_now)?;
    let count = round.count.as_ref().ok_or_else(not_now)?;
    ensure(count.pending.contains(&name), || Refusal::missing("elections.no-written-in"))?;
    // A name may be another person's; but whoever was barred or withdrew does not come in by the back door.
    let ended = |n: &crate::model::Nominee| facts.names.get(&n.id) == Some(&name) && !n.stands();
    ensure(!accepted || !e.nominees.iter().any(ended), || {
        Refusal::conflict("elections.barred-name").with("name", name.as_str())
    })?;
    ensure(accepted || note.is_some(), || Refusal::invalid("note", "elections.no-reason"))?;
    let votes = count.votes.iter().find(|(n, _)| *n == name).map_or(0, |(_, v)| *v);
    let elected =
        accepted.then(|| crate::model::Elected { nominee: None, name: name.clone(), votes, round: round.id });
    let last = count.pending.len() == 1;
    let left = e.seats_left().saturating_sub(u32::from(accepted));
    let mut events = vec![E::WrittenInDecided { round: round.id, name, elected, note }];
    if last {
        events.push(E::RoundSettled { to: rounds::settle(left, count.tied.len()) });
    }
    Ok(events)
}
