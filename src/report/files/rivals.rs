//! Files of the other measures of a transfer.

use serde_json::{Map, Value, json};

use super::by_region;
use crate::decomposition::transfer::Transfer;
use crate::report::results::Results;
use crate::rivals::{Line, Measure, QuantityRivals, Rivals};
use crate::text::sign_grade;
use crate::tidy::{Column, Tidy};

/// Adds the files of the other measures and sets their headline beside that of the transfer.
pub fn rivals(results: &mut Results, rivals: &Rivals, transfer: &Transfer) {
    results.file(
        "rivals.csv",
        "other measures by region and sector: demand_pull (made for other regions' demand: in; called for by own demand \
         in other regions: out; net) in the base and target year and its change, sourcing at base_weights and end_weights \
         with the interaction that all factors of such weights leave, shift_share",
        measures(rivals, transfer),
    );
    results.file(
        "demand_pull.csv",
        "what the final demand of a region, of exports and of others (from) calls for in each region (to) by producing \
         sector, in the base and the target year; the transfer from one region to another is what its demand has produced \
         there",
        demand_pull(rivals),
    );
    results.file(
        "agreement.csv",
        "the measures side by side by region and set of sectors (sector): value, for sourcing also min, max over all \
         orders of the factors and the share of orders that have its sign, agrees (1 if the sign is that of sourcing), and where it is not the reason as statistic \
         with the number it rests on as value",
        agreement(rivals),
    );
    for quantity in &rivals.quantities {
        let told = headline(rivals, quantity);
        match results.headline.get_mut(&quantity.code) {
            Some(Value::Object(entry)) => entry.extend(told),
            _ => results.headline[&quantity.code] = Value::Object(told),
        }
    }
}

/// Measures of all sectors by region, and whether all agree.
fn headline(rivals: &Rivals, quantity: &QuantityRivals) -> Map<String, Value> {
    let industries = &rivals.industries;
    let mut told = Map::new();
    let net = quantity.demand_pull.net_change();
    told.insert("demand_pull".to_owned(), by_region(industries, &net));
    told.insert("shift_share".to_owned(), by_region(industries, &quantity.shift_share));
    let of_lines = |pick: &dyn Fn(&Line) -> Value| -> Value {
        let lines = quantity.lines.iter().filter(|line| line.set == 0);
        let code = |line: &Line| industries.regions.code(line.region).to_owned();
        Value::Object(lines.map(|line| (code(line), pick(line))).collect())
    };
    for measure in [Measure::BaseWeights, Measure::EndWeights] {
        let values = of_lines(&|line| json!(line.value(measure)));
        told.insert(measure.word().to_owned(), values);
    }
    told.insert("range".to_owned(), of_lines(&|line| json!(line.range)));
    told.insert("orders_agree".to_owned(), of_lines(&|line| json!(line.orders_agree())));
    told.insert(
        "sign_grade".to_owned(),
        of_lines(&|line| json!(line.orders_agree().map(|share| sign_grade(share).to_string()))),
    );
    told.insert("measures_agree".to_owned(), of_lines(&|line| json!(line.agrees())));
    told
}

fn measures(rivals: &Rivals, transfer: &Transfer) -> Tidy {
    use Column::{Part, Quantity, Region, Scenario, Sector, Statistic, Unit};
    let mut tidy = Tidy::new(&[Scenario, Quantity, Unit, Region, Sector, Part, Statistic]);
    let industries = &rivals.industries;
    for (quantity, effects) in rivals.quantities.iter().zip(&transfer.quantities) {
        let unit = quantity.unit.to_string();
        let mut add = |scenario: &str, measure: Measure, statistic: &str, values: &[f64]| {
            for (at, value) in values.iter().enumerate() {
                let (region, sector) = industries.split(at);
                let (region, sector) =
                    (industries.regions.code(region), industries.sectors.code(sector));
                let texts =
                    [scenario, &quantity.code, &unit, region, sector, measure.word(), statistic];
                tidy.push(&texts, *value);
            }
        };
        let pull = &quantity.demand_pull;
        for (year, scenario) in ["base", "target"].into_iter().enumerate() {
            add(scenario, Measure::DemandPull, "in", &pull.transfer_in(year));
            add(scenario, Measure::DemandPull, "out", &pull.transfer_out(year));
            add(scenario, Measure::DemandPull, "net", &pull.net(year));
        }
        add("change", Measure::DemandPull, "net", &pull.net_change());
        if let Some(orders) = &effects.sourcing_orders {
            add("change", Measure::BaseWeights, "value", &orders.base);
            add("change", Measure::BaseWeights, "interaction", &orders.base_interaction);
            add("change", Measure::EndWeights, "value", &orders.end);
            add("change", Measure::EndWeights, "interaction", &orders.end_interaction);
        }
        add("change", Measure::ShiftShare, "value", &quantity.shift_share);
    }
    tidy
}

/// Below this share of the largest value a user's demand is rounding: the discrepancy of a table that
/// adds up.
const ROUNDING: f64 = 1e-12;

fn demand_pull(rivals: &Rivals) -> Tidy {
    use Column::{From, Quantity, Scenario, Sector, To, Unit};
    let mut tidy = Tidy::new(&[Scenario, Quantity, Unit, Sector, From, To]);
    let industries = &rivals.industries;
    for quantity in &rivals.quantities {
        let unit = quantity.unit.to_string();
        let years = &quantity.demand_pull.embodied;
        let largest = |values: &[f64]| values.iter().map(|v| v.abs()).fold(0.0, f64::max);
        let size = years.iter().flatten().map(|values| largest(values)).fold(0.0, f64::max);
        let counts = |user: usize| years.iter().any(|year| largest(&year[user]) > ROUNDING * size);
        let users = rivals.users.iter().enumerate().filter(|(user, _)| counts(*user));
        let users: Vec<(usize, &str)> =
            users.map(|(at, user)| (at, user.label.code.as_str())).collect();
        for (scenario, embodied) in ["base", "target"].into_iter().zip(years) {
            for (user, from) in &users {
                for (at, value) in embodied[*user].iter().enumerate() {
                    let (region, sector) = industries.split(at);
                    let (to, sector) =
                        (industries.regions.code(region), industries.sectors.code(sector));
                    tidy.push(&[scenario, &quantity.code, &unit, sector, from, to], *value);
                }
            }
        }
    }
    tidy
}

fn agreement(rivals: &Rivals) -> Tidy {
    use Column::{Part, Quantity, Region, Sector, Statistic, Unit};
    let mut tidy = Tidy::new(&[Quantity, Unit, Region, Sector, Part, Statistic]);
    for quantity in &rivals.quantities {
        let money = quantity.unit.to_string();
        for line in &quantity.lines {
            let region = rivals.industries.regions.code(line.region);
            let sector = &rivals.sets[line.set].name;
            let mut add = |unit: &str, measure: &str, statistic: &str, value: f64| {
                tidy.push(&[&quantity.code, unit, region, sector, measure, statistic], value);
            };
            let flag = |yes: bool| f64::from(u8::from(yes));
            for measure in Measure::ALL {
                let word = measure.word();
                add(&money, word, "value", line.value(measure));
                if measure == Measure::Sourcing {
                    add(&money, word, "min", line.range[0]);
                    add(&money, word, "max", line.range[1]);
                    if let Some(share) = line.orders_agree() {
                        add("1", word, "share_of_orders", share);
                    }
                    continue;
                }
                let apart = line.disagreement(measure);
                add("1", word, "agrees", flag(apart.is_none()));
                if let Some(found) = apart {
                    add(&money, word, found.reason.word(), found.explained);
                }
            }
            add("1", "all_measures", "agrees", flag(line.agrees()));
        }
    }
    tidy
}
