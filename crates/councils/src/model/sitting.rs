//! One meeting of a body: agenda, attendance, votes, minutes.

use super::{
    Attendance, Capacity, Council, Delegation, Member, Mode, Motion, MotionState, SPEECH_MINUTES, Say,
    Speech, Voice,
};
use chrono::NaiveDate;
use kernel::{Id, PlacePath, Time, text::Words, time::local_date};
use serde::{Deserialize, Serialize};
use tally::{
    Verdict,
    meeting::{Count, Outcome},
    rule::Pinned,
};

kernel::coded_enum! {
    /// How far a sitting is.
    pub enum SittingState {
        /// It is being prepared.
        Draft = "draft",
        /// Notice was given.
        Noticed = "noticed",
        /// People sign in.
        SignIn = "signin",
        /// It sits.
        InSession = "in_session",
        /// It has stopped for a while.
        Recess = "recess",
        /// It is over.
        Closed = "closed",
        /// Its minutes are being written.
        MinutesDraft = "minutes_draft",
        /// Two people signed them.
        MinutesSigned = "minutes_signed",
        /// They are public.
        Published = "published",
        /// It will be held at another time.
        Postponed = "postponed",
        /// It will not be held.
        Cancelled = "cancelled",
        /// Too few came.
        Lapsed = "lapsed",
    }
}

impl SittingState {
    /// Whether agenda, time and venue may still be changed: what was published is not.
    #[must_use]
    pub const fn is_plan(self) -> bool {
        matches!(self, Self::Draft | Self::Postponed | Self::Lapsed)
    }

    /// Whether people come and go.
    #[must_use]
    pub const fn is_held(self) -> bool {
        matches!(self, Self::SignIn | Self::InSession | Self::Recess)
    }

    /// Whether its venue is taken by it.
    #[must_use]
    pub const fn claims_venue(self) -> bool {
        matches!(self, Self::Noticed | Self::SignIn | Self::InSession | Self::Recess)
    }
}

kernel::coded_enum! {
    /// What is done with an item.
    pub enum ItemKind {
        /// To be heard.
        Report = "report",
        /// To be talked over.
        Discuss = "discuss",
        /// To be voted on.
        Decide = "decide",
        /// To be made known.
        Notice = "notice",
    }
}

kernel::coded_enum! {
    /// How far an item is.
    pub enum ItemState {
        /// It stands on the agenda.
        Scheduled = "scheduled",
        /// It is being talked over.
        Debating = "debating",
        /// Hands are up.
        Voting = "voting",
        /// It was decided, by a vote or without one.
        Decided = "decided",
        /// It was put off.
        Tabled = "tabled",
        /// It was handed to somebody else.
        Referred = "referred",
        /// It was taken back.
        Withdrawn = "withdrawn",
    }
}

/// A poll as this room shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollRef {
    /// Its id.
    pub id: Id,
    /// Its number.
    pub number: String,
}

/// A matter as another room knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterRef {
    /// Its id.
    pub id: Id,
    /// Its number.
    pub number: String,
}

/// Hands counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Votes {
    /// For.
    pub yes: u64,
    /// Against.
    pub no: u64,
    /// Abstaining.
    pub abstain: u64,
}

/// What one teller counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TellerCount {
    /// The teller's seat.
    pub teller: Id,
    /// The hands.
    pub votes: Votes,
}

/// A vote by hands. Who may vote and who is there is frozen when it opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ballot {
    /// What is voted on, as read out.
    pub motion: String,
    /// The rule.
    pub rule: Pinned,
    /// How many are entitled (应到).
    pub eligible: u64,
    /// How many of them were there (实到).
    pub attending: u64,
    /// The seats of those who were not in the room: they are called by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remote: Vec<Id>,
    /// What they said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub voices: Vec<Voice>,
    /// When it opened.
    pub opened_at: Time,
    /// The seats of the two tellers, when it was counted.
    pub tellers: Option<(Id, Id)>,
    /// What both counted, with the voices of those who were called.
    pub votes: Option<Votes>,
    /// How it came out.
    pub verdict: Option<Verdict>,
}

impl Ballot {
    /// A vote that opens, with those entitled, those there, and the seats of those who are not in the room.
    #[must_use]
    pub fn open(
        motion: &str,
        rule: &Pinned,
        (eligible, attending): (u64, u64),
        remote: &[Id],
        at: Time,
    ) -> Self {
        Self {
            motion: motion.to_owned(),
            rule: rule.clone(),
            eligible,
            attending,
            remote: remote.to_vec(),
            voices: Vec::new(),
            opened_at: at,
            tellers: None,
            votes: None,
            verdict: None,
        }
    }

    /// How many hands there are in the room.
    #[must_use]
    pub fn in_room(&self) -> u64 {
        self.attending.saturating_sub(self.remote.len() as u64)
    }

    /// Hands and voices together.
    #[must_use]
    pub fn with_voices(&self, hands: Votes) -> Votes {
        let said = |say| self.voices.iter().filter(|v| v.said == say).count() as u64;
        Votes {
            yes: hands.yes + said(Say::Yes),
            no: hands.no + said(Say::No),
            abstain: hands.abstain + said(Say::Abstain),
        }
    }

    /// The numbers as the counting library takes them.
    #[must_use]
    pub const fn count(&self, votes: Votes) -> Count {
        Count {
            eligible: self.eligible,
            attending: self.attending,
            yes: votes.yes,
            no: votes.no,
            abstain: votes.abstain,
            invalid: 0,
        }
    }

    /// The outcome, when it was counted.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        tally::meeting::count(&self.rule.rule, &self.count(self.votes?)).ok()
    }
}

/// A line of the agenda.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its id.
    pub id: Id,
    /// What is done with it.
    pub kind: ItemKind,
    /// What it is about, as the notice prints it.
    pub title: String,
    /// Minutes allowed; 0 is no limit.
    pub minutes: u32,
    /// The matter that it came from.
    pub matter: Option<MatterRef>,
    /// How far it is.
    pub state: ItemState,
    /// The vote, once there was one.
    pub ballot: Option<Ballot>,
    /// What came of it without a vote, or why it was put off.
    pub words: Option<String>,
    /// The poll that it was put to: a vote of more people than are in the room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll: Option<PollRef>,
    /// Minutes for each who speaks on it; nothing is [`SPEECH_MINUTES`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speech_minutes: Option<u32>,
}

impl Item {
    /// Seconds that one may speak on it.
    #[must_use]
    pub fn speech_seconds(&self) -> u32 {
        60 * self.speech_minutes.unwrap_or(SPEECH_MINUTES)
    }
}

/// A signature under the minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The seat.
    pub member: Id,
    /// Who signed.
    pub person: Id,
    /// In which capacity.
    pub capacity: Capacity,
    /// The photo of the paper that was signed, where it was not signed on a screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<Id>,
    /// When.
    pub at: Time,
}

/// The minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minutes {
    /// The text.
    pub text: Words,
    /// Who signed this text.
    pub signed: Vec<Signature>,
    /// Of a correction: why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A meeting of a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitting {
    /// Its id.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// The body.
    pub council: Id,
    /// The place of the body.
    pub place: PlacePath,
    /// Its number within the body, from 1.
    pub number: u32,
    /// How far it is.
    pub state: SittingState,
    /// Where.
    pub venue: String,
    /// Whether one may take part from elsewhere.
    #[serde(default, skip_serializing_if = "Mode::is_onsite")]
    pub mode: Mode,
    /// How one joins from elsewhere: a number to call, the name of a meeting. For members only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join: Option<String>,
    /// From when.
    pub starts: Time,
    /// Until when.
    pub ends: Time,
    /// The day of the body's rhythm that it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurrence: Option<NaiveDate>,
    /// Why notice was shorter than the rule asks.
    pub urgent: Option<String>,
    /// Why it was postponed or cancelled.
    pub reason: Option<String>,
    /// When notice was given.
    pub noticed_at: Option<Time>,
    /// The agenda in its order.
    pub items: Vec<Item>,
    /// Who comes in the place of whom.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub delegations: Vec<Delegation>,
    /// Who came and went.
    pub attendance: Vec<Attendance>,
    /// Who asked to speak, in the order of asking, and who spoke.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub speeches: Vec<Speech>,
    /// Motions and amendments, in the order in which they were moved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub motions: Vec<Motion>,
    /// The minutes.
    pub minutes: Option<Minutes>,
    /// A correction of them that waits for its signatures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Minutes>,
    /// What they were before they were corrected, the first first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Minutes>,
    /// When it began.
    pub began_at: Option<Time>,
    /// When it ended.
    pub closed_at: Option<Time>,
    /// When the minutes became public.
    pub published_at: Option<Time>,
}

impl Sitting {
    /// Its day.
    #[must_use]
    pub fn day(&self) -> NaiveDate {
        local_date(self.starts)
    }

    /// The text that waits for signatures: the minutes, or a correction of them.
    #[must_use]
    pub fn to_sign(&self) -> Option<&Minutes> {
        match self.state {
            SittingState::MinutesDraft => self.minutes.as_ref(),
            _ => self.correction.as_ref(),
        }
    }

    /// The seats that may still sign: whoever presides or was there, and did not sign yet.
    pub fn may_sign<'a>(&'a self, council: &'a Council) -> impl Iterator<Item = &'a Member> {
        let there =
            |m: &Member| council.presides(m.id) || self.attendance.iter().any(|a| a.person == m.person);
        let signed =
            |m: &Member| self.to_sign().is_some_and(|t| t.signed.iter().any(|g| g.person == m.person));
        council.serving(self.day()).filter(move |m| there(m) && !signed(m))
    }

    /// Who speaks now.
    #[must_use]
    pub fn speaking(&self) -> Option<&Speech> {
        self.speeches.iter().find(|s| s.now())
    }

    /// The item that is being dealt with.
    #[must_use]
    pub fn current(&self) -> Option<&Item> {
        self.items.iter().find(|i| matches!(i.state, ItemState::Debating | ItemState::Voting))
    }

    /// Whether hands are being counted.
    #[must_use]
    pub fn vote_open(&self) -> bool {
        self.items.iter().any(|i| i.state == ItemState::Voting) || self.put_motion().is_some()
    }

    /// A motion or an amendment.
    #[must_use]
    pub fn motion(&self, id: Id) -> Option<&Motion> {
        self.motions.iter().find(|m| m.id == id)
    }

    /// The motion that hands are counted on.
    #[must_use]
    pub fn put_motion(&self) -> Option<&Motion> {
        self.motions.iter().find(|m| m.state == MotionState::Put)
    }

    /// What is talked about on an item: the amendment under debate or at the vote, or else the motion.
    #[must_use]
    pub fn motion_now(&self, item: Id) -> Option<&Motion> {
        let on = |m: &&Motion| m.item == item && matches!(m.state, MotionState::Debating | MotionState::Put);
        let all = || self.motions.iter().filter(on);
        all().find(|m| m.parent.is_some()).or_else(|| all().next())
    }

    /// A line of the agenda.
    #[must_use]
    pub fn item(&self, id: Id) -> Option<&Item> {
        self.items.iter().find(|i| i.id == id)
    }
}

/// A new sitting.
#[derive(Clone, Debug, Default)]
pub struct NewSitting {
    /// Where; may be empty when nobody needs to be in a room.
    pub venue: String,
    /// Whether one may take part from elsewhere.
    pub mode: Mode,
    /// How one joins from elsewhere.
    pub join: String,
    /// From when.
    pub starts: Time,
    /// Until when.
    pub ends: Time,
}

/// A new line of the agenda.
#[derive(Clone, Debug)]
pub struct NewItem {
    /// What is done with it.
    pub kind: ItemKind,
    /// What it is about; the matter's own title when absent.
    pub title: Option<String>,
    /// Minutes allowed.
    pub minutes: u32,
    /// The matter that it comes from.
    pub matter: Option<Id>,
}
