//! Where everything of a quadrant figure stands.

use super::super::axis::{self, Axis};
use super::super::canvas::{Anchor, Rect, Type};
use super::super::ink::Ink;
use super::super::names::Named;
use super::super::place::{Labelled, Obstacles, Placed, place};
use super::super::scale::Scale;
use super::super::{NAMED, Style, Width};
use super::{NAME, Point, Quadrant};

/// From more points on than this, only the largest are named.
const CROWD: usize = 16;
/// On a phone, up to so many points have their names beside them, more have numbers.
const PHONE_NAMES: usize = 6;
/// Strip at the top and the bottom for the words of quadrants.
const STRIP: f64 = 26.0;

/// At most so many numbers beside the axis that goes up.
pub(super) const UPWARDS: usize = 7;

/// Places of a figure.
pub(super) struct Layout {
    /// The plot.
    pub(super) frame: Rect,
    pub(super) x: Scale,
    pub(super) y: Scale,
    /// At most so many numbers across.
    pub(super) ticks: usize,
    /// Lines of the names of the two axes.
    pub(super) heads: [Vec<String>; 2],
    pub(super) words: Vec<Word>,
    /// The two ends of the ray.
    pub(super) ray: Option<[(f64, f64); 2]>,
    pub(super) key: Option<Key>,
    pub(super) markers: Vec<Marker>,
    /// Points that have neither name nor number.
    pub(super) unnamed: Vec<usize>,
    /// Points by the number in their dots.
    pub(super) numbered: Vec<usize>,
    /// Height without the numbered key.
    pub(super) height: f64,
}

/// Words of a quadrant, in its corner.
pub(super) struct Word {
    pub(super) text: String,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) how: Type,
}

/// The key of the ray.
pub(super) struct Key {
    pub(super) rect: Rect,
    pub(super) label: Vec<String>,
    /// Baseline of its first line: its right end where the number stands on the same line.
    pub(super) at: ((f64, f64), Anchor),
    /// Baseline of the number.
    pub(super) number: (f64, f64),
}

/// A dot.
pub(super) struct Marker {
    pub(super) point: usize,
    pub(super) at: (f64, f64),
    pub(super) radius: f64,
    /// The number inside.
    pub(super) number: Option<usize>,
    /// The label beside it, and its lines.
    pub(super) label: Option<Placed>,
    pub(super) lines: Vec<String>,
}

impl Layout {
    pub(super) fn of(figure: &Quadrant, style: &Style, width: Width) -> Layout {
        let comma = &style.words.comma;
        let head = |panel: &super::Panel| {
            let unit = panel.measure.unit();
            let text = match unit.is_empty() {
                true => panel.head.clone(),
                false => format!("{}{comma}{unit}", panel.head),
            };
            Named::new(text).fit(Type::AXIS, width.px(), 2)
        };
        let heads = [head(&figure.x), head(&figure.y)];
        let more = |lines: &Vec<String>| 15.0 * (lines.len() as f64 - 1.0).max(0.0);
        let top = 24.0 + more(&heads[1]);
        let bottom = top + width.pick(372.0, 326.0);
        let spans = spans(figure);
        // The numbers beside the axis are those of the whole axis, beyond the points too.
        let y = padded(spans[1], [bottom, top], STRIP + 8.0);
        let upwards = Axis { measure: &figure.y.measure, change: true, most: UPWARDS };
        let [low, high] = y.domain();
        let left = axis::room_beside(upwards, low, high).clamp(40.0, width.px() / 2.0);
        let right = width.px() - 6.0;
        let x = padded(spans[0], [left, right], 14.0);
        let mut layout = Layout {
            frame: Rect::new(left, top, right - left, bottom - top),
            x,
            y,
            ticks: width.pick(7, 5),
            words: Vec::new(),
            ray: None,
            key: None,
            markers: Vec::new(),
            unnamed: Vec::new(),
            numbered: Vec::new(),
            height: bottom + 50.0 + more(&heads[0]),
            heads,
        };
        layout.words = words(&layout, style, width);
        layout.ray = ray(figure, &layout);
        layout.add_key(figure, style, width);
        layout.add_markers(figure, width);
        layout
    }

    /// Place of a point.
    pub(super) fn place(&self, figure: &Quadrant, point: &Point) -> [f64; 2] {
        [
            self.x.at(figure.x.measure.scaled(point.x.value())),
            self.y.at(figure.y.measure.scaled(point.y.value())),
        ]
    }

    /// The ranges of a point, as thin rectangles.
    fn cross(&self, figure: &Quadrant, point: &Point) -> [Rect; 2] {
        let [x, y] = self.place(figure, point);
        let [left, right] = point.x.span().map(|end| self.x.at(figure.x.measure.scaled(end)));
        let [low, high] = point.y.span().map(|end| self.y.at(figure.y.measure.scaled(end)));
        [Rect::new(left, y - 0.8, right - left, 1.6), Rect::new(x - 0.8, high, 1.6, low - high)]
    }

    /// The key of the ray stands where it hides least, below the plot if that is a dot.
    fn add_key(&mut self, figure: &Quadrant, style: &Style, width: Width) {
        let Some(ray) = figure.ray.as_ref().filter(|ray| ray.slope.value.is_finite()) else {
            return;
        };
        let number = ray.measure.with_unit(&ray.measure.level(ray.slope.value));
        let room = width.pick(260.0, 140.0);
        let label = format!("{}{}", ray.label, style.words.colon.trim_end());
        let label = Named::new(label).fit(Type::AXIS, room - 28.0, 2);
        let widest = label.iter().map(|line| Type::AXIS.width(line)).fold(0.0, f64::max);
        let one_line = width == Width::Wide && label.len() == 1;
        let [wide, high] = match one_line {
            true => [28.0 + widest + 6.0 + Type::AXIS.width(&number), 17.0],
            false => {
                let wide = 28.0 + widest.max(Type::AXIS.width(&number));
                [wide, 15.0 * (label.len() + 1) as f64 + 2.0]
            }
        };
        let rect = self.key_place(figure, wide, high).unwrap_or_else(|| {
            let rect = Rect::new(self.frame.x, self.height - 4.0, wide, high);
            self.height += high + 2.0;
            rect
        });
        let (x, y) = (rect.x + 28.0, rect.y + 12.0);
        let (at, number) = match one_line {
            true => (((x + widest, y), Anchor::End), (x + widest + 6.0, y)),
            false => (((x, y), Anchor::Start), (x, y + 15.0 * label.len() as f64)),
        };
        self.key = Some(Key { rect, label, at, number });
    }

    /// The place inside the plot where the key hides no dot and no word, and fewest of crosses and the ray.
    fn key_place(&self, figure: &Quadrant, wide: f64, high: f64) -> Option<Rect> {
        let known = || figure.points.iter().filter(|point| point.known());
        let dot = |[x, y]: [f64; 2]| Rect::new(x, y, 0.0, 0.0).grown(12.0);
        let mut marks: Vec<Rect> = known().map(|point| dot(self.place(figure, point))).collect();
        marks.extend(self.words.iter().map(Word::rect));
        marks.extend(self.zero_lines());
        let crosses: Vec<Rect> = known().flat_map(|point| self.cross(figure, point)).collect();
        let hides = |rect: &Rect, what: &[Rect]| {
            what.iter().filter(|one| one.overlaps(&rect.grown(4.0))).count()
        };
        let cost = |rect: &Rect| {
            let line = self.ray.is_some_and(|[from, to]| stretch_hits(rect, from, to));
            2 * hides(rect, &crosses) + 3 * usize::from(line)
        };
        let free = self.key_places(wide, high).into_iter().filter(|rect| hides(rect, &marks) == 0);
        free.min_by_key(cost)
    }

    /// The lines at zero, as thin rectangles.
    fn zero_lines(&self) -> [Rect; 2] {
        [
            Rect::new(self.x.at(0.0), self.frame.y, 0.0, self.frame.h).grown(1.0),
            Rect::new(self.frame.x, self.y.at(0.0), self.frame.w, 0.0).grown(1.0),
        ]
    }

    /// Places for the key: in each quadrant on its outer side, from the middle of its height outwards.
    fn key_places(&self, wide: f64, high: f64) -> Vec<Rect> {
        let frame = self.frame;
        let (zero_x, zero_y) = (self.x.at(0.0), self.y.at(0.0));
        let columns = [(zero_x, frame.right()), (frame.x, zero_x)];
        let rows = [(zero_y, frame.bottom()), (frame.y, zero_y)];
        let mut found = Vec::new();
        // Lower right, upper left, then the other two.
        for (column, row) in [(0, 0), (1, 1), (1, 0), (0, 1)] {
            let ((left, right), (top, bottom)) = (columns[column], rows[row]);
            for share in [0.5, 0.35, 0.65, 0.2, 0.8] {
                let y = top + (bottom - top - high) * share;
                let (outer, inner) = match column {
                    0 => (right - 8.0 - wide, left + 10.0),
                    _ => (left + 8.0, right - 10.0 - wide),
                };
                found.push(Rect::new(outer, y, wide, high));
                found.push(Rect::new(inner, y, wide, high));
            }
        }
        found.retain(|rect| frame.holds(rect));
        found
    }

    /// Dots with their names or numbers.
    fn add_markers(&mut self, figure: &Quadrant, width: Width) {
        let known: Vec<usize> =
            (0..figure.points.len()).filter(|at| figure.points[*at].known()).collect();
        let mut order = known.clone();
        let weight = |at: &usize| self.weight(figure, &figure.points[*at]);
        order.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then(a.cmp(b)));
        let few = known.len() <= CROWD;
        let named: Vec<usize> = match few {
            true => order.clone(),
            false => order.iter().copied().take(NAMED).collect(),
        };
        let numbers = width == Width::Narrow && known.len() > PHONE_NAMES;
        let marker = |point: usize| {
            let [x, y] = self.place(figure, &figure.points[point]);
            let radius = if few || named.contains(&point) { 6.0 } else { 4.0 };
            Marker { point, at: (x, y), radius, number: None, label: None, lines: Vec::new() }
        };
        // The small ones behind.
        let mut markers: Vec<Marker> = order.iter().rev().map(|point| marker(*point)).collect();
        if numbers {
            let inside = enlarged(&mut markers, &named);
            self.label(figure, &mut markers, &named, |at| match inside.contains(&at) {
                true => Vec::new(),
                false => vec!["00".to_owned()],
            });
            self.count(&mut markers, &inside);
        } else {
            let room = width.pick(150.0, 110.0);
            self.label(figure, &mut markers, &named, |at| {
                figure.points[at].name.fit(NAME, room, 2)
            });
        }
        let has = |one: &Marker| one.label.is_some() || one.number.is_some();
        self.unnamed = markers.iter().filter(|one| !has(one)).map(|one| one.point).collect();
        self.unnamed.sort_unstable();
        self.markers = markers;
    }

    /// How far a point is from the middle, in parts of the plot.
    fn weight(&self, figure: &Quadrant, point: &Point) -> f64 {
        let [x, y] = self.place(figure, point);
        let (dx, dy) = (x - self.x.at(0.0), y - self.y.at(0.0));
        (dx / self.frame.w).hypot(dy / self.frame.h)
    }

    /// Labels beside the dots of `named`; `lines` of none want none.
    fn label(
        &self,
        figure: &Quadrant,
        markers: &mut [Marker],
        named: &[usize],
        lines: impl Fn(usize) -> Vec<String>,
    ) {
        let mut points = Vec::new();
        let mut obstacles = Obstacles {
            marks: self.words.iter().map(Word::rect).collect(),
            axes: self.zero_lines().to_vec(),
            whiskers: Vec::new(),
            ends: Vec::new(),
            lines: self.ray.into_iter().collect(),
        };
        obstacles.marks.extend(self.key.as_ref().map(|key| key.rect));
        let mut wanting = Vec::new();
        for (k, marker) in markers.iter().enumerate() {
            let point = &figure.points[marker.point];
            let cross = self.cross(figure, point);
            obstacles.ends.extend(ends(&cross));
            obstacles.whiskers.extend(cross);
            let lines = match named.contains(&marker.point) {
                true => lines(marker.point),
                false => Vec::new(),
            };
            if lines.is_empty() {
                let (x, y) = marker.at;
                obstacles.marks.push(Rect::new(x, y, 0.0, 0.0).grown(marker.radius));
            } else {
                let weight = self.weight(figure, point);
                points.push(Labelled { at: marker.at, radius: marker.radius, lines, weight });
                wanting.push(k);
            }
        }
        let placed = place(&points, self.frame, &obstacles, NAME);
        for ((k, point), label) in wanting.into_iter().zip(points).zip(placed) {
            markers[k].label = label;
            markers[k].lines = point.lines;
        }
    }

    /// Numbers the dots that have one inside or beside them, in the order of the points.
    fn count(&mut self, markers: &mut [Marker], inside: &[usize]) {
        let has = |one: &Marker| one.label.is_some() || inside.contains(&one.point);
        let mut counted: Vec<usize> =
            markers.iter().filter(|one| has(one)).map(|one| one.point).collect();
        counted.sort_unstable();
        for marker in markers.iter_mut() {
            let Some(at) = counted.iter().position(|point| *point == marker.point) else {
                continue;
            };
            if inside.contains(&marker.point) {
                marker.number = Some(at + 1);
            } else {
                marker.lines = vec![(at + 1).to_string()];
            }
        }
        self.numbered = counted;
    }
}

impl Word {
    pub(super) fn rect(&self) -> Rect {
        self.how.rect(&self.text, self.x, self.y)
    }
}

/// Radius of a dot that holds its number.
const HOLDING: f64 = 9.0;

/// Makes dots of `named` large enough for a number where they touch no other; gives those.
fn enlarged(markers: &mut [Marker], named: &[usize]) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::new();
    for point in named {
        let Some(own) = markers.iter().find(|one| one.point == *point) else { continue };
        let at = own.at;
        let near = |other: &Marker| {
            let reach = if kept.contains(&other.point) { HOLDING } else { 4.0 };
            other.point != *point
                && (other.at.0 - at.0).hypot(other.at.1 - at.1) < HOLDING + reach + 1.0
        };
        if !markers.iter().any(near) {
            kept.push(*point);
        }
    }
    for marker in markers.iter_mut() {
        marker.radius = if kept.contains(&marker.point) { HOLDING } else { marker.radius.min(5.0) };
    }
    kept
}

/// From the lowest to the highest of all ranges, in the printed units; zero is always inside.
fn spans(figure: &Quadrant) -> [[f64; 2]; 2] {
    let mut spans = [[0.0_f64; 2]; 2];
    for point in figure.points.iter().filter(|point| point.known()) {
        let ends = [
            point.x.span().map(|end| figure.x.measure.scaled(end)),
            point.y.span().map(|end| figure.y.measure.scaled(end)),
        ];
        for (span, [low, high]) in spans.iter_mut().zip(ends) {
            *span = [span[0].min(low), span[1].max(high)];
        }
    }
    spans.map(|[low, high]| if high > low { [low, high] } else { [-1.0, 1.0] })
}

/// The four ends of the ranges of a point; none where a range is no longer than the dot.
fn ends([across, upwards]: &[Rect; 2]) -> Vec<Rect> {
    let at = |x: f64, y: f64| Rect::new(x, y, 0.0, 0.0).grown(2.0);
    let mut found = Vec::new();
    if across.w > 12.0 {
        let y = across.y + across.h / 2.0;
        found.extend([at(across.x, y), at(across.right(), y)]);
    }
    if upwards.h > 12.0 {
        let x = upwards.x + upwards.w / 2.0;
        found.extend([at(x, upwards.y), at(x, upwards.bottom())]);
    }
    found
}

/// A scale with so many px to spare at both ends.
fn padded([low, high]: [f64; 2], [start, end]: [f64; 2], spare: f64) -> Scale {
    let more = (high - low) * spare / ((end - start).abs() - 2.0 * spare).max(1.0);
    Scale::new([low - more, high + more], [start, end])
}

/// Words in the corners of the quadrants that have room for them.
fn words(layout: &Layout, style: &Style, width: Width) -> Vec<Word> {
    let frame = layout.frame;
    let (zero_x, zero_y) = (layout.x.at(0.0), layout.y.at(0.0));
    let how = Type::AXIS.ink(Ink::Ink2);
    let mut found = Vec::new();
    for quadrant in 0..4 {
        let (right, upper) = (matches!(quadrant, 0 | 3), quadrant < 2);
        let room = if right { frame.right() - zero_x } else { zero_x - frame.x } - 14.0;
        let height = if upper { zero_y - frame.y } else { frame.bottom() - zero_y };
        let long = &style.words.quadrants[quadrant];
        let short = &style.words.quadrants_short[quadrant];
        let fits = |text: &&String| how.width(text) <= room;
        let text = match width {
            Width::Wide => [long, short].into_iter().find(fits),
            Width::Narrow => Some(short).filter(fits),
        };
        let Some(text) = text.filter(|_| height >= STRIP) else { continue };
        let (x, anchor) = match right {
            true => (frame.right() - 6.0, Anchor::End),
            false => (frame.x + 8.0, Anchor::Start),
        };
        let y = if upper { frame.y + 16.0 } else { frame.bottom() - 9.0 };
        found.push(Word { text: text.clone(), x, y, how: how.anchor(anchor) });
    }
    found
}

/// The stretch of the ray inside the plot.
fn ray(figure: &Quadrant, layout: &Layout) -> Option<[(f64, f64); 2]> {
    let ray = figure.ray.as_ref()?;
    // The slope in printed units.
    let unit = figure.x.measure.unscaled(1.0);
    let slope = figure.y.measure.scaled(ray.slope.value * unit);
    if !slope.is_normal() {
        return None;
    }
    let ([left, right], [low, high]) = (layout.x.domain(), layout.y.domain());
    // The strips of the quadrants' words stay free.
    let strip = (high - low) * STRIP / layout.frame.h;
    let (low, high) = (low + strip, high - strip);
    let ends = [low / slope, high / slope];
    let (from, to) = (left.max(ends[0].min(ends[1])), right.min(ends[0].max(ends[1])));
    let place = |x: f64| (layout.x.at(x), layout.y.at(x * slope));
    (from < to).then(|| [place(from), place(to)])
}

/// Whether a straight stretch comes near a rectangle.
fn stretch_hits(rect: &Rect, from: (f64, f64), to: (f64, f64)) -> bool {
    let rect = rect.grown(4.0);
    (0..=100).any(|step| {
        let t = f64::from(step) / 100.0;
        let (x, y) = (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t);
        x >= rect.x && x <= rect.right() && y >= rect.y && y <= rect.bottom()
    })
}
