//! `owners` and `owners_heads`.

use super::{Answer, Expect, Left, Note, Object, Owners, OwnersHeads, choice, read::short};
use crate::owners::{Ballot, Counter, DEVELOPER, Entry, Group, Kind, Roll, State};
use crate::rule::{Invalid, Silence, owners_rule};
use crate::share::percent;
use crate::{Fault, Rule, Why, owners_heads};
use std::collections::HashMap;

/// The item of 民法典 278(1), as a number or its digit.
fn item(input: &Object<'_>) -> Result<Rule, Fault> {
    let number = match input.map.get("item").and_then(|value| value.as_str()) {
        Some(text) => text.parse().unwrap_or(0),
        None => input.count("item")?,
    };
    owners_rule(number).ok_or_else(|| {
        let found = input.map.get("item").map(ToString::to_string).unwrap_or_default();
        input.fault("item", Why::NotOneOf { found: short(&found), known: "1–9".to_owned() })
    })
}

fn silence(object: &Object<'_>) -> Result<Silence, Fault> {
    object.coded_or("silence", Silence::parse, &["none", "follow_majority"], Silence::None)
}

/// Words of a unit's state that registers use.
fn state(text: &str) -> Option<State> {
    Some(match text {
        "delivered" | "sold" | "sold_delivered" | "registered" => State::Delivered,
        "unsold" | "developer" => State::Unsold,
        "undelivered" | "not_delivered" | "sold_undelivered" | "sold_not_delivered" => State::Undelivered,
        _ => return None,
    })
}

/// Words of what a unit is. Whatever is no parking space counts.
fn kind(text: &str) -> Option<Kind> {
    Some(match text {
        "parking" => Kind::Parking,
        "exclusive" | "dwelling" | "residential" | "house" | "shop" | "commercial" | "office" | "storage"
        | "other" => Kind::Exclusive,
        _ => return None,
    })
}

const STATES: [&str; 6] = ["delivered", "sold", "registered", "unsold", "undelivered", "sold_undelivered"];
const UNITS: [&str; 6] = ["dwelling", "shop", "office", "storage", "other", "parking"];

fn entry<'a>(unit: &Object<'a>) -> Result<Entry<'a>, Fault> {
    unit.knows(&["id", "owner", "area", "state", "kind"])?;
    let state = unit.coded_or("state", state, &STATES, State::Delivered)?;
    let owner = match unit.maybe_text("owner")? {
        Some(owner) => owner,
        None if state != State::Delivered => DEVELOPER,
        None => return Err(unit.fault("owner", Why::Missing)),
    };
    let kind = unit.coded_or("kind", kind, &UNITS, Kind::Exclusive)?;
    Ok(Entry { id: unit.text("id")?, owner, area: unit.area("area")?, state, kind })
}

pub(super) fn owners(input: &Object<'_>) -> Result<Answer, Fault> {
    input.knows(&["item", "units", "ballots", "rules", "not_served", "groups"])?;
    let mut rule = item(input)?;
    if let Some(rules) = input.object("rules")? {
        rules.knows(&["parking_counts", "per_unit", "invalid", "silence"])?;
        rule.parking_counts = rules.truth_or("parking_counts", false)?;
        rule.per_unit = rules.truth_or("per_unit", false)?;
        let known = ["not_participating", "as_abstain"];
        rule.invalid = rules.coded_or("invalid", Invalid::parse, &known, Invalid::NotParticipating)?;
        rule.silence = silence(&rules)?;
    }
    let grouped = input.has("groups");
    let units = input.objects("units", !grouped)?;
    let entries = units.map(|unit| unit.and_then(|unit| entry(&unit))).collect::<Result<Vec<_>, _>>()?;
    let mut roll = Roll::new(entries, rule.parking_counts)?;
    for (at, owner) in input.texts("not_served", false)?.into_iter().enumerate() {
        roll.not_served(owner).map_err(|why| Fault::at(format!("not_served[{at}]"), why))?;
    }
    let mut groups = Vec::new();
    for group in input.objects("groups", false)? {
        let group = group?;
        group.knows(&["count", "area_each", "choice"])?;
        let (count, area_each) = (group.count("count")?, group.area("area_each")?);
        groups.push(Group { count, area_each, choice: choice(&group)? });
    }

    let mut counter = Counter::new(&rule, &roll);
    let mut notes = Vec::new();
    // Where the ballots of a head stand, to name those of owners who were not served.
    let mut places: HashMap<u32, String> = HashMap::new();
    for ballot in input.objects("ballots", !grouped)? {
        let ballot = ballot?;
        ballot.knows(&["owner", "choice", "unit"])?;
        let (owner, unit) = (ballot.text("owner")?, ballot.maybe_text("unit")?);
        let choice = choice(&ballot)?;
        match roll
            .ballot(owner, unit, choice, rule.per_unit)
            .map_err(|(field, why)| ballot.fault(field, why))?
        {
            Some(made @ Ballot { head, .. }) => {
                if roll.heads().get(head as usize).is_some_and(|head| !head.served) {
                    places.entry(head).or_insert_with(|| ballot.path_of("owner"));
                }
                counter.add(made).map_err(|why| ballot.fault("owner", why))?;
            }
            None => notes.push(Note {
                field: ballot.path_of("owner"),
                owner: owner.to_owned(),
                reason: Left::Voteless,
            }),
        }
    }
    let outcome = counter.outcome(&groups)?;
    if outcome.total.heads == 0 {
        return Err(Fault::at("units", Why::Empty));
    }
    let mut unserved: Vec<(u32, String)> = places.into_iter().collect();
    unserved.sort_unstable();
    for (head, field) in unserved {
        if let Some(head) = roll.heads().get(head as usize)
            && outcome.returned_unserved.iter().any(|key| key == head.key)
        {
            notes.push(Note { field, owner: head.key.to_owned(), reason: Left::Unserved });
        }
    }
    let mut flags: Vec<String> = outcome.split.iter().map(|key| format!("split:{key}")).collect();
    if outcome.no_common_majority {
        flags.push("no_common_majority".to_owned());
    }
    let (total, part, yes) = (outcome.total, outcome.part, outcome.yes);
    let expect = Owners {
        total_area: total.area,
        total_heads: total.heads,
        part_area: part.area,
        part_heads: part.heads,
        yes_area: yes.area,
        yes_heads: yes.heads,
        no_area: outcome.no.area,
        no_heads: outcome.no.heads,
        abstain_area: outcome.abstain.area,
        abstain_heads: outcome.abstain.heads,
        part_area_pct: percent(part.area.hundredths(), total.area.hundredths()),
        part_heads_pct: percent(part.heads, total.heads),
        yes_area_pct: percent(yes.area.hundredths(), part.area.hundredths()),
        yes_heads_pct: percent(yes.heads, part.heads),
        quorum_area: outcome.quorum_area,
        quorum_heads: outcome.quorum_heads,
        pass_area: outcome.pass_area,
        pass_heads: outcome.pass_heads,
        outcome: outcome.verdict.code(),
        flags,
    };
    Ok(Answer { expect: Expect::Owners(Box::new(expect)), notes })
}

pub(super) fn owners_heads(input: &Object<'_>) -> Result<Answer, Fault> {
    input.knows(&["item", "total", "yes", "no", "abstain", "silent_served", "unserved", "silence"])?;
    let rule = Rule { silence: silence(input)?, ..item(input)? };
    let count = owners_heads::Count {
        total: input.count("total")?,
        yes: input.count("yes")?,
        no: input.count("no")?,
        abstain: input.count("abstain")?,
        silent_served: input.count("silent_served")?,
        unserved: input.count("unserved")?,
    };
    let outcome = owners_heads::count(&rule, &count)?;
    let flag = outcome.no_common_majority.then(|| "no_common_majority".to_owned());
    Ok(Expect::OwnersHeads(OwnersHeads {
        part: outcome.part,
        yes: outcome.yes,
        no: outcome.no,
        abstain: outcome.abstain,
        part_pct: percent(outcome.part, count.total),
        yes_pct_of_part: percent(outcome.yes, outcome.part),
        yes_pct_of_total: percent(outcome.yes, count.total),
        quorum: outcome.quorum,
        outcome: outcome.verdict.code(),
        flags: flag.into_iter().collect(),
    })
    .into())
}
