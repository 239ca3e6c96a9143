//! Heads of columns in the room that columns have: names on lines, on two levels, or marks with a key.

use std::ops::Range;

use super::super::canvas::{Anchor, Canvas, Stroke, Type};
use super::super::ink::Ink;
use super::super::names::Named;
use super::super::numbered::Numbered;

const HEAD: Type = Type::LABEL.size(12.0).anchor(Anchor::Middle);
const STEP: f64 = 14.4;

/// The heads of all columns.
#[derive(Debug)]
pub(super) struct Heads {
    lines: Vec<Vec<String>>,
    /// Whether every second one stands above its neighbours.
    staggered: bool,
    /// Whether they are marks that a key explains.
    pub(super) marks: bool,
    /// Width of a column.
    pub(super) step: f64,
}

impl Heads {
    /// Heads of `columns`, of which `block` stand beside each other over a width: names if they have room, on two
    /// levels if need be, else codes, else numbers.
    pub(super) fn of(columns: &[Named], block: usize, width: f64, widest: f64) -> Heads {
        let step = (width / block.max(1) as f64).min(widest);
        // Heads on two levels reach beyond their columns, the last one beyond the cells.
        let wide = (width / (block as f64 + 0.5)).min(widest);
        let names = |room: f64, most: usize| {
            let lines = columns.iter().map(|name| name.in_words(HEAD, room, most));
            lines.collect::<Option<Vec<_>>>()
        };
        let codes = |room: f64| {
            let fits = |name: &&Named| !name.code.is_empty() && HEAD.width(&name.code) <= room;
            let lines =
                columns.iter().map(|name| Some(vec![Some(name).filter(fits)?.code.clone()]));
            lines.collect::<Option<Vec<_>>>()
        };
        let heads = |lines, staggered, marks| Heads {
            lines,
            staggered,
            marks,
            step: if staggered { wide } else { step },
        };
        let flat = || names(step - 4.0, 2).or_else(|| names(step - 1.5, 4));
        (flat().map(|lines| heads(lines, false, false)))
            .or_else(|| names(wide * 2.0 - 6.0, 2).map(|lines| heads(lines, true, false)))
            .or_else(|| codes(step - 1.5).map(|lines| heads(lines, false, true)))
            .or_else(|| codes(wide * 2.0 - 6.0).map(|lines| heads(lines, true, true)))
            .unwrap_or_else(|| {
                let numbers = (1..=columns.len()).map(|at| vec![at.to_string()]);
                heads(numbers.collect(), false, true)
            })
    }

    /// Height of one level.
    fn level(&self) -> f64 {
        STEP * self.lines.iter().map(Vec::len).max().unwrap_or(0) as f64
    }

    /// Height of all.
    pub(super) fn height(&self) -> f64 {
        if self.staggered { 2.0 * self.level() + 2.0 } else { self.level() }
    }

    /// How far the first head may reach beyond its column.
    pub(super) fn overhang(&self) -> f64 {
        if self.staggered { self.step / 2.0 } else { 0.0 }
    }

    /// Draws the heads of some columns, standing on `bottom`.
    pub(super) fn draw(&self, canvas: &mut Canvas, columns: Range<usize>, left: f64, bottom: f64) {
        for (place, column) in columns.enumerate() {
            let x = left + self.step * (place as f64 + 0.5);
            let lines = &self.lines[column];
            let up = self.staggered && place % 2 == 1;
            let foot = if up { bottom - self.level() - 2.0 } else { bottom };
            if up {
                canvas.line((x, foot + 1.0), (x, bottom + 2.0), Stroke::of(Ink::Rule, 1.0));
            }
            let first = foot - 3.0 - STEP * (lines.len() as f64 - 1.0);
            canvas.lines(lines, x, first, STEP, HEAD);
        }
    }

    /// The key of marks, if heads are such and say less than the names.
    pub(super) fn key(&self, columns: &[Named], count: usize, width: f64) -> Option<Numbered> {
        let told = |(name, lines): (&Named, &Vec<String>)| name.full() == lines.concat();
        if !self.marks || columns.iter().zip(&self.lines).all(told) {
            return None;
        }
        let marks = self.lines.iter().map(|lines| lines.concat()).collect();
        Some(Numbered::of_marks(marks, &columns.iter().collect::<Vec<_>>(), count, width))
    }
}
