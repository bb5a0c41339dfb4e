//! Office × verb of this room. Every office reaches the place it is held for and all below.

use kernel::OfficeKind::{
    Auditor, CommunitySecretary, Dispatcher, DutyOfficer, GridHead, GridOfficer, StreetSupervisor,
};
use ui::Right;

/// Who prepares an election and takes it from step to step for its committee.
pub const PREPARE: Right =
    Right { verb: "elections.prepare", offices: &[CommunitySecretary, DutyOfficer, StreetSupervisor] };
/// Who looks at nominees; two different people decide.
pub const VET: Right = Right {
    verb: "elections.vet",
    offices: &[CommunitySecretary, DutyOfficer, Dispatcher, GridHead, StreetSupervisor],
};
/// Who decides what cannot be taken back: a candidate struck out, seats left empty, handing over, cancelling.
pub const CONCLUDE: Right =
    Right { verb: "elections.conclude", offices: &[CommunitySecretary, StreetSupervisor] };
/// Who reads what is not public.
pub const READ: Right = Right {
    verb: "elections.read",
    offices: &[CommunitySecretary, DutyOfficer, Dispatcher, GridHead, GridOfficer, StreetSupervisor, Auditor],
};

/// Every right of this room, for the table in the docs and the test of every cell.
pub const RIGHTS: &[Right] = &[PREPARE, VET, CONCLUDE, READ];
