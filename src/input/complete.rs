//! Industries that a file leaves out: their numbers would be zero without a word.

use crate::fault::{Fault, Location};
use crate::labels::{Industries, listed};

/// Whether labels begin lines or head columns.
#[derive(Debug, Clone, Copy)]
pub(super) enum Side {
    Line,
    Column,
}

/// How many names a message has.
pub(super) const SHOWN: usize = 5;

/// That a file names no line or column for some of the industries that it must have.
pub(super) fn left_out(
    industries: &Industries,
    (there, needed): (&[bool], impl Fn(usize) -> bool),
    side: Side,
    at: Location,
) -> Option<Fault> {
    let missing: Vec<String> = (0..industries.len())
        .filter(|&industry| needed(industry) && !there[industry])
        .map(|industry| industries.name(industry))
        .collect();
    if missing.is_empty() {
        return None;
    }
    let side = match side {
        Side::Line => "line",
        Side::Column => "column",
    };
    let text = format!("has no {side} of {}, which the table has", listed(&missing, SHOWN));
    Some(Fault::new(at, text).help(format!(
        "write a {side} for every industry that has output, of zeros where there is nothing"
    )))
}

/// Which of `n` industries are among some.
pub(super) fn among(n: usize, some: impl IntoIterator<Item = usize>) -> Vec<bool> {
    let mut there = vec![false; n];
    some.into_iter().for_each(|at| there[at] = true);
    there
}
