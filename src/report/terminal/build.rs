//! `irio build`: what was made of the regional tables, and how good it is.

use std::fmt::Write;

use super::{Language, grid, heading, percent, texts};
use crate::build::account::{self, Product};
use crate::build::plan::{Judgement, Outcome, Plan};
use crate::report::files::build::{measures, parts};
use crate::text::{human, signed};

/// Regions with the largest errors that are named.
const LARGEST: usize = 5;

/// Products shown by name; the others are in the files.
const SHOWN: usize = 12;

/// Totals, products with the most trade, quality, drivers.
pub fn build(plan: &Plan, outcome: &Outcome, products: &[Product], language: Language) -> String {
    let mut out = heading(&outcome.table);
    let unit = &plan.tables.meta.unit;
    let sum = |of: fn(&Product) -> f64| products.iter().map(of).sum::<f64>();
    let (error, largest) = account::error_share(outcome);
    let _ = writeln!(
        out,
        "trade between regions {} {unit}; error column {} of output",
        human(sum(|one| one.traded)),
        percent(error)
    );
    let named: Vec<String> =
        largest.iter().map(|(name, share)| format!("{name} {}", percent(*share))).collect();
    let _ = writeln!(out, "  largest in an industry's own output: {}", named.join(", "));
    let mut regions: Vec<(usize, f64)> =
        account::error_by_region(outcome).into_iter().enumerate().collect();
    regions.sort_by(|a, b| b.1.total_cmp(&a.1));
    let regions: Vec<String> = regions
        .iter()
        .take(LARGEST)
        .map(|(r, share)| {
            format!("{} {}", outcome.table.industries().regions.code(*r), percent(*share))
        })
        .collect();
    let _ = writeln!(out, "  largest in a region's output: {}", regions.join(", "));
    let _ = writeln!(
        out,
        "sales and purchases of every region in {} products met to {} of the product's trade",
        products.len(),
        super::gap(account::largest_gap(outcome))
    );
    for (name, sum, negative) in account::columns_above_one(outcome) {
        let why =
            if negative { "its value added is negative in its own table" } else { "unexplained" };
        let _ = writeln!(out, "coefficients of {name} sum to {sum:.3}, above 1: {why}");
    }
    if let Some(estimate) = &outcome.estimate {
        let _ = writeln!(
            out,
            "exponent of distance {:.3} (standard error {:.3}, jackknife over products), estimated on the pairs of {}",
            estimate.exponent, estimate.standard_error, estimate.table
        );
    }
    out.push('\n');
    out.push_str(&national(plan, outcome));
    out.push_str(&by_product(plan, products, language));
    if let Some(judgement) = &outcome.judgement {
        out.push_str(&quality(judgement));
        out.push_str(&quality_by_product(outcome, judgement, language));
    }
    out.push_str(&drivers(outcome));
    out
}

fn national(plan: &Plan, outcome: &Outcome) -> String {
    let found = account::national(&plan.tables, outcome);
    if found.is_empty() {
        return String::new();
    }
    let mut lines = grid(&texts(&["", "regions", "country", "gap", "gap, %"]));
    for one in &found {
        lines.add_row([
            one.quantity.replace('_', " "),
            human(one.regions),
            human(one.national),
            signed(one.regions - one.national),
            format!("{:+.1}", 100.0 * (one.regions / one.national - 1.0)),
        ]);
    }
    format!("Regions against the country's own table, {}\n{lines}\n\n", plan.tables.meta.unit)
}

fn by_product(plan: &Plan, products: &[Product], language: Language) -> String {
    let header =
        ["product", "sold", "bought", "traded", "mean\ndistance", "entropy", "distance\ndecides"];
    let mut lines = grid(&texts(&header));
    let mut order: Vec<usize> = (0..products.len()).collect();
    order.sort_by(|a, b| products[*b].traded.total_cmp(&products[*a].traded));
    for &i in order.iter().take(SHOWN) {
        let one = &products[i];
        let number = |value: Option<f64>, places: usize| {
            value.map_or_else(|| "-".to_owned(), |value| format!("{value:.places$}"))
        };
        lines.add_row([
            language.name(&plan.tables.sectors.labels()[i]),
            human(one.sold),
            human(one.bought),
            human(one.traded),
            number(one.mean_cost, 0),
            number(one.entropy, 3),
            percent(one.distance_effect),
        ]);
    }
    let more = products.len().saturating_sub(SHOWN);
    let rest = if more > 0 { format!("({more} more in products.csv)\n") } else { String::new() };
    format!(
        "Trade between regions, {}: as regions say they sell and buy, and as built\n{lines}\n{rest}\n",
        plan.tables.meta.unit
    )
}

fn quality(judgement: &Judgement) -> String {
    let parts = parts(judgement);
    let mut header = vec!["error".to_owned()];
    header.extend(parts.iter().map(|(name, _)| name.replace(", ", ",\n")));
    let mut lines = grid(&header);
    let words = [
        "cells between regions",
        "  intermediate only",
        "product × origin × destination",
        "cells within regions",
        "  intermediate only",
        "level of trade",
    ];
    for (row, word) in words.into_iter().enumerate() {
        let mut line = vec![word.to_owned()];
        line.extend(parts.iter().map(|(_, of)| format!("{:.3}", measures(of)[row].1)));
        lines.add_row(line);
    }
    let like = if judgement.on_like_columns.is_some() {
        format!(
            "(like columns: foreign and domestic columns read as {} read them, which the build does not)\n",
            judgement.table
        )
    } else {
        String::new()
    };
    format!(
        "Held against {} (sum of absolute gaps over the true sum; level: built over true)\n{lines}\n{like}\n",
        judgement.table
    )
}

/// Errors of routes by product of the table compared with, and what draws of shares take from them.
fn quality_by_product(outcome: &Outcome, judgement: &Judgement, language: Language) -> String {
    let parts = parts(judgement);
    let estimate =
        outcome.estimate.as_ref().filter(|estimate| estimate.products == judgement.products);
    let mut header = vec!["routes by product".to_owned()];
    header.extend(parts.iter().map(|(name, _)| name.replace(' ', "\n")));
    if let Some(estimate) = estimate {
        header.push(format!("{}\nleft out", estimate.table));
    }
    header.push("concen-\ntration".to_owned());
    let mut lines = grid(&header);
    for (i, label) in judgement.products.labels().iter().enumerate() {
        let number = |value: Option<f64>, places: usize| {
            value.map_or_else(|| "-".to_owned(), |value| format!("{value:.places$}"))
        };
        let mut line = vec![language.name(label)];
        line.extend(parts.iter().map(|(_, of)| number(of.by_product[i], 3)));
        if let Some(estimate) = estimate {
            line.push(number(estimate.left_out[i].map(|(_, error)| error), 3));
        }
        line.push(number(judgement.concentrations[i], 1));
        lines.add_row(line);
    }
    let mut text = format!("{lines}\n");
    if estimate.is_some() {
        text.push_str(
            "(left out: pairs of the product in that table, with the exponent from all other products)\n",
        );
    }
    if let Some(earlier) = judgement.earlier.as_ref().filter(|earlier| !earlier.mixed.is_empty()) {
        let codes: Vec<String> = earlier
            .mixed
            .iter()
            .map(|(i, share)| format!("{} {share}", judgement.products.code(*i)))
            .collect();
        let _ = writeln!(
            text,
            "(the pairs of {} cannot meet all sales and purchases; share of proportional pairs mixed in: {})",
            earlier.table,
            codes.join(", ")
        );
    }
    text + "\n"
}

fn drivers(outcome: &Outcome) -> String {
    let mut lines = grid(&texts(&["what is done otherwise", "trade that goes elsewhere"]));
    for driver in &outcome.drivers {
        lines.add_row([driver.change.clone(), percent(driver.moved)]);
    }
    format!("What drives who trades with whom\n{lines}\n")
}
