//! Factors of `I − A`: one factorisation, then as many solves as there are questions.

#![allow(non_snake_case)]

use std::sync::atomic::{AtomicU64, Ordering};

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::lu::partial_pivoting::{factor as lu, solve};
use faer::perm::PermRef;
use faer::{Conj, Mat, MatMut, MatRef, Par};

use super::Dense;
use super::scaled::Scaled;

/// LU factors of a square matrix, kept in one n × n array.
///
/// What is factored is the transpose: matrices are built row by row, and the rows of one are the
/// columns of the other. Every solve runs on one thread in a fixed order, so results are the same
/// bits whatever the number of threads that share the work.
pub struct Factor {
    LU: Vec<f64>,
    forward: Vec<usize>,
    backward: Vec<usize>,
}

/// Systems at least this large are counted; smaller ones are steps inside a method.
const COUNTED: usize = 16;

static FACTORISED: AtomicU64 = AtomicU64::new(0);

/// How many systems of at least 16 rows this process has factored, or made ready for iterative solves:
/// what re-use saves.
pub fn factorised() -> u64 {
    FACTORISED.load(Ordering::Relaxed)
}

/// Counts a system that was made ready for solves.
pub(super) fn count() {
    FACTORISED.fetch_add(1, Ordering::Relaxed);
}

/// The matrix has no inverse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the matrix is singular at position {0}")]
pub struct Singular(pub usize);

impl Factor {
    /// Factors `I − A`.
    ///
    /// # Errors
    /// If `I − A` is singular; the position is that of the elimination step that failed.
    ///
    /// # Panics
    /// If `A` is not square.
    #[track_caller]
    pub fn of_identity_minus(A: &Scaled) -> Result<Self, Singular> {
        let (rows, columns) = A.shape();
        assert_eq!(rows, columns, "a square matrix expected");
        Factor::of_rows(identity_minus(A), rows)
    }

    /// Factors a small dense matrix as it is.
    ///
    /// # Errors
    /// If it is singular.
    pub fn of(matrix: &Dense) -> Result<Self, Singular> {
        Factor::of_rows(matrix.values().to_vec(), matrix.shape().0)
    }

    /// Factors an n × n matrix given row by row, in its own memory.
    ///
    /// # Errors
    /// If it is singular.
    ///
    /// # Panics
    /// If there are not n² values.
    #[track_caller]
    pub fn of_rows(rows: Vec<f64>, n: usize) -> Result<Self, Singular> {
        if n >= COUNTED {
            count();
        }
        Factor::uncounted(rows, n)
    }

    /// The same as a step inside of another method.
    #[track_caller]
    pub(super) fn uncounted(mut rows: Vec<f64>, n: usize) -> Result<Self, Singular> {
        assert_eq!(rows.len(), n * n, "{n} rows of {n} values expected");
        let (mut forward, mut backward) = (vec![0usize; n], vec![0usize; n]);
        let scratch = lu::lu_in_place_scratch::<usize, f64>(n, n, Par::Seq, Default::default());
        lu::lu_in_place(
            MatMut::from_column_major_slice_mut(&mut rows, n, n),
            &mut forward,
            &mut backward,
            Par::Seq,
            MemStack::new(&mut MemBuffer::new(scratch)),
            Default::default(),
        );
        let pivot = |i: usize| rows[i * n + i].abs();
        let largest = (0..n).map(pivot).fold(0.0, f64::max);
        // A pivot that is lost in the rounding of the largest one carries no information.
        let floor = largest * f64::EPSILON * n as f64;
        match (0..n).find(|&i| pivot(i).is_nan() || pivot(i) <= floor) {
            // Of ordinary size, lost only beside an enormous one: that one is at fault.
            Some(at) if pivot(at) > f64::EPSILON * n as f64 => {
                let enormous = (0..n).max_by(|&i, &j| pivot(i).total_cmp(&pivot(j)));
                Err(Singular(enormous.map_or(at, |i| forward[i])))
            }
            Some(at) => Err(Singular(at)),
            None => Ok(Factor { LU: rows, forward, backward }),
        }
    }

    /// Number of rows.
    pub fn size(&self) -> usize {
        self.forward.len()
    }

    fn permutation(&self) -> PermRef<'_, usize> {
        PermRef::new_checked(&self.forward, &self.backward, self.size())
    }

    /// Solves `M x = b` for each column `b` of `columns`, in place; one column is `size` numbers.
    #[track_caller]
    pub fn solve_columns(&self, columns: &mut [f64]) {
        self.run(columns, false);
    }

    /// Solves `M' x = b` for each column `b` of `columns`, in place.
    #[track_caller]
    pub fn solve_transposed_columns(&self, columns: &mut [f64]) {
        self.run(columns, true);
    }

    #[track_caller]
    fn run(&self, columns: &mut [f64], transposed: bool) {
        let n = self.size();
        if n == 0 || columns.is_empty() {
            return;
        }
        assert_eq!(columns.len() % n, 0, "whole columns of {n} entries expected");
        let count = columns.len() / n;
        let scratch = solve::solve_in_place_scratch::<usize, f64>(n, count, Par::Seq);
        let mut memory = MemBuffer::new(scratch);
        let stack = MemStack::new(&mut memory);
        let B = MatMut::from_column_major_slice_mut(columns, n, count);
        let (LU, P) = (MatRef::from_column_major_slice(&self.LU, n, n), self.permutation());
        if transposed {
            solve::solve_in_place_with_conj(LU, LU, P, Conj::No, B, Par::Seq, stack);
        } else {
            solve::solve_transpose_in_place_with_conj(LU, LU, P, Conj::No, B, Par::Seq, stack);
        }
    }

    /// Solution of `M x = b`.
    #[track_caller]
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        self.solve_columns(&mut x);
        x
    }

    /// Solution of `M' x = b`.
    #[track_caller]
    pub fn solve_transposed(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        self.solve_transposed_columns(&mut x);
        x
    }

    /// The inverse, row by row.
    pub fn inverse(&self) -> Dense {
        let n = self.size();
        let mut columns = vec![0.0; n * n];
        for i in 0..n {
            columns[i * n + i] = 1.0;
        }
        // Columns of the transposed inverse are rows of the inverse.
        self.solve_transposed_columns(&mut columns);
        Dense::new(n, n, columns)
    }
}

/// `I − A`, row by row.
pub(super) fn identity_minus(A: &Scaled) -> Vec<f64> {
    let n = A.shape().0;
    let mut M = vec![0.0; n * n];
    for (i, row) in M.chunks_exact_mut(n.max(1)).enumerate() {
        A.each_in_row(i, |j, value| row[j] = -value);
        row[i] += 1.0;
    }
    M
}

/// Rows up to which all eigenvalues are computed.
const EIGENVALUES_UNTIL: usize = 1000;

/// Largest modulus of the eigenvalues of a square matrix.
///
/// A matrix without negative cells is iterated as `A + I`, whose largest eigenvalue is real and
/// dominant; any other goes to a full eigenvalue computation, unless it is so large that the few negative
/// cells of a table have to be taken as they come.
pub fn spectral_radius(A: &Scaled) -> f64 {
    let (n, _) = A.shape();
    let negative =
        A.matrix().count(|value| value < 0.0) > 0 || A.factors().iter().any(|f| *f < 0.0);
    if negative && n <= EIGENVALUES_UNTIL {
        let dense = A.to_dense();
        let full = Mat::from_fn(n, n, |i, j| dense[(i, j)]);
        return match full.eigenvalues() {
            Ok(values) => values.iter().map(|value| value.norm()).fold(0.0, f64::max),
            Err(_) => f64::NAN,
        };
    }
    let mut x = vec![1.0; n];
    let mut growth = 0.0;
    for _ in 0..10_000 {
        let y: Vec<f64> = A.times(&x).iter().zip(&x).map(|(ax, x)| ax + x).collect();
        let next = y.iter().copied().fold(0.0, f64::max);
        x = y.iter().map(|value| value / next).collect();
        let settled = (next - growth).abs() <= 1e-13 * next;
        growth = next;
        if settled {
            break;
        }
    }
    (growth - 1.0).max(0.0)
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;
    use crate::linalg::Matrix;

    /// Miller & Blair (2009), tables 2.3 and 2.4.
    #[test]
    fn the_textbook_inverse_is_met() {
        let A = Matrix::Dense(Dense::from_rows(&[vec![0.15, 0.25], vec![0.2, 0.05]])).into();
        let factor = Factor::of_identity_minus(&A).unwrap();
        let L = factor.inverse();
        for (found, printed) in L.values().iter().zip([1.25412541, 0.330033, 0.2640264, 1.12211221])
        {
            assert_relative_eq!(*found, printed, epsilon = 1e-7);
        }
        assert_relative_eq!(factor.solve(&[600.0, 1500.0])[0], 1247.5, epsilon = 0.05);
        assert_relative_eq!(
            factor.solve_transposed(&[1.0, 1.0])[0],
            1.25412541 + 0.2640264,
            epsilon = 1e-7
        );
    }

    #[test]
    fn a_singular_matrix_is_refused() {
        let A = Matrix::Dense(Dense::from_rows(&[vec![0.5, 0.5], vec![0.5, 0.5]])).into();
        assert!(Factor::of_identity_minus(&A).is_err());
    }

    #[test]
    fn the_spectral_radius_is_that_of_the_characteristic_polynomial() {
        let A = Matrix::Dense(Dense::from_rows(&[vec![0.15, 0.25], vec![0.2, 0.05]]));
        let A = Scaled::from(A);
        let exact = (0.2 + (0.04f64 - 4.0 * (0.0075 - 0.05)).sqrt()) / 2.0;
        assert_relative_eq!(spectral_radius(&A), exact, epsilon = 1e-12);
        let turning = Matrix::Dense(Dense::from_rows(&[vec![0.0, 0.5], vec![-0.5, 0.0]])).into();
        assert_relative_eq!(spectral_radius(&turning), 0.5, epsilon = 1e-12);
    }
}
