//! How far each industry grew, as far as controls tell: the start of the prior.

use super::{Control, Party, Subject, UpdateError};
use crate::balance::kras::{self, Options, Reached, Term, kras};
use crate::linalg::Dense;
use crate::table::{RawTable, Role, Table};

/// Growth factors and where they come from.
#[derive(Debug, Clone)]
pub struct Growth {
    /// Of the output of each industry.
    pub output: Vec<f64>,
    /// Of the value added of each industry.
    pub value_added: Vec<f64>,
    /// Of the value added of each region.
    pub regions: Vec<f64>,
    /// Of all value added.
    pub total: f64,
    /// Industries whose output a control is about.
    pub by_output: Vec<bool>,
    /// Industries whose value added a control is about.
    pub by_value_added: Vec<bool>,
}

/// `a / b`, and 1 where there is nothing to grow from.
pub fn ratio(a: f64, b: f64) -> f64 {
    if b == 0.0 { 1.0 } else { a / b }
}

/// Growth of a sum that may have either sign, and 1 where that is no growth.
pub fn growth(a: f64, b: f64) -> f64 {
    if a > 0.0 && b > 0.0 { a / b } else { 1.0 }
}

impl Growth {
    /// Output by its own controls; without any, like value added; without either, like all others.
    pub fn of(table: &Table, controls: &[Control]) -> Result<Growth, UpdateError> {
        let industries = table.industries();
        let (n, sectors) = (industries.len(), industries.sectors.len());
        let about = |subject: Subject| -> Vec<bool> {
            let on = || controls.iter().filter(|control| control.subject == subject);
            (0..n).map(|i| on().any(|control| control.covers(industries, i))).collect()
        };
        let (by_output, by_value_added) = (about(Subject::Output), about(Subject::ValueAdded));
        let (x0, v0) = (table.output(), table.value_added());
        let mut v1 = v0.clone();
        let options = Options { tolerance: 1e-9, ..Options::default() };
        meet(&mut v1, sectors, controls, Subject::ValueAdded, &options)?;
        let mut x1: Vec<f64> = (0..n)
            .map(|i| match by_value_added[i] && v0[i] > 0.0 {
                true => x0[i] * ratio(v1[i], v0[i]),
                false => x0[i],
            })
            .collect();
        meet(&mut x1, sectors, controls, Subject::Output, &options)?;
        let known = |i: &usize| by_output[*i] || (by_value_added[*i] && v0[*i] > 0.0);
        let sum = |values: &[f64]| -> f64 { (0..n).filter(known).map(|i| values[i]).sum() };
        let others = growth(sum(&x1), sum(x0));
        (0..n).filter(|i| !known(i)).for_each(|i| x1[i] *= others);
        let output: Vec<f64> = (0..n).map(|i| ratio(x1[i], x0[i])).collect();
        (0..n).filter(|i| !by_value_added[*i]).for_each(|i| v1[i] = v0[i] * output[i]);
        let value_added: Vec<f64> = (0..n).map(|i| ratio(v1[i], v0[i])).collect();
        let by_region = |values: &[f64]| industries.by_region(values);
        let regions =
            by_region(&v1).iter().zip(by_region(&v0)).map(|(a, b)| growth(*a, b)).collect();
        let total = growth(v1.iter().sum(), v0.iter().sum());
        Ok(Growth { output, value_added, regions, total, by_output, by_value_added })
    }
}

/// Scales values by region and sector to the controls on one subject; what became of each.
pub fn meet(
    values: &mut [f64],
    sectors: usize,
    controls: &[Control],
    subject: Subject,
    options: &Options,
) -> Result<Vec<(usize, Reached)>, UpdateError> {
    let on: Vec<usize> =
        (0..controls.len()).filter(|at| controls[*at].subject == subject).collect();
    if on.is_empty() {
        return Ok(Vec::new());
    }
    let regions = values.len() / sectors;
    let lines: Vec<kras::Control> = (on.iter().map(|at| &controls[*at]))
        .map(|control| {
            let rows = control.region.map_or(0..regions, |region| region..region + 1);
            let columns = control.sector.map_or(0..sectors, |sector| sector..sector + 1);
            let terms =
                rows.flat_map(|r| columns.clone().map(move |s| Term::plain(r, s))).collect();
            kras::Control { terms, value: control.value, sigma: control.sigma }
        })
        .collect();
    let prior = Dense::new(regions, sectors, values.to_vec());
    let found = kras(&prior, &lines, options)
        .map_err(|error| UpdateError::of(error, &|at| vec![Party::Control(on[at])]))?;
    values.copy_from_slice(found.matrix.values());
    Ok(on.into_iter().zip(found.controls).collect())
}

/// Growth of what each region consumes: the rule for direct emissions of households.
pub fn of_consumption(table: &Table, newer: &RawTable) -> Vec<f64> {
    let sums = |demand: &crate::table::FinalDemand| -> Vec<f64> {
        let totals = demand.values.column_sums();
        let mut of_regions = vec![0.0; table.industries().regions.len()];
        for (k, column) in demand.columns.iter().enumerate() {
            if let (Some(region), Role::Consumption) = (column.region, demand.role(k)) {
                of_regions[region] += totals[k];
            }
        }
        of_regions
    };
    let (new, old) = (sums(&newer.final_demand), sums(table.final_demand()));
    new.iter().zip(&old).map(|(a, b)| growth(*a, *b)).collect()
}
