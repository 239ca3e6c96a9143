//! Axes of numbers: grid behind, numbers outside, the first and last kept inside the drawing.

use super::canvas::{Anchor, Canvas, Stroke, Type};
use super::scale::{Scale, ticks};
use crate::numerals::Measure;

/// How an axis counts.
#[derive(Debug, Clone, Copy)]
pub struct Axis<'a> {
    /// Unit of its numbers; the scale is in this unit already.
    pub measure: &'a Measure,
    /// Whether numbers are changes and show their sign.
    pub change: bool,
    /// At most so many numbers.
    pub most: usize,
}

/// Vertical grid lines from `top` to `bottom` with numbers below; the zero line is darkest and drawn by
/// [`zero_line`] after the data. Numbers that would touch are left out.
pub fn below(canvas: &mut Canvas, axis: Axis<'_>, scale: &Scale, top: f64, bottom: f64) {
    let [low, high] = scale.domain();
    let found = ticks(low, high, axis.most);
    for value in found.values.iter().filter(|value| **value != 0.0) {
        let x = scale.at(*value);
        canvas.line((x, top), (x, bottom), Stroke::GRID);
    }
    let text = |value: &f64| (scale.at(*value), axis.measure.tick(*value, found.step, axis.change));
    texts_below(canvas, &found.values.iter().map(text).collect::<Vec<_>>(), bottom);
}

/// Texts of an axis below `bottom`, each centred on its place; ends are kept inside the drawing, and those that would
/// touch the one before are left out.
pub fn texts_below(canvas: &mut Canvas, texts: &[(f64, String)], bottom: f64) {
    let how = Type::AXIS.anchor(Anchor::Middle);
    let mut free_from = 0.0;
    for (x, text) in texts {
        let half = how.width(text) / 2.0;
        let centre = x.clamp(half, (canvas.width() - half).max(half));
        if centre - half >= free_from {
            canvas.text(text, centre, bottom + 17.0, how);
            free_from = centre + half + 6.0;
        }
    }
}

/// Horizontal grid lines from `left` to `right` with numbers on the left, right-aligned at `left − 8`.
pub fn beside(canvas: &mut Canvas, axis: Axis<'_>, scale: &Scale, left: f64, right: f64) {
    let [low, high] = scale.domain();
    let found = ticks(low.min(high), low.max(high), axis.most);
    for value in &found.values {
        let y = scale.at(*value);
        if *value != 0.0 {
            canvas.line((left, y), (right, y), Stroke::GRID);
        }
        let text = axis.measure.tick(*value, found.step, axis.change);
        canvas.text(&text, left - 8.0, y + 4.0, Type::AXIS.anchor(Anchor::End));
    }
}

/// Width that the numbers of a vertical axis need, with their distance.
pub fn room_beside(axis: Axis<'_>, low: f64, high: f64) -> f64 {
    let found = ticks(low, high, axis.most);
    let width = |value: &f64| Type::AXIS.width(&axis.measure.tick(*value, found.step, axis.change));
    found.values.iter().map(width).fold(0.0, f64::max) + 8.0
}

/// The vertical line at zero, if the axis has it.
pub fn zero_line(canvas: &mut Canvas, scale: &Scale, top: f64, bottom: f64) {
    let [low, high] = scale.domain();
    if low <= 0.0 && high >= 0.0 {
        let x = scale.at(0.0);
        canvas.line((x, top), (x, bottom), Stroke::ZERO);
    }
}

/// The horizontal line at zero, if the axis has it.
pub fn zero_level(canvas: &mut Canvas, scale: &Scale, left: f64, right: f64) {
    let [low, high] = scale.domain();
    if low.min(high) <= 0.0 && low.max(high) >= 0.0 {
        let y = scale.at(0.0);
        canvas.line((left, y), (right, y), Stroke::ZERO);
    }
}
