//! Random effects against dense matrices, against their limits, and against the truth of drawn panels.

use super::super::likelihood::{self, Approach};
use super::*;
use crate::draws::{Stream, parameter};
use crate::linalg::Dense;
use crate::linalg::small::{inverse, product, transposed};

fn ring(n: usize) -> Weights {
    let near = |at: usize| vec![((at + 1) % n, 1.0), ((at + n - 1) % n, 1.0), ((at + 4) % n, 2.0)];
    let units = (0..n).map(|at| at.to_string()).collect();
    Weights::new(units, (0..n).map(near).collect()).unwrap().row_standardized()
}

/// A panel whose y has effects of units with a standard deviation, and whose neighbours count with 0.4.
fn panel(n: usize, t: usize, effects: f64) -> Stacked {
    let stream = Stream::new(3, 0, parameter("a panel of random effects"));
    let z: Vec<f64> = (0..(2 * t + 1) * n).map(|at| stream.normal(at as u32)).collect();
    let (mu, rest) = z.split_at(n);
    let (x, e) = rest.split_at(n * t);
    let weights = ring(n);
    let determinant = Determinant::of(&weights).unwrap();
    let g = determinant.multiplier(&weights, 0.4).unwrap();
    let mut y = Vec::new();
    for (x, e) in x.chunks(n).zip(e.chunks(n)) {
        let right: Vec<f64> =
            (0..n).map(|at| 1.0 + 1.5 * x[at] + effects * mu[at] + e[at]).collect();
        y.extend(right.iter().zip(g.times(&weights, &right)).map(|(z, g)| z + 0.4 * g));
    }
    Stacked {
        n,
        t,
        y,
        x: vec![vec![1.0; n * t], x.to_vec()],
        names: vec!["(Intercept)".to_owned(), "x".to_owned()],
        effects: FixedEffects::None,
    }
}

const KINDS: [(Process, Disturbance); 3] = [
    (Process::Lag, Disturbance::Baltagi),
    (Process::Error, Disturbance::Baltagi),
    (Process::Error, Disturbance::Kapoor),
];

/// Covariance of y, all of it, from ρ or λ, φ and σ², and `I_T ⊗ (I − ρW)⁻¹` of a lag.
fn whole(kind: (Process, Disturbance), w: &Weights, t: usize, at: [f64; 3]) -> (Dense, Dense) {
    let n = w.len();
    let inverse_b = super::super::determinant::multiplier(w, at[0]).unwrap();
    let mut one = Dense::zeros(n, n);
    (0..n).for_each(|i| one.row_mut(i)[i] = 1.0);
    let spread = |inner: &Dense| product(&product(&inverse_b, inner), &transposed(&inverse_b));
    let errors = spread(&one);
    let effects = if kind == (Process::Error, Disturbance::Baltagi) { one } else { errors.clone() };
    let (mut out, mut first) = (Dense::zeros(n * t, n * t), Dense::zeros(n * t, n * t));
    for (p, q) in (0..t).flat_map(|p| (0..t).map(move |q| (p, q))) {
        for (i, j) in (0..n).flat_map(|i| (0..n).map(move |j| (i, j))) {
            let own = if p == q { errors[(i, j)] } else { 0.0 };
            out.row_mut(p * n + i)[q * n + j] = at[2] * (at[1] * effects[(i, j)] + own);
            if p == q && kind.0 == Process::Lag {
                first.row_mut(p * n + i)[q * n + j] = inverse_b[(i, j)];
            } else if p == q && i == j {
                first.row_mut(p * n + i)[q * n + j] = 1.0;
            }
        }
    }
    (out, first)
}

#[test]
fn the_gradient_is_that_of_the_likelihood() {
    let (stacked, weights) = (panel(25, 4, 1.0), ring(25));
    let determinant = Determinant::of(&weights).unwrap();
    for kind in KINDS {
        let own = Problem::of(&stacked, &weights, &determinant, kind, &stacked.x);
        let value = |at: [f64; 2]| own.at(at).unwrap().value;
        for at in [[0.3, 0.4], [-0.5, 3.0]] {
            let gradient = own.at(at).unwrap().gradient;
            let step = 1e-5;
            for (i, found) in gradient.into_iter().enumerate() {
                let (mut low, mut high) = (at, at);
                low[i] -= step;
                high[i] += step;
                let expected = (value(high) - value(low)) / (2.0 * step);
                let gap = (found - expected).abs() / expected.abs().max(1.0);
                assert!(gap < 1e-6, "{kind:?} {at:?}: {found} {expected}");
            }
        }
    }
}

#[test]
fn the_information_is_that_of_dense_matrices() {
    let (n, t) = (12, 3);
    let (stacked, weights) = (panel(n, t, 1.0), ring(n));
    let determinant = Determinant::of(&weights).unwrap();
    for kind in KINDS {
        let own = Problem::of(&stacked, &weights, &determinant, kind, &stacked.x);
        let (spatial, phi) = (0.35, 1.7);
        let at = [spatial, (1.0 + t as f64 * phi).ln()];
        let point = own.at(at).unwrap();
        let variance = point.ssr / (n * t) as f64;
        let found = inverse(&own.expected(at, &point, variance).unwrap()).unwrap();
        let parameters = [spatial, phi, variance];
        // Derivatives of mean and covariance of y by differences, then the general formula.
        let moved = |which: usize, by: f64| {
            let mut own = parameters;
            own[which] += by * own[which];
            let (covariance, first) = whole(kind, &weights, t, own);
            let mut mean = vec![0.0; n * t];
            for (x, b) in stacked.x.iter().zip(&point.b) {
                add(&mut mean, *b, &crate::linalg::small::times(&first, x));
            }
            (covariance, mean)
        };
        let centre = inverse(&whole(kind, &weights, t, parameters).0).unwrap();
        let slope = |which: usize| {
            let step = 1e-5;
            let ((a, p), (b, q)) = (moved(which, -step), moved(which, step));
            let width = 2.0 * step * parameters[which];
            let cells: Vec<f64> =
                b.values().iter().zip(a.values()).map(|(b, a)| (b - a) / width).collect();
            let mean: Vec<f64> = q.iter().zip(&p).map(|(q, p)| (q - p) / width).collect();
            (product(&centre, &Dense::new(n * t, n * t, cells)), mean)
        };
        let slopes: Vec<(Dense, Vec<f64>)> = (0..3).map(slope).collect();
        let k = stacked.x.len();
        for i in 0..3 {
            for j in 0..3 {
                let both = product(&slopes[i].0, &slopes[j].0);
                let trace: f64 = (0..n * t).map(|at| both[(at, at)]).sum();
                let mean = dot(&slopes[i].1, &crate::linalg::small::times(&centre, &slopes[j].1));
                let (found, expected) = (found[(k + i, k + j)], 0.5 * trace + mean);
                let gap = (found - expected).abs() / expected.abs().max(1e-3);
                assert!(gap < 1e-6, "{kind:?} {i} {j}: {found} {expected}");
            }
        }
    }
}

#[test]
fn effects_without_a_variance_leave_the_pooled_model() {
    let weights = ring(40);
    let determinant = Determinant::of(&weights).unwrap();
    // Units whose errors cancel over two periods have less than no variance of effects.
    let mut stacked = panel(40, 2, 0.0);
    let e: Vec<f64> = (0..40).map(|at| (f64::from(at) * 1.7).sin()).collect();
    for (at, e) in e.into_iter().enumerate() {
        stacked.y[at] = 1.0 + 1.5 * stacked.x[1][at] + e;
        stacked.y[40 + at] = 1.0 + 1.5 * stacked.x[1][40 + at] - e;
    }
    for (process, disturbance) in KINDS {
        let information = Information::Conditional;
        let own = estimate(&stacked, &weights, &determinant, process, disturbance, information);
        let own = own.unwrap();
        let pooled =
            likelihood::estimate(&stacked, &weights, &determinant, process, Approach::Direct);
        let pooled = pooled.unwrap();
        assert_eq!(own.more, [("phi", 0.0)]);
        assert!((own.spatial - pooled.spatial).abs() < 1e-12);
        for (a, b) in own.coefficients.iter().zip(&pooled.coefficients) {
            assert!((a - b).abs() < 1e-12, "{a} {b}");
        }
        let (a, b) = (own.log_likelihood.unwrap(), pooled.log_likelihood.unwrap());
        assert!((a - b).abs() < 1e-10, "{a} {b}");
    }
}

#[test]
fn many_units_by_elimination_have_the_estimate_of_eigenvalues() {
    let (stacked, weights) = (panel(120, 4, 1.0), ring(120));
    let dense = Determinant::of(&weights).unwrap();
    let sparse = Determinant::Sparse(super::super::sparse::Elimination::of(&weights), (-1.0, 1.0));
    for (process, disturbance) in KINDS {
        let of = |determinant| {
            let information = Information::Expected;
            estimate(&stacked, &weights, determinant, process, disturbance, information).unwrap()
        };
        let (a, b) = (of(&dense), of(&sparse));
        assert!(a.score < 1e-8 && b.score < 1e-8, "{} {}", a.score, b.score);
        assert!((a.spatial - b.spatial).abs() < 1e-11);
        let (a, b) = (a.covariance.unwrap(), b.covariance.unwrap());
        for (a, b) in a.values().iter().zip(b.values()) {
            assert!((a - b).abs() < 1e-9, "{process:?} {disturbance:?}: {a} {b}");
        }
    }
}

#[test]
fn the_truth_of_a_drawn_panel_is_found() {
    let (stacked, weights) = (panel(200, 8, 1.5), ring(200));
    let determinant = Determinant::of(&weights).unwrap();
    let information = Information::Expected;
    let disturbance = Disturbance::Baltagi;
    let own =
        estimate(&stacked, &weights, &determinant, Process::Lag, disturbance, information).unwrap();
    let covariance = own.covariance.as_ref().unwrap();
    let (spatial, phi) = (own.spatial, own.more[0].1);
    let found = [own.coefficients[0], own.coefficients[1], spatial, phi, own.variance];
    for (at, (value, truth)) in found.into_iter().zip([1.0, 1.5, 0.4, 2.25, 1.0]).enumerate() {
        let error = covariance[(at, at)].sqrt();
        assert!((value - truth).abs() < 3.5 * error, "{at}: {value} ± {error}, truth {truth}");
    }
}
