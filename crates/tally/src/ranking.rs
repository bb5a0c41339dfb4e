//! Orders of preference, counted in two ways that can be explained on a notice board.
//!
//! * Points ([`Orders::points`], Borda, 排序积分法): among n options the first gets n points, the second n − 1, what is not named
//!   gets none. Says which option people like best on the whole. This is what a poll takes by default: the sum can be
//!   checked with a pencil.
//! * Rounds ([`Orders::rounds`], instant runoff, 逐轮淘汰): the option with the fewest first places goes out, its ballots go to
//!   the next on each, until one has more than half. Says which single option most can agree on.
//!
//! Comparing every pair (Copeland) is not offered: with a circle in it nobody can be told in one sentence who won.
//!
//! A ballot is a list of options, best first; it may stop early. One with an option twice or an option that there is
//! not is invalid; an empty one is blank.

use crate::seats::rank;

/// Ballots put into order once, to be counted in either way.
#[derive(Clone, Debug)]
pub struct Orders {
    options: usize,
    /// All ballots one after another; `ends` has where each one ends.
    marks: Vec<u32>,
    ends: Vec<usize>,
    seen: Vec<u64>,
    taken: u64,
    blank: u64,
    invalid: u64,
}

/// One round of elimination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// Votes by option; 0 for those that are out.
    pub votes: Vec<u64>,
    /// Ballots on which no option is left.
    pub exhausted: u64,
    /// Who goes out after this round: all that are equal at the bottom, so that nothing is left to chance.
    pub out: Vec<usize>,
}

/// How elimination ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rounds {
    /// Every round.
    pub rounds: Vec<Round>,
    /// Who has more than half of the ballots that still count. None when all that were left are equal, or nobody voted.
    pub winner: Option<usize>,
    /// Those that were left with equal votes.
    pub tied: Vec<usize>,
}

impl Orders {
    /// No ballots, so many options.
    #[must_use]
    pub fn new(options: usize) -> Self {
        Self {
            options,
            marks: Vec::new(),
            ends: Vec::new(),
            seen: vec![0; options],
            taken: 0,
            blank: 0,
            invalid: 0,
        }
    }

    /// Takes a ballot, best option first.
    pub fn add(&mut self, order: &[u32]) {
        self.taken += 1;
        if order.is_empty() {
            self.blank += 1;
            return;
        }
        for mark in order {
            match self.seen.get_mut(*mark as usize) {
                Some(seen) if *seen != self.taken => *seen = self.taken,
                _ => {
                    self.invalid += 1;
                    return;
                }
            }
        }
        self.marks.extend_from_slice(order);
        self.ends.push(self.marks.len());
    }

    /// Ballots without an option.
    #[must_use]
    pub const fn blank(&self) -> u64 {
        self.blank
    }

    /// Ballots that cannot be counted.
    #[must_use]
    pub const fn invalid(&self) -> u64 {
        self.invalid
    }

    fn ballots(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).filter_map(|(from, to)| self.marks.get(from..*to))
    }

    /// Points by option, and the options in their order (equals as listed).
    #[must_use]
    pub fn points(&self) -> Vec<(usize, u64)> {
        let mut points: Vec<(usize, u64)> = (0..self.options).map(|option| (option, 0)).collect();
        for ballot in self.ballots() {
            for (at, option) in ballot.iter().enumerate() {
                if let Some((_, sum)) = points.get_mut(*option as usize) {
                    *sum += (self.options - at) as u64;
                }
            }
        }
        rank(&mut points);
        points
    }

    /// Eliminates round by round.
    #[must_use]
    pub fn rounds(&self) -> Rounds {
        let mut left = vec![true; self.options];
        let mut rounds = Vec::new();
        loop {
            let mut votes = vec![0_u64; self.options];
            let mut exhausted = 0;
            for ballot in self.ballots() {
                match ballot.iter().find(|option| left.get(**option as usize) == Some(&true)) {
                    Some(option) => {
                        if let Some(sum) = votes.get_mut(*option as usize) {
                            *sum += 1;
                        }
                    }
                    None => exhausted += 1,
                }
            }
            let standing: Vec<usize> = (0..self.options).filter(|o| left.get(*o) == Some(&true)).collect();
            let of = |option: &usize| votes.get(*option).copied().unwrap_or(0);
            let all: u64 = votes.iter().sum();
            let winner = standing.iter().copied().find(|option| of(option) * 2 > all);
            let fewest = standing.iter().map(of).min().unwrap_or(0);
            let out: Vec<usize> = standing.iter().copied().filter(|option| of(option) == fewest).collect();
            let equal = out.len() == standing.len();
            if winner.is_some() || equal || all == 0 {
                rounds.push(Round { votes, exhausted, out: Vec::new() });
                let tied = if winner.is_none() && all > 0 { standing } else { Vec::new() };
                return Rounds { rounds, winner, tied };
            }
            for option in &out {
                if let Some(place) = left.get_mut(*option) {
                    *place = false;
                }
            }
            rounds.push(Round { votes, exhausted, out });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(options: usize, ballots: &[(usize, &[u32])]) -> Orders {
        let mut orders = Orders::new(options);
        for (count, ballot) in ballots {
            (0..*count).for_each(|_| orders.add(ballot));
        }
        orders
    }

    #[test]
    fn points_and_rounds_answer_different_questions() {
        let orders = of(3, &[(8, &[0, 1, 2]), (7, &[2, 1, 0]), (4, &[1, 2, 0])]);
        assert_eq!(orders.points(), [(1, 8 * 2 + 7 * 2 + 4 * 3), (2, 8 + 21 + 8), (0, 24 + 7 + 4)]);
        let rounds = orders.rounds();
        assert_eq!((rounds.winner, rounds.rounds.len()), (Some(2), 2));
        assert_eq!(rounds.rounds[0].out, [1]);
        assert_eq!(rounds.rounds[1].votes, [8, 0, 11]);
    }

    #[test]
    fn equals_at_the_bottom_go_out_together_and_equals_at_the_end_are_a_tie() {
        let orders = of(4, &[(3, &[0]), (3, &[1]), (1, &[2, 0]), (1, &[3, 1])]);
        let rounds = orders.rounds();
        assert_eq!(rounds.rounds[0].out, [2, 3]);
        assert_eq!((rounds.winner, rounds.tied), (None, vec![0, 1]));
    }

    #[test]
    fn ballots_that_stop_early_are_exhausted_and_bad_ones_left_out() {
        let orders = of(3, &[(2, &[0]), (3, &[1]), (1, &[2]), (1, &[0, 0]), (1, &[9]), (1, &[])]);
        assert_eq!((orders.blank(), orders.invalid()), (1, 2));
        let rounds = orders.rounds();
        assert_eq!((rounds.winner, rounds.rounds[1].exhausted), (Some(1), 1));
        let nobody = Orders::new(3).rounds();
        assert_eq!((nobody.winner, nobody.tied.len()), (None, 0));
        assert_eq!(Orders::new(0).rounds().winner, None);
    }
}
