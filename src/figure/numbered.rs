//! Keys of numbers or codes: these stand on the marks, names in columns below.

use super::canvas::{Anchor, Canvas, Type};
use super::ink::Ink;
use super::names::Named;

/// A key of names in columns.
#[derive(Debug)]
pub struct Numbered {
    marks: Vec<String>,
    /// Lines of each name.
    names: Vec<Vec<String>>,
    columns: usize,
    width: f64,
    /// Room of the mark before a name.
    indent: f64,
}

const NAME: Type = Type::LABEL.size(12.0);
const NUMBER: Type = Type::VALUE.size(12.0).ink(Ink::Ink2).anchor(Anchor::End);
const STEP: f64 = 15.0;
const GAP: f64 = 4.0;

impl Numbered {
    /// Names numbered from 1 on, in so many columns over a width; they run down the columns.
    pub fn new(names: &[&Named], columns: usize, width: f64) -> Self {
        let marks = (1..=names.len()).map(|at| at.to_string()).collect();
        Numbered::of_marks(marks, names, columns, width)
    }

    /// Names under marks of their own, such as codes; one mark for each name.
    pub fn of_marks(marks: Vec<String>, names: &[&Named], columns: usize, width: f64) -> Self {
        let columns = columns.max(1);
        let indent = marks.iter().map(|mark| NUMBER.width(mark)).fold(12.0, f64::max) + 8.0;
        let room = width / columns as f64 - indent - 8.0;
        let names = names.iter().map(|name| name.fit(NAME, room, 2)).collect();
        Numbered { marks, names, columns, width, indent }
    }

    /// How many names a column has.
    fn rows(&self) -> usize {
        self.names.len().div_ceil(self.columns)
    }

    /// Height of each row: its names may take two lines.
    fn heights(&self) -> Vec<f64> {
        let lines = |row: usize| {
            let names = self.names.iter().skip(row).step_by(self.rows().max(1));
            names.map(Vec::len).max().unwrap_or(1)
        };
        (0..self.rows()).map(|row| STEP * lines(row) as f64 + GAP).collect()
    }

    /// Height of all.
    pub fn height(&self) -> f64 {
        self.heights().iter().sum()
    }

    /// Draws it below `top`.
    pub fn draw(&self, canvas: &mut Canvas, left: f64, top: f64) {
        let heights = self.heights();
        for (at, (mark, lines)) in self.marks.iter().zip(&self.names).enumerate() {
            let (column, row) = (at / heights.len(), at % heights.len());
            let x = left + self.width / self.columns as f64 * column as f64;
            let y = top + heights[..row].iter().sum::<f64>() + 12.0;
            canvas.text(mark, x + self.indent - 6.0, y, NUMBER);
            canvas.lines(lines, x + self.indent, y, STEP, NAME);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::testing;
    use crate::numerals::Language;

    #[test]
    fn names_of_any_length_stay_apart() {
        for language in Language::BOTH {
            for count in 0..=40 {
                let names = testing::names(count, language);
                let key = Numbered::new(&names.iter().collect::<Vec<_>>(), 2, 350.0);
                let mut canvas = Canvas::new(350.0);
                key.draw(&mut canvas, 0.0, 0.0);
                testing::assert_apart(&canvas.finish(key.height()));
            }
        }
    }
}
