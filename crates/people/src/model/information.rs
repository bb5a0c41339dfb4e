//! Consent, requests about the own information, and what is on the list of deletion.

use chrono::NaiveDate;
use kernel::{Channel, Id, Time, text::Words};
use serde::{Deserialize, Serialize};

/// What a person said to a version of the notice (个人信息保护法 art. 14, 15). The whole ledger is the stream of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Its id.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// Who.
    pub person: Id,
    /// The version of the notice that was last asked about.
    pub version: String,
    /// Whether consent stands.
    pub given: bool,
    /// Since when it is so.
    pub at: Time,
    /// By which channel it was said.
    pub channel: Channel,
    /// The member of staff who wrote it down on the person's behalf (代办).
    pub proxy: Option<Id>,
}

/// What happens to consent. What was done before consent was taken back stays lawful (art. 15(2)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentEvent {
    /// The person was asked for the first time.
    ConsentAsked {
        /// Its id.
        id: Id,
        /// Who.
        person: Id,
    },
    /// It was given.
    ConsentGiven {
        /// To which version of the notice.
        version: String,
        /// By which channel it was said.
        channel: Channel,
        /// Who wrote it down on the person's behalf.
        proxy: Option<Id>,
    },
    /// The person was asked and said no.
    ConsentDeclined {
        /// To which version of the notice.
        version: String,
    },
    /// It was taken back.
    ConsentWithdrawn,
}

kernel::coded_enum! {
    /// What a person asks about the own information.
    pub enum Wish {
        /// To correct it (art. 46).
        Correct = "correct",
        /// To erase it (art. 47).
        Erase = "erase",
        /// To explain how it is handled (art. 48).
        Explain = "explain",
    }
}

kernel::coded_enum! {
    /// How far a request is.
    pub enum RequestState {
        /// It waits for a decision.
        Asked = "asked",
        /// It was granted and done.
        Granted = "granted",
        /// It was granted; part has to be stored until a legal period is over.
        Frozen = "frozen",
        /// It was refused with a reason.
        Refused = "refused",
    }
}

/// A request about the own information (art. 50).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InfoRequest {
    /// Its id.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// Whose information.
    pub person: Id,
    /// What is asked.
    pub wish: Wish,
    /// In the person's words.
    pub words: Words,
    /// When it was asked.
    pub asked_at: Time,
    /// The last day for an answer.
    pub due: NaiveDate,
    /// Who wrote it down on the person's behalf.
    pub proxy: Option<Id>,
    /// How far it is.
    pub state: RequestState,
    /// The answer.
    pub answer: Option<Words>,
    /// When it was answered.
    pub answered_at: Option<Time>,
    /// How many things still wait for the end of a legal period.
    pub frozen: u64,
}

/// What happens to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InfoRequestEvent {
    /// It was made.
    RequestMade {
        /// Its id.
        id: Id,
        /// Whose information.
        person: Id,
        /// What is asked.
        wish: Wish,
        /// In the person's words.
        words: Words,
        /// The last day for an answer.
        due: NaiveDate,
        /// Who wrote it down on the person's behalf.
        proxy: Option<Id>,
    },
    /// It was granted and carried out as far as the law allows.
    RequestGranted {
        /// What the person is told.
        answer: Option<Words>,
        /// How many texts were erased.
        erased: u64,
        /// How many things are only stored until a legal period is over.
        frozen: u64,
    },
    /// What had been frozen was erased after the legal period.
    RequestCompleted {
        /// How many texts were erased.
        erased: u64,
    },
    /// It was refused.
    RequestRefused {
        /// Why (art. 50: a refusal gives its reason).
        answer: Words,
    },
}

kernel::coded_enum! {
    /// Why something is on the list of deletion.
    pub enum PastReason {
        /// Nobody used the account for longer than the register allows.
        Idle = "idle",
        /// A legal period that had frozen an erasure may be over.
        Thawed = "thawed",
    }
}

kernel::coded_enum! {
    /// What became of a line of the list.
    pub enum PastState {
        /// It waits for staff.
        Listed = "listed",
        /// Staff approved, and it was erased.
        Erased = "erased",
        /// Staff decided to keep it for now.
        KeptOn = "kept",
    }
}

/// A line of the list of deletion (art. 47): proposed by the nightly job, decided by staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// Its id.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// Whose information.
    pub person: Id,
    /// Why it is listed.
    pub reason: PastReason,
    /// The request that had been frozen.
    pub request: Option<Id>,
    /// Since when.
    pub at: Time,
    /// What became of it.
    pub state: PastState,
}

/// What happens to a line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PastEvent {
    /// It was put on the list.
    PastListed {
        /// Its id.
        id: Id,
        /// Whose information.
        person: Id,
        /// Why.
        reason: PastReason,
        /// The request that had been frozen.
        request: Option<Id>,
    },
    /// Staff approved; it was erased.
    PastErased {
        /// How many texts.
        erased: u64,
    },
    /// Staff decided to keep it for now.
    PastKept {
        /// Why.
        reason: Words,
    },
}
