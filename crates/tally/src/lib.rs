//! Counting: who has decided what, by which rule, and what is still missing.
//!
//! * A [`rule::Rule`] is a row of data with the article it comes from; a poll pins it by [`rule::Rule::pin`].
//! * [`owners`] counts owners by area and heads (民法典 278), [`owners_heads`] the figures of a judgment or report that
//!   names heads only, [`meeting`] the decisions of assemblies and committees, [`election`] the ballots of an election.
//! * [`choice`] counts marks and raised hands, [`ranking`] orders of preference, for consultations that no law rules.
//! * [`petition`], [`deadline`], [`proxies`] and [`events`] answer what goes before: enough signers, which day, whose
//!   proxy, whose ballot.
//! * [`json`] reads and writes the files of `yishiting tally`.
//!
//! Pure, and exact: integers only (areas in 0.01 m²), shares compared by cross multiplication, percentages cut and never
//! compared. What does not add up is refused by a [`Fault`] that names the field; nothing wraps and nothing panics.
//! 民法典 1259: 以上 and 不少于 include the number, 过半数 and 超过 do not.

pub mod area;
pub mod choice;
pub mod deadline;
pub mod election;
pub mod events;
pub mod fault;
pub mod json;
pub mod meeting;
pub mod owners;
pub mod owners_heads;
pub mod petition;
pub mod proxies;
pub mod ranking;
pub mod rule;
pub mod seats;
pub mod share;

pub use area::Area;
pub use fault::{Fault, Why};
pub use rule::Rule;
pub use share::{Gap, Share};

/// The largest count that is taken; sums of any few of them stay far from the end of an integer.
pub const MOST: u64 = 1_000_000_000_000;

kernel::coded_enum! {
    /// How a poll came out.
    pub enum Verdict {
        /// Too few took part; what the others said does not matter then.
        NoQuorum = "no_quorum",
        /// Agreed.
        Passed = "passed",
        /// Enough took part, too few agreed.
        Rejected = "rejected",
    }
}

impl Verdict {
    /// The verdict of a quorum and an agreement.
    #[must_use]
    pub const fn of(quorum: bool, agreed: bool) -> Self {
        match (quorum, agreed) {
            (false, _) => Self::NoQuorum,
            (true, true) => Self::Passed,
            (true, false) => Self::Rejected,
        }
    }
}

kernel::coded_enum! {
    /// What a ballot says.
    pub enum Choice {
        /// 同意
        Yes = "yes",
        /// 反对
        No = "no",
        /// 弃权
        Abstain = "abstain",
        /// 从众: with whatever most of the others say.
        Conform = "conform",
        /// Returned, but not to be read as any choice.
        Invalid = "invalid",
        /// Nothing was returned.
        None = "none",
    }
}

kernel::coded_enum! {
    /// What can no longer change, although ballots are outstanding. For counters only, never for voters before the close.
    pub enum Settled {
        /// It passes whatever the others say.
        Passes = "passes",
        /// It does not pass whatever the others say.
        Fails = "fails",
    }
}
