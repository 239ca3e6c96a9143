//! What firms in given places sell, and what an upstream monopolist makes them pay.
//!
//! ```text
//! q_i = [a − (n+1) c_i + Σ_j c_j] / (b (n+1)),   P = a − b Q,   π_i = b q_i² − F
//! ```
//!
//! holds where every `q_i > 0`. Else the firms at the dearer place sell nothing, those at the other
//! are a Cournot oligopoly among themselves, and [`Profile::interior`] is false. `F` is paid in either case.

use super::{Game, Parameter, Place, Upstream};

/// The firms at one place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    /// How many.
    pub firms: usize,
    /// Their unit cost, in money per unit of product.
    pub unit_cost: f64,
    /// What each sells, in units of product.
    pub quantity: f64,
    /// What each earns, in money.
    pub profit: f64,
}

/// The market with `k` firms at A and the others at B.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// `k`.
    pub firms_at_a: usize,
    /// Price of the raw material at A, in money per unit of it.
    pub raw_price: f64,
    /// Price of the product, in money per unit of it.
    pub price: f64,
    /// Firms at A and at B; none where nobody is.
    pub groups: [Option<Group>; 2],
    /// What buyers would have paid beyond the price, in money: `(a − P) Q / 2`.
    pub consumer_surplus: f64,
    /// Whether every firm sells something, so that the closed form is about this market.
    pub interior: bool,
}

impl Profile {
    /// The market at a price of the raw material.
    ///
    /// # Panics
    /// If `firms_at_a` is more than the game's firms.
    #[track_caller]
    pub fn at_price(game: &Game, firms_at_a: usize, raw_price: f64) -> Self {
        assert!(firms_at_a <= game.firms(), "more firms at A than in the game");
        let counts = [firms_at_a, game.firms() - firms_at_a];
        let costs = costs(game, counts, raw_price);
        let (quantities, interior) = quantities(game, counts, costs);
        let (a, b) = (game.value(Parameter::Intercept), game.value(Parameter::Slope));
        let sold: f64 = counts.iter().zip(quantities).map(|(k, q)| *k as f64 * q).sum();
        let group = |at: usize| {
            (counts[at] > 0).then(|| Group {
                firms: counts[at],
                unit_cost: costs[at],
                quantity: quantities[at],
                profit: b * quantities[at] * quantities[at] - game.value(Parameter::FixedCost),
            })
        };
        Profile {
            firms_at_a,
            raw_price,
            price: a - b * sold,
            groups: [group(0), group(1)],
            consumer_surplus: b * sold * sold / 2.0,
            interior,
        }
    }

    /// The market at the price that upstream asks when this many firms are at A.
    ///
    /// # Panics
    /// If `firms_at_a` is more than the game's firms.
    #[track_caller]
    pub fn of(game: &Game, firms_at_a: usize) -> Self {
        Profile::at_price(game, firms_at_a, raw_price(game, firms_at_a))
    }

    /// What all firms earn together, in money.
    pub fn profits(&self) -> f64 {
        self.groups.iter().flatten().map(|group| group.firms as f64 * group.profit).sum()
    }

    /// Surplus of buyers and profits of firms, in money. What regions or an upstream monopolist gain or lose is not in it.
    pub fn welfare(&self) -> f64 {
        self.consumer_surplus + self.profits()
    }

    /// The firms at a place.
    pub fn group(&self, place: Place) -> Option<&Group> {
        self.groups[place as usize].as_ref()
    }
}

fn costs(game: &Game, counts: [usize; 2], raw_price: f64) -> [f64; 2] {
    Place::ALL.map(|place| game.unit_cost(place, counts[place as usize], raw_price))
}

/// Quantity of a firm at each place, and whether all are positive.
fn quantities(game: &Game, counts: [usize; 2], costs: [f64; 2]) -> ([f64; 2], bool) {
    let (a, b) = (game.value(Parameter::Intercept), game.value(Parameter::Slope));
    let n = (counts[0] + counts[1]) as f64;
    let sum = counts.iter().zip(costs).map(|(k, c)| *k as f64 * c).sum::<f64>();
    let q = costs.map(|c| (a - (n + 1.0) * c + sum) / (b * (n + 1.0)));
    let there = [0, 1].map(|at| counts[at] > 0);
    if (0..2).all(|at| !there[at] || q[at] > 0.0) {
        return ([0, 1].map(|at| if there[at] { q[at] } else { 0.0 }), true);
    }
    // Some firm would sell nothing: those at the dearer place stop first.
    let stays = if there[1] && (!there[0] || costs[1] < costs[0]) { 1 } else { 0 };
    let mut left = [0.0; 2];
    left[stays] = ((a - costs[stays]) / (b * (counts[stays] as f64 + 1.0))).max(0.0);
    (left, false)
}

/// Raw material that the firms buy at a price, in units of it.
fn raw_demand(game: &Game, firms_at_a: usize, raw_price: f64) -> f64 {
    let counts = [firms_at_a, game.firms() - firms_at_a];
    let (q, _) = quantities(game, counts, costs(game, counts, raw_price));
    let sold: f64 = counts.iter().zip(q).map(|(k, q)| *k as f64 * q).sum();
    game.value(Parameter::RawPerUnit) * sold
}

/// Price of the raw material when `k` firms are at A, in money per unit of it.
///
/// A competitive upstream sells at `w`. A monopolist asks what earns it most from the derived demand,
///
/// ```text
/// w* = argmax (w − c_u) μ Q(w),   inside  w* = [(a − s_k)/μ + c_u]/2
/// ```
///
/// with `s_k` the mean unit cost without raw material: with all firms at one place METHODS E's
/// `w* = [(a − k_ℓ)/μ + c_u]/2`. The demand is linear in pieces (with firms of both places, of the
/// cheaper only), so the best price is the top of a piece or a kink: those few are compared.
///
/// Source: METHODS E.
///
/// # Panics
/// If `firms_at_a` is more than the game's firms.
#[track_caller]
pub fn raw_price(game: &Game, firms_at_a: usize) -> f64 {
    if game.upstream() == Upstream::Competitive {
        return game.value(Parameter::RawPrice);
    }
    assert!(firms_at_a <= game.firms(), "more firms at A than in the game");
    let (a, mu) = (game.value(Parameter::Intercept), game.value(Parameter::RawPerUnit));
    let least = game.value(Parameter::UpstreamCost);
    let (k, n) = (firms_at_a as f64, game.firms() as f64);
    let own =
        [game.own_cost(Place::A, firms_at_a), game.own_cost(Place::B, game.firms() - firms_at_a)];
    let mean = (k * own[0] + (n - k) * own[1]) / n;
    let top = |cost: f64| ((a - cost) / mu + least) / 2.0;
    let kink = |cost: f64| (a - (n + 1.0) * cost + n * mean) / mu;
    let candidates = [top(mean), top(own[0]), top(own[1]), kink(own[0]), kink(own[1])];
    let mut best = (least, 0.0);
    for w in candidates.into_iter().filter(|w| *w >= least) {
        let profit = (w - least) * raw_demand(game, firms_at_a, w);
        if profit > best.1 {
            best = (w, profit);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::tests::game;

    #[test]
    fn the_monopolist_asks_what_earns_most() {
        // The third has a place so dear that the monopolist gives up its firms.
        for changes in
            [&[][..], &[("c_u", 3.0)], &[("tau_A", 70.0)], &[("tau_A", 40.0), ("n", 7.0)]]
        {
            let game = game(changes, Upstream::PostsAfter);
            for k in 0..=game.firms() {
                let w = raw_price(&game, k);
                let least = game.value(Parameter::UpstreamCost);
                let profit = |w: f64| (w - least) * raw_demand(&game, k, w);
                let best =
                    (0..40_000).map(|at| profit(least + f64::from(at) * 1e-3)).fold(0.0, f64::max);
                assert!(
                    profit(w) >= best * (1.0 - 1e-12),
                    "{k}: {w} earns {} of {best}",
                    profit(w)
                );
                assert!(profit(w) <= best * (1.0 + 1e-6) + 1e-9);
            }
        }
    }

    #[test]
    fn the_price_with_all_at_one_place_is_the_closed_form() {
        let game = game(&[("c_u", 2.0)], Upstream::PostsBefore);
        for (k, place) in [(4, Place::A), (0, Place::B)] {
            let known = ((100.0 - game.own_cost(place, 4)) / 2.0 + 2.0) / 2.0;
            assert!((raw_price(&game, k) - known).abs() < 1e-12);
        }
    }

    #[test]
    fn buyers_and_firms_gain_what_the_demand_is_worth_beyond_its_costs() {
        let game = game(&[], Upstream::Competitive);
        let (a, b) = (game.value(Parameter::Intercept), game.value(Parameter::Slope));
        for k in 0..=game.firms() {
            let market = Profile::of(&game, k);
            let sold: f64 =
                market.groups.iter().flatten().map(|g| g.firms as f64 * g.quantity).sum();
            let costs: f64 = (market.groups.iter().flatten())
                .map(|g| {
                    g.firms as f64 * (g.unit_cost * g.quantity + game.value(Parameter::FixedCost))
                })
                .sum();
            let worth = a * sold - b * sold * sold / 2.0;
            assert!((market.welfare() - (worth - costs)).abs() < 1e-9 * worth, "{k}");
            assert!((market.consumer_surplus - (a - market.price) * sold / 2.0).abs() < 1e-9);
        }
    }

    #[test]
    fn a_firm_that_would_sell_less_than_nothing_sells_nothing() {
        let dear = game(&[("tau_A", 60.0)], Upstream::Competitive);
        let market = Profile::of(&dear, 1);
        assert!(!market.interior);
        assert_eq!(market.group(Place::A).unwrap().quantity, 0.0);
        let others = market.group(Place::B).unwrap();
        assert!((others.quantity - (100.0 - others.unit_cost) / 4.0).abs() < 1e-12);
        assert!(
            market.price < market.group(Place::A).unwrap().unit_cost,
            "it does not pay to come back"
        );
        let nobody = game(&[("c0", 200.0)], Upstream::PostsAfter);
        let market = Profile::of(&nobody, 2);
        assert_eq!((market.price, market.interior), (100.0, false));
    }

    #[test]
    fn prices_and_profits_of_the_base_case() {
        let market = Profile::of(&game(&[], Upstream::Competitive), 4);
        let group = market.group(Place::A).unwrap();
        let found = [group.quantity, market.price, group.profit];
        assert!(found.iter().zip([13.88, 44.48, 192.6544]).all(|(a, b)| (a - b).abs() < 1e-10));
    }
}
