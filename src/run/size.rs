//! How much memory a run takes beside its table and the table's system.

use crate::memory::numbers;
use crate::progress::HELD;
use crate::scenario::Scenario;
use crate::table::Table;

/// Bytes of a draw beside its numbers.
const OF_A_DRAW: u64 = 64;

/// Bytes of what moves and draws take at their peak: inputs and responses of each plant and the system between all moves,
/// and every number of every draw, which are put in order afterwards.
pub fn bytes_needed(table: &Table, scenario: &Scenario) -> u64 {
    let (n, moves) = (table.industries().len(), scenario.moves.len());
    let moved = numbers(n, 3 * moves) + 2 * numbers(moves, moves);
    let draws = scenario.uncertainty.as_ref().map_or(0, |uncertainty| {
        let years = scenario.years(table.meta().year).len();
        let regions = table.industries().regions.len() + scenario.groups.len();
        // Baseline and scenario of each quantity and year, and what the last one comes to.
        let each = (2 * years + 1) * table.quantities().len() * regions;
        numbers(uncertainty.draws as usize, each) + u64::from(uncertainty.draws) * OF_A_DRAW
    });
    // Lists of draws grow, and one number of all of them is put in order at a time; draws that wait to be kept are there
    // three times: as they are, as the bytes of a portion, and in the queue.
    moved + draws + draws / 4 + draws.min(4 * HELD as u64)
}
