//! Whether the sums that a sheet states are those of its numbers.

use super::sheet::Sheet;
use crate::fault::{Fault, Faults, Location, Note, NoteCode};
use crate::text::exact;

/// Sums that were tested: large gaps are faults, the largest small one is kept to be told.
pub(super) struct Sums<'a> {
    sheet: &'a Sheet,
    tolerance: f64,
    faults: &'a mut Faults,
    small: Option<(Location, String, f64)>,
}

/// A gap below this share of a sum is rounding.
const ROUNDING: f64 = 1e-6;

impl<'a> Sums<'a> {
    /// Begins; a gap of more than `tolerance` of a sum's size is a fault.
    pub(super) fn new(sheet: &'a Sheet, tolerance: f64, faults: &'a mut Faults) -> Self {
        Sums { sheet, tolerance, faults, small: None }
    }

    /// Tests the sum in a cell, and says whether it is no fault; `size` is that of its parts, which may
    /// cancel.
    pub(super) fn test(
        &mut self,
        (row, column): (usize, usize),
        what: &str,
        parts: f64,
        total: f64,
        size: f64,
    ) -> bool {
        let gap = (parts - total).abs();
        let size = size.abs().max(total.abs());
        if gap <= ROUNDING * size.max(1.0) {
            return true;
        }
        let at = self.sheet.at(row, column);
        if gap > self.tolerance * size {
            let text = format!("{what} is {}, but its parts sum to {}", exact(total), exact(parts));
            let help =
                "look for numbers in the wrong row or column, and for a line that is missing";
            self.faults.push(Fault::new(at, text).help(help));
            return false;
        }
        if self.small.as_ref().is_none_or(|(_, _, most)| gap > *most) {
            self.small = Some((at, what.to_owned(), gap));
        }
        true
    }

    /// The largest gap that is no fault.
    pub(super) fn note(self) -> Option<Note> {
        let (at, what, gap) = self.small?;
        let at = short(&at);
        let text = format!("{at}: {what} is open by {gap:.3e}, within the tolerance");
        Some(Note::new(NoteCode::Discrepancy, text))
    }
}

/// A place without its file, for notes that travel with the table of one file.
pub(super) fn short(at: &Location) -> String {
    match at {
        Location::Cell { sheet, cell, .. } if !cell.is_empty() => format!("{sheet}!{cell}"),
        Location::Cell { sheet, .. } => sheet.clone(),
        other => other.to_string(),
    }
}
