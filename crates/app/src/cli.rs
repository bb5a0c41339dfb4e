//! What can be typed. The helps stand in the language files: `cmd-…` of a command, `arg-…` of an option.

use crate::WORDS;
use clap::{
    ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand, builder::BoolishValueParser,
};
use std::{path::PathBuf, process::ExitCode};
use ui::Lang;

/// The whole command line.
#[derive(Parser, Debug)]
#[command(name = "yishiting", version, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options that every command takes. Each also as `YISHITING_…` and, but for `config`, in the configuration file.
#[derive(Args, Debug, Default)]
pub(crate) struct Common {
    #[arg(long, global = true, env = "YISHITING_CONFIG")]
    pub config: Option<PathBuf>,
    #[arg(long, global = true, env = "YISHITING_DATA")]
    pub data: Option<PathBuf>,
    #[arg(long, global = true, env = "YISHITING_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    #[arg(long, global = true, env = "YISHITING_KEYS")]
    pub keys: Option<PathBuf>,
    #[arg(long, global = true, env = "YISHITING_LISTEN")]
    pub listen: Option<String>,
    #[arg(long, global = true, env = "YISHITING_BASE_URL")]
    pub base_url: Option<String>,
    #[arg(long, global = true, env = "YISHITING_SECURE_COOKIES", num_args = 0..=1, default_missing_value = "true", value_parser = BoolishValueParser::new())]
    pub secure_cookies: Option<bool>,
    #[arg(long, global = true, env = "YISHITING_LOG")]
    pub log: Option<String>,
    #[arg(long, global = true, env = "YISHITING_LOG_JSON", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    pub log_json: bool,
    #[arg(long, global = true, env = "YISHITING_LANG")]
    pub lang: Option<String>,
    #[arg(long, global = true, env = "YISHITING_JSON", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    pub json: bool,
}

/// The commands; none at all is `demo`.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    Demo,
    Serve,
    Setup(Setup),
    Import(Import),
    Export(Export),
    Backup(Backup),
    Restore(Restore),
    Verify(Verify),
    Receipt(Receipt),
    Tally(OneFile),
    Recount(OneFile),
    Doctor,
    #[command(subcommand)]
    Token(Token),
    #[command(subcommand)]
    Methods(Methods),
    Openapi,
    #[command(subcommand)]
    Keys(Keys),
    /// Writes the documents that are made from the program itself; for its developers.
    #[command(hide = true)]
    Docs(Docs),
}

/// The keys of the encrypted fields.
#[derive(Subcommand, Debug, Clone, Copy)]
pub(crate) enum Keys {
    Rotate,
    Retire,
}

/// Where the made documents go.
#[derive(Args, Debug)]
pub(crate) struct Docs {
    pub folder: PathBuf,
}

/// Set-up without the page.
#[derive(Args, Debug)]
pub(crate) struct Setup {
    #[arg(long, env = "YISHITING_STREET_NAME")]
    pub street_name: String,
    #[arg(long, env = "YISHITING_STREET_CODE")]
    pub street_code: String,
    #[arg(long)]
    pub street_statistical: Option<String>,
    #[arg(long, env = "YISHITING_COMMUNITY_NAME")]
    pub community_name: String,
    #[arg(long, env = "YISHITING_COMMUNITY_CODE")]
    pub community_code: String,
    #[arg(long)]
    pub community_statistical: Option<String>,
    #[arg(long)]
    pub community_phone: Option<String>,
    #[arg(long, env = "YISHITING_ADMIN_LOGIN", default_value = "admin")]
    pub admin_login: String,
    #[arg(long, env = "YISHITING_ADMIN_PASSWORD", hide_env_values = true)]
    pub admin_password: Option<String>,
    #[arg(long, value_delimiter = ',')]
    pub admin_names: Vec<String>,
    #[arg(long)]
    pub secretary_name: Option<String>,
}

/// Taking a file in.
#[derive(Args, Debug)]
pub(crate) struct Import {
    #[arg(value_enum)]
    pub what: What,
    pub file: PathBuf,
    #[arg(long)]
    pub community: Option<String>,
    #[arg(long)]
    pub preview: bool,
    #[arg(long)]
    pub map: Vec<String>,
}

/// What can be taken in and out.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Matters,
    Places,
    Units,
    People,
}

/// Writing a file.
#[derive(Args, Debug)]
pub(crate) struct Export {
    #[arg(value_enum)]
    pub what: What,
    pub file: PathBuf,
    #[arg(long)]
    pub community: Option<String>,
}

/// A command with one file.
#[derive(Args, Debug)]
pub(crate) struct OneFile {
    pub file: PathBuf,
}

/// Writing an archive.
#[derive(Args, Debug)]
pub(crate) struct Backup {
    pub file: PathBuf,
    #[arg(long)]
    pub without_keys: bool,
}

/// Reading an archive.
#[derive(Args, Debug)]
pub(crate) struct Restore {
    pub file: PathBuf,
    #[arg(long)]
    pub keys_from: Option<PathBuf>,
}

/// Checking the record.
#[derive(Args, Debug)]
pub(crate) struct Verify {
    #[arg(long)]
    pub seal: Option<String>,
}

/// Checking a receipt.
#[derive(Args, Debug)]
pub(crate) struct Receipt {
    pub file: PathBuf,
    #[arg(long)]
    pub key: Option<String>,
}

/// Tokens for programs.
#[derive(Subcommand, Debug)]
pub(crate) enum Token {
    Create(TokenCreate),
}

/// A new token.
#[derive(Args, Debug)]
pub(crate) struct TokenCreate {
    #[arg(long)]
    pub account: String,
    #[arg(long, default_value = "cli")]
    pub name: String,
}

/// Work methods.
#[derive(Subcommand, Debug)]
pub(crate) enum Methods {
    List,
}

/// The language of the terminal: `--lang`, `YISHITING_LANG`, else the locale; English where it is neither Chinese.
pub(crate) fn language() -> Lang {
    let mut typed = std::env::args().skip(1);
    let mut named = None;
    while let Some(arg) = typed.next() {
        if arg == "--lang" {
            named = typed.next();
        } else if let Some(value) = arg.strip_prefix("--lang=") {
            named = Some(value.to_owned());
        }
    }
    let given = named.or_else(|| std::env::var("YISHITING_LANG").ok());
    if let Some(lang) = given.as_deref().and_then(Lang::parse) {
        return lang;
    }
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|v| std::env::var(v).ok().filter(|t| !t.is_empty()));
    match locale.map(|l| l.to_lowercase().replace('-', "_")) {
        Some(l) if ["zh_tw", "zh_hk", "zh_mo", "zh_hant"].iter().any(|t| l.starts_with(t)) => Lang::ZhHant,
        Some(l) if l.starts_with("zh") => Lang::ZhHans,
        _ => Lang::En,
    }
}

/// The command line with its helps in a language.
pub(crate) fn dressed(lang: Lang) -> clap::Command {
    fn dress(mut command: clap::Command, key: &str, lang: Lang) -> clap::Command {
        command = command.about(WORDS.say(lang, key, &[]));
        command = command.mut_args(|arg| {
            let id = arg.get_id().as_str().replace('_', "-");
            let key = format!("arg-{id}");
            if WORDS.has(&key) { arg.help(WORDS.say(lang, &key, &[])) } else { arg }
        });
        let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
        for name in names {
            let key = format!("{key}-{name}");
            command = command.mut_subcommand(name, |c| dress(c, &key, lang));
        }
        command
    }
    dress(Cli::command(), "cmd", lang)
}

/// Reads the command line; help, version and mistakes are said by the library, with its exit code.
pub(crate) fn read(lang: Lang) -> Result<Cli, ExitCode> {
    let read = dressed(lang).try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    read.map_err(|error| {
        let _ = error.print();
        if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent_and_every_part_has_its_help() {
        Cli::command().debug_assert();
        fn look(command: &clap::Command, key: &str, missing: &mut Vec<String>) {
            if !WORDS.has(key) {
                missing.push(key.to_owned());
            }
            for arg in command.get_arguments().filter(|a| !["help", "version"].contains(&a.get_id().as_str()))
            {
                let key = format!("arg-{}", arg.get_id().as_str().replace('_', "-"));
                if !WORDS.has(&key) {
                    missing.push(key);
                }
            }
            for sub in command.get_subcommands() {
                look(sub, &format!("{key}-{}", sub.get_name()), missing);
            }
        }
        let mut missing = Vec::new();
        look(&Cli::command(), "cmd", &mut missing);
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn nothing_typed_is_the_demo_and_options_stand_anywhere() {
        let cli = Cli::try_parse_from(["yishiting"]).unwrap();
        assert!(cli.command.is_none());
        let cli =
            Cli::try_parse_from(["yishiting", "token", "create", "--data", "d", "--account", "a"]).unwrap();
        assert_eq!(cli.common.data, Some(PathBuf::from("d")));
        assert!(Cli::try_parse_from(["yishiting", "import", "cats", "f.csv"]).is_err());
    }
}
