//! Writers of the roll: published once, corrected by versions.

use super::{load, rounds::line, step};
use crate::{
    model::{Act, Election, RollLine},
    queries,
};
use kernel::{Actor, Id, Refusal, calendar::Calendar, text};
use polls::{
    model::{Posted, Shape},
    rules::{Line, build, read_sheet},
};
use store::{Fault, Tx};

/// How a roll is corrected.
#[derive(Clone, Debug)]
pub enum Correction {
    /// Somebody is added.
    Add(RollLine),
    /// The line of this unit is struck.
    Remove(String),
    /// The whole roll anew.
    Sheet(Vec<RollLine>),
}

/// Reads a spreadsheet: number or household, name, telephone.
///
/// # Errors
/// Which line is wrong, as polls say it.
pub fn lines_of(sheet: &[Vec<String>]) -> Result<Vec<RollLine>, Refusal> {
    let lines: Vec<Line> = read_sheet(&Shape::Election { seats: 1 }, sheet)?;
    let lines: Vec<RollLine> =
        lines.into_iter().map(|l| RollLine { unit: l.unit, name: l.name, phone: l.phone }).collect();
    Ok(lines)
}

/// Puts a roll together as polls will freeze it: its hash, how many are entitled, its text to keep.
fn put(seats: u32, lines: &[RollLine]) -> Result<(String, u32, String), Fault> {
    let shape = Shape::Election { seats };
    let built = build(&shape, false, &lines.iter().cloned().map(line).collect::<Vec<_>>())?;
    // Two versions may differ in names or telephones alone, which the public text does not carry.
    let text = serde_json::to_string(lines)?;
    Ok((built.sha256, u32::try_from(built.heads.len()).unwrap_or(u32::MAX), text))
}

/// Characters of the reason for which a roll is printed.
pub(crate) const WHY: usize = 200;

/// Records that the roll is printed with its names, and why: whoever shows it does so afterwards.
///
/// # Errors
/// `ui.empty` without a reason; `elections.not-now` where there is no roll; `elections.many-prints`.
pub async fn print_roll(
    tx: &mut Tx,
    actor: &Actor,
    id: Id,
    why: &str,
    calendar: &Calendar,
) -> Result<Election, Fault> {
    let e = load(tx, actor.street, id).await?;
    let why = text::required("print_why", why, WHY)?;
    let reason = tx.keep(e.street, actor.person, &why).await?;
    step(tx, actor, e, Act::PrintRoll(reason), calendar).await
}

/// Publishes the roll; `posted` when it hung on a board before.
///
/// # Errors
/// Which line is wrong; `elections.too-late` with the last day, the article and the earliest lawful polling day.
pub async fn publish_roll(
    tx: &mut Tx,
    actor: &Actor,
    id: Id,
    lines: &[RollLine],
    posted: Option<Posted>,
    calendar: &Calendar,
) -> Result<Election, Fault> {
    let e = load(tx, actor.street, id).await?;
    let (sha256, voters, text) = put(e.seats, lines)?;
    let words = tx.keep(e.street, None, &text).await?;
    step(tx, actor, e, Act::PublishRoll(sha256, voters, words, posted), calendar).await
}

/// Corrects the roll: the next version takes the place of the one before, whose text stays.
///
/// # Errors
/// Which line is wrong; `elections.on-roll-already`, `elections.not-on-roll`; refusals of the rules.
pub async fn correct_roll(
    tx: &mut Tx,
    actor: &Actor,
    id: Id,
    correction: Correction,
    appeal: Option<Id>,
    calendar: &Calendar,
) -> Result<Election, Fault> {
    let e = load(tx, actor.street, id).await?;
    let keys = tx.keys().clone();
    let mut lines = queries::roll(tx, &keys, &e).await?;
    match correction {
        Correction::Add(mut new) => {
            new.unit = text::required("unit", &new.unit, 60)?;
            new.name = text::required("name", &new.name, 40)?;
            new.phone = people::rules::phone(new.phone.as_deref())?;
            if lines.iter().any(|l| l.unit == new.unit) {
                return Err(Refusal::invalid("unit", "elections.on-roll-already").into());
            }
            lines.push(new);
        }
        Correction::Remove(unit) => {
            let unit = text::clean(&unit);
            let before = lines.len();
            lines.retain(|l| l.unit != unit);
            if lines.len() == before {
                return Err(Refusal::invalid("gone", "elections.not-on-roll").with("unit", unit).into());
            }
        }
        Correction::Sheet(new) => lines = new,
    }
    let (sha256, voters, text) = put(e.seats, &lines)?;
    let words = tx.keep(e.street, None, &text).await?;
    step(tx, actor, e, Act::CorrectRoll(sha256, voters, words, appeal), calendar).await
}
