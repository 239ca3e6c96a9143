//! Choropleth: regions in the shapes that the user gives, coloured by classes.
//!
//! No geometry is shipped. The projection is equirectangular at the middle latitude; outlines are as fine as the
//! drawing can show.

mod outline;
mod simplify;

use self::outline::{Outlines, Room};
use super::canvas::{Alt, Anchor, Canvas, Drawing, Fill, Rect, Stroke, Type};
use super::classes::{self, Classes, Kind};
use super::head::Head;
use super::ink::Ink;
use super::names::Named;
use super::net_bars::Panel;
use super::place::{Labelled, Obstacles, Placed, place, step};
use super::{Figure, NAMED, Style, Width};
use crate::numerals::Estimate;

/// A region and its shape.
#[derive(Debug, Clone)]
pub struct Shape {
    /// Its name.
    pub name: Named,
    /// Rings of (longitude, latitude) in degrees; a ring inside another is a hole. Points that are no place on earth
    /// are passed over.
    pub rings: Vec<Vec<(f64, f64)>>,
    /// One number for each panel; nothing where there are no data.
    pub values: Vec<Option<Estimate>>,
}

/// A map for each quantity, side by side (stacked on a phone).
#[derive(Debug, Clone)]
pub struct Choropleth {
    /// Whether the numbers are changes or levels.
    pub kind: Kind,
    /// Quantities.
    pub panels: Vec<Panel>,
    /// Regions.
    pub regions: Vec<Shape>,
}

const GAP: f64 = 24.0;
/// Top of the map, and of the key below it.
const TOP: f64 = 30.0;
const KEY: f64 = 14.0;
/// Between two rows of panels.
const BETWEEN: f64 = 18.0;
const NAME: Type = Type::LABEL.size(12.0);
const NUMBER: Type = Type::VALUE.size(12.0);
/// Room of a name.
const NAME_ROOM: f64 = 110.0;

impl Figure for Choropleth {
    fn draw(&self, style: &Style, width: Width) -> Drawing {
        let mut canvas = Canvas::new(width.px());
        let columns = width.pick(2, 1).min(self.panels.len().max(1));
        let panel = (width.px() - GAP * (columns as f64 - 1.0)) / columns as f64;
        let most = if columns == 1 { width.pick(400.0, 340.0) } else { 340.0 };
        let outlines = Outlines::of(&self.regions, panel, most, self.panels.len());
        let heads = self.panels.iter().map(|one| Head::of(one, panel).more());
        let row = TOP + heads.fold(0.0, f64::max) + outlines.height + KEY + classes::KEY;
        for at in 0..self.panels.len() {
            let left = (panel + GAP) * (at % columns) as f64;
            let top = (row + BETWEEN) * (at / columns) as f64;
            self.draw_panel(&mut canvas, style, &outlines, at, Rect::new(left, top, panel, row));
        }
        let rows = self.panels.len().div_ceil(columns).max(1) as f64;
        canvas.finish(row * rows + BETWEEN * (rows - 1.0))
    }

    fn alt(&self, style: &Style) -> Alt {
        let words = &style.words;
        let heads: Vec<&str> = self.panels.iter().map(|panel| panel.head.as_str()).collect();
        let tell = |(at, panel): (usize, &Panel)| {
            let values: Vec<(String, &Estimate)> = (self.regions.iter())
                .filter_map(|one| Some((one.name.brief(), classes::known(one.values.get(at))?)))
                .collect();
            classes::tells(style, panel, self.kind, &values)
        };
        let said: Vec<String> = self.panels.iter().enumerate().filter_map(tell).collect();
        let title = style.language.pick("分级设色图", "Choropleth map");
        let title = format!("{title}{}{}", words.colon, heads.join(&words.enumeration));
        let said = if said.is_empty() { words.no_data.clone() } else { said.join(&words.stop) };
        Alt::new(title, &said)
    }
}

/// A label on the map: its lines, the last of which is the number, and where.
struct Label {
    lines: Vec<String>,
    /// Baseline of the first line.
    at: (f64, f64),
    anchor: Anchor,
    /// The point that a line leads to.
    away: Option<(Placed, Labelled)>,
}

impl Choropleth {
    fn draw_panel(
        &self,
        canvas: &mut Canvas,
        style: &Style,
        outlines: &Outlines,
        at: usize,
        room: Rect,
    ) {
        let panel = &self.panels[at];
        let values: Vec<Option<&Estimate>> =
            self.regions.iter().map(|region| classes::known(region.values.get(at))).collect();
        let classes = Classes::of(self.kind, &panel.measure, values.iter().flatten().copied());
        Head::of(panel, room.w).draw(canvas, room.x, room.y + 16.0);
        let top = room.bottom() - classes::KEY - KEY - outlines.height;
        let map = Rect::new(room.x, top, room.w, outlines.height);
        let labels = self.labels(style, outlines, panel, &values, map);
        for (k, region) in self.regions.iter().enumerate() {
            let says = classes::says(style, panel, self.kind, &region.name.full(), values[k]);
            canvas.mark(&says, |canvas| {
                let path = outlines.path(k, map.x, map.y);
                match values[k] {
                    None => canvas.area(&path, Fill::None, Some(Stroke::of(Ink::Ink3, 0.8))),
                    Some(value) => {
                        let border = Some(Stroke::of(Ink::Paper, 0.8));
                        canvas.area(&path, Fill::Ink(classes.colour(value).0), border);
                        if classes.unclear(value) {
                            let border = Some(Stroke::of(Ink::Unclear, 0.8));
                            canvas.area(&path, Fill::Hatch(Ink::Unclear), border);
                        }
                    }
                }
            });
        }
        // Labels may reach over neighbours, so they come last.
        for (k, label) in labels.iter().enumerate() {
            match label {
                Some(label) => self.draw_label(canvas, label, values[k], &classes),
                None if self.regions.len() > NAMED => {}
                None => canvas.drop_label(&self.regions[k].name.brief()),
            }
        }
        let word = self.hatched().then_some(style.words.unclear_full.as_str());
        classes.key(canvas, room.x, map.bottom() + KEY, room.w.min(KEY_WIDTH), word);
    }

    /// Whether anything is of unclear direction: then every key explains the hatch, so that keys are of one width.
    fn hatched(&self) -> bool {
        let shown = |region: &Shape| {
            let values = region.values.iter().take(self.panels.len()).flatten();
            values.filter(|value| classes::finite(value)).any(Estimate::unclear)
        };
        self.kind == Kind::Change && self.regions.iter().any(shown)
    }

    /// Labels of regions, while there are few: on the region if it holds them, else beside it.
    fn labels(
        &self,
        style: &Style,
        outlines: &Outlines,
        panel: &Panel,
        values: &[Option<&Estimate>],
        map: Rect,
    ) -> Vec<Option<Label>> {
        let mut found: Vec<Option<Label>> = self.regions.iter().map(|_| None).collect();
        if self.regions.len() > NAMED {
            return found;
        }
        let mut taken = Obstacles::default();
        let (mut points, mut open) = (Vec::new(), Vec::new());
        for (k, region) in self.regions.iter().enumerate() {
            let number = number_of(style, self.kind, panel, values[k]);
            let Some((lines, wide, room)) = best_room(outlines, k, &region.name, &number) else {
                continue;
            };
            match room {
                Room::Holds((x, y)) => {
                    let (x, y) = (map.x + x, map.y + y);
                    let high = step(NUMBER) * lines.len() as f64;
                    taken.marks.push(Rect::new(x - wide / 2.0, y - high / 2.0, wide, high));
                    let at = (x, y - high / 2.0 + 0.95 * NUMBER.size);
                    found[k] = Some(Label { lines, at, anchor: Anchor::Middle, away: None });
                }
                Room::Point((x, y)) => {
                    let weight = values[k].map_or(0.0, |value| value.value().abs());
                    points.push(Labelled {
                        at: (map.x + x, map.y + y),
                        radius: 2.0,
                        lines,
                        weight,
                    });
                    open.push(k);
                }
            }
        }
        let frame = Rect::new(map.x, map.y - 6.0, map.w, map.h + 12.0);
        let placed = place(&points, frame, &taken, NUMBER);
        for ((k, point), one) in open.into_iter().zip(points).zip(placed) {
            found[k] = one.map(|one| Label {
                lines: point.lines.clone(),
                at: one.at,
                anchor: one.anchor,
                away: Some((one, point)),
            });
        }
        found
    }

    fn draw_label(
        &self,
        canvas: &mut Canvas,
        label: &Label,
        value: Option<&Estimate>,
        classes: &Classes,
    ) {
        let on = |value: &&Estimate| label.away.is_none() && !classes.unclear(value);
        let ink = value.filter(on).map_or(Ink::Ink, |value| classes.colour(value).1);
        let halo = |how: Type| if value.filter(on).is_some() { how } else { how.halo() };
        if let Some((placed, point)) = &label.away {
            canvas.dot(point.at, point.radius, Fill::Ink(Ink::Ink), None);
            placed.draw_leader(canvas, point);
        }
        let Some((number, name)) = label.lines.split_last() else { return };
        let (x, y) = label.at;
        canvas.lines(name, x, y, step(NUMBER), halo(NAME.ink(ink).anchor(label.anchor)));
        let y = y + step(NUMBER) * name.len() as f64;
        let how = halo(NUMBER.ink(ink).anchor(label.anchor));
        match value.filter(|value| !classes.unclear(value)) {
            Some(value) => canvas.number(number, x, y, how, &value.point),
            None => canvas.text(number, x, y, how),
        }
    }
}

/// Widest key.
const KEY_WIDTH: f64 = 346.0;

/// The label of a region on as many lines as let the region hold it, its width and its place; nothing for a region
/// without a shape.
fn best_room(
    outlines: &Outlines,
    region: usize,
    name: &Named,
    number: &str,
) -> Option<(Vec<String>, f64, Room)> {
    let label = |lines: Option<Vec<String>>| {
        let mut lines = lines?;
        lines.push(number.to_owned());
        let wide = lines.iter().map(|line| NUMBER.width(line)).fold(0.0, f64::max);
        let room = outlines.room(region, wide + 4.0, step(NUMBER) * lines.len() as f64)?;
        Some((lines, wide, room))
    };
    let narrow = [NAME_ROOM, 80.0, 60.0, 45.0].map(|room| label(name.in_words(NAME, room, 2)));
    let holds = |one: &(Vec<String>, f64, Room)| matches!(one.2, Room::Holds(_));
    (narrow.into_iter().flatten().find(holds)).or_else(|| label(Some(name.fit(NAME, NAME_ROOM, 2))))
}

/// The number of a label, or the word that stands in its place.
fn number_of(style: &Style, kind: Kind, panel: &Panel, value: Option<&Estimate>) -> String {
    match (value, kind) {
        (None, _) => style.words.no_data.clone(),
        (Some(value), Kind::Level | Kind::Quotient) => panel.measure.level(value.value()),
        (Some(value), Kind::Change) if value.unclear() => style.words.unclear.clone(),
        (Some(value), Kind::Change) => panel.measure.change(value.value()),
    }
}

#[cfg(test)]
mod tests;
