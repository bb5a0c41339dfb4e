//! What a matter is: its states, overlays and child records.

use super::round::*;
use kernel::{Channel, Id, PlacePath, Time, calendar::Limit, coded_enum, text::Words};
use methods::{Nature, Tier, Urgency};
use serde::{Deserialize, Serialize};

coded_enum! {
    /// The main state. Everything that can happen beside it is an overlay or a child record.
    pub enum Status {
        /// 待受理
        Submitted = "submitted",
        /// 核实中
        Verifying = "verifying",
        /// 待派单
        Accepted = "accepted",
        /// 待签收
        Dispatched = "dispatched",
        /// 办理中
        Handling = "handling",
        /// 待核查
        Handled = "handled",
        /// 待评价
        Answered = "answered",
        /// 办结
        Closed = "closed",
        /// 不予受理
        Rejected = "rejected",
        /// 作废
        Voided = "voided",
        /// 并入
        Merged = "merged",
        /// 撤回
        Withdrawn = "withdrawn",
        /// 已转外部
        Transferred = "transferred",
    }
}

impl Status {
    /// Whether somebody still has to do something.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(
            self,
            Self::Closed | Self::Rejected | Self::Voided | Self::Merged | Self::Withdrawn | Self::Transferred
        )
    }
}

coded_enum! {
    /// A clock of a matter; the limits are those of the method ([`methods::Timers`]).
    pub enum Timer {
        /// T1
        Accept = "accept",
        /// T1b
        Verify = "verify",
        /// T2
        Dispatch = "dispatch",
        /// T3
        Sign = "sign",
        /// T4
        Contact = "contact",
        /// T5
        Handle = "handle",
        /// T6
        Progress = "progress",
        /// T7
        Check = "check",
        /// T8
        Evaluate = "evaluate",
        /// T9, one for all requests that wait
        Request = "request",
        /// T10
        Reopen = "reopen",
        /// T11
        Review = "review",
        /// The end of waiting for the resident
        Wait = "wait",
    }
}

/// A clock that runs: its limit is frozen when it starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// Which timer.
    pub timer: Timer,
    /// The frozen limit.
    pub limit: Limit,
    /// When it began.
    pub start: Time,
    /// When it is over.
    pub at: Time,
    /// Whether its expiry was acted upon.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fired: bool,
    /// A year without a holiday table that the count went through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing_year: Option<i32>,
}

/// Somebody who raised the matter or met with it too: own number, own answer, own evaluation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voice {
    /// Its id.
    pub id: Id,
    /// Its own number, never reused.
    pub number: String,
    /// The person, when known.
    pub person: Option<Id>,
    /// SHA-256 of the secret of the slip.
    pub secret: String,
    /// When it came.
    pub at: Time,
    /// By which channel.
    pub channel: Channel,
    /// Whether staff wrote it down on the resident's behalf (代办).
    pub on_behalf: bool,
    /// Whether the unit may know who it is.
    pub open_identity: bool,
    /// The last urge (催办).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urged_at: Option<Time>,
    /// When this voice thanked those who did it (致谢).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thanked_at: Option<Time>,
    /// Whether this voice was withdrawn.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
}

/// The third question of the evaluation.
pub use kernel::Satisfaction;

/// A resident's verdict on one round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Whose.
    pub voice: Id,
    /// Of which round.
    pub round: u32,
    /// Were you contacted?
    pub contacted: bool,
    /// Is it solved?
    pub solved: bool,
    /// Are you satisfied?
    pub satisfied: Satisfaction,
    /// Why.
    pub words: Option<Words>,
    /// By which channel.
    pub channel: Channel,
    /// Whether staff recorded it (回访): reported apart.
    pub by_staff: bool,
    /// When.
    pub at: Time,
}

coded_enum! {
    /// How a matter was settled.
    pub enum Outcome {
        /// 已解决
        Solved = "solved",
        /// 部分解决
        Partly = "partly",
        /// 解释说明
        Explained = "explained",
        /// 无法解决
        Unsolvable = "unsolvable",
    }
}

coded_enum! {
    /// What a unit or community may ask for; somebody else decides.
    pub enum RequestKind {
        /// 退单
        Return = "return",
        /// 延期
        Extend = "extend",
        /// 挂账
        Suspend = "suspend",
        /// 吹哨
        Whistle = "whistle",
        /// 作废
        Void = "void",
    }
}

coded_enum! {
    /// Why a unit gives a matter back.
    pub enum ReturnReason {
        /// 属地不符
        OtherPlace = "other_place",
        /// 职能不符
        OtherDuty = "other_duty",
        /// 权属不清
        UnclearOwner = "unclear_owner",
        /// 信息不足
        TooLittleKnown = "too_little_known",
        /// 重复
        Duplicate = "duplicate",
    }
}

coded_enum! {
    /// Why a matter is put on the book.
    pub enum SuspendCause {
        /// 工程
        Works = "works",
        /// 资金
        Money = "money",
        /// 季节
        Season = "season",
        /// 历史遗留
        Legacy = "legacy",
        /// 法律程序
        Legal = "legal",
        /// 居民意见未统一
        NoConsensus = "no_consensus",
    }
}

/// On the book (挂账).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// Why.
    pub cause: SuspendCause,
    /// Since when.
    pub since: Time,
    /// When it is looked at again.
    pub review: Time,
    /// What must happen for going on.
    pub words: Words,
}

/// Departments called to the spot (吹哨).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whistle {
    /// When to report in.
    pub at: Time,
    /// Since when it is blown.
    pub since: Time,
    /// The units called, when each reported in, and the community's score of each (1–5).
    pub units: Vec<Called>,
}

/// A unit called by a whistle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// The unit.
    pub unit: Id,
    /// When it reported in.
    pub reported_at: Option<Time>,
    /// The community's score, 1 to 5.
    pub score: Option<u32>,
}

/// Watched by a superior (督办).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supervision {
    /// Since when.
    pub since: Time,
    /// Who; nobody when the redo ladder did it.
    pub by: Option<Id>,
}

coded_enum! {
    /// What an attachment shows.
    pub enum Purpose {
        /// What the resident sent.
        Raised = "raised",
        /// 远
        Far = "far",
        /// 近
        Near = "near",
        /// 处置前
        Before = "before",
        /// 处置后
        After = "after",
        /// 核查
        Check = "check",
        /// Anything else.
        Other = "other",
    }
}

/// An attachment of the matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The stored file.
    pub blob: Id,
    /// `photo`, `audio` or `paper`.
    pub kind: String,
    /// SHA-256 of the original.
    pub hash: String,
    /// What it shows.
    pub purpose: Purpose,
    /// In which round (0 before the first).
    pub round: u32,
    /// When it came.
    pub at: Time,
    /// Whether everybody may see its public copy.
    pub public: bool,
    /// How often boxes were blackened in it.
    #[serde(default)]
    pub redactions: u32,
    /// Whether it was erased as its owner's information; that there was one stays.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub erased: bool,
}

/// The outcome of an attempt to reach the resident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Whom.
    pub voice: Id,
    /// Whether reached.
    pub reached: bool,
    /// In which round.
    pub round: u32,
    /// When.
    pub at: Time,
}

/// How a matter ended other than by being closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Not accepted: the reason, and where to go instead.
    Rejected {
        /// Reason code.
        reason: RejectReason,
        /// The competent place or law, in words.
        pointer: Words,
    },
    /// Merged into another.
    Merged {
        /// The other matter.
        into: Id,
        /// Its number.
        number: String,
        /// The state before, for undoing.
        before: Status,
    },
    /// Void.
    Voided {
        /// Why.
        words: Words,
    },
    /// Withdrawn by the resident.
    Withdrawn,
    /// Handed to somebody outside.
    Transferred {
        /// To whom and under which number there.
        pointer: Words,
    },
}

coded_enum! {
    /// Why a matter is not accepted.
    pub enum RejectReason {
        /// 不属于本社区/街道
        OtherPlace = "other_place",
        /// 依法应走诉讼、仲裁、复议
        LegalRoute = "legal_route",
        /// 已办结且无新情况
        AlreadySettled = "already_settled",
        /// 经核实不存在
        NotFound = "not_found",
        /// 内容不清又联系不上
        TooUnclear = "too_unclear",
        /// 商业或纯私人事务
        Private = "private",
    }
}

coded_enum! {
    /// What the look on the spot found.
    pub enum Finding {
        /// 存在
        Exists = "exists",
        /// 不存在
        Absent = "absent",
        /// 无法核实
        Unable = "unable",
    }
}

coded_enum! {
    /// What the checker found.
    pub enum CheckFinding {
        /// 通过
        Pass = "pass",
        /// 不通过
        Fail = "fail",
        /// 无法核查
        Unable = "unable",
    }
}

/// A matter (事项).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Matter {
    /// Its id and stream.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// Its number, such as `LY-2026-000731`.
    pub number: String,
    /// The community.
    pub community: PlacePath,
    /// Where it is, as exactly as known.
    pub place: PlacePath,
    /// Where exactly, in words.
    pub spot: Option<Words>,
    /// Latitude and longitude in millionths of a degree (WGS 84).
    pub point: Option<(i64, i64)>,
    /// The main state.
    pub status: Status,
    /// Since when.
    pub since: Time,
    /// When it was raised.
    pub raised_at: Time,
    /// By which channel.
    pub channel: Channel,
    /// Its title.
    pub title: Words,
    /// What the resident said.
    pub body: Words,
    /// A title fit for the public, when staff wrote one.
    pub public_title: Option<Words>,
    /// Whether it is kept from public pages.
    pub hidden: bool,
    /// Category code.
    pub category: Option<String>,
    /// What the resident wants.
    pub nature: Option<Nature>,
    /// How pressing.
    pub urgency: Urgency,
    /// Who settles it.
    pub tier: Option<Tier>,
    /// Whether it is a public hazard, which staff keep open when the resident withdraws.
    pub hazard: bool,
    /// Who raised it and who met with it too.
    pub voices: Vec<Voice>,
    /// Clocks that run.
    pub running: Vec<Running>,
    /// The round now (0 before the first dispatch).
    pub round: u32,
    /// All rounds.
    pub rounds: Vec<Round>,
    /// All requests.
    pub requests: Vec<Request>,
    /// All support tasks.
    pub tasks: Vec<Task>,
    /// Attempts to reach residents.
    pub contacts: Vec<Contact>,
    /// Verdicts.
    pub evaluations: Vec<Evaluation>,
    /// Attachments.
    pub attachments: Vec<Attachment>,
    /// On the book since.
    pub suspension: Option<Suspension>,
    /// Waiting for the resident since (once per round).
    pub waiting: Option<Time>,
    /// Rounds in which it waited for the resident already.
    pub waited: Vec<u32>,
    /// Watched.
    pub supervision: Option<Supervision>,
    /// On a council's agenda since.
    pub agenda: Option<Time>,
    /// Departments called.
    pub whistle: Option<Whistle>,
    /// Units that gave it back, in order, over all rounds.
    pub returned_by: Vec<Id>,
    /// Whether the street now decides on the spot who is competent.
    pub onsite: bool,
    /// How often residents urged.
    pub urges: u32,
    /// How it ended, if not closed.
    pub ending: Option<Ending>,
    /// When the office first said whether it takes it on.
    pub accepted_at: Option<Time>,
    /// By when it was to be accepted (T1).
    pub accept_by: Option<Time>,
    /// When it was first closed.
    pub closed_at: Option<Time>,
    /// Whether it was taken over from an old ledger.
    pub imported: bool,
    /// The row key in the ledger that it came from.
    pub ledger_key: Option<String>,
    /// What that ledger said besides; its times stay apart from the record's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ledger: Option<Ledger>,
    /// The last word of progress to the residents.
    pub progress_at: Option<Time>,
}

/// What an old ledger says about a matter, besides place, title and words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// The number that it had there.
    pub id: Option<String>,
    /// Who raised it, as the ledger writes it.
    pub user: Option<Words>,
    /// The office's reply.
    pub reply: Option<Words>,
    /// When it replied, by the ledger.
    pub replied_at: Option<Time>,
}

impl Matter {
    /// The present round.
    #[must_use]
    pub fn current(&self) -> Option<&Round> {
        self.rounds.last()
    }

    /// The unit that leads now.
    #[must_use]
    pub fn lead_unit(&self) -> Option<Id> {
        self.current()?.lead().map(|l| l.unit)
    }

    /// Whether a voice may still thank those who did it: once, when it is closed.
    #[must_use]
    pub fn may_thank(&self, voice: Id) -> bool {
        self.status == Status::Closed
            && self.voice(voice).is_some_and(|v| !v.withdrawn && v.thanked_at.is_none())
    }

    /// The clock that matters most now: the state's own.
    #[must_use]
    pub fn due(&self) -> Option<&Running> {
        let timer = match self.status {
            Status::Submitted => Timer::Accept,
            Status::Verifying => Timer::Verify,
            Status::Accepted => Timer::Dispatch,
            Status::Dispatched | Status::Handling => Timer::Handle,
            Status::Handled => Timer::Check,
            Status::Answered => Timer::Evaluate,
            _ => return None,
        };
        self.clock(timer)
    }

    /// A clock by its timer.
    #[must_use]
    pub fn clock(&self, timer: Timer) -> Option<&Running> {
        self.running.iter().find(|r| r.timer == timer)
    }

    /// When the next clock strikes.
    #[must_use]
    pub fn next_at(&self) -> Option<Time> {
        self.running.iter().filter(|r| !r.fired).map(|r| r.at).min()
    }

    /// A voice by id.
    #[must_use]
    pub fn voice(&self, id: Id) -> Option<&Voice> {
        self.voices.iter().find(|v| v.id == id)
    }

    /// The voice of a person.
    #[must_use]
    pub fn voice_of(&self, person: Id) -> Option<&Voice> {
        self.voices.iter().find(|v| v.person == Some(person))
    }

    /// The request that waits for a decision. A wish to void may wait after the closing too.
    #[must_use]
    pub fn waiting_request(&self) -> Option<&Request> {
        let waits = |r: &&Request| {
            r.decision.is_none()
                && (self.status.is_open() || (r.ask == Ask::Void && self.status == Status::Closed))
        };
        self.requests.iter().find(waits)
    }

    /// Whether T5 stands still.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.waiting.is_some() || self.suspension.is_some()
    }
}
