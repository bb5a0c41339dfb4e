//! Plans, opinions, and what happens to them.

mod opinion;
mod plan;

pub use opinion::{
    Counts, HowAnswered, NewOpinion, Opinion, OpinionAct, OpinionEvent, OpinionKind, OpinionState, Reply,
};
pub use plan::{
    Act, Built, Decision, Entry, EntryKind, Goal, MatterRef, NewPlan, Plan, PlanEvent, PlanState, Round,
    Version, Works,
};
