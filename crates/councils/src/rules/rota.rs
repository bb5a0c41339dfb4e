//! Whose turn it is, and what may be done with a duty. Pure.

use super::{check_rhythm, decide::ensure};
use crate::model::{
    Council, Duty, DutyAct as A, DutyEvent as E, DutyState as S, Heard, NewDuty, NewRota, Received, Rota,
    RotaEvent, Swap,
};
use chrono::{Duration, NaiveDate};
use kernel::{
    Id, Refusal, Time,
    text::{self, NOTE, TITLE},
    time::local_date,
};
use std::collections::HashMap;

/// For how many days duties are kept planned.
pub const ROTA_DAYS: i64 = 28;
/// Most members on duty together.
const EACH: std::ops::RangeInclusive<u32> = 1..=10;
/// Most people of one entry: a whole courtyard may come at once.
const PEOPLE: u32 = 500;
/// Most entries of a duty.
const ENTRIES: usize = 500;
/// How long before its time a duty may be begun.
const EARLY: Duration = Duration::hours(1);
/// For how long after its time what happened may be entered.
const LATE: Duration = Duration::days(14);

/// Whose turn it is: of those who serve and are not on duty at that time already, whoever was on duty longest ago; who never
/// was comes first, and of equals who stands first. `last` is the day and the slot of everybody's last duty: those of one day
/// are called again in the order in which they were called.
#[must_use]
pub fn next_turn(order: &[Id], last: &HashMap<Id, (NaiveDate, u32)>, busy: &[Id]) -> Option<Id> {
    let free = order.iter().filter(|seat| !busy.contains(seat));
    free.enumerate().min_by_key(|(n, seat)| (last.get(*seat).copied(), *n)).map(|(_, seat)| *seat)
}

/// Checks a rota that somebody entered.
///
/// # Errors
/// Which field is wrong.
pub(crate) fn check_rota(council: &Council, new: NewRota, today: NaiveDate) -> Result<NewRota, Refusal> {
    let rhythm = check_rhythm(new.rhythm)?;
    ensure(EACH.contains(&new.each), || {
        Refusal::invalid("each", "councils.rota-each").with("most", *EACH.end())
    })?;
    let mut order: Vec<Id> = Vec::with_capacity(new.order.len());
    for seat in new.order {
        let serves = council.member(seat).is_some_and(|m| m.serves(today));
        ensure(serves, || Refusal::invalid("order", "councils.no-member"))?;
        if !order.contains(&seat) {
            order.push(seat);
        }
    }
    ensure(order.len() >= new.each as usize, || {
        Refusal::invalid("order", "councils.rota-few").with("each", new.each)
    })?;
    Ok(NewRota { rhythm, each: new.each, order })
}

/// Checks a duty that no rota gives; gives its venue.
///
/// # Errors
/// Which field is wrong.
pub(crate) fn check_duty(council: &Council, new: &NewDuty, now: Time) -> Result<String, Refusal> {
    ensure(new.ends > now, || Refusal::invalid("starts", "councils.past"))?;
    ensure(new.ends > new.starts, || Refusal::invalid("ends", "councils.turned"))?;
    ensure(new.ends - new.starts <= Duration::days(1), || Refusal::invalid("ends", "councils.too-long"))?;
    let serves = council.member(new.member).is_some_and(|m| m.serves(local_date(new.starts)));
    ensure(serves, || Refusal::invalid("member", "councils.no-member"))?;
    text::required("venue", &new.venue, TITLE)
}

/// What a duty is decided from beside its state.
#[derive(Clone, Copy, Debug)]
pub struct DutyFacts<'a> {
    /// Now.
    pub now: Time,
    /// The body.
    pub council: &'a Council,
    /// An id that was never used.
    pub id: Id,
}

/// What an act gives.
///
/// # Errors
/// Why it cannot be done now, or which field is wrong.
pub fn decide_duty(d: &Duty, act: A, f: DutyFacts<'_>) -> Result<Vec<E>, Refusal> {
    ensure(d.state != S::Cancelled, || Refusal::conflict("councils.duty-cancelled"))?;
    // What happened is entered while it happens, or soon after.
    let there = || {
        ensure(f.now >= d.starts - EARLY, || Refusal::conflict("councils.duty-early"))?;
        ensure(f.now <= d.ends + LATE, || {
            Refusal::conflict("councils.duty-late").with("days", LATE.num_days())
        })
    };
    let to_come = || {
        ensure(d.state == S::Planned, || Refusal::conflict("councils.duty-kept"))?;
        ensure(f.now < d.starts, || Refusal::conflict("councils.duty-began"))
    };
    let day = local_date(d.starts);
    let other = |seat: Id| {
        let m = f.council.member(seat).filter(|m| m.serves(day));
        let m = m.ok_or(Refusal::invalid("to", "councils.no-member"))?;
        ensure(m.id != d.member, || Refusal::invalid("to", "councils.duty-own"))?;
        Ok::<_, Refusal>(m)
    };
    let begun = || (d.state == S::Planned).then_some(E::DutyBegun).into_iter();
    Ok(match act {
        A::Begin => {
            there()?;
            ensure(d.state == S::Planned, || Refusal::conflict("councils.duty-kept"))?;
            vec![E::DutyBegun]
        }
        A::Receive(people, heard) => {
            there()?;
            ensure(people <= PEOPLE, || {
                Refusal::invalid("people", "councils.people-many").with("most", PEOPLE)
            })?;
            // Nobody and nothing is no entry; nobody more, with one thing more, is.
            ensure(people > 0 || heard != Heard::Nothing, || {
                Refusal::invalid("people", "councils.people-none")
            })?;
            ensure(d.received.len() < ENTRIES, || Refusal::conflict("councils.entries-full"))?;
            begun().chain([E::PeopleReceived { id: f.id, people, heard }]).collect()
        }
        A::Strike(id) => {
            there()?;
            let entry = d.entries().find(|r| r.id == id).ok_or(Refusal::missing("councils.no-entry"))?;
            let stays = matches!(entry.heard, Heard::Raised { .. });
            ensure(!stays, || Refusal::conflict("councils.entry-matter"))?;
            vec![E::EntryStruck { id }]
        }
        A::AskSwap(to, against) => {
            to_come()?;
            let m = other(to)?;
            vec![E::SwapAsked(Swap { to, person: m.person, against })]
        }
        A::DropSwap => {
            ensure(d.swap.is_some(), || Refusal::conflict("councils.no-swap"))?;
            vec![E::SwapDropped]
        }
        A::Hand(to) => {
            ensure(d.state == S::Planned, || Refusal::conflict("councils.duty-kept"))?;
            ensure(f.now <= d.ends + LATE, || {
                Refusal::conflict("councils.duty-late").with("days", LATE.num_days())
            })?;
            let m = other(to)?;
            vec![E::DutyHanded { member: to, person: m.person, capacity: m.capacity }]
        }
        A::Cancel(reason) => {
            ensure(d.state == S::Planned, || Refusal::conflict("councils.duty-kept"))?;
            ensure(f.now < d.ends, || Refusal::conflict("councils.duty-over"))?;
            vec![E::DutyCancelled { reason: text::required("words", &reason, NOTE)? }]
        }
    })
}

/// Whether two duties may be exchanged: the other one is of whoever was asked, of the same body, and still to come.
///
/// # Errors
/// `councils.swap-not`.
pub(crate) fn check_exchange(swap: &Swap, own: &Duty, other: &Duty, now: Time) -> Result<(), Refusal> {
    let fits = other.member == swap.to
        && other.council == own.council
        && other.id != own.id
        && other.state == S::Planned
        && other.starts > now;
    ensure(fits, || Refusal::conflict("councils.swap-not"))
}

/// The state of a rota after an event.
#[must_use]
pub fn evolve_rota(state: Option<Rota>, event: &RotaEvent, street: Id) -> Option<Rota> {
    match (state, event) {
        (None, RotaEvent::RotaMade { id, council, place, rhythm, each, order }) => Some(Rota {
            id: *id,
            street,
            council: *council,
            place: place.clone(),
            rhythm: rhythm.clone(),
            each: *each,
            order: order.clone(),
            ended: false,
        }),
        (Some(r), RotaEvent::RotaChanged { rhythm, each, order }) => {
            Some(Rota { rhythm: rhythm.clone(), each: *each, order: order.clone(), ..r })
        }
        (Some(r), RotaEvent::RotaEnded) => Some(Rota { ended: true, ..r }),
        (state, _) => state,
    }
}

/// The state of a duty after an event.
#[must_use]
pub fn evolve_duty(state: Option<Duty>, event: &E, at: Time, street: Id) -> Option<Duty> {
    let Some(mut d) = state else { return begin(event, at, street) };
    match event {
        E::DutyPlanned { .. } => {}
        E::DutyReminded => d.reminded = true,
        E::SwapAsked(swap) => d.swap = Some(*swap),
        E::SwapDropped => d.swap = None,
        E::DutyHanded { member, person, capacity } => {
            (d.member, d.person, d.capacity) = (*member, *person, *capacity);
            (d.swap, d.reminded) = (None, false);
            (d.revision, d.revised_at) = (d.revision + 1, at);
        }
        E::DutyBegun => {
            d.state = S::Kept;
            d.swap = None;
            d.begun_at = Some(at);
        }
        E::PeopleReceived { id, people, heard } => {
            d.received.push(Received { id: *id, people: *people, heard: heard.clone(), at, struck: false });
        }
        E::EntryStruck { id } => {
            for r in d.received.iter_mut().filter(|r| r.id == *id) {
                r.struck = true;
            }
        }
        E::DutyCancelled { reason } => {
            d.state = S::Cancelled;
            d.reason = Some(reason.clone());
            d.swap = None;
            (d.revision, d.revised_at) = (d.revision + 1, at);
        }
    }
    Some(d)
}

fn begin(event: &E, at: Time, street: Id) -> Option<Duty> {
    let E::DutyPlanned { id, council, place, rota, of, slot, member, person, capacity, venue, starts, ends } =
        event
    else {
        return None;
    };
    Some(Duty {
        id: *id,
        street,
        council: *council,
        place: place.clone(),
        rota: *rota,
        of: *of,
        slot: *slot,
        member: *member,
        person: *person,
        capacity: *capacity,
        venue: venue.clone(),
        starts: *starts,
        ends: *ends,
        state: S::Planned,
        reason: None,
        swap: None,
        begun_at: None,
        received: Vec::new(),
        reminded: false,
        revision: 0,
        revised_at: at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::MatterRef, rules::tests::standing_council};
    use kernel::{text::Words, time::parse_stamp};
    use proptest::prelude::*;

    fn at(hours: i64) -> Time {
        parse_stamp("2026-03-05T01:00:00Z").unwrap() + Duration::hours(hours)
    }

    /// From nine to eleven of that day.
    fn planned(c: &Council) -> Duty {
        let m = &c.members[0];
        let event = E::DutyPlanned {
            id: Id::named("duty"),
            council: c.id,
            place: c.place.clone(),
            rota: None,
            of: None,
            slot: 0,
            member: m.id,
            person: m.person,
            capacity: m.capacity,
            venue: "议事亭".into(),
            starts: at(0),
            ends: at(2),
        };
        evolve_duty(None, &event, at(-100), c.street).unwrap()
    }

    fn act(d: &mut Duty, c: &Council, n: usize, now: Time, act: A) -> Result<(), &'static str> {
        let facts = DutyFacts { now, council: c, id: Id::named(&format!("e{n}")) };
        for event in decide_duty(d, act, facts).map_err(|r| r.code)? {
            *d = evolve_duty(Some(d.clone()), &event, now, c.street).unwrap();
        }
        Ok(())
    }

    fn answered() -> Heard {
        let words = |text| Words::commit(text, &[1; 16]);
        Heard::Answered { about: words("路灯"), answer: words("月底修") }
    }

    #[test]
    fn what_happened_is_entered_in_its_time_and_shows_that_the_duty_was_kept() {
        let c = standing_council();
        let mut d = planned(&c);
        assert_eq!(act(&mut d, &c, 0, at(-2), A::Begin), Err("councils.duty-early"));
        assert!(!d.missed(at(2)) && d.missed(at(3)));
        assert_eq!(act(&mut d, &c, 0, at(1), A::Receive(0, Heard::Nothing)), Err("councils.people-none"));
        assert_eq!(act(&mut d, &c, 0, at(1), A::Receive(501, Heard::Nothing)), Err("councils.people-many"));
        act(&mut d, &c, 1, at(1), A::Receive(3, Heard::Nothing)).unwrap();
        assert_eq!((d.state, d.people()), (S::Kept, 3));
        assert!(!d.missed(at(99)));
        assert_eq!(act(&mut d, &c, 2, at(1), A::Begin), Err("councils.duty-kept"));
        act(&mut d, &c, 2, at(30), A::Receive(1, answered())).unwrap();
        let matter = MatterRef { id: Id::named("m"), number: "LY-2026-000001".into() };
        act(&mut d, &c, 3, at(30), A::Receive(0, Heard::Raised { matter })).unwrap();
        assert_eq!((d.people(), d.answered(), d.raised()), (4, 1, 1));
        act(&mut d, &c, 4, at(30), A::Strike(Id::named("e1"))).unwrap();
        assert_eq!((d.people(), d.received.len()), (1, 3), "what was struck stays to be seen");
        assert_eq!(act(&mut d, &c, 4, at(30), A::Strike(Id::named("e1"))), Err("councils.no-entry"));
        assert_eq!(act(&mut d, &c, 4, at(30), A::Strike(Id::named("e3"))), Err("councils.entry-matter"));
        assert_eq!(act(&mut d, &c, 5, at(24 * 15), A::Receive(1, Heard::Nothing)), Err("councils.duty-late"));
        assert_eq!(act(&mut d, &c, 5, at(1), A::Cancel("雨".into())), Err("councils.duty-kept"));
    }

    #[test]
    fn another_member_takes_it_before_it_begins() {
        let c = standing_council();
        let mut d = planned(&c);
        let (own, other) = (c.members[0].id, c.members[1].id);
        assert_eq!(act(&mut d, &c, 0, at(-9), A::AskSwap(own, None)), Err("councils.duty-own"));
        assert_eq!(act(&mut d, &c, 0, at(-9), A::DropSwap), Err("councils.no-swap"));
        act(&mut d, &c, 0, at(-9), A::AskSwap(other, None)).unwrap();
        assert_eq!(d.swap.unwrap().person, c.members[1].person);
        act(&mut d, &c, 0, at(-8), A::Hand(other)).unwrap();
        assert_eq!((d.member, d.swap, d.revision, d.revised_at), (other, None, 1, at(-8)));
        assert_eq!(act(&mut d, &c, 0, at(1), A::AskSwap(own, None)), Err("councils.duty-began"));
        act(&mut d, &c, 0, at(1), A::Cancel("停电".into())).unwrap();
        assert_eq!(act(&mut d, &c, 0, at(1), A::Begin), Err("councils.duty-cancelled"));
        assert!(!d.missed(at(99)), "what was called off was not missed");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// However many take turns, each is on duty as often as any other, but for one, and never twice at a time.
        #[test]
        fn turns_are_even(members in 1..60_usize, each in 1..10_usize, times in 1..80_u64) {
            let each = each.min(members);
            let order: Vec<Id> = (0..members).map(|n| Id::named(&format!("s{n}"))).collect();
            let mut last: HashMap<Id, (NaiveDate, u32)> = HashMap::new();
            let mut turns: HashMap<Id, usize> = HashMap::new();
            let first = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
            for day in 0..times {
                let mut busy = Vec::new();
                for _ in 0..each {
                    let seat = next_turn(&order, &last, &busy).unwrap();
                    prop_assert!(!busy.contains(&seat));
                    busy.push(seat);
                    *turns.entry(seat).or_default() += 1;
                }
                let day = first + Duration::days(i64::try_from(day).unwrap());
                last.extend(busy.iter().zip(0..).map(|(seat, slot)| (*seat, (day, slot))));
            }
            let n: Vec<usize> = order.iter().map(|s| turns.get(s).copied().unwrap_or(0)).collect();
            prop_assert!(n.iter().max().unwrap() - n.iter().min().unwrap() <= 1, "{n:?}");
            prop_assert_eq!(n.iter().sum::<usize>(), each * usize::try_from(times).unwrap());
        }
    }
}
