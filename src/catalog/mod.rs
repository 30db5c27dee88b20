//! Products: which can be subscribed to, and how often.
//!
//! Pure: a CSV file ([`csv`]), what a cell says ([`frequency`]), what an option's name says ([`wording`]), and what
//! makes sense together ([`rules`]).

pub mod csv;
pub mod frequency;
pub mod rules;
pub mod wording;
