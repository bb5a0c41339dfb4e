//! How bodies, sittings and actions lie in their tables.

use crate::{
    model::{
        Action, ActionEvent, Council, CouncilEvent, Duty, DutyEvent, Evaluation, EvaluationEvent, Item,
        ItemKind, ItemState, Owner, Question, QuestionEvent, Rota, RotaEvent, Sitting, SittingEvent,
        Submission, SubmissionEvent,
    },
    rules,
};
use store::{Arg, ChildRow, Fold};

impl Fold for Council {
    const ROOM: &'static str = "councils";
    const TABLE: &'static str = "council";
    const CHILD_KEY: &'static str = "council";
    const CHILD_TABLES: &'static [&'static str] = &["council_member"];
    store::stream!(CouncilEvent, |state, event, meta| rules::evolve_council(
        state,
        event,
        meta.at,
        meta.actor.street
    ));

    fn columns(&self) -> Vec<(&'static str, Arg)> {
        vec![
            ("kind", Arg::from(self.kind.code())),
            ("name", Arg::from(&self.name)),
            ("place", Arg::from(&self.place)),
        ]
    }
    fn children(&self) -> Vec<ChildRow> {
        let row = |m: &crate::model::Member| ChildRow {
            table: "council_member",
            key: vec![("member", Arg::from(m.id))],
            columns: vec![
                ("person", Arg::from(m.person)),
                ("until_on", Arg::from(m.until.map(|d| d.to_string()))),
            ],
        };
        self.members.iter().map(row).collect()
    }
}

/// How far an item is, as its row says it: a report that was heard and a notice that was made known decided nothing.
fn settled(i: &Item) -> &'static str {
    match (i.state, i.kind) {
        (ItemState::Decided, ItemKind::Report | ItemKind::Notice) => "heard",
        (state, _) => state.code(),
    }
}

impl Fold for Sitting {
    const ROOM: &'static str = "councils";
    const TABLE: &'static str = "sitting";
    const CHILD_KEY: &'static str = "sitting";
    const CHILD_TABLES: &'static [&'static str] = &["sitting_item", "sitting_person", "sitting_delegate"];
    store::stream!(SittingEvent, |state, event, meta| rules::evolve(
        state,
        event,
        meta.at,
        meta.actor.street
    ));

    fn columns(&self) -> Vec<(&'static str, Arg)> {
        vec![
            ("council", Arg::from(self.council)),
            ("number", Arg::from(self.number)),
            ("status", Arg::from(self.state.code())),
            ("place", Arg::from(&self.place)),
            ("venue", Arg::from(&self.venue)),
            ("occurrence", Arg::from(self.occurrence.map(|d| d.to_string()))),
            ("starts_at", Arg::from(self.starts)),
            ("ends_at", Arg::from(self.ends)),
        ]
    }
    fn children(&self) -> Vec<ChildRow> {
        let items = self.items.iter().map(|i| ChildRow {
            table: "sitting_item",
            key: vec![("item", Arg::from(i.id))],
            columns: vec![
                ("matter", Arg::from(i.matter.as_ref().map(|m| m.id))),
                ("status", Arg::from(settled(i))),
            ],
        });
        let people = self.attendance.iter().enumerate().map(|(n, a)| ChildRow {
            table: "sitting_person",
            key: vec![("turn", Arg::from(n))],
            columns: vec![("person", Arg::from(a.person))],
        });
        let sent = self.delegations.iter().map(|d| ChildRow {
            table: "sitting_delegate",
            key: vec![("member", Arg::from(d.member))],
            columns: vec![("person", Arg::from(d.person))],
        });
        items.chain(people).chain(sent).collect()
    }
}

impl Fold for Question {
    const ROOM: &'static str = "councils";
    const TABLE: &'static str = "sitting_question";
    store::stream!(QuestionEvent, |state, event, meta| rules::evolve_question(
        state,
        event,
        meta.at,
        meta.actor.street
    ));

    fn columns(&self) -> Vec<(&'static str, Arg)> {
        vec![
            ("sitting", Arg::from(self.sitting)),
            ("place", Arg::from(&self.place)),
            ("status", Arg::from(self.state.code())),
            ("person", Arg::from(self.person)),
            ("due_on", Arg::from(self.promise.map(|p| p.due.to_string()))),
        ]
    }
}

impl Fold for Action {
    const ROOM: &'static str = "councils";
    const TABLE: &'static str = "council_action";
    store::stream!(ActionEvent, |state, event, meta| rules::evolve_action(
        state,
        event,
        meta.at,
        meta.actor.street
    ));

    fn columns(&self) -> Vec<(&'static str, Arg)> {
        let person = match self.owner {
            Owner::Person(person) => Some(person),
            Owner::Unit(_) => None,
        };
        vec![
            ("council", Arg::from(self.council)),
            ("sitting", Arg::from(self.sitting)),
            ("status", Arg::from(self.state.code())),
            ("due_on", Arg::from(self.due)),
            ("person", Arg::from(person)),
        ]
    }
}

impl Fold for Rota {
    const ROOM: &'static str = "councils";
    const TABLE: &'static str = "council_rota";
    store::stream!(RotaEvent, |state, event, meta| rules::evolve_rota(state, event, meta.actor.street));

    fn columns(&self) -> Vec<(&'static str, Arg)> {
        vec![
            ("council", Arg::from(self.council)),
            ("status", Arg::from(if self.ended { "ended" } else { "open" })),
        ]
    }
}

impl Fold for Duty {
    const ROOM: &'static str = "councils";
    const TABLE: &'static str = "council_duty";
    store::stream!(DutyEvent, |state, event, meta| rules::evolve_duty(
        state,
        event,
        meta.at,
        meta.actor.street
    ));

    fn columns(&self) -> Vec<(&'static str, Arg)> {
        let number = |n: u64| Arg::from(i64::try_from(n).unwrap_or(i64::MAX));
        vec![
            ("council", Arg::from(self.council)),
            ("rota", Arg::from(self.rota)),
            ("occurrence", Arg::from(self.of.map(|d| d.to_string()))),
            ("slot", number(self.slot.into())),
            ("seat", Arg::from(self.member)),
            ("person", Arg::from(self.person)),
            ("asked", Arg::from(self.swap.map(|s| s.person))),
            ("status", Arg::from(self.state.code())),
            ("place", Arg::from(&self.place)),
            ("starts_at", Arg::from(self.starts)),
            ("ends_at", Arg::from(self.ends)),
            ("reminded", number(self.reminded.into())),
            ("people", number(self.people())),
            ("answered", number(self.answered())),
            ("raised", number(self.raised())),
        ]
    }
}

impl Fold for Submission {
    const ROOM: &'static str = "councils";
    const TABLE: &'static str = "council_motion";
    store::stream!(SubmissionEvent, |state, event, meta| rules::evolve_submission(
        state,
        event,
        meta.at,
        meta.actor.street
    ));

    fn columns(&self) -> Vec<(&'static str, Arg)> {
        vec![
            ("council", Arg::from(self.council)),
            ("status", Arg::from(self.state.code())),
            ("person", Arg::from(self.person)),
        ]
    }
}

impl Fold for Evaluation {
    const ROOM: &'static str = "councils";
    const TABLE: &'static str = "council_evaluation";
    store::stream!(EvaluationEvent, |state, event, meta| rules::evolve_evaluation(
        state,
        event,
        meta.at,
        meta.actor.street
    ));

    fn columns(&self) -> Vec<(&'static str, Arg)> {
        vec![
            ("action", Arg::from(self.action)),
            ("person", Arg::from(self.person)),
            ("grade", Arg::from(self.grade.code())),
        ]
    }
}
