//! Nominees: who proposed them, what the vetting found, how they present themselves.

use kernel::{Id, Time, text::Words};
use serde::{Deserialize, Serialize};

kernel::coded_enum! {
    /// How somebody was nominated.
    pub enum Way {
        /// By the own wish.
        Own = "own",
        /// By voters together (居委会组织法 18: ten or more).
        Peers = "peers",
        /// By the party organisation or another.
        Organisation = "organisation",
        /// Recommended by a compound.
        Compound = "compound",
    }
}

kernel::coded_enum! {
    /// What keeps somebody from being a candidate (居委会组织法 18; 村委会组织法 18).
    pub enum Bar {
        /// Not entitled: on no roll, or without political rights.
        NotEntitled = "not_entitled",
        /// Expelled from party or public office.
        Expelled = "expelled",
        /// Convicted.
        Convicted = "convicted",
        /// Part of organised crime.
        Gang = "gang",
        /// Organiser of a cult or of illegal religious activity.
        Cult = "cult",
    }
}

kernel::coded_enum! {
    /// How far a nominee is.
    pub enum NomineeState {
        /// Signers are missing.
        Collecting = "collecting",
        /// The own word is missing.
        Asked = "asked",
        /// Two opinions are missing.
        Open = "open",
        /// Nothing bars.
        Passed = "passed",
        /// Something bars.
        Barred = "barred",
        /// The nominee does not want it.
        Declined = "declined",
        /// The nominee went back.
        Withdrawn = "withdrawn",
    }
}

/// One opinion of the vetting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// Whose.
    pub by: Id,
    /// When.
    pub at: Time,
    /// What bars; nothing is a pass.
    pub bars: Vec<Bar>,
    /// What was found; not public.
    pub note: Option<Words>,
}

impl Opinion {
    /// Whether nothing bars.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.bars.is_empty()
    }
}

/// How a candidate presents themself: published, and theirs to erase later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presentation {
    /// Who I am.
    pub about: Option<Words>,
    /// What I promise.
    pub promise: Option<Words>,
    /// How I look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portrait: Option<Portrait>,
}

impl Presentation {
    /// What it says, in the words that are kept; those for the photo too.
    pub fn words(&self) -> impl Iterator<Item = &Words> {
        self.about.iter().chain(&self.promise).chain(self.portrait.as_ref().map(|p| &p.alt))
    }
}

/// A nominee's photo: everybody's once the list of candidates is published, and nobody's before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Portrait {
    /// The photo.
    pub photo: Id,
    /// What is to be seen on it, for whoever cannot see it.
    pub alt: Words,
}

/// A relation between two nominees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kin {
    /// One.
    pub first: Id,
    /// The other.
    pub second: Id,
}

/// A nominee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nominee {
    /// The id.
    pub id: Id,
    /// Who; the name lies with `people`.
    pub person: Id,
    /// Whether this is a woman; unknown when nobody said so.
    pub woman: Option<bool>,
    /// How the nomination came.
    pub way: Way,
    /// The organisation or compound.
    pub from: Option<String>,
    /// Who brought it.
    pub by: Option<Id>,
    /// When.
    pub at: Time,
    /// How many signers it needs; 0 for none.
    pub need: u64,
    /// Who signed, by the units of the roll.
    pub signers: Vec<String>,
    /// When the nominee agreed.
    pub agreed_at: Option<Time>,
    /// Opinions of the vetting.
    pub opinions: Vec<Opinion>,
    /// How the nominee presents themself.
    pub presentation: Option<Presentation>,
    /// A decision that ends the candidacy, before or after the list was published.
    pub ended: Option<NomineeState>,
}

impl Nominee {
    /// How far the nominee is. Opinions decide as soon as two different people say the same.
    #[must_use]
    pub fn state(&self) -> NomineeState {
        if let Some(ended) = self.ended {
            return ended;
        }
        let said = |passes: bool| self.opinions.iter().filter(|o| o.passes() == passes).count();
        if said(false) >= 2 {
            NomineeState::Barred
        } else if (self.signers.len() as u64) < self.need {
            NomineeState::Collecting
        } else if self.agreed_at.is_none() {
            NomineeState::Asked
        } else if said(true) >= 2 {
            NomineeState::Passed
        } else {
            NomineeState::Open
        }
    }

    /// The photo that the nominee gave and that was not taken away since.
    #[must_use]
    pub fn portrait(&self) -> Option<&Portrait> {
        self.presentation.as_ref()?.portrait.as_ref()
    }

    /// Whether the nominee may be elected.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.state() == NomineeState::Passed
    }
}
