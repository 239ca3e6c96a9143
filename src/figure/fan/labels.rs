//! Words and numbers of a fan chart: at the ends of its lines, on a phone above it, and inside at targets and peaks.

use super::plot::Plot;
use super::{Drawn, FanChart, finite};
use crate::figure::canvas::{Canvas, Fill, Rect, Stroke, Type};
use crate::figure::ink::Ink;
use crate::figure::key::{self, Swatch};
use crate::figure::phrase::{self, Part};
use crate::figure::place::{self, Labelled, Obstacles, Placed, spread};
use crate::figure::{Style, Width};
use crate::numerals::{Cited, Estimate, range};

/// A line of a label and how it is written.
type Line = (Vec<Part>, Type);

/// Widest name and range beside the drawing.
const COLUMN: f64 = 170.0;
const STEP: f64 = 16.0;
/// Half the length of the bar of a target.
const BAR: f64 = 11.0;
/// A peak is marked at its year if that is known to so many years.
const KNOWN: f64 = 5.0;
const RANGE: Type = Type::AXIS;

/// The number of the last year of a series, and its range by lines no wider than `room`.
fn numbers(figure: &FanChart, style: &Style, drawn: &Drawn<'_>, room: f64) -> Vec<Line> {
    let Some(last) = drawn.series.last() else { return Vec::new() };
    let value = last.estimate();
    let change = figure.change();
    let mut parts = vec![match change {
        true => Part::change(&figure.measure, &value.point),
        false => Part::level(&figure.measure, &value.point),
    }];
    let mut how = Type::VALUE.ink(drawn.ink);
    if change && value.unclear() {
        parts.push(Part::words(format!(" {}", style.words.unclear)));
        how = Type::LABEL.ink(Ink::Ink2);
    }
    let mut lines = vec![(parts, how)];
    let ends = phrase::range_of(&figure.measure, change, &value, ["", ""]);
    if ends.is_empty() {
        return lines;
    }
    if RANGE.width(&phrase::joined(&ends)) <= room {
        lines.push((ends, RANGE));
    } else {
        // Low and high end on lines of their own.
        lines.push((ends[..3].to_vec(), RANGE));
        lines.push((ends[3..].to_vec(), RANGE));
    }
    lines
}

fn name_type(drawn: &Drawn<'_>) -> Type {
    Type::HEAD.ink(drawn.ink)
}

/// A label beside the drawing: name, number, range.
fn block(figure: &FanChart, style: &Style, drawn: &Drawn<'_>) -> Vec<Line> {
    let how = name_type(drawn);
    let names = drawn.series.name.fit(how, COLUMN, 3);
    let mut lines: Vec<Line> =
        names.into_iter().map(|line| (vec![Part::words(line)], how)).collect();
    // The year is told where it is not the one at the end of the axis.
    let end = figure.all_years().last().copied();
    if let Some(last) = drawn.series.last().filter(|last| Some(last.year) != end) {
        lines.push((vec![Part::words(style.words.year_of(last.year))], RANGE));
    }
    lines.extend(numbers(figure, style, drawn, COLUMN));
    lines
}

fn width_of((parts, how): &Line) -> f64 {
    how.width(&phrase::joined(parts))
}

/// Width of the labels beside the drawing.
pub(super) fn column(figure: &FanChart, style: &Style) -> f64 {
    let drawn = figure.drawn();
    let blocks = drawn.iter().flat_map(|drawn| block(figure, style, drawn));
    blocks.map(|line| width_of(&line)).fold(0.0, f64::max)
}

/// Labels at the right of the drawing, at the height of the last year's numbers.
pub(super) fn beside(figure: &FanChart, canvas: &mut Canvas, style: &Style, plot: &Plot) {
    let drawn = figure.drawn();
    let blocks: Vec<Vec<Line>> = drawn.iter().map(|drawn| block(figure, style, drawn)).collect();
    let wanted: Vec<(f64, f64)> = drawn
        .iter()
        .zip(&blocks)
        .map(|(drawn, lines)| {
            let value = drawn.series.last().map_or(0.0, |last| last.median.value);
            (plot.y.at(figure.measure.scaled(value)), STEP * lines.len() as f64 + 6.0)
        })
        .collect();
    let centres = spread(&wanted, plot.frame.y - 10.0, plot.frame.bottom() + 20.0);
    let x = plot.frame.right() + 14.0;
    for ((lines, centre), (_, height)) in blocks.iter().zip(centres).zip(&wanted) {
        for (at, (parts, how)) in lines.iter().enumerate() {
            let y = centre - height / 2.0 + 15.0 + STEP * at as f64;
            canvas.phrase(parts, x, y, *how);
        }
    }
}

/// Labels above the drawing, each with a sample of its line; where they end.
pub(super) fn above(figure: &FanChart, canvas: &mut Canvas, style: &Style, top: f64) -> f64 {
    let indent = 28.0;
    let room = canvas.width() - indent;
    let mut y = top;
    for drawn in figure.drawn() {
        let how = name_type(&drawn);
        let names = drawn.series.name.fit(how, room, 2);
        let mut lines: Vec<Line> =
            names.into_iter().map(|line| (vec![Part::words(line)], how)).collect();
        if let Some(last) = drawn.series.last() {
            lines.push((vec![Part::words(style.words.year_of(last.year))], RANGE));
        }
        lines.extend(numbers(figure, style, &drawn, room));
        if let Some(peak) = drawn.series.known_peak().filter(|_| !figure.single()) {
            lines.push((peak_parts(style, peak), RANGE.ink(drawn.ink)));
        }
        let sample = match figure.single() {
            true => drawn.dot(),
            false => Swatch::Line(drawn.stroke),
        };
        key::sample(canvas, sample, 0.0, y + key::STEP / 2.0);
        let mut x = indent;
        for line in &lines {
            let width = width_of(line);
            if x > indent && x + width > canvas.width() {
                (x, y) = (indent, y + key::STEP);
            }
            canvas.phrase(&line.0, x, y + 13.5, line.1);
            x += width + 8.0;
        }
        y += key::STEP;
    }
    y
}

/// The years in which the peak may be, where they are too many to mark one of them.
pub(super) fn bracket(peak: &Estimate) -> Option<&[Cited; 2]> {
    finite(&peak.range).filter(|[low, high]| high.value - low.value > KNOWN)
}

/// A year that carries its line of the file.
fn year_part(cited: &Cited) -> Part {
    Part::Number(format!("{:.0}", cited.value), cited.clone())
}

/// Words around years: what stands before and behind them.
fn around(style: &Style, years: Vec<Part>) -> Vec<Part> {
    let (before, behind) = style.words.year.split_once("{year}").unwrap_or(("", ""));
    let mut parts = vec![Part::words(before)];
    parts.extend(years);
    parts.push(Part::words(behind));
    parts
}

/// The peak in words: its year with the range if that is short, else the range alone.
pub(super) fn peak_parts(style: &Style, peak: &Estimate) -> Vec<Part> {
    let mut parts = vec![Part::words(format!("{} ", style.words.peak))];
    let between = Part::words(range("", "", style.language));
    let known = finite(&peak.range).filter(|[low, high]| low.value < high.value);
    if let Some([low, high]) = bracket(peak) {
        parts.extend(around(style, vec![year_part(low), between, year_part(high)]));
        return parts;
    }
    match known {
        Some([low, high]) => {
            parts.extend(around(style, vec![year_part(&peak.point)]));
            let [open, close] = style.words.brackets.each_ref().map(Part::words);
            parts.extend([open, year_part(low), between, year_part(high), close]);
        }
        None => parts.extend(around(style, vec![year_part(&peak.point)])),
    }
    parts
}

/// A label inside the drawing with the point it belongs to.
struct Inside {
    labelled: Labelled,
    lines: Vec<Line>,
    /// What is told if there is no room.
    name: String,
}

/// The bars of targets; where there is one year only, lines that reach behind both of its dots.
pub(super) fn targets(figure: &FanChart, canvas: &mut Canvas, style: &Style, plot: &Plot) {
    let half = half_bar(plot);
    for target in figure.limits() {
        let (x, y) = plot.at(&figure.measure, target.year, target.limit.value);
        canvas.mark(&figure.told_target(style, target), |canvas| {
            if !plot.single {
                canvas.line((x - half, y), (x + half, y), Stroke::of(Ink::Paper, 6.5));
            }
            canvas.line((x - half, y), (x + half, y), Stroke::of(Ink::Ink, 3.5));
        });
    }
}

fn half_bar(plot: &Plot) -> f64 {
    BAR + if plot.single { 1.3 * plot.aside } else { 0.0 }
}

/// Draws peaks, and the labels of them and of targets where there is room.
pub(super) fn inside(
    figure: &FanChart,
    canvas: &mut Canvas,
    style: &Style,
    plot: &Plot,
    width: Width,
) {
    let mut found: Vec<Inside> = Vec::new();
    let mut obstacles = Obstacles {
        marks: canvas.texts().iter().map(|text| text.rect).collect(),
        ..Obstacles::default()
    };
    let drawn = figure.drawn();
    for one in &drawn {
        let points: Vec<(f64, f64)> = (one.series.sorted().iter())
            .map(|own| plot.at(&figure.measure, own.year, own.median.value))
            .collect();
        obstacles.lines.extend(points.windows(2).map(|pair| [pair[0], pair[1]]));
        if plot.single {
            let whiskers = one.series.sorted().into_iter().map(|own| {
                let [low, high] = own.estimate().span();
                let (x, top) = plot.at(&figure.measure, own.year, high);
                let bottom = plot.y.at(figure.measure.scaled(low));
                Rect::new(x + one.side * plot.aside - 7.0, top, 14.0, bottom - top)
            });
            obstacles.marks.extend(whiskers);
        }
    }
    for target in figure.limits() {
        let (x, y) = plot.at(&figure.measure, target.year, target.limit.value);
        let half = half_bar(plot);
        obstacles.marks.push(Rect::new(x - half, y - 2.0, 2.0 * half, 4.0));
        let room = width.pick(190.0, 130.0);
        let names = target.name.fit(Type::LABEL, room, 2);
        let mut lines: Vec<Line> =
            names.into_iter().map(|line| (vec![Part::words(line)], Type::LABEL)).collect();
        lines.push((vec![Part::level(&figure.measure, &target.limit)], Type::VALUE));
        found.push(of_lines((x, y), 8.0, lines, 2.0, target.name.full()));
    }
    for one in &drawn {
        let Some(peak) = one.series.known_peak() else {
            continue;
        };
        let Some((at, mark)) = draw_peak(figure, canvas, plot, one, peak) else { continue };
        if width == Width::Narrow {
            // It is told above the drawing.
            continue;
        }
        obstacles.marks.extend(mark);
        let parts = peak_parts(style, peak);
        let name = format!("{} {}", one.series.name.full(), phrase::joined(&parts));
        let lines = vec![(parts, Type::VALUE.ink(one.ink))];
        found.push(of_lines(at, 5.0, lines, 1.0, name));
    }
    let points: Vec<Labelled> = found.iter().map(|one| one.labelled.clone()).collect();
    let placed = place::place(&points, plot.frame, &obstacles, Type::VALUE);
    for (one, placed) in found.iter().zip(placed) {
        match placed {
            Some(placed) => draw_label(canvas, one, &placed),
            None => canvas.drop_label(&one.name),
        }
    }
}

fn of_lines(at: (f64, f64), radius: f64, lines: Vec<Line>, weight: f64, name: String) -> Inside {
    let texts = lines.iter().map(|(parts, _)| phrase::joined(parts)).collect();
    Inside { labelled: Labelled { at, radius, lines: texts, weight }, lines, name }
}

fn draw_label(canvas: &mut Canvas, one: &Inside, placed: &Placed) {
    let (x, y) = placed.at;
    placed.draw_leader(canvas, &one.labelled);
    for (at, (parts, how)) in one.lines.iter().enumerate() {
        let y = y + place::step(Type::VALUE) * at as f64;
        canvas.phrase(parts, x, y, how.anchor(placed.anchor).halo());
    }
}

/// Marks the peak: a dot on the line if its year is known well, else a bracket over the years it may be in; where its
/// label belongs, and the room of a bracket.
fn draw_peak(
    figure: &FanChart,
    canvas: &mut Canvas,
    plot: &Plot,
    drawn: &Drawn<'_>,
    peak: &Estimate,
) -> Option<((f64, f64), Option<Rect>)> {
    if plot.single {
        return None;
    }
    let years = drawn.series.sorted();
    let Some([low, high]) = bracket(peak) else {
        let own = years.iter().find(|one| f64::from(one.year) == peak.value())?;
        let at = plot.at(&figure.measure, own.year, own.median.value);
        canvas.dot(at, 5.0, Fill::Ink(Ink::Paper), Some(Stroke::of(drawn.ink, 2.0)));
        return Some((at, None));
    };
    let inside = years.iter().filter(|one| {
        let year = f64::from(one.year);
        year >= low.value && year <= high.value
    });
    let top = inside.map(|one| {
        let high = finite(&one.outer).map_or(one.median.value, |[_, high]| high.value);
        plot.y.at(figure.measure.scaled(high))
    });
    let y = top.fold(plot.frame.bottom(), f64::min) - 8.0;
    let y = y.max(plot.frame.y + 2.0);
    let [from, to] =
        [low, high].map(|year| plot.x.at(year.value).clamp(plot.frame.x, plot.frame.right()));
    let stroke = Stroke::of(drawn.ink, 1.6);
    canvas.line((from, y), (to, y), stroke);
    for end in [from, to] {
        canvas.line((end, y - 1.0), (end, y + 5.0), stroke);
    }
    Some((((from + to) / 2.0, y), Some(Rect::new(from, y - 2.0, to - from, 8.0))))
}
