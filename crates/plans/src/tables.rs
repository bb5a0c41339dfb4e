//! How plans and opinions lie in their tables.

use crate::{
    model::{Goal, Opinion, OpinionEvent, Plan, PlanEvent},
    rules,
};
use store::{Arg, ChildRow, Fold};

impl Fold for Plan {
    const ROOM: &'static str = "plans";
    const TABLE: &'static str = "plan";
    const CHILD_KEY: &'static str = "plan";
    const CHILD_TABLES: &'static [&'static str] = &["plan_goal"];
    store::stream!(PlanEvent, |state, event, meta| rules::evolve(state, event, meta.at, meta.actor.street));

    fn columns(&self) -> Vec<(&'static str, Arg)> {
        vec![
            ("number", Arg::from(&self.number)),
            ("place", Arg::from(&self.place)),
            ("status", Arg::from(self.state.code())),
            ("public", Arg::from(i64::from(self.is_public()))),
            ("next_at", Arg::from(self.next_at())),
        ]
    }

    fn children(&self) -> Vec<ChildRow> {
        let row = |(n, (goal, built)): (usize, (&Goal, i64))| ChildRow {
            table: "plan_goal",
            key: vec![("n", Arg::from(n))],
            columns: vec![
                ("place", Arg::from(&self.place)),
                ("what", Arg::from(&goal.what)),
                ("unit", Arg::from(&goal.unit)),
                ("planned", Arg::from(i64::from(goal.planned))),
                ("built", Arg::from(built)),
            ],
        };
        self.built().enumerate().map(row).collect()
    }
}

impl Fold for Opinion {
    const ROOM: &'static str = "plans";
    const TABLE: &'static str = "plan_opinion";
    store::stream!(OpinionEvent, |state, event, meta| rules::evolve_opinion(
        state,
        event,
        meta.at,
        meta.actor.street
    ));

    fn columns(&self) -> Vec<(&'static str, Arg)> {
        vec![
            ("plan", Arg::from(self.plan)),
            ("round", Arg::from(self.round)),
            ("kind", Arg::from(self.kind.code())),
            ("status", Arg::from(self.state.code())),
            ("person", Arg::from(self.person)),
        ]
    }
}
