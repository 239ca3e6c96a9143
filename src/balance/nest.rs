//! Hard controls that contain others are reduced to what those leave.
//!
//! A total and most of its parts are nearly the same control, and meeting them in turn creeps. Less its
//! known parts, a total says the same about cells that no other control of the kind is about.

use std::collections::BTreeMap;

use super::kras::Line;

/// What is left of a value, as a share of it, that is nothing but the rounding of its parts.
const ROUNDING: f64 = 1e-10;

/// Takes from every hard control the hard controls whose cells all lie in it, the widest first.
pub fn nest(lines: &mut [Line], places: usize) {
    let hard: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].sigma == 0.0).collect();
    let mut at_place: Vec<Vec<(usize, f64)>> = vec![Vec::new(); places];
    for &at in &hard {
        for (place, factor) in &lines[at].cells {
            at_place[*place as usize].push((at, *factor));
        }
    }
    let whole: Vec<(usize, f64)> = lines.iter().map(|l| (l.cells.len(), l.target)).collect();
    let reduced: Vec<Option<Reduced>> = (0..lines.len())
        .map(|at| {
            let inner = inside(at, lines, &at_place, &whole);
            (lines[at].sigma == 0.0 && !inner.is_empty()).then(|| reduce(lines, at, inner))
        })
        .collect();
    for (line, reduced) in lines.iter_mut().zip(reduced) {
        let Some(reduced) = reduced else { continue };
        let size = line.target.abs().max(reduced.size);
        let rest = if reduced.target.abs() <= ROUNDING * size { 0.0 } else { reduced.target };
        // Parts that fill the whole and miss it are a contradiction: it stays to be found.
        if reduced.cells.is_empty() && rest != 0.0 {
            continue;
        }
        (line.cells, line.target, line.parts) = (reduced.cells, rest, reduced.parts);
    }
}

struct Reduced {
    cells: Vec<(u32, f64)>,
    target: f64,
    parts: Vec<usize>,
    /// Largest value among the parts.
    size: f64,
}

/// Controls inside another and what they are multiplied by there, the widest first.
fn inside(
    at: usize,
    lines: &[Line],
    at_place: &[Vec<(usize, f64)>],
    whole: &[(usize, f64)],
) -> Vec<(usize, f64)> {
    if lines[at].sigma > 0.0 {
        return Vec::new();
    }
    // Cells shared with each other control, and the ratio of the coefficients while it is one.
    let mut shared: BTreeMap<usize, (usize, Option<f64>)> = BTreeMap::new();
    for (place, factor) in &lines[at].cells {
        for (other, of_other) in &at_place[*place as usize] {
            let ratio = factor / of_other;
            let entry = shared.entry(*other).or_insert((0, Some(ratio)));
            entry.0 += 1;
            entry.1 = entry.1.filter(|known| *known == ratio);
        }
    }
    let mut inner: Vec<(usize, f64)> = shared
        .into_iter()
        .filter(|(other, (count, _))| *count == whole[*other].0 && *count < whole[at].0)
        .filter_map(|(other, (_, ratio))| ratio.map(|ratio| (other, ratio)))
        .collect();
    inner.sort_by_key(|(other, _)| std::cmp::Reverse(whole[*other].0));
    inner
}

fn reduce(lines: &[Line], at: usize, inner: Vec<(usize, f64)>) -> Reduced {
    let mut left: BTreeMap<u32, f64> = lines[at].cells.iter().copied().collect();
    let mut reduced =
        Reduced { cells: Vec::new(), target: lines[at].target, parts: Vec::new(), size: 0.0 };
    for (other, ratio) in inner {
        let part = &lines[other];
        if part.cells.iter().all(|(place, _)| left.contains_key(place)) {
            part.cells.iter().for_each(|(place, _)| {
                left.remove(place);
            });
            reduced.target -= ratio * part.target;
            reduced.size = reduced.size.max((ratio * part.target).abs());
            reduced.parts.push(other);
        }
    }
    reduced.cells = left.into_iter().collect();
    reduced
}
