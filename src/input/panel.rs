//! Panels: a long CSV, one row per unit and period, columns named in the first line.
//!
//! A column is of numbers where every cell is one or is absent (empty, `NA`, `NaN`, `.`), else of texts.

mod plain;

use std::collections::HashMap;
use std::path::Path;

use rayon::prelude::*;

use super::sheet::Sheet;
use super::workbook::read_sheet;
use crate::fault::{Fault, Faults, Location, Note, NoteCode};
use crate::labels::{listed, suggestion};
use crate::panel::fill::MARK;
use crate::panel::{ABSENT, Column, Keys, Panel};
use crate::table::InputFile;
use crate::text::count;

/// How many rows and numbers a note names.
const FILLED: usize = 5;

/// How many columns a note names.
const RENAMED: usize = 5;

/// Texts that stand for nothing.
const NOTHING: [&str; 7] = ["", "NA", "NaN", "nan", ".", "N/A", "null"];

/// Which columns tell unit and period; neither for rows without order in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// Column of units.
    pub id: Option<String>,
    /// Column of periods.
    pub time: Option<String>,
}

/// Reads a panel from a file: a CSV, or a sheet of a workbook. A note tells which columns stand again under a name with a
/// number behind it.
///
/// # Errors
/// Those of [`read`], and if the file cannot be read.
pub fn read_file(path: &Path, index: &Index) -> Result<(Panel, InputFile, Option<Note>), Faults> {
    if let Some((panel, record)) = plain::read(path, index, plain::WORTH) {
        return Ok((panel, record, None));
    }
    let (sheet, record) = read_sheet(path)?;
    Ok((read(&sheet, index)?, record, renamed(&sheet)))
}

/// Reads a panel.
///
/// # Errors
/// Columns that are not there, rows without unit or period, pairs of both that stand twice.
pub fn read(sheet: &Sheet, index: &Index) -> Result<Panel, Faults> {
    let mut faults = Faults::default();
    let names = header(sheet);
    let id = index.id.as_ref().map(|name| place(sheet, &names, name, &mut faults));
    let time = index.time.as_ref().map(|name| place(sheet, &names, name, &mut faults));
    sheet.check_cells(&mut faults);
    faults.into_result(())?;
    let mut faults = Faults::default();
    let rows: Vec<usize> = (1..sheet.rows()).collect();
    if rows.is_empty() {
        return Err(Fault::new(sheet.whole(), "has a header and no rows").into());
    }
    let keys = [id.flatten(), time.flatten()];
    let columns: Vec<(String, Column)> = names
        .par_iter()
        .enumerate()
        .filter(|(at, name)| !name.is_empty() && !keys.contains(&Some(*at)))
        .map(|(at, name)| (name.clone(), column(sheet, &rows, at)))
        .collect();
    let [id, time] = keys;
    let units = id.map(|at| labels(sheet, &rows, at, &names[at], &mut faults));
    let periods = time.map(|at| labels(sheet, &rows, at, &names[at], &mut faults));
    faults.into_result(())?;
    let single = |name: &str| Keys {
        name: name.to_owned(),
        labels: vec!["1".to_owned()],
        codes: vec![0; rows.len()].into(),
    };
    let (units, periods) = match (units, periods) {
        (None, None) => return Ok(Panel::cross_section(columns)),
        (Some(units), None) => (units, single("period")),
        (None, Some(periods)) => (single("unit"), periods),
        (Some(units), Some(periods)) => (units, periods),
    };
    Panel::new(units, periods, columns).map_err(|twice| {
        let mut faults = Faults::default();
        for pair in twice {
            let text = format!("{pair}: also in row {}", rows[pair.rows.0] + 1);
            let fault = Fault::new(sheet.line(rows[pair.rows.1]), text);
            faults.push(
                fault.help("a panel has one row per unit and period; sum or rename what is twice"),
            );
        }
        faults
    })
}

/// Columns of another file, added to the rows whose texts of `on` they have.
///
/// # Errors
/// Columns that are not there, keys that stand twice, and units of the panel that the file does not have.
pub fn join(
    panel: &mut Panel,
    sheet: &Sheet,
    on: &str,
    key: &str,
    wanted: &[String],
) -> Result<(), Faults> {
    let mut faults = Faults::default();
    let names = header(sheet);
    let at = place(sheet, &names, key, &mut faults);
    let columns: Vec<usize> =
        wanted.iter().filter_map(|name| place(sheet, &names, name, &mut faults)).collect();
    sheet.check_cells(&mut faults);
    faults.into_result(())?;
    let mut faults = Faults::default();
    let at = at.unwrap_or(0);
    let rows: Vec<usize> = (1..sheet.rows()).collect();
    let texts: Vec<String> = rows.iter().map(|row| sheet.cell(*row, at).to_owned()).collect();
    let mut seen = HashMap::new();
    for (row, text) in rows.iter().zip(&texts) {
        if let Some(first) = seen.insert(text.as_str(), *row) {
            faults.push(Fault::new(
                sheet.at(*row, at),
                format!("{text} stands in row {} as well", first + 1),
            ));
        }
    }
    let Some(places) = panel.positions(on, &texts) else {
        return Err(Fault::new(
            sheet.whole(),
            format!("the panel has no column {on:?} to join on"),
        )
        .into());
    };
    let mut missing: Vec<String> = (0..panel.rows())
        .filter(|row| places[*row].is_none())
        .map(|row| panel.row_name(row))
        .collect();
    missing.dedup();
    if let Some(first) = missing.first() {
        let text = format!(
            "{} rows of the panel are not in its column {key:?}, the first is {first}",
            missing.len()
        );
        faults.push(
            Fault::new(sheet.at(0, at), text).help("the spelling has to be the same in both files"),
        );
    }
    faults.into_result(())?;
    for (name, own) in wanted.iter().zip(columns) {
        let spread = match column(sheet, &rows, own) {
            Column::Numbers(values) => Column::Numbers(
                places
                    .iter()
                    .map(|at| at.map_or(f64::NAN, |at| values[at]))
                    .collect::<Vec<_>>()
                    .into(),
            ),
            Column::Texts { levels, codes } => Column::Texts {
                levels,
                codes: places.iter().map(|at| at.map_or(ABSENT, |at| codes[at])).collect(),
            },
        };
        panel.set(name, spread);
    }
    Ok(())
}

/// The panel with what is missing for one period filled in ([`Panel::filled`]), and a note of that.
///
/// # Errors
/// If it has no periods, or a column of its own of the name that marks what was filled.
pub fn filled(panel: &Panel, at: Location) -> Result<(Panel, Option<Note>), Fault> {
    if panel.column(MARK).is_some() {
        let fault = Fault::new(at, format!("the panel has a column {MARK:?} of its own"));
        return Err(fault.help("that name marks the rows with something filled in: rename yours"));
    }
    if panel.periods().labels.len() < 3 {
        let fault = Fault::new(at, "there are no periods before and after another");
        return Err(fault.help("name the column of periods as time, or leave fill out"));
    }
    let (found, told) = panel.filled();
    let rows = match told.rows.len() {
        0 => Vec::new(),
        rows => vec![format!("{} ({})", count(rows, "row"), listed(&told.rows, FILLED))],
    };
    let names: Vec<String> =
        told.cells.iter().map(|(row, column)| format!("{column} of {row}")).collect();
    let cells = match names.len() {
        0 => Vec::new(),
        cells => vec![format!("{} ({})", count(cells, "number"), listed(&names, FILLED))],
    };
    let all: Vec<String> = rows.into_iter().chain(cells).collect();
    let text = match &all[..] {
        [] => "nothing is missing for a single period: nothing was filled".to_owned(),
        all => format!(
            "filled by the mean of the periods before and after, and marked by {MARK} = 1: {}",
            all.join(" and ")
        ),
    };
    Ok((found, Some(Note::new(NoteCode::SourceRule, text))))
}

/// Names of the columns; one that stands again has its number behind it, `AREA.2`.
fn header(sheet: &Sheet) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    (0..sheet.width(0))
        .map(|at| {
            let name = sheet.cell(0, at).to_owned();
            let count = seen.entry(name.clone()).or_insert(0);
            *count += 1;
            if *count == 1 || name.is_empty() { name } else { format!("{name}.{count}") }
        })
        .collect()
}

/// What columns that stand again are called.
fn renamed(sheet: &Sheet) -> Option<Note> {
    let own = header(sheet);
    let again = (0..own.len()).filter(|at| own[*at] != sheet.cell(0, *at));
    let again: Vec<String> =
        again.map(|at| format!("{:?} is {:?}", own[at], sheet.cell(0, at))).collect();
    let text = format!(
        "{}: a name stands over several columns; the first keeps it, and of the others {}",
        sheet.whole().file().display(),
        listed(&again, RENAMED)
    );
    (!again.is_empty()).then(|| Note::new(NoteCode::SourceRule, text))
}

fn place(sheet: &Sheet, names: &[String], wanted: &str, faults: &mut Faults) -> Option<usize> {
    let found = names.iter().position(|name| name == wanted);
    if found.is_none() {
        let fault = Fault::new(sheet.line(0), format!("there is no column {wanted:?}"));
        faults.push(match suggestion(wanted, names.iter().map(String::as_str)) {
            Some(near) => fault.help(format!("did you mean {near:?}?")),
            None => fault.help(format!("the columns are {}", names.join(", "))),
        });
    }
    found
}

fn column(sheet: &Sheet, rows: &[usize], at: usize) -> Column {
    let mut values = Vec::with_capacity(rows.len());
    for row in rows {
        let cell = sheet.cell(*row, at);
        match cell.parse::<f64>() {
            Ok(value) if value.is_finite() => values.push(value),
            _ if NOTHING.contains(&cell) => values.push(f64::NAN),
            _ => return texts(sheet, rows, at),
        }
    }
    Column::Numbers(values.into())
}

fn texts(sheet: &Sheet, rows: &[usize], at: usize) -> Column {
    let mut levels = Vec::new();
    let mut known: HashMap<&str, u32> = HashMap::new();
    let codes = rows.iter().map(|row| {
        let cell = sheet.cell(*row, at);
        if cell.is_empty() || cell == "NA" {
            return ABSENT;
        }
        *known.entry(cell).or_insert_with(|| {
            levels.push(cell.to_owned());
            levels.len() as u32 - 1
        })
    });
    let codes = codes.collect();
    Column::Texts { levels, codes }
}

fn labels(sheet: &Sheet, rows: &[usize], at: usize, name: &str, faults: &mut Faults) -> Keys {
    let mut labels = Vec::new();
    let mut known: HashMap<&str, u32> = HashMap::new();
    let mut codes = Vec::with_capacity(rows.len());
    for row in rows {
        let cell = sheet.cell(*row, at);
        if NOTHING.contains(&cell) {
            let fault = Fault::new(sheet.at(*row, at), format!("no {name} in this row"));
            faults.push(fault.help("every row needs its unit and its period"));
        }
        codes.push(*known.entry(cell).or_insert_with(|| {
            labels.push(cell.to_owned());
            labels.len() as u32 - 1
        }));
    }
    Keys { name: name.to_owned(), labels, codes: codes.into() }
}
