//! Files of a footprint.

use serde_json::{Map, Value, json};

use super::by_region;
use super::net_flows;
use super::sectors::OTHERS;
use crate::footprint::{Footprint, QuantityFootprint};
use crate::labels::places::ALL;
use crate::recorded::NamedCode;
use crate::report::results::Results;
use crate::table::Table;
use crate::tidy::{Column, Tidy};

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
        results.file(
            "routes.csv",
            "what one region produces for the final demand of another less what that produces for it, from the one that produces more; \
             others are all net flows but the twelve largest, with their share",
            routes(table, footprint),
        );
    }
    results.file(
        "sums.csv",
        "each region, other user and all: produced, consumed, of regions produced less consumed (net), direct emissions of households, and where asked for \
         exports, imports, and what regions produce for one another (to_regions, from_regions, net_regions) (part)",
        sums(table, footprint),
    );
    if let Some(population) = table.population() {
        results.file(
            "per_capita.csv",
            "production and consumption of each region and what it produces less what it consumes (net), direct emissions of its \
             households included, per person",
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
        if matches!(account.quantity, crate::table::Quantity::Stressor(_)) {
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

/// Accounts summed over sectors.
fn sums(table: &Table, footprint: &Footprint) -> Tidy {
    use Column::{Part, Quantity, Region, Unit};
    let mut tidy = Tidy::new(&[Quantity, Unit, Region, Part]);
    let industries = table.industries();
    let users: Vec<&str> = footprint.users.iter().map(|user| user.label.code.as_str()).collect();
    for account in &footprint.quantities {
        let code = table.quantity_code(account.quantity);
        let unit = table.quantity_unit(account.quantity).to_string();
        let mut add = |part: &str, values: &[f64]| {
            for (user, value) in users.iter().zip(values) {
                tidy.push(&[code, &unit, user, part], *value);
            }
            tidy.push(&[code, &unit, ALL, part], values.iter().sum());
        };
        let over_products = |values: &[Vec<f64>]| -> Vec<f64> {
            values.iter().map(|values| values.iter().sum()).collect()
        };
        let produced = industries.by_region(&account.production);
        let consumed = over_products(&account.consumption);
        let net: Vec<f64> = produced.iter().zip(&consumed).map(|(p, c)| p - c).collect();
        add("production", &produced);
        add("consumption", &consumed);
        if let Some(exports) = &account.exports {
            add("exports", &industries.by_region(exports));
        }
        if let Some(imports) = &account.imports {
            add("imports", &over_products(imports));
        }
        if matches!(account.quantity, crate::table::Quantity::Stressor(_)) {
            add("households", &account.households);
        }
        for (region, value) in users.iter().zip(&net) {
            tidy.push(&[code, &unit, region, "net"], *value);
        }
        for (region, [to, from]) in users.iter().zip(between(table, account)) {
            tidy.push(&[code, &unit, region, "to_regions"], to);
            tidy.push(&[code, &unit, region, "from_regions"], from);
            tidy.push(&[code, &unit, region, "net_regions"], to - from);
        }
    }
    tidy
}

/// What each region produces for the final demand of the others, and they for its own; empty without flows.
fn between(table: &Table, account: &QuantityFootprint) -> Vec<[f64; 2]> {
    let Some(flows) = &account.flows else { return Vec::new() };
    let regions = table.industries().regions.len();
    let others = |own: usize| (0..regions).filter(move |other| *other != own);
    (0..regions)
        .map(|own| {
            let to = others(own).map(|other| flows[own][other]).sum();
            [to, others(own).map(|other| flows[other][own]).sum()]
        })
        .collect()
}

/// Net flows between regions, each from the one that produces more for the other.
fn routes(table: &Table, footprint: &Footprint) -> Tidy {
    use Column::{From, Part, Quantity, To, Unit};
    let mut tidy = Tidy::new(&[Quantity, Unit, From, To, Part]);
    let regions = &table.industries().regions;
    for account in &footprint.quantities {
        let Some(flows) = &account.flows else { continue };
        let code = table.quantity_code(account.quantity);
        let unit = table.quantity_unit(account.quantity).to_string();
        let mut nets = Vec::new();
        for (from, sold) in flows.iter().enumerate().take(regions.len()) {
            for to in (0..regions.len()).filter(|to| *to != from) {
                let net = sold[to] - flows[to][from];
                if net > 0.0 {
                    tidy.push(&[code, &unit, regions.code(from), regions.code(to), "net"], net);
                    nets.push(net);
                }
            }
        }
        if let Some([rest, share]) = net_flows::others(nets.into_iter()) {
            tidy.push(&[code, &unit, OTHERS, OTHERS, "net"], rest);
            tidy.push(&[code, "1", OTHERS, OTHERS, "share_of_net"], share);
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
            let households = account.households[region];
            for (part, value) in [
                ("production", produced[region] + households),
                ("consumption", consumed + households),
                ("net", produced[region] - consumed),
            ] {
                tidy.push(&[code, &unit, industries.regions.code(region), part], value / people);
            }
        }
    }
    tidy
}
