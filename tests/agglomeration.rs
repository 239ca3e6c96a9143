//! Agglomeration against the worked example (METHODS D2, cases `link_*`, `spatial_line3`), through the
//! methods and through a whole run.

#![allow(non_snake_case)]

mod common;

use std::path::Path;

use common::{close, example_table, matrix, vector, worked_example, worked_move};
use irio::agglomeration::{
    Exposure, InvertedU, Reading, Scale, density_term, spatial_effects, spatial_multiplier,
};
use irio::elasticities::{Dependent, Elasticities, Estimate, Measure, Precision};
use irio::input::elasticities::read;
use irio::linalg::Dense;
use irio::progress::Silent;
use irio::relocation::Technology;
use irio::run::{Outcome, run};
use irio::scenario::density::{Amount, Density, Scope};
use irio::scenario::{Growth, Horizon, HouseholdPath, PlannedMove, Scenario, SizePath, Trajectory};
use irio::table::Table;

fn published() -> Elasticities {
    read(Path::new("tables/elasticities/tang-peng-yang-2022.toml"), None).unwrap().0
}

fn chosen(measure: Measure, group: &str) -> Estimate {
    published().choose(measure, group, false).unwrap().estimate
}

/// Each region is the other's only neighbour.
fn swap() -> Dense {
    Dense::new(2, 2, vec![0.0, 1.0, 1.0, 0.0])
}

/// The worked relocation: 30 % of M leaves B for H, which has its own technology.
fn relocation(density: Option<Density>) -> (Table, Scenario) {
    let table = example_table(&worked_example(), "two_region", 1);
    let size = SizePath::Share(Trajectory::Constant(0.3));
    let scenario = Scenario {
        name: "worked".into(),
        moves: vec![PlannedMove { mv: worked_move(), size }],
        density,
        ..Scenario::default()
    };
    (table, scenario)
}

fn density(estimate: Estimate, reading: Reading, scope: Scope) -> Density {
    Density {
        measure: Measure::Output,
        amount: Amount::Output,
        stressor: 0,
        sectors: vec![true, false],
        estimates: vec![estimate],
        groups: vec![Some(0); 2],
        weights: Some(swap()),
        reading,
        cap: f64::INFINITY,
        scope,
        energy: Some(Amount::Extension(0)),
        labour: Some(Amount::ValueAddedRow(0)),
        inverted: Vec::new(),
        flags: Vec::new(),
        source: String::new(),
    }
}

fn estimate_of(lags: &[f64], spatial_lag: f64) -> Estimate {
    Estimate {
        group: "all".into(),
        measure: Measure::Output,
        dependent: Dependent::Emissions,
        lags: lags.to_vec(),
        controls: Vec::new(),
        spatial_lag,
        covariance: Dense::zeros(lags.len() + 1, lags.len() + 1),
        precision: Precision::Unknown,
    }
}

fn outcome_without() -> Outcome {
    outcome(None)
}

fn outcome(density: Option<Density>) -> Outcome {
    let (table, scenario) = relocation(density);
    run(&table, &scenario, &Silent).unwrap()
}

#[test]
fn terms_of_a_lasting_step_are_those_of_the_worked_example() {
    let example = worked_example();
    for (case, group) in [("link_east_OA", "east"), ("link_national_OA", "national")] {
        let case = &example[case];
        let estimate = chosen(Measure::Output, group);
        let M = spatial_multiplier(&swap(), &[Some(0); 2], &[estimate.spatial_lag]).unwrap();
        close("M", M.values(), &matrix(&case["multiplier"]).concat());
        let step = Exposure {
            density: vector(&case["dlnIA"]),
            scale: vector(&case["dlnIA"]),
            controls: Vec::new(),
        };
        let base = vector(&case["co2_base"]);
        for (year, expected) in matrix(&case["dlnc_path"]).iter().enumerate() {
            let history = vec![step.clone(); (year + 1).min(3)];
            let scale = Scale { reference: &base, scenario: &base };
            let delta = density_term(
                Reading::Conditional,
                &[Some(&estimate), Some(&estimate)],
                &history,
                scale,
                &M,
            );
            close("delta", &delta, expected);
        }
    }
}

#[test]
fn a_run_meets_the_worked_emissions_in_every_year_after_the_move() {
    let example = worked_example();
    for (case, group) in [("link_east_OA", "east"), ("link_national_OA", "national")] {
        let case = &example[case];
        let density = density(chosen(Measure::Output, group), Reading::Conditional, Scope::Sectors);
        let outcome = outcome(Some(density));
        let found = outcome.years[0].density.as_ref().unwrap();
        close("density", &found.density, &vector(&case["dlnIA"]));
        close("base", &found.baseline, &vector(&case["co2_base"]));
        let of = |reading, after| -> Vec<f64> {
            let mut list = found.readings.iter();
            let one = list.find(|r| r.reading == reading && r.after == Some(after) && !r.capped);
            one.unwrap().emissions.iter().map(|value| value.unwrap()).collect()
        };
        close("scale", &of(Reading::None, 0), &vector(&case["co2_scale_only"]));
        for (year, expected) in matrix(&case["co2_scale_and_density"]).iter().enumerate().take(3) {
            close("density", &of(Reading::Conditional, year), expected);
        }
    }
}

#[test]
fn density_alone_would_undo_the_relief_of_the_origin_beside_the_headline() {
    let with =
        outcome(Some(density(chosen(Measure::Output, "east"), Reading::None, Scope::Sectors)));
    let without = outcome(None);
    // The headline is that of the model alone, to the bit.
    for (a, b) in with.years[0].quantities.iter().zip(&without.years[0].quantities) {
        assert_eq!(a.scenario, b.scenario);
    }
    let found = with.years[0].density.as_ref().unwrap();
    let origin = |reading| {
        let mut list = found.readings.iter();
        let one = list.find(|r| r.reading == reading && r.after == Some(0) && !r.capped).unwrap();
        one.emissions[0].unwrap() - found.baseline[0]
    };
    assert!((origin(Reading::None) + 14.2754315377463).abs() < 1e-9);
    // 87.195 after 87.54: in the first year nothing is left of 14.3 units of relief but 0.3.
    assert!((origin(Reading::Conditional) - (87.1949972508174 - 87.54)).abs() < 1e-9);
}

#[test]
fn every_reading_follows_its_formula_on_the_worked_relocation() {
    let estimate = chosen(Measure::Output, "national");
    let outcome = outcome(Some(density(estimate.clone(), Reading::None, Scope::Region)));
    let found = outcome.years[0].density.as_ref().unwrap();
    let (table, _) = relocation(None);
    let M = spatial_multiplier(&swap(), &[Some(0); 2], &[estimate.spatial_lag]).unwrap();
    let year = &outcome.years[0];
    let (output, value_added, co2) =
        (&year.quantities[0], &year.quantities[1], &year.quantities[2]);
    let by_region = |values: &[f64]| table.industries().by_region(values);
    let ln = |a: f64, b: f64| (a / b).ln();
    let [va0, va1] = [&value_added.baseline, &value_added.scenario].map(|v| by_region(v));
    let [e0, e1] = [&co2.baseline, &co2.scenario].map(|v| by_region(v));
    // Compensation stands in for labour: one row of value added, per unit of output of its technology.
    let w: Vec<f64> = table.value_added().iter().zip(table.output()).map(|(v, x)| v / x).collect();
    let l = |x: &[f64]| by_region(&x.iter().zip(&w).map(|(x, w)| x * w).collect::<Vec<_>>());
    let (l0, l1) = (l(&output.baseline), l(&output.scenario));
    let mut own = [0.0; 2];
    let mut total = [0.0; 2];
    let mut net = [0.0; 2];
    for r in 0..2 {
        let density = ln(output.scenario[2 * r], output.baseline[2 * r]);
        let sum: f64 = estimate.lags.iter().sum();
        own[r] = sum * density;
        net[r] = (sum - 1.0) * density;
        let energy = ln(e1[r] / l1[r], e0[r] / l0[r]);
        let structure =
            ln(value_added.scenario[2 * r] / va1[r], value_added.baseline[2 * r] / va0[r]);
        total[r] = own[r] + 0.4055 * energy + 0.2780 * ln(va1[r], va0[r]) + 0.3675 * structure;
    }
    let spread = |own: &[f64; 2], r: usize| M[(r, 0)] * own[0] + M[(r, 1)] * own[1];
    for reading in &found.readings {
        if reading.after != Some(2) || reading.capped {
            continue;
        }
        let expected: Vec<f64> = (0..2)
            .map(|r| match reading.reading {
                Reading::None => e1[r],
                Reading::Conditional => e1[r] * spread(&own, r).exp(),
                Reading::NetOfScale => e1[r] * spread(&net, r).exp(),
                Reading::Replace => e0[r] * spread(&own, r).exp(),
                Reading::Total => e0[r] * spread(&total, r).exp(),
            })
            .collect();
        let emissions: Vec<f64> = reading.emissions.iter().map(|e| e.unwrap()).collect();
        close(reading.reading.word(), &emissions, &expected);
    }
    let count = found.readings.iter().filter(|r| r.after == Some(2) && !r.capped).count();
    assert_eq!(count, 5, "every reading is there");
}

#[test]
fn steps_add_up_whatever_the_reading() {
    for reading in Reading::ALL {
        let outcome =
            outcome(Some(density(chosen(Measure::Output, "national"), reading, Scope::Region)));
        let (table, _) = relocation(None);
        let co2 = &outcome.years[0].quantities[2];
        let change: Vec<f64> =
            co2.scenario.iter().zip(&outcome.base[2].1).map(|(a, b)| a - b).collect();
        let sums: Vec<f64> = (0..2).map(|r| co2.steps.iter().map(|step| step[r]).sum()).collect();
        close("steps", &sums, &table.industries().by_region(&change));
        let moved = co2.steps[4].iter().chain(&co2.steps[5]).any(|value| *value != 0.0);
        assert_eq!(moved, reading != Reading::None, "{reading:?}");
    }
}

#[test]
fn effects_of_three_regions_on_a_line() {
    let case = &worked_example()["spatial_line3"];
    let W = Dense::new(3, 3, vec![0.0, 1.0, 0.0, 0.5, 0.0, 0.5, 0.0, 1.0, 0.0]);
    let M = spatial_multiplier(&W, &[Some(0); 3], &[0.256]).unwrap();
    close("M", M.values(), &matrix(&case["multiplier"]).concat());
    let effects = spatial_effects(&M, -0.258);
    let expected = &case["effects_lnOA"];
    close(
        "effects",
        &[effects.direct, effects.indirect, effects.total],
        &["direct", "indirect", "total"].map(|key| expected[key].as_f64().unwrap()),
    );
}

#[test]
fn lag_sums_of_the_published_tables() {
    let case = &worked_example()["lags_s1"];
    for measure in Measure::ALL {
        let chosen = published().choose(measure, "national", true).unwrap().estimate;
        let expected = case["lag_sums_table3"][measure.word()].as_f64().unwrap();
        close(measure.word(), &[chosen.after(2)], &[expected]);
    }
    for group in ["East", "Central", "West"] {
        let found = chosen(Measure::Output, &group.to_lowercase()).after(2);
        close(group, &[found], &[case["lag_sums_table4_OA"][group].as_f64().unwrap()]);
    }
}

#[test]
fn odd_figures_are_refused_or_flagged() {
    let published = published();
    let refused = published.choose(Measure::Technology, "national", false).unwrap_err();
    assert!(refused.to_string().contains("log-likelihood"), "{refused}");
    assert!(published.choose(Measure::Technology, "national", true).is_ok());
    for measure in [Measure::Output, Measure::Capital] {
        let east = published.choose(measure, "east", false).unwrap();
        assert!(east.flags.iter().any(|flag| flag.contains("energy coefficient")), "{measure:?}");
    }
    assert!(published.choose(Measure::Labour, "east", false).unwrap().flags.is_empty());
    for measure in [Measure::Output, Measure::Labour, Measure::Capital] {
        let central = published.choose(measure, "central", false).unwrap();
        let national = published.choose(measure, "national", false).unwrap();
        assert_eq!(central.estimate.spatial_lag, national.estimate.spatial_lag);
        assert!(central.flags.iter().any(|flag| flag.contains("copy")));
    }
}

/// The chosen reading's emissions of a run on the worked relocation, by industry.
fn co2_of(density: Density) -> (Vec<f64>, Outcome) {
    let outcome = outcome(Some(density));
    (outcome.years[0].quantities[2].scenario.clone(), outcome)
}

#[test]
fn an_equation_of_intensities_looks_at_the_other_industry_and_has_no_scale() {
    let mut one = estimate_of(&[-0.4], 0.0);
    one.dependent = Dependent::Intensity;
    let mut density = density(one, Reading::Conditional, Scope::Region);
    (density.sectors, density.weights) = (vec![true, true], None);
    let (found, outcome) = co2_of(density);
    let (plain, output) =
        (&outcome_without().years[0].quantities[2].scenario, &outcome.years[0].quantities[0]);
    for region in 0..2 {
        for sector in 0..2 {
            let (own, other) = (2 * region + sector, 2 * region + 1 - sector);
            let change = (output.scenario[other] / output.baseline[other]).ln();
            close("co2", &[found[own]], &[plain[own] * (-0.4 * change).exp()]);
        }
    }
    let words: Vec<&str> = outcome.years[0]
        .density
        .iter()
        .flat_map(|year| &year.readings)
        .map(|reading| reading.reading.word())
        .collect();
    assert!(words.iter().all(|word| ["none", "conditional"].contains(word)), "{words:?}");
}

#[test]
fn an_inverted_u_moves_its_stressor_by_both_its_terms() {
    let mut density = density(estimate_of(&[0.0], 0.0), Reading::Conditional, Scope::Region);
    density.inverted = vec![(0, InvertedU { linear: 1.2, square: -0.1, unit: 1.0 })];
    let (found, outcome) = co2_of(density);
    let plain = &outcome_without().years[0].quantities[2].scenario;
    let output = &outcome.years[0].quantities[0];
    for region in 0..2 {
        let (a, b) = (output.baseline[2 * region].ln(), output.scenario[2 * region].ln());
        let delta = 1.2 * (b - a) - 0.1 * (b * b - a * a);
        close("M", &[found[2 * region]], &[plain[2 * region] * delta.exp()]);
        close("S", &[found[2 * region + 1]], &[plain[2 * region + 1]]);
    }
}

#[test]
fn compensation_stands_in_for_labour_with_the_technology_of_the_new_plants() {
    let mut density = density(estimate_of(&[1.0], 0.0), Reading::None, Scope::Region);
    (density.measure, density.amount) = (Measure::Labour, Amount::ValueAddedRow(0));
    let (_, outcome) = co2_of(density);
    let found = &outcome.years[0].density.as_ref().unwrap().density;
    // One row of value added, destination technology: labour moves as output does in each region.
    close("LA", found, &vector(&worked_example()["link_east_OA"]["dlnIA"]));
}

#[test]
fn lags_are_years_of_the_calendar_where_there_is_one() {
    let mut density = density(estimate_of(&[-0.3, 0.2], 0.0), Reading::Conditional, Scope::Sectors);
    density.weights = None;
    let (table, mut scenario) = relocation(Some(density));
    let year = table.meta().year;
    scenario.horizon = Some(Horizon { start: year, end: year + 2 });
    scenario.moves[0].size =
        SizePath::Share(Trajectory::ByYear(vec![(year, 0.0), (year + 1, 0.3)]));
    let outcome = run(&table, &scenario, &Silent).unwrap();
    let step = vector(&worked_example()["link_east_OA"]["dlnIA"]);
    for (index, sum) in [(0, 0.0), (1, -0.3), (2, -0.1)] {
        let found = outcome.years[index].density.as_ref().unwrap();
        let reading =
            found.readings.iter().find(|r| r.reading == Reading::Conditional && !r.capped).unwrap();
        let expected: Vec<f64> = step.iter().map(|change| sum * change).collect();
        close("delta", &reading.delta, &expected);
    }
}

#[test]
fn break_evens_leave_nothing_changed() {
    let base = outcome(Some(density(estimate_of(&[0.0], 0.0), Reading::None, Scope::Region)));
    let elasticity = base.years[0].density.as_ref().unwrap().break_even[0].unwrap();
    let mut at = density(estimate_of(&[elasticity], 0.0), Reading::Conditional, Scope::Region);
    at.weights = None;
    let found = outcome(Some(at));
    let co2 = &found.years[0].quantities[2];
    let origin = co2.scenario[0] + co2.scenario[1] - co2.baseline[0] - co2.baseline[1];
    assert!(origin.abs() < 1e-9, "{origin}");
}

#[test]
fn the_break_even_technology_leaves_the_whole_unchanged() {
    // H's plants are made cleaner than B's, its suppliers stay dirtier: with its own technology the whole
    // falls, with B's it rises.
    let (table, mut scenario) = relocation(None);
    let mut parts = table.into_parts();
    parts.extensions[0].values[2] = 0.30 * 496.0;
    let table = parts.check().unwrap();
    let total = |scenario: &Scenario| -> (f64, Option<f64>) {
        let outcome = run(&table, scenario, &Silent).unwrap();
        let co2 = &outcome.years[0].quantities[2];
        let change = co2.scenario.iter().zip(&co2.baseline).map(|(s, b)| s - b).sum();
        let indicators = &outcome.years[0].indicators[0].1;
        let found = indicators.iter().find(|i| i.name == "break_even_technology_share");
        (change, found.unwrap().value)
    };
    scenario.moves[0].mv.technology = Technology::Origin;
    let (dirty, share) = total(&scenario);
    scenario.moves[0].mv.technology = Technology::Destination;
    let (clean, same) = total(&scenario);
    assert_eq!(share, same);
    assert!(dirty > 0.0 && clean < 0.0, "{dirty} {clean}");
    scenario.moves[0].mv.technology = Technology::Mix(share.unwrap());
    assert!(total(&scenario).0.abs() < 1e-9);
    // Two moves of half the size share one technology: bisected to the same share.
    scenario.moves[0].size = SizePath::Share(Trajectory::Constant(0.15));
    scenario.moves.push(scenario.moves[0].clone());
    assert!((total(&scenario).1.unwrap() - share.unwrap()).abs() < 1e-9);
}

#[test]
fn steps_hold_the_path_of_households() {
    let (table, mut scenario) = relocation(None);
    let mut parts = table.into_parts();
    parts.extensions[0].households = vec![10.0, 20.0];
    let table = parts.check().unwrap();
    let year = table.meta().year;
    scenario.horizon = Some(Horizon { start: year, end: year + 3 });
    let growth = Growth::Rate(0.1);
    scenario.baseline.households.push(HouseholdPath { stressors: None, regions: None, growth });
    let outcome = run(&table, &scenario, &Silent).unwrap();
    let last = outcome.years.last().unwrap();
    let co2 = &last.quantities[2];
    close("households", &last.households[0], &[10.0 * 1.1f64.powi(3), 20.0 * 1.1f64.powi(3)]);
    for r in 0..2 {
        let sum = |values: &[f64], direct: f64| values[2 * r] + values[2 * r + 1] + direct;
        let change = sum(&co2.scenario, last.households[0][r])
            - sum(&outcome.base[2].1, outcome.households[0][r]);
        let steps: f64 = co2.steps.iter().map(|step| step[r]).sum();
        close("steps", &[steps], &[change]);
    }
}
