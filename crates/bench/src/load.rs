//! Fills a demo street with many more matters, each through its whole life, by the actions that users call.

use anyhow::{Context, Result, ensure};
use chrono::Duration;
use kernel::{Actor, Channel, FixedClock, Id, OfficeKind, PlacePath, Time};
use matters::{
    actions,
    model::{CheckFinding, Input, NewMatter, Outcome, Satisfaction, World},
    queries,
};
use places::model::{Place, PlaceKind};
use std::{collections::BinaryHeap, path::Path, sync::Arc, time::Instant};
use store::{Entropy, Location, Options, Store};

/// How many acts one transaction takes.
const BATCH: usize = 200;
/// Over how many days the matters came.
const DAYS: i64 = 365;
/// One matter in so many is still open.
const OPEN: u64 = 25;

/// What was raised, and in which category: places and details are put in by number.
const TEXTS: &[(&str, &str)] = &[
    ("楼道声控灯坏了半个月，晚上黑得很，老人上下楼怕摔。", "0101"),
    ("邻居把鞋柜和纸箱堆在楼道里，过道只剩一半。", "0102"),
    ("单元门闭门器坏了，门关不上，外人随便进。", "0103"),
    ("顶楼下雨就漏水，天花板都泡了，请来看看。", "0104"),
    ("外墙瓷砖掉下来，差点砸到人，很危险。", "0105"),
    ("楼梯扶手松动，孩子上学要扶着走。", "0106"),
    ("墙上贴满开锁小广告，刚刷白又贴上了。", "0107"),
    ("电梯运行有异响，上个月还停过两次。", "0202"),
];

/// A small generator: the same street on every machine.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 11) % n.max(1)
    }
}

/// Who does what in one community.
struct Desk {
    buildings: Vec<PlacePath>,
    duty: Actor,
    dispatcher: Actor,
    grids: Vec<Actor>,
    handler: Actor,
    unit: Id,
}

/// Where a matter stands in its life; what is due first comes first out of the heap.
struct Turn {
    at: Time,
    serial: u64,
    step: u8,
    matter: Option<Id>,
    desk: usize,
    last: u8,
}

impl PartialEq for Turn {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Turn {}
impl PartialOrd for Turn {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Turn {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (other.at, other.serial, other.step).cmp(&(self.at, self.serial, self.step))
    }
}

/// What loading did.
pub struct Loaded {
    /// Matters that were raised.
    pub matters: u64,
    /// Acts in all.
    pub acts: u64,
    /// How long it took, in seconds.
    pub seconds: f64,
}

async fn desks(store: &Store, street: Id, now: Time) -> Result<Vec<Desk>> {
    let mut conn = store.read().await?;
    let top = places::queries::streets(&mut conn).await?.into_iter().next().context("no street")?;
    let communities: Vec<Place> =
        places::queries::under(&mut conn, street, &top.path, &[PlaceKind::Community], 50).await?;
    let actor = |person: Id, kind: OfficeKind, unit: Option<Id>| Actor {
        street,
        person: Some(person),
        office: Some(kind),
        unit,
        on_behalf_of: None,
        channel: Channel::App,
    };
    let mut out = Vec::new();
    for community in communities {
        let buildings =
            places::queries::under(&mut conn, street, &community.path, &[PlaceKind::Building], 500).await?;
        let mut of = async |kind: OfficeKind, at: &PlacePath| -> Result<Vec<people::model::Holder>> {
            Ok(people::queries::holders(&mut conn, street, kind, at, now).await?)
        };
        let duty = of(OfficeKind::DutyOfficer, &community.path).await?;
        let dispatcher = of(OfficeKind::Dispatcher, &community.path).await?;
        let mut grids = Vec::new();
        for b in &buildings {
            for h in of(OfficeKind::GridOfficer, &b.path).await? {
                if !grids.iter().any(|g: &Actor| g.person == Some(h.person)) {
                    grids.push(actor(h.person, OfficeKind::GridOfficer, None));
                }
            }
        }
        let units = people::queries::units_near(&mut conn, street, &community.path, None).await?;
        let mut handler = None;
        for unit in units.iter().filter(|u| u.kind == methods::UnitKind::PropertyCompany) {
            if let Some(person) = people::queries::handlers(&mut conn, street, unit.id, now).await?.first() {
                handler = Some((unit.id, actor(*person, OfficeKind::UnitHandler, Some(unit.id))));
                break;
            }
        }
        let (Some(duty), Some(dispatcher), Some((unit, handler))) =
            (duty.first(), dispatcher.first(), handler)
        else {
            continue;
        };
        if buildings.is_empty() || grids.is_empty() {
            continue;
        }
        out.push(Desk {
            buildings: buildings.into_iter().map(|b| b.path).collect(),
            duty: actor(duty.person, OfficeKind::DutyOfficer, None),
            dispatcher: actor(dispatcher.person, OfficeKind::Dispatcher, None),
            grids,
            handler,
            unit,
        });
    }
    ensure!(!out.is_empty(), "no community of the demo has a desk");
    Ok(out)
}

/// Adds `n` matters to the demo street in `data`; no server may run on it.
///
/// # Errors
/// When the store cannot be opened, or an action refuses what a user may do.
pub async fn load(data: &Path, n: u64, mut said: impl FnMut(u64)) -> Result<Loaded> {
    let begun = Instant::now();
    let clock = FixedClock::at(kernel::Clock::now(&store::SystemClock));
    let end = kernel::Clock::now(&store::SystemClock);
    let options = Options {
        clock: Arc::new(clock.clone()),
        entropy: Entropy::Seeded { seed: 7, drawn: 0 },
        durable: false,
    };
    let store = Store::open(&Location::Folder(data.to_owned()), options).await?;
    let street =
        places::queries::streets(&mut store.read().await?).await?.into_iter().next().context("no street")?.id;
    let desks = Arc::new(desks(&store, street, end).await?);
    let world = queries::world(&mut store.read().await?, street).await?;
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    let mut heap = BinaryHeap::new();
    for serial in 0..n {
        let open = chance.below(OPEN) == 0;
        // Open ones came lately; the others over the years.
        let days = if open { chance.below(10) } else { 20 + chance.below(DAYS as u64 - 20) };
        let minutes = chance.below(8 * 60);
        let at = end - Duration::days(days as i64 + 1) + Duration::minutes(minutes as i64);
        let last = if open { chance.below(5) as u8 } else { 7 };
        let desk = chance.below(desks.len() as u64) as usize;
        heap.push(Turn { at, serial, step: 0, matter: None, desk, last });
    }
    let (mut acts, mut raised) = (0, 0);
    while !heap.is_empty() {
        let mut batch = Vec::with_capacity(BATCH);
        // The next turn of a matter comes an hour and a half later at the earliest: in an hour nothing overtakes.
        let until = heap.peek().map_or(end, |t| t.at) + Duration::hours(1);
        while batch.len() < BATCH && heap.peek().is_some_and(|t| t.at < until) {
            batch.extend(heap.pop());
        }
        acts += batch.len() as u64;
        raised += batch.iter().filter(|t| t.step == 0).count() as u64;
        let (world, desks) = (world.clone(), desks.clone());
        let seed = chance.next();
        let after = store
            .write(move |tx| {
                Box::pin(async move {
                    let mut chance = Chance(seed | 1);
                    let mut after = Vec::with_capacity(batch.len());
                    for turn in batch {
                        tx.now = turn.at;
                        after.extend(take(tx, &world, &desks[turn.desk], turn, &mut chance).await?);
                    }
                    Ok(after)
                })
            })
            .await?;
        heap.extend(after);
        said(raised);
    }
    store.close().await;
    Ok(Loaded { matters: n, acts, seconds: begun.elapsed().as_secs_f64() })
}

/// Does one turn; gives the next of the same matter.
async fn take(
    tx: &mut store::Tx,
    world: &World,
    desk: &Desk,
    turn: Turn,
    chance: &mut Chance,
) -> Result<Option<Turn>, store::Fault> {
    let (text, category) = TEXTS[chance.below(TEXTS.len() as u64) as usize];
    let place = desk.buildings[chance.below(desk.buildings.len() as u64) as usize].clone();
    let id = match (turn.step, turn.matter) {
        (0, _) => {
            let channel = [Channel::Phone, Channel::Visit, Channel::OpinionBox][chance.below(3) as usize];
            let input = NewMatter {
                place: Some(place),
                body: format!("{}号反映：{text}", 101 + chance.below(900)),
                category: Some(category.to_owned()),
                channel: Some(channel),
                ..NewMatter::default()
            };
            actions::raise(tx, world, &desk.duty, input, Vec::new()).await?.matter
        }
        (step, Some(id)) => {
            let grid = &desk.grids[chance.below(desk.grids.len() as u64) as usize];
            let (actor, input) = match step {
                1 => (
                    &desk.duty,
                    Input::Accept {
                        tier: methods::Tier::Autonomy,
                        category: category.to_owned(),
                        nature: None,
                        urgency: None,
                        hazard: false,
                    },
                ),
                2 => (
                    &desk.dispatcher,
                    Input::Dispatch { lead: desk.unit, support: Vec::new(), limit: None, words: None },
                ),
                3 => (&desk.handler, Input::Sign),
                4 => (
                    &desk.handler,
                    Input::Finish {
                        outcome: Outcome::Explained,
                        answer: "已到现场查看并处理，谢谢反映。".into(),
                    },
                ),
                5 => (grid, Input::Check { finding: CheckFinding::Pass, words: None }),
                _ => (
                    &desk.duty,
                    Input::Evaluate {
                        voice: None,
                        contacted: true,
                        solved: true,
                        satisfied: if chance.below(8) == 0 {
                            Satisfaction::Partly
                        } else {
                            Satisfaction::Satisfied
                        },
                        words: None,
                    },
                ),
            };
            actions::act(tx, world, actor, id, input, Vec::new(), None).await?.id
        }
        (_, None) => return Ok(None),
    };
    let next = turn.step + 1;
    let wait = Duration::minutes(90 + chance.below(900) as i64);
    Ok((next < turn.last).then(|| Turn { at: turn.at + wait, step: next, matter: Some(id), ..turn }))
}
