//! Office × verb of this room. Every office reaches the place it is held for and all below.

use kernel::OfficeKind::{
    Auditor, CommunitySecretary, Dispatcher, DutyOfficer, GridHead, GridOfficer, StreetSupervisor,
};
use ui::Right;

/// Who sets up bodies and gives their seats.
pub const FOUND: Right = Right { verb: "councils.found", offices: &[CommunitySecretary, StreetSupervisor] };
/// Who plans and runs sittings, as chair or secretary.
pub const HOLD: Right =
    Right { verb: "councils.hold", offices: &[CommunitySecretary, DutyOfficer, StreetSupervisor] };
/// Who reads what is not public yet.
pub const READ: Right = Right {
    verb: "councils.read",
    offices: &[CommunitySecretary, DutyOfficer, StreetSupervisor, GridHead, GridOfficer, Dispatcher, Auditor],
};
/// Who makes rotas, plans duties and enters for members on duty what happened.
pub const ROTA: Right =
    Right { verb: "councils.rota", offices: &[CommunitySecretary, DutyOfficer, StreetSupervisor] };
/// Every right of this room, for the table in the docs and the test of every cell.
pub const RIGHTS: &[Right] = &[FOUND, HOLD, READ, ROTA];
