//! The server: every room's routes behind one door, and what the operator asks it.

use crate::{Failure, background, config::Config, nav, observe, openapi, queries, rooms, say, t};
use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use std::future::IntoFuture;
use std::{io::ErrorKind, net::SocketAddr, sync::Arc, time::Duration};
use store::{Engine, Options, Store};
use tokio::net::TcpListener;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};
use ui::{Ctx, Site};

/// How long requests that are under way may still take after the server was told to stop.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// Takes the address to listen on; before anything else, so that a taken one is said at once.
///
/// # Errors
/// In a sentence that names the option.
pub(crate) async fn listen(config: &Config) -> Result<TcpListener, Failure> {
    let lang = config.lang;
    let at = config.listen.as_str();
    TcpListener::bind(at).await.map_err(|error| {
        Failure::said(match error.kind() {
            ErrorKind::AddrInUse => t!(lang, "port-taken", at = at),
            ErrorKind::PermissionDenied => t!(lang, "port-forbidden", at = at),
            _ => t!(lang, "port-bad", at = at, why = error.to_string()),
        })
    })
}

/// Opens the store and applies the schema steps that are missing.
///
/// # Errors
/// When it cannot be opened.
pub(crate) async fn open(config: &Config, options: Options) -> Result<Store, Failure> {
    // A folder that is made here is its owner's alone; one that is there keeps the rights that somebody gave it.
    #[cfg(unix)]
    if let store::Location::Folder(folder) = &config.location
        && !folder.exists()
    {
        let mut builder = std::fs::DirBuilder::new();
        std::os::unix::fs::DirBuilderExt::mode(builder.recursive(true), 0o700);
        builder.create(folder).map_err(store::Fault::from)?;
    }
    let store = Store::open(&config.location, options).await?;
    store.migrate(rooms::MIGRATIONS).await?;
    Ok(store)
}

/// The address under which people reach the server.
pub(crate) fn address(config: &Config, at: SocketAddr) -> String {
    config.base_url.clone().unwrap_or_else(|| {
        let host = if at.ip().is_unspecified() { "127.0.0.1".to_owned() } else { at.ip().to_string() };
        let host = if host.contains(':') { format!("[{host}]") } else { host };
        format!("http://{host}:{}", at.port())
    })
}

/// The context of a server.
pub(crate) fn context(config: &Config, store: &Store, base_url: String, demo: bool) -> Ctx {
    let secure_cookies = config.secure_cookies.unwrap_or_else(|| base_url.starts_with("https://"));
    let site = Site {
        base_url,
        secure_cookies,
        demo,
        filings: config.filings.clone(),
        tabs: nav::TABS.to_vec(),
        desk: nav::DESK.to_vec(),
        keepers: rooms::KEEPERS.to_vec(),
        calendar: Some(matters::queries::calendar),
    };
    let notice = people::notice_version(rooms::KEEPERS);
    Ctx {
        store: store.clone(),
        gate: Arc::new(people::Gatekeeper::asking(store.clone(), notice)),
        site: Arc::new(site),
    }
}

/// Everything that the server answers.
pub(crate) fn router(ctx: &Ctx, counters: &Arc<observe::Counters>) -> Router {
    let own = Router::new().route(
        "/api/openapi.json",
        get(|| async { ([(header::CONTENT_TYPE, "application/json")], openapi::text()) }),
    );
    dressed(rooms::routes().merge(own), ctx, counters)
}

/// Routes behind the door, and the operator's questions beside it: those are answered when the store is not.
fn dressed(routes: Router<Ctx>, ctx: &Ctx, counters: &Arc<observe::Counters>) -> Router {
    let operator: Router<Ctx> = Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .merge(Router::new().route("/metrics", get(metrics)).with_state((ctx.clone(), counters.clone())));
    // A panic becomes a bare 500 inside the door, which dresses it in words.
    let behind = ui::wrap(routes.layer(CatchPanicLayer::new()), ctx);
    // In this order: the merged one brings the answer to addresses that do not exist.
    operator
        .merge(behind)
        .layer(middleware::from_fn_with_state(counters.clone(), observe::observe))
        .layer(CompressionLayer::new())
        .with_state(ctx.clone())
}

async fn ready(State(ctx): State<Ctx>) -> Response {
    let answer = async { queries::answers(&mut ctx.store.read().await?).await };
    match answer.await {
        Ok(()) => "ready\n".into_response(),
        Err(fault) => {
            tracing::error!(%fault, "not ready");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn metrics(State((ctx, counters)): State<(Ctx, Arc<observe::Counters>)>) -> Result<Response, ui::Oops> {
    let counts = queries::counts(&mut ctx.store.read().await?, ctx.store.now()).await?;
    let engine = match ctx.store.engine() {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    let mut text = counters.text();
    text.push_str(&format!(
        "# TYPE yishiting_info gauge\nyishiting_info{{version=\"{}\",engine=\"{engine}\"}} 1\n\
         # TYPE yishiting_outbox gauge\nyishiting_outbox{{state=\"waiting\"}} {}\nyishiting_outbox{{state=\"dead\"}} {}\n\
         # TYPE yishiting_journal_entries gauge\nyishiting_journal_entries {}\n\
         # TYPE yishiting_matters gauge\nyishiting_matters {}\n\
         # TYPE yishiting_matters_open gauge\nyishiting_matters_open {}\n\
         # TYPE yishiting_clocks_struck gauge\nyishiting_clocks_struck {}\n",
        env!("CARGO_PKG_VERSION"),
        counts.outbox_waiting,
        counts.outbox_dead,
        counts.journal,
        counts.matters,
        counts.matters_open,
        counts.struck,
    ));
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}

/// Serves until Ctrl-C or SIGTERM.
///
/// # Errors
/// When the listener breaks.
pub(crate) async fn serve(
    config: &Config,
    store: &Store,
    listener: TcpListener,
    demo: bool,
) -> Result<(), Failure> {
    let at = listener.local_addr().map_err(store::Fault::from)?;
    let ctx = context(config, store, address(config, at), demo);
    let app = router(&ctx, &Arc::default());
    background::start(store, config);
    let (stop, mut stopped) = tokio::sync::watch::channel(false);
    tokio::spawn(async move {
        signal().await;
        let _ = stop.send(true);
    });
    let mut told = stopped.clone();
    let server = axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async move { drop(told.wait_for(|s| *s).await) });
    // Live pages never end by themselves: they are cut off a little later.
    let late = async {
        drop(stopped.wait_for(|s| *s).await);
        tokio::time::sleep(LAST_WORDS).await;
    };
    tokio::select! {
        done = server.into_future() => done.map_err(store::Fault::from)?,
        () = late => {}
    }
    say::note(t!(config.lang, "stopped"));
    Ok(())
}

async fn signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        let terminate = async {
            match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
                Ok(mut stream) => drop(stream.recv().await),
                Err(_) => std::future::pending::<()>().await,
            }
        };
        tokio::select! { () = interrupt => {}, () = terminate => {} }
    }
    #[cfg(not(unix))]
    interrupt.await;
}

#[cfg(test)]
mod bad_days;
#[cfg(test)]
mod statements;
#[cfg(test)]
mod tests;
