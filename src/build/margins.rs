//! What each region sells to and buys from other regions of the country, by product.
//!
//! ```text
//! transit    n_i^r = max(0, inflow − uses)            taken off inflow and outflow
//! exports    e_i^r = min(stated, outflow − n);        imports the same with inflow
//! sold       o_i^r = outflow − n − e;                 bought  d_i^r = inflow − n − m
//! τ_i = ½ (Σ_r o_i^r + Σ_r d_i^r);                    both sides are scaled to τ_i
//! ```
//!
//! Provincial tables were made one by one: what all provinces sell of a product is not what all
//! provinces buy of it. The gap stays in the error column of the result.
//!
//! Where a region's split of foreign and domestic trade is missing, it gets what the country's own
//! exports leave after the known regions, in proportion to outflow. The country's exports and imports
//! are a soft control: the regions' go a stated part of the way towards them.

use crate::linalg::Dense;
use crate::table::Role;
use crate::table::regional::split::Settled;
use crate::table::regional::{RegionalTable, RegionalTables};

/// Foreign trade of each region by product after its columns were judged; none where the source has
/// no split that can be used.
#[derive(Debug, Clone)]
pub struct Foreign {
    /// Exports, by region.
    pub exports: Vec<Option<Vec<f64>>>,
    /// Imports, by region.
    pub imports: Vec<Option<Vec<f64>>>,
}

impl Foreign {
    /// What the rule on exchanged and missing columns says.
    pub fn of(settled: &[Settled]) -> Self {
        Foreign {
            exports: settled.iter().map(|one| one.exports.clone()).collect(),
            imports: settled.iter().map(|one| one.imports.clone()).collect(),
        }
    }
}

/// Which total of a product its trade between regions is brought to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Level {
    /// The mean of what all regions say they sell and what they say they buy.
    #[default]
    Mean,
    /// What they say they sell.
    Sold,
    /// What they say they buy.
    Bought,
}

impl Level {
    /// The word files use for it.
    pub fn word(self) -> &'static str {
        match self {
            Level::Mean => "mean",
            Level::Sold => "sold",
            Level::Bought => "bought",
        }
    }
}

/// One side of the trade of all regions: products × regions.
#[derive(Debug, Clone)]
pub struct Side {
    /// With the rest of the world.
    pub foreign: Dense,
    /// With other regions, as the source has it.
    pub stated: Dense,
    /// With other regions, brought to one total by product.
    pub domestic: Dense,
    /// The country's own total with the rest of the world by product, where it has a table.
    pub national: Option<Vec<f64>>,
}

/// Trade of all regions by product.
#[derive(Debug, Clone)]
pub struct Margins {
    /// Sales.
    pub sold: Side,
    /// Purchases.
    pub bought: Side,
    /// What goes through a region without being made or used there: products × regions.
    pub transit: Dense,
    /// What each region uses of each product and may come from anywhere: intermediate use, consumption,
    /// fixed investment, and additions to inventories; products × regions.
    pub uses: Dense,
}

/// How exports and imports are told from trade with other regions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// Which total a product's trade between regions is brought to.
    pub level: Level,
    /// How far the sum of exports (imports) goes towards the country's own: 0 not at all, 1 all the way.
    pub national_weight: f64,
}

impl Default for Rules {
    /// Sources are trusted alike: the mean of sales and purchases, half the way to the country's own.
    fn default() -> Self {
        Rules { level: Level::Mean, national_weight: 0.5 }
    }
}

impl Margins {
    /// Margins of the tables.
    ///
    /// # Panics
    /// If there is not one entry of foreign trade for each region.
    #[track_caller]
    pub fn of(tables: &RegionalTables, foreign: &Foreign, rules: Rules) -> Self {
        let count = tables.regions.len();
        assert_eq!(foreign.exports.len(), count, "exports of each region");
        assert_eq!(foreign.imports.len(), count, "imports of each region");
        let products = tables.sectors.len();
        let mut uses = Dense::zeros(products, count);
        let mut transit = Dense::zeros(products, count);
        for (r, table) in tables.regions.iter().enumerate() {
            for (i, used) in spreadable(tables, table).into_iter().enumerate() {
                uses[(i, r)] = used.max(0.0);
                let through = table.trade.inflow[i] - uses[(i, r)];
                transit[(i, r)] = through.clamp(0.0, table.trade.outflow[i].max(0.0));
            }
        }
        let national = tables.national.as_ref();
        let side = |total: fn(&RegionalTable) -> &[f64], known: &[Option<Vec<f64>>]| {
            let crossing = Dense::from_rows(
                &(0..products)
                    .map(|i| {
                        let net = |r: usize| total(&tables.regions[r])[i] - transit[(i, r)];
                        (0..count).map(|r| net(r).max(0.0)).collect()
                    })
                    .collect::<Vec<Vec<f64>>>(),
            );
            split_side(crossing, known, national.map(|table| total(table).to_vec()), rules)
        };
        let mut sold = side(|table| &table.trade.outflow, &foreign.exports);
        let mut bought = side(|table| &table.trade.inflow, &foreign.imports);
        level(&mut sold, &mut bought, &uses, rules.level);
        Margins { sold, bought, transit, uses }
    }

    /// Stated sales less stated purchases between regions, by product: what no table can close.
    pub fn gaps(&self) -> Vec<f64> {
        let (sold, bought) = (self.sold.stated.row_sums(), self.bought.stated.row_sums());
        sold.iter().zip(bought).map(|(o, d)| o - d).collect()
    }
}

/// Use of each product that its origin can be spread over (METHODS A3): all but drawn-down inventories.
pub(super) fn spreadable(tables: &RegionalTables, table: &RegionalTable) -> Vec<f64> {
    let mut found = table.flows.row_sums();
    for (column, category) in tables.categories.iter().enumerate() {
        for (i, sum) in found.iter_mut().enumerate() {
            let value = table.final_demand[(i, column)];
            *sum += if category.role == Role::Inventory { value.max(0.0) } else { value };
        }
    }
    found
}

/// Foreign and domestic part of what crosses the borders of the regions.
fn split_side(
    crossing: Dense,
    stated_abroad: &[Option<Vec<f64>>],
    national: Option<Vec<f64>>,
    rules: Rules,
) -> Side {
    let (products, count) = crossing.shape();
    let mut foreign = Dense::zeros(products, count);
    for i in 0..products {
        let row = foreign.row_mut(i);
        let (mut known, mut known_of, mut unknown_of) = (0.0, 0.0, 0.0);
        for (r, cell) in row.iter_mut().enumerate() {
            let of = crossing[(i, r)];
            match &stated_abroad[r] {
                Some(stated) => {
                    *cell = stated[i].clamp(0.0, of);
                    (known, known_of) = (known + *cell, known_of + of);
                }
                None => unknown_of += of,
            }
        }
        // Without the country's own figure the unknown regions are like the known ones.
        let rest = match &national {
            Some(national) => (national[i] - known).clamp(0.0, unknown_of),
            None if known_of > 0.0 => unknown_of * known / known_of,
            None => 0.0,
        };
        for (r, cell) in row.iter_mut().enumerate().filter(|(r, _)| stated_abroad[*r].is_none()) {
            if unknown_of > 0.0 {
                *cell = rest * crossing[(i, r)] / unknown_of;
            }
        }
        let sum: f64 = row.iter().sum();
        if let (Some(national), true) = (&national, sum > 0.0) {
            let goal = sum + rules.national_weight * (national[i] - sum);
            for (r, cell) in row.iter_mut().enumerate() {
                *cell = (*cell * goal.max(0.0) / sum).min(crossing[(i, r)]);
            }
        }
    }
    let mut stated = crossing;
    stated.values_mut().iter_mut().zip(foreign.values()).for_each(|(all, abroad)| *all -= abroad);
    Side { foreign, domestic: stated.clone(), stated, national }
}

/// Brings sales and purchases between regions to one total by product.
fn level(sold: &mut Side, bought: &mut Side, uses: &Dense, level: Level) {
    let (products, count) = uses.shape();
    for i in 0..products {
        let o: f64 = sold.stated.row(i).iter().sum();
        let d: f64 = bought.stated.row(i).iter().sum();
        let wanted = match level {
            _ if o <= 0.0 || d <= 0.0 => 0.0,
            Level::Mean => 0.5 * (o + d),
            Level::Sold => o,
            Level::Bought => d,
        };
        for r in 0..count {
            // Nobody buys more than it uses.
            let room = (uses[(i, r)] - bought.foreign[(i, r)]).max(0.0);
            let scaled = if d > 0.0 { bought.stated[(i, r)] * wanted / d } else { 0.0 };
            bought.domestic[(i, r)] = scaled.min(room);
        }
        let reached: f64 = bought.domestic.row(i).iter().sum();
        for r in 0..count {
            sold.domestic[(i, r)] = if o > 0.0 { sold.stated[(i, r)] * reached / o } else { 0.0 };
        }
    }
}
