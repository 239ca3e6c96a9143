//! What moves: the share of its industry and the output of the plants, by move.

use crate::report::results::Results;
use crate::run::Outcome;
use crate::scenario::Scenario;
use crate::table::{Quantity, Table};
use crate::tidy::{Column, Tidy};

/// Adds the file of moves, if anything moves.
pub(super) fn moves(results: &mut Results, table: &Table, scenario: &Scenario, outcome: &Outcome) {
    if scenario.moves.is_empty() {
        return;
    }
    results.file(
        "moves.csv",
        "what moves in each year (part: number of the move in the order of the file): share of what buyers take of the product \
         from where it leaves, and output of the relocated plants (statistic)",
        lines(table, scenario, outcome),
    );
}

fn lines(table: &Table, scenario: &Scenario, outcome: &Outcome) -> Tidy {
    use Column::{From, Part, Quantity as QuantityColumn, Sector, Statistic, To, Unit, Year};
    let mut tidy = Tidy::new(&[Year, QuantityColumn, Unit, Sector, From, To, Part, Statistic]);
    let industries = table.industries();
    let output = Quantity::Output;
    let (code, money) = (table.quantity_code(output), table.quantity_unit(output).to_string());
    for year in &outcome.years {
        let when = year.year.to_string();
        let sizes = year.shares.iter().zip(&year.relocated);
        for (at, (planned, (share, moved))) in scenario.moves.iter().zip(sizes).enumerate() {
            let number = (at + 1).to_string();
            let sector = industries.sectors.code(planned.mv.sector);
            let [from, to] =
                [planned.mv.from, planned.mv.to].map(|region| industries.regions.code(region));
            let mut add = |unit: &str, statistic: &str, value: f64| {
                tidy.push(&[&when, code, unit, sector, from, to, &number, statistic], value);
            };
            add("1", "share", *share);
            add(&money, "moved_output", *moved);
        }
    }
    tidy
}
