//! Stacked decomposition by year: what adds stands above zero, what takes away below, and what is left is a line.
//!
//! Years stand where they are on a line of time, so missing ones leave a gap, which the line of the net does not
//! cross. Names stand at the last year.

mod labels;

use self::labels::Labels;
use super::axis::{self, Axis};
use super::canvas::{Alt, Anchor, Canvas, Drawing, Fill, Rect, Stroke, Type};
use super::ink::Ink;
use super::names::Named;
use super::rows::{self, Head, told};
use super::scale::Scale;
use super::{Figure, Style, Width};
use crate::numerals::{Cited, Estimate, Measure};

/// A part of the change.
#[derive(Debug, Clone)]
pub struct Factor {
    /// Its name.
    pub name: Named,
    /// What it adds by year; nothing where there are no data.
    pub values: Vec<Option<Cited>>,
}

/// All parts together.
#[derive(Debug, Clone)]
pub struct Net {
    /// Its name.
    pub name: Named,
    /// The change by year; nothing where there are no data.
    pub values: Vec<Option<Estimate>>,
}

/// Parts that are not named.
#[derive(Debug, Clone)]
pub struct Other {
    /// How many they are.
    pub count: usize,
    /// Their sum by year.
    pub values: Vec<Option<Cited>>,
}

/// Parts of a change by year.
#[derive(Debug, Clone)]
pub struct Stacked {
    /// Name of the quantity.
    pub head: String,
    /// Its unit.
    pub measure: Measure,
    /// Years, rising.
    pub years: Vec<i32>,
    /// Up to five parts, in the order of the categories' colours, the first nearest to zero.
    pub factors: Vec<Factor>,
    /// The sum of the others.
    pub other: Option<Other>,
    /// What all parts come to.
    pub net: Net,
}

const AXIS_LINE: f64 = 22.0;
/// Room above and below the columns for the numbers of the net.
const NUMBERS: f64 = 20.0;
const WIDEST: f64 = 56.0;
const DOT: f64 = 3.8;
/// Colours of categories.
const COLOURS: usize = 5;

/// One part of one column.
struct Segment<'a> {
    /// Index among the parts, the sum of the others last.
    part: usize,
    year: usize,
    cited: &'a Cited,
    /// Its ends in the printed unit, that nearer to zero first.
    ends: [f64; 2],
}

/// Where columns stand.
struct Plot {
    years: Scale,
    values: Scale,
    /// Width of a column.
    column: f64,
    /// The smallest distance of two years.
    step: i32,
    /// Its sides.
    sides: [f64; 2],
}

impl Stacked {
    /// Values of the parts, the sum of the others last.
    fn parts(&self) -> impl Iterator<Item = &[Option<Cited>]> {
        let other = self.other.iter().map(|other| other.values.as_slice());
        self.factors.iter().map(|factor| factor.values.as_slice()).chain(other)
    }

    fn part_name(&self, style: &Style, part: usize) -> Named {
        match (self.factors.get(part), &self.other) {
            (Some(factor), _) => factor.name.clone(),
            (None, Some(other)) => Named::new(style.words.other_of(other.count)),
            (None, None) => Named::default(),
        }
    }

    fn fill(&self, part: usize) -> Fill {
        match part < self.factors.len().min(COLOURS) {
            true => Fill::Ink(Ink::Category(part as u8)),
            false => Fill::Hatch(Ink::Context),
        }
    }

    fn net(&self, year: usize) -> Option<Estimate> {
        self.net.values.get(year)?.as_ref()?.known()
    }

    /// The parts of every column, stacked from zero in either direction.
    fn segments(&self) -> Vec<Segment<'_>> {
        let mut segments = Vec::new();
        for year in 0..self.years.len() {
            let (mut above, mut below) = (0.0, 0.0);
            for (part, values) in self.parts().enumerate() {
                let Some(cited) = values.get(year).and_then(|own| own.as_ref()?.known()) else {
                    continue;
                };
                let value = self.measure.scaled(cited.value);
                let from = if value < 0.0 { &mut below } else { &mut above };
                segments.push(Segment { part, year, cited, ends: [*from, *from + value] });
                *from += value;
            }
        }
        segments
    }

    /// Lowest and highest that anything of the year reaches, in the printed unit; zero is in it.
    fn reach(&self, segments: &[Segment<'_>], year: usize) -> [f64; 2] {
        let own = segments.iter().filter(|segment| segment.year == year);
        let net = self.net(year).map(|net| net.span().map(|end| self.measure.scaled(end)));
        rows::with_zero(own.map(|segment| segment.ends[1]).chain(net.into_iter().flatten()))
    }

    /// Whether a number of the net stands below its column.
    fn numbers_below(&self) -> bool {
        let years = 0..self.years.len().saturating_sub(1);
        years.filter_map(|year| self.net(year)).any(|net| net.value() < 0.0)
    }

    /// The smallest distance of two years that follow each other.
    fn year_step(&self) -> i32 {
        let steps = self.years.windows(2).map(|pair| pair[1].saturating_sub(pair[0]));
        steps.filter(|step| *step > 0).min().unwrap_or(1)
    }

    fn plot(&self, frame: Rect, domain: [f64; 2]) -> Plot {
        let step = self.year_step();
        let ends = [self.years.first(), self.years.last()].map(|year| *year.unwrap_or(&0));
        let steps = f64::from(ends[1].saturating_sub(ends[0])) / f64::from(step) + 1.0;
        let column = (0.62 * frame.w / steps).clamp(2.0, WIDEST);
        let margin = (frame.w / steps / 2.0).min(WIDEST);
        let years = Scale::new(ends.map(f64::from), [frame.x + margin, frame.right() - margin]);
        let values = Scale::new(domain, [frame.bottom(), frame.y]);
        Plot { years, values, column, step, sides: [frame.x, frame.right()] }
    }

    fn draw_segment(&self, canvas: &mut Canvas, style: &Style, plot: &Plot, segment: &Segment<'_>) {
        let x = plot.years.at(f64::from(self.years[segment.year])) - plot.column / 2.0;
        let [from, to] = segment.ends.map(|end| plot.values.at(end));
        let bar = Rect::new(x, from.min(to), plot.column, (to - from).abs());
        let border = (bar.h > 3.0).then_some(Stroke::of(Ink::Paper, 1.5));
        let says = format!(
            "{}{}{}{}{} {}",
            self.part_name(style, segment.part).full(),
            style.words.comma,
            self.years[segment.year],
            style.words.colon,
            self.head,
            told(&self.measure, true, segment.cited.value)
        );
        canvas.mark(&says, |canvas| canvas.rect(bar, self.fill(segment.part), border));
    }

    /// The line of the net between years that follow each other without a gap.
    fn draw_net(&self, canvas: &mut Canvas, style: &Style, plot: &Plot) {
        let at = |year: usize, net: &Estimate| {
            let value = plot.values.at(self.measure.scaled(net.value()));
            (plot.years.at(f64::from(self.years[year])), value)
        };
        for (year, pair) in self.years.windows(2).enumerate() {
            let follows = pair[1].saturating_sub(pair[0]) <= plot.step;
            if let (true, Some(from), Some(to)) = (follows, self.net(year), self.net(year + 1)) {
                let ends = [at(year, &from), at(year + 1, &to)];
                canvas.line(ends[0], ends[1], Stroke::of(Ink::Paper, 4.5));
                canvas.line(ends[0], ends[1], Stroke::of(Ink::Ink, 2.0));
            }
        }
        for year in 0..self.years.len() {
            let Some(net) = self.net(year) else { continue };
            let named =
                format!("{}{}{}", self.net.name.full(), style.words.comma, self.years[year]);
            let says = rows::says(style, &self.head, &self.measure, &Named::new(named), &net);
            canvas.mark(&says, |canvas| {
                let (x, y) = at(year, &net);
                if net.range.is_some() {
                    let ends = net.span().map(|end| plot.values.at(self.measure.scaled(end)));
                    upright_whisker(canvas, x, ends);
                }
                net_dot(canvas, (x, y), net.unclear());
            });
        }
    }

    /// Years below the columns, the last one first; those without room are left out.
    fn draw_years(&self, canvas: &mut Canvas, plot: &Plot, baseline: f64) {
        let how = Type::AXIS.anchor(Anchor::Middle);
        let mut free_to = f64::INFINITY;
        for year in self.years.iter().rev() {
            let text = year.to_string();
            let (x, half) = (plot.years.at(f64::from(*year)), how.width(&text) / 2.0);
            if x + half + 6.0 <= free_to {
                canvas.text(&text, x, baseline, how);
                free_to = x - half;
            }
        }
    }

    /// Numbers of the net above what adds or below what takes away; that of the last year stands with its name.
    fn draw_numbers(&self, canvas: &mut Canvas, style: &Style, plot: &Plot, reaches: &[[f64; 2]]) {
        let x = |year: usize| plot.years.at(f64::from(self.years[year]));
        let columns: Vec<Rect> = (reaches.iter().enumerate())
            .map(|(year, [low, high])| {
                let (top, bottom) = (plot.values.at(*high), plot.values.at(*low));
                Rect::new(x(year) - plot.column / 2.0, top, plot.column, bottom - top)
            })
            .collect();
        let mut taken: Vec<Rect> = Vec::new();
        for year in 0..self.years.len().saturating_sub(1) {
            let net = self.net(year);
            let (text, how) = match &net {
                Some(net) => (self.net_number(style, net), net_type(net)),
                None if reaches[year] == [0.0, 0.0] => (style.words.no_data.clone(), Type::AXIS),
                None => continue,
            };
            let how = how.anchor(Anchor::Middle).halo();
            let y = match net.as_ref().is_some_and(|net| net.value() < 0.0) {
                true => columns[year].bottom() + 16.0,
                false => columns[year].y - 7.0,
            };
            let rect = how.rect(&text, x(year), y);
            let others = columns.iter().enumerate().filter(|(at, _)| *at != year);
            let hides = others.map(|(_, column)| column).chain(&taken);
            let outside = rect.x < plot.sides[0] || rect.right() > plot.sides[1];
            if outside || hides.into_iter().any(|other| other.overlaps(&rect)) {
                canvas.drop_label(&format!("{} {text}", self.years[year]));
                continue;
            }
            taken.push(rect);
            match &net {
                Some(net) => canvas.number(&text, x(year), y, how, &net.point),
                None => canvas.text(&text, x(year), y, how),
            }
        }
    }

    /// The number of the net, with the word where its direction is unclear.
    fn net_number(&self, style: &Style, net: &Estimate) -> String {
        let number = self.measure.change(net.value());
        match net.unclear() {
            true => format!("{number} {}", style.words.unclear),
            false => number,
        }
    }
}

/// How a number of the net is written.
fn net_type(net: &Estimate) -> Type {
    if net.unclear() { Type::LABEL.ink(Ink::Ink2) } else { Type::VALUE }
}

/// The dot of a net, hollow where its direction is unclear.
fn net_dot(canvas: &mut Canvas, at: (f64, f64), unclear: bool) {
    let fill = Fill::Ink(if unclear { Ink::Paper } else { Ink::Ink });
    canvas.dot(at, DOT + 1.6, Fill::Ink(Ink::Paper), None);
    canvas.dot(at, DOT, fill, Some(Stroke::of(Ink::Ink, 1.8)));
}

/// A range as an upright line with caps.
fn upright_whisker(canvas: &mut Canvas, x: f64, [low, high]: [f64; 2]) {
    canvas.line((x, low), (x, high), Stroke::of(Ink::Paper, 4.5));
    let line = Stroke::of(Ink::Ink2, 1.4);
    canvas.line((x, low), (x, high), line);
    for end in [low, high] {
        canvas.line((x - 4.0, end), (x + 4.0, end), line);
    }
}

impl Figure for Stacked {
    fn draw(&self, style: &Style, width: Width) -> Drawing {
        let mut canvas = Canvas::new(width.px());
        let segments = self.segments();
        let reaches: Vec<[f64; 2]> =
            (0..self.years.len()).map(|year| self.reach(&segments, year)).collect();
        let domain = rows::with_zero(reaches.iter().flatten().copied());
        let domain = if domain[0] == domain[1] { [-1.0, 1.0] } else { domain };

        let head = Head::of(&self.head, &self.measure, width.px());
        head.draw(&mut canvas, 0.0, 0.0);
        let labels = Labels::of(self, style, width);
        let axis = Axis { measure: &self.measure, change: true, most: 6 };
        let left = axis::room_beside(axis, domain[0], domain[1]) + 6.0;
        let right = width.px() - labels.width();
        let top = head.height() + NUMBERS;
        let foot = AXIS_LINE + if self.numbers_below() { NUMBERS } else { 4.0 };
        // The height of the figure is given, unless its labels need more.
        let height = width.pick(380.0, 360.0) - top - foot;
        let frame = Rect::new(left, top, right - left, height.max(labels.height()));

        let plot = self.plot(frame, domain);
        axis::beside(&mut canvas, axis, &plot.values, left, right);
        for segment in &segments {
            self.draw_segment(&mut canvas, style, &plot, segment);
        }
        axis::zero_level(&mut canvas, &plot.values, left, right);
        self.draw_net(&mut canvas, style, &plot);
        self.draw_numbers(&mut canvas, style, &plot, &reaches);
        let edge = plot.years.range()[1] + plot.column / 2.0;
        labels.draw(&mut canvas, &plot.values, (edge, right), [frame.y, frame.bottom()]);
        self.draw_years(&mut canvas, &plot, frame.bottom() + foot - 9.0);
        canvas.finish(frame.bottom() + foot)
    }

    fn alt(&self, style: &Style) -> Alt {
        let words = &style.words;
        let mut said = Vec::new();
        let tell = |value: f64| told(&self.measure, true, value);
        let nets: Vec<(String, f64)> = (0..self.years.len())
            .filter_map(|year| Some((self.years[year].to_string(), self.net(year)?.value())))
            .collect();
        let unclear: Vec<String> = (0..self.years.len())
            .filter(|year| self.net(*year).is_some_and(|net| net.unclear()))
            .map(|year| self.years[year].to_string())
            .collect();
        said.push(format!(
            "{}{}{}{}",
            self.net.name.full(),
            words.colon,
            rows::ends(style, &nets, tell),
            rows::unclear(style, &unclear)
        ));
        if let Some(last) = self.years.len().checked_sub(1) {
            let values: Vec<(String, f64)> = (self.segments().iter())
                .filter(|segment| segment.year == last)
                .map(|segment| (self.part_name(style, segment.part).brief(), segment.cited.value))
                .collect();
            let ends = rows::ends(style, &values, tell);
            said.push(format!("{}{}{ends}", self.years[last], words.colon));
        }
        let title = style.language.pick("逐年分解堆叠图", "Stacked decomposition by year");
        Alt::new(format!("{title}{}{}", words.colon, self.head), &said.join(&words.stop))
    }
}

#[cfg(test)]
mod tests;
