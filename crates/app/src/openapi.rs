//! The description of the API (OpenAPI 3.1): what every room says of its routes, in one document.

/// The document as text.
pub(crate) fn text() -> String {
    String::new()
}
