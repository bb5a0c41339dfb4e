//! A head of a roll: who is served, who votes for whom, what was returned. A head to whom nothing happened has no record here.

use kernel::{Id, Time};
use serde::{Deserialize, Serialize};
use tally::events::Way;

kernel::coded_enum! {
    /// How a ballot paper or notice was delivered.
    pub enum DeliveryWay {
        /// At the door, by hand.
        Door = "door",
        /// By post.
        Post = "post",
        /// By message to the owner's telephone.
        Message = "message",
        /// Put up in the estate because nobody was met.
        Board = "board",
    }
}

kernel::coded_enum! {
    /// What came of a delivery.
    pub enum Reached {
        /// Served, with a proof.
        Served = "served",
        /// Nobody was met.
        Unserved = "unserved",
        /// Put up in the estate (滨州 13: five days count as serving, where the local rule says so).
        Posted = "posted",
    }
}

/// One try to deliver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// How.
    pub way: DeliveryWay,
    /// What came of it.
    pub reached: Reached,
    /// A photo of the signed receipt or the door.
    pub proof: Option<Id>,
    /// Who went.
    pub by: Option<Id>,
    /// When.
    pub at: Time,
}

kernel::coded_enum! {
    /// How far a proxy is.
    pub enum ProxyState {
        /// Its paper was looked at and it stands on the published list.
        Approved = "approved",
        /// It was taken back before the agent voted.
        Revoked = "revoked",
    }
}

/// Who votes for this head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proxy {
    /// The head whose holder is the agent.
    pub agent: u32,
    /// The written paper.
    pub paper: Option<Id>,
    /// How far it is.
    pub state: ProxyState,
    /// When.
    pub at: Time,
}

kernel::coded_enum! {
    /// Whether a ballot counts.
    pub enum Standing {
        /// It counts.
        Valid = "valid",
        /// A later or a paper one counts instead.
        Superseded = "superseded",
        /// Tellers struck it out.
        Struck = "struck",
    }
}

/// A ballot that came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ballot {
    /// What it says: the text of a [`Vote`](super::Vote).
    pub vote: String,
    /// How it came.
    pub way: Way,
    /// Who handed it in.
    pub by: Option<Id>,
    /// The head of the agent who voted for this one.
    pub agent: Option<u32>,
    /// Who saw that the helper wrote what the voter said.
    pub witness: Option<String>,
    /// When.
    pub at: Time,
    /// Whether it counts.
    pub standing: Standing,
    /// Why it was struck out.
    pub why: Option<String>,
    /// The readings of its paper.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<Sheet>,
}

/// One reading of a paper sheet by one clerk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// What it says.
    pub vote: String,
    /// The clerk.
    pub by: Id,
    /// A photo of the sheet.
    pub image: Option<Id>,
    /// When.
    pub at: Time,
}

/// A booth code that was lost before it was used. What the code was stands nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostCode {
    /// What happened to it.
    pub why: String,
    /// Who made it void.
    pub by: Option<Id>,
    /// When.
    pub at: Time,
    /// Who gave a new one, and when: never the same person.
    pub again: Option<(Option<Id>, Time)>,
}

/// A head of a roll to whom something happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voter {
    /// Its id: a name made of poll and head.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// The poll.
    pub poll: Id,
    /// The number of the head on the roll.
    pub head: u32,
    /// The area of its units in 0.01 m².
    pub area: u64,
    /// The account holder whom staff recognised as this head.
    pub person: Option<Id>,
    /// Tries to deliver.
    pub deliveries: Vec<Delivery>,
    /// Who votes for it.
    pub proxy: Option<Proxy>,
    /// Readings of a paper sheet that do not make a ballot yet.
    pub sheets: Vec<Sheet>,
    /// Ballots.
    pub ballots: Vec<Ballot>,
    /// Booth codes of a secret poll that were lost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost_codes: Vec<LostCode>,
}

impl Voter {
    /// The ballot that counts.
    #[must_use]
    pub fn ballot(&self) -> Option<&Ballot> {
        self.ballots.iter().find(|b| b.standing == Standing::Valid)
    }

    /// How it was served in the end: the best that came of any try.
    #[must_use]
    pub fn reached(&self) -> Option<Reached> {
        let any = |want| self.deliveries.iter().any(|d| d.reached == want).then_some(want);
        any(Reached::Served).or_else(|| any(Reached::Posted)).or_else(|| any(Reached::Unserved))
    }

    /// The agent whose proxy stands.
    #[must_use]
    pub fn agent(&self) -> Option<u32> {
        self.proxy.as_ref().filter(|p| p.state == ProxyState::Approved).map(|p| p.agent)
    }

    /// The lost code for which no new one was given yet.
    #[must_use]
    pub fn waits_for_code(&self) -> Option<&LostCode> {
        self.lost_codes.last().filter(|lost| lost.again.is_none())
    }

    /// Whether two readings of its sheet differ.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.sheets.windows(2).any(|two| two.first().map(|s| &s.vote) != two.last().map(|s| &s.vote))
    }
}

/// What happens to a head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoterEvent {
    /// Something happens to it for the first time.
    HeadTouched {
        /// Its id.
        id: Id,
        /// The poll.
        poll: Id,
        /// Its number on the roll.
        head: u32,
        /// Its area.
        area: u64,
    },
    /// Staff recognised an account holder as this head.
    HeadRecognised {
        /// Who.
        person: Id,
        /// By what paper they were known.
        paper: String,
    },
    /// Somebody tried to deliver.
    HeadServed {
        /// How.
        way: DeliveryWay,
        /// What came of it.
        reached: Reached,
        /// The proof.
        proof: Option<Id>,
    },
    /// A proxy was approved.
    ProxyApproved {
        /// The agent's head.
        agent: u32,
        /// The paper.
        paper: Option<Id>,
    },
    /// It was taken back.
    ProxyRevoked,
    /// A booth code was lost before it was used, and made void.
    CodeLost {
        /// What happened to it.
        why: String,
    },
    /// Somebody else gave a new one.
    CodeReissued,
    /// A clerk read a paper sheet.
    SheetRead {
        /// What it says.
        vote: String,
        /// A photo.
        image: Option<Id>,
    },
    /// Readings that differed were thrown away, to read anew.
    SheetsDropped {
        /// Why.
        why: String,
    },
    /// A ballot came in, and replaces an earlier one.
    BallotCast {
        /// What it says.
        vote: String,
        /// How it came.
        way: Way,
        /// The agent's head.
        agent: Option<u32>,
        /// The witness of an assisted one.
        witness: Option<String>,
    },
    /// Tellers struck a ballot out.
    BallotStruck {
        /// Why.
        why: String,
    },
}
