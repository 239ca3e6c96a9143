//! What a source has no data for, so that it counts as zero: told in a caveat, and where such a number is shown.

use super::book::{Book, inside};
use super::prose::{Inline, Prose};
use super::shapes::all_names;
use super::speech::Facts;
use crate::china::{self, Province};
use crate::numerals::Language;
use crate::recorded::RecordedNote;

/// Provinces of a table for which one of its sources has nothing.
#[derive(Debug, Clone)]
pub(super) struct Missing {
    /// Code of the note that says so.
    pub code: String,
    /// What is missing.
    pub quantity: String,
    /// Year of the table.
    pub year: Option<i32>,
    /// Which of the results' tables it is, if it is one.
    table: Option<usize>,
    /// Whose data are missing.
    pub provinces: Vec<&'static Province>,
}

impl Missing {
    /// All of a results folder, in the order of its notes.
    pub fn of(book: &Book<'_>) -> Vec<Missing> {
        let summary = &book.recorded.summary;
        let one = |note: &RecordedNote| {
            let gap = note.gap.as_ref()?;
            let named = gap.regions.iter();
            let provinces: Vec<&'static Province> =
                named.filter_map(|name| china::province_named(name)).collect();
            (!provinces.is_empty()).then(|| Missing {
                code: note.code.clone(),
                quantity: gap.quantity.clone(),
                year: gap.year,
                table: summary.tables.iter().position(|table| table.name == gap.table),
                provinces,
            })
        };
        summary.notes.iter().filter_map(one).collect()
    }

    /// The same for some provinces only; nothing where it is about none of them.
    pub fn within(&self, codes: &[String]) -> Option<Missing> {
        let mut own = self.clone();
        own.provinces.retain(|province| codes.iter().any(|code| code == province.code));
        (!own.provinces.is_empty()).then_some(own)
    }

    /// Their names.
    pub fn names(&self, language: Language) -> String {
        let name = |province: &&'static Province| language.pick(province.zh, province.en);
        let names: Vec<String> = self.provinces.iter().map(|one| name(one).to_owned()).collect();
        all_names(&names, language)
    }

    /// Into which of two years of a transfer the gap falls: the start, so that changes come out too high, or the end,
    /// so that they come out too low. Neither is known where both years lack the same place, and without two years.
    pub fn ends(&self, book: &Book<'_>) -> [bool; 2] {
        let summary = &book.recorded.summary;
        let two = summary.command == "transfer" && summary.tables.len() == 2;
        let shares = |other: &Missing| {
            other.table != self.table
                && other.quantity == self.quantity
                && other
                    .provinces
                    .iter()
                    .any(|one| self.provinces.iter().any(|own| own.code == one.code))
        };
        let known = two && !Missing::of(book).iter().any(shares);
        [0, 1].map(|at| known && self.table == Some(at))
    }
}

/// What counts as zero by the notes of a code; nothing if none says so.
pub(super) fn counted_as_zero(book: &Book<'_>, code: &str) -> Prose {
    let language = book.language();
    let mut told = Prose::default();
    for missing in Missing::of(book).iter().filter(|missing| missing.code == code) {
        let [start, end] = missing.ends(book);
        let what = inside(&book.quantity(&missing.quantity).full(), language);
        let mut facts = Facts::new();
        facts
            .word("names", missing.names(language))
            .word("what", what)
            .word("year", missing.year.map_or(String::new(), |year| year.to_string()))
            .flag("start", start)
            .flag("end", end);
        let said = book.speaker.say("counted_as_zero", &facts);
        // Tables of several years may lack the same.
        if told.0.windows(said.0.len().max(1)).any(|part| part == said.0) {
            continue;
        }
        if language == Language::English {
            told.push(Inline::Text(" ".to_owned()));
        }
        told.0.extend(said.0);
    }
    told
}
