//! The cells of a prior that may be other than zero, and what can be said of its totals line by line.

use super::newton::Lines;
use super::{BalanceError, Cells, Line, LineError, Side};
use crate::linalg::Dense;

/// How far sums of rows and of columns may differ as a share of all absolute totals: they are often
/// printed numbers.
const ROUNDING: f64 = 1e-9;

/// The cells other than zero, row by row, with the totals they are to meet.
#[derive(Debug, Clone)]
pub struct Support {
    /// Totals of the rows.
    pub rows: Vec<f64>,
    /// Totals of the columns.
    pub columns: Vec<f64>,
    /// First cell of each row, and the number of cells.
    pub starts: Vec<usize>,
    /// Column of each cell.
    pub places: Vec<u32>,
    /// Value of each cell in the prior.
    pub values: Vec<f64>,
    /// Cells that had to become zero.
    pub emptied: Vec<(usize, usize)>,
}

impl Support {
    /// Checks shapes, numbers and each line on its own.
    pub fn of(prior: &Dense, rows: &[f64], columns: &[f64]) -> Result<Self, BalanceError> {
        check_numbers(prior, rows, columns)?;
        let columns = agreed(rows, columns)?;
        let (mut starts, mut places, mut values) = (vec![0], Vec::new(), Vec::new());
        for row in 0..rows.len() {
            for (column, &value) in prior.row(row).iter().enumerate() {
                if value != 0.0 {
                    places.push(column as u32);
                    values.push(value);
                }
            }
            starts.push(places.len());
        }
        let rows = rows.to_vec();
        let mut support = Support { rows, columns, starts, places, values, emptied: Vec::new() };
        support.settle()?;
        Ok(support)
    }

    /// Numbers of the cells of a row.
    pub fn of_row(&self, row: usize) -> std::ops::Range<usize> {
        self.starts[row]..self.starts[row + 1]
    }

    /// Empties lines of one sign whose total is 0 until none is left, then refuses lines that cannot
    /// meet their total.
    pub fn settle(&mut self) -> Result<(), BalanceError> {
        loop {
            let (rows, columns) = self.signs();
            let mut doomed = vec![false; self.values.len()];
            let mut any = false;
            for (row, signs) in rows.iter().enumerate() {
                for cell in self.of_row(row) {
                    let column = self.places[cell] as usize;
                    doomed[cell] = (self.rows[row] == 0.0 && !signs.mixed())
                        || (self.columns[column] == 0.0 && !columns[column].mixed());
                    any |= doomed[cell];
                }
            }
            if !any {
                return self.refuse(&rows, &columns);
            }
            self.empty(&doomed);
        }
    }

    /// Its rows, then its columns, as sums of cells.
    pub fn lines(&self) -> Lines {
        let mut lines = Lines::default();
        let mut of_columns = vec![Vec::new(); self.columns.len()];
        for (row, total) in self.rows.iter().enumerate() {
            let cells = self.of_row(row).map(|cell| (cell as u32, self.values[cell].signum()));
            for (cell, sign) in cells.clone() {
                of_columns[self.places[cell as usize] as usize].push((cell, sign));
            }
            lines.push(*total, cells);
        }
        for (total, cells) in self.columns.iter().zip(of_columns) {
            lines.push(*total, cells.into_iter());
        }
        lines
    }

    /// Takes cells out.
    pub fn empty(&mut self, doomed: &[bool]) {
        let (mut starts, mut places, mut values) = (vec![0], Vec::new(), Vec::new());
        for row in 0..self.rows.len() {
            for cell in self.of_row(row) {
                if doomed[cell] {
                    self.emptied.push((row, self.places[cell] as usize));
                } else {
                    places.push(self.places[cell]);
                    values.push(self.values[cell]);
                }
            }
            starts.push(places.len());
        }
        (self.starts, self.places, self.values) = (starts, places, values);
    }

    fn signs(&self) -> (Vec<Signs>, Vec<Signs>) {
        let mut rows = vec![Signs::default(); self.rows.len()];
        let mut columns = vec![Signs::default(); self.columns.len()];
        for (row, signs) in rows.iter_mut().enumerate() {
            for cell in self.of_row(row) {
                for signs in [&mut *signs, &mut columns[self.places[cell] as usize]] {
                    signs.positive |= self.values[cell] > 0.0;
                    signs.negative |= self.values[cell] < 0.0;
                }
            }
        }
        (rows, columns)
    }

    fn refuse(&self, rows: &[Signs], columns: &[Signs]) -> Result<(), BalanceError> {
        let rows = rows.iter().zip(&self.rows).enumerate();
        let rows = rows.map(|(at, (signs, total))| (Line::Row(at), *signs, *total));
        let columns = columns.iter().zip(&self.columns).enumerate();
        let columns = columns.map(|(at, (signs, total))| (Line::Column(at), *signs, *total));
        let wrong: Vec<LineError> = rows
            .chain(columns)
            .filter_map(|(line, signs, total)| {
                signs.missing(total).map(|cells| LineError { line, total, cells })
            })
            .collect();
        if wrong.is_empty() { Ok(()) } else { Err(BalanceError::Lines(wrong)) }
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Signs {
    positive: bool,
    negative: bool,
}

impl Signs {
    fn mixed(self) -> bool {
        self.positive && self.negative
    }

    /// What its cells are, if they cannot sum to a total.
    fn missing(self, total: f64) -> Option<Cells> {
        match (self.positive, self.negative) {
            (false, false) if total != 0.0 => Some(Cells::Zero),
            (true, false) if total < 0.0 => Some(Cells::NotNegative),
            (false, true) if total > 0.0 => Some(Cells::NotPositive),
            _ => None,
        }
    }
}

fn check_numbers(prior: &Dense, rows: &[f64], columns: &[f64]) -> Result<(), BalanceError> {
    let shape = prior.shape();
    for (side, totals, lines) in [(Side::Row, rows, shape.0), (Side::Column, columns, shape.1)] {
        if totals.len() != lines {
            return Err(BalanceError::Shape { side, totals: totals.len(), lines });
        }
    }
    let lines = rows.iter().enumerate().map(|(at, total)| (Line::Row(at), *total));
    let lines = lines.chain(columns.iter().enumerate().map(|(at, t)| (Line::Column(at), *t)));
    for (line, total) in lines {
        if !total.is_finite() {
            return Err(BalanceError::TotalNotFinite { line, total });
        }
    }
    if let Some(at) = prior.values().iter().position(|value| !value.is_finite()) {
        let (row, column) = (at / shape.1, at % shape.1);
        return Err(BalanceError::CellNotFinite { row, column, value: prior.values()[at] });
    }
    Ok(())
}

/// Totals of the columns that sum to those of the rows.
fn agreed(rows: &[f64], columns: &[f64]) -> Result<Vec<f64>, BalanceError> {
    let (a, b): (f64, f64) = (rows.iter().sum(), columns.iter().sum());
    let size: f64 = rows.iter().chain(columns).map(|total| total.abs()).sum();
    let sizes: f64 = columns.iter().map(|total| total.abs()).sum();
    // Written so that sums too large for a number are refused as well.
    let near = (a - b).abs() <= ROUNDING * size;
    if !near || !size.is_finite() {
        return Err(BalanceError::TotalsDiffer { rows: a, columns: b });
    }
    if a == b || sizes == 0.0 {
        return Ok(columns.to_vec());
    }
    // A rounding difference goes to every column by its size, so that no zero becomes another number.
    Ok(columns.iter().map(|total| total + (a - b) * total.abs() / sizes).collect())
}
