//! Opening, reading, writing. SQLite writes go through one task that groups up to 64 commands into a
//! commit, a savepoint each; PostgreSQL writes run side by side. Nothing is acknowledged before its commit.

use crate::{Change, Conn, Engine, Entropy, Fault, Keys, Migrations, args};
use futures_util::{FutureExt, future::BoxFuture};
use kernel::{Clock, Id, Refusal, Time};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use sqlx::{PgPool, SqlitePool, postgres::PgPoolOptions, sqlite::*};
use std::{
    ops::{Deref, DerefMut},
    panic::AssertUnwindSafe,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::{broadcast, mpsc, oneshot};

/// Most commands in one SQLite commit.
const GROUP: usize = 64;

/// Where the store is.
#[derive(Clone, Debug)]
pub enum Location {
    /// A folder with an embedded SQLite database and the key file.
    Folder(PathBuf),
    /// A PostgreSQL server, and the key file.
    Server {
        /// `postgres://…`
        url: String,
        /// The key file.
        keys: PathBuf,
    },
}

/// How a store is opened.
pub struct Options {
    /// Where "now" comes from.
    pub clock: Arc<dyn Clock>,
    /// Where random bytes come from.
    pub entropy: Entropy,
    /// Whether a commit waits for the disk. Off only to fill a demo or a test faster.
    pub durable: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { clock: Arc::new(crate::SystemClock), entropy: Entropy::System, durable: true }
    }
}

enum Pools {
    Sqlite { read: SqlitePool, write: mpsc::Sender<Box<dyn Job>>, pool: SqlitePool },
    Postgres(PgPool),
}

struct Inner {
    pools: Pools,
    clock: Arc<dyn Clock>,
    entropy: Mutex<Entropy>,
    keys: Keys,
    changes: broadcast::Sender<Change>,
    generation: AtomicU64,
}

/// Generations are unique in the process, so that what is kept under one never fits another store.
static GENERATIONS: AtomicU64 = AtomicU64::new(1);

fn next_generation() -> u64 {
    GENERATIONS.fetch_add(1, Ordering::Relaxed)
}

/// The database, cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

/// The key of a command: the same key twice is one change, with the first answer.
#[derive(Clone, Debug)]
pub struct IdemKey {
    /// Whose key it is (a session, a token), so that nobody reads another's answer.
    pub scope: String,
    /// The key itself.
    pub key: String,
    /// A print of the input: the same key with other input is refused.
    pub print: String,
}

impl IdemKey {
    /// A key for an input; the print is taken from its bytes.
    #[must_use]
    pub fn new(scope: impl Into<String>, key: impl Into<String>, input: &[u8]) -> Self {
        Self { scope: scope.into(), key: key.into(), print: hex::encode(Sha256::digest(input)) }
    }
}

impl Store {
    /// Opens the store, creating the folder, database and key file where they are missing.
    ///
    /// # Errors
    /// When the place cannot be opened.
    pub async fn open(location: &Location, options: Options) -> Result<Self, Fault> {
        let mut entropy = options.entropy;
        let (changes, _) = broadcast::channel(256);
        match location {
            Location::Folder(folder) => {
                std::fs::create_dir_all(folder)
                    .map_err(|e| Fault::other(format!("data folder {}: {e}", folder.display())))?;
                let keys = Keys::open(&folder.join("keys.json"), &mut entropy)?;
                let (pool, read) = open_sqlite(&folder.join("yishiting.db"), options.durable).await?;
                let (write, jobs) = mpsc::channel(1024);
                let inner = Inner {
                    pools: Pools::Sqlite { read, write, pool: pool.clone() },
                    clock: options.clock,
                    entropy: Mutex::new(entropy),
                    keys,
                    changes,
                    generation: AtomicU64::new(next_generation()),
                };
                let store = Self(Arc::new(inner));
                tokio::spawn(writer(pool, jobs, Arc::downgrade(&store.0)));
                Ok(store)
            }
            Location::Server { url, keys } => {
                let keys = Keys::open(keys, &mut entropy)?;
                let pool = PgPoolOptions::new()
                    .max_connections(16)
                    .acquire_timeout(Duration::from_secs(10))
                    .connect(url)
                    .await?;
                let inner = Inner {
                    pools: Pools::Postgres(pool),
                    clock: options.clock,
                    entropy: Mutex::new(entropy),
                    keys,
                    changes,
                    generation: AtomicU64::new(next_generation()),
                };
                Ok(Self(Arc::new(inner)))
            }
        }
    }

    /// Applies the schema steps that are missing; returns how many.
    ///
    /// # Errors
    /// When a step fails; the steps before it stay applied.
    pub async fn migrate(&self, rooms: &[Migrations]) -> Result<usize, Fault> {
        let mut conn = match &self.0.pools {
            Pools::Sqlite { pool, .. } => Conn::Sqlite(pool.acquire().await?),
            Pools::Postgres(pool) => Conn::Postgres(pool.acquire().await?),
        };
        let mut all = vec![crate::MIGRATIONS];
        all.extend_from_slice(rooms);
        crate::migrate::apply(&mut conn, &all, self.now()).await
    }

    /// Which engine this is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match &self.0.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// When none is free in time.
    pub async fn read(&self) -> Result<Conn, Fault> {
        Ok(match &self.0.pools {
            Pools::Sqlite { read, .. } => Conn::Sqlite(read.acquire().await?),
            Pools::Postgres(pool) => Conn::Postgres(pool.acquire().await?),
        })
    }

    /// Runs a change: all of it is committed, or none. Runs to its end even when the caller goes away.
    ///
    /// # Errors
    /// What the change refuses, or what the database says.
    pub async fn write<T, F>(&self, change: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, Fault>> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let mut job =
            Typed { change: Some(change), outcome: None, reply: Some(reply), published: Vec::new() };
        match &self.0.pools {
            Pools::Sqlite { write, .. } => {
                write.send(Box::new(job)).await.map_err(|_| Fault::other("the writer has stopped"))?;
            }
            Pools::Postgres(pool) => {
                let (pool, store) = (pool.clone(), self.clone());
                tokio::spawn(async move {
                    let committed = async {
                        let mut tx = store.tx(Conn::Postgres(pool.acquire().await?));
                        tx.script("BEGIN".into()).await?;
                        let keep = job.run(&mut tx).await;
                        tx.script(if keep { "COMMIT" } else { "ROLLBACK" }.into()).await
                    }
                    .await;
                    store.turn(job.changed());
                    Box::new(job).finish(committed.as_ref().copied(), &store.0.changes);
                });
            }
        }
        answer.await.map_err(|_| Fault::other("the change was interrupted"))?
    }

    /// As [`Store::write`], once per key: a repeated key gives the first answer and changes nothing.
    ///
    /// # Errors
    /// As [`Store::write`]; `ui.key-reused` when the key came with another input before.
    pub async fn once<T, F>(&self, key: Option<IdemKey>, change: F) -> Result<T, Fault>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, Fault>> + Send + 'static,
    {
        let Some(key) = key else { return self.write(change).await };
        self.write(move |tx| {
            Box::pin(async move {
                let now = tx.now;
                let fresh = tx
                    .run(
                        "INSERT INTO idempotency (scope, key, print, answer, at) VALUES ($1, $2, $3, NULL, $4) ON CONFLICT DO NOTHING",
                        args![&key.scope, &key.key, &key.print, now],
                    )
                    .await?;
                if fresh == 0 {
                    let row = tx
                        .one("SELECT print, answer FROM idempotency WHERE scope = $1 AND key = $2", args![&key.scope, &key.key])
                        .await?
                        .ok_or_else(|| Fault::other("an idempotency key vanished"))?;
                    if row.get::<String>("print")? != key.print {
                        return Err(Refusal::conflict("ui.key-reused").into());
                    }
                    let answer: Option<String> = row.get("answer")?;
                    return Ok(serde_json::from_str(&answer.unwrap_or_default())?);
                }
                let answer = change(tx).await?;
                tx.run(
                    "UPDATE idempotency SET answer = $3 WHERE scope = $1 AND key = $2",
                    args![&key.scope, &key.key, serde_json::to_string(&answer)?],
                )
                .await?;
                Ok(answer)
            })
        })
        .await
    }

    /// The present instant by the store's clock.
    #[must_use]
    pub fn now(&self) -> Time {
        self.0.clock.now()
    }

    /// The clock itself.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        self.0.clock.clone()
    }

    /// The keys of the installation.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// Random bytes.
    ///
    /// # Errors
    /// When the system has none.
    pub fn random<const N: usize>(&self) -> Result<[u8; N], Fault> {
        let mut out = [0u8; N];
        self.0.entropy.lock().unwrap_or_else(PoisonError::into_inner).fill(&mut out)?;
        Ok(out)
    }

    /// A new id.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn new_id(&self) -> Result<Id, Fault> {
        Ok(Id::new(self.now(), self.random()?))
    }

    /// Another number after every commit of this process that wrote into the journal: what was read under a number, of
    /// tables that follow from the journal, still holds while it stands, unless another process wrote.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.0.generation.load(Ordering::Acquire)
    }

    /// Before anybody is told that a change is done.
    fn turn(&self, changed: bool) {
        if changed {
            self.0.generation.store(next_generation(), Ordering::Release);
        }
    }

    /// Hears of every committed change (live pages).
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.0.changes.subscribe()
    }

    /// Copies a SQLite store, while it runs, into a new database file.
    ///
    /// # Errors
    /// On PostgreSQL (use its own tools), or when the file exists or cannot be written.
    pub async fn copy_to(&self, file: &Path) -> Result<(), Fault> {
        match &self.0.pools {
            Pools::Sqlite { read, .. } => {
                let mut conn = Conn::Sqlite(read.acquire().await?);
                conn.run("VACUUM INTO $1", args![file.display().to_string()]).await?;
                Ok(())
            }
            Pools::Postgres(_) => Err(Fault::other("a PostgreSQL store is backed up by pg_dump")),
        }
    }

    /// Closes every connection after what is under way.
    pub async fn close(&self) {
        match &self.0.pools {
            Pools::Sqlite { read, pool, .. } => {
                read.close().await;
                pool.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    fn tx(&self, conn: Conn) -> Tx {
        Tx { conn, store: self.clone(), now: self.now(), changes: Vec::new() }
    }
}

/// A transaction under way: reads, writes, journal, words, numbers, blobs.
pub struct Tx {
    conn: Conn,
    pub(crate) store: Store,
    /// The instant of the change: one for all that it does.
    pub now: Time,
    pub(crate) changes: Vec<Change>,
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl Tx {
    /// A new id.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn new_id(&self) -> Result<Id, Fault> {
        Ok(Id::new(self.now, self.store.random()?))
    }

    /// Random bytes.
    ///
    /// # Errors
    /// When the system has none.
    pub fn random<const N: usize>(&self) -> Result<[u8; N], Fault> {
        self.store.random()
    }

    /// The keys of the installation.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        self.store.keys()
    }

    /// Encrypts text about something.
    ///
    /// # Errors
    /// When the key file is damaged or there is no randomness.
    pub fn seal(&self, about: &str, clear: &str) -> Result<Vec<u8>, Fault> {
        self.keys().seal(about, clear.as_bytes(), self.random()?)
    }

    /// `FOR UPDATE` where the engine needs it: SQLite has one writer, PostgreSQL locks the row.
    #[must_use]
    pub fn lock(&self) -> &'static str {
        match self.engine() {
            Engine::Sqlite => "",
            Engine::Postgres => " FOR UPDATE",
        }
    }
}

trait Job: Send {
    /// Runs the change; whether it is to be kept.
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, bool>;
    /// Whether it wrote into the journal, once it has run.
    fn changed(&self) -> bool;
    /// Answers the caller after the commit.
    fn finish(self: Box<Self>, committed: Result<(), &Fault>, changes: &broadcast::Sender<Change>);
}

struct Typed<T, F> {
    change: Option<F>,
    outcome: Option<Result<T, Fault>>,
    reply: Option<oneshot::Sender<Result<T, Fault>>>,
    published: Vec<Change>,
}

impl<T, F> Job for Typed<T, F>
where
    T: Send + 'static,
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, Fault>> + Send + 'static,
{
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let Some(change) = self.change.take() else { return false };
            // A panic in one command must not take the writer, and the other commands, with it.
            let outcome = AssertUnwindSafe(change(tx)).catch_unwind().await;
            let outcome = outcome.unwrap_or_else(|_| Err(Fault::other("the change stopped unexpectedly")));
            let keep = outcome.is_ok();
            self.published = std::mem::take(&mut tx.changes);
            self.outcome = Some(outcome);
            keep
        })
    }

    fn changed(&self) -> bool {
        !self.published.is_empty()
    }

    fn finish(mut self: Box<Self>, committed: Result<(), &Fault>, changes: &broadcast::Sender<Change>) {
        let outcome = match (self.outcome.take(), committed) {
            (Some(Err(fault)), _) => Err(fault),
            (_, Err(fault)) => Err(fault.again("commit")),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(Fault::other("the change did not run")),
        };
        if outcome.is_ok() {
            for change in self.published.drain(..) {
                // Nobody listening is no fault.
                let _ = changes.send(change);
            }
        }
        if let Some(reply) = self.reply.take() {
            // The caller may have gone; the change stands all the same.
            let _ = reply.send(outcome);
        }
    }
}

async fn writer(pool: SqlitePool, mut jobs: mpsc::Receiver<Box<dyn Job>>, inner: std::sync::Weak<Inner>) {
    while let Some(first) = jobs.recv().await {
        let Some(inner) = inner.upgrade() else { return };
        let store = Store(inner);
        let mut group = vec![first];
        let committed = async {
            let mut tx = store.tx(Conn::Sqlite(pool.acquire().await?));
            tx.script("BEGIN IMMEDIATE".into()).await?;
            let mut done = 0;
            while done < group.len() {
                tx.now = store.now();
                tx.changes.clear();
                tx.script("SAVEPOINT command".into()).await?;
                let keep = group[done].run(&mut tx).await;
                tx.script(
                    if keep { "RELEASE command" } else { "ROLLBACK TO command; RELEASE command" }.into(),
                )
                .await?;
                done += 1;
                if done == group.len()
                    && done < GROUP
                    && let Ok(next) = jobs.try_recv()
                {
                    group.push(next);
                }
            }
            let end = tx.script("COMMIT".into()).await;
            if end.is_err() {
                // A failed commit (full disk) may leave the transaction open; the next one must start clean.
                let _ = tx.script("ROLLBACK".into()).await;
            }
            end
        }
        .await;
        store.turn(group.iter().any(|job| job.changed()));
        for job in group {
            job.finish(committed.as_ref().copied(), &store.0.changes);
        }
    }
}

/// Makes the file readable by its owner only; what SQLite puts beside it takes over the same mode.
#[cfg(unix)]
fn begin_private(file: &Path) {
    use std::os::unix::fs::OpenOptionsExt;
    // An existing file stays as it is; a folder that cannot be written is told of by the opening itself.
    let _ = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
}

#[cfg(not(unix))]
fn begin_private(_file: &Path) {}

async fn open_sqlite(file: &Path, durable: bool) -> Result<(SqlitePool, SqlitePool), Fault> {
    begin_private(file);
    // Reading is work for the processor: more readers than twice the cores only wait for one another.
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let readers = u32::try_from(2 * cores).unwrap_or(8).clamp(4, 16);
    let base = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(if durable { SqliteSynchronous::Full } else { SqliteSynchronous::Off })
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("cache_size", "-8000")
        .pragma("temp_store", "memory");
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(base.clone().create_if_missing(true))
        .await
        .map_err(|e| Fault::other(format!("database {}: {e}", file.display())))?;
    let read = SqlitePoolOptions::new()
        .max_connections(readers)
        .min_connections(1)
        // A file does not hang up.
        .test_before_acquire(false)
        .connect_with(base.read_only(true))
        .await?;
    Ok((write, read))
}
