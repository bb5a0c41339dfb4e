//! What people ask for, as forms and programs send it: one variant per verb, plain text inside.

use super::matter::*;
use kernel::{Id, PlacePath, Time, calendar::Limit};
use methods::{Nature, Tier, Urgency};
use serde::{Deserialize, Deserializer, Serialize};
use ui::Right;

/// Most photos that go with one act.
pub const MAX_PHOTOS: usize = 6;

/// A new matter, by whomever.
#[derive(Clone, Debug, Default)]
pub struct NewMatter {
    /// Where; at least the community.
    pub place: Option<PlacePath>,
    /// Where exactly, in words.
    pub spot: Option<String>,
    /// Point on the map, in millionths of a degree.
    pub point: Option<(i64, i64)>,
    /// Its title; made from the words when absent.
    pub title: Option<String>,
    /// What is the matter.
    pub body: String,
    /// Category, if chosen.
    pub category: Option<String>,
    /// By which channel; the actor's own when absent.
    pub channel: Option<kernel::Channel>,
    /// The resident's phone.
    pub phone: Option<String>,
    /// The resident's name.
    pub name: Option<String>,
    /// Whether the unit may know who it is.
    pub open_identity: bool,
    /// The time by the device that sent it.
    pub client_at: Option<Time>,
    /// The draft that it was until now.
    pub draft: Option<Id>,
}

/// What whoever raised or joined gets to keep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    /// The matter.
    pub matter: Id,
    /// The own number.
    pub number: String,
    /// The secret of the follow-up link.
    pub secret: String,
    /// The receipt: the hash of the recorded event, in hexadecimal.
    pub receipt: String,
}

fn loose_bool<'de, D: Deserializer<'de>>(d: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Loose {
        Bool(bool),
        Text(String),
    }
    match Loose::deserialize(d)? {
        Loose::Bool(b) => Ok(b),
        Loose::Text(t) => match t.as_str() {
            "1" | "true" | "yes" | "on" => Ok(true),
            "0" | "false" | "no" | "" => Ok(false),
            _ => Err(serde::de::Error::custom("not yes or no")),
        },
    }
}

fn loose_some_bool<'de, D: Deserializer<'de>>(d: D) -> Result<Option<bool>, D::Error> {
    loose_bool(d).map(Some)
}

fn loose_number<'de, D: Deserializer<'de>>(d: D) -> Result<u32, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Loose {
        Number(u32),
        Text(String),
    }
    match Loose::deserialize(d)? {
        Loose::Number(n) => Ok(n),
        Loose::Text(t) if t.trim().is_empty() => Ok(0),
        Loose::Text(t) => t.trim().parse().map_err(serde::de::Error::custom),
    }
}

/// One id or several, as forms send them.
fn ids<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<Id>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Loose {
        Many(Vec<Id>),
        One(String),
    }
    match Loose::deserialize(d)? {
        Loose::Many(list) => Ok(list),
        Loose::One(t) if t.trim().is_empty() => Ok(Vec::new()),
        Loose::One(t) => t.parse().map(|id| vec![id]).map_err(serde::de::Error::custom),
    }
}

/// An instant: RFC 3339, or a date or date and time of day in China as HTML forms send them.
fn instant<'de, D: Deserializer<'de>>(d: D) -> Result<Time, D::Error> {
    use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
    let text = String::deserialize(d)?;
    let local = |t: NaiveDateTime| kernel::time::from_local(t);
    // Years far away are slips of the finger, and beyond what a calendar can count to.
    let near = |t: &Time| (2000..2100).contains(&chrono::Datelike::year(t));
    let text = if text.len() <= 40 && !text.starts_with(['+', '-']) { text } else { String::new() };
    kernel::time::parse_stamp(&text)
        .or_else(|| NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M").ok().map(local))
        // A bare date means the end of that day's duty.
        .or_else(|| {
            text.parse::<NaiveDate>()
                .ok()
                .map(|day| local(day.and_time(NaiveTime::from_hms_opt(17, 30, 0).unwrap_or_default())))
        })
        .map(kernel::time::micros)
        .filter(near)
        .ok_or_else(|| serde::de::Error::custom("not a date"))
}

/// A verb with what it needs. The names are those of the API and of the forms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "verb", rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs, reason = "each variant is documented at the event of the same verb")]
pub enum Input {
    /// Ask a grid officer to look (核实).
    AskVerification {
        #[serde(default)]
        words: Option<String>,
    },
    /// Report what was seen.
    Verify {
        #[schema(value_type = String)]
        finding: Finding,
        words: String,
    },
    /// Accept and sort (受理).
    Accept {
        #[schema(value_type = String)]
        tier: Tier,
        category: String,
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        nature: Option<Nature>,
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        urgency: Option<Urgency>,
        #[serde(default, deserialize_with = "loose_bool")]
        hazard: bool,
    },
    /// Refuse to accept (不予受理).
    Reject {
        #[schema(value_type = String)]
        reason: RejectReason,
        pointer: String,
    },
    /// Merge into another matter (并入).
    Merge { into: String },
    /// Undo the merge.
    Unmerge,
    /// Give to a unit (派单).
    Dispatch {
        #[schema(value_type = String, format = "uuid")]
        lead: Id,
        #[serde(default, deserialize_with = "ids")]
        #[schema(value_type = Vec<String>)]
        support: Vec<Id>,
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        limit: Option<String>,
        #[serde(default)]
        words: Option<String>,
    },
    /// Take it (签收).
    Sign,
    /// Log an attempt to reach the resident.
    Contact {
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        voice: Option<Id>,
        #[serde(deserialize_with = "loose_bool")]
        reached: bool,
        #[serde(default, deserialize_with = "loose_number")]
        seconds: u32,
        #[serde(default)]
        words: Option<String>,
    },
    /// Tell the resident how it goes.
    Progress { words: String },
    /// Ask to give it back (退单).
    AskReturn {
        #[schema(value_type = String)]
        reason: ReturnReason,
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        competent: Option<String>,
        words: String,
    },
    /// Ask for a later deadline (延期).
    AskExtend {
        #[serde(deserialize_with = "instant")]
        #[schema(value_type = String)]
        until: Time,
        words: String,
    },
    /// Ask to put it on the book (挂账).
    AskSuspend {
        #[schema(value_type = String)]
        cause: SuspendCause,
        #[serde(deserialize_with = "instant")]
        #[schema(value_type = String)]
        review: Time,
        words: String,
    },
    /// Ask to call departments to the spot (吹哨).
    AskWhistle {
        #[serde(deserialize_with = "ids")]
        #[schema(value_type = Vec<String>)]
        units: Vec<Id>,
        #[serde(deserialize_with = "instant")]
        #[schema(value_type = String)]
        at: Time,
        words: String,
    },
    /// Decide on what was asked.
    Decide {
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        request: Option<Id>,
        #[serde(deserialize_with = "loose_bool")]
        granted: bool,
        #[serde(default)]
        words: Option<String>,
    },
    /// Wait for the resident (等待居民补充).
    AwaitResident { words: String },
    /// Take off the book.
    Resume { words: String },
    /// Give a support task (协办).
    GiveTask {
        #[schema(value_type = String)]
        unit: Id,
        #[serde(default)]
        words: Option<String>,
    },
    /// Report a support task done.
    FinishTask {
        #[schema(value_type = String)]
        task: Id,
        words: String,
    },
    /// Waive a support task.
    WaiveTask {
        #[schema(value_type = String)]
        task: Id,
        words: String,
    },
    /// Put on a council's agenda (议事).
    SetAgenda { words: String },
    /// Bring the council's result back.
    SettleAgenda { words: String },
    /// Report in at the spot (报到).
    ReportIn,
    /// Score a called unit, 1 to 5.
    Score {
        #[schema(value_type = String)]
        unit: Id,
        #[serde(deserialize_with = "loose_number")]
        score: u32,
        #[serde(default)]
        words: Option<String>,
    },
    /// Watch (督办).
    Supervise { words: String },
    /// Stop watching.
    EndSupervision { words: String },
    /// Say that it is done.
    Finish {
        #[schema(value_type = String)]
        outcome: Outcome,
        answer: String,
    },
    /// Check whether it is done (核查).
    Check {
        #[schema(value_type = String)]
        finding: CheckFinding,
        #[serde(default)]
        words: Option<String>,
    },
    /// Give the verdict (评价).
    Evaluate {
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        voice: Option<Id>,
        #[serde(deserialize_with = "loose_bool")]
        contacted: bool,
        #[serde(deserialize_with = "loose_bool")]
        solved: bool,
        #[schema(value_type = String)]
        satisfied: Satisfaction,
        #[serde(default)]
        words: Option<String>,
    },
    /// Open again (重开).
    Reopen { words: String },
    /// Ask to declare it void (作废).
    AskVoid { words: String },
    /// Withdraw (撤回).
    Withdraw,
    /// Hand to somebody outside.
    Transfer { pointer: String },
    /// Add words or photos (补充).
    Add {
        #[serde(default)]
        words: Option<String>,
    },
    /// Write a note that only staff see.
    Note { words: String },
    /// Urge (催办).
    Urge,
    /// Thank those who did it (致谢).
    Thank { words: String },
    /// Correct title, place, category; decide what the public sees.
    Correct {
        #[serde(default)]
        title: Option<String>,
        #[serde(default)]
        public_title: Option<String>,
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        place: Option<String>,
        #[serde(default)]
        category: Option<String>,
        #[serde(default, deserialize_with = "loose_some_bool")]
        hidden: Option<bool>,
        words: String,
    },
}

/// The verbs in the order in which a matter meets them, with the rights that they need.
/// A verb without a right is the resident's alone, proven by the voice: [`OWN_VERBS`].
pub const VERBS: &[(&str, &[&Right])] = {
    use crate::rules::*;
    &[
        ("ask_verification", &[&ASK_VERIFICATION]),
        ("verify", &[&VERIFY]),
        ("accept", &[&ACCEPT]),
        ("reject", &[&REJECT]),
        ("merge", &[&MERGE]),
        ("unmerge", &[&MERGE]),
        ("dispatch", &[&DISPATCH, &DISPATCH_ONSITE]),
        ("sign", &[&HANDLE]),
        ("contact", &[&HANDLE, &REVISIT]),
        ("progress", &[&HANDLE]),
        ("ask_return", &[&HANDLE]),
        ("ask_extend", &[&HANDLE]),
        ("ask_suspend", &[&HANDLE]),
        ("ask_whistle", &[&WHISTLE]),
        ("decide", &[&DECIDE, &DECIDE_STREET]),
        ("await_resident", &[&HANDLE]),
        ("resume", &[&RESUME]),
        ("give_task", &[&SUPPORT]),
        ("finish_task", &[&HANDLE]),
        ("waive_task", &[&SUPPORT]),
        ("set_agenda", &[&AGENDA]),
        ("settle_agenda", &[&AGENDA]),
        ("report_in", &[&HANDLE]),
        ("score", &[&WHISTLE]),
        ("supervise", &[&SUPERVISE]),
        ("end_supervision", &[&SUPERVISE]),
        ("finish", &[&HANDLE]),
        ("check", &[&CHECK]),
        ("evaluate", &[&REVISIT]),
        ("reopen", &[&REOPEN]),
        ("ask_void", &[&VOID]),
        ("withdraw", &[]),
        ("transfer", &[&TRANSFER]),
        ("add", &[&NOTE]),
        ("note", &[&NOTE]),
        ("urge", &[]),
        ("thank", &[]),
        ("correct", &[&CORRECT]),
    ]
};

/// The verbs that residents use by their own voice; some of them staff have too, by right.
pub const OWN_VERBS: &[&str] = &["check", "evaluate", "reopen", "withdraw", "add", "urge", "thank"];

impl Input {
    /// Reads a verb and its fields.
    ///
    /// # Errors
    /// What is missing or wrong, for the refusal `matters.bad-input`.
    pub fn read(verb: &str, fields: serde_json::Value) -> Result<Self, serde_json::Error> {
        let mut map = match fields {
            serde_json::Value::Object(map) => map,
            _ => serde_json::Map::new(),
        };
        // Fields left blank in a form are not given.
        map.retain(|_, v| !v.is_null() && v.as_str() != Some(""));
        map.insert("verb".into(), verb.into());
        serde_json::from_value(serde_json::Value::Object(map))
    }

    /// The name of its verb.
    #[must_use]
    pub fn verb(&self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|v| v["verb"].as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    /// What an attachment sent with it shows.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        match self {
            Self::Finish { .. } | Self::FinishTask { .. } => Purpose::After,
            Self::Progress { .. } => Purpose::Before,
            Self::Verify { .. } => Purpose::Near,
            Self::Check { .. } => Purpose::Check,
            Self::Add { .. } => Purpose::Raised,
            _ => Purpose::Other,
        }
    }
}

/// The rights of a verb; `None` when there is no such verb.
#[must_use]
pub fn rights_of(verb: &str) -> Option<&'static [&'static Right]> {
    VERBS.iter().find(|(v, _)| *v == verb).map(|(_, r)| *r)
}

/// A limit typed in a form; blank is none.
///
/// # Errors
/// When it is no limit.
pub fn read_limit(text: Option<&str>) -> Result<Option<Limit>, kernel::Refusal> {
    text.map(str::trim)
        .filter(|t| !t.is_empty())
        .map(|t| t.parse().map_err(|_| kernel::Refusal::invalid("limit", "ui.not-valid")))
        .transpose()
}
