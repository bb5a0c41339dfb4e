//! Classes and categories of what residents raise.

use std::sync::LazyLock;

use kernel::calendar::Limit;
use serde::{Deserialize, Serialize};

use crate::{
    read::{ReadError, read},
    terms::{Label, Nature, Tier, UnitKind, Urgency},
};

/// A class (大类) with its categories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Major {
    /// Two digits.
    pub code: String,
    /// Its name.
    pub name: Label,
    /// Whether it is offered.
    pub enabled: bool,
    /// Its categories, by code.
    pub categories: Vec<Category>,
}

/// A category (小类) with what a new matter takes from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Four digits, the first two those of the class.
    pub code: String,
    /// Its name.
    pub name: Label,
    /// Words that speak for it, in simplified characters; `灯+不亮` wants both parts, `~谢谢` is weak.
    pub keywords: Vec<String>,
    /// What the resident usually wants.
    pub nature: Nature,
    /// Who usually settles it.
    pub tier: Tier,
    /// How pressing it usually is.
    pub urgency: Urgency,
    /// T5: time to settle, from dispatch.
    pub limit: Limit,
    /// The kind of unit that usually leads.
    pub lead: UnitKind,
    /// What must be true or shown before it may be closed (结案条件).
    pub closing: Label,
    /// Whether a photo after the work is asked for.
    pub after_photo: bool,
    /// Whether it is a public hazard, which staff keep open when the resident withdraws.
    pub hazard: bool,
    /// Codes in other catalogues.
    pub map: Mapping,
    /// Whether it is offered. Matters keep a category that is no longer.
    #[serde(skip_deserializing, default = "yes")]
    pub enabled: bool,
}

const fn yes() -> bool {
    true
}

/// Codes of a category in other catalogues; empty where none is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// CJ/T 214 event: the code, or the name of the class where only that is known.
    pub cjt214: String,
    /// Beijing's grid standards.
    pub dbj11: String,
    /// The city's 12345 table.
    pub hotline: String,
    /// Keywords for Open311 clients, separated by commas.
    pub open311: String,
}

/// The catalogue, in order of codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Catalogue {
    pub(crate) majors: Vec<Major>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    major: Vec<FileMajor>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileMajor {
    code: String,
    name: Label,
    minor: Vec<Category>,
}

static SHIPPED: LazyLock<Catalogue> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "embedded text; a test reads it")]
    Catalogue::read("methods/catalogue.toml", include_str!("../../../methods/catalogue.toml")).unwrap()
});

impl Catalogue {
    /// The code of the category for what fits nowhere else.
    pub const OTHER: &'static str = "1904";

    /// The shipped catalogue.
    #[must_use]
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads a whole catalogue; `file` is only for messages.
    ///
    /// # Errors
    /// Unknown or missing keys, bad limits, codes out of order or out of place, blank names.
    pub fn read(file: &str, text: &str) -> Result<Self, ReadError> {
        let raw: File = read(file, text)?;
        let majors = raw.major.into_iter();
        let majors = majors.map(|m| Major { code: m.code, name: m.name, enabled: true, categories: m.minor });
        let catalogue = Self { majors: majors.collect() };
        catalogue.check().map_err(|(key, reason)| ReadError::rule(file, key, reason))?;
        Ok(catalogue)
    }

    /// The rules that hold for every catalogue; what breaks one comes back as key and reason.
    pub(crate) fn check(&self) -> Result<(), (String, String)> {
        let digits = |code: &str, n: usize| code.len() == n && code.bytes().all(|b| b.is_ascii_digit());
        let named = |key: String, label: &Label| match label.blank() {
            Some(language) => Err((format!("{key}.{language}"), "must not be empty".to_owned())),
            None => Ok(()),
        };
        let mut last = String::new();
        for major in &self.majors {
            if !digits(&major.code, 2) {
                return Err((format!("{}.code", major.code), "a class has two digits".into()));
            }
            if *major.code <= *last {
                return Err((format!("{}.code", major.code), format!("must come after {last}")));
            }
            last.clone_from(&major.code);
            named(format!("{}.name", major.code), &major.name)?;
            for category in &major.categories {
                let key = |field: &str| format!("{}.{field}", category.code);
                if !digits(&category.code, 4) || !category.code.starts_with(&major.code) {
                    let reason =
                        format!("a category of class {0} has four digits and begins with {0}", major.code);
                    return Err((key("code"), reason));
                }
                if *category.code <= *last {
                    return Err((key("code"), format!("must come after {last}")));
                }
                last.clone_from(&category.code);
                named(key("name"), &category.name)?;
                named(key("closing"), &category.closing)?;
                if let Some(bad) = category.keywords.iter().find(|k| !keyword_ok(k)) {
                    return Err((
                        key("keywords"),
                        format!("{bad:?} is blank, has a blank part, or capital letters"),
                    ));
                }
            }
            last.clone_from(&major.code);
        }
        Ok(())
    }

    /// All classes in order, disabled ones too.
    #[must_use]
    pub fn majors(&self) -> &[Major] {
        &self.majors
    }

    /// A class by its two digits.
    #[must_use]
    pub fn major(&self, code: &str) -> Option<&Major> {
        self.majors.iter().find(|m| m.code == code)
    }

    /// A category by its four digits, also a disabled one.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Category> {
        let major = self.major(code.get(..2)?)?;
        major.categories.iter().find(|c| c.code == code)
    }

    /// The class of a category.
    #[must_use]
    pub fn major_of(&self, code: &str) -> Option<&Major> {
        self.major(code.get(..2)?)
    }

    /// The categories that are offered, in order.
    pub fn offered(&self) -> impl Iterator<Item = &Category> {
        self.majors.iter().filter(|m| m.enabled).flat_map(|m| &m.categories).filter(|c| c.enabled)
    }
}

fn keyword_ok(keyword: &str) -> bool {
    let bare = keyword.strip_prefix('~').unwrap_or(keyword);
    bare.split('+').all(|part| !part.trim().is_empty()) && !bare.bytes().any(|b| b.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = include_str!("../../../methods/catalogue.toml");

    fn said(from: &str, to: &str) -> String {
        assert!(TEXT.contains(from), "{from}");
        Catalogue::read("own.toml", &TEXT.replacen(from, to, 1)).unwrap_err().to_string()
    }

    #[test]
    fn the_shipped_catalogue_is_large_enough_and_complete() {
        let all = Catalogue::shipped();
        assert!(all.majors().len() >= 12, "{}", all.majors().len());
        assert!(all.offered().count() >= 90, "{}", all.offered().count());
        let mut codes: Vec<&str> = all.offered().map(|c| c.code.as_str()).collect();
        codes.dedup();
        assert_eq!(codes.len(), all.offered().count());
        for c in all.offered() {
            assert!(c.keywords.len() >= 4 || c.code == Catalogue::OTHER, "{} has few keywords", c.code);
            assert!(!c.map.open311.is_empty(), "{} has no Open311 keywords", c.code);
            let pressing = matches!(c.urgency, Urgency::Urgent | Urgency::Utility);
            let round_the_clock = c.limit.kind == kernel::calendar::ClockKind::UrgentHour;
            assert_eq!(pressing, round_the_clock, "{}: what presses runs round the clock", c.code);
            if c.closing.zh_hans.contains("附照片") {
                assert!(c.after_photo, "{} closes with a photo but asks for none", c.code);
            }
        }
        assert!(all.get(Catalogue::OTHER).is_some());
        for tier in Tier::ALL {
            assert!(all.offered().filter(|c| c.tier == *tier).count() >= 15, "{tier}");
        }
        for nature in Nature::ALL {
            assert!(all.offered().any(|c| c.nature == *nature), "{nature}");
        }
        for urgency in Urgency::ALL {
            assert!(all.offered().any(|c| c.urgency == *urgency), "{urgency}");
        }
    }

    #[test]
    fn lookups() {
        let all = Catalogue::shipped();
        assert_eq!(all.get("0101").unwrap().name.get("zh-Hans"), "楼道照明");
        assert_eq!(all.major_of("0101").unwrap().name.get("zh-Hant"), "樓道與公共部位");
        assert_eq!(all.get("0101").unwrap().limit.to_string(), "3 work_day");
        for none in ["", "0", "0199", "9901", "楼道"] {
            assert!(all.get(none).is_none(), "{none}");
        }
    }

    #[test]
    fn traditional_texts_are_traditional() {
        let all = Catalogue::shipped();
        let simplified = "楼灯电车门问处关闭开无员纠纷卫绿扰声业务财产险气热应单户议";
        for label in all.offered().flat_map(|c| [&c.name, &c.closing]) {
            let left = label.zh_hant.chars().find(|c| simplified.contains(*c));
            assert_eq!(left, None, "{}", label.zh_hant);
        }
    }

    #[test]
    fn unknown_keys_and_bad_values_are_named() {
        for (from, to, parts) in [
            ("nature = \"help\"", "nautre = \"help\"", ["nautre", "line "]),
            ("limit = \"3 work_day\"", "limit = \"3 days\"", ["major.minor.limit", "days"]),
            ("lead = \"property_company\"", "lead = \"prop\"", ["major.minor.lead", "prop"]),
            ("code = \"0102\"", "code = \"0101\"", ["0101.code", "after"]),
            ("code = \"0102\"", "code = \"0202\"", ["0202.code", "begins with 01"]),
            ("code = \"02\"", "code = \"2\"", ["2.code", "two digits"]),
            ("en = \"Stairwell lighting\"", "en = \"\"", ["0101.name.en", "empty"]),
            ("\"楼道灯\"", "\"楼道++灯\"", ["0101.keywords", "blank part"]),
        ] {
            let text = said(from, to);
            assert!(parts.iter().all(|p| text.contains(p)), "{to}: {text}");
        }
    }
}
