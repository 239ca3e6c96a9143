//! What each region sells to and buys from other regions of the country, by product.
//!
//! ```text
//! transit    n_i^r = max(0, inflow − uses)            taken off inflow and outflow
//! exports    e_i^r = min(stated, outflow − n);        imports the same with inflow
//! sold       o_i^r = outflow − n − e;                 bought  d_i^r = inflow − n − m
//! ```
//!
//! Provincial tables were made one by one: what all provinces sell of a product, `O`, is not what all
//! provinces buy of it, `D`. Both are brought to one total τ. Whatever is changed goes to the error
//! column of the result: a region whose purchases are cut must make more itself, one whose sales are
//! raised must make more too. Scaling alone puts errors of many times their output into regions that make
//! next to nothing; so (default) both sides go to the mean `τ = ½ (O + D)` by the changes that are least
//! relative to trade `v` and to output `x` together:
//!
//! ```text
//! minimise  Σ_r (Δ^r)² (1/v^r + 1/x^r)   over Σ_r Δ^r = τ − Σ_r v^r;   Δ^r ∝ v^r x^r / (v^r + x^r)
//! ```
//!
//! with no value below zero, no purchases above a region's uses, and no sales above what it makes and does
//! not export (or says it sells). A region that makes none of a product keeps its stated trade in it.
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
    /// The mean of stated sales and purchases, by the least changes relative to trade and output.
    #[default]
    Output,
    /// The same mean, each side scaled.
    Mean,
    /// What regions say they sell, purchases scaled.
    Sold,
    /// What regions say they buy, sales scaled.
    Bought,
}

impl Level {
    /// The word files use for it.
    pub fn word(self) -> &'static str {
        match self {
            Level::Output => "output",
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
    /// Stated sales and purchases are trusted alike, and exports and imports go half the way to the country's own.
    fn default() -> Self {
        Rules { level: Level::Output, national_weight: 0.5 }
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
        match rules.level {
            Level::Output => {
                let output = |i: usize| tables.regions.iter().map(move |table| table.output[i]);
                let outputs: Vec<Vec<f64>> = (0..products).map(|i| output(i).collect()).collect();
                level_by_output(&mut sold, &mut bought, &uses, &outputs);
            }
            level => scale_to(&mut sold, &mut bought, &uses, level),
        }
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

/// Brings both sides to the mean, each by the least changes relative to trade and to output.
fn level_by_output(sold: &mut Side, bought: &mut Side, uses: &Dense, outputs: &[Vec<f64>]) {
    let (products, count) = uses.shape();
    for i in 0..products {
        let room: Vec<f64> =
            (0..count).map(|r| (uses[(i, r)] - bought.foreign[(i, r)]).max(0.0)).collect();
        let o = sold.stated.row(i).to_vec();
        let d: Vec<f64> =
            bought.stated.row(i).iter().zip(&room).map(|(d, most)| d.min(*most)).collect();
        let (sum_o, sum_d) = (o.iter().sum::<f64>(), d.iter().sum::<f64>());
        let mean = if sum_o > 0.0 && sum_d > 0.0 { 0.5 * (sum_o + sum_d) } else { 0.0 };
        // Nobody is made to sell more than it makes and does not export, unless it says so itself.
        let made: Vec<f64> = (0..count)
            .map(|r| (outputs[i][r] - sold.foreign[(i, r)]).max(sold.stated[(i, r)]))
            .collect();
        let found =
            [brought_to(mean, &o, &outputs[i], &made), brought_to(mean, &d, &outputs[i], &room)];
        // What no region could take, and rounding: both sides meet at the smaller one.
        let sums = found.each_ref().map(|values| values.iter().sum::<f64>());
        let met = sums[0].min(sums[1]);
        for ((side, values), sum) in [&mut *sold, &mut *bought].into_iter().zip(found).zip(sums) {
            for (cell, value) in side.domestic.row_mut(i).iter_mut().zip(values) {
                *cell = if sum > 0.0 { value * met / sum } else { 0.0 };
            }
        }
    }
}

/// Values changed so that they sum to a goal, by the least `Σ Δ² (1/v + 1/x)`, none below zero or above
/// its limit.
fn brought_to(goal: f64, values: &[f64], outputs: &[f64], most: &[f64]) -> Vec<f64> {
    let gap = goal - values.iter().sum::<f64>();
    let weights: Vec<f64> = values
        .iter()
        .zip(outputs)
        .map(|(v, x)| if *v > 0.0 && *x > 0.0 { v * x / (v + x) } else { 0.0 })
        .collect();
    let limits: Vec<f64> = values
        .iter()
        .zip(most)
        .map(|(v, most)| if gap < 0.0 { *v } else { (most - v).max(0.0) })
        .collect();
    let parts = spread_by(gap.abs(), &weights, &limits);
    values.iter().zip(parts).map(|(v, part)| (v + part.copysign(gap)).max(0.0)).collect()
}

/// Spreads an amount in proportion to weights, no part above its limit, as far as limits allow.
fn spread_by(amount: f64, weights: &[f64], limits: &[f64]) -> Vec<f64> {
    let mut parts = vec![0.0; weights.len()];
    let mut open: Vec<usize> =
        (0..weights.len()).filter(|r| weights[*r] > 0.0 && limits[*r] > 0.0).collect();
    let mut rest = amount;
    // Each round fills at least one region to its limit, or ends.
    while rest > 0.0 && !open.is_empty() {
        let sum: f64 = open.iter().map(|r| weights[*r]).sum();
        let full: Vec<usize> = open
            .iter()
            .copied()
            .filter(|r| parts[*r] + rest * weights[*r] / sum >= limits[*r])
            .collect();
        if full.is_empty() {
            open.iter().for_each(|r| parts[*r] += rest * weights[*r] / sum);
            return parts;
        }
        for r in full {
            rest -= limits[r] - parts[r];
            parts[r] = limits[r];
            open.retain(|other| *other != r);
        }
    }
    parts
}

/// Scales sales and purchases between regions to one total by product.
fn scale_to(sold: &mut Side, bought: &mut Side, uses: &Dense, level: Level) {
    let (products, count) = uses.shape();
    for i in 0..products {
        let o: f64 = sold.stated.row(i).iter().sum();
        let d: f64 = bought.stated.row(i).iter().sum();
        let wanted = match level {
            _ if o <= 0.0 || d <= 0.0 => 0.0,
            Level::Sold => o,
            Level::Bought => d,
            Level::Mean | Level::Output => 0.5 * (o + d),
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
