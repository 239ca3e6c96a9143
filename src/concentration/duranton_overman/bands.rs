//! Local and global bands of drawn curves. METHODS C1.

use crate::draws::quantile;

/// Lowest and highest value at every point.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Lower end.
    pub lower: Vec<f64>,
    /// Upper end.
    pub upper: Vec<f64>,
}

/// How a global band is found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GlobalRule {
    /// The local level is raised until the wanted share of curves leaves the upper side anywhere, and
    /// likewise the lower side; interpolated between the two levels around it (Duranton & Overman).
    #[default]
    Levels,
    /// Curves that touch an extreme anywhere are dropped round by round until the wanted share is gone, both
    /// sides together; interpolated between the last two rounds (Marcon & Puech).
    Drops,
}

impl GlobalRule {
    /// Both rules.
    pub const ALL: [GlobalRule; 2] = [GlobalRule::Levels, GlobalRule::Drops];

    /// The word of files and results.
    pub fn word(self) -> &'static str {
        match self {
            GlobalRule::Levels => "levels",
            GlobalRule::Drops => "drops",
        }
    }
}

/// Bands of a number of drawn curves.
#[derive(Debug, Clone, PartialEq)]
pub struct Bands {
    /// Quantiles at each point by itself.
    pub local: Band,
    /// By levels.
    pub levels: Band,
    /// By dropping curves.
    pub drops: Band,
}

impl Bands {
    /// Bands that a share `level` of the curves leaves, on each side.
    ///
    /// # Panics
    /// If there is no curve, or they differ in length.
    #[track_caller]
    pub fn of(curves: &[Vec<f64>], level: f64) -> Bands {
        assert!(!curves.is_empty(), "at least one curve");
        let points = curves[0].len();
        let sorted: Vec<Vec<f64>> = (0..points)
            .map(|point| {
                let mut values: Vec<f64> = curves.iter().map(|curve| curve[point]).collect();
                values.sort_by(f64::total_cmp);
                values
            })
            .collect();
        let at = |share: f64| sorted.iter().map(|values| quantile(values, share)).collect();
        Bands {
            local: Band { lower: at(level), upper: at(1.0 - level) },
            levels: levels(curves, &sorted, level),
            drops: drops(curves, level),
        }
    }

    /// The global band of a rule.
    pub fn global(&self, rule: GlobalRule) -> &Band {
        match rule {
            GlobalRule::Levels => &self.levels,
            GlobalRule::Drops => &self.drops,
        }
    }
}

/// Order statistics number k at every point as an envelope: a curve leaves it if its largest rank is above k.
/// The k at which a share `level` leaves it lies between two whole numbers.
fn levels(curves: &[Vec<f64>], sorted: &[Vec<f64>], level: f64) -> Band {
    let count = curves.len();
    // Of equal values each has the lowest of their ranks from below, and the lowest from above.
    let below = |values: &[f64], value: f64| values.partition_point(|other| *other < value) + 1;
    let above =
        |values: &[f64], value: f64| count - values.partition_point(|other| *other <= value) + 1;
    let side = |rank: &dyn Fn(&[f64], f64) -> usize| {
        let mut reached = vec![0usize; count + 1];
        for curve in curves {
            let highest = curve.iter().zip(sorted).map(|(value, values)| rank(values, *value));
            reached[highest.max().unwrap_or(1).min(count)] += 1;
        }
        let share = |leaving: usize| leaving as f64 / count as f64;
        let mut leaving = count;
        for (k, reached) in reached.iter().enumerate().skip(1) {
            let before = leaving;
            leaving -= reached;
            if share(leaving) <= level {
                let part = (share(before) - level) / (share(before) - share(leaving));
                // No curve leaves level 0, which is no order statistic: level 1 is the tightest there is.
                return if k == 1 { (1, 1, 1.0) } else { (k - 1, k, part) };
            }
        }
        (count, count, 1.0)
    };
    let envelope = |(from, to, part): (usize, usize, f64), place: &dyn Fn(usize) -> usize| {
        let one = |values: &Vec<f64>| {
            let (a, b) = (values[place(from)], values[place(to)]);
            a + part * (b - a)
        };
        sorted.iter().map(one).collect()
    };
    Band {
        lower: envelope(side(&above), &|k| count - k),
        upper: envelope(side(&below), &|k| k - 1),
    }
}

fn drops(curves: &[Vec<f64>], level: f64) -> Band {
    let points = curves[0].len();
    let wanted = (1.0 - level) * curves.len() as f64;
    let extremes = |kept: &[usize]| {
        let one = |point: usize| {
            let (mut low, mut high) = (kept[0], kept[0]);
            for curve in kept {
                let value = curves[*curve][point];
                if value < curves[low][point] {
                    low = *curve;
                }
                if value > curves[high][point] {
                    high = *curve;
                }
            }
            (low, high)
        };
        (0..points).map(one).collect::<Vec<_>>()
    };
    let mut kept: Vec<usize> = (0..curves.len()).collect();
    let band = |found: &[(usize, usize)]| Band {
        lower: found.iter().enumerate().map(|(at, (low, _))| curves[*low][at]).collect(),
        upper: found.iter().enumerate().map(|(at, (_, high))| curves[*high][at]).collect(),
    };
    let mut found = extremes(&kept);
    while kept.len() as f64 > wanted {
        let before = (kept.len() as f64, band(&found));
        let mut gone = vec![false; curves.len()];
        for (at, (low, high)) in found.iter().enumerate() {
            // Where all are alike nobody is extreme.
            if curves[*low][at] < curves[*high][at] {
                (gone[*low], gone[*high]) = (true, true);
            }
        }
        let left: Vec<usize> = kept.iter().copied().filter(|curve| !gone[*curve]).collect();
        if left.is_empty() || left.len() == kept.len() {
            break;
        }
        kept = left;
        found = extremes(&kept);
        if (kept.len() as f64) < wanted {
            let part = (before.0 - wanted) / (before.0 - kept.len() as f64);
            let now = band(&found);
            let mix = |a: Vec<f64>, b: Vec<f64>| {
                a.into_iter().zip(b).map(|(a, b)| a + part * (b - a)).collect()
            };
            return Band {
                lower: mix(before.1.lower, now.lower),
                upper: mix(before.1.upper, now.upper),
            };
        }
    }
    band(&found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::Stream;

    fn leaving(curves: &[Vec<f64>], bound: &[f64], over: bool) -> f64 {
        let out = |curve: &&Vec<f64>| {
            curve.iter().zip(bound).any(|(k, b)| if over { k > b } else { k < b })
        };
        curves.iter().filter(out).count() as f64 / curves.len() as f64
    }

    #[test]
    fn the_wanted_share_of_curves_leaves_each_global_band() {
        let curves: Vec<Vec<f64>> = (0..1000)
            .map(|draw| {
                let stream = Stream::new(3, draw, 7);
                (0..20).map(|point| stream.normal(point) + f64::from(point)).collect()
            })
            .collect();
        let bands = Bands::of(&curves, 0.05);
        let upper = leaving(&curves, &bands.levels.upper, true);
        let lower = leaving(&curves, &bands.levels.lower, false);
        // Between two levels, each point's curve or two may be on either side.
        assert!((upper - 0.05).abs() < 0.025 && (lower - 0.05).abs() < 0.025, "{upper} {lower}");
        let both = |curve: &&Vec<f64>| {
            let band = &bands.drops;
            curve.iter().zip(&band.upper).any(|(k, b)| k > b)
                || curve.iter().zip(&band.lower).any(|(k, b)| k < b)
        };
        let dropped = curves.iter().filter(both).count() as f64 / 1000.0;
        assert!((0.02..=0.08).contains(&dropped), "{dropped}");
        for point in 0..20 {
            let (low, high) = (bands.local.lower[point], bands.local.upper[point]);
            assert!(bands.levels.lower[point] < low && high < bands.levels.upper[point]);
        }
    }

    /// Curves that are lines one above the other: what leaves anywhere leaves everywhere, and both bands are known.
    #[test]
    fn parallel_curves_leave_at_the_wanted_share_exactly() {
        let curves: Vec<Vec<f64>> = (0..100).map(|k| vec![f64::from(k), f64::from(k)]).collect();
        let bands = Bands::of(&curves, 0.05);
        assert_eq!(bands.levels, Band { lower: vec![5.0; 2], upper: vec![94.0; 2] });
        // Two are dropped a round: 100, 98, 96, 94; 95 lies half way.
        assert_eq!(bands.drops, Band { lower: vec![2.5; 2], upper: vec![96.5; 2] });
        assert_eq!(
            bands.local.upper[0],
            quantile(&(0..100).map(f64::from).collect::<Vec<_>>(), 0.95)
        );
    }

    #[test]
    fn curves_that_are_all_alike_are_their_own_band() {
        let curves = vec![vec![1.0, 2.0]; 40];
        let same = Band { lower: vec![1.0, 2.0], upper: vec![1.0, 2.0] };
        let bands = Bands::of(&curves, 0.05);
        assert_eq!((bands.levels, bands.drops, bands.local), (same.clone(), same.clone(), same));
        let one = Bands::of(&curves[..1], 0.05);
        assert_eq!(one.levels.upper, [1.0, 2.0]);
    }
}
