//! Nominees: how many signers, which warnings, in which order they stand on the ballot.

use crate::model::{Election, ElectionState as S, Nominee, Warning, Way};
use kernel::{Id, Refusal};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use tally::{Rule, petition};

/// The petition by which voters nominate: ten of them (居委会组织法 18).
const PETITION: &str = "petition_residents_nominate";

/// How many signers a nomination needs; 0 for none. Where the law rules, only the party organisation or ten voters nominate, so
/// whoever nominates themself needs the ten as well.
///
/// # Errors
/// `elections.way-not-here` for a compound's recommendation where the law rules.
pub fn need(e: &Election, way: Way) -> Result<u64, Refusal> {
    let lawful = e.mode.is_lawful();
    let signed = match way {
        Way::Peers => true,
        Way::Own => lawful,
        Way::Organisation => false,
        Way::Compound if lawful => return Err(Refusal::invalid("way", "elections.way-not-here")),
        Way::Compound => false,
    };
    if !signed {
        return Ok(0);
    }
    let rule = Rule::shipped(PETITION).ok_or(Refusal::conflict("elections.no-rule"))?;
    let base = e.roll().map_or(0, |r| u64::from(r.voters));
    Ok(petition::count(rule, base, 0).map_or(1, |o| o.need))
}

/// What must be thought about before these candidates are published.
#[must_use]
pub fn warnings(e: &Election) -> Vec<Warning> {
    let standing: Vec<&Nominee> = e.nominees.iter().filter(|n| n.stands()).collect();
    let mut out = Vec::new();
    if !standing.iter().any(|n| n.woman == Some(true)) {
        out.push(Warning::NoWoman);
    }
    let stands = |id: Id| standing.iter().any(|n| n.id == id);
    if e.kin.iter().any(|k| stands(k.first) && stands(k.second)) {
        out.push(Warning::NearRelatives);
    }
    if standing.len() <= e.seats as usize {
        out.push(Warning::NotMoreThanSeats);
    }
    out
}

/// Whether a relation between two nominees may still be noted: from the first nomination to the last certified count. What
/// comes out late changes who may sit together, so it is taken as long as anybody may still be elected.
#[must_use]
pub fn takes_kin(e: &Election) -> bool {
    let counted = || e.round().is_some_and(|r| r.count.is_some());
    match e.state {
        S::Prepared | S::Committee | S::RollPublished | S::Appeals => false,
        S::Counting => !counted(),
        state => !state.is_over(),
    }
}

/// The order that a lot gives: by SHA-256 of what was drawn and the id. Whoever has the record draws it again.
#[must_use]
pub fn order(mut candidates: Vec<Id>, seed: &str) -> Vec<Id> {
    candidates.sort_by_cached_key(|id| {
        let mut hash = Sha256::new();
        hash.update(seed);
        hash.update(id.to_string());
        hex::encode(hash.finalize())
    });
    candidates
}

/// The names on the ballot: people of one name are told apart by who recommended them, or else by a number.
#[must_use]
pub fn labels(e: &Election, order: &[Id], names: &HashMap<Id, String>) -> Vec<(Id, String)> {
    let mut out: Vec<(Id, String)> = Vec::with_capacity(order.len());
    for id in order {
        let name = names.get(id).cloned().unwrap_or_default();
        let twice = order.iter().filter(|o| names.get(o) == Some(&name)).count() > 1;
        let from = e.nominee(*id).and_then(|n| n.from.clone());
        let mut label = match from.filter(|_| twice) {
            Some(from) => format!("{name}（{from}）"),
            None => name.clone(),
        };
        let mut n = 1;
        while out.iter().any(|(_, l)| *l == label) || (n == 1 && twice && label == name) {
            label = format!("{name}（{n}）");
            n += 1;
        }
        out.push((*id, label));
    }
    out
}
