//! Demand-attributed production: whose final demand calls for what where (METHODS B3).
//!
//! ```text
//! E^{s←q}(t) = ĉ(t) L(t) f^(q)(t)      ΔE^{s←q} = E^{s←q}(1) − E^{s←q}(0)
//! ```
//!
//! *Static*, in one year: the transfer from q to s is `E^{s←q}`, s ≠ q: q has its demand produced in
//! s. *Dynamic*: its change. It holds growth of demand and technology too, so it is not the effect of
//! sourcing. Users are those of a footprint: regions, the rest of the world, and what belongs to no
//! region; a region's own inventories are its demand.

#![allow(non_snake_case)]

use crate::footprint::{User, demands};
use crate::labels::Industries;
use crate::leontief::{Leontief, LeontiefError, TechnicalCoefficients, singular};
use crate::linalg::Matrix;
use crate::linalg::factor::Factor;
use crate::table::Table;

/// One quantity by whose demand calls for it, in the base and the target year.
#[derive(Debug, Clone)]
pub struct DemandPull {
    /// By year and user: what its demand calls for, one entry per industry.
    pub embodied: [Vec<Vec<f64>>; 2],
    /// What the change of the net transfer would be had every region's flows of the base year grown
    /// as its final demand did: the part of the change that is growth of demand.
    ///
    /// ```text
    /// Σ_{q≠s} E0^{si←q} (g_q − 1) − Σ_{r≠s} E0^{ri←s} (g_s − 1),   g_q = 1'f^(q)(1) / 1'f^(q)(0)
    /// ```
    pub demand_growth: Vec<f64>,
    regions: usize,
}

impl DemandPull {
    /// Production of each industry for the demand of other regions, in year 0 or 1.
    ///
    /// ```text
    /// in_si = Σ_{q≠s} E^{si←q}
    /// ```
    pub fn transfer_in(&self, year: usize) -> Vec<f64> {
        inward(&self.embodied[year][..self.regions], &vec![1.0; self.regions])
    }

    /// What each region's demand calls for in other regions, by region and producing sector.
    ///
    /// ```text
    /// out_si = Σ_{r≠s} E^{ri←s}
    /// ```
    pub fn transfer_out(&self, year: usize) -> Vec<f64> {
        outward(&self.embodied[year][..self.regions], &vec![1.0; self.regions])
    }

    /// Transfer-in less transfer-out; sums to zero over regions for each sector.
    pub fn net(&self, year: usize) -> Vec<f64> {
        less(&self.transfer_in(year), &self.transfer_out(year))
    }

    /// Change of the net from year 0 to year 1: the dynamic measure.
    pub fn net_change(&self) -> Vec<f64> {
        less(&self.net(1), &self.net(0))
    }

    /// Embodied balance of region `s` with region `q` in a year: `E^{s←q} − E^{q←s}`.
    pub fn balance(&self, year: usize, s: usize, q: usize) -> f64 {
        let embodied = &self.embodied[year];
        let sectors = embodied[s].len() / self.regions.max(1);
        let within = |user: usize, region: usize| -> f64 {
            embodied[user][region * sectors..][..sectors].iter().sum()
        };
        within(q, s) - within(s, q)
    }
}

/// Per industry the sum over the other regions' demand, each times a weight of the demanding region.
fn inward(embodied: &[Vec<f64>], weights: &[f64]) -> Vec<f64> {
    let n = embodied.first().map_or(0, Vec::len);
    let sectors = (n / embodied.len().max(1)).max(1);
    let one = |at: usize| {
        let others = embodied.iter().zip(weights).enumerate();
        let others = others.filter(|(user, _)| *user != at / sectors);
        others.map(|(_, (values, weight))| values[at] * weight).sum()
    };
    (0..n).map(one).collect()
}

/// Per region and sector the sum over the other regions where its demand is produced, times the
/// region's weight.
fn outward(embodied: &[Vec<f64>], weights: &[f64]) -> Vec<f64> {
    let n = embodied.first().map_or(0, Vec::len);
    let sectors = (n / embodied.len().max(1)).max(1);
    let one = |at: usize| {
        let (region, sector) = (at / sectors, at % sectors);
        let elsewhere = (sector..n).step_by(sectors).filter(|other| other / sectors != region);
        weights[region] * elsewhere.map(|other| embodied[region][other]).sum::<f64>()
    };
    (0..n).map(one).collect()
}

fn less(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

/// Output by whose demand calls for it, in both years.
pub(super) struct Pull {
    pub(super) users: Vec<User>,
    /// By year and user, one entry per industry.
    output: [Vec<Vec<f64>>; 2],
    /// Growth of each region's final demand, `g − 1`; 0 where there was none.
    growth: Vec<f64>,
}

impl Pull {
    pub(super) fn of(base: &Table, target: &Table) -> Result<Self, LeontiefError> {
        let [before, after] = [demands(base), demands(target)];
        let mut users: Vec<User> = Vec::new();
        for (user, _) in before.iter().chain(&after) {
            if !users.contains(user) {
                users.push(user.clone());
            }
        }
        let sum = |of: &[(User, Vec<f64>)], at: usize| -> f64 { of[at].1.iter().sum() };
        let growth = (0..base.industries().regions.len())
            .map(|q| match sum(&before, q) {
                0.0 => 0.0,
                start => sum(&after, q) / start - 1.0,
            })
            .collect();
        let solve = |table: &Table, demands: Vec<(User, Vec<f64>)>| {
            let n = table.industries().len();
            let mut columns = vec![0.0; n * users.len()];
            for (user, demand) in demands {
                if let Some(at) = users.iter().position(|known| *known == user) {
                    columns[at * n..][..n].copy_from_slice(&demand);
                }
            }
            Leontief::of(table)?.outputs_for(&mut columns);
            Ok(columns.chunks(n).map(<[f64]>::to_vec).collect())
        };
        let output = [solve(base, before)?, solve(target, after)?];
        Ok(Pull { users, output, growth })
    }

    /// A quantity by its intensities in both years.
    pub(super) fn quantity(&self, industries: &Industries, intensities: [&[f64]; 2]) -> DemandPull {
        let regions = industries.regions.len();
        let embodied = [0, 1].map(|year| {
            let times = |output: &Vec<f64>| -> Vec<f64> {
                output.iter().zip(intensities[year]).map(|(x, c)| x * c).collect()
            };
            self.output[year].iter().map(times).collect::<Vec<_>>()
        });
        let of_regions = &embodied[0][..regions];
        let demand_growth =
            less(&inward(of_regions, &self.growth), &outward(of_regions, &self.growth));
        DemandPull { embodied, demand_growth, regions }
    }
}

/// Output of each industry had the regions of a group bought from themselves whatever they bought
/// from one another and make themselves.
///
/// ```text
/// x = (I − A*)⁻¹ f*,   T*^{ss} = Σ_{r∈K} T^{rs},  T*^{rs} = 0 for r ∈ K, r ≠ s   (s ∈ K makes the product)
/// ```
///
/// In the table's unit; with a group of all regions `T*^{ss} = 1`. Technology, imports, purchases from
/// outside the group, exports and the error column stay. This is **our reading** of the
/// "no-transfer" counterfactual of METHODS B3: the formula of its source was not seen.
///
/// # Errors
/// If `I − A*` has no inverse.
///
/// # Panics
/// If the group does not say of each region whether it is in it.
#[track_caller]
pub fn without_transfer(table: &Table, group: &[bool]) -> Result<Vec<f64>, LeontiefError> {
    let industries = table.industries();
    assert_eq!(group.len(), industries.regions.len(), "one entry per region expected");
    let (n, x) = (industries.len(), table.output());
    let mut A = TechnicalCoefficients::of(table).0.to_dense();
    let demand = table.final_demand();
    let mut columns = demand.values.to_dense();
    let buyer_of_column =
        |k: usize| demand.columns[k].region.filter(|_| demand.role(k).is_domestic());
    for row in 0..n {
        let (seller, sector) = industries.split(row);
        let home = |buyer: usize| {
            let own = industries.index(buyer, sector);
            (group[seller] && group[buyer] && buyer != seller && x[own] != 0.0).then_some(own)
        };
        for j in 0..n {
            if let Some(own) = home(industries.split(j).0) {
                A[(own, j)] += A[(row, j)];
                A[(row, j)] = 0.0;
            }
        }
        for k in 0..demand.columns.len() {
            if let Some(own) = buyer_of_column(k).and_then(home) {
                columns[(own, k)] += columns[(row, k)];
                columns[(row, k)] = 0.0;
            }
        }
    }
    let gaps = &table.discrepancy().rows;
    let f: Vec<f64> = columns.row_sums().iter().zip(gaps).map(|(f, gap)| f + gap).collect();
    let lu = Factor::of_identity_minus(&Matrix::Dense(A).into())
        .map_err(|error| singular(error, &table.meta().name, industries))?;
    Ok(lu.solve(&f))
}
