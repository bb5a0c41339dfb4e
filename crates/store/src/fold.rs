//! The shared piece of every room: a thing whose state is folded from its events and kept as rows.
//!
//! A room writes its state, its events, `evolve` and the columns; recording, saving, replaying and
//! comparing are here once. The same pure `evolve` makes the rows and checks them.

use crate::{Arg, Conn, Fault, Recorded, Row, StreamFault, Tx, args, in_places};
use journal::Entry;
use kernel::{Actor, Id, PlacePath, Time};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::borrow::Cow;

/// What an event carries besides its data.
#[derive(Clone, Debug, PartialEq)]
pub struct Meta {
    /// Its place in the stream.
    pub seq: i64,
    /// When it was recorded.
    pub at: Time,
    /// Who acted.
    pub actor: Actor,
}

/// A row of a table that belongs to a thing: key columns and the others.
#[derive(Clone, Debug, PartialEq)]
pub struct ChildRow {
    /// The table. It has `street` and the column [`Fold::CHILD_KEY`] of the thing before these keys.
    pub table: &'static str,
    /// The key columns within the thing.
    pub key: Vec<(&'static str, Arg)>,
    /// The other columns.
    pub columns: Vec<(&'static str, Arg)>,
}

/// A thing with a stream of events of its own.
pub trait Fold: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync {
    /// The room, as it is written into the journal.
    const ROOM: &'static str;
    /// Its table, with columns `street`, `id`, `seq`, `state` and those of [`Fold::columns`].
    const TABLE: &'static str;
    /// The column of child tables that holds the thing's id.
    const CHILD_KEY: &'static str = "parent";
    /// Every table that [`Fold::children`] may write.
    const CHILD_TABLES: &'static [&'static str] = &[];
    /// Its events: an enum with struct or newtype variants, serde `rename_all = "snake_case"`.
    type Event: Clone + Serialize + DeserializeOwned + Send + Sync;

    /// The state after an event; `None` before the first.
    #[must_use]
    fn evolve(state: Option<Self>, event: &Self::Event, meta: &Meta) -> Option<Self>;
    /// The street.
    fn street(&self) -> Id;
    /// The thing's id, which is its stream.
    fn id(&self) -> Id;
    /// Columns that lists filter and sort by; all derived from the state alone.
    fn columns(&self) -> Vec<(&'static str, Arg)>;
    /// Rows of other tables, all derived from the state alone.
    fn children(&self) -> Vec<ChildRow> {
        Vec::new()
    }
}

/// The part of a [`Fold`] that is the same for most things: `store::stream!(UnitEvent, |state, event, meta| …);` says what its
/// events are and how one follows from another; street and id are its fields `street` and `id`.
#[macro_export]
macro_rules! stream {
    ($event:ty, |$state:ident, $happened:ident, $meta:pat_param| $next:expr) => {
        type Event = $event;

        fn evolve($state: Option<Self>, $happened: &$event, $meta: &$crate::Meta) -> Option<Self> {
            $next
        }

        fn street(&self) -> kernel::Id {
            self.street
        }

        fn id(&self) -> kernel::Id {
            self.id
        }
    };
}

/// The event's own name (without the room) and its data.
///
/// # Errors
/// When the event is no enum of the expected shape.
pub fn split<E: Serialize>(event: &E) -> Result<(String, Value), Fault> {
    match serde_json::to_value(event)? {
        Value::String(name) => Ok((name, Value::Null)),
        Value::Object(map) if map.len() == 1 => {
            map.into_iter().next().ok_or_else(|| Fault::other("an event without a name"))
        }
        _ => Err(Fault::other("an event is no enum variant")),
    }
}

/// The event of a journal entry.
///
/// # Errors
/// When this version of the program does not know the event.
pub fn event_of<E: DeserializeOwned>(entry: &Entry) -> Result<E, Fault> {
    let name = entry.body.kind.split_once('.').map_or(entry.body.kind.as_str(), |(_, n)| n).to_owned();
    let value = match &entry.body.data {
        Value::Null => Value::String(name),
        data => serde_json::json!({ name: data }),
    };
    Ok(serde_json::from_value(value)?)
}

/// The state that the entries of a stream give.
///
/// # Errors
/// When an event is unknown.
pub fn replay<T: Fold>(entries: &[Entry]) -> Result<Option<T>, Fault> {
    let mut state = None;
    for entry in entries {
        let meta = Meta { seq: entry.seq, at: entry.at, actor: entry.body.actor.clone() };
        state = T::evolve(state, &event_of::<T::Event>(entry)?, &meta);
    }
    Ok(state)
}

impl Tx {
    /// Loads a thing for changing: on PostgreSQL its row is locked until the end of the change.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load<T: Fold>(&mut self, street: Id, id: Id) -> Result<Option<T>, Fault> {
        let sql = format!("SELECT state FROM {} WHERE street = $1 AND id = $2{}", T::TABLE, self.lock());
        self.one(sql, args![street, id]).await?.map(|row| row.state()).transpose()
    }

    /// Records events of one thing and saves the rows that follow from them. Returns the new state and
    /// what was recorded for the last event.
    ///
    /// # Errors
    /// What the database says; a `before` that no longer holds is a broken unique constraint.
    pub async fn record<T: Fold>(
        &mut self,
        stream: Id,
        before: Option<T>,
        events: &[T::Event],
        actor: &Actor,
        client_at: Option<Time>,
    ) -> Result<(T, Option<Recorded>), Fault> {
        let mut state = before.clone();
        let mut last = None;
        for event in events {
            let (name, data) = split(event)?;
            let kind = format!("{}.{name}", T::ROOM);
            let recorded = self.append(T::ROOM, stream, &kind, 1, &data, actor, client_at).await?;
            let meta = Meta { seq: recorded.seq, at: recorded.at, actor: actor.clone() };
            state = T::evolve(state, event, &meta);
            last = Some(recorded);
        }
        let state = state.ok_or_else(|| Fault::other("the events gave no state"))?;
        let seq = match &last {
            Some(recorded) => recorded.seq,
            None => return Ok((state, None)),
        };
        self.save(before.as_ref(), &state, seq).await?;
        Ok((state, last))
    }

    async fn save<T: Fold>(&mut self, before: Option<&T>, state: &T, seq: i64) -> Result<(), Fault> {
        let mut row: Vec<(&'static str, Arg)> =
            vec![("seq", Arg::from(seq)), ("state", Arg::from(serde_json::to_value(state)?))];
        row.extend(state.columns());
        let key = vec![("street", Arg::from(state.street())), ("id", Arg::from(state.id()))];
        if before.is_some() {
            self.update(T::TABLE, key, row).await?;
        } else {
            self.upsert(T::TABLE, key, row).await?;
        }
        let old = before.map(T::children).unwrap_or_default();
        let new = state.children();
        let whole = |child: &ChildRow| -> Vec<(&'static str, Arg)> {
            let mut key = vec![("street", Arg::from(state.street())), (T::CHILD_KEY, Arg::from(state.id()))];
            key.extend(child.key.clone());
            key
        };
        for child in &new {
            if !old.contains(child) {
                self.upsert(child.table, whole(child), child.columns.clone()).await?;
            }
        }
        for child in &old {
            if !new.iter().any(|c| c.table == child.table && c.key == child.key) {
                let key = whole(child);
                let marks = conditions(&key, 1);
                let sql = format!("DELETE FROM {} WHERE {marks}", child.table);
                self.run(sql, key.into_iter().map(|(_, v)| v).collect()).await?;
            }
        }
        Ok(())
    }

    /// Inserts or replaces a row by its key.
    ///
    /// # Errors
    /// What the database says.
    pub async fn upsert(
        &mut self,
        table: &str,
        key: Vec<(&'static str, Arg)>,
        row: Vec<(&'static str, Arg)>,
    ) -> Result<(), Fault> {
        let names: Vec<&str> = key.iter().chain(&row).map(|(n, _)| *n).collect();
        let on: Vec<&str> = key.iter().map(|(n, _)| *n).collect();
        let sets: Vec<String> = row.iter().map(|(n, _)| format!("{n} = excluded.{n}")).collect();
        let action =
            if sets.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {}", sets.join(", ")) };
        let sql = format!(
            "INSERT INTO {table} ({}) VALUES ({}) ON CONFLICT ({}) DO {action}",
            names.join(", "),
            crate::place_marks(1, names.len()),
            on.join(", "),
        );
        self.run(sql, key.into_iter().chain(row).map(|(_, v)| v).collect()).await?;
        Ok(())
    }

    async fn update(
        &mut self,
        table: &str,
        key: Vec<(&'static str, Arg)>,
        row: Vec<(&'static str, Arg)>,
    ) -> Result<(), Fault> {
        let sets: Vec<String> =
            row.iter().enumerate().map(|(i, (n, _))| format!("{n} = ${}", i + 1)).collect();
        let sql = format!("UPDATE {table} SET {} WHERE {}", sets.join(", "), conditions(&key, row.len() + 1));
        self.run(sql, row.into_iter().chain(key).map(|(_, v)| v).collect()).await?;
        Ok(())
    }
}

fn conditions(key: &[(&'static str, Arg)], from: usize) -> String {
    key.iter().enumerate().map(|(i, (n, _))| format!("{n} = ${}", from + i)).collect::<Vec<_>>().join(" AND ")
}

impl Conn {
    /// Loads a thing for reading.
    ///
    /// # Errors
    /// What the database says.
    pub async fn get<T: Fold>(&mut self, street: Id, id: Id) -> Result<Option<T>, Fault> {
        let sql = format!("SELECT state FROM {} WHERE street = $1 AND id = $2", T::TABLE);
        self.one(sql, args![street, id]).await?.map(|row| row.state()).transpose()
    }

    /// Things of some places and below, the newest first, before an id, at most so many; `such` is a condition of the table's
    /// own columns, in the program's words.
    ///
    /// # Errors
    /// What the database says.
    pub async fn newest<T: Fold>(
        &mut self,
        street: Id,
        within: &[&PlacePath],
        such: &str,
        before: Id,
        most: i64,
    ) -> Result<Vec<T>, Fault> {
        let mut args = args![street, before, most];
        let within = in_places(&mut args, within);
        let sql = format!(
            "SELECT state FROM {} WHERE street = $1 AND id < $2 AND {within} AND {such} ORDER BY id DESC LIMIT $3",
            T::TABLE
        );
        self.all(sql, args).await?.iter().map(Row::state).collect()
    }

    /// Folds every stream of this kind of thing and compares with its rows: what `verify` calls per room.
    /// `first` is the name of the first event of such streams (a room may hold several kinds of things).
    ///
    /// # Errors
    /// What the database says.
    pub async fn check_rows<T: Fold>(&mut self, first: &str) -> Result<(u64, Vec<StreamFault>), Fault> {
        let (mut checked, mut faults) = (0, Vec::new());
        let mut children: Vec<(&'static str, i64)> = T::CHILD_TABLES.iter().map(|t| (*t, 0)).collect();
        let kind = format!("{}.{first}", T::ROOM);
        let mut after = Id::from(uuid::Uuid::nil());
        loop {
            let rows = self
                .all(
                    "SELECT stream FROM journal WHERE kind = $1 AND seq = 1 AND stream > $2 ORDER BY stream LIMIT 500",
                    args![&kind, after],
                )
                .await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let stream: Id = row.get("stream")?;
                after = stream;
                checked += 1;
                let why = match self.stream(stream).await.and_then(|entries| {
                    let last = entries.last().map_or(0, |e| e.seq);
                    Ok((replay::<T>(&entries)?, last))
                }) {
                    Ok((Some(state), last)) => match self.compare(&state, last, &mut children).await {
                        Ok(why) => why,
                        // A value that cannot be read is a fault of this thing, not the end of the check.
                        Err(Fault::Db(fault)) => return Err(fault.into()),
                        Err(fault) => Some(fault.to_string()),
                    },
                    Ok((None, _)) => Some("the events give no state".to_owned()),
                    Err(fault) => Some(fault.to_string()),
                };
                if let Some(why) = why {
                    faults.push(StreamFault { room: T::ROOM.to_owned(), stream, why });
                }
            }
        }
        // Rows that no stream stands behind.
        for (table, known) in children {
            let rows = self.number(format!("SELECT COUNT(*) AS n FROM {table}"), vec![]).await?;
            if rows != known && faults.is_empty() {
                let why = format!("table {table} has {rows} rows, the journal knows {known}");
                faults.push(StreamFault {
                    room: T::ROOM.to_owned(),
                    stream: Id::from(uuid::Uuid::nil()),
                    why,
                });
            }
        }
        let rows = self.number(format!("SELECT COUNT(*) AS n FROM {}", T::TABLE), vec![]).await?;
        if rows != i64::try_from(checked).unwrap_or(i64::MAX) {
            faults.push(StreamFault {
                room: T::ROOM.to_owned(),
                stream: Id::from(uuid::Uuid::nil()),
                why: format!("table {} has {rows} rows, the journal knows {checked}", T::TABLE),
            });
        }
        Ok((checked, faults))
    }

    /// What differs between a folded state and its rows.
    async fn compare<T: Fold>(
        &mut self,
        state: &T,
        last: i64,
        totals: &mut [(&'static str, i64)],
    ) -> Result<Option<String>, Fault> {
        let mut want: Vec<(&'static str, Arg)> =
            vec![("seq", Arg::from(last)), ("state", Arg::from(serde_json::to_value(state)?))];
        want.extend(state.columns());
        let key = vec![("street", Arg::from(state.street())), ("id", Arg::from(state.id()))];
        if let Some(why) = self.differs(T::TABLE, &key, &want).await? {
            return Ok(Some(why));
        }
        let mut tables: Vec<(&'static str, i64)> = T::CHILD_TABLES.iter().map(|t| (*t, 0)).collect();
        for child in state.children() {
            let mut key = vec![("street", Arg::from(state.street())), (T::CHILD_KEY, Arg::from(state.id()))];
            key.extend(child.key.clone());
            if let Some(why) = self.differs(child.table, &key, &child.columns).await? {
                return Ok(Some(why));
            }
            if let Some((_, n)) = tables.iter_mut().find(|(t, _)| *t == child.table) {
                *n += 1;
            }
        }
        for (table, n) in tables {
            if let Some((_, total)) = totals.iter_mut().find(|(t, _)| *t == table) {
                *total += n;
            }
            let sql =
                format!("SELECT COUNT(*) AS n FROM {table} WHERE street = $1 AND {} = $2", T::CHILD_KEY);
            let rows = self.number(sql, args![state.street(), state.id()]).await?;
            if rows != n {
                return Ok(Some(format!("table {table} has {rows} rows for it, the journal knows {n}")));
            }
        }
        Ok(None)
    }

    async fn differs(
        &mut self,
        table: &str,
        key: &[(&'static str, Arg)],
        want: &[(&'static str, Arg)],
    ) -> Result<Option<String>, Fault> {
        let names: Vec<Cow<'static, str>> = want.iter().map(|(n, _)| Cow::Borrowed(*n)).collect();
        let list = if names.is_empty() { "1 AS one".to_owned() } else { names.join(", ") };
        let sql = format!("SELECT {list} FROM {table} WHERE {}", conditions(key, 1));
        let Some(row) = self.one(sql, key.iter().map(|(_, v)| v.clone()).collect()).await? else {
            return Ok(Some(format!("table {table} lacks its row")));
        };
        for (name, value) in want {
            let have = match value {
                Arg::Int(_) => Arg::Int(row.get(name)?),
                Arg::Text(_) => Arg::Text(row.get(name)?),
                Arg::Bytes(_) => Arg::Bytes(row.get(name)?),
                Arg::Bool(_) => Arg::Bool(row.get(name)?),
                Arg::Id(_) => Arg::Id(row.get(name)?),
                Arg::Time(_) => Arg::Time(row.get(name)?),
                Arg::Json(_) => Arg::Json(row.get(name)?),
            };
            if have != *value {
                return Ok(Some(format!("{table}.{name} is not what the journal says")));
            }
        }
        Ok(None)
    }
}
