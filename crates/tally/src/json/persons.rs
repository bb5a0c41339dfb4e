//! `meeting`, `election` and `petition`.

use super::read::short;
use super::{Answer, Election, Expect, Meeting, Need, Object, Petition, Tallied};
use crate::election::{self, MOST_SEATS, Turnout};
use crate::rule::{Base, Form, shipped};
use crate::{Fault, Rule, Share, Why, meeting, petition};
use serde_json::Value;

/// The shipped rule that a word names.
fn named(input: &Object<'_>, field: &str, form: Form, prefix: &str) -> Result<Rule, Fault> {
    let of_form = || shipped().iter().filter(|rule| rule.form == form);
    let word = |rule: &'static Rule| rule.code.strip_prefix(prefix).unwrap_or(&rule.code);
    let known: Vec<&str> = of_form().map(word).collect();
    input.coded(field, |text| of_form().find(|rule| word(rule) == text).cloned(), &known)
}

/// A share `[num, den, strict]`, before or after it the name of a base where one is allowed.
fn share(rule: &Object<'_>, field: &str, based: bool) -> Result<Option<(Share, Option<Base>)>, Fault> {
    let Some(value) = rule.map.get(field) else { return Ok(None) };
    let bad = || rule.fault(field, Why::NotAShare(short(&value.to_string())));
    let mut parts: Vec<&Value> = Vec::new();
    for part in value.as_array().ok_or_else(bad)? {
        match part.as_array() {
            Some(inner) => parts.extend(inner),
            None => parts.push(part),
        }
    }
    let mut base = None;
    if based {
        let is_text = |part: Option<&&Value>| part.is_some_and(|part| part.is_string());
        let word = if is_text(parts.first()) {
            Some(parts.remove(0))
        } else if is_text(parts.last()) {
            parts.pop()
        } else {
            None
        };
        if let Some(word) = word.and_then(Value::as_str) {
            let known = || Base::ALL.iter().map(|b| b.code()).collect::<Vec<_>>().join(", ");
            base =
                Some(Base::parse(word).ok_or_else(|| {
                    rule.fault(field, Why::NotOneOf { found: short(word), known: known() })
                })?);
        }
    }
    let [num, den, strict] = parts.as_slice() else { return Err(bad()) };
    let number = |value: &Value| value.as_u64().and_then(|n| u32::try_from(n).ok()).ok_or_else(bad);
    let share = Share::new(number(num)?, number(den)?, strict.as_bool().ok_or_else(bad)?);
    Ok(Some((share.ok_or_else(bad)?, base)))
}

/// The rule of a body, with what the input sets otherwise (a charter may ask for more).
fn body(input: &Object<'_>) -> Result<Rule, Fault> {
    let given = input.object("rule")?;
    let own = given.as_ref().is_some_and(|rule| rule.has("yes")) && !input.has("body");
    let mut rule = if own {
        // No body named: nothing but what the input says.
        let bare = Rule::shipped("residents_meeting").cloned();
        let bare = bare.ok_or_else(|| input.fault("body", Why::Missing))?;
        Rule { code: "own".into(), attend: None, laws: Vec::new(), ..bare }
    } else {
        named(input, "body", Form::Meeting, "")?
    };
    if let Some(given) = given {
        given.knows(&["attend", "yes", "base"])?;
        // `null` says that no number has to come.
        if given.map.get("attend").is_some_and(Value::is_null) {
            rule.attend = None;
        } else if let Some((attend, _)) = share(&given, "attend", false)? {
            rule.attend = Some(attend);
        }
        if given.has("yes")
            && let Some((agree, base)) = share(&given, "yes", true)?
        {
            rule.agree = agree;
            rule.agree_of = base.unwrap_or(rule.agree_of);
        }
        let known: Vec<&str> = Base::ALL.iter().map(|b| b.code()).collect();
        rule.agree_of = given.coded_or("base", Base::parse, &known, rule.agree_of)?;
    }
    Ok(rule)
}

pub(super) fn meeting(input: &Object<'_>) -> Result<Answer, Fault> {
    input.knows(&["body", "eligible", "attending", "yes", "no", "abstain", "rule", "invalid"])?;
    let rule = body(input)?;
    let count = meeting::Count {
        eligible: input.count("eligible")?,
        attending: input.count("attending")?,
        yes: input.count("yes")?,
        no: input.count("no")?,
        abstain: input.count("abstain")?,
        invalid: input.count_or("invalid", 0)?,
    };
    let outcome = meeting::count(&rule, &count)?;
    Ok(Expect::Meeting(Meeting {
        need_attend: outcome.need_attend,
        quorum: outcome.quorum,
        base: outcome.base,
        need_yes: outcome.need_yes,
        outcome: outcome.verdict.code(),
    })
    .into())
}

pub(super) fn election(input: &Object<'_>) -> Result<Answer, Fault> {
    let fields =
        ["mode", "registered", "participants", "collected", "seats", "candidates", "ballots", "round"];
    input.knows(&fields)?;
    let round = input.count_or("round", 1)?;
    let runoff = match round {
        1 => "",
        2 => "_runoff",
        other => {
            let why = Why::NotOneOf { found: other.to_string(), known: "1, 2".to_owned() };
            return Err(input.fault("round", why));
        }
    };
    let known = ["voters", "households", "reps"];
    let find = |mode: &str| {
        known.contains(&mode).then(|| Rule::shipped(&format!("election_{mode}{runoff}"))).flatten()
    };
    let rule = input.coded("mode", find, &known)?;
    let turnout = Turnout {
        registered: input.count("registered")?,
        participants: input.count("participants")?,
        collected: input.count("collected")?,
    };
    let seats = input.small("seats", MOST_SEATS)?;
    let mut counter = election::Counter::new(rule, turnout, seats, &input.texts("candidates", true)?)?;
    for ballot in input.objects("ballots", true)? {
        let ballot = ballot?;
        ballot.knows(&["count", "marks"])?;
        let mut marks = Vec::new();
        for name in ballot.texts("marks", true)? {
            marks.push(counter.person(name).map_err(|why| ballot.fault("marks", why))?);
        }
        counter.add(ballot.count("count")?, &marks).map_err(|why| ballot.fault("count", why))?;
    }
    let outcome = counter.outcome();
    let votes = outcome.votes.into_iter().filter(|v| v.votes > 0).map(|v| (v.name, v.votes));
    Ok(Expect::Election(Election {
        turnout_ok: outcome.turnout_ok,
        valid: outcome.void.is_none(),
        reason: outcome.void.map(|void| void.code()),
        valid_ballots: outcome.valid_ballots,
        invalid_ballots: outcome.invalid_ballots,
        votes: Tallied(votes.collect()),
        elected: outcome.elected,
        tied: outcome.tied,
        vacancies: outcome.vacancies,
        runoff_order: outcome.runoff_order,
    })
    .into())
}

pub(super) fn petition(input: &Object<'_>) -> Result<Answer, Fault> {
    input.knows(&["action", "base", "signers"])?;
    let rule = named(input, "action", Form::Petition, "petition_")?;
    let base = if rule.fixed.is_some() { input.count_or("base", 0)? } else { input.count("base")? };
    let outcome = petition::count(&rule, base, input.count("signers")?)?;
    Ok(Expect::Petition(Petition { met: outcome.met, need: Need { heads: outcome.need } }).into())
}
