//! Texts of a drawing: words, numbers with the lines where they stand, and lines made of several of them.

use std::fmt::Write;

use super::{Anchor, Canvas, Fill, Stroke, TextBox, Type, escaped, px};
use crate::figure::ink::Ink;
use crate::figure::text::Weight;
use crate::numerals::Cited;

/// A part of a line of text with a look of its own.
#[derive(Debug, Clone, Copy)]
pub struct Piece<'a> {
    /// The text; a space between two pieces belongs to one of them.
    pub text: &'a str,
    /// How it looks; which end its place is, the line says.
    pub how: Type,
    /// Where it stands, if it is a number of the results.
    pub cited: Option<&'a Cited>,
}

impl<'a> Piece<'a> {
    /// Words.
    pub fn words(text: &'a str, how: Type) -> Self {
        Piece { text, how, cited: None }
    }

    /// A number of the results.
    pub fn number(text: &'a str, how: Type, cited: &'a Cited) -> Self {
        Piece { text, how, cited: Some(cited) }
    }

    /// Width of pieces that follow each other.
    pub fn width(pieces: &[Piece<'_>]) -> f64 {
        pieces.iter().map(|piece| piece.how.width(piece.text)).sum()
    }
}

impl Canvas {
    /// A text with its baseline at `y`; no text is drawn for an empty one.
    pub fn text(&mut self, text: &str, x: f64, y: f64, how: Type) {
        self.text_of(text, x, y, how, None);
    }

    /// A number of the results: it carries its value and the line of the file where it stands.
    pub fn number(&mut self, text: &str, x: f64, y: f64, how: Type, cited: &Cited) {
        self.text_of(text, x, y, how, Some(cited));
    }

    fn text_of(&mut self, text: &str, x: f64, y: f64, how: Type, cited: Option<&Cited>) {
        if text.is_empty() {
            return;
        }
        self.texts.push(TextBox { text: text.to_owned(), rect: how.rect(text, x, y) });
        self.open_text(x, y);
        self.size(how);
        self.end(how.anchor);
        self.look(how);
        self.cite(cited);
        let _ = write!(self.body, ">{}</text>", escaped(text));
    }

    /// One line of several pieces, laid out behind each other; its place is the end that `anchor` says.
    pub fn pieces(&mut self, pieces: &[Piece<'_>], x: f64, y: f64, anchor: Anchor) {
        let text: String = pieces.iter().map(|piece| piece.text).collect();
        let Some(largest) =
            pieces.iter().map(|piece| piece.how).reduce(|a, b| if b.size > a.size { b } else { a })
        else {
            return;
        };
        if text.is_empty() {
            return;
        }
        let mut rect = largest.anchor(anchor).rect("", x, y);
        rect.w = Piece::width(pieces);
        rect.x = x - rect.w * anchor.left();
        self.texts.push(TextBox { text, rect });
        // What all pieces share stands once, on the line.
        let shared = pieces.iter().all(|piece| piece.how.looks_like(&largest));
        self.open_text(x, y);
        if shared {
            self.size(largest);
        }
        self.end(anchor);
        if shared {
            self.look(largest);
        }
        self.body.push('>');
        for piece in pieces.iter().filter(|piece| !piece.text.is_empty()) {
            if shared && piece.cited.is_none() {
                self.body.push_str(&escaped(piece.text));
                continue;
            }
            self.body.push_str("<tspan");
            if !shared {
                self.size(piece.how);
                self.look(piece.how);
            }
            self.cite(piece.cited);
            let _ = write!(self.body, ">{}</tspan>", escaped(piece.text));
        }
        self.body.push_str("</text>");
    }

    /// Lines of text, the first with its baseline at `y`, `step` apart.
    pub fn lines(&mut self, lines: &[String], x: f64, y: f64, step: f64, how: Type) {
        for (at, line) in lines.iter().enumerate() {
            self.text(line, x, y + step * at as f64, how);
        }
    }

    fn open_text(&mut self, x: f64, y: f64) {
        let _ = write!(self.body, "<text x=\"{}\" y=\"{}\"", px(x), px(y));
    }

    fn size(&mut self, how: Type) {
        let _ = write!(self.body, " font-size=\"{}\"", how.size);
    }

    fn end(&mut self, anchor: Anchor) {
        if anchor != Anchor::Start {
            let _ = write!(self.body, " text-anchor=\"{}\"", anchor.word());
        }
    }

    fn look(&mut self, how: Type) {
        if how.weight == Weight::Bold {
            self.body.push_str(" font-weight=\"600\"");
        }
        let halo = how.halo.then_some(Stroke::of(Ink::Paper, 3.5));
        self.paint(Fill::Ink(how.ink), halo);
        if how.halo {
            self.body.push_str(" paint-order=\"stroke\" stroke-linejoin=\"round\"");
        }
    }

    fn cite(&mut self, cited: Option<&Cited>) {
        let Some(cited) = cited else { return };
        let mut value = String::new();
        crate::tidy::push_number(&mut value, cited.value);
        let source = escaped(&cited.at.to_string());
        let _ = write!(self.body, " data-value=\"{value}\" data-src=\"{source}\"");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::canvas::Alt;

    #[test]
    fn a_line_of_pieces_is_one_text_whose_numbers_carry_their_lines() {
        let (low, high) = (Cited::new(105.0, "sums.csv", 3), Cited::new(639.0, "sums.csv", 4));
        let pieces = [
            Piece::number("+105", Type::AXIS, &low),
            Piece::words("～", Type::AXIS),
            Piece::number("+639", Type::AXIS, &high),
        ];
        let mut canvas = Canvas::new(200.0);
        canvas.pieces(&pieces, 190.0, 20.0, Anchor::End);
        let drawing = canvas.finish(30.0);
        let [text] = &drawing.texts[..] else { panic!("{:?}", drawing.texts) };
        assert_eq!(text.text, "+105～+639");
        assert!((text.rect.right() - 190.0).abs() < 1e-9);
        let svg = drawing.svg("f", "Arial", &Alt::default());
        assert!(svg.contains("data-value=\"105\" data-src=\"sums.csv:3\">+105</tspan>"), "{svg}");
        assert!(svg.contains("data-value=\"639\" data-src=\"sums.csv:4\">+639</tspan>"), "{svg}");
    }
}
