//! Dials of a page over a grid of runs that were computed beforehand.

use super::book::Book;
use super::content::Dials;

/// The dials of a run, if a grid was computed with it.
pub(super) fn of(_book: &Book<'_>, _stressor: Option<&str>) -> Option<Dials> {
    None
}
