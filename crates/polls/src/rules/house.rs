//! Rolls from what the house knows already: members of a body, holders of an office, dwellings.

use super::Line;
use kernel::{Id, PlacePath};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tally::{
    Area,
    owners::{Kind, State},
};

/// Signs of a unit at most.
const UNIT: usize = 60;

fn line(unit: String, name: String, person: Option<Id>) -> Line {
    Line {
        unit,
        name,
        paper: None,
        phone: None,
        person,
        area: Area::ZERO,
        state: State::Delivered,
        kind: Kind::Exclusive,
    }
}

/// People as lines, each once, by name. A number tells them apart on the published list, which has no names.
#[must_use]
pub fn of_people(people: impl IntoIterator<Item = (Id, String)>) -> Vec<Line> {
    let people: BTreeSet<(String, Id)> = people.into_iter().map(|(id, name)| (name, id)).collect();
    let mut once = BTreeSet::new();
    let people = people.into_iter().filter(|(_, id)| once.insert(*id));
    (1..).zip(people).map(|(n, (name, id)): (u32, _)| line(n.to_string(), name, Some(id))).collect()
}

/// Dwellings as lines, each a head. Whoever alone is registered there votes for it online; where nobody or several people are,
/// nobody is known and staff look at a paper.
#[must_use]
pub fn of_dwellings(dwellings: &[(PlacePath, String)], living: &[(Id, PlacePath)]) -> Vec<Line> {
    let mut at: HashMap<&PlacePath, BTreeSet<Id>> = HashMap::new();
    for (person, place) in living {
        at.entry(place).or_default().insert(*person);
    }
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, name) in dwellings {
        *names.entry(name.trim()).or_default() += 1;
    }
    dwellings
        .iter()
        .map(|(place, name)| {
            let (name, persons) = (name.trim(), at.get(place));
            let plain = !name.is_empty()
                && name.chars().count() <= UNIT
                && !name.contains(['\t', '\n'])
                && names.get(name) == Some(&1);
            let unit = if plain { name.to_owned() } else { place.to_string() };
            let person = persons.filter(|p| p.len() == 1).and_then(BTreeSet::first).copied();
            line(unit.clone(), unit, person)
        })
        .collect()
}

/// A print of lines, by which a roll that is taken is known to be the one that was looked at.
#[must_use]
pub fn print(lines: &[Line]) -> String {
    let mut hash = Sha256::new();
    for line in lines {
        let person = line.person.map(|p| p.to_string()).unwrap_or_default();
        hash.update(format!("{}\t{}\t{person}\n", line.unit, line.name));
    }
    hex::encode(hash.finalize())
}
