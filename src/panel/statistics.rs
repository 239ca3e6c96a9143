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
    let of_unit = |unit: usize| sums[unit] / counts[unit];
    let between: Vec<f64> =
        (0..sums.len()).filter(|unit| counts[*unit] > 0.0).map(of_unit).collect();
    let within: Vec<f64> =
        own().map(|row| values[row] - of_unit(units.codes[row] as usize) + mean).collect();
    let median = median(&mut all.clone());
    let three = |of: fn(&[f64]) -> f64| [of(&all), of(&between), of(&within)];
    Description {
        count: all.len(),
        units: between.len(),
        mean,
        median,
        deviation: three(standard_deviation),
        least: three(|values| values.iter().copied().fold(f64::NAN, f64::min)),
        most: three(|values| values.iter().copied().fold(f64::NAN, f64::max)),
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
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt()
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
        let units = Keys { name: "id".into(), labels: labels(["a", "b"]), codes: vec![0, 0, 1, 1] };
        let periods =
            Keys { name: "t".into(), labels: labels(["1", "2"]), codes: vec![0, 1, 0, 1] };
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
