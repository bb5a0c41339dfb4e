//! The words of methods and categories.

use serde::{Deserialize, Serialize};

/// A short text in the three languages of the product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// 简体中文
    #[serde(rename = "zh-Hans")]
    pub zh_hans: String,
    /// English
    pub en: String,
    /// 繁體中文
    #[serde(rename = "zh-Hant")]
    pub zh_hant: String,
}

impl Label {
    /// The text in a language, by its tag (`zh-Hans`, `en`, `zh-Hant`); any other tag gets zh-Hans.
    #[must_use]
    pub fn get(&self, language: &str) -> &str {
        match language {
            "en" => &self.en,
            "zh-Hant" => &self.zh_hant,
            _ => &self.zh_hans,
        }
    }

    /// The key of the first language that is blank, if one is.
    pub(crate) fn blank(&self) -> Option<&'static str> {
        [("zh-Hans", &self.zh_hans), ("en", &self.en), ("zh-Hant", &self.zh_hant)]
            .into_iter()
            .find(|(_, text)| text.trim().is_empty())
            .map(|(key, _)| key)
    }
}

kernel::coded_enum! {
    /// Who settles it (层级).
    pub enum Tier {
        /// 自治: residents themselves.
        Autonomy = "autonomy",
        /// 协商: talked over by those concerned.
        Consultation = "consultation",
        /// 联动: departments and units together.
        Joint = "joint",
    }
}

kernel::coded_enum! {
    /// What a resident wants, the five kinds of the Beijing regulation 接诉即办工作条例 (2021).
    pub enum Nature {
        /// 咨询
        Consult = "consult",
        /// 求助
        Help = "help",
        /// 投诉
        Complain = "complain",
        /// 举报
        Report = "report",
        /// 建议
        Advise = "advise",
    }
}

kernel::coded_enum! {
    /// How pressing a matter is; decides the time to dispatch (T2) and the fallback limit (T5).
    pub enum Urgency {
        /// Life, safety, public health.
        Urgent = "urgent",
        /// Water, power, gas, heat.
        Utility = "utility",
        /// Everything usual.
        Ordinary = "ordinary",
        /// Needs engineering, many sides or long procedures.
        Complex = "complex",
        /// Questions and suggestions.
        Advice = "advice",
    }
}

kernel::coded_enum! {
    /// Whether a phone number is asked for when a matter is raised without an account.
    pub enum PhoneRule {
        /// Must be given.
        Required = "required",
        /// May be given.
        Optional = "optional",
        /// Is not asked for.
        Nothing = "nothing",
    }
}

kernel::coded_enum! {
    /// The kind of a unit that leads or supports.
    pub enum UnitKind {
        /// 物业公司
        PropertyCompany = "property_company",
        /// 业主委员会
        OwnersCommittee = "owners_committee",
        /// 居民小组、楼道自治小组
        ResidentsGroup = "residents_group",
        /// 社区(居委会)
        Community = "community",
        /// 街道办事处
        StreetOffice = "street_office",
        /// 志愿队伍
        Volunteers = "volunteers",
        /// 社会组织
        SocialOrganisation = "social_organisation",
        /// 共建单位
        CoBuilding = "co_building",
        /// 开发商
        Developer = "developer",
        /// 电梯维保单位
        LiftMaintenance = "lift_maintenance",
        /// 城管执法
        UrbanManagement = "urban_management",
        /// 住建
        Housing = "housing",
        /// 规划和自然资源
        Planning = "planning",
        /// 市政设施
        MunicipalWorks = "municipal_works",
        /// 环卫
        Sanitation = "sanitation",
        /// 园林绿化
        Landscaping = "landscaping",
        /// 生态环境
        Environment = "environment",
        /// 消防
        Fire = "fire",
        /// 公安(派出所)
        Police = "police",
        /// 交警
        TrafficPolice = "traffic_police",
        /// 交通运输
        Transport = "transport",
        /// 市场监管
        MarketSupervision = "market_supervision",
        /// 供水
        Water = "water",
        /// 供电
        Power = "power",
        /// 燃气
        Gas = "gas",
        /// 供热
        Heating = "heating",
        /// 通信
        Telecom = "telecom",
        /// 民政
        CivilAffairs = "civil_affairs",
        /// 人力资源和社会保障
        HumanResources = "human_resources",
        /// 医疗保障
        MedicalInsurance = "medical_insurance",
        /// 卫生健康
        Health = "health",
        /// 教育
        Education = "education",
        /// 司法(司法所、调解)
        Justice = "justice",
        /// 退役军人事务
        Veterans = "veterans",
        /// 文化和体育
        CultureSports = "culture_sports",
        /// 其他
        Other = "other",
    }
}
