//! Sums of a build: what each region makes and trades, who trades with whom, and products in all.

use crate::build::account;
use crate::build::plan::{Outcome, Plan};
use crate::labels::places::{ALL, codes, sums};
use crate::report::results::Results;
use crate::tidy::{Column, Tidy};

/// Adds the files of sums.
pub(super) fn places(results: &mut Results, plan: &Plan, outcome: &Outcome) {
    results.file(
        "sums.csv",
        "each region and all: output, value added, stressors of industries, what goes to and comes from other regions as built and as \
         stated, exports, imports, the error column (sum of absolute entries) and its share of output",
        place_sums(plan, outcome),
    );
    results.file(
        "routes.csv",
        "trade from region to region, all products together, and net of what goes back",
        routes(plan, outcome),
    );
    results.file(
        "sector_sums.csv",
        "all regions together by product: output, value added, trade between regions, the error column (sum of absolute entries)",
        sector_sums(plan, outcome),
    );
}

/// Trade between regions over all products: from × regions + to.
fn trade(plan: &Plan, outcome: &Outcome) -> Vec<f64> {
    let regions = plan.tables.regions.len();
    let mut found = vec![0.0; regions * regions];
    for pairs in &outcome.trade.pairs {
        for from in 0..regions {
            let into = &mut found[from * regions..(from + 1) * regions];
            into.iter_mut().zip(pairs.values.row(from)).for_each(|(sum, value)| *sum += value);
        }
    }
    found
}

fn place_sums(plan: &Plan, outcome: &Outcome) -> Tidy {
    use Column::{Quantity, Region, Unit};
    let mut tidy = Tidy::new(&[Quantity, Unit, Region]);
    let table = &outcome.table;
    let industries = table.industries();
    let regions = industries.regions.len();
    let codes = codes(&industries.regions, &[]);
    let mut add = |quantity: &str, unit: &str, values: &[f64]| {
        for (code, value) in codes.iter().zip(values) {
            tidy.push(&[quantity, unit, code], *value);
        }
    };
    let all = |by_region: &[f64]| sums(&[], by_region);
    let money = plan.tables.meta.unit.to_string();
    for quantity in table.quantities() {
        let by_region = industries.by_region(&table.totals(quantity));
        let unit = table.quantity_unit(quantity).to_string();
        add(table.quantity_code(quantity), &unit, &all(&by_region));
    }
    let trade = trade(plan, outcome);
    let outflow: Vec<f64> = trade.chunks_exact(regions).map(|row| row.iter().sum()).collect();
    let inflow: Vec<f64> =
        (0..regions).map(|to| trade.iter().skip(to).step_by(regions).sum()).collect();
    let margins = &outcome.trade.margins;
    let net = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<f64>>();
    let [exports, imports] =
        [&margins.sold, &margins.bought].map(|side| side.foreign.column_sums());
    let errors: Vec<f64> = account::errors(outcome).iter().map(|value| value.abs()).collect();
    for (quantity, values) in [
        ("outflow", &outflow),
        ("inflow", &inflow),
        ("net_outflow", &net(&outflow, &inflow)),
        ("outflow_stated", &margins.sold.stated.column_sums()),
        ("inflow_stated", &margins.bought.stated.column_sums()),
        ("exports", &exports),
        ("imports", &imports),
        ("net_exports", &net(&exports, &imports)),
        ("transit", &margins.transit.column_sums()),
        ("error", &industries.by_region(&errors)),
    ] {
        add(quantity, &money, &all(values));
    }
    let mut shares = account::error_by_region(outcome);
    shares.push(account::error_share(outcome).0);
    add("error_share_of_output", "1", &shares);
    tidy
}

fn routes(plan: &Plan, outcome: &Outcome) -> Tidy {
    use Column::{From, Quantity, To, Unit};
    let mut tidy = Tidy::new(&[Quantity, Unit, From, To]);
    let unit = plan.tables.meta.unit.to_string();
    let regions = plan.tables.regions.len();
    let trade = trade(plan, outcome);
    let code = |r: usize| plan.tables.regions[r].region.code.as_str();
    let pairs = (0..regions).flat_map(|from| (0..regions).map(move |to| (from, to)));
    for (from, to) in pairs.filter(|(from, to)| from != to) {
        let [there, back] = [trade[from * regions + to], trade[to * regions + from]];
        tidy.push(&["trade", &unit, code(from), code(to)], there);
        tidy.push(&["net_trade", &unit, code(from), code(to)], there - back);
    }
    tidy
}

fn sector_sums(plan: &Plan, outcome: &Outcome) -> Tidy {
    use Column::{Quantity, Region, Sector, Unit};
    let mut tidy = Tidy::new(&[Quantity, Unit, Region, Sector]);
    let unit = plan.tables.meta.unit.to_string();
    let sectors = &outcome.table.industries().sectors;
    let by_product = |values: &[f64]| -> Vec<f64> {
        (0..sectors.len()).map(|i| values.iter().skip(i).step_by(sectors.len()).sum()).collect()
    };
    let traded = outcome.trade.pairs.iter().map(|pairs| pairs.values.values().iter().sum());
    let errors: Vec<f64> = account::errors(outcome).iter().map(|value| value.abs()).collect();
    for (quantity, values) in [
        ("output", by_product(outcome.table.output())),
        ("value_added", by_product(&outcome.table.value_added())),
        ("traded", traded.collect()),
        ("error", by_product(&errors)),
    ] {
        for (i, value) in values.into_iter().enumerate() {
            tidy.push(&[quantity, &unit, ALL, sectors.code(i)], value);
        }
    }
    tidy
}
