//! What every brief has: masthead, caveats, sources, and the shapes of tables.

use super::book::Book;
use super::content::{
    Block, Brief, Card, Caveat, Cell, Dials, Grid, GridRow, Head, Labels, MainTable, Masthead, Tag,
};
use super::missing::counted_as_zero;
use super::prose::{Inline, Prose};
use super::shapes::synthetic;
use super::sources::sources;
use super::speech::{Facts, Grade, level_range, range};
use crate::figure::Style;
use crate::figure::ink::Ink;
use crate::figure::net_bars::direction;
use crate::numerals::{Cited, Estimate, Language, Measure};

/// Share of draws or combinations that must have a sign for it to be told.
pub(super) const LIKELY: f64 = 0.9;

/// What the kind of a brief decides.
#[derive(Debug)]
pub(super) struct Parts {
    /// What it is about, in the line at the top.
    pub subject: Prose,
    /// The message.
    pub headline: Prose,
    /// Sentences that carry it.
    pub deck: Prose,
    /// Key numbers.
    pub cards: Vec<Card>,
    /// Figures, those that say most first.
    pub blocks: Vec<Block>,
    /// What can be turned.
    pub dials: Option<Dials>,
    /// The table.
    pub table: Option<MainTable>,
    /// How it was computed.
    pub method: Vec<Prose>,
}

/// The whole brief around its parts, with no more than `most` of the figures.
pub(super) fn brief(book: &Book<'_>, parts: Parts, most: usize) -> Brief {
    let language = book.language();
    let mut blocks = parts.blocks;
    blocks.truncate(most);
    let caveats = caveats(book);
    let marks = Marks::of(book, &caveats);
    for block in &mut blocks {
        let title = std::mem::take(&mut block.title);
        block.title = title.sentences(language).as_heading(language);
        let texts = std::mem::take(&mut block.text);
        block.text = texts.into_iter().map(|text| text.sentences(language)).collect();
        let files: Vec<&str> = block.views.iter().map(|view| view.file.as_str()).collect();
        if let Some(last) = block.text.pop() {
            block.text.push(last.with_caveats(marks.of_files(&files)));
        }
    }
    let brief = Brief {
        language,
        style: style(book),
        masthead: masthead(book, &parts.subject),
        headline: parts.headline.sentences(language).as_heading(language),
        deck: warned(book, parts.deck.sentences(language)).with_caveats(marks.of_all()),
        cards: parts.cards,
        blocks,
        dials: parts.dials,
        table: parts
            .table
            .map(|table| MainTable { title: table.title.as_heading(language), ..table }),
        caveats,
        method: parts.method,
        sources: sources(book),
        labels: Labels::of(language),
    };
    all_marked(brief)
}

/// The same with the marks of caveats that no text bears, because no figure is of their files, below the table.
fn all_marked(mut brief: Brief) -> Brief {
    let marked = brief.marked();
    let codes = brief.caveats.iter().map(|caveat| caveat.code.clone());
    let left: Vec<String> = codes.filter(|code| !marked.contains(code.as_str())).collect();
    let place = match &mut brief.table {
        Some(table) => &mut table.note,
        None => &mut brief.deck,
    };
    place.0.extend(left.into_iter().map(Inline::Caveat));
    brief
}

/// A deck that says first if its numbers are of no real place.
fn warned(book: &Book<'_>, deck: Prose) -> Prose {
    if !synthetic(book) {
        return deck;
    }
    let mut warned = book.speaker.phrase("synthetic_data");
    if book.language() == Language::English {
        warned.push(Inline::Text(" ".to_owned()));
    }
    warned.0.extend(deck.0);
    warned
}

/// The words of figures: the default ones, or those that the template has for results of this command.
pub(super) fn style(book: &Book<'_>) -> Style {
    let mut style = Style::of(book.language());
    let summary = &book.recorded.summary;
    // Periods of a transfer speak as a transfer does, scenarios beside each other do not.
    let periods = summary.switches.get("compared").is_some_and(|kind| kind == "periods");
    let kind = if periods { "periods" } else { summary.command.as_str() };
    for (name, word) in style.words.replaceable() {
        let key = format!("{kind}_figure_{name}");
        let own = book.speaker.template().word(&key, book.language());
        if !own.is_empty() {
            *word = own;
        }
    }
    style
}

fn masthead(book: &Book<'_>, subject: &Prose) -> Masthead {
    let template = book.speaker.template();
    let entry = &template.file.masthead;
    let of = |both: &Option<super::template::Both>| {
        both.as_ref().map_or(String::new(), |both| both.of(book.language()).to_owned())
    };
    Masthead {
        series: of(&entry.series),
        subject: subject.plain(),
        institution: of(&entry.institution),
        issue: of(&entry.issue),
        logo: template.logo.clone(),
    }
}

/// Every code that the run noted, the weightiest first, each with the run's own words.
fn caveats(book: &Book<'_>) -> Vec<Caveat> {
    let template = book.speaker.template();
    let language = book.language();
    let mut found: Vec<Caveat> = Vec::new();
    for note in &book.recorded.summary.notes {
        if let Some(known) = found.iter_mut().find(|caveat| caveat.code == note.code) {
            known.own_words.push(note.message.clone());
            continue;
        }
        let entry = template.file.caveats.get(&note.code);
        let tag = entry.map_or(Tag::Limits, |entry| entry.tag.tag());
        found.push(Caveat {
            code: note.code.clone(),
            number: 0,
            name: match entry {
                Some(entry) => entry.name.of(language).to_owned(),
                None => template.word("unknown_caveat", language),
            },
            tag,
            tag_word: template.word(tag_key(tag), language),
            // A code that no template knows is told in the run's own words, never dropped.
            text: match entry {
                Some(entry) => {
                    let mut text = Prose::text(entry.text.of(language));
                    text.0.extend(counted_as_zero(book, &note.code).0);
                    text.0.extend(super::build::columns::told(book, &note.code).0);
                    text
                }
                None => Prose::text(note.message.clone()),
            },
            own_words: vec![note.message.clone()],
        });
    }
    found.sort_by_key(|caveat| caveat.tag);
    for (at, caveat) in found.iter_mut().enumerate() {
        caveat.number = at + 1;
    }
    found
}

fn tag_key(tag: Tag) -> &'static str {
    match tag {
        Tag::MayChange => "tag_may_change",
        Tag::Limits => "tag_limits",
        Tag::HowToRead => "tag_reading",
        Tag::Scope => "tag_scope",
    }
}

/// Which caveats stand behind which sentence: those of every file behind the deck, others behind the figures
/// of their files.
struct Marks<'b> {
    /// Codes in the order of their numbers, with the files they are about.
    codes: Vec<(String, Vec<&'b str>)>,
    files: usize,
}

impl<'b> Marks<'b> {
    fn of(book: &'b Book<'_>, caveats: &[Caveat]) -> Self {
        let files = &book.recorded.files;
        let about = |code: &str| -> Vec<&str> {
            let concerned = files.iter().filter(|file| file.caveats.iter().any(|own| own == code));
            concerned.map(|file| file.name.as_str()).collect()
        };
        let codes = caveats.iter().map(|caveat| (caveat.code.clone(), about(&caveat.code)));
        Marks { codes: codes.collect(), files: files.len() }
    }

    fn of_all(&self) -> Vec<&str> {
        let all =
            self.codes.iter().filter(|(_, files)| files.len() == self.files || files.is_empty());
        all.map(|(code, _)| code.as_str()).collect()
    }

    fn of_files(&self, names: &[&str]) -> Vec<&str> {
        let some = self.codes.iter().filter(|(_, files)| {
            files.len() < self.files && files.iter().any(|file| names.contains(file))
        });
        some.map(|(code, _)| code.as_str()).collect()
    }
}

/// A card of a change: the number in the colour of its direction, or the word for one that is not known.
pub(super) fn card(book: &Book<'_>, label: Prose, estimate: &Estimate, unit: &str) -> Card {
    card_in(book, label, estimate, &prose_measure(book, estimate, unit))
}

/// The same in a unit that is known.
pub(super) fn card_in(
    book: &Book<'_>,
    label: Prose,
    estimate: &Estimate,
    measure: &Measure,
) -> Card {
    let point = &estimate.point;
    let number = Prose::number(measure.change(point.value), point);
    let mut facts = Facts::new();
    facts.change("it", estimate, None, measure);
    facts.flag("ranged", estimate.range.is_some());
    match Grade::of(estimate, None) {
        Grade::Unclear => Card {
            label,
            value: book.speaker.phrase("direction_unclear"),
            unit: String::new(),
            range: book.speaker.say("card_unclear_range", &facts),
            ink: Ink::Ink2,
        },
        grade => Card {
            label,
            value: number,
            unit: measure.unit().to_owned(),
            range: match grade {
                Grade::Bare => Prose::default(),
                _ => book.speaker.say("card_range", &facts),
            },
            ink: direction(estimate).0,
        },
    }
}

/// The unit of a number in a sentence: by the point, with the digits that matter of it.
pub(super) fn prose_measure(book: &Book<'_>, estimate: &Estimate, unit: &str) -> Measure {
    book.prose_measure(unit, estimate.value())
}

/// The unit of a number in a sentence beside a figure: that of the figure, so that both print the same digits,
/// unless the number were nothing there or has too many digits for a sentence.
pub(super) fn as_in_figure(
    book: &Book<'_>,
    estimate: &Estimate,
    unit: &str,
    figure: &Measure,
) -> Measure {
    let (own, value) = (prose_measure(book, estimate, unit), estimate.value());
    let large = figure.scaled(value).abs() >= 1e4;
    if large || figure.level(value) == "0" { own } else { figure.clone() }
}

/// The unit of a column or figure: by the largest value and end of a range.
pub(super) fn figure_measure<'e>(
    book: &Book<'_>,
    estimates: impl IntoIterator<Item = &'e Estimate>,
    unit: &str,
) -> Measure {
    let points = estimates.into_iter().map(|estimate| estimate.value().abs());
    book.figure_measure(unit, points.fold(0.0, f64::max))
}

/// A head of a column.
pub(super) fn head(text: impl Into<String>, unit: impl Into<String>, numeric: bool) -> Head {
    Head { text: text.into(), unit: unit.into(), numeric }
}

/// A cell of words.
pub(super) fn words(text: impl Into<String>) -> Cell {
    Cell { main: Prose::text(text), ..Cell::default() }
}

/// A cell of a change: bold in its colour, its range below; an unclear one with the word for it.
pub(super) fn change_cell(book: &Book<'_>, estimate: Option<&Estimate>, measure: &Measure) -> Cell {
    let Some(estimate) = estimate else { return words("—") };
    let point = &estimate.point;
    let mut main = Prose::number(measure.change(point.value), point);
    if estimate.unclear() {
        let mut facts = Facts::new();
        facts.prose("number", main);
        main = book.speaker.say("cell_unclear", &facts);
    }
    Cell {
        main,
        below: estimate.range.as_ref().map_or(Prose::default(), |ends| range(ends, measure)),
        sort: Some(point.value),
        ink: Some(if estimate.unclear() { Ink::Ink2 } else { direction(estimate).0 }),
    }
}

/// A cell of a quotient: its range below without signs; one whose range holds zero is unclear.
pub(super) fn ratio_cell(book: &Book<'_>, estimate: &Estimate, measure: &Measure) -> Cell {
    let point = &estimate.point;
    let mut main = Prose::number(measure.level(point.value), point);
    if estimate.unclear() {
        let mut facts = Facts::new();
        facts.prose("number", main);
        main = book.speaker.say("cell_unclear", &facts);
    }
    Cell {
        main,
        below: estimate.range.as_ref().map_or(Prose::default(), |ends| level_range(ends, measure)),
        sort: Some(point.value),
        ink: estimate.unclear().then_some(Ink::Ink2),
    }
}

/// A cell of a level.
pub(super) fn level_cell(cited: Option<&Cited>, measure: &Measure) -> Cell {
    let Some(cited) = cited else { return words("—") };
    Cell {
        main: Prose::number(measure.level(cited.value), cited),
        sort: Some(cited.value),
        ..Cell::default()
    }
}

/// Three columns for a change in the data table of a figure: point, low, high.
pub(super) fn range_cells(estimate: Option<&Estimate>, measure: &Measure) -> [Cell; 3] {
    let cell = |cited: Option<&Cited>| match cited {
        Some(cited) => Cell {
            main: Prose::number(measure.change(cited.value), cited),
            sort: Some(cited.value),
            ..Cell::default()
        },
        None => words("—"),
    };
    let ends = estimate.and_then(|estimate| estimate.range.as_ref());
    [
        cell(estimate.map(|estimate| &estimate.point)),
        cell(ends.map(|ends| &ends[0])),
        cell(ends.map(|ends| &ends[1])),
    ]
}

/// A table of changes by name: one column of names, then point and range for every quantity.
pub(super) fn change_grid(
    book: &Book<'_>,
    caption: String,
    name_head: &str,
    quantities: &[(String, Measure)],
    rows: &[(String, Vec<Option<Estimate>>)],
) -> Grid {
    let word = |key: &str| book.speaker.template().word(key, book.language());
    let ranged = rows.iter().flat_map(|(_, values)| values.iter().flatten());
    let ranged = ranged.into_iter().any(|estimate| estimate.range.is_some());
    let mut heads = vec![head(name_head, "", false)];
    for (name, measure) in quantities {
        heads.push(head(name.clone(), measure.unit(), true));
        if ranged {
            heads.push(head(word("lowest"), measure.unit(), true));
            heads.push(head(word("highest"), measure.unit(), true));
        }
    }
    let line = |(name, values): &(String, Vec<Option<Estimate>>)| {
        let mut cells = vec![words(name.clone())];
        for (value, (_, measure)) in values.iter().zip(quantities) {
            let [point, low, high] = range_cells(value.as_ref(), measure);
            cells.push(point);
            if ranged {
                cells.extend([low, high]);
            }
        }
        GridRow { cells, total: false }
    };
    Grid { caption, heads, rows: rows.iter().map(line).collect() }
}

/// The stressor a brief speaks of: CO2 if the table has it, else the first.
pub(super) fn main_stressor(codes: &[&str]) -> Option<String> {
    let stressors = || codes.iter().filter(|code| !["output", "value_added"].contains(code));
    let carbon = stressors().find(|code| code.to_lowercase().starts_with("co2"));
    carbon.or_else(|| stressors().next()).map(|code| (*code).to_owned())
}
