//! A plan with its versions, rounds, decision and works.

use chrono::NaiveDate;
use kernel::{Id, PlacePath, Time};
use serde::{Deserialize, Serialize};

kernel::coded_enum! {
    /// How far a plan is.
    pub enum PlanState {
        /// It is being written.
        Draft = "draft",
        /// People are asked.
        Consulting = "consulting",
        /// What they said is answered.
        Answering = "answering",
        /// It was decided.
        Settled = "settled",
        /// It is being carried out.
        Works = "works",
        /// It was carried out and accepted.
        Done = "done",
        /// It was given up.
        Withdrawn = "withdrawn",
    }
}

kernel::coded_enum! {
    /// What an entry of the diary tells.
    pub enum EntryKind {
        /// How far the works are.
        Progress = "progress",
        /// What was checked and found.
        Quality = "quality",
        /// What was done for safety.
        Safety = "safety",
        /// What those who live there must know: water cut off, a way closed.
        Notice = "notice",
    }
}

/// The matter that a plan is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterRef {
    /// Its id.
    pub id: Id,
    /// Its number.
    pub number: String,
}

/// The text as it stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The text.
    pub text: String,
    /// What was changed and why; nothing with the first.
    pub why: Option<String>,
    /// When it was written.
    pub at: Time,
}

/// One consultation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Which version was put out, from 1.
    pub version: usize,
    /// Since when.
    pub from: Time,
    /// The last day.
    pub until: NaiveDate,
    /// When it was closed.
    pub closed_at: Option<Time>,
}

/// How it was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Which version, from 1.
    pub version: usize,
    /// By whom and how.
    pub how: String,
    /// The page of the poll or the sitting that decided.
    pub link: Option<String>,
    /// When.
    pub at: Time,
}

/// What is to be built or connected, in numbers: 234 sheds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goal {
    /// What.
    pub what: String,
    /// In what it is counted.
    pub unit: String,
    /// How many are planned.
    pub planned: u32,
}

/// Who carries it out, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Works {
    /// Who.
    pub by: String,
    /// The first day.
    pub from: NaiveDate,
    /// The last day, as planned.
    pub until: NaiveDate,
    /// What is to be built, in numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goals: Vec<Goal>,
}

/// A day of the diary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What it tells.
    pub kind: EntryKind,
    /// Which day.
    pub day: NaiveDate,
    /// What.
    pub words: String,
    /// Photos.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Id>,
    /// How many of each goal were added, in the order of the goals; less than none takes back what was written too many.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub built: Vec<i64>,
    /// When it was written.
    pub at: Time,
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Its id.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// Its number.
    pub number: String,
    /// Whom it concerns.
    pub place: PlacePath,
    /// What it is about.
    pub title: String,
    /// The matter that it is for.
    pub matter: Option<MatterRef>,
    /// Who drew it up together, in words.
    pub parties: Vec<String>,
    /// How far it is.
    pub state: PlanState,
    /// The text, the first version first.
    pub versions: Vec<Version>,
    /// The consultations, the first first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rounds: Vec<Round>,
    /// How it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// Who carries it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub works: Option<Works>,
    /// The diary of the works, the first entry first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diary: Vec<Entry>,
    /// Who accepted the works, and what they found; or why it was given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<String>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Time>,
}

impl Plan {
    /// The text that stands.
    #[must_use]
    pub fn text(&self) -> &str {
        self.versions.last().map_or("", |v| &v.text)
    }

    /// The consultation that runs or ran last.
    #[must_use]
    pub fn round(&self) -> Option<&Round> {
        self.rounds.last()
    }

    /// Whether everybody may see it: people were asked at least once.
    #[must_use]
    pub fn is_public(&self) -> bool {
        !self.rounds.is_empty()
    }

    /// The goals of the works, each with how many are there: the sum of what the diary says.
    pub fn built(&self) -> impl Iterator<Item = (&Goal, i64)> {
        let goals = self.works.iter().flat_map(|w| &w.goals);
        goals.enumerate().map(|(n, g)| (g, self.diary.iter().filter_map(|e| e.built.get(n)).sum()))
    }

    /// When time does something with it: the end of the last day of a consultation.
    #[must_use]
    pub fn next_at(&self) -> Option<Time> {
        let round = self.round().filter(|_| self.state == PlanState::Consulting)?;
        Some(kernel::time::day_start(round.until.succ_opt()?))
    }
}

/// A new plan.
#[derive(Clone, Debug)]
pub struct NewPlan {
    /// Whom it concerns.
    pub place: PlacePath,
    /// What it is about.
    pub title: String,
    /// The number of the matter that it is for.
    pub matter: Option<String>,
    /// Who draws it up together, a line each.
    pub parties: String,
    /// The text.
    pub text: String,
}

/// What is done with a plan.
#[derive(Clone, Debug)]
pub enum Act {
    /// Write a further version: the text, and what was changed and why.
    Revise(String, String),
    /// Ask people until this day.
    Open(NaiveDate),
    /// The last day is over.
    Close,
    /// It was decided: how, and the page of what decided.
    Settle(String, Option<String>),
    /// Carry it out.
    Begin(Works),
    /// Write into the diary.
    Note {
        /// What it tells.
        kind: EntryKind,
        /// Which day.
        day: NaiveDate,
        /// What.
        words: String,
        /// Photos.
        photos: Vec<Id>,
        /// How many of each goal were added, in the order of the goals.
        built: Vec<i64>,
    },
    /// It was carried out: who accepted it, and what they found.
    Finish(String),
    /// Give it up, for this reason.
    Withdraw(String),
}

/// What happens to a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "fields are named as in the model")]
pub enum PlanEvent {
    /// It was drawn up.
    PlanDrafted {
        id: Id,
        number: String,
        place: PlacePath,
        title: String,
        matter: Option<MatterRef>,
        parties: Vec<String>,
        text: String,
    },
    /// A further version was written.
    PlanRevised { text: String, why: String },
    /// People are asked.
    RoundOpened { until: NaiveDate },
    /// The last day was over.
    RoundClosed,
    /// It was decided.
    PlanSettled { how: String, link: Option<String> },
    /// It is carried out.
    WorksBegun(Works),
    /// A day of the diary.
    DiaryWritten {
        kind: EntryKind,
        day: NaiveDate,
        words: String,
        photos: Vec<Id>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        built: Vec<i64>,
    },
    /// It was carried out and accepted.
    PlanFinished { accepted: String },
    /// It was given up.
    PlanWithdrawn { reason: String },
}

/// How many of one thing the plans of a place have built and mean to build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// What.
    pub what: String,
    /// In what it is counted.
    pub unit: String,
    /// By how many plans.
    pub plans: i64,
    /// How many are planned.
    pub planned: i64,
    /// How many are there.
    pub built: i64,
}
