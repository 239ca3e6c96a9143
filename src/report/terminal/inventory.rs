//! Emission inventories for the terminal.

use super::{Columns, Language, region_lines, with_sum};
use crate::table::inventory::{Inventory, Province};
use crate::text::count;

/// `irio check` of an inventory: totals by province, and whether its rows make them up.
pub fn inventory(found: &Inventory, language: Language) -> String {
    let labels: Vec<_> = found.provinces.iter().map(|one| one.label.clone()).collect();
    let mut grid = Columns::new("province", region_lines(&labels, language));
    let by_province = |of: fn(&Province) -> f64| with_sum(found.provinces.iter().map(of).collect());
    grid.add("Total Consumption".to_owned(), &by_province(|one| one.stated), false);
    grid.add("sectors".to_owned(), &by_province(|one| one.sectors), false);
    grid.add("households".to_owned(), &by_province(|one| one.households), false);
    grid.add("gap".to_owned(), &by_province(Province::gap), true);
    format!(
        "{}: an emission inventory of {}, {}\n{}\nA table takes it: [[extension]] with layout = \"ceads_emissions\"\n",
        found.name,
        count(labels.len(), "province"),
        found.unit,
        grid.grid()
    )
}
