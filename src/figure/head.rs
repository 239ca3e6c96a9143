//! The head of a panel: the quantity and its unit, on one line if they have room.

use super::canvas::{Canvas, LINE, Type};
use super::ink::Ink;
use super::names::Named;
use super::net_bars::Panel;

/// Lines of a head.
#[derive(Debug)]
pub struct Head {
    lines: Vec<String>,
    unit: Vec<String>,
    /// Where the unit stands behind the quantity; on lines of its own if nowhere.
    beside: Option<f64>,
}

const UNIT: Type = Type::AXIS.ink(Ink::Ink2);

impl Head {
    /// The head of a panel that is so wide.
    pub fn of(panel: &Panel, room: f64) -> Self {
        let beside = Type::HEAD.width(&panel.head) + 8.0;
        if beside + UNIT.width(panel.measure.unit()) <= room {
            let (lines, unit) = (vec![panel.head.clone()], vec![panel.measure.unit().to_owned()]);
            return Head { lines, unit, beside: Some(beside) };
        }
        Head {
            lines: Named::new(panel.head.clone()).fit(Type::HEAD, room, 3),
            unit: Named::new(panel.measure.unit()).fit(UNIT, room, 2),
            beside: None,
        }
    }

    /// Height of what is more than one line.
    pub fn more(&self) -> f64 {
        let lines = self.lines.len() + if self.beside.is_some() { 0 } else { self.unit.len() };
        STEP * lines.saturating_sub(1) as f64
    }

    /// Draws it with its first baseline at `y`.
    pub fn draw(&self, canvas: &mut Canvas, left: f64, y: f64) {
        canvas.lines(&self.lines, left, y, STEP, Type::HEAD);
        let (x, y) = match self.beside {
            Some(beside) => (left + beside, y),
            None => (left, y + STEP * self.lines.len() as f64),
        };
        canvas.lines(&self.unit, x, y, STEP, UNIT);
    }
}

const STEP: f64 = LINE * Type::HEAD.size;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::testing;
    use crate::numerals::{Language, Measure};

    #[test]
    fn long_quantities_and_units_take_more_lines() {
        for (head, unit) in [
            ("CO₂", "Mt"),
            ("Net transfer of value added at constant prices of 2007", "10^8 yuan"),
            ("Chemical oxygen demand", "kilograms of oxygen of all waste water of a year"),
            ("", ""),
        ] {
            let measure = Measure::of_figure(unit, 5.0, Language::English);
            let head = Head::of(&Panel { head: head.to_owned(), measure }, 350.0);
            let mut canvas = Canvas::new(350.0);
            head.draw(&mut canvas, 0.0, 14.0);
            testing::assert_apart(&canvas.finish(19.0 + head.more()));
        }
    }
}
