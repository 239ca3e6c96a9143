//! Everything that is asked of one game, together.

use super::entry::{Entry, free_entry};
use super::equilibrium::{
    Dominance, Equilibria, Outcome, closed_form, dominance, is_equilibrium, threshold,
};
use super::map::{Map, Range};
use super::statics::{Static, statics};
use super::{Game, GameError, Place};
use crate::fault::{Note, NoteCode};

/// The game of one year, and where history has the firms in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Year {
    /// Which.
    pub year: i32,
    /// Net advantage of A, in money per unit of product.
    pub advantage: f64,
    /// Least net advantage for a cluster at A, largest for one at B.
    pub thresholds: [f64; 2],
    /// Whether all at A, all at B is an equilibrium.
    pub clusters: [bool; 2],
    /// Firms at A.
    pub firms_at_a: usize,
    /// Whether every firm sells something in either cluster and after a firm has left it.
    pub interior: bool,
}

/// What there is to say about a game.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// The game.
    pub game: Game,
    /// Every way of being placed, with payoffs compared.
    pub equilibria: Equilibria,
    /// Equilibria by the closed form; none where some firm would sell nothing.
    pub closed_form: Option<Vec<usize>>,
    /// Least net advantage for a cluster at A, largest for one at B, by the closed form.
    pub thresholds: [f64; 2],
    /// Firms at A as history selects them.
    pub selected: usize,
    /// The better and the safer of two clusters that are both equilibria.
    pub dominance: Option<Dominance>,
    /// What would change the selected outcome; none where the closed form is not about the game.
    pub statics: Option<Vec<Static>>,
    /// Free entry at A and at B.
    pub entry: [Entry; 2],
    /// Equilibria over two parameters, if asked for.
    pub map: Option<Map>,
    /// Year by year, where parameters are.
    pub path: Vec<Year>,
}

impl Analysis {
    /// Looks at a game in which history has `selected` firms at A.
    ///
    /// # Errors
    /// If a value of the map is out of bounds.
    pub fn of(
        game: &Game,
        selected: usize,
        cap: usize,
        map: Option<(Range, Range)>,
    ) -> Result<Self, Vec<GameError>> {
        let equilibria = Equilibria::of(game);
        let interior = equilibria.interior();
        Ok(Analysis {
            closed_form: interior.then(|| closed_form(game)),
            thresholds: [threshold(game, game.firms()), threshold(game, 1)],
            selected,
            dominance: dominance(&equilibria),
            statics: (interior && is_equilibrium(game, selected)).then(|| statics(game, selected)),
            entry: Place::ALL.map(|place| free_entry(game, place, cap)),
            map: map.map(|(x, y)| Map::of(game, x, y)).transpose()?,
            path: Vec::new(),
            equilibria,
            game: game.clone(),
        })
    }

    /// The same with the years that led there and go on; `firms_at_a` is what history selects in each.
    pub fn along(mut self, games: &[(i32, Game)], firms_at_a: &[(i32, usize)]) -> Self {
        let one = |((year, game), (_, k)): (&(i32, Game), &(i32, usize))| {
            let clusters = [game.firms(), 0].map(|k| Outcome::of(game, k));
            Year {
                year: *year,
                advantage: game.advantage(),
                thresholds: [threshold(game, game.firms()), threshold(game, 1)],
                interior: clusters.iter().all(|outcome| outcome.interior),
                clusters: clusters.map(|outcome| outcome.is_equilibrium()),
                firms_at_a: *k,
            }
        };
        self.path = games.iter().zip(firms_at_a).map(one).collect();
        self
    }

    /// Outcomes on which the closed form and the comparison of payoffs do not agree; none expected.
    pub fn disagreements(&self) -> Option<usize> {
        let found = self.equilibria.firms_at_a();
        self.closed_form.as_ref().map(|known| {
            (0..=self.game.firms()).filter(|k| known.contains(k) != found.contains(k)).count()
        })
    }

    /// What a reader should know.
    pub fn notes(&self, cap: usize) -> Vec<Note> {
        let text = "the location game is a static model of one market (linear demand, Cournot, equal firms): it says which \
                    placing would last, not when or whether firms move";
        let mut notes = vec![Note::new(NoteCode::GameAssumption, text)];
        if let Some(outcome) = self.equilibria.outcomes.iter().find(|outcome| !outcome.interior) {
            let text = format!(
                "with {} of {} firms at A, or after one of them has left, some firm would sell nothing: the closed form \
                 (thresholds, statics) is not about such a market, the equilibria are from comparing payoffs with those \
                 firms out of the market",
                outcome.profile.firms_at_a,
                self.game.firms()
            );
            notes.push(Note::new(NoteCode::NotInterior, text));
        }
        let cheap = |outcome: &&Outcome| {
            outcome.profile.groups.iter().flatten().any(|group| group.unit_cost <= 0.0)
        };
        if let Some(outcome) = self.equilibria.outcomes.iter().find(cheap) {
            let text = format!(
                "with {} firms at A a unit cost is zero or less: the gains from neighbours or the regional effect are too \
                 large for the other costs",
                outcome.profile.firms_at_a
            );
            notes.push(Note::new(NoteCode::CostBelowZero, text));
        }
        if self.entry.iter().any(|entry| entry.limit == super::entry::Limit::Cap) {
            let text = format!(
                "free entry was stopped at {cap} firms, of which each still earns its fixed cost: the number is that of \
                 the cap (free_entry.cap), not of the market"
            );
            notes.push(Note::new(NoteCode::EntryCapped, text));
        }
        if let Some(year) = self.path.iter().find(|year| !year.interior) {
            let text = format!(
                "in {} (and perhaps later) some firm would sell nothing: the thresholds of that year are not about such a \
                 market, the firms' places are from comparing payoffs",
                year.year
            );
            notes.push(Note::new(NoteCode::NotInterior, text));
        }
        if self.map.as_ref().is_some_and(|map| map.points.iter().any(|point| !point.interior)) {
            let text = "at some points of the map some firm would sell nothing (interior is 0 in map.csv): equilibria there \
                        are with those firms out of the market";
            notes.push(Note::new(NoteCode::NotInterior, text));
        }
        notes
    }
}
