//! Files of an industrial transfer.

mod places;

use serde_json::{Map, Value, json};

use super::{by_region, named};
use crate::decomposition::Factor;
use crate::decomposition::groups::effect_on;
use crate::decomposition::pairs::{FactorPairs, PairKind};
use crate::decomposition::transfer::{QuantityEffects, Transfer};
use crate::labels::{Label, RegionGroup, SectorClasses};
use crate::report::results::Results;
use crate::tidy::{Column, Tidy};

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
    named::groups(results, groups, &transfer.industries.regions);
    if let Some(classes) = classes {
        named::classes(results, classes, &transfer.industries.sectors);
    }
    results.file(
        "effects.csv",
        "effect of each factor by region and sector; for sourcing and export_origin also direct and upstream parts; \
         parts total and direct + upstream are the same change",
        effects(transfer),
    );
    places::places(results, transfer, groups);
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
    if !groups.is_empty() {
        headline.insert("groups".to_owned(), group_headline(transfer, groups));
    }
    if let Some(classes) = classes {
        let named = |label: &Label| (label.code.clone(), names(label));
        let names: Map<String, Value> = classes.labels.iter().map(named).collect();
        headline.insert("classes".to_owned(), Value::Object(names));
    }
    results.headline = Value::Object(headline);
}

fn names(label: &Label) -> Value {
    json!({ "en": label.en, "zh": label.zh })
}

/// Effects on each group as a whole, by factor, quantity and kind of pair.
fn group_headline(transfer: &Transfer, groups: &[RegionGroup]) -> Value {
    let of_group = |group: &RegionGroup| {
        let mut found = Map::new();
        found.insert("names".to_owned(), names(&group.label));
        let regions: Vec<&str> =
            group.members().map(|region| transfer.industries.regions.code(region)).collect();
        found.insert("regions".to_owned(), json!(regions));
        for pairs in &transfer.pairs {
            let of_quantity = |(at, quantity): (usize, &QuantityEffects)| {
                let effect = effect_on(&[pairs], at, group);
                let numbers = json!({
                    "inward": effect.inward,
                    "outward": effect.outward,
                    "overall": effect.overall(),
                    "internal": effect.internal,
                    "outside": effect.outside,
                });
                (quantity.code.clone(), numbers)
            };
            let numbers = transfer.quantities.iter().enumerate().map(of_quantity).collect();
            found.insert(pairs.factor.word().to_owned(), Value::Object(numbers));
        }
        (group.label.code.clone(), Value::Object(found))
    };
    Value::Object(groups.iter().map(of_group).collect())
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
        Some(classes) => {
            effect.chunks(classes.labels.len()).map(|part| part.iter().sum()).collect()
        }
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
        let own = &group.label.code;
        let rest = format!("not_{own}");
        for pairs in &transfer.pairs {
            for (at, quantity) in transfer.quantities.iter().enumerate() {
                let unit = quantity.unit.to_string();
                for (kind, effect) in pairs.by_kind(at, &group.inside) {
                    let (from, to) = match kind {
                        PairKind::Internal => (own, own),
                        PairKind::Inward => (&rest, own),
                        PairKind::Outward => (own, &rest),
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
    let count = classes.labels.len();
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
                                &classes.labels[own].code,
                                regions.code(from),
                                regions.code(to),
                                &classes.labels[class].code,
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
    let count = classes.labels.len();
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
