//! `ln |I − ρW|`, its derivative, and the traces of information matrices.
//!
//! ```text
//! ln|I − ρW| = Σ ln(1 − ρω)        G = W (I − ρW)⁻¹        tr G = Σ ω / (1 − ρω)
//! ```
//!
//! Weights that a scaling of units makes symmetric (row-standardized ones of any symmetric pattern) have real
//! eigenvalues, found from the symmetric matrix. Source: Ord (1975).

use crate::linalg::Dense;
use crate::linalg::factor::Factor;
use crate::linalg::small::{eigenvalues, product, symmetric_eigenvalues};
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
    let dense = weights.to_dense();
    let n = weights.len();
    let mut sum = 0.0;
    for i in 0..n {
        for (j, w) in weights.row(i) {
            sum += w * (dense[(j, i)] + w);
        }
    }
    sum
}

/// `A B` for those who need the whole of it.
pub fn square(a: &Dense) -> Dense {
    product(a, a)
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
