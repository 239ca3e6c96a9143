//! Writes a mock in the layout of the CEADs workbooks (see `irio::input::ceads`).
#![allow(dead_code)]

use irio::china::{DEMAND, VALUE_ADDED};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use super::numbers::Numbers;

/// Where things stand, counted from 0.
pub const FIRST: (u32, u16) = (4, 3);

/// Language of the names in a sheet of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Chinese,
    English,
}

/// Columns and rows of a table of some size.
#[derive(Debug, Clone, Copy)]
pub struct Places {
    pub n: usize,
    pub regions: usize,
}

impl Places {
    pub fn of(numbers: &Numbers) -> Self {
        Places { n: numbers.output.len(), regions: numbers.wanted.regions.len() }
    }
    pub fn industry_row(self, at: usize) -> u32 {
        FIRST.0 + at as u32
    }
    pub fn industry_column(self, at: usize) -> u16 {
        FIRST.1 + at as u16
    }
    pub fn total_column(self) -> u16 {
        self.industry_column(self.n)
    }
    pub fn demand_column(self, at: usize) -> u16 {
        self.total_column() + 1 + at as u16
    }
    pub fn exports_column(self) -> u16 {
        self.demand_column(self.regions * 5)
    }
    /// `TFU`, `ERR`, `GO`, error share, check.
    pub fn tail_column(self, at: u16) -> u16 {
        self.exports_column() + 1 + at
    }
    /// `IM`, `TII`, four of value added, `TVA`, `TI`, gross input, CO2.
    pub fn footer_row(self, at: u32) -> u32 {
        self.industry_row(self.n) + at
    }
}

/// The workbook of a year: names of sheets, order of value added and the CO2 row differ between years.
pub fn workbook(numbers: &Numbers) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    // The same numbers are the same bytes, whenever they are written.
    let day = ExcelDateTime::from_ymd(2020, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&day));
    let year = numbers.wanted.year;
    book.add_worksheet().set_name("Note")?.write(0, 0, "Mock numbers in a real layout")?;
    lists(&mut book, numbers)?;
    let names: &[(String, Language)] = &match year {
        2012 => vec![
            (format!("Table_{year}"), Language::Chinese),
            (format!("Table_{year}_English Version"), Language::English),
        ],
        2015 => vec![("Table".to_owned(), Language::Chinese)],
        _ => vec![(format!("Table_{year}_consistent"), Language::English)],
    };
    for (name, language) in names {
        table(book.add_worksheet().set_name(name)?, numbers, *language)?;
    }
    Ok(book)
}

/// Sheets with the names in both languages; the blank behind "Sector" is real.
fn lists(book: &mut Workbook, numbers: &Numbers) -> Result<(), XlsxError> {
    let sheet = book.add_worksheet().set_name("Sector ")?;
    for (column, head) in ["No.", "Chinese", "Sector"].iter().enumerate() {
        sheet.write(0, column as u16, *head)?;
    }
    for (at, (code, en, zh)) in numbers.wanted.sector_names().iter().enumerate() {
        let row = at as u32 + 1;
        sheet.write(row, 0, *code)?.write(row, 1, *zh)?.write(row, 2, *en)?;
    }
    let sheet = book.add_worksheet().set_name("Province")?;
    for (column, head) in ["Order", "Chinese", "Province"].iter().enumerate() {
        sheet.write(0, column as u16, *head)?;
    }
    for (at, province) in numbers.wanted.regions.iter().enumerate() {
        let row = at as u32 + 1;
        sheet.write(row, 0, at as u32 + 1)?.write(row, 1, province.zh)?.write(
            row,
            2,
            province.en,
        )?;
    }
    Ok(())
}

/// The sheet of numbers.
pub fn table(
    sheet: &mut Worksheet,
    numbers: &Numbers,
    language: Language,
) -> Result<(), XlsxError> {
    let places = Places::of(numbers);
    header(sheet, numbers, language, places)?;
    let n = places.n;
    for k in 0..n {
        let row = places.industry_row(k);
        for (j, value) in numbers.flows[k].iter().enumerate() {
            sheet.write(row, places.industry_column(j), *value)?;
        }
        let used: f64 = numbers.flows[k].iter().sum();
        sheet.write(row, places.total_column(), used)?;
        for (c, value) in numbers.demand[k].iter().enumerate() {
            sheet.write(row, places.demand_column(c), *value)?;
        }
        let demanded = numbers.demand[k].iter().sum::<f64>() + numbers.exports[k];
        sheet.write(row, places.exports_column(), numbers.exports[k])?;
        let x = numbers.output[k];
        let share = if x == 0.0 { 0.0 } else { numbers.error[k] / x };
        for (at, value) in [demanded, numbers.error[k], x, share, 0.0].into_iter().enumerate() {
            sheet.write(row, places.tail_column(at as u16), value)?;
        }
    }
    footer(sheet, numbers, language, places)
}

fn header(
    sheet: &mut Worksheet,
    numbers: &Numbers,
    language: Language,
    places: Places,
) -> Result<(), XlsxError> {
    let (year, s) = (numbers.wanted.year, numbers.wanted.sectors);
    let chinese = language == Language::Chinese;
    let pick = |en: &'static str, zh: &'static str| if chinese { zh } else { en };
    let title = if chinese {
        format!("{year}年中国31省区市区域间投入产出表（单位：万元）")
    } else {
        format!("China multi-regional input-output table {year} (Unit: 10,000 yuan)")
    };
    sheet.write(0, 0, title)?;
    let names = numbers.wanted.sector_names();
    for (k, _) in numbers.output.iter().enumerate() {
        let (province, (code, en, zh)) = (numbers.wanted.regions[k / s], names[k % s]);
        let (row, column) = (places.industry_row(k), places.industry_column(k));
        if k % s == 0 {
            sheet.write(row, 0, pick(province.en, province.zh))?;
            sheet.write(1, column, pick(province.en, province.zh))?;
        }
        sheet.write(row, 1, pick(en, zh))?.write(row, 2, code)?;
        sheet.write(2, column, pick(en, zh))?.write(3, column, code)?;
    }
    sheet.write(1, places.total_column(), pick("Total intermediate use", "中间使用合计"))?;
    sheet.write(3, places.total_column(), "TIU")?;
    for (region, province) in numbers.wanted.regions.iter().enumerate() {
        for (k, (code, _, en, zh)) in DEMAND.iter().enumerate() {
            let column = places.demand_column(region * 5 + k);
            if k == 0 {
                sheet.write(1, column, pick(province.en, province.zh))?;
            }
            sheet.write(2, column, pick(en, zh))?.write(3, column, *code)?;
        }
    }
    sheet.write(2, places.exports_column(), pick("Export", "出口"))?;
    sheet.write(3, places.exports_column(), "EX")?;
    let tail = [
        ("TFU", "Total final use", "最终使用合计"),
        ("ERR", "Others", "其他"),
        ("GO", "Gross output", "总产出"),
        ("", "Error share", "误差比例"),
        ("", "Check", "检验"),
    ];
    for (at, (code, en, zh)) in tail.into_iter().enumerate() {
        let column = places.tail_column(at as u16);
        sheet.write(2, column, pick(en, zh))?.write(3, column, code)?;
    }
    Ok(())
}

fn footer(
    sheet: &mut Worksheet,
    numbers: &Numbers,
    language: Language,
    places: Places,
) -> Result<(), XlsxError> {
    let chinese = language == Language::Chinese;
    let n = places.n;
    let sum = |at: usize| numbers.flows.iter().map(|row| row[at]).sum::<f64>();
    let inputs: Vec<f64> = (0..n).map(|k| sum(k) + numbers.imports[k]).collect();
    let added: Vec<f64> =
        (0..n).map(|k| (0..4).map(|row| numbers.value_added[row][k]).sum()).collect();
    // The newest edition gives the same codes to other rows.
    let order: [usize; 4] = if numbers.wanted.year < 2017 { [0, 1, 2, 3] } else { [2, 0, 1, 3] };
    let mut rows: Vec<(&str, &str, &[f64])> = vec![
        ("IM", if chinese { "进口" } else { "Import" }, &numbers.imports),
        ("TII", if chinese { "中间投入合计" } else { "Total intermediate inputs" }, &inputs),
    ];
    for (place, row) in order.into_iter().enumerate() {
        let (_, _, en, zh) = VALUE_ADDED[row];
        let name = if chinese { zh } else { en };
        rows.push((VALUE_ADDED[place].0, name, &numbers.value_added[row]));
    }
    rows.push(("TVA", if chinese { "增加值合计" } else { "Total value added" }, &added));
    rows.push(("TI", if chinese { "总投入" } else { "Total inputs" }, &numbers.output));
    rows.push(("", "Gross input", &numbers.output));
    if numbers.wanted.year >= 2017 {
        rows.push(("", "CO2 (Mt)", &numbers.carbon));
    }
    for (at, (code, name, values)) in rows.into_iter().enumerate() {
        let row = places.footer_row(at as u32);
        sheet.write(row, 1, name)?.write(row, 2, code)?;
        for (k, value) in values.iter().enumerate() {
            sheet.write(row, places.industry_column(k), *value)?;
        }
        if code == "IM" {
            for (c, value) in numbers.imports_of_demand.iter().enumerate() {
                sheet.write(row, places.demand_column(c), *value)?;
            }
        }
    }
    Ok(())
}
