//! Equilibria over two parameters: where either cluster lasts, and where history selects.

use super::equilibrium::Equilibria;
use super::{Game, GameError, Parameter, Place};

/// Values that a parameter runs through.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Which parameter.
    pub parameter: Parameter,
    /// First value.
    pub from: f64,
    /// Last value.
    pub to: f64,
    /// How many values, first and last among them.
    pub steps: usize,
}

impl Range {
    /// The values, evenly spaced; whole numbers, each once, for the number of firms.
    pub fn values(&self) -> Vec<f64> {
        let last = self.steps.saturating_sub(1).max(1) as f64;
        let at = |step: usize| {
            let share = step as f64 / last;
            // Weights rather than a sum of steps, so that the last value is exactly the one asked for.
            self.from * (1.0 - share) + self.to * share
        };
        let mut values: Vec<f64> = (0..self.steps.max(1)).map(at).collect();
        if self.parameter == Parameter::Firms {
            values.iter_mut().for_each(|value| *value = value.round());
            values.dedup();
        }
        values
    }
}

/// What is an equilibrium at one point.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Value of the first parameter.
    pub x: f64,
    /// Value of the second.
    pub y: f64,
    /// Net advantage of A.
    pub advantage: f64,
    /// Whether all at A, all at B is an equilibrium.
    pub clusters: [bool; 2],
    /// How many splits are.
    pub splits: usize,
    /// Whether every firm sells something in every market compared.
    pub interior: bool,
}

impl Point {
    /// One sign: `A` or `B` for the only cluster, `+` for both, `s` for splits alone.
    pub fn sign(&self) -> char {
        match self.clusters {
            [true, true] => '+',
            [true, false] => 'A',
            [false, true] => 'B',
            _ => 's',
        }
    }
}

/// Equilibria over a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    /// The parameter across.
    pub x: Range,
    /// The parameter upwards.
    pub y: Range,
    /// Values of `x` within each value of `y`.
    pub points: Vec<Point>,
}

impl Map {
    /// Finds the equilibria at every point of the grid, all other parameters as in the game.
    ///
    /// # Errors
    /// If a value is out of bounds.
    pub fn of(game: &Game, x: Range, y: Range) -> Result<Self, Vec<GameError>> {
        let mut points = Vec::new();
        for y_value in y.values() {
            let game = game.with(y.parameter, y_value)?;
            for x_value in x.values() {
                let game = game.with(x.parameter, x_value)?;
                let equilibria = Equilibria::of(&game);
                let clusters = Place::ALL.map(|place| equilibria.cluster(place).is_equilibrium());
                let all = equilibria.firms_at_a().len();
                points.push(Point {
                    x: x_value,
                    y: y_value,
                    advantage: game.advantage(),
                    clusters,
                    splits: all - clusters.iter().filter(|cluster| **cluster).count(),
                    interior: equilibria.interior(),
                });
            }
        }
        Ok(Map { x, y, points })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::Upstream;
    use crate::location::tests::game;

    #[test]
    fn a_map_is_the_conditions_at_each_point() {
        let x = Range { parameter: Parameter::RawTransport, from: 0.0, to: 4.0, steps: 9 };
        let y = Range {
            parameter: Parameter::ProductTransport(Place::A),
            from: 2.0,
            to: 10.0,
            steps: 5,
        };
        let map = Map::of(&game(&[], Upstream::Competitive), x, y).unwrap();
        assert_eq!(map.points.len(), 45);
        for point in &map.points {
            let delta = 2.0 * point.x - point.y + 1.5;
            assert!((point.advantage - delta).abs() < 1e-12);
            assert_eq!(point.clusters, [delta >= -1.8, delta <= 2.7]);
        }
        let signs: String = map.points[..9].iter().map(Point::sign).collect();
        assert_eq!(signs, "++++AAAAA");
        let bad = Range { from: -1.0, ..x };
        assert!(Map::of(&game(&[], Upstream::Competitive), bad, y).is_err());
    }

    #[test]
    fn firms_are_whole_numbers() {
        let firms = Range { parameter: Parameter::Firms, from: 2.0, to: 5.0, steps: 8 };
        assert_eq!(firms.values(), [2.0, 3.0, 4.0, 5.0]);
    }
}
