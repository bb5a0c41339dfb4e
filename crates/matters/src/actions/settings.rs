//! Changing what a street works by: calendar, catalogue, methods. Every change is journalled with old and new value.

use crate::{
    model::{Settings, World},
    queries,
};
use kernel::{Actor, Id, PlacePath, Refusal, calendar::Overrides};
use methods::{CategoryEdit, Method, Methods};
use serde::Serialize;
use serde_json::{Value, json};
use store::{Fault, Tx};

/// One change of the settings.
#[derive(Clone, Debug)]
pub enum SettingsChange {
    /// Days, years and duty windows: the whole of it.
    Calendar(Overrides),
    /// A category or class; what is left out stays as it is.
    Category(Box<CategoryEdit>),
    /// The method of a community, or of the street where no community is named; none goes back to the wider one.
    Method {
        /// The community.
        community: Option<PlacePath>,
        /// The method's code.
        code: Option<String>,
    },
    /// An own method, as TOML; one with the same code is replaced.
    OwnMethod(String),
    /// An own method that nobody works by is given up.
    DropMethod(String),
}

/// The stream in which changes of a street's settings are journalled.
#[must_use]
pub fn settings_stream(street: Id) -> Id {
    Id::named(&format!("settings:{street}"))
}

#[derive(Serialize)]
struct Changed<'a> {
    what: &'a str,
    about: String,
    old: Value,
    new: Value,
}

/// Changes the settings of the actor's street; nothing is written when nothing changes. Matters keep the limits that
/// were frozen on them: only clocks that start later run by the new settings.
///
/// # Errors
/// `matters.bad-category` and `matters.bad-method` with the reason, `matters.no-method`, `matters.method-used`; what the database says.
pub async fn change_settings(tx: &mut Tx, actor: &Actor, change: SettingsChange) -> Result<Settings, Fault> {
    let street = actor.street;
    // One change at a time: the row of the counter stays locked until the commit, the settings are read after it.
    tx.next_number(street, "matters.settings").await?;
    let mut settings = queries::settings(tx, street).await?;
    let changed = match change {
        SettingsChange::Calendar(new) => {
            let old = std::mem::replace(&mut settings.calendar, new.clone());
            Changed { what: "calendar", about: String::new(), old: json!(old), new: json!(new) }
        }
        SettingsChange::Category(edit) => {
            let before = settings.categories.iter().find(|e| e.code == edit.code).cloned();
            let after = laid_over(before.clone().unwrap_or_default(), *edit);
            match settings.categories.iter_mut().find(|e| e.code == after.code) {
                Some(e) => *e = after.clone(),
                None => settings.categories.push(after.clone()),
            }
            let (_, faults) = World::new(settings.clone());
            if let Some(why) = faults.first() {
                return Err(Refusal::invalid("code", "matters.bad-category").with("why", why).into());
            }
            Changed { what: "category", about: after.code.clone(), old: json!(before), new: json!(after) }
        }
        SettingsChange::Method { community, code } => {
            let known = |c: &str| Methods::shipped().get(c).is_some() || settings.own_methods.contains_key(c);
            if code.as_deref().is_some_and(|c| !known(c)) {
                return Err(Refusal::invalid("method", "matters.no-method").into());
            }
            let about = community.as_ref().map(ToString::to_string).unwrap_or_default();
            let old = match (&community, &code) {
                (Some(path), Some(code)) => settings.methods.insert(path.as_str().to_owned(), code.clone()),
                (Some(path), None) => settings.methods.remove(path.as_str()),
                (None, _) => std::mem::replace(&mut settings.method, code.clone()),
            };
            Changed { what: "method", about, old: json!(old), new: json!(code) }
        }
        SettingsChange::OwnMethod(text) => {
            let bad = |why: String| Refusal::invalid("text", "matters.bad-method").with("why", why);
            if text.len() > 100_000 {
                return Err(bad("> 100 kB".to_owned()).into());
            }
            let code = Method::read("method.toml", &text).map_err(|e| bad(e.to_string()))?.code;
            Methods::shipped().with_text(&text).map_err(|e| bad(e.to_string()))?;
            let old = settings.own_methods.insert(code.clone(), text.clone());
            Changed { what: "own_method", about: code, old: json!(old), new: json!(text) }
        }
        SettingsChange::DropMethod(code) => {
            if settings.method.as_ref() == Some(&code) || settings.methods.values().any(|m| *m == code) {
                return Err(Refusal::conflict("matters.method-used").into());
            }
            let old = settings.own_methods.remove(&code);
            Changed { what: "own_method", about: code, old: json!(old), new: Value::Null }
        }
    };
    if changed.old == changed.new {
        return Ok(settings);
    }
    tx.append("matters", settings_stream(street), "matters.settings_changed", 1, &changed, actor, None)
        .await?;
    tx.set(street, "matters", serde_json::to_value(&settings)?).await?;
    Ok(settings)
}

fn laid_over(old: CategoryEdit, new: CategoryEdit) -> CategoryEdit {
    CategoryEdit {
        code: new.code,
        name: new.name.or(old.name),
        enabled: new.enabled.or(old.enabled),
        keywords: new.keywords.or(old.keywords),
        nature: new.nature.or(old.nature),
        tier: new.tier.or(old.tier),
        urgency: new.urgency.or(old.urgency),
        limit: new.limit.or(old.limit),
        lead: new.lead.or(old.lead),
        closing: new.closing.or(old.closing),
        after_photo: new.after_photo.or(old.after_photo),
        hazard: new.hazard.or(old.hazard),
        map: new.map.or(old.map),
    }
}
