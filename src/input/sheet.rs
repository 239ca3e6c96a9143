//! A text table as cells: where each stands, and numbers read out of it.

use std::path::{Path, PathBuf};

use csv::StringRecord;

use super::TextFile;
use crate::fault::{Fault, Faults, Location};
use crate::labels::{Axis, comparable};

/// The cells of a CSV file.
#[derive(Debug, Clone)]
pub struct Sheet {
    path: PathBuf,
    /// Text of every cell, one after the other.
    text: String,
    /// Where each cell ends in the text.
    ends: Vec<u32>,
    /// First cell of each row, and the number of cells at the end.
    rows: Vec<usize>,
    lines: Vec<u32>,
}

impl Sheet {
    /// Splits a text into cells; lines may differ in length, blank lines are skipped.
    ///
    /// # Errors
    /// If the text has no line, or is larger than 4 GiB.
    pub fn of(file: &TextFile) -> Result<Self, Fault> {
        if u32::try_from(file.text.len()).is_err() {
            return Err(Fault::new(Location::whole(&file.path), "is larger than 4 GiB"));
        }
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(file.text.as_bytes());
        let mut sheet = Sheet {
            path: file.path.clone(),
            text: String::with_capacity(file.text.len()),
            // A cell of a table of numbers has about ten characters.
            ends: Vec::with_capacity(file.text.len() / 8),
            rows: vec![0],
            lines: Vec::new(),
        };
        let mut record = StringRecord::new();
        let (mut line, mut counted) = (1, 0);
        loop {
            match reader.read_record(&mut record) {
                Ok(false) => break,
                Ok(true) => {
                    let start = sheet.text.len();
                    sheet.text.push_str(record.as_slice());
                    sheet.ends.extend(
                        (0..record.len())
                            .filter_map(|at| record.range(at))
                            .map(|r| (start + r.end) as u32),
                    );
                    sheet.rows.push(sheet.ends.len());
                    // Counted here: the reader's own number is one too small after CR LF.
                    let begin = record.position().map_or(0, |at| at.byte() as usize);
                    let text = file.text.as_bytes();
                    let ends = text[begin..]
                        .iter()
                        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
                        .count();
                    line +=
                        text[counted..begin + ends].iter().filter(|byte| **byte == b'\n').count()
                            as u32;
                    counted = begin + ends;
                    sheet.lines.push(line);
                }
                Err(error) => {
                    return Err(Fault::new(Location::whole(&file.path), error.to_string()));
                }
            }
        }
        while sheet.rows() > 0
            && (0..sheet.width(sheet.rows() - 1))
                .all(|c| sheet.cell(sheet.rows() - 1, c).is_empty())
        {
            sheet.rows.pop();
        }
        if sheet.rows() == 0 {
            return Err(Fault::new(Location::whole(&file.path), "the file is empty"));
        }
        let header = sheet.cell(0, 0);
        for (mark, name) in [(';', "semicolons"), ('\t', "tabs")] {
            if sheet.width(0) == 1 && header.contains(mark) {
                let fault = Fault::new(
                    sheet.line(0),
                    format!("the cells are separated by {name}, not by commas"),
                );
                return Err(fault.help("save the file as CSV with commas"));
            }
        }
        Ok(sheet)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows.len() - 1
    }

    /// How many cells a row has.
    pub fn width(&self, row: usize) -> usize {
        match (self.rows.get(row), self.rows.get(row + 1)) {
            (Some(first), Some(next)) => next - first,
            _ => 0,
        }
    }

    /// Text of a cell, trimmed; empty where the row is shorter.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        if column >= self.width(row) {
            return "";
        }
        let at = self.rows[row] + column;
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        self.text[start..self.ends[at] as usize].trim()
    }

    /// Place of a cell.
    pub fn at(&self, row: usize, column: usize) -> Location {
        Location::field(
            &self.path,
            u64::from(self.lines.get(row).copied().unwrap_or(0)),
            column + 1,
        )
    }

    /// Place of a row.
    pub fn line(&self, row: usize) -> Location {
        Location::field(&self.path, u64::from(self.lines.get(row).copied().unwrap_or(0)), 0)
    }

    /// Number of a cell, or what is wrong with it.
    ///
    /// # Errors
    /// If it is not a finite number.
    pub fn number(&self, row: usize, column: usize) -> Result<f64, Fault> {
        let text = self.cell(row, column);
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ if column >= self.width(row) => Err(Fault::new(
                self.line(row),
                format!("the line has {} cells, cell {} is missing", self.width(row), column + 1),
            )
            .help("write one cell for each column of the header")),
            _ => {
                let found =
                    if text.is_empty() { "an empty cell".to_owned() } else { format!("{text:?}") };
                Err(Fault::new(
                    self.at(row, column),
                    format!("expected a finite number, found {found}"),
                )
                .help(number_help(text)))
            }
        }
    }

    /// Position of the column whose header in `row` is one of `names`.
    pub fn column(&self, row: usize, names: &[&str]) -> Option<usize> {
        (0..self.width(row)).find(|&column| {
            names.iter().any(|name| comparable(name) == comparable(self.cell(row, column)))
        })
    }

    /// Labels of a list file with columns `code`, and optionally `en`, `zh`.
    ///
    /// # Errors
    /// If there is no column `code`, a code is empty or stands twice.
    pub fn axis(&self, kind: &'static str) -> Result<Axis, Faults> {
        let mut faults = Faults::default();
        let Some(code) = self.column(0, &["code"]) else {
            let fault = Fault::new(self.line(0), "no column \"code\" in the header");
            return Err(fault.help("the header is: code,en,zh").into());
        };
        let name = |names: &[&str]| self.column(0, names);
        let (en, zh) = (name(&["en", "english", "name"]), name(&["zh", "chinese", "中文"]));
        let mut labels = Vec::new();
        for row in 1..self.rows() {
            if self.cell(row, code).is_empty() {
                faults.push(Fault::new(self.at(row, code), format!("a {kind} without a code")));
            }
            let text = |column: Option<usize>| column.map_or("", |column| self.cell(row, column));
            labels.push(crate::labels::Label::new(self.cell(row, code), text(en), text(zh)));
        }
        if labels.is_empty() {
            faults.push(Fault::new(Location::whole(&self.path), format!("no {kind} in the file")));
        }
        let axis = Axis::new(kind, labels)
            .map_err(|error| Fault::new(self.at(error.position + 1, code), error.to_string()));
        let axis = faults.keep(axis);
        match axis {
            Some(axis) => faults.into_result(axis),
            None => Err(faults),
        }
    }
}

fn number_help(text: &str) -> &'static str {
    if text.starts_with('#') {
        "a spreadsheet formula failed here: mend it and save again"
    } else if text.contains(',') || text.contains('，') {
        "write digits without thousands separators, and a point for decimals"
    } else if text.chars().any(|c| ('０'..='９').contains(&c)) {
        "write digits in half width"
    } else if ["", "-", "n/a", "na", "...", "…"].contains(&text.to_lowercase().as_str()) {
        "write 0 where there is nothing"
    } else if text.parse::<f64>().is_ok() {
        "the number is not finite: write one of ordinary size"
    } else {
        "write a number, without unit or sign of currency"
    }
}
