//! How elections lie in their tables.

use crate::{
    model::{Election, ElectionEvent},
    rules,
};
use store::{Arg, ChildRow, Fold};

impl Fold for Election {
    const ROOM: &'static str = "elections";
    const TABLE: &'static str = "election";
    const CHILD_KEY: &'static str = "election";
    const CHILD_TABLES: &'static [&'static str] = &["election_person"];
    store::stream!(ElectionEvent, |state, event, meta| rules::evolve(
        state,
        event,
        meta.at,
        meta.actor.street,
        meta.actor.person
    ));

    fn columns(&self) -> Vec<(&'static str, Arg)> {
        vec![
            ("number", Arg::from(&self.number)),
            ("place", Arg::from(&self.place)),
            ("status", Arg::from(self.state.code())),
            ("next_at", Arg::from(self.next_at())),
        ]
    }

    fn children(&self) -> Vec<ChildRow> {
        let row = |part: &str, thing: kernel::Id, person: kernel::Id| ChildRow {
            table: "election_person",
            key: vec![("part", Arg::from(part)), ("thing", Arg::from(thing))],
            columns: vec![("person", Arg::from(person))],
        };
        let members = self.committee.iter().map(|m| row("member", m.id, m.person));
        let nominees = self.nominees.iter().map(|n| row("nominee", n.id, n.person));
        let appeals = self.appeals.iter().map(|a| row("appeal", a.id, a.by));
        members.chain(nominees).chain(appeals).collect()
    }
}
