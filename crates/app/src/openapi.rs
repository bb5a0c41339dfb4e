//! The description of the API (OpenAPI 3.1): what every room says of its routes, in one document.

use std::sync::LazyLock;
use utoipa::openapi::{Info, OpenApi, OpenApiBuilder};

/// The document.
fn document() -> OpenApi {
    let mut info = Info::new("Yishiting 议事亭", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "Matters that residents raise, from any channel to their own verdict, and the figures that come of them. \
         Programs act by `Authorization: Bearer` with a token of an account; every POST may carry an `Idempotency-Key`; \
         failures are RFC 9457 problem details; lists are paged by `cursor` and `limit`."
            .to_owned(),
    );
    let mut whole = OpenApiBuilder::new().info(info).build();
    for room in [matters::openapi(), briefings::openapi(), seals::openapi()] {
        whole.merge(room);
    }
    whole
}

/// The document as text; made once.
pub(crate) fn text() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        // What cannot be written as JSON cannot be described; the test below would fail.
        document().to_pretty_json().unwrap_or_default()
    });
    &TEXT
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    #[test]
    fn one_document_holds_every_room_and_every_reference_leads_somewhere() {
        let document: Value = serde_json::from_str(super::text()).unwrap();
        assert_eq!(document["openapi"], "3.1.0");
        for path in [
            "/api/v1/matters",
            "/api/v1/matters/{number}",
            "/api/v1/matters/{number}/dispatch",
            "/api/v1/figures",
            "/api/v1/seals",
            "/api/v1/receipts/{code}",
        ] {
            assert!(document["paths"].get(path).is_some(), "{path}");
        }
        let flat = serde_json::to_string(&document).unwrap();
        for part in flat.split("\"$ref\":\"").skip(1) {
            let to = part.split('"').next().unwrap();
            assert!(document.pointer(to.trim_start_matches('#')).is_some(), "{to}");
        }
        assert!(document["components"]["securitySchemes"]["bearer"].is_object());
    }
}
