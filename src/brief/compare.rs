//! The brief of a comparison: scenarios beside each other, who gives against who receives; or periods of a transfer.

mod periods;
mod scenarios;

use super::BriefError;
use super::book::Book;
use super::common::Parts;
use crate::figure::names::Named;
use crate::tidy::Column;

/// One result less another.
const AGAINST: &str = "against.csv";
/// So many states of a figure stay below the size of a page.
const MOST_VIEWS: usize = 9;
/// Lines of the table on paper.
const LINES: usize = 12;
/// The quantity that every result has.
const VALUE_ADDED: &str = "value_added";

/// The parts of the brief of a comparison.
pub(super) fn compose(book: &Book<'_>) -> Result<Parts, BriefError> {
    match book.recorded.summary.switches.get("compared").and_then(|kind| kind.as_str()) {
        Some("periods") => periods::compose(book),
        _ => scenarios::compose(book),
    }
}

fn missing(what: &str) -> BriefError {
    BriefError::Missing { what: what.to_owned() }
}

/// Results in the order of a file, by code, with their names; codes of files are words.
fn results(book: &Book<'_>, file: &str) -> Vec<(String, Named)> {
    let name = |code: &str| (code.to_owned(), book.scenario(code));
    book.texts(file, Column::Scenario).into_iter().map(name).collect()
}

/// Regions, in the order of the tables, that a file tells of.
fn regions(book: &Book<'_>, file: &str) -> Vec<(String, Named)> {
    let told = book.texts(file, Column::Region);
    let tables = book.recorded.summary.tables.first();
    let labels = tables.into_iter().flat_map(|table| &table.regions);
    labels
        .filter(|label| told.contains(&label.code.as_str()))
        .map(|label| (label.code.clone(), book.place(&label.code)))
        .collect()
}

#[cfg(test)]
mod tests;
