//! Implied deflators as a file.

use crate::report::results::Results;
use crate::table::Table;
use crate::table::prices::ImpliedDeflators;
use crate::tidy::{Column, Tidy};

/// Adds the deflators of value added that double deflation of a table implies.
pub fn deflators(results: &mut Results, table: &Table, deflators: &ImpliedDeflators) {
    use Column::{Quantity, Region, Sector, Statistic, Unit};
    let industries = table.industries();
    let unit = table.meta().unit.to_string();
    let mut tidy = Tidy::new(&[Quantity, Unit, Region, Sector, Statistic]);
    let mut add = |region: &str, sector: &str, statistic: &str, value: f64| {
        let unit = if statistic == "deflator" { "1" } else { unit.as_str() };
        tidy.push(&["value_added", unit, region, sector, statistic], value);
    };
    for (at, deflator) in deflators.by_industry().into_iter().enumerate() {
        let (region, sector) = industries.split(at);
        let (region, sector) = (industries.regions.code(region), industries.sectors.code(sector));
        add(region, sector, "nominal", deflators.nominal[at]);
        add(region, sector, "real", deflators.real[at]);
        if let Some(deflator) = deflator {
            add(region, sector, "deflator", deflator);
        }
    }
    for (region, deflator) in deflators.by_region(industries).into_iter().enumerate() {
        if let Some(deflator) = deflator {
            add(industries.regions.code(region), "all_sectors", "deflator", deflator);
        }
    }
    if let Some(deflator) = deflators.total() {
        add("all_regions", "all_sectors", "deflator", deflator);
    }
    results.file(
        "deflators.csv",
        "value added of the target in its own prices (nominal) and by double deflation (real), and the deflator that the \
         two imply; deflators also of each region and of all (they do not add up); left out where one of the two is not \
         positive",
        tidy,
    );
}
