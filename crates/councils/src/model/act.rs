//! What the chair or secretary asks of a sitting.

use super::{Capacity, How, NewItem, NewSitting, PollRef, Say, Side, TellerCount};
use kernel::Id;

/// A verb with what it needs.
#[derive(Clone, Debug)]
pub enum Act {
    /// Change time and venue.
    Move(NewSitting),
    /// Add a line to the agenda.
    AddItem(NewItem),
    /// Put a motion that was handed in on the agenda: on a line that is there, or on one of its own.
    Bring(Id, Option<Id>),
    /// Take a line off.
    RemoveItem(Id),
    /// Put a line up by one.
    RaiseItem(Id),
    /// Give notice; with a reason when it is shorter than the rule asks.
    Notice(Option<String>),
    /// Hold it at another time.
    Postpone(String),
    /// Do not hold it.
    Cancel(String),
    /// Let people sign in.
    OpenSignIn,
    /// Somebody came.
    Come(Id, How),
    /// Whoever was named comes in the place of a member: the seat.
    ComeFor(Id, How),
    /// A guest came: the person, in which capacity.
    ComeGuest(Id, Capacity, How),
    /// Somebody left.
    Leave(Id),
    /// Say who comes in the place of a member: the seat, the person.
    Delegate(Id, Id),
    /// Nobody comes in the place of a member any more.
    DropDelegate(Id),
    /// Too few came.
    Lapse,
    /// Begin.
    Begin,
    /// Stop for a while.
    Pause,
    /// Go on.
    Resume,
    /// End.
    Close,
    /// Call an item.
    Call(Id),
    /// Somebody asks to speak: the item, the seat, as what.
    AskToSpeak(Id, Id, Side),
    /// Take the wish back.
    DropSpeech(Id),
    /// Give the word to whoever is next on the item.
    GiveWord(Id),
    /// End the speech.
    EndSpeech,
    /// Minutes for each who speaks on the item.
    LimitSpeech(Id, u32),
    /// Ask for hands: the item, the motion, the code of the rule.
    OpenVote(Id, String, Option<String>),
    /// Enter what somebody said who is not in the room: the item, the seat.
    Voice(Id, Id, Say),
    /// Enter what two tellers counted.
    Count(Id, TellerCount, TellerCount),
    /// Do something with a motion.
    Motion(MotionAct),
    /// Settle an item without a vote.
    Conclude(Id, String),
    /// Put an item off.
    Table(Id, String),
    /// Put an item to a poll that was drafted for it.
    Poll(Id, PollRef),
    /// Hand an item to somebody else.
    Refer(Id, String),
    /// Take an item back.
    Withdraw(Id, String),
    /// Draft the minutes.
    Draft(String),
    /// Change their text.
    Edit(String),
    /// Correct what was signed: the text, and why.
    Correct(String, String),
    /// Sign them, or their correction.
    Sign,
    /// This seat signed them on paper, of which this is a photo.
    SignOnPaper(Id, Id),
    /// Publish them.
    Publish,
}

/// What is done with a motion or an amendment.
#[derive(Clone, Debug)]
pub enum MotionAct {
    /// Move one.
    Move {
        /// On which item.
        item: Id,
        /// The seat of whoever moves it.
        sponsor: Id,
        /// Its text.
        text: String,
    },
    /// Move that a motion read otherwise.
    Amend {
        /// Which motion.
        motion: Id,
        /// The seat of whoever moves it.
        sponsor: Id,
        /// The whole text as it would then read.
        text: String,
        /// How far it is from the motion.
        distance: u32,
    },
    /// Second one.
    Second {
        /// Which.
        motion: Id,
        /// The seat of whoever seconds it.
        seat: Id,
    },
    /// Word it anew.
    Reword {
        /// Which.
        motion: Id,
        /// Its text from now on.
        text: String,
    },
    /// Say how far an amendment is from its motion: the furthest is put first.
    Distance {
        /// Which.
        motion: Id,
        /// The further, the larger.
        distance: u32,
    },
    /// Debate it.
    Debate(Id),
    /// Ask for hands on it.
    Put {
        /// Which.
        motion: Id,
        /// The code of the rule; that of the body when absent.
        rule: Option<String>,
    },
    /// Make one motion of two.
    Merge {
        /// Which is given up.
        motion: Id,
        /// For which.
        into: Id,
        /// The text of both.
        text: String,
    },
    /// Its sponsor takes it back.
    Withdraw {
        /// Which.
        motion: Id,
        /// The seat of whoever takes it back.
        seat: Id,
    },
    /// Put it off.
    Postpone {
        /// Which.
        motion: Id,
        /// Why.
        words: String,
    },
    /// Hand it to somebody else.
    Refer {
        /// Which.
        motion: Id,
        /// To whom, and why.
        words: String,
    },
}
