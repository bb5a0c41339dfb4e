//! Office × verb. The place is that of the matter; every office reaches the place it is held for and all below.

use kernel::OfficeKind::{self, *};
use ui::Right;

macro_rules! rights {
    ($($(#[$meta:meta])* $name:ident = $verb:literal: $offices:expr;)+) => {
        $($(#[$meta])* pub const $name: Right = Right { verb: $verb, offices: $offices };)+
        /// Every right of this room, for the table in the docs and the test of every cell.
        pub const RIGHTS: &[Right] = &[$($name),+];
    };
}

/// Offices that sort and answer for the community.
const DESK: &[OfficeKind] = &[DutyOfficer, CommunitySecretary];
/// Offices that go to the spot.
const FIELD_AND_DESK: &[OfficeKind] = &[
    StairwellChief,
    BuildingHead,
    GridOfficer,
    GridHead,
    DutyOfficer,
    Dispatcher,
    CommunitySecretary,
    StreetSupervisor,
];

rights! {
    /// See matters of the place with what is internal to them.
    READ = "matters.read": &[StairwellChief, BuildingHead, GridOfficer, GridHead, DutyOfficer, Dispatcher, UnitHandler, CommunitySecretary, StreetSupervisor, Auditor];
    /// Register a matter on a resident's behalf.
    REGISTER = "matters.register": FIELD_AND_DESK;
    /// Ask for a look on the spot.
    ASK_VERIFICATION = "matters.ask_verification": DESK;
    /// Report what was seen on the spot.
    VERIFY = "matters.verify": &[StairwellChief, BuildingHead, GridOfficer, GridHead];
    /// Accept and sort.
    ACCEPT = "matters.accept": DESK;
    /// Refuse to accept.
    REJECT = "matters.reject": DESK;
    /// Merge and undo it.
    MERGE = "matters.merge": DESK;
    /// Give to a unit.
    DISPATCH = "matters.dispatch": &[Dispatcher, DutyOfficer, CommunitySecretary];
    /// Give to a unit after a delimitation on the spot.
    DISPATCH_ONSITE = "matters.dispatch_onsite": &[StreetSupervisor];
    /// Work for the unit: sign, contact, progress, finish, ask.
    HANDLE = "matters.handle": &[UnitHandler];
    /// Log an attempt to reach the resident; record a verdict on the resident's behalf (回访).
    REVISIT = "matters.revisit": &[GridOfficer, GridHead, DutyOfficer, CommunitySecretary];
    /// Decide on returns and first extensions.
    DECIDE = "matters.decide": DESK;
    /// Decide on later extensions, on suspensions and on whistles.
    DECIDE_STREET = "matters.decide_street": &[StreetSupervisor];
    /// Blow the whistle: ask the street to call departments; score what came of it.
    WHISTLE = "matters.whistle": &[CommunitySecretary];
    /// Give and waive support tasks.
    SUPPORT = "matters.support": &[Dispatcher, DutyOfficer, CommunitySecretary];
    /// Put on a council's agenda and bring the result back.
    AGENDA = "matters.agenda": &[CommunitySecretary];
    /// Watch.
    SUPERVISE = "matters.supervise": &[StreetSupervisor];
    /// Check whether it is done.
    CHECK = "matters.check": &[GridOfficer, GridHead, DutyOfficer];
    /// Reopen for the office.
    REOPEN = "matters.reopen": &[DutyOfficer, CommunitySecretary, StreetSupervisor];
    /// Take off the book before the review.
    RESUME = "matters.resume": &[UnitHandler, CommunitySecretary, StreetSupervisor];
    /// Ask to declare a matter void; the duty chief (值班长) decides, on the own request the street.
    VOID = "matters.ask_void": &[GridHead, DutyOfficer, Dispatcher, CommunitySecretary];
    /// Hand to somebody outside.
    TRANSFER = "matters.transfer": DESK;
    /// Write notes that only staff see.
    NOTE = "matters.note": &[StairwellChief, BuildingHead, GridOfficer, GridHead, DutyOfficer, Dispatcher, UnitHandler, CommunitySecretary, StreetSupervisor];
    /// Correct title, place, category; decide what the public sees; blacken photos.
    CORRECT = "matters.correct": DESK;
    /// See who raised it and how to reach them, with a reason that is kept.
    UNMASK = "matters.unmask": &[GridOfficer, GridHead, DutyOfficer, CommunitySecretary, StreetSupervisor, UnitHandler];
    /// Take lists out of the system.
    EXPORT = "matters.export": &[DutyOfficer, CommunitySecretary, StreetSupervisor, Auditor];
    /// Take over an old ledger.
    IMPORT = "matters.import": &[CommunitySecretary, StreetSupervisor];
    /// Change categories, limits and the calendar of the street.
    SETTINGS = "matters.settings": &[StreetSupervisor, CommunitySecretary];
}
