//! A poll: question, rule, roll, times, result.

use super::{Outcome, Posted};
use chrono::NaiveDate;
use kernel::{Id, PlacePath, Time, text::Words};
use serde::{Deserialize, Serialize};
use tally::rule::Pinned;

kernel::coded_enum! {
    /// How far a poll is. No state leads back to [`PollState::Open`].
    pub enum PollState {
        /// The question is being written.
        Draft = "draft",
        /// Its rule is pinned.
        Ruled = "ruled",
        /// Its roll is frozen.
        Rolled = "rolled",
        /// Notice was given; the roll may be objected to.
        Noticed = "noticed",
        /// Ballots are taken.
        Open = "open",
        /// No ballot is taken any more.
        Closed = "closed",
        /// It was counted; tellers look at the count.
        Counting = "counting",
        /// Two tellers certified the count.
        Certified = "certified",
        /// It is on show.
        Published = "published",
        /// The lawful period of showing is over.
        Archived = "archived",
        /// It was ended without a count.
        Void = "void",
        /// Its result was set aside afterwards; it stays to be read.
        Annulled = "annulled",
    }
}

impl PollState {
    /// Whether question, rule and roll may still be changed.
    #[must_use]
    pub const fn is_plan(self) -> bool {
        matches!(self, Self::Draft | Self::Ruled | Self::Rolled)
    }

    /// Whether everybody may see it.
    #[must_use]
    pub const fn is_public(self) -> bool {
        !self.is_plan()
    }

    /// Whether its result is to be seen by everybody.
    #[must_use]
    pub const fn shows_result(self) -> bool {
        matches!(self, Self::Published | Self::Archived | Self::Annulled)
    }
}

/// What a ballot of a poll looks like and how it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "snake_case")]
pub enum Shape {
    /// For, against, abstaining; a head is a vote.
    Sides,
    /// The same by owners: area and heads (民法典 278).
    Owners {
        /// Whether 从众, with the majority, is offered.
        conform: bool,
    },
    /// Up to so many marks for so many places; with as many marks as options it is approval voting.
    Marks {
        /// Marks on a ballot at most.
        most: u32,
        /// Options that are chosen.
        places: u32,
    },
    /// Options in the order of preference.
    Ranking,
    /// Candidates for seats.
    Election {
        /// How many seats.
        seats: u32,
    },
}

impl Shape {
    /// Its code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Sides => "sides",
            Self::Owners { .. } => "owners",
            Self::Marks { .. } => "marks",
            Self::Ranking => "ranking",
            Self::Election { .. } => "election",
        }
    }

    /// Whether it offers options.
    #[must_use]
    pub const fn has_options(&self) -> bool {
        !matches!(self, Self::Sides | Self::Owners { .. })
    }

    /// The most marks of a good ballot.
    #[must_use]
    pub const fn most(&self, options: usize) -> usize {
        match self {
            Self::Sides | Self::Owners { .. } => 1,
            Self::Marks { most, .. } => *most as usize,
            Self::Ranking => options,
            Self::Election { seats } => *seats as usize,
        }
    }
}

/// Where a poll comes from: what is told of its result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The kind of thing: `sitting`, `election`, `matter`.
    pub kind: String,
    /// Its id.
    pub id: Id,
    /// The part of it, such as the item of a sitting.
    pub part: Option<Id>,
    /// Its page.
    pub link: String,
}

/// A frozen roll. Its text is kept beside; here is what the poll was opened with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roll {
    /// From 1; a corrected roll is the next.
    pub version: u32,
    /// SHA-256 of its public text.
    pub sha256: String,
    /// Units or persons on it.
    pub lines: u32,
    /// Heads that count.
    pub heads: u32,
    /// Their area in 0.01 m².
    pub area: u64,
    /// Names and telephones, encrypted.
    pub names: Words,
    /// From what the house knows, in words; nothing when it came as a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// When it was frozen.
    pub frozen_at: Time,
}

/// A closing time that was put off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// The time before.
    pub from: Time,
    /// The new one.
    pub to: Time,
    /// Why, as the notice says it.
    pub why: String,
    /// When it was decided.
    pub at: Time,
}

/// The box of a secret poll, sealed when it closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoxSeal {
    /// Ballots in it.
    pub ballots: u64,
    /// SHA-256 over the ballots in alphabetical order with their numbers.
    pub sha256: String,
    /// SHA-256 over the heads that were handed a ballot.
    pub voted: String,
    /// How many were handed one.
    pub handed: u64,
}

/// What one clerk counted of the paper ballots of a secret poll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperReading {
    /// Who.
    pub by: Id,
    /// Votes and how many papers say so, by vote.
    pub groups: Vec<(String, u64)>,
}

kernel::coded_enum! {
    /// What a teller signs as. Two different ones certify.
    pub enum TellerRole {
        /// 监票
        Scrutineer = "scrutineer",
        /// 计票
        Counter = "counter",
        /// 唱票
        Caller = "caller",
    }
}

/// A teller's signature under the count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Who.
    pub person: Id,
    /// As what.
    pub role: TellerRole,
    /// When.
    pub at: Time,
}

/// A count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// How it came out.
    pub outcome: Outcome,
    /// SHA-256 of the file by which anybody recounts it.
    pub sha256: String,
    /// Who counted.
    pub by: Option<Id>,
    /// When.
    pub at: Time,
    /// Who signed.
    pub signed: Vec<Signature>,
}

kernel::coded_enum! {
    /// What an objection is about.
    pub enum About {
        /// The roll.
        Roll = "roll",
        /// The result.
        Result = "result",
    }
}

/// An objection and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// Its id.
    pub id: Id,
    /// About what.
    pub about: About,
    /// Who.
    pub by: Id,
    /// What is said; not public.
    pub text: Words,
    /// When.
    pub at: Time,
    /// The answer, as it is published.
    pub answer: Option<String>,
    /// Whether it was found right.
    pub upheld: Option<bool>,
    /// When it was answered.
    pub answered_at: Option<Time>,
}

/// How openly ballots are published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// Ballots by what they say and their area, not whose.
    #[default]
    Grouped,
    /// With the number of the head, so that everybody finds the own one: said on the ballot before anybody votes.
    Open,
}

/// A poll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    /// Its id.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// Where: its roll is of here.
    pub place: PlacePath,
    /// Its number, never used again.
    pub number: String,
    /// What it is about.
    pub title: String,
    /// The proposal in full, as everybody reads it before voting: what is not published is not voted on.
    pub text: String,
    /// The shape of its ballots.
    pub shape: Shape,
    /// Whether ballots are secret.
    pub secret: bool,
    /// How openly named ballots are published.
    pub trust: Trust,
    /// Options or candidates.
    pub options: Vec<String>,
    /// Who the candidates are, where that is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Id>,
    /// Where it comes from.
    pub origin: Option<Origin>,
    /// How far it is.
    pub state: PollState,
    /// The rule, pinned.
    pub rule: Option<Pinned>,
    /// The roll, frozen.
    pub roll: Option<Roll>,
    /// Hashes of rolls that were corrected.
    pub earlier_rolls: Vec<String>,
    /// When notice was given.
    pub noticed_at: Option<Time>,
    /// Where notice hung before it was entered here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posted: Option<Posted>,
    /// Why notice was shorter than the rule asks.
    pub urgent: Option<String>,
    /// From when ballots are taken.
    pub opens: Option<Time>,
    /// Until before when.
    pub closes: Option<Time>,
    /// Closing times put off.
    pub extended: Vec<Extension>,
    /// The sealed box of a secret poll.
    pub sealed: Option<BoxSeal>,
    /// Countings of paper ballots of a secret poll.
    pub papers: Vec<PaperReading>,
    /// The count that stands.
    pub count: Option<Certificate>,
    /// Counts that tellers sent back, with the reason.
    pub returned: Vec<String>,
    /// When the result was put on show.
    pub published_at: Option<Time>,
    /// Until when it stays there, the day itself with it.
    pub show_until: Option<NaiveDate>,
    /// Photos of the board.
    pub boards: Vec<Id>,
    /// Objections.
    pub objections: Vec<Objection>,
    /// Why it was ended or set aside.
    pub reason: Option<String>,
}

impl Poll {
    /// Whether ballots are taken at an instant: the closing time itself is too late.
    #[must_use]
    pub fn takes(&self, now: Time) -> bool {
        self.state == PollState::Open && self.closes.is_some_and(|closes| now < closes)
    }

    /// Objections about something that nobody has answered.
    pub fn unanswered(&self, about: About) -> impl Iterator<Item = &Objection> {
        self.objections.iter().filter(move |o| o.about == about && o.answer.is_none())
    }

    /// What two different clerks counted alike of the paper ballots.
    #[must_use]
    pub fn papers_agreed(&self) -> Option<&[(String, u64)]> {
        self.papers.iter().enumerate().find_map(|(n, one)| {
            let other = self.papers.iter().skip(n + 1).any(|p| p.by != one.by && p.groups == one.groups);
            other.then_some(one.groups.as_slice())
        })
    }

    /// When something is to be done by the clock alone.
    #[must_use]
    pub fn next_at(&self) -> Option<Time> {
        match self.state {
            PollState::Noticed => self.opens,
            PollState::Open => self.closes,
            PollState::Published => {
                self.show_until.and_then(|day| day.succ_opt()).map(kernel::time::day_start)
            }
            _ => None,
        }
    }
}

/// A new poll.
#[derive(Clone, Debug)]
pub struct NewPoll {
    /// Where.
    pub place: PlacePath,
    /// What it is about.
    pub title: String,
    /// The proposal.
    pub text: String,
    /// The shape.
    pub shape: Shape,
    /// Whether it is secret.
    pub secret: bool,
    /// How openly ballots are published.
    pub trust: Trust,
    /// Options or candidates, in the order in which they stand on the ballot.
    pub options: Vec<String>,
    /// Who the candidates are, where that is known.
    pub candidates: Vec<Id>,
    /// Where it comes from.
    pub origin: Option<Origin>,
}

/// What happens to a poll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PollEvent {
    /// It was drafted.
    PollDrafted {
        /// Its id.
        id: Id,
        /// Its number.
        number: String,
        /// Where.
        place: PlacePath,
        /// What it is about.
        title: String,
        /// The proposal.
        text: String,
        /// The shape.
        shape: Shape,
        /// Whether it is secret.
        secret: bool,
        /// How openly it is published.
        trust: Trust,
        /// Options.
        options: Vec<String>,
        /// Who the candidates are.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        candidates: Vec<Id>,
        /// Where it comes from.
        origin: Option<Origin>,
    },
    /// Its question changed before notice.
    PollEdited {
        /// What it is about.
        title: String,
        /// The proposal.
        text: String,
        /// Options.
        options: Vec<String>,
    },
    /// Its rule was pinned.
    RulePinned(Pinned),
    /// Its roll was frozen.
    RollFrozen(Roll),
    /// Notice was given.
    PollNoticed {
        /// From when.
        opens: Time,
        /// Until when.
        closes: Time,
        /// Why shorter than the rule asks.
        urgent: Option<String>,
        /// Where it hung before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        posted: Option<Posted>,
    },
    /// It opened.
    PollOpened,
    /// Its closing time was put off.
    PollExtended {
        /// The new time.
        closes: Time,
        /// Why.
        why: String,
    },
    /// It closed.
    PollClosed {
        /// The sealed box, when it is secret.
        sealed: Option<BoxSeal>,
    },
    /// A clerk counted the paper ballots of a secret poll.
    PapersRead {
        /// Votes and how many papers say so.
        groups: Vec<(String, u64)>,
    },
    /// It was counted.
    PollCounted {
        /// How it came out.
        outcome: Box<Outcome>,
        /// SHA-256 of the file.
        sha256: String,
    },
    /// A teller sent the count back.
    CountReturned {
        /// Why.
        why: String,
    },
    /// A teller signed the count.
    CountSigned {
        /// As what.
        role: TellerRole,
    },
    /// The result was put on show.
    ResultPublished {
        /// Until when.
        until: NaiveDate,
    },
    /// A photo of the board was added.
    BoardShown {
        /// The photo.
        photo: Id,
    },
    /// The lawful period of showing ended.
    PollArchived,
    /// Somebody objected.
    ObjectionMade {
        /// Its id.
        id: Id,
        /// About what.
        about: About,
        /// Who.
        by: Id,
        /// What is said.
        text: Words,
    },
    /// An objection was answered.
    ObjectionAnswered {
        /// Which.
        id: Id,
        /// The answer.
        answer: String,
        /// Whether it was right.
        upheld: bool,
    },
    /// It was ended without a count.
    PollVoided {
        /// Why.
        reason: String,
    },
    /// Its result was set aside.
    ResultAnnulled {
        /// Why.
        reason: String,
    },
}
