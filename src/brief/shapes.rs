//! What briefs are put together of: texts that keep their length, lists of names, cards and tables of levels.

use super::book::Book;
use super::common::{head, words};
use super::content::{Block, Card, Cell, Grid, GridRow, View};
use super::prose::{Inline, Prose};
use super::speech::Facts;
use crate::figure::ink::Ink;
use crate::figure::names::Named;
use crate::numerals::{Cited, Language, Measure};

/// How long a text may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    /// Han characters; two others count as one.
    han: f64,
    /// English words.
    words: usize,
}

/// Of a headline.
pub(super) const HEADLINE: Limit = Limit { han: 36.0, words: 20 };
/// Of the title of a figure.
pub(super) const TITLE: Limit = Limit { han: 26.0, words: 14 };

impl Limit {
    /// Whether a text keeps to it.
    pub fn holds(self, text: &str, language: Language) -> bool {
        language.pick(han(text) <= self.han, text.split_whitespace().count() <= self.words)
    }

    /// What is left of it beside other words.
    fn beside(self, prose: &Prose) -> Self {
        let text = prose.plain();
        Limit {
            han: self.han - han(&text),
            words: self.words.saturating_sub(text.split_whitespace().count()),
        }
    }
}

/// Length of a text in Han characters.
fn han(text: &str) -> f64 {
    let wide = |c: char| match c as u32 {
        // A word joiner has no width.
        0x2060 => 0.0,
        narrow if narrow < 0x2e80 => 0.5,
        _ => 1.0,
    };
    text.chars().filter(|c| !c.is_whitespace()).map(wide).sum()
}

/// The sentence of a key; where names make it longer than it may be, that of the key with `_short` behind it.
pub(super) fn fitting(book: &Book<'_>, key: &str, facts: &Facts, limit: Limit) -> Prose {
    let whole = book.speaker.say(key, facts);
    if limit.holds(&whole.plain(), book.language()) {
        return whole;
    }
    book.speaker.say(&format!("{key}_short"), facts)
}

/// The headline, which says first if its numbers are of no real place.
pub(super) fn headline(book: &Book<'_>, key: &str, facts: &Facts) -> Prose {
    let warning = match synthetic(book) {
        true => book.speaker.phrase("synthetic_headline"),
        false => Prose::default(),
    };
    let mut headline = fitting(book, key, facts, HEADLINE.beside(&warning));
    if !warning.is_empty() {
        // The heading may break behind the warning.
        let space = Inline::Text(book.language().pick("", " ").to_owned());
        headline.0.splice(0..0, warning.0.into_iter().chain([space, Inline::Break]));
    }
    headline
}

/// Whether the data were made up to show a method.
pub(super) fn synthetic(book: &Book<'_>) -> bool {
    book.recorded.summary.notes.iter().any(|note| note.code == "synthetic")
}

/// A figure with its sentences, those of `KIND_KEY_title`, `_text` and `_note`.
pub(super) fn block(
    book: &Book<'_>,
    id: &str,
    (kind, key): (&str, &str),
    facts: &Facts,
    views: Vec<View>,
) -> Block {
    let key = |part: &str| format!("{kind}_{key}_{part}");
    Block {
        id: id.to_owned(),
        title: fitting(book, &key("title"), facts, TITLE),
        text: vec![book.speaker.say(&key("text"), facts)],
        views,
        note: book.speaker.say(&key("note"), facts),
    }
}

/// A name for the middle of a Chinese sentence: a space parts Latin letters from Han.
pub(super) fn padded(name: &str, language: Language) -> String {
    let latin = |c: Option<char>| c.is_some_and(|c| !('\u{2e80}'..='\u{ffef}').contains(&c));
    let space = |latin: bool| if latin && language == Language::Chinese { " " } else { "" };
    let (first, last) = (latin(name.chars().next()), latin(name.chars().next_back()));
    format!("{}{name}{}", space(first), space(last))
}

/// A name that may be a whole clause, for the middle of a sentence: between quotes; a code, in Chinese between spaces.
pub(super) fn quoted(name: &str, language: Language) -> String {
    let code = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    if name.chars().all(code) { padded(name, language) } else { format!("“{name}”") }
}

/// Names as a list by a sentence that knows `n`, `first`, `second` and `third`.
pub(super) fn list(book: &Book<'_>, names: &[String], key: &str) -> Prose {
    let mut facts = Facts::new();
    facts.count("n", names.len() as i64);
    for (at, word) in ["first", "second", "third"].into_iter().enumerate() {
        facts.word(word, names.get(at).cloned().unwrap_or_default());
    }
    book.speaker.say(key, &facts)
}

/// All names, however many: `A, B and C`.
pub(super) fn all_names(names: &[String], language: Language) -> String {
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => {
            let rest = rest.join(language.pick("、", ", "));
            format!("{rest}{}{last}", language.pick("和", " and "))
        }
        _ => names.concat(),
    }
}

/// A card of a level, with what stands in small type below it.
pub(super) fn level_card(label: Prose, cited: &Cited, measure: &Measure, below: Prose) -> Card {
    Card {
        label,
        value: Prose::number(measure.level(cited.value), cited),
        unit: measure.unit().to_owned(),
        range: below,
        ink: Ink::Ink2,
    }
}

/// A cell of a change without a range.
pub(super) fn plain_change(cited: &Cited, measure: &Measure) -> Cell {
    Cell {
        main: Prose::number(measure.change(cited.value), cited),
        sort: Some(cited.value),
        ..Cell::default()
    }
}

/// A column of numbers.
#[derive(Debug, Clone)]
pub(super) struct Numbers {
    /// What they are.
    pub name: String,
    /// Their unit.
    pub measure: Measure,
    /// Whether they are changes, with their sign.
    pub change: bool,
}

impl Numbers {
    /// Levels.
    pub fn levels(name: impl Into<String>, measure: Measure) -> Self {
        Numbers { name: name.into(), measure, change: false }
    }

    /// Changes.
    pub fn changes(name: impl Into<String>, measure: Measure) -> Self {
        Numbers { name: name.into(), measure, change: true }
    }

    fn cell(&self, cited: Option<&Cited>) -> Cell {
        match (cited, self.change) {
            (None, _) => words("—"),
            (Some(cited), true) => plain_change(cited, &self.measure),
            (Some(cited), false) => Cell {
                main: Prose::number(self.measure.level(cited.value), cited),
                sort: Some(cited.value),
                ..Cell::default()
            },
        }
    }
}

/// A table of numbers by name.
pub(super) fn number_grid(
    caption: &Prose,
    name_head: &str,
    columns: &[Numbers],
    rows: &[(String, Vec<Option<Cited>>)],
) -> Grid {
    let mut heads = vec![head(name_head, "", false)];
    heads.extend(columns.iter().map(|one| head(one.name.clone(), one.measure.unit(), true)));
    let row = |(name, values): &(String, Vec<Option<Cited>>)| {
        let numbers = columns.iter().zip(values).map(|(one, value)| one.cell(value.as_ref()));
        let cells = std::iter::once(words(name.clone())).chain(numbers).collect();
        GridRow { cells, total: false }
    };
    Grid { caption: caption.plain(), heads, rows: rows.iter().map(row).collect() }
}

/// Decimals of a percentage; what is less than half of the last is rounding of sums, read as zero.
const DECIMALS: usize = 6;

/// A share in percent, with the digits that matter and no zeros behind them: a tolerance of 0.01% claims no more.
pub(super) fn percent(share: f64, language: Language) -> Measure {
    let measure = Measure::of_prose("share", share, language);
    let measure = measure.with_decimals(measure.decimals().min(DECIMALS));
    let digits = measure.level(share);
    let zeros = digits.len() - digits.trim_end_matches('0').len();
    measure.with_decimals(measure.decimals().saturating_sub(zeros))
}

/// Short names, for sentences that have little room.
pub(super) fn briefs<'n>(names: impl IntoIterator<Item = &'n Named>) -> Vec<String> {
    names.into_iter().map(Named::brief).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_letters_stand_apart_from_han() {
        assert_eq!(padded("CO₂", Language::Chinese), " CO₂ ");
        assert_eq!(padded("增加值", Language::Chinese), "增加值");
        assert_eq!(padded("CO₂", Language::English), "CO₂");
        let quotes = [("冶金迁往河北", "“冶金迁往河北”"), ("bth-metals", " bth-metals ")];
        for (name, shown) in quotes {
            assert_eq!(quoted(name, Language::Chinese), shown);
        }
        let quotes = [("Metals to Hebei", "“Metals to Hebei”"), ("bth-metals", "bth-metals")];
        for (name, shown) in quotes {
            assert_eq!(quoted(name, Language::English), shown);
        }
    }

    #[test]
    fn percentages_claim_no_digits_that_they_do_not_have() {
        let shown = |share: f64| percent(share, Language::English).level(share);
        let shares = [0.0001, 0.0863, 0.30, 0.8, 1.25, 3e-13, 0.0];
        assert_eq!(shares.map(shown), ["0.01", "8.6", "30", "80", "125", "0", "0"]);
    }

    #[test]
    fn a_limit_counts_han_and_words() {
        let limit = Limit { han: 6.0, words: 3 };
        assert!(limit.holds("江苏卖出 12", Language::Chinese));
        assert!(!limit.holds("江苏净卖出很多", Language::Chinese));
        assert!(limit.holds("Jiangsu sells most", Language::English));
        assert!(!limit.holds("Jiangsu sells the most", Language::English));
    }
}
