//! The policy brief: from a results folder to one message, five figures, one table and the caveats, in words.
//!
//! ```text
//! Recorded → Book (numbers by what they are) → Template (sentences) → Brief → page, print, text, workbook
//! ```
//!
//! Nothing is computed here but units and rounding: each printed number is a line of a file of the folder
//! ([`crate::numerals::Cited`]). What is said depends on the numbers alone: a range that holds zero is "unclear"
//! in every sentence, figure and table.

mod agglomeration;
pub mod book;
mod build;
mod check;
mod common;
mod compare;
pub mod content;
mod dials;
mod estimate;
mod footprint;
pub mod geometry;
mod labels;
mod locate;
mod maps;
mod missing;
mod moves;
pub mod prose;
mod quality;
mod routes;
mod run;
mod sectors;
mod shapes;
mod sources;
pub mod speech;
pub mod template;
mod transfer;

use std::collections::BTreeSet;

use self::book::Book;
use self::content::Brief;
use self::speech::{Speaker, SpeechError};
use self::template::Template;
use crate::numerals::Language;
use crate::recorded::Recorded;
use crate::tidy::Column;
use crate::units::Unit;

/// Why there is no brief of a results folder.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BriefError {
    /// Results of a command that says nothing to decide on.
    #[error("there is no brief of the results of `irio {command}`; there is one of: {known}")]
    Kind {
        /// The command.
        command: String,
        /// Commands whose results a brief can be made of.
        known: String,
    },
    /// A number that the brief is about is not in the folder.
    #[error("the results lack {what}")]
    Missing {
        /// Which.
        what: String,
    },
    /// The template wants money in a currency of which there is none.
    #[error(
        "the template's units.money is {wanted:?}, but these results are in {found}; irio converts no currency"
    )]
    Currency {
        /// What the template wants.
        wanted: String,
        /// A unit of money of the results.
        found: String,
    },
    /// Sentences of the template that cannot be said.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Speech(Vec<SpeechError>),
}

/// How the brief of a command's results is composed.
type Composer = fn(&Book<'_>) -> Result<common::Parts, BriefError>;

/// Commands whose results a brief can be made of.
const COMPOSERS: [(&str, Composer); 9] = [
    ("agglomeration", agglomeration::compose),
    ("build", build::compose),
    ("check", check::compose),
    ("compare", compare::compose),
    ("estimate", estimate::compose),
    ("footprint", footprint::compose),
    ("locate", locate::compose),
    ("run", run::compose),
    ("transfer", transfer::compose),
];

/// So many figures make four pages.
pub const FIGURES: usize = 5;

/// The brief of a results folder in a language.
///
/// # Errors
/// If there is no brief of such results, a number it needs is missing, or the template's sentences ask for what
/// nobody knows.
pub fn of(
    recorded: &Recorded,
    template: &Template,
    language: Language,
) -> Result<Brief, BriefError> {
    composed(recorded, template, language, FIGURES)
}

/// The same with every figure that can be drawn of the results, also those beyond the page.
///
/// # Errors
/// As for [`of`].
pub fn gallery(
    recorded: &Recorded,
    template: &Template,
    language: Language,
) -> Result<Brief, BriefError> {
    composed(recorded, template, language, usize::MAX)
}

fn composed(
    recorded: &Recorded,
    template: &Template,
    language: Language,
    most: usize,
) -> Result<Brief, BriefError> {
    let command = recorded.summary.command.as_str();
    let Some((_, compose)) = COMPOSERS.iter().find(|(known, _)| *known == command) else {
        let known: Vec<&str> = COMPOSERS.iter().map(|(known, _)| *known).collect();
        return Err(BriefError::Kind { command: command.to_owned(), known: known.join(", ") });
    };
    other_currency(recorded, template)?;
    let speaker = Speaker::new(template, language);
    let brief = {
        let book = Book::new(recorded, &speaker);
        common::brief(&book, compose(&book)?, most)
    };
    let errors = speaker.finish();
    if errors.is_empty() { Ok(brief) } else { Err(BriefError::Speech(errors)) }
}

/// Refuses a template whose unit of money is of another currency than all money of the results.
fn other_currency(recorded: &Recorded, template: &Template) -> Result<(), BriefError> {
    let Some(wanted) = &template.file.units.money else { return Ok(()) };
    let Ok(unit) = wanted.parse::<Unit>() else { return Ok(()) };
    let tables = recorded.files.iter().filter_map(|file| file.tidy.as_ref());
    let texts: BTreeSet<&str> =
        tables.flat_map(|tidy| (0..tidy.len()).map(|row| tidy.text(row, Column::Unit))).collect();
    let money: Vec<Unit> =
        texts.iter().filter_map(|text| text.parse().ok()).filter(Unit::is_money).collect();
    match money.first() {
        Some(found) if money.iter().all(|own| own.factor_to(&unit).is_none()) => {
            let (wanted, found) = (wanted.clone(), found.to_string());
            Err(BriefError::Currency { wanted, found })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod testing;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_of_another_currency_is_refused() {
        let rows = [("10^4 yuan", 1.0), ("Mt", 2.0)];
        let rows = rows.map(|(unit, value)| (vec![unit.to_owned()], value));
        let results = testing::recorded(
            "transfer",
            &[],
            vec![("sums.csv", testing::tidy(&[Column::Unit], rows))],
            serde_json::Value::Null,
        );
        let refused = |money: &str| {
            let file = format!("[units]\nmoney = {money:?}\n");
            let template = Template::of(Some(toml::from_str(&file).unwrap()), None);
            other_currency(&results, &template).err().map(|error| error.to_string())
        };
        assert_eq!(refused("10^8 yuan"), None);
        assert_eq!(
            refused("10^9 USD").unwrap(),
            "the template's units.money is \"10^9 USD\", but these results are in 10^4 yuan; \
             irio converts no currency"
        );
    }
}
