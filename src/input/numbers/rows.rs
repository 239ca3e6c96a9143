//! Matrices put together row by row.

use crate::linalg::sparse::is_narrow;
use crate::linalg::{Dense, Matrix, Place, Places};

/// Puts a matrix together row by row, in the storage that suits it.
pub struct Rows {
    shape: (usize, usize),
    row: usize,
    storage: Storage,
}

enum Storage {
    Dense(Vec<f64>),
    Narrow(Stored<u16>),
    Wide(Stored<u32>),
}

/// Cells other than zero so far, row by row.
struct Stored<P> {
    starts: Vec<u64>,
    places: Vec<P>,
    values: Vec<f64>,
}

impl<P: Place> Stored<P> {
    fn with_room(rows: usize, stored: usize) -> Self {
        let mut starts = Vec::with_capacity(rows + 1);
        starts.push(0);
        Stored { starts, places: Vec::with_capacity(stored), values: Vec::with_capacity(stored) }
    }

    fn push(&mut self, columns: &[u32], cells: &[f64]) {
        let place = |column: &u32| P::of(*column as usize);
        if cells.contains(&0.0) {
            let filled = columns.iter().zip(cells).filter(|(_, value)| **value != 0.0);
            filled.for_each(|(column, value)| {
                self.places.push(place(column));
                self.values.push(*value);
            });
        } else {
            self.places.extend(columns.iter().map(place));
            self.values.extend_from_slice(cells);
        }
        self.starts.push(self.values.len() as u64);
    }

    fn finish(self, shape: (usize, usize)) -> Matrix
    where
        Vec<P>: Into<Places>,
    {
        let Stored { mut starts, places, values } = self;
        starts.resize(shape.0 + 1, values.len() as u64);
        Matrix::from_parts(shape, starts.into(), places, values.into())
            .unwrap_or_else(|| unreachable!("columns ascend in every row"))
    }
}

impl Rows {
    /// Begins a matrix of which `stored` cells are known to be filled.
    pub fn with_room(shape: (usize, usize), stored: usize) -> Self {
        let storage = if Matrix::suits_dense(shape.0 * shape.1, stored) {
            Storage::Dense(vec![0.0; shape.0 * shape.1])
        } else if is_narrow(shape.1) {
            Storage::Narrow(Stored::with_room(shape.0, stored))
        } else {
            Storage::Wide(Stored::with_room(shape.0, stored))
        };
        Rows { shape, row: 0, storage }
    }

    /// Adds a row; columns in ascending order.
    pub fn push(&mut self, columns: &[u32], cells: &[f64]) {
        match &mut self.storage {
            Storage::Dense(values) => {
                let row = &mut values[self.row * self.shape.1..(self.row + 1) * self.shape.1];
                columns
                    .iter()
                    .zip(cells)
                    .for_each(|(column, value)| row[*column as usize] = *value);
            }
            Storage::Narrow(stored) => stored.push(columns, cells),
            Storage::Wide(stored) => stored.push(columns, cells),
        }
        self.row += 1;
    }

    /// The matrix; rows that were not added are empty.
    pub fn finish(self) -> Matrix {
        let (rows, columns) = self.shape;
        match self.storage {
            Storage::Dense(values) => Matrix::Dense(Dense::new(rows, columns, values)),
            Storage::Narrow(stored) => stored.finish(self.shape),
            Storage::Wide(stored) => stored.finish(self.shape),
        }
    }
}

/// The cells of a matrix at other places: row `i` becomes row `rows[i]`, column `j` column
/// `columns[j]`; each place is taken once at most.
pub fn rearranged(
    matrix: Matrix,
    rows: &[usize],
    columns: &[usize],
    shape: (usize, usize),
) -> Matrix {
    let in_place = |to: &[usize]| to.iter().enumerate().all(|(from, to)| from == *to);
    if matrix.shape() == shape && in_place(rows) && in_place(columns) {
        return matrix;
    }
    let mut from: Vec<Option<usize>> = vec![None; shape.0];
    rows.iter().enumerate().for_each(|(at, to)| from[*to] = Some(at));
    let mut stored = 0;
    (0..matrix.shape().0)
        .for_each(|row| matrix.each_in_row(row, |_, value| stored += usize::from(value != 0.0)));
    let mut into = Rows::with_room(shape, stored);
    let mut cells: Vec<(u32, f64)> = Vec::new();
    for row in from {
        cells.clear();
        if let Some(row) = row {
            matrix.each_in_row(row, |column, value| cells.push((columns[column] as u32, value)));
        }
        cells.sort_by_key(|(column, _)| *column);
        let (places, values): (Vec<u32>, Vec<f64>) = cells.iter().copied().unzip();
        into.push(&places, &values);
    }
    into.finish()
}
