//! How units, persons, accounts and offices lie in their tables.

use crate::{
    model::{
        Account, AccountEvent, Consent, ConsentEvent, InfoRequest, InfoRequestEvent, Office, OfficeEvent,
        Past, PastEvent, PersonEvent, PersonState, Unit, UnitEvent,
    },
    rules::{self, information},
};
use store::{Arg, Fold};

impl Fold for Unit {
    const ROOM: &'static str = "people";
    const TABLE: &'static str = "unit";
    store::stream!(UnitEvent, |state, event, _| rules::evolve_unit(state, event));

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
    store::stream!(PersonEvent, |state, event, _| rules::evolve_person(state, event));

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
    store::stream!(AccountEvent, |state, event, meta| rules::evolve_account(
        state,
        event,
        meta.at,
        meta.actor.street
    ));

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
    store::stream!(OfficeEvent, |state, event, meta| rules::evolve_office(state, event, meta.at));

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
    store::stream!(ConsentEvent, |state, event, meta| information::evolve_consent(
        state,
        event,
        meta.at,
        meta.actor.street
    ));

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
    store::stream!(InfoRequestEvent, |state, event, meta| information::evolve_request(
        state,
        event,
        meta.at,
        meta.actor.street
    ));

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
    store::stream!(PastEvent, |state, event, meta| information::evolve_past(
        state,
        event,
        meta.at,
        meta.actor.street
    ));

    fn columns(&self) -> Vec<(&'static str, Arg)> {
        vec![("person", Arg::from(self.person)), ("status", Arg::from(self.state.code()))]
    }
}
