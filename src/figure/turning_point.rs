//! Turning-point curve: a fitted quadratic over the range of its data, where it turns and how surely.
//!
//! Axes are levels; what was estimated in logarithms keeps their spacing. Where the test finds no turn inside the data the
//! figure says so and marks none.

#[cfg(test)]
mod tests;

use super::canvas::{Alt, Anchor, Canvas, Drawing, Fill, Rect, Stroke, Type};
use super::ink::Ink;
use super::key::{self, Entry, Swatch};
use super::phrase::{self, Part};
use super::place::{self, Labelled, Obstacles};
use super::scale::{Scale, log_ticks, ticks};
use super::{Figure, Style, Width, axis};
use crate::numerals::{Cited, Measure};

/// How the numbers of an axis stand in the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// As they are.
    Levels,
    /// As natural logarithms; they are shown as levels with logarithmic spacing.
    Logarithms,
    /// As levels; they are shown with logarithmic spacing.
    Spaced,
}

/// What an axis counts.
#[derive(Debug, Clone)]
pub struct Dimension {
    /// Its name.
    pub name: String,
    /// Unit of the levels.
    pub measure: Measure,
    /// How its numbers stand in the files.
    pub kept: Kept,
}

impl Dimension {
    /// The level of a number of the files.
    fn level(&self, value: f64) -> f64 {
        match self.kept {
            Kept::Levels | Kept::Spaced => value,
            Kept::Logarithms => value.exp(),
        }
    }

    /// Where a number of the files stands along the axis.
    fn position(&self, value: f64) -> f64 {
        match self.kept {
            Kept::Levels | Kept::Logarithms => value,
            Kept::Spaced => value.ln(),
        }
    }

    /// The level of a place along the axis.
    fn level_at(&self, position: f64) -> f64 {
        match self.kept {
            Kept::Levels => position,
            Kept::Logarithms | Kept::Spaced => position.exp(),
        }
    }

    /// Whether a number has a level that can be shown.
    fn holds(&self, value: f64) -> bool {
        let level = self.level(value);
        value.is_finite() && level.is_finite() && (self.kept == Kept::Levels || level > 0.0)
    }

    fn text(&self, value: f64) -> String {
        self.measure.level(self.level(value))
    }

    fn part(&self, cited: &Cited) -> Part {
        Part::Number(self.text(cited.value), cited.clone())
    }

    /// Numbers of the axis between two places along it, each at its own.
    fn ticks(&self, [low, high]: [f64; 2], most: usize) -> Vec<(f64, String)> {
        let [low, high] = [low, high].map(|end| self.measure.scaled(self.level_at(end)));
        let found = match self.kept {
            Kept::Levels => {
                let found = ticks(low, high, most);
                found.values.iter().map(|value| (*value, found.step)).collect()
            }
            Kept::Logarithms | Kept::Spaced => log_ticks(low, high, most),
        };
        let at = |value: f64| match self.kept {
            Kept::Levels => self.measure.unscaled(value),
            Kept::Logarithms | Kept::Spaced => self.measure.unscaled(value).ln(),
        };
        let tick = |(value, step): (f64, f64)| (at(value), self.measure.tick(value, step, false));
        found.into_iter().map(tick).collect()
    }

    /// Name and unit.
    fn head(&self, style: &Style) -> String {
        match self.measure.unit() {
            "" => self.name.clone(),
            unit => format!("{}{}{unit}", self.name, style.words.comma),
        }
    }
}

/// One point of a fitted curve, as its numbers stand in the files.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// Where.
    pub x: f64,
    /// The fitted value.
    pub y: f64,
    /// Its band of 95 %.
    pub band: Option<[f64; 2]>,
}

/// Points of a fitted quadratic against its value at a reference, with their bands.
///
/// ```text
/// y(x) = b₁ (x − x₀) + b₂ (x² − x₀²)
/// s²(x) = d₁² v₁₁ + 2 d₁ d₂ v₁₂ + d₂² v₂₂,  d = (x − x₀, x² − x₀²)
/// ```
///
/// The band is `y ± quantile · s`; it has no width at the reference, because the level of the curve is taken up by the
/// effects of the model. `count` points are spaced evenly over `range`.
pub fn quadratic(
    [linear, square]: [f64; 2],
    [v11, v12, v22]: [f64; 3],
    range: [f64; 2],
    reference: f64,
    quantile: f64,
    count: usize,
) -> Vec<CurvePoint> {
    let point = |at: usize| {
        let share = at as f64 / (count.max(2) - 1) as f64;
        let x = range[0] + share * (range[1] - range[0]);
        let (d1, d2) = (x - reference, x * x - reference * reference);
        let y = linear * d1 + square * d2;
        let variance = d1 * d1 * v11 + 2.0 * d1 * d2 * v12 + d2 * d2 * v22;
        let half = quantile * variance.max(0.0).sqrt();
        CurvePoint { x, y, band: Some([y - half, y + half]) }
    };
    (0..count).map(point).collect()
}

/// What the test of a U finds.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// The curve turns inside the data.
    Turns {
        /// Where.
        at: Cited,
        /// Its interval of 95 %; nothing if that has no bounds.
        interval: Option<[Cited; 2]>,
    },
    /// It turns inside the data, but not significantly.
    Unsure {
        /// Probability of such data if there were no turn.
        p: Option<Cited>,
    },
    /// It does not turn inside the data.
    Monotone {
        /// Probability of such data if there were no turn.
        p: Option<Cited>,
    },
}

/// A fitted curve with its turning point.
#[derive(Debug, Clone)]
pub struct TurningPointCurve {
    /// What is drawn.
    pub head: String,
    /// What is varied.
    pub x: Dimension,
    /// What follows it.
    pub y: Dimension,
    /// The curve, by rising x; it may reach beyond the data.
    pub curve: Vec<CurvePoint>,
    /// Least and largest x of the data.
    pub sample: [f64; 2],
    /// Every x of the data.
    pub rug: Vec<f64>,
    /// Where it turns.
    pub verdict: Verdict,
}

/// Height of the drawing on laptops and phones.
const HEIGHT: [f64; 2] = [380.0, 340.0];
const LINE: Stroke = Stroke::of(Ink::Ink, 2.5);
const BEYOND: Stroke = Stroke::of(Ink::Ink, 2.0).dash("2 4");
const BAND: Fill = Fill::Faint(Ink::Context, 0.35);
const BAND_BEYOND: Fill = Fill::Faint(Ink::Context, 0.15);
const INTERVAL: Stroke = Stroke::of(Ink::Category(0), 2.0);

struct Plot {
    frame: Rect,
    x: Scale,
    y: Scale,
}

impl Plot {
    fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.x.at(x), self.y.at(y))
    }
}

impl Figure for TurningPointCurve {
    fn draw(&self, style: &Style, width: Width) -> Drawing {
        let mut canvas = Canvas::new(width.px());
        let top = phrase::draw_head(&mut canvas, (&self.head, ""), (0.0, 0.0), width.px()) + 4.0;
        let entries = self.entries(style);
        key::draw(&mut canvas, &entries, 0.0, top, width.px());
        let top = top + key::height(&entries, width.px()) + 6.0;
        // Name of the vertical axis above it, of the horizontal one below its numbers.
        let how = Type::AXIS.ink(Ink::Ink2);
        let lines = super::names::wrapped(&self.y.head(style), width.px(), how);
        canvas.lines(&lines, 0.0, top + 12.0, 16.0, how);
        let top = top + 16.0 * lines.len() as f64 + 8.0;
        let below = super::names::wrapped(&self.x.head(style), width.px(), how);
        let foot = 24.0 + 16.0 * below.len() as f64;
        let verdict = self.verdict_parts(style);
        let above = self.plot(&canvas, [0.0, 1.0]).0.frame.w < widest(&verdict) + 16.0;
        let mut top = top;
        if above {
            draw_lines(&mut canvas, &verdict, (0.0, top + 12.0), Anchor::Start);
            top += place::step(Type::VALUE) * verdict.len() as f64 + 8.0;
        }
        let bottom = width.pick(HEIGHT[0], HEIGHT[1]).max(top + 180.0 + foot) - foot;
        let (plot, texts) = self.plot(&canvas, [top, bottom]);
        self.draw_frame(&mut canvas, &plot, &texts);
        canvas.lines(&below, width.px(), bottom + 35.0, 16.0, how.anchor(Anchor::End));
        let curve = self.points();
        self.draw_curve(&mut canvas, &plot, &curve);
        self.draw_rug(&mut canvas, &plot);
        let lines = if above { Vec::new() } else { verdict };
        canvas.mark(&self.told(style), |canvas| {
            self.draw_verdict(canvas, &lines, &plot, &curve);
        });
        canvas.finish(bottom + foot)
    }

    fn alt(&self, style: &Style) -> Alt {
        let words = &style.words;
        let kind = style.language.pick("拟合曲线", "Fitted curve");
        let title = format!("{kind}{}{}", words.colon, self.head);
        let mut said = vec![self.told(style)];
        let [low, high] = self.sample;
        if self.x.holds(low) && self.x.holds(high) {
            let [low, high] = [low, high].map(|end| self.x.text(end));
            let ends = crate::numerals::range(&low, &high, style.language);
            let ends = self.x.measure.with_unit(&ends);
            said.push(format!("{}{}{} {ends}", words.in_sample, words.colon, self.x.name));
        }
        Alt::new(title, &said.join(&words.stop))
    }
}

impl TurningPointCurve {
    /// Points whose numbers can be shown, at their places along the axes.
    fn points(&self) -> Vec<CurvePoint> {
        let band = |range: [f64; 2]| range.iter().all(|end| self.y.holds(*end));
        let shown = self.curve.iter().filter(|one| self.x.holds(one.x) && self.y.holds(one.y));
        let placed = |one: &CurvePoint| CurvePoint {
            x: self.x.position(one.x),
            y: self.y.position(one.y),
            band: one.band.filter(|own| band(*own)).map(|own| own.map(|end| self.y.position(end))),
        };
        let mut points: Vec<CurvePoint> = shown.map(placed).collect();
        points.sort_by(|a, b| a.x.total_cmp(&b.x));
        points
    }

    /// Where the data begin and end along the axis.
    fn sample_at(&self) -> [f64; 2] {
        self.sample.map(|end| self.x.position(end))
    }

    /// The turning point and its interval if both can be shown.
    fn turn(&self) -> Option<(&Cited, Option<&[Cited; 2]>)> {
        let Verdict::Turns { at, interval } = &self.verdict else { return None };
        let shown = |ends: &&[Cited; 2]| ends.iter().all(|end| self.x.holds(end.value));
        self.x.holds(at.value).then(|| (at, interval.as_ref().filter(shown)))
    }

    /// What is said of the turning point, by lines.
    fn verdict_parts(&self, style: &Style) -> Vec<Vec<Part>> {
        let words = &style.words;
        let [open, close] = words.own_brackets();
        if let Some((at, interval)) = self.turn() {
            let unit = match self.x.measure.unit() {
                "" => String::new(),
                _ => self.x.measure.with_unit(""),
            };
            let first = vec![
                Part::words(format!("{} ", words.turning_point)),
                self.x.part(at),
                Part::words(unit),
            ];
            let second = match interval {
                Some([low, high]) => {
                    let open = format!("{open}{} ", words.interval_of("95%"));
                    let ends = [self.x.part(low), self.x.part(high)];
                    phrase::ends(ends, [&open, close], style.language)
                }
                None => vec![Part::words(format!("{open}{}{close}", words.unbounded))],
            };
            return vec![first, second];
        }
        let found = match self.verdict {
            Verdict::Unsure { .. } => &words.unsure_turn,
            _ => &words.monotone,
        };
        let mut lines = vec![vec![Part::words(found.clone())]];
        if let Verdict::Unsure { p: Some(p) } | Verdict::Monotone { p: Some(p) } = &self.verdict
            && p.value.is_finite()
        {
            let mut parts = vec![Part::words(open)];
            parts.extend(phrase::probability(p, style.language));
            parts.push(Part::words(close));
            lines.push(parts);
        }
        lines
    }

    /// The same in one line.
    fn told(&self, style: &Style) -> String {
        let lines: Vec<String> =
            self.verdict_parts(style).iter().map(|parts| phrase::joined(parts)).collect();
        lines.join(style.language.pick("", " "))
    }

    fn entries(&self, style: &Style) -> Vec<Entry> {
        let words = &style.words;
        let curve = self.points();
        let [least, largest] = self.sample_at();
        let beyond = curve.iter().any(|one| one.x < least || one.x > largest);
        let banded = curve.iter().any(|one| one.band.is_some());
        let mut entries = Vec::new();
        if banded {
            let text =
                format!("{}{}{}", words.in_sample, words.enumeration, words.interval_of("95%"));
            entries.push(Entry::new(Swatch::LineInBox(LINE, BAND), text));
        } else {
            entries.push(Entry::new(Swatch::Line(LINE), words.in_sample.clone()));
        }
        if beyond {
            entries.push(Entry::new(Swatch::Line(BEYOND), words.beyond_sample.clone()));
        }
        entries
    }

    /// Where things lie, and the numbers of the vertical axis.
    fn plot(&self, canvas: &Canvas, [top, bottom]: [f64; 2]) -> (Plot, Vec<(f64, String)>) {
        let curve = self.points();
        let ends = |values: &mut dyn Iterator<Item = f64>| {
            let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
                (low.min(v), high.max(v))
            });
            if low > high { [0.0, 1.0] } else { [low, high] }
        };
        let sample = self.sample.into_iter().filter(|end| self.x.holds(*end));
        let sample = sample.map(|end| self.x.position(end));
        let [from, to] = ends(&mut curve.iter().map(|one| one.x).chain(sample));
        let y =
            curve.iter().flat_map(|one| one.band.unwrap_or([one.y; 2]).into_iter().chain([one.y]));
        let [low, high] = ends(&mut { y });
        let room = if high > low { 0.08 * (high - low) } else { 0.5 };
        let domain = [low - room, high + room];
        let texts = self.y.ticks(domain, 6);
        let widest = texts.iter().map(|(_, text)| Type::AXIS.width(text)).fold(0.0, f64::max);
        let frame = Rect::new(widest + 8.0, top, canvas.width() - widest - 14.0, bottom - top);
        let plot = Plot {
            x: Scale::new([from, to], [frame.x + 6.0, frame.right() - 6.0]),
            y: Scale::new(domain, [bottom - 10.0, top]),
            frame,
        };
        (plot, texts)
    }

    fn draw_frame(&self, canvas: &mut Canvas, plot: &Plot, texts: &[(f64, String)]) {
        let frame = plot.frame;
        for (value, text) in texts {
            let y = plot.y.at(*value);
            canvas.line((frame.x, y), (frame.right(), y), Stroke::GRID);
            canvas.text(text, frame.x - 8.0, y + 4.0, Type::AXIS.anchor(Anchor::End));
        }
        let zero = plot.y.at(0.0);
        if self.y.kept == Kept::Levels && zero > frame.y && zero < frame.bottom() {
            canvas.line((frame.x, zero), (frame.right(), zero), Stroke::ZERO);
        }
        let bottom = (frame.x, frame.bottom());
        canvas.line(bottom, (frame.right(), frame.bottom()), Stroke::of(Ink::Rule, 1.0));
        let found = self.x.ticks(plot.x.domain(), 7);
        let texts: Vec<(f64, String)> =
            found.into_iter().map(|(value, text)| (plot.x.at(value), text)).collect();
        for (x, _) in &texts {
            canvas.line((*x, bottom.1), (*x, bottom.1 + 4.0), Stroke::of(Ink::Rule, 1.0));
        }
        axis::texts_below(canvas, &texts, bottom.1 + 1.0);
    }

    /// The curve and its band by stretches: before, inside and beyond the data.
    fn draw_curve(&self, canvas: &mut Canvas, plot: &Plot, curve: &[CurvePoint]) {
        let [least, largest] = self.sample_at();
        for [from, to] in [[f64::NEG_INFINITY, least], [largest, f64::INFINITY], [least, largest]] {
            let inside = from == least;
            let stretch = stretch(curve, [from, to]);
            if stretch.len() < 2 {
                continue;
            }
            let banded: Vec<(f64, [f64; 2])> =
                stretch.iter().filter_map(|one| Some((one.x, one.band?))).collect();
            if banded.len() > 1 {
                let upper = banded.iter().map(|(x, band)| plot.at(*x, band[1]));
                let lower = banded.iter().rev().map(|(x, band)| plot.at(*x, band[0]));
                let points: Vec<(f64, f64)> = upper.chain(lower).collect();
                canvas.polygon(&points, if inside { BAND } else { BAND_BEYOND }, None);
            }
            let points: Vec<(f64, f64)> = stretch.iter().map(|one| plot.at(one.x, one.y)).collect();
            canvas.polyline(&points, if inside { LINE } else { BEYOND });
        }
    }

    fn draw_rug(&self, canvas: &mut Canvas, plot: &Plot) {
        let [left, right] = [plot.frame.x, plot.frame.right()];
        let shown = self.rug.iter().filter(|value| self.x.holds(**value));
        // Half a px is what can be told apart.
        let mut places: Vec<i64> = shown
            .map(|value| plot.x.at(self.x.position(*value)))
            .filter(|x| (left..=right).contains(x))
            .map(|x| (2.0 * x).round() as i64)
            .collect();
        places.sort_unstable();
        places.dedup();
        let stroke = Stroke::of(Ink::Ink2, 1.0).opacity(0.55);
        for place in places {
            let x = place as f64 / 2.0;
            canvas.line((x, plot.frame.bottom() - 7.0), (x, plot.frame.bottom()), stroke);
        }
    }

    /// The turning point with its interval and words, or the words that there is none.
    fn draw_verdict(
        &self,
        canvas: &mut Canvas,
        lines: &[Vec<Part>],
        plot: &Plot,
        curve: &[CurvePoint],
    ) {
        let points: Vec<(f64, f64)> = curve.iter().map(|one| plot.at(one.x, one.y)).collect();
        let mut obstacles = Obstacles {
            lines: points.windows(2).map(|pair| [pair[0], pair[1]]).collect(),
            ..Obstacles::default()
        };
        let texts: Vec<String> = lines.iter().map(|parts| phrase::joined(parts)).collect();
        // Without a turn, or with one where the curve is not drawn, there are only words.
        let turn = self
            .turn()
            .and_then(|(at, own)| Some((between(curve, self.x.position(at.value))?, own)));
        let Some((at, interval)) = turn else {
            draw_aside(canvas, plot, lines, &obstacles);
            return;
        };
        let (x, y) = plot.at(at.x, at.y);
        if let Some([low, high]) = interval {
            let [from, to] = [low, high].map(|end| plot.x.at(self.x.position(end.value)));
            let [left, right] = [plot.frame.x, plot.frame.right()];
            let [start, end] = [from, to].map(|end| end.clamp(left, right));
            canvas.line((start, y), (end, y), Stroke::of(Ink::Paper, 5.0));
            canvas.line((start, y), (end, y), INTERVAL);
            for cap in [from, to].into_iter().filter(|cap| (left..=right).contains(cap)) {
                canvas.line((cap, y - 5.0), (cap, y + 5.0), INTERVAL);
            }
            obstacles.whiskers.push(Rect::new(start, y - 5.0, end - start, 10.0));
        }
        canvas.dot((x, y), 6.0, Fill::Ink(Ink::Category(0)), Some(Stroke::of(Ink::Paper, 1.5)));
        let point = Labelled { at: (x, y), radius: 9.0, lines: texts, weight: 1.0 };
        let free = |rect: &Rect| {
            obstacles.lines.iter().all(|line| !place::crosses(rect, line[0], line[1]))
        };
        let placed = place::place(&[point], plot.frame, &obstacles, Type::VALUE).pop().flatten();
        match placed.filter(|placed| free(&placed.rect)) {
            Some(placed) => draw_lines(canvas, lines, placed.at, placed.anchor),
            None => draw_aside(canvas, plot, lines, &obstacles),
        }
    }
}

fn widest(lines: &[Vec<Part>]) -> f64 {
    lines.iter().map(|parts| Type::VALUE.width(&phrase::joined(parts))).fold(0.0, f64::max)
}

/// The first line bold, the others as notes.
fn draw_lines(canvas: &mut Canvas, lines: &[Vec<Part>], (x, y): (f64, f64), anchor: Anchor) {
    for (at, parts) in lines.iter().enumerate() {
        let how = if at == 0 { Type::VALUE } else { Type::AXIS.ink(Ink::Ink2) };
        let y = y + place::step(Type::VALUE) * at as f64;
        canvas.phrase(parts, x, y, how.anchor(anchor).halo());
    }
}

/// Words where the curve crosses them least: in a corner of the frame, above or below the middle.
fn draw_aside(canvas: &mut Canvas, plot: &Plot, lines: &[Vec<Part>], obstacles: &Obstacles) {
    let width = widest(lines);
    let height = place::step(Type::VALUE) * lines.len() as f64;
    let frame = plot.frame;
    let lefts = [frame.right() - width - 8.0, frame.x + 8.0, frame.x + (frame.w - width) / 2.0];
    let tops = [frame.y + 4.0, frame.bottom() - height - 16.0];
    let places = tops.iter().flat_map(|top| lefts.map(|left| Rect::new(left, *top, width, height)));
    let crossed = |rect: &Rect| {
        let near = rect.grown(6.0);
        obstacles.lines.iter().filter(|line| place::crosses(&near, line[0], line[1])).count()
    };
    if let Some(rect) = places.min_by_key(crossed) {
        draw_lines(canvas, lines, (rect.x, rect.y + 12.0), Anchor::Start);
    }
}

/// The part of a curve between two places, with points at both of them where it passes.
fn stretch(curve: &[CurvePoint], [from, to]: [f64; 2]) -> Vec<CurvePoint> {
    let mut found: Vec<CurvePoint> =
        curve.iter().filter(|one| one.x >= from && one.x <= to).copied().collect();
    for end in [from, to].into_iter().filter(|end| end.is_finite()) {
        if let Some(point) = between(curve, end)
            && found.iter().all(|one| one.x != end)
        {
            found.push(point);
        }
    }
    found.sort_by(|a, b| a.x.total_cmp(&b.x));
    found
}

/// The point of a curve at a place, on the straight line between its neighbours; nothing outside of it.
fn between(curve: &[CurvePoint], x: f64) -> Option<CurvePoint> {
    let pair = curve.windows(2).find(|pair| pair[0].x <= x && x <= pair[1].x)?;
    let (a, b) = (pair[0], pair[1]);
    let share = if b.x > a.x { (x - a.x) / (b.x - a.x) } else { 0.0 };
    let mix = |from: f64, to: f64| from + share * (to - from);
    let band = a.band.zip(b.band).map(|(a, b)| [mix(a[0], b[0]), mix(a[1], b[1])]);
    Some(CurvePoint { x, y: mix(a.y, b.y), band })
}
