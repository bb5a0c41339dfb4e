//! Flags, environment (`YISHITING_…`) and file (`yishiting.toml`) put together, in this order of precedence.

use crate::{Failure, cli, t};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use store::Location;
use ui::Lang;

/// The file that is read when it lies in the folder where the program is started.
const FILE: &str = "yishiting.toml";
/// Where the server listens unless told otherwise.
const LISTEN: &str = "127.0.0.1:8080";

/// The configuration file. Unknown keys are refused by name.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct File {
    data: Option<PathBuf>,
    database: Option<String>,
    keys: Option<PathBuf>,
    listen: Option<String>,
    base_url: Option<String>,
    secure_cookies: Option<bool>,
    log: Option<String>,
    log_json: Option<bool>,
    lang: Option<String>,
    filings: Vec<Filing>,
}

/// A registration that the footer shows (ICP, public security).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Filing {
    text: String,
    link: String,
}

/// What a command works with.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// The language of the terminal.
    pub lang: Lang,
    /// Whether a machine reads the answers.
    pub json: bool,
    /// The data folder; on PostgreSQL only the key file and what a command leaves beside it lie there.
    pub data: PathBuf,
    /// Where the store is.
    pub location: Location,
    /// Where the server listens.
    pub listen: String,
    /// The address under which people reach it, without a slash at the end.
    pub base_url: Option<String>,
    /// Whether cookies only travel over TLS; by the address when not said.
    pub secure_cookies: Option<bool>,
    /// What is logged.
    pub log: Option<String>,
    /// Whether the log is JSON.
    pub log_json: bool,
    /// Lines of the footer with their links.
    pub filings: Vec<(String, String)>,
}

impl Config {
    /// The configuration of a command line.
    ///
    /// # Errors
    /// When the file cannot be read, holds an unknown key or a wrong value.
    pub(crate) fn of(lang: Lang, typed: &cli::Cli) -> Result<Self, Failure> {
        let common = &typed.common;
        let file = match &common.config {
            Some(path) => read_file(lang, path)?,
            None if Path::new(FILE).is_file() => read_file(lang, Path::new(FILE))?,
            None => File::default(),
        };
        let demo = matches!(typed.command, None | Some(cli::Command::Demo));
        let default = PathBuf::from(if demo { "data/demo" } else { "data" });
        let data = common.data.clone().or(file.data).unwrap_or(default);
        let location = match common.database.clone().or(file.database) {
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                let keys = common.keys.clone().or(file.keys).unwrap_or_else(|| data.join("keys.json"));
                Location::Server { url, keys }
            }
            Some(_) => return Err(Failure::said(t!(lang, "bad-database"))),
            None => Location::Folder(data.clone()),
        };
        // A named language was taken before anything could be said; the file may name one too.
        let lang = match common.lang.as_deref() {
            Some(code) => {
                Lang::parse(code).ok_or_else(|| Failure::said(t!(lang, "bad-lang", found = code)))?
            }
            None => match file.lang.as_deref() {
                Some(code) => {
                    Lang::parse(code).ok_or_else(|| Failure::said(t!(lang, "bad-lang", found = code)))?
                }
                None => lang,
            },
        };
        let base_url = common.base_url.clone().or(file.base_url).map(|u| u.trim_end_matches('/').to_owned());
        if let Some(url) = &base_url
            && !(url.starts_with("http://") || url.starts_with("https://"))
        {
            return Err(Failure::said(t!(lang, "bad-base-url", found = url.as_str())));
        }
        Ok(Self {
            lang,
            json: common.json,
            data,
            location,
            listen: common.listen.clone().or(file.listen).unwrap_or_else(|| LISTEN.to_owned()),
            base_url,
            secure_cookies: common.secure_cookies.or(file.secure_cookies),
            log: common.log.clone().or(file.log),
            log_json: common.log_json || file.log_json.unwrap_or(false),
            filings: file.filings.into_iter().map(|f| (f.text, f.link)).collect(),
        })
    }

    /// The key file.
    pub(crate) fn key_file(&self) -> PathBuf {
        match &self.location {
            Location::Folder(folder) => folder.join("keys.json"),
            Location::Server { keys, .. } => keys.clone(),
        }
    }

    /// Whether there is a store already, as far as the folder tells.
    pub(crate) fn exists(&self) -> bool {
        match &self.location {
            Location::Folder(folder) => folder.join("yishiting.db").is_file(),
            Location::Server { keys, .. } => keys.is_file(),
        }
    }

    /// Where the store is, for people; without a password that the address may hold.
    pub(crate) fn place(&self) -> String {
        match &self.location {
            Location::Folder(folder) => folder.display().to_string(),
            Location::Server { url, .. } => match (url.split_once("://"), url.rsplit_once('@')) {
                (Some((scheme, _)), Some((_, rest))) => format!("{scheme}://{rest}"),
                _ => url.clone(),
            },
        }
    }
}

fn read_file(lang: Lang, path: &Path) -> Result<File, Failure> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|e| Failure::said(t!(lang, "bad-config", file = shown.as_str(), why = e.to_string())))?;
    toml::from_str(&text)
        .map_err(|e| Failure::said(t!(lang, "bad-config", file = shown.as_str(), why = e.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    fn config(args: &[&str], file: Option<&str>) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let mut typed = vec!["yishiting".to_owned()];
        typed.extend(args.iter().map(ToString::to_string));
        if let Some(text) = file {
            let path = folder.path().join("own.toml");
            std::fs::write(&path, text).unwrap();
            typed.extend(["--config".to_owned(), path.display().to_string()]);
        }
        let cli = cli::Cli::try_parse_from(typed).unwrap();
        Config::of(Lang::En, &cli).map_err(|f| match f {
            Failure::Said(text) => text,
            other => format!("{other:?}"),
        })
    }

    #[test]
    fn flags_win_over_the_file_and_the_file_over_defaults() {
        let file = "listen = \"0.0.0.0:1\"\nbase-url = \"https://a.example/\"\n[[filings]]\ntext = \"ICP\"\nlink = \"https://b.example\"\n";
        let read = config(&["serve", "--listen", "127.0.0.1:2"], Some(file)).unwrap();
        assert_eq!(
            (read.listen.as_str(), read.base_url.as_deref()),
            ("127.0.0.1:2", Some("https://a.example"))
        );
        assert_eq!((read.filings.len(), read.data), (1, PathBuf::from("data")));
        assert_eq!(config(&[], Some("")).unwrap().data, PathBuf::from("data/demo"));
    }

    #[test]
    fn unknown_keys_and_bad_values_are_named() {
        assert!(config(&["serve"], Some("lisen = \"x\"")).unwrap_err().contains("lisen"));
        assert!(config(&["serve"], Some("listen = 7")).unwrap_err().contains("listen"));
        assert!(config(&["serve", "--lang", "fr"], None).unwrap_err().contains("fr"));
        assert!(config(&["serve", "--base-url", "example.org"], None).unwrap_err().contains("example.org"));
        assert!(config(&["serve", "--database", "mysql://x"], None).is_err());
    }

    #[test]
    fn a_password_in_the_address_is_not_shown() {
        let read = config(&["doctor", "--database", "postgres://u:secret@h/db"], None).unwrap();
        assert_eq!(read.place(), "postgres://h/db");
    }
}
