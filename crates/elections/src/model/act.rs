//! What is asked of an election.

use super::{Bar, ElectionKind, Mode, Presentation, Warning, Way};
use chrono::NaiveDate;
use kernel::{Id, PlacePath, Time, text::Words};
use polls::model::Posted;

/// A new election.
#[derive(Clone, Debug)]
pub struct NewElection {
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
    /// Where.
    pub place: PlacePath,
    /// The day of voting.
    pub polling_day: NaiveDate,
    /// When the roll was put up on a board, for an election that is entered after it began on paper.
    pub roll_posted: Option<NaiveDate>,
    /// Days for which candidates are on show; the usual number when absent.
    pub candidates_days: Option<u32>,
}

/// A new nominee, who is a person already.
#[derive(Clone, Debug)]
pub struct NewNominee {
    /// Who.
    pub person: Id,
    /// Whether this is a woman.
    pub woman: Option<bool>,
    /// How.
    pub way: Way,
    /// The organisation or compound.
    pub from: Option<String>,
    /// Whether the nominee agrees already: by nominating themself, or on paper.
    pub agrees: bool,
}

/// A round that is to be called; its poll exists.
#[derive(Clone, Debug)]
pub struct NewRound {
    /// Its id.
    pub id: Id,
    /// Its poll.
    pub poll: Id,
    /// From when ballots are taken.
    pub opens: Time,
    /// Until before when.
    pub closes: Time,
    /// Why it comes later than the law asks.
    pub late: Option<String>,
}

/// What a certified and published poll says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoundOutcome {
    /// Who is entitled.
    pub registered: u64,
    /// Who took part.
    pub took_part: u64,
    /// Ballots collected.
    pub ballots: u64,
    /// Of them not to be read.
    pub invalid: u64,
    /// Of them blank.
    pub blank: u64,
    /// The smallest number of votes that elects.
    pub need: u64,
    /// Everybody with votes.
    pub votes: Vec<(String, u64)>,
    /// Why it is void: `turnout`, `more_ballots_than_voters`.
    pub void: Option<String>,
    /// Names with enough votes.
    pub chosen: Vec<String>,
    /// Names with equal votes at the last seat.
    pub tied: Vec<String>,
    /// Names that stand next.
    pub next: Vec<String>,
}

/// A verb with what it needs.
#[derive(Clone, Debug)]
pub enum Act {
    /// Move the polling day.
    Move(NaiveDate, String),
    /// Name a member of the committee.
    Name(Id, bool),
    /// A member leaves.
    Resign(Id),
    /// The committee is complete and published.
    Form,
    /// Publish the roll: its hash, how many, its lines.
    PublishRoll(String, u32, Words, Option<Posted>),
    /// Correct it, by an appeal or by the committee's own finding.
    CorrectRoll(String, u32, Words, Option<Id>),
    /// Print it with its names, and why.
    PrintRoll(Words),
    /// Appeal against the roll.
    Appeal(Words),
    /// Decide an appeal.
    Decide(Id, bool, Words),
    /// Let nominees be named.
    OpenNominations,
    /// Name one.
    Nominate(NewNominee),
    /// Sign for a nominee, by units of the roll.
    Sign(Id, Vec<String>),
    /// Agree to be a nominee.
    Agree(Id),
    /// Do not agree.
    Decline(Id),
    /// Go back.
    Withdraw(Id),
    /// Two nominees are near relatives.
    Kin(Id, Id),
    /// End the naming and look at nominees.
    CloseNominations,
    /// Name more after all.
    ReopenNominations(String),
    /// Say whether something bars a nominee: an answer for every bar.
    Vet(Id, Vec<(Bar, bool)>, Option<Words>),
    /// Present a candidate: in their words, and with their photo.
    Present(Id, Presentation),
    /// Publish the list of candidates with the reasons for warnings, and call the main round.
    PublishCandidates(Vec<(Warning, String)>, NewRound, Option<Posted>),
    /// Bar a candidate after the list was published.
    Strike(Id, Words),
    /// Candidates met voters.
    Meet(NaiveDate, String),
    /// Call the next round.
    Call(NewRound),
    /// The round opened, by the clock.
    BeginPolling,
    /// It closed, by the clock.
    EndPolling,
    /// The round was certified and published.
    Ended(Id, Box<RoundOutcome>),
    /// The round's poll was ended without a count, or its result set aside.
    SetAside(Id, String),
    /// Say whether a name that was written in and has enough votes is elected.
    DecideWrittenIn(String, bool, Option<Words>),
    /// Leave seats empty.
    LeaveVacant(String),
    /// Hand over.
    HandOver(NaiveDate, String),
    /// Put into the archive.
    Archive,
    /// Do not hold it.
    Cancel(String),
}
