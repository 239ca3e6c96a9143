//! What to do with the awkward columns of a table (METHODS A4): the error column and inventories.
//!
//! Every rule is an assumption and a switch; the default of each leaves the table as it is.

use serde::Serialize;

use super::{Category, FinalDemand, RawTable, Role};
use crate::labels::Label;
use crate::linalg::{Dense, Matrix};

/// What the error column becomes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorColumn {
    /// Exogenous demand and a factor of its own in every decomposition.
    #[default]
    Keep,
    /// Spread over consumption and investment of the row, in proportion.
    ToFinal,
    /// Counted as a change of inventories.
    ToInventory,
    /// Taken off output; columns then no longer add up. For comparison only.
    Drop,
}

/// What inventories are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Inventories {
    /// Exogenous: no sourcing shares, never part of a transfer.
    #[default]
    Exogenous,
    /// Final demand like any other, with sourcing shares.
    AsFinal,
}

/// Why inventories cannot be treated as final demand: a product's sum is not positive.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error(
    "inventories cannot be final demand: product {product} of column {column} sums to {sum}, and shares of a sum \
     that is not positive are not defined"
)]
pub struct NoShares {
    /// Code of the product.
    pub product: String,
    /// Code of the category.
    pub column: String,
    /// The sum over regions.
    pub sum: f64,
}

/// Applies both switches to a table's parts.
///
/// # Errors
/// If inventories shall be final demand and a product's inventories sum to zero or less.
pub fn apply(
    mut table: RawTable,
    error: ErrorColumn,
    inventories: Inventories,
) -> Result<RawTable, NoShares> {
    match error {
        ErrorColumn::Keep => {}
        ErrorColumn::ToFinal => spread_error(&mut table),
        ErrorColumn::ToInventory => {
            rename_role(&mut table.final_demand.categories, Role::Error, Role::Inventory)
        }
        ErrorColumn::Drop => drop_error(&mut table),
    }
    if inventories == Inventories::AsFinal {
        refuse_without_shares(&table)?;
        rename_role(&mut table.final_demand.categories, Role::Inventory, Role::Investment);
    }
    Ok(table)
}

fn rename_role(categories: &mut [Category], from: Role, to: Role) {
    categories
        .iter_mut()
        .filter(|category| category.role == from)
        .for_each(|category| category.role = to);
}

fn spread_error(table: &mut RawTable) {
    let demand = &mut table.final_demand;
    let (domestic, errors) =
        (demand.columns_where(Role::is_domestic), demand.columns_where(|r| r == Role::Error));
    let mut values = demand.values.to_dense();
    for row in 0..values.shape().0 {
        let cells = values.row_mut(row);
        let base: f64 = domestic.iter().map(|&k| cells[k]).sum();
        let error: f64 = errors.iter().map(|&k| cells[k]).sum();
        // A row that no final user buys keeps its error: there is nothing to spread it over.
        if base != 0.0 {
            domestic.iter().for_each(|&k| cells[k] *= 1.0 + error / base);
            errors.iter().for_each(|&k| cells[k] = 0.0);
        }
    }
    demand.values = Matrix::compact(values);
}

fn drop_error(table: &mut RawTable) {
    let errors = table.final_demand.sum_of_role(Role::Error);
    table.output.iter_mut().zip(&errors).for_each(|(x, error)| *x -= error);
    let kept = table.final_demand.columns_where(|role| role != Role::Error);
    let old = table.final_demand.values.to_dense();
    let mut values = Dense::zeros(old.shape().0, kept.len());
    for row in 0..old.shape().0 {
        kept.iter().enumerate().for_each(|(to, &from)| values[(row, to)] = old[(row, from)]);
    }
    let columns = kept.iter().map(|&k| table.final_demand.columns[k]).collect();
    let categories = table.final_demand.categories.clone();
    match &mut table.imports {
        super::Imports::ByProduct { final_demand, .. } => {
            let mut left = Dense::zeros(final_demand.shape().0, kept.len());
            for row in 0..left.shape().0 {
                kept.iter()
                    .enumerate()
                    .for_each(|(to, &from)| left[(row, to)] = final_demand[(row, from)]);
            }
            *final_demand = left;
        }
        super::Imports::OneRow { final_demand, .. } => {
            *final_demand = kept.iter().map(|&k| final_demand[k]).collect();
        }
        super::Imports::None => {}
    }
    table.final_demand = FinalDemand { categories, columns, values: Matrix::compact(values) };
}

fn refuse_without_shares(table: &RawTable) -> Result<(), NoShares> {
    let (industries, demand) = (&table.industries, &table.final_demand);
    for column in demand.columns_where(|role| role == Role::Inventory) {
        let mut sums = vec![(0.0, false); industries.sectors.len()];
        for row in 0..industries.len() {
            let value = demand.values.get(row, column);
            let entry = &mut sums[industries.split(row).1];
            *entry = (entry.0 + value, entry.1 || value != 0.0);
        }
        if let Some(at) = sums.iter().position(|(sum, any)| *any && *sum <= 0.0) {
            let label: &Label = &demand.categories[demand.columns[column].category].label;
            let product = industries.sectors.code(at).to_owned();
            return Err(NoShares { product, column: label.code.clone(), sum: sums[at].0 });
        }
    }
    Ok(())
}
