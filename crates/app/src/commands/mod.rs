//! One file per command.

mod archive;
mod doctor;
mod export;
mod import;
mod keys;
mod recount;
mod set_up;
mod tally;
mod tokens;
mod verify;

use crate::{
    Failure, cli,
    cli::{Command, Methods, Token},
    config::Config,
    demo, openapi, say, server, t,
};
use kernel::{Actor, Channel};
use places::Place;
use serde_json::json;
use store::{Conn, Fault, Options, Store};

/// Runs a command.
///
/// # Errors
/// Why it failed.
pub(crate) async fn run(config: Config, command: Option<Command>) -> Result<(), Failure> {
    match command {
        None | Some(Command::Demo) => demo::run(&config).await,
        Some(Command::Serve) => serve(&config).await,
        Some(Command::Setup(given)) => set_up::run(&config, given).await,
        Some(Command::Import(given)) => import::run(&config, given).await,
        Some(Command::Export(given)) => export::run(&config, given).await,
        Some(Command::Backup(what)) => archive::backup(&config, &what).await,
        Some(Command::Restore(what)) => archive::restore(&config, &what).await,
        Some(Command::Verify(given)) => verify::run(&config, &given).await,
        Some(Command::Receipt(given)) => verify::receipt(&config, &given),
        Some(Command::Tally(cli::OneFile { file })) => tally::run(&config, &file),
        Some(Command::Recount(cli::OneFile { file })) => recount::run(&config, &file),
        Some(Command::Doctor) => doctor::run(&config).await,
        Some(Command::Token(Token::Create(given))) => tokens::create(&config, given).await,
        Some(Command::Methods(Methods::List)) => {
            methods_list(&config);
            Ok(())
        }
        Some(Command::Openapi) => {
            say::line(openapi::text().trim_end());
            Ok(())
        }
        Some(Command::Keys(cli::Keys::Rotate)) => keys::rotate(&config).await,
        Some(Command::Keys(cli::Keys::Retire)) => keys::retire(&config).await,
        Some(Command::Docs(cli::Docs { folder })) => {
            for (name, text) in crate::docs::all() {
                std::fs::write(folder.join(name), text).map_err(Fault::from)?;
            }
            Ok(())
        }
    }
}

async fn serve(config: &Config) -> Result<(), Failure> {
    let lang = config.lang;
    start_log(config, "info");
    let listener = server::listen(config).await?;
    let at = listener.local_addr().map_err(Fault::from)?;
    let store = server::open(config, Options::default()).await?;
    let url = server::address(config, at);
    say::line(t!(lang, "serving", url = url.as_str(), data = config.place()));
    if places::queries::streets(&mut store.read().await?).await?.is_empty() {
        say::line(t!(lang, "set-up-page", url = format!("{url}/setup")));
    }
    say::line(t!(lang, "codes-here"));
    say::line(t!(lang, "how-to-stop"));
    server::serve(config, &store, listener, false).await?;
    store.close().await;
    Ok(())
}

/// Starts the log. It holds no query strings and nothing personal.
pub(crate) fn start_log(config: &Config, default: &str) {
    use tracing_subscriber::{EnvFilter, fmt};
    let wanted = config.log.clone().unwrap_or_else(|| format!("warn,yishiting={default}"));
    let filter = EnvFilter::try_new(&wanted).unwrap_or_else(|_| EnvFilter::new("warn"));
    let log = fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    // A second start in one process (tests) keeps the first log.
    let _ = if config.log_json { log.json().try_init() } else { log.with_target(false).compact().try_init() };
}

/// Opens a store that must be there already.
///
/// # Errors
/// When there is none, or it cannot be opened.
async fn existing(config: &Config) -> Result<Store, Failure> {
    if !config.exists() {
        return Err(Failure::said(t!(config.lang, "no-store", place = config.place())));
    }
    server::open(config, Options::default()).await
}

/// The street of the store.
///
/// # Errors
/// When there is none yet.
async fn street(config: &Config, conn: &mut Conn) -> Result<Place, Failure> {
    let found = places::queries::streets(conn).await?.into_iter().next();
    found.ok_or_else(|| Failure::said(t!(config.lang, "no-street")))
}

/// A community by its short code; the only one there is when none is named.
///
/// # Errors
/// When there is no such community, or several and none was named.
async fn community(
    config: &Config,
    conn: &mut Conn,
    street: &Place,
    code: Option<&str>,
) -> Result<Place, Failure> {
    let all = places::queries::communities(conn, street.id).await?;
    let codes = all.iter().filter_map(|c| c.short_code.clone()).collect::<Vec<_>>().join(", ");
    match code {
        Some(code) => all
            .into_iter()
            .find(|c| c.short_code.as_deref().is_some_and(|s| s.eq_ignore_ascii_case(code)) || c.code == code)
            .ok_or_else(|| Failure::said(t!(config.lang, "no-community", code = code, codes = codes))),
        None if all.len() == 1 => {
            all.into_iter().next().ok_or_else(|| Failure::said(t!(config.lang, "no-street")))
        }
        None => Err(Failure::said(t!(config.lang, "which-community", codes = codes))),
    }
}

/// The operator at the command line: the system itself, by way of an import.
fn operator(street: &Place) -> Actor {
    Actor { channel: Channel::System, ..Actor::system(street.id) }
}

fn methods_list(config: &Config) {
    let all = methods::Methods::shipped();
    if config.json {
        let list: Vec<_> =
            all.iter().map(|m| json!({ "code": m.code, "version": m.version, "name": m.name })).collect();
        say::json(&json!(list));
        return;
    }
    for m in all.iter() {
        say::line(format!("{:<12} v{:<3} {}", m.code, m.version, m.name.get(config.lang.code())));
    }
}
