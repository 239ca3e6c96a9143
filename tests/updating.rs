//! `update` on real tables: 2002 brought to the margins of 2007, held against the true 2007. Data in
//! `IRIO_TEST_DATA`, else `../shared/data`; absent, these tests are reported as ignored.

mod common;

use std::path::Path;

use common::{Outcome, on_real_data};
use irio::input::table::read;
use irio::table::{Role, Table};
use irio::updating::{Control, Subject, Updated, update};
use libtest_mimic::{Arguments, Failed};

fn main() {
    let trials = on_real_data(&[
        ("the_margins_of_2007_bring_2002_closer_than_its_coefficients", margins_of_2007),
        ("the_file_of_every_margin_comes_as_close", file_of_margins),
        ("who_knows_more_comes_closer", who_knows_more),
    ]);
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn sic(data: &Path, year: i32) -> Result<Table, Failed> {
    let file = format!("china_sic_irio_2002_2007/sic_irio_{year}_17sectors.csv");
    read(&data.join(file), None).map_err(|faults| faults.to_string().into())
}

/// Every margin of a table, as controls of one industry or column each.
fn margins(table: &Table) -> Vec<Control> {
    let (industries, demand) = (table.industries(), table.final_demand());
    let mut controls = Vec::new();
    let flows = table.flows();
    let imports = table.imports().intermediate_totals(industries.len());
    let by_industry = [
        (Subject::Output, table.output().to_vec()),
        (Subject::ValueAdded, table.value_added()),
        (Subject::IntermediateSales, flows.row_sums()),
        (Subject::IntermediateInputs, flows.column_sums()),
        (Subject::Imports, imports),
        (Subject::Exports, demand.sum_of_role(Role::Export)),
        (Subject::Inventories, demand.sum_of_role(Role::Inventory)),
        (Subject::Error, demand.sum_of_role(Role::Error)),
    ];
    for (subject, values) in by_industry {
        for (at, value) in values.into_iter().enumerate() {
            let (region, sector) = industries.split(at);
            let (region, sector) = (Some(region), Some(sector));
            controls.push(Control { subject, region, sector, category: None, value, sigma: 0.0 });
        }
    }
    let totals = demand.values.column_sums();
    for k in demand.columns_where(Role::is_domestic) {
        let column = demand.columns[k];
        let (region, category) = (column.region, Some(column.category));
        let (subject, value) = (Subject::FinalDemand, totals[k]);
        controls.push(Control { subject, region, sector: None, category, value, sigma: 0.0 });
    }
    controls
}

/// Sum of absolute differences as a share of the sum of the true cells.
fn error(found: &[f64], truth: &[f64]) -> f64 {
    let off: f64 = found.iter().zip(truth).map(|(a, b)| (a - b).abs()).sum();
    off / truth.iter().map(|value| value.abs()).sum::<f64>()
}

/// Flows, and consumption with investment, cell by cell.
fn cells(table: &Table) -> [Vec<f64>; 2] {
    let demand = table.final_demand();
    let columns = demand.columns_where(Role::is_domestic);
    let all = demand.values.to_dense();
    let n = table.industries().len();
    let domestic = (0..n).flat_map(|i| columns.iter().map(move |k| (i, *k)));
    let domestic = domestic.map(|at| all[at]).collect();
    [table.flows().to_dense().values().to_vec(), domestic]
}

/// The old coefficients on the new output, the old shares of each column on its new total.
fn naive(base: &Table, target: &Table) -> [Vec<f64>; 2] {
    let [mut flows, mut demand] = cells(base);
    let n = base.industries().len();
    for (at, value) in flows.iter_mut().enumerate() {
        let j = at % n;
        *value *= if base.output()[j] == 0.0 { 0.0 } else { target.output()[j] / base.output()[j] };
    }
    let m = demand.len() / n;
    let of = |values: &[f64], k: usize| (0..n).map(|i| values[i * m + k]).sum::<f64>();
    let truth = &cells(target)[1];
    let grown: Vec<f64> = (0..m).map(|k| of(truth, k) / of(&demand, k)).collect();
    demand.iter_mut().enumerate().for_each(|(at, value)| *value *= grown[at % m]);
    [flows, demand]
}

fn errors(found: &Updated, target: &Table) -> Result<[f64; 2], Failed> {
    let table = found.table.clone().check().map_err(|errors| errors.to_string())?;
    // Whatever is known, the accounts close.
    let gaps = table.discrepancy();
    for (gap, x) in gaps.rows.iter().chain(&gaps.columns).zip(table.output().iter().cycle()) {
        if gap.abs() > 1e-9 * x {
            return Err(format!("an account is open by {gap} of {x}").into());
        }
    }
    let unmet = found.controls.iter().filter(|c| !c.met && c.sigma == 0.0).count();
    if unmet > 0 {
        return Err(format!("{unmet} controls are not met").into());
    }
    let [flows, demand] = cells(&table);
    let [true_flows, true_demand] = cells(target);
    Ok([error(&flows, &true_flows), error(&demand, &true_demand)])
}

fn updated(base: &Table, controls: &[Control]) -> Result<Updated, Failed> {
    update(base, controls, 2007).map_err(|error| format!("{error:?}").into())
}

/// Every margin of 2007 on the cells of 2002: at most 0.45, and at most 0.92 of what the coefficients of
/// 2002 miss. An independent program (plain RAS of both blocks) finds 0.358511 and 0.355046.
fn margins_of_2007(data: &Path) -> Outcome {
    let (base, target) = (sic(data, 2002)?, sic(data, 2007)?);
    let found = errors(&updated(&base, &margins(&target))?, &target)?;
    let [flows, demand] = naive(&base, &target);
    let [true_flows, true_demand] = cells(&target);
    let plain = [error(&flows, &true_flows), error(&demand, &true_demand)];
    println!("all margins: {found:?}, coefficients of 2002: {plain:?}");
    for (what, found, plain, other) in [
        ("flows", found[0], plain[0], 0.358510867799),
        ("final demand", found[1], plain[1], 0.355046130934),
    ] {
        if found > 0.45 || found > 0.92 * plain {
            return Err(format!("{what}: error {found}, of the old coefficients {plain}").into());
        }
        if (found - other).abs() > 1e-6 {
            return Err(format!("{what}: error {found}, of another program {other}").into());
        }
    }
    Ok(())
}

/// What `irio init controls --every` writes of the true table gives the same numbers, as the docs say.
fn file_of_margins(data: &Path) -> Outcome {
    use irio::input::{TextFile, controls, sheet::Sheet};
    use irio::report::controls::{Extent, csv};
    let (base, target) = (sic(data, 2002)?, sic(data, 2007)?);
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("margins.csv");
    std::fs::write(&path, csv(&target, Extent::Every))?;
    let file = TextFile::read(&path).and_then(|file| Sheet::of(&file));
    let sheet = file.map_err(|fault| fault.to_string())?;
    let read = controls::read(&sheet, &base).map_err(|faults| faults.to_string())?;
    let found = errors(&updated(&base, &read.controls)?, &target)?;
    for (found, wanted) in found.into_iter().zip([0.358510867799, 0.355046130934]) {
        if (found - wanted).abs() > 1e-6 {
            return Err(format!("error {found}, expected {wanted}").into());
        }
    }
    Ok(())
}

/// With less known the result is worse, but the accounts close and all that is known is met.
fn who_knows_more(data: &Path) -> Outcome {
    let (base, target) = (sic(data, 2002)?, sic(data, 2007)?);
    let all = margins(&target);
    let only = |subjects: &[Subject]| -> Vec<Control> {
        all.iter().filter(|control| subjects.contains(&control.subject)).cloned().collect()
    };
    let added = target.industries().by_region(&target.value_added());
    let regions: Vec<Control> = (added.into_iter().enumerate())
        .map(|(region, value)| Control {
            subject: Subject::ValueAdded,
            region: Some(region),
            sector: None,
            category: None,
            value,
            sigma: 0.0,
        })
        .collect();
    use Subject::{
        Exports, FinalDemand, Imports, IntermediateInputs, IntermediateSales, Output, ValueAdded,
    };
    let most =
        [Output, ValueAdded, FinalDemand, Exports, Imports, IntermediateInputs, IntermediateSales];
    let steps = [
        ("value added by region", regions),
        ("value added by industry", only(&[ValueAdded])),
        ("output and value added", only(&[Output, ValueAdded])),
        ("and final demand, exports", only(&[Output, ValueAdded, FinalDemand, Exports])),
        ("all but inventories and errors", only(&most)),
        ("every margin", all.clone()),
    ];
    let mut before = f64::INFINITY;
    let mut demand = Vec::new();
    for (what, controls) in steps {
        let result = updated(&base, &controls)?;
        let found = errors(&result, &target)?;
        println!("{what}: {found:?}, {} rounds", result.rounds);
        if found[0] > before + 1e-6 {
            return Err(format!("{what}: error of flows {} after {before}", found[0]).into());
        }
        before = found[0];
        demand.push(found[1]);
    }
    // Final demand need not come closer with every step: margins of all else leave it the errors of 2007.
    if demand.last() >= demand.first() {
        return Err(format!("final demand: {demand:?}").into());
    }
    Ok(())
}
