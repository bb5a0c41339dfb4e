//! Owners deciding together (民法典 278): by area and by heads, both must be enough.
//!
//! 1. [`Roll`] puts the units of a compound together into heads (法释 8, 9): an owner of several units is one head, joint
//!    owners are one head (`A&B`), everything unsold or not yet handed over is one head, [`DEVELOPER`].
//! 2. [`Counter`] takes ballots in any order. A ballot twice is one ballot; two different ones of an owner make that owner
//!    *split*: taking part, but on no side.
//! 3. [`Outcome`] follows: silent owners who were served go with the majority when the rule says so, and so do those whose
//!    ballot says 从众, if one side leads by area *and* by heads; else they only take part.

use crate::rule::{Invalid, Revote, Silence};
use crate::{Area, Choice, Fault, Gap, MOST, Rule, Settled, Share, Verdict, Why};

mod roll;
#[cfg(test)]
mod tests;

pub(crate) use roll::norm;
pub use roll::{Ballot, DEVELOPER, Entry, Head, Kind, Roll, State, Whose};

/// An area and a number of heads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    /// Area.
    pub area: Area,
    /// Heads.
    pub heads: u64,
}

impl Pair {
    /// Parts of one roll: their sum was checked when the roll was made.
    fn add(&mut self, area: u64, heads: u64) {
        self.area = Area::raw(self.area.hundredths() + area);
        self.heads += heads;
    }

    fn join(&mut self, other: Self) {
        self.add(other.area.hundredths(), other.heads);
    }

    const fn minus(self, other: Self) -> Self {
        Self {
            area: Area::raw(self.area.hundredths().saturating_sub(other.area.hundredths())),
            heads: self.heads.saturating_sub(other.heads),
        }
    }

    /// Whether the share is reached of both.
    #[must_use]
    pub const fn reaches(self, share: Share, whole: Self) -> bool {
        share.reached(self.area.hundredths(), whole.area.hundredths())
            && share.reached(self.heads, whole.heads)
    }

    /// Whether it is more by area and by heads.
    const fn leads(self, other: Self) -> bool {
        self.area.hundredths() > other.area.hundredths() && self.heads > other.heads
    }
}

/// Owners of whom only the number and the area of each are known, all with the same choice. Each is one head with one unit
/// and was served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// How many.
    pub count: u64,
    /// The area of each.
    pub area_each: Area,
    /// Their choice.
    pub choice: Choice,
}

impl Group {
    /// # Errors
    /// `count`: too large, or too large with its area.
    fn sum(&self) -> Result<Pair, Why> {
        let large = Why::TooLarge { most: MOST };
        if self.count > MOST {
            return Err(large);
        }
        self.area_each.times(self.count).map(|area| Pair { area, heads: self.count }).ok_or(large)
    }
}

/// How owners decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// All who are entitled.
    pub total: Pair,
    /// Who takes part.
    pub part: Pair,
    /// For, with those who follow.
    pub yes: Pair,
    /// Against, with those who follow.
    pub no: Pair,
    /// Abstaining, with those who follow.
    pub abstain: Pair,
    /// Those of them who are only counted as following the majority, 从众 ballots and silence together.
    pub following: Pair,
    /// Whether enough area takes part.
    pub quorum_area: bool,
    /// Whether enough heads take part.
    pub quorum_heads: bool,
    /// Whether enough area agrees.
    pub pass_area: bool,
    /// Whether enough heads agree.
    pub pass_heads: bool,
    /// The verdict: all four.
    pub verdict: Verdict,
    /// Whether somebody would follow a majority that there is not.
    pub no_common_majority: bool,
    /// Owners who voted differently, in the order of the roll.
    pub split: Vec<String>,
    /// Owners who returned a ballot although they were not served; they do not take part.
    pub returned_unserved: Vec<String>,
    /// The gaps: to the quorum by area (in 0.01 m²) and heads, to agreement by area and heads.
    pub gaps: Gaps,
}

/// What is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gaps {
    /// To the quorum, by area in 0.01 m². None when the rule asks for no number.
    pub quorum_area: Option<Gap>,
    /// To the quorum, by heads.
    pub quorum_heads: Option<Gap>,
    /// To agreement, by area in 0.01 m².
    pub pass_area: Gap,
    /// To agreement, by heads.
    pub pass_heads: Gap,
}

/// Counts all ballots at once; see [`Counter`].
///
/// # Errors
/// A ballot that is not of this roll; a group that is too large.
pub fn count(
    rule: &Rule,
    roll: &Roll<'_>,
    groups: &[Group],
    ballots: impl IntoIterator<Item = Ballot>,
) -> Result<Outcome, Fault> {
    let mut counter = Counter::new(rule, roll);
    for ballot in ballots {
        counter.add(ballot).map_err(|why| Fault::at("ballots", why))?;
    }
    counter.outcome(groups)
}

/// What the ballots of one head or unit said, a bit for each choice. Joining is the same in any order.
type Said = u8;
const YES: Said = 1;
const NO: Said = 2;
const ABSTAIN: Said = 4;
const CONFORM: Said = 8;
const INVALID: Said = 16;
/// Said different things about one unit.
const MIXED: Said = 32;

const fn said(choice: Choice) -> Said {
    match choice {
        Choice::Yes => YES,
        Choice::No => NO,
        Choice::Abstain => ABSTAIN,
        Choice::Conform => CONFORM,
        Choice::Invalid => INVALID,
        Choice::None => 0,
    }
}

/// Counts ballots of one roll in any order. A ballot costs one lookup and one write; nothing is allocated for it.
#[derive(Clone, Debug)]
pub struct Counter<'a> {
    rule: &'a Rule,
    roll: &'a Roll<'a>,
    heads: Vec<Said>,
    /// Only where every unit has its own vote.
    units: Vec<Said>,
}

/// What was said, before anybody follows.
#[derive(Default)]
struct Sums {
    total: Pair,
    sides: [Pair; 3],
    conform: Pair,
    silent: Pair,
    mixed: Pair,
    /// Heads with one side and 从众 in other units: settled when the majority is known. Position and side.
    waiting: Vec<(usize, usize)>,
    split: Vec<usize>,
    unserved: Vec<usize>,
}

/// The place of a side in [`Sums::sides`].
const fn side(said: Said) -> Option<usize> {
    match said {
        YES => Some(0),
        NO => Some(1),
        ABSTAIN => Some(2),
        _ => None,
    }
}

impl<'a> Counter<'a> {
    /// A counter without ballots.
    #[must_use]
    pub fn new(rule: &'a Rule, roll: &'a Roll<'a>) -> Self {
        let units = if rule.per_unit { roll.units().len() } else { 0 };
        Self { rule, roll, heads: vec![0; roll.heads().len()], units: vec![0; units] }
    }

    /// Takes a ballot. Under a rule without votes per unit, a ballot for one unit speaks for all of its owner.
    ///
    /// # Errors
    /// [`Why::NotOnRoll`] when the ballot was made for another roll.
    #[inline]
    pub fn add(&mut self, ballot: Ballot) -> Result<(), Why> {
        let place = match ballot.unit {
            Some(unit) if self.rule.per_unit => self.units.get_mut(unit as usize),
            _ => self.heads.get_mut(ballot.head as usize),
        };
        match place {
            Some(mark) => {
                *mark |= said(ballot.choice);
                Ok(())
            }
            None => Err(Why::NotOnRoll(ballot.head.to_string())),
        }
    }

    /// What a set of choices comes to: one choice, [`MIXED`], [`INVALID`] for a ballot that does not take part, 0 for
    /// silence. An invalid paper beside one that can be read does not take the vote away.
    const fn meaning(&self, marks: Said) -> Said {
        let mut marks = marks;
        if marks & INVALID != 0 {
            if matches!(self.rule.invalid, Invalid::AsAbstain) {
                marks = (marks & !INVALID) | ABSTAIN;
            } else if marks != INVALID {
                marks &= !INVALID;
            }
        }
        if marks.count_ones() > 1 { MIXED } else { marks }
    }

    fn sums(&self, groups: &[Group]) -> Result<Sums, Fault> {
        let mut sums = Sums { total: self.roll.total(), ..Sums::default() };
        for (at, head) in self.roll.heads().iter().enumerate() {
            let whole = self.heads.get(at).copied().unwrap_or(0);
            let own = self.units.get(head.units.clone()).unwrap_or(&[]);
            if !head.served {
                if whole != 0 || own.iter().any(|m| *m != 0) {
                    sums.unserved.push(at);
                }
            } else if own.iter().all(|m| *m == 0) {
                sums.take_head(at, self.meaning(whole), head.area.hundredths());
            } else {
                self.take_units(at, head, whole, own, &mut sums);
            }
        }
        for (at, group) in groups.iter().enumerate() {
            let field = || format!("groups[{at}].count");
            let pair = group.sum().map_err(|why| Fault::at(field(), why))?;
            let area = sums.total.area.plus(pair.area);
            let area = area.ok_or_else(|| Fault::at(field(), Why::TooLarge { most: MOST }))?;
            sums.total = Pair { area, heads: sums.total.heads + pair.heads };
            if sums.total.heads > MOST {
                return Err(Fault::at(field(), Why::TooLarge { most: MOST }));
            }
            match self.meaning(said(group.choice)) {
                0 => sums.silent.join(pair),
                CONFORM => sums.conform.join(pair),
                other => {
                    if let Some(side) = side(other) {
                        sums.sides[side].join(pair);
                    }
                }
            }
        }
        Ok(sums)
    }

    /// An owner who voted for single units. A ballot for a unit goes before the owner's ballot for all of them; a unit
    /// without any does not take part.
    fn take_units(&self, at: usize, head: &Head<'_>, whole: Said, own: &[Said], sums: &mut Sums) {
        let areas = self.roll.units().get(head.units.clone()).unwrap_or(&[]);
        let mut all = 0;
        for (marks, area) in own.iter().zip(areas) {
            let meaning = self.meaning(if *marks == 0 { whole } else { *marks });
            let area = area.hundredths();
            match meaning {
                0 | INVALID => {}
                CONFORM => sums.conform.add(area, 0),
                MIXED => sums.mixed.add(area, 0),
                other => {
                    if let Some(side) = side(other) {
                        sums.sides[side].add(area, 0);
                    }
                }
            }
            all |= meaning;
        }
        match all & !INVALID {
            0 => {}
            CONFORM => sums.conform.heads += 1,
            one if side(one).is_some() => {
                if let Some(side) = side(one) {
                    sums.sides[side].heads += 1;
                }
            }
            two if side(two & !CONFORM).is_some() => {
                if let Some(side) = side(two & !CONFORM) {
                    sums.waiting.push((at, side));
                }
            }
            _ => {
                sums.mixed.heads += 1;
                sums.split.push(at);
            }
        }
    }

    /// Follows the majority and judges.
    ///
    /// # Errors
    /// `groups[n].count`: too large.
    pub fn outcome(&self, groups: &[Group]) -> Result<Outcome, Fault> {
        let mut sums = self.sums(groups)?;
        let mut following = sums.conform;
        if self.rule.silence == Silence::FollowMajority {
            following.join(sums.silent);
        }
        let [y, n, a] = sums.sides;
        let leader = [(0, [n, a]), (1, [y, a]), (2, [y, n])]
            .into_iter()
            .find(|(side, others)| others.iter().all(|other| sums.sides[*side].leads(*other)))
            .map(|(side, _)| side);
        let somebody = following != Pair::default();
        let mut part = sums.mixed;
        for side in sums.sides {
            part.join(side);
        }
        part.join(following);
        part.heads += sums.waiting.len() as u64;
        if let Some(leader) = leader {
            sums.sides[leader].join(following);
        }
        for (at, side) in std::mem::take(&mut sums.waiting) {
            if leader == Some(side) {
                sums.sides[side].heads += 1;
            } else {
                sums.split.push(at);
            }
        }
        sums.split.sort_unstable();
        let [yes, no, abstain] = sums.sides;
        let total = sums.total;
        let quorum = |have, whole| self.rule.attend.map(|share: Share| share.gap(have, whole));
        let gaps = Gaps {
            quorum_area: quorum(part.area.hundredths(), total.area.hundredths()),
            quorum_heads: quorum(part.heads, total.heads),
            pass_area: self.rule.agree.gap(yes.area.hundredths(), part.area.hundredths()),
            pass_heads: self.rule.agree.gap(yes.heads, part.heads),
        };
        let reached = |gap: Option<Gap>| gap.is_none_or(|gap| gap.met());
        let (quorum_area, quorum_heads) = (reached(gaps.quorum_area), reached(gaps.quorum_heads));
        let pass_area = self.rule.agree.reached(yes.area.hundredths(), part.area.hundredths());
        let pass_heads = self.rule.agree.reached(yes.heads, part.heads);
        Ok(Outcome {
            total,
            part,
            yes,
            no,
            abstain,
            following: if leader.is_some() { following } else { Pair::default() },
            quorum_area,
            quorum_heads,
            pass_area,
            pass_heads,
            verdict: Verdict::of(quorum_area && quorum_heads, pass_area && pass_heads),
            no_common_majority: somebody && leader.is_none(),
            split: self.keys(&sums.split),
            returned_unserved: self.keys(&sums.unserved),
            gaps,
        })
    }

    fn keys(&self, heads: &[usize]) -> Vec<String> {
        heads.iter().filter_map(|at| self.roll.heads().get(*at)).map(|head| head.key.to_owned()).collect()
    }

    /// What is certain already, whatever the outstanding owners say or leave. Careful: what depends on a majority that
    /// may still change (从众, silence) counts as outstanding, and where a ballot may be changed nothing is certain
    /// before the close.
    ///
    /// # Errors
    /// As [`Counter::outcome`].
    pub fn settled(&self, groups: &[Group]) -> Result<Option<Settled>, Fault> {
        if self.rule.revote == Revote::Last {
            return Ok(None);
        }
        let sums = self.sums(groups)?;
        let [yes, no, abstain] = sums.sides;
        let mut fixed = yes;
        fixed.join(no);
        fixed.join(abstain);
        let quorum = self.rule.attend.is_none_or(|share| fixed.reaches(share, sums.total));
        if quorum && yes.reaches(self.rule.agree, sums.total) {
            return Ok(Some(Settled::Passes));
        }
        let mut against = no;
        against.join(abstain);
        let best = sums.total.minus(against);
        Ok(if best.reaches(self.rule.agree, sums.total) { None } else { Some(Settled::Fails) })
    }
}

impl Sums {
    fn take_head(&mut self, at: usize, meaning: Said, area: u64) {
        match meaning {
            0 => self.silent.add(area, 1),
            INVALID => {}
            CONFORM => self.conform.add(area, 1),
            MIXED => {
                self.mixed.add(area, 1);
                self.split.push(at);
            }
            other => {
                if let Some(side) = side(other) {
                    self.sides[side].add(area, 1);
                }
            }
        }
    }
}
