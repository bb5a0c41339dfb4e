//! The steps of `cargo xtask test`: their order, their outcome, the summary.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::languages;
use crate::postgres::{self, Cluster};
use crate::process::{cargo, command, interrupted, output, run};
use crate::server::{Seed, Server};
use crate::tools::{self, Missing};
use crate::vendor;

/// A cold build on a small machine is the longest thing that a step does.
const BUILD_LIMIT: Duration = Duration::from_secs(60 * 60);
const BROWSER_LIMIT: Duration = Duration::from_secs(30 * 60);
const API_LIMIT: Duration = Duration::from_secs(20 * 60);
/// Generated calls per API operation.
const API_EXAMPLES: &str = "20";
/// The demo account whose rights the API check has.
const API_OFFICE: &str = "dispatcher";
/// An operation that this account may call.
const API_DOOR: &str = "/api/v1/matters";

/// One step.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum Step {
    /// Formatting
    Fmt,
    /// The same messages in every language; traditional Chinese in step with simplified
    Languages,
    /// Lints of every crate, warnings denied
    Clippy,
    /// Starts the throw-away PostgreSQL cluster (skipped: tests run on SQLite only)
    Postgres,
    /// Unit, property and story tests
    Tests,
    /// Examples in the documentation
    Doctests,
    /// Types of the scripts in the pages, vendored files
    Scripts,
    /// Browser tests
    Browser,
    /// Generated calls against the API's own description
    Api,
    /// The documentation, warnings denied
    Docs,
}

/// All steps in the order in which they run.
pub(crate) const ALL: [Step; 10] = [
    Step::Fmt,
    Step::Languages,
    Step::Clippy,
    Step::Postgres,
    Step::Tests,
    Step::Doctests,
    Step::Scripts,
    Step::Browser,
    Step::Api,
    Step::Docs,
];

impl Step {
    fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }
}

/// What the steps share.
pub(crate) struct World {
    root: PathBuf,
    target: PathBuf,
    cluster: Option<Cluster>,
    seed: Option<Seed>,
    /// Whether this run has built every crate with its tests.
    all_built: bool,
}

impl World {
    /// Where cargo builds.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Finds the workspace and its target folder.
    ///
    /// # Errors
    /// When `cargo metadata` fails.
    pub(crate) fn find() -> Result<Self> {
        let text = output(cargo().args(["metadata", "--format-version", "1", "--no-deps"]))?;
        let json: serde_json::Value = serde_json::from_str(&text).context("cargo metadata")?;
        let folder =
            |name: &str| json[name].as_str().map(PathBuf::from).with_context(|| format!("no {name}"));
        Ok(Self {
            root: folder("workspace_root")?,
            target: folder("target_directory")?,
            cluster: None,
            seed: None,
            all_built: false,
        })
    }

    /// The workspace's folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where logs and reports go.
    fn reports(&self) -> Result<PathBuf> {
        let folder = self.target.join("xtask");
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    fn cargo(&self, arguments: &[&str]) -> Result<()> {
        run(cargo().args(arguments).current_dir(&self.root), BUILD_LIMIT)
    }

    fn seed(&mut self) -> Result<&Seed> {
        let seed = match self.seed.take() {
            Some(seed) => seed,
            None => Seed::make(&self.root, &self.target, self.all_built)?,
        };
        Ok(self.seed.insert(seed))
    }

    /// Installs or finds everything that the tests need.
    ///
    /// # Errors
    /// What is missing and may not be installed, all of it.
    pub(crate) fn setup(&self) -> Result<()> {
        let mut lacking = Vec::new();
        let mut note = |what: &str, found: Result<PathBuf>| match found {
            Ok(path) => println!("{what}: {}", path.display()),
            Err(error) => lacking.push(format!("{error:#}")),
        };
        note("PostgreSQL", tools::postgres());
        note("Chromium", tools::chromium());
        note("node packages", tools::node_packages(&self.root));
        note("schemathesis", tools::schemathesis(&self.root, &self.target));
        if lacking.is_empty() {
            return Ok(());
        }
        bail!("{}", lacking.join("\n"))
    }

    /// Writes pictures of the pages to `folder`.
    ///
    /// # Errors
    /// When a page cannot be shown.
    pub(crate) fn screenshots(&mut self, folder: &Path) -> Result<()> {
        let folder = std::path::absolute(folder)?;
        self.node(&["screenshots.mjs"], |c| {
            c.env("YISHITING_SHOTS", folder);
        })
    }

    fn run(&mut self, step: Step) -> Result<()> {
        match step {
            Step::Fmt => self.cargo(&["fmt", "--all", "--check"]),
            Step::Languages => languages::check(&self.root),
            Step::Clippy => self.cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
            Step::Postgres => {
                let cluster = Cluster::start(&tools::postgres()?)?;
                println!("{}={}", postgres::VARIABLE, cluster.url());
                self.cluster = Some(cluster);
                Ok(())
            }
            Step::Tests => {
                let outcome = self.tests();
                self.all_built = outcome.is_ok();
                outcome
            }
            Step::Doctests => self.cargo(&["test", "--workspace", "--doc"]),
            Step::Scripts => self.scripts(),
            Step::Browser => self.node(&["--test", "--test-reporter=spec", "--test-concurrency=2"], |_| {}),
            Step::Api => self.api(),
            Step::Docs => {
                let mut doc = cargo();
                doc.args(["doc", "--workspace", "--no-deps", "--document-private-items"]);
                run(doc.env("RUSTDOCFLAGS", "-D warnings").current_dir(&self.root), BUILD_LIMIT)
            }
        }
    }

    fn tests(&self) -> Result<()> {
        let mut tests = cargo();
        if tools::in_path("cargo-nextest").is_some() {
            tests.args(["nextest", "run", "--workspace", "--no-fail-fast"]);
        } else {
            tests.args(["test", "--workspace", "--all-targets", "--no-fail-fast"]);
        }
        match &self.cluster {
            Some(cluster) => tests.env(postgres::VARIABLE, cluster.url()),
            None => {
                println!("without PostgreSQL: the tests run on SQLite only");
                tests.env_remove(postgres::VARIABLE)
            }
        };
        run(tests.current_dir(&self.root), BUILD_LIMIT)
    }

    /// Checks the types of every script with a `tsconfig*.json` beside it, and the vendored files.
    fn scripts(&self) -> Result<()> {
        let browser = tools::node_packages(&self.root)?;
        let mut configs = vec![browser.join("tsconfig.json")];
        for entry in std::fs::read_dir(self.root.join("crates"))? {
            configs.extend(tsconfigs(&entry?.path().join("assets")));
        }
        configs.sort();
        for config in configs {
            let mut tsc = command(browser.join("node_modules/.bin/tsc"));
            tsc.args(["--noEmit", "--project"]).arg(config.strip_prefix(&self.root).unwrap_or(&config));
            run(tsc.current_dir(&self.root), BROWSER_LIMIT)?;
        }
        vendor::check(&self.root, &browser.join("node_modules"))
    }

    /// Runs Node.js in `tests/browser` with what the helpers there look for.
    fn node(&mut self, arguments: &[&str], prepare: impl FnOnce(&mut std::process::Command)) -> Result<()> {
        let chromium = tools::chromium()?;
        let folder = tools::node_packages(&self.root)?;
        let seed = self.seed()?;
        let mut node = command("node");
        node.args(arguments).current_dir(folder);
        node.env("CHROME", chromium).env("YISHITING_BIN", seed.binary()).env("YISHITING_SEED", seed.data());
        tools::no_browser_download(&mut node);
        prepare(&mut node);
        run(&mut node, BROWSER_LIMIT)
    }

    fn api(&mut self) -> Result<()> {
        let program = tools::schemathesis(&self.root, &self.target)?;
        let reports = self.reports()?;
        let seed = self.seed()?;
        let folder = tempfile::Builder::new().prefix("yishiting-api-").tempdir()?;
        let data = folder.path().join("data");
        seed.copy(&data)?;
        let token = seed.token(&data, &seed.account(API_OFFICE)?)?;
        let server = Server::start(seed.binary(), data, &reports.join("api-server.log"))?;
        // Calls that are all refused at the door would find nothing wrong.
        if !server.lets_in(&token, API_DOOR) {
            bail!("the token is not let in at {API_DOOR}:\n{}", server.last_words());
        }

        let checks =
            "not_a_server_error,response_schema_conformance,content_type_conformance,status_code_conformance";
        let mut c = command(program);
        c.arg("run").arg(format!("{}/api/openapi.json", server.url()));
        c.args(["--checks", checks, "--phases", "examples,coverage,fuzzing", "--max-examples", API_EXAMPLES]);
        // The same calls every time: a failure can be repeated, and a green run stays green.
        c.args(["--generation-deterministic", "--request-timeout", "20"]);
        c.args(["--continue-on-failure", "--no-color", "--report", "junit"]);
        c.arg("--report-junit-path").arg(reports.join("api.xml"));
        // In a file, so that the token is not shown with the command.
        let config = folder.path().join("schemathesis.toml");
        std::fs::write(&config, format!("headers = {{ Authorization = \"Bearer {token}\" }}\n"))?;
        c.current_dir(folder.path());
        let outcome = run(&mut c, API_LIMIT);
        outcome.with_context(|| format!("the server's last words:\n{}", server.last_words()))
    }
}

/// The `tsconfig*.json` of a folder and the folders in it.
fn tsconfigs(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(tsconfigs(&path));
        } else if name.starts_with("tsconfig") && name.ends_with(".json") && !name.contains("base") {
            found.push(path);
        }
    }
    found
}

/// How a step ended.
enum Outcome {
    Passed,
    Failed(String),
    /// Something it needs is not on this machine; counts as failed.
    Missing(String),
    Skipped,
}

/// Which steps run, and whether a failure ends the run.
#[derive(Default)]
pub(crate) struct Choice {
    /// Only these, when not empty.
    pub(crate) only: Vec<Step>,
    /// Not these.
    pub(crate) skip: Vec<Step>,
    /// Go on after a failure.
    pub(crate) keep_going: bool,
}

impl Choice {
    fn wants(&self, step: Step) -> bool {
        let chosen = self.only.is_empty()
            || self.only.contains(&step)
            // The tests are meant to run on both engines, also when they are asked for alone.
            || (step == Step::Postgres && self.only.contains(&Step::Tests));
        chosen && !self.skip.contains(&step)
    }
}

/// Runs the chosen steps and prints how each ended.
///
/// # Errors
/// When a step failed or lacks something.
pub(crate) fn test(world: &mut World, choice: &Choice) -> Result<()> {
    run_all(choice, |step| world.run(step))
}

fn run_all(choice: &Choice, mut action: impl FnMut(Step) -> Result<()>) -> Result<()> {
    let mut ended: Vec<(Step, Outcome, Duration)> = Vec::new();
    let mut stop = false;
    for step in ALL {
        if stop || !choice.wants(step) {
            ended.push((step, Outcome::Skipped, Duration::ZERO));
            continue;
        }
        println!("\n=== {} ===", step.name());
        let started = Instant::now();
        let outcome = match action(step) {
            Ok(()) => Outcome::Passed,
            Err(error) => {
                println!("{error:#}");
                stop = !choice.keep_going;
                match error.downcast_ref::<Missing>() {
                    Some(missing) => Outcome::Missing(missing.to_string()),
                    None => Outcome::Failed(first_line(&format!("{error:#}"))),
                }
            }
        };
        stop |= interrupted();
        println!("=== {}: {:.1} s ===", step.name(), started.elapsed().as_secs_f64());
        ended.push((step, outcome, started.elapsed()));
    }
    let (text, failed) = summary(&ended);
    println!("\n{text}");
    if failed > 0 {
        bail!("{failed} of the steps failed");
    }
    Ok(())
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(160).collect()
}

/// The table at the end, and how many steps failed.
fn summary(ended: &[(Step, Outcome, Duration)]) -> (String, usize) {
    let mut lines = Vec::new();
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for (step, outcome, time) in ended {
        let (word, why) = match outcome {
            Outcome::Passed => ("ok", ""),
            Outcome::Failed(why) => ("FAILED", why.as_str()),
            Outcome::Missing(why) => ("MISSING", why.as_str()),
            Outcome::Skipped => ("not run", ""),
        };
        match outcome {
            Outcome::Passed => passed += 1,
            Outcome::Failed(_) | Outcome::Missing(_) => failed += 1,
            Outcome::Skipped => skipped += 1,
        }
        let line = format!("{:<10} {word:<8} {:>8.1} s  {why}", step.name(), time.as_secs_f64());
        lines.push(line.trim_end().to_owned());
    }
    lines.push(format!("steps: {passed} passed, {failed} failed, {skipped} skipped"));
    (lines.join("\n"), failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::anyhow;

    fn ran(choice: &Choice, fails: &[Step]) -> (Vec<Step>, bool) {
        let mut steps = Vec::new();
        let ended = run_all(choice, |step| {
            steps.push(step);
            if fails.contains(&step) { Err(anyhow!("no")) } else { Ok(()) }
        });
        (steps, ended.is_ok())
    }

    #[test]
    fn all_steps_run_in_order_and_succeed_together() {
        assert_eq!(ran(&Choice::default(), &[]), (ALL.to_vec(), true));
    }

    #[test]
    fn the_first_failure_ends_the_run_unless_told_to_keep_going() {
        assert_eq!(ran(&Choice::default(), &[Step::Languages]), (vec![Step::Fmt, Step::Languages], false));
        let on = Choice { keep_going: true, ..Choice::default() };
        assert_eq!(ran(&on, &[Step::Languages]), (ALL.to_vec(), false));
    }

    #[test]
    fn only_and_skip_choose() {
        let only = Choice { only: vec![Step::Docs, Step::Fmt], ..Choice::default() };
        assert_eq!(ran(&only, &[]).0, [Step::Fmt, Step::Docs]);
        let tests = Choice { only: vec![Step::Tests], ..Choice::default() };
        assert_eq!(ran(&tests, &[]).0, [Step::Postgres, Step::Tests]);
        let sqlite = Choice { only: vec![Step::Tests], skip: vec![Step::Postgres], ..Choice::default() };
        assert_eq!(ran(&sqlite, &[]).0, [Step::Tests]);
    }

    #[test]
    fn what_is_missing_counts_as_failed() {
        let (text, failed) = summary(&[
            (Step::Fmt, Outcome::Passed, Duration::from_millis(1200)),
            (Step::Browser, Outcome::Missing("missing: Chromium".to_owned()), Duration::ZERO),
            (Step::Api, Outcome::Skipped, Duration::ZERO),
        ]);
        assert_eq!(failed, 1);
        assert_eq!(
            text,
            "fmt        ok            1.2 s\nbrowser    MISSING       0.0 s  missing: Chromium\n\
             api        not run       0.0 s\nsteps: 1 passed, 1 failed, 1 skipped"
        );
    }
}
