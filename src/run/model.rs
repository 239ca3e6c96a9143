//! One realisation of what a run computes with: final demand by growth path, the moves in every
//! variant of technology and sourcing, and what was drawn.

#![allow(non_snake_case)]

use crate::draws::{Stream, parameter};
use crate::elasticities::{Estimate, Precision};
use crate::leontief::Leontief;
use crate::relocation::{Economy, Move, MoveError, Relocation, Suppliers, Technology};
use crate::scenario::Scenario;
use crate::scenario::density::{Amount, Density};
use crate::scenario::uncertainty::{Together, Uncertainty};
use crate::sourcing::{Tilt, TradeShares, solve_near};
use crate::table::{Role, Table};

/// Whose technology and suppliers the plants have in a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variant {
    /// `scenario`, `destination` or `origin`.
    pub technology: &'static str,
    /// The same for suppliers.
    pub sourcing: &'static str,
}

impl Variant {
    /// The scenario's own, then every pairing of the two extremes.
    pub const ALL: [Variant; 5] = [
        Variant { technology: "scenario", sourcing: "scenario" },
        Variant { technology: "destination", sourcing: "destination" },
        Variant { technology: "destination", sourcing: "origin" },
        Variant { technology: "origin", sourcing: "destination" },
        Variant { technology: "origin", sourcing: "origin" },
    ];

    fn of(self, mv: &Move) -> Move {
        let technology = match self.technology {
            "destination" => Technology::Destination,
            "origin" => Technology::Origin,
            _ => mv.technology,
        };
        let suppliers = match self.sourcing {
            "destination" => Suppliers::Destination,
            "origin" => Suppliers::Origin,
            _ => mv.suppliers,
        };
        Move { technology, suppliers, ..*mv }
    }
}

/// Final demand that grows by one path, or not at all, and the output that meets it.
#[derive(Debug, Clone)]
pub(super) struct Component {
    /// Which path; none grows by none.
    pub(super) path: Option<usize>,
    part: Economy,
    /// Its domestic demand of each region.
    of_regions: Vec<(usize, Vec<f64>)>,
}

impl Component {
    /// Buys with tilted shares; the final use of a region is one use.
    fn tilt(&mut self, shares: &TradeShares, tilt: &Tilt) {
        for (region, before) in &self.of_regions {
            let mut after = before.clone();
            shares.tilt_purchases(tilt, *region, &mut after);
            for (at, (after, before)) in after.iter().zip(before).enumerate() {
                self.part.domestic[at] += after - before;
                self.part.demand[at] += after - before;
            }
        }
    }
}

/// Coefficients ready for any year: of the table, or drawn.
pub(super) struct Model<'a> {
    pub(super) components: Vec<Component>,
    /// The moves of each variant that can be had; the scenario's own first.
    pub(super) variants: Vec<(Variant, Relocation<'a>)>,
    /// The scenario's own with the destination's technology, and with the origin's.
    ends: Option<[Relocation<'a>; 2]>,
}

impl<'a> Model<'a> {
    /// Of the table itself.
    pub(super) fn of(
        table: &'a Table,
        scenario: &Scenario,
        leontief: &Leontief,
    ) -> Result<Self, Vec<MoveError>> {
        let moves: Vec<Move> = scenario.moves.iter().map(|planned| planned.mv).collect();
        let mut variants = Vec::new();
        let drawn = scenario
            .uncertainty
            .as_ref()
            .is_some_and(|uncertainty| uncertainty.technology.is_some());
        for variant in Variant::ALL {
            let own: Vec<Move> = moves.iter().map(|mv| variant.of(mv)).collect();
            // The scenario's own way counts once.
            if !variants.is_empty() && !drawn && own == moves {
                continue;
            }
            match Relocation::of(table, leontief, &own) {
                Ok(relocation) => variants.push((variant, relocation)),
                Err(errors) if variants.is_empty() => return Err(errors),
                // A destination without such plants has no technology to lend.
                Err(_) => {}
            }
        }
        let ends = if drawn {
            let end = |technology| {
                let own: Vec<Move> = moves.iter().map(|mv| Move { technology, ..*mv }).collect();
                Relocation::of(table, leontief, &own)
            };
            Some([end(Technology::Destination)?, end(Technology::Origin)?])
        } else {
            None
        };
        Ok(Model { components: components(table, scenario, leontief), variants, ends })
    }

    /// With trade shares of one draw; none if the system has no answer.
    pub(super) fn tilted(
        &self,
        table: &'a Table,
        leontief: &Leontief,
        shares: &TradeShares,
        tilt: &Tilt,
    ) -> Option<Model<'a>> {
        let (industries, n) = (table.industries(), table.industries().len());
        let A = shares.tilt_coefficients(tilt, leontief);
        let mut components = self.components.clone();
        components.iter_mut().for_each(|component| component.tilt(shares, tilt));
        let mut columns: Vec<f64> = components.iter().flat_map(|c| c.part.demand.clone()).collect();
        let relocations: Vec<&Relocation<'a>> = self
            .variants
            .iter()
            .map(|(_, relocation)| relocation)
            .chain(self.ends.iter().flatten())
            .collect();
        let mut inputs = Vec::new();
        for relocation in &relocations {
            let mut own = Vec::new();
            for (mv, plant) in relocation.moves().iter().zip(relocation.plants()) {
                // Plants buy as their suppliers' region does; a mixture as the receiving one.
                let buyer = if mv.suppliers == Suppliers::Origin { mv.from } else { mv.to };
                let mut alpha = plant.inputs.clone();
                shares.tilt_purchases(tilt, buyer, &mut alpha);
                let a = industries.index(mv.from, mv.sector);
                columns.extend(alpha.iter().enumerate().map(|(k, alpha)| alpha - A[k * n + a]));
                own.push(alpha);
            }
            inputs.push(own);
        }
        if !solve_near(leontief, &A, &mut columns) {
            return None;
        }
        let mut solved = columns.chunks_exact(n).map(<[f64]>::to_vec);
        for component in &mut components {
            component.part.output = solved.next()?;
        }
        let mut rebuilt = Vec::new();
        for (relocation, inputs) in relocations.into_iter().zip(inputs) {
            let responses = inputs.iter().map(|_| solved.next()).collect::<Option<Vec<_>>>()?;
            rebuilt.push(relocation.in_system(inputs, responses));
        }
        let mut rebuilt = rebuilt.into_iter();
        let variants = self
            .variants
            .iter()
            .map(|(v, _)| Some((*v, rebuilt.next()?)))
            .collect::<Option<_>>()?;
        let ends = match self.ends {
            Some(_) => Some([rebuilt.next()?, rebuilt.next()?]),
            None => None,
        };
        Some(Model { components, variants, ends })
    }

    /// The scenario's own moves with technology between origin (0) and destination (1).
    pub(super) fn with_technology(&self, share: f64) -> Option<Relocation<'a>> {
        self.ends.as_ref().map(|[destination, origin]| destination.between(origin, share))
    }

    /// The economy of a year: components times their factors.
    pub(super) fn economy(&self, year: i32, factor: impl Fn(Option<usize>) -> f64) -> Economy {
        let n = self.components[0].part.output.len();
        let zero = || vec![0.0; n];
        let mut sum =
            Economy { year, output: zero(), demand: zero(), domestic: zero(), exports: zero() };
        for component in &self.components {
            let f = factor(component.path);
            let part = &component.part;
            for (into, values) in [
                (&mut sum.output, &part.output),
                (&mut sum.demand, &part.demand),
                (&mut sum.domestic, &part.domestic),
                (&mut sum.exports, &part.exports),
            ] {
                into.iter_mut().zip(values).for_each(|(sum, value)| *sum += f * value);
            }
        }
        sum
    }
}

/// Which growth path each column of final demand follows: the last that is about it.
fn path_of(table: &Table, scenario: &Scenario, column: usize) -> Option<usize> {
    let column = table.final_demand().columns[column];
    let paths = &scenario.baseline.demand;
    (0..paths.len())
        .rev()
        .find(|at| paths[*at].factor(column.region, column.category, 0, 0).is_some())
}

fn components(table: &Table, scenario: &Scenario, leontief: &Leontief) -> Vec<Component> {
    let demand = table.final_demand();
    let of: Vec<Option<usize>> =
        (0..demand.columns.len()).map(|column| path_of(table, scenario, column)).collect();
    let paths = (0..scenario.baseline.demand.len()).map(Some).chain([None]);
    paths
        .filter(|path| path.is_none() || of.contains(path))
        .map(|path| {
            let sum = |test: &dyn Fn(Role) -> bool| {
                let own = |column: &usize| of[*column] == path && test(demand.role(*column));
                demand.sum_of(&(0..of.len()).filter(own).collect::<Vec<usize>>())
            };
            let mut all = sum(&|_| true);
            if path.is_none() {
                let gaps = &table.discrepancy().rows;
                all.iter_mut().zip(gaps).for_each(|(sum, gap)| *sum += gap);
            }
            let part = Economy {
                year: table.meta().year,
                output: leontief.output_for(&all),
                domestic: sum(&Role::is_domestic),
                exports: sum(&|role| role == Role::Export),
                demand: all,
            };
            let of_region = |region: usize| {
                let own = |column: &usize| {
                    of[*column] == path
                        && demand.role(*column).is_domestic()
                        && demand.columns[*column].region == Some(region)
                };
                let columns: Vec<usize> = (0..of.len()).filter(own).collect();
                (!columns.is_empty()).then(|| (region, demand.sum_of(&columns)))
            };
            let of_regions = (0..table.industries().regions.len()).filter_map(of_region).collect();
            Component { path, part, of_regions }
        })
        .collect()
}

/// What was drawn for everything but the system.
pub(super) struct Sample {
    pub(super) density: Option<Density>,
    /// Factors on intensities, stressor by stressor, by industry.
    pub(super) factors: Vec<Option<Vec<f64>>>,
    pub(super) technology: Option<f64>,
    pub(super) growth: f64,
}

/// What is drawn: everything that is uncertain, or one thing alone.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Focus {
    All,
    EmissionFactors,
    TradeShares,
    Technology,
    Growth,
    /// A coefficient of an estimate: a lag, or ρ as the last.
    Coefficient {
        estimate: usize,
        place: usize,
    },
}

impl Focus {
    fn has(&self, one: Focus) -> bool {
        *self == Focus::All || *self == one
    }
}

pub(super) fn sample(
    table: &Table,
    scenario: &Scenario,
    uncertainty: &Uncertainty,
    draw: u32,
    focus: &Focus,
) -> Sample {
    let stream = |name: &str| Stream::new(uncertainty.seed, draw, parameter(name));
    let factors = table
        .extensions()
        .iter()
        .enumerate()
        .map(|(at, extension)| {
            let (cv, together) = uncertainty.emission_factors?;
            if !focus.has(Focus::EmissionFactors) || is_counted(scenario, at) {
                return None;
            }
            // Lognormal with median 1 and this relative spread.
            let spread = (1.0 + cv * cv).ln().sqrt();
            let (code, industries) = (&extension.label.code, table.industries());
            let of = |at: usize| {
                let (region, sector) = industries.split(at);
                let (region, sector) =
                    (industries.regions.code(region), industries.sectors.code(sector));
                let name = match together {
                    Together::All => format!("emission/{code}"),
                    Together::Sector => format!("emission/{code}/{sector}"),
                    Together::Industry => format!("emission/{code}/{sector}/{region}"),
                };
                (spread * stream(&name).normal(0)).exp()
            };
            Some((0..industries.len()).map(of).collect())
        })
        .collect();
    let technology = uncertainty
        .technology
        .filter(|_| focus.has(Focus::Technology))
        .map(|[low, high]| low + (high - low) * stream("technology").uniform(0));
    let growth = uncertainty
        .growth
        .filter(|_| focus.has(Focus::Growth))
        .map_or(0.0, |sd| sd * stream("growth").normal(0));
    let density = scenario.density.as_ref().map(|density| {
        let mut density = density.clone();
        if uncertainty.elasticities {
            let spatial = density.weights.is_some();
            for (at, estimate) in density.estimates.iter_mut().enumerate() {
                if estimate.precision == Precision::StarImplied {
                    correlate_lags(estimate, uncertainty.lag_correlation);
                }
                drawn_estimate(estimate, uncertainty.seed, draw, focus, at, spatial);
            }
        }
        density
    });
    Sample { density, factors, technology, growth }
}

/// Whether an extension is counted rather than estimated by emission factors: workers, capital, energy
/// behind a density, and jobs.
fn is_counted(scenario: &Scenario, at: usize) -> bool {
    let density = scenario.density.as_ref().filter(|density| density.stressor != at);
    let amounts = density.map(|density| [Some(density.amount), density.energy, density.labour]);
    let behind = amounts.into_iter().flatten().flatten();
    behind.into_iter().any(|amount| amount == Amount::Extension(at))
        || scenario.realism.counts_jobs_in(at)
}

/// Gives the lags of an equation one correlation.
fn correlate_lags(estimate: &mut Estimate, correlation: f64) {
    let lags = estimate.lags.len();
    for a in 0..lags {
        for b in (0..lags).filter(|b| *b != a) {
            let variances = estimate.covariance[(a, a)] * estimate.covariance[(b, b)];
            estimate.covariance[(a, b)] = correlation * variances.sqrt();
        }
    }
}

/// ρ beyond this is drawn again. METHODS D5.
const LARGEST_RHO: f64 = 0.95;

/// Replaces the coefficients of an estimate by a draw from N(b, V).
fn drawn_estimate(
    estimate: &mut Estimate,
    seed: u64,
    draw: u32,
    focus: &Focus,
    at: usize,
    spatial: bool,
) {
    let count = estimate.lags.len() + 1;
    let name = format!("elasticity/{}/{}", estimate.measure.word(), estimate.group);
    let stream = Stream::new(seed, draw, parameter(&name));
    let root = cholesky(&estimate.covariance);
    for attempt in 0..64 {
        let z: Vec<f64> =
            (0..count).map(|place| stream.normal((attempt * count + place) as u32)).collect();
        let mut shift = vec![0.0; count];
        for a in 0..count {
            shift[a] = match focus {
                Focus::All => (0..=a).map(|b| root[a * count + b] * z[b]).sum(),
                Focus::Coefficient { estimate, place } if *estimate == at && *place == a => {
                    estimate_spread(&root, count, a) * z[a]
                }
                _ => 0.0,
            };
        }
        let rho = estimate.spatial_lag + shift[count - 1];
        if spatial && rho.abs() > LARGEST_RHO && attempt < 63 {
            continue;
        }
        estimate.lags.iter_mut().zip(&shift).for_each(|(lag, shift)| *lag += shift);
        estimate.spatial_lag = rho.clamp(-LARGEST_RHO, LARGEST_RHO);
        return;
    }
}

/// Standard deviation of one coefficient from the root of the covariance.
fn estimate_spread(root: &[f64], count: usize, a: usize) -> f64 {
    root[a * count..=a * count + a].iter().map(|v| v * v).sum::<f64>().sqrt()
}

/// Lower root of a covariance; a coefficient without variance has none.
fn cholesky(covariance: &crate::linalg::Dense) -> Vec<f64> {
    let n = covariance.shape().0;
    let mut root = vec![0.0; n * n];
    for a in 0..n {
        for b in 0..=a {
            let sum: f64 = (0..b).map(|k| root[a * n + k] * root[b * n + k]).sum();
            let gap = covariance[(a, b)] - sum;
            root[a * n + b] = if a == b {
                gap.max(0.0).sqrt()
            } else if root[b * n + b] > 0.0 {
                gap / root[b * n + b]
            } else {
                0.0
            };
        }
    }
    root
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linalg::Dense;

    #[test]
    fn correlated_lags_have_a_surer_sum() {
        use crate::elasticities::{Dependent, Measure};
        let mut one = Estimate {
            group: "g".into(),
            measure: Measure::Output,
            dependent: Dependent::Emissions,
            lags: vec![0.1, 0.2],
            controls: Vec::new(),
            spatial_lag: 0.0,
            covariance: Dense::from_rows(&[
                vec![0.04, 0.0, 0.0],
                vec![0.0, 0.09, 0.0],
                vec![0.0; 3],
            ]),
            precision: Precision::StarImplied,
        };
        correlate_lags(&mut one, -0.5);
        let V = &one.covariance;
        let sum = V[(0, 0)] + 2.0 * V[(0, 1)] + V[(1, 1)];
        assert!((sum - (0.04 + 0.09 - 0.06)).abs() < 1e-15);
        assert_eq!(V[(0, 1)], V[(1, 0)]);
    }

    #[test]
    fn the_root_of_a_covariance_squares_to_it() {
        let V = Dense::from_rows(&[vec![4.0, -1.0, 0.0], vec![-1.0, 2.0, 0.0], vec![0.0; 3]]);
        let root = cholesky(&V);
        for a in 0..3 {
            for b in 0..3 {
                let square: f64 = (0..3).map(|k| root[a * 3 + k] * root[b * 3 + k]).sum();
                assert!((square - V[(a, b)]).abs() < 1e-14);
            }
        }
        assert!((estimate_spread(&root, 3, 1) - 2f64.sqrt()).abs() < 1e-14);
    }
}
