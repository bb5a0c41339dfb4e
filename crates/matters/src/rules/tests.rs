//! The rules under random commands by people who hold more offices than is good: what must never happen does not.

use super::{Command, Facts, decide, evolve};
use crate::model::*;
use kernel::{
    Actor, Channel, Id, OfficeKind, PlacePath, Time,
    calendar::{Calendar, ClockKind, Limit},
    text::Words,
};
use methods::{Catalogue, Method, Methods, Nature, Tier, Urgency};
use proptest::prelude::*;
use store::Meta;

fn words(text: &str) -> Words {
    Words::commit(text, &[7; 16])
}

fn id(name: &str) -> Id {
    Id::named(name)
}

fn start() -> Time {
    kernel::time::parse_stamp("2026-03-02T01:00:00Z").unwrap()
}

fn actor(person: &str, office: OfficeKind, unit: Option<&str>) -> Actor {
    Actor {
        street: id("street"),
        person: Some(id(person)),
        office: Some(office),
        unit: unit.map(id),
        on_behalf_of: None,
        channel: Channel::App,
    }
}

/// Offices, with two persons who hold several of them.
fn actors() -> Vec<Actor> {
    use OfficeKind::*;
    vec![
        actor("duty", DutyOfficer, None),
        actor("dispatcher", Dispatcher, None),
        actor("grid", GridOfficer, None),
        actor("grid2", GridHead, None),
        actor("secretary", CommunitySecretary, None),
        actor("supervisor", StreetSupervisor, None),
        actor("hand-a", UnitHandler, Some("a")),
        actor("hand-b", UnitHandler, Some("b")),
        actor("dispatcher", UnitHandler, Some("a")),
        actor("hand-a", GridOfficer, None),
        actor("hand-a", DutyOfficer, None),
        actor("hand-a", Resident, None),
        actor("neighbour", Resident, None),
    ]
}

fn voice(n: u8, person: &str) -> Voice {
    Voice {
        id: id(&format!("voice{n}")),
        number: format!("LY-2026-{n:06}"),
        person: Some(id(person)),
        secret: String::new(),
        at: start(),
        channel: Channel::App,
        on_behalf: false,
        open_identity: false,
        urged_at: None,
        thanked_at: None,
        withdrawn: false,
    }
}

fn photo(at: Time, round: u32) -> Attachment {
    Attachment {
        blob: id("photo"),
        kind: "photo".into(),
        hash: String::new(),
        purpose: Purpose::After,
        round,
        at,
        public: true,
        redactions: 0,
        erased: false,
    }
}

fn raised(clock: Running) -> Event {
    Event::Raised(Box::new(Raised {
        id: id("matter"),
        number: "LY-2026-000001".into(),
        community: PlacePath::parse("/QH/LY/").unwrap(),
        place: PlacePath::parse("/QH/LY/3/").unwrap(),
        spot: None,
        point: None,
        raised_at: start(),
        channel: Channel::App,
        title: words("灯"),
        body: words("灯不亮"),
        category: None,
        urgency: Urgency::Ordinary,
        voice: voice(1, "neighbour"),
        attachments: vec![],
        clocks: vec![clock],
        ledger_key: None,
        ledger: None,
    }))
}

struct World {
    calendar: Calendar,
    method: Method,
    now: Time,
    seq: i64,
    m: Matter,
}

impl World {
    fn new() -> Self {
        let calendar = Calendar::shipped();
        let method = Methods::shipped().get(Methods::DEFAULT).unwrap().clone();
        let limit = method.timers.accept_web;
        let clock = Running {
            timer: Timer::Accept,
            limit,
            start: start(),
            at: calendar.deadline(start(), limit).at,
            fired: false,
            missing_year: None,
        };
        let meta = Meta { seq: 1, at: start(), actor: Actor::anonymous(id("street"), Channel::App) };
        let m = evolve(None, &raised(clock), &meta).unwrap();
        Self { calendar, method, now: start(), seq: 1, m }
    }

    /// Tries a command; gives what followed.
    fn try_it(&mut self, actor: &Actor, command: Command) -> Result<Vec<Event>, &'static str> {
        let category = self.m.category.as_deref().or(Some("0103")).and_then(|c| Catalogue::shipped().get(c));
        let facts = Facts { now: self.now, calendar: &self.calendar, method: &self.method, category, actor };
        let events = decide(&self.m, command, &facts).map_err(|r| r.code)?;
        for event in &events {
            let before = self.m.clone();
            self.seq += 1;
            let meta = Meta { seq: self.seq, at: self.now, actor: actor.clone() };
            self.m = evolve(Some(before.clone()), event, &meta).unwrap();
            invariants(&before, event, &self.m, actor);
        }
        Ok(events)
    }
}

fn invariants(before: &Matter, event: &Event, after: &Matter, actor: &Actor) {
    let said = format!("{event:?}\n{:?} → {:?}, clocks {:?}", before.status, after.status, after.running);
    // Rounds only grow, and one that is over stays as it was.
    assert!(after.round >= before.round && after.rounds.len() >= before.rounds.len(), "{said}");
    for (old, new) in before.rounds.iter().zip(&after.rounds) {
        if old.n < before.round {
            assert_eq!(old, new, "{said}");
        }
        if !matches!(event, Event::Dispatched { .. }) {
            assert_eq!(
                (old.original, old.limit),
                (new.original, new.limit),
                "the first deadline is never rewritten\n{said}"
            );
        }
        assert!(new.deadline >= new.original, "{said}");
    }
    // Clocks run only where somebody has to do something.
    match after.status {
        Status::Closed => {
            assert!(after.running.iter().all(|r| matches!(r.timer, Timer::Reopen | Timer::Request)), "{said}")
        }
        s if !s.is_open() => assert!(after.running.is_empty(), "{said}"),
        _ => {}
    }
    let handle = after.clock(Timer::Handle).is_some();
    match after.status {
        Status::Dispatched | Status::Handling => assert_eq!(handle, !after.is_paused(), "{said}"),
        _ => assert!(!handle && !after.is_paused(), "{said}"),
    }
    let mut timers: Vec<Timer> = after.running.iter().map(|r| r.timer).collect();
    timers.dedup();
    assert_eq!(timers.len(), after.running.len(), "one clock of a kind\n{said}");
    // One request at a time, and its clock with it.
    let waiting = after.requests.iter().filter(|r| r.decision.is_none()).count();
    assert!(waiting <= 1, "{said}");
    if after.status.is_open() || after.status == Status::Closed {
        assert_eq!(after.clock(Timer::Request).is_some(), waiting == 1, "{said}");
    }
    // Whoever dispatched does not handle; neither of them checks.
    let me = actor.person;
    let lead = before.current().and_then(|r| r.leads.last());
    match event {
        Event::Signed | Event::Handled { .. } => assert_ne!(lead.and_then(|l| l.by), me, "{said}"),
        Event::Checked { .. } => {
            let round = before.current().unwrap();
            assert_ne!(round.handled_by, me, "{said}");
            assert_ne!(lead.and_then(|l| l.signed_by), me, "{said}");
            if actor.office != Some(OfficeKind::Resident) {
                assert_ne!(lead.and_then(|l| l.by), me, "{said}");
                assert!(
                    before.round < 2 || before.rounds[before.rounds.len() - 2].checked_by != me,
                    "another checker each round\n{said}"
                );
            }
        }
        Event::Evaluated { evaluation } => {
            let same = after
                .evaluations
                .iter()
                .filter(|e| (e.voice, e.round) == (evaluation.voice, evaluation.round))
                .count();
            assert_eq!(same, 1, "one verdict a voice and round\n{said}");
            assert!(before.rounds.last().is_none_or(|r| r.handled_by != me), "{said}");
        }
        _ => {}
    }
}

/// A command by its number, with a small number to vary it.
fn command(kind: usize, n: u32, m: &Matter, now: Time) -> Command {
    let note = || words("说明");
    let voice1 = m.voices[n as usize % m.voices.len()].id;
    let units = ["a", "b", "c"];
    let unit = id(units[n as usize % 3]);
    let later = |days: i64| now + chrono::Duration::days(days);
    let task = Task {
        id: id(&format!("task{n}{}", m.tasks.len())),
        unit,
        words: None,
        round: m.round,
        at: now,
        ended_at: None,
        waived: false,
        result: None,
    };
    let ask = |ask: Ask| Command::Ask { id: id(&format!("request{}", m.requests.len())), ask, words: note() };
    match kind {
        0 => Command::AskVerification { words: None },
        1 => Command::Verify { finding: Finding::ALL[n as usize % 3], words: note(), attachments: vec![] },
        2 | 3 => Command::Accept {
            tier: Tier::ALL[n as usize % 3],
            category: "0103".into(),
            nature: Nature::Help,
            urgency: Urgency::Ordinary,
            hazard: n == 3,
        },
        4..=7 => {
            let limit = (n > 2).then(|| Limit::new(n, ClockKind::ALL[n as usize % 4]));
            Command::Dispatch {
                lead: unit,
                tasks: if n == 4 { vec![Task { unit: id("c"), ..task }] } else { vec![] },
                limit,
                words: None,
            }
        }
        8..=10 => Command::Sign,
        11 => Command::Contact { voice: voice1, reached: n.is_multiple_of(2), seconds: n, words: None },
        12 => Command::Progress { words: note(), attachments: vec![] },
        13 => ask(Ask::Return { reason: ReturnReason::UnclearOwner, competent: None }),
        14 => ask(Ask::Extend { until: later(i64::from(n) * 3) }),
        15 => ask(Ask::Suspend { cause: SuspendCause::Works, review: later(i64::from(n) * 10) }),
        16 => ask(Ask::Whistle { units: vec![unit], at: later(1) }),
        17..=20 => Command::Decide {
            request: m.requests.last().map_or(id("none"), |r| r.id),
            granted: n != 0,
            words: Some(note()),
        },
        21 => Command::AwaitResident { words: note() },
        22 => Command::Resume { words: note() },
        23 => Command::GiveTask { task },
        24 => Command::FinishTask {
            task: m.tasks.last().map_or(id("none"), |t| t.id),
            words: note(),
            attachments: vec![],
        },
        25 => Command::WaiveTask {
            task: m.tasks.iter().find(|t| t.ended_at.is_none()).map_or(id("none"), |t| t.id),
            words: note(),
        },
        26 => Command::SetAgenda { words: note() },
        27 => Command::SettleAgenda { words: note() },
        28 => Command::ReportIn,
        29 => Command::Score { unit, score: n, words: None },
        30 => Command::Supervise { words: note() },
        31 => Command::EndSupervision { words: note() },
        32..=35 => Command::Finish {
            outcome: Outcome::ALL[n as usize % 4],
            answer: note(),
            attachments: vec![photo(now, m.round)],
        },
        36..=39 => {
            let finding = if n == 0 { CheckFinding::Fail } else { CheckFinding::Pass };
            Command::Check {
                finding,
                words: Some(note()),
                attachments: vec![],
                voice: (n == 5).then_some(voice1),
            }
        }
        40..=43 => {
            let satisfied = Satisfaction::ALL[n as usize % 3];
            Command::Evaluate {
                voice: voice1,
                contacted: true,
                solved: n.is_multiple_of(2),
                satisfied,
                words: Some(note()),
                by_staff: false,
            }
        }
        44 | 45 => Command::Reopen { voice: (n > 2).then_some(voice1), words: note() },
        46 => Command::Join {
            voice: voice(2 + u8::try_from(m.voices.len()).unwrap_or(9), &format!("joiner{n}")),
        },
        47 => Command::Add { voice: Some(voice1), words: Some(note()), attachments: vec![] },
        48 => Command::Urge { voice: voice1 },
        56 => Command::Thank { voice: voice1, words: note() },
        49 => Command::Note { words: note(), attachments: vec![] },
        50 if n == 5 => Command::Withdraw { voice: voice1 },
        51 if n == 5 => {
            Command::Ask { id: id(&format!("void{}", m.requests.len())), ask: Ask::Void, words: note() }
        }
        52 if n == 5 => {
            Command::Merge { into: id("other"), number: "LY-2026-000009".into(), target_open: true }
        }
        53 => Command::Unmerge { target_open: n > 1 },
        54 if n == 5 => Command::Reject { reason: RejectReason::Private, pointer: note() },
        55 if n == 5 => Command::Transfer { pointer: note() },
        _ => Command::Tick,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

    #[test]
    fn random_commands_break_nothing(steps in proptest::collection::vec((0usize..64, 0usize..13, 0u32..6, 0i64..60), 1..120)) {
        let all = actors();
        let mut world = World::new();
        for (kind, who, n, hours) in steps {
            world.now += chrono::Duration::hours(hours / 4);
            let command = command(kind, n, &world.m, world.now);
            let actor = match &command {
                Command::Tick => Actor::system(id("street")),
                // By the own voice one acts as a resident.
                Command::Check { voice: Some(_), .. } => all[11 + who % 2].clone(),
                _ => all[who].clone(),
            };
            let _ = world.try_it(&actor, command);
        }
        // Whatever happened: the state survives being stored.
        let text = serde_json::to_string(&world.m).unwrap();
        prop_assert_eq!(serde_json::to_string(&serde_json::from_str::<Matter>(&text).unwrap()).unwrap(), text);
    }

    #[test]
    fn steered_journeys_come_round_again(steps in proptest::collection::vec((0usize..8, 0u32..6, 0i64..90), 10..60)) {
        // The main line, taken again and again with detours, so that many rounds are seen.
        let all = actors();
        let (duty, dispatcher, hand, other, checkers) = (&all[0], &all[1], &all[6], &all[7], [&all[2], &all[3]]);
        let mut world = World::new();
        for (detour, n, hours) in steps {
            world.now += chrono::Duration::hours(hours / 3);
            let now = world.now;
            let m = world.m.clone();
            let lead = if m.lead_unit() == Some(id("b")) { other } else { hand };
            let next = match m.status {
                Status::Submitted | Status::Verifying => (duty, command(2, n, &m, now)),
                Status::Accepted if m.onsite => (&all[5], command(4, n % 2, &m, now)),
                Status::Accepted => (dispatcher, command(4, n % 2, &m, now)),
                Status::Dispatched => (lead, Command::Sign),
                Status::Handling if m.is_paused() => (&all[4], command(22, n, &m, now)),
                Status::Handling => (lead, command(32, n, &m, now)),
                Status::Handled => (checkers[m.round as usize % 2], command(36, 1, &m, now)),
                Status::Answered => (&all[12], command(40, n, &m, now)),
                _ => (duty, command(44, 0, &m, now)),
            };
            let _ = world.try_it(next.0, next.1);
            let m = world.m.clone();
            let detour = match detour {
                0 => (lead, command(13 + n as usize % 3, n, &m, now)),
                1 => (&all[5], command(17, n, &m, now)),
                2 => (lead, command(21, n, &m, now)),
                3 => (&all[12], command(47, n, &m, now)),
                4 => (checkers[0], command(36, 0, &m, now)),
                5 => (&all[8], command(32, n, &m, now)),
                6 => (duty, command(25, n, &m, now)),
                _ => (&all[9], command(36, n % 5, &m, now)),
            };
            let _ = world.try_it(detour.0, detour.1);
            let _ = world.try_it(&Actor::system(id("street")), Command::Tick);
        }
    }
}

#[test]
fn the_ladder_is_climbed_once_a_round() {
    let all = actors();
    let mut world = World::new();
    let mut steps = Vec::new();
    for round in 1..=4u32 {
        if round == 1 {
            let accept = command(2, 1, &world.m, world.now);
            world.try_it(&all[0], accept).unwrap();
        }
        let dispatch = command(4, 0, &world.m, world.now);
        world.try_it(&all[1], dispatch).unwrap();
        world.try_it(&all[6], Command::Sign).unwrap();
        let finish = command(32, 0, &world.m, world.now);
        world.try_it(&all[6], finish).unwrap();
        let check = command(36, 1, &world.m, world.now);
        world.try_it(&all[2 + (round as usize % 2)], check).unwrap();
        let no = command(40, 1, &world.m, world.now);
        let events = world.try_it(&all[12], no).unwrap();
        steps.push(events.iter().map(|e| store::split(e).unwrap().0).collect::<Vec<_>>());
    }
    assert_eq!(steps[0], ["evaluated", "redone"]);
    assert_eq!(steps[1], ["evaluated", "redone", "supervised"]);
    assert_eq!(steps[2], ["evaluated", "redone", "agenda_set"]);
    assert_eq!(steps[3], ["evaluated", "redone"]);
    assert_eq!((world.m.round, world.m.rounds.len()), (5, 4));
}
