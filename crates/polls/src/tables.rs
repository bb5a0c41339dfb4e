//! How polls and heads lie in their tables.

use crate::{
    model::{Poll, PollEvent, Reached, Voter, VoterEvent},
    rules,
};
use store::{Arg, Fold};

pub(crate) mod ballot_box;
pub(crate) mod roll;

impl Fold for Poll {
    const ROOM: &'static str = "polls";
    const TABLE: &'static str = "poll";
    store::stream!(PollEvent, |state, event, meta| rules::evolve(
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
            ("origin", Arg::from(self.origin.as_ref().map(|o| o.id))),
        ]
    }
}

impl Fold for Voter {
    const ROOM: &'static str = "polls";
    const TABLE: &'static str = "poll_voter";
    store::stream!(VoterEvent, |state, event, meta| rules::evolve_voter(
        state,
        event,
        meta.at,
        meta.actor.street,
        meta.actor.person
    ));

    fn columns(&self) -> Vec<(&'static str, Arg)> {
        vec![
            ("poll", Arg::from(self.poll)),
            ("head", Arg::from(self.head)),
            ("area", Arg::from(self.area)),
            ("person", Arg::from(self.person)),
            ("reached", Arg::from(self.reached().map(Reached::code))),
            ("agent", Arg::from(self.agent())),
            ("unsettled", Arg::from(!self.sheets.is_empty())),
            ("vote", Arg::from(self.ballot().map(|b| b.vote.clone()))),
        ]
    }
}
