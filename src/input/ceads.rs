//! The inter-provincial tables of CEADs (2012, 2015, 2017): one large sheet of a workbook.
//!
//! | part | where |
//! |---|---|
//! | header | lines of provinces (first cell of a block only), of sector names, of codes `01`–`42` |
//! | columns before the numbers | province (first row of a block only), sector, code |
//! | columns | provinces × sectors, a total, provinces × `FU101`–`FU202`, `EX`, `TFU`, `ERR`, `GO`, checks |
//! | rows below the sectors | `IM` (one row of imports), `TII`, `VA001`–`VA004`, `TVA`, `TI`, and `CO2 (Mt)` in newer files |
//! | names in both languages | sheets `Sector ` (No., Chinese, English) and `Province` |
//!
//! The sheet is `Table_2012`, beside it `Table_2012_English Version` with the same numbers; older
//! downloads call it `Table`, `Table_2017` or `Table_2017_consistent`. Nothing is taken from its
//! position and no size is assumed: regions and sectors are those of the header. Rows of value added go
//! by the name beside the code where it is known, because labour and depreciation change
//! places between editions. Every number is read, so a cell of text is told with its place.
//!
//! No such file could be had when this was written. The layout was compared with what other programs
//! expect of it: MARIO (`mario/parsers/ceads.py`: sheet names, the three header lines, codes, the `IM` row
//! among the primary inputs, the CO2 row by its name, the sheets of names) and two Matlab readers of
//! `Table_2017_consistent` (D5:AXE1306 intermediate, AXG5:BDE1306 final demand, BDF exports, row 1307
//! imports of producers and of final demand, 1313 value added, 1314 total input). They agree with this
//! table; none of them tells `ERR` or the order of labour and depreciation. pymrio has no reader of it (its
//! issue 152 makes the index by hand: every region with every sector, regions first, as here).

mod header;
mod reading;

use super::sheet::Sheet;
use super::title;
use super::workbook::{MOST_NAMES, Workbook};
use crate::china;
use crate::fault::{Fault, Faults, Location};
use crate::labels::{Axis, Label, comparable, listed};
use crate::table::{Meta, RawTable};
use crate::units::Unit;
use header::Header;

/// Whether a sheet looks like one of this layout.
pub(super) fn fits(sheet: &Sheet) -> bool {
    Header::find(sheet).is_some()
}

/// Reads the table of a workbook: the sheet that is named, else its only table.
///
/// # Errors
/// If there is no table or several, and everything wrong with it, each with its cell.
pub fn read(book: &mut Workbook, sheet: Option<&str>, meta: Meta) -> Result<RawTable, Faults> {
    let sheet = match sheet {
        Some(name) => book.sheet(name)?,
        None => only_table(book)?,
    };
    let mut raw = read_sheet(book, &sheet, meta)?;
    raw.meta.inputs.push(book.record());
    Ok(raw)
}

/// Reads a sheet that was decoded already.
pub(super) fn read_sheet(
    book: &mut Workbook,
    sheet: &Sheet,
    meta: Meta,
) -> Result<RawTable, Faults> {
    let Some(header) = Header::find(sheet) else {
        let text = "no line of codes was found in which 01 stands for more than one province";
        return Err(Fault::new(sheet.whole(), text)
            .help("this reader takes the inter-provincial tables of CEADs")
            .into());
    };
    let names = names(book, sheet);
    reading::read(sheet, header, &names, meta)
}

/// The sheet that has the table: the one in Chinese where there are two languages.
pub(super) fn only_table(book: &mut Workbook) -> Result<Sheet, Faults> {
    let tables: Vec<String> =
        book.visible().into_iter().filter(|name| comparable(name).starts_with("table")).collect();
    let first: Vec<String> =
        tables.iter().filter(|name| !comparable(name).contains("english")).cloned().collect();
    match (first.as_slice(), tables.as_slice()) {
        ([one], _) | ([], [one]) => Ok(book.sheet(one)?),
        ([], []) => {
            let names = listed(&book.visible(), MOST_NAMES);
            let fault = Fault::new(Location::whole(book.path()), "no sheet is named Table...");
            Err(fault.help(format!("name the sheet; the workbook has {names}")).into())
        }
        _ => Err(book.choose(&tables).into()),
    }
}

/// Year of a sheet: in its name, else in its first line, else in the file's name.
pub(super) fn year(sheet: &Sheet) -> Option<i32> {
    let named = sheet.name().and_then(title::year_in);
    let titled = || (0..3).find_map(|column| title::year_in(sheet.cell(0, column)));
    let file = || sheet.path().file_name().and_then(|name| title::year_in(&name.to_string_lossy()));
    named.or_else(titled).or_else(file)
}

/// The unit that the sheet states; tables that state none are in 10,000 yuan.
pub(super) fn unit(sheet: &Sheet) -> Result<Unit, Fault> {
    let stated = title::unit_in(sheet, 4)?.map(|(unit, _)| unit);
    stated.map_or_else(
        || {
            let known = "10^4 yuan".parse::<Unit>();
            known.map_err(|error| Fault::new(sheet.whole(), error.to_string()))
        },
        Ok,
    )
}

/// Names of the sectors in both languages, by code, as another sheet of the workbook has them.
fn names(book: &mut Workbook, table: &Sheet) -> Vec<Label> {
    let is_list = |name: &String| comparable(name).starts_with("sector");
    let Some(name) = book.visible().into_iter().find(is_list) else { return Vec::new() };
    let Some(list) = book.sheet(&name).ok().filter(|list| list.name() != table.name()) else {
        return Vec::new();
    };
    let head =
        (0..list.rows().min(5)).find(|&row| list.column(row, &["No.", "No", "序号"]).is_some());
    let Some(head) = head else { return Vec::new() };
    let column = |names: &[&str]| list.column(head, names);
    let Some(code) = column(&["No.", "No", "序号"]) else { return Vec::new() };
    let zh = column(&["Chinese", "中文", "部门"]);
    let en = column(&["Sector", "English", "Sectors"]);
    let text =
        |row: usize, column: Option<usize>| column.map_or("", |column| list.cell(row, column));
    (head + 1..list.rows())
        .filter(|&row| !list.cell(row, code).is_empty())
        .map(|row| Label::new(list.cell(row, code), text(row, en), text(row, zh)))
        .collect()
}

/// The axis of the sectors: what stands in the header, completed by the list and by what is known of
/// the classifications.
fn sectors(sheet: &Sheet, found: &[(String, String)], list: &[Label]) -> Result<Axis, Fault> {
    let label = |(code, name): &(String, String)| {
        let mut label = Label::code(code.clone());
        let wide = name.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        if wide {
            label.zh = name.split_whitespace().collect();
        } else {
            label.en = name.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        if let Some(known) = list.iter().find(|one| comparable(&one.code) == comparable(code)) {
            if label.en.is_empty() {
                label.en.clone_from(&known.en);
            }
            if label.zh.is_empty() {
                label.zh.clone_from(&known.zh);
            }
        }
        if label.en.is_empty() {
            label.en = china::sector_in_english(&label.zh).unwrap_or("").to_owned();
        }
        label
    };
    Axis::new("sector", found.iter().map(label).collect::<Vec<_>>())
        .map_err(|error| Fault::new(sheet.whole(), error.to_string()))
}
