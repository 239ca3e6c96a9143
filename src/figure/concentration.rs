//! Curves of Duranton and Overman: the density of distances between the plants of an industry, with the bands of random
//! draws of sites.
//!
//! One curve fills the drawing; several are small multiples with common axes. Stretches beyond the global band are filled:
//! plants are closer together there than chance has it, or farther apart.

#[cfg(test)]
mod tests;

use super::axis::{self, Axis};
use super::canvas::{Alt, Anchor, Canvas, Drawing, Fill, Rect, Stroke, Type};
use super::ink::Ink;
use super::key::{self, Entry, Swatch};
use super::names::{Named, wrapped};
use super::phrase::{self, Part};
use super::scale::{Scale, ticks};
use super::{Figure, NAMED, Style, Width};
use crate::numerals::{Cited, Measure, number};

/// One point of a curve, with its bands, lower and upper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The distance.
    pub distance: f64,
    /// The density.
    pub density: f64,
    /// The local band.
    pub local: Option<[f64; 2]>,
    /// The global band.
    pub global: Option<[f64; 2]>,
}

/// What the curve comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Index {
    /// Γ, how far it is above the global band.
    Localised(Cited),
    /// Ψ, how far it is below.
    Dispersed(Cited),
    /// It stays within.
    Neither,
}

/// One industry.
#[derive(Debug, Clone)]
pub struct Panel {
    /// Its name.
    pub name: Named,
    /// The curve.
    pub points: Vec<Point>,
    /// What it comes to.
    pub index: Index,
}

/// Curves of industries.
#[derive(Debug, Clone)]
pub struct ConcentrationCurves {
    /// What is drawn.
    pub head: String,
    /// Unit of distances.
    pub distance: Measure,
    /// Unit of densities.
    pub density: Measure,
    /// Unit and decimals of the indices.
    pub index: Measure,
    /// Share of the draws inside a band.
    pub share: f64,
    /// The industries in their order; at most [`NAMED`] are drawn.
    pub panels: Vec<Panel>,
}

const CURVE: Stroke = Stroke::of(Ink::Ink, 2.0);
const LOCAL: Fill = Fill::Faint(Ink::Context, 0.35);
const GLOBAL: Stroke = Stroke::of(Ink::Ink2, 1.3).dash("5 3");
const ABOVE: Fill = Fill::Faint(Ink::In, 0.75);
const BELOW: Fill = Fill::Faint(Ink::Out, 0.75);
/// Height of the drawing of one curve on laptops and phones.
const HEIGHT: [f64; 2] = [340.0, 320.0];
/// Height of the frame of one of several.
const FRAME: [f64; 2] = [132.0, 116.0];
/// Least width of the frame of one of several.
const LEAST: f64 = 130.0;
const GAP: f64 = 20.0;
const LINE: f64 = 17.0;

/// A stretch of a curve beyond its band: distance, density, border of the band.
type Stretch = Vec<(f64, f64, f64)>;

impl Panel {
    /// Points that can be drawn, by distance.
    fn known(&self) -> Vec<Point> {
        let band =
            |own: Option<[f64; 2]>| own.filter(|ends| ends.iter().all(|end| end.is_finite()));
        let finite = |one: &&Point| one.distance.is_finite() && one.density.is_finite();
        let mut points: Vec<Point> = (self.points.iter().filter(finite))
            .map(|one| Point { local: band(one.local), global: band(one.global), ..*one })
            .collect();
        points.sort_by(|a, b| a.distance.total_cmp(&b.distance));
        points
    }

    /// Stretches above the global band, or below it.
    fn beyond(&self, above: bool) -> Vec<Stretch> {
        let sign = if above { 1.0 } else { -1.0 };
        let side = usize::from(above);
        let mut found: Vec<Stretch> = Vec::new();
        let mut open: Stretch = Vec::new();
        let mut before: Option<(f64, f64, f64)> = None;
        for point in self.known() {
            let Some(global) = point.global else {
                (before, found) = (None, closed(found, &mut open));
                continue;
            };
            let now = (point.distance, point.density, global[side]);
            let excess = |(_, density, border): (f64, f64, f64)| sign * (density - border);
            if let Some(last) = before
                && (excess(last) > 0.0) != (excess(now) > 0.0)
            {
                // The curve passes the border between the two.
                let share = excess(last) / (excess(last) - excess(now));
                let mix = |from: f64, to: f64| from + share * (to - from);
                let border = mix(last.2, now.2);
                open.push((mix(last.0, now.0), border, border));
            }
            if excess(now) > 0.0 {
                open.push(now);
            } else {
                found = closed(found, &mut open);
            }
            before = Some(now);
        }
        closed(found, &mut open)
    }
}

/// A name with the unit of its numbers.
fn with_unit(style: &Style, name: &str, measure: &Measure) -> String {
    match measure.unit() {
        "" => name.to_owned(),
        unit => format!("{name}{}{unit}", style.words.comma),
    }
}

/// Puts a stretch that has ended, if it has any length, behind the others.
fn closed(mut found: Vec<Stretch>, open: &mut Stretch) -> Vec<Stretch> {
    let stretch = std::mem::take(open);
    if stretch.len() > 1 {
        found.push(stretch);
    }
    found
}

/// How panels are arranged.
struct Grid {
    columns: usize,
    /// Width of a panel's frame.
    width: f64,
    /// Height of a panel's frame.
    height: f64,
    /// Left end of the first frame.
    left: f64,
    /// Lines that names take.
    names: usize,
    /// Lines that indices take.
    indices: usize,
}

impl Grid {
    /// Height of the words over a frame.
    fn words(&self) -> f64 {
        LINE * (self.names + self.indices) as f64 + 8.0
    }
}

impl Figure for ConcentrationCurves {
    fn draw(&self, style: &Style, width: Width) -> Drawing {
        let mut canvas = Canvas::new(width.px());
        let room = width.px();
        let mut top = phrase::draw_head(&mut canvas, (&self.head, ""), (0.0, 0.0), room) + 4.0;
        let entries = self.entries(style, width);
        key::draw(&mut canvas, &entries, 0.0, top, room);
        top += key::height(&entries, room) + 4.0;
        let how = Type::AXIS.ink(Ink::Ink2);
        let density = with_unit(style, &style.words.plant_density, &self.density);
        let lines = wrapped(&density, room, how);
        canvas.lines(&lines, 0.0, top + 12.0, 16.0, how);
        top += 16.0 * lines.len() as f64 + 6.0;
        let [x, y] = self.domains();
        let grid = self.grid(style, width, (top, y));
        let step = grid.words() + grid.height + 14.0;
        let shown = self.shown();
        let rows = shown.len().div_ceil(grid.columns);
        let bottom = top + step * rows as f64 - 14.0;
        for (at, panel) in shown.iter().enumerate() {
            let (row, column) = (at / grid.columns, at % grid.columns);
            let left = grid.left + (grid.width + GAP) * column as f64;
            // Without a panel below, it has the numbers of the axis; so rows may differ in height.
            let frame =
                Rect::new(left, top + step * row as f64 + grid.words(), grid.width, grid.height);
            let scales =
                (Scale::new(x, [frame.x, frame.right()]), Scale::new(y, [frame.bottom(), frame.y]));
            self.draw_axes(
                &mut canvas,
                &scales,
                frame,
                column == 0,
                at + grid.columns >= shown.len(),
            );
            self.draw_panel(&mut canvas, style, (panel, &grid, width), &scales, frame);
        }
        let how = how.anchor(Anchor::End);
        let distance = with_unit(style, &style.words.distance, &self.distance);
        canvas.text(&distance, room, bottom + 37.0, how);
        for panel in &self.panels[shown.len()..] {
            canvas.drop_label(&panel.name.full());
        }
        canvas.finish(bottom + 44.0)
    }

    fn alt(&self, style: &Style) -> Alt {
        let words = &style.words;
        let mut told: Vec<String> = (self.shown().iter())
            .map(|panel| {
                let index = phrase::joined(&self.index_parts(style, &panel.index).concat());
                format!("{}{}{index}", panel.name.brief(), words.colon)
            })
            .collect();
        let hidden = self.panels.len() - told.len();
        if hidden > 0 {
            told.push(words.other_of(hidden));
        }
        if told.is_empty() {
            told.push(words.no_data.clone());
        }
        let kind = style.language.pick("企业间距密度图", "Densities of distances between plants");
        Alt::new(format!("{kind}{}{}", words.colon, self.head), &told.join(&words.semicolon))
    }
}

impl ConcentrationCurves {
    /// The panels that are drawn.
    fn shown(&self) -> &[Panel] {
        &self.panels[..self.panels.len().min(NAMED)]
    }

    /// Words for a band with the share of the draws that it holds.
    fn shared(&self, style: &Style, text: &str) -> String {
        let percent = 100.0 * self.share;
        let decimals = usize::from((percent - percent.round()).abs() > 1e-9);
        let share = format!("{}%", number(percent, decimals, false, style.language));
        text.replace("{share}", &share)
    }

    /// Whether the global band has its words at its end: where it is the only one and there is room for them.
    fn names_band(&self, style: &Style, width: Width) -> bool {
        let axis = Axis { measure: &self.density, change: false, most: 4 };
        let [low, high] = self.domains()[1];
        let room = width.px() - axis::room_beside(axis, low, high);
        let words = self.shared(style, &style.words.global_band);
        self.shown().len() == 1 && Type::AXIS.width(&words) <= room
    }

    /// What the marks mean.
    fn entries(&self, style: &Style, width: Width) -> Vec<Entry> {
        let words = &style.words;
        let with = |text: &str| self.shared(style, text);
        let any = |of: &dyn Fn(&Panel) -> bool| self.shown().iter().any(of);
        let all = [
            (
                any(&|own| own.known().iter().any(|one| one.local.is_some())),
                Swatch::Box(LOCAL),
                with(&words.local_band),
            ),
            (
                !self.names_band(style, width)
                    && any(&|own| own.known().iter().any(|one| one.global.is_some())),
                Swatch::Line(GLOBAL),
                with(&words.global_band),
            ),
            (
                any(&|own| !own.beyond(true).is_empty()),
                Swatch::Box(ABOVE),
                words.above_band.clone(),
            ),
            (
                any(&|own| !own.beyond(false).is_empty()),
                Swatch::Box(BELOW),
                words.below_band.clone(),
            ),
        ];
        let shown = all.into_iter().filter(|(there, ..)| *there);
        shown.map(|(_, swatch, text)| Entry::new(swatch, text)).collect()
    }

    /// What the curve comes to, by lines if it does not fit on one: the word and the number.
    fn index_parts(&self, style: &Style, index: &Index) -> Vec<Vec<Part>> {
        let words = &style.words;
        let told = |word: &str, value: &Cited| match value.value.is_finite() {
            true => vec![
                vec![Part::words(word)],
                vec![Part::words(" "), Part::level(&self.index, value)],
            ],
            false => vec![vec![Part::words(word)]],
        };
        match index {
            Index::Localised(value) => told(&words.localised, value),
            Index::Dispersed(value) => told(&words.dispersed, value),
            Index::Neither => vec![vec![Part::words(words.as_all_plants.clone())]],
        }
    }

    /// Ends of the two axes, in their units.
    fn domains(&self) -> [[f64; 2]; 2] {
        let (mut far, mut high) = (0.0_f64, 0.0_f64);
        for point in self.shown().iter().flat_map(Panel::known) {
            far = far.max(self.distance.scaled(point.distance));
            let bands = [point.local, point.global].into_iter().flatten().map(|band| band[1]);
            for value in bands.chain([point.density]) {
                high = high.max(self.density.scaled(value));
            }
        }
        let end = |value: f64| if value > 0.0 { value } else { 1.0 };
        [[0.0, end(far)], [0.0, 1.06 * end(high)]]
    }

    fn grid(&self, style: &Style, width: Width, (top, y): (f64, [f64; 2])) -> Grid {
        let count = self.shown().len();
        let axis = Axis { measure: &self.density, change: false, most: 4 };
        let left = axis::room_beside(axis, y[0], y[1]);
        // As many beside each other as leave each frame its least width.
        let frame =
            |columns: usize| (width.px() - left - GAP * (columns - 1) as f64) / columns as f64;
        let most = count.clamp(1, width.pick(3, 2));
        let columns = (1..=most).rev().find(|columns| frame(*columns) >= LEAST).unwrap_or(1);
        let frame = frame(columns).max(40.0);
        let lines = |panel: &Panel| panel.name.fit(Type::HEAD, frame, 2).len();
        let names = self.shown().iter().map(lines).max().unwrap_or(0);
        let fits = |panel: &Panel| {
            let parts = self.index_parts(style, &panel.index).concat();
            Type::VALUE.width(&phrase::joined(&parts)) <= frame
        };
        let indices = if self.shown().iter().all(fits) { 1 } else { 2 };
        let mut grid = Grid { columns, width: frame, height: 0.0, left, names, indices };
        grid.height = match count {
            0 | 1 => (width.pick(HEIGHT[0], HEIGHT[1]) - top - grid.words() - 44.0).max(120.0),
            _ => width.pick(FRAME[0], FRAME[1]),
        };
        grid
    }

    fn draw_axes(
        &self,
        canvas: &mut Canvas,
        (x, y): &(Scale, Scale),
        frame: Rect,
        first: bool,
        last: bool,
    ) {
        let [low, high] = y.domain();
        let found = ticks(low, high, 4);
        for value in &found.values {
            let level = y.at(*value);
            canvas.line((frame.x, level), (frame.right(), level), Stroke::GRID);
            if first {
                let text = self.density.tick(*value, found.step, false);
                canvas.text(&text, frame.x - 8.0, level + 4.0, Type::AXIS.anchor(Anchor::End));
            }
        }
        let foot = frame.bottom();
        canvas.line((frame.x, foot), (frame.right(), foot), Stroke::ZERO);
        let [low, high] = x.domain();
        let found = ticks(low, high, if frame.w > 300.0 { 7 } else { 4 });
        let tick = |value: &f64| (x.at(*value), self.distance.tick(*value, found.step, false));
        let texts: Vec<(f64, String)> = found.values.iter().map(tick).collect();
        for (x, _) in &texts {
            canvas.line((*x, foot), (*x, foot + 4.0), Stroke::of(Ink::Rule, 1.0));
        }
        if last {
            axis::texts_below(canvas, &texts, foot + 2.0);
        }
    }

    fn draw_panel(
        &self,
        canvas: &mut Canvas,
        style: &Style,
        (panel, grid, width): (&Panel, &Grid, Width),
        scales: &(Scale, Scale),
        frame: Rect,
    ) {
        let names = panel.name.fit(Type::HEAD, frame.w, 2);
        // Indices stand on the same height in a row, names above them.
        let foot = frame.y - 10.0 - LINE * (grid.indices as f64 - 1.0);
        let first = foot - LINE * names.len() as f64;
        canvas.lines(&names, frame.x, first, LINE, Type::HEAD);
        let how = match panel.index {
            Index::Localised(_) => Type::VALUE.ink(Ink::In),
            Index::Dispersed(_) => Type::VALUE.ink(Ink::Out),
            Index::Neither => Type::LABEL.ink(Ink::Ink2),
        };
        let parts = self.index_parts(style, &panel.index);
        let lines = if grid.indices == 1 { vec![parts.concat()] } else { parts };
        for (at, parts) in lines.iter().enumerate() {
            canvas.phrase(parts, frame.x, foot + LINE * at as f64, how);
        }
        canvas.mark(&self.says(style, panel), |canvas| self.draw_curve(canvas, panel, scales));
        if self.names_band(style, width) {
            self.draw_band_words(canvas, style, panel, scales);
        }
    }

    /// Words above the end of the global band.
    fn draw_band_words(
        &self,
        canvas: &mut Canvas,
        style: &Style,
        panel: &Panel,
        (x, y): &(Scale, Scale),
    ) {
        let text = self.shared(style, &style.words.global_band);
        let how = Type::AXIS.ink(Ink::Ink2).anchor(Anchor::End).halo();
        let at = |one: &Point| {
            let level = self.density.scaled(one.global?[1]);
            Some((x.at(self.distance.scaled(one.distance)), y.at(level)))
        };
        let border: Vec<(f64, f64)> = panel.known().iter().filter_map(at).collect();
        let Some((end, _)) = border.last().copied() else { return };
        let over = border.iter().filter(|(x, _)| *x >= end - how.width(&text));
        let top = over.map(|(_, y)| *y).fold(f64::INFINITY, f64::min);
        let right = end.max(x.range()[0] + how.width(&text));
        canvas.text(&text, right, (top - 6.0).max(y.range()[1] + 12.0), how);
    }

    fn draw_curve(&self, canvas: &mut Canvas, panel: &Panel, (x, y): &(Scale, Scale)) {
        let at = |distance: f64, density: f64| {
            (x.at(self.distance.scaled(distance)), y.at(self.density.scaled(density)))
        };
        let points = panel.known();
        let sides = |of: fn(&Point) -> Option<[f64; 2]>, side: usize| -> Vec<(f64, f64)> {
            points.iter().filter_map(|one| Some(at(one.distance, of(one)?[side]))).collect()
        };
        let [lower, upper] = [0, 1].map(|side| sides(|one| one.local, side));
        let band: Vec<(f64, f64)> = upper.into_iter().chain(lower.into_iter().rev()).collect();
        if band.len() > 2 {
            canvas.polygon(&band, LOCAL, None);
        }
        for (above, fill) in [(true, ABOVE), (false, BELOW)] {
            for stretch in panel.beyond(above) {
                let curve = stretch.iter().map(|(distance, density, _)| at(*distance, *density));
                let border =
                    stretch.iter().rev().map(|(distance, _, border)| at(*distance, *border));
                canvas.polygon(&curve.chain(border).collect::<Vec<_>>(), fill, None);
            }
        }
        for side in [0, 1] {
            let line = sides(|one| one.global, side);
            if line.len() > 1 {
                canvas.polyline(&line, GLOBAL);
            }
        }
        let line: Vec<(f64, f64)> =
            points.iter().map(|one| at(one.distance, one.density)).collect();
        if line.len() > 1 {
            canvas.polyline(&line, CURVE);
        }
    }

    /// What a curve says: name, index, where it is beyond the band.
    fn says(&self, style: &Style, panel: &Panel) -> String {
        let words = &style.words;
        let index = phrase::joined(&self.index_parts(style, &panel.index).concat());
        let mut text = format!("{}{}{index}", panel.name.full(), words.colon);
        for (above, word) in [(true, &words.above_band), (false, &words.below_band)] {
            let ends = |stretch: &Stretch| Some((stretch.first()?.0, stretch.last()?.0));
            let told: Vec<String> = (panel.beyond(above).iter().filter_map(ends))
                .map(|(from, to)| self.distance.with_unit(&self.distance.levels(from, to)))
                .collect();
            if !told.is_empty() {
                text += &format!("{}{word} {}", words.semicolon, told.join(&words.enumeration));
            }
        }
        text
    }
}
