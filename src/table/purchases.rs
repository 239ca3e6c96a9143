//! What industries buy of each product, wherever it was made, as a key to share things among them.
//!
//! ```text
//! w_j^r = Σ_{i ∈ products} p_ij^r / Σ_{k ∈ candidates} Σ_i p_ik^r        by output where nothing is bought
//! ```
//!
//! An emission inventory tells fewer sectors than a table: what it gives for one of its sectors is
//! shared among the table's candidates in proportion to their purchases of energy (METHODS A6).

use super::RawTable;
use super::attribution;
use super::regional::RegionalTables;
use crate::labels::Industries;
use crate::linalg::Dense;
use crate::table::Imports;

/// Purchases by product and industry, and output by industry.
#[derive(Debug, Clone)]
pub struct Purchases {
    industries: Industries,
    bought: Dense,
    output: Vec<f64>,
}

impl Purchases {
    /// Of an inter-regional table: its flows over all origins, with imports where known by product.
    pub fn of(table: &RawTable) -> Self {
        let industries = table.industries.clone();
        let (products, n) = (industries.sectors.len(), industries.len());
        let mut bought = Dense::zeros(products, n);
        for row in 0..n {
            let into = bought.row_mut(row % products);
            table.flows.each_in_row(row, |j, value| into[j] += value);
        }
        if let Imports::ByProduct { intermediate, .. } = &table.imports {
            let more = intermediate.values();
            bought.values_mut().iter_mut().zip(more).for_each(|(all, imported)| *all += imported);
        }
        Purchases { industries, bought, output: table.output.clone() }
    }

    /// Of single-region tables.
    ///
    /// # Panics
    /// If the industries are not those of the tables.
    #[track_caller]
    pub fn of_regions(tables: &RegionalTables, industries: &Industries) -> Self {
        let products = industries.sectors.len();
        assert_eq!(tables.regions.len(), industries.regions.len(), "one table for each region");
        assert_eq!(tables.sectors.len(), products, "the tables' sectors");
        let mut bought = Dense::zeros(products, industries.len());
        let mut output = Vec::with_capacity(industries.len());
        for (r, table) in tables.regions.iter().enumerate() {
            for i in 0..products {
                bought.row_mut(i)[r * products..][..products].copy_from_slice(table.flows.row(i));
            }
            output.extend_from_slice(&table.output);
        }
        Purchases { industries: industries.clone(), bought, output }
    }

    /// Shares of candidate sectors of a region, each with a prior weight, by what they buy of some
    /// products; by output where they buy nothing, alike where they make nothing. They sum to 1.
    ///
    /// # Panics
    /// If there is no candidate.
    pub fn shares(
        &self,
        region: usize,
        candidates: &[(usize, f64)],
        products: &[usize],
    ) -> Vec<f64> {
        let at = |sector: usize| self.industries.index(region, sector);
        let bought = |sector: usize| -> f64 {
            products.iter().map(|i| self.bought[(*i, at(sector))].max(0.0)).sum()
        };
        let purchases: Vec<f64> = candidates.iter().map(|(s, w)| w * bought(*s)).collect();
        let output: Vec<f64> = candidates.iter().map(|(s, w)| w * self.output[at(*s)]).collect();
        attribution::weights(&purchases, &output).weights
    }
}
