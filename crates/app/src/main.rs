//! The program `yishiting`: command line, server, demo, and the wiring between rooms.
//!
//! * [`cli`] is what can be typed, [`config`] puts flags, environment and file together.
//! * [`server`] joins the rooms' routes; [`observe`] counts and logs requests; [`background`] runs what time asks for.
//! * [`wiring`] is the one place that knows two rooms: when this event, do that.
//! * [`docs`] makes the documents that are written from the program's own tables: rights, personal data.
//! * [`commands`] is one file per command; [`demo`] fills a fictional street through the same actions that users call.

mod background;
mod cli;
mod commands;
mod config;
mod demo;
mod docs;
mod failure;
mod nav;
mod observe;
mod openapi;
mod queries;
mod rooms;
mod say;
mod server;
mod wiring;

use failure::Failure;
use std::process::ExitCode;

/// Keeps memory small where many threads open photos, and is faster than the system's.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Default, rust_embed::RustEmbed)]
#[folder = "i18n"]
struct Languages;

ui::room_words!("app", Languages);

fn main() -> ExitCode {
    rooms::register_words();
    let lang = cli::language();
    let typed = match cli::read(lang) {
        Ok(typed) => typed,
        Err(code) => return code,
    };
    let json = typed.common.json;
    let outcome = config::Config::of(lang, &typed).and_then(|config| {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|e| Failure::said(e.to_string()))?;
        let outcome = runtime.block_on(commands::run(config, typed.command));
        // What is still under way in the background need not hold up the end.
        runtime.shutdown_timeout(std::time::Duration::from_secs(2));
        outcome
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print(lang, json);
            ExitCode::from(failure.code())
        }
    }
}
