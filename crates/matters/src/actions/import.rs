//! Taking over an old ledger.
