//! Which rule a poll may be decided by, and what the owners' own rules may change in it.

use crate::model::Shape;
use kernel::{Refusal, text};
use tally::rule::{Confidence, Form, Invalid, Law, Pinned, Revote, Rule, Silence, shipped};

/// What the owners' own rules of procedure (议事规则, 建房〔2009〕274号 25、26) settle where the law leaves it open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// The article that says so, as text; asked for as soon as anything differs.
    pub article: Option<String>,
    /// Whoever was served and stays silent goes with the majority. Courts disagree; never by default.
    pub silence_follows: bool,
    /// Returned ballots that cannot be read take part, abstaining.
    pub invalid_abstains: bool,
    /// Parking spaces count.
    pub parking_counts: bool,
    /// The last ballot counts.
    pub revote: bool,
}

/// What the own rules of the owners are called where a rule names its sources.
const OWN_RULES: &str = "议事规则";

impl Own {
    /// What of a pinned rule comes from the owners' own rules.
    #[must_use]
    pub fn of(rule: &Rule) -> Self {
        let law = rule.laws.iter().rev().find(|l| l.name == OWN_RULES);
        let Some(shipped) = shipped().iter().find(|r| r.form == rule.form && r.code == rule.code) else {
            return Self::default();
        };
        Self {
            article: law.map(|l| l.article.to_string()),
            silence_follows: rule.silence != shipped.silence,
            invalid_abstains: rule.invalid != shipped.invalid,
            parking_counts: rule.parking_counts != shipped.parking_counts,
            revote: rule.revote != shipped.revote,
        }
    }

    fn differs(&self) -> bool {
        self.silence_follows || self.invalid_abstains || self.parking_counts || self.revote
    }
}

/// The form of rule that a shape is counted by.
const fn form(shape: &Shape) -> Form {
    match shape {
        Shape::Sides | Shape::Marks { .. } | Shape::Ranking => Form::Meeting,
        Shape::Owners { .. } => Form::Owners,
        Shape::Election { .. } => Form::Election,
    }
}

/// The rules that a poll of this shape may choose.
pub fn choices(shape: &Shape, secret: bool) -> impl Iterator<Item = &'static Rule> {
    let form = form(shape);
    shipped().iter().filter(move |r| r.form == form && (secret || !r.secret))
}

/// Pins a rule for a poll.
///
/// # Errors
/// `polls.no-rule`; `polls.secret-area` for a secret vote that is weighed by area; `polls.secret-rule` for an open vote under
/// a rule that asks for secrecy; `polls.own-article` when the own rules are used without naming their article;
/// `polls.own-not-here` when they are used for anything but owners.
pub fn pick(shape: &Shape, secret: bool, code: &str, own: &Own) -> Result<Pinned, Refusal> {
    if secret && matches!(shape, Shape::Owners { .. }) {
        return Err(Refusal::invalid("secret", "polls.secret-area"));
    }
    let form = form(shape);
    let rule = shipped().iter().find(|r| r.form == form && r.code == code);
    let rule = rule.ok_or(Refusal::invalid("rule", "polls.no-rule"))?;
    if rule.secret && !secret {
        return Err(Refusal::invalid("rule", "polls.secret-rule"));
    }
    let mut rule = rule.clone();
    if own.differs() {
        let owners = form == Form::Owners;
        if !owners && (own.silence_follows || own.invalid_abstains || own.parking_counts) {
            return Err(Refusal::invalid("rule", "polls.own-not-here"));
        }
        // A secret ballot cannot be found again to be replaced.
        if own.revote && secret {
            return Err(Refusal::invalid("revote", "polls.secret-revote"));
        }
        let article = own.article.as_deref().unwrap_or_default();
        let article = text::required("article", article, 60)
            .map_err(|_| Refusal::invalid("article", "polls.own-article"))?;
        if own.silence_follows {
            rule.silence = Silence::FollowMajority;
        }
        if own.invalid_abstains {
            rule.invalid = Invalid::AsAbstain;
        }
        if own.parking_counts {
            rule.parking_counts = true;
        }
        if own.revote {
            rule.revote = Revote::Last;
        }
        rule.laws.push(Law {
            name: OWN_RULES.into(),
            article: article.into(),
            confidence: Confidence::Interpretation,
        });
    }
    Ok(Pinned::of(&rule))
}
