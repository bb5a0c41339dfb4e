//! The description of the API (OpenAPI 3.1), made from the types and from the list of verbs.

use super::view;
use crate::model::*;
use kernel::{Channel, coded_enum};
use methods::{Nature, Tier, Urgency};
use serde_json::{Map, Value, json};
use utoipa::{PartialSchema, ToSchema, openapi::OpenApi};

coded_enum! {
    /// Parts of a list.
    enum ListPart {
        /// What waits for the reader, or is the reader's own.
        Mine = "mine",
        /// Open.
        Open = "open",
        /// Waiting for the verdict.
        Answered = "answered",
        /// Over.
        Ended = "ended",
        /// Everything.
        All = "all",
    }
}

fn codes<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str) -> Value {
    Value::from(all.iter().map(|v| code(*v)).collect::<Vec<_>>())
}

/// The codes that a field may hold, by type (or verb) and field.
fn known(of: &str, field: &str) -> Option<Value> {
    Some(match (of, field) {
        (_, "status") if of != "Problem" => codes(Status::ALL, Status::code),
        (_, "tier") => codes(Tier::ALL, Tier::code),
        (_, "urgency") => codes(Urgency::ALL, Urgency::code),
        (_, "nature") => codes(Nature::ALL, Nature::code),
        (_, "channel") => codes(Channel::ALL, Channel::code),
        (_, "outcome") => codes(Outcome::ALL, Outcome::code),
        (_, "satisfied") => codes(Satisfaction::ALL, Satisfaction::code),
        (_, "cause") => codes(SuspendCause::ALL, SuspendCause::code),
        (_, "purpose") => codes(Purpose::ALL, Purpose::code),
        ("verify", "finding") => codes(Finding::ALL, Finding::code),
        ("check", "finding") => codes(CheckFinding::ALL, CheckFinding::code),
        ("reject", "reason") => codes(RejectReason::ALL, RejectReason::code),
        ("ask_return", "reason") => codes(ReturnReason::ALL, ReturnReason::code),
        ("RequestView", "kind") => codes(RequestKind::ALL, RequestKind::code),
        _ => return None,
    })
}

/// Writes the codes into the properties of an object schema, wherever it lies.
fn with_codes(of: &str, schema: &mut Value) {
    for part in ["allOf", "oneOf", "anyOf"] {
        for inner in schema.get_mut(part).and_then(Value::as_array_mut).into_iter().flatten() {
            with_codes(of, inner);
        }
    }
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    for (name, property) in properties {
        let Some(codes) = known(of, name) else { continue };
        let nullable = property.get("type").is_some_and(Value::is_array);
        if let (Some(map), Value::Array(mut list)) = (property.as_object_mut(), codes) {
            if nullable {
                list.push(Value::Null);
            }
            map.insert("enum".into(), Value::Array(list));
        }
    }
}

fn schema_of<T: ToSchema>(out: &mut Map<String, Value>) {
    let mut schema = serde_json::to_value(T::schema()).unwrap_or_default();
    with_codes(&T::name(), &mut schema);
    out.insert(T::name().into_owned(), schema);
}

fn responses(good: &str, view: &str, said: &str, bad: &[&str]) -> Value {
    let mut out = Map::new();
    let schema = json!({ "$ref": format!("#/components/schemas/{view}") });
    out.insert(
        good.to_owned(),
        json!({ "description": said, "content": { "application/json": { "schema": schema } } }),
    );
    for status in bad {
        let said = match *status {
            "400" => "the request cannot be read, or lacks its Idempotency-Key",
            "401" => "sign in with a token; or the token is unknown",
            "403" => "the account's offices do not reach",
            "404" => "no such matter, or not for this reader",
            "409" => "not in the present state; or the key came with another request before",
            "413" => "too large",
            "415" => "not application/json",
            "422" => "a field cannot be taken as it is",
            "429" => "too often",
            _ => "",
        };
        let problem = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
        out.insert(
            (*status).to_owned(),
            json!({ "description": said, "content": { "application/problem+json": problem } }),
        );
    }
    Value::Object(out)
}

fn operation(
    id: &str,
    said: &str,
    parameters: Vec<Value>,
    body: Option<(Value, bool)>,
    responses: Value,
    free: bool,
) -> Value {
    let mut security = vec![json!({ "bearer": [] }), json!({ "slip": [] })];
    if free {
        security.insert(0, json!({}));
    }
    let mut out = json!({ "tags": ["matters"], "operationId": id, "summary": said, "parameters": parameters, "responses": responses, "security": security });
    if let (Some((schema, required)), Some(map)) = (body, out.as_object_mut()) {
        map.insert(
            "requestBody".into(),
            json!({ "required": required, "content": { "application/json": { "schema": schema } } }),
        );
    }
    out
}

fn query(name: &str, said: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "required": false, "description": said, "schema": schema })
}

fn number() -> Value {
    json!({ "name": "number", "in": "path", "required": true, "description": "a number: the matter's own or that of any voice in it", "schema": { "type": "string", "minLength": 1 }, "example": "LY-2026-000001" })
}

fn key() -> Value {
    json!({ "name": "Idempotency-Key", "in": "header", "required": true,
        "description": "the same key with the same body is one change, with the first answer; use a fresh UUID for each",
        "schema": { "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]{1,200}$" } })
}

fn find_filters() -> Vec<Value> {
    let day = json!({ "type": "string", "format": "date" });
    vec![
        query(
            "status",
            "the main state",
            json!({ "type": "string", "enum": codes(Status::ALL, Status::code) }),
        ),
        query("tier", "who settles it", json!({ "type": "string", "enum": codes(Tier::ALL, Tier::code) })),
        query(
            "category",
            "a category of four digits, or a class of two",
            json!({ "type": "string", "pattern": "^([0-9]{2}|[0-9]{4})$" }),
        ),
        query("place", "the path of a place: it and all below", json!({ "type": "string" })),
        query("q", "words, in Chinese or not", json!({ "type": "string" })),
        query("from", "raised on this day or later (China)", day.clone()),
        query("to", "raised on this day or earlier (China)", day),
        query(
            "part",
            "which part",
            json!({ "type": "string", "enum": codes(ListPart::ALL, ListPart::code) }),
        ),
        query("cursor", "`next` of the page before", json!({ "type": "string" })),
        query(
            "limit",
            "how many at most",
            json!({ "type": "integer", "minimum": 1, "maximum": 200, "default": 50 }),
        ),
    ]
}

/// The body of a verb: the variant of [`Input`] without its tag, with photos where the verb takes them.
fn verb_body(verb: &str, variants: &[Value]) -> Value {
    let is = |v: &&Value| v.pointer("/properties/verb/enum/0").and_then(Value::as_str) == Some(verb);
    let mut schema = variants.iter().find(is).cloned().unwrap_or_else(|| json!({ "type": "object" }));
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|r| r != "verb");
    }
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.remove("verb");
        if crate::pages::verbs::takes_photos(verb) {
            properties.insert(
                "photos".into(),
                json!({ "type": "array", "maxItems": 6, "items": { "$ref": "#/components/schemas/Photo" } }),
            );
        }
    }
    if let Some(map) = schema.as_object_mut() {
        map.insert("additionalProperties".into(), false.into());
        if map.get("required").and_then(Value::as_array).is_some_and(Vec::is_empty) {
            map.remove("required");
        }
    }
    with_codes(verb, &mut schema);
    schema
}

fn paths() -> Map<String, Value> {
    let mut out = Map::new();
    let reading = ["400", "401", "404", "422"];
    let writing = ["400", "401", "403", "404", "409", "413", "415", "422", "429"];
    let new = json!({ "$ref": "#/components/schemas/NewMatterBody" });
    out.insert(
        "/api/v1/matters".into(),
        json!({
            "get": operation("list_matters", "Matters: what the reader's offices reach; the public ledger without a token", find_filters(), None, responses("200", "MatterPage", "a page", &["400", "401", "409", "422"]), true),
            "post": operation("raise", "Raise a matter, or register it on a resident's behalf", vec![key()], Some((new, true)), responses("201", "SlipView", "raised", &writing), true),
        }),
    );
    let read = |id: &str, said: &str, view: &str| {
        operation(id, said, vec![number()], None, responses("200", view, "found", &reading), true)
    };
    out.insert(
        "/api/v1/matters/{number}".into(),
        json!({ "get": read("get_matter", "A matter, as this reader may see it", "MatterView") }),
    );
    out.insert(
        "/api/v1/matters/{number}/timeline".into(),
        json!({ "get": read("get_timeline", "What happened, oldest first", "TimelineView") }),
    );
    let join = json!({ "$ref": "#/components/schemas/JoinBody" });
    let said = "Me too: join an open matter with an own number, answer and evaluation";
    out.insert(
        "/api/v1/matters/{number}/join".into(),
        json!({ "post": operation("join", said, vec![number(), key()], Some((join, true)), responses("201", "SlipView", "joined", &writing), true) }),
    );
    let input = serde_json::to_value(Input::schema()).unwrap_or_default();
    let variants = input.get("oneOf").and_then(Value::as_array).cloned().unwrap_or_default();
    for (verb, _) in VERBS {
        let mut body = verb_body(verb, &variants);
        let said = body
            .as_object_mut()
            .and_then(|b| b.remove("description"))
            .and_then(|d| d.as_str().map(str::to_owned))
            .unwrap_or_default();
        let needed = body.get("required").is_some();
        let answers = responses("200", "MatterView", "done: the matter as it is now", &writing);
        let post = operation(verb, &said, vec![number(), key()], Some((body, needed)), answers, false);
        out.insert(format!("/api/v1/matters/{{number}}/{verb}"), json!({ "post": post }));
    }
    out
}

/// The description of this room's API.
#[must_use]
pub fn openapi() -> OpenApi {
    let mut schemas = Map::new();
    schema_of::<view::Photo>(&mut schemas);
    schema_of::<view::NewMatterBody>(&mut schemas);
    schema_of::<view::JoinBody>(&mut schemas);
    schema_of::<view::SlipView>(&mut schemas);
    schema_of::<view::PlaceView>(&mut schemas);
    schema_of::<view::MatterLine>(&mut schemas);
    schema_of::<view::MatterPage>(&mut schemas);
    schema_of::<view::FileView>(&mut schemas);
    schema_of::<view::TaskView>(&mut schemas);
    schema_of::<view::RequestView>(&mut schemas);
    schema_of::<view::VoiceView>(&mut schemas);
    schema_of::<view::MatterView>(&mut schemas);
    schema_of::<view::HappenedView>(&mut schemas);
    schema_of::<view::TimelineView>(&mut schemas);
    schema_of::<ui::Problem>(&mut schemas);
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "matters", "version": env!("CARGO_PKG_VERSION") },
        "tags": [{ "name": "matters", "description": "The closed loop: from raising to the resident's own verdict" }],
        "paths": paths(),
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "description": "a token of an account (`yishiting token create`)" },
                "slip": { "type": "apiKey", "in": "header", "name": "Slip-Secret", "description": "the secret that came with the slip: acts by that voice" },
            },
        },
    });
    #[expect(clippy::unwrap_used, reason = "made of constants and types; a test makes it")]
    serde_json::from_value(document).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_is_described_with_its_fields() {
        let document = serde_json::to_value(openapi()).unwrap();
        for (verb, _) in VERBS {
            let post = &document["paths"][format!("/api/v1/matters/{{number}}/{verb}")]["post"];
            let body = &post["requestBody"]["content"]["application/json"]["schema"];
            assert_eq!(body["additionalProperties"], false, "{verb}");
            assert!(body["properties"]["verb"].is_null(), "{verb}: {body}");
            assert!(!post["summary"].as_str().unwrap_or_default().is_empty(), "{verb}");
            // What the schema requires, `Input` wants; nothing else.
            let required: Vec<&str> =
                body["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let empty = Input::read(verb, json!({}));
            assert_eq!(empty.is_ok(), required.is_empty(), "{verb}: {required:?} {empty:?}");
        }
        let accept = &document["paths"]["/api/v1/matters/{number}/accept"]["post"]["requestBody"]["content"]
            ["application/json"]["schema"];
        assert_eq!(accept["properties"]["tier"]["enum"], json!(["autonomy", "consultation", "joint"]));
        assert_eq!(document["openapi"], "3.1.0");
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let text = serde_json::to_string(&openapi()).unwrap();
        let document: Value = serde_json::from_str(&text).unwrap();
        for part in text.split("\"$ref\":\"").skip(1) {
            let to = part.split('"').next().unwrap();
            assert!(document.pointer(to.trim_start_matches('#')).is_some(), "{to}");
        }
        assert!(!text.contains("\"phone\":{\"type\":\"string\""), "telephones go in as optional fields only");
    }
}
