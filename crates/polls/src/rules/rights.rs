//! Office × verb of this room. Every office reaches the place it is held for and all below.

use kernel::OfficeKind::{
    Auditor, BuildingHead, CommunitySecretary, Dispatcher, DutyOfficer, GridHead, GridOfficer,
    StairwellChief, StreetSupervisor,
};
use ui::Right;

/// Who drafts a poll, pins its rule, freezes its roll, gives notice, publishes.
pub const PREPARE: Right =
    Right { verb: "polls.prepare", offices: &[CommunitySecretary, DutyOfficer, StreetSupervisor] };
/// Who delivers ballots, reads paper sheets, recognises voters, helps those who cannot vote alone, hands out secret ballots.
pub const COLLECT: Right = Right {
    verb: "polls.collect",
    offices: &[
        CommunitySecretary,
        DutyOfficer,
        Dispatcher,
        GridHead,
        GridOfficer,
        BuildingHead,
        StairwellChief,
        StreetSupervisor,
    ],
};
/// Who counts and signs as a teller.
pub const TELL: Right = Right {
    verb: "polls.tell",
    offices: &[CommunitySecretary, DutyOfficer, Dispatcher, GridHead, GridOfficer, StreetSupervisor, Auditor],
};
/// Who sets a result aside, or ends a poll that has begun.
pub const ANNUL: Right = Right { verb: "polls.annul", offices: &[CommunitySecretary, StreetSupervisor] };
/// Who reads what is not public.
pub const READ: Right = Right {
    verb: "polls.read",
    offices: &[
        CommunitySecretary,
        DutyOfficer,
        Dispatcher,
        GridHead,
        GridOfficer,
        BuildingHead,
        StairwellChief,
        StreetSupervisor,
        Auditor,
    ],
};

/// Every right of this room, for the table in the docs and the test of every cell.
pub const RIGHTS: &[Right] = &[PREPARE, COLLECT, TELL, ANNUL, READ];
