//! `ln |I − ρW|`, its derivative, and the traces of information matrices.
//!
//! ```text
//! ln|I − ρW| = Σ ln(1 − ρω)        G = W (I − ρW)⁻¹        tr G = Σ ω / (1 − ρω)
//! ```
//!
//! Weights that a scaling of units makes symmetric (row-standardized ones of any symmetric pattern) have real
//! eigenvalues, found from the symmetric matrix. Source: Ord (1975).

use super::sparse::{Elimination, Factors};
use crate::linalg::Dense;
use crate::linalg::factor::Factor;
use crate::linalg::small::{eigenvalues, symmetric_eigenvalues};
use crate::memory::numbers;
use crate::weights::Weights;

/// Eigenvalues of W, and what follows from them.
#[derive(Debug, Clone)]
pub struct Spectrum {
    values: Vec<(f64, f64)>,
    low: f64,
    high: f64,
}

/// Traces of `G = W (I − ρW)⁻¹`, or of `J G` with the mean of units taken out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Traces {
    /// tr(G)
    pub one: f64,
    /// tr(G G)
    pub two: f64,
    /// tr(G'G)
    pub cross: f64,
}

/// Roots `d` with `dᵢ wᵢⱼ / dⱼ` symmetric, if there are any.
pub fn symmetrizing(weights: &Weights) -> Option<Vec<f64>> {
    let n = weights.len();
    let mut scale = vec![0.0; n];
    let weight =
        |i: usize, j: usize| weights.row(i).find(|(place, _)| *place == j).map_or(0.0, |(_, w)| w);
    for start in 0..n {
        if scale[start] != 0.0 {
            continue;
        }
        scale[start] = 1.0;
        let mut open = vec![start];
        while let Some(i) = open.pop() {
            for (j, w) in weights.row(i) {
                let back = weight(j, i);
                if back == 0.0 {
                    return None;
                }
                // d_i² w_ij = d_j² w_ji
                let own = scale[i] * w / back;
                if scale[j] == 0.0 {
                    scale[j] = own;
                    open.push(j);
                } else if (scale[j] / own - 1.0).abs() > 1e-10 {
                    return None;
                }
            }
        }
    }
    Some(scale.into_iter().map(f64::sqrt).collect())
}

impl Spectrum {
    /// Eigenvalues of the weights; nothing if they cannot be found.
    pub fn of(weights: &Weights) -> Option<Self> {
        let n = weights.len();
        let mut dense = weights.to_dense();
        let values: Vec<(f64, f64)> = match symmetrizing(weights) {
            Some(roots) => {
                for i in 0..n {
                    for (j, value) in dense.row_mut(i).iter_mut().enumerate() {
                        *value *= roots[i] / roots[j];
                    }
                }
                symmetric_eigenvalues(&dense)?.into_iter().map(|value| (value, 0.0)).collect()
            }
            None => eigenvalues(&dense)?,
        };
        let real = || values.iter().filter(|(_, im)| im.abs() < 1e-12).map(|(re, _)| *re);
        let (least, most) = (real().fold(0.0, f64::min), real().fold(0.0, f64::max));
        // Where no eigenvalue is real and negative, the modulus bounds the coefficient.
        let radius = values.iter().map(|(re, im)| re.hypot(*im)).fold(0.0, f64::max);
        let low = if least < 0.0 { 1.0 / least } else { -1.0 / radius };
        Some(Spectrum { low, high: if most > 0.0 { 1.0 / most } else { 1.0 / radius }, values })
    }

    /// Between which values ρ may lie: `1/ω_min` and `1/ω_max`.
    pub fn bounds(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// `ln |I − ρW|`
    pub fn log_determinant(&self, rho: f64) -> f64 {
        let one = |(re, im): &(f64, f64)| {
            if *im == 0.0 {
                (1.0 - rho * re).ln()
            } else {
                0.5 * ((1.0 - rho * re).powi(2) + (rho * im).powi(2)).ln()
            }
        };
        self.values.iter().map(one).sum()
    }

    /// `d ln |I − ρW| / dρ = −tr G`
    pub fn slope(&self, rho: f64) -> f64 {
        let one = |(re, im): &(f64, f64)| {
            let (a, b) = (1.0 - rho * re, rho * im);
            // Real part of −ω / (1 − ρω).
            -(re * a - im * b) / (a * a + b * b)
        };
        self.values.iter().map(one).sum()
    }
}

/// Units up to which eigenvalues are computed, and beyond which elimination is worth it where neighbours are few.
const EIGENVALUES_UNTIL: usize = 400;
/// The same of weights that cannot be made symmetric.
const UNSYMMETRIC_UNTIL: usize = 120;

/// `ln |I − ρW|` in whatever form answers.
#[derive(Debug, Clone)]
pub enum Determinant {
    /// By eigenvalues: few units, or many neighbours.
    Spectrum(Spectrum),
    /// By sparse elimination, with the values between which ρ may lie: −1 and 1 where rows sum to one.
    Sparse(Elimination, (f64, f64)),
}

/// Whether eigenvalues are less work than elimination: those of weights that no scaling makes symmetric take ten times as long.
fn by_eigenvalues(weights: &Weights) -> bool {
    let n = weights.len();
    let few = match symmetrizing(weights) {
        Some(_) => EIGENVALUES_UNTIL,
        None => UNSYMMETRIC_UNTIL,
    };
    n <= few || weights.pairs() * 10 > n * n
}

impl Determinant {
    /// Bytes that determinants and multipliers of the weights take at their peak: a few dense matrices, or what elimination
    /// fills in, which is not known before and taken to be ten times the neighbours.
    pub fn bytes_needed(weights: &Weights) -> u64 {
        let n = weights.len();
        if by_eigenvalues(weights) {
            return 5 * numbers(n, n);
        }
        12 * 10 * weights.pairs() as u64
    }

    /// Chooses by number of units and of neighbours; nothing if eigenvalues cannot be found.
    pub fn of(weights: &Weights) -> Option<Self> {
        if by_eigenvalues(weights) {
            return Spectrum::of(weights).map(Determinant::Spectrum);
        }
        let most = weights.row_sums().into_iter().fold(0.0, f64::max);
        // Rounding of sums is not to take one out of the range.
        let end = if weights.is_row_standardized() { 1.0 } else { 1.0 / most };
        Some(Determinant::Sparse(Elimination::of(weights), (-end, end)))
    }

    /// Between which values ρ may lie.
    pub fn bounds(&self) -> (f64, f64) {
        match self {
            Determinant::Spectrum(own) => own.bounds(),
            Determinant::Sparse(_, bounds) => *bounds,
        }
    }

    /// `ln |I − ρW|` and its derivative.
    pub fn at(&self, rho: f64) -> (f64, f64) {
        match self {
            Determinant::Spectrum(own) => (own.log_determinant(rho), own.slope(rho)),
            Determinant::Sparse(own, _) => own
                .log_determinant(rho)
                .map_or((f64::NAN, f64::NAN), |[value, slope, _]| (value, slope)),
        }
    }

    /// What follows from `(I − ρW)⁻¹`; nothing if it is singular.
    pub fn multiplier(&self, weights: &Weights, rho: f64) -> Option<Multiplier<'_>> {
        Some(match self {
            Determinant::Spectrum(_) => {
                Multiplier::Dense(weighted(weights, &multiplier(weights, rho)?))
            }
            Determinant::Sparse(own, _) => {
                let [_, slope, curvature] = own.log_determinant(rho)?;
                Multiplier::Sparse(own.factors(rho)?, rho, -slope, -curvature)
            }
        })
    }
}

/// `G = W (I − ρW)⁻¹` at one ρ.
pub enum Multiplier<'a> {
    /// All of it.
    Dense(Dense),
    /// Factors of `I − ρW`, ρ, tr(G), tr(G G).
    Sparse(Factors<'a>, f64, f64, f64),
}

impl Multiplier<'_> {
    /// `G z`
    pub fn times(&self, weights: &Weights, z: &[f64]) -> Vec<f64> {
        match self {
            Multiplier::Dense(g) => crate::linalg::small::times(g, z),
            Multiplier::Sparse(factors, ..) => weights.lag(&factors.solve(z)),
        }
    }

    /// `G' z`, of the weights turned, `W'`.
    pub fn times_transposed(&self, turned: &Weights, z: &[f64]) -> Vec<f64> {
        match self {
            Multiplier::Dense(g) => {
                let mut out = vec![0.0; z.len()];
                for (i, z) in z.iter().enumerate() {
                    out.iter_mut().zip(g.row(i)).for_each(|(out, g)| *out += z * g);
                }
                out
            }
            Multiplier::Sparse(factors, ..) => factors.solve_transposed(&turned.lag(z)),
        }
    }

    /// Traces of `G`, or of `J G` where means of units are taken out (rows that sum to one).
    pub fn traces(&self, weights: &Weights, centred: bool) -> Traces {
        let (factors, rho, one, two) = match self {
            Multiplier::Dense(g) => return traces(g, centred),
            Multiplier::Sparse(factors, rho, one, two) => (factors, *rho, *one, *two),
        };
        use rayon::prelude::*;
        let n = weights.len();
        let column = |unit: usize| {
            let mut z = vec![0.0; n];
            z[unit] = 1.0;
            let own = weights.lag(&factors.solve(&z));
            (own.iter().map(|g| g * g).sum::<f64>(), own.iter().sum::<f64>().powi(2))
        };
        let columns: Vec<(f64, f64)> = (0..n).into_par_iter().map(column).collect();
        let cross: f64 = columns.iter().map(|own| own.0).sum();
        if !centred {
            return Traces { one, two, cross };
        }
        let mean = 1.0 / (1.0 - rho);
        let sums: f64 = columns.iter().map(|own| own.1).sum();
        Traces { one: one - mean, two: two - mean * mean, cross: cross - sums / n as f64 }
    }
}

/// `tr((H + H') G)` of `G` and `H` at their coefficients, or of `J G` and `J H`.
pub fn crossed(
    (g, rho): (&Multiplier<'_>, f64),
    (h, lambda): (&Multiplier<'_>, f64),
    weights: &Weights,
    centred: bool,
) -> f64 {
    use rayon::prelude::*;
    let n = weights.len();
    let column = |unit: usize| {
        let mut z = vec![0.0; n];
        z[unit] = 1.0;
        let (of_g, of_h) = (g.times(weights, &z), h.times(weights, &z));
        let own = h.times(weights, &of_g)[unit];
        let cross: f64 = of_g.iter().zip(&of_h).map(|(a, b)| a * b).sum();
        let sums = of_g.iter().sum::<f64>() * of_h.iter().sum::<f64>();
        (own + cross, sums)
    };
    let columns: Vec<(f64, f64)> = (0..n).into_par_iter().map(column).collect();
    let whole: f64 = columns.iter().map(|own| own.0).sum();
    if !centred {
        return whole;
    }
    let sums: f64 = columns.iter().map(|own| own.1).sum();
    whole - sums / n as f64 - 1.0 / ((1.0 - rho) * (1.0 - lambda))
}

/// `(I − ρW)⁻¹`; nothing if it is singular.
pub fn multiplier(weights: &Weights, rho: f64) -> Option<Dense> {
    let n = weights.len();
    let mut matrix = Dense::zeros(n, n);
    for i in 0..n {
        for (j, w) in weights.row(i) {
            matrix.row_mut(i)[j] = -rho * w;
        }
        matrix.row_mut(i)[i] += 1.0;
    }
    Some(Factor::of(&matrix).ok()?.inverse())
}

/// `W A`
pub fn weighted(weights: &Weights, a: &Dense) -> Dense {
    let n = weights.len();
    let mut out = Dense::zeros(n, n);
    for i in 0..n {
        for (j, w) in weights.row(i) {
            for (cell, value) in out.row_mut(i).iter_mut().zip(a.row(j)) {
                *cell += w * value;
            }
        }
    }
    out
}

/// Traces of `G`, or of `J G` where means of units are taken out (`J = I − 11'/n`).
pub fn traces(g: &Dense, centred: bool) -> Traces {
    let n = g.shape().0;
    let mut own = g.clone();
    if centred {
        let sums = own.column_sums();
        for i in 0..n {
            for (cell, sum) in own.row_mut(i).iter_mut().zip(&sums) {
                *cell -= sum / n as f64;
            }
        }
    }
    let mut traces = Traces { one: 0.0, two: 0.0, cross: 0.0 };
    for i in 0..n {
        traces.one += own[(i, i)];
        for j in 0..n {
            traces.two += own[(i, j)] * own[(j, i)];
            traces.cross += own[(i, j)] * own[(i, j)];
        }
    }
    traces
}

/// `tr(WW + W'W)`
pub fn weights_trace(weights: &Weights) -> f64 {
    let back =
        |i: usize, j: usize| weights.row(j).find(|(place, _)| *place == i).map_or(0.0, |(_, w)| w);
    (0..weights.len()).map(|i| weights.row(i).map(|(j, w)| w * (back(i, j) + w)).sum::<f64>()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Weights {
        let units = ["a", "b", "c"].map(String::from).to_vec();
        let rows = vec![vec![(1, 1.0)], vec![(0, 0.5), (2, 0.5)], vec![(1, 1.0)]];
        Weights::new(units, rows).unwrap()
    }

    #[test]
    fn a_line_of_three_has_eigenvalues_one_nought_and_minus_one() {
        let spectrum = Spectrum::of(&line()).unwrap();
        assert!(
            (spectrum.bounds().0 + 1.0).abs() < 1e-12 && (spectrum.bounds().1 - 1.0).abs() < 1e-12
        );
        assert!((spectrum.log_determinant(0.5) - 0.75_f64.ln()).abs() < 1e-12);
        let step = 1e-6;
        let slope = (spectrum.log_determinant(0.5 + step) - spectrum.log_determinant(0.5 - step))
            / (2.0 * step);
        assert!((spectrum.slope(0.5) - slope).abs() < 1e-8);
        let g = weighted(&line(), &multiplier(&line(), 0.5).unwrap());
        assert!((traces(&g, false).one + spectrum.slope(0.5)).abs() < 1e-12);
    }

    #[test]
    fn weights_of_one_direction_have_complex_eigenvalues() {
        let units = ["a", "b", "c"].map(String::from).to_vec();
        let ring =
            Weights::new(units, vec![vec![(1, 1.0)], vec![(2, 1.0)], vec![(0, 1.0)]]).unwrap();
        assert!(symmetrizing(&ring).is_none());
        let spectrum = Spectrum::of(&ring).unwrap();
        assert!(
            (spectrum.log_determinant(0.5) - 0.875_f64.ln()).abs() < 1e-12,
            "|I − ρW| = 1 − ρ³"
        );
    }
}
