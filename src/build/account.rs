//! What a build did to each product, and to the country as a whole.

use super::margins::Level;
use super::plan::{Outcome, Plan};
use super::quality::{entropy, mean_cost};
use crate::fault::{Note, NoteCode};
use crate::linalg::Dense;
use crate::table::Role;
use crate::table::regional::{RegionalTables, split};
use crate::text::human;

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

/// Share of the country's output below which regions are not the country.
const WHOLE: f64 = 0.9;

/// What a reader of the table should know of how it was built.
pub fn notes(plan: &Plan, outcome: &Outcome, products: &[Product]) -> Vec<Note> {
    let (tables, rules) = (&plan.tables, plan.rules);
    let name = &tables.meta.name;
    let unit = &tables.meta.unit;
    let mut found = Vec::new();
    let mut note = |code, text: String| found.push(Note::new(code, format!("{name}: {text}")));
    let lines = split::summary(tables, &plan.settled);
    if !lines.is_empty() {
        note(
            NoteCode::SourceRule,
            format!("trade in the regions' own tables: {}", lines.join("; ")),
        );
    }
    let output: f64 = outcome.table.output().iter().sum();
    let gap: f64 = products.iter().map(|one| (one.sold - one.bought).abs()).sum();
    let mut order: Vec<usize> = (0..products.len()).collect();
    let size = |i: &usize| (products[*i].sold - products[*i].bought).abs();
    order.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let largest: Vec<String> = order
        .iter()
        .take(5)
        .map(|i| {
            let one = &products[*i];
            let label = &tables.sectors.labels()[*i];
            format!("{} {} {}", label.code, label.name(), human(one.sold - one.bought))
        })
        .collect();
    note(
        NoteCode::TradeGap,
        format!(
            "what regions sell to one another and what they buy from one another differ by product, {} {unit} in all \
             ({:.2} % of output; largest, sold less bought: {}); trade is brought to {} and the gap stays in the error \
             column",
            human(gap),
            100.0 * gap / output,
            largest.join(", "),
            match rules.level {
                Level::Output =>
                    "the mean of both, by the least changes relative to trade and output,",
                Level::Mean => "the mean of both by scaling",
                Level::Sold => "what is sold",
                Level::Bought => "what is bought",
            }
        ),
    );
    let mut shares: Vec<(usize, f64)> = error_by_region(outcome).into_iter().enumerate().collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    let shares: Vec<String> = shares
        .iter()
        .take(5)
        .map(|(r, share)| format!("{} {:.0} %", tables.regions[*r].region.code, 100.0 * share))
        .collect();
    let transit: f64 = products.iter().map(|one| one.transit).sum();
    note(
        NoteCode::TradeGap,
        format!(
            "the error column is {:.1} % of output, by region most in {}; {} {unit} of inflow beyond a region's uses are \
             taken as transit, off inflow and outflow; every user of a product in a region has the same origins",
            100.0 * error_share(outcome).0,
            shares.join(", "),
            human(transit)
        ),
    );
    if let Some(judgement) = &outcome.judgement {
        let built = &judgement.built;
        note(
            NoteCode::EstimatedTrade,
            format!(
                "held against {}, whose trade is an estimate too: error of cells between regions {:.3}, of product × \
                 origin × destination {:.3}, of cells within regions {:.3}; level of trade {:.3} of its",
                judgement.table, built.between, built.routes, built.within, built.level
            ),
        );
    }
    let gaps: Vec<String> = national(tables, outcome)
        .iter()
        .map(|one| {
            let percent = 100.0 * (one.regions / one.national - 1.0);
            let word = one.quantity.replace('_', " ");
            format!("{word} {percent:+.1} %")
        })
        .collect();
    let whole = national(tables, outcome).first().map(|one| one.regions / one.national);
    match whole {
        None => note(
            NoteCode::NationalGap,
            "there is no table of the country, so nothing tells whether these regions are all of it: sales to regions \
             without a table are given to those that have one"
                .to_owned(),
        ),
        Some(share) if share < WHOLE => note(
            NoteCode::NationalGap,
            format!(
                "the regions make {:.0} % of the country's output: what they sell to and buy from the others is given to \
                 one another, so their trade is far too large; add the other regions, or one that is the sum of them",
                100.0 * share
            ),
        ),
        Some(_) => {}
    }
    if !gaps.is_empty() {
        note(
            NoteCode::NationalGap,
            format!(
                "the sum of regions against the country's own table: {}; regions keep their own figures, exports and \
                 imports are drawn towards the country's",
                gaps.join(", ")
            ),
        );
    }
    found
}
