//! Multipliers for the terminal.

use std::fmt::Write;

use comfy_table::CellAlignment;

use super::{Language, grid, heading, texts};
use crate::linalg::Dense;
use crate::report::matrices::unit;
use crate::table::{Quantity, Table};
use crate::text::{count, human};

/// Quantities that are shown; the files have all.
const SHOWN: usize = 12;

/// `irio matrices`: the smallest and the largest multiplier of each quantity, with its product.
pub fn matrices(
    table: &Table,
    quantities: &[Quantity],
    multipliers: Option<&Dense>,
    language: Language,
) -> String {
    let mut out = heading(table);
    let Some(multipliers) = multipliers else { return out };
    let industries = table.industries();
    let name = |at: usize| {
        let (region, sector) = industries.split(at);
        format!(
            "{}, {}",
            language.name(&industries.regions.labels()[region]),
            language.name(&industries.sectors.labels()[sector])
        )
    };
    let mut grid = grid(&texts(&["multiplier", "smallest", "of", "largest", "of"]));
    for names in [2, 4] {
        if let Some(column) = grid.column_mut(names) {
            column.set_cell_alignment(CellAlignment::Left);
        }
    }
    for (row, quantity) in quantities.iter().enumerate().take(SHOWN) {
        let values = multipliers.row(row);
        let by_value = |a: &usize, b: &usize| values[*a].total_cmp(&values[*b]);
        let ends = [(0..values.len()).min_by(by_value), (0..values.len()).max_by(by_value)];
        let cells = ends.into_iter().flatten().flat_map(|at| [human(values[at]), name(at)]);
        let first = format!("{}, {}", table.quantity_code(*quantity), unit(table, *quantity));
        grid.add_row(std::iter::once(first).chain(cells).collect::<Vec<_>>());
    }
    let _ = writeln!(out, "\n{grid}");
    if quantities.len() > SHOWN {
        let _ = writeln!(out, "and {} in the files", count(quantities.len() - SHOWN, "more row"));
    }
    out
}
