//! `deadline`, `proxies` and `events`.

use super::{Answer, Deadline, Events, Expect, Object, Proxies, choice};
use crate::deadline::{self, MOST_DAYS};
use crate::events::{Event, Poll, Way};
use crate::proxies::{Book, Proxy};
use crate::rule::{Proxying, Revote};
use crate::{Choice, Fault, Why};
use chrono::NaiveDate;

pub(super) fn deadline(input: &Object<'_>) -> Result<Answer, Fault> {
    input.knows(&["type", "date", "days", "holidays"])?;
    let date = input.date("date")?;
    let holidays = input.dates("holidays")?;
    let off = |day: NaiveDate| holidays.contains(&day);
    let days = || input.small("days", MOST_DAYS);
    let text = |day: Option<NaiveDate>| match day {
        // A year of five digits would not be read back.
        Some(day) if day.to_string().len() == 10 => Ok(day.to_string()),
        _ => Err(input.fault("date", Why::NotADate(date.to_string()))),
    };
    let known = ["within_days_after", "within_one_year_after", "latest_notice_before", "publish_at_least"];
    let kind = input.coded("type", |text| known.iter().position(|k| *k == text), &known)?;
    let expect = match kind {
        0 => Deadline::LastDay(text(deadline::within_days_after(date, days()?, off))?),
        1 => {
            // It may be given, and says nothing.
            input.count_or("days", 0)?;
            Deadline::LastDay(text(deadline::within_one_year_after(date, off))?)
        }
        2 => Deadline::LatestDay(text(deadline::latest_notice_before(date, days()?))?),
        _ => Deadline::EarliestRemoval(text(deadline::earliest_removal(date, days()?))?),
    };
    Ok(Expect::Deadline(expect).into())
}

pub(super) fn proxies(input: &Object<'_>) -> Result<Answer, Fault> {
    input.knows(&["registered", "candidates", "proxies", "mode"])?;
    let modes = ["voters", "households", "reps"];
    let reps =
        input.coded_or("mode", |text| modes.contains(&text).then_some(text == "reps"), &modes, false)?;
    let rule = if reps { Proxying::none() } else { Proxying::election() };
    let mut book = Book::new(&rule, input.texts("registered", true)?, input.texts("candidates", false)?);
    let mut results = Vec::new();
    for proxy in input.objects("proxies", true)? {
        let proxy = proxy?;
        proxy.knows(&["principal", "agent", "written"])?;
        let (principal, agent) = (proxy.text("principal")?, proxy.text("agent")?);
        let written = proxy.truth_or("written", true)?;
        results.push(book.ask(Proxy { principal, agent, written }).code());
    }
    Ok(Expect::Proxies(Proxies { results }).into())
}

pub(super) fn events(input: &Object<'_>) -> Result<Answer, Fault> {
    input.knows(&["open", "close", "roster", "events", "revote"])?;
    let (open, close) = (input.time("open")?, input.time("close")?);
    let revote = input.coded_or("revote", Revote::parse, &["none", "last"], Revote::None)?;
    let roster = input.object("roster")?.ok_or_else(|| input.fault("roster", Why::Missing))?;
    let mut owners = Vec::new();
    for unit in roster.map.keys() {
        owners.push((unit.as_str(), roster.text(unit)?));
    }
    let mut poll = Poll::new(open, close, revote, owners)?;
    let mut results = Vec::new();
    for event in input.objects("events", true)? {
        let event = event?;
        event.knows(&["op", "unit", "by", "choice", "t", "to", "channel", "owner"])?;
        let (unit, at) = (event.text("unit")?, event.time("t")?);
        let ops = ["cast", "transfer", "add_unit"];
        let taken = match event.coded("op", |text| ops.iter().position(|op| *op == text), &ops)? {
            0 => {
                let ways: Vec<&str> = Way::ALL.iter().map(|way| way.code()).collect();
                let way = event.coded_or("channel", Way::parse, &ways, Way::Online)?;
                let (by, choice) = (event.text("by")?, choice(&event)?);
                if choice == Choice::None {
                    // Nothing was cast then.
                    let known = "yes, no, abstain, conform, invalid".to_owned();
                    let why = Why::NotOneOf { found: choice.code().to_owned(), known };
                    return Err(event.fault("choice", why));
                }
                Event::Cast { unit, by, choice, way }
            }
            1 => Event::Transfer { unit, to: event.text("to")? },
            _ => {
                let named = ["to", "owner", "by"].into_iter().find(|field| event.has(field));
                let owner = match named {
                    Some(field) => event.text(field)?,
                    // Whose it would be does not matter once the roll is frozen.
                    None if at >= open => "",
                    None => return Err(event.fault("to", Why::Missing)),
                };
                Event::AddUnit { unit, owner }
            }
        };
        results.push(poll.take(at, taken).code());
    }
    let last = poll.ballots().map(|(unit, choice)| (unit.to_owned(), choice.code())).collect();
    Ok(Expect::Events(Events { results, r#final: last }).into())
}
