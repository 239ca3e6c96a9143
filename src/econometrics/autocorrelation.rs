//! Spatial autocorrelation: are neighbours alike?
//!
//! ```text
//! Moran's I   I = (n / S₀) Σᵢⱼ wᵢⱼ zᵢ zⱼ / Σᵢ zᵢ²                    z = x − x̄, S₀ = Σᵢⱼ wᵢⱼ
//! Geary's C   C = ((n − 1) / 2S₀) Σᵢⱼ wᵢⱼ (xᵢ − xⱼ)² / Σᵢ zᵢ²
//! local I     Iᵢ = zᵢ Σⱼ wᵢⱼ zⱼ / m₂                                 m₂ = Σᵢ zᵢ² / n
//! ```
//!
//! Both global measures come with expectation and variance under the two usual hypotheses, that values are drawn from one
//! normal distribution or that those observed are shuffled among the units ([`Moments`]); [`local`] has the local measure,
//! [`permutation`] what shuffling gives by trying, and [`residuals`] Moran's I of the residuals of a regression. Every unit
//! counts in n, also an island. METHODS C2; source: Cliff & Ord (1981), *Spatial Processes*, ch. 1 and 2; Moran (1950); Geary
//! (1954); Anselin (1995).

#![allow(non_snake_case)]

pub mod local;
pub mod permutation;
pub mod residuals;

use statrs::function::erf::erfc;

use crate::weights::Weights;

/// Why a measure has no value.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AutocorrelationError {
    /// Too few units for the moments.
    #[error("{found} units; at least {needed} are needed")]
    TooFew {
        /// Units there are.
        found: usize,
        /// Units it takes.
        needed: usize,
    },
    /// A value that is no number.
    #[error("the value of {unit} is {value}; a finite number is needed for every unit")]
    NoNumber {
        /// The unit.
        unit: String,
        /// What was found.
        value: f64,
    },
    /// All units have one value.
    #[error("every unit has the value {0}, so there is nothing to be alike or different")]
    NoVariation(f64),
    /// No unit has a neighbour.
    #[error("no unit has a neighbour")]
    NoNeighbours,
    /// Residuals that are all zero.
    #[error("the residuals are zero: the regression fits perfectly")]
    PerfectFit,
}

/// Which departure from "neighbours are neither alike nor unlike" is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alternative {
    /// Either.
    TwoSided,
    /// The statistic is larger than expected.
    Greater,
    /// The statistic is smaller than expected.
    Less,
}

/// What a statistic is expected to be where neighbours are neither alike nor unlike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// Expectation.
    pub expectation: f64,
    /// Variance.
    pub variance: f64,
    /// Standard deviate, `(statistic − expectation) / √variance`. NaN where the statistic cannot vary, for example because
    /// all units are neighbours of all others with one weight.
    pub z: f64,
}

/// A variance below this, relative to the square of the expectation, is what rounding leaves of nothing.
const NO_VARIANCE: f64 = 1e-12;

impl Moments {
    fn of(statistic: f64, expectation: f64, variance: f64) -> Self {
        let varies = variance > NO_VARIANCE * expectation * expectation;
        let z = if varies { (statistic - expectation) / variance.sqrt() } else { f64::NAN };
        Moments { expectation, variance, z }
    }

    /// Probability of a deviate at least as far out, by the normal distribution.
    pub fn p(&self, alternative: Alternative) -> f64 {
        match alternative {
            Alternative::TwoSided => erfc(self.z.abs() / std::f64::consts::SQRT_2),
            Alternative::Greater => upper_tail(self.z),
            Alternative::Less => upper_tail(-self.z),
        }
    }
}

/// Probability that a standard normal number is above `z`.
fn upper_tail(z: f64) -> f64 {
    0.5 * erfc(z / std::f64::consts::SQRT_2)
}

/// A global measure with its moments under both hypotheses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Global {
    /// The measure.
    pub statistic: f64,
    /// Moments if values are drawn from one normal distribution.
    pub normality: Moments,
    /// Moments if the values observed are shuffled among the units.
    pub randomisation: Moments,
}

/// Sums of weights that the moments are made of.
///
/// ```text
/// S₀ = Σᵢⱼ wᵢⱼ     S₁ = ½ Σᵢⱼ (wᵢⱼ + wⱼᵢ)²     S₂ = Σᵢ (wᵢ· + w·ᵢ)²
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sums {
    /// S₀, the sum of all weights.
    pub s0: f64,
    /// S₁, half the sum of squares of both directions together.
    pub s1: f64,
    /// S₂, the sum of squares of row and column sums together.
    pub s2: f64,
}

impl Sums {
    /// The sums of some weights.
    pub fn of(weights: &Weights) -> Self {
        let other = weights.transposed();
        let (rows, columns) = (weights.row_sums(), other.row_sums());
        let s0 = rows.iter().sum();
        let s2 = rows.iter().zip(&columns).map(|(row, column)| (row + column).powi(2)).sum();
        // Σᵢⱼ (wᵢⱼ + wⱼᵢ)² / 2 = Σᵢⱼ wᵢⱼ² + Σᵢⱼ wᵢⱼ wⱼᵢ
        let mut s1 = 0.0;
        for unit in 0..weights.len() {
            let mut back = other.row(unit).peekable();
            for (place, value) in weights.row(unit) {
                while back.peek().is_some_and(|(at, _)| *at < place) {
                    back.next();
                }
                let mirror = back.peek().filter(|(at, _)| *at == place).map_or(0.0, |(_, w)| *w);
                s1 += value * (value + mirror);
            }
        }
        Sums { s0, s1, s2 }
    }
}

/// Values less their mean, with the sums of their powers.
#[derive(Debug, Clone)]
pub(crate) struct Deviations {
    pub(crate) z: Vec<f64>,
    /// Σ z²
    pub(crate) squares: f64,
    /// n Σ z⁴ / (Σ z²)²
    pub(crate) kurtosis: f64,
}

impl Deviations {
    #[track_caller]
    pub(crate) fn of(
        weights: &Weights,
        values: &[f64],
        needed: usize,
    ) -> Result<Self, AutocorrelationError> {
        assert_eq!(values.len(), weights.len(), "one value per unit expected");
        let n = values.len();
        if n < needed {
            return Err(AutocorrelationError::TooFew { found: n, needed });
        }
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            let (unit, value) = (weights.units()[at].clone(), values[at]);
            return Err(AutocorrelationError::NoNumber { unit, value });
        }
        if weights.pairs() == 0 {
            return Err(AutocorrelationError::NoNeighbours);
        }
        // The mean of rounded numbers is rounded: a second pass takes what is left.
        let first = values.iter().sum::<f64>() / n as f64;
        let mean = first + values.iter().map(|value| value - first).sum::<f64>() / n as f64;
        let z: Vec<f64> = values.iter().map(|value| value - mean).collect();
        let squares: f64 = z.iter().map(|z| z * z).sum();
        let size = values.iter().map(|value| value.abs()).fold(0.0, f64::max);
        if z.iter().all(|z| z.abs() <= 4.0 * f64::EPSILON * size) {
            return Err(AutocorrelationError::NoVariation(mean));
        }
        let fourth: f64 = z.iter().map(|z| z.powi(4)).sum();
        Ok(Deviations { z, squares, kurtosis: n as f64 * fourth / (squares * squares) })
    }
}

/// Moran's I: above its expectation where neighbours are alike, below where they differ.
///
/// ```text
/// I = (n / S₀) z'Wz / z'z          E = −1/(n − 1)
/// normality       V = (n² S₁ − n S₂ + 3 S₀²) / (S₀² (n² − 1)) − E²
/// randomisation   V = (n [(n² − 3n + 3) S₁ − n S₂ + 3 S₀²] − k [n(n − 1) S₁ − 2n S₂ + 6 S₀²])
///                     / ((n − 1)(n − 2)(n − 3) S₀²) − E²,   k = n Σz⁴ / (Σz²)²
/// ```
///
/// One value per unit, in the order of the weights.
///
/// # Errors
/// Fewer than four units, values that are no numbers or all one, no neighbours.
///
/// # Panics
/// If there is not one value per unit.
///
/// Source: Cliff & Ord (1981), ch. 2, as `moran.test` of spdep and `Moran` of esda.
///
/// # Examples
/// ```
/// use irio::econometrics::autocorrelation::{Alternative, moran};
/// use irio::weights::Weights;
///
/// let units = ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec();
/// let line = [(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2), (3, 4), (4, 3)].map(|(i, j)| (i, j, 1.0));
/// let weights = Weights::from_pairs(units, &line).unwrap();
/// let rising = moran(&weights, &[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
/// assert_eq!(rising.statistic, 0.5);
/// assert_eq!(rising.normality.expectation, -0.25);
/// assert!(rising.normality.p(Alternative::Greater) < 0.05);
/// ```
#[track_caller]
pub fn moran(weights: &Weights, values: &[f64]) -> Result<Global, AutocorrelationError> {
    let Deviations { z, squares, kurtosis: k } = Deviations::of(weights, values, 4)?;
    let Sums { s0, s1, s2 } = Sums::of(weights);
    let n = z.len() as f64;
    let statistic = n / s0 * cross(weights, &z) / squares;
    let expectation = -1.0 / (n - 1.0);
    let normality = (n * n * s1 - n * s2 + 3.0 * s0 * s0) / (s0 * s0 * (n * n - 1.0));
    let shuffled = (n * ((n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * s0 * s0)
        - k * (n * (n - 1.0) * s1 - 2.0 * n * s2 + 6.0 * s0 * s0))
        / ((n - 1.0) * (n - 2.0) * (n - 3.0) * s0 * s0);
    let moments =
        |square: f64| Moments::of(statistic, expectation, square - expectation * expectation);
    Ok(Global { statistic, normality: moments(normality), randomisation: moments(shuffled) })
}

/// Geary's C: below 1 where neighbours are alike, above where they differ.
///
/// ```text
/// C = ((n − 1) / 2S₀) Σᵢⱼ wᵢⱼ (xᵢ − xⱼ)² / Σz²          E = 1
/// normality       V = ((2 S₁ + S₂)(n − 1) − 4 S₀²) / (2 (n + 1) S₀²)
/// randomisation   V = [(n − 1) S₁ (n² − 3n + 3 − (n − 1) k) − ¼ (n − 1) S₂ (n² + 3n − 6 − (n² − n + 2) k)
///                      + S₀² (n² − 3 − (n − 1)² k)] / (n (n − 2)(n − 3) S₀²)
/// ```
///
/// The deviate is `(C − 1) / √V`, so it is negative where neighbours are alike, as in esda; spdep prints it with the other
/// sign.
///
/// # Errors
/// As of [`moran`].
///
/// # Panics
/// If there is not one value per unit.
///
/// Source: Cliff & Ord (1981), ch. 2.
#[track_caller]
pub fn geary(weights: &Weights, values: &[f64]) -> Result<Global, AutocorrelationError> {
    let Deviations { z, squares, kurtosis: k } = Deviations::of(weights, values, 4)?;
    let Sums { s0, s1, s2 } = Sums::of(weights);
    let n = z.len() as f64;
    let of_unit = |unit: usize| -> f64 {
        weights.row(unit).map(|(place, value)| value * (z[unit] - z[place]).powi(2)).sum()
    };
    let differences: f64 = (0..z.len()).map(of_unit).sum();
    let statistic = (n - 1.0) / (2.0 * s0) * differences / squares;
    let normality = ((2.0 * s1 + s2) * (n - 1.0) - 4.0 * s0 * s0) / (2.0 * (n + 1.0) * s0 * s0);
    let shuffled = ((n - 1.0) * s1 * (n * n - 3.0 * n + 3.0 - (n - 1.0) * k)
        - 0.25 * (n - 1.0) * s2 * (n * n + 3.0 * n - 6.0 - (n * n - n + 2.0) * k)
        + s0 * s0 * (n * n - 3.0 - (n - 1.0).powi(2) * k))
        / (n * (n - 2.0) * (n - 3.0) * s0 * s0);
    let moments = |variance: f64| Moments::of(statistic, 1.0, variance);
    Ok(Global { statistic, normality: moments(normality), randomisation: moments(shuffled) })
}

/// `z'Wz`.
fn cross(weights: &Weights, z: &[f64]) -> f64 {
    weights.lag(z).iter().zip(z).map(|(lag, z)| lag * z).sum()
}

#[cfg(test)]
pub(crate) mod tests {
    use approx::assert_relative_eq;

    use super::*;

    /// Units in a ring, each with the next `reach` on both sides; the first has a weight of its own.
    pub(crate) fn ring(n: usize, reach: usize) -> Weights {
        let units = (0..n).map(|at| format!("u{at}")).collect();
        let mut pairs = Vec::new();
        for unit in 0..n {
            for step in 1..=reach {
                let weight = if unit == 0 { 2.0 } else { 1.0 / step as f64 };
                pairs.push((unit, (unit + step) % n, weight));
                pairs.push((unit, (unit + n - step) % n, weight));
            }
        }
        Weights::from_pairs(units, &pairs).unwrap()
    }

    /// All orders of a list.
    fn orders(values: &[f64]) -> Vec<Vec<f64>> {
        if values.len() <= 1 {
            return vec![values.to_vec()];
        }
        let mut all = Vec::new();
        for first in 0..values.len() {
            let mut rest = values.to_vec();
            let value = rest.remove(first);
            for mut order in orders(&rest) {
                order.insert(0, value);
                all.push(order);
            }
        }
        all
    }

    /// Under randomisation, the moments are those over all orders of the values.
    #[test]
    fn moments_of_shuffling_are_those_over_all_orders() {
        let values = [1.0, 2.5, -3.0, 0.4, 7.0, 2.0, 2.2];
        let weights = ring(7, 2);
        for measure in [moran, geary] {
            let found: Vec<f64> = orders(&values)
                .iter()
                .map(|order| measure(&weights, order).unwrap().statistic)
                .collect();
            let count = found.len() as f64;
            let mean = found.iter().sum::<f64>() / count;
            let variance = found.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / count;
            let told = measure(&weights, &values).unwrap().randomisation;
            assert_relative_eq!(told.expectation, mean, max_relative = 1e-9);
            assert_relative_eq!(told.variance, variance, max_relative = 1e-9);
        }
    }

    #[test]
    fn a_shift_and_a_scale_change_nothing() {
        let weights = ring(9, 1);
        let values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0];
        let other: Vec<f64> = values.iter().map(|v| 1e6 + 3.0 * v).collect();
        for measure in [moran, geary] {
            let (a, b) = (measure(&weights, &values).unwrap(), measure(&weights, &other).unwrap());
            assert_relative_eq!(a.statistic, b.statistic, max_relative = 1e-9);
            assert_relative_eq!(a.randomisation.z, b.randomisation.z, max_relative = 1e-9);
        }
    }

    #[test]
    fn what_cannot_vary_has_no_deviate() {
        let pairs: Vec<_> = (0..49)
            .map(|at| (at / 7, at % 7, 0.1))
            .filter(|(unit, other, _)| unit != other)
            .collect();
        let units = (0..7).map(|at| at.to_string()).collect();
        let all = Weights::from_pairs(units, &pairs).unwrap();
        let values = [1.0, 2.5, -3.0, 0.4, 7.0, 2.0, 2.2];
        let found = moran(&all, &values).unwrap();
        assert_relative_eq!(found.statistic, -1.0 / 6.0, max_relative = 1e-12);
        assert!(found.normality.z.is_nan() && found.randomisation.z.is_nan());
        assert!(found.normality.p(Alternative::TwoSided).is_nan());
        let local = local::local_moran(&all, &values, local::Convention::Esda).unwrap();
        assert!(local.iter().all(|local| local.moments.z.is_nan()));
    }

    #[test]
    fn a_question_without_an_answer_is_an_error() {
        let weights = ring(5, 1);
        let of = |values: &[f64]| moran(&weights, values).unwrap_err();
        assert_eq!(of(&[0.1; 5]), AutocorrelationError::NoVariation(0.1));
        assert!(matches!(
            of(&[1.0, f64::NAN, 2.0, 3.0, 4.0]),
            AutocorrelationError::NoNumber { .. }
        ));
        let three = moran(&ring(3, 1), &[1.0, 2.0, 3.0]).unwrap_err();
        assert_eq!(three, AutocorrelationError::TooFew { found: 3, needed: 4 });
        let alone = Weights::from_pairs(weights.units().to_vec(), &[]).unwrap();
        let none = geary(&alone, &[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap_err();
        assert_eq!(none, AutocorrelationError::NoNeighbours);
    }
}
