//! Whose turn it is to speak. Pure.

use super::decide::{Facts, ensure, item_in, serving};
use crate::model::{ItemState, Side, Sitting, SittingEvent as E, Speech, Standing};
use kernel::{Id, Refusal};

/// Most minutes that a speech may be given.
const LIMIT: u32 = 60;

/// Who gets the word next on an item: a point of order before all; the two sides of the debate take turns while both wait;
/// who has not spoken on the item goes before who has; then who asked first. Questions and information stand between the
/// sides in the order in which they were asked for.
#[must_use]
pub fn next_speech(speeches: &[Speech], item: Id) -> Option<&Speech> {
    let of: Vec<&Speech> = speeches.iter().filter(|s| s.item == item).collect();
    let spoke =
        |s: &Speech| of.iter().any(|o| o.began.is_some() && o.member == s.member && o.side != Side::Order);
    let waiting = || of.iter().enumerate().filter(|(_, s)| s.waits());
    if let Some((_, order)) = waiting().find(|(_, s)| s.side == Side::Order) {
        return Some(order);
    }
    let last = of.iter().filter(|s| s.began.is_some() && s.side.debates()).max_by_key(|s| s.began);
    let first = |such: &dyn Fn(Side) -> bool| {
        waiting().filter(|(_, s)| such(s.side)).map(|(n, s)| ((spoke(s), n), *s)).min_by_key(|(key, _)| *key)
    };
    // The other side than that which spoke last; the same one again only while nobody of the other waits.
    let turn = last.and_then(|l| first(&|side| side.debates() && side != l.side));
    let debate = turn.or_else(|| first(&Side::debates));
    let between = first(&|side| !side.debates());
    match (debate, between) {
        (Some((a, debate)), Some((b, between))) => Some(if b < a { between } else { debate }),
        (Some((_, one)), None) | (None, Some((_, one))) => Some(one),
        (None, None) => None,
    }
}

/// The order in which those who wait will be called if nobody else comes.
#[must_use]
pub fn speaking_order(speeches: &[Speech], item: Id) -> Vec<Id> {
    let mut all = speeches.to_vec();
    let mut out = Vec::new();
    // Each turn is taken as given, a moment after everything that was.
    let mut at = all.iter().flat_map(|s| [Some(s.queued), s.began]).flatten().max().unwrap_or_default();
    while let Some(id) = next_speech(&all, item).map(|s| s.id) {
        at += chrono::Duration::milliseconds(1);
        for s in all.iter_mut().filter(|s| s.id == id) {
            s.began = Some(at);
        }
        out.push(id);
    }
    out
}

/// The end of the speech that is being held, if one is.
pub(super) fn hush(s: &Sitting) -> Vec<E> {
    s.speaking().map(|now| E::SpeechEnded { speech: now.id }).into_iter().collect()
}

fn debated(s: &Sitting, id: Id) -> Result<(), Refusal> {
    let item = item_in(s, id)?;
    ensure(item.state == ItemState::Debating, || Refusal::conflict("councils.not-debated"))
}

/// Somebody asks to speak on an item.
pub(super) fn ask(s: &Sitting, facts: &Facts<'_>, item: Id, member: Id, side: Side) -> Result<E, Refusal> {
    debated(s, item)?;
    let there = s.present().find(|a| a.member == member);
    if there.is_none_or(|a| a.standing != Standing::Guest) {
        serving(facts, member, s.day())?;
    }
    // A delegate speaks in the place of the member, a guest as what they came.
    let m = there.ok_or(Refusal::invalid("member", "councils.not-in-room"))?;
    let twice = s.speeches.iter().any(|o| o.item == item && o.member == member && o.waits());
    ensure(!twice, || Refusal::conflict("councils.waits-already"))?;
    Ok(E::SpeechAsked { id: facts.id, item, member, person: m.person, capacity: m.capacity, side })
}

/// The wish is taken back.
pub(super) fn give_up(s: &Sitting, speech: Id) -> Result<E, Refusal> {
    let found = s.speeches.iter().find(|o| o.id == speech && o.waits());
    ensure(found.is_some(), || Refusal::conflict("councils.waits-not"))?;
    Ok(E::SpeechDropped { speech })
}

/// The word goes to whoever is next; whoever speaks has ended.
pub(super) fn give(s: &Sitting, item: Id) -> Result<Vec<E>, Refusal> {
    debated(s, item)?;
    ensure(!s.vote_open(), || Refusal::conflict("councils.vote-open"))?;
    let next = next_speech(&s.speeches, item).ok_or(Refusal::conflict("councils.nobody-waits"))?;
    let mut out = hush(s);
    out.push(E::SpeechBegun { speech: next.id });
    Ok(out)
}

/// Whoever speaks has ended.
pub(super) fn end(s: &Sitting) -> Result<Vec<E>, Refusal> {
    let out = hush(s);
    ensure(!out.is_empty(), || Refusal::conflict("councils.nobody-speaks"))?;
    Ok(out)
}

/// Another limit for those who speak on an item.
pub(super) fn limit(s: &Sitting, item: Id, minutes: u32) -> Result<E, Refusal> {
    item_in(s, item)?;
    ensure((1..=LIMIT).contains(&minutes), || Refusal::invalid("limit", "ui.not-valid"))?;
    Ok(E::SpeechLimitSet { item, minutes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Capacity;
    use chrono::Duration;
    use kernel::{Time, time::parse_stamp};
    use proptest::prelude::*;

    fn at(n: usize) -> Time {
        parse_stamp("2026-03-02T01:00:00Z").unwrap() + Duration::seconds(i64::try_from(n).unwrap())
    }

    fn wish(n: usize, member: usize, side: Side) -> Speech {
        Speech {
            id: Id::named(&format!("s{n}")),
            item: Id::named("item"),
            member: Id::named(&format!("m{member}")),
            person: Id::named(&format!("p{member}")),
            capacity: Capacity::ResidentRep,
            side,
            queued: at(n),
            began: None,
            ended: None,
            dropped: false,
        }
    }

    fn order(all: &[Speech]) -> Vec<Speech> {
        let ids = speaking_order(all, Id::named("item"));
        ids.iter().map(|id| all.iter().find(|s| s.id == *id).unwrap().clone()).collect()
    }

    #[test]
    fn sides_take_turns_and_new_voices_go_first() {
        use Side::{Contra, Info, Order, Pro, Question};
        let sides = |all: &[Speech]| order(all).iter().map(|s| s.side).collect::<Vec<_>>();
        let all = [wish(0, 0, Pro), wish(1, 1, Pro), wish(2, 2, Contra), wish(3, 3, Order)];
        assert_eq!(sides(&all), [Order, Pro, Contra, Pro]);
        let all = [wish(0, 0, Question), wish(1, 1, Pro), wish(2, 2, Info), wish(3, 3, Contra)];
        assert_eq!(sides(&all), [Question, Pro, Info, Contra]);
        let mut all = [wish(0, 0, Pro), wish(1, 0, Contra), wish(2, 1, Contra), wish(3, 2, Contra)];
        (all[0].began, all[0].ended) = (Some(at(9)), Some(at(10)));
        let said: Vec<Id> = order(&all).iter().map(|s| s.member).collect();
        assert_eq!(said, [Id::named("m1"), Id::named("m2"), Id::named("m0")], "who spoke goes last");
    }

    proptest! {
        #[test]
        fn nobody_is_lost_and_turns_alternate(
            wishes in prop::collection::vec((0..8_usize, 0..5_usize, any::<bool>()), 0..24)
        ) {
            let all: Vec<Speech> = wishes.iter().enumerate().map(|(n, (member, side, spoke))| {
                let mut one = wish(n, *member, Side::ALL[*side]);
                if *spoke {
                    (one.began, one.ended) = (Some(at(100 + n)), Some(at(101 + n)));
                }
                one
            }).collect();
            let called = order(&all);
            let waiting: Vec<&Speech> = all.iter().filter(|s| s.waits()).collect();
            prop_assert_eq!(called.len(), waiting.len(), "everybody is called");
            for s in &waiting {
                prop_assert_eq!(called.iter().filter(|c| c.id == s.id).count(), 1, "once");
            }
            let orders = waiting.iter().filter(|s| s.side == Side::Order).count();
            prop_assert!(called.iter().take(orders).all(|s| s.side == Side::Order), "points of order first");
            let mut last = all.iter().filter(|s| s.began.is_some() && s.side.debates()).max_by_key(|s| s.began).map(|s| s.side);
            let mut spoke: Vec<Id> = all.iter().filter(|s| s.began.is_some() && s.side != Side::Order).map(|s| s.member).collect();
            for (n, s) in called.iter().enumerate() {
                let rest = &called[n + 1..];
                if s.side.debates() {
                    let other_waits = rest.iter().any(|r| r.side.debates() && r.side != s.side);
                    prop_assert!(last != Some(s.side) || !other_waits, "the sides take turns while both wait");
                    last = Some(s.side);
                }
                if s.side != Side::Order {
                    // Within one side, who has not spoken goes before who has, and then who asked first.
                    for r in rest.iter().filter(|r| r.side == s.side) {
                        let (a, b) = (spoke.contains(&s.member), spoke.contains(&r.member));
                        prop_assert!((a, s.queued) < (b, r.queued) || s.member == r.member, "{a} {b}");
                    }
                    spoke.push(s.member);
                }
            }
        }
    }
}
