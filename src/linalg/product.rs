//! Products of a large matrix with a few vectors side by side, on all cores.
//!
//! A block of `K` vectors is kept row by row: entry `i` of every vector stands side by side, so that a
//! cell of the matrix is read once for all of them. How the work is cut depends on the matrix alone, and
//! every sum runs in one order, so results are the same bits for any number of threads. Products and sums
//! are contracted into one rounding, as every machine of the last ten years can.

#![allow(non_snake_case)]

use std::ops::Range;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::kernel::{Kernel, Machine};
use super::sparse::{Csr, Place, each_kind};
use super::{Dense, Matrix};

/// Pieces that the rows of a matrix are cut into.
const PIECES: usize = 64;

/// Columns that are looked at together: their vectors, 16 side by side, stay in the nearest cache.
const TILE: usize = 128;

/// Bytes of a matrix that a second copy may be made of.
const MODERATE: usize = 512 << 20;

/// Runs of rows that a product of the transpose with few vectors is cut into.
const RUNS: usize = 8;

/// Vectors for which whole sums of columns stay in the cache.
const FEW: usize = 8;

/// Cells times vectors from which handing work to other threads pays.
const WORTH_SHARING: usize = 1 << 17;

/// A matrix prepared for products from both sides.
#[derive(Debug, Clone)]
pub(super) struct Products {
    matrix: Matrix,
    /// Row ranges with about as many stored cells each.
    rows: Vec<Range<usize>>,
    /// Column ranges, as wide as each other.
    columns: Vec<Range<usize>>,
    /// For each row of a sparse matrix, after how many of its cells each column range begins, and the last
    /// ends. Made when there are vectors enough for it.
    splits: OnceLock<Vec<u32>>,
    cells: usize,
}

impl Products {
    pub(super) fn of(matrix: Matrix) -> Self {
        let (n, m) = matrix.shape();
        let columns: Vec<Range<usize>> =
            (0..m.div_ceil(TILE)).map(|at| at * TILE..m.min((at + 1) * TILE)).collect();
        let starts: Vec<u64> = match &matrix {
            Matrix::Dense(_) => (0..=n).map(|row| (row * m) as u64).collect(),
            Matrix::Sparse(sparse) => {
                each_kind!(sparse, csr => csr.indptr().raw_storage().to_vec())
            }
        };
        let cells = starts[n] as usize;
        let rows = even_rows(&starts);
        Products { matrix, rows, columns, splits: OnceLock::new(), cells }
    }

    /// Finds where column ranges begin in every row. Whoever asks for products with many vectors from
    /// several threads calls this before, so that none waits for another.
    pub(super) fn prepare(&self) -> &[u32] {
        self.splits.get_or_init(|| {
            let Matrix::Sparse(sparse) = &self.matrix else { return Vec::new() };
            each_kind!(sparse, csr => self.splits_of(csr))
        })
    }

    fn splits_of<P: Place>(&self, csr: &Csr<P>) -> Vec<u32> {
        let of_row = |row: usize| {
            let places = &csr.indices()[csr.indptr().outer_inds_sz(row)];
            let split = move |range: &Range<usize>| {
                places.partition_point(|place| place.at() < range.start) as u32
            };
            self.columns.iter().map(split).chain([places.len() as u32]).collect::<Vec<u32>>()
        };
        (0..csr.rows()).into_par_iter().flat_map_iter(of_row).collect()
    }

    /// The cells of a row of a sparse matrix that lie in a column range.
    #[inline(always)]
    fn cells_of(&self, splits: &[u32], start: usize, row: usize, piece: usize) -> Range<usize> {
        let split = &splits[row * (self.columns.len() + 1)..][piece..=piece + 1];
        start + split[0] as usize..start + split[1] as usize
    }

    /// Whether a second copy of the cells is of no consequence.
    pub(super) fn is_moderate(&self) -> bool {
        self.matrix.bytes() <= MODERATE
    }

    /// `Y = M X`, where X has a row of K numbers per column of M and Y one per row.
    pub(super) fn times<const K: usize>(&self, X: &[[f64; K]], Y: &mut [[f64; K]]) {
        let machine = Machine::new();
        let mut rest = Y;
        let mut pieces = Vec::with_capacity(self.rows.len());
        for rows in &self.rows {
            let (piece, others) = rest.split_at_mut(rows.len());
            pieces.push((rows.clone(), piece));
            rest = others;
        }
        let one = |(rows, Y)| {
            if K > FEW {
                machine.dispatch(Tiles { products: self, splits: self.prepare(), rows, X, Y });
            } else {
                machine.dispatch(Rows { matrix: &self.matrix, rows, X, Y });
            }
        };
        if self.cells * K < WORTH_SHARING {
            pieces.into_iter().for_each(one);
        } else {
            pieces.into_par_iter().for_each(one);
        }
    }

    /// `Y = M' X`, where X has a row of K numbers per row of M and Y one per column.
    pub(super) fn transposed_times<const K: usize>(&self, X: &[[f64; K]], Y: &mut [[f64; K]]) {
        if K <= FEW && self.cells >= WORTH_SHARING {
            return self.transposed_by_rows(X, Y);
        }
        let machine = Machine::new();
        let mut rest = Y;
        let mut pieces = Vec::with_capacity(self.columns.len());
        for (piece, columns) in self.columns.iter().enumerate() {
            let (Y, others) = rest.split_at_mut(columns.len());
            pieces.push((piece, Y));
            rest = others;
        }
        let splits = self.prepare();
        let one = |(piece, Y)| machine.dispatch(Columns { products: self, splits, piece, X, Y });
        if self.cells * K < WORTH_SHARING {
            pieces.into_iter().for_each(one);
        } else {
            pieces.into_par_iter().for_each(one);
        }
    }
}

impl Products {
    /// The same for few vectors: long runs of rows, each with sums of its own that are added in order.
    fn transposed_by_rows<const K: usize>(&self, X: &[[f64; K]], Y: &mut [[f64; K]]) {
        let machine = Machine::new();
        let runs: Vec<Range<usize>> = self
            .rows
            .chunks(self.rows.len().div_ceil(RUNS))
            .filter_map(|pieces| Some(pieces.first()?.start..pieces.last()?.end))
            .collect();
        let m = Y.len();
        let mut sums = vec![[0.0; K]; runs.len() * m];
        sums.par_chunks_mut(m).zip(runs).for_each(|(Y, rows)| {
            machine.dispatch(Scatter { matrix: &self.matrix, rows, X, Y });
        });
        Y.fill([0.0; K]);
        for sums in sums.chunks_exact(m) {
            for (y, sum) in Y.iter_mut().zip(sums) {
                *y = std::array::from_fn(|k| y[k] + sum[k]);
            }
        }
    }
}

impl Products {
    /// The transpose, prepared in the same way: a second copy of the cells.
    pub(super) fn transposed(&self) -> Products {
        let (n, m) = self.matrix.shape();
        let sparse = match &self.matrix {
            Matrix::Dense(dense) => {
                let mut cells = vec![0.0; n * m];
                cells.par_chunks_mut(n.max(1)).enumerate().for_each(|(column, into)| {
                    into.iter_mut().enumerate().for_each(|(row, cell)| {
                        *cell = dense.row(row)[column];
                    });
                });
                return Products::of(Matrix::Dense(Dense::new(m, n, cells)));
            }
            Matrix::Sparse(sparse) => sparse,
        };
        each_kind!(sparse, csr => self.transposed_of(csr))
    }

    fn transposed_of<P: Place>(&self, csr: &Csr<P>) -> Products {
        let n = csr.rows();
        let (places, values) = (csr.indices(), csr.data());
        let (index, splits) = (csr.indptr(), self.prepare());
        let cells_of = |piece: usize, row: usize| {
            self.cells_of(splits, index.outer_inds_sz(row).start, row, piece)
        };
        // Each range of columns becomes a range of rows, whoever makes it.
        let of_piece = |(piece, columns): (usize, &Range<usize>)| {
            let mut ends = vec![0usize; columns.len() + 1];
            for row in 0..n {
                for place in &places[cells_of(piece, row)] {
                    ends[place.at() - columns.start + 1] += 1;
                }
            }
            for at in 0..columns.len() {
                ends[at + 1] += ends[at];
            }
            let (mut to, all) = (ends.clone(), ends[columns.len()]);
            let (mut rows, mut moved) = (vec![0u32; all], vec![0.0; all]);
            for row in 0..n {
                let cells = cells_of(piece, row);
                for (place, value) in places[cells.clone()].iter().zip(&values[cells]) {
                    let next = &mut to[place.at() - columns.start];
                    (rows[*next], moved[*next]) = (row as u32, *value);
                    *next += 1;
                }
            }
            (ends, rows, moved)
        };
        let made: Vec<(Vec<usize>, Vec<u32>, Vec<f64>)> =
            self.columns.par_iter().enumerate().map(of_piece).collect();
        let mut starts = vec![0u64];
        let (mut rows, mut moved) =
            (Vec::with_capacity(places.len()), Vec::with_capacity(places.len()));
        for (ends, some_rows, some_values) in made {
            let before = rows.len() as u64;
            starts.extend(ends[1..].iter().map(|end| before + *end as u64));
            rows.extend(some_rows);
            moved.extend(some_values);
        }
        let shape = (csr.cols(), n);
        Products::of(match Matrix::from_parts(shape, starts.into(), rows, moved.into()) {
            Some(matrix) => matrix,
            None => unreachable!("the cells of a matrix, in order of columns"),
        })
    }
}

/// Some rows of `M`, as summands of `M' X`.
struct Scatter<'a, const K: usize> {
    matrix: &'a Matrix,
    rows: Range<usize>,
    X: &'a [[f64; K]],
    Y: &'a mut [[f64; K]],
}

impl<const K: usize> Kernel for Scatter<'_, K> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Scatter { matrix, rows, X, Y } = self;
        match matrix {
            Matrix::Dense(dense) => {
                rows.for_each(|row| add_dense(dense.row(row), &X[row], Y));
            }
            Matrix::Sparse(sparse) => each_kind!(sparse, csr => {
                let (places, values) = (csr.indices(), csr.data());
                for row in rows {
                    let cells = csr.indptr().outer_inds_sz(row);
                    add_sparse(&places[cells.clone()], &values[cells], 0, &X[row], Y);
                }
            }),
        }
    }
}

/// `Y += m x'` for a row `m` of cells.
#[inline(always)]
fn add_dense<const K: usize>(row: &[f64], x: &[f64; K], Y: &mut [[f64; K]]) {
    for (y, value) in Y.iter_mut().zip(row) {
        *y = std::array::from_fn(|k| value.mul_add(x[k], y[k]));
    }
}

/// The same for stored cells, of which the column `first` is the first row of Y.
#[inline(always)]
fn add_sparse<P: Place, const K: usize>(
    places: &[P],
    values: &[f64],
    first: usize,
    x: &[f64; K],
    Y: &mut [[f64; K]],
) {
    for (place, value) in places.iter().zip(values) {
        let y = &mut Y[place.at() - first];
        *y = std::array::from_fn(|k| value.mul_add(x[k], y[k]));
    }
}

/// Cuts rows into pieces with about as many cells each.
fn even_rows(starts: &[u64]) -> Vec<Range<usize>> {
    let n = starts.len() - 1;
    let cells = starts[n].max(1);
    let mut ranges = Vec::new();
    let mut first = 0;
    for piece in 1..=PIECES as u64 {
        let until = cells * piece / PIECES as u64;
        let end = starts.partition_point(|start| *start < until).min(n);
        if end > first {
            ranges.push(first..end);
            first = end;
        }
    }
    if first < n {
        ranges.push(first..n);
    }
    ranges
}

/// Some rows of `M X`.
struct Rows<'a, const K: usize> {
    matrix: &'a Matrix,
    rows: Range<usize>,
    X: &'a [[f64; K]],
    Y: &'a mut [[f64; K]],
}

impl<const K: usize> Kernel for Rows<'_, K> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        match self.matrix {
            Matrix::Dense(dense) => {
                for (row, sum) in self.rows.zip(self.Y) {
                    *sum = dense_row(dense.row(row), self.X);
                }
            }
            Matrix::Sparse(sparse) => each_kind!(sparse, csr => {
                let (places, values) = (csr.indices(), csr.data());
                for (row, sum) in self.rows.zip(self.Y) {
                    let cells = csr.indptr().outer_inds_sz(row);
                    *sum = sparse_rows(&places[cells.clone()], &values[cells], self.X);
                }
            }),
        }
    }
}

/// Sums that run side by side for one vector, so that no addition waits for the one before.
const SIDE_BY_SIDE: usize = 8;

/// Stored cells of a long row times a vector.
pub(super) fn times_vector<P: Place>(places: &[P], values: &[f64], x: &[f64]) -> f64 {
    struct Row<'a, P>(&'a [P], &'a [f64], &'a [f64]);
    impl<P: Place> Kernel for Row<'_, P> {
        type Output = f64;

        #[inline(always)]
        fn call(self) -> f64 {
            sparse_row(self.0, self.1, self.2)
        }
    }
    Machine::new().dispatch(Row(places, values, x))
}

#[inline(always)]
fn sparse_row<P: Place>(places: &[P], values: &[f64], x: &[f64]) -> f64 {
    let ((eights, rest), (values, last)) =
        (places.as_chunks::<SIDE_BY_SIDE>(), values.as_chunks::<SIDE_BY_SIDE>());
    let mut sums = [0.0; SIDE_BY_SIDE];
    for (places, values) in eights.iter().zip(values) {
        sums = std::array::from_fn(|at| values[at].mul_add(x[places[at].at()], sums[at]));
    }
    let mut sum: f64 = sums.iter().sum();
    for (place, value) in rest.iter().zip(last) {
        sum += value * x[place.at()];
    }
    sum
}

/// The same with several vectors.
#[inline(always)]
fn sparse_rows<P: Place, const K: usize>(places: &[P], values: &[f64], X: &[[f64; K]]) -> [f64; K] {
    let mut sum = [0.0; K];
    if K == 1 {
        sum[0] = sparse_row(places, values, X.as_flattened());
        return sum;
    }
    for (place, value) in places.iter().zip(values) {
        let x = &X[place.at()];
        sum = std::array::from_fn(|k| value.mul_add(x[k], sum[k]));
    }
    sum
}

#[inline(always)]
fn dense_row<const K: usize>(row: &[f64], X: &[[f64; K]]) -> [f64; K] {
    let mut sum = [0.0; K];
    if K > 1 {
        for (value, x) in row.iter().zip(X) {
            sum = std::array::from_fn(|k| value.mul_add(x[k], sum[k]));
        }
        return sum;
    }
    let ((values, last), (eights, rest)) =
        (row.as_chunks::<SIDE_BY_SIDE>(), X.as_chunks::<SIDE_BY_SIDE>());
    let mut sums = [0.0; SIDE_BY_SIDE];
    for (values, x) in values.iter().zip(eights) {
        sums = std::array::from_fn(|at| values[at].mul_add(x[at][0], sums[at]));
    }
    sum[0] = sums.iter().sum::<f64>() + last.iter().zip(rest).map(|(v, x)| v * x[0]).sum::<f64>();
    sum
}

/// The same with many vectors: rows go through one column range after the other, so that its part of X is
/// read from the nearest cache. Every sum runs in the order of [`Rows`].
struct Tiles<'a, const K: usize> {
    products: &'a Products,
    splits: &'a [u32],
    rows: Range<usize>,
    X: &'a [[f64; K]],
    Y: &'a mut [[f64; K]],
}

impl<const K: usize> Kernel for Tiles<'_, K> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Tiles { products, splits, rows, X, Y } = self;
        Y.fill([0.0; K]);
        for (rows, Y) in together(rows).zip(Y.chunks_mut(TOGETHER)) {
            match &products.matrix {
                Matrix::Dense(dense) => {
                    for columns in &products.columns {
                        for (row, sum) in rows.clone().zip(&mut *Y) {
                            add_cells(&dense.row(row)[columns.clone()], &X[columns.clone()], sum);
                        }
                    }
                }
                Matrix::Sparse(sparse) => each_kind!(sparse, csr => {
                    let (places, values, index) = (csr.indices(), csr.data(), csr.indptr());
                    let starts = index.raw_storage();
                    for piece in 0..products.columns.len() {
                        for (row, sum) in rows.clone().zip(&mut *Y) {
                            let cells = products.cells_of(splits, starts[row] as usize, row, piece);
                            add_stored(&places[cells.clone()], &values[cells], X, sum);
                        }
                    }
                }),
            }
        }
    }
}

/// Rows that go through the column ranges together: few enough that the cells come in long runs.
const TOGETHER: usize = 8;

fn together(rows: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    rows.clone().step_by(TOGETHER).map(move |row| row..rows.end.min(row + TOGETHER))
}

#[inline(always)]
fn add_cells<const K: usize>(row: &[f64], X: &[[f64; K]], sum: &mut [f64; K]) {
    let mut own = *sum;
    for (value, x) in row.iter().zip(X) {
        own = std::array::from_fn(|k| value.mul_add(x[k], own[k]));
    }
    *sum = own;
}

/// Two sums run side by side, so that no addition waits for the one before.
#[inline(always)]
fn add_stored<P: Place, const K: usize>(
    places: &[P],
    values: &[f64],
    X: &[[f64; K]],
    sum: &mut [f64; K],
) {
    let mut own = *sum;
    let mut other = [0.0; K];
    let ((places, last), (values, rest)) = (places.as_chunks::<2>(), values.as_chunks::<2>());
    for (places, values) in places.iter().zip(values) {
        let (x, y) = (&X[places[0].at()], &X[places[1].at()]);
        own = std::array::from_fn(|k| values[0].mul_add(x[k], own[k]));
        other = std::array::from_fn(|k| values[1].mul_add(y[k], other[k]));
    }
    for (place, value) in last.iter().zip(rest) {
        let x = &X[place.at()];
        own = std::array::from_fn(|k| value.mul_add(x[k], own[k]));
    }
    *sum = std::array::from_fn(|k| own[k] + other[k]);
}

/// Some columns of `M`, as rows of `M' X`.
struct Columns<'a, const K: usize> {
    products: &'a Products,
    splits: &'a [u32],
    piece: usize,
    X: &'a [[f64; K]],
    Y: &'a mut [[f64; K]],
}

impl<const K: usize> Kernel for Columns<'_, K> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Columns { products, splits, piece, X, Y } = self;
        Y.fill([0.0; K]);
        let columns = &products.columns[piece];
        match &products.matrix {
            Matrix::Dense(dense) => {
                for (row, x) in X.iter().enumerate() {
                    add_dense(&dense.row(row)[columns.clone()], x, Y);
                }
            }
            Matrix::Sparse(sparse) => each_kind!(sparse, csr => {
                let (places, values, index) = (csr.indices(), csr.data(), csr.indptr());
                let starts = index.raw_storage();
                for (row, x) in X.iter().enumerate() {
                    let cells = products.cells_of(splits, starts[row] as usize, row, piece);
                    add_sparse(&places[cells.clone()], &values[cells], columns.start, x, Y);
                }
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_from_both_sides_are_those_of_the_definition() {
        let cell = |i: usize, j: usize| {
            if (i * 7 + j * 3) % 5 < 2 { (i as f64) - 0.5 * (j as f64) } else { 0.0 }
        };
        let (n, m) = (61, 43);
        let rows: Vec<Vec<f64>> = (0..n).map(|i| (0..m).map(|j| cell(i, j)).collect()).collect();
        let dense = Dense::from_rows(&rows);
        let x: Vec<[f64; 8]> =
            (0..n).map(|i| std::array::from_fn(|k| (i + 3 * k) as f64)).collect();
        for matrix in [Matrix::Dense(dense.clone()), Matrix::sparse(&dense)] {
            let products = Products::of(matrix);
            let mut y = vec![[0.0; 8]; n];
            products.times(&x[..m], &mut y);
            let mut one = vec![[0.0; 1]; n];
            let first: Vec<[f64; 1]> = x[..m].iter().map(|x| [x[0]]).collect();
            products.times(&first, &mut one);
            for i in 0..n {
                let exact: [f64; 8] =
                    std::array::from_fn(|k| (0..m).map(|j| cell(i, j) * x[j][k]).sum());
                assert_eq!(y[i], exact);
                assert_eq!(one[i][0], exact[0]);
            }
            let mut y = vec![[0.0; 8]; m];
            products.transposed().times(&x, &mut y);
            let turned = y.clone();
            products.transposed_times(&x, &mut y);
            assert_eq!(y, turned);
            for (j, y) in y.iter().enumerate() {
                let exact: [f64; 8] =
                    std::array::from_fn(|k| (0..n).map(|i| cell(i, j) * x[i][k]).sum());
                assert_eq!(*y, exact);
            }
        }
    }

    #[test]
    fn pieces_cover_every_row_once() {
        let starts = [0, 0, 100, 100, 101, 5000, 5001];
        let rows: Vec<usize> = even_rows(&starts).into_iter().flatten().collect();
        assert_eq!(rows, [0, 1, 2, 3, 4, 5]);
        assert!(even_rows(&[0]).is_empty());
        assert_eq!(even_rows(&[0, 0]).len(), 1);
    }
}
