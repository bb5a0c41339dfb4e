//! Two elections of the demo: spokespersons recommended by compounds, elected and handed over; and a pavilion head whose nominations
//! are open.

use super::{
    chance::Chance,
    scenes,
    street::{Cast, Quarter, Resident},
};
use crate::wiring::POLLS;
use chrono::{Duration, NaiveTime};
use elections::{
    Election, actions,
    actions::{Named, Photo, Times, Told},
    model::{Act, Bar, ElectionKind, Mode, NewElection, RollLine, Way},
    rules::{Step, plan},
};
use kernel::{Actor, Id, Time, calendar::Calendar, time};
use polls::{model::TellerRole, rules::Act as PollAct};
use store::{Fault, Store, Tx};

/// Days from the preparation to the vote.
const RUN: i64 = 13;
/// Seats of the spokespersons.
const SEATS: u32 = 3;

/// What comes next.
#[derive(Clone, Copy)]
enum Stage {
    Prepare,
    Nominate(Id),
    Vote(Id),
    Count(Id),
    Second,
    Open(Id),
    Over,
}

/// The elections and how far their story is.
pub(super) struct Ballot {
    stage: Stage,
    due: Time,
    end: Time,
}

impl Ballot {
    /// The first ends some days before the end, the second is open then.
    pub(super) fn new(start: Time, end: Time) -> Self {
        Self { stage: Stage::Prepare, due: start.max(end - Duration::days(RUN + 9)), end }
    }

    /// Does what is due.
    ///
    /// # Errors
    /// What the database says, and what an action refuses: none in a good story.
    pub(super) async fn pass(&mut self, store: &Store, cast: &Cast) -> Result<(), Fault> {
        let (now, stage) = (store.now(), self.stage);
        let Some(quarter) = cast.quarters.first().filter(|_| now >= self.due).cloned() else { return Ok(()) };
        if matches!(stage, Stage::Vote(_) | Stage::Count(_)) {
            polls::jobs::sweep(store, POLLS).await?;
            elections::jobs::sweep(store).await?;
        }
        let street = cast.street.id;
        let residents: Vec<Resident> = cast
            .residents
            .iter()
            .filter(|r| r.lives_at.within(&quarter.place.path))
            .take(30)
            .cloned()
            .collect();
        let (one, two) = (quarter.secretary.actor(street), quarter.duty.actor(street));
        (self.stage, self.due) = store
            .write(move |tx| {
                Box::pin(async move {
                    Ok(match stage {
                        Stage::Prepare => {
                            let kind = ElectionKind::Spokespersons;
                            let title = "柳荫社区发言人推选";
                            let e = begun(tx, &one, &quarter, &residents, kind, title, SEATS).await?;
                            (Stage::Nominate(e.0), e.1)
                        }
                        Stage::Nominate(id) => {
                            let opens = nominated(tx, &one, &two, &quarter, &residents, id).await?;
                            (Stage::Vote(id), opens)
                        }
                        Stage::Vote(id) => {
                            let closes = voted(tx, &residents, id).await?;
                            (Stage::Count(id), closes)
                        }
                        Stage::Count(id) => {
                            counted(tx, &one, &two, id).await?;
                            (Stage::Second, now + Duration::days(1))
                        }
                        Stage::Second => {
                            let kind = ElectionKind::PavilionHead;
                            let e =
                                begun(tx, &one, &quarter, &residents, kind, "柳荫议事亭亭长推选", 1).await?;
                            (Stage::Open(e.0), e.1)
                        }
                        Stage::Open(id) => {
                            opened(tx, &one, &residents, id).await?;
                            (Stage::Over, now)
                        }
                        Stage::Over => (Stage::Over, now),
                    })
                })
            })
            .await?;
        if matches!(self.stage, Stage::Over) {
            self.due = self.end + Duration::days(1);
        }
        Ok(())
    }
}

async fn get(tx: &mut Tx, street: Id, id: Id) -> Result<Election, Fault> {
    let e = elections::queries::election(tx, street, id).await?;
    e.ok_or_else(|| Fault::other("the demo has no election"))
}

/// Prepared, with its committee and its roll. Returns when appeals are over.
async fn begun(
    tx: &mut Tx,
    actor: &Actor,
    quarter: &Quarter,
    residents: &[Resident],
    kind: ElectionKind,
    title: &str,
    seats: u32,
) -> Result<(Id, Time), Fault> {
    let calendar = Calendar::shipped();
    let new = NewElection {
        kind,
        mode: Mode::Plurality,
        title: title.to_owned(),
        post: if seats == 1 { "亭长".to_owned() } else { "社区发言人".to_owned() },
        seats,
        place: quarter.place.path.clone(),
        polling_day: time::local_date(tx.now + Duration::days(RUN)),
        roll_posted: None,
        candidates_days: None,
    };
    let id = actions::prepare(tx, actor, new, &calendar).await?.id;
    for (name, chair) in [("顾明远", true), ("沈秀兰", false), ("何建平", false)] {
        actions::name_member(tx, actor, id, name, None, chair, &calendar).await?;
    }
    actions::act(tx, actor, id, Act::Form, &calendar).await?;
    let lines: Vec<RollLine> = residents
        .iter()
        .enumerate()
        .map(|(n, r)| RollLine {
            unit: format!("{:03}", n + 1),
            name: r.name.clone(),
            phone: Some(r.phone.clone()),
        })
        .collect();
    let e = actions::publish_roll(tx, actor, id, &lines, None, &calendar).await?;
    // Days off move the last day of appeals: around a festival it is more than a week away.
    let days = plan(&e, time::local_date(tx.now), &calendar);
    let until = days.iter().find(|d| d.step == Step::Appeals).map_or(e.polling_day, |d| d.day);
    Ok((id, time::day_start(until) + Duration::hours(33)))
}

fn recommended(r: &Resident, n: usize, quarter: &Quarter) -> Named {
    let compound = quarter.compounds.get(n % quarter.compounds.len().max(1));
    Named {
        name: r.name.clone(),
        phone: Some(r.phone.clone()),
        woman: Some(n % 2 == 1),
        way: Way::Compound,
        from: Some(compound.map_or_else(|| quarter.place.name.clone(), |c| c.place.name.clone())),
        agrees: true,
    }
}

/// Five nominees, looked at by two; the list and the vote. Returns when it opens.
async fn nominated(
    tx: &mut Tx,
    one: &Actor,
    two: &Actor,
    quarter: &Quarter,
    residents: &[Resident],
    id: Id,
) -> Result<Time, Fault> {
    let calendar = Calendar::shipped();
    actions::act(tx, one, id, Act::OpenNominations, &calendar).await?;
    for (n, r) in residents.iter().take(5).enumerate() {
        actions::nominate(tx, one, id, recommended(r, n, quarter), true, &calendar).await?;
    }
    let e = actions::act(tx, one, id, Act::CloseNominations, &calendar).await?;
    let clear: Vec<(Bar, bool)> = Bar::ALL.iter().map(|b| (*b, false)).collect();
    let mut chance = Chance::new(11);
    for (at, n) in e.nominees.iter().enumerate() {
        for by in [one, two] {
            actions::vet(tx, by, id, n.id, clear.clone(), "", &calendar).await?;
        }
        let about = "在小区住了十多年，退休前是教师，平时常在楼下和邻居聊小区里的事。";
        let promise = "每周走访一次，把听到的问题记下来，一周内给回音。";
        // A photo is of one's own will: the last gives none.
        let photo = if at + 1 < e.nominees.len() {
            let hair = if at % 2 == 1 { "长发" } else { "短发" };
            let glasses = if at % 3 == 0 { "，戴眼镜" } else { "" };
            let alt = format!("示例头像：一位居民的半身像，{hair}{glasses}");
            Photo::Given(Box::new(scenes::portrait(at, &mut chance)?), alt)
        } else {
            Photo::Stays
        };
        let told = Told { about: about.to_owned(), promise: promise.to_owned(), photo };
        actions::present(tx, one, id, n.id, told, &calendar).await?;
    }
    let at = |hour| e.polling_day.and_time(NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default());
    let (opens, closes) = (time::from_local(at(8)), time::from_local(at(18)));
    let times = Times { opens, closes, late: None };
    actions::publish_candidates(tx, POLLS, one, id, Vec::new(), times, None, &calendar).await?;
    Ok(opens)
}

/// Most of the roll vote with their own device. Returns when the vote closes.
async fn voted(tx: &mut Tx, residents: &[Resident], id: Id) -> Result<Time, Fault> {
    let home = places::home(tx).await?.ok_or_else(|| Fault::other("the demo has no street"))?;
    let e = get(tx, home.street, id).await?;
    let round = e.round().ok_or_else(|| Fault::other("the demo has no round"))?.clone();
    // Nobody has as many votes as another: the first of the list has most.
    for (n, r) in residents.iter().enumerate().filter(|(n, _)| n % 7 != 6) {
        let actor = Actor { person: Some(r.person), ..Actor::system(home.street) };
        let marks = match n % 5 {
            0 => "1",
            1 => "1,2",
            2 | 3 => "1,2,3",
            _ => "2,3,4",
        };
        let head = u32::try_from(n + 1).unwrap_or(1);
        polls::actions::secret::cast(tx, &actor, round.poll, head, marks).await?;
    }
    Ok(round.closes)
}

/// Counted, signed by two, published; handed over.
async fn counted(tx: &mut Tx, one: &Actor, two: &Actor, id: Id) -> Result<(), Fault> {
    let e = get(tx, one.street, id).await?;
    let poll = e.round().ok_or_else(|| Fault::other("the demo has no round"))?.poll;
    polls::actions::count(tx, POLLS, one, poll).await?;
    for (who, role) in [(one, TellerRole::Scrutineer), (two, TellerRole::Counter)] {
        polls::actions::act(tx, POLLS, who, poll, PollAct::Sign(role)).await?;
    }
    polls::actions::act(tx, POLLS, one, poll, PollAct::Publish).await?;
    Ok(())
}

/// Nominations are open: one stands by the own wish, for one voters sign.
async fn opened(tx: &mut Tx, one: &Actor, residents: &[Resident], id: Id) -> Result<(), Fault> {
    let calendar = Calendar::shipped();
    actions::act(tx, one, id, Act::OpenNominations, &calendar).await?;
    let own = |r: &Resident| Actor { person: Some(r.person), ..Actor::system(one.street) };
    let named = |r: &Resident, way| Named {
        name: r.name.clone(),
        phone: Some(r.phone.clone()),
        woman: None,
        way,
        from: None,
        agrees: false,
    };
    if let [first, second, third, rest @ ..] = residents {
        actions::nominate(tx, &own(first), id, named(first, Way::Own), false, &calendar).await?;
        let e = actions::nominate(tx, &own(second), id, named(third, Way::Peers), false, &calendar).await?;
        let nominee = e.nominee_of(third.person).map_or(id, |n| n.id);
        for r in rest.iter().take(5) {
            actions::sign(tx, &own(r), id, nominee, &calendar).await?;
        }
    }
    Ok(())
}
