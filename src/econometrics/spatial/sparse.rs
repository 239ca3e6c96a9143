//! `ln |I − ρW|` and its first two derivatives of many units, by sparse elimination.
//!
//! ```text
//! I − ρW = L U        ln|I − ρW| = Σ ln u_kk
//! tr G = −(ln|I − ρW|)'        tr G² = −(ln|I − ρW|)''
//! ```
//!
//! For `|ρ|` below one over the largest row sum every row is dominated by its diagonal, so no row is exchanged and one order
//! of units, which makes little fill (least degree first), serves every ρ. Numbers are carried with their first two
//! derivatives in ρ, so derivatives are as exact as the determinant. Source: Pace & Barry (1997); George & Liu (1981).

use std::collections::BTreeSet;

use crate::weights::Weights;

/// A number with its first two derivatives in ρ.
#[derive(Debug, Clone, Copy, Default)]
struct Taylor(f64, f64, f64);

impl Taylor {
    fn times(self, b: Taylor) -> Taylor {
        Taylor(
            self.0 * b.0,
            self.0 * b.1 + self.1 * b.0,
            self.0 * b.2 + 2.0 * self.1 * b.1 + self.2 * b.0,
        )
    }

    fn over(self, b: Taylor) -> Taylor {
        let q = self.0 / b.0;
        let d = (self.1 - q * b.1) / b.0;
        Taylor(q, d, (self.2 - 2.0 * d * b.1 - q * b.2) / b.0)
    }

    fn less(self, b: Taylor) -> Taylor {
        Taylor(self.0 - b.0, self.1 - b.1, self.2 - b.2)
    }
}

/// The places of `L` and `U`, which are the same for every ρ.
#[derive(Debug, Clone)]
pub struct Elimination {
    /// Unit at each place of the order.
    order: Vec<u32>,
    /// Weights by place of the order: column and value.
    rows: Vec<Vec<(u32, f64)>>,
    /// Columns of each row of `L` and `U` together, ascending.
    filled: Vec<Vec<u32>>,
}

/// `L` and `U` at one ρ.
pub struct Factors<'a> {
    own: &'a Elimination,
    /// Values in the places of `filled`; the diagonal of `L` is one and not kept.
    values: Vec<Vec<f64>>,
    /// Place of the diagonal in each row.
    diagonal: Vec<usize>,
}

impl Elimination {
    /// Finds the order and the fill.
    pub fn of(weights: &Weights) -> Self {
        let n = weights.len();
        let mut near: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); n];
        for i in 0..n {
            for (j, _) in weights.row(i) {
                near[i].insert(j as u32);
                near[j].insert(i as u32);
            }
        }
        let mut open: BTreeSet<(usize, u32)> =
            (0..n).map(|at| (near[at].len(), at as u32)).collect();
        let mut order = Vec::with_capacity(n);
        let mut later: Vec<Vec<u32>> = vec![Vec::new(); n];
        while let Some((_, unit)) = open.pop_first() {
            let own: Vec<u32> = std::mem::take(&mut near[unit as usize]).into_iter().collect();
            for a in &own {
                let set = &mut near[*a as usize];
                open.remove(&(set.len(), *a));
                set.remove(&unit);
                set.extend(own.iter().filter(|b| *b != a));
                open.insert((set.len(), *a));
            }
            order.push(unit);
            later[unit as usize] = own;
        }
        let mut place = vec![0; n];
        for (at, unit) in order.iter().enumerate() {
            place[*unit as usize] = at as u32;
        }
        // Row k of U has the later neighbours of k when it goes; column k of L has the same ones.
        let mut filled: Vec<Vec<u32>> = (0..n).map(|at| vec![at as u32]).collect();
        for (at, unit) in order.iter().enumerate() {
            for other in &later[*unit as usize] {
                let other = place[*other as usize];
                filled[at].push(other);
                filled[other as usize].push(at as u32);
            }
        }
        filled.iter_mut().for_each(|row| row.sort_unstable());
        let rows = order
            .iter()
            .map(|unit| weights.row(*unit as usize).map(|(j, w)| (place[j], w)).collect());
        Elimination { rows: rows.collect(), order, filled }
    }

    /// `ln |I − ρW|` with its first two derivatives; nothing if a pivot is not positive.
    pub fn log_determinant(&self, rho: f64) -> Option<[f64; 3]> {
        let n = self.order.len();
        let mut rows: Vec<Vec<Taylor>> =
            self.filled.iter().map(|row| vec![Taylor::default(); row.len()]).collect();
        let mut work = vec![Taylor::default(); n];
        let mut sum = [0.0; 3];
        let mut diagonal = vec![0; n];
        for i in 0..n {
            let columns = &self.filled[i];
            for (j, w) in &self.rows[i] {
                work[*j as usize] = Taylor(-rho * w, -w, 0.0);
            }
            work[i].0 += 1.0;
            for k in columns.iter().copied().take_while(|k| (*k as usize) < i) {
                let k = k as usize;
                let factor = work[k].over(rows[k][diagonal[k]]);
                work[k] = factor;
                for (j, value) in
                    self.filled[k][diagonal[k] + 1..].iter().zip(&rows[k][diagonal[k] + 1..])
                {
                    work[*j as usize] = work[*j as usize].less(factor.times(*value));
                }
            }
            for (at, j) in columns.iter().enumerate() {
                rows[i][at] = std::mem::take(&mut work[*j as usize]);
                if *j as usize == i {
                    diagonal[i] = at;
                }
            }
            let Taylor(u, d, dd) = rows[i][diagonal[i]];
            if u <= 0.0 || !u.is_finite() {
                return None;
            }
            sum[0] += u.ln();
            sum[1] += d / u;
            sum[2] += dd / u - (d / u).powi(2);
        }
        Some(sum)
    }

    /// Factors at one ρ.
    pub fn factors(&self, rho: f64) -> Option<Factors<'_>> {
        let n = self.order.len();
        let mut values: Vec<Vec<f64>> =
            self.filled.iter().map(|row| vec![0.0; row.len()]).collect();
        let mut work = vec![0.0; n];
        let mut diagonal = vec![0; n];
        for i in 0..n {
            let columns = &self.filled[i];
            for (j, w) in &self.rows[i] {
                work[*j as usize] = -rho * w;
            }
            work[i] += 1.0;
            for k in columns.iter().copied().take_while(|k| (*k as usize) < i) {
                let k = k as usize;
                let factor = work[k] / values[k][diagonal[k]];
                work[k] = factor;
                for (j, value) in
                    self.filled[k][diagonal[k] + 1..].iter().zip(&values[k][diagonal[k] + 1..])
                {
                    work[*j as usize] -= factor * value;
                }
            }
            for (at, j) in columns.iter().enumerate() {
                values[i][at] = std::mem::take(&mut work[*j as usize]);
                if *j as usize == i {
                    diagonal[i] = at;
                }
            }
            if values[i][diagonal[i]] <= 0.0 {
                return None;
            }
        }
        Some(Factors { own: self, values, diagonal })
    }
}

impl Factors<'_> {
    /// `(I − ρW)⁻¹ z`
    pub fn solve(&self, z: &[f64]) -> Vec<f64> {
        let order = &self.own.order;
        let n = order.len();
        let mut x: Vec<f64> = order.iter().map(|unit| z[*unit as usize]).collect();
        for i in 0..n {
            let (columns, values) = (&self.own.filled[i], &self.values[i]);
            let known: f64 = columns[..self.diagonal[i]]
                .iter()
                .zip(values)
                .map(|(j, value)| value * x[*j as usize])
                .sum();
            x[i] -= known;
        }
        for i in (0..n).rev() {
            let (columns, values) = (&self.own.filled[i], &self.values[i]);
            let after = self.diagonal[i] + 1;
            let known: f64 = columns[after..]
                .iter()
                .zip(&values[after..])
                .map(|(j, value)| value * x[*j as usize])
                .sum();
            x[i] = (x[i] - known) / values[self.diagonal[i]];
        }
        let mut out = vec![0.0; n];
        for (at, unit) in order.iter().enumerate() {
            out[*unit as usize] = x[at];
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::super::determinant::{Spectrum, multiplier, traces, weighted};
    use super::*;
    use crate::linalg::small::times;

    /// Every unit has the next three and every seventh one other as neighbours: neither symmetric nor planar.
    fn ring(n: usize) -> Weights {
        let rows = (0..n).map(|at| {
            let mut own: Vec<(usize, f64)> = (1..=3).map(|step| ((at + step) % n, 1.0)).collect();
            if at % 7 == 0 {
                own.push(((at + n / 2) % n, 2.0));
            }
            own
        });
        let units = (0..n).map(|at| at.to_string()).collect();
        Weights::new(units, rows.collect()).unwrap().row_standardized()
    }

    #[test]
    fn elimination_finds_what_eigenvalues_and_the_inverse_say() {
        let weights = ring(90);
        let (sparse, spectrum) = (Elimination::of(&weights), Spectrum::of(&weights).unwrap());
        for rho in [-0.8, -0.1, 0.0, 0.35, 0.9] {
            let [value, slope, curvature] = sparse.log_determinant(rho).unwrap();
            assert!((value - spectrum.log_determinant(rho)).abs() < 1e-11, "{rho}");
            assert!((slope - spectrum.slope(rho)).abs() < 1e-10, "{rho}");
            let inverse = multiplier(&weights, rho).unwrap();
            let own = traces(&weighted(&weights, &inverse), false);
            assert!((curvature + own.two).abs() < 1e-9, "{rho}: {curvature} {}", own.two);
            let z: Vec<f64> = (0..90).map(|at| f64::from(at).sin()).collect();
            let (a, b) = (sparse.factors(rho).unwrap().solve(&z), times(&inverse, &z));
            assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-12));
        }
    }
}
