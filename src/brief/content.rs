//! What a brief consists of, in one language: the same for a page, a print, a text and a workbook.

use std::collections::BTreeSet;

use super::prose::Prose;
use crate::figure::ink::Ink;
use crate::figure::{Figure, Style};
use crate::numerals::Language;

/// A brief in one language, in the order in which it is read.
#[derive(Debug)]
pub struct Brief {
    /// Its language.
    pub language: Language,
    /// The words of its figures.
    pub style: Style,
    /// The line at the top.
    pub masthead: Masthead,
    /// The message.
    pub headline: Prose,
    /// Two or three sentences that carry it.
    pub deck: Prose,
    /// Four key numbers.
    pub cards: Vec<Card>,
    /// Figures with what they show.
    pub blocks: Vec<Block>,
    /// What can be turned in the page, if runs were computed for it.
    pub dials: Option<Dials>,
    /// The table.
    pub table: Option<MainTable>,
    /// Every caveat of the run, the weightiest first.
    pub caveats: Vec<Caveat>,
    /// How it was computed, in plain words.
    pub method: Vec<Prose>,
    /// Data, publishers, years, hashes; switches; version; command line.
    pub sources: Vec<SourceLine>,
    /// Words of the page itself.
    pub labels: Labels,
}

impl Brief {
    /// Every text in front of the caveats, but for cells of tables.
    fn texts(&self) -> impl Iterator<Item = &Prose> {
        let cards = self.cards.iter().flat_map(|card| [&card.label, &card.value, &card.range]);
        let blocks = self
            .blocks
            .iter()
            .flat_map(|block| [&block.title, &block.note].into_iter().chain(&block.text));
        let notes = self.table.iter().flat_map(|table| [&table.title, &table.note]);
        [&self.headline, &self.deck].into_iter().chain(cards).chain(blocks).chain(notes)
    }

    /// Codes of caveats whose marks stand behind a text.
    pub fn marked(&self) -> BTreeSet<&str> {
        self.texts().flat_map(Prose::marks).collect()
    }

    /// Names of the results files that have a number of it, in texts, figures, tables or dials.
    pub fn files(&self) -> BTreeSet<&str> {
        let cited = self.texts().chain(&self.method).flat_map(Prose::numbers);
        let mut files: BTreeSet<&str> = cited.map(|(_, cited)| cited.at.file.as_str()).collect();
        files.extend(self.blocks.iter().flat_map(|block| &block.views).flat_map(View::files));
        files.extend(self.table.iter().flat_map(MainTable::files));
        files.extend(self.dials.iter().map(|dials| dials.file.as_str()));
        files
    }
}

/// The line at the top.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Masthead {
    /// Name of the series.
    pub series: String,
    /// What this one is about.
    pub subject: String,
    /// Who publishes it; may be empty.
    pub institution: String,
    /// Issue and date, as the template has them; may be empty.
    pub issue: String,
    /// A picture as a `data:` address; none if the template has none.
    pub logo: Option<String>,
}

/// A key number.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// What it is.
    pub label: Prose,
    /// The number, or the word for a direction that is not known.
    pub value: Prose,
    /// Its unit; empty behind a word.
    pub unit: String,
    /// Its range, in small type; or what is known instead.
    pub range: Prose,
    /// Colour by what it means: [`Ink::In`], [`Ink::Out`], or [`Ink::Ink2`] where the direction is not known.
    pub ink: Ink,
}

/// A figure with its text.
#[derive(Debug)]
pub struct Block {
    /// A word for addresses in the page, unique in the brief: `net-transfer`.
    pub id: String,
    /// What it finds; has a verb.
    pub title: Prose,
    /// One or two short paragraphs.
    pub text: Vec<Prose>,
    /// The figure, once for each quantity, year or region that can be chosen; never empty.
    pub views: Vec<View>,
    /// What stands below.
    pub note: Prose,
}

/// One state of a figure.
#[derive(Debug)]
pub struct View {
    /// What is chosen to see it, in each of the block's choices; empty where there is one view.
    pub choice: String,
    /// What is drawn: quantity, unit, place, years, what bar and line mean.
    pub description: Prose,
    /// The figure.
    pub figure: Box<dyn Figure>,
    /// The numbers behind it.
    pub grid: Grid,
    /// Name of the results file that has them all.
    pub file: String,
}

impl View {
    /// Names of the results files that have its numbers: its own first, then those of single columns.
    pub fn files(&self) -> Vec<&str> {
        files_of(&self.file, &self.grid)
    }
}

/// A file, then those that a table's numbers cite beside it, each once.
fn files_of<'a>(file: &'a str, grid: &'a Grid) -> Vec<&'a str> {
    let mut files = vec![file];
    for name in grid.prose().flat_map(Prose::numbers).map(|(_, cited)| cited.at.file.as_str()) {
        if !files.contains(&name) {
            files.push(name);
        }
    }
    files.retain(|name| !name.is_empty());
    files
}

/// A table of numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Grid {
    /// What it holds.
    pub caption: String,
    /// Heads, the first over names.
    pub heads: Vec<Head>,
    /// Lines; each has as many cells as there are heads.
    pub rows: Vec<GridRow>,
}

impl Grid {
    /// What stands in its cells.
    fn prose(&self) -> impl Iterator<Item = &Prose> {
        let cells = self.rows.iter().flat_map(|row| &row.cells);
        cells.flat_map(|cell| [&cell.main, &cell.below])
    }
}

/// Head of a column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// What the column holds.
    pub text: String,
    /// Its unit; may be empty.
    pub unit: String,
    /// Whether it holds numbers, which stand on the right.
    pub numeric: bool,
}

/// A line of a table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GridRow {
    /// Its cells.
    pub cells: Vec<Cell>,
    /// Whether it is a total, below a rule.
    pub total: bool,
}

/// A cell.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cell {
    /// What stands in it.
    pub main: Prose,
    /// In small type below: a range.
    pub below: Prose,
    /// By what lines are put in order; none for words.
    pub sort: Option<f64>,
    /// Colour, if it means something.
    pub ink: Option<Ink>,
}

/// Table 1 with its heading.
#[derive(Debug, Clone, PartialEq)]
pub struct MainTable {
    /// Its heading.
    pub title: Prose,
    /// The lines.
    pub grid: Grid,
    /// What stands below.
    pub note: Prose,
    /// Name of the results file that has them all.
    pub file: String,
}

impl MainTable {
    /// Names of the results files that have its numbers, its own first.
    pub fn files(&self) -> Vec<&str> {
        files_of(&self.file, &self.grid)
    }
}

/// How much a caveat weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tag {
    /// It may change results.
    MayChange,
    /// It limits how results may be read.
    Limits,
    /// How numbers are to be read.
    HowToRead,
    /// What data cover.
    Scope,
}

/// A caveat in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Caveat {
    /// Its stable code.
    pub code: String,
    /// Its number, from 1.
    pub number: usize,
    /// A short name.
    pub name: String,
    /// How much it weighs.
    pub tag: Tag,
    /// The word for that.
    pub tag_word: String,
    /// What it is, which numbers it touches, in which direction.
    pub text: Prose,
    /// The run's own words, with their numbers; one entry for each time it was noted.
    pub own_words: Vec<String>,
}

/// A line of the sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLine {
    /// What it is: data, command, version, seed, a switch.
    pub name: String,
    /// The text.
    pub text: String,
    /// A hash, its first twelve characters; may be empty.
    pub hash: String,
}

/// What can be turned in the page: one computed run for every combination of stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dials {
    /// Heading.
    pub title: String,
    /// What is turned, in order.
    pub dials: Vec<Dial>,
    /// What is told at every stop.
    pub outputs: Vec<DialOutput>,
    /// Texts of the outputs for every combination; the last dial turns fastest.
    pub cells: Vec<Vec<String>>,
    /// The combination of the run itself, one stop for each dial.
    pub start: Vec<usize>,
    /// The command that prints a combination; `{n}` stands for the stop of the n-th dial, from 0.
    pub note: String,
    /// Name of the results file that has them all.
    pub file: String,
}

/// One dial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dial {
    /// What it turns.
    pub name: String,
    /// Its stops in words.
    pub stops: Vec<String>,
}

/// One number that follows the dials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialOutput {
    /// What it is.
    pub name: String,
    /// Its unit.
    pub unit: String,
}

/// Words of the page itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Labels {
    pub figure: String,
    pub table: String,
    pub caveats: String,
    pub method: String,
    pub sources: String,
    pub show_data: String,
    pub download: String,
    pub light: String,
    pub dark: String,
    pub skip: String,
    pub language: String,
    pub theme: String,
    pub choose: String,
    pub sort_by: String,
    pub back: String,
    pub more_caveats: String,
    pub read_marks: String,
    pub swipe: String,
    pub rounding: String,
    pub page: String,
    pub summary: String,
    pub own_words: String,
}
