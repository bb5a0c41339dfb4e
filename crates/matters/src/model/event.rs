//! What can happen to a matter: the events of its stream.

use super::{matter::*, round::*};
use kernel::{Channel, Id, PlacePath, Time, calendar::Limit, coded_enum, text::Words};
use methods::{Nature, Tier, Urgency};
use serde::{Deserialize, Serialize};

/// What happened to a matter. The names of the variants are the events' names in the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Raised by a resident, or registered on a resident's behalf.
    Raised(Box<Raised>),
    /// Somebody met with it too.
    Joined {
        /// The new voice.
        voice: Voice,
    },
    /// A voice went over to another matter, or back.
    Left {
        /// Which.
        voice: Id,
    },
    /// The resident added something.
    Added {
        /// Whose.
        voice: Option<Id>,
        /// What.
        words: Option<Words>,
        /// With what.
        attachments: Vec<Attachment>,
    },
    /// A note that only staff see.
    Noted {
        /// The note.
        words: Words,
        /// With what.
        attachments: Vec<Attachment>,
    },
    /// The resident urged.
    Urged {
        /// Whose.
        voice: Id,
    },
    /// The resident thanked those who did it.
    Thanked {
        /// Whose.
        voice: Id,
        /// What was said.
        words: Words,
    },
    /// A grid officer was asked to look.
    VerificationAsked {
        /// What to look at.
        words: Option<Words>,
        /// T1b.
        clocks: Vec<Running>,
    },
    /// The grid officer reported.
    Verified {
        /// What was found.
        finding: Finding,
        /// In words.
        words: Words,
        /// Photos.
        attachments: Vec<Attachment>,
        /// T1 again.
        clocks: Vec<Running>,
    },
    /// Accepted and sorted.
    Accepted {
        /// Who settles it.
        tier: Tier,
        /// Category.
        category: String,
        /// What is wanted.
        nature: Nature,
        /// How pressing.
        urgency: Urgency,
        /// Public hazard.
        hazard: bool,
        /// T2.
        clocks: Vec<Running>,
    },
    /// Not accepted.
    Rejected {
        /// Reason code.
        reason: RejectReason,
        /// Where to go instead.
        pointer: Words,
    },
    /// Merged into another matter.
    Merged {
        /// The other.
        into: Id,
        /// Its number.
        number: String,
    },
    /// The merge was undone.
    Unmerged {
        /// The state's clock again.
        clocks: Vec<Running>,
    },
    /// Given to a unit.
    Dispatched {
        /// The lead.
        lead: Id,
        /// Tasks of the supporting units.
        tasks: Vec<Task>,
        /// The round.
        round: u32,
        /// T5.
        limit: Limit,
        /// Words for the unit.
        words: Option<Words>,
        /// T3, T4, T5, T6.
        clocks: Vec<Running>,
    },
    /// The unit took it.
    Signed,
    /// An attempt to reach the resident.
    Contacted {
        /// Whom.
        voice: Id,
        /// Whether reached.
        reached: bool,
        /// How long, in seconds.
        seconds: u32,
        /// What was said.
        words: Option<Words>,
    },
    /// A word of progress to the resident.
    Progressed {
        /// The word.
        words: Words,
        /// With what.
        attachments: Vec<Attachment>,
        /// T6 again.
        clocks: Vec<Running>,
    },
    /// Something was asked for.
    Requested {
        /// The request.
        request: Request,
        /// T9.
        clocks: Vec<Running>,
    },
    /// A request was decided.
    Decided {
        /// Which.
        request: Id,
        /// Whether granted.
        granted: bool,
        /// Why.
        words: Option<Words>,
        /// Whether enough units gave it back for the street to decide on the spot (现场认责).
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        onsite: bool,
        /// Clocks that follow from it.
        clocks: Vec<Running>,
    },
    /// The clock waits for the resident.
    WaitBegan {
        /// What is needed.
        words: Words,
        /// How long at most.
        clocks: Vec<Running>,
    },
    /// The wait is over.
    WaitEnded {
        /// T5 goes on.
        clocks: Vec<Running>,
    },
    /// Off the book.
    Resumed {
        /// Why.
        words: Words,
        /// T5 goes on.
        clocks: Vec<Running>,
    },
    /// A supporting unit got a task.
    TaskGiven {
        /// The task.
        task: Task,
    },
    /// A task was done.
    TaskDone {
        /// Which.
        task: Id,
        /// What was done.
        words: Words,
        /// With what.
        attachments: Vec<Attachment>,
    },
    /// A task was waived.
    TaskWaived {
        /// Which.
        task: Id,
        /// Why.
        words: Words,
    },
    /// Put on a council's agenda (by staff with words, or by the redo ladder without).
    AgendaSet {
        /// Why and for what question.
        words: Option<Words>,
    },
    /// The council's result came back.
    AgendaSettled {
        /// The result.
        words: Words,
    },
    /// What became of it elsewhere: an action that a council gave or that was done, a plan that was put out.
    FollowedUp {
        /// What.
        words: Words,
        /// The page where it stands, on this host.
        link: String,
    },
    /// A called unit reported in.
    ReportedIn {
        /// The unit.
        unit: Id,
    },
    /// The community scored a called unit.
    Scored {
        /// The unit.
        unit: Id,
        /// 1 to 5.
        score: u32,
        /// Why.
        words: Option<Words>,
    },
    /// Watched from now on (by a superior with words, or by the redo ladder without).
    Supervised {
        /// Why.
        words: Option<Words>,
    },
    /// No longer watched.
    SupervisionEnded {
        /// Why.
        words: Words,
    },
    /// The unit says it is done.
    Handled {
        /// How.
        outcome: Outcome,
        /// The answer to the resident.
        answer: Words,
        /// Photos.
        attachments: Vec<Attachment>,
        /// T7.
        clocks: Vec<Running>,
    },
    /// Somebody else looked.
    Checked {
        /// What was found.
        finding: CheckFinding,
        /// In words.
        words: Option<Words>,
        /// Photos.
        attachments: Vec<Attachment>,
        /// T8, or T5 again.
        clocks: Vec<Running>,
    },
    /// A resident's verdict.
    Evaluated {
        /// The verdict.
        evaluation: Evaluation,
    },
    /// To be done again: a new round.
    Redone {
        /// Its number.
        round: u32,
        /// T2.
        clocks: Vec<Running>,
    },
    /// Closed.
    Closed {
        /// Why.
        how: ClosedHow,
        /// T10.
        clocks: Vec<Running>,
    },
    /// Opened again after closing.
    Reopened {
        /// Whose wish; nobody for staff.
        voice: Option<Id>,
        /// Why.
        words: Words,
        /// The new round.
        round: u32,
        /// T2.
        clocks: Vec<Running>,
    },
    /// A voice withdrew.
    Withdrawn {
        /// Which.
        voice: Id,
        /// Whether staff keep the matter open as their own.
        kept: bool,
    },
    /// Handed to somebody outside.
    Transferred {
        /// To whom.
        pointer: Words,
    },
    /// Title, place or category were corrected; the old ones stay in the record.
    Corrected {
        /// New title.
        title: Option<Words>,
        /// New public title.
        public_title: Option<Words>,
        /// New place.
        place: Option<PlacePath>,
        /// New category.
        category: Option<String>,
        /// Kept from public pages, or not.
        hidden: Option<bool>,
        /// Why.
        words: Words,
    },
    /// Boxes were blackened in a photo.
    Redacted {
        /// Which.
        blob: Id,
        /// How many boxes.
        boxes: u32,
    },
    /// What photos, recordings and papers show was erased as somebody's information.
    AttachmentsErased {
        /// Which.
        blobs: Vec<Id>,
    },
    /// A clock struck.
    TimerStruck {
        /// Which.
        timer: Timer,
    },
    /// Personal data of a voice was looked at, printed or exported.
    PersonalSeen {
        /// Whose.
        voice: Option<Id>,
        /// Which fields.
        fields: Vec<String>,
        /// Why.
        reason: Words,
    },
}

coded_enum! {
    /// Why a matter was closed.
    pub enum ClosedHow {
        /// The resident is content.
        Content = "content",
        /// Nobody answered, after enough attempts.
        Silence = "silence",
        /// It came closed from an old ledger.
        Ledger = "ledger",
        /// Nobody can be asked: raised without a contact, and the time is over.
        Unreachable = "unreachable",
    }
}

/// How a matter begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raised {
    /// Its id.
    pub id: Id,
    /// Its number.
    pub number: String,
    /// The community.
    pub community: PlacePath,
    /// Where.
    pub place: PlacePath,
    /// Where exactly.
    pub spot: Option<Words>,
    /// Point on the map.
    pub point: Option<(i64, i64)>,
    /// When it was raised (for an imported one: in the old ledger).
    pub raised_at: Time,
    /// By which channel.
    pub channel: Channel,
    /// Its title.
    pub title: Words,
    /// What was said.
    pub body: Words,
    /// Category, if chosen.
    pub category: Option<String>,
    /// How pressing.
    pub urgency: Urgency,
    /// The first voice.
    pub voice: Voice,
    /// Attachments.
    pub attachments: Vec<Attachment>,
    /// T1.
    pub clocks: Vec<Running>,
    /// The row key of the old ledger, for imported matters.
    pub ledger_key: Option<String>,
    /// What else the old ledger said, for imported matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ledger: Option<Ledger>,
}
