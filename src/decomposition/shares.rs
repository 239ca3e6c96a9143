//! Factorisation of a table: `A = T∘D∘H`, `C = TF∘DF∘Y`, `E = TE∘EX` (METHODS B1).
//!
//! Users are the industries, then the columns of domestic final demand, so that `T` and `TF`,
//! `D` and `DF`, `H` and `Y` are one array each. Where imports are not known by product `D` is 1
//! and `H`, `Y` stand for `U`, `Q`: domestic inputs and domestic demand (METHODS A3).

#![allow(non_snake_case)]

use std::borrow::Cow;

use super::Factor;
use super::solution::ALONE;
use crate::labels::{Axis, Industries};
use crate::linalg::Dense;
use crate::table::aggregate::{aggregate, in_unit};
use crate::table::concordance::{Concordance, Entry};
use crate::table::{Imports, Quantity, RawTable, Role, Table};
use crate::units::{PriceBase, Unit};

/// Why two tables cannot be compared.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PairError {
    /// They have different regions or sectors.
    #[error(
        "{base} and {target} differ in their {kind}s: {only} stands in one only; aggregate both to the finest common \
         list with `irio aggregate`"
    )]
    Axes {
        /// Name of the base table.
        base: String,
        /// Name of the target table.
        target: String,
        /// Region or sector.
        kind: &'static str,
        /// Codes in one table only.
        only: String,
    },
    /// They have different columns of domestic final demand.
    #[error(
        "{base} and {target} differ in their columns of final demand: {only} stands in one only"
    )]
    Columns {
        /// Name of the base table.
        base: String,
        /// Name of the target table.
        target: String,
        /// The column.
        only: String,
    },
    /// They treat imports differently.
    #[error(
        "{base} has imports {base_kind}, {target} has imports {target_kind}: the factors would not be the same"
    )]
    Imports {
        /// Name of the base table.
        base: String,
        /// Kind of its imports.
        base_kind: &'static str,
        /// Name of the target table.
        target: String,
        /// Kind of its imports.
        target_kind: &'static str,
    },
    /// They are in different money.
    #[error("{base} is in {from}, {target} in {to}: the units do not convert")]
    Units {
        /// Name of the base table.
        base: String,
        /// Name of the target table.
        target: String,
        /// Unit of the base.
        from: String,
        /// Unit of the target.
        to: String,
    },
    /// The target is no table any more once it is on the base's axes and in its unit.
    #[error("{target} cannot be brought to the base's regions, sectors and unit: {reason}")]
    Converted {
        /// Name of the target table.
        target: String,
        /// What is wrong with the outcome, such as numbers beyond all bounds.
        reason: String,
    },
    /// They are in different prices.
    #[error(
        "{base} is in prices of {from}, {target} in prices of {to}: bring both to one price base"
    )]
    Prices {
        /// Name of the base table.
        base: String,
        /// Name of the target table.
        target: String,
        /// Prices of the base.
        from: PriceBase,
        /// Prices of the target.
        to: PriceBase,
    },
}

/// The factors of one year, harmonised with the other year's (METHODS A4).
#[derive(Debug, Clone)]
pub struct YearFactors {
    /// T and TF: origin shares, industries (origin region × product) × users.
    pub sourcing: Dense,
    /// D and DF: domestic shares, products × users; 1 where imports are not known by product.
    pub domestic: Dense,
    /// H and Y, or U and Q: products × users.
    pub inputs: Dense,
    /// TE: origin shares of national exports, one entry per industry.
    pub export_origin: Vec<f64>,
    /// EX: national exports by product.
    pub exports: Vec<f64>,
    /// N: change of inventories, one entry per industry.
    pub inventories: Vec<f64>,
    /// O: error column and row discrepancy, one entry per industry.
    pub error: Vec<f64>,
    /// Per excluded use cell its coefficients (or demand) by origin region.
    pub excluded: Vec<Vec<f64>>,
    /// c: intensity of each quantity, in the order of [`FactorPair::quantities`]; 1 for output.
    pub intensities: Vec<Vec<f64>>,
}

/// Two years factored on the same axes.
#[derive(Debug, Clone)]
pub struct FactorPair {
    /// Base and target year.
    pub years: [YearFactors; 2],
    /// The common axes.
    pub industries: Industries,
    /// How many columns of domestic final demand there are.
    pub demand_columns: usize,
    /// Whether imports are known by product, so that D and H are factors apart.
    pub imports_by_product: bool,
    /// What is decomposed, with code and unit.
    pub quantities: Vec<MeasuredQuantity>,
    /// Use cells (product, user) that have negative entries and so no shares: they move with
    /// technology or demand as a whole.
    pub excluded: Vec<(usize, usize)>,
    /// Stressors that are not decomposed.
    pub left_out: Vec<LeftOut>,
}

/// Why a stressor of one table is not decomposed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LeftOut {
    /// The other table does not have it.
    #[error("{code} is left out: {has} has it, {lacks} has not")]
    Lacking {
        /// The stressor.
        code: String,
        /// Name of the table that has it.
        has: String,
        /// Name of the table that lacks it.
        lacks: String,
    },
    /// Both have it, in units that do not convert.
    #[error("{code} is left out: it is in {base} in one table, in {target} in the other")]
    Units {
        /// The stressor.
        code: String,
        /// Its unit in the base table.
        base: Unit,
        /// Its unit in the target table.
        target: Unit,
    },
}

/// A quantity with its observed values in both years.
#[derive(Debug, Clone)]
pub struct MeasuredQuantity {
    /// Output, value added or a stressor.
    pub quantity: Quantity,
    /// The word results use.
    pub code: String,
    /// Its unit.
    pub unit: Unit,
    /// By industry, in the base and the target year.
    pub observed: [Vec<f64>; 2],
}

impl FactorPair {
    /// Brings two tables to common axes and unit and factors both.
    ///
    /// Stressors that only one table has are left out, and listed.
    ///
    /// # Errors
    /// If regions, sectors, demand columns, imports, units or prices do not match.
    pub fn of(base: &Table, target: &Table) -> Result<Self, PairError> {
        let target = align(base, target)?;
        let (quantities, left_out) = common_quantities(base, &target);
        let years = both(base.industries().len(), |year| {
            raw_factors(if year == 0 { base } else { &target }, &quantities, year)
        });
        let negative = years.each_ref().map(|(_, cells)| cells.negative.as_slice()).concat();
        let empty = years.each_ref().map(|(_, cells)| cells.empty.as_slice()).concat();
        let mut years = years.map(|(factors, _)| factors);
        let excluded = exclude(negative, &mut years, [base, &target]);
        harmonise(&mut years, &empty);
        Ok(FactorPair {
            years,
            industries: base.industries().clone(),
            demand_columns: base.final_demand().columns_where(Role::is_domestic).len(),
            imports_by_product: matches!(base.imports(), Imports::ByProduct { .. }),
            quantities,
            excluded,
            left_out,
        })
    }

    /// The factors in the order of the polar forms, without the intensity.
    pub fn factors(&self) -> Vec<Factor> {
        use Factor::{
            DomesticDemand, DomesticInputs, Error, ExportOrigin, Exports, FinalDemand, ImportShare,
            Inventories, Sourcing, Technology,
        };
        if self.imports_by_product {
            vec![
                Sourcing,
                ExportOrigin,
                ImportShare,
                Technology,
                FinalDemand,
                Exports,
                Inventories,
                Error,
            ]
        } else {
            vec![
                Sourcing,
                ExportOrigin,
                DomesticInputs,
                DomesticDemand,
                Exports,
                Inventories,
                Error,
            ]
        }
    }
}

/// The target on the base's axes and in its unit; itself where it is so already.
///
/// Prices are comparable where they are of one year, or current in both tables: then changes are
/// nominal.
///
/// # Errors
/// If regions, sectors, demand columns, imports, units or prices do not match.
pub fn align<'a>(base: &Table, target: &'a Table) -> Result<Cow<'a, Table>, PairError> {
    let names = || (base.meta().name.clone(), target.meta().name.clone());
    let same_axes = base.industries() == target.industries();
    let maps = if same_axes { None } else { Some(common_axes(base, target)?) };
    let kinds = [base.imports().word(), target.imports().word()];
    if kinds[0] != kinds[1] {
        let ((base, target), [base_kind, target_kind]) = (names(), kinds);
        return Err(PairError::Imports { base, base_kind, target, target_kind });
    }
    if base.meta().prices != target.meta().prices && !base.meta().same_prices(target.meta()) {
        let ((base_name, target_name), from, to) =
            (names(), base.meta().prices.clone(), target.meta().prices.clone());
        return Err(PairError::Prices { base: base_name, target: target_name, from, to });
    }
    let same_columns = base.final_demand().columns == target.final_demand().columns
        && base.final_demand().categories == target.final_demand().categories;
    if same_axes && base.meta().unit == target.meta().unit && same_columns {
        return Ok(Cow::Borrowed(target));
    }
    let (base_name, target_name) = names();
    let parts = match maps {
        None => target.parts().clone(),
        Some([regions, sectors]) => aggregate(target, &regions, &sectors),
    };
    let mut parts = in_unit(parts, &base.meta().unit).map_err(|error| PairError::Units {
        base: base_name.clone(),
        target: target_name.clone(),
        from: error.to.to_string(),
        to: error.from.to_string(),
    })?;
    order_columns(base, &mut parts, base_name, target_name)?;
    let name = target.meta().name.clone();
    parts
        .check()
        .map(Cow::Owned)
        .map_err(|errors| PairError::Converted { target: name, reason: errors.to_string() })
}

/// Concordances from the target's regions and sectors to the base's, which are the same in another
/// order.
fn common_axes(base: &Table, target: &Table) -> Result<[Concordance; 2], PairError> {
    let one = |ours: &Axis, theirs: &Axis| {
        let one_only = |a: &Axis, b: &Axis| -> Vec<String> {
            a.labels().iter().filter(|l| !b.labels().contains(l)).map(|l| l.code.clone()).collect()
        };
        let only = [one_only(ours, theirs), one_only(theirs, ours)].concat();
        if !only.is_empty() {
            return Err(PairError::Axes {
                base: base.meta().name.clone(),
                target: target.meta().name.clone(),
                kind: ours.kind(),
                only: only.join(", "),
            });
        }
        let entries: Vec<Entry> = ours
            .labels()
            .iter()
            .map(|label| Entry { from: label.code.clone(), to: label.clone(), weight: 1.0 })
            .collect();
        // Same codes on both sides, so every entry finds its source.
        Ok(Concordance::new(theirs, &entries).unwrap_or_else(|_| Concordance::identity(theirs)))
    };
    let (ours, theirs) = (base.industries(), target.industries());
    Ok([one(&ours.regions, &theirs.regions)?, one(&ours.sectors, &theirs.sectors)?])
}

/// Puts the domestic demand columns of the target in the base's order; the others follow.
fn order_columns(
    base: &Table,
    target: &mut RawTable,
    base_name: String,
    target_name: String,
) -> Result<(), PairError> {
    let names = |demand: &crate::table::FinalDemand, k: usize| {
        let column = demand.columns[k];
        let region = column.region.map_or("national", |at| base.industries().regions.code(at));
        format!("{region}:{}", demand.categories[column.category].label.code)
    };
    let ours = base.final_demand().columns_where(Role::is_domestic);
    let theirs = target.final_demand.columns_where(Role::is_domestic);
    let our_names: Vec<String> = ours.iter().map(|&k| names(base.final_demand(), k)).collect();
    let their_names: Vec<String> = theirs.iter().map(|&k| names(&target.final_demand, k)).collect();
    let odd = our_names.iter().find(|name| !their_names.contains(name));
    if let Some(only) = odd.or(their_names.iter().find(|name| !our_names.contains(name))) {
        return Err(PairError::Columns {
            base: base_name,
            target: target_name,
            only: only.clone(),
        });
    }
    let found =
        our_names.iter().filter_map(|name| their_names.iter().position(|other| other == name));
    let others = target.final_demand.columns_where(|role| !role.is_domestic());
    let order: Vec<usize> = found.map(|at| theirs[at]).chain(others).collect();
    let pick = |dense: &Dense| {
        let mut out = Dense::zeros(dense.shape().0, order.len());
        for row in 0..out.shape().0 {
            order.iter().enumerate().for_each(|(to, &from)| out[(row, to)] = dense[(row, from)]);
        }
        out
    };
    target.final_demand.values =
        crate::linalg::Matrix::compact(pick(&target.final_demand.values.to_dense()));
    match &mut target.imports {
        Imports::ByProduct { final_demand, .. } => *final_demand = pick(final_demand),
        Imports::OneRow { final_demand, .. } => {
            *final_demand = order.iter().map(|&k| final_demand[k]).collect()
        }
        Imports::None => {}
    }
    target.final_demand.columns = order.iter().map(|&k| target.final_demand.columns[k]).collect();
    Ok(())
}

/// What both tables have, and what only one has.
fn common_quantities(base: &Table, target: &Table) -> (Vec<MeasuredQuantity>, Vec<LeftOut>) {
    let (mut found, mut left_out) = (Vec::new(), Vec::new());
    let lacking = |code: &str, has: &Table, lacks: &Table| LeftOut::Lacking {
        code: code.to_owned(),
        has: has.meta().name.clone(),
        lacks: lacks.meta().name.clone(),
    };
    let of = |table: &Table, code: &str| {
        table.quantities().into_iter().find(|quantity| table.quantity_code(*quantity) == code)
    };
    for ours in base.quantities() {
        let code = base.quantity_code(ours).to_owned();
        let Some(theirs) = of(target, &code) else {
            left_out.push(lacking(&code, base, target));
            continue;
        };
        let (unit, other) = (base.quantity_unit(ours).clone(), target.quantity_unit(theirs));
        let Some(factor) = other.factor_to(&unit) else {
            left_out.push(LeftOut::Units { code, base: unit, target: other.clone() });
            continue;
        };
        let later = target.totals(theirs).iter().map(|value| value * factor).collect();
        found.push(MeasuredQuantity {
            quantity: ours,
            code,
            unit,
            observed: [base.totals(ours), later],
        });
    }
    for theirs in target.quantities() {
        let code = target.quantity_code(theirs);
        if of(base, code).is_none() {
            left_out.push(lacking(code, target, base));
        }
    }
    (found, left_out)
}

/// Use cells (product, user) that shares are not simply taken of.
#[derive(Default)]
struct OddCells {
    /// Some entry is negative.
    negative: Vec<(usize, usize)>,
    /// Nothing is used, so that shares are undefined.
    empty: Vec<(usize, usize)>,
}

impl OddCells {
    fn mark_negative(&mut self, product: usize, uses: &[f64]) {
        // Few rows have any, so eight entries are looked at in one go.
        if uses.chunks(8).any(|part| part.iter().fold(false, |any, value| any | (*value < 0.0))) {
            let users = (0..uses.len()).filter(|&user| uses[user] < 0.0);
            self.negative.extend(users.map(|user| (product, user)));
        }
    }
}

/// Factors with undefined shares and coefficients left as NaN, and which cells those are.
fn raw_factors(
    table: &Table,
    quantities: &[MeasuredQuantity],
    year: usize,
) -> (YearFactors, OddCells) {
    let industries = table.industries();
    let (R, S, n) = (industries.regions.len(), industries.sectors.len(), industries.len());
    let (x, demand) = (table.output(), table.final_demand());
    let columns = demand.columns_where(Role::is_domestic);
    let users = n + columns.len();
    let mut place = vec![usize::MAX; demand.columns.len()];
    columns.iter().enumerate().for_each(|(at, &k)| place[k] = n + at);
    // Purchases of each user: intermediate flows, then domestic final demand.
    let mut sourcing = Dense::zeros(n, users);
    let mut bought = Dense::zeros(S, users);
    let mut odd = OddCells::default();
    for row in 0..n {
        let product = row % S;
        let cells = sourcing.row_mut(row);
        table.flows().row_into(row, &mut cells[..n]);
        demand.values.each_in_row(row, |k, value| {
            if place[k] != usize::MAX {
                cells[place[k]] = value;
            }
        });
        bought
            .row_mut(product)
            .iter_mut()
            .zip(sourcing.row(row))
            .for_each(|(sum, value)| *sum += value);
        odd.mark_negative(product, sourcing.row(row));
    }
    let cells = (0..S).flat_map(|i| (0..users).map(move |user| (i, user)));
    odd.empty
        .extend(cells.zip(bought.values()).filter(|(_, sum)| **sum == 0.0).map(|(cell, _)| cell));
    for row in 0..n {
        let totals = bought.row(row % S);
        // 0/0 is NaN, undefined; a nonzero part of a zero whole has mixed signs and is excluded later.
        sourcing.row_mut(row).iter_mut().zip(totals).for_each(|(share, total)| *share /= total);
    }
    let mut domestic = Dense::new(S, users, vec![1.0; S * users]);
    let mut inputs = bought.clone();
    if let Imports::ByProduct { intermediate, final_demand } = table.imports() {
        for i in 0..S {
            for j in 0..users {
                let imported =
                    if j < n { intermediate[(i, j)] } else { final_demand[(i, columns[j - n])] };
                odd.negative.extend((imported < 0.0).then_some((i, j)));
                let all = bought[(i, j)] + imported;
                domestic[(i, j)] = ratio(bought[(i, j)], all);
                inputs[(i, j)] = all;
            }
        }
    }
    for i in 0..S {
        let row = inputs.row_mut(i);
        row[..n].iter_mut().zip(x).for_each(|(input, output)| *input /= output);
    }
    let sold_abroad = demand.sum_of_role(Role::Export);
    let exports: Vec<f64> = (0..S).map(|i| (0..R).map(|r| sold_abroad[r * S + i]).sum()).collect();
    let export_origin = (0..n).map(|k| ratio(sold_abroad[k], exports[k % S])).collect();
    let error = demand.sum_of_role(Role::Error);
    let intensity = |measured: &MeasuredQuantity| match measured.quantity {
        Quantity::Output => vec![1.0; n],
        _ => measured.observed[year].iter().zip(x).map(|(v, x)| ratio(*v, *x)).collect(),
    };
    let factors = YearFactors {
        sourcing,
        domestic,
        inputs,
        export_origin,
        exports,
        inventories: demand.sum_of_role(Role::Inventory),
        error: error
            .iter()
            .zip(&table.discrepancy().rows)
            .map(|(error, gap)| error + gap)
            .collect(),
        excluded: Vec::new(),
        intensities: quantities.iter().map(intensity).collect(),
    };
    (factors, odd)
}

/// A share or coefficient, undefined (NaN) where there is nothing to share.
fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { f64::NAN } else { part / whole }
}

/// Takes use cells with a negative entry in either year out of the shares: they become exogenous
/// coefficients.
fn exclude(
    mut cells: Vec<(usize, usize)>,
    years: &mut [YearFactors; 2],
    tables: [&Table; 2],
) -> Vec<(usize, usize)> {
    let industries = tables[0].industries();
    let (R, S, n) = (industries.regions.len(), industries.sectors.len(), industries.len());
    let columns = tables.map(|table| table.final_demand().columns_where(Role::is_domestic));
    cells.sort_unstable();
    cells.dedup();
    for ((year, table), columns) in years.iter_mut().zip(tables).zip(&columns) {
        for &(i, j) in &cells {
            let flow = |r: usize| match j {
                j if j < n => {
                    let (z, x) = (table.flows().get(r * S + i, j), table.output()[j]);
                    if x == 0.0 { 0.0 } else { z / x }
                }
                _ => table.final_demand().values.get(r * S + i, columns[j - n]),
            };
            year.excluded.push((0..R).map(flow).collect());
            (0..R).for_each(|r| year.sourcing[(r * S + i, j)] = 0.0);
            (year.domestic[(i, j)], year.inputs[(i, j)]) = (1.0, 0.0);
        }
    }
    cells
}

/// Undefined shares and coefficients take the other year's value, so that they have no effect of
/// their own; undefined in both years they are 0 (METHODS A4).
fn harmonise(years: &mut [YearFactors; 2], empty: &[(usize, usize)]) {
    let [a, b] = years;
    let fill = |u: &mut f64, v: &mut f64| match (u.is_nan(), v.is_nan()) {
        (true, true) => (*u, *v) = (0.0, 0.0),
        (true, false) => *u = *v,
        (false, true) => *v = *u,
        (false, false) => {}
    };
    let S = a.exports.len();
    for &(product, user) in empty {
        for row in (product..a.export_origin.len()).step_by(S) {
            fill(&mut a.sourcing[(row, user)], &mut b.sourcing[(row, user)]);
        }
    }
    let fill_all = |u: &mut [f64], v: &mut [f64]| u.iter_mut().zip(v).for_each(|(u, v)| fill(u, v));
    fill_all(a.domestic.values_mut(), b.domestic.values_mut());
    fill_all(a.inputs.values_mut(), b.inputs.values_mut());
    fill_all(&mut a.export_origin, &mut b.export_origin);
    for (u, v) in a.intensities.iter_mut().zip(&mut b.intensities) {
        fill_all(u, v);
    }
}

/// One value for each year; side by side where this already runs in a pool and is worth it.
fn both<T: Send>(industries: usize, make: impl Fn(usize) -> T + Sync) -> [T; 2] {
    if industries >= ALONE && rayon::current_thread_index().is_some() {
        let (base, target) = rayon::join(|| make(0), || make(1));
        [base, target]
    } else {
        [make(0), make(1)]
    }
}
