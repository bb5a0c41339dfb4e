//! The product's own server with the demo street, for the steps that look at it from outside.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use nix::sys::signal::Signal;
use tempfile::TempDir;

use crate::process::{Daemon, cargo, command, free_port, output, run, wait_until};

/// Filling the demo street in an unoptimised build takes a while.
const READY_LIMIT: Duration = Duration::from_secs(300);
const BUILD_LIMIT: Duration = Duration::from_secs(45 * 60);

/// The built program and a data folder already filled with the demo street. Every test that needs a server copies
/// the folder, so that none sees what another one did.
pub(crate) struct Seed {
    binary: PathBuf,
    folder: TempDir,
}

impl Seed {
    /// Builds the program (or takes the one that `YISHITING_BIN` names) and fills a fresh folder by starting the demo
    /// once. `all_built` says that the tests have been built just before.
    ///
    /// # Errors
    /// When it does not build, or the demo is not ready in time.
    pub(crate) fn make(root: &Path, target: &Path, all_built: bool) -> Result<Self> {
        let binary = match std::env::var_os("YISHITING_BIN") {
            Some(given) => std::path::absolute(given)?,
            None => {
                let mut build = cargo();
                if all_built {
                    // The same features as in the tests, so that their libraries are not compiled once more.
                    build.args(["build", "--workspace", "--all-targets"]);
                } else {
                    build.args(["build", "--package", "app", "--bin", "yishiting"]);
                }
                run(build.current_dir(root), BUILD_LIMIT)?;
                target.join("debug/yishiting")
            }
        };
        let folder = tempfile::Builder::new().prefix("yishiting-demo-").tempdir()?;
        let data = folder.path().join("data");
        println!("filling the demo street");
        let log = target.join("xtask/demo-server.log");
        std::fs::create_dir_all(target.join("xtask"))?;
        drop(Server::start(&binary, data, &log).with_context(|| format!("see {}", log.display()))?);
        let seed = Self { binary, folder };
        if !seed.data().join("demo-accounts.json").is_file() {
            bail!("the demo wrote no {}", seed.data().join("demo-accounts.json").display());
        }
        Ok(seed)
    }

    /// The built program.
    pub(crate) fn binary(&self) -> &Path {
        &self.binary
    }

    /// The filled folder: to be copied, not used.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Copies the filled folder to `to`.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub(crate) fn copy(&self, to: &Path) -> Result<()> {
        copy_folder(&self.data(), to)
    }

    /// The account name of the first demo account that holds `office`.
    ///
    /// # Errors
    /// When the demo's list of accounts cannot be read or has none.
    pub(crate) fn account(&self, office: &str) -> Result<String> {
        let file = self.data().join("demo-accounts.json");
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let accounts: serde_json::Value =
            serde_json::from_str(&text).with_context(|| file.display().to_string())?;
        accounts
            .as_array()
            .into_iter()
            .flatten()
            .find(|entry| entry["office"] == office)
            .and_then(|entry| entry["account"].as_str())
            .map(str::to_owned)
            .with_context(|| format!("{}: no account with office `{office}`", file.display()))
    }

    /// Makes an API token for `account` in the folder `data`.
    ///
    /// # Errors
    /// When the program refuses.
    pub(crate) fn token(&self, data: &Path, account: &str) -> Result<String> {
        let mut c = command(&self.binary);
        c.args(["token", "create", "--data"]).arg(data).args(["--account", account]);
        let printed = output(&mut c)?;
        let token = printed.lines().map(str::trim).rfind(|line| !line.is_empty());
        token.map(str::to_owned).context("`yishiting token create` printed nothing")
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// A running server; stopped when the value goes.
pub(crate) struct Server {
    daemon: Daemon,
    port: u16,
}

impl Server {
    /// Starts `yishiting demo` on a free port over the folder `data` and waits until it is ready.
    ///
    /// # Errors
    /// When it ends by itself or is not ready in time; the message carries the end of what it printed.
    pub(crate) fn start(binary: &Path, data: PathBuf, log: &Path) -> Result<Self> {
        let port = free_port()?;
        let daemon = Daemon::start(binary, log, Signal::SIGTERM, |c| {
            c.args(["demo", "--data"]).arg(data).args(["--listen", &format!("127.0.0.1:{port}")]);
        })?;
        let mut server = Self { daemon, port };
        wait_until("its answer on /readyz", READY_LIMIT, || {
            server.daemon.alive()?;
            Ok(answers_ok(port, "/readyz", ""))
        })
        .context("the demo server")?;
        Ok(server)
    }

    /// Its address, without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Whether it answers 200 to this token's bearer.
    pub(crate) fn lets_in(&self, token: &str, path: &str) -> bool {
        answers_ok(self.port, path, &format!("Authorization: Bearer {token}"))
    }

    /// The end of what it printed.
    pub(crate) fn last_words(&self) -> String {
        self.daemon.last_words()
    }
}

/// Whether the server on this port answers 200 to a GET with this further header line (`Name: value`, or nothing).
fn answers_ok(port: u16, path: &str, header: &str) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        let end = if header.is_empty() { "" } else { "\r\n" };
        write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{header}{end}\r\n")?;
        let mut start = [0; 12];
        stream.read_exact(&mut start)?;
        Ok(&start == b"HTTP/1.1 200")
    };
    ask().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader};
    use std::net::TcpListener;

    #[test]
    fn readiness_is_the_status_200_and_nothing_else() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let answers = std::thread::spawn(move || {
            for line in ["HTTP/1.1 503 Service Unavailable\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"] {
                let (mut stream, _) = listener.accept().unwrap();
                // All of it: a connection closed with something unread is cut off, answer and all.
                let asked = BufReader::new(&stream).lines().map_while(Result::ok);
                let asked: Vec<String> = asked.take_while(|line| !line.is_empty()).collect();
                assert_eq!(asked[0], "GET /readyz HTTP/1.1");
                assert!(asked.contains(&"Authorization: Bearer t".to_owned()));
                stream.write_all(line.as_bytes()).unwrap();
            }
        });
        assert!(!answers_ok(port, "/readyz", "Authorization: Bearer t"));
        assert!(answers_ok(port, "/readyz", "Authorization: Bearer t"));
        answers.join().unwrap();
        assert!(!answers_ok(port, "/readyz", ""), "nobody listens any more");
    }

    #[test]
    fn a_folder_is_copied_whole() {
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("a");
        std::fs::create_dir_all(from.join("deep")).unwrap();
        std::fs::write(from.join("deep/file"), "text").unwrap();
        copy_folder(&from, &folder.path().join("b")).unwrap();
        assert_eq!(std::fs::read_to_string(folder.path().join("b/deep/file")).unwrap(), "text");
    }
}
