//! An industrial transfer, for the terminal.

use std::fmt::Write;

use super::{Columns, Language, WIDE, grid, region_lines, with_sum};
use crate::decomposition::Factor;
use crate::decomposition::groups::{ClassPair, class_pairs, effect_on};
use crate::decomposition::pairs::FactorPairs;
use crate::decomposition::transfer::{QuantityEffects, Transfer};
use crate::labels::{RegionGroup, SectorClasses};
use crate::table::Table;
use crate::text::{column, gap};

/// Whether a factor is transfer in the headline.
fn counted(factor: Factor, with_exports: bool) -> bool {
    factor == Factor::Sourcing || with_exports && factor == Factor::ExportOrigin
}

fn counted_pairs(transfer: &Transfer, with_exports: bool) -> Vec<&FactorPairs> {
    transfer.pairs.iter().filter(|pairs| counted(pairs.factor, with_exports)).collect()
}

/// `irio transfer`: transfer by region, then what else changed.
pub fn transfer(
    base: &Table,
    target: &Table,
    transfer: &Transfer,
    language: Language,
    with_exports: bool,
) -> String {
    let industries = &transfer.industries;
    let (regions, count) = (industries.regions.labels(), industries.regions.len());
    let mut out = format!(
        "Industrial transfer {} → {}: what the change of regional sourcing{} did\n\n",
        base.meta().year,
        target.meta().year,
        if with_exports { " (exports included)" } else { "" }
    );
    let sum = |values: &[f64]| industries.by_region(values);
    let mut headline = Columns::new("region", region_lines(regions, language));
    let flows = counted_pairs(transfer, with_exports);
    if let Some(quantity) = transfer.quantities.first().filter(|_| !flows.is_empty()) {
        let total = |by: &dyn Fn(&FactorPairs) -> Vec<f64>| -> Vec<f64> {
            let mut total = vec![0.0; count];
            for pairs in &flows {
                total.iter_mut().zip(sum(&by(pairs))).for_each(|(sum, value)| *sum += value);
            }
            with_sum(total)
        };
        let (inward, outward) =
            (total(&|pairs| pairs.transfer_in(0)), total(&|pairs| pairs.transfer_out(0)));
        let mut net: Vec<f64> = inward.iter().zip(&outward).map(|(a, b)| a - b).collect();
        // What one region loses others win: the sum is zero but for rounding.
        net[count] = 0.0;
        headline.add(format!("transfer in\n{}", quantity.unit), &inward, false);
        headline.add("transfer out".to_owned(), &outward, false);
        headline.add("net".to_owned(), &net, true);
    }
    for quantity in &transfer.quantities {
        let mut total = vec![0.0; count];
        for effect in quantity.effects.iter().filter(|e| counted(e.factor, with_exports)) {
            total.iter_mut().zip(sum(&effect.total)).for_each(|(sum, value)| *sum += value);
        }
        headline.add(
            format!("effect on\n{}\n{}", quantity.code, quantity.unit),
            &with_sum(total),
            true,
        );
    }
    let _ = writeln!(out, "{}", headline.grid());
    let Some(first) = transfer.quantities.first() else { return out };
    let mut lines: Vec<String> =
        first.effects.iter().map(|effect| effect.factor.word().to_owned()).collect();
    lines.push(Factor::Intensity.word().to_owned());
    if !transfer.average.is_additive() {
        lines.push("interaction".to_owned());
    }
    lines.push("observed change".to_owned());
    let column_of = |quantity: &QuantityEffects, pick: &dyn Fn(&[f64]) -> f64| -> Vec<f64> {
        let mut values: Vec<f64> =
            quantity.effects.iter().map(|effect| pick(&effect.total)).collect();
        if quantity.effect(Factor::Intensity).is_none() {
            values.push(0.0);
        }
        values.extend(quantity.interaction.as_ref().map(|interaction| pick(interaction)));
        values.push(pick(&quantity.change));
        values
    };
    let mut all = Columns::new("all regions", lines.clone());
    for quantity in &transfer.quantities {
        let values = column_of(quantity, &|values| values.iter().sum());
        all.add(format!("{}\n{}", quantity.code, quantity.unit), &values, true);
    }
    let _ = writeln!(out, "\n{}", all.grid());
    if let Some(quantity) =
        transfer.quantities.last().filter(|q| count <= WIDE && q.code != first.code)
    {
        let mut grid = Columns::new(&format!("{}, {}", quantity.code, quantity.unit), lines);
        for (region, label) in regions.iter().enumerate() {
            grid.add(label.code.clone(), &column_of(quantity, &|values| sum(values)[region]), true);
        }
        let _ = writeln!(out, "\n{}", grid.grid());
    }
    let residuals: Vec<String> = transfer
        .quantities
        .iter()
        .map(|quantity| format!("{} {}", quantity.code, gap(quantity.residual)))
        .collect();
    let _ = writeln!(
        out,
        "\nEffects less observed change, per largest change: {} (limit 1e-9)",
        residuals.join(", ")
    );
    out
}

/// Most pairs of regions whose classes are printed.
const PAIRS_SHOWN: usize = 8;

/// `irio transfer --groups --classes`: what transfer did to each group as a whole, and what moved
/// between regions by class. Without groups every region is of interest.
pub fn groups(
    transfer: &Transfer,
    groups: &[RegionGroup],
    classes: Option<&SectorClasses>,
    language: Language,
    with_exports: bool,
) -> String {
    let mut out = String::new();
    let factors = counted_pairs(transfer, with_exports);
    if factors.is_empty() {
        return out;
    }
    if !groups.is_empty() {
        out.push_str(&group_effects(transfer, &factors, groups, language));
    }
    let Some(classes) = classes else { return out };
    let regions = &transfer.industries.regions;
    for group in groups {
        let title = format!("with {}", group.label.code);
        let pairs = class_pairs(&factors, classes, &group.inside);
        out.push_str(&class_table(transfer, classes, &pairs, &title));
    }
    if groups.is_empty() {
        let pairs = class_pairs(&factors, classes, &vec![true; regions.len()]);
        out.push_str(&class_table(transfer, classes, &pairs, "of all regions"));
    }
    out.push_str(&legend(classes, language));
    out
}

/// Effect on each group by kind of pair, a line for each quantity.
fn group_effects(
    transfer: &Transfer,
    factors: &[&FactorPairs],
    groups: &[RegionGroup],
    language: Language,
) -> String {
    let regions = &transfer.industries.regions;
    let header = ["effect on the whole", "inward", "outward", "overall", "internal", "outside"];
    let mut out = String::new();
    for group in groups {
        let mut lines = grid(&header.map(str::to_owned));
        for (at, quantity) in transfer.quantities.iter().enumerate() {
            let effect = effect_on(factors, at, group);
            let numbers =
                [effect.inward, effect.outward, effect.overall(), effect.internal, effect.outside];
            let name = format!("{}, {}", quantity.code, quantity.unit);
            lines.add_row(std::iter::once(name).chain(column(&numbers, true)).collect::<Vec<_>>());
        }
        let name = language.name(&group.label);
        let _ = writeln!(out, "\n{name} ({})\n{lines}", group.listed(regions));
    }
    out.push_str(
        "inward: what other regions' industry did by coming in; outward: what the group's did by leaving; overall: both \
         together;\ninternal: moves between its regions; outside: moves between others, felt through suppliers. overall, \
         internal and\noutside add up to the effects on its regions above. By region: groups.csv.\n",
    );
    out
}

/// Output that moved between regions by class: there, back, and the difference.
fn class_table(
    transfer: &Transfer,
    classes: &SectorClasses,
    pairs: &[ClassPair],
    title: &str,
) -> String {
    let Some(output) = transfer.quantities.first() else { return String::new() };
    let regions = &transfer.industries.regions;
    let mut header = vec![format!("direct transfer {title},\n{}, {}", output.code, output.unit)];
    header.push("all".to_owned());
    header.extend(classes.labels.iter().map(|label| label.code.clone()));
    let mut lines = grid(&header);
    for pair in pairs.iter().take(PAIRS_SHOWN) {
        let (from, to) = (regions.code(pair.from), regions.code(pair.to));
        for (name, values, change) in [
            (format!("{from} → {to}"), pair.there.clone(), false),
            (format!("{to} → {from}"), pair.back.clone(), false),
            (format!("  net {from} → {to}"), pair.net(), true),
        ] {
            let mut cells = vec![name];
            cells.extend(cells_of(values, change));
            lines.add_row(cells);
        }
    }
    let more = pairs.len().saturating_sub(PAIRS_SHOWN);
    let pairs = if more == 1 { "pair" } else { "pairs" };
    let rest = if more > 0 {
        format!(
            "({more} more {pairs} of regions in classes.csv; those inside the group and the largest are shown)\n"
        )
    } else {
        String::new()
    };
    format!("\n{lines}\n{rest}")
}

/// The sum of values, then each.
fn cells_of(values: Vec<f64>, change: bool) -> Vec<String> {
    let mut all = with_sum(values);
    all.rotate_right(1);
    column(&all, change)
}

/// What the codes of classes stand for, where they have names.
fn legend(classes: &SectorClasses, language: Language) -> String {
    if classes.labels.iter().all(|label| label.en.is_empty() && label.zh.is_empty()) {
        return String::new();
    }
    let names: Vec<String> = classes.labels.iter().map(|label| language.name(label)).collect();
    format!("classes: {}\n", names.join(", "))
}
