//! Councils, sittings, actions, and what happens to them.

mod act;
mod action;
mod attendance;
mod council;
mod evaluation;
mod event;
mod motion;
mod outcomes;
mod question;
mod rhythm;
mod rota;
mod sitting;
mod speech;
mod submission;

pub use act::{Act, MotionAct};
pub use action::{Action, ActionEvent, ActionState, Level, NewAction, Owner, Reminded, Report};
pub use attendance::{Attendance, Delegation, How, Mode, Say, Standing, Voice};
pub use council::{Capacity, Council, CouncilEvent, CouncilKind, Member, NewCouncil, NewMember};
pub use evaluation::{Evaluation, EvaluationEvent, Grades};
pub use event::SittingEvent;
pub use motion::{Motion, MotionState, Origin, Version};
pub use outcomes::{KindOutcomes, Outcomes, year};
pub use question::{Promise, Question, QuestionAct, QuestionEvent, QuestionFigures, QuestionState};
pub use rhythm::{DayOff, NotARecurrence, Nth, Recurrence, Rhythm, WEEKDAYS, weekday, weekday_code};
pub use rota::{
    Duty, DutyAct, DutyEvent, DutyFigures, DutyState, Heard, NewDuty, NewRota, Received, Rota, RotaEvent,
    Swap,
};
pub use sitting::{
    Ballot, Item, ItemKind, ItemState, MatterRef, Minutes, NewItem, NewSitting, PollRef, Signature, Sitting,
    SittingState, TellerCount, Votes,
};
pub use speech::{SPEECH_MINUTES, Side, Speech};
pub use submission::{
    NewSubmission, Submission, SubmissionAct, SubmissionEvent, SubmissionFacts, SubmissionState,
};
