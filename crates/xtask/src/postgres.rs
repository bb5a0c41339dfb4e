//! A private, throw-away PostgreSQL cluster for tests: its own folder, a free port on the loopback address, gone
//! afterwards. A server that somebody already runs on this machine is never touched.

use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use nix::sys::signal::Signal;
use nix::unistd::User;
use tempfile::TempDir;

use crate::process::{Daemon, command, free_port, output, wait_until};
use crate::tools;

/// The name of the environment variable that gives the tests the cluster's address.
pub(crate) const VARIABLE: &str = "YISHITING_TEST_PG";
/// The cluster's only account.
const ACCOUNT: &str = "yishiting";
const START_LIMIT: Duration = Duration::from_secs(60);
/// Somebody else may take the free port between our look and the server's start.
const TRIES: u32 = 4;

/// A running cluster; stopped and removed when the value goes.
pub(crate) struct Cluster {
    // Dropped in this order: first the server, then its folder.
    _server: Daemon,
    _folder: TempDir,
    port: u16,
}

impl Cluster {
    /// Makes a new cluster with the programs in `bin` and waits until it takes connections.
    ///
    /// # Errors
    /// When `initdb` or the server fails; the message carries what they printed.
    pub(crate) fn start(bin: &Path) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("yishiting-pg-").tempdir()?;
        let owner = unprivileged()?;
        let data = folder.path().join("data");
        std::fs::create_dir(&data)?;
        if let Some(user) = &owner {
            // The server's own user has to reach its folder through ours.
            std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o711))?;
            chown(&data, Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
        }
        let as_owner = |c: &mut Command| {
            c.current_dir(folder.path());
            if let Some(user) = &owner {
                c.uid(user.uid.as_raw()).gid(user.gid.as_raw()).env("HOME", folder.path());
            }
        };

        let initdb = |locale: &str| {
            let mut c = command(bin.join("initdb"));
            as_owner(&mut c);
            c.arg("-D").arg(&data).args(["-U", ACCOUNT, "--auth=trust", "-E", "UTF8", "--no-sync", locale]);
            output(&mut c)
        };
        // Not every system has C.UTF-8.
        initdb("--locale=C.UTF-8").or_else(|_| initdb("--no-locale"))?;

        let mut refused = String::new();
        for _ in 0..TRIES {
            let port = free_port()?;
            match serve(bin, folder.path(), &data, port, &as_owner) {
                Ok(server) => return Ok(Self { _server: server, _folder: folder, port }),
                Err(error) => refused = format!("{error:#}"),
            }
        }
        bail!("the PostgreSQL cluster for tests did not start: {refused}")
    }

    /// The address of the cluster's maintenance database, as tests find it in [`VARIABLE`].
    pub(crate) fn url(&self) -> String {
        format!("postgres://{ACCOUNT}@127.0.0.1:{}/postgres", self.port)
    }
}

fn serve(
    bin: &Path,
    folder: &Path,
    data: &Path,
    port: u16,
    as_owner: &impl Fn(&mut Command),
) -> Result<Daemon> {
    // SIGINT is PostgreSQL's "fast shutdown": end the sessions, then stop.
    let mut server = Daemon::start(&bin.join("postgres"), &folder.join("log"), Signal::SIGINT, |c| {
        as_owner(c);
        c.arg("-D").arg(data).arg("-p").arg(port.to_string());
        let settings = [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=300",
            // Nothing here has to survive a power cut, and tests make many databases.
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "wal_level=minimal",
            "max_wal_senders=0",
            "autovacuum=off",
            "timezone=UTC",
        ];
        for setting in settings {
            c.args(["-c", setting]);
        }
    })?;
    let status = data.join("postmaster.pid");
    wait_until("PostgreSQL", START_LIMIT, || {
        server.alive()?;
        // The eighth line of this file is the server's own word about its state.
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        Ok(text.lines().nth(7).is_some_and(|line| line.trim() == "ready"))
    })?;
    Ok(server)
}

/// PostgreSQL refuses to run as root: then somebody else has to own the cluster.
fn unprivileged() -> Result<Option<User>> {
    if !tools::is_root() {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        if let Some(user) = User::from_name(name).context("looking up users")? {
            return Ok(Some(user));
        }
    }
    bail!("PostgreSQL does not run as root, and there is no user `postgres` or `nobody`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpStream;

    /// Says hello in PostgreSQL's own protocol and returns the first message's type and its code.
    fn greet(port: u16) -> std::io::Result<(u8, i32)> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        let body = format!("\0\u{3}\0\0user\0{ACCOUNT}\0database\0postgres\0\0");
        let length = u32::try_from(body.len() + 4).unwrap_or(0);
        stream.write_all(&length.to_be_bytes())?;
        stream.write_all(body.as_bytes())?;
        let mut answer = [0; 9];
        stream.read_exact(&mut answer)?;
        Ok((answer[0], i32::from_be_bytes([answer[5], answer[6], answer[7], answer[8]])))
    }

    #[test]
    fn a_cluster_takes_connections_and_leaves_nothing_behind() {
        let Some(bin) = tools::find_postgres() else {
            eprintln!("skipped: no PostgreSQL on this machine");
            return;
        };
        let cluster = Cluster::start(&bin).unwrap();
        assert_eq!(greet(cluster.port).unwrap(), (b'R', 0), "no sign-in without a password");
        assert!(cluster.url().starts_with("postgres://yishiting@127.0.0.1:"));
        let folder = cluster._folder.path().to_owned();
        let port = cluster.port;
        assert!(folder.join("data/PG_VERSION").is_file());
        drop(cluster);
        assert!(greet(port).is_err(), "the server still answers");
        assert!(!folder.exists(), "the folder is still there");
    }
}
