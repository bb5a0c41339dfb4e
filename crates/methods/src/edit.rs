//! What a street changes in the shipped catalogue, kept as data and laid over it.

use kernel::calendar::Limit;
use serde::{Deserialize, Serialize};

use crate::{
    catalogue::{Catalogue, Category, Major, Mapping},
    terms::{Label, Nature, Tier, UnitKind, Urgency},
};

/// One change: of a category (four digits) or a class (two digits: only name and `enabled`).
/// What is left out stays. A code that does not exist yet is added: a class needs a name, a category
/// a name, a limit, a lead and a closing condition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "each field is the one of Category")]
pub struct CategoryEdit {
    pub code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keywords: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nature: Option<Nature>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead: Option<UnitKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closing: Option<Label>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_photo: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hazard: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map: Option<Mapping>,
}

/// Why an edit cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {reason}")]
pub struct EditError {
    /// The code and the field, such as `2001.limit`.
    pub key: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Catalogue {
    /// This catalogue with edits applied in order; all of them or none.
    ///
    /// # Errors
    /// A new code without what it needs, a category without its class, blank names, malformed codes,
    /// or disabling [`Catalogue::OTHER`], where everything must be able to go.
    pub fn with_edits(&self, edits: &[CategoryEdit]) -> Result<Self, EditError> {
        let mut out = self.clone();
        for edit in edits {
            if edit.code.len() == 2 { out.edit_major(edit) } else { out.edit_category(edit) }?;
        }
        out.check().map_err(|(key, reason)| EditError { key, reason })?;
        let other = out.offered().any(|c| c.code == Self::OTHER);
        if !other && self.offered().any(|c| c.code == Self::OTHER) {
            let reason = "cannot be disabled: what fits nowhere else goes there".to_owned();
            return Err(EditError { key: format!("{}.enabled", Self::OTHER), reason });
        }
        Ok(out)
    }

    fn edit_major(&mut self, edit: &CategoryEdit) -> Result<(), EditError> {
        if let Some(major) = self.majors.iter_mut().find(|m| m.code == edit.code) {
            set(&mut major.name, edit.name.as_ref());
            set(&mut major.enabled, edit.enabled.as_ref());
            return Ok(());
        }
        let name = edit.name.clone().ok_or_else(|| needed(edit, "name"))?;
        let enabled = edit.enabled.unwrap_or(true);
        self.majors.push(Major { code: edit.code.clone(), name, enabled, categories: Vec::new() });
        self.majors.sort_by(|a, b| a.code.cmp(&b.code));
        Ok(())
    }

    fn edit_category(&mut self, edit: &CategoryEdit) -> Result<(), EditError> {
        let class = edit.code.get(..2).unwrap_or_default();
        let Some(major) = self.majors.iter_mut().find(|m| m.code == class) else {
            return Err(EditError {
                key: format!("{}.code", edit.code),
                reason: format!("there is no class {class:?}"),
            });
        };
        if let Some(c) = major.categories.iter_mut().find(|c| c.code == edit.code) {
            set(&mut c.name, edit.name.as_ref());
            set(&mut c.enabled, edit.enabled.as_ref());
            set(&mut c.keywords, edit.keywords.as_ref());
            set(&mut c.nature, edit.nature.as_ref());
            set(&mut c.tier, edit.tier.as_ref());
            set(&mut c.urgency, edit.urgency.as_ref());
            set(&mut c.limit, edit.limit.as_ref());
            set(&mut c.lead, edit.lead.as_ref());
            set(&mut c.closing, edit.closing.as_ref());
            set(&mut c.after_photo, edit.after_photo.as_ref());
            set(&mut c.hazard, edit.hazard.as_ref());
            set(&mut c.map, edit.map.as_ref());
            return Ok(());
        }
        major.categories.push(Category {
            code: edit.code.clone(),
            name: edit.name.clone().ok_or_else(|| needed(edit, "name"))?,
            keywords: edit.keywords.clone().unwrap_or_default(),
            nature: edit.nature.unwrap_or(Nature::Help),
            tier: edit.tier.unwrap_or(Tier::Consultation),
            urgency: edit.urgency.unwrap_or(Urgency::Ordinary),
            limit: edit.limit.ok_or_else(|| needed(edit, "limit"))?,
            lead: edit.lead.ok_or_else(|| needed(edit, "lead"))?,
            closing: edit.closing.clone().ok_or_else(|| needed(edit, "closing"))?,
            after_photo: edit.after_photo.unwrap_or(false),
            hazard: edit.hazard.unwrap_or(false),
            map: edit.map.clone().unwrap_or_default(),
            enabled: edit.enabled.unwrap_or(true),
        });
        major.categories.sort_by(|a, b| a.code.cmp(&b.code));
        Ok(())
    }
}

fn set<T: Clone>(old: &mut T, new: Option<&T>) {
    if let Some(new) = new {
        old.clone_from(new);
    }
}

fn needed(edit: &CategoryEdit, field: &str) -> EditError {
    EditError { key: format!("{}.{field}", edit.code), reason: "a new code needs it".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edits(json: &str) -> Vec<CategoryEdit> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn change_rename_disable() {
        let shipped = Catalogue::shipped();
        let list = edits(
            r#"[{"code":"0101","name":{"zh-Hans":"灯","en":"Lamp","zh-Hant":"燈"},"limit":"1 work_day","tier":"joint","lead":"community"},
                {"code":"0102","enabled":false},{"code":"06","enabled":false}]"#,
        );
        let own = shipped.with_edits(&list).unwrap();
        let lamp = own.get("0101").unwrap();
        assert_eq!((lamp.name.get("en"), lamp.limit.to_string().as_str()), ("Lamp", "1 work_day"));
        assert_eq!((lamp.tier, lamp.lead), (Tier::Joint, UnitKind::Community));
        assert_eq!(lamp.keywords, shipped.get("0101").unwrap().keywords, "what is left out stays");
        assert!(own.get("0102").is_some_and(|c| !c.enabled), "still there for old matters");
        assert!(!own.offered().any(|c| c.code == "0102" || c.code.starts_with("06")));
        assert_eq!(
            serde_json::from_str::<Vec<CategoryEdit>>(&serde_json::to_string(&list).unwrap()).unwrap(),
            list
        );
    }

    #[test]
    fn add_class_and_category() {
        let list = edits(
            r#"[{"code":"20","name":{"zh-Hans":"码头","en":"Quay","zh-Hant":"碼頭"}},
                {"code":"2001","name":{"zh-Hans":"泊位","en":"Berth","zh-Hant":"泊位"},"limit":"3 work_day","lead":"transport",
                 "closing":{"zh-Hans":"答复","en":"Answered","zh-Hant":"答覆"},"keywords":["泊位"]}]"#,
        );
        let own = Catalogue::shipped().with_edits(&list).unwrap();
        assert_eq!(own.major_of("2001").unwrap().name.get("en"), "Quay");
        assert_eq!(crate::propose("码头泊位不够用", &own)[0].code, "2001");
    }

    #[test]
    fn what_is_wrong_is_named_and_nothing_is_half_done() {
        let blank = r#"{"zh-Hans":"x","en":"","zh-Hant":"x"}"#;
        let good = r#"{"zh-Hans":"x","en":"x","zh-Hant":"x"}"#;
        for (json, key) in [
            (r#"[{"code":"9901","limit":"1 work_day"}]"#.to_owned(), "9901.code"),
            (format!(r#"[{{"code":"0150","name":{good}}}]"#), "0150.limit"),
            (format!(r#"[{{"code":"0101","name":{blank}}}]"#), "0101.name.en"),
            (r#"[{"code":"20"}]"#.to_owned(), "20.name"),
            (format!(r#"[{{"code":"ab","name":{good}}}]"#), "ab.code"),
            (r#"[{"code":"19","enabled":false}]"#.to_owned(), "1904.enabled"),
            (r#"[{"code":"0101","keywords":["灯","+"]}]"#.to_owned(), "0101.keywords"),
        ] {
            assert_eq!(Catalogue::shipped().with_edits(&edits(&json)).unwrap_err().key, key);
        }
        let unknown =
            serde_json::from_str::<CategoryEdit>(r#"{"code":"0101","limits":"1 work_day"}"#).unwrap_err();
        assert!(unknown.to_string().contains("limits"));
    }
}
