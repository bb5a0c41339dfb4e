//! Playing the plan: every turn is the action that a user would call, at its instant, with clocks striking in between.

use super::{
    ballots::Ballots,
    chance::Chance,
    consult::Drawings,
    council::Assembly,
    election::Ballot,
    plan::{By, Plan, Seed, Speaker, Turn},
    receptions::Receptions,
    scenes::Album,
    street::{Agency, Cast, Quarter, Staff},
    texts,
};
use crate::{config::Config, say, t};
use chrono::{Datelike, Duration, Timelike};
use futures_util::future::BoxFuture;
use kernel::{
    Actor, Channel, FixedClock, Id, OfficeKind, Time,
    calendar::{ClockKind, Limit},
    time,
};
use matters::model::{Input, Matter, NewMatter, World};
use methods::{Catalogue, UnitKind};
use std::sync::Arc;
use store::{Blob, Fault, Outgoing, Sender, Store};

/// How often the clocks of matters are looked at while time passes.
const SWEEP: Duration = Duration::hours(2);

/// Messages of the demo's past go nowhere.
struct Silent;

impl Sender for Silent {
    fn send<'a>(&'a self, _: &'a Outgoing) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async { Ok(()) })
    }
}

/// One call of an action.
struct Act {
    actor: Actor,
    input: Input,
    blobs: Vec<Blob>,
    voice: Option<Id>,
}

impl Act {
    fn new(actor: Actor, input: Input) -> Self {
        Self { actor, input, blobs: Vec::new(), voice: None }
    }
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Lived {
    pub matters: usize,
    /// Turns that an action refused: none in a good plan.
    pub refused: Vec<String>,
}

struct Life<'a> {
    store: &'a Store,
    cast: &'a Cast,
    world: Arc<World>,
    seeds: Vec<Seed>,
    /// Id and number of the matters that were raised.
    raised: Vec<Option<(Id, String)>>,
    album: Album,
    chance: Chance,
    assembly: Assembly,
    drawings: Drawings,
    receptions: Receptions,
    ballots: Ballots,
    ballot: Ballot,
}

/// Plays a plan with a clock that goes along.
///
/// # Errors
/// What the database says. Refusals are collected.
pub(super) async fn play(
    config: &Config,
    store: &Store,
    clock: &FixedClock,
    cast: &Cast,
    plan: Plan,
    end: Time,
) -> Result<Lived, Fault> {
    let world = matters::queries::world(&mut store.read().await?, cast.street.id).await?;
    let raised = vec![None; plan.seeds.len()];
    let mut life = Life {
        store,
        cast,
        world,
        seeds: plan.seeds,
        raised,
        album: Album::default(),
        chance: Chance::new(11),
        assembly: Assembly::new(store.now(), end),
        drawings: Drawings::new(store.now(), end),
        receptions: Receptions::default(),
        ballots: Ballots::new(store.now(), end),
        ballot: Ballot::new(store.now(), end),
    };
    let mut lived = Lived::default();
    let mut next = store.now();
    let mut month = time::local(next).month();
    for (at, n, turn) in plan.turns {
        while next < at {
            clock.set(next);
            life.pass().await?;
            next += SWEEP;
            let now = time::local(next).month();
            if now != month {
                month = now;
                say::line(t!(config.lang, "demo-progress", month = month, matters = lived.matters));
            }
        }
        clock.set(at);
        let name = format!("{turn:?}");
        match life.turn(n, turn).await {
            Ok(raised) => lived.matters += usize::from(raised),
            Err(Fault::Refused(refusal)) => {
                lived
                    .refused
                    .push(format!("{} {n} {name}: {refusal}", time::local(at).format("%m-%d %H:%M")));
            }
            Err(fault) => return Err(fault),
        }
    }
    while next < end {
        clock.set(next);
        life.pass().await?;
        next += SWEEP;
    }
    clock.set(end);
    matters::jobs::sweep(store).await?;
    Ok(lived)
}

impl Life<'_> {
    /// Time passes: clocks strike, messages leave, staff look at their notices.
    async fn pass(&mut self) -> Result<(), Fault> {
        matters::jobs::sweep(self.store).await?;
        self.assembly.pass(self.store, self.cast).await?;
        self.drawings.pass(self.store, self.cast).await?;
        self.receptions.pass(self.store, self.cast).await?;
        self.ballots.pass(self.store, self.cast).await?;
        self.ballot.pass(self.store, self.cast).await?;
        let local = time::local(self.store.now());
        if local.hour() / 2 == 11 {
            // One seal at the end of each day, as the demo has no visitors who wait for one.
            seals::jobs::sweep(self.store).await?;
            store::deliver(self.store, &Silent).await?;
            if local.weekday() == chrono::Weekday::Sun {
                let street = self.cast.street.id;
                let everybody: Vec<Id> = self
                    .staff()
                    .map(|s| s.person)
                    .chain(self.cast.residents.iter().map(|r| r.person))
                    .collect();
                self.store
                    .write(move |tx| {
                        Box::pin(async move {
                            for person in everybody {
                                tx.read_notices(street, person).await?;
                            }
                            Ok(())
                        })
                    })
                    .await?;
            }
        }
        Ok(())
    }

    fn staff(&self) -> impl Iterator<Item = &Staff> {
        let desks = self.cast.quarters.iter().flat_map(|q| {
            [&q.secretary, &q.duty, &q.dispatcher, &q.grid_head, &q.stairwell]
                .into_iter()
                .chain(&q.grid_officers)
        });
        desks.chain(self.cast.agencies.iter().map(|a| &a.handler)).chain([&self.cast.supervisor])
    }

    fn quarter(&self, n: usize) -> &Quarter {
        &self.cast.quarters[self.seeds[n].quarter]
    }

    fn by(&self, staff: &Staff) -> Actor {
        staff.actor(self.cast.street.id)
    }

    fn resident(&self, person: Option<Id>) -> Actor {
        Actor {
            person,
            office: person.map(|_| OfficeKind::Resident),
            ..Actor::anonymous(self.cast.street.id, Channel::App)
        }
    }

    /// Does a turn; whether it raised a matter.
    async fn turn(&mut self, n: usize, turn: Turn) -> Result<bool, Fault> {
        if let Turn::Raise = turn {
            return self.raise(n).await.map(|()| true);
        }
        let Some((id, _)) = self.raised[n].clone() else { return Ok(false) };
        let street = self.cast.street.id;
        let found: Option<Matter> = self.store.read().await?.get(street, id).await?;
        let Some(m) = found else { return Ok(false) };
        if let Turn::Join { resident, words } = turn {
            let joiner = NewMatter { body: words, ..NewMatter::default() };
            let actor = self.resident(Some(self.cast.residents[resident].person));
            let world = self.world.clone();
            self.store
                .write(move |tx| {
                    Box::pin(async move { matters::actions::join(tx, &world, &actor, id, joiner).await })
                })
                .await?;
            return Ok(false);
        }
        for act in self.acts(n, &m, turn)? {
            let world = self.world.clone();
            self.store
                .write(move |tx| {
                    Box::pin(async move {
                        matters::actions::act(tx, &world, &act.actor, id, act.input, act.blobs, act.voice)
                            .await
                    })
                })
                .await?;
        }
        Ok(false)
    }

    async fn raise(&mut self, n: usize) -> Result<(), Fault> {
        let seed = self.seeds[n].clone();
        let quarter = self.quarter(n);
        let (name, phone) = match seed.voice {
            Speaker::Known(r) | Speaker::Phone(r) => {
                (Some(self.cast.residents[r].name.clone()), Some(self.cast.residents[r].phone.clone()))
            }
            Speaker::Nobody => (None, None),
        };
        let own = matches!(seed.channel, Channel::App | Channel::Wechat);
        let actor = match (seed.channel, seed.voice) {
            (_, Speaker::Known(r)) => {
                Actor { channel: seed.channel, ..self.resident(Some(self.cast.residents[r].person)) }
            }
            (Channel::App | Channel::Wechat, _) => self.resident(None),
            (Channel::Visit, _) => {
                self.by(quarter.grid_officers.get(seed.compound).unwrap_or(&quarter.grid_head))
            }
            (Channel::Board, _) => self.by(&quarter.stairwell),
            _ => self.by(&quarter.duty),
        };
        let known = matches!(seed.voice, Speaker::Known(_));
        let input = NewMatter {
            place: Some(seed.place.clone()),
            title: (!own).then(|| seed.title.clone()),
            body: seed.body.clone(),
            // Residents leave the category open; who registers usually knows it.
            category: (!own && self.chance.percent(60)).then(|| seed.template.category.to_owned()),
            channel: (!own).then_some(seed.channel),
            phone: if known { None } else { phone },
            name: if known { None } else { name },
            open_identity: self.chance.percent(25),
            ..NewMatter::default()
        };
        let blobs = if seed.photo {
            vec![self.album.get(seed.template.scene, false, &mut self.chance)?]
        } else {
            Vec::new()
        };
        let world = self.world.clone();
        let slip = self
            .store
            .write(move |tx| {
                Box::pin(async move { matters::actions::raise(tx, &world, &actor, input, blobs).await })
            })
            .await?;
        self.raised[n] = Some((slip.matter, slip.number));
        Ok(())
    }

    /// The unit whose work it is.
    fn natural(&self, n: usize) -> Option<&Agency> {
        let kind = Catalogue::shipped()
            .get(self.seeds[n].template.category)
            .map_or(UnitKind::StreetOffice, |c| c.lead);
        let place = &self.seeds[n].place;
        self.cast.agency(kind, place).or_else(|| self.cast.agency(UnitKind::StreetOffice, place))
    }

    /// A unit of a kind, or of another kind where that one is the natural lead.
    fn other(&self, n: usize, kind: UnitKind) -> Option<&Agency> {
        let place = &self.seeds[n].place;
        let natural = self.natural(n).map(|a| a.id);
        [kind, UnitKind::StreetOffice, UnitKind::CoBuilding]
            .into_iter()
            .filter_map(|k| self.cast.agency(k, place))
            .find(|a| Some(a.id) != natural)
    }

    fn handler(&self, m: &Matter) -> Option<Actor> {
        let unit = m.lead_unit().and_then(|id| self.cast.by_id(id))?;
        Some(self.by(&unit.handler))
    }

    fn after(&mut self, n: usize) -> Result<Vec<Blob>, Fault> {
        let scene = self.seeds[n].template.scene;
        Ok(vec![self.album.get(scene, true, &mut self.chance)?])
    }

    fn wants_photo(&self, m: &Matter) -> bool {
        m.category.as_deref().and_then(|c| self.world.catalogue.get(c)).is_some_and(|c| c.after_photo)
    }

    /// The calls that a turn makes, from the state that the matter has now.
    #[expect(clippy::too_many_lines, reason = "one arm per turn; splitting would hide the list")]
    fn acts(&mut self, n: usize, m: &Matter, turn: Turn) -> Result<Vec<Act>, Fault> {
        let now = self.store.now();
        let seed = self.seeds[n].clone();
        let first = m.voices.first().map(|v| (v.id, v.person));
        let q = self.quarter(n).clone();
        let officer = q.grid_officers.get(seed.compound).unwrap_or(&q.grid_head).clone();
        let (duty, secretary, street) =
            (self.by(&q.duty), self.by(&q.secretary), self.by(&self.cast.supervisor));
        let one = |actor: Actor, input: Input| Ok(vec![Act::new(actor, input)]);
        let lead = self.handler(m);
        // Work of a unit that has lost the matter meanwhile is not done.
        let by_lead = |input: Input| Ok(lead.clone().map(|a| Act::new(a, input)).into_iter().collect());
        let mine = |input: Input| {
            Ok(first
                .map(|(voice, person)| Act { voice: Some(voice), ..Act::new(self.resident(person), input) })
                .into_iter()
                .collect())
        };
        match turn {
            Turn::Raise | Turn::Join { .. } => Ok(Vec::new()),
            Turn::AskVerification => {
                one(duty, Input::AskVerification { words: Some("请到现场看一看，拍照反馈。".into()) })
            }
            Turn::Verify(finding) => {
                let words = if finding == matters::model::Finding::Exists {
                    "到现场查看，情况属实。"
                } else {
                    "两次到场未发现所述情况。"
                };
                let blobs = vec![self.album.get(seed.template.scene, false, &mut self.chance)?];
                Ok(vec![Act {
                    blobs,
                    ..Act::new(self.by(&officer), Input::Verify { finding, words: words.into() })
                }])
            }
            Turn::Accept => {
                let category = seed.template.category.to_owned();
                one(
                    duty,
                    Input::Accept { tier: seed.tier, category, nature: None, urgency: None, hazard: false },
                )
            }
            Turn::Reject(reason, pointer) => one(duty, Input::Reject { reason, pointer: pointer.into() }),
            Turn::Transfer(pointer) => one(duty, Input::Transfer { pointer: pointer.into() }),
            Turn::Merge { into } => match self.raised.get(into).cloned().flatten() {
                Some((_, number)) => one(duty, Input::Merge { into: number }),
                None => Ok(Vec::new()),
            },
            Turn::Unmerge => one(duty, Input::Unmerge),
            Turn::Dispatch { to, support } => {
                let unit = match to {
                    Some(kind) => self.other(n, kind),
                    None => self.natural(n),
                };
                let Some(unit) = unit.map(|u| u.id) else { return Ok(Vec::new()) };
                let support: Vec<Id> = support
                    .and_then(|kind| self.cast.agencies.iter().find(|a| a.kind == kind && a.id != unit))
                    .map(|a| a.id)
                    .into_iter()
                    .collect();
                let actor = if m.onsite { street } else { self.by(&q.dispatcher) };
                let words = (!support.is_empty()).then(|| "主办牵头，协办配合，请一起到场。".to_owned());
                one(actor, Input::Dispatch { lead: unit, support, limit: None, words })
            }
            Turn::Sign => by_lead(Input::Sign),
            Turn::Contact { reached, by } => {
                let words = if reached {
                    "已电话联系，说明了处理安排。"
                } else {
                    "电话无人接听。"
                };
                let seconds = if reached { 96 } else { 31 };
                let input = Input::Contact { voice: None, reached, seconds, words: Some(words.into()) };
                if by == By::Staff { by_lead(input) } else { one(self.by(&officer), input) }
            }
            Turn::Progress(words) => {
                let blobs = if seed.photo {
                    vec![self.album.get(seed.template.scene, false, &mut self.chance)?]
                } else {
                    Vec::new()
                };
                Ok(lead
                    .map(|a| Act { blobs, ..Act::new(a, Input::Progress { words }) })
                    .into_iter()
                    .collect())
            }
            Turn::Return(reason) => {
                let natural = self.natural(n).map(|a| a.id).filter(|id| Some(*id) != m.lead_unit());
                let words = "经现场查看，该部位不在我单位职责范围内。".to_owned();
                by_lead(Input::AskReturn { reason, competent: natural.map(|id| id.to_string()), words })
            }
            Turn::Extend { days, words } => {
                let deadline = m.current().map_or(now, |r| r.deadline);
                let until = self.world.calendar.deadline(deadline, Limit::new(days, ClockKind::WorkDay)).at;
                by_lead(Input::AskExtend { until, words })
            }
            Turn::Suspend { cause, days, words } => {
                by_lead(Input::AskSuspend { cause, review: now + Duration::days(days), words: words.into() })
            }
            Turn::Whistle { units, words } => {
                let units =
                    units.iter().filter_map(|k| self.cast.agency(*k, &seed.place)).map(|a| a.id).collect();
                let at = self.world.calendar.deadline(now, Limit::new(1, ClockKind::WorkDay)).at;
                one(secretary, Input::AskWhistle { units, at, words: words.into() })
            }
            Turn::Decide { granted } => {
                let Some(request) = m.waiting_request() else { return Ok(Vec::new()) };
                let actor = match request.ask {
                    _ if request.street_decides => street,
                    matters::model::Ask::Void => secretary,
                    _ => duty,
                };
                let words = if granted {
                    "理由成立，同意。"
                } else {
                    "属于你单位职责，请继续办理。"
                };
                one(actor, Input::Decide { request: Some(request.id), granted, words: Some(words.into()) })
            }
            Turn::AwaitResident(words) => by_lead(Input::AwaitResident { words: words.into() }),
            Turn::Add(words) => {
                let blobs = vec![self.album.get(seed.template.scene, false, &mut self.chance)?];
                let input = Input::Add { words: Some(words.into()) };
                Ok(first
                    .map(|(voice, person)| Act {
                        voice: Some(voice),
                        blobs,
                        ..Act::new(self.resident(person), input)
                    })
                    .into_iter()
                    .collect())
            }
            Turn::Resume(words) => by_lead(Input::Resume { words: words.into() }),
            Turn::FinishTasks => {
                let mut acts = Vec::new();
                for task in m.tasks.iter().filter(|t| t.ended_at.is_none()) {
                    let Some(agency) = self.cast.by_id(task.unit).cloned() else { continue };
                    let blobs = self.after(n)?;
                    let input = Input::FinishTask {
                        task: task.id,
                        words: "派出 4 名队员到场协助，已完成。".into(),
                    };
                    acts.push(Act { blobs, ..Act::new(self.by(&agency.handler), input) });
                }
                Ok(acts)
            }
            Turn::WaiveTasks => {
                let open = m.tasks.iter().filter(|t| t.ended_at.is_none());
                let words = "主办已独立完成，不再需要协办。";
                Ok(open
                    .map(|t| {
                        Act::new(self.by(&q.dispatcher), Input::WaiveTask { task: t.id, words: words.into() })
                    })
                    .collect())
            }
            Turn::SetAgenda(words) => one(secretary, Input::SetAgenda { words: words.into() }),
            // The council that sits in the demo may have brought the result back by itself.
            Turn::SettleAgenda(_) if m.agenda.is_none() => Ok(Vec::new()),
            Turn::SettleAgenda(words) => one(secretary, Input::SettleAgenda { words: words.into() }),
            Turn::ReportIn { first_only } => {
                let called =
                    m.whistle.iter().flat_map(|w| &w.units).take(if first_only { 1 } else { usize::MAX });
                let agencies = called.filter_map(|c| self.cast.by_id(c.unit));
                Ok(agencies.map(|a| Act::new(self.by(&a.handler), Input::ReportIn)).collect())
            }
            Turn::Score => {
                let called: Vec<Id> = m.whistle.iter().flat_map(|w| &w.units).map(|c| c.unit).collect();
                let mut acts = Vec::new();
                for unit in called {
                    let score = u32::try_from(self.chance.range(3, 6)).unwrap_or(4);
                    let words = Some(if score > 3 { "到场及时，配合好。" } else { "到场较晚。" }.to_owned());
                    acts.push(Act::new(secretary.clone(), Input::Score { unit, score, words }));
                }
                Ok(acts)
            }
            Turn::Supervise(words) => one(street, Input::Supervise { words: words.into() }),
            Turn::EndSupervision => one(street, Input::EndSupervision { words: "已办理，解除督办。".into() }),
            Turn::Finish(outcome) => {
                let answer = match outcome {
                    matters::model::Outcome::Solved => seed.answer.clone(),
                    matters::model::Outcome::Partly => format!("{}其余部分列入下月计划。", seed.answer),
                    matters::model::Outcome::Explained => {
                        "已向您说明有关政策和办理程序，暂不具备改造条件，后续有进展会主动告知。".to_owned()
                    }
                    matters::model::Outcome::Unsolvable => {
                        "涉及建筑结构，现有条件下无法改动，已说明原因并建议了替代办法。".to_owned()
                    }
                };
                let blobs = if self.wants_photo(m) { self.after(n)? } else { Vec::new() };
                Ok(lead
                    .map(|a| Act { blobs, ..Act::new(a, Input::Finish { outcome, answer }) })
                    .into_iter()
                    .collect())
            }
            Turn::Check(finding) => {
                // Another checker for another round.
                let checker = match m.round % 3 {
                    1 => &officer,
                    2 => &q.grid_head,
                    _ => &q.duty,
                };
                let list = if finding == matters::model::CheckFinding::Fail {
                    texts::FAILED
                } else {
                    texts::CHECKED
                };
                let words = Some(self.chance.text(list));
                let photo = self.wants_photo(m) && self.chance.percent(25);
                let blobs = if photo { self.after(n)? } else { Vec::new() };
                Ok(vec![Act { blobs, ..Act::new(self.by(checker), Input::Check { finding, words }) }])
            }
            Turn::ResidentChecks => mine(Input::Check {
                finding: matters::model::CheckFinding::Pass,
                words: Some("看过了，确实修好了。".into()),
            }),
            Turn::Evaluate { by, contacted, solved, satisfied } => {
                use matters::model::Satisfaction::{Dissatisfied, Partly, Satisfied};
                let list = match (solved, satisfied) {
                    (false, _) | (_, Dissatisfied) => texts::UNHAPPY,
                    (_, Partly) => texts::PARTLY,
                    (_, Satisfied) => texts::CONTENT,
                };
                let words = Some(self.chance.text(list)).filter(|w| !w.is_empty());
                let input = Input::Evaluate { voice: None, contacted, solved, satisfied, words };
                if by == By::Staff {
                    return one(self.by(&officer), input);
                }
                Ok(first
                    .map(|(voice, person)| Act {
                        voice: Some(voice),
                        ..Act::new(self.resident(person), input)
                    })
                    .into_iter()
                    .collect())
            }
            Turn::Reopen { by } => {
                let words = self.chance.text(texts::AGAIN);
                let input = Input::Reopen { words };
                if by == By::Staff {
                    return one(duty, input);
                }
                Ok(first
                    .map(|(voice, person)| Act {
                        voice: Some(voice),
                        ..Act::new(self.resident(person), input)
                    })
                    .into_iter()
                    .collect())
            }
            Turn::AskVoid(words) => one(duty, Input::AskVoid { words: words.into() }),
            Turn::Withdraw => mine(Input::Withdraw),
            Turn::Urge => mine(Input::Urge),
            Turn::Note => {
                let words = self.chance.text(texts::NOTES);
                one(self.by(&officer), Input::Note { words })
            }
            Turn::Hide => one(duty, correct(Some(true), None, "涉及个人隐私，不对外公开。")),
            Turn::PublicTitle => {
                let title = Some(format!("{}：{}", seed.words.compound, seed.title));
                one(duty, correct(None, title, "公开标题写明地点。"))
            }
        }
    }
}

fn correct(hidden: Option<bool>, public_title: Option<String>, words: &str) -> Input {
    Input::Correct { title: None, public_title, place: None, category: None, hidden, words: words.to_owned() }
}
