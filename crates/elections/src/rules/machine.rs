//! The machine as a table: what is not in it does not happen.

use crate::model::ElectionState::{
    self, Appeals, Archived, Cancelled, CandidatesPublished, Committee, Counting, Declared, Handover,
    InvalidOverflow, InvalidTurnout, MeetingVoters, Nominating, Polling, Prepared, RollPublished, Runoff,
    SetAside, Short, Tie, TieVote, Vetting,
};

kernel::coded_enum! {
    /// Who leads an election along an edge.
    pub enum Who {
        /// Staff for the committee: [`super::rights::PREPARE`].
        Prepare = "prepare",
        /// Who may decide what cannot be taken back: [`super::rights::CONCLUDE`].
        Conclude = "conclude",
        /// A voter.
        Voter = "voter",
        /// The clock of the round's poll.
        Clock = "clock",
        /// The round's poll, certified by two tellers and published, or ended.
        Poll = "poll",
    }
}

/// An edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// From where.
    pub from: ElectionState,
    /// Where to.
    pub to: ElectionState,
    /// Who leads along it.
    pub who: Who,
    /// What must hold: the refusal when it does not. Empty where only the state is asked.
    pub guard: &'static str,
    /// The event that stands in the journal.
    pub record: &'static str,
}

const fn edge(
    from: ElectionState,
    to: ElectionState,
    who: Who,
    guard: &'static str,
    record: &'static str,
) -> Edge {
    Edge { from, to, who, guard, record }
}

use Who::{Clock, Conclude, Poll, Prepare, Voter};

/// From which state an election goes to which.
pub const EDGES: &[Edge] = &[
    edge(Prepared, Committee, Prepare, "few-members", "committee_formed"),
    edge(Committee, RollPublished, Prepare, "too-late", "roll_published"),
    edge(RollPublished, Appeals, Voter, "appeals-over", "appeal_made"),
    edge(RollPublished, Nominating, Prepare, "appeals-run", "nominations_opened"),
    edge(Appeals, Nominating, Prepare, "appeals-open", "nominations_opened"),
    edge(Nominating, Vetting, Prepare, "no-nominee-ready", "nominations_closed"),
    edge(Vetting, Nominating, Prepare, "", "nominations_reopened"),
    edge(Vetting, CandidatesPublished, Prepare, "warning", "round_called"),
    edge(CandidatesPublished, MeetingVoters, Prepare, "", "voters_met"),
    edge(CandidatesPublished, Polling, Clock, "", "polling_began"),
    edge(MeetingVoters, Polling, Clock, "", "polling_began"),
    edge(TieVote, Polling, Clock, "", "polling_began"),
    edge(Runoff, Polling, Clock, "", "polling_began"),
    edge(Polling, Counting, Clock, "", "polling_ended"),
    edge(Counting, InvalidTurnout, Poll, "", "round_settled"),
    edge(Counting, InvalidOverflow, Poll, "", "round_settled"),
    edge(Counting, Tie, Poll, "", "round_settled"),
    edge(Counting, Short, Poll, "", "round_settled"),
    edge(Counting, Declared, Poll, "", "round_settled"),
    edge(Tie, TieVote, Prepare, "nobody-next", "round_called"),
    edge(Short, Runoff, Prepare, "runoff-late", "round_called"),
    // Of the tied so many went back that nothing is left to vote on among them.
    edge(Tie, Runoff, Prepare, "runoff-late", "round_called"),
    edge(Short, Declared, Conclude, "", "vacancies_left"),
    edge(Tie, Declared, Conclude, "tie-stands", "vacancies_left"),
    edge(InvalidTurnout, Declared, Conclude, "nobody-elected", "vacancies_left"),
    edge(InvalidOverflow, Declared, Conclude, "nobody-elected", "vacancies_left"),
    edge(SetAside, Declared, Conclude, "nobody-elected", "vacancies_left"),
    // What came to nothing is held again, as what it was.
    edge(InvalidTurnout, CandidatesPublished, Prepare, "too-soon", "round_called"),
    edge(InvalidTurnout, TieVote, Prepare, "nobody-next", "round_called"),
    edge(InvalidTurnout, Runoff, Prepare, "runoff-late", "round_called"),
    edge(InvalidOverflow, CandidatesPublished, Prepare, "too-soon", "round_called"),
    edge(InvalidOverflow, TieVote, Prepare, "nobody-next", "round_called"),
    edge(InvalidOverflow, Runoff, Prepare, "runoff-late", "round_called"),
    edge(SetAside, CandidatesPublished, Prepare, "too-soon", "round_called"),
    edge(SetAside, TieVote, Prepare, "nobody-next", "round_called"),
    edge(SetAside, Runoff, Prepare, "runoff-late", "round_called"),
    edge(CandidatesPublished, SetAside, Poll, "", "round_set_aside"),
    edge(MeetingVoters, SetAside, Poll, "", "round_set_aside"),
    edge(TieVote, SetAside, Poll, "", "round_set_aside"),
    edge(Runoff, SetAside, Poll, "", "round_set_aside"),
    edge(Polling, SetAside, Poll, "", "round_set_aside"),
    edge(Counting, SetAside, Poll, "", "round_set_aside"),
    edge(InvalidTurnout, SetAside, Poll, "", "round_set_aside"),
    edge(InvalidOverflow, SetAside, Poll, "", "round_set_aside"),
    edge(Tie, SetAside, Poll, "", "round_set_aside"),
    edge(Short, SetAside, Poll, "", "round_set_aside"),
    edge(SetAside, SetAside, Poll, "later-round", "round_set_aside"),
    edge(Declared, SetAside, Poll, "later-round", "round_set_aside"),
    edge(Handover, SetAside, Poll, "later-round", "round_set_aside"),
    edge(Archived, SetAside, Poll, "later-round", "round_set_aside"),
    edge(Declared, Handover, Conclude, "", "handed_over"),
    edge(Handover, Archived, Conclude, "", "election_archived"),
    edge(Prepared, Cancelled, Conclude, "", "election_cancelled"),
    edge(Committee, Cancelled, Conclude, "", "election_cancelled"),
    edge(RollPublished, Cancelled, Conclude, "", "election_cancelled"),
    edge(Appeals, Cancelled, Conclude, "", "election_cancelled"),
    edge(Nominating, Cancelled, Conclude, "", "election_cancelled"),
    edge(Vetting, Cancelled, Conclude, "", "election_cancelled"),
    edge(InvalidTurnout, Cancelled, Conclude, "", "election_cancelled"),
    edge(InvalidOverflow, Cancelled, Conclude, "", "election_cancelled"),
    edge(SetAside, Cancelled, Conclude, "", "election_cancelled"),
];

/// Whether an election may go there.
#[must_use]
pub fn goes(from: ElectionState, to: ElectionState) -> bool {
    EDGES.iter().any(|e| (e.from, e.to) == (from, to))
}
