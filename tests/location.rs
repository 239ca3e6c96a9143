//! The location game against numbers from elsewhere and against itself: METHODS E's four games
//! (`worked_example.json`), and the closed form against the comparison of payoffs.

mod common;

use common::worked_example;
use irio::location::equilibrium::{Equilibria, closed_form, dominance, settle, threshold};
use irio::location::{Game, Parameter, Place, Upstream};
use serde_json::Value;

const GAMES: [&str; 4] =
    ["game_base", "game_high_raw_transport", "game_costly_product_transport", "game_congestion"];

fn game(params: &Value) -> Game {
    let value = |parameter: Parameter| {
        // The worked example writes tm and tauA where a game file has t_m and tau_A.
        let key = parameter.letter().replace('_', "");
        params[key].as_f64().unwrap_or(0.0)
    };
    Game::new(value, Upstream::Competitive).unwrap()
}

#[test]
fn four_games_with_known_equilibria() {
    let example = worked_example();
    for name in GAMES {
        let (game, known) = (game(&example[name]["params"]), &example[name]["result"]);
        let equilibria = Equilibria::of(&game);
        let n = game.firms();
        let [at_a, at_b] = Place::ALL.map(|place| equilibria.cluster(place));
        let [a, b] = [at_a.profile.group(Place::A).unwrap(), at_b.profile.group(Place::B).unwrap()];
        let gap = game.value(Parameter::Agglomeration(Place::B))
            - game.value(Parameter::Agglomeration(Place::A));
        for (key, found) in [
            ("C_A", game.unit_cost(Place::A, 1, 5.0)),
            ("C_B", game.unit_cost(Place::B, 1, 5.0)),
            ("Delta", game.advantage()),
            ("threshold_A_cluster", threshold(&game, n)),
            ("threshold_B_cluster", threshold(&game, 1)),
            ("payoff_dominance_threshold", gap * (n as f64 - 1.0)),
            ("profit_A_cluster", a.profit),
            ("profit_B_cluster", b.profit),
            ("deviate_from_A", at_a.deviation[0].unwrap()),
            ("deviate_from_B", at_b.deviation[1].unwrap()),
            ("q_A_cluster", a.quantity),
            ("q_B_cluster", b.quantity),
            ("price_A_cluster", at_a.profile.price),
            ("price_B_cluster", at_b.profile.price),
        ] {
            let known = known[key].as_f64().unwrap();
            assert!((found - known).abs() <= 1e-10, "{name} {key}: {found}, known {known}");
        }
        let firms: Vec<String> = equilibria.firms_at_a().iter().map(ToString::to_string).collect();
        assert_eq!(firms.join(","), known["equilibria_firms_in_A"].as_str().unwrap(), "{name}");
        assert_eq!(closed_form(&game), equilibria.firms_at_a(), "{name}");
        if let Some(found) = dominance(&equilibria) {
            assert_eq!(found.payoff.unwrap().letter(), known["payoff_dominant"].as_str().unwrap());
        }
    }
}

/// A counter-based stream of numbers (splitmix64), the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Between two bounds; in every other game in steps of a tenth, so that ties happen.
    fn within(&mut self, low: f64, high: f64, tenths: bool) -> f64 {
        let share = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        let value = low + share * (high - low);
        if tenths { (value * 10.0).round() / 10.0 } else { value }
    }
}

fn random_game(numbers: &mut Numbers, at: u64) -> Game {
    let tenths = at.is_multiple_of(2);
    let value = |parameter: Parameter| {
        let mut within = |low, high| numbers.within(low, high, tenths);
        match parameter {
            Parameter::Firms => 2.0 + within(0.0, 8.99).floor(),
            Parameter::Intercept => within(60.0, 200.0),
            Parameter::Slope => within(0.2, 5.0),
            Parameter::CommonCost => within(0.0, 20.0),
            Parameter::RawPerUnit => within(0.1, 3.0),
            Parameter::RawPrice => within(0.0, 5.0),
            Parameter::RawTransport => within(0.0, 2.0),
            Parameter::ProductTransport(_) => within(0.0, 5.0),
            Parameter::RegionalEffect(_) => within(-1.0, 3.0),
            Parameter::Agglomeration(_) => within(-1.0, 1.5),
            Parameter::FixedCost => within(0.0, 50.0),
            Parameter::UpstreamCost => within(0.0, 4.0),
        }
    };
    // Parameters are drawn in their order, whatever asks for them.
    let value = std::cell::RefCell::new(value);
    let upstream =
        [Upstream::Competitive, Upstream::PostsBefore, Upstream::PostsAfter][(at % 3) as usize];
    Game::new(|parameter| (value.borrow_mut())(parameter), upstream).unwrap()
}

#[test]
fn closed_form_is_the_comparison_of_payoffs() {
    let mut numbers = Numbers(20_000);
    let (mut compared, mut by_number, mut at) = (0, [0; 4], 0);
    while compared < 20_000 {
        let game = random_game(&mut numbers, at);
        at += 1;
        assert!(at < 40_000, "most random games should be interior");
        let equilibria = Equilibria::of(&game);
        let found = equilibria.firms_at_a();
        assert!(!found.is_empty(), "{game:?} has no equilibrium");
        for start in [0, game.firms()] {
            assert!(found.contains(&settle(&game, start)), "{game:?} settles elsewhere");
        }
        if !equilibria.interior() {
            continue;
        }
        assert_eq!(closed_form(&game), found, "{game:?}");
        compared += 1;
        let n = game.firms();
        let split = found.iter().any(|k| (1..n).contains(k));
        let kind = [found == [n], found == [0], found == [0, n], split];
        by_number.iter_mut().zip(kind).for_each(|(count, is)| *count += usize::from(is));
    }
    assert!(by_number.iter().all(|count| *count > 500), "every kind is met: {by_number:?}");
}

/// A tie in decimals: with four firms the thresholds are whole multiples of θ.
#[test]
fn ties_are_met_by_both_rules() {
    let mut met = 0;
    for tenth in 0..200 {
        let tau_a = f64::from(tenth) / 10.0;
        let base = game(&worked_example()["game_base"]["params"]);
        let game = base.with(Parameter::ProductTransport(Place::A), tau_a).unwrap();
        let found = Equilibria::of(&game).firms_at_a();
        assert_eq!(closed_form(&game), found, "{tau_a}");
        // Δ = 4.5 − τ_A, in tenths without rounding.
        let delta = 45 - tenth;
        let expected: Vec<usize> = [(0, delta <= 27), (4, delta >= -18)]
            .iter()
            .filter(|(_, is)| *is)
            .map(|(k, _)| *k)
            .collect();
        assert_eq!(found, expected, "{tau_a}");
        met += usize::from(delta == 27 || delta == -18);
    }
    assert_eq!(met, 2);
}

/// What a table gives, by hand from its cells.
#[test]
fn parameters_from_a_table() {
    use irio::location::filling::{FillError, Request, fill};
    let table = common::example_table(&worked_example(), "two_region", 1);
    let (x, j) = (table.output(), 0);
    let request = Request {
        regions: [0, 1],
        sector: 0,
        raw: vec![1],
        transport: vec![1],
        rows: vec![0],
        distance_raw: Some(200.0),
        distance_product: [Some(100.0), None],
        mean_haul: Some(400.0),
        prices: [2.0, 10.0],
    };
    let found = fill(&table, &request).unwrap();
    let imports = match table.imports() {
        irio::table::Imports::ByProduct { intermediate, .. } => intermediate[(1, j)],
        _ => 0.0,
    };
    let bought = (table.flows().get(1, j) + table.flows().get(3, j) + imports) / x[j];
    let v = |industry: usize| table.value_added_rows().values[(0, industry)] / x[industry];
    let expected = [
        ("mu", bought * 5.0),
        ("t_m", bought * 0.5 * 2.0),
        ("tau_A", bought * 0.25 * 10.0),
        ("g_A", (v(2) - v(0)) * 10.0),
        ("g_B", 0.0),
    ];
    assert_eq!(found.len(), expected.len());
    for (filled, (letter, value)) in found.iter().zip(expected) {
        assert_eq!(filled.parameter.letter(), letter);
        assert!((filled.value - value).abs() < 1e-12, "{letter}: {} is not {value}", filled.value);
    }
    let closed = common::example_table(&worked_example(), "closure", 1);
    let idle = closed.output().iter().position(|x| *x == 0.0).expect("an industry without output");
    let (region, sector) = closed.industries().split(idle);
    let request = Request { regions: [region, 1 - region], sector, ..request };
    assert!(matches!(fill(&closed, &request), Err(FillError::NoOutput { .. })));
}
