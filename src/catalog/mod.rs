//! Products: which can be subscribed to, and how often.
//!
//! Pure: a CSV file ([`csv`]), what a cell says ([`frequency`]), what an option's name says ([`wording`]), what makes
//! sense together ([`rules`]), and what a change of many makes of one ([`change`]).

pub mod change;
pub mod csv;
pub mod frequency;
pub mod rules;
pub mod wording;
