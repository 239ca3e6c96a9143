//! The table of 30 provinces built from the real workbook, held against the inter-regional table of the
//! State Information Center. Real data are looked for in `IRIO_TEST_DATA`, else in `../shared/data`;
//! absent, these tests are reported as ignored.

mod common;

use std::path::Path;

use common::{Outcome, on_real_data};
use irio::build::account;
use irio::build::plan::{Outcome as Built, Plan, run};
use irio::input::build::read;
use irio::leontief::TechnicalCoefficients;
use irio::table::Role;
use libtest_mimic::{Arguments, Failed};

const BUILD: &str = "tables/sources/bth/china-30-2007.toml";

fn main() {
    let trials = on_real_data(&[
        ("every_product_meets_its_controls", controls),
        ("output_and_value_added_of_each_province_are_exact", totals),
        ("no_column_sum_above_one_is_unexplained", column_sums),
        ("errors_against_the_official_table_are_within_what_is_promised", errors),
        ("emissions_are_those_of_the_inventories", emissions),
        ("the_shipped_table_is_what_its_recipe_makes", shipped),
    ]);
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn built(data: &Path) -> Result<(Plan, Built), Failed> {
    let read = read(Path::new(BUILD), Some(data)).map_err(|faults| faults.to_string())?;
    let built = run(&read.plan)?;
    Ok((read.plan, built))
}

fn within(what: &str, found: f64, least: f64, most: f64) -> Outcome {
    if (least..=most).contains(&found) {
        return Ok(());
    }
    Err(format!("{what} is {found}, expected {least} to {most}").into())
}

/// Sales and purchases of every province in every product are met to 1e-6 of the product's trade; the gap
/// between both, which no table can close, is in the error column: at most 9 % of output.
fn controls(data: &Path) -> Outcome {
    let (plan, built) = built(data)?;
    let margins = &built.trade.margins;
    for (i, pairs) in built.trade.pairs.iter().enumerate() {
        let code = plan.tables.sectors.code(i);
        let all: f64 = margins.sold.domestic.row(i).iter().sum();
        for r in 0..plan.tables.regions.len() {
            let sold: f64 = pairs.values.row(r).iter().sum::<f64>() + pairs.crossed[r];
            let bought: f64 = (0..plan.tables.regions.len()).map(|q| pairs.values[(q, r)]).sum();
            let bought = bought + pairs.crossed[r];
            for (found, wanted) in
                [(sold, margins.sold.domestic[(i, r)]), (bought, margins.bought.domestic[(i, r)])]
            {
                if (found - wanted).abs() > 1e-6 * all {
                    return Err(format!("{code}, region {r}: {found} for {wanted}").into());
                }
            }
        }
    }
    let (error, _) = account::error_share(&built);
    within("the error column", error, 0.0, 0.09)?;
    let products = account::products(&plan.tables, &built, &plan.costs);
    let gap: f64 = products.iter().map(|one| (one.sold - one.bought).abs()).sum();
    let output: f64 = built.table.output().iter().sum();
    within("the gaps of all products", gap / output, 0.0, 0.09)
}

fn totals(data: &Path) -> Outcome {
    let (plan, built) = built(data)?;
    let industries = built.table.industries();
    let value_added = built.table.value_added();
    for (r, table) in plan.tables.regions.iter().enumerate() {
        let added = table.value_added_by_sector();
        for (i, added) in added.iter().enumerate() {
            let at = industries.index(r, i);
            assert_eq!(built.table.output()[at], table.output[i]);
            let gap = (value_added[at] - added).abs();
            within(&industries.name(at), gap, 0.0, 1e-9 * added.abs().max(1.0))?;
        }
    }
    // 10^4 yuan, from the source's description.
    let by_region = industries.by_region(&value_added);
    for (code, wanted) in [("BJ", 95_794_160.0), ("TJ", 50_503_861.0), ("HE", 137_783_157.0)] {
        let found = by_region[industries.regions.position(code)?];
        within(code, found - wanted, -1.0, 1.0)?;
    }
    Ok(())
}

/// A column of A may sum to more than 1 only where value added is negative.
fn column_sums(data: &Path) -> Outcome {
    let (_, built) = built(data)?;
    let sums = TechnicalCoefficients::of(&built.table).0.column_sums();
    let value_added = built.table.value_added();
    let industries = built.table.industries();
    let above: Vec<String> = (0..industries.len())
        .filter(|&at| sums[at] > 1.0 && value_added[at] >= 0.0)
        .map(|at| industries.name(at))
        .collect();
    assert!(above.is_empty(), "{above:?}");
    let negative: Vec<String> = (0..industries.len())
        .filter(|&at| value_added[at] < 0.0)
        .map(|at| industries.name(at))
        .collect();
    assert_eq!(negative, ["XJ:11"]);
    Ok(())
}

fn errors(data: &Path) -> Outcome {
    let (_, built) = built(data)?;
    let judgement = built.judgement.ok_or("nothing to compare with")?;
    let (found, flat) = (&judgement.built, &judgement.proportional);
    let earlier = &judgement.earlier.as_ref().ok_or("no earlier table")?.comparison;
    within("cells between regions", found.between, 0.0, (0.85 * flat.between).min(0.66))?;
    within("routes", found.routes, 0.0, 0.57)?;
    within("cells within regions", found.within, 0.0, 0.23)?;
    within("level of trade", found.level, 0.85, 1.15)?;
    within("cells against the pairs of 2002", found.between, 0.0, earlier.between)?;
    within("routes against the pairs of 2002", found.routes, 0.0, earlier.routes)?;
    // The exponent comes from 2002 alone.
    let estimate = built.estimate.ok_or("no estimate")?;
    assert_eq!(estimate.table, "sic-2002");
    within("the exponent", estimate.exponent, 1.4, 1.7)?;
    for (i, left_out) in estimate.left_out.iter().enumerate() {
        let (exponent, error) = left_out.ok_or_else(|| format!("product {i} is not traded"))?;
        within("an exponent without one product", exponent, 1.4, 1.7)?;
        within("the error of a product left out", error, 0.05, 0.5)?;
    }
    Ok(())
}

/// Sums over sectors and households of every province are those of the inventory, 6822.2 Mt in all before
/// rounding.
fn emissions(data: &Path) -> Outcome {
    let (_, built) = built(data)?;
    let co2 = &built.table.extensions()[0];
    let by_region = built.table.industries().by_region(&co2.values);
    let inventory = co2.inventory.as_ref().ok_or("an inventory")?;
    for (r, wanted) in inventory.iter().enumerate() {
        within("a province", by_region[r] + co2.households[r] - wanted, -1e-6, 1e-6)?;
    }
    within("all", inventory.iter().sum(), 6815.0, 6825.0)
}

/// The table in the repository, made by the commands that its README gives.
fn shipped(data: &Path) -> Outcome {
    use irio::input::map::MapFile;
    use irio::input::table::read;
    use irio::input::workbook::read_sheet;
    use irio::table::aggregate::{aggregate, in_unit};
    let (_, built) = built(data)?;
    let map = |name: &str, axis| {
        let path = format!("tables/sources/bth/{name}.csv");
        let (sheet, _) = read_sheet(Path::new(&path)).map_err(|fault| fault.to_string())?;
        let map = MapFile::of(sheet).map_err(|faults| faults.to_string())?;
        map.concordance(axis).map_err(|faults| faults.to_string())
    };
    let axes = built.table.industries();
    let raw =
        aggregate(&built.table, &map("regions", &axes.regions)?, &map("sectors", &axes.sectors)?);
    let shipped = read(Path::new("tables/bth-2007"), None).map_err(|faults| faults.to_string())?;
    let raw = in_unit(raw, &shipped.meta().unit)?;
    assert!(raw.industries == *shipped.industries());
    let n = raw.industries.len();
    let scale = shipped.output().iter().sum::<f64>();
    for row in 0..n {
        for column in 0..n {
            let gap = raw.flows.get(row, column) - shipped.flows().get(row, column);
            within("a flow", gap.abs() / scale, 0.0, 1e-12)?;
        }
    }
    for role in Role::ALL {
        let (a, b) = (raw.final_demand.sum_of_role(role), shipped.final_demand().sum_of_role(role));
        for (a, b) in a.iter().zip(&b) {
            within(role.word(), (a - b).abs() / scale, 0.0, 1e-12)?;
        }
    }
    for (a, b) in raw.extensions.iter().zip(shipped.extensions()) {
        for (a, b) in a.values.iter().zip(&b.values) {
            within("an extension", (a - b).abs(), 0.0, 1e-6)?;
        }
    }
    Ok(())
}
