//! Lines of text that hold several numbers, each with the line of the file where it stands.

use super::canvas::{Canvas, Piece, Type};
use super::names::wrapped;
use crate::numerals::{Cited, Estimate, Language, Measure, number, range};

/// A part of a line of text.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Words between numbers.
    Words(String),
    /// Words behind others that are less than they: smaller, lighter, not bold.
    Aside(String),
    /// A number as it is printed, and where it stands.
    Number(String, Cited),
}

impl Part {
    /// Words.
    pub fn words(text: impl Into<String>) -> Self {
        Part::Words(text.into())
    }

    /// A level in the unit of a figure.
    pub fn level(measure: &Measure, cited: &Cited) -> Self {
        Part::Number(measure.level(cited.value), cited.clone())
    }

    /// A change in the unit of a figure.
    pub fn change(measure: &Measure, cited: &Cited) -> Self {
        Part::Number(measure.change(cited.value), cited.clone())
    }

    /// What it prints.
    pub fn text(&self) -> &str {
        match self {
            Part::Words(text) | Part::Aside(text) | Part::Number(text, _) => text,
        }
    }
}

/// What the parts print together.
pub fn joined(parts: &[Part]) -> String {
    parts.iter().map(Part::text).collect()
}

/// The two ends of a range with the words between them, between an opening and a closing word.
pub fn ends([low, high]: [Part; 2], [open, close]: [&str; 2], language: Language) -> Vec<Part> {
    let between = Part::words(range("", "", language));
    vec![Part::words(open), low, between, high, Part::words(close)]
}

/// The range of an estimate of a change or level in brackets; nothing where there is none.
pub fn range_of(
    measure: &Measure,
    change: bool,
    value: &Estimate,
    brackets: [&str; 2],
) -> Vec<Part> {
    let Some(range) = &value.range else { return Vec::new() };
    let part = |end| if change { Part::change(measure, end) } else { Part::level(measure, end) };
    ends([part(&range[0]), part(&range[1])], brackets, measure.language())
}

/// A probability: `p = 0.012`, or `p < 0.001`.
pub fn probability(cited: &Cited, language: Language) -> Vec<Part> {
    if cited.value < 0.001 {
        return vec![Part::words("p < 0.001")];
    }
    let text = number(cited.value, 3, false, language);
    vec![Part::words("p = "), Part::Number(text, cited.clone())]
}

impl Canvas {
    /// A line of words and numbers, its baseline at `y`; each number carries its value and line.
    pub fn phrase(&mut self, parts: &[Part], x: f64, y: f64, how: Type) {
        let mut pieces: Vec<Piece<'_>> = Vec::with_capacity(parts.len());
        for part in parts {
            pieces.push(match part {
                Part::Words(text) => Piece::words(text, how),
                // Units stand behind in the type of axes.
                Part::Aside(text) => Piece::words(text, Type::AXIS),
                Part::Number(text, cited) => Piece::number(text, how, cited),
            });
        }
        self.pieces(&pieces, x, y, how.anchor);
    }
}

/// Height of a line of a head.
pub const HEAD_STEP: f64 = 18.0;

/// A head by lines no wider than `room`, the unit behind the last of them.
fn head_lines(head: &str, unit: &str, room: f64) -> Vec<Vec<Part>> {
    let lines = wrapped(head, room, Type::HEAD);
    let mut lines: Vec<Vec<Part>> = lines.into_iter().map(|line| vec![Part::Words(line)]).collect();
    if !unit.is_empty() {
        let aside = Part::Aside(format!("\u{2002}{unit}"));
        let width = |parts: &[Part]| Type::HEAD.width(&joined(parts));
        match lines.last_mut() {
            Some(last) if width(last) + width(std::slice::from_ref(&aside)) <= room => {
                last.push(aside)
            }
            _ => lines.extend(
                wrapped(unit, room, Type::HEAD).into_iter().map(|line| vec![Part::Aside(line)]),
            ),
        }
    }
    lines
}

/// Height of a head.
pub fn head_height(head: &str, unit: &str, room: f64) -> f64 {
    HEAD_STEP * head_lines(head, unit, room).len() as f64
}

/// Draws the head of a figure or panel with the unit behind it, from `top` on; where it ends.
pub fn draw_head(
    canvas: &mut Canvas,
    (head, unit): (&str, &str),
    (x, top): (f64, f64),
    room: f64,
) -> f64 {
    let lines = head_lines(head, unit, room);
    for (at, parts) in lines.iter().enumerate() {
        canvas.phrase(parts, x, top + 14.0 + HEAD_STEP * at as f64, Type::HEAD);
    }
    top + HEAD_STEP * lines.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::canvas::Alt;

    #[test]
    fn each_number_of_a_line_carries_its_own_place() {
        let measure = Measure::of_figure("Mt", 639.0, Language::English);
        let [low, high] =
            [105.25, 639.0].map(|value| Cited::new(value, "a.csv", value.ceil() as u64));
        let point = Cited::new(300.0, "a.csv", 2);
        let value = Estimate { point, range: Some([low, high]), disputed: false };
        let parts = range_of(&measure, true, &value, ["[", "]"]);
        assert_eq!(joined(&parts), "[+105 to +639]");
        let mut canvas = Canvas::new(200.0);
        canvas.phrase(&parts, 10.0, 20.0, Type::LABEL);
        let drawing = canvas.finish(30.0);
        assert_eq!(drawing.texts.len(), 1);
        let svg = drawing.svg("f", "Arial", &Alt::default());
        let expected = "[<tspan data-value=\"105.25\" data-src=\"a.csv:106\">+105</tspan> to \
                        <tspan data-value=\"639\" data-src=\"a.csv:639\">+639</tspan>]</text>";
        assert!(svg.contains(expected), "{svg}");
    }
}
