//! Tampering with a real record: every column of every table, one value and one row at a time. `verify` must see each,
//! or the column stands in [`NOT_EVIDENCE`] with the reason why it proves nothing.
//!
//! Tables and columns are read from the database, so that a new one is either checked by `verify` or named here.

use crate::{demo, rooms};
use chrono::Duration;
use kernel::{Actor, FixedClock, Id};
use matters::model::NewMatter;
use store::{Arg, Conn, Engine, Fault, Keys, Store, StreamFault, args, testing};

/// What proves nothing: table, column (`*` for all of it), why.
const NOT_EVIDENCE: &[(&str, &str, &str)] = &[
    ("session", "*", "who is signed in just now"),
    ("sign_in_try", "*", "a counter against guessing, cleared by itself"),
    ("sign_in_code", "*", "a code that lives for minutes"),
    ("sign_in_rate", "*", "a counter of a time window"),
    ("idempotency", "*", "first answers, kept for repeated requests"),
    ("outbox", "*", "messages on their way; that something happened stands in the journal"),
    ("inbox", "*", "notices and read marks; that something happened stands in the journal"),
    ("search_doc", "*", "an index over what is checked elsewhere"),
    ("search_fts", "*", "an index over what is checked elsewhere"),
    ("migration", "*", "the program's own steps; doctor compares them"),
    ("account_secret", "password", "a secret, changed by its owner; that it was changed is journalled"),
    ("account_secret", "totp", "a secret; that it was set is journalled"),
    ("account_secret", "totp_new", "a secret that is being set up"),
    ("account_secret", "totp_step", "the last code used, against its being used again"),
    ("account_secret", "recovery", "secrets; that one was used is journalled"),
    ("api_token", "hash", "a secret; that it was made and revoked is journalled"),
    ("api_token", "made_at", "the journal has the time"),
    ("api_token", "used_at", "a convenience for its owner"),
    ("api_token", "revoked_at", "whether is checked; the journal has the time"),
    ("poll_pass", "*", "codes that were not used yet; who was handed one is checked"),
    ("words", "subject", "whose text it is, for erasing; the text itself is checked"),
];

/// Rows that are evidence, of tables where others are not.
const ROWS: &[(&str, &str)] = &[
    // Options of the operator are not journalled; counters that give no number to anybody prove nothing.
    ("setting", "name = 'matters'"),
    ("series", "name LIKE '__-20__'"),
];

fn is_evidence(table: &str, column: &str) -> bool {
    !NOT_EVIDENCE.iter().any(|(t, c, _)| *t == table && (*c == "*" || *c == column))
}

fn rows_of(table: &str) -> &'static str {
    ROWS.iter().find(|(t, _)| *t == table).map_or("1 = 1", |(_, rows)| rows)
}

/// Every table with its columns and their types.
async fn tables(conn: &mut Conn) -> Vec<(String, Vec<(String, String)>)> {
    let (names, columns) = match conn.engine() {
        Engine::Sqlite => (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_fts%' ORDER BY name",
            "SELECT name, lower(type) AS type FROM pragma_table_info($1) ORDER BY cid",
        ),
        Engine::Postgres => (
            "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name",
            "SELECT column_name::text AS name, lower(data_type::text) AS type FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position",
        ),
    };
    let mut out = Vec::new();
    for row in conn.all(names, vec![]).await.unwrap() {
        let name: String = row.get("name").unwrap();
        let rows = conn.all(columns, args![&name]).await.unwrap();
        let columns = rows.iter().map(|r| (r.get("name").unwrap(), r.get("type").unwrap())).collect();
        out.push((name, columns));
    }
    out
}

/// Expressions that change a value of a type: another value, one character or one byte, nothing.
fn changes(engine: Engine, column: &str, kind: &str) -> Vec<String> {
    let c = column;
    let mut out = match (engine, kind) {
        // The other answer, where it is yes or no; another number, also where the next one is taken.
        (Engine::Sqlite, "integer") | (Engine::Postgres, "bigint") => {
            vec![format!("CASE WHEN {c} = 1 THEN 0 ELSE COALESCE({c}, 0) + 1 END"), format!("{c} + 1000003")]
        }
        (Engine::Sqlite, "text") => vec![
            // One character in the middle.
            format!(
                "CASE WHEN {c} IS NULL THEN 'x' ELSE substr({c}, 1, length({c}) / 2) || \
                 CASE substr({c}, length({c}) / 2 + 1, 1) WHEN '0' THEN '1' ELSE '0' END || substr({c}, length({c}) / 2 + 2) END"
            ),
        ],
        (Engine::Sqlite, "blob") => vec![
            // One byte in the middle.
            format!(
                "CASE WHEN {c} IS NULL THEN x'00112233445566778899aabbccddeeff' ELSE CAST(substr({c}, 1, length({c}) / 2) || \
                 CASE substr({c}, length({c}) / 2 + 1, 1) WHEN x'00' THEN x'01' ELSE x'00' END || substr({c}, length({c}) / 2 + 2) AS BLOB) END"
            ),
        ],
        (Engine::Postgres, "boolean") => vec![format!("NOT COALESCE({c}, false)")],
        (Engine::Postgres, "text") => vec![format!(
            "COALESCE(overlay({c} placing CASE WHEN substr({c}, length({c}) / 2 + 1, 1) = '0' THEN '1' ELSE '0' END \
             from length({c}) / 2 + 1 for 1), 'x')"
        )],
        (Engine::Postgres, "bytea") => vec![format!(
            "COALESCE(set_byte({c}, length({c}) / 2, (get_byte({c}, length({c}) / 2) + 1) % 256), '\\x00'::bytea)"
        )],
        (Engine::Postgres, "uuid") => vec!["'00112233-4455-6677-8899-aabbccddeeff'::uuid".to_owned()],
        (Engine::Postgres, "timestamp with time zone") => {
            vec![format!("COALESCE({c} + interval '1 microsecond', '2026-01-01T00:00:00Z')")]
        }
        (Engine::Postgres, "jsonb") => vec![format!("jsonb_build_object('was', {c})")],
        (engine, kind) => panic!("no way to change a {kind} of {engine:?}: add one"),
    };
    out.push("NULL".to_owned());
    out
}

/// The part of `verify` that should see a change of this table: asked first, because asking everything about
/// hundreds of changes takes minutes.
async fn likely(conn: &mut Conn, keys: &Keys, table: &str) -> Result<Vec<StreamFault>, Fault> {
    Ok(match table {
        "journal" => conn.check_chains().await?.1,
        "leaf" | "branch" | "seal" | "unsealed" => conn.check_seals(keys, None).await?.faults,
        "words" => {
            let mut forgotten = people::queries::forgotten(conn).await?;
            forgotten.extend(matters::queries::ended_drafts(conn).await?);
            conn.check_commitments(&["people"], &forgotten).await?
        }
        "blob" => conn.check_blobs(keys).await?,
        "place" | "grid" | "grid_place" => places::verify(conn).await?.1,
        "account_secret" | "api_token" | "person_key" => people::verify_keys(conn, keys).await?,
        "unit" | "person" | "account" | "office" | "consent" | "info_request" | "past" => {
            people::verify(conn).await?.1
        }
        t if t.starts_with("council") || t.starts_with("sitting") => councils::verify(conn).await?.1,
        t if t.starts_with("poll") => polls::verify(conn, keys).await?.1,
        t if t.starts_with("election") => elections::verify(conn).await?.1,
        t if t.starts_with("plan") => plans::verify(conn).await?.1,
        _ => matters::verify(conn, keys).await?.1,
    })
}

/// Whether a change was made (the schema itself may refuse it), and whether `verify` sees it. Undone afterwards.
async fn seen(store: &Store, table: &str, sql: String) -> Option<bool> {
    let (keys, table) = (store.keys().clone(), table.to_owned());
    let undone = store
        .write(move |tx| {
            Box::pin(async move {
                match tx.run(sql, vec![]).await {
                    Ok(0) | Err(_) => return Err(Fault::other("nothing")),
                    Ok(_) => {}
                }
                // A value that cannot even be read ends the check, loudly: that is seen as well.
                let mut clean = likely(tx, &keys, &table).await.is_ok_and(|faults| faults.is_empty());
                if clean {
                    let whole = rooms::verify_all(tx, &keys, None).await;
                    clean = whole.is_ok_and(|checked| checked.faults.is_empty());
                }
                Err::<(), _>(Fault::other(if clean { "unseen" } else { "seen" }))
            })
        })
        .await
        .unwrap_err()
        .to_string();
    match undone.as_str() {
        "nothing" => None,
        word => Some(word == "seen"),
    }
}

/// The places of some rows of a table, spread over it.
async fn sample(conn: &mut Conn, table: &str, most: i64) -> Vec<String> {
    let place = match conn.engine() {
        Engine::Sqlite => "CAST(rowid AS TEXT)",
        Engine::Postgres => "'''' || ctid::text || '''::tid'",
    };
    let rows = rows_of(table);
    let n = conn.number(format!("SELECT COUNT(*) AS n FROM {table} WHERE {rows}"), vec![]).await.unwrap();
    let mut out = Vec::new();
    for i in 0..n.min(most) {
        let skip = if n > most { (2 * i + 1) * n / (2 * most) } else { i };
        let sql = format!("SELECT {place} AS place FROM {table} WHERE {rows} ORDER BY 1 LIMIT 1 OFFSET $1");
        let row = conn.one(sql, vec![Arg::from(skip)]).await.unwrap().unwrap();
        out.push(row.get("place").unwrap());
    }
    out
}

/// Tampers with everything; returns what `verify` did not see.
async fn unseen(store: &Store, each: i64) -> Vec<String> {
    let (mut unseen, mut tried) = (Vec::new(), 0);
    let mut conn = store.read().await.unwrap();
    let keys = store.keys().clone();
    let sound = rooms::verify_all(&mut conn, &keys, None).await.unwrap();
    assert!(sound.faults.is_empty(), "{:?}", sound.faults);
    assert!(sound.seals.seals > 2 && sound.seals.entries > 256, "too little was sealed");
    let place = match conn.engine() {
        Engine::Sqlite => "rowid",
        Engine::Postgres => "ctid",
    };
    for (table, columns) in tables(&mut conn).await {
        if !is_evidence(&table, "*") {
            continue;
        }
        let rows = sample(&mut conn, &table, each).await;
        if rows.is_empty() {
            unseen.push(format!("{table} has no row to tamper with: let the sample live longer"));
        }
        for row in &rows {
            let sql = format!("DELETE FROM {table} WHERE {place} = {row}");
            tried += 1;
            if seen(store, &table, sql.clone()).await != Some(true) {
                unseen.push(sql);
            }
        }
        for (column, kind) in columns.iter().filter(|(c, _)| is_evidence(&table, c)) {
            let mut changed = 0;
            for row in &rows {
                for to in changes(store.engine(), column, kind) {
                    let sql = format!(
                        "UPDATE {table} SET {column} = {to} WHERE {place} = {row} AND {column} IS DISTINCT FROM ({to})"
                    );
                    if let Some(seen) = seen(store, &table, sql.clone()).await {
                        changed += 1;
                        if !seen {
                            unseen.push(sql);
                        }
                    }
                }
            }
            tried += changed;
            if changed == 0 && !rows.is_empty() {
                unseen.push(format!("{table}.{column} could not be tampered with"));
            }
        }
    }
    for (table, column, _) in NOT_EVIDENCE.iter().filter(|(t, _, _)| *t != "search_fts") {
        let known = tables(&mut conn).await;
        let there =
            known.iter().any(|(t, cs)| t == table && (*column == "*" || cs.iter().any(|(c, _)| c == column)));
        assert!(there, "{table}.{column} is named, but there is no such column");
    }
    assert!(tried > 150 * usize::try_from(each).unwrap_or(1), "only {tried} changes were tried");
    unseen
}

/// An election whose round's ballots are in the sealed box.
async fn election(store: &Store, clock: &FixedClock, street: kernel::Id) {
    use elections::{actions, model};
    let calendar = kernel::calendar::Calendar::shipped();
    let days = |n: i64| chrono::Duration::days(n);
    let sys = Actor::system(street);
    let cal = calendar.clone();
    let id = store
        .write(move |tx| {
            Box::pin(async move {
                let keys = tx.keys().clone();
                let account = people::queries::account_by_login(tx, &keys, street, "secretary").await?;
                let person = account.map(|a| a.person);
                let home = places::home(tx).await?.ok_or_else(|| Fault::other("no street"))?;
                let place = home.communities.first().map(|c| c.path.clone()).unwrap_or(home.path);
                let act = Actor { person, ..sys };
                let new = model::NewElection {
                    kind: model::ElectionKind::PavilionHead,
                    mode: model::Mode::Plurality,
                    title: "亭长推选".into(),
                    post: "亭长".into(),
                    seats: 1,
                    place,
                    polling_day: kernel::time::local_date(tx.now + days(20)),
                    roll_posted: None,
                    candidates_days: None,
                };
                let id = actions::prepare(tx, &act, new, &cal).await?.id;
                for (name, chair) in [("甲", true), ("乙", false)] {
                    actions::name_member(tx, &act, id, name, None, chair, &cal).await?;
                }
                actions::act(tx, &act, id, model::Act::Form, &cal).await?;
                let lines: Vec<model::RollLine> = (1..=4)
                    .map(|n| model::RollLine {
                        unit: format!("户{n}"),
                        name: format!("住户{n}"),
                        phone: Some(format!("1366666000{n}")),
                    })
                    .collect();
                actions::publish_roll(tx, &act, id, &lines, None, &cal).await?;
                let who = Actor { person: Some(kernel::Id::named("nobody")), ..act.clone() };
                actions::appeal(tx, &who, id, "名字写错了", &cal).await?;
                Ok(id)
            })
        })
        .await
        .unwrap();
    clock.set(store.now() + days(8));
    let (sys, cal) = (Actor::system(street), calendar);
    let opens = store
        .write(move |tx| {
            Box::pin(async move {
                let e = elections::queries::election(tx, street, id).await?;
                let e = e.ok_or_else(|| Fault::other("no election"))?;
                let act = Actor { person: e.committee.first().map(|m| m.person), ..sys };
                let appeal = e.appeals.first().map(|a| a.id).unwrap_or(id);
                actions::decide_appeal(tx, &act, id, appeal, false, "名字没有错", &cal).await?;
                actions::act(tx, &act, id, model::Act::OpenNominations, &cal).await?;
                for (name, phone) in [("候一", "13677770001"), ("候二", "13677770002")] {
                    let named = actions::Named {
                        name: name.into(),
                        phone: Some(phone.into()),
                        woman: Some(true),
                        way: model::Way::Compound,
                        from: Some("一区".into()),
                        agrees: true,
                    };
                    actions::nominate(tx, &act, id, named, true, &cal).await?;
                }
                let e = actions::act(tx, &act, id, model::Act::CloseNominations, &cal).await?;
                let no: Vec<_> = model::Bar::ALL.iter().map(|b| (*b, false)).collect();
                for m in e.committee.iter().take(2) {
                    let by = Actor { person: Some(m.person), ..act.clone() };
                    for n in &e.nominees {
                        actions::vet(tx, &by, id, n.id, no.clone(), "查过", &cal).await?;
                    }
                }
                let opens = kernel::time::day_start(e.polling_day) + chrono::Duration::hours(8);
                let closes = opens + chrono::Duration::hours(8);
                let times = actions::Times { opens, closes, late: None };
                let bridge = crate::wiring::POLLS;
                let e = actions::publish_candidates(tx, bridge, &act, id, vec![], times, None, &cal).await?;
                Ok((opens, e.rounds.first().map(|r| r.poll)))
            })
        })
        .await
        .unwrap();
    let (opens, poll) = (opens.0, opens.1.unwrap());
    clock.set(opens);
    polls::jobs::sweep(store, crate::wiring::POLLS).await.unwrap();
    elections::jobs::sweep(store).await.unwrap();
    store
        .write(move |tx| {
            Box::pin(async move {
                let act = Actor::system(street);
                let (way, reached) = (polls::model::DeliveryWay::Door, polls::model::Reached::Served);
                polls::actions::serve(tx, &act, poll, &[1, 2], way, reached, None).await?;
                for (head, vote) in [(1, "1"), (2, "2"), (3, "1")] {
                    let code = polls::actions::secret::hand_out(tx, &act, poll, head, false, "").await?;
                    let code = code.unwrap_or_default().code;
                    polls::actions::secret::cast_by_pass(tx, street, poll, &code, vote).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
    clock.set(opens + chrono::Duration::hours(8));
    polls::jobs::sweep(store, crate::wiring::POLLS).await.unwrap();
    elections::jobs::sweep(store).await.unwrap();
}

/// A record with something in every table that is evidence, part of it not sealed yet.
async fn lived(store: &Store, clock: &FixedClock, turns: usize) {
    let street = demo::tests::some_of_it(store, clock, turns).await;
    election(store, clock, street).await;
    secret_ballots(store, clock, street).await;
    store.seal().await.unwrap();
    store
        .write(move |tx| {
            Box::pin(async move {
                let keys = tx.keys().clone();
                let account = people::queries::account_by_login(tx, &keys, street, "auditor").await?;
                let account = account.ok_or_else(|| Fault::other("the demo has no auditor"))?;
                people::actions::create_token(tx, &Actor::system(street), account.id, "export").await?;
                let author = Actor { person: Some(account.person), ..Actor::system(street) };
                let calendar = kernel::calendar::Calendar::shipped();
                let wish = people::model::Wish::Correct;
                people::actions::ask(tx, &author, account.person, wish, "名字写错了", &calendar).await?;
                let id = tx.new_id()?;
                let listed = people::model::PastEvent::PastListed {
                    id,
                    person: account.person,
                    reason: people::model::PastReason::Idle,
                    request: None,
                };
                tx.record::<people::model::Past>(id, None, &[listed], &author, None).await?;
                let slip = NewMatter {
                    body: "水管".into(),
                    phone: Some("13900001111".into()),
                    ..NewMatter::default()
                };
                matters::actions::keep_draft(tx, &author, slip, Vec::new()).await
            })
        })
        .await
        .unwrap();
}

/// A secret poll that is over: its box and its list are sealed.
async fn secret_ballots(store: &Store, clock: &FixedClock, street: Id) {
    use polls::{actions, actions::secret, model, rules};
    let sys = Actor::system(street);
    let line = |n: u32| rules::Line {
        unit: n.to_string(),
        name: format!("居民{n}"),
        paper: None,
        phone: None,
        person: None,
        area: tally::Area::ZERO,
        state: tally::owners::State::Delivered,
        kind: tally::owners::Kind::Exclusive,
    };
    let bridge = crate::wiring::POLLS;
    let opens = store.now() + Duration::hours(1);
    let id = store
        .write(move |tx| {
            Box::pin(async move {
                let place = places::queries::home(tx).await?.ok_or_else(|| Fault::other("no street"))?.path;
                let new = model::NewPoll {
                    place,
                    title: "推选楼道长".into(),
                    text: "推选 3 号楼楼道长一名。".into(),
                    shape: model::Shape::Sides,
                    secret: true,
                    trust: model::Trust::Grouped,
                    options: Vec::new(),
                    candidates: Vec::new(),
                    origin: None,
                };
                let id = actions::draft(tx, &sys, new).await?.id;
                let rule = rules::Act::Rule("consultation".into(), rules::Own::default());
                actions::act(tx, bridge, &sys, id, rule).await?;
                actions::freeze(tx, bridge, &sys, id, &[line(1), line(2), line(3)]).await?;
                let notice = rules::Act::Notice(opens, opens + Duration::hours(1), None);
                actions::act(tx, bridge, &sys, id, notice).await?;
                Ok(id)
            })
        })
        .await
        .unwrap();
    clock.set(opens);
    polls::jobs::sweep(store, bridge).await.unwrap();
    store
        .write(move |tx| {
            Box::pin(async move {
                for (head, vote) in [(1, "yes"), (2, "no"), (3, "yes")] {
                    let code = secret::hand_out(tx, &Actor::system(street), id, head, false, "").await?;
                    secret::cast_by_pass(tx, street, id, &code.unwrap_or_default().code, vote).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
    clock.set(opens + Duration::hours(1));
    polls::jobs::sweep(store, bridge).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_changed_value_and_row_is_found() {
    let t = testing::open(Engine::Sqlite, rooms::MIGRATIONS).await.unwrap().unwrap();
    lived(&t.store, &t.clock, 330).await;
    let unseen = unseen(&t.store, 1).await;
    assert!(unseen.is_empty(), "{} unseen:\n{}", unseen.len(), unseen.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_changed_value_and_row_is_found_on_postgres() {
    let Some(t) = testing::open(Engine::Postgres, rooms::MIGRATIONS).await.unwrap() else { return };
    lived(&t.store, &t.clock, 330).await;
    let unseen = unseen(&t.store, 1).await;
    assert!(unseen.is_empty(), "{} unseen:\n{}", unseen.len(), unseen.join("\n"));
}
