//! Spatial weights: who is whose neighbour, and how much.
//!
//! ```text
//! (W z)ᵢ = Σⱼ wᵢⱼ zⱼ        wᵢᵢ = 0
//! ```
//!
//! Rows are units in the order of their labels. Row-standardized weights have rows that sum to one, so `W z` is a mean
//! of neighbours; an island is a unit without any. METHODS C2; source: Anselin (1988), *Spatial Econometrics*, ch. 3.
//!
//! Weights are made from pairs or a full matrix ([`lists`]), from polygons that touch ([`contiguity`]), and from how far
//! units are apart, on the ground or in a variable ([`distance`]).

pub mod contiguity;
pub mod distance;
pub mod lists;

/// Who is whose neighbour among units, and with what weight; rows in compressed form.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    units: Vec<String>,
    starts: Vec<usize>,
    places: Vec<u32>,
    values: Vec<f64>,
}

/// What keeps neighbours from being weights.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WeightsError {
    /// A unit is its own neighbour.
    #[error("{0} is its own neighbour; the diagonal of spatial weights is zero")]
    OwnNeighbour(String),
    /// A weight that is negative or no number.
    #[error("the weight of {of} with {neighbour} is {value}; weights are zero or positive")]
    NotAWeight {
        /// The unit of the row.
        of: String,
        /// The unit of the column.
        neighbour: String,
        /// What was found.
        value: f64,
    },
    /// A unit that stands twice.
    #[error("{0} stands twice among the units")]
    Twice(String),
    /// A pair of units that is given more than once.
    #[error("the weight of {of} with {neighbour} is given twice")]
    PairTwice {
        /// The unit of the row.
        of: String,
        /// The unit of the column.
        neighbour: String,
    },
    /// Coordinates that are no place.
    #[error("{unit} is at ({x}, {y}), which is no place: {expected}")]
    NoPlace {
        /// The unit.
        unit: String,
        /// First coordinate, or longitude.
        x: f64,
        /// Second coordinate, or latitude.
        y: f64,
        /// What coordinates are.
        expected: &'static str,
    },
    /// Two units at one place: the inverse of their distance is infinite.
    #[error("{0} and {1} are at one place, so the inverse of their distance is infinite")]
    SamePlace(String, String),
    /// Two units with one value: the inverse of their difference is infinite.
    #[error("{0} and {1} have one mean, so the inverse of their economic distance is infinite")]
    SameMean(String, String),
    /// A distance so small or large that the weight is beyond what numbers hold.
    #[error(
        "the weight of {0} with {1} is too large or too small for a number; choose another power or unit"
    )]
    OutOfRange(String, String),
    /// Shapes that lie on one another.
    #[error(
        "more than {0} pairs of shapes touch: do they lie on one another, or is the tolerance too large?"
    )]
    TooManyPairs(usize),
    /// A mean that is no number.
    #[error("the mean of {unit} is {value}")]
    NoMean {
        /// The unit.
        unit: String,
        /// What was found.
        value: f64,
    },
    /// More nearest neighbours asked for than there are other units, or none.
    #[error("{k} nearest neighbours of each unit asked for, and there are {others} other units")]
    Nearest {
        /// How many were asked for.
        k: usize,
        /// How many others there are.
        others: usize,
    },
    /// Units that have no neighbour.
    #[error("{} without a neighbour: {}", if .0.len() == 1 { "a unit" } else { "units" }, .0.join(", "))]
    Islands(Vec<String>),
}

/// What rows of weights are divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standardize {
    /// Each row by its sum: `W z` is a mean of neighbours.
    Row,
    /// Nothing.
    None,
}

/// What is done about units without a neighbour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Islands {
    /// They are an error.
    Refuse,
    /// They stay; their row is zero, and so is the lag of any variable there.
    Allow,
}

/// What weights are like, for a report.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Number of units.
    pub units: usize,
    /// Number of ordered pairs with a weight.
    pub pairs: usize,
    /// Neighbours a unit has on average.
    pub mean_neighbours: f64,
    /// Fewest and most neighbours of a unit.
    pub range: (usize, usize),
    /// Units without a neighbour.
    pub islands: Vec<String>,
    /// Whether every pair has one weight in both directions.
    pub symmetric: bool,
    /// Whether rows sum to one.
    pub row_standardized: bool,
    /// Sum of all weights, S₀.
    pub sum: f64,
}

impl Weights {
    /// Weights from lists of neighbours, one per unit, in any order of places; zeros are left out.
    ///
    /// # Errors
    /// All faults: own neighbours, weights that are negative or no number, units or pairs that stand twice.
    ///
    /// # Panics
    /// If there is not one list per unit, or a place is beyond the units.
    #[track_caller]
    pub fn new(
        units: Vec<String>,
        rows: Vec<Vec<(usize, f64)>>,
    ) -> Result<Self, Vec<WeightsError>> {
        assert_eq!(units.len(), rows.len(), "one list of neighbours per unit expected");
        let pairs = rows.iter().map(Vec::len).sum();
        Self::from_rows(units, rows.into_iter(), pairs)
    }

    /// Weights from rows of at most so many pairs in all, taken one after another: no more than one is held.
    fn from_rows(
        units: Vec<String>,
        rows: impl Iterator<Item = Vec<(usize, f64)>>,
        pairs: usize,
    ) -> Result<Self, Vec<WeightsError>> {
        let mut starts = vec![0];
        let (mut places, mut values) = (Vec::with_capacity(pairs), Vec::with_capacity(pairs));
        for mut cells in rows {
            cells.sort_unstable_by_key(|(place, _)| *place);
            for (place, value) in cells {
                assert!(place < units.len(), "a place beyond the units");
                places.push(place as u32);
                values.push(value);
            }
            starts.push(places.len());
        }
        Self::compressed(units, starts, places, values)
    }

    /// Weights from compressed rows, whose places ascend (a pair that stands twice is a fault); zeros are left out.
    ///
    /// # Errors
    /// As of [`Weights::new`].
    #[track_caller]
    pub(crate) fn compressed(
        units: Vec<String>,
        mut starts: Vec<usize>,
        mut places: Vec<u32>,
        mut values: Vec<f64>,
    ) -> Result<Self, Vec<WeightsError>> {
        assert!(starts.len() == units.len() + 1 && places.len() == values.len());
        let mut errors = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for unit in &units {
            if !seen.insert(unit.as_str()) {
                errors.push(WeightsError::Twice(unit.clone()));
            }
        }
        let (mut kept, mut from) = (0, 0);
        for row in 0..units.len() {
            let to = starts[row + 1];
            for cell in from..to {
                let (place, value) = (places[cell] as usize, values[cell]);
                let of = || (units[row].clone(), units[place].clone());
                if cell > from && places[cell - 1] == places[cell] {
                    let (of, neighbour) = of();
                    errors.push(WeightsError::PairTwice { of, neighbour });
                } else if value == 0.0 {
                    continue;
                } else if place == row {
                    errors.push(WeightsError::OwnNeighbour(units[row].clone()));
                } else if !(value > 0.0 && value.is_finite()) {
                    let (of, neighbour) = of();
                    errors.push(WeightsError::NotAWeight { of, neighbour, value });
                } else if errors.is_empty() {
                    (places[kept], values[kept]) = (places[cell], value);
                    kept += 1;
                }
            }
            from = to;
            starts[row + 1] = kept;
        }
        places.truncate(kept);
        values.truncate(kept);
        if errors.is_empty() { Ok(Weights { units, starts, places, values }) } else { Err(errors) }
    }

    /// Labels of the units, in the order of rows and columns.
    pub fn units(&self) -> &[String] {
        &self.units
    }

    /// Number of units.
    pub fn len(&self) -> usize {
        self.units.len()
    }

    /// Whether there are no units.
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// Number of pairs with a weight.
    pub fn pairs(&self) -> usize {
        self.places.len()
    }

    /// Neighbours of a unit with their weights, by place.
    pub fn row(&self, unit: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.starts[unit]..self.starts[unit + 1];
        self.places[range.clone()]
            .iter()
            .map(|place| *place as usize)
            .zip(self.values[range].iter().copied())
    }

    /// Sum of the weights of each unit.
    pub fn row_sums(&self) -> Vec<f64> {
        (0..self.len()).map(|unit| self.row(unit).map(|(_, value)| value).sum()).collect()
    }

    /// Units without a neighbour.
    pub fn islands(&self) -> Vec<&str> {
        let islands = (0..self.len()).filter(|unit| self.starts[*unit] == self.starts[*unit + 1]);
        islands.map(|unit| self.units[unit].as_str()).collect()
    }

    /// Whether every row sums to one, or to zero where it is an island's.
    pub fn is_row_standardized(&self) -> bool {
        let whole = |sum: f64| sum == 0.0 || (sum - 1.0).abs() <= 1e-12 * self.len() as f64;
        self.row_sums().into_iter().all(whole)
    }

    /// The same neighbours with rows that sum to one; islands keep nothing.
    #[must_use]
    pub fn row_standardized(mut self) -> Self {
        for (unit, sum) in self.row_sums().into_iter().enumerate() {
            for value in &mut self.values[self.starts[unit]..self.starts[unit + 1]] {
                *value /= sum;
            }
        }
        self
    }

    /// The same neighbours, standardized as asked.
    ///
    /// # Errors
    /// [`WeightsError::Islands`] with the names of all, where they are refused.
    pub fn standardized(
        self,
        standardize: Standardize,
        islands: Islands,
    ) -> Result<Self, WeightsError> {
        let alone = self.islands();
        if islands == Islands::Refuse && !alone.is_empty() {
            return Err(WeightsError::Islands(alone.into_iter().map(str::to_owned).collect()));
        }
        Ok(match standardize {
            Standardize::Row => self.row_standardized(),
            Standardize::None => self,
        })
    }

    /// The same pairs with row and column exchanged, `W'`.
    pub fn transposed(&self) -> Self {
        let n = self.len();
        let mut starts = vec![0; n + 1];
        for place in &self.places {
            starts[*place as usize + 1] += 1;
        }
        for unit in 0..n {
            starts[unit + 1] += starts[unit];
        }
        let mut next = starts.clone();
        let (mut places, mut values) = (vec![0; self.pairs()], vec![0.0; self.pairs()]);
        for unit in 0..n {
            for (place, value) in self.row(unit) {
                (places[next[place]], values[next[place]]) = (unit as u32, value);
                next[place] += 1;
            }
        }
        Weights { units: self.units.clone(), starts, places, values }
    }

    /// Whether every pair has one weight in both directions, to the bit.
    pub fn is_symmetric(&self) -> bool {
        let other = self.transposed();
        self.starts == other.starts && self.places == other.places && self.values == other.values
    }

    /// Two units are neighbours if one of them has the other: each direction takes the larger weight of the two.
    ///
    /// ```text
    /// wᵢⱼ := max(wᵢⱼ, wⱼᵢ)
    /// ```
    pub fn symmetric_union(&self) -> Self {
        let other = self.transposed();
        let both = |unit| {
            let mut cells: Vec<(usize, f64)> = self.row(unit).chain(other.row(unit)).collect();
            cells.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
            cells.dedup_by_key(|(place, _)| *place);
            cells
        };
        Self::new(self.units.clone(), (0..self.len()).map(both).collect())
            .expect("pairs of checked weights")
    }

    /// Weights in numbers.
    pub fn summary(&self) -> Summary {
        let counts = || self.starts.windows(2).map(|pair| pair[1] - pair[0]);
        Summary {
            units: self.len(),
            pairs: self.pairs(),
            mean_neighbours: self.pairs() as f64 / self.len().max(1) as f64,
            range: (counts().min().unwrap_or(0), counts().max().unwrap_or(0)),
            islands: self.islands().into_iter().map(str::to_owned).collect(),
            symmetric: self.is_symmetric(),
            row_standardized: self.is_row_standardized(),
            sum: self.values.iter().sum(),
        }
    }

    /// `W z` for one value per unit.
    ///
    /// # Panics
    /// If there is not one value per unit.
    #[track_caller]
    pub fn lag(&self, z: &[f64]) -> Vec<f64> {
        assert_eq!(z.len(), self.len(), "one value per unit expected");
        (0..self.len())
            .map(|unit| self.row(unit).map(|(place, value)| value * z[place]).sum())
            .collect()
    }

    /// The same weights with units in another order.
    ///
    /// # Errors
    /// Labels that the weights do not have.
    pub fn in_order(&self, labels: &[String]) -> Result<Self, Vec<String>> {
        if labels == self.units {
            return Ok(self.clone());
        }
        let at: std::collections::HashMap<&str, usize> =
            self.units.iter().enumerate().map(|(at, unit)| (unit.as_str(), at)).collect();
        let missing: Vec<String> =
            labels.iter().filter(|label| !at.contains_key(label.as_str())).cloned().collect();
        if !missing.is_empty() {
            return Err(missing);
        }
        let mut place = vec![None; self.len()];
        for (new, label) in labels.iter().enumerate() {
            place[at[label.as_str()]] = Some(new);
        }
        let rows = labels.iter().map(|label| {
            let row = self.row(at[label.as_str()]);
            row.filter_map(|(column, value)| Some((place[column]?, value))).collect()
        });
        let pairs = self.pairs();
        Ok(Self::from_rows(labels.to_vec(), rows, pairs).expect("a part of checked weights"))
    }

    /// The same weights with other labels, in the same order.
    ///
    /// # Errors
    /// If a label stands twice.
    ///
    /// # Panics
    /// If there is not one label per unit.
    #[track_caller]
    pub fn renamed(self, labels: Vec<String>) -> Result<Self, WeightsError> {
        assert_eq!(labels.len(), self.len(), "one label per unit expected");
        let mut seen = std::collections::HashSet::new();
        match labels.iter().find(|label| !seen.insert(label.as_str())) {
            Some(twice) => Err(WeightsError::Twice(twice.clone())),
            None => Ok(Weights { units: labels, ..self }),
        }
    }

    /// The matrix, row after row.
    pub fn to_dense(&self) -> crate::linalg::Dense {
        let n = self.len();
        let mut dense = crate::linalg::Dense::zeros(n, n);
        for unit in 0..n {
            for (place, value) in self.row(unit) {
                dense.row_mut(unit)[place] = value;
            }
        }
        dense
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn every_fault_is_told() {
        let rows = vec![vec![(0, 1.0), (1, -1.0)], vec![(0, 1.0), (0, 2.0)], vec![]];
        let errors = Weights::new(units(&["A", "B", "A"]), rows).unwrap_err();
        let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(texts.len(), 4, "{texts:?}");
        assert!(texts[3].contains("B with A is given twice"), "{texts:?}");
    }

    #[test]
    fn a_union_is_symmetric_and_takes_the_larger_weight() {
        let rows = vec![vec![(1, 2.0)], vec![(0, 3.0), (2, 1.0)], vec![]];
        let one_way = Weights::new(units(&["A", "B", "C"]), rows).unwrap();
        assert!(!one_way.is_symmetric());
        let both = one_way.symmetric_union();
        assert!(both.is_symmetric());
        assert_eq!(both.row(1).collect::<Vec<_>>(), [(0, 3.0), (2, 1.0)]);
        assert_eq!(both.row(0).collect::<Vec<_>>(), [(1, 3.0)]);
        assert_eq!(one_way.transposed().transposed(), one_way);
    }

    #[test]
    fn islands_are_named_unless_allowed() {
        let rows = vec![vec![(1, 4.0)], vec![(0, 1.0)], vec![]];
        let weights = Weights::new(units(&["A", "B", "C"]), rows).unwrap();
        let refused = weights.clone().standardized(Standardize::Row, Islands::Refuse).unwrap_err();
        assert_eq!(refused.to_string(), "a unit without a neighbour: C");
        let allowed = weights.clone().standardized(Standardize::Row, Islands::Allow).unwrap();
        assert_eq!(allowed.row_sums(), [1.0, 1.0, 0.0]);
        let summary = weights.summary();
        assert_eq!((summary.pairs, summary.range), (2, (0, 1)));
        assert_eq!(summary.islands, ["C"]);
        assert!(!summary.symmetric && !summary.row_standardized);
    }
}
