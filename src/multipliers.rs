//! Multipliers: what one unit of final demand for each product calls for, through all suppliers.
//!
//! ```text
//! S = F x̂⁻¹        M = S L,  so  M' = (I − A')⁻¹ S'
//! ```
//!
//! Rows are quantities: output (a row of ones, whose multipliers are the column sums of `L`), value added and
//! stressors (`F` are their totals by industry). `L` itself is not needed: each row of `M` is one solve.
//! Source: Miller & Blair (2009), *Input-Output Analysis*, ch. 6.

#![allow(non_snake_case)]

use crate::leontief::Leontief;
use crate::linalg::Dense;
use crate::table::{Quantity, Table};

/// What multipliers tell of: output, value added where the table has rows of it, every stressor.
pub fn quantities(table: &Table) -> Vec<Quantity> {
    let known = |quantity: &Quantity| {
        *quantity != Quantity::ValueAdded || !table.value_added_rows().rows.is_empty()
    };
    table.quantities().into_iter().filter(known).collect()
}

/// Quantities per unit of output, quantities × industries.
///
/// ```text
/// S = F x̂⁻¹
/// ```
///
/// Output has 1 in every industry, also in one without output, so that its multiplier is a column sum of `L`; of
/// anything else such an industry has 0. In the unit of the quantity per unit of money of the table.
pub fn coefficients(table: &Table, quantities: &[Quantity]) -> Dense {
    let rows: Vec<Vec<f64>> = quantities
        .iter()
        .map(|quantity| match quantity {
            Quantity::Output => vec![1.0; table.industries().len()],
            other => table.intensities(*other),
        })
        .collect();
    Dense::new(rows.len(), table.industries().len(), rows.concat())
}

/// Multipliers of coefficients, quantities × industries.
///
/// ```text
/// M = S L
/// ```
///
/// Column `j` is per unit of final demand for the product of industry `j`; units are those of `S`.
///
/// # Panics
/// If the coefficients do not have one column per industry.
#[track_caller]
pub fn multipliers(leontief: &Leontief, S: &Dense) -> Dense {
    let (rows, n) = S.shape();
    assert_eq!(n, leontief.size(), "one column per industry expected");
    let mut values = S.values().to_vec();
    leontief.multipliers_of(&mut values);
    Dense::new(rows, n, values)
}

/// How far all final demand misses output through an inverse: largest `|x − L f|`, relative to the largest output.
pub fn gap_of_inverse(table: &Table, L: &Dense) -> f64 {
    let f = table.total_final_demand();
    let x = table.output();
    let largest = x.iter().map(|x| x.abs()).fold(f64::MIN_POSITIVE, f64::max);
    let gaps = x.iter().enumerate().map(|(at, x)| (x - dot(L.row(at), &f)).abs());
    gaps.fold(0.0, f64::max) / largest
}

/// How far all final demand misses what production uses and emits through multipliers: largest `|S x − M f|` of a
/// quantity, relative to the sum of its absolute parts.
pub fn gap_of_multipliers(table: &Table, S: &Dense, M: &Dense) -> f64 {
    let (f, x) = (table.total_final_demand(), table.output());
    let of_row = |row: usize| {
        let parts = || S.row(row).iter().zip(x).map(|(s, x)| s * x);
        let size: f64 = parts().map(f64::abs).sum();
        (parts().sum::<f64>() - dot(M.row(row), &f)).abs() / size.max(f64::MIN_POSITIVE)
    };
    (0..S.shape().0).map(of_row).fold(0.0, f64::max)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
