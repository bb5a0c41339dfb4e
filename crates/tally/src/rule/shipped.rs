//! The national rules, as of 2026: 民法典, the self-government laws revised 2025-10-28, 农村集体经济组织法.

use super::{Base, Confidence, Form, Invalid, Law, ProxyKind, Proxying, Revote, Rule, Silence};
use crate::Share;
use std::sync::LazyLock;

const OWNERS: &str = "民法典";
const RESIDENTS: &str = "居民委员会组织法(2025修订)";
const VILLAGERS: &str = "村民委员会组织法(2025修正)";
const COLLECTIVE: &str = "农村集体经济组织法";
const MANAGEMENT: &str = "物业管理条例";
const GUIDE: &str = "建房〔2009〕274号";

/// First days.
const CODE: &str = "2021-01-01";
const SELF_GOVERNMENT: &str = "2026-01-01";
const RURAL: &str = "2025-05-01";

static ALL: LazyLock<Vec<Rule>> = LazyLock::new(all);

/// Every shipped rule.
#[must_use]
pub fn shipped() -> &'static [Rule] {
    &ALL
}

/// The shipped rule of an item of 民法典 278(1): 6 to 8 need three quarters, the others more than half. None when there
/// is no such item.
#[must_use]
pub fn owners_rule(item: u64) -> Option<Rule> {
    let code = match item {
        6..=8 => "owners_special",
        1..=9 => "owners_ordinary",
        _ => return None,
    };
    Rule::shipped(code).cloned()
}

impl Rule {
    /// A shipped rule by its code.
    #[must_use]
    pub fn shipped(code: &str) -> Option<&'static Self> {
        shipped().iter().find(|rule| rule.code == code)
    }
}

fn law(name: &'static str, article: &'static str) -> Law {
    Law { name: name.into(), article: article.into(), confidence: Confidence::Statute }
}

fn less_sure(name: &'static str, article: &'static str, confidence: Confidence) -> Law {
    Law { name: name.into(), article: article.into(), confidence }
}

fn rule(code: &'static str, name: &'static str, name_en: &'static str, form: Form, laws: Vec<Law>) -> Rule {
    Rule {
        code: code.into(),
        version: 1,
        name: name.into(),
        name_en: name_en.into(),
        laws,
        form,
        attend: None,
        agree_of: Base::Attending,
        agree: Share::OVER_HALF,
        fixed: None,
        silence: Silence::None,
        invalid: Invalid::NotParticipating,
        parking_counts: false,
        per_unit: false,
        revote: Revote::None,
        proxies: Proxying::none(),
        secret: false,
        notice_days: 0,
        result_days: 0,
        publish_days: 0,
        since: SELF_GOVERNMENT.into(),
    }
}

fn all() -> Vec<Rule> {
    let mut rules = owners();
    rules.extend(meetings());
    rules.extend(elections());
    rules.extend(petitions());
    rules
}

fn owners() -> Vec<Rule> {
    let common = |code, name, name_en, agree, article| Rule {
        attend: Some(Share::TWO_THIRDS),
        agree,
        proxies: Proxying { kind: ProxyKind::Anyone, most: 0, written: true, no_candidates: false },
        notice_days: 15,
        result_days: 3,
        since: CODE.into(),
        ..rule(
            code,
            name,
            name_en,
            Form::Owners,
            vec![
                law(OWNERS, article),
                law(OWNERS, "1259条"),
                law(MANAGEMENT, "14条"),
                less_sure(GUIDE, "25条、26条", Confidence::Guideline),
            ],
        )
    };
    vec![
        common(
            "owners_ordinary",
            "业主共同决定：一般事项",
            "Owners: ordinary items",
            Share::OVER_HALF,
            "278条2款",
        ),
        common(
            "owners_special",
            "业主共同决定：筹集维修资金、改建重建、改变用途",
            "Owners: raising repair funds, rebuilding, change of use",
            Share::THREE_QUARTERS,
            "278条2款",
        ),
    ]
}

fn meetings() -> Vec<Rule> {
    let meeting = |code, name, name_en, attend, laws| Rule {
        attend: Some(attend),
        notice_days: 10,
        publish_days: 15,
        ..rule(code, name, name_en, Form::Meeting, laws)
    };
    let (half, two_thirds) = (Share::OVER_HALF, Share::TWO_THIRDS);
    let same_household =
        Proxying { kind: ProxyKind::Household, most: 0, written: true, no_candidates: false };
    let rural = |of_all: Share, r: Rule| Rule {
        agree_of: Base::Eligible,
        agree: of_all,
        since: RURAL.into(),
        publish_days: 0,
        ..r
    };
    vec![
        meeting(
            "residents_meeting",
            "居民会议",
            "Residents' assembly",
            half,
            vec![law(RESIDENTS, "26条、27条")],
        ),
        meeting(
            "residents_meeting_households",
            "居民会议（户代表）",
            "Residents' assembly, by households",
            half,
            vec![law(RESIDENTS, "26条、27条")],
        ),
        meeting(
            "resident_reps",
            "居民代表会议",
            "Residents' representatives",
            two_thirds,
            vec![law(RESIDENTS, "28条、29条")],
        ),
        meeting(
            "villagers_meeting",
            "村民会议",
            "Villagers' assembly",
            half,
            vec![law(VILLAGERS, "25条、26条")],
        ),
        meeting(
            "villagers_meeting_households",
            "村民会议（户代表）",
            "Villagers' assembly, by households",
            two_thirds,
            vec![law(VILLAGERS, "25条、26条")],
        ),
        meeting(
            "village_reps",
            "村民代表会议",
            "Villagers' representatives",
            two_thirds,
            vec![law(VILLAGERS, "29条、30条")],
        ),
        meeting(
            "village_group",
            "村民小组会议",
            "Villagers' group",
            two_thirds,
            vec![law(VILLAGERS, "32条")],
        ),
        Rule {
            proxies: same_household,
            ..rural(
                two_thirds,
                meeting(
                    "collective_members",
                    "农村集体经济组织成员大会",
                    "Members of the rural collective",
                    two_thirds,
                    vec![law(COLLECTIVE, "27条")],
                ),
            )
        },
        rural(
            two_thirds,
            meeting(
                "collective_reps",
                "农村集体经济组织成员代表大会",
                "Representatives of the rural collective",
                two_thirds,
                vec![law(COLLECTIVE, "29条")],
            ),
        ),
        rural(
            half,
            meeting(
                "collective_council",
                "农村集体经济组织理事会",
                "Council of the rural collective",
                two_thirds,
                vec![law(COLLECTIVE, "31条")],
            ),
        ),
        Rule {
            agree_of: Base::Eligible,
            notice_days: 0,
            result_days: 3,
            publish_days: 0,
            since: CODE.into(),
            ..meeting(
                "owners_committee",
                "业主委员会",
                "Owners' committee",
                half,
                vec![
                    law(MANAGEMENT, "15条、16条"),
                    less_sure("沪26条、京45条、杭29条", "过半数到会、全体过半数同意", Confidence::Regulation),
                ],
            )
        },
        Rule {
            attend: None,
            agree_of: Base::Valid,
            notice_days: 0,
            ..meeting(
                "consultation",
                "居民协商议事",
                "Residents' consultation",
                half,
                vec![
                    law(RESIDENTS, "32条"),
                    less_sure("居民协商议事", "有效意见过半数", Confidence::Interpretation),
                ],
            )
        },
        Rule {
            agree_of: Base::Eligible,
            agree: Share::HALF,
            notice_days: 3,
            publish_days: 0,
            ..meeting(
                "party_members_4y2g",
                "党员大会（四议两公开）",
                "Party members (four deliberations, two publications)",
                two_thirds,
                vec![less_sure("四议两公开", "应到半数以上同意", Confidence::Practice)],
            )
        },
    ]
}

fn elections() -> Vec<Rule> {
    let round = |code, name, name_en, turnout, agree, reps: bool, who: &'static str, article| Rule {
        attend: Some(turnout),
        agree_of: Base::Cast,
        agree,
        secret: true,
        notice_days: 20,
        proxies: if reps { Proxying::none() } else { Proxying::election() },
        ..rule(code, name, name_en, Form::Election, vec![law(who, article)])
    };
    let (half, third) = (Share::OVER_HALF, Share::THIRD);
    let reps = Share::OVER_TWO_THIRDS;
    // More than nothing: whoever has most votes.
    let most = Share::new(0, 1, true).unwrap_or(Share::TENTH);
    vec![
        Rule {
            attend: None,
            notice_days: 3,
            proxies: Proxying::none(),
            laws: vec![less_sure("社区发言人、亭长推选", "章程约定，得票多者当选", Confidence::Practice)],
            ..round(
                "plurality",
                "推选（得票多者当选）",
                "Choosing by most votes",
                half,
                most,
                true,
                RESIDENTS,
                "32条",
            )
        },
        round(
            "election_voters",
            "选举：全体选民",
            "Election by all voters",
            half,
            half,
            false,
            RESIDENTS,
            "17条、19条",
        ),
        round(
            "election_households",
            "选举：户代表",
            "Election by households",
            half,
            half,
            false,
            RESIDENTS,
            "17条、19条",
        ),
        round(
            "election_reps",
            "选举：居民代表",
            "Election by representatives",
            reps,
            half,
            true,
            RESIDENTS,
            "17条、19条",
        ),
        round(
            "election_voters_runoff",
            "另行选举：全体选民",
            "Further election by all voters",
            half,
            third,
            false,
            RESIDENTS,
            "19条",
        ),
        round(
            "election_households_runoff",
            "另行选举：户代表",
            "Further election by households",
            half,
            third,
            false,
            RESIDENTS,
            "19条",
        ),
        round(
            "election_reps_runoff",
            "另行选举：居民代表",
            "Further election by representatives",
            reps,
            third,
            true,
            RESIDENTS,
            "19条",
        ),
        round(
            "election_villagers",
            "选举：全体村民",
            "Election by all villagers",
            half,
            half,
            false,
            VILLAGERS,
            "17条、18条",
        ),
        round(
            "election_villagers_runoff",
            "另行选举：全体村民",
            "Further election by all villagers",
            half,
            third,
            false,
            VILLAGERS,
            "18条",
        ),
    ]
}

fn petitions() -> Vec<Rule> {
    let petition = |code, name, name_en, agree, who: &'static str, article| Rule {
        agree_of: Base::Eligible,
        agree,
        ..rule(code, name, name_en, Form::Petition, vec![law(who, article)])
    };
    let (tenth, fifth, third) = (Share::TENTH, Share::FIFTH, Share::THIRD);
    vec![
        Rule {
            since: "2018-03-19".into(),
            ..petition(
                "owners_interim_assembly",
                "提议召开业主大会临时会议",
                "Owners ask for an interim assembly",
                fifth,
                MANAGEMENT,
                "13条",
            )
        },
        petition(
            "residents_meeting",
            "提议召开居民会议",
            "Residents ask for an assembly",
            tenth,
            RESIDENTS,
            "26条",
        ),
        petition(
            "residents_meeting_by_reps",
            "居民代表提议召开居民会议",
            "Representatives ask for a residents' assembly",
            third,
            RESIDENTS,
            "26条",
        ),
        petition(
            "resident_reps_meeting",
            "提议召开居民代表会议",
            "Representatives ask for their meeting",
            fifth,
            RESIDENTS,
            "28条",
        ),
        Rule {
            fixed: Some(10),
            ..petition(
                "residents_nominate",
                "选民联名推荐候选人",
                "Voters nominate a candidate",
                tenth,
                RESIDENTS,
                "18条",
            )
        },
        petition(
            "residents_recall",
            "罢免居委会成员",
            "Residents ask for a recall",
            tenth,
            RESIDENTS,
            "20条",
        ),
        petition(
            "residents_recall_by_reps",
            "居民代表提出罢免",
            "Representatives ask for a recall",
            third,
            RESIDENTS,
            "20条",
        ),
        petition(
            "villagers_meeting",
            "提议召开村民会议",
            "Villagers ask for an assembly",
            tenth,
            VILLAGERS,
            "25条",
        ),
        petition(
            "villagers_meeting_by_reps",
            "村民代表提议召开村民会议",
            "Representatives ask for a villagers' assembly",
            third,
            VILLAGERS,
            "25条",
        ),
        petition(
            "village_reps_meeting",
            "提议召开村民代表会议",
            "Representatives ask for their meeting (village)",
            fifth,
            VILLAGERS,
            "30条",
        ),
        petition(
            "villagers_recall",
            "罢免村委会成员",
            "Villagers ask for a recall",
            fifth,
            VILLAGERS,
            "19条",
        ),
        petition(
            "villagers_recall_by_reps",
            "村民代表提出罢免",
            "Representatives ask for a recall (village)",
            third,
            VILLAGERS,
            "19条",
        ),
    ]
    .into_iter()
    .map(|r| Rule { code: format!("petition_{}", r.code).into(), ..r })
    .collect()
}
