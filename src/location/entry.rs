//! How many firms there would be if anybody could enter.
//!
//! ```text
//! n* = largest n ≤ cap with (a − c_ℓ(n))² / (b (n+1)²) ≥ F and c_ℓ(n) > 0
//! ```
//!
//! Each firm lowers the others' cost by `θ`, so profit tends to `θ²/b` as `n` grows: without a cap, or
//! the end of cost that can fall, `n*` may be without limit. Source: METHODS E.

use super::equilibrium::threshold;
use super::{Game, Parameter, Place, Upstream};

/// What ends the entry of firms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// A further firm would not earn its fixed cost.
    Profit,
    /// With a further firm the unit cost would be zero or less: outside what the model is about.
    Cost,
    /// The cap: a further firm would earn its fixed cost too.
    Cap,
}

impl Limit {
    /// The word for it in results.
    pub fn word(self) -> &'static str {
        match self {
            Limit::Profit => "profit",
            Limit::Cost => "cost",
            Limit::Cap => "cap",
        }
    }
}

/// A cluster of the firms that free entry brings.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Where.
    pub place: Place,
    /// `n*`; none if not even one firm earns its fixed cost.
    pub firms: Option<usize>,
    /// What ends it.
    pub limit: Limit,
    /// Profit of each of them after the fixed cost, in money.
    pub profit: f64,
    /// With `n*` firms, the least `Δ` for a cluster at A and the largest for one at B; none for fewer
    /// than two firms or more than a game may have.
    pub thresholds: Option<[f64; 2]>,
}

/// Unit cost and profit of each of `n` firms that are all at a place.
fn cluster(game: &Game, place: Place, n: usize) -> (f64, f64) {
    let (a, b) = (game.value(Parameter::Intercept), game.value(Parameter::Slope));
    let (own, mu) = (game.own_cost(place, n), game.value(Parameter::RawPerUnit));
    let w = match game.upstream() {
        Upstream::Competitive => game.value(Parameter::RawPrice),
        _ => {
            let least = game.value(Parameter::UpstreamCost);
            (((a - own) / mu + least) / 2.0).max(least)
        }
    };
    let cost = own + mu * w;
    let quantity = ((a - cost) / (b * (n as f64 + 1.0))).max(0.0);
    (cost, b * quantity * quantity - game.value(Parameter::FixedCost))
}

/// Free entry at a place, with at most `cap` firms.
pub fn free_entry(game: &Game, place: Place, cap: usize) -> Entry {
    let (a, fixed) = (game.value(Parameter::Intercept), game.value(Parameter::FixedCost));
    let enters = |n: usize| {
        let (cost, profit) = cluster(game, place, n);
        // A profit of nothing is a tie, told as all ties are.
        cost > 0.0 && cost < a && profit >= -super::TIE * fixed
    };
    let firms = (1..=cap).rev().find(|n| enters(*n));
    let next = firms.map_or(1, |n| n + 1);
    let limit = if enters(next) {
        Limit::Cap
    } else if cluster(game, place, next).0 <= 0.0 {
        Limit::Cost
    } else {
        Limit::Profit
    };
    let with = firms.and_then(|n| game.with(Parameter::Firms, n as f64).ok());
    Entry {
        place,
        firms,
        limit,
        profit: firms.map_or(0.0, |n| cluster(game, place, n).1),
        thresholds: with.map(|game| [threshold(&game, game.firms()), threshold(&game, 1)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::tests::game;

    #[test]
    fn firms_enter_until_the_next_would_not_earn_its_fixed_cost() {
        let game = game(&[("F", 100.0)], Upstream::Competitive);
        let entry = free_entry(&game, Place::A, 50);
        // (100 − 33 + 0.8 (n − 1))² / (n + 1)² ≥ 100: n = 6 gives 102.9, n = 7 gives 80.6.
        assert_eq!((entry.firms, entry.limit), (Some(6), Limit::Profit));
        assert!((entry.profit - (71.0f64 / 7.0).powi(2) + 100.0).abs() < 1e-9);
        let [low, high] = entry.thresholds.unwrap();
        assert!((low + 0.8 * 25.0 / 6.0).abs() < 1e-12 && (high - 1.2 * 25.0 / 6.0).abs() < 1e-12);
        let larger = free_entry(&game.with(Parameter::Intercept, 140.0).unwrap(), Place::A, 50);
        assert!(larger.firms > entry.firms, "more demand, more firms, wider range of clusters");
    }

    #[test]
    fn what_ends_entry_is_told() {
        let free = game(&[], Upstream::Competitive);
        assert_eq!(free_entry(&free, Place::A, 20).limit, Limit::Cap);
        // Unit cost 33.5 − 1.2 (n − 1) is positive up to n = 28.
        let entry = free_entry(&free, Place::B, 1000);
        assert_eq!((entry.firms, entry.limit), (Some(28), Limit::Cost));
        let dear = game(&[("F", 1e6)], Upstream::PostsBefore);
        let entry = free_entry(&dear, Place::A, 20);
        assert_eq!((entry.firms, entry.limit, entry.thresholds), (None, Limit::Profit, None));
    }

    #[test]
    fn profit_of_a_cluster_is_that_of_its_market() {
        for upstream in [Upstream::Competitive, Upstream::PostsAfter] {
            let game = game(&[("F", 3.0)], upstream);
            let market = crate::location::market::Profile::of(&game, 4);
            let known = market.group(Place::A).unwrap().profit;
            assert!((cluster(&game, Place::A, 4).1 - known).abs() < 1e-10);
        }
    }
}
