//! What happens to a sitting.

use super::{Capacity, How, Item, Mode, PollRef, Side, Standing, Voice, Votes};
use chrono::NaiveDate;
use kernel::{Id, PlacePath, Time, text::Words};
use serde::{Deserialize, Serialize};
use tally::{Verdict, rule::Pinned};

/// What happens to a sitting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SittingEvent {
    /// It was planned.
    SittingPlanned {
        /// Its id.
        id: Id,
        /// The body.
        council: Id,
        /// The place of the body.
        place: PlacePath,
        /// Its number.
        number: u32,
        /// Where.
        venue: String,
        /// Whether one may take part from elsewhere.
        #[serde(default, skip_serializing_if = "Mode::is_onsite")]
        mode: Mode,
        /// How one joins from elsewhere.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        join: Option<String>,
        /// From when.
        starts: Time,
        /// Until when.
        ends: Time,
        /// The day of the body's rhythm that it is for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        occurrence: Option<NaiveDate>,
    },
    /// Time or venue changed before notice.
    SittingMoved {
        /// Where.
        venue: String,
        /// Whether one may take part from elsewhere.
        #[serde(default, skip_serializing_if = "Mode::is_onsite")]
        mode: Mode,
        /// How one joins from elsewhere.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        join: Option<String>,
        /// From when.
        starts: Time,
        /// Until when.
        ends: Time,
    },
    /// A line was added to the agenda.
    ItemAdded(Box<Item>),
    /// A line was taken off before notice.
    ItemRemoved {
        /// Which.
        item: Id,
    },
    /// A line went up by one.
    ItemRaised {
        /// Which.
        item: Id,
    },
    /// Notice was given.
    SittingNoticed {
        /// Why it is shorter than the rule asks.
        urgent: Option<String>,
    },
    /// It will be held at another time.
    SittingPostponed {
        /// Why.
        reason: String,
    },
    /// It will not be held.
    SittingCancelled {
        /// Why.
        reason: String,
    },
    /// People may sign in.
    SignInOpened,
    /// Somebody came.
    MemberCame {
        /// The seat.
        member: Id,
        /// Who sits on it.
        person: Id,
        /// In which capacity.
        capacity: Capacity,
        /// Whether the member votes.
        votes: bool,
        /// How they signed in.
        how: How,
        /// By an own seat, for somebody else, or as a guest.
        #[serde(default, skip_serializing_if = "Standing::is_member")]
        standing: Standing,
    },
    /// It was said who comes in the place of a member.
    DelegateNamed {
        /// The seat.
        member: Id,
        /// Who comes.
        person: Id,
    },
    /// Nobody comes in the place of a member any more.
    DelegateDropped {
        /// The seat.
        member: Id,
    },
    /// Somebody left.
    MemberWent {
        /// The seat.
        member: Id,
    },
    /// Too few came.
    SittingLapsed,
    /// It began, with a quorum.
    SittingBegun,
    /// It stopped for a while.
    SittingPaused,
    /// It went on.
    SittingResumed,
    /// It ended; what was not dealt with is put off.
    SittingClosed,
    /// An item was called.
    ItemCalled {
        /// Which.
        item: Id,
    },
    /// Somebody asked to speak.
    SpeechAsked {
        /// The id of the wish.
        id: Id,
        /// On which item.
        item: Id,
        /// The seat.
        member: Id,
        /// Who sits on it.
        person: Id,
        /// In which capacity.
        capacity: Capacity,
        /// As what.
        side: Side,
    },
    /// The wish was taken back.
    SpeechDropped {
        /// Which.
        speech: Id,
    },
    /// The word was given.
    SpeechBegun {
        /// To which wish.
        speech: Id,
    },
    /// The speech ended.
    SpeechEnded {
        /// Which.
        speech: Id,
    },
    /// Another limit for those who speak on an item.
    SpeechLimitSet {
        /// Which item.
        item: Id,
        /// Minutes for each.
        minutes: u32,
    },
    /// Hands were asked for.
    VoteOpened {
        /// Which item.
        item: Id,
        /// What is voted on.
        motion: String,
        /// The rule.
        rule: Pinned,
        /// How many are entitled.
        eligible: u64,
        /// How many of them are there.
        attending: u64,
        /// The seats of those who are there, but not in the room.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        remote: Vec<Id>,
    },
    /// Somebody who is not in the room was called by name.
    VoiceHeard {
        /// On which item hands are counted.
        item: Id,
        /// What was said.
        voice: Voice,
    },
    /// Two tellers counted the same.
    VoteCounted {
        /// Which item.
        item: Id,
        /// Their seats.
        tellers: (Id, Id),
        /// The hands, with the voices of those who were called.
        votes: Votes,
        /// How it came out.
        verdict: Verdict,
    },
    /// A motion was moved, or an amendment to one.
    MotionMoved {
        /// Its id.
        id: Id,
        /// On which item.
        item: Id,
        /// The motion that it would change.
        parent: Option<Id>,
        /// The version of that motion it is worded against.
        base: usize,
        /// The seat of whoever moved it.
        sponsor: Id,
        /// Its text.
        text: String,
        /// How far it is from the motion.
        distance: u32,
        /// The seats of those who signed it before the sitting.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        cosigners: Vec<Id>,
        /// Whether it was handed in before the sitting.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        handed_in: bool,
    },
    /// A motion was seconded.
    MotionSeconded {
        /// Which.
        motion: Id,
        /// The seat of whoever seconded it.
        seat: Id,
    },
    /// A motion was worded anew.
    MotionReworded {
        /// Which.
        motion: Id,
        /// Its text.
        text: String,
        /// For an amendment: the version of the motion it is worded against.
        base: usize,
    },
    /// An amendment was said to be nearer or further.
    MotionDistanced {
        /// Which.
        motion: Id,
        /// How far it is.
        distance: u32,
    },
    /// The debate is about this motion.
    MotionDebated {
        /// Which.
        motion: Id,
    },
    /// Hands were asked for on a motion; its text is that which stands.
    MotionPut {
        /// Which.
        motion: Id,
        /// The rule.
        rule: Pinned,
        /// How many are entitled.
        eligible: u64,
        /// How many of them are there.
        attending: u64,
        /// The seats of those who are there, but not in the room.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        remote: Vec<Id>,
    },
    /// Two tellers counted the same on a motion.
    MotionCounted {
        /// Which.
        motion: Id,
        /// Their seats.
        tellers: (Id, Id),
        /// The hands, with the voices of those who were called.
        votes: Votes,
        /// How it came out.
        verdict: Verdict,
    },
    /// Two motions became one.
    MotionsMerged {
        /// Which was given up.
        motion: Id,
        /// For which.
        into: Id,
        /// The text of both.
        text: String,
    },
    /// A motion was taken back by its sponsor.
    MotionWithdrawn {
        /// Which.
        motion: Id,
    },
    /// A motion was put off.
    MotionPostponed {
        /// Which.
        motion: Id,
        /// Why.
        words: String,
    },
    /// A motion was handed to somebody else.
    MotionReferred {
        /// Which.
        motion: Id,
        /// To whom, and why.
        words: String,
    },
    /// An item was settled without a vote.
    ItemConcluded {
        /// Which.
        item: Id,
        /// What came of it.
        words: String,
    },
    /// An item was put off.
    ItemTabled {
        /// Which.
        item: Id,
        /// Why.
        words: String,
    },
    /// An item was handed to somebody else.
    ItemReferred {
        /// Which.
        item: Id,
        /// To whom, and why.
        words: String,
    },
    /// An item was put to a poll.
    ItemPolled {
        /// Which.
        item: Id,
        /// The poll.
        poll: PollRef,
    },
    /// An item was taken back.
    ItemWithdrawn {
        /// Which.
        item: Id,
        /// Why.
        words: String,
    },
    /// The minutes were drafted.
    MinutesDrafted {
        /// The text.
        text: Words,
    },
    /// Their text was changed; what was signed before was another text.
    MinutesEdited {
        /// The text.
        text: Words,
    },
    /// What was signed is to be corrected; the correction counts when two have signed it.
    MinutesCorrected {
        /// The text.
        text: Words,
        /// Why.
        reason: String,
    },
    /// Somebody signed them, or their correction while there is one.
    MinutesSigned {
        /// The seat.
        member: Id,
        /// Who.
        person: Id,
        /// In which capacity.
        capacity: Capacity,
        /// The photo of the paper that was signed, where it was not signed on a screen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        paper: Option<Id>,
    },
    /// They became public.
    MinutesPublished,
}
