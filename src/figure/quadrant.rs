//! Two changes of each region beside each other: value added against emissions.
//!
//! The quadrant says what was exchanged for what, the ray through zero how much of the one came with the other on
//! average. Crosses are ranges; a dot is hollow where either direction is unclear.

mod layout;

use self::layout::{Layout, Marker, UPWARDS};
use super::axis::{self, Axis};
use super::canvas::{Alt, Anchor, Canvas, Drawing, Fill, Rect, Stroke, Type};
use super::classes::{self, Kind};
use super::ink::Ink;
use super::names::Named;
use super::net_bars::{Panel, direction};
use super::numbered::Numbered;
use super::place::Labelled;
use super::{Figure, Style, Width};
use crate::numerals::{Cited, Estimate, Measure};

/// One region.
#[derive(Debug, Clone)]
pub struct Point {
    /// Its name.
    pub name: Named,
    /// The first change, across; its sign gives the colour.
    pub x: Estimate,
    /// The second change, upwards.
    pub y: Estimate,
}

/// A ray through zero: so much of the second for one of the first.
#[derive(Debug, Clone)]
pub struct Ray {
    /// Of whom it is the mean.
    pub label: String,
    /// The slope, in the file's unit of the second change per the file's unit of the first.
    pub slope: Cited,
    /// How it is printed.
    pub measure: Measure,
}

/// Points by two changes.
#[derive(Debug, Clone)]
pub struct Quadrant {
    /// The first change, across.
    pub x: Panel,
    /// The second change, upwards.
    pub y: Panel,
    /// Regions; one with a number that is none is left out.
    pub points: Vec<Point>,
    /// The ray, if there is one.
    pub ray: Option<Ray>,
}

/// Names of points.
const NAME: Type = Type::VALUE.halo();

impl Figure for Quadrant {
    fn draw(&self, style: &Style, width: Width) -> Drawing {
        let layout = Layout::of(self, style, width);
        let mut canvas = Canvas::new(width.px());
        self.draw_frame(&mut canvas, &layout);
        for word in &layout.words {
            // The grid stops at the words.
            canvas.rect(word.rect().grown(2.0), Fill::Ink(Ink::Paper), None);
            canvas.text(&word.text, word.x, word.y, word.how);
        }
        self.draw_ray(&mut canvas, &layout);
        for marker in &layout.markers {
            self.draw_cross(&mut canvas, &layout, &self.points[marker.point]);
        }
        for marker in &layout.markers {
            self.draw_marker(&mut canvas, style, marker);
        }
        for point in &layout.unnamed {
            canvas.drop_label(&self.points[*point].name.brief());
        }
        let names: Vec<&Named> =
            layout.numbered.iter().map(|point| &self.points[*point].name).collect();
        let key = Numbered::new(&names, 2, width.px());
        key.draw(&mut canvas, 0.0, layout.height + 6.0);
        let below = if names.is_empty() { 0.0 } else { key.height() + 6.0 };
        let told = self.tell_unnamed(&mut canvas, style, &layout, layout.height + below);
        canvas.finish(layout.height + below + told)
    }

    fn alt(&self, style: &Style) -> Alt {
        let words = &style.words;
        let known = || self.points.iter().filter(|point| point.known());
        let said: Vec<String> = [(&self.x, true), (&self.y, false)]
            .into_iter()
            .filter_map(|(panel, first)| {
                let of = |point: &'_ Point| if first { point.x.clone() } else { point.y.clone() };
                let values: Vec<(String, Estimate)> =
                    known().map(|point| (point.name.brief(), of(point))).collect();
                let values: Vec<(String, &Estimate)> =
                    values.iter().map(|(name, value)| (name.clone(), value)).collect();
                classes::tells(style, panel, Kind::Change, &values)
            })
            .collect();
        let title = style.language.pick("四象限图", "Quadrant");
        let title = format!("{title}{}{} × {}", words.colon, self.x.head, self.y.head);
        let said = if said.is_empty() { words.no_data.clone() } else { said.join(&words.stop) };
        Alt::new(title, &said)
    }
}

impl Point {
    /// Whether all its numbers are such.
    fn known(&self) -> bool {
        classes::finite(&self.x) && classes::finite(&self.y)
    }

    /// Whether either direction is unclear.
    fn unclear(&self) -> bool {
        self.x.unclear() || self.y.unclear()
    }

    fn ink(&self) -> Ink {
        if self.unclear() { Ink::Unclear } else { direction(&self.x).0 }
    }
}

impl Quadrant {
    /// Grid, numbers and names of the axes, lines at zero.
    fn draw_frame(&self, canvas: &mut Canvas, layout: &Layout) {
        let Rect { x: left, y: top, .. } = layout.frame;
        let (right, bottom) = (layout.frame.right(), layout.frame.bottom());
        let across = Axis { measure: &self.x.measure, change: true, most: layout.ticks };
        let upwards = Axis { measure: &self.y.measure, change: true, most: UPWARDS };
        axis::below(canvas, across, &layout.x, top, bottom);
        axis::beside(canvas, upwards, &layout.y, left, right);
        axis::zero_line(canvas, &layout.x, top, bottom);
        axis::zero_level(canvas, &layout.y, left, right);
        let how = Type::AXIS.ink(Ink::Ink2);
        canvas.lines(&layout.heads[1], 0.0, 12.0, 15.0, how);
        let end = how.anchor(Anchor::End);
        canvas.lines(&layout.heads[0], canvas.width(), bottom + 38.0, 15.0, end);
    }

    /// Which points have neither name nor number, below everything else; gives the height that this takes.
    fn tell_unnamed(&self, canvas: &mut Canvas, style: &Style, layout: &Layout, top: f64) -> f64 {
        let unnamed: Vec<String> =
            layout.unnamed.iter().map(|point| self.points[*point].name.brief()).collect();
        if unnamed.is_empty() {
            return 0.0;
        }
        let text = format!("{}{}", style.words.not_named, style.words.list(&unnamed));
        let lines = Named::new(text).fit(Type::AXIS, canvas.width(), 3);
        canvas.lines(&lines, 0.0, top + 14.0, 15.0, Type::AXIS.ink(Ink::Ink2));
        15.0 * lines.len() as f64 + 6.0
    }

    fn draw_ray(&self, canvas: &mut Canvas, layout: &Layout) {
        let (Some(ray), Some(key)) = (&self.ray, &layout.key) else { return };
        let stroke = Stroke::of(Ink::Ink2, 1.2).dash("5 4");
        if let Some([from, to]) = layout.ray {
            canvas.line(from, to, stroke);
        }
        let rect = key.rect;
        canvas.line((rect.x, rect.y + 8.0), (rect.x + 22.0, rect.y + 8.0), stroke);
        let how = Type::AXIS.ink(Ink::Ink2).halo();
        let ((x, y), anchor) = key.at;
        canvas.lines(&key.label, x, y, 15.0, how.anchor(anchor));
        let number = ray.measure.with_unit(&ray.measure.level(ray.slope.value));
        canvas.number(&number, key.number.0, key.number.1, how, &ray.slope);
    }

    fn draw_cross(&self, canvas: &mut Canvas, layout: &Layout, point: &Point) {
        let stroke = Stroke::of(point.ink(), 1.6).opacity(0.5);
        let [x, y] = layout.place(self, point);
        if point.x.range.is_some() {
            let [low, high] = point.x.span().map(|end| layout.x.at(self.x.measure.scaled(end)));
            canvas.line((low, y), (high, y), stroke);
        }
        if point.y.range.is_some() {
            let [low, high] = point.y.span().map(|end| layout.y.at(self.y.measure.scaled(end)));
            canvas.line((x, low), (x, high), stroke);
        }
    }

    fn draw_marker(&self, canvas: &mut Canvas, style: &Style, marker: &Marker) {
        let point = &self.points[marker.point];
        let name = point.name.full();
        let across = classes::says(style, &self.x, Kind::Change, &name, Some(&point.x));
        let upwards = classes::says(style, &self.y, Kind::Change, "", Some(&point.y));
        let upwards = upwards.trim_start_matches(&style.words.colon);
        canvas.mark(&format!("{across}{}{upwards}", style.words.semicolon), |canvas| {
            let (fill, stroke) = match point.unclear() {
                true => (Ink::Paper, Stroke::of(Ink::Unclear, 2.0)),
                false => (point.ink(), Stroke::of(Ink::Paper, 1.5)),
            };
            canvas.dot(marker.at, marker.radius, Fill::Ink(fill), Some(stroke));
            if let Some(number) = marker.number {
                let ink = if point.unclear() { Ink::Ink2 } else { Ink::Paper };
                let how = Type::VALUE.size(12.0).ink(ink).anchor(Anchor::Middle);
                canvas.text(&number.to_string(), marker.at.0, marker.at.1 + 4.2, how);
            }
            if let Some(label) = &marker.label {
                let ink = if point.unclear() { Ink::Ink2 } else { Ink::Ink };
                let labelled = Labelled {
                    at: marker.at,
                    radius: marker.radius,
                    lines: marker.lines.clone(),
                    weight: 0.0,
                };
                label.draw(canvas, &labelled, NAME.ink(ink));
            }
        });
    }
}

#[cfg(test)]
mod tests;
