//! What several test files share: the worked example as tables, and comparing within a tolerance.
#![allow(dead_code)]

use std::path::PathBuf;

use irio::labels::{Axis, Industries, Label};
use irio::linalg::{Dense, Matrix};
use irio::relocation::{Move, Suppliers, Technology};
use irio::table::{
    Category, DemandColumn, Extension, FinalDemand, Imports, Meta, RawTable, Role, Table,
    ValueAdded,
};
use serde_json::Value;

/// Folder of the real data: `IRIO_TEST_DATA`, else the folder beside a checkout.
pub fn real_data() -> Option<PathBuf> {
    match std::env::var_os("IRIO_TEST_DATA") {
        Some(path) => Some(PathBuf::from(path)),
        None => Some(PathBuf::from("../shared/data")).filter(|path| path.is_dir()),
    }
}

/// What a test on real data comes to.
pub type Outcome = Result<(), libtest_mimic::Failed>;

/// A test that is given the folder of the real data.
pub type RealTest = fn(&std::path::Path) -> Outcome;

/// Tests on real data, ignored where there are none.
pub fn on_real_data(tests: &[(&'static str, RealTest)]) -> Vec<libtest_mimic::Trial> {
    let data = real_data();
    let one = |(name, test): &(&'static str, RealTest)| {
        let (data, test) = (data.clone(), *test);
        let ignored = data.is_none();
        let run = move || data.map_or_else(|| Err("no data".into()), |data| test(&data));
        libtest_mimic::Trial::test(*name, run).with_ignored_flag(ignored)
    };
    tests.iter().map(one).collect()
}

/// The published worked example.
pub fn worked_example() -> Value {
    serde_json::from_str(include_str!("../data/published/worked_example.json")).unwrap()
}

/// The worked relocation: M leaves B for H, which has its own technology and suppliers.
pub fn worked_move() -> Move {
    Move {
        sector: 0,
        from: 0,
        to: 1,
        technology: Technology::Destination,
        suppliers: Suppliers::Destination,
        exports: true,
    }
}

pub fn vector(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

pub fn matrix(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(vector).collect()
}

/// Largest gap relative to the largest expected value; NaN where the lengths differ.
pub fn gap(found: &[f64], expected: &[f64]) -> f64 {
    if found.len() != expected.len() {
        return f64::NAN;
    }
    let scale = expected.iter().map(|v| v.abs()).fold(f64::MIN_POSITIVE, f64::max).max(1e-6);
    found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max) / scale
}

#[track_caller]
pub fn close(name: &str, found: &[f64], expected: &[f64]) {
    let gap = gap(found, expected);
    assert!(gap <= 1e-9, "{name}: gap {gap:e}\n found {found:?}\n expected {expected:?}");
}

pub fn region_codes(case: &str) -> &'static [&'static str] {
    if case == "three_region" { &["B", "T", "H"] } else { &["B", "H"] }
}

/// A table of the worked example; year 0 or 1.
pub fn example_table(example: &Value, case: &str, year: usize) -> Table {
    let part = |name: &str| &example[case][format!("{name}{year}")];
    let regions = region_codes(case);
    let industries = Industries {
        regions: Axis::new("region", regions.iter().map(|code| Label::code(*code))).unwrap(),
        sectors: Axis::new("sector", ["M", "S"].map(Label::code)).unwrap(),
    };
    let (n, r) = (industries.len(), regions.len());
    let categories = vec![
        Category { label: Label::code("domestic"), role: Role::Consumption },
        Category { label: Label::code("inventories"), role: Role::Inventory },
        Category { label: Label::code("exports"), role: Role::Export },
        Category { label: Label::code("other"), role: Role::Error },
    ];
    let mut columns: Vec<DemandColumn> =
        (0..r).map(|region| DemandColumn { region: Some(region), category: 0 }).collect();
    columns.extend((1..4).map(|category| DemandColumn { region: None, category }));
    let mut demand = Dense::zeros(n, r + 3);
    for (k, row) in matrix(part("C")).iter().enumerate() {
        demand.row_mut(k)[..r].copy_from_slice(row);
    }
    for (at, name) in ["N", "E", "O"].iter().enumerate() {
        vector(part(name)).iter().enumerate().for_each(|(k, value)| demand[(k, r + at)] = *value);
    }
    let mut imported_demand = Dense::zeros(2, r + 3);
    for (i, row) in matrix(part("MF")).iter().enumerate() {
        imported_demand.row_mut(i)[..r].copy_from_slice(row);
    }
    RawTable {
        meta: Meta::new(format!("{case}-{year}"), 2000 + year as i32, "yuan".parse().unwrap()),
        flows: Matrix::Dense(Dense::from_rows(&matrix(part("Z")))),
        final_demand: FinalDemand { categories, columns, values: Matrix::Dense(demand) },
        imports: Imports::ByProduct {
            intermediate: Dense::from_rows(&matrix(part("MI"))),
            final_demand: imported_demand,
        },
        value_added: ValueAdded {
            rows: vec![Label::code("value_added")],
            values: Dense::from_rows(&[vector(part("va"))]),
        },
        output: vector(part("x")),
        population: None,
        extensions: vec![Extension {
            label: Label::code("co2"),
            unit: "t".parse().unwrap(),
            values: vector(part("F")),
            households: vec![0.0; r],
            inventory: None,
            by_demand: None,
            origin: None,
        }],
        industries,
    }
    .check()
    .unwrap()
}
