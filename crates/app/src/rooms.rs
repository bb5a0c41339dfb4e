//! The rooms of this program: their tables, sentences, routes and checks, listed once.

use axum::Router;
use store::{Conn, Fault, Keys, Migrations, Printed, SealsChecked, StreamFault};
use ui::{
    Ctx, Door,
    Needs::{Nothing, Somewhere},
    needs::get,
};

/// The tables of every room.
pub(crate) const MIGRATIONS: &[Migrations] = &[
    places::MIGRATIONS,
    people::MIGRATIONS,
    matters::MIGRATIONS,
    councils::MIGRATIONS,
    polls::MIGRATIONS,
    elections::MIGRATIONS,
    plans::MIGRATIONS,
];

/// Makes every room's sentences known by the room's name.
pub(crate) fn register_words() {
    for words in [
        &*places::WORDS,
        &*people::WORDS,
        &*matters::WORDS,
        &*councils::WORDS,
        &*polls::WORDS,
        &*elections::WORDS,
        &*plans::WORDS,
        &*briefings::WORDS,
        &*seals::WORDS,
        &*crate::WORDS,
    ] {
        ui::register(words);
    }
}

/// Every room's pages and API.
pub(crate) fn routes() -> Router<Ctx> {
    Router::new()
        .merge(ui::routes())
        .merge(people::routes())
        .merge(places::routes())
        .merge(matters::routes())
        .merge(councils::routes(crate::wiring::COUNCILS))
        .merge(polls::routes(crate::wiring::POLLS))
        .merge(elections::routes(crate::wiring::POLLS))
        .merge(plans::routes(crate::wiring::PLANS))
        .merge(briefings::routes())
        .merge(seals::routes())
}

/// Every column of sealed values.
pub(crate) fn sealed() -> Vec<store::Sealed> {
    [store::SEALED, people::SEALED].concat()
}

/// Every room's rights.
pub(crate) fn rights() -> Vec<ui::Right> {
    [
        places::RIGHTS,
        people::RIGHTS,
        matters::rules::RIGHTS,
        councils::RIGHTS,
        polls::RIGHTS,
        elections::RIGHTS,
        plans::RIGHTS,
    ]
    .concat()
}

/// Who keeps what about people: the register of personal data.
pub(crate) const KEEPERS: &[ui::Keeper] =
    &[people::KEEPER, matters::KEEPER, councils::KEEPER, polls::KEEPER, elections::KEEPER, plans::KEEPER];

/// What every address asks, room by room.
pub(crate) const DOORS: &[(&str, &[Door])] = &[
    ("ui", ui::needs::DOORS),
    ("people", people::DOORS),
    ("places", places::DOORS),
    ("matters", matters::DOORS),
    ("councils", councils::DOORS),
    ("polls", polls::DOORS),
    ("elections", elections::DOORS),
    ("plans", plans::DOORS),
    ("briefings", BRIEFINGS),
    ("seals", seals::DOORS),
    ("app", OWN),
];

/// The addresses of the figures: they show what the reader may read of the matters.
const BRIEFINGS: &[Door] = &[
    get("/public", Nothing),
    get("/public/print", Nothing),
    get("/public/figures/{code}", Nothing),
    get("/public/sheet/figures.{ending}", Nothing),
    get("/public/sheet/matters.{ending}", Nothing),
    get("/office/figures", Somewhere(&matters::rules::READ)),
    get("/office/figures/{code}", Somewhere(&matters::rules::READ)),
    get("/office/figures-sheet/figures.{ending}", Somewhere(&matters::rules::READ)),
    get("/api/v1/figures", Nothing),
    get("/api/v1/figures/{code}/matters", Nothing),
];

/// The addresses of the program itself.
const OWN: &[Door] = &[
    get("/api/openapi.json", Nothing),
    get("/healthz", Nothing),
    get("/readyz", Nothing),
    get("/metrics", Nothing),
];

/// The first events of every kind of thing, and of the streams that belong to none.
const BEGINNINGS: &[&str] = &[
    "places.added",
    "places.grid_added",
    "people.unit_added",
    "people.person_added",
    "people.account_opened",
    "people.office_given",
    "people.consent_asked",
    "people.request_made",
    "people.past_listed",
    "matters.raised",
    "matters.draft_begun",
    "matters.settings_changed",
    "councils.council_founded",
    "councils.sitting_planned",
    "councils.action_given",
    "councils.question_asked",
    "councils.action_evaluated",
    "councils.motion_submitted",
    "councils.rota_made",
    "councils.duty_planned",
    "polls.poll_drafted",
    "polls.head_touched",
    "elections.election_prepared",
    "plans.plan_drafted",
    "plans.opinion_put",
];

/// What a room's check found.
pub(crate) struct Checked {
    /// The room.
    pub room: &'static str,
    /// How many records were folded and compared.
    pub records: u64,
    /// What is wrong.
    pub faults: Vec<StreamFault>,
}

/// What checking the whole record found.
pub(crate) struct Verified {
    /// How many entries were read.
    pub entries: u64,
    /// What the rooms found.
    pub rooms: Vec<Checked>,
    /// What the seals say.
    pub seals: SealsChecked,
    /// Everything that is wrong, whoever found it.
    pub faults: Vec<StreamFault>,
}

/// Folds every room's journal and compares it with the tables.
///
/// # Errors
/// What the database says.
pub(crate) async fn verify(conn: &mut Conn, keys: &Keys) -> Result<Vec<Checked>, Fault> {
    let mut out = Vec::new();
    let (records, faults) = places::verify(conn).await?;
    out.push(Checked { room: "places", records, faults });
    let (records, mut faults) = people::verify(conn).await?;
    faults.extend(people::verify_keys(conn, keys).await?);
    out.push(Checked { room: "people", records, faults });
    let (records, faults) = matters::verify(conn, keys).await?;
    out.push(Checked { room: "matters", records, faults });
    let (records, faults) = councils::verify(conn).await?;
    out.push(Checked { room: "councils", records, faults });
    let (records, faults) = polls::verify(conn, keys).await?;
    out.push(Checked { room: "polls", records, faults });
    let (records, faults) = elections::verify(conn).await?;
    out.push(Checked { room: "elections", records, faults });
    let (records, faults) = plans::verify(conn).await?;
    out.push(Checked { room: "plans", records, faults });
    Ok(out)
}

/// Checks everything: entries, chains, texts, attachments, the rows of every room, the tree and its seals, and a seal
/// of earlier where one is brought along.
///
/// # Errors
/// What the database says.
pub(crate) async fn verify_all(
    conn: &mut Conn,
    keys: &Keys,
    printed: Option<&Printed>,
) -> Result<Verified, Fault> {
    let (entries, mut faults) = conn.check_chains().await?;
    faults.extend(conn.check_beginnings(BEGINNINGS).await?);
    // Persons may have what is known of them erased; `people` says whether what must be there is.
    let mut forgotten = people::queries::forgotten(conn).await?;
    forgotten.extend(matters::queries::ended_drafts(conn).await?);
    faults.extend(conn.check_commitments(&["people"], &forgotten).await?);
    let nowhere = kernel::Id::from(uuid::Uuid::nil());
    for commit in conn.check_words(keys).await? {
        let why = format!("the text kept for {commit} is not what its commitment says");
        faults.push(StreamFault { room: "words".into(), stream: nowhere, why });
    }
    faults.extend(conn.check_blobs(keys).await?);
    let rooms = verify(conn, keys).await?;
    faults.extend(rooms.iter().flat_map(|r| r.faults.iter().cloned()));
    let seals = conn.check_seals(keys, printed).await?;
    faults.extend(seals.faults.iter().cloned());
    Ok(Verified { entries, rooms, seals, faults })
}
