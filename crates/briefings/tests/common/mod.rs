//! A hand-made month: rows written straight into the tables of `matters`, so that every figure can be counted by hand.
//!
//! March 2026 in two communities, seen on 31 March at 20:00. Times are Chinese wall-clock times.
//!
//! | matter | where | tier, class | story |
//! |---|---|---|---|
//! | L1 | LY/A/1 | autonomy 0101 | raised 03-01 00:30 by three; handled in 2 days, closed 03-04; three verdicts, one "not solved" |
//! | L2 | LY/A/1 | consultation 0101 | a repeat of L1; one extension, one rework, handled 5 days late; explained; no verdict |
//! | L3 | LY/B/2 | joint 0201 | given back once; verdict "not solved"; second round solved |
//! | L4 | LY/B/2 | autonomy 0201 | a repeat of L3; dispatched this morning |
//! | L5 | HY/C/1 | – | waits for acceptance, late |
//! | L6 | LY/A/3 | joint 0301 | on the book |
//! | L7 | LY/A/3 | – | rejected |
//! | L8, L9 | LY/A/3 | – | void; merged |
//! | L10 | HY/C/2 | joint 0101 | raised in February, closed 03-02, "explained", the resident says solved; not for the public |
//! | L11 | HY/C/9/2/101 | consultation 0101 | dispatched, then withdrawn |
//! | I1 – I3 | LY/A/1 | – | an imported ledger: answered after 5 and 2 days, and not |

#![allow(dead_code, reason = "each test uses its part")]

use briefings::{Cut, Reach, Seat};
use kernel::{Id, PlacePath, Time, time};
use store::{Fault, Store, Tx, args};

pub fn street() -> Id {
    Id::named("street")
}
pub fn u1() -> Id {
    Id::named("unit one")
}
pub fn u2() -> Id {
    Id::named("unit two")
}
pub fn path(text: &str) -> PlacePath {
    PlacePath::parse(text).unwrap()
}
/// `03-05 18:00` of 2026 in China.
pub fn at(text: &str) -> Time {
    let text = if text.len() == 5 { format!("{text} 08:00") } else { text.to_owned() };
    time::parse_stamp(&format!("2026-{}:00+08:00", text.replace(' ', "T"))).unwrap()
}
pub fn now() -> Time {
    at("03-31 20:00")
}

/// March for the whole street.
pub fn march(reach: Reach) -> Cut {
    Cut {
        street: street(),
        place: path("/QH/"),
        reach,
        unit: None,
        from: at("03-01 00:00"),
        to: at("04-01 00:00"),
        now: now(),
    }
}
pub fn staff() -> Reach {
    Reach::Staff(vec![Seat { place: path("/QH/"), unit: None }])
}

#[derive(Clone)]
pub struct M {
    pub name: &'static str,
    pub place: &'static str,
    pub status: &'static str,
    pub raised: &'static str,
    pub category: Option<&'static str>,
    pub tier: Option<&'static str>,
    pub lead: Option<Id>,
    pub round: i64,
    pub due: Option<&'static str>,
    pub closed: Option<&'static str>,
    pub outcome: Option<&'static str>,
    pub voices: i64,
    pub suspended: bool,
    pub hidden: bool,
    pub imported: bool,
    pub reply_minutes: Option<i64>,
}

pub fn m(name: &'static str, place: &'static str, status: &'static str, raised: &'static str) -> M {
    M {
        name,
        place,
        status,
        raised,
        category: None,
        tier: None,
        lead: None,
        round: 0,
        due: None,
        closed: None,
        outcome: None,
        voices: 1,
        suspended: false,
        hidden: false,
        imported: false,
        reply_minutes: None,
    }
}

impl M {
    pub async fn put(&self, tx: &mut Tx, street: Id) -> Result<(), Fault> {
        let place = path(self.place);
        // The office takes it on after ten hours, refuses after thirty; T1 is a day.
        let accepted = if self.tier.is_some() { Some(10) } else { (self.status == "rejected").then_some(30) };
        let open =
            !matches!(self.status, "closed" | "rejected" | "voided" | "merged" | "withdrawn" | "transferred");
        tx.run(
            "INSERT INTO matter (street, id, seq, state, number, community, place, status, is_open, since, raised_at, channel, category, urgency, \
             tier, lead, round, due_at, closed_at, outcome, voices, urges, photos, street_decides, suspended, waiting, supervised, agenda, whistled, \
             onsite, hidden, imported, reply_minutes, title, accept_by, accepted_at, suspended_since, sort_at) VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, 'phone', $11, 'ordinary', $12, $13, \
             $14, $15, $16, $17, $18, 0, 0, $19, $20, $19, $19, $19, $19, $19, $21, $22, $23, $24, $25, $26, $27, $28)",
            args![
                street,
                Id::named(self.name),
                serde_json::json!({}),
                self.name,
                place.cut(2),
                place,
                self.status,
                open,
                at(self.raised),
                at(self.raised),
                self.category.map(str::to_owned),
                self.tier.map(str::to_owned),
                self.lead,
                self.round,
                self.due.map(at),
                self.closed.map(at),
                self.outcome.map(str::to_owned),
                self.voices,
                false,
                self.suspended,
                self.hidden,
                self.imported,
                self.reply_minutes,
                format!("{} 13812345678", self.name),
                at(self.raised) + chrono::Duration::hours(24),
                accepted.map(|h| at(self.raised) + chrono::Duration::hours(h)),
                self.suspended.then(|| at(self.raised)),
                self.due.map_or_else(matters::queries::never, at),
            ],
        )
        .await?;
        Ok(())
    }
}

pub struct R {
    pub matter: &'static str,
    pub n: i64,
    pub lead: Id,
    pub leads: i64,
    pub dispatched: &'static str,
    pub sign: Option<i64>,
    pub contact: Option<i64>,
    pub judged: &'static str,
    pub extensions: i64,
    pub handled: Option<(&'static str, i64)>,
    pub answered: Option<&'static str>,
    pub closed: Option<&'static str>,
    pub outcome: Option<&'static str>,
    pub reworks: i64,
    pub suspended: bool,
}

pub fn r(matter: &'static str, lead: Id, dispatched: &'static str, judged: &'static str) -> R {
    R {
        matter,
        n: 1,
        lead,
        leads: 1,
        dispatched,
        sign: Some(30),
        contact: None,
        judged,
        extensions: 0,
        handled: None,
        answered: None,
        closed: None,
        outcome: None,
        reworks: 0,
        suspended: false,
    }
}

impl R {
    pub async fn put(&self, tx: &mut Tx, street: Id) -> Result<(), Fault> {
        tx.run(
            "INSERT INTO matter_round (street, matter, round, lead, leads, dispatched_at, sign_minutes, contact_minutes, judged_by, deadline, \
             extensions, handled_at, handle_minutes, answered_at, closed_at, outcome, reworks, suspended, sign_by, signed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
            args![
                street,
                Id::named(self.matter),
                self.n,
                self.lead,
                self.leads,
                at(self.dispatched),
                self.sign,
                self.contact,
                at(self.judged),
                self.extensions,
                self.handled.map(|h| at(h.0)),
                self.handled.map(|h| h.1),
                self.answered.map(at),
                self.closed.map(at),
                self.outcome.map(str::to_owned),
                self.reworks,
                self.suspended,
                at(self.dispatched) + chrono::Duration::hours(24),
                self.sign.map(|m| at(self.dispatched) + chrono::Duration::minutes(m)),
            ],
        )
        .await?;
        Ok(())
    }
}

/// A verdict: matter, voice, round, contacted, solved, satisfied, by staff, when.
pub type E = (&'static str, &'static str, i64, bool, bool, &'static str, bool, &'static str);

pub async fn verdict(tx: &mut Tx, street: Id, e: E) -> Result<(), Fault> {
    tx.run(
        "INSERT INTO matter_evaluation (street, matter, voice, round, contacted, solved, satisfied, by_staff, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![street, Id::named(e.0), Id::named(e.1), e.2, e.3, e.4, e.5, e.6, at(e.7)],
    )
    .await?;
    Ok(())
}

fn matters() -> Vec<M> {
    let some = |mut x: M, category, tier, lead| {
        x.category = Some(category);
        x.tier = Some(tier);
        x.lead = Some(lead);
        x.round = 1;
        x
    };
    let closed = |mut x: M, at, outcome| {
        x.closed = Some(at);
        x.outcome = Some(outcome);
        x
    };
    let imported = |name, raised, reply| M {
        imported: true,
        reply_minutes: reply,
        ..m(name, "/QH/LY/A/1/", "closed", raised)
    };
    vec![
        M {
            voices: 3,
            ..closed(
                some(m("L1", "/QH/LY/A/1/", "closed", "03-01 00:30"), "0101", "autonomy", u1()),
                "03-04",
                "solved",
            )
        },
        closed(
            some(m("L2", "/QH/LY/A/1/", "closed", "03-10"), "0101", "consultation", u1()),
            "03-21",
            "explained",
        ),
        M {
            round: 2,
            ..closed(
                some(m("L3", "/QH/LY/B/2/", "closed", "03-05"), "0201", "joint", u2()),
                "03-20",
                "solved",
            )
        },
        M {
            due: Some("04-05"),
            ..some(m("L4", "/QH/LY/B/2/", "dispatched", "03-29"), "0201", "autonomy", u2())
        },
        M { due: Some("03-31 01:00"), ..m("L5", "/QH/HY/C/1/", "submitted", "03-30") },
        M { suspended: true, ..some(m("L6", "/QH/LY/A/3/", "handling", "03-02"), "0301", "joint", u2()) },
        m("L7", "/QH/LY/A/3/", "rejected", "03-03"),
        m("L8", "/QH/LY/A/3/", "voided", "03-03"),
        m("L9", "/QH/LY/A/3/", "merged", "03-03"),
        M {
            hidden: true,
            ..closed(
                some(m("L10", "/QH/HY/C/2/", "closed", "02-10"), "0101", "joint", u1()),
                "03-02",
                "explained",
            )
        },
        some(m("L11", "/QH/HY/C/9/2/101/", "withdrawn", "03-15"), "0101", "consultation", u1()),
        imported("I1", "03-02", Some(5 * 1440)),
        imported("I2", "03-06", Some(2 * 1440)),
        imported("I3", "03-08", None),
    ]
}

fn rounds() -> Vec<R> {
    let done = |mut x: R, handled, minutes, closed, outcome| {
        x.handled = Some((handled, minutes));
        x.answered = Some(handled);
        x.closed = closed;
        x.outcome = Some(outcome);
        x
    };
    vec![
        R {
            contact: Some(120),
            sign: Some(60),
            ..done(r("L1", u1(), "03-01 10:00", "03-05 18:00"), "03-03", 2880, Some("03-04"), "solved")
        },
        R {
            sign: Some(2000),
            extensions: 1,
            reworks: 1,
            ..done(r("L2", u1(), "03-10 10:00", "03-15"), "03-20", 14_400, Some("03-21"), "explained")
        },
        R {
            contact: Some(1500),
            leads: 2,
            ..done(r("L3", u2(), "03-05 10:00", "03-12"), "03-11", 8640, None, "explained")
        },
        R {
            contact: Some(60),
            n: 2,
            ..done(r("L3", u2(), "03-13 10:00", "03-20"), "03-19", 20_160, Some("03-20"), "solved")
        },
        R { sign: None, ..r("L4", u2(), "03-31 10:00", "04-05") },
        R { contact: Some(100), sign: Some(60), suspended: true, ..r("L6", u2(), "03-03 10:00", "03-10") },
        done(r("L10", u1(), "02-11 10:00", "02-15"), "02-20", 14_400, Some("03-02"), "explained"),
        R { contact: Some(30), ..r("L11", u1(), "03-16 10:00", "03-20") },
    ]
}

const VERDICTS: [E; 6] = [
    ("L1", "a", 1, true, true, "satisfied", false, "03-04"),
    ("L1", "b", 1, true, true, "partly", true, "03-04"),
    ("L1", "e", 1, false, false, "dissatisfied", false, "03-05"),
    ("L3", "c", 1, true, false, "dissatisfied", false, "03-12"),
    ("L3", "c", 2, true, true, "satisfied", false, "03-20"),
    ("L10", "d", 1, false, true, "partly", false, "03-02"),
];

/// Writes the month.
pub async fn fill(store: &Store) {
    fill_for(store, street()).await;
}

/// Writes the month for a street.
pub async fn fill_for(store: &Store, street: Id) {
    store
        .write(move |tx| {
            Box::pin(async move {
                for m in matters() {
                    m.put(tx, street).await?;
                }
                for r in rounds() {
                    r.put(tx, street).await?;
                }
                for e in VERDICTS {
                    verdict(tx, street, e).await?;
                }
                tx.run(
                    "INSERT INTO matter_request (street, matter, request, kind, unit, at, street_decides, granted, decided_at) \
                     VALUES ($1, $2, $3, 'return', $4, $5, $6, $7, $5)",
                    args![street, Id::named("L3"), Id::named("return"), u1(), at("03-06"), false, true],
                )
                .await?;
                Ok(())
            })
        })
        .await
        .unwrap();
}
