//! What the chair or secretary asks of a sitting.

use super::{How, NewItem, NewSitting, Side, TellerCount};
use kernel::Id;

/// A verb with what it needs.
#[derive(Clone, Debug)]
pub enum Act {
    /// Change time and venue.
    Move(NewSitting),
    /// Add a line to the agenda.
    AddItem(NewItem),
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
    /// Somebody left.
    Leave(Id),
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
    /// Enter what two tellers counted.
    Count(Id, TellerCount, TellerCount),
    /// Settle an item without a vote.
    Conclude(Id, String),
    /// Put an item off.
    Table(Id, String),
    /// Hand an item to somebody else.
    Refer(Id, String),
    /// Take an item back.
    Withdraw(Id, String),
    /// Draft the minutes.
    Draft(String),
    /// Change their text.
    Edit(String),
    /// Sign them.
    Sign,
    /// Publish them.
    Publish,
}
