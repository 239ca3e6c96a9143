//! Results of each method as tidy files.

use serde_json::{Map, Value, json};

use super::results::Results;
use crate::decomposition::Factor;
use crate::decomposition::pairs::{FactorPairs, PairKind};
use crate::decomposition::transfer::Transfer;
use crate::footprint::{Footprint, QuantityImpact};
use crate::labels::Industries;
use crate::relocation::indicators::IndicatorUnit;
use crate::relocation::{Suppliers, Technology};
use crate::run::{Outcome, STEPS};
use crate::scenario::{Baseline, Growth, PlannedMove, Scenario, SizePath, Trajectory};
use crate::table::{Quantity, Table};
use crate::tidy::{Column, Tidy};

/// A set of regions that a report looks at as one.
#[derive(Debug, Clone, PartialEq)]
pub struct RegionGroup {
    /// Its name.
    pub name: String,
    /// Whether each region is in it.
    pub inside: Vec<bool>,
}

/// Classes of sectors: their names, and the class of each sector.
#[derive(Debug, Clone, PartialEq)]
pub struct SectorClasses {
    /// Names in order.
    pub names: Vec<String>,
    /// Class of each sector.
    pub of: Vec<usize>,
}

/// Adds every file of a transfer.
///
/// `classes` must be those that the pairs were computed for; without classes the pairs' impact
/// groups are regions.
pub fn transfer(
    results: &mut Results,
    transfer: &Transfer,
    groups: &[RegionGroup],
    classes: Option<&SectorClasses>,
) {
    results.file(
        "effects.csv",
        "effect of each factor by region and sector; for sourcing and export_origin also direct and upstream parts; \
         parts total and direct + upstream are the same change",
        effects(transfer),
    );
    if transfer.pairs.is_empty() {
        return;
    }
    results.file(
        "pairs.csv",
        "transfers from region to region by product: direct (by who set them off, output only) and the full effect \
         (total) on each region",
        pairs(transfer, classes),
    );
    results.file(
        "transfers.csv",
        "transfer-in, transfer-out and net of each region and sector (direct); gross figures grow with the detail of \
         the table, only nets compare between tables",
        transfers(transfer),
    );
    if !groups.is_empty() {
        results.file(
            "groups.csv",
            "full effect on each region of moves inside a group (internal), into it (inward), out of it (outward) and \
             elsewhere (outside); from and to name the group and the rest",
            group_effects(transfer, groups, classes),
        );
    }
    if let Some(classes) = classes {
        results.file(
            "classes.csv",
            "pairs by class of product and class of the producing sector (sector): direct on the class's own row, \
             upstream in the two regions of the pair (upstream_within) and in the others (upstream_elsewhere)",
            class_effects(transfer, classes),
        );
    }
    let mut headline = Map::new();
    for quantity in &transfer.quantities {
        let mut regions = Map::new();
        for factor in [Factor::Sourcing, Factor::ExportOrigin] {
            if let Some(effect) = quantity.effect(factor) {
                regions.insert(
                    factor.word().to_owned(),
                    by_region(&transfer.industries, &effect.total),
                );
            }
        }
        headline.insert(quantity.code.clone(), Value::Object(regions));
    }
    results.headline = Value::Object(headline);
}

fn by_region(industries: &Industries, values: &[f64]) -> Value {
    let sums = industries.by_region(values);
    let codes = industries.regions.labels().iter().map(|label| label.code.clone());
    Value::Object(codes.zip(sums).map(|(code, sum)| (code, json!(sum))).collect())
}

fn effects(transfer: &Transfer) -> Tidy {
    use Column::{Factor as FactorColumn, Part, Quantity, Region, Sector, Statistic, Unit};
    let ranged =
        transfer.quantities.iter().any(|q| q.effects.iter().any(|effect| effect.range.is_some()));
    let mut columns = vec![Quantity, Unit, Region, Sector, FactorColumn, Part];
    if ranged {
        columns.push(Statistic);
    }
    let mut tidy = Tidy::new(&columns);
    let industries = &transfer.industries;
    for quantity in &transfer.quantities {
        let unit = quantity.unit.to_string();
        let mut add = |factor: &str, part: &str, statistic: &str, values: &[f64]| {
            for (at, value) in values.iter().enumerate() {
                let (region, sector) = industries.split(at);
                let (region, sector) =
                    (industries.regions.code(region), industries.sectors.code(sector));
                let texts =
                    [&quantity.code, unit.as_str(), region, sector, factor, part, statistic];
                tidy.push(&texts[..columns.len()], *value);
            }
        };
        for effect in &quantity.effects {
            let word = effect.factor.word();
            add(word, "total", "value", &effect.total);
            if let (Some(direct), Some(upstream)) = (&effect.direct, effect.upstream()) {
                add(word, "direct", "value", direct);
                add(word, "upstream", "value", &upstream);
            }
            if let Some((low, high)) = &effect.range {
                add(word, "total", "min", low);
                add(word, "total", "max", high);
            }
        }
        if let Some(interaction) = &quantity.interaction {
            add("interaction", "total", "value", interaction);
        }
    }
    tidy
}

/// Effects of a pair on each region, whatever the impact groups are.
fn on_regions(effect: &[f64], classes: Option<&SectorClasses>) -> Vec<f64> {
    match classes {
        None => effect.to_vec(),
        Some(classes) => effect.chunks(classes.names.len()).map(|part| part.iter().sum()).collect(),
    }
}

fn pairs(transfer: &Transfer, classes: Option<&SectorClasses>) -> Tidy {
    use Column::{Factor, From, Part, Product, Quantity, Region, To, Unit};
    let mut tidy = Tidy::new(&[Quantity, Unit, Region, From, To, Product, Factor, Part]);
    let (regions, sectors) = (&transfer.industries.regions, &transfer.industries.sectors);
    for pairs in &transfer.pairs {
        let factor = pairs.factor.word();
        for (at, quantity) in transfer.quantities.iter().enumerate() {
            let unit = quantity.unit.to_string();
            for (from, to, product) in pairs.keys() {
                let [intermediate, final_use] = pairs.direct(from, to, product);
                let direct = [("direct_intermediate", intermediate), ("direct_final", final_use)];
                if direct.iter().all(|(_, value)| *value == 0.0) {
                    continue;
                }
                let (from_code, to_code, product_code) =
                    (regions.code(from), regions.code(to), sectors.code(product));
                let mut add = |region: &str, part: &str, value: f64| {
                    let texts = [
                        &quantity.code,
                        unit.as_str(),
                        region,
                        from_code,
                        to_code,
                        product_code,
                        factor,
                        part,
                    ];
                    tidy.push(&texts, value);
                };
                // What moves, in the receiving region; the giving region loses the same output.
                if at == 0 {
                    for (part, value) in direct.into_iter().filter(|(_, value)| *value != 0.0) {
                        add(to_code, part, value);
                    }
                }
                let effect = on_regions(pairs.effect(at, from, to, product), classes);
                for (region, value) in effect.into_iter().enumerate() {
                    add(regions.code(region), "total", value);
                }
            }
        }
    }
    tidy
}

fn transfers(transfer: &Transfer) -> Tidy {
    use Column::{Factor, Part, Quantity, Region, Sector, Unit};
    let mut tidy = Tidy::new(&[Quantity, Unit, Region, Sector, Factor, Part]);
    let industries = &transfer.industries;
    for pairs in &transfer.pairs {
        for (at, quantity) in transfer.quantities.iter().enumerate() {
            let unit = quantity.unit.to_string();
            let (inward, outward) = (pairs.transfer_in(at), pairs.transfer_out(at));
            let net: Vec<f64> = inward.iter().zip(&outward).map(|(i, o)| i - o).collect();
            for (part, values) in [("in", &inward), ("out", &outward), ("net", &net)] {
                for (k, value) in values.iter().enumerate() {
                    let (region, sector) = industries.split(k);
                    let (region, sector) =
                        (industries.regions.code(region), industries.sectors.code(sector));
                    tidy.push(
                        &[&quantity.code, &unit, region, sector, pairs.factor.word(), part],
                        *value,
                    );
                }
            }
        }
    }
    tidy
}

fn group_effects(
    transfer: &Transfer,
    groups: &[RegionGroup],
    classes: Option<&SectorClasses>,
) -> Tidy {
    use Column::{Factor, From, Part, Quantity, Region, To, Unit};
    let mut tidy = Tidy::new(&[Quantity, Unit, Region, From, To, Factor, Part]);
    let regions = &transfer.industries.regions;
    for group in groups {
        let rest = format!("not_{}", group.name);
        for pairs in &transfer.pairs {
            for (at, quantity) in transfer.quantities.iter().enumerate() {
                let unit = quantity.unit.to_string();
                for (kind, effect) in pairs.by_kind(at, &group.inside) {
                    let (from, to) = match kind {
                        PairKind::Internal => (&group.name, &group.name),
                        PairKind::Inward => (&rest, &group.name),
                        PairKind::Outward => (&group.name, &rest),
                        PairKind::Outside => (&rest, &rest),
                    };
                    for (region, value) in on_regions(&effect, classes).into_iter().enumerate() {
                        let texts = [
                            &quantity.code,
                            &unit,
                            regions.code(region),
                            from,
                            to,
                            pairs.factor.word(),
                            kind.word(),
                        ];
                        tidy.push(&texts, value);
                    }
                }
            }
        }
    }
    tidy
}

fn class_effects(transfer: &Transfer, classes: &SectorClasses) -> Tidy {
    use Column::{Factor, From, Part, Product, Quantity, Region, Sector, To, Unit};
    let mut tidy = Tidy::new(&[Quantity, Unit, Region, Sector, From, To, Product, Factor, Part]);
    let regions = &transfer.industries.regions;
    let count = classes.names.len();
    for pairs in &transfer.pairs {
        for (at, quantity) in transfer.quantities.iter().enumerate() {
            let unit = quantity.unit.to_string();
            for from in 0..regions.len() {
                for to in (0..regions.len()).filter(|to| *to != from) {
                    for class in 0..count {
                        let sums = class_pair(pairs, classes, at, (from, to), class);
                        for (region, part, own, value) in sums {
                            let texts = [
                                &quantity.code,
                                &unit,
                                regions.code(region),
                                &classes.names[own],
                                regions.code(from),
                                regions.code(to),
                                &classes.names[class],
                                pairs.factor.word(),
                                part,
                            ];
                            tidy.push(&texts, value);
                        }
                    }
                }
            }
        }
    }
    tidy
}

/// Region, part, class of the producing sector and value for a pair and a class of products.
fn class_pair(
    pairs: &FactorPairs,
    classes: &SectorClasses,
    quantity: usize,
    (from, to): (usize, usize),
    class: usize,
) -> Vec<(usize, &'static str, usize, f64)> {
    let count = classes.names.len();
    let mut total = vec![0.0; pairs.groups];
    let mut direct = [0.0, 0.0];
    for product in (0..classes.of.len()).filter(|product| classes.of[*product] == class) {
        let [received, given] = pairs.received_and_given(quantity, from, to, product);
        direct[0] -= given;
        direct[1] += received;
        let effect = pairs.effect(quantity, from, to, product);
        total.iter_mut().zip(effect).for_each(|(sum, value)| *sum += value);
    }
    let mut found = Vec::new();
    for (group, total) in total.into_iter().enumerate() {
        let (region, own) = (group / count, group % count);
        let direct = if own != class {
            0.0
        } else if region == from {
            direct[0]
        } else if region == to {
            direct[1]
        } else {
            0.0
        };
        if direct != 0.0 {
            found.push((region, "direct", own, direct));
        }
        let upstream = total - direct;
        if upstream != 0.0 {
            let within = region == from || region == to;
            found.push((
                region,
                if within { "upstream_within" } else { "upstream_elsewhere" },
                own,
                upstream,
            ));
        }
    }
    found
}

/// Adds every file of a footprint.
pub fn footprint(results: &mut Results, table: &Table, footprint: &Footprint) {
    results.file(
        "accounts.csv",
        "production account by producing sector, consumption account by product bought (sector), direct emissions of \
         households (sector households); by region",
        accounts(table, footprint),
    );
    results.file(
        "flows.csv",
        "embodied in the final demand of each region (to), and of exports, inventories and the error column, by \
         producing region (from)",
        flows(table, footprint),
    );
    let mut headline = Map::new();
    for account in &footprint.quantities {
        let consumed: Vec<f64> =
            account.embodied.iter().map(|values| values.iter().sum()).collect();
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
        for (at, value) in account.production.iter().enumerate() {
            let (region, sector) = industries.split(at);
            let (region, sector) =
                (industries.regions.code(region), industries.sectors.code(sector));
            tidy.push(&[code, &unit, region, sector, "production"], *value);
        }
        for (user, by_product) in footprint.users.iter().zip(&account.by_product) {
            for sector in 0..industries.sectors.len() {
                let value = (0..industries.regions.len())
                    .map(|r| by_product[industries.index(r, sector)])
                    .sum();
                tidy.push(
                    &[
                        code,
                        &unit,
                        &user.label.code,
                        industries.sectors.code(sector),
                        "consumption",
                    ],
                    value,
                );
            }
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
        for (region, row) in account.flows(table).into_iter().enumerate() {
            for (user, value) in footprint.users.iter().zip(row) {
                tidy.push(
                    &[code, &unit, table.industries().regions.code(region), &user.label.code],
                    value,
                );
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

/// Adds every file of a scenario.
pub fn run(results: &mut Results, table: &Table, outcome: &Outcome) {
    results.file(
        "years.csv",
        "output, value added and each stressor by region and sector in the table's year (scenario base), without the \
         moves (baseline) and with them (scenario); households' direct emissions stand under sector households",
        years(table, outcome),
    );
    results.file(
        "decomposition.csv",
        "what leads from the base year to the scenario, by region: trend, relocation, supply_chain, technology \
         (factor); the four add up to the difference",
        decomposition(table, outcome),
    );
    results.file(
        "indicators.csv",
        "indicators of each stressor by year (statistic): emission transfer ratio, haven index, break-even intensity ...",
        indicators(table, outcome),
    );
    let mut headline = Map::new();
    if let Some(last) = outcome.years.last() {
        headline.insert("year".to_owned(), json!(last.year));
        headline.insert("relocated_output".to_owned(), json!(last.relocated));
        headline.insert("shares".to_owned(), json!(last.shares));
        for quantity in &last.quantities {
            let change: Vec<f64> =
                quantity.scenario.iter().zip(&quantity.baseline).map(|(s, b)| s - b).collect();
            let code = table.quantity_code(quantity.quantity).to_owned();
            headline.insert(code, by_region(table.industries(), &change));
        }
    }
    results.headline = Value::Object(headline);
}

fn years(table: &Table, outcome: &Outcome) -> Tidy {
    use Column::{Quantity as QuantityColumn, Region, Scenario, Sector, Unit, Year};
    let mut tidy = Tidy::new(&[Scenario, Year, QuantityColumn, Unit, Region, Sector]);
    let industries = table.industries();
    let mut add = |scenario: &str, year: i32, quantity: Quantity, values: &[f64]| {
        let (code, unit) =
            (table.quantity_code(quantity), table.quantity_unit(quantity).to_string());
        let year = year.to_string();
        for (at, value) in values.iter().enumerate() {
            let (region, sector) = industries.split(at);
            let (region, sector) =
                (industries.regions.code(region), industries.sectors.code(sector));
            tidy.push(&[scenario, &year, code, &unit, region, sector], *value);
        }
        if let Quantity::Stressor(stressor) = quantity {
            for (region, value) in outcome.households[stressor].iter().enumerate() {
                tidy.push(
                    &[scenario, &year, code, &unit, industries.regions.code(region), "households"],
                    *value,
                );
            }
        }
    };
    for (quantity, values) in &outcome.base {
        add("base", table.meta().year, *quantity, values);
    }
    for year in &outcome.years {
        for quantity in &year.quantities {
            add("baseline", year.year, quantity.quantity, &quantity.baseline);
            add("scenario", year.year, quantity.quantity, &quantity.scenario);
        }
    }
    tidy
}

fn decomposition(table: &Table, outcome: &Outcome) -> Tidy {
    use Column::{Factor, Quantity, Region, Unit, Year};
    let mut tidy = Tidy::new(&[Year, Quantity, Unit, Region, Factor]);
    for year in &outcome.years {
        let when = year.year.to_string();
        for quantity in &year.quantities {
            let (code, unit) = (
                table.quantity_code(quantity.quantity),
                table.quantity_unit(quantity.quantity).to_string(),
            );
            for (step, values) in STEPS.iter().zip(&quantity.steps) {
                for (region, value) in values.iter().enumerate() {
                    tidy.push(
                        &[&when, code, &unit, table.industries().regions.code(region), step],
                        *value,
                    );
                }
            }
        }
    }
    tidy
}

fn indicators(table: &Table, outcome: &Outcome) -> Tidy {
    use Column::{Quantity, Statistic, Unit, Year};
    let mut tidy = Tidy::new(&[Year, Quantity, Unit, Statistic]);
    for year in &outcome.years {
        for (at, (quantity, indicators)) in year.indicators.iter().enumerate() {
            for indicator in indicators {
                // Output and value added are the same beside every stressor.
                let money = indicator.unit == IndicatorUnit::Money;
                let code = match indicator.name {
                    "relocated_output" => "output",
                    _ if money => "value_added",
                    _ => table.quantity_code(*quantity),
                };
                if at > 0 && money {
                    continue;
                }
                // An indicator without a value is named in the notes instead.
                if let Some(value) = indicator.value {
                    let unit = super::units::indicator(table, *quantity, indicator.unit);
                    let texts = [&year.year.to_string(), code, &unit, indicator.name];
                    tidy.push(&texts, value);
                }
            }
        }
    }
    tidy
}

fn trajectory(path: &Trajectory) -> Value {
    match path {
        Trajectory::Constant(value) => json!(value),
        Trajectory::ByYear(points) => Value::Object(
            points.iter().map(|(year, value)| (year.to_string(), json!(value))).collect(),
        ),
    }
}

/// The baseline of a scenario in words, for `summary.json`.
pub fn baseline(table: &Table, baseline: &Baseline) -> Value {
    let industries = table.industries();
    let codes = |list: &Option<Vec<usize>>, code: &dyn Fn(usize) -> String| match list {
        None => json!("all"),
        Some(list) => json!(list.iter().map(|at| code(*at)).collect::<Vec<String>>()),
    };
    let region = |at: usize| industries.regions.code(at).to_owned();
    let sector = |at: usize| industries.sectors.code(at).to_owned();
    let category = |at: usize| table.final_demand().categories[at].label.code.clone();
    let stressor = |at: usize| table.extensions()[at].label.code.clone();
    let growth = |growth: &Growth| match growth {
        Growth::Rate(rate) => json!({ "rate": rate }),
        Growth::Index(path) => json!({ "index": trajectory(path) }),
    };
    let demand = baseline.demand.iter().map(|path| {
        json!({
            "region": codes(&path.regions, &region),
            "category": codes(&path.categories, &category),
            "growth": growth(&path.growth),
        })
    });
    let efficiency = baseline.efficiency.iter().map(|path| {
        json!({
            "stressor": codes(&path.stressors, &stressor),
            "region": codes(&path.regions, &region),
            "sector": codes(&path.sectors, &sector),
            "decline": growth(&path.growth),
        })
    });
    json!({ "demand": demand.collect::<Vec<Value>>(), "efficiency": efficiency.collect::<Vec<Value>>() })
}

/// The moves of a scenario in words, for `summary.json`.
pub fn moves(table: &Table, scenario: &Scenario) -> Value {
    let industries = table.industries();
    let one = |planned: &PlannedMove| {
        let mv = &planned.mv;
        let technology = match mv.technology {
            Technology::Destination => json!("destination"),
            Technology::Origin => json!("origin"),
            Technology::Mix(share) => json!({ "mix": share }),
            Technology::Best(stressor) => {
                json!({ "best": table.extensions()[stressor].label.code })
            }
        };
        let sourcing = match mv.suppliers {
            Suppliers::Destination => json!("destination"),
            Suppliers::Origin => json!("origin"),
            Suppliers::Mix(share) => json!({ "mix": share }),
        };
        let (size, value) = match &planned.size {
            SizePath::Share(share) => ("share", trajectory(share)),
            SizePath::Amount(amount) => ("amount", trajectory(amount)),
        };
        json!({
            "sector": industries.sectors.code(mv.sector),
            "from": industries.regions.code(mv.from),
            "to": industries.regions.code(mv.to),
            size: value,
            "technology": technology,
            "sourcing": sourcing,
            "exports": mv.exports,
        })
    };
    scenario.moves.iter().map(one).collect()
}
