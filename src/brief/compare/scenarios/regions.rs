//! Regions of scenarios beside each other: where, and how clean.

use super::{DIFFERENCES, LINES, Subject};
use crate::brief::book::inside;
use crate::brief::common::{change_grid, figure_measure};
use crate::brief::compare::MOST_VIEWS;
use crate::brief::content::{Block, Grid, View};
use crate::brief::prose::Prose;
use crate::brief::shapes;
use crate::brief::speech::Facts;
use crate::figure::names::Named;
use crate::figure::net_bars::{NetBars, Panel, Row};
use crate::figure::quadrant::{Point, Quadrant};
use crate::figure::scenario_table::{self, ScenarioTable};
use crate::numerals::{Estimate, Measure};

/// Scenarios that stand side by side in a drawing.
const ABREAST: usize = 4;

impl Subject<'_> {
    /// Regions of a scenario with both changes.
    fn changes(&self, scenario: usize) -> Vec<(Named, Vec<Option<Estimate>>)> {
        let codes: Vec<String> = self.quantities().into_iter().map(|(code, _)| code).collect();
        let values = |place: &str| {
            let of = |code: &String| Some(self.change(scenario, code, place)?.0);
            codes.iter().map(of).collect::<Vec<_>>()
        };
        self.regions.iter().map(|(code, name)| (name.clone(), values(code))).collect()
    }

    /// Panels of regions: names of the quantities, and units that hold all scenarios.
    fn panels(&self) -> Vec<(String, Measure)> {
        let codes = self.quantities();
        let all: Vec<Vec<Option<Estimate>>> = (self.order.iter())
            .flat_map(|at| self.changes(*at).into_iter().map(|(_, values)| values))
            .collect();
        let panel = |(at, (code, _)): (usize, &(String, Measure))| {
            let unit = self.change(self.order[0], code, "all").map_or(String::new(), |c| c.1);
            let measure =
                figure_measure(self.book, all.iter().filter_map(|v| v[at].as_ref()), &unit);
            (self.book.quantity(code).full(), measure)
        };
        codes.iter().enumerate().map(panel).collect()
    }

    /// The view of one scenario.
    fn of_scenario(&self, key: &str, scenario: usize, facts: &Facts) -> (Prose, Grid) {
        let mut facts = facts.clone();
        let unclear = self.changes(scenario).into_iter().flat_map(|(_, values)| values).flatten();
        facts
            .word("who", self.scenarios[scenario].1.full())
            .flag("hollow", unclear.into_iter().any(|value| value.unclear()));
        let drawn = self.drawn_as(key, &facts);
        let rows: Vec<(String, Vec<Option<Estimate>>)> = (self.changes(scenario).into_iter())
            .map(|(name, values)| (name.full(), values))
            .collect();
        let head = self.word("region");
        let grid = change_grid(self.book, drawn.plain(), &head, &self.panels(), &rows);
        (drawn, grid)
    }

    /// Signs of both quantities by region; 0 where a direction is unclear.
    fn signs(&self, scenario: usize) -> Vec<[f64; 2]> {
        let sign = |value: &Option<Estimate>| match value {
            Some(value) if !value.unclear() && value.value() != 0.0 => value.value().signum(),
            _ => 0.0,
        };
        let signs = |(_, values): (Named, Vec<Option<Estimate>>)| {
            [0, 1].map(|at| values.get(at).map_or(0.0, sign))
        };
        self.changes(scenario).into_iter().map(signs).collect()
    }

    /// Regions whose value added has one sign in a scenario that is drawn and the other in another.
    fn turning(&self) -> Vec<usize> {
        let all: Vec<Vec<[f64; 2]>> = self.abreast().iter().map(|at| self.signs(*at)).collect();
        let turns = |region: &usize| {
            let has = |wanted: f64| all.iter().any(|signs| signs[*region][0] == wanted);
            has(1.0) && has(-1.0)
        };
        (0..self.regions.len()).filter(turns).collect()
    }

    /// What is said of regions: how many have both changes up or both down in the best scenario, how many of them are
    /// clear, in how many value added goes up or down, and in which it turns from scenario to scenario.
    fn of_regions(&self, facts: &Facts) -> Facts {
        let mut facts = facts.clone();
        let best = self.signs(self.order[0]);
        let count = |wanted: f64| best.iter().filter(|signs| **signs == [wanted; 2]).count() as i64;
        let money = |wanted: f64| best.iter().filter(|signs| signs[0] == wanted).count() as i64;
        let clear = best.iter().filter(|signs| !signs.contains(&0.0)).count();
        let turning = self.turning();
        let names: Vec<String> =
            turning.iter().map(|region| self.book.spoken(&self.regions[*region].1)).collect();
        facts
            .count("n_both_up", count(1.0))
            .count("n_both_down", count(-1.0))
            .count("n_clear", clear as i64)
            .count("n_up", money(1.0))
            .count("n_down", money(-1.0))
            .count("n_open", money(0.0))
            .count("n_regions", self.regions.len() as i64)
            .count("n_turning", turning.len() as i64)
            .prose("turning", shapes::list(self.book, &names, "list_of_regions"))
            .flag("any_still", turning.len() < self.regions.len())
            .count("n_shown", self.abreast().len() as i64)
            .flag("all_shown", self.abreast().len() == self.order.len());
        facts
    }

    /// Where: every region in every scenario; in one alone, both quantities beside each other.
    pub(super) fn regions(&self, facts: &Facts) -> Option<Block> {
        let facts = self.of_regions(facts);
        if self.regions.is_empty() {
            return None;
        }
        if let [only] = self.order[..] {
            let view = self.bars(only, &facts);
            return Some(self.block("regions", "bars", &facts, vec![view]));
        }
        let panels = self.panels();
        let views = (0..panels.len()).filter_map(|at| self.by_scenario(at, &panels[at], &facts));
        Some(self.block("regions", "regions", &facts, views.collect()))
    }

    /// Regions of the only scenario.
    fn bars(&self, scenario: usize, facts: &Facts) -> View {
        let (drawn, grid) = self.of_scenario("bars", scenario, facts);
        let row = |(name, values): (Named, Vec<Option<Estimate>>)| Row { name, values };
        let panel = |(head, measure)| Panel { head, measure };
        let figure = NetBars {
            panels: self.panels().into_iter().map(panel).collect(),
            rows: self.changes(scenario).into_iter().map(row).collect(),
        };
        Self::view(drawn, Box::new(figure), grid, DIFFERENCES)
    }

    /// Scenarios that are drawn beside each other: with many regions, no more than stand side by side.
    fn abreast(&self) -> &[usize] {
        let most = if self.regions.len() > LINES { ABREAST } else { 2 * ABREAST };
        &self.order[..self.order.len().min(most)]
    }

    /// One quantity of every region in every scenario, regions whose value added turns first: nothing that is said of
    /// scenarios may hang on a drawing that is not on paper.
    fn by_scenario(
        &self,
        quantity: usize,
        (name, measure): &(String, Measure),
        facts: &Facts,
    ) -> Option<View> {
        let shown = self.abreast();
        let all: Vec<Vec<(Named, Vec<Option<Estimate>>)>> =
            shown.iter().map(|at| self.changes(*at)).collect();
        let cells = |region: usize| -> Vec<Option<Estimate>> {
            all.iter().map(|regions| regions[region].1.get(quantity).cloned().flatten()).collect()
        };
        let column = |at: &usize| scenario_table::Column {
            head: self.scenarios[*at].1.full(),
            measure: measure.clone(),
            change: true,
            best: None,
        };
        let turning = self.turning();
        let (first, rest): (Vec<usize>, Vec<usize>) =
            (0..self.regions.len()).partition(|region| turning.contains(region));
        let row = |region: usize| scenario_table::Row {
            name: self.regions[region].1.clone(),
            baseline: false,
            cells: cells(region),
        };
        let figure = ScenarioTable {
            columns: shown.iter().map(column).collect(),
            rows: first.into_iter().chain(rest).map(row).collect(),
        };
        let mut known = figure.rows.iter().flat_map(|row| row.cells.iter().flatten()).peekable();
        known.peek()?;
        let mut facts = facts.clone();
        facts
            .word("what", name.clone())
            .word("what_inside", inside(name, self.book.language()))
            .flag("hollow", known.any(Estimate::unclear));
        let drawn = self.drawn_as("regions", &facts);
        let heads: Vec<(String, Measure)> = (figure.columns.iter())
            .map(|column| (column.head.clone(), column.measure.clone()))
            .collect();
        let rows: Vec<(String, Vec<Option<Estimate>>)> =
            figure.rows.iter().map(|row| (row.name.full(), row.cells.clone())).collect();
        let grid = change_grid(self.book, drawn.plain(), &self.word("region"), &heads, &rows);
        let choice = self.book.quantity(&self.quantities()[quantity].0).brief();
        Some(View { choice, ..Self::view(drawn, Box::new(figure), grid, DIFFERENCES) })
    }

    /// How clean: value added against the stressor, regions of each scenario.
    pub(super) fn quadrant(&self, facts: &Facts) -> Option<Block> {
        self.stressor.as_ref()?;
        let panels = self.panels();
        let [(x, x_measure), (y, y_measure), ..] = panels.as_slice() else { return None };
        let views = self.order.iter().take(MOST_VIEWS).map(|at| {
            let (drawn, grid) = self.of_scenario("quadrant", *at, facts);
            let points = self.changes(*at).into_iter().filter_map(|(name, values)| {
                let [x, y] = [values.first()?.clone()?, values.get(1)?.clone()?];
                Some(Point { name, x, y })
            });
            let figure = Quadrant {
                x: Panel { head: x.clone(), measure: x_measure.clone() },
                y: Panel { head: y.clone(), measure: y_measure.clone() },
                points: points.collect(),
                ray: None,
            };
            let choice = self.scenarios[*at].1.brief();
            View { choice, ..Self::view(drawn, Box::new(figure), grid, DIFFERENCES) }
        });
        let views: Vec<View> = views.collect();
        let facts = self.of_regions(facts);
        (!self.regions.is_empty()).then(|| self.block("quadrant", "quadrant", &facts, views))
    }
}
