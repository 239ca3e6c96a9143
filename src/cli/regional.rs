//! `irio check` of tables of single regions, and of emission inventories.

use std::path::Path;

use serde_json::json;

use super::{Common, Trouble};
use crate::input::ceads_emissions;
use crate::input::provincial::{self, Options};
use crate::report::terminal;
use crate::table::inventory::Province;
use crate::table::regional::split::{SplitOptions, notes, settle};

/// Reads single-region tables, settles their foreign trade and says what was found.
pub(super) fn check(common: &Common, path: &Path) -> Result<String, Trouble> {
    let tables = provincial::read(path, &Options::default())?;
    let settled = settle(&tables, &SplitOptions::default())
        .map_err(|error| Trouble::Question(error.to_string()))?;
    let mut told = tables.meta.notes.clone();
    told.extend(notes(&tables, &settled));
    if common.quiet {
        return Ok(String::new());
    }
    if common.json {
        let sum = |values: &[f64]| values.iter().sum::<f64>();
        let part = |values: &Option<Vec<f64>>| values.as_deref().map(sum);
        let regions: Vec<_> = tables
            .regions
            .iter()
            .zip(&settled)
            .map(|(table, one)| {
                json!({
                    "region": table.region,
                    "sheet": table.sheet,
                    "output": sum(&table.output),
                    "value_added": sum(&table.value_added_by_sector()),
                    "outflow": sum(&table.trade.outflow),
                    "inflow": sum(&table.trade.inflow),
                    "exports": part(&one.exports),
                    "imports": part(&one.imports),
                })
            })
            .collect();
        let text = json!({
            "tables": tables.meta.name,
            "year": tables.meta.year,
            "unit": tables.meta.unit,
            "inputs": tables.meta.inputs,
            "regions": regions,
            "notes": told,
        });
        return Ok(serde_json::to_string_pretty(&text).unwrap_or_default() + "\n");
    }
    Ok(terminal::regional(&tables, &settled, common.language()) + &terminal::notes(&told))
}

/// Reads an emission inventory and says what its provinces emit.
pub(super) fn check_inventory(common: &Common, path: &Path) -> Result<String, Trouble> {
    let found = ceads_emissions::inventory(path)?;
    if common.quiet {
        return Ok(String::new());
    }
    if common.json {
        let line = |one: &Province| {
            json!({
                "region": one.label,
                "total_consumption": one.stated,
                "sectors": one.sectors,
                "households": one.households,
                "gap": one.gap(),
            })
        };
        let text = json!({
            "inventory": found.name,
            "unit": found.unit,
            "inputs": [&found.input],
            "regions": found.provinces.iter().map(line).collect::<Vec<_>>(),
            "notes": found.notes,
        });
        return Ok(serde_json::to_string_pretty(&text).unwrap_or_default() + "\n");
    }
    Ok(terminal::inventory(&found, common.language()) + &terminal::notes(&found.notes))
}
