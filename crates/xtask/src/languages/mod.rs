//! The language files: traditional Chinese made from simplified, and all languages held to the same messages.

mod check;
mod hant;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

pub(crate) use check::compare;
pub(crate) use hant::Converter;

/// The language that people write first; the others follow it.
const FIRST: &str = "zh-Hans";
/// Made from [`FIRST`].
const MADE: &str = "zh-Hant";
/// Written by hand.
const WRITTEN: &str = "en";

/// One language file of a crate.
struct File {
    /// The crate's `i18n` folder.
    folder: PathBuf,
    /// The file's path below a language's folder.
    name: PathBuf,
}

impl File {
    fn path(&self, language: &str) -> PathBuf {
        self.folder.join(language).join(&self.name)
    }
}

/// Every `crates/*/i18n/LANGUAGE/**/*.ftl`, sorted.
fn files(root: &Path, language: &str) -> Result<Vec<File>> {
    let mut found = Vec::new();
    let crates = root.join("crates");
    for entry in std::fs::read_dir(&crates).with_context(|| crates.display().to_string())? {
        let folder = entry?.path().join("i18n");
        let top = folder.join(language);
        let mut open = vec![top.clone()];
        while let Some(next) = open.pop() {
            let Ok(entries) = std::fs::read_dir(&next) else { continue };
            for entry in entries {
                let path = entry?.path();
                if path.is_dir() {
                    open.push(path);
                } else if path.extension().is_some_and(|end| end == "ftl")
                    && let Ok(name) = path.strip_prefix(&top)
                {
                    found.push(File { folder: folder.clone(), name: name.to_owned() });
                }
            }
        }
    }
    found.sort_by_key(|file| file.path(language));
    Ok(found)
}

/// Writes every traditional file anew from its simplified one; returns those that changed.
///
/// # Errors
/// When a file cannot be read, written or understood.
pub(crate) fn write_traditional(root: &Path) -> Result<Vec<PathBuf>> {
    let converter = Converter::new()?;
    let mut changed = Vec::new();
    for file in files(root, FIRST)? {
        let source = file.path(FIRST);
        let text = std::fs::read_to_string(&source).with_context(|| source.display().to_string())?;
        let made = converter.convert_file(&text).with_context(|| source.display().to_string())?;
        let target = file.path(MADE);
        if std::fs::read_to_string(&target).ok().as_ref() != Some(&made) {
            if let Some(folder) = target.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::write(&target, made).with_context(|| target.display().to_string())?;
            changed.push(target);
        }
    }
    Ok(changed)
}

/// Everything wrong with the language files, one line each; empty when all is well.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn problems(root: &Path) -> Result<Vec<String>> {
    let converter = Converter::new()?;
    let mut found = Vec::new();
    for file in files(root, FIRST)? {
        let path = file.path(FIRST);
        let first = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        for language in [MADE, WRITTEN] {
            let path = file.path(language);
            let shown = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            match std::fs::read_to_string(&path) {
                Ok(other) => found.extend(compare(&first, &other, &shown)),
                Err(_) => found.push(format!("{shown}: the file is missing")),
            }
        }
        let target = file.path(MADE);
        let shown = target.strip_prefix(root).unwrap_or(&target).display();
        if let (Ok(made), Ok(there)) = (converter.convert_file(&first), std::fs::read_to_string(&target))
            && let Some(line) = first_difference(&made, &there)
        {
            found.push(format!("{shown}:{line}: not what zh-Hans gives; run `cargo xtask zh-hant`"));
        }
    }
    for language in [MADE, WRITTEN] {
        for file in files(root, language)? {
            if !file.path(FIRST).is_file() {
                let path = file.path(language);
                found.push(format!(
                    "{}: no such file in {FIRST}",
                    path.strip_prefix(root).unwrap_or(&path).display()
                ));
            }
        }
    }
    Ok(found)
}

/// Fails with all problems of the language files.
///
/// # Errors
/// See above.
pub(crate) fn check(root: &Path) -> Result<()> {
    let found = problems(root)?;
    let count = files(root, FIRST)?.len();
    if count == 0 {
        bail!("no language file was found under crates/*/i18n/{FIRST}");
    }
    if found.is_empty() {
        println!("{count} language files agree");
        return Ok(());
    }
    bail!("{} problems in the language files:\n  {}", found.len(), found.join("\n  "))
}

/// The number of the first line in which the texts differ.
fn first_difference(a: &str, b: &str) -> Option<usize> {
    if a == b {
        return None;
    }
    let same = a.lines().zip(b.lines()).take_while(|(x, y)| x == y).count();
    Some(same + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn street(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = root.path().join("crates/matters/i18n").join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        root
    }

    #[test]
    fn traditional_is_written_and_then_in_step() {
        let root = street(&[
            ("zh-Hans/matters.ftl", "# 说明\nraise = 反映问题\n"),
            ("en/matters.ftl", "raise = Raise a matter\n"),
        ]);
        let found = problems(root.path()).unwrap();
        assert_eq!(found, ["crates/matters/i18n/zh-Hant/matters.ftl: the file is missing"]);
        let changed = write_traditional(root.path()).unwrap();
        assert_eq!(changed.len(), 1);
        assert_eq!(std::fs::read_to_string(&changed[0]).unwrap(), "# 说明\nraise = 反映問題\n");
        assert_eq!(problems(root.path()).unwrap(), Vec::<String>::new());
        assert_eq!(write_traditional(root.path()).unwrap(), Vec::<PathBuf>::new(), "nothing more to do");
    }

    #[test]
    fn a_stale_traditional_file_and_a_stray_file_are_told() {
        let root = street(&[
            ("zh-Hans/matters.ftl", "a = 一\nraise = 反映问题\n"),
            ("zh-Hant/matters.ftl", "a = 一\nraise = 反映\n"),
            ("en/matters.ftl", "a = One\nraise = Raise a matter\n"),
            ("en/other.ftl", "b = Two\n"),
        ]);
        assert_eq!(
            problems(root.path()).unwrap(),
            [
                "crates/matters/i18n/zh-Hant/matters.ftl:2: not what zh-Hans gives; run `cargo xtask zh-hant`",
                "crates/matters/i18n/en/other.ftl: no such file in zh-Hans",
            ]
        );
    }
}
