//! Weights from pairs of units, or from a full matrix.

use super::{Weights, WeightsError};
use crate::linalg::Dense;

impl Weights {
    /// Weights from pairs of places: a unit, its neighbour, the weight; in any order.
    ///
    /// # Errors
    /// As of [`Weights::new`]: also a pair that stands twice.
    ///
    /// # Panics
    /// If a place is beyond the units.
    #[track_caller]
    pub fn from_pairs(
        units: Vec<String>,
        pairs: &[(usize, usize, f64)],
    ) -> Result<Self, Vec<WeightsError>> {
        let mut starts = vec![0; units.len() + 1];
        for (of, neighbour, _) in pairs {
            assert!(*of < units.len() && *neighbour < units.len(), "a place beyond the units");
            starts[of + 1] += 1;
        }
        for unit in 0..units.len() {
            starts[unit + 1] += starts[unit];
        }
        let mut sorted: Vec<&(usize, usize, f64)> = pairs.iter().collect();
        sorted.sort_by_key(|(of, neighbour, _)| (*of, *neighbour));
        let places = sorted.iter().map(|(_, neighbour, _)| *neighbour as u32).collect();
        let values = sorted.iter().map(|(_, _, value)| *value).collect();
        Self::compressed(units, starts, places, values)
    }

    /// Weights from a full matrix, row after row.
    ///
    /// # Errors
    /// As of [`Weights::new`].
    ///
    /// # Panics
    /// If the matrix does not have one row and one column per unit.
    #[track_caller]
    pub fn from_dense(units: Vec<String>, matrix: &Dense) -> Result<Self, Vec<WeightsError>> {
        assert_eq!(matrix.shape(), (units.len(), units.len()), "one row and column per unit");
        let (mut starts, mut places, mut values) = (vec![0], Vec::new(), Vec::new());
        for unit in 0..units.len() {
            for (place, value) in matrix.row(unit).iter().enumerate() {
                if *value != 0.0 {
                    places.push(place as u32);
                    values.push(*value);
                }
            }
            starts.push(places.len());
        }
        Self::compressed(units, starts, places, values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_and_a_full_matrix_are_one() {
        let units = || vec!["A".to_owned(), "B".to_owned(), "C".to_owned()];
        let pairs = [(2, 1, 0.5), (0, 2, 1.0), (2, 0, 0.25), (1, 0, 0.0)];
        let weights = Weights::from_pairs(units(), &pairs).unwrap();
        assert_eq!(weights.pairs(), 3);
        assert_eq!(weights.islands(), ["B"]);
        assert_eq!(Weights::from_dense(units(), &weights.to_dense()).unwrap(), weights);
        let wrong = Weights::from_pairs(units(), &[(0, 1, 1.0), (0, 1, 1.0), (2, 2, 1.0)]);
        assert_eq!(wrong.unwrap_err().len(), 2);
    }
}
