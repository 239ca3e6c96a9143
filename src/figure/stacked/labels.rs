//! Names of parts at the last year, beside the middle of each, as near as the others allow.

use super::{Stacked, net_dot, net_type};
use crate::figure::canvas::{Anchor, Canvas, Fill, LINE, Piece, Rect, Stroke, Type};
use crate::figure::ink::Ink;
use crate::figure::names::Named;
use crate::figure::place::spread;
use crate::figure::scale::Scale;
use crate::figure::{Style, Width};
use crate::numerals::{Cited, SPACE};

/// From the last column to the labels.
const LEADER: f64 = 12.0;
/// A sample of the colour with its distance to the text.
const SAMPLE: f64 = 16.0;
const STEP: f64 = LINE * 13.0;
/// Between labels.
const APART: f64 = 3.0;

/// What stands before a name.
enum Sample {
    Fill(Fill),
    /// A dot on a line; hollow where the direction is unclear.
    Net {
        unclear: bool,
    },
}

struct Label {
    sample: Sample,
    lines: Vec<String>,
    number: Option<(String, Type, Cited)>,
    /// Whether the number has a line of its own.
    below: bool,
    /// The value beside which it wants to stand, in the printed unit.
    value: f64,
}

impl Label {
    /// The name (on a phone the short one if the full one does not do) and its number on one line if that has the
    /// room, else the name on up to two lines and the number where it fits.
    fn of(
        name: &Named,
        number: Option<(String, Type, Cited)>,
        (sample, value): (Sample, f64),
        (room, width): (f64, Width),
    ) -> Self {
        let wide = |text: &str| Type::LABEL.width(text);
        let behind = number.as_ref().map_or(0.0, |(text, how, _)| how.width(text) + wide(" "));
        let one_line = |text: &String| wide(text) + behind <= room;
        let brief = width.pick(name.clone(), Named { name: name.brief(), ..name.clone() });
        let one = [name.full(), brief.full()].into_iter().find(one_line);
        let lines = one.map_or_else(|| brief.fit(Type::LABEL, room, 2), |text| vec![text]);
        let last = lines.last().map_or(0.0, |line| wide(line));
        let below = number.is_some() && last + behind > room;
        Label { sample, lines, number, below, value }
    }

    fn height(&self) -> f64 {
        (self.lines.len() + usize::from(self.below)) as f64 * STEP
    }

    fn width(&self) -> f64 {
        let widths = self.lines.iter().map(|line| Type::LABEL.width(line));
        let names = widths.fold(0.0, f64::max);
        let number = self.number.as_ref().map_or(0.0, |(text, how, _)| how.width(text));
        let last = self.lines.last().map_or(0.0, |line| Type::LABEL.width(line));
        let behind = if self.below { number } else { last + Type::LABEL.width(" ") + number };
        names.max(behind)
    }

    fn draw(&self, canvas: &mut Canvas, x: f64, middle: f64) {
        match &self.sample {
            Sample::Fill(fill) => {
                canvas.rect(Rect::new(x, middle - 5.0, 10.0, 10.0), *fill, None);
            }
            Sample::Net { unclear } => {
                canvas.line((x - 2.0, middle), (x + 12.0, middle), Stroke::of(Ink::Ink, 2.0));
                net_dot(canvas, (x + 5.0, middle), *unclear);
            }
        }
        let space = SPACE.to_string();
        let first = middle - self.height() / 2.0 + 12.0;
        let number =
            self.number.as_ref().map(|(text, how, cited)| Piece::number(text, *how, cited));
        let last = self.lines.len().saturating_sub(1);
        for (at, line) in self.lines.iter().enumerate() {
            let mut pieces = vec![Piece::words(line, Type::LABEL)];
            if let (true, Some(number)) = (at == last && !self.below, number) {
                pieces.extend([Piece::words(&space, Type::LABEL), number]);
            }
            canvas.pieces(&pieces, x + SAMPLE, first + STEP * at as f64, Anchor::Start);
        }
        if let (true, Some(number)) = (self.below, number) {
            let y = first + STEP * self.lines.len() as f64;
            canvas.pieces(&[number], x + SAMPLE, y, Anchor::Start);
        }
    }
}

/// Labels of all parts and of the net.
pub(super) struct Labels(Vec<Label>);

impl Labels {
    pub(super) fn of(figure: &Stacked, style: &Style, width: Width) -> Self {
        let room = (width.px() * width.pick(0.30, 0.34) - LEADER - SAMPLE, width);
        let Some(last) = figure.years.len().checked_sub(1) else { return Labels(Vec::new()) };
        let segments = figure.segments();
        let mut labels: Vec<Label> = (0..figure.parts().count())
            .map(|part| {
                let own = segments.iter().find(|own| own.year == last && own.part == part);
                let number = own.map(|own| {
                    let text = figure.measure.change(own.cited.value);
                    (text, Type::VALUE, own.cited.clone())
                });
                let value = own.map_or(0.0, |own| own.ends[0] + (own.ends[1] - own.ends[0]) / 2.0);
                let sample = Sample::Fill(figure.fill(part));
                Label::of(&figure.part_name(style, part), number, (sample, value), room)
            })
            .collect();
        let net = figure.net(last);
        let number = net
            .as_ref()
            .map(|net| (figure.net_number(style, net), net_type(net), net.point.clone()));
        let value = net.as_ref().map_or(0.0, |net| figure.measure.scaled(net.value()));
        let sample = Sample::Net { unclear: net.is_some_and(|net| net.unclear()) };
        labels.push(Label::of(&figure.net.name, number, (sample, value), room));
        Labels(labels)
    }

    /// Width of the column with its distance to the plot.
    pub(super) fn width(&self) -> f64 {
        LEADER + SAMPLE + self.0.iter().map(Label::width).fold(0.0, f64::max)
    }

    /// Height that they need below each other.
    pub(super) fn height(&self) -> f64 {
        self.0.iter().map(|label| label.height() + APART).sum()
    }

    /// Draws them right of `right`, each with a line from `edge`, where the last column ends.
    pub(super) fn draw(
        &self,
        canvas: &mut Canvas,
        values: &Scale,
        (edge, right): (f64, f64),
        [top, bottom]: [f64; 2],
    ) {
        let wants: Vec<(f64, f64)> =
            (self.0.iter()).map(|label| (values.at(label.value), label.height() + APART)).collect();
        let middles = spread(&wants, top, bottom);
        for ((label, (want, _)), middle) in self.0.iter().zip(&wants).zip(middles) {
            let start = edge.min(right - LEADER) + 3.0;
            let line = Stroke::of(Ink::Ink3, 1.0);
            canvas.polyline(
                &[(start, *want), (right - 2.0, *want), (right + LEADER - 4.0, middle)],
                line,
            );
            label.draw(canvas, right + LEADER, middle);
        }
    }
}
