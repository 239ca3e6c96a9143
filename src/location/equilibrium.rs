//! Who goes where: by comparing payoffs, and in closed form.
//!
//! With `k` firms at A, what the `k`-th firm there loses by being at A is in balance with what it
//! gains where the net advantage `Δ` is
//!
//! ```text
//! L(k) = φ [θ_B (n − k) − θ_A (k − 1)],   φ = (n − 1)/n
//! k firms at A are an equilibrium  ⇔  L(k) ≤ Δ (k ≥ 1)  and  Δ ≤ L(k+1) (k < n)
//! ```
//!
//! so that all at A is one `⇔ Δ ≥ −θ_A (n−1)²/n`, all at B `⇔ Δ ≤ θ_B (n−1)²/n`, and a split one only
//! where `θ_A + θ_B ≤ 0` makes `L` rise. It follows from METHODS E's stay conditions with
//! `S_k − S_{k−1} = −Δ + 2 [θ_B (n − k) − θ_A (k − 1)]`. A monopolist upstream who answers a firm that
//! leaves changes `μ w` by `−(S_k − S_{k−1})/(2n)`, which leaves the form and makes
//!
//! ```text
//! φ = (2n² − 2n − 2)/(2n² − 1)
//! ```
//!
//! The closed form is for interior markets; [`Equilibria`] compares payoffs in any.
//!
//! Gaps below 1e-12 of the numbers they come from count as ties, and a tie is no reason to leave.

use super::market::{Profile, raw_price};
use super::{Game, Parameter, Place, TIE, Upstream};

/// One way of being placed, and what a firm would earn on the other side.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The market.
    pub profile: Profile,
    /// Profit of one firm of A that goes to B, and of one of B that goes to A, all others staying;
    /// none where nobody is.
    pub deviation: [Option<f64>; 2],
    /// Whether such a firm would not gain.
    pub stays: [bool; 2],
    /// Whether every firm sells something here and after either deviation.
    pub interior: bool,
}

impl Outcome {
    /// The outcome with `k` firms at A.
    ///
    /// A monopolist's price stays when it was posted before, and is set anew when it comes after.
    ///
    /// # Panics
    /// If `firms_at_a` is more than the game's firms.
    #[track_caller]
    pub fn of(game: &Game, firms_at_a: usize) -> Self {
        let profile = Profile::of(game, firms_at_a);
        let mut outcome =
            Outcome { interior: profile.interior, profile, deviation: [None; 2], stays: [true; 2] };
        for place in Place::ALL {
            let Some(group) = outcome.profile.group(place).copied() else { continue };
            let there = match place {
                Place::A => firms_at_a - 1,
                Place::B => firms_at_a + 1,
            };
            let w = match game.upstream() {
                Upstream::PostsAfter => raw_price(game, there),
                _ => outcome.profile.raw_price,
            };
            let after = Profile::at_price(game, there, w);
            outcome.interior &= after.interior;
            let Some(moved) = after.group(place.other()) else { continue };
            outcome.deviation[place as usize] = Some(moved.profit);
            // π' − π = b (q' + q)(q' − q): a tie is one of quantities.
            let both = game.value(Parameter::Slope) * (moved.quantity + group.quantity);
            let gain = moved.profit - group.profit;
            outcome.stays[place as usize] = gain <= both * smallest_quantity(game);
        }
        outcome
    }

    /// Whether no firm would gain by leaving for the other place.
    pub fn is_equilibrium(&self) -> bool {
        self.stays == [true; 2]
    }

    /// What a firm at a place would lose by leaving it, in money; none where nobody is.
    pub fn loss(&self, place: Place) -> Option<f64> {
        let profit = self.profile.group(place)?.profit;
        self.deviation[place as usize].map(|deviation| profit - deviation)
    }
}

/// Size of the terms of `b (n+1) q`, for telling ties.
fn size(game: &Game) -> f64 {
    let a = game.value(Parameter::Intercept);
    let w = match game.upstream() {
        Upstream::Competitive => game.value(Parameter::RawPrice),
        _ => a / game.value(Parameter::RawPerUnit) + game.value(Parameter::UpstreamCost),
    };
    a + (game.value(Parameter::Firms) + 1.0) * game.cost_size(w)
}

fn smallest_quantity(game: &Game) -> f64 {
    let n = game.value(Parameter::Firms);
    TIE * size(game) / (game.value(Parameter::Slope) * (n + 1.0))
}

/// Every way of being placed, from all at B to all at A, with payoffs compared one by one.
#[derive(Debug, Clone, PartialEq)]
pub struct Equilibria {
    /// With 0, 1, ..., n firms at A.
    pub outcomes: Vec<Outcome>,
}

impl Equilibria {
    /// Compares the payoffs of a game.
    pub fn of(game: &Game) -> Self {
        Equilibria { outcomes: (0..=game.firms()).map(|k| Outcome::of(game, k)).collect() }
    }

    /// Numbers of firms at A that are equilibria, in order; never empty.
    pub fn firms_at_a(&self) -> Vec<usize> {
        (0..self.outcomes.len()).filter(|k| self.outcomes[*k].is_equilibrium()).collect()
    }

    /// The outcome with all firms at a place.
    pub fn cluster(&self, place: Place) -> &Outcome {
        let at = if place == Place::A { self.outcomes.len() - 1 } else { 0 };
        &self.outcomes[at]
    }

    /// Whether every market compared is interior, so that the closed form is about this game.
    pub fn interior(&self) -> bool {
        self.outcomes.iter().all(|outcome| outcome.interior)
    }
}

/// Share `φ` of the neighbours' gain that counts against the net advantage (module's formula).
pub fn factor(game: &Game) -> f64 {
    let n = game.value(Parameter::Firms);
    match game.upstream() {
        Upstream::PostsAfter => (2.0 * n * n - 2.0 * n - 2.0) / (2.0 * n * n - 1.0),
        _ => (n - 1.0) / n,
    }
}

/// Net advantage `L(k)` from which the `k`-th firm at A stays there; `k` from 1 to n.
///
/// ```text
/// L(k) = φ [θ_B (n − k) − θ_A (k − 1)]
/// ```
///
/// Money per unit of product. `L(n)` is the least `Δ` for a cluster at A, `L(1)` the largest for one at B.
pub fn threshold(game: &Game, k: usize) -> f64 {
    let [theta_a, theta_b] = Place::ALL.map(|place| game.value(Parameter::Agglomeration(place)));
    let (n, k) = (game.value(Parameter::Firms), k as f64);
    factor(game) * (theta_b * (n - k) - theta_a * (k - 1.0))
}

/// Whether `k` firms at A are an equilibrium of an interior game, by the closed form.
pub fn is_equilibrium(game: &Game, k: usize) -> bool {
    let (n, delta) = (game.firms(), game.advantage());
    // The gap of `Δ` that makes the smallest gap of quantities.
    let tie = TIE * size(game) / (n as f64);
    (k == 0 || delta >= threshold(game, k) - tie)
        && (k >= n || delta <= threshold(game, k + 1) + tie)
}

/// Numbers of firms at A that are equilibria of an interior game, by the closed form.
pub fn closed_form(game: &Game) -> Vec<usize> {
    (0..=game.firms()).filter(|k| is_equilibrium(game, *k)).collect()
}

/// Which of two cluster equilibria is better or safer for the firms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dominance {
    /// The place where a firm of the cluster earns more; none if it is the same.
    pub payoff: Option<Place>,
    /// The place that a firm loses more by leaving; none if it is the same.
    pub risk: Option<Place>,
    /// What a firm loses by leaving the cluster at A, at B; in money.
    pub losses: [f64; 2],
}

/// Compares the clusters where both are equilibria, by what firms earn and by what leaving costs.
///
/// ```text
/// all at A earns more  ⇔  Δ > (θ_B − θ_A)(n − 1)
/// ```
///
/// The loss from leaving alone is the n-firm reading of risk dominance: among equal firms the product
/// of losses orders as one loss does. None where not both are equilibria. Source: METHODS E;
/// Harsanyi & Selten (1988).
pub fn dominance(equilibria: &Equilibria) -> Option<Dominance> {
    let [at_a, at_b] = Place::ALL.map(|place| equilibria.cluster(place));
    if !at_a.is_equilibrium() || !at_b.is_equilibrium() {
        return None;
    }
    let profits = [at_a.profile.group(Place::A)?.profit, at_b.profile.group(Place::B)?.profit];
    let losses = [at_a.loss(Place::A)?, at_b.loss(Place::B)?];
    let larger = |[a, b]: [f64; 2], scale: f64| {
        let gap = a - b;
        // Profits are differences of larger numbers, so ties are told a little more widely.
        (gap.abs() > 1e3 * TIE * scale).then_some(if gap > 0.0 { Place::A } else { Place::B })
    };
    let scale = profits.iter().map(|profit| profit.abs()).fold(0.0, f64::max);
    Some(Dominance { payoff: larger(profits, scale), risk: larger(losses, scale), losses })
}

/// Where firms end up that start with `k` of them at A and leave one by one while one gains by it.
///
/// A place from which both sides would move goes the way of the larger gain. Each step raises the
/// payoff of the firm that moves, so no step is taken back and at most `n` are taken.
pub fn settle(game: &Game, firms_at_a: usize) -> usize {
    let mut k = firms_at_a.min(game.firms());
    for _ in 0..=game.firms() {
        let outcome = Outcome::of(game, k);
        let gain = |place: Place| {
            let leaves = !outcome.stays[place as usize];
            outcome.loss(place).filter(|_| leaves).map(|loss| -loss)
        };
        k = match (gain(Place::A), gain(Place::B)) {
            (None, None) => return k,
            (Some(away), back) if back.is_none_or(|back| away >= back) => k - 1,
            _ => k + 1,
        };
    }
    k
}

/// Firms at A year by year: an equilibrium lasts until it is none, then firms move as in [`settle`].
pub fn history(games: &[(i32, Game)], start: Place) -> Vec<(i32, usize)> {
    let mut k = match (start, games.first()) {
        (Place::A, Some((_, game))) => game.firms(),
        _ => 0,
    };
    let step = |(year, game): &(i32, Game)| {
        k = settle(game, k);
        (*year, k)
    };
    games.iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::tests::game;

    #[test]
    fn exact_ties_are_equilibria() {
        // Δ is −1.8 and 2.7 in decimals, which binary numbers only come close to.
        for (tau_a, expected) in
            [(6.3, vec![0, 4]), (1.8, vec![0, 4]), (6.31, vec![0]), (1.79, vec![4])]
        {
            let game = game(&[("tau_A", tau_a)], Upstream::Competitive);
            assert_eq!(Equilibria::of(&game).firms_at_a(), expected, "{tau_a}");
            assert_eq!(closed_form(&game), expected, "{tau_a}");
        }
    }

    #[test]
    fn opposite_gains_leave_every_split_an_equilibrium_on_a_tie() {
        let game =
            game(&[("theta_A", -1.0), ("theta_B", 1.0), ("g_A", 2.75)], Upstream::Competitive);
        assert_eq!(game.advantage(), 2.25);
        assert_eq!(Equilibria::of(&game).firms_at_a(), [0, 1, 2, 3, 4]);
        assert_eq!(closed_form(&game), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn a_monopolist_who_comes_after_narrows_what_neighbours_can_hold() {
        let range = |upstream| {
            let game = game(&[], upstream);
            [threshold(&game, 4), threshold(&game, 1)]
        };
        assert_eq!(range(Upstream::PostsBefore), range(Upstream::Competitive));
        let [low, high] = range(Upstream::PostsAfter);
        assert!((low + 0.8 * 3.0 * 22.0 / 31.0).abs() < 1e-12);
        assert!((high - 1.2 * 3.0 * 22.0 / 31.0).abs() < 1e-12);
        // A Δ between the two thresholds is an equilibrium at A for the one and not for the other.
        let at = |upstream| {
            let game = game(&[("tau_A", 6.25)], upstream);
            Equilibria::of(&game).firms_at_a()
        };
        assert_eq!(at(Upstream::PostsBefore), [0, 4]);
        assert_eq!(at(Upstream::PostsAfter), [0]);
    }

    #[test]
    fn history_keeps_an_equilibrium_until_it_is_none() {
        let at = |year: i32, tau_a: f64| (year, game(&[("tau_A", tau_a)], Upstream::Competitive));
        let years = [at(1, 4.0), at(2, 6.0), at(3, 6.5), at(4, 4.0), at(5, 1.0)];
        let expected = [(1, 4), (2, 4), (3, 0), (4, 0), (5, 4)];
        assert_eq!(history(&years, Place::A), expected);
        assert_eq!(history(&years, Place::B)[..4], [(1, 0), (2, 0), (3, 0), (4, 0)]);
    }

    #[test]
    fn crowded_places_are_left_one_by_one() {
        let game = game(&[("theta_A", -1.0), ("theta_B", -1.0)], Upstream::Competitive);
        assert_eq!([settle(&game, 4), settle(&game, 0), settle(&game, 99)], [2, 2, 2]);
    }

    #[test]
    fn a_market_without_all_firms_still_has_an_equilibrium() {
        for upstream in [Upstream::Competitive, Upstream::PostsBefore, Upstream::PostsAfter] {
            for tau_a in [10.0, 60.0, 500.0] {
                let game = game(&[("tau_A", tau_a)], upstream);
                let equilibria = Equilibria::of(&game);
                assert!(
                    equilibria.firms_at_a().contains(&0),
                    "{tau_a}: {:?}",
                    equilibria.firms_at_a()
                );
                assert_eq!(equilibria.interior(), tau_a == 10.0);
            }
        }
    }
}
