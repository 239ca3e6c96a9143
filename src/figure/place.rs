//! Where labels of points go: greedy and the same every time.
//!
//! Candidates stand around the point at 9 px, then at 22 and 36 px with a line to it; each costs what it hides.
//! A label that still hides another is left out and told, the smallest value first.

use super::canvas::{Anchor, Canvas, Rect, Stroke, Type};
use super::ink::Ink;

/// A point that wants a label.
#[derive(Debug, Clone)]
pub struct Labelled {
    /// Its place.
    pub at: (f64, f64),
    /// Its radius.
    pub radius: f64,
    /// The label, by lines.
    pub lines: Vec<String>,
    /// How much it matters; of two in conflict the smaller one goes.
    pub weight: f64,
}

/// What labels should not hide.
#[derive(Debug, Clone, Default)]
pub struct Obstacles {
    /// Other marks.
    pub marks: Vec<Rect>,
    /// Axes and other text.
    pub axes: Vec<Rect>,
    /// Whiskers, as thin rectangles.
    pub whiskers: Vec<Rect>,
    /// Their ends, which tell how far a range goes.
    pub ends: Vec<Rect>,
    /// Lines, as pairs of points.
    pub lines: Vec<[(f64, f64); 2]>,
}

/// Where a label stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// Its box.
    pub rect: Rect,
    /// Place of its first line's baseline.
    pub at: (f64, f64),
    /// Which end of the lines that is.
    pub anchor: Anchor,
    /// Whether a line leads to the point.
    pub leader: bool,
}

impl Placed {
    /// Draws the lines of the label, and the line to its point if it stands away from it.
    pub fn draw(&self, canvas: &mut Canvas, point: &Labelled, how: Type) {
        self.draw_leader(canvas, point);
        canvas.lines(&point.lines, self.at.0, self.at.1, step(how), how.anchor(self.anchor));
    }

    /// Draws the line to its point if it stands away from it.
    pub fn draw_leader(&self, canvas: &mut Canvas, point: &Labelled) {
        let (x, y) = point.at;
        let near =
            (x.clamp(self.rect.x, self.rect.right()), y.clamp(self.rect.y, self.rect.bottom()));
        let far = (near.0 - x).hypot(near.1 - y);
        if self.leader && far > point.radius {
            let share = point.radius / far;
            let from = (x + (near.0 - x) * share, y + (near.1 - y) * share);
            canvas.line(from, near, Stroke::of(Ink::Ink3, 1.0));
        }
    }
}

const ON_AXIS: f64 = 150.0;
const ON_END: f64 = 60.0;
const NEARER_TO_ANOTHER: f64 = 45.0;
const ON_WHISKER: f64 = 25.0;
const ON_LINE: f64 = 8.0;
/// A line to the point that runs along its whisker would be read as a part of it.
const ALONG_WHISKER: f64 = 15.0;
/// Two names that touch are read as one.
const BESIDE_ANOTHER: f64 = 20.0;

/// Directions of candidates: right, left, above, below, then the corners, last those between a side and a corner.
const DIRECTIONS: [(f64, f64); 12] = [
    (1.0, 0.0),
    (-1.0, 0.0),
    (0.0, -1.0),
    (0.0, 1.0),
    (0.7, -0.7),
    (-0.7, -0.7),
    (0.7, 0.7),
    (-0.7, 0.7),
    (0.87, -0.5),
    (-0.87, -0.5),
    (0.87, 0.5),
    (-0.87, 0.5),
];

/// Space between lines of a label.
pub fn step(how: Type) -> f64 {
    how.size * 1.25
}

/// Places labels inside a frame; nothing for those without room.
pub fn place(
    points: &[Labelled],
    frame: Rect,
    obstacles: &Obstacles,
    how: Type,
) -> Vec<Option<Placed>> {
    let mut order: Vec<usize> = (0..points.len()).collect();
    // The heaviest first; ties by index.
    order.sort_by(|a, b| points[*b].weight.total_cmp(&points[*a].weight).then(a.cmp(b)));
    let mut placed: Vec<Option<Placed>> = vec![None; points.len()];
    for at in order {
        let taken: Vec<Rect> = placed.iter().flatten().map(|label| label.rect).collect();
        let mut best: Option<(f64, Placed)> = None;
        for (ring, distance) in [9.0, 22.0, 36.0].into_iter().enumerate() {
            for (k, direction) in DIRECTIONS.iter().enumerate() {
                let one = candidate(&points[at], *direction, distance, ring > 0, how);
                let order = ring as f64 * 4.0 + k as f64 * 0.5;
                let (hard, mut soft) = cost(at, &one.rect, points, frame, obstacles, &taken);
                let straight = direction.0 == 0.0 || direction.1 == 0.0;
                if straight && one.leader && !obstacles.whiskers.is_empty() {
                    soft += ALONG_WHISKER;
                }
                // Who would hide a label or a mark, or leave the frame, stays away.
                if hard == 0.0 && best.as_ref().is_none_or(|(least, _)| order + soft < *least) {
                    best = Some((order + soft, one));
                }
            }
        }
        placed[at] = best.map(|(_, one)| one);
    }
    placed
}

/// Centres of labels that stand one above the other, each as near to where it is wanted as the others let it: pairs of
/// wanted centre and height, kept between `top` and `bottom` if there is room.
///
/// # Examples
/// ```
/// use irio::figure::place::spread;
/// assert_eq!(spread(&[(50.0, 20.0), (54.0, 20.0)], 0.0, 100.0), [42.0, 62.0]);
/// assert_eq!(spread(&[(95.0, 20.0), (10.0, 20.0)], 0.0, 100.0), [90.0, 10.0]);
/// ```
pub fn spread(wanted: &[(f64, f64)], top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].0.total_cmp(&wanted[*b].0).then(a.cmp(b)));
    // Labels that touch form a block, which stands where its members want it on average.
    let mut blocks: Vec<(f64, f64, Vec<usize>)> = Vec::new();
    for at in order {
        let (centre, height) = wanted[at];
        let mut block = (centre - height / 2.0, height, vec![at]);
        while let Some((start, size, members)) = blocks.pop() {
            if start + size <= block.0 {
                blocks.push((start, size, members));
                break;
            }
            let all: Vec<usize> = members.into_iter().chain(block.2).collect();
            let total = size + block.1;
            let mut before = 0.0;
            let starts = all.iter().map(|k| {
                let start = wanted[*k].0 - wanted[*k].1 / 2.0 - before;
                before += wanted[*k].1;
                start
            });
            let start = starts.sum::<f64>() / all.len() as f64;
            block = (start, total, all);
        }
        block.0 = block.0.min(bottom - block.1).max(top);
        blocks.push(block);
    }
    // What was pushed over the lower end moves up, what stands above makes room.
    let mut limit = bottom;
    for block in blocks.iter_mut().rev() {
        block.0 = block.0.min(limit - block.1);
        limit = block.0;
    }
    let mut floor = top;
    let mut centres = vec![0.0; wanted.len()];
    for (start, size, members) in blocks {
        let mut next = start.max(floor);
        floor = next + size;
        for at in members {
            centres[at] = next + wanted[at].1 / 2.0;
            next += wanted[at].1;
        }
    }
    centres
}

fn candidate(
    point: &Labelled,
    (dx, dy): (f64, f64),
    distance: f64,
    leader: bool,
    how: Type,
) -> Placed {
    let reach = point.radius - 4.0 + distance;
    let (x, y) = (point.at.0 + dx * reach, point.at.1 + dy * reach);
    let anchor = match dx {
        dx if dx > 0.0 => Anchor::Start,
        dx if dx < 0.0 => Anchor::End,
        _ => Anchor::Middle,
    };
    let width = point.lines.iter().map(|line| how.width(line)).fold(0.0, f64::max);
    let height = step(how) * point.lines.len() as f64;
    let top = match dy {
        dy if dy < -0.9 => y - height,
        dy if dy > 0.9 => y,
        dy if dy < -0.6 => y - height * 0.75,
        dy if dy > 0.6 => y - height * 0.25,
        _ => y - height / 2.0,
    };
    let left = match anchor {
        Anchor::Start => x,
        Anchor::Middle => x - width / 2.0,
        Anchor::End => x - width,
    };
    let rect = Rect::new(left, top, width, height);
    Placed { rect, at: (x, top + 0.95 * how.size), anchor, leader }
}

/// What a place costs: first what forbids it, then what speaks against it.
fn cost(
    own: usize,
    rect: &Rect,
    points: &[Labelled],
    frame: Rect,
    obstacles: &Obstacles,
    taken: &[Rect],
) -> (f64, f64) {
    let count = |others: &[Rect]| {
        others.iter().filter(|other| other.grown(1.0).overlaps(rect)).count() as f64
    };
    let outside = if frame.holds(rect) { 0.0 } else { 1.0 };
    let mut hard = outside + count(taken) + count(&obstacles.marks);
    let mut sum = ON_AXIS * count(&obstacles.axes);
    sum += ON_WHISKER * count(&obstacles.whiskers);
    sum += ON_END * count(&obstacles.ends);
    sum += ON_LINE
        * obstacles.lines.iter().filter(|line| crosses(rect, line[0], line[1])).count() as f64;
    let beside = taken.iter().filter(|other| other.grown(4.0).overlaps(rect)).count() as f64;
    sum += BESIDE_ANOTHER * beside;
    let gap = |point: &Labelled| distance_to(rect, point.at);
    let mine = gap(&points[own]);
    for (_, other) in points.iter().enumerate().filter(|(at, _)| *at != own) {
        let dot = Rect::new(other.at.0, other.at.1, 0.0, 0.0).grown(other.radius + 1.0);
        if dot.overlaps(rect) {
            hard += 1.0;
        } else if gap(other) < mine {
            sum += NEARER_TO_ANOTHER;
        }
    }
    (hard, sum)
}

/// Distance from a point to a rectangle.
fn distance_to(rect: &Rect, (x, y): (f64, f64)) -> f64 {
    let dx = (rect.x - x).max(x - rect.right()).max(0.0);
    let dy = (rect.y - y).max(y - rect.bottom()).max(0.0);
    dx.hypot(dy)
}

/// Whether a stretch passes through a rectangle.
pub fn crosses(rect: &Rect, from: (f64, f64), to: (f64, f64)) -> bool {
    let (mut start, mut end) = (0.0_f64, 1.0_f64);
    for (p, d, low, high) in [
        (from.0, to.0 - from.0, rect.x, rect.right()),
        (from.1, to.1 - from.1, rect.y, rect.bottom()),
    ] {
        if d.abs() < 1e-12 {
            if p < low || p > high {
                return false;
            }
            continue;
        }
        let (a, b) = ((low - p) / d, (high - p) / d);
        start = start.max(a.min(b));
        end = end.min(a.max(b));
    }
    start < end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placed_labels_are_inside_and_apart() {
        let frame = Rect::new(0.0, 0.0, 300.0, 200.0);
        let points: Vec<Labelled> = (0..24)
            .map(|k| Labelled {
                at: (10.0 + f64::from(k * 37 % 280), 10.0 + f64::from(k * 53 % 180)),
                radius: 4.0,
                lines: vec![format!("Region {k}")],
                weight: f64::from(k),
            })
            .collect();
        let placed = place(&points, frame, &Obstacles::default(), Type::LABEL);
        let boxes: Vec<Rect> = placed.iter().flatten().map(|label| label.rect).collect();
        assert!(boxes.len() > 5);
        for (at, one) in boxes.iter().enumerate() {
            assert!(frame.holds(one));
            assert!(boxes[..at].iter().all(|other| !other.overlaps(one)));
        }
        assert!(placed[23].is_some(), "the heaviest has the first choice");
    }

    #[test]
    fn labels_leave_the_ends_of_ranges_free() {
        let frame = Rect::new(0.0, 0.0, 300.0, 200.0);
        let lines = vec!["Region".to_owned()];
        let points = [Labelled { at: (150.0, 100.0), radius: 4.0, lines, weight: 1.0 }];
        let free = place(&points, frame, &Obstacles::default(), Type::LABEL);
        // What ends where the label would stand first.
        let end = free[0].as_ref().unwrap().rect;
        let obstacles = Obstacles { ends: vec![end], ..Obstacles::default() };
        let moved = place(&points, frame, &obstacles, Type::LABEL);
        assert!(!moved[0].as_ref().unwrap().rect.overlaps(&end));
    }

    #[test]
    fn a_line_to_a_point_does_not_run_along_its_whisker() {
        let frame = Rect::new(0.0, 0.0, 300.0, 200.0);
        let lines = vec!["Region".to_owned()];
        let points = [Labelled { at: (150.0, 100.0), radius: 4.0, lines, weight: 1.0 }];
        let cross = [Rect::new(100.0, 99.2, 100.0, 1.6), Rect::new(149.2, 50.0, 1.6, 100.0)];
        let obstacles = Obstacles { whiskers: cross.to_vec(), ..Obstacles::default() };
        let placed = place(&points, frame, &obstacles, Type::LABEL);
        let rect = placed[0].as_ref().unwrap().rect;
        assert!(cross.iter().all(|whisker| !whisker.overlaps(&rect)), "{rect:?}");
    }

    #[test]
    fn spread_labels_are_apart_and_inside() {
        for count in 1..12 {
            for seed in 0..20 {
                let wanted: Vec<(f64, f64)> = (0..count)
                    .map(|k| (f64::from((k * 37 + seed * 53) % 300), 15.0 + f64::from(k % 3) * 5.0))
                    .collect();
                let centres = spread(&wanted, 0.0, 300.0);
                let mut order: Vec<usize> = (0..wanted.len()).collect();
                order.sort_by(|a, b| centres[*a].total_cmp(&centres[*b]));
                let mut free = 0.0;
                for at in order {
                    let half = wanted[at].1 / 2.0;
                    assert!(centres[at] - half >= free - 1e-9, "{wanted:?} {centres:?}");
                    free = centres[at] + half;
                }
                assert!(free <= 300.0 + 1e-9, "{wanted:?} {centres:?}");
            }
        }
    }

    #[test]
    fn a_line_through_a_box_crosses_it() {
        let rect = Rect::new(10.0, 10.0, 20.0, 10.0);
        assert!(crosses(&rect, (0.0, 0.0), (40.0, 30.0)));
        assert!(!crosses(&rect, (0.0, 0.0), (40.0, 5.0)));
        assert!(!crosses(&rect, (0.0, 15.0), (5.0, 15.0)));
    }
}
