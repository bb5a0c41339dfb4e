//! The register of personal data: what is kept of people, written once beside the room that keeps it. The notice that
//! residents read (个人信息保护法 art. 17, 网络数据安全管理条例 art. 21: as a list), the page "my information" and
//! `docs/personal-data.md` are made from it.

crate::coded_enum! {
    /// On which basis of the law personal data is kept (个人信息保护法 art. 13; 34 to 37 for bodies with public tasks).
    pub enum Basis {
        /// Consent of the person (13(1)1).
        Consent = "consent",
        /// Needed for a contract with the person, or to employ the person (13(1)2).
        Contract = "contract",
        /// A statutory duty (13(1)3).
        Duty = "duty",
        /// An emergency of life, health or property (13(1)4).
        Emergency = "emergency",
    }
}

/// How long a field is kept (个人信息保护法 art. 19: no longer than needed; art. 47: then erased unasked).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Until the person asks for it to be erased, or takes the consent back.
    UntilErased,
    /// While the account is used; an account that nobody used for so many months is put on the list of deletion.
    IdleMonths(u32),
    /// So many months after the matter it belongs to was closed.
    MonthsAfterClosing(u32),
    /// So many months.
    Months(u32),
    /// So many days.
    Days(u32),
    /// As long as the record itself: it shows who decided what.
    Record,
}

impl Keep {
    /// The code of the rule; its sentence is `keep-…` of the room `people`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::UntilErased => "until-erased",
            Self::IdleMonths(_) => "idle-months",
            Self::MonthsAfterClosing(_) => "months-after-closing",
            Self::Months(_) => "months",
            Self::Days(_) => "days",
            Self::Record => "record",
        }
    }

    /// The number in the rule; 0 where there is none.
    #[must_use]
    pub const fn n(self) -> u32 {
        match self {
            Self::IdleMonths(n) | Self::MonthsAfterClosing(n) | Self::Months(n) | Self::Days(n) => n,
            Self::UntilErased | Self::Record => 0,
        }
    }
}

/// A group of personal data that a room keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonalField {
    /// The room; its sentences are `personal-CODE` (what), `-why` (for what) and `-who` (who sees it).
    pub room: &'static str,
    /// The code.
    pub code: &'static str,
    /// In which tables it lies.
    pub kept_in: &'static str,
    /// On which basis.
    pub basis: Basis,
    /// The articles that name it.
    pub law: &'static str,
    /// Whether it is sensitive (个人信息保护法 art. 28): asked for separately, with the reason why it is needed.
    pub sensitive: bool,
    /// Whether a reason is asked, and kept, before staff see it in clear.
    pub masked: bool,
    /// How long.
    pub keep: Keep,
}
