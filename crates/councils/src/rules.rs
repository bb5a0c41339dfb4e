//! What holds for bodies, sittings and actions. Pure.

mod attendance;
mod council;
mod decide;
mod evaluation;
mod evolve;
mod floor;
pub mod ical;
mod machine;
mod motions;
mod question;
mod remind;
mod rhythm;
pub mod rights;
mod rota;
mod submission;
#[cfg(test)]
mod tests;

pub use attendance::{attending, delegates_allowed};
pub use council::{LONGEST_ACTION_DAYS, decision_rule, decision_rules, evolve_action, evolve_council};
pub(crate) use decide::check_plan;
pub use decide::{Facts, decide, short_notice};
pub use evaluation::{action_is_public, evolve_evaluation, may_evaluate, reopen};
pub use evolve::evolve;
pub use floor::{next_speech, speaking_order};
pub use ical::Entry;
pub use machine::{EDGES, ITEM_EDGES, item_goes, sitting_goes};
pub use motions::{MOTION_EDGES, motion_goes, next_amendment};
pub(crate) use question::may_ask;
pub use question::{QUESTION_EDGES, decide_question, evolve_question, question_goes, takes_questions};
pub use remind::reminder;
pub(crate) use rhythm::check_rhythm;
pub use rhythm::{AHEAD, Occurrence, days_from, gaps, next};
pub use rota::{DutyFacts, ROTA_DAYS, decide_duty, evolve_duty, evolve_rota, next_turn};
pub(crate) use rota::{check_duty, check_exchange, check_rota};
pub(crate) use submission::submit;
pub use submission::{SUBMISSION_EDGES, decide_submission, evolve_submission, submission_goes};
