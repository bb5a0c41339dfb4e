//! How units, persons, accounts and offices lie in their tables.

use crate::{
    model::{
        Account, AccountEvent, Consent, ConsentEvent, InfoRequest, InfoRequestEvent, Office, OfficeEvent,
        Past, PastEvent, PersonEvent, PersonState, Unit, UnitEvent,
    },
    rules::{self, information},
};
use kernel::Id;
use store::{Arg, Fold, Meta};

impl Fold for Unit {
    const ROOM: &'static str = "people";
    const TABLE: &'static str = "unit";
    type Event = UnitEvent;

    fn evolve(state: Option<Self>, event: &UnitEvent, _: &Meta) -> Option<Self> {
        rules::evolve_unit(state, event)
    }
    fn street(&self) -> Id {
        self.street
    }
    fn id(&self) -> Id {
        self.id
    }
    fn columns(&self) -> Vec<(&'static str, Arg)> {
        vec![
            ("kind", Arg::from(self.kind.code())),
            ("name", Arg::from(&self.name)),
            ("place", Arg::from(&self.place)),
            ("active", Arg::from(self.active)),
        ]
    }
}

impl Fold for PersonState {
    const ROOM: &'static str = "people";
    const TABLE: &'static str = "person";
    type Event = PersonEvent;

    fn evolve(state: Option<Self>, event: &PersonEvent, _: &Meta) -> Option<Self> {
        rules::evolve_person(state, event)
    }
    fn street(&self) -> Id {
        self.street
    }
    fn id(&self) -> Id {
        self.id
    }
    fn columns(&self) -> Vec<(&'static str, Arg)> {
        let commit = |w: &Option<kernel::text::Words>| Arg::from(w.as_ref().map(|w| w.commit.clone()));
        vec![
            ("name", commit(&self.name)),
            ("phone", commit(&self.phone)),
            ("lives_at", commit(&self.lives_at)),
        ]
    }
}

impl Fold for Account {
    const ROOM: &'static str = "people";
    const TABLE: &'static str = "account";
    type Event = AccountEvent;

    fn evolve(state: Option<Self>, event: &AccountEvent, meta: &Meta) -> Option<Self> {
        rules::evolve_account(state, event, meta.at, meta.actor.street)
    }
    fn street(&self) -> Id {
        self.street
    }
    fn id(&self) -> Id {
        self.id
    }
    fn columns(&self) -> Vec<(&'static str, Arg)> {
        vec![
            ("person", Arg::from(self.person)),
            ("login", Arg::from(self.login.as_ref().map(|w| w.commit.clone()))),
            ("locked", Arg::from(self.state == crate::AccountState::Locked)),
        ]
    }
}

impl Fold for Office {
    const ROOM: &'static str = "people";
    const TABLE: &'static str = "office";
    type Event = OfficeEvent;

    fn evolve(state: Option<Self>, event: &OfficeEvent, meta: &Meta) -> Option<Self> {
        rules::evolve_office(state, event, meta.at)
    }
    fn street(&self) -> Id {
        self.street
    }
    fn id(&self) -> Id {
        self.id
    }
    fn columns(&self) -> Vec<(&'static str, Arg)> {
        vec![
            ("person", Arg::from(self.person)),
            ("kind", Arg::from(self.kind.code())),
            ("place", Arg::from(&self.place)),
            ("unit", Arg::from(self.unit)),
            ("from_on", Arg::from(self.from)),
            ("until_on", Arg::from(self.until.map(|d| d.to_string()))),
            ("ended", Arg::from(self.ended.is_some())),
        ]
    }
}

impl Fold for Consent {
    const ROOM: &'static str = "people";
    const TABLE: &'static str = "consent";
    type Event = ConsentEvent;

    fn evolve(state: Option<Self>, event: &ConsentEvent, meta: &Meta) -> Option<Self> {
        information::evolve_consent(state, event, meta.at, meta.actor.street)
    }
    fn street(&self) -> Id {
        self.street
    }
    fn id(&self) -> Id {
        self.id
    }
    fn columns(&self) -> Vec<(&'static str, Arg)> {
        vec![
            ("person", Arg::from(self.person)),
            ("version", Arg::from(&self.version)),
            ("given", Arg::from(self.given)),
        ]
    }
}

impl Fold for InfoRequest {
    const ROOM: &'static str = "people";
    const TABLE: &'static str = "info_request";
    type Event = InfoRequestEvent;

    fn evolve(state: Option<Self>, event: &InfoRequestEvent, meta: &Meta) -> Option<Self> {
        information::evolve_request(state, event, meta.at, meta.actor.street)
    }
    fn street(&self) -> Id {
        self.street
    }
    fn id(&self) -> Id {
        self.id
    }
    fn columns(&self) -> Vec<(&'static str, Arg)> {
        vec![
            ("person", Arg::from(self.person)),
            ("wish", Arg::from(self.wish.code())),
            ("status", Arg::from(self.state.code())),
            ("due_on", Arg::from(self.due)),
        ]
    }
}

impl Fold for Past {
    const ROOM: &'static str = "people";
    const TABLE: &'static str = "past";
    type Event = PastEvent;

    fn evolve(state: Option<Self>, event: &PastEvent, meta: &Meta) -> Option<Self> {
        information::evolve_past(state, event, meta.at, meta.actor.street)
    }
    fn street(&self) -> Id {
        self.street
    }
    fn id(&self) -> Id {
        self.id
    }
    fn columns(&self) -> Vec<(&'static str, Arg)> {
        vec![("person", Arg::from(self.person)), ("status", Arg::from(self.state.code()))]
    }
}
