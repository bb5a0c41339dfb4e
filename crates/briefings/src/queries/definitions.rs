//! The one table of figures. Bases and formulas follow what offices publish:
//! 三率 over valid verdicts with the factor 0.9 and weights 10/50/40 (12345 reports), 按期办结 = by the original or
//! first granted deadline ÷ due without 挂账 (数字城管), 24 小时签收 and 联系, 返工, 退单, 延期.
//! "On time" is judged by the first round, "solved" by the last.

use crate::model::{Base, Clock, Figure, Kind, Measure, Section};

/// What counts as a matter of the record's own: not taken over from a ledger, not void, not merged into another.
const LIVE: &str = "NOT m.imported AND m.status NOT IN ('voided', 'merged')";
/// A first round of such a matter that ran its course: not withdrawn, not handed on, not on the book.
const DUE: &str = "NOT m.imported AND m.status NOT IN ('voided', 'merged', 'withdrawn', 'transferred', 'rejected') \
AND r.round = 1 AND NOT r.suspended";
const FIRST: &str = "NOT m.imported AND m.status NOT IN ('voided', 'merged') AND r.round = 1";
/// A verdict; which of a voice's counts, the base says.
const VERDICT: &str = "NOT m.imported AND m.status <> 'voided'";
/// The same, written down by staff after a call (回访代录).
const BY_STAFF: &str = "NOT m.imported AND m.status <> 'voided' AND e.by_staff";
/// On the book now (挂账).
const BOOK: &str = "NOT m.imported AND m.is_open AND m.suspended";
const ALL: &str = "1 = 1";

const fn matter(
    code: &'static str,
    section: Section,
    kind: Kind,
    clock: Clock,
    of: &'static str,
    part: &'static str,
) -> Figure {
    Figure { code, section, kind, base: Base::Matter, clock, of, part, public: true, opens: true }
}

const fn round(
    code: &'static str,
    section: Section,
    kind: Kind,
    clock: Clock,
    of: &'static str,
    part: &'static str,
) -> Figure {
    Figure { code, section, kind, base: Base::Round, clock, of, part, public: true, opens: true }
}

const fn verdict(code: &'static str, kind: Kind, of: &'static str, part: &'static str) -> Figure {
    Figure {
        code,
        section: Section::Verdict,
        kind,
        base: Base::Evaluation,
        clock: Clock::Evaluated,
        of,
        part,
        public: true,
        opens: false,
    }
}

const fn inside(mut figure: Figure) -> Figure {
    figure.public = false;
    figure.opens = false;
    figure
}

const fn shut(mut figure: Figure) -> Figure {
    figure.opens = false;
    figure
}

/// The definitions, in the order in which they are shown.
pub const FIGURES: &[Figure] = &[
    matter("raised", Section::Flow, Kind::Count, Clock::Raised, LIVE, ALL),
    matter("joined_voices", Section::Flow, Kind::Sum("m.voices - 1"), Clock::Raised, LIVE, "m.voices > 1"),
    matter("closed", Section::Flow, Kind::Count, Clock::Closed, LIVE, ALL),
    matter(
        "ended_otherwise",
        Section::Flow,
        Kind::Count,
        Clock::Raised,
        LIVE,
        "m.status IN ('rejected', 'withdrawn', 'transferred')",
    ),
    matter("open", Section::Flow, Kind::Count, Clock::Now, LIVE, "m.is_open"),
    matter("suspended", Section::Flow, Kind::Count, Clock::Now, LIVE, "m.is_open AND m.suspended"),
    // 挂账存量按账龄: what stays on the book for long is told apart.
    matter("suspended_30d", Section::Flow, Kind::Rate, Clock::Now, BOOK, "m.suspended_since < {30_days_ago}"),
    matter("suspended_90d", Section::Flow, Kind::Rate, Clock::Now, BOOK, "m.suspended_since < {90_days_ago}"),
    inside(matter(
        "overdue",
        Section::Flow,
        Kind::Rate,
        Clock::Now,
        "NOT m.imported AND m.is_open AND m.due_at IS NOT NULL AND NOT m.suspended AND NOT m.waiting",
        "m.due_at < {now}",
    )),
    matter(
        "self_governance",
        Section::Flow,
        Kind::Rate,
        Clock::Raised,
        "NOT m.imported AND m.status NOT IN ('voided', 'merged') AND m.tier IS NOT NULL",
        "m.tier = 'autonomy'",
    ),
    inside(matter(
        "repeat",
        Section::Flow,
        Kind::Rate,
        Clock::Raised,
        "NOT m.imported AND m.status NOT IN ('voided', 'merged') AND m.category IS NOT NULL",
        "EXISTS (SELECT 1 FROM matter x WHERE x.street = m.street AND x.place = m.place AND x.category = m.category AND x.id <> m.id \
         AND x.raised_at < m.raised_at AND x.raised_at >= {repeat_since} AND NOT x.imported AND x.status NOT IN ('voided', 'merged'))",
    )),
    matter(
        "accepted_in_time",
        Section::Speed,
        Kind::Rate,
        Clock::Raised,
        "NOT m.imported AND m.status NOT IN ('voided', 'merged', 'withdrawn') AND m.accept_by IS NOT NULL \
         AND (m.accepted_at IS NOT NULL OR m.accept_by < {now})",
        "m.accepted_at <= m.accept_by",
    ),
    round("handle_median", Section::Speed, Kind::Median(Measure::Handle), Clock::Handled, FIRST, ALL),
    round("handle_p90", Section::Speed, Kind::P90(Measure::Handle), Clock::Handled, FIRST, ALL),
    matter("close_median", Section::Speed, Kind::Median(Measure::Close), Clock::Closed, LIVE, ALL),
    round(
        "contact_24h",
        Section::Speed,
        Kind::Rate,
        Clock::Dispatched,
        "NOT m.imported AND m.status <> 'voided' AND r.dispatched_at <= {day_ago}",
        "r.contact_minutes <= 1440",
    ),
    inside(round(
        "signed_in_time",
        Section::Speed,
        Kind::Rate,
        Clock::Dispatched,
        "NOT m.imported AND m.status <> 'voided' AND (r.signed_at IS NOT NULL OR r.sign_by < {now})",
        "r.signed_at <= r.sign_by",
    )),
    round("on_time", Section::Speed, Kind::Rate, Clock::Due, DUE, "r.handled_at <= r.judged_by"),
    round("closed_on_time", Section::Speed, Kind::Rate, Clock::Due, DUE, "r.closed_at <= r.judged_by"),
    // The resident's own word on the last round comes before what the unit wrote.
    matter(
        "solved",
        Section::Result,
        Kind::Rate,
        Clock::Closed,
        LIVE,
        "m.status = 'closed' AND NOT EXISTS (SELECT 1 FROM matter_evaluation x WHERE x.street = m.street AND x.matter = m.id \
         AND x.round = m.round AND NOT x.solved) AND (m.outcome = 'solved' OR EXISTS (SELECT 1 FROM matter_evaluation x \
         WHERE x.street = m.street AND x.matter = m.id AND x.round = m.round AND x.solved))",
    ),
    round("redone", Section::Result, Kind::Rate, Clock::Answered, FIRST, "m.round > 1"),
    round(
        "rework",
        Section::Result,
        Kind::Rate,
        Clock::Handled,
        "NOT m.imported AND m.status <> 'voided'",
        "r.reworks > 0",
    ),
    shut(round(
        "evaluated_rate",
        Section::Verdict,
        Kind::Rate,
        Clock::Answered,
        "NOT m.imported AND m.status <> 'voided'",
        "EXISTS (SELECT 1 FROM matter_evaluation x WHERE x.street = r.street AND x.matter = r.matter AND x.round = r.round)",
    )),
    verdict("evaluated", Kind::Count, VERDICT, ALL),
    verdict("contacted_said", Kind::Rate, VERDICT, "e.contacted"),
    verdict("solved_said", Kind::Rate, VERDICT, "e.solved"),
    verdict("satisfied", Kind::Weighted, VERDICT, "e.satisfied IN ('satisfied', 'partly')"),
    verdict("composite", Kind::Composite, VERDICT, ALL),
    verdict("by_staff", Kind::Rate, VERDICT, "e.by_staff"),
    inside(verdict("satisfied_by_staff", Kind::Weighted, BY_STAFF, "e.satisfied IN ('satisfied', 'partly')")),
    inside(round(
        "dispatched",
        Section::Units,
        Kind::Count,
        Clock::Dispatched,
        "NOT m.imported AND m.status <> 'voided'",
        ALL,
    )),
    inside(round(
        "dispatch_accuracy",
        Section::Units,
        Kind::Rate,
        Clock::Dispatched,
        "NOT m.imported AND m.status <> 'voided'",
        "r.leads = 1",
    )),
    inside(round(
        "returned",
        Section::Units,
        Kind::Rate,
        Clock::Dispatched,
        "NOT m.imported AND m.status <> 'voided'",
        "EXISTS (SELECT 1 FROM matter_request q WHERE q.street = r.street AND q.matter = r.matter AND q.kind = 'return' \
         AND q.at >= r.dispatched_at AND NOT EXISTS (SELECT 1 FROM matter_round y WHERE y.street = r.street AND y.matter = r.matter \
         AND y.round > r.round AND y.dispatched_at <= q.at))",
    )),
    inside(round(
        "extended",
        Section::Units,
        Kind::Rate,
        Clock::Dispatched,
        "NOT m.imported AND m.status <> 'voided'",
        "r.extensions > 0",
    )),
    matter("imported", Section::Ledger, Kind::Count, Clock::Raised, "m.imported", ALL),
    matter(
        "imported_answered",
        Section::Ledger,
        Kind::Rate,
        Clock::Raised,
        "m.imported",
        "m.reply_minutes IS NOT NULL",
    ),
    matter(
        "imported_reply_median",
        Section::Ledger,
        Kind::Median(Measure::Reply),
        Clock::Raised,
        "m.imported",
        ALL,
    ),
    matter(
        "imported_reply_p90",
        Section::Ledger,
        Kind::P90(Measure::Reply),
        Clock::Raised,
        "m.imported",
        ALL,
    ),
];

/// The figure with a code.
#[must_use]
pub fn figure(code: &str) -> Option<&'static Figure> {
    FIGURES.iter().find(|f| f.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WORDS;
    use std::collections::BTreeSet;
    use ui::Lang;

    #[test]
    fn codes_are_unique_and_every_figure_is_explained_in_every_language() {
        let codes: BTreeSet<&str> = FIGURES.iter().map(|f| f.code).collect();
        assert_eq!(codes.len(), FIGURES.len());
        for f in FIGURES {
            for key in [format!("fig-{}", f.code), format!("def-{}", f.code)] {
                for lang in Lang::ALL {
                    assert!(WORDS.of(*lang).has(&key), "{key} in {lang}");
                }
            }
            assert!(f.public || !f.opens, "{}: what is not public does not open in public", f.code);
        }
    }

    #[test]
    fn verdicts_do_not_open_in_public() {
        assert!(FIGURES.iter().filter(|f| f.base == Base::Evaluation).all(|f| !f.opens));
    }
}
