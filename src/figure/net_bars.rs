//! Net-transfer bars: who gains and who loses, with the range of each number.
//!
//! Rows share their order, panels stand side by side (stacked on a phone), each with its own scale and a zero of
//! its own. From more than 20 rows on dots take the place of bars.

use super::axis::{self, Axis};
use super::canvas::{Alt, Anchor, Canvas, Drawing, Fill, Rect, Stroke, Type};
use super::ink::Ink;
use super::names::Named;
use super::rows::{self, NameColumn};
use super::scale::Scale;
use super::{Figure, Style, Width};
use crate::numerals::{Cited, Estimate, Measure};

/// One quantity.
#[derive(Debug, Clone)]
pub struct Panel {
    /// Its name.
    pub head: String,
    /// Its unit.
    pub measure: Measure,
}

/// One region.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its name.
    pub name: Named,
    /// One number for each panel; nothing where there are no data.
    pub values: Vec<Option<Estimate>>,
}

/// Bars of changes by region.
#[derive(Debug, Clone)]
pub struct NetBars {
    /// Quantities.
    pub panels: Vec<Panel>,
    /// Regions in their order.
    pub rows: Vec<Row>,
}

/// From more rows than this on, dots.
pub const BARS: usize = 20;
const ROW: f64 = 32.0;
const DENSE_ROW: f64 = 22.0;
const HEAD: f64 = 58.0;
const FOOT: f64 = 26.0;
const GAP: f64 = 24.0;

/// Where a panel stands.
struct Frame {
    left: f64,
    right: f64,
    top: f64,
    /// Whether the word behind a number stands below it, so that bars keep their room.
    below: bool,
}

impl Figure for NetBars {
    fn draw(&self, style: &Style, width: Width) -> Drawing {
        let mut canvas = Canvas::new(width.px());
        let column = self.names(width);
        let names = column.width();
        let step = self.step();
        let height = step * self.rows.len() as f64;
        let stacked = width == Width::Narrow;
        let panels = self.panels.len().max(1) as f64;
        let room = match stacked {
            true => width.px() - names,
            false => (width.px() - names - GAP * (panels - 1.0)) / panels,
        };
        for at in 0..self.panels.len() {
            let (left, top) = match stacked {
                true => (names, HEAD + (HEAD + height + FOOT) * at as f64),
                false => (names + (room + GAP) * at as f64, HEAD),
            };
            let below = stacked && self.rows.len() <= BARS;
            let frame = Frame { left, right: left + room, top, below };
            if stacked || at == 0 {
                self.draw_names(&mut canvas, &column, top);
            }
            self.draw_panel(&mut canvas, style, at, &frame);
        }
        let stack = if stacked { panels } else { 1.0 };
        canvas.finish((HEAD + height + FOOT) * stack)
    }

    fn alt(&self, style: &Style) -> Alt {
        let words = &style.words;
        let heads: Vec<&str> = self.panels.iter().map(|panel| panel.head.as_str()).collect();
        let mut said = Vec::new();
        for (at, panel) in self.panels.iter().enumerate() {
            let of = |row: &Row| row.values[at].clone().map(|value| (row.name.brief(), value));
            let mut values: Vec<(String, Estimate)> = self.rows.iter().filter_map(of).collect();
            values.sort_by(|a, b| b.1.value().total_cmp(&a.1.value()));
            let tell = |(name, value): &(String, Estimate)| {
                format!("{name} {}", panel.measure.with_unit(&panel.measure.change(value.value())))
            };
            let ends: Vec<String> = match values.as_slice() {
                [] => continue,
                [one] => vec![tell(one)],
                [first, .., last] => vec![tell(first), tell(last)],
            };
            let mut text = format!("{}{}{}", panel.head, words.colon, ends.join(&words.comma));
            let unclear: Vec<String> = (values.iter().filter(|(_, value)| value.unclear()))
                .map(|(name, _)| name.clone())
                .collect();
            if !unclear.is_empty() {
                let list = words.list(&unclear);
                text += &format!("{}{}{}{list}", words.semicolon, words.unclear_full, words.colon);
            }
            said.push(text);
        }
        let title = style.language.pick("净转移条形图", "Bars of net transfer");
        let title = format!("{title}{}{}", words.colon, heads.join(&words.enumeration));
        Alt::new(title, &said.join(&words.stop))
    }
}

impl NetBars {
    fn step(&self) -> f64 {
        if self.rows.len() > BARS { DENSE_ROW } else { ROW }
    }

    fn names(&self, width: Width) -> NameColumn {
        let lines = if self.rows.len() > BARS { 1 } else { 2 };
        NameColumn::of(self.rows.iter().map(|row| &row.name), Type::LABEL, width, lines)
    }

    fn draw_names(&self, canvas: &mut Canvas, names: &NameColumn, top: f64) {
        for (at, row) in self.rows.iter().enumerate() {
            let middle = top + self.step() * (at as f64 + 0.5);
            names.draw(canvas, &row.name, middle, Ink::Ink);
        }
    }

    fn draw_panel(&self, canvas: &mut Canvas, style: &Style, at: usize, frame: &Frame) {
        let panel = &self.panels[at];
        let bottom = frame.top + self.step() * self.rows.len() as f64;
        let scale = self.scale(style, at, frame);
        let axis = Axis { measure: &panel.measure, change: true, most: 5 };
        // The head stands over the panel, its words for the two sides beside the zero line.
        let unit = Type::AXIS.ink(Ink::Ink2);
        let beside = Type::HEAD.width(&panel.head) + 8.0;
        // Head and unit that are wider than the panel reach over the names at its left.
        let width = beside + unit.width(panel.measure.unit());
        let left = frame.left.min((canvas.width() - width).max(0.0));
        canvas.text(&panel.head, left, frame.top - 40.0, Type::HEAD);
        canvas.text(panel.measure.unit(), left + beside, frame.top - 40.0, unit);
        let zero = scale.at(0.0);
        let (gives, receives) =
            (Type::AXIS.ink(Ink::Out).anchor(Anchor::End), Type::AXIS.ink(Ink::In));
        if zero - 8.0 - gives.width(&style.words.gives) >= frame.left - 8.0 {
            canvas.text(&style.words.gives, zero - 8.0, frame.top - 10.0, gives);
        }
        if zero + 8.0 + receives.width(&style.words.receives) <= canvas.width() {
            canvas.text(&style.words.receives, zero + 8.0, frame.top - 10.0, receives);
        }
        axis::below(canvas, axis, &scale, frame.top, bottom);
        for (row, one) in self.rows.iter().enumerate() {
            let middle = frame.top + self.step() * (row as f64 + 0.5);
            match &one.values[at] {
                Some(value) => {
                    let says = says(style, panel, &one.name, value);
                    canvas.mark(&says, |canvas| {
                        self.draw_value(canvas, &scale, panel, value, middle);
                        self.draw_number(
                            canvas,
                            style,
                            (&scale, frame.below),
                            panel,
                            value,
                            middle,
                        );
                    });
                }
                None => canvas.text(&style.words.no_data, zero + 6.0, middle + 4.0, Type::AXIS),
            }
        }
        axis::zero_line(canvas, &scale, frame.top - 4.0, bottom);
    }

    /// The scale of a panel: all ranges and the numbers beside them have room.
    fn scale(&self, style: &Style, at: usize, frame: &Frame) -> Scale {
        let measure = &self.panels[at].measure;
        let values = || self.rows.iter().filter_map(|row| row.values[at].as_ref());
        let (mut low, mut high) = (0.0_f64, 0.0_f64);
        for value in values() {
            let [from, to] = value.span().map(|end| measure.scaled(end));
            (low, high) = (low.min(from), high.max(to));
        }
        if low == high {
            (low, high) = (-1.0, 1.0);
        }
        // Numbers stand outside their ranges.
        let (mut left, mut right) = (vec![(low, 8.0)], vec![(high, 8.0)]);
        for value in values() {
            let lines = shown(style, measure, value, frame.below);
            let width = lines.iter().map(|line| Type::VALUE.width(line)).fold(0.0, f64::max) + 9.0;
            let [from, to] = value.span().map(|end| measure.scaled(end));
            match value.value() < 0.0 {
                true => left.push((from.min(0.0), width)),
                false => right.push((to.max(0.0), width)),
            }
        }
        rows::fitted([low, high], [frame.left, frame.right], &left, &right)
    }

    /// The bar, or dot, with its range.
    fn draw_value(
        &self,
        canvas: &mut Canvas,
        scale: &Scale,
        panel: &Panel,
        value: &Estimate,
        middle: f64,
    ) {
        let measure = &panel.measure;
        let (zero, x) = (scale.at(0.0), scale.at(measure.scaled(value.value())));
        let (ink, fill) = direction(value);
        if self.rows.len() > BARS {
            let fill = if value.unclear() { Fill::Ink(Ink::Paper) } else { fill };
            self.draw_range(canvas, scale, measure, value, middle);
            canvas.dot((x, middle), 4.5, fill, Some(Stroke::of(ink, 1.8)));
        } else {
            let bar = Rect::new(zero.min(x), middle - 9.0, (x - zero).abs(), 18.0);
            canvas.rect(bar, fill, None);
            self.draw_range(canvas, scale, measure, value, middle);
        }
    }

    /// The number outside its range, with the word where its direction is unclear.
    fn draw_number(
        &self,
        canvas: &mut Canvas,
        style: &Style,
        (scale, below): (&Scale, bool),
        panel: &Panel,
        value: &Estimate,
        middle: f64,
    ) {
        let measure = &panel.measure;
        let zero = scale.at(0.0);
        let [low, high] = value.span().map(|end| scale.at(measure.scaled(end)));
        let how = number_type(value);
        let (at, how) = match value.value() < 0.0 {
            true => (low.min(zero) - 8.0, how.anchor(Anchor::End)),
            false => (high.max(zero) + 8.0, how),
        };
        match shown(style, measure, value, below).as_slice() {
            [number, word] => {
                canvas.number(number, at, middle - 3.4, how, &value.point);
                canvas.text(word, at, middle + 12.2, how);
            }
            lines => {
                canvas.number(&lines.concat(), at, middle + 4.5, how, &value.point);
            }
        }
    }

    fn draw_range(
        &self,
        canvas: &mut Canvas,
        scale: &Scale,
        measure: &Measure,
        value: &Estimate,
        middle: f64,
    ) {
        if value.range.is_some() {
            let ends = value.span().map(|end| scale.at(measure.scaled(end)));
            rows::whisker(canvas, ends, middle);
        }
    }
}

/// Colour and filling of a change: by direction, hatched where that is unclear.
pub fn direction(value: &Estimate) -> (Ink, Fill) {
    match value.unclear() {
        true => (Ink::Unclear, Fill::Hatch(Ink::Unclear)),
        false if value.value() < 0.0 => (Ink::Out, Fill::Ink(Ink::Out)),
        false => (Ink::In, Fill::Ink(Ink::In)),
    }
}

/// How the number of a change is written: bold in the colour of its direction, plain where that is unclear.
pub fn number_type(value: &Estimate) -> Type {
    match value.unclear() {
        true => Type::LABEL.ink(Ink::Ink2),
        false => Type::VALUE.ink(direction(value).0),
    }
}

/// The number, with the word for it where its direction is unclear, behind it or on a line of its own.
fn shown(style: &Style, measure: &Measure, value: &Estimate, below: bool) -> Vec<String> {
    let number = measure.change(value.value());
    match (value.unclear(), below) {
        (false, _) => vec![number],
        (true, false) => vec![format!("{number} {}", style.words.unclear)],
        (true, true) => vec![number, style.words.unclear.clone()],
    }
}

/// What a mark says: name, quantity, number with unit, range.
pub fn says(style: &Style, panel: &Panel, name: &Named, value: &Estimate) -> String {
    rows::says(style, &panel.head, &panel.measure, name, value)
}

/// Every cited number of an estimate: the point and the ends of its range.
pub fn cited(value: &Estimate) -> Vec<&Cited> {
    std::iter::once(&value.point).chain(value.range.iter().flatten()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::testing;
    use crate::numerals::Language;

    fn estimate(value: f64, low: f64, high: f64) -> Option<Estimate> {
        let cited = |value| Cited::new(value, "sums.csv", 2);
        let range = Some([cited(low), cited(high)]);
        Some(Estimate { point: cited(value), range, disputed: false })
    }

    /// Two panels of `count` regions.
    fn of_regions(count: usize, language: Language) -> NetBars {
        let panel = |head: &str, unit| Panel {
            head: head.to_owned(),
            measure: Measure::of_figure(unit, 5000.0, language),
        };
        NetBars {
            panels: vec![panel("增加值", "10^8 yuan"), panel("CO₂", "Mt")],
            rows: testing::names(count, language)
                .into_iter()
                .enumerate()
                .map(|(k, name)| Row {
                    name,
                    values: vec![Some(testing::estimate(k)), Some(testing::estimate(k + 1))],
                })
                .collect(),
        }
    }

    #[test]
    fn texts_are_inside_and_apart_for_2_to_40_regions() {
        for count in 2..=40 {
            for language in Language::BOTH {
                testing::assert_readable(&of_regions(count, language), language);
            }
        }
    }

    #[test]
    fn what_crosses_zero_is_hatched_and_called_unclear() {
        let figure = NetBars {
            panels: vec![Panel {
                head: "CO₂".to_owned(),
                measure: Measure::of_figure("Mt", 300.0, Language::English),
            }],
            rows: vec![
                Row { name: Named::new("Northwest"), values: vec![estimate(300.0, 105.0, 639.0)] },
                Row { name: Named::new("North coast"), values: vec![estimate(55.0, -7.0, 175.0)] },
                Row {
                    name: Named::new("East coast"),
                    values: vec![estimate(-189.0, -455.0, -61.0)],
                },
            ],
        };
        let style = Style::of(Language::English);
        let svg = figure.draw(&style, Width::Wide).svg("f", "Arial", &figure.alt(&style));
        assert!(svg.contains("+55 unclear") && svg.contains("url(#f-h-unc)"));
        assert!(figure.alt(&style).text.ends_with("direction unclear: North coast"));
        assert!(svg.contains("Northwest: CO₂ +300\u{a0}Mt (range +105 to +639)"));
    }
}
