//! A grid of scenarios around one: its main dials turned over stops, in every combination.
//!
//! ```text
//! point = one stop of each dial;   answer(point) = run(scenario with the stops put in place of its own)
//! ```
//!
//! An answer is that of the last year, of the point values: nothing is drawn. Factors are the table's own, and
//! plants are set up once for each technology and sourcing, since they do not depend on how much moves.

pub mod dials;

use std::sync::Arc;

use rayon::prelude::*;

use super::density::{Agglomeration, Detail};
use super::plants::Plants;
use super::{Asked, RunError, Runner};
use crate::leontief::Leontief;
use crate::memory::numbers;
use crate::progress::Progress;
use crate::relocation::indicators::Indicator;
use crate::relocation::{Economy, Move, MoveError};
use crate::scenario::Scenario;
use crate::table::{Quantity, Table};
use dials::{Dial, Stop, Stops};

/// Most points: a reader turns dials over them, and each is a run.
pub const MOST_POINTS: usize = 4096;

/// The dials of a scenario with their stops, slowest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// The dials; each has at least one stop.
    pub dials: Vec<Stops>,
}

impl Grid {
    /// How many points there are.
    pub fn points(&self) -> usize {
        self.dials.iter().fold(1, |count, dial| count.saturating_mul(dial.stops.len()))
    }

    /// The stop of each dial at a point; the last dial turns fastest.
    pub fn at(&self, point: usize) -> Vec<usize> {
        let mut rest = point;
        let mut at: Vec<usize> = self
            .dials
            .iter()
            .rev()
            .map(|dial| {
                let stop = rest % dial.stops.len();
                rest /= dial.stops.len();
                stop
            })
            .collect();
        at.reverse();
        at
    }

    /// The point at which each dial stands at a stop.
    ///
    /// # Panics
    /// If there is not one stop for each dial.
    #[track_caller]
    pub fn index(&self, at: &[usize]) -> usize {
        assert_eq!(at.len(), self.dials.len(), "one stop for each dial expected");
        self.dials.iter().zip(at).fold(0, |point, (dial, at)| point * dial.stops.len() + at)
    }

    /// The point of the scenario itself.
    pub fn own(&self) -> usize {
        self.index(&self.dials.iter().map(|dial| dial.own).collect::<Vec<usize>>())
    }

    /// Position of a dial's stop at a point; 0 where the grid does not have the dial.
    fn stop(&self, at: &[usize], dial: Dial) -> usize {
        self.dials.iter().zip(at).find(|(own, _)| own.dial == dial).map_or(0, |(_, at)| *at)
    }
}

/// What a point comes to in the last year.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Scenario less baseline of each quantity by place: regions, groups, all.
    pub changes: Vec<(Quantity, Vec<f64>)>,
    /// Indicators of each stressor.
    pub indicators: Vec<(Quantity, Vec<Indicator>)>,
}

/// The points of a grid.
#[derive(Debug, Clone)]
pub struct Turned {
    /// The last year.
    pub year: i32,
    /// Each point in order; where it has no answer, why.
    pub points: Vec<Result<Answer, String>>,
}

/// Runs every point of a grid.
///
/// The point of the scenario itself has the numbers of [`run`](super::run); every other has those of a run of
/// a scenario that says what its stops say, to the bit.
///
/// # Errors
/// If the scenario itself has no answer, or the work is cancelled.
pub fn turn(
    table: &Table,
    leontief: &Leontief,
    scenario: &Scenario,
    grid: &Grid,
    progress: &dyn Progress,
) -> Result<Turned, RunError> {
    let own = Runner::of(table, scenario, leontief)?;
    let years = scenario.years(table.meta().year);
    let work = Work {
        table,
        leontief,
        scenario,
        grid,
        economies: years.iter().map(|year| own.economy(*year)).collect(),
        ways: ways(&own, grid),
    };
    progress.begin("points of the grid", grid.points() as u64);
    let one = |point: usize| {
        if progress.cancelled() {
            return Err(RunError::Cancelled);
        }
        let answer = work.answer(point);
        progress.step();
        answer
    };
    let points: Vec<Result<Answer, RunError>> =
        (0..grid.points()).into_par_iter().map(one).collect();
    if progress.cancelled() {
        return Err(RunError::Cancelled);
    }
    let mut told = Vec::new();
    for (point, answer) in points.into_iter().enumerate() {
        told.push(match answer {
            Err(error) if point == grid.own() => return Err(error),
            answer => answer.map_err(|error| error.to_string()),
        });
    }
    Ok(Turned { year: years.last().copied().unwrap_or(table.meta().year), points: told })
}

/// Bytes of the plants of every technology and sourcing of a grid, and of what its points come to.
pub fn bytes_needed(table: &Table, scenario: &Scenario, grid: &Grid) -> u64 {
    let stops = |dial: Dial| {
        grid.dials.iter().find(|own| own.dial == dial).map_or(1, |own| own.stops.len())
    };
    let ways = stops(Dial::Technology) * stops(Dial::Sourcing);
    let places = table.industries().regions.len() + scenario.groups.len() + 1;
    // Inputs and responses of each plant, as the moves say and at both ends.
    numbers(table.industries().len(), 2 * 3 * ways * scenario.moves.len())
        + numbers(places * table.quantities().len(), grid.points())
}

/// The plants of a technology and sourcing, or why there are none.
type Way<'a> = Result<Plants<'a>, Vec<MoveError>>;

/// Plants of every technology and sourcing of a grid, sourcing fastest.
fn ways<'a>(own: &Runner<'a>, grid: &Grid) -> Vec<Way<'a>> {
    let only = [Stop::Own];
    let stops = |dial: Dial| {
        let found = grid.dials.iter().find(|one| one.dial == dial);
        found.map_or(&only[..], |one| &one.stops[..])
    };
    let mut ways = Vec::new();
    for technology in stops(Dial::Technology) {
        for sourcing in stops(Dial::Sourcing) {
            let moved = |mv: &Move| sourcing.of_move(technology.of_move(*mv));
            let moves: Vec<Move> = own.moves.iter().map(moved).collect();
            ways.push(if moves == own.moves {
                Ok(Plants {
                    plain: Arc::clone(&own.plain),
                    full: Arc::clone(&own.full),
                    ends: own.ends.clone(),
                })
            } else {
                Plants::beside(Arc::clone(&own.plain), own.table, own.leontief, &moves)
            });
        }
    }
    ways
}

/// What every point of a grid has in common.
struct Work<'a, 'g> {
    table: &'a Table,
    leontief: &'a Leontief,
    scenario: &'g Scenario,
    grid: &'g Grid,
    /// The baseline of every year.
    economies: Vec<Economy>,
    ways: Vec<Way<'a>>,
}

impl Work<'_, '_> {
    fn answer(&self, point: usize) -> Result<Answer, RunError> {
        let at = self.grid.at(point);
        let sourcings = self.grid.dials.iter().find(|dial| dial.dial == Dial::Sourcing);
        let sourcings = sourcings.map_or(1, |dial| dial.stops.len());
        let way =
            self.grid.stop(&at, Dial::Technology) * sourcings + self.grid.stop(&at, Dial::Sourcing);
        let plants = self.ways[way].clone().map_err(RunError::Moves)?;
        let last = self.economies.last().map_or(self.table.meta().year, |economy| economy.year);
        let stops = self.grid.dials.iter().zip(&at).map(|(dial, at)| dial.stops[*at]);
        let scenario =
            stops.fold(self.scenario.clone(), |scenario, stop| stop.put_in(scenario, last));
        let runner = Runner::with(self.table, &scenario, self.leontief, plants);
        runner.last_answer(&self.economies)
    }
}

impl Runner<'_> {
    /// Runs through the years of some economies and keeps what the last one comes to.
    fn last_answer(&self, economies: &[Economy]) -> Result<Answer, RunError> {
        let lasting = self.scenario.horizon.is_none();
        let mut agglomeration = match &self.scenario.density {
            Some(density) => Some(Agglomeration::of(density, self.table.industries(), lasting)?),
            None => None,
        };
        let mut answer = Answer { changes: Vec::new(), indicators: Vec::new() };
        for (at, economy) in economies.iter().enumerate() {
            let last = at + 1 == economies.len();
            let asked = if last { Asked::Indicators } else { Asked::Quantities };
            let (mut outcome, _) = self.year(economy, asked)?;
            if let (Some(agglomeration), Some(density)) =
                (&mut agglomeration, &self.scenario.density)
            {
                self.agglomerate(agglomeration, density, &mut outcome, Detail::Chosen)?;
            }
            if last {
                let change = |quantity: Quantity| {
                    (quantity, self.scenario.by_place(&outcome.change(self.table, quantity)))
                };
                answer.changes = self.table.quantities().into_iter().map(change).collect();
                answer.indicators = outcome.indicators;
            }
        }
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_and_places_of_stops_belong_together() {
        let stops = |dial, count: usize| Stops {
            dial,
            stops: (0..count).map(|k| Stop::Size(k as f64)).collect(),
            own: count - 1,
        };
        let grid = Grid {
            dials: vec![stops(Dial::Size, 3), stops(Dial::Technology, 1), stops(Dial::Sourcing, 2)],
        };
        assert_eq!(grid.points(), 6);
        assert_eq!(
            (0..6).map(|point| grid.index(&grid.at(point))).collect::<Vec<_>>(),
            [0, 1, 2, 3, 4, 5]
        );
        assert_eq!((grid.at(3), grid.own()), (vec![1, 0, 1], 5));
    }
}
