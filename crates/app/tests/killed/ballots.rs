//! Ballots that are cast while the program is killed: a named owners' vote and a secret one, side by side.

use crate::{Running, SENDERS, ask, set_up, verified};
use kernel::{Actor, Channel, Clock, Id, time::FixedClock};
use people::{NewPerson, actions as accounts};
use polls::{
    Bridge, actions,
    model::{NewPoll, Shape, Trust},
    queries,
    rules::{Act, Line, Own},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};
use store::{Arg, Location, Options, Store, SystemClock};
use tally::{
    Area,
    owners::{Kind, State},
};

/// How often the program is killed.
const KILLS: usize = 20;
/// Flats of each of the people: a ballot for each in each of the polls.
const FLATS: usize = 80;

const BRIDGE: Bridge = Bridge::new(|_, _, _| Box::pin(async { Ok(()) }));

/// A voter with a session.
struct Voter {
    cookie: String,
    csrf: String,
}

struct Town {
    street: Id,
    named: Id,
    secret: Id,
    voters: Vec<Voter>,
}

async fn open(data: &Path, clock: Arc<dyn Clock>) -> Store {
    let options = Options { clock, ..Options::default() };
    Store::open(&Location::Folder(data.to_owned()), options).await.unwrap()
}

/// Who votes: six people with eighty flats each.
fn roll(persons: &[Id]) -> Vec<Line> {
    let line = |n: usize| {
        let (who, flat) = (n / FLATS, n % FLATS);
        Line {
            unit: format!("{}-{:03}", who + 1, flat + 1),
            name: format!("业主{who}-{flat}"),
            paper: Some(n.to_string()),
            phone: None,
            person: Some(persons[who]),
            area: Area::new(6_000 + n as u64).unwrap(),
            state: State::Delivered,
            kind: Kind::Exclusive,
        }
    };
    (0..SENDERS * FLATS).map(line).collect()
}

/// Both polls, open, and their voters, signed in.
async fn town(data: &Path) -> Town {
    let clock = FixedClock::at(SystemClock.now());
    let store = open(data, Arc::new(clock)).await;
    let place = places::home(&mut store.read().await.unwrap()).await.unwrap().unwrap();
    let street = place.street;
    // What people were told is part of the notice that they agree to.
    for words in [
        &*people::WORDS,
        &*matters::WORDS,
        &*councils::WORDS,
        &*polls::WORDS,
        &*elections::WORDS,
        &*plans::WORDS,
    ] {
        ui::register(words);
    }
    let notice = people::notice_version(&[
        people::KEEPER,
        matters::KEEPER,
        councils::KEEPER,
        polls::KEEPER,
        elections::KEEPER,
        plans::KEEPER,
    ]);
    let (named, secret) = store
        .write(move |tx| {
            Box::pin(async move {
                let sys = Actor::system(street);
                let mut persons = Vec::new();
                for n in 0..SENDERS {
                    let phone = Some(format!("1390000{n:04}"));
                    let new = NewPerson { name: Some(format!("业主{n}")), phone, ..NewPerson::default() };
                    let person = accounts::add_person(tx, &sys, new).await?;
                    accounts::open_account(tx, &sys, person, &format!("voter{n}"), Some("Kettle-7314"))
                        .await?;
                    let own = Actor { person: Some(person), ..Actor::anonymous(street, Channel::App) };
                    accounts::agree(tx, &own, &notice).await?;
                    persons.push(person);
                }
                let mut made = Vec::new();
                for (secret, shape, rule) in [
                    (false, Shape::Owners { conform: false }, "owners_ordinary"),
                    (true, Shape::Sides, "consultation"),
                ] {
                    let new = NewPoll {
                        place: kernel::PlacePath::parse("/QH/LY/").unwrap(),
                        title: "装充电棚".into(),
                        text: "在南门装充电棚。".into(),
                        shape,
                        secret,
                        trust: Trust::Grouped,
                        options: Vec::new(),
                        candidates: Vec::new(),
                        origin: None,
                    };
                    let id = actions::draft(tx, &sys, new).await?.id;
                    actions::act(tx, BRIDGE, &sys, id, Act::Rule(rule.into(), Own::default())).await?;
                    actions::freeze(tx, BRIDGE, &sys, id, &roll(&persons)).await?;
                    let act = Act::Notice(tx.now, tx.now + chrono::Duration::days(2), Some("试".into()));
                    actions::act(tx, BRIDGE, &sys, id, act).await?;
                    made.push(id);
                }
                Ok((made[0], made[1]))
            })
        })
        .await
        .unwrap();
    polls::jobs::sweep(&store, BRIDGE).await.unwrap();
    let mut voters = Vec::new();
    for n in 0..SENDERS {
        let caller = people::Caller::default();
        let signed = accounts::sign_in(&store, &format!("voter{n}"), "Kettle-7314", &caller).await.unwrap();
        let scope = people::gate::session(&store, &signed.token).await.unwrap().unwrap().session;
        voters
            .push(Voter { csrf: store.keys().sign("form", &scope), cookie: format!("ys={}", signed.token) });
    }
    store.close().await;
    Town { street, named, secret, voters }
}

/// One ballot of the plan: whose, for which head, in which poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Ballot {
    head: usize,
    secret: bool,
}

impl Ballot {
    fn of(n: usize) -> Self {
        Self { head: n / 2 + 1, secret: n % 2 == 1 }
    }

    fn says(self) -> &'static str {
        ["yes", "no", "abstain"][self.head % 3]
    }
}

impl Town {
    /// Casts a ballot with its key; nothing when the answer did not come.
    fn cast(&self, address: &str, ballot: Ballot, key: &str) -> Option<u16> {
        let voter = &self.voters[(ballot.head - 1) / FLATS];
        let path = format!("/polls/{}/vote", if ballot.secret { self.secret } else { self.named });
        let headers = [
            ("cookie", voter.cookie.as_str()),
            ("idempotency-key", key),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let body = format!("csrf={}&head={}&side={}", voter.csrf, ballot.head, ballot.says());
        let answer = ask(address, "POST", &path, &headers, &body)?;
        let back = path.trim_end_matches("/vote");
        assert!(answer.status != 303 || answer.to.starts_with(back), "{ballot:?} led to {}", answer.to);
        Some(answer.status)
    }
}

#[test]
fn what_was_voted_survives_kill_9_and_counts_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    set_up(&data);
    let engine = tokio::runtime::Runtime::new().unwrap();
    let town = engine.block_on(town(&data));
    let total = 2 * SENDERS * FLATS;

    let next = AtomicUsize::new(0);
    let acknowledged: Mutex<BTreeSet<Ballot>> = Mutex::default();
    let unanswered: Mutex<Vec<Ballot>> = Mutex::default();
    for round in 0..KILLS {
        let running = Running::start(&data);
        let address = running.address.clone();
        let stopped = AtomicBool::new(false);
        let (answers, begun) = (AtomicUsize::new(0), AtomicUsize::new(0));
        // Another moment each time, told by answers and not by a clock; a little more is under way when it comes.
        let moment = 3 + round * 7 % 20;
        thread::scope(|scope| {
            for _ in 0..SENDERS {
                scope.spawn(|| {
                    while !stopped.load(Ordering::Relaxed) {
                        if begun.fetch_add(1, Ordering::Relaxed) > moment + 2 * SENDERS {
                            break;
                        }
                        let again = unanswered.lock().unwrap().pop();
                        let sent_before = again.is_some();
                        let ballot =
                            again.unwrap_or_else(|| Ballot::of(next.fetch_add(1, Ordering::Relaxed)));
                        match town.cast(&address, ballot, &format!("{ballot:?}")) {
                            Some(status) => {
                                // A secret ballot leaves no key behind: whoever sends it again hears that it is in the box.
                                let known = sent_before && ballot.secret && status == 409;
                                assert!(status == 303 || known, "{ballot:?}: {status}");
                                acknowledged.lock().unwrap().insert(ballot);
                                answers.fetch_add(1, Ordering::Relaxed);
                            }
                            None => {
                                unanswered.lock().unwrap().push(ballot);
                                break;
                            }
                        }
                    }
                });
            }
            while answers.load(Ordering::Relaxed) < moment {
                thread::yield_now();
            }
            running.kill();
            stopped.store(true, Ordering::Relaxed);
        });
    }
    let sent = next.load(Ordering::Relaxed);
    let known = acknowledged.into_inner().unwrap();
    assert!(sent < total && known.len() >= KILLS * 3, "{} of {sent} were acknowledged", known.len());
    let before = engine.block_on(cast_by_then(&data, &town));
    for ballot in &known {
        assert!(before.contains(ballot), "{ballot:?} was acknowledged and is gone");
    }

    // A last start: everything that was sent is sent again, with its key and with a new one.
    let running = Running::start(&data);
    for n in 0..sent {
        let ballot = Ballot::of(n);
        let again = town.cast(&running.address, ballot, &format!("{ballot:?}")).unwrap();
        match (ballot.secret, before.contains(&ballot)) {
            (true, true) => assert_eq!(again, 409, "{ballot:?}"),
            _ => assert_eq!(again, 303, "{ballot:?}"),
        }
        assert_eq!(town.cast(&running.address, ballot, &format!("new {n}")).unwrap(), 409, "{ballot:?}");
    }
    running.kill();
    let after = engine.block_on(cast_by_then(&data, &town));
    assert_eq!(after, (0..sent).map(Ballot::of).collect(), "each ballot once, and no other");
    verified(&data);
}

/// Which ballots are in, each at most once, with counters and box that agree.
async fn cast_by_then(data: &Path, town: &Town) -> BTreeSet<Ballot> {
    let store = open(data, Arc::new(SystemClock)).await;
    let mut conn = store.read().await.unwrap();
    let mut out = BTreeSet::new();
    let named = queries::poll(&mut conn, town.street, town.named).await.unwrap().unwrap();
    let mut area = 0;
    for head in 1..=SENDERS * FLATS {
        let number = u32::try_from(head).unwrap();
        let voter = queries::voter(&mut conn, town.street, town.named, number).await.unwrap();
        let Some(voter) = voter else { continue };
        let ballot = Ballot { head, secret: false };
        assert_eq!(voter.ballots.len(), 1, "{ballot:?}");
        assert_eq!(voter.ballots[0].vote, ballot.says());
        area += voter.area;
        out.insert(ballot);
    }
    let seen = queries::turnout(&mut conn, &named).await.unwrap();
    assert_eq!((seen.heads, seen.area), (out.len() as u64, area));

    // What lies in the box is what those who were handed a ballot say, and nothing more.
    let mut says: BTreeMap<String, u64> = BTreeMap::new();
    for head in 1..=SENDERS * FLATS {
        let number = u32::try_from(head).unwrap();
        if queries::was_handed(&mut conn, town.street, town.secret, number).await.unwrap() {
            let ballot = Ballot { head, secret: true };
            *says.entry(ballot.says().to_owned()).or_default() += 1;
            out.insert(ballot);
        }
    }
    let sql = "SELECT vote, n FROM poll_box WHERE street = $1 AND poll = $2";
    let rows = conn.all(sql, vec![Arg::from(town.street), Arg::from(town.secret)]).await.unwrap();
    let lies: BTreeMap<String, u64> =
        rows.iter().map(|r| (r.get("vote").unwrap(), r.get("n").unwrap())).collect();
    assert_eq!(lies, says);
    drop(conn);
    store.close().await;
    out
}
