//! The door: who comes in (viewer), what goes out (headers, failures in words), and the reader's preferences.

use crate::{
    Answer, Ctx, Lang, Oops, Posted, Seen, Via, Viewer, fail,
    parts::{query, unquery},
    problem,
};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use kernel::{Refusal, refusal::RefusalKind};

/// The content security policy: nothing from anywhere else, no inline script or style.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; \
connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Preferences of the reader and the assets.
pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/prefs/elder", post(elder))
        .route("/prefs/lang", post(lang))
        .route("/prefs/community", post(community))
        .merge(crate::assets::routes())
}

/// Puts the door around all routes.
pub fn wrap(routes: Router<Ctx>, ctx: &Ctx) -> Router<Ctx> {
    routes
        .layer(axum::middleware::from_fn_with_state(ctx.clone(), see))
        .layer(axum::extract::DefaultBodyLimit::max(8 * store::pictures::MAX_BYTES))
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(n, _)| *n == name)
        .map(|(_, v)| v)
}

/// A `Set-Cookie` value; `seconds` 0 deletes, `None` keeps it for the session.
#[must_use]
pub fn set_cookie(ctx: &Ctx, name: &str, value: &str, seconds: Option<i64>) -> HeaderValue {
    let secure = if ctx.site.secure_cookies { "; Secure" } else { "" };
    let age = seconds.map(|s| format!("; Max-Age={s}")).unwrap_or_default();
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}"))
        .unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// Where to go after something was done, with the message `room.key` and its values.
#[must_use]
pub fn done(ctx: &Ctx, to: &str, key: &str, args: &[(&str, &str)]) -> Response {
    let mut value = flash_part(key);
    for (k, v) in args {
        value.push_str(&format!("~{k}~{}", flash_part(v)));
    }
    let mut response = Redirect::to(to).into_response();
    response.headers_mut().append(header::SET_COOKIE, set_cookie(ctx, "yf", &value, Some(60)));
    response
}

/// A photo that is kept, for whoever may see it: its kind, its bytes, and for how long a browser may keep it.
///
/// # Errors
/// When the kind is no kind.
pub fn photo((mime, bytes): (String, Vec<u8>), keep: &'static str) -> Result<Response, store::Fault> {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let mime = HeaderValue::from_str(&mime).map_err(|e| store::Fault::other(e.to_string()))?;
    headers.insert(header::CONTENT_TYPE, mime);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    Ok(response)
}

/// A piece of the flash cookie; the tilde parts the pieces.
fn flash_part(text: &str) -> String {
    query(text).replace('~', "%7E")
}

fn read_flash(value: &str) -> Option<(String, Vec<(String, String)>)> {
    let mut parts = value.split('~').map(unquery);
    let key = parts.next().filter(|k| !k.is_empty())?;
    let mut args = Vec::new();
    while let (Some(k), Some(v)) = (parts.next(), parts.next()) {
        args.push((k, v));
    }
    Some((key, args))
}

async fn look(ctx: &Ctx, headers: &HeaderMap, path: String, here: String) -> Result<Viewer, Oops> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.strip_prefix("Bearer ").or_else(|| v.strip_prefix("bearer ")));
    let (signed, via) = if let Some(token) = bearer {
        let signed = ctx.gate.bearer(token.trim()).await?;
        if signed.is_none() {
            return Err(Refusal::new(RefusalKind::SignIn, "ui.bad-token").into());
        }
        (signed, Via::Token)
    } else if path.starts_with("/api/") {
        // Cookies do not count for programs: no forged requests there.
        (None, Via::Nobody)
    } else if let Some(token) = cookie(headers, "ys") {
        let signed = ctx.gate.session(token).await?;
        let via = if signed.is_some() { Via::Cookie } else { Via::Nobody };
        (signed, via)
    } else {
        (None, Via::Nobody)
    };
    let home = ctx.gate.home().await?;
    let lang = cookie(headers, "yl").and_then(Lang::parse).unwrap_or_else(|| {
        headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|v| v.to_str().ok())
            .map_or(Lang::ZhHans, Lang::accepted)
    });
    let community = home.as_ref().and_then(|home| {
        let chosen = cookie(headers, "yc").map(unquery);
        let lives = signed.as_ref().and_then(|s| s.lives_at.clone());
        let works = signed.as_ref().and_then(|s| s.offices.first().map(|o| o.place.clone()));
        let find = |path: &kernel::PlacePath| home.communities.iter().find(|c| path.within(&c.path));
        chosen
            .and_then(|code| home.communities.iter().find(|c| c.code == code))
            .or_else(|| lives.as_ref().and_then(find))
            .or_else(|| works.as_ref().and_then(find))
            .or_else(|| home.communities.first())
            .cloned()
    });
    Ok(Viewer::new(Seen {
        lang,
        elder: cookie(headers, "ye") == Some("1"),
        signed,
        via,
        home,
        community,
        flash: cookie(headers, "yf").and_then(read_flash),
        fragment: headers
            .get("hx-request")
            .map(|_| headers.get("hx-target").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()),
        slip: cookie(headers, "yslip")
            .and_then(|v| v.split_once('~'))
            .map(|(n, s)| (n.to_owned(), s.to_owned())),
        site: ctx.site.clone(),
        path,
        here,
    }))
}

fn nobody(ctx: &Ctx) -> Viewer {
    Viewer::new(Seen {
        lang: Lang::ZhHans,
        elder: false,
        signed: None,
        via: Via::Nobody,
        home: None,
        community: None,
        path: "/".into(),
        here: "/".into(),
        flash: None,
        fragment: None,
        site: ctx.site.clone(),
        slip: None,
    })
}

async fn see(State(ctx): State<Ctx>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if path.starts_with("/assets/") || path == "/healthz" {
        return secured(next.run(request).await);
    }
    let api = path.starts_with("/api/") || path.starts_with("/open311/");
    let json = api
        || request
            .headers()
            .get(header::ACCEPT)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|v| v.starts_with("application/json"));
    let here = request.uri().path_and_query().map_or_else(|| path.clone(), ToString::to_string);
    let headers = request.headers().clone();
    let (viewer, mut response) = match look(&ctx, &headers, path.clone(), here).await {
        Ok(viewer) => {
            let go = viewer.signed.as_ref().and_then(|s| s.must_go);
            match go {
                // A new password or second factor comes before everything else.
                Some(to)
                    if viewer.via == Via::Cookie
                        && !path.starts_with(to)
                        && path != "/sign-out"
                        && !path.starts_with("/prefs/") =>
                {
                    let answer = if json {
                        StatusCode::UNAUTHORIZED.into_response()
                    } else {
                        Redirect::to(to).into_response()
                    };
                    (viewer, answer)
                }
                _ => {
                    request.extensions_mut().insert(viewer.clone());
                    let response = next.run(request).await;
                    (viewer, response)
                }
            }
        }
        Err(oops) => (nobody(&ctx), oops.into_response()),
    };
    let failed = response.extensions_mut().remove::<fail::Failed>();
    let status = response.status();
    let bare =
        failed.is_none() && (status.is_client_error() || status.is_server_error()) && !dressed(&response);
    if failed.is_some() || bare {
        let refusal = failed.and_then(|f| f.0);
        // A 405 names the methods that there are (RFC 9110 §15.5.6).
        let allow = response.headers_mut().remove(header::ALLOW);
        response = if json {
            problem(viewer.lang, status, refusal.as_ref())
        } else if refusal.as_ref().is_some_and(|r| r.kind == RefusalKind::SignIn)
            && viewer.fragment.is_none()
            && viewer.signed.is_none()
        {
            Redirect::to(&format!("/sign-in?to={}", crate::parts::query(&viewer.here))).into_response()
        } else {
            fail::page(&viewer, status, refusal.as_ref())
        };
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    if json && !api && response.status() == StatusCode::SEE_OTHER {
        // The outbox of a page posts a form and wants to know where to go; following would use up the flash.
        response = located(response);
    }
    // A part of a page, and a page fetched ahead, must not use up the message that the page itself is to show.
    // `Sec-Fetch-Dest` cannot tell: it is `empty` for a page that the service worker fetches, too.
    let ahead = ["purpose", "sec-purpose"]
        .iter()
        .filter_map(|n| headers.get(*n))
        .any(|p| p.as_bytes().starts_with(b"prefetch"));
    let beside = ahead || viewer.fragment.is_some();
    if viewer.flash.is_some() && !beside && is_html(&response) && response.status() == StatusCode::OK {
        response.headers_mut().append(header::SET_COOKIE, set_cookie(&ctx, "yf", "", Some(0)));
    }
    if is_html(&response) {
        // Pages differ by reader; none may be kept by a shared cache.
        let headers = response.headers_mut();
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        headers.append(header::VARY, HeaderValue::from_static("Cookie, HX-Request, Accept-Language"));
    }
    secured(response)
}

/// A redirect as JSON, with its cookies.
fn located(mut response: Response) -> Response {
    let Some(location) = response.headers_mut().remove(header::LOCATION) else { return response };
    let body = serde_json::json!({ "location": location.to_str().unwrap_or("/") });
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    *response.status_mut() = StatusCode::OK;
    *response.body_mut() = body.to_string().into();
    response
}

fn is_html(response: &Response) -> bool {
    response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.starts_with("text/html"))
}

fn dressed(response: &Response) -> bool {
    response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.starts_with("text/html") || v.contains("json"))
}

fn secured(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        ("content-security-policy", CSP),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("permissions-policy", "camera=(self), microphone=(self), geolocation=(self)"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

/// Only a path of our own may be gone back to.
#[must_use]
pub fn safe_return(to: &str) -> &str {
    let own = to.starts_with('/')
        && !to.starts_with("//")
        && !to.contains('\\')
        && !to.chars().any(char::is_control);
    if own { to } else { "/" }
}

async fn elder(State(ctx): State<Ctx>, form: Posted) -> Answer {
    let on = if form.fields.get("elder") == "1" { "1" } else { "0" };
    let mut response = Redirect::to(safe_return(form.fields.get("to"))).into_response();
    response.headers_mut().append(header::SET_COOKIE, set_cookie(&ctx, "ye", on, Some(400 * 86_400)));
    Ok(response)
}

async fn lang(State(ctx): State<Ctx>, form: Posted) -> Answer {
    let lang = form.fields.code("lang", Lang::parse)?.unwrap_or(Lang::ZhHans);
    let mut response = Redirect::to(safe_return(form.fields.get("to"))).into_response();
    response
        .headers_mut()
        .append(header::SET_COOKIE, set_cookie(&ctx, "yl", lang.code(), Some(400 * 86_400)));
    Ok(response)
}

async fn community(State(ctx): State<Ctx>, form: Posted) -> Answer {
    let code = form.fields.get("community");
    let known = form.viewer.home().is_some_and(|h| h.communities.iter().any(|c| c.code == code));
    if !known {
        return Err(Refusal::invalid("community", "ui.not-valid").into());
    }
    let mut response = Redirect::to(safe_return(form.fields.get("to"))).into_response();
    response
        .headers_mut()
        .append(header::SET_COOKIE, set_cookie(&ctx, "yc", &crate::parts::query(code), Some(400 * 86_400)));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths_are_gone_back_to() {
        assert_eq!(safe_return("/m/LY-1?x=1"), "/m/LY-1?x=1");
        for bad in ["//evil", "https://evil", "/\\evil", "", "javascript:alert(1)"] {
            assert_eq!(safe_return(bad), "/", "{bad}");
        }
    }

    #[test]
    fn flash_messages_survive_the_cookie() {
        let value = format!("{}~number~{}", flash_part("matters.done-raised"), flash_part("柳~1"));
        assert_eq!(
            read_flash(&value),
            Some(("matters.done-raised".into(), vec![("number".into(), "柳~1".into())])),
        );
        assert_eq!(unquery("%+A%4"), "?@", "a sign is no digit; what is cut off counts as nothing");
    }
}
