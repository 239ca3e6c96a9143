//! Bars of levels: how much of one thing, by row, from zero on.
//!
//! Rows that the text speaks of are dark, the others are context. From more than 20 rows on dots take the place of
//! bars.

use super::axis::{self, Axis};
use super::canvas::{Alt, Canvas, Drawing, Fill, Rect, Stroke, Type};
use super::ink::Ink;
use super::names::Named;
use super::net_bars::Panel;
use super::rows::{self, Head, NameColumn, told, whisker, with_zero};
use super::scale::Scale;
use super::{Figure, Style, Width};
use crate::numerals::Estimate;

/// A row.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its name.
    pub name: Named,
    /// Its number; nothing where there are no data.
    pub value: Option<Estimate>,
    /// Whether the text speaks of it.
    pub marked: bool,
}

/// Bars of levels.
#[derive(Debug, Clone)]
pub struct LevelBars {
    /// The quantity.
    pub panel: Panel,
    /// Rows in their order.
    pub rows: Vec<Row>,
}

/// From more rows than this on, dots.
const BARS: usize = 20;
const ROW: f64 = 30.0;
/// Where a name takes two lines.
const TALL_ROW: f64 = 34.0;
const DENSE_ROW: f64 = 22.0;
const FOOT: f64 = 26.0;

impl Row {
    fn known(&self) -> Option<Estimate> {
        self.value.as_ref().and_then(Estimate::known)
    }

    fn ink(&self) -> Ink {
        if self.marked { Ink::Ink2 } else { Ink::Context }
    }
}

impl LevelBars {
    /// Names, and from one row to the next.
    fn names(&self, width: Width) -> (NameColumn, f64) {
        let lines = if self.rows.len() > BARS { 1 } else { 2 };
        let names =
            NameColumn::of(self.rows.iter().map(|row| &row.name), Type::LABEL, width, lines);
        let step = match names.tallest() {
            _ if self.rows.len() > BARS => DENSE_ROW,
            1 => ROW,
            _ => TALL_ROW,
        };
        (names, step)
    }

    fn shown(&self, value: &Estimate) -> String {
        self.panel.measure.level(value.value())
    }

    /// The scale: zero, all ranges and the numbers beside them have room.
    fn scale(&self, frame: [f64; 2]) -> Scale {
        let measure = &self.panel.measure;
        let known: Vec<Estimate> = self.rows.iter().filter_map(Row::known).collect();
        let end = |value: &Estimate, at: usize| measure.scaled(value.span()[at]);
        let mut domain = with_zero(known.iter().flat_map(|value| [end(value, 0), end(value, 1)]));
        if domain[0] == domain[1] {
            domain[1] = 1.0;
        }
        let beside = |value: &Estimate| {
            (end(value, 1).max(0.0), Type::VALUE.width(&self.shown(value)) + 9.0)
        };
        let right: Vec<rows::Beside> = known.iter().map(beside).collect();
        rows::fitted(domain, frame, &[], &right)
    }

    fn draw_row(&self, canvas: &mut Canvas, scale: &Scale, row: &Row, value: &Estimate, y: f64) {
        let at = |value: f64| scale.at(self.panel.measure.scaled(value));
        let (zero, x) = (scale.at(0.0), at(value.value()));
        let dots = self.rows.len() > BARS;
        if !dots {
            let bar = Rect::new(zero.min(x), y - 9.0, (x - zero).abs(), 18.0);
            canvas.rect(bar, Fill::Ink(row.ink()), None);
        }
        if value.range.is_some() {
            whisker(canvas, value.span().map(at), y);
        }
        if dots {
            canvas.dot((x, y), 4.5, Fill::Ink(row.ink()), Some(Stroke::of(row.ink(), 1.8)));
        }
        let how = if row.marked { Type::VALUE } else { Type::LABEL };
        let beside = at(value.span()[1]).max(zero) + 8.0;
        canvas.number(&self.shown(value), beside, y + 4.5, how, &value.point);
    }

    fn says(&self, style: &Style, row: &Row, value: &Estimate) -> String {
        let (words, measure) = (&style.words, &self.panel.measure);
        let range = value.range.as_ref().map_or(String::new(), |[low, high]| {
            words.bracketed(&format!("{}{}", words.range, measure.levels(low.value, high.value)))
        });
        let number = told(measure, false, value.value());
        format!("{}{}{} {number}{range}", row.name.full(), words.colon, self.panel.head)
    }
}

impl Figure for LevelBars {
    fn draw(&self, style: &Style, width: Width) -> Drawing {
        let mut canvas = Canvas::new(width.px());
        let (names, step) = self.names(width);
        let left = width.pick(names.width(), 0.0);
        let head = Head::of(&self.panel.head, &self.panel.measure, width.px() - left);
        head.draw(&mut canvas, left, 0.0);
        let top = head.height() + 2.0;
        let bottom = top + step * self.rows.len() as f64;
        let scale = self.scale([names.width(), width.px()]);
        let axis = Axis { measure: &self.panel.measure, change: false, most: 6 };
        axis::below(&mut canvas, axis, &scale, top, bottom);
        for (at, row) in self.rows.iter().enumerate() {
            let middle = top + step * (at as f64 + 0.5);
            names.draw(&mut canvas, &row.name, middle, Ink::Ink);
            match row.known() {
                Some(value) => {
                    let says = self.says(style, row, &value);
                    canvas.mark(&says, |canvas| {
                        self.draw_row(canvas, &scale, row, &value, middle);
                    });
                }
                None => {
                    let x = scale.at(0.0) + 6.0;
                    canvas.text(&style.words.no_data, x, middle + 4.0, Type::AXIS);
                }
            }
        }
        axis::zero_line(&mut canvas, &scale, top, bottom);
        canvas.finish(bottom + FOOT)
    }

    fn alt(&self, style: &Style) -> Alt {
        let of = |row: &Row| Some((row.name.brief(), row.known()?.value()));
        let values: Vec<(String, f64)> = self.rows.iter().filter_map(of).collect();
        let said = rows::ends(style, &values, |value| told(&self.panel.measure, false, value));
        let title = style.language.pick("条形图", "Bars");
        Alt::new(format!("{title}{}{}", style.words.colon, self.panel.head), &said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::testing;
    use crate::numerals::{Cited, Language, Measure};

    fn estimate(value: f64, line: u64) -> Option<Estimate> {
        Some(Estimate::bare(Cited::new(value, "drivers.csv", line)))
    }

    fn of_rows(count: usize, language: Language) -> LevelBars {
        let row = |(k, name)| Row {
            name,
            value: (k != 1).then(|| {
                let mut value = testing::estimate(k);
                value.point.value = value.point.value.abs();
                value.range = None;
                value
            }),
            marked: k == 0,
        };
        LevelBars {
            panel: Panel {
                head: language.pick("改换去向的贸易", "Trade that goes elsewhere").to_owned(),
                measure: Measure::of_figure("10^8 yuan", 5000.0, language),
            },
            rows: testing::names(count, language).into_iter().enumerate().map(row).collect(),
        }
    }

    #[test]
    fn texts_are_inside_and_apart_for_2_to_40_rows() {
        for count in 2..=40 {
            for language in Language::BOTH {
                testing::assert_readable(&of_rows(count, language), language);
            }
        }
    }

    #[test]
    fn drawings_stay_as_they_are() {
        let row = |name: &str, value, marked, line| Row {
            name: Named::new(name),
            value: estimate(value, line),
            marked,
        };
        let figure = LevelBars {
            panel: Panel {
                head: "Trade that goes elsewhere".to_owned(),
                measure: Measure::of_figure("share", 0.302, Language::English),
            },
            rows: vec![
                row("Distance left out", 0.302, true, 2),
                row("Level of trade: what is sold", 0.097, false, 3),
            ],
        };
        for (name, width) in
            [("level_bars_wide", Width::Wide), ("level_bars_narrow", Width::Narrow)]
        {
            insta::assert_snapshot!(name, testing::lines(&figure, Language::English, width));
        }
    }

    #[test]
    fn bars_begin_at_zero() {
        let figure = of_rows(3, Language::Chinese);
        let scale = figure.scale([100.0, 744.0]);
        assert_eq!(scale.domain()[0], 0.0);
        assert!((scale.at(0.0) - 100.0).abs() < 1e-6);
    }

    #[test]
    fn extreme_numbers_are_drawn() {
        for value in [0.0, 1e-9, 1e15, f64::NAN, f64::INFINITY] {
            for rows in [0, 1, 3, 30] {
                let mut figure = of_rows(rows, Language::Chinese);
                for row in &mut figure.rows {
                    row.value = estimate(value, 2);
                }
                testing::assert_numbers(&figure, Language::Chinese);
            }
        }
    }
}
