//! Additive decomposition of the change between two tables: which factor brought how much.
//!
//! ```text
//! x(k₁ … kₙ),   effect_k = Σ_B w_k(B) · [ x(k and B at year 1) − x(B at year 1) ]
//! ```
//!
//! A form of decomposition is a choice of the weights `w_k` over the coalitions `B` of the other
//! factors; see [`Average`]. Source: Dietzenbacher & Los (1998), *Economic Systems Research* 10.

pub mod exchange;
pub mod groups;
mod levels;
mod moves;
pub mod pairs;
pub mod routes;
pub mod shares;
mod solution;
pub mod sums;
pub mod transfer;

use serde::Serialize;

/// What can change between two tables. The order is the fixed order of the polar forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// T: which region supplies a use. Its effect is the industrial transfer.
    Sourcing,
    /// TE: which region supplies the national exports.
    ExportOrigin,
    /// D: domestic share of a use.
    ImportShare,
    /// H: inputs per unit of output, imports included.
    Technology,
    /// Y: final demand by product, imports included.
    FinalDemand,
    /// U: domestic inputs per unit of output, where imports are not known by product.
    DomesticInputs,
    /// Q: final demand for domestic products, where imports are not known by product.
    DomesticDemand,
    /// EX: national exports by product.
    Exports,
    /// N: change of inventories.
    Inventories,
    /// O: the error column with the row discrepancy.
    Error,
    /// c: value added or emissions per unit of output.
    Intensity,
}

impl Factor {
    /// The word results use.
    pub fn word(self) -> &'static str {
        match self {
            Factor::Sourcing => "sourcing",
            Factor::ExportOrigin => "export_origin",
            Factor::ImportShare => "import_share",
            Factor::Technology => "technology",
            Factor::FinalDemand => "final_demand",
            Factor::DomesticInputs => "domestic_inputs",
            Factor::DomesticDemand => "domestic_demand",
            Factor::Exports => "exports",
            Factor::Inventories => "inventories",
            Factor::Error => "error",
            Factor::Intensity => "intensity",
        }
    }
}

/// Which orders of switching the factors an effect is averaged over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Average {
    /// All orders: the Shapley value. Sums to the change.
    #[default]
    Shapley,
    /// First to last and last to first. Sums to the change; depends on the order of the factors.
    Polar,
    /// Everything else as in the base year. Leaves an interaction.
    Base,
    /// Everything else as in the target year. Leaves an interaction.
    End,
}

/// A set of factors, by position in a list of at most 16.
pub(crate) type Coalition = u16;

impl Average {
    /// The word of the command line and of results.
    pub fn word(self) -> &'static str {
        match self {
            Average::Shapley => "shapley",
            Average::Polar => "polar",
            Average::Base => "base",
            Average::End => "end",
        }
    }

    /// Whether effects sum to the change.
    pub fn is_additive(self) -> bool {
        matches!(self, Average::Shapley | Average::Polar)
    }

    /// Weight of the coalition `others` when player `k` of `players` switches.
    ///
    /// Players that a part of the result does not depend on drop out of the weights of that part
    /// (the dummy property of the Shapley value, and trivially of single orders), so `players` are
    /// those of the part alone.
    pub(crate) fn weight(self, k: usize, players: Coalition, others: Coalition) -> f64 {
        debug_assert!(others & (1 << k) == 0 && others & !players == 0);
        let rest = players & !(1 << k);
        let below = rest & ((1 << k) - 1);
        match self {
            Average::Shapley => {
                let (n, b) = (players.count_ones() as usize, others.count_ones() as usize);
                factorial(b) * factorial(n - b - 1) / factorial(n)
            }
            Average::Polar => {
                let first = if others == below { 0.5 } else { 0.0 };
                let last = if others == rest & !below { 0.5 } else { 0.0 };
                first + last
            }
            Average::Base => f64::from(u8::from(others == 0)),
            Average::End => f64::from(u8::from(others == rest)),
        }
    }
}

fn factorial(n: usize) -> f64 {
    (1..=n).map(|k| k as f64).product()
}

/// Every subset of a set of players.
pub(crate) fn subsets(of: Coalition) -> impl Iterator<Item = Coalition> {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let now: Coalition = next?;
        // Counting up within the bits of `of`.
        next = (now != of).then(|| (now.wrapping_sub(of)) & of);
        Some(now)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subsets_are_all_there_once() {
        let found: Vec<Coalition> = subsets(0b1011).collect();
        assert_eq!(found, [0, 1, 2, 3, 8, 9, 10, 11]);
        assert_eq!(subsets(0).count(), 1);
    }

    #[test]
    fn weights_of_every_form_sum_to_one() {
        for average in [Average::Shapley, Average::Polar, Average::Base, Average::End] {
            for k in [0, 2, 5] {
                let players = 0b101101;
                let sum: f64 =
                    subsets(players & !(1 << k)).map(|b| average.weight(k, players, b)).sum();
                assert!((sum - 1.0).abs() < 1e-15, "{average:?} {k}: {sum}");
            }
        }
    }
}
