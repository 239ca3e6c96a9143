//! Tables of single regions for the terminal.

use std::fmt::Write;

use super::{Columns, Language, gap, region_lines, with_sum};
use crate::table::regional::split::Settled;
use crate::table::regional::{RegionalTable, RegionalTables};
use crate::text::count;

/// `irio check` of single-region tables: sums by region, and what their foreign trade is taken to be.
pub fn regional(tables: &RegionalTables, settled: &[Settled], language: Language) -> String {
    let unit = &tables.meta.unit;
    let nation = if tables.national.is_some() { " and the nation" } else { "" };
    let mut out = format!(
        "{} ({}): {}{nation} × {}, {unit}\n",
        tables.meta.name,
        tables.meta.year,
        count(tables.regions.len(), "single region"),
        count(tables.sectors.len(), "sector")
    );
    let labels: Vec<_> = tables.regions.iter().map(|table| table.region.clone()).collect();
    let mut grid = Columns::new("region", region_lines(&labels, language));
    let sums = |of: fn(&RegionalTable) -> f64| with_sum(tables.regions.iter().map(of).collect());
    grid.add("output".to_owned(), &sums(|table| table.output.iter().sum()), false);
    let added = sums(|table| table.value_added_by_sector().iter().sum());
    grid.add("value added".to_owned(), &added, false);
    grid.add("outflow".to_owned(), &sums(|table| table.trade.outflow.iter().sum()), false);
    grid.add("inflow".to_owned(), &sums(|table| table.trade.inflow.iter().sum()), false);
    for (name, part) in [
        ("exports", (|one| &one.exports) as fn(&Settled) -> &Option<Vec<f64>>),
        ("imports", |one| &one.imports),
    ] {
        grid.header.push(name.to_owned());
        let known: Vec<Option<f64>> =
            settled.iter().map(|one| part(one).as_ref().map(|v| v.iter().sum())).collect();
        let texts = crate::text::column(
            &known.iter().map(|value| value.unwrap_or(0.0)).collect::<Vec<f64>>(),
            false,
        );
        let pairs = known.iter().zip(texts);
        let cell =
            |(value, text): (&Option<f64>, String)| value.map_or("not known".to_owned(), |_| text);
        grid.cells.push(pairs.map(cell).collect());
    }
    let _ = writeln!(out, "{}", grid.grid());
    let all = || tables.regions.iter().chain(&tables.national);
    let largest = |gaps: fn(&RegionalTable) -> Vec<f64>| {
        all().flat_map(gaps).map(f64::abs).fold(0.0, f64::max)
    };
    let _ = writeln!(
        out,
        "largest gap of a row {}, of a column {} {unit}",
        gap(largest(RegionalTable::row_gaps)),
        gap(largest(RegionalTable::column_gaps))
    );
    out
}
