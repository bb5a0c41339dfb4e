//! Rows: every column follows from the state by [`Fold::columns`], except the clear copies of words.

use crate::model::*;
use kernel::{Actor, Id, Time};
use store::{Arg, ChildRow, Fault, Fold, Recorded, Tx, args};

mod check;

pub use check::verify;

/// The tables of this room.
pub const MIGRATIONS: store::Migrations = store::Migrations {
    room: "matters",
    steps: &[
        ("0001_matters", include_str!("../migrations/0001_matters.sql")),
        ("0002_kinds", include_str!("../migrations/0002_kinds.sql")),
    ],
};

fn minutes(from: Time, to: Option<Time>) -> Option<i64> {
    to.map(|t| (t - from).num_minutes())
}

impl Fold for Matter {
    const ROOM: &'static str = "matters";
    const TABLE: &'static str = "matter";
    const CHILD_KEY: &'static str = "matter";
    const CHILD_TABLES: &'static [&'static str] = &[
        "matter_voice",
        "matter_round",
        "matter_request",
        "matter_task",
        "matter_evaluation",
        "matter_attachment",
    ];
    store::stream!(Event, |state, event, meta| crate::rules::evolve(state, event, meta));

    fn columns(&self) -> Vec<(&'static str, Arg)> {
        let due = self.due();
        let asked = self.waiting_request();
        let photos = self.attachments.iter().filter(|a| a.kind == "photo").count();
        vec![
            ("number", Arg::from(&self.number)),
            ("community", Arg::from(&self.community)),
            ("place", Arg::from(&self.place)),
            ("status", Arg::from(self.status.code())),
            ("is_open", Arg::from(self.status.is_open())),
            ("since", Arg::from(self.since)),
            ("raised_at", Arg::from(self.raised_at)),
            ("channel", Arg::from(self.channel.code())),
            ("category", Arg::from(self.category.clone())),
            ("nature", Arg::from(self.nature.map(|n| n.code().to_owned()))),
            ("urgency", Arg::from(self.urgency.code())),
            ("tier", Arg::from(self.tier.map(|t| t.code().to_owned()))),
            ("lead", Arg::from(self.lead_unit())),
            ("round", Arg::from(self.round)),
            ("due_at", Arg::from(due.map(|d| d.at))),
            ("sort_at", Arg::from(due.map_or_else(crate::queries::never, |d| d.at))),
            ("due_start", Arg::from(due.map(|d| d.start))),
            ("due_kind", Arg::from(due.map(|d| d.limit.kind.code().to_owned()))),
            ("next_at", Arg::from(self.next_at())),
            ("accepted_at", Arg::from(self.accepted_at)),
            ("accept_by", Arg::from(self.accept_by)),
            ("closed_at", Arg::from(self.closed_at)),
            ("answered_at", Arg::from(self.rounds.iter().find_map(|r| r.answered_at))),
            ("outcome", Arg::from(self.current().and_then(|r| r.outcome).map(|o| o.code().to_owned()))),
            ("voices", Arg::from(self.voices.len())),
            ("urges", Arg::from(self.urges)),
            ("photos", Arg::from(photos)),
            ("asked", Arg::from(asked.map(|r| r.ask.kind().code().to_owned()))),
            ("street_decides", Arg::from(asked.is_some_and(|r| r.street_decides))),
            ("suspended", Arg::from(self.suspension.is_some())),
            ("suspended_since", Arg::from(self.suspension.as_ref().map(|s| s.since))),
            ("waiting", Arg::from(self.waiting.is_some())),
            ("supervised", Arg::from(self.supervision.is_some())),
            ("agenda", Arg::from(self.agenda.is_some())),
            ("whistled", Arg::from(self.whistle.is_some())),
            ("onsite", Arg::from(self.onsite)),
            ("hidden", Arg::from(self.hidden)),
            ("imported", Arg::from(self.imported)),
            ("ledger_key", Arg::from(self.ledger_key.clone())),
            ("replied_at", Arg::from(self.ledger.as_ref().and_then(|l| l.replied_at))),
            (
                "reply_minutes",
                Arg::from(minutes(self.raised_at, self.ledger.as_ref().and_then(|l| l.replied_at))),
            ),
            ("lat", Arg::from(self.point.map(|p| p.0))),
            ("lon", Arg::from(self.point.map(|p| p.1))),
        ]
    }

    fn children(&self) -> Vec<ChildRow> {
        let mut rows = Vec::new();
        // A merged matter's voices are counted, answered and evaluated at the other one.
        let voices: &[Voice] = if self.status == Status::Merged { &[] } else { &self.voices };
        for v in voices {
            rows.push(ChildRow {
                table: "matter_voice",
                key: vec![("voice", Arg::from(v.id))],
                columns: vec![
                    ("number", Arg::from(&v.number)),
                    ("person", Arg::from(v.person)),
                    ("secret", Arg::from(&v.secret)),
                    ("at", Arg::from(v.at)),
                    ("on_behalf", Arg::from(v.on_behalf)),
                    ("withdrawn", Arg::from(v.withdrawn)),
                ],
            });
        }
        for r in &self.rounds {
            let start = r.leads.first().map_or(r.original, |l| l.at);
            let last = r.leads.last();
            rows.push(ChildRow {
                table: "matter_round",
                key: vec![("round", Arg::from(r.n))],
                columns: vec![
                    ("lead", Arg::from(last.map(|l| l.unit))),
                    ("leads", Arg::from(r.leads.len())),
                    ("dispatched_at", Arg::from(start)),
                    ("sign_by", Arg::from(last.and_then(|l| l.sign_by))),
                    ("signed_at", Arg::from(last.and_then(|l| l.signed_at))),
                    ("sign_minutes", Arg::from(last.and_then(|l| minutes(l.at, l.signed_at)))),
                    ("contacted_at", Arg::from(r.contacted_at)),
                    ("contact_minutes", Arg::from(minutes(start, r.contacted_at))),
                    ("judged_by", Arg::from(r.judged_by())),
                    ("deadline", Arg::from(r.deadline)),
                    ("extensions", Arg::from(r.extensions)),
                    ("handled_at", Arg::from(r.handled_at)),
                    ("handle_minutes", Arg::from(minutes(self.raised_at, r.handled_at))),
                    ("answered_at", Arg::from(r.answered_at)),
                    ("closed_at", Arg::from(r.closed_at)),
                    ("outcome", Arg::from(r.outcome.map(|o| o.code().to_owned()))),
                    ("reworks", Arg::from(r.reworks)),
                    ("suspended", Arg::from(r.suspended)),
                ],
            });
        }
        for r in &self.requests {
            rows.push(ChildRow {
                table: "matter_request",
                key: vec![("request", Arg::from(r.id))],
                columns: vec![
                    ("kind", Arg::from(r.ask.kind().code())),
                    ("unit", Arg::from(r.unit)),
                    ("at", Arg::from(r.at)),
                    ("street_decides", Arg::from(r.street_decides)),
                    ("granted", Arg::from(r.decision.as_ref().map(|d| d.granted))),
                    ("decided_at", Arg::from(r.decision.as_ref().map(|d| d.at))),
                ],
            });
        }
        for t in &self.tasks {
            rows.push(ChildRow {
                table: "matter_task",
                key: vec![("task", Arg::from(t.id))],
                columns: vec![
                    ("unit", Arg::from(t.unit)),
                    ("at", Arg::from(t.at)),
                    ("ended_at", Arg::from(t.ended_at)),
                    ("waived", Arg::from(t.waived)),
                ],
            });
        }
        for e in &self.evaluations {
            rows.push(ChildRow {
                table: "matter_evaluation",
                key: vec![("voice", Arg::from(e.voice)), ("round", Arg::from(e.round))],
                columns: vec![
                    ("contacted", Arg::from(e.contacted)),
                    ("solved", Arg::from(e.solved)),
                    ("satisfied", Arg::from(e.satisfied.code())),
                    ("by_staff", Arg::from(e.by_staff)),
                    ("at", Arg::from(e.at)),
                ],
            });
        }
        for a in &self.attachments {
            rows.push(ChildRow {
                table: "matter_attachment",
                key: vec![("blob", Arg::from(a.blob))],
                columns: vec![
                    ("kind", Arg::from(&a.kind)),
                    ("purpose", Arg::from(a.purpose.code())),
                    ("public", Arg::from(a.public)),
                    ("redactions", Arg::from(a.redactions)),
                ],
            });
        }
        rows
    }
}

impl Fold for Draft {
    const ROOM: &'static str = "matters";
    const TABLE: &'static str = "matter_draft";
    store::stream!(DraftEvent, |state, event, meta| crate::rules::evolve_draft(state, event, meta));

    fn columns(&self) -> Vec<(&'static str, Arg)> {
        vec![("author", Arg::from(self.author)), ("status", Arg::from(self.status.code()))]
    }
}

/// Records events and saves the rows; keeps the clear copies and the search index in step.
///
/// # Errors
/// What the database says.
pub(crate) async fn record(
    tx: &mut Tx,
    stream: Id,
    before: Option<Matter>,
    events: &[Event],
    actor: &Actor,
    client_at: Option<Time>,
) -> Result<(Matter, Option<Recorded>), Fault> {
    let worded = before.is_none()
        || events.iter().any(|e| matches!(e, Event::Corrected { .. } | Event::Joined { .. }));
    let (after, recorded) = tx.record(stream, before, events, actor, client_at).await?;
    if worded {
        copy_words(tx, &after).await?;
    }
    Ok((after, recorded))
}

pub(crate) async fn copy_words(tx: &mut Tx, m: &Matter) -> Result<(), Fault> {
    let commits: Vec<String> = [
        Some(&m.title),
        Some(&m.body),
        m.public_title.as_ref(),
        m.spot.as_ref(),
        m.ledger.as_ref().and_then(|l| l.reply.as_ref()),
    ]
    .into_iter()
    .flatten()
    .map(|w| w.commit.clone())
    .collect();
    let keys = tx.keys().clone();
    let clear = tx.clear_words(&keys, m.street, &commits).await?;
    let of = |commit: &str| clear.get(commit).cloned();
    let (title, body) = (of(&m.title.commit), of(&m.body.commit));
    let public = m.public_title.as_ref().and_then(|w| of(&w.commit));
    let spot = m.spot.as_ref().and_then(|w| of(&w.commit)).unwrap_or_default();
    tx.run(
        "UPDATE matter SET title = $3, body = $4, public_title = $5 WHERE street = $1 AND id = $2",
        args![m.street, m.id, title.clone(), body.clone(), public],
    )
    .await?;
    let numbers: Vec<&str> = m.voices.iter().map(|v| v.number.as_str()).collect();
    // An old ledger's reply is found by its words too, and the matter by the number that it had there.
    let (had, reply) = m
        .ledger
        .as_ref()
        .map_or((None, None), |l| (l.id.clone(), l.reply.as_ref().and_then(|w| of(&w.commit))));
    let text = format!(
        "{} {} {} {spot} {} {}",
        numbers.join(" "),
        had.unwrap_or_default(),
        title.unwrap_or_default(),
        body.unwrap_or_default(),
        reply.unwrap_or_default()
    );
    tx.index(m.street, "matter", m.id, &text).await
}
