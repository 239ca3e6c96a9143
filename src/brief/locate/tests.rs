use serde_json::json;

use crate::brief::testing::{
    Names, assert_brief, brief, recorded, refusal, regions, tidy, uncited,
};
use crate::numerals::Language;
use crate::recorded::Recorded;
use crate::tidy::{Column, Tidy};

/// A game of a test.
#[derive(Clone, Copy)]
struct Game {
    names: Names,
    start: &'static str,
    /// Firms at A as history selects them, of six.
    selected: f64,
    /// Whether all at A, all at B lasts.
    lasts: [bool; 2],
    advantage: f64,
    statics: bool,
    /// Year from which firms are at A.
    move_year: Option<i32>,
}

const STAY: Game = Game {
    names: Names::Provinces,
    start: "B",
    selected: 0.0,
    lasts: [true, true],
    advantage: 113.0,
    statics: true,
    move_year: None,
};

type Line = (Vec<String>, f64);

fn line(texts: &[&str], value: f64) -> Line {
    (texts.iter().map(|text| (*text).to_owned()).collect(), value)
}

fn advantage(game: Game) -> Tidy {
    use Column::{Part, Quantity, Unit};
    let per = "yuan per t";
    let parts = [
        ("raw_material", 9.6),
        ("transport", -64.3),
        ("regional_effect", 167.6),
        ("together", game.advantage),
    ];
    let parts = parts.map(|(part, value)| line(&["advantage", per, part], value));
    let others = [
        line(&["threshold_A", per, ""], -166.7),
        line(&["threshold_B", per, ""], 250.0),
        line(&["firms_at_A", "firms", ""], game.selected),
    ];
    tidy(&[Quantity, Unit, Part], parts.into_iter().chain(others))
}

fn equilibria(game: Game, places: [&str; 2]) -> Tidy {
    use Column::{Quantity, Region, Scenario, Unit};
    let of = |(k, place, lasts, profit): (&str, &str, bool, f64)| {
        vec![
            line(&[k, "equilibrium", "1", ""], f64::from(u8::from(lasts))),
            line(&[k, "price", "yuan per t", ""], 3762.0),
            line(&[k, "consumer_surplus", "yuan", ""], 25.0 * profit),
            line(&[k, "welfare", "yuan", ""], 31.0 * profit),
            line(&[k, "profit", "yuan", place], profit),
            line(&[k, "profit_by_leaving", "yuan", place], -0.2 * profit),
        ]
    };
    let clusters =
        [("0", places[1], game.lasts[1], 1.03e9), ("6", places[0], game.lasts[0], 1.04e9)];
    tidy(&[Scenario, Quantity, Unit, Region], clusters.into_iter().flat_map(of))
}

fn statics() -> Tidy {
    let of = |(at, letter): (usize, &str)| {
        let unit = if letter == "n" { "firms" } else { "yuan per t" };
        let end = [("lasts_from", -177.0), ("lasts_to", 265.4)];
        let end = (at % 3 < 2).then(|| line(&[unit, letter, end[at % 2].0], end[at % 2].1));
        [line(&[unit, letter, "value"], 6.0 * (1.0 + at as f64))].into_iter().chain(end)
    };
    let letters = [
        "n", "a", "b", "c0", "mu", "w", "t_m", "tau_A", "tau_B", "g_A", "g_B", "theta_A",
        "theta_B", "F",
    ];
    use Column::{Factor, Statistic, Unit};
    tidy(&[Unit, Factor, Statistic], letters.into_iter().enumerate().flat_map(of))
}

fn path(game: Game) -> Tidy {
    use Column::{Quantity, Unit, Year};
    let of = |year: i32| {
        let text = year.to_string();
        let moved = game.move_year.is_some_and(|from| year >= from);
        let number = |quantity: &str, unit: &str, value| line(&[&text, quantity, unit], value);
        [
            number("advantage", "yuan per t", 73.0 + 50.0 * f64::from(year - 2005)),
            number("threshold_A", "yuan per t", -166.7),
            number("threshold_B", "yuan per t", 250.0),
            number("firms_at_A", "firms", if moved { 6.0 } else { 0.0 }),
        ]
    };
    tidy(&[Year, Quantity, Unit], (2005..=2013).flat_map(of))
}

/// Results of a game.
fn made(game: Game, with_path: bool) -> Recorded {
    let regions = regions(2, game.names);
    let places = [regions[0].code.as_str(), regions[1].code.as_str()];
    let mut files =
        vec![("advantage.csv", advantage(game)), ("equilibria.csv", equilibria(game, places))];
    if game.statics {
        files.push(("statics.csv", statics()));
    }
    if with_path {
        files.push(("path.csv", path(game)));
    }
    let mut recorded = recorded("locate", &regions, files, json!({}));
    for (key, value) in
        [("places", json!(places)), ("start", json!(game.start)), ("year", json!(2007))]
    {
        recorded.summary.switches.insert(key.to_owned(), value);
    }
    recorded
}

/// Every outcome of a game, with and without a path.
fn games() -> Vec<(Game, bool)> {
    let paths = [(false, None), (true, None), (true, Some(2010))];
    let mut found = Vec::new();
    for start in ["A", "B"] {
        for selected in [0.0, 3.0, 6.0] {
            for lasts in [[true, true], [true, false], [false, true], [false, false]] {
                let at = found.len();
                let names = if at.is_multiple_of(2) { Names::Provinces } else { Names::Any };
                let (with_path, move_year) = paths[at % paths.len()];
                let statics = lasts[0];
                let game = Game { names, start, selected, lasts, statics, move_year, ..STAY };
                found.push((game, with_path));
            }
        }
    }
    found
}

#[test]
fn briefs_hold_for_every_outcome_of_a_game() {
    for (game, with_path) in games() {
        let recorded = made(game, with_path);
        assert_brief(&recorded);
        for language in Language::BOTH {
            let brief = brief(&recorded, language);
            for prose in [&brief.headline, &brief.deck].into_iter().chain(&brief.method) {
                assert_eq!(uncited(prose), Vec::<String>::new());
            }
            assert_eq!(brief.table.is_some(), game.statics);
        }
    }
}

#[test]
fn firms_that_stay_are_not_said_to_move() {
    let headline =
        |game, with_path| brief(&made(game, with_path), Language::English).headline.plain();
    assert!(headline(STAY, false).contains("firms stay in"), "{}", headline(STAY, false));
    let moving = Game { selected: 6.0, ..STAY };
    assert!(headline(moving, false).contains("firms move to"), "{}", headline(moving, false));
    let later = Game { move_year: Some(2010), ..STAY };
    assert!(
        headline(later, true).contains("no longer stable from 2010"),
        "{}",
        headline(later, true)
    );
    let split = Game { selected: 3.0, ..STAY };
    assert!(headline(split, false).contains("settle in both"), "{}", headline(split, false));
}

#[test]
fn a_game_without_places_makes_no_brief() {
    let mut recorded = made(STAY, false);
    recorded.summary.switches.remove("places");
    assert!(refusal(&recorded).to_string().contains("two places"));
    recorded = made(STAY, false);
    recorded.files.retain(|file| file.name != "advantage.csv");
    assert!(refusal(&recorded).to_string().contains("advantage.csv"));
}
