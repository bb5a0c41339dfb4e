//! Who acts: a person in an office of a unit, by a channel, perhaps on behalf of a resident.

use crate::Id;
use serde::{Deserialize, Serialize};

/// Declares an enum whose variants have a stored code: `ALL`, `code()`, `parse()`, `Display`, serde.
#[macro_export]
macro_rules! coded_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        $vis enum $name { $($(#[$vmeta])* #[serde(rename = $code)] $variant),+ }
        impl $name {
            /// Every variant, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The code that is stored and spoken by the API.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $(Self::$variant => $code),+ } }
            /// Reads a code.
            #[must_use]
            pub fn parse(code: &str) -> Option<Self> { match code { $($code => Some(Self::$variant),)+ _ => None } }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.code()) }
        }
    };
}

coded_enum! {
    /// An office (职务): a role that a person holds for a place and a term.
    pub enum OfficeKind {
        /// 居民
        Resident = "resident",
        /// 楼道长
        StairwellChief = "stairwell_chief",
        /// 楼栋长
        BuildingHead = "building_head",
        /// 网格员
        GridOfficer = "grid_officer",
        /// 网格长
        GridHead = "grid_head",
        /// 受理员: accepts, triages, decides on returns
        DutyOfficer = "duty_officer",
        /// 派遣员
        Dispatcher = "dispatcher",
        /// 单位经办人: handles for a unit
        UnitHandler = "unit_handler",
        /// 社区书记, who is also the duty chief (值班长)
        CommunitySecretary = "community_secretary",
        /// 街道督办
        StreetSupervisor = "street_supervisor",
        /// 审计员: reads everything, changes nothing
        Auditor = "auditor",
        /// 系统管理员: accounts and configuration, no residents' data
        SystemAdmin = "system_admin",
        /// 安全管理员: grants offices
        SecurityAdmin = "security_admin",
        /// 审计管理员: reads the logs of both other administrators
        AuditAdmin = "audit_admin",
    }
}

impl OfficeKind {
    /// Whether the office works at a desk or in the field for the community, street or a unit.
    #[must_use]
    pub const fn is_staff(self) -> bool {
        !matches!(self, Self::Resident)
    }
}

coded_enum! {
    /// Where a matter or an act came from (渠道).
    pub enum Channel {
        /// This system's own pages
        App = "app",
        /// 微信
        Wechat = "wechat",
        /// 电话
        Phone = "phone",
        /// 意见箱
        OpinionBox = "opinion_box",
        /// 公示栏/意见板
        Board = "board",
        /// 入户走访
        Visit = "visit",
        /// 会议/议事会
        Council = "council",
        /// 12345 热线转办
        Hotline = "hotline",
        /// 来访/窗口
        Desk = "desk",
        /// Open311 clients
        Open311 = "open311",
        /// The JSON API
        Api = "api",
        /// An imported ledger
        Import = "import",
        /// The system itself: timers and rules
        System = "system",
    }
}

/// Who acts, as it is written into the journal: office and unit at that time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The street that this happens in; the leading key of every table that grows.
    pub street: Id,
    /// The person, unless anonymous or the system.
    pub person: Option<Id>,
    /// The office acted in, if any.
    pub office: Option<OfficeKind>,
    /// The unit of that office, if any.
    pub unit: Option<Id>,
    /// The resident on whose behalf staff act (代办).
    pub on_behalf_of: Option<Id>,
    /// By which channel.
    pub channel: Channel,
}

impl Actor {
    /// The system itself: timers and wiring.
    #[must_use]
    pub const fn system(street: Id) -> Self {
        Self { street, person: None, office: None, unit: None, on_behalf_of: None, channel: Channel::System }
    }

    /// A resident without an account.
    #[must_use]
    pub const fn anonymous(street: Id, channel: Channel) -> Self {
        Self { street, person: None, office: None, unit: None, on_behalf_of: None, channel }
    }

    /// Whether this is the system itself.
    #[must_use]
    pub fn is_system(&self) -> bool {
        self.channel == Channel::System && self.person.is_none()
    }
}

coded_enum! {
    /// How satisfied somebody is with what was done.
    pub enum Satisfaction {
        /// 满意
        Satisfied = "satisfied",
        /// 基本满意
        Partly = "partly",
        /// 不满意
        Dissatisfied = "dissatisfied",
    }
}
