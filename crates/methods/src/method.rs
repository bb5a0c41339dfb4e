//! A work method: tiers, limits and rules of one way of working.

use std::{collections::BTreeMap, sync::LazyLock};

use chrono::NaiveTime;
use kernel::{
    Channel,
    calendar::{ClockKind, Limit},
};
use serde::{Deserialize, Serialize};

use crate::{
    read::{ReadError, read},
    terms::{Label, PhoneRule, Tier, Urgency},
};

/// A way of working, as read from a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    /// Short name in lower-case letters, digits, `-`, `_`; settings refer to it.
    pub code: String,
    /// Counts the editions of the method.
    pub version: u32,
    /// Its name.
    pub name: Label,
    /// What it is, in a sentence or two.
    pub description: Label,
    /// Its moves, for explaining it; may be empty.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// The three tiers.
    pub tiers: Tiers,
    /// Time limits T1–T11.
    pub timers: Timers,
    /// Giving a matter back (退单).
    pub returns: Returns,
    /// Later deadlines (延期).
    pub extensions: Extensions,
    /// What happens when a matter comes back.
    pub redo: Redo,
    /// The resident's verdict.
    pub evaluation: Evaluation,
    /// How matters are raised.
    pub raising: Raising,
    /// How figures are cut and shown.
    pub figures: Figures,
}

/// A move of a method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Short name.
    pub code: String,
    /// Its name.
    pub name: Label,
    /// What is done in it.
    pub description: Label,
}

/// The rules of the three tiers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tiers {
    /// 自治
    pub autonomy: TierRule,
    /// 协商
    pub consultation: TierRule,
    /// 联动
    pub joint: TierRule,
}

/// The rules of one tier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierRule {
    /// What the method calls it.
    pub name: Label,
    /// What belongs to it.
    pub description: Label,
    /// Whether the resident may be the checker (核查).
    pub resident_may_check: bool,
}

impl Tiers {
    /// The rules of a tier.
    #[must_use]
    pub const fn get(&self, tier: Tier) -> &TierRule {
        match tier {
            Tier::Autonomy => &self.autonomy,
            Tier::Consultation => &self.consultation,
            Tier::Joint => &self.joint,
        }
    }
}

/// Time limits. The numbers T1–T11 are those of the timers that the product runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timers {
    /// T1: from raising to accepting.
    pub accept: Limit,
    /// T1 for what came over the network.
    pub accept_web: Limit,
    /// T1b: the grid officer's look on the spot.
    pub verify: Limit,
    /// T2 for urgent matters: from accepting to dispatching (DB11/T 2021—2022: 1 h).
    pub dispatch_urgent: Limit,
    /// T2 for water, power, gas and heat (DB11/T 2021—2022: 2 h).
    pub dispatch_utility: Limit,
    /// T2 for everything else.
    pub dispatch_ordinary: Limit,
    /// T3: from dispatching to signing.
    pub sign: Limit,
    /// T4: from dispatching to the first contact with the resident.
    pub first_contact: Limit,
    /// T5 of urgent matters where the category names none.
    pub fallback_urgent: Limit,
    /// T5 of questions and suggestions where the category names none.
    pub fallback_advice: Limit,
    /// T5 of ordinary matters where the category names none.
    pub fallback_ordinary: Limit,
    /// T5 of complex matters where the category names none.
    pub fallback_complex: Limit,
    /// T6: between two words of progress to the resident.
    pub progress: Limit,
    /// T7: from handled to checked.
    pub check: Limit,
    /// T8: from the answer to the resident's verdict.
    pub evaluate: Limit,
    /// T9: to decide a request for return, extension or suspension; silence is a refusal.
    pub request: Limit,
    /// T10: how long a closed matter may be reopened by the resident.
    pub reopen: Limit,
    /// T11: the longest time to the review of a suspension (挂账).
    pub suspension_review_max: Limit,
    /// How long T5 may wait for the resident, once.
    pub resident_wait_max: Limit,
}

impl Timers {
    /// T1 by the channel that a matter came through.
    #[must_use]
    pub const fn accept_for(&self, channel: Channel) -> Limit {
        match channel {
            Channel::App | Channel::Wechat | Channel::Api | Channel::Open311 => self.accept_web,
            _ => self.accept,
        }
    }

    /// T2 by urgency.
    #[must_use]
    pub const fn dispatch_for(&self, urgency: Urgency) -> Limit {
        match urgency {
            Urgency::Urgent => self.dispatch_urgent,
            Urgency::Utility => self.dispatch_utility,
            Urgency::Ordinary | Urgency::Complex | Urgency::Advice => self.dispatch_ordinary,
        }
    }

    /// T5 by urgency, for a matter whose category names no limit; utilities count as urgent.
    #[must_use]
    pub const fn fallback_for(&self, urgency: Urgency) -> Limit {
        match urgency {
            Urgency::Urgent | Urgency::Utility => self.fallback_urgent,
            Urgency::Ordinary => self.fallback_ordinary,
            Urgency::Complex => self.fallback_complex,
            Urgency::Advice => self.fallback_advice,
        }
    }
}

/// Bounds of giving back (退单).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Returns {
    /// How often one unit may ask within a matter.
    pub max_per_unit: u32,
    /// After so many units the street decides on the spot (现场认责).
    pub units_before_onsite: u32,
}

/// Bounds of later deadlines (延期). The first is the duty chief's to grant, later ones the street's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extensions {
    /// How many a matter may have.
    pub max: u32,
}

/// The ladder for matters that come back, by the number of the round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redo {
    /// From this time on it is supervised (督办).
    pub supervise_at: u32,
    /// From this time on it goes to the council.
    pub council_at: u32,
}

/// How verdicts are weighed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluation {
    /// What 基本满意 counts, in permille of 满意.
    pub partial_permille: u32,
    /// Weight of 已联系, in percent; the three weights make 100.
    pub weight_contacted: u32,
    /// Weight of 已解决, in percent.
    pub weight_solved: u32,
    /// Weight of 满意, in percent.
    pub weight_satisfied: u32,
    /// So many logged tries to reach the resident before a matter may be closed in silence.
    pub contact_attempts: u32,
}

/// How matters are raised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raising {
    /// Whether one must be signed in.
    pub account_required: bool,
    /// Whether a phone number is asked for.
    pub phone: PhoneRule,
    /// The channels that staff can choose from, the usual ones first.
    pub channels: Vec<Channel>,
    /// Open matters within so many metres are shown before sending.
    pub similar_radius_m: u32,
    /// … and not older than so many days.
    pub similar_days: u32,
    /// … and at most so many.
    pub similar_max: u32,
    /// Between two urges (催办) by the same resident.
    pub urge_cooldown: Limit,
}

/// How figures are cut and shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// Public rates with a smaller base are not shown.
    pub min_n: u32,
    /// Same place and category within so many days is a repeat.
    pub repeat_days: u32,
    /// Upper bounds of the age classes of suspended matters, in days, rising.
    pub suspension_ages_days: Vec<u32>,
    /// Months of a trend.
    pub trend_months: u32,
    /// Where a statistical day begins in China, `HH:MM`. At `12:00` the day runs from noon before to noon.
    #[serde(with = "clock")]
    pub day_begins: NaiveTime,
    /// What the community wants to reach.
    pub targets: Targets,
}

/// Targets in permille; 0 is no target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    /// Share of matters settled in the tier 自治.
    pub self_governance: u32,
    /// Rate of satisfaction.
    pub satisfied: u32,
    /// Rate closed on time.
    pub on_time: u32,
}

/// `HH:MM` in files.
mod clock {
    use chrono::NaiveTime;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(at: &NaiveTime, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&at.format("%H:%M"))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<NaiveTime, D::Error> {
        let text = String::deserialize(d)?;
        NaiveTime::parse_from_str(&text, "%H:%M")
            .map_err(|_| D::Error::custom(format!("a time of day reads like \"12:00\", not {text:?}")))
    }
}

impl Method {
    /// Reads a method; `file` is only for messages.
    ///
    /// # Errors
    /// Unknown or missing keys, bad limits, broken rules: with the key and the reason.
    pub fn read(file: &str, text: &str) -> Result<Self, ReadError> {
        let method: Self = read(file, text)?;
        method.check(file)?;
        Ok(method)
    }

    fn check(&self, file: &str) -> Result<(), ReadError> {
        let rule = |ok: bool, key: &str, reason: &str| {
            if ok { Ok(()) } else { Err(ReadError::rule(file, key, reason)) }
        };
        let code_ok = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        let lengths = 1..=40;
        rule(
            lengths.contains(&self.code.len()) && self.code.chars().all(code_ok),
            "code",
            "1 to 40 of a-z, 0-9, '-', '_'",
        )?;
        rule(self.version >= 1, "version", "begins with 1")?;
        for (key, label) in self.labels() {
            if let Some(language) = label.blank() {
                return Err(ReadError::rule(file, format!("{key}.{language}"), "must not be empty"));
            }
        }
        let e = &self.evaluation;
        rule(e.partial_permille <= 1000, "evaluation.partial_permille", "at most 1000")?;
        let weights = [e.weight_contacted, e.weight_solved, e.weight_satisfied];
        rule(
            weights.iter().all(|w| *w <= 100) && weights.iter().sum::<u32>() == 100,
            "evaluation.weight_contacted",
            "the three weights make 100",
        )?;
        rule(e.contact_attempts >= 1, "evaluation.contact_attempts", "at least 1")?;
        rule(self.returns.units_before_onsite >= 1, "returns.units_before_onsite", "at least 1")?;
        rule(self.redo.supervise_at >= 2, "redo.supervise_at", "at least 2: the first time is no redo")?;
        rule(self.redo.council_at >= self.redo.supervise_at, "redo.council_at", "not before supervise_at")?;
        let r = &self.raising;
        rule(!r.channels.is_empty(), "raising.channels", "at least one")?;
        for (i, channel) in r.channels.iter().enumerate() {
            let inner = matches!(channel, Channel::System | Channel::Import);
            rule(!inner, "raising.channels", "system and import are not offered")?;
            rule(!r.channels[..i].contains(channel), "raising.channels", "each only once")?;
        }
        let f = &self.figures;
        rule(f.min_n >= 1, "figures.min_n", "at least 1")?;
        rule((1..=366).contains(&f.repeat_days), "figures.repeat_days", "from 1 to 366")?;
        rule((1..=120).contains(&f.trend_months), "figures.trend_months", "from 1 to 120")?;
        rule(f.suspension_ages_days.is_sorted_by(|a, b| a < b), "figures.suspension_ages_days", "must rise")?;
        for (key, permille) in [
            ("figures.targets.self_governance", f.targets.self_governance),
            ("figures.targets.satisfied", f.targets.satisfied),
            ("figures.targets.on_time", f.targets.on_time),
        ] {
            rule(permille <= 1000, key, "at most 1000")?;
        }
        let review = self.timers.suspension_review_max.kind;
        rule(review == ClockKind::NaturalDay, "timers.suspension_review_max", "in natural_day")
    }

    fn labels(&self) -> Vec<(String, &Label)> {
        let mut all = vec![("name".to_owned(), &self.name), ("description".to_owned(), &self.description)];
        for tier in Tier::ALL {
            let rule = self.tiers.get(*tier);
            all.push((format!("tiers.{tier}.name"), &rule.name));
            all.push((format!("tiers.{tier}.description"), &rule.description));
        }
        for step in &self.steps {
            all.push((format!("steps.{}.name", step.code), &step.name));
            all.push((format!("steps.{}.description", step.code), &step.description));
        }
        all
    }
}

/// The methods that a street can choose from, by code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Methods(BTreeMap<String, Method>);

const SHIPPED: [(&str, &str); 2] = [
    ("methods/plain.toml", include_str!("../../../methods/plain.toml")),
    ("methods/sunshine.toml", include_str!("../../../methods/sunshine.toml")),
];

static ALL: LazyLock<Methods> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "embedded text; a test reads it")]
    let read = |(file, text)| Method::read(file, text).unwrap();
    Methods(SHIPPED.into_iter().map(read).map(|m| (m.code.clone(), m)).collect())
});

impl Methods {
    /// The code of the method that a new street begins with.
    pub const DEFAULT: &'static str = "plain";

    /// The shipped ones: `plain` and `sunshine`.
    #[must_use]
    pub fn shipped() -> Self {
        ALL.clone()
    }

    /// Adds a street's own method, read from its text.
    ///
    /// # Errors
    /// A text that cannot be read or used; the code of a shipped method.
    pub fn with_text(mut self, text: &str) -> Result<Self, ReadError> {
        let method = Method::read("method.toml", text)?;
        if ALL.get(&method.code).is_some() {
            return Err(ReadError::rule(
                "method.toml",
                "code",
                format!("{} is a shipped method", method.code),
            ));
        }
        self.0.insert(method.code.clone(), method);
        Ok(self)
    }

    /// The text of a shipped method, as a draft for an own one.
    #[must_use]
    pub fn text(code: &str) -> Option<&'static str> {
        SHIPPED.iter().find(|(file, _)| *file == format!("methods/{code}.toml")).map(|(_, text)| *text)
    }

    /// A method by its code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Method> {
        self.0.get(code)
    }

    /// All of them, by code.
    pub fn iter(&self) -> impl Iterator<Item = &Method> {
        self.0.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = SHIPPED[0].1;

    fn said(from: &str, to: &str) -> String {
        assert!(PLAIN.contains(from), "{from}");
        Method::read("own.toml", &PLAIN.replacen(from, to, 1)).unwrap_err().to_string()
    }

    #[test]
    fn both_shipped_methods_are_read() {
        let all = Methods::shipped();
        assert_eq!(all.iter().map(|m| m.code.as_str()).collect::<Vec<_>>(), ["plain", "sunshine"]);
        assert!(all.get(Methods::DEFAULT).is_some() && all.get("none").is_none());
        let sunshine = all.get("sunshine").unwrap();
        assert_eq!(sunshine.name.get("zh-Hans"), "阳光议事");
        assert_eq!(sunshine.steps.len(), 3);
        assert_eq!(sunshine.figures.targets.self_governance, 800);
        assert!(sunshine.tiers.get(Tier::Autonomy).resident_may_check);
        assert!(!sunshine.tiers.get(Tier::Joint).resident_may_check);
    }

    #[test]
    fn the_plain_limits_are_the_documented_ones() {
        let t = &Methods::shipped().get("plain").unwrap().timers.clone();
        for (key, limit, text) in [
            ("accept", t.accept_for(Channel::Phone), "1 work_day"),
            ("accept_web", t.accept_for(Channel::App), "2 work_hour"),
            ("dispatch_urgent", t.dispatch_for(Urgency::Urgent), "1 urgent_hour"),
            ("dispatch_utility", t.dispatch_for(Urgency::Utility), "2 urgent_hour"),
            ("dispatch_ordinary", t.dispatch_for(Urgency::Complex), "24 urgent_hour"),
            ("sign", t.sign, "4 work_hour"),
            ("first_contact", t.first_contact, "24 urgent_hour"),
            ("fallback_urgent", t.fallback_for(Urgency::Utility), "24 urgent_hour"),
            ("fallback_advice", t.fallback_for(Urgency::Advice), "1 work_day"),
            ("fallback_ordinary", t.fallback_for(Urgency::Ordinary), "5 work_day"),
            ("fallback_complex", t.fallback_for(Urgency::Complex), "15 work_day"),
            ("progress", t.progress, "5 work_day"),
            ("check", t.check, "2 work_day"),
            ("evaluate", t.evaluate, "7 natural_day"),
            ("request", t.request, "4 work_hour"),
            ("reopen", t.reopen, "15 natural_day"),
            ("suspension_review_max", t.suspension_review_max, "90 natural_day"),
            ("resident_wait_max", t.resident_wait_max, "5 work_day"),
        ] {
            assert_eq!(
                limit.to_string(),
                text,
                "{key} of methods/plain.toml: is the change meant for every street?"
            );
        }
    }

    #[test]
    fn unknown_and_missing_keys_are_named() {
        let unknown = said("sign = \"4 work_hour\"", "signn = \"4 work_hour\"");
        assert!(
            unknown.contains("signn") && unknown.contains("timers") && unknown.contains("own.toml"),
            "{unknown}"
        );
        let missing = said("min_n = 5", "");
        assert!(missing.contains("min_n") && missing.contains("figures"), "{missing}");
        let table = said("[redo]", "[redos]");
        assert!(table.contains("redos") && table.contains("unknown field"), "{table}");
    }

    #[test]
    fn bad_values_name_key_line_and_reason() {
        let kind = said("sign = \"4 work_hour\"", "sign = \"4 hours\"");
        assert!(kind.contains("timers.sign") && kind.contains("hours") && kind.contains("line "), "{kind}");
        for (from, to, key) in [
            ("weight_solved = 50", "weight_solved = 60", "evaluation.weight"),
            ("council_at = 3", "council_at = 1", "redo.council_at"),
            ("\"opinion_box\"", "\"app\"", "raising.channels"),
            ("\"opinion_box\"", "\"fax\"", "raising.channels"),
            ("[30, 60, 90]", "[30, 90, 60]", "figures.suspension_ages_days"),
            ("day_begins = \"00:00\"", "day_begins = \"noon\"", "figures.day_begins"),
            ("code = \"plain\"", "code = \"My Method\"", "code"),
            ("en = \"Joint action\"", "en = \" \"", "tiers.joint.name.en"),
            ("\"90 natural_day\"", "\"90 work_day\"", "timers.suspension_review_max"),
        ] {
            let text = said(from, to);
            assert!(text.contains(key), "{to}: {text}");
        }
    }

    #[test]
    fn an_own_method_joins_the_shipped_ones() {
        let own = PLAIN.replacen("code = \"plain\"", "code = \"ours\"", 1);
        let all = Methods::shipped().with_text(&own).unwrap();
        assert_eq!(all.iter().map(|m| m.code.as_str()).collect::<Vec<_>>(), ["ours", "plain", "sunshine"]);
        let taken = Methods::shipped().with_text(PLAIN).unwrap_err().to_string();
        assert!(taken.contains("plain is a shipped method"), "{taken}");
        assert_eq!(Methods::text("plain"), Some(PLAIN));
        assert_eq!(Methods::text("none"), None);
    }
}
