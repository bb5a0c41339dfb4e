//! The roll of a poll of owners: units put together into heads.

use super::Pair;
use crate::{Area, Choice, Fault, Why};
use std::{
    borrow::Cow,
    collections::{HashMap, hash_map},
    ops::Range,
};

/// The one head of everything that is unsold or not yet handed over (法释 9).
pub const DEVELOPER: &str = "@developer";

kernel::coded_enum! {
    /// Whether a unit has gone over to its buyer.
    pub enum State {
        /// Sold and handed over.
        Delivered = "delivered",
        /// Not sold: the developer's.
        Unsold = "unsold",
        /// Sold but not handed over: still the developer's.
        Undelivered = "undelivered",
    }
}

kernel::coded_enum! {
    /// What a unit is.
    pub enum Kind {
        /// A dwelling, shop or other exclusive part.
        Exclusive = "exclusive",
        /// A parking space.
        Parking = "parking",
    }
}

/// A unit as it stands in the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its id, once in a roll.
    pub id: &'a str,
    /// Its owner; joint owners as `A&B`. May be empty for what is the developer's.
    pub owner: &'a str,
    /// Its area.
    pub area: Area,
    /// Whether it was handed over.
    pub state: State,
    /// What it is.
    pub kind: Kind,
}

/// A head: who votes once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head<'a> {
    /// The owner's key, as first written in the roll.
    pub key: &'a str,
    /// The area of all units together.
    pub area: Area,
    /// Whether the ballot was served; who was not never takes part.
    pub served: bool,
    /// The head's units in [`Roll::units`].
    pub units: Range<usize>,
}

/// A ballot of a roll, small enough to be copied. Made by [`Roll::ballot`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ballot {
    /// The head that returned it.
    pub head: u32,
    /// The unit that it is for; none for all of the owner's.
    pub unit: Option<u32>,
    /// What it says.
    pub choice: Choice,
}

/// Whose something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Of this head or unit, by position.
    Of(u32),
    /// It is on the roll but has no vote in this poll: parking that does not count, or a buyer before the handing over.
    Voteless,
}

/// Heads and their units. Made once, then only read; names and ids stay where the entries have them.
#[derive(Clone, Debug, Default)]
pub struct Roll<'a> {
    heads: Vec<Head<'a>>,
    units: Vec<Area>,
    owners: HashMap<Cow<'a, str>, Whose>,
    /// Where a unit's head and place stand in `slots`, with the owner whom the register names.
    ids: HashMap<&'a str, u32>,
    slots: Vec<(Whose, Whose, &'a str)>,
    total: Pair,
}

/// Joint owners are the same in any order.
pub(crate) fn norm(key: &str) -> Cow<'_, str> {
    if !key.contains('&') {
        return Cow::Borrowed(key.trim());
    }
    let mut names: Vec<&str> = key.split('&').map(str::trim).collect();
    names.sort_unstable();
    names.dedup();
    Cow::Owned(names.join("&"))
}

impl<'a> Roll<'a> {
    /// Puts units together.
    ///
    /// # Errors
    /// `units[n].id`: empty or a second time; `units[n].owner`: empty where it is needed; `units[n].area`: nothing, or
    /// too large with the others; `units`: more than four thousand million.
    pub fn new(entries: impl IntoIterator<Item = Entry<'a>>, parking_counts: bool) -> Result<Self, Fault> {
        let entries = entries.into_iter();
        let mut roll = Self::default();
        // A guess from outside is not believed beyond a large town.
        let expected = entries.size_hint().0.min(1 << 20);
        roll.owners.reserve(expected);
        roll.ids.reserve(expected);
        // Units of each head, in the order of the register: head, area, slot.
        let mut held: Vec<(usize, Area, usize)> = Vec::with_capacity(expected);
        for (at, entry) in entries.enumerate() {
            let fault = |field: &str, why| Fault::at(format!("units[{at}].{field}"), why);
            if at >= u32::MAX as usize {
                return Err(Fault::at("units", Why::TooLarge { most: u64::from(u32::MAX) }));
            }
            if entry.id.trim().is_empty() {
                return Err(fault("id", Why::Empty));
            }
            if entry.area == Area::ZERO {
                return Err(fault("area", Why::NotAnArea(entry.area.to_string())));
            }
            let whole = entry.owner.split('&').all(|name| !name.trim().is_empty());
            let sold = entry.state == State::Delivered;
            if !whole && (sold || !entry.owner.trim().is_empty()) {
                return Err(fault("owner", Why::Empty));
            }
            match roll.ids.entry(entry.id) {
                hash_map::Entry::Occupied(_) => return Err(fault("id", Why::Twice(entry.id.to_owned()))),
                hash_map::Entry::Vacant(free) => free.insert(at as u32),
            };
            roll.slots.push((Whose::Voteless, Whose::Voteless, entry.owner));
            let counts = entry.kind != Kind::Parking || parking_counts;
            let buyer = norm(entry.owner);
            // A buyer without a vote is no stranger.
            if !(buyer.is_empty() || sold && counts) {
                roll.owners.entry(buyer.clone()).or_insert(Whose::Voteless);
            }
            if !counts {
                if !sold {
                    roll.owners.entry(Cow::Borrowed(DEVELOPER)).or_insert(Whose::Voteless);
                }
                continue;
            }
            let (key, shown) =
                if sold { (buyer, entry.owner.trim()) } else { (Cow::Borrowed(DEVELOPER), DEVELOPER) };
            let whose = roll.owners.entry(key).or_insert(Whose::Voteless);
            let head = match *whose {
                Whose::Of(head) => head as usize,
                Whose::Voteless => {
                    *whose = Whose::Of(roll.heads.len() as u32);
                    roll.heads.push(Head { key: shown, area: Area::ZERO, served: true, units: 0..0 });
                    roll.heads.len() - 1
                }
            };
            let large = || fault("area", Why::TooLarge { most: Area::MOST.hundredths() / 100 });
            roll.total.area = roll.total.area.plus(entry.area).ok_or_else(large)?;
            if let Some(head) = roll.heads.get_mut(head) {
                head.area = head.area.plus(entry.area).ok_or_else(large)?;
            }
            held.push((head, entry.area, at));
        }
        roll.total.heads = roll.heads.len() as u64;
        // One head's units lie together. The sort is stable: the register's order within a head.
        held.sort_by_key(|(head, ..)| *head);
        for (head, area, slot) in held {
            let at = roll.units.len();
            roll.units.push(area);
            if let Some(slot) = roll.slots.get_mut(slot) {
                (slot.0, slot.1) = (Whose::Of(head as u32), Whose::Of(at as u32));
            }
            if let Some(head) = roll.heads.get_mut(head) {
                head.units = if head.units.is_empty() { at..at + 1 } else { head.units.start..at + 1 };
            }
        }
        Ok(roll)
    }

    /// Notes an owner whom the ballot did not reach. One without a vote in this poll is taken and changes nothing.
    ///
    /// # Errors
    /// [`Why::NotOnRoll`].
    pub fn not_served(&mut self, owner: &str) -> Result<(), Why> {
        if let Whose::Of(head) = self.owner(owner)?
            && let Some(head) = self.heads.get_mut(head as usize)
        {
            head.served = false;
        }
        Ok(())
    }

    /// The head of an owner.
    ///
    /// # Errors
    /// [`Why::NotOnRoll`].
    pub fn owner(&self, owner: &str) -> Result<Whose, Why> {
        self.owners.get(norm(owner).as_ref()).copied().ok_or_else(|| Why::NotOnRoll(owner.to_owned()))
    }

    /// A ballot of an owner, for one unit or for all. None when the owner or the unit has no vote in this poll. Where units have
    /// no votes of their own (`per_unit` false), a ballot speaks for its owner whichever unit it names.
    ///
    /// # Errors
    /// The field `owner` or `unit` and [`Why::NotOnRoll`], or [`Why::NotTheirs`] for somebody else's unit.
    pub fn ballot(
        &self,
        owner: &str,
        unit: Option<&str>,
        choice: Choice,
        per_unit: bool,
    ) -> Result<Option<Ballot>, (&'static str, Why)> {
        let named = |register: &str| norm(register) == norm(owner);
        let whose = self.owner(owner).map_err(|why| ("owner", why))?;
        let unit = match unit {
            None => None,
            Some(id) => match self.ids.get(id).and_then(|slot| self.slots.get(*slot as usize)) {
                None => return Err(("unit", Why::NotOnRoll(id.to_owned()))),
                Some((Whose::Voteless, _, register)) if !per_unit && named(register) => None,
                Some((Whose::Voteless, ..)) => return Ok(None),
                Some((of, Whose::Of(unit), _)) if *of == whose => Some(*unit),
                // A buyer may not vote for what is still the developer's, but is no stranger to it either.
                Some((_, _, register)) if whose == Whose::Voteless || named(register) => return Ok(None),
                Some(_) => return Err(("unit", Why::NotTheirs(id.to_owned()))),
            },
        };
        Ok(match whose {
            Whose::Of(head) => Some(Ballot { head, unit, choice }),
            Whose::Voteless => None,
        })
    }

    /// The heads, in the order in which the register first names them.
    #[must_use]
    pub fn heads(&self) -> &[Head<'a>] {
        &self.heads
    }

    /// The areas of the units that count, those of a head together.
    #[must_use]
    pub fn units(&self) -> &[Area] {
        &self.units
    }

    /// Area and heads of all.
    #[must_use]
    pub const fn total(&self) -> Pair {
        self.total
    }
}
