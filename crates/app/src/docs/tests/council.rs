//! A council to knock at.

use super::path;
use councils::model::{
    Act, ActionEvent, CouncilKind, ItemKind, NewCouncil, NewDuty, NewItem, NewMember, NewSitting, Owner,
};
use kernel::{Actor, Id};
use store::testing::TestStore;

/// A council of the matter's community with a sitting that was noticed, an action and a duty.
pub(super) async fn made(test: &TestStore, street: Id, unit: Id) -> [Id; 4] {
    test.store
        .write(move |tx| {
            Box::pin(async move {
                let sys = Actor::system(street);
                let (kind, place) = (CouncilKind::Pavilion, path("/QH/LY/"));
                let new =
                    NewCouncil { kind, name: "柳荫议事亭".into(), place: place.clone(), rule: None };
                let council = councils::actions::found(tx, &sys, new).await?.id;
                let capacity = councils::model::Capacity::ResidentRep;
                let new =
                    NewMember { name: "李敏".into(), phone: None, capacity, votes: true, until: None };
                councils::actions::join(tx, &sys, council, new).await?;
                let starts = tx.now + chrono::Duration::days(20);
                let new = NewSitting {
                    venue: "议事厅".into(),
                    starts,
                    ends: starts + chrono::Duration::hours(1),
                    ..NewSitting::default()
                };
                let s = councils::actions::plan(tx, &sys, council, new).await?;
                let new =
                    NewItem {
                        kind: ItemKind::Decide, title: Some("停车".into()), minutes: 0, matter: None
                    };
                let bridge = crate::wiring::COUNCILS;
                let s = councils::actions::act(tx, bridge, &sys, s.id, Act::AddItem(new)).await?;
                councils::actions::act(tx, bridge, &sys, s.id, Act::Notice(None)).await?;
                councils::actions::ask(tx, &sys, s.id, None, "几时划线？").await?;
                let id = tx.new_id()?;
                let given = ActionEvent::ActionGiven {
                    id,
                    council,
                    sitting: s.id,
                    item: s.items[0].id,
                    place,
                    matter: None,
                    text: "划线".into(),
                    owner: Owner::Unit(unit),
                    due: kernel::time::local_date(starts),
                };
                tx.record::<councils::Action>(id, None, &[given], &sys, None).await?;
                let member = tx
                    .get::<councils::Council>(street, council)
                    .await?
                    .and_then(|c| c.members.first().map(|m| m.id))
                    .ok_or_else(|| store::Fault::other("a council without a member"))?;
                let new = NewDuty {
                    member,
                    venue: "议事亭".into(),
                    starts: tx.now,
                    ends: tx.now + chrono::Duration::hours(2),
                };
                let duty = councils::actions::add_duty(tx, &sys, council, new).await?;
                Ok([council, s.id, id, duty.id])
            })
        })
        .await
        .unwrap()
}
