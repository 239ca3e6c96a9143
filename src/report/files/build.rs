//! Files of a build: products, pairs, margins, comparison, drivers.

mod places;

use serde_json::{Map, Value, json};

use crate::build::account::{self, National, Product};
use crate::build::plan::{Exponents, Judgement, Outcome, Plan};
use crate::build::quality::Comparison;
use crate::report::results::Results;
use crate::tidy::{Column, Tidy};

/// Adds every file and headline of a build.
pub fn build(results: &mut Results, plan: &Plan, outcome: &Outcome, products: &[Product]) {
    let national = account::national(&plan.tables, outcome);
    results.file(
        "products.csv",
        "trade between regions by product: stated sales and purchases, what the build has, exports and imports \
         beside the country's, transit, mean distance, evenness of pairs (entropy), what distance decides",
        products_file(plan, products),
    );
    results.file(
        "trade.csv",
        "who sells to whom, by product (from, to)",
        trade_file(plan, outcome),
    );
    places::places(results, plan, outcome);
    results.file(
        "margins.csv",
        "what each region sells to and buys from other regions and abroad, by product, with what its own table states",
        margins_file(plan, outcome),
    );
    if !national.is_empty() {
        results.file(
            "national.csv",
            "sums of the regions beside the country's own table",
            national_file(plan, &national),
        );
    }
    results.file(
        "errors.csv",
        "the error column: what no table can close, by region and sector, and as a share of output by region",
        errors_file(plan, outcome),
    );
    results.file(
        "splits.csv",
        "how foreign and domestic columns of each region were read and what that rests on: shares of trade; columns 1 \
         as read, 2 doubtful, 3 exchanged; quality 0 missing, 1 all domestic, 2 present",
        splits_file(plan),
    );
    results.file(
        "drivers.csv",
        "what is done otherwise (part), and the share of trade between regions that then goes elsewhere",
        drivers_file(outcome),
    );
    if let Some(judgement) = &outcome.judgement {
        results.file(
            "comparison.csv",
            "the build, the same without distance, and the pairs of an earlier table on the same sales and purchases \
             (part), held against a table of the same year: weighted absolute percentage errors as shares",
            comparison_file(judgement),
        );
        results.file(
            "concentration.csv",
            "how sure trade shares are: concentration of Dirichlet draws by sector of the build, measured on the table it \
             is held against; [uncertainty] trade_shares = FILE takes it",
            concentration_file(plan, judgement),
        );
    }
    if outcome.estimate.is_some() {
        results.file(
            "exponents.csv",
            "exponent of distance from all other products, and the error of each product's pairs under it",
            estimate_file(outcome),
        );
    }
    results.headline = headline(outcome, products, &national);
}

/// Switches of a build, defaults too.
pub fn build_switches(results: &mut Results, plan: &Plan) {
    let exponents = match &plan.exponents {
        Exponents::Given(values) => json!(values),
        Exponents::Estimated(known) => json!({ "estimated_from": known.table.meta().name }),
    };
    let patterns: Vec<Value> = plan
        .patterns
        .iter()
        .map(|one| json!({ "sector": plan.tables.sectors.code(one.product), "weight": one.weight }))
        .collect();
    results
        .switch("regions", plan.tables.regions.len())
        .switch("own_region", "excluded: sales and purchases are what crosses a region's border")
        .switch("level", plan.rules.level.word())
        .switch("national_weight", plan.rules.national_weight)
        .switch("exponents", exponents)
        .switch("patterns", patterns);
}

fn headline(outcome: &Outcome, products: &[Product], national: &[National]) -> Value {
    let (share, largest) = account::error_share(outcome);
    let sum = |of: fn(&Product) -> f64| products.iter().map(of).sum::<f64>();
    let mut found = json!({
        "trade_between_regions": sum(|one| one.traded),
        "trade_gap": sum(|one| (one.sold - one.bought).abs()),
        "largest_gap_of_a_margin": account::largest_gap(outcome),
        "error_column_share_of_output": share,
        "largest_error_shares": largest.into_iter().collect::<std::collections::BTreeMap<_, _>>(),
        "national": national.iter().map(|one| {
            (one.quantity.to_owned(), json!({ "regions": one.regions, "national": one.national }))
        }).collect::<Map<String, Value>>(),
    });
    if let Some(estimate) = &outcome.estimate {
        found["exponent"] = json!(estimate.exponent);
        found["exponent_standard_error"] = json!(estimate.standard_error);
    }
    if let Some(judgement) = &outcome.judgement {
        let mut by = Map::new();
        for (part, comparison) in parts(judgement) {
            let values: Map<String, Value> = measures(comparison)
                .into_iter()
                .map(|(name, value)| (name.to_owned(), json!(value)))
                .collect();
            by.insert(part, Value::Object(values));
        }
        found["comparison"] = json!({ "with": judgement.table, "errors": by });
    }
    found
}

/// Measures of a comparison by name.
pub(in crate::report) fn measures(of: &Comparison) -> [(&'static str, f64); 6] {
    [
        ("cells_between", of.between),
        ("cells_between_intermediate", of.between_intermediate),
        ("routes", of.routes),
        ("cells_within", of.within),
        ("cells_within_intermediate", of.within_intermediate),
        ("level", of.level),
    ]
}

/// What is compared, by name.
pub(in crate::report) fn parts(judgement: &Judgement) -> Vec<(String, &Comparison)> {
    let mut found = vec![
        ("built".to_owned(), &judgement.built),
        ("proportional".to_owned(), &judgement.proportional),
    ];
    if let Some(like) = &judgement.on_like_columns {
        found.push(("built, like columns".to_owned(), like));
    }
    if let Some(earlier) = &judgement.earlier {
        found.push((format!("pairs of {}", earlier.table), &earlier.comparison));
    }
    found
}

fn products_file(plan: &Plan, products: &[Product]) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Quantity, Column::Unit, Column::Sector]);
    let unit = plan.tables.meta.unit.to_string();
    for (i, one) in products.iter().enumerate() {
        let code = plan.tables.sectors.code(i);
        let money = [
            ("sold_stated", Some(one.sold)),
            ("bought_stated", Some(one.bought)),
            ("sold_less_bought", Some(one.sold - one.bought)),
            ("traded", Some(one.traded)),
            ("exports", one.exports[0]),
            ("exports_national", one.exports[1]),
            ("imports", one.imports[0]),
            ("imports_national", one.imports[1]),
            ("transit", Some(one.transit)),
            ("crossed", Some(one.crossed)),
        ];
        let plain = [
            ("exponent", Some(one.exponent)),
            ("entropy", one.entropy),
            ("mean_cost", one.mean_cost),
            ("distance_effect", Some(one.distance_effect)),
            ("rounds", Some(one.rounds as f64)),
        ];
        for (values, unit) in [(&money[..], unit.as_str()), (&plain[..], "1")] {
            for (quantity, value) in values {
                if let Some(value) = value {
                    tidy.push(&[quantity, unit, code], *value);
                }
            }
        }
    }
    tidy
}

fn trade_file(plan: &Plan, outcome: &Outcome) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Unit, Column::From, Column::To, Column::Product]);
    let unit = plan.tables.meta.unit.to_string();
    let code = |r: usize| plan.tables.regions[r].region.code.as_str();
    for (i, pairs) in outcome.trade.pairs.iter().enumerate() {
        let product = plan.tables.sectors.code(i);
        for r in 0..plan.tables.regions.len() {
            for (s, value) in pairs.values.row(r).iter().enumerate().filter(|(_, v)| **v != 0.0) {
                tidy.push(&[&unit, code(r), code(s), product], *value);
            }
        }
    }
    tidy
}

fn margins_file(plan: &Plan, outcome: &Outcome) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Quantity, Column::Unit, Column::Region, Column::Sector]);
    let unit = plan.tables.meta.unit.to_string();
    let margins = &outcome.trade.margins;
    let quantities = [
        ("exports", &margins.sold.foreign),
        ("sold_stated", &margins.sold.stated),
        ("sold", &margins.sold.domestic),
        ("imports", &margins.bought.foreign),
        ("bought_stated", &margins.bought.stated),
        ("bought", &margins.bought.domestic),
        ("transit", &margins.transit),
        ("uses", &margins.uses),
    ];
    for (r, table) in plan.tables.regions.iter().enumerate() {
        for i in 0..plan.tables.sectors.len() {
            for (quantity, values) in quantities {
                let place = [quantity, &unit, &table.region.code, plan.tables.sectors.code(i)];
                tidy.push(&place, values[(i, r)]);
            }
        }
    }
    tidy
}

fn national_file(plan: &Plan, national: &[National]) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Quantity, Column::Unit, Column::Statistic]);
    let unit = plan.tables.meta.unit.to_string();
    for one in national {
        tidy.push(&[one.quantity, &unit, "regions"], one.regions);
        tidy.push(&[one.quantity, &unit, "national"], one.national);
        tidy.push(&[one.quantity, &unit, "gap"], one.regions - one.national);
    }
    tidy
}

fn errors_file(plan: &Plan, outcome: &Outcome) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Quantity, Column::Unit, Column::Region, Column::Sector]);
    let unit = plan.tables.meta.unit.to_string();
    let industries = outcome.table.industries();
    for (at, value) in account::errors(outcome).iter().enumerate().filter(|(_, v)| **v != 0.0) {
        let (r, i) = industries.split(at);
        let place = [industries.regions.code(r), industries.sectors.code(i)];
        tidy.push(&["error", &unit, place[0], place[1]], *value);
    }
    for (r, share) in account::error_by_region(outcome).iter().enumerate() {
        tidy.push(&["error_share_of_output", "1", industries.regions.code(r), "all"], *share);
    }
    tidy
}

fn splits_file(plan: &Plan) -> Tidy {
    use crate::table::regional::split::{Columns, Quality};
    let mut tidy = Tidy::new(&[Column::Region, Column::Part, Column::Statistic]);
    for (table, settled) in plan.tables.regions.iter().zip(&plan.settled) {
        let code = &table.region.code;
        let columns = match settled.columns {
            Columns::AsRead => 1.0,
            Columns::Doubtful => 2.0,
            Columns::Exchanged => 3.0,
        };
        tidy.push(&[code, "both", "columns"], columns);
        let evidence = &settled.evidence;
        for (name, value) in [
            ("impossible_as_read", evidence.impossible_as_read),
            ("impossible_exchanged", evidence.impossible_exchanged),
            ("gain", evidence.gain),
        ] {
            tidy.push(&[code, "both", name], value);
        }
        for (side, quality, foreign) in [
            ("outflow", settled.outflow, evidence.foreign_outflow),
            ("inflow", settled.inflow, evidence.foreign_inflow),
        ] {
            let (kind, gap) = match quality {
                Quality::Missing => (0.0, None),
                Quality::AllDomestic => (1.0, None),
                Quality::Present { gap, capped } => (2.0, Some((gap, capped))),
            };
            tidy.push(&[code, side, "quality"], kind);
            tidy.push(&[code, side, "foreign_share_as_read"], foreign);
            if let Some((gap, capped)) = gap {
                tidy.push(&[code, side, "gap"], gap);
                tidy.push(&[code, side, "capped"], capped);
            }
        }
    }
    tidy
}

fn drivers_file(outcome: &Outcome) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Unit, Column::Part, Column::Statistic]);
    for driver in &outcome.drivers {
        tidy.push(&["1", &driver.change, "moved"], driver.moved);
    }
    tidy
}

fn comparison_file(judgement: &Judgement) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Unit, Column::Product, Column::Part, Column::Statistic]);
    for (part, comparison) in parts(judgement) {
        for (name, value) in measures(comparison) {
            tidy.push(&["1", "all", &part, name], value);
        }
        for (i, error) in comparison.by_product.iter().enumerate() {
            if let Some(error) = error {
                tidy.push(&["1", judgement.products.code(i), &part, "routes"], *error);
            }
        }
    }
    tidy
}

fn concentration_file(plan: &Plan, judgement: &Judgement) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Quantity, Column::Sector]);
    for (i, value) in judgement.own_concentrations.iter().enumerate() {
        if let Some(value) = value {
            tidy.push(&["concentration", plan.tables.sectors.code(i)], *value);
        }
    }
    tidy
}

fn estimate_file(outcome: &Outcome) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Quantity, Column::Product]);
    let Some(estimate) = &outcome.estimate else { return tidy };
    tidy.push(&["exponent", "all"], estimate.exponent);
    tidy.push(&["exponent_standard_error", "all"], estimate.standard_error);
    for (i, found) in estimate.left_out.iter().enumerate() {
        if let Some((exponent, error)) = found {
            let product = estimate.products.code(i);
            tidy.push(&["exponent_without", product], *exponent);
            tidy.push(&["left_out_error", product], *error);
        }
    }
    tidy
}
