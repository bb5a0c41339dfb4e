//! What somebody wants, and what the rules must know to answer.

use crate::model::*;
use kernel::{
    Actor, Id, PlacePath, Time,
    calendar::{Calendar, Limit},
    text::Words,
};
use methods::{Category, Method, Nature, Tier, Urgency};

/// What the rules need to know besides the matter.
#[derive(Clone)]
pub struct Facts<'a> {
    /// Now.
    pub now: Time,
    /// The street's calendar.
    pub calendar: &'a Calendar,
    /// The community's way of working.
    pub method: &'a Method,
    /// The category that the command or the matter names.
    pub category: Option<&'a Category>,
    /// Who acts. Whether the office holds the verb was proven before; here stands who may not act all the same.
    pub actor: &'a Actor,
}

impl<'a> Facts<'a> {
    /// The facts in a community, without a category.
    #[must_use]
    pub fn of(now: Time, world: &'a World, community: &PlacePath, actor: &'a Actor) -> Self {
        Self { now, calendar: &world.calendar, method: world.method(community), category: None, actor }
    }
}

/// What somebody wants to do with a matter. Words and attachments are kept already.
#[allow(missing_docs, reason = "the fields are those of the event named beside each variant")]
#[derive(Clone, Debug)]
pub enum Command {
    /// See [`Event::VerificationAsked`].
    AskVerification { words: Option<Words> },
    /// See [`Event::Verified`].
    Verify { finding: Finding, words: Words, attachments: Vec<Attachment> },
    /// See [`Event::Accepted`].
    Accept { tier: Tier, category: String, nature: Nature, urgency: Urgency, hazard: bool },
    /// See [`Event::Rejected`].
    Reject { reason: RejectReason, pointer: Words },
    /// See [`Event::Merged`].
    Merge { into: Id, number: String, target_open: bool },
    /// See [`Event::Unmerged`].
    Unmerge { target_open: bool },
    /// See [`Event::Dispatched`].
    Dispatch { lead: Id, tasks: Vec<Task>, limit: Option<Limit>, words: Option<Words> },
    /// See [`Event::Signed`].
    Sign,
    /// See [`Event::Contacted`].
    Contact { voice: Id, reached: bool, seconds: u32, words: Option<Words> },
    /// See [`Event::Progressed`].
    Progress { words: Words, attachments: Vec<Attachment> },
    /// See [`Event::Requested`].
    Ask { id: Id, ask: Ask, words: Words },
    /// See [`Event::Decided`].
    Decide { request: Id, granted: bool, words: Option<Words> },
    /// See [`Event::WaitBegan`].
    AwaitResident { words: Words },
    /// See [`Event::Resumed`].
    Resume { words: Words },
    /// See [`Event::TaskGiven`].
    GiveTask { task: Task },
    /// See [`Event::TaskDone`].
    FinishTask { task: Id, words: Words, attachments: Vec<Attachment> },
    /// See [`Event::TaskWaived`].
    WaiveTask { task: Id, words: Words },
    /// See [`Event::AgendaSet`].
    SetAgenda { words: Words },
    /// See [`Event::AgendaSettled`].
    SettleAgenda { words: Words },
    /// See [`Event::ReportedIn`].
    ReportIn,
    /// See [`Event::Scored`].
    Score { unit: Id, score: u32, words: Option<Words> },
    /// See [`Event::Supervised`].
    Supervise { words: Words },
    /// See [`Event::SupervisionEnded`].
    EndSupervision { words: Words },
    /// See [`Event::Handled`].
    Finish { outcome: Outcome, answer: Words, attachments: Vec<Attachment> },
    /// See [`Event::Checked`]; `voice` when the resident checks.
    Check { finding: CheckFinding, words: Option<Words>, attachments: Vec<Attachment>, voice: Option<Id> },
    /// See [`Event::Evaluated`].
    Evaluate {
        voice: Id,
        contacted: bool,
        solved: bool,
        satisfied: Satisfaction,
        words: Option<Words>,
        by_staff: bool,
    },
    /// See [`Event::Reopened`].
    Reopen { voice: Option<Id>, words: Words },
    /// See [`Event::Withdrawn`].
    Withdraw { voice: Id },
    /// See [`Event::Transferred`].
    Transfer { pointer: Words },
    /// See [`Event::Joined`].
    Join { voice: Voice },
    /// See [`Event::Left`].
    Leave { voice: Id },
    /// See [`Event::Added`].
    Add { voice: Option<Id>, words: Option<Words>, attachments: Vec<Attachment> },
    /// See [`Event::Noted`].
    Note { words: Words, attachments: Vec<Attachment> },
    /// See [`Event::Urged`].
    Urge { voice: Id },
    /// See [`Event::Thanked`].
    Thank { voice: Id, words: Words },
    /// See [`Event::Corrected`].
    Correct {
        title: Option<Words>,
        public_title: Option<Words>,
        place: Option<PlacePath>,
        category: Option<String>,
        hidden: Option<bool>,
        words: Words,
    },
    /// See [`Event::Redacted`].
    Redact { blob: Id, boxes: u32 },
    /// See [`Event::PersonalSeen`].
    SeePersonal { voice: Option<Id>, fields: Vec<String>, reason: Words },
    /// Time has passed.
    Tick,
}
