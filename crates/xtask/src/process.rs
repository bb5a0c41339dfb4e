//! Running other programs: in the foreground with a time limit, or beside us until they are no longer needed.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// How often a waiting loop looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(40);
/// How long a program that was asked to stop may take before it is ended.
const GRACE: Duration = Duration::from_secs(10);

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C and SIGTERM are noted instead of ending this program at once, so that the database cluster
/// and the servers that it started are stopped and their folders removed.
///
/// # Errors
/// When the handler cannot be set.
pub(crate) fn catch_interrupts() -> Result<()> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::SeqCst)).context("setting the Ctrl-C handler")
}

/// Whether somebody asked to stop.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// A command that inherits no build variables of the `cargo run` that started us: some build scripts watch them and
/// would compile their crate anew.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") || text == "CARGO_BIN_NAME" {
            command.env_remove(&name);
        }
    }
    command.stdin(Stdio::null());
    command
}

/// The `cargo` that runs us.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Shows a command as a person would type it.
pub(crate) fn shown(command: &Command) -> String {
    let mut line = Path::new(command.get_program())
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}

/// Runs a command to its end, its output shown; fails when it fails or takes longer than `limit`.
///
/// # Errors
/// When it cannot be started, exits with another code than 0, is too slow, or somebody pressed Ctrl-C.
pub(crate) fn run(command: &mut Command, limit: Duration) -> Result<()> {
    let line = shown(command);
    println!("$ {line}");
    let mut child = command.spawn().with_context(|| format!("cannot start `{line}`"))?;
    let status = wait(&mut child, limit).with_context(|| format!("`{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// Runs a command and returns what it wrote on standard output.
///
/// # Errors
/// When it cannot be started or fails; the message carries its standard error.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let line = shown(command);
    let out = command.output().with_context(|| format!("cannot start `{line}`"))?;
    if !out.status.success() {
        bail!("`{line}` failed ({}): {}", out.status, String::from_utf8_lossy(&out.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

fn wait(child: &mut Child, limit: Duration) -> Result<ExitStatus> {
    let started = Instant::now();
    let mut asked: Option<Instant> = None;
    loop {
        if let Some(status) = child.try_wait()? {
            if interrupted() {
                bail!("stopped by hand");
            }
            return Ok(status);
        }
        let too_slow = started.elapsed() > limit;
        if asked.is_none() && (interrupted() || too_slow) {
            // A terminal's Ctrl-C has reached the child too; a SIGTERM sent to us alone has not.
            signal(child, Signal::SIGTERM);
            asked = Some(Instant::now());
        }
        if asked.is_some_and(|at| at.elapsed() > GRACE) {
            child.kill().ok();
            child.wait().ok();
            bail!("ended after {} s", started.elapsed().as_secs());
        }
        std::thread::sleep(LOOK_AGAIN);
    }
}

fn signal(child: &Child, signal: Signal) {
    if let Ok(pid) = i32::try_from(child.id()) {
        // It may be gone already; then there is nothing to stop.
        kill(Pid::from_raw(pid), signal).ok();
    }
}

/// Calls `ready` again and again until it says yes.
///
/// # Errors
/// When `ready` fails, when `limit` has passed, or when somebody pressed Ctrl-C.
pub(crate) fn wait_until(what: &str, limit: Duration, mut ready: impl FnMut() -> Result<bool>) -> Result<()> {
    let started = Instant::now();
    while !ready()? {
        if interrupted() {
            bail!("stopped by hand while waiting for {what}");
        }
        if started.elapsed() > limit {
            bail!("{what}: not ready after {} s", limit.as_secs());
        }
        std::thread::sleep(LOOK_AGAIN);
    }
    Ok(())
}

/// A program that runs beside us, ended with this value (and, where the system can do it, with this process).
pub(crate) struct Daemon {
    child: Child,
    log: PathBuf,
    stop_with: Signal,
}

impl Daemon {
    /// Starts `program`; what it prints goes to the file `log`. `prepare` adds arguments, user, folder.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(crate) fn start(
        program: &Path,
        log: &Path,
        stop_with: Signal,
        prepare: impl FnOnce(&mut Command),
    ) -> Result<Self> {
        // setpriv makes the kernel end the program when we die without a chance to do it ourselves.
        let mut command = match super::tools::in_path("setpriv") {
            Some(setpriv) => {
                let mut wrapped = self::command(setpriv);
                wrapped.args(["--pdeathsig", "INT"]).arg(program);
                wrapped
            }
            None => self::command(program),
        };
        prepare(&mut command);
        let out = File::create(log).with_context(|| format!("{}", log.display()))?;
        command.stdout(out.try_clone()?).stderr(out);
        let child = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
        Ok(Self { child, log: log.to_owned(), stop_with })
    }

    /// Fails when the program has ended by itself, with the end of what it printed.
    ///
    /// # Errors
    /// See above.
    pub(crate) fn alive(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("it ended by itself ({status}); its last words:\n{}", self.last_words());
        }
        Ok(())
    }

    /// The end of what the program printed.
    pub(crate) fn last_words(&self) -> String {
        let text = std::fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(25)..].join("\n")
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        signal(&self.child, self.stop_with);
        let asked = Instant::now();
        while asked.elapsed() < GRACE {
            match self.child.try_wait() {
                Ok(None) => std::thread::sleep(LOOK_AGAIN),
                _ => return,
            }
        }
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A port on the loopback address that is free now.
///
/// # Errors
/// When the system gives none.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("asking for a free port")?;
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn run_reports_the_exit_code() {
        run(Command::new("sh").args(["-c", "exit 0"]), Duration::from_secs(5)).unwrap();
        let refused = run(Command::new("sh").args(["-c", "exit 3"]), Duration::from_secs(5)).unwrap_err();
        assert!(refused.to_string().contains("exit status: 3"), "{refused}");
    }

    #[test]
    fn run_ends_what_takes_too_long() {
        let started = Instant::now();
        assert!(run(Command::new("sh").args(["-c", "exec sleep 60"]), Duration::from_millis(100)).is_err());
        assert!(started.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn a_daemon_ends_with_its_value_and_tells_its_last_words() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut daemon = Daemon::start(Path::new("/bin/sh"), &log, Signal::SIGTERM, |c| {
            c.args(["-c", "echo hello; exec sleep 60"]);
        })
        .unwrap();
        daemon.alive().unwrap();
        wait_until("greeting", Duration::from_secs(10), || Ok(daemon.last_words() == "hello")).unwrap();
        let pid = Pid::from_raw(i32::try_from(daemon.child.id()).unwrap());
        drop(daemon);
        assert!(kill(pid, None).is_err(), "the process is still there");
    }
}
