//! Inner loops: scalar products, small dense products, and code for the registers of this machine.
//!
//! Nothing here contracts a product and a sum into one rounding, so wider registers change speed
//! only, except inside matrix products, whose kernels the library chooses.

#![allow(non_snake_case)]

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

/// Runs a [`Kernel`] compiled for the widest registers that the machine has.
pub use pulp::Arch as Machine;
/// Work that [`Machine`] runs; what it calls has to be inlined to gain.
pub use pulp::NullaryFnOnce as Kernel;

/// Scalar product. Eight sums run side by side, always the same, so that the machine need not wait
/// for one addition before it begins the next.
///
/// # Panics
/// If the lengths differ.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len(), "two vectors of one length expected");
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut sums = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        sums = std::array::from_fn(|at| sums[at] + a[at] * b[at]);
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

/// `C += A B` of three matrices given row by row: rows × columns, rows × inner, inner × columns.
///
/// # Panics
/// If a length does not fit.
pub fn add_product(C: &mut [f64], A: &[f64], B: &[f64], [rows, inner, columns]: [usize; 3]) {
    matmul(
        MatMut::from_row_major_slice_mut(C, rows, columns),
        Accum::Add,
        MatRef::from_row_major_slice(A, rows, inner),
        MatRef::from_row_major_slice(B, inner, columns),
        1.0,
        Par::Seq,
    );
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    #[test]
    fn a_scalar_product_takes_every_entry_once() {
        let a: Vec<f64> = (0..21).map(f64::from).collect();
        let squares: f64 = a.iter().map(|v| v * v).sum();
        assert_relative_eq!(dot(&a, &a), squares);
        assert_eq!(dot(&[], &[]), 0.0);
    }

    #[test]
    fn a_product_is_added() {
        let mut C = vec![1.0; 2];
        add_product(&mut C, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[1.0, 0.5, 2.0], [2, 3, 1]);
        assert_eq!(C, [9.0, 19.5]);
    }
}
