//! Fewer corners without gaps: what two regions share stays the same line for both.
//!
//! Corners where lines meet are kept; between them each line is simplified once for all, whoever's ring it is in.
//! Source: Douglas & Peucker (1973), Algorithms for the reduction of the number of points required to represent a
//! digitized line or its caricature.

use std::collections::{BTreeMap, BTreeSet};

/// A corner, in steps of a grid.
pub(super) type Corner = (i64, i64);
/// A closed line; the last corner is followed by the first.
pub(super) type Ring = Vec<Corner>;

/// Rings by region with fewer corners: no corner that goes was further from its line than the tolerance, in steps
/// of the grid. Rings without area go as a whole.
pub(super) fn simplified(regions: &[Vec<Ring>], tolerance: f64) -> Vec<Vec<Ring>> {
    let meeting = meeting_corners(regions);
    let one =
        |ring: &Ring| Some(simple_ring(ring, &meeting, tolerance)).filter(|ring| ring.len() > 2);
    regions.iter().map(|rings| rings.iter().filter_map(one).collect()).collect()
}

/// Corners with other than two neighbours in all rings together.
fn meeting_corners(regions: &[Vec<Ring>]) -> BTreeSet<Corner> {
    let mut neighbours: BTreeMap<Corner, BTreeSet<Corner>> = BTreeMap::new();
    for ring in regions.iter().flatten() {
        for (at, corner) in ring.iter().enumerate() {
            let next = ring[(at + 1) % ring.len()];
            neighbours.entry(*corner).or_default().insert(next);
            neighbours.entry(next).or_default().insert(*corner);
        }
    }
    neighbours.into_iter().filter(|(_, own)| own.len() != 2).map(|(corner, _)| corner).collect()
}

fn simple_ring(ring: &Ring, meeting: &BTreeSet<Corner>, tolerance: f64) -> Ring {
    let Some(lowest) = ring.iter().min() else { return Ring::new() };
    let meets = |corner: &Corner| meeting.contains(corner);
    // A ring that meets nothing begins at its lowest corner, whoever draws it.
    let first = ring.iter().position(meets);
    let first = first.or_else(|| ring.iter().position(|corner| corner == lowest)).unwrap_or(0);
    let mut line: Vec<Corner> = ring[first..].iter().chain(&ring[..first]).copied().collect();
    line.push(line[0]);
    let mut found = Ring::new();
    let mut from = 0;
    for at in 1..line.len() {
        if at + 1 == line.len() || meets(&line[at]) {
            simple_line(&line[from..=at], tolerance, &mut found);
            from = at;
        }
    }
    found
}

/// Adds the corners of a line that stay, without the last one.
fn simple_line(line: &[Corner], tolerance: f64, found: &mut Ring) {
    let (first, last) = (line[0], line[line.len() - 1]);
    if first == last {
        // Where a line comes back, its furthest corner stays too.
        let far = |at: &usize| {
            let (dx, dy) = (line[*at].0 - first.0, line[*at].1 - first.1);
            (dx * dx + dy * dy, line[*at])
        };
        let Some(furthest) = (1..line.len() - 1).max_by_key(far) else {
            found.push(first);
            return;
        };
        simple_line(&line[..=furthest], tolerance, found);
        simple_line(&line[furthest..], tolerance, found);
        return;
    }
    // Both regions go along it from the same end, so that ties are decided the same way.
    let mut kept = match first < last {
        true => kept_corners(line, tolerance),
        false => {
            let turned: Vec<Corner> = line.iter().rev().copied().collect();
            let mut kept = kept_corners(&turned, tolerance);
            kept.reverse();
            kept
        }
    };
    kept.pop();
    found.extend(kept);
}

/// The corners of a line that stay, both ends included.
fn kept_corners(line: &[Corner], tolerance: f64) -> Vec<Corner> {
    let mut stays = vec![false; line.len()];
    stays[0] = true;
    stays[line.len() - 1] = true;
    let mut open = vec![(0, line.len() - 1)];
    while let Some((from, to)) = open.pop() {
        let mut furthest: Option<(f64, usize)> = None;
        for at in from + 1..to {
            let far = distance(line[at], line[from], line[to]);
            if far > tolerance && furthest.is_none_or(|(most, _)| far > most) {
                furthest = Some((far, at));
            }
        }
        if let Some((_, at)) = furthest {
            stays[at] = true;
            open.extend([(from, at), (at, to)]);
        }
    }
    line.iter().zip(stays).filter(|(_, stays)| *stays).map(|(corner, _)| *corner).collect()
}

/// Distance of a corner from the stretch between two others.
fn distance(corner: Corner, from: Corner, to: Corner) -> f64 {
    let minus = |a: Corner, b: Corner| ((a.0 - b.0) as f64, (a.1 - b.1) as f64);
    let (d, c) = (minus(to, from), minus(corner, from));
    let length = d.0 * d.0 + d.1 * d.1;
    let along = if length > 0.0 { ((c.0 * d.0 + c.1 * d.1) / length).clamp(0.0, 1.0) } else { 0.0 };
    (c.0 - along * d.0).hypot(c.1 - along * d.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A crooked line from (10, 0) to (10, 40), for the region on its left and the one on its right.
    fn neighbours() -> Vec<Vec<Ring>> {
        let border: Vec<Corner> =
            (1..40).map(|y| (10 + [0, 1, 3, 1, -2][y % 5], y as i64)).collect();
        let mut left = vec![(0, 40), (0, 0), (10, 0)];
        left.extend(&border);
        left.push((10, 40));
        let mut right = vec![(30, 0), (30, 40), (10, 40)];
        right.extend(border.iter().rev());
        right.push((10, 0));
        vec![vec![left], vec![right]]
    }

    #[test]
    fn neighbours_keep_the_same_border() {
        for tolerance in [0.5, 1.5, 2.5, 6.0] {
            let found = simplified(&neighbours(), tolerance);
            let inner = |ring: &Ring| -> BTreeSet<Corner> {
                ring.iter().filter(|corner| !matches!(corner.0, 0 | 30)).copied().collect()
            };
            assert_eq!(inner(&found[0][0]), inner(&found[1][0]), "{tolerance}");
            assert!(found[0][0].len() < 43, "{tolerance}");
        }
        let found = simplified(&neighbours(), 6.0);
        assert_eq!(found[0][0].len(), 4);
    }

    #[test]
    fn corners_on_a_straight_line_go_and_so_do_rings_without_area() {
        let square = vec![(0, 0), (4, 0), (9, 0), (9, 9), (0, 9), (0, 3)];
        let speck = vec![(20, 20), (21, 20), (22, 20)];
        let found = simplified(&[vec![square, speck, Ring::new()]], 0.8);
        assert_eq!(found, [[[(0, 0), (9, 0), (9, 9), (0, 9)]]]);
    }
}
