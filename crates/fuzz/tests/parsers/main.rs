//! Every parser of outside bytes against damaged inputs: no panic, no hanging, no absurd memory; and where there are
//! two ways of writing the same, the one gives the other back. What goes through the server's door (forms, headers,
//! cookies, addresses) is tried in `app`, by the target `http`.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

mod ballots;
mod documents;
mod pictures;
mod rows;
mod sheets;
mod words;

use std::borrow::Cow;

#[global_allocator]
static COUNTED: peak_alloc::PeakAlloc = fuzz::MEMORY;

/// The input as text, as a browser's bytes become text.
fn text(input: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(input)
}
