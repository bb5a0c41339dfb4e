//! Documents that are made from the tables of the program, so that they cannot say anything else than it does.
//! `yishiting docs docs` writes them; a test fails while they are out of date.

use crate::rooms;
use kernel::OfficeKind;
use std::fmt::Write as _;
use ui::{Lang, Needs, Right, layout::office_name};

/// Every made document with its name.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    vec![("rights.md", rights()), ("personal-data.md", personal())]
}

fn offices(right: &Right) -> String {
    let all: Vec<OfficeKind> = OfficeKind::ALL.iter().filter(|k| k.is_staff()).copied().collect();
    if all.iter().all(|k| right.offices.contains(k)) {
        return "every office".to_owned();
    }
    let names: Vec<&str> = right.offices.iter().map(|k| k.code()).collect();
    names.join(", ")
}

fn asks(needs: Needs) -> String {
    match needs {
        Needs::Nothing => "–".to_owned(),
        Needs::Own => "own matter".to_owned(),
        Needs::OwnOr(right) => format!("own matter, or `{}` there", right.verb),
        Needs::DutyOr(right) => {
            format!("the own duty, the seat of chair or secretary, or `{}` there", right.verb)
        }
        Needs::SeatOr(right) => format!("the seat of chair or secretary, or `{}` there", right.verb),
        Needs::SignedIn => "signed in".to_owned(),
        Needs::Staff => "any office".to_owned(),
        Needs::Somewhere(right) => format!("`{}` somewhere", right.verb),
        Needs::At(right) => format!("`{}` there", right.verb),
        Needs::Street(right) => format!("`{}` for the street", right.verb),
        Needs::Verb => "a right of the verb, there".to_owned(),
    }
}

/// Office × verb, and what every address asks.
fn rights() -> String {
    let all = rooms::rights();
    let mut out = String::from(
        "# Rights: office × place × verb\n\n\
         Made by `yishiting docs docs` from the constants of the rooms; a test compares it with them, and another tries every\n\
         office in its own place, in the place next to it and above at every address of the running server.\n\n\
         An office reaches the place it is held for and everything below. A unit handler (`unit_handler`) further reaches only\n\
         what the own unit leads, supports or is called to. Beyond the table stand the rules of four eyes: who dispatched does\n\
         not handle, who handled does not check, nobody decides on an own request, nobody gives an office to oneself.\n\n\
         ## Offices\n\n| code | 职务 | rights |\n|---|---|--:|\n",
    );
    for kind in OfficeKind::ALL {
        let n = all.iter().filter(|r| r.offices.contains(kind)).count();
        let _ = writeln!(out, "| `{kind}` | {} | {n} |", office_name(Lang::ZhHans, kind.code()));
    }
    out.push_str("\n## Rights\n\n| right | offices |\n|---|---|\n");
    for right in &all {
        let _ = writeln!(out, "| `{}` | {} |", right.verb, offices(right));
    }
    out.push_str(
        "\n## Verbs of a matter\n\nBy page `POST /office/m/{number}/{verb}`, by program `POST /api/v1/matters/{number}/{verb}`. \
         A verb without a right is the resident's own.\n\n| verb | rights |\n|---|---|\n",
    );
    for (verb, rights) in matters::model::VERBS {
        let names: Vec<String> = rights.iter().map(|r| format!("`{}`", r.verb)).collect();
        let names = if names.is_empty() { "own matter".to_owned() } else { names.join(" or ") };
        let _ = writeln!(out, "| `{verb}` | {names} |");
    }
    let mut free: Vec<&ui::Door> = Vec::new();
    for (room, doors) in rooms::DOORS {
        let (open, closed): (Vec<&ui::Door>, Vec<&ui::Door>) =
            doors.iter().partition(|d| d.needs == Needs::Nothing);
        free.extend(open);
        if closed.is_empty() {
            continue;
        }
        let _ = write!(out, "\n## Addresses of {room}\n\n| method | address | asks |\n|---|---|---|\n");
        for door in closed {
            let _ = writeln!(out, "| {} | `{}` | {} |", door.method, door.path, asks(door.needs));
        }
    }
    out.push_str("\n## Addresses that ask nothing\n\n| method | address |\n|---|---|\n");
    for door in free {
        let _ = writeln!(out, "| {} | `{}` |", door.method, door.path);
    }
    out
}

/// The register of personal data.
fn personal() -> String {
    let mut out = String::from(
        "# Personal data: what is kept, why, where, how long\n\n\
         Made by `yishiting docs docs` from the registers of the rooms, as are the notice at `/privacy`, its version, and the\n\
         staff's register at `/office/duties`. PIPL is the Personal Information Protection Law (个人信息保护法), CSL the\n\
         Cybersecurity Law (网络安全法). A masked field asks staff for a reason, which is journalled.\n\n\
         | room | what | for what | basis | articles | sensitive | masked | kept in | how long |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    let yes = |b: bool| if b { "yes" } else { "–" };
    for f in rooms::KEEPERS.iter().flat_map(|k| k.fields) {
        let said = |tail: &str| ui::say(Lang::En, &format!("{}.personal-{}{tail}", f.room, f.code), &[]);
        let keep =
            ui::say(Lang::En, &format!("people.keep-{}", f.keep.code()), &[("n", f.keep.n().to_string())]);
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {keep} |",
            f.room,
            said(""),
            said("-why"),
            f.basis,
            f.law,
            yes(f.sensitive),
            yes(f.masked),
            f.kept_in,
        );
    }
    out
}

#[cfg(test)]
mod tests;
