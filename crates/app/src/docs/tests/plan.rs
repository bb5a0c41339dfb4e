//! A plan to knock at.

use super::path;
use crate::wiring::PLANS;
use kernel::{Actor, Id};
use plans::{actions, model};
use store::testing::TestStore;

/// A plan for the matter's community that people are asked about.
pub(super) async fn made(test: &TestStore, street: Id) -> Id {
    test.store
        .write(move |tx| {
            Box::pin(async move {
                let sys = Actor::system(street);
                let new = model::NewPlan {
                    place: path("/QH/LY/"),
                    title: "下水管道改造".into(),
                    matter: None,
                    parties: String::new(),
                    text: "换成大口径管道。".into(),
                };
                let id = actions::draft(tx, PLANS, &sys, new).await?.id;
                let until = kernel::time::local_date(tx.now + chrono::Duration::days(7));
                actions::act(tx, PLANS, &sys, id, model::Act::Open(until)).await?;
                Ok(id)
            })
        })
        .await
        .unwrap()
}
