//! Weights from how far units are apart: on the ground, or in what they are like.
//!
//! ```text
//! nearest            wᵢⱼ = 1 if j is one of the k nearest of i
//! inverse distance   wᵢⱼ = dᵢⱼ⁻ᵖ where dᵢⱼ ≤ cut-off
//! economic distance  wᵢⱼ = |m̄ᵢ − m̄ⱼ|⁻¹, or that times the inverse distance
//! ```
//!
//! Every pair of units is looked at, so the work grows with the square of their number. Source: Anselin (1988), ch. 3;
//! economic distance: Case, Rosen & Hines (1993), *Budget spillovers and fiscal policy interdependence*.

use rayon::prelude::*;

use super::{Weights, WeightsError};
use crate::earth::{DEGREES, great_circle};

/// How distance is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// In a plane, in the unit of the coordinates.
    Euclidean,
    /// Over the earth ([`great_circle`]), in km; coordinates are longitude and latitude in degrees.
    GreatCircle,
}

/// Units with their places.
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    units: Vec<String>,
    at: Vec<[f64; 2]>,
    metric: Metric,
}

/// Inverse distance: its power, and how far it reaches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decay {
    /// The power p of `d⁻ᵖ`; 0 makes every pair within reach count alike.
    pub power: f64,
    /// Largest distance that counts, in the unit of the metric; none for all.
    pub cutoff: Option<f64>,
}

/// Nearest neighbours, and where others were as near.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearest {
    /// One for each of the k nearest.
    pub weights: Weights,
    /// Units of which the last neighbours could as well have been others.
    pub ties: Vec<Tie>,
}

/// Units as near as one another at the end of a unit's list; the first by label are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// The unit.
    pub of: String,
    /// Those that were taken.
    pub taken: Vec<String>,
    /// Those that were as near.
    pub left: Vec<String>,
}

/// Distances closer than this, relative to the larger, are one: they differ by rounding only.
const TIE: f64 = 1e-12;

/// Most faults told of one kind.
const MOST: usize = 100;

impl Points {
    /// Units at their places.
    ///
    /// # Errors
    /// Units that stand twice; coordinates that are no numbers, or beyond ±180 (longitude to 360) and ±90 degrees.
    ///
    /// # Panics
    /// If there is not one place per unit.
    #[track_caller]
    pub fn new(
        units: Vec<String>,
        at: Vec<[f64; 2]>,
        metric: Metric,
    ) -> Result<Self, Vec<WeightsError>> {
        assert_eq!(units.len(), at.len(), "one place per unit expected");
        let mut errors = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for (unit, [x, y]) in units.iter().zip(&at) {
            if !seen.insert(unit.as_str()) {
                errors.push(WeightsError::Twice(unit.clone()));
            }
            let expected = match metric {
                Metric::Euclidean => "finite numbers expected",
                Metric::GreatCircle => {
                    "longitude from -180 to 360 and latitude from -90 to 90 degrees expected"
                }
            };
            let sound = match metric {
                Metric::Euclidean => x.is_finite() && y.is_finite(),
                Metric::GreatCircle => DEGREES[0].contains(x) && DEGREES[1].contains(y),
            };
            if !sound {
                let (unit, x, y) = (unit.clone(), *x, *y);
                errors.push(WeightsError::NoPlace { unit, x, y, expected });
            }
        }
        if errors.is_empty() { Ok(Points { units, at, metric }) } else { Err(errors) }
    }

    /// Labels of the units.
    pub fn units(&self) -> &[String] {
        &self.units
    }

    /// Distance of two units, by place in the list.
    pub fn distance(&self, a: usize, b: usize) -> f64 {
        let ([ax, ay], [bx, by]) = (self.at[a], self.at[b]);
        match self.metric {
            Metric::Euclidean => (ax - bx).hypot(ay - by),
            Metric::GreatCircle => great_circle([ax, ay], [bx, by]),
        }
    }

    /// The `k` nearest of every unit, with weight 1. Of others that are as near as the last, the first by label are taken,
    /// so the order of the units does not matter; what was left is told.
    ///
    /// # Errors
    /// If a unit does not have so many others.
    pub fn nearest(&self, k: usize) -> Result<Nearest, WeightsError> {
        let n = self.units.len();
        let others = n.saturating_sub(1);
        if k == 0 || k > others {
            return Err(WeightsError::Nearest { k, others });
        }
        let of_unit = |unit: usize| {
            let mut far: Vec<(f64, usize)> = (0..n)
                .filter(|other| *other != unit)
                .map(|other| (self.distance(unit, other), other))
                .collect();
            far.select_nth_unstable_by(k - 1, |a, b| a.0.total_cmp(&b.0));
            let last = far[k - 1].0;
            let as_far = |distance: f64| (distance - last).abs() <= TIE * last;
            let mut taken: Vec<usize> =
                far.iter().filter(|(d, _)| *d < last && !as_far(*d)).map(|(_, at)| *at).collect();
            let mut ends: Vec<usize> =
                far.iter().filter(|(d, _)| as_far(*d)).map(|(_, at)| *at).collect();
            ends.sort_by(|a, b| self.units[*a].cmp(&self.units[*b]));
            let left = ends.split_off(k - taken.len());
            let names =
                |places: &[usize]| places.iter().map(|at| self.units[*at].clone()).collect();
            let tie = (!left.is_empty()).then(|| Tie {
                of: self.units[unit].clone(),
                taken: names(&ends),
                left: names(&left),
            });
            taken.extend(ends);
            (taken.into_iter().map(|at| (at, 1.0)).collect(), tie)
        };
        let (rows, ties): (Vec<_>, Vec<Option<Tie>>) = (0..n).into_par_iter().map(of_unit).unzip();
        let weights = Weights::new(self.units.clone(), rows).expect("pairs of checked units");
        Ok(Nearest { weights, ties: ties.into_iter().flatten().collect() })
    }

    /// Inverse distances.
    ///
    /// ```text
    /// wᵢⱼ = dᵢⱼ⁻ᵖ where dᵢⱼ ≤ cut-off, else 0
    /// ```
    ///
    /// # Errors
    /// Units at one place (unless p is 0), and distances whose power is beyond what numbers hold.
    pub fn inverse_distance(&self, decay: Decay) -> Result<Weights, Vec<WeightsError>> {
        self.all_pairs(|_, _, near| Ok(near), decay)
    }

    fn all_pairs(
        &self,
        weight: impl Fn(usize, usize, f64) -> Result<f64, WeightsError> + Sync,
        decay: Decay,
    ) -> Result<Weights, Vec<WeightsError>> {
        let of_unit = |unit: usize| {
            let most = if decay.cutoff.is_none() { self.units.len() - 1 } else { 0 };
            let (mut row, mut errors) = (Vec::with_capacity(most), Vec::new());
            for other in (0..self.units.len()).filter(|other| *other != unit) {
                let distance = self.distance(unit, other);
                if decay.cutoff.is_some_and(|cutoff| distance > cutoff) {
                    continue;
                }
                let name = |at: usize| self.units[at].clone();
                let found = if distance == 0.0 && decay.power > 0.0 {
                    Err(WeightsError::SamePlace(name(unit), name(other)))
                } else {
                    weight(unit, other, distance.powf(-decay.power))
                };
                match found {
                    Ok(value) if value.is_normal() => row.push((other, value)),
                    Ok(_) => errors.push(WeightsError::OutOfRange(name(unit), name(other))),
                    Err(error) => errors.push(error),
                }
            }
            // Each pair is told once.
            errors.retain(|error| match error {
                WeightsError::SamePlace(a, b)
                | WeightsError::SameMean(a, b)
                | WeightsError::OutOfRange(a, b) => a < b,
                _ => true,
            });
            errors.truncate(MOST);
            (row, errors)
        };
        let (rows, errors): (Vec<_>, Vec<Vec<WeightsError>>) =
            (0..self.units.len()).into_par_iter().map(of_unit).unzip();
        let mut errors: Vec<WeightsError> = errors.into_iter().flatten().collect();
        errors.truncate(MOST);
        if !errors.is_empty() {
            return Err(errors);
        }
        Weights::new(self.units.clone(), rows)
    }
}

/// Economic distances of a variable's mean, alone or times the inverse distance.
///
/// ```text
/// wᵢⱼ = 1 / |m̄ᵢ − m̄ⱼ|  (× dᵢⱼ⁻ᵖ where dᵢⱼ ≤ cut-off)
/// ```
///
/// # Errors
/// Means that are no numbers or of which two are one; with places, as of [`Points::inverse_distance`].
///
/// # Panics
/// If there is not one mean per unit, or the places are of other units.
#[track_caller]
pub fn economic(
    units: Vec<String>,
    means: &[f64],
    places: Option<(&Points, Decay)>,
) -> Result<Weights, Vec<WeightsError>> {
    assert_eq!(units.len(), means.len(), "one mean per unit expected");
    assert!(places.is_none_or(|(points, _)| points.units == units), "places of other units");
    let no_mean =
        |(unit, value): (&String, &f64)| WeightsError::NoMean { unit: unit.clone(), value: *value };
    let wrong: Vec<WeightsError> =
        units.iter().zip(means).filter(|(_, m)| !m.is_finite()).map(no_mean).collect();
    if !wrong.is_empty() {
        return Err(wrong);
    }
    // Without places every pair is as near as any other.
    let nowhere;
    let (points, decay) = match places {
        Some(places) => places,
        None => {
            let at = vec![[0.0, 0.0]; units.len()];
            nowhere = Points::new(units.clone(), at, Metric::Euclidean)?;
            (&nowhere, Decay { power: 0.0, cutoff: None })
        }
    };
    points.all_pairs(
        |a, b, near| match (means[a] - means[b]).abs() {
            0.0 => Err(WeightsError::SameMean(units[a].clone(), units[b].clone())),
            gap => Ok(near / gap),
        },
        decay,
    )
}

/// Bytes that weights between all pairs of so many units take while they are made; to put them in the order of a panel
/// takes less.
pub fn bytes_needed(units: usize) -> u64 {
    (units as u64).saturating_mul(units as u64).saturating_mul(16 + 12)
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    fn named(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn square(metric: Metric) -> Points {
        let at = vec![[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]];
        Points::new(named(&["D", "C", "B", "A"]), at, metric).unwrap()
    }

    #[test]
    fn ties_are_broken_by_label_and_told() {
        let found = square(Metric::Euclidean).nearest(1).unwrap();
        let first = found.weights.row(0).collect::<Vec<_>>();
        assert_eq!(first, [(2, 1.0)], "of C and B, equally near to D, B is taken");
        assert_eq!(found.ties.len(), 4);
        assert_eq!(found.ties[0].taken, ["B"]);
        assert_eq!(found.ties[0].left, ["C"]);
        let two = square(Metric::Euclidean).nearest(2).unwrap();
        assert!(two.ties.is_empty() && two.weights.is_symmetric());
        assert!(square(Metric::Euclidean).nearest(4).is_err());
    }

    /// A degree of a great circle is 2πR/360; from Beijing to Shanghai are about 1,067 km.
    #[test]
    fn great_circles_are_in_kilometres() {
        let at = vec![[0.0, 0.0], [1.0, 0.0], [116.4074, 39.9042], [121.4737, 31.2304]];
        let points = Points::new(named(&["a", "b", "c", "d"]), at, Metric::GreatCircle).unwrap();
        let degree = std::f64::consts::TAU * crate::earth::RADIUS / 360.0;
        assert_relative_eq!(points.distance(0, 1), degree, max_relative = 1e-12);
        assert!((points.distance(2, 3) - 1067.0).abs() < 2.0, "{}", points.distance(2, 3));
        assert_eq!(points.distance(2, 3), points.distance(3, 2));
        let wrong = Points::new(named(&["a"]), vec![[0.0, 91.0]], Metric::GreatCircle);
        assert!(matches!(wrong.unwrap_err()[..], [WeightsError::NoPlace { .. }]));
    }

    #[test]
    fn inverse_distance_has_a_power_and_a_reach() {
        let points = square(Metric::Euclidean);
        let near = points.inverse_distance(Decay { power: 2.0, cutoff: Some(1.2) }).unwrap();
        assert_eq!(near.pairs(), 8);
        let all = points.inverse_distance(Decay { power: 2.0, cutoff: None }).unwrap();
        assert_relative_eq!(all.row(0).last().unwrap().1, 0.5, max_relative = 1e-15);
        let one = Points::new(named(&["a", "b"]), vec![[1.0, 1.0]; 2], Metric::Euclidean).unwrap();
        let errors = one.inverse_distance(Decay { power: 1.0, cutoff: None }).unwrap_err();
        assert_eq!(errors, [WeightsError::SamePlace("a".into(), "b".into())]);
    }

    #[test]
    fn economic_distance_is_that_of_means() {
        let names = named(&["D", "C", "B", "A"]);
        let means = [1.0, 3.0, 7.0, 0.5];
        let alone = economic(names.clone(), &means, None).unwrap();
        assert_eq!(alone.row(0).collect::<Vec<_>>(), [(1, 0.5), (2, 1.0 / 6.0), (3, 2.0)]);
        let points = square(Metric::Euclidean);
        let decay = Decay { power: 1.0, cutoff: None };
        let near = economic(names.clone(), &means, Some((&points, decay))).unwrap();
        assert_relative_eq!(near.row(0).last().unwrap().1, 2.0 / 2f64.sqrt(), max_relative = 1e-15);
        let errors = economic(names, &[1.0, 1.0, 2.0, 3.0], None).unwrap_err();
        assert_eq!(errors, [WeightsError::SameMean("C".into(), "D".into())]);
    }
}
