//! What the values of a variable are like: overall, between units, within units.

use super::Panel;
use crate::draws::quantile;

/// Mean and spread of a variable, as a panel has them.
///
/// ```text
/// overall  x_it        between  x̄_i        within  x_it − x̄_i + x̄
/// ```
///
/// Standard deviations have `n − 1` (observations, units, observations) below; as Stata's `xtsum` prints them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Description {
    /// Observations that are there.
    pub count: usize,
    /// Units with an observation.
    pub units: usize,
    /// Mean of all.
    pub mean: f64,
    /// Median of all.
    pub median: f64,
    /// Standard deviations: overall, between, within.
    pub deviation: [f64; 3],
    /// Smallest values: overall, between, within.
    pub least: [f64; 3],
    /// Largest values: overall, between, within.
    pub most: [f64; 3],
}

/// Describes the rows of a variable for which `kept` is true.
pub fn describe(panel: &Panel, values: &[f64], kept: &[bool]) -> Description {
    let units = panel.units();
    let own = || (0..values.len()).filter(|row| kept[*row] && !values[*row].is_nan());
    let all: Vec<f64> = own().map(|row| values[row]).collect();
    let (mut sums, mut counts) = (vec![0.0; units.labels.len()], vec![0.0; units.labels.len()]);
    for row in own() {
        sums[units.codes[row] as usize] += values[row];
        counts[units.codes[row] as usize] += 1.0;
    }
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    let means: Vec<f64> = sums.iter().zip(&counts).map(|(sum, count)| sum / count).collect();
    let between: Vec<f64> = means.iter().copied().filter(|mean| !mean.is_nan()).collect();
    let within = own().map(|row| values[row] - means[units.codes[row] as usize] + mean);
    let spread =
        [Spread::of(all.iter().copied()), Spread::of(between.iter().copied()), Spread::of(within)];
    let mut all = all;
    Description {
        count: all.len(),
        units: between.len(),
        mean,
        median: median(&mut all),
        deviation: spread.map(|own| own.deviation),
        least: spread.map(|own| own.least),
        most: spread.map(|own| own.most),
    }
}

/// How far some values lie apart.
#[derive(Clone, Copy)]
struct Spread {
    deviation: f64,
    least: f64,
    most: f64,
}

impl Spread {
    fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let (mut n, mut sum) = (0.0, 0.0);
        let (mut least, mut most) = (f64::NAN, f64::NAN);
        for value in values.clone() {
            n += 1.0;
            sum += value;
            least = least.min(value);
            most = most.max(value);
        }
        let mean = sum / n;
        let squares: f64 = values.map(|value| (value - mean).powi(2)).sum();
        Spread { deviation: (squares / (n - 1.0)).sqrt(), least, most }
    }
}

/// The median (type 7), without putting everything in order; `NaN` of nothing.
fn median(values: &mut [f64]) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    let (below, upper) = ((values.len() - 1) / 2, values.len() / 2);
    let (before, high, _) = values.select_nth_unstable_by(upper, f64::total_cmp);
    let high = *high;
    if below == upper {
        return high;
    }
    let low = before.iter().copied().max_by(f64::total_cmp).unwrap_or(high);
    // As `quantile` has it, so that it is the same bits.
    quantile(&[low, high], 0.5)
}

/// `√(Σ(x − x̄)² / (n − 1))`; `NaN` for less than two values.
pub fn standard_deviation(values: &[f64]) -> f64 {
    Spread::of(values.iter().copied()).deviation
}

/// Quantiles `share` and `1 − share` (type 7) of the values that are there.
pub fn tails(values: &[f64], share: f64) -> (f64, f64) {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    if sorted.is_empty() {
        return (f64::NEG_INFINITY, f64::INFINITY);
    }
    sorted.sort_by(f64::total_cmp);
    (quantile(&sorted, share), quantile(&sorted, 1.0 - share))
}

#[cfg(test)]
mod tests {
    use super::super::Keys;
    use super::*;

    #[test]
    fn spread_is_overall_between_and_within() {
        let labels = |of: [&str; 2]| of.map(String::from).to_vec();
        let units =
            Keys { name: "id".into(), labels: labels(["a", "b"]), codes: vec![0, 0, 1, 1].into() };
        let periods =
            Keys { name: "t".into(), labels: labels(["1", "2"]), codes: vec![0, 1, 0, 1].into() };
        let panel = Panel::new(units, periods, Vec::new()).unwrap();
        let found = describe(&panel, &[1.0, 3.0, 5.0, 7.0], &[true; 4]);
        assert_eq!((found.count, found.units, found.mean, found.median), (4, 2, 4.0, 4.0));
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-14, "{a} {b}");
        close(found.deviation[0], (20.0_f64 / 3.0).sqrt());
        close(found.deviation[1], 8.0_f64.sqrt());
        close(found.deviation[2], (4.0_f64 / 3.0).sqrt());
        assert_eq!((found.least, found.most), ([1.0, 2.0, 3.0], [7.0, 6.0, 5.0]));
    }
}
