//! A rule and a gap in plain words. The Chinese is what stands on a notice board, and it is what a poll publishes with its
//! result; it belongs to the rule and not to a page, so it stands here and not in the language files.

use crate::rule::{Base, Form, Invalid, Silence};
use crate::{Area, Gap, Rule, Share};

/// The language of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// 简体中文
    ZhHans,
    /// English
    En,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Heads of owners, 户.
    Households,
    /// Persons, 人.
    Persons,
    /// Votes, 票.
    Votes,
    /// Area in 0.01 m², ㎡ with two places.
    Area,
}

impl Unit {
    fn amount(self, lang: Lang, value: u64) -> String {
        let area = || Area::raw(value).to_string();
        match (lang, self) {
            (Lang::ZhHans, Self::Households) => format!("{value}户"),
            (Lang::ZhHans, Self::Persons) => format!("{value}人"),
            (Lang::ZhHans, Self::Votes) => format!("{value}票"),
            (Lang::ZhHans, Self::Area) => format!("{}㎡", area()),
            (Lang::En, Self::Households) => format!("{value} households"),
            (Lang::En, Self::Persons) => format!("{value} persons"),
            (Lang::En, Self::Votes) => format!("{value} votes"),
            (Lang::En, Self::Area) => format!("{} m²", area()),
        }
    }
}

/// What is needed, what there is and what is missing: `需≥2/3：734户/1101户，实际733户，差1户`.
#[must_use]
pub fn gap(lang: Lang, unit: Unit, gap: &Gap) -> String {
    let say = |value| unit.amount(lang, value);
    let (need, whole, have) = (say(gap.need), say(gap.whole), say(gap.have));
    match (lang, gap.met()) {
        (Lang::ZhHans, true) => format!("需{}：{need}/{whole}，实际{have}，已达到", gap.share),
        (Lang::ZhHans, false) => {
            format!("需{}：{need}/{whole}，实际{have}，差{}", gap.share, say(gap.missing))
        }
        (Lang::En, true) => format!("needs {}: {need} of {whole}; there are {have}: enough", gap.share),
        (Lang::En, false) => {
            format!("needs {}: {need} of {whole}; there are {have}, {} missing", gap.share, say(gap.missing))
        }
    }
}

/// A share in words: `三分之二以上`, `过半数`.
fn share(lang: Lang, share: Share) -> String {
    const NUMBERS: [&str; 11] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    let (num, den) = (share.num(), share.den());
    match (lang, share.strict()) {
        (Lang::ZhHans, true) if (num, den) == (1, 2) => "过半数".to_owned(),
        (Lang::ZhHans, false) if (num, den) == (1, 2) => "半数以上（含半数）".to_owned(),
        (Lang::ZhHans, strict) => {
            let digit = |n: u32| {
                usize::try_from(n)
                    .ok()
                    .and_then(|n| NUMBERS.get(n))
                    .map_or_else(|| n.to_string(), |t| (*t).to_owned())
            };
            let text = format!("{}分之{}", digit(den), digit(num));
            if strict { format!("超过{text}") } else { format!("{text}以上（含）") }
        }
        (Lang::En, true) => format!("more than {num}/{den}"),
        (Lang::En, false) => format!("{num}/{den} or more"),
    }
}

/// The rule in plain words, with its sources.
#[must_use]
pub fn rule(lang: Lang, rule: &Rule) -> String {
    let mut parts = vec![match lang {
        Lang::ZhHans => rule.name.to_string(),
        Lang::En => rule.name_en.to_string(),
    }];
    let mut say = |zh: String, en: String| parts.push(if lang == Lang::ZhHans { zh } else { en });
    let (owners, of) = (rule.form == Form::Owners, |s| share(lang, s));
    if let Some(attend) = rule.attend {
        let text = of(attend);
        match rule.form {
            Form::Owners => say(
                format!("专有部分面积{text}且人数{text}的业主参与表决"),
                format!("owners with {text} of the area and {text} of the heads take part"),
            ),
            Form::Election => {
                say(format!("{text}参加投票，选举有效"), format!("valid when {text} take part"));
            }
            Form::Meeting | Form::Petition => {
                say(format!("应到{text}到会"), format!("{text} of those entitled attend"));
            }
        }
    }
    let text = of(rule.agree);
    let (zh, en) = match rule.agree_of {
        _ if owners => ("参与表决的面积和人数", "the area and the heads taking part"),
        Base::Eligible => ("全体", "all who are entitled"),
        Base::Attending => ("到会", "those attending"),
        Base::Cast => ("收回选票", "the ballots collected"),
        Base::Valid => ("有效票", "the valid ballots"),
        Base::YesNo => ("同意与反对票", "those for or against"),
    };
    match (rule.form, rule.fixed) {
        (Form::Petition, Some(n)) => say(format!("需{n}人以上联名"), format!("{n} persons or more sign")),
        (Form::Petition, None) => say(format!("需{zh}{text}联名"), format!("{text} of {en} sign")),
        (Form::Election, _) => {
            say(
                format!("得票达{zh}{text}，以得票多的当选"),
                format!("elected with {text} of {en}, most votes first"),
            );
        }
        (Form::Owners, _) => say(format!("{zh}均{text}同意"), format!("{text} of {en} agree")),
        (Form::Meeting, _) => say(format!("{zh}{text}同意"), format!("{text} of {en} agree")),
    }
    if owners {
        match rule.silence {
            Silence::None => say("未表态不计入参与".into(), "silence does not take part".into()),
            Silence::FollowMajority => say(
                "已送达未表态的计入已表态的多数（议事规则约定）".into(),
                "silence after service follows the majority (by the owners' own rules)".into(),
            ),
        }
        match rule.invalid {
            Invalid::NotParticipating => {
                say("无效票不计入参与".into(), "invalid ballots do not take part".into())
            }
            Invalid::AsAbstain => say("无效票按弃权计".into(), "invalid ballots abstain".into()),
        }
        if rule.parking_counts {
            say("车位计入面积和人数".into(), "parking spaces count".into());
        } else {
            say("车位不计入面积和人数".into(), "parking spaces do not count".into());
        }
    }
    if rule.notice_days > 0 {
        let n = rule.notice_days;
        say(format!("提前{n}日公告"), format!("notice {n} days before"));
    }
    let laws: Vec<String> = rule.laws.iter().map(|l| format!("{}{}", l.name, l.article)).collect();
    match lang {
        Lang::ZhHans => format!("{}。依据：{}。", parts.join("；"), laws.join("、")),
        Lang::En => format!("{}. By: {}.", parts.join("; "), laws.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{owners_rule, shipped};

    #[test]
    fn a_gap_is_said_as_on_the_notice_board() {
        let heads = Share::TWO_THIRDS.gap(733, 1101);
        assert_eq!(gap(Lang::ZhHans, Unit::Households, &heads), "需≥2/3：734户/1101户，实际733户，差1户");
        let area = Share::TWO_THIRDS.gap(79_999, 120_000);
        assert_eq!(
            gap(Lang::ZhHans, Unit::Area, &area),
            "需≥2/3：800.00㎡/1200.00㎡，实际799.99㎡，差0.01㎡"
        );
        let met = Share::OVER_HALF.gap(4, 7);
        assert_eq!(gap(Lang::ZhHans, Unit::Persons, &met), "需>1/2：4人/7人，实际4人，已达到");
        assert_eq!(
            gap(Lang::En, Unit::Votes, &met),
            "needs >1/2: 4 votes of 7 votes; there are 4 votes: enough"
        );
    }

    #[test]
    fn rules_are_said_in_plain_words() {
        let text = rule(Lang::ZhHans, &owners_rule(6).unwrap());
        assert!(
            text.contains("专有部分面积三分之二以上（含）且人数三分之二以上（含）的业主参与表决"),
            "{text}"
        );
        assert!(text.contains("均四分之三以上（含）同意") && text.contains("民法典278条2款"), "{text}");
        let reps = rule(Lang::ZhHans, Rule::shipped("election_reps").unwrap());
        assert!(reps.contains("超过三分之二参加投票"), "{reps}");
        for row in shipped() {
            assert!(rule(Lang::En, row).contains("By: ") && rule(Lang::ZhHans, row).contains("依据："));
        }
    }
}
