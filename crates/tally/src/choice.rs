//! Counts that no law rules: several choices, approval, and raised hands counted by several tellers.

use crate::seats::{fill, rank};
use crate::{MOST, Why};

/// Counts ballots that may carry up to `most` marks. With `most` at the number of options it is approval voting
/// (认可投票): mark all that you could live with.
#[derive(Clone, Debug)]
pub struct Marks {
    most: usize,
    votes: Vec<u64>,
    /// For each option, the last ballot that marked it: a second mark on the same ballot is seen without a list.
    seen: Vec<u64>,
    ballots: u64,
    blank: u64,
    invalid: u64,
}

/// How options came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Votes by option.
    pub votes: Vec<u64>,
    /// Options in the order of votes; among equals in the order of listing.
    pub order: Vec<usize>,
    /// The options that take the places.
    pub chosen: Vec<usize>,
    /// The options with equal votes at the last place: none of them is chosen before another vote.
    pub tied: Vec<usize>,
    /// Ballots that count, blank ones with them.
    pub valid: u64,
    /// Ballots without a mark.
    pub blank: u64,
    /// Ballots with too many marks, one option twice, or an option that there is not.
    pub invalid: u64,
}

impl Marks {
    /// A counter for so many options and marks.
    #[must_use]
    pub fn new(options: usize, most: usize) -> Self {
        Self { most, votes: vec![0; options], seen: vec![0; options], ballots: 0, blank: 0, invalid: 0 }
    }

    /// Takes a ballot.
    #[inline]
    pub fn add(&mut self, marks: &[u32]) {
        self.ballots += 1;
        if marks.is_empty() {
            self.blank += 1;
            return;
        }
        let mut good = marks.len() <= self.most;
        if good {
            for mark in marks {
                match self.seen.get_mut(*mark as usize) {
                    Some(seen) if *seen != self.ballots => *seen = self.ballots,
                    _ => good = false,
                }
            }
        }
        if !good {
            self.invalid += 1;
            return;
        }
        for mark in marks {
            if let Some(votes) = self.votes.get_mut(*mark as usize) {
                *votes += 1;
            }
        }
    }

    /// The options for so many places. One without any vote takes none.
    #[must_use]
    pub fn standing(&self, places: usize) -> Standing {
        let mut ranked: Vec<(usize, u64)> = self.votes.iter().copied().enumerate().collect();
        rank(&mut ranked);
        let order = ranked.iter().map(|(option, _)| *option).collect();
        ranked.retain(|(_, votes)| *votes > 0);
        let filled = fill(&ranked, places);
        Standing {
            votes: self.votes.clone(),
            order,
            chosen: filled.taken,
            tied: filled.tied,
            valid: self.ballots - self.invalid,
            blank: self.blank,
            invalid: self.invalid,
        }
    }
}

/// Raised hands in one part of the hall, as one teller counted them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hands {
    /// For.
    pub yes: u64,
    /// Against.
    pub no: u64,
    /// Abstaining.
    pub abstain: u64,
}

/// Adds up the parts of a hall. Each part was counted by two tellers, whose figures must agree.
///
/// # Errors
/// The part and [`Why::NotOneOf`] with both figures where tellers differ: count that part again;
/// [`Why::TooLarge`].
pub fn hands(parts: &[(Hands, Hands)]) -> Result<Hands, (usize, Why)> {
    let mut sum = Hands::default();
    for (at, (first, second)) in parts.iter().enumerate() {
        if first != second {
            let shown = |h: &Hands| format!("{}/{}/{}", h.yes, h.no, h.abstain);
            return Err((at, Why::NotOneOf { found: shown(second), known: shown(first) }));
        }
        let add = |a: u64, b: u64| {
            a.checked_add(b).filter(|s| *s <= MOST).ok_or((at, Why::TooLarge { most: MOST }))
        };
        sum = Hands {
            yes: add(sum.yes, first.yes)?,
            no: add(sum.no, first.no)?,
            abstain: add(sum.abstain, first.abstain)?,
        };
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_counted_once_and_bad_ballots_not_at_all() {
        let mut marks = Marks::new(3, 2);
        for ballot in [&[0, 1][..], &[1], &[1, 1], &[0, 1, 2], &[7], &[], &[0, 2]] {
            marks.add(ballot);
        }
        let standing = marks.standing(1);
        assert_eq!(standing.votes, [2, 2, 1]);
        assert_eq!((standing.valid, standing.blank, standing.invalid), (4, 1, 3));
        assert_eq!((standing.chosen.len(), standing.tied), (0, vec![0, 1]));
        assert_eq!(marks.standing(2).chosen, [0, 1]);
        assert_eq!(Marks::new(2, 2).standing(1).chosen, [0; 0]);
    }

    #[test]
    fn tellers_must_agree() {
        let a = Hands { yes: 10, no: 2, abstain: 1 };
        assert_eq!(hands(&[(a, a), (a, a)]), Ok(Hands { yes: 20, no: 4, abstain: 2 }));
        assert_eq!(hands(&[(a, a), (a, Hands { yes: 11, ..a })]).unwrap_err().0, 1);
        let huge = Hands { yes: u64::MAX, ..a };
        assert!(matches!(hands(&[(huge, huge)]), Err((0, Why::TooLarge { .. }))));
    }
}
