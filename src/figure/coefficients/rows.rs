//! Rows of a coefficient plot: names, numbers, and the strip between them or below.

use super::{CoefficientPlot, IMPLIED, Row, finite};
use crate::figure::canvas::{Anchor, Canvas, Fill, Stroke, Type};
use crate::figure::ink::Ink;
use crate::figure::key::diamond;
use crate::figure::phrase::{self, Part};
use crate::figure::scale::Scale;
use crate::figure::{Style, Width, axis};

const STEP: f64 = 28.0;
/// Height of rows whose names take two lines.
const TALL_STEP: f64 = 36.0;
const LINE: f64 = 16.0;
const GAP: f64 = 8.0;
/// Widest symbol that is shown.
const SYMBOL: f64 = 90.0;
/// Least width of the strip beside names and numbers.
const STRIP: f64 = 140.0;
/// Published values stand so far below the estimates of their rows.
const ASIDE: f64 = 6.0;
const SMALL: Type = Type::AXIS;

/// The numbers of a row in pieces: the estimate; its interval with the word for an unclear sign.
struct Numbers {
    point: Vec<Part>,
    how: Type,
    rest: Vec<Part>,
}

impl Numbers {
    fn point_width(&self) -> f64 {
        self.how.width(&phrase::joined(&self.point))
    }

    fn rest_width(&self) -> f64 {
        SMALL.width(&phrase::joined(&self.rest))
    }

    /// Width of both with their distance.
    fn width(&self) -> f64 {
        self.point_width() + if self.rest.is_empty() { 0.0 } else { GAP + self.rest_width() }
    }
}

/// Where the numbers of rows stand.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// Right of the strip, the intervals from there on.
    Beside(f64),
    /// Above the strip, at the right end of the line of the name.
    WithName,
    /// On so many lines between name and strip.
    Below(usize),
}

/// Where things stand.
pub(super) struct Layout {
    /// Room for a name with its symbol.
    names: f64,
    /// Lines that a name may take.
    lines: usize,
    /// Height of a row.
    pub step: f64,
    /// Where the strip of a row has its middle, from its top.
    middle: f64,
    /// Left and right end of the strip.
    pub strip: [f64; 2],
    place: Place,
}

impl Layout {
    /// Whether the strip stands below the words of its row.
    pub fn stacked(&self) -> bool {
        !matches!(self.place, Place::Beside(_))
    }

    /// Where intervals start that stand beside the strip.
    pub fn intervals(&self) -> Option<f64> {
        match self.place {
            Place::Beside(left) => Some(left),
            _ => None,
        }
    }
}

impl CoefficientPlot {
    fn numbers(&self, style: &Style, row: &Row) -> Numbers {
        let words = &style.words;
        let measure = self.measure_of(row);
        let Some(value) = row.estimate() else {
            let point = match row.known() {
                Some(known) => vec![
                    Part::words(format!("{} ", words.published)),
                    Part::change(&measure, &known.value),
                ],
                None => vec![Part::words(words.no_data.clone())],
            };
            return Numbers { point, how: SMALL, rest: Vec::new() };
        };
        let mut rest = phrase::range_of(&measure, true, &value, ["[", "]"]);
        if value.unclear() {
            rest.push(Part::words(format!(" {}", words.unclear)));
        }
        let how = if value.unclear() { Type::LABEL.ink(Ink::Ink2) } else { Type::VALUE };
        Numbers { point: vec![Part::change(&measure, &value.point)], how, rest }
    }

    pub(super) fn layout(&self, style: &Style, width: Width) -> Layout {
        let numbers: Vec<Numbers> = self.rows().map(|row| self.numbers(style, row)).collect();
        let beside = match width {
            Width::Wide => self.beside(style, &numbers, width.px()),
            Width::Narrow => None,
        };
        beside.unwrap_or_else(|| self.stacked(&numbers, width.px()))
    }

    /// Names, strip and numbers beside each other; nothing if that leaves no room for the strip.
    fn beside(&self, style: &Style, numbers: &[Numbers], room: f64) -> Option<Layout> {
        let widest = |of: fn(&Numbers) -> f64| numbers.iter().map(of).fold(0.0, f64::max);
        let most = room * 0.30;
        let lines: Vec<Vec<String>> = self.rows().map(|row| name_lines(row, most, 2)).collect();
        let names = self.rows().zip(&lines).map(|(row, lines)| name_width(row, lines));
        let names = names.fold(0.0, f64::max);
        // Points are right-aligned, intervals left-aligned behind them under a head of their own.
        let head = SMALL.width(&format!("[{}]", style.words.interval_of("95%")));
        let intervals = room - widest(Numbers::rest_width).max(head);
        let points = widest(Numbers::point_width).max(SMALL.width(&style.words.estimate));
        let strip = [names + 20.0, intervals - GAP - points - 20.0];
        if strip[1] - strip[0] < STRIP {
            return None;
        }
        let step = if lines.iter().any(|own| own.len() > 1) { TALL_STEP } else { STEP };
        let place = Place::Beside(intervals);
        Some(Layout { names: most, lines: 2, step, middle: step / 2.0, strip, place })
    }

    /// Name and numbers above the strip, on one line if all rows have room for that.
    fn stacked(&self, numbers: &[Numbers], room: f64) -> Layout {
        let widest = numbers.iter().map(Numbers::width).fold(0.0, f64::max);
        let beside = room - widest - 12.0;
        let fits = |row: &Row| {
            let lines = name_lines(row, room, 1);
            name_width(row, &lines) <= beside
        };
        let place = match self.rows().all(fits) {
            true => Place::WithName,
            false if widest <= room => Place::Below(1),
            false => Place::Below(2),
        };
        let (names, text) = match place {
            Place::Below(lines) => (room, 20.0 + LINE * lines as f64),
            _ => (beside, 20.0),
        };
        let strip = [10.0, room - 10.0];
        Layout { names, lines: 1, step: text + 28.0, middle: text + 12.0, strip, place }
    }

    pub(super) fn draw_row(
        &self,
        canvas: &mut Canvas,
        style: &Style,
        (row, layout, scale): (&Row, &Layout, &Scale),
        top: f64,
    ) {
        let middle = top + layout.middle;
        let lines = name_lines(row, layout.names, layout.lines);
        let first = match layout.stacked() {
            true => top + 14.0,
            false => middle + 4.5 - LINE / 2.0 * (lines.len() as f64 - 1.0),
        };
        for (at, line) in lines.iter().enumerate() {
            let mut parts = vec![Part::words(line)];
            if at + 1 == lines.len() && symbol_width(row) > 0.0 {
                parts.push(Part::Aside(format!("\u{2002}{}", row.symbol)));
            }
            canvas.phrase(&parts, 0.0, first + LINE * at as f64, Type::LABEL);
        }
        if layout.stacked() {
            let [left, right] = layout.strip;
            canvas.line((left - 10.0, middle + 12.0), (right + 10.0, middle + 12.0), Stroke::GRID);
            axis::zero_line(canvas, scale, middle - 9.0, middle + 12.0);
        }
        let y = if layout.stacked() { first } else { middle + 4.5 };
        draw_numbers(canvas, &self.numbers(style, row), layout.place, y);
        canvas.mark(&self.says(style, row), |canvas| self.draw_marks(canvas, row, scale, middle));
    }

    fn draw_marks(&self, canvas: &mut Canvas, row: &Row, scale: &Scale, middle: f64) {
        let at = |value: f64| scale.at(self.measure.scaled(value));
        let both = row.known().is_some() && row.estimate().is_some();
        let aside = if both { ASIDE } else { 0.0 };
        if let Some(value) = row.estimate() {
            let ink = if value.unclear() { Ink::Unclear } else { Ink::Ink };
            let y = middle - aside;
            let ninety = row.value.as_ref().and_then(|own| finite(own.ninety));
            let ninety_five = value.range.as_ref().map(|_| value.span());
            for (range, width) in [(ninety_five, 2.0), (ninety, 4.0)] {
                if let Some([low, high]) = range {
                    canvas.line((at(low), y), (at(high), y), Stroke::of(ink, width));
                }
            }
            let fill = Fill::Ink(if value.unclear() { Ink::Paper } else { ink });
            canvas.dot((at(value.value()), y), 5.0, fill, Some(Stroke::of(ink, 2.0)));
        }
        if let Some(known) = row.known() {
            let y = middle + aside;
            if let Some([low, high]) = finite(known.implied) {
                canvas.line((at(low), y), (at(high), y), IMPLIED);
            }
            let centre = (at(known.value.value), y);
            let stroke = Some(Stroke::of(Ink::Ink2, 1.6));
            diamond(canvas, centre, 5.0, Fill::Ink(Ink::Paper), stroke);
        }
    }
}

/// The heads of the two columns of numbers beside the strip, their baseline at `y`.
pub(super) fn draw_heads(canvas: &mut Canvas, style: &Style, intervals: f64, y: f64) {
    let interval = format!("[{}]", style.words.interval_of("95%"));
    canvas.text(&style.words.estimate, intervals - GAP, y, SMALL.anchor(Anchor::End));
    canvas.text(&interval, intervals, y, SMALL);
}

/// Numbers of a row whose name, or whose strip if they stand beside it, has its baseline at `y`.
fn draw_numbers(canvas: &mut Canvas, numbers: &Numbers, place: Place, y: f64) {
    let end = numbers.how.anchor(Anchor::End);
    match place {
        Place::Beside(left) => {
            canvas.phrase(&numbers.point, left - GAP, y, end);
            canvas.phrase(&numbers.rest, left, y, SMALL);
        }
        Place::WithName => {
            let left = canvas.width() - numbers.rest_width();
            let gap = if numbers.rest.is_empty() { 0.0 } else { GAP };
            canvas.phrase(&numbers.point, left - gap, y, end);
            canvas.phrase(&numbers.rest, left, y, SMALL);
        }
        Place::Below(1) => {
            canvas.phrase(&numbers.point, 0.0, y + LINE, numbers.how);
            canvas.phrase(&numbers.rest, numbers.point_width() + GAP, y + LINE, SMALL);
        }
        Place::Below(_) => {
            canvas.phrase(&numbers.point, 0.0, y + LINE, numbers.how);
            canvas.phrase(&numbers.rest, 0.0, y + 2.0 * LINE, SMALL);
        }
    }
}

/// Width that a symbol takes behind its name; nothing for one that is not shown.
fn symbol_width(row: &Row) -> f64 {
    // It is one text with the name, and is measured like it.
    let width = Type::LABEL.width(&format!("\u{2002}{}", row.symbol));
    if row.symbol.is_empty() || width > SYMBOL { 0.0 } else { width }
}

/// The name by lines; its symbol has room behind the last of them.
fn name_lines(row: &Row, room: f64, most: usize) -> Vec<String> {
    row.name.fit(Type::LABEL, room - symbol_width(row), most)
}

fn name_width(row: &Row, lines: &[String]) -> f64 {
    let widest = lines.iter().map(|line| Type::LABEL.width(line)).fold(0.0, f64::max);
    widest + symbol_width(row)
}
