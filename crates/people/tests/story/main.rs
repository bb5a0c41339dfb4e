//! People sign in, hold offices and are imported; what is personal stands nowhere in clear. On both engines.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

use chrono::{Duration, NaiveDate};
use kernel::{Actor, Channel, Id, OfficeKind, PlacePath, time};
use people::{
    Caller, NewOffice, NewPerson, NewUnit, SetUp, SetUpDone, UnitKind, actions, gate, jobs, queries,
    queries::lists::{self, Filter},
    rules::second,
};
use store::{
    Fault, Outgoing, Row, Sender, Store, args,
    testing::{TestStore, refused},
};
use ui::Lang;

const GOOD: &str = "柳荫Sheng-71";

fn path(text: &str) -> PlacePath {
    PlacePath::parse(text).unwrap()
}

async fn set_up(store: &Store) -> SetUpDone {
    let input = SetUp {
        street_name: "清和街道".into(),
        street_code: "QH".into(),
        community_name: "柳荫社区".into(),
        community_code: "LY".into(),
        admin_login: "Gate".into(),
        admin_password: GOOD.into(),
        secretary_name: Some("周文静".into()),
        ..SetUp::default()
    };
    store.write(move |tx| Box::pin(async move { people::set_up(tx, input).await })).await.unwrap()
}

fn caller() -> Caller {
    Caller { address: "192.0.2.7".into(), agent: "Firefox 128".into() }
}

async fn enter(store: &Store, login: &str, password: &str) -> Result<people::SignedIn, Fault> {
    actions::sign_in(store, login, password, &caller()).await
}

/// A resident with telephone, account and login, opened by the system itself.
async fn staff(store: &Store, street: Id, login: &'static str, phone: &'static str) -> (Id, Id) {
    store
        .write(move |tx| {
            Box::pin(async move {
                let actor = Actor::system(street);
                let new =
                    NewPerson { name: Some("李敏".into()), phone: Some(phone.into()), lives_at: None };
                let person = actions::add_person(tx, &actor, new).await?;
                let account = actions::open_account(tx, &actor, person, login, Some(GOOD)).await?;
                Ok((person, account))
            })
        })
        .await
        .unwrap()
}

async fn setting(store: &Store, street: Id, name: &'static str, value: serde_json::Value) {
    store.write(move |tx| Box::pin(async move { tx.set(street, name, value).await })).await.unwrap();
}

mod desk;
mod door;
mod information;
