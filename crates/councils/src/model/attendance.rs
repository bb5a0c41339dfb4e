//! How a sitting is held, who is there, how, and for whom.

use super::{Capacity, Council, Sitting};
use kernel::{Id, Time};
use serde::{Deserialize, Serialize};

kernel::coded_enum! {
    /// Where those who take part are.
    #[derive(Default)]
    pub enum Mode {
        /// In the room.
        #[default]
        Onsite = "onsite",
        /// At the telephone or online.
        Online = "online",
        /// Some there, some here.
        Hybrid = "hybrid",
    }
}

impl Mode {
    /// Whether everybody is in the room.
    #[must_use]
    pub const fn is_onsite(&self) -> bool {
        matches!(self, Self::Onsite)
    }
}

kernel::coded_enum! {
    /// How somebody signed in.
    pub enum How {
        /// The chair or secretary tapped the list.
        List = "list",
        /// By the code shown in the room.
        Code = "code",
        /// By telephone.
        Phone = "phone",
        /// Online.
        Online = "online",
    }
}

impl How {
    /// Whether somebody who came like this is not in the room: no teller sees the hand.
    #[must_use]
    pub const fn remote(self) -> bool {
        matches!(self, Self::Phone | Self::Online)
    }
}

kernel::coded_enum! {
    /// By what somebody takes part.
    #[derive(Default)]
    pub enum Standing {
        /// By an own seat.
        #[default]
        Member = "member",
        /// In the place of whoever sits there.
        Delegate = "delegate",
        /// Asked to come: speaks, but neither counts nor votes.
        Guest = "guest",
    }
}

impl Standing {
    /// Whether it is an own seat.
    #[must_use]
    pub const fn is_member(&self) -> bool {
        matches!(self, Self::Member)
    }
}

/// Somebody came, and perhaps left. Who comes back has another entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    /// The seat; of a guest an id of this sitting's own.
    pub member: Id,
    /// Who is there.
    pub person: Id,
    /// In which capacity; of a delegate that of the seat.
    pub capacity: Capacity,
    /// Whether the seat votes.
    pub votes: bool,
    /// How they signed in.
    pub how: How,
    /// By an own seat, for somebody else, or as a guest.
    #[serde(default, skip_serializing_if = "Standing::is_member")]
    pub standing: Standing,
    /// When they came.
    pub came: Time,
    /// When they left.
    pub left: Option<Time>,
}

/// Who comes in the place of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    /// The seat.
    pub member: Id,
    /// Who comes.
    pub person: Id,
    /// Since when that is known.
    pub at: Time,
}

kernel::coded_enum! {
    /// What somebody says who is called by name.
    pub enum Say {
        /// For.
        Yes = "yes",
        /// Against.
        No = "no",
        /// Abstaining.
        Abstain = "abstain",
        /// Nothing: the line may be dead.
        Silent = "silent",
    }
}

/// The voice of somebody who is not in the room, called by name while hands are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voice {
    /// The seat.
    pub member: Id,
    /// What was said.
    pub said: Say,
}

impl Sitting {
    /// Who is there, in the room or not.
    pub fn present(&self) -> impl Iterator<Item = &Attendance> {
        self.attendance.iter().filter(|a| a.left.is_none())
    }

    /// Whether somebody is there for a seat.
    #[must_use]
    pub fn is_present(&self, member: Id) -> bool {
        self.present().any(|a| a.member == member)
    }

    /// The entry of a person who is there.
    #[must_use]
    pub fn there(&self, person: Id) -> Option<&Attendance> {
        self.present().find(|a| a.person == person)
    }

    /// Those there who count (实到): they vote, the term of the seat still runs, and delegates only where they are allowed.
    pub fn voters<'a>(
        &'a self,
        council: &'a Council,
        delegates: bool,
    ) -> impl Iterator<Item = &'a Attendance> {
        let day = self.day();
        let serves = move |a: &&Attendance| council.member(a.member).is_some_and(|m| m.serves(day));
        let stands = move |a: &&Attendance| match a.standing {
            Standing::Member => true,
            Standing::Delegate => delegates,
            Standing::Guest => false,
        };
        self.present().filter(|a| a.votes).filter(stands).filter(serves)
    }

    /// Who comes for a seat.
    #[must_use]
    pub fn delegate_of(&self, member: Id) -> Option<&Delegation> {
        self.delegations.iter().find(|d| d.member == member)
    }

    /// For which seat a person comes.
    #[must_use]
    pub fn comes_for(&self, person: Id) -> Option<&Delegation> {
        self.delegations.iter().find(|d| d.person == person)
    }
}
