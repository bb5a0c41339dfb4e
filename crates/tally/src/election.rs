//! Elections of residents' and villagers' committees (居委会组织法 19, 村委会组织法 18).
//!
//! Valid only when enough took part, and void when there are more ballots than voters. Votes are measured against all
//! ballots collected, blank and invalid ones with them. A ballot with more marks than seats, or one name twice, is
//! invalid; with fewer marks it is good, and names that stand on no list count too.

use crate::seats::{fill, rank};
use crate::{Fault, MOST, Rule, Why};
use std::collections::HashMap;

/// The most seats of one election; a committee has five to nine.
pub const MOST_SEATS: u32 = 1000;

/// What was counted before the boxes were opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turnout {
    /// Who is on the roll (voters, households or representatives).
    pub registered: u64,
    /// Who took part, by themselves or by proxy.
    pub participants: u64,
    /// Ballots collected.
    pub collected: u64,
}

kernel::coded_enum! {
    /// Why an election is void.
    pub enum Void {
        /// Too few took part.
        Turnout = "turnout",
        /// More ballots than voters.
        MoreBallotsThanVoters = "more_ballots_than_voters",
    }
}

/// A person with votes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Votes {
    /// The name.
    pub name: String,
    /// The votes.
    pub votes: u64,
}

/// How an election came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Whether enough took part.
    pub turnout_ok: bool,
    /// Why it is void; nothing else was counted then.
    pub void: Option<Void>,
    /// Ballots that can be read, blank ones with them.
    pub valid_ballots: u64,
    /// Ballots that cannot: too many marks, or a name twice.
    pub invalid_ballots: u64,
    /// Everybody with votes and every candidate: most votes first, among equals as they are listed, write-ins after the
    /// candidates by name.
    pub votes: Vec<Votes>,
    /// Who is elected.
    pub elected: Vec<String>,
    /// Who has equal votes at the last seat: they are voted on again, and nobody else.
    pub tied: Vec<String>,
    /// Seats that stay empty.
    pub vacancies: u32,
    /// Who stands next for a further election (另行选举), most votes first. Empty while a tie takes all empty seats.
    pub runoff_order: Vec<String>,
    /// The smallest number of votes that elects.
    pub need: u64,
}

/// Counts ballots in any order.
#[derive(Clone, Debug)]
pub struct Counter<'a> {
    rule: &'a Rule,
    turnout: Turnout,
    seats: u32,
    names: Vec<String>,
    places: HashMap<String, u32>,
    listed: usize,
    votes: Vec<u64>,
    valid: u64,
    invalid: u64,
}

impl<'a> Counter<'a> {
    /// A counter without ballots.
    ///
    /// # Errors
    /// `registered`: nobody; `participants`: more than registered; `seats`: none or too many; `candidates[n]`: empty or
    /// a second time; any number that is too large. More ballots than voters are no fault: they make the election void.
    pub fn new(rule: &'a Rule, turnout: Turnout, seats: u32, candidates: &[&str]) -> Result<Self, Fault> {
        let Turnout { registered, participants, collected } = turnout;
        let parts = [("registered", registered), ("participants", participants), ("collected", collected)];
        if let Some((field, _)) = parts.iter().find(|(_, value)| *value > MOST) {
            return Err(Fault::at(*field, Why::TooLarge { most: MOST }));
        }
        if registered == 0 {
            return Err(Fault::at("registered", Why::TooSmall { least: 1 }));
        }
        if participants > registered {
            let why = Why::MoreThan { sum: participants, whole: "registered", most: registered };
            return Err(Fault::at("participants", why));
        }
        if seats == 0 {
            return Err(Fault::at("seats", Why::TooSmall { least: 1 }));
        }
        if seats > MOST_SEATS {
            return Err(Fault::at("seats", Why::TooLarge { most: u64::from(MOST_SEATS) }));
        }
        let mut counter = Self {
            rule,
            turnout,
            seats,
            names: Vec::new(),
            places: HashMap::new(),
            listed: 0,
            votes: Vec::new(),
            valid: 0,
            invalid: 0,
        };
        for (at, name) in candidates.iter().enumerate() {
            let known = counter.names.len();
            let place = counter.person(name).map_err(|why| Fault::at(format!("candidates[{at}]"), why))?;
            if (place as usize) < known {
                let why = Why::Twice((*name).to_owned());
                return Err(Fault::at(format!("candidates[{at}]"), why));
            }
        }
        counter.listed = counter.names.len();
        Ok(counter)
    }

    /// The place of a person on the list; a new name is written in at its end.
    ///
    /// # Errors
    /// [`Why::Empty`].
    pub fn person(&mut self, name: &str) -> Result<u32, Why> {
        let name = name.trim();
        if name.is_empty() {
            return Err(Why::Empty);
        }
        if let Some(place) = self.places.get(name) {
            return Ok(*place);
        }
        let place =
            u32::try_from(self.names.len()).map_err(|_| Why::TooLarge { most: u64::from(u32::MAX) })?;
        self.places.insert(name.to_owned(), place);
        self.names.push(name.to_owned());
        self.votes.push(0);
        Ok(place)
    }

    /// Takes `count` ballots with the same marks, persons by their [place](Counter::person).
    ///
    /// # Errors
    /// [`Why::TooLarge`]; [`Why::MoreThan`] when these are more than were collected; [`Why::NotOnRoll`] for a place that
    /// nobody has.
    pub fn add(&mut self, count: u64, marks: &[u32]) -> Result<(), Why> {
        if count > MOST {
            return Err(Why::TooLarge { most: MOST });
        }
        if let Some(stranger) = marks.iter().find(|m| **m as usize >= self.names.len()) {
            return Err(Why::NotOnRoll(stranger.to_string()));
        }
        let sum = self.valid + self.invalid + count;
        if sum > self.turnout.collected {
            return Err(Why::MoreThan { sum, whole: "collected", most: self.turnout.collected });
        }
        let twice = || marks.iter().enumerate().any(|(n, mark)| marks.iter().take(n).any(|m| m == mark));
        if marks.len() > self.seats as usize || twice() {
            self.invalid += count;
            return Ok(());
        }
        self.valid += count;
        for mark in marks {
            if let Some(votes) = self.votes.get_mut(*mark as usize) {
                *votes += count;
            }
        }
        Ok(())
    }

    /// Who is elected.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let Turnout { registered, participants, collected } = self.turnout;
        let turnout_ok = self.rule.attend.is_none_or(|share| share.reached(participants, registered));
        let void = match (turnout_ok, collected > participants) {
            (false, _) => Some(Void::Turnout),
            (true, true) => Some(Void::MoreBallotsThanVoters),
            (true, false) => None,
        };
        let mut outcome = Outcome {
            turnout_ok,
            void,
            valid_ballots: 0,
            invalid_ballots: 0,
            votes: Vec::new(),
            elected: Vec::new(),
            tied: Vec::new(),
            vacancies: self.seats,
            runoff_order: Vec::new(),
            need: self.rule.agree.need(collected),
        };
        if void.is_some() {
            return outcome;
        }
        // Candidates as listed, then the written-in by name: the order of ballots must not show.
        let mut order: Vec<usize> = (0..self.names.len()).collect();
        order.sort_by(|a, b| {
            let key = |at: &usize| (*at >= self.listed, if *at < self.listed { "" } else { self.name(*at) });
            key(a).cmp(&key(b)).then(a.cmp(b))
        });
        let mut ranked: Vec<(usize, u64)> =
            order.iter().enumerate().map(|(n, at)| (n, self.votes.get(*at).copied().unwrap_or(0))).collect();
        rank(&mut ranked);
        let name = |n: usize| order.get(n).map_or("", |at| self.name(*at)).to_owned();
        let enough: Vec<(usize, u64)> =
            ranked.iter().copied().filter(|(_, votes)| self.rule.agree.reached(*votes, collected)).collect();
        let filled = fill(&enough, self.seats as usize);
        outcome.valid_ballots = self.valid;
        outcome.invalid_ballots = self.invalid;
        outcome.votes = ranked.iter().map(|(n, votes)| Votes { name: name(*n), votes: *votes }).collect();
        outcome.vacancies = self.seats.saturating_sub(filled.taken.len() as u32);
        if outcome.vacancies > 0 && filled.tied.is_empty() {
            let next = ranked.iter().filter(|(n, votes)| *votes > 0 && !filled.taken.contains(n));
            outcome.runoff_order = next.map(|(n, _)| name(*n)).collect();
        }
        outcome.elected = filled.taken.into_iter().map(name).collect();
        outcome.tied = filled.tied.into_iter().map(name).collect();
        outcome
    }

    fn name(&self, at: usize) -> &str {
        self.names.get(at).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Papers<'a> = &'a [(u64, &'a [&'a str])];

    fn run(code: &str, turnout: (u64, u64, u64), seats: u32, list: &[&str], papers: Papers<'_>) -> Outcome {
        let (registered, participants, collected) = turnout;
        let turnout = Turnout { registered, participants, collected };
        let mut counter = Counter::new(Rule::shipped(code).unwrap(), turnout, seats, list).unwrap();
        for (count, marks) in papers {
            let marks: Vec<u32> = marks.iter().map(|m| counter.person(m).unwrap()).collect();
            counter.add(*count, &marks).unwrap();
        }
        counter.outcome()
    }

    #[test]
    fn turnout_must_be_exceeded_and_more_for_representatives() {
        let ok = |code, registered, participants| {
            run(code, (registered, participants, participants), 1, &["甲"], &[]).turnout_ok
        };
        assert!(!ok("election_voters", 1000, 500));
        assert!(ok("election_voters", 1000, 501));
        assert!(!ok("election_households", 300, 150));
        assert!(!ok("election_reps", 60, 40));
        assert!(ok("election_reps", 60, 41));
    }

    #[test]
    fn more_ballots_than_voters_are_void_and_fewer_are_not() {
        let void = run("election_voters", (100, 80, 81), 1, &["甲"], &[(81, &["甲"])]);
        assert_eq!((void.void, void.vacancies), (Some(Void::MoreBallotsThanVoters), 1));
        assert_eq!(run("election_voters", (100, 80, 79), 1, &["甲"], &[(79, &["甲"])]).elected, ["甲"]);
        let both = run("election_voters", (100, 50, 51), 1, &["甲"], &[]);
        assert_eq!(both.void, Some(Void::Turnout));
    }

    #[test]
    fn half_of_all_ballots_is_not_enough_and_invalid_and_blank_ones_count_below() {
        let half = run("election_voters", (100, 80, 80), 1, &["甲", "乙"], &[(40, &["甲"]), (39, &["乙"])]);
        assert_eq!((half.elected.len(), half.vacancies, half.need), (0, 1, 41));
        assert_eq!(half.runoff_order, ["甲", "乙"]);
        let papers: Papers<'_> = &[(41, &["甲"]), (9, &[]), (30, &["甲", "乙"])];
        let out = run("election_voters", (100, 80, 80), 1, &["甲", "乙"], papers);
        assert_eq!((out.valid_ballots, out.invalid_ballots), (50, 30));
        assert_eq!(out.elected, ["甲"]);
    }

    #[test]
    fn over_marked_and_doubled_ballots_are_invalid_fewer_marks_are_good() {
        let papers: Papers<'_> = &[(20, &["甲", "乙", "丙"]), (20, &["甲", "甲"]), (50, &["甲"])];
        let out = run("election_voters", (100, 90, 90), 2, &["甲", "乙", "丙"], papers);
        assert_eq!((out.valid_ballots, out.invalid_ballots), (50, 40));
        assert_eq!(out.elected, ["甲"]);
        assert_eq!(out.vacancies, 1);
        assert_eq!(out.runoff_order, Vec::<String>::new());
    }

    #[test]
    fn a_tie_at_the_last_seat_elects_nobody_there_and_above_it_everybody() {
        let papers: Papers<'_> =
            &[(30, &["甲", "乙"]), (30, &["甲", "丙"]), (20, &["乙", "丙"]), (5, &["丁"])];
        let out = run("election_voters", (100, 85, 85), 2, &["丁", "丙", "乙", "甲"], papers);
        assert_eq!(out.elected, ["甲"]);
        assert_eq!(out.tied, ["丙", "乙"]);
        assert_eq!((out.vacancies, out.runoff_order.len()), (1, 0));
        let above = run("election_voters", (100, 85, 85), 3, &["丁", "丙", "乙", "甲"], papers);
        assert_eq!(above.elected, ["甲", "丙", "乙"]);
    }

    #[test]
    fn the_further_election_needs_a_third_and_the_most_votes() {
        let papers: Papers<'_> = &[(30, &["甲"]), (29, &["乙"]), (31, &["丙"])];
        let out = run("election_voters_runoff", (100, 90, 90), 1, &["甲", "乙", "丙"], papers);
        assert_eq!((out.elected, out.need), (vec!["丙".to_owned()], 30));
        let out = run("election_voters_runoff", (100, 90, 90), 3, &["甲", "乙", "丙"], papers);
        assert_eq!(out.elected, ["丙", "甲"]);
        assert_eq!((out.vacancies, out.runoff_order), (1, vec!["乙".to_owned()]));
    }

    #[test]
    fn names_may_be_written_in_and_stand_after_the_candidates() {
        let papers: Papers<'_> = &[(20, &["辛"]), (20, &["庚"]), (20, &["乙"]), (20, &["甲"])];
        let out = run("election_voters", (100, 80, 80), 1, &["乙", "甲"], papers);
        let names: Vec<&str> = out.votes.iter().map(|v| v.name.as_str()).collect();
        assert_eq!(names, ["乙", "甲", "庚", "辛"]);
        let wins = run("election_voters", (100, 80, 80), 1, &["甲"], &[(41, &["辛"])]);
        assert_eq!(wins.elected, ["辛"]);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let rule = Rule::shipped("election_voters").unwrap();
        let t = |registered, participants, collected| Turnout { registered, participants, collected };
        let field = |t, seats, list: &[&str]| Counter::new(rule, t, seats, list).unwrap_err().field;
        assert_eq!(field(t(0, 0, 0), 1, &[]), "registered");
        assert_eq!(field(t(10, 11, 0), 1, &[]), "participants");
        assert_eq!(field(t(10, 9, 9), 0, &[]), "seats");
        assert_eq!(field(t(10, 9, 9), 1, &["甲", "乙", "甲"]), "candidates[2]");
        assert_eq!(field(t(10, 9, 9), 1, &[" "]), "candidates[0]");
        let mut counter = Counter::new(rule, t(10, 9, 9), 1, &["甲"]).unwrap();
        assert_eq!(counter.add(1, &[7]), Err(Why::NotOnRoll("7".into())));
        assert!(matches!(counter.add(10, &[0]), Err(Why::MoreThan { sum: 10, .. })));
        assert!(matches!(counter.add(u64::MAX, &[0]), Err(Why::TooLarge { .. })));
    }
}
