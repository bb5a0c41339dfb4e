//! The hall, live: phones and the wall follow it, members speak, ask and move from their phones.

use super::*;
use axum::body::{Body, to_bytes};
use councils::{
    actions,
    model::{Act, Capacity, CouncilKind, How, ItemKind, NewCouncil, NewItem, NewMember, NewSitting},
};
use futures_util::StreamExt;
use ui::testing::hidden;

/// A body of three: its chair, who holds the secretary's office, and two residents.
struct Hall {
    sitting: Id,
    item: Id,
    seats: Vec<Id>,
    persons: Vec<Id>,
}

/// A sitting in session with one item called, everybody in the room.
async fn in_session(t: &TestStore, staff: Id) -> Hall {
    let street = street(t).await;
    let actor = Actor { person: Some(staff), ..Actor::system(street) };
    let (council, persons, seats) = t
        .store
        .write({
            let actor = actor.clone();
            move |tx| {
                Box::pin(async move {
                    let place = path("/QH/LY/");
                    let kind = CouncilKind::Pavilion;
                    let new = NewCouncil { kind, name: "柳荫议事亭".into(), place, rule: None };
                    let council = actions::found(tx, &actor, new).await?.id;
                    let mut persons = vec![staff];
                    for name in ["李敏", "王建国"] {
                        let new =
                            people::NewPerson { name: Some(name.into()), ..people::NewPerson::default() };
                        persons.push(people::actions::add_person(tx, &actor, new).await?);
                    }
                    let mut seats = Vec::new();
                    for person in &persons {
                        let capacity = Capacity::ResidentRep;
                        let new = NewMember {
                            name: String::new(),
                            phone: None,
                            capacity,
                            votes: true,
                            until: None,
                        };
                        seats.push(actions::seat(tx, &actor, council, *person, new).await?.id);
                    }
                    actions::settings(tx, &actor, council, Some(seats[0]), None, "resident_reps").await?;
                    Ok((council, persons, seats))
                })
            }
        })
        .await
        .unwrap();
    let starts = t.store.now() + Duration::days(12);
    let (sitting, item) = t
        .store
        .write({
            let actor = actor.clone();
            move |tx| {
                Box::pin(async move {
                    let new = NewSitting {
                        venue: "院子".into(),
                        starts,
                        ends: starts + Duration::hours(2),
                        ..NewSitting::default()
                    };
                    let s = actions::plan(tx, &actor, council, new).await?.id;
                    let new = NewItem {
                        kind: ItemKind::Decide,
                        title: Some("电动车停放".into()),
                        minutes: 30,
                        matter: None,
                    };
                    let item = actions::act(tx, BRIDGE, &actor, s, Act::AddItem(new)).await?.items[0].id;
                    actions::act(tx, BRIDGE, &actor, s, Act::Notice(None)).await?;
                    Ok((s, item))
                })
            }
        })
        .await
        .unwrap();
    t.clock.set(starts);
    let all = seats.clone();
    t.store
        .write(move |tx| {
            Box::pin(async move {
                actions::act(tx, BRIDGE, &actor, sitting, Act::OpenSignIn).await?;
                for seat in all {
                    actions::act(tx, BRIDGE, &actor, sitting, Act::Come(seat, How::List)).await?;
                }
                actions::act(tx, BRIDGE, &actor, sitting, Act::Begin).await?;
                actions::act(tx, BRIDGE, &actor, sitting, Act::Call(item)).await
            })
        })
        .await
        .unwrap();
    Hall { sitting, item, seats, persons }
}

async fn rooms() -> TestStore {
    let rooms = [places::MIGRATIONS, people::MIGRATIONS, councils::MIGRATIONS];
    testing::open(Engine::Sqlite, &rooms).await.unwrap().unwrap()
}

/// What the stream of a sitting says next.
async fn told(stream: &mut axum::body::BodyDataStream) -> String {
    let bytes = stream.next().await.unwrap().unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn phones_and_the_wall_follow_the_hall() {
    let t = rooms().await;
    let (mut b, staff) = hall(&t).await;
    let h = in_session(&t, staff).await;
    let (desk, public) = (format!("/office/sittings/{}", h.sitting), format!("/sittings/{}", h.sitting));
    b.who = None;
    let live = b.answer(Request::get(format!("{public}/live")), Body::empty()).await;
    let mut live = live.into_body().into_data_stream();
    let first = told(&mut live).await;
    assert!(first.contains("id:") && first.contains("data:"), "who comes hears the version: {first}");
    let now = |tag: Option<&str>| {
        let request = Request::get(format!("{public}/now"));
        match tag {
            Some(tag) => request.header(header::IF_NONE_MATCH, tag),
            None => request,
        }
    };
    let seen = b.answer(now(None), Body::empty()).await;
    let tag = seen.headers()[header::ETAG].to_str().unwrap().to_owned();
    assert_eq!(seen.headers()[header::CACHE_CONTROL], "private, no-cache");
    assert_eq!(b.answer(now(Some(&tag)), Body::empty()).await.status(), StatusCode::NOT_MODIFIED);
    for page in [public.clone(), format!("{public}/screen")] {
        let text = b.open(&page).await;
        assert!(text.contains("电动车停放") && text.contains("实到 3 人"), "{text}");
        assert!(!text.contains("李敏"), "no names");
    }

    // A member asks to speak from a phone: the hall hears of it at once, the chair gives the word.
    b.who = Some(h.persons[1]);
    b.done(&public, &format!("{public}/own/speak"), &[("side", "contra")]).await;
    let heard = told(&mut live).await;
    assert!(heard != first, "{heard}");
    let text = b.open(&public).await;
    assert!(text.contains("您排在第 1 位") && text.contains("1 人等候发言"), "{text}");
    b.who = Some(staff);
    let at = |act: &str| format!("{desk}/{act}");
    b.done(&desk, &at("add-speaker"), &[("speaker", &h.seats[2].to_string()), ("side", "pro")]).await;
    b.done(&desk, &at("give-word"), &[]).await;
    let part = b.send(Request::get(at("floor")), String::new()).await;
    assert!(
        part.status == StatusCode::OK && part.text.contains("李敏"),
        "the first who asked: {}",
        part.text
    );
    b.who = None;
    let seen = b.answer(now(Some(&tag)), Body::empty()).await;
    assert_eq!(seen.status(), StatusCode::OK, "another version");
    let text = String::from_utf8(to_bytes(seen.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap();
    assert!(text.contains("居民代表") && text.contains("data-clock=") && !text.contains("李敏"), "{text}");
    b.who = Some(staff);
    b.done(&desk, &at("give-word"), &[]).await;
    b.done(&desk, &at("end-speech"), &[]).await;
    assert!(b.open(&desk).await.contains("已发言 2 人次"));

    // Who is not in the room does not speak.
    b.who = Some(Id::named("stranger"));
    let csrf = t.store.keys().sign("form", &Id::named("stranger").to_string());
    let request = Request::post(format!("{public}/own/speak"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let Seen { status, text, .. } = b.send(request, format!("csrf={csrf}&side=pro&item={}", h.item)).await;
    assert!(status == StatusCode::FORBIDDEN && text.contains("到会的成员"), "{status} {text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_goes_from_a_phone_to_the_board() {
    let t = rooms().await;
    let (mut b, staff) = hall(&t).await;
    let h = in_session(&t, staff).await;
    let (desk, public) = (format!("/office/sittings/{}", h.sitting), format!("/sittings/{}", h.sitting));
    b.who = Some(h.persons[2]);
    b.done(&public, &format!("{public}/own/ask"), &[("question", "充电桩谁出钱，电话13812345678")]).await;
    assert!(b.open(&public).await.contains("您的提问"), "the asker sees it");
    b.who = None;
    assert!(
        !b.open(&public).await.contains("充电桩谁出钱"),
        "nobody else does before the chair lets it through"
    );
    b.who = Some(staff);
    let at = |act: &str| format!("{desk}/{act}");
    b.done(&desk, &at("admit"), &[]).await;
    b.done(&desk, &at("ask"), &[("question", "几点散会")]).await;
    let Seen { status, text, .. } = b.submit(&desk, &at("close"), &[]).await;
    assert!(status == StatusCode::CONFLICT && text.contains("还有 2 条提问没有处理"), "{text}");
    b.who = None;
    let text = b.open(&public).await;
    assert!(text.contains("充电桩谁出钱") && !text.contains("13812345678"), "{text}");
    b.who = Some(staff);
    let Seen { status, text, .. } =
        b.submit(&desk, &at("promise"), &[("owner", "unit:x"), ("due", "2026-05-01")]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("value=\"2026-05-01\""), "{text}");
    let owner = format!("person:{}", h.persons[1]);
    b.done(&desk, &at("promise"), &[("owner", &owner), ("due", "2026-05-01")]).await;
    for page in ["/office/councils", "/office/councils/promised"] {
        let text = b.open(page).await;
        assert!(text.contains("充电桩谁出钱") && text.contains("李敏"), "{page}: {text}");
    }
    b.done(&desk, &at("deliver"), &[("answer", "公共收益列支")]).await;
    b.done(&desk, &at("refuse-question"), &[("words", "见议程")]).await;
    b.done(&desk, &at("close"), &[]).await;
    b.who = None;
    let text = b.open(&public).await;
    assert!(text.contains("公共收益列支") && !text.contains("李敏") && !text.contains("几点散会"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_motion_from_a_phone_amended_and_adopted() {
    let t = rooms().await;
    let (mut b, staff) = hall(&t).await;
    let h = in_session(&t, staff).await;
    let (desk, public) = (format!("/office/sittings/{}", h.sitting), format!("/sittings/{}", h.sitting));
    let (at, own) = (|act: &str| format!("{desk}/{act}"), |act: &str| format!("{public}/own/{act}"));
    b.who = Some(h.persons[1]);
    b.done(&public, &own("move-motion"), &[("motion", "在车棚装6个充电桩")]).await;
    assert!(form_of(&b.open(&public).await, &own("second")).is_none(), "nobody seconds an own motion");
    b.who = Some(h.persons[2]);
    b.done(&public, &own("second"), &[]).await;
    b.done(&public, &own("amend"), &[("motion", "在北侧装6个充电桩")]).await;
    b.who = Some(staff);
    b.done(&desk, &at("debate"), &[]).await;
    let seat = |n: usize| h.seats[n].to_string();
    b.done(&desk, &at("second"), &[("seconder", &seat(0))]).await;
    b.done(&desk, &at("debate"), &[]).await;
    let hands =
        [("first", seat(1)), ("second", seat(2)), ("first_yes", "3".into()), ("second_yes", "3".into())];
    let hands: Vec<(&str, &str)> = hands.iter().map(|(k, v)| (*k, v.as_str())).collect();
    // Only the amendment may be put now: its motion has no such form, and a form made up is refused.
    let page = b.open(&desk).await;
    let id_of = |act: &str| {
        let ids = page.split("<form").filter(|f| f.contains(&format!("action=\"{}\"", at(act))));
        let of_one = |f: &str| hidden(f).into_iter().find(|(name, _)| name == "id").map(|(_, id)| id);
        ids.filter_map(of_one).collect::<Vec<String>>()
    };
    let (motion, amendments) = (id_of("amend"), id_of("put"));
    assert!(motion.len() == 1 && amendments.len() == 1 && motion != amendments, "{motion:?} {amendments:?}");
    let Seen { status, text, .. } = b.submit(&desk, &at("put"), &[("id", &motion[0])]).await;
    assert!(status == StatusCode::CONFLICT && text.contains("先把修正案表决完"), "{text}");
    b.done(&desk, &at("put"), &[("id", &amendments[0]), ("rule", "resident_reps")]).await;
    b.done(&desk, &at("count"), &hands).await;
    b.who = None;
    let text = b.open(&public).await;
    assert!(text.contains("<del>车棚</del><ins>北侧</ins>"), "{text}");
    assert!(!text.contains("李敏") && text.contains("居民代表提出，居民代表附议"), "{text}");
    b.who = Some(staff);
    b.done(&desk, &at("put"), &[("rule", "resident_reps")]).await;
    b.done(&desk, &at("count"), &hands).await;
    let text = b.open(&format!("{public}/screen")).await;
    assert!(text.contains("在北侧装6个充电桩") && text.contains("通过"), "{text}");
    // The minutes say what happened: the amendment with its vote, the quorum, when it was.
    b.done(&desk, &at("close"), &[]).await;
    b.done(&desk, &at("draft"), &[]).await;
    let text = b.open(&desk).await;
    for part in ["修正案（居民代表提出）：在北侧装6个充电桩", "居民代表附议", "到会人数需", "实际开会："]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
}
