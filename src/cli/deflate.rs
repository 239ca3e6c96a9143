//! `irio deflate`: a table in prices of another year.

use std::path::Path;

use serde_json::{Value, json};

use super::commands::{made_name, provenance, read_table, refuse_other_table, write_made};
use super::{Common, DeflateArguments, Trouble};
use crate::fault::{Fault, Faults, Location};
use crate::input;
use crate::input::workbook::read_sheet;
use crate::report::folder::Kind;
use crate::report::{folder, terminal};
use crate::table::prices::{ImpliedDeflators, deflate};
use crate::table::{InputFile, Table};
use crate::units::PriceBase;

/// The year whose prices a table is in.
pub(super) fn base_year(table: &Table) -> i32 {
    table.meta().prices.year(table.meta().year)
}

/// A table, read from a place, by double deflation with the prices of a file, and the deflators it
/// implies.
pub(super) fn deflated(
    (table, place): (&Table, &Path),
    path: &Path,
    base_year: i32,
    inputs: &mut Vec<InputFile>,
) -> Result<(Table, ImpliedDeflators), Faults> {
    if let PriceBase::Constant(year) = table.meta().prices {
        let text = format!("{} is in prices of {year} already", table.meta().name);
        let fault = Fault::new(Location::whole(place), text);
        return Err(fault.help("deflate the table in current prices that it was made of").into());
    }
    let (sheet, record) = read_sheet(path)?;
    inputs.push(record);
    let prices = input::prices::read(&sheet, table, base_year)?;
    let at = || Location::whole(path);
    let (raw, deflators) =
        deflate(table, &prices).map_err(|error| Fault::new(at(), error.to_string()))?;
    let made = raw.check().map_err(|errors| {
        let mut faults = Faults::default();
        for error in errors.0 {
            let fault = Fault::new(at(), format!("in prices of {base_year}, {error}"));
            faults.push(fault.help("look for a price that is far too small"));
        }
        faults
    })?;
    Ok((made, deflators))
}

/// Runs `irio deflate`.
pub(super) fn deflate_table(
    common: &Common,
    arguments: &DeflateArguments,
) -> Result<String, Trouble> {
    let out = &arguments.out;
    folder::refuse_foreign(out, Kind::Table)?;
    let table = read_table(common, &arguments.table)?;
    let mut inputs = Vec::new();
    let (made, deflators) =
        deflated((&table, &arguments.table), &arguments.prices, arguments.base_year, &mut inputs)?;
    let read = table.meta().inputs.iter().chain(&inputs).map(|input| input.path.as_path());
    folder::refuse_input(out, read)?;
    refuse_other_table(out, &table, "Deflated")?;
    let mut raw = made.parts().clone();
    raw.meta.name = made_name(arguments.name.as_deref(), out, "deflated");
    write_made(out, &raw, &provenance(&table, &inputs, "Deflated"))?;
    if common.quiet {
        return Ok(String::new());
    }
    if common.json {
        let text = json!({
            "table": out,
            "prices": raw.meta.prices,
            "implied_deflators": implied(&made, &deflators),
            "notes": made.notes(),
        });
        return Ok(serde_json::to_string_pretty(&text).unwrap_or_default() + "\n");
    }
    let shown = terminal::deflators(&made, &deflators, common.language());
    let notes = terminal::notes(&made.notes());
    Ok(format!("{shown}{notes}\nTable: {}\n", out.display()))
}

/// Implied deflators by region and sector; null where one is not defined.
fn implied(table: &Table, deflators: &ImpliedDeflators) -> Value {
    let industries = table.industries();
    let by_industry = deflators.by_industry();
    let regions = deflators.by_region(industries).into_iter().enumerate().map(|(region, all)| {
        let sectors = industries.sectors.labels().iter().enumerate().map(|(sector, label)| {
            (label.code.clone(), json!(by_industry[industries.index(region, sector)]))
        });
        let sectors: serde_json::Map<String, Value> = sectors.collect();
        let code = industries.regions.code(region).to_owned();
        (code, json!({ "all_sectors": all, "sectors": sectors }))
    });
    let regions: serde_json::Map<String, Value> = regions.collect();
    json!({ "all_regions": deflators.total(), "regions": regions })
}
