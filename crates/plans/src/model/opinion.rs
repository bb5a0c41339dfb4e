//! What somebody says to a plan, and what is answered.

use kernel::{Channel, Id, Time, text::Words};
use serde::{Deserialize, Serialize};

kernel::coded_enum! {
    /// Which way an opinion goes.
    pub enum OpinionKind {
        /// In favour.
        Support = "support",
        /// In favour of something else in it.
        Suggest = "suggest",
        /// Against.
        Object = "object",
    }
}

kernel::coded_enum! {
    /// How an opinion was answered.
    pub enum HowAnswered {
        /// The plan takes it up.
        Adopted = "adopted",
        /// The plan takes up a part.
        Partly = "partly",
        /// It does not, for the reasons given.
        Declined = "declined",
    }
}

kernel::coded_enum! {
    /// How far an opinion is.
    pub enum OpinionState {
        /// It was said.
        Put = "put",
        /// It was answered.
        Answered = "answered",
        /// Whoever said it is content with the answer.
        Content = "content",
        /// Whoever said it maintains it.
        Maintained = "maintained",
        /// It was taken back.
        TakenBack = "taken_back",
    }
}

/// An answer with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// How.
    pub how: HowAnswered,
    /// Why; everybody reads it.
    pub words: String,
    /// When.
    pub at: Time,
}

/// An opinion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// Its id.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// To which plan.
    pub plan: Id,
    /// In which round, from 1.
    pub round: usize,
    /// Who said it; nobody where it was written down without a name.
    pub person: Option<Id>,
    /// By which way it came.
    pub channel: Channel,
    /// Which way it goes.
    pub kind: OpinionKind,
    /// What was said; support needs no words.
    pub text: Option<Words>,
    /// How far it is.
    pub state: OpinionState,
    /// The answer.
    pub reply: Option<Reply>,
    /// When it was said.
    pub at: Time,
}

/// A new opinion.
#[derive(Clone, Debug)]
pub struct NewOpinion {
    /// Who; nobody where it is written down without a name.
    pub person: Option<Id>,
    /// By which way it came.
    pub channel: Channel,
    /// Which way it goes.
    pub kind: OpinionKind,
    /// What was said.
    pub text: String,
}

/// What is done with an opinion.
#[derive(Clone, Debug)]
pub enum OpinionAct {
    /// Answer it, with reasons.
    Answer(HowAnswered, String),
    /// The answer is enough.
    Content,
    /// The answer is not enough.
    Maintain,
    /// Take it back before it is answered.
    TakeBack,
}

/// What happens to an opinion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "fields are named as in the model")]
pub enum OpinionEvent {
    /// It was said.
    OpinionPut {
        id: Id,
        plan: Id,
        round: usize,
        person: Option<Id>,
        channel: Channel,
        kind: OpinionKind,
        text: Option<Words>,
    },
    /// It was answered.
    OpinionAnswered { how: HowAnswered, words: String },
    /// Whoever said it is content.
    OpinionContent,
    /// Whoever said it maintains it.
    OpinionMaintained,
    /// It was taken back.
    OpinionTakenBack,
}

/// How many opinions there are, and how far they are. What was taken back is not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// In favour.
    pub support: u64,
    /// Suggesting.
    pub suggest: u64,
    /// Objecting.
    pub object: u64,
    /// Suggestions and objections that wait for an answer.
    pub unanswered: u64,
    /// Objections that are maintained after the answer.
    pub maintained: u64,
}
