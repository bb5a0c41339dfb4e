//! Decisions under load: an owners' vote of many units, ballots cast by many at once, the counting library alone.

use crate::{
    PASSWORD, Row, Served, Site,
    drive::{Line, drive},
    line, shown,
};
use anyhow::{Context, Result, ensure};
use chrono::Duration as Days;
use futures_util::future::BoxFuture;
use http_body_util::BodyExt;
use http_body_util::Full;
use hyper::{Request, body::Bytes, header};
use kernel::{Actor, Channel, FixedClock, Id, OfficeKind, PlacePath};
use people::Caller;
use polls::{
    Bridge, actions,
    model::{NewPoll, Shape, TellerRole, Trust, Vote},
    rules::{Act, Hand, Line as Listed, Own},
};
use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use store::{Entropy, Location, Options, Outgoing, Sender, Store};
use tally::{
    Area, Choice, Rule,
    choice::Marks,
    events::Way,
    owners::{Ballot, Counter, Entry, Kind, Roll, State},
};
use tokio::sync::mpsc;

/// Phones that follow one sitting.
const PHONES: usize = 1_000;
/// How often what is timed is done: its median is told.
const TIMES: usize = 9;
/// Units of the large vote.
const UNITS: u32 = 100_000;
/// Voters of the poll that is open.
const VOTERS: u32 = 1_000;
/// Connections by which they vote.
const LINES: usize = 100;
/// Ballots that the library counts.
const BALLOTS: u32 = 10_000_000;
/// Heads of the roll that it counts over.
const HEADS: u32 = 1_000_000;
/// Ballots in one transaction while filling.
const BATCH: u32 = 200;

const BRIDGE: Bridge = Bridge::new(|_, _, _| Box::pin(async { Ok(()) }));

/// Every row of this part.
pub async fn all(program: &Path, connections: usize, time: Duration) -> Result<Vec<Row>> {
    let mut rows = library();
    let temp = tempfile::Builder::new().prefix("yishiting-decide-").tempdir()?;
    let data = temp.path().join("data");
    drop(Served::start(program, "demo", &data).await?);
    let filled = fill(&data, &mut rows).await?;
    let served = Served::start(program, "serve", &data).await?;
    let stranger = Site { address: served.address.clone(), cookie: String::new() };
    let mut clerk = stranger.clone();
    clerk.sign_in("secretary", PASSWORD).await?;
    let (site, path) = (stranger.clone(), format!("/polls/{}", filled.counted));
    let o = drive(&stranger, connections, time, move |_| site.get(&path)).await?;
    rows.push(line("page of that result, for everybody", "under 50 ms", shown(&o)));
    let (site, path) = (clerk.clone(), format!("/office/polls/{}", filled.counted));
    let o = drive(&clerk, connections, time, move |_| site.get(&path)).await?;
    rows.push(line("page of that result, at the desk", "under 50 ms", shown(&o)));
    rows.push(ballots(&served, &filled).await?);
    rows.extend(phones(&served, &clerk, filled.sitting).await?);
    Ok(rows)
}

/// The counting library alone, on one core.
fn library() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut marks = Marks::new(8, 3);
    let begun = Instant::now();
    for n in 0..BALLOTS {
        marks.add(&[n % 8, (n + 3) % 8]);
    }
    let standing = marks.standing(3);
    rows.push(line("library: ballots with up to three marks, one core", "over 10 million/s", rate(begun)));
    assert_eq!(standing.valid, u64::from(BALLOTS));
    let keys: Vec<String> = (0..HEADS).map(|n| n.to_string()).collect();
    let entries = keys.iter().map(|k| Entry {
        id: k,
        owner: k,
        area: Area::new(8_000).unwrap_or(Area::ZERO),
        state: State::Delivered,
        kind: Kind::Exclusive,
    });
    let (Ok(roll), Some(rule)) = (Roll::new(entries, false), Rule::shipped("owners_ordinary")) else {
        return rows;
    };
    let begun = Instant::now();
    let mut counter = Counter::new(rule, &roll);
    for n in 0..BALLOTS {
        let choice = if n % 3 == 0 { Choice::No } else { Choice::Yes };
        let _ = counter.add(Ballot { head: (n % HEADS).wrapping_mul(7_919) % HEADS, unit: None, choice });
    }
    let outcome = counter.outcome(&[]);
    rows.push(line(
        "library: owners' ballots over a million heads, one core",
        "over 10 million/s",
        rate(begun),
    ));
    assert!(outcome.is_ok());
    rows
}

fn rate(begun: Instant) -> String {
    format!("{:.0} million/s", f64::from(BALLOTS) / begun.elapsed().as_secs_f64() / 1e6)
}

struct Filled {
    counted: Id,
    sitting: Id,
    open: Id,
    /// The session cookies of the voters, by head.
    cookies: Vec<String>,
}

/// Keeps messages instead of sending them.
#[derive(Default)]
struct Post(Mutex<Vec<Outgoing>>);

impl Sender for Post {
    fn send<'a>(&'a self, message: &'a Outgoing) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(message.clone());
            Ok(())
        })
    }
}

fn listed(n: u32, phone: Option<String>) -> Listed {
    Listed {
        unit: format!("{}-{}-{:04}", n / 2_000 + 1, n / 200 % 10 + 1, n % 200 + 101),
        name: format!("业主{n}"),
        paper: Some(n.to_string()),
        phone,
        person: None,
        area: Area::new(6_000 + u64::from(n % 97) * 100).unwrap_or(Area::ZERO),
        state: State::Delivered,
        kind: Kind::Exclusive,
    }
}

/// A vote of a hundred thousand units from roll to published result, and one that a thousand may vote in.
async fn fill(data: &Path, rows: &mut Vec<Row>) -> Result<Filled> {
    let clock = FixedClock::at(kernel::Clock::now(&store::SystemClock));
    let now = kernel::Clock::now(&clock);
    let options = Options { clock: Arc::new(clock.clone()), entropy: Entropy::System, ..Options::default() };
    let store = Store::open(&Location::Folder(data.to_owned()), options).await?;
    let home = places::queries::home(&mut store.read().await?).await?.context("no street")?;
    let place = home.communities.first().map_or_else(|| home.path.clone(), |c| c.path.clone());
    let mut staff: Vec<Actor> = Vec::new();
    for office in [OfficeKind::CommunitySecretary, OfficeKind::DutyOfficer] {
        let mut conn = store.read().await?;
        let held = people::queries::holders(&mut conn, home.street, office, &place, now).await?;
        staff.extend(held.first().map(|h| Actor {
            person: Some(h.person),
            office: Some(office),
            channel: Channel::App,
            ..Actor::system(home.street)
        }));
    }
    ensure!(staff.len() >= 2, "two tellers are needed");
    // The vote is over now: its time began thirty days ago.
    clock.set(now - Days::days(30));
    let begun = Instant::now();
    let lines: Vec<Listed> = (0..UNITS).map(|n| listed(n, None)).collect();
    let counted = noticed(&store, &staff[0], &place, lines, Days::days(16), Days::days(10)).await?;
    rows.push(line(
        format!("roll of {UNITS} units put together, hashed, frozen"),
        "",
        format!("{:.1} s", begun.elapsed().as_secs_f64()),
    ));
    clock.set(now - Days::days(13));
    polls::jobs::sweep(&store, BRIDGE).await?;
    let begun = Instant::now();
    for from in (1..=UNITS).step_by(BATCH as usize) {
        let clerk = staff[1].clone();
        store
            .write(move |tx| {
                Box::pin(async move {
                    for head in (from..from + BATCH).filter(|h| h % 10 != 0) {
                        let choice = if head % 4 == 1 { Choice::No } else { Choice::Yes };
                        let witness = Some("见证人".to_owned());
                        let hand =
                            Hand { vote: Vote::Side(choice), way: Way::Assisted, agent: None, witness };
                        actions::cast(tx, &clerk, counted, head, hand).await?;
                    }
                    Ok(())
                })
            })
            .await?;
    }
    let seconds = begun.elapsed().as_secs_f64();
    rows.push(line(
        "its ballots, by one clerk, durable in batches of 200",
        "",
        format!("{:.0}/s", f64::from(UNITS) * 0.9 / seconds),
    ));
    clock.set(now - Days::days(1));
    polls::jobs::sweep(&store, BRIDGE).await?;
    let teller = staff[0].clone();
    let begun = Instant::now();
    store
        .write(move |tx| Box::pin(async move { actions::count(tx, BRIDGE, &teller, counted).await }))
        .await?;
    let whole = begun.elapsed();
    let file = polls::queries::text(&mut store.read().await?, home.street, counted, "result")
        .await?
        .context("no file")?;
    let (mut recounted, mut tallied) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let begun = Instant::now();
        let again = polls::rules::recount::recount(file.as_bytes()).map_err(|f| anyhow::anyhow!("{f:?}"))?;
        recounted.push(begun.elapsed());
        ensure!(again.wrong.is_empty(), "{:?}", again.wrong);
        let begun = Instant::now();
        again.file.count().map_err(|f| anyhow::anyhow!("{f:?}"))?;
        tallied.push(begun.elapsed());
    }
    rows.push(line(
        format!("owners' vote of {UNITS} units: the tally, roll read and put together anew"),
        "under 100 ms",
        range(tallied),
    ));
    rows.push(line(
        "the same from the tables to the signed file, checked by a recount, durable",
        "",
        ms(whole),
    ));
    rows.push(line(
        "the same by a stranger from the file",
        "",
        format!("{}, {} KB", range(recounted), file.len() / 1024),
    ));
    for (clerk, role) in staff.iter().zip([TellerRole::Scrutineer, TellerRole::Counter]) {
        let clerk = clerk.clone();
        store
            .write(move |tx| {
                Box::pin(async move { actions::act(tx, BRIDGE, &clerk, counted, Act::Sign(role)).await })
            })
            .await?;
    }
    let clerk = staff[0].clone();
    store
        .write(move |tx| {
            Box::pin(async move { actions::act(tx, BRIDGE, &clerk, counted, Act::Publish).await })
        })
        .await?;
    // The open one: a thousand sign in by the code that was sent to them.
    clock.set(now - Days::days(20));
    let phones: Vec<String> = (0..VOTERS).map(|n| format!("1371{n:07}")).collect();
    let lines = (0..VOTERS).zip(&phones).map(|(n, phone)| listed(n, Some(phone.clone()))).collect();
    let open = noticed(&store, &staff[0], &place, lines, Days::days(16), Days::days(30)).await?;
    clock.set(now);
    polls::jobs::sweep(&store, BRIDGE).await?;
    let mut cookies = Vec::with_capacity(phones.len());
    for phone in &phones {
        let (caller, post) = (Caller::default(), Post::default());
        people::actions::send_code(&store, phone, ui::Lang::ZhHans, &caller).await?;
        store::deliver(&store, &post).await?;
        let said = post.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let text = said.iter().find(|m| m.to == *phone).context("no code was sent")?.text.clone();
        let code: String = text.chars().filter(char::is_ascii_digit).take(6).collect();
        let signed = people::actions::sign_in_by_code(&store, phone, &code, &caller).await?;
        cookies.push(format!("ys={}", signed.token));
    }
    let sitting = hall(&store, &staff[0], &place, &clock).await?;
    store.close().await;
    Ok(Filled { counted, sitting, open, cookies })
}

fn ms(time: Duration) -> String {
    format!("{:.0} ms", time.as_secs_f64() * 1000.0)
}

/// The median of several times, the shortest and the longest.
fn range(mut times: Vec<Duration>) -> String {
    times.sort();
    let of = |t: Option<&Duration>| ms(t.copied().unwrap_or_default());
    let (first, middle, last) = (times.first(), times.get(times.len() / 2), times.last());
    format!("{} at the median of {} ({}–{})", of(middle), times.len(), of(first), of(last))
}

/// A poll of owners with notice.
async fn noticed(
    store: &Store,
    actor: &Actor,
    place: &PlacePath,
    lines: Vec<Listed>,
    until: Days,
    length: Days,
) -> Result<Id> {
    let (actor, place) = (actor.clone(), place.clone());
    let id = store
        .write(move |tx| {
            Box::pin(async move {
                let new = NewPoll {
                    place,
                    title: "加装充电棚".into(),
                    text: "用公共收益加装充电棚。".into(),
                    shape: Shape::Owners { conform: false },
                    secret: false,
                    trust: Trust::Grouped,
                    options: Vec::new(),
                    candidates: Vec::new(),
                    origin: None,
                };
                let id = actions::draft(tx, &actor, new).await?.id;
                actions::act(tx, BRIDGE, &actor, id, Act::Rule("owners_ordinary".into(), Own::default()))
                    .await?;
                actions::freeze(tx, BRIDGE, &actor, id, &lines).await?;
                let opens = tx.now + until;
                actions::act(tx, BRIDGE, &actor, id, Act::Notice(opens, opens + length, None)).await?;
                Ok(id)
            })
        })
        .await?;
    Ok(id)
}

/// Every voter casts one ballot by the page's own form, over a hundred connections.
async fn ballots(served: &Served, filled: &Filled) -> Result<Row> {
    let path = format!("/polls/{}", filled.open);
    let mut forms: Vec<Request<Full<Bytes>>> = Vec::new();
    let mut page = Line::open(&served.address).await?;
    for cookie in &filled.cookies {
        let site = Site { address: served.address.clone(), cookie: cookie.clone() };
        let answer = site.agree(&mut page, &path).await?;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        let form = text
            .split("/vote\"")
            .nth(1)
            .with_context(|| format!("{}: no ballot on {path}", answer.status))?;
        let field = |name: &str| {
            form.split(&format!("name=\"{name}\" value=\""))
                .nth(1)
                .and_then(|t| t.split('"').next())
                .map(str::to_owned)
        };
        let (csrf, key, head) = (field("csrf"), field("key"), field("head"));
        let body = format!(
            "csrf={}&key={}&head={}&side=yes",
            csrf.context("no token")?,
            key.context("no key")?,
            head.context("no head")?
        );
        forms.push(
            Request::post(format!("{path}/vote"))
                .header(header::HOST, &served.address)
                .header(header::COOKIE, cookie)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Full::from(body))?,
        );
    }
    let (forms, next) = (Arc::new(forms), Arc::new(AtomicUsize::new(0)));
    let begun = Instant::now();
    let mut lines = Vec::new();
    for _ in 0..LINES {
        let (forms, next, address) = (forms.clone(), next.clone(), served.address.clone());
        lines.push(tokio::spawn(async move {
            let mut line = Line::open(&address).await?;
            let mut slowest = Duration::ZERO;
            while let Some(form) = forms.get(next.fetch_add(1, Ordering::Relaxed)) {
                let sent = Instant::now();
                let answer = line.send(form.clone()).await?;
                slowest = slowest.max(sent.elapsed());
                ensure!(answer.status.is_redirection(), "{}", answer.status);
            }
            Ok(slowest)
        }));
    }
    let mut slowest = Duration::ZERO;
    for line in lines {
        slowest = slowest.max(line.await??);
    }
    let rate = forms.len() as f64 / begun.elapsed().as_secs_f64();
    // Each is there, once.
    let site = Site { address: served.address.clone(), cookie: String::new() };
    let text = String::from_utf8_lossy(&page.send(site.get(&path)?).await?.body).into_owned();
    ensure!(text.contains(&format!("{}户（共", forms.len())), "not every ballot is counted on the page");
    Ok(line(
        format!("{} ballots from {LINES} connections (fsync on)", forms.len()),
        "over 300/s",
        format!("{rate:.0}/s, the slowest {}", ms(slowest)),
    ))
}

/// A sitting that is held now, for the phones to follow.
async fn hall(store: &Store, actor: &Actor, place: &PlacePath, clock: &FixedClock) -> Result<Id> {
    use councils::model::{
        Act, Capacity, CouncilKind, How, ItemKind, NewCouncil, NewItem, NewMember, NewSitting,
    };
    const BRIDGE: councils::Bridge = councils::Bridge {
        follow: |_, _, _, _, _| Box::pin(async { Ok(()) }),
        waiting: |_, _, _| Box::pin(async { Ok(Vec::new()) }),
        settle: |_, _, _, _| Box::pin(async { Ok(()) }),
        raise: |_, _, _| Box::pin(async { Err(store::Fault::other("nobody is received here")) }),
    };
    let now = kernel::Clock::now(clock);
    let (actor, place) = (actor.clone(), place.clone());
    clock.set(now - Days::days(15));
    let planned = actor.clone();
    let (sitting, member) = store
        .write(move |tx| {
            Box::pin(async move {
                let new =
                    NewCouncil {
                        kind: CouncilKind::Pavilion, name: "千人议事会".into(), place, rule: None
                    };
                let council = councils::actions::found(tx, &planned, new).await?.id;
                let capacity = Capacity::ResidentRep;
                let new =
                    NewMember { name: "李敏".into(), phone: None, capacity, votes: true, until: None };
                let member = councils::actions::join(tx, &planned, council, new).await?.id;
                let new = NewSitting {
                    venue: "大礼堂".into(),
                    starts: now,
                    ends: now + Days::hours(3),
                    ..NewSitting::default()
                };
                let s = councils::actions::plan(tx, &planned, council, new).await?;
                for title in ["停车", "充电"] {
                    let new = NewItem {
                        kind: ItemKind::Discuss,
                        title: Some(title.into()),
                        minutes: 0,
                        matter: None,
                    };
                    councils::actions::act(tx, BRIDGE, &planned, s.id, Act::AddItem(new)).await?;
                }
                councils::actions::act(tx, BRIDGE, &planned, s.id, Act::Notice(None)).await?;
                Ok((s.id, member))
            })
        })
        .await?;
    clock.set(now);
    store
        .write(move |tx| {
            Box::pin(async move {
                for act in [Act::OpenSignIn, Act::Come(member, How::List), Act::Begin] {
                    councils::actions::act(tx, BRIDGE, &actor, sitting, act).await?;
                }
                Ok(sitting)
            })
        })
        .await?;
    Ok(sitting)
}

/// A thousand phones hold a stream each; the chair stops and goes on; every phone fetches what changed. Timed from the chair's tap
/// until the last phone has heard, and until the last one has the new part.
async fn phones(served: &Served, clerk: &Site, sitting: Id) -> Result<Vec<Row>> {
    let (said, mut heard) = mpsc::unbounded_channel::<(Instant, Instant)>();
    for _ in 0..PHONES {
        let (address, said) = (served.address.clone(), said.clone());
        tokio::spawn(async move {
            let site = Site { address: address.clone(), cookie: String::new() };
            let mut stream =
                Line::open(&address).await?.stream(site.get(&format!("/sittings/{sitting}/live"))?).await?;
            let mut page = Line::open(&address).await?;
            while let Some(Ok(frame)) = stream.frame().await {
                let Some(data) = frame.data_ref() else { continue };
                if data.windows(5).any(|w| w == b"data:") {
                    let told = Instant::now();
                    page.send(site.get(&format!("/sittings/{sitting}/now"))?).await?;
                    let _ = said.send((told, Instant::now()));
                }
            }
            anyhow::Ok(())
        });
    }
    let mut next = async || -> Result<(Instant, Instant)> {
        let mut last: Option<(Instant, Instant)> = None;
        for _ in 0..PHONES {
            let (told, seen) =
                tokio::time::timeout(Duration::from_secs(30), heard.recv()).await?.context("no phone")?;
            let (a, b) = last.unwrap_or((told, seen));
            last = Some((a.max(told), b.max(seen)));
        }
        last.context("no phones")
    };
    // Each says at once what is.
    next().await?;
    let page = format!("/office/sittings/{sitting}");
    let mut chair = Line::open(&served.address).await?;
    let (mut told, mut seen) = (Vec::new(), Vec::new());
    for n in 0..TIMES {
        let text = String::from_utf8_lossy(&chair.send(clerk.get(&page)?).await?.body).into_owned();
        let act = format!("{page}/{}", if n % 2 == 0 { "pause" } else { "resume" });
        let form = text.split(&format!("action=\"{act}\"")).nth(1).context("no button")?;
        let field = |name: &str| {
            form.split(&format!("name=\"{name}\" value=\""))
                .nth(1)
                .and_then(|t| t.split('"').next())
                .map(str::to_owned)
        };
        let body =
            format!("csrf={}&key={}", field("csrf").context("no token")?, field("key").context("no key")?);
        let request = Request::post(&act)
            .header(header::HOST, &served.address)
            .header(header::COOKIE, &clerk.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::from(body))?;
        let tapped = Instant::now();
        let answer = chair.send(request).await?;
        ensure!(answer.status.is_redirection(), "{act}: {}", answer.status);
        let (a, b) = next().await?;
        told.push(a - tapped);
        seen.push(b - tapped);
    }
    Ok(vec![
        line(format!("chair's tap until the last of {PHONES} phones is told"), "under 500 ms", range(told)),
        line("until the last of them has the new part", "", range(seen)),
        line("memory with those phones", "under 300 MiB", format!("{:.0} MiB", served.memory())),
    ])
}
