//! A small street with its offices and units, and a hand that acts in it and checks after every step that the journal
//! gives the row.
#![allow(dead_code, reason = "each test uses its own part")]

use kernel::{Actor, Channel, Id, OfficeKind, PlacePath};
use matters::{actions, model::*, queries};
use people::{NewOffice, NewPerson, NewUnit, UnitKind};
use places::{NewPlace, NewStreet, PlaceKind};
use std::sync::Arc;
use store::{Blob, BlobKind, Fault, Store, testing::TestStore};

pub fn path(text: &str) -> PlacePath {
    PlacePath::parse(text).unwrap()
}

/// A photo as the store keeps it.
pub fn photo(n: u8) -> Blob {
    Blob {
        kind: BlobKind::Photo,
        mime: "image/jpeg",
        width: Some(8),
        height: Some(8),
        taken_at: None,
        original: vec![n; 9],
        public: vec![n; 8],
        thumb: Some(vec![n; 4]),
    }
}

pub struct Town {
    pub t: TestStore,
    pub street: Id,
    pub property: Id,
    pub lighting: Id,
    pub housing: Id,
    pub duty: Id,
    pub dispatcher: Id,
    pub grid: Id,
    pub grid2: Id,
    pub secretary: Id,
    pub supervisor: Id,
    pub handler: Id,
    pub lighter: Id,
    pub officer: Id,
    pub resident: Id,
}

impl Town {
    pub async fn new(t: TestStore) -> Self {
        let made = t
            .store
            .write(|tx| {
                Box::pin(async move {
                    let nowhere = Actor::system(Id::named("nowhere"));
                    let street = places::found_street(
                        tx,
                        &nowhere,
                        NewStreet { name: "清和街道".into(), code: "QH".into(), statistical: None },
                    )
                    .await?;
                    let sys = Actor::system(street.id);
                    for (code, name) in [("LY", "柳荫社区"), ("HB", "河滨社区")] {
                        places::add(
                            tx,
                            &sys,
                            NewPlace {
                                phone: Some("0571-88001234".into()),
                                ..NewPlace::plain(street.path.clone(), PlaceKind::Community, code, name)
                            },
                        )
                        .await?;
                    }
                    places::add(
                        tx,
                        &sys,
                        NewPlace::plain(path("/QH/LY/"), PlaceKind::Compound, "LYHY", "柳荫花园"),
                    )
                    .await?;
                    for n in ["3", "7"] {
                        places::add(
                            tx,
                            &sys,
                            NewPlace::plain(
                                path("/QH/LY/LYHY/"),
                                PlaceKind::Building,
                                n,
                                &format!("{n}号楼"),
                            ),
                        )
                        .await?;
                    }
                    let mut units = Vec::new();
                    for (kind, name) in [
                        (UnitKind::PropertyCompany, "柳荫物业"),
                        (UnitKind::MunicipalWorks, "路灯所"),
                        (UnitKind::Housing, "住建所"),
                    ] {
                        let new = NewUnit { kind, name: name.into(), place: path("/QH/"), phone: None };
                        units.push(people::actions::add_unit(tx, &sys, new).await?.id);
                    }
                    use OfficeKind::*;
                    let mut persons = Vec::new();
                    for (name, kind, place, unit) in [
                        ("陈受理", Some(DutyOfficer), "/QH/LY/", None),
                        ("赵派遣", Some(Dispatcher), "/QH/LY/", None),
                        ("李网格", Some(GridOfficer), "/QH/LY/LYHY/", None),
                        ("孙网格", Some(GridOfficer), "/QH/LY/", None),
                        ("周书记", Some(CommunitySecretary), "/QH/LY/", None),
                        ("吴督办", Some(StreetSupervisor), "/QH/", None),
                        ("钱物业", Some(UnitHandler), "/QH/", Some(units[0])),
                        ("郑路灯", Some(UnitHandler), "/QH/", Some(units[1])),
                        ("冯住建", Some(UnitHandler), "/QH/", Some(units[2])),
                        ("何居民", None, "/QH/", None),
                    ] {
                        let phone = format!("1370000{:04}", persons.len());
                        let person = people::actions::add_person(
                            tx,
                            &sys,
                            NewPerson { name: Some(name.into()), phone: Some(phone), lives_at: None },
                        )
                        .await?;
                        if let Some(kind) = kind {
                            let office =
                                NewOffice { person, kind, place: path(place), unit, from: None, until: None };
                            people::actions::give_office(tx, &sys, office).await?;
                        }
                        persons.push(person);
                    }
                    Ok((street.id, units, persons))
                })
            })
            .await
            .unwrap();
        let (street, u, p) = made;
        Self {
            t,
            street,
            property: u[0],
            lighting: u[1],
            housing: u[2],
            duty: p[0],
            dispatcher: p[1],
            grid: p[2],
            grid2: p[3],
            secretary: p[4],
            supervisor: p[5],
            handler: p[6],
            lighter: p[7],
            officer: p[8],
            resident: p[9],
        }
    }

    pub fn store(&self) -> &Store {
        &self.t.store
    }

    pub fn actor(&self, person: Id, office: OfficeKind, unit: Option<Id>) -> Actor {
        Actor {
            street: self.street,
            person: Some(person),
            office: Some(office),
            unit,
            on_behalf_of: None,
            channel: Channel::App,
        }
    }
    pub fn duty(&self) -> Actor {
        self.actor(self.duty, OfficeKind::DutyOfficer, None)
    }
    pub fn dispatcher(&self) -> Actor {
        self.actor(self.dispatcher, OfficeKind::Dispatcher, None)
    }
    pub fn grid(&self) -> Actor {
        self.actor(self.grid, OfficeKind::GridOfficer, None)
    }
    pub fn grid2(&self) -> Actor {
        self.actor(self.grid2, OfficeKind::GridOfficer, None)
    }
    pub fn secretary(&self) -> Actor {
        self.actor(self.secretary, OfficeKind::CommunitySecretary, None)
    }
    pub fn supervisor(&self) -> Actor {
        self.actor(self.supervisor, OfficeKind::StreetSupervisor, None)
    }
    pub fn property(&self) -> Actor {
        self.actor(self.handler, OfficeKind::UnitHandler, Some(self.property))
    }
    pub fn lighting(&self) -> Actor {
        self.actor(self.lighter, OfficeKind::UnitHandler, Some(self.lighting))
    }
    pub fn housing(&self) -> Actor {
        self.actor(self.officer, OfficeKind::UnitHandler, Some(self.housing))
    }
    pub fn resident(&self) -> Actor {
        self.actor(self.resident, OfficeKind::Resident, None)
    }
    pub fn anonymous(&self) -> Actor {
        Actor::anonymous(self.street, Channel::App)
    }

    pub async fn world(&self) -> Arc<World> {
        queries::world(&mut self.store().read().await.unwrap(), self.street).await.unwrap()
    }

    pub async fn raise(&self, actor: &Actor, input: NewMatter, blobs: Vec<Blob>) -> Result<Slip, Fault> {
        let (world, actor) = (self.world().await, actor.clone());
        self.store()
            .write(move |tx| Box::pin(async move { actions::raise(tx, &world, &actor, input, blobs).await }))
            .await
    }

    /// Raises a plain matter of the signed-in resident.
    pub async fn plain(&self, body: &str) -> (Id, Id) {
        let input =
            NewMatter { place: Some(path("/QH/LY/LYHY/3/")), body: body.into(), ..NewMatter::default() };
        let slip = self.raise(&self.resident(), input, vec![]).await.unwrap();
        (slip.matter, self.row(slip.matter).await.voices[0].id)
    }

    pub async fn join(&self, actor: &Actor, id: Id, input: NewMatter) -> Result<Slip, Fault> {
        let (world, actor) = (self.world().await, actor.clone());
        self.store()
            .write(move |tx| Box::pin(async move { actions::join(tx, &world, &actor, id, input).await }))
            .await
    }

    pub async fn row(&self, id: Id) -> Matter {
        self.store().read().await.unwrap().get::<Matter>(self.street, id).await.unwrap().unwrap()
    }

    /// The matter behind a number.
    pub async fn row_id(&self, number: &str) -> Id {
        queries::id_of(&mut self.store().read().await.unwrap(), self.street, number).await.unwrap().unwrap()
    }

    /// The row, which must be what the journal gives.
    pub async fn sound(&self, id: Id) -> Matter {
        let row = self.row(id).await;
        let replayed = queries::replayed(&mut self.store().read().await.unwrap(), id).await.unwrap();
        assert_eq!(replayed.as_ref(), Some(&row), "the journal gives the row");
        if !row.status.is_open() {
            let idle = |r: &Running| matches!(r.timer, Timer::Reopen | Timer::Request);
            assert!(row.running.iter().all(idle), "{:?}: no clock runs", row.status);
        }
        row
    }

    pub async fn act_with(
        &self,
        actor: &Actor,
        id: Id,
        input: Input,
        blobs: Vec<Blob>,
        voice: Option<Id>,
    ) -> Result<Matter, Fault> {
        let (world, actor) = (self.world().await, actor.clone());
        let after = self
            .store()
            .write(move |tx| {
                Box::pin(async move { actions::act(tx, &world, &actor, id, input, blobs, voice).await })
            })
            .await?;
        // The clear words are at hand only where they were just said.
        let row = self.sound(id).await;
        assert_eq!(serde_json::to_value(&row).unwrap(), serde_json::to_value(&after).unwrap());
        Ok(row)
    }

    pub async fn act(
        &self,
        actor: &Actor,
        id: Id,
        verb: &str,
        fields: serde_json::Value,
    ) -> Result<Matter, Fault> {
        self.act_with(actor, id, Input::read(verb, fields).unwrap(), vec![], None).await
    }

    pub async fn own(
        &self,
        actor: &Actor,
        id: Id,
        voice: Id,
        verb: &str,
        fields: serde_json::Value,
    ) -> Result<Matter, Fault> {
        self.act_with(actor, id, Input::read(verb, fields).unwrap(), vec![], Some(voice)).await
    }

    pub async fn sweep(&self) -> usize {
        matters::jobs::sweep(self.store()).await.unwrap()
    }

    pub fn go(&self, at: &str) {
        self.t.clock.set(at_local(at));
    }

    /// The keys of a person's notices, sorted: those of one instant have no order.
    pub async fn heard(&self, person: Id) -> Vec<String> {
        let mut conn = self.store().read().await.unwrap();
        let mut keys: Vec<String> =
            conn.notices(self.street, person, None, 500).await.unwrap().into_iter().map(|n| n.key).collect();
        keys.sort();
        keys.into_iter()
            .map(|k| k.trim_start_matches("matters.").to_owned())
            .filter(|k| !k.starts_with("people."))
            .collect()
    }

    /// Whether a person has such a notice.
    pub async fn knows(&self, person: Id, key: &str) -> bool {
        self.heard(person).await.iter().any(|k| k == key)
    }

    /// Chains, rows, words: nothing is wrong anywhere.
    pub async fn verify(&self) {
        let mut conn = self.store().read().await.unwrap();
        let (entries, faults) = conn.check_chains().await.unwrap();
        assert!(entries > 0 && faults.is_empty(), "{faults:?}");
        let (checked, faults) = matters::verify(&mut conn, self.store().keys()).await.unwrap();
        assert!(checked > 0 && faults.is_empty(), "{faults:?}");
        assert!(conn.check_words(self.store().keys()).await.unwrap().is_empty());
    }

    /// Nowhere in the journal stands what people said or who they are.
    pub async fn silent(&self, words: &[&str]) {
        let mut conn = self.store().read().await.unwrap();
        let rows = conn.all("SELECT body FROM journal", vec![]).await.unwrap();
        assert!(!rows.is_empty());
        for row in rows {
            let body: String = row.get("body").unwrap();
            for word in words {
                assert!(!body.contains(word), "{word} stands in {body}");
            }
        }
    }
}

/// An instant by the clock on the wall in China, `2026-03-02 09:00`.
pub fn at_local(text: &str) -> kernel::Time {
    kernel::time::from_local(chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap())
}
