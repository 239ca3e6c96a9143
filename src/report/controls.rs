//! A file of controls with a table's own totals, to be replaced by newer ones.

use super::table::Lines;
use crate::table::{Imports, Role, Table};

/// How much of a table's totals a file of controls has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// What is mostly known: output, value added and exports by industry, final demand by region and
    /// category, extensions by region.
    Usual,
    /// Also sales to and purchases from industries, imports, inventories and errors by industry.
    Every,
}

/// A table's own totals, as `input::controls` reads them.
pub fn csv(table: &Table, extent: Extent) -> String {
    let (industries, demand) = (table.industries(), table.final_demand());
    let mut lines = Lines::default();
    for word in ["quantity", "region", "sector", "category", "value", "sigma"] {
        lines.text(word);
    }
    lines.end();
    let mut line = |quantity: &str, [region, sector, category]: [&str; 3], value: f64| {
        lines.text(quantity).text(region).text(sector).text(category).number(value).text("").end();
    };
    let exports = demand.sum_of_role(Role::Export);
    let mut by_industry =
        vec![("output", table.output().to_vec()), ("value_added", table.value_added())];
    if exports.iter().any(|value| *value != 0.0) {
        by_industry.push(("exports", exports));
    }
    if extent == Extent::Every {
        by_industry.extend(further(table));
    }
    for (quantity, values) in by_industry {
        for (at, value) in values.into_iter().enumerate() {
            let (region, sector) = industries.split(at);
            let place = [industries.regions.code(region), industries.sectors.code(sector), ""];
            line(quantity, place, value);
        }
    }
    let totals = demand.values.column_sums();
    for k in demand.columns_where(Role::is_domestic) {
        let column = demand.columns[k];
        let region = column.region.map_or("", |region| industries.regions.code(region));
        let category = &demand.categories[column.category].label.code;
        line("final_demand", [region, "", category], totals[k]);
    }
    for extension in table.extensions() {
        let code = &extension.label.code;
        let of_regions = industries.by_region(&extension.values);
        for (region, label) in industries.regions.labels().iter().enumerate() {
            line(code, [&label.code, "", ""], of_regions[region]);
            if extension.households[region] != 0.0 {
                line(code, [&label.code, "", "households"], extension.households[region]);
            }
        }
    }
    lines.into_text()
}

/// Margins by industry that are seldom known; what a table does not have is left out.
fn further(table: &Table) -> Vec<(&'static str, Vec<f64>)> {
    let (flows, demand) = (table.flows(), table.final_demand());
    let mut found = vec![
        ("intermediate_sales", flows.row_sums()),
        ("intermediate_inputs", flows.column_sums()),
    ];
    if !matches!(table.imports(), Imports::None) {
        let n = table.industries().len();
        found.push(("imports", table.imports().intermediate_totals(n)));
    }
    for (quantity, role) in [("inventories", Role::Inventory), ("error", Role::Error)] {
        if !demand.columns_where(|other| other == role).is_empty() {
            found.push((quantity, demand.sum_of_role(role)));
        }
    }
    found
}
