//! The layout of China's State Information Center tables: a clean CSV, or the native sheet (Chinese
//! labels, regional subtotals, empty merged cells) in its workbook or saved as CSV.
//!
//! Everything is found by its code: `A001` is sector 001 of region A, `FA001` rural households of
//! region A, `STK`, `EX`, `ERR` inventories, exports and error of the nation, `XX` gross output,
//! `IM` imports (one row), `VA001`–`VA004` value added. Subtotals (`A900`, `FA900`, `ET`, `FT`/`TF`,
//! `VA`) are skipped.

use std::collections::HashMap;

use super::sheet::Sheet;
use crate::fault::{Fault, Faults};
use crate::labels::{Axis, Industries, Label};
use crate::linalg::{Dense, Matrix};
use crate::table::{
    Category, DemandColumn, FinalDemand, Imports, Meta, RawTable, Role, ValueAdded,
};

/// What a code of the layout stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Code {
    Industry {
        region: char,
        sector: String,
    },
    Demand {
        region: char,
        category: String,
    },
    Inventories,
    Exports,
    Error,
    Output,
    Imports,
    ValueAdded(String),
    /// A subtotal of a region's lines, of a kind of line or of all of them.
    Subtotal,
}

impl Code {
    fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = |part: &str| part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit());
        let letter = |c: char| c.is_ascii_uppercase();
        let mut chars = text.chars();
        let (first, second) = (chars.next()?, chars.next());
        Some(match text {
            "STK" => Code::Inventories,
            "EX" => Code::Exports,
            "ERR" => Code::Error,
            "XX" => Code::Output,
            "IM" => Code::Imports,
            "ET" | "FT" | "TF" | "VA" => Code::Subtotal,
            _ if text.starts_with("VA") && digits(&text[2..]) => Code::ValueAdded(text.to_owned()),
            _ if letter(first) && text.get(1..).is_some_and(digits) => match &text[1..] {
                "900" => Code::Subtotal,
                sector => Code::Industry { region: first, sector: sector.to_owned() },
            },
            _ if first == 'F'
                && second.is_some_and(letter)
                && text.get(2..).is_some_and(digits) =>
            {
                match (second, &text[2..]) {
                    (_, "900") => Code::Subtotal,
                    (Some(region), category @ ("001" | "002" | "003" | "004")) => {
                        Code::Demand { region, category: category.to_owned() }
                    }
                    _ => return None,
                }
            }
            _ => return None,
        })
    }
}

/// Names of the regions in the publication.
const REGIONS: [(char, &str, &str); 8] = [
    ('A', "Northeast", "东北区域"),
    ('B', "Beijing-Tianjin", "京津区域"),
    ('C', "North Coast", "北部沿海区域"),
    ('D', "East Coast", "东部沿海区域"),
    ('E', "South Coast", "南部沿海区域"),
    ('F', "Central", "中部区域"),
    ('G', "Northwest", "西北区域"),
    ('H', "Southwest", "西南区域"),
];

/// English names of the 17 sectors, in order; the sheets have them in Chinese only.
const SECTORS_17: [&str; 17] = [
    "Agriculture",
    "Mining",
    "Food and tobacco",
    "Textiles and clothing",
    "Wood and furniture",
    "Paper, printing and stationery",
    "Petroleum, coking and chemicals",
    "Non-metallic mineral products",
    "Metals and metal products",
    "Machinery",
    "Transport equipment",
    "Electrical and electronic equipment",
    "Other manufacturing",
    "Electricity, heat, gas and water",
    "Construction",
    "Trade and transport",
    "Other services",
];

/// English names of the 8 sectors, in order.
const SECTORS_8: [&str; 8] = [
    "Agriculture",
    "Mining",
    "Light industry",
    "Heavy industry",
    "Electricity, heat, gas and water",
    "Construction",
    "Trade and transport",
    "Other services",
];

/// Categories of final demand by code.
const CATEGORIES: [(&str, &str, &str, Role); 7] = [
    ("rural", "Rural households", "农村居民消费", Role::Consumption),
    ("urban", "Urban households", "城镇居民消费", Role::Consumption),
    ("government", "Government consumption", "政府消费", Role::Consumption),
    ("capital_formation", "Gross fixed capital formation", "固定资本形成总额", Role::Investment),
    ("inventories", "Inventory change", "库存", Role::Inventory),
    ("exports", "Exports", "出口", Role::Export),
    ("error", "Statistical error", "其他", Role::Error),
];

/// Names of the value-added rows by code.
const VALUE_ADDED: [(&str, &str, &str); 4] = [
    ("VA001", "Depreciation of fixed assets", "固定资产折旧"),
    ("VA002", "Compensation of employees", "劳动者报酬"),
    ("VA003", "Net taxes on production", "生产税净额"),
    ("VA004", "Operating surplus", "企业盈余"),
];

/// Where the codes stand in a sheet.
struct Codes {
    rows: HashMap<Code, usize>,
    columns: HashMap<Code, usize>,
    code_row: usize,
    code_column: usize,
}

/// Reads a sheet.
///
/// # Errors
/// If no line and column of codes is found, a code is unknown, stands twice or is missing, or a
/// cell is not a number.
pub fn read(sheet: &Sheet, meta: Meta) -> Result<RawTable, Faults> {
    let mut faults = Faults::default();
    let codes = find_codes(sheet, &mut faults)?;
    let industries = axes(sheet, &codes, &mut faults);
    let Some(industries) = industries.filter(|_| faults.is_empty()) else { return Err(faults) };
    let reader = Reader { sheet, codes: &codes, industries: &industries };
    let raw = reader.table(meta, &mut faults);
    raw.filter(|_| faults.is_empty()).ok_or(faults)
}

/// Whether a sheet looks like one of this layout.
pub(super) fn fits(sheet: &Sheet) -> bool {
    find_codes(sheet, &mut Faults::default()).is_ok()
}

fn find_codes(sheet: &Sheet, faults: &mut Faults) -> Result<Codes, Faults> {
    let is_industry = |text: &str| matches!(Code::of(text), Some(Code::Industry { .. }));
    let across = |row: usize| {
        (0..sheet.width(row)).filter(|&column| is_industry(sheet.cell(row, column))).count()
    };
    let code_row = (0..sheet.rows().min(10)).max_by_key(|&row| (across(row), usize::MAX - row));
    let down = |column: usize| {
        (0..sheet.rows()).filter(|&row| is_industry(sheet.cell(row, column))).count()
    };
    let code_column = (0..6).max_by_key(|&column| (down(column), usize::MAX - column));
    let (Some(code_row), Some(code_column)) = (code_row, code_column) else {
        return Err(no_codes(sheet));
    };
    if across(code_row) < 2 || down(code_column) < 2 {
        return Err(no_codes(sheet));
    }
    let mut keep =
        |places: &mut HashMap<Code, usize>, (row, column): (usize, usize), place: usize| {
            let text = sheet.cell(row, column);
            match Code::of(text) {
                Some(Code::Subtotal) => {}
                Some(code) => {
                    if places.insert(code, place).is_some() {
                        faults.push(Fault::new(
                            sheet.at(row, column),
                            format!("code {text} stands twice"),
                        ));
                    }
                }
                None => {
                    let what = if text.is_empty() {
                        "a line or column without a code".to_owned()
                    } else {
                        format!("unknown code {text:?}")
                    };
                    let help = "codes look like A001, FA001, STK, EX, ERR, XX, IM, VA001";
                    faults.push(Fault::new(sheet.at(row, column), what).help(help));
                }
            }
        };
    let (mut rows, mut columns) = (HashMap::new(), HashMap::new());
    // Sheets end in columns without any text.
    for column in sheet.filled_columns(code_column) {
        if column < sheet.width(code_row) {
            keep(&mut columns, (code_row, column), column);
        }
    }
    for row in code_row + 1..sheet.rows() {
        keep(&mut rows, (row, code_column), row);
    }
    Ok(Codes { rows, columns, code_row, code_column })
}

fn no_codes(sheet: &Sheet) -> Faults {
    Fault::new(sheet.whole(), "no line and column of codes such as A001, A002 were found")
        .help("this reader takes the SIC layout; for other tables write irio's own folder: `irio init table`")
        .into()
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// Regions and sectors of the column codes, with the names that stand above them.
fn axes(sheet: &Sheet, codes: &Codes, faults: &mut Faults) -> Option<Industries> {
    let mut columns: Vec<(usize, char, String)> = codes
        .columns
        .iter()
        .filter_map(|(code, column)| match code {
            Code::Industry { region, sector } => Some((*column, *region, sector.clone())),
            _ => None,
        })
        .collect();
    columns.sort();
    let (mut regions, mut sectors): (Vec<Label>, Vec<Label>) = (Vec::new(), Vec::new());
    for (column, region, sector) in &columns {
        if !regions.iter().any(|label| label.code == region.to_string()) {
            regions.push(region_label(sheet, codes, *column, *region));
        }
        if !sectors.iter().any(|label| label.code == *sector) {
            let name = (0..codes.code_row)
                .rev()
                .map(|row| sheet.cell(row, *column))
                .find(|text| !text.is_empty());
            sectors.push(named(sector, name.unwrap_or("")));
        }
    }
    let names: &[&str] = match sectors.len() {
        17 => &SECTORS_17,
        8 => &SECTORS_8,
        _ => &[],
    };
    for (label, name) in sectors.iter_mut().zip(names).filter(|(label, _)| label.en.is_empty()) {
        label.en = (*name).to_owned();
    }
    let mut axis = |kind, labels| {
        let axis = Axis::new(kind, labels);
        faults.keep(axis.map_err(|error| Fault::new(sheet.whole(), error.to_string())))
    };
    let (regions, sectors) = (axis("region", regions), axis("sector", sectors));
    Some(Industries { regions: regions?, sectors: sectors? })
}

/// A region's name: in the first header line of the clean file, in the second of the native sheet,
/// where it stands above the first sector of its block only.
fn region_label(sheet: &Sheet, codes: &Codes, column: usize, region: char) -> Label {
    let rows = if codes.code_row >= 3 { 1..2 } else { 0..1 };
    let found = rows.map(|row| sheet.cell(row, column)).find(|text| !text.is_empty()).unwrap_or("");
    let mut label = named(&region.to_string(), found);
    if let Some((_, en, zh)) = REGIONS.iter().find(|(code, _, _)| *code == region) {
        if label.en.is_empty() || label.en.starts_with(en) {
            label.en = (*en).to_owned();
        }
        if label.zh.is_empty() {
            label.zh = (*zh).to_owned();
        }
    }
    label
}

fn named(code: &str, name: &str) -> Label {
    let name = if is_chinese(name) { name.split_whitespace().collect() } else { name.to_owned() };
    if is_chinese(&name) { Label::new(code, "", name) } else { Label::new(code, name, "") }
}

struct Reader<'a> {
    sheet: &'a Sheet,
    codes: &'a Codes,
    industries: &'a Industries,
}

impl Reader<'_> {
    fn row(&self, code: &Code, what: &str, faults: &mut Faults) -> Option<usize> {
        let found = self.codes.rows.get(code).copied();
        if found.is_none() {
            let column = self.codes.code_column + 1;
            let text = format!("no row for {what} (codes of rows are read from column {column})");
            faults.push(Fault::new(self.sheet.whole(), text));
        }
        found
    }

    fn column(&self, code: &Code, what: &str, faults: &mut Faults) -> Option<usize> {
        let found = self.codes.columns.get(code).copied();
        if found.is_none() {
            faults.push(Fault::new(
                self.sheet.line(self.codes.code_row),
                format!("no column for {what}"),
            ));
        }
        found
    }

    fn table(&self, meta: Meta, faults: &mut Faults) -> Option<RawTable> {
        let industries = self.industries;
        let n = industries.len();
        let code = |at: usize| {
            let (region, sector) = industries.split(at);
            let region = industries.regions.code(region).chars().next().unwrap_or(' ');
            Code::Industry { region, sector: industries.sectors.code(sector).to_owned() }
        };
        let rows: Vec<Option<usize>> =
            (0..n).map(|at| self.row(&code(at), &industries.name(at), faults)).collect();
        let columns: Vec<Option<usize>> =
            (0..n).map(|at| self.column(&code(at), &industries.name(at), faults)).collect();
        let (demand_codes, demand_columns) = self.demand_columns();
        let output_column = self.column(&Code::Output, "gross output (XX)", faults);
        let imports_row = self.row(&Code::Imports, "imports (IM)", faults);
        let value_added_rows: Vec<Option<usize>> = VALUE_ADDED
            .iter()
            .map(|(va, _, _)| self.row(&Code::ValueAdded((*va).to_owned()), va, faults))
            .collect();
        let (rows, columns): (Option<Vec<usize>>, Option<Vec<usize>>) =
            (rows.into_iter().collect(), columns.into_iter().collect());
        let value_added_rows: Option<Vec<usize>> = value_added_rows.into_iter().collect();
        let (rows, columns, value_added_rows) = (rows?, columns?, value_added_rows?);
        let (output_column, imports_row) = (output_column?, imports_row?);
        let mut block = |rows: &[usize], columns: &[usize]| {
            let mut values = Vec::with_capacity(rows.len() * columns.len());
            for &row in rows {
                values.extend(
                    columns.iter().map(|&c| faults.keep(self.sheet.number(row, c)).unwrap_or(0.0)),
                );
            }
            Dense::new(rows.len(), columns.len(), values)
        };
        let flows = block(&rows, &columns);
        let demand = block(&rows, &demand_columns);
        let value_added = block(&value_added_rows, &columns);
        let intermediate = block(&[imports_row], &columns);
        let final_demand = self.imports_of_demand(&mut block, imports_row, &demand_columns);
        let output = block(&rows, &[output_column]);
        let categories = CATEGORIES
            .iter()
            .map(|(code, en, zh, role)| Category {
                label: Label::new(*code, *en, *zh),
                role: *role,
            })
            .collect();
        Some(RawTable {
            meta,
            flows: Matrix::compact(flows),
            final_demand: FinalDemand {
                categories,
                columns: demand_codes,
                values: Matrix::compact(demand),
            },
            imports: Imports::OneRow { intermediate: intermediate.values().to_vec(), final_demand },
            value_added: ValueAdded {
                rows: VALUE_ADDED
                    .iter()
                    .map(|(code, en, zh)| Label::new(*code, *en, *zh))
                    .collect(),
                values: value_added,
            },
            output: output.values().to_vec(),
            population: None,
            extensions: Vec::new(),
            industries: industries.clone(),
        })
    }

    /// Imports of final users; the clean file and the native sheet both fill them, a blank is none.
    fn imports_of_demand(
        &self,
        block: &mut impl FnMut(&[usize], &[usize]) -> Dense,
        row: usize,
        columns: &[usize],
    ) -> Vec<f64> {
        let one = |column: &usize| {
            if self.sheet.cell(row, *column).is_empty() {
                0.0
            } else {
                block(&[row], &[*column])[(0, 0)]
            }
        };
        columns.iter().map(one).collect()
    }

    fn demand_columns(&self) -> (Vec<DemandColumn>, Vec<usize>) {
        let mut found: Vec<(usize, DemandColumn)> = Vec::new();
        for (code, &column) in &self.codes.columns {
            let (region, category) = match code {
                Code::Demand { region, category } => {
                    let region = self.industries.regions.position(&region.to_string()).ok();
                    // `Code::of` makes only 001 to 004, in the order of CATEGORIES.
                    (region, category.parse::<usize>().map_or(0, |number| number.clamp(1, 4) - 1))
                }
                Code::Inventories => (None, 4),
                Code::Exports => (None, 5),
                Code::Error => (None, 6),
                _ => continue,
            };
            found.push((column, DemandColumn { region, category }));
        }
        found.sort_by_key(|(column, _)| *column);
        found.into_iter().map(|(column, demand)| (demand, column)).unzip()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_the_layout_are_told_apart() {
        let industry =
            |region, sector: &str| Some(Code::Industry { region, sector: sector.to_owned() });
        assert_eq!(Code::of("A001"), industry('A', "001"));
        assert_eq!(Code::of("F012"), industry('F', "012"));
        assert_eq!(Code::of("FA001"), Some(Code::Demand { region: 'A', category: "001".into() }));
        assert_eq!(Code::of("VA003"), Some(Code::ValueAdded("VA003".into())));
        for total in ["A900", "FH900", "ET", "FT", "TF", "VA"] {
            assert_eq!(Code::of(total), Some(Code::Subtotal), "{total}");
        }
        for none in ["", "农业", "A01", "FA01", "代码"] {
            assert_eq!(Code::of(none), None, "{none}");
        }
    }
}
