//! Office × verb of this room. Every office reaches the place it is held for and all below.

use kernel::OfficeKind;
use ui::Right;

/// Who may look at the tree: all staff.
pub const READ: Right = Right { verb: "places.read", offices: STAFF };
/// Who may change it, each within the place of the office.
pub const WRITE: Right = Right {
    verb: "places.write",
    offices: &[OfficeKind::SystemAdmin, OfficeKind::CommunitySecretary, OfficeKind::StreetSupervisor],
};
const STAFF: &[OfficeKind] = &[
    OfficeKind::StairwellChief,
    OfficeKind::BuildingHead,
    OfficeKind::GridOfficer,
    OfficeKind::GridHead,
    OfficeKind::DutyOfficer,
    OfficeKind::Dispatcher,
    OfficeKind::UnitHandler,
    OfficeKind::CommunitySecretary,
    OfficeKind::StreetSupervisor,
    OfficeKind::Auditor,
    OfficeKind::SystemAdmin,
    OfficeKind::SecurityAdmin,
    OfficeKind::AuditAdmin,
];
/// Every right of this room, for the table in the docs and the test of every cell.
pub const RIGHTS: &[Right] = &[READ, WRITE];
