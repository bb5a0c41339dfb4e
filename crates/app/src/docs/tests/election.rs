//! An election to knock at.

use super::path;
use elections::{actions, model};
use kernel::{Actor, Id, calendar::Calendar};
use store::testing::TestStore;

/// An election of the matter's community whose committee is there, so that everybody may see it.
pub(super) async fn made(test: &TestStore, street: Id) -> Id {
    test.store
        .write(move |tx| {
            Box::pin(async move {
                let (sys, calendar) = (Actor::system(street), Calendar::shipped());
                let new = model::NewElection {
                    kind: model::ElectionKind::PavilionHead,
                    mode: model::Mode::Plurality,
                    title: "亭长推选".into(),
                    post: "亭长".into(),
                    seats: 1,
                    place: path("/QH/LY/"),
                    polling_day: kernel::time::local_date(tx.now + chrono::Duration::days(30)),
                    roll_posted: None,
                    candidates_days: None,
                };
                let id = actions::prepare(tx, &sys, new, &calendar).await?.id;
                for (name, chair) in [("甲", true), ("乙", false)] {
                    actions::name_member(tx, &sys, id, name, None, chair, &calendar).await?;
                }
                actions::act(tx, &sys, id, model::Act::Form, &calendar).await?;
                Ok(id)
            })
        })
        .await
        .unwrap()
}
