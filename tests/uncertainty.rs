//! Draws: the same bits however they are split, bands that cover the truth, factors used again.

#![allow(non_snake_case)]

mod common;

use common::{example_table, worked_example, worked_move};
use irio::agglomeration::Reading;
use irio::draws::{Stream, parameter};
use irio::elasticities::{Dependent, Estimate, Measure, Precision};
use irio::labels::{Label, RegionGroup};
use irio::linalg::Dense;
use irio::progress::Silent;
use irio::run::ensemble::{Band, Ensemble, Level};
use irio::run::{draws, run};
use irio::scenario::density::{Amount, Density, Scope};
use irio::scenario::place::Place;
use irio::scenario::uncertainty::{Concentration, Together, Uncertainty};
use irio::scenario::{DemandPath, Growth, Horizon, PlannedMove, Scenario, SizePath, Trajectory};
use irio::table::{Extension, Quantity, Table};
use rayon::prelude::*;

fn worked() -> Table {
    example_table(&worked_example(), "two_region", 1)
}

fn estimate(lags: [f64; 2]) -> Estimate {
    let V = [[0.010, -0.004, 0.0], [-0.004, 0.009, 0.001], [0.0, 0.001, 0.004]];
    Estimate {
        group: "all".into(),
        measure: Measure::Output,
        dependent: Dependent::Emissions,
        lags: lags.to_vec(),
        controls: Vec::new(),
        spatial_lag: 0.3,
        covariance: Dense::from_rows(&V.map(|row| row.to_vec())),
        precision: Precision::Estimated,
    }
}

fn scenario(lags: [f64; 2], draws: u32) -> Scenario {
    let size = SizePath::Share(Trajectory::Constant(0.3));
    Scenario {
        name: "worked".into(),
        moves: vec![PlannedMove { mv: worked_move(), size }],
        density: Some(Density {
            measure: Measure::Output,
            amount: Amount::Output,
            stressor: 0,
            sectors: vec![true, false],
            estimates: vec![estimate(lags)],
            groups: vec![Some(0); 2],
            weights: Some(Dense::new(2, 2, vec![0.0, 1.0, 1.0, 0.0])),
            reading: Reading::Conditional,
            cap: f64::INFINITY,
            scope: Scope::Region,
            energy: None,
            labour: None,
            inverted: Vec::new(),
            flags: Vec::new(),
            source: String::new(),
        }),
        uncertainty: Some(Uncertainty {
            draws,
            seed: 11,
            elasticities: true,
            lag_correlation: 0.0,
            emission_factors: None,
            trade_shares: None,
            technology: None,
            growth: None,
        }),
        ..Scenario::default()
    }
}

/// Everything is uncertain, over ten years of growth.
fn everything(draws: u32) -> Scenario {
    let mut all = scenario([-0.2, 0.1], draws);
    let growth = Growth::Rate(0.03);
    all.baseline.demand.push(DemandPath { regions: None, categories: None, growth });
    all.horizon = Some(Horizon { start: 2012, end: 2017 });
    if let Some(uncertainty) = &mut all.uncertainty {
        uncertainty.emission_factors = Some((0.1, Together::Industry));
        uncertainty.trade_shares = Some(Concentration::Uniform(50.0));
        uncertainty.technology = Some([0.0, 1.0]);
        uncertainty.growth = Some(0.01);
    }
    all
}

fn bits(values: &[Option<Vec<f64>>]) -> Vec<Option<Vec<u64>>> {
    let one = |values: &Vec<f64>| values.iter().map(|value| value.to_bits()).collect();
    values.iter().map(|values| values.as_ref().map(one)).collect()
}

/// Band of a stressor in the first year and the scenario's own reading.
fn band(found: &Ensemble, level: Level, stressor: usize, place: Place) -> [f64; 3] {
    let quantity = Quantity::Stressor(stressor);
    let own = |band: &&Band| (band.level, band.quantity, band.place) == (level, quantity, place);
    found.bands.iter().find(own).unwrap().values
}

#[test]
fn emission_factors_leave_alone_what_is_counted() {
    let mut parts = worked().into_parts();
    let jobs = Extension {
        label: Label::code("employment"),
        values: parts.output.iter().map(|x| 0.1 * x).collect(),
        ..parts.extensions[0].clone()
    };
    parts.extensions.push(jobs);
    let table = parts.check().unwrap();
    let mut one = scenario([0.0, 0.0], 50);
    if let (Some(density), Some(uncertainty)) = (&mut one.density, &mut one.uncertainty) {
        (density.measure, density.amount) = (Measure::Labour, Amount::Extension(1));
        uncertainty.elasticities = false;
        uncertainty.emission_factors = Some((0.2, Together::All));
    }
    let outcome = run(&table, &one, &Silent).unwrap();
    let found = outcome.ensemble.as_ref().unwrap();
    let width = |stressor| {
        let [low, _, high] = band(found, Level::Baseline, stressor, Place::All);
        (high - low) / low
    };
    assert!(width(0) > 0.3, "{}", width(0));
    assert_eq!(width(1), 0.0);
}

/// Bands of a group are of the sums of its regions draw by draw, not sums of bands.
#[test]
fn bands_of_a_group_are_of_its_sums() {
    let group = |code: &str, inside: [bool; 2]| RegionGroup {
        label: Label::code(code),
        inside: inside.to_vec(),
    };
    let mut one = scenario([0.0, 0.0], 200);
    one.groups = vec![group("whole", [true, true]), group("second", [false, true])];
    if let Some(uncertainty) = &mut one.uncertainty {
        uncertainty.emission_factors = Some((0.2, Together::Industry));
    }
    let table = worked();
    let outcome = run(&table, &one, &Silent).unwrap();
    let found = outcome.ensemble.as_ref().unwrap();
    for level in [Level::Baseline, Level::Scenario, Level::Difference] {
        let of = |place| band(found, level, 0, place);
        assert_eq!(of(Place::Group(0)), of(Place::All));
        assert_eq!(of(Place::Group(1)), of(Place::Region(1)));
    }
    let [whole, apart] = [0, 1].map(|end| {
        let of = |place| band(found, Level::Baseline, 0, place)[2 * end];
        (of(Place::Group(0)), of(Place::Region(0)) + of(Place::Region(1)))
    });
    assert!(apart.0 - whole.0 < apart.1 - whole.1, "a sum is surer than its parts");
    let grade = |place| found.grades.iter().find(|grade| grade.place == place).unwrap();
    assert_eq!(grade(Place::Group(0)).agreement, grade(Place::All).agreement);
    assert_eq!(grade(Place::Group(0)).headline, grade(Place::All).headline);
}

#[test]
fn draws_are_the_same_bits_in_halves_in_any_order_and_on_any_threads() {
    let (mut table, all) = (worked(), everything(64));
    let mut parts = table.into_parts();
    parts.meta.year = 2012;
    table = parts.check().unwrap();
    let whole = bits(&draws(&table, &all, 0..64, &Silent).unwrap());
    assert!(whole.iter().all(Option::is_some));
    let second = bits(&draws(&table, &all, 32..64, &Silent).unwrap());
    let first = bits(&draws(&table, &all, 0..32, &Silent).unwrap());
    assert_eq!(whole, [first, second].concat());
    for at in [63, 7, 0] {
        let one = bits(&draws(&table, &all, at..at + 1, &Silent).unwrap());
        assert_eq!(whole[at as usize], one[0]);
    }
    for threads in [1, 2, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let found = pool.install(|| draws(&table, &all, 0..64, &Silent).unwrap());
        assert_eq!(whole, bits(&found), "{threads} threads");
    }
}

#[test]
fn a_further_uncertainty_leaves_the_draws_of_the_others_alone() {
    let (table, plain) = (worked(), scenario([-0.2, 0.1], 16));
    let mut more = plain.clone();
    // Emission factors of the other sector only change what that sector emits: with a spread that is
    // all but zero the numbers stay.
    if let Some(uncertainty) = &mut more.uncertainty {
        uncertainty.emission_factors = Some((1e-300, Together::Sector));
    }
    let [a, b] = [plain, more].map(|s| bits(&draws(&table, &s, 0..16, &Silent).unwrap()));
    assert_eq!(a, b);
}

#[test]
fn no_spread_gives_bands_without_width_on_the_headline() {
    let mut certain = scenario([-0.2, 0.1], 8);
    if let Some(density) = &mut certain.density {
        density.estimates[0].covariance = Dense::zeros(3, 3);
    }
    let table = worked();
    let outcome = run(&table, &certain, &Silent).unwrap();
    let found = outcome.ensemble.as_ref().unwrap();
    let co2 = &outcome.years[0].quantities[2];
    let change: Vec<f64> = co2.scenario.iter().zip(&co2.baseline).map(|(s, b)| s - b).collect();
    for (region, change) in table.industries().by_region(&change).iter().enumerate() {
        for value in band(found, Level::Difference, 0, Place::Region(region)) {
            assert!((value - change).abs() < 1e-9, "{value} {change}");
        }
    }
}

#[test]
fn trade_shares_that_are_all_but_sure_leave_the_headline() {
    let mut sure = scenario([-0.2, 0.1], 20);
    sure.density = None;
    if let Some(uncertainty) = &mut sure.uncertainty {
        uncertainty.elasticities = false;
        uncertainty.trade_shares = Some(Concentration::Uniform(1e8));
    }
    let table = worked();
    let outcome = run(&table, &sure, &Silent).unwrap();
    let found = outcome.ensemble.as_ref().unwrap();
    let [low, _, high] = band(found, Level::Difference, 0, Place::All);
    // METHODS B7: 21.4757953006301.
    assert!(low < 21.4757953006301 && 21.4757953006301 < high);
    assert!(high - low < 0.02, "{low} {high}");
    assert_eq!(found.failed, 0);
}

/// The same number for every product is the same bits as one number for all; a surer product narrows the
/// band.
#[test]
fn concentrations_by_product_serve_where_one_did() {
    let table = worked();
    let bits = |concentration: Concentration| {
        let mut one = scenario([-0.2, 0.1], 40);
        one.density = None;
        if let Some(uncertainty) = &mut one.uncertainty {
            uncertainty.elasticities = false;
            uncertainty.trade_shares = Some(concentration);
        }
        let outcome = run(&table, &one, &Silent).unwrap();
        band(outcome.ensemble.as_ref().unwrap(), Level::Difference, 0, Place::All)
    };
    let uniform = bits(Concentration::Uniform(50.0));
    assert_eq!(uniform, bits(Concentration::ByProduct(vec![50.0, 50.0])));
    let surer = bits(Concentration::ByProduct(vec![5000.0, 50.0]));
    assert!(surer[2] - surer[0] < uniform[2] - uniform[0], "{surer:?} {uniform:?}");
}

#[test]
fn bands_of_ninety_percent_cover_the_truth_in_ninety_percent() {
    let table = worked();
    let truth = [-0.25, 0.15];
    let value = |lags: [f64; 2], rho: f64| -> f64 {
        let mut one = scenario(lags, 1);
        one.uncertainty = None;
        if let Some(density) = &mut one.density {
            density.estimates[0].spatial_lag = rho;
        }
        let outcome = run(&table, &one, &Silent).unwrap();
        let co2 = &outcome.years[0].quantities[2];
        co2.scenario.iter().zip(&co2.baseline).map(|(s, b)| s - b).sum()
    };
    let exact = value(truth, 0.3);
    // The lower root of the covariance in `estimate`, by hand.
    let a = 0.1;
    let b = [-0.04, (0.009f64 - 0.0016).sqrt()];
    let c1 = 0.001 / b[1];
    let c = [0.0, c1, (0.004 - c1 * c1).sqrt()];
    let replications = 2000;
    let covered: usize = (0..replications)
        .into_par_iter()
        .map(|replication| {
            let noise = Stream::new(99, replication, parameter("sample"));
            let z = [0, 1, 2].map(|at| noise.normal(at));
            let lags = [truth[0] + a * z[0], truth[1] + b[0] * z[0] + b[1] * z[1]];
            let rho = 0.3 + c[0] * z[0] + c[1] * z[1] + c[2] * z[2];
            let mut one = scenario(lags, 300);
            if let Some(density) = &mut one.density {
                density.estimates[0].spatial_lag = rho;
            }
            if let Some(uncertainty) = &mut one.uncertainty {
                uncertainty.seed = u64::from(replication);
            }
            let mut found: Vec<f64> = draws(&table, &one, 0..300, &Silent)
                .unwrap()
                .into_iter()
                .flatten()
                // Of one year: output, value added and CO2, each baseline then scenario, two regions.
                .map(|values| values[10] + values[11] - values[8] - values[9])
                .collect();
            found.sort_by(f64::total_cmp);
            let [low, high] = [0.05, 0.95].map(|share| irio::draws::quantile(&found, share));
            usize::from(low <= exact && exact <= high)
        })
        .sum();
    let share = covered as f64 / f64::from(replications);
    assert!((0.88..=0.92).contains(&share), "covered {share}");
}
