//! What `verify` looks at beyond rows and chains: clear copies, attachments, numbers, settings.

use super::{Draft, Matter, Settings};
use crate::actions::settings_stream;
use kernel::Id;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{Conn, Fault, Keys, StreamFault, args};

fn fault(stream: Id, why: impl Into<String>) -> StreamFault {
    StreamFault { room: "matters".into(), stream, why: why.into() }
}

/// Numbers by street and series (`LY-2026`).
type Numbers = BTreeMap<(Id, String), BTreeSet<i64>>;

/// Checks that every row is what the journal says, every clear copy what its commitment says, every attachment the
/// one that was handed in; that no number is missing; and that the settings are those of the journal.
///
/// # Errors
/// What the database says.
pub async fn verify(conn: &mut Conn, keys: &Keys) -> Result<(u64, Vec<StreamFault>), Fault> {
    let (matters, mut faults) = conn.check_rows::<Matter>("raised").await?;
    let (drafts, more) = conn.check_rows::<Draft>("draft_begun").await?;
    faults.extend(more);
    let mut numbers = Numbers::new();
    let mut after = Id::from(uuid::Uuid::nil());
    loop {
        let rows = conn
            .all(
                "SELECT id, title, body, public_title, state FROM matter WHERE id > $1 ORDER BY id LIMIT 500",
                args![after],
            )
            .await?;
        if rows.is_empty() {
            break;
        }
        let mut page = Vec::with_capacity(rows.len());
        for row in rows {
            after = row.get("id")?;
            // A state that cannot be read is reported with its row.
            if let Ok(m) = serde_json::from_value::<Matter>(row.get("state")?) {
                let copies: [Option<String>; 3] =
                    [row.get("title")?, row.get("body")?, row.get("public_title")?];
                page.push((m, copies));
            }
        }
        copies(conn, keys, &page, &mut faults).await?;
        for (m, _) in &page {
            for number in [&m.number].into_iter().chain(m.voices.iter().map(|v| &v.number)) {
                if let Some((series, Ok(n))) = number.rsplit_once('-').map(|(s, n)| (s, n.parse())) {
                    numbers.entry((m.street, series.to_owned())).or_default().insert(n);
                }
            }
            for a in &m.attachments {
                let sql = "SELECT sha256, kind FROM blob WHERE street = $1 AND id = $2";
                let row = conn.one(sql, args![m.street, a.blob]).await?;
                let same = match row {
                    Some(row) => {
                        row.get::<String>("sha256")? == a.hash && row.get::<String>("kind")? == a.kind
                    }
                    None => false,
                };
                if !same {
                    faults.push(fault(m.id, "an attachment is not the one that was handed in"));
                }
            }
        }
    }
    check_numbers(conn, &numbers, &mut faults).await?;
    check_settings(conn, &mut faults).await?;
    Ok((matters + drafts, faults))
}

/// The clear copies beside the state, for lists.
async fn copies(
    conn: &mut Conn,
    keys: &Keys,
    page: &[(Matter, [Option<String>; 3])],
    faults: &mut Vec<StreamFault>,
) -> Result<(), Fault> {
    type Copy<'a> = (String, &'a Option<String>, Id);
    let mut wanted: HashMap<Id, Vec<Copy<'_>>> = HashMap::new();
    for (m, [title, body, public]) in page {
        let list = wanted.entry(m.street).or_default();
        list.push((m.title.commit.clone(), title, m.id));
        list.push((m.body.commit.clone(), body, m.id));
        match &m.public_title {
            Some(words) => list.push((words.commit.clone(), public, m.id)),
            None if public.is_some() => faults.push(fault(m.id, "a public title stands that nobody gave")),
            None => {}
        }
    }
    for (street, list) in wanted {
        let commits: Vec<String> = list.iter().map(|(c, _, _)| c.clone()).collect();
        let clear = match conn.clear_words(keys, street, &commits).await {
            Ok(clear) => clear,
            Err(Fault::Db(fault)) => return Err(fault.into()),
            // Which text it is, the check of the texts themselves says.
            Err(other) => {
                faults.push(fault(Id::from(uuid::Uuid::nil()), other.to_string()));
                continue;
            }
        };
        for (commit, copy, id) in list {
            if clear.get(&commit) != copy.as_ref() {
                faults.push(fault(id, "a clear copy is not what was said"));
            }
        }
    }
    Ok(())
}

/// Numbers are given out without gaps: a missing one is a record that was dropped.
async fn check_numbers(
    conn: &mut Conn,
    numbers: &Numbers,
    faults: &mut Vec<StreamFault>,
) -> Result<(), Fault> {
    for ((street, series), given) in numbers {
        let sql = "SELECT last FROM series WHERE street = $1 AND name = $2";
        let last = match conn.one(sql, args![*street, series]).await? {
            Some(row) => row.get::<i64>("last")?,
            None => 0,
        };
        let most = given.last().copied().unwrap_or(0);
        if last != most {
            faults
                .push(fault(*street, format!("series {series} stands at {last}, its last number is {most}")));
        } else if i64::try_from(given.len()).ok() != Some(last) {
            let missing = last - i64::try_from(given.len()).unwrap_or(0);
            faults.push(fault(*street, format!("{missing} numbers of series {series} are missing")));
        }
    }
    Ok(())
}

/// The settings are the journalled changes laid over what is shipped.
async fn check_settings(conn: &mut Conn, faults: &mut Vec<StreamFault>) -> Result<(), Fault> {
    let mut streets = BTreeSet::new();
    for sql in [
        "SELECT DISTINCT street FROM journal WHERE kind = 'matters.settings_changed'",
        "SELECT street FROM setting WHERE name = 'matters'",
    ] {
        for row in conn.all(sql, vec![]).await? {
            streets.insert(row.get::<Id>("street")?);
        }
    }
    let untouched = serde_json::to_value(Settings::default())?;
    for street in streets {
        let mut want = Settings::default();
        for entry in conn.stream(settings_stream(street)).await? {
            if laid_over(&mut want, &entry.body.data).is_none() {
                faults.push(fault(street, "a change of the settings cannot be read"));
            }
        }
        // As JSON: a field that nobody reads must not be there either.
        let want = serde_json::to_value(&want)?;
        if conn.setting(street, "matters").await?.unwrap_or_else(|| untouched.clone()) != want {
            faults.push(fault(street, "the settings are not what the journal says"));
        }
    }
    Ok(())
}

fn laid_over(settings: &mut Settings, data: &Value) -> Option<()> {
    let new = data.get("new")?.clone();
    let about = data.get("about")?.as_str()?;
    match data.get("what")?.as_str()? {
        "calendar" => settings.calendar = serde_json::from_value(new).ok()?,
        "category" => {
            let edit: methods::CategoryEdit = serde_json::from_value(new).ok()?;
            match settings.categories.iter_mut().find(|e| e.code == edit.code) {
                Some(e) => *e = edit,
                None => settings.categories.push(edit),
            }
        }
        "method" => {
            let code: Option<String> = serde_json::from_value(new).ok()?;
            match code {
                code if about.is_empty() => settings.method = code,
                Some(code) => {
                    settings.methods.insert(about.to_owned(), code);
                }
                None => {
                    settings.methods.remove(about);
                }
            }
        }
        "own_method" => match serde_json::from_value::<Option<String>>(new).ok()? {
            Some(text) => {
                settings.own_methods.insert(about.to_owned(), text);
            }
            None => {
                settings.own_methods.remove(about);
            }
        },
        _ => return None,
    }
    Some(())
}
