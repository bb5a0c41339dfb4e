//! Notice that hung on a board before it was entered here.

use chrono::NaiveDate;
use kernel::Id;
use serde::{Deserialize, Serialize};

/// A notice on a board: days run from then, and everybody sees both days and the photo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// On which day.
    pub on: NaiveDate,
    /// On which board.
    pub board: String,
    /// A photo of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<Id>,
    /// Since when the roll was published, where another record of the house says so; otherwise since it was frozen here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roll_on: Option<NaiveDate>,
}
