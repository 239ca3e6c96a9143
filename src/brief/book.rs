//! Numbers of a results folder by what they are, with the line where they stand, and names by codes.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::speech::Speaker;
use super::template::NameEntry;
use crate::china;
use crate::figure::names::Named;
use crate::numerals::{Cited, Estimate, Language, Measure};
use crate::recorded::{NamedCode, Recorded};
use crate::tidy::{Column, Tidy};

/// A number with its unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Value and place.
    pub cited: Cited,
    /// Unit; empty if the file states none.
    pub unit: String,
}

/// What a number is: a text for each column of its file but `unit`; a column that is left out is empty.
pub type Question<'q> = &'q [(Column, &'q str)];

/// A name as it stands inside a sentence: in English without its capital, unless it is an abbreviation or begins
/// with a proper name.
pub fn inside(name: &str, language: Language) -> String {
    let mut letters = name.chars();
    match (language, letters.next(), letters.next()) {
        (Language::English, Some(first), Some(second))
            if first.is_uppercase() && (second.is_lowercase() || second == ' ') =>
        {
            first.to_lowercase().chain(name.chars().skip(1)).collect()
        }
        _ => name.to_owned(),
    }
}

/// A name as sentences use it: the full one, or the short one where that is long.
pub fn said(name: &Named, language: Language) -> String {
    let full = name.full();
    let most = language.pick(7, 18);
    if full.chars().count() <= most { full } else { name.brief() }
}

/// A text at the start of a sentence: with a capital.
pub fn at_start(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// A name for sentences with little room: in Chinese the short one, in English as [`said`].
pub fn said_briefly(name: &Named, language: Language) -> String {
    language.pick(name.brief(), said(name, language))
}

/// Rows of a file by their texts.
type Index = HashMap<String, usize>;

/// A results folder, read in one language with the names of a template.
pub struct Book<'a> {
    /// The folder.
    pub recorded: &'a Recorded,
    /// Who says what is in it.
    pub speaker: &'a Speaker<'a>,
    indices: RefCell<HashMap<String, Rc<Index>>>,
}

fn key<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let mut key = String::new();
    for text in texts {
        key.push_str(text);
        key.push('\u{1f}');
    }
    key
}

/// Columns that tell lines apart.
fn telling(tidy: &Tidy) -> impl Iterator<Item = Column> + '_ {
    tidy.columns().iter().copied().filter(|column| *column != Column::Unit)
}

impl<'a> Book<'a> {
    /// A folder and who reads it.
    pub fn new(recorded: &'a Recorded, speaker: &'a Speaker<'a>) -> Self {
        Book { recorded, speaker, indices: RefCell::default() }
    }

    /// The language it is read in.
    pub fn language(&self) -> Language {
        self.speaker.language()
    }

    /// The unit of a figure or column whose largest number is `largest`: the template's, else that of the ladder.
    pub fn figure_measure(&self, unit: &str, largest: f64) -> Measure {
        self.in_own_unit(unit, largest, false)
            .unwrap_or_else(|| Measure::of_figure(unit, largest, self.language()))
    }

    /// The unit of a number in a sentence.
    pub fn prose_measure(&self, unit: &str, value: f64) -> Measure {
        self.in_own_unit(unit, value, true)
            .unwrap_or_else(|| Measure::of_prose(unit, value, self.language()))
    }

    fn in_own_unit(&self, unit: &str, largest: f64, prose: bool) -> Option<Measure> {
        let units = &self.speaker.template().file.units;
        let wanted = [&units.money, &units.mass].into_iter().flatten();
        wanted.filter_map(|own| Measure::in_unit(unit, own, largest, self.language(), prose)).next()
    }

    /// Whether a file is there.
    pub fn has(&self, file: &str) -> bool {
        self.tidy(file).is_some()
    }

    /// Lines of a file.
    pub fn tidy(&self, file: &str) -> Option<&'a Tidy> {
        self.recorded.tidy(file)
    }

    /// The number of a row of a file.
    pub fn row(&self, file: &str, row: usize) -> Option<Found> {
        let recorded = self.recorded.file(file)?;
        let tidy = recorded.tidy.as_ref()?;
        let cited = Cited::new(tidy.value(row), file, recorded.line(row));
        Some(Found { cited, unit: tidy.text(row, Column::Unit).to_owned() })
    }

    /// The number that a question asks for, if its file has it.
    pub fn find(&self, file: &str, question: Question<'_>) -> Option<Found> {
        let tidy = self.tidy(file)?;
        let of = |column: Column| {
            question.iter().find(|(asked, _)| *asked == column).map_or("", |(_, text)| *text)
        };
        let row = *self.index(file, tidy).get(&key(telling(tidy).map(of)))?;
        self.row(file, row)
    }

    fn index(&self, file: &str, tidy: &Tidy) -> Rc<Index> {
        let mut indices = self.indices.borrow_mut();
        let made = indices.entry(file.to_owned()).or_insert_with(|| {
            let rows = (0..tidy.len())
                .map(|row| (key(telling(tidy).map(|column| tidy.text(row, column))), row));
            Rc::new(rows.collect())
        });
        Rc::clone(made)
    }

    /// A point with its range, told apart by `statistic`: the three words are those of the point, the lowest and
    /// the highest; without an end there is no range.
    pub fn estimate(
        &self,
        file: &str,
        question: Question<'_>,
        statistics: [&str; 3],
    ) -> Option<(Estimate, String)> {
        let [point, low, high] = statistics.map(|statistic| {
            let mut all = question.to_vec();
            all.push((Column::Statistic, statistic));
            self.find(file, &all)
        });
        let Found { cited: point, unit } = point?;
        let range = low.zip(high).map(|(low, high)| [low.cited, high.cited]);
        Some((Estimate { point, range, disputed: false }, unit))
    }

    /// The texts of a column of a file, each once, in the order of the file.
    pub fn texts(&self, file: &str, column: Column) -> Vec<&'a str> {
        let Some(tidy) = self.tidy(file) else { return Vec::new() };
        let mut found: Vec<&str> = Vec::new();
        for row in 0..tidy.len() {
            let text = tidy.text(row, column);
            if !found.contains(&text) {
                found.push(text);
            }
        }
        found
    }

    /// What the folder says of a code of a kind, such as `regions`.
    pub fn label(&self, kind: &str, code: &str) -> Option<&'a NamedCode> {
        let tables = || self.recorded.summary.tables.iter();
        match kind {
            "regions" => tables().flat_map(|table| &table.regions).find(|one| one.code == code),
            "sectors" => tables().flat_map(|table| &table.sectors).find(|one| one.code == code),
            _ => None,
        }
        .or_else(|| self.recorded.summary.named(kind, code))
    }

    /// Name of a region, a group of regions or `all`.
    pub fn place(&self, code: &str) -> Named {
        if code == "all" {
            return Named::new(self.speaker.template().word("all_regions", self.language()));
        }
        let label = ["regions", "groups", "units"].iter().find_map(|kind| self.label(kind, code));
        self.by_label("regions", label, code)
    }

    /// The same inside a sentence: short where the full name is long, in English with its article; that of all
    /// regions without its capital.
    pub fn place_inside(&self, code: &str) -> String {
        let place = self.place(code);
        match code {
            "all" => inside(&said(&place, self.language()), self.language()),
            _ => self.spoken(&place),
        }
    }

    /// Name of a region in the middle of a sentence, in English with the article that it needs.
    pub fn spoken(&self, place: &Named) -> String {
        let label = ["regions", "groups"].iter().find_map(|kind| self.label(kind, &place.code));
        let template = self.speaker.template();
        let entry = label.and_then(|label| template.name("regions", &label.zh));
        let entry = entry.or_else(|| template.name("regions", &place.code));
        let own = entry.map(|entry| &entry.said_en).filter(|text| !text.is_empty());
        match (self.language(), own) {
            (Language::English, Some(own)) => own.clone(),
            _ => said(place, self.language()),
        }
    }

    /// The same with little room: in Chinese the short name.
    pub fn spoken_briefly(&self, place: &Named) -> String {
        match self.language() {
            Language::Chinese => place.brief(),
            Language::English => self.spoken(place),
        }
    }

    /// Name of a sector or class of sectors.
    pub fn sector(&self, code: &str) -> Named {
        let label = self.label("sectors", code).or_else(|| self.label("classes", code));
        self.by_label("sectors", label, code)
    }

    /// Name of a product of a table that is not one of the folder's own.
    pub fn product(&self, code: &str) -> Named {
        self.by_label("sectors", self.label("products", code), code)
    }

    /// Name of a quantity.
    pub fn quantity(&self, code: &str) -> Named {
        self.named("quantities", code)
    }

    /// Name of a word of the results, by the first of the template's kinds that has it.
    pub fn word_of(&self, kinds: &[&str], code: &str) -> Named {
        let entry = kinds.iter().find_map(|kind| self.speaker.template().name(kind, code));
        self.entitled(entry, None, code)
    }

    /// Name of a scenario: the template's, else that of the folder.
    pub fn scenario(&self, code: &str) -> Named {
        self.named("scenarios", code)
    }

    /// Name of one of a kind: the template's, else that of the folder.
    pub fn named(&self, kind: &str, code: &str) -> Named {
        let entry = self.speaker.template().name(kind, code);
        self.entitled(entry, self.label(kind, code), code)
    }

    /// Name of what is drawn: `trade shares`, or a variable of a group of regions with its lag.
    pub fn parameter(&self, word: &str) -> Named {
        let template = self.speaker.template();
        let known = |word: &str| {
            let kinds = ["parameters", "quantities"];
            kinds.iter().find_map(|kind| template.name(kind, word)).is_some()
        };
        let of = |word: &str| self.word_of(&["parameters", "quantities"], word);
        if known(word) || !word.split(' ').all(known) {
            return of(word);
        }
        let parts: Vec<String> = word.split(' ').map(|part| of(part).full()).collect();
        Named::new(parts.join(self.language().pick("", ", "))).code(word)
    }

    /// Code and names of a region.
    pub fn spellings<'c>(&self, code: &'c str) -> Vec<&'c str>
    where
        'a: 'c,
    {
        let names = self.label("regions", code).map(|label| [label.en.as_str(), label.zh.as_str()]);
        [code]
            .into_iter()
            .chain(names.into_iter().flatten())
            .filter(|text| !text.is_empty())
            .collect()
    }

    /// Provinces that a region consists of, by code; nothing if that is not known.
    pub fn provinces(&self, code: &str) -> Vec<String> {
        let template = self.speaker.template();
        let label = self.label("regions", code);
        let spelled =
            |text: &str| template.name("regions", text).map(|entry| entry.provinces.clone());
        let known = label.and_then(|label| spelled(&label.zh)).or_else(|| spelled(code));
        if let Some(provinces) = known.filter(|provinces| !provinces.is_empty()) {
            return provinces;
        }
        let texts = label.map_or(vec![code], |label| vec![&label.code, &label.en, &label.zh]);
        let province = texts.into_iter().find_map(china::province_named);
        province.map(|province| vec![province.code.to_owned()]).unwrap_or_default()
    }

    /// A name by the Chinese name that a table gives, with the template's short name.
    fn by_label(&self, kind: &str, label: Option<&NamedCode>, code: &str) -> Named {
        let template = self.speaker.template();
        let entry = label.and_then(|label| template.name(kind, &label.zh));
        self.entitled(entry.or_else(|| template.name(kind, code)), label, code)
    }

    fn entitled(&self, entry: Option<&NameEntry>, label: Option<&NamedCode>, code: &str) -> Named {
        let language = self.language();
        let own = label.map_or("", |label| language.pick(label.zh.as_str(), label.en.as_str()));
        let other = label.map_or("", |label| language.pick(label.en.as_str(), label.zh.as_str()));
        let (full, short) = match entry {
            Some(entry) => (
                language.pick(entry.zh.as_str(), entry.en.as_str()),
                language.pick(entry.short_zh.as_str(), entry.short_en.as_str()),
            ),
            None => ("", ""),
        };
        // A code of words is better read with spaces.
        let spaced = code.replace('_', " ");
        let texts = [full, own, other, spaced.as_str()];
        let name = texts.into_iter().find(|text| !text.is_empty()).unwrap_or(code);
        Named::new(name).short(short).code(code)
    }
}
