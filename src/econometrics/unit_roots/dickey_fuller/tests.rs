//! The distribution computed anew, by the formulas of the module: transforms turned back by Euler's summation
//! (Abate & Whitt 1995), Bessel's function from its integral.

use std::f64::consts::PI;

use super::*;

/// A complex number.
#[derive(Clone, Copy)]
struct C(f64, f64);

impl C {
    fn real(x: f64) -> Self {
        C(x, 0.0)
    }
    fn plus(self, other: C) -> C {
        C(self.0 + other.0, self.1 + other.1)
    }
    fn minus(self, other: C) -> C {
        C(self.0 - other.0, self.1 - other.1)
    }
    fn times(self, other: C) -> C {
        C(self.0 * other.0 - self.1 * other.1, self.0 * other.1 + self.1 * other.0)
    }
    fn over(self, other: C) -> C {
        let size = other.0 * other.0 + other.1 * other.1;
        self.times(C(other.0 / size, -other.1 / size))
    }
    fn by(self, x: f64) -> C {
        C(self.0 * x, self.1 * x)
    }
    fn exp(self) -> C {
        C(self.1.cos(), self.1.sin()).by(self.0.exp())
    }
    fn sqrt(self) -> C {
        let (size, angle) = (self.0.hypot(self.1).sqrt(), self.1.atan2(self.0) / 2.0);
        C(size * angle.cos(), size * angle.sin())
    }
}

/// `K₀(z) = ∫₀^∞ exp(−z cosh t) dt`.
fn bessel(z: C) -> C {
    let mut sum = z.by(-1.0).exp().by(0.5);
    for at in 1..2000 {
        let term = z.by(-(at as f64 * 0.05).cosh()).exp();
        sum = sum.plus(term);
        if term.0.hypot(term.1) <= 1e-18 * sum.0.hypot(sum.1) {
            break;
        }
    }
    sum.by(0.05)
}

/// `E[exp(−s D); w]`, w being `m p`, or W(1) without terms.
fn transform(terms: Terms, s: C, w: f64) -> C {
    let one = C::real(1.0);
    if terms == Terms::None {
        let k = s.by(2.0).sqrt();
        let e = k.by(-2.0).exp();
        let v = one.minus(e).over(one.plus(e)).over(k);
        let normal = C::real(-w * w / 2.0).over(v).exp().over(v.by(2.0 * PI).sqrt());
        return k.by(-0.5).exp().over(one.plus(e).by(0.5).sqrt()).times(normal);
    }
    let q = s.by(0.5).sqrt();
    let e = q.by(-2.0).exp();
    let tanh = one.minus(e).over(one.plus(e));
    // sinh q cosh q / q without what grows; each root apart, so that none turns its sign.
    let mut c = q.by(-1.0).exp();
    c = c.over(one.minus(e).over(q.by(2.0)).sqrt()).over(one.plus(e).by(0.5).sqrt());
    let q2 = q.times(q);
    let vp = q.over(tanh).minus(one).over(q2.by(4.0));
    let mut vm = tanh.over(q);
    if terms == Terms::Trend {
        let delta = q.minus(tanh).by(3.0).over(q2.times(q));
        vm = one.minus(delta).by(3.0).over(q2.times(delta)).minus(one);
        c = c.over(delta.sqrt());
    }
    let g = vp.sqrt().times(vm.sqrt());
    c.times(bessel(C::real(w.abs()).over(g))).over(g.by(PI))
}

/// `P(D ≤ y; w)`: from `s` to `y`.
fn below(terms: Terms, y: f64, w: f64) -> f64 {
    const A: f64 = 20.0;
    const TERMS: usize = 22;
    let term = |k: usize| {
        let s = C(A / (2.0 * y), k as f64 * PI / y);
        let value = transform(terms, s, w).over(s).0;
        if k.is_multiple_of(2) { value } else { -value }
    };
    let mut sum = term(0) / 2.0;
    let mut sums = Vec::new();
    for k in 1..=TERMS + 14 {
        sum += term(k);
        if k >= TERMS {
            sums.push(sum);
        }
    }
    // Means of neighbours, again and again: binomial weights.
    while sums.len() > 1 {
        sums = sums.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0).collect();
    }
    (A / 2.0).exp() / y * sums[0]
}

/// `∫ f`, each stretch by the rule of Simpson after `w = ±u⁷`, which takes the edge off the logarithm at 0.
fn integral(f: &dyn Fn(f64) -> f64, from: f64, to: f64) -> f64 {
    const STEPS: usize = 120;
    let step = (to - from) / STEPS as f64;
    let weight = |at: usize| match at {
        0 | STEPS => 1.0,
        at if at % 2 == 1 => 4.0,
        _ => 2.0,
    };
    (0..=STEPS).map(|at| weight(at) * f(from + at as f64 * step)).sum::<f64>() * step / 3.0
}

/// The integral over neighbouring stretches: paths of all lengths pass in a few of them where x is small.
fn integrals(f: &dyn Fn(f64) -> f64, edges: &[f64]) -> f64 {
    edges.windows(2).map(|pair| integral(f, pair[0], pair[1])).sum()
}

fn exact(terms: Terms, x: f64) -> f64 {
    if terms == Terms::None {
        let f = |a: f64| {
            let y = ((a * a - 1.0) / (2.0 * x)).powi(2);
            if y < 1e-4 { 0.0 } else { below(terms, y, a) }
        };
        return if x < 0.0 {
            2.0 * integrals(&f, &[0.0, (1.0 + x / 2.0).max(0.5), 1.0])
        } else {
            1.0 - 2.0 * integrals(&f, &[1.0, 1.0 + x / 2.0, 1.0 + 2.0 * x, 9.0])
        };
    }
    let f = |u: f64, sign: f64| {
        let w = sign * u.powi(7);
        let y = ((0.5 - w) / x).powi(2);
        // No path of this length, or no logarithm to be had at 0 where the weight is nothing.
        if y < 1e-4 || u < 1e-3 { 0.0 } else { 7.0 * u.powi(6) * below(terms, y, w) }
    };
    let half = 0.5_f64.powf(1.0 / 7.0);
    if x < 0.0 {
        integral(&|u| f(u, 1.0), 0.0, half) + integral(&|u| f(u, -1.0), 0.0, 1.25)
    } else {
        let at = |w: f64| w.powf(1.0 / 7.0);
        1.0 - integrals(&|u| f(u, 1.0), &[half, at(0.5 + x / 2.0), at(0.5 + 2.0 * x), 1.35])
    }
}

#[test]
fn the_table_is_what_the_formulas_give() {
    for terms in [Terms::None, Terms::Intercept, Terms::Trend] {
        // Lines of the table, and between them.
        for x in [-5.0, -4.1, -3.375, -2.5, -1.6, -0.875, 0.3, 1.125] {
            let (found, expected) = (probability(x, terms), exact(terms, x));
            assert!((found - expected).abs() < 2e-7, "{terms:?} {x}: {found}, {expected}");
        }
    }
}

/// `P(τ ≤ 0) = P(W(1)² ≤ 1)`.
#[test]
fn without_terms_the_sign_is_that_of_a_squared_normal() {
    assert!((probability(0.0, Terms::None) - 0.682_689_492_137_086).abs() < 1e-12);
}

/// MacKinnon (2010), *Critical values for cointegration tests*, table 2, N = 1: 1 %, 5 % and 10 %, right to four digits.
#[test]
fn critical_values_are_those_that_are_printed() {
    for (terms, values) in [
        (Terms::None, [-2.565_74, -1.941_00, -1.616_82]),
        (Terms::Intercept, [-3.430_35, -2.861_54, -2.566_77]),
        (Terms::Trend, [-3.958_77, -3.410_49, -3.127_05]),
    ] {
        for (value, p) in values.into_iter().zip([0.01, 0.05, 0.1]) {
            let found = probability(value, terms);
            assert!((found / p - 1.0).abs() < 5e-4, "{terms:?} {value}: {found}");
        }
    }
}

#[test]
fn probabilities_rise_from_nothing_to_one() {
    for terms in [Terms::None, Terms::Intercept, Terms::Trend] {
        let all: Vec<f64> =
            (-4000..2000).map(|at| probability(f64::from(at) / 100.0, terms)).collect();
        assert!(all.windows(2).all(|pair| pair[0] <= pair[1]));
        assert!(all[0] < 1e-100 && all[5999] == 1.0);
        assert!(probability(f64::NAN, terms).is_nan());
    }
}
