//! The hall, live: one stream of versions per sitting, and one rendered part per version, language and screen, shared by
//! everybody who looks on. A thousand phones cost one look into the database and one rendering per change.

use super::{now, sitting_of, words::sitting_title};
use crate::{
    model::{Sitting, SittingState},
    queries, t,
};
use axum::{
    Extension, Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use futures_util::stream;
use kernel::{Id, Refusal};
use maud::{Markup, html};
use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};
use store::Fault;
use tokio::sync::{broadcast::error::RecvError, watch};
use ui::{Answer, Ctx, Lang, Viewer, layout, parts};

/// Rendered parts that are kept at a time: then all are dropped.
const MOST: usize = 256;

/// Which part: the sitting, the language, whether for the wall.
type Key = (Id, Lang, bool);
/// A part with its version; whoever asks while it is being made waits for it.
type Slot = Arc<tokio::sync::Mutex<Option<(i64, Arc<str>)>>>;

#[derive(Default)]
struct Inner {
    topics: Mutex<HashMap<Id, Weak<watch::Sender<i64>>>>,
    parts: Mutex<HashMap<Key, Slot>>,
}

/// Who listens to which sitting, and what was rendered for them.
#[derive(Clone, Default)]
pub(super) struct Halls(Arc<Inner>);

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Halls {
    fn topic(&self, id: Id) -> Option<watch::Receiver<i64>> {
        locked(&self.0.topics).get(&id).and_then(Weak::upgrade).map(|sender| sender.subscribe())
    }

    /// The versions of a sitting: the present one, then each that follows, the latest only where several came at once.
    async fn heard(&self, ctx: &Ctx, street: Id, id: Id) -> Result<watch::Receiver<i64>, Fault> {
        if let Some(there) = self.topic(id) {
            return Ok(there);
        }
        // Listens before it reads: what changes in between is heard of.
        let mut changes = ctx.store.changes();
        let first = queries::version(&mut ctx.store.read().await?, street, id).await?;
        let mut topics = locked(&self.0.topics);
        if let Some(sender) = topics.get(&id).and_then(Weak::upgrade) {
            return Ok(sender.subscribe());
        }
        let (sender, heard) = watch::channel(first);
        let sender = Arc::new(sender);
        topics.insert(id, Arc::downgrade(&sender));
        drop(topics);
        let (halls, store) = (self.clone(), ctx.store.clone());
        tokio::spawn(async move {
            loop {
                let changed = tokio::select! {
                    heard = changes.recv() => match heard {
                        Ok(change) => change.street == street && change.room == "councils",
                        Err(RecvError::Lagged(_)) => true,
                        Err(RecvError::Closed) => break,
                    },
                    () = sender.closed() => {
                        let mut topics = locked(&halls.0.topics);
                        // Somebody may have come just now.
                        if sender.receiver_count() == 0 {
                            topics.remove(&id);
                            return;
                        }
                        false
                    }
                };
                if !changed {
                    continue;
                }
                let read = async { queries::version(&mut store.read().await?, street, id).await };
                // A read that failed is made up for by the next change, or by whoever comes anew.
                if let Ok(version) = read.await {
                    sender.send_if_modified(|old| std::mem::replace(old, version) != version);
                }
            }
            locked(&halls.0.topics).remove(&id);
        });
        Ok(heard)
    }

    fn slot(&self, key: Key) -> Slot {
        let mut parts = locked(&self.0.parts);
        if parts.len() >= MOST && !parts.contains_key(&key) {
            parts.clear();
        }
        parts.entry(key).or_default().clone()
    }

    /// The part of a sitting that everybody may see, at its present version: as the stream says it, or, where it must be
    /// `fresh` because the reader has just changed something, as the database says it.
    pub(super) async fn part(
        &self,
        ctx: &Ctx,
        viewer: &Viewer,
        id: Id,
        wall: bool,
        fresh: bool,
    ) -> Result<(i64, Arc<str>), Fault> {
        let street = ctx.street(viewer)?;
        let known = self.topic(id).filter(|_| !fresh).map(|heard| *heard.borrow());
        let version = match known {
            Some(version) => version,
            None => queries::version(&mut ctx.store.read().await?, street, id).await?,
        };
        let slot = self.slot((id, viewer.lang, wall));
        let mut kept = slot.lock().await;
        if let Some((at, html)) = kept.as_ref().filter(|(at, _)| *at >= version) {
            return Ok((*at, html.clone()));
        }
        let mut conn = ctx.store.read().await?;
        // The version first: what is read after it is at least as new, and is read again when it is newer.
        let version = queries::version(&mut conn, street, id).await?;
        let missing = || Refusal::missing("councils.no-sitting");
        let s = queries::sitting(&mut conn, street, id).await?.filter(is_public).ok_or_else(missing)?;
        let seen = now::Seen::load(&mut conn, ctx.store.keys(), viewer.lang, s).await?;
        drop(conn);
        let html: Arc<str> = now::part(viewer.lang, &seen, wall).into_string().into();
        *kept = Some((version, html.clone()));
        Ok((version, html))
    }
}

/// A plan is nobody's business yet.
pub(super) fn is_public(s: &Sitting) -> bool {
    s.state != SittingState::Draft
}

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/sittings/{id}/live", get(events))
        .route("/sittings/{id}/now", get(fragment))
        .route("/sittings/{id}/screen", get(wall))
}

async fn public_sitting(ctx: &Ctx, viewer: &Viewer, id: &str) -> Result<Sitting, Fault> {
    let s = sitting_of(ctx, viewer, id).await?;
    if is_public(&s) { Ok(s) } else { Err(Refusal::missing("councils.no-sitting").into()) }
}

/// Says the version of the sitting: at once, so that whoever comes back sees whether something was missed, and whenever
/// it changes.
async fn events(
    State(ctx): State<Ctx>,
    Extension(halls): Extension<Halls>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Answer {
    let s = public_sitting(&ctx, &viewer, &id).await?;
    let heard = halls.heard(&ctx, s.street, s.id).await?;
    let stream = stream::unfold((heard, true), |(mut heard, first)| async move {
        if !first {
            heard.changed().await.ok()?;
        }
        let version = heard.borrow_and_update().to_string();
        let event = Event::default().id(&version).data(&version);
        Some((Ok::<_, Infallible>(event), (heard, false)))
    });
    let alive = KeepAlive::new().interval(Duration::from_secs(20));
    Ok(Sse::new(stream).keep_alive(alive).into_response())
}

/// The part alone, with its version as validator.
async fn fragment(
    State(ctx): State<Ctx>,
    Extension(halls): Extension<Halls>,
    viewer: Viewer,
    Path(id): Path<String>,
    query: super::Query,
    headers: HeaderMap,
) -> Answer {
    let missing = || Refusal::missing("councils.no-sitting");
    let id: Id = id.parse().map_err(|_| missing())?;
    let on_wall = query.contains_key("wall");
    let (version, html) = halls.part(&ctx, &viewer, id, on_wall, false).await?;
    let tag = format!("\"{version}-{}{}\"", viewer.lang.code(), if on_wall { "-w" } else { "" });
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .any(|v| v.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));
    let mut response: Response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        // The shared text goes out as it is; nothing of the reader stands in it.
        let kind = HeaderValue::from_static("text/html; charset=utf-8");
        ([(header::CONTENT_TYPE, kind)], html.to_string()).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    Ok(response)
}

/// The box that keeps itself current where there is script; elsewhere a link fetches the page anew.
pub(super) fn boxed(lang: Lang, s: Id, version: i64, part: &str, wall: bool, here: &str) -> Markup {
    let from = format!("/sittings/{s}/now{}", if wall { "?wall=1" } else { "" });
    html! {
        div #live data-now={ "/sittings/" (s) "/live" } data-now-from=(from) data-version=(version) { (maud::PreEscaped(part)) }
        noscript { p."btns mt3" { a."btn sm quiet" href=(here) { (parts::icon("refresh-cw")) (t!(lang, "refresh")) } } }
    }
}

/// `/sittings/{id}/screen`: for the wall of the hall.
async fn wall(
    State(ctx): State<Ctx>,
    Extension(halls): Extension<Halls>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Answer {
    let lang = viewer.lang;
    let s = public_sitting(&ctx, &viewer, &id).await?;
    let council = super::body_of(&ctx, &s).await?;
    let (version, part) = halls.part(&ctx, &viewer, s.id, true, true).await?;
    let title = sitting_title(lang, &council.name, &s);
    // Who is in the hall sees the code for signing in beside it on paper; the wall shows the page, which holds no secret.
    let link = format!("{}/sittings/{}", ctx.site.base_url, s.id);
    let body = html! {
        header."wall-h" { h1 { (title) } div."wall-qr" { (parts::qr(&link)) span { (t!(lang, "scan-follow")) } } }
        (boxed(lang, s.id, version, &part, true, &format!("/sittings/{}/screen", s.id)))
    };
    Ok(layout::wall(&viewer, &title, &body).into_response())
}
