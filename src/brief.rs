//! The policy brief: from a results folder to one message, five figures, one table and the caveats, in words.
//!
//! ```text
//! Recorded → Book (numbers by what they are) → Template (sentences) → Brief → page, print, text, workbook
//! ```
//!
//! Nothing is computed here but units and rounding: each printed number is a line of a file of the folder
//! ([`crate::numerals::Cited`]). What is said depends on the numbers alone: a range that holds zero is "unclear"
//! in every sentence, figure and table.

pub mod content;
mod labels;
pub mod prose;
#[cfg(test)]
pub(crate) mod sample;
