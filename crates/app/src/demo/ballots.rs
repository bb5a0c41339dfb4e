//! Two polls of the demo: an owners' vote that is over, on paper and online, with its result on show; and a choice between
//! three plans that is open.

use super::street::{Cast, Quarter, Resident};
use crate::wiring::POLLS;
use chrono::{Duration, NaiveTime};
use kernel::{Actor, Channel, Id, PlacePath, Time, text::mask_name, time};
use polls::{
    actions,
    model::{DeliveryWay, NewPoll, Poll, Reached, Shape, TellerRole, Trust, Vote},
    rules::{Act, Hand, Line, Own},
};
use store::{Fault, Store, Tx};
use tally::{
    Area, Choice,
    events::Way,
    owners::{Kind, State},
};

/// What comes next.
#[derive(Clone, Copy)]
enum Stage {
    Owners,
    Collect(Id),
    Count(Id),
    Plans,
    Choose(Id),
    Over,
}

/// The polls and how far their story is.
pub(super) struct Ballots {
    stage: Stage,
    due: Time,
    end: Time,
}

impl Ballots {
    /// The owners' vote begins six weeks before the end.
    pub(super) fn new(start: Time, end: Time) -> Self {
        Self { stage: Stage::Owners, due: start.max(end - Duration::days(42)), end }
    }

    /// Does what is due.
    ///
    /// # Errors
    /// What the database says, and what an action refuses: none in a good story.
    pub(super) async fn pass(&mut self, store: &Store, cast: &Cast) -> Result<(), Fault> {
        polls::jobs::sweep(store, POLLS).await?;
        let (now, stage) = (store.now(), self.stage);
        let Some(quarter) = cast.quarters.first().filter(|_| now >= self.due).cloned() else { return Ok(()) };
        let street = cast.street.id;
        // One of each dwelling of a compound.
        let compound = home(&quarter);
        let mut people: Vec<Resident> = Vec::new();
        for r in cast.residents.iter().filter(|r| r.lives_at.within(&compound)) {
            if people.len() < 24 && people.iter().all(|p| p.lives_at != r.lives_at) {
                people.push(r.clone());
            }
        }
        let end = self.end;
        (self.stage, self.due) = store
            .write(move |tx| {
                Box::pin(async move {
                    let staff = [quarter.secretary.actor(street), quarter.duty.actor(street)];
                    Ok(match stage {
                        Stage::Owners => {
                            let p = owners(tx, &staff[0], &quarter, &people).await?;
                            (Stage::Collect(p.id), p.opens.unwrap_or(now) + Duration::days(2))
                        }
                        Stage::Collect(id) => {
                            collect(tx, &staff, id, &people).await?;
                            let p: Option<Poll> = tx.get(street, id).await?;
                            (Stage::Count(id), p.and_then(|p| p.closes).unwrap_or(now) + Duration::hours(2))
                        }
                        Stage::Count(id) => {
                            count(tx, &staff, id).await?;
                            (Stage::Plans, (end - Duration::days(3)).max(now))
                        }
                        Stage::Plans => {
                            let p = plans(tx, &staff[0], &quarter, &people, end).await?;
                            (Stage::Choose(p.id), p.opens.unwrap_or(now) + Duration::hours(12))
                        }
                        Stage::Choose(id) => {
                            choose(tx, id, street, &people).await?;
                            (Stage::Over, end + Duration::days(1))
                        }
                        Stage::Over => (Stage::Over, end + Duration::days(1)),
                    })
                })
            })
            .await?;
        Ok(())
    }
}

async fn act(tx: &mut Tx, actor: &Actor, poll: Id, act: Act) -> Result<Poll, Fault> {
    actions::act(tx, POLLS, actor, poll, act).await
}

/// The compound whose owners vote.
fn home(quarter: &Quarter) -> PlacePath {
    quarter.compounds.first().map_or_else(|| quarter.place.path.clone(), |c| c.place.path.clone())
}

/// Six in the evening of that day.
fn evening(at: Time) -> Time {
    time::from_local(time::local_date(at).and_time(NaiveTime::from_hms_opt(18, 0, 0).unwrap_or_default()))
}

/// The dwelling in few words: building, unit, door.
fn door(path: &PlacePath) -> String {
    path.codes().skip(3).collect::<Vec<_>>().join("-")
}

/// One line for each of the people, each dwelling once.
fn roll(people: &[Resident]) -> Vec<Line> {
    let line = |n: usize, r: &Resident| Line {
        unit: door(&r.lives_at),
        name: mask_name(&r.name),
        paper: Some(n.to_string()),
        phone: Some(r.phone.clone()),
        person: Some(r.person),
        area: Area::new(6_000 + (n as u64 * 1_337) % 7_000).unwrap_or(Area::ZERO),
        state: State::Delivered,
        kind: Kind::Exclusive,
    };
    people.iter().enumerate().map(|(n, r)| line(n, r)).collect()
}

async fn owners(tx: &mut Tx, actor: &Actor, quarter: &Quarter, people: &[Resident]) -> Result<Poll, Fault> {
    let shape = Shape::Owners { conform: false };
    let new = NewPoll {
        place: home(quarter),
        title: "用公共收益加装三处充电棚".into(),
        text: "在 2、5、7 号楼旁各建一处电动车充电棚，共 60 个车位，配消防喷淋。\n\
               预算 18.6 万元，从公共收益列支；物业公司组织施工，工期 45 天，业主监督小组验收。"
            .into(),
        shape,
        secret: false,
        trust: Trust::Grouped,
        options: Vec::new(),
        candidates: Vec::new(),
        origin: None,
    };
    let id = actions::draft(tx, actor, new).await?.id;
    act(tx, actor, id, Act::Rule("owners_ordinary".into(), Own::default())).await?;
    let mut lines = roll(people);
    lines.push(Line {
        unit: "8-1-101".into(),
        name: String::new(),
        paper: None,
        phone: None,
        person: None,
        area: Area::new(9_600).unwrap_or(Area::ZERO),
        state: State::Unsold,
        kind: Kind::Exclusive,
    });
    actions::freeze(tx, POLLS, actor, id, &lines).await?;
    let opens = tx.now + Duration::days(16);
    act(tx, actor, id, Act::Notice(opens, opens + Duration::days(14), None)).await
}

async fn collect(tx: &mut Tx, staff: &[Actor; 2], id: Id, people: &[Resident]) -> Result<(), Fault> {
    let all: Vec<u32> = (1..=people.len() as u32).collect();
    actions::serve(tx, &staff[1], id, &all, DeliveryWay::Door, Reached::Served, None).await?;
    for (n, r) in (1u32..).zip(people) {
        let choice = match n % 6 {
            0 => continue,
            1 => Choice::No,
            _ => Choice::Yes,
        };
        // Every third returns the paper, which two people read.
        if n % 3 == 2 {
            let code = actions::sheet_code(tx.keys(), id, n);
            for clerk in staff {
                actions::sheet(tx, clerk, id, &code, choice.code(), None).await?;
            }
            continue;
        }
        let own = Actor { person: Some(r.person), channel: Channel::App, ..Actor::system(staff[0].street) };
        let hand = Hand { vote: Vote::Side(choice), way: Way::Online, agent: None, witness: None };
        actions::cast(tx, &own, id, n, hand).await?;
    }
    Ok(())
}

async fn count(tx: &mut Tx, staff: &[Actor; 2], id: Id) -> Result<(), Fault> {
    actions::count(tx, POLLS, &staff[0], id).await?;
    for (clerk, role) in staff.iter().zip([TellerRole::Scrutineer, TellerRole::Counter]) {
        act(tx, clerk, id, Act::Sign(role)).await?;
    }
    act(tx, &staff[0], id, Act::Publish).await?;
    Ok(())
}

async fn plans(
    tx: &mut Tx,
    actor: &Actor,
    quarter: &Quarter,
    people: &[Resident],
    end: Time,
) -> Result<Poll, Fault> {
    let new = NewPoll {
        place: quarter.place.path.clone(),
        title: "晾衣区放在哪里".into(),
        text: "楼道口不再拉绳晾衣，集中建一处晾衣区。三个地方都看过，请选您能接受的。".into(),
        shape: Shape::Marks { most: 2, places: 1 },
        secret: false,
        trust: Trust::Grouped,
        options: vec!["中心花园东侧".into(), "3号楼南面空地".into(), "车棚顶上".into()],
        candidates: Vec::new(),
        origin: None,
    };
    let id = actions::draft(tx, actor, new).await?.id;
    act(tx, actor, id, Act::Rule("consultation".into(), Own::default())).await?;
    actions::freeze(tx, POLLS, actor, id, &roll(people)).await?;
    let opens = tx.now + Duration::hours(1);
    act(tx, actor, id, Act::Notice(opens, evening(end + Duration::days(6)), None)).await
}

/// Ten have voted so far.
async fn choose(tx: &mut Tx, id: Id, street: Id, people: &[Resident]) -> Result<(), Fault> {
    for (n, r) in (1u32..).zip(people).skip(2).take(10) {
        let own = Actor { person: Some(r.person), channel: Channel::App, ..Actor::system(street) };
        let vote = Vote::Marks(if n % 3 == 0 { vec![2] } else { vec![1, 2] }, Vec::new());
        let hand = Hand { vote, way: Way::Online, agent: None, witness: None };
        actions::cast(tx, &own, id, n, hand).await?;
    }
    Ok(())
}
