//! A labelled matrix, its totals and its controls, each a CSV.
//!
//! ```text
//! ,agriculture,industry        row,value            row,column,value,sigma
//! agriculture,12,30            agriculture,50       agriculture,,50,
//! industry,8,95                industry,110         ,industry,130,5
//! ```
//!
//! A matrix may have two header lines or two columns of labels (`region` and `sector`, as in irio's own
//! tables); its lines are then named `region:sector`.

use std::collections::HashMap;
use std::path::PathBuf;

use super::sheet::Sheet;
use crate::balance::kras::{Control, KrasError, Term};
use crate::balance::{BalanceError, Line};
use crate::fault::{Fault, Faults, Location};
use crate::labels::{Axis, Label, comparable, listed, suggestion};
use crate::linalg::Dense;
use crate::text::exact;

/// A matrix with the names of its lines.
#[derive(Debug, Clone)]
pub struct LabelledMatrix {
    /// Names of the rows.
    pub rows: Axis,
    /// Names of the columns.
    pub columns: Axis,
    /// The cells.
    pub values: Dense,
    /// Header lines as they stand in the file.
    pub headers: Vec<Vec<String>>,
    /// Labels of each row as they stand in the file.
    pub labels: Vec<Vec<String>>,
}

/// Reads a matrix with a number of header lines and of label columns.
///
/// # Errors
/// A file without cells, every line of another width, every name that is empty or stands twice, every
/// cell that is not a finite number.
pub fn read(sheet: &Sheet, headers: usize, labels: usize) -> Result<LabelledMatrix, Faults> {
    let mut faults = Faults::default();
    let width = sheet.width(0);
    if sheet.rows() <= headers || width <= labels {
        let fault = Fault::new(Location::whole(sheet.path()), "has no cell besides its labels");
        return Err(fault.help("the first line and the first column hold labels").into());
    }
    for row in 0..sheet.rows() {
        if sheet.width(row) != width {
            let text = format!("the line has {} cells, the first line {width}", sheet.width(row));
            faults.push(Fault::new(sheet.line(row), text).help("write one cell for each column"));
        }
    }
    let texts = |row: usize, columns: std::ops::Range<usize>| -> Vec<String> {
        columns.map(|column| sheet.cell(row, column).to_owned()).collect()
    };
    let of_rows: Vec<String> =
        (headers..sheet.rows()).map(|row| texts(row, 0..labels).join(":")).collect();
    let of_columns: Vec<String> = (labels..width)
        .map(|column| (0..headers).map(|row| sheet.cell(row, column)).collect::<Vec<_>>().join(":"))
        .collect();
    let rows = axis("row", of_rows, |at| sheet.at(headers + at, 0), &mut faults);
    let columns = axis("column", of_columns, |at| sheet.at(0, labels + at), &mut faults);
    let mut values = Dense::zeros(sheet.rows() - headers, width - labels);
    for row in 0..values.shape().0 {
        for column in (0..values.shape().1).filter(|c| labels + c < sheet.width(headers + row)) {
            if let Some(value) = faults.keep(ordinary(sheet, headers + row, labels + column)) {
                values[(row, column)] = value;
            }
        }
    }
    match (rows, columns) {
        (Some(rows), Some(columns)) => faults.into_result(LabelledMatrix {
            rows,
            columns,
            values,
            headers: (0..headers).map(|row| texts(row, 0..width)).collect(),
            labels: (headers..sheet.rows()).map(|row| texts(row, 0..labels)).collect(),
        }),
        _ => Err(faults),
    }
}

/// A number whose products with others are still numbers.
fn ordinary(sheet: &Sheet, row: usize, column: usize) -> Result<f64, Fault> {
    let value = sheet.number(row, column)?;
    if value == 0.0 || (1e-200..=1e200).contains(&value.abs()) {
        return Ok(value);
    }
    let text = format!("{} is beyond what can be balanced", exact(value));
    Err(Fault::new(sheet.at(row, column), text)
        .help("sizes from 1e-200 to 1e200: choose another unit, or write 0"))
}

fn axis(
    kind: &'static str,
    names: Vec<String>,
    at: impl Fn(usize) -> Location,
    faults: &mut Faults,
) -> Option<Axis> {
    for (line, name) in names.iter().enumerate().filter(|(_, name)| name.trim().is_empty()) {
        let text = format!("a {kind} without a name{name}");
        faults.push(Fault::new(at(line), text).help("give every line a name of its own"));
    }
    let axis = Axis::new(kind, names.into_iter().map(Label::code))
        .map_err(|error| Fault::new(at(error.position), error.to_string()));
    faults.keep(axis.map_err(|fault| {
        fault.help("if names have two parts, say --label-columns 2 or --header-lines 2")
    }))
}

/// Reads one total for each line of an axis: columns with the parts of its name, and `value`.
///
/// # Errors
/// No column `value`, every name that is unknown or stands twice, every value that is not a number,
/// every line of the axis without a total.
pub fn totals(sheet: &Sheet, axis: &Axis) -> Result<Vec<f64>, Faults> {
    let mut faults = Faults::default();
    sheet.check_list(&mut faults);
    let Some(value) = sheet.column(0, &["value"]) else {
        let fault = Fault::new(sheet.line(0), "no column \"value\" in the header");
        return Err(fault.help(format!("the header is: {},value", axis.kind())).into());
    };
    let mut found: Vec<Option<(f64, usize)>> = vec![None; axis.len()];
    for row in 1..sheet.rows() {
        let parts = (0..sheet.width(0)).filter(|column| *column != value);
        let name = parts.map(|column| sheet.cell(row, column)).collect::<Vec<_>>().join(":");
        let number = faults.keep(ordinary(sheet, row, value));
        let position = axis
            .position(&name)
            .map_err(|error| Fault::new(sheet.line(row), error.to_string()).help(error.help()));
        let (Some(at), Some(number)) = (faults.keep(position), number) else { continue };
        if let Some((_, before)) = found[at] {
            let text = format!("a second total of {name}; the first is {}", sheet.line(before));
            faults.push(Fault::new(sheet.line(row), text).help("keep one of them"));
        }
        found[at] = Some((number, row));
    }
    let missing: Vec<&str> =
        (0..axis.len()).filter(|at| found[*at].is_none()).map(|at| axis.code(at)).collect();
    if !missing.is_empty() && faults.is_empty() {
        let text = format!("no total for {} {}", axis.kind(), listed(&missing, NAMED));
        let fault = Fault::new(Location::whole(sheet.path()), text);
        faults.push(fault.help("every line needs one; for some only, use --controls"));
    }
    faults.into_result(found.into_iter().flatten().map(|(value, _)| value).collect())
}

/// How many names a fault lists.
const NAMED: usize = 12;

/// Controls and where each of them stands.
#[derive(Debug, Clone, Default)]
pub struct MatrixControls {
    /// The controls.
    pub controls: Vec<Control>,
    /// What each is about.
    pub names: Vec<String>,
    places: Vec<Location>,
}

impl MatrixControls {
    /// Adds a hard total of each row or column, from a file.
    pub fn totals(&mut self, matrix: &LabelledMatrix, totals: &[f64], rows: bool, file: PathBuf) {
        let (n, m) = matrix.values.shape();
        let (axis, word) = if rows { (&matrix.rows, "row") } else { (&matrix.columns, "column") };
        for (at, total) in totals.iter().enumerate() {
            let terms = match rows {
                true => (0..m).map(|column| Term::plain(at, column)).collect(),
                false => (0..n).map(|row| Term::plain(row, at)).collect(),
            };
            self.controls.push(Control { terms, value: *total, sigma: 0.0 });
            self.names.push(format!("the total of {word} {}", axis.code(at)));
            self.places.push(Location::whole(&file));
        }
    }

    /// Why a matrix cannot be brought to the controls, each at its line.
    pub fn locate(&self, error: &KrasError) -> Faults {
        let mut faults = Faults::default();
        let (controls, text, help): (Vec<usize>, _, _) = match error {
            KrasError::Unreachable(controls) => (
                controls.clone(),
                "cannot be met: its cells are all 0, or all of the other sign",
                "signs and zeros of the matrix stay; correct the value, or leave the line out",
            ),
            KrasError::Conflict(controls) => (
                controls.clone(),
                "contradicts other controls, and none of them may give way",
                "correct one of the lines named here, or give the less certain ones a sigma",
            ),
            KrasError::NotConverged { control, .. } => (
                vec![*control],
                "is still not met after all rounds",
                "give the less certain controls a sigma",
            ),
            KrasError::Number { control, .. } | KrasError::Outside { control, .. } => {
                (vec![*control], "has a number that is not finite", "write ordinary numbers")
            }
            KrasError::CellNotFinite { .. } => (Vec::new(), "", ""),
        };
        for at in controls {
            let message = format!("{} ({}) {text}", self.names[at], exact(self.controls[at].value));
            faults.push(Fault::new(self.places[at].clone(), message).help(help));
        }
        faults
    }
}

const COLUMNS: [&str; 4] = ["row", "column", "value", "sigma"];
const HEADER: &str = "the header is: row,column,value,sigma";

/// Adds the controls of a file: an empty row or column means the sum over it.
///
/// # Errors
/// A header that is not known, every unknown name, every value that is not a number, every `sigma` below
/// 0, every second line about one thing.
pub fn controls(
    sheet: &Sheet,
    matrix: &LabelledMatrix,
    into: &mut MatrixControls,
) -> Result<(), Faults> {
    let mut faults = Faults::default();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for column in 0..sheet.width(0) {
        let text = sheet.cell(0, column);
        match COLUMNS.into_iter().find(|known| comparable(known) == comparable(text)) {
            Some(known) => {
                places.insert(known, column);
            }
            None => {
                let fault =
                    Fault::new(sheet.at(0, column), format!("column {text:?} is not known"));
                let near = suggestion(text, COLUMNS.into_iter());
                faults.push(match near {
                    Some(near) => fault.help(format!("did you mean {near:?}? {HEADER}")),
                    None => fault.help(HEADER),
                });
            }
        }
    }
    let Some(value) = places.get("value").copied() else {
        let fault = Fault::new(sheet.line(0), "no column \"value\" in the header");
        faults.push(fault.help(HEADER));
        return Err(faults);
    };
    if sheet.rows() < 2 {
        faults.push(Fault::new(sheet.line(0), "no line below the header"));
    }
    let mut seen: HashMap<[Option<usize>; 2], usize> = HashMap::new();
    for row in 1..sheet.rows() {
        let mut label = |word: &str, axis: &Axis| -> Option<Option<usize>> {
            let Some(&column) = places.get(word) else { return Some(None) };
            let text = sheet.cell(row, column);
            if text.is_empty() {
                return Some(None);
            }
            let found = axis.position(text).map_err(|error| {
                Fault::new(sheet.at(row, column), error.to_string()).help(error.help())
            });
            faults.keep(found).map(Some)
        };
        let key = [label("row", &matrix.rows), label("column", &matrix.columns)];
        let number = faults.keep(ordinary(sheet, row, value));
        let sigma = sigma(sheet, row, places.get("sigma").copied(), &mut faults);
        let ([Some(i), Some(j)], Some(number), Some(sigma)) = (key, number, sigma) else {
            continue;
        };
        let name = name(matrix, [i, j]);
        if let Some(before) = seen.insert([i, j], row) {
            let text = format!("a second value for {name}; the first is {}", sheet.line(before));
            faults.push(Fault::new(sheet.line(row), text).help("keep one of them"));
        }
        let (n, m) = matrix.values.shape();
        let (rows, columns) = (i.map_or(0..n, |i| i..i + 1), j.map_or(0..m, |j| j..j + 1));
        let terms = rows.flat_map(|i| columns.clone().map(move |j| Term::plain(i, j))).collect();
        into.controls.push(Control { terms, value: number, sigma });
        into.names.push(name);
        into.places.push(sheet.line(row));
    }
    faults.into_result(())
}

fn sigma(sheet: &Sheet, row: usize, column: Option<usize>, faults: &mut Faults) -> Option<f64> {
    let Some(column) = column.filter(|column| !sheet.cell(row, *column).is_empty()) else {
        return Some(0.0);
    };
    let sigma = faults.keep(ordinary(sheet, row, column))?;
    if sigma < 0.0 {
        let text = format!("a sigma of {}; it may not be negative", exact(sigma));
        let fault = Fault::new(sheet.at(row, column), text);
        faults.push(fault.help("a standard deviation, or nothing for a value that must be met"));
        return None;
    }
    Some(sigma)
}

fn name(matrix: &LabelledMatrix, place: [Option<usize>; 2]) -> String {
    match place {
        [Some(i), Some(j)] => {
            format!("the cell {}, {}", matrix.rows.code(i), matrix.columns.code(j))
        }
        [Some(i), None] => format!("the total of row {}", matrix.rows.code(i)),
        [None, Some(j)] => format!("the total of column {}", matrix.columns.code(j)),
        [None, None] => "the total of all cells".to_owned(),
    }
}

/// Why a matrix cannot be brought to its totals, at the files of those.
pub fn locate(
    error: &BalanceError,
    matrix: &LabelledMatrix,
    of_rows: &std::path::Path,
    of_columns: &std::path::Path,
) -> Faults {
    let row = |at: usize| matrix.rows.code(at).to_owned();
    let column = |at: usize| matrix.columns.code(at).to_owned();
    let mut faults = Faults::default();
    if let BalanceError::Lines(lines) = error {
        for line in lines {
            let one = BalanceError::Lines(vec![*line]);
            let file = if matches!(line.line, Line::Row(_)) { of_rows } else { of_columns };
            let fault = Fault::new(Location::whole(file), one.describe(&row, &column));
            faults.push(fault.help("signs and zeros of the matrix stay: correct the total"));
        }
        return faults;
    }
    let fault = Fault::new(Location::whole(of_rows), error.describe(&row, &column));
    faults.push(fault.help(format!(
        "compare it with {}; where totals are uncertain, give them as --controls with a sigma",
        of_columns.display()
    )));
    faults
}
