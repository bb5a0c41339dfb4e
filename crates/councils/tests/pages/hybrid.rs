//! A member sends somebody from a phone; the chair notes who is at the telephone and calls them by name.

use super::*;

/// A browser of a community whose secretary is `staff`.
pub(super) async fn plain(t: &TestStore) -> (Browser, Id) {
    let (_, staff) = hall(t).await;
    let home = places::home(&mut t.store.read().await.unwrap()).await.unwrap().map(Arc::new).unwrap();
    let offices = vec![(staff, OfficeKind::CommunitySecretary, path("/QH/LY/"))];
    let mut b = Browser::new(councils::routes(BRIDGE), Doorkeeper { store: t.store.clone(), home, offices });
    b.who = Some(staff);
    (b, staff)
}

pub(super) async fn rooms() -> TestStore {
    let rooms = [places::MIGRATIONS, people::MIGRATIONS, councils::MIGRATIONS];
    testing::open(Engine::Sqlite, &rooms).await.unwrap().unwrap()
}

/// Who has this telephone.
pub(super) async fn person(t: &TestStore, phone: &str) -> Id {
    let street = street(t).await;
    let mut conn = t.store.read().await.unwrap();
    people::queries::find_by_phone(&mut conn, t.store.keys(), street, phone).await.unwrap().unwrap()
}

/// A pavilion of three who vote; where it is.
pub(super) async fn body(b: &Browser) -> String {
    let new = "/office/councils/new";
    let fields = [("kind", "pavilion"), ("name", "柳荫议事亭"), ("place", "/QH/LY/")];
    let council = b.done(new, new, &fields).await;
    for (name, phone) in [("李敏", "13900000001"), ("王建国", "13900000002"), ("赵慧", "13900000003")]
    {
        let who = [("name", name), ("phone", phone), ("capacity", "resident_rep")];
        b.done(&council, &format!("{council}/member"), &who).await;
    }
    council
}

/// The values of the choices of a field.
pub(super) fn choices<'a>(page: &'a str, field: &str) -> Vec<&'a str> {
    let select = &page[page.find(&format!("id=\"f-{field}\"")).unwrap()..];
    let select = &select[..select.find("</select>").unwrap()];
    select
        .split("<option value=\"")
        .skip(1)
        .map(|o| &o[..o.find('"').unwrap()])
        .filter(|v| !v.is_empty())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hybrid_sitting_from_phones_and_the_chairs_screen() {
    let t = rooms().await;
    let (mut b, staff) = plain(&t).await;
    let council = body(&b).await;
    let page = b.open(&council).await;
    let seats: Vec<String> = choices(&page, "chair").into_iter().map(str::to_owned).collect();
    let set = format!("{council}/settings");
    let fields = [
        ("chair", seats[0].as_str()),
        ("secretary", &seats[1]),
        ("rule", "resident_reps"),
        ("delegates", "1"),
    ];
    b.done(&council, &set, &fields).await;
    let starts = t.store.now() + Duration::days(12);
    let local = |at| time::local(at).format("%Y-%m-%dT%H:%M").to_string();
    let (from, to) = (local(starts), local(starts + Duration::hours(2)));
    let plan = format!("{council}/sittings");
    let mut times =
        vec![("venue", "议事厅"), ("mode", "hybrid"), ("starts", from.as_str()), ("ends", to.as_str())];
    b.refused(&council, &plan, &times, "请写明电话、线上怎样加入").await;
    times.push(("join", "会议号 100"));
    let s = b.done(&council, &plan, &times).await;
    let (at, public) = (|act: &str| format!("{s}/{act}"), s.replace("/office", ""));
    b.done(&s, &at("add-item"), &[("title", "电动车停放"), ("kind", "decide")]).await;
    b.done(&s, &at("notice"), &[]).await;

    b.who = None;
    let seen = b.open(&public).await;
    assert!(seen.contains("议事厅 · 现场和电话、线上") && !seen.contains("会议号 100"), "{seen}");
    // The third cannot come: sends somebody, thinks better of it, and sends again.
    let third = person(&t, "13900000003").await;
    b.who = Some(third);
    assert!(b.open(&public).await.contains("会议号 100"), "a member reads how to join");
    let send = [("delegate", "王小满"), ("delegate_phone", "13900000009")];
    b.done(&public, &format!("{public}/own/delegate"), &send).await;
    b.done(&public, &format!("{public}/own/drop-delegate"), &[]).await;
    b.done(&public, &format!("{public}/own/delegate"), &send).await;
    let delegate = person(&t, "13900000009").await;
    b.who = Some(delegate);
    let seen = b.open(&public).await;
    assert!(seen.contains("有成员委托您出席这次会议") && seen.contains("会议号 100"), "{seen}");
    b.who = Some(staff);
    let sheet = b.open(&at("paper")).await;
    assert!(sheet.contains("委托 王小满 出席") && sheet.contains("参加方式"), "{sheet}");

    t.clock.set(starts);
    b.done(&s, &at("open"), &[]).await;
    b.done(&s, &at("come"), &[("member", &seats[0])]).await;
    b.done(&s, &at("come"), &[("member", &seats[1]), ("how", "phone")]).await;
    b.refused(&s, &at("come-for"), &[("how", "code")], "参加方式").await;
    b.done(&s, &at("guest"), &[("guest", "郑工"), ("as", "expert")]).await;
    b.who = Some(delegate);
    b.done(&public, &format!("{public}/here"), &[("from", "afar")]).await;
    b.who = Some(staff);
    b.done(&s, &at("begin"), &[]).await;
    b.done(&s, &at("call"), &[]).await;
    b.done(&s, &at("vote"), &[("motion", "在南门外划线停放")]).await;
    let page = b.open(&s).await;
    assert!(page.contains("点名：不在会场的成员") && page.contains("王小满"), "{page}");
    b.who = Some(delegate);
    b.done(&public, &format!("{public}/own/voice"), &[("said", "yes")]).await;
    assert!(b.open(&public).await.contains("已记下：同意"));
    b.who = Some(staff);
    b.done(&s, &at("voice"), &[("member", &seats[1]), ("said", "no")]).await;
    let page = b.open(&s).await;
    assert_eq!(choices(&page, "first"), [&seats[0]], "who is at the telephone counts no hands");
}
