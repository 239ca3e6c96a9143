//! Figures of an estimate's brief.

use super::{
    COEFFICIENTS, EFFECTS, Equation, Number, SUMS, Subject, Told, Turning, common_measure, telling,
};
use crate::brief::common::{change_grid, head, level_cell, range_cells};
use crate::brief::content::{Block, Grid, GridRow, View};
use crate::brief::prose::{Inline, Prose};
use crate::brief::shapes::{TITLE, fitting};
use crate::brief::speech::{Facts, in_sentence};
use crate::figure::coefficients::{Coefficient, CoefficientPlot, Group, Row};
use crate::figure::names::Named;
use crate::figure::turning_point::{CurvePoint, Dimension, Kept, TurningPointCurve, Verdict};
use crate::numerals::{Cited, Estimate, Measure};
use crate::tidy::Column;

/// So many states of a figure stay below the size of a page.
const MOST_VIEWS: usize = 9;
/// Rows of a plot that fit on half a page.
const MOST_ROWS: usize = 14;
/// Controls that a sentence names.
const MOST_CLEAR: usize = 4;
/// File of fitted curves.
const CURVE: &str = "curve.csv";
/// Direct, indirect and total effect, by words of files.
const PARTS: [&str; 3] = ["direct", "indirect", "total"];
/// Estimated numbers that are no coefficients of variables.
const OTHERS: [&str; 4] = ["(Intercept)", "sigma2", "phi", "rho"];

/// A line of a plot: name, symbol, number.
type Line = (Named, String, Number);

impl Subject<'_> {
    /// Figures of these equations, those that say most of them first.
    pub(super) fn blocks(&self) -> Vec<Block> {
        let found = [
            self.turnings(),
            self.compare(),
            self.timing(),
            self.parts(),
            self.coefficients(),
            self.clusters(),
        ];
        found.into_iter().flatten().collect()
    }

    pub(super) fn block(&self, id: &str, key: &str, facts: &Facts, views: Vec<View>) -> Block {
        Block {
            id: id.to_owned(),
            title: fitting(self.book, &format!("estimate_{key}_title"), facts, TITLE),
            text: vec![self.say(&format!("estimate_{key}_text"), facts)],
            views,
            note: self.say(&format!("estimate_{key}_note"), facts),
        }
    }

    /// A plot of groups of lines with its table.
    fn plot(
        &self,
        (choice, description): (String, Prose),
        head: String,
        unit: &str,
        groups: Vec<(String, Vec<Line>)>,
    ) -> Option<View> {
        let numbers = || groups.iter().flat_map(|(_, lines)| lines).map(|(.., number)| number);
        let file = numbers().next()?.file;
        let estimates = || numbers().map(|number| &number.estimate);
        let measure = common_measure(self.book, unit, &estimates().collect::<Vec<_>>());
        let told = self.told.iter().any(|told| told.unit == unit);
        let least = if told { self.measure(unit).decimals() } else { 0 };
        let measure = measure.with_decimals(measure.decimals().max(least));
        let names: Vec<String> =
            (groups.iter().flat_map(|(_, lines)| lines)).map(|(name, ..)| name.full()).collect();
        // The head belongs to the name where several lines have the same.
        let alike = (1..names.len()).any(|at| names[..at].contains(&names[at]));
        let whole = |head: &str, name: &Named| match head.is_empty() || !alike {
            true => name.full(),
            false => format!("{head}{}{}", self.comma(), name.full()),
        };
        let rows: Vec<(String, Vec<Option<Estimate>>)> = (groups.iter())
            .flat_map(|(head, lines)| lines.iter().map(move |line| (head, line)))
            .map(|(head, (name, _, number))| {
                (whole(head, name), vec![Some(number.estimate.clone())])
            })
            .collect();
        let name_head = self.word("estimate_variable");
        let column = vec![(self.word("estimate_number"), measure.clone())];
        let mut grid = change_grid(self.book, description.plain(), &name_head, &column, &rows);
        // Only a number of which an end would be printed as zero has more decimals than the others.
        let own = |number: &Number| telling(measure.clone(), [&number.estimate]);
        for (line, number) in grid.rows.iter_mut().zip(numbers()) {
            let shown = range_cells(Some(&number.estimate), &own(number));
            line.cells.iter_mut().skip(1).zip(shown).for_each(|(cell, shown)| *cell = shown);
        }
        let row = |line: Line| {
            let decimals = Some(own(&line.2).decimals());
            Row { decimals, ..row(line) }
        };
        let groups: Vec<Group> = groups
            .into_iter()
            .map(|(head, lines)| Group { head, rows: lines.into_iter().map(row).collect() })
            .collect();
        let figure = CoefficientPlot { head, measure, groups };
        let file = file.to_owned();
        Some(View { choice, description, figure: Box::new(figure), grid, file })
    }

    fn comma(&self) -> &'static str {
        self.book.language().pick("，", ", ")
    }

    /// The equations beside each other: in the same period, and as a whole.
    fn compare(&self) -> Option<Block> {
        let compared = self.compared();
        let main = compared.first()?;
        if compared.len() < 2 {
            return None;
        }
        let lines = |of: &dyn Fn(&Told) -> Option<Number>| -> Vec<Line> {
            let line = |told: &&Told| {
                let symbol = self.about.variable(self.equation(told).first()).of;
                Some((told.name.clone(), symbol, of(told)?))
            };
            compared.iter().filter_map(line).collect()
        };
        let (now, all) = (lines(&|told| told.now.clone()), lines(&|told| Some(told.all.clone())));
        let mut facts = self.facts(main);
        self.add_tally(&mut facts, "now_tally", |told| told.now.as_ref());
        facts.flag("with_now", !now.is_empty());
        self.add_ends(&mut facts, &all);
        let groups = match now.is_empty() {
            true => vec![(String::new(), all)],
            false => {
                let head = |key: &str| self.say(key, &facts).plain();
                vec![(head("estimate_head_now"), now), (head("estimate_head_all"), all)]
            }
        };
        let described = (String::new(), self.say("estimate_compare_drawn", &facts));
        let head = self.say("estimate_compare_head", &facts).plain();
        let view = self.plot(described, head, &main.unit, groups)?;
        Some(self.block("equations", "compare", &facts, vec![view]))
    }

    /// `least` and `largest` of lines, with their names.
    fn add_ends(&self, facts: &mut Facts, lines: &[Line]) {
        let by_value = |a: &&Line, b: &&Line| a.2.estimate.value().total_cmp(&b.2.estimate.value());
        let ends =
            [("least", lines.iter().min_by(by_value)), ("largest", lines.iter().max_by(by_value))];
        for (key, line) in ends {
            let (Some((name, _, number)), Some(main)) = (line, self.told.first()) else { continue };
            facts.word(&format!("{key}_name"), name.full());
            let inside = in_sentence(&name.full(), self.book.language());
            facts.word(&format!("{key}_name_in"), inside);
            self.add_change(facts, key, main, number);
        }
        let span = |line: Option<&Line>| line.map(|(.., number)| number.estimate.span());
        let overlap = span(ends[0].1).zip(span(ends[1].1)).is_some_and(|(a, b)| a[1] >= b[0]);
        facts.flag("overlap", overlap);
    }

    /// The same period, one before and so on, and all together.
    fn timing(&self) -> Option<Block> {
        let lagged: Vec<&Told> = self.told.iter().filter(|told| told.periods > 1).collect();
        let main = *lagged.first()?;
        let mut facts = self.facts(main);
        facts.flag("with_now", main.now.is_some()).flag("with_before", main.before.is_some());
        let views: Vec<View> =
            lagged.iter().take(MOST_VIEWS).filter_map(|told| self.timing_of(told)).collect();
        (!views.is_empty()).then(|| self.block("lags", "timing", &facts, views))
    }

    fn timing_of(&self, told: &Told) -> Option<View> {
        let equation = self.equation(told);
        let facts = self.facts(told);
        let mut lines: Vec<Line> = Vec::new();
        for (lag, regressor) in equation.periods(&self.about) {
            let mut own = Facts::new();
            own.count("lag", lag).flag("yearly", self.about.panel.is_yearly());
            let name = Named::new(self.say("estimate_period", &own).plain());
            let number = self.of_regressor(&equation.name, regressor)?;
            lines.push((name, regressor.to_owned(), number));
        }
        let all = self.say("estimate_head_all", &facts).plain();
        let groups = vec![
            (self.say("estimate_head_periods", &facts).plain(), lines),
            (String::new(), vec![(Named::new(all), String::new(), told.all.clone())]),
        ];
        let described = (told.name.brief(), self.say("estimate_timing_drawn", &facts));
        let head = self.say("estimate_plot_head", &facts).plain();
        self.plot(described, head, &told.unit, groups)
    }

    /// At home and through neighbours, or past a mediator and through it.
    fn parts(&self) -> Option<Block> {
        let main = self.told.iter().find(|told| !self.parts_of(told, false).is_empty())?;
        let facts = self.facts(main);
        let views: Vec<View> = [false, true]
            .into_iter()
            .filter_map(|sums| {
                let groups: Vec<(String, Vec<Line>)> = (self.compared().into_iter())
                    .chain(Some(main).filter(|own| own.crossed))
                    .map(|told| (told.name.full(), self.parts_of(told, sums)))
                    .filter(|(_, lines)| !lines.is_empty())
                    .take(MOST_ROWS / 3)
                    .collect();
                let key = if sums { "estimate_head_all" } else { "estimate_head_now" };
                let lasting = self.book.has(SUMS);
                let choice = if lasting { self.say(key, &facts).plain() } else { String::new() };
                let mut own = facts.clone();
                own.flag("sums", sums).flag("lasting", lasting);
                let described = (choice, self.say("estimate_parts_drawn", &own));
                let head = self.say("estimate_compare_head", &facts).plain();
                self.plot(described, head, &main.unit, groups)
            })
            .collect();
        (!views.is_empty()).then(|| self.block("parts", "parts", &facts, views))
    }

    /// Direct, indirect and total effect of an equation's first regressor, or of it with all its lags.
    pub(super) fn parts_of(&self, told: &Told, sums: bool) -> Vec<Line> {
        let equation = self.equation(told);
        let (file, factor) = match sums {
            true => (SUMS, self.about.variable(equation.first()).of),
            false => (EFFECTS, equation.first().to_owned()),
        };
        let kinds = match equation.mediator {
            Some(_) => ["mediated_parts", "statistics"],
            None => ["effect_parts", "statistics"],
        };
        let line = |part: &str| {
            let number = self.effect(file, &equation.name, &factor, part)?;
            Some((self.book.word_of(&kinds, part), String::new(), number))
        };
        PARTS.into_iter().filter_map(line).collect()
    }

    /// Every coefficient of each equation.
    fn coefficients(&self) -> Option<Block> {
        let main = self.told.first()?;
        let mut facts = self.facts(main);
        self.add_clear(&mut facts, main);
        let views: Vec<View> = (self.told.iter())
            .take(MOST_VIEWS)
            .filter_map(|told| self.coefficients_of(told))
            .collect();
        (!views.is_empty()).then(|| self.block("coefficients", "coefficients", &facts, views))
    }

    /// Codes of an equation's coefficients, those of variables alone.
    pub(super) fn terms(&self, equation: &Equation) -> Vec<String> {
        let Some(tidy) = self.book.tidy(COEFFICIENTS) else { return Vec::new() };
        let mut found: Vec<String> = Vec::new();
        for row in 0..tidy.len() {
            let factor = tidy.text(row, Column::Factor);
            if tidy.text(row, Column::Scenario) == equation.name
                && !OTHERS[..3].contains(&factor)
                && found.last().is_none_or(|last| last != factor)
            {
                found.push(factor.to_owned());
            }
        }
        found
    }

    /// Controls, how many have a sign that is known, and the first of those with their coefficients.
    fn add_clear(&self, facts: &mut Facts, told: &Told) {
        let equation = self.equation(told);
        let of = self.about.variable(equation.first()).of;
        let square = equation.quadratic.as_ref().map(|(_, square)| square.as_str());
        let is_control = |code: &String| {
            self.about.variable(code).of != of
                && Some(code.as_str()) != square
                && !OTHERS.contains(&code.as_str())
                && !code.contains(':')
        };
        let controls: Vec<(String, Number)> = (self.terms(equation).into_iter())
            .filter(is_control)
            .filter_map(|code| Some((self.coefficient(&equation.name, &code)?, code)))
            .map(|(number, code)| (code, number))
            .collect();
        let clear: Vec<&(String, Number)> =
            controls.iter().filter(|(_, number)| !number.estimate.unclear()).collect();
        // The same decimals as in the plot of all coefficients.
        let every = self.terms(equation).into_iter();
        let every: Vec<Number> =
            every.filter_map(|code| self.coefficient(&equation.name, &code)).collect();
        let every: Vec<&Estimate> = every.iter().map(|number| &number.estimate).collect();
        let measure = common_measure(self.book, "1", &every);
        let comma = self.book.language().pick("、", ", ");
        let mut named = Prose::default();
        for (at, (code, number)) in clear.iter().take(MOST_CLEAR).enumerate() {
            if at > 0 {
                named.push(Inline::Text(comma.to_owned()));
            }
            let mut own = Facts::new();
            let name = self.variable(code).full();
            own.word("control_in", in_sentence(&name, self.book.language()));
            own.word("control", name);
            let measure = telling(measure.clone(), [&number.estimate]);
            own.change("it", &number.estimate, None, &measure);
            named.0.extend(self.say("estimate_clear_control", &own).0);
        }
        facts
            .count("n_controls", controls.len() as i64)
            .count("n_clear", clear.len() as i64)
            .count("n_named", clear.len().min(MOST_CLEAR) as i64)
            .prose("clear", named);
    }

    fn coefficients_of(&self, told: &Told) -> Option<View> {
        let equation = self.equation(told);
        let of = self.about.variable(equation.first()).of;
        let square = equation.quadratic.as_ref().map(|(_, square)| square.clone());
        let (mut own, mut others): (Vec<Line>, Vec<Line>) = (Vec::new(), Vec::new());
        for code in self.terms(equation).into_iter().take(MOST_ROWS) {
            let number = self.coefficient(&equation.name, &code)?;
            let is_own = self.about.variable(&code).of == of || Some(&code) == square.as_ref();
            let line = (self.variable(&code), code, number);
            if is_own { own.push(line) } else { others.push(line) }
        }
        let facts = self.facts(told);
        let heads = ["estimate_head_own", "estimate_head_others"];
        let heads = heads.map(|key| self.say(key, &facts).plain());
        let groups = heads.into_iter().zip([own, others]);
        let groups = groups.filter(|(_, lines)| !lines.is_empty()).collect();
        let several = self.told.len() > 1;
        let choice = if several { told.name.brief() } else { String::new() };
        let described = (choice, self.say("estimate_coefficients_drawn", &facts));
        let head = self.say("estimate_coefficients_head", &facts).plain();
        self.plot(described, head, "1", groups)
    }

    /// Curves that turn, or do not.
    fn turnings(&self) -> Option<Block> {
        let with: Vec<&Told> = self.told.iter().filter(|told| told.turning.is_some()).collect();
        let main = *with.first()?;
        let mut facts = self.facts(main);
        let first = self.first(self.equation(main));
        let mut others = Prose::default();
        for told in with.iter().filter(|told| self.first(self.equation(told)) != first) {
            let mut own = self.named(told);
            self.add_turning(&mut own, told);
            others.0.extend(self.say("estimate_turning_other", &own).0);
        }
        facts.prose("others", others);
        let views: Vec<View> = (with.iter().take(MOST_VIEWS))
            .filter_map(|told| self.curve_of(told, told.turning.as_ref()?))
            .collect();
        (!views.is_empty()).then(|| self.block("turning-point", "turning", &facts, views))
    }

    fn curve_of(&self, told: &Told, turning: &Turning) -> Option<View> {
        let equation = self.equation(told);
        let curve = Curve::of(self, equation)?;
        let y_unit = self.about.variable(&equation.dependent).unit.unwrap_or_default();
        let largest = curve.points.iter().map(|one| one.y.value.abs()).fold(0.0, f64::max);
        let (x, y) = (
            self.book.figure_measure(&turning.unit, turning.ends[1].value),
            self.book.figure_measure(&y_unit, largest),
        );
        let logarithm = |code: &str| self.about.variable(code).logarithm;
        let mut facts = self.facts(told);
        facts.word(
            "spaced",
            match (logarithm(equation.first()), logarithm(&equation.dependent)) {
                (true, true) => "both",
                (true, false) => "x",
                (false, true) => "y",
                (false, false) => "",
            },
        );
        let drawn = self.say("estimate_turning_drawn", &facts);
        let kept = |code: &str| if logarithm(code) { Kept::Spaced } else { Kept::Levels };
        let verdict = match turning.holds() {
            true => {
                Verdict::Turns { at: turning.at.point.clone(), interval: turning.at.range.clone() }
            }
            false if turning.inside() => Verdict::Unsure { p: Some(turning.p.clone()) },
            false => Verdict::Monotone { p: Some(turning.p.clone()) },
        };
        let grid = curve.grid(self, told, drawn.plain(), [&x, &y]);
        let dimension =
            |name: &Named, measure: Measure, kept| Dimension { name: name.full(), measure, kept };
        let figure = TurningPointCurve {
            head: self.say("estimate_turning_head", &facts).plain(),
            x: dimension(&self.first(equation), x, kept(equation.first())),
            y: dimension(&self.variable(&equation.dependent), y, kept(&equation.dependent)),
            curve: curve.points.iter().map(Point::drawn).collect(),
            sample: [turning.ends[0].value, turning.ends[1].value],
            rug: curve.observed,
            verdict,
        };
        let choice = if self.told.len() > 1 { told.name.brief() } else { String::new() };
        let file = CURVE.to_owned();
        Some(View { choice, description: drawn, figure: Box::new(figure), grid, file })
    }
}

fn row((name, symbol, number): Line) -> Row {
    let Estimate { point, range, .. } = number.estimate;
    let value = Coefficient { point, ninety_five: range, ninety: number.ninety };
    Row { name, symbol, value: Some(value), published: None, decimals: None }
}

/// A point of a fitted curve in levels.
struct Point {
    x: Cited,
    y: Cited,
    band: Option<[Cited; 2]>,
}

impl Point {
    fn drawn(&self) -> CurvePoint {
        let band = self.band.as_ref().map(|[low, high]| [low.value, high.value]);
        CurvePoint { x: self.x.value, y: self.y.value, band }
    }
}

/// A fitted curve in levels.
struct Curve {
    points: Vec<Point>,
    observed: Vec<f64>,
}

/// Every so many points stand in the table of a curve.
const TABLED: usize = 8;

impl Curve {
    fn of(subject: &Subject<'_>, equation: &Equation) -> Option<Self> {
        let first = equation.first();
        let level = |code: &str, word: &str| match subject.about.variable(code).logarithm {
            true => format!("{word}_level"),
            false => word.to_owned(),
        };
        let words = [
            level(first, "x"),
            level(&equation.dependent, "estimate"),
            level(&equation.dependent, "low95"),
            level(&equation.dependent, "high95"),
        ];
        let number = |part: &str, point: usize, statistic: &str| {
            let question = [
                (Column::Scenario, equation.name.as_str()),
                (Column::Factor, first),
                (Column::Point, &point.to_string()),
                (Column::Part, part),
                (Column::Statistic, statistic),
            ];
            Some(subject.book.find(CURVE, &question)?.cited)
        };
        let point = |at: usize| {
            let end = |word: &str| number("fitted", at, word);
            Some(Point {
                x: end(&words[0])?,
                y: end(&words[1])?,
                band: end(&words[2]).zip(end(&words[3])).map(|(low, high)| [low, high]),
            })
        };
        let points: Vec<Point> = (1..).map_while(point).collect();
        let observed = (0..=100).filter_map(|at| Some(number("observed", at, &words[0])?.value));
        (!points.is_empty()).then(|| Curve { observed: observed.collect(), points })
    }

    fn grid(
        &self,
        subject: &Subject<'_>,
        told: &Told,
        caption: String,
        [x, y]: [&Measure; 2],
    ) -> Grid {
        let equation = subject.equation(told);
        let names = [subject.first(equation), subject.variable(&equation.dependent)];
        let heads = vec![
            head(names[0].full(), x.unit(), true),
            head(names[1].full(), y.unit(), true),
            head(subject.word("lowest"), y.unit(), true),
            head(subject.word("highest"), y.unit(), true),
        ];
        let row = |one: &Point| {
            let ends = one.band.as_ref();
            let cells = vec![
                level_cell(Some(&one.x), x),
                level_cell(Some(&one.y), y),
                level_cell(ends.map(|ends| &ends[0]), y),
                level_cell(ends.map(|ends| &ends[1]), y),
            ];
            GridRow { cells, total: false }
        };
        Grid { caption, heads, rows: self.points.iter().step_by(TABLED).map(row).collect() }
    }
}
