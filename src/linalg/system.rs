//! `I − A`, made ready once and solved as often as there are questions: dense factors or iteration,
//! whichever suits its size.

#![allow(non_snake_case)]

use std::sync::OnceLock;

use super::Dense;
use super::factor::{self, Factor, Singular, identity_minus};
use super::inverse::{self, invert_dominant};
use super::krylov::{Krylov, Side};
use super::scaled::Scaled;
use crate::memory::{self, NoRoom};

/// Industries from which iteration is faster than factors, even for a single right-hand side.
const ITERATE_FROM: usize = 600;

/// Regions from which the blocks of regions are small enough beside the whole to serve as preconditioner.
const REGIONS_FROM: usize = 3;

/// `I − A` in whatever form answers solves; answers agree to 10⁻¹⁰ of the largest entry.
pub struct System {
    A: Scaled,
    form: Form,
    /// Factors for a right-hand side that the iteration has no end for.
    fallback: OnceLock<Result<Factor, SystemError>>,
}

/// Why a system cannot be solved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SystemError {
    /// The matrix is singular.
    #[error(transparent)]
    Singular(#[from] Singular),
    /// Its factors, or its inverse, do not fit into memory.
    #[error(transparent)]
    NoRoom(#[from] NoRoom),
}

enum Form {
    Factored(Factor),
    Iterative(Box<Krylov>),
}

/// How a system is solved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// By size: iteration for large tables of several regions, else factors.
    Fitting,
    /// Dense factors with pivots.
    Factors,
    /// Preconditioned iteration.
    Iteration,
}

impl System {
    /// Makes `I − A` ready; `block` consecutive industries are those of one region.
    ///
    /// # Errors
    /// If it is singular (the position is that of the elimination step that failed), or would have to be
    /// factored and the factors do not fit into memory.
    ///
    /// # Panics
    /// If `A` is not square.
    #[track_caller]
    pub fn of(A: &Scaled, block: usize) -> Result<Self, SystemError> {
        System::with(A, block, Method::Fitting)
    }

    /// The same by a method of choice; iteration gives way to factors where it has no end.
    ///
    /// # Errors
    /// As [`System::of`].
    #[track_caller]
    pub fn with(A: &Scaled, block: usize, method: Method) -> Result<Self, SystemError> {
        let (n, columns) = A.shape();
        assert_eq!(n, columns, "a square matrix expected");
        let whole = block > 0 && n.is_multiple_of(block);
        let iterate = iterates(n, block, method);
        if iterate
            && whole
            && let Some(krylov) = tried(A, block)
        {
            factor::count();
            let form = Form::Iterative(Box::new(krylov));
            return Ok(System { A: A.clone(), form, fallback: OnceLock::new() });
        }
        let form = Form::Factored(factored(A)?);
        Ok(System { A: A.clone(), form, fallback: OnceLock::new() })
    }

    /// Bytes that a system of `n` industries, `block` in a region, takes besides its matrix, with the room to
    /// solve for `columns` right-hand sides.
    pub fn bytes_needed(n: usize, block: usize, columns: usize) -> u64 {
        let sides = memory::numbers(n, columns);
        if iterates(n, block, Method::Fitting) {
            sides + memory::numbers(n, block) + Krylov::bytes_needed(n, columns)
        } else {
            sides + memory::numbers(n, n)
        }
    }

    /// Bytes that making `I − A` ready and inverting it take at most, beside A itself: what to look at
    /// before [`System::of`] and [`System::inverse`].
    ///
    /// ```text
    /// iteration, every column sum of |A| below one   8 n (n + 512 + block)   inverse, two panels, inverses of blocks
    /// anything else                                  8 · 3 n²                factors, inverse, permuted copy
    /// ```
    pub fn inverse_bytes(A: &Scaled, block: usize) -> u64 {
        let n = A.shape().0 as u64;
        let numbers = if iterates(A.shape().0, block, Method::Fitting) && dominant(A) {
            n * (n + (2 * inverse::BLOCK + block) as u64)
        } else {
            3 * n * n
        };
        size_of::<f64>() as u64 * numbers
    }

    /// The matrix A.
    pub fn matrix(&self) -> &Scaled {
        &self.A
    }

    /// Number of rows.
    pub fn size(&self) -> usize {
        self.A.shape().0
    }

    /// Whether no cell of A is negative and every column sums to less than one, so that no cell of the
    /// inverse is negative either.
    pub fn is_surely_productive(&self) -> bool {
        !self.A.any_negative() && dominant(&self.A)
    }

    /// Whether solves are iterative.
    pub fn is_iterative(&self) -> bool {
        matches!(self.form, Form::Iterative(_))
    }

    /// Solves `(I − A) x = b` for each column `b` of `columns`, in place; one column is `size` numbers.
    /// The number of products with A that the longest iteration took; none for factors.
    #[track_caller]
    pub fn solve_columns(&self, columns: &mut [f64]) -> usize {
        self.run(Side::Plain, columns)
    }

    /// Solves `(I − A') x = b` for each column `b` of `columns`, in place, as [`System::solve_columns`].
    #[track_caller]
    pub fn solve_transposed_columns(&self, columns: &mut [f64]) -> usize {
        self.run(Side::Transposed, columns)
    }

    #[track_caller]
    fn run(&self, side: Side, columns: &mut [f64]) -> usize {
        let n = self.size();
        assert!(n > 0 || columns.is_empty(), "a system without rows has no columns");
        assert!(
            columns.is_empty() || columns.len().is_multiple_of(n),
            "whole columns of {n} entries"
        );
        let by = |factor: &Factor, columns: &mut [f64]| match side {
            Side::Plain => factor.solve_columns(columns),
            Side::Transposed => factor.solve_transposed_columns(columns),
        };
        let krylov = match &self.form {
            Form::Factored(factor) => {
                by(factor, columns);
                return 0;
            }
            Form::Iterative(krylov) => krylov,
        };
        if let Ok(products) = krylov.solve_columns(side, columns) {
            return products;
        }
        match self.fallback.get_or_init(|| factored(&self.A)) {
            Ok(factor) => by(factor, columns),
            // Singular after all, or too large: no number is an answer, and results refuse what is not finite.
            Err(_) => columns.fill(f64::NAN),
        }
        0
    }

    /// Solution of `(I − A) x = b`.
    #[track_caller]
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        self.solve_columns(&mut x);
        x
    }

    /// Solution of `(I − A') x = b`.
    #[track_caller]
    pub fn solve_transposed(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        self.solve_transposed_columns(&mut x);
        x
    }

    /// The inverse `(I − A)⁻¹`, row by row, in one array of n × n: without pivots while every column sum
    /// of |A| is below one, else by the factors.
    ///
    /// # Errors
    /// If the matrix is singular, or the inverse does not fit into memory.
    pub fn inverse(&self) -> Result<Dense, SystemError> {
        let n = self.size();
        let square = memory::numbers(n, n);
        if let Form::Factored(factor) = &self.form {
            memory::room_for(2 * square)?;
            return Ok(factor.inverse());
        }
        if !dominant(&self.A) {
            memory::room_for(3 * square)?;
            return Ok(factored(&self.A)?.inverse());
        }
        memory::room_for(square)?;
        let mut M = identity_minus(&self.A);
        invert_dominant(&mut M, n)?;
        Ok(Dense::new(n, n, M))
    }
}

/// Whether a system of that size is solved by iteration.
fn iterates(n: usize, block: usize, method: Method) -> bool {
    match method {
        Method::Fitting => n >= ITERATE_FROM && n >= REGIONS_FROM * block,
        Method::Factors => false,
        Method::Iteration => true,
    }
}

fn factored(A: &Scaled) -> Result<Factor, SystemError> {
    let n = A.shape().0;
    memory::room_for(memory::numbers(n, n))?;
    Ok(Factor::of_identity_minus(A)?)
}

/// Whether every column sum of |A| is below one.
fn dominant(A: &Scaled) -> bool {
    A.absolute_column_sums().iter().all(|sum| *sum < 1.0)
}

/// The iteration, if it has an end for the sums of columns of the inverse.
fn tried(A: &Scaled, block: usize) -> Option<Krylov> {
    let krylov = Krylov::of(A, block).ok()?;
    if !dominant(A) {
        // Where some industries use up more than they make, the iteration has to show that it ends.
        let mut ones = vec![1.0; A.shape().0];
        krylov.solve_columns(Side::Transposed, &mut ones).ok()?;
    }
    Some(krylov)
}

#[cfg(test)]
mod tests {
    use approx::assert_abs_diff_eq;

    use super::*;
    use crate::linalg::Matrix;

    /// Flows between 6 regions of 9 industries, mostly inside the regions; every seventh output is tiny,
    /// one industry has none and one a negative output.
    fn table(block: usize, regions: usize, share: f64) -> (Dense, Vec<f64>) {
        let n = block * regions;
        let noise = |i: usize, j: usize| ((i * 7919 + j * 104_729 + i * j) % 1000) as f64 / 1000.0;
        let mut x: Vec<f64> =
            (0..n).map(|i| if i % 7 == 0 { 1e-3 } else { 10.0 + noise(i, 1) }).collect();
        (x[4], x[block + 1]) = (0.0, -3.0);
        let mut Z = Dense::zeros(n, n);
        for j in 0..n {
            let weight = |i: usize| {
                let far = if i / block == j / block { 1.0 } else { 0.05 };
                if noise(i, j) < 0.4 { 0.0 } else { noise(i, j) * far * x[i].abs().max(0.1) }
            };
            let all: f64 = (0..n).map(weight).sum();
            (0..n).for_each(|i| Z[(i, j)] = weight(i) / all * share * x[j]);
        }
        (Z, x)
    }

    fn coefficients(Z: Matrix, x: &[f64]) -> Scaled {
        Scaled::new(Z, x.iter().map(|x| if *x == 0.0 { 0.0 } else { 1.0 / x }).collect())
    }

    #[test]
    fn iteration_and_factors_agree_on_any_table() {
        for share in [0.5, 0.95] {
            let (Z, x) = table(9, 6, share);
            let n = x.len();
            let columns: Vec<f64> = (0..3 * n)
                .map(|at| ((at * 31) % 17) as f64 - if at > n { 5.0 } else { 0.0 })
                .collect();
            for matrix in [Matrix::Dense(Z.clone()), Matrix::sparse(&Z)] {
                let A = coefficients(matrix, &x);
                let factors = System::with(&A, 9, Method::Factors).unwrap();
                let iteration = System::with(&A, 9, Method::Iteration).unwrap();
                assert!(iteration.is_iterative() && !factors.is_iterative());
                for (count, transposed) in [(1, false), (3, false), (1, true), (3, true)] {
                    let (mut a, mut b) =
                        (columns[..count * n].to_vec(), columns[..count * n].to_vec());
                    if transposed {
                        factors.solve_transposed_columns(&mut a);
                        iteration.solve_transposed_columns(&mut b);
                    } else {
                        factors.solve_columns(&mut a);
                        iteration.solve_columns(&mut b);
                    }
                    let largest = a.iter().map(|v| v.abs()).fold(0.0, f64::max);
                    for (a, b) in a.iter().zip(&b) {
                        assert_abs_diff_eq!(*a, *b, epsilon = 1e-10 * largest);
                    }
                }
                let (a, b) = (factors.inverse().unwrap(), iteration.inverse().unwrap());
                let largest = a.values().iter().map(|v| v.abs()).fold(0.0, f64::max);
                for (a, b) in a.values().iter().zip(b.values()) {
                    assert_abs_diff_eq!(*a, *b, epsilon = 1e-10 * largest);
                }
            }
        }
    }

    #[test]
    fn an_answer_does_not_depend_on_its_neighbours_in_a_block() {
        let (Z, x) = table(9, 6, 0.8);
        let n = x.len();
        let system =
            System::with(&coefficients(Matrix::sparse(&Z), &x), 9, Method::Iteration).unwrap();
        let mut many: Vec<f64> = (0..7 * n).map(|at| ((at * 13) % 29) as f64).collect();
        let mut few = many[2 * n..4 * n].to_vec();
        system.solve_columns(&mut many);
        system.solve_columns(&mut few);
        assert_eq!(many[2 * n..4 * n], few);
        let mut nothing = vec![0.0; 2 * n];
        system.solve_columns(&mut nothing);
        assert!(nothing.iter().all(|value| *value == 0.0));
    }

    #[test]
    fn a_table_that_uses_up_all_it_makes_is_singular_for_both() {
        let (mut Z, x) = table(4, 3, 0.9);
        let n = x.len();
        // The third region's industries live of each other alone.
        for i in 0..n {
            for j in 8..n {
                Z[(i, j)] = if i >= 8 { x[i] / 4.0 } else { 0.0 };
            }
        }
        let mut own = Z.clone();
        (8..n).for_each(|i| (8..n).for_each(|j| own[(i, j)] = x[j] / 4.0));
        for method in [Method::Factors, Method::Iteration] {
            let A = coefficients(Matrix::Dense(own.clone()), &x);
            assert!(System::with(&A, 4, method).is_err(), "{method:?}");
        }
    }

    #[test]
    fn what_an_inverse_takes_is_known_before_it_is_made() {
        let bytes = |n: usize, block, cell| {
            let rows: Vec<u64> = (0..=n as u64).collect();
            let columns: Vec<u32> = (0..n as u32).collect();
            let cells = vec![cell; n];
            let diagonal = Matrix::from_parts((n, n), rows.into(), columns, cells.into()).unwrap();
            System::inverse_bytes(&diagonal.into(), block)
        };
        assert_eq!(bytes(600, 200, 0.5), 8 * 600 * (600 + 2 * 256 + 200), "in place");
        for (n, block, cell) in [(600, 300, 0.5), (600, 200, 1.5), (599, 1, 0.5)] {
            assert_eq!(bytes(n, block, cell), 8 * 3 * (n * n) as u64, "by factors");
        }
    }

    #[test]
    fn numbers_without_an_end_are_no_panic() {
        let (Z, x) = table(9, 6, 0.8);
        let A = coefficients(Matrix::sparse(&Z), &x);
        let system = System::with(&A, 9, Method::Iteration).unwrap();
        let mut b = vec![1.0; x.len()];
        b[3] = f64::INFINITY;
        system.solve_columns(&mut b);
        assert!(b.iter().any(|value| !value.is_finite()));
    }
}
