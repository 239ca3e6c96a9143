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

#![allow(non_snake_case)]

use serde::Serialize;

use crate::labels::Label;
use crate::leontief::Leontief;
use crate::linalg::system::System;
use crate::memory;
use crate::table::{Quantity, Role, Table};

/// Code of the user that exports go to.
pub const REST_OF_WORLD: &str = "rest_of_world";

/// Whose demand calls for production.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// Code for results; a region's own code for regions.
    pub label: Label,
    /// The region, if it is one.
    pub region: Option<usize>,
}

/// How much of the accounts is wanted; each level costs more solves than the one before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// Production, and consumption by product: one solve a quantity.
    Consumption,
    /// Also who produces for whom, and exports by industry: one solve a user.
    #[default]
    Flows,
    /// Also imports by product: one solve a quantity and region.
    Imports,
}

/// Accounts of one quantity.
#[derive(Debug, Clone)]
pub struct QuantityFootprint {
    /// Value added or a stressor.
    pub quantity: Quantity,
    /// Territorial: by industry.
    pub production: Vec<f64>,
    /// Per user: what its demand embodies, by product bought.
    pub consumption: Vec<Vec<f64>>,
    /// Embodied flows from producing regions (rows) to users (columns).
    pub flows: Option<Vec<Vec<f64>>>,
    /// What production embodies for other regions and the rest of the world, by industry.
    pub exports: Option<Vec<f64>>,
    /// Per region: what its demand embodies of other regions, by product bought.
    pub imports: Option<Vec<Vec<f64>>>,
    /// Direct emissions of households by region.
    pub households: Vec<f64>,
    /// Largest gap between production and the sum over users, relative to the largest industry; of
    /// consumption alone, gap of the sums.
    pub residual: f64,
    intensity: Vec<f64>,
}

/// Accounts of every quantity of a table.
#[derive(Debug, Clone)]
pub struct Footprint {
    /// Regions first, then the rest of the world and what belongs to no region.
    pub users: Vec<User>,
    /// Output that each user's demand calls for, by industry; none for consumption alone.
    pub outputs: Vec<Vec<f64>>,
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
    let others: [(Label, Vec<f64>); OTHER_USERS] = [
        (
            Label::new(REST_OF_WORLD, "Rest of the world (exports)", "国外（出口）"),
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

/// Users that are no region.
const OTHER_USERS: usize = 5;

/// Right-hand sides that are in memory at once.
const AT_ONCE: usize = 64;

impl Footprint {
    /// Bytes that the accounts of so many quantities take besides the table, at the peak.
    pub fn bytes_needed(table: &Table, quantities: usize, detail: Detail) -> u64 {
        let industries = table.industries();
        let (n, sectors) = (industries.len(), industries.sectors.len());
        let users = industries.regions.len() + OTHER_USERS;
        // Demand of every user, and the output it calls for.
        let kept = memory::numbers(n, if detail >= Detail::Flows { 2 * users } else { users });
        let columns = match detail {
            Detail::Consumption => quantities.min(AT_ONCE),
            Detail::Flows => users,
            Detail::Imports => users.max(AT_ONCE),
        };
        let flows = if detail >= Detail::Flows { users } else { 0 };
        let imports = if detail == Detail::Imports { sectors } else { 0 };
        let accounts = memory::numbers(quantities * users, sectors + flows + imports);
        kept + accounts + System::bytes_needed(n, sectors, columns)
    }

    /// Accounts of some quantities of a table; output has none.
    ///
    /// ```text
    /// production  ĉ x            consumption of q  m ∘ f^(q), summed over origins,  m' = c' L
    /// flows       ĉ L f^(q)      imports of q      consumption less m^(q) ∘ f^(q),  m^(q)' = c_q' L
    /// ```
    ///
    /// `c_q` are the intensities of region `q` alone. With one user for each region and nobody else these
    /// are the accounts D_pba, D_cba, D_exp and D_imp of Stadler (2021), *Journal of Open Research
    /// Software* 9.
    pub fn of(table: &Table, leontief: &Leontief, quantities: &[Quantity], detail: Detail) -> Self {
        let n = table.industries().len();
        let (users, demands): (Vec<User>, Vec<Vec<f64>>) = demands(table).into_iter().unzip();
        let mut outputs = Vec::new();
        if detail >= Detail::Flows {
            let mut columns = demands.concat();
            leontief.outputs_for(&mut columns);
            outputs = columns.chunks_exact(n).map(<[f64]>::to_vec).collect();
        }
        let known = |quantity: &&Quantity| match quantity {
            Quantity::Output => false,
            Quantity::ValueAdded => !table.value_added_rows().rows.is_empty(),
            Quantity::Stressor(_) => true,
        };
        let quantities: Vec<Quantity> = quantities.iter().filter(known).copied().collect();
        let accounts = Accounts { table, leontief, users: &users, demands: &demands };
        let mut found = Vec::with_capacity(quantities.len());
        for some in quantities.chunks(AT_ONCE) {
            found.extend(accounts.of(some, &outputs, detail));
        }
        Footprint { users, outputs, quantities: found }
    }

    /// What the demand of a user embodies of a quantity, by producing industry; none where only
    /// consumption was asked for.
    pub fn embodied(&self, account: &QuantityFootprint, user: usize) -> Option<Vec<f64>> {
        Some(times(self.outputs.get(user)?, &account.intensity))
    }
}

fn times(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a * b).collect()
}

/// What accounts are made of.
struct Accounts<'a> {
    table: &'a Table,
    leontief: &'a Leontief,
    users: &'a [User],
    demands: &'a [Vec<f64>],
}

impl Accounts<'_> {
    fn of(
        &self,
        quantities: &[Quantity],
        outputs: &[Vec<f64>],
        detail: Detail,
    ) -> Vec<QuantityFootprint> {
        let n = self.table.industries().len();
        let intensities: Vec<Vec<f64>> =
            quantities.iter().map(|quantity| self.table.intensities(*quantity)).collect();
        let mut multipliers = intensities.concat();
        self.leontief.multipliers_of(&mut multipliers);
        let mut own = match detail {
            Detail::Imports => self.own(&intensities),
            _ => Vec::new(),
        }
        .into_iter();
        let of_each = quantities.iter().zip(intensities).zip(multipliers.chunks_exact(n));
        of_each
            .map(|((quantity, intensity), multipliers)| {
                let mut account = self.account(*quantity, intensity, multipliers);
                if detail >= Detail::Flows {
                    self.add_flows(&mut account, outputs);
                }
                account.imports = own.next().map(|own| less(&account.consumption, &own));
                account
            })
            .collect()
    }

    fn account(
        &self,
        quantity: Quantity,
        intensity: Vec<f64>,
        multipliers: &[f64],
    ) -> QuantityFootprint {
        let production = self.table.totals(quantity);
        let consumption: Vec<Vec<f64>> =
            self.demands.iter().map(|demand| self.by_product(demand, multipliers)).collect();
        let (all, used): (f64, f64) = (production.iter().sum(), consumption.iter().flatten().sum());
        let size: f64 = production.iter().map(|value| value.abs()).sum();
        QuantityFootprint {
            quantity,
            residual: (all - used).abs() / size.max(f64::MIN_POSITIVE),
            consumption,
            flows: None,
            exports: None,
            imports: None,
            households: match quantity {
                Quantity::Stressor(at) => self.table.extensions()[at].households.clone(),
                _ => vec![0.0; self.table.industries().regions.len()],
            },
            production,
            intensity,
        }
    }

    /// What a demand embodies, by product bought.
    fn by_product(&self, demand: &[f64], multipliers: &[f64]) -> Vec<f64> {
        let S = self.table.industries().sectors.len();
        let mut sums = vec![0.0; S];
        for (demand, multipliers) in demand.chunks_exact(S).zip(multipliers.chunks_exact(S)) {
            for ((sum, f), m) in sums.iter_mut().zip(demand).zip(multipliers) {
                *sum += f * m;
            }
        }
        sums
    }

    fn add_flows(&self, account: &mut QuantityFootprint, outputs: &[Vec<f64>]) {
        let industries = self.table.industries();
        let R = industries.regions.len();
        let mut flows = vec![vec![0.0; outputs.len()]; R];
        let mut exports = vec![0.0; industries.len()];
        let mut all = vec![0.0; industries.len()];
        for (user, output) in outputs.iter().enumerate() {
            let embodied = times(output, &account.intensity);
            for (region, sum) in industries.by_region(&embodied).into_iter().enumerate() {
                flows[region][user] = sum;
            }
            let is_abroad = self.users[user].label.code == REST_OF_WORLD;
            for (at, value) in embodied.into_iter().enumerate() {
                let elsewhere = match self.users[user].region {
                    Some(region) => industries.split(at).0 != region,
                    None => is_abroad,
                };
                exports[at] += if elsewhere { value } else { 0.0 };
                all[at] += value;
            }
        }
        let largest = account.production.iter().map(|v| v.abs()).fold(f64::MIN_POSITIVE, f64::max);
        let gaps = all.iter().zip(&account.production).map(|(a, b)| (a - b).abs() / largest);
        account.residual = gaps.fold(0.0, f64::max);
        (account.flows, account.exports) = (Some(flows), Some(exports));
    }

    /// Per quantity and region: what the region's demand embodies of the region itself, by product.
    fn own(&self, intensities: &[Vec<f64>]) -> Vec<Vec<Vec<f64>>> {
        let industries = self.table.industries();
        let (n, R, S) = (industries.len(), industries.regions.len(), industries.sectors.len());
        let pairs: Vec<(usize, usize)> =
            (0..intensities.len()).flat_map(|c| (0..R).map(move |r| (c, r))).collect();
        let mut found = vec![Vec::with_capacity(R); intensities.len()];
        for some in pairs.chunks(AT_ONCE) {
            let mut columns = vec![0.0; some.len() * n];
            for ((c, r), column) in some.iter().zip(columns.chunks_exact_mut(n)) {
                column[r * S..][..S].copy_from_slice(&intensities[*c][r * S..][..S]);
            }
            self.leontief.multipliers_of(&mut columns);
            for ((c, r), column) in some.iter().zip(columns.chunks_exact(n)) {
                found[*c].push(self.by_product(&self.demands[*r], column));
            }
        }
        found
    }
}

/// What is left of each vector; as many as there are vectors to take away.
fn less(all: &[Vec<f64>], own: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let one =
        |(all, own): (&Vec<f64>, &Vec<f64>)| all.iter().zip(own).map(|(a, b)| a - b).collect();
    all.iter().zip(own).map(one).collect()
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
