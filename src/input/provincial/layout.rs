//! Where the codes of a sheet stand.

use std::collections::HashMap;

use crate::china;
use crate::fault::{Fault, Faults};
use crate::input::sheet::Sheet;

/// What a code stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Line {
    /// A sector, by its code in two digits.
    Sector(String),
    /// A category of domestic final demand.
    Demand(usize),
    ForeignOut,
    DomesticOut,
    Out,
    ForeignIn,
    DomesticIn,
    In,
    Error,
    Output,
    /// A row of value added, by the number in its code.
    ValueAdded(usize),
    Subtotal(Subtotal),
}

/// A sum of other lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Subtotal {
    IntermediateUse,
    Households,
    Consumption,
    CapitalFormation,
    FinalUse,
    IntermediateInput,
    ValueAdded,
    TotalInput,
}

impl Line {
    pub(super) fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        if !text.is_empty() && text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit()) {
            let number: u32 = text.parse().ok().filter(|number| *number > 0)?;
            return Some(Line::Sector(format!("{number:02}")));
        }
        let demand = china::DEMAND.iter().position(|(code, ..)| *code == text);
        let added = china::VALUE_ADDED.iter().position(|(code, ..)| *code == text);
        Some(match text {
            _ if demand.is_some() => Line::Demand(demand?),
            _ if added.is_some() => Line::ValueAdded(added?),
            "FU301" => Line::ForeignOut,
            "FU302" => Line::DomesticOut,
            "OUT" | "EX" => Line::Out,
            "FU303" => Line::ForeignIn,
            "FU304" => Line::DomesticIn,
            "IN" | "IM" => Line::In,
            "ERR" => Line::Error,
            "GO" => Line::Output,
            "TIU" => Line::Subtotal(Subtotal::IntermediateUse),
            "THC" => Line::Subtotal(Subtotal::Households),
            "TC" => Line::Subtotal(Subtotal::Consumption),
            "GCF" => Line::Subtotal(Subtotal::CapitalFormation),
            "TFU" => Line::Subtotal(Subtotal::FinalUse),
            "TII" => Line::Subtotal(Subtotal::IntermediateInput),
            "TVA" => Line::Subtotal(Subtotal::ValueAdded),
            "TI" => Line::Subtotal(Subtotal::TotalInput),
            _ => return None,
        })
    }
}

/// Row and column of the codes, and where each of them stands.
pub(super) struct Layout {
    pub(super) code_row: usize,
    pub(super) code_column: usize,
    pub(super) rows: HashMap<Line, usize>,
    pub(super) columns: HashMap<Line, usize>,
    /// Sectors in the order of the columns.
    pub(super) sectors: Vec<String>,
    /// Columns with numbers but without a code.
    pub(super) unlabelled: Vec<usize>,
}

/// How far down the line of codes is looked for, and how far to the right the column.
const DEEPEST: usize = 30;
const RIGHTMOST: usize = 8;

impl Layout {
    /// The line and column with the most codes that are no numbers; none where there are few.
    pub(super) fn find(sheet: &Sheet) -> Option<Self> {
        let is_code = |row: usize, column: usize| {
            Line::of(sheet.cell(row, column)).is_some_and(|line| !matches!(line, Line::Sector(_)))
        };
        let across =
            |row: usize| (0..sheet.width(row)).filter(|&column| is_code(row, column)).count();
        let down = |column: usize| (0..sheet.rows()).filter(|&row| is_code(row, column)).count();
        let code_row =
            (0..sheet.rows().min(DEEPEST)).max_by_key(|&row| (across(row), usize::MAX - row))?;
        let code_column =
            (0..RIGHTMOST).max_by_key(|&column| (down(column), usize::MAX - column))?;
        (across(code_row) >= 4 && down(code_column) >= 3).then(|| Layout {
            code_row,
            code_column,
            rows: HashMap::new(),
            columns: HashMap::new(),
            sectors: Vec::new(),
            unlabelled: Vec::new(),
        })
    }

    /// Looks every code up.
    pub(super) fn fill(&mut self, sheet: &Sheet, faults: &mut Faults) {
        for column in sheet.filled_columns(self.code_column) {
            if sheet.cell(self.code_row, column).is_empty() {
                self.unlabelled.push(column);
                continue;
            }
            if let Some(line) = known(sheet, (self.code_row, column), faults) {
                if let Line::Sector(code) = &line {
                    self.sectors.push(code.clone());
                }
                if self.columns.insert(line, column).is_some() {
                    faults.push(twice(sheet, self.code_row, column));
                }
            }
        }
        for row in self.code_row + 1..sheet.rows() {
            let text = sheet.cell(row, self.code_column);
            let numbers = || {
                (self.code_column + 1..sheet.width(row))
                    .any(|column| sheet.cell(row, column).parse::<f64>().is_ok())
            };
            if text.is_empty() {
                if numbers() {
                    let fault = Fault::new(sheet.at(row, self.code_column), "a row without a code");
                    faults.push(fault.help("write its code, such as 05, TII or VA001"));
                }
                continue;
            }
            if let Some(line) = known(sheet, (row, self.code_column), faults)
                && self.rows.insert(line, row).is_some()
            {
                faults.push(twice(sheet, row, self.code_column));
            }
        }
    }
}

fn known(sheet: &Sheet, (row, column): (usize, usize), faults: &mut Faults) -> Option<Line> {
    let text = sheet.cell(row, column);
    let line = Line::of(text);
    if line.is_none() {
        let fault = Fault::new(sheet.at(row, column), format!("unknown code {text:?}"));
        faults.push(fault.help("codes look like 01, FU101, FU301, OUT, IN, ERR, GO, TII, VA001"));
    }
    line
}

fn twice(sheet: &Sheet, row: usize, column: usize) -> Fault {
    let text = sheet.cell(row, column);
    Fault::new(sheet.at(row, column), format!("code {text} stands twice"))
        .help("each code stands once; look whether a line was pasted over another")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_text_or_numbers() {
        assert_eq!(Line::of("01"), Some(Line::Sector("01".into())));
        assert_eq!(Line::of(" 1"), Some(Line::Sector("01".into())));
        assert_eq!(Line::of("42"), Some(Line::Sector("42".into())));
        assert_eq!(Line::of("EX"), Line::of("OUT"));
        assert_eq!(Line::of("VA004"), Some(Line::ValueAdded(3)));
        for none in ["", "0", "FU999", "代码", "1.5", "1234"] {
            assert_eq!(Line::of(none), None, "{none}");
        }
    }
}
