//! Weights of polygons that touch.
//!
//! ```text
//! queen   wᵢⱼ = 1 if i and j share a vertex
//! rook    wᵢⱼ = 1 if i and j share an edge, that is two vertices that follow one another in both
//! ```
//!
//! Vertices are compared by their coordinates, so a vertex of one polygon that lies within an edge of the other does not
//! count: neighbours are expected to be drawn with the same points along their border, as maps in topology are. Where
//! they are drawn with small differences, a tolerance says how far apart two vertices may be and still be one.
//! Source: Cliff & Ord (1981), *Spatial Processes*, ch. 1.

use std::collections::BTreeSet;

use geo::MultiPolygon;

use super::{Weights, WeightsError};

/// What polygons must share to be neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contiguity {
    /// A vertex.
    Queen,
    /// An edge.
    Rook,
}

/// Pairs that any map may have, and how many more for each unit.
const SOME: usize = 10_000;
const MANY: usize = 100;

/// A vertex of a ring, with its unit and those before and after it.
struct Vertex {
    unit: u32,
    /// Column of a grid as wide as the tolerance; the coordinate itself where that is nothing.
    column: f64,
    at: [f64; 2],
    before: [f64; 2],
    after: [f64; 2],
}

/// Neighbours among polygons, each with weight 1; vertices up to `tolerance` apart (in the unit of the coordinates) are one.
///
/// # Errors
/// Units that stand twice; shapes that lie on one another, so that far more touch than in any map.
///
/// # Panics
/// If there is not one shape per unit, a coordinate is no number, or the tolerance is negative.
#[track_caller]
pub fn contiguity(
    units: Vec<String>,
    shapes: &[MultiPolygon<f64>],
    rule: Contiguity,
    tolerance: f64,
) -> Result<Weights, Vec<WeightsError>> {
    assert_eq!(units.len(), shapes.len(), "one shape per unit expected");
    assert!(tolerance >= 0.0 && tolerance.is_finite(), "a tolerance is zero or more");
    let mut vertices = vertices(shapes, tolerance);
    vertices.sort_unstable_by(|a, b| {
        a.column.total_cmp(&b.column).then(a.at[1].total_cmp(&b.at[1])).then(a.unit.cmp(&b.unit))
    });
    let mut neighbours = vec![BTreeSet::new(); units.len()];
    let (most, mut pairs) = (SOME + MANY * units.len(), 0);
    for (place, vertex) in vertices.iter().enumerate() {
        let mut look = |other: &Vertex| {
            if other.unit == vertex.unit || !close(vertex.at, other.at, tolerance) {
                return;
            }
            let touch = match rule {
                Contiguity::Queen => true,
                Contiguity::Rook => {
                    let ends = [other.before, other.after];
                    [vertex.before, vertex.after].iter().any(|own| {
                        !close(*own, vertex.at, 0.0)
                            && ends.iter().any(|end| close(*own, *end, tolerance))
                    })
                }
            };
            if touch && neighbours[vertex.unit as usize].insert(other.unit as usize) {
                pairs += 2;
                neighbours[other.unit as usize].insert(vertex.unit as usize);
            }
        };
        let [low, high] = [vertex.at[1] - tolerance, vertex.at[1] + tolerance];
        vertices[place + 1..]
            .iter()
            .take_while(|other| other.column == vertex.column && other.at[1] <= high)
            .for_each(&mut look);
        if tolerance > 0.0 {
            let next = vertex.column + 1.0;
            let from = vertices.partition_point(|other| (other.column, other.at[1]) < (next, low));
            vertices[from..]
                .iter()
                .take_while(|other| other.column == next && other.at[1] <= high)
                .for_each(&mut look);
        }
        if pairs > most {
            return Err(vec![WeightsError::TooManyPairs(most)]);
        }
    }
    let rows = neighbours.into_iter().map(|row| row.into_iter().map(|at| (at, 1.0)).collect());
    Weights::new(units, rows.collect())
}

fn vertices(shapes: &[MultiPolygon<f64>], tolerance: f64) -> Vec<Vertex> {
    let mut found = Vec::new();
    for (unit, shape) in shapes.iter().enumerate() {
        for polygon in shape {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                // The last point of a closed ring is its first.
                let points = ring.0.get(..ring.0.len().saturating_sub(1)).unwrap_or_default();
                for (place, point) in points.iter().enumerate() {
                    // Minus nothing is nothing.
                    let whole = |at: &geo::Coord<f64>| [at.x + 0.0, at.y + 0.0];
                    let at = whole(point);
                    assert!(at[0].is_finite() && at[1].is_finite(), "finite coordinates expected");
                    let column = match tolerance {
                        0.0 => at[0],
                        width => (at[0] / width).floor(),
                    };
                    let before = whole(&points[(place + points.len() - 1) % points.len()]);
                    let after = whole(&points[(place + 1) % points.len()]);
                    found.push(Vertex { unit: unit as u32, column, at, before, after });
                }
            }
        }
    }
    found
}

fn close(a: [f64; 2], b: [f64; 2], tolerance: f64) -> bool {
    a == b || (a[0] - b[0]).hypot(a[1] - b[1]) <= tolerance
}

#[cfg(test)]
mod tests {
    use geo::{MultiPolygon, Rect};

    use super::*;

    /// Unit squares of a chessboard, two by two, the upper right one shifted by `gap`.
    fn board(gap: f64) -> (Vec<String>, Vec<MultiPolygon<f64>>) {
        let mut shapes = Vec::new();
        for (x, y, shift) in [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (1.0, 1.0, gap)] {
            let rect = Rect::new((x + shift, y), (x + shift + 1.0, y + 1.0));
            shapes.push(MultiPolygon::new(vec![rect.to_polygon()]));
        }
        (["a", "b", "c", "d"].map(str::to_owned).to_vec(), shapes)
    }

    #[test]
    fn a_queen_moves_to_every_corner_and_a_rook_along_the_lines() {
        let (units, shapes) = board(0.0);
        let queen = contiguity(units.clone(), &shapes, Contiguity::Queen, 0.0).unwrap();
        assert_eq!(queen.pairs(), 12);
        let rook = contiguity(units, &shapes, Contiguity::Rook, 0.0).unwrap();
        assert_eq!(rook.pairs(), 8);
        assert_eq!(rook.row(0).map(|(at, _)| at).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn a_tolerance_closes_small_gaps() {
        for gap in [1e-7, -1e-7] {
            let (units, shapes) = board(gap);
            for (rule, pairs, closed) in [(Contiguity::Queen, 6, 12), (Contiguity::Rook, 4, 8)] {
                let strict = contiguity(units.clone(), &shapes, rule, 0.0).unwrap();
                assert_eq!(strict.pairs(), pairs);
                let tolerant = contiguity(units.clone(), &shapes, rule, 1e-6).unwrap();
                assert_eq!(tolerant.pairs(), closed, "{rule:?} {gap}");
                assert!(tolerant.is_symmetric());
            }
        }
    }

    #[test]
    fn shapes_that_lie_on_one_another_are_told() {
        let shapes = vec![board(0.0).1.remove(0); 400];
        let units = (0..400).map(|at| at.to_string()).collect();
        let errors = contiguity(units, &shapes, Contiguity::Rook, 0.0).unwrap_err();
        assert_eq!(errors, [WeightsError::TooManyPairs(50_000)]);
    }

    #[test]
    fn shapes_that_do_not_touch_are_islands() {
        let (units, mut shapes) = board(0.0);
        shapes[3] = board(5.0).1.remove(3);
        let weights = contiguity(units, &shapes, Contiguity::Queen, 0.0).unwrap();
        assert_eq!(weights.islands(), ["d"]);
    }
}
