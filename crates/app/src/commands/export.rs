//! `export`: a list as CSV or XLSX, by the ending of the file. Telephones are masked.

use super::{community, existing, street};
use crate::{
    Failure,
    cli::{self, What},
    config::Config,
    queries, say, t,
};
use kernel::{Id, text::mask_phone};
use people::queries::lists::{self, Filter};
use places::Place;
use serde_json::json;
use std::path::Path;
use store::{Conn, Keys};
use ui::sheet::{Cell, Sheet};

/// Writes a list. A file that is there already is left alone.
///
/// # Errors
/// When the ending is neither `.csv` nor `.xlsx`, or the file is there.
pub(super) async fn run(config: &Config, given: cli::Export) -> Result<(), Failure> {
    let lang = config.lang;
    let shown = given.file.display().to_string();
    let ending = given.file.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    if !["csv", "xlsx"].contains(&ending.as_str()) {
        return Err(Failure::said(t!(lang, "bad-ending", file = shown.as_str())));
    }
    free(config, &given.file)?;
    let store = existing(config).await?;
    let mut conn = store.read().await?;
    let street = street(config, &mut conn).await?;
    let within = match given.community.as_deref() {
        Some(code) => community(config, &mut conn, &street, Some(code)).await?,
        None => street.clone(),
    };
    let sheet = match given.what {
        What::Matters => matters(&mut conn, &within).await?,
        What::Places => places(&mut conn, &within).await?,
        What::Units => units(&mut conn, &within).await?,
        What::People => people(&mut conn, store.keys(), &within, store.now()).await?,
    };
    drop(conn);
    store.close().await;
    let n = sheet.rows.len();
    let bytes = if ending == "csv" { sheet.csv()? } else { sheet.xlsx()? };
    std::fs::write(&given.file, bytes)
        .map_err(|e| Failure::said(t!(lang, "no-write", file = shown.as_str(), why = e.to_string())))?;
    if config.json {
        say::json(&json!({ "rows": n, "file": shown }));
    } else {
        say::line(t!(lang, "exported", n = n, file = shown.as_str()));
    }
    Ok(())
}

/// Refuses a file that is there already.
///
/// # Errors
/// When it is.
pub(super) fn free(config: &Config, file: &Path) -> Result<(), Failure> {
    if file.exists() {
        return Err(Failure::said(t!(config.lang, "file-there", file = file.display().to_string())));
    }
    Ok(())
}

fn heads(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

async fn matters(conn: &mut Conn, within: &Place) -> Result<Sheet, Failure> {
    let lines = queries::export_matters(conn, within.street, &within.path).await?;
    Ok(Sheet {
        heads: heads(&[
            "number",
            "status",
            "title",
            "body",
            "community",
            "place",
            "category",
            "tier",
            "urgency",
            "channel",
            "unit",
            "raised_at",
            "due_at",
            "answered_at",
            "closed_at",
            "outcome",
            "ledger_replied_at",
            "ledger_key",
        ]),
        rows: lines.into_iter().map(|l| l.cells.into_iter().map(Cell::from).collect()).collect(),
    })
}

/// In the columns that the import of places reads.
async fn places(conn: &mut Conn, within: &Place) -> Result<Sheet, Failure> {
    let all = places::queries::everything(conn, within.street, &within.path).await?;
    let rows = all.iter().filter(|p| p.path.codes().count() > 1).map(|p| {
        let codes: Vec<&str> = p.path.codes().skip(1).collect();
        let mut row: Vec<Cell> =
            (0..5).map(|at| Cell::from(codes.get(at).map(|c| (*c).to_owned()))).collect();
        row.extend([
            Cell::from(p.name.as_str()),
            Cell::from(p.short_code.clone()),
            Cell::from(p.statistical.clone()),
            Cell::from(p.lat.map(degrees)),
            Cell::from(p.lon.map(degrees)),
            Cell::from(p.phone.clone()),
        ]);
        row
    });
    Ok(Sheet {
        heads: heads(&[
            "community",
            "compound",
            "building",
            "unit",
            "dwelling",
            "name",
            "short_code",
            "statistical",
            "lat",
            "lon",
            "phone",
        ]),
        rows: rows.collect(),
    })
}

/// Millionths of a degree as degrees.
fn degrees(micro: i64) -> String {
    let sign = if micro < 0 { "-" } else { "" };
    format!("{sign}{}.{:06}", micro.abs() / 1_000_000, micro.abs() % 1_000_000)
}

async fn units(conn: &mut Conn, within: &Place) -> Result<Sheet, Failure> {
    let all = people::queries::units(conn, within.street).await?;
    let rows = all.into_iter().filter(|u| u.place.within(&within.path)).map(|u| {
        vec![Cell::from(u.name), Cell::from(u.kind.code()), Cell::from(u.place.as_str()), Cell::from(u.phone)]
    });
    Ok(Sheet { heads: heads(&["name", "kind", "place", "phone"]), rows: rows.collect() })
}

async fn people(conn: &mut Conn, keys: &Keys, within: &Place, now: kernel::Time) -> Result<Sheet, Failure> {
    let street = within.street;
    let mut rows = Vec::new();
    let mut before: Option<Id> = None;
    loop {
        let filter = Filter { place: Some(within.path.clone()), ..Filter::default() };
        let offices =
            lists::offices(conn, street, &filter, Some(kernel::time::local_date(now)), before, 500).await?;
        let Some(last) = offices.last() else { break };
        before = Some(last.id);
        let mut ids: Vec<Id> = offices.iter().map(|o| o.person).collect();
        ids.sort();
        ids.dedup();
        let persons = people::queries::persons(conn, keys, street, &ids).await?;
        let units: Vec<Id> = offices.iter().filter_map(|o| o.unit).collect();
        let names = people::queries::unit_names(conn, street, &units).await?;
        for office in &offices {
            let person = persons.iter().find(|p| p.id == office.person);
            rows.push(vec![
                Cell::from(person.and_then(|p| p.name.clone())),
                Cell::from(person.and_then(|p| p.phone.as_deref().map(mask_phone))),
                Cell::from(office.kind.code()),
                Cell::from(office.place.as_str()),
                Cell::from(office.unit.and_then(|u| names.get(&u).cloned())),
                Cell::from(office.from.to_string()),
                Cell::from(office.until.map(|d| d.to_string())),
            ]);
        }
    }
    Ok(Sheet { heads: heads(&["name", "phone", "office", "place", "unit", "from", "until"]), rows })
}
