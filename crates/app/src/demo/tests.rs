//! The demo is filled and looked at: every state, overlay and kind of verdict is there, and nothing was refused.

use super::*;
use crate::cli;
use clap::Parser;
use matters::model::Matter;
use std::collections::{BTreeMap, BTreeSet};
use store::testing;
use ui::Lang;

/// A Tuesday afternoon; the half year before it holds both long holidays.
fn end() -> Time {
    kernel::time::parse_stamp("2026-03-10T07:20:00Z").unwrap()
}

/// Lets a fresh store live through the first `turns` turns of the plan; gives the street.
pub(crate) async fn some_of_it(store: &Store, clock: &FixedClock, turns: usize) -> kernel::Id {
    filled(store, clock, turns).await.0.street.id
}

async fn filled(store: &Store, clock: &FixedClock, turns: usize) -> (street::Cast, life::Lived) {
    let typed = cli::Cli::try_parse_from(["yishiting"]).unwrap();
    let config = Config::of(Lang::En, &typed).unwrap();
    let end = end();
    clock.set(
        kernel::time::day_start(kernel::time::local_date(end)) - Duration::days(plan::DAYS)
            + Duration::hours(8),
    );
    let cast = street::make(store).await.unwrap();
    let mut plan = plan::make(&cast, &Calendar::shipped(), end);
    let whole = turns >= plan.turns.len();
    plan.turns.truncate(turns);
    let end = plan.turns.last().filter(|_| !whole).map_or(end, |t| t.0);
    let lived = life::play(&config, store, clock, &cast, plan, end).await.unwrap();
    (cast, lived)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_year_holds_every_state_and_is_whole() {
    let test = testing::open(store::Engine::Sqlite, rooms::MIGRATIONS).await.unwrap().unwrap();
    let store = &test.store;
    let (cast, lived) = filled(store, &test.clock, usize::MAX).await;
    assert_eq!(lived.refused, Vec::<String>::new());
    assert!(lived.matters >= 300, "{}", lived.matters);
    let mut conn = store.read().await.unwrap();
    let mut all: Vec<Matter> = Vec::new();
    for id in conn.streams("matters", None, 10_000).await.unwrap() {
        // The changes of the settings have a stream of their own.
        all.extend(conn.get::<Matter>(cast.street.id, id).await.unwrap());
    }
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for m in &all {
        *states.entry(m.status.code()).or_default() += 1;
    }
    for status in matters::model::Status::ALL {
        let there = states.contains_key(status.code());
        assert!(there, "{status}: {states:?}");
    }
    let tiers: BTreeSet<_> = all.iter().filter_map(|m| m.tier).collect();
    assert_eq!(tiers.len(), 3);
    let channels: BTreeSet<_> = all.iter().map(|m| m.channel.code()).collect();
    assert!(channels.len() >= 9, "{channels:?}");
    let has =
        |what: &str, holds: &dyn Fn(&Matter) -> bool| assert!(all.iter().any(holds), "no matter is {what}");
    has("suspended", &|m| m.suspension.is_some());
    has("waiting for the resident", &|m| m.waiting.is_some());
    has("supervised", &|m| m.supervision.is_some());
    has("on an agenda", &|m| m.agenda.is_some());
    has("whistled", &|m| m.whistle.as_ref().is_some_and(|w| w.units.iter().any(|u| u.score.is_some())));
    has("asked for", &|m| m.waiting_request().is_some());
    has("refused by silence", &|m| {
        m.requests.iter().any(|r| r.decision.as_ref().is_some_and(|d| !d.granted && d.by.is_none()))
    });
    has("in its third round", &|m| m.round >= 3);
    has("given to several leads", &|m| m.rounds.iter().any(|r| r.leads.len() >= 4));
    has("reworked", &|m| m.rounds.iter().any(|r| r.reworks > 0));
    has("shared", &|m| m.voices.len() >= 3);
    has("evaluated by staff", &|m| m.evaluations.iter().any(|e| e.by_staff));
    has("judged badly", &|m| m.evaluations.iter().any(|e| !e.solved));
    has("extended twice", &|m| m.rounds.iter().any(|r| r.extensions == 2));
    has("shown with photos", &|m| m.attachments.iter().any(|a| a.purpose == matters::model::Purpose::After));
    // The council sat once and will sit again.
    let (street, within) = (cast.street.id, cast.street.path.clone());
    let sittings = councils::queries::public_sittings(
        &mut conn,
        street,
        &within,
        (end() + Duration::days(99), kernel::Id::named("last")),
    )
    .await
    .unwrap();
    let states: Vec<&str> = sittings.iter().map(|(s, _)| s.state.code()).collect();
    assert_eq!(states, ["noticed", "published"]);
    // The owners have decided; a choice between plans is open.
    let all = polls::queries::polls(&mut conn, street, &[&within], true, kernel::Id::from(uuid::Uuid::max()))
        .await
        .unwrap();
    let states: Vec<&str> = all.iter().map(|p| p.state.code()).collect();
    assert_eq!(states, ["open", "published", "published"]);
    let owners = all.iter().find(|p| matches!(p.shape, polls::model::Shape::Owners { .. })).unwrap();
    let o = &owners.count.as_ref().unwrap().outcome;
    assert_eq!(o.verdict, Some(tally::Verdict::Passed), "{o:?}");
    // Spokespersons were elected, a pavilion head is being nominated.
    let last = kernel::Id::from(uuid::Uuid::max());
    let held = elections::queries::elections(&mut conn, street, &[&within], true, last).await.unwrap();
    let states: Vec<&str> = held.iter().map(|e| e.state.code()).collect();
    assert_eq!(states, ["nominating", "declared"]);
    assert_eq!(held[1].elected.len(), 3);
    // One plan is being carried out after two rounds, one is put to everybody.
    let all = plans::queries::plans(&mut conn, street, &[&within], true, last).await.unwrap();
    let states: Vec<&str> = all.iter().map(|p| p.state.code()).collect();
    assert_eq!(states, ["consulting", "works"]);
    assert_eq!((all[1].versions.len(), all[1].rounds.len(), all[1].diary.len()), (2, 2, 4));
    // A matter that waits for a council hears its result, once.
    let bridge = crate::wiring::COUNCILS;
    let waiting = (bridge.waiting)(&mut conn, street, &within).await.unwrap();
    let matter = waiting[0].id;
    for _ in 0..2 {
        store
            .write(move |tx| {
                Box::pin(async move {
                    let actor = kernel::Actor::system(street);
                    (bridge.settle)(tx, &actor, matter, "议事会同意".into()).await
                })
            })
            .await
            .unwrap();
    }
    let left = (bridge.waiting)(&mut conn, street, &within).await.unwrap();
    assert_eq!(left, waiting[1..]);
    let told = conn.stream(matter).await.unwrap();
    assert_eq!(told.last().unwrap().body.kind, "matters.agenda_settled");
    assert_ne!(told[told.len() - 2].body.kind, "matters.agenda_settled");
    // Members received residents; what one was told without a telephone becomes a matter in the member's name.
    let c = councils::queries::councils(&mut conn, street, &[&within], ("", "")).await.unwrap().remove(0);
    let done =
        councils::queries::duty_figures(&mut conn, street, &within, Some(c.id), store.now()).await.unwrap();
    assert!(done.kept >= 3 && done.people > 10 && done.answered > 3, "{done:?}");
    let far = (kernel::Time::default(), store.now());
    let all = councils::queries::duties(&mut conn, street, &within, Some(c.id), far, (far.0, street))
        .await
        .unwrap();
    let last = all.iter().rfind(|(d, _)| d.people() > 0).unwrap().0.clone();
    for phone in [None, Some("13900005555".to_owned())] {
        let by = kernel::Actor { person: Some(last.person), ..kernel::Actor::system(street) };
        let (id, place) = (last.id, Some(c.place.clone()));
        let told = phone.clone();
        let d = store
            .write(move |tx| {
                let said = councils::actions::Said::Raise {
                    place: place.clone(),
                    about: "三号楼电梯异响".into(),
                    name: None,
                    phone: told.clone(),
                };
                let by = by.clone();
                Box::pin(async move { councils::actions::receive(tx, bridge, &by, id, 1, said).await })
            })
            .await
            .unwrap();
        let councils::model::Heard::Raised { matter } = &d.received.last().unwrap().heard else {
            panic!("{d:?}")
        };
        let m: matters::model::Matter = conn.get(street, matter.id).await.unwrap().unwrap();
        assert_eq!(
            (m.number.as_str(), m.voices[0].channel),
            (matter.number.as_str(), kernel::Channel::Council)
        );
        assert_eq!(m.voices[0].person == Some(last.person), phone.is_none());
    }
    let verified = rooms::verify_all(&mut conn, store.keys(), None).await.unwrap();
    assert!(verified.faults.is_empty(), "{:?}", verified.faults);
    assert!(verified.rooms.iter().all(|room| room.records > 0));
    assert!(verified.seals.seals > 100, "nearly every day is sealed: {}", verified.seals.seals);
    let offices: BTreeSet<&str> = cast.logins.iter().map(|l| l.office.as_str()).collect();
    for office in kernel::OfficeKind::ALL {
        assert!(offices.contains(office.code()), "no account for {office}");
    }
}
