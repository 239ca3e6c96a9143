//! Files of a check: gaps of every identity, what regions come to, and cells that deserve a look.

use crate::labels::Industries;
use crate::report::results::Results;
use crate::table::accounts::{CheckReport, Identity};
use crate::table::{Quantity, Role, Table};
use crate::tidy::{Column, Tidy};

/// Adds every file of a check.
pub fn check(results: &mut Results, table: &Table, report: &CheckReport) {
    results.file(
        "identities.csv",
        "what every identity misses (part): the largest gap absolutely and relative to its line, the line (region, sector; empty where \
         it is of all), the tolerance, and 1 where the gap is above it; relative gaps of a line of nothing are left out",
        identities(table, report),
    );
    results.file(
        "sums.csv",
        "each region and all: output, value added, stressors of industries and households, the error column (sum of absolute entries) \
         as a share of output; of all, GDP by production, expenditure and income",
        sums(table, report),
    );
    results.file(
        "cells.csv",
        "how many cells or industries deserve a look, and the spectral radius of the input coefficients",
        cells(report),
    );
}

/// An identity's lines: what it is of, its place, its part, then its numbers.
pub(super) fn identity(
    tidy: &mut Tidy,
    [quantity, unit, region, sector, part]: [&str; 5],
    [absolute, relative, tolerance]: [f64; 3],
) {
    let above = f64::from(u8::from(relative > tolerance));
    let numbers = [
        ("absolute", unit, absolute),
        ("relative", "1", relative),
        ("tolerance", "1", tolerance),
        ("above", "1", above),
    ];
    for (statistic, unit, value) in numbers.into_iter().filter(|(.., value)| value.is_finite()) {
        tidy.push(&[quantity, unit, region, sector, part, statistic], value);
    }
}

/// Columns of identities.
pub(super) const IDENTITIES: [Column; 6] = [
    Column::Quantity,
    Column::Unit,
    Column::Region,
    Column::Sector,
    Column::Part,
    Column::Statistic,
];

fn identities(table: &Table, report: &CheckReport) -> Tidy {
    let mut tidy = Tidy::new(&IDENTITIES);
    let industries = table.industries();
    let money = table.meta().unit.to_string();
    for one in &report.identities {
        let extension = one.line.extension.map(|at| &table.extensions()[at]);
        let (quantity, unit) = match (extension, one.name) {
            (Some(extension), _) => (extension.label.code.as_str(), extension.unit.to_string()),
            (None, "gdp") => ("value_added", money.clone()),
            (None, "coefficients") => ("output", "1".to_owned()),
            (None, _) => ("output", money.clone()),
        };
        let [region, sector] = place(industries, one);
        let numbers = [one.absolute, one.relative, table.meta().tolerance];
        identity(&mut tidy, [quantity, &unit, region, sector, one.name], numbers);
    }
    tidy
}

/// Codes of the line with the largest gap.
fn place<'t>(industries: &'t Industries, one: &Identity) -> [&'t str; 2] {
    let region = one.line.region.map_or("", |at| industries.regions.code(at));
    let sector = one.line.sector.map_or("", |at| industries.sectors.code(at));
    [region, sector]
}

fn sums(table: &Table, report: &CheckReport) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Quantity, Column::Unit, Column::Region]);
    let regions = &table.industries().regions;
    let money = table.meta().unit.to_string();
    let mut add = |quantity: &str, unit: &str, values: &[f64]| {
        for (at, value) in values.iter().enumerate() {
            tidy.push(&[quantity, unit, regions.code(at)], *value);
        }
        tidy.push(&[quantity, unit, "all"], values.iter().sum());
    };
    let values =
        |pairs: &[(String, f64)]| pairs.iter().map(|(_, value)| *value).collect::<Vec<_>>();
    let output = table.industries().by_region(&table.totals(Quantity::Output));
    add("output", &money, &output);
    add("value_added", &money, &values(&report.value_added_by_region));
    for extension in &report.extensions {
        add(&extension.code, &extension.unit, &values(&extension.by_region));
    }
    for (code, share) in &report.error_share_by_region {
        tidy.push(&["error_share_of_output", "1", code], *share);
    }
    if !report.error_share_by_region.is_empty() && report.output > 0.0 {
        let errors = table.final_demand().sum_of_role(Role::Error);
        let all: f64 = errors.iter().map(|value| value.abs()).sum();
        tidy.push(&["error_share_of_output", "1", "all"], all / report.output);
    }
    for (quantity, value) in [
        ("gdp_production", report.gdp_production),
        ("gdp_expenditure", report.gdp_expenditure),
        ("gdp_income", report.gdp_income),
    ] {
        tidy.push(&[quantity, &money, "all"], value);
    }
    tidy
}

fn cells(report: &CheckReport) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Quantity, Column::Unit]);
    let odd = &report.odd_cells;
    for (quantity, count) in [
        ("negative_flows", odd.negative_flows),
        ("negative_demand", odd.negative_demand),
        ("negative_value_added", odd.negative_value_added.len()),
        ("negative_value_added_cells", odd.negative_value_added_cells),
        ("negative_output", odd.negative_output.len()),
        ("zero_output", odd.zero_output.len()),
        ("column_sum_above_one", odd.column_sum_above_one.len()),
    ] {
        tidy.push(&[quantity, "1"], count as f64);
    }
    if report.spectral_radius.is_finite() {
        tidy.push(&["spectral_radius", "1"], report.spectral_radius);
    }
    tidy
}
