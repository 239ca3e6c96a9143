//! Trade shares as random numbers: the same use, bought elsewhere.
//!
//! ```text
//! t'_i^s ~ Dirichlet(κ t_i^s)          origin shares of product i in all uses of region s
//! T'_r ∝ T_r · t'_r / t_r               each use cell of s tilts alike; its sum over origins stays
//! ```
//!
//! The system changes with every draw; it is solved by refining the answer of the table's own factors,
//! `x ← x + L (f' − (I − A') x)`, without factoring again. METHODS D5.

#![allow(non_snake_case)]

use crate::draws::{Stream, parameter};
use crate::labels::Industries;
use crate::leontief::Leontief;
use crate::linalg::kernel::add_product;
use crate::table::Table;

/// Trade shares of a table: product × using region × origin.
#[derive(Debug, Clone)]
pub struct TradeShares {
    industries: Industries,
    shares: Vec<f64>,
}

/// How much more of a product a region buys from each origin than in the table, before use cells are
/// brought back to their sums: product × using region × origin.
#[derive(Debug, Clone)]
pub struct Tilt {
    ratios: Vec<f64>,
}

impl TradeShares {
    /// The shares of a table, over intermediate and domestic final use together.
    pub fn of(table: &Table) -> Self {
        let industries = table.industries().clone();
        let (R, S) = (industries.regions.len(), industries.sectors.len());
        let mut shares = vec![0.0; S * R * R];
        let demand = table.final_demand();
        for row in 0..R * S {
            let (r, i) = industries.split(row);
            let mut add = |s: usize, value: f64| shares[(i * R + s) * R + r] += value.max(0.0);
            table.flows().each_in_row(row, |j, z| add(j / S, z));
            demand.values.each_in_row(row, |k, c| {
                if let (true, Some(s)) = (demand.role(k).is_domestic(), demand.columns[k].region) {
                    add(s, c);
                }
            });
        }
        for cell in shares.chunks_exact_mut(R) {
            let sum: f64 = cell.iter().sum();
            if sum > 0.0 {
                cell.iter_mut().for_each(|share| *share /= sum);
            }
        }
        TradeShares { industries, shares }
    }

    /// Share of each origin in the uses of a product by a region; zeros where it uses none.
    pub fn of_use(&self, product: usize, user: usize) -> &[f64] {
        let R = self.industries.regions.len();
        &self.shares[(product * R + user) * R..][..R]
    }

    /// Shares of one draw, against the table's; one concentration for each product.
    ///
    /// # Panics
    /// If there is not one concentration for each product.
    #[track_caller]
    pub fn draw(&self, seed: u64, draw: u32, concentration: &[f64]) -> Tilt {
        assert_eq!(concentration.len(), self.industries.sectors.len(), "one for each product");
        let R = self.industries.regions.len();
        let mut ratios = Vec::with_capacity(self.shares.len());
        for (cell, shares) in self.shares.chunks_exact(R).enumerate() {
            let (product, user) = (cell / R, cell % R);
            // Named by code, so that a table with more regions or sectors keeps the draws of these.
            let name = parameter(&format!(
                "trade/{}/{}",
                self.industries.sectors.code(product),
                self.industries.regions.code(user)
            ));
            let drawn = Stream::new(seed, draw, name).dirichlet(shares, concentration[product]);
            ratios
                .extend(drawn.iter().zip(shares).map(|(a, b)| if *b > 0.0 { a / b } else { 1.0 }));
        }
        Tilt { ratios }
    }

    /// The purchases of one buyer in region `s`, tilted in place: one entry per industry.
    pub fn tilt_purchases(&self, tilt: &Tilt, s: usize, purchases: &mut [f64]) {
        let (R, S) = (self.industries.regions.len(), self.industries.sectors.len());
        for i in 0..S {
            let ratios = &tilt.ratios[(i * R + s) * R..][..R];
            let (mut before, mut after) = (0.0, 0.0);
            for (r, ratio) in ratios.iter().enumerate() {
                before += purchases[r * S + i];
                after += purchases[r * S + i] * ratio;
            }
            // A cell of mixed signs has no shares and stays.
            if after > 0.0 && before > 0.0 {
                let scale = before / after;
                ratios
                    .iter()
                    .enumerate()
                    .for_each(|(r, ratio)| purchases[r * S + i] *= ratio * scale);
            }
        }
    }

    /// The technical coefficients with tilted shares, row by row.
    pub fn tilt_coefficients(&self, tilt: &Tilt, leontief: &Leontief) -> Vec<f64> {
        let (R, S) = (self.industries.regions.len(), self.industries.sectors.len());
        let n = R * S;
        let mut A = vec![0.0; n * n];
        for (row, into) in A.chunks_exact_mut(n).enumerate() {
            leontief.coefficients().0.row_into(row, into);
        }
        let (mut before, mut after) = (vec![0.0; n], vec![0.0; n]);
        for i in 0..S {
            before.fill(0.0);
            after.fill(0.0);
            for r in 0..R {
                let row = &mut A[(r * S + i) * n..][..n];
                for (s, cells) in row.chunks_exact_mut(S).enumerate() {
                    let ratio = tilt.ratios[(i * R + s) * R + r];
                    for (at, cell) in cells.iter_mut().enumerate() {
                        before[s * S + at] += *cell;
                        *cell *= ratio;
                        after[s * S + at] += *cell;
                    }
                }
            }
            for (before, after) in before.iter_mut().zip(&after) {
                *before = if *after > 0.0 && *before > 0.0 { *before / after } else { 1.0 };
            }
            for r in 0..R {
                let row = &mut A[(r * S + i) * n..][..n];
                row.iter_mut().zip(&before).for_each(|(cell, scale)| *cell *= scale);
            }
        }
        A
    }
}

/// Refinements before the answer has to be there.
const ROUNDS: usize = 200;

/// Solves `(I − A') x = f'` for columns of right-hand sides, given one after the other, with the factors
/// of the table's own `I − A`; false if the answer is not met to 1e-11 of its largest entry.
pub fn solve_near(leontief: &Leontief, A: &[f64], columns: &mut [f64]) -> bool {
    let n = leontief.size();
    if n == 0 || columns.is_empty() {
        return true;
    }
    let count = columns.len() / n;
    // Row-major right-hand sides: the product A' X runs over whole rows.
    let f = columns.to_vec();
    let mut x = f.clone();
    leontief.outputs_for(&mut x);
    let mut residual = vec![0.0; columns.len()];
    let mut product = vec![0.0; columns.len()];
    let mut wide = vec![0.0; columns.len()];
    for _ in 0..ROUNDS {
        for (k, column) in x.chunks_exact(n).enumerate() {
            column.iter().enumerate().for_each(|(row, value)| wide[row * count + k] = *value);
        }
        product.fill(0.0);
        add_product(&mut product, A, &wide, [n, n, count]);
        let mut largest = 0.0f64;
        let size = x.iter().map(|value| value.abs()).fold(f64::MIN_POSITIVE, f64::max);
        for (k, column) in residual.chunks_exact_mut(n).enumerate() {
            for (row, gap) in column.iter_mut().enumerate() {
                *gap = f[k * n + row] - x[k * n + row] + product[row * count + k];
                largest = largest.max(gap.abs());
            }
        }
        if largest <= 1e-11 * size {
            columns.copy_from_slice(&x);
            return true;
        }
        if !largest.is_finite() {
            return false;
        }
        leontief.outputs_for(&mut residual);
        x.iter_mut().zip(&residual).for_each(|(x, step)| *x += step);
    }
    false
}
