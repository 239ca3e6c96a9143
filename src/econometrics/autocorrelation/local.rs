//! Local Moran's I: where neighbours are alike, and where they are not.
//!
//! ```text
//! Iᵢ = zᵢ Σⱼ wᵢⱼ zⱼ / m₂,   m₂ = Σ z² / n      (spdep)   or   Σ z² / (n − 1)   (esda)
//! ```
//!
//! The moments are conditional: the unit keeps its value, those of the others are shuffled.
//!
//! ```text
//! E(Iᵢ) = −zᵢ² wᵢ· / ((n − 1) m₂)
//! V(Iᵢ) = (zᵢ / m₂)² · n/(n − 2) · (wᵢ₍₂₎ − wᵢ·²/(n − 1)) · (m₂ − zᵢ²/(n − 1))
//! wᵢ· = Σⱼ wᵢⱼ,  wᵢ₍₂₎ = Σⱼ wᵢⱼ²,  m₂ = Σ z² / n
//! ```
//!
//! Source: Anselin (1995), *Local indicators of spatial association*; Sokal, Oden & Thomson (1998), eqs. A7, A8.

use super::{AutocorrelationError, Deviations, Moments};
use crate::weights::Weights;

/// Conventions of two programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Convention {
    /// `localmoran` of spdep (1.2 and later): squares are divided by n; neighbours are high or low in relation to the mean of
    /// all lags.
    Spdep,
    /// `Moran_Local` of esda: squares are divided by n − 1; neighbours are high or low in relation to the mean of all values.
    Esda,
}

/// A unit and its neighbours, high or low.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quadrant {
    /// High among high: a cluster.
    HighHigh,
    /// Low among high: an outlier.
    LowHigh,
    /// Low among low: a cluster.
    LowLow,
    /// High among low: an outlier.
    HighLow,
}

impl Quadrant {
    /// Number of the quadrant on the Moran plot as esda has it, 1 to 4.
    pub fn number(self) -> u8 {
        match self {
            Quadrant::HighHigh => 1,
            Quadrant::LowHigh => 2,
            Quadrant::LowLow => 3,
            Quadrant::HighLow => 4,
        }
    }

    /// Words for the unit and its neighbours, as spdep has them.
    pub fn words(self) -> &'static str {
        match self {
            Quadrant::HighHigh => "High-High",
            Quadrant::LowHigh => "Low-High",
            Quadrant::LowLow => "Low-Low",
            Quadrant::HighLow => "High-Low",
        }
    }
}

/// Local Moran's I of one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Local {
    /// Iᵢ in the convention asked for.
    pub statistic: f64,
    /// Conditional moments of Iᵢ with squares divided by n, in either convention, because both programs give these; the
    /// deviate is of that Iᵢ. NaN for a unit whose value is the mean or that is an island: there is nothing to vary.
    pub moments: Moments,
    /// High or low among high or low; what is at the mean counts as low.
    pub quadrant: Quadrant,
    /// The unit's value less the mean, in standard deviations (squares divided by n).
    pub deviation: f64,
    /// What its neighbours' deviations come to by the weights; on these, `deviation` has the slope I if rows sum to one.
    pub lag: f64,
}

/// Local Moran's I of every unit.
///
/// One value per unit, in the order of the weights.
///
/// # Errors
/// Fewer than three units, values that are no numbers or all one, no neighbours.
///
/// # Panics
/// If there is not one value per unit.
#[track_caller]
pub fn local_moran(
    weights: &Weights,
    values: &[f64],
    convention: Convention,
) -> Result<Vec<Local>, AutocorrelationError> {
    let Deviations { z, squares, .. } = Deviations::of(weights, values, 3)?;
    let n = z.len() as f64;
    let m2 = squares / n;
    let lags = weights.lag(&z);
    let divisor = match convention {
        Convention::Spdep => m2,
        Convention::Esda => squares / (n - 1.0),
    };
    let high = match convention {
        Convention::Spdep => above_their_mean(&weights.lag(values)),
        Convention::Esda => lags.iter().map(|lag| *lag > 0.0).collect(),
    };
    let of_unit = |unit: usize| {
        let (z, lag) = (z[unit], lags[unit]);
        let sum: f64 = weights.row(unit).map(|(_, value)| value).sum();
        let of_squares: f64 = weights.row(unit).map(|(_, value)| value * value).sum();
        let expectation = -(z * z * sum) / ((n - 1.0) * m2);
        let variance = (z / m2).powi(2)
            * (n / (n - 2.0))
            * (of_squares - sum * sum / (n - 1.0))
            * (m2 - z * z / (n - 1.0));
        let quadrant = match (z > 0.0, high[unit]) {
            (true, true) => Quadrant::HighHigh,
            (false, true) => Quadrant::LowHigh,
            (false, false) => Quadrant::LowLow,
            (true, false) => Quadrant::HighLow,
        };
        Local {
            statistic: z * lag / divisor,
            moments: Moments::of(z * lag / m2, expectation, variance),
            quadrant,
            deviation: z / m2.sqrt(),
            lag: lag / m2.sqrt(),
        }
    };
    Ok((0..z.len()).map(of_unit).collect())
}

fn above_their_mean(values: &[f64]) -> Vec<bool> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter().map(|value| *value > mean).collect()
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::super::{moran, tests::ring};
    use super::*;

    const VALUES: [f64; 7] = [1.0, 2.5, -3.0, 0.4, 7.0, 2.0, 2.2];

    /// Anselin's property: local values sum to S₀ times the global one.
    #[test]
    fn local_values_sum_to_the_global_one() {
        let weights = ring(7, 2);
        let local = local_moran(&weights, &VALUES, Convention::Spdep).unwrap();
        let sum: f64 = local.iter().map(|local| local.statistic).sum();
        let s0: f64 = weights.row_sums().iter().sum();
        let global = moran(&weights, &VALUES).unwrap().statistic;
        assert_relative_eq!(sum / s0, global, max_relative = 1e-12);
        let esda = local_moran(&weights, &VALUES, Convention::Esda).unwrap();
        for (a, b) in local.iter().zip(&esda) {
            assert_relative_eq!(b.statistic / a.statistic, 6.0 / 7.0, max_relative = 1e-12);
            assert_eq!(a.moments, b.moments);
        }
    }

    /// Conditional moments are those over all pairs of neighbours that the other values can give.
    #[test]
    fn moments_are_those_over_all_orders_of_the_others() {
        let weights = ring(7, 1);
        let local = local_moran(&weights, &VALUES, Convention::Spdep).unwrap();
        let mean = VALUES.iter().sum::<f64>() / 7.0;
        let z: Vec<f64> = VALUES.iter().map(|v| v - mean).collect();
        let m2 = z.iter().map(|z| z * z).sum::<f64>() / 7.0;
        for unit in 0..7 {
            let cells: Vec<f64> = weights.row(unit).map(|(_, value)| value).collect();
            let others: Vec<f64> = (0..7).filter(|other| *other != unit).map(|o| z[o]).collect();
            let mut all = Vec::new();
            for a in 0..6 {
                for b in (0..6).filter(|b| *b != a) {
                    all.push(z[unit] * (cells[0] * others[a] + cells[1] * others[b]) / m2);
                }
            }
            let mean = all.iter().sum::<f64>() / 30.0;
            let variance = all.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 30.0;
            assert_relative_eq!(local[unit].moments.expectation, mean, max_relative = 1e-9);
            assert_relative_eq!(local[unit].moments.variance, variance, max_relative = 1e-9);
        }
    }

    #[test]
    fn an_island_has_no_deviate() {
        let units = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
        let weights = Weights::from_pairs(units, &[(0, 1, 1.0), (1, 0, 1.0), (2, 0, 1.0)]).unwrap();
        let local = local_moran(&weights, &[1.0, 2.0, 3.0, 5.0], Convention::Esda).unwrap();
        assert_eq!(local[3].statistic, 0.0);
        assert!(local[3].moments.z.is_nan());
        assert_eq!(local[3].quadrant, Quadrant::HighLow);
    }
}
