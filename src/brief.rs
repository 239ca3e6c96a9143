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

use self::book::Book;
use self::content::Brief;
use self::speech::{Speaker, SpeechError};
use self::template::Template;
use crate::numerals::Language;
use crate::recorded::Recorded;

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
    let speaker = Speaker::new(template, language);
    let brief = {
        let book = Book::new(recorded, &speaker);
        common::brief(&book, compose(&book)?, most)
    };
    let errors = speaker.finish();
    if errors.is_empty() { Ok(brief) } else { Err(BriefError::Speech(errors)) }
}
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod testing;
