//! The program is killed in the middle of its work, again and again: what it acknowledged is there afterwards, what it
//! did not acknowledge is done once when it is sent again, and the record is whole.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

/// How often the program is killed.
const KILLS: usize = 50;
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
        while ask(&running.address, "GET", "/readyz", "", "").is_none_or(|(status, _)| status != 200) {
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

/// One request on a connection of its own; nothing when the answer did not come whole.
fn ask(address: &str, method: &str, path: &str, key: &str, body: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nidempotency-key: {key}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length: usize =
        head.lines().find_map(|l| l.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok())?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    (body.len() == length).then(|| (status, body.to_owned()))
}

fn raise(address: &str, n: usize) -> Option<String> {
    let body =
        json!({ "place": "/QH/LY/", "body": format!("第{n}件：楼道灯不亮"), "phone": format!("139{n:08}") });
    let (status, text) = ask(address, "POST", "/api/v1/matters", &format!("key-{n}"), &body.to_string())?;
    assert_eq!(status, 201, "{text}");
    let answer: Value = serde_json::from_str(&text).unwrap();
    Some(answer["number"].as_str().unwrap().to_owned())
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let set_up = command(&data)
        .args(["setup", "--street-name", "清和街道", "--street-code", "QH"])
        .args(["--community-name", "柳荫社区", "--community-code", "LY", "--admin-password", "Kettle-7314"])
        .output()
        .unwrap();
    assert!(set_up.status.success(), "{}", String::from_utf8_lossy(&set_up.stderr));

    let next = AtomicUsize::new(0);
    let acknowledged: Mutex<BTreeMap<usize, String>> = Mutex::default();
    let open: Mutex<Vec<usize>> = Mutex::default();
    for round in 0..KILLS {
        let running = Running::start(&data);
        let address = running.address.clone();
        let stopped = AtomicBool::new(false);
        let answers = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..SENDERS {
                scope.spawn(|| {
                    while !stopped.load(Ordering::Relaxed) {
                        // What was not answered before is sent again first.
                        let again = open.lock().unwrap().pop();
                        let n = again.unwrap_or_else(|| next.fetch_add(1, Ordering::Relaxed));
                        match raise(&address, n) {
                            Some(number) => {
                                let before = acknowledged.lock().unwrap().insert(n, number.clone());
                                assert!(before.is_none_or(|b| b == number));
                                answers.fetch_add(1, Ordering::Relaxed);
                            }
                            None => {
                                open.lock().unwrap().push(n);
                                break;
                            }
                        }
                    }
                });
            }
            // Another moment each time, told by answers and not by a clock.
            while answers.load(Ordering::Relaxed) < 3 + round * 7 % 20 {
                thread::yield_now();
            }
            running.kill();
            stopped.store(true, Ordering::Relaxed);
        });
    }

    // A last start: everything is sent again, acknowledged or not. Each key answers with the number that it had.
    let running = Running::start(&data);
    let known = acknowledged.into_inner().unwrap();
    let total = next.load(Ordering::Relaxed);
    let mut numbers = std::collections::BTreeSet::new();
    for n in 0..total {
        let number = raise(&running.address, n).unwrap();
        if let Some(before) = known.get(&n) {
            assert_eq!(&number, before, "key {n}");
        }
        assert!(numbers.insert(number), "key {n} shares its number");
    }
    running.kill();
    let out = command(&data).args(["verify", "--json"]).output().unwrap();
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(out.status.success(), "{said}");
    let file = folder.path().join("all.csv");
    let out = command(&data).args(["export", "matters"]).arg(&file).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let lines = std::fs::read_to_string(&file).unwrap().lines().count();
    assert_eq!(lines, total + 1, "as many matters as were sent, and a head");
    assert!(known.len() > KILLS * 3, "{} were acknowledged", known.len());
}
