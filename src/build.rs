//! From single-region tables to an inter-regional one.
//!
//! ```text
//! tables ─ margins ─▶ what each region sells to and buys from the others, by product
//!        ─ gravity ─▶ who sells to whom
//!        ─ spread ──▶ every user's cell; error column = what no table can close
//!        ─ quality ─▶ held against tables that are known
//! ```
//!
//! Output, value added, uses, exports and imports of every region stay as its own table has them;
//! only who supplies whom is estimated. `quotients` makes the table of a region that has none.

pub mod account;
pub mod gravity;
pub mod margins;
pub mod plan;
pub mod quality;
pub mod quotients;
pub mod spread;

use rayon::prelude::*;

use crate::balance::{BalanceError, Options as BalanceOptions, ras};
use crate::labels::RepeatedCode;
use crate::linalg::{Dense, Matrix};
use crate::table::regional::RegionalTables;
use crate::table::{RawTable, Table, TableErrors};
use gravity::Pairs;
use margins::{Foreign, Margins, Rules};

/// How pairs are found.
#[derive(Debug, Clone)]
pub struct Method {
    /// Cost or distance between regions.
    pub costs: Dense,
    /// Exponent θ of the costs, one for each product; 0 makes pairs proportional to both totals.
    pub exponents: Vec<f64>,
    /// How trade between regions is told from trade abroad.
    pub rules: Rules,
    /// Known pairs by product that the costs are bent towards; empty where nothing is known.
    pub patterns: Vec<Pattern>,
}

/// Known flows between groups of regions (freight, power, an earlier table) for one product.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// Which product.
    pub product: usize,
    /// Flows: groups × groups.
    pub flows: Dense,
    /// Group of each region; none for a region that the flows say nothing of.
    pub group: Vec<Option<usize>>,
    /// How far pairs follow it, from 0 to 1: `prior = gravity^{1−w} · pattern^w` between groups.
    pub weight: f64,
}

/// Why no table comes of it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A product's trade has no solution.
    #[error("trade in {product}: {error}")]
    Balance {
        /// Code of the product.
        product: String,
        /// What is in the way.
        error: BalanceError,
    },
    /// Two regions have one code.
    #[error(transparent)]
    Repeated(#[from] RepeatedCode),
    /// What comes of it is no table.
    #[error("the table that was built is none: {0}")]
    Table(TableErrors),
    /// A table to compare with is in other money.
    #[error("the table to compare with: {0}")]
    Units(String),
}

/// Trade between the regions.
#[derive(Debug, Clone)]
pub struct Trade {
    /// What each region sells and buys.
    pub margins: Margins,
    /// Who sells to whom, by product.
    pub pairs: Vec<Pairs>,
}

/// Trade between the regions of some tables.
///
/// # Errors
/// If a product's trade has no solution.
///
/// # Panics
/// If costs, exponents or foreign trade are not of the tables' size.
#[track_caller]
pub fn trade(
    tables: &RegionalTables,
    foreign: &Foreign,
    method: &Method,
) -> Result<Trade, BuildError> {
    assert_eq!(method.exponents.len(), tables.sectors.len(), "one exponent for each product");
    let margins = Margins::of(tables, foreign, method.rules);
    let one = |product: usize| -> Result<Pairs, BuildError> {
        let sold = margins.sold.domestic.row(product);
        let bought = margins.bought.domestic.row(product);
        let failed =
            |error| BuildError::Balance { product: tables.sectors.code(product).to_owned(), error };
        let mut prior = gravity::deterrence(&method.costs, method.exponents[product]);
        let plain = gravity::pairs(&prior, sold, bought).map_err(failed)?;
        let Some(pattern) = method.patterns.iter().find(|pattern| pattern.product == product)
        else {
            return Ok(plain);
        };
        pattern.bend(&mut prior, &plain.values);
        gravity::pairs(&prior, sold, bought).map_err(failed)
    };
    let pairs: Result<Vec<Pairs>, BuildError> =
        (0..tables.sectors.len()).into_par_iter().map(one).collect();
    Ok(Trade { margins, pairs: pairs? })
}

impl Pattern {
    /// Bends deterrence so that flows between groups go from the model's towards the known ones.
    fn bend(&self, deterrence: &mut Dense, model: &Dense) {
        let groups = self.flows.shape().0;
        let mut sums = Dense::zeros(groups, groups);
        let count = model.shape().0;
        let pair = |r: usize, s: usize| Some((self.group[r]?, self.group[s]?));
        for r in 0..count {
            for s in 0..count {
                if let Some((a, b)) = pair(r, s) {
                    sums[(a, b)] += model[(r, s)];
                }
            }
        }
        let (all, known): (f64, f64) =
            (sums.values().iter().sum(), self.flows.values().iter().sum());
        for r in 0..count {
            for s in 0..count {
                let Some((a, b)) = pair(r, s) else { continue };
                // Within a group nothing is known; a pair that is known to be empty nearly is.
                if a == b || sums[(a, b)] <= 0.0 || known <= 0.0 {
                    continue;
                }
                let ratio = (self.flows[(a, b)] / known) / (sums[(a, b)] / all);
                deterrence[(r, s)] *= ratio.max(1e-6).powf(self.weight);
            }
        }
    }
}

/// The inter-regional table.
///
/// # Errors
/// If a product's trade has no solution or two regions share a code.
pub fn build(
    tables: &RegionalTables,
    foreign: &Foreign,
    method: &Method,
) -> Result<(RawTable, Trade), BuildError> {
    let trade = trade(tables, foreign, method)?;
    let mut raw = spread::table(tables, &trade.margins, &trade.pairs)?;
    raw.meta.estimated_trade = true;
    Ok((raw, trade))
}

/// Share of trade between regions that goes elsewhere in another build of the same tables.
pub fn moved(one: &Trade, other: &Trade) -> f64 {
    let sum = |trade: &Trade| -> f64 {
        trade.pairs.iter().map(|pairs| pairs.values.values().iter().sum::<f64>()).sum()
    };
    let gap: f64 = one
        .pairs
        .iter()
        .zip(&other.pairs)
        .flat_map(|(a, b)| a.values.values().iter().zip(b.values.values()))
        .map(|(a, b)| (a - b).abs())
        .sum();
    gap / (sum(one) + sum(other)).max(f64::MIN_POSITIVE)
}

/// The same table with the pairs of another, on its own margins: what each region sells to and buys from
/// others stays, by product, and so does how a pair's trade is spread over users. Products whose sales and
/// purchases the other's pairs cannot meet (no trade of a region that has some here) take a little of pairs
/// in proportion to both; their positions come second, with the share it took.
///
/// # Panics
/// If the two are not of the same regions and sectors.
#[track_caller]
pub fn with_pairs_of(table: &Table, pattern: &Table) -> (RawTable, Vec<(usize, f64)>) {
    let industries = table.industries();
    assert!(industries == pattern.industries(), "tables of the same regions and sectors");
    let products = industries.sectors.len();
    let (own, known) = (quality::routes(table), quality::routes(pattern));
    let mut mixed = Vec::new();
    // What each pair of a product is scaled by.
    let mut factors = Vec::with_capacity(products);
    for i in 0..products {
        let built = gravity::without_diagonal(&own[i]);
        let (pairs, share) = met(&gravity::without_diagonal(&known[i]), &built);
        if share > 0.0 {
            mixed.push((i, share));
        }
        let mut factor = pairs;
        for (cell, before) in factor.values_mut().iter_mut().zip(built.values()) {
            *cell = if *before > 0.0 { *cell / before } else { 1.0 };
        }
        factors.push(factor);
    }
    let mut raw = table.parts().clone();
    let replace = |matrix: &Matrix, region: &dyn Fn(usize) -> Option<usize>| -> Matrix {
        let (n, m) = matrix.shape();
        let mut found = Dense::zeros(n, m);
        for row in 0..n {
            let (r, i) = industries.split(row);
            let cells = found.row_mut(row);
            matrix.row_into(row, cells);
            for (column, cell) in cells.iter_mut().enumerate() {
                if let Some(s) = region(column).filter(|s| *s != r) {
                    *cell *= factors[i][(r, s)];
                }
            }
        }
        Matrix::compact(found)
    };
    raw.flows = replace(&raw.flows, &|column| Some(column / products));
    let demand = raw.final_demand.clone();
    raw.final_demand.values = replace(&demand.values, &|column| {
        demand.role(column).is_domestic().then_some(demand.columns[column].region).flatten()
    });
    (raw, mixed)
}

/// A pattern brought to the margins of known pairs, and the share of proportional pairs it took.
fn met(pattern: &Dense, built: &Dense) -> (Dense, f64) {
    let (rows, columns) = (built.row_sums(), built.column_sums());
    let total: f64 = rows.iter().sum();
    let known: f64 = pattern.values().iter().sum();
    for share in [0.0, 1e-6, 1e-4, 1e-2, 0.1, 0.5, 1.0] {
        let mut prior = pattern.clone();
        for (r, row) in rows.iter().enumerate() {
            for (s, column) in columns.iter().enumerate().filter(|(s, _)| *s != r) {
                let kept = if known > 0.0 { prior[(r, s)] / known } else { 0.0 };
                let even = if total > 0.0 { row * column / (total * total) } else { 0.0 };
                prior[(r, s)] = (1.0 - share) * kept + share * even;
            }
        }
        if let Ok(found) = ras(&prior, &rows, &columns, &BalanceOptions::default()) {
            return (found.matrix, share);
        }
    }
    (built.clone(), 1.0)
}
