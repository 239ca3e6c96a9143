//! Emission inventories for the terminal.

use super::{Columns, Language, region_lines, with_sum};
use crate::table::inventory::{Inventory, Province};
use crate::text::count;

/// `irio check` of an inventory: totals by province, and whether its rows make them up.
pub fn inventory(found: &Inventory, language: Language) -> String {
    let labels: Vec<_> = found.provinces.iter().map(|one| one.label.clone()).collect();
    let mut grid = Columns::new("province", region_lines(&labels, language));
    let columns: [(&str, fn(&Province) -> f64, bool); 4] = [
        ("Total Consumption", |one| one.stated, false),
        ("sectors", |one| one.sectors, false),
        ("households", |one| one.households, false),
        ("gap", Province::gap, true),
    ];
    for (name, of, changes) in columns {
        let values = with_sum(found.provinces.iter().map(of).collect());
        grid.add(name.to_owned(), &values, changes);
    }
    format!(
        "{}: an emission inventory of {}, {}\n{}\nA table takes it: [[extension]] with layout = \"ceads_emissions\"\n",
        found.name,
        count(labels.len(), "province"),
        found.unit,
        grid.grid()
    )
}
