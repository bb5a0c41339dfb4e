//! Files of other projects that we ship: byte for byte what their package holds.
//!
//! `crates/*/assets/vendor/VENDOR.json` lists them: `npm` (package), `version` (exact), `from` (the file inside the
//! package), `path` (our file, below `assets`). Where we make the file ourselves from several of a package's files,
//! `from` ends in `, by SCRIPT` (a path below `assets`), and the script, run again, has to give the same bytes. The
//! hashes that stand there too are checked by the crate that ships the files, without Node.js.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::{command, run};

/// Every `crates/*/assets/vendor/VENDOR.json`.
fn lists(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root.join("crates"))? {
        let list = entry?.path().join("assets/vendor/VENDOR.json");
        if list.is_file() {
            found.push(list);
        }
    }
    found.sort();
    Ok(found)
}

/// Compares every vendored file with the packages installed in `modules`.
///
/// # Errors
/// When a file differs, or its package is not installed in exactly that version.
pub(crate) fn check(root: &Path, modules: &Path) -> Result<()> {
    let mut wrong = Vec::new();
    let mut same = 0;
    for list in lists(root)? {
        let shown = list.strip_prefix(root).unwrap_or(&list).display().to_string();
        let text = std::fs::read_to_string(&list).with_context(|| shown.clone())?;
        let json: Value = serde_json::from_str(&text).with_context(|| shown.clone())?;
        let entries = json.as_array().with_context(|| format!("{shown}: not a list"))?;
        let assets = list.ancestors().nth(2).unwrap_or(root);
        for entry in entries {
            match compare(entry, assets, modules) {
                Ok(()) => same += 1,
                Err(error) => wrong.push(format!("{shown}: {error:#}")),
            }
        }
    }
    if !wrong.is_empty() {
        bail!("vendored files:\n  {}", wrong.join("\n  "));
    }
    println!("{same} vendored files are what their packages hold");
    Ok(())
}

fn compare(entry: &Value, assets: &Path, modules: &Path) -> Result<()> {
    let word =
        |name: &str| entry[name].as_str().with_context(|| format!("an entry without `{name}`: {entry}"));
    let (path, package, version, from) = (word("path")?, word("npm")?, word("version")?, word("from")?);
    let installed = modules.join(package).join("package.json");
    let text = std::fs::read_to_string(&installed).with_context(|| {
        format!("{path}: put \"{package}\": \"{version}\" into tests/browser/package.json")
    })?;
    let json: Value = serde_json::from_str(&text).with_context(|| installed.display().to_string())?;
    if json["version"] != version {
        bail!("{path}: {package} is installed as {}, the list says {version}", json["version"]);
    }
    let ours = std::fs::read(assets.join(path)).with_context(|| path.to_owned())?;
    let theirs = match from.split_once(", by ") {
        Some((_, script)) => made(&assets.join(script), path, &modules.join(package))?,
        None => {
            std::fs::read(modules.join(package).join(from)).with_context(|| format!("{package}/{from}"))?
        }
    };
    if ours != theirs {
        bail!("{path} is not {package}@{version} {from}");
    }
    Ok(())
}

/// What `script` makes of the package: it runs in a copy of its folder, so that ours is not written to.
fn made(script: &Path, path: &str, package: &Path) -> Result<Vec<u8>> {
    let folder = script.parent().context("a script without a folder")?;
    let copy = tempfile::tempdir()?;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), copy.path().join(entry.file_name()))?;
        }
    }
    let name = Path::new(path).file_name().context("a path without a file")?;
    let result = copy.path().join(name);
    // Only what the script writes counts, not the copy of what is there.
    std::fs::remove_file(&result)?;
    let script = copy.path().join(script.file_name().context("a script without a name")?);
    run(command("node").arg(script).arg(package), Duration::from_secs(60))?;
    std::fs::read(&result).with_context(|| format!("the script wrote no {path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_byte_and_another_version_are_told() {
        let root = tempfile::tempdir().unwrap();
        let vendor = root.path().join("crates/ui/assets/vendor");
        let modules = root.path().join("node_modules");
        std::fs::create_dir_all(&vendor).unwrap();
        std::fs::create_dir_all(modules.join("htmx/dist")).unwrap();
        std::fs::write(modules.join("htmx/package.json"), r#"{"version":"2.0.11"}"#).unwrap();
        std::fs::write(modules.join("htmx/dist/htmx.js"), "go()").unwrap();
        std::fs::write(vendor.join("htmx.js"), "go()").unwrap();
        let list = |version: &str| {
            let text = format!(
                r#"[{{"path":"vendor/htmx.js","npm":"htmx","version":"{version}","from":"dist/htmx.js"}}]"#
            );
            std::fs::write(vendor.join("VENDOR.json"), text).unwrap();
        };
        list("2.0.11");
        check(root.path(), &modules).unwrap();
        list("2.0.12");
        assert!(check(root.path(), &modules).unwrap_err().to_string().contains("the list says 2.0.12"));
        list("2.0.11");
        std::fs::write(vendor.join("htmx.js"), "go( )").unwrap();
        assert!(check(root.path(), &modules).unwrap_err().to_string().contains("is not htmx@2.0.11"));
    }
}
