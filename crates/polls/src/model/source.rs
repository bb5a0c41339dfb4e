//! Where a roll may come from when no list is brought.

use kernel::{Id, OfficeKind};

/// What the house knows of people and dwellings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Those who vote in a standing body.
    Body(Id),
    /// Holders of an office.
    Office(OfficeKind),
    /// Dwellings, one head each.
    Dwellings,
}

impl Source {
    /// As forms send it.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Body(id) => format!("body-{id}"),
            Self::Office(kind) => format!("office-{kind}"),
            Self::Dwellings => "dwellings".to_owned(),
        }
    }

    /// Reads what forms send.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        match code.split_once('-') {
            Some(("body", id)) => id.parse().ok().map(Self::Body),
            Some(("office", kind)) => OfficeKind::parse(kind).map(Self::Office),
            None if code == "dwellings" => Some(Self::Dwellings),
            _ => None,
        }
    }
}
