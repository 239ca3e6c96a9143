//! Results of each method as tidy files.

mod agglomeration;
mod autocorrelation;
pub(super) mod build;
pub(super) mod ensemble;
mod estimate;
mod grid;
mod groups;
mod intensity;
mod lead;
mod location;
mod named;
mod prices;
mod realism;
mod rivals;
mod run;
mod transfer;

use serde_json::{Map, Value, json};

use super::results::Results;
use crate::backcast::Backcast;
use crate::footprint::{Footprint, QuantityImpact};
use crate::labels::Industries;
use crate::recorded::NamedCode;
use crate::table::{Quantity, Table};
use crate::tidy::{Column, Tidy};

pub use agglomeration::agglomeration;
pub(super) use agglomeration::verdict;
pub use build::{build, build_switches};
pub use ensemble::uncertainty;
pub use estimate::{estimate_headline, estimates};
pub use grid::grid;
pub use groups::group_switches;
pub use location::location;
pub use prices::deflators;
pub use realism::realism_switches;
pub use rivals::rivals;
pub use run::{baseline, density, moves, run, target_switches, trajectory};
pub use transfer::transfer;

fn by_region(industries: &Industries, values: &[f64]) -> Value {
    let sums = industries.by_region(values);
    let codes = industries.regions.labels().iter().map(|label| label.code.clone());
    Value::Object(codes.zip(sums).map(|(code, sum)| (code, json!(sum))).collect())
}

/// What an earlier table would have foretold, as JSON.
pub fn backcast(table: &Table, foretold: &[Backcast]) -> Value {
    let codes: Vec<&str> =
        table.industries().regions.labels().iter().map(|label| label.code.as_str()).collect();
    let named = |values: &[f64]| -> Map<String, Value> {
        codes.iter().zip(values).map(|(code, value)| ((*code).to_owned(), json!(value))).collect()
    };
    let one = |found: &Backcast| {
        let predictions = found.predictions.iter().map(|prediction| {
            let value = json!({
                "error": prediction.error,
                "error_to_total": prediction.error_to_total,
                "by_region": named(&prediction.by_region),
            });
            (prediction.knowledge.word().to_owned(), value)
        });
        let predictions: Map<String, Value> = predictions.collect();
        let value =
            json!({ "unit": found.unit, "true": named(&found.truth), "foretold": predictions });
        (found.code.clone(), value)
    };
    Value::Object(foretold.iter().map(one).collect())
}

/// Adds every file of a footprint.
pub fn footprint(results: &mut Results, table: &Table, footprint: &Footprint) {
    results.file(
        "accounts.csv",
        "production account by producing sector, consumption account by product bought (sector), exports by producing \
         sector, imports by product bought where asked for, direct emissions of households (sector households); by \
         region",
        accounts(table, footprint),
    );
    if footprint.quantities.iter().any(|account| account.flows.is_some()) {
        results.file(
            "flows.csv",
            "embodied in the final demand of each region (to), and of exports, inventories and the error column, by \
             producing region (from)",
            flows(table, footprint),
        );
    }
    if let Some(population) = table.population() {
        results.file(
            "per_capita.csv",
            "production and consumption of each region, direct emissions of its households included, per person",
            per_capita(table, footprint, population),
        );
    }
    results.names("users", footprint.users.iter().map(|user| NamedCode::of(&user.label)));
    let mut headline = Map::new();
    for account in &footprint.quantities {
        let consumed: Vec<f64> =
            account.consumption.iter().map(|values| values.iter().sum()).collect();
        let users = footprint.users.iter().map(|user| user.label.code.clone());
        let consumption: Map<String, Value> =
            users.zip(consumed).map(|(code, v)| (code, json!(v))).collect();
        headline.insert(
            table.quantity_code(account.quantity).to_owned(),
            json!({ "production": by_region(table.industries(), &account.production), "consumption": consumption }),
        );
        let name = format!("{} produced less consumed", table.quantity_code(account.quantity));
        results.residuals.insert(name, json!(account.residual));
    }
    results.headline = Value::Object(headline);
}

fn accounts(table: &Table, footprint: &Footprint) -> Tidy {
    use Column::{Part, Quantity, Region, Sector, Unit};
    let mut tidy = Tidy::new(&[Quantity, Unit, Region, Sector, Part]);
    let industries = table.industries();
    for account in &footprint.quantities {
        let (code, unit) = (
            table.quantity_code(account.quantity),
            table.quantity_unit(account.quantity).to_string(),
        );
        let mut by_industry = |values: &[f64], part: &str| {
            for (at, value) in values.iter().enumerate() {
                let (region, sector) = industries.split(at);
                let (region, sector) =
                    (industries.regions.code(region), industries.sectors.code(sector));
                tidy.push(&[code, &unit, region, sector, part], *value);
            }
        };
        by_industry(&account.production, "production");
        if let Some(exports) = &account.exports {
            by_industry(exports, "exports");
        }
        let mut by_product = |values: &[Vec<f64>], part: &str| {
            for (user, values) in footprint.users.iter().zip(values) {
                for (sector, value) in values.iter().enumerate() {
                    let sector = industries.sectors.code(sector);
                    tidy.push(&[code, &unit, &user.label.code, sector, part], *value);
                }
            }
        };
        by_product(&account.consumption, "consumption");
        if let Some(imports) = &account.imports {
            by_product(imports, "imports");
        }
        if matches!(account.quantity, self::Quantity::Stressor(_)) {
            for (region, value) in account.households.iter().enumerate() {
                tidy.push(
                    &[code, &unit, industries.regions.code(region), "households", "households"],
                    *value,
                );
            }
        }
    }
    tidy
}

fn flows(table: &Table, footprint: &Footprint) -> Tidy {
    use Column::{From, Quantity, To, Unit};
    let mut tidy = Tidy::new(&[Quantity, Unit, From, To]);
    for account in &footprint.quantities {
        let (code, unit) = (
            table.quantity_code(account.quantity),
            table.quantity_unit(account.quantity).to_string(),
        );
        for (region, row) in account.flows.iter().flatten().enumerate() {
            for (user, value) in footprint.users.iter().zip(row) {
                tidy.push(
                    &[code, &unit, table.industries().regions.code(region), &user.label.code],
                    *value,
                );
            }
        }
    }
    tidy
}

fn per_capita(table: &Table, footprint: &Footprint, population: &[f64]) -> Tidy {
    use Column::{Part, Quantity, Region, Unit};
    let mut tidy = Tidy::new(&[Quantity, Unit, Region, Part]);
    let industries = table.industries();
    for account in &footprint.quantities {
        let code = table.quantity_code(account.quantity);
        let unit = format!("{} per person", table.quantity_unit(account.quantity));
        let produced = industries.by_region(&account.production);
        for (region, people) in population.iter().enumerate() {
            let consumed: f64 = account.consumption[region].iter().sum();
            for (part, value) in [("production", produced[region]), ("consumption", consumed)] {
                let value = (value + account.households[region]) / people;
                tidy.push(&[code, &unit, industries.regions.code(region), part], value);
            }
        }
    }
    tidy
}

/// Adds the file of a demand shock.
pub fn impact(results: &mut Results, table: &Table, impacts: &[QuantityImpact]) {
    use Column::{Part, Quantity, Region, Sector, Unit};
    let mut tidy = Tidy::new(&[Quantity, Unit, Region, Sector, Part]);
    let industries = table.industries();
    let mut headline = Map::new();
    for impact in impacts {
        let (code, unit) = (
            table.quantity_code(impact.quantity),
            table.quantity_unit(impact.quantity).to_string(),
        );
        for at in 0..industries.len() {
            let (region, sector) = industries.split(at);
            let (region, sector) =
                (industries.regions.code(region), industries.sectors.code(sector));
            let (direct, total) = (impact.direct[at], impact.total[at]);
            for (part, value) in [("direct", direct), ("indirect", total - direct)] {
                tidy.push(&[code, &unit, region, sector, part], value);
            }
        }
        headline.insert(code.to_owned(), by_region(industries, &impact.total));
    }
    results.headline = Value::Object(headline);
    results.file(
        "impact.csv",
        "what the shock does in the industries whose products are bought (direct) and in their suppliers (indirect)",
        tidy,
    );
}
