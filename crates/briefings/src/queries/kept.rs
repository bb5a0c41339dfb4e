//! The same figures for many readers: counted once while nothing changes, and for a minute at most.

use crate::model::{By, Cut, Figure, Slice, Value};
use methods::Method;
use std::sync::LazyLock;
use store::{Conn, Fault, Kept, Store};

const SECONDS: i64 = 60;

/// What the figures depend on besides the data and the present, whose answers are kept only so long.
fn key(cut: &Cut, method: &Method, more: &str) -> String {
    let now = kernel::Time::default();
    format!("{:?} {} {} {more}", Cut { now, ..cut.clone() }, method.code, method.version)
}

/// As [`super::figures`], kept.
///
/// # Errors
/// What the database says.
pub async fn figures(
    store: &Store,
    conn: &mut Conn,
    cut: &Cut,
    method: &Method,
) -> Result<Vec<Value>, Fault> {
    static KEPT: LazyLock<Kept<Vec<Value>>> = LazyLock::new(|| Kept::new(SECONDS));
    KEPT.get(store, key(cut, method, ""), super::figures(conn, cut, method)).await
}

/// As [`super::breakdown`], kept.
///
/// # Errors
/// What the database says.
pub async fn breakdown(
    store: &Store,
    conn: &mut Conn,
    cut: &Cut,
    method: &Method,
    wanted: &[&'static Figure],
    by: By,
) -> Result<Vec<Slice>, Fault> {
    static KEPT: LazyLock<Kept<Vec<Slice>>> = LazyLock::new(|| Kept::new(SECONDS));
    let codes: Vec<&str> = wanted.iter().map(|f| f.code).collect();
    let more = format!("{by:?} {}", codes.join(" "));
    KEPT.get(store, key(cut, method, &more), super::breakdown(conn, cut, method, wanted, by)).await
}
