//! The program is killed in the middle of its work, again and again: what it acknowledged is there afterwards, what it
//! did not acknowledge is done once when it is sent again, and the record is whole.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
};

mod ballots;
mod matters;

/// How many people send at the same time.
const SENDERS: usize = 6;

struct Running {
    child: Child,
    address: String,
}

impl Running {
    fn start(data: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let child = command(data)
            .args(["serve", "--listen", &address])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut running = Self { child, address };
        while ask(&running.address, "GET", "/readyz", &[], "").is_none_or(|answer| answer.status != 200) {
            assert!(running.child.try_wait().unwrap().is_none(), "it ended by itself");
            thread::yield_now();
        }
        running
    }

    /// As `kill -9` does: nothing in the program hears of it.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yishiting"));
    for (name, _) in std::env::vars().filter(|(n, _)| n.starts_with("YISHITING_")) {
        command.env_remove(name);
    }
    command.env("YISHITING_DATA", data).env("LC_ALL", "C.UTF-8");
    command
}

/// What came back.
struct Answer {
    status: u16,
    /// Where it leads on to; empty when nowhere.
    to: String,
    body: String,
}

/// One request on a connection of its own; nothing when the answer did not come whole.
fn ask(address: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let header = |name: &str| {
        head.lines().find_map(|line| {
            let (given, value) = line.split_once(": ")?;
            given.eq_ignore_ascii_case(name).then(|| value.to_owned())
        })
    };
    let length: usize = header("content-length")?.parse().ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let to = header("location").unwrap_or_default();
    (body.len() == length).then(|| Answer { status, to, body: body.to_owned() })
}

/// Sets up a street in a data folder.
fn set_up(data: &Path) {
    let out = command(data)
        .args(["setup", "--street-name", "清和街道", "--street-code", "QH"])
        .args(["--community-name", "柳荫社区", "--community-code", "LY", "--admin-password", "Kettle-7314"])
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}

/// Looks at the whole record as an operator does.
fn verified(data: &Path) {
    let out = command(data).args(["verify", "--json"]).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stdout));
}
