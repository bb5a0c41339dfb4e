//! The security log stays.

use std::path::Path;

/// The security log is the journal, and no statement of the program takes anything out of it or changes it: it is kept for
/// as long as the store, which is more than the six months of 网络安全法 art. 21(3); no setting makes it shorter.
#[test]
fn nothing_in_the_program_deletes_or_alters_the_journal() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut folders: Vec<_> =
        std::fs::read_dir(crates).unwrap().map(|e| e.unwrap().path().join("src")).collect();
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap().to_lowercase();
                for words in ["delete from", "update", "truncate", "drop table"] {
                    let statement = format!("{words} {}", "journal");
                    assert!(!text.contains(&statement), "{}: {statement}", path.display());
                }
                read += 1;
            }
        }
    }
    assert!(read > 100, "{read}");
}
