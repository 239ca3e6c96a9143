//! Fixed effects of any number and dimension, taken out of columns.
//!
//! ```text
//! M_D z = z − D (D'ΩD)⁻ D'Ω z
//! ```
//!
//! One set of effects is taken out by its means. Several are taken out by alternating projections, there and back
//! (symmetric), accelerated by conjugate gradients on `I − T`: Guimarães & Portugal (2010), Correia (2016). Balanced
//! crossed effects end after one step. Columns go one by one, so threads do not show.

use rayon::prelude::*;

use super::design::Grouping;

/// How far the last step may move a column, in relation to its length, where the iteration ends.
const TOLERANCE: f64 = 1e-13;

/// Steps after which a column is given up.
const MOST: usize = 20_000;

/// Sets of effects, and the weights of observations.
pub struct Effects<'a> {
    groupings: &'a [Grouping],
    weights: Option<&'a [f64]>,
    /// One over the weight of each group.
    shares: Vec<Vec<f64>>,
}

/// Effects could not be taken out within the steps that are allowed.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error(
    "fixed effects could not be taken out within {MOST} steps; the last one moved {0:e} of a column"
)]
pub struct NotConverged(pub f64);

impl<'a> Effects<'a> {
    /// Makes ready for taking out.
    pub fn new(groupings: &'a [Grouping], weights: Option<&'a [f64]>) -> Self {
        let shares = groupings.iter().map(|grouping| {
            let mut sums = vec![0.0; grouping.count()];
            for (at, code) in grouping.codes.iter().enumerate() {
                sums[*code as usize] += weights.map_or(1.0, |weights| weights[at]);
            }
            sums.into_iter().map(|sum| 1.0 / sum).collect()
        });
        Effects { groupings, weights, shares: shares.collect() }
    }

    /// Takes the effects out of every column.
    ///
    /// # Errors
    /// If the iteration does not end.
    pub fn take_out(&self, columns: &mut [Vec<f64>]) -> Result<(), NotConverged> {
        if self.groupings.is_empty() {
            return Ok(());
        }
        columns.par_iter_mut().try_for_each(|column| self.take_out_one(column))
    }

    fn take_out_one(&self, column: &mut [f64]) -> Result<(), NotConverged> {
        let mut sums = Vec::new();
        if let [_] = self.groupings {
            // Twice, because the first mean is rounded in relation to the level.
            self.centre(0, column, &mut sums);
            self.centre(0, column, &mut sums);
            return Ok(());
        }
        // Rounding of levels goes with the first sweep.
        self.sweep(column, &mut sums);
        let scale = self.dot(column, column).sqrt();
        let mut r = column.to_vec();
        self.sweep(&mut r, &mut sums);
        for (r, z) in r.iter_mut().zip(column.iter()) {
            *r = z - *r;
        }
        let mut length = self.dot(&r, &r);
        // Balanced crossed effects are out now; what further steps need is not asked for.
        if length.sqrt() <= TOLERANCE * scale {
            return Ok(());
        }
        let (mut u, mut v) = (r.clone(), vec![0.0; column.len()]);
        for _ in 0..MOST {
            if length.sqrt() <= TOLERANCE * scale {
                return Ok(());
            }
            v.copy_from_slice(&u);
            self.sweep(&mut v, &mut sums);
            for (v, u) in v.iter_mut().zip(&u) {
                *v = u - *v;
            }
            let curvature = self.dot(&u, &v);
            if curvature <= 0.0 {
                return Ok(());
            }
            let step = length / curvature;
            for at in 0..column.len() {
                column[at] -= step * u[at];
                r[at] -= step * v[at];
            }
            let next = self.dot(&r, &r);
            let turn = next / length;
            length = next;
            for (u, r) in u.iter_mut().zip(&r) {
                *u = r + turn * *u;
            }
        }
        Err(NotConverged(length.sqrt() / scale))
    }

    /// Takes each set's means out in turn, and back again.
    fn sweep(&self, column: &mut [f64], sums: &mut Vec<f64>) {
        let last = self.groupings.len() - 1;
        for which in (0..=last).chain((0..last).rev()) {
            self.centre(which, column, sums);
        }
    }

    /// Takes the means of one set's groups out.
    fn centre(&self, which: usize, column: &mut [f64], sums: &mut Vec<f64>) {
        let codes = &self.groupings[which].codes;
        sums.clear();
        sums.resize(self.shares[which].len(), 0.0);
        match self.weights {
            None => codes.iter().zip(&*column).for_each(|(code, z)| sums[*code as usize] += z),
            Some(weights) => {
                for ((code, z), w) in codes.iter().zip(&*column).zip(weights) {
                    sums[*code as usize] += w * z;
                }
            }
        }
        sums.iter_mut().zip(&self.shares[which]).for_each(|(sum, share)| *sum *= share);
        column.iter_mut().zip(codes.iter()).for_each(|(z, code)| *z -= sums[*code as usize]);
    }

    fn dot(&self, a: &[f64], b: &[f64]) -> f64 {
        match self.weights {
            None => a.iter().zip(b).map(|(a, b)| a * b).sum(),
            Some(weights) => a.iter().zip(b).zip(weights).map(|((a, b), w)| a * b * w).sum(),
        }
    }
}

/// Number of parameters that sets of effects have: all levels of the first, of each other those that are not tied to
/// the ones before by connected groups (exact for two sets; for more, each pair with the first is counted).
pub fn parameters(groupings: &[Grouping]) -> usize {
    let Some(first) = groupings.first() else { return 0 };
    let more = groupings[1..].iter().map(|grouping| grouping.count() - components(first, grouping));
    first.count() + more.sum::<usize>()
}

/// Number of parts into which two sets of groups fall that no observation connects.
pub fn components(a: &Grouping, b: &Grouping) -> usize {
    let mut parent: Vec<u32> = (0..(a.count() + b.count()) as u32).collect();
    fn root(parent: &mut [u32], mut at: u32) -> u32 {
        while parent[at as usize] != at {
            parent[at as usize] = parent[parent[at as usize] as usize];
            at = parent[at as usize];
        }
        at
    }
    let mut parts = parent.len();
    for (own, other) in a.codes.iter().zip(&*b.codes) {
        let (x, y) = (root(&mut parent, *own), root(&mut parent, a.count() as u32 + other));
        if x != y {
            parent[x as usize] = y;
            parts -= 1;
        }
    }
    parts
}

/// Effects that belong to the residuals of a fit without them: `θ` with `Dθ` the part of `z` in the span of the sets.
///
/// Conjugate gradients on `D'ΩD θ = D'Ωz` with the sizes of the groups as preconditioner: steps grow with the square
/// root of what alternating means would take. Levels of each set beyond the first are in relation to its first level.
pub fn recover(groupings: &[Grouping], weights: Option<&[f64]>, z: &[f64]) -> Vec<Vec<f64>> {
    let shares = Effects::new(groupings, weights).shares.concat();
    let starts: Vec<usize> = groupings
        .iter()
        .scan(0, |next, grouping| Some(std::mem::replace(next, *next + grouping.count())))
        .collect();
    let sets = || groupings.iter().zip(&starts);
    let gathered = |values: &[f64]| {
        let mut sums = vec![0.0; shares.len()];
        for (grouping, start) in sets() {
            for (at, code) in grouping.codes.iter().enumerate() {
                let weight = weights.map_or(1.0, |weights| weights[at]);
                sums[start + *code as usize] += weight * values[at];
            }
        }
        sums
    };
    let scattered = |effects: &[f64]| {
        let mut sums = vec![0.0; z.len()];
        for (grouping, start) in sets() {
            for (sum, code) in sums.iter_mut().zip(&*grouping.codes) {
                *sum += effects[start + *code as usize];
            }
        }
        sums
    };
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let scaled = |r: &[f64]| r.iter().zip(&shares).map(|(r, share)| r * share).collect();
    let mut effects = vec![0.0; shares.len()];
    let mut rest = gathered(z);
    let mut step: Vec<f64> = scaled(&rest);
    let mut length = dot(&rest, &step);
    let enough = TOLERANCE * TOLERANCE * length;
    for _ in 0..MOST {
        if length <= enough {
            break;
        }
        let image = gathered(&scattered(&step));
        let by = length / dot(&step, &image);
        effects.iter_mut().zip(&step).for_each(|(effect, step)| *effect += by * step);
        rest.iter_mut().zip(&image).for_each(|(rest, image)| *rest -= by * image);
        let better: Vec<f64> = scaled(&rest);
        let next = dot(&rest, &better);
        let keep = next / length;
        step.iter_mut().zip(&better).for_each(|(step, better)| *step = better + keep * *step);
        length = next;
    }
    let mut found: Vec<Vec<f64>> = sets()
        .map(|(grouping, start)| effects[*start..start + grouping.count()].to_vec())
        .collect();
    for which in 1..found.len() {
        let first = found[which][0];
        found[which].iter_mut().for_each(|effect| *effect -= first);
        found[0].iter_mut().for_each(|effect| *effect += first);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grouping(codes: &[u32]) -> Grouping {
        let count = codes.iter().max().unwrap() + 1;
        let labels = (0..count).map(|at| at.to_string()).collect();
        Grouping { name: "g".into(), codes: codes.to_vec().into(), labels }
    }

    /// Badly connected, unbalanced, three sets: what is left has no mean in any group.
    #[test]
    fn nothing_is_left_of_any_effect() {
        let n = 600;
        let a: Vec<u32> = (0..n).map(|at| at / 4).collect();
        let b: Vec<u32> = (0..n).map(|at| (at / 4 + u32::from(at % 4 == 3)).min(149)).collect();
        let c: Vec<u32> = (0..n).map(|at| (at * at) % 7).collect();
        let sets = [grouping(&a), grouping(&b), grouping(&c)];
        let mut columns =
            vec![(0..n).map(|at| f64::from(at * 37 % 101) + 1000.0).collect::<Vec<f64>>()];
        Effects::new(&sets, None).take_out(&mut columns).unwrap();
        for set in &sets {
            let mut sums = vec![0.0; set.count()];
            for (code, z) in set.codes.iter().zip(&columns[0]) {
                sums[*code as usize] += z;
            }
            assert!(sums.iter().all(|sum| sum.abs() < 1e-9), "{sums:?}");
        }
        assert!(columns[0].iter().any(|z| z.abs() > 1.0));
    }

    #[test]
    fn parts_that_nothing_connects_are_counted() {
        let (a, b) = (grouping(&[0, 0, 1, 1, 2]), grouping(&[0, 1, 0, 1, 2]));
        assert_eq!(components(&a, &b), 2);
        assert_eq!(parameters(&[a, b]), 4);
    }

    #[test]
    fn effects_are_recovered() {
        let sets = [grouping(&[0, 0, 0, 1, 1, 2, 2]), grouping(&[0, 1, 2, 0, 1, 1, 2])];
        let (one, two) = ([1.0, -2.0, 5.0], [0.0, 3.0, -1.0]);
        let at = |row: usize| one[sets[0].codes[row] as usize] + two[sets[1].codes[row] as usize];
        let z: Vec<f64> = (0..7).map(at).collect();
        let found = recover(&sets, None, &z);
        for (found, own) in found.concat().iter().zip(one.iter().chain(&two)) {
            assert!((found - own).abs() < 1e-10, "{found} {own}");
        }
    }

    /// A chain of two sets, in which each group shares one observation with the next: alternating means would take
    /// thousands of sweeps.
    #[test]
    fn effects_of_a_long_chain_are_recovered() {
        let n = 400;
        let sets = [
            grouping(&(0..n).map(|at| at / 2).collect::<Vec<u32>>()),
            grouping(&(0..n).map(|at| at.div_ceil(2)).collect::<Vec<u32>>()),
        ];
        let effect = |set: usize, code: u32| (f64::from(code) * (1.0 + set as f64)).sin();
        let z: Vec<f64> = (0..n as usize)
            .map(|at| (0..2).map(|set| effect(set, sets[set].codes[at])).sum())
            .collect();
        let found = recover(&sets, None, &z);
        let gap = (0..n as usize)
            .map(|at| {
                z[at] - (0..2).map(|set| found[set][sets[set].codes[at] as usize]).sum::<f64>()
            })
            .fold(0.0, |most: f64, gap| most.max(gap.abs()));
        assert!(gap < 1e-10, "{gap}");
    }
}
