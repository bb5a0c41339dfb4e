//! What the API takes and gives, as types. Contact data is never among it.

use crate::{
    model::*,
    pages::{
        story::{self, Cast},
        words::{blurred, place_name},
    },
    queries::{self, Line, Standing},
};
use kernel::{Id, PlacePath, Time};
use places::Place;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use ui::{Lang, Viewer};
use utoipa::ToSchema;

/// A photo, a recording or a paper, with its bytes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Photo {
    /// The bytes in base64 (RFC 4648 §4).
    #[schema(content_encoding = "base64", max_length = 16777216)]
    pub data: String,
}

/// A matter to be raised, or registered on a resident's behalf. Words or a photo are needed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMatterBody {
    /// Where: the path of a place, at least of the community.
    #[schema(example = "/QH/LY/LYHY/3/")]
    pub place: String,
    /// Where exactly.
    #[serde(default)]
    #[schema(max_length = 60)]
    pub spot: Option<String>,
    /// Latitude in degrees (WGS 84).
    #[serde(default)]
    #[schema(minimum = -90, maximum = 90)]
    pub lat: Option<f64>,
    /// Longitude in degrees (WGS 84).
    #[serde(default)]
    #[schema(minimum = -180, maximum = 180)]
    pub lon: Option<f64>,
    /// Its title; made from the words when absent.
    #[serde(default)]
    #[schema(max_length = 60)]
    pub title: Option<String>,
    /// What is the matter.
    #[serde(default)]
    #[schema(max_length = 4000)]
    pub body: Option<String>,
    /// Category code of the street's catalogue.
    #[serde(default)]
    pub category: Option<String>,
    /// The channel that it came by; only with `on_behalf`.
    #[serde(default)]
    pub channel: Option<String>,
    /// Whether staff register it on a resident's behalf; needs the right to register here.
    #[serde(default)]
    pub on_behalf: bool,
    /// The resident's telephone. It goes in and never comes out again.
    #[serde(default)]
    pub phone: Option<String>,
    /// The resident's name. It goes in and never comes out again.
    #[serde(default)]
    #[schema(max_length = 30)]
    pub name: Option<String>,
    /// Whether the unit may know who it is.
    #[serde(default)]
    pub open_identity: bool,
    /// The time by the device that sent it.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub client_at: Option<Time>,
    /// At most six.
    #[serde(default)]
    #[schema(max_items = 6)]
    pub photos: Vec<Photo>,
}

/// "Me too".
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinBody {
    /// What the joiner adds.
    #[serde(default)]
    #[schema(max_length = 4000)]
    pub body: Option<String>,
    /// The resident's telephone.
    #[serde(default)]
    pub phone: Option<String>,
    /// The resident's name.
    #[serde(default)]
    #[schema(max_length = 30)]
    pub name: Option<String>,
    /// Whether the unit may know who it is.
    #[serde(default)]
    pub open_identity: bool,
}

/// What whoever raised or joined gets to keep.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlipView {
    /// The own number.
    #[schema(example = "LY-2026-000731")]
    pub number: String,
    /// The secret: whoever sends it as `Slip-Secret` acts by this voice.
    pub secret: String,
    /// The link that opens the matter as one's own in a browser.
    pub link: String,
    /// The receipt: SHA-256 of the recorded event, in hexadecimal.
    pub receipt: String,
}

/// A place.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceView {
    /// Its path.
    pub path: String,
    /// Its name below the community.
    pub name: String,
}

/// A line of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct MatterLine {
    /// The number.
    pub number: String,
    /// The title; for the public without telephone numbers.
    pub title: String,
    /// The main state.
    pub status: String,
    /// Where; for the public down to the building.
    pub place: PlaceView,
    /// The path of the community.
    pub community: String,
    /// When it was raised.
    #[schema(value_type = String, format = DateTime)]
    pub raised_at: Time,
    /// By which channel.
    pub channel: String,
    /// Category code.
    pub category: Option<String>,
    /// How pressing.
    pub urgency: String,
    /// Who settles it.
    pub tier: Option<String>,
    /// The unit that leads.
    pub lead: Option<String>,
    /// The round now.
    #[schema(minimum = 0)]
    pub round: i64,
    /// When the clock of the present state ends.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Time>,
    /// When it was first closed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<Time>,
    /// How it was settled.
    pub outcome: Option<String>,
    /// How many met with it.
    #[schema(minimum = 0)]
    pub voices: i64,
    /// On the book (挂账).
    pub suspended: bool,
    /// Waiting for the resident.
    pub waiting: bool,
    /// Watched by the street (督办).
    pub supervised: bool,
    /// Taken over from an old ledger.
    pub imported: bool,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct MatterPage {
    /// The matters.
    pub items: Vec<MatterLine>,
    /// The cursor of the next page; absent on the last.
    pub next: Option<String>,
}

/// An attachment that the reader may see.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileView {
    /// Where its shown copy is.
    pub url: String,
    /// `photo`, `audio` or `paper`.
    pub kind: String,
    /// What it shows.
    pub purpose: String,
    /// Whether everybody may see it.
    pub public: bool,
}

/// A task of a supporting unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskView {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub id: Id,
    /// The unit.
    pub unit: String,
    /// When it was done or waived.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Time>,
    /// Whether it was waived.
    pub waived: bool,
}

/// A request that waits for a decision.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestView {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub id: Id,
    /// What is asked.
    pub kind: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
    /// Whether the street decides.
    pub street_decides: bool,
}

/// Somebody who raised the matter or met with it too: never who it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct VoiceView {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub id: Id,
    /// Its number.
    pub number: String,
    /// Whether staff wrote it down.
    pub on_behalf: bool,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
}

/// A matter.
#[derive(Debug, Serialize, ToSchema)]
pub struct MatterView {
    /// What lists show of it, too.
    #[serde(flatten)]
    #[schema(inline)]
    pub line: MatterLine,
    /// The reader's own number, when the reader is a voice of it.
    pub own_number: Option<String>,
    /// What was said: in full for staff and the own voice; without numbers for the public.
    pub body: String,
    /// Where exactly; not for the public.
    pub spot: Option<String>,
    /// What the resident wants.
    pub nature: Option<String>,
    /// Until when the present round has to be settled.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub deadline: Option<Time>,
    /// On a council's agenda.
    pub agenda: bool,
    /// Departments were called.
    pub whistled: bool,
    /// How often residents urged.
    #[schema(minimum = 0)]
    pub urges: u32,
    /// The answer of the last round that was checked.
    pub answer: Option<String>,
    /// What the reader may do now (`POST …/{verb}`).
    pub verbs: Vec<String>,
    /// Attachments that the reader may see.
    pub files: Vec<FileView>,
    /// Voices; for staff.
    pub parties: Vec<VoiceView>,
    /// Tasks; for staff.
    pub tasks: Vec<TaskView>,
    /// The request that waits; for staff.
    pub request: Option<RequestView>,
}

/// One line of what happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct HappenedView {
    /// Its place in the stream.
    #[schema(minimum = 1)]
    pub seq: i64,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
    /// The event, such as `matters.dispatched`.
    pub event: String,
    /// What happened, in the reader's language (`Accept-Language`).
    pub text: String,
    /// What was said with it.
    pub words: Option<String>,
    /// Who acted, as the reader may know it.
    pub by: String,
    /// Whether only staff see it.
    pub internal: bool,
    /// SHA-256 of the recorded event, in hexadecimal.
    pub receipt: String,
}

/// Everything that happened, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineView {
    /// The number.
    pub number: String,
    /// The events.
    pub items: Vec<HappenedView>,
}

/// Names that lines need.
pub struct Names {
    /// Places by path.
    pub places: HashMap<PlacePath, Place>,
    /// Units by id.
    pub units: HashMap<Id, String>,
}

/// A line of a list; for the public without what could tell who it is.
pub fn line(l: Line, names: &Names, public: bool) -> MatterLine {
    let place = if public { blurred(&l.place) } else { l.place.clone() };
    MatterLine {
        title: if public { crate::pages::words::public_title(&l) } else { l.title },
        number: l.number,
        status: l.status.code().to_owned(),
        place: PlaceView { name: place_name(&names.places, &place), path: place.to_string() },
        community: l.community.to_string(),
        raised_at: l.raised_at,
        channel: l.channel,
        category: l.category,
        urgency: l.urgency,
        tier: l.tier.map(|t| t.code().to_owned()),
        lead: l.lead.and_then(|u| names.units.get(&u)).cloned(),
        round: l.round,
        due_at: l.due_at,
        closed_at: l.closed_at,
        outcome: l.outcome.map(|o| o.code().to_owned()),
        voices: l.voices,
        suspended: l.suspended,
        waiting: l.waiting,
        supervised: l.supervised,
        imported: l.imported,
    }
}

/// The verbs that a voice may use now.
fn own_verbs(m: &Matter, voice: Id, method: &methods::Method, now: Time) -> Vec<&'static str> {
    let mut out = Vec::new();
    if m.status.is_open() {
        out.extend(["add", "urge", "withdraw"]);
    }
    if m.status == Status::Handled && m.tier.is_some_and(|t| method.tiers.get(t).resident_may_check) {
        out.push("check");
    }
    let judged = m.evaluations.iter().any(|e| e.voice == voice && e.round == m.round);
    if matches!(m.status, Status::Answered | Status::Closed) && !judged {
        out.push("evaluate");
    }
    if m.status == Status::Closed && m.clock(Timer::Reopen).is_some_and(|c| now <= c.at) {
        out.push("reopen");
    }
    if m.may_thank(voice) {
        out.push("thank");
    }
    out
}

/// A matter as this reader may see it.
pub fn matter(viewer: &Viewer, m: &Matter, standing: &Standing, c: &Cast) -> MatterView {
    let lang = viewer.lang;
    let (staff, public) = (standing.staff, standing.is_public());
    let own = standing.voice.and_then(|v| m.voice(v));
    let place = if public { blurred(&m.place) } else { m.place.clone() };
    let title = match &m.public_title {
        Some(words) if public => c.text(lang, words),
        _ if public => kernel::text::blot(&c.text(lang, &m.title)),
        _ => c.text(lang, &m.title),
    };
    let body = c.text(lang, &m.body);
    let mut verbs: Vec<String> =
        queries::verbs_for(viewer, m, standing).into_iter().map(str::to_owned).collect();
    if let Some(voice) = own {
        let more = own_verbs(m, voice.id, c.world.method(&m.community), c.now);
        verbs.extend(more.into_iter().map(str::to_owned));
        verbs.sort();
        verbs.dedup();
    }
    let unit = |id: Id| c.unit(lang, id);
    MatterView {
        line: MatterLine {
            number: m.number.clone(),
            title,
            status: m.status.code().to_owned(),
            place: PlaceView { name: place_name(&c.places, &place), path: place.to_string() },
            community: m.community.to_string(),
            raised_at: m.raised_at,
            channel: m.channel.code().to_owned(),
            category: m.category.clone(),
            urgency: m.urgency.code().to_owned(),
            tier: m.tier.map(|t| t.code().to_owned()),
            lead: m.lead_unit().map(unit),
            round: i64::from(m.round),
            due_at: m.due().map(|d| d.at),
            closed_at: m.closed_at,
            outcome: m.current().and_then(|r| r.outcome).map(|o| o.code().to_owned()),
            voices: i64::try_from(m.voices.len()).unwrap_or(i64::MAX),
            suspended: m.suspension.is_some(),
            waiting: m.waiting.is_some(),
            supervised: m.supervision.is_some(),
            imported: m.imported,
        },
        own_number: own.map(|v| v.number.clone()),
        body: if public { kernel::text::blot(&body) } else { body },
        spot: m.spot.as_ref().filter(|_| !public).map(|s| c.text(lang, s)),
        nature: m.nature.map(|n| n.code().to_owned()),
        deadline: m.current().map(|r| r.deadline),
        agenda: m.agenda.is_some(),
        whistled: m.whistle.is_some(),
        urges: m.urges,
        answer: m
            .rounds
            .iter()
            .rev()
            .find(|r| r.answered_at.is_some())
            .and_then(|r| r.answer.as_ref())
            .map(|w| c.text(lang, w))
            .map(|a| if public { kernel::text::blot(&a) } else { a }),
        verbs,
        files: m
            .attachments
            .iter()
            .filter(|a| a.public || !public)
            .map(|a| FileView {
                url: format!("/files/{}", a.blob),
                kind: a.kind.clone(),
                purpose: a.purpose.code().to_owned(),
                public: a.public,
            })
            .collect(),
        parties: m
            .voices
            .iter()
            .filter(|_| staff)
            .map(|v| VoiceView {
                id: v.id,
                number: v.number.clone(),
                on_behalf: v.on_behalf,
                withdrawn: v.withdrawn,
            })
            .collect(),
        tasks: m
            .tasks
            .iter()
            .filter(|_| staff)
            .map(|t| TaskView { id: t.id, unit: unit(t.unit), ended_at: t.ended_at, waived: t.waived })
            .collect(),
        request: m.waiting_request().filter(|_| staff).map(|r| RequestView {
            id: r.id,
            kind: r.ask.kind().code().to_owned(),
            at: r.at,
            street_decides: r.street_decides,
        }),
    }
}

/// What happened, as this reader may know it.
pub fn timeline(lang: Lang, m: &Matter, standing: &Standing, c: &Cast) -> TimelineView {
    let public = standing.is_public();
    let items = story::seen(lang, m, standing, c)
        .into_iter()
        .map(|(h, told)| HappenedView {
            seq: h.meta.seq,
            at: h.meta.at,
            event: store::split(&h.event).map(|(name, _)| format!("matters.{name}")).unwrap_or_default(),
            text: told.title,
            words: told.words.map(|w| if public { kernel::text::blot(&w) } else { w }),
            by: story::by(lang, h, c, standing.staff),
            internal: told.internal,
            receipt: h.hash.clone(),
        })
        .collect();
    TimelineView { number: m.number.clone(), items }
}
