//! RAS: rows and columns of a matrix without negative cells are scaled to their totals.

use super::{BalanceError, Balanced, Options, gras};
use crate::linalg::Dense;

/// The matrix `r̂ Z⁰ ŝ` with the totals given that is nearest to a prior without negative cells.
///
/// ```text
/// z = r · z⁰ · s     Σ_j z = u     Σ_i z = v     minimises Σ z · ln(z / z⁰)
/// ```
///
/// `rows` has one total `u` for each row, `columns` one `v` for each column, in the prior's unit. Zeros
/// stay zeros. It is [`gras`](super::gras) on a prior that has no negative cell.
///
/// # Errors
/// As for [`gras`](super::gras), and [`BalanceError::NegativeCell`].
///
/// Source: Stone (1961), *Input-Output and National Accounts*; Bacharach (1970), *Biproportional
/// Matrices and Input-Output Change*.
///
/// # Examples
/// ```
/// use irio::balance::{Options, ras};
/// use irio::linalg::Dense;
///
/// let prior = Dense::from_rows(&[vec![1.0, 1.0], vec![1.0, 3.0]]);
/// let found = ras(&prior, &[3.0, 5.0], &[2.0, 6.0], &Options::default())?;
/// assert!((found.matrix.row_sums()[1] - 5.0).abs() < 1e-10);
/// // The cross ratio of a biproportional matrix is that of the prior.
/// let z = |i, j| found.matrix[(i, j)];
/// assert!((z(0, 0) * z(1, 1) / (z(0, 1) * z(1, 0)) - 3.0).abs() < 1e-9);
/// # Ok::<(), irio::balance::BalanceError>(())
/// ```
pub fn ras(
    prior: &Dense,
    rows: &[f64],
    columns: &[f64],
    options: &Options,
) -> Result<Balanced, BalanceError> {
    let width = prior.shape().1.max(1);
    if let Some(at) = prior.values().iter().position(|value| *value < 0.0) {
        let value = prior.values()[at];
        return Err(BalanceError::NegativeCell { row: at / width, column: at % width, value });
    }
    gras(prior, rows, columns, options)
}
