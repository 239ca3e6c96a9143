//! The highest point of a likelihood of two parameters in a box, to the last digits.
//!
//! ```text
//! z := z − H⁻¹ g
//! ```
//!
//! Optimizers that look at the likelihood stop at half of the digits, since it is flat where it is highest; here the
//! gradient `g` is brought to zero. The Hessian `H` is made of central differences of it. A parameter whose gradient
//! points out of the box stays at its end.

/// A likelihood: its value and gradient; nothing where it has none.
pub type Likelihood<'a> = dyn Fn([f64; 2]) -> Option<(f64, [f64; 2])> + 'a;

/// Where a likelihood is highest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summit {
    /// The two parameters.
    pub at: [f64; 2],
    /// The likelihood's gradient there; not zero of a parameter that lies at an end of the box.
    pub gradient: [f64; 2],
    /// Second derivatives.
    pub hessian: [[f64; 2]; 2],
    /// Whether each parameter lies at an end of the box.
    pub at_end: [bool; 2],
}

/// Gains of the likelihood below which only the gradient tells which of two points is better.
const FLAT: f64 = 1e-7;

/// Steps until it is given up.
const STEPS: usize = 100;

/// Climbs from a point of the box; nothing if no summit is reached.
pub fn climb(of: &Likelihood<'_>, start: [f64; 2], ends: [(f64, f64); 2]) -> Option<Summit> {
    let mut at = start;
    let (mut value, mut gradient) = of(at)?;
    let mut last = f64::INFINITY;
    for _ in 0..STEPS {
        let hessian = hessian(of, at, ends)?;
        let held = held(at, gradient, ends);
        let (step, gain) = step(gradient, hessian, held);
        let summit = Summit { at, gradient, hessian, at_end: held };
        if gain.is_finite() && gain < FLAT {
            if gain >= 0.25 * last {
                return Some(summit);
            }
            last = gain;
            let next = within([at[0] + step[0], at[1] + step[1]], ends);
            if next == at {
                return Some(summit);
            }
            at = next;
            (value, gradient) = of(at)?;
            continue;
        }
        last = f64::INFINITY;
        let mut share = 1.0;
        loop {
            let next = within([at[0] + share * step[0], at[1] + share * step[1]], ends);
            if let Some((own, slope)) = of(next).filter(|own| own.0 > value) {
                (at, value, gradient) = (next, own, slope);
                break;
            }
            share *= 0.5;
            if share < 1e-12 {
                return (gain.is_finite() && gain < 1e3 * FLAT).then_some(summit);
            }
        }
    }
    None
}

fn within(z: [f64; 2], ends: [(f64, f64); 2]) -> [f64; 2] {
    [z[0].clamp(ends[0].0, ends[0].1), z[1].clamp(ends[1].0, ends[1].1)]
}

/// Which parameters lie at an end that the gradient points out of.
fn held(at: [f64; 2], gradient: [f64; 2], ends: [(f64, f64); 2]) -> [bool; 2] {
    [0, 1].map(|i: usize| {
        (at[i] <= ends[i].0 && gradient[i] <= 0.0) || (at[i] >= ends[i].1 && gradient[i] >= 0.0)
    })
}

/// Central differences of the gradient, symmetric; at an end of the box from one side.
fn hessian(of: &Likelihood<'_>, at: [f64; 2], ends: [(f64, f64); 2]) -> Option<[[f64; 2]; 2]> {
    let mut rows = [[0.0; 2]; 2];
    for i in 0..2 {
        let width = 1e-5 * at[i].abs().max(0.1);
        let (mut low, mut high) = (at, at);
        low[i] = (at[i] - width).max(ends[i].0);
        high[i] = (at[i] + width).min(ends[i].1);
        let (a, b) = (of(low)?.1, of(high)?.1);
        for j in 0..2 {
            rows[i][j] = (b[j] - a[j]) / (high[i] - low[i]);
        }
    }
    let both = 0.5 * (rows[0][1] + rows[1][0]);
    Some([[rows[0][0], both], [both, rows[1][1]]])
}

/// A step upwards in the parameters that are not held, and what it promises: infinite where the likelihood is not
/// concave, so that it cannot be near a summit.
fn step(g: [f64; 2], h: [[f64; 2]; 2], held: [bool; 2]) -> ([f64; 2], f64) {
    if held[0] || held[1] {
        let mut step = [0.0; 2];
        let mut gain: f64 = 0.0;
        for i in (0..2).filter(|i| !held[*i]) {
            step[i] = g[i] / h[i][i].abs().max(1e-12);
            gain = if h[i][i] < 0.0 { 0.5 * g[i] * step[i] } else { f64::INFINITY };
        }
        return (step, gain);
    }
    let determinant = h[0][0] * h[1][1] - h[0][1] * h[0][1];
    if h[0][0] < 0.0 && determinant > 0.0 {
        let step = [
            -(h[1][1] * g[0] - h[0][1] * g[1]) / determinant,
            -(h[0][0] * g[1] - h[0][1] * g[0]) / determinant,
        ];
        return (step, 0.5 * (g[0] * step[0] + g[1] * step[1]));
    }
    let steep = h[0][0].abs() + h[1][1].abs() + 2.0 * h[0][1].abs() + 1e-12;
    ([g[0] / steep, g[1] / steep], f64::INFINITY)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `−(x−1)⁴ − (x−1)² − 3 (y − x²)²`: a curved ridge.
    fn ridge([x, y]: [f64; 2]) -> Option<(f64, [f64; 2])> {
        let (a, b) = (x - 1.0, y - x * x);
        let value = -a.powi(4) - a * a - 3.0 * b * b;
        Some((value, [-4.0 * a.powi(3) - 2.0 * a + 12.0 * b * x, -6.0 * b]))
    }

    #[test]
    fn a_curved_ridge_is_climbed_to_the_last_digits() {
        let summit = climb(&ridge, [-1.5, 3.0], [(-5.0, 5.0), (-5.0, 5.0)]).unwrap();
        assert!(summit.at.iter().all(|own| (own - 1.0).abs() < 1e-14), "{summit:?}");
        assert!(summit.gradient.iter().all(|own| own.abs() < 1e-13));
        assert_eq!(summit.at_end, [false, false]);
    }

    #[test]
    fn a_summit_outside_of_the_box_is_met_at_its_end() {
        let summit = climb(&ridge, [0.0, 0.2], [(-5.0, 5.0), (0.0, 0.5)]).unwrap();
        assert_eq!((summit.at[1], summit.at_end), (0.5, [false, true]));
        assert!(summit.gradient[0].abs() < 1e-12 && summit.gradient[1] > 0.0, "{summit:?}");
    }

    #[test]
    fn no_summit_is_said_where_there_is_none() {
        assert!(climb(&|_| None, [0.0, 0.0], [(-1.0, 1.0), (-1.0, 1.0)]).is_none());
    }
}
