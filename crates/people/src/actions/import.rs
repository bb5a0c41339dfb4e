//! Units and offices from spreadsheets: a preview with what is wrong by row, then all of it or nothing; the
//! same file twice changes nothing the second time.

use super::{add_unit, change_unit, give_office, person_by_phone};
use crate::{
    model::{NewOffice, NewUnit, Office},
    queries,
    rules::{
        self, OfficeFacts,
        rows::{self, PlaceBook},
    },
};
use kernel::{Actor, Id, OfficeKind, Refusal, Time, time::local_date};
use methods::UnitKind;
use places::rules::import::RowError;
use std::collections::HashMap;
use store::{Conn, Fault, Keys, Tx};

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Imported {
    /// Records made.
    pub added: usize,
    /// Records changed.
    pub changed: usize,
    /// Rows that changed nothing.
    pub same: usize,
}

/// What an import of units would do.
#[derive(Clone, Debug, Default)]
pub struct UnitPlan {
    /// To be entered.
    pub adds: Vec<NewUnit>,
    /// To be changed.
    pub changes: Vec<(Id, NewUnit)>,
    /// Rows that change nothing.
    pub same: usize,
    /// What is wrong.
    pub errors: Vec<RowError>,
}

/// A row of a list of offices, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeRow {
    /// The name.
    pub name: Option<String>,
    /// The telephone.
    pub phone: String,
    /// The office; its person is put in when it is given.
    pub office: Office,
}

/// What an import of offices would do.
#[derive(Clone, Debug, Default)]
pub struct OfficePlan {
    /// To be given.
    pub adds: Vec<OfficeRow>,
    /// Rows that change nothing.
    pub same: usize,
    /// What is wrong.
    pub errors: Vec<RowError>,
}

/// The code that a word in any of the languages means, or the code itself.
fn meant<T: Copy>(
    all: &[T],
    code: fn(T) -> &'static str,
    key: impl Fn(&str) -> String,
    words: &ui::Words,
    text: &str,
) -> Option<T> {
    all.iter().copied().find(|item| {
        let code = code(*item);
        code == text
            || ui::Lang::ALL.iter().any(|lang| words.say(*lang, &key(code), &[]).eq_ignore_ascii_case(text))
    })
}

fn unit_kind(text: &str) -> Result<UnitKind, Refusal> {
    meant(UnitKind::ALL, UnitKind::code, |c| format!("unit-kind-{c}"), &crate::WORDS, text)
        .ok_or(Refusal::invalid("kind", "people.unknown-kind").with("kind", text))
}

fn office_kind(text: &str) -> Result<OfficeKind, Refusal> {
    let found = OfficeKind::ALL.iter().copied().find(|kind| {
        kind.code() == text
            || ui::Lang::ALL
                .iter()
                .any(|l| ui::layout::office_name(*l, kind.code()).eq_ignore_ascii_case(text))
    });
    found.ok_or(Refusal::invalid("kind", "people.unknown-kind").with("kind", text))
}

async fn book(conn: &mut Conn, street: Id) -> Result<PlaceBook, Fault> {
    let root = conn.get::<places::Place>(street, street).await?.ok_or(Refusal::conflict("ui.no-street"))?;
    Ok(PlaceBook::new(&places::queries::everything(conn, street, &root.path).await?))
}

/// What an import of these rows (the first one the heads) as units would do.
///
/// # Errors
/// `people.no-heads`; what the database says.
pub async fn plan_units(conn: &mut Conn, street: Id, rows: &[Vec<String>]) -> Result<UnitPlan, Fault> {
    let (heads, numbers) = rows::read(rows::UNIT_HEADS, &["name", "kind", "place"], rows)?;
    let book = book(conn, street).await?;
    let mut known: HashMap<String, (Option<Id>, NewUnit)> = queries::units(conn, street)
        .await?
        .into_iter()
        .map(|u| {
            (
                u.name.clone(),
                (Some(u.id), NewUnit { kind: u.kind, name: u.name, place: u.place, phone: u.phone }),
            )
        })
        .collect();
    let mut plan = UnitPlan::default();
    for at in numbers {
        let cells = rows::cells(&heads, &rows[at]);
        let read = || -> Result<NewUnit, Refusal> {
            rules::unit(&NewUnit {
                kind: unit_kind(&cells.need("kind")?)?,
                name: cells.need("name")?,
                place: book.find(&cells.need("place")?)?,
                phone: cells.get("phone"),
            })
        };
        match read() {
            Err(refusal) => plan.errors.push(RowError { row: at + 1, refusal }),
            Ok(unit) => match known.get(&unit.name).cloned() {
                Some((_, same))
                    if same == unit
                        || (unit.phone.is_none()
                            && same == NewUnit { phone: same.phone.clone(), ..unit.clone() }) =>
                {
                    plan.same += 1;
                }
                Some((Some(id), _)) => {
                    plan.changes.retain(|(i, _)| *i != id);
                    plan.changes.push((id, unit.clone()));
                    known.insert(unit.name.clone(), (Some(id), unit));
                }
                Some((None, _)) => plan.errors.push(RowError {
                    row: at + 1,
                    refusal: Refusal::invalid("name", "people.row-twice").with("name", &unit.name),
                }),
                None => {
                    known.insert(unit.name.clone(), (None, unit.clone()));
                    plan.adds.push(unit);
                }
            },
        }
    }
    Ok(plan)
}

fn broken(errors: &[RowError]) -> Result<(), Refusal> {
    match errors.first() {
        None => Ok(()),
        Some(first) => Err(Refusal::invalid("file", "people.import-errors")
            .with("n", errors.len())
            .with("row", first.row)
            .with("code", first.refusal.code)),
    }
}

/// Imports units.
///
/// # Errors
/// `people.import-errors` naming the first bad row; then nothing is changed.
pub async fn import_units(tx: &mut Tx, actor: &Actor, rows: &[Vec<String>]) -> Result<Imported, Fault> {
    let plan = plan_units(tx, actor.street, rows).await?;
    broken(&plan.errors)?;
    let done = Imported { added: plan.adds.len(), changed: plan.changes.len(), same: plan.same };
    for unit in plan.adds {
        add_unit(tx, actor, unit).await?;
    }
    for (id, unit) in plan.changes {
        change_unit(tx, actor, id, unit).await?;
    }
    Ok(done)
}

/// What an import of these rows (the first one the heads) as offices would do. Persons are known by telephone.
///
/// # Errors
/// `people.no-heads`; `ui.no-right`; what the database says.
pub async fn plan_offices(
    conn: &mut Conn,
    keys: &Keys,
    actor: &Actor,
    rows: &[Vec<String>],
    now: Time,
) -> Result<OfficePlan, Fault> {
    rules::acts_as(actor, OfficeKind::SecurityAdmin)?;
    let (heads, numbers) = rows::read(rows::OFFICE_HEADS, &["phone", "kind", "place"], rows)?;
    let (street, today) = (actor.street, local_date(now));
    let book = book(conn, street).await?;
    let units: HashMap<String, Id> =
        queries::units(conn, street).await?.into_iter().map(|u| (u.name, u.id)).collect();
    // Offices by telephone: those held, and those of earlier rows.
    let mut held: HashMap<String, (Id, Vec<Office>)> = HashMap::new();
    let mut plan = OfficePlan::default();
    for at in numbers {
        let cells = rows::cells(&heads, &rows[at]);
        let phone = match cells.need("phone").and_then(|p| rules::phone(Some(&p))) {
            Ok(phone) => phone.unwrap_or_default(),
            Err(refusal) => {
                plan.errors.push(RowError { row: at + 1, refusal });
                continue;
            }
        };
        if !held.contains_key(&phone) {
            let person = queries::find_by_phone(conn, keys, street, &phone).await?;
            let offices = match person {
                Some(person) => queries::offices_from(conn, street, person, today).await?,
                None => Vec::new(),
            };
            // Somebody not known yet gets a stand-in until the office is given.
            held.insert(phone.clone(), (person.unwrap_or_else(|| Id::named(&phone)), offices));
        }
        let Some((person, offices)) = held.get_mut(&phone) else { continue };
        let read = || -> Result<(Option<String>, Office), Refusal> {
            let unit = match cells.get("unit") {
                Some(name) => Some(*units.get(&name).ok_or(Refusal::invalid("unit", "people.no-unit"))?),
                None => None,
            };
            let new = NewOffice {
                person: *person,
                kind: office_kind(&cells.need("kind")?)?,
                place: book.find(&cells.need("place")?)?,
                unit,
                from: cells.date("from")?,
                until: cells.date("until")?,
            };
            let facts = OfficeFacts { held: offices.clone(), place_known: true, unit_known: unit.is_some() };
            let name = cells.get("name").map(|n| kernel::text::required("name", &n, 40)).transpose()?;
            Ok((name, rules::give(*person, actor, &new, &facts, today)?))
        };
        match read() {
            Ok((name, office)) => {
                offices.push(office.clone());
                plan.adds.push(OfficeRow { name, phone, office });
            }
            Err(refusal) if refusal.code == "people.already-held" => plan.same += 1,
            Err(refusal) => plan.errors.push(RowError { row: at + 1, refusal }),
        }
    }
    Ok(plan)
}

/// Imports offices: makes the persons that are not known yet (without accounts) and gives the offices.
///
/// # Errors
/// `people.import-errors` naming the first bad row; then nothing is changed.
pub async fn import_offices(tx: &mut Tx, actor: &Actor, rows: &[Vec<String>]) -> Result<Imported, Fault> {
    let (keys, now) = (tx.keys().clone(), tx.now);
    let plan = plan_offices(tx, &keys, actor, rows, now).await?;
    broken(&plan.errors)?;
    let done = Imported { added: plan.adds.len(), changed: 0, same: plan.same };
    for row in plan.adds {
        let person = person_by_phone(tx, actor, &row.phone, row.name.as_deref()).await?;
        let Office { kind, place, unit, from, until, .. } = row.office;
        give_office(tx, actor, NewOffice { person, kind, place, unit, from: Some(from), until }).await?;
    }
    Ok(done)
}
