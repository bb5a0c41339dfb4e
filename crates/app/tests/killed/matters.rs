//! Matters that are raised while the program is killed.

use crate::{Running, SENDERS, ask, command, set_up, verified};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

/// How often the program is killed.
const KILLS: usize = 50;

fn raise(address: &str, n: usize) -> Option<String> {
    let body =
        json!({ "place": "/QH/LY/", "body": format!("第{n}件：楼道灯不亮"), "phone": format!("139{n:08}") });
    let answer = ask(
        address,
        "POST",
        "/api/v1/matters",
        &[("idempotency-key", &format!("key-{n}")), ("content-type", "application/json")],
        &body.to_string(),
    )?;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let answer: Value = serde_json::from_str(&answer.body).unwrap();
    Some(answer["number"].as_str().unwrap().to_owned())
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    set_up(&data);

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
    let mut numbers = BTreeSet::new();
    for n in 0..total {
        let number = raise(&running.address, n).unwrap();
        if let Some(before) = known.get(&n) {
            assert_eq!(&number, before, "key {n}");
        }
        assert!(numbers.insert(number), "key {n} shares its number");
    }
    running.kill();
    verified(&data);
    let file = folder.path().join("all.csv");
    let out = command(&data).args(["export", "matters"]).arg(&file).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let lines = std::fs::read_to_string(&file).unwrap().lines().count();
    assert_eq!(lines, total + 1, "as many matters as were sent, and a head");
    assert!(known.len() > KILLS * 3, "{} were acknowledged", known.len());
}
