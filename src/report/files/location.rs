//! Files of a location game.

use serde_json::{Value, json};

use crate::location::analysis::Analysis;
use crate::location::filling::Filled;
use crate::location::map::Map;
use crate::location::statics::Static;
use crate::location::{Measure, Place};
use crate::recorded::NamedCode;
use crate::report::results::Results;
use crate::report::units::GameWords;
use crate::tidy::{Column, Tidy};

/// Adds every file of a location game.
pub fn location(
    results: &mut Results,
    words: &GameWords<'_>,
    analysis: &Analysis,
    filled: &[Filled],
) {
    results.names("places", words.places.iter().map(|place| NamedCode::code(*place)));
    results.file(
        "equilibria.csv",
        "every way of being placed (scenario: number of firms at A): price, unit cost, sales and profit of a firm by \
         place (region), what it would earn by leaving, whether it is an equilibrium (1) or not (0), and what buyers and firms \
         gain (consumer_surplus, profits, and their sum, welfare)",
        equilibria(words, analysis),
    );
    results.file(
        "advantage.csv",
        "the net advantage of A by what it is made of (part) and together; least and largest advantage at which all at A \
         and all at B last; what all other firms as neighbours are worth at each place (part); firms at A as history selects them",
        advantage(words, analysis),
    );
    if let Some(found) = &analysis.statics {
        results.file(
            "statics.csv",
            "what each parameter (factor) adds per unit to the net advantage of A and to the thresholds of the clusters, \
             and the values between which the present outcome lasts; a side without end has no line",
            statics(words, found),
        );
    }
    if let Some(found) = &analysis.map {
        results.file(
            "map.csv",
            "points of the map (scenario counts them from 1): the two parameters, the net advantage of A, and whether each \
             cluster is an equilibrium; splits are equilibria with firms at both places",
            map(words, found),
        );
    }
    if !analysis.path.is_empty() {
        results.file(
            "path.csv",
            "year by year: net advantage of A, least and largest for a cluster at A and at B, which clusters are equilibria, \
             and the firms at A as history selects them",
            path(words, analysis),
        );
    }
    if !filled.is_empty() {
        results.file(
            "filled.csv",
            "parameters taken from the table (factor) with the numbers they are made of (part)",
            filled_file(words, filled),
        );
    }
    if let Some(gaps) = analysis.disagreements() {
        let name = "outcomes on which closed form and comparison of payoffs differ".to_owned();
        results.residuals.insert(name, json!(gaps));
    }
    results.headline = headline(words, analysis, filled);
}

fn flag(yes: bool) -> f64 {
    f64::from(u8::from(yes))
}

fn equilibria(words: &GameWords<'_>, analysis: &Analysis) -> Tidy {
    use Column::{Quantity, Region, Scenario, Unit};
    let mut tidy = Tidy::new(&[Scenario, Quantity, Unit, Region]);
    let per_product = words.unit(Measure::PerProduct);
    for outcome in &analysis.equilibria.outcomes {
        let (market, k) = (&outcome.profile, outcome.profile.firms_at_a.to_string());
        tidy.push(&[&k, "equilibrium", "1", ""], flag(outcome.is_equilibrium()));
        tidy.push(&[&k, "interior", "1", ""], flag(outcome.interior));
        tidy.push(&[&k, "price", &per_product, ""], market.price);
        tidy.push(&[&k, "raw_price", &words.unit(Measure::PerRaw), ""], market.raw_price);
        for (quantity, value) in [
            ("consumer_surplus", market.consumer_surplus),
            ("profits", market.profits()),
            ("welfare", market.welfare()),
        ] {
            tidy.push(&[&k, quantity, words.money, ""], value);
        }
        for place in Place::ALL {
            let Some(group) = market.group(place) else { continue };
            let region = words.places[place as usize];
            tidy.push(&[&k, "firms", "firms", region], group.firms as f64);
            tidy.push(&[&k, "unit_cost", &per_product, region], group.unit_cost);
            tidy.push(&[&k, "sales", words.product, region], group.quantity);
            tidy.push(&[&k, "profit", words.money, region], group.profit);
            if let Some(deviation) = outcome.deviation[place as usize] {
                tidy.push(&[&k, "profit_by_leaving", words.money, region], deviation);
            }
        }
    }
    tidy
}

/// Parts of the net advantage, in the order of [`crate::location::Game::advantage_parts`].
const PARTS: [&str; 3] = ["raw_material", "transport", "regional_effect"];

fn advantage(words: &GameWords<'_>, analysis: &Analysis) -> Tidy {
    use Column::{Part, Quantity, Unit};
    let mut tidy = Tidy::new(&[Quantity, Unit, Part]);
    let (game, per_product) = (&analysis.game, words.unit(Measure::PerProduct));
    for (part, value) in PARTS.iter().zip(game.advantage_parts()) {
        tidy.push(&["advantage", &per_product, part], value);
    }
    tidy.push(&["advantage", &per_product, "together"], game.advantage());
    for (place, threshold) in Place::ALL.into_iter().zip(analysis.thresholds) {
        let quantity = format!("threshold_{}", place.letter());
        tidy.push(&[&quantity, &per_product, ""], threshold);
    }
    for place in Place::ALL {
        let gain = game.value(crate::location::Parameter::Agglomeration(place));
        let neighbours = game.firms().saturating_sub(1) as f64;
        tidy.push(&["neighbours", &per_product, place.letter()], gain * neighbours);
    }
    tidy.push(&["firms_at_A", "firms", ""], analysis.selected as f64);
    tidy
}

fn statics(words: &GameWords<'_>, statics: &[Static]) -> Tidy {
    use Column::{Factor, Statistic, Unit};
    let mut tidy = Tidy::new(&[Unit, Factor, Statistic]);
    for one in statics {
        let (unit, letter) = (words.unit(one.parameter.measure()), one.parameter.letter());
        let per = format!("{} for 1 {unit}", words.unit(Measure::PerProduct));
        let [low, high] = one.thresholds;
        let lines = [
            (&unit, "value", Some(one.value)),
            (&per, "advantage", Some(one.advantage)),
            (&per, "threshold_A", Some(low)),
            (&per, "threshold_B", Some(high)),
            (&unit, "lasts_from", one.lasts[0]),
            (&unit, "lasts_to", one.lasts[1]),
        ];
        for (unit, statistic, value) in lines {
            if let Some(value) = value {
                tidy.push(&[unit, letter, statistic], value);
            }
        }
    }
    tidy
}

fn map(words: &GameWords<'_>, map: &Map) -> Tidy {
    use Column::{Quantity, Scenario, Unit};
    let mut tidy = Tidy::new(&[Scenario, Quantity, Unit]);
    let unit = |parameter: crate::location::Parameter| words.unit(parameter.measure());
    let (x, y, advantage) =
        (unit(map.x.parameter), unit(map.y.parameter), words.unit(Measure::PerProduct));
    for (at, point) in map.points.iter().enumerate() {
        let name = (at + 1).to_string();
        tidy.push(&[&name, map.x.parameter.letter(), &x], point.x);
        tidy.push(&[&name, map.y.parameter.letter(), &y], point.y);
        tidy.push(&[&name, "advantage", &advantage], point.advantage);
        tidy.push(&[&name, "all_at_A", "1"], flag(point.clusters[0]));
        tidy.push(&[&name, "all_at_B", "1"], flag(point.clusters[1]));
        tidy.push(&[&name, "splits", "1"], point.splits as f64);
        tidy.push(&[&name, "interior", "1"], flag(point.interior));
    }
    tidy
}

fn path(words: &GameWords<'_>, analysis: &Analysis) -> Tidy {
    use Column::{Quantity, Unit, Year};
    let mut tidy = Tidy::new(&[Year, Quantity, Unit]);
    let per_product = words.unit(Measure::PerProduct);
    for step in &analysis.path {
        let year = step.year.to_string();
        tidy.push(&[&year, "advantage", &per_product], step.advantage);
        tidy.push(&[&year, "threshold_A", &per_product], step.thresholds[0]);
        tidy.push(&[&year, "threshold_B", &per_product], step.thresholds[1]);
        tidy.push(&[&year, "all_at_A", "1"], flag(step.clusters[0]));
        tidy.push(&[&year, "all_at_B", "1"], flag(step.clusters[1]));
        tidy.push(&[&year, "firms_at_A", "firms"], step.firms_at_a as f64);
    }
    tidy
}

fn filled_file(words: &GameWords<'_>, filled: &[Filled]) -> Tidy {
    use Column::{Factor, Part, Unit};
    let mut tidy = Tidy::new(&[Unit, Factor, Part]);
    for one in filled {
        let letter = one.parameter.letter();
        tidy.push(&[&words.unit(one.parameter.measure()), letter, "value"], one.value);
        for (part, value) in &one.parts {
            let unit = match *part {
                "distance" | "mean_haul" => "km",
                "price" | "price_product" | "price_raw" => words.money,
                _ => "1",
            };
            tidy.push(&[unit, letter, part], *value);
        }
    }
    tidy
}

fn headline(words: &GameWords<'_>, analysis: &Analysis, filled: &[Filled]) -> Value {
    let place = |place: Place| words.places[place as usize];
    let dominance = analysis.dominance.map(|found| {
        json!({ "payoff": found.payoff.map(place), "risk": found.risk.map(place), "losses": found.losses })
    });
    let entry = analysis.entry.iter().map(|entry| {
        json!({
            "place": place(entry.place),
            "firms": entry.firms,
            "ends_by": entry.limit.word(),
            "thresholds": entry.thresholds,
        })
    });
    let filled = filled.iter().map(|one| {
        json!({
            "parameter": one.parameter.letter(),
            "value": one.value,
            "unit": words.unit(one.parameter.measure()),
            "from": one.from,
        })
    });
    json!({
        "advantage": analysis.game.advantage(),
        "advantage_parts": analysis.game.advantage_parts(),
        "thresholds": analysis.thresholds,
        "equilibria_firms_at_A": analysis.equilibria.firms_at_a(),
        "closed_form_firms_at_A": analysis.closed_form,
        "selected_firms_at_A": analysis.selected,
        "dominance": dominance,
        "free_entry": entry.collect::<Vec<Value>>(),
        "filled": filled.collect::<Vec<Value>>(),
    })
}
