//! Products, inverses and eigenvalues of the small matrices of estimation.

use faer::Mat;

use super::Dense;
use super::factor::{Factor, Singular};
use super::least_squares::dot;

/// `A B`.
///
/// # Panics
/// If shapes do not fit.
#[track_caller]
pub fn product(a: &Dense, b: &Dense) -> Dense {
    let ((rows, inner), (other, columns)) = (a.shape(), b.shape());
    assert_eq!(inner, other, "columns of one and rows of the other expected to agree");
    let mut product = Dense::zeros(rows, columns);
    for i in 0..rows {
        for at in 0..inner {
            let factor = a[(i, at)];
            if factor != 0.0 {
                for (cell, value) in product.row_mut(i).iter_mut().zip(b.row(at)) {
                    *cell += factor * value;
                }
            }
        }
    }
    product
}

/// `A'`.
pub fn transposed(a: &Dense) -> Dense {
    let (rows, columns) = a.shape();
    let mut out = Dense::zeros(columns, rows);
    for i in 0..rows {
        for j in 0..columns {
            out.row_mut(j)[i] = a[(i, j)];
        }
    }
    out
}

/// `B M B'`: a covariance from bread and meat.
pub fn sandwich(bread: &Dense, meat: &Dense) -> Dense {
    product(&product(bread, meat), &transposed(bread))
}

/// Sets a cell of a symmetric matrix, and the one across the diagonal.
///
/// # Panics
/// If there is no such cell.
#[track_caller]
pub fn set_both(a: &mut Dense, (i, j): (usize, usize), value: f64) {
    a.row_mut(i)[j] = value;
    a.row_mut(j)[i] = value;
}

/// `X'X / s` of columns, with so many rows and columns of zeros behind: an information matrix to be filled in.
pub fn products_over(columns: &[Vec<f64>], s: f64, more: usize) -> Dense {
    let k = columns.len();
    let mut all = Dense::zeros(k + more, k + more);
    for i in 0..k {
        for j in 0..=i {
            set_both(&mut all, (i, j), dot(&columns[i], &columns[j]) / s);
        }
    }
    all
}

/// `A b`.
pub fn times(a: &Dense, b: &[f64]) -> Vec<f64> {
    (0..a.shape().0).map(|i| a.row(i).iter().zip(b).map(|(a, b)| a * b).sum()).collect()
}

/// `b' A b`.
pub fn form(a: &Dense, b: &[f64]) -> f64 {
    times(a, b).iter().zip(b).map(|(a, b)| a * b).sum()
}

/// `A⁻¹` by LU with pivoting.
///
/// # Errors
/// If there is none.
pub fn inverse(a: &Dense) -> Result<Dense, Singular> {
    Ok(Factor::of(a)?.inverse())
}

/// The part of a matrix with the given rows and columns.
pub fn part(a: &Dense, rows: &[usize], columns: &[usize]) -> Dense {
    let mut out = Dense::zeros(rows.len(), columns.len());
    for (i, row) in rows.iter().enumerate() {
        for (j, column) in columns.iter().enumerate() {
            out.row_mut(i)[j] = a[(*row, *column)];
        }
    }
    out
}

/// An inverse of a symmetric matrix that may lack rank (Moore–Penrose), and its rank.
pub fn pseudo_inverse(a: &Dense) -> (Dense, usize) {
    let n = a.shape().0;
    let full = Mat::from_fn(n, n, |i, j| 0.5 * (a[(i, j)] + a[(j, i)]));
    let mut out = Dense::zeros(n, n);
    let Ok(eigen) = full.self_adjoint_eigen(faer::Side::Lower) else { return (out, 0) };
    let (values, vectors) = (eigen.S().column_vector(), eigen.U());
    let largest = (0..n).map(|at| values[at].abs()).fold(0.0, f64::max);
    let mut rank = 0;
    for at in 0..n {
        if values[at].abs() <= 1e-12 * largest {
            continue;
        }
        rank += 1;
        for i in 0..n {
            for j in 0..n {
                out.row_mut(i)[j] += vectors[(i, at)] * vectors[(j, at)] / values[at];
            }
        }
    }
    (out, rank)
}

/// Eigenvalues of a symmetric matrix, ascending; nothing if they cannot be found.
pub fn symmetric_eigenvalues(a: &Dense) -> Option<Vec<f64>> {
    let n = a.shape().0;
    let full = Mat::from_fn(n, n, |i, j| a[(i, j)]);
    full.self_adjoint_eigenvalues(faer::Side::Lower).ok()
}

/// Eigenvalues of any square matrix as real and imaginary parts; nothing if they cannot be found.
pub fn eigenvalues(a: &Dense) -> Option<Vec<(f64, f64)>> {
    let n = a.shape().0;
    let full = Mat::from_fn(n, n, |i, j| a[(i, j)]);
    Some(full.eigenvalues().ok()?.iter().map(|value| (value.re, value.im)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_without_full_rank_has_an_inverse_of_its_own() {
        let a = Dense::from_rows(&[vec![2.0, 2.0], vec![2.0, 2.0]]);
        let (inverse, rank) = pseudo_inverse(&a);
        assert_eq!(rank, 1);
        let back = product(&product(&a, &inverse), &a);
        for (found, own) in back.values().iter().zip(a.values()) {
            assert!((found - own).abs() < 1e-13);
        }
    }

    #[test]
    fn eigenvalues_may_be_complex() {
        let turn = Dense::from_rows(&[vec![0.0, 1.0], vec![-1.0, 0.0]]);
        let mut found = eigenvalues(&turn).unwrap();
        found.sort_by(|a, b| a.1.total_cmp(&b.1));
        assert!((found[0].1 + 1.0).abs() < 1e-14 && (found[1].1 - 1.0).abs() < 1e-14);
    }
}
