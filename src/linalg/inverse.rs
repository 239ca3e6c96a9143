//! The inverse of a large matrix, in its own memory.
//!
//! Gauss–Jordan elimination by blocks of rows and columns:
//!
//! ```text
//! W = D⁻¹ M_K·,   M ← M − M_·K W,   block column K ← −M_·K D⁻¹,   block row K ← W,   D ← D⁻¹
//! ```
//!
//! Without pivots it is safe where the matrix is diagonally dominant by columns, as `I − A` is while every
//! column sum of |A| is below one; anything else belongs to a pivoted LU.

#![allow(non_snake_case)]

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use rayon::prelude::*;

use super::factor::{Factor, Singular};

/// Rows and columns that are eliminated at once.
pub(super) const BLOCK: usize = 256;

/// Rows of the matrix that one task updates; the cut is the same for any number of threads.
const STRIPE: usize = 512;

/// Inverts an n × n matrix given row by row, without pivots.
///
/// # Errors
/// If a diagonal block has no inverse; the position is in the matrix.
///
/// # Panics
/// If there are not n² values.
#[track_caller]
pub fn invert_dominant(M: &mut [f64], n: usize) -> Result<(), Singular> {
    assert_eq!(M.len(), n * n, "{n} rows of {n} values expected");
    let mut panel = vec![0.0; n * BLOCK.min(n)];
    let mut rows = vec![0.0; n * BLOCK.min(n)];
    for first in (0..n).step_by(BLOCK) {
        let width = BLOCK.min(n - first);
        eliminate(M, n, first, width, &mut panel[..n * width], &mut rows[..n * width])?;
    }
    Ok(())
}

fn eliminate(
    M: &mut [f64],
    n: usize,
    first: usize,
    width: usize,
    panel: &mut [f64],
    rows: &mut [f64],
) -> Result<(), Singular> {
    let block = first..first + width;
    // The block column leaves M; what is left of it there is zero.
    panel.par_chunks_mut(width).zip(M.par_chunks_mut(n)).for_each(|(into, row)| {
        into.copy_from_slice(&row[block.clone()]);
        row[block.clone()].fill(0.0);
    });
    let D = panel[first * width..][..width * width].to_vec();
    let inverse = Factor::of_rows(D, width).map_err(|at| Singular(first + at.0))?.inverse();
    // W, with the inverse itself where the block was.
    let own = &M[first * n..][..width * n];
    product(rows, inverse.values(), own, [width, width, n]);
    for (row, inverse) in rows.chunks_exact_mut(n).zip(inverse.values().chunks_exact(width)) {
        row[block.clone()].copy_from_slice(inverse);
    }
    let rows = &*rows;
    let panel = &*panel;
    M.par_chunks_mut(STRIPE * n).enumerate().for_each(|(stripe, M)| {
        let start = stripe * STRIPE;
        // The block row is set, not updated: the stripe around it is updated in two parts.
        let end = start + M.len() / n;
        let (a, b) = (block.start.clamp(start, end), block.end.clamp(start, end));
        for part in [start..a, b..end] {
            let M = &mut M[(part.start - start) * n..(part.end - start) * n];
            matmul(
                MatMut::from_row_major_slice_mut(M, part.len(), n),
                Accum::Add,
                MatRef::from_row_major_slice(
                    &panel[part.start * width..part.end * width],
                    part.len(),
                    width,
                ),
                MatRef::from_row_major_slice(rows, width, n),
                -1.0,
                Par::Seq,
            );
        }
        if a < b {
            let own = &rows[(a - block.start) * n..(b - block.start) * n];
            M[(a - start) * n..(b - start) * n].copy_from_slice(own);
        }
    });
    Ok(())
}

/// `C = A B` of matrices given row by row, cut into columns.
fn product(C: &mut [f64], A: &[f64], B: &[f64], [rows, inner, columns]: [usize; 3]) {
    let C = MatMut::from_row_major_slice_mut(C, rows, columns);
    let B = MatRef::from_row_major_slice(B, inner, columns);
    let A = MatRef::from_row_major_slice(A, rows, inner);
    let stripes: Vec<usize> = (0..columns).step_by(STRIPE).collect();
    let mut pieces = Vec::with_capacity(stripes.len());
    let mut rest = C;
    for start in stripes {
        let width = STRIPE.min(columns - start);
        let (piece, others) = rest.split_at_col_mut(width);
        pieces.push((piece, B.subcols(start, width)));
        rest = others;
    }
    pieces.into_par_iter().for_each(|(C, B)| matmul(C, Accum::Replace, A, B, 1.0, Par::Seq));
}

#[cfg(test)]
mod tests {
    use approx::assert_abs_diff_eq;

    use super::*;

    #[test]
    fn the_inverse_times_the_matrix_is_the_identity() {
        for n in [0, 1, 5, 256, 700] {
            // Columns sum to less than one.
            let cell = |i: usize, j: usize| ((i * 31 + j * 17) % 13) as f64 / (14.0 * n as f64);
            let M: Vec<f64> = (0..n * n)
                .map(|at| f64::from(u8::from(at / n == at % n)) - cell(at / n, at % n))
                .collect();
            let mut L = M.clone();
            invert_dominant(&mut L, n).unwrap();
            let mut one = vec![0.0; n * n];
            product(&mut one, &M, &L, [n, n, n]);
            for (at, value) in one.iter().enumerate() {
                let expected = f64::from(u8::from(at / n == at % n));
                assert_abs_diff_eq!(*value, expected, epsilon = 1e-13);
            }
        }
    }
}
