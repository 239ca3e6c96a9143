//! What can be wrong with a user's files, and where.
//!
//! A [`Fault`] names its place, what was found, what was expected and how to mend it.
//! Readers keep every fault they meet in [`Faults`] and report them together.
//! A [`Note`] is unease, not an error: it travels with the result it concerns.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use unicode_width::UnicodeWidthStr;

/// A place in a user's files.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// A whole file or folder.
    Whole(PathBuf),
    /// A field of a text table: line and column (the column counts fields), both from 1.
    Field {
        /// The file.
        file: PathBuf,
        /// Line, from 1.
        line: u64,
        /// Field in the line, from 1; 0 means the whole line.
        column: usize,
    },
    /// A cell of a workbook, such as `Table_2012!AXG17`; a line `17:17`; without any, the sheet.
    Cell {
        /// The workbook.
        file: PathBuf,
        /// Name of the sheet.
        sheet: String,
        /// Cell in A1 notation; may be empty.
        cell: String,
    },
    /// A stretch of a TOML file.
    Span {
        /// The file.
        file: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Character in the line, from 1.
        column: usize,
        /// Bytes of the stretch in the whole text.
        bytes: Range<usize>,
        /// Text of the line, for showing.
        excerpt: String,
    },
    /// A member of an archive; the inner place is inside that member.
    Member {
        /// The archive.
        archive: PathBuf,
        /// The place inside it.
        inner: Box<Location>,
    },
}

impl Location {
    /// A whole file or folder.
    pub fn whole(path: impl Into<PathBuf>) -> Self {
        Location::Whole(path.into())
    }

    /// A field of a text table, line and column from 1.
    pub fn field(file: impl Into<PathBuf>, line: u64, column: usize) -> Self {
        Location::Field { file: file.into(), line, column }
    }

    /// The place of `bytes` in a text file.
    pub fn span(file: &Path, text: &str, bytes: Range<usize>) -> Self {
        let start = floor_boundary(text, bytes.start.min(text.len()));
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        Location::Span {
            file: file.to_path_buf(),
            line: before.matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            bytes: start..bytes.end.max(start),
            excerpt: text[line_start..line_end].trim_end_matches('\r').to_owned(),
        }
    }

    /// The file, folder or archive this place is in.
    pub fn file(&self) -> &Path {
        match self {
            Location::Whole(file)
            | Location::Field { file, .. }
            | Location::Cell { file, .. }
            | Location::Span { file, .. }
            | Location::Member { archive: file, .. } => file,
        }
    }
}

fn floor_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Spreadsheet letters of a column counted from 1: 1 is A, 27 is AA.
pub fn column_letters(mut column: usize) -> String {
    let mut letters = Vec::new();
    while column > 0 {
        column -= 1;
        letters.push(b'A' + (column % 26) as u8);
        column /= 26;
    }
    letters.reverse();
    String::from_utf8(letters).unwrap_or_default()
}

impl fmt::Display for Location {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Whole(path) => write!(out, "{}", path.display()),
            Location::Field { file, line, column: 0 } => write!(out, "{}:{line}", file.display()),
            Location::Field { file, line, column } => {
                let letters = column_letters(*column);
                write!(out, "{}:{line}:{column} (cell {letters}{line})", file.display())
            }
            Location::Cell { file, sheet, cell } if cell.is_empty() => {
                write!(out, "{}: {sheet}", file.display())
            }
            Location::Cell { file, sheet, cell } => {
                write!(out, "{}: {sheet}!{cell}", file.display())
            }
            Location::Span { file, line, column, .. } => {
                write!(out, "{}:{line}:{column}", file.display())
            }
            Location::Member { archive, inner } => write!(out, "{}: {inner}", archive.display()),
        }
    }
}

/// One thing wrong with a user's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(Box<Trouble>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Trouble {
    at: Location,
    message: String,
    help: Option<String>,
}

impl Fault {
    /// A fault at a place; the message says what was expected and what was found.
    pub fn new(at: Location, message: impl Into<String>) -> Self {
        Fault(Box::new(Trouble { at, message: message.into(), help: None }))
    }

    /// Adds what to do about it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Where it is.
    pub fn at(&self) -> &Location {
        &self.0.at
    }

    /// What was expected and what was found.
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.0.at, clipped(&self.0.message))?;
        if let Location::Span { line, column, bytes, excerpt, .. } = &self.0.at
            && excerpt.len() <= LONGEST
        {
            let number = line.to_string();
            let gutter = " ".repeat(number.len());
            let lead: String = excerpt.chars().take(column - 1).collect();
            let rest: String = excerpt.chars().skip(column - 1).collect();
            let mut shown = 0;
            let marked: String = rest
                .chars()
                .take_while(|c| {
                    shown += c.len_utf8();
                    shown <= bytes.len()
                })
                .collect();
            let carets = "^".repeat(marked.width().max(1));
            write!(out, "\n  {number} | {excerpt}")?;
            write!(out, "\n  {gutter} | {}{carets}", " ".repeat(lead.replace('\t', " ").width()))?;
        }
        if let Some(help) = &self.0.help {
            write!(out, "\n  help: {help}")?;
        }
        Ok(())
    }
}

/// A text longer than this is shown by its beginning only.
const LONGEST: usize = 400;

fn clipped(text: &str) -> std::borrow::Cow<'_, str> {
    if text.len() <= LONGEST {
        return text.into();
    }
    format!("{} ...", &text[..floor_boundary(text, LONGEST)]).into()
}

/// Every fault found in one reading, never empty when it is an error. The first thousand are kept, further ones
/// counted: a file in which nothing is right costs no more memory than one with a few faults.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    kept: Vec<Fault>,
    more: usize,
    cut: bool,
}

/// How many faults are printed in full; the rest is counted.
const SHOWN: usize = 30;

/// How many faults are kept.
const KEPT: usize = 1000;

impl Faults {
    /// Sets a fault aside.
    pub fn push(&mut self, fault: Fault) {
        if self.kept.len() < KEPT {
            self.kept.push(fault);
        } else {
            self.more += 1;
        }
    }

    /// Whether enough is wrong to stop looking. Who stops has it said that there may be more.
    pub fn enough(&mut self) -> bool {
        let full = self.kept.len() >= KEPT;
        self.cut |= full;
        full
    }

    /// Sets aside what went wrong and passes on what went well.
    pub fn keep<T>(&mut self, result: Result<T, Fault>) -> Option<T> {
        result.map_err(|fault| self.push(fault)).ok()
    }

    /// Sets aside all of what went wrong and passes on what went well.
    pub fn absorb<T>(&mut self, result: Result<T, Faults>) -> Option<T> {
        result.map_err(|faults| self.append(faults)).ok()
    }

    fn append(&mut self, others: Faults) {
        others.kept.into_iter().for_each(|fault| self.push(fault));
        self.more += others.more;
        self.cut |= others.cut;
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The faults in the order they were found, as far as they are kept.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.kept.iter()
    }

    /// The value, if nothing is wrong.
    ///
    /// # Errors
    /// The faults, if there are any.
    pub fn into_result<T>(self, value: T) -> Result<T, Faults> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Faults { kept: vec![fault], ..Faults::default() }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.kept.len() + self.more;
        let least = if self.cut { "at least " } else { "" };
        for fault in self.kept.iter().take(SHOWN) {
            writeln!(out, "{fault}")?;
        }
        if count > SHOWN {
            writeln!(out, "... and {least}{} more of the kind", count - SHOWN)?;
        }
        let plural = if count == 1 { "" } else { "s" };
        write!(out, "{least}{count} fault{plural}; nothing was computed or written")
    }
}

impl std::error::Error for Faults {}

/// Why a reader of the result should be careful. The codes are stable: renderers
/// look them up and may not drop one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoteCode {
    /// Rows or columns of the table do not add up; the gap is its own column or row.
    Discrepancy,
    /// A cell that is normally positive is negative.
    NegativeCell,
    /// An industry's value added is negative.
    NegativeValueAdded,
    /// An industry's output is negative.
    NegativeOutput,
    /// An industry has no output.
    ZeroOutput,
    /// A change over time in current prices.
    NominalChange,
    /// Gross transfers grow with the detail of the table; only nets compare.
    GrossTransfer,
    /// Imports are one row: no import substitution by product.
    OneImportRow,
    /// No import rows: foreign sourcing is inside the regional sourcing.
    NoImportRows,
    /// Inter-regional trade of the table was itself estimated.
    EstimatedTrade,
    /// Use cells with negative entries have no origin shares.
    ExcludedCells,
    /// A ratio whose denominator is close to zero is not shown.
    TinyDenominator,
    /// A calendar year more than ten years after the table's.
    OldTable,
    /// What is embodied in imports from abroad is outside the table.
    ImportsOutside,
    /// Value-added coefficients and input coefficients cannot move alone.
    DependentFactors,
    /// A move that moves nothing.
    IdleMove,
    /// A rule of the reader was applied to the source.
    SourceRule,
    /// The industries of the table use up more than they make.
    NotProductive,
    /// The result depends on how finely sectors are told apart.
    DependsOnDetail,
    /// Direct emissions of households stay as they are in the table.
    ConstantHouseholds,
    /// Something is odd about a published elasticity.
    Elasticity,
    /// Standard errors are implied by stars: bands are not confidence intervals.
    StarImplied,
    /// A density moves further than the sample it was estimated on.
    BeyondSample,
    /// A reading of the elasticities that cannot be computed.
    MissingReading,
    /// Values of later years are volumes at the table's prices.
    Volumes,
    /// A headline lies outside its own band, because draws centre elsewhere.
    OutsideBand,
    /// Too few draws for a band.
    FewDraws,
    /// The location game is a model of a choice, not a forecast.
    GameAssumption,
    /// A parameter of a game was taken from a table, which is an assumption.
    FilledFromTable,
    /// Some firm of a game would sell nothing: the closed form is not about that market.
    NotInterior,
    /// A unit cost of a game is zero or less.
    CostBelowZero,
    /// Free entry goes on beyond the cap.
    EntryCapped,
    /// A move waits for a location game.
    AwaitsGame,
    /// The table was brought to prices of another year.
    ConstantPrices,
    /// Prices of products do not tell regions apart.
    NationalPrices,
    /// Prices of regions do not tell products apart.
    RegionalDeflators,
    /// Other measures of transfer have another sign.
    MeasuresDisagree,
    /// What a switch of closer realism adds is first-order and stands beside the headline.
    FirstOrder,
    /// What should be known beside an estimate.
    Estimation,
    /// Emissions of freight are not netted against the transport sectors of the table.
    FreightBeside,
    /// Scope 2 and the table's own emissions of the power sector are the same, and never added.
    ScopeTwoBeside,
    /// Plants are built in years that the run does not compute.
    BuildingOutside,
    /// A limit is exceeded; it is told, not enforced.
    LimitExceeded,
    /// A move that is odd in tonnes or plants.
    Implausible,
    /// What regions sell to one another is not what they buy from one another.
    TradeGap,
    /// Regions do not add up to the country's own table.
    NationalGap,
    /// Jobs are a row of value added divided by pay.
    JobsFromPay,
    /// A stressor that only one of two tables has is not decomposed.
    LeftOut,
    /// The format a table is written in has no place for something of it.
    NotInFormat,
    /// Only part of a sector is meant, but all of it counts.
    PartialWeights,
    /// Industries with too few plants are not tested.
    FewPlants,
    /// Measures that have no value have no line.
    NoMeasure,
    /// An estimated share of capital is no share.
    OddShare,
    /// What only some of the compared results have is left out.
    PartlyCompared,
    /// Compared scenarios have other baselines.
    OtherBaseline,
    /// Draws of compared scenarios are not the same draws.
    NoSharedDraws,
    /// What compared scenarios differ in is drawn in all of them alike.
    DrawnAlike,
    /// Ranges of compared periods are not over the same orders.
    UnpairedRanges,
    /// Numbers of the input were made to try a method on; they are of no real place.
    Synthetic,
}

/// A caveat that travels with a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The stable code.
    pub code: NoteCode,
    /// The caveat in words, with its numbers.
    pub message: String,
    /// What counts as zero for want of data, if that is what it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<Gap>,
}

/// What a source has no data for, so that it counts as zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Code of the quantity.
    pub quantity: String,
    /// Name of the file that lacks it.
    pub file: String,
    /// The regions it lacks, as the source would name them.
    pub regions: Vec<String>,
    /// Name of the table it was read into; empty while that is being read.
    #[serde(default)]
    pub table: String,
    /// Year of that table.
    #[serde(default)]
    pub year: Option<i32>,
}

impl Note {
    /// That what a file calls `synthetic` is of no real place.
    pub fn synthetic(what: &str) -> Self {
        let text = format!(
            "synthetic, made to try the method on, so no number is of a real place: {what}"
        );
        Note::new(NoteCode::Synthetic, text)
    }

    /// A caveat.
    pub fn new(code: NoteCode, message: impl Into<String>) -> Self {
        Note { code, message: message.into(), gap: None }
    }

    /// That a source has nothing for regions that a table has.
    ///
    /// # Examples
    /// ```
    /// use irio::fault::Note;
    /// let note = Note::without_data("co2", "a.csv", vec!["Hainan".to_owned()]);
    /// assert!(note.message.starts_with("co2: a.csv has nothing for Hainan; "));
    /// assert_eq!(note.gap.unwrap().regions, ["Hainan"]);
    /// ```
    pub fn without_data(quantity: &str, file: &str, regions: Vec<String>) -> Self {
        let message = format!(
            "{quantity}: {file} has nothing for {}; their {quantity} counts as zero here, which it is not",
            regions.join(", ")
        );
        let gap = Gap {
            quantity: quantity.to_owned(),
            file: file.to_owned(),
            regions,
            table: String::new(),
            year: None,
        };
        Note { code: NoteCode::SourceRule, message, gap: Some(gap) }
    }

    /// The same with a name in front: that of the table or file it is about.
    pub fn named(mut self, name: &str) -> Self {
        self.message = format!("{name}: {}", self.message);
        self
    }

    /// The same with the table that its gap, if it has one, was read into.
    pub fn of_table(mut self, name: &str, year: i32) -> Self {
        if let Some(gap) = &mut self.gap {
            (gap.table, gap.year) = (name.to_owned(), Some(year));
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_spreadsheet_letters() {
        assert_eq!(column_letters(1), "A");
        assert_eq!(column_letters(26), "Z");
        assert_eq!(column_letters(27), "AA");
        assert_eq!(column_letters(703), "AAA");
    }

    #[test]
    fn faults_without_end_take_no_more_room_than_a_thousand() {
        let mut faults = Faults::default();
        let one = || Fault::new(Location::whole("a.csv"), "wrong");
        (0..KEPT).for_each(|_| faults.push(one()));
        assert!(faults.to_string().ends_with("\n1000 faults; nothing was computed or written"));
        let mut others = faults.clone();
        (0..500).for_each(|_| others.push(one()));
        faults.absorb::<()>(Err(others));
        assert_eq!(faults.iter().count(), KEPT);
        assert!(faults.to_string().contains("... and 2470 more of the kind\n2500 faults;"));
        assert!(faults.enough());
        assert!(faults.to_string().contains("\nat least 2500 faults;"));
    }

    #[test]
    fn a_span_marks_wide_characters_at_their_width() {
        let text = "name = 1\nfrom = \"北京\"\n";
        let start = text.find('"').unwrap();
        let at = Location::span(Path::new("s.toml"), text, start..start + 8);
        let shown = Fault::new(at, "unknown region").help("did you mean 天津?").to_string();
        insta::assert_snapshot!(shown, @r#"
        s.toml:2:8: unknown region
          2 | from = "北京"
            |        ^^^^^^
          help: did you mean 天津?
        "#);
    }
}
