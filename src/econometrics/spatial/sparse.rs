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

use std::collections::{BTreeMap, BTreeSet};

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
    /// Cells by place of the order: column, what ρ and what ρ² are multiplied with.
    rows: Vec<Vec<(u32, f64, f64)>>,
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
    /// `I − ρW`: finds the order and the fill.
    pub fn of(weights: &Weights) -> Self {
        let cells = (0..weights.len())
            .map(|unit| weights.row(unit).map(|(j, w)| (j as u32, -w, 0.0)).collect());
        Self::of_cells(cells.collect())
    }

    /// `I + c B B'` with `B = I − ρW`, symmetric and positive for every `c ≥ 0`:
    ///
    /// ```text
    /// (1 + c) I + c [−ρ (W + W') + ρ² W W']
    /// ```
    pub fn of_middle(weights: &Weights) -> Self {
        let turned = weights.transposed();
        let cells = (0..weights.len()).map(|unit| {
            let mut row: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
            for (j, w) in weights.row(unit) {
                row.entry(j as u32).or_default().0 -= w;
                for (other, v) in turned.row(j) {
                    row.entry(other as u32).or_default().1 += w * v;
                }
            }
            for (j, w) in turned.row(unit) {
                row.entry(j as u32).or_default().0 -= w;
            }
            row.into_iter().map(|(j, (one, two))| (j, one, two)).collect()
        });
        Self::of_cells(cells.collect())
    }

    fn of_cells(cells: Vec<Vec<(u32, f64, f64)>>) -> Self {
        let n = cells.len();
        let mut near: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); n];
        for (i, row) in cells.iter().enumerate() {
            for (j, ..) in row.iter().filter(|cell| cell.0 as usize != i) {
                near[i].insert(*j);
                near[*j as usize].insert(i as u32);
            }
        }
        let mut open: BTreeSet<(usize, u32)> =
            (0..n).map(|at| (near[at].len(), at as u32)).collect();
        let mut order = Vec::with_capacity(n);
        let mut later: Vec<Vec<u32>> = vec![Vec::new(); n];
        while let Some((_, unit)) = open.pop_first() {
            let own: Vec<u32> = std::mem::take(&mut near[unit as usize]).into_iter().collect();
            if own.len() == open.len() {
                // Whoever is left has everyone who is left as a neighbour: no order makes less fill.
                order.push(unit);
                later[unit as usize].clone_from(&own);
                for (at, unit) in own.iter().enumerate() {
                    order.push(*unit);
                    later[*unit as usize] = own[at + 1..].to_vec();
                }
                break;
            }
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
        let rows = order.iter().map(|unit| {
            let own = cells[*unit as usize].iter();
            own.map(|(j, one, two)| (place[*j as usize], *one, *two)).collect()
        });
        Elimination { rows: rows.collect(), order, filled }
    }

    /// `ln |I − ρW|` with its first two derivatives; nothing if a pivot is not positive.
    pub fn log_determinant(&self, rho: f64) -> Option<[f64; 3]> {
        let cell =
            |one: f64, two: f64| Taylor(rho * (one + rho * two), one + 2.0 * rho * two, 2.0 * two);
        self.sweep(Taylor(1.0, 0.0, 0.0), cell)
    }

    /// `ln |I + c B B'|` and its derivatives in ρ and c.
    pub fn middle_determinant(&self, rho: f64, c: f64) -> Option<[f64; 3]> {
        let of_rho = |one: f64, two: f64| {
            let two = c * two;
            Taylor(rho * (c * one + rho * two), c * one + 2.0 * rho * two, 2.0 * two)
        };
        let of_c = |one: f64, two: f64| {
            let own = rho * (one + rho * two);
            Taylor(c * own, own, 0.0)
        };
        let [value, slope, _] = self.sweep(Taylor(1.0 + c, 0.0, 0.0), of_rho)?;
        let [_, along, _] = self.sweep(Taylor(1.0 + c, 1.0, 0.0), of_c)?;
        Some([value, slope, along])
    }

    /// `ln |L U|` of a matrix by its diagonal and cells, with derivatives.
    fn sweep(&self, base: Taylor, cell: impl Fn(f64, f64) -> Taylor) -> Option<[f64; 3]> {
        let n = self.order.len();
        let mut rows: Vec<Vec<Taylor>> =
            self.filled.iter().map(|row| vec![Taylor::default(); row.len()]).collect();
        let mut work = vec![Taylor::default(); n];
        let mut sum = [0.0; 3];
        let mut diagonal = vec![0; n];
        for i in 0..n {
            let columns = &self.filled[i];
            for (j, one, two) in &self.rows[i] {
                work[*j as usize] = cell(*one, *two);
            }
            work[i] = work[i].less(Taylor(-base.0, -base.1, -base.2));
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

    /// Factors of `I − ρW`.
    pub fn factors(&self, rho: f64) -> Option<Factors<'_>> {
        self.factored(1.0, |one, two| rho * (one + rho * two))
    }

    /// Factors of `I + c B B'`.
    pub fn middle_factors(&self, rho: f64, c: f64) -> Option<Factors<'_>> {
        self.factored(1.0 + c, |one, two| c * rho * (one + rho * two))
    }

    fn factored(&self, base: f64, cell: impl Fn(f64, f64) -> f64) -> Option<Factors<'_>> {
        let n = self.order.len();
        let mut values: Vec<Vec<f64>> =
            self.filled.iter().map(|row| vec![0.0; row.len()]).collect();
        let mut work = vec![0.0; n];
        let mut diagonal = vec![0; n];
        for i in 0..n {
            let columns = &self.filled[i];
            for (j, one, two) in &self.rows[i] {
                work[*j as usize] = cell(*one, *two);
            }
            work[i] += base;
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
    /// `L⁻¹ z`, in the order of elimination.
    fn forward(&self, z: &[f64]) -> Vec<f64> {
        let mut x: Vec<f64> = self.own.order.iter().map(|unit| z[*unit as usize]).collect();
        for i in 0..x.len() {
            let (columns, values) = (&self.own.filled[i], &self.values[i]);
            let known: f64 = columns[..self.diagonal[i]]
                .iter()
                .zip(values)
                .map(|(j, value)| value * x[*j as usize])
                .sum();
            x[i] -= known;
        }
        x
    }

    /// `R z` with `R'R` the inverse of a symmetric matrix, in the order of elimination.
    pub fn root(&self, z: &[f64]) -> Vec<f64> {
        // U = D L' of a symmetric matrix, so R = D^(−1/2) L⁻¹.
        let mut x = self.forward(z);
        for (i, x) in x.iter_mut().enumerate() {
            *x /= self.values[i][self.diagonal[i]].sqrt();
        }
        x
    }

    /// `(L U)'⁻¹ z`
    pub fn solve_transposed(&self, z: &[f64]) -> Vec<f64> {
        let order = &self.own.order;
        let n = order.len();
        let mut x: Vec<f64> = order.iter().map(|unit| z[*unit as usize]).collect();
        for i in 0..n {
            let after = self.diagonal[i];
            x[i] /= self.values[i][after];
            let own = x[i];
            for (j, value) in
                self.own.filled[i][after + 1..].iter().zip(&self.values[i][after + 1..])
            {
                x[*j as usize] -= value * own;
            }
        }
        for i in (0..n).rev() {
            let own = x[i];
            for (j, value) in self.own.filled[i][..self.diagonal[i]].iter().zip(&self.values[i]) {
                x[*j as usize] -= value * own;
            }
        }
        self.placed(&x)
    }

    /// Values in the order of units.
    fn placed(&self, x: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; x.len()];
        for (unit, value) in self.own.order.iter().zip(x) {
            out[*unit as usize] = *value;
        }
        out
    }

    /// `(L U)⁻¹ z`
    pub fn solve(&self, z: &[f64]) -> Vec<f64> {
        let mut x = self.forward(z);
        let n = x.len();
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
        self.placed(&x)
    }
}

#[cfg(test)]
mod tests {
    use super::super::determinant::{Spectrum, multiplier, traces, weighted};
    use super::*;
    use crate::linalg::Dense;
    use crate::linalg::small::{form, inverse, product, symmetric_eigenvalues, times, transposed};

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

    #[test]
    fn the_middle_of_random_effects_is_that_of_dense_matrices() {
        let weights = ring(60);
        let own = Elimination::of_middle(&weights);
        let whole = |rho: f64, c: f64| {
            let b =
                |i: usize, j: usize| f64::from(u8::from(i == j)) - rho * weights.to_dense()[(i, j)];
            let rows: Vec<Vec<f64>> = (0..60).map(|i| (0..60).map(|j| b(i, j)).collect()).collect();
            let b = Dense::from_rows(&rows);
            let mut out = product(&b, &transposed(&b));
            out.values_mut().iter_mut().for_each(|own| *own *= c);
            (0..60).for_each(|i| out.row_mut(i)[i] += 1.0);
            out
        };
        let log = |rho, c| -> f64 {
            symmetric_eigenvalues(&whole(rho, c)).unwrap().iter().map(|own| own.ln()).sum()
        };
        let z: Vec<f64> = (0..60).map(|at| f64::from(at).sin()).collect();
        for (rho, c) in [(0.4, 0.0), (-0.6, 2.0), (0.7, 300.0)] {
            let [value, slope, along] = own.middle_determinant(rho, c).unwrap();
            assert!((value - log(rho, c)).abs() < 1e-9 * value.abs().max(1.0));
            let step = 1e-5;
            let by_rho = (log(rho + step, c) - log(rho - step, c)) / (2.0 * step);
            let by_c = (log(rho, c + step) - log(rho, c - step)) / (2.0 * step);
            assert!((slope - by_rho).abs() < 1e-6 * slope.abs().max(1.0), "{slope} {by_rho}");
            assert!((along - by_c).abs() < 1e-6 * along.abs().max(1.0), "{along} {by_c}");
            let factors = own.middle_factors(rho, c).unwrap();
            let inverse = inverse(&whole(rho, c)).unwrap();
            let solved = times(&inverse, &z);
            assert!(factors.solve(&z).iter().zip(&solved).all(|(a, b)| (a - b).abs() < 1e-12));
            let root: f64 = factors.root(&z).iter().map(|own| own * own).sum();
            assert!((root - form(&inverse, &z)).abs() < 1e-11);
        }
        let plain = Elimination::of(&weights);
        let (a, b) = (plain.factors(0.5).unwrap(), transposed(&multiplier(&weights, 0.5).unwrap()));
        let gaps =
            a.solve_transposed(&z).into_iter().zip(times(&b, &z)).map(|(a, b)| (a - b).abs());
        assert!(gaps.fold(0.0, f64::max) < 1e-12);
    }
}
