//! Languages: simplified Chinese first, English and traditional Chinese complete.

use i18n_embed::{I18nAssets, LanguageLoader, fluent::FluentLanguageLoader};
use kernel::Refusal;
use std::{
    collections::{BTreeMap, HashMap},
    sync::{LazyLock, PoisonError, RwLock},
};

kernel::coded_enum! {
    /// A language of the product.
    pub enum Lang {
        /// 简体中文
        ZhHans = "zh-Hans",
        /// English
        En = "en",
        /// 繁體中文
        ZhHant = "zh-Hant",
    }
}

impl Lang {
    /// The value of the `lang` attribute.
    #[must_use]
    pub const fn html(self) -> &'static str {
        match self {
            Self::ZhHans => "zh-CN",
            Self::En => "en",
            Self::ZhHant => "zh-TW",
        }
    }

    /// Its own name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ZhHans => "简体",
            Self::En => "English",
            Self::ZhHant => "繁體",
        }
    }

    /// The first language of an `Accept-Language` header that the product speaks.
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        for item in header.split(',') {
            let tag = item.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            if tag.starts_with("zh") {
                let traditional = ["hant", "tw", "hk", "mo"].iter().any(|t| tag.contains(t));
                return if traditional { Self::ZhHant } else { Self::ZhHans };
            }
            if tag.starts_with("en") {
                return Self::En;
            }
        }
        Self::ZhHans
    }
}

/// The sentences of a room in one language: Fluent's loader, with the sentences without values kept ready. A page says
/// hundreds of them, and looking one up in the bundles costs more than writing it.
pub struct Tongue {
    loader: FluentLanguageLoader,
    ready: RwLock<HashMap<String, String>>,
}

impl Tongue {
    /// A sentence without values.
    #[must_use]
    pub fn get(&self, key: &str) -> String {
        if let Some(text) = self.ready.read().unwrap_or_else(PoisonError::into_inner).get(key) {
            return text.clone();
        }
        let text = self.loader.get(key);
        // What is no sentence of ours is not kept: there is no end of them.
        if self.loader.has(key) {
            let mut ready = self.ready.write().unwrap_or_else(PoisonError::into_inner);
            ready.insert(key.to_owned(), text.clone());
        }
        text
    }
}

impl std::ops::Deref for Tongue {
    type Target = FluentLanguageLoader;
    fn deref(&self) -> &FluentLanguageLoader {
        &self.loader
    }
}

/// The sentences of one room in every language.
pub struct Words {
    room: &'static str,
    loaders: [Tongue; 3],
}

impl Words {
    /// Loads a room's language files, embedded in its crate.
    ///
    /// # Panics
    /// When a file that was compiled in cannot be read: a fault of the build that a test finds.
    #[must_use]
    #[expect(clippy::unwrap_used, reason = "compiled-in files; every test that shows a page would fail")]
    pub fn load<A>(room: &'static str) -> Self
    where
        A: I18nAssets + rust_embed::RustEmbed + Default + Send + Sync + 'static,
    {
        let one = |lang: Lang| {
            let fallback: unic_langid::LanguageIdentifier = Lang::ZhHans.code().parse().unwrap();
            let wanted: unic_langid::LanguageIdentifier = lang.code().parse().unwrap();
            let loader = FluentLanguageLoader::new(room, fallback);
            loader.load_languages(&A::default(), &[wanted]).unwrap();
            // Isolation marks break search, copying and tests in Chinese.
            loader.set_use_isolating(false);
            Tongue { loader, ready: RwLock::default() }
        };
        Self { room, loaders: [one(Lang::ZhHans), one(Lang::En), one(Lang::ZhHant)] }
    }

    /// The loader of a language, for `fl!`.
    #[must_use]
    pub fn of(&self, lang: Lang) -> &Tongue {
        match lang {
            Lang::ZhHans => &self.loaders[0],
            Lang::En => &self.loaders[1],
            Lang::ZhHant => &self.loaders[2],
        }
    }

    /// A sentence whose key is only known at run time (a state, a refusal).
    #[must_use]
    pub fn say(&self, lang: Lang, key: &str, args: &[(&str, String)]) -> String {
        if args.is_empty() {
            return self.of(lang).get(key);
        }
        let args: HashMap<&str, &str> = args.iter().map(|(k, v)| (*k, v.as_str())).collect();
        self.of(lang).get_args(key, args)
    }

    /// Whether there is such a sentence.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.loaders[0].has(key)
    }
}

static ROOMS: LazyLock<RwLock<BTreeMap<&'static str, &'static Words>>> = LazyLock::new(RwLock::default);

/// Makes a room's sentences known by its name, for refusals and notices that carry `room.key`.
pub fn register(words: &'static Words) {
    ROOMS.write().unwrap_or_else(PoisonError::into_inner).insert(words.room, words);
}

/// The sentences of a room, when the room is known.
#[must_use]
pub fn words_of(room: &str) -> Option<&'static Words> {
    if room == "ui" {
        return Some(&crate::WORDS);
    }
    ROOMS.read().unwrap_or_else(PoisonError::into_inner).get(room).copied()
}

/// The sentence `room.key` with values.
#[must_use]
pub fn say(lang: Lang, code: &str, args: &[(&str, String)]) -> String {
    let (room, key) = code.split_once('.').unwrap_or(("ui", code));
    match words_of(room) {
        Some(words) if words.has(key) => words.say(lang, key, args),
        _ => code.to_owned(),
    }
}

/// What a refusal says: sentence `refusal-…` of its room.
#[must_use]
pub fn refusal_text(lang: Lang, refusal: &Refusal) -> String {
    let (room, key) = refusal.code.split_once('.').unwrap_or(("ui", refusal.code));
    let args: Vec<(&str, String)> = refusal.args.clone();
    match words_of(room) {
        Some(words) if words.has(&format!("refusal-{key}")) => {
            words.say(lang, &format!("refusal-{key}"), &args)
        }
        _ => refusal.code.to_owned(),
    }
}

/// What to do next after a refusal: attribute `.next` of its sentence, where there is one.
#[must_use]
pub fn refusal_next(lang: Lang, refusal: &Refusal) -> Option<String> {
    let (room, key) = refusal.code.split_once('.').unwrap_or(("ui", refusal.code));
    let words = words_of(room)?;
    let key = format!("refusal-{key}");
    if !words.of(lang).has_attr(&key, "next") {
        return None;
    }
    let args: HashMap<&str, &str> = refusal.args.iter().map(|(k, v)| (*k, v.as_str())).collect();
    Some(words.of(lang).get_attr_args(&key, "next", args))
}
