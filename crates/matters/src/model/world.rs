//! The settings of a street that the rules work by.

use kernel::{PlacePath, calendar::Calendar, calendar::Overrides};
use methods::{Catalogue, CategoryEdit, Method, Methods};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// What a street changed of what is shipped.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Days, years and duty windows.
    pub calendar: Overrides,
    /// Edits of the catalogue.
    pub categories: Vec<CategoryEdit>,
    /// The method of each community, by path; others use the street's.
    pub methods: BTreeMap<String, String>,
    /// The street's method.
    pub method: Option<String>,
    /// The street's own methods: their texts, by code.
    pub own_methods: BTreeMap<String, String>,
}

/// Calendar, catalogue and methods of a street, ready for use.
#[derive(Clone, Debug)]
pub struct World {
    /// The calendar.
    pub calendar: Calendar,
    /// The catalogue.
    pub catalogue: Catalogue,
    /// The settings that it was made from.
    pub settings: Settings,
    methods: Methods,
    plain: Arc<Method>,
}

impl World {
    /// Makes it from settings. What cannot be read of them is left out and named.
    #[must_use]
    pub fn new(settings: Settings) -> (Self, Vec<String>) {
        let mut faults = Vec::new();
        let catalogue = Catalogue::shipped().with_edits(&settings.categories).unwrap_or_else(|e| {
            faults.push(e.to_string());
            Catalogue::shipped().clone()
        });
        let mut methods = Methods::shipped();
        for text in settings.own_methods.values() {
            methods = match methods.clone().with_text(text) {
                Ok(more) => more,
                Err(e) => {
                    faults.push(e.to_string());
                    methods
                }
            };
        }
        let plain = methods.get(Methods::DEFAULT).cloned();
        #[expect(clippy::unwrap_used, reason = "shipped with the program; a test of `methods` reads it")]
        let plain = Arc::new(plain.unwrap());
        (
            Self {
                calendar: Calendar::with_overrides(&settings.calendar),
                catalogue,
                settings,
                methods,
                plain,
            },
            faults,
        )
    }

    /// The method of a community.
    #[must_use]
    pub fn method(&self, community: &PlacePath) -> &Method {
        let own = self.settings.methods.get(community.as_str()).or(self.settings.method.as_ref());
        own.and_then(|code| self.methods.get(code)).unwrap_or(&self.plain)
    }

    /// Every method at hand.
    #[must_use]
    pub const fn methods(&self) -> &Methods {
        &self.methods
    }
}
