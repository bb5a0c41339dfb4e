//! Office × verb of this room. Every office reaches the place it is held for and all below.

use kernel::OfficeKind::{
    Auditor, CommunitySecretary, Dispatcher, DutyOfficer, GridHead, GridOfficer, StreetSupervisor,
};
use ui::Right;

/// Who draws up plans, puts them out, answers, settles.
pub const LEAD: Right =
    Right { verb: "plans.lead", offices: &[CommunitySecretary, DutyOfficer, StreetSupervisor] };
/// Who writes down what was said at a door, and the diary of the works.
pub const RECORD: Right = Right {
    verb: "plans.record",
    offices: &[CommunitySecretary, DutyOfficer, StreetSupervisor, Dispatcher, GridHead, GridOfficer],
};
/// Who reads what is not public.
pub const READ: Right = Right {
    verb: "plans.read",
    offices: &[CommunitySecretary, DutyOfficer, StreetSupervisor, Dispatcher, GridHead, GridOfficer, Auditor],
};
/// Every right of this room, for the table in the docs and the test of every cell.
pub const RIGHTS: &[Right] = &[LEAD, RECORD, READ];
