//! A poll to knock at.

use super::path;
use kernel::{Actor, Id};
use polls::{
    actions,
    model::{NewPoll, Shape, Trust},
    rules::{Act, Line, Own},
};
use store::testing::TestStore;

/// A secret poll of the matter's community that was noticed, with one person on its roll.
pub(super) async fn made(test: &TestStore, street: Id) -> Id {
    test.store
        .write(move |tx| {
            Box::pin(async move {
                let sys = Actor::system(street);
                let new = NewPoll {
                    place: path("/QH/LY/"),
                    title: "推选楼道长".into(),
                    text: "推选 3 号楼楼道长一名。".into(),
                    shape: Shape::Sides,
                    secret: true,
                    trust: Trust::Grouped,
                    options: Vec::new(),
                    candidates: Vec::new(),
                    origin: None,
                };
                let id = actions::draft(tx, &sys, new).await?.id;
                let bridge = crate::wiring::POLLS;
                actions::act(tx, bridge, &sys, id, Act::Rule("consultation".into(), Own::default())).await?;
                let line = Line {
                    unit: "1".into(),
                    name: "李敏".into(),
                    paper: None,
                    phone: None,
                    person: None,
                    area: tally::Area::ZERO,
                    state: tally::owners::State::Delivered,
                    kind: tally::owners::Kind::Exclusive,
                };
                actions::freeze(tx, bridge, &sys, id, &[line]).await?;
                let opens = tx.now + chrono::Duration::days(20);
                let notice = Act::Notice(opens, opens + chrono::Duration::days(1), None);
                actions::act(tx, bridge, &sys, id, notice).await?;
                Ok(id)
            })
        })
        .await
        .unwrap()
}
