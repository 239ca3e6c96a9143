//! The numbers of a sheet, placed by the positions of its lines and columns.

use super::Files;
use crate::fault::Fault;
use crate::input::numbers::Rows;
use crate::input::sheet::Sheet;
use crate::linalg::{Dense, Matrix};

impl Files<'_> {
    /// Calls `place` with row, column and value of every number below the header lines.
    pub(super) fn numbers(
        &mut self,
        sheet: &Sheet,
        (first_row, rows): (usize, &[Option<usize>]),
        (first_column, columns): (usize, &[Option<usize>]),
        mut place: impl FnMut(usize, usize, f64),
    ) {
        for (r, to_row) in rows.iter().enumerate() {
            if self.faults.enough() {
                return;
            }
            self.beyond(sheet, first_row + r, first_column + columns.len());
            for (c, to_column) in columns.iter().enumerate() {
                if let Some(value) = self.faults.keep(sheet.number(first_row + r, first_column + c))
                    && let (Some(row), Some(column)) = (to_row, to_column)
                {
                    place(*row, *column, value);
                }
            }
        }
    }

    /// Says that a line has a cell that no header names.
    pub(super) fn beyond(&mut self, sheet: &Sheet, row: usize, width: usize) {
        let extra = (width..sheet.width(row)).find(|c| !sheet.cell(row, *c).is_empty());
        if let Some(column) = extra {
            let fault = Fault::new(sheet.at(row, column), "a cell without a header above it");
            self.faults.push(fault.help("name its column in the header lines, or delete it"));
        }
    }

    /// The numbers as a matrix in the storage that suits it; of zeros where anything is wrong, so that the files behind it
    /// are read for their own faults.
    pub(super) fn placed(
        &mut self,
        sheet: &Sheet,
        rows: (usize, &[Option<usize>]),
        columns: (usize, &[Option<usize>]),
        shape: (usize, usize),
    ) -> Matrix {
        let mut cells: Vec<(u32, u32, f64)> = Vec::new();
        self.numbers(sheet, rows, columns, |row, column, value| {
            // A negative zero is kept, as it would be in a dense matrix.
            if value.to_bits() != 0 {
                cells.push((row as u32, column as u32, value));
            }
        });
        if !self.faults.is_empty() {
            cells.clear();
        }
        cells.sort_unstable_by_key(|(row, column, _)| (*row, *column));
        let mut into = Rows::with_room(shape, cells.len());
        let mut cells = cells.as_slice();
        for row in 0..shape.0 {
            let count = cells.iter().take_while(|(at, ..)| *at as usize == row).count();
            let (own, rest) = cells.split_at(count);
            let columns: Vec<u32> = own.iter().map(|(_, column, _)| *column).collect();
            let values: Vec<f64> = own.iter().map(|(.., value)| *value).collect();
            into.push(&columns, &values);
            cells = rest;
        }
        into.finish()
    }

    /// The same as a dense matrix; none where anything is wrong, since zeros could take more room than there is.
    pub(super) fn placed_densely(
        &mut self,
        sheet: &Sheet,
        rows: (usize, &[Option<usize>]),
        columns: (usize, &[Option<usize>]),
        shape: (usize, usize),
    ) -> Option<Dense> {
        let matrix = self.placed(sheet, rows, columns, shape);
        self.faults.is_empty().then(|| matrix.to_dense())
    }
}
