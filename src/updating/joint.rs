//! The joint matrix that is balanced: flows, final demand, imported inputs and value added.
//!
//! ```text
//!              industries   final demand   inventories and errors
//! industries       Z             Y          more      less        row sums to output
//! imports          M
//! value added      V
//!              column sums to output
//! ```
//!
//! Inventories and errors change their sign, which no scaling does: they stand outside the matrix, and
//! inside it is what comes to them and what goes from them. Both start as large as they are themselves,
//! so nothing moves by that, and a large error gives way more than a small one.

use super::growth::{Growth, growth};
use super::{Control, Party, Place, Subject, UpdateError};
use crate::balance::Moved;
use crate::balance::kras::{self, Options, Reached, Reconciled, Term, kras};
use crate::linalg::{Dense, Matrix};
use crate::table::{Imports, RawTable, Role, Table};

/// The prior, and what is not balanced.
#[derive(Debug, Clone)]
pub struct Joint<'a> {
    table: &'a Table,
    /// Industries, then rows of imports, then rows of value added × industries, then final demand.
    pub prior: Dense,
    /// Inventories and errors, industries × columns of final demand.
    fixed: Dense,
    /// What rows and columns leave open.
    open: [Vec<f64>; 2],
    /// Growth of all value added.
    total: f64,
    /// Columns of inventories and errors; each has two more in the matrix.
    unsure: Vec<usize>,
    /// Cells that controls set because the table has nothing (or another sign) there.
    pub set: usize,
}

impl<'a> Joint<'a> {
    /// The table scaled by rules.
    pub fn prior(table: &'a Table, controls: &[Control], growth: &Growth) -> Joint<'a> {
        let (n, m) = (table.industries().len(), table.final_demand().columns.len());
        let imports = import_rows(table);
        let added = &table.value_added_rows().values;
        let unsure = unsure_columns(table);
        let mut prior = Dense::zeros(n + imports.len() + added.shape().0, n + m + 2 * unsure.len());
        for i in 0..n {
            let into = prior.row_mut(i);
            table.flows().each_in_row(i, |j, z| into[j] = z * growth.output[j]);
        }
        for j in 0..n {
            for (row, values) in imports.iter().enumerate() {
                prior[(n + row, j)] = values[j] * growth.output[j];
            }
            for row in 0..added.shape().0 {
                prior[(n + imports.len() + row, j)] = added[(row, j)] * growth.value_added[j];
            }
        }
        let grown = |values: &[f64]| -> Vec<f64> {
            values.iter().zip(&growth.output).map(|(gap, g)| gap * g).collect()
        };
        let open = [grown(&table.discrepancy().rows), grown(&table.discrepancy().columns)];
        let total = growth.total;
        let mut joint =
            Joint { table, prior, fixed: Dense::zeros(n, m), open, total, unsure, set: 0 };
        joint.final_demand(growth);
        joint.shift(controls, growth);
        joint.give(controls);
        joint.seed(controls);
        joint
    }

    fn n(&self) -> usize {
        self.table.industries().len()
    }

    fn imports(&self) -> usize {
        match self.table.imports() {
            Imports::ByProduct { intermediate, .. } => intermediate.shape().0,
            Imports::OneRow { .. } => 1,
            Imports::None => 0,
        }
    }

    fn final_demand(&mut self, growth: &Growth) {
        let (n, demand) = (self.n(), self.table.final_demand());
        for i in 0..n {
            demand.values.each_in_row(i, |k, value| match demand.role(k) {
                Role::Export => self.prior[(i, n + k)] = value * growth.output[i],
                Role::Inventory | Role::Error => self.fixed[(i, k)] = value * growth.output[i],
                Role::Consumption | Role::Investment => {
                    let region = demand.columns[k].region;
                    let g = region.map_or(growth.total, |region| growth.regions[region]);
                    self.prior[(i, n + k)] = value * g;
                }
            });
        }
    }

    /// Brings inventories and errors to their controls, the widest ones first.
    fn shift(&mut self, controls: &[Control], growth: &Growth) {
        let industries = self.table.industries();
        let mut on: Vec<&Control> = controls
            .iter()
            .filter(|control| matches!(control.subject, Subject::Inventories | Subject::Error))
            .collect();
        on.sort_by_key(|control| {
            usize::from(control.region.is_some()) + usize::from(control.sector.is_some())
        });
        for control in on {
            let Some(role) = control.subject.role() else { continue };
            let columns = self.table.final_demand().columns_where(|other| other == role);
            let Some(&first) = columns.first() else { continue };
            let rows: Vec<usize> =
                (0..self.n()).filter(|i| control.covers(industries, *i)).collect();
            let size = |i: &usize| self.table.output()[*i] * growth.output[*i];
            let sizes: Vec<f64> = rows.iter().map(size).collect();
            let (all, now): (f64, f64) = (sizes.iter().sum(), self.fixed_sum(&rows, &columns));
            if all > 0.0 {
                rows.iter().zip(sizes).for_each(|(i, size)| {
                    self.fixed[(*i, first)] += (control.value - now) * size / all;
                });
            }
        }
    }

    /// What comes to inventories and errors that no control is about, and what goes from them.
    fn give(&mut self, controls: &[Control]) {
        let (n, m) = self.fixed.shape();
        let demand = self.table.final_demand();
        for (at, &k) in self.unsure.iter().enumerate() {
            let on = |control: &&Control| control.subject.role() == Some(demand.role(k));
            let on: Vec<&Control> = controls.iter().filter(on).collect();
            for i in 0..n {
                if !on.iter().any(|control| control.covers(self.table.industries(), i)) {
                    let size = self.fixed[(i, k)].abs();
                    self.prior[(i, n + m + 2 * at)] = size;
                    self.prior[(i, n + m + 2 * at + 1)] = -size;
                }
            }
        }
    }

    fn fixed_sum(&self, rows: &[usize], columns: &[usize]) -> f64 {
        rows.iter().flat_map(|i| columns.iter().map(|k| self.fixed[(*i, *k)])).sum()
    }

    /// A control on a single cell is that cell, even where the table has nothing there.
    fn seed(&mut self, controls: &[Control]) {
        for control in controls.iter().filter(|control| control.value != 0.0) {
            if let [only] = self.terms(control).as_slice() {
                let cell = &mut self.prior[(only.row, only.column)];
                if *cell * control.value <= 0.0 {
                    *cell = control.value;
                    self.set += 1;
                }
            }
        }
    }

    /// Cells that a control sums.
    fn terms(&self, control: &Control) -> Vec<Term> {
        let (n, industries) = (self.n(), self.table.industries());
        let demand = self.table.final_demand();
        let covered: Vec<usize> = (0..n).filter(|i| control.covers(industries, *i)).collect();
        let block = |rows: Vec<usize>, columns: Vec<usize>| -> Vec<Term> {
            let row = |i: usize| columns.iter().map(move |j| Term::plain(i, *j));
            rows.into_iter().flat_map(row).collect()
        };
        let (imports, all) = (n..n + self.imports(), self.prior.shape());
        let of_demand = |columns: Vec<usize>| columns.into_iter().map(|k| n + k).collect();
        match control.subject {
            Subject::Output => block(covered, (0..all.1).collect()),
            Subject::IntermediateSales => block(covered, (0..n).collect()),
            Subject::IntermediateInputs => block((0..n).collect(), covered),
            Subject::Imports => block(imports.collect(), covered),
            Subject::ValueAdded => block((imports.end..all.0).collect(), covered),
            Subject::Exports => {
                block(covered, of_demand(demand.columns_where(|role| role == Role::Export)))
            }
            Subject::FinalDemand => {
                let mut columns = demand.columns_where(Role::is_domestic);
                columns.retain(|k| {
                    let column = demand.columns[*k];
                    control.region.is_none_or(|region| column.region == Some(region))
                        && control.category.is_none_or(|category| column.category == category)
                });
                let of_product =
                    |i: &usize| control.sector.is_none_or(|s| industries.split(*i).1 == s);
                block((0..n).filter(of_product).collect(), of_demand(columns))
            }
            Subject::Inventories
            | Subject::Error
            | Subject::Stressor(_)
            | Subject::Households(_) => Vec::new(),
        }
    }

    /// Part of a control's value that is not balanced.
    fn outside(&self, control: &Control) -> f64 {
        if control.subject != Subject::Output {
            return 0.0;
        }
        let industries = self.table.industries();
        let covered = (0..self.n()).filter(|i| control.covers(industries, *i));
        covered.map(|i| self.outside_row(i)).sum()
    }

    fn outside_row(&self, i: usize) -> f64 {
        self.fixed.row(i).iter().sum::<f64>() + self.open[0][i]
    }

    /// Brings the prior to the controls and the accounts.
    pub fn balance(&self, controls: &[Control]) -> Result<Reconciled, UpdateError> {
        let (mut lines, mut parties) = (Vec::new(), Vec::new());
        let mut known: Vec<Option<(usize, f64)>> = vec![None; self.n()];
        for (at, control) in controls.iter().enumerate() {
            let balanced = control.subject.word().is_some()
                && !matches!(control.subject, Subject::Inventories | Subject::Error);
            if balanced {
                let value = control.value - self.outside(control);
                let terms = self.terms(control);
                lines.push(kras::Control { terms, value, sigma: control.sigma });
                parties.push(vec![Party::Control(at)]);
            }
            if let (Subject::Output, Some(region), Some(sector), true) =
                (control.subject, control.region, control.sector, control.sigma == 0.0)
            {
                known[self.table.industries().index(region, sector)] = Some((at, control.value));
            }
        }
        // The accounts come last, so that they have the last word in every round.
        for (industry, output) in known.into_iter().enumerate() {
            if let Some(line) = self.accounts(industry, output.map(|(_, value)| value)) {
                lines.push(line);
                let control = output.map(|(at, _)| Party::Control(at));
                parties.push([Party::Accounts(industry)].into_iter().chain(control).collect());
            }
        }
        kras(&self.prior, &lines, &Options::default())
            .map_err(|error| UpdateError::of(error, &|at| Vec::clone(&parties[at])))
    }

    /// The column of an industry sums to its output where that is known, else to its row.
    fn accounts(&self, industry: usize, output: Option<f64>) -> Option<kras::Control> {
        let (rows, columns) = self.prior.shape();
        let mut terms: Vec<Term> = (0..rows).map(|row| Term::plain(row, industry)).collect();
        let value = match output {
            Some(output) => output - self.open[1][industry],
            None => {
                terms.extend((0..columns).map(|column| Term {
                    row: industry,
                    column,
                    coefficient: -1.0,
                }));
                self.outside_row(industry) - self.open[1][industry]
            }
        };
        let empty = terms.iter().all(|term| self.prior[(term.row, term.column)] == 0.0);
        (!empty || value != 0.0).then_some(kras::Control { terms, value, sigma: 0.0 })
    }

    /// The parts of a table, from the balanced matrix.
    pub fn parts(&self, balanced: &Dense) -> RawTable {
        let (n, m) = self.fixed.shape();
        let mut parts = self.table.parts().clone();
        let (mut flows, mut demand) = (Dense::zeros(n, n), self.fixed.clone());
        for i in 0..n {
            let row = balanced.row(i);
            flows.row_mut(i).copy_from_slice(&row[..n]);
            (0..m).for_each(|k| demand[(i, k)] += row[n + k]);
            let both = self.unsure.iter().zip(row[n + m..].chunks(2));
            both.for_each(|(k, both)| demand[(i, *k)] += both.iter().sum::<f64>());
            let sold = row[..n].iter().sum::<f64>() + demand.row(i).iter().sum::<f64>();
            parts.output[i] = sold + self.open[0][i];
        }
        let old = self.table.final_demand();
        let sums = demand.column_sums().into_iter().zip(old.values.column_sums()).enumerate();
        // Inventories and errors sum to anything: what is imported for them grows like everything.
        let grown: Vec<f64> = sums
            .map(|(k, (new, before))| match old.role(k) {
                Role::Inventory | Role::Error => self.total,
                _ => growth(new, before),
            })
            .collect();
        let imported = |row: usize| balanced.row(n + row)[..n].to_vec();
        match &mut parts.imports {
            Imports::ByProduct { intermediate, final_demand } => {
                for row in 0..intermediate.shape().0 {
                    intermediate.row_mut(row).copy_from_slice(&imported(row));
                    final_demand.row_mut(row).iter_mut().zip(&grown).for_each(|(v, g)| *v *= g);
                }
            }
            Imports::OneRow { intermediate, final_demand } => {
                *intermediate = imported(0);
                final_demand.iter_mut().zip(&grown).for_each(|(value, g)| *value *= g);
            }
            Imports::None => {}
        }
        let added = &mut parts.value_added.values;
        for row in 0..added.shape().0 {
            added.row_mut(row).copy_from_slice(&imported(self.imports() + row));
        }
        parts.flows = Matrix::compact(flows);
        parts.final_demand.values = Matrix::compact(demand);
        parts
    }

    /// What became of a control on money.
    pub fn reached(&self, control: &Control, parts: &RawTable) -> Reached {
        let industries = self.table.industries();
        let covered = || (0..self.n()).filter(|i| control.covers(industries, *i));
        let reached: f64 = match control.subject.role() {
            Some(role) => {
                let columns = parts.final_demand.columns_where(|other| other == role);
                let sums = parts.final_demand.sum_of(&columns);
                covered().map(|i| sums[i]).sum()
            }
            None if control.subject == Subject::Output => covered().map(|i| parts.output[i]).sum(),
            None => self.terms(control).iter().map(|term| self.value(parts, term)).sum(),
        };
        let met = (reached - control.value).abs() <= MET * control.value.abs().max(reached.abs());
        Reached { wanted: control.value, reached, sigma: control.sigma, met }
    }

    fn value(&self, parts: &RawTable, term: &Term) -> f64 {
        let (n, imports) = (self.n(), self.imports());
        let (row, column) = (term.row, term.column);
        match &parts.imports {
            _ if row < n && column < n => parts.flows.get(row, column),
            _ if row < n => parts.final_demand.values.get(row, column - n),
            _ if row >= n + imports => parts.value_added.values[(row - n - imports, column)],
            Imports::ByProduct { intermediate, .. } => intermediate[(row - n, column)],
            Imports::OneRow { intermediate, .. } => intermediate[column],
            Imports::None => 0.0,
        }
    }

    /// The matrix without what comes to and goes from inventories and errors.
    pub fn shown(&self, matrix: &Dense) -> Dense {
        let (n, m) = self.fixed.shape();
        let mut shown = matrix.clone();
        (0..n).for_each(|i| shown.row_mut(i)[n + m..].fill(0.0));
        shown
    }

    /// What a cell of the matrix is.
    pub fn place(&self, cell: &Moved) -> Place {
        let (n, imports) = (self.n(), self.imports());
        let (row, column) = (cell.row, cell.column);
        if row < n && column < n {
            Place::Flow(row, column)
        } else if row < n {
            Place::FinalDemand(row, column - n)
        } else if row < n + imports {
            Place::Imports(row - n, column)
        } else {
            Place::ValueAdded(row - n - imports, column)
        }
    }
}

fn unsure_columns(table: &Table) -> Vec<usize> {
    table.final_demand().columns_where(|role| matches!(role, Role::Inventory | Role::Error))
}

/// A control counts as met if it is missed by no more than this share.
const MET: f64 = 1e-8;

fn import_rows(table: &Table) -> Vec<Vec<f64>> {
    match table.imports() {
        Imports::ByProduct { intermediate, .. } => {
            (0..intermediate.shape().0).map(|row| intermediate.row(row).to_vec()).collect()
        }
        Imports::OneRow { intermediate, .. } => vec![intermediate.clone()],
        Imports::None => Vec::new(),
    }
}
