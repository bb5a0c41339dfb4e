//! A longer list asks the database no more often, and neither does a longer story: counted by what the driver logs.

use super::{tests::get, *};
use crate::cli;
use clap::Parser;
use kernel::{Actor, Channel, Id, OfficeKind, PlacePath};
use matters::model::{Input, NewMatter};
use people::{NewOffice, NewPerson, actions};
use std::sync::Mutex;
use store::{Fault, Outgoing, Sender, testing};
use tracing_subscriber::{Layer, layer::SubscriberExt, util::SubscriberInitExt};
use ui::Lang;

static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Listener;

#[derive(Default)]
struct Summary(String);

impl tracing::field::Visit for Summary {
    fn record_str(&mut self, field: &tracing::field::Field, value: &str) {
        if field.name() == "summary" {
            self.0 = value.to_owned();
        }
    }

    fn record_debug(&mut self, _: &tracing::field::Field, _: &dyn std::fmt::Debug) {}
}

impl<S: tracing::Subscriber> Layer<S> for Listener {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            let mut summary = Summary::default();
            event.record(&mut summary);
            // A connection that is opened in between sets itself up; no page asked for that.
            if !summary.0.starts_with("PRAGMA") {
                SEEN.lock().unwrap().push(summary.0);
            }
        }
    }
}

#[derive(Default)]
struct Inbox(Mutex<Vec<Outgoing>>);

impl Sender for Inbox {
    fn send<'a>(&'a self, out: &'a Outgoing) -> futures_util::future::BoxFuture<'a, Result<(), String>> {
        self.0.lock().unwrap().push(out.clone());
        Box::pin(async { Ok(()) })
    }
}

const PHONE: &str = "13700000000";

/// A street with a secretary who is signed in: the street, the secretary and the cookie.
async fn signed_in(store: &Store) -> (Id, Id, String) {
    let input = people::SetUp {
        street_name: "清和街道".into(),
        street_code: "QH".into(),
        community_name: "柳荫社区".into(),
        community_code: "LY".into(),
        admin_login: "admin".into(),
        admin_password: "Kettle-7314".into(),
        ..people::SetUp::default()
    };
    let street = store.write(move |tx| Box::pin(people::set_up(tx, input))).await.unwrap().street;
    let person = store
        .write(move |tx| {
            Box::pin(async move {
                let sys = Actor::system(street);
                let new = NewPerson {
                    name: Some("周书记".into()),
                    phone: Some(PHONE.into()),
                    ..NewPerson::default()
                };
                let person = actions::add_person(tx, &sys, new).await?;
                actions::open_account(tx, &sys, person, "zhou", None).await?;
                let office = NewOffice {
                    person,
                    kind: OfficeKind::CommunitySecretary,
                    place: place(),
                    unit: None,
                    from: None,
                    until: None,
                };
                actions::give_office(tx, &sys, office).await?;
                tx.set(street, "people.second_factor", "off".into()).await?;
                let own = Actor { person: Some(person), ..Actor::anonymous(street, Channel::App) };
                actions::agree(tx, &own, &people::notice_version(rooms::KEEPERS)).await?;
                Ok::<_, Fault>(person)
            })
        })
        .await
        .unwrap();
    let caller = people::Caller::default();
    actions::send_code(store, PHONE, Lang::ZhHans, &caller).await.unwrap();
    let inbox = Inbox::default();
    store::deliver(store, &inbox).await.unwrap();
    let text = inbox.0.lock().unwrap().pop().unwrap().text;
    let code = text.split(|c: char| !c.is_ascii_digit()).find(|w| w.len() == 6).unwrap().to_owned();
    let signed = actions::sign_in_by_code(store, PHONE, &code, &caller).await.unwrap();
    (street, person, format!("ys={}", signed.token))
}

fn place() -> PlacePath {
    PlacePath::parse("/QH/LY/").unwrap()
}

async fn raise(store: &Store, street: Id, n: usize) -> (Id, String) {
    store
        .write(move |tx| {
            Box::pin(async move {
                let world = matters::queries::world(tx, street).await?;
                let input = NewMatter {
                    place: Some(place()),
                    body: format!("{n} 号楼道灯不亮"),
                    ..NewMatter::default()
                };
                let actor = Actor::anonymous(street, Channel::App);
                let slip = matters::actions::raise(tx, &world, &actor, input, vec![]).await?;
                Ok::<_, Fault>((slip.matter, slip.number))
            })
        })
        .await
        .unwrap()
}

async fn note(store: &Store, actor: &Actor, matter: Id, times: usize) {
    let actor = actor.clone();
    store
        .write(move |tx| {
            Box::pin(async move {
                let world = matters::queries::world(tx, actor.street).await?;
                for n in 0..times {
                    let note = serde_json::json!({ "words": format!("第 {n} 次查看") });
                    let input = Input::read("note", note).map_err(|e| Fault::other(e.to_string()))?;
                    matters::actions::act(tx, &world, &actor, matter, input, vec![], None).await?;
                }
                Ok::<_, Fault>(())
            })
        })
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_longer_list_and_a_longer_story_ask_no_more_often() {
    rooms::register_words();
    tracing_subscriber::registry().with(Listener).init();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let Some(test) = testing::open(engine, rooms::MIGRATIONS).await.unwrap() else { continue };
        let store = &test.store;
        let typed = cli::Cli::try_parse_from(["yishiting", "serve"]).unwrap();
        let config = Config::of(Lang::En, &typed).unwrap();
        let ctx = context(&config, store, "http://q.example".into(), false);
        let app = router(&ctx, &Arc::default());
        let (street, person, cookie) = signed_in(store).await;
        let count = async |path: &str, holds: &str| {
            let headers = [("cookie", cookie.as_str())];
            // Once before: who looks, and with which settings, is kept for a moment.
            get(&app, "/office/register", &headers).await;
            SEEN.lock().unwrap().clear();
            let (status, _, text) = get(&app, path, &headers).await;
            assert!(status.is_success() && text.contains(holds), "{path}: {status} {text}");
            std::mem::take(&mut *SEEN.lock().unwrap())
        };
        let secretary = Actor {
            person: Some(person),
            office: Some(OfficeKind::CommunitySecretary),
            ..Actor::anonymous(street, Channel::App)
        };
        let (id, number) = raise(store, street, 0).await;
        note(store, &secretary, id, 1).await;
        let page = format!("/office/m/{number}");
        let (short_list, short_story) = (count("/office", &number).await, count(&page, &number).await);
        assert!(!short_list.is_empty(), "the driver logs its statements");

        let mut last = String::new();
        for n in 1..50 {
            last = raise(store, street, n).await.1;
        }
        note(store, &secretary, id, 30).await;
        assert_eq!(count("/office", &last).await, short_list, "{engine:?}: the worklist");
        assert_eq!(count(&page, "第 29 次查看").await, short_story, "{engine:?}: the matter");
    }
}
