//! Spatial weights: who is whose neighbour, and how much.
//!
//! ```text
//! (W z)ᵢ = Σⱼ wᵢⱼ zⱼ        wᵢᵢ = 0
//! ```
//!
//! Rows are units in the order of their labels. Row-standardized weights have rows that sum to one, so `W z` is a mean
//! of neighbours; an island is a unit without any. METHODS C2; source: Anselin (1988), *Spatial Econometrics*, ch. 3.

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
    /// Units that have no neighbour.
    #[error("{} without a neighbour: {}", if .0.len() == 1 { "a unit" } else { "units" }, .0.join(", "))]
    Islands(Vec<String>),
}

impl Weights {
    /// Weights from lists of neighbours, one per unit, in any order of places; zeros are left out.
    ///
    /// # Errors
    /// All faults: own neighbours, weights that are negative or no number, units that stand twice.
    ///
    /// # Panics
    /// If there is not one list per unit, or a place is beyond the units.
    #[track_caller]
    pub fn new(
        units: Vec<String>,
        rows: Vec<Vec<(usize, f64)>>,
    ) -> Result<Self, Vec<WeightsError>> {
        assert_eq!(units.len(), rows.len(), "one list of neighbours per unit expected");
        let mut errors = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for unit in &units {
            if !seen.insert(unit.as_str()) {
                errors.push(WeightsError::Twice(unit.clone()));
            }
        }
        let (mut starts, mut places, mut values) = (vec![0], Vec::new(), Vec::new());
        for (row, mut cells) in rows.into_iter().enumerate() {
            cells.sort_unstable_by_key(|(place, _)| *place);
            for (place, value) in cells {
                assert!(place < units.len(), "a place beyond the units");
                if value == 0.0 {
                    continue;
                }
                if place == row {
                    errors.push(WeightsError::OwnNeighbour(units[row].clone()));
                } else if !(value > 0.0 && value.is_finite()) {
                    let (of, neighbour) = (units[row].clone(), units[place].clone());
                    errors.push(WeightsError::NotAWeight { of, neighbour, value });
                } else {
                    places.push(place as u32);
                    values.push(value);
                }
            }
            starts.push(places.len());
        }
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
    pub fn row_standardized(&self) -> Self {
        let sums = self.row_sums();
        let mut own = self.clone();
        for (unit, sum) in sums.into_iter().enumerate() {
            for value in &mut own.values[self.starts[unit]..self.starts[unit + 1]] {
                *value /= sum;
            }
        }
        own
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
        Ok(Self::new(labels.to_vec(), rows.collect()).expect("a part of checked weights"))
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
