//! Coefficient plot: estimates with their intervals of 95 and 90 %, in groups, beside published values.
//!
//! Models are rows. The estimate and its interval stand in numbers at the right, on a phone above each row's strip. A
//! coefficient whose interval holds zero is hollow and grey.

mod rows;
#[cfg(test)]
mod tests;

use super::axis::{self, Axis};
use super::canvas::{Alt, Canvas, Drawing, Fill, Stroke};
use super::ink::Ink;
use super::key::{self, Entry, Swatch};
use super::names::Named;
use super::phrase::{self, Part};
use super::scale::Scale;
use super::{Figure, Style, Width};
use crate::numerals::{Cited, Estimate, Measure};

/// An estimate with its intervals.
#[derive(Debug, Clone)]
pub struct Coefficient {
    /// The estimate.
    pub point: Cited,
    /// Its interval of 95 %, which is printed.
    pub ninety_five: Option<[Cited; 2]>,
    /// Its interval of 90 %, which is only drawn.
    pub ninety: Option<[f64; 2]>,
}

/// A value of the literature.
#[derive(Debug, Clone)]
pub struct Published {
    /// The value.
    pub value: Cited,
    /// The range that its stars leave open, where it was published without a standard error.
    pub implied: Option<[f64; 2]>,
}

/// One coefficient.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it is of, in plain words.
    pub name: Named,
    /// Its symbol, shown small; may be empty.
    pub symbol: String,
    /// The estimate; nothing where only a published value is known.
    pub value: Option<Coefficient>,
    /// What was published of it.
    pub published: Option<Published>,
}

/// Coefficients under one head.
#[derive(Debug, Clone)]
pub struct Group {
    /// The head, such as a model or a region; no head is drawn for an empty one.
    pub head: String,
    /// The coefficients in their order.
    pub rows: Vec<Row>,
}

/// Coefficients by group.
#[derive(Debug, Clone)]
pub struct CoefficientPlot {
    /// What is drawn.
    pub head: String,
    /// Unit and decimals of all coefficients.
    pub measure: Measure,
    /// The groups in their order.
    pub groups: Vec<Group>,
}

const FOOT: f64 = 26.0;
/// What the head of a group takes beside its text.
const ROUND_HEAD: f64 = 10.0;
const IMPLIED: Stroke = Stroke::of(Ink::Ink2, 2.0).dash("2 3");

/// A range whose ends are numbers.
fn finite(range: Option<[f64; 2]>) -> Option<[f64; 2]> {
    range.filter(|ends| ends.iter().all(|end| end.is_finite()))
}

impl Row {
    /// The estimate with its interval of 95 %, if it is a number.
    fn estimate(&self) -> Option<Estimate> {
        let value = self.value.as_ref().filter(|value| value.point.value.is_finite())?;
        let known = |ends: &&[Cited; 2]| ends.iter().all(|end| end.value.is_finite());
        let range = value.ninety_five.as_ref().filter(known).cloned();
        Some(Estimate { point: value.point.clone(), range, disputed: false })
    }

    /// The published value, if it is a number.
    fn known(&self) -> Option<&Published> {
        self.published.as_ref().filter(|published| published.value.value.is_finite())
    }

    /// Every number that is drawn.
    fn values(&self) -> Vec<f64> {
        let mut values: Vec<f64> =
            self.estimate().map(|own| own.span()).into_iter().flatten().collect();
        if !values.is_empty() {
            values.extend(
                self.value.as_ref().and_then(|own| finite(own.ninety)).into_iter().flatten(),
            );
        }
        if let Some(published) = self.known() {
            values.push(published.value.value);
            values.extend(finite(published.implied).into_iter().flatten());
        }
        values
    }
}

impl Figure for CoefficientPlot {
    fn draw(&self, style: &Style, width: Width) -> Drawing {
        let mut canvas = Canvas::new(width.px());
        let head = (self.head.as_str(), self.measure.unit());
        let mut top = phrase::draw_head(&mut canvas, head, (0.0, 0.0), width.px()) + 4.0;
        let entries = self.entries(style);
        key::draw(&mut canvas, &entries, 0.0, top, width.px());
        top += key::height(&entries, width.px()) + 8.0;
        let layout = self.layout(style, width);
        if let Some(intervals) = layout.intervals() {
            top += 18.0;
            rows::draw_heads(&mut canvas, style, intervals, top - 6.0);
        }
        let height =
            |group: &Group| head_height(group, width) + layout.step * group.rows.len() as f64;
        let bottom = top + self.groups.iter().map(height).sum::<f64>();
        let scale = self.scale(&layout);
        let axis = Axis { measure: &self.measure, change: true, most: width.pick(6, 5) };
        // Stacked strips have pieces of the grid of their own.
        let from = if layout.stacked() { bottom - 4.0 } else { top };
        axis::below(&mut canvas, axis, &scale, from, bottom);
        if !layout.stacked() {
            axis::zero_line(&mut canvas, &scale, top, bottom);
        }
        let mut y = top;
        for group in &self.groups {
            phrase::draw_head(&mut canvas, (&group.head, ""), (0.0, y + 5.0), width.px());
            y += head_height(group, width);
            for row in &group.rows {
                self.draw_row(&mut canvas, style, (row, &layout, &scale), y);
                y += layout.step;
            }
        }
        canvas.finish(bottom + FOOT)
    }

    fn alt(&self, style: &Style) -> Alt {
        let words = &style.words;
        let mut values: Vec<(String, Estimate)> = (self.groups.iter())
            .flat_map(|group| group.rows.iter().map(move |row| (group, row)))
            .filter_map(|(group, row)| Some((full_name(group, row, style), row.estimate()?)))
            .collect();
        values.sort_by(|a, b| b.1.value().total_cmp(&a.1.value()));
        let tell = |(name, value): &(String, Estimate)| {
            format!("{name} {}", phrase::joined(&self.told(value)))
        };
        let mut text = match values.as_slice() {
            [] => words.no_data.clone(),
            [one] => tell(one),
            [first, .., last] => format!("{}{}{}", tell(first), words.comma, tell(last)),
        };
        let unclear: Vec<String> = (values.iter().filter(|(_, value)| value.unclear()))
            .map(|(name, _)| name.clone())
            .collect();
        if !unclear.is_empty() {
            let list = words.list(&unclear);
            text += &format!("{}{}{}{list}", words.semicolon, words.unclear_full, words.colon);
        }
        let kind = style.language.pick("系数图", "Coefficient plot");
        Alt::new(format!("{kind}{}{}", words.colon, self.head), &text)
    }
}

/// Room that the head of a group takes.
fn head_height(group: &Group, width: Width) -> f64 {
    let text = phrase::head_height(&group.head, "", width.px());
    if group.head.is_empty() { 0.0 } else { text + ROUND_HEAD }
}

/// Name of a row with the head it stands under.
fn full_name(group: &Group, row: &Row, style: &Style) -> String {
    match group.head.is_empty() {
        true => row.name.brief(),
        false => format!("{}{}{}", group.head, style.words.comma, row.name.brief()),
    }
}

impl CoefficientPlot {
    fn rows(&self) -> impl Iterator<Item = &Row> {
        self.groups.iter().flat_map(|group| &group.rows)
    }

    /// Estimate and interval in words.
    fn told(&self, value: &Estimate) -> Vec<Part> {
        let mut parts = vec![Part::change(&self.measure, &value.point)];
        parts.extend(phrase::range_of(&self.measure, true, value, [" [", "]"]));
        parts
    }

    /// What the marks mean.
    fn entries(&self, style: &Style) -> Vec<Entry> {
        let words = &style.words;
        let any = |of: &dyn Fn(&Row) -> bool| self.rows().any(of);
        let line = |width| Swatch::Line(Stroke::of(Ink::Ink, width));
        let hollow = Swatch::Dot(5.0, Fill::Ink(Ink::Paper), Some(Stroke::of(Ink::Unclear, 2.0)));
        let own = |row: &Row| row.value.as_ref().and_then(|own| finite(own.ninety)).is_some();
        let ranged = |row: &Row| row.estimate().is_some_and(|own| own.range.is_some());
        let all = [
            (any(&own), line(4.0), words.interval_of("90%")),
            (any(&ranged), line(2.0), words.interval_of("95%")),
            (
                any(&|row| row.estimate().is_some_and(|own| own.unclear())),
                hollow,
                words.unclear_full.clone(),
            ),
            (
                any(&|row| row.known().is_some()),
                Swatch::Diamond(Fill::Ink(Ink::Paper), Some(Stroke::of(Ink::Ink2, 1.6))),
                words.published.clone(),
            ),
            (
                any(&|row| row.known().is_some_and(|own| finite(own.implied).is_some())),
                Swatch::Line(IMPLIED),
                words.implied.clone(),
            ),
        ];
        let shown = all.into_iter().filter(|(there, ..)| *there);
        shown.map(|(_, swatch, text)| Entry::new(swatch, text)).collect()
    }

    fn scale(&self, layout: &rows::Layout) -> Scale {
        let values = self.rows().flat_map(Row::values).map(|value| self.measure.scaled(value));
        let (mut low, mut high) = (0.0_f64, 0.0_f64);
        for value in values {
            (low, high) = (low.min(value), high.max(value));
        }
        if low == high {
            (low, high) = (-1.0, 1.0);
        }
        let room = 0.04 * (high - low);
        Scale::new([low - room, high + room], layout.strip)
    }

    /// What a row says: name, estimate, interval, published value.
    fn says(&self, style: &Style, row: &Row) -> String {
        let words = &style.words;
        let mut name = row.name.full();
        if !row.symbol.is_empty() {
            name += &words.bracketed(&row.symbol);
        }
        let mut said = Vec::new();
        if let Some(value) = row.estimate() {
            let number = self.measure.with_unit(&self.measure.change(value.value()));
            let mut text = format!("{} {number}", words.estimate);
            if let Some([low, high]) = &value.range {
                let ends = self.measure.changes(low.value, high.value);
                text += &words.bracketed(&format!("{} {ends}", words.interval_of("95%")));
            }
            if value.unclear() {
                text += &format!("{}{}", words.comma, words.unclear_full);
            }
            said.push(text);
        }
        if let Some(known) = row.known() {
            let number = self.measure.change(known.value.value);
            let mut text = format!("{} {number}", words.published);
            if let Some([low, high]) = finite(known.implied) {
                let ends = self.measure.changes(low, high);
                text += &words.bracketed(&format!("{} {ends}", words.implied));
            }
            said.push(text);
        }
        if said.is_empty() {
            said.push(words.no_data.clone());
        }
        format!("{name}{}{}", words.colon, said.join(&words.semicolon))
    }
}
