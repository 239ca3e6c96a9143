//! Footprints: who produces, for whom; and the answer to a final-demand shock.
//!
//! ```text
//! E^{s←q} = ĉ L f^(q)      production account of s = Σ_q E^{s←q}      consumption account of q = Σ_s E^{s←q}
//! ```
//!
//! `f^(q)` is the final demand of region `q`; exports, national inventories, the error column and
//! the discrepancy are users of their own, so that the accounts add up to the territorial total.
//! What is embodied in imports from abroad is outside the table. Source: Miller & Blair (2009), ch. 10;
//! METHODS B3.

use crate::labels::Label;
use crate::leontief::Leontief;
use crate::table::{Quantity, Role, Table};

/// Whose demand calls for production.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// Code for results; a region's own code for regions.
    pub label: Label,
    /// The region, if it is one.
    pub region: Option<usize>,
}

/// Accounts of one quantity.
#[derive(Debug, Clone)]
pub struct QuantityFootprint {
    /// Output, value added or a stressor.
    pub quantity: Quantity,
    /// Territorial: by industry.
    pub production: Vec<f64>,
    /// Per user: what its demand embodies, by producing industry.
    pub embodied: Vec<Vec<f64>>,
    /// Per user: what its demand embodies, by the industry whose product it buys.
    pub by_product: Vec<Vec<f64>>,
    /// Direct emissions of households by region.
    pub households: Vec<f64>,
    /// Largest gap between production and the sum over users, relative to the largest industry.
    pub residual: f64,
}

/// Accounts of every quantity of a table.
#[derive(Debug, Clone)]
pub struct Footprint {
    /// Regions first, then the rest of the world and what belongs to no region.
    pub users: Vec<User>,
    /// Value added and every stressor.
    pub quantities: Vec<QuantityFootprint>,
}

/// Demand of each user, one entry per industry: regions first, then the rest of the world and what
/// belongs to no region; of these, users without any demand are left out.
pub fn demands(table: &Table) -> Vec<(User, Vec<f64>)> {
    let demand = table.final_demand();
    let regions = &table.industries().regions;
    let columns = |test: &dyn Fn(usize) -> bool| -> Vec<usize> {
        (0..demand.columns.len()).filter(|&column| test(column)).collect()
    };
    // Exports and errors belong to no region, even where a table lists them by region.
    let outside = |column: usize| matches!(demand.role(column), Role::Export | Role::Error);
    let mut found: Vec<(User, Vec<f64>)> = regions
        .labels()
        .iter()
        .enumerate()
        .map(|(region, label)| {
            let own = columns(&|k| demand.columns[k].region == Some(region) && !outside(k));
            (User { label: label.clone(), region: Some(region) }, demand.sum_of(&own))
        })
        .collect();
    let national = |k: usize| demand.columns[k].region.is_none() && !outside(k);
    let others: [(Label, Vec<f64>); 5] = [
        (
            Label::new("rest_of_world", "Rest of the world (exports)", "国外（出口）"),
            demand.sum_of_role(Role::Export),
        ),
        (
            Label::new("national", "National demand without a region", "全国需求（未分地区）"),
            demand.sum_of(&columns(&|k| national(k) && demand.role(k).is_domestic())),
        ),
        (
            Label::new("inventories", "Inventories without a region", "库存（未分地区）"),
            demand.sum_of(&columns(&|k| national(k) && !demand.role(k).is_domestic())),
        ),
        (Label::new("error", "Error column", "误差项"), demand.sum_of_role(Role::Error)),
        (
            Label::new("discrepancy", "Discrepancy of the rows", "行差额"),
            table.discrepancy().rows.clone(),
        ),
    ];
    found.extend(
        others
            .into_iter()
            .filter(|(_, values)| values.iter().any(|value| *value != 0.0))
            .map(|(label, values)| (User { label, region: None }, values)),
    );
    found
}

impl Footprint {
    /// Accounts of a table.
    pub fn of(table: &Table, leontief: &Leontief) -> Self {
        let (users, mut demand): (Vec<User>, Vec<Vec<f64>>) = demands(table).into_iter().unzip();
        let direct = demand.clone();
        demand.iter_mut().for_each(|f| *f = leontief.output_for(f));
        let account = |quantity: Quantity| {
            let intensity = table.intensities(quantity);
            let multipliers = leontief.multipliers(&intensity);
            let times = |a: &[f64], b: &[f64]| -> Vec<f64> {
                a.iter().zip(b).map(|(a, b)| a * b).collect()
            };
            let embodied: Vec<Vec<f64>> = demand.iter().map(|x| times(x, &intensity)).collect();
            let production = table.totals(quantity);
            let largest = production.iter().map(|v| v.abs()).fold(f64::MIN_POSITIVE, f64::max);
            let gap = |k: usize| {
                (embodied.iter().map(|e| e[k]).sum::<f64>() - production[k]).abs() / largest
            };
            QuantityFootprint {
                quantity,
                residual: (0..production.len()).map(gap).fold(0.0, f64::max),
                by_product: direct.iter().map(|f| times(f, &multipliers)).collect(),
                households: match quantity {
                    Quantity::Stressor(at) => table.extensions()[at].households.clone(),
                    _ => vec![0.0; table.industries().regions.len()],
                },
                production,
                embodied,
            }
        };
        let quantities = table
            .quantities()
            .into_iter()
            .filter(|quantity| *quantity != Quantity::Output)
            .map(account)
            .collect();
        Footprint { users, quantities }
    }
}

impl QuantityFootprint {
    /// Embodied flows from producing regions (rows) to users (columns).
    pub fn flows(&self, table: &Table) -> Vec<Vec<f64>> {
        let by_user: Vec<Vec<f64>> =
            self.embodied.iter().map(|values| table.industries().by_region(values)).collect();
        (0..table.industries().regions.len())
            .map(|region| by_user.iter().map(|flow| flow[region]).collect())
            .collect()
    }
}

/// What a final-demand shock does to one quantity, by industry.
#[derive(Debug, Clone)]
pub struct QuantityImpact {
    /// Output, value added or a stressor.
    pub quantity: Quantity,
    /// In the industries whose products are bought.
    pub direct: Vec<f64>,
    /// In all industries, with all their suppliers.
    pub total: Vec<f64>,
}

/// What a final-demand shock does.
///
/// ```text
/// direct = ĉ Δf     total = ĉ L Δf     indirect = total − direct
/// ```
///
/// # Panics
/// If the shock does not have one entry per industry.
#[track_caller]
pub fn impact(table: &Table, leontief: &Leontief, shock: &[f64]) -> Vec<QuantityImpact> {
    let output = leontief.output_for(shock);
    let measure = |quantity: Quantity| {
        let c = match quantity {
            Quantity::Output => vec![1.0; shock.len()],
            other => table.intensities(other),
        };
        let times = |x: &[f64]| -> Vec<f64> { x.iter().zip(&c).map(|(x, c)| x * c).collect() };
        QuantityImpact { quantity, direct: times(shock), total: times(&output) }
    };
    table.quantities().into_iter().map(measure).collect()
}
