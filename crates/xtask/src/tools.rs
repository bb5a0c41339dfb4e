//! What the tests need from the machine: found where it is, installed where we may, named plainly where we may not.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::process::{command, output, run};

/// Downloads may be slow.
const INSTALL_LIMIT: Duration = Duration::from_secs(15 * 60);

/// Something that the machine lacks and that we may not install ourselves.
#[derive(Debug)]
pub(crate) struct Missing {
    what: String,
    how: String,
}

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "missing: {}. {}", self.what, self.how)
    }
}

impl std::error::Error for Missing {}

fn missing(what: &str, how: &str) -> anyhow::Error {
    Missing { what: what.to_owned(), how: how.to_owned() }.into()
}

/// The program `name` from PATH.
pub(crate) fn in_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Whether we are the system's administrator.
pub(crate) fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

/// Installs Debian packages when we are root on such a system; otherwise fails with `what` is missing.
fn apt_install(what: &str, packages: &[&str]) -> Result<()> {
    static UPDATED: OnceLock<bool> = OnceLock::new();
    let by_hand = format!("On Debian: apt-get install {}", packages.join(" "));
    let Some(apt) = in_path("apt-get").filter(|_| is_root()) else {
        return Err(missing(what, &by_hand));
    };
    let quiet = |arguments: &[&str]| {
        let mut c = command(&apt);
        c.env("DEBIAN_FRONTEND", "noninteractive").args(["-qq", "-o", "Dpkg::Use-Pty=0"]).args(arguments);
        c
    };
    if !*UPDATED.get_or_init(|| run(&mut quiet(&["update"]), INSTALL_LIMIT).is_ok()) {
        return Err(missing(what, &format!("`apt-get update` failed. {by_hand}")));
    }
    let mut install = quiet(&["install", "-y", "--no-install-recommends"]);
    run(install.args(packages), INSTALL_LIMIT).map_err(|e| missing(what, &format!("{e:#}. {by_hand}")))
}

/// Calls `find`; when it finds nothing, installs `packages` and calls it once more.
fn find_or_install<T>(what: &str, packages: &[&str], find: impl Fn() -> Option<T>) -> Result<T> {
    if let Some(found) = find() {
        return Ok(found);
    }
    println!("{what} is not there: installing");
    apt_install(what, packages)?;
    find().ok_or_else(|| missing(what, &format!("{} did not bring it", packages.join(" "))))
}

/// The folder that holds PostgreSQL's `initdb` and `postgres`.
///
/// # Errors
/// [`Missing`] when there is none and it cannot be installed.
pub(crate) fn postgres() -> Result<PathBuf> {
    find_or_install("PostgreSQL (initdb, postgres)", &["postgresql"], find_postgres)
}

/// Like [`postgres`], but installs nothing.
pub(crate) fn find_postgres() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    // The real place behind a link: the server finds its other files from there.
    if let Some(real) = in_path("initdb").and_then(|file| file.canonicalize().ok()) {
        folders.extend(real.parent().map(Path::to_owned));
    }
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| (entry.file_name().to_string_lossy().parse().unwrap_or(0), entry.path().join("bin")))
        .collect();
    versions.sort_by(|a, b| b.cmp(a));
    folders.extend(versions.into_iter().map(|(_, folder)| folder));
    if let Ok(line) = output(Command::new("pg_config").arg("--bindir")) {
        folders.push(PathBuf::from(line.trim()));
    }
    folders.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// A Chromium that a test can drive, with a font that has Chinese characters beside it.
///
/// # Errors
/// [`Missing`] when there is none and it cannot be installed.
pub(crate) fn chromium() -> Result<PathBuf> {
    let chosen = std::env::var_os("CHROME").map(PathBuf::from);
    if let Some(absent) = chosen.as_ref().filter(|file| !file.is_file()) {
        return Err(missing("Chromium", &format!("CHROME names {}, which is not there", absent.display())));
    }
    let browser = find_or_install("Chromium", &["chromium"], || {
        if chosen.is_some() {
            return chosen.clone();
        }
        ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
            .into_iter()
            .find_map(in_path)
            .or_else(|| {
                ["/usr/bin/chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"]
                    .into_iter()
                    .map(PathBuf::from)
                    .find(|file| file.is_file())
            })
    })?;
    // A system without fontconfig (macOS) brings Chinese fonts of its own.
    if cfg!(target_os = "linux") {
        find_or_install("a Chinese font", &["fonts-noto-cjk", "fontconfig"], || {
            output(Command::new("fc-list").arg(":lang=zh-cn")).ok().filter(|list| !list.trim().is_empty())
        })?;
    }
    Ok(browser)
}

/// Node.js 20.10 or later with npm; returns the folder `tests/browser` with its packages installed as locked.
///
/// # Errors
/// [`Missing`] when Node.js is absent, too old, or npm cannot fetch the packages.
pub(crate) fn node_packages(root: &Path) -> Result<PathBuf> {
    let node = find_or_install("Node.js", &["nodejs", "npm"], || {
        in_path("node").filter(|_| in_path("npm").is_some())
    })?;
    let version = output(command(&node).arg("--version"))?;
    let mut parts = version.trim().trim_start_matches('v').split('.').map(|n| n.parse::<u32>().unwrap_or(0));
    let (major, minor) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if (major, minor) < (20, 10) {
        return Err(missing("Node.js 20.10 or later", &format!("Here is {}", version.trim())));
    }
    let folder = root.join("tests/browser");
    let lock = std::fs::read(folder.join("package-lock.json"))?;
    // npm empties node_modules first, so an installation that fits is left alone.
    let stamp = folder.join("node_modules/.yishiting-lock");
    if std::fs::read(&stamp).ok().as_deref() != Some(&lock) {
        let mut npm = command("npm");
        npm.args(["ci", "--no-fund", "--no-audit", "--loglevel=error"]).current_dir(&folder);
        no_browser_download(&mut npm);
        run(&mut npm, INSTALL_LIMIT)
            .map_err(|e| missing("the node packages of tests/browser", &format!("{e:#}")))?;
        std::fs::write(&stamp, &lock)?;
    }
    Ok(folder)
}

/// Tells Playwright never to fetch a browser of its own: the system's is used.
pub(crate) fn no_browser_download(command: &mut Command) {
    command.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1").env("PLAYWRIGHT_BROWSERS_PATH", "0");
}

/// The program `schemathesis`, in a Python environment of its own under `target/tools/api`.
///
/// # Errors
/// [`Missing`] when there is no Python 3.10 or later, or pip cannot fetch the packages.
pub(crate) fn schemathesis(root: &Path, target: &Path) -> Result<PathBuf> {
    let wanted = std::fs::read(root.join("tests/api/requirements.txt"))?;
    let folder = target.join("tools/api");
    let program = folder.join("bin/schemathesis");
    let stamp = folder.join("installed.txt");
    if program.is_file() && std::fs::read(&stamp).ok().as_deref() == Some(&wanted) {
        return Ok(program);
    }
    let python = find_or_install("Python 3.10 or later with venv", &["python3", "python3-venv"], || {
        let python = in_path("python3")?;
        let check = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
        output(command(&python).args(["-c", check])).ok().map(|_| python)
    })?;
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    run(command(&python).args(["-m", "venv"]).arg(&folder), INSTALL_LIMIT)?;
    let mut pip = command(folder.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    pip.arg(root.join("tests/api/requirements.txt"));
    run(&mut pip, INSTALL_LIMIT)
        .map_err(|e| missing("the Python packages of tests/api", &format!("{e:#}")))?;
    if !program.is_file() {
        bail!("pip installed no {}", program.display());
    }
    std::fs::write(&stamp, &wanted)?;
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_path_finds_programs_and_nothing_else() {
        assert!(in_path("sh").is_some_and(|file| file.is_absolute()));
        assert_eq!(in_path("no-such-program-anywhere"), None);
    }

    #[test]
    fn a_missing_thing_is_told_apart_from_a_failure_and_says_what_to_do() {
        let error = missing("PostgreSQL", "On Debian: apt-get install postgresql");
        assert!(error.downcast_ref::<Missing>().is_some());
        assert_eq!(error.to_string(), "missing: PostgreSQL. On Debian: apt-get install postgresql");
    }
}
