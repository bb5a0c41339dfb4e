//! What happens to an election.

use super::{
    Bar, Elected, ElectionKind, ElectionState, LeftWhy, Mode, Portrait, RoundCount, RoundKind, Warning, Way,
};
use chrono::NaiveDate;
use kernel::{Id, PlacePath, Time, text::Words};
use polls::model::Posted;
use serde::{Deserialize, Serialize};
use tally::rule::Pinned;

/// What happens to an election.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "fields are named as in the model")]
pub enum ElectionEvent {
    /// It was prepared.
    ElectionPrepared {
        id: Id,
        number: String,
        place: PlacePath,
        kind: ElectionKind,
        mode: Mode,
        title: String,
        post: String,
        seats: u32,
        polling_day: NaiveDate,
        candidates_days: u32,
        rule: Box<Pinned>,
    },
    /// The polling day was moved.
    PollingMoved { day: NaiveDate, why: String },
    /// Somebody became a member of the committee.
    MemberNamed { id: Id, person: Id, chair: bool },
    /// Somebody left it.
    MemberLeft { id: Id, why: LeftWhy },
    /// It is complete.
    CommitteeFormed,
    /// The roll was published.
    RollPublished {
        sha256: String,
        voters: u32,
        lines: Words,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        posted: Option<Posted>,
    },
    /// It was corrected.
    RollCorrected { sha256: String, voters: u32, lines: Words, appeal: Option<Id> },
    /// It was printed with its names: who it shows is told by the version.
    RollPrinted { number: String, version: u32, reason: Words },
    /// Somebody appealed.
    AppealMade { id: Id, by: Id, text: Words, due: NaiveDate },
    /// It was decided.
    AppealDecided { id: Id, upheld: bool, answer: Words },
    /// Nominees may be named.
    NominationsOpened,
    /// Somebody was named.
    Nominated { id: Id, person: Id, woman: Option<bool>, way: Way, from: Option<String>, need: u64 },
    /// Voters signed for a nominee.
    NomineeSigned { id: Id, units: Vec<String> },
    /// The nominee agreed.
    NomineeAgreed { id: Id },
    /// The nominee does not want it.
    NomineeDeclined { id: Id },
    /// The nominee went back.
    NomineeWithdrew { id: Id },
    /// Two nominees are near relatives.
    KinNoted { first: Id, second: Id },
    /// Nominees are looked at.
    NominationsClosed,
    /// More may be named.
    NominationsReopened { why: String },
    /// Somebody looked at a nominee.
    NomineeVetted { id: Id, bars: Vec<Bar>, note: Option<Words> },
    /// A candidate is presented.
    NomineePresented {
        id: Id,
        about: Option<Words>,
        promise: Option<Words>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        portrait: Option<Portrait>,
    },
    /// The list of candidates was drawn and published.
    CandidatesPublished {
        seed: String,
        order: Vec<(Id, String)>,
        reasons: Vec<(Warning, String)>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        posted: Option<Posted>,
    },
    /// A candidate was barred afterwards.
    NomineeStruck { id: Id, note: Words },
    /// Candidates met voters.
    VotersMet { on: NaiveDate, how: String },
    /// A round was called.
    RoundCalled {
        id: Id,
        kind: RoundKind,
        poll: Id,
        seats: u32,
        candidates: Vec<Id>,
        rule: String,
        opens: Time,
        closes: Time,
        late: Option<String>,
    },
    /// Its ballots are taken.
    PollingBegan,
    /// They are counted.
    PollingEnded,
    /// It was counted.
    RoundCounted { round: Id, count: Box<RoundCount>, elected: Vec<Elected> },
    /// A name that was written in was decided on.
    WrittenInDecided { round: Id, name: String, elected: Option<Elected>, note: Option<Words> },
    /// What follows from a round.
    RoundSettled { to: ElectionState },
    /// A round was ended without a count, or its result set aside.
    RoundSetAside { round: Id, why: String },
    /// Seats stay empty.
    VacanciesLeft { why: String },
    /// It was handed over.
    HandedOver { on: NaiveDate, how: String },
    /// It is in the archive.
    ElectionArchived,
    /// It will not be held.
    ElectionCancelled { why: String },
}
