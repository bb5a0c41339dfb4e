//! Work methods (工作法) as data: how a community works, and the catalogue of what residents raise.
//!
//! - [`Method`]: tiers, time limits T1–T11, rules of return, redo, evaluation, raising and figures. Two are
//!   shipped, `plain` and `sunshine` (阳光议事); a street writes its own: [`Methods::with_text`].
//! - [`Catalogue`]: classes and categories with default tier, limit, lead and closing condition; a street
//!   lays [`CategoryEdit`]s over the shipped one: [`Catalogue::with_edits`].
//! - [`propose()`]: categories that fit a resident's words, with the words that speak for each. It never decides.
//!
//! All of it is pure. Unknown keys are refused with their names ([`ReadError`]).

mod catalogue;
mod edit;
mod method;
mod propose;
mod read;
mod terms;

pub use catalogue::{Catalogue, Category, Major, Mapping};
pub use edit::{CategoryEdit, EditError};
pub use method::{
    Evaluation, Extensions, Figures, Method, Methods, Raising, Redo, Returns, Step, Targets, TierRule, Tiers,
    Timers,
};
pub use propose::{Proposal, propose};
pub use read::ReadError;
pub use terms::{Label, Nature, PhoneRule, Tier, UnitKind, Urgency};
