//! A standing body and its members.

use super::Rhythm;
use chrono::NaiveDate;
use kernel::{Id, PlacePath, Time};
use serde::{Deserialize, Serialize};

kernel::coded_enum! {
    /// What a body is.
    pub enum CouncilKind {
        /// 议事亭
        Pavilion = "pavilion",
        /// 早餐会
        Breakfast = "breakfast",
        /// 村情发布会
        Briefing = "briefing",
        /// 圆桌议事会
        RoundTable = "round_table",
        /// 庭院议事
        Courtyard = "courtyard",
        /// 恳谈会
        Talk = "talk",
        /// 听证会
        Hearing = "hearing",
        /// 业主委员会
        OwnersCommittee = "owners_committee",
        /// 居民代表会议
        ResidentReps = "resident_reps",
        /// 村民代表会议
        VillageReps = "village_reps",
    }
}

impl CouncilKind {
    /// The rule that such a body usually decides by: a code of `tally`. Bodies that no law names decide as representatives
    /// do (居民委员会组织法 28, 29): two thirds present, more than half of them.
    #[must_use]
    pub const fn usual_rule(self) -> &'static str {
        match self {
            Self::OwnersCommittee => "owners_committee",
            Self::VillageReps | Self::Briefing => "village_reps",
            _ => "resident_reps",
        }
    }

    /// Whether a law or ordinance names such a body: its members then vote themselves, unless its rule says otherwise.
    #[must_use]
    pub const fn by_law(self) -> bool {
        matches!(self, Self::OwnersCommittee | Self::ResidentReps | Self::VillageReps)
    }
}

kernel::coded_enum! {
    /// In which capacity a member sits.
    pub enum Capacity {
        /// 居民代表
        ResidentRep = "resident_rep",
        /// 村民代表
        VillagerRep = "villager_rep",
        /// 社区两委
        Committee = "committee",
        /// 物业
        Property = "property",
        /// 业委会
        OwnersCommittee = "owners_committee",
        /// 人大代表
        Deputy = "deputy",
        /// 政协委员
        CppccMember = "cppcc_member",
        /// 联系干部
        ContactCadre = "contact_cadre",
        /// 律师
        Lawyer = "lawyer",
        /// 专家
        Expert = "expert",
        /// 商户
        Shop = "shop",
        /// 发言人
        Spokesperson = "spokesperson",
        /// 有关部门
        Official = "official",
        /// 旁听
        Observer = "observer",
    }
}

impl Capacity {
    /// In which capacities guests come to a sitting, the commonest first.
    pub const GUESTS: [Self; 7] = [
        Self::Observer,
        Self::Expert,
        Self::Official,
        Self::ContactCadre,
        Self::Lawyer,
        Self::Property,
        Self::Shop,
    ];

    /// Whether such a member usually votes: advisers and contact cadres speak.
    #[must_use]
    pub const fn usually_votes(self) -> bool {
        !matches!(self, Self::ContactCadre | Self::Lawyer | Self::Expert | Self::Official | Self::Observer)
    }
}

/// A seat. The name belongs to the person and can be erased there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its id.
    pub id: Id,
    /// Who sits on it.
    pub person: Id,
    /// In which capacity.
    pub capacity: Capacity,
    /// Whether the member votes.
    pub votes: bool,
    /// The first day of the term.
    pub from: NaiveDate,
    /// The last day of the term.
    pub until: Option<NaiveDate>,
}

impl Member {
    /// Whether the term covers a day.
    #[must_use]
    pub fn serves(&self, on: NaiveDate) -> bool {
        self.from <= on && self.until.is_none_or(|until| on <= until)
    }
}

/// A standing body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Council {
    /// Its id.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// What it is.
    pub kind: CouncilKind,
    /// Its name, once in a place.
    pub name: String,
    /// For which place.
    pub place: PlacePath,
    /// The code of the rule it decides by unless another is chosen.
    pub rule: String,
    /// Seats, past ones too.
    pub members: Vec<Member>,
    /// The seat of the chair.
    pub chair: Option<Id>,
    /// The seat of the secretary.
    pub secretary: Option<Id>,
    /// Whether the body itself lets a member who cannot come send somebody.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub delegates: bool,
    /// How it sits again and again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rhythm: Option<Rhythm>,
    /// Since when it is there.
    pub founded_at: Time,
}

impl Council {
    /// Members whose term covers a day.
    pub fn serving(&self, on: NaiveDate) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(move |m| m.serves(on))
    }

    /// How many are entitled to vote on a day (应到).
    #[must_use]
    pub fn eligible(&self, on: NaiveDate) -> u64 {
        self.serving(on).filter(|m| m.votes).count() as u64
    }

    /// A seat by its id.
    #[must_use]
    pub fn member(&self, id: Id) -> Option<&Member> {
        self.members.iter().find(|m| m.id == id)
    }

    /// The seat of a person on a day.
    #[must_use]
    pub fn seat_of(&self, person: Id, on: NaiveDate) -> Option<&Member> {
        self.serving(on).find(|m| m.person == person)
    }

    /// Whether a seat is the chair's or the secretary's.
    #[must_use]
    pub fn presides(&self, member: Id) -> bool {
        self.chair == Some(member) || self.secretary == Some(member)
    }
}

/// A new body.
#[derive(Clone, Debug)]
pub struct NewCouncil {
    /// What it is.
    pub kind: CouncilKind,
    /// Its name.
    pub name: String,
    /// For which place.
    pub place: PlacePath,
    /// The code of its rule; the usual one when absent.
    pub rule: Option<String>,
}

/// A new seat.
#[derive(Clone, Debug)]
pub struct NewMember {
    /// The name of whoever takes it.
    pub name: String,
    /// The telephone, by which the person is known; without one a person is entered anew.
    pub phone: Option<String>,
    /// In which capacity.
    pub capacity: Capacity,
    /// Whether the member votes.
    pub votes: bool,
    /// The last day of the term.
    pub until: Option<NaiveDate>,
}

/// What happens to a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CouncilEvent {
    /// It was set up.
    CouncilFounded {
        /// Its id.
        id: Id,
        /// What it is.
        kind: CouncilKind,
        /// Its name.
        name: String,
        /// For which place.
        place: PlacePath,
        /// The code of its rule.
        rule: String,
    },
    /// Somebody took a seat.
    MemberJoined(Member),
    /// A term ended.
    MemberLeft {
        /// The seat.
        member: Id,
        /// Its last day.
        on: NaiveDate,
    },
    /// Chair and secretary were named.
    SeatsGiven {
        /// The seat of the chair.
        chair: Option<Id>,
        /// The seat of the secretary.
        secretary: Option<Id>,
    },
    /// It was said how it sits again and again; nothing when it does no more.
    RhythmSet {
        /// How.
        rhythm: Option<Rhythm>,
    },
    /// The body lets members who cannot come send somebody, or does so no more.
    DelegatesLet {
        /// Whether it does.
        allowed: bool,
    },
    /// Another rule was chosen for what comes.
    RuleChosen {
        /// Its code.
        rule: String,
    },
}
