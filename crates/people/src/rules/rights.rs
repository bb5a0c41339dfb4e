//! Office × verb of this room. Every office reaches the place it is held for and all below.

use kernel::OfficeKind;
use ui::Right;

/// Who opens, locks and resets accounts.
pub const ACCOUNTS: Right = Right { verb: "people.accounts", offices: &[OfficeKind::SystemAdmin] };
/// Who gives and ends offices.
pub const GRANT: Right = Right { verb: "people.grant", offices: &[OfficeKind::SecurityAdmin] };
/// Who sees who holds which office.
pub const OFFICES: Right = Right {
    verb: "people.offices",
    offices: &[
        OfficeKind::SecurityAdmin,
        OfficeKind::AuditAdmin,
        OfficeKind::Auditor,
        OfficeKind::SystemAdmin,
        OfficeKind::CommunitySecretary,
        OfficeKind::StreetSupervisor,
    ],
};
/// Who reads the log of sign-ins and grants.
pub const LOG: Right = Right { verb: "people.log", offices: &[OfficeKind::AuditAdmin, OfficeKind::Auditor] };
/// Who enters, changes and closes units.
pub const UNITS: Right = Right {
    verb: "people.units",
    offices: &[OfficeKind::SystemAdmin, OfficeKind::CommunitySecretary, OfficeKind::StreetSupervisor],
};

/// Who answers what people ask about their own information, and decides on the list of deletion (个人信息保护法 art. 50).
pub const DUTIES: Right =
    Right { verb: "people.duties", offices: &[OfficeKind::CommunitySecretary, OfficeKind::StreetSupervisor] };
/// Every right of this room, for the table in the docs and the test of every cell.
pub const RIGHTS: &[Right] = &[ACCOUNTS, GRANT, OFFICES, LOG, UNITS, DUTIES];
