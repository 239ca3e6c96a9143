//! What a build did to each product, and to the country as a whole.

use super::margins::Level;
use super::plan::{Outcome, Plan};
use super::quality::{entropy, mean_cost};
use crate::fault::{Note, NoteCode};
use crate::linalg::Dense;
use crate::table::Role;
use crate::table::regional::{RegionalTables, split};
use crate::text::human;

/// Share of the country's output below which regions are not the country.
const WHOLE: f64 = 0.9;

/// Products and regions that a note names.
const NAMED: usize = 5;

/// Trade in one product, in the tables' unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// What regions say they sell to one another.
    pub sold: f64,
    /// What they say they buy from one another.
    pub bought: f64,
    /// What the build lets them trade.
    pub traded: f64,
    /// Exports of all regions, and the country's own.
    pub exports: [Option<f64>; 2],
    /// Imports of all regions, and the country's own.
    pub imports: [Option<f64>; 2],
    /// What goes through regions without being made or used there.
    pub transit: f64,
    /// What a region both sells and buys beyond what the others can take and give.
    pub crossed: f64,
    /// Exponent of the costs.
    pub exponent: f64,
    /// Evenness of its pairs, from 0 to 1.
    pub entropy: Option<f64>,
    /// Mean cost (distance) of its trade.
    pub mean_cost: Option<f64>,
    /// Share of its trade that goes elsewhere if costs are left out.
    pub distance_effect: f64,
    /// Rounds of balancing.
    pub rounds: usize,
}

/// A total of all regions beside the country's own.
#[derive(Debug, Clone, PartialEq)]
pub struct National {
    /// What it is.
    pub quantity: &'static str,
    /// Sum over the regions.
    pub regions: f64,
    /// The country's own.
    pub national: f64,
}

/// Every product's trade.
pub fn products(tables: &RegionalTables, outcome: &Outcome, costs: &Dense) -> Vec<Product> {
    let (margins, pairs) = (&outcome.trade.margins, &outcome.trade.pairs);
    let sum = |of: &Dense, i: usize| of.row(i).iter().sum::<f64>();
    (0..tables.sectors.len())
        .map(|i| {
            let side = |side: &super::margins::Side| {
                [Some(sum(&side.foreign, i)), side.national.as_ref().map(|of| of[i])]
            };
            Product {
                sold: sum(&margins.sold.stated, i),
                bought: sum(&margins.bought.stated, i),
                traded: pairs[i].values.values().iter().sum(),
                exports: side(&margins.sold),
                imports: side(&margins.bought),
                transit: sum(&margins.transit, i),
                crossed: pairs[i].crossed.iter().sum(),
                exponent: outcome.exponents[i],
                entropy: entropy(&pairs[i].values),
                mean_cost: mean_cost(&pairs[i].values, costs),
                distance_effect: outcome.distance_effect[i],
                rounds: pairs[i].rounds,
            }
        })
        .collect()
}

/// Output, value added, exports and imports of all regions beside the country's own; empty without a
/// national table.
pub fn national(tables: &RegionalTables, outcome: &Outcome) -> Vec<National> {
    let Some(national) = &tables.national else { return Vec::new() };
    let all = |of: &[f64]| of.iter().sum::<f64>();
    let table = &outcome.table;
    let margins = &outcome.trade.margins;
    vec![
        National {
            quantity: "output",
            regions: all(table.output()),
            national: all(&national.output),
        },
        National {
            quantity: "value_added",
            regions: all(&table.value_added()),
            national: all(&national.value_added_by_sector()),
        },
        National {
            quantity: "exports",
            regions: all(margins.sold.foreign.values()),
            national: all(&national.trade.outflow),
        },
        National {
            quantity: "imports",
            regions: all(margins.bought.foreign.values()),
            national: all(&national.trade.inflow),
        },
    ]
}

/// The error column of the table, by industry.
pub fn errors(outcome: &Outcome) -> Vec<f64> {
    outcome.table.final_demand().sum_of_role(Role::Error)
}

/// Sum of a region's absolute errors as a share of its output.
pub fn error_by_region(outcome: &Outcome) -> Vec<f64> {
    let industries = outcome.table.industries();
    let sizes: Vec<f64> = errors(outcome).iter().map(|value| value.abs()).collect();
    let output = industries.by_region(outcome.table.output());
    let of = industries.by_region(&sizes).into_iter().zip(output);
    of.map(|(error, output)| if output > 0.0 { error / output } else { 0.0 }).collect()
}

/// The error column of the table: sum of its absolute entries as a share of output, and the industries
/// where it is largest as a share of theirs.
pub fn error_share(outcome: &Outcome) -> (f64, Vec<(String, f64)>) {
    let table = &outcome.table;
    let error = errors(outcome);
    let output = table.output();
    let all: f64 = error.iter().map(|value| value.abs()).sum();
    let mut shares: Vec<(usize, f64)> = error
        .iter()
        .zip(output)
        .enumerate()
        .filter(|(_, (_, x))| **x > 0.0)
        .map(|(at, (value, x))| (at, value / x))
        .collect();
    shares.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let largest =
        shares.into_iter().take(5).map(|(at, share)| (table.industries().name(at), share));
    (all / output.iter().sum::<f64>(), largest.collect())
}

/// Largest gap between a region's pairs and what it sells or buys, as a share of the product's trade.
pub fn largest_gap(outcome: &Outcome) -> f64 {
    let margins = &outcome.trade.margins;
    let mut largest: f64 = 0.0;
    for (i, pairs) in outcome.trade.pairs.iter().enumerate() {
        let (sold, bought) = (pairs.values.row_sums(), pairs.values.column_sums());
        let all: f64 = margins.sold.domestic.row(i).iter().sum();
        for (r, crossed) in pairs.crossed.iter().enumerate() {
            let gap = (sold[r] + crossed - margins.sold.domestic[(i, r)])
                .abs()
                .max((bought[r] + crossed - margins.bought.domestic[(i, r)]).abs());
            largest = largest.max(if all > 0.0 { gap / all } else { 0.0 });
        }
    }
    largest
}

/// Industries whose inputs, imported ones too, are more than their output: sum of their coefficients, and
/// whether their value added is negative.
pub fn columns_above_one(outcome: &Outcome) -> Vec<(String, f64, bool)> {
    let table = &outcome.table;
    let imports = table.imports().intermediate_totals(table.industries().len());
    let inputs = table.flows().column_sums().into_iter().zip(imports);
    let value_added = table.value_added();
    inputs
        .zip(table.output())
        .enumerate()
        .filter(|(_, ((home, abroad), x))| **x > 0.0 && home + abroad > **x)
        .map(|(at, ((home, abroad), x))| {
            (table.industries().name(at), (home + abroad) / x, value_added[at] < 0.0)
        })
        .collect()
}

/// What a reader of the table should know of how it was built.
pub fn notes(plan: &Plan, outcome: &Outcome, products: &[Product]) -> Vec<Note> {
    let lines = split::summary(&plan.tables, &plan.settled);
    let mut found = Vec::new();
    if !lines.is_empty() {
        let text = format!("trade in the regions' own tables: {}", lines.join("; "));
        found.push((NoteCode::SourceRule, text));
    }
    found.push((NoteCode::TradeGap, trade_gap(plan, outcome, products)));
    found.push((NoteCode::TradeGap, errors_in_words(plan, outcome, products)));
    if let Some(judgement) = &outcome.judgement {
        let built = &judgement.built;
        let text = format!(
            "held against {}, whose trade is an estimate too: error of cells between regions {:.3}, of product × origin × \
             destination {:.3}, of cells within regions {:.3}; level of trade {:.3} of its",
            judgement.table, built.between, built.routes, built.within, built.level
        );
        found.push((NoteCode::EstimatedTrade, text));
    }
    let national = against_the_country(&plan.tables, outcome);
    found.extend(national.into_iter().map(|text| (NoteCode::NationalGap, text)));
    let name = &plan.tables.meta.name;
    found.into_iter().map(|(code, text)| Note::new(code, format!("{name}: {text}"))).collect()
}

/// How far stated sales and purchases are apart, and what was done about it.
fn trade_gap(plan: &Plan, outcome: &Outcome, products: &[Product]) -> String {
    let tables = &plan.tables;
    let output: f64 = outcome.table.output().iter().sum();
    let gap = |one: &Product| one.sold - one.bought;
    let all: f64 = products.iter().map(|one| gap(one).abs()).sum();
    let mut order: Vec<usize> = (0..products.len()).collect();
    order.sort_by(|a, b| gap(&products[*b]).abs().total_cmp(&gap(&products[*a]).abs()));
    let named = |i: &usize| {
        let label = &tables.sectors.labels()[*i];
        format!("{} {} {}", label.code, label.name(), human(gap(&products[*i])))
    };
    let largest: Vec<String> = order.iter().take(NAMED).map(named).collect();
    let level = match plan.rules.level {
        Level::Output => "the mean of both, by the least changes relative to trade and output,",
        Level::Mean => "the mean of both by scaling",
        Level::Sold => "what is sold",
        Level::Bought => "what is bought",
    };
    format!(
        "what regions sell to one another and what they buy from one another differ by product, {} {} in all ({:.2} % of \
         output; largest, sold less bought: {}); trade is brought to {level} and the gap stays in the error column",
        human(all),
        tables.meta.unit,
        100.0 * all / output,
        largest.join(", ")
    )
}

/// The error column by region, transit, and how origins are spread.
fn errors_in_words(plan: &Plan, outcome: &Outcome, products: &[Product]) -> String {
    let tables = &plan.tables;
    let mut shares: Vec<(usize, f64)> = error_by_region(outcome).into_iter().enumerate().collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    let named = |(r, share): &(usize, f64)| {
        format!("{} {:.0} %", tables.regions[*r].region.code, 100.0 * share)
    };
    let largest: Vec<String> = shares.iter().take(NAMED).map(named).collect();
    let transit: f64 = products.iter().map(|one| one.transit).sum();
    format!(
        "the error column is {:.1} % of output, by region most in {}; {} {} of inflow beyond a region's uses are taken as \
         transit, off inflow and outflow; every user of a product in a region has the same origins",
        100.0 * error_share(outcome).0,
        largest.join(", "),
        human(transit),
        tables.meta.unit
    )
}

/// How the regions stand to the country's own table.
fn against_the_country(tables: &RegionalTables, outcome: &Outcome) -> Vec<String> {
    let found = national(tables, outcome);
    let Some(output) = found.first() else {
        return vec![
            "there is no table of the country, so nothing tells whether these regions are all of it: sales to regions \
             without a table are given to those that have one"
                .to_owned(),
        ];
    };
    let mut told = Vec::new();
    let share = output.regions / output.national;
    if share < WHOLE {
        told.push(format!(
            "the regions make {:.0} % of the country's output: what they sell to and buy from the others is given to one \
             another, so their trade is far too large; add the other regions, or one that is the sum of them",
            100.0 * share
        ));
    }
    let gap = |one: &National| {
        let percent = 100.0 * (one.regions / one.national - 1.0);
        format!("{} {percent:+.1} %", one.quantity.replace('_', " "))
    };
    let gaps: Vec<String> = found.iter().map(gap).collect();
    told.push(format!(
        "the sum of regions against the country's own table: {}; regions keep their own figures, exports and imports are \
         drawn towards the country's",
        gaps.join(", ")
    ));
    told
}
