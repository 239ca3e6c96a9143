//! Outlines of regions on a panel: projected, drawn no finer than they can be seen, and where labels stand in them.

use super::super::canvas::Path;
use super::Shape;
use super::simplify::{Ring, simplified};

/// At most so many points in a drawing, all panels together: some 140 KB, if every region is hatched and so drawn
/// twice.
const POINTS: usize = 5500;
/// Corners of shapes lie on a grid of this step, in px, or a coarser one if that would be too many: points that are
/// closer are one.
const GRID: f64 = 0.5;
/// How far a line may lie beside the corners that it leaves out, in steps of the grid: the stairs of a grid go.
const TOLERANCE: f64 = 0.8;

/// Outlines of all regions on a panel whose left upper corner is (0, 0).
#[derive(Debug)]
pub(super) struct Outlines {
    regions: Vec<Vec<Vec<(f64, f64)>>>,
    pub(super) height: f64,
}

/// Where a region has room for a label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Room {
    /// The label fits in, with its middle there.
    Holds((f64, f64)),
    /// It does not; a point inside the region.
    Point((f64, f64)),
}

impl Outlines {
    /// Fits all regions into a width and a greatest height.
    pub(super) fn of(regions: &[Shape], width: f64, most: f64, panels: usize) -> Outlines {
        let placed = project(regions, width, most);
        let height = placed.iter().flatten().flatten().map(|point| point.1).fold(0.0, f64::max);
        let mut grid = GRID;
        loop {
            let corners: Vec<Vec<Ring>> = (placed.iter())
                .map(|rings| rings.iter().map(|ring| snapped(ring, grid)).collect())
                .collect();
            let found = simplified(&corners, TOLERANCE);
            let points: usize = found.iter().flatten().map(Vec::len).sum();
            if points * panels.max(1) <= POINTS || grid > width {
                let px = |ring: &Ring| {
                    ring.iter().map(|(x, y)| (*x as f64 * grid, *y as f64 * grid)).collect()
                };
                let regions = found.iter().map(|rings| rings.iter().map(px).collect()).collect();
                return Outlines { regions, height };
            }
            grid *= 1.5;
        }
    }

    /// Path of a region, moved by so much.
    pub(super) fn path(&self, region: usize, left: f64, top: f64) -> Path {
        let mut path = Path::new();
        for ring in &self.regions[region] {
            for (at, (x, y)) in ring.iter().enumerate() {
                path = match at {
                    0 => path.move_to(left + x, top + y),
                    _ => path.line_to(left + x, top + y),
                };
            }
            path = path.close();
        }
        path
    }

    /// Where a label of a size stands in a region: at its widest places. Nothing if the region has no shape.
    pub(super) fn room(&self, region: usize, width: f64, height: f64) -> Option<Room> {
        let rings = &self.regions[region];
        let ys = || rings.iter().flatten().map(|point| point.1);
        let (top, bottom) = (ys().fold(f64::INFINITY, f64::min), ys().fold(0.0, f64::max));
        let mut widest: Option<(f64, (f64, f64))> = None;
        let mut holds: Option<(f64, (f64, f64))> = None;
        for step in 1..SCANS {
            // Off the grid, so that no corner lies on the line.
            let y = top + (bottom - top) * f64::from(step) / f64::from(SCANS) + 0.013;
            let own = stretches(rings, y);
            for [from, to] in &own {
                if widest.is_none_or(|(most, _)| to - from > most) {
                    widest = Some((to - from, ((from + to) / 2.0, y)));
                }
            }
            let half = height / 2.0;
            let around = [-half, -half / 2.0, half / 2.0, half];
            let free = around.iter().fold(own, |free, dy| common(&free, &stretches(rings, y + dy)));
            for [from, to] in free {
                if to - from >= width && holds.is_none_or(|(most, _)| to - from > most) {
                    holds = Some((to - from, ((from + to) / 2.0, y)));
                }
            }
        }
        match holds {
            Some((_, at)) => Some(Room::Holds(at)),
            None => widest.map(|(_, at)| Room::Point(at)),
        }
    }
}

/// How many lines are laid through a region.
const SCANS: u32 = 32;

/// Rings in px: equirectangular at the middle latitude, in the middle of the width.
fn project(regions: &[Shape], width: f64, most: f64) -> Vec<Vec<Vec<(f64, f64)>>> {
    let on_earth = |point: &&(f64, f64)| point.0.abs() <= 360.0 && point.1.abs() <= 90.0;
    let points = || regions.iter().flat_map(|one| &one.rings).flatten().filter(on_earth);
    let ends = |of: fn(&(f64, f64)) -> f64| {
        let low = points().map(of).fold(f64::INFINITY, f64::min);
        (low, points().map(of).fold(f64::NEG_INFINITY, f64::max))
    };
    let ((west, east), (south, north)) = (ends(|point| point.0), ends(|point| point.1));
    let shrink = ((south + north) / 2.0).to_radians().cos().max(0.05);
    let (wide, high) = ((east - west) * shrink, north - south);
    // A pixel of border, so that lines at the ends are whole.
    let scale = ((width - 2.0) / wide.max(1e-9)).min((most - 2.0) / high.max(1e-9));
    let left = (width - wide * scale) / 2.0;
    let place =
        |(x, y): &(f64, f64)| (left + (x - west) * shrink * scale, 1.0 + (north - y) * scale);
    let ring = |ring: &Vec<(f64, f64)>| ring.iter().filter(on_earth).map(place).collect();
    regions.iter().map(|one| one.rings.iter().map(ring).collect()).collect()
}

/// A ring with its corners on a grid, each once.
fn snapped(ring: &[(f64, f64)], grid: f64) -> Ring {
    let place = |(x, y): &(f64, f64)| ((x / grid).round() as i64, (y / grid).round() as i64);
    let mut found: Ring = ring.iter().map(place).collect();
    found.dedup();
    while found.len() > 1 && found.first() == found.last() {
        found.pop();
    }
    found
}

/// Stretches of a horizontal line that lie inside rings.
fn stretches(rings: &[Vec<(f64, f64)>], y: f64) -> Vec<[f64; 2]> {
    let mut cuts = Vec::new();
    for ring in rings {
        for (at, from) in ring.iter().enumerate() {
            let to = ring[(at + 1) % ring.len()];
            if (from.1 <= y) != (to.1 <= y) {
                cuts.push(from.0 + (y - from.1) / (to.1 - from.1) * (to.0 - from.0));
            }
        }
    }
    cuts.sort_by(f64::total_cmp);
    cuts.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect()
}

/// What two lists of stretches have in common.
fn common(some: &[[f64; 2]], others: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let pairs = some.iter().flat_map(|a| others.iter().map(move |b| (a, b)));
    let both = pairs.map(|(a, b)| [a[0].max(b[0]), a[1].min(b[1])]);
    both.filter(|[from, to]| from < to).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_stands_in_the_wide_part_or_points_at_it() {
        let region =
            vec![(0.0, 0.0), (100.0, 0.0), (100.0, 40.0), (20.0, 40.0), (20.0, 90.0), (0.0, 90.0)];
        let outlines = Outlines { regions: vec![vec![region]], height: 90.0 };
        let Some(Room::Holds((x, y))) = outlines.room(0, 60.0, 30.0) else { panic!() };
        assert!((x - 50.0).abs() < 1e-6 && y > 14.0 && y < 26.0, "{x} {y}");
        assert!(matches!(outlines.room(0, 120.0, 30.0), Some(Room::Point(_))));
    }

    #[test]
    fn a_hole_is_not_inside() {
        let square = |low: f64, high: f64| vec![(low, low), (high, low), (high, high), (low, high)];
        let found = stretches(&[square(0.0, 10.0), square(4.0, 6.0)], 5.0);
        assert_eq!(found, [[0.0, 4.0], [6.0, 10.0]]);
    }
}
