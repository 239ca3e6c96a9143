//! Single-region tables of one country and year: what provincial offices publish.
//!
//! ```text
//! rows     x  = Z·1 + Y·1 + outflow − inflow + error
//! columns  x' = 1'Z + 1'V + column discrepancy
//! ```
//!
//! Such a table is *competitive*: its flows `Z` and final demand `Y` hold whatever the region uses,
//! made there or not, and what came from outside is taken off in one column. Trade has no partner, so
//! nothing here says what one region sells to another; `build` estimates that.

pub mod split;

use crate::labels::{Axis, Label};
use crate::linalg::Dense;

use super::{Category, Meta};

/// Foreign and domestic part of a region's out- or inflow by product, as the source has them; they
/// need not add up to the total.
#[derive(Debug, Clone, PartialEq)]
pub struct TradeSplit {
    /// With the rest of the world.
    pub foreign: Vec<f64>,
    /// With other regions of the country.
    pub domestic: Vec<f64>,
}

/// Trade of a region with everything outside it, by product; nothing says with whom.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenTrade {
    /// Sales to other regions and abroad.
    pub outflow: Vec<f64>,
    /// Purchases from other regions and abroad.
    pub inflow: Vec<f64>,
    /// Parts of the outflow, where the source has any.
    pub outflow_split: Option<TradeSplit>,
    /// Parts of the inflow, where the source has any.
    pub inflow_split: Option<TradeSplit>,
}

/// The table of one region. Vectors have one entry per product.
#[derive(Debug, Clone)]
pub struct RegionalTable {
    /// The region.
    pub region: Label,
    /// Name of the sheet or file it was read from.
    pub sheet: String,
    /// Use of each product (rows) by each sector (columns), wherever it was made.
    pub flows: Dense,
    /// Domestic final demand: products × categories, wherever they were made.
    pub final_demand: Dense,
    /// Trade with everything outside the region.
    pub trade: OpenTrade,
    /// Statistical error of each row.
    pub error: Vec<f64>,
    /// Value added: rows × sectors.
    pub value_added: Dense,
    /// Gross output.
    pub output: Vec<f64>,
}

/// Tables of the regions of one country in one year, in one classification and unit.
#[derive(Debug, Clone)]
pub struct RegionalTables {
    /// What they are about; its notes tell which rules the reader applied.
    pub meta: Meta,
    /// Sectors (products), the same in every table.
    pub sectors: Axis,
    /// Categories of domestic final demand: columns of `final_demand`.
    pub categories: Vec<Category>,
    /// Rows of value added.
    pub value_added: Vec<Label>,
    /// One table for each region, in the order of the source.
    pub regions: Vec<RegionalTable>,
    /// The country's own table, whose out- and inflow are exports and imports.
    pub national: Option<RegionalTable>,
}

impl RegionalTable {
    /// Use of each product within the region: by its sectors and its final demand.
    pub fn use_by_product(&self) -> Vec<f64> {
        self.flows.row_sums().iter().zip(self.final_demand.row_sums()).map(|(z, y)| z + y).collect()
    }

    /// What each row leaves open: output less uses, net outflow and error.
    pub fn row_gaps(&self) -> Vec<f64> {
        let used = self.use_by_product();
        (0..self.output.len())
            .map(|i| {
                let net = self.trade.outflow[i] - self.trade.inflow[i];
                self.output[i] - used[i] - net - self.error[i]
            })
            .collect()
    }

    /// What each column leaves open: output less inputs and value added.
    pub fn column_gaps(&self) -> Vec<f64> {
        let (inputs, added) = (self.flows.column_sums(), self.value_added.column_sums());
        (0..self.output.len()).map(|j| self.output[j] - inputs[j] - added[j]).collect()
    }

    /// Value added by sector.
    pub fn value_added_by_sector(&self) -> Vec<f64> {
        self.value_added.column_sums()
    }
}

impl RegionalTables {
    /// The regions as an axis.
    ///
    /// # Errors
    /// If two of them share a code.
    pub fn region_axis(&self) -> Result<Axis, crate::labels::RepeatedCode> {
        Axis::new("region", self.regions.iter().map(|table| table.region.clone()))
    }
}
