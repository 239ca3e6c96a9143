//! The few matrix operations the methods need: one matrix type, stored dense or sparse.
//!
//! [`Matrix`] hides how a large matrix is kept (dense rows or compressed sparse rows, in memory
//! or mapped from a file); [`Dense`] is a plain grid for the many small ones. The factors of
//! `I − A` live in [`factor`].

pub mod buffer;
pub mod factor;
pub mod inverse;
pub mod kernel;
mod krylov;
pub mod least_squares;
mod product;
pub mod scaled;
pub mod small;
pub mod sparse;
pub mod system;

use std::ops::{Index, IndexMut, Range};

use rayon::prelude::*;

pub use buffer::{Buffer, MappedFile};
pub use sparse::{Place, Places, PlacesOf, Sparse};

use sparse::each_kind;

/// A dense matrix in row-major order.
#[derive(Debug, Clone)]
pub struct Dense {
    rows: usize,
    columns: usize,
    values: Buffer<f64>,
}

impl Dense {
    /// A matrix of zeros.
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Dense { rows, columns, values: vec![0.0; rows * columns].into() }
    }

    /// A matrix of `rows × columns` values in row-major order.
    ///
    /// # Panics
    /// If the number of values is another.
    #[track_caller]
    pub fn new(rows: usize, columns: usize, values: impl Into<Buffer<f64>>) -> Self {
        let values = values.into();
        assert_eq!(values.len(), rows * columns, "{rows} x {columns} values expected");
        Dense { rows, columns, values }
    }

    /// A matrix of the rows given, all of one length.
    ///
    /// # Panics
    /// If the rows differ in length.
    #[track_caller]
    pub fn from_rows(rows: &[Vec<f64>]) -> Self {
        let columns = rows.first().map_or(0, Vec::len);
        Dense::new(rows.len(), columns, rows.concat())
    }

    /// Number of rows and columns.
    pub fn shape(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    /// One row.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    /// One row, to write in.
    pub fn row_mut(&mut self, row: usize) -> &mut [f64] {
        let columns = self.columns;
        &mut self.values.to_mut()[row * columns..(row + 1) * columns]
    }

    /// All values in row-major order.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// All values in row-major order, to write in.
    pub fn values_mut(&mut self) -> &mut [f64] {
        self.values.to_mut()
    }

    /// Sum of each row.
    pub fn row_sums(&self) -> Vec<f64> {
        (0..self.rows).map(|row| self.row(row).iter().sum()).collect()
    }

    /// Sum of each column.
    pub fn column_sums(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.columns];
        for row in 0..self.rows {
            for (sum, value) in sums.iter_mut().zip(self.row(row)) {
                *sum += value;
            }
        }
        sums
    }
}

impl Index<(usize, usize)> for Dense {
    type Output = f64;
    #[track_caller]
    fn index(&self, (row, column): (usize, usize)) -> &f64 {
        &self.row(row)[column]
    }
}

impl IndexMut<(usize, usize)> for Dense {
    #[track_caller]
    fn index_mut(&mut self, (row, column): (usize, usize)) -> &mut f64 {
        &mut self.row_mut(row)[column]
    }
}

/// A matrix stored dense or sparse; methods ask for rows and products, not for its storage.
#[derive(Debug, Clone)]
pub enum Matrix {
    /// Every cell is stored.
    Dense(Dense),
    /// Only cells other than zero are stored, row by row.
    Sparse(Sparse),
}

/// What one look at every cell of a matrix tells.
#[derive(Debug, Clone)]
pub struct Sums {
    /// Sum of each row; not finite if a cell of the row is not.
    pub rows: Vec<f64>,
    /// Sum of each column.
    pub columns: Vec<f64>,
    /// Whether a cell is below zero; if not, the sums are those of absolute values.
    pub any_negative: bool,
}

/// Share of cells other than zero from which dense storage is the better one: 8 bytes a cell and no places to
/// look up, against 10 or 12.
const DENSE_FROM: f64 = 2.0 / 3.0;

/// Bytes of a matrix from which handing rows to other threads pays.
const LARGE: usize = 4 << 20;

/// Stretches of rows that sums of columns of a large matrix are made of.
const STRETCHES: usize = 8;

/// Stored cells from which a row is long.
const LONG: usize = 256;

/// Below this number of cells sparse storage is not worth its indices.
const SMALL: usize = 1 << 16;

impl Matrix {
    /// Keeps a matrix in the storage that suits its size and density.
    pub fn compact(dense: Dense) -> Self {
        let filled = dense.values().iter().filter(|value| **value != 0.0).count();
        let cells = dense.values().len();
        if Matrix::suits_dense(cells, filled) {
            Matrix::Dense(dense)
        } else {
            Matrix::sparse(&dense)
        }
    }

    /// Whether dense storage suits a matrix of so many cells, of which some are filled.
    pub fn suits_dense(cells: usize, filled: usize) -> bool {
        cells <= SMALL || filled as f64 >= DENSE_FROM * cells as f64
    }

    /// The same matrix in compressed sparse rows.
    pub fn sparse(dense: &Dense) -> Self {
        let (rows, columns) = dense.shape();
        let (mut starts, mut places, mut values) = (vec![0u64], Vec::new(), Vec::new());
        for row in 0..rows {
            for (column, &value) in dense.row(row).iter().enumerate().filter(|(_, v)| **v != 0.0) {
                places.push(column as u32);
                values.push(value);
            }
            starts.push(places.len() as u64);
        }
        Matrix::from_parts((rows, columns), starts.into(), places, values.into())
            .unwrap_or_else(|| unreachable!("columns ascend in every row"))
    }

    /// A matrix of compressed sparse rows: row `i` has the values `starts[i]..starts[i + 1]`, each in
    /// the column that stands beside it; none if the parts do not fit each other.
    pub fn from_parts(
        shape: (usize, usize),
        starts: Buffer<u64>,
        places: impl Into<Places>,
        values: Buffer<f64>,
    ) -> Option<Self> {
        Sparse::from_parts(shape, starts, places.into(), values).map(Matrix::Sparse)
    }

    /// Lets every later clone see the same memory instead of copying it.
    pub fn share(&mut self) {
        *self = match std::mem::replace(self, Matrix::Dense(Dense::zeros(0, 0))) {
            Matrix::Dense(mut dense) => {
                dense.values.share();
                Matrix::Dense(dense)
            }
            Matrix::Sparse(sparse) => Matrix::Sparse(sparse.shared()),
        };
    }

    /// Bytes that the numbers and their places take.
    pub fn bytes(&self) -> usize {
        match self {
            Matrix::Dense(dense) => 8 * dense.values.len(),
            Matrix::Sparse(sparse) => sparse.bytes(),
        }
    }

    /// What [`Matrix::from_parts`] made the matrix of; none if it is dense.
    pub fn parts(&self) -> Option<(&[u64], PlacesOf<'_>, &[f64])> {
        match self {
            Matrix::Dense(_) => None,
            Matrix::Sparse(sparse) => Some(sparse.parts()),
        }
    }

    /// Number of rows and columns.
    pub fn shape(&self) -> (usize, usize) {
        match self {
            Matrix::Dense(dense) => dense.shape(),
            Matrix::Sparse(sparse) => each_kind!(sparse, csr => (csr.rows(), csr.cols())),
        }
    }

    /// The value of one cell.
    #[track_caller]
    pub fn get(&self, row: usize, column: usize) -> f64 {
        match self {
            Matrix::Dense(dense) => dense[(row, column)],
            Matrix::Sparse(sparse) => {
                each_kind!(sparse, csr => csr.get(row, column).copied().unwrap_or(0.0))
            }
        }
    }

    /// Calls `see(column, value)` for each stored cell of a row, in order of columns.
    pub fn each_in_row(&self, row: usize, mut see: impl FnMut(usize, f64)) {
        match self {
            Matrix::Dense(dense) => {
                dense.row(row).iter().enumerate().for_each(|(column, value)| see(column, *value));
            }
            Matrix::Sparse(sparse) => each_kind!(sparse, csr => {
                let range: Range<usize> = csr.indptr().outer_inds_sz(row);
                let (places, values) = (&csr.indices()[range.clone()], &csr.data()[range]);
                places.iter().zip(values).for_each(|(column, value)| see(column.at(), *value));
            }),
        }
    }

    /// Calls `see(column, value)` for each stored cell of a row in a range of columns.
    pub fn each_in_range(
        &self,
        row: usize,
        columns: Range<usize>,
        mut see: impl FnMut(usize, f64),
    ) {
        match self {
            Matrix::Dense(dense) => {
                let values = &dense.row(row)[columns.clone()];
                columns.zip(values).for_each(|(column, value)| see(column, *value));
            }
            Matrix::Sparse(sparse) => each_kind!(sparse, csr => {
                let range: Range<usize> = csr.indptr().outer_inds_sz(row);
                let (places, values) = (&csr.indices()[range.clone()], &csr.data()[range]);
                let first = places.partition_point(|place| place.at() < columns.start);
                let cells = places[first..].iter().zip(&values[first..]);
                cells
                    .take_while(|(place, _)| place.at() < columns.end)
                    .for_each(|(place, value)| see(place.at(), *value));
            }),
        }
    }

    /// Writes a row, zeros included, into a slice of one value per column.
    ///
    /// # Panics
    /// If the slice has another length.
    #[track_caller]
    pub fn row_into(&self, row: usize, into: &mut [f64]) {
        match self {
            Matrix::Dense(dense) => into.copy_from_slice(dense.row(row)),
            Matrix::Sparse(_) => {
                assert_eq!(into.len(), self.shape().1, "one value per column expected");
                into.fill(0.0);
                self.each_in_row(row, |column, value| into[column] = value);
            }
        }
    }

    /// The stored cells of a row, zeros of dense storage included.
    fn stored(&self, row: usize) -> &[f64] {
        match self {
            Matrix::Dense(dense) => dense.row(row),
            Matrix::Sparse(sparse) => {
                each_kind!(sparse, csr => &csr.data()[csr.indptr().outer_inds_sz(row)])
            }
        }
    }

    /// Runs over all rows, on all threads where the matrix is large.
    fn by_row<T: Send>(&self, of_row: impl Fn(usize) -> T + Send + Sync) -> Vec<T> {
        let rows = self.shape().0;
        if self.bytes() < LARGE {
            (0..rows).map(of_row).collect()
        } else {
            (0..rows).into_par_iter().map(of_row).collect()
        }
    }

    /// How many stored cells pass a test.
    pub fn count(&self, test: impl Fn(f64) -> bool + Sync) -> usize {
        let of_row = |row| self.stored(row).iter().filter(|value| test(**value)).count();
        self.by_row(of_row).iter().sum()
    }

    /// Sum of each row.
    pub fn row_sums(&self) -> Vec<f64> {
        self.by_row(|row| sum_of(self.stored(row), |value| value).0)
    }

    /// Sum of each column.
    pub fn column_sums(&self) -> Vec<f64> {
        self.sums().columns
    }

    /// Sum of the absolute values of each column.
    pub fn absolute_column_sums(&self) -> Vec<f64> {
        let sums = self.sums();
        if sums.any_negative { self.sums_of(f64::abs).columns } else { sums.columns }
    }

    /// Sums of rows and columns, by one look at every cell.
    pub fn sums(&self) -> Sums {
        self.sums_of(|value| value)
    }

    /// The same of what is made of the cells; nothing is made of zero.
    fn sums_of(&self, part: impl Fn(f64) -> f64 + Sync) -> Sums {
        let (rows, columns) = self.shape();
        let add = |rows: Range<usize>| {
            let mut sums = Sums {
                rows: Vec::with_capacity(rows.len()),
                columns: vec![0.0; columns],
                any_negative: false,
            };
            let into = sums.columns.as_mut_slice();
            for row in rows {
                self.each_in_row(row, |column, value| into[column] += part(value));
                let (sum, negative) = sum_of(self.stored(row), &part);
                sums.rows.push(sum);
                sums.any_negative |= negative;
            }
            sums
        };
        if self.bytes() < LARGE {
            return add(0..rows);
        }
        // Stretches of rows whose number depends on the matrix alone, so that the sums do too.
        let stretch = rows.div_ceil(STRETCHES);
        let parts: Vec<Sums> = (0..STRETCHES)
            .into_par_iter()
            .map(|at| add((at * stretch).min(rows)..((at + 1) * stretch).min(rows)))
            .collect();
        let none = Sums { rows: Vec::new(), columns: vec![0.0; columns], any_negative: false };
        parts.into_iter().fold(none, |mut sums, part| {
            sums.rows.extend(part.rows);
            sums.columns.iter_mut().zip(part.columns).for_each(|(sum, part)| *sum += part);
            sums.any_negative |= part.any_negative;
            sums
        })
    }

    /// Product with a vector.
    ///
    /// # Panics
    /// If the vector does not have one entry per column.
    #[track_caller]
    pub fn times(&self, vector: &[f64]) -> Vec<f64> {
        assert_eq!(vector.len(), self.shape().1, "one entry per column expected");
        self.by_row(|row| match self {
            Matrix::Sparse(sparse) if self.stored(row).len() >= LONG => each_kind!(sparse, csr => {
                let cells = csr.indptr().outer_inds_sz(row);
                product::times_vector(&csr.indices()[cells], self.stored(row), vector)
            }),
            _ => {
                let mut sum = 0.0;
                self.each_in_row(row, |column, value| sum += value * vector[column]);
                sum
            }
        })
    }

    /// The matrix with column `j` multiplied by `factors[j]`, in the same storage.
    ///
    /// # Panics
    /// If there is not one factor per column.
    #[track_caller]
    pub fn scale_columns(&self, factors: &[f64]) -> Matrix {
        assert_eq!(factors.len(), self.shape().1, "one factor per column expected");
        match self {
            Matrix::Dense(dense) => {
                let scaled: Vec<f64> = dense
                    .values()
                    .chunks(factors.len().max(1))
                    .flat_map(|row| row.iter().zip(factors).map(|(value, factor)| value * factor))
                    .collect();
                Matrix::Dense(Dense::new(dense.rows, dense.columns, scaled))
            }
            Matrix::Sparse(sparse) => {
                let scaled = each_kind!(sparse, csr => {
                    let cells = csr.indices().iter().zip(csr.data());
                    cells.map(|(column, value)| value * factors[column.at()]).collect()
                });
                Matrix::Sparse(sparse.with_values(scaled))
            }
        }
    }

    /// The matrix with row `i` divided by `divisors[i]`, in the same storage.
    ///
    /// # Panics
    /// If there is not one divisor per row.
    #[track_caller]
    pub fn divide_rows(&self, divisors: &[f64]) -> Matrix {
        let (rows, columns) = self.shape();
        assert_eq!(divisors.len(), rows, "one divisor per row expected");
        let mut divided = Vec::new();
        for (row, divisor) in divisors.iter().enumerate() {
            self.each_in_row(row, |_, value| divided.push(value / divisor));
        }
        match self {
            Matrix::Dense(_) => Matrix::Dense(Dense::new(rows, columns, divided)),
            Matrix::Sparse(sparse) => Matrix::Sparse(sparse.with_values(divided)),
        }
    }

    /// The cells as a dense matrix (a copy).
    pub fn to_dense(&self) -> Dense {
        let (rows, columns) = self.shape();
        let mut dense = Dense::zeros(rows, columns);
        for row in 0..rows {
            let into = dense.row_mut(row);
            self.each_in_row(row, |column, value| into[column] = value);
        }
        dense
    }

    /// Share of cells other than zero.
    pub fn density(&self) -> f64 {
        let (rows, columns) = self.shape();
        self.count(|value| value != 0.0) as f64 / (rows * columns).max(1) as f64
    }
}

/// Sum of what is made of some values, and whether any of it is below zero. Long rows are summed in eight
/// lanes, so that no addition waits for the one before.
fn sum_of(values: &[f64], part: impl Fn(f64) -> f64) -> (f64, bool) {
    const LANES: usize = 8;
    let (eights, rest) =
        if values.len() < LONG { (&[][..], values) } else { values.as_chunks::<LANES>() };
    let (mut sums, mut lowest) = ([0.0; LANES], [0.0f64; LANES]);
    for eight in eights {
        let eight: [f64; LANES] = std::array::from_fn(|at| part(eight[at]));
        sums = std::array::from_fn(|at| sums[at] + eight[at]);
        lowest =
            std::array::from_fn(|at| if eight[at] < lowest[at] { eight[at] } else { lowest[at] });
    }
    let (mut sum, mut negative) = (sums.iter().sum(), lowest.iter().any(|value| *value < 0.0));
    for value in rest {
        sum += part(*value);
        negative |= part(*value) < 0.0;
    }
    (sum, negative)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Dense {
        Dense::from_rows(&[vec![0.0, 2.0, 0.0], vec![1.0, 0.0, -3.0]])
    }

    #[test]
    fn both_storages_answer_alike() {
        let (dense, sparse) = (Matrix::Dense(example()), Matrix::sparse(&example()));
        assert!(matches!(sparse, Matrix::Sparse(_)));
        for matrix in [&dense, &sparse] {
            assert_eq!(matrix.shape(), (2, 3));
            assert_eq!(matrix.get(1, 2), -3.0);
            assert_eq!(matrix.row_sums(), [2.0, -2.0]);
            assert_eq!(matrix.column_sums(), [1.0, 2.0, -3.0]);
            assert_eq!(matrix.times(&[1.0, 10.0, 100.0]), [20.0, -299.0]);
            assert_eq!(
                matrix.scale_columns(&[2.0, 3.0, 4.0]).to_dense().values(),
                [0.0, 6.0, 0.0, 2.0, 0.0, -12.0]
            );
            assert_eq!(
                matrix.divide_rows(&[2.0, 0.5]).to_dense().values(),
                [0.0, 1.0, 0.0, 2.0, 0.0, -6.0]
            );
            assert_eq!(matrix.density(), 0.5);
        }
    }

    #[test]
    fn large_thin_matrices_are_kept_sparse() {
        let mut dense = Dense::zeros(300, 300);
        dense[(7, 8)] = 1.0;
        assert!(matches!(Matrix::compact(dense), Matrix::Sparse(_)));
        assert!(matches!(Matrix::compact(example()), Matrix::Dense(_)));
    }
}
