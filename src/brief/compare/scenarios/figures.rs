//! Figures of scenarios beside each other.

use super::{BASELINE, Change, DIFFERENCES, DRAWN, SIDES, Subject};
use crate::brief::book::inside;
use crate::brief::common::{change_grid, prose_measure};
use crate::brief::compare::{AGAINST, VALUE_ADDED};
use crate::brief::content::{Block, Grid, GridRow, View};
use crate::brief::moves;
use crate::brief::prose::{Inline, Prose};
use crate::brief::shapes::{self, Numbers, number_grid, quoted};
use crate::brief::speech::Facts;
use crate::figure::Figure;
use crate::figure::names::Named;
use crate::figure::ranking::Ranking;
use crate::figure::scenario_table::{self, ScenarioTable};
use crate::numerals::{Cited, Estimate, Language, Measure};
use crate::tidy::Column;

/// So many scenarios are described beside the first figure.
const DESCRIBED: usize = 6;

/// Sides as results call them.
const SIDES_TOLD: [&str; 3] = ["giving", "receiving", "both"];
/// Figures of this comparison, those that say most of it first.
pub(super) fn blocks(subject: &Subject<'_>, facts: &Facts) -> Vec<Block> {
    let found = [
        subject.scenarios_beside(facts),
        subject.sides(facts),
        subject.ranking(facts),
        subject.quadrant(facts),
        subject.regions(facts),
    ];
    found.into_iter().flatten().collect()
}

impl Subject<'_> {
    pub(super) fn block(&self, id: &str, key: &str, facts: &Facts, views: Vec<View>) -> Block {
        shapes::block(self.book, id, ("compare", key), facts, views)
    }

    pub(super) fn drawn_as(&self, key: &str, facts: &Facts) -> Prose {
        self.book.speaker.say(&format!("compare_{key}_drawn"), facts)
    }

    pub(super) fn view(
        description: Prose,
        figure: Box<dyn Figure>,
        grid: Grid,
        file: &str,
    ) -> View {
        View { choice: String::new(), description, figure, grid, file: file.to_owned() }
    }

    /// Scenarios by value added, the stressor and their ratios.
    fn scenarios_beside(&self, facts: &Facts) -> Option<Block> {
        let mut columns = Vec::new();
        let mut cells: Vec<Vec<Option<Estimate>>> = Vec::new();
        let found = |all: Vec<Option<Change>>| -> Vec<Option<Estimate>> {
            all.into_iter().map(|one| one.map(|found| found.0)).collect()
        };
        for (code, measure) in self.quantities() {
            let all = self.order.iter().map(|at| self.change(*at, &code, "all")).collect();
            let best = self.firmly_best(&code);
            columns.push(scenario_table::Column {
                head: self.book.quantity(&code).full(),
                measure,
                change: true,
                best: best.and_then(|best| self.order.iter().position(|at| *at == best)),
            });
            cells.push(found(all));
        }
        for (name, measure) in self.ratios() {
            let head = self.book.word_of(&["indicators"], name).full();
            columns.push(scenario_table::Column { head, measure, change: false, best: None });
            cells.push(found(self.order.iter().map(|at| self.ratio(*at, name)).collect()));
        }
        let drawn = self.drawn_as("scenarios", facts);
        let quantities: Vec<(String, Measure)> =
            columns.iter().map(|column| (column.head.clone(), column.measure.clone())).collect();
        let figure = ScenarioTable { columns, rows: self.rows(&cells) };
        let rows: Vec<(String, Vec<Option<Estimate>>)> =
            figure.rows.iter().map(|row| (row.name.full(), row.cells.clone())).collect();
        let head = self.word("scenario");
        let grid = change_grid(self.book, drawn.plain(), &head, &quantities, &rows);
        let view = Self::view(drawn, Box::new(figure), grid, DIFFERENCES);
        let mut facts = facts.clone();
        facts.flag("any_outside", cells.iter().flatten().flatten().any(Estimate::outside));
        let mut block = self.block("scenarios", "scenarios", &facts, vec![view]);
        block.text.extend(self.moves_told(&facts));
        Some(block)
    }

    /// What each scenario moves, one sentence each; nothing where the folder does not tell.
    fn moves_told(&self, facts: &Facts) -> Option<Prose> {
        let mut text = Prose::default();
        for at in self.order.iter().take(DESCRIBED) {
            let (code, name) = &self.scenarios[*at];
            let Some(told) = moves::told(self.book, Some(code), &self.year) else { continue };
            let mut own = Facts::new();
            own.word("name", quoted(&name.full(), self.book.language())).prose("moves", told.text);
            if let Some((moved, unit)) = self.moved(*at).filter(|_| told.moves > 1) {
                let measure = prose_measure(self.book, &moved, &unit);
                own.level("moved", &moved.point, &measure);
            }
            if !text.is_empty() && self.book.language() == Language::English {
                text.push(Inline::Text(" ".to_owned()));
            }
            text.0.extend(self.book.speaker.say("compare_moves_of", &own).0);
        }
        if text.is_empty() {
            return None;
        }
        let mut facts = facts.clone();
        facts.prose("moves", text).flag("whole", self.order.len() <= DESCRIBED);
        Some(self.book.speaker.say("compare_moves", &facts))
    }

    /// Rows of scenarios, of which columns of numbers are known.
    fn rows(&self, columns: &[Vec<Option<Estimate>>]) -> Vec<scenario_table::Row> {
        let row = |(line, at): (usize, &usize)| scenario_table::Row {
            name: self.scenarios[*at].1.clone(),
            baseline: false,
            cells: columns.iter().map(|column| column[line].clone()).collect(),
        };
        self.order.iter().enumerate().map(row).collect()
    }

    /// What a side of a scenario gains or loses.
    fn side(&self, scenario: usize, quantity: &str, side: &str) -> Option<Change> {
        let question = [
            (Column::Scenario, self.scenarios[scenario].0.as_str()),
            (Column::Year, self.year.as_str()),
            (Column::Quantity, quantity),
            (Column::Region, "all"),
            (Column::Factor, "change"),
            (Column::Part, side),
        ];
        self.book.estimate(SIDES, &question, DRAWN)
    }

    /// The unit of a quantity of all sides, with the decimals of the side that needs most: numbers of one quantity
    /// stand side by side.
    fn side_measure(&self, code: &str, unit: &str) -> Measure {
        let largest = SIDES_TOLD.map(|side| {
            let all = self.order.iter().filter_map(|at| self.side(*at, code, side));
            all.map(|change| change.0.value().abs()).fold(0.0, f64::max)
        });
        let joint = self.book.figure_measure(unit, largest.into_iter().fold(0.0, f64::max));
        let own = largest.map(|size| self.book.figure_measure(unit, size));
        let alike = own.iter().filter(|one| one.unit() == joint.unit());
        let decimals = alike.map(Measure::decimals).max();
        let decimals = decimals.map_or(joint.decimals(), |most| most.min(joint.decimals() + 1));
        joint.with_decimals(decimals)
    }

    /// Giving against receiving regions, scenario by scenario.
    fn sides(&self, facts: &Facts) -> Option<Block> {
        let mut columns = Vec::new();
        let mut cells: Vec<Vec<Option<Estimate>>> = Vec::new();
        for (code, _) in self.quantities() {
            for side in SIDES_TOLD {
                let all: Vec<Option<Change>> =
                    self.order.iter().map(|at| self.side(*at, &code, side)).collect();
                let Some(unit) = all.iter().flatten().next().map(|found| found.1.clone()) else {
                    continue;
                };
                let measure = self.side_measure(&code, &unit);
                let mut facts = Facts::new();
                facts.word("what", self.book.quantity(&code).brief()).word("side", side);
                let head = self.book.speaker.say("compare_side", &facts).plain();
                columns.push(scenario_table::Column { head, measure, change: true, best: None });
                cells.push(all.into_iter().map(|one| one.map(|found| found.0)).collect());
            }
        }
        let mut facts = facts.clone();
        let one = |code: &str, at: &usize| self.side(*at, code, "both").is_some();
        facts.flag("with_both", self.order.iter().any(|at| one(VALUE_ADDED, at)));
        let gap = |column: &Vec<Option<Estimate>>| column.iter().any(Option::is_none);
        facts.flag("with_gaps", cells.iter().any(gap));
        let both = ["giving", "receiving"].map(|side| self.side(self.order[0], &self.main, side));
        for (key, found) in ["giving", "receiving"].into_iter().zip(&both) {
            facts.flag(&format!("with_{key}"), found.is_some());
            if let Some((change, unit)) = found {
                let measure = self.measure(change, unit, &self.main);
                facts.change(key, change, None, &measure);
                let mut own = Facts::new();
                own.change("it", change, None, &measure);
                let strong = self.book.speaker.say("compare_strong", &own);
                facts.prose(&format!("{key}_strong"), strong);
            }
        }
        if cells.is_empty() {
            return None;
        }
        let drawn = self.drawn_as("sides", &facts);
        let quantities: Vec<(String, Measure)> =
            columns.iter().map(|column| (column.head.clone(), column.measure.clone())).collect();
        let figure = ScenarioTable { columns, rows: self.rows(&cells) };
        let rows: Vec<(String, Vec<Option<Estimate>>)> =
            figure.rows.iter().map(|row| (row.name.full(), row.cells.clone())).collect();
        let head = self.word("scenario");
        let grid = change_grid(self.book, drawn.plain(), &head, &quantities, &rows);
        let view = Self::view(drawn, Box::new(figure), grid, SIDES);
        Some(self.block("sides", "sides", &facts, vec![view]))
    }

    /// How often one scenario is better than another, by the stressor and by value added; one alone has no rank.
    fn ranking(&self, facts: &Facts) -> Option<Block> {
        if self.order.len() < 2 {
            return None;
        }
        let mut views = Vec::new();
        let mut codes = vec![self.main.as_str()];
        codes.extend(Some(VALUE_ADDED).filter(|code| *code != self.main));
        for code in codes {
            views.extend(self.ranking_of(code, facts));
        }
        let mut facts = facts.clone();
        // The cells above the diagonal are those of the figure.
        let rows = views.iter().flat_map(|view| view.grid.rows.iter().enumerate());
        let gap = |(at, row): (usize, &GridRow)| {
            row.cells.iter().skip(at + 2).any(|cell| cell.sort.is_none())
        };
        facts.flag("with_gaps", rows.into_iter().any(gap));
        (!views.is_empty()).then(|| self.block("ranking", "ranking", &facts, views))
    }

    fn ranking_of(&self, quantity: &str, facts: &Facts) -> Option<View> {
        let names = self.order.iter().map(|at| self.scenarios[*at].1.clone());
        let names: Vec<Named> = names.chain([Named::new(self.word("baseline"))]).collect();
        let count = names.len();
        let share = |a: usize, b: usize| -> Option<Cited> {
            let code = |at: usize| self.scenarios[self.order[at]].0.as_str();
            match (a + 1 == count, b + 1 == count) {
                (true, true) => None,
                (false, true) => {
                    Some(self.against(code(a), BASELINE, quantity)?.shares?[0].clone())
                }
                (true, false) => {
                    Some(self.against(code(b), BASELINE, quantity)?.shares?[1].clone())
                }
                (false, false) if a == b => None,
                (false, false) => self.better(self.order[a], self.order[b], quantity),
            }
        };
        let shares: Vec<Vec<Option<Cited>>> =
            (0..count).map(|a| (0..count).map(|b| share(a, b)).collect()).collect();
        let largest = shares.iter().flatten().flatten().count();
        if largest == 0 {
            return None;
        }
        let name = self.book.quantity(quantity);
        let mut facts = facts.clone();
        facts.word("what", name.full());
        facts.word("what_inside", inside(&name.full(), self.book.language()));
        facts.flag("less", self.sign(quantity) < 0.0);
        let drawn = self.drawn_as("ranking", &facts);
        let measure = Measure::of_figure("share", 1.0, self.book.language());
        let columns: Vec<Numbers> =
            names.iter().map(|name| Numbers::levels(name.brief(), measure.clone())).collect();
        let rows: Vec<(String, Vec<Option<Cited>>)> =
            names.iter().map(Named::full).zip(shares.iter().cloned()).collect();
        let grid = number_grid(&drawn, &self.word("compare_better_than"), &columns, &rows);
        let head = self.book.speaker.say("compare_ranking_head", &facts).plain();
        let figure = Ranking { head, scenarios: names, shares };
        Some(View { choice: name.brief(), ..Self::view(drawn, Box::new(figure), grid, AGAINST) })
    }
}
