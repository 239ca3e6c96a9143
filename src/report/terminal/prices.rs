//! Implied deflators for the terminal.

use std::fmt::Write;

use super::{Columns, Language, WIDE, heading};
use crate::table::Table;
use crate::table::prices::ImpliedDeflators;

/// A deflator with four digits, or why there is none.
fn cell(deflator: Option<f64>) -> String {
    deflator.map_or("not defined".to_owned(), |value| format!("{value:.4}"))
}

/// `irio deflate`: deflators of value added by industry, or by region where there are many.
pub fn deflators(table: &Table, deflators: &ImpliedDeflators, language: Language) -> String {
    let industries = table.industries();
    let mut out = heading(table);
    out.push_str("\nImplied deflators of value added (nominal over real):\n");
    let by_region = deflators.by_region(industries);
    let grid = if industries.regions.len() <= WIDE {
        let sectors = industries.sectors.labels();
        let mut lines: Vec<String> = sectors.iter().map(|label| language.name(label)).collect();
        lines.push("all".to_owned());
        let by_industry = deflators.by_industry();
        let mut grid = Columns::new("sector", lines);
        for (region, label) in industries.regions.labels().iter().enumerate() {
            grid.header.push(label.code.clone());
            let own = &by_industry[industries.index(region, 0)..][..sectors.len()];
            grid.cells.push(own.iter().chain([&by_region[region]]).map(|d| cell(*d)).collect());
        }
        grid
    } else {
        let mut grid =
            Columns::new("region", super::region_lines(industries.regions.labels(), language));
        grid.header.push("deflator".to_owned());
        grid.cells.push(by_region.iter().copied().chain([deflators.total()]).map(cell).collect());
        grid
    };
    let _ = writeln!(out, "{}", grid.grid());
    let _ = writeln!(out, "all regions: {}", cell(deflators.total()));
    out
}
