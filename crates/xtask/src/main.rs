//! The developers' commands: `cargo xtask test` and what belongs to it.
#![expect(clippy::print_stdout, reason = "a command-line tool talks to the person who started it")]

mod fuzz;
mod languages;
mod postgres;
mod process;
mod server;
mod steps;
mod tools;
mod vendor;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};

use steps::{Choice, Step, World};

/// Commands for developers of Yishiting
#[derive(Parser)]
#[command(name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Runs every check and test, after installing or starting what they need
    Test {
        /// Only these steps (several: a,b)
        #[arg(long, value_name = "STEP", value_delimiter = ',')]
        only: Vec<Step>,
        /// Not these steps (several: a,b)
        #[arg(long, value_name = "STEP", value_delimiter = ',')]
        skip: Vec<Step>,
        /// Go on with the next step after one that failed
        #[arg(long)]
        keep_going: bool,
    },
    /// Installs what the tests need, and runs nothing
    Setup,
    /// Writes pictures of the pages
    Screenshots {
        /// Where to
        #[arg(long, default_value = "tests/browser/out")]
        out: PathBuf,
    },
    /// Makes the traditional Chinese language files from the simplified ones
    ZhHant {
        /// Only tell whether all language files are in step
        #[arg(long)]
        check: bool,
    },
    /// Measures the optimised program with 100,000 matters, and writes docs/BENCHMARKS.md
    Bench {
        /// What the measuring program takes; `--help` tells
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Tries the parsers of outside bytes with damaged inputs; a failing one is kept in target/fuzz
    Fuzz {
        /// How long each target is tried
        #[arg(long, default_value_t = 10.0)]
        minutes: f64,
        /// Only these targets (several: a,b)
        #[arg(long, value_name = "NAME", value_delimiter = ',')]
        only: Vec<String>,
        /// The inputs follow from this number
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Runs a command beside a throw-away PostgreSQL cluster, its address in YISHITING_TEST_PG
    WithPostgres {
        /// The command and its arguments
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        command: Vec<String>,
    },
}

fn perform(task: Task) -> Result<()> {
    process::catch_interrupts()?;
    let mut world = World::find()?;
    match task {
        Task::Test { only, skip, keep_going } => steps::test(&mut world, &Choice { only, skip, keep_going }),
        Task::Setup => world.setup(),
        Task::Screenshots { out } => world.screenshots(&out),
        Task::ZhHant { check: true } => languages::check(world.root()),
        Task::ZhHant { check: false } => {
            for file in languages::write_traditional(world.root())? {
                println!("written: {}", file.strip_prefix(world.root()).unwrap_or(&file).display());
            }
            Ok(())
        }
        Task::Bench { arguments } => {
            let mut build = process::cargo();
            build.args(["build", "--release", "--package", "app", "--package", "bench"]);
            process::run(build.current_dir(world.root()), Duration::from_secs(60 * 60))?;
            let folder = world.target().join("release");
            let mut bench = process::command(folder.join("bench"));
            bench.arg("--program").arg(folder.join("yishiting")).args(arguments);
            process::run(bench.current_dir(world.root()), Duration::from_secs(4 * 60 * 60))
        }
        Task::Fuzz { minutes, only, seed } => fuzz::run(world.root(), minutes, &only, seed),
        Task::WithPostgres { command } => {
            let Some((program, arguments)) = command.split_first() else { bail!("no command") };
            let cluster = postgres::Cluster::start(&tools::postgres()?)?;
            let mut child = process::command(program);
            child.args(arguments).env(postgres::VARIABLE, cluster.url());
            process::run(&mut child, Duration::from_secs(24 * 60 * 60))
        }
    }
}

fn main() -> ExitCode {
    match perform(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
