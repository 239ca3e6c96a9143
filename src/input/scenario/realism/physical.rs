//! Switches with physical numbers: freight, electricity, limits, products.

use super::keys::{Keys, Range, regions, sectors};
use crate::input::scenario::pairs::Pairs;
use crate::realism::capacity::{Limit, Resource};
use crate::realism::electricity::{Electricity, PowerSupply};
use crate::realism::freight::{Freight, Good};
use crate::realism::plausibility::PricedProduct;
use crate::relocation::Move;
use crate::scenario::realism::{Hauling, NamedLimit, Power, Product};
use crate::table::InputFile;

/// `[realism.freight]`.
pub(super) fn freight(keys: &Keys<'_>, inputs: &mut Vec<InputFile>) -> Option<Hauling> {
    let stressor = keys.stressor();
    let unit = keys.unit_factor(stressor);
    let factor = keys.required("factor", Range::Ratio);
    let weights = keys.by_name("tonnes_per_money", sectors, Range::Ratio);
    keys.section.require("distances");
    let distances = keys.pairs("distances", "distance", inputs).and_then(|d| complete(keys, &d));
    let industries = keys.table()?.industries();
    let goods = weights?.into_iter().enumerate().filter_map(|(sector, weight)| {
        weight.map(|tonnes_per_money| Good { sector, tonnes_per_money })
    });
    let freight =
        Freight { goods: goods.collect(), distances: distances?, factor: factor? * unit? };
    keys.check(freight.check(industries))?;
    Some(Hauling { freight, stressor: stressor? })
}

/// Distances are as far one way as the other where only one is given; every pair needs one.
fn complete(keys: &Keys<'_>, pairs: &Pairs) -> Option<Vec<Vec<f64>>> {
    let regions = &keys.table()?.industries().regions;
    let mut missing = Vec::new();
    let mut all = vec![vec![0.0; pairs.len()]; pairs.len()];
    for from in 0..pairs.len() {
        for to in 0..pairs.len() {
            match pairs[from][to].or(pairs[to][from]) {
                Some(distance) => all[from][to] = distance,
                None if from <= to => {
                    missing.push(format!("{}-{}", regions.code(from), regions.code(to)));
                }
                None => {}
            }
        }
    }
    if missing.is_empty() && all.iter().flatten().all(|distance| *distance == 0.0) {
        let help = "in km: what moves nowhere needs no [realism.freight]";
        keys.fault(keys.section.at_key("distances"), "every distance is 0", help);
        return None;
    }
    if missing.is_empty() {
        return Some(all);
    }
    let text = format!("no distance for {}", missing.join(", "));
    let help = "one line for each pair of regions, and one for hauls within each region";
    keys.fault(keys.section.at_key("distances"), text, help);
    None
}

/// `[realism.electricity]`.
pub(super) fn electricity(
    keys: &Keys<'_>,
    moves: &[Move],
    inputs: &mut Vec<InputFile>,
) -> Option<Power> {
    let stressor = keys.stressor();
    let unit = keys.unit_factor(stressor);
    let sector = keys.position("sector", sectors);
    let energy = keys.all_by_name("mwh_per_money", regions, Range::Ratio);
    let factors = keys.all_by_name("factors", regions, Range::Ratio);
    let flow = keys.pairs("flow", "share", inputs);
    let industries = keys.table()?.industries();
    let supply = match keys.section.has("flow") {
        true => {
            let of_row = |row: &Vec<Option<f64>>| row.iter().map(|v| v.unwrap_or(0.0)).collect();
            PowerSupply::Flow(flow?.iter().map(of_row).collect())
        }
        false => PowerSupply::Grid,
    };
    let unit = unit?;
    let electricity = Electricity {
        sector: sector?,
        energy_per_money: energy?,
        factors: factors?.iter().map(|factor| factor * unit).collect(),
        supply,
    };
    keys.check(electricity.check(industries, moves))?;
    Some(Power { electricity, stressor: stressor? })
}

/// One `[[realism.capacity]]`: a limit for each of its regions (and sectors).
pub(super) fn capacity(keys: &Keys<'_>, inputs: &mut Vec<InputFile>) -> Option<Vec<NamedLimit>> {
    let name = keys.section.text("name").map(|text| text.value);
    let of = keys.positions("region", regions);
    let kinds = ["growth", "quota", "intensity"];
    let given: Vec<&str> = kinds.into_iter().filter(|key| keys.section.has(key)).collect();
    let most: Vec<Option<f64>> =
        kinds.into_iter().map(|key| keys.number(key, Range::FromZero)).collect();
    let [kind] = given[..] else {
        // What goes with either of them is known, whichever is meant.
        ["sector", "stressor", "coefficients", "unit"].into_iter().for_each(|key| {
            keys.section.has(key);
        });
        let help = "growth = 0.2 of an industry's output, quota = AMOUNT of a stressor or resource, intensity = AMOUNT \
                    of a stressor per value added";
        let text = "a limit needs one of growth, quota, intensity";
        keys.fault(keys.section.at(), text, help);
        return None;
    };
    let most = most.into_iter().flatten().next();
    let named = |what: String| name.as_ref().map_or(what.clone(), |name| format!("{name}: {what}"));
    if kind == "growth" {
        let sectors = keys.positions("sector", sectors);
        let (table, of, most) = (keys.table()?, of?, most?);
        let (axes, unit) = (table.industries(), table.meta().unit.to_string());
        let each = sectors?.into_iter().flat_map(|sector| of.iter().map(move |r| (*r, sector)));
        let limits = each.map(|(region, sector)| NamedLimit {
            name: named(format!("growth of {}", axes.name(axes.index(region, sector)))),
            unit: unit.clone(),
            limit: Limit::Growth { region, sector, most },
        });
        return checked(keys, limits.collect());
    }
    let coefficients = (kind == "quota").then(|| keys.industries("coefficients", inputs)).flatten();
    let by_file = kind == "quota" && keys.section.has("coefficients");
    let own_unit = if by_file { keys.section.text("unit") } else { None };
    let stressor = if by_file { None } else { keys.stressor() };
    let (table, of, most) = (keys.table()?, of?, most?);
    let (resource, unit, what) = if by_file {
        let unit = own_unit.map_or("1".to_owned(), |text| text.value);
        (Resource::Coefficients(coefficients?), unit, "resource".to_owned())
    } else {
        let extension = &table.extensions()[stressor?];
        let unit = extension.unit.to_string();
        (Resource::Stressor(stressor?), unit, extension.label.code.clone())
    };
    let one = |region: usize| {
        let code = table.industries().regions.code(region);
        match &resource {
            Resource::Stressor(stressor) if kind == "intensity" => NamedLimit {
                name: named(format!("{what} per value added of {code}")),
                unit: format!("{unit} per {}", table.meta().unit),
                limit: Limit::Intensity { region, stressor: *stressor, most },
            },
            _ => NamedLimit {
                name: named(format!("{what} of {code}")),
                unit: unit.clone(),
                limit: Limit::Quota { region, resource: resource.clone(), most },
            },
        }
    };
    checked(keys, of.into_iter().map(one).collect())
}

fn checked(keys: &Keys<'_>, limits: Vec<NamedLimit>) -> Option<Vec<NamedLimit>> {
    let industries = keys.table()?.industries();
    limits.iter().try_for_each(|limit| keys.check(limit.limit.check(industries)))?;
    Some(limits)
}

/// One `[[realism.products]]`.
pub(super) fn product(keys: &Keys<'_>) -> Option<Product> {
    let sector = keys.position("sector", sectors);
    let price = keys.required("price", Range::AboveZero);
    let size = keys.number("plant_size", Range::AboveZero);
    let known = keys.number("known_tonnes", Range::AboveZero);
    // A number that is there and faulty has been told: the product is not read without it.
    if keys.section.has("plant_size") != size.is_some()
        || keys.section.has("known_tonnes") != known.is_some()
    {
        return None;
    }
    let priced = PricedProduct { sector: sector?, price: price?, plant_size: size };
    keys.check(priced.check())?;
    Some(Product { priced, known_tonnes: known })
}
