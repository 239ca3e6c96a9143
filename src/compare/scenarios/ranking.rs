//! Ranks of scenarios and of the baseline, by the headline and over common draws.

use super::{Scenarios, Shared, ranked};
use crate::compare::draws::{band, common};
use crate::compare::given::Given;
use crate::compare::{Better, Drawn};

/// Rank of a scenario or of the baseline, 1 being the best; those that are the same share the better rank.
#[derive(Debug, Clone, PartialEq)]
pub struct Rank {
    /// Position of the quantity.
    pub quantity: usize,
    /// Position of the place.
    pub place: usize,
    /// Position of the scenario; none is the baseline.
    pub scenario: Option<usize>,
    /// By the headline; its range is over the draws that all have in common.
    pub rank: Drawn,
    /// Share of these draws in which nothing is better.
    pub first: Option<f64>,
}

/// Ranks in the last common year, by quantity and place; draws count only where all scenarios share them.
pub(super) fn ranks(given: &[Given<'_>], found: &Scenarios, shared: &Shared) -> Vec<Rank> {
    let mut all = Vec::new();
    if given.len() < 2 {
        return all;
    }
    for quantity in ranked(found) {
        let (code, better) = (found.quantities[quantity].code(), found.quantities[quantity].better);
        for (place, named) in found.places.iter().enumerate() {
            let value =
                |own: &Given<'_>| own.difference(found.last(), code, &named.code).map(|d| d.value);
            let Some(values) = given.iter().map(value).collect::<Option<Vec<f64>>>() else {
                continue;
            };
            let own = ranks_of(better, &values);
            let drawn: Vec<&[(u32, f64)]> =
                given.iter().map(|one| one.draws.numbered(code, &named.code)).collect();
            let draws = if shared.all() { common(&drawn) } else { Vec::new() };
            let in_draws: Vec<Vec<f64>> =
                draws.iter().map(|values| ranks_of(better, values)).collect();
            for (at, rank) in own.into_iter().enumerate() {
                let ranks: Vec<f64> = in_draws.iter().map(|ranks| ranks[at]).collect();
                let first = ranks.iter().filter(|rank| **rank == 1.0).count();
                all.push(Rank {
                    quantity,
                    place,
                    scenario: (at < given.len()).then_some(at),
                    first: (!ranks.is_empty()).then(|| first as f64 / ranks.len() as f64),
                    rank: Drawn { value: rank, range: band(ranks) },
                });
            }
        }
    }
    all
}

/// Ranks of some differences and, last, of the baseline, which differs by nothing.
fn ranks_of(better: Better, differences: &[f64]) -> Vec<f64> {
    let all: Vec<f64> = differences.iter().copied().chain([0.0]).collect();
    let ahead = |own: &f64| all.iter().filter(|other| better.is(**other - own)).count();
    all.iter().map(|own| 1.0 + ahead(own) as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_baseline_is_ranked_too_and_equals_share_a_rank() {
        assert_eq!(ranks_of(Better::Less, &[5.0, -2.0]), [3.0, 1.0, 2.0]);
        assert_eq!(ranks_of(Better::More, &[5.0, 5.0, -1.0]), [1.0, 1.0, 4.0, 3.0]);
        assert_eq!(ranks_of(Better::More, &[0.0]), [1.0, 1.0]);
    }
}
