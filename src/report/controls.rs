//! A file of controls with a table's own totals, to be replaced by newer ones.

use super::table::Lines;
use crate::table::Table;

/// Output and value added by industry, final demand by region and category, exports by industry and
/// extensions by region, as `input::controls` reads them.
pub fn csv(table: &Table) -> String {
    let (industries, demand) = (table.industries(), table.final_demand());
    let mut lines = Lines::default();
    for word in ["quantity", "region", "sector", "category", "value", "sigma"] {
        lines.text(word);
    }
    lines.end();
    let mut line = |quantity: &str, [region, sector, category]: [&str; 3], value: f64| {
        lines.text(quantity).text(region).text(sector).text(category).number(value).text("").end();
    };
    let exports = demand.sum_of_role(crate::table::Role::Export);
    let mut by_industry =
        vec![("output", table.output().to_vec()), ("value_added", table.value_added())];
    if exports.iter().any(|value| *value != 0.0) {
        by_industry.push(("exports", exports));
    }
    for (quantity, values) in by_industry {
        for (at, value) in values.into_iter().enumerate() {
            let (region, sector) = industries.split(at);
            let place = [industries.regions.code(region), industries.sectors.code(sector), ""];
            line(quantity, place, value);
        }
    }
    let totals = demand.values.column_sums();
    for k in demand.columns_where(crate::table::Role::is_domestic) {
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
