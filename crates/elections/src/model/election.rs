//! An election: what is elected, by whom, when, and how far it is.

use super::{Elected, Kin, Nominee, Round};
use chrono::NaiveDate;
use kernel::{Id, PlacePath, Time, text::Words};
use polls::model::Posted;
use serde::{Deserialize, Serialize};
use tally::rule::Pinned;

kernel::coded_enum! {
    /// What is elected.
    pub enum ElectionKind {
        /// 居民委员会
        Committee = "committee",
        /// 村民委员会
        Village = "village",
        /// 社区发言人
        Spokespersons = "spokespersons",
        /// 议事亭亭长
        PavilionHead = "pavilion_head",
        /// 楼道长
        StairwellChief = "stairwell_chief",
    }
}

impl ElectionKind {
    /// The ways in which such an election may be held.
    #[must_use]
    pub const fn modes(self) -> &'static [Mode] {
        match self {
            Self::Committee => &[Mode::Voters, Mode::Households, Mode::Representatives],
            Self::Village => &[Mode::Villagers],
            _ => &[Mode::Plurality],
        }
    }

    /// Seats at least and at most: 居委会组织法 8 (five to nine), 村委会组织法 8 (three to seven).
    #[must_use]
    pub const fn seats(self) -> (u32, u32) {
        match self {
            Self::Committee => (5, 9),
            Self::Village => (3, 7),
            _ => (1, 50),
        }
    }
}

kernel::coded_enum! {
    /// Who votes, and by which rule.
    pub enum Mode {
        /// All residents who may vote.
        Voters = "voters",
        /// One for each household.
        Households = "households",
        /// The residents' representatives.
        Representatives = "representatives",
        /// All villagers who may vote.
        Villagers = "villagers",
        /// Whoever has most votes is elected: by a charter, not by the law.
        Plurality = "plurality",
    }
}

impl Mode {
    /// The code of the rule of a main round: a row of `tally`.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Voters => "election_voters",
            Self::Households => "election_households",
            Self::Representatives => "election_reps",
            Self::Villagers => "election_villagers",
            Self::Plurality => "plurality",
        }
    }

    /// The code of the rule of a further election (另行选举): a third of the ballots and most votes.
    #[must_use]
    pub const fn runoff(self) -> &'static str {
        match self {
            Self::Voters => "election_voters_runoff",
            Self::Households => "election_households_runoff",
            Self::Representatives => "election_reps_runoff",
            Self::Villagers => "election_villagers_runoff",
            Self::Plurality => "plurality",
        }
    }

    /// Whether the law of self-government rules it.
    #[must_use]
    pub const fn is_lawful(self) -> bool {
        !matches!(self, Self::Plurality)
    }
}

kernel::coded_enum! {
    /// How far an election is.
    pub enum ElectionState {
        /// It is being prepared.
        Prepared = "prepared",
        /// Its committee is there.
        Committee = "committee",
        /// Its roll is published.
        RollPublished = "roll_published",
        /// Somebody appealed against the roll.
        Appeals = "appeals",
        /// Nominees are named.
        Nominating = "nominating",
        /// Nominees are looked at.
        Vetting = "vetting",
        /// Candidates are published, and the round is noticed.
        CandidatesPublished = "candidates_published",
        /// Candidates and voters met.
        MeetingVoters = "meeting_voters",
        /// Ballots are taken.
        Polling = "polling",
        /// Ballots are counted.
        Counting = "counting",
        /// Too few took part.
        InvalidTurnout = "invalid_turnout",
        /// There were more ballots than voters.
        InvalidOverflow = "invalid_overflow",
        /// Its round was ended without a count, or the result set aside.
        SetAside = "set_aside",
        /// Equal votes at the last seat.
        Tie = "tie",
        /// The tied are voted on again.
        TieVote = "tie_vote",
        /// Seats are empty.
        Short = "short",
        /// A further election is called.
        Runoff = "runoff",
        /// The result stands.
        Declared = "declared",
        /// Papers and seal were handed over.
        Handover = "handover",
        /// It is in the archive.
        Archived = "archived",
        /// It will not be held.
        Cancelled = "cancelled",
    }
}

impl ElectionState {
    /// Whether everybody may see it: from the committee on, whose members are published.
    #[must_use]
    pub const fn is_public(self) -> bool {
        !matches!(self, Self::Prepared)
    }

    /// Whether the polling day may still be moved: no round was noticed.
    #[must_use]
    pub const fn is_before_candidates(self) -> bool {
        matches!(
            self,
            Self::Prepared
                | Self::Committee
                | Self::RollPublished
                | Self::Appeals
                | Self::Nominating
                | Self::Vetting
        )
    }

    /// Whether a round runs.
    #[must_use]
    pub const fn is_running(self) -> bool {
        matches!(
            self,
            Self::CandidatesPublished
                | Self::MeetingVoters
                | Self::TieVote
                | Self::Runoff
                | Self::Polling
                | Self::Counting
        )
    }

    /// Whether it is over.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Declared | Self::Handover | Self::Archived | Self::Cancelled)
    }
}

kernel::coded_enum! {
    /// Why somebody left the committee.
    pub enum LeftWhy {
        /// By becoming a nominee.
        Nominee = "nominee",
        /// By the own wish.
        Resigned = "resigned",
    }
}

/// A member of the election committee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The seat.
    pub id: Id,
    /// Who.
    pub person: Id,
    /// Whether this is the chair.
    pub chair: bool,
    /// Since when.
    pub at: Time,
    /// Why the member left.
    pub left: Option<LeftWhy>,
}

/// A line of the roll, as it is kept encrypted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollLine {
    /// What tells this voter from others on a published list.
    #[serde(rename = "u")]
    pub unit: String,
    /// The name.
    #[serde(rename = "n")]
    pub name: String,
    /// The telephone.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// A version of the roll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roll {
    /// From 1; a corrected roll is the next.
    pub version: u32,
    /// SHA-256 of its public text, as polls hash it.
    pub sha256: String,
    /// How many are entitled.
    pub voters: u32,
    /// The lines, encrypted.
    pub lines: Words,
    /// When it was published.
    pub at: Time,
    /// The appeal that corrected it.
    pub appeal: Option<Id>,
    /// Where it hung before it was entered here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posted: Option<Posted>,
}

/// A print of the roll with its names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Print {
    /// Of which version.
    pub version: u32,
    /// By whom.
    pub by: Option<Id>,
    /// When.
    pub at: Time,
    /// Why.
    pub reason: Words,
}

/// An appeal against the roll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// Its id.
    pub id: Id,
    /// Who.
    pub by: Id,
    /// What is said; not public.
    pub text: Words,
    /// When.
    pub at: Time,
    /// The last day on which it must be decided.
    pub due: NaiveDate,
    /// The answer; not public.
    pub answer: Option<Words>,
    /// Whether it was right.
    pub upheld: Option<bool>,
    /// When it was decided.
    pub decided_at: Option<Time>,
}

kernel::coded_enum! {
    /// What must be thought about before candidates are published.
    pub enum Warning {
        /// No woman is among the candidates (居委会组织法 8, 村委会组织法 6).
        NoWoman = "no_woman",
        /// Near relatives are among the candidates (居委会组织法 8, 村委会组织法 8).
        NearRelatives = "near_relatives",
        /// There are not more candidates than seats (居委会组织法 18).
        NotMoreThanSeats = "not_more_than_seats",
    }
}

/// The list of candidates with the lot that ordered it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// What was drawn, in hexadecimal: the order follows from it and the ids.
    pub seed: String,
    /// Candidates in the order of the ballot, with the name that stands there.
    pub order: Vec<(Id, String)>,
    /// Warnings, and why the committee went on.
    pub reasons: Vec<(Warning, String)>,
    /// When it was published.
    pub at: Time,
    /// Where it hung before it was entered here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posted: Option<Posted>,
}

/// An election.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Election {
    /// Its id.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// Where.
    pub place: PlacePath,
    /// Its number, never used again.
    pub number: String,
    /// What is elected.
    pub kind: ElectionKind,
    /// Who votes.
    pub mode: Mode,
    /// What it is called.
    pub title: String,
    /// The post.
    pub post: String,
    /// How many seats.
    pub seats: u32,
    /// The day of voting.
    pub polling_day: NaiveDate,
    /// Days for which candidates are on show before the vote, at least.
    pub candidates_days: u32,
    /// The rule of the main round, pinned: days follow from it.
    pub rule: Pinned,
    /// How far it is.
    pub state: ElectionState,
    /// The committee, past members too.
    pub committee: Vec<Member>,
    /// Versions of the roll, the last one stands.
    pub rolls: Vec<Roll>,
    /// Prints of it with its names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prints: Vec<Print>,
    /// Appeals.
    pub appeals: Vec<Appeal>,
    /// Nominees.
    pub nominees: Vec<Nominee>,
    /// Relations between nominees.
    pub kin: Vec<Kin>,
    /// The list of candidates.
    pub lot: Option<Lot>,
    /// When and how candidates met voters.
    pub met: Option<(NaiveDate, String)>,
    /// Rounds.
    pub rounds: Vec<Round>,
    /// Whoever is elected so far.
    pub elected: Vec<Elected>,
    /// Why seats stay empty.
    pub vacant: Option<String>,
    /// When the result was declared.
    pub declared_at: Option<Time>,
    /// When it was handed over, and what.
    pub handed: Option<(NaiveDate, String)>,
    /// Why it was cancelled, or its round set aside.
    pub reason: Option<String>,
}

impl Election {
    /// The roll that stands.
    #[must_use]
    pub fn roll(&self) -> Option<&Roll> {
        self.rolls.last()
    }

    /// When the roll was published for the first time: days run from then.
    #[must_use]
    pub fn roll_day(&self) -> Option<NaiveDate> {
        let day = |r: &Roll| r.posted.as_ref().map_or(kernel::time::local_date(r.at), |p| p.on);
        self.rolls.first().map(day)
    }

    /// Photos that everybody may see: boards, and whoever stands on the published list and did not leave it since.
    pub fn photos(&self) -> impl Iterator<Item = Id> {
        let roll = self.rolls.iter().filter_map(|r| r.posted.as_ref());
        let list = self.lot.iter().filter_map(|l| l.posted.as_ref());
        let boards = roll.chain(list).filter_map(|posted| posted.photo);
        boards.chain(self.listed().filter_map(Nominee::portrait).map(|p| p.photo))
    }

    /// Whoever stands on the published list and may still be elected.
    pub fn listed(&self) -> impl Iterator<Item = &Nominee> {
        let order = self.lot.iter().flat_map(|l| &l.order);
        order.filter_map(|(id, _)| self.nominee(*id)).filter(|n| n.stands())
    }

    /// A nominee.
    #[must_use]
    pub fn nominee(&self, id: Id) -> Option<&Nominee> {
        self.nominees.iter().find(|n| n.id == id)
    }

    /// The nominee that a person is.
    #[must_use]
    pub fn nominee_of(&self, person: Id) -> Option<&Nominee> {
        self.nominees.iter().find(|n| n.person == person)
    }

    /// Members of the committee who serve.
    pub fn serving(&self) -> impl Iterator<Item = &Member> {
        self.committee.iter().filter(|m| m.left.is_none())
    }

    /// The name by which a candidate stands on the ballot.
    #[must_use]
    pub fn label(&self, nominee: Id) -> Option<&str> {
        self.lot.as_ref()?.order.iter().find(|(id, _)| *id == nominee).map(|(_, label)| label.as_str())
    }

    /// The candidate of a name on the ballot.
    #[must_use]
    pub fn labelled(&self, label: &str) -> Option<&Nominee> {
        let (id, _) = self.lot.as_ref()?.order.iter().find(|(_, l)| l == label)?;
        self.nominee(*id)
    }

    /// Seats that are still empty.
    #[must_use]
    pub fn seats_left(&self) -> u32 {
        self.seats.saturating_sub(u32::try_from(self.elected.len()).unwrap_or(u32::MAX))
    }

    /// Whether two nominees are near relatives.
    #[must_use]
    pub fn are_kin(&self, one: Id, other: Id) -> bool {
        self.kin.iter().any(|k| [(one, other), (other, one)].contains(&(k.first, k.second)))
    }

    /// Whether somebody is elected.
    #[must_use]
    pub fn is_elected(&self, nominee: Id) -> bool {
        self.elected.iter().any(|e| e.nominee == Some(nominee))
    }

    /// The round that runs or was the last to be called and not set aside.
    #[must_use]
    pub fn round(&self) -> Option<&Round> {
        self.rounds.iter().rev().find(|r| !r.set_aside)
    }

    /// An appeal that nobody decided.
    pub fn undecided(&self) -> impl Iterator<Item = &Appeal> {
        self.appeals.iter().filter(|a| a.upheld.is_none())
    }

    /// When something is to be done by the clock alone: a round opens or closes.
    #[must_use]
    pub fn next_at(&self) -> Option<Time> {
        let round = self.round().filter(|r| r.count.is_none())?;
        match self.state {
            ElectionState::CandidatesPublished
            | ElectionState::MeetingVoters
            | ElectionState::TieVote
            | ElectionState::Runoff => Some(round.opens),
            ElectionState::Polling => Some(round.closes),
            _ => None,
        }
    }
}
