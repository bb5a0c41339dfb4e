//! Who looks: sessions and tokens, answered in three statements whatever the number of offices.

use super::{in_force, secrets};
use crate::model::Account;
use chrono::Duration;
use futures_util::future::BoxFuture;
use kernel::{Id, PlacePath, Time, text, time::local_date};
use sha2::{Digest, Sha256};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};
use store::{Change, Conn, Fault, Row, Store, args};
use tokio::sync::broadcast::{Receiver, error::TryRecvError};
use ui::Signed;

/// Where a session goes that has to give or set a second factor.
pub const SECOND_FACTOR: &str = "/account/second-factor";
/// Where a session goes that has to choose a new password.
pub const PASSWORD: &str = "/account/password";

/// Where a resident goes who was not yet asked about the present notice.
pub const CONSENT: &str = "/me/consent";

/// How a token lies in the tables.
pub(crate) fn hash(token: &str) -> String {
    sha2_hex(&[b"token\0", token.as_bytes()])
}

pub(crate) fn sha2_hex(parts: &[&[u8]]) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(part);
    }
    hex::encode(sha.finalize())
}

/// A name for a session that tells nothing about its token.
pub(crate) fn name_of(hash: &str) -> String {
    sha2_hex(&[b"session\0", hash.as_bytes()])
}

/// Who holds this session cookie, with the offices in force; `None` when it has run out, was ended, or the
/// account is locked. Marks the session as used, at most once in a thirtieth of its idle time.
///
/// # Errors
/// What the database says.
pub async fn session(store: &Store, token: &str) -> Result<Option<Signed>, Fault> {
    session_asked(store, token, None).await
}

/// As [`session`]; a resident who was not yet asked about this version of the notice on personal information is asked
/// before anything else (个人信息保护法 art. 14: a notice that changed is agreed to anew).
async fn session_asked(store: &Store, token: &str, notice: Option<&str>) -> Result<Option<Signed>, Fault> {
    if token.len() != 64 {
        return Ok(None);
    }
    let hash = hash(token);
    let now = store.now();
    let mut conn = store.read().await?;
    let sql = "SELECT s.street, s.second, s.seen_at, s.idle_s, s.until_at, a.state, p.name, p.phone, p.lives_at, \
               (SELECT COUNT(*) FROM (SELECT 1 FROM inbox i WHERE i.street = s.street AND i.person = s.person AND i.read_at IS NULL AND i.due_at <= $2 LIMIT 100) u) AS unread, \
               (SELECT c.version FROM consent c WHERE c.street = s.street AND c.person = s.person) AS notice \
               FROM session s JOIN account a ON a.street = s.street AND a.id = s.account \
               JOIN person p ON p.street = s.street AND p.id = s.person WHERE s.hash = $1";
    let Some(row) = conn.one(sql, args![&hash, now]).await? else { return Ok(None) };
    let (seen, until): (Time, Time) = (row.get("seen_at")?, row.get("until_at")?);
    let idle = Duration::seconds(row.get("idle_s")?);
    if now >= until || now - seen >= idle {
        return Ok(None);
    }
    let second: String = row.get("second")?;
    let Some(mut signed) = signed(store, &mut conn, &row, now).await? else { return Ok(None) };
    drop(conn);
    signed.session = name_of(&hash);
    let known: Option<String> = row.get("notice")?;
    if notice.is_some() && known.as_deref() != notice && signed.offices.is_empty() && signed.must_go.is_none()
    {
        signed.must_go = Some(CONSENT);
    }
    if second == "due" || second == "enrol" {
        signed.must_go = Some(SECOND_FACTOR);
        if second == "due" {
            // Before the second factor nobody has an office.
            signed.offices.clear();
        }
    }
    if now - seen > idle / 30 {
        store.write(move |tx| Box::pin(async move { secrets::touch(tx, &hash).await })).await?;
    }
    Ok(Some(signed))
}

/// Who holds this API token; `None` when it was revoked or the account is locked.
///
/// # Errors
/// What the database says.
pub async fn bearer(store: &Store, token: &str) -> Result<Option<Signed>, Fault> {
    let hash = hash(token);
    let now = store.now();
    let mut conn = store.read().await?;
    let sql = "SELECT s.street, s.used_at, a.state, p.name, p.phone, p.lives_at, \
               (SELECT COUNT(*) FROM (SELECT 1 FROM inbox i WHERE i.street = s.street AND i.person = s.person AND i.read_at IS NULL AND i.due_at <= $2 LIMIT 100) u) AS unread \
               FROM api_token s JOIN account a ON a.street = s.street AND a.id = s.account \
               JOIN person p ON p.street = s.street AND p.id = s.person WHERE s.hash = $1 AND s.revoked_at IS NULL";
    let Some(row) = conn.one(sql, args![&hash, now]).await? else { return Ok(None) };
    let Some(mut signed) = signed(store, &mut conn, &row, now).await? else { return Ok(None) };
    drop(conn);
    signed.session = name_of(&hash);
    signed.must_go = None;
    let used: Option<Time> = row.get("used_at")?;
    if used.is_none_or(|u| now - u > Duration::hours(1)) {
        store.write(move |tx| Box::pin(async move { secrets::touch_token(tx, &hash).await })).await?;
    }
    Ok(Some(signed))
}

async fn signed(store: &Store, conn: &mut Conn, row: &Row, now: Time) -> Result<Option<Signed>, Fault> {
    let account: Account = row.state()?;
    if account.state != crate::AccountState::Open {
        return Ok(None);
    }
    let street: Id = row.get("street")?;
    let offices = offices(conn, street, account.person, now).await?;
    let (name, phone, lives): (Option<String>, Option<String>, Option<String>) =
        (row.get("name")?, row.get("phone")?, row.get("lives_at")?);
    let commits: Vec<String> = [&name, &phone, &lives].into_iter().flatten().cloned().collect();
    let texts = conn.clear_words(store.keys(), street, &commits).await?;
    let clear = |commit: Option<String>| commit.and_then(|c| texts.get(&c).cloned());
    Ok(Some(Signed {
        street,
        account: account.id,
        person: account.person,
        name: clear(name).or_else(|| clear(phone).map(|p| text::mask_phone(&p))).unwrap_or_default(),
        lives_at: clear(lives).and_then(|t| PlacePath::parse(&t)),
        offices,
        must_go: account.must_change.then_some(PASSWORD),
        session: String::new(),
        unread: row.get("unread")?,
    }))
}

/// The offices of a person in force, with the names of place and unit.
///
/// # Errors
/// What the database says.
pub async fn offices(conn: &mut Conn, street: Id, person: Id, now: Time) -> Result<Vec<ui::Office>, Fault> {
    let sql = format!(
        "SELECT o.id, o.kind, o.place, o.unit, p.name AS place_name, u.name AS unit_name FROM office o \
         LEFT JOIN place p ON p.street = o.street AND p.path = o.place \
         LEFT JOIN unit u ON u.street = o.street AND u.id = o.unit \
         WHERE o.street = $1 AND o.person = $2 AND {} ORDER BY o.id",
        in_force("o", 3)
    );
    conn.all(sql, args![street, person, local_date(now)])
        .await?
        .iter()
        .map(|row| {
            Ok(ui::Office {
                id: row.get("id")?,
                kind: row.code("kind", kernel::OfficeKind::parse)?,
                place: row.get("place")?,
                place_name: row.get::<Option<String>>("place_name")?.unwrap_or_default(),
                unit: row.get("unit")?,
                unit_name: row.get("unit_name")?,
            })
        })
        .collect()
}

/// How long another process's change to the place tree may stay unseen.
const STALE: std::time::Duration = std::time::Duration::from_secs(30);

struct Kept {
    home: Option<(Instant, Arc<ui::Home>)>,
    changes: Receiver<Change>,
}

/// The gate of `ui`, answered from the store; keeps the home street until a place changes.
pub struct Gatekeeper {
    store: Store,
    notice: Option<String>,
    kept: Mutex<Kept>,
}

impl Gatekeeper {
    /// A gate for a store.
    #[must_use]
    pub fn new(store: Store) -> Self {
        let changes = store.changes();
        Self { store, notice: None, kept: Mutex::new(Kept { home: None, changes }) }
    }

    /// A gate that asks residents about a version of the notice on personal information.
    #[must_use]
    pub fn asking(store: Store, notice: String) -> Self {
        Self { notice: Some(notice), ..Self::new(store) }
    }

    fn kept(&self) -> Option<Arc<ui::Home>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match kept.changes.try_recv() {
                Ok(change) if change.room == "places" => kept.home = None,
                Ok(_) => {}
                Err(TryRecvError::Lagged(_)) => kept.home = None,
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        kept.home.as_ref().filter(|(at, _)| at.elapsed() < STALE).map(|(_, home)| home.clone())
    }
}

impl ui::Gate for Gatekeeper {
    fn session<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Option<Signed>, Fault>> {
        Box::pin(session_asked(&self.store, token, self.notice.as_deref()))
    }
    fn bearer<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Option<Signed>, Fault>> {
        Box::pin(bearer(&self.store, token))
    }
    fn home(&self) -> BoxFuture<'_, Result<Option<Arc<ui::Home>>, Fault>> {
        Box::pin(async move {
            if let Some(home) = self.kept() {
                return Ok(Some(home));
            }
            let home = places::home(&mut self.store.read().await?).await?.map(Arc::new);
            if let Some(home) = &home {
                self.kept.lock().unwrap_or_else(PoisonError::into_inner).home =
                    Some((Instant::now(), home.clone()));
            }
            Ok(home)
        })
    }
}
