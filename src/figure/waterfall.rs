//! Waterfall: what a change is made of, from one total to the other, with the range of each part.
//!
//! Rows run from the largest part to the smallest. One part is the subject, in the colour of its direction; the
//! others are grey. A range stands where its bar ends.

use super::axis::{self, Axis};
use super::canvas::{Alt, Canvas, Drawing, Fill, Rect, Stroke, Type};
use super::ink::{Ink, Quantity};
use super::names::Named;
use super::net_bars::{direction, number_type};
use super::rows::{self, Head, NameColumn, fitted, told, whisker, with_zero};
use super::scale::Scale;
use super::{Figure, Style, Width};
use crate::numerals::{Cited, Estimate, Measure};

/// The level before or after.
#[derive(Debug, Clone)]
pub struct Total {
    /// Its name, such as a year.
    pub name: Named,
    /// The level.
    pub value: Cited,
}

/// A part of the change.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its name.
    pub name: Named,
    /// What it adds.
    pub effect: Estimate,
    /// Whether it is the subject; one should be at most.
    pub emphasised: bool,
    /// Whether it stands at the end whatever its size: inventories, errors, the sum of other parts.
    pub last: bool,
}

/// Parts of a change between two levels: `start + Σ effects = end`.
#[derive(Debug, Clone)]
pub struct Waterfall {
    /// Name of the quantity.
    pub head: String,
    /// Its unit.
    pub measure: Measure,
    /// Which colour its levels have.
    pub quantity: Quantity,
    /// The level before.
    pub start: Total,
    /// The parts, in any order; ten at most are easy to read.
    pub steps: Vec<Step>,
    /// The level after.
    pub end: Total,
}

/// Parts that do not lead from one total to the other.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("the parts of the change add up to {parts}, but the totals are {start} and {end}")]
pub struct NotClosed {
    /// The level before.
    pub start: f64,
    /// Sum of the parts.
    pub parts: f64,
    /// The level after.
    pub end: f64,
}

const ROW: f64 = 33.0;
const FOOT: f64 = 24.0;
const BAR: f64 = 19.0;

/// A row as it is drawn; lengths are in the printed unit.
struct Row<'a> {
    name: &'a Named,
    name_type: Type,
    /// Where the bar starts and ends; nothing where there is no number.
    bar: Option<[f64; 2]>,
    range: Option<[f64; 2]>,
    fill: Fill,
    number: String,
    number_type: Type,
    cited: &'a Cited,
    says: String,
}

impl Row<'_> {
    /// The farthest that anything of the row reaches to the right.
    fn right(&self) -> f64 {
        let ends = self.bar.iter().chain(&self.range).flatten();
        ends.copied().reduce(f64::max).unwrap_or(0.0)
    }
}

impl Waterfall {
    /// Whether the parts lead from one total to the other, to a millionth of the largest number.
    ///
    /// # Errors
    /// [`NotClosed`] with the numbers if they do not; the last connector of the drawing then misses its bar.
    pub fn check(&self) -> Result<(), NotClosed> {
        let parts: f64 = self.steps.iter().map(|step| step.effect.value()).sum();
        let (start, end) = (self.start.value.value, self.end.value.value);
        let sizes = self.steps.iter().map(|step| step.effect.value().abs());
        let largest = sizes.fold(start.abs().max(end.abs()), f64::max);
        match (start + parts - end).abs() <= 1e-6 * largest {
            true => Ok(()),
            false => Err(NotClosed { start, parts, end }),
        }
    }

    /// Parts by size, those that are always last behind them; equal ones in their own order.
    fn sorted(&self) -> Vec<&Step> {
        let mut steps: Vec<&Step> = self.steps.iter().collect();
        let size = |step: &Step| step.effect.known().map_or(0.0, |effect| effect.value().abs());
        steps.sort_by(|a, b| a.last.cmp(&b.last).then(size(b).total_cmp(&size(a))));
        steps
    }

    fn rows(&self, style: &Style) -> Vec<Row<'_>> {
        let mut running = self.start.value.known().map_or(0.0, |start| start.value);
        let mut rows = vec![self.total(style, &self.start)];
        for step in self.sorted() {
            rows.push(self.step(style, step, running));
            running += step.effect.known().map_or(0.0, |effect| effect.value());
        }
        rows.push(self.total(style, &self.end));
        rows
    }

    fn total<'a>(&self, style: &Style, total: &'a Total) -> Row<'a> {
        let number = match total.value.known() {
            Some(known) => self.measure.level(known.value),
            None => style.words.no_data.clone(),
        };
        Row {
            name: &total.name,
            name_type: Type::VALUE,
            bar: total.value.known().map(|known| [0.0, self.measure.scaled(known.value)]),
            range: None,
            fill: Fill::Ink(self.quantity.ink()),
            says: format!(
                "{}{}{} {}",
                total.name.full(),
                style.words.colon,
                self.head,
                self.measure.with_unit(&number)
            ),
            number,
            number_type: Type::VALUE,
            cited: &total.value,
        }
    }

    fn step<'a>(&self, style: &Style, step: &'a Step, running: f64) -> Row<'a> {
        let empty = |cited| Row {
            name: &step.name,
            name_type: Type::LABEL,
            bar: None,
            range: None,
            fill: Fill::None,
            number: style.words.no_data.clone(),
            number_type: Type::AXIS,
            cited,
            says: format!("{}{}{}", step.name.full(), style.words.colon, style.words.no_data),
        };
        let Some(effect) = step.effect.known() else { return empty(&step.effect.point) };
        let (ink, own) = direction(&effect);
        let end = |value: f64| self.measure.scaled(running + value);
        let number = self.measure.change(effect.value());
        Row {
            name_type: match step.emphasised && !effect.unclear() {
                true => Type::VALUE.ink(ink),
                false if step.emphasised => Type::VALUE,
                false => Type::LABEL,
            },
            bar: Some([self.measure.scaled(running), end(effect.value())]),
            range: effect.range.is_some().then(|| effect.span().map(end)),
            fill: match step.emphasised || effect.unclear() {
                true => own,
                false => Fill::Ink(Ink::Context),
            },
            number: match effect.unclear() {
                true => format!("{number} {}", style.words.unclear),
                false => number,
            },
            number_type: match step.emphasised || effect.unclear() {
                true => number_type(&effect),
                false => Type::VALUE,
            },
            says: rows::says(style, &self.head, &self.measure, &step.name, &effect),
            ..empty(&step.effect.point)
        }
    }

    fn draw_row(&self, canvas: &mut Canvas, scale: &Scale, row: &Row<'_>, middle: f64) {
        let beyond = scale.at(row.right()) + 8.0;
        let Some([from, to]) = row.bar.map(|ends| ends.map(|end| scale.at(end))) else {
            canvas.text(&row.number, beyond, middle + 4.5, row.number_type);
            return;
        };
        canvas.mark(&row.says, |canvas| {
            // A part too small to be seen is still a line.
            let width = (to - from).abs().max(1.0);
            let bar = Rect::new(from.min(to), middle - BAR / 2.0, width, BAR);
            canvas.rect(bar, row.fill, None);
            if let Some(range) = row.range {
                whisker(canvas, range.map(|end| scale.at(end)), middle);
            }
            canvas.number(&row.number, beyond, middle + 4.5, row.number_type, row.cited);
        });
    }
}

impl Figure for Waterfall {
    fn draw(&self, style: &Style, width: Width) -> Drawing {
        let mut canvas = Canvas::new(width.px());
        let rows = self.rows(style);
        let names = NameColumn::of(rows.iter().map(|row| row.name), Type::VALUE, width, 2);
        let head = Head::of(&self.head, &self.measure, width.px());
        let top = head.height();
        let middle = |at: usize| top + ROW * (at as f64 + 0.5);
        let bottom = top + ROW * rows.len() as f64;

        let reached = rows.iter().flat_map(|row| row.bar.iter().chain(&row.range).flatten());
        let domain = with_zero(reached.copied());
        let number = |row: &Row<'_>| row.number_type.width(&row.number) + 8.0;
        let numbers: Vec<(f64, f64)> = rows.iter().map(|row| (row.right(), number(row))).collect();
        let scale = fitted(domain, [names.width(), width.px()], &[], &numbers);

        head.draw(&mut canvas, 0.0, 0.0);
        let axis = Axis { measure: &self.measure, change: false, most: width.pick(6, 5) };
        axis::below(&mut canvas, axis, &scale, top, bottom);
        let mut running = rows.first().and_then(|row| row.bar).map_or(0.0, |bar| bar[1]);
        for (at, row) in rows.iter().enumerate() {
            if at > 0 {
                let (above, x) = (middle(at - 1), scale.at(running));
                let ends = [(x, above + BAR / 2.0), (x, above + ROW - BAR / 2.0)];
                canvas.line(ends[0], ends[1], Stroke::of(Ink::Ink2, 1.0));
            }
            running = row.bar.map_or(running, |bar| bar[1]);
            names.draw_as(&mut canvas, row.name, middle(at), row.name_type);
            self.draw_row(&mut canvas, &scale, row, middle(at));
        }
        axis::zero_line(&mut canvas, &scale, top, bottom);
        canvas.finish(bottom + FOOT)
    }

    fn alt(&self, style: &Style) -> Alt {
        let words = &style.words;
        let language = style.language;
        let level = |total: &Total| match total.value.known() {
            Some(known) => told(&self.measure, false, known.value),
            None => words.no_data.clone(),
        };
        let totals = [&self.start, &self.end]
            .map(|total| format!("{} {}", total.name.brief(), level(total)));
        let known: Vec<(String, Estimate)> = (self.sorted().into_iter())
            .filter_map(|step| Some((step.name.brief(), step.effect.known()?)))
            .collect();
        let values: Vec<(String, f64)> =
            known.iter().map(|(name, effect)| (name.clone(), effect.value())).collect();
        let ends = rows::ends(style, &values, |value| told(&self.measure, true, value));
        let open: Vec<String> = (known.iter().filter(|(_, effect)| effect.unclear()))
            .map(|(name, _)| name.clone())
            .collect();
        let title = language.pick("瀑布图", "Waterfall");
        let text = format!(
            "{}{}{}{}",
            totals.join(&words.comma),
            words.stop,
            ends,
            rows::unclear(style, &open)
        );
        Alt::new(format!("{title}{}{}", words.colon, self.head), &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::testing;
    use crate::numerals::Language;

    fn cited(value: f64, line: u64) -> Cited {
        Cited::new(value, "effects.csv", line)
    }

    fn step(name: Named, value: f64, low: f64, high: f64, line: u64) -> Step {
        let range = Some([cited(low, line + 1), cited(high, line + 2)]);
        let effect = Estimate { point: cited(value, line), range, disputed: false };
        Step { name, effect, emphasised: line == 3, last: false }
    }

    /// A total of `start` and steps of given sizes that lead to the other total.
    fn of_values(start: f64, values: &[f64], language: Language) -> Waterfall {
        let names = testing::names(values.len(), language);
        let steps = names.into_iter().zip(values).enumerate().map(|(k, (name, value))| {
            let ends = [value - 0.5 * value.abs(), value + 1.2 * value.abs()];
            step(name, *value, ends[0], ends[1], 3 * k as u64 + 3)
        });
        let end = start + values.iter().sum::<f64>();
        let total = |name: &str, value| Total { name: Named::new(name), value: cited(value, 2) };
        let largest = values.iter().fold(start.abs(), |most, value| most.max(value.abs()));
        Waterfall {
            head: language.pick("二氧化碳排放", "Carbon dioxide emissions").to_owned(),
            measure: Measure::of_figure("Mt", largest, language),
            quantity: Quantity::Stressor,
            start: total(language.pick("2002 年", "2002"), start),
            steps: steps.collect(),
            end: total(language.pick("2007 年", "2007"), end),
        }
    }

    fn northwest() -> Waterfall {
        let named = |name: &str| Named::new(name);
        let mut figure = of_values(319.0, &[], Language::English);
        figure.measure = Measure::of_figure("Mt", 768.0, Language::English);
        figure.steps = vec![
            step(named("Sourcing"), 300.0, 105.0, 639.0, 3),
            step(named("Inventories"), 43.0, -11.0, 60.0, 6),
            step(named("Domestic final demand"), 328.0, 113.0, 507.0, 9),
            step(named("Emission intensity"), -222.0, -478.0, -42.0, 12),
        ];
        figure.steps[1].last = true;
        figure.end.value = cited(768.0, 15);
        figure
    }

    #[test]
    fn texts_are_inside_and_apart_for_2_to_40_parts() {
        for count in 2..=40 {
            let values: Vec<f64> = (0..count).map(|k| testing::estimate(k).value()).collect();
            for language in Language::BOTH {
                testing::assert_readable(&of_values(3000.0, &values, language), language);
            }
        }
    }

    #[test]
    fn parts_run_from_large_to_small_and_the_last_ones_are_last() {
        let figure = northwest();
        let order: Vec<String> = figure.sorted().iter().map(|step| step.name.full()).collect();
        assert_eq!(
            order,
            ["Domestic final demand", "Sourcing", "Emission intensity", "Inventories"]
        );
    }

    #[test]
    fn parts_that_miss_the_total_are_told() {
        let mut figure = northwest();
        assert_eq!(figure.check(), Ok(()));
        figure.end.value.value = 700.0;
        let open = figure.check().unwrap_err();
        assert_eq!((open.start, open.parts, open.end), (319.0, 449.0, 700.0));
    }

    #[test]
    fn drawings_stay_as_they_are() {
        let figure = northwest();
        for (name, width) in [("waterfall_wide", Width::Wide), ("waterfall_narrow", Width::Narrow)]
        {
            insta::assert_snapshot!(name, testing::lines(&figure, Language::English, width));
        }
    }

    #[test]
    fn extreme_numbers_are_drawn() {
        for values in [
            vec![0.0, 0.0],
            vec![5.0],
            vec![],
            vec![1e-9, -2e-9],
            vec![1e15, -3e15],
            vec![f64::NAN, 2.0, f64::INFINITY],
        ] {
            for start in [0.0, 1e-9, 1e15, f64::NAN] {
                let figure = of_values(start, &values, Language::Chinese);
                testing::assert_numbers(&figure, Language::Chinese);
            }
        }
    }
}
