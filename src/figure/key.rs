//! Keys: what marks mean, for what cannot be told on the marks themselves.

use super::canvas::{Canvas, Fill, Rect, Stroke, Type};
use super::ink::Ink;

/// A sample of a mark, 22 × 12 px.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Swatch {
    /// A line.
    Line(Stroke),
    /// A filled box.
    Box(Fill),
    /// A line inside a filled box: an estimate in its band.
    LineInBox(Stroke, Fill),
    /// A dot of a radius.
    Dot(f64, Fill, Option<Stroke>),
    /// A square on its corner.
    Diamond(Fill, Option<Stroke>),
}

/// One thing of a key.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The sample.
    pub swatch: Swatch,
    /// What it means.
    pub text: String,
}

impl Entry {
    /// A sample and what it means.
    pub fn new(swatch: Swatch, text: impl Into<String>) -> Self {
        Entry { swatch, text: text.into() }
    }

    fn width(&self) -> f64 {
        SAMPLE + 6.0 + TYPE.width(&self.text)
    }
}

/// Height of a line of a key.
pub const STEP: f64 = 18.0;

const SAMPLE: f64 = 22.0;
const GAP: f64 = 16.0;
const TYPE: Type = Type::AXIS.ink(Ink::Ink2);

/// Entries by line: as many on each as there is room for.
fn rows(entries: &[Entry], room: f64) -> Vec<Vec<&Entry>> {
    let mut rows: Vec<Vec<&Entry>> = Vec::new();
    let mut left = 0.0;
    for entry in entries.iter().filter(|entry| !entry.text.is_empty()) {
        let width = entry.width();
        match rows.last_mut() {
            Some(row) if width <= left => row.push(entry),
            _ => {
                rows.push(vec![entry]);
                left = room;
            }
        }
        left -= width + GAP;
    }
    rows
}

/// Height of a key in a room of a width.
pub fn height(entries: &[Entry], room: f64) -> f64 {
    STEP * rows(entries, room).len() as f64
}

/// Draws a key with its upper left corner at a place; a text wider than the room is cut by nothing, so callers keep
/// their words short.
pub fn draw(canvas: &mut Canvas, entries: &[Entry], x: f64, top: f64, room: f64) {
    for (line, row) in rows(entries, room).into_iter().enumerate() {
        let middle = top + STEP * (line as f64 + 0.5);
        let mut left = x;
        for entry in row {
            sample(canvas, entry.swatch, left, middle);
            canvas.text(&entry.text, left + SAMPLE + 6.0, middle + 4.0, TYPE);
            left += entry.width() + GAP;
        }
    }
}

/// Draws the sample of a mark, its left end at `x`.
pub fn sample(canvas: &mut Canvas, swatch: Swatch, x: f64, middle: f64) {
    let ends = [(x, middle), (x + SAMPLE, middle)];
    let area = Rect::new(x, middle - 6.0, SAMPLE, 12.0);
    let centre = (x + SAMPLE / 2.0, middle);
    match swatch {
        Swatch::Line(stroke) => canvas.line(ends[0], ends[1], stroke),
        Swatch::Box(fill) => canvas.rect(area, fill, None),
        Swatch::LineInBox(stroke, fill) => {
            canvas.rect(area, fill, None);
            canvas.line(ends[0], ends[1], stroke);
        }
        Swatch::Dot(radius, fill, stroke) => canvas.dot(centre, radius, fill, stroke),
        Swatch::Diamond(fill, stroke) => diamond(canvas, centre, 5.5, fill, stroke),
    }
}

/// A square on its corner, its corners so far from its centre.
pub fn diamond(
    canvas: &mut Canvas,
    (x, y): (f64, f64),
    reach: f64,
    fill: Fill,
    stroke: Option<Stroke>,
) {
    let corners = [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)];
    canvas.polygon(&corners, fill, stroke);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_breaks_into_lines_that_fit() {
        let entry = |text: &str| Entry::new(Swatch::Line(Stroke::ZERO), text);
        let entries = [entry("scenario"), entry("baseline"), entry("90% of draws"), entry("")];
        assert_eq!(height(&entries, 744.0), STEP);
        assert_eq!(height(&entries, 100.0), 3.0 * STEP);
        let mut canvas = Canvas::new(200.0);
        draw(&mut canvas, &entries, 0.0, 0.0, 200.0);
        let texts = canvas.texts();
        assert_eq!(texts.len(), 3);
        assert!(texts.iter().all(|text| text.rect.right() <= 200.0));
        assert!(texts[0].rect.y == texts[1].rect.y && texts[2].rect.y > texts[1].rect.y);
    }
}
