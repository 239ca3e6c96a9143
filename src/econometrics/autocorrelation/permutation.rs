//! What shuffling gives by trying: pseudo p-values of the global and the local Moran's I.
//!
//! ```text
//! p = (R + 1) / (m + 1),   R the number of m shuffles at least as far out, on the side where they are fewer
//! ```
//!
//! That is one-sided towards the side of the observed value, as `p_sim` of esda; shuffles that give the very value observed
//! count as above it, which matters where values repeat. Every shuffle is a pure function of the
//! seed, its number and (for the local measure) the label of the unit, so results are the same bits for any number of
//! threads, and a unit's shuffles do not depend on how many other units there are.
//! Source: Anselin (1995), section 2; Fisher & Yates (1938) for the shuffle.

use rayon::prelude::*;

use super::{AutocorrelationError, Deviations, Sums, cross};
use crate::draws::{Stream, parameter};
use crate::weights::Weights;

/// How often to shuffle, and under which seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shuffles {
    /// The seed.
    pub seed: u64,
    /// Number of shuffles m.
    pub count: u32,
}

/// What shuffles of all values among all units give for Moran's I.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shuffled {
    /// Moran's I as observed.
    pub statistic: f64,
    /// Shuffles whose I is at least the observed one.
    pub above: u32,
    /// Pseudo p-value, one-sided towards the side of the observed value.
    pub p: f64,
    /// Mean over the shuffles.
    pub mean: f64,
    /// Variance over the shuffles, divided by their number.
    pub variance: f64,
}

/// What conditional shuffles give for one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalShuffled {
    /// Shuffles whose Iᵢ is at least the observed one.
    pub above: u32,
    /// Pseudo p-value, one-sided towards the side of the observed value. NaN for a unit whose value is the mean or that is
    /// an island: every shuffle gives the same there.
    pub p: f64,
}

/// Moran's I with every value shuffled among all units.
///
/// # Errors
/// As of [`super::moran`].
///
/// # Panics
/// If there is not one value per unit, or no shuffle is asked for.
#[track_caller]
pub fn shuffle_moran(
    weights: &Weights,
    values: &[f64],
    shuffles: Shuffles,
) -> Result<Shuffled, AutocorrelationError> {
    assert!(shuffles.count > 0, "at least one shuffle expected");
    let Deviations { z, squares, .. } = Deviations::of(weights, values, 4)?;
    let scale = z.len() as f64 / Sums::of(weights).s0 / squares;
    let statistic = scale * cross(weights, &z);
    let name = parameter("moran");
    let of_shuffle = |shuffle: u32, z: &mut Vec<f64>, first: &[f64]| {
        z.copy_from_slice(first);
        let stream = Stream::new(shuffles.seed, shuffle, name);
        for place in 0..z.len() - 1 {
            let other = place + below(&stream, place, z.len() - place);
            z.swap(place, other);
        }
        scale * cross(weights, z)
    };
    let found: Vec<f64> = (0..shuffles.count)
        .into_par_iter()
        .map_init(|| z.clone(), |own, shuffle| of_shuffle(shuffle, own, &z))
        .collect();
    let count = f64::from(shuffles.count);
    let mean = found.iter().sum::<f64>() / count;
    let variance = found.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    let above = found.iter().filter(|value| at_least(**value, statistic)).count() as u32;
    Ok(Shuffled { statistic, above, p: pseudo(above, shuffles.count), mean, variance })
}

/// Local Moran's I of every unit with the values of the others shuffled among its neighbours.
///
/// # Errors
/// As of [`super::local::local_moran`].
///
/// # Panics
/// If there is not one value per unit, or no shuffle is asked for.
#[track_caller]
pub fn shuffle_local_moran(
    weights: &Weights,
    values: &[f64],
    shuffles: Shuffles,
) -> Result<Vec<LocalShuffled>, AutocorrelationError> {
    assert!(shuffles.count > 0, "at least one shuffle expected");
    let Deviations { z, .. } = Deviations::of(weights, values, 3)?;
    let lags = weights.lag(&z);
    let of_unit = |unit: usize| {
        let cells: Vec<f64> = weights.row(unit).map(|(_, value)| value).collect();
        let mut others: Vec<f64> = Vec::with_capacity(z.len() - 1);
        others.extend(z[..unit].iter().chain(&z[unit + 1..]));
        let mut swapped = vec![0; cells.len()];
        let observed = z[unit] * lags[unit];
        let name = parameter(&format!("local moran {}", weights.units()[unit]));
        let mut above = 0;
        for shuffle in 0..shuffles.count {
            let stream = Stream::new(shuffles.seed, shuffle, name);
            let mut lag = 0.0;
            for (place, cell) in cells.iter().enumerate() {
                swapped[place] = place + below(&stream, place, others.len() - place);
                others.swap(place, swapped[place]);
                lag += cell * others[place];
            }
            // Every shuffle begins from the same order.
            for (place, other) in swapped.iter().enumerate().rev() {
                others.swap(place, *other);
            }
            above += u32::from(at_least(z[unit] * lag, observed));
        }
        let varies = z[unit] != 0.0 && !cells.is_empty();
        LocalShuffled { above, p: if varies { pseudo(above, shuffles.count) } else { f64::NAN } }
    };
    Ok((0..z.len()).into_par_iter().map(of_unit).collect())
}

/// A whole number below `bound`, each as likely as the others up to 2⁻⁵³.
fn below(stream: &Stream, index: usize, bound: usize) -> usize {
    ((stream.uniform(index as u32) * bound as f64) as usize).min(bound - 1)
}

/// At least as large, where a gap of rounding counts as none: the same values summed in another order.
fn at_least(found: f64, observed: f64) -> bool {
    found >= observed - 1e-12 * observed.abs()
}

fn pseudo(above: u32, count: u32) -> f64 {
    f64::from(above.min(count - above) + 1) / f64::from(count + 1)
}

#[cfg(test)]
mod tests {
    use super::super::{local::Convention, local::local_moran, moran, tests::ring};
    use super::*;

    fn values(n: usize) -> Vec<f64> {
        (0..n).map(|at| ((at * at + 3 * at) % 17) as f64 + 0.1 * at as f64).collect()
    }

    #[test]
    fn shuffles_meet_the_moments() {
        let (weights, values) = (ring(24, 2), values(24));
        let shuffles = Shuffles { seed: 5, count: 20_000 };
        let found = shuffle_moran(&weights, &values, shuffles).unwrap();
        let told = moran(&weights, &values).unwrap().randomisation;
        let error = (told.variance / 20_000.0).sqrt();
        assert!((found.mean - told.expectation).abs() < 5.0 * error, "{found:?} {told:?}");
        assert!((found.variance / told.variance - 1.0).abs() < 0.08, "{found:?} {told:?}");
    }

    #[test]
    fn threads_do_not_show() {
        let (weights, values) = (ring(24, 2), values(24));
        let shuffles = Shuffles { seed: 5, count: 999 };
        let both = || {
            (
                shuffle_moran(&weights, &values, shuffles).unwrap(),
                shuffle_local_moran(&weights, &values, shuffles).unwrap(),
            )
        };
        let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let one = pool(1).install(both);
        let many = pool(4).install(both);
        assert_eq!(one.0.mean.to_bits(), many.0.mean.to_bits());
        assert_eq!(one, many);
        let other = shuffle_moran(&weights, &values, Shuffles { seed: 6, ..shuffles }).unwrap();
        assert_ne!(one.0.mean, other.mean);
    }

    /// A pseudo p-value is near that of the deviate where values are many and neighbours not few.
    #[test]
    fn local_shuffles_agree_with_the_deviate() {
        let (weights, values) = (ring(60, 6), values(60));
        let found =
            shuffle_local_moran(&weights, &values, Shuffles { seed: 1, count: 4_000 }).unwrap();
        let told = local_moran(&weights, &values, Convention::Spdep).unwrap();
        for (found, told) in found.iter().zip(&told) {
            let normal = 0.5 * statrs::function::erf::erfc(told.moments.z.abs() / 2f64.sqrt());
            assert!((found.p - normal).abs() < 0.06, "{found:?} {told:?}");
        }
    }
}
