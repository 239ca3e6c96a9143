//! From values to places, and the numbers of an axis.

/// A straight map from values to places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    domain: [f64; 2],
    range: [f64; 2],
}

impl Scale {
    /// Takes `domain` to `range`; a domain without width is given one.
    pub fn new(domain: [f64; 2], range: [f64; 2]) -> Self {
        let [low, high] = domain;
        let domain = if high > low { domain } else { [low - 0.5, low + 0.5] };
        Scale { domain, range }
    }

    /// Place of a value.
    pub fn at(&self, value: f64) -> f64 {
        let [low, high] = self.domain;
        let [start, end] = self.range;
        start + (value - low) / (high - low) * (end - start)
    }

    /// The values at its two ends.
    pub fn domain(&self) -> [f64; 2] {
        self.domain
    }

    /// The places at its two ends.
    pub fn range(&self) -> [f64; 2] {
        self.range
    }
}

/// Numbers of an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticks {
    /// They, rising.
    pub values: Vec<f64>,
    /// How far they are apart: 1, 2, 2.5 or 5 times a power of ten.
    pub step: f64,
}

/// Round numbers inside an interval, at most `most` of them (and at least two where it has width).
///
/// # Examples
/// ```
/// use irio::figure::scale::ticks;
/// assert_eq!(ticks(-6300.0, 5100.0, 4).values, [-5000.0, 0.0, 5000.0]);
/// assert_eq!(ticks(0.0, 10.0, 6).values, [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
/// ```
pub fn ticks(low: f64, high: f64, most: usize) -> Ticks {
    let width = (high - low).max(f64::MIN_POSITIVE);
    let mut power = 10f64.powf((width / most.max(2) as f64).log10().floor());
    if !power.is_normal() {
        power = 1.0;
    }
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 25.0, 50.0].map(|factor| factor * power);
    let count = |step: f64| ((high / step + 1e-9).floor() - (low / step - 1e-9).ceil()) as i64 + 1;
    let step = steps.into_iter().find(|step| count(*step) <= most as i64).unwrap_or(steps[7]);
    let (first, last) = ((low / step - 1e-9).ceil() as i64, (high / step + 1e-9).floor() as i64);
    Ticks { values: (first..=last).map(|at| at as f64 * step).collect(), step }
}

/// A round number not below a size: 1, 2 or 5 times a power of ten.
///
/// # Examples
/// ```
/// use irio::figure::scale::round_up;
/// assert_eq!(round_up(3120.0), 5000.0);
/// assert_eq!(round_up(0.2), 0.2);
/// ```
pub fn round_up(size: f64) -> f64 {
    let power = 10f64.powf(size.log10().floor());
    let found = [1.0, 2.0, 5.0, 10.0].iter().map(|factor| factor * power);
    found.into_iter().find(|round| *round >= size * (1.0 - 1e-9)).unwrap_or(size)
}

/// Class of a value among nine: 4 for almost nothing, 8 and 0 for most. Both arms have the same breaks.
pub fn diverging_class(value: f64, breaks: &[f64; 4]) -> u8 {
    let above = breaks.iter().filter(|limit| value.abs() >= **limit).count() as u8;
    if value < 0.0 { 4 - above } else { 4 + above }
}

/// Four round breaks for values up to a size: about a fiftieth, a tenth, a fifth (or quarter) and a half of it.
pub fn diverging_breaks(largest: f64) -> [f64; 4] {
    let top = round_up(largest.abs().max(f64::MIN_POSITIVE) / 2.0);
    // From the top down along 1, 2, 5.
    let leading = top / 10f64.powf(top.log10().floor() + 1e-9);
    let below = |at: f64| match at {
        at if at < 1.5 => [1.0, 0.5, 0.2, 0.05],
        at if at < 3.5 => [1.0, 0.5, 0.25, 0.05],
        _ => [1.0, 0.4, 0.2, 0.04],
    };
    let mut breaks = below(leading).map(|share| share * top);
    breaks.reverse();
    breaks
}

/// Up to five round breaks between levels from `low` to `high`, rising: equal steps where the levels are of one
/// size, else 1, 2, 5 and their tenths down from the highest.
///
/// # Examples
/// ```
/// use irio::figure::scale::sequential_breaks;
/// assert_eq!(sequential_breaks(3.0, 7000.0), [200.0, 500.0, 1000.0, 2000.0, 5000.0]);
/// assert_eq!(sequential_breaks(30.0, 70.0), [40.0, 50.0, 60.0]);
/// ```
pub fn sequential_breaks(low: f64, high: f64) -> Vec<f64> {
    if high <= 0.0 || !high.is_finite() {
        return Vec::new();
    }
    if low > 0.0 && high / low < 8.0 {
        let inside = |at: &f64| *at > low * (1.0 + 1e-9) && *at < high * (1.0 - 1e-9);
        let found: Vec<f64> = ticks(low, high, 5).values.into_iter().filter(inside).collect();
        if !found.is_empty() {
            return found;
        }
    }
    let power = high.log10().floor() as i32;
    // Powers of a whole number, not products of tenths: 0.2 stays 0.2.
    let round = (0..3).flat_map(|down| [5.0, 2.0, 1.0].map(|of| of * 10f64.powi(power - down)));
    let mut found: Vec<f64> = round.filter(|at| *at < high * (1.0 - 1e-9)).take(5).collect();
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_few() {
        for (low, high) in [(0.0, 1.0), (-3.0, 17.0), (-1e-7, 3e-7), (1e6, 9e6), (5.0, 5.0)] {
            for most in 3..8 {
                let found = ticks(low, high, most);
                assert!(found.values.len() <= most, "{low} {high} {most}: {found:?}");
                assert!(found.values.iter().all(|v| *v >= low - 1e-9 && *v <= high + 1e-9));
            }
        }
    }

    #[test]
    fn classes_are_symmetric() {
        let breaks = diverging_breaks(6000.0);
        assert!(breaks.is_sorted() && breaks[3] <= 6000.0, "{breaks:?}");
        for value in [0.0, 30.0, 400.0, 1500.0, 6000.0] {
            let class = diverging_class(value, &breaks);
            if class != 4 {
                assert_eq!(diverging_class(-value, &breaks), 8 - class);
            }
        }
        assert_eq!(diverging_class(6000.0, &breaks), 8);
    }
}
