//! Aggregation of a table by concordances of regions and sectors.
//!
//! ```text
//! Z' = G' Z G     x' = G' x     F' = F G      G = weights of regions ⊗ weights of sectors
//! ```
//!
//! Totals are kept, since the weights of each source label sum to 1. Coefficients of the result
//! are averages: a method's result on the aggregate is not the aggregate of its results.

use super::concordance::Concordance;
use super::{DemandColumn, Extension, FinalDemand, Imports, RawTable, Table, ValueAdded};
use crate::labels::Industries;
use crate::linalg::{Dense, Matrix};
use crate::units::Unit;

/// Aggregates a table; the result has the targets of both concordances as axes.
pub fn aggregate(table: &Table, regions: &Concordance, sectors: &Concordance) -> RawTable {
    let parts = table.parts();
    let source = table.industries();
    let target =
        Industries { regions: regions.targets().clone(), sectors: sectors.targets().clone() };
    let weights: Vec<Vec<(usize, f64)>> = (0..source.len())
        .map(|at| {
            let (region, sector) = source.split(at);
            let pairs = regions
                .of(region)
                .iter()
                .flat_map(|r| sectors.of(sector).iter().map(move |s| (r, s)));
            pairs.map(|((r, wr), (s, ws))| (target.index(*r, *s), wr * ws)).collect()
        })
        .collect();
    let sector_weights: Vec<Vec<(usize, f64)>> =
        (0..source.sectors.len()).map(|at| sectors.of(at).to_vec()).collect();
    let single: Vec<Vec<(usize, f64)>> =
        (0..parts.value_added.rows.len()).map(|at| vec![(at, 1.0)]).collect();
    let (columns, column_weights) = demand_columns(&parts.final_demand.columns, regions);
    let (n, s, m) = (target.len(), target.sectors.len(), columns.len());
    let imports = match &parts.imports {
        Imports::ByProduct { intermediate, final_demand } => Imports::ByProduct {
            intermediate: fold(intermediate, &sector_weights, &weights, s, n),
            final_demand: fold(final_demand, &sector_weights, &column_weights, s, m),
        },
        Imports::OneRow { intermediate, final_demand } => Imports::OneRow {
            intermediate: fold_vector(intermediate, &weights, n),
            final_demand: fold_vector(final_demand, &column_weights, m),
        },
        Imports::None => Imports::None,
    };
    let region_weights: Vec<Vec<(usize, f64)>> =
        (0..source.regions.len()).map(|at| regions.of(at).to_vec()).collect();
    let extension = |old: &Extension| Extension {
        label: old.label.clone(),
        unit: old.unit.clone(),
        values: fold_vector(&old.values, &weights, n),
        households: fold_vector(&old.households, &region_weights, target.regions.len()),
        inventory: old
            .inventory
            .as_ref()
            .map(|of| fold_vector(of, &region_weights, target.regions.len())),
        by_demand: old.by_demand.as_ref().map(|of| fold_vector(of, &column_weights, m)),
        origin: old.origin.clone(),
    };
    RawTable {
        meta: parts.meta.clone(),
        flows: fold_matrix(&parts.flows, &weights, &weights, n, n),
        final_demand: FinalDemand {
            categories: parts.final_demand.categories.clone(),
            values: fold_matrix(&parts.final_demand.values, &weights, &column_weights, n, m),
            columns,
        },
        imports,
        value_added: ValueAdded {
            rows: parts.value_added.rows.clone(),
            values: fold(&parts.value_added.values, &single, &weights, single.len(), n),
        },
        output: fold_vector(&parts.output, &weights, n),
        extensions: parts.extensions.iter().map(extension).collect(),
        population: parts
            .population
            .as_ref()
            .map(|of| fold_vector(of, &region_weights, target.regions.len())),
        industries: target,
    }
}

/// Columns of the aggregate in the order of their first source, and where each source column goes.
fn demand_columns(
    columns: &[DemandColumn],
    regions: &Concordance,
) -> (Vec<DemandColumn>, Vec<Vec<(usize, f64)>>) {
    let mut target: Vec<DemandColumn> = Vec::new();
    let mut place = |column: DemandColumn| {
        target.iter().position(|known| *known == column).unwrap_or_else(|| {
            target.push(column);
            target.len() - 1
        })
    };
    let weights = columns
        .iter()
        .map(|column| match column.region {
            None => vec![(place(*column), 1.0)],
            Some(region) => regions
                .of(region)
                .iter()
                .map(|(to, weight)| {
                    (place(DemandColumn { region: Some(*to), category: column.category }), *weight)
                })
                .collect(),
        })
        .collect();
    (target, weights)
}

type Weights = [Vec<(usize, f64)>];

fn fold_vector(values: &[f64], weights: &Weights, size: usize) -> Vec<f64> {
    let mut sums = vec![0.0; size];
    for (value, targets) in values.iter().zip(weights) {
        targets.iter().for_each(|(to, weight)| sums[*to] += weight * value);
    }
    sums
}

fn fold_matrix(matrix: &Matrix, rows: &Weights, columns: &Weights, r: usize, c: usize) -> Matrix {
    let mut sums = Dense::zeros(r, c);
    for (row, targets) in rows.iter().enumerate() {
        for (to, row_weight) in targets {
            let into = sums.row_mut(*to);
            matrix.each_in_row(row, |column, value| {
                columns[column]
                    .iter()
                    .for_each(|(to, weight)| into[*to] += row_weight * weight * value);
            });
        }
    }
    Matrix::compact(sums)
}

fn fold(dense: &Dense, rows: &Weights, columns: &Weights, r: usize, c: usize) -> Dense {
    let mut sums = Dense::zeros(r, c);
    for (row, targets) in rows.iter().enumerate() {
        for (to, row_weight) in targets {
            let into = sums.row_mut(*to);
            for (value, columns) in dense.row(row).iter().zip(columns) {
                columns.iter().for_each(|(to, weight)| into[*to] += row_weight * weight * value);
            }
        }
    }
    sums
}

/// The same table with all money in another unit.
///
/// # Errors
/// If the units do not measure the same thing.
pub fn in_unit(mut table: RawTable, unit: &Unit) -> Result<RawTable, UnlikeUnits> {
    let from = table.meta.unit.clone();
    let factor =
        from.factor_to(unit).ok_or_else(|| UnlikeUnits { from: from.clone(), to: unit.clone() })?;
    let scale = |values: &mut [f64]| values.iter_mut().for_each(|value| *value *= factor);
    table.flows = table.flows.scale_columns(&vec![factor; table.output.len()]);
    let columns = table.final_demand.columns.len();
    table.final_demand.values = table.final_demand.values.scale_columns(&vec![factor; columns]);
    match &mut table.imports {
        Imports::ByProduct { intermediate, final_demand } => {
            scale(intermediate.values_mut());
            scale(final_demand.values_mut());
        }
        Imports::OneRow { intermediate, final_demand } => {
            scale(intermediate);
            scale(final_demand);
        }
        Imports::None => {}
    }
    scale(table.value_added.values.values_mut());
    scale(&mut table.output);
    table.meta.unit = unit.clone();
    Ok(table)
}

/// Two units that do not measure the same thing.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{from} does not convert into {to}")]
pub struct UnlikeUnits {
    /// The unit there is.
    pub from: Unit,
    /// The unit asked for.
    pub to: Unit,
}

/// Totals of the parts of a table, for holding an aggregate against its source.
pub fn totals(table: &RawTable) -> Vec<(String, f64)> {
    let n = table.output.len();
    let mut totals = vec![
        ("flows".to_owned(), table.flows.row_sums().iter().sum()),
        ("final demand".to_owned(), table.final_demand.values.row_sums().iter().sum()),
        ("imported inputs".to_owned(), table.imports.intermediate_totals(n).iter().sum()),
        ("value added".to_owned(), table.value_added.values.values().iter().sum()),
        ("output".to_owned(), table.output.iter().sum()),
    ];
    for extension in &table.extensions {
        let all = extension.values.iter().chain(&extension.households).sum();
        totals.push((extension.label.code.clone(), all));
    }
    totals
}
