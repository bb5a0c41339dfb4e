//! A poll while it is open: whose ballot is taken, what a second one does, and what becomes of a unit that changes hands.
//!
//! The roll is frozen when the poll opens. Open from `open` on, until before `close`. A unit that changes hands takes the
//! ballot that was cast for it along (北京业主 APP). On paper and online for the same unit: the paper counts.

use crate::owners::norm;
use crate::rule::Revote;
use crate::{Choice, Fault, Why};
use chrono::NaiveDateTime;
use std::collections::BTreeMap;

kernel::coded_enum! {
    /// The way by which a ballot came.
    pub enum Way {
        /// By the voter's own device.
        Online = "online",
        /// On paper.
        Paper = "paper",
        /// Online with somebody's help.
        Assisted = "assisted",
    }
}

kernel::coded_enum! {
    /// What is answered.
    pub enum Answer {
        /// Taken.
        Ok = "ok",
        /// Taken instead of the earlier ballot.
        Replaced = "ok:replaced",
        /// The poll is not open yet.
        NotOpen = "rejected:not_open",
        /// The poll is closed; the closing time itself is too late.
        Closed = "rejected:closed",
        /// Not the owner of this unit now, or there is no such unit.
        NotEntitled = "rejected:not_entitled",
        /// A former owner has voted with this unit.
        UnitAlreadyVoted = "rejected:unit_already_voted",
        /// There is a ballot on paper.
        PaperPrevails = "rejected:paper_prevails",
        /// Voted already, and the rule allows no change.
        AlreadyVoted = "rejected:already_voted",
        /// The roll is frozen.
        RosterFrozen = "rejected:roster_frozen",
        /// There is such a unit already.
        UnitExists = "rejected:unit_exists",
    }
}

/// Something that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A ballot.
    Cast {
        /// For this unit.
        unit: &'a str,
        /// By this owner.
        by: &'a str,
        /// What it says.
        choice: Choice,
        /// How it came.
        way: Way,
    },
    /// A unit changes hands.
    Transfer {
        /// The unit.
        unit: &'a str,
        /// Its new owner.
        to: &'a str,
    },
    /// A unit is to be added to the roll.
    AddUnit {
        /// The unit.
        unit: &'a str,
        /// Its owner.
        owner: &'a str,
    },
}

/// What a second ballot of the same voter does: on paper goes before online, else the rule says whether it replaces.
#[must_use]
pub fn again(revote: Revote, earlier: Way, now: Way) -> Answer {
    match (earlier == Way::Paper, now == Way::Paper) {
        (true, false) => Answer::PaperPrevails,
        (false, true) => Answer::Replaced,
        _ if revote == Revote::Last => Answer::Replaced,
        _ => Answer::AlreadyVoted,
    }
}

#[derive(Clone, Debug)]
struct Cast {
    by: String,
    choice: Choice,
    way: Way,
}

/// An open poll: who owns which unit, and what was cast for it.
#[derive(Clone, Debug)]
pub struct Poll {
    open: NaiveDateTime,
    close: NaiveDateTime,
    revote: Revote,
    units: BTreeMap<String, (String, Option<Cast>)>,
}

impl Poll {
    /// A poll without ballots; `roster` gives each unit its owner.
    ///
    /// # Errors
    /// `close`: not after `open`; `roster`: a unit twice.
    pub fn new<'a>(
        open: NaiveDateTime,
        close: NaiveDateTime,
        revote: Revote,
        roster: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Fault> {
        if close <= open {
            return Err(Fault::at("close", Why::Turned));
        }
        let mut units = BTreeMap::new();
        for (unit, owner) in roster {
            if units.insert(unit.to_owned(), (owner.to_owned(), None)).is_some() {
                return Err(Fault::at("roster", Why::Twice(unit.to_owned())));
            }
        }
        Ok(Self { open, close, revote, units })
    }

    /// Takes what happens at `at`, or says why not. Events come in the order in which they were recorded.
    pub fn take(&mut self, at: NaiveDateTime, event: Event<'_>) -> Answer {
        match event {
            Event::Cast { unit, by, choice, way } => self.cast(at, unit, by, choice, way),
            Event::Transfer { unit, to } => {
                if at >= self.close {
                    return Answer::Closed;
                }
                match self.units.get_mut(unit) {
                    Some((owner, _)) => {
                        to.clone_into(owner);
                        Answer::Ok
                    }
                    None => Answer::NotEntitled,
                }
            }
            Event::AddUnit { unit, owner } => {
                if at >= self.open {
                    return Answer::RosterFrozen;
                }
                if self.units.contains_key(unit) {
                    return Answer::UnitExists;
                }
                self.units.insert(unit.to_owned(), (owner.to_owned(), None));
                Answer::Ok
            }
        }
    }

    fn cast(&mut self, at: NaiveDateTime, unit: &str, by: &str, choice: Choice, way: Way) -> Answer {
        if at < self.open {
            return Answer::NotOpen;
        }
        if at >= self.close {
            return Answer::Closed;
        }
        let Some((owner, place)) = self.units.get_mut(unit) else { return Answer::NotEntitled };
        // Joint owners are the same in any order.
        if norm(owner) != norm(by) {
            return Answer::NotEntitled;
        }
        let answer = match place {
            None => Answer::Ok,
            Some(earlier) if norm(&earlier.by) != norm(by) => Answer::UnitAlreadyVoted,
            Some(earlier) => again(self.revote, earlier.way, way),
        };
        if matches!(answer, Answer::Ok | Answer::Replaced) {
            *place = Some(Cast { by: by.to_owned(), choice, way });
        }
        answer
    }

    /// The ballots that count, by unit.
    pub fn ballots(&self) -> impl Iterator<Item = (&str, Choice)> {
        self.units.iter().filter_map(|(unit, (_, cast))| cast.as_ref().map(|c| (unit.as_str(), c.choice)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        format!("2026-06-{text}:00").parse().unwrap()
    }

    fn poll(revote: Revote) -> Poll {
        Poll::new(at("01T09:00"), at("15T18:00"), revote, [("u1", "A"), ("u2", "B")]).unwrap()
    }

    const fn by<'a>(by: &'a str, choice: Choice, way: Way) -> Event<'a> {
        Event::Cast { unit: "u1", by, choice, way }
    }

    #[test]
    fn a_second_ballot_counts_only_where_the_rule_says_so() {
        let mut once = poll(Revote::None);
        assert_eq!(once.take(at("02T09:00"), by("A", Choice::Yes, Way::Online)), Answer::Ok);
        assert_eq!(once.take(at("02T10:00"), by("A", Choice::No, Way::Assisted)), Answer::AlreadyVoted);
        let mut last = poll(Revote::Last);
        assert_eq!(last.take(at("01T09:00"), by("A", Choice::Yes, Way::Online)), Answer::Ok);
        assert_eq!(last.take(at("15T17:59"), by("A", Choice::No, Way::Online)), Answer::Replaced);
        assert_eq!(last.take(at("15T18:00"), by("A", Choice::Yes, Way::Online)), Answer::Closed);
        assert_eq!(last.ballots().collect::<Vec<_>>(), [("u1", Choice::No)]);
    }

    #[test]
    fn paper_goes_before_online_in_either_order() {
        for revote in [Revote::None, Revote::Last] {
            let mut first = poll(revote);
            first.take(at("02T09:00"), by("A", Choice::Yes, Way::Paper));
            assert_eq!(first.take(at("03T09:00"), by("A", Choice::No, Way::Online)), Answer::PaperPrevails);
            let mut second = poll(revote);
            second.take(at("02T09:00"), by("A", Choice::No, Way::Online));
            assert_eq!(second.take(at("03T09:00"), by("A", Choice::Yes, Way::Paper)), Answer::Replaced);
            assert_eq!(first.ballots().next(), second.ballots().next());
        }
    }

    #[test]
    fn a_unit_that_changes_hands_votes_once() {
        let mut poll = poll(Revote::Last);
        poll.take(at("02T09:00"), by("A", Choice::Yes, Way::Online));
        assert_eq!(poll.take(at("03T09:00"), Event::Transfer { unit: "u1", to: "Z" }), Answer::Ok);
        assert_eq!(poll.take(at("04T09:00"), by("Z", Choice::No, Way::Paper)), Answer::UnitAlreadyVoted);
        assert_eq!(poll.take(at("04T09:00"), by("A", Choice::No, Way::Online)), Answer::NotEntitled);
        assert_eq!(poll.take(at("16T09:00"), Event::Transfer { unit: "u2", to: "Z" }), Answer::Closed);
        assert_eq!(poll.take(at("05T09:00"), Event::Transfer { unit: "u9", to: "Z" }), Answer::NotEntitled);
    }

    #[test]
    fn the_roll_is_frozen_when_the_poll_opens() {
        let mut poll = poll(Revote::None);
        let add = Event::AddUnit { unit: "u3", owner: "C" };
        assert_eq!(poll.take(at("01T08:59"), add), Answer::Ok);
        assert_eq!(poll.take(at("01T08:59"), add), Answer::UnitExists);
        assert_eq!(
            poll.take(at("01T09:00"), Event::AddUnit { unit: "u4", owner: "D" }),
            Answer::RosterFrozen
        );
        let stranger = Event::Cast { unit: "u4", by: "D", choice: Choice::Yes, way: Way::Online };
        assert_eq!(poll.take(at("02T09:00"), stranger), Answer::NotEntitled);
    }

    #[test]
    fn a_poll_that_closes_before_it_opens_is_refused() {
        let turned = Poll::new(at("02T09:00"), at("02T09:00"), Revote::None, []);
        assert_eq!(turned.unwrap_err().field, "close");
    }
}
