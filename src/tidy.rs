//! Results in long form: one number a line, with what it is in columns of one fixed vocabulary.
//!
//! ```text
//! scenario, year, quantity, unit, region, sector, from, to, product, factor, point, part, statistic, value
//! ```
//!
//! A file has the columns it needs, in this order, `value` last. One type writes every result file
//! and reads it back.

use std::collections::HashMap;
use std::fmt::Write;

use rayon::prelude::*;

/// Lines that are made into text together.
const BLOCK: usize = 1 << 14;

/// A column of the vocabulary, without `value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Column {
    Scenario,
    Year,
    Quantity,
    Unit,
    Region,
    Sector,
    From,
    To,
    Product,
    Factor,
    Point,
    Part,
    Statistic,
}

impl Column {
    /// Every column in the order of files.
    pub const ALL: [Column; 13] = [
        Column::Scenario,
        Column::Year,
        Column::Quantity,
        Column::Unit,
        Column::Region,
        Column::Sector,
        Column::From,
        Column::To,
        Column::Product,
        Column::Factor,
        Column::Point,
        Column::Part,
        Column::Statistic,
    ];

    /// Header of the column.
    pub fn word(self) -> &'static str {
        match self {
            Column::Scenario => "scenario",
            Column::Year => "year",
            Column::Quantity => "quantity",
            Column::Unit => "unit",
            Column::Region => "region",
            Column::Sector => "sector",
            Column::From => "from",
            Column::To => "to",
            Column::Product => "product",
            Column::Factor => "factor",
            Column::Point => "point",
            Column::Part => "part",
            Column::Statistic => "statistic",
        }
    }
}

/// Texts of one column, each stored once.
#[derive(Debug, Clone, Default)]
struct Texts {
    texts: Vec<String>,
    places: HashMap<String, u32>,
    rows: Vec<u32>,
}

impl Texts {
    fn push(&mut self, text: &str) {
        // Neighbouring lines mostly share their texts.
        if let Some(&last) = self.rows.last()
            && self.texts[last as usize] == text
        {
            self.rows.push(last);
            return;
        }
        let place = match self.places.get(text) {
            Some(&place) => place,
            None => {
                let place = self.texts.len() as u32;
                self.texts.push(text.to_owned());
                self.places.insert(text.to_owned(), place);
                place
            }
        };
        self.rows.push(place);
    }
}

/// A result file in long form.
///
/// # Examples
/// ```
/// use irio::tidy::{Column, Tidy};
/// let mut tidy = Tidy::new(&[Column::Region, Column::Quantity]);
/// tidy.push(&["output", "京津"], 12.5);
/// assert_eq!(tidy.to_csv(), "quantity,region,value\noutput,京津,12.5\n");
/// assert_eq!(Tidy::from_csv(&tidy.to_csv()).unwrap(), tidy);
/// ```
#[derive(Debug, Clone)]
pub struct Tidy {
    columns: Vec<Column>,
    texts: Vec<Texts>,
    values: Vec<f64>,
}

/// Why a text is not a result file; lines count from 1.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TidyError {
    /// The header is not made of known columns in their order with `value` last.
    #[error(
        "the header {found:?} is not one of a result file: columns of the vocabulary in order, then value"
    )]
    Header {
        /// The header.
        found: String,
    },
    /// A line has the wrong number of cells.
    #[error("the line has {found} cells, expected {expected}")]
    Width {
        /// Which line.
        line: u64,
        /// How many cells it has.
        found: usize,
        /// How many it should have.
        expected: usize,
    },
    /// A value is not a finite number.
    #[error("value {text:?} is not a finite number")]
    Value {
        /// Which line.
        line: u64,
        /// The text.
        text: String,
    },
    /// The text is not CSV.
    #[error("{message}")]
    Csv {
        /// Which line.
        line: u64,
        /// What is wrong.
        message: String,
    },
}

impl TidyError {
    /// The line it is about.
    pub fn line(&self) -> u64 {
        match self {
            TidyError::Header { .. } => 1,
            TidyError::Width { line, .. }
            | TidyError::Value { line, .. }
            | TidyError::Csv { line, .. } => *line,
        }
    }
}

impl Tidy {
    /// An empty file with some columns; they are put in the order of the vocabulary.
    pub fn new(columns: &[Column]) -> Self {
        let mut columns = columns.to_vec();
        columns.sort();
        columns.dedup();
        let texts = vec![Texts::default(); columns.len()];
        Tidy { columns, texts, values: Vec::new() }
    }

    /// Adds a line; the texts are in the order of the vocabulary.
    ///
    /// # Panics
    /// If there is not one text per column.
    #[track_caller]
    pub fn push(&mut self, texts: &[&str], value: f64) {
        assert_eq!(texts.len(), self.columns.len(), "one text per column expected");
        self.texts.iter_mut().zip(texts).for_each(|(column, text)| column.push(text));
        self.values.push(value);
    }

    /// The columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Text of a line in a column; empty if the file does not have the column.
    pub fn text(&self, row: usize, column: Column) -> &str {
        match self.columns.iter().position(|other| *other == column) {
            Some(at) => &self.texts[at].texts[self.texts[at].rows[row] as usize],
            None => "",
        }
    }

    /// Value of a line.
    pub fn value(&self, row: usize) -> f64 {
        self.values[row]
    }

    /// Lines whose texts are those given.
    pub fn rows_where<'a>(
        &'a self,
        wanted: &'a [(Column, &'a str)],
    ) -> impl Iterator<Item = usize> + 'a {
        (0..self.len()).filter(move |&row| {
            wanted.iter().all(|(column, text)| self.text(row, *column) == *text)
        })
    }

    /// Sum of the values of some lines.
    pub fn sum_where(&self, wanted: &[(Column, &str)]) -> f64 {
        self.rows_where(wanted).map(|row| self.values[row]).sum()
    }

    /// The file as CSV, every value in full precision.
    pub fn to_csv(&self) -> String {
        let mut out = String::new();
        for column in &self.columns {
            out.push_str(column.word());
            out.push(',');
        }
        out.push_str("value\n");
        let quoted: Vec<Vec<String>> = self
            .texts
            .iter()
            .map(|column| column.texts.iter().map(|text| quote(text)).collect())
            .collect();
        let block = |first: usize, values: &[f64]| {
            let mut out = String::new();
            for (row, value) in (first..).zip(values) {
                for (column, quoted) in self.texts.iter().zip(&quoted) {
                    out.push_str(&quoted[column.rows[row] as usize]);
                    out.push(',');
                }
                push_number(&mut out, *value);
                out.push('\n');
            }
            out
        };
        // A few blocks at a time, so that no more than these stand beside the whole.
        let at_once = BLOCK * 2 * rayon::current_num_threads();
        for (at, values) in self.values.chunks(at_once).enumerate() {
            let blocks = values.par_chunks(BLOCK).enumerate();
            let texts: Vec<String> =
                blocks.map(|(k, values)| block(at * at_once + k * BLOCK, values)).collect();
            texts.iter().for_each(|text| out.push_str(text));
        }
        out
    }

    /// Reads a file back.
    ///
    /// # Errors
    /// If it is not a result file: what is wrong, and in which line.
    pub fn from_csv(text: &str) -> Result<Self, TidyError> {
        Ok(Self::from_csv_with_lines(text)?.0)
    }

    /// Reads a file back, with the line of the text, counted from 1, that each of its lines begins in.
    ///
    /// # Errors
    /// As [`Tidy::from_csv`].
    pub fn from_csv_with_lines(text: &str) -> Result<(Self, Vec<u64>), TidyError> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let headers = reader
            .headers()
            .map_err(|error| TidyError::Csv { line: 1, message: error.to_string() })?
            .clone();
        let known: Option<Vec<Column>> = headers
            .iter()
            .take(headers.len().saturating_sub(1))
            .map(|word| Column::ALL.into_iter().find(|column| column.word() == word))
            .collect();
        let header_error =
            || TidyError::Header { found: headers.iter().collect::<Vec<_>>().join(",") };
        let columns = known
            .filter(|_| headers.iter().next_back() == Some("value"))
            .ok_or_else(header_error)?;
        if !columns.is_sorted_by(|a, b| a < b) {
            return Err(header_error());
        }
        let (mut tidy, mut lines) = (Tidy::new(&columns), Vec::new());
        for record in reader.records() {
            let record = record.map_err(|error| {
                let line = error.position().map_or(0, csv::Position::line);
                TidyError::Csv { line, message: error.to_string() }
            })?;
            let line = record.position().map_or(0, csv::Position::line);
            if record.len() != headers.len() {
                return Err(TidyError::Width {
                    line,
                    found: record.len(),
                    expected: headers.len(),
                });
            }
            let cells: Vec<&str> = record.iter().collect();
            let (value, texts) = (cells[columns.len()], &cells[..columns.len()]);
            match value.parse::<f64>() {
                Ok(number) if number.is_finite() => tidy.push(texts, number),
                _ => return Err(TidyError::Value { line, text: value.to_owned() }),
            }
            lines.push(line);
        }
        Ok((tidy, lines))
    }
}

/// Same columns, texts and values, whatever the order in which the texts were first met.
impl PartialEq for Tidy {
    fn eq(&self, other: &Self) -> bool {
        let texts = |row| {
            self.columns.iter().all(|&column| self.text(row, column) == other.text(row, column))
        };
        self.columns == other.columns && self.values == other.values && (0..self.len()).all(texts)
    }
}

pub(crate) fn quote(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// Writes the shortest text that reads back as the same number.
pub fn push_number(out: &mut String, value: f64) {
    // A negative zero is a zero; whole numbers lose their ".0".
    let value = if value == 0.0 { 0.0 } else { value };
    let start = out.len();
    if value.is_finite() {
        out.push_str(zmij::Buffer::new().format_finite(value));
    } else {
        // Writing to a String cannot fail.
        let _ = write!(out, "{value:?}");
    }
    if out[start..].ends_with(".0") {
        out.truncate(out.len() - 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_to_the_bit() {
        for value in [0.1 + 0.2, -0.0, 1e300, 5e-324, 123456789.0, -1.5e-7] {
            let mut tidy = Tidy::new(&[Column::Quantity]);
            tidy.push(&["a, \"b\""], value);
            let again = Tidy::from_csv(&tidy.to_csv()).unwrap();
            assert_eq!(again.value(0), value);
            assert_eq!(again.text(0, Column::Quantity), "a, \"b\"");
        }
    }

    #[test]
    fn what_is_not_a_result_is_refused_with_its_line() {
        let told = |text: &str| {
            let error = Tidy::from_csv(text).unwrap_err();
            format!("{}: {error}", error.line())
        };
        assert_eq!(told("quantity,value\na,1\nb\n"), "3: the line has 1 cells, expected 2");
        assert_eq!(told("quantity,value\na,x\n"), "2: value \"x\" is not a finite number");
        assert!(told("value,quantity\n").starts_with("1: the header"));
        assert!(told("region,quantity,value\n").starts_with("1: the header"));
    }
}
