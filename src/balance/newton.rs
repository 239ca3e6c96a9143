//! A Newton step on the logarithms of the multipliers, for problems on which scaling is slow.
//!
//! ```text
//! minimise  Σ |z| − Σ c·λ      z = z⁰·exp(Σ_c a_ck·λ_c)      gradient = sums − totals
//! ```
//!
//! The Hessian `A |z| A'` is solved by conjugate gradients that never write it out; the gradient has
//! no part in its null space.

use super::gras::{share_missed, wider};

/// How exactly the step is computed.
const ACCURACY: f64 = 1e-8;

/// Curvature, as a share of the diagonal's, below which a direction is one of the null space.
const FLAT: f64 = 1e-14;

/// Conjugate directions at most.
const DIRECTIONS: usize = 600;

/// The logarithm of a cell changes by no more in one step.
const LONGEST: f64 = 4.0;

/// How many times as far the logarithm of a cell may fall.
const FALL: f64 = 3.0;

/// How often a step is halved before it is given up.
const HALVINGS: usize = 20;

/// Sums of cells that should meet totals: rows and columns, or any others.
#[derive(Debug, Default)]
pub struct Lines {
    starts: Vec<usize>,
    cells: Vec<u32>,
    /// Coefficient of each cell times its sign.
    factors: Vec<f64>,
    totals: Vec<f64>,
}

impl Lines {
    /// Adds a line.
    pub fn push(&mut self, total: f64, cells: impl Iterator<Item = (u32, f64)>) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        for (cell, factor) in cells {
            self.cells.push(cell);
            self.factors.push(factor);
        }
        self.starts.push(self.cells.len());
        self.totals.push(total);
    }

    fn of(&self, line: usize) -> impl Iterator<Item = (usize, f64)> {
        let range = self.starts[line]..self.starts[line + 1];
        self.cells[range.clone()].iter().zip(&self.factors[range]).map(|(k, a)| (*k as usize, *a))
    }

    /// Sum of each cell's factors, each times its line's value.
    fn spread(&self, values: &[f64], cells: usize) -> Vec<f64> {
        let mut spread = vec![0.0; cells];
        for (line, value) in values.iter().enumerate() {
            self.of(line).for_each(|(cell, factor)| spread[cell] += factor * value);
        }
        spread
    }

    /// Largest gap of a line, as a share of it.
    pub fn gap(&self, sizes: &[f64]) -> f64 {
        let missed = |(line, total): (usize, &f64)| {
            let (mut p, mut n) = (0.0, 0.0);
            for (cell, factor) in self.of(line) {
                let term = factor * sizes[cell];
                if term > 0.0 { p += term } else { n -= term }
            }
            share_missed(p, n, *total)
        };
        self.totals.iter().enumerate().map(missed).fold(0.0, wider)
    }

    /// Moves cells (their absolute values) by one step, shortened until it helps. Returns what the
    /// logarithms of the multipliers changed by; none where no step helps.
    pub fn step(&self, sizes: &mut Vec<f64>) -> Option<Vec<f64>> {
        let (gradient, diagonal) = self.gradient(sizes);
        let direction = self.direction(sizes, &gradient, &diagonal)?;
        let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
        let slope = dot(&gradient, &direction);
        let (logs, linear) = (self.spread(&direction, sizes.len()), dot(&self.totals, &direction));
        // Cells that vanish may do so fast, cells that grow may not.
        let longest = logs.iter().fold(0.0_f64, |a, log| a.max(*log).max(-log / FALL));
        if !longest.is_finite() || longest == 0.0 || slope >= 0.0 {
            return None;
        }
        let gap = self.gap(sizes);
        let mut length = (LONGEST / longest).min(1.0);
        for _ in 0..HALVINGS {
            let there: Vec<f64> =
                sizes.iter().zip(&logs).map(|(size, log)| size * (length * log).exp()).collect();
            let grown: f64 = there.iter().zip(&*sizes).map(|(new, old)| new - old).sum();
            let better = grown - length * linear <= 1e-4 * length * slope;
            // Close to the solution the objective has no digits left to tell by, the gap has.
            if better || self.gap(&there) < gap {
                *sizes = there;
                return Some(direction.iter().map(|step| length * step).collect());
            }
            length *= 0.5;
        }
        None
    }

    fn gradient(&self, sizes: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let lines = self.totals.iter().enumerate();
        lines
            .map(|(line, total)| {
                self.of(line).fold((-total, 0.0), |(sum, square), (cell, factor)| {
                    let term = factor * sizes[cell];
                    (sum + term, square + factor * term)
                })
            })
            .unzip()
    }

    /// The Hessian times a vector.
    fn times(&self, sizes: &[f64], vector: &[f64]) -> Vec<f64> {
        let mut of_cells = self.spread(vector, sizes.len());
        of_cells.iter_mut().zip(sizes).for_each(|(value, size)| *value *= size);
        let sum = |line| self.of(line).map(|(cell, factor)| factor * of_cells[cell]).sum();
        (0..self.totals.len()).map(sum).collect()
    }

    /// `−H⁻¹ g` by conjugate gradients with the diagonal as preconditioner.
    fn direction(&self, sizes: &[f64], gradient: &[f64], diagonal: &[f64]) -> Option<Vec<f64>> {
        let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
        let eased = |residual: &[f64]| -> Vec<f64> {
            let ease = |(r, d): (&f64, &f64)| if *d > 0.0 { r / d } else { 0.0 };
            residual.iter().zip(diagonal).map(ease).collect()
        };
        let mut residual: Vec<f64> = gradient.iter().map(|g| -g).collect();
        let mut solution = vec![0.0; residual.len()];
        let mut eased_residual = eased(&residual);
        let mut search = eased_residual.clone();
        let mut size = dot(&residual, &eased_residual);
        let enough = size * ACCURACY * ACCURACY;
        for _ in 0..DIRECTIONS {
            if !size.is_finite() || size <= enough {
                break;
            }
            let product = self.times(sizes, &search);
            let curvature = dot(&search, &product);
            // Only rounding is left, which lies in the null space and would take it far along there.
            let scale: f64 = search.iter().zip(diagonal).map(|(s, d)| d * s * s).sum();
            if curvature.is_nan() || curvature <= FLAT * scale {
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
