//! Words, chips and small pieces that several pages of this room share. A rule and a gap are said here in plain words, as they
//! are read out, printed on the ballot and published with the result.

use crate::{
    model::{GoalKind, Outcome, Poll, PollState, Shape, TellerRole},
    t,
};
use maud::{Markup, html};
use tally::{
    Area, Gap, Rule, Share, Verdict,
    rule::{Base, Form, Invalid, Silence, shipped},
};
use ui::{Lang, parts::chip, show};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Heads of owners or households, 户.
    Households,
    /// Persons, 人.
    Persons,
    /// Ballots, 票.
    Votes,
    /// Area in 0.01 m².
    Area,
}

fn amount(lang: Lang, unit: Unit, n: u64) -> String {
    match unit {
        Unit::Households => t!(lang, "n-households", n = n.to_string()),
        Unit::Persons => t!(lang, "n-persons", n = n.to_string()),
        Unit::Votes => t!(lang, "n-votes", n = n.to_string()),
        Unit::Area => t!(lang, "n-area", n = area(n)),
    }
}

/// An area of 0.01 m² as text.
pub(super) fn area(hundredths: u64) -> String {
    Area::new(hundredths).unwrap_or(Area::MOST).to_string()
}

/// What is needed, what there is and what is missing: `需≥2/3：734户/1101户，实际733户，差1户`.
#[must_use]
pub fn gap_words(lang: Lang, unit: Unit, gap: &Gap) -> String {
    let say = |n| amount(lang, unit, n);
    let (share, need, whole, have) = (gap.share.to_string(), say(gap.need), say(gap.whole), say(gap.have));
    if gap.met() {
        t!(lang, "gap-met", share = share, need = need, whole = whole, have = have)
    } else {
        let missing = say(gap.missing);
        t!(lang, "gap-missing", share = share, need = need, whole = whole, have = have, missing = missing)
    }
}

/// A share in words: 三分之二以上, 过半数.
fn share_words(lang: Lang, share: Share) -> String {
    match (share.num(), share.den(), share.strict()) {
        (0, _, _) => t!(lang, "share-any"),
        (1, 2, true) => t!(lang, "share-over-half"),
        (1, 2, false) => t!(lang, "share-half"),
        (2, 3, true) => t!(lang, "share-over-two-thirds"),
        (2, 3, false) => t!(lang, "share-two-thirds"),
        (3, 4, false) => t!(lang, "share-three-quarters"),
        (1, 3, false) => t!(lang, "share-third"),
        (1, 5, false) => t!(lang, "share-fifth"),
        (1, 10, false) => t!(lang, "share-tenth"),
        (num, den, true) => t!(lang, "share-over", num = num, den = den),
        (num, den, false) => t!(lang, "share-least", num = num, den = den),
    }
}

/// What a rule is called.
#[must_use]
pub fn rule_name(lang: Lang, rule: &Rule) -> String {
    match lang {
        Lang::En => rule.name_en.to_string(),
        Lang::ZhHans => rule.name.to_string(),
        Lang::ZhHant if shipped().iter().any(|r| r.form != Form::Petition && r.name == rule.name) => {
            crate::WORDS.say(lang, &format!("rule-is-{}", rule.code), &[])
        }
        Lang::ZhHant => rule.name.to_string(),
    }
}

/// A rule in plain words, with its sources.
#[must_use]
pub fn rule_words(lang: Lang, rule: &Rule) -> String {
    let mut parts = vec![rule_name(lang, rule)];
    let owners = rule.form == Form::Owners;
    if let Some(attend) = rule.attend {
        let share = share_words(lang, attend);
        parts.push(match rule.form {
            Form::Owners => t!(lang, "rule-attend-owners", share = share),
            Form::Election => t!(lang, "rule-attend-election", share = share),
            Form::Meeting | Form::Petition => t!(lang, "rule-attend", share = share),
        });
    }
    let share = share_words(lang, rule.agree);
    let of = match rule.agree_of {
        _ if owners => t!(lang, "of-owners"),
        Base::Eligible => t!(lang, "of-eligible"),
        Base::Attending => t!(lang, "of-attending"),
        Base::Cast => t!(lang, "of-cast"),
        Base::Valid => t!(lang, "of-valid"),
        Base::YesNo => t!(lang, "of-yes-no"),
    };
    parts.push(match (rule.form, rule.fixed) {
        (Form::Petition, Some(n)) => t!(lang, "rule-sign-fixed", n = n),
        (Form::Petition, None) => t!(lang, "rule-sign", of = of, share = share),
        (Form::Election, _) if rule.agree.num() == 0 => t!(lang, "rule-most-votes"),
        (Form::Election, _) => t!(lang, "rule-elect", of = of, share = share),
        (Form::Owners, _) => t!(lang, "rule-agree-owners", of = of, share = share),
        (Form::Meeting, _) => t!(lang, "rule-agree", of = of, share = share),
    });
    if owners {
        parts.push(match rule.silence {
            Silence::None => t!(lang, "rule-silence-none"),
            Silence::FollowMajority => t!(lang, "rule-silence-follow"),
        });
        parts.push(match rule.invalid {
            Invalid::NotParticipating => t!(lang, "rule-invalid-out"),
            Invalid::AsAbstain => t!(lang, "rule-invalid-abstain"),
        });
        parts.push(if rule.parking_counts { t!(lang, "rule-parking") } else { t!(lang, "rule-no-parking") });
    }
    if rule.notice_days > 0 {
        parts.push(t!(lang, "rule-notice", n = rule.notice_days));
    }
    let laws = laws(lang, rule);
    t!(lang, "rule-whole", parts = parts.join(&t!(lang, "between")), laws = laws)
}

/// How a poll is decided: its rule in plain words; for a choice among options also how options are counted, which the rule
/// leaves open.
pub(super) fn how_words(lang: Lang, poll: &Poll) -> String {
    let Some(pinned) = &poll.rule else { return String::new() };
    let counted = match &poll.shape {
        Shape::Marks { most, places } => {
            let (most, places) = (*most, *places);
            t!(lang, "how-marks", most = most, places = places)
        }
        Shape::Ranking => t!(lang, "how-ranking"),
        _ => return rule_words(lang, &pinned.rule),
    };
    let rule = &pinned.rule;
    let mut parts = vec![rule_name(lang, rule)];
    if let Some(share) = rule.attend {
        let share = share_words(lang, share);
        parts.push(t!(lang, "rule-attend", share = share));
    }
    parts.push(counted);
    if rule.notice_days > 0 {
        parts.push(t!(lang, "rule-notice", n = rule.notice_days));
    }
    let laws = laws(lang, rule);
    t!(lang, "rule-whole", parts = parts.join(&t!(lang, "between")), laws = laws)
}

fn laws(lang: Lang, rule: &Rule) -> String {
    let laws: Vec<String> = rule.laws.iter().map(|l| format!("{}{}", l.name, l.article)).collect();
    laws.join(&t!(lang, "comma"))
}

pub(super) fn state_chip(lang: Lang, state: PollState) -> Markup {
    use PollState::*;
    let class = match state {
        Draft | Ruled | Rolled => "new",
        Noticed => "talk",
        Open => "do",
        Closed | Counting | Certified => "rate",
        Published | Archived => "ok",
        Void => "off",
        Annulled => "late",
    };
    chip(class, "", &crate::WORDS.say(lang, &format!("state-{state}"), &[]))
}

pub(super) fn shape_word(lang: Lang, shape: &Shape) -> String {
    crate::WORDS.say(lang, &format!("shape-{}", shape.code()), &[])
}

pub(super) fn side_word(lang: Lang, code: &str) -> String {
    crate::WORDS.say(lang, &format!("side-{code}"), &[])
}

pub(super) fn role_word(lang: Lang, role: TellerRole) -> String {
    crate::WORDS.say(lang, &format!("role-{role}"), &[])
}

/// What a ballot says, in words.
pub(super) fn vote_word(lang: Lang, poll: &Poll, vote: &str) -> String {
    if vote.is_empty() {
        return t!(lang, "blank");
    }
    if !poll.shape.has_options() || vote == "invalid" {
        return side_word(lang, vote);
    }
    let mut parts = vote.split('+');
    let marks = parts.next().unwrap_or_default();
    let mut names: Vec<String> = marks
        .split(',')
        .filter_map(|m| m.parse::<usize>().ok())
        .filter_map(|m| poll.options.get(m.checked_sub(1)?).cloned())
        .collect();
    names.extend(parts.map(str::to_owned));
    let between = if matches!(poll.shape, Shape::Ranking) { " > ".to_owned() } else { t!(lang, "comma") };
    names.join(&between)
}

/// From when until when ballots are taken.
pub(super) fn times(lang: Lang, poll: &Poll) -> String {
    match (poll.opens, poll.closes) {
        (Some(opens), Some(closes)) => {
            t!(lang, "from-until", from = show::full(opens), until = show::full(closes))
        }
        _ => t!(lang, "no-times"),
    }
}

/// What a goal counts: heads of owners are households, those of other rolls persons.
pub(super) const fn unit(poll: &Poll, kind: GoalKind) -> Unit {
    match (kind, &poll.shape) {
        (GoalKind::QuorumArea | GoalKind::AgreeArea, _) => Unit::Area,
        (GoalKind::Elect, _) => Unit::Votes,
        (_, Shape::Owners { .. }) => Unit::Households,
        _ => Unit::Persons,
    }
}

/// The verdict in one word.
pub(super) fn verdict(lang: Lang, o: &Outcome) -> Option<Markup> {
    let (class, word) = match (o.verdict, &o.void) {
        (_, Some(why)) => ("late", crate::WORDS.say(lang, &format!("void-{}", why.replace('_', "-")), &[])),
        (Some(Verdict::Passed), _) => ("ok", t!(lang, "verdict-passed")),
        (Some(Verdict::Rejected), _) => ("late", t!(lang, "verdict-rejected")),
        (Some(Verdict::NoQuorum), _) => ("late", t!(lang, "verdict-no-quorum")),
        (None, None) if !o.tied.is_empty() => ("horn", t!(lang, "verdict-tied")),
        (None, None) => return None,
    };
    Some(chip(class, "", &word))
}

/// A result with all its numbers and both gaps.
pub(super) fn outcome(lang: Lang, poll: &Poll, o: &Outcome) -> Markup {
    let owners = matches!(poll.shape, Shape::Owners { .. });
    let heads = if owners { Unit::Households } else { Unit::Persons };
    let side = |s: crate::model::Side| {
        let n = amount(lang, heads, s.heads);
        if owners {
            t!(lang, "heads-and-area", heads = n, area = amount(lang, Unit::Area, s.area))
        } else {
            n
        }
    };
    let best = o.votes.first().map_or(0, |v| v.votes).max(1);
    let names = |list: &[String]| list.join(&t!(lang, "comma"));
    html! {
        @if let Some(word) = verdict(lang, o) { p."h3 mt2" { (word) } }
        dl."kv left mt2" {
            dt { (t!(lang, "entitled")) } dd.num { (side(o.total)) }
            dt { (t!(lang, "took-part")) } dd.num { (side(o.part)) }
            @if !poll.shape.has_options() {
                dt { (side_word(lang, "yes")) } dd.num { (side(o.yes)) }
                dt { (side_word(lang, "no")) } dd.num { (side(o.no)) }
                dt { (side_word(lang, "abstain")) } dd.num { (side(o.abstain)) }
                @if o.following.heads > 0 { dt { (t!(lang, "following")) } dd.num { (side(o.following)) } }
            }
            dt { (t!(lang, "ballots-returned")) } dd.num { (amount(lang, Unit::Votes, o.ballots))
                @if o.invalid > 0 { " · " (t!(lang, "of-them-invalid", n = o.invalid)) }
                @if o.blank > 0 { " · " (t!(lang, "of-them-blank", n = o.blank)) } }
            @for goal in o.goals.iter().filter(|g| g.gap.share.num() > 0) {
                dt { (crate::WORDS.say(lang, &format!("goal-{}", goal.kind.code().replace('_', "-")), &[])) }
                dd { (gap_words(lang, unit(poll, goal.kind), &goal.gap)) }
            }
        }
        @if !o.votes.is_empty() { ol."bars mt3" { @for v in &o.votes { li {
            span.lab { (v.name) @if o.chosen.contains(&v.name) { " " (chip("ok", "circle-check", &t!(lang, "chosen"))) } }
            b.num { (v.votes) }
            progress max=(best) value=(v.votes) aria-label=(v.name) {}
        } } } }
        @if !o.tied.is_empty() { p.mt2 { (t!(lang, "tied", names = names(&o.tied))) } }
        @if o.vacancies > 0 && o.void.is_none() { p.mt2 { (t!(lang, "vacancies", n = o.vacancies)) } }
        @for note in &o.notes { p."cap muted" { (crate::WORDS.say(lang, &format!("note-{}", note.replace('_', "-")), &[])) } }
    }
}

/// Who took part so far, with the gap to the quorum. Never what they said.
pub(super) fn turnout(lang: Lang, poll: &Poll, now: &crate::queries::Turnout) -> Markup {
    let roll = poll.roll.as_ref();
    let (heads, whole) = (roll.map_or(0, |r| u64::from(r.heads)), roll.map_or(0, |r| r.area));
    let share = poll.rule.as_ref().and_then(|r| r.rule.attend);
    let owners = matches!(poll.shape, Shape::Owners { .. });
    let unit = if owners { Unit::Households } else { Unit::Persons };
    html! {
        p.due { progress max=(heads.max(1)) value=(now.heads) aria-label=(t!(lang, "took-part")) {} b.num { (t!(lang, "so-far", n = amount(lang, unit, now.heads), all = amount(lang, unit, heads))) } }
        @if owners { p.due { progress max=(whole.max(1)) value=(now.area) aria-label=(t!(lang, "area")) {} b.num { (t!(lang, "so-far", n = amount(lang, Unit::Area, now.area), all = amount(lang, Unit::Area, whole))) } } }
        @if let Some(share) = share {
            p.cap { (gap_words(lang, unit, &share.gap(now.heads, heads))) }
            @if owners { p.cap { (gap_words(lang, Unit::Area, &share.gap(now.area, whole))) } }
        }
    }
}

/// The pin of the rule and the roll, for whoever wants to compare.
pub(super) fn pins(lang: Lang, poll: &Poll) -> Markup {
    html! {
        dl."kv left" {
            @if let Some(rule) = &poll.rule { dt { (t!(lang, "rule-pin")) } dd.num { (rule_name(lang, &rule.rule)) " · " (short(&rule.hash)) } }
            @if let Some(roll) = &poll.roll { dt { (t!(lang, "roll-pin")) } dd.num { (t!(lang, "roll-of", lines = roll.lines, heads = roll.heads)) " · " (short(&roll.sha256)) } @if let Some(from) = &roll.from { dt { (t!(lang, "roll-from")) } dd { (from) } } }
            @if let Some(count) = poll.count.as_ref().filter(|_| poll.state.shows_result()) { dt { (t!(lang, "file-pin")) } dd.num { (short(&count.sha256)) } }
        }
    }
}

/// The first sixteen digits of a hash: enough to compare by eye.
pub(super) fn short(hash: &str) -> String {
    hash.chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_rule_is_called_by_its_name() {
        for rule in shipped().iter().filter(|r| r.form != Form::Petition) {
            for (lang, name) in [(Lang::ZhHans, &rule.name), (Lang::En, &rule.name_en)] {
                assert_eq!(
                    crate::WORDS.say(lang, &format!("rule-is-{}", rule.code), &[]),
                    **name,
                    "{lang:?}"
                );
            }
            assert!(!rule_name(Lang::ZhHant, rule).is_empty());
        }
    }

    #[test]
    fn a_gap_is_said_as_on_the_notice_board() {
        let zh = Lang::ZhHans;
        let heads = Share::TWO_THIRDS.gap(733, 1101);
        assert_eq!(gap_words(zh, Unit::Households, &heads), "需≥2/3：734户/1101户，实际733户，差1户");
        let area = Share::TWO_THIRDS.gap(79_999, 120_000);
        assert_eq!(gap_words(zh, Unit::Area, &area), "需≥2/3：800.00㎡/1200.00㎡，实际799.99㎡，差0.01㎡");
        let met = Share::OVER_HALF.gap(4, 7);
        assert_eq!(gap_words(zh, Unit::Persons, &met), "需>1/2：4人/7人，实际4人，已达到");
        assert_eq!(
            gap_words(Lang::En, Unit::Votes, &met),
            "needs >1/2: 4 votes of 7 votes; there are 4 votes: enough"
        );
    }

    #[test]
    fn rules_are_said_in_plain_words() {
        let text = rule_words(Lang::ZhHans, Rule::shipped("owners_special").unwrap());
        assert!(
            text.contains("专有部分面积三分之二以上（含）且人数三分之二以上（含）的业主参与表决"),
            "{text}"
        );
        assert!(text.contains("均四分之三以上（含）同意") && text.contains("民法典278条2款"), "{text}");
        let reps = rule_words(Lang::ZhHans, Rule::shipped("election_reps").unwrap());
        assert!(reps.contains("超过三分之二参加投票"), "{reps}");
        for row in shipped() {
            assert!(
                rule_words(Lang::En, row).contains("By: ")
                    && rule_words(Lang::ZhHans, row).contains("依据：")
            );
            for lang in [Lang::ZhHans, Lang::ZhHant, Lang::En] {
                assert!(!rule_words(lang, row).contains(['⟨', '{']), "{}", row.code);
            }
        }
    }
}
