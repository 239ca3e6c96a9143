//! The dials of a scenario: how much moves, whose technology and suppliers the plants have, how elasticities are
//! read; and which stops suit a scenario.

use crate::agglomeration::Reading;
use crate::relocation::{Move, Suppliers, Technology};
use crate::scenario::{PlannedMove, Scenario, SizePath, Trajectory};
use crate::table::{Quantity, Table};

/// What can be turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dial {
    /// Share of each row that has moved in the last year.
    Share,
    /// How much moves, as a multiple of what the scenario says.
    Size,
    /// Technology of the plants.
    Technology,
    /// Suppliers of the plants.
    Sourcing,
    /// How the elasticities of density are read.
    Reading,
}

impl Dial {
    /// Every dial, slowest first.
    pub const ALL: [Dial; 5] =
        [Dial::Share, Dial::Size, Dial::Technology, Dial::Sourcing, Dial::Reading];

    /// The word of options and results.
    pub fn word(self) -> &'static str {
        match self {
            Dial::Share => "share",
            Dial::Size => "size",
            Dial::Technology => "technology",
            Dial::Sourcing => "sourcing",
            Dial::Reading => "reading",
        }
    }
}

/// Where a dial stands: what takes the place of the scenario's own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stop {
    /// As in the scenario, which differs from move to move.
    Own,
    /// Share of each row that has moved in the last year; a path by year is scaled to it.
    Share(f64),
    /// Multiple of the share or amount of every move.
    Size(f64),
    /// Technology of every move.
    Technology(Technology),
    /// Suppliers of every move.
    Sourcing(Suppliers),
    /// The reading of the elasticities.
    Reading(Reading),
}

impl Stop {
    /// A scenario that says this instead of what it says; `last` is its last year.
    pub fn put_in(self, mut scenario: Scenario, last: i32) -> Scenario {
        for planned in &mut scenario.moves {
            planned.size = self.of_size(&planned.size, last);
            planned.mv = self.of_move(planned.mv);
        }
        if let (Stop::Reading(reading), Some(density)) = (self, &mut scenario.density) {
            density.reading = reading;
        }
        scenario
    }

    /// A move with the plants that this stop says.
    pub(super) fn of_move(self, mv: Move) -> Move {
        match self {
            Stop::Technology(technology) => Move { technology, ..mv },
            Stop::Sourcing(suppliers) => Move { suppliers, ..mv },
            _ => mv,
        }
    }

    /// How much moves with this stop. A path by year is multiplied, so that its last year is the share to the bit.
    fn of_size(self, size: &SizePath, last: i32) -> SizePath {
        match (self, size) {
            (Stop::Share(share), SizePath::Share(path)) => {
                let level = path.at(last, 0.0);
                // What has not moved by then has no path to scale.
                if level == 0.0 {
                    return SizePath::Share(Trajectory::Constant(share));
                }
                SizePath::Share(each(path, |value| {
                    if value == level { share } else { value * (share / level) }
                }))
            }
            (Stop::Size(factor), SizePath::Share(path)) => {
                SizePath::Share(each(path, |value| value * factor))
            }
            (Stop::Size(factor), SizePath::Amount(path)) => {
                SizePath::Amount(each(path, |value| value * factor))
            }
            _ => size.clone(),
        }
    }

    /// The largest share that a move of a scenario has in any year with this stop.
    pub fn largest_share(self, scenario: &Scenario, last: i32) -> f64 {
        let numbers = |planned: &PlannedMove| match self.of_size(&planned.size, last) {
            SizePath::Share(path) => path.numbers(),
            SizePath::Amount(_) => Vec::new(),
        };
        scenario.moves.iter().flat_map(numbers).fold(0.0, f64::max)
    }
}

fn each(path: &Trajectory, of: impl Fn(f64) -> f64) -> Trajectory {
    match path {
        Trajectory::Constant(value) => Trajectory::Constant(of(*value)),
        Trajectory::ByYear(points) => {
            Trajectory::ByYear(points.iter().map(|(year, value)| (*year, of(*value))).collect())
        }
    }
}

/// A dial and where it can stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Stops {
    /// The dial.
    pub dial: Dial,
    /// Its stops, numbers rising.
    pub stops: Vec<Stop>,
    /// Position of the scenario's own.
    pub own: usize,
}

impl Stops {
    /// Stops with the scenario's own among them: numbers are put in order, words keep theirs.
    pub fn with_own(dial: Dial, own: Stop, others: &[Stop]) -> Self {
        let mut stops = others.to_vec();
        if !stops.contains(&own) {
            stops.insert(0, own);
        }
        // As in the scenario is no number, so it stands before them.
        let number = |stop: &Stop| match stop {
            Stop::Share(number) | Stop::Size(number) => *number,
            _ => f64::NEG_INFINITY,
        };
        stops.sort_by(|a, b| number(a).total_cmp(&number(b)));
        let own = stops.iter().position(|stop| *stop == own).unwrap_or(0);
        Stops { dial, stops, own }
    }

    /// The scenario's own alone.
    pub fn fixed(dial: Dial, own: Stop) -> Self {
        Stops { dial, stops: vec![own], own: 0 }
    }
}

/// Which of the two dials of size suits a scenario: the share where every move goes by share and reaches the same
/// one, else the multiple.
pub fn size_dial(scenario: &Scenario, last: i32) -> Dial {
    match own(Dial::Share, scenario, last) {
        Stop::Share(_) => Dial::Share,
        _ => Dial::Size,
    }
}

/// Where a dial stands in a scenario; [`Stop::Own`] where its moves differ.
pub fn own(dial: Dial, scenario: &Scenario, last: i32) -> Stop {
    let share = |planned: &PlannedMove| match &planned.size {
        SizePath::Share(path) => Some(Stop::Share(path.at(last, 0.0))),
        SizePath::Amount(_) => None,
    };
    let moves = &scenario.moves;
    match dial {
        Dial::Share => same(moves.iter().map(share)),
        Dial::Size => Stop::Size(1.0),
        Dial::Technology => {
            same(moves.iter().map(|planned| Some(Stop::Technology(planned.mv.technology))))
        }
        Dial::Sourcing => {
            same(moves.iter().map(|planned| Some(Stop::Sourcing(planned.mv.suppliers))))
        }
        Dial::Reading => {
            scenario.density.as_ref().map_or(Stop::Own, |density| Stop::Reading(density.reading))
        }
    }
}

/// The one stop that all are at.
fn same(mut stops: impl Iterator<Item = Option<Stop>>) -> Stop {
    let Some(Some(first)) = stops.next() else { return Stop::Own };
    if stops.all(|stop| stop == Some(first)) { first } else { Stop::Own }
}

/// Stops that suit a scenario: for its share five around its own, for its size half to one and a half, the two
/// extremes of technology and sourcing and the better of both where it is another, every reading that can be
/// computed.
pub fn usual(dial: Dial, table: &Table, scenario: &Scenario, last: i32) -> Stops {
    let own = own(dial, scenario, last);
    let fits = |stop: &Stop| stop.largest_share(scenario, last) <= 1.0;
    let others: Vec<Stop> = match dial {
        Dial::Share => match own {
            Stop::Share(share) => around(share).into_iter().map(Stop::Share).collect(),
            _ => Vec::new(),
        },
        Dial::Size => FACTORS.into_iter().map(Stop::Size).filter(fits).collect(),
        Dial::Technology => {
            usual_technologies(table, scenario).into_iter().map(Stop::Technology).collect()
        }
        Dial::Sourcing => {
            vec![Stop::Sourcing(Suppliers::Destination), Stop::Sourcing(Suppliers::Origin)]
        }
        Dial::Reading => {
            let readings = scenario.density.iter().flat_map(|density| {
                Reading::ALL.into_iter().filter(|reading| density.has(*reading))
            });
            readings.map(Stop::Reading).collect()
        }
    };
    Stops::with_own(dial, own, &others)
}

/// Multiples of how much moves.
const FACTORS: [f64; 5] = [0.5, 0.75, 1.0, 1.25, 1.5];

/// Technologies that every move can have, each other than those before it.
fn usual_technologies(table: &Table, scenario: &Scenario) -> Vec<Technology> {
    let moves: Vec<&Move> = scenario.moves.iter().map(|planned| &planned.mv).collect();
    let mut found = Vec::new();
    if moves.iter().all(|mv| copies(table, mv)) {
        found.push(Technology::Destination);
    }
    found.push(Technology::Origin);
    let best = best_stressor(table, scenario).filter(|stressor| {
        let c = table.intensities(Quantity::Stressor(*stressor));
        let industries = table.industries();
        let cleaner = |mv: &&Move| {
            let (from, to) =
                (industries.index(mv.from, mv.sector), industries.index(mv.to, mv.sector));
            copies(table, mv) && c[to] < c[from]
        };
        let count = moves.iter().copied().filter(cleaner).count();
        0 < count && count < moves.len()
    });
    found.extend(best.map(Technology::Best));
    found
}

/// Whether the receiving region has the industry, so that its technology can be copied.
pub fn copies(table: &Table, mv: &Move) -> bool {
    table.output()[table.industries().index(mv.to, mv.sector)] != 0.0
}

/// The stressor that "the better of both" is about unless it is said: that of the scenario's moves, else CO2, else
/// the only one.
pub fn best_stressor(table: &Table, scenario: &Scenario) -> Option<usize> {
    let named = scenario.moves.iter().find_map(|planned| match planned.mv.technology {
        Technology::Best(stressor) => Some(stressor),
        _ => None,
    });
    let extensions = table.extensions();
    let co2 = || extensions.iter().position(|extension| extension.label.code == "co2");
    named.or_else(co2).or((extensions.len() == 1).then_some(0))
}

/// Smallest step round a share, beside the share.
const FINEST: f64 = 1.0 / 20.0;

/// Five shares around one, by the largest step of 1, 2 or 5 times a power of ten that stays above 0 and below 1; a
/// share next to 1 has the fifths below it.
fn around(own: f64) -> Vec<f64> {
    let steps = (0..12).flat_map(|power| {
        [2.0, 1.0, 0.5].map(|digit: f64| rounded(digit * 10f64.powi(-1 - power)))
    });
    let mut fitting =
        steps.filter(|step| own - 2.0 * step > 1e-12 && own + 2.0 * step <= 1.0 + 1e-12);
    match fitting.next().filter(|step| *step >= FINEST * own) {
        Some(step) => (-2..=2).map(|k| rounded(own + f64::from(k) * step)).collect(),
        None => [0.2, 0.4, 0.6, 0.8].into_iter().filter(|share| *share < own).collect(),
    }
}

/// A number without the dust of binary fractions.
fn rounded(value: f64) -> f64 {
    format!("{value:.12e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_shares_stand_around_one() {
        assert_eq!(around(0.3), [0.1, 0.2, 0.3, 0.4, 0.5]);
        assert_eq!(around(0.01), [0.006, 0.008, 0.01, 0.012, 0.014]);
        assert_eq!(around(0.5), [0.1, 0.3, 0.5, 0.7, 0.9]);
        assert_eq!(around(0.9), [0.8, 0.85, 0.9, 0.95, 1.0]);
        assert_eq!(around(1.0), [0.2, 0.4, 0.6, 0.8]);
        assert_eq!(around(0.123), [0.023, 0.073, 0.123, 0.173, 0.223]);
        assert!(around(0.0).is_empty());
    }

    #[test]
    fn a_path_is_scaled_to_the_share_of_its_last_year() {
        let path = SizePath::Share(Trajectory::ByYear(vec![(2008, 0.05), (2015, 0.3)]));
        let SizePath::Share(scaled) = Stop::Share(0.1).of_size(&path, 2015) else { panic!() };
        assert_eq!(scaled.at(2015, 0.0), 0.1);
        assert_eq!(scaled.at(2008, 0.0), 0.05 * (0.1 / 0.3));
        assert_eq!(Stop::Share(0.3).of_size(&path, 2015), path, "its own changes nothing");
        assert_eq!(Stop::Size(1.0).of_size(&path, 2015), path);
    }

    #[test]
    fn the_own_stop_is_among_those_asked_for() {
        let asked = [Stop::Share(0.4), Stop::Share(0.1)];
        let found = Stops::with_own(Dial::Share, Stop::Share(0.25), &asked);
        assert_eq!(found.stops, [Stop::Share(0.1), Stop::Share(0.25), Stop::Share(0.4)]);
        assert_eq!(found.own, 1);
        let words = [Stop::Sourcing(Suppliers::Origin), Stop::Sourcing(Suppliers::Destination)];
        let found = Stops::with_own(Dial::Sourcing, words[1], &words);
        assert_eq!((found.stops.as_slice(), found.own), (&words[..], 1));
        let found = Stops::with_own(Dial::Share, Stop::Own, &asked);
        assert_eq!((found.stops[0], found.own), (Stop::Own, 0));
    }
}
