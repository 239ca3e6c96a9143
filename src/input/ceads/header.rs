//! Lines and columns of the sheet, by their codes and the provinces above and beside them.

use std::collections::HashMap;

use crate::china::{self, Province};
use crate::fault::{Fault, Faults, Location};
use crate::input::sheet::Sheet;
use crate::labels::suggestion;

/// What a line or column stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Line {
    Industry { region: &'static str, sector: String },
    Demand { region: &'static str, category: usize },
    Exports,
    Error,
    Output,
    Imports,
    ValueAdded(usize),
    Carbon,
    IntermediateUse,
    IntermediateInput,
    AddedTotal,
    InputTotal,
}

/// Where the header is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub(super) code_row: usize,
    pub(super) code_column: usize,
}

/// Lines, columns and the order of regions and sectors.
pub(super) struct Places {
    pub(super) rows: HashMap<Line, usize>,
    pub(super) columns: HashMap<Line, usize>,
    pub(super) regions: Vec<&'static Province>,
    /// Code and name above it.
    pub(super) sectors: Vec<(String, String)>,
    /// Columns and rows with numbers that are not read.
    pub(super) skipped: Vec<Location>,
}

const DEEPEST: usize = 12;
const RIGHTMOST: usize = 6;

fn sector(text: &str) -> Option<String> {
    let digits = !text.is_empty() && text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit());
    let number: u32 = text.parse().ok().filter(|number| digits && *number > 0)?;
    Some(format!("{number:02}"))
}

fn demand(text: &str) -> Option<usize> {
    china::DEMAND.iter().position(|(code, ..)| *code == text)
}

impl Header {
    /// The line in which some category of final demand and some sector stand more than once.
    pub(super) fn find(sheet: &Sheet) -> Option<Self> {
        let code_row = (0..sheet.rows().min(DEEPEST)).find(|&row| {
            let (mut first, mut demands, mut sectors) = (None, 0, 0);
            for column in 0..sheet.width(row) {
                let text = sheet.cell(row, column);
                demands += usize::from(demand(text).is_some());
                let code = sector(text);
                if code.is_some() && first.is_none() {
                    first.clone_from(&code);
                }
                sectors += usize::from(code.is_some() && code == first);
            }
            demands >= 2 && sectors >= 2
        })?;
        let down = |column: usize| {
            (code_row + 1..sheet.rows())
                .filter(|&row| sector(sheet.cell(row, column)).is_some())
                .count()
        };
        let code_column =
            (1..RIGHTMOST).max_by_key(|&column| (down(column), usize::MAX - column))?;
        (down(code_column) >= 2).then_some(Header { code_row, code_column })
    }

    /// Looks all codes up.
    pub(super) fn places(self, sheet: &Sheet, faults: &mut Faults) -> Places {
        let mut places = Places {
            rows: HashMap::new(),
            columns: HashMap::new(),
            regions: Vec::new(),
            sectors: Vec::new(),
            skipped: Vec::new(),
        };
        self.across(sheet, &mut places, faults);
        self.down(sheet, &mut places, faults);
        places
    }

    fn across(self, sheet: &Sheet, places: &mut Places, faults: &mut Faults) {
        let (regions, names) = (self.code_row.saturating_sub(2), self.code_row.saturating_sub(1));
        let mut region = None;
        for column in sheet.filled_columns(self.code_column) {
            let text = sheet.cell(self.code_row, column);
            let (code, category) = (sector(text), demand(text));
            let of_region = code.is_some() || category.is_some();
            if of_region && !sheet.cell(regions, column).is_empty() {
                region = province(sheet, (regions, column), faults);
            }
            let line = match (code, category, region) {
                (Some(sector), _, Some(region)) => {
                    places.seen(region, &sector, sheet.cell(names, column));
                    Some(Line::Industry { region: region.code, sector })
                }
                (_, Some(category), Some(region)) => {
                    Some(Line::Demand { region: region.code, category })
                }
                _ => single(text),
            };
            if let Some(line) = line {
                if places.columns.insert(line, column).is_some() {
                    faults.push(twice(sheet, (self.code_row, column), region));
                }
            } else if text.is_empty() && sheet.merged(self.code_row, column).is_some() {
                faults.push(no_code(sheet, (self.code_row, column)));
            } else if !of_region && !is_subtotal(text) {
                // Behind the output stand shares and checks; whatever is needed and missing is told later.
                let behind = places.columns.contains_key(&Line::Output);
                if !(behind && text.is_empty()) {
                    places.skipped.push(sheet.upright(column));
                }
            }
        }
    }

    fn down(self, sheet: &Sheet, places: &mut Places, faults: &mut Faults) {
        let mut region = None;
        for row in self.code_row + 1..sheet.rows() {
            let text = sheet.cell(row, self.code_column);
            let beside = self.code_column.saturating_sub(2);
            let words = (0..=self.code_column).map(|column| sheet.cell(row, column));
            let carbon = words.clone().any(|word| word.to_uppercase().starts_with("CO2"));
            let code = sector(text);
            if code.is_some() && !sheet.cell(row, beside).is_empty() {
                region = province(sheet, (row, beside), faults);
            }
            let line = match (code, region) {
                (Some(sector), Some(region)) => {
                    Some(Line::Industry { region: region.code, sector })
                }
                (Some(_), None) => continue,
                _ if carbon => Some(Line::Carbon),
                _ => single(text),
            };
            let numbers = || {
                (self.code_column + 1..sheet.width(row))
                    .any(|column| sheet.cell(row, column).parse::<f64>().is_ok())
            };
            if let Some(line) = line {
                if places.rows.insert(line, row).is_some() {
                    faults.push(twice(sheet, (row, self.code_column), region));
                }
                continue;
            }
            if !numbers() || is_subtotal(text) {
                continue;
            }
            if places.rows.contains_key(&Line::Imports) {
                // Gross input and checks below the table have no code.
                if !text.is_empty() {
                    places.skipped.push(sheet.line(row));
                }
            } else {
                faults.push(no_code(sheet, (row, self.code_column)));
            }
        }
    }
}

impl Places {
    fn seen(&mut self, region: &'static Province, sector: &str, name: &str) {
        if !self.regions.contains(&region) {
            self.regions.push(region);
        }
        if !self.sectors.iter().any(|(code, _)| code == sector) {
            self.sectors.push((sector.to_owned(), name.to_owned()));
        }
    }
}

fn single(text: &str) -> Option<Line> {
    let added = china::VALUE_ADDED.iter().position(|(code, ..)| *code == text);
    Some(match text {
        "EX" => Line::Exports,
        "ERR" => Line::Error,
        "GO" => Line::Output,
        "IM" => Line::Imports,
        "TIU" => Line::IntermediateUse,
        "TII" => Line::IntermediateInput,
        "TVA" => Line::AddedTotal,
        "TI" => Line::InputTotal,
        _ => Line::ValueAdded(added?),
    })
}

fn is_subtotal(text: &str) -> bool {
    ["TFU", "TC", "THC", "GCF", "TII", "TIU"].contains(&text)
}

fn province(
    sheet: &Sheet,
    (row, column): (usize, usize),
    faults: &mut Faults,
) -> Option<&'static Province> {
    let text = sheet.cell(row, column);
    let found = china::province_named(text).filter(|one| one.code != china::NATION.code);
    if found.is_none() {
        let help = match suggestion(text, china::province_names()) {
            Some(near) => format!("did you mean {near:?}?"),
            None => "write the province's name in English or Chinese, or its code".to_owned(),
        };
        let fault = Fault::new(sheet.at(row, column), format!("unknown province {text:?}"));
        faults.push(fault.help(help));
    }
    found
}

fn twice(sheet: &Sheet, (row, column): (usize, usize), region: Option<&Province>) -> Fault {
    let text = sheet.cell(row, column);
    let of = match region {
        Some(region) if sector(text).is_some() || demand(text).is_some() => {
            format!(" for {}", region.en)
        }
        _ => String::new(),
    };
    Fault::new(sheet.at(row, column), format!("code {text} stands twice{of}"))
        .help("look whether the name of a province is missing where its block begins")
}

fn no_code(sheet: &Sheet, (row, column): (usize, usize)) -> Fault {
    let text = sheet.cell(row, column);
    if let Some(area) = sheet.merged(row, column).filter(|_| text.is_empty()) {
        return Fault::new(sheet.at(row, column), "a line or column without a code")
            .help(format!("the cells {area} are merged into one: split them"));
    }
    let what = if text.is_empty() {
        "a line or column without a code".to_owned()
    } else {
        format!("unknown code {text:?}")
    };
    Fault::new(sheet.at(row, column), what)
        .help("codes look like 01, FU101, EX, ERR, GO, IM, TII, VA001, TVA, TI")
}
