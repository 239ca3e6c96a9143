//! Sectors of an inventory that go to several sectors of a table: split by purchases of energy.
//!
//! ```text
//! w_j = e_j / Σ_k e_k,  e_j = Σ_i∈energy max(z_ij, 0)     over the candidates j
//! ```
//!
//! Where no candidate buys energy, output takes the place of `e`; where none has output, all weights are
//! equal. Purchases are in money, so a sector that pays less for a tonne is given too little: an assumption,
//! which the basis of each split tells.
//! Source: METHODS A6 of this project.

use super::concordance::Entry;
use crate::labels::{Axis, comparable};
use crate::linalg::Dense;

/// What the weights of a split rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// There is one candidate.
    Only,
    /// Purchases of energy.
    Energy,
    /// Output, because no candidate buys energy.
    Output,
    /// Nothing: no candidate has output.
    Equal,
}

/// Weights of the candidates of a split, in their order; they sum to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// One for each candidate.
    pub weights: Vec<f64>,
    /// What they rest on.
    pub basis: Basis,
}

/// Weights of candidates that buy energy for `purchases` and have `output`, one entry each.
///
/// # Panics
/// If there is no candidate, or the lengths differ.
#[track_caller]
pub fn weights(purchases: &[f64], output: &[f64]) -> Split {
    assert!(!purchases.is_empty(), "a split needs a candidate");
    assert_eq!(purchases.len(), output.len(), "one output for each candidate");
    if purchases.len() == 1 {
        return Split { weights: vec![1.0], basis: Basis::Only };
    }
    for (sizes, basis) in [(purchases, Basis::Energy), (output, Basis::Output)] {
        let sum: f64 = sizes.iter().map(|size| size.max(0.0)).sum();
        if sum > 0.0 && sum.is_finite() {
            return Split {
                weights: sizes.iter().map(|size| size.max(0.0) / sum).collect(),
                basis,
            };
        }
    }
    let share = 1.0 / purchases.len() as f64;
    Split { weights: vec![share; purchases.len()], basis: Basis::Equal }
}

/// Weights of `candidates` among the columns of a region's flows, by what they buy from the rows
/// `energy` (coal, oil and gas, refined oil and coke, gas); `output` has one entry for each column.
///
/// # Panics
/// If there is no candidate, or a position is not in the table.
///
/// # Examples
/// ```
/// use irio::linalg::Dense;
/// use irio::table::attribution::{Basis, by_energy};
/// let flows = Dense::from_rows(&[vec![5.0, 3.0, 1.0], vec![0.0, 9.0, 9.0], vec![0.0; 3]]);
/// let split = by_energy(&[1, 2], &[0], &flows, &[1.0; 3]);
/// assert_eq!((split.weights, split.basis), (vec![0.75, 0.25], Basis::Energy));
/// ```
#[track_caller]
pub fn by_energy(candidates: &[usize], energy: &[usize], flows: &Dense, output: &[f64]) -> Split {
    let bought = |column: usize| energy.iter().map(|&row| flows[(row, column)].max(0.0)).sum();
    let purchases: Vec<f64> = candidates.iter().map(|&column| bought(column)).collect();
    let output: Vec<f64> = candidates.iter().map(|&column| output[column]).collect();
    weights(&purchases, &output)
}

/// Sources of a concordance with the codes of their candidates, in the order of the file.
pub fn groups(entries: &[Entry]) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for entry in entries {
        let same = |(from, _): &&mut (String, _)| comparable(from) == comparable(&entry.from);
        match found.iter_mut().find(same) {
            Some((_, candidates)) => candidates.push(entry.to.code.clone()),
            None => found.push((entry.from.clone(), vec![entry.to.code.clone()])),
        }
    }
    found
}

/// An inventory of one region brought to the sectors of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Attributed {
    /// One entry for each sector.
    pub sectors: Vec<f64>,
    /// What goes to households.
    pub households: f64,
    /// Rows that were split by something else than purchases of energy.
    pub without_energy: Vec<(String, Basis)>,
}

/// Why a row of an inventory goes nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AttributionError {
    /// No group has it.
    #[error("{row:?} of the inventory is in no group")]
    UnknownRow {
        /// Its name.
        row: String,
    },
    /// A candidate is no sector of the table.
    #[error("{candidate:?}, a candidate for {row:?}, is no sector of the table")]
    UnknownCandidate {
        /// The candidate.
        candidate: String,
        /// The row it is for.
        row: String,
    },
}

/// Brings the rows of a region's inventory to its sectors; sums are kept.
///
/// `groups` are the candidates of each row ([`groups`]), those among `households` being no sectors; `energy`
/// are the rows of `flows` that are energy.
///
/// # Errors
/// If a row is in no group, or a candidate is neither a sector nor households.
pub fn attribute(
    rows: &[(String, f64)],
    groups: &[(String, Vec<String>)],
    households: &[&str],
    sectors: &Axis,
    energy: &[usize],
    (flows, output): (&Dense, &[f64]),
) -> Result<Attributed, AttributionError> {
    let mut to = Attributed {
        sectors: vec![0.0; sectors.len()],
        households: 0.0,
        without_energy: Vec::new(),
    };
    for (row, amount) in rows {
        let group = groups.iter().find(|(from, _)| comparable(from) == comparable(row));
        let Some((_, candidates)) = group else {
            return Err(AttributionError::UnknownRow { row: row.clone() });
        };
        if candidates.iter().any(|candidate| households.contains(&candidate.as_str())) {
            to.households += amount;
            continue;
        }
        let positions = candidates.iter().map(|candidate| {
            sectors.position(candidate).map_err(|_| AttributionError::UnknownCandidate {
                candidate: candidate.clone(),
                row: row.clone(),
            })
        });
        let positions: Vec<usize> = positions.collect::<Result<_, _>>()?;
        let split = by_energy(&positions, energy, flows, output);
        if matches!(split.basis, Basis::Output | Basis::Equal) {
            to.without_energy.push((row.clone(), split.basis));
        }
        for (position, weight) in positions.iter().zip(&split.weights) {
            to.sectors[*position] += amount * weight;
        }
    }
    Ok(to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::Label;

    #[test]
    fn weights_sum_to_one_on_whatever_they_rest() {
        for (purchases, output, basis) in [
            (vec![3.0, 1.0], vec![1.0, 9.0], Basis::Energy),
            (vec![0.0, -2.0], vec![1.0, 3.0], Basis::Output),
            (vec![0.0, 0.0], vec![0.0, 0.0], Basis::Equal),
            (vec![0.0], vec![0.0], Basis::Only),
        ] {
            let split = weights(&purchases, &output);
            assert_eq!(split.basis, basis);
            assert!((split.weights.iter().sum::<f64>() - 1.0).abs() < 1e-15);
            assert!(split.weights.iter().all(|weight| *weight >= 0.0));
        }
        assert_eq!(weights(&[0.0, -2.0], &[1.0, 3.0]).weights, [0.25, 0.75]);
    }

    #[test]
    fn candidates_are_grouped_by_source() {
        let entry = |from: &str, to: &str| Entry {
            from: from.to_owned(),
            to: Label::code(to),
            weight: 1.0,
        };
        let found = groups(&[entry("Others", "32"), entry("Coal", "02"), entry("others", "33")]);
        assert_eq!(found[0], ("Others".to_owned(), vec!["32".to_owned(), "33".to_owned()]));
        assert_eq!(found[1].1, ["02"]);
    }

    #[test]
    fn an_inventory_keeps_its_sum() {
        let sectors = Axis::new("sector", ["a", "b"].map(Label::code)).unwrap();
        let flows = Dense::from_rows(&[vec![3.0, 1.0], vec![0.0, 0.0]]);
        let group = |from: &str, to: &[&str]| {
            (from.to_owned(), to.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>())
        };
        let groups = [group("x", &["a", "b"]), group("y", &["b"]), group("Urban", &["HH"])];
        let rows = [("x".to_owned(), 8.0), ("Y ".to_owned(), 1.0), ("urban".to_owned(), 2.0)];
        let found = attribute(&rows, &groups, &["HH"], &sectors, &[0], (&flows, &[1.0, 1.0]));
        let expected =
            Attributed { sectors: vec![6.0, 3.0], households: 2.0, without_energy: Vec::new() };
        assert_eq!(found, Ok(expected));
        let unknown = attribute(
            &[("z".to_owned(), 1.0)],
            &groups,
            &[],
            &sectors,
            &[0],
            (&flows, &[1.0, 1.0]),
        );
        assert_eq!(unknown, Err(AttributionError::UnknownRow { row: "z".to_owned() }));
    }
}
