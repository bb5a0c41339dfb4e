//! briefings
