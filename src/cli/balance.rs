//! `irio balance`: a labelled matrix brought to totals or controls.

use std::path::Path;

use serde_json::{Value, json};

use super::{BalanceArguments, Common, Trouble};
use crate::balance::kras::{self, Reached, kras};
use crate::balance::{MostMoved, Moved, Options, gras};
use crate::fault::{Fault, Faults, Location};
use crate::input::matrix::{self, LabelledMatrix, MatrixControls};
use crate::input::sheet::Sheet;
use crate::input::workbook::read_sheet;
use crate::labels::Axis;
use crate::linalg::Dense;
use crate::report::terminal::Balance;
use crate::report::{self, folder};

/// How many of the most-moved cells are reported.
const MOVED: usize = 5;

/// Totals and controls of a matrix.
struct Known {
    rows: Option<Vec<f64>>,
    columns: Option<Vec<f64>>,
    controls: MatrixControls,
}

/// Runs `irio balance`.
pub(super) fn balance(common: &Common, arguments: &BalanceArguments) -> Result<String, Trouble> {
    let read = |path: &Path| -> Result<Sheet, Faults> { Ok(read_sheet(path)?.0) };
    refuse_inputs(arguments)?;
    let sheet = read(&arguments.matrix)?;
    let lines = (usize::from(arguments.header_lines), usize::from(arguments.label_columns));
    let matrix = matrix::read(&sheet, lines.0, lines.1)?;
    refuse_other(&arguments.out, &matrix)?;
    let mut faults = Faults::default();
    let mut totals = |path: Option<&Path>, axis: &Axis| -> Option<Vec<f64>> {
        let path = path?;
        let sheet = faults.absorb(read(path))?;
        faults.absorb(matrix::totals(&sheet, axis))
    };
    let rows = totals(arguments.rows.as_deref(), &matrix.rows);
    let columns = totals(arguments.columns.as_deref(), &matrix.columns);
    let mut controls = MatrixControls::default();
    if let Some(path) = &arguments.controls
        && let Some(sheet) = faults.absorb(read(path))
    {
        faults.absorb(matrix::controls(&sheet, &matrix, &mut controls));
    }
    faults.into_result(())?;
    let (values, shown) = solve(&matrix, arguments, Known { rows, columns, controls })?;
    let text = report::matrix::csv(&matrix.headers, &matrix.labels, &values);
    folder::write_file(&arguments.out, text.as_bytes())?;
    if common.quiet {
        return Ok(String::new());
    }
    if common.json {
        let text = summary(&arguments.out, &shown);
        return Ok(serde_json::to_string_pretty(&text).unwrap_or_default() + "\n");
    }
    Ok(format!("{}\nMatrix: {}\n", shown.text(), arguments.out.display()))
}

/// GRAS where rows and columns are known and nothing else, KRAS in every other case.
fn solve(
    matrix: &LabelledMatrix,
    arguments: &BalanceArguments,
    known: Known,
) -> Result<(Dense, Balance), Trouble> {
    let cell = |row: usize, column: usize| {
        format!("{} → {}", matrix.rows.code(row), matrix.columns.code(column))
    };
    let named = |cells: Vec<Moved>| -> Vec<(String, Moved)> {
        cells.into_iter().map(|moved| (cell(moved.row, moved.column), moved)).collect()
    };
    let told = |rounds, gap, trace, moved: MostMoved| Balance {
        rounds,
        before: "before",
        gap,
        trace,
        by_amount: named(moved.by_amount),
        by_ratio: named(moved.by_ratio),
        controls: Vec::new(),
        emptied: Vec::new(),
    };
    let paths = [&arguments.rows, &arguments.columns].map(|path| path.clone().unwrap_or_default());
    if let (Some(rows), Some(columns), None) = (&known.rows, &known.columns, &arguments.controls) {
        let found = gras(&matrix.values, rows, columns, &Options::default())
            .map_err(|error| matrix::locate(&error, matrix, &paths[0], &paths[1]))?;
        let moved = found.most_moved(&matrix.values, MOVED);
        let emptied = found.emptied.iter().map(|(row, column)| cell(*row, *column)).collect();
        let shown = told(found.rounds, found.gap, found.trace, moved);
        return Ok((found.matrix, Balance { emptied, ..shown }));
    }
    let mut controls = known.controls;
    let [of_rows, of_columns] = paths;
    controls.totals(matrix, &known.rows.unwrap_or_default(), true, of_rows);
    controls.totals(matrix, &known.columns.unwrap_or_default(), false, of_columns);
    let found = kras(&matrix.values, &controls.controls, &kras::Options::default())
        .map_err(|error| controls.locate(&error))?;
    let moved = found.most_moved(&matrix.values, MOVED);
    let controls = controls.names.into_iter().zip(found.controls).collect();
    let shown = told(found.rounds, found.gap, found.trace, moved);
    Ok((found.matrix, Balance { controls, ..shown }))
}

/// The report as JSON.
pub(super) fn summary(out: &Path, shown: &Balance) -> Value {
    let moved = |cells: &[(String, Moved)]| -> Value {
        let cell = |(name, moved): &(String, Moved)| json!({ "cell": name, "before": moved.before, "after": moved.after });
        cells.iter().map(cell).collect()
    };
    let control = |(name, reached): &(String, Reached)| {
        json!({
            "control": name, "wanted": reached.wanted, "reached": reached.reached, "met": reached.met,
            "gap": reached.gap(), "gap_in_sigma": reached.in_sigma(),
        })
    };
    let trace = shown.trace.iter().map(|step| json!({ "round": step.round, "gap": step.gap }));
    json!({
        "out": out,
        "rounds": shown.rounds,
        "gap": shown.gap,
        "trace": trace.collect::<Vec<_>>(),
        "most_moved": { "by_amount": moved(&shown.by_amount), "by_ratio": moved(&shown.by_ratio) },
        "emptied": shown.emptied,
        "controls": shown.controls.iter().map(control).collect::<Vec<_>>(),
    })
}

/// The result may not replace what it is made of.
fn refuse_inputs(arguments: &BalanceArguments) -> Result<(), Fault> {
    let out = &arguments.out;
    let same = |path: &Path| match (std::fs::canonicalize(path), std::fs::canonicalize(out)) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    };
    let others = [&arguments.rows, &arguments.columns, &arguments.controls].into_iter().flatten();
    if others.chain([&arguments.matrix]).any(|path| same(path)) {
        let fault = Fault::new(Location::whole(out), "is an input, which the result would replace");
        return Err(fault.help("name another file with --out"));
    }
    folder::refuse_other(out, "a file")
}

/// A file is only replaced if it is a matrix with the same first line.
fn refuse_other(out: &Path, matrix: &LabelledMatrix) -> Result<(), Fault> {
    let Ok(text) = std::fs::read_to_string(out) else {
        if out.exists() {
            let fault = Fault::new(Location::whole(out), "is another file and is left alone");
            return Err(fault.help("name another file with --out"));
        }
        return Ok(());
    };
    let header = report::matrix::csv(&matrix.headers[..1], &[], &Dense::zeros(0, 0));
    if text.starts_with(&header) {
        return Ok(());
    }
    let fault = Fault::new(Location::whole(out), "is a file with other columns and is left alone");
    Err(fault.help("name another file with --out"))
}
