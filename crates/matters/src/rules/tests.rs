//! Placeholder for the rule tests below.
