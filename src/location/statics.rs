//! What would change the outcome: derivatives, and the value of each parameter at which it flips.
//!
//! An equilibrium with `k` firms at A lasts while `Δ − L(k) ≥ 0` and `L(k+1) − Δ ≥ 0`
//! ([`super::equilibrium`]). Both are linear in every parameter but `n`, so each flips at
//!
//! ```text
//! p* = p − s / (∂s/∂p),   s the slack of the condition at p
//! ```
//!
//! with `∂Δ/∂μ = t_m`, `∂Δ/∂t_m = μ`, `∂Δ/∂τ_A = −1`, `∂Δ/∂τ_B = 1`, `∂Δ/∂g_A = 1`, `∂Δ/∂g_B = −1`,
//! `∂L(k)/∂θ_A = −φ (k − 1)`, `∂L(k)/∂θ_B = φ (n − k)`. Demand (`a`, `b`), `c0`, `w` and `F` are in
//! neither: they count through the number of firms. Source: METHODS E, comparative statics.

use super::equilibrium::{factor, is_equilibrium, threshold};
use super::{Game, Parameter, Place};

/// How one parameter bears on the outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Static {
    /// Which.
    pub parameter: Parameter,
    /// Its value.
    pub value: f64,
    /// `∂Δ/∂p`: what the net advantage of A gains per unit of it.
    pub advantage: f64,
    /// What the least `Δ` for a cluster at A and the largest for one at B gain per unit; per further
    /// firm for `n`.
    pub thresholds: [f64; 2],
    /// The outcome lasts from the first to the second value, everything else as it is; none on a side
    /// where it lasts for every value that the parameter may have.
    pub lasts: [Option<f64>; 2],
}

/// `∂Δ/∂p`: what a unit more of a parameter adds to the net advantage of A; zero for those it is not made of.
pub fn advantage_by(game: &Game, parameter: Parameter) -> f64 {
    match parameter {
        Parameter::RawPerUnit => game.value(Parameter::RawTransport),
        Parameter::RawTransport => game.value(Parameter::RawPerUnit),
        Parameter::ProductTransport(Place::A) | Parameter::RegionalEffect(Place::B) => -1.0,
        Parameter::ProductTransport(Place::B) | Parameter::RegionalEffect(Place::A) => 1.0,
        _ => 0.0,
    }
}

/// `∂L(k)/∂p`; for `n`, the difference that one more firm makes to the cluster of `k`'s side.
pub fn threshold_by(game: &Game, parameter: Parameter, k: usize) -> f64 {
    let (n, at) = (game.value(Parameter::Firms), k as f64);
    match parameter {
        Parameter::Agglomeration(Place::A) => -factor(game) * (at - 1.0),
        Parameter::Agglomeration(Place::B) => factor(game) * (n - at),
        Parameter::Firms => match game.with(parameter, n + 1.0) {
            Ok(more) => threshold(&more, if k == 1 { 1 } else { k + 1 }) - threshold(game, k),
            Err(_) => 0.0,
        },
        _ => 0.0,
    }
}

/// The statics of every parameter around the equilibrium with `k` firms at A.
///
/// Meaningful where the closed form is: in interior games, for an equilibrium.
pub fn statics(game: &Game, k: usize) -> Vec<Static> {
    let n = game.firms();
    let one = |parameter: Parameter| Static {
        parameter,
        value: game.value(parameter),
        advantage: advantage_by(game, parameter),
        thresholds: [threshold_by(game, parameter, n), threshold_by(game, parameter, 1)],
        lasts: match parameter {
            Parameter::Firms => lasting_firms(game, k),
            _ => lasting(game, parameter, k),
        },
    };
    Parameter::ALL.into_iter().map(one).collect()
}

/// Values of a parameter between which `k` firms at A stay an equilibrium.
fn lasting(game: &Game, parameter: Parameter, k: usize) -> [Option<f64>; 2] {
    let (n, delta, slope) = (game.firms(), game.advantage(), advantage_by(game, parameter));
    let mut slacks = Vec::new();
    if k > 0 {
        slacks.push((delta - threshold(game, k), slope - threshold_by(game, parameter, k)));
    }
    if k < n {
        let by = threshold_by(game, parameter, k + 1);
        slacks.push((threshold(game, k + 1) - delta, by - slope));
    }
    let mut lasts = [None; 2];
    for (slack, by) in slacks.into_iter().filter(|(_, by)| *by != 0.0) {
        // A tie may leave a slack a little below zero: it flips where it is.
        let flip = game.value(parameter) - slack.max(0.0) / by;
        let side = usize::from(by < 0.0);
        let nearer = |other: f64| if side == 0 { flip.max(other) } else { flip.min(other) };
        lasts[side] = Some(lasts[side].map_or(flip, nearer));
    }
    if !parameter.may_be_negative() {
        // A cost cannot fall below zero, so what would flip there never does.
        lasts[0] = lasts[0].filter(|value| *value >= 0.0);
    }
    lasts
}

/// Smallest and largest number of firms with which a cluster stays an equilibrium.
fn lasting_firms(game: &Game, k: usize) -> [Option<f64>; 2] {
    let n = game.firms();
    if k != 0 && k != n {
        return [None; 2];
    }
    let holds = |firms: usize| {
        let other = game.with(Parameter::Firms, firms as f64);
        other.map(|other| is_equilibrium(&other, if k == 0 { 0 } else { firms }))
    };
    let fails = |firms: &usize| holds(*firms) == Ok(false);
    let down = (2..n).rev().find(fails).map(|firms| firms as f64 + 1.0);
    let up = (n + 1..).take_while(|firms| holds(*firms).is_ok()).find(fails);
    [down, up.map(|firms| firms as f64 - 1.0)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::Upstream;
    use crate::location::equilibrium::Equilibria;
    use crate::location::tests::game;

    #[test]
    fn derivatives_are_those_of_small_steps() {
        for upstream in [Upstream::Competitive, Upstream::PostsAfter] {
            let game = game(&[], upstream);
            for parameter in Parameter::ALL.into_iter().skip(1) {
                let step = 1e-4;
                let more = game.with(parameter, game.value(parameter) + step).unwrap();
                let by = (more.advantage() - game.advantage()) / step;
                assert!((by - advantage_by(&game, parameter)).abs() < 1e-8, "{parameter:?}");
                for k in 1..=4 {
                    let by = (threshold(&more, k) - threshold(&game, k)) / step;
                    assert!((by - threshold_by(&game, parameter, k)).abs() < 1e-8, "{parameter:?}");
                }
            }
        }
    }

    /// Just inside the range the outcome is an equilibrium by payoffs, just outside it is not.
    #[test]
    fn outcomes_flip_where_they_are_said_to() {
        let crowded: &[(&str, f64)] = &[("theta_A", -1.0), ("theta_B", -1.0)];
        let mut flips = 0;
        for upstream in [Upstream::Competitive, Upstream::PostsBefore, Upstream::PostsAfter] {
            for (changes, k) in [(&[][..], 4), (&[][..], 0), (crowded, 2)] {
                let game = game(changes, upstream);
                for one in
                    statics(&game, k).into_iter().filter(|one| one.parameter != Parameter::Firms)
                {
                    for (side, flip) in one.lasts.into_iter().enumerate() {
                        let Some(flip) = flip else { continue };
                        let holds = |value: f64| {
                            let other = game.with(one.parameter, value).ok()?;
                            Some(Equilibria::of(&other).outcomes[k].is_equilibrium())
                        };
                        let out = if side == 0 { -1e-7 } else { 1e-7 };
                        let name = one.parameter.letter();
                        assert_ne!(holds(flip - out), Some(false), "{name} inside {flip}");
                        assert_ne!(holds(flip + out), Some(true), "{name} outside {flip}");
                        flips += 1;
                    }
                }
            }
        }
        assert!(flips > 50, "{flips}");
    }

    #[test]
    fn known_flips_of_the_base_case() {
        let game = game(&[], Upstream::Competitive);
        let of = |k: usize, letter: &str| {
            let found = statics(&game, k).into_iter().find(|one| one.parameter.letter() == letter);
            found.unwrap().lasts
        };
        // All at A needs Δ ≥ −1.8: τ_A may rise by 2.3, μ t_m may fall by 2.3.
        let near = |found: Option<f64>, known: f64| (found.unwrap() - known).abs() < 1e-12;
        assert!(near(of(4, "tau_A")[1], 6.3) && of(4, "tau_A")[0].is_none());
        assert!(near(of(4, "t_m")[0], 0.35));
        assert!(near(of(4, "theta_A")[0], -0.5 / 2.25));
        assert_eq!(of(4, "a"), [None, None]);
        assert_eq!(of(4, "n"), [None, None], "Δ favours A, so any number stays");
        // All at B needs Δ ≤ θ_B (n−1)²/n: with two firms 0.6 still holds, so any number does.
        assert_eq!(of(0, "n"), [None, None]);
        let stronger = game.with(Parameter::RegionalEffect(Place::A), 2.0).unwrap();
        let firms = statics(&stronger, 0)[0].lasts;
        assert_eq!(firms, [Some(3.0), None], "Δ = 1.5: three firms hold 1.6, two only 0.6");
    }
}
