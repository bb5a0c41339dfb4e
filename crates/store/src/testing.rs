//! Stores for tests: the same story on SQLite and on PostgreSQL.
//!
//! PostgreSQL is used when `YISHITING_TEST_PG` holds the URL of a throw-away server (the project's
//! test command starts one); otherwise that half of a story says that it was skipped.

use crate::{Engine, Entropy, Fault, Location, Migrations, Options, Store};
use kernel::{Clock, FixedClock};
use std::{path::PathBuf, sync::Arc};

/// A fresh store in a folder or database of its own, with a clock that the test moves.
pub struct TestStore {
    /// The store.
    pub store: Store,
    /// Its clock.
    pub clock: FixedClock,
    /// Its folder (the key file lies there on both engines).
    pub folder: PathBuf,
    /// Where it is, for opening it a second time.
    pub location: Location,
}

impl TestStore {
    /// The same store as another process has it.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn again(&self) -> Result<Store, Fault> {
        let clock = Arc::new(self.clock.clone()) as Arc<dyn Clock>;
        Store::open(&self.location, Options { clock, entropy: Entropy::System, durable: false }).await
    }
}

impl Drop for TestStore {
    fn drop(&mut self) {
        if std::env::var_os("YISHITING_TEST_KEEP").is_none() {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// The code of a refusal; `nothing` when it was done.
///
/// # Panics
/// When it failed otherwise.
#[must_use]
pub fn refused<T>(result: Result<T, Fault>) -> &'static str {
    match result {
        Ok(_) => "nothing",
        Err(Fault::Refused(r)) => r.code,
        Err(fault) => panic!("{fault}"),
    }
}

/// Opens a fresh store; `None` when that engine is not at hand.
///
/// # Errors
/// When it is at hand but cannot be opened.
pub async fn open(engine: Engine, rooms: &[Migrations]) -> Result<Option<TestStore>, Fault> {
    let mut name = [0u8; 8];
    Entropy::System.fill(&mut name)?;
    let name = format!("yst_{}", hex::encode(name));
    let folder = std::env::temp_dir().join(&name);
    std::fs::create_dir_all(&folder)?;
    let location = match engine {
        Engine::Sqlite => Location::Folder(folder.clone()),
        Engine::Postgres => {
            let Ok(server) = std::env::var("YISHITING_TEST_PG") else {
                eprintln!("skipped on PostgreSQL: YISHITING_TEST_PG is not set");
                return Ok(None);
            };
            let admin = sqlx::PgPool::connect(&server).await?;
            sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&admin).await?;
            admin.close().await;
            let (base, _) =
                server.rsplit_once('/').ok_or_else(|| Fault::other("YISHITING_TEST_PG names no database"))?;
            Location::Server { url: format!("{base}/{name}"), keys: folder.join("keys.json") }
        }
    };
    let start = kernel::time::parse_stamp("2026-03-02T01:00:00Z").ok_or_else(|| Fault::other("no start"))?;
    let clock = FixedClock::at(start);
    let options = Options {
        clock: Arc::new(clock.clone()) as Arc<dyn Clock>,
        entropy: Entropy::System,
        durable: false,
    };
    let store = Store::open(&location, options).await?;
    store.migrate(rooms).await?;
    Ok(Some(TestStore { store, clock, folder, location }))
}

/// Makes two tests of one story: `name::sqlite` and `name::postgres`.
///
/// ```text
/// store::story!(raise_and_close, [people::MIGRATIONS, matters::MIGRATIONS], |t| async move { … });
/// ```
#[macro_export]
macro_rules! story {
    ($name:ident, [$($rooms:expr),* $(,)?], $body:expr) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;
            async fn run(engine: $crate::Engine) {
                if let Some(test) = $crate::testing::open(engine, &[$($rooms),*]).await.expect("a test store") {
                    let body: fn($crate::testing::TestStore) -> std::pin::Pin<Box<dyn std::future::Future<Output = ()>>> =
                        |test| Box::pin(($body)(test));
                    body(test).await;
                }
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() { run($crate::Engine::Sqlite).await; }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() { run($crate::Engine::Postgres).await; }
        }
    };
}
