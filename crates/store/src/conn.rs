//! A connection to either engine: one SQL text with `$n`, typed arguments, typed columns.

use crate::Fault;
use kernel::{Id, PlacePath, Time, time};
use serde_json::Value;
use sqlx::{Column, Postgres, Row as _, Sqlite, pool::PoolConnection, postgres::PgRow, sqlite::SqliteRow};
use std::borrow::Cow;

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// A connection.
pub enum Conn {
    /// Of the SQLite pools.
    Sqlite(PoolConnection<Sqlite>),
    /// Of the PostgreSQL pool.
    Postgres(PoolConnection<Postgres>),
}

/// One argument of a statement, with its type even when it is null (PostgreSQL wants to know).
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// A whole number.
    Int(Option<i64>),
    /// Text.
    Text(Option<String>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
    /// Yes or no.
    Bool(Option<bool>),
    /// An id.
    Id(Option<Id>),
    /// An instant.
    Time(Option<Time>),
    /// JSON.
    Json(Option<Value>),
}

macro_rules! arg_from {
    ($($type:ty => $variant:ident),+ $(,)?) => {$(
        impl From<$type> for Arg { fn from(v: $type) -> Self { Self::$variant(Some(v.into())) } }
        impl From<Option<$type>> for Arg { fn from(v: Option<$type>) -> Self { Self::$variant(v.map(Into::into)) } }
    )+};
}
arg_from!(i64 => Int, i32 => Int, u32 => Int, String => Text, &str => Text, Vec<u8> => Bytes, bool => Bool, Id => Id, Time => Time, Value => Json);

impl From<usize> for Arg {
    fn from(v: usize) -> Self {
        Self::Int(i64::try_from(v).ok())
    }
}
impl From<u64> for Arg {
    fn from(v: u64) -> Self {
        Self::Int(i64::try_from(v).ok())
    }
}
impl From<&String> for Arg {
    fn from(v: &String) -> Self {
        Self::Text(Some(v.clone()))
    }
}
impl From<&PlacePath> for Arg {
    fn from(v: &PlacePath) -> Self {
        Self::Text(Some(v.as_str().to_owned()))
    }
}
impl From<PlacePath> for Arg {
    fn from(v: PlacePath) -> Self {
        Self::Text(Some(v.as_str().to_owned()))
    }
}
impl From<chrono::NaiveDate> for Arg {
    fn from(v: chrono::NaiveDate) -> Self {
        Self::Text(Some(v.to_string()))
    }
}

/// Builds the arguments of a statement: `args![street, number, now]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::Arg::from($value)),*] };
}

/// A row of a result.
pub enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From PostgreSQL.
    Postgres(PgRow),
}

impl Row {
    /// Reads a column by name.
    ///
    /// # Errors
    /// [`Fault::Cell`] naming the column when it is absent or of another type.
    pub fn get<T: FromCol>(&self, column: &str) -> Result<T, Fault> {
        let read = match self {
            Self::Sqlite(row) => T::from_sqlite(row, column),
            Self::Postgres(row) => T::from_postgres(row, column),
        };
        read.map_err(|why| Fault::Cell { column: column.to_owned(), why: why.to_string() })
    }

    /// Reads the thing that the column `state` holds.
    ///
    /// # Errors
    /// [`Fault::Cell`] when there is no such column; what `serde_json` says of what stands there.
    pub fn state<T: serde::de::DeserializeOwned>(&self) -> Result<T, Fault> {
        Ok(serde_json::from_value(self.get("state")?)?)
    }

    /// Reads a column that holds a code, with the function that reads the code.
    ///
    /// # Errors
    /// [`Fault::Cell`] when the code is unknown.
    pub fn code<T>(&self, column: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Fault> {
        let text: String = self.get(column)?;
        parse(&text)
            .ok_or_else(|| Fault::Cell { column: column.to_owned(), why: format!("unknown code {text}") })
    }

    /// Names of the columns, in order.
    #[must_use]
    pub fn columns(&self) -> Vec<String> {
        match self {
            Self::Sqlite(row) => row.columns().iter().map(|c| c.name().to_owned()).collect(),
            Self::Postgres(row) => row.columns().iter().map(|c| c.name().to_owned()).collect(),
        }
    }
}

/// A type that a column can hold on both engines.
pub trait FromCol: Sized {
    /// From a SQLite row.
    ///
    /// # Errors
    /// When the column is absent or of another type.
    fn from_sqlite(row: &SqliteRow, column: &str) -> Result<Self, sqlx::Error>;
    /// From a PostgreSQL row.
    ///
    /// # Errors
    /// When the column is absent or of another type.
    fn from_postgres(row: &PgRow, column: &str) -> Result<Self, sqlx::Error>;
}

macro_rules! plain {
    ($($type:ty),+) => {$(
        impl FromCol for $type {
            fn from_sqlite(row: &SqliteRow, column: &str) -> Result<Self, sqlx::Error> { row.try_get(column) }
            fn from_postgres(row: &PgRow, column: &str) -> Result<Self, sqlx::Error> { row.try_get(column) }
        }
        impl FromCol for Option<$type> {
            fn from_sqlite(row: &SqliteRow, column: &str) -> Result<Self, sqlx::Error> { row.try_get(column) }
            fn from_postgres(row: &PgRow, column: &str) -> Result<Self, sqlx::Error> { row.try_get(column) }
        }
    )+};
}
plain!(i64, String, Vec<u8>);

fn bad(why: impl ToString) -> sqlx::Error {
    sqlx::Error::Decode(why.to_string().into())
}

macro_rules! mapped {
    ($type:ty, $lite:ty => $from_lite:expr, $pg:ty => $from_pg:expr) => {
        impl FromCol for Option<$type> {
            fn from_sqlite(row: &SqliteRow, column: &str) -> Result<Self, sqlx::Error> {
                row.try_get::<Option<$lite>, _>(column)?.map($from_lite).transpose()
            }
            fn from_postgres(row: &PgRow, column: &str) -> Result<Self, sqlx::Error> {
                row.try_get::<Option<$pg>, _>(column)?.map($from_pg).transpose()
            }
        }
        impl FromCol for $type {
            fn from_sqlite(row: &SqliteRow, column: &str) -> Result<Self, sqlx::Error> {
                <Option<$type>>::from_sqlite(row, column)?.ok_or_else(|| bad("unexpected null"))
            }
            fn from_postgres(row: &PgRow, column: &str) -> Result<Self, sqlx::Error> {
                <Option<$type>>::from_postgres(row, column)?.ok_or_else(|| bad("unexpected null"))
            }
        }
    };
}
mapped!(Id, Vec<u8> => |b| uuid::Uuid::from_slice(&b).map(Id::from).map_err(bad), uuid::Uuid => |u| Ok(Id::from(u)));
// Only as we write them, so that a stored value has one form and `verify` sees every changed character.
mapped!(Time, String => |s| time::parse_stamp(&s).filter(|t| time::stamp(*t) == s).ok_or_else(|| bad("not a time")), Time => Ok);
mapped!(bool, i64 => |n| match n { 0 => Ok(false), 1 => Ok(true), _ => Err(bad("neither yes nor no")) }, bool => Ok);
// Numbers that are never negative are kept in the one signed type that both engines have.
mapped!(u32, i64 => |n| u32::try_from(n).map_err(bad), i64 => |n| u32::try_from(n).map_err(bad));
mapped!(u64, i64 => |n| u64::try_from(n).map_err(bad), i64 => |n| u64::try_from(n).map_err(bad));
mapped!(Value, String => |s| serde_json::from_str(&s).map_err(bad), Value => Ok);
mapped!(PlacePath, String => |s| PlacePath::parse(&s).ok_or_else(|| bad("not a place path")), String => |s| PlacePath::parse(&s).ok_or_else(|| bad("not a place path")));
mapped!(chrono::NaiveDate, String => |s| s.parse().map_err(bad), String => |s| s.parse().map_err(bad));

macro_rules! bound {
    ($sql:expr, $args:expr, $json:expr, $id:expr, $time:expr) => {{
        let mut query = match $sql {
            Cow::Borrowed(text) => sqlx::query(text),
            Cow::Owned(text) => sqlx::query(sqlx::AssertSqlSafe(text)),
        };
        for arg in $args {
            query = match arg {
                Arg::Int(v) => query.bind(v),
                Arg::Text(v) => query.bind(v),
                Arg::Bytes(v) => query.bind(v),
                Arg::Bool(v) => query.bind(v),
                Arg::Id(v) => query.bind(v.map($id)),
                Arg::Time(v) => query.bind(v.map($time)),
                Arg::Json(v) => query.bind(v.map($json)),
            };
        }
        query
    }};
}

impl Conn {
    /// Which engine this is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Every row of a query.
    ///
    /// # Errors
    /// What the database says.
    pub async fn all(
        &mut self,
        sql: impl Into<Cow<'static, str>>,
        args: Vec<Arg>,
    ) -> Result<Vec<Row>, Fault> {
        let sql = sql.into();
        Ok(match self {
            Self::Sqlite(conn) => bound!(sql, args, |v| v.to_string(), |i| i.bytes().to_vec(), time::stamp)
                .fetch_all(&mut **conn)
                .await?
                .into_iter()
                .map(Row::Sqlite)
                .collect(),
            Self::Postgres(conn) => bound!(sql, args, |v| v, |i| i.uuid(), |t| t)
                .fetch_all(&mut **conn)
                .await?
                .into_iter()
                .map(Row::Postgres)
                .collect(),
        })
    }

    /// The first row of a query, if there is one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn one(
        &mut self,
        sql: impl Into<Cow<'static, str>>,
        args: Vec<Arg>,
    ) -> Result<Option<Row>, Fault> {
        let sql = sql.into();
        Ok(match self {
            Self::Sqlite(conn) => bound!(sql, args, |v| v.to_string(), |i| i.bytes().to_vec(), time::stamp)
                .fetch_optional(&mut **conn)
                .await?
                .map(Row::Sqlite),
            Self::Postgres(conn) => bound!(sql, args, |v| v, |i| i.uuid(), |t| t)
                .fetch_optional(&mut **conn)
                .await?
                .map(Row::Postgres),
        })
    }

    /// The single number that a query gives (column `n`).
    ///
    /// # Errors
    /// What the database says, or that there was no row.
    pub async fn number(&mut self, sql: impl Into<Cow<'static, str>>, args: Vec<Arg>) -> Result<i64, Fault> {
        self.one(sql, args).await?.ok_or_else(|| Fault::other("a count gave no row"))?.get("n")
    }

    /// Runs a statement; returns how many rows it touched.
    ///
    /// # Errors
    /// What the database says.
    pub async fn run(&mut self, sql: impl Into<Cow<'static, str>>, args: Vec<Arg>) -> Result<u64, Fault> {
        let sql = sql.into();
        Ok(match self {
            Self::Sqlite(conn) => bound!(sql, args, |v| v.to_string(), |i| i.bytes().to_vec(), time::stamp)
                .execute(&mut **conn)
                .await?
                .rows_affected(),
            Self::Postgres(conn) => {
                bound!(sql, args, |v| v, |i| i.uuid(), |t| t).execute(&mut **conn).await?.rows_affected()
            }
        })
    }

    /// Runs a script of the program's own (migrations, transaction control), without arguments.
    pub(crate) async fn script(&mut self, sql: String) -> Result<(), Fault> {
        let sql = sqlx::AssertSqlSafe(sql);
        match self {
            Self::Sqlite(conn) => {
                sqlx::raw_sql(sql).execute(&mut **conn).await?;
            }
            Self::Postgres(conn) => {
                sqlx::raw_sql(sql).execute(&mut **conn).await?;
            }
        }
        Ok(())
    }
}

/// `$3, $4, $5` for lists of `count` values whose first argument has number `from`; `NULL` for none.
#[must_use]
pub fn place_marks(from: usize, count: usize) -> String {
    if count == 0 {
        return "NULL".into();
    }
    (from..from + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// The condition that the column `place` names one of some places or what is below it; nothing is in no place. Takes its
/// arguments after those that are there.
#[must_use]
pub fn in_places(args: &mut Vec<Arg>, places: &[&PlacePath]) -> String {
    let mut any = Vec::with_capacity(places.len());
    for place in places {
        any.push(format!("(place >= ${} AND place < ${})", args.len() + 1, args.len() + 2));
        args.extend([Arg::from(*place), Arg::from(place.upper())]);
    }
    if any.is_empty() { "1 = 0".into() } else { format!("({})", any.join(" OR ")) }
}
