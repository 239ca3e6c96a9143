//! Writing a drawing: shapes in roles of colour, texts with their boxes, marks with what they say.

use std::fmt::Write;

use super::ink::{Ink, Theme};
use super::text::{Weight, width};

mod texts;

pub use texts::Piece;

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// Left.
    pub x: f64,
    /// Top.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

impl Rect {
    /// A rectangle by its left upper corner and size.
    pub fn new(x: f64, y: f64, w: f64, h: f64) -> Self {
        Rect { x, y, w, h }
    }

    /// Right end.
    pub fn right(&self) -> f64 {
        self.x + self.w
    }

    /// Lower end.
    pub fn bottom(&self) -> f64 {
        self.y + self.h
    }

    /// Whether the two share more than a border.
    pub fn overlaps(&self, other: &Rect) -> bool {
        self.x < other.right() - 1e-6
            && other.x < self.right() - 1e-6
            && self.y < other.bottom() - 1e-6
            && other.y < self.bottom() - 1e-6
    }

    /// Whether the other lies inside.
    pub fn holds(&self, other: &Rect) -> bool {
        other.x >= self.x - 1e-6
            && other.y >= self.y - 1e-6
            && other.right() <= self.right() + 1e-6
            && other.bottom() <= self.bottom() + 1e-6
    }

    /// The rectangle with so much more on every side.
    pub fn grown(&self, by: f64) -> Rect {
        Rect::new(self.x - by, self.y - by, self.w + 2.0 * by, self.h + 2.0 * by)
    }
}

/// Which end of a text its place is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Anchor {
    /// Its left end.
    #[default]
    Start,
    /// Its middle.
    Middle,
    /// Its right end.
    End,
}

impl Anchor {
    fn word(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }

    /// How much of a width lies left of the place.
    fn left(self) -> f64 {
        match self {
            Anchor::Start => 0.0,
            Anchor::Middle => 0.5,
            Anchor::End => 1.0,
        }
    }
}

/// Height of a line of text in sizes.
pub const LINE: f64 = 1.2;

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub struct Type {
    /// Size in px.
    pub size: f64,
    /// Weight.
    pub weight: Weight,
    /// Colour.
    pub ink: Ink,
    /// Which end its place is.
    pub anchor: Anchor,
    /// Whether a border of the ground's colour keeps it readable on marks.
    pub halo: bool,
}

impl Type {
    /// Names of rows and marks: 13 px.
    pub const LABEL: Type = Type {
        size: 13.0,
        weight: Weight::Regular,
        ink: Ink::Ink,
        anchor: Anchor::Start,
        halo: false,
    };
    /// Numbers of marks: 13 px, 600.
    pub const VALUE: Type = Type { weight: Weight::Bold, ..Type::LABEL };
    /// Heads of panels: 13 px, 600.
    pub const HEAD: Type = Type::VALUE;
    /// Axes and keys: 12 px.
    pub const AXIS: Type = Type { size: 12.0, ink: Ink::Ink3, ..Type::LABEL };

    /// In another colour.
    pub const fn ink(self, ink: Ink) -> Type {
        Type { ink, ..self }
    }

    /// At another end.
    pub const fn anchor(self, anchor: Anchor) -> Type {
        Type { anchor, ..self }
    }

    /// With a border of the ground's colour.
    pub const fn halo(self) -> Type {
        Type { halo: true, ..self }
    }

    /// At another size.
    pub const fn size(self, size: f64) -> Type {
        Type { size, ..self }
    }

    /// Whether texts in it look like those in another, whichever end their places are.
    fn looks_like(&self, other: &Type) -> bool {
        self.size == other.size
            && self.weight == other.weight
            && self.ink == other.ink
            && self.halo == other.halo
    }

    /// Width of a text in it.
    pub fn width(&self, text: &str) -> f64 {
        width(text, self.size, self.weight)
    }

    /// The box of a text whose baseline is at `y`.
    pub fn rect(&self, text: &str, x: f64, y: f64) -> Rect {
        let w = self.width(text);
        Rect::new(x - w * self.anchor.left(), y - 0.93 * self.size, w, LINE * self.size)
    }
}

/// What a shape is filled with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fill {
    /// Nothing.
    None,
    /// A colour.
    Ink(Ink),
    /// A colour that lets through: role and opacity.
    Faint(Ink, f64),
    /// Lines at 45 degrees: of unknown direction, or the second of two things of one colour.
    Hatch(Ink),
}

/// How a line looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stroke {
    /// Colour.
    pub ink: Ink,
    /// Width in px.
    pub width: f64,
    /// Dashes, such as `6 4`; empty for a whole line.
    pub dash: &'static str,
    /// Opacity.
    pub opacity: f64,
}

impl Stroke {
    /// A whole line.
    pub const fn of(ink: Ink, width: f64) -> Stroke {
        Stroke { ink, width, dash: "", opacity: 1.0 }
    }

    /// The line behind data.
    pub const GRID: Stroke = Stroke::of(Ink::Grid, 1.0);
    /// The zero line.
    pub const ZERO: Stroke = Stroke::of(Ink::Ink, 1.2);

    /// With dashes.
    pub const fn dash(self, dash: &'static str) -> Stroke {
        Stroke { dash, ..self }
    }

    /// That lets through.
    pub const fn opacity(self, opacity: f64) -> Stroke {
        Stroke { opacity, ..self }
    }
}

/// A text of a drawing and the room it takes.
#[derive(Debug, Clone, PartialEq)]
pub struct TextBox {
    /// The text.
    pub text: String,
    /// Its box.
    pub rect: Rect,
}

/// What a drawing is (a title) and shows (a sentence or two), for those who do not see it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alt {
    /// What it is.
    pub title: String,
    /// What it shows, up to 500 characters.
    pub text: String,
}

/// Longest description, in characters.
const LONGEST_ALT: usize = 500;

impl Alt {
    /// A description; one too long for a listener ends behind the last sentence that fits.
    pub fn new(title: impl Into<String>, text: &str) -> Self {
        let mut kept: String = text.chars().take(LONGEST_ALT).collect();
        if kept.len() < text.len()
            && let Some(end) = kept.rfind(['。', '.', '；', ';'])
        {
            kept.truncate(end + kept[end..].chars().next().map_or(1, char::len_utf8));
        }
        Alt { title: title.into(), text: kept }
    }
}

/// A finished drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// Width in px.
    pub width: f64,
    /// Height in px.
    pub height: f64,
    /// Every text with its box.
    pub texts: Vec<TextBox>,
    /// Labels for which there was no room: the note says so, the table has them.
    pub dropped: Vec<String>,
    body: String,
    hatches: Vec<Ink>,
}

/// Stands in the body where the drawing's own id goes.
const ID: char = '\u{1}';

impl Drawing {
    /// The drawing as an SVG element with an id of its own and one family of fonts.
    pub fn svg(&self, id: &str, family: &str, alt: &Alt) -> String {
        let mut out = String::with_capacity(self.body.len() + 1024);
        let (width, height) = (px(self.width), px(self.height));
        let _ = write!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
             role=\"img\" aria-labelledby=\"{id}-t {id}-d\" font-family=\"{}\"><title id=\"{id}-t\">{}</title>\
             <desc id=\"{id}-d\">{}</desc>",
            escaped(family),
            escaped(&alt.title),
            escaped(&alt.text)
        );
        if !self.hatches.is_empty() {
            out.push_str("<defs>");
            for ink in &self.hatches {
                let word = ink.word();
                let _ = write!(
                    out,
                    "<pattern id=\"{id}-h-{word}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
                     patternTransform=\"rotate(45)\"><line x1=\"0\" y1=\"3\" x2=\"6\" y2=\"3\" stroke-width=\"2.4\"{}/></pattern>",
                    colour("stroke", *ink)
                );
            }
            out.push_str("</defs>");
        }
        out.push_str(&self.body.replace(ID, id));
        out.push_str("</svg>");
        out
    }
}

/// A drawing in the making; y grows downwards.
#[derive(Debug, Clone, Default)]
pub struct Canvas {
    width: f64,
    body: String,
    texts: Vec<TextBox>,
    dropped: Vec<String>,
    hatches: Vec<Ink>,
}

/// Lengths have one decimal: enough for a screen, and short. What is no number would break the drawing: 0.
fn px(value: f64) -> String {
    let value = if value.is_finite() { value } else { 0.0 };
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text for XML, in elements and attributes.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // What XML has no place for.
            '\u{0}'..='\u{8}'
            | '\u{b}'
            | '\u{c}'
            | '\u{e}'..='\u{1f}'
            | '\u{fffe}'
            | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}

fn light() -> &'static Theme {
    static LIGHT: std::sync::OnceLock<Theme> = std::sync::OnceLock::new();
    LIGHT.get_or_init(Theme::light)
}

/// Attribute with the light colour; its class is put down by [`class`].
pub(super) fn colour(attribute: &str, ink: Ink) -> String {
    let letter = &attribute[..1];
    format!(" class=\"{letter}-{}\" {attribute}=\"{}\"", ink.word(), light().colour(ink))
}

impl Canvas {
    /// An empty drawing of a width.
    pub fn new(width: f64) -> Self {
        Canvas { width, ..Canvas::default() }
    }

    /// Its width.
    pub fn width(&self) -> f64 {
        self.width
    }

    /// Texts put down so far.
    pub fn texts(&self) -> &[TextBox] {
        &self.texts
    }

    fn paint(&mut self, fill: Fill, stroke: Option<Stroke>) {
        let mut classes = Vec::new();
        let mut attributes = String::new();
        match fill {
            Fill::None => attributes.push_str(" fill=\"none\""),
            Fill::Ink(ink) | Fill::Faint(ink, _) => {
                classes.push(format!("f-{}", ink.word()));
                let _ = write!(attributes, " fill=\"{}\"", light().colour(ink));
                if let Fill::Faint(_, opacity) = fill {
                    let _ = write!(attributes, " fill-opacity=\"{opacity}\"");
                }
            }
            Fill::Hatch(ink) => {
                if !self.hatches.contains(&ink) {
                    self.hatches.push(ink);
                }
                let _ = write!(attributes, " fill=\"url(#{ID}-h-{})\"", ink.word());
            }
        }
        if let Some(stroke) = stroke {
            classes.push(format!("s-{}", stroke.ink.word()));
            let _ = write!(
                attributes,
                " stroke=\"{}\" stroke-width=\"{}\"",
                light().colour(stroke.ink),
                stroke.width
            );
            if !stroke.dash.is_empty() {
                let _ = write!(attributes, " stroke-dasharray=\"{}\"", stroke.dash);
            }
            if stroke.opacity < 1.0 {
                let _ = write!(attributes, " stroke-opacity=\"{}\"", stroke.opacity);
            }
        }
        if !classes.is_empty() {
            let _ = write!(self.body, " class=\"{}\"", classes.join(" "));
        }
        self.body.push_str(&attributes);
    }

    /// A rectangle; one of negative width or height is not drawn.
    pub fn rect(&mut self, rect: Rect, fill: Fill, stroke: Option<Stroke>) {
        if rect.w < 0.0 || rect.h < 0.0 {
            return;
        }
        let _ = write!(
            self.body,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
            px(rect.x),
            px(rect.y),
            px(rect.w),
            px(rect.h)
        );
        self.paint(fill, stroke);
        self.body.push_str("/>");
    }

    /// A straight line.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: Stroke) {
        let _ = write!(
            self.body,
            "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"",
            px(from.0),
            px(from.1),
            px(to.0),
            px(to.1)
        );
        self.paint(Fill::None, Some(stroke));
        self.body.push_str("/>");
    }

    /// A dot.
    pub fn dot(&mut self, at: (f64, f64), radius: f64, fill: Fill, stroke: Option<Stroke>) {
        let _ = write!(
            self.body,
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"",
            px(at.0),
            px(at.1),
            px(radius)
        );
        self.paint(fill, stroke);
        self.body.push_str("/>");
    }

    /// A line through points.
    pub fn polyline(&mut self, points: &[(f64, f64)], stroke: Stroke) {
        self.points("polyline", points, Fill::None, Some(stroke));
    }

    /// A closed shape.
    pub fn polygon(&mut self, points: &[(f64, f64)], fill: Fill, stroke: Option<Stroke>) {
        self.points("polygon", points, fill, stroke);
    }

    fn points(&mut self, what: &str, points: &[(f64, f64)], fill: Fill, stroke: Option<Stroke>) {
        let places: Vec<String> =
            points.iter().map(|(x, y)| format!("{},{}", px(*x), px(*y))).collect();
        let _ =
            write!(self.body, "<{what} points=\"{}\" stroke-linejoin=\"round\"", places.join(" "));
        self.paint(fill, stroke);
        self.body.push_str("/>");
    }

    /// A path by SVG's own commands; [`Path`] writes them.
    pub fn path(&mut self, path: &Path, fill: Fill, stroke: Option<Stroke>) {
        let _ = write!(self.body, "<path d=\"{}\"", path.0);
        self.paint(fill, stroke);
        self.body.push_str("/>");
    }

    /// An area by rings, of which one inside another is a hole.
    pub fn area(&mut self, rings: &Path, fill: Fill, stroke: Option<Stroke>) {
        let _ = write!(self.body, "<path fill-rule=\"evenodd\" d=\"{}\"", rings.0);
        self.paint(fill, stroke);
        self.body.push_str("/>");
    }

    /// A group of shapes that is one mark: `says` is read out when it is pointed at or reached by keys.
    pub fn mark(&mut self, says: &str, draw: impl FnOnce(&mut Canvas)) {
        let _ = write!(self.body, "<g class=\"mark\" data-read=\"{}\">", escaped(says));
        draw(self);
        self.body.push_str("</g>");
    }

    /// Notes that there was no room for a label; once is enough.
    pub fn drop_label(&mut self, label: &str) {
        if !self.dropped.iter().any(|other| other == label) {
            self.dropped.push(label.to_owned());
        }
    }

    /// The drawing, of a height.
    pub fn finish(self, height: f64) -> Drawing {
        Drawing {
            width: self.width,
            height,
            texts: self.texts,
            dropped: self.dropped,
            body: self.body,
            hatches: self.hatches,
        }
    }
}

/// Commands of a path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Path(String);

impl Path {
    /// An empty path.
    pub fn new() -> Self {
        Path::default()
    }

    /// Goes to a place without drawing.
    pub fn move_to(mut self, x: f64, y: f64) -> Self {
        let _ = write!(self.0, "M{} {}", px(x), px(y));
        self
    }

    /// A straight line.
    pub fn line_to(mut self, x: f64, y: f64) -> Self {
        let _ = write!(self.0, "L{} {}", px(x), px(y));
        self
    }

    /// A cubic curve by its two control points and its end.
    pub fn curve_to(mut self, first: (f64, f64), second: (f64, f64), end: (f64, f64)) -> Self {
        let _ = write!(
            self.0,
            "C{} {} {} {} {} {}",
            px(first.0),
            px(first.1),
            px(second.0),
            px(second.1),
            px(end.0),
            px(end.1)
        );
        self
    }

    /// An arc of a circle to a place.
    pub fn arc_to(mut self, radius: f64, large: bool, clockwise: bool, x: f64, y: f64) -> Self {
        let _ = write!(
            self.0,
            "A{0} {0} 0 {1} {2} {3} {4}",
            px(radius),
            u8::from(large),
            u8::from(clockwise),
            px(x),
            px(y)
        );
        self
    }

    /// Closes it.
    pub fn close(mut self) -> Self {
        self.0.push('Z');
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerals::Cited;

    #[test]
    fn a_number_carries_its_line() {
        let mut canvas = Canvas::new(100.0);
        let cited = Cited::new(4551.25, "sums.csv", 12);
        canvas.mark("西北 <+4551>", |canvas| {
            canvas.number("+4551", 10.0, 20.0, Type::VALUE, &cited)
        });
        let svg = canvas.finish(30.0).svg("f1", "Arial", &Alt::default());
        assert!(
            svg.contains("data-value=\"4551.25\" data-src=\"sums.csv:12\">+4551</text>"),
            "{svg}"
        );
        assert!(svg.contains("data-read=\"西北 &lt;+4551&gt;\""), "{svg}");
    }

    #[test]
    fn hatches_are_defined_once_under_the_drawing_s_id() {
        let mut canvas = Canvas::new(100.0);
        for at in [0.0, 20.0] {
            canvas.rect(Rect::new(at, 0.0, 10.0, 10.0), Fill::Hatch(Ink::Unclear), None);
        }
        let svg = canvas.finish(30.0).svg("f1", "Arial", &Alt::default());
        assert_eq!(svg.matches("<pattern id=\"f1-h-unc\"").count(), 1);
        assert_eq!(svg.matches("url(#f1-h-unc)").count(), 2);
    }
}
