//! Scenarios beside each other: a table whose cells are dots with their ranges and numbers beside them.
//!
//! Rows are scenarios, columns quantities; those of one unit share a scale, so that their dots compare. On a phone every quantity is a panel. The
//! best of a column is bold only where the caller knows that it is better than every other.

use super::axis::{self, Axis};
use super::canvas::{Alt, Anchor, Canvas, Drawing, Fill, Stroke, Type};
use super::ink::Ink;
use super::names::Named;
use super::rows::{self, Head, NameColumn, fitted, printed, told, whisker};
use super::scale::{Scale, ticks};
use super::{Figure, Style, Width};
use crate::numerals::{Estimate, Measure};

/// A quantity.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub head: String,
    /// Its unit.
    pub measure: Measure,
    /// Whether its numbers are changes: with their sign, a line at zero, and "unclear" where a range crosses it.
    pub change: bool,
    /// Index of the row that is better than each other one in a firm difference, if there is one.
    pub best: Option<usize>,
}

/// A scenario.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its name.
    pub name: Named,
    /// Whether it is the one that others are measured against.
    pub baseline: bool,
    /// One number for each column; nothing where there is none.
    pub cells: Vec<Option<Estimate>>,
}

/// Scenarios compared.
#[derive(Debug, Clone)]
pub struct ScenarioTable {
    /// Quantities.
    pub columns: Vec<Column>,
    /// Scenarios in their order.
    pub rows: Vec<Row>,
}

/// A number and the word "unclear" below it have the room.
const ROW: f64 = 36.0;
const FOOT: f64 = 30.0;
/// Between columns.
const GAP: f64 = 24.0;
/// Columns beside each other.
const ABREAST: usize = 4;
/// The least room of the dots of a column.
const LEAST: f64 = 60.0;
const DOT: f64 = 5.0;
const NOTE_LINE: f64 = 22.0;
const NONE: &str = "—";
const WORD: Type = Type::AXIS.ink(Ink::Ink2);

/// Where the cells of a column stand.
struct Cells {
    column: usize,
    left: f64,
    right: f64,
    top: f64,
}

impl ScenarioTable {
    fn cell(&self, row: usize, column: usize) -> Option<Estimate> {
        self.rows.get(row)?.cells.get(column)?.as_ref()?.known()
    }

    fn cells(&self, column: usize) -> impl Iterator<Item = Estimate> {
        (0..self.rows.len()).filter_map(move |row| self.cell(row, column))
    }

    /// Whether the direction of a change is unclear; of a level, whether it is disputed.
    fn unclear(&self, column: usize, value: &Estimate) -> bool {
        value.disputed || (self.columns[column].change && value.unclear())
    }

    fn number(&self, column: usize, value: &Estimate) -> String {
        let own = &self.columns[column];
        printed(&own.measure, own.change, value.value())
    }

    fn number_type(&self, (row, column): (usize, usize), value: &Estimate) -> Type {
        match self.unclear(column, value) {
            true => Type::LABEL.ink(Ink::Ink2),
            false if self.columns[column].best == Some(row) => Type::VALUE,
            false => Type::LABEL,
        }
    }

    /// Columns of the same unit and kind, which share a scale and the room of their numbers.
    fn alike(&self, column: usize) -> impl Iterator<Item = usize> {
        let of = |at: usize| (self.columns[at].measure.unit(), self.columns[at].change);
        (0..self.columns.len()).filter(move |at| of(*at) == of(column))
    }

    /// Width of the numbers of a column and of those that share its scale.
    fn widest_alike(&self, style: &Style, column: usize) -> f64 {
        self.alike(column).map(|at| self.widest(style, at)).fold(0.0, f64::max)
    }

    /// Width of the numbers of a column and of the words below them.
    fn widest(&self, style: &Style, column: usize) -> f64 {
        let own = |value: Estimate| {
            let word = if self.unclear(column, &value) { style.words.unclear.as_str() } else { "" };
            Type::VALUE.width(&self.number(column, &value)).max(WORD.width(word))
        };
        self.cells(column).map(own).fold(Type::VALUE.width(NONE), f64::max)
    }

    /// The scale of a column between two places, and how many numbers its axis has: all ranges, and zero if it has
    /// changes; as many numbers as stand without touching, and round ends where there would be only one.
    fn scale(&self, column: usize, frame: [f64; 2]) -> (Scale, usize) {
        let own = &self.columns[column];
        let cells = self.alike(column).flat_map(|at| self.cells(at));
        let ends = cells.flat_map(|value| value.span()).map(|end| own.measure.scaled(end));
        let zero = own.change.then_some(0.0);
        let both = ends.chain(zero).map(|end| [end, end]);
        let domain = both.reduce(|a, b| [a[0].min(b[0]), a[1].max(b[1])]).unwrap_or([0.0, 1.0]);
        let scale = fitted(domain, frame, &[], &[]);
        let fits = |most: &usize| {
            let found = ticks(domain[0], domain[1], *most);
            let tick = |value: &f64| own.measure.tick(*value, found.step, own.change);
            let room = |value: &f64| Type::AXIS.width(&tick(value)) / 2.0 + 3.0;
            let mut pairs = found.values.windows(2);
            found.values.len() > 1
                && pairs.all(|pair| {
                    scale.at(pair[0]) + room(&pair[0]) <= scale.at(pair[1]) - room(&pair[1])
                })
        };
        if let Some(most) = (2..=5).rev().find(fits) {
            return (scale, most);
        }
        let step = ticks(domain[0], domain[1], 2).step;
        let round = [(domain[0] / step).floor() * step, (domain[1] / step).ceil() * step];
        (fitted(round, frame, &[], &[]), 3)
    }

    /// Columns beside each other on a wide drawing: as many as leave their numbers the room.
    fn abreast(&self, style: &Style, room: f64) -> usize {
        let count = self.columns.len().max(1);
        let widest = (0..self.columns.len()).map(|at| self.widest(style, at)).fold(0.0, f64::max);
        let fits = |abreast: &usize| (room + GAP) / *abreast as f64 - GAP >= widest + 8.0 + LEAST;
        let most = (1..=count.min(ABREAST)).rev().find(fits).unwrap_or(1);
        count.div_ceil(count.div_ceil(most))
    }

    fn draw_axis(
        &self,
        canvas: &mut Canvas,
        column: usize,
        (scale, most): (&Scale, usize),
        [top, bottom]: [f64; 2],
    ) {
        let own = &self.columns[column];
        let axis = Axis { measure: &own.measure, change: own.change, most };
        axis::below(canvas, axis, scale, top, bottom);
        if own.change {
            axis::zero_line(canvas, scale, top, bottom);
        }
    }

    /// The dot of a cell with its range.
    fn draw_dot(
        &self,
        canvas: &mut Canvas,
        (row, column): (usize, usize),
        scale: &Scale,
        value: &Estimate,
        middle: f64,
    ) {
        let at = |value: f64| scale.at(self.columns[column].measure.scaled(value));
        if value.range.is_some() {
            whisker(canvas, value.span().map(at), middle);
        }
        let ink = if self.rows[row].baseline { Ink::Baseline } else { Ink::Scenario };
        let fill = if self.unclear(column, value) { Ink::Paper } else { ink };
        canvas.dot((at(value.value()), middle), DOT, Fill::Ink(fill), Some(Stroke::of(ink, 1.8)));
    }

    /// The cells of a column: dot, and the number at the right.
    fn draw_cells(&self, canvas: &mut Canvas, style: &Style, cells: &Cells) {
        let column = cells.column;
        let numbers = cells.right - self.widest_alike(style, column) - 8.0;
        let (scale, most) = self.scale(column, [cells.left + DOT + 1.0, numbers - DOT - 1.0]);
        let bottom = cells.top + ROW * self.rows.len() as f64;
        self.draw_axis(canvas, column, (&scale, most), [cells.top, bottom]);
        for row in 0..self.rows.len() {
            let middle = cells.top + ROW * (row as f64 + 0.5);
            let Some(value) = self.cell(row, column) else {
                let how = Type::LABEL.ink(Ink::Ink3).anchor(Anchor::End);
                canvas.text(NONE, cells.right, middle + 4.5, how);
                continue;
            };
            canvas.mark(&self.says(style, (row, column), &value), |canvas| {
                self.draw_dot(canvas, (row, column), &scale, &value, middle);
                let how = self.number_type((row, column), &value).anchor(Anchor::End);
                let unclear = self.unclear(column, &value);
                let baseline = if unclear { middle - 2.5 } else { middle + 4.5 };
                canvas.number(
                    &self.number(column, &value),
                    cells.right,
                    baseline,
                    how,
                    &value.point,
                );
                if unclear {
                    let how = WORD.anchor(Anchor::End);
                    canvas.text(&style.words.unclear, cells.right, middle + 12.5, how);
                }
            });
        }
    }

    fn draw_names(&self, canvas: &mut Canvas, names: &NameColumn, top: f64) {
        for (at, row) in self.rows.iter().enumerate() {
            names.draw(canvas, &row.name, top + ROW * (at as f64 + 0.5), Ink::Ink);
            if at > 0 {
                let y = top + ROW * at as f64;
                canvas.line((0.0, y), (canvas.width(), y), Stroke::GRID);
            }
        }
    }

    /// What a grey dot is and what bold is, if there is one; the height that it takes.
    fn draw_note(&self, canvas: &mut Canvas, style: &Style, top: f64) -> f64 {
        let how = Type::AXIS.ink(Ink::Ink2);
        let baseline = self.rows.iter().any(|row| row.baseline);
        let is_best =
            |at: usize| self.columns[at].best.is_some_and(|row| self.cell(row, at).is_some());
        let best = (0..self.columns.len()).any(is_best);
        let mut x = 0.0;
        if baseline {
            let dot = (x + DOT + 1.0, top + 9.5);
            canvas.dot(dot, DOT, Fill::Ink(Ink::Baseline), Some(Stroke::of(Ink::Baseline, 1.8)));
            canvas.text(&style.words.baseline, x + 18.0, top + 14.0, how);
            x += 18.0 + how.width(&style.words.baseline) + 16.0;
        }
        if best {
            canvas.text(&style.words.best_in_bold, x, top + 14.0, how);
        }
        if baseline || best { NOTE_LINE } else { 0.0 }
    }

    fn says(&self, style: &Style, (row, column): (usize, usize), value: &Estimate) -> String {
        let own = &self.columns[column];
        let words = &style.words;
        let name = &self.rows[row].name;
        if own.change {
            return rows::says(style, &own.head, &own.measure, name, value);
        }
        let range = value.range.as_ref().map_or(String::new(), |[low, high]| {
            let ends = own.measure.levels(low.value, high.value);
            words.bracketed(&format!("{}{ends}", words.range))
        });
        let number = told(&own.measure, false, value.value());
        format!("{}{}{} {number}{range}", name.full(), words.colon, own.head)
    }
}

impl Figure for ScenarioTable {
    fn draw(&self, style: &Style, width: Width) -> Drawing {
        let mut canvas = Canvas::new(width.px());
        let names = NameColumn::of(self.rows.iter().map(|row| &row.name), Type::LABEL, width, 2);
        let room = width.px() - names.width();
        let abreast = width.pick(self.abreast(style, room), 1);
        let cell = (room + GAP) / abreast as f64 - GAP;
        let mut top = 0.0;
        for first in (0..self.columns.len()).step_by(abreast) {
            let columns = first..(first + abreast).min(self.columns.len());
            let head_room = width.pick(cell, width.px());
            let of =
                |at: usize| Head::of(&self.columns[at].head, &self.columns[at].measure, head_room);
            let heads: Vec<Head> = columns.clone().map(of).collect();
            let tallest = heads.iter().map(Head::height).fold(0.0, f64::max);
            let cells_top = top + tallest;
            self.draw_names(&mut canvas, &names, cells_top);
            for (at, (column, head)) in columns.zip(&heads).enumerate() {
                let left = names.width() + (cell + GAP) * at as f64;
                let cells = Cells { column, left, right: left + cell, top: cells_top };
                // Heads of several lines end at the same height.
                let head_left = width.pick(left, 0.0);
                head.draw(&mut canvas, head_left, cells_top - head.height());
                self.draw_cells(&mut canvas, style, &cells);
            }
            top = cells_top + ROW * self.rows.len() as f64 + FOOT;
        }
        let note = self.draw_note(&mut canvas, style, top);
        canvas.finish((top + note).max(FOOT))
    }

    fn alt(&self, style: &Style) -> Alt {
        let words = &style.words;
        let mut said = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            let known: Vec<(String, Estimate)> = (self.rows.iter().enumerate())
                .filter_map(|(row, own)| Some((own.name.brief(), self.cell(row, at)?)))
                .collect();
            let values: Vec<(String, f64)> =
                known.iter().map(|(name, value)| (name.clone(), value.value())).collect();
            let open: Vec<String> = (known.iter().filter(|(_, value)| self.unclear(at, value)))
                .map(|(name, _)| name.clone())
                .collect();
            let tell = |value| told(&column.measure, column.change, value);
            let ends = rows::ends(style, &values, tell);
            let unclear = rows::unclear(style, &open);
            said.push(format!("{}{}{ends}{unclear}", column.head, words.colon));
        }
        let heads: Vec<&str> = self.columns.iter().map(|column| column.head.as_str()).collect();
        let title = style.language.pick("比较", "Comparison");
        let title = format!("{title}{}{}", words.colon, heads.join(&words.enumeration));
        Alt::new(title, &said.join(&words.stop))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::testing;
    use crate::numerals::{Cited, Language};

    fn estimate(value: f64, spread: f64, line: u64) -> Option<Estimate> {
        let cited = |value, at| Cited::new(value, "compare.csv", line + at);
        let range = Some([cited(value - spread, 1), cited(value + spread, 2)]);
        Some(Estimate { point: cited(value, 0), range, disputed: false })
    }

    fn column(head: &str, unit: &str, largest: f64, change: bool, language: Language) -> Column {
        let measure = Measure::of_figure(unit, largest, language);
        Column { head: head.to_owned(), measure, change, best: None }
    }

    fn columns(language: Language, largest: f64) -> Vec<Column> {
        vec![
            column(language.pick("增加值", "Value added"), "10^8 yuan", largest, true, language),
            column(language.pick("二氧化碳", "Carbon dioxide"), "Mt", largest, true, language),
            column(
                language.pick("排放转移比", "Emission transfer ratio"),
                "",
                9.0,
                false,
                language,
            ),
            column(
                language.pick("盈亏平衡排放强度", "Break-even emission intensity"),
                "Mt per 10^8 yuan",
                largest / 1e4,
                false,
                language,
            ),
        ]
    }

    fn of_scenarios(count: usize, language: Language) -> ScenarioTable {
        let row = |(k, name)| {
            let size = testing::estimate(k).value();
            let cells = vec![
                Some(testing::estimate(k)),
                estimate(size / 2.0, size.abs() * (k % 3) as f64, 2),
                (k != 1).then(|| estimate(size.abs() / 700.0, 0.4, 2)).flatten(),
                estimate(size / 1e4, 0.1, 2),
            ];
            Row { name, baseline: k == 0, cells }
        };
        let rows = testing::names(count, language).into_iter().enumerate().map(row).collect();
        let mut columns = columns(language, 5000.0);
        columns[2].best = Some(0);
        ScenarioTable { columns, rows }
    }

    fn small() -> ScenarioTable {
        let row = |name: &str, baseline, cells| Row { name: Named::new(name), baseline, cells };
        let mut columns = columns(Language::English, 300.0);
        columns.truncate(3);
        columns[1].best = Some(2);
        ScenarioTable {
            columns,
            rows: vec![
                row("As today", true, vec![estimate(120.0, 30.0, 2), estimate(14.0, 6.0, 5), None]),
                row(
                    "Best technology",
                    false,
                    vec![estimate(110.0, 35.0, 8), estimate(-3.0, 5.0, 11), estimate(0.8, 0.1, 14)],
                ),
                row(
                    "Clean power",
                    false,
                    vec![
                        estimate(96.0, 40.0, 17),
                        estimate(-22.0, 4.0, 20),
                        estimate(0.4, 0.2, 23),
                    ],
                ),
            ],
        }
    }

    #[test]
    fn texts_are_inside_and_apart_for_2_to_40_scenarios() {
        for count in 2..=40 {
            for language in Language::BOTH {
                testing::assert_readable(&of_scenarios(count, language), language);
            }
        }
    }

    #[test]
    fn only_the_best_is_bold_and_what_crosses_zero_is_unclear() {
        let svg = testing::lines(&small(), Language::English, Width::Wide);
        let line = |text: &str| svg.lines().find(|line| line.contains(text)).unwrap();
        assert!(line(">−22</text>").contains("font-weight=\"600\""));
        assert!(!line(">+14</text>").contains("font-weight"));
        assert!(!line(">−3</text>").contains("font-weight"));
        assert_eq!(svg.matches(">unclear</text>").count(), 1);
        assert!(svg.contains(">Bold: best, and firmly so</text>"));
    }

    #[test]
    fn drawings_stay_as_they_are() {
        let figure = small();
        let widths =
            [("scenario_table_wide", Width::Wide), ("scenario_table_narrow", Width::Narrow)];
        for (name, width) in widths {
            insta::assert_snapshot!(name, testing::lines(&figure, Language::English, width));
        }
    }

    #[test]
    fn extreme_numbers_are_drawn() {
        for value in [0.0, 1e-9, 1e15, f64::NAN, f64::NEG_INFINITY] {
            for rows in [0, 1, 3] {
                let mut figure = of_scenarios(rows, Language::Chinese);
                for row in &mut figure.rows {
                    row.cells = vec![estimate(value, 1.0, 2), estimate(value, f64::INFINITY, 2)];
                }
                testing::assert_numbers(&figure, Language::Chinese);
                figure.columns.clear();
                testing::assert_numbers(&figure, Language::Chinese);
            }
        }
    }
}
