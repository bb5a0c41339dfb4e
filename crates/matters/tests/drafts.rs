//! A slip that was put off: only its author goes on with it, and it is a matter only when it is raised.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod common;
use common::*;
use kernel::Channel;
use matters::{actions, model::*, queries};
use store::testing::{TestStore, refused};

store::story!(
    drafts_are_kept_gone_on_with_and_raised_once,
    [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS],
    |t: TestStore| async move {
        let town = Town::new(t).await;
        let keep = async |actor: &kernel::Actor, input: NewMatter, photos: u8| {
            let (actor, blobs) = (actor.clone(), (0..photos).map(photo).collect());
            town.store()
                .write(move |tx| Box::pin(async move { actions::keep_draft(tx, &actor, input, blobs).await }))
                .await
        };
        let list = async |person| {
            let mut conn = town.store().read().await.unwrap();
            queries::drafts(&mut conn, town.store().keys(), town.street, person).await.unwrap()
        };
        let grid = town.grid();
        let me = grid.person.unwrap();

        // Nothing at all is nothing to keep; a photo alone is.
        assert_eq!(refused(keep(&grid, NewMatter::default(), 0).await), "matters.draft-empty");
        let id = keep(&grid, NewMatter::default(), 1).await.unwrap();
        let input = NewMatter {
            draft: Some(id),
            body: "三楼水管漏".into(),
            name: Some("王秀兰".into()),
            phone: Some("13912345678".into()),
            place: Some(path("/QH/LY/LYHY/3/")),
            channel: Some(Channel::Visit),
            ..NewMatter::default()
        };
        assert_eq!(keep(&grid, input, 1).await.unwrap(), id, "the same draft");
        let mine = list(me).await;
        assert_eq!((mine.len(), mine[0].photos, mine[0].input.body.as_str()), (1, 2, "三楼水管漏"));
        assert_eq!(mine[0].input.phone.as_deref(), Some("13912345678"));

        // Nobody else sees it or goes on with it.
        assert!(list(town.duty).await.is_empty());
        assert_eq!(refused(keep(&town.duty(), mine[0].input.clone(), 0).await), "matters.no-draft");
        assert_eq!(
            refused(town.raise(&town.duty(), mine[0].input.clone(), vec![]).await),
            "matters.no-draft"
        );

        // It becomes a matter, once, with the photos that were taken before.
        let slip = town.raise(&grid, mine[0].input.clone(), vec![]).await.unwrap();
        let m = town.sound(slip.matter).await;
        assert_eq!((m.attachments.len(), m.channel, m.status), (2, Channel::Visit, Status::Submitted));
        assert!(list(me).await.is_empty());
        assert_eq!(refused(town.raise(&grid, mine[0].input.clone(), vec![]).await), "matters.no-draft");

        // One that is thrown away is gone.
        let id = keep(&grid, NewMatter { body: "不用了".into(), ..NewMatter::default() }, 0).await.unwrap();
        let actor = grid.clone();
        town.store()
            .write(move |tx| Box::pin(async move { actions::discard_draft(tx, &actor, id).await }))
            .await
            .unwrap();
        assert!(list(me).await.is_empty());

        // What an ended slip said is kept no longer; the matter keeps its own.
        let left = async || {
            let sql = "SELECT COUNT(*) AS n FROM words w WHERE w.sealed IS NOT NULL AND w.subject IN (SELECT id FROM matter_draft)";
            town.store().read().await.unwrap().number(sql, vec![]).await.unwrap()
        };
        assert_eq!(left().await, 0);

        // One that nobody goes on with is thrown away, with its photo.
        let input = NewMatter { phone: Some("13912345678".into()), ..NewMatter::default() };
        keep(&grid, input, 1).await.unwrap();
        assert_eq!(left().await, 1);
        town.t.clock.advance(chrono::Duration::days(29));
        assert_eq!(actions::drop_old_drafts(town.store()).await.unwrap(), 0);
        town.t.clock.advance(chrono::Duration::days(2));
        assert_eq!(actions::drop_old_drafts(town.store()).await.unwrap(), 1);
        assert_eq!((left().await, list(me).await.len()), (0, 0));
        let sql = "SELECT COUNT(*) AS n FROM blob WHERE original IS NULL AND public IS NULL";
        assert_eq!(town.store().read().await.unwrap().number(sql, vec![]).await.unwrap(), 1);
        let mut conn = town.store().read().await.unwrap();
        let ended = queries::ended_drafts(&mut conn).await.unwrap();
        assert!(
            conn.check_commitments(&["people"], &ended).await.unwrap().is_empty(),
            "gone, and rightly so"
        );
        assert!(!conn.check_commitments(&["people"], &[].into()).await.unwrap().is_empty(), "and noticed");
        drop(conn);
        town.verify().await;
        town.silent(&["王秀兰", "13912345678", "三楼水管漏"]).await;
    }
);
