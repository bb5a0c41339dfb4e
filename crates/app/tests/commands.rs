//! The program as an operator types it: the built binary on fresh folders, its words and exit codes.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;

const PASSWORD: &str = "Kettle-7314";

struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Types a command; `data` is the name of the data folder.
    fn types(&self, data: &str, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yishiting"));
        for (name, _) in std::env::vars().filter(|(n, _)| n.starts_with("YISHITING_")) {
            command.env_remove(name);
        }
        command.current_dir(self.folder.path()).env("LC_ALL", "C.UTF-8");
        command.args(args).arg("--data").arg(self.path(data)).output().unwrap()
    }

    fn good(&self, data: &str, args: &[&str]) -> String {
        let out = self.types(data, args);
        let (said, cried) = (text(&out.stdout), text(&out.stderr));
        assert!(out.status.success(), "{args:?}\n{said}\n{cried}");
        said
    }

    /// Types something that fails; gives what it says on standard error.
    fn bad(&self, data: &str, args: &[&str]) -> String {
        let out = self.types(data, args);
        assert_eq!(out.status.code(), Some(1), "{args:?}\n{}", text(&out.stdout));
        text(&out.stderr)
    }

    fn set_up(&self, data: &str) -> Value {
        let said = self.good(
            data,
            &[
                "setup",
                "--street-name",
                "清和街道",
                "--street-code",
                "QH",
                "--community-name",
                "柳荫社区",
                "--community-code",
                "LY",
                "--admin-password",
                PASSWORD,
                "--json",
            ],
        );
        serde_json::from_str(&said).unwrap()
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const LEDGER: &str =
    "编号,反映时间,内容,答复,答复时间\n1,2025-03-01,楼道灯不亮,已更换,2025-03-02\n2,2025-03-05,垃圾没清,,\n";

#[test]
fn a_street_is_set_up_filled_backed_up_and_restored() {
    let desk = Desk::new();
    let made = desk.set_up("a");
    assert_eq!(made["community"], "LY");
    assert_eq!(made["accounts"].as_array().unwrap().len(), 2, "security and audit administrators");
    assert!(
        desk.bad(
            "a",
            &[
                "setup",
                "--street-name",
                "x",
                "--street-code",
                "X",
                "--community-name",
                "y",
                "--community-code",
                "YY",
                "--admin-password",
                PASSWORD
            ]
        )
        .contains("Not done")
    );

    let ledger = desk.write("ledger.csv", LEDGER);
    let look = desk.good("a", &["import", "matters", &ledger, "--preview"]);
    assert!(look.contains("2 would be new") && look.contains("编号 → id"), "{look}");
    assert!(
        desk.good("a", &["import", "matters", &ledger, "--community", "LY"])
            .contains("2 new, 0 changed, 0 known")
    );
    let again: Value =
        serde_json::from_str(&desk.good("a", &["import", "matters", &ledger, "--json"])).unwrap();
    assert_eq!(
        (&again["added"], &again["same"]),
        (&0.into(), &2.into()),
        "the same file twice is one import"
    );

    let token = desk.good("a", &["token", "create", "--account", "admin"]);
    assert!(token.trim().lines().last().unwrap().starts_with("yst_"), "{token}");
    assert!(desk.bad("a", &["token", "create", "--account", "nobody"]).contains("nobody"));

    let verified = desk.good("a", &["verify"]);
    assert!(verified.contains("All agree") && verified.contains("matters: 2 records"), "{verified}");
    let doctor = desk.types("a", &["doctor", "--json"]);
    let findings: Vec<Value> = serde_json::from_slice(&doctor.stdout).unwrap();
    assert!(
        doctor.status.success() && findings.iter().any(|f| f["what"] == "keys" && f["grade"] == "good"),
        "{findings:?}"
    );

    let archive = desk.path("a.tar").display().to_string();
    assert!(desk.good("a", &["backup", &archive]).contains("2 matters"));
    assert!(desk.bad("a", &["backup", &archive]).contains("is there already"));
    assert!(desk.bad("a", &["restore", &archive]).contains("not overwritten"));
    assert!(desk.good("b", &["restore", &archive]).contains("2 matters"));
    assert!(desk.good("b", &["verify"]).contains("All agree"));

    // The key file may be kept elsewhere.
    let keyless = desk.path("keyless.tar").display().to_string();
    let keys = desk.path("a").join("keys.json").display().to_string();
    assert!(desk.good("a", &["backup", &keyless, "--without-keys"]).contains("keys.json elsewhere"));
    assert!(std::fs::read(&keyless).unwrap().windows(9).all(|w| w != b"keys.json"));
    assert!(desk.bad("k", &["restore", &keyless]).contains("--keys-from"));
    assert!(!desk.path("k").join("yishiting.db").exists());
    let others = desk.path("other").join("keys.json").display().to_string();
    desk.set_up("other");
    assert!(desk.bad("k", &["restore", &keyless, "--keys-from", &others]).contains("other store"));
    assert!(!desk.path("k").join("yishiting.db").exists());
    assert!(desk.good("k", &["restore", &keyless, "--keys-from", &keys]).contains("2 matters"));
    assert!(desk.good("k", &["verify"]).contains("All agree"));

    for (what, ending) in
        [("matters", "csv"), ("matters", "xlsx"), ("places", "csv"), ("units", "xlsx"), ("people", "csv")]
    {
        let file = desk.path(&format!("{what}.{ending}")).display().to_string();
        desk.good("b", &["export", what, &file]);
        let bytes = std::fs::read(&file).unwrap();
        if what == "matters" {
            let rows = ui::sheet::read(&bytes).unwrap();
            assert_eq!(rows.len(), 3);
            assert!(rows[1].contains(&"楼道灯不亮".to_owned()), "{:?}", rows[1]);
        }
        assert!(desk.bad("b", &["export", what, &file]).contains("is there already"));
    }
    assert!(desk.bad("b", &["export", "matters", "x.pdf"]).contains(".csv or .xlsx"));
}

#[test]
fn a_changed_row_is_found() {
    let desk = Desk::new();
    desk.set_up("a");
    let ledger = desk.write("ledger.csv", LEDGER);
    desk.good("a", &["import", "matters", &ledger]);
    // Somebody writes into the database file behind the program's back.
    let file = desk.path("a/yishiting.db");
    let bytes = std::fs::read(&file).unwrap();
    let (from, to) = ("楼道灯不亮".as_bytes(), "楼道灯很亮".as_bytes());
    let mut changed = bytes.clone();
    let hits: Vec<usize> =
        bytes.windows(from.len()).enumerate().filter(|(_, w)| *w == from).map(|(i, _)| i).collect();
    assert!(!hits.is_empty(), "clear copies stand in the table");
    for at in hits {
        changed[at..at + to.len()].copy_from_slice(to);
    }
    std::fs::write(&file, changed).unwrap();
    let said = desk.bad("a", &["verify"]);
    assert!(said.contains("matters ") && said.contains("problems"), "{said}");
}

#[test]
fn bad_input_is_named_and_nothing_is_written() {
    let desk = Desk::new();
    assert!(desk.bad("none", &["verify"]).contains("no store"));
    assert!(desk.bad("none", &["backup", "x.tar"]).contains("no store"));
    assert!(!Path::new(&desk.path("none")).join("yishiting.db").exists(), "asking makes no store");
    desk.set_up("a");
    let broken = desk
        .write("bad.csv", "编号,反映时间,内容\n1,昨天,灯\n2,2025-01-01,\n2,2025-01-01,灯\n2,2025-01-02,水\n");
    let said = desk.bad("a", &["import", "matters", &broken]);
    for part in ["row 2 · 反映时间", "row 3 · 内容", "row 5 · 编号", "nothing was written"] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    let out = desk.types("a", &["import", "matters", &broken, "--json"]);
    let json: Value = serde_json::from_slice(&out.stderr).unwrap();
    assert_eq!(json["rows"][0]["row"], 2);
    assert_eq!(json["rows"][0]["code"], "matters.ledger-time");
    assert!(desk.bad("a", &["import", "matters", &broken, "--community", "XX"]).contains("LY"));
    assert!(desk.bad("a", &["import", "matters", &broken, "--map", "没有=body"]).contains("没有"));
    assert!(desk.bad("a", &["import", "matters", &broken, "--map", "内容=nothing"]).contains("nothing"));
    assert!(desk.bad("a", &["import", "matters", "absent.csv"]).contains("absent.csv"));
    let nonsense = desk.write("nonsense.xlsx", "PK\u{3}\u{4}no sheet");
    assert!(desk.bad("a", &["import", "matters", &nonsense]).contains("Not done"));
    assert!(desk.good("a", &["verify"]).contains("matters: 0 records"), "nothing was written");
    let garbage = desk.write("garbage.tar", &"x".repeat(2048));
    assert!(desk.bad("c", &["restore", &garbage]).contains("no complete backup"));
    assert!(!desk.path("c").join("keys.json").exists());
    desk.write("yishiting.toml", "listne = \"127.0.0.1:1\"\n");
    assert!(desk.bad("a", &["verify"]).contains("listne"));
    assert_eq!(desk.types("a", &["fly"]).status.code(), Some(2));
}

#[test]
fn a_taken_address_is_said_with_the_option_that_helps() {
    let desk = Desk::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let at = taken.local_addr().unwrap().to_string();
    for command in ["serve", "demo"] {
        let said = desk.bad("a", &[command, "--listen", &at]);
        assert!(said.contains(&at) && said.contains("--listen"), "{said}");
    }
    assert!(!desk.path("a").exists(), "nothing was made");
    assert!(desk.bad("a", &["serve", "--listen", "nowhere"]).contains("--listen"));
}

#[test]
fn the_description_of_the_api_and_the_methods_are_printed() {
    let desk = Desk::new();
    let document: Value = serde_json::from_str(&desk.good("a", &["openapi"])).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let methods: Value = serde_json::from_str(&desk.good("a", &["methods", "list", "--json"])).unwrap();
    assert!(methods.as_array().unwrap().iter().any(|m| m["code"] == "sunshine"));
    // Switches can be set in the environment as people write them.
    let mut command = Command::new(env!("CARGO_BIN_EXE_yishiting"));
    let out = command
        .args(["methods", "list"])
        .env("YISHITING_JSON", "1")
        .env("YISHITING_SECURE_COOKIES", "yes")
        .output()
        .unwrap();
    assert!(serde_json::from_slice::<Value>(&out.stdout).is_ok(), "{}", text(&out.stderr));
}

#[test]
fn a_poll_is_counted_without_any_store_and_refused_by_field() {
    let desk = Desk::new();
    let file = |name: &str, text: &str| {
        std::fs::write(desk.path(name), text).unwrap();
        desk.path(name).display().to_string()
    };
    let meeting = |yes: i64| {
        format!(
            r#"{{"kind":"meeting","input":{{"body":"owners_committee","eligible":7,"attending":5,"yes":{yes},"no":1,"abstain":0}}}}"#
        )
    };
    let said = desk.good("none", &["tally", &file("good.json", &meeting(4))]);
    let counted: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&counted["need_yes"], &counted["outcome"]), (&Value::from(4), &Value::from("passed")));
    let all = file("all.json", &format!(r#"{{"cases":[{},{}]}}"#, meeting(4), meeting(2)));
    let counted: Value = serde_json::from_str(&desk.good("none", &["tally", &all])).unwrap();
    assert_eq!(counted[1]["outcome"], "rejected");
    let bad = file("bad.json", &meeting(-1));
    let cried = desk.bad("none", &["tally", &bad, "--lang", "zh-Hans"]);
    assert!(cried.contains("input.yes") && cried.contains("不能小于"), "{cried}");
    let cried: Value = serde_json::from_str(&desk.bad("none", &["tally", &bad, "--json"])).unwrap();
    assert_eq!(
        (&cried["code"], &cried["field"]),
        (&Value::from("tally.too-small"), &Value::from("input.yes"))
    );
    assert!(desk.bad("none", &["tally", &file("no.json", "{")]).contains("line 1"));
    assert!(!desk.path("none").exists());
}
