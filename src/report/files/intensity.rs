//! Intensities of the moved sectors by region.

use crate::relocation::Move;
use crate::relocation::intensity::of_moves;
use crate::scenario::Scenario;
use crate::table::Table;
use crate::tidy::{Column, Tidy};

/// The file `intensities.csv` of a scenario.
pub(super) fn intensities(table: &Table, scenario: &Scenario) -> Tidy {
    let mut tidy = Tidy::new(&[
        Column::Quantity,
        Column::Unit,
        Column::Region,
        Column::Sector,
        Column::Part,
        Column::Statistic,
    ]);
    let moves: Vec<Move> = scenario.moves.iter().map(|planned| planned.mv).collect();
    for found in of_moves(table, &moves) {
        let code = table.quantity_code(found.quantity);
        let unit = format!("{} per {}", table.quantity_unit(found.quantity), table.meta().unit);
        let sector = table.industries().sectors.code(found.sector);
        for (region, side) in found.sides.iter().enumerate() {
            let name = table.industries().regions.code(region);
            for (statistic, values) in
                [("per_output", &found.per_output), ("per_value_added", &found.per_value_added)]
            {
                if let Some(value) = values[region] {
                    tidy.push(&[code, &unit, name, sector, side.word(), statistic], value);
                }
            }
        }
    }
    tidy
}
