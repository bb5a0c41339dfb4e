//! The navigation: the residents' bar and the staff's side bar.

use kernel::OfficeKind::{
    self, AuditAdmin, Auditor, BuildingHead, CommunitySecretary, Dispatcher, DutyOfficer, GridHead,
    GridOfficer, SecurityAdmin, StairwellChief, StreetSupervisor, SystemAdmin, UnitHandler,
};
use ui::NavItem;

const FIELD: &[OfficeKind] = &[
    StairwellChief,
    BuildingHead,
    GridOfficer,
    GridHead,
    DutyOfficer,
    Dispatcher,
    CommunitySecretary,
    StreetSupervisor,
];
const READERS: &[OfficeKind] = &[
    StairwellChief,
    BuildingHead,
    GridOfficer,
    GridHead,
    DutyOfficer,
    Dispatcher,
    UnitHandler,
    CommunitySecretary,
    StreetSupervisor,
    Auditor,
];
const FIGURES: &[OfficeKind] =
    &[GridHead, DutyOfficer, Dispatcher, CommunitySecretary, StreetSupervisor, Auditor];
const PLACES: &[OfficeKind] = &[SystemAdmin, GridHead, DutyOfficer, CommunitySecretary, StreetSupervisor];
const REGISTRY: &[OfficeKind] = &[SystemAdmin, CommunitySecretary, StreetSupervisor];
const ROSTER: &[OfficeKind] =
    &[SystemAdmin, SecurityAdmin, AuditAdmin, Auditor, CommunitySecretary, StreetSupervisor];

const ELECTIONS: &[OfficeKind] = elections::rules::rights::READ.offices;
const COUNCILS: &[OfficeKind] = councils::rules::rights::READ.offices;
const PLANS: &[OfficeKind] = plans::rules::rights::READ.offices;
const POLLS: &[OfficeKind] = polls::rules::rights::READ.offices;

/// The residents' bar.
pub(crate) const TABS: &[NavItem] = &[
    NavItem { icon: "house", key: "ui.nav-home", href: "/", offices: &[] },
    NavItem { icon: "list-checks", key: "ui.nav-public", href: "/public", offices: &[] },
    NavItem { icon: "circle-plus", key: "ui.nav-raise", href: "/raise", offices: &[] },
    NavItem { icon: "bell", key: "ui.nav-inbox", href: "/inbox", offices: &[] },
    NavItem { icon: "user-round", key: "ui.nav-mine", href: "/mine", offices: &[] },
];

/// The staff's side bar, each line for the offices that can do something there.
pub(crate) const DESK: &[NavItem] = &[
    NavItem { icon: "layout-dashboard", key: "ui.nav-office", href: "/office", offices: READERS },
    NavItem { icon: "clipboard-list", key: "ui.nav-matters", href: "/office/matters", offices: READERS },
    NavItem { icon: "circle-plus", key: "ui.nav-register", href: "/office/register", offices: FIELD },
    NavItem {
        icon: "messages-square",
        key: "councils.nav-councils",
        href: "/office/councils",
        offices: COUNCILS,
    },
    NavItem { icon: "file-text", key: "plans.nav-plans", href: "/office/plans", offices: PLANS },
    NavItem { icon: "vote", key: "polls.nav-polls", href: "/office/polls", offices: POLLS },
    NavItem {
        icon: "user-check",
        key: "elections.nav-elections",
        href: "/office/elections",
        offices: ELECTIONS,
    },
    NavItem { icon: "chart-column", key: "ui.nav-figures", href: "/office/figures", offices: FIGURES },
    NavItem { icon: "map", key: "ui.nav-places", href: "/office/places", offices: PLACES },
    NavItem { icon: "users", key: "ui.nav-people", href: "/office/people", offices: ROSTER },
    NavItem { icon: "building-2", key: "ui.nav-units", href: "/office/units", offices: REGISTRY },
    NavItem { icon: "shield-check", key: "people.duties", href: "/office/duties", offices: REGISTRY },
    NavItem {
        icon: "settings",
        key: "ui.nav-settings",
        href: "/office/settings",
        offices: &[CommunitySecretary, StreetSupervisor],
    },
];
