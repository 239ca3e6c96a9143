//! A Newton step on the logarithms of the multipliers, for matrices on which scaling is slow.
//!
//! ```text
//! minimise  Σ p·e^(λ+μ) + Σ n·e^−(λ+μ) − Σ u·λ − Σ v·μ       gradient = line sums − totals
//! ```
//!
//! The Hessian is that of a bipartite graph with weights `|z|`; it is solved by conjugate gradients
//! that never write it out. Its null space (more `λ`, less `μ`) has no part in the gradient.

use super::gras::Multipliers;
use super::support::Support;

/// How exactly the step is computed.
const ACCURACY: f64 = 1e-8;

/// Conjugate directions at most.
const DIRECTIONS: usize = 600;

/// A logarithm of a multiplier changes by no more in one step.
const LONGEST: f64 = 4.0;

/// Moves the multipliers by one step, shortened until it helps; leaves them where it does not.
pub fn step(support: &Support, at: &mut Multipliers) {
    let here = Point::of(support, at);
    let Some(direction) = here.direction(support) else { return };
    let longest = direction.iter().fold(0.0_f64, |a, d| a.max(d.abs()));
    let slope: f64 = here.gradient.iter().zip(&direction).map(|(g, d)| g * d).sum();
    if !longest.is_finite() || longest == 0.0 || slope >= 0.0 {
        return;
    }
    let gap = at.gap(support).0;
    let mut length = (LONGEST / longest).min(1.0);
    for _ in 0..20 {
        let there = moved(at, &direction, length);
        let better = Point::of(support, &there).objective <= here.objective + 1e-4 * length * slope;
        // Close to the solution the objective has no digits left to tell by, the gap has.
        if better || there.gap(support).0 < gap {
            *at = there;
            return;
        }
        length *= 0.5;
    }
}

fn moved(at: &Multipliers, direction: &[f64], length: f64) -> Multipliers {
    let (of_rows, of_columns) = direction.split_at(at.r.len());
    let by = |values: &[f64], steps: &[f64]| -> Vec<f64> {
        values.iter().zip(steps).map(|(value, step)| value * (length * step).exp()).collect()
    };
    Multipliers { r: by(&at.r, of_rows), s: by(&at.s, of_columns) }
}

/// Objective, gradient and the weights of the Hessian at some multipliers.
struct Point {
    objective: f64,
    gradient: Vec<f64>,
    /// `|z|` of each cell.
    weights: Vec<f64>,
    /// Sum of the weights of each line.
    diagonal: Vec<f64>,
}

impl Point {
    fn of(support: &Support, at: &Multipliers) -> Point {
        let n = at.r.len();
        let totals: Vec<f64> = support.rows.iter().chain(&support.columns).copied().collect();
        let logs = at.r.iter().chain(&at.s).map(|value| value.ln());
        let linear: f64 = totals.iter().zip(logs).map(|(total, log)| total * log).sum();
        let mut gradient: Vec<f64> = totals.iter().map(|total| -total).collect();
        let mut diagonal = vec![0.0; totals.len()];
        let mut weights = Vec::with_capacity(support.values.len());
        for row in 0..n {
            for cell in support.of_row(row) {
                let (column, value) =
                    (n + support.places[cell] as usize, at.value(support, row, cell));
                for line in [row, column] {
                    gradient[line] += value;
                    diagonal[line] += value.abs();
                }
                weights.push(value.abs());
            }
        }
        let objective = weights.iter().sum::<f64>() - linear;
        Point { objective, gradient, weights, diagonal }
    }

    fn times(&self, support: &Support, vector: &[f64]) -> Vec<f64> {
        let n = support.rows.len();
        let mut product: Vec<f64> = self.diagonal.iter().zip(vector).map(|(d, v)| d * v).collect();
        for row in 0..n {
            let mut sum = 0.0;
            for cell in support.of_row(row) {
                let column = n + support.places[cell] as usize;
                sum += self.weights[cell] * vector[column];
                product[column] += self.weights[cell] * vector[row];
            }
            product[row] += sum;
        }
        product
    }

    /// `−H⁻¹ g` by conjugate gradients with the diagonal as preconditioner.
    fn direction(&self, support: &Support) -> Option<Vec<f64>> {
        let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
        let eased = |residual: &[f64]| -> Vec<f64> {
            let ease = |(r, d): (&f64, &f64)| if *d > 0.0 { r / d } else { 0.0 };
            residual.iter().zip(&self.diagonal).map(ease).collect()
        };
        let mut residual: Vec<f64> = self.gradient.iter().map(|g| -g).collect();
        let mut solution = vec![0.0; residual.len()];
        let mut eased_residual = eased(&residual);
        let mut search = eased_residual.clone();
        let mut size = dot(&residual, &eased_residual);
        let enough = size * ACCURACY * ACCURACY;
        for _ in 0..DIRECTIONS {
            if !size.is_finite() || size <= enough {
                break;
            }
            let product = self.times(support, &search);
            let curvature = dot(&search, &product);
            // What is left lies in the null space: rounding.
            if !(curvature > 0.0) {
                break;
            }
            let length = size / curvature;
            solution.iter_mut().zip(&search).for_each(|(x, d)| *x += length * d);
            residual.iter_mut().zip(&product).for_each(|(r, p)| *r -= length * p);
            eased_residual = eased(&residual);
            let next = dot(&residual, &eased_residual);
            let turn = next / size;
            search.iter_mut().zip(&eased_residual).for_each(|(d, e)| *d = e + turn * *d);
            size = next;
        }
        size.is_finite().then_some(solution)
    }
}
